/* The clocks of the simulator.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/sim.h"

#include <time.h>

int64_t sim_now(const struct sim *sim)
{
	return time(NULL) + sim->clock_offset;
}

int64_t sim_monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}
