/* What residents and their helpers order, change and cancel.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/order.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/repeat.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/service.h"
#include "gateway/service/status.h"
#include "gateway/turn.h"

/* A household that orders more than this is asked whether it means it, in thousandths. */
#define LARGE_WEIGHT (50 * 1000)
#define LARGE_PIECES (100 * 1000)

enum op { OP_ORDER, OP_ADD, OP_SET, OP_REMOVE, OP_CHANGE };

static const struct {
	const char *intent;
	enum op op;
} ops[] = {
	{ "ORDER", OP_ORDER },   { "ADD", OP_ADD },       { "SET", OP_SET },
	{ "REMOVE", OP_REMOVE }, { "CHANGE", OP_CHANGE },
};

static enum op op_of(const char *intent)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (strcmp(ops[i].intent, intent) == 0)
			return ops[i].op;
	return OP_ADD;
}

static const char *op_name(enum op op)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].op == op)
			return ops[i].intent;
	return NULL;
}

static const char *label(const struct product *p)
{
	return p->many;
}

/* How much? Other items wait in the question. */
static void ask_amount(struct basket *b, enum op op, const struct reading *r,
		       const struct reading_item *item, const struct product *p,
		       const char *template)
{
	struct turn *turn = b->turn;
	struct question *q = question_new(turn->ctx, "amount");

	q->free = talloc_asprintf(q, "%s\titems={n}:%s%s", op_name(op), p->name,
				  choice_others(q, r, item));
	q->unit = p->unit;
	turn_say(turn, template,
		 VALUES({ "product", label(p) },
			{ "unit", format_unit(turn->ctx, turn->gw->catalogue, p->unit, 2000) },
			{ "example", market_amount(turn, p) }));
	turn_ask(turn, q);
}

/* Several producers sell it: which one? */
static void ask_producer(struct basket *b, enum op op, const struct reading *r,
			 const struct reading_item *item, const struct offer **offer, size_t n)
{
	struct turn *turn = b->turn;
	struct question *q = question_new(turn->ctx, "choice");
	char *options = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < n; i++) {
		struct reading_item one = *item;
		struct reading single = { .intent = "", .n_items = 1 };
		int no;

		one.product[0] = one.producer[0] = '\0';
		one.number = offer[i]->number;
		single.items[0] = one;
		no = question_option(q, talloc_asprintf(q, "%s\titems=%s%s", op_name(op),
							reading_print_items(q, &single),
							choice_others(q, r, item)));
		options = talloc_asprintf_append(options, "%s%d. %s, %s", i ? "\n" : "", no,
						 market_price(turn, offer[i]), offer[i]->producer);
	}
	turn_say(turn, "ask_producer",
		 VALUES({ "product", label(&offer[0]->product) }, { "options", options }));
	turn_ask(turn, q);
}

/* One wanted item into the plan. \returns false if that is asked about first. */
static bool want(struct basket *b, enum op op, const struct reading *r,
		 const struct reading_item *item)
{
	const struct offer *offer[QUESTION_OPTIONS_MAX];
	size_t n = basket_offers(b, item, offer, ARRAY_SIZE(offer));
	struct basket_row *row;
	int64_t milli;

	if (n == 0) {
		market_say_missing(b->turn, &b->offers, item);
		return true;
	}
	if (n > 1) {
		ask_producer(b, op, r, item, offer, n);
		return false;
	}
	if (item->qty == READING_QTY_ALL
	    || basket_quantity(&milli, item, &offer[0]->product) == BASKET_ZERO) {
		ask_amount(b, op, r, item, &offer[0]->product, "ask_quantity");
		return false;
	}
	if (basket_quantity(&milli, item, &offer[0]->product) != BASKET_FITS) {
		ask_amount(b, op, r, item, &offer[0]->product, "ask_unit");
		return false;
	}
	row = basket_row(b, offer[0]);
	if (!row)
		return true;
	if (basket_available(b, row) <= 0) {
		market_say_sold_out(b->turn, &b->offers, &offer[0]->product);
		return true;
	}
	if (op == OP_ADD || (op == OP_ORDER && row->named))
		row->after += milli;
	else
		row->after = milli;
	if (op == OP_ORDER && row->before > 0)
		row->more = milli;
	row->named = true;
	return true;
}

