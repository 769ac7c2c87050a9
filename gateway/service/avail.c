/* What producers put on sale, add to, take off and price before the cut-off.
 *
 * A quantity or a price that is not certain is asked about before anything is fired
 * (avail_ask.c); what is then on offer is told by the notices of the events, all in one message.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/avail.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/service.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* Which sale. */

static void say_no_sale(struct turn *turn)
{
	turn_list(turn, "speaks of a sale, none is announced");
	turn_say_phone(turn, "producer_no_sale");
}

static void ask_sale(struct turn *turn, const struct cycle *c, size_t n)
{
	struct choice ask = choice_new(turn);

	for (size_t i = 0; i < n; i++) {
		struct facts *f = facts_new(turn->ctx, turn->gw);

		facts_cycle(f, &c[i]);
		choice_add(&ask,
			   choice_with(turn->ctx, turn->reading, "cycle",
				       talloc_asprintf(turn->ctx, "%" PRId64, c[i].id)),
			   facts_get(f, "day"));
	}
	choice_ask(&ask, "ask_which_sale");
}

bool avail_no_sale(struct turn *turn)
{
	struct cycle c;
	int n = stall_cycles(&c, 1, turn->ctx, turn->gw->store, turn->at);

	if (turn_failed(turn, n) || n > 0 || turn->pending)
		return turn->error != 0;
	say_no_sale(turn);
	return true;
}

bool avail_sale(struct stall *out, struct turn *turn)
{
	const char *chosen = reading_arg(turn->reading, "cycle");
	struct store *st = turn->gw->store;
	struct cycle c[STALL_CYCLES_MAX];
	int n = stall_cycles(c, ARRAY_SIZE(c), turn->ctx, st, turn->at), at = 0;

	if (turn_failed(turn, n))
		return false;
	for (int i = 0; chosen && i < n; i++)
		if (c[i].id == strtoll(chosen, NULL, 10))
			at = i;
	if (n == 0)
		say_no_sale(turn);
	else if (n > 1 && !chosen)
		ask_sale(turn, c, (size_t)n);
	else
		return !turn_failed(turn, stall_load(out, turn->ctx, st, turn->person_id, &c[at]));
	return false;
}

/* Nothing can be put on sale now, and orders wait for the producer's word: the same words are about those. */
static bool is_decision(struct turn *turn)
{
	struct cycle c;
	int n = stall_cycles(&c, 1, turn->ctx, turn->gw->store, turn->at);

	return !turn_failed(turn, n) && n == 0 && turn->pending;
}

/* Whether all products of a text wait in orders, and of which cycle. */
static bool waits_too(struct turn *turn, struct supply *s)
{
	const struct reading *r = turn->reading;
	struct store *st = turn->gw->store;
	int rc = produce_supply_cycle(&s->cycle, turn->ctx, st, turn->person_id);

	if (rc == -ENOENT || turn_failed(turn, rc)
	    || turn_failed(turn, produce_lines_of(&s->line, &s->n, turn->ctx, st, turn->person_id,
						  s->cycle.id, true)))
		return false;
	for (size_t i = 0; i < r->n_items; i++) {
		bool found = false;

		for (size_t k = 0; k < s->n; k++)
			found |= strcmp(s->line[k].product.name, r->items[i].product) == 0;
		if (!found)
			return false;
	}
	return r->n_items > 0;
}

