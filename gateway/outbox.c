/* The sender: claims, hands over, and writes down what came of it.
 *
 * One turn is one transaction: the results and reports that came in, then what
 * has become useless or is in doubt no longer, then a claim for every bearer
 * that has nothing to do. Bodies leave after its commit.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "gateway/clock.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/carrier.h"
#include "gateway/outbox_state.h"
#include "gateway/report.h"
#include "gateway/store/store.h"

/* Reports kept in memory at most; the SIM keeps the rest. */
#define REPORTS_MAX 256
/* Seconds that a message may seem to be of the future, because several clocks stamp. */
#define AHEAD       60

void outbox_kick(struct gateway *gw)
{
	if (!gw->outbox)
		return;
	gw->outbox->again = true; /* the timer stands still if the wall clock is set back now */
	osmo_timer_schedule(&gw->outbox->timer, 0, 0);
}

static void flight_free(struct flight *f)
{
	llist_del(&f->entry);
	talloc_free(f);
}

static int apply_reports(struct outbox *o, int64_t now)
{
	struct waiting_report *w;
	int rc = 0;

	llist_for_each_entry(w, &o->reports, entry) {
		if (!rc)
			rc = report_apply(o->gw, w->bearer->worker, &w->report, now);
	}
	return rc;
}

static int turn(struct outbox *o, int64_t now)
{
	int rc = outbox_settle(o, now);

	if (!rc)
		rc = apply_reports(o, now);
	if (!rc)
		rc = outbox_sweep(o, now);
	if (!rc)
		rc = notice_run(o->gw); /* the coordinator hears of what could not be sent */
	return rc ? rc : outbox_claim(o, now);
}

/* The turn is not committed: what it planned never was. */
static void undo(struct outbox *o)
{
	struct flight *f, *next;

	llist_for_each_entry_safe(f, next, &o->flights, entry) {
		f->settled = false;
		if (!f->launched)
			flight_free(f);
	}
}

static void launch(struct outbox *o, struct flight *f)
{
	int rc;

	f->launched = true;
	rc = f->bearer->ops->send(f->bearer, f->ref, &f->sms);
	if (rc == 0) {
		f->taken = true;
		return;
	}
	LOGP(DOUTBOX, LOGL_NOTICE, "message %" PRId64 ": %s does not take part %d: %s\n", f->id,
	     f->bearer->worker, f->part, strerror(-rc));
	f->returned = true;
	f->taken = f->counts = rc == -EINVAL;
	f->result = (struct bearer_result){ rc == -EINVAL ? BEARER_REFUSED : BEARER_FAILED, -1, 0 };
	f->bearer->ready = rc == -EINVAL;
	outbox_kick(o->gw);
}

static void committed(struct outbox *o)
{
	struct waiting_report *w, *next_w;
	struct flight *f, *next;

	o->begun = true;
	llist_for_each_entry_safe(w, next_w, &o->reports, entry) {
		if (w->slot)
			w->bearer->ops->release(w->bearer, w->slot);
		llist_del(&w->entry);
		talloc_free(w);
	}
	o->n_reports = 0;
	llist_for_each_entry_safe(f, next, &o->flights, entry) {
		if (f->settled)
			flight_free(f);
		else if (!f->launched)
			launch(o, f);
	}
}

static bool idle_bearer(struct outbox *o, int64_t now)
{
	struct bearer *b;

	llist_for_each_entry(b, &o->gw->bearers, entry) {
		if (b->ready && !carrier_pauses(b, now) && !outbox_flight_of(o, b))
			return true;
	}
	return false;
}

static bool has_work(struct outbox *o, int64_t now)
{
	struct flight *f;

	if (!o->begun || o->n_reports || (o->wake_at && now >= o->wake_at))
		return true;
	llist_for_each_entry(f, &o->flights, entry) {
		if (f->returned)
			return true;
	}
	return idle_bearer(o, now) && outbox_due(o->gw, now) != 0;
}

static int read_wake(struct outbox *o, int64_t now)
{
	const struct bearer *b;
	int64_t at = 0;
	int rc = store_get_int(o->gw->store, &at, STORE_STMT_OUTBOX_WAKE,
			       STORE_ARGS(STORE_INT(now)));

	llist_for_each_entry(b, &o->gw->bearers, entry) {
		if (carrier_pauses(b, now) && (!at || b->carrier.until < at))
			at = b->carrier.until;
	}
	o->wake_at = at;
	return rc;
}

static void run(void *data)
{
	struct outbox *o = data;
	struct store *st = o->gw->store;
	int64_t now = store_now(st);
	int rc;

	o->again = true;
	if (trouble_waits(o->gw))
		return;
	if (has_work(o, now)) {
		rc = store_begin(st);
		if (!rc)
			rc = turn(o, now);
		if (!rc)
			rc = store_commit(st);
		if (rc) {
			store_rollback(st);
			undo(o);
			trouble_met(o->gw, rc);
			return;
		}
		trouble_over(o->gw);
		committed(o);
	}
	o->again = read_wake(o, now) != 0;
	clock_poke(o->gw);
}

