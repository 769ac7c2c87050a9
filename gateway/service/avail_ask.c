/* What is asked of producers before something is put on sale: how much, at what price, is that meant.
 *
 * Money is never guessed: a price that was not said is that of the offer as it is, or is
 * asked about with the last one as an answer; one far from the last is read back.
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
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* A price so many times higher or lower than the last one is read back, and so is one of more than so many cents for
 * what never had a price. */
#define PRICE_FACTOR 4
#define PRICE_HIGH   10000

static char *cycle_arg(struct turn *turn)
{
	const char *cycle = reading_arg(turn->reading, "cycle");

	return cycle ? talloc_asprintf(turn->ctx, " cycle=%s", cycle) : "";
}

/* "@1.80", or nothing. */
static char *price_print(void *ctx, int64_t cents)
{
	if (cents <= 0)
		return talloc_strdup(ctx, "");
	return talloc_asprintf(ctx, "@%" PRId64 ".%02d", cents / 100, (int)(cents % 100));
}

void avail_ask_amount(struct turn *turn, const char *intent, const struct reading *said,
		      const struct reading_item *item, const struct product *p)
{
	struct question *q = question_new(turn->ctx, "amount");

	q->free = talloc_asprintf(q, "%s\titems={n}:%s%s%s%s", intent, p->name,
				  price_print(q, item ? item->price_cents : 0),
				  said ? choice_others(q, said, item) : "", cycle_arg(turn));
	q->unit = talloc_strdup(q, p->unit);
	turn_say(turn, "ask_avail_amount",
		 VALUES({ "product", p->many },
			{ "unit", format_unit(turn->ctx, turn->gw->catalogue, p->unit, 2000) },
			{ "example", market_amount(turn, p) }));
	turn_ask(turn, q);
}

/* Whether nobody has said what an entry costs: not this text, and not for this sale. */
static bool lacks_price(const struct avail *a, const struct avail_entry *e)
{
	bool stray = reading_arg(a->turn->reading, "stray") != NULL;

	return e->price == 0 && (stray || !e->offer || e->offer->price == 0);
}

char *avail_price_line(struct turn *turn, const struct product *p, int64_t cents)
{
	struct offer f = { .product = *p, .price = cents };

	return market_price(turn, &f);
}

/* The price of one product, which has none to start from. */
static void ask_price(struct avail *a, const struct avail_entry *e)
{
	struct turn *turn = a->turn;
	struct question *q = question_new(turn->ctx, "price");

	q->then = talloc_steal(q, reading_print(q, a->said));
	q->unit = talloc_strdup(q, e->product.name);
	turn_say(turn, "ask_price",
		 VALUES({ "product", e->product.many },
			{ "unit",
			  format_unit(turn->ctx, turn->gw->catalogue, e->product.unit, 1000) }));
	turn_ask(turn, q);
}

/* The last prices of all that lack one, as one question. */
static void ask_last_prices(struct avail *a, const struct avail_entry *first)
{
	struct turn *turn = a->turn;
	struct question *q = question_new(turn->ctx, "price");
	struct reading priced = *a->said;
	char *lines = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct avail_entry *e = &a->entry[i];
		char *line;

		if (!lacks_price(a, e) || !e->last)
			continue;
		priced.items[i].price_cents = e->last;
		line = avail_price_line(turn, &e->product, e->last);
		lines = lines ? talloc_asprintf(turn->ctx, "%s\n%s", lines, line) : line;
		n++;
	}
	q->yes = reading_print(q, &priced);
	q->no = choice_with(q, a->said, "last", "no");
	q->then = reading_print(q, a->said);
	q->unit = n == 1 ? talloc_strdup(q, first->product.name) : NULL;
	turn_say(
		turn, "ask_last_prices",
		VALUES({ "lines", lines }, { "example", market_upper(turn, first->product.many) }));
	turn_ask(turn, q);
}

bool avail_ask_prices(struct avail *a)
{
	bool last = !reading_arg(a->turn->reading, "last");

	for (size_t i = 0; i < a->n; i++) {
		const struct avail_entry *e = &a->entry[i];

		if (!lacks_price(a, e))
			continue;
		if (last && e->last)
			ask_last_prices(a, e);
		else
			ask_price(a, e);
		return true;
	}
	return false;
}

static bool odd_price(const struct avail_entry *e)
{
	if (e->price == 0 || (e->last == 0 && e->price <= PRICE_HIGH))
		return false;
	return e->last == 0 || e->price >= PRICE_FACTOR * e->last
	       || e->price * PRICE_FACTOR <= e->last;
}

bool avail_ask_sure(struct avail *a)
{
	struct turn *turn = a->turn;
	char *lines = NULL;
	struct question *q;

	for (size_t i = 0; i < a->n && !reading_arg(turn->reading, "sure"); i++) {
		const struct avail_entry *e = &a->entry[i];
		char *line;

		if (!odd_price(e))
			continue;
		line = avail_price_line(turn, &e->product, e->price);
		if (e->last)
			line = template_fill(turn->ctx, turn->gw->catalogue, "piece.price_before",
					     VALUES({ "text", line },
						    { "price", format_money(turn->ctx, e->last) }));
		lines = lines ? talloc_asprintf(turn->ctx, "%s\n%s", lines, line) : line;
	}
	if (!lines)
		return false;
	q = question_new(turn->ctx, "choice");
	q->yes = choice_with(q, a->said, "sure", "price");
	turn_say(turn, "ask_price_sure", VALUES({ "lines", lines }));
	turn_ask(turn, q);
	return true;
}

/* The reading without an item, and with what that item's product becomes. */
static char *print_without(struct avail *a, size_t i)
{
	const char *before = reading_arg(a->turn->reading, "withdraw");
	const struct product *p = &a->entry[i].product;
	struct reading rest = *a->said;

	if (a->n == 1)
		return talloc_asprintf(a->turn->ctx, "AVAIL_STOP\titems=all:%s%s deliver=0",
				       p->name, cycle_arg(a->turn));
	rest.n_items = 0;
	for (size_t k = 0; k < a->n; k++)
		if (k != i)
			rest.items[rest.n_items++] = a->said->items[k];
	return choice_with(a->turn->ctx, &rest, "withdraw",
			   before ? talloc_asprintf(a->turn->ctx, "%s,%s", p->name, before)
				  : p->name);
}

bool avail_ask_committed(struct avail *a)
{
	const struct catalogue *cat = a->turn->gw->catalogue;
	struct turn *turn = a->turn;

	for (size_t i = 0; i < a->n; i++) {
		const struct avail_entry *e = &a->entry[i];
		int64_t ordered = e->offer ? stall_committed(e->offer) : 0;
		struct reading all = *a->said;
		struct question *q;

		if (e->milli >= ordered)
			continue;
		all.items[i].milli = ordered;
		OSMO_STRLCPY_ARRAY(all.items[i].unit, e->product.unit);
		q = question_new(turn->ctx, "choice");
		question_option(q, reading_print(q, &all));
		question_option(q, print_without(a, i));
		turn_say(turn, "ask_committed",
			 VALUES({ "product", e->product.many },
				{ "asked",
				  format_amount(turn->ctx, cat, ordered, e->product.unit) }));
		turn_ask(turn, q);
		return true;
	}
	return false;
}
