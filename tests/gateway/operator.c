/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/operator.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "gateway/admin/admin.h"
#include "gateway/link.h"

#include "tests/support/process.h"

/* The parent of these tests has no processes. */
int link_spawn(struct link *l, const char *name, const char *port)
{
	(void)l;
	(void)name;
	(void)port;
	return -ENOSYS;
}

int link_kill(struct link *l, const char *name)
{
	(void)l;
	(void)name;
	return 0;
}

int link_read_pin(struct link *l, const char *name)
{
	(void)l;
	(void)name;
	return 0;
}

int operator_setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	void *fixture;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(fixture_setup_demo(&fixture), 0);
	w->f = fixture;
	w->addr.sun_family = AF_UNIX;
	snprintf(w->addr.sun_path, sizeof(w->addr.sun_path), "%s/control", w->f->dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&w->addr, sizeof(w->addr)), 0);
	assert_int_equal(listen(fd, 64), 0);
	w->f->gw->admin = admin_open(w->f->gw, fd);
	*state = w;
	return 0;
}

int operator_teardown(void **state)
{
	struct world *w = *state;
	void *fixture = w->f;

	talloc_free(w->f->gw->admin);
	fixture_teardown(&fixture);
	talloc_free(w);
	return 0;
}

int dial(struct world *w)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&w->addr, sizeof(w->addr)), 0);
	return fd;
}

void put(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The loop, until a line or the end came. \returns the line on the world, NULL at the end without one. */
char *take(struct world *w, int fd)
{
	int64_t end = process_now_ms() + OPERATOR_DEADLINE_MS;
	char *text = talloc_strdup(w, "");
	char buf[4096];

	while (process_now_ms() < end) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < 0 && errno == ECONNRESET)
			continue;
		if (n == 0)
			return *text ? text : NULL;
		if (n > 0)
			text = talloc_strndup_append(text, buf, (size_t)n);
		osmo_select_main_ctx(1);
	}
	fail_msg("no answer, but: %s", text);
	return NULL;
}

char *ask(struct world *w, const char *request)
{
	int fd = dial(w);
	char *answer;

	put(fd, request);
	put(fd, "\n");
	answer = take(w, fd);
	close(fd);
	assert_non_null(answer);
	assert_ptr_equal(strchr(answer, '\n'), answer + strlen(answer) - 1);
	return answer;
}

/* The answer to a request that is fulfilled. */
json_t *result(struct world *w, const char *request)
{
	char *text = ask(w, request);
	json_t *o = json_loads(text, 0, NULL);

	if (!json_is_true(json_object_get(o, "ok")))
		fail_msg("%s: %s", request, text);
	json_incref(json_object_get(o, "result"));
	json_t *r = json_object_get(o, "result");
	json_decref(o);
	return r;
}

/* A request is refused, in these words. */
void refuses(struct world *w, const char *request, const char *words)
{
	char *answer = ask(w, request);

	if (!strstr(answer, "\"ok\":false") || !strstr(answer, words))
		fail_msg("%s: %s", request, answer);
}
