/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/modem/sim/line.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>

#include "tests/support/process.h"

void line_open(struct line *l)
{
	struct termios raw;

	l->fd = open(l->sim->link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	assert_true(l->fd >= 0);
	tcgetattr(l->fd, &raw);
	cfmakeraw(&raw);
	tcsetattr(l->fd, TCSANOW, &raw);
	talloc_free(l->in);
	l->in = talloc_strdup(l, "");
}

void line_close(struct line *l)
{
	int64_t end = process_now_ms() + LINE_DEADLINE_MS;

	close(l->fd);
	l->fd = -1;
	while (strstr(sim_ask(l->sim, "status"), "\t0\ncard") == NULL) {
		assert_true(process_now_ms() < end);
		process_nap();
	}
}

static int line_free(struct line *l)
{
	if (l->fd >= 0)
		close(l->fd);
	talloc_free(l->sim);
	process_remove_dir(l->dir);
	return 0;
}

struct line *line_new(const char *option, const char *value)
{
	struct line *l = talloc_zero(NULL, struct line);

	l->dir = process_temp_dir(l);
	l->sim = sim_start(l, l->dir, option, value, NULL);
	line_open(l);
	talloc_set_destructor(l, line_free);
	return l;
}

void line_restart(struct line *l, const char *option, const char *value)
{
	close(l->fd);
	talloc_free(l->sim);
	l->sim = sim_start(l, l->dir, option, value, NULL);
	line_open(l);
}

void line_say(struct line *l, const char *text)
{
	assert_int_equal(write(l->fd, text, strlen(text)), strlen(text));
}

char *line_heard(struct line *l, const char *what, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	char buf[2048], *at, *text;
	ssize_t n;

	while (!(at = strstr(l->in, what))) {
		if (process_now_ms() > end)
			return NULL;
		if (poll(&p, 1, 10) <= 0)
			continue;
		n = read(l->fd, buf, sizeof(buf));
		if (n <= 0)
			return NULL;
		l->in = talloc_strndup_append(l->in, buf, (size_t)n);
	}
	at += strlen(what);
	text = talloc_strndup(l, l->in, (size_t)(at - l->in));
	memmove(l->in, at, strlen(at) + 1);
	return text;
}

void line_expect(struct line *l, const char *what)
{
	if (!line_heard(l, what, LINE_DEADLINE_MS))
		fail_msg("the modem does not say '%s' but '%s'", what, l->in);
}

void line_ask(struct line *l, const char *command, const char *answer)
{
	line_say(l, command);
	line_say(l, "\r");
	line_expect(l, answer);
}

void line_listen(struct line *l)
{
	line_ask(l, "ATE0;+CMEE=1", "OK\r\n");
	line_ask(l, "AT+CNMI=2,1,0,0,0", "OK\r\n");
}

void line_send(struct line *l, const char *pdu)
{
	line_ask(l, talloc_asprintf(l, "AT+CMGS=%zu", strlen(pdu) / 2 - 1), "\r\n> ");
	line_say(l, talloc_asprintf(l, "%s\x1a", pdu));
}
