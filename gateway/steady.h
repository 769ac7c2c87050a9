/* Timers that do not follow the wall clock.
 *
 * libosmocore 1.7 runs its timers, and so those of its state machines, on the wall
 * clock: set back by an hour, a silent worker would be waited for an hour longer; set
 * forward, each would be taken for silent. Here they get the monotonic clock, by the means
 * that the library has for tests. What is logged keeps the wall clock (`logging timestamp`).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! To be called before each turn of the loop, and before the first timer is set. Timers are as exact as turns
 * are frequent: a tenth of a second, because of tick.h. */
void steady_turn(void);
