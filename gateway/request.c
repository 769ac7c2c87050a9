/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/request.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/store/store.h"
#include "messages/catalogue.h"
#include "messages/parts.h"

/* Coordinators that are told at most. */
#define COORDINATORS_MAX 20
/* Octets of somebody's words that a coordinator is shown; chappectl shows them all. */
#define WORDS_MAX        300
#define HOUR             3600

/* ---- reading ---- */

static char *text(void *ctx, const struct store_rows *rows, int column)
{
	char *s = talloc_strdup(ctx, store_text(rows, column));

	OSMO_ASSERT(s);
	return s;
}

static int number_of(int64_t id)
{
	return (int)((id - 1) % REQUEST_NUMBERS + 1);
}

static int load(struct request *out, void *ctx, struct gateway *gw, int64_t id)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_REQUEST_LOAD,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc == 1) {
		*out = (struct request){
			.id = store_int(rows, 0),
			.no = number_of(store_int(rows, 0)),
			.contact_id = store_int(rows, 2),
			.contact_since = store_int(rows, 4),
			.person_id = store_int(rows, 5),
			.inbox_id = store_int(rows, 6),
			.received_at = store_int(rows, 7),
			.urgent = strcmp(store_text(rows, 8), "EMERGENCY") == 0,
			.text = text(ctx, rows, 9),
			.open = store_int(rows, 10) != 0,
			.answered_by = store_int(rows, 11),
			.answered_name = text(ctx, rows, 12),
			.name = text(ctx, rows, 13),
		};
		OSMO_STRLCPY_ARRAY(out->number, store_text(rows, 1));
		OSMO_STRLCPY_ARRAY(out->contact_state, store_text(rows, 3));
	}
	store_done(rows);
	if (rc == 1 && !*out->number) /* of a person who was erased */
		rc = 0;
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

int request_find(struct request *out, void *ctx, struct gateway *gw, int64_t no)
{
	int64_t last = 0;
	int rc = store_get_int(gw->store, &last, STORE_STMT_REQUEST_LAST, NULL);

	if (rc)
		return rc;
	if (no < 1 || no > REQUEST_NUMBERS || last == 0)
		return -ENOENT;
	last -= ((number_of(last) - no) % REQUEST_NUMBERS + REQUEST_NUMBERS) % REQUEST_NUMBERS;
	return last > 0 ? load(out, ctx, gw, last) : -ENOENT;
}

int request_of_text(struct request *out, void *ctx, struct gateway *gw, int64_t inbox_id)
{
	int64_t id = 0;
	int rc = store_get_int(gw->store, &id, STORE_STMT_REQUEST_OF,
			       STORE_ARGS(STORE_INT(inbox_id)));

	return rc ? rc : load(out, ctx, gw, id);
}

int request_next(struct request *out, void *ctx, struct gateway *gw, int64_t after)
{
	int64_t id = 0;
	int rc = store_get_int(gw->store, &id, STORE_STMT_REQUEST_LIST,
			       STORE_ARGS(STORE_INT(after), STORE_INT(1)));

	return rc ? rc : load(out, ctx, gw, id);
}

int request_count(struct gateway *gw)
{
	int64_t n = 0;
	int rc = store_get_int(gw->store, &n, STORE_STMT_REQUEST_COUNT, NULL);

	return rc ? rc : (int)n;
}

int request_spoken(struct gateway *gw, const char *number, int64_t now)
{
	int64_t human = 0;
	int rc = store_get_int(
		gw->store, &human, STORE_STMT_REQUEST_SPOKEN,
		STORE_ARGS(STORE_TEXT(number), STORE_INT(now - REQUEST_THREAD), STORE_INT(now)));

	return rc == -ENOENT ? 0 : rc ? rc : (int)human;
}

/* ---- telling the coordinators ---- */

struct coordinator {
	int64_t person_id;
	int64_t contact_id;
	char number[32];
};

/* The number that the person wrote from last. \returns 0, -ENOENT if none may be written to, or an error */
static int find_number(struct coordinator *c, struct gateway *gw)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_NOTICE_RECIPIENT,
					      STORE_ARGS(STORE_INT(c->person_id)));
	int rc;

	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc == 1) {
		c->contact_id = store_int(rows, 0);
		OSMO_STRLCPY_ARRAY(c->number, store_text(rows, 1));
	}
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

static int find_coordinators(struct coordinator out[COORDINATORS_MAX], size_t *n,
			     struct gateway *gw)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_REQUEST_COORDINATORS, NULL);
	int rc;

	*n = 0;
	if (!rows)
		return store_errno(gw->store);
	while ((rc = store_next(rows)) == 1 && *n < COORDINATORS_MAX)
		out[(*n)++] = (struct coordinator){ .person_id = store_int(rows, 0) };
	store_done(rows);
	return rc < 0 ? rc : 0;
}

