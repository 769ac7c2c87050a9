/* status: how everything is. `inbox.waiting`, `outbox.due` and `outbox.sending` are zero when nothing is left to do:
 * the demo and the tests wait for that.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <unistd.h>

#include <osmocom/core/utils.h>

#include "gateway/bearer/bearer.h"
#include "gateway/budget.h"
#include "gateway/deadline.h"
#include "gateway/inbox.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/reminder.h"

static int64_t count(struct gateway *gw, enum store_stmt stmt, const char *state)
{
	int64_t n = 0;

	store_get_int(gw->store, &n, stmt, STORE_ARGS(STORE_TEXT(state)));
	return n;
}

static json_t *database_json(const struct gateway *gw)
{
	const char *why = gw->broken ?: gw->closed;

	if (!why && !gw->store)
		why = "not open yet";
	else if (!why && trouble_waits(gw))
		why = store_error(gw->store);
	return json_pack("{s:s, s:b, s:s}", "path", gw->database, "ok", !why, "text",
			 why ?: "open");
}

static json_t *inbox_json(struct gateway *gw)
{
	int64_t listed = 0;

	if (gw->store)
		store_get_int(gw->store, &listed, STORE_STMT_ADMIN_INBOX_COUNT, STORE_ARGS());
	return json_pack("{s:I, s:I}", "waiting", (json_int_t)(gw->inbox ? inbox_waiting(gw) : 0),
			 "listed", (json_int_t)listed);
}

/* What is to go out now: messages, and what is about to make some. */
static json_int_t due(struct gateway *gw, int64_t now)
{
	const int parts[] = { outbox_due(gw, now), notice_waiting(gw), deadline_due(gw, now),
			      reminder_due(gw, now) };
	json_int_t sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		sum += OSMO_MAX(parts[i], 0);
	return sum;
}

/* How many there are, and since when: of the first row of a query. */
static json_t *since_json(struct gateway *gw, enum store_stmt stmt, const struct store_arg *args)
{
	struct store_rows *rows = store_query(gw->store, stmt, args);
	bool any = rows && store_next(rows) == 1;
	json_int_t n = any ? store_int(rows, 0) : 0;
	json_t *o = json_pack("{s:I}", "n", n);

	if (n)
		json_object_set_new(o, "since", json_integer(store_int(rows, 1)));
	store_done(rows);
	return o;
}

/* Why what is due has not left. */
static const char *why_waiting(const struct gateway *gw)
{
	const struct bearer *b;

	if (gw->ending)
		return "the gateway is ending";
	llist_for_each_entry(b, &gw->bearers, entry)
		if (b->ready)
			return "others go before them";
	return "no modem can send";
}

/* What should have left, and what the budget puts off. */
static json_t *waiting_json(struct gateway *gw, int64_t now)
{
	json_t *o = since_json(gw, STORE_STMT_OUTBOX_WAITING, STORE_ARGS(STORE_INT(now)));

	if (json_integer_value(json_object_get(o, "n")))
		json_object_set_new(o, "because", json_string(why_waiting(gw)));
	return o;
}

static json_t *outbox_json(struct gateway *gw)
{
	int64_t now;
	json_t *o;

	if (!gw->outbox)
		return json_pack("{s:i, s:i, s:i, s:i}", "due", 0, "sending", 0, "queued", 0,
				 "doubt", 0);
	now = store_now(gw->store);
	o = json_pack("{s:I, s:I, s:I, s:I}", "due", due(gw, now), "sending",
		      (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "sending"), "queued",
		      (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "queued"), "doubt",
		      (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "doubt"));
	json_object_set_new(o, "waiting", waiting_json(gw, now));
	json_object_set_new(o, "put_off",
			    since_json(gw, STORE_STMT_OUTBOX_PUT_BY,
				       STORE_ARGS(STORE_INT(now), STORE_TEXT(BUDGET_WAITS))));
	return o;
}

static json_t *budget_state_json(const struct budget_state *b)
{
	json_t *o = json_pack("{s:I}", "used", (json_int_t)b->used);

	if (b->most)
		json_object_set_new(o, "most", json_integer(b->most));
	if (b->since)
		json_object_set_new(o, "since", json_integer(b->since));
	return o;
}

static json_t *budget_json(struct gateway *gw)
{
	struct budget_state day, month;
	int64_t unanswered = 0;

	if (!gw->store || budget_look(gw, &day, &month, &unanswered, store_now(gw->store)))
		return json_null();
	return json_pack("{s:o, s:o, s:I}", "day", budget_state_json(&day), "month",
			 budget_state_json(&month), "unanswered", (json_int_t)unanswered);
}

void op_status(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);

	admin_reply(call,
		    json_pack("{s:{s:s, s:i}, s:o, s:o, s:o, s:o, s:o, s:o}", "gateway", "version",
			      PACKAGE_VERSION, "pid", (int)getpid(), "database", database_json(gw),
			      "clock", gw->store ? clock_json(gw) : json_null(), "modems",
			      modems_json(gw), "inbox", inbox_json(gw), "outbox", outbox_json(gw),
			      "budget", budget_json(gw)));
}
