/* Templates: the arguments of a rule, with what its patterns captured put in.
 *
 *   item=<thing> from=<day>      items=<qty2>:<product>      items=all:<product>
 *
 * A name that no pattern captured is looked for in the whole text; if it is not there
 * the argument is left out.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "parsers/list.h"
#include "parsers/pattern.h"
#include "parsers/reading.h"
#include "parsers/symbol.h"

struct template_source {
	const struct symbols *symbols;
	const struct pattern_match *match;
	unsigned n_match;
	const struct list *list;  /* or NULL */
	const struct list *list2; /* of a rule with two, or NULL */
};

/*! Mark the symbols that a template takes from the whole text, because no pattern captured them, as used. */
void template_mark(const char *value, const struct template_source *from, bool *used);

/*! Fill in a template. \returns a string on ctx, or NULL if a name in it is not there. */
char *template_expand(void *ctx, const char *value, const struct template_source *from);

/*! Put the items that a template stands for into a reading. */
void template_items(struct reading *r, const char *value, const struct template_source *from);