/* As much of the words as a message holds: whole characters. */
static char *words(void *ctx, const char *all)
{
	size_t n = strlen(all);

	if (n <= WORDS_MAX)
		return talloc_strdup(ctx, all);
	for (n = WORDS_MAX; n > 0 && (all[n] & 0xc0) == 0x80;)
		n--;
	return talloc_asprintf(ctx, "%.*s...", (int)n, all);
}

static char *print(void *ctx, struct gateway *gw, const struct request *r, const char *template)
{
	const struct template_value none[] = { {} };
	const char *name = *r->name ? r->name
				    : template_fill(ctx, gw->catalogue, "piece.stranger", none);
	const struct template_value values[] = {
		{ "no", talloc_asprintf(ctx, "%d", r->no) },
		{ "name", name },
		{ "number", format_phone(ctx, r->number, gw->country_code) },
		{ "text", words(ctx, r->text) },
		{},
	};

	return template_fill(ctx, gw->catalogue, template, values);
}

static int queue(struct gateway *gw, const struct coordinator *c, const char *template,
		 const char *body, int64_t due_at)
{
	int rc = outbox_queue(gw, NULL, NULL,
			      &(struct outbox_message){
				      .to = c->number,
				      .contact_id = c->contact_id,
				      .person_id = c->person_id,
				      .template = template,
				      .body = body,
				      .due_at = due_at,
			      });

	return rc < 0 ? rc : 0;
}

/* One message waits already: now it says how many requests there are. */
static int reword(void *ctx, struct gateway *gw, int64_t message_id)
{
	int n = request_count(gw);
	const struct template_value values[] = { { "n", talloc_asprintf(ctx, "%d", n) }, {} };

	if (n < 0)
		return n;
	return outbox_reword(gw, message_id, "requests_waiting",
			     template_fill(ctx, gw->catalogue, "requests_waiting", values));
}

/* When the next message may go to this coordinator. */
static int next_turn(int64_t *due_at, struct gateway *gw, const struct coordinator *c, int64_t now)
{
	int rc = store_get_int(gw->store, due_at, STORE_STMT_REQUEST_RECENT,
			       STORE_ARGS(STORE_TEXT(c->number), STORE_INT(now - HOUR),
					  STORE_INT(REQUEST_HOURLY - 1)));

	*due_at = rc ? 0 : *due_at + HOUR;
	return rc == -ENOENT ? 0 : rc;
}

static int tell(void *ctx, struct gateway *gw, const struct request *r, const struct coordinator *c)
{
	int64_t now = store_now(gw->store), waiting = 0, due_at = 0;
	int rc = store_get_int(gw->store, &waiting, STORE_STMT_REQUEST_WAITING,
			       STORE_ARGS(STORE_TEXT(c->number), STORE_INT(now)));

	if (rc == 0)
		return reword(ctx, gw, waiting);
	if (rc == -ENOENT)
		rc = next_turn(&due_at, gw, c, now);
	return rc ? rc : queue(gw, c, "request", print(ctx, gw, r, "request"), due_at);
}

/* An emergency is told at once, and once: whoever goes on writing is told of as others are. */
static int is_urgent(bool *out, struct gateway *gw, const struct request *r)
{
	int64_t before = 0;
	int rc;

	*out = r->urgent;
	if (!r->urgent)
		return 0;
	rc = store_get_int(gw->store, &before, STORE_STMT_REQUEST_URGENT,
			   STORE_ARGS(STORE_INT(r->id), STORE_INT(r->inbox_id),
				      STORE_INT(r->received_at - REQUEST_URGENT)));
	*out = before == 0;
	return rc;
}

/* Of what the text did the coordinators may have been told already. */
static int told_by_event(bool *out, void *ctx, struct gateway *gw, int64_t inbox_id)
{
	char *from = talloc_asprintf(ctx, "inbox/%" PRId64 "/", inbox_id);
	char *to = talloc_asprintf(ctx, "inbox/%" PRId64 "0", inbox_id); /* '0' follows '/' */
	int64_t n = 0;
	int rc = store_get_int(gw->store, &n, STORE_STMT_REQUEST_EVENT_TOLD,
			       STORE_ARGS(STORE_TEXT(from), STORE_TEXT(to)));

	*out = n > 0;
	return rc;
}

/* Of several who share a telephone it rings once. */
static bool told_before(const struct coordinator *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(c[k].number, c[i].number) == 0)
			return true;
	return false;
}

static int tell_all(void *ctx, struct gateway *gw, const struct request *r, int64_t sender_id)
{
	struct coordinator c[COORDINATORS_MAX];
	bool urgent = false, told = false;
	size_t n;
	int rc = find_coordinators(c, &n, gw);

	if (!rc)
		rc = is_urgent(&urgent, gw, r);
	if (!rc && !urgent)
		rc = told_by_event(&told, ctx, gw, r->inbox_id);
	for (size_t i = 0; !rc && !told && i < n; i++) {
		if (c[i].person_id == sender_id)
			continue;
		rc = find_number(&c[i], gw);
		if (!rc && !told_before(c, i))
			rc = urgent ? queue(gw, &c[i], "request_urgent",
					    print(ctx, gw, r, "request_urgent"), 0)
				    : tell(ctx, gw, r, &c[i]);
		if (rc == -ENOENT)
			rc = 0;
	}
	return rc;
}

