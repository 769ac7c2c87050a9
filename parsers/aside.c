/* Asides: what is said beside a request and asks for nothing.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/aside.h"

#include <errno.h>

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
