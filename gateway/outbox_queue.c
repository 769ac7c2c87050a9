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

#include "gateway/budget.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/quiet.h"
#include "gateway/store/store.h"

/* Of a message that neither its template nor its subject limits, in seconds. */
#define USE_BY (24 * 60 * 60)

static const char *const refusals[] = {
	[OUTBOX_NUMBER] = "not a number that may be written to",
	[OUTBOX_BUDGET] = "the budget is used up",
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

/* What is decided of a message before it becomes a row. */
struct plan {
	const struct template *template; /* NULL: typed by a human */
	int parts;
	bool ucs2;
	int64_t due_at;
	int64_t use_by;
	const char *cause; /* why it does not leave when it would; NULL */
};

static void plan_times(struct plan *p, const struct gateway *gw, const struct outbox_message *m,
		       int64_t now)
{
	const struct template *t = p->template;

	p->due_at = m->due_at > now ? m->due_at : now;
	if (t && t->wait && !m->inbox_id)
		p->due_at = quiet_over(gw, p->due_at);
	p->use_by = m->use_by ? m->use_by : p->due_at + (t && t->use_by ? t->use_by : USE_BY);
}

/* What is of no use any more costs nothing: it is only written down. An answer that would come too late is refused, and
 * the text listed; a notice waits, as a row that expires. */
static int plan_budget(struct plan *p, struct gateway *gw, const struct outbox_message *m,
		       int64_t now)
{
	const struct budget_message b = { .number = m->to,
					  .template = p->template,
					  .parts = p->parts,
					  .reply = m->inbox_id != 0,
					  .use_by = p->use_by };
	int64_t due_at = p->due_at;
	int rc = p->use_by > now ? budget_take(gw, &b, &due_at) : 0;

	if (due_at != p->due_at)
		p->cause = BUDGET_WAITS;
	p->due_at = due_at;
	return rc == 1 && !m->inbox_id ? 0 : rc;
}

static int insert(struct gateway *gw, int64_t *id, const struct outbox_message *m,
		  const struct plan *p, int64_t now)
{
	const struct template *t = p->template;
	char worker[32];
	int rc = last_worker(gw->store, worker, sizeof(worker), m->to);

	if (rc)
		return rc;
	rc = store_exec(gw->store, STORE_STMT_MESSAGE_INSERT,
			STORE_ARGS(STORE_TEXT(m->to), id_or_null(m->contact_id),
				   id_or_null(m->person_id), id_or_null(m->inbox_id),
				   STORE_TEXT(m->template), STORE_TEXT(m->body),
				   STORE_INT(p->parts), STORE_INT(p->ucs2), STORE_INT(now),
				   STORE_INT(p->due_at), STORE_INT(p->use_by), STORE_TEXT(worker),
				   STORE_INT(t && t->resend),
				   STORE_INT(t && t->purpose == TEMPLATE_PROMOTIONAL),
				   STORE_TEXT(p->cause)));
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

/* \returns why it is refused, or an error of store.h. */
static int plan(struct plan *p, struct gateway *gw, const struct outbox_message *m, int64_t now)
{
	int rc;

	if (!may_write_to(gw, m->to))
		return OUTBOX_NUMBER;
	p->parts = parts_count(m->body, &p->ucs2);
	if (p->parts < 1 || p->parts > SMS_PARTS_MAX)
		return OUTBOX_TOO_LONG;
	p->template = m->template ? catalogue_find(gw->catalogue, m->template) : NULL;
	plan_times(p, gw, m, now);
	rc = plan_budget(p, gw, m, now);
	return rc == 1 ? OUTBOX_BUDGET : rc;
}

int outbox_queue(struct gateway *gw, int64_t *id, enum outbox_refusal *refusal,
		 const struct outbox_message *m)
{
	int64_t now = store_now(gw->store), new_id = 0;
	struct plan p = { 0 };
	int why, rc;

	OSMO_ASSERT(store_in_transaction(gw->store));
	why = plan(&p, gw, m, now);
	if (why < 0)
		return why;
	if (why == OUTBOX_QUEUED) {
		rc = insert(gw, &new_id, m, &p, now);
		if (!rc)
			rc = insert_parts(gw->store, new_id, p.parts);
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
