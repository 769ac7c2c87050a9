/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/closest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/utils.h>

#define WORD_MAX 63

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

unsigned int closest_distance(const char *a, const char *b)
{
	unsigned int rows[3][WORD_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];
	size_t n = strnlen(a, WORD_MAX), m = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= m; j++)
		above[j] = j;
	for (size_t i = 1; i <= n; i++) {
		unsigned int *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			unsigned int d = above[j - 1] + !same(a[i - 1], b[j - 1]);

			d = OSMO_MIN(d, above[j] + 1);
			d = OSMO_MIN(d, row[j - 1] + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				d = OSMO_MIN(d, before[j - 2] + 1);
			row[j] = d;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[m];
}

const char *closest(const char *word, const char *const *words, size_t n)
{
	size_t len = strlen(word);
	unsigned int best = len / 3 + 2;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned int d = closest_distance(word, words[i]);

		if (len >= 2 && !strncasecmp(word, words[i], len))
			d = 1;
		if (d < best && d < len) {
			best = d;
			found = words[i];
		}
	}
	return found;
}
