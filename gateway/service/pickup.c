/* What residents and their helpers say before they fetch an order: where and when, late, somebody else, another day.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/pickup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/note.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/service/status.h"
#include "gateway/service/when.h"
#include "gateway/turn.h"
#include "parsers/civil.h"

/* States of an order that is still to be fetched, those at the pickup point first. */
static const char *const states[] = { "ready", "no_show", "confirmed", "locked", "placed" };
enum { STATES_WAITING = 2 };

size_t pickup_orders(struct turn *turn, struct order *out[PICKUP_ORDERS_MAX], bool waiting)
{
	int64_t id[PICKUP_ORDERS_MAX];
	int n = turn->owner_id
			? produce_orders_of(id, ARRAY_SIZE(id), turn->gw->store, turn->owner_id)
			: 0;
	struct order *all[PICKUP_ORDERS_MAX];
	size_t found = 0;

	if (turn_failed(turn, n))
		return 0;
	for (int i = 0; i < n; i++)
		if (turn_failed(turn, produce_order(&all[i], turn->ctx, turn->gw->store, id[i])))
			return 0;
	for (size_t s = 0; s < (waiting ? STATES_WAITING : ARRAY_SIZE(states)); s++)
		for (int i = 0; i < n; i++)
			if (strcmp(all[i]->state, states[s]) == 0)
				out[found++] = all[i];
	return found;
}

void pickup_ask_which(struct turn *turn, struct order *const *o, size_t n, const char *answer)
{
	const struct catalogue *cat = turn->gw->catalogue;
	const char *hole = strstr(answer, "%s");
	struct choice c = choice_new(turn);

	OSMO_ASSERT(hole);
	for (size_t i = 0; i < n; i++) {
		char *reading = talloc_asprintf(turn->ctx, "%.*s%s%s", (int)(hole - answer), answer,
						o[i]->ref, hole + 2);

		choice_add(&c, reading,
			   talloc_asprintf(turn->ctx, "%s, %s, %s €", o[i]->ref,
					   format_day(turn->ctx, cat, o[i]->cycle.pickup_from),
					   format_money(turn->ctx, o[i]->total)));
	}
	choice_ask(&c, "ask_which_order");
}

void pickup_say_none(struct turn *turn)
{
	turn_say_phone(turn, "pickup_none");
}

struct order *pickup_order_by_ref(struct turn *turn, const char *ref)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct order *o = NULL;
	int rc = produce_order_by_ref(&o, turn->ctx, turn->gw->store, ref);

	if (rc != -ENOENT && turn_failed(turn, rc))
		return NULL;
	if (!o || !turn->owner_id || o->owner_id != turn->owner_id) {
		facts_set(f, "ref", ref);
		turn_say_facts(turn, "not_yours", f);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(o->state, states[i]) == 0)
			return o;
	status_say(turn, o);
	return NULL;
}

/* ---- PICKUP_INFO ---- */

static void say_order(struct turn *turn, const struct order *o)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	char *name = talloc_asprintf(turn->ctx, "pickup_info.%s", o->state);

	facts_order(f, o);
	if (strcmp(o->state, "no_show") == 0 && turn_failed(turn, facts_kept(f, o)))
		return;
	turn_say_facts(turn, catalogue_find(turn->gw->catalogue, name) ? name : "pickup_info.order",
		       f);
}

static void say_cycle(struct turn *turn)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct cycle c;
	int rc = produce_last_cycle(&c, f, turn->gw->store);

	if (rc == -ENOENT) {
		turn_say_facts(turn, "no_open_cycle", f);
	} else if (!turn_failed(turn, rc)) {
		facts_cycle(f, &c);
		turn_say_facts(turn, "pickup_info", f);
	}
}

void pickup_info(struct turn *turn)
{
	const struct reading *r = turn->reading;
	const char *detail = reading_arg(r, "detail"), *topic = reading_arg(r, "topic");
	const char *ref = reading_arg(r, "ref");
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n;

	if ((detail && strcmp(detail, "payment") == 0)
	    || (topic && strcmp(topic, "payment") == 0)) {
		turn_say_phone(turn, "pickup_info.payment");
		return;
	}
	if (ref) {
		o[0] = pickup_order_by_ref(turn, ref);
		if (o[0])
			say_order(turn, o[0]);
		return;
	}
	n = pickup_orders(turn, o, false);
	for (size_t i = 0; i < n; i++)
		say_order(turn, o[i]);
	if (n == 0 && !turn->error)
		say_cycle(turn);
}

void pickup_help_code(struct turn *turn)
{
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n = pickup_orders(turn, o, false);

	for (size_t i = 0; i < n; i++)
		say_order(turn, o[i]);
	if (n == 0 && !turn->error)
		turn_say_phone(turn, "pickup_no_code");
}

/* ---- what the pickup point is told ---- */

/* What was said about the pickup of an order. */
struct instruction {
	const char *kind; /* late, delegate or move */
	int64_t time;     /* 0: none was said */
	int64_t note;
};

static void say_told(struct turn *turn, const struct order *o, const struct instruction *in)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	const char *how = in->kind;

	if (strcmp(o->state, "no_show") == 0)
		how = "no_show"; /* its hours are over */
	else if (strcmp(in->kind, "late") == 0 && in->time > o->cycle.pickup_to)
		how = "over";
	facts_order(f, o);
	facts_set(f, "time", format_hour(f, turn->gw->catalogue, o->cycle.pickup_to));
	turn_say_facts(turn, talloc_asprintf(turn->ctx, "pickup_told.%s", how), f);
}

