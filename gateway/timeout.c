/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/timeout.h"

#include <time.h>
#include <unistd.h>

#include <osmocom/core/utils.h>

static int expired(struct osmo_fd *ofd, unsigned int what)
{
	struct timeout *t = ofd->data;
	uint64_t times;

	(void)what;
	if (read(ofd->fd, &times, sizeof(times)) != sizeof(times) || !t->running)
		return 0; /* it was started anew, or stopped, in this turn of the loop */
	t->running = false;
	t->fired(t->data);
	return 0;
}

void timeout_init(struct timeout *t, void (*fired)(void *data), void *data)
{
	*t = (struct timeout){ .fired = fired, .data = data };
	t->ofd.fd = -1;
	OSMO_ASSERT(osmo_timerfd_setup(&t->ofd, expired, t) == 0);
}

void timeout_start(struct timeout *t, unsigned int ms)
{
	struct timespec first = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	if (!ms)
		first.tv_nsec = 1; /* zero would stop it */
	osmo_timerfd_schedule(&t->ofd, &first, &(struct timespec){ 0 });
	t->running = true;
}

void timeout_stop(struct timeout *t)
{
	if (t->running)
		osmo_timerfd_disable(&t->ofd);
	t->running = false;
}

bool timeout_running(const struct timeout *t)
{
	return t->running;
}

void timeout_close(struct timeout *t)
{
	if (t->fired && t->ofd.fd >= 0)
		osmo_fd_close(&t->ofd);
	*t = (struct timeout){ 0 };
	t->ofd.fd = -1;
}
