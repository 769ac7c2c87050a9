/* The names that a text may speak of now: products on offer, things, places, people's shops.
 *
 * Built by the caller from the database (or the demo catalogue) and given to
 * the reader; aliases that belong to the language stand in the rules.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lexicon_kind {
	LEXICON_PRODUCT,
	LEXICON_ITEM,
	LEXICON_SLOT,
	LEXICON_RIDE,
	LEXICON_PRODUCER,
	LEXICON_PLACE,
	LEXICON_MOTION, /* by its number: "3" */
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

/*! The entry of a name, or NULL. */
const struct lexicon_entry *lexicon_find(const struct lexicon *lex, const char *name);

/*! The product with a number of the list, or NULL. */
const struct lexicon_entry *lexicon_number(const struct lexicon *lex, int number);

/*! The next word of a name: pomme, de, terre.
 *
 * \param[inout] name  moved on behind the word.
 * \param[in] size  room in out; that of lexicon_entry.name is always enough.
 * \returns its length, 0 at the end. */
size_t lexicon_word(const char **name, char *out, size_t size);

/*! The demo platform's names on ctx; never NULL. */
struct lexicon *lexicon_demo(void *ctx);
