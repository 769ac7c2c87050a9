/* Whether it is the line that takes no messages, or a number that takes none.
 *
 * A SIM without credit, a network that is out of order: the modem is registered,
 * and every part is refused. To each message that looks as if its number were
 * bad. What tells the two apart is whether other numbers are served:
 *
 *   taken --- refused (A): counts as a try of A's message --- refused (A): no longer counts, A waits longer
 *     ^            |
 *     |            +--- taken (B): it was A
 *     |            +--- refused (B): it is the line --> pause, one part, longer pause, one part, ...
 *     +------------------------------- taken ----------------+
 *
 * Nothing but the time of its use ends a message while its line is at fault.
 * This is kept in memory: after a restart the first two refusals tell it again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/bearer/bearer.h"

/* Seconds that a message whose part was refused waits at most until it is tried again. */
#define CARRIER_WAIT_MAX 600

/*! What became of a part: once for each.
 *
 * \param[in] number  that it was for.
 * \returns true if it counts as a try of its message. */
bool carrier_result(struct bearer *b, const char *number, const struct bearer_result *result,
		    int64_t now);

/*! The network has taken a part: it reported on one that was in doubt. */
void carrier_took(struct bearer *b, int64_t now);

/*! The bearer is ready again after it was not: its next try is now. */
void carrier_back(struct bearer *b);

/*! Whether it waits until it sends the next part. */
bool carrier_pauses(const struct bearer *b, int64_t now);

/*! When a message whose part was refused is to be sent next, on this line or on another. */
int64_t carrier_next(const struct bearer *b, int64_t now);

/*! What is wrong with it, in words, on ctx; NULL if nothing is. */
char *carrier_text(void *ctx, const struct bearer *b);
