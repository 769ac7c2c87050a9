/* A line typed at a terminal while other lines may be printed above it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#define LINE_MAX_LEN 2000

struct prompt {
	bool terminal;
	struct termios before;
	char *text; /* before the line */
	char line[LINE_MAX_LEN + 1];
	size_t len;
	char keys[256]; /* read and not taken */
	size_t keys_len, keys_at;
	unsigned int escape; /* inside the sequence of a key that has no use here */
	bool ended;
};

static int prompt_free(struct prompt *p)
{
	if (p->terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &p->before);
	return 0;
}

struct prompt *prompt_new(void *ctx)
{
	struct prompt *p = talloc_zero(ctx, struct prompt);
	struct termios raw;

	OSMO_ASSERT(p);
	p->text = talloc_strdup(p, "");
	p->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)
		      && tcgetattr(STDIN_FILENO, &p->before) == 0;
	if (p->terminal) {
		raw = p->before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	talloc_set_destructor(p, prompt_free);
	return p;
}

void prompt_show(struct prompt *p, const char *text)
{
	talloc_free(p->text);
	p->text = talloc_strdup(p, text);
	if (p->terminal)
		printf("%s%.*s", p->text, (int)p->len, p->line);
	fflush(stdout);
}

void prompt_print(struct prompt *p, const char *fmt, ...)
{
	va_list ap;

	if (p->terminal)
		fputs(p->len ? "\n" : "\r\033[K", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (p->terminal)
		printf("%s%.*s", p->text, (int)p->len, p->line);
	fflush(stdout);
}

bool prompt_ended(const struct prompt *p)
{
	return p->ended;
}

/* The last character, of one octet or several. */
static void rub_out(struct prompt *p)
{
	if (!p->len)
		return;
	do
		p->len--;
	while (p->len && (p->line[p->len] & 0xc0) == 0x80);
	fputs("\b \b", stdout);
}

static char *take_line(struct prompt *p)
{
	char *line = talloc_strndup(p, p->line, p->len);

	p->len = 0;
	if (p->terminal)
		putchar('\n');
	return line;
}

static void type(struct prompt *p, char c)
{
	if (p->len >= LINE_MAX_LEN)
		return;
	p->line[p->len++] = c;
	if (p->terminal)
		putchar(c);
}

/* Arrows and the like send ESC [ ... letter. \returns true while inside one. */
static bool in_escape(struct prompt *p, char c)
{
	if (!p->escape && c == 0x1b)
		p->escape = 1;
	else if (p->escape == 1)
		p->escape = c == '[' || c == 'O' ? 2 : 3;
	else if (p->escape == 2 && c >= '@' && c <= '~')
		p->escape = 3;
	if (p->escape == 3) {
		p->escape = 0;
		return true;
	}
	return p->escape != 0;
}

/* One key at a terminal. \returns a line when it ends one. */
static char *key(struct prompt *p, char c)
{
	if (in_escape(p, c))
		return NULL;
	switch (c) {
	case '\r':
	case '\n':
		return take_line(p);
	case 0x7f:
	case '\b':
		rub_out(p);
		break;
	case 0x15: /* Ctrl-U */
		while (p->len)
			rub_out(p);
		break;
	case 0x03: /* Ctrl-C */
		p->ended = true;
		break;
	case 0x04: /* Ctrl-D */
		p->ended = !p->len;
		break;
	default:
		if ((unsigned char)c >= ' ')
			type(p, c);
	}
	return NULL;
}

/* Octets without a terminal: the last line may lack its end. */
static char *octet(struct prompt *p, char c)
{
	if (c == '\n')
		return take_line(p);
	if (c != '\r')
		type(p, c);
	return NULL;
}

static void read_keys(struct prompt *p)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;

	if (poll(&fd, 1, 0) <= 0)
		return;
	n = read(STDIN_FILENO, p->keys, sizeof(p->keys));
	if (n <= 0 && !(n < 0 && errno == EINTR))
		p->ended = true;
	p->keys_at = 0;
	p->keys_len = n > 0 ? (size_t)n : 0;
}

char *prompt_line(struct prompt *p)
{
	char *line = NULL;

	if (p->keys_at == p->keys_len)
		read_keys(p);
	while (!line && !p->ended && p->keys_at < p->keys_len) {
		char c = p->keys[p->keys_at++];

		line = p->terminal ? key(p, c) : octet(p, c);
	}
	if (!line && p->ended && !p->terminal && p->len)
		line = take_line(p);
	fflush(stdout);
	return line;
}
