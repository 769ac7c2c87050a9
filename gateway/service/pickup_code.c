/* "commande récupérée, code 4821": the code says that whoever writes holds the order in hand.
 *
 * Four digits can be guessed, so wrong ones are counted by what was answered to them:
 * after some no code is looked at for a while, right or wrong.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/service/note.h"
#include "gateway/service/pickup.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"

/* What is answered to a wrong code: its messages are the count of them. */
#define WRONG_CODE "pickup_code_wrong"

/* Wrong codes of one number in a time, in seconds; further ones are not looked at. */
static const struct {
	int64_t span;
	int64_t wrong;
} limits[] = { { 60 * 60, 3 }, { 24 * 60 * 60, 6 } };

/* A code, as long as ours are: what else is written in digits is none. */
static const char *said_code(const struct turn *turn)
{
	const char *code = reading_arg(turn->reading, "code");

	return code && strspn(code, "0123456789") == strlen(code) ? code : NULL;
}

static bool tried_too_often(struct turn *turn)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		int64_t n = 0;

		if (turn_failed(turn,
				store_get_int(turn->gw->store, &n, STORE_STMT_MEMBER_TOLD,
					      STORE_ARGS(STORE_TEXT(turn->number),
							 STORE_TEXT(WRONG_CODE),
							 STORE_INT(turn->at - limits[i].span)))))
			return true;
		if (n >= limits[i].wrong)
			return true;
	}
	return false;
}

/* Which code? An answer is the same command with it. */
static void ask_code(struct turn *turn, const struct order *o, const char *template)
{
	struct question *q = question_new(turn->ctx, "code");
	struct facts *f = facts_new(turn->ctx, turn->gw);

	q->free = talloc_asprintf(q, "PICKUP_DONE\tref=%s code={n}", o->ref);
	q->unit = "";
	facts_order(f, o);
	turn_say_facts(turn, template, f);
	turn_ask(turn, q);
}

static void collect(struct turn *turn, const struct order *o)
{
	char *payload = talloc_asprintf(turn->ctx, "{\"code\":\"%s\"}", o->code);

	if (!turn_fire(turn, "order", o->id, o->version, "collect", payload, NULL))
		turn_say_refusal(turn);
}

/* Compared in constant time; a code that has no such length is wrong. */
static bool right(const struct order *o, const char *code)
{
	return *o->code && strlen(code) == strlen(o->code)
	       && sodium_memcmp(code, o->code, strlen(code)) == 0;
}

/* A code by itself says nothing of what it is sent for. */
static void ask_fetched(struct turn *turn, const struct order *o)
{
	struct question *q = question_new(turn->ctx, "fetched");
	struct facts *f = facts_new(turn->ctx, turn->gw);

	question_about(q, "order", o->id, o->version, o->seen);
	q->yes = "FETCHED";
	q->no = "NOTHING";
	facts_order(f, o);
	turn_say_facts(turn, "ask_fetched", f);
	turn_ask(turn, q);
}

/* Whether the code was sent without a word, and not because we asked for it. */
static bool is_bare(const struct turn *turn)
{
	return strcmp(turn->reading->intent, "CODE") == 0
	       && !(turn->question && strcmp(turn->question->kind, "code") == 0);
}

static void with_code(struct turn *turn, struct order *const *o, size_t n, const char *code)
{
	const struct order *mine = NULL;

	if (tried_too_often(turn)) {
		turn_list(turn, "gives wrong pickup codes");
		turn_say_phone(turn, "pickup_code_wait");
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (right(o[i], code))
			mine = o[i];
	if (!mine)
		ask_code(turn, o[0], WRONG_CODE);
	else if (is_bare(turn))
		ask_fetched(turn, mine);
	else
		collect(turn, mine);
}

/* Without a right to collect: the pickup point hears of it. */
static void tell_for_owner(struct turn *turn, const struct order *o)
{
	char *payload = talloc_asprintf(turn->ctx, "{\"kind\":\"fetched\",\"note\":%lld}",
					(long long)note_add(turn));

	if (!turn->error && turn_fire(turn, "order", o->id, o->version, "instruct", payload, NULL))
		turn_say_phone(turn, "pickup_noted");
	else
		turn_say_refusal(turn);
}

/* Nothing waits to be fetched: thanks, or digits that mean nothing. */
static void nothing_waits(struct turn *turn, const char *code)
{
	struct order *o[PICKUP_ORDERS_MAX];

	if (!code)
		desk_thanks(turn);
	else if (pickup_orders(turn, o, false) > 0)
		turn_say_phone(turn, "pickup_not_yet");
	else
		desk_unknown(turn);
}

void pickup_done(struct turn *turn)
{
	const char *code = said_code(turn), *ref = reading_arg(turn->reading, "ref");
	bool helper = strcmp(turn->role, "AID") == 0;
	struct order *o[PICKUP_ORDERS_MAX];
	size_t n = pickup_orders(turn, o, true);

	for (size_t i = 0; ref && i < n; i++)
		if (strcmp(o[i]->ref, ref) == 0) {
			o[0] = o[i];
			n = 1;
		}
	if (turn->error)
		return;
	if (n == 0)
		nothing_waits(turn, code);
	else if (code && !helper)
		with_code(turn, o, n, code);
	else if (n > 1)
		pickup_ask_which(turn, o, n, "PICKUP_DONE\tref=%s");
	else if (helper)
		tell_for_owner(turn, o[0]);
	else
		ask_code(turn, o[0], "ask_code");
}

/* OUI to ask_fetched(): the right code was given then. */
void pickup_fetched(struct turn *turn)
{
	struct order *o;

	if (!turn_failed(turn,
			 produce_order(&o, turn->ctx, turn->gw->store, turn->answered->subject)))
		collect(turn, o);
}
