/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* Clients that may wait while the gateway is busy or started again. */
#define BACKLOG       16
/* Longest wait for the end of a gateway whose parent was killed. */
#define GRACE_MS      3000
#define GRACE_STEP_MS 20

static int find_owner(struct instance_owner *owner, const char *database)
{
	char *copy = talloc_strdup(NULL, database);
	struct stat sb;
	int rc = stat(dirname(copy), &sb) ? -errno : 0;

	talloc_free(copy);
	if (!rc)
		*owner = (struct instance_owner){ sb.st_uid, sb.st_gid };
	return rc;
}

/* The lock is on the database itself: it goes with the process, and leaves no file behind. SQLite's own locks are of
 * another kind and do not meet it. */
int instance_claim(int *fd, struct instance_owner *owner, void *ctx, const struct config *cfg,
		   char **error)
{
	int rc, lock = open(cfg->database, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (lock < 0) {
		rc = -errno;
		if (rc == -ENOENT)
			*error = talloc_asprintf(
				ctx,
				"there is no database %s; make one with:  chappectl "
				"-c %s db init",
				cfg->database, cfg->path);
		else
			*error = talloc_asprintf(ctx, "the database %s cannot be opened: %s",
						 cfg->database, strerror(-rc));
		return rc;
	}
	if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
		rc = find_owner(owner, cfg->database);
		if (!rc) {
			*fd = lock;
			return 0;
		}
	} else {
		rc = errno == EWOULDBLOCK ? -EBUSY : -errno;
	}
	close(lock);
	*error = talloc_asprintf(ctx, "the database %s %s", cfg->database,
				 rc == -EBUSY ? "is in use by another chapped: stop that one first"
					      : strerror(-rc));
	return rc;
}

/* Whether somebody listens there. */
static bool answers(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool yes = fd >= 0
		   && (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0
		       || errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return yes;
}

/* The children of a daemon that was killed are about to die too: give them the time. */
static bool keeps_answering(const struct sockaddr_un *addr)
{
	for (int waited = 0; waited < GRACE_MS; waited += GRACE_STEP_MS) {
		if (!answers(addr))
			return false;
		poll(NULL, 0, GRACE_STEP_MS);
	}
	return answers(addr);
}

/* Take away what a daemon left behind. \returns 0, -EBUSY or -EEXIST. */
static int clear_place(const struct sockaddr_un *addr)
{
	struct stat sb;

	if (lstat(addr->sun_path, &sb) < 0)
		return 0;
	if (!S_ISSOCK(sb.st_mode))
		return -EEXIST;
	if (keeps_answering(addr))
		return -EBUSY;
	return unlink(addr->sun_path) ? -errno : 0;
}

static int bind_and_listen(int fd, const struct sockaddr_un *addr,
			   const struct instance_owner *owner)
{
	mode_t mask = umask(0117);
	int rc = bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) ? -errno : 0;

	umask(mask);
	if (!rc && owner && lchown(addr->sun_path, owner->uid, owner->gid) < 0)
		rc = -errno;
	if (!rc && listen(fd, BACKLOG) < 0)
		rc = -errno;
	return rc;
}

int instance_listen(int *fd, void *ctx, const struct config *cfg,
		    const struct instance_owner *owner, char **error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int rc, sock;

	OSMO_STRLCPY_ARRAY(addr.sun_path, cfg->control); /* the configuration's check: it fits */
	rc = clear_place(&addr);
	if (rc == -EBUSY || rc == -EEXIST) {
		*error = talloc_asprintf(
			ctx, "control %s: %s", cfg->control,
			rc == -EBUSY ? "another chapped answers there: stop it first, "
				       "or give this one another path"
				     : "this is a file and no socket: give another path");
		return rc;
	}
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (!rc)
		rc = sock < 0 ? -errno : bind_and_listen(sock, &addr, owner);
	if (!rc) {
		*fd = sock;
		return 0;
	}
	if (sock >= 0)
		close(sock);
	*error = talloc_asprintf(ctx, "control %s: the socket cannot be made: %s", cfg->control,
				 strerror(-rc));
	return rc;
}
