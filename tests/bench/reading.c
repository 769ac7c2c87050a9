/* contrib/quickstart bench reading: how long it takes to read a text.
 *
 * A usual one, and two of ten parts that are hard on the rules.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>

#include "parsers/lexicon.h"
#include "parsers/reading.h"

#define RUNS      200
#define LONG_TEXT 1600 /* characters: ten parts */

static double milliseconds(const struct rules *rules, const struct lexicon *lexicon,
			   const char *text)
{
	void *ctx = talloc_new(NULL);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	reading_parse(ctx, rules, lexicon, "RES", text);
	clock_gettime(CLOCK_MONOTONIC, &to);
	talloc_free(ctx);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure(const char *name, const struct rules *rules, const struct lexicon *lexicon,
		    const char *text)
{
	double t[RUNS];

	for (int i = 0; i < RUNS; i++)
		t[i] = milliseconds(rules, lexicon, text);
	qsort(t, RUNS, sizeof(*t), by_size);
	printf("# %-28s median %6.3f ms   99th percentile %6.3f ms\n", name, t[RUNS / 2],
	       t[RUNS * 99 / 100]);
}

static char *repeat(void *ctx, const char *words)
{
	char *text = talloc_strdup(ctx, "");

	while (strlen(text) < LONG_TEXT)
		text = talloc_strdup_append(text, words);
	return text;
}

int main(void)
{
	void *ctx = talloc_named_const(NULL, 0, "bench");
	struct rules *rules;
	char *error;

	if (rules_open(&rules, ctx, "fr", NULL, &error)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	measure("a usual text", rules, lexicon_demo(ctx),
		"bjr je voudrai 2kg de patate et 1 botte radi svp");
	measure("ten parts of products", rules, lexicon_demo(ctx),
		repeat(ctx, "2kg carottes et 1 botte de radis "));
	measure("ten parts of negations", rules, lexicon_demo(ctx),
		repeat(ctx, "pas plus ou si mais "));
	talloc_free(ctx);
	return 0;
}
