/* A timer that no change of the wall clock moves.
 *
 * libosmocore's timers run on wall clock: after a step back of an hour a guard
 * of 30 s does not fire. What kills or restarts a process uses these.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include <osmocom/core/select.h>

/* Fields are private to timeout.c. */
struct timeout {
	struct osmo_fd ofd;
	void (*fired)(void *data);
	void *data;
	bool running;
};

/*! Prepare a timer; it does not run yet.
 *
 * \param[in] fired  called out of the main loop when the time is over. */
void timeout_init(struct timeout *t, void (*fired)(void *data), void *data);

/*! Run for ms milliseconds from now, whether it runs already or not. 0 is as soon as possible. */
void timeout_start(struct timeout *t, unsigned int ms);

/*! Do not fire. */
void timeout_stop(struct timeout *t);

bool timeout_running(const struct timeout *t);

/*! Give its descriptor back. All zeros are allowed. */
void timeout_close(struct timeout *t);
