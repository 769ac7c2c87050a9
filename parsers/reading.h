/* What a text asks for: an intent and its arguments, read by the rules of a language.
 *
 * Pure: no pending question, no database. The caller decides with roles, what is
 * open and what was asked. The notation is that of `chappectl parse`:
 *
 *   ORDER<TAB>items=2kg:pomme_de_terre;1botte:radis
 *   CLARIFY<TAB>reason=qty_missing product=carotte
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "parsers/lexicon.h"

#define READING_ITEMS_MAX 40
#define READING_ARGS_MAX  24

enum reading_qty {
	READING_QTY_GIVEN, /* milli, in unit */
	READING_QTY_ALL,   /* the whole line: all:radis */
};

/* One thing asked for. */
struct reading_item {
	enum reading_qty qty;
	int64_t milli;    /* thousandths of the unit: 1500 with kg is 1.5 kg */
	char unit[12];    /* kg g l cl pc botte pot barquette; u: pieces of a list number */
	char product[40]; /* lexicon name; or empty */
	int number;       /* list number (#4), line number (line2) with line set; 0 if none */
	bool line;
	char producer[40];   /* as said (@vandamme), or empty */
	int64_t price_cents; /* -1 if none */
};

struct reading_arg {
	const char *key;
	const char *value;
};

/* A text read. Strings belong to the reading, which is a talloc object. */
struct reading {
	const char *intent; /* "ORDER" ... "CLARIFY", "UNKNOWN" */
	size_t n_items;
	struct reading_item items[READING_ITEMS_MAX];
	size_t n_args;
	struct reading_arg args[READING_ARGS_MAX]; /* all but items, in the order printed */
};

struct rules;

/*! Compile the rules of a language that are built in ("fr"), or of a file.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \param[in] path  a file, or NULL for the rules that are built in.
 * \param[out] error  on ctx: line, what is wrong, what would be right.
 * \returns 0, -ENOENT, -EINVAL. */
int rules_open(struct rules **out, void *ctx, const char *language, const char *path, char **error);

/*! Read one text.
 *
 * Never fails: broken UTF-8, 1,600 characters and more, a match limit hit all give UNKNOWN or CLARIFY.
 *
 * \param[in] role  RES MEM PRO PRV COO AID or "-" for a number that is not known.
 * \param[in] text  UTF-8 as received.
 * \returns a reading on ctx; never NULL. */
struct reading *reading_parse(void *ctx, const struct rules *rules, const struct lexicon *lex,
			      const char *role, const char *text);

/*! Why a text is read as it is, for those who write rules: the symbols, and every rule that matched with its line,
 * what it explains, and a star at the one that won. \returns a line on ctx. */
char *reading_explain(void *ctx, const struct rules *rules, const struct lexicon *lex,
		      const char *role, const char *text);

/*! Value of an argument, or NULL. */
const char *reading_arg(const struct reading *r, const char *key);

/*! Print in the notation above, without a line end; on ctx. */
char *reading_print(void *ctx, const struct reading *r);

/*! Print the items alone: 2kg:carotte;1botte:radis; on ctx. */
char *reading_print_items(void *ctx, const struct reading *r);

/*! Read the notation back (pending questions store what an answer stands for).
 * \returns a reading on ctx, or NULL if it is not the notation. */
struct reading *reading_scan(void *ctx, const char *notation);

/*! Replace what must not be stored (PINs, cards, ballot codes: 4 to 8 digits that stand alone; 13 to 19 digit
 * card numbers) by "***". \returns a copy on ctx. */
char *reading_scrub(void *ctx, const char *text);

/*! Read one text per line ("\\n" for a line break), print one reading per line: what `chappectl parse` does.
 *
 * \param[in] role  as for reading_parse().
 * \param[in] explain  a third column with reading_explain(). */
void reading_stream(FILE *in, FILE *out, const struct rules *rules, const struct lexicon *lex,
		    const char *role, bool explain);
