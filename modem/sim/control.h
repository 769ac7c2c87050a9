/* The control socket: lines of words between TABs, one answer each, and a stream of events.
 *
 * In texts a line break is \n, a TAB \t, a backslash \\. The commands are described
 * in chappe-sim(1).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct control;
struct sim;

/*! Listen. \returns 0 or -errno; talloc_free() closes it and removes the socket. */
int control_open(struct control **out, void *ctx, struct sim *sim, const char *path);

/*! An event for those who subscribed; the format ends without a line end. May be called before control_open(). */
void control_event(struct control *control, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*! A text as it stands in a line. \returns on ctx. */
char *control_escape(void *ctx, const char *text);

/*! The other way, in place. */
void control_unescape(char *text);