/* The next sale is prepared while orders of the last one wait, and what is said may be about either. */
static bool ask_which(struct turn *turn, const char *decision)
{
	struct choice c = choice_new(turn);
	struct reading as = *turn->reading;
	struct cycle next;
	struct supply s = {};
	struct facts *f;
	int n;

	if (!turn->pending || reading_arg(turn->reading, "cycle") || !waits_too(turn, &s))
		return turn->error != 0;
	n = stall_cycles(&next, 1, turn->ctx, turn->gw->store, turn->at);
	if (turn_failed(turn, n) || n == 0)
		return turn->error != 0;
	as.intent = decision;
	f = facts_new(turn->ctx, turn->gw);
	facts_cycle(f, &s.cycle);
	choice_add(&c, reading_print(turn->ctx, &as),
		   template_fill(turn->ctx, turn->gw->catalogue, "choice.orders", f->value));
	facts_cycle(f, &next);
	choice_add(&c,
		   choice_with(turn->ctx, turn->reading, "cycle",
			       talloc_asprintf(turn->ctx, "%" PRId64, next.id)),
		   template_fill(turn->ctx, turn->gw->catalogue, "choice.sale", f->value));
	choice_ask(&c, "ask_orders_or_sale");
	return true;
}

/* The items of a text. */

static bool find_product(struct avail *a, struct avail_entry *e)
{
	struct turn *turn = a->turn;
	int rc = produce_product(&e->product, turn->ctx, turn->gw->store, e->item->product);

	if (rc == -ENOENT || turn_failed(turn, rc))
		return false;
	e->offer = stall_find(&a->stall, e->product.name);
	e->last = e->offer ? e->offer->price : 0;
	return e->last > 0
	       || !turn_failed(turn, stall_last_price(&e->last, turn->gw->store,
						      a->stall.producer_id, e->product.name));
}

/* Products that the platform has no name for are the coordinator's; the others go on. */
static void say_unknown(struct turn *turn, const char *names)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);

	facts_set(f, "product", names);
	turn_list(turn, "offers a product that is not in the catalogue");
	turn_say_facts(turn, "product_not_known", f);
}

static bool collect(struct avail *a, struct turn *turn, const struct reading *r)
{
	char *unknown = NULL;

	a->turn = turn;
	a->said = talloc_zero(turn->ctx, struct reading);
	a->entry = talloc_zero_array(turn->ctx, struct avail_entry, r->n_items + 1);
	OSMO_ASSERT(a->said && a->entry);
	*a->said = *r;
	a->said->n_items = 0;
	for (size_t i = 0; i < r->n_items; i++) {
		struct avail_entry *e = &a->entry[a->n];

		*e = (struct avail_entry){ .item = &a->said->items[a->said->n_items] };
		a->said->items[a->said->n_items] = r->items[i];
		if (find_product(a, e)) {
			a->said->n_items++;
			a->n++;
		} else if (turn->error) {
			return false;
		} else {
			const char *label = market_item(turn, &r->items[i]);

			unknown = unknown ? talloc_asprintf(turn->ctx, "%s, %s", unknown, label)
					  : talloc_strdup(turn->ctx, label);
		}
	}
	if (unknown)
		say_unknown(turn, unknown);
	return a->n > 0;
}

/* Quantities and prices as they were said. \returns false if a quantity is asked about first. */
static bool measure(struct avail *a, const char *intent)
{
	for (size_t i = 0; i < a->n; i++) {
		struct avail_entry *e = &a->entry[i];

		e->price = e->item->price_cents > 0 ? e->item->price_cents : 0;
		if (e->item->qty != READING_QTY_GIVEN
		    || basket_quantity(&e->milli, e->item, &e->product) != BASKET_FITS) {
			avail_ask_amount(a->turn, intent, a->said, e->item, &e->product);
			return false;
		}
	}
	return true;
}

/* Events. */

static bool is_state(const struct offer *f, const char *state)
{
	return f && strcmp(f->state, state) == 0;
}

static bool fire(struct avail *a, const struct avail_entry *e, const char *event, char *payload)
{
	return turn_fire(a->turn, "offer", e->offer->id, e->offer->version, event, payload, NULL);
}

static char *with_price(struct avail *a, const struct avail_entry *e, char *fields)
{
	if (e->price)
		fields = talloc_asprintf(a->turn->ctx, "%s,\"price\":%" PRId64, fields, e->price);
	return talloc_asprintf(a->turn->ctx, "{%s}", fields);
}

