/* Where libgammu meets the system: what it reads goes through modem/line.h, its pauses can be clipped.
 *
 * unistd.h is not included: its fortified read() is a definition of its own.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/tap.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

/* Octets that one read() of the device takes at most. */
#define CHUNK          4096
/* A pause that is long enough for any modem that needs none. */
#define SHORT_PAUSE_US 1000
/* 0 to 2, and the socket to the gateway. */
#define FIRST_FREE_FD  4

ssize_t read(int fd, void *buf, size_t n);
int usleep(useconds_t us);
long syscall(long number, ...);

/* One program, one device: the system calls have no other context. */
static struct {
	bool on, short_pauses, gone;
	int fd;        /* -1 until something was read from it */
	int64_t until; /* of CLOCK_MONOTONIC in milliseconds; 0: no limit */
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

int usleep(useconds_t us)
{
	struct timespec ts;

	if (tap.short_pauses && us > SHORT_PAUSE_US)
		us = SHORT_PAUSE_US;
	ts = (struct timespec){ (time_t)(us / 1000000), (long)(us % 1000000) * 1000 };
	look_for_trouble();
	return nanosleep(&ts, NULL);
}
