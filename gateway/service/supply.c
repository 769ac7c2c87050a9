/* What producers decide after the cut-off: by order, by product, in part.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/supply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/avail.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/plan.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"

/* Orders named in one reply. */
#define REFS_MAX 8
/* Octets after which a list of orders is broken off. */
#define LIST_MAX 900
/* Octets of a page of what waits. */
#define PAGE_MAX 280

int supply_ref(struct turn *turn, int64_t order_id, char *out, size_t size)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_SUPPLY_REF,
					      STORE_ARGS(STORE_INT(order_id)));
	int rc = rows ? store_next(rows) : store_errno(turn->gw->store);

	osmo_strlcpy(out, rc == 1 ? store_text(rows, 0) : "", size);
	store_done(rows);
	return rc < 0 ? rc : 0;
}

char *supply_refs(struct turn *turn, const struct line *line, size_t n, size_t *orders)
{
	char *out = talloc_strdup(turn->ctx, "");
	int64_t last = 0;
	char ref[16];

	*orders = 0;
	for (size_t i = 0; i < n; i++) {
		if (line[i].order_id == last)
			continue;
		last = line[i].order_id;
		++*orders;
		if (*orders > REFS_MAX + 1
		    || turn_failed(turn, supply_ref(turn, last, ref, sizeof(ref))))
			continue;
		out = talloc_asprintf_append(out, "%s%s", *orders > 1 ? ", " : "",
					     *orders > REFS_MAX ? "..." : ref);
	}
	return out;
}

/* Nothing waits: because it is too early, or because all is decided. */
static void say_no_lines(struct turn *turn)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct cycle c;
	int rc = produce_open_cycle(&c, f, turn->gw->store, turn->at);

	if (rc == 0)
		facts_cycle(f, &c);
	if (rc == -ENOENT)
		turn_say_facts(turn, "producer_nothing_pending", f);
	else if (!turn_failed(turn, rc))
		turn_say_facts(turn, "producer_too_early", f);
}

/* The same, unless it is asked what there is to sell. */
static void say_nothing(struct turn *turn)
{
	if (!avail_say_asked(turn) && !turn->error)
		say_no_lines(turn);
}

static bool load(struct supply *out, struct turn *turn, bool pending)
{
	struct store *st = turn->gw->store;
	int rc = produce_supply_cycle(&out->cycle, turn->ctx, st, turn->person_id);

	out->n = 0;
	if (rc == -ENOENT || turn_failed(turn, rc))
		return false;
	if (turn_failed(turn, produce_lines_of(&out->line, &out->n, turn->ctx, st, turn->person_id,
					       out->cycle.id, pending)))
		return false;
	return out->n > 0;
}

bool supply_pending(struct supply *out, struct turn *turn)
{
	bool some = load(out, turn, true);

	if (!some && !turn->error)
		say_nothing(turn);
	return some;
}

/* Which lines a reading means. */

bool supply_named(struct turn *turn, const struct line *l, const char *refs)
{
	char ref[16];
	const char *at;
	size_t n;

	if (turn_failed(turn, supply_ref(turn, l->order_id, ref, sizeof(ref))))
		return false;
	n = strlen(ref);
	for (at = refs; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncasecmp(at, ref, n) == 0 && (at[n] == '\0' || at[n] == ','))
			return true;
	return false;
}

static const struct reading_item *named_item(const struct reading *r, const struct line *l)
{
	for (size_t i = 0; i < r->n_items; i++)
		if (strcmp(r->items[i].product, l->product.name) == 0)
			return &r->items[i];
	return NULL;
}

static bool meant(struct turn *turn, const struct reading *r, const struct line *l)
{
	const char *refs = reading_arg(r, "ref");

	if (refs && !supply_named(turn, l, refs))
		return false;
	return r->n_items == 0 || named_item(r, l);
}

