/* The control socket: lines of words between TABs, one answer each, and a stream of events.
 *
 * A client that does not read what it asked for is dropped when 1 MiB waits for it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/control.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/at.h"
#include "modem/sim/card.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

#define LINE_MAX_LEN 8192
#define WORDS_MAX    4
#define OUT_MAX      (1024 * 1024)

struct client {
	struct llist_head list;
	struct control *control;
	struct osmo_fd ofd;
	char line[LINE_MAX_LEN];
	size_t line_len;
	bool line_lost;
	char *out; /* what the socket did not take yet */
	size_t out_len;
	bool subscribed;
	bool dead; /* freed at the end of the turn */
};

struct control {
	struct sim *sim;
	char *path;
	struct osmo_fd listener;
	struct llist_head clients;
};

/* ---- texts in lines ---- */

static const char plain[] = "\n\t\r\\", letter[] = "ntr\\";

char *control_escape(void *ctx, const char *text)
{
	char *out = talloc_array(ctx, char, 2 * strlen(text) + 1), *to = out;

	OSMO_ASSERT(out);
	for (; *text; text++) {
		const char *at = strchr(plain, *text);

		if (at)
			*to++ = '\\';
		*to++ = at ? letter[at - plain] : *text;
	}
	*to = '\0';
	return out;
}

void control_unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		const char *at = *text == '\\' && text[1] ? strchr(letter, text[1]) : NULL;

		*to++ = at ? plain[at - letter] : *text;
		text += at != NULL;
	}
	*to = '\0';
}

/* ---- saying things ---- */

static void flush(struct client *c)
{
	ssize_t n = send(c->ofd.fd, c->out, c->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN)
		c->dead = true;
	if (n > 0) {
		c->out_len -= (size_t)n;
		memmove(c->out, c->out + n, c->out_len);
	}
	if (c->out_len)
		osmo_fd_write_enable(&c->ofd);
	else
		osmo_fd_write_disable(&c->ofd);
}

static void __attribute__((format(printf, 2, 0)))
say_v(struct client *c, const char *fmt, va_list ap)
{
	char *text = talloc_vasprintf(c, fmt, ap);
	size_t n;

	text = talloc_strdup_append_buffer(text, "\n");
	OSMO_ASSERT(text);
	n = strlen(text);
	if (c->dead || n > OUT_MAX - c->out_len) {
		c->dead = true;
	} else {
		c->out = talloc_realloc_size(c, c->out, c->out_len + n);
		OSMO_ASSERT(c->out);
		memcpy(c->out + c->out_len, text, n);
		c->out_len += n;
		flush(c);
	}
	talloc_free(text);
}

static void say(struct client *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct client *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_v(c, fmt, ap);
	va_end(ap);
}

void control_event(struct control *control, const char *fmt, ...)
{
	struct client *c;

	if (!control)
		return;
	llist_for_each_entry(c, &control->clients, list) {
		va_list ap;

		if (!c->subscribed)
			continue;
		va_start(ap, fmt);
		say_v(c, fmt, ap);
		va_end(ap);
	}
}

/* ---- commands ---- */

static const char *inject_error(int64_t rc)
{
	switch (rc) {
	case -EINVAL:
		return "this can be no sender";
	case -EILSEQ:
		return "the text is not UTF-8";
	case -ENOSPC:
		return "the text needs more than 10 parts, or too many messages wait";
	}
	return "the PDU is empty or too long";
}

static void injected(struct client *c, int64_t rc)
{
	if (rc > 0)
		say(c, "ok\t%" PRId64, rc);
	else
		say(c, "error\t%s", inject_error(rc));
}

static void do_inject(struct client *c, size_t argc, char **argv)
{
	(void)argc;
	control_unescape(argv[1]);
	injected(c, net_inject(c->control->sim->net, argv[0], argv[1]));
}

static void do_inject_pdu(struct client *c, size_t argc, char **argv)
{
	uint8_t tpdu[TPDU_MAX];
	int n = tpdu_unhex(tpdu, sizeof(tpdu), argv[0]);

	(void)argc;
	if (n < 0)
		say(c, "error\tnot a line of hexadecimal digits, or longer than a TPDU");
	else
		injected(c, net_inject_raw(c->control->sim->net, tpdu, (size_t)n));
}

