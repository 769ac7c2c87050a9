/* Quantities, times, sums and spans: a number and what stands behind it.
 *
 *   2kg   1kg5   une demi-douzaine   500 g   8h30   1e80   quinze jours   14 juillet
 *
 * Units are brought to the base that the rules name for them: 500 g is 0.5 kg, a pound
 * 0.5 kg, a dozen 12 pc.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/number.h"

enum quantity_kind {
	QUANTITY_PLAIN, /* a number alone */
	QUANTITY_UNIT,  /* milli of unit */
	QUANTITY_SPAN,  /* milli of unit day or min */
	QUANTITY_MONEY, /* milli of the currency unit */
	QUANTITY_TIME,  /* of the day: milli minutes */
	QUANTITY_DATE,  /* milli: day of the month */
};

struct quantity {
	enum quantity_kind kind;
	int64_t milli; /* -1: a number of too many digits */
	char unit[12];
	int month;  /* of a date */
	bool count; /* the unit is a number of pieces (dozen): it says nothing of the unit of sale */
	bool article; /* the number is a word that may be an article */
	bool digits;
	size_t used; /* tokens */
};

/*! The quantity that the tokens from i on begin with.
 * \returns whether there is one; out is untouched if not. */
bool quantity_read(struct quantity *out, const struct vocabulary *v, const struct tokens *tokens,
		   const struct word *words, size_t i);