/* Lines that are open to a decision: those that wait; else, for one who names them, those that were promised. */
static bool select_lines(struct plan *p, const struct reading *r, bool late)
{
	struct turn *turn = p->turn;
	size_t n = 0;

	if (!load(&p->supply, turn, !late))
		return false;
	p->what = talloc_zero_array(p, enum decision, p->supply.n);
	p->give = talloc_zero_array(p, int64_t, p->supply.n);
	OSMO_ASSERT(p->what && p->give);
	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];

		if (late && strcmp(l->state, "confirmed") != 0 && strcmp(l->state, "partial") != 0)
			continue;
		if (meant(turn, r, l))
			p->supply.line[n++] = *l;
	}
	p->supply.n = n;
	return n > 0 && !turn->error;
}

void supply_say_not_there(struct turn *turn, const char *what)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);

	facts_set(f, "text", what);
	turn_say_facts(turn, "producer_not_there", f);
}

/* What a text speaks of is not among what waits. */
static void say_none_meant(struct turn *turn, const struct reading *r)
{
	const char *ref = reading_arg(r, "ref");
	struct supply supply;

	if (turn->error || (!ref && !turn->pending && avail_instead(turn)))
		return;
	if ((ref || r->n_items > 0) && load(&supply, turn, false))
		supply_say_not_there(turn, ref ? ref : market_item(turn, &r->items[0]));
	else if (!turn->error)
		say_nothing(turn);
}

/* Firing the plan, and what it comes to. */

static bool fire_line(struct plan *p, size_t i)
{
	static const char *const events[] = { NULL, "confirm", "shorten", "refuse" };
	const struct line *l = &p->supply.line[i];
	const char *payload = NULL;

	if (p->what[i] == LEAVE)
		return true;
	if (p->what[i] == SHORTEN)
		payload = talloc_asprintf(p->turn->ctx, "{\"qty\":%" PRId64 "}", p->give[i]);
	return turn_fire(p->turn, "line", l->id, l->version, events[p->what[i]], payload, NULL);
}

/* The lines of one decision, by product and order: "2 kg carottes (C100)". */
static char *decided(struct plan *p, enum decision what)
{
	struct turn *turn = p->turn;
	char *out = talloc_strdup(turn->ctx, "");
	size_t n = 0;

	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];
		char ref[16];

		if (p->what[i] != what || ++n > REFS_MAX + 1
		    || turn_failed(turn, supply_ref(turn, l->order_id, ref, sizeof(ref))))
			continue;
		if (n > REFS_MAX)
			out = talloc_asprintf_append(out, ", ...");
		else
			out = talloc_asprintf_append(
				out, "%s%s (%s)", n > 1 ? ", " : "",
				format_item(turn->ctx, turn->gw->catalogue,
					    what == SHORTEN ? p->give[i] : l->asked,
					    l->product.unit, l->product.one, l->product.many),
				ref);
	}
	return n ? out : NULL;
}

static void say_left(struct turn *turn)
{
	struct supply rest;
	size_t orders;
	char *refs;

	if (!load(&rest, turn, true))
		return;
	refs = supply_refs(turn, rest.line, rest.n, &orders);
	turn_say(turn, "producer_left",
		 VALUES({ "n", talloc_asprintf(turn->ctx, "%zu", orders) }, { "orders", refs }));
}

/* Orders of which nothing would be left. */
char *plan_emptied(struct plan *p)
{
	struct turn *turn = p->turn;
	char *out = talloc_strdup(turn->ctx, "");
	int64_t last = 0;

	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];
		int64_t others = 0, mine = 0;
		char ref[16];

		if (p->what[i] != REFUSE || l->order_id == last)
			continue;
		last = l->order_id;
		for (size_t k = 0; k < p->supply.n; k++)
			mine += p->supply.line[k].order_id == last && p->what[k] == REFUSE;
		if (turn_failed(turn,
				store_get_int(turn->gw->store, &others, STORE_STMT_SUPPLY_OTHERS,
					      STORE_ARGS(STORE_INT(last))))
		    || turn_failed(turn, supply_ref(turn, last, ref, sizeof(ref))))
			return NULL;
		if (others == mine)
			out = talloc_asprintf_append(out, "%s%s", *out ? ", " : "", ref);
	}
	return *out ? out : NULL;
}

