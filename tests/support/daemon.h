/* A daemon of its own for a test: folder, configuration, demo database.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct daemon {
	char *dir;
	char *config; /* dir/chappe.cfg */
	char *db;     /* dir/chappe.db */
	char *log;    /* dir/log, of every program that the test starts there */
	pid_t parent; /* 0 while it is not running */
};

/*! Make the folder, the configuration (one modem gsm0 at dir/modem, clock test) and the demo database.
 *
 * \param[in] lines  further lines of the configuration, or NULL.
 * \returns a daemon on ctx; its destructor stops it and removes the folder. */
struct daemon *daemon_new(void *ctx, const char *lines);

void daemon_start(struct daemon *d);

/*! SIGTERM, then wait. \returns milliseconds until it was gone; fails the test after ten seconds. */
int64_t daemon_stop(struct daemon *d);

/*! Run chappectl -c CONFIG with arguments, NULL-terminated. \returns what it printed, on d. */
char *daemon_ctl(struct daemon *d, int *exit_code, ...);

/*! Wait until `chappectl status` answers that the modem is ready, the inbox is empty and nothing is due. */
void daemon_wait_idle(struct daemon *d, int64_t deadline_ms);

/*! The first column of the first row of a query, over a connection of the test's own. */
int64_t daemon_sql_int(struct daemon *d, const char *sql);

/*! Print the log to stderr: a failing test says why. */
void daemon_show_log(const struct daemon *d);
