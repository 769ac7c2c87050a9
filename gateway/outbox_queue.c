/* Queueing a message: whether it may be written to that number, when, and by whom.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "messages/parts.h"

#include "parsers/phone.h"

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/quiet.h"
#include "gateway/store/store.h"

/* Parts a day. One modem moves some 28,800 in a day; no conversation takes a tenth of that. */
#define BUDGET_ALL    20000
#define BUDGET_NUMBER 2000
#define BUDGET_DAY    (24 * 60 * 60)

/* Of a message that neither its template nor its subject limits, in seconds. */
#define USE_BY (24 * 60 * 60)

static const char *const refusals[] = {
	[OUTBOX_NUMBER] = "not a number that may be written to",
	[OUTBOX_BUDGET] = "the day's budget is used up",
	[OUTBOX_TOO_LONG] = "too long",
};

static bool is_own(const struct gateway *gw, const char *number)
{
	const struct bearer *b;

	llist_for_each_entry(b, &gw->bearers, entry) {
		if (b->own && strcmp(b->own, number) == 0)
			return true;
	}
	return false;
}

static bool may_write_to(const struct gateway *gw, const char *number)
{
	enum phone_kind kind = phone_kind(number, gw->country_code);

	if (number[0] != '+' || !phone_dialable(number) || is_own(gw, number))
		return false;
	if (kind == PHONE_OWN)
		return true;
	for (char **p = gw->prefixes; kind == PHONE_FOREIGN && p && *p; p++) {
		if (strncmp(number, *p, strlen(*p)) == 0)
			return true;
	}
	return false;
}

/* 0: counted; 1: used up. */
static int budget_take(struct store *st, int64_t day, const char *number, int parts, int most)
{
	int rc = store_exec(
		st, STORE_STMT_OUTBOX_BUDGET,
		STORE_ARGS(STORE_INT(day), STORE_TEXT(number), STORE_INT(parts), STORE_INT(most)));

	return rc < 0 ? rc : rc == 0;
}

static int budget_count(struct store *st, int64_t now, const char *number, int parts)
{
	int64_t day = now / BUDGET_DAY;
	int rc = budget_take(st, day, number, parts, BUDGET_NUMBER);

	return rc ? rc : budget_take(st, day, "", parts, BUDGET_ALL);
}

/* Name of the worker that this number wrote to last, into out; empty if it never did. */
static int last_worker(struct store *st, char *out, size_t size, const char *number)
{
	struct store_rows *rows = store_query(st, STORE_STMT_OUTBOX_WORKER,
					      STORE_ARGS(STORE_TEXT(number)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	osmo_strlcpy(out, rc == 1 ? store_text(rows, 0) : "", size);
	store_done(rows);
	return rc < 0 ? rc : 0;
}

static struct store_arg id_or_null(int64_t id)
{
	return id ? (struct store_arg)STORE_INT(id) : (struct store_arg)STORE_NULL;
}

static int insert(struct gateway *gw, int64_t *id, const struct outbox_message *m, int64_t now,
		  int parts, bool ucs2)
{
	const struct template *t = m->template ? catalogue_find(gw->catalogue, m->template) : NULL;
	int64_t due_at = m->due_at > now ? m->due_at : now;
	int64_t use_by = m->use_by;
	char worker[32];
	int rc;

	if (t && t->wait && !m->inbox_id)
		due_at = quiet_over(gw, due_at);
	if (!use_by)
		use_by = due_at + (t && t->use_by ? t->use_by : USE_BY);
	rc = last_worker(gw->store, worker, sizeof(worker), m->to);
	if (rc)
		return rc;
	rc = store_exec(gw->store, STORE_STMT_MESSAGE_INSERT,
			STORE_ARGS(STORE_TEXT(m->to), id_or_null(m->contact_id),
				   id_or_null(m->person_id), id_or_null(m->inbox_id),
				   STORE_TEXT(m->template), STORE_TEXT(m->body), STORE_INT(parts),
				   STORE_INT(ucs2), STORE_INT(now), STORE_INT(due_at),
				   STORE_INT(use_by), STORE_TEXT(worker), STORE_INT(t && t->resend),
				   STORE_INT(t && t->purpose == TEMPLATE_PROMOTIONAL)));
	if (rc < 0)
		return rc;
	*id = store_last_id(gw->store);
	return 0;
}

static int insert_parts(struct store *st, int64_t id, int parts)
{
	for (int part = 1; part <= parts; part++) {
		int rc = store_exec(
			st, STORE_STMT_MESSAGE_PART_INSERT,
			STORE_ARGS(STORE_INT(id), STORE_INT(part), STORE_INT(id & 0xff)));
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int refuse(struct gateway *gw, const struct outbox_message *m, enum outbox_refusal why)
{
	char masked[PHONE_MASK_SIZE];
	int rc;

	LOGP(DOUTBOX, LOGL_NOTICE, "message to %s (%s) is not queued: %s\n",
	     phone_mask(masked, sizeof(masked), m->to), m->template ? m->template : "typed",
	     refusals[why]);
	if (!m->inbox_id)
		return 1;
	rc = store_exec(gw->store, STORE_STMT_OUTBOX_LIST_INBOX,
			STORE_ARGS(STORE_INT(m->inbox_id), STORE_TEXT(refusals[why])));
	return rc < 0 ? rc : 1;
}

int outbox_queue(struct gateway *gw, int64_t *id, enum outbox_refusal *refusal,
		 const struct outbox_message *m)
{
	enum outbox_refusal why = OUTBOX_QUEUED;
	int64_t now = store_now(gw->store);
	int64_t new_id = 0;
	bool ucs2 = false;
	int parts = parts_count(m->body, &ucs2);
	int rc;

	OSMO_ASSERT(store_in_transaction(gw->store));
	if (!may_write_to(gw, m->to)) {
		why = OUTBOX_NUMBER;
	} else if (parts < 1 || parts > SMS_PARTS_MAX) {
		why = OUTBOX_TOO_LONG;
	} else {
		rc = budget_count(gw->store, now, m->to, parts);
		if (rc < 0)
			return rc;
		why = rc ? OUTBOX_BUDGET : OUTBOX_QUEUED;
	}
	if (why == OUTBOX_QUEUED) {
		rc = insert(gw, &new_id, m, now, parts, ucs2);
		if (!rc)
			rc = insert_parts(gw->store, new_id, parts);
	} else {
		rc = refuse(gw, m, why);
	}
	if (rc < 0)
		return rc;
	if (id)
		*id = new_id;
	if (refusal)
		*refusal = why;
	outbox_kick(gw);
	return rc;
}

int outbox_reword(struct gateway *gw, int64_t id, const char *template, const char *body)
{
	bool ucs2 = false;
	int parts = parts_count(body, &ucs2);
	int rc;

	OSMO_ASSERT(parts >= 1 && parts <= SMS_PARTS_MAX);
	rc = store_exec(gw->store, STORE_STMT_OUTBOX_REWORD,
			STORE_ARGS(STORE_INT(id), STORE_TEXT(template), STORE_TEXT(body),
				   STORE_INT(parts), STORE_INT(ucs2)));
	if (rc <= 0)
		return rc < 0 ? rc : -ENOENT;
	rc = store_exec(gw->store, STORE_STMT_OUTBOX_UNPART, STORE_ARGS(STORE_INT(id)));
	return rc < 0 ? rc : insert_parts(gw->store, id, parts);
}
