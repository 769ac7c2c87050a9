/* Producers: what is on sale, and what is delivered.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/gateway/year/year.h"

void year_coordinator(struct year *y, const char *machine, int64_t id, const char *event,
		      const char *payload)
{
	town_fire(y->town, machine, id, event, TOWN_COORDINATOR, "COO", payload);
}

static int64_t nth(struct year *y, const char *table, const char *of, int64_t id, size_t n)
{
	return town_int(y->town,
			"SELECT id FROM %s WHERE %s = %" PRId64 " ORDER BY id LIMIT 1 OFFSET %zu",
			table, of, id, n);
}

static int64_t cycle_id_of(struct year *y, const struct cycle *c)
{
	size_t i = 0;

	while (y->model->cycle[i] != c)
		i++;
	return town_int(y->town, "SELECT id FROM cycle ORDER BY id LIMIT 1 OFFSET %zu", i);
}

int64_t year_offer_id(struct year *y, const struct offer *f)
{
	size_t i = 0;

	while (f->cycle->offer[i] != f)
		i++;
	return nth(y, "offer", "cycle_id", cycle_id_of(y, f->cycle), i);
}

int64_t year_order_id(struct year *y, const struct order *o)
{
	size_t i = 0;

	while (o->cycle->order[i] != o)
		i++;
	return nth(y, "orders", "cycle_id", cycle_id_of(y, o->cycle), i);
}

int64_t year_line_id(struct year *y, const struct line *l)
{
	size_t i = 0;

	while (l->order->line[i] != l)
		i++;
	return nth(y, "order_line", "order_id", year_order_id(y, l->order), i);
}

int64_t year_payment_id(struct year *y, const struct order *o)
{
	return town_int(y->town, "SELECT id FROM payment WHERE order_id = %" PRId64,
			year_order_id(y, o));
}

char *year_ref(struct year *y, const struct order *o)
{
	return town_get(y->town, y, "SELECT ref FROM orders WHERE id = %" PRId64,
			year_order_id(y, o));
}

/* Before the cycle. */

void staff_begin(struct year *y)
{
	for (int i = 0; i < PRODUCERS; i++) {
		struct producer *p = &y->producer[i];

		p->id = PRODUCER_ID + i;
		snprintf(p->number, sizeof(p->number), "+336399%05d", p->id);
		y->model->refuses[i] = i % 3 == 2;
	}
}

static void create(struct year *y, const struct cycle *dates)
{
	y->cycle = model_cycle(y->model, dates);
	y->cycle_id = town_fire(y->town, "cycle", 0, "create", TOWN_COORDINATOR, "COO",
				PAYLOAD("{\"place\":1,\"opens_at\":%" PRId64
					",\"closes_at\":%" PRId64 ",\"avail_by\":%" PRId64
					",\"confirm_by\":%" PRId64 ",\"pickup_from\":%" PRId64
					",\"pickup_to\":%" PRId64 "}",
					dates->opens_at, dates->closes_at, dates->avail_by,
					dates->confirm_by, dates->pickup_from, dates->pickup_to));
}

void staff_discard(struct year *y, const struct cycle *dates)
{
	create(y, dates);
	year_coordinator(y, "cycle", y->cycle_id, "cancel", "{\"reason\":\"x\"}");
	model_cycle_event(y->model, y->cycle, "cancel", 0);
}

void staff_announce(struct year *y, const struct cycle *dates)
{
	create(y, dates);
	year_coordinator(y, "cycle", y->cycle_id, "announce", "{}");
	model_cycle_event(y->model, y->cycle, "announce", 0);
	for (int i = 0; i < PRODUCTS; i++) {
		year_coordinator(y, "offer", 0, "ask",
				 PAYLOAD("{\"cycle\":%" PRId64
					 ",\"producer\":%d,\"product\":\"%s\","
					 "\"unit\":\"%s\"}",
					 y->cycle_id, PRODUCER_ID + i % PRODUCERS,
					 year_products[i].name, year_products[i].unit));
		model_offer(y->model, y->cycle, i % PRODUCERS, i);
	}
}

static void producer(struct year *y, const struct offer *f, const char *event, int64_t qty,
		     int64_t price)
{
	char *payload = strcmp(event, "add") == 0 || strcmp(event, "declare") == 0
				? PAYLOAD("{\"qty\":%" PRId64 "%s}", qty,
					  price ? PAYLOAD(",\"price\":%" PRId64, price) : "")
				: "{}";

	town_fire(y->town, "offer", year_offer_id(y, f), event, PRODUCER_ID + f->producer, "PRO",
		  payload);
}