/* Whether an order that was confirmed would be left with nothing: nobody but the coordinator can end it. */
static bool leaves_nothing(struct plan *p)
{
	for (size_t i = 0; i < p->supply.n; i++)
		if (p->what[i] == REFUSE && strcmp(p->supply.line[i].state, "requested") != 0)
			return plan_emptied(p) != NULL;
	return false;
}

/* What is short when it is fetched already is settled at the pickup point. */
static void refused(struct turn *turn)
{
	bool late = turn->refusal.code == STORE_E_GUARD
		    && strcmp(turn->refusal.guard, "order_locked_or_confirmed") == 0;

	turn_undo(turn);
	if (!late) {
		turn_say_refusal(turn);
		return;
	}
	turn_list(turn, "is short of something when the pickup has begun");
	turn_say_phone(turn, "pickup_noted");
}

static void fire(struct plan *p)
{
	static const struct {
		enum decision what;
		const char *template;
	} said[] = {
		{ CONFIRM, "producer_accepted" },
		{ SHORTEN, "producer_partial" },
		{ REFUSE, "producer_refused" },
	};
	struct turn *turn = p->turn;
	bool some = false;

	if (leaves_nothing(p))
		turn_list(turn, "leaves a confirmed order with nothing");
	for (size_t i = 0; i < p->supply.n; i++)
		if (!fire_line(p, i)) {
			refused(turn);
			return;
		}
	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		char *lines = decided(p, said[i].what);

		if (lines)
			turn_say(turn, said[i].template, VALUES({ "lines", lines }));
		some |= lines != NULL;
	}
	if (!some)
		turn_say(turn, "producer_as_noted", NULL);
	say_left(turn);
}

/* How to propose something else for the first of those orders: "REMPLACE RADIS PAR ... C100". */
char *plan_sub_example(struct plan *p, const char *orders)
{
	struct turn *turn = p->turn;
	size_t n = strcspn(orders, ",");

	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];
		char ref[16];

		if (p->what[i] != REFUSE
		    || turn_failed(turn, supply_ref(turn, l->order_id, ref, sizeof(ref))))
			continue;
		if (strlen(ref) == n && strncmp(ref, orders, n) == 0)
			return template_fill(
				turn->ctx, turn->gw->catalogue, "piece.replace",
				VALUES({ "product", market_upper(turn, l->product.many) },
				       { "ref", talloc_strdup(turn->ctx, ref) }));
	}
	return "";
}

/* Before the last line of an order is refused its producer is asked for something else. */
static bool ask_instead(struct plan *p, const struct reading *r)
{
	struct turn *turn = p->turn;
	char *orders = reading_arg(r, "sure") ? NULL : plan_emptied(p);
	struct question *q;

	if (!orders)
		return false;
	q = question_new(turn->ctx, "choice");
	q->yes = choice_with(q, r, "sure", "1");
	turn_say(turn, "ask_refuse_last",
		 VALUES({ "orders", orders }, { "example", plan_sub_example(p, orders) }));
	turn_ask(turn, q);
	return true;
}

static struct plan *plan_new(struct turn *turn)
{
	struct plan *p = talloc_zero(turn->ctx, struct plan);

	OSMO_ASSERT(p);
	p->turn = turn;
	return p;
}

/* What waits of one product. */
static int64_t waits(const struct supply *s, const char *product, const struct product **out)
{
	int64_t sum = 0;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->line[i].product.name, product) == 0) {
			sum += s->line[i].asked;
			*out = &s->line[i].product;
		}
	return sum;
}

