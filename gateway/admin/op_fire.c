/* fire: an event, in the operator's hand. The database judges it like any other; a refusal says what would be right.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/deadline.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"

struct shot {
	struct admin_call *call;
	struct gateway *gw;
	struct store_event event;
	char state[40]; /* of the subject now; "_" before its birth */
	int64_t version;
	int64_t subject; /* afterwards */
	struct store_refusal refusal;
};

/* The first column of a query as words, "a, b, c", on the turn's context; "" if there is none. */
static char *words(struct gateway *gw, enum store_stmt stmt, const struct store_arg *args)
{
	struct store_rows *rows = store_query(gw->store, stmt, args);
	char *list = talloc_strdup(OTC_SELECT, "");

	while (rows && store_next(rows) == 1)
		list = talloc_asprintf_append(list, "%s%s", *list ? ", " : "", store_text(rows, 0));
	store_done(rows);
	return list;
}

static const char *list_of(const struct shot *s, enum store_stmt stmt)
{
	return words(s->gw, stmt,
		     STORE_ARGS(STORE_TEXT(s->event.machine), STORE_TEXT(s->state),
				STORE_TEXT(s->event.event)));
}

/* ---- what is wrong, and what would be right ---- */

static void refuse_transition(struct shot *s)
{
	const char *events = list_of(s, STORE_STMT_ADMIN_EVENTS);
	const char *who = s->event.machine;

	if (!*events)
		admin_refuse(s->call, "%s %" PRId64 " is in state %s, from which nothing leads on",
			     who, s->event.subject, s->state);
	else if (!s->event.subject)
		admin_refuse(s->call, "a new %s begins with: %s", who, events);
	else
		admin_refuse(s->call, "%s %" PRId64 " is in state %s: from there go %s", who,
			     s->event.subject, s->state, events);
}

static void refuse_role(struct shot *s)
{
	admin_refuse(s->call, "%s is not for %s to do: the roles are %s", s->event.event,
		     s->event.role, list_of(s, STORE_STMT_ADMIN_ROLES));
}

/* The database looks at the actor first; but of an event that is not to be had from here, that is beside the point. */
static void refuse_actor(struct shot *s)
{
	if (!*list_of(s, STORE_STMT_ADMIN_ROLES)) {
		refuse_transition(s);
		return;
	}
	admin_refuse(s->call,
		     "person %" PRId64
		     " does not hold role %s, or has no part in it; it is held by "
		     "person %s",
		     s->event.actor, s->event.role,
		     words(s->gw, STORE_STMT_ADMIN_ACTORS, STORE_ARGS(STORE_TEXT(s->event.role))));
}

static void refuse_payload(struct shot *s)
{
	const char *fields = list_of(s, STORE_STMT_ADMIN_FIELDS);

	admin_refuse(s->call, "the fields of %s are: %s", s->event.event,
		     *fields ? fields : "none");
}

static void refuse_guard(struct shot *s)
{
	admin_refuse(s->call, "the guard %s does not hold", s->refusal.guard);
}

static void refuse_stale(struct shot *s)
{
	admin_refuse(s->call, "%s %" PRId64 " has moved on: its version is %" PRId64,
		     s->event.machine, s->event.subject, s->version);
}

static void refuse_subject(struct shot *s)
{
	admin_refuse(s->call, "there is no %s %" PRId64, s->event.machine, s->event.subject);
}

static void refuse_idem(struct shot *s)
{
	admin_refuse(s->call, "\"%s\" was the name of another event: choose another --idem",
		     s->event.idem);
}

static void (*const refusals[])(struct shot *s) = {
	[STORE_E_PAYLOAD] = refuse_payload, [STORE_E_IDEM] = refuse_idem,
	[STORE_E_SUBJECT] = refuse_subject, [STORE_E_ACTOR] = refuse_actor,
	[STORE_E_STALE] = refuse_stale,     [STORE_E_TRANSITION] = refuse_transition,
	[STORE_E_ROLE] = refuse_role,       [STORE_E_GUARD] = refuse_guard,
};

/* ---- the event ---- */

/* Where the subject stands. \returns 0, or 1: refused */
static int look(struct shot *s)
{
	struct store_rows *rows;
	int rc;

	OSMO_STRLCPY_ARRAY(s->state, "_");
	if (!s->event.subject)
		return 0;
	rows = store_query(s->gw->store, STORE_STMT_ADMIN_SUBJECT,
			   STORE_ARGS(STORE_INT(s->event.subject), STORE_TEXT(s->event.machine)));
	rc = rows ? store_next(rows) : -1;
	if (rc == 1) {
		OSMO_STRLCPY_ARRAY(s->state, store_text(rows, 0));
		s->version = store_int(rows, 1);
	}
	store_done(rows);
	if (rc == 1)
		return 0;
	if (rc == 0)
		refuse_subject(s);
	else
		admin_refuse_store(s->call);
	return 1;
}