static int64_t some_stock(struct year *y, int product)
{
	int64_t about = year_products[product].offered / 1000 * y->residents / RESIDENTS_MAX;

	return 1000 * (1 + about / 2 + town_any(y->town, about + 1));
}

/* "carottes 50 kg 1,80": what a producer has. */
static char *stock_text(struct year *y, int product, int64_t qty, int64_t price)
{
	const struct product *p = &year_products[product];
	bool pieces = strcmp(p->unit, "pc") == 0;

	return PAYLOAD("%s %" PRId64 "%s%s%s %" PRId64 ",%02d", p->many, qty / 1000,
		       pieces ? "" : " ",
		       pieces                      ? ""
		       : strcmp(p->unit, "l") == 0 ? "litres"
						   : p->unit,
		       strcmp(p->unit, "botte") == 0 || strcmp(p->unit, "pot") == 0 ? "s" : "",
		       price / 100, (int)(price % 100));
}

/* What one producer says of the products that it was asked about. */
struct declared {
	struct offer *offer[2];
	int64_t qty[2], price[2];
	size_t n;
};

static void say_stock(struct year *y, int who, struct declared *d)
{
	char *text = PAYLOAD("DISPO ");

	for (size_t i = 0; i < y->cycle->n_offers; i++) {
		struct offer *f = y->cycle->offer[i];

		if (f->producer != who || town_once_in(y->town, 8))
			continue; /* forgotten: nobody asks for it once the time is over */
		d->qty[d->n] = some_stock(y, f->product);
		d->price[d->n] = year_products[f->product].price + town_any(y->town, 30);
		text = talloc_asprintf_append_buffer(
			text, "%s%s", d->n ? "\n" : "",
			stock_text(y, f->product, d->qty[d->n], d->price[d->n]));
		d->offer[d->n++] = f;
	}
	if (d->n && !year_text(y, y->producer[who].number, text))
		d->n = 0;
}

static void say_none(struct year *y, int who, struct declared *d)
{
	if (!year_text(y, y->producer[who].number, "rien cette semaine"))
		return;
	for (size_t i = 0; i < y->cycle->n_offers; i++) {
		if (y->cycle->offer[i]->producer == who)
			d->offer[d->n++] = y->cycle->offer[i];
	}
}

/* Most declare what they have, some have nothing, some are silent. */
void staff_declare(struct year *y)
{
	struct declared said[PRODUCERS] = {};

	for (int i = 0; i < PRODUCERS; i++) {
		uint32_t dice = town_any(y->town, 12);

		if (dice == 1)
			say_none(y, i, &said[i]);
		else if (dice > 1)
			say_stock(y, i, &said[i]);
	}
	if (town_once_in(y->town, 4))
		town_cut(y->town);
	else
		town_run(y->town);
	for (int i = 0; i < PRODUCERS; i++) {
		for (size_t k = 0; k < said[i].n; k++) {
			if (said[i].qty[k])
				model_declare(y->model, said[i].offer[k], "declare", said[i].qty[k],
					      said[i].price[k]);
			else
				model_offer_event(y->model, said[i].offer[k], "decline");
		}
	}
}

static void declare(struct year *y, struct offer *f, int64_t qty, int64_t price)
{
	producer(y, f, "declare", qty, price);
	model_declare(y->model, f, "declare", qty, price);
}

static void change_available(struct year *y, struct offer *f, uint32_t dice, int64_t qty)
{
	if (dice < 4) {
		producer(y, f, "add", qty, 0);
		model_declare(y->model, f, "add", qty, 0);
	} else if (dice == 4) {
		producer(y, f, "exhaust", 0, 0);
		model_offer_event(y->model, f, "exhaust");
	} else if (dice == 5) { /* another amount, never below what is promised */
		declare(y, f, f->offered - model_left(f) + qty, f->price + 1);
	}
}