/* An offer that nobody asked for carries no notice: it is told in the words of one that was asked for. */
static bool fire_birth(struct avail *a, const struct avail_entry *e)
{
	const struct stall *s = &a->stall;
	int64_t id = 0;
	char *fields = talloc_asprintf(a->turn->ctx,
				       "\"cycle\":%" PRId64 ",\"producer\":%" PRId64
				       ",\"product\":\"%s\",\"unit\":\"%s\",\"qty\":%" PRId64,
				       s->cycle.id, s->producer_id, e->product.name,
				       e->product.unit, e->milli);

	if (!turn_fire(a->turn, "offer", 0, 0, "declare", with_price(a, e, fields), &id))
		return false;
	turn_tell(a->turn, "ack", "offer", id, "declare");
	return true;
}

/* A new price is for new orders. */
static void say_old_price(struct avail *a, const struct avail_entry *e)
{
	if (stall_committed(e->offer) <= 0 || !e->price || e->price == e->offer->price)
		return;
	turn_say(a->turn, "price_of_orders",
		 VALUES({ "product", e->product.many },
			{ "price", format_money(a->turn->ctx, e->offer->price) }));
}

/* The whole quantity anew. */
static bool fire_declare(struct avail *a, const struct avail_entry *e)
{
	char *qty = talloc_asprintf(a->turn->ctx, "\"qty\":%" PRId64, e->milli);

	if (!e->offer)
		return fire_birth(a, e);
	say_old_price(a, e);
	if (!is_state(e->offer, "sold_out"))
		return fire(a, e, "declare", with_price(a, e, qty));
	if (e->milli > stall_committed(e->offer))
		return fire(a, e, "restock", with_price(a, e, qty));
	turn_tell(a->turn, "ack", "offer", e->offer->id, "exhaust");
	return true;
}

/* More of it; of what is not on offer it is all there is. */
static bool fire_add(struct avail *a, const struct avail_entry *e)
{
	const char *field = is_state(e->offer, "available")  ? "qty"
			    : is_state(e->offer, "sold_out") ? "add"
							     : NULL;

	if (!field)
		return fire_declare(a, e);
	return fire(a, e, *field == 'q' ? "add" : "restock",
		    with_price(a, e,
			       talloc_asprintf(a->turn->ctx, "\"%s\":%" PRId64, field, e->milli)));
}

/* What is ordered already stays, or goes too. */
static bool fire_stop(struct avail *a, const struct avail_entry *e, bool deliver)
{
	const char *event = "exhaust";
	bool ordered = e->offer && stall_committed(e->offer) > 0;

	if (is_state(e->offer, "asked"))
		event = "decline";
	else if (ordered && !deliver)
		event = "withdraw";
	else if (!is_state(e->offer, "available"))
		event = NULL;
	if (event && !fire(a, e, event, NULL))
		return false;
	if (!event || strcmp(event, "withdraw") == 0)
		turn_tell(a->turn, "ack", "offer", e->offer->id,
			  event                               ? event
			  : is_state(e->offer, "unavailable") ? "decline"
							      : "exhaust");
	return true;
}

static void refused(struct turn *turn)
{
	turn_undo(turn);
	turn_say_refusal(turn);
}

static void fire_each(struct avail *a, bool (*fire_one)(struct avail *, const struct avail_entry *))
{
	for (size_t i = 0; i < a->n; i++)
		if (!fire_one(a, &a->entry[i])) {
			refused(a->turn);
			return;
		}
}

/* What the answer to an earlier question takes off besides. */
static void fire_withdrawals(struct avail *a)
{
	const char *list = reading_arg(a->turn->reading, "withdraw"), *rest = list;

	while (rest && *rest && !a->turn->error) {
		struct avail_entry e = {
			.offer = stall_find(&a->stall, clarify_first(a->turn->ctx, rest, &rest)),
		};

		if (e.offer && !fire_stop(a, &e, false))
			refused(a->turn);
	}
}

