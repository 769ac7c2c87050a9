/* What a worker may still do, if its library is turned against it by what it reads.
 *
 * Two stages: before the device is open, and after. In the second one nothing
 * can be opened, made, named or sent but over what is open already: the device,
 * the socket to the gateway, the log. A call that is not allowed ends the
 * process with SIGSYS, which the gateway reports.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

enum sandbox_stage {
	SANDBOX_CONNECTING, /* may open files; no program, process, socket, signal, link, owner, mode */
	SANDBOX_CONNECTED /* may open nothing */
};

/*! Limits that a process keeps: no new privileges, no dump, no core, no growth, no processes, few descriptors; it
 * dies with its parent.
 *
 * \returns 0, or -errno of the first that could not be set. */
int sandbox_limits(void);

/*! Install the filter of a stage. It cannot be undone; the second narrows the first.
 *
 * \returns 0, or -errno. */
int sandbox_enter(enum sandbox_stage stage);
