/* Who sends what next.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/outbox_state.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "messages/parts.h"

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/message.h"
#include "gateway/carrier.h"
#include "gateway/quiet.h"
#include "gateway/store/store.h"

struct flight *outbox_flight_of(struct outbox *o, const struct bearer *b)
{
	struct flight *f;

	llist_for_each_entry(f, &o->flights, entry) {
		if (f->bearer == b && !f->settled)
			return f;
	}
	return NULL;
}

/* A move that the database should not refuse: one message is put off, the others go on. */
int outbox_refused(struct outbox *o, struct message *m, int rc, int64_t now)
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
int outbox_plan(struct outbox *o, struct bearer *b, struct message *m, int part)
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

/* When it may leave: in the morning, if it could not leave in the day and may wait, and no part of it is gone. */
static int64_t not_before(const struct outbox *o, const struct message *m, int64_t now)
{
	const struct template *t = m->template && !m->reply
					   ? catalogue_find(o->gw->catalogue, m->template)
					   : NULL;
	bool waits = t && t->wait && message_next_part(o->gw->store, m->id) == 1;

	return waits ? quiet_over(o->gw, now) : now;
}

/* Claim a message for a bearer, part by part. 1: it has a part to send now. */
static int claim(struct outbox *o, struct bearer *b, struct message *m, int64_t now)
{
	struct store *st = o->gw->store;
	int64_t stopped = 0;
	int rc = 0;

	if (!m->reply)
		rc = store_get_int(st, &stopped, STORE_STMT_OUTBOX_STOPPED,
				   STORE_ARGS(STORE_TEXT(m->number), STORE_INT(m->promo)));
	if (rc)
		return rc;
	if (stopped)
		return message_move(st, m, "suppressed", NULL);
	if (m->use_by <= now)
		return message_move(st, m, "expired", NULL);
	if (not_before(o, m, now) > now)
		return message_delay(st, m, not_before(o, m, now));
	OSMO_STRLCPY_ARRAY(m->worker, b->worker);
	rc = message_move(st, m, "sending", b->kind);
	if (rc)
		return rc;
	rc = message_next_part(st, m->id);
	if (rc == 0)
		return message_conclude(st, m, now);
	return rc < 0 ? rc : outbox_plan(o, b, m, rc);
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
		if (!rc && other != b && (!other->ready || carrier_pauses(other, now)))
			rc = first_of(o, stmt, other->worker, false, now, id, &due_at);
	}
	return rc;
}

static int claim_next(struct outbox *o, struct bearer *b, int64_t now)
{
	int rc = 0;

	for (int i = 0; i < OUTBOX_TURN_MAX && rc == 0; i++) {
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
			rc = outbox_refused(o, m, rc, now);
		talloc_free(m);
	}
	return rc < 0 ? rc : 0;
}

int outbox_claim(struct outbox *o, int64_t now)
{
	struct bearer *b;

	llist_for_each_entry(b, &o->gw->bearers, entry) {
		bool idle = b->ready && !carrier_pauses(b, now) && !o->gw->ending
			    && !outbox_flight_of(o, b);
		int rc = idle ? claim_next(o, b, now) : 0;

		if (rc)
			return rc;
	}
	return 0;
}
