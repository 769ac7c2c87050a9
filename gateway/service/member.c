/* People and their number: STOP, START, help, and numbers that nobody has registered.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/service/pickup.h"
#include "gateway/flood.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"
#include "gateway/who.h"

/* A number that is not registered is told so once in this time, in seconds. */
#define STRANGER_PAUSE (7 * 24 * 60 * 60)

/* Whether this number was sent that template since. */
static bool told(struct turn *turn, const char *template, int64_t since)
{
	int64_t n = 0;

	turn_failed(turn, store_get_int(turn->gw->store, &n, STORE_STMT_MEMBER_TOLD,
					STORE_ARGS(STORE_TEXT(turn->number), STORE_TEXT(template),
						   STORE_INT(since))));
	return n > 0;
}

static bool is(const struct turn *turn, const char *intent)
{
	return strcmp(turn->reading->intent, intent) == 0;
}

/* The answer itself is the proof of a consent. */
void member_consent(struct turn *turn)
{
	turn->role = "RES";
	if (!turn_fire(turn, "contact", turn->contact_id, turn->contact_version, "consent",
		       talloc_asprintf(turn->ctx, "{\"proof_kept\":%" PRId64 "}", turn->inbox_id),
		       NULL))
		turn_say_refusal(turn);
}

/* Any person of the number may speak for it: fire as the one who writes, or the first. */
static bool fire_for_number(struct turn *turn, int64_t version, const char *event,
			    const char *payload)
{
	struct who_person person[WHO_PERSONS_MAX];
	int64_t writer = turn->person_id;
	bool done;

	if (!writer && who_persons(turn, person) > 0)
		turn->person_id = person[0].id;
	turn->role = "RES";
	done = turn_fire(turn, "contact", turn->contact_id, version, event, payload, NULL);
	turn->person_id = writer;
	if (!done)
		turn_say_refusal(turn);
	return done;
}

/* The words of a scope become its name in the payload; what is none is advertising. */
static const char *scope_of(const char *scope)
{
	bool word = scope && strspn(scope, "abcdefghijklmnopqrstuvwxyz_") == strlen(scope);

	return word && *scope ? scope : "promo";
}

/* Less, not nothing: "plus de pub". */
static void stop_scope(struct turn *turn, const char *scope)
{
	if (strcmp(turn->contact_state, "active") != 0) {
		turn_list(turn, "wants less of what we send");
		turn_say(turn, "stop_scope_noted", NULL);
		return;
	}
	fire_for_number(
		turn, turn->contact_version, "prefer",
		talloc_asprintf(turn->ctx, "{\"scope\":\"%s\",\"wanted\":0%s}", scope_of(scope),
				strcmp(scope_of(scope), "promo") == 0 ? ",\"promo\":0" : ""));
}

/* The text that asks for advertising is the proof that it was asked for. */
static void start_scope(struct turn *turn, int64_t version, const char *scope)
{
	const char *promo = strcmp(scope_of(scope), "promo") == 0 ? ",\"promo\":1" : "";

	fire_for_number(turn, version, "prefer",
			talloc_asprintf(turn->ctx,
					"{\"scope\":\"%s\",\"wanted\":1%s,\"proof_kept\":%" PRId64
					"}",
					scope_of(scope), promo, turn->inbox_id));
}

void member_stop(struct turn *turn)
{
	const char *scope = reading_arg(turn->reading, "scope");

	if (scope && strcmp(scope, "all") != 0) {
		stop_scope(turn, scope);
		return;
	}
	/* Whoever writes from a number may silence it, known or not. */
	if (!turn_fire_sys(turn, "contact", turn->contact_id, "stop", "{\"scope\":\"all\"}", NULL))
		turn_say_refusal(turn);
}

void member_start(struct turn *turn)
{
	const char *scope = reading_arg(turn->reading, "scope");
	struct who_person person[WHO_PERSONS_MAX];

	if (who_persons(turn, person) == 0) {
		turn_list(turn, "wants to register");
		turn_say_phone(turn, "refused.E_GUARD.previously_consented");
	} else if (strcmp(turn->contact_state, "active") != 0) {
		if (fire_for_number(turn, turn->contact_version, "start", NULL) && scope)
			start_scope(turn, turn->fired_version, scope);
	} else if (scope) {
		start_scope(turn, turn->contact_version, scope);
	} else {
		turn_say(turn, "already_started", NULL);
	}
}

void member_resume(struct turn *turn)
{
	if (strcmp(turn->contact_state, "paused") != 0)
		return;
	if (fire_for_number(turn, turn->contact_version, "resume", NULL)) {
		OSMO_STRLCPY_ARRAY(turn->contact_state, "active");
		turn->contact_version = turn->fired_version;
	}
}

