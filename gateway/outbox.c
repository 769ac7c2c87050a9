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

#include "messages/parts.h"

#include "gateway/clock.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/message.h"
#include "gateway/notice.h"
#include "gateway/report.h"
#include "gateway/store/store.h"

/* Seconds that a status report has to decide a doubt. */
#define DOUBT_WAIT  180
/* Reports kept in memory at most; the SIM keeps the rest. */
#define REPORTS_MAX 256
/* Messages looked at in one turn at most: the loop has other work. */
#define TURN_MAX    32

/* Seconds before the next try, after the first, the second, ... */
static const int pauses[MESSAGE_ATTEMPTS] = { 5, 30, 120, 600, 600 };

/* A part that is with a bearer, or is about to be. */
struct flight {
	struct llist_head entry;
	struct bearer *bearer;
	int64_t id;
	int part;
	uint32_t ref;
	struct sms_out sms;
	bool launched; /* after the commit of its claim */
	bool returned; /* result has come */
	bool taken;    /* the bearer did take it: the try counts */
	bool settled;  /* written in this turn, not yet committed */
	struct bearer_result result;
};

struct waiting_report {
	struct llist_head entry;
	struct bearer *bearer;
	uint32_t slot;
	struct bearer_report report;
};

struct outbox {
	struct gateway *gw;
	struct osmo_timer_list timer;
	struct llist_head flights;
	struct llist_head reports;
	unsigned int n_reports;
	uint32_t last_ref;
	bool begun;      /* a first turn was made, and what a previous life left is in doubt now */
	bool again;      /* the last turn failed */
	int64_t wake_at; /* of the store's clock; 0: nothing is to come */
};

void outbox_kick(struct gateway *gw)
{
	if (gw->outbox)
		osmo_timer_schedule(&gw->outbox->timer, 0, 0);
}

static struct flight *flight_of(struct outbox *o, const struct bearer *b)
{
	struct flight *f;

	llist_for_each_entry(f, &o->flights, entry) {
		if (f->bearer == b && !f->settled)
			return f;
	}
	return NULL;
}

static void flight_free(struct flight *f)
{
	llist_del(&f->entry);
	talloc_free(f);
}

/* A move that the database should not refuse: one message is put off, the others go on. */
static int refused(struct outbox *o, struct message *m, int rc, int64_t now)
{
	if (rc == -ESTALE)
		return 0; /* someone else moved it: then it is theirs */
	if (rc != -EPERM)
		return rc;
	LOGP(DOUTBOX, LOGL_ERROR, "message %" PRId64 " (%s) is put off: %s\n", m->id, m->state,
	     store_error(o->gw->store));
	return message_put_off(o->gw->store, m, now);
}

/* The next part of a message that is in `sending` is this bearer's. 1: planned; 0: there is no such part. */
static int plan(struct outbox *o, struct bearer *b, struct message *m, int part)
{
	struct sms_out parts[SMS_PARTS_MAX] = { 0 };
	int n = parts_split(parts, ARRAY_SIZE(parts), m->body, m->id & 0xff);
	struct flight *f;
	int rc;

	if (part > n) { /* its body was changed under us */
		LOGP(DOUTBOX, LOGL_ERROR, "message %" PRId64 " has no part %d\n", m->id, part);
		m->attempts = MESSAGE_ATTEMPTS;
		return message_move(o->gw->store, m, "failed", NULL);
	}
	rc = message_part_move(o->gw->store, m->id, part, "sending", -1, 0, 0);
	if (rc)
		return rc;
	f = talloc_zero(o, struct flight);
	OSMO_ASSERT(f);
	f->bearer = b;
	f->id = m->id;
	f->part = part;
	f->ref = ++o->last_ref;
	f->sms = parts[part - 1];
	f->sms.report = true;
	OSMO_STRLCPY_ARRAY(f->sms.to, m->number);
	llist_add_tail(&f->entry, &o->flights);
	return 1;
}

/* Claim a message for a bearer, part by part. 1: it has a part to send now. */
static int claim(struct outbox *o, struct bearer *b, struct message *m, int64_t now)
{
	struct store *st = o->gw->store;
	int64_t stopped = 0;
	int rc = 0;

	if (!m->reply)
		rc = store_get_int(st, &stopped, STORE_STMT_OUTBOX_STOPPED,
				   STORE_ARGS(STORE_TEXT(m->number)));
	if (rc)
		return rc;
	if (stopped)
		return message_move(st, m, "suppressed", NULL);
	if (m->use_by <= now)
		return message_move(st, m, "expired", NULL);
	OSMO_STRLCPY_ARRAY(m->worker, b->worker);
	rc = message_move(st, m, "sending", b->kind);
	if (rc)
		return rc;
	rc = message_next_part(st, m->id);
	if (rc == 0)
		return message_conclude(st, m, now);
	return rc < 0 ? rc : plan(o, b, m, rc);
}