/* One item out of it. \returns false if that is asked about first. */
static bool unwant(struct basket *b, const struct reading *r, const struct reading_item *item)
{
	struct basket_row *row = basket_line(b, item);
	int64_t milli;

	if (!row) {
		market_say(b->turn, "line_not_there", item);
		return true;
	}
	if (item->qty == READING_QTY_ALL) {
		row->after = 0;
		return true;
	}
	if (basket_quantity(&milli, item, row->product) != BASKET_FITS) {
		ask_amount(b, OP_REMOVE, r, item, row->product, "ask_unit");
		return false;
	}
	row->after = row->after > milli ? row->after - milli : 0;
	return true;
}

/* An absolute quantity, from a plan that was printed. */
static void put(struct basket *b, const struct reading_item *item)
{
	struct basket_row *row = basket_line(b, item);
	const struct offer *offer;

	if (!row && basket_offers(b, item, &offer, 1) == 1)
		row = basket_row(b, offer);
	if (row)
		row->after = item->milli;
}

static bool apply(struct basket *b, enum op op, const struct reading *r)
{
	for (size_t i = 0; i < r->n_items; i++) {
		const struct reading_item *item = &r->items[i];
		bool on = true;

		if (op == OP_CHANGE)
			put(b, item);
		else if (op == OP_REMOVE)
			on = unwant(b, r, item);
		else
			on = want(b, op, r, item);
		if (!on || b->turn->error)
			return false;
	}
	return true;
}

/* Settling a plan: each of these asks about it and returns true, or leaves it alone. */

/* The order has some already: that much in all, or that much more? */
static bool ask_more(struct basket *b)
{
	struct turn *turn = b->turn;
	struct question *q = NULL;
	char *lines = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < b->n; i++) {
		const struct product *p = b->row[i].product;

		if (b->row[i].more)
			lines = talloc_asprintf_append(lines, "%s%s", *lines ? ", " : "",
						       format_item(turn->ctx, turn->gw->catalogue,
								   b->row[i].more, p->unit, p->one,
								   p->many));
	}
	if (!*lines)
		return false;
	q = question_new(turn->ctx, "choice");
	question_option(q, basket_print(b));
	for (size_t i = 0; i < b->n; i++)
		if (b->row[i].more)
			b->row[i].after = b->row[i].before + b->row[i].more;
	question_option(q, basket_print(b));
	turn_say(turn, "ask_more", VALUES({ "lines", lines }));
	turn_ask(turn, q);
	return true;
}

/* What was to be had when it was asked about may be gone when it is answered. */
static void drop_sold_out(struct basket *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct basket_row *r = &b->row[i];

		if (r->after <= r->before || basket_available(b, r) > r->before)
			continue;
		r->after = r->before;
		market_say_sold_out(b->turn, &b->offers, r->product);
	}
}

/* Less is left than is wanted: take that? The first such row; the next one comes when it is answered. */
static bool ask_left(struct basket *b)
{
	struct turn *turn = b->turn;

	for (size_t i = 0; i < b->n; i++) {
		struct basket_row *r = &b->row[i];
		int64_t left = basket_available(b, r);
		struct question *q;

		if (r->after <= r->before || r->after <= left)
			continue;
		q = question_new(turn->ctx, "choice");
		r->after = left;
		q->yes = talloc_steal(q, basket_print(b));
		r->after = r->before < left ? r->before : left;
		q->no = !b->swap && basket_differs(b) ? talloc_steal(q, basket_print(b))
						      : "NOTHING";
		turn_say(turn, "stock_short",
			 VALUES({ "product", label(r->product) },
				{ "left", format_amount(turn->ctx, turn->gw->catalogue, left,
							r->product->unit) }));
		turn_ask(turn, q);
		return true;
	}
	return false;
}

