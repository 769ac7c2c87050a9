/* Asides: what is said beside a request, such as a reason or a courtesy, and asks for nothing.
 *
 * The rows of [asides] name the intents that may have them. A word of an aside needs no
 * explanation by the rule, so that "annulez ma commande, je suis malade" is a cancellation.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "parsers/rules.h"
#include "parsers/symbol.h"

/* Where one stands: symbols from (included) to (excluded). */
struct aside_span {
	const struct aside *row;
	size_t from, to;
};

struct asides {
	size_t n;
	struct aside_span *span;
	bool limit_hit; /* a match limit was hit: something may have been overlooked */
};

/*! All asides of a text, on ctx; they may overlap. */
struct asides *aside_find(void *ctx, const struct rules *rules, const struct symbols *symbols);

/*! The clauses that are mere talk ("il fait froid ce matin", "je n'en mange plus"), on ctx: three symbols or more, nothing
 * that must be explained but soft words, and those only where it is about somebody and says something that no rule
 * knows. By symbol the number of its clause, 0 of all others. */
unsigned *aside_talk(void *ctx, const struct rules *rules, const struct symbols *symbols);

/*! Whether a request of that kind may have this aside. */
bool aside_fits(const struct aside *row, const struct intent *intent);