/* The message of a worker's queue that comes first. 0 in *id if there is none. */
static int first_of(struct outbox *o, enum store_stmt stmt, const char *worker, bool own,
		    int64_t now, int64_t *id, int64_t *due_at)
{
	struct store_rows *rows = store_query(
		o->gw->store, stmt, STORE_ARGS(STORE_TEXT(worker), STORE_INT(now), STORE_INT(own)));
	int rc;

	if (!rows)
		return store_errno(o->gw->store);
	rc = store_next(rows);
	if (rc == 1 && (!*id || store_int(rows, 1) < *due_at)) {
		*id = store_int(rows, 0);
		*due_at = store_int(rows, 1);
	}
	store_done(rows);
	return rc < 0 ? rc : 0;
}

/* What this bearer is to send next: its own, anyone's, or what waits for a bearer that is not there; of that not
 * what is half sent, because a phone does not join parts that come from two numbers. */
static int pick(struct outbox *o, const struct bearer *b, enum store_stmt stmt, int64_t now,
		int64_t *id)
{
	const struct bearer *other;
	int64_t due_at = 0;
	int rc;

	*id = 0;
	rc = first_of(o, stmt, b->worker, true, now, id, &due_at);
	if (!rc)
		rc = first_of(o, stmt, "", true, now, id, &due_at);
	llist_for_each_entry(other, &o->gw->bearers, entry) {
		if (!rc && other != b && !other->ready)
			rc = first_of(o, stmt, other->worker, false, now, id, &due_at);
	}
	return rc;
}

static int claim_next(struct outbox *o, struct bearer *b, int64_t now)
{
	int rc = 0;

	for (int i = 0; i < TURN_MAX && rc == 0; i++) {
		struct message *m = NULL;
		int64_t id;

		rc = pick(o, b, STORE_STMT_OUTBOX_PICK_REPLY, now, &id);
		if (!rc && !id)
			rc = pick(o, b, STORE_STMT_OUTBOX_PICK_OTHER, now, &id);
		if (rc || !id)
			return rc;
		rc = message_load(&m, o, o->gw->store, id);
		if (rc)
			return rc;
		rc = claim(o, b, m, now);
		if (rc < 0)
			rc = refused(o, m, rc, now);
		talloc_free(m);
	}
	return rc < 0 ? rc : 0;
}

static int claim_all(struct outbox *o, int64_t now)
{
	struct bearer *b;

	llist_for_each_entry(b, &o->gw->bearers, entry) {
		bool idle = b->ready && !o->gw->ending && !flight_of(o, b);
		int rc = idle ? claim_next(o, b, now) : 0;

		if (rc)
			return rc;
	}
	return 0;
}

static int settle_sent(struct outbox *o, struct flight *f, struct message *m, int64_t now)
{
	struct store *st = o->gw->store;
	int rc = message_part_move(st, f->id, f->part, "sent", f->result.mr, now, 0);

	if (!rc)
		rc = message_next_part(st, f->id);
	if (rc == 0)
		return message_conclude(st, m, now);
	if (rc < 0)
		return rc;
	if (f->bearer->ready && !o->gw->ending) {
		rc = plan(o, f->bearer, m, rc);
		return rc < 0 ? rc : 0;
	}
	m->due_at = now;
	return message_move(st, m, "queued", NULL);
}

/* It did not leave. */
static int settle_failed(struct outbox *o, struct flight *f, struct message *m, int64_t now)
{
	bool final = f->result.outcome == BEARER_REFUSED;
	int rc = message_part_move(o->gw->store, f->id, f->part, final ? "failed" : "queued", -1, 0,
				   0);

	if (rc)
		return rc;
	if (f->taken)
		m->attempts = final ? MESSAGE_ATTEMPTS : m->attempts + 1;
	if (f->result.cause)
		message_because(m, "%s, CMS ERROR %d", final ? "refused" : "not sent",
				f->result.cause);
	else
		message_because(m, final ? "refused" : "not sent");
	if (m->attempts >= MESSAGE_ATTEMPTS)
		return message_move(o->gw->store, m, "failed", NULL);
	m->due_at = f->taken ? now + pauses[m->attempts - 1] : now;
	return message_move(o->gw->store, m, "queued", NULL);
}

/* The part that was with a modem may have left; unless a report told already. */
static int doubt(struct outbox *o, struct message *m, int64_t now)
{
	int rc = message_parts_move(o->gw->store, m->id, "sending", "doubt");

	if (rc < 0)
		return rc;
	m->due_at = now + DOUBT_WAIT;
	message_because(m, "it may have left: waiting for a report");
	rc = message_move(o->gw->store, m, "doubt", NULL);
	return rc ? rc : message_conclude(o->gw->store, m, now);
}

static int settle(struct outbox *o, struct flight *f, int64_t now)
{
	struct message *m = NULL;
	int rc = message_load(&m, o, o->gw->store, f->id);

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	if (strcmp(m->state, "sending") != 0)
		goto out;
	switch (f->result.outcome) {
	case BEARER_SENT:
		rc = settle_sent(o, f, m, now);
		break;
	case BEARER_REFUSED:
	case BEARER_FAILED:
		rc = settle_failed(o, f, m, now);
		break;
	case BEARER_UNKNOWN:
		rc = doubt(o, m, now);
		break;
	}
	if (rc)
		rc = refused(o, m, rc, now);
	LOGP(DOUTBOX, LOGL_INFO, "message %" PRId64 ": part %d on %s: %s\n", m->id, f->part,
	     f->bearer->worker, m->state);
out:
	talloc_free(m);
	return rc;
}