static void do_duplicate(struct client *c, size_t argc, char **argv)
{
	unsigned int id;

	(void)argc;
	if (!at_number(&id, argv[0], 999999999) || net_again(c->control->sim->net, id))
		say(c, "error\tthere is no message of that id");
	else
		say(c, "ok");
}

static void do_subscribe(struct client *c, size_t argc, char **argv)
{
	(void)argc;
	(void)argv;
	c->subscribed = true;
	say(c, "ok");
}

static void do_ussd(struct client *c, size_t argc, char **argv)
{
	unsigned int state;

	if (!at_number(&state, argv[0], 5)) {
		say(c, "error\tstate: 0 to 5");
		return;
	}
	if (argc > 1)
		control_unescape(argv[1]);
	at_ussd(c->control->sim->at, (int)state, argc > 1 ? argv[1] : NULL);
	say(c, "ok");
}

static void do_call(struct client *c, size_t argc, char **argv)
{
	(void)argc;
	at_ring(c->control->sim->at, argv[0]);
	say(c, "ok");
}

static void do_urc(struct client *c, size_t argc, char **argv)
{
	(void)argc;
	control_unescape(argv[0]);
	at_unasked(c->control->sim->at, "%s", argv[0]);
	say(c, "ok");
}

static void do_fault(struct client *c, size_t argc, char **argv)
{
	const char *error = fault_command(c->control->sim, argc, argv);

	if (error)
		say(c, "error\t%s", error);
	else
		say(c, "ok");
}

static void do_after(struct client *c, size_t argc, char **argv)
{
	unsigned int n = 0;
	const char *error = "after: which command line from now, up to 1000";

	if (at_number(&n, argv[0], 1000))
		error = fault_later(c->control->sim, n, argc - 1, argv + 1);
	if (error)
		say(c, "error\t%s", error);
	else
		say(c, "ok");
}

/* +58h, -30m, 90: seconds unless s, m, h or d says otherwise. */
static bool read_offset(int64_t *out, const char *text)
{
	static const int64_t factor[] = { 1, 60, 3600, 86400 };
	static const char unit[] = "smhd";
	char *end;
	int64_t v = strtoll(text, &end, 10);
	const char *at = *end ? strchr(unit, *end) : unit;

	if (end == text || !at || (*end && end[1]) || v > 1000000000 || v < -1000000000)
		return false;
	*out = v * factor[at - unit];
	return true;
}

static void do_clock(struct client *c, size_t argc, char **argv)
{
	int64_t offset;

	(void)argc;
	if (!read_offset(&offset, argv[0])) {
		say(c, "error\tclock: +58h, -30m or a number of seconds");
		return;
	}
	c->control->sim->clock_offset += offset;
	say(c, "ok\t%" PRId64, sim_now(c->control->sim));
}

static void say_waiting(void *data, uint32_t id, bool report)
{
	say(data, "waiting\t%" PRIu32 "\t%s", id, report ? "report" : "message");
}

static void say_fault(void *data, const char *name, unsigned int value)
{
	say(data, "fault\t%s\t%u", name, value);
}

static void do_status(struct client *c, size_t argc, char **argv)
{
	static const char *const locks[] = { "open", "pin", "puk", "blocked" };
	static const char *const stats[] = { "unread", "read", "unsent", "sent" };
	struct sim *sim = c->control->sim;
	size_t pending = net_waiting(sim->net);

	(void)argc;
	(void)argv;
	say(c, "terminal\t%s\t%u", tty_name(sim->tty) ?: "unplugged", tty_programs(sim->tty));
	say(c, "card\t%s\t%s\t%u/%u", locks[card_lock(sim->card)], sim->card->imsi,
	    card_used(sim->card), sim->card->capacity);
	say(c, "registration\t%d", net_registration(sim->net));
	for (unsigned int i = 1; i <= sim->card->capacity; i++) {
		const struct card_slot *s = card_get(sim->card, i);

		if (!s)
			continue;
		say(c, "slot\t%u\t%s\t%" PRIu32, i, stats[s->stat], s->id);
		pending += s->id != 0;
	}
	net_each_waiting(sim->net, say_waiting, c);
	fault_each(sim, say_fault, c);
	say(c, "pending\t%zu", pending);
	say(c, "ok");
}

static void do_quit(struct client *c, size_t argc, char **argv)
{
	(void)argc;
	(void)argv;
	c->control->sim->quit = true;
	say(c, "ok");
}