static bool large(const struct basket_row *r)
{
	bool weighed = strcmp(r->product->unit, "kg") == 0 || strcmp(r->product->unit, "l") == 0;

	return r->after > r->before && r->after > (weighed ? LARGE_WEIGHT : LARGE_PIECES);
}

static char *print_sure(const struct basket *b)
{
	return talloc_asprintf(b->turn->ctx, "%s sure=1", basket_print(b));
}

static bool ask_large(struct basket *b)
{
	struct turn *turn = b->turn;
	const struct catalogue *cat = turn->gw->catalogue;

	if (reading_arg(turn->reading, "sure"))
		return false;
	for (size_t i = 0; i < b->n; i++) {
		const struct basket_row *r = &b->row[i];
		struct question *q;

		if (!large(r))
			continue;
		q = question_new(turn->ctx, "choice");
		q->yes = talloc_steal(q, print_sure(b));
		turn_say(turn, "ask_large",
			 VALUES({ "amount",
				  format_amount(turn->ctx, cat, r->after, r->product->unit) },
				{ "product", label(r->product) },
				{ "price", format_money(turn->ctx, (r->offer->price * r->after
								    + 500) / 1000) }));
		turn_ask(turn, q);
		return true;
	}
	return false;
}

/* A placed order changes only after its new recap was read. */
static bool ask_change(struct basket *b)
{
	const struct question *read = b->turn->answered;
	const struct order *o = b->order;
	struct turn *turn = b->turn;
	struct facts *f;
	struct question *q;

	if (!o || strcmp(o->state, "placed") != 0)
		return false;
	if (read && strcmp(read->kind, "change") == 0 && read->subject == o->id) {
		if (read->version == o->version && read->seen == o->seen)
			return false;
		turn_say(turn, "recap_again", NULL);
	}
	q = question_new(turn->ctx, "change");
	question_about(q, "order", o->id, o->version, o->seen);
	q->yes = talloc_steal(q, print_sure(b));
	f = facts_new(turn->ctx, turn->gw);
	facts_order(f, o);
	facts_set(f, "lines", basket_lines(b));
	facts_set(f, "total", format_money(f, basket_total(b)));
	turn_say_facts(turn, "ask_change", f);
	turn_ask(turn, q);
	return true;
}

/* Nothing is left of it: a draft is dropped, a placed order is asked about. */
static void empty(struct basket *b)
{
	struct turn *turn = b->turn;

	if (!b->order)
		return;
	if (strcmp(b->order->state, "placed") == 0)
		order_ask_cancel(turn, b->order);
	else if (turn_fire(turn, "order", b->order->id, b->order->version, "drop", NULL, NULL))
		turn_say(turn, "order_dropped", NULL);
	else
		turn_say_refusal(turn);
}

/* Nothing would change: say so, or show the draft again. */
static void unchanged(struct basket *b)
{
	struct turn *turn = b->turn;
	struct facts *f;

	if (turn->n_pieces > 0)
		return; /* why nothing changes has been said */
	if (!b->order) {
		turn_say(turn, "nothing_to_change", NULL);
	} else if (strcmp(b->order->state, "draft") == 0) {
		if (!basket_fire(b))
			order_refused(turn, b->order->id, "edit");
	} else {
		f = facts_new(turn->ctx, turn->gw);
		facts_order(f, b->order);
		turn_say_facts(turn, "no_change", f);
	}
}

static void settle(struct basket *b)
{
	if (ask_more(b))
		return;
	drop_sold_out(b);
	if (!basket_differs(b)) {
		unchanged(b);
		return;
	}
	if (ask_left(b) || ask_large(b))
		return;
	if (!basket_holds(b)) {
		empty(b);
		return;
	}
	if (ask_change(b))
		return;
	if (!basket_fire(b) && !b->turn->error)
		order_refused(b->turn, b->order ? b->order->id : 0, "edit");
}

/* Whether anything is to be had that was not there. */
static bool gains(const struct basket *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->row[i].after > b->row[i].before)
			return true;
	return false;
}

