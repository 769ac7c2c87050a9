/* Tokens: a folded text cut into words, numbers and signs.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/token.h"

#include <ctype.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/fold.h"

/* Digits of a number that can still be a quantity. */
#define DIGITS_MAX 7

void token_push(struct tokens *tokens, const struct token *token)
{
	if (tokens->n == TOKENS_MAX) {
		tokens->clipped = true;
		return;
	}
	tokens->t[tokens->n++] = *token;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == FOLD_FOREIGN;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void set_text(struct token *t, const char *s, size_t n)
{
	n = OSMO_MIN(n, TOKEN_SIZE - 1);
	memcpy(t->text, s, n);
	t->text[n] = '\0';
}

static const char *cut_word(struct token *t, const char *s)
{
	const char *end = s;

	t->kind = TOKEN_WORD;
	for (; is_letter(*end); end++)
		if (*end == FOLD_FOREIGN)
			t->kind = TOKEN_FOREIGN;
	set_text(t, s, (size_t)(end - s));
	t->elided = *end == '\'' && is_letter(end[1]);
	return end;
}

/* "1,80" and "1.5" have decimals; "4, 5" and the end of a sentence do not. */
static const char *cut_number(struct token *t, const char *s)
{
	const char *end = s;
	int64_t milli = 0, unit = 100;
	bool huge;

	t->kind = TOKEN_NUMBER;
	for (; is_digit(*end); end++)
		if (end - s < DIGITS_MAX)
			milli = milli * 10 + (*end - '0');
	huge = end - s > DIGITS_MAX;
	milli *= 1000;
	if ((*end == ',' || *end == '.') && is_digit(end[1])) {
		t->decimals = true;
		for (end++; is_digit(*end); end++, unit /= 10)
			milli += unit * (*end - '0');
	}
	t->milli = huge ? -1 : milli;
	set_text(t, s, (size_t)(end - s));
	return end;
}

static const char *cut_sign(struct token *t, const char *s)
{
	const char *end = s + 1;

	t->kind = *s == '\n' ? TOKEN_BREAK : TOKEN_SIGN;
	while (*end == *s || (*s == '.' && *end == '.'))
		end++;
	set_text(t, s, 1);
	return end;
}

struct tokens *token_cut(void *ctx, const char *folded)
{
	struct tokens *tokens = talloc_zero(ctx, struct tokens);
	const char *s = folded;

	OSMO_ASSERT(tokens);
	while (*s) {
		struct token t = { .glued = s > folded && s[-1] != ' ' };
		bool inside = s > folded && is_letter(s[-1]) && is_letter(s[1]);

		if (*s == ' ' || *s == '\'' || (*s == '-' && inside)) {
			s++;
			continue;
		}
		if (is_letter(*s))
			s = cut_word(&t, s);
		else if (is_digit(*s))
			s = cut_number(&t, s);
		else
			s = cut_sign(&t, s);
		token_push(tokens, &t);
	}
	return tokens;
}
