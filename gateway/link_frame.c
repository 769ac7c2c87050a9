/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/link_frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/utils.h>

#include "parsers/wire.h"

#define FRAME_SIZE \
	(1 + 2 + sizeof(((struct link_frame *)0)->name) + 2 + LINK_TEXT_MAX + DIGEST_SIZE + 4)

/* The fields of a frame, in this order. */
enum { NAME = 1, TEXT = 2, DIGEST = 4, VALUE = 8 };

static const struct {
	const char *name;
	enum link_way way;
	unsigned int fields;
	unsigned int fds;
} ops[_LINK_OP_NUM] = {
	[LINK_SETUP] = { "setup", LINK_TO_GATEWAY, TEXT, 2 },
	[LINK_PIN] = { "pin", LINK_TO_GATEWAY, NAME | TEXT, 0 },
	[LINK_ASIDE] = { "aside", LINK_TO_GATEWAY, DIGEST, 0 },
	[LINK_BEGIN] = { "begin", LINK_TO_GATEWAY, 0, 0 },
	[LINK_STARTED] = { "started", LINK_TO_GATEWAY, NAME | VALUE, 1 },
	[LINK_EXITED] = { "exited", LINK_TO_GATEWAY, NAME | VALUE, 0 },
	[LINK_PING] = { "ping", LINK_TO_GATEWAY, 0, 0 },
	[LINK_REOPEN] = { "reopen", LINK_TO_GATEWAY, 0, 0 },
	[LINK_QUIT] = { "quit", LINK_TO_GATEWAY, 0, 0 },
	[LINK_READY] = { "ready", LINK_TO_PARENT, 0, 0 },
	[LINK_PONG] = { "pong", LINK_TO_PARENT, 0, 0 },
	[LINK_SPAWN] = { "spawn", LINK_TO_PARENT, NAME | TEXT, 0 },
	[LINK_KILL] = { "kill", LINK_TO_PARENT, NAME, 0 },
	[LINK_READ_PIN] = { "read-pin", LINK_TO_PARENT, NAME, 0 },
	[LINK_IN_FLIGHT] = { "in-flight", LINK_TO_PARENT, DIGEST, 0 },
	[LINK_DONE] = { "done", LINK_TO_PARENT, DIGEST, 0 },
};

const char *link_op_name(unsigned int op)
{
	return op < _LINK_OP_NUM && ops[op].name ? ops[op].name : "?";
}

static int encode(uint8_t *out, size_t size, const struct link_frame *f)
{
	struct wire w = wire_writer(out, size);
	unsigned int fields = ops[f->op].fields;

	wire_put_u8(&w, f->op);
	if (fields & NAME)
		wire_put_string(&w, f->name);
	if (fields & TEXT)
		wire_put_string(&w, f->text);
	if (fields & DIGEST)
		wire_put_raw(&w, f->digest, sizeof(f->digest));
	if (fields & VALUE)
		wire_put_u32(&w, (uint32_t)f->value);
	return wire_done(&w);
}

static int decode(struct link_frame *out, enum link_way way, const uint8_t *data, size_t len)
{
	struct wire w = wire_reader(data, len);
	unsigned int op = wire_get_u8(&w), fields;

	if (op >= _LINK_OP_NUM || !ops[op].name || ops[op].way != way)
		return -EPROTO;
	out->op = op;
	fields = ops[op].fields;
	if (fields & NAME)
		wire_get_string(&w, out->name, sizeof(out->name));
	if (fields & TEXT)
		wire_get_string(&w, out->text, sizeof(out->text));
	if (fields & DIGEST)
		wire_get_raw(&w, out->digest, sizeof(out->digest));
	if (fields & VALUE)
		out->value = (int32_t)wire_get_u32(&w);
	return wire_end(&w) ? -EPROTO : 0;
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(LINK_FDS_MAX * sizeof(int))];
};

int link_frame_send(int fd, const struct link_frame *f)
{
	uint8_t data[FRAME_SIZE];
	int len = encode(data, sizeof(data), f);
	struct iovec iov = { .iov_base = data, .iov_len = len > 0 ? (size_t)len : 0 };
	union control control = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t n = ops[f->op].fds * sizeof(int);

	if (len < 0)
		return len;
	if (n) {
		msg.msg_control = control.room;
		msg.msg_controllen = CMSG_SPACE(n);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(n);
		memcpy(CMSG_DATA(&control.header), f->fds, n);
	}
	if (sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

/* \returns how many descriptors came; those that find no room are closed. */
static unsigned int take_fds(struct msghdr *msg, int fds[LINK_FDS_MAX])
{
	struct cmsghdr *c;
	unsigned int n = 0;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t k = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < k; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (n < LINK_FDS_MAX)
				fds[n++] = fd;
			else
				close(fd);
		}
	}
	return n;
}

/* If the other side died with frames unread, the first call says so (ECONNRESET), and what it had sent comes after. */
static ssize_t receive(int fd, struct msghdr *msg)
{
	ssize_t len = recvmsg(fd, msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (len < 0 && errno == ECONNRESET)
		len = recvmsg(fd, msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	return len;
}

int link_frame_recv(int fd, enum link_way way, struct link_frame *out)
{
	uint8_t data[FRAME_SIZE];
	struct iovec iov = { .iov_base = data, .iov_len = sizeof(data) };
	union control control;
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.room,
			      .msg_controllen = sizeof(control.room) };
	struct link_frame f = { .fds = { -1, -1 } };
	ssize_t len = receive(fd, &msg);
	unsigned int n;
	int rc;

	if (len < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	n = take_fds(&msg, f.fds);
	if (len == 0 && !n)
		return -EPIPE;
	rc = decode(&f, way, data, (size_t)len);
	if (!rc && (n != ops[f.op].fds || (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))))
		rc = -EPROTO;
	if (rc) {
		while (n)
			close(f.fds[--n]);
		return rc;
	}
	*out = f;
	return 0;
}