static int settle_all(struct outbox *o, int64_t now)
{
	struct flight *f, *next;
	int rc = 0;

	llist_for_each_entry_safe(f, next, &o->flights, entry) {
		if (rc || !f->returned || f->settled)
			continue;
		f->settled = true; /* before a plan for the same bearer */
		rc = settle(o, f, now);
	}
	return rc;
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

static bool is_flying(const struct outbox *o, int64_t id)
{
	const struct flight *f;

	llist_for_each_entry(f, &o->flights, entry) {
		if (f->id == id)
			return true;
	}
	return false;
}

/* Run fn on the messages that a query lists and no bearer has; they are read first, because fn moves them. */
static int each(struct outbox *o, enum store_stmt stmt, const struct store_arg *args, int64_t now,
		int (*fn)(struct outbox *o, struct message *m, int64_t now))
{
	int64_t ids[TURN_MAX];
	struct store_rows *rows = store_query(o->gw->store, stmt, args);
	int rc, n = 0;

	if (!rows)
		return store_errno(o->gw->store);
	while (n < TURN_MAX && (rc = store_next(rows)) == 1) {
		ids[n] = store_int(rows, 0);
		n += !is_flying(o, ids[n]);
	}
	store_done(rows);
	for (int i = 0; i < n && rc >= 0; i++) {
		struct message *m = NULL;

		rc = message_load(&m, o, o->gw->store, ids[i]);
		if (!rc)
			rc = fn(o, m, now);
		if (rc < 0 && m)
			rc = refused(o, m, rc, now);
		talloc_free(m);
	}
	return rc < 0 ? rc : n;
}

static int expire(struct outbox *o, struct message *m, int64_t now)
{
	(void)now;
	return message_move(o->gw->store, m, "expired", NULL);
}

/* No report came in time. */
static int end_doubt(struct outbox *o, struct message *m, int64_t now)
{
	m->due_at = now;
	m->attempts++;
	if (!m->resend || m->attempts >= MESSAGE_ATTEMPTS) {
		message_because(m, "it may have left, and no report came");
		m->attempts = MESSAGE_ATTEMPTS;
		return message_move(o->gw->store, m, "failed", NULL);
	}
	message_because(m, "no report came: sent again");
	return message_move(o->gw->store, m, "queued", NULL);
}

static int end_doubt_parts(struct outbox *o, struct message *m, int64_t now)
{
	int rc = end_doubt(o, m, now);

	if (!rc && strcmp(m->state, "queued") == 0)
		rc = message_parts_move(o->gw->store, m->id, "doubt", "queued");
	return rc < 0 ? rc : 0;
}

/* In `sending`, and no bearer has it: claimed by a life that ended, or is about to. Only the part that was with a
 * modem is in doubt. */
static int recover(struct outbox *o, struct message *m, int64_t now)
{
	int rc = doubt(o, m, now);

	if (!rc)
		LOGP(DOUTBOX, LOGL_NOTICE,
		     "message %" PRId64 " was being sent when another life ended: %s\n", m->id,
		     m->state);
	return rc;
}

static int turn(struct outbox *o, int64_t now)
{
	int rc = each(o, STORE_STMT_OUTBOX_SENDING, NULL, now, recover);

	if (rc >= 0)
		rc = settle_all(o, now);
	if (!rc)
		rc = apply_reports(o, now);
	if (!rc)
		rc = each(o, STORE_STMT_OUTBOX_USELESS, STORE_ARGS(STORE_INT(now)), now, expire);
	if (rc >= 0)
		rc = each(o, STORE_STMT_OUTBOX_DOUBTS, STORE_ARGS(STORE_INT(now)), now,
			  end_doubt_parts);
	return rc < 0 ? rc : claim_all(o, now);
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
	f->taken = rc == -EINVAL;
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

static bool idle_bearer(struct outbox *o)
{
	struct bearer *b;

	llist_for_each_entry(b, &o->gw->bearers, entry) {
		if (b->ready && !flight_of(o, b))
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
	return idle_bearer(o) && outbox_due(o->gw, now) != 0;
}

static int read_wake(struct outbox *o, int64_t now)
{
	int64_t at = 0;
	int rc = store_get_int(o->gw->store, &at, STORE_STMT_OUTBOX_WAKE,
			       STORE_ARGS(STORE_INT(now)));

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
			rc = notice_run(
				o->gw); /* the coordinator hears of what could not be sent */
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

int outbox_due(struct gateway *gw, int64_t at)
{
	int64_t n = 0;
	int rc = store_get_int(gw->store, &n, STORE_STMT_OUTBOX_DUE, STORE_ARGS(STORE_INT(at)));

	return rc ? rc : (int)n;
}

int outbox_next(struct gateway *gw, int64_t *next, int64_t at)
{
	return store_get_int(gw->store, next, STORE_STMT_OUTBOX_NEXT, STORE_ARGS(STORE_INT(at)));
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
