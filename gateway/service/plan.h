/* What a producer's text makes of the lines that it is about: decided first, then asked about or fired.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/service/supply.h"

struct reading;
struct turn;

/* What is to become of each line. */
enum decision { LEAVE, CONFIRM, SHORTEN, REFUSE };

struct plan {
	struct turn *turn;
	struct supply supply;
	enum decision *what; /* of each line */
	int64_t *give;       /* SHORTEN: thousandths */
};

/*! Orders that the plan would leave with nothing: "C100, C101". On the turn's context; NULL if there are none. */
char *plan_emptied(struct plan *p);

/*! How to propose something else for the first of those orders: "REMPLACE RADIS PAR ... C100". On the turn's context. */
char *plan_sub_example(struct plan *p, const char *orders);

/*! Share out the quantities that a reading names, product by product: the order that was placed first is served first,
 * in whole units of sale.
 *
 * \param[in] missing  the quantities are what is missing.
 * \returns false if one cannot be taken as it is said: then it is asked about. */
bool share_all(struct plan *p, const struct reading *r, bool missing);

/*! Read back who gets what, if several orders are touched and there is not enough for all; again, if that changed
 * before it was answered. \returns whether it was asked. */
bool share_ask(struct plan *p, const struct reading *r);
