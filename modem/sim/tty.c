/* The modem's side of a pseudo-terminal: octets in and out, pacing, unplugging.
 *
 * The slave is kept open here too: without that the master would report a
 * hang-up for ever while no program is there. Who opens and closes it is seen
 * by inotify.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#define OUT_MAX     (256 * 1024)
#define CHUNK_MS    5  /* a paced line moves as much at once */
#define SYMBOL_BITS 10 /* start, eight, stop */

struct tty {
	char *link;
	char name[64];
	unsigned int baud;
	struct tty_handler handler;
	struct osmo_fd master;
	struct osmo_fd watch;
	int slave;
	unsigned int programs; /* that have the terminal open */
	uint8_t *out;
	size_t out_len;
	int64_t free_at; /* nothing goes out before: microseconds, monotonic */
	struct osmo_timer_list timer;
	bool plugged;
	bool garbled, mute;
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void wait_us(struct tty *tty, int64_t us)
{
	osmo_timer_schedule(&tty->timer, (int)(us / 1000000), (int)(us % 1000000));
}

/* Write what may go out now; the rest waits for the terminal or for its time. */
static void flush(struct tty *tty)
{
	int64_t now = now_us();
	size_t n = tty->out_len;
	ssize_t rc;

	osmo_fd_write_disable(&tty->master);
	if (n && now < tty->free_at) {
		wait_us(tty, tty->free_at - now);
		return;
	}
	if (tty->baud)
		n = OSMO_MIN(n, tty->baud / SYMBOL_BITS * CHUNK_MS / 1000 + 1);
	rc = n ? write(tty->master.fd, tty->out, n) : 0;
	if (rc > 0) {
		tty->out_len -= (size_t)rc;
		memmove(tty->out, tty->out + rc, tty->out_len);
		if (tty->baud)
			tty->free_at = now + rc * SYMBOL_BITS * 1000000 / tty->baud;
	}
	if (tty->out_len && rc < 0)
		osmo_fd_write_enable(&tty->master);
	else if (tty->out_len)
		wait_us(tty, OSMO_MAX(tty->free_at - now, 0));
}

static void on_timer(void *data)
{
	struct tty *tty = data;

	if (tty->plugged)
		flush(tty);
}

void tty_write(struct tty *tty, const void *octets, size_t n)
{
	if (!tty->plugged || tty->mute || !tty->programs || n > OUT_MAX - tty->out_len)
		return;
	memcpy(tty->out + tty->out_len, octets, n);
	for (size_t i = 0; tty->garbled && i < n; i++)
		tty->out[tty->out_len + i] = (uint8_t)(tty->out[tty->out_len + i] << 1 | 0x80);
	tty->out_len += n;
	if (!osmo_timer_pending(&tty->timer))
		flush(tty);
}

void tty_garble(struct tty *tty, bool on)
{
	tty->garbled = on;
}

void tty_mute(struct tty *tty, bool on)
{
	tty->mute = on;
}

void tty_hold(struct tty *tty, unsigned int ms)
{
	tty->free_at = now_us() + (int64_t)ms * 1000;
}

/* Who opens and closes the terminal. \returns true if nobody had it open in between. */
static bool read_watch(struct tty *tty)
{
	char buf[4096] __attribute__((aligned(8)));
	ssize_t n = read(tty->watch.fd, buf, sizeof(buf));
	bool gone = false;

	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(buf + at);

		if (e->mask & IN_OPEN)
			tty->programs++;
		else if (e->mask & IN_CLOSE && tty->programs && !--tty->programs)
			gone = true;
		at += (ssize_t)sizeof(*e) + e->len;
	}
	return gone;
}

