/* The clock that can be moved, for demos and tests: `clock test` in the configuration, `chappectl clock +58h`.
 *
 * The database knows the time (store_now()); here it is walked forward, from
 * one deadline or due message to the next, so that every timer fires at the
 * time that it would have.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;

/*! At the first start of a database: set the clock to 09:00 of today, in the time-zone of the configuration.
 * \returns 0: set, or it had been set before; or an error of store.h. */
int clock_start(struct gateway *gw);

/*! Walk the clock forward. One walk at a time.
 *
 * \param[in] seconds  not negative.
 * \param[in] done  called once, later, when the clock stands at the target and nothing is left to do: rc is 0,
 *            or an error of store.h, or -ETIME if the work of some step did not end in time.
 * \returns 0, -EPERM (no `clock test` in the configuration), -EALREADY (a walk is under way), -ERANGE, or an
 *          error of store.h. */
int clock_walk(struct gateway *gw, int64_t seconds, void (*done)(void *data, int rc), void *data);
