/* The log of a worker: its lines go to the gateway, which knows where they belong.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Begin to log.
 *
 * \param[in] name  of the modem, for lines of libosmocore's own; lives as long as the process.
 * \param[in] fd  the socket to the gateway. */
void worker_log_start(const char *name, int fd);
