/* What the files of clarification share: the hints of a reading, and numbered questions.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/dialogue/question.h"

struct turn;

/*! A hint of the turn's reading; never NULL. */
const char *clarify_hint(const struct turn *turn, const char *key);

/*! The command that a missing quantity belongs to: "ORDER", "ADD", "SET" or "REMOVE". */
const char *clarify_intent(const struct turn *turn);

/*! Whether it is asked about what shall take the place of something: the hint "from". */
bool clarify_swaps(const struct turn *turn);

/*! The first word of a list with commas, on ctx; the others in *rest, NULL if there are none. */
char *clarify_first(void *ctx, const char *list, const char **rest);

/*! In which role the text was read; whether the person may buy. */
bool clarify_is_role(const struct turn *turn, const char *role);
bool clarify_buys(const struct turn *turn);

/*! A reading with one more argument, in the notation; on ctx. */
char *choice_with(void *ctx, const struct reading *r, const char *key, const char *value);

/*! The items of a reading but one, each with a semicolon before it; on ctx. */
char *choice_others(void *ctx, const struct reading *r, const struct reading_item *but);

/* One numbered question in the making: each option a reading and what it is called. */
struct choice {
	struct turn *turn;
	struct question *q;
	char *options;
};

struct choice choice_new(struct turn *turn);
void choice_add(struct choice *c, const char *reading, const char *text);

/*! Ask it with a template that takes {options}. */
void choice_ask(struct choice *c, const char *template);
