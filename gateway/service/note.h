/* Notes: what people say in their own words, apart from the log so that it can be erased.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct turn;

/*! Keep the words of this turn, without codes and PINs.
 *
 * \returns the id that a payload carries; 0 if the turn has failed. */
int64_t note_add(struct turn *turn);
