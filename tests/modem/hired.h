/* A real worker, chapped-modem, hired by a test in the place of the gateway.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "modem/frame.h"

/* Frames that a test may leave unheard. */
#define HIRED_KEPT 64

struct hired {
	pid_t pid;
	int fd;                        /* the gateway's end */
	struct frame kept[HIRED_KEPT]; /* what came while the test waited for something else */
	size_t n_kept;
};

/*! Start a worker and tell it to connect. \param[in] config  NULL: short pauses, patience of two seconds. */
struct hired *hired_start(void *ctx, const char *device, const struct frame_config *config);

/*! Kill it if it is still there. */
void hired_end(struct hired *h);

/*! Its wait status; fails the test if it is still there after the deadline. */
int hired_wait(struct hired *h, int64_t deadline_ms);

void hired_tell(struct hired *h, const struct frame *f);

/*! Wait for a frame of that operation; others that come before it are kept for a later call.
 * \returns it, op 0 if there was none before the deadline or the worker has ended. */
struct frame hired_hear(struct hired *h, enum frame_op op, int64_t deadline_ms);

/*! Wait for a state. Fails the test if it does not come. \returns the frame that told it. */
struct frame hired_hear_state(struct hired *h, enum modem_state state);

/*! Send a part and wait for what became of it. */
struct frame_sent hired_send(struct hired *h, const struct sms_out *out);

/*! Wait for a message. Fails the test if none comes. */
struct frame hired_receive(struct hired *h);

/*! Free a slot and wait until that is done. */
void hired_delete(struct hired *h, uint32_t slot);