/* A role that one person alone holds needs no name. \returns 0, or 1: refused */
static int choose_actor(struct shot *s)
{
	const char *held;
	char *end;

	if (strcmp(s->event.role, "SYS") == 0 || s->event.actor)
		return 0;
	held = words(s->gw, STORE_STMT_ADMIN_ACTORS, STORE_ARGS(STORE_TEXT(s->event.role)));
	s->event.actor = strtoll(held, &end, 10);
	if (*held && !*end)
		return 0;
	if (*held)
		admin_refuse(s->call, "who acts? --actor with one of the persons who hold %s: %s",
			     s->event.role, held);
	else
		admin_refuse(s->call, "nobody holds the role %s", s->event.role);
	return 1;
}

static const char *own_idem(void)
{
	uint8_t random[8];
	char hex[2 * sizeof(random) + 1];

	randombytes_buf(random, sizeof(random));
	return talloc_asprintf(OTC_SELECT, "ctl/%s",
			       sodium_bin2hex(hex, sizeof(hex), random, sizeof(random)));
}

static const char *payload_of(struct admin_call *call)
{
	const json_t *payload = admin_value(call, "payload");
	char *text = payload ? json_dumps(payload, JSON_COMPACT) : NULL;
	const char *copy = text ? talloc_strdup(OTC_SELECT, text) : NULL;

	free(text);
	return copy;
}

static int fire(struct admin_call *call, const char *machine, int64_t id, const char *event,
		const char *payload, int64_t *born)
{
	struct shot s = { .call = call, .gw = admin_gateway(call) };
	int rc;

	s.event = (struct store_event){
		.machine = machine,
		.subject = id,
		.event = event,
		.role = "COO",
		.actor = admin_int(call, "actor", 0),
		.channel = "ctl",
		.idem = own_idem(),
		.payload = payload,
		.at = store_now(s.gw->store),
	};
	if (look(&s) || choose_actor(&s))
		return 1;
	s.event.version = s.version;
	rc = store_fire(s.gw->store, &s.event, &s.subject, &s.version, &s.refusal);
	if (rc == 1)
		refusals[s.refusal.code](&s);
	else if (!rc && born)
		*born = s.subject;
	return rc;
}

int admin_fire(struct admin_call *call, const char *machine, int64_t id, const char *event,
	       const char *payload)
{
	return fire(call, machine, id, event, payload, NULL);
}

int admin_bear(struct admin_call *call, const char *machine, const char *event, const char *payload,
	       int64_t *id)
{
	return fire(call, machine, 0, event, payload, id);
}

int admin_said(struct admin_call *call, const char *words, char **payload)
{
	struct store *st = admin_gateway(call)->store;
	int rc = store_exec(st, STORE_STMT_NOTE_ADD,
			    STORE_ARGS(STORE_TEXT(words), STORE_INT(store_now(st))));

	if (rc < 0)
		return rc;
	*payload = talloc_asprintf(OTC_SELECT, "{\"reason\":\"said\",\"note\":%" PRId64 "}",
				   store_last_id(st));
	return 0;
}

/* \returns 0, 1: refused by the database, or an error of store.h */
static int shoot(struct shot *s)
{
	int64_t version;
	int rc = store_begin(s->gw->store);

	if (!rc)
		rc = store_fire(s->gw->store, &s->event, &s->subject, &version, &s->refusal);
	if (!rc)
		rc = notice_run(s->gw);
	if (!rc)
		rc = store_commit(s->gw->store);
	if (rc)
		store_rollback(s->gw->store);
	return rc;
}

static void answer(struct shot *s)
{
	s->event.subject = s->subject;
	deadline_kick(s->gw);
	outbox_kick(s->gw);
	if (look(s) == 0)
		admin_reply(s->call,
			    json_pack("{s:s, s:I, s:s, s:I, s:s}", "machine", s->event.machine,
				      "id", (json_int_t)s->subject, "state", s->state, "version",
				      (json_int_t)s->version, "idem", s->event.idem));
}

void op_fire(struct admin_call *call)
{
	struct shot s = { .call = call, .gw = admin_gateway(call) };
	int rc;

	s.event = (struct store_event){
		.machine = admin_text(call, "machine"),
		.subject = admin_int(call, "id", -1),
		.event = admin_text(call, "event"),
		.role = admin_text(call, "role") ?: "COO",
		.actor = admin_int(call, "actor", 0),
		.channel = "ctl",
		.idem = admin_text(call, "idem") ?: own_idem(),
		.payload = payload_of(call),
		.at = store_now(s.gw->store),
	};
	if (!s.event.machine || !s.event.event || s.event.subject < 0) {
		admin_refuse(call, "what is fired? MACHINE ID EVENT, with ID 0 for a new one");
		return;
	}
	if (look(&s) || choose_actor(&s))
		return;
	s.event.version = admin_int(call, "version", s.version);
	rc = shoot(&s);
	if (rc == 1)
		refusals[s.refusal.code](&s);
	else if (rc)
		admin_refuse_store(call);
	else
		answer(&s);
}
