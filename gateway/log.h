/* Log categories of the gateway and its parent.
 *
 * A line names its object by id; numbers are masked (phone_mask()), texts and
 * PINs are never logged.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <osmocom/core/logging.h>

enum {
	DMAIN,     /* start, configuration, quit */
	DPARENT,   /* processes: spawned, ended, restarted */
	DLINK,     /* between gateway and parent, and to workers */
	DWORKER,   /* lives of the modems; DMODEM of modem/ is set to it */
	DSTORE,    /* the database */
	DINBOX,    /* texts that come in */
	DDIALOGUE, /* what is made of them */
	DOUTBOX,   /* messages that go out */
	DCLOCK,    /* deadlines, and the clock */
	DADMIN,    /* the operator's control socket and VTY */
	_DCATEGORY_NUM
};

/* For log_init() or osmo_init_logging2(). */
extern const struct log_info log_categories;

/*! Begin to log, to stderr until the configuration says more.
 *
 * Under systemd, which puts the time to each line itself, lines carry none. */
void log_open(void *ctx);

/*! How our lines look on a target: category and level, no colour, no place in the source. */
void log_format(struct log_target *target);