void member_stopped(struct turn *turn)
{
	int64_t since = 0;

	if (is(turn, "EMERGENCY")) {
		answer_emergency(turn);
	} else if (is(turn, "START")) {
		member_start(turn);
	} else if (is(turn, "STOP")) {
		turn_failed(turn, store_get_int(turn->gw->store, &since, STORE_STMT_MEMBER_SINCE,
						STORE_ARGS(STORE_INT(turn->contact_id))));
		if (!turn->error && !told(turn, "already_stopped", since))
			turn_say(turn, "already_stopped", NULL);
	} else {
		turn_list(turn, "writes, and has said STOP");
	}
}

/* A number that we have never seen. */
static bool discover(struct turn *turn)
{
	if (!turn_fire_sys(turn, "contact", 0, "discover", NULL, &turn->contact_id))
		return false;
	OSMO_STRLCPY_ARRAY(turn->contact_state, "unknown");
	return !turn_failed(turn, store_exec(turn->gw->store, STORE_STMT_MEMBER_NUMBER,
					     STORE_ARGS(STORE_INT(turn->contact_id),
							STORE_TEXT(turn->number))));
}

/* Whether a stranger may be answered now: only so many are in an hour. */
static bool may_answer(struct turn *turn, bool take)
{
	int rc = flood_stranger(turn->gw, take, turn->at);

	if (turn_failed(turn, rc < 0 ? rc : 0))
		return false;
	turn->flooded = rc == 0;
	return rc == 1;
}

static void say_once(struct turn *turn, const char *template)
{
	if (!told(turn, template, turn->at - STRANGER_PAUSE) && may_answer(turn, true))
		turn_say_phone(turn, template);
}

static void answer_stranger(struct turn *turn)
{
	if (is(turn, "REGISTER")) {
		turn_list(turn, "wants to register");
		say_once(turn, "register_noted");
	} else {
		turn_list(turn, "from a number that is not registered");
		if (!told(turn, "register_noted", turn->at - STRANGER_PAUSE))
			say_once(turn, "unknown_number");
	}
}

void member_stranger(struct turn *turn)
{
	if (!turn->contact_id && !may_answer(turn, false))
		return;
	if (!turn->contact_id && !discover(turn)) {
		if (!turn->error)
			turn_list(turn, "from a number that could not be stored");
		return;
	}
	if (!is(turn, "STOP") && !is(turn, "EMERGENCY"))
		answer_stranger(turn);
	else if (!may_answer(turn, true))
		return;
	else if (is(turn, "STOP"))
		member_stop(turn);
	else
		answer_emergency(turn);
}

/* Topics that are answered elsewhere, or in other words than their name. */
static const struct {
	const char *topic;
	void (*answer)(struct turn *turn);
	const char *template;
} topics[] = {
	{ "pickup", pickup_info, NULL },       { "pin", pickup_help_code, NULL },
	{ "vote", desk_not_served, NULL },     { "slot", desk_not_served, NULL },
	{ "loan", desk_not_served, NULL },     { "ride", desk_not_served, NULL },
	{ "producer", NULL, "help_producer" }, { "commands", NULL, "help" },
	{ "last", NULL, "help.who" },          { "privacy", answer_privacy, NULL },
};

static void greet(struct turn *turn)
{
	struct cycle c;
	int rc = produce_open_cycle(&c, turn->ctx, turn->gw->store, turn->at);

	if (rc == -ENOENT || !turn_failed(turn, rc))
		turn_say(turn, rc ? "greeting.closed" : "greeting", NULL);
}

/* What somebody in that role can say. */
static void help(struct turn *turn)
{
	if (strcmp(turn->role, "PRO") == 0)
		turn_say_phone(turn, "help_producer");
	else
		turn_say_phone(turn, strcmp(turn->role, "COO") == 0 ? "help_coordinator" : "help");
}

void member_help(struct turn *turn)
{
	const char *topic = reading_arg(turn->reading, "topic");
	char *name = talloc_asprintf(turn->ctx, "help.%s", topic ? topic : "");

	for (size_t i = 0; topic && i < ARRAY_SIZE(topics); i++) {
		if (strcmp(topics[i].topic, topic) != 0)
			continue;
		if (topics[i].answer)
			topics[i].answer(turn);
		else
			turn_say_phone(turn, topics[i].template);
		return;
	}
	if (topic && strcmp(topic, "greeting") == 0 && (turn->roles & (TURN_RES | TURN_AID)))
		greet(turn);
	else if (catalogue_find(turn->gw->catalogue, name))
		turn_say_phone(turn, name);
	else
		help(turn);
}
