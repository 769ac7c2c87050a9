/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/support/sim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/process.h"

#define START_DEADLINE_MS 5000
#define ASK_DEADLINE_MS   5000
#define STOP_DEADLINE_MS  2000
#define ARGS_MAX          32

/* ---- texts in lines, as chappe-sim(1) writes them ---- */

static char *escape(void *ctx, const char *text)
{
	static const char plain[] = "\n\t\r\\", letter[] = "ntr\\";
	char *out = talloc_array(ctx, char, 2 * strlen(text) + 1), *to = out;

	for (; *text; text++) {
		const char *at = strchr(plain, *text);

		if (at)
			*to++ = '\\';
		*to++ = at ? letter[at - plain] : *text;
	}
	*to = '\0';
	return out;
}

static char *unescape(char *text)
{
	static const char plain[] = "\n\t\r\\", letter[] = "ntr\\";
	char *to = text;

	for (const char *p = text; *p; p++) {
		const char *at = *p == '\\' && p[1] ? strchr(letter, p[1]) : NULL;

		*to++ = at ? plain[at - letter] : *p;
		p += at != NULL;
	}
	*to = '\0';
	return text;
}

/* ---- connections ---- */

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int64_t end = process_now_ms() + START_DEADLINE_MS;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	OSMO_STRLCPY_ARRAY(addr.sun_path, path);
	while (connect(fd, (const struct sockaddr *)&addr, sizeof(addr))) {
		if (process_now_ms() > end)
			fail_msg("chappe-sim does not listen on %s", path);
		process_nap();
	}
	return fd;
}

static void give(int fd, const char *line)
{
	size_t n = strlen(line);

	if (send(fd, line, n, MSG_NOSIGNAL) != (ssize_t)n)
		fail_msg("chappe-sim is gone");
}

/* Whether the last whole line of an answer is its end. */
static bool is_complete(const char *answer)
{
	size_t n = strlen(answer);
	const char *last;

	if (!n || answer[n - 1] != '\n')
		return false;
	for (last = answer + n - 1; last > answer && last[-1] != '\n'; last--)
		;
	return !strncmp(last, "ok", 2) || !strncmp(last, "error", 5);
}

static char *answer_of(struct simulator *sim, int fd)
{
	int64_t end = process_now_ms() + ASK_DEADLINE_MS;
	char *answer = talloc_strdup(sim, "");

	while (!is_complete(answer)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char buf[4096];
		ssize_t n;

		if (process_now_ms() > end)
			fail_msg("chappe-sim does not answer; so far: %s", answer);
		if (poll(&p, 1, 50) <= 0)
			continue;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n <= 0)
			fail_msg("chappe-sim is gone");
		answer = talloc_strndup_append(answer, buf, (size_t)n);
	}
	return answer;
}

static int simulator_free(struct simulator *sim)
{
	sim_stop(sim);
	return 0;
}

struct simulator *sim_start(void *ctx, const char *dir, ...)
{
	struct simulator *sim = talloc_zero(ctx, struct simulator);
	const char *argv[ARGS_MAX] = { BUILDDIR "/chappe-sim", "--link", NULL, "--control", NULL };
	size_t n = 5;
	va_list ap;

	sim->link = talloc_asprintf(sim, "%s/modem", dir);
	sim->control = talloc_asprintf(sim, "%s/sim", dir);
	sim->log = talloc_asprintf(sim, "%s/log", dir);
	sim->in = talloc_strdup(sim, "");
	argv[2] = sim->link;
	argv[4] = sim->control;
	va_start(ap, dir);
	while (n < ARGS_MAX - 1 && (argv[n] = va_arg(ap, const char *)))
		n++;
	va_end(ap);
	unlink(sim->control);
	sim->pid = process_start(sim->log, argv);
	sim->commands = connect_to(sim->control);
	sim->stream = connect_to(sim->control);
	talloc_set_destructor(sim, simulator_free);
	give(sim->stream, "subscribe\n");
	talloc_free(answer_of(sim, sim->stream));
	return sim;
}

/* It has ended badly: a sanitizer has something to say, or it hung. */
static void show_log(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		fprintf(stderr, "# %s", line);
	if (f)
		fclose(f);
}

void sim_stop(struct simulator *sim)
{
	int status;

	if (!sim->pid)
		return;
	close(sim->commands);
	close(sim->stream);
	status = process_stop(sim->pid, SIGTERM, STOP_DEADLINE_MS);
	sim->pid = 0;
	if (status) {
		show_log(sim->log);
		fprintf(stderr, "chappe-sim ended with status %d\n", status);
		exit(99);
	}
}

/* ---- commands ---- */

char *sim_ask(struct simulator *sim, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = talloc_vasprintf(sim, fmt, ap);
	va_end(ap);
	line = talloc_strdup_append(line, "\n");
	give(sim->commands, line);
	talloc_free(line);
	return answer_of(sim, sim->commands);
}

static void expect_ok(const char *answer, const char *what)
{
	if (strncmp(answer, "ok", 2))
		fail_msg("chappe-sim, %s: %s", what, answer);
}