void supply_ask_amount(struct turn *turn, const char *product)
{
	const char *ref = reading_arg(turn->reading, "ref");
	const struct product *p = NULL;
	struct question *q;
	struct supply s;
	int64_t sum;

	if (!supply_pending(&s, turn))
		return;
	sum = waits(&s, product, &p);
	if (!p) {
		supply_say_not_there(turn, product);
		return;
	}
	q = question_new(turn->ctx, "amount");
	q->free = talloc_asprintf(q, "LINE_PARTIAL\titems={n}:%s%s%s", product, ref ? " ref=" : "",
				  ref ? ref : "");
	q->unit = talloc_strdup(q, p->unit);
	turn_say(turn, "ask_partial_amount",
		 VALUES({ "product", p->many },
			{ "asked", format_amount(turn->ctx, turn->gw->catalogue, sum, p->unit) },
			{ "example", market_amount(turn, p) }));
	turn_ask(turn, q);
}

/* Whether a line is the first of its product. */
static bool first_of_product(const struct supply *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(s->line[k].product.name, s->line[i].product.name) == 0)
			return false;
	return true;
}

void supply_ask_short(struct turn *turn, const char *quantity)
{
	struct choice c = choice_new(turn);
	struct supply s;

	if (!supply_pending(&s, turn))
		return;
	for (size_t i = 0; i < s.n; i++) {
		const struct product *p = &s.line[i].product;
		char *option = talloc_asprintf(turn->ctx, "LINE_SHORT\titems=%s:%s", quantity,
					       p->name);
		struct reading *r = reading_scan(turn->ctx, option);
		int64_t milli;

		if (r && first_of_product(&s, i)
		    && basket_quantity(&milli, &r->items[0], p) == BASKET_FITS)
			choice_add(&c, option,
				   format_item(turn->ctx, turn->gw->catalogue,
					       waits(&s, p->name, &p), p->unit, p->one, p->many));
	}
	if (c.q->n)
		choice_ask(&c, "ask_which_short");
	else
		turn_say(turn, "ask_decision", NULL);
}

void supply_confirm(struct turn *turn)
{
	const struct reading *r = turn->reading;
	struct plan *p = plan_new(turn);
	bool part = false;

	for (size_t i = 0; i < r->n_items; i++)
		part = part || r->items[i].qty == READING_QTY_GIVEN;
	if (part) {
		supply_partial(turn);
		return;
	}
	if (!select_lines(p, r, false)) {
		say_none_meant(turn, r);
		return;
	}
	for (size_t i = 0; i < p->supply.n; i++)
		p->what[i] = CONFIRM;
	fire(p);
}

void supply_partial(struct turn *turn)
{
	const struct reading *r = turn->reading;
	bool missing = strcmp(r->intent, "LINE_SHORT") == 0;
	struct plan *p = plan_new(turn);

	if (!select_lines(p, r, false) && !turn->error && !select_lines(p, r, true)) {
		say_none_meant(turn, r);
		return;
	}
	if (!turn->error && share_all(p, r, missing) && !share_ask(p, r) && !ask_instead(p, r))
		fire(p);
}

/* NON alone: of what? */
static void ask_scope(struct turn *turn)
{
	struct question *q;
	struct supply s;
	size_t orders;
	char *refs;
	char first[16];

	if (!supply_pending(&s, turn))
		return;
	q = question_new(turn->ctx, "choice");
	question_option(q, "LINE_REFUSE\tscope=all");
	question_option(q, "NOTHING");
	refs = supply_refs(turn, s.line, s.n, &orders);
	if (turn_failed(turn, supply_ref(turn, s.line[0].order_id, first, sizeof(first))))
		return;
	turn_say(turn, "ask_refuse_scope",
		 VALUES({ "orders", refs }, { "ref", talloc_strdup(turn->ctx, first) }));
	turn_ask(turn, q);
}

void supply_refuse(struct turn *turn)
{
	const struct reading *r = turn->reading;
	struct plan *p = plan_new(turn);
	bool late = false;

	if (r->n_items == 0 && !reading_arg(r, "ref") && !reading_arg(r, "scope")) {
		ask_scope(turn);
		return;
	}
	if (!select_lines(p, r, false)) {
		late = true;
		if (turn->error || !select_lines(p, r, true)) {
			say_none_meant(turn, r);
			return;
		}
	}
	for (size_t i = 0; i < p->supply.n; i++)
		p->what[i] = REFUSE;
	if (late && r->n_items == 0 && !reading_arg(r, "ref"))
		say_nothing(turn);
	else if (!ask_instead(p, r))
		fire(p);
}

