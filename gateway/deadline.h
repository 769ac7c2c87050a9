/* Deadlines: the rows of the view `deadline`, each fired once when its time has come, as SYS.
 *
 * The database says what is due and judges it; this file only wakes up. It
 * looks again at least every few seconds, so a clock that jumps costs no more.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;
struct deadline;

/*! Create the timer of a gateway and start it. \returns it, on gw. */
struct deadline *deadline_open(struct gateway *gw);

/*! Something changed what is due: look again in the next turn of the loop. */
void deadline_kick(struct gateway *gw);

/*! Deadlines due by `at` that are not held back after a refusal. \returns how many, or an error of store.h. */
int deadline_due(struct gateway *gw, int64_t at);

/*! Time of the next deadline after `at` seconds; 0 if there is none. */
int64_t deadline_next(struct gateway *gw, int64_t at);