/* What was said before the terminal was closed counts; what was not read by then is lost. */
static int on_event(struct osmo_fd *ofd, unsigned int what)
{
	struct tty *tty = ofd->data;
	bool gone = read_watch(tty);
	uint8_t buf[1024];
	ssize_t n;

	if (what & OSMO_FD_WRITE)
		flush(tty);
	while (tty->plugged && (n = read(tty->master.fd, buf, sizeof(buf))) > 0)
		tty->handler.input(tty->handler.data, buf, (size_t)n);
	if (!gone || !tty->plugged)
		return 0;
	if (!tty->programs) {
		tcflush(tty->slave, TCIFLUSH);
		ioctl(tty->slave, TIOCNXCL); /* as a port that nobody has open any more */
	}
	tty->out_len = 0;
	tty->handler.hangup(tty->handler.data);
	return 0;
}

static int make_link(struct tty *tty)
{
	struct stat st;

	if (lstat(tty->link, &st) == 0) {
		if (!S_ISLNK(st.st_mode))
			return -EEXIST;
		unlink(tty->link);
	}
	return symlink(tty->name, tty->link) ? -errno : 0;
}

/* Raw, so that not a single octet is echoed or changed before a program sets its own mode. */
static int open_pair(struct tty *tty, int *master, int *slave)
{
	struct termios raw;
	int rc;

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (*master < 0)
		return -errno;
	if (grantpt(*master) || unlockpt(*master))
		goto fail;
	rc = ptsname_r(*master, tty->name, sizeof(tty->name));
	if (rc) {
		errno = rc;
		goto fail;
	}
	*slave = open(tty->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave < 0)
		goto fail;
	tcgetattr(*slave, &raw);
	cfmakeraw(&raw);
	tcsetattr(*slave, TCSANOW, &raw);
	return 0;
fail:
	rc = -errno;
	close(*master);
	return rc;
}

static int watch_slave(struct tty *tty)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (inotify_add_watch(fd, tty->name, IN_OPEN | IN_CLOSE) < 0) {
		int rc = -errno;

		close(fd);
		return rc;
	}
	osmo_fd_setup(&tty->watch, fd, OSMO_FD_READ, on_event, tty, 0);
	return osmo_fd_register(&tty->watch);
}

int tty_plug(struct tty *tty)
{
	int master, rc;

	if (tty->plugged)
		return 0;
	rc = open_pair(tty, &master, &tty->slave);
	if (rc)
		return rc;
	osmo_fd_setup(&tty->master, master, OSMO_FD_READ, on_event, tty, 0);
	osmo_fd_register(&tty->master);
	tty->plugged = true;
	tty->programs = 0;
	rc = watch_slave(tty) ?: make_link(tty);
	if (rc)
		tty_unplug(tty);
	return rc;
}

void tty_unplug(struct tty *tty)
{
	struct stat st;

	if (!tty->plugged)
		return;
	tty->plugged = false;
	osmo_timer_del(&tty->timer);
	tty->out_len = 0;
	if (osmo_fd_is_registered(&tty->watch))
		osmo_fd_close(&tty->watch);
	osmo_fd_close(&tty->master);
	close(tty->slave);
	if (lstat(tty->link, &st) == 0 && S_ISLNK(st.st_mode))
		unlink(tty->link);
}

bool tty_plugged(const struct tty *tty)
{
	return tty->plugged;
}

unsigned int tty_programs(const struct tty *tty)
{
	return tty->plugged ? tty->programs : 0;
}

const char *tty_name(const struct tty *tty)
{
	return tty->plugged ? tty->name : NULL;
}

static int tty_free(struct tty *tty)
{
	tty_unplug(tty);
	return 0;
}

int tty_open(struct tty **out, void *ctx, const char *link, unsigned int baud,
	     const struct tty_handler *handler)
{
	struct tty *tty = talloc_zero(ctx, struct tty);
	int rc;

	OSMO_ASSERT(tty);
	tty->link = talloc_strdup(tty, link);
	tty->out = talloc_size(tty, OUT_MAX);
	OSMO_ASSERT(tty->link && tty->out);
	tty->baud = baud;
	tty->handler = *handler;
	osmo_timer_setup(&tty->timer, on_timer, tty);
	rc = tty_plug(tty);
	if (rc) {
		talloc_free(tty);
		return rc;
	}
	talloc_set_destructor(tty, tty_free);
	*out = tty;
	return 0;
}