static int set_back(struct store *st, int64_t now)
{
	int rc = store_begin(st);

	if (!rc)
		rc = store_exec(st, STORE_STMT_OUTBOX_SET_BACK,
				STORE_ARGS(STORE_INT(now), STORE_INT(AHEAD)));
	if (rc >= 0)
		rc = store_exec(st, STORE_STMT_OUTBOX_SET_BACK_TRIED,
				STORE_ARGS(STORE_INT(now), STORE_INT(CARRIER_WAIT_MAX)));
	if (rc >= 0)
		rc = store_exec(st, STORE_STMT_OUTBOX_SET_BACK_DOUBT,
				STORE_ARGS(STORE_INT(now), STORE_INT(OUTBOX_DOUBT_WAIT)));
	rc = rc < 0 ? rc : store_commit(st);
	if (rc)
		store_rollback(st);
	return rc;
}

int outbox_set_back(struct gateway *gw, int64_t now)
{
	int rc;

	if (trouble_waits(gw))
		return -EBUSY;
	rc = set_back(gw->store, now);
	if (rc)
		trouble_met(gw, rc);
	else
		outbox_kick(gw);
	return rc;
}

void outbox_tick(struct gateway *gw, int64_t now)
{
	struct outbox *o = gw->outbox;

	if (o->again || (o->wake_at && now >= o->wake_at))
		run(o);
}

static int outbox_destroy(struct outbox *o)
{
	osmo_timer_del(&o->timer);
	return 0;
}

struct outbox *outbox_open(struct gateway *gw)
{
	struct outbox *o = talloc_zero(gw, struct outbox);

	OSMO_ASSERT(o);
	o->gw = gw;
	o->again = true;
	INIT_LLIST_HEAD(&o->flights);
	INIT_LLIST_HEAD(&o->reports);
	osmo_timer_setup(&o->timer, run, o);
	talloc_set_destructor(o, outbox_destroy);
	return o;
}

bool outbox_idle(const struct gateway *gw)
{
	return llist_empty(&gw->outbox->flights) && llist_empty(&gw->outbox->reports);
}

/* When the first bearer that is there sends again, if all of them pause; 0 if one sends, or none is there. */
static int64_t all_pause_until(const struct gateway *gw, int64_t at)
{
	const struct bearer *b;
	int64_t until = 0;

	llist_for_each_entry(b, &gw->bearers, entry) {
		if (!b->ready)
			continue;
		if (!carrier_pauses(b, at))
			return 0;
		until = until ? OSMO_MIN(until, b->carrier.until) : b->carrier.until;
	}
	return until;
}

int outbox_due(struct gateway *gw, int64_t at)
{
	int64_t n = 0;
	int rc = store_get_int(gw->store, &n, STORE_STMT_OUTBOX_DUE,
			       STORE_ARGS(STORE_INT(at), STORE_INT(!all_pause_until(gw, at))));

	return rc ? rc : (int)n;
}

int outbox_next(struct gateway *gw, int64_t *next, int64_t at)
{
	int64_t until = all_pause_until(gw, at);
	int rc = store_get_int(gw->store, next, STORE_STMT_OUTBOX_NEXT, STORE_ARGS(STORE_INT(at)));

	if (!rc && until && (!*next || until < *next))
		*next = until;
	return rc;
}

void outbox_result(struct gateway *gw, struct bearer *bearer, uint32_t ref,
		   const struct bearer_result *result)
{
	struct flight *f;

	llist_for_each_entry(f, &gw->outbox->flights, entry) {
		if (f->bearer != bearer || f->ref != ref || f->returned)
			continue;
		f->returned = true;
		f->result = *result;
		f->counts = carrier_result(bearer, f->sms.to, result, store_now(gw->store));
		outbox_kick(gw);
		return;
	}
	LOGP(DOUTBOX, LOGL_ERROR, "%s: a result for %u, which it was not given\n", bearer->worker,
	     ref);
}

void outbox_report(struct gateway *gw, struct bearer *bearer, uint32_t slot,
		   const struct bearer_report *report)
{
	struct outbox *o = gw->outbox;
	struct waiting_report *w;

	if (o->n_reports >= REPORTS_MAX)
		return;
	w = talloc_zero(o, struct waiting_report);
	OSMO_ASSERT(w);
	w->bearer = bearer;
	w->slot = slot;
	w->report = *report;
	llist_add_tail(&w->entry, &o->reports);
	o->n_reports++;
	outbox_kick(gw);
}
