/* inbox: the coordinator's list, and any text that came in.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <inttypes.h>

#define SHOWN_ALL 100

static const struct rows_column text_columns[] = {
	{ "id", ROWS_INT },      { "at", ROWS_INT },      { "number", ROWS_TEXT },
	{ "person", ROWS_TEXT }, { "state", ROWS_TEXT },  { "intent", ROWS_TEXT },
	{ "listed", ROWS_TEXT }, { "done_at", ROWS_INT }, { "text", ROWS_TEXT },
	{ NULL, ROWS_INT },
};
static const struct rows_column reply_columns[] = {
	{ "id", ROWS_INT },    { "at", ROWS_INT }, { "state", ROWS_TEXT },
	{ "text", ROWS_TEXT }, { NULL, ROWS_INT },
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
