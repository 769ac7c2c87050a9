/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "parsers/phone.h"
#include "parsers/reading.h"

#include "gateway/bearer/bearer.h"
#include "gateway/budget.h"
#include "gateway/command.h"
#include "gateway/facts.h"
#include "gateway/flood.h"
#include "gateway/fragments.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"
#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/request.h"
#include "gateway/seal.h"
#include "gateway/store/store.h"
#include "gateway/turn.h"

/* Seconds in which a caller is listed once. */
#define CALL_PAUSE 3600

/* A part with what was found out about it. */
struct taken {
	struct gateway *gw;
	void *ctx; /* of this text */
	const struct intake *in;
	const uint8_t *key;
	int64_t now;
	char number[sizeof(((struct sms_in *)0)->sender)]; /* E.164, or as the network gave it */
	struct sms_concat concat;                          /* total 1 if it is a whole text */
	int64_t id;                                        /* of its row */
};

/* Why a text from such a sender has no effect; NULL if it may have one. */
static const char *useless(const struct taken *t)
{
	const struct sms_in *sms = t->in->sms;
	const struct bearer *b;

	if (!sms->sender[0])
		return "it cannot be read";
	if (sms->ton == SMS_TON_ALPHANUMERIC || t->number[0] != '+')
		return "its sender is no number that can be answered";
	if (sms->binary)
		return "it is no text";
	llist_for_each_entry(b, &t->gw->bearers, entry) {
		if (b->own && strcmp(b->own, t->number) == 0)
			return "it comes from a number of this gateway";
	}
	return NULL;
}

/* The number as the platform knows it. Services and premium numbers stay as they are written. */
static void set_number(struct taken *t)
{
	const char *cc = t->gw->country_code;
	const char *sender = t->in->sms->sender;
	char e164[PHONE_SIZE];

	OSMO_STRLCPY_ARRAY(t->number, sender);
	if (t->in->sms->ton == SMS_TON_ALPHANUMERIC || phone_e164(e164, sizeof(e164), sender, cc))
		return;
	if (phone_kind(sender, cc) == PHONE_OWN || phone_kind(sender, cc) == PHONE_FOREIGN)
		OSMO_STRLCPY_ARRAY(t->number, e164);
}

/* A header that makes no sense is no header: 3GPP TS 23.040, clause 9.2.3.24.1. */
static void set_concat(struct taken *t)
{
	struct sms_concat c = t->in->sms->concat;

	if (c.total <= 1 || c.part < 1 || c.part > c.total)
		c = (struct sms_concat){ .total = 1, .part = 1 };
	t->concat = c;
}

/* The row. 1: it was there before. */
static int insert(struct taken *t, const char *state, const char *listed)
{
	const struct intake *in = t->in;
	bool part = strcmp(state, "part") == 0;
	bool whole = t->concat.total == 1;
	struct store_arg none = STORE_NULL;
	size_t len = 0;
	uint8_t *sealed = part ? seal(t->ctx, &len, t->key, in->sms->text) : NULL;
	/* what cannot be read is hex: nothing in it is anybody's secret in words */
	bool hex = !in->sms->sender[0];
	const char *body = part ? "" : hex ? in->sms->text : reading_scrub(t->ctx, in->sms->text);
	int rc = store_exec(t->gw->store, STORE_STMT_INTAKE_INSERT,
			    STORE_ARGS(STORE_BLOB(in->digest, DIGEST_SIZE), STORE_TEXT(in->bearer),
				       STORE_TEXT(in->worker), STORE_TEXT(t->number),
				       STORE_INT(in->sms->smsc_at), STORE_INT(t->now),
				       whole ? none : (struct store_arg)STORE_INT(t->concat.ref),
				       whole ? none : (struct store_arg)STORE_INT(t->concat.total),
				       whole ? none : (struct store_arg)STORE_INT(t->concat.part),
				       STORE_TEXT(body),
				       part ? (struct store_arg)STORE_BLOB(sealed, len) : none,
				       STORE_TEXT(state), STORE_TEXT(listed)));

	if (rc == -EEXIST)
		return 1;
	if (rc < 0)
		return rc;
	t->id = store_last_id(t->gw->store);
	return 0;
}

static void log_row(const struct taken *t, const char *what)
{
	char masked[PHONE_MASK_SIZE];

	LOGP(DINBOX, LOGL_INFO, "text %" PRId64 " from %s on %s: %s\n", t->id,
	     phone_mask(masked, sizeof(masked), t->number), t->in->worker, what);
}

/* Stored, without effect; a coordinator sees it. */
static int put_aside(struct taken *t, const char *state, const char *why)
{
	int rc = insert(t, state, why);

	if (rc == 0)
		log_row(t, why);
	return rc < 0 ? rc : 0;
}

