/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/tick.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bearer/bearer.h"
#include "gateway/clock.h"
#include "gateway/deadline.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/purge.h"
#include "gateway/reminder.h"
#include "gateway/store/store.h"

/* Seconds that a clock may be set back by and be no matter: what NTP does every day. */
#define BACK 5
/* Beats without a change after which the memory is given back that a busy time took. */
#define REST (30 * 1000 / TICK_MS)

struct tick {
	struct gateway *gw;
	struct osmo_fd ofd;
	int64_t seen;    /* store_foreign_changes() when we looked last */
	int64_t changes; /* store_changes() likewise */
	int quiet;       /* beats since it was another */
	int64_t now; /* of the last beat; 0: there was none, or what a clock left that was ahead is not put right */
};

static int write_notices(struct gateway *gw)
{
	int rc = store_begin(gw->store);

	if (!rc)
		rc = notice_run(gw);
	if (!rc)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}

/* Another program wrote: its events may have moved deadlines, and queued messages. */
static void look_at_changes(struct tick *t)
{
	int64_t changes = store_foreign_changes(t->gw->store);

	if (changes == t->seen)
		return;
	t->seen = changes;
	deadline_kick(t->gw);
	outbox_kick(t->gw);
}

/* Left by others' events, or by messages of ours that could not be delivered. */
static void look_at_notices(struct gateway *gw)
{
	int rc = notice_waiting(gw);

	if (rc > 0 && !trouble_waits(gw)) {
		rc = write_notices(gw);
		if (!rc)
			trouble_over(gw);
	}
	if (rc < 0)
		trouble_met(gw, rc);
}

/* A clock that was ahead left times behind that are far off now: in a life before this one, or until it was set back. */
static void look_at_clock(struct tick *t, int64_t now)
{
	if (t->now && now >= t->now - BACK) {
		t->now = now;
		return;
	}
	if (t->now)
		LOGP(DCLOCK, LOGL_NOTICE, "the clock was set back by %" PRId64 " seconds\n",
		     t->now - now);
	deadline_kick(t->gw);
	reminder_stale(t->gw);
	t->now = outbox_set_back(t->gw, now) ? 0 : now;
}

static void look_at_rest(struct tick *t)
{
	int64_t changes = store_changes(t->gw->store);

	if (changes != t->changes)
		t->quiet = 0;
	else if (t->quiet <= REST && t->quiet++ == REST)
		store_rest(t->gw->store);
	t->changes = changes;
}

void tick_beat(struct tick *t)
{
	struct gateway *gw = t->gw;
	int64_t now;

	look_at_changes(t);
	look_at_rest(t);
	look_at_notices(gw);
	now = store_now(gw->store);
	look_at_clock(t, now);
	inbox_tick(gw, now);
	deadline_tick(gw, now);
	reminder_tick(gw, now);
	outbox_tick(gw, now);
	purge_tick(gw, now);
	clock_tick(gw);
}

static int expired(struct osmo_fd *ofd, unsigned int what)
{
	uint64_t n;

	(void)what;
	if (read(ofd->fd, &n, sizeof(n)) == sizeof(n))
		tick_beat(ofd->data);
	return 0;
}

static int tick_destroy(struct tick *t)
{
	osmo_timerfd_disable(&t->ofd);
	osmo_fd_close(&t->ofd);
	return 0;
}

int tick_open(struct tick **out, struct gateway *gw)
{
	static const struct timespec beat = { .tv_nsec = TICK_MS * 1000000L };
	struct tick *t = talloc_zero(gw, struct tick);
	int rc;

	OSMO_ASSERT(t);
	t->gw = gw;
	t->ofd.fd = -1;
	rc = osmo_timerfd_setup(&t->ofd, expired, t);
	if (rc < 0) {
		talloc_free(t);
		return rc;
	}
	talloc_set_destructor(t, tick_destroy);
	rc = osmo_timerfd_schedule(&t->ofd, &beat, &beat);
	if (rc < 0) {
		talloc_free(t);
		return -errno;
	}
	*out = t;
	return 0;
}
