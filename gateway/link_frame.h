/* What parent and gateway say to each other: one packet a frame, one table for both sides.
 *
 * A frame is its operation (u8) and the fields of its row in the table, with
 * the descriptors that the row names. A frame that does not keep to the table
 * is a bug, or a gateway that somebody has taken over: the parent kills it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/config.h"
#include "gateway/digest.h"

/* Longest text: the path of the configuration. */
#define LINK_TEXT_MAX 4096
#define LINK_FDS_MAX  2

enum link_op {
	/* parent to gateway */
	LINK_SETUP = 1, /* text: path of the configuration; descriptors: its text, control socket */
	LINK_PIN,       /* name, text: PIN of a modem; empty: it cannot be read */
	LINK_ASIDE,     /* digest of a text that was in flight at two crashes */
	LINK_BEGIN,     /* all PINs and digests have been sent */
	LINK_STARTED,   /* name, value: pid; descriptor: the worker's socket */
	LINK_EXITED,    /* name, value: status as of waitpid() */
	LINK_PING,
	LINK_REOPEN, /* logs were rotated */
	LINK_QUIT,
	/* gateway to parent */
	LINK_READY, /* it serves */
	LINK_PONG,
	LINK_SPAWN,     /* name, text: name of the modem at whose device it is */
	LINK_KILL,      /* name */
	LINK_READ_PIN,  /* name */
	LINK_IN_FLIGHT, /* digest */
	LINK_DONE,      /* digest */
	_LINK_OP_NUM
};

/* Which side sends an operation. */
enum link_way { LINK_TO_GATEWAY, LINK_TO_PARENT };

/* A frame taken apart. What its row does not name is zero, descriptors are -1. */
struct link_frame {
	enum link_op op;
	char name[CONFIG_NAME_MAX + 1]; /* of a modem */
	char text[LINK_TEXT_MAX + 1];
	uint8_t digest[DIGEST_SIZE];
	int32_t value;
	int fds[LINK_FDS_MAX];
};

/*! Name of an operation, for logs; "?" for a number that is none. */
const char *link_op_name(unsigned int op);

/*! Send a frame. Descriptors stay the caller's.
 *
 * \returns 0; -EAGAIN if the other side does not read; -EPIPE if it is gone; or another -errno. */
int link_frame_send(int fd, const struct link_frame *f);

/*! Receive a frame. Descriptors are the caller's, close-on-exec.
 *
 * \param[out] out  untouched unless 0 is returned.
 * \param[in] way  the direction that this side receives.
 * \returns 0; -EAGAIN if there is none; -EPIPE if the other side is gone; -EPROTO if it does not keep to the table
 *          (it is gone, its descriptors are closed); or another -errno. */
int link_frame_recv(int fd, enum link_way way, struct link_frame *out);
