/* Numbers in digits and in words.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/number.h"

#include <string.h>

/* Beyond this nobody writes in words. */
#define WORDS_MAX 1000000000

struct reader {
	const struct vocabulary *v;
	const struct tokens *tokens;
	const struct word *words;
};

static const struct meaning *number_word(const struct reader *r, size_t i, size_t *used)
{
	const struct meaning *m;

	if (i >= r->tokens->n || r->tokens->t[i].kind != TOKEN_WORD)
		return NULL;
	m = vocabulary_match(r->v, PHRASE_ANYWHERE, r->words + i, r->tokens->n - i, used);
	return m && m->kind == MEANING_NUMBER && !m->part ? m : NULL;
}

static bool is_sign(const struct reader *r, size_t i, char c)
{
	return i < r->tokens->n && r->tokens->t[i].kind == TOKEN_SIGN
	       && r->tokens->t[i].text[0] == c && r->tokens->t[i].glued;
}

static bool is_digits(const struct reader *r, size_t i)
{
	return i < r->tokens->n && r->tokens->t[i].kind == TOKEN_NUMBER && !r->tokens->t[i].decimals
	       && r->tokens->t[i].milli >= 0;
}

/* 1/2, 1/4, 3/4: what else has a slash is a date. */
static bool fraction(const struct reader *r, size_t i, int64_t *milli)
{
	int64_t a, b;

	if (!is_digits(r, i) || !is_sign(r, i + 1, '/') || !is_digits(r, i + 2))
		return false;
	a = r->tokens->t[i].milli / 1000;
	b = r->tokens->t[i + 2].milli / 1000;
	if (a < 1 || a >= b || b > 4 || b == 3)
		return false;
	*milli = a * 1000 / b;
	return true;
}

static bool read_digits(struct number *out, const struct reader *r, size_t i)
{
	const struct token *t = &r->tokens->t[i];
	int64_t part;

	if (fraction(r, i, &part)) {
		*out = (struct number){ .milli = part, .used = 3 };
		return true;
	}
	*out = (struct number){ .milli = t->milli, .used = 1, .digits = !t->decimals };
	if (out->digits && fraction(r, i + 1, &part)) { /* 1 1/2 */
		out->milli += part;
		out->used += 3;
		out->digits = false;
	}
	return true;
}

/* Whether b can stand behind a in one number: cent deux, vingt deux, soixante douze, but not deux trois. */
static bool may_add(int64_t a, int64_t b)
{
	if (a >= 1000000)
		return a % 1000000 == 0 && b < 1000000;
	if (a >= 100000)
		return a % 100000 == 0 && b < 100000;
	if (a % 100000 == 0)
		return b < 100000;
	return a % 10000 == 0 && a >= 20000
	       && (b < 10000 || (a % 20000 == 0 && a >= 60000 && b < 20000));
}

/* A word that multiplies: cent, mille after what stands before; a part of one: demi, quart. */
static bool take(int64_t *total, int64_t *group, const struct meaning *m)
{
	if (m->times && m->milli >= 1000000) {
		*total += (*group ? *group : 1000) * (m->milli / 1000);
		*group = 0;
	} else if (m->times) {
		if (*group >= m->milli)
			return false;
		*group = (*group ? *group : 1000) * m->milli / 1000;
	} else if (*group == 0) {
		*group = m->milli;
	} else if (may_add(*group, m->milli) && m->milli >= 1000) {
		*group += m->milli;
	} else {
		return false;
	}
	return *total + *group <= (int64_t)WORDS_MAX;
}

static bool read_words(struct number *out, const struct reader *r, size_t i)
{
	int64_t total = 0, group = 0;
	size_t used, at = i;
	const struct meaning *m = number_word(r, at, &used);
	bool article = m && m->article, any = false;

	while (m) {
		if (any && article && at == i + 1 && m->milli < 1000 && !m->times) {
			group = m->milli; /* un demi, un quart */
			any = true;
			article = false;
			at += used;
			break;
		}
		if (any && m->milli < 1000 && !m->times && group < 10000 && !total) {
			group = group * m->milli / 1000; /* trois quarts */
			at += used;
			break;
		}
		if (!take(&total, &group, m))
			break;
		if (any)
			article = false;
		any = true;
		at += used;
		m = number_word(r, at, &used);
	}
	if (!any)
		return false;
	*out = (struct number){ .milli = total + group, .used = at - i, .article = article };
	return true;
}

bool number_read(struct number *out, const struct vocabulary *v, const struct tokens *tokens,
		 const struct word *words, size_t i)
{
	struct reader r = { v, tokens, words };

	if (i >= tokens->n)
		return false;
	if (tokens->t[i].kind == TOKEN_NUMBER)
		return read_digits(out, &r, i);
	return tokens->t[i].kind == TOKEN_WORD && read_words(out, &r, i);
}

size_t number_part(int64_t *milli, const struct vocabulary *v, const struct tokens *tokens,
		   const struct word *words, size_t i)
{
	const struct meaning *m;
	size_t used;

	if (i >= tokens->n)
		return 0;
	m = vocabulary_match(v, PHRASE_ANYWHERE, words + i, tokens->n - i, &used);
	if (!m || m->kind != MEANING_NUMBER || !m->part)
		return 0;
	*milli = m->milli;
	return used;
}
