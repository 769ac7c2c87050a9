/* Lists: quantities and products in any order to items, or the one thing to ask.
 *
 *   2kg carottes 1 botte radis      quantity first
 *   carottes 2kg; oeufs 12          product first
 *   2 fois le 4                     numbers of the list
 *   40 sacs de patates 5kg          packs
 *   carottes 50 kg 1,80             prices, where any product may be named
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parsers/reading.h"
#include "parsers/rules.h"
#include "parsers/symbol.h"

struct list {
	size_t n;
	struct reading_item item[READING_ITEMS_MAX];
	size_t from[READING_ITEMS_MAX], to[READING_ITEMS_MAX]; /* symbols of each */
	bool products; /* something in it is a product, or stands where one should */
	bool priced;
	bool stray; /* a price in it is of none of its items, or of another unit */
	bool large; /* more than a household buys */
	/* Why it cannot be acted upon; reason is NULL if it can. */
	const char *reason;
	const char *product; /* that this is about; several with commas */
	const char *cand;    /* what may be meant */
	const char *text;    /* n= of the answer: the quantity in doubt */
	bool missing; /* reason is that products have no quantity, and nothing else is wrong */
};

struct list_options {
	const char *role;
	bool any; /* products that are not on offer too */
	bool all; /* no quantity is the whole line */
	bool fix; /* the later of two of one product counts */
};

/*! Read the list that the symbols are of which used[] is false.
 *
 * \param[inout] used  set for all that belongs to the list.
 * \returns a list on ctx. */
struct list *list_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
		       const struct symbols *symbols, bool *used,
		       const struct list_options *options);
