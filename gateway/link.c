/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/link_frame.h"
#include "gateway/log.h"

/* The parent sends the set-up before it does anything else. */
#define SETUP_MS 10000
/* Frames that are read in one turn of the loop. */
#define TURN_MAX 64

struct link {
	struct osmo_fd ofd;
	const struct link_ops *ops;
	void *data;
	bool quitting;
	bool deaf; /* the parent did not take a frame: said once */
};

/* ---- set-up ---- */

static char *read_text(void *ctx, int fd)
{
	char *text = talloc_zero_size(ctx, CONFIG_SIZE_MAX + 1);
	size_t len = 0;
	ssize_t n;

	OSMO_ASSERT(text);
	while (len < CONFIG_SIZE_MAX
	       && (n = pread(fd, text + len, CONFIG_SIZE_MAX - len, (off_t)len)) > 0)
		len += (size_t)n;
	return text;
}

int link_receive_setup(struct link_setup *out, void *ctx, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct link_frame f;
	int rc;

	if (poll(&pfd, 1, SETUP_MS) <= 0)
		return -ETIMEDOUT;
	rc = link_frame_recv(fd, LINK_TO_GATEWAY, &f);
	if (rc)
		return rc;
	if (f.op != LINK_SETUP)
		return -EPROTO;
	out->path = talloc_strdup(ctx, f.text);
	out->text = read_text(ctx, f.fds[0]);
	out->control = f.fds[1];
	close(f.fds[0]);
	return 0;
}

/* ---- from the parent ---- */

static int tell(struct link *l, const struct link_frame *f)
{
	int rc = link_frame_send(l->ofd.fd, f);

	if (rc && !l->deaf)
		LOGP(DLINK, LOGL_ERROR, "the parent does not take %s: %s\n", link_op_name(f->op),
		     strerror(-rc));
	l->deaf = rc != 0;
	return rc;
}

static void on_pin(struct link *l, const struct link_frame *f)
{
	l->ops->pin_read(l->data, f->name, f->text[0] ? f->text : NULL);
}

static void on_aside(struct link *l, const struct link_frame *f)
{
	l->ops->set_aside(l->data, f->digest);
}

static void on_begin(struct link *l, const struct link_frame *f)
{
	(void)f;
	l->ops->begin(l->data);
}

static void on_started(struct link *l, const struct link_frame *f)
{
	l->ops->worker_started(l->data, f->name, f->fds[0], f->value);
}

static void on_exited(struct link *l, const struct link_frame *f)
{
	l->ops->worker_exited(l->data, f->name, f->value);
}

static void on_ping(struct link *l, const struct link_frame *f)
{
	(void)f;
	tell(l, &(struct link_frame){ .op = LINK_PONG });
}

static void on_reopen(struct link *l, const struct link_frame *f)
{
	(void)l;
	(void)f;
	log_targets_reopen();
}

static void on_quit(struct link *l, const struct link_frame *f)
{
	(void)f;
	if (l->quitting)
		return;
	l->quitting = true;
	l->ops->quit(l->data);
}

static void (*const handlers[_LINK_OP_NUM])(struct link *l, const struct link_frame *f) = {
	[LINK_BEGIN] = on_begin,     [LINK_PIN] = on_pin,       [LINK_ASIDE] = on_aside,
	[LINK_STARTED] = on_started, [LINK_EXITED] = on_exited, [LINK_PING] = on_ping,
	[LINK_REOPEN] = on_reopen,   [LINK_QUIT] = on_quit,
};

/* Without a parent there is nobody who would end this process, or start another. */
static void lost(struct link *l, int rc)
{
	LOGP(DLINK, LOGL_FATAL, "the parent is gone: %s\n", strerror(-rc));
	osmo_fd_unregister(&l->ofd);
	on_quit(l, NULL);
}

static int readable(struct osmo_fd *ofd, unsigned int what)
{
	struct link *l = ofd->data;
	struct link_frame f;

	(void)what;
	for (int i = 0; i < TURN_MAX; i++) {
		int rc = link_frame_recv(ofd->fd, LINK_TO_GATEWAY, &f);

		if (rc == -EAGAIN || rc == -EINTR)
			return 0;
		if (!rc && !handlers[f.op])
			rc = -EPROTO;
		if (rc) {
			lost(l, rc);
			return 0;
		}
		handlers[f.op](l, &f);
		explicit_bzero(&f, sizeof(f)); /* a PIN may have been in it */
	}
	return 0;
}

static int link_destroy(struct link *l)
{
	osmo_fd_close(&l->ofd);
	return 0;
}

struct link *link_open(void *ctx, int fd, const struct link_ops *ops, void *data)
{
	struct link *l = talloc_zero(ctx, struct link);

	OSMO_ASSERT(l);
	l->ops = ops;
	l->data = data;
	osmo_fd_setup(&l->ofd, fd, OSMO_FD_READ, readable, l, 0);
	OSMO_ASSERT(osmo_fd_register(&l->ofd) == 0);
	talloc_set_destructor(l, link_destroy);
	return l;
}

/* ---- to the parent ---- */

static int tell_name(struct link *l, enum link_op op, const char *name)
{
	struct link_frame f = { .op = op };

	OSMO_STRLCPY_ARRAY(f.name, name);
	return tell(l, &f);
}

void link_ready(struct link *l)
{
	tell(l, &(struct link_frame){ .op = LINK_READY });
}

int link_spawn(struct link *l, const char *name, const char *port)
{
	struct link_frame f = { .op = LINK_SPAWN };

	OSMO_STRLCPY_ARRAY(f.name, name);
	OSMO_STRLCPY_ARRAY(f.text, port);
	return tell(l, &f);
}

int link_kill(struct link *l, const char *name)
{
	return tell_name(l, LINK_KILL, name);
}

int link_read_pin(struct link *l, const char *name)
{
	return tell_name(l, LINK_READ_PIN, name);
}

void link_in_flight(struct link *l, const uint8_t digest[DIGEST_SIZE], bool on)
{
	struct link_frame f = { .op = on ? LINK_IN_FLIGHT : LINK_DONE };

	memcpy(f.digest, digest, DIGEST_SIZE);
	tell(l, &f);
}
