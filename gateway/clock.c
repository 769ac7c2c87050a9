/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/clock.h"

#include <errno.h>
#include <inttypes.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/deadline.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/reminder.h"
#include "gateway/store/store.h"

/* Hour of the day at which demos and tests begin. */
#define CLOCK_HOUR 9

struct walk {
	struct gateway *gw;
	struct osmo_timer_list timer;
	int64_t target;
	int64_t give_up; /* of this step, on the monotonic clock, in milliseconds */
	void (*done)(void *data, int rc);
	void *data;
};

static int set_to_morning(struct store *st)
{
	int64_t now = store_now(st);
	int rc = store_exec(st, STORE_STMT_CLOCK_STARTED, STORE_ARGS(STORE_TEXT("test")));

	if (rc <= 0)
		return rc;
	rc = store_exec(st, STORE_STMT_CLOCK_MOVE,
			STORE_ARGS(STORE_INT(civil_day_at(now, 0, CLOCK_HOUR, 0) - now)));
	return rc < 0 ? rc : 0;
}

/* Only the first start writes: a gateway that is started again takes up its modems even while another program
 * holds the database. */
int clock_start(struct gateway *gw)
{
	int64_t ignored;
	int rc = store_get_int(gw->store, &ignored, STORE_STMT_META_GET,
			       STORE_ARGS(STORE_TEXT("clock")));

	if (rc != -ENOENT)
		return rc;
	rc = store_begin(gw->store);
	if (!rc)
		rc = set_to_morning(gw->store);
	if (!rc)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}

static int walk_destroy(struct walk *w)
{
	osmo_timer_del(&w->timer);
	return 0;
}

static void walk_end(struct walk *w, int rc)
{
	void (*done)(void *data, int rc) = w->done;
	void *data = w->data;

	w->gw->walk = NULL;
	talloc_free(w);
	done(data, rc);
}

static int remind(struct gateway *gw, int64_t now)
{
	int rc = reminder_due(gw, now);

	if (rc > 0) {
		reminder_stale(gw);
		reminder_tick(gw, now);
	}
	return rc;
}

/* Is anything left to do at this time? \returns 0, a number, or an error of store.h. */
static int work_left(struct gateway *gw, int64_t now)
{
	int rc;

	if (inbox_waiting(gw))
		return 1;
	rc = notice_waiting(gw);
	if (!rc)
		rc = deadline_due(gw, now);
	if (!rc)
		rc = remind(gw, now);
	return rc ? rc : outbox_due(gw, now);
}

/* The next moment at which something happens, or the target. */
static int next_stop(struct walk *w, int64_t *stop, int64_t now)
{
	int64_t next[] = { 0, 0, 0 };
	int rc = deadline_next(w->gw, &next[0], now);

	if (!rc)
		rc = reminder_next(w->gw, &next[1], now);
	if (!rc)
		rc = outbox_next(w->gw, &next[2], now);
	*stop = w->target;
	for (size_t i = 0; i < ARRAY_SIZE(next); i++) {
		if (next[i] && next[i] < *stop)
			*stop = next[i];
	}
	return rc;
}

static int move(struct gateway *gw, int64_t seconds)
{
	int rc = store_begin(gw->store);

	if (!rc)
		rc = store_exec(gw->store, STORE_STMT_CLOCK_MOVE, STORE_ARGS(STORE_INT(seconds)));
	if (rc >= 0)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}

/* One step, if the work of the last one is done. */
static int walk_step(struct walk *w)
{
	struct gateway *gw = w->gw;
	int64_t now = store_now(gw->store);
	int64_t stop;
	int rc = work_left(gw, now);

	if (rc)
		return rc < 0 ? rc : 0;
	w->give_up = trouble_clock() + CLOCK_STEP_MS;
	if (now >= w->target) {
		walk_end(w, 0);
		return 0;
	}
	rc = next_stop(w, &stop, now);
	if (!rc)
		rc = move(gw, stop - now);
	if (rc)
		return rc;
	trouble_over(gw);
	deadline_kick(gw);
	reminder_stale(gw);
	outbox_kick(gw);
	clock_poke(gw);
	return 0;
}

static void walk_run(void *data)
{
	struct walk *w = data;
	struct gateway *gw = w->gw;
	int rc;

	if (trouble_clock() >= w->give_up) {
		LOGP(DCLOCK, LOGL_ERROR, "the clock stays: something that is due does not end\n");
		walk_end(w, -ETIME);
		return;
	}
	if (trouble_waits(gw))
		return;
	rc = walk_step(w);
	if (rc)
		trouble_met(gw, rc);
}

int clock_walk(struct gateway *gw, int64_t seconds, void (*done)(void *data, int rc), void *data)
{
	struct walk *w;

	if (!gw->clock_test)
		return -EPERM;
	if (gw->walk)
		return -EALREADY;
	if (seconds < 0 || seconds > CLOCK_WALK_MAX)
		return -ERANGE;
	w = talloc_zero(gw, struct walk);
	OSMO_ASSERT(w);
	w->gw = gw;
	w->target = store_now(gw->store) + seconds;
	w->give_up = trouble_clock() + CLOCK_STEP_MS;
	w->done = done;
	w->data = data;
	osmo_timer_setup(&w->timer, walk_run, w);
	talloc_set_destructor(w, walk_destroy);
	gw->walk = w;
	clock_poke(gw);
	return 0;
}

void clock_poke(struct gateway *gw)
{
	if (gw->walk)
		osmo_timer_schedule(&gw->walk->timer, 0, 0);
}

void clock_tick(struct gateway *gw)
{
	if (gw->walk)
		walk_run(gw->walk);
}
