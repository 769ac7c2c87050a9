/* Asides: what is said beside a request and asks for nothing.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/aside.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* Of one row in one text: more would be a text that is written to cost time. */
#define SPANS_MAX 4

static void add_span(struct asides *a, const struct aside *row, size_t from, size_t to)
{
	if (a->n % 16 == 0) {
		a->span = talloc_realloc(a, a->span, struct aside_span, a->n + 16);
		OSMO_ASSERT(a->span);
	}
	a->span[a->n++] = (struct aside_span){ row, from, to };
}

static void find_row(struct asides *a, const struct aside *row, const struct rules *rules,
		     const struct symbols *symbols)
{
	size_t start = 0;

	for (unsigned i = 0; i < SPANS_MAX; i++) {
		struct pattern_match m;
		int rc = pattern_match(&m, row->pattern, rules->match, symbols->subject,
				       symbols->length, start, symbols->have);

		a->limit_hit |= rc == -E2BIG;
		if (rc < 0)
			return;
		add_span(a, row, symbol_at(symbols, m.from), symbol_at(symbols, m.to));
		start = m.from;
	}
}

struct asides *aside_find(void *ctx, const struct rules *rules, const struct symbols *symbols)
{
	struct asides *a = talloc_zero(ctx, struct asides);

	OSMO_ASSERT(a);
	for (size_t i = 0; i < rules->n_asides; i++)
		find_row(a, &rules->asides[i], rules, symbols);
	return a;
}

bool aside_fits(const struct aside *row, const struct intent *intent)
{
	return rules_role(row->intents, intent->name);
}

/* Fewer symbols are no clause: a name, or a verb misspelt. */
#define CLAUSE_MIN 3

static bool ends_clause(const struct symbol *s)
{
	return s->kind == SYMBOL_WEAK && s->text[1] == '\0' && strchr(",.;:_!?", s->text[0]);
}

static bool listed(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = strstr(words, word); s; s = strstr(s + 1, word))
		if (s[-1] == ' ' && s[n] == ' ')
			return true;
	return false;
}

/* What makes a clause more than talk: an amount, a name, a verb that asks for something, a question. */
static bool asks(const struct rules *rules, const struct symbol *s)
{
	switch (s->kind) {
	case SYMBOL_WORD:
		return s->must && !listed(rules->soft, s->text);
	case SYMBOL_WEAK:
	case SYMBOL_DAY:
	case SYMBOL_TIME:
	case SYMBOL_PERSON:
	case SYMBOL_AND:
	case SYMBOL_SOME:
	case SYMBOL_PLACE:
		return false;
	case SYMBOL_UNKNOWN:
		return s->must;
	case SYMBOL_NUMBER:
		return !s->article;
	default:
		return true;
	}
}

/* Whether the symbols from (included) to (excluded) are mere talk. */
static bool is_talk(const struct rules *rules, const struct symbol *s, size_t from, size_t to)
{
	bool soft = false, words = false, somebody = false;
	size_t unknown = 0;

	for (size_t i = from; i < to; i++) {
		if (asks(rules, &s[i]))
			return false;
		soft |= s[i].kind == SYMBOL_WORD && s[i].must;
		words |= s[i].kind == SYMBOL_WORD && !s[i].must;
		unknown += s[i].kind == SYMBOL_UNKNOWN;
		somebody |= s[i].kind == SYMBOL_WEAK && listed(rules->subjects, s[i].text);
	}
	return to - from >= CLAUSE_MIN && (!soft || (somebody && unknown && !words));
}

unsigned *aside_talk(void *ctx, const struct rules *rules, const struct symbols *symbols)
{
	unsigned *talk = talloc_zero_array(ctx, unsigned, symbols->n + 1), n = 0;
	size_t from = 0;

	OSMO_ASSERT(talk);
	for (size_t i = 0; i <= symbols->n; i++) {
		if (i < symbols->n && !ends_clause(&symbols->s[i]))
			continue;
		if (is_talk(rules, symbols->s, from, i)) {
			n++;
			for (size_t k = from; k < i; k++)
				talk[k] = n;
		}
		from = i + 1;
	}
	return talk;
}
