/* How many tries of the PIN a SIM has left: each maker has a command of its own for it, and libgammu none.
 *
 * The device is asked directly, between two calls of libgammu; a SIM that waits for its PIN has nothing else to say.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

/*! Ask. \returns FRAME_TRIES_UNKNOWN if the modem knows none of the commands. */
uint8_t tries_ask(void);

/*! Read an answer.
 *
 * \param[in] answer  all that the modem said to command number i.
 * \returns the number, FRAME_TRIES_UNKNOWN if there is none in it. */
uint8_t tries_parse(unsigned int i, const char *answer);
