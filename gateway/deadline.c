/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/deadline.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "gateway/clock.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/store/store.h"

/* Fired in one transaction at most: the loop has other work. */
#define TURN_MAX 32
/* Milliseconds between two looks while others change what is due. */
#define LOOK_MS  500
/* Refused ones that are remembered at most. */
#define HELD_MAX 256
/* Pause after a refusal, in seconds: doubled each time. */
#define HOLD_MIN 60
#define HOLD_MAX 3600

struct due {
	char machine[16];
	int64_t subject;
	int64_t version;
	char event[24];
	int64_t due_at;
};

/* One that the database listed and then refused. */
struct held {
	struct llist_head entry;
	struct due due;
	unsigned int refusals;
	int64_t until;
};

struct deadline {
	struct gateway *gw;
	struct osmo_timer_list timer;
	struct llist_head held;
	unsigned int n_held;
	bool stale;      /* next_at may be wrong */
	int64_t look_at; /* not again before, on the monotonic clock: the view is no cheap question */
	int64_t next_at; /* 0: none */
};

void deadline_kick(struct gateway *gw)
{
	if (!gw->deadline)
		return;
	gw->deadline->stale = true;
	osmo_timer_schedule(&gw->deadline->timer, 0, 0);
}

void deadline_stale(struct gateway *gw)
{
	if (gw->deadline)
		gw->deadline->stale = true;
}

static struct held *held_find(struct deadline *d, const struct due *due)
{
	struct held *h;

	llist_for_each_entry(h, &d->held, entry) {
		if (h->due.subject == due->subject && h->due.due_at == due->due_at
		    && strcmp(h->due.machine, due->machine) == 0
		    && strcmp(h->due.event, due->event) == 0)
			return h;
	}
	return NULL;
}

static void held_free(struct deadline *d, struct held *h)
{
	llist_del(&h->entry);
	d->n_held--;
	talloc_free(h);
}

/* Forget those whose pause has long been over: they are no longer listed. */
static void held_forget(struct deadline *d, int64_t now)
{
	struct held *h, *next;

	llist_for_each_entry_safe(h, next, &d->held, entry) {
		if (now > h->until + 2 * HOLD_MAX || h->until > now + 2 * HOLD_MAX)
			held_free(d, h);
	}
}

/* A row may be refused because an earlier one of the same turn changed what it was about: it is logged when it is
 * listed and refused again. */
static void hold(struct deadline *d, const struct due *due, const char *why, int64_t now)
{
	struct held *h = held_find(d, due);
	int64_t pause;

	if (!h) {
		if (d->n_held == HELD_MAX)
			held_free(d, llist_first_entry(&d->held, struct held, entry));
		h = talloc_zero(d, struct held);
		OSMO_ASSERT(h);
		h->due = *due;
		llist_add_tail(&h->entry, &d->held);
		d->n_held++;
	}
	pause = h->refusals ? (int64_t)HOLD_MIN << OSMO_MIN(h->refusals - 1, 6U) : 0;
	h->until = now + OSMO_MIN(pause, HOLD_MAX);
	if (++h->refusals == 2)
		LOGP(DCLOCK, LOGL_ERROR, "deadline %s.%s of %" PRId64 " waits: %s\n", due->machine,
		     due->event, due->subject, why);
}

static bool is_held(struct deadline *d, const struct due *due, int64_t now)
{
	const struct held *h = held_find(d, due);

	return h && now < h->until;
}

/* What is due and not held, at most max. */
static int list(struct deadline *d, struct due *out, int max, int64_t at, int64_t now)
{
	struct store_rows *rows =
		store_query(d->gw->store, STORE_STMT_DEADLINE_DUE,
			    STORE_ARGS(STORE_INT(at), STORE_INT(max + d->n_held)));
	int rc = 0, n = 0;

	if (!rows)
		return store_errno(d->gw->store);
	while (n < max && (rc = store_next(rows)) == 1) {
		struct due *due = &out[n];

		OSMO_STRLCPY_ARRAY(due->machine, store_text(rows, 0));
		due->subject = store_int(rows, 1);
		due->version = store_int(rows, 2);
		OSMO_STRLCPY_ARRAY(due->event, store_text(rows, 3));
		due->due_at = store_int(rows, 4);
		if (!is_held(d, due, now))
			n++;
	}
	store_done(rows);
	return rc < 0 ? rc : n;
}

