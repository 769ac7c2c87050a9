/* Numbers in digits and in words: 12, 1,5, 1/2, un, demi, trois quarts, deux cent cinquante.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/token.h"
#include "parsers/vocabulary.h"

struct number {
	int64_t milli; /* thousandths; -1 if it is too long to be a quantity */
	size_t used;   /* tokens */
	bool article;  /* a word that is also an article (un, une) and nothing else */
	bool digits;   /* written in digits, without decimals */
};

/*! The number that the tokens from i on begin with.
 *
 * \param[in] words  the tokens looked up, one each.
 * \returns whether there is one; out is untouched if not. */
bool number_read(struct number *out, const struct vocabulary *v, const struct tokens *tokens,
		 const struct word *words, size_t i);

/*! What the words from i on add to the number or quantity before them: et demi, et quart.
 *
 * \param[out] milli  of one.
 * \returns tokens used, 0 if there is nothing of the kind. */
size_t number_part(int64_t *milli, const struct vocabulary *v, const struct tokens *tokens,
		   const struct word *words, size_t i);