/* The commands. */

/* Who names a price speaks of a sale. */
static bool names_prices(const struct reading *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		if (r->items[i].price_cents > 0)
			return true;
	return false;
}

void avail_declare(struct turn *turn)
{
	struct avail a = {};

	if (!names_prices(turn->reading) && is_decision(turn)) {
		supply_partial(turn);
		return;
	}
	if (!names_prices(turn->reading) && ask_which(turn, "LINE_PARTIAL"))
		return;
	if (!avail_sale(&a.stall, turn) || !collect(&a, turn, turn->reading)
	    || !measure(&a, turn->reading->intent))
		return;
	if (avail_ask_prices(&a) || avail_ask_sure(&a) || avail_ask_committed(&a))
		return;
	fire_each(&a, fire_declare);
	fire_withdrawals(&a);
}

void avail_add(struct turn *turn)
{
	struct avail a = {};

	if (!avail_sale(&a.stall, turn) || !collect(&a, turn, turn->reading)
	    || !measure(&a, turn->reading->intent))
		return;
	if (!avail_ask_prices(&a) && !avail_ask_sure(&a))
		fire_each(&a, fire_add);
}

/* What is ordered of the entries, in words; NULL if nothing is. */
static char *ordered_lines(struct avail *a)
{
	char *out = NULL;

	for (size_t i = 0; i < a->n; i++) {
		const struct product *p = &a->entry[i].product;
		const struct offer *f = a->entry[i].offer;
		char *item;

		if (!f || stall_committed(f) <= 0 || is_state(f, "withdrawn"))
			continue;
		item = market_quantity(a->turn, stall_committed(f), p);
		out = out ? talloc_asprintf(a->turn->ctx, "%s\n%s", out, item) : item;
	}
	return out;
}

/* Plus rien: and what is ordered already? */
static bool ask_deliver(struct avail *a)
{
	struct turn *turn = a->turn;
	char *lines = reading_arg(turn->reading, "deliver") ? NULL : ordered_lines(a);
	struct question *q;

	if (!lines)
		return false;
	q = question_new(turn->ctx, "choice");
	question_option(q, choice_with(q, a->said, "deliver", "1"));
	question_option(q, choice_with(q, a->said, "deliver", "0"));
	turn_say(turn, "ask_stop_committed", VALUES({ "lines", lines }));
	turn_ask(turn, q);
	return true;
}

static void stop(struct avail *a)
{
	const char *deliver = reading_arg(a->turn->reading, "deliver");

	for (size_t i = 0; i < a->n; i++)
		if (!fire_stop(a, &a->entry[i], deliver && *deliver == '1')) {
			refused(a->turn);
			return;
		}
}

/* "plus de 50 kg" is no whole line. */
static bool names_amounts(const struct reading *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		if (r->items[i].qty == READING_QTY_GIVEN)
			return true;
	return false;
}

/* Entries that the producer has no offer of are said; the others stay. */
static void drop_strangers(struct avail *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (a->entry[i].offer)
			a->entry[n++] = a->entry[i];
		else
			turn_say(a->turn, "producer_not_on_sale",
				 VALUES({ "product", a->entry[i].product.many }));
	}
	a->n = n;
}

void avail_stop(struct turn *turn)
{
	struct avail a = {};

	if (is_decision(turn)) {
		supply_refuse(turn);
		return;
	}
	if (names_amounts(turn->reading)) {
		turn_say(turn, "clarify.avail", NULL);
		return;
	}
	if (ask_which(turn, "LINE_REFUSE"))
		return;
	if (!avail_sale(&a.stall, turn) || !collect(&a, turn, turn->reading))
		return;
	drop_strangers(&a);
	if (!ask_deliver(&a))
		stop(&a);
}

