/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/substitute.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/service.h"
#include "gateway/service/stall.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* Seconds that an answer may take at most (policy.tsv, sub_ttl), and that it has to come before the pickup. */
#define ANSWER_MOST   86400
#define ANSWER_BEFORE 3600
/* Orders of one proposal at most. */
#define ORDERS_MAX    20
/* Products named as those that may be proposed. */
#define NEAR_MAX      6

/* The producer. */

struct proposal {
	struct turn *turn;
	struct cycle cycle;
	size_t n;
	struct line *line;         /* that are to be replaced */
	const struct offer *offer; /* by this */
	struct reading_item item;  /* as it was said */
	int64_t milli[ORDERS_MAX];
};

/* What is to be put in the place: "navet", or "2kg:navet". */
static bool read_item(struct proposal *p)
{
	const char *to = reading_arg(p->turn->reading, "to");
	struct reading *r = to ? reading_scan(p->turn->ctx,
					      talloc_asprintf(p->turn->ctx, "LINE_SUB\titems=%s%s",
							      strchr(to, ':') ? "" : "all:", to))
			       : NULL;

	if (!r || r->n_items != 1)
		return false;
	p->item = r->items[0];
	return true;
}

/* Lines of the product, of the orders that are named if some are. */
static bool find_lines(struct proposal *p)
{
	struct turn *turn = p->turn;
	const char *from = reading_arg(turn->reading, "from");
	const char *refs = reading_arg(turn->reading, "ref");
	struct store *st = turn->gw->store;
	int rc = produce_supply_cycle(&p->cycle, turn->ctx, st, turn->person_id);
	size_t n = 0;

	if (rc == -ENOENT || turn_failed(turn, rc)
	    || turn_failed(turn, produce_replaceable(&p->line, &p->n, turn->ctx, st,
						     turn->person_id, p->cycle.id)))
		return false;
	for (size_t i = 0; i < p->n && n < ORDERS_MAX; i++)
		if (from && strcmp(p->line[i].product.name, from) == 0
		    && (!refs || supply_named(turn, &p->line[i], refs)))
			p->line[n++] = p->line[i];
	p->n = n;
	return n > 0 && !turn->error;
}

/* What the producer sells, for one who proposes something else. */
static void say_not_sold(struct proposal *p, const struct stall *s)
{
	struct turn *turn = p->turn;
	const char *names[NEAR_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s->n && n < NEAR_MAX; i++)
		if (s->offer[i].price > 0
		    && strcmp(s->offer[i].product.name, p->line[0].product.name) != 0)
			names[n++] = s->offer[i].product.many;
	turn_say(turn, "sub_not_sold",
		 VALUES({ "product", market_item(turn, &p->item) },
			{ "near",
			  n ? format_names(turn->ctx, turn->gw->catalogue, names, n, "piece.or")
			    : "" }));
}

static bool find_offer(struct proposal *p)
{
	struct turn *turn = p->turn;
	struct stall s = {};

	if (turn_failed(turn,
			stall_load(&s, turn->ctx, turn->gw->store, turn->person_id, &p->cycle)))
		return false;
	p->offer = stall_find(&s, p->item.product);
	if (p->offer && p->offer->price > 0)
		return true;
	say_not_sold(p, &s);
	return false;
}

/* What stands in the orders: "2 bottes radis (C100), 3 bottes radis (C101)". */
static char *replaced(struct proposal *p)
{
	struct turn *turn = p->turn;
	char *out = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < p->n; i++) {
		char ref[16];

		if (turn_failed(turn, supply_ref(turn, p->line[i].order_id, ref, sizeof(ref))))
			return out;
		out = talloc_asprintf_append(
			out, "%s%s (%s)", i ? ", " : "",
			market_quantity(turn, p->line[i].asked, &p->line[i].product), ref);
	}
	return out;
}

/* How much of it for each order? */
static void ask_amount(struct proposal *p)
{
	struct turn *turn = p->turn;
	const char *ref = reading_arg(turn->reading, "ref");
	struct question *q = question_new(turn->ctx, "amount");

	q->free = talloc_asprintf(q, "LINE_SUB\tfrom=%s to={n}:%s%s%s", p->line[0].product.name,
				  p->offer->product.name, ref ? " ref=" : "", ref ? ref : "");
	q->unit = talloc_strdup(q, p->offer->product.unit);
	turn_say(turn, p->n > 1 ? "ask_sub_amount.each" : "ask_sub_amount",
		 VALUES({ "substitute", p->offer->product.many }, { "lines", replaced(p) },
			{ "example", market_amount(turn, &p->offer->product) }));
	turn_ask(turn, q);
}

/* The amount of each line: as said, or the same where the units agree. \returns false if it is asked. */
static bool measure(struct proposal *p)
{
	const struct product *to = &p->offer->product;

	for (size_t i = 0; i < p->n; i++) {
		const struct line *l = &p->line[i];
		struct reading_item same = { .qty = READING_QTY_GIVEN, .milli = l->asked };

		OSMO_STRLCPY_ARRAY(same.unit, l->product.unit);
		if (basket_quantity(&p->milli[i],
				    p->item.qty == READING_QTY_GIVEN ? &p->item : &same, to)
		    != BASKET_FITS) {
			ask_amount(p);
			return false;
		}
	}
	return true;
}

/* What is proposed to whom, one order a line. */
static char *proposed(struct proposal *p)
{
	struct turn *turn = p->turn;
	char *out = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < p->n; i++) {
		char ref[16];

		if (turn_failed(turn, supply_ref(turn, p->line[i].order_id, ref, sizeof(ref))))
			return out;
		out = talloc_asprintf_append(
			out, "%s%s : %s", i ? "\n" : "", ref,
			market_quantity(turn, p->milli[i], &p->offer->product));
	}
	return out;
}