/* One of too many: some of them are listed, and of all of them the coordinators are told once a day. */
static int leave_unread(struct taken *t, const char *why)
{
	int64_t n = 0;
	int rc = budget_unanswered(t->gw, &n, t->now);

	if (rc)
		return rc;
	log_row(t, why);
	rc = store_exec(t->gw->store, STORE_STMT_INTAKE_DONE,
			STORE_ARGS(STORE_INT(t->id), STORE_NULL, STORE_NULL, STORE_TEXT("FLOOD"),
				   STORE_TEXT(n <= FLOOD_LISTED ? why : NULL)));
	if (rc < 0 || n > FLOOD_LISTED)
		return rc < 0 ? rc : 0;
	return request_file(t->gw, t->id, t->number);
}

static int handle(struct taken *t, const char *text)
{
	struct turn *turn = talloc_zero(t->ctx, struct turn);
	const char *why;
	int rc = flood_take(&why, t->gw, t->number, t->now);

	if (rc || why)
		return rc ? rc : leave_unread(t, why);
	OSMO_ASSERT(turn);
	turn->gw = t->gw;
	turn->ctx = turn;
	turn->inbox_id = t->id;
	turn->number = t->number;
	turn->text = text;
	turn->at = t->now;
	turn->careful = t->in->careful;
	rc = command_handle(turn);
	if (rc || turn->flooded)
		return rc ? rc : leave_unread(t, "too many texts from strangers");
	log_row(t, turn->intent ? turn->intent : "not read");
	rc = store_exec(t->gw->store, STORE_STMT_INTAKE_DONE,
			STORE_ARGS(STORE_INT(t->id),
				   turn->contact_id ? (struct store_arg)STORE_INT(turn->contact_id)
						    : (struct store_arg)STORE_NULL,
				   turn->person_id ? (struct store_arg)STORE_INT(turn->person_id)
						   : (struct store_arg)STORE_NULL,
				   STORE_TEXT(turn->intent), STORE_TEXT(turn->listed)));
	if (rc < 0 || !turn->listed)
		return rc < 0 ? rc : 0;
	return request_take(t->gw, t->id, t->number, turn->person_id);
}

/* One answer for all the parts of a text that is too long. */
static int refuse_length(struct taken *t)
{
	struct outbox_message m = { .to = t->number, .template = "too_long" };
	int64_t told = 0;
	int rc = store_get_int(t->gw->store, &told, STORE_STMT_INTAKE_TOLD,
			       STORE_ARGS(STORE_TEXT(t->number),
					  STORE_INT(t->now - INBOX_PARTS_WAIT),
					  STORE_INT(t->concat.ref), STORE_INT(t->concat.total)));

	if (!rc)
		rc = insert(t, told ? "ignored" : "handled",
			    told ? NULL : "more parts than are taken");
	if (rc)
		return rc < 0 ? rc : 0;
	log_row(t, "too long");
	if (told)
		return 0;
	m.inbox_id = t->id;
	m.body = template_fill(t->ctx, t->gw->catalogue, m.template,
			       facts_new(t->ctx, t->gw)->value);
	rc = outbox_queue(t->gw, NULL, NULL, &m);
	return rc < 0 ? rc : 0;
}

static int take_part(struct taken *t)
{
	char *text;
	int rc = insert(t, "part", NULL);

	if (rc)
		return rc < 0 ? rc : 0;
	log_row(t, "a part");
	rc = fragments_join(&text, t->ctx, t->gw, t->id, t->key);
	if (rc || !text)
		return rc;
	rc = store_exec(t->gw->store, STORE_STMT_INTAKE_WHOLE,
			STORE_ARGS(STORE_INT(t->id), STORE_TEXT(reading_scrub(t->ctx, text))));
	return rc < 0 ? rc : handle(t, text);
}

static int take_whole(struct taken *t)
{
	int rc = insert(t, "handled", NULL);

	if (rc)
		return rc < 0 ? rc : 0;
	return handle(t, t->in->sms->text);
}

/* Somebody would rather speak: a human calls back. Strangers are not listed: anybody can call. */
static int take_call(struct taken *t)
{
	int64_t wanted = 0;
	int rc = store_get_int(t->gw->store, &wanted, STORE_STMT_INTAKE_CALL,
			       STORE_ARGS(STORE_TEXT(t->number), STORE_INT(t->now - CALL_PAUSE)));

	if (rc || !wanted)
		return rc;
	rc = put_aside(t, "ignored", "called");
	return rc || !t->id ? rc : request_take(t->gw, t->id, t->number, 0);
}

int intake_take(struct gateway *gw, const struct intake *in, const uint8_t key[DIGEST_KEY_SIZE],
		int64_t now)
{
	struct taken t = { .gw = gw, .in = in, .key = key, .now = now };
	const char *why;
	int rc;

	t.ctx = talloc_named_const(gw, 0, "text");
	OSMO_ASSERT(t.ctx);
	set_number(&t);
	set_concat(&t);
	why = useless(&t);
	if (in->call)
		rc = take_call(&t);
	else if (in->aside)
		rc = put_aside(&t, "aside", in->aside);
	else if (why)
		rc = put_aside(&t, "ignored", why);
	else if (t.concat.total > SMS_PARTS_MAX)
		rc = refuse_length(&t);
	else if (t.concat.total > 1)
		rc = take_part(&t);
	else
		rc = take_whole(&t);
	talloc_free(t.ctx);
	return rc;
}
