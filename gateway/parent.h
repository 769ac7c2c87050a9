/* The parent: starts the gateway and its workers, and starts them again.
 *
 *   signals                  chapped: parent
 *     TERM, INT ---------->    |       |
 *     HUP, CHLD                |fd 3   | fork, exec, socketpair
 *                              v       v
 *                 chapped: gateway <-> chapped: modem gsm0
 *
 * It parses nothing that is foreign: its configuration, the frames of the
 * gateway (gateway/link_frame.h), and what the kernel tells. It is the only
 * process that may be root.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/config.h"

/* Times in milliseconds. */
struct parent_times {
	unsigned int
		restart_min; /* pause before the gateway is started again; doubles with each death */
	unsigned int restart_max; /* ... up to this */
	unsigned int settled;     /* a gateway that lived for so long is taken for sound again */
	unsigned int ping;        /* how often it is asked whether it is alive */
	unsigned int silence;     /* without an answer for so long it is killed */
	unsigned int quit;        /* from the signal to the end: then all are killed */
};
extern const struct parent_times parent_times;

/*! Run until a signal ends it. Blocks.
 *
 * \param[in] cfg  must have been checked.
 * \param[in] gateway  descriptor of the program that is the gateway when its title says so.
 * \param[in] worker  descriptor of the program of a modem's worker, or -errno.
 * \returns the exit status of the program: 0 if everything ended in order. */
int parent_run(const struct config *cfg, const struct parent_times *times, int gateway, int worker);