/* While the cycle is open: more, nothing more, or nothing at all after all. */
void staff_change(struct year *y)
{
	struct offer *f = y->cycle->offer[town_any(y->town, y->cycle->n_offers)];
	uint32_t dice = town_any(y->town, 8);
	int64_t qty = 1000 * (1 + town_any(y->town, 10));

	if (model_is(&f->s, "available sold_out") && dice == 6) {
		producer(y, f, "withdraw", 0, 0);
		model_offer_event(y->model, f, "withdraw");
	} else if (model_is(&f->s, "available")) {
		change_available(y, f, dice, qty);
	} else if (model_is(&f->s, "withdrawn unavailable") && dice > 3) {
		declare(y, f, f->offered + qty, year_products[f->product].price);
	} else if (model_is(&f->s, "sold_out") && dice > 3) {
		town_fire(y->town, "offer", year_offer_id(y, f), "restock",
			  PRODUCER_ID + f->producer, "PRO", PAYLOAD("{\"add\":%" PRId64 "}", qty));
		model_declare(y->model, f, "restock", f->offered + qty, 0);
	}
}

/* Decisions, by text. */

static bool waits(const struct line *l, int producer)
{
	return l->offer->producer == producer && model_is(&l->s, "requested")
	       && model_is(&l->order->s, "locked");
}

/* A line that waits for this producer, at random; NULL if none does. */
static struct line *some_line(struct year *y, int producer)
{
	struct line *found = NULL;
	uint32_t n = 0;

	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];

		for (size_t k = 0; k < o->n; k++) {
			if (waits(o->line[k], producer) && town_once_in(y->town, ++n))
				found = o->line[k];
		}
	}
	return found;
}

static int64_t asked_of(struct year *y, int producer, int product)
{
	int64_t sum = 0;

	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];

		for (size_t k = 0; k < o->n; k++) {
			if (waits(o->line[k], producer) && o->line[k]->offer->product == product)
				sum += o->line[k]->qty;
		}
	}
	return sum;
}

enum said { SAID_NOTHING, SAID_OK, SAID_PARTIAL, SAID_REFUSE, SAID_SURE };

static char *words(struct year *y, struct producer *p, enum said said, const struct line *l)
{
	int64_t sum;

	switch (said) {
	case SAID_PARTIAL:
		sum = asked_of(y, p->id - PRODUCER_ID, l->offer->product);
		p->product = l->offer->product;
		p->qty = 1000 * (1 + town_any(y->town, sum / 1000 + 1));
		p->refused = NULL;
		return PAYLOAD("PARTIEL %s", year_item_text(y, p->product, p->qty));
	case SAID_REFUSE:
		p->refused = l->order;
		return PAYLOAD("NON %s", year_ref(y, l->order));
	case SAID_SURE:
		return PAYLOAD("OUI");
	default:
		return PAYLOAD("OK");
	}
}

static void decide(struct year *y, struct producer *p, enum said said, int64_t now)
{
	int who = p->id - PRODUCER_ID;
	bool sure = said == SAID_SURE;

	/* a question that is no longer waited for: OUI is OK to all */
	if (said == SAID_OK || (sure && now - p->talk.asked_at > 7200)) {
		p->talk.asked = ASKED_NOTHING;
		talk_confirm(y->model, y->cycle, who, now);
	} else if (p->refused) {
		talk_refuse(y->model, &p->talk, p->refused, who, sure, now);
	} else {
		talk_share(y->model, &p->talk, y->cycle, who, p->product, p->qty, sure, now);
	}
}

void staff_decide(struct year *y, int round, int64_t now)
{
	enum said said[PRODUCERS] = {};

	for (int i = 0; i < PRODUCERS; i++) {
		struct producer *p = &y->producer[i];
		struct line *l = some_line(y, i);
		uint32_t dice = town_any(y->town, 10);

		/* one in eight says nothing this week, and some only later */
		if (!l || (i + y->week) % 8 == 0 || !year_heard(y, p->number)
		    || (round < 4 && town_once_in(y->town, 2)))
			continue;
		said[i] = p->talk.asked != ASKED_NOTHING ? SAID_SURE
			  : dice < 5                     ? SAID_PARTIAL
			  : dice < 7                     ? SAID_REFUSE
							 : SAID_OK;
		if (!year_text(y, p->number, words(y, p, said[i], l)))
			said[i] = SAID_NOTHING;
	}
	if (town_once_in(y->town, 8))
		town_cut(y->town);
	else
		town_run(y->town);
	for (int i = 0; i < PRODUCERS; i++) {
		if (said[i] != SAID_NOTHING)
			decide(y, &y->producer[i], said[i], now);
	}
}