void supply_ask_refuse_all(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	struct supply s;
	size_t orders;
	char *refs;

	if (!supply_pending(&s, turn))
		return;
	refs = supply_refs(turn, s.line, s.n, &orders);
	q->yes = "LINE_REFUSE\tscope=all sure=1";
	turn_say(turn, "ask_refuse_all",
		 VALUES({ "n", talloc_asprintf(turn->ctx, "%zu", orders) }, { "orders", refs }));
	turn_ask(turn, q);
}

/* "carotte,radis" or "C100,C101" or "others": whether a line is one of them. */
static bool in_list(struct turn *turn, const struct line *l, const char *list)
{
	size_t n = strlen(l->product.name);

	for (const char *at = list; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, l->product.name, n) == 0 && (at[n] == '\0' || at[n] == ','))
			return true;
	return list && supply_named(turn, l, list);
}

void supply_decide(struct turn *turn)
{
	const struct reading *r = turn->reading;
	const char *yes = reading_arg(r, "confirm"), *no = reading_arg(r, "refuse");
	struct plan *p = plan_new(turn);
	struct reading all = { .intent = r->intent };

	if (!select_lines(p, &all, false)) {
		if (!turn->error)
			say_nothing(turn);
		return;
	}
	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];

		if (in_list(turn, l, no))
			p->what[i] = REFUSE;
		else if (in_list(turn, l, yes) || (yes && strcmp(yes, "others") == 0))
			p->what[i] = CONFIRM;
	}
	if (!turn->error && !ask_instead(p, r))
		fire(p);
}

/* What waits, an order a line, from the order of a number on: "C100 : 2 kg carottes, 1 botte radis".
 *
 * \param[inout] from  the next page's; 0: this is the last. */
static char *order_lines(struct turn *turn, const struct supply *s, size_t *from)
{
	char *out = talloc_strdup(turn->ctx, "");
	size_t order = 0;
	int64_t last = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct line *l = &s->line[i];
		char ref[16] = "";
		bool first = l->order_id != last;

		order += first;
		last = l->order_id;
		if (order <= *from)
			continue;
		if (first && strlen(out) > PAGE_MAX) {
			*from = order - 1;
			return out;
		}
		if (first && turn_failed(turn, supply_ref(turn, l->order_id, ref, sizeof(ref))))
			return out;
		out = talloc_asprintf_append(out, "%s%s%s%s", *out && first ? "\n" : "", ref,
					     first ? " : " : ", ",
					     market_quantity(turn, l->asked, &l->product));
	}
	*from = 0;
	return out;
}

void supply_status(struct turn *turn)
{
	const char *arg = reading_arg(turn->reading, "from");
	size_t from = arg ? (size_t)strtoul(arg, NULL, 10) : 0;
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct question *q;
	struct supply s;
	char ref[16];

	if (!load(&s, turn, true)) {
		if (!turn->error && !avail_status(turn) && !turn->error)
			turn_say(turn, "producer_nothing_pending", NULL);
		return;
	}
	if (turn_failed(turn, supply_ref(turn, s.line[0].order_id, ref, sizeof(ref))))
		return;
	facts_cycle(f, &s.cycle);
	facts_set(f, "lines", order_lines(turn, &s, &from));
	facts_set(f, "ref", talloc_strdup(f, ref));
	turn_say_facts(turn, "producer_order_recap", f);
	if (!from)
		return;
	q = question_new(turn->ctx, "pages");
	q->then = talloc_asprintf(q, "STATUS\tfrom=%zu", from);
	turn_say(turn, "more_pages", NULL);
	turn_ask(turn, q);
}
