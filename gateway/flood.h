/* Floods of texts: how many are answered.
 *
 * A bucket of tokens for each sender, for each block of ten thousand numbers, and one for all; each text that
 * comes takes one of each, and they fill up again in an hour. They are in memory: a
 * crash fills them, but not the budget, which is what costs. Of strangers, who
 * cost an answer each, the bucket is in the database. What is beyond them is stored
 * and not handled; the coordinators are told once a day.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct flood;
struct gateway;

/* Texts an hour, and as many at once; 0: no limit. */
struct flood_limits {
	int sender;
	int prefix;
	int all;
	int strangers; /* answers to numbers that are not registered */
};

/* Of the texts of a day that are not answered, those that are put into the coordinator's list. */
#define FLOOD_LISTED 20

/*! Create the buckets of a gateway, all full. \returns them, on gw. */
struct flood *flood_open(struct gateway *gw);

/*! A text has come from a number.
 *
 * \param[out] why  it is not to be handled, a static string; NULL: it is.
 * \returns 0 or an error of store.h. */
int flood_take(const char **why, struct gateway *gw, const char *number, int64_t now);

/*! Whether a stranger may be answered.
 *
 * \param[in] take  a token for the answer.
 * \returns 1, 0, or an error of store.h. Needs an open transaction. */
int flood_stranger(struct gateway *gw, bool take, int64_t now);
