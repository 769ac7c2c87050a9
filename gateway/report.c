/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/phone.h"

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/message.h"
#include "gateway/carrier.h"
#include "gateway/store/store.h"

/* Seconds in which a report may come once more. */
#define KNOWN_FOR (24 * 60 * 60)

/* The part that a report is about. */
struct reported {
	int64_t id;
	int part;
	char state[12];
};

enum report_class report_class(uint8_t status)
{
	if (status < 0x20)
		return REPORT_DELIVERED;
	return status < 0x40 ? REPORT_PENDING : REPORT_FAILED;
}

static int find_by(struct store *st, struct reported *out, enum store_stmt stmt,
		   const struct store_arg *args)
{
	struct store_rows *rows = store_query(st, stmt, args);
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1) {
		out->id = store_int(rows, 0);
		out->part = store_int(rows, 1);
		OSMO_STRLCPY_ARRAY(out->state, store_text(rows, 2));
	}
	store_done(rows);
	return rc;
}

/* 1: found; 0: nothing that it could be about. */
static int find(struct store *st, struct reported *out, const char *number, const char *worker,
		const struct bearer_report *report, int64_t now)
{
	uint8_t mr = report->mr;
	int64_t known = 0;
	int rc = find_by(st, out, STORE_STMT_REPORT_BY_MR,
			 STORE_ARGS(STORE_TEXT(number), STORE_TEXT(worker), STORE_INT(mr),
				    STORE_INT(report->sent_at)));

	if (rc)
		return rc;
	/* a part with that reference that is done: this report is a repetition */
	rc = store_get_int(st, &known, STORE_STMT_REPORT_KNOWN,
			   STORE_ARGS(STORE_TEXT(number), STORE_TEXT(worker), STORE_INT(mr),
				      STORE_INT(now - KNOWN_FOR)));
	if (rc || known)
		return rc;
	return find_by(st, out, STORE_STMT_REPORT_BY_NUMBER,
		       STORE_ARGS(STORE_TEXT(number), STORE_TEXT(worker)));
}

static int move_part(struct store *st, const struct reported *r, const struct bearer_report *report,
		     int64_t now)
{
	switch (report_class(report->status)) {
	case REPORT_DELIVERED:
		return message_part_move(st, r->id, r->part, "delivered", report->mr, 0, now);
	case REPORT_FAILED:
		return message_part_move(st, r->id, r->part, "failed", report->mr, 0, now);
	case REPORT_PENDING:
		break;
	}
	/* while its result is awaited, that tells the same */
	if (strcmp(r->state, "doubt") == 0)
		return message_part_move(st, r->id, r->part, "sent", report->mr, now, 0);
	return 0;
}

/* A part that was in doubt did leave: its line takes messages. */
static void tell_carrier(struct gateway *gw, const char *worker, const struct reported *r,
			 int64_t now)
{
	struct bearer *b = bearer_find(gw, worker);

	if (b && strcmp(r->state, "doubt") == 0)
		carrier_took(b, now);
}

static int apply(struct gateway *gw, const struct reported *r, const struct bearer_report *report,
		 int64_t now)
{
	struct message *m = NULL;
	int rc = move_part(gw->store, r, report, now);

	if (!rc)
		rc = message_load(&m, gw, gw->store, r->id);
	if (rc)
		return rc;
	if (report_class(report->status) == REPORT_FAILED)
		message_because(m, "not delivered, status %u", report->status);
	/* while it is being sent, its result concludes */
	if (strcmp(m->state, "sending") != 0)
		rc = message_conclude(gw->store, m, now);
	LOGP(DOUTBOX, LOGL_INFO, "message %" PRId64 ": report on part %d, status 0x%02x: %s\n",
	     r->id, r->part, report->status, m->state);
	talloc_free(m);
	return rc;
}

int report_apply(struct gateway *gw, const char *worker, const struct bearer_report *report,
		 int64_t now)
{
	char masked[PHONE_MASK_SIZE], number[PHONE_SIZE];
	struct reported r = { 0 };
	int rc = 0;

	if (phone_e164(number, sizeof(number), report->to, gw->country_code) == 0)
		rc = find(gw->store, &r, number, worker, report, now);
	if (rc == 1) {
		tell_carrier(gw, worker, &r, now);
		return apply(gw, &r, report, now);
	}
	if (rc == 0)
		LOGP(DOUTBOX, LOGL_INFO,
		     "%s: a report for %s, reference %u, is about nothing new\n", worker,
		     phone_mask(masked, sizeof(masked), report->to), report->mr);
	return rc;
}
