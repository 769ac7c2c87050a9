/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/spawn.h"
#include "gateway/tty.h"

#define WORKER_FILES 32

struct worker {
	struct llist_head entry;
	const struct config_modem *modem;
	pid_t pid;
};

struct crew {
	struct llist_head workers;
	int program;
	bool root;
};

struct crew *crew_new(void *ctx, int program, bool root)
{
	struct crew *c = talloc_zero(ctx, struct crew);

	OSMO_ASSERT(c);
	INIT_LLIST_HEAD(&c->workers);
	c->program = program;
	c->root = root;
	return c;
}

static struct worker *find(const struct crew *c, const char *name)
{
	struct worker *w;

	llist_for_each_entry(w, &c->workers, entry) {
		if (strcmp(w->modem->name, name) == 0)
			return w;
	}
	return NULL;
}

static pid_t start(const struct crew *c, const struct config_modem *m, const char *device, int fd)
{
	struct spawn s = { .title = talloc_asprintf(OTC_SELECT, "chapped: modem %s", m->name),
			   .program = c->program,
			   .fd = fd,
			   .files = WORKER_FILES,
			   .change_user = c->root,
			   .uid = CREW_UID + m->index,
			   .gid = CREW_UID + m->index };

	if (c->root)
		tty_give(device, s.uid, s.gid);
	return spawn(&s);
}

pid_t crew_start(struct crew *c, const struct config_modem *m, const char *device, int *fd)
{
	struct worker *w;
	int pair[2];
	pid_t pid;

	if (find(c, m->name))
		return -EEXIST;
	if (c->program < 0)
		return c->program;
	/* a worker waits for what it is told; the gateway waits for nothing */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	pid = start(c, m, device, pair[1]);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return pid;
	}
	w = talloc_zero(c, struct worker);
	OSMO_ASSERT(w);
	w->modem = m;
	w->pid = pid;
	llist_add_tail(&w->entry, &c->workers);
	*fd = pair[0];
	return pid;
}

void crew_kill(struct crew *c, const char *name)
{
	struct worker *w = find(c, name);

	if (w)
		kill(w->pid, SIGKILL);
}

void crew_kill_all(struct crew *c)
{
	struct worker *w;

	llist_for_each_entry(w, &c->workers, entry)
		kill(w->pid, SIGKILL);
}

const struct config_modem *crew_reap(struct crew *c, pid_t pid)
{
	const struct config_modem *m;
	struct worker *w;

	llist_for_each_entry(w, &c->workers, entry) {
		if (w->pid != pid)
			continue;
		m = w->modem;
		llist_del(&w->entry);
		talloc_free(w);
		return m;
	}
	return NULL;
}

bool crew_is_empty(const struct crew *c)
{
	return llist_empty(&c->workers);
}