/* ---- a text comes in ---- */

/* The conversation that it belongs to; a new one if there is none. */
static int thread(int64_t *id, struct gateway *gw, const char *number, int64_t now)
{
	int rc = store_get_int(gw->store, id, STORE_STMT_REQUEST_THREAD,
			       STORE_ARGS(STORE_TEXT(number), STORE_INT(now - REQUEST_THREAD)));

	if (rc == 0)
		rc = store_exec(gw->store, STORE_STMT_REQUEST_TOUCH,
				STORE_ARGS(STORE_INT(*id), STORE_INT(now)));
	else if (rc == -ENOENT) {
		rc = store_exec(gw->store, STORE_STMT_REQUEST_OPEN,
				STORE_ARGS(STORE_TEXT(number), STORE_INT(now)));
		*id = store_last_id(gw->store);
	}
	return rc < 0 ? rc : 0;
}

int request_file(struct gateway *gw, int64_t inbox_id, const char *number)
{
	int64_t id = 0;
	int rc = thread(&id, gw, number, store_now(gw->store));

	if (!rc)
		rc = store_exec(gw->store, STORE_STMT_REQUEST_ADD,
				STORE_ARGS(STORE_INT(inbox_id), STORE_INT(id)));
	return rc < 0 ? rc : 0;
}

int request_take(struct gateway *gw, int64_t inbox_id, const char *number, int64_t sender_id)
{
	void *ctx = talloc_new(NULL);
	struct request r = {};
	int rc = request_file(gw, inbox_id, number);

	if (!rc)
		rc = request_of_text(&r, ctx, gw, inbox_id);
	if (!rc)
		rc = tell_all(ctx, gw, &r, sender_id);
	talloc_free(ctx);
	return rc;
}

/* ---- a human answers ---- */

/* What the person reads; NULL if it is too long. */
static char *answer_text(void *ctx, struct gateway *gw, const char *said)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_REQUEST_PLACE, NULL);
	bool known = rows && store_next(rows) == 1;
	const struct template_value values[] = {
		{ "place", known ? text(ctx, rows, 0) : "" },
		{ "text", said },
		{},
	};
	char *body;

	store_done(rows);
	body = template_fill(ctx, gw->catalogue, known ? "request_answer" : "request_answer.place",
			     values);
	return body && parts_count(body, NULL) <= REQUEST_PARTS ? body : NULL;
}

/* Who said STOP and has written since wants this answer. */
static bool is_silenced(const struct request *r)
{
	bool stopped = strcmp(r->contact_state, "stopped") == 0
		       || strcmp(r->contact_state, "erased") == 0;

	return stopped && r->received_at < r->contact_since;
}

static int send(enum request_result *result, int64_t *message_id, struct gateway *gw,
		const struct request *r, const char *body)
{
	enum outbox_refusal refusal;
	int rc = outbox_queue(gw, message_id, &refusal,
			      &(struct outbox_message){
				      .to = r->number,
				      .contact_id = r->contact_id,
				      .person_id = r->person_id,
				      .inbox_id = r->inbox_id,
				      .template = "request_answer",
				      .body = body,
			      });

	if (rc == 1)
		*result = refusal == OUTBOX_TOO_LONG ? REQUEST_TOO_LONG : REQUEST_UNREACHABLE;
	return rc < 0 ? rc : 0;
}

int request_close(struct gateway *gw, const struct request *r, int64_t by)
{
	int64_t now = store_now(gw->store);
	int rc = store_exec(gw->store, STORE_STMT_REQUEST_ANSWERED,
			    STORE_ARGS(STORE_INT(r->id), STORE_INT(now), STORE_INT(by)));

	if (rc >= 0)
		rc = store_exec(gw->store, STORE_STMT_REQUEST_CLOSE,
				STORE_ARGS(STORE_INT(r->id), STORE_INT(now)));
	return rc < 0 ? rc : 0;
}

int request_answer(enum request_result *result, int64_t *message_id, struct gateway *gw,
		   const struct request *r, int64_t by, const char *said)
{
	void *ctx = talloc_new(NULL);
	char *body = answer_text(ctx, gw, said);
	int64_t id = 0;
	int rc = 0;

	*result = REQUEST_SENT;
	if (!r->open && r->answered_by >= 0 && r->answered_by != by)
		*result = REQUEST_TAKEN;
	else if (is_silenced(r))
		*result = REQUEST_STOPPED;
	else if (!body)
		*result = REQUEST_TOO_LONG;
	else
		rc = send(result, &id, gw, r, body);
	if (!rc && *result == REQUEST_SENT)
		rc = request_close(gw, r, by);
	if (!rc && message_id)
		*message_id = id;
	talloc_free(ctx);
	return rc;
}
