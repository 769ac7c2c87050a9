/* What came of the parts that were handed over: results, doubts and their ends, what is of no more use.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/outbox_state.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/cause.h"

#include "gateway/budget.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/message.h"
#include "gateway/carrier.h"
#include "gateway/store/store.h"

/* Times that a message may be in doubt because of a line that takes nothing: half a day of its pauses. */
#define DOUBTS_MAX 24

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
		rc = outbox_plan(o, f->bearer, m, rc);
		return rc < 0 ? rc : 0;
	}
	m->due_at = now;
	return message_move(st, m, "queued", NULL);
}

/* Why, in words for the coordinator. */
static void because(struct message *m, const struct flight *f, const char *what)
{
	if (f->result.cause)
		message_because(m, "%s, CMS ERROR %d: %s", what, f->result.cause,
				cause_text(f->result.cause));
	else
		message_because(m, "%s", what);
}

/* It did not leave. */
static int settle_failed(struct outbox *o, struct flight *f, struct message *m, int64_t now)
{
	bool final = f->result.outcome == BEARER_REFUSED;
	int rc;

	/* a line that takes nothing says so of every number */
	final = final && !f->bearer->carrier.blamed;
	rc = message_part_move(o->gw->store, f->id, f->part, final ? "failed" : "queued", -1, 0, 0);
	if (rc)
		return rc;
	if (final)
		m->attempts = MESSAGE_ATTEMPTS;
	else
		m->attempts += f->taken && f->counts;
	because(m, f, final ? "refused" : "not sent");
	if (m->attempts >= MESSAGE_ATTEMPTS)
		return message_move(o->gw->store, m, "failed", NULL);
	m->due_at = f->taken ? carrier_next(f->bearer, now) : now;
	return message_move(o->gw->store, m, "queued", NULL);
}

/* The part that was with a modem may have left; unless a report told already. */
static int doubt(struct outbox *o, struct message *m, int64_t now)
{
	int rc = message_parts_move(o->gw->store, m->id, "sending", "doubt");

	if (rc < 0)
		return rc;
	m->due_at = now + OUTBOX_DOUBT_WAIT;
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
		rc = outbox_refused(o, m, rc, now);
	LOGP(DOUTBOX, LOGL_INFO, "message %" PRId64 ": part %d on %s: %s\n", m->id, f->part,
	     f->bearer->worker, m->state);
out:
	talloc_free(m);
	return rc;
}

int outbox_settle(struct outbox *o, int64_t now)
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
	int64_t ids[OUTBOX_TURN_MAX];
	struct store_rows *rows = store_query(o->gw->store, stmt, args);
	int rc, n = 0;

	if (!rows)
		return store_errno(o->gw->store);
	while (n < OUTBOX_TURN_MAX && (rc = store_next(rows)) == 1) {
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
			rc = outbox_refused(o, m, rc, now);
		talloc_free(m);
	}
	return rc < 0 ? rc : n;
}

static int expire(struct outbox *o, struct message *m, int64_t now)
{
	(void)now;
	return message_move(o->gw->store, m, "expired", NULL);
}

/* Neither did a report come, nor has its line taken anything since: it did not leave. */
static bool kept_by_carrier(struct outbox *o, const struct message *m)
{
	const struct bearer *b = bearer_find(o->gw, m->worker);
	int64_t since = m->due_at - OUTBOX_DOUBT_WAIT;

	return b && b->carrier.blamed && since >= b->carrier.since && m->doubts < DOUBTS_MAX;
}

/* No report came in time. */
static int end_doubt(struct outbox *o, struct message *m, int64_t now)
{
	bool kept = kept_by_carrier(o, m);

	m->due_at = now;
	if (kept) {
		message_because(m, "the network takes no messages");
		return message_move(o->gw->store, m, "queued", NULL);
	}
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

	if (rc || strcmp(m->state, "queued") != 0)
		return rc;
	rc = message_parts_move(o->gw->store, m->id, "doubt", "queued");
	return rc < 0 ? rc : budget_add(o->gw, m->number, rc, now); /* they cost once more */
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

int outbox_sweep(struct outbox *o, int64_t now)
{
	int rc = each(o, STORE_STMT_OUTBOX_SENDING, NULL, now, recover);

	if (rc >= 0)
		rc = each(o, STORE_STMT_OUTBOX_USELESS, STORE_ARGS(STORE_INT(now)), now, expire);
	if (rc >= 0)
		rc = each(o, STORE_STMT_OUTBOX_DOUBTS, STORE_ARGS(STORE_INT(now)), now,
			  end_doubt_parts);
	return rc < 0 ? rc : 0;
}
