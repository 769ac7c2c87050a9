/* Where libgammu meets the system: what it reads goes through modem/line.h, its pauses can be clipped.
 *
 * unistd.h is not included: its fortified read() is a definition of its own.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/tap.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

#include <osmocom/core/utils.h>

/* Octets that one read() of the device takes at most. */
#define CHUNK          4096
/* A pause that is long enough for any modem that needs none. */
#define SHORT_PAUSE_US 1000
/* Octets of an answer that are taken past the library at a time. */
#define ASKED          256
/* Octets of hex in one write() that are a message and no command. */
#define ENTRY_MIN      20
/* Between two looks at whether the modem has echoed a message. */
#define ECHO_LOOK_US   5000
/* 0 to 2, and the socket to the gateway. */
#define FIRST_FREE_FD  4

ssize_t read(int fd, void *buf, size_t n);
ssize_t write(int fd, const void *buf, size_t n);
int usleep(useconds_t us);
long syscall(long number, ...);

/* One program, one device: the system calls have no other context. */
static struct {
	bool on, short_pauses, gone;
	int fd;         /* -1 until something was read from it */
	size_t entered; /* octets of a message that were written, and nothing was read since */
	int64_t until;  /* of CLOCK_MONOTONIC in milliseconds; 0: no limit */
	void (*trouble)(void *data);
	void *data;
	struct line line;
} tap = { .fd = -1 };

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void tap_init(bool short_pauses, void (*trouble)(void *data), void *data)
{
	line_init(&tap.line);
	tap.short_pauses = short_pauses;
	tap.trouble = trouble;
	tap.data = data;
	tap.on = true;
}

struct line *tap_line(void)
{
	return &tap.line;
}

int tap_fd(void)
{
	return tap.fd;
}

bool tap_gone(void)
{
	return tap.gone;
}

void tap_watch(int64_t ms)
{
	tap.until = now_ms() + ms;
}

bool tap_late(void)
{
	return tap.until && now_ms() >= tap.until;
}

static bool is_hex(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!memchr("0123456789ABCDEFabcdef", text[i], 22))
			return false;
	return true;
}

static bool is_device(int fd)
{
	struct termios t;

	if (!tap.on || fd < FIRST_FREE_FD)
		return false;
	if (tap.fd < 0 && tcgetattr(fd, &t) == 0)
		tap.fd = fd;
	return fd == tap.fd;
}

static void look_for_trouble(void)
{
	if (tap.trouble && (tap.gone || tap.line.restarted || tap_late()))
		tap.trouble(tap.data);
}

/* The end of file of an unplugged device, or its error. */
static void note_gone(ssize_t rc)
{
	if (rc == 0 || (rc < 0 && (errno == EIO || errno == ENXIO || errno == ENODEV)))
		tap.gone = true;
}

static ssize_t read_device(void *buf, size_t n)
{
	char chunk[CHUNK];
	ssize_t rc;

	/* Before it connects, libgammu throws away what it finds, two octets at a time. */
	if (n < LINE_ROOM(CHUNK)) {
		rc = syscall(SYS_read, tap.fd, buf, n);
		note_gone(rc);
		return rc;
	}
	rc = syscall(SYS_read, tap.fd, chunk, sizeof(chunk));
	note_gone(rc);
	tap.entered = 0;
	return rc > 0 ? (ssize_t)line_feed(&tap.line, buf, chunk, (size_t)rc) : rc;
}

ssize_t read(int fd, void *buf, size_t n)
{
	ssize_t rc;

	if (!is_device(fd))
		return syscall(SYS_read, fd, buf, n);
	rc = read_device(buf, n);
	look_for_trouble();
	return rc;
}

ssize_t write(int fd, const void *buf, size_t n)
{
	ssize_t rc = syscall(SYS_write, fd, buf, n);

	if (fd == tap.fd && rc > 0)
		tap.entered = n >= ENTRY_MIN && is_hex(buf, n) ? tap.entered + (size_t)rc : 0;
	return rc;
}

static int sleep_us(useconds_t us)
{
	struct timespec ts = { (time_t)(us / 1000000), (long)(us % 1000000) * 1000 };

	return nanosleep(&ts, NULL);
}

/* All of a message that the library has written has come back: the modem has it, and waits for its end. */
static bool is_echoed(void)
{
	int waiting = 0;

	return tap.entered && ioctl(tap.fd, FIONREAD, &waiting) == 0
	       && (size_t)waiting >= tap.entered;
}

/* The library waits half a second between a message and its Ctrl-Z, for modems that are slow to take it. A modem
 * that echoes shows when it has. */
static int pause_after_entry(useconds_t us)
{
	useconds_t slept = 0;

	for (; slept < us && !is_echoed(); slept += ECHO_LOOK_US)
		sleep_us(ECHO_LOOK_US);
	return 0;
}

int usleep(useconds_t us)
{
	look_for_trouble();
	if (tap.short_pauses && us > SHORT_PAUSE_US)
		us = SHORT_PAUSE_US;
	return tap.entered && us > ECHO_LOOK_US ? pause_after_entry(us) : sleep_us(us);
}

/* Whether the last line of an answer has come. */
static bool is_over(const char *answer)
{
	const char *ok = strstr(answer, "\nOK\r"), *error = strstr(answer, "ERROR");

	return ok || (error && strchr(error, '\r'));
}

int tap_ask(char *answer, size_t size, const char *command, int ms)
{
	char unheard[LINE_ROOM(ASKED)];
	int64_t until = now_ms() + ms;
	size_t at = 0;

	answer[0] = '\0';
	if (tap.fd < 0 || syscall(SYS_write, tap.fd, command, strlen(command)) < 0)
		return -EIO;
	while (!is_over(answer)) {
		struct pollfd p = { .fd = tap.fd, .events = POLLIN };
		int64_t left = until - now_ms();
		ssize_t rc;

		if (at + 1 >= size || left <= 0 || poll(&p, 1, (int)left) < 1)
			return -ETIMEDOUT;
		rc = syscall(SYS_read, tap.fd, answer + at, OSMO_MIN(size - 1 - at, (size_t)ASKED));
		note_gone(rc);
		if (rc <= 0)
			return -EIO;
		line_feed(&tap.line, unheard, answer + at, (size_t)rc);
		at += (size_t)rc;
		answer[at] = '\0';
	}
	return 0;
}
