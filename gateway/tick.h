/* The heartbeat: ten times a second, on the monotonic clock, everything that depends on time looks at it.
 *
 * libosmocore's timers run on the wall clock and stand still when it is set
 * back; nothing that matters waits for one. Here as well it is noticed that
 * another program has written to the database.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gateway;
struct tick;

/* Milliseconds between two beats. */
#define TICK_MS 100

/*! Start the heartbeat of a gateway whose parts are open.
 *
 * \param[out] out  on gw; free it first when the gateway ends.
 * \returns 0 or -errno. */
int tick_open(struct tick **out, struct gateway *gw);

/*! One beat, as the timer makes it; for tests. */
void tick_beat(struct tick *t);