/* What cannot be delivered after all, and what takes its place. */
void staff_shortage(struct year *y, int64_t now)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];
		struct line *l = o->n ? o->line[town_any(y->town, o->n)] : NULL;
		int64_t qty;

		if (!model_is(&o->s, "locked confirmed") || !model_is(&l->s, "confirmed partial")
		    || !town_once_in(y->town, model_is(&l->s, "partial") ? 2 : 15))
			continue;
		qty = l->final - 500;
		if (model_is(&l->s, "partial") && town_once_in(y->town, 2)
		    && l->qty - l->held <= model_left(l->offer)) { /* it was found after all */
			town_fire(y->town, "line", year_line_id(y, l), "confirm",
				  PRODUCER_ID + l->offer->producer, "PRO", "{}");
			model_line_event(y->model, l, "confirm", now);
		} else if (town_once_in(y->town, 2) && qty > 0) {
			town_fire(y->town, "line", year_line_id(y, l), "shorten",
				  PRODUCER_ID + l->offer->producer, "PRO",
				  PAYLOAD("{\"qty\":%" PRId64 "}", qty));
			model_shorten(y->model, l, qty, now);
		} else {
			town_fire(y->town, "line", year_line_id(y, l), "refuse",
				  PRODUCER_ID + l->offer->producer, "PRO", "{}");
			model_line_event(y->model, l, "refuse", now);
		}
	}
	town_run(y->town);
}

static struct offer *other_offer(struct year *y, const struct offer *but)
{
	for (size_t i = 0; i < y->cycle->n_offers; i++) {
		struct offer *f = y->cycle->offer[i];

		if (f != but && f->producer == but->producer && f->price)
			return f;
	}
	return NULL;
}

/* By text where the units agree: then it is as much of the other. */
static void propose(struct year *y, struct line *l, struct offer *f, int64_t now)
{
	const struct product *from = &year_products[l->offer->product];
	const struct product *to = &year_products[f->product];
	int64_t qty = 1000 * (1 + town_any(y->town, 3));

	if (strcmp(from->unit, to->unit) == 0 && model_is(&l->s, "confirmed")) {
		if (!year_text(y, y->producer[f->producer].number,
			       PAYLOAD("remplace %s par %s %s", from->many, to->many,
				       year_ref(y, l->order))))
			return;
		town_run(y->town);
		model_substitute(y->model, l, f, l->qty, f->price, now);
		return;
	}
	town_fire(y->town, "line", year_line_id(y, l), "substitute", PRODUCER_ID + f->producer,
		  "PRO",
		  PAYLOAD("{\"offer\":%" PRId64 ",\"qty\":%" PRId64 ",\"price\":%" PRId64 "}",
			  year_offer_id(y, f), qty, f->price - 10));
	model_substitute(y->model, l, f, qty, f->price - 10, now);
}

void staff_substitute(struct year *y, int64_t now)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];
		struct line *l = o->n ? o->line[town_any(y->town, o->n)] : NULL;
		struct offer *f = l ? other_offer(y, l->offer) : NULL;
		struct resident *r = &y->resident[o->owner];

		if (!f || !model_is(&o->s, "locked confirmed") || r->aim != AIM_NOTHING
		    || !model_is(&l->s, "confirmed partial refused requested")
		    || !town_once_in(y->town, 12))
			continue;
		propose(y, l, f, now);
	}
	town_run(y->town);
}

/* The line that a resident is asked about. */
static struct line *asked_about(struct year *y, int owner)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];

		for (size_t k = 0; o->owner == owner && k < o->n; k++) {
			if (model_is(&o->line[k]->s, "sub_proposed"))
				return o->line[k];
		}
	}
	return NULL;
}

void staff_answers(struct year *y, int64_t now)
{
	struct line *line[24];
	bool yes[24];
	size_t n = 0;

	for (int i = 0; i < y->residents && n < ARRAY_SIZE(line); i++) {
		struct line *l = asked_about(y, i);

		if (!l || town_once_in(y->town, 2))
			continue;
		yes[n] = !town_once_in(y->town, 3);
		if (year_text(y, y->resident[i].number, yes[n] ? "oui" : "non merci"))
			line[n++] = l;
	}
	town_run(y->town);
	for (size_t i = 0; i < n; i++)
		model_line_event(y->model, line[i], yes[i] ? "accept" : "reject", now);
}
