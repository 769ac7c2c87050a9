/* Texts go on while the daemon's processes are killed at random, and the account is made up afterwards.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct crash_plan {
	int kills;        /* SIGKILL of a process chosen at random: parent, gateway or worker */
	int texts_a_kill; /* texts between two kills */
	uint32_t seed;
};

struct crash_account {
	int texts;           /* sent by residents */
	int delivered_twice; /* of these, by the network */
	int lost;            /* texts without a row that is handled */
	int effects_missing; /* changes of an order that were asked and did not happen */
	int effects_twice;   /* changes that happened without being asked once more */
	int unanswered;      /* texts without an answer on the air */
	int answered_twice;  /* answers on the air beyond one a text, not reported as in doubt */
	int in_doubt;        /* answers that the gateway reported as in doubt */
	int64_t seconds;
};

/*! Run a plan on a daemon of its own. Fails the test if something does not come to rest. */
void crash_run(struct crash_account *out, const struct crash_plan *plan);