uint32_t sim_inject(struct simulator *sim, const char *from, const char *text)
{
	char *line = escape(sim, text);
	char *answer = sim_ask(sim, "inject\t%s\t%s", from, line);
	uint32_t id;

	expect_ok(answer, "inject");
	id = (uint32_t)strtoul(answer + 3, NULL, 10);
	talloc_free(line);
	talloc_free(answer);
	return id;
}

void sim_duplicate(struct simulator *sim, uint32_t id)
{
	char *answer = sim_ask(sim, "duplicate\t%u", id);

	expect_ok(answer, "duplicate");
	talloc_free(answer);
}

void sim_fault(struct simulator *sim, const char *name, const char *value)
{
	char *answer = sim_ask(sim, "fault\t%s%s%s", name, value ? "\t" : "", value ?: "");

	expect_ok(answer, name);
	talloc_free(answer);
}

void sim_fault_after(struct simulator *sim, unsigned int n, const char *name, const char *value)
{
	char *answer = sim_ask(sim, "after\t%u\t%s%s%s", n, name, value ? "\t" : "", value ?: "");

	expect_ok(answer, name);
	talloc_free(answer);
}

/* ---- events ---- */

static void add_event(struct simulator *sim, const char *line, size_t n)
{
	if (sim->n_events % 64 == 0) {
		sim->events = talloc_realloc(sim, sim->events, char *, sim->n_events + 64);
		sim->taken = talloc_realloc(sim, sim->taken, bool, sim->n_events + 64);
	}
	sim->events[sim->n_events] = talloc_strndup(sim, line, n);
	sim->taken[sim->n_events++] = false;
}

/* Read what the stream has, for so long at most. */
static void read_stream(struct simulator *sim, int wait_ms)
{
	struct pollfd p = { .fd = sim->stream, .events = POLLIN };
	char buf[8192], *line, *end;
	ssize_t n;

	while (poll(&p, 1, wait_ms) > 0) {
		n = recv(sim->stream, buf, sizeof(buf), 0);
		if (n <= 0)
			fail_msg("chappe-sim is gone");
		sim->in = talloc_strndup_append(sim->in, buf, (size_t)n);
		wait_ms = 0;
	}
	line = sim->in;
	while ((end = strchr(line, '\n'))) {
		add_event(sim, line, (size_t)(end - line));
		line = end + 1;
	}
	memmove(sim->in, line, strlen(line) + 1);
}

static bool event_matches(const char *line, const char *start, const char *part)
{
	return !strncmp(line, start, strlen(start)) && (!part || strstr(line, part));
}

char *sim_wait_event(struct simulator *sim, const char *start, const char *part,
		     int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	size_t i = 0;

	for (;;) {
		for (; i < sim->n_events; i++) {
			if (!sim->taken[i] && event_matches(sim->events[i], start, part)) {
				sim->taken[i] = true;
				return sim->events[i];
			}
		}
		if (process_now_ms() > end)
			return NULL;
		read_stream(sim, 20);
	}
}

char *sim_word(struct simulator *sim, const char *line, size_t i)
{
	for (; i && line; i--) {
		line = strchr(line, '\t');
		line += line != NULL;
	}
	return line ? talloc_strndup(sim, line, strcspn(line, "\t")) : NULL;
}

/* The text of a line "message TIME TO PARTS TEXT" if it is for that number and contains that, else NULL. */
static char *message_text(struct simulator *sim, const char *line, const char *to, const char *part)
{
	char *number, *text = NULL;
	bool fits;

	if (strncmp(line, "message\t", 8))
		return NULL;
	number = sim_word(sim, line, 2);
	fits = !to || (number && !strcmp(number, to));
	talloc_free(number);
	if (fits)
		text = sim_word(sim, line, 4);
	if (text)
		unescape(text);
	if (text && part && !strstr(text, part)) {
		talloc_free(text);
		text = NULL;
	}
	return text;
}

char *sim_wait_message(struct simulator *sim, const char *to, const char *part, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	size_t i = 0;

	for (;;) {
		for (; i < sim->n_events; i++) {
			char *text = sim->taken[i] ? NULL
						   : message_text(sim, sim->events[i], to, part);

			if (text) {
				sim->taken[i] = true;
				return text;
			}
		}
		if (process_now_ms() > end)
			return NULL;
		read_stream(sim, 20);
	}
}

size_t sim_count_messages(struct simulator *sim, const char *to, const char *part)
{
	size_t n = 0;

	read_stream(sim, 0);
	for (size_t i = 0; i < sim->n_events; i++) {
		char *text = message_text(sim, sim->events[i], to, part);

		n += text != NULL;
		talloc_free(text);
	}
	return n;
}

size_t sim_pending(struct simulator *sim)
{
	char *answer = sim_ask(sim, "status"), *at = strstr(answer, "pending\t");
	size_t n = at ? strtoul(at + strlen("pending\t"), NULL, 10) : SIZE_MAX;

	talloc_free(answer);
	read_stream(sim, 0); /* a test that waits long is no slow reader */
	return n;
}

bool sim_wait_read(struct simulator *sim, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;

	while (sim_pending(sim)) {
		if (process_now_ms() > end)
			return false;
		process_nap();
	}
	return true;
}
