/* A program that has the simulated modem's terminal open, in a test.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include "tests/support/sim.h"

#define LINE_DEADLINE_MS 5000

struct line {
	char *dir;
	struct simulator *sim;
	int fd;
	char *in; /* read and not looked at */
};

/*! A simulator in a folder of its own, with an option and its value (both may be NULL), and its terminal open.
 * \returns a context of its own: talloc_free() ends everything. */
struct line *line_new(const char *option, const char *value);

/*! End the simulator, start it again with other options. */
void line_restart(struct line *l, const char *option, const char *value);

/*! Open the terminal (again). */
void line_open(struct line *l);

/*! Close the terminal and wait until the modem has seen it. */
void line_close(struct line *l);

void line_say(struct line *l, const char *text);

/*! Wait until the modem has said what. \returns everything up to its end, on l; NULL after the deadline. */
char *line_heard(struct line *l, const char *what, int64_t deadline_ms);

/*! The same; fails the test after LINE_DEADLINE_MS. */
void line_expect(struct line *l, const char *what);

/*! Say a command, wait for its answer. */
void line_ask(struct line *l, const char *command, const char *answer);

/*! Echo off, numeric errors, +CMTI on. */
void line_listen(struct line *l);

/*! AT+CMGS of a PDU with the address of the SMSC in front, up to Ctrl-Z. */
void line_send(struct line *l, const char *pdu);

/* "oui" to +33639980001; the second asks for a status report. */
#define SUBMIT_OUI "0011000B913336990800F10000A703EF7A1A"
#define SUBMIT_SRR "0031000B913336990800F10000A703EF7A1A"
