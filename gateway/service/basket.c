/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/basket.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

static void too_late(struct turn *turn)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct cycle c;
	int rc = produce_last_cycle(&c, f, turn->gw->store);

	if (rc && rc != -ENOENT) {
		turn_failed(turn, rc);
		return;
	}
	if (rc == -ENOENT || c.closes_at > turn->at) {
		turn_say_facts(turn, "no_open_cycle", f);
		return;
	}
	facts_cycle(f, &c);
	turn_say_facts(turn, "too_late", f);
}

static void row_of_line(struct basket *b, const struct line *l)
{
	const struct offer *offer = offers_find(&b->offers, l->offer_id);

	if (b->n == BASKET_ROWS_MAX)
		return;
	b->row[b->n++] = (struct basket_row){
		.offer = offer,
		.line = l,
		.product = &l->product,
		.before = l->asked,
		.after = l->asked,
	};
}

bool basket_open(struct basket *b, struct turn *turn)
{
	struct store *st = turn->gw->store;
	int rc;

	*b = (struct basket){ .turn = turn };
	rc = produce_open_cycle(&b->cycle, turn->ctx, st, turn->at);
	if (rc == -ENOENT) {
		too_late(turn);
		return false;
	}
	if (turn_failed(turn, rc)
	    || turn_failed(turn, produce_offers(&b->offers, turn->ctx, st, b->cycle.id)))
		return false;
	rc = produce_open_order(&b->order, turn->ctx, st, turn->owner_id, b->cycle.id);
	if (rc != -ENOENT && turn_failed(turn, rc))
		return false;
	for (size_t i = 0; b->order && i < b->order->n; i++)
		row_of_line(b, &b->order->line[i]);
	return true;
}

/* Units that people use for the sale unit, and what one of them is of it. */
static const struct {
	const char *said;
	const char *sold;
	int64_t milli;
} units[] = {
	{ "g", "kg", 1 },        { "cl", "l", 10 },     { "ml", "l", 1 },
	{ "pc", "botte", 1000 }, { "pc", "pot", 1000 }, { "pc", "barquette", 1000 },
};

/* Sold by weight or volume: any part of the unit will do. */
static bool divisible(const char *unit)
{
	return strcmp(unit, "kg") == 0 || strcmp(unit, "l") == 0;
}

enum basket_unit basket_quantity(int64_t *milli, const struct reading_item *item,
				 const struct product *product)
{
	const char *unit = *item->unit ? item->unit : "pc"; /* a bare number counts pieces */
	int64_t value = -1;

	if (strcmp(unit, product->unit) == 0 || strcmp(unit, "u") == 0)
		value = item->milli;
	for (size_t i = 0; value < 0 && i < ARRAY_SIZE(units); i++)
		if (strcmp(units[i].said, unit) == 0 && strcmp(units[i].sold, product->unit) == 0)
			value = item->milli * units[i].milli / 1000;
	if (value < 0)
		return BASKET_UNIT;
	if (!divisible(product->unit) && value % 1000 != 0)
		return BASKET_WHOLE;
	if (value == 0)
		return BASKET_ZERO;
	*milli = value;
	return BASKET_FITS;
}

struct basket_row *basket_row(struct basket *b, const struct offer *offer)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->row[i].offer == offer)
			return &b->row[i];
	if (b->n == BASKET_ROWS_MAX)
		return NULL;
	b->row[b->n] = (struct basket_row){ .offer = offer, .product = &offer->product };
	return &b->row[b->n++];
}

/* "yaourt" also names yaourt_nature, if nothing is called just that. */
static bool variety(const char *name, const char *of)
{
	size_t n = strlen(of);

	return strncmp(name, of, n) == 0 && name[n] == '_';
}

struct basket_row *basket_line(struct basket *b, const struct reading_item *item)
{
	struct basket_row *found = NULL;
	int no = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct basket_row *r = &b->row[i];

		if (!r->line)
			continue;
		no++;
		if (item->line     ? no == item->number
		    : item->number ? r->offer && r->offer->number == item->number
				   : strcmp(r->product->name, item->product) == 0)
			return r;
		if (!item->number && variety(r->product->name, item->product))
			found = found ? NULL : r;
	}
	return found;
}

/* A producer's name as it is said in a text: letters and digits alone count. */
static bool same_producer(const struct offer *offer, const char *said)
{
	char name[64];
	size_t n = 0;

	for (const char *s = offer->producer; *s && n + 1 < sizeof(name); s++) {
		char c = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;

		name[n++] = c == ' ' || c == '-' ? '_' : c;
	}
	name[n] = '\0';
	return strstr(name, said) != NULL;
}

