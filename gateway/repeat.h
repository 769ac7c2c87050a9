/* The same text again, sent by hand or by a phone that did not see the answer.
 *
 * The network's own repeats have the same digest and never come here.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

struct turn;

/* Seconds in which it is the same. */
#define REPEAT_WINDOW (10 * 60)

/*! Whether the last text from this number was the same and our answer to it is the last thing that we said to
 * it: then say that again, and nothing else is to be done. */
bool repeat_reply(struct turn *turn);