/* Products that take the place of others: "remplacez les radis par 1 botte de persil". */
static bool swap(struct basket *b, const struct reading *r)
{
	const char *from = reading_arg(r, "from"), *to = reading_arg(r, "to");
	struct reading *in = to ? reading_scan(b->turn->ctx,
					       talloc_asprintf(b->turn->ctx, "ADD\titems=%s", to))
				: NULL;
	struct reading_item out = { .qty = READING_QTY_ALL, .price_cents = -1 };
	struct basket_row *row;

	if (!from || !in) {
		turn_say(b->turn, "clarify.multi_change", NULL);
		return false;
	}
	OSMO_STRLCPY_ARRAY(out.product, from);
	row = basket_line(b, &out);
	if (!row) {
		market_say(b->turn, "line_not_there", &out);
		return false;
	}
	b->swap = true;
	if (!unwant(b, r, &out) || !apply(b, OP_ADD, in))
		return false;
	if (!gains(b))
		row->after = row->before; /* nothing in its place: it stays */
	return true;
}

/* Whom the order is for is known? */
static bool has_owner(struct turn *turn)
{
	if (!turn->owner_id)
		turn_say_phone(turn, "mandate_missing");
	return turn->owner_id != 0;
}

void order_items(struct turn *turn)
{
	const struct reading *r = turn->reading;
	enum op op = op_of(r->intent);
	struct basket b;

	if (!has_owner(turn) || !basket_open(&b, turn))
		return;
	if (!b.order && reading_arg(r, "sign"))
		op = OP_ORDER; /* a dash before it, and no order that it could be taken from */
	if (!b.order && (op == OP_REMOVE || strcmp(r->intent, "SWAP") == 0)) {
		turn_say(turn, "nothing_to_change", NULL);
		return;
	}
	if (strcmp(r->intent, "SWAP") == 0 ? swap(&b, r) : apply(&b, op, r))
		settle(&b);
}

void order_mix(struct turn *turn, const char *add, const char *remove)
{
	const char *text[] = { remove, add };
	static const enum op op[] = { OP_REMOVE, OP_ADD };
	struct basket b;

	if (!has_owner(turn) || !basket_open(&b, turn))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(text); i++) {
		struct reading *r =
			text[i] ? reading_scan(turn->ctx,
					       talloc_asprintf(turn->ctx, "ADD\titems=%s", text[i]))
				: NULL;

		if (r && !apply(&b, op[i], r))
			return;
	}
	settle(&b);
}

/* Every line of the order anew, by a rule; without an order that is said. */
static void rewrite(struct turn *turn,
		    int64_t (*after)(const struct basket_row *r, const char *arg), const char *arg)
{
	struct basket b;

	if (!has_owner(turn) || !basket_open(&b, turn))
		return;
	if (!b.order) {
		turn_say(turn, "nothing_to_change", NULL);
		return;
	}
	for (size_t i = 0; i < b.n; i++)
		b.row[i].after = after(&b.row[i], arg);
	settle(&b);
}

static int64_t twice(const struct basket_row *r, const char *arg)
{
	(void)arg;
	return 2 * r->before;
}

void order_double(struct turn *turn)
{
	rewrite(turn, twice, NULL);
}

static int64_t if_named(const struct basket_row *r, const char *products)
{
	size_t n = strlen(r->product->name);

	for (const char *at = products; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, r->product->name, n) == 0 && (at[n] == '\0' || at[n] == ','))
			return r->before;
	return 0;
}

void order_keep(struct turn *turn, const char *products)
{
	rewrite(turn, if_named, products);
}

struct order *order_open(struct turn *turn)
{
	struct order *o = NULL;
	struct cycle c;
	int rc;

	if (!turn->owner_id)
		return NULL;
	rc = produce_open_cycle(&c, turn->ctx, turn->gw->store, turn->at);
	if (!rc)
		rc = produce_open_order(&o, turn->ctx, turn->gw->store, turn->owner_id, c.id);
	if (rc != -ENOENT)
		turn_failed(turn, rc);
	return o;
}
