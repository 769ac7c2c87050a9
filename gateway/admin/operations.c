/* The table of operations.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

const struct admin_operation admin_operations[] = {
	{ "status", "", ADMIN_READ, ADMIN_ANYTIME,
	  "how the gateway, its database and its modems are", op_status },
	{ "inbox", "[all]", ADMIN_READ, ADMIN_STORE,
	  "texts that wait for the coordinator, or the last ones of all", op_inbox },
	{ "inbox-show", "id", ADMIN_READ, ADMIN_STORE, "one text, and what was answered",
	  op_inbox_show },
	{ "inbox-done", "id", ADMIN_WRITE, ADMIN_STORE, "take a text off the coordinator's list",
	  op_inbox_done },
	{ "inbox-answer", "id text", ADMIN_WRITE, ADMIN_STORE,
	  "answer a text as the pickup point; it comes off the list", op_inbox_answer },
	{ "outbox", "[all]", ADMIN_READ, ADMIN_STORE,
	  "messages that are not delivered yet, or the last ones of all", op_outbox },
	{ "outbox-show", "id", ADMIN_READ, ADMIN_STORE, "one message with its parts",
	  op_outbox_show },
	{ "send", "to text [inbox]", ADMIN_WRITE, ADMIN_STORE,
	  "queue one message; as the answer to a text it takes that off the list", op_send },
	{ "fire", "machine id event [role] [actor] [version] [idem] [payload]", ADMIN_WRITE,
	  ADMIN_STORE, "fire an event", op_fire },
	{ "clock", "[seconds]", ADMIN_WRITE, ADMIN_STORE, "show the clock, or walk it forward",
	  op_clock },
	{ "modem", "[name action]", ADMIN_WRITE, ADMIN_STORE,
	  "the modems; restart one, or allow one more try of its PIN", op_modem },
	{ NULL },
};