bool avail_instead(struct turn *turn)
{
	const struct reading *r = turn->reading;
	bool refuses = strcmp(r->intent, "LINE_REFUSE") == 0;
	struct reading *as;
	struct cycle c;
	int n = stall_cycles(&c, 1, turn->ctx, turn->gw->store, turn->at);

	if (turn_failed(turn, n) || n == 0 || r->n_items == 0
	    || strcmp(r->intent, "LINE_SHORT") == 0)
		return false;
	for (size_t i = 0; i < r->n_items && !refuses; i++)
		if (r->items[i].qty != READING_QTY_GIVEN)
			return false;
	as = talloc_zero(turn->ctx, struct reading);
	OSMO_ASSERT(as);
	*as = *r;
	as->intent = refuses ? "AVAIL_STOP" : "AVAIL";
	turn->reading = as;
	if (refuses)
		avail_stop(turn);
	else
		avail_declare(turn);
	return true;
}

/* All that the producer has in the sale as entries. */
static void collect_all(struct avail *a, struct turn *turn)
{
	a->turn = turn;
	a->said = turn->reading;
	a->entry = talloc_zero_array(turn->ctx, struct avail_entry, a->stall.n + 1);
	OSMO_ASSERT(a->entry);
	for (size_t i = 0; i < a->stall.n; i++) {
		const struct offer *f = &a->stall.offer[i];

		if (!is_state(f, "unavailable") && !is_state(f, "withdrawn"))
			a->entry[a->n++] = (struct avail_entry){ .product = f->product,
								 .offer = f };
	}
}

void avail_none(struct turn *turn)
{
	struct avail a = {};
	struct facts *f;

	if (is_decision(turn)) {
		supply_ask_refuse_all(turn);
		return;
	}
	if (!avail_sale(&a.stall, turn))
		return;
	collect_all(&a, turn);
	if (ask_deliver(&a))
		return;
	stop(&a);
	if (a.n > 0 || turn->error)
		return;
	f = facts_new(turn->ctx, turn->gw);
	facts_cycle(f, &a.stall.cycle);
	if (a.stall.n == 0)
		turn_list(turn, "has nothing to sell");
	turn_say_facts(turn, "avail_none_noted", f);
}

/* A price alone changes what is on offer; of what is not, how much there is is asked too. */
static bool fire_price(struct avail *a, struct avail_entry *e)
{
	if (is_state(e->offer, "available")) {
		e->milli = e->offer->offered;
		return fire_declare(a, e);
	}
	turn_say(a->turn, "price_sold_out",
		 VALUES({ "product", e->product.many },
			{ "example", market_example(a->turn, &e->product) },
			{ "price", format_money(a->turn->ctx, e->price) }));
	return true;
}

void avail_price(struct turn *turn)
{
	const char *products = reading_arg(turn->reading, "products");
	struct reading *r =
		products ? reading_scan(turn->ctx,
					talloc_asprintf(turn->ctx, "PRICE\titems=%s", products))
			 : turn->reading;
	struct avail a = {};

	if (!r || r->n_items == 0) {
		turn_say(turn, "clarify.avail", NULL);
		return;
	}
	if (names_amounts(r)) { /* "50 kg de carottes au prix de 1,80" */
		r->intent = "AVAIL";
		turn->reading = r;
		avail_declare(turn);
		return;
	}
	if (!avail_sale(&a.stall, turn) || !collect(&a, turn, r))
		return;
	for (size_t i = 0; i < a.n; i++) {
		struct avail_entry *e = &a.entry[i];

		e->price = e->item->price_cents;
		if (e->price > 0 && e->offer && !is_state(e->offer, "asked")
		    && !is_state(e->offer, "unavailable"))
			continue;
		if (e->price <= 0)
			turn_say(turn, "clarify.avail", NULL);
		else
			avail_ask_amount(turn, "AVAIL", a.said, e->item, &e->product);
		return;
	}
	if (avail_ask_sure(&a))
		return;
	for (size_t i = 0; i < a.n; i++)
		if (!fire_price(&a, &a.entry[i])) {
			refused(turn);
			return;
		}
}
