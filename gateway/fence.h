/* What the gateway never does, forbidden by the kernel: start a program, talk to a network.
 *
 * It handles texts of anybody. A flaw that lets one of them run code here must
 * not become a shell: hooks of other gateways were (lessons of Gammu's RunOn).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Forbid it, to this process and for good: execve and its like, and sockets other than AF_UNIX, fail with EPERM.
 *
 * \returns 0, or -errno: a kernel without seccomp. */
int fence_raise(void);
