/* Patterns of the rules: a small notation, compiled to PCRE2.
 *
 *   annuler commande?          the word annuler, then perhaps commande
 *   (par | a) <qty>            either word, then a quantity, captured
 *   ^ merci $                  nothing that carries a meaning before or after
 *
 * Between any two elements there may be words that carry no meaning, and words
 * that are not known. The text that is matched is the subject of symbol.h.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/vocabulary.h"

#define PATTERN_CAPTURES_MAX 30

struct pattern;
/* What all patterns of a language are matched with: limits, and one room for what a match needs. */
struct matcher;

/* Where something captured stands in the subject. */
struct capture {
	const char *name; /* "qty", "qty2" */
	size_t from, to;
};

struct pattern_match {
	size_t from, to;
	unsigned weak; /* words matched by name that carry no meaning otherwise */
	size_t n;
	struct capture capture[PATTERN_CAPTURES_MAX];
};

/*! Limits as of PCRE2: steps, depth, KiB. On ctx. */
struct matcher *matcher_new(void *ctx, uint32_t match, uint32_t depth, uint32_t heap);

/*! Compile a pattern.
 *
 * \param[in] text  of n characters.
 * \param[out] error  on ctx: what is wrong and what would be right.
 * \returns 0 or -EINVAL. */
int pattern_compile(struct pattern **out, void *ctx, const struct vocabulary *v, const char *text,
		    size_t n, char **error);

/*! Whether the symbols of a subject, as pattern_set_add() made them, hold one that the pattern cannot do without: a cheap
 * refusal of most. */
bool pattern_may_match(const struct pattern *p, const uint64_t *have);

/*! Match a pattern from a place of the subject on.
 *
 * \param[in] have  symbols of the subject as pattern_hash() bits: cheap refusal.
 * \returns 0, -ENOENT, or -E2BIG if a limit was hit. */
int pattern_match(struct pattern_match *out, const struct pattern *p, struct matcher *matcher,
		  const char *subject, size_t length, size_t start, const uint64_t *have);

/*! Whether <name> can be captured: "qty", "qty2", "ref-r", "orders". n characters of name. */
bool pattern_name_known(const char *name, size_t n);

/*! A set of symbols, for pattern_match(). */
#define PATTERN_SET 8
void pattern_set_add(uint64_t *set, const char *symbol);
