/* The modem's side of a pseudo-terminal: octets in and out, pacing, unplugging.
 *
 * A symbolic link names the terminal, as udev's by-id links do. When no program
 * has it open, what the modem says is lost, as on a port that nobody reads.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tty;

struct tty_handler {
	void (*input)(void *data, const uint8_t *octets, size_t n);
	void (*hangup)(void *data); /* the last program has closed the terminal */
	void *data;
};

/*! Open a pseudo-terminal and make the link.
 *
 * \param[out] out  on ctx; talloc_free() closes it and removes the link.
 * \param[in] link  path of the link; an old link is replaced, anything else is not.
 * \param[in] baud  octets go out at a tenth of this a second; 0: at once.
 * \returns 0, -EEXIST if something that is no link stands at the path, another -errno. */
int tty_open(struct tty **out, void *ctx, const char *link, unsigned int baud,
	     const struct tty_handler *handler);

/*! Say something. Beyond 256 KiB that nobody reads the rest is lost. */
void tty_write(struct tty *tty, const void *octets, size_t n);

/*! Nothing goes out for so long; what is said meanwhile goes out then. */
void tty_hold(struct tty *tty, unsigned int ms);

/*! Another speed than the program's: every octet goes out as another one. */
void tty_garble(struct tty *tty, bool on);

/*! What is said is not heard by anybody. */
void tty_mute(struct tty *tty, bool on);

/*! Pull the plug: the program's descriptor is dead, the link is gone. */
void tty_unplug(struct tty *tty);

/*! Put it back, under another name of the terminal. \returns 0 or -errno. */
int tty_plug(struct tty *tty);

bool tty_plugged(const struct tty *tty);

/*! Programs that have the terminal open. */
unsigned int tty_programs(const struct tty *tty);

/*! Path of the terminal itself; NULL while it is unplugged. */
const char *tty_name(const struct tty *tty);
