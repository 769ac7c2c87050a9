/* A basket: what an order holds, what it is to hold, and the events that lead from one to the other.
 *
 * Commands change `after`; when all is settled the difference is fired, or asked
 * about. A plan that waits for an answer is kept as a reading of absolute
 * quantities: CHANGE items=4u:#9;0u:#12 (units of sale of a number of the list).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/service/produce.h"

struct reading;
struct reading_item;
struct turn;

#define BASKET_ROWS_MAX 60

struct basket_row {
	const struct offer *offer;     /* NULL: no longer offered */
	const struct line *line;       /* NULL: not in the order yet */
	const struct product *product; /* of one of them */
	int64_t before, after;         /* thousandths */
	int64_t more; /* asked for by this text, on top of what is there already; 0: none */
	bool named;   /* by this text */
};

struct basket {
	struct turn *turn;
	struct cycle cycle;
	struct offers offers;
	struct order *order; /* draft or placed; NULL: none yet */
	bool swap;           /* one thing takes the place of another: both or neither */
	size_t n;
	struct basket_row row[BASKET_ROWS_MAX];
};

enum basket_unit {
	BASKET_FITS,  /* the quantity is one of the sale unit */
	BASKET_UNIT,  /* it is in a unit that this is not sold in */
	BASKET_WHOLE, /* half of what is sold whole */
	BASKET_ZERO
};

/*! The basket of the turn's owner. Without an open cycle that is said in the reply.
 * \returns whether there is one. */
bool basket_open(struct basket *b, struct turn *turn);

/*! A quantity as said, in thousandths of the sale unit: 500 g is 0.5 kg.
 * \param[out] milli  untouched unless BASKET_FITS is returned. */
enum basket_unit basket_quantity(int64_t *milli, const struct reading_item *item,
				 const struct product *product);

/*! The row of an offer, a new one if need be; NULL if there is no room. */
struct basket_row *basket_row(struct basket *b, const struct offer *offer);

/*! The row that an item of a text names among the lines of the order, or NULL. */
struct basket_row *basket_line(struct basket *b, const struct reading_item *item);

/*! Offers that an item names: by its number, or by product and producer.
 * \returns how many, at most max. */
size_t basket_offers(const struct basket *b, const struct reading_item *item,
		     const struct offer **out, size_t max);

/*! How much of an offer this order can have. */
int64_t basket_available(const struct basket *b, const struct basket_row *row);

/*! What it would cost. */
int64_t basket_total(const struct basket *b);

/*! Its lines as a recap shows them. On turn->ctx. */
char *basket_lines(const struct basket *b);

/*! The plan as a CHANGE: every row that differs. On turn->ctx. */
char *basket_print(const struct basket *b);

/*! Whether anything differs, and whether anything is left. */
bool basket_differs(const struct basket *b);
bool basket_holds(const struct basket *b);

/*! Fire what leads to the plan, and the recap: order.start if need be, line events, order.edit.
 * \returns false if the database refused (the turn's refusal) or failed. */
bool basket_fire(struct basket *b);
