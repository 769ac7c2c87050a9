/* outbox: what goes out, and a message typed by hand.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <inttypes.h>
#include <string.h>

#include "parsers/phone.h"

#include "gateway/outbox.h"

#define SHOWN_ALL 100

static const struct rows_column message_columns[] = {
	{ "id", ROWS_INT },       { "state", ROWS_TEXT },  { "number", ROWS_TEXT },
	{ "person", ROWS_TEXT },  { "worker", ROWS_TEXT }, { "template", ROWS_TEXT },
	{ "at", ROWS_INT },       { "due_at", ROWS_INT },  { "use_by", ROWS_INT },
	{ "attempts", ROWS_INT }, { "parts", ROWS_INT },   { "cause", ROWS_TEXT },
	{ "text", ROWS_WORDS },   { NULL, ROWS_INT },
};
static const struct rows_column part_columns[] = {
	{ "part", ROWS_INT },    { "state", ROWS_TEXT },  { "reference", ROWS_INT },
	{ "sent_at", ROWS_INT }, { "done_at", ROWS_INT }, { NULL, ROWS_INT },
};

void op_outbox(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	bool all = json_is_true(admin_value(call, "all"));
	json_t *list = rows_json(
		store_query(gw->store,
			    all ? STORE_STMT_ADMIN_OUTBOX_ALL : STORE_STMT_ADMIN_OUTBOX_OPEN,
			    STORE_ARGS(STORE_INT(all ? SHOWN_ALL : ADMIN_ROWS_MAX))),
		message_columns);

	if (list)
		admin_reply(call, json_pack("{s:o}", "outbox", list));
	else
		admin_refuse_store(call);
}

void op_outbox_show(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	int64_t id = admin_int(call, "id", 0);
	json_t *list = rows_json(
		store_query(gw->store, STORE_STMT_ADMIN_OUTBOX_SHOW, STORE_ARGS(STORE_INT(id))),
		message_columns);
	json_t *parts = list ? rows_json(store_query(gw->store, STORE_STMT_ADMIN_OUTBOX_PARTS,
						     STORE_ARGS(STORE_INT(id))),
					 part_columns)
			     : NULL;
	json_t *message = json_array_get(list, 0);

	if (!parts) {
		admin_refuse_store(call);
	} else if (!message) {
		admin_refuse(call,
			     "there is no message %" PRId64 "; `outbox all` lists the last ones",
			     id);
	} else {
		json_object_set(message, "each", parts);
		json_incref(message);
		admin_reply(call, message);
	}
	json_decref(parts);
	json_decref(list);
}

/* ---- send ---- */

static const char *const refusals[] = {
	[OUTBOX_QUEUED] = "nothing is wrong",
	[OUTBOX_NUMBER] = ("this gateway may not write to that number: `country-code` and "
			   "`allow-prefix` say to which it may"),
	[OUTBOX_BUDGET] = "the day's budget of messages is used up",
	[OUTBOX_TOO_LONG] = "the text is too long: say it in less",
};

struct answer {
	int64_t id, inbox;
	enum outbox_refusal refusal;
};

/* \returns as outbox_queue() */
static int queue(struct gateway *gw, const char *to, const char *text, struct answer *a)
{
	const struct outbox_message m = { .to = to, .inbox_id = a->inbox, .body = text };
	int rc = store_begin(gw->store);

	if (!rc)
		rc = outbox_queue(gw, &a->id, &a->refusal, &m);
	if (!rc && a->inbox)
		rc = store_exec(gw->store, STORE_STMT_ADMIN_INBOX_DONE,
				STORE_ARGS(STORE_INT(a->inbox), STORE_INT(store_now(gw->store))));
	if (rc >= 0 && a->refusal == OUTBOX_QUEUED)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}

void op_send(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	const char *to = admin_text(call, "to"), *text = admin_text(call, "text");
	struct answer a = { .inbox = admin_int(call, "inbox", 0), .refusal = OUTBOX_QUEUED };
	char number[PHONE_SIZE];
	int rc;

	if (!to || !text || !*text) {
		admin_refuse(call, "to whom, and what? TO TEXT");
		return;
	}
	if (phone_e164(number, sizeof(number), to, gw->country_code)) {
		admin_refuse(call, "\"%s\" is no telephone number", to);
		return;
	}
	rc = queue(gw, number, text, &a);
	if (rc == 1)
		admin_refuse(call, "%s", refusals[a.refusal]);
	else if (rc)
		admin_refuse_store(call);
	else
		admin_reply(call, json_pack("{s:I, s:s}", "id", (json_int_t)a.id, "to", number));
}
