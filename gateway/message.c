/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/store.h"

static struct message *message_from(void *ctx, struct store_rows *rows, int64_t id)
{
	struct message *m = talloc_zero(ctx, struct message);

	OSMO_ASSERT(m);
	m->id = id;
	OSMO_STRLCPY_ARRAY(m->state, store_text(rows, 0));
	OSMO_STRLCPY_ARRAY(m->number, store_text(rows, 1));
	m->reply = !store_is_null(rows, 2);
	m->body = talloc_strdup(m, store_text(rows, 3));
	OSMO_ASSERT(m->body);
	m->parts = store_int(rows, 4);
	m->due_at = store_int(rows, 5);
	m->use_by = store_int(rows, 6);
	m->attempts = store_int(rows, 7);
	OSMO_STRLCPY_ARRAY(m->worker, store_text(rows, 8));
	m->resend = store_int(rows, 9) != 0;
	m->doubts = store_int(rows, 13);
	if (!store_is_null(rows, 10))
		message_because(m, "%s", store_text(rows, 10));
	m->promo = store_int(rows, 11) != 0;
	if (!store_is_null(rows, 12)) {
		m->template = talloc_strdup(m, store_text(rows, 12));
		OSMO_ASSERT(m->template);
	}
	return m;
}

int message_load(struct message **out, void *ctx, struct store *st, int64_t id)
{
	struct store_rows *rows = store_query(st, STORE_STMT_MESSAGE_LOAD,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1)
		*out = message_from(ctx, rows, id);
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

int message_move(struct store *st, struct message *m, const char *to, const char *bearer)
{
	int rc = store_exec(st, STORE_STMT_MESSAGE_MOVE,
			    STORE_ARGS(STORE_INT(m->id), STORE_TEXT(m->state), STORE_TEXT(to),
				       STORE_INT(m->due_at), STORE_INT(m->attempts),
				       STORE_TEXT(bearer), STORE_TEXT(m->worker),
				       STORE_TEXT(m->cause)));

	if (rc < 0)
		return rc;
	if (rc == 0)
		return -ESTALE;
	OSMO_STRLCPY_ARRAY(m->state, to);
	return 0;
}

void message_because(struct message *m, const char *fmt, ...)
{
	va_list ap;

	talloc_free(m->cause);
	va_start(ap, fmt);
	m->cause = talloc_vasprintf(m, fmt, ap);
	va_end(ap);
	OSMO_ASSERT(m->cause);
}

int message_next_part(struct store *st, int64_t id)
{
	int64_t part = 0;
	int rc = store_get_int(st, &part, STORE_STMT_MESSAGE_PART_NEXT, STORE_ARGS(STORE_INT(id)));

	return rc == -ENOENT ? 0 : rc ? rc : (int)part;
}

/* A number that is not known leaves what the row has. */
static struct store_arg known(int64_t v, bool is)
{
	return is ? (struct store_arg)STORE_INT(v) : (struct store_arg)STORE_NULL;
}

int message_part_move(struct store *st, int64_t id, int part, const char *state, int mr,
		      int64_t sent_at, int64_t done_at)
{
	int rc = store_exec(st, STORE_STMT_MESSAGE_PART_MOVE,
			    STORE_ARGS(STORE_INT(id), STORE_INT(part), STORE_TEXT(state),
				       known(mr, mr >= 0), known(sent_at, sent_at != 0),
				       known(done_at, done_at != 0)));

	return rc < 0 ? rc : rc == 0 ? -ENOENT : 0;
}

int message_parts_move(struct store *st, int64_t id, const char *from, const char *to)
{
	return store_exec(st, STORE_STMT_MESSAGE_PARTS_MOVE,
			  STORE_ARGS(STORE_INT(id), STORE_TEXT(from), STORE_TEXT(to)));
}

int message_parts_count(struct store *st, int64_t id, struct message_parts *out)
{
	struct store_rows *rows = store_query(st, STORE_STMT_MESSAGE_PARTS_COUNT,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1)
		*out = (struct message_parts){ store_int(rows, 0), store_int(rows, 1),
					       store_int(rows, 2), store_int(rows, 3) };
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -EPROTO : rc;
}

/* Where a message belongs whose doubts are gone. */
static int conclude_doubt(struct store *st, struct message *m, const struct message_parts *p,
			  int64_t now)
{
	if (p->open)
		return 0;
	m->due_at = now;
	if (p->failed) {
		m->attempts = MESSAGE_ATTEMPTS;
		return message_move(st, m, "failed", NULL);
	}
	if (p->queued || p->sent) /* with nothing left to send it goes on to `sent` by itself */
		return message_move(st, m, "queued", NULL);
	return message_move(st, m, "delivered", NULL);
}

static int conclude_sent(struct store *st, struct message *m, const struct message_parts *p)
{
	if (p->failed)
		return message_move(st, m, "failed", NULL);
	return p->sent ? 0 : message_move(st, m, "delivered", NULL);
}

static int conclude(struct store *st, struct message *m, int64_t now)
{
	struct message_parts p = { 0 };
	int rc = message_parts_count(st, m->id, &p);

	if (rc)
		return rc;
	if (strcmp(m->state, "doubt") == 0)
		return conclude_doubt(st, m, &p, now);
	if (strcmp(m->state, "sending") == 0) {
		if (p.queued || p.open)
			return 0;
		rc = message_move(st, m, "sent", NULL);
		if (rc)
			return rc;
	}
	return strcmp(m->state, "sent") == 0 ? conclude_sent(st, m, &p) : 0;
}

/* The network says that they do not arrive: after a few in a row nothing more goes to that number until it writes. */
static int bounced(struct store *st, const struct message *m)
{
	struct store_rows *rows = store_query(st, STORE_STMT_MESSAGE_BOUNCES,
					      STORE_ARGS(STORE_TEXT(m->number)));
	struct store_refusal refusal;
	char payload[40], idem[40];
	struct store_event ev = {
		.machine = "contact",
		.version = -1,
		.event = "pause",
		.role = "SYS",
		.channel = "report",
		.idem = idem,
		.payload = payload,
	};
	int64_t bounces = 0;
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1) {
		ev.subject = store_int(rows, 0);
		bounces = store_int(rows, 1);
	}
	store_done(rows);
	if (rc < 0 || bounces < MESSAGE_BOUNCES)
		return rc < 0 ? rc : 0;
	snprintf(payload, sizeof(payload), "{\"bounces\":%" PRId64 "}", bounces);
	snprintf(idem, sizeof(idem), "bounce/%" PRId64, m->id);
	rc = store_fire(st, &ev, NULL, NULL, &refusal);
	return rc < 0 ? rc : 0; /* refused: it was paused meanwhile */
}

int message_conclude(struct store *st, struct message *m, int64_t now)
{
	int rc = conclude(st, m, now);

	return rc || strcmp(m->state, "failed") != 0 ? rc : bounced(st, m);
}

int message_put_off(struct store *st, struct message *m, int64_t now)
{
	int rc = store_exec(st, STORE_STMT_MESSAGE_PUT_OFF,
			    STORE_ARGS(STORE_INT(m->id), STORE_INT(now + 3600)));

	return rc < 0 ? rc : 0;
}

int message_delay(struct store *st, struct message *m, int64_t until)
{
	int rc = store_exec(st, STORE_STMT_MESSAGE_DELAY,
			    STORE_ARGS(STORE_INT(m->id), STORE_INT(until)));

	return rc < 0 ? rc : 0;
}
