/* Orders: what the handlers of answers share with those of commands.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct order;
struct reading_item;
struct turn;

/*! Apply one change after the other to the basket of the turn, then settle it: recap, question, or why not.
 *
 * \param[in] add, remove  items in the notation, or NULL. */
void order_mix(struct turn *turn, const char *add, const char *remove);

/*! Twice as much of everything; all but some products ("lait,pain") out. What comes of it is asked. */
void order_double(struct turn *turn);
void order_keep(struct turn *turn, const char *products);

/*! The database refused an event on an order: a new recap, a new question, or why. */
void order_refused(struct turn *turn, int64_t order_id, const char *event);

/*! Confirm the recap that was read: the version that it showed. */
void order_confirm(struct turn *turn, int64_t order_id, int64_t version);

/*! Ask whether to cancel an order, or a draft as a whole. */
void order_ask_cancel(struct turn *turn, const struct order *o);

/*! CANCEL of all that there is. */
void order_cancel_all(struct turn *turn);

/*! The order of the owner that may still be changed, with nothing said if there is none.
 * \returns it on turn->ctx, or NULL. */
struct order *order_open(struct turn *turn);
