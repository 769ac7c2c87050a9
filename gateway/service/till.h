/* The till: what the coordinator notes at the pickup point, by an order's number or its code.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct facts;
struct order;
struct turn;

/*! A sum as the reading has it ("12.5e", "12"), in cents.
 * \param[out] cents  untouched unless true is returned.
 * \returns whether it is a sum: quantities ("2kg") and fractions of a cent are none. */
bool till_sum(int64_t *cents, const char *said);

/*! The order that a reference names (C482), or, of four digits, the pickup code of one that waits to be fetched.
 *
 * Where there is none that is said; one that is nearly called so is asked about, with the same command.
 *
 * \returns it on turn->ctx, or NULL. */
struct order *till_order(struct turn *turn, const char *ref);

/*! Say where an order is, in the coordinator's words: why nothing was done. */
void till_say_state(struct turn *turn, const struct order *o);

/*! The order as it is after what was fired on it. \returns it on turn->ctx, or NULL on an error. */
struct order *till_again(struct turn *turn, const struct order *o);

/*! Facts of an order, with {name} and {number} of whose it is. \returns them on turn->ctx, or NULL on an error. */
struct facts *till_facts(struct turn *turn, const struct order *o);

/*! All that is known of an order, for the coordinator; never its code. */
void till_show(struct turn *turn, const char *ref);

/*! Whether a part of what is due may be paid: what is left of a payment, or was put off, is paid at once. */
bool till_takes_part(const struct order *o);

/*! Fire the payment of a sum that is due, in cents; -1: all of it. Refusals are said.
 * \returns whether it was noted. */
bool till_pay(struct turn *turn, const struct order *o, int64_t cents);