/* clang-format off */
static const struct {
	const char *name;
	size_t min, max; /* words after the name */
	void (*run)(struct client *c, size_t argc, char **argv);
	const char *usage;
} commands[] = {
	{ "inject",	2, 2, do_inject,	"FROM TEXT" },
	{ "inject-pdu",	1, 1, do_inject_pdu,	"HEX" },
	{ "duplicate",	1, 1, do_duplicate,	"ID" },
	{ "redeliver",	1, 1, do_duplicate,	"ID" },
	{ "subscribe",	0, 0, do_subscribe,	"" },
	{ "ussd",	1, 2, do_ussd,		"STATE [TEXT]" },
	{ "call",	1, 1, do_call,		"FROM" },
	{ "urc",	1, 1, do_urc,		"LINE" },
	{ "fault",	1, 2, do_fault,		"NAME [VALUE]" },
	{ "after",	2, 3, do_after,		"N NAME [VALUE]" },
	{ "clock",	1, 1, do_clock,		"OFFSET" },
	{ "status",	0, 0, do_status,	"" },
	{ "quit",	0, 0, do_quit,		"" },
};
/* clang-format on */

static void run(struct client *c, char *line)
{
	char *words[WORDS_MAX] = { 0 };
	size_t n = 0;

	while (n < WORDS_MAX && line)
		words[n++] = strsep(&line, "\t");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, words[0]))
			continue;
		if (line || n - 1 < commands[i].min || n - 1 > commands[i].max)
			say(c, "error\tusage: %s %s, with TABs between the words", words[0],
			    commands[i].usage);
		else
			commands[i].run(c, n - 1, words + 1);
		return;
	}
	say(c, "error\tunknown command; see chappe-sim(1)");
}

/* ---- clients ---- */

static void drop(struct client *c)
{
	osmo_fd_close(&c->ofd);
	llist_del(&c->list);
	talloc_free(c);
}

static void take(struct client *c, const char *octets, size_t n)
{
	for (size_t i = 0; i < n && !c->dead; i++) {
		if (octets[i] != '\n') {
			if (c->line_len < sizeof(c->line) - 1)
				c->line[c->line_len++] = octets[i];
			else
				c->line_lost = true;
			continue;
		}
		c->line[c->line_len] = '\0';
		if (c->line_lost)
			say(c, "error\tthe line is too long");
		else if (c->line_len)
			run(c, c->line);
		c->line_len = 0;
		c->line_lost = false;
	}
}

static int on_client(struct osmo_fd *ofd, unsigned int what)
{
	struct client *c = ofd->data;
	char buf[4096];
	ssize_t n;

	if (what & OSMO_FD_WRITE)
		flush(c);
	if (what & OSMO_FD_READ) {
		n = recv(ofd->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n > 0)
			take(c, buf, (size_t)n);
		else if (n == 0 || errno != EAGAIN)
			c->dead = true;
	}
	if (c->dead)
		drop(c);
	return 0;
}

static int on_listener(struct osmo_fd *ofd, unsigned int what)
{
	struct control *control = ofd->data;
	int fd = accept4(ofd->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;

	(void)what;
	if (fd < 0)
		return 0;
	c = talloc_zero(control, struct client);
	OSMO_ASSERT(c);
	c->control = control;
	osmo_fd_setup(&c->ofd, fd, OSMO_FD_READ, on_client, c, 0);
	osmo_fd_register(&c->ofd);
	llist_add_tail(&c->list, &control->clients);
	return 0;
}

static int control_free(struct control *control)
{
	struct client *c, *next;

	llist_for_each_entry_safe(c, next, &control->clients, list)
		drop(c);
	osmo_fd_close(&control->listener);
	unlink(control->path);
	return 0;
}

int control_open(struct control **out, void *ctx, struct sim *sim, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct control *control;
	int fd, rc;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	OSMO_STRLCPY_ARRAY(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	unlink(path);
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 8)) {
		rc = -errno;
		close(fd);
		return rc;
	}
	control = talloc_zero(ctx, struct control);
	OSMO_ASSERT(control);
	control->sim = sim;
	control->path = talloc_strdup(control, path);
	INIT_LLIST_HEAD(&control->clients);
	osmo_fd_setup(&control->listener, fd, OSMO_FD_READ, on_listener, control, 0);
	osmo_fd_register(&control->listener);
	talloc_set_destructor(control, control_free);
	*out = control;
	return 0;
}