size_t basket_offers(const struct basket *b, const struct reading_item *item,
		     const struct offer **out, size_t max)
{
	size_t n = 0, of_producer = 0;

	for (size_t i = 0; i < b->offers.n && n < max; i++) {
		const struct offer *f = &b->offers.offer[i];

		if (item->number ? f->number != item->number
				 : strcmp(f->product.name, item->product) != 0)
			continue;
		out[n++] = f;
	}
	if (n < 2 || !item->producer[0])
		return n;
	for (size_t i = 0; i < n; i++)
		if (same_producer(out[i], item->producer))
			out[of_producer++] = out[i];
	return of_producer ? of_producer : n;
}

int64_t basket_available(const struct basket *b, const struct basket_row *row)
{
	bool holds = b->order && strcmp(b->order->state, "placed") == 0;

	if (!row->offer)
		return holds ? row->before : 0;
	return row->offer->left + (holds ? row->before : 0);
}

static int64_t row_amount(const struct basket_row *r)
{
	int64_t price = r->line ? r->line->price : r->offer->price;

	return (price * r->after + 500) / 1000;
}

int64_t basket_total(const struct basket *b)
{
	int64_t total = 0;

	for (size_t i = 0; i < b->n; i++)
		total += row_amount(&b->row[i]);
	return total;
}

char *basket_lines(const struct basket *b)
{
	const struct catalogue *cat = b->turn->gw->catalogue;
	void *ctx = b->turn->ctx;
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < b->n; i++) {
		const struct basket_row *r = &b->row[i];
		const struct product *p = r->product;
		const struct template_value values[] = {
			{ "amount", format_amount(ctx, cat, r->after, p->unit) },
			{ "product", format_label(r->after, p->unit, p->one, p->many) },
			{ "price", format_money(ctx, row_amount(r)) },
			{},
		};

		if (r->after > 0)
			out = talloc_asprintf_append(out, "%s%s", *out ? "\n" : "",
						     template_fill(ctx, cat, "piece.line", values));
	}
	return out;
}

/* Whether no other row has that product. */
static bool only(const struct basket *b, const struct basket_row *r)
{
	for (size_t i = 0; i < b->n; i++)
		if (&b->row[i] != r && strcmp(b->row[i].product->name, r->product->name) == 0)
			return false;
	return true;
}

char *basket_print(const struct basket *b)
{
	char *out = talloc_strdup(b->turn->ctx, "CHANGE\titems=");
	bool any = false;

	for (size_t i = 0; i < b->n; i++) {
		const struct basket_row *r = &b->row[i];

		if (r->before == r->after)
			continue;
		out = talloc_asprintf_append(out, "%s%" PRId64 ".%03du:", any ? ";" : "",
					     r->after / 1000, (int)(r->after % 1000));
		/* a line is still found by its product when its offer has left the list */
		if (r->offer && !(r->line && only(b, r)))
			out = talloc_asprintf_append(out, "#%d", r->offer->number);
		else
			out = talloc_asprintf_append(out, "%s", r->product->name);
		any = true;
	}
	return out;
}

bool basket_differs(const struct basket *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->row[i].before != b->row[i].after)
			return true;
	return false;
}

bool basket_holds(const struct basket *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->row[i].after > 0)
			return true;
	return false;
}

static bool fire_row(struct basket *b, int64_t order_id, const struct basket_row *r)
{
	struct turn *turn = b->turn;

	if (r->before == r->after)
		return true;
	if (!r->line)
		return turn_fire(turn, "line", 0, 0, "add",
				 talloc_asprintf(turn->ctx,
						 "{\"order\":%" PRId64 ",\"offer\":%" PRId64
						 ",\"qty\":%" PRId64 "}",
						 order_id, r->offer->id, r->after),
				 NULL);
	if (r->after == 0)
		return turn_fire(turn, "line", r->line->id, r->line->version, "drop", NULL, NULL);
	return turn_fire(turn, "line", r->line->id, r->line->version, "change",
			 talloc_asprintf(turn->ctx, "{\"qty\":%" PRId64 "}", r->after), NULL);
}

bool basket_fire(struct basket *b)
{
	struct turn *turn = b->turn;
	int64_t id = b->order ? b->order->id : 0, version = b->order ? b->order->version : 0;

	if (!id) {
		if (!turn_fire(turn, "order", 0, 0, "start",
			       talloc_asprintf(turn->ctx,
					       "{\"cycle\":%" PRId64 ",\"owner\":%" PRId64 "}",
					       b->cycle.id, turn->owner_id),
			       &id))
			return false;
		version = turn->fired_version;
	}
	for (size_t i = 0; i < b->n; i++)
		if (!fire_row(b, id, &b->row[i]))
			return false;
	return turn_fire(turn, "order", id, version, "edit", NULL, NULL);
}
