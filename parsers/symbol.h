/* Symbols: what the words of a text stand for, before any rule has looked at it.
 *
 *   2kg de patates demain svp   ->   Q0 ~de P2 D3 ~svp
 *
 * The last column is the subject, the text that the patterns of the rules match: a mark
 * with the number of its symbol for a quantity, a product, a day...; a word of the
 * rules as it is; ~ before one that carries no meaning, % before one that is not known.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/lexicon.h"
#include "parsers/rules.h"
#include "parsers/token.h"

enum symbol_kind {
	SYMBOL_WORD,
	SYMBOL_WEAK,
	SYMBOL_UNKNOWN,
	SYMBOL_FOREIGN,
	SYMBOL_NUMBER,
	SYMBOL_QTY,
	SYMBOL_PRODUCT,
	SYMBOL_CATEGORY,
	SYMBOL_THING,
	SYMBOL_PLACE,
	SYMBOL_REF,
	SYMBOL_DAY,
	SYMBOL_TIME,
	SYMBOL_MONEY,
	SYMBOL_SPAN,
	SYMBOL_PERSON,
	SYMBOL_PRODUCER,
	SYMBOL_UNIT, /* without a number */
	SYMBOL_PACK,
	SYMBOL_PHONE,
	SYMBOL_CODE, /* letters and digits mixed: a receipt */
	SYMBOL_AND,  /* separates what is listed */
	SYMBOL_SOME, /* begins what is listed without a quantity: du, des */
	SYMBOL_TIMES,
	SYMBOL_NO, /* what follows is a number of the list: numero 4 */
};

struct symbol {
	enum symbol_kind kind;
	char text[64];    /* word, name, value: what an argument gets */
	char unit[12];    /* of a quantity or a unit */
	int64_t milli;    /* of a quantity, number, span; cents of money */
	const char *list; /* names that it may be, with commas: of a category, of part of a name */
	const char *shop; /* of a product: the producer's name that was given with it */
	bool ordinary;  /* an unknown word of everyday: it names no product behind a bare number */
	bool must;      /* to be explained before anything is done */
	bool article;   /* a number that may be an article only */
	bool digits;    /* a number in digits */
	bool offered;   /* a product that is on offer */
	bool homograph; /* a word with the same keys as the name */
	bool doubtful;  /* a number that may not be what was meant (",2"), a name that may go on */
	bool guessed;   /* brought to the nearest word */
	bool glued;     /* to what stands before */
	bool said_unit; /* of a quantity: dozen and the like name no unit of their own */
	size_t first, end; /* tokens */
	size_t at;         /* where it stands in the subject */
};

struct symbols {
	size_t n;
	struct symbol *s;
	char *subject;
	const char *corrections; /* words put right: "typed>read " for each */
	size_t length;
	uint64_t have[PATTERN_SET];
};

/*! Read the symbols of a text.
 *
 * \param[inout] tokens  spelling and typing errors in them are put right.
 * \returns symbols on ctx. */
struct symbols *symbol_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
			    struct tokens *tokens);

/*! The symbol at a place of the subject. */
size_t symbol_at(const struct symbols *s, size_t place);

/*! The letter that marks a kind in the subject; 0 for words. */
char symbol_letter(enum symbol_kind kind);

/*! The letter of the kind that patterns call by a name of n characters ("qty"), or 0. */
char symbol_named(const char *name, size_t n);
