/* Orders confirmed, dropped and cancelled; and what follows when the database says no.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/order.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/repeat.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/service.h"
#include "gateway/service/status.h"
#include "gateway/service/substitute.h"
#include "gateway/turn.h"

/* Pickup codes have four digits, and none begins with a zero that people leave out. */
#define CODE_MIN 1000
#define CODES    9000

/* Less is left than the draft wants: it takes what there is, and its owner reads that before saying OUI. */
static void take_what_is_left(struct turn *turn)
{
	struct basket b;

	if (!basket_open(&b, turn))
		return;
	for (size_t i = 0; i < b.n; i++) {
		struct basket_row *r = &b.row[i];
		int64_t left = basket_available(&b, r);

		if (r->after <= left)
			continue;
		r->after = left;
		if (left > 0)
			turn_say(turn, "stock_left",
				 VALUES({ "product", r->product->many },
					{ "left", format_amount(turn->ctx, turn->gw->catalogue,
								left, r->product->unit) }));
		else
			market_say_sold_out(turn, &b.offers, r->product);
	}
	if (!basket_holds(&b)) {
		if (b.order
		    && turn_fire(turn, "order", b.order->id, b.order->version, "drop", NULL, NULL))
			turn_say(turn, "order_dropped", NULL);
	} else if (!basket_fire(&b)) {
		turn_say_refusal(turn);
	}
}

/* What was confirmed is not what is there: a new recap, and nothing is confirmed. */
static void recap_again(struct turn *turn, const struct order *o)
{
	turn_say(turn, "recap_again", NULL);
	if (!turn_fire(turn, "order", o->id, o->version, "edit", NULL, NULL))
		turn_say_refusal(turn);
}

static bool guard(const struct turn *turn, const char *name)
{
	return turn->refusal.code == STORE_E_GUARD && strcmp(turn->refusal.guard, name) == 0;
}

void order_refused(struct turn *turn, int64_t order_id, const char *event)
{
	struct store_refusal why = turn->refusal;
	struct order *o = NULL;
	bool draft;
	int rc = 0;

	if (turn->error)
		return;
	turn_undo(turn);
	if (order_id)
		rc = produce_order(&o, turn->ctx, turn->gw->store, order_id);
	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	turn->refusal = why;
	draft = o && strcmp(o->state, "draft") == 0;
	if (guard(turn, "contact_active") && strcmp(turn->contact_state, "pending") == 0)
		turn_say_phone(turn, "welcome_consent");
	else if (draft && guard(turn, "stock_ok"))
		take_what_is_left(turn);
	else if (draft && (why.code == STORE_E_STALE || guard(turn, "recap_sent")))
		recap_again(turn, o);
	else if (o && why.code == STORE_E_STALE && strcmp(event, "cancel") == 0
		 && strcmp(o->state, "placed") == 0)
		order_ask_cancel(turn, o);
	else if (o && (why.code == STORE_E_STALE || why.code == STORE_E_TRANSITION))
		status_say(turn, o);
	else
		turn_say_refusal(turn);
}

/* The pickup code is drawn here: what the database would make of the order's number and the time can be guessed. */
static char *with_code(struct turn *turn)
{
	return talloc_asprintf(turn->ctx, "{\"code\":\"%u\"}",
			       (unsigned int)(CODE_MIN + randombytes_uniform(CODES)));
}

void order_confirm(struct turn *turn, int64_t order_id, int64_t version)
{
	if (!turn_fire(turn, "order", order_id, version, "confirm", with_code(turn), NULL))
		order_refused(turn, order_id, "confirm");
}

/* The last recap of a draft that went to this number: 1 it has left, 0 it waits to, -ENOENT there is none. */
static int last_recap(struct turn *turn, const struct order *o, int64_t *version)
{
	struct store_rows *rows =
		store_query(turn->gw->store, STORE_STMT_ORDER_RECAP,
			    STORE_ARGS(STORE_INT(o->id), STORE_TEXT(turn->number)));
	int rc = rows ? store_next(rows) : store_errno(turn->gw->store);
	bool left = false;

	if (rc == 1) {
		*version = store_int(rows, 0);
		left = store_int(rows, 1) != 0;
	}
	store_done(rows);
	turn_failed(turn, rc);
	return rc == 1 ? left : -ENOENT;
}

/* Nothing waits for an answer: the same answer as to the same text just before, or how things stand. */
static void nothing_pending(struct turn *turn, const char *template)
{
	int64_t id;
	struct order *o;
	int n;

	if (repeat_reply(turn) || turn->error)
		return;
	n = turn->owner_id ? produce_orders_of(&id, 1, turn->gw->store, turn->owner_id) : 0;
	if (turn_failed(turn, n))
		return;
	if (n == 0)
		turn_say(turn, template, NULL);
	else if (!turn_failed(turn, produce_order(&o, turn->ctx, turn->gw->store, id)))
		status_say(turn, o);
}

void order_yes(struct turn *turn)
{
	struct order *o = order_open(turn);
	int64_t version = 0;
	int left;

	if (!o || strcmp(o->state, "draft") != 0) {
		if (!turn->error && !substitute_late(turn, true) && !turn->error)
			nothing_pending(turn, "nothing_to_confirm");
		return;
	}
	left = last_recap(turn, o, &version);
	if (turn->error)
		return;
	if (left == 0)
		turn_say(turn, "question_crossed", NULL);
	else if (left == 1)
		order_confirm(turn, o->id, version);
	else
		recap_again(turn, o);
}

