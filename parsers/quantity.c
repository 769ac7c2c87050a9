/* Quantities, times, sums and spans: a number and what stands behind it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/quantity.h"

#include <string.h>

#include <osmocom/core/utils.h>

struct reader {
	const struct vocabulary *v;
	const struct tokens *tokens;
	const struct word *words;
};

static const struct token *token(const struct reader *r, size_t i)
{
	return i < r->tokens->n ? &r->tokens->t[i] : NULL;
}

static const struct meaning *meaning(const struct reader *r, enum phrase_class class, size_t i,
				     size_t *used)
{
	const struct token *t = token(r, i);

	if (!t || t->kind != TOKEN_WORD || t->elided)
		return NULL;
	return vocabulary_match(r->v, class, r->words + i, r->tokens->n - i, used);
}

static bool whole(const struct token *t, int64_t max)
{
	return t && t->kind == TOKEN_NUMBER && !t->decimals && t->milli >= 0
	       && t->milli <= max * 1000;
}

/* "1kg5", "1kg500", "1e80": digits glued behind the unit are decimals. */
static int64_t decimals(const struct token *t)
{
	int64_t unit = 100, milli = 0;

	for (const char *s = t->text; *s && unit; s++, unit /= 10)
		milli += unit * (*s - '0');
	return milli;
}

/* Whether the word is one without meaning ("de"), so that no unit of its own follows the number before it. */
static bool says_nothing(const struct reader *r, size_t i)
{
	size_t used;
	const struct meaning *m = meaning(r, PHRASE_AFTER_NUMBER, i, &used);
	const struct token *t = token(r, i);

	if (m || !t || t->kind != TOKEN_WORD)
		return false;
	m = vocabulary_match(r->v, PHRASE_ANYWHERE, r->words + i, 1, &used);
	return m && m->kind == MEANING_WEAK;
}

/* "1kg 1/2 de poireaux": a fraction behind a whole number of units, unless a unit of its own follows it. */
static bool read_fraction(struct quantity *q, const struct reader *r, size_t i, int64_t factor)
{
	struct number n;
	size_t used;

	if (q->milli % factor || !whole(token(r, i + q->used), 9)
	    || !number_read(&n, r->v, r->tokens, r->words, i + q->used) || n.milli >= 1000
	    || n.milli <= 0 || meaning(r, PHRASE_AFTER_NUMBER, i + q->used + n.used, &used))
		return false;
	q->milli += n.milli * factor / 1000;
	q->used += n.used;
	return true;
}

static void read_decimals(struct quantity *q, const struct reader *r, size_t i, int64_t factor)
{
	const struct token *t = token(r, i + q->used);
	int64_t part;
	size_t n;

	if (whole(t, 999) && t->glued && q->milli % 1000 == 0) {
		q->milli += decimals(t) * factor / 1000;
		q->used++;
		return;
	}
	if (read_fraction(q, r, i, factor))
		return;
	n = number_part(&part, r->v, r->tokens, r->words, i + q->used);
	if (n) { /* un kilo et demi */
		q->milli += part * factor / 1000;
		q->used += n;
	} else if (whole(t, 999) && strlen(t->text) == 3 && factor == 1000
		   && says_nothing(r, i + q->used + 1)) {
		q->milli += t->milli / 1000; /* 3 kilos 500 de ... */
		q->used++;
	}
}

/* "14h30", "14 h 30", "14h", "14:30". */
static void read_minutes(struct quantity *q, const struct reader *r, size_t i)
{
	const struct token *t = token(r, i + q->used), *next = token(r, i + q->used + 1);
	int64_t part;
	size_t n, used;

	if (whole(t, 59) && strlen(t->text) == 2
	    && (t->glued || !meaning(r, PHRASE_AFTER_NUMBER, i + q->used + 1, &used) || !next)) {
		q->milli += t->milli;
		q->used++;
		return;
	}
	n = number_part(&part, r->v, r->tokens, r->words, i + q->used);
	if (n) {
		q->milli += part * 60;
		q->used += n;
	}
}

static bool read_hour(struct quantity *q, const struct reader *r, size_t i, const struct number *n,
		      size_t used)
{
	q->used = n->used + used;
	if (n->milli < 1000 || n->milli % 1000) { /* une demi heure */
		q->kind = QUANTITY_SPAN;
		q->milli = n->milli * 60;
		OSMO_STRLCPY_ARRAY(q->unit, "min");
		return n->milli > 0;
	}
	if (n->milli > 24000)
		return false;
	q->kind = QUANTITY_TIME;
	q->milli = n->milli * 60;
	read_minutes(q, r, i);
	return true;
}

