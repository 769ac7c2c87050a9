/* The handset's side of the control socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/talk.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/sim.h"

#define POLL_MS      20
#define ASK_DEADLINE 5000
#define NS_PER_MS    1000000

struct event {
	struct llist_head list;
	char *line;
};

struct talk {
	int fd;
	char *in; /* the beginning of a line */
	struct llist_head events;
};

static int64_t now_ms(void)
{
	return sim_monotonic_ns() / NS_PER_MS;
}

static int talk_free(struct talk *talk)
{
	if (talk->fd >= 0)
		close(talk->fd);
	return 0;
}

int talk_open(struct talk **out, void *ctx, const char *path, int64_t deadline_ms)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int64_t end = now_ms() + deadline_ms;
	struct talk *talk;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	OSMO_STRLCPY_ARRAY(addr.sun_path, path);
	talk = talloc_zero(ctx, struct talk);
	OSMO_ASSERT(talk);
	INIT_LLIST_HEAD(&talk->events);
	talk->in = talloc_strdup(talk, "");
	talk->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	talloc_set_destructor(talk, talk_free);
	while (talk->fd >= 0 && connect(talk->fd, (const struct sockaddr *)&addr, sizeof(addr))) {
		if (now_ms() > end) {
			talloc_free(talk);
			return -ETIMEDOUT;
		}
		poll(NULL, 0, POLL_MS);
	}
	if (talk->fd < 0 || !talk_ask(talk, "subscribe")) {
		talloc_free(talk);
		return -EIO;
	}
	*out = talk;
	return 0;
}

/* Read what there is, for so long at most. \returns 0, or -EPIPE. */
static int receive(struct talk *talk, int wait_ms)
{
	struct pollfd p = { .fd = talk->fd, .events = POLLIN };
	char buf[4096];

	while (poll(&p, 1, wait_ms) > 0) {
		ssize_t n = recv(talk->fd, buf, sizeof(buf), 0);

		if (n <= 0)
			return -EPIPE;
		talk->in = talloc_strndup_append(talk->in, buf, (size_t)n);
		OSMO_ASSERT(talk->in);
		wait_ms = 0;
	}
	return 0;
}

/* The next whole line, on talk; NULL if there is none. */
static char *next_line(struct talk *talk)
{
	char *end = strchr(talk->in, '\n'), *line;

	if (!end)
		return NULL;
	line = talloc_strndup(talk, talk->in, (size_t)(end - talk->in));
	memmove(talk->in, end + 1, strlen(end + 1) + 1);
	return line;
}

static bool is_event(const char *line)
{
	static const char *const names[] = { "sent\t",   "message\t", "cmti\t",  "deleted\t",
					     "report\t", "ussd\t",    "hangup\t" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(line, names[i], strlen(names[i])))
			return true;
	return false;
}

static void keep(struct talk *talk, char *line)
{
	struct event *e = talloc_zero(talk, struct event);

	OSMO_ASSERT(e);
	e->line = talloc_steal(e, line);
	llist_add_tail(&e->list, &talk->events);
}

char *talk_ask(struct talk *talk, const char *line)
{
	char *whole = talloc_asprintf(talk, "%s\n", line), *answer = talloc_strdup(talk, "");
	int64_t end = now_ms() + ASK_DEADLINE;
	ssize_t n = send(talk->fd, whole, strlen(whole), MSG_NOSIGNAL);
	bool done = false;

	if (n != (ssize_t)strlen(whole))
		answer = NULL;
	talloc_free(whole);
	while (answer && !done) {
		char *got = next_line(talk);

		if (!got) {
			if (now_ms() > end || receive(talk, POLL_MS))
				return NULL;
		} else if (is_event(got)) {
			keep(talk, got);
		} else {
			done = !strncmp(got, "ok", 2) || !strncmp(got, "error", 5);
			answer = talloc_asprintf_append(answer, "%s\n", got);
			talloc_free(got);
		}
	}
	return answer;
}

char *talk_event(struct talk *talk)
{
	struct event *e;
	char *line;

	receive(talk, 0);
	while ((line = next_line(talk))) {
		if (is_event(line))
			keep(talk, line);
		else
			talloc_free(line);
	}
	if (llist_empty(&talk->events))
		return NULL;
	e = llist_first_entry(&talk->events, struct event, list);
	llist_del(&e->list);
	line = talloc_steal(talk, e->line);
	talloc_free(e);
	return line;
}

int talk_fd(const struct talk *talk)
{
	return talk->fd;
}
