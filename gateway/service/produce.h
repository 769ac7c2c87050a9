/* The produce part of the domain, as rows: cycles, what is on offer, orders and their lines.
 *
 * All is read once into structs on the caller's context. Money is cents, quantities
 * are thousandths of the sale unit, times seconds since the epoch. Every
 * function returns 0, -ENOENT, or an error of store.h; outputs are untouched
 * unless it is 0.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct cycle {
	int64_t id;
	char state[12];
	int64_t opens_at, closes_at, avail_by, confirm_by, pickup_from, pickup_to;
	char *place; /* name and address */
};

/* A product as people know it. */
struct product {
	char name[40];
	char *one, *many; /* labels */
	char unit[12];    /* of sale */
	char category[24];
	bool piece; /* sold by the piece */
};

struct offer {
	int64_t id;
	int64_t version;
	int number; /* in the list */
	char state[12];
	int64_t price;         /* of one unit */
	int64_t offered, left; /* thousandths; nothing is left of what is not on sale */
	int64_t producer_id;
	char *producer; /* name */
	struct product product;
};

/* What a cycle offers, in the order of the list: available and sold out. */
struct offers {
	size_t n;
	struct offer *offer;
};

struct line {
	int64_t id;
	int64_t version;
	char state[16];
	int64_t offer_id;
	int64_t asked;
	int64_t given;  /* decided; -1 until then */
	int64_t price;  /* of one unit */
	int64_t amount; /* what it costs now */
	int64_t credit; /* given back of what it cost */
	int64_t producer_id;
	int64_t order_id;
	struct product product;
	int64_t sub_offer_id; /* a substitute that is proposed; 0: none */
	int64_t sub_milli, sub_price, sub_by;
	struct product substitute; /* valid with sub_offer_id */
};

/* What an order costs, from its confirmation on. Cents. */
struct payment {
	int64_t id; /* 0: nothing is to be paid yet */
	int64_t version;
	char state[12];
	int64_t amount; /* in all */
	int64_t paid;
};

struct order {
	int64_t id;
	int64_t version;
	char state[12];
	char ref[16];
	int64_t owner_id;
	char *owner; /* name */
	int64_t total;
	bool changed;  /* lines were touched since the last recap */
	char code[12]; /* for the pickup; empty until it is placed */
	int64_t draft_by;
	struct payment payment;
	struct cycle cycle; /* with the order's own pickup times, if it has some */
	size_t n;
	struct line *line; /* without those that were dropped */
	int64_t seen;      /* grows with every event of a line: a print of what a recap showed */
};

/*! The cycle in which orders are taken at a time. */
int produce_open_cycle(struct cycle *out, void *ctx, struct store *st, int64_t now);

/*! The cycle that comes next or was last: for what there is to say when none is open. */
int produce_last_cycle(struct cycle *out, void *ctx, struct store *st);

int produce_cycle(struct cycle *out, void *ctx, struct store *st, int64_t id);

int produce_offers(struct offers *out, void *ctx, struct store *st, int64_t cycle_id);

/*! The same of one producer, in every state. */
int produce_offers_of(struct offers *out, void *ctx, struct store *st, int64_t producer_id,
		      int64_t cycle_id);

/*! The offer of an id, or NULL. */
const struct offer *offers_find(const struct offers *offers, int64_t id);

int produce_order(struct order **out, void *ctx, struct store *st, int64_t id);

/*! What is still to be paid of an order, in cents: its total, as long as it has no payment; 0 where nothing is
 * asked for any more. */
int64_t produce_due(const struct order *o);

/*! An order by its reference (C482); case does not matter. */
int produce_order_by_ref(struct order **out, void *ctx, struct store *st, const char *ref);

/*! The order of an owner that may still be changed: draft or placed, in a cycle. The draft comes first. */
int produce_open_order(struct order **out, void *ctx, struct store *st, int64_t owner_id,
		       int64_t cycle_id);

/*! Ids of the orders of an owner that are neither dropped nor forgotten, the newest first.
 * \returns how many, at most max, or an error of store.h. */
int produce_orders_of(int64_t *out, size_t max, struct store *st, int64_t owner_id);

/*! Lines of an owner's orders that were handed over, the last delivery first.
 *
 * \param[out] out  on ctx, n of them, at most max. */
int produce_delivered(struct line **out, size_t *n, void *ctx, struct store *st, int64_t owner_id,
		      size_t max);

/*! A line with its order's id. */
int produce_line(struct line *out, void *ctx, struct store *st, int64_t id);

/*! Lines of a producer in a cycle, oldest order first.
 *
 * \param[in] pending  only those that wait for the producer's word.
 * \param[out] out  on ctx, n of them. */
int produce_lines_of(struct line **out, size_t *n, void *ctx, struct store *st, int64_t producer_id,
		     int64_t cycle_id, bool pending);

/*! Lines of a producer that may still be replaced, those that were refused among them; oldest order first. */
int produce_replaceable(struct line **out, size_t *n, void *ctx, struct store *st,
			int64_t producer_id, int64_t cycle_id);

/*! The cycle in which a producer has something to decide: closed or later, and not yet settled. */
int produce_supply_cycle(struct cycle *out, void *ctx, struct store *st, int64_t producer_id);

/*! A product by its name, whether it is on offer or not. */
int produce_product(struct product *out, void *ctx, struct store *st, const char *name);
