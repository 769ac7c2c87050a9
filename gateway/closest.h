/* The word that was probably meant.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>

/*! Letters to insert, remove, change or swap with their neighbour until one word is the other; ASCII case is
 * ignored. Only the first 63 octets of a word count. */
unsigned int closest_distance(const char *a, const char *b);

/*! The nearest of some words, or NULL if none is near: more than a third of the letters differ.
 *
 * Of several that are as near the first is taken. A word that is the beginning of just that one is near. */
const char *closest(const char *word, const char *const *words, size_t n);
