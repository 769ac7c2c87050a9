/* Texts in flight: what the gateway was handling when it died, remembered by its parent.
 *
 * A text that kills the gateway comes again from the SIM and would kill it for
 * ever. What was in flight at two crashes is handed to the next gateway to be
 * set aside unread.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/digest.h"

/* Crashes after which a text is set aside. */
#define FLIGHT_CRASHES 2
/* Texts that are remembered at most: of more, those with the fewest crashes are forgotten, the oldest first. */
#define FLIGHT_MAX     512

struct flight;

/*! An empty memory on ctx. */
struct flight *flight_new(void *ctx);

/*! A text is being handled. */
void flight_begin(struct flight *f, const uint8_t digest[DIGEST_SIZE]);

/*! It is done with: forget it. */
void flight_end(struct flight *f, const uint8_t digest[DIGEST_SIZE]);

/*! The gateway died: every text that it was handling is held guilty once more. \returns how many there were. */
size_t flight_crash(struct flight *f);

/*! The gateway ended in order: nothing was in flight any more. */
void flight_land(struct flight *f);

/*! Texts to set aside, one after the other.
 *
 * \param[in,out] at  0 to begin with.
 * \returns a digest, or NULL at the end. */
const uint8_t *flight_next_aside(const struct flight *f, size_t *at);
