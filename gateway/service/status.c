/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/status.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/order.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/service/substitute.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"

/* Orders listed when there are several. */
#define ORDERS_MAX 5
#define STEPS_MAX  8

bool status_live(const char *state)
{
	static const char *const live[] = { "draft",     "placed", "locked",
					    "confirmed", "ready",  "no_show" };

	for (size_t i = 0; i < ARRAY_SIZE(live); i++)
		if (strcmp(live[i], state) == 0)
			return true;
	return false;
}

/* What the machine allows next, in the words that the catalogue has for it: step.EVENT. */
static char *steps(struct turn *turn, const struct order *o)
{
	const struct catalogue *cat = turn->gw->catalogue;
	static const struct template_value none[] = { {} };
	const char *word[STEPS_MAX];
	struct store_rows *rows = store_query(
		turn->gw->store, STORE_STMT_STATUS_STEPS,
		STORE_ARGS(STORE_TEXT("order"), STORE_TEXT(o->state), STORE_TEXT(turn->role)));
	int rc = rows ? 1 : store_errno(turn->gw->store);
	size_t n = 0;

	while (rows && n < STEPS_MAX && (rc = store_next(rows)) == 1) {
		char *name = talloc_asprintf(turn->ctx, "step.%s", store_text(rows, 0));

		if (catalogue_find(cat, name))
			word[n++] = template_fill(turn->ctx, cat, name, none);
	}
	store_done(rows);
	if (turn_failed(turn, rc) || n == 0)
		return NULL;
	return format_names(turn->ctx, cat, word, n, "piece.or");
}

/* A draft that was read here can be confirmed here. */
static void ask_draft(struct turn *turn, const struct order *o)
{
	struct question *q = question_new(turn->ctx, "event");

	question_about(q, "order", o->id, o->version, o->seen);
	q->yes = "FIRE\tevent=confirm";
	q->no = "FIRE\tevent=drop";
	turn_ask(turn, q);
}

void status_say(struct turn *turn, const struct order *o)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	bool draft = strcmp(o->state, "draft") == 0;
	char *next;

	if (draft && o->changed) {
		if (!turn_fire(turn, "order", o->id, o->version, "edit", NULL, NULL))
			order_refused(turn, o->id, "edit");
		return;
	}
	next = steps(turn, o);
	facts_order(f, o);
	turn_say_facts(turn,
		       strcmp(o->state, "collected") == 0 && produce_due(o) > 0
			       ? "status_collected.due"
			       : talloc_asprintf(turn->ctx, "status_%s", o->state),
		       f);
	if (next)
		turn_say(turn, "status_steps", VALUES({ "steps", next }));
	if (draft)
		ask_draft(turn, o);
	substitute_remind(turn, o);
}

/* One product of it. \returns whether the order has it. */
static bool say_line(struct turn *turn, const struct order *o, const char *product)
{
	for (size_t i = 0; i < o->n; i++) {
		struct order one = *o;
		struct facts *f;

		if (strcmp(o->line[i].product.name, product) != 0)
			continue;
		one.line = &o->line[i];
		one.n = 1;
		f = facts_new(turn->ctx, turn->gw);
		facts_set(f, "ref", o->ref);
		facts_set(f, "text", facts_lines(f, turn->gw->catalogue, &one));
		turn_say_facts(turn, "status_line", f);
		return true;
	}
	return false;
}

static void say_order(struct turn *turn, const struct order *o)
{
	const struct reading *r = turn->reading;
	const char *product = reading_arg(r, "product"), *target = reading_arg(r, "target");
	const char *detail = reading_arg(r, "detail");
	bool total = (target && strcmp(target, "balance") == 0)
		     || (detail && strcmp(detail, "total") == 0);
	struct facts *f;

	if (product && say_line(turn, o, product))
		return;
	if (!total || strcmp(o->state, "draft") == 0 || !status_live(o->state)) {
		status_say(turn, o);
		return;
	}
	f = facts_new(turn->ctx, turn->gw);
	facts_order(f, o);
	turn_say_facts(turn, "status_total", f);
}

static void say_several(struct turn *turn, struct order **o, size_t n)
{
	const struct catalogue *cat = turn->gw->catalogue;
	static const struct template_value none[] = { {} };
	char *lines = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < n; i++) {
		char *state = talloc_asprintf(turn->ctx, "state.%s", o[i]->state);

		state = template_fill(turn->ctx, cat, state, none);
		lines = talloc_asprintf_append(lines, "%s%s : %s, %s €", i ? "\n" : "", o[i]->ref,
					       state ? state : o[i]->state,
					       format_money(turn->ctx, o[i]->total));
	}
	turn_say(turn, "status_several", VALUES({ "lines", lines }));
}

static void say_none(struct turn *turn)
{
	struct cycle c;
	int rc = produce_open_cycle(&c, turn->ctx, turn->gw->store, turn->at);

	if (rc == -ENOENT)
		turn_say_phone(turn, "status_none.closed");
	else if (!turn_failed(turn, rc))
		turn_say(turn, "status_none", NULL);
}

static void show_orders(struct turn *turn)
{
	int64_t id[ORDERS_MAX];
	struct order *o[ORDERS_MAX];
	int n = produce_orders_of(id, ORDERS_MAX, turn->gw->store, turn->owner_id);
	size_t live = 0;

	if (turn_failed(turn, n))
		return;
	for (int i = 0; i < n; i++) {
		if (turn_failed(turn, produce_order(&o[i], turn->ctx, turn->gw->store, id[i])))
			return;
		live += status_live(o[i]->state);
	}
	if (n == 0)
		say_none(turn);
	else if (live > 1)
		say_several(turn, o, live);
	else
		say_order(turn, o[0]);
}

static void show_ref(struct turn *turn, const char *ref)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct order *o = NULL;
	int rc = produce_order_by_ref(&o, turn->ctx, turn->gw->store, ref);

	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	if (o && o->owner_id == turn->owner_id) {
		say_order(turn, o);
	} else {
		facts_set(f, "ref", ref);
		turn_say_facts(turn, "not_yours", f);
	}
}

static void show_account(struct turn *turn)
{
	int64_t no = 0;
	int rc = store_get_int(turn->gw->store, &no, STORE_STMT_STATUS_MEMBER,
			       STORE_ARGS(STORE_INT(turn->person_id)));

	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	if (no)
		turn_say(turn, "status_account",
			 VALUES({ "no", talloc_asprintf(turn->ctx, "%d", (int)no) }));
	else
		turn_say(turn, "status_none", NULL);
}

/* What STATUS is asked of that is no order. */
static bool of_orders(const char *target)
{
	static const char *const orders[] = { "order", "last", "balance" };

	for (size_t i = 0; target && i < ARRAY_SIZE(orders); i++)
		if (strcmp(orders[i], target) == 0)
			return true;
	return !target;
}

void status_show(struct turn *turn)
{
	const struct reading *r = turn->reading;
	const char *target = reading_arg(r, "target"), *ref = reading_arg(r, "ref");

	if (target && strcmp(target, "account") == 0)
		show_account(turn);
	else if ((turn->roles & TURN_PRO) && strcmp(turn->role, "PRO") == 0)
		supply_status(turn);
	else if (!of_orders(target) || reading_arg(r, "item") || (ref && *ref != 'C'))
		desk_not_served(turn);
	else if (!turn->owner_id || !(turn->roles & (TURN_RES | TURN_AID)))
		say_none(turn);
	else if (ref)
		show_ref(turn, ref);
	else
		show_orders(turn);
}
