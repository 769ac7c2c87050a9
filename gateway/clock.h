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

/* Milliseconds that the work of one step may take: then the walk gives up. */
#define CLOCK_STEP_MS  30000
/* The longest walk, in seconds. */
#define CLOCK_WALK_MAX (366 * 24 * 3600LL)

/*! At the first start of a database: set the clock to 09:00 of today, in the zone of civil_set_zone().
 * \returns 0: set, or it had been set before; or an error of store.h. */
int clock_start(struct gateway *gw);

/*! Walk the clock forward. One walk at a time.
 *
 * \param[in] seconds  0 to CLOCK_WALK_MAX.
 * \param[in] done  called once, later, when the clock stands at the target and nothing is left to do: rc is 0; or
 *            -ETIME if the work of a step did not end (no modem is there to send what is due, say).
 * \returns 0, -EPERM (no `clock test` in the configuration), -EALREADY (a walk is under way), -ERANGE. */
int clock_walk(struct gateway *gw, int64_t seconds, void (*done)(void *data, int rc), void *data);

/*! Something was done: the walk, if there is one, looks in the next turn of the loop whether it can go on. */
void clock_poke(struct gateway *gw);

/*! To be called several times a second. */
void clock_tick(struct gateway *gw);