/* "un petit pot": an ordinary word between a number and what it counts. */
static bool describes(const struct reader *r, size_t i)
{
	size_t used;
	const struct meaning *m = meaning(r, PHRASE_ANYWHERE, i, &used), *unit;

	if (!m || m->kind != MEANING_ORDINARY || used != 1
	    || meaning(r, PHRASE_AFTER_NUMBER, i, &used))
		return false;
	unit = meaning(r, PHRASE_AFTER_NUMBER, i + 1, &used);
	return unit && unit->kind == MEANING_UNIT && strlen(token(r, i + 1)->text) > 2;
}

/* "trois quarts de kilo": a word without meaning may stand behind a fraction. */
static size_t of_what(const struct reader *r, size_t i, const struct number *n)
{
	const struct token *t = token(r, i);

	/* "0,35 l'unité" is a price */
	if (n->milli > 0 && n->milli < 1000 && says_nothing(r, i)
	    && !(t->elided && t->text[0] == 'l'))
		return 1;
	return describes(r, i) ? 1 : 0;
}

static bool read_behind(struct quantity *q, const struct reader *r, size_t i,
			const struct number *n)
{
	size_t used, gap = of_what(r, i + n->used, n);
	const struct meaning *m = meaning(r, PHRASE_AFTER_NUMBER, i + n->used + gap, &used);

	if (!m || n->milli < 0)
		return false;
	used += gap;
	if (m->kind == MEANING_HOUR)
		return read_hour(q, r, i, n, used);
	if (m->kind == MEANING_PACK)
		return false;
	q->kind = m->kind == MEANING_UNIT   ? QUANTITY_UNIT
		  : m->kind == MEANING_SPAN ? QUANTITY_SPAN
					    : QUANTITY_MONEY;
	q->milli = m->kind == MEANING_MONEY ? n->milli : n->milli * m->milli / 1000;
	OSMO_STRLCPY_ARRAY(q->unit, m->value);
	q->used = n->used + used;
	q->count = m->kind == MEANING_UNIT && m->milli > 1000 && !strcmp(m->value, "pc");
	if (m->kind != MEANING_SPAN)
		read_decimals(q, r, i, m->kind == MEANING_MONEY ? 1000 : m->milli);
	return true;
}

static bool read_clock(struct quantity *q, const struct reader *r, size_t i)
{
	const struct token *h = token(r, i), *sign = token(r, i + 1), *m = token(r, i + 2);

	if (!whole(h, 24) || !sign || sign->text[0] != ':' || !sign->glued || !whole(m, 59)
	    || !m->glued || strlen(m->text) != 2)
		return false;
	q->kind = QUANTITY_TIME;
	q->milli = h->milli * 60 + m->milli;
	q->used = 3;
	return true;
}

static bool read_month(struct quantity *q, const struct reader *r, size_t i, const struct number *n)
{
	size_t used;
	const struct meaning *m = meaning(r, PHRASE_ANYWHERE, i + n->used, &used);

	if (!m || m->kind != MEANING_MONTH || n->milli < 1000 || n->milli > 31000
	    || n->milli % 1000)
		return false;
	q->kind = QUANTITY_DATE;
	q->milli = n->milli;
	q->month = (int)(m->milli / 1000);
	q->used = n->used + used;
	return true;
}

bool quantity_read(struct quantity *out, const struct vocabulary *v, const struct tokens *tokens,
		   const struct word *words, size_t i)
{
	struct reader r = { v, tokens, words };
	struct quantity q = { 0 };
	struct number n;
	int64_t part;
	size_t used;

	if (!number_read(&n, v, tokens, words, i))
		return false;
	if (tokens->t[i].kind == TOKEN_NUMBER && n.used == 1 && i + 2 < tokens->n
	    && tokens->t[i + 1].text[0] == '/' && whole(&tokens->t[i + 2], 12))
		return false; /* a date */
	q.article = n.article;
	q.digits = n.digits;
	if (!read_clock(&q, &r, i) && !read_behind(&q, &r, i, &n) && !read_month(&q, &r, i, &n)) {
		q.kind = QUANTITY_PLAIN;
		q.milli = n.milli;
		q.used = n.used;
		used = number_part(&part, v, tokens, words, i + n.used);
		if (used && n.milli >= 0) {
			n.milli += part;
			n.used += used;
			q.article = false;
			if (!read_behind(&q, &r, i, &n)) {
				q.milli = n.milli;
				q.used = n.used;
			}
		}
	}
	*out = q;
	return true;
}
