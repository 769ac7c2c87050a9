/* Where libgammu meets the system: what it reads goes through modem/line.h, its pauses can be clipped.
 *
 * libgammu offers no descriptor to wait on, no raw message, no time limit of a
 * call, and no way to leave out its pauses (4 s to connect, 0.7 s a part). It calls read(), write() and
 * usleep() as any library does, so this file defines them for the program that links it:
 * chapped-modem, and no other. There is one device in that program.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "modem/line.h"

/*! Begin to look at what is read from terminals.
 *
 * \param[in] short_pauses  usleep() sleeps 1 ms at most.
 * \param[in] trouble  called out of read() and usleep(), maybe again and again: the device is gone, the modem says that
 *            it has restarted, or the time of tap_watch() is over. Whoever reads should stop. */
void tap_init(bool short_pauses, void (*trouble)(void *data), void *data);

/*! Give what follows so many milliseconds from now. */
void tap_watch(int64_t ms);

/*! Give the modem a command past the library, and take all that it says to it. What the line takes note of is noted;
 * a notice of a stored message is not heard by the library.
 *
 * \param[in] command  with its carriage return.
 * \param[out] answer  up to its last line, OK or an error; cut to its size.
 * \returns 0, -ETIMEDOUT, or -EIO if the device went away. */
int tap_ask(char *answer, size_t size, const char *command, int ms);

/*! Whether the time of tap_watch() is over. */
bool tap_late(void);

/*! What the device said. */
struct line *tap_line(void);

/*! Descriptor of the device, or -1 until something was read from it. */
int tap_fd(void);

/*! Whether the device went away. */
bool tap_gone(void);
