/* The pickup: which order is meant, and what is told about it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order;
struct turn;

#define PICKUP_ORDERS_MAX 9

/*! Orders of the turn's owner that are still to be fetched: placed and later.
 *
 * \param[out] out  on turn->ctx, those that wait at the pickup point first.
 * \param[in] waiting  only those that wait at the pickup point, missed ones too.
 * \returns how many; 0 on an error of the database. */
size_t pickup_orders(struct turn *turn, struct order *out[PICKUP_ORDERS_MAX], bool waiting);

/*! Ask which of several orders is meant, each with its day and amount.
 *
 * \param[in] answer  reading that an answer stands for; "%s" in it becomes the order's number. */
void pickup_ask_which(struct turn *turn, struct order *const *o, size_t n, const char *answer);

/*! The order that the reading's ref names, if it is the owner's and to be fetched; else it is said that it is not.
 * \returns it on turn->ctx, or NULL. */
struct order *pickup_order_by_ref(struct turn *turn, const char *ref);

/*! Say that there is nothing to fetch. */
void pickup_say_none(struct turn *turn);

/*! What somebody says who cannot come: what the pickup point can do about it is asked. */
void pickup_cannot_come(struct turn *turn);

/*! Where, when and with which code; what HELP says about codes. */
void pickup_help_code(struct turn *turn);
