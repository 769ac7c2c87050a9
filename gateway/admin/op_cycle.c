/* cycle: the weekly order cycle, prepared like the one before and moved on. Each step is an event that the database
 * judges.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <inttypes.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/deadline.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/service/when.h"

#define DAY  (24 * 60 * 60)
#define WEEK 7 /* days from one cycle to the next, if nothing else is said */

/* One call: a cycle, and what is asked for. */
struct round {
	struct admin_call *call;
	struct gateway *gw;
	int64_t id; /* 0: none yet */
};

/* The moments of a cycle, in the order in which they come. */
static const struct {
	const char *argument;
	const char *field; /* of cycle.create */
} moments[] = {
	{ "opens", "opens_at" },     { "avail", "avail_by" },   { "closes", "closes_at" },
	{ "confirm", "confirm_by" }, { "from", "pickup_from" }, { "until", "pickup_to" },
};
enum { OPENS, AVAIL, CLOSES, CONFIRM, FROM, UNTIL, MOMENTS };
_Static_assert(ARRAY_SIZE(moments) == MOMENTS, "a row for each moment");

/* What a cycle is made of. */
struct plan {
	int64_t like; /* id of the one before; 0: there is none */
	int64_t place;
	int64_t at[MOMENTS]; /* 0: not known */
};

/* ---- one like the last ---- */

static int load_last(struct plan *out, struct store *st)
{
	struct store_rows *rows = store_query(st, STORE_STMT_ADMIN_CYCLE_LAST, NULL);
	int rc = rows ? store_next(rows) : store_errno(st);

	if (rc == 1)
		*out = (struct plan){ .like = store_int(rows, 0),
				      .place = store_int(rows, 1),
				      .at = { [OPENS] = store_int(rows, 2),
					      [CLOSES] = store_int(rows, 3),
					      [AVAIL] = store_int(rows, 4),
					      [CONFIRM] = store_int(rows, 5),
					      [FROM] = store_int(rows, 6),
					      [UNTIL] = store_int(rows, 7) } };
	store_done(rows);
	return rc < 0 ? rc : 0;
}

/* The same hours of the clock so many days later, summer time or not. */
static int64_t days_later(int64_t at, int days)
{
	struct civil c = civil_from(at);

	return civil_day_at(at, days, c.hour, c.minute);
}

static void move_on(struct plan *p, int days)
{
	for (int i = 0; i < MOMENTS; i++)
		p->at[i] = days_later(p->at[i], days);
}

/* By whole weeks from the last one to one in which that moment is still to come; or by the days that are asked for. */
static void put_off(struct plan *p, int days, int moment, int64_t now)
{
	int64_t weeks = p->at[moment] <= now ? (now - p->at[moment]) / ((int64_t)WEEK * DAY) : 0;

	if (days > 0) {
		move_on(p, days);
		return;
	}
	move_on(p, (int)OSMO_MIN(weeks, 5000) * WEEK);
	do {
		move_on(p, WEEK);
	} while (p->at[moment] <= now);
}

/* "sat 18:00", "28/11 18:00". */
static bool read_moment(int64_t *out, const char *words, int64_t now)
{
	const char *space = strchr(words, ' ');
	int64_t day;

	return space
	       && when_day(&day, talloc_strndup(OTC_SELECT, words, (size_t)(space - words)), now)
	       && when_time(out, space + 1, day);
}

/* Moments that are said take the place of those of the last cycle. \returns 0, or 1: refused and said */
static int take_moments(struct round *r, struct plan *p)
{
	for (int i = 0; i < MOMENTS; i++) {
		const char *words = admin_text(r->call, moments[i].argument);

		if (words && !read_moment(&p->at[i], words, store_now(r->gw->store))) {
			admin_refuse(r->call,
				     "\"%s\" is no moment: a day and a time, as sat 18:00 or "
				     "28/11 18:00",
				     words);
			return 1;
		}
		if (!p->at[i]) {
			admin_refuse(r->call,
				     "--%s is missing: there is no cycle yet to take it from",
				     moments[i].argument);
			return 1;
		}
	}
	return 0;
}

/* What was sold last time is asked for again. */
static int ask_offers(struct round *r, const struct plan *p)
{
	struct store *st = r->gw->store;
	struct store_rows *rows = store_query(st, STORE_STMT_ADMIN_CYCLE_SOLD,
					      STORE_ARGS(STORE_INT(p->like)));
	int rc = rows ? 0 : store_errno(st);

	while (!rc && (rc = store_next(rows)) == 1) {
		int64_t offer;

		rc = admin_bear(
			r->call, "offer", "ask",
			talloc_asprintf(OTC_SELECT,
					"{\"cycle\":%" PRId64 ",\"producer\":%" PRId64
					",\"product\":\"%s\",\"unit\":\"%s\",\"list_no\":%" PRId64
					"}",
					r->id, store_int(rows, 0), store_text(rows, 1),
					store_text(rows, 2), store_int(rows, 3)),
			&offer);
	}
	store_done(rows);
	return rc;
}

static char *plan_payload(const struct plan *p)
{
	char *out = talloc_asprintf(OTC_SELECT, "{\"place\":%" PRId64, p->place);

	for (int i = 0; i < MOMENTS; i++)
		out = talloc_asprintf_append(out, ",\"%s\":%" PRId64, moments[i].field, p->at[i]);
	return talloc_strdup_append(out, "}");
}

