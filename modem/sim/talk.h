/* The handset's side of the control socket: commands with their answers, and events between them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct talk;

/*! Connect and subscribe to events; waits for the simulator to listen.
 *
 * \param[out] out  on ctx; talloc_free() hangs up.
 * \returns 0, -ETIMEDOUT if nobody listens there in time, another -errno. */
int talk_open(struct talk **out, void *ctx, const char *path, int64_t deadline_ms);

/*! Give a command, read its answer; events that come meanwhile are kept.
 *
 * \param[in] line  without its end.
 * \returns the lines of the answer, on talk, the last one "ok..." or "error...", or NULL if the simulator is gone. */
char *talk_ask(struct talk *talk, const char *line);

/*! The oldest event kept, on talk; NULL if there is none now. Reads what has come, does not wait. */
char *talk_event(struct talk *talk);

/*! To poll for events. */
int talk_fd(const struct talk *talk);
