/* The handlers of the table, and what they share: private to this folder.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/admin/admin.h"
#include "gateway/store/store.h"

void op_status(struct admin_call *call);
void op_inbox(struct admin_call *call);
void op_inbox_show(struct admin_call *call);
void op_inbox_done(struct admin_call *call);
void op_inbox_answer(struct admin_call *call);
void op_outbox(struct admin_call *call);
void op_outbox_show(struct admin_call *call);
void op_send(struct admin_call *call);
void op_fire(struct admin_call *call);
void op_cycle(struct admin_call *call);
void op_order(struct admin_call *call);
void op_place(struct admin_call *call);
void op_product(struct admin_call *call);
void op_member(struct admin_call *call);
void op_member_show(struct admin_call *call);
void op_member_add(struct admin_call *call);
void op_member_change(struct admin_call *call);
void op_member_role(struct admin_call *call);
void op_member_mandate(struct admin_call *call);
void op_member_number(struct admin_call *call);
void op_member_erase(struct admin_call *call);
void op_clock(struct admin_call *call);
void op_modem(struct admin_call *call);

/*! Fire an event as the coordinator, in the open transaction: the one who alone holds the role, or the call's actor.
 *
 * \returns 0; 1: it was refused and the call answered; or an error of store.h. */
int admin_fire(struct admin_call *call, const char *machine, int64_t id, const char *event,
	       const char *payload);

/*! Fire a birth as the coordinator, likewise. \param[out] id  of what was born. */
int admin_bear(struct admin_call *call, const char *machine, const char *event, const char *payload,
	       int64_t *id);

/*! Keep somebody's words as a note, as those that were texted are, in the open transaction.
 *
 * \param[out] payload  {"reason", "note"}, on OTC_SELECT.
 * \returns 0 or an error of store.h. */
int admin_said(struct admin_call *call, const char *words, char **payload);

/*! A column of a row: its name in JSON, and its type there. */
struct rows_column {
	const char *name;
	enum {
		ROWS_INT,
		ROWS_TEXT,
		ROWS_WORDS /* a message: pickup codes in it are for its reader alone */
	} type;            /* NULL becomes null */
};

/*! The rest of a query as an array of objects.
 *
 * \param[in] rows  closed here; NULL (the query failed) gives NULL.
 * \param[in] columns  in the order of the query; ends with a NULL name.
 * \returns a new reference, or NULL: admin_refuse_store(). */
json_t *rows_json(struct store_rows *rows, const struct rows_column *columns);

/*! The modems as an array: how each stands, in plain words. A new reference. */
json_t *modems_json(struct gateway *gw);

/*! The clock: now in seconds and in local words, its zone, whether it can be moved. A new reference. */
json_t *clock_json(struct gateway *gw);
