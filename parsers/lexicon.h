/* The names that a text may speak of now: products on offer, things, places, people's shops.
 *
 * Built by the caller from the database (or the demo catalogue) and given to
 * the reader; aliases that belong to the language stand in the rules.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum lexicon_kind {
	LEXICON_PRODUCT,
	LEXICON_ITEM,
	LEXICON_SLOT,
	LEXICON_RIDE,
	LEXICON_PRODUCER,
	LEXICON_PLACE
};

struct lexicon_entry {
	enum lexicon_kind kind;
	char name[40]; /* ASCII, as in the database: pomme_de_terre */
	char unit[12]; /* sale unit of a product: kg l pc botte pot barquette; else empty */
	int number;    /* number in the list, 0 if none */
};

struct lexicon {
	size_t n;
	struct lexicon_entry *entries; /* talloc child of the lexicon */
};

/*! An empty lexicon on ctx; freed with talloc_free(). */
struct lexicon *lexicon_new(void *ctx);

/*! Add an entry; strings are copied. \returns 0, -EINVAL if the name is empty, too long or not [a-z0-9_]. */
int lexicon_add(struct lexicon *lex, enum lexicon_kind kind, const char *name, const char *unit,
		int number);

/*! The demo platform's names (design.md section 11), on ctx; never NULL. */
struct lexicon *lexicon_demo(void *ctx);
