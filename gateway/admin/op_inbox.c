/* inbox: the coordinator's list, and any text that came in.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <inttypes.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/phone.h"

#include "gateway/outbox.h"
#include "gateway/request.h"

#define SHOWN_ALL 100

static const struct rows_column text_columns[] = {
	{ "id", ROWS_INT },      { "at", ROWS_INT },      { "number", ROWS_TEXT },
	{ "person", ROWS_TEXT }, { "state", ROWS_TEXT },  { "intent", ROWS_TEXT },
	{ "listed", ROWS_TEXT }, { "done_at", ROWS_INT }, { "request", ROWS_INT },
	{ "text", ROWS_TEXT },   { NULL, ROWS_INT },
};
static const struct rows_column reply_columns[] = {
	{ "id", ROWS_INT },     { "at", ROWS_INT }, { "state", ROWS_TEXT },
	{ "text", ROWS_WORDS }, { NULL, ROWS_INT },
};

void op_inbox(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	bool all = json_is_true(admin_value(call, "all"));
	json_t *list = rows_json(
		store_query(gw->store,
			    all ? STORE_STMT_ADMIN_INBOX_ALL : STORE_STMT_ADMIN_INBOX_LISTED,
			    STORE_ARGS(STORE_INT(all ? SHOWN_ALL : ADMIN_ROWS_MAX))),
		text_columns);

	if (list)
		admin_reply(call, json_pack("{s:o}", "inbox", list));
	else
		admin_refuse_store(call);
}

void op_inbox_show(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	int64_t id = admin_int(call, "id", 0);
	json_t *list = rows_json(
		store_query(gw->store, STORE_STMT_ADMIN_INBOX_SHOW, STORE_ARGS(STORE_INT(id))),
		text_columns);
	json_t *replies = list ? rows_json(store_query(gw->store, STORE_STMT_ADMIN_INBOX_REPLIES,
						       STORE_ARGS(STORE_INT(id))),
					   reply_columns)
			       : NULL;
	json_t *text = json_array_get(list, 0);

	if (!replies) {
		admin_refuse_store(call);
	} else if (!text) {
		admin_refuse(call, "there is no text %" PRId64 "; `inbox all` lists the last ones",
			     id);
	} else {
		json_object_set(text, "replies", replies);
		json_incref(text);
		admin_reply(call, text);
	}
	json_decref(replies);
	json_decref(list);
}

void op_inbox_done(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	int64_t id = admin_int(call, "id", 0);
	int rc = store_exec(gw->store, STORE_STMT_ADMIN_INBOX_DONE,
			    STORE_ARGS(STORE_INT(id), STORE_INT(store_now(gw->store))));

	if (rc < 0)
		admin_refuse_store(call);
	else if (rc == 0)
		admin_refuse(call, "text %" PRId64 " is not on the list; `inbox` shows what is",
			     id);
	else
		admin_reply(call, json_pack("{s:I}", "id", (json_int_t)id));
}

/* ---- answer ---- */

static const char *const results[] = {
	[REQUEST_SENT] = "nothing is wrong",
	[REQUEST_TAKEN] = "a coordinator has answered already: `inbox show` says what",
	[REQUEST_STOPPED] = "that number said STOP and has not written since: call it instead",
	[REQUEST_TOO_LONG] = "the text is too long: say it in less",
	[REQUEST_UNREACHABLE] =
		("this gateway may not write to that number, or the day's budget of "
		 "messages is used up"),
};

/* What was listed without being read, or could not be answered at the time, is no request yet. */
static int find(struct request *r, struct gateway *gw, int64_t id, const char *number)
{
	int rc = request_of_text(r, OTC_SELECT, gw, id);

	if (rc != -ENOENT)
		return rc;
	rc = request_file(gw, id, number);
	return rc ? rc : request_of_text(r, OTC_SELECT, gw, id);
}

/* \returns 0, -ENOENT: there is no such text, 1: *result says why not, or an error of store.h */
static int answer(enum request_result *result, int64_t *message_id, struct gateway *gw, int64_t id,
		  const char *text)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_ADMIN_INBOX_SHOW,
					      STORE_ARGS(STORE_INT(id)));
	char number[PHONE_SIZE] = "";
	struct request r;
	int rc = rows ? store_next(rows) : store_errno(gw->store);

	if (rc == 1)
		OSMO_STRLCPY_ARRAY(number, store_text(rows, 2));
	store_done(rows);
	if (rc != 1)
		return rc == 0 ? -ENOENT : rc;
	*result = REQUEST_UNREACHABLE;
	if (number[0] != '+')
		return 1;
	rc = find(&r, gw, id, number);
	if (!rc)
		rc = request_answer(result, message_id, gw, &r, 0, text);
	return rc ? rc : *result != REQUEST_SENT;
}

void op_inbox_answer(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	const char *text = admin_text(call, "text");
	int64_t id = admin_int(call, "id", 0), message_id = 0;
	enum request_result result = REQUEST_SENT;
	int rc;

	if (!text || !*text) {
		admin_refuse(call, "which text, and what? ID TEXT");
		return;
	}
	rc = store_begin(gw->store);
	if (!rc)
		rc = answer(&result, &message_id, gw, id, text);
	if (!rc)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	if (rc == -ENOENT)
		admin_refuse(call, "there is no text %" PRId64 "; `inbox` lists those that wait",
			     id);
	else if (rc == 1)
		admin_refuse(call, "%s", results[result]);
	else if (rc)
		admin_refuse_store(call);
	else
		admin_reply(call, json_pack("{s:I, s:I}", "id", (json_int_t)message_id, "text",
					    (json_int_t)id));
}
