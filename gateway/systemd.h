/* What the service manager is told: sd_notify(3), by hand.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Tell systemd; without it nothing happens.
 *
 * \param[in] state  "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..." */
void systemd_notify(const char *state);
