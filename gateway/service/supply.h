/* What producers decide: shared with status and clarification.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/service/produce.h"

struct turn;

/* A producer's lines, the oldest order first. */
struct supply {
	struct cycle cycle;
	size_t n;
	struct line *line;
};

/*! Lines that wait for the producer's word. If there are none that is said in the reply.
 * \returns whether there are some. */
bool supply_pending(struct supply *out, struct turn *turn);

/*! The reference of an order. \returns 0 or an error of store.h. */
int supply_ref(struct turn *turn, int64_t order_id, char *out, size_t size);

/*! Whether a line's order is one of those in refs, "C100,C101". */
bool supply_named(struct turn *turn, const struct line *l, const char *refs);

/*! Say that nothing of it waits for the producer. */
void supply_say_not_there(struct turn *turn, const char *what);

/*! References of the orders that lines belong to: "C100, C101". On turn->ctx. */
char *supply_refs(struct turn *turn, const struct line *line, size_t n, size_t *orders);

/*! How much of a product can the producer give? What is said with it (ref=) is kept. */
void supply_ask_amount(struct turn *turn, const char *product);

/*! Something is short by a quantity ("2botte"), of which product was not said: which? */
void supply_ask_short(struct turn *turn, const char *quantity);

/*! All that waits is to be refused: sure? */
void supply_ask_refuse_all(struct turn *turn);

/*! STATUS of a producer: what is ordered so far, or what waits for a decision. */
void supply_status(struct turn *turn);
