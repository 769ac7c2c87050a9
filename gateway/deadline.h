/* Deadlines: the rows of the view `deadline`, each fired once when its time has come, as SYS.
 *
 * The database says what is due and judges it; this file only wakes up. It is
 * asked several times a second and compares with the database's clock, so a
 * clock that jumps costs no more than that.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct deadline;
struct gateway;

/*! Create what fires the deadlines of a gateway. \returns it, on gw. */
struct deadline *deadline_open(struct gateway *gw);

/*! Something may have changed what is due: look in the next turn of the loop. */
void deadline_kick(struct gateway *gw);

/*! Something of our own may have: look when it is next asked, within a second. */
void deadline_stale(struct gateway *gw);

/*! To be called several times a second: fires what is due. */
void deadline_tick(struct gateway *gw, int64_t now);

/*! Deadlines due by `at`; those that wait after a refusal do not count.
 * \returns how many (a bound is enough: more than none), or an error of store.h. */
int deadline_due(struct gateway *gw, int64_t at);

/*! Time of the next deadline after `at`.
 *
 * \param[out] next  0 if there is none.
 * \returns 0 or an error of store.h. */
int deadline_next(struct gateway *gw, int64_t *next, int64_t at);