/* Several orders: is that meant? */
static bool ask_sure(struct proposal *p)
{
	struct turn *turn = p->turn;
	struct question *q;

	if (p->n < 2 || reading_arg(turn->reading, "sure"))
		return false;
	q = question_new(turn->ctx, "choice");
	q->yes = choice_with(q, turn->reading, "sure", "1");
	turn_say(turn, "ask_sub_sure",
		 VALUES({ "product", p->line[0].product.many }, { "lines", proposed(p) }));
	turn_ask(turn, q);
	return true;
}

/* Until when the resident may answer, as a field: before the pickup, if that comes sooner than the policy says. */
static char *answer_by(const struct proposal *p)
{
	int64_t by = p->cycle.pickup_from - ANSWER_BEFORE;

	if (by <= p->turn->at)
		by = p->cycle.pickup_from;
	if (by <= p->turn->at || by >= p->turn->at + ANSWER_MOST)
		return "";
	return talloc_asprintf(p->turn->ctx, ",\"by\":%" PRId64, by);
}

static void fire(struct proposal *p)
{
	struct turn *turn = p->turn;
	struct facts *f = facts_new(turn->ctx, turn->gw);

	for (size_t i = 0; i < p->n; i++) {
		const struct line *l = &p->line[i];
		char *payload = talloc_asprintf(turn->ctx,
						"{\"offer\":%" PRId64 ",\"qty\":%" PRId64 "%s}",
						p->offer->id, p->milli[i], answer_by(p));

		if (!turn_fire(turn, "line", l->id, l->version, "substitute", payload, NULL)) {
			turn_undo(turn);
			turn_say_refusal(turn);
			return;
		}
	}
	if (turn_failed(turn, facts_load(f, "line", p->line[0].id, "PRO", turn->person_id)))
		return;
	facts_set(f, "lines", proposed(p));
	turn_say_facts(turn, "producer_proposed", f);
}

void substitute_propose(struct turn *turn)
{
	struct proposal p = { .turn = turn };

	if (!read_item(&p)) {
		turn_say(turn, "clarify.PRO", NULL);
		return;
	}
	if (!find_lines(&p)) {
		supply_say_not_there(turn, market_label(turn, reading_arg(turn->reading, "from")));
		return;
	}
	if (find_offer(&p) && measure(&p) && !ask_sure(&p))
		fire(&p);
}

/* The resident. */

/* A print of what is proposed in an order; 0: nothing. */
static int64_t print_of(const struct order *o)
{
	int64_t print = 0;

	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "sub_proposed") == 0)
			print += o->line[i].id + o->line[i].version;
	return print;
}

struct question *substitute_question(void *ctx, struct gateway *gw, int64_t line_id)
{
	struct question *q = question_new(ctx, "subs");
	struct order *o = NULL;
	struct line l;

	if (produce_line(&l, q, gw->store, line_id) || produce_order(&o, q, gw->store, l.order_id)
	    || !print_of(o)) {
		talloc_free(q);
		return NULL;
	}
	question_about(q, "order", o->id, o->version, print_of(o));
	q->yes = "SUBS\tanswer=accept";
	q->no = "SUBS\tanswer=reject";
	return q;
}

void substitute_remind(struct turn *turn, const struct order *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "sub_proposed") == 0)
			turn_tell(turn, "substitution_question", "line", o->line[i].id,
				  "substitute");
}

static void answer(struct turn *turn, const struct order *o, const char *event)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct line *l = &o->line[i];

		if (strcmp(l->state, "sub_proposed") != 0)
			continue;
		if (!turn_fire(turn, "line", l->id, l->version, event, NULL, NULL)) {
			turn_undo(turn);
			turn_say_refusal(turn);
			return;
		}
	}
	turn_say(turn, "noted", NULL);
}

void substitute_answer(struct turn *turn)
{
	const struct question *q = turn->answered;
	struct order *o = NULL;

	if (turn_failed(turn, produce_order(&o, turn->ctx, turn->gw->store, q->subject)))
		return;
	if (print_of(o) == 0) {
		turn_say(turn, "sub_too_late", NULL);
	} else if (print_of(o) != q->seen) {
		turn_say(turn, "sub_again", NULL);
		substitute_remind(turn, o);
	} else {
		answer(turn, o, reading_arg(turn->reading, "answer"));
	}
}

/* Whether all that is proposed in an order has been read on this number. */
static bool is_read(struct turn *turn, const struct order *o)
{
	int64_t unread = 0;

	return !turn_failed(turn,
			    store_get_int(turn->gw->store, &unread, STORE_STMT_SUBSTITUTE_UNREAD,
					  STORE_ARGS(STORE_INT(o->id), STORE_TEXT(turn->number))))
	       && unread == 0;
}

bool substitute_late(struct turn *turn, bool yes)
{
	struct order *o = NULL;
	int64_t id = 0;
	int rc = store_get_int(turn->gw->store, &id, STORE_STMT_SUBSTITUTE_ORDER,
			       STORE_ARGS(STORE_INT(turn->owner_id)));

	if (rc == -ENOENT || turn_failed(turn, rc)
	    || turn_failed(turn, produce_order(&o, turn->ctx, turn->gw->store, id)))
		return false;
	if (is_read(turn, o))
		answer(turn, o, yes ? "accept" : "reject");
	else if (!turn->error)
		substitute_remind(turn, o);
	return true;
}
