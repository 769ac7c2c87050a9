/* Tokens: a folded text cut into words, numbers and signs.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More words than ten parts can hold; what comes after is not read, and says so. */
#define TOKENS_MAX 600
#define TOKEN_SIZE 28

enum token_kind {
	TOKEN_WORD,    /* letters */
	TOKEN_NUMBER,  /* digits, with decimals */
	TOKEN_SIGN,    /* one character of punctuation */
	TOKEN_BREAK,   /* end of a line */
	TOKEN_FOREIGN, /* a word in another script */
	TOKEN_REF,     /* a letter and a number: c482 */
	TOKEN_CODE,    /* letters and digits mixed: k7pm2 */
};

struct token {
	enum token_kind kind;
	bool glued;      /* nothing stands between it and the token before */
	bool elided;     /* an apostrophe follows: l' d' qu' */
	bool short_form; /* put for what was written: it is a guess */
	bool decimals;   /* of a number: it has a decimal sign */
	int64_t milli; /* of a number: thousandths; -1 if it has too many digits to be a quantity */
	char text[TOKEN_SIZE]; /* cut to size: longer words mean nothing */
};

struct tokens {
	size_t n;
	bool clipped;
	struct token t[TOKENS_MAX];
};

/*! Cut a folded text (fold.h).
 *
 * Apostrophes and hyphens between letters only separate; repeated signs count once.
 *
 * \returns tokens on ctx. */
struct tokens *token_cut(void *ctx, const char *folded);

/*! Append a copy of a token; sets clipped if there is no room. */
void token_push(struct tokens *tokens, const struct token *token);
