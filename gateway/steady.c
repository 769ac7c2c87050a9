/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/steady.h"

#include <time.h>

#include <osmocom/core/timer.h>

void steady_turn(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	osmo_gettimeofday_override_time = (struct timeval){ .tv_sec = ts.tv_sec,
							    .tv_usec = ts.tv_nsec / 1000 };
	osmo_gettimeofday_override = true;
}
