/* A GSM modem for tests, demos and training: what its parts share.
 *
 *   application (libgammu, smsd, ...)              a test, a person
 *        |  pseudo-terminal                             |  unix socket, lines
 *      tty.c    octets, pacing, unplugging          control.c
 *        |                                              |
 *      at.c     command lines and answers (TS 27.007, 27.005)
 *        |            \                                 |
 *      card.c  <----  network.c   what waits, what was sent, reports, USSD
 *      slots, PIN                       fault.c   what goes wrong, asked for by name
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "modem/sim/fault.h"

struct at;
struct card;
struct control;
struct network;
struct tty;

enum sim_reports { SIM_REPORTS_YES, SIM_REPORTS_NO, SIM_REPORTS_DELAY };

/* From the command line; strings live as long as the program. */
struct sim_options {
	const char *link;
	const char *control;
	const char *state;
	const char *pin; /* NULL: none is asked for */
	const char *imsi;
	const char *operator_name;
	const char *balance;
	unsigned int capacity;
	unsigned int air_ms;
	unsigned int baud; /* 0: no pacing */
	enum sim_reports reports;
};

struct sim {
	struct sim_options opt;
	struct tty *tty;
	struct at *at;
	struct card *card;
	struct network *net;
	struct control *control;
	struct faults faults;
	int64_t clock_offset; /* seconds that the network's clock is ahead of the system's */
	bool quit;
};

/*! Now, as the network stamps it: seconds since the epoch, UTC. */
int64_t sim_now(const struct sim *sim);

/*! CLOCK_MONOTONIC in nanoseconds: what events are stamped with. */
int64_t sim_monotonic_ns(void);
