/* Folding: any Unicode text to lower-case ASCII that rules can be written against.
 *
 * Case, accents, kinds of apostrophes, dashes and spaces, ligatures, emoji: people
 * and phones differ in all of them and none carries a meaning of its own. What a
 * language wants of a character (an emoji that says yes, the euro sign) is in its map.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands for a letter of a script that does not fold to ASCII. */
#define FOLD_FOREIGN '\x7f'

/* Characters folded at most; ten parts of 153 characters fit. */
#define FOLD_MAX 2000

/* A character and what is written for it, with spaces of its own if it is a word. */
struct fold_map {
	uint32_t from;
	const char *to;
};

/*! Fold a text.
 *
 * The result holds lower-case ASCII letters, digits, punctuation, single spaces, '\n' and FOLD_FOREIGN. Bytes that are
 * not UTF-8 and control characters become spaces; marks, joiners and direction controls vanish.
 *
 * \param[in] map  n rows, which come before every other rule; may be NULL if n is 0.
 * \param[out] clipped  whether there was more than FOLD_MAX characters.
 * \returns a string on ctx. */
char *fold_text(void *ctx, const char *text, const struct fold_map *map, size_t n, bool *clipped);
