/* Words put right: spelling of texts, typing errors, endings; and names found in them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "parsers/lexicon.h"
#include "parsers/rules.h"
#include "parsers/token.h"

/* The tokens of a text, looked up. */
struct words {
	struct tokens *tokens;
	struct word word[TOKENS_MAX + 1];
	bool guessed[TOKENS_MAX + 1]; /* brought to the nearest word, or a short form */
	bool torn[TOKENS_MAX + 1];    /* as near to several */
	bool must[TOKENS_MAX + 1];    /* one of which asks for something */
	char *corrections;            /* "typed>read " for each, for those who write rules */
};

/*! Replace what is written for other words, find references, put typing errors right.
 * \returns words on ctx, over the tokens given, which are changed. */
struct words *words_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
			 struct tokens *tokens);

/*! The longest name of the lexicon that the tokens from i on are.
 *
 * \param[out] used  tokens; untouched if NULL is returned. */
const struct lexicon_entry *words_name(const struct rules *rules, const struct lexicon *lex,
				       const struct words *w, size_t i, size_t *used);

/*! The names of which the word at i is only the first: panier of panier_solo and panier_famille.
 * \returns names with commas, or NULL if there is none, on ctx. */
char *words_part_of(void *ctx, const struct lexicon *lex, const char *word);