static int do_new(struct round *r)
{
	int64_t days = admin_int(r->call, "days", 0), place = admin_int(r->call, "place", 0);
	struct plan p = { 0 };
	int rc = load_last(&p, r->gw->store);

	if (rc)
		return rc;
	if (p.like)
		put_off(&p, (int)days, admin_text(r->call, "avail") ? CLOSES : AVAIL,
			store_now(r->gw->store));
	if (place)
		p.place = place;
	if (!p.place) {
		admin_refuse(r->call, "--place is missing: there is no cycle yet to take it from; "
				      "`place` lists them");
		return 1;
	}
	rc = take_moments(r, &p);
	if (!rc)
		rc = admin_bear(r->call, "cycle", "create", plan_payload(&p), &r->id);
	return rc ? rc : ask_offers(r, &p);
}

/* ---- moving one on ---- */

/* Who is asked too late to answer would be called silent at once. */
static int do_announce(struct round *r)
{
	struct store *st = r->gw->store;
	struct store_rows *rows = store_query(st, STORE_STMT_ADMIN_CYCLE,
					      STORE_ARGS(STORE_INT(r->id)));
	int rc = rows ? store_next(rows) : store_errno(st);
	bool late = rc == 1 && strcmp(store_text(rows, 1), "draft") == 0
		    && store_int(rows, 5) <= store_now(st);

	store_done(rows);
	if (rc < 0)
		return rc;
	if (late) {
		admin_refuse(r->call, "the time until which producers answer is over: make "
				      "another one with `new`, and --avail");
		return 1;
	}
	return admin_fire(r->call, "cycle", r->id, "announce", NULL);
}

static int do_open(struct round *r)
{
	return admin_fire(r->call, "cycle", r->id, "open", NULL);
}

static int do_extend(struct round *r)
{
	const char *to = admin_text(r->call, "to");
	int64_t at;

	if (!to || !read_moment(&at, to, store_now(r->gw->store))) {
		admin_refuse(r->call, "until when? a day and a time, as sat 18:00 or 28/11 18:00");
		return 1;
	}
	return admin_fire(r->call, "cycle", r->id, "extend",
			  talloc_asprintf(OTC_SELECT, "{\"closes_at\":%" PRId64 "}", at));
}

static int do_cancel(struct round *r)
{
	const char *reason = admin_text(r->call, "reason");
	char *payload;
	int rc;

	if (!reason || !*reason) {
		admin_refuse(r->call, "why? everybody who ordered is told the reason");
		return 1;
	}
	rc = admin_said(r->call, reason, &payload);
	return rc ? rc : admin_fire(r->call, "cycle", r->id, "cancel", payload);
}

static const struct action {
	const char *name;
	int (*run)(struct round *r); /* \returns 0, 1: refused and said, or an error of store.h */
} actions[] = {
	{ "new", do_new },       { "announce", do_announce }, { "open", do_open },
	{ "extend", do_extend }, { "cancel", do_cancel },
};

/* All of an action or nothing of it. */
static int carry_out(struct round *r, const struct action *a)
{
	struct store *st = r->gw->store;
	int rc = store_begin(st);

	if (!rc)
		rc = a->run(r);
	if (!rc)
		rc = notice_run(r->gw);
	if (!rc)
		rc = store_commit(st);
	if (rc) {
		store_rollback(st);
		return rc;
	}
	deadline_kick(r->gw);
	outbox_kick(r->gw);
	return 0;
}

static void answer(struct round *r, enum store_stmt stmt, int64_t value)
{
	static const struct rows_column columns[] = {
		{ "id", ROWS_INT },         { "state", ROWS_TEXT },      { "place", ROWS_TEXT },
		{ "opens_at", ROWS_INT },   { "closes_at", ROWS_INT },   { "avail_by", ROWS_INT },
		{ "confirm_by", ROWS_INT }, { "pickup_from", ROWS_INT }, { "pickup_to", ROWS_INT },
		{ "asked", ROWS_INT },      { "offered", ROWS_INT },     { "orders", ROWS_INT },
		{ "total", ROWS_INT },      { NULL, ROWS_INT },
	};
	json_t *rows = rows_json(store_query(r->gw->store, stmt, STORE_ARGS(STORE_INT(value))),
				 columns);

	if (!rows)
		admin_refuse_store(r->call);
	else if (r->id && !json_array_size(rows)) {
		admin_refuse(r->call, "there is no cycle %" PRId64, r->id);
		json_decref(rows);
	} else
		admin_reply(r->call, json_pack("{s:o}", "cycles", rows));
}

void op_cycle(struct admin_call *call)
{
	struct round r = { call, admin_gateway(call), admin_int(call, "id", 0) };
	const char *name = admin_text(call, "action");
	const struct action *a = NULL;
	int rc = 0;

	for (size_t i = 0; name && i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			a = &actions[i];
	if (name && !a) {
		admin_refuse(call, "\"%s\" is nothing that a cycle does", name);
		return;
	}
	if (a)
		rc = carry_out(&r, a);
	if (rc < 0)
		admin_refuse_store(call);
	else if (!rc && r.id)
		answer(&r, STORE_STMT_ADMIN_CYCLE, r.id);
	else if (!rc)
		answer(&r, STORE_STMT_ADMIN_CYCLES, ADMIN_ROWS_MAX);
}