static int fire(struct deadline *d, const struct due *due, int64_t now)
{
	char idem[128];
	struct store_event ev = {
		.machine = due->machine,
		.subject = due->subject,
		.version = due->version,
		.event = due->event,
		.role = "SYS",
		.channel = "timer",
		.idem = idem, /* at is left to the database: a clock that was set back is no obstacle */
	};
	struct store_refusal refusal = { 0 };
	int64_t version = due->version;
	int rc;

	snprintf(idem, sizeof(idem), "deadline/%.15s/%" PRId64 "/%.23s/%" PRId64, due->machine,
		 due->subject, due->event, due->due_at);
	rc = store_fire(d->gw->store, &ev, NULL, &version, &refusal);
	if (rc == 1)
		hold(d, due, refusal.message, now);
	else if (rc == 0 && version <= due->version)
		hold(d, due, "it had been fired before, without effect", now);
	else if (rc == 0)
		LOGP(DCLOCK, LOGL_INFO, "deadline %s.%s of %" PRId64 "\n", due->machine, due->event,
		     due->subject);
	return rc < 0 ? rc : 0;
}

static int fire_all(struct deadline *d, const struct due *due, int n, int64_t now)
{
	struct store *st = d->gw->store;
	int rc = store_begin(st);

	for (int i = 0; i < n && !rc; i++)
		rc = fire(d, &due[i], now);
	if (!rc)
		rc = notice_run(d->gw);
	if (!rc)
		rc = store_commit(st);
	if (rc)
		store_rollback(st);
	return rc;
}

/* The next row, or the end of the next pause after a refusal. */
static int read_next(struct deadline *d, int64_t now)
{
	const struct held *h;
	int rc = deadline_next(d->gw, &d->next_at, now);

	llist_for_each_entry(h, &d->held, entry) {
		if (!d->next_at || h->until < d->next_at)
			d->next_at = OSMO_MAX(h->until, now + 1);
	}
	return rc;
}

static void run(void *data)
{
	struct deadline *d = data;
	int64_t now = store_now(d->gw->store);
	struct due due[TURN_MAX];
	int rc, n;

	if (trouble_waits(d->gw))
		return;
	held_forget(d, now);
	n = list(d, due, TURN_MAX, now, now);
	rc = n;
	if (n > 0) {
		rc = fire_all(d, due, n, now);
		if (rc == 0)
			trouble_over(d->gw);
	}
	if (rc == 0)
		rc = read_next(d, now);
	d->stale = rc != 0 || n > 0;
	d->look_at = trouble_clock() + LOOK_MS;
	if (rc < 0) {
		trouble_met(d->gw, rc);
		return;
	}
	if (n > 0)
		osmo_timer_schedule(&d->timer, 0, 0);
	clock_poke(d->gw);
}

void deadline_tick(struct gateway *gw, int64_t now)
{
	struct deadline *d = gw->deadline;
	bool stale = d->stale && trouble_clock() >= d->look_at;

	if (stale || (d->next_at && now >= d->next_at))
		run(d);
}

static int deadline_destroy(struct deadline *d)
{
	osmo_timer_del(&d->timer);
	return 0;
}

struct deadline *deadline_open(struct gateway *gw)
{
	struct deadline *d = talloc_zero(gw, struct deadline);

	OSMO_ASSERT(d);
	d->gw = gw;
	d->stale = true;
	INIT_LLIST_HEAD(&d->held);
	osmo_timer_setup(&d->timer, run, d);
	talloc_set_destructor(d, deadline_destroy);
	return d;
}

int deadline_due(struct gateway *gw, int64_t at)
{
	struct due due;

	return list(gw->deadline, &due, 1, at, at);
}

int deadline_next(struct gateway *gw, int64_t *next, int64_t at)
{
	return store_get_int(gw->store, next, STORE_STMT_DEADLINE_NEXT, STORE_ARGS(STORE_INT(at)));
}
