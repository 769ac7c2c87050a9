/* status: how everything is. `inbox.waiting`, `outbox.due` and `outbox.sending` are zero when nothing is left to do:
 * the demo and the tests wait for that.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <unistd.h>

#include <osmocom/core/utils.h>

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

static json_t *outbox_json(struct gateway *gw)
{
	if (!gw->outbox)
		return json_pack("{s:i, s:i, s:i, s:i}", "due", 0, "sending", 0, "queued", 0,
				 "doubt", 0);
	return json_pack("{s:I, s:I, s:I, s:I}", "due", due(gw, store_now(gw->store)), "sending",
			 (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "sending"), "queued",
			 (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "queued"), "doubt",
			 (json_int_t)count(gw, STORE_STMT_ADMIN_MESSAGE_COUNT, "doubt"));
}

void op_status(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);

	admin_reply(call,
		    json_pack("{s:{s:s, s:i}, s:o, s:o, s:o, s:o, s:o}", "gateway", "version",
			      PACKAGE_VERSION, "pid", (int)getpid(), "database", database_json(gw),
			      "clock", gw->store ? clock_json(gw) : json_null(), "modems",
			      modems_json(gw), "inbox", inbox_json(gw), "outbox", outbox_json(gw)));
}