static void instruct(struct turn *turn, const struct order *o, const struct instruction *in)
{
	char *payload = talloc_asprintf(turn->ctx, "{\"kind\":\"%s\",\"note\":%" PRId64, in->kind,
					in->note);

	if (in->time > 0)
		payload = talloc_asprintf_append(payload, ",\"time\":%" PRId64, in->time);
	payload = talloc_asprintf_append(payload, "}");
	if (turn_fire(turn, "order", o->id, o->version, "instruct", payload, NULL))
		say_told(turn, o, in);
	else
		turn_say_refusal(turn);
}

/* The moment that was said: a time of the day of the pickup, if no other day is named. */
static int64_t moment(const struct turn *turn, const struct order *o)
{
	const struct reading *r = turn->reading;
	const char *time = reading_arg(r, "time") ?: reading_arg(r, "until");
	int64_t day = o->cycle.pickup_from, at = 0;
	bool named = when_day(&day, reading_arg(r, "day"), turn->at);

	if (when_time(&at, time, day))
		return at;
	return named ? day : 0;
}

enum { KIND_LATE, KIND_DELEGATE, KIND_MOVE };

static const struct {
	const char *intent;
	const char *kind;
} kinds[] = {
	[KIND_LATE] = { "PICKUP_LATE", "late" },
	[KIND_DELEGATE] = { "PICKUP_DELEGATE", "delegate" },
	[KIND_MOVE] = { "PICKUP_MOVE", "move" },
};

/* What was said, for an order that is yet to be named, with the note that keeps the words. */
static char *said_of(struct turn *turn, size_t kind, int64_t note)
{
	static const char *const kept[] = { "time", "until", "day" };
	char *reading = talloc_asprintf(turn->ctx, "%s\tref=%%s note=%" PRId64, kinds[kind].intent,
					note);

	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *value = reading_arg(turn->reading, kept[i]);

		if (value)
			reading = talloc_asprintf_append(reading, " %s=%s", kept[i], value);
	}
	return reading;
}

/* Tell it of the order that the text names, or of the only one; which of several is asked. */
static void tell(struct turn *turn, size_t kind)
{
	const char *ref = reading_arg(turn->reading, "ref");
	const char *note = reading_arg(turn->reading, "note");
	struct instruction in = { .kind = kinds[kind].kind };
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n;

	if (ref)
		n = (o[0] = pickup_order_by_ref(turn, ref)) ? 1 : 0;
	else if ((n = pickup_orders(turn, o, false)) == 0)
		pickup_say_none(turn);
	if (n == 0 || turn->error)
		return;
	in.note = note ? strtoll(note, NULL, 10) : note_add(turn);
	in.time = moment(turn, o[0]);
	if (n > 1)
		pickup_ask_which(turn, o, n, said_of(turn, kind, in.note));
	else if (!turn->error)
		instruct(turn, o[0], &in);
}

/* "je viendrai samedi", and samedi it is; "je peux venir a 18h ?", and no other day is named. */
static bool is_the_day(struct turn *turn)
{
	struct order *o[PICKUP_ORDERS_MAX];
	int64_t day;

	if (!reading_arg(turn->reading, "day"))
		return reading_arg(turn->reading, "time") != NULL;
	return when_day(&day, reading_arg(turn->reading, "day"), turn->at)
	       && pickup_orders(turn, o, false) > 0
	       && day == civil_day_at(o[0]->cycle.pickup_from, 0, 0, 0)
	       && turn->at <= o[0]->cycle.pickup_to;
}

void pickup_tell(struct turn *turn)
{
	size_t kind = 0;

	while (strcmp(kinds[kind].intent, turn->reading->intent) != 0) {
		kind++;
		OSMO_ASSERT(kind < ARRAY_SIZE(kinds));
	}
	if (kind == KIND_MOVE && is_the_day(turn))
		pickup_confirm(turn);
	else if (!turn->error)
		tell(turn, kind);
}

/* "je serai la", "je passe a 18h": noted, unless it is not when the order is there. */
void pickup_confirm(struct turn *turn)
{
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n = pickup_orders(turn, o, false);
	int64_t at = n ? moment(turn, o[0]) : 0, day;
	struct facts *f = facts_new(turn->ctx, turn->gw);

	if (turn->error)
		return;
	if (n == 0) {
		turn_say(turn, "noted", NULL);
		return;
	}
	day = civil_day_at(o[0]->cycle.pickup_from, 0, 0, 0);
	if (at && civil_day_at(at, 0, 0, 0) != day) {
		tell(turn, KIND_MOVE);
		return;
	}
	if (at > o[0]->cycle.pickup_to) {
		tell(turn, KIND_LATE);
		return;
	}
	facts_order(f, o[0]);
	turn_say_facts(
		turn,
		at > day && at < o[0]->cycle.pickup_from ? "pickup_early" : "pickup_confirmed", f);
}

void pickup_cannot_come(struct turn *turn)
{
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n = pickup_orders(turn, o, false);
	struct choice c = choice_new(turn);
	char *about;

	if (n == 0)
		pickup_say_none(turn);
	if (n == 0 || turn->error)
		return;
	about = talloc_asprintf(turn->ctx, "note=%" PRId64, note_add(turn));
	if (n == 1)
		about = talloc_asprintf_append(about, " ref=%s", o[0]->ref);
	choice_add(&c, talloc_asprintf(turn->ctx, "PICKUP_DELEGATE\t%s", about), "");
	choice_add(&c, talloc_asprintf(turn->ctx, "PICKUP_MOVE\t%s", about), "");
	choice_add(&c, "CANCEL\ttarget=order", "");
	choice_add(&c, "CALLBACK", "");
	turn_say(turn, "ask_cannot_come", NULL);
	turn_ask(turn, c.q);
}