void order_no(struct turn *turn)
{
	struct order *o = order_open(turn);

	if (turn->error)
		return;
	if (!o || strcmp(o->state, "draft") != 0) {
		if (!substitute_late(turn, false) && !turn->error && !repeat_reply(turn))
			turn_say(turn, "kept", NULL);
	} else if (turn_fire(turn, "order", o->id, o->version, "drop", NULL, NULL)) {
		turn_say(turn, "order_dropped", NULL);
	} else {
		order_refused(turn, o->id, "drop");
	}
}

void order_ask_cancel(struct turn *turn, const struct order *o)
{
	bool draft = strcmp(o->state, "draft") == 0;
	struct question *q = question_new(turn->ctx, "event");
	struct facts *f = facts_new(turn->ctx, turn->gw);

	question_about(q, "order", o->id, o->version, o->seen);
	q->yes = draft ? "FIRE\tevent=drop" : "FIRE\tevent=cancel";
	facts_order(f, o);
	turn_say_facts(turn, "ask_cancel", f);
	turn_ask(turn, q);
}

/* Orders that a resident may still want to cancel. \returns how many; on an error 0. */
static size_t cancellable(struct turn *turn, struct order **out, size_t max)
{
	int64_t id[QUESTION_OPTIONS_MAX];
	int n = produce_orders_of(id, ARRAY_SIZE(id), turn->gw->store, turn->owner_id);
	size_t found = 0;

	if (turn_failed(turn, n))
		return 0;
	for (int i = 0; i < n && found < max; i++) {
		struct order *o;

		if (turn_failed(turn, produce_order(&o, turn->ctx, turn->gw->store, id[i])))
			return 0;
		if (status_live(o->state))
			out[found++] = o;
	}
	return found;
}

/* One order: a draft is dropped, a placed one asked about, a later one is for the coordinator. */
static void cancel(struct turn *turn, const struct order *o, bool ask)
{
	struct facts *f;

	if (strcmp(o->state, "draft") == 0 && !ask) {
		if (turn_fire(turn, "order", o->id, o->version, "drop", NULL, NULL))
			turn_say(turn, "order_dropped", NULL);
		else
			order_refused(turn, o->id, "drop");
		return;
	}
	if (strcmp(o->state, "draft") == 0
	    || (strcmp(o->state, "placed") == 0 && turn->at < o->cycle.closes_at)) {
		order_ask_cancel(turn, o);
		return;
	}
	f = facts_new(turn->ctx, turn->gw);
	facts_order(f, o);
	turn_list(turn, "wants to cancel after the cut-off");
	turn_say_facts(turn, "too_late", f);
}

static void cancel_ref(struct turn *turn, const char *ref)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct order *o = NULL;
	int rc = produce_order_by_ref(&o, turn->ctx, turn->gw->store, ref);

	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	if (o && o->owner_id == turn->owner_id && status_live(o->state)) {
		cancel(turn, o, false);
	} else if (o && o->owner_id == turn->owner_id) {
		status_say(turn, o);
	} else {
		facts_set(f, "ref", ref);
		turn_say_facts(turn, "not_yours", f);
	}
}

/* Several: which one? */
static void ask_which(struct turn *turn, struct order **o, size_t n)
{
	struct question *q = question_new(turn->ctx, "choice");
	char *options = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < n; i++) {
		int no = question_option(q, talloc_asprintf(q, "CANCEL\tref=%s", o[i]->ref));

		options = talloc_asprintf_append(options, "%s%d. %s, %s €", i ? "\n" : "", no,
						 o[i]->ref, format_money(turn->ctx, o[i]->total));
	}
	turn_say(turn, "ask_which_order", VALUES({ "options", options }));
	turn_ask(turn, q);
}

static void cancel_some(struct turn *turn, bool ask)
{
	struct order *o[QUESTION_OPTIONS_MAX];
	size_t n = turn->owner_id ? cancellable(turn, o, ARRAY_SIZE(o)) : 0;

	if (turn->error)
		return;
	if (n == 0)
		turn_say(turn, "nothing_to_cancel", NULL);
	else if (n == 1 || (!ask && strcmp(o[0]->state, "draft") == 0))
		cancel(turn, o[0], ask);
	else
		ask_which(turn, o, n);
}

void order_cancel_all(struct turn *turn)
{
	cancel_some(turn, true);
}

void order_cancel(struct turn *turn)
{
	const struct reading *r = turn->reading;
	const char *target = reading_arg(r, "target"), *ref = reading_arg(r, "ref");
	bool order = !target || strcmp(target, "order") == 0 || strcmp(target, "last") == 0;

	if (!order || reading_arg(r, "item") || (ref && *ref != 'C'))
		desk_not_served(turn);
	else if (!(turn->roles & (TURN_RES | TURN_AID)))
		desk_list(turn);
	else if (reading_arg(r, "for") && strcmp(turn->role, "AID") != 0)
		turn_say_phone(turn, "mandate_missing");
	else if (ref)
		cancel_ref(turn, ref);
	else
		cancel_some(turn, false);
}
