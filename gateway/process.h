/* The gateway process: from the parent's set-up to the end in order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/* Its title in ps; the program that finds this name as its own is the gateway. */
#define PROCESS_TITLE "chapped: gateway"

/*! Be the gateway. Blocks until the parent ends it.
 *
 * \param[in] fd  socket to the parent.
 * \returns the exit status of the process. */
int process_run(int fd);
