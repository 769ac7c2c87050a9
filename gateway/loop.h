/* Another automaton answers us: a gateway like this one, a holiday notice, an operator's reply.
 *
 * It is recognised by our own words coming back, by texts that say nothing that is
 * understood again and again, and by the same long text that is no command. Then it is not
 * answered, and a human is told once. It is counted over some minutes: a person who is
 * taken for an automaton is answered again soon, and a command always. What an automaton writes that
 * happens to be a command is a matter of flood.h and budget.h.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

struct turn;

/* Minutes over which texts are counted. */
#define LOOP_MINUTES 10
/* Texts in that time that were answered and not understood, and the same long one: beyond, there is no answer. */
#define LOOP_UNKNOWN 10
#define LOOP_SAME    5
/*! Whether the text of a turn is not to be answered, because no person wrote it. It is listed then, once an hour for a
 * number, and the turn's intent is LOOP.
 *
 * Needs the reading, and who writes, if that is known. */
bool loop_mutes(struct turn *turn);
