/* What the handset asks the gateway's operator to do: runs chappectl, no shell between.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct desk {
	const char *chappectl; /* path of the program */
	const char *config;
};

/* What `status --json` says. */
struct desk_status {
	int64_t waiting; /* inbox: received, not handled */
	int64_t due;     /* outbox: to be sent now */
	int64_t sending; /* outbox: with a modem */
};

/*! Ask how much is left to do.
 *
 * \param[out] out  untouched unless 0 is returned.
 * \param[out] error  on ctx, what chappectl said; NULL if 0 is returned.
 * \returns 0, -ENOENT if the program cannot be run, -ETIMEDOUT, -EAGAIN if it could not tell, -EBADMSG if its answer
 *          lacks inbox.waiting, outbox.due or outbox.sending. */
int desk_status(struct desk_status *out, void *ctx, const struct desk *desk, char **error);

bool desk_idle(const struct desk_status *status);

/*! Move the gateway's clock ("+58h"). \returns as above. */
int desk_clock(void *ctx, const struct desk *desk, const char *offset, int64_t deadline_ms,
	       char **error);
