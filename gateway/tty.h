/* A serial port given to the process that uses it, as getty does.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <sys/types.h>

/*! Give a device to a user. What is no serial port stays as it is; what goes wrong is logged, and the worker finds
 * out by itself. */
void tty_give(const char *path, uid_t uid, gid_t gid);
