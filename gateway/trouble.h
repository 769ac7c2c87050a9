/* Trouble with the database: said once, tried again later and later, and forgotten when it is over.
 *
 * All that writes waits together: what one of them met, the others would meet.
 * A disk that fails is another matter: what was written last may be gone, and
 * only a new start from the log tells. Then the gateway stops at once.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gateway;

/* Pauses between two tries, in milliseconds of the monotonic clock. */
#define TROUBLE_PAUSE_MIN 50
#define TROUBLE_PAUSE_MAX 1600

/* All zeros: none. */
struct trouble {
	int64_t until; /* monotonic milliseconds */
	int pause;
};

/*! Milliseconds of the monotonic clock: nothing sets it. */
int64_t trouble_clock(void);

/*! A transaction failed and was rolled back: wait before the next try. With -EIO the gateway is told to stop.
 *
 * \param[in] rc  an error of store.h. The store's sentence is logged the first time. */
void trouble_met(struct gateway *gw, int rc);

/*! A transaction was committed. Logged if there had been trouble. */
void trouble_over(struct gateway *gw);

/*! Whether the next try is still to wait. */
bool trouble_waits(const struct gateway *gw);
