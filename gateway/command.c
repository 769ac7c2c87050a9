/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/clarify.h"
#include "gateway/dialogue/question.h"
#include "gateway/loop.h"
#include "gateway/names.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/repeat.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"
#include "gateway/who.h"
#include "parsers/fold.h"
#include "parsers/phone.h"

enum {
	WHO = 1 << 0, /* needs to know who of a household writes */
	EFFECT =
		1
		<< 1, /* the same text again within minutes gets the same answer and does nothing */
	KEEP = 1 << 2,   /* an aside: a question that is pending stays so */
	INSIDE = 1 << 3, /* only as an answer to a question: no text is read as this */
};

#define BUYERS (TURN_RES | TURN_AID)

struct command {
	const char *intent;
	unsigned int
		roles; /* who may; 0: everyone. Of several rows the first for whose role it is read as */
	unsigned int flags;
	void (*run)(struct turn *turn);
};

static void answer_yes(struct turn *turn);
static void answer_no(struct turn *turn);
static void answer_who(struct turn *turn);

static const struct command commands[] = {
	/* clang-format off */
	/* orders */
	{ "ORDER",		BUYERS,	  WHO | EFFECT,	 order_items },
	{ "ADD",		BUYERS,	  WHO | EFFECT,	 order_items },
	{ "SET",		BUYERS,	  WHO | EFFECT,	 order_items },
	{ "REMOVE",		BUYERS,	  WHO | EFFECT,	 order_items },
	{ "SWAP",		BUYERS,	  WHO | EFFECT,	 order_items },
	{ "SUBS",		BUYERS,	  WHO | INSIDE,	 substitute_answer },
	{ "CHANGE",		BUYERS,	  WHO | INSIDE,	 order_items },
	{ "CANCEL",		0,	  WHO | EFFECT,	 order_cancel },
	{ "LIST",		0,	  0,		 list_show },
	{ "PICK",		0,	  INSIDE,	 list_pick },
	{ "STATUS",		TURN_COO, 0,		 till_status },
	{ "STATUS",		0,	  WHO,		 status_show },
	/* the pickup */
	{ "PICKUP_INFO",	0,	  WHO | KEEP,	 pickup_info },
	{ "PICKUP_CONFIRM",	BUYERS,	  WHO | KEEP,	 pickup_confirm },
	{ "PICKUP_LATE",	BUYERS,	  WHO | EFFECT,	 pickup_tell },
	{ "PICKUP_DELEGATE",	BUYERS,	  WHO | EFFECT,	 pickup_tell },
	{ "PICKUP_MOVE",	BUYERS,	  WHO | EFFECT,	 pickup_tell },
	{ "PICKUP_DONE",	BUYERS,	  WHO,		 pickup_done },
	{ "CODE",		BUYERS,	  WHO,		 pickup_done },
	{ "FETCHED",		BUYERS,	  WHO | INSIDE,	 pickup_fetched },
	/* the pickup point */
	{ "COLLECT",		TURN_COO, 0,		 till_collect },
	{ "NO_SHOW",		TURN_COO, 0,		 till_no_show },
	{ "REBOOK",		TURN_COO, 0,		 till_rebook },
	{ "CODE",		TURN_COO, 0,		 till_find },
	{ "PAY",		TURN_COO, EFFECT,	 payment_pay },
	{ "PAY_LATER",		TURN_COO, EFFECT,	 payment_later },
	{ "PAY_WAIVE",		TURN_COO, EFFECT,	 payment_waive },
	{ "PAY_REFUND",		TURN_COO, EFFECT,	 payment_refund },
	{ "CREDIT",		TURN_COO, EFFECT,	 complaint_credit },
	{ "DISMISS",		TURN_COO, EFFECT,	 complaint_dismiss },
	{ "LINE_MISSING",	TURN_COO, EFFECT,	 complaint_missing },
	{ "COMPLAINT",		0,	  WHO,		 complaint_make },
	/* producers */
	{ "LINE_CONFIRM",	TURN_PRO, WHO | EFFECT,	 supply_confirm },
	{ "LINE_PARTIAL",	TURN_PRO, WHO | EFFECT,	 supply_partial },
	{ "LINE_SHORT",		TURN_PRO, WHO | EFFECT,	 supply_partial },
	{ "LINE_REFUSE",	TURN_PRO, WHO | EFFECT,	 supply_refuse },
	{ "DECIDE",		TURN_PRO, WHO | INSIDE,	 supply_decide },
	{ "LINE_SUB",		TURN_PRO, WHO | EFFECT,	 substitute_propose },
	{ "AVAIL",		TURN_PRO, WHO | EFFECT,	 avail_declare },
	{ "AVAIL_ADD",		TURN_PRO, WHO | EFFECT,	 avail_add },
	{ "AVAIL_STOP",		TURN_PRO, WHO | EFFECT,	 avail_stop },
	{ "AVAIL_NONE",		TURN_PRO, WHO | EFFECT,	 avail_none },
	{ "PRICE",		TURN_PRO, WHO | EFFECT,	 avail_price },
	{ "PRODUCER_LATE",	TURN_PRO, KEEP,		 desk_list },
	{ "DELIVERED",		0,	  KEEP,		 desk_list },
	/* answers */
	{ "YES",		0,	  WHO,		 answer_yes },
	{ "NO",			0,	  WHO,		 answer_no },
	{ "CLARIFY",		0,	  0,		 clarify_ask },
	{ "FIRE",		0,	  WHO | INSIDE,	 event_answer },
	{ "WHO",		0,	  INSIDE,	 answer_who },
	{ "NOTHING",		0,	  INSIDE,	 desk_nothing },
	/* people and their numbers */
	{ "STOP",		0,	  EFFECT,	 member_stop },
	{ "START",		0,	  EFFECT,	 member_start },
	{ "HELP",		0,	  KEEP,		 member_help },
	{ "LANG",		0,	  WHO | KEEP,		 answer_language },
	{ "PRIVACY",		0,	  KEEP,		 answer_privacy },
	{ "REGISTER",		0,	  KEEP,		 answer_register },
	/* the coordinator's list */
	{ "REPLY",		TURN_COO, EFFECT | KEEP, desk_reply },
	{ "REQUESTS",		TURN_COO, 0,		 desk_requests },
	{ "REQUEST_DONE",	TURN_COO, EFFECT | KEEP, desk_done },
	/* a human answers */
	{ "CALLBACK",		0,	  KEEP,		 answer_callback },
	{ "EMERGENCY",		0,	  KEEP,		 answer_emergency },
	{ "THANKS",		0,	  KEEP,		 desk_thanks },
	{ "UNKNOWN",		0,	  KEEP,		 desk_unknown },
	/* clang-format on */
};

/* Bookings, votes, proxies. */
static const struct command not_served = { "", 0, KEEP, desk_not_served };

/* The row of an intent for the role in which the text is read, or else any of it. */
static const struct command *find(const struct turn *turn, const char *intent)
{
	const struct command *other = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = &commands[i];

		if (strcmp(c->intent, intent) != 0)
			continue;
		if (!c->roles || (c->roles & who_role(turn->role)))
			return c;
		if (!other)
			other = c;
	}
	return other ? other : &not_served;
}

static const struct command *forbidden(struct turn *turn, const struct command *c)
{
	static const struct command refused = { "", 0, KEEP, NULL };

	(void)c;
	turn_say_phone(turn, "role_forbidden");
	return &refused;
}

/* Who of the household is it? What was said waits for the answer. */
static void ask_who(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "who");
	struct who_person person[WHO_PERSONS_MAX];
	size_t n = who_persons(turn, person);
	char *options = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < n; i++) {
		int no = question_option(q,
					 talloc_asprintf(q, "WHO\tperson=%" PRId64, person[i].id));

		options = talloc_asprintf_append(options, "%s%d. %s", i ? "\n" : "", no,
						 person[i].name);
	}
	q->then = reading_print(q, turn->reading);
	turn_say(turn, "shared_phone_who", VALUES({ "options", options }));
	turn_ask(turn, q);
}

static void run(struct turn *turn)
{
	const struct command *c = find(turn, turn->reading->intent);

	if ((c->flags & INSIDE) && !turn->answered)
		c = &not_served;
	if ((c->flags & WHO) && turn->household && !turn->person_id) {
		ask_who(turn);
		return;
	}
	if (!who_acts(turn, c->roles))
		c = forbidden(turn, c);
	turn->drops = !(c->flags & KEEP);
	if (c->run)
		c->run(turn);
}

static void answer_yes(struct turn *turn)
{
	if (strcmp(turn->contact_state, "pending") == 0)
		member_consent(turn);
	else if (turn->roles & BUYERS)
		order_yes(turn);
	else if (turn->roles & TURN_PRO)
		supply_confirm(turn);
	else
		turn_say(turn, "nothing_to_confirm", NULL);
}

static void answer_no(struct turn *turn)
{
	if (turn->roles & BUYERS)
		order_no(turn);
	else if (turn->roles & TURN_PRO)
		supply_refuse(turn);
	else
		turn_say(turn, "kept", NULL);
}

/* What was said tries to answer and does not: the question stays. */
static void ask_again(struct turn *turn)
{
	const struct question *q = turn->question;

	if (q->n > 0)
		turn_say(turn, "ask_digit",
			 VALUES({ "n", talloc_asprintf(turn->ctx, "%zu", q->n) }));
	else if (q->free)
		turn_say(turn, strcmp(q->kind, "code") == 0 ? "ask_code_again" : "clarify", NULL);
	else
		turn_say(turn, "ask_yes_no", NULL);
}

/* A producer who is asked OUI or NON: "oui" is a yes, "ok" may mean that the order is accepted. */
static enum question_match match_producer(struct turn *turn)
{
	static const char *const unclear[] = { "ok", "accept", "confirm" };
	const struct question *q = turn->question;
	const struct reading *r = turn->reading;
	bool clipped;
	char *text;

	if (strcmp(r->intent, "LINE_CONFIRM") != 0 || r->n_items > 0 || reading_arg(r, "ref")
	    || (!q->yes && q->n == 0))
		return QUESTION_OTHER;
	text = fold_text(turn->ctx, turn->text, NULL, 0, &clipped);
	for (size_t i = 0; turn->pending && i < ARRAY_SIZE(unclear); i++)
		if (strstr(text, unclear[i]))
			return QUESTION_UNCLEAR;
	r = reading_parse(turn->ctx, turn->gw->rules, turn->names, "RES", turn->text);
	return question_match(&turn->reading, turn->ctx, q, r);
}

static void load_question(struct turn *turn)
{
	struct store *st = turn->gw->store;

	if (turn_failed(turn, question_load(&turn->question, turn->ctx, st, turn->contact_id,
					    turn->person_id, turn->at)))
		return;
	if (!turn->question && turn->person_id)
		turn_failed(turn, question_load(&turn->question, turn->ctx, st, turn->contact_id, 0,
						turn->at));
}

/* "un kilo et demi" says nothing by itself; of what was asked about it does. */
static enum question_match match_amount(struct turn *turn)
{
	char *product = question_product(turn->ctx, turn->question), *text;
	const struct reading *r = turn->reading;

	if (!product || (strcmp(r->intent, "UNKNOWN") != 0 && strcmp(r->intent, "CLARIFY") != 0))
		return QUESTION_OTHER;
	text = talloc_asprintf(turn->ctx, "%s %s", turn->text, product);
	for (char *s = text + strlen(turn->text); *s; s++)
		if (*s == '_')
			*s = ' ';
	r = reading_parse(turn->ctx, turn->gw->rules, turn->names, "RES", text);
	if (strcmp(r->intent, "ORDER") != 0 || r->n_items != 1
	    || strcmp(r->items[0].product, product) != 0)
		return QUESTION_OTHER;
	return question_amount(&turn->reading, turn->ctx, turn->question, &r->items[0]);
}

/* "1,90" says nothing by itself; of what was asked about it does. */
static enum question_match match_price(struct turn *turn)
{
	const struct question *q = turn->question;
	bool bare = strspn(turn->text, "0123456789 ") == strlen(turn->text);
	struct reading *r;
	char *product;

	if (strcmp(q->kind, "price") != 0 || !q->unit)
		return QUESTION_OTHER;
	product = talloc_strdup(turn->ctx, q->unit);
	for (char *s = product; *s; s++)
		if (*s == '_')
			*s = ' ';
	r = reading_parse(turn->ctx, turn->gw->rules, turn->names, "PRO",
			  talloc_asprintf(turn->ctx, "prix %s %s%s", product, turn->text,
					  bare ? " euros" : ""));
	return question_prices(&turn->reading, turn->ctx, q, r);
}

/* " adherent 103 103 ": the words of a person's name, and the member number. */
static char *words_of(struct turn *turn, const struct who_person *person)
{
	bool clipped;
	int64_t no = 0;
	int rc = store_get_int(turn->gw->store, &no, STORE_STMT_STATUS_MEMBER,
			       STORE_ARGS(STORE_INT(person->id)));

	if (rc != -ENOENT)
		turn_failed(turn, rc);
	return talloc_asprintf(turn->ctx, " %s %" PRId64 " ",
			       fold_text(turn->ctx, person->name, NULL, 0, &clipped), no);
}

/* Who writes may also be said by name or member number, instead of the digit before it. */
static enum question_match match_who(struct turn *turn)
{
	struct who_person person[WHO_PERSONS_MAX];
	const struct who_person *said = NULL;
	bool clipped;
	char *text;
	size_t n;

	if (strcmp(turn->question->kind, "who") != 0)
		return QUESTION_OTHER;
	text = fold_text(turn->ctx, turn->text, NULL, 0, &clipped);
	if (!*text)
		return QUESTION_OTHER;
	text = talloc_asprintf(turn->ctx, " %s ", text);
	n = who_persons(turn, person);
	for (size_t i = 0; i < n; i++) {
		if (!strstr(words_of(turn, &person[i]), text))
			continue;
		if (said)
			return QUESTION_UNCLEAR;
		said = &person[i];
	}
	if (!said)
		return QUESTION_OTHER;
	turn->reading = reading_scan(turn->ctx,
				     talloc_asprintf(turn->ctx, "WHO\tperson=%" PRId64, said->id));
	return turn->reading ? QUESTION_ANSWERED : QUESTION_OTHER;
}

static void converse(struct turn *turn)
{
	enum question_match match = QUESTION_OTHER;

	load_question(turn);
	if (turn->error || desk_relays(turn))
		return;
	if (turn->question)
		match = match_who(turn);
	if (match == QUESTION_OTHER && turn->question)
		match = match_price(turn);
	if (match == QUESTION_OTHER && turn->question)
		match = question_match(&turn->reading, turn->ctx, turn->question, turn->reading);
	if (match == QUESTION_OTHER && turn->question)
		match = match_amount(turn);
	if (match == QUESTION_OTHER && turn->question)
		match = match_producer(turn);
	if (match == QUESTION_OTHER && (find(turn, turn->intent)->flags & EFFECT)
	    && repeat_reply(turn))
		return;
	if (match != QUESTION_OTHER && !turn->question->left)
		turn_say(turn, "question_crossed", NULL);
	else if (match == QUESTION_UNCLEAR)
		ask_again(turn);
	else {
		turn->answered = match == QUESTION_ANSWERED ? turn->question : NULL;
		run(turn);
	}
}

/* Now it is known who writes: what was said before is said again, to the question of that person. */
static void answer_who(struct turn *turn)
{
	const char *person = reading_arg(turn->reading, "person");
	struct reading *then = reading_scan(turn->ctx, turn->answered->then);

	OSMO_ASSERT(person && then);
	if (turn_failed(turn, question_drop(turn->gw->store, turn->contact_id, 0)))
		return;
	who_is(turn, strtoll(person, NULL, 10));
	turn->reading = then;
	turn->answered = NULL;
	if (!turn->error)
		converse(turn);
}

static void route(struct turn *turn)
{
	const char *state = turn->contact_state;

	if (!turn->contact_id || strcmp(state, "unknown") == 0 || strcmp(state, "erased") == 0)
		member_stranger(turn);
	else if (strcmp(state, "stopped") == 0)
		member_stopped(turn);
	else
		converse(turn);
}

static void read_text(struct turn *turn)
{
	turn->names = names_load(turn);
	if (turn->error)
		return;
	turn->reading = reading_parse(turn->ctx, turn->gw->rules, turn->names, turn->role,
				      turn->text);
	turn->intent = turn->reading->intent;
}

/* Not for the role in which it was read, or nothing in particular there. */
static bool is_weak(const struct reading *r)
{
	const char *reason = reading_arg(r, "reason");

	if (strcmp(r->intent, "CLARIFY") == 0)
		return reason && strcmp(reason, "role_forbidden") == 0;
	return strcmp(r->intent, "LIST") == 0 || strcmp(r->intent, "UNKNOWN") == 0;
}

/* Who sells may also buy: what says nothing in one role is read in the other. */
static void understand(struct turn *turn)
{
	static const unsigned int others[] = { TURN_PRO, TURN_RES, TURN_AID, TURN_COO };
	const char *first = turn->role;
	struct reading *said;

	read_text(turn);
	if (turn->error || !is_weak(turn->reading))
		return;
	said = turn->reading;
	for (size_t i = 0; i < ARRAY_SIZE(others) && !turn->error; i++) {
		if (!(turn->roles & others[i]) || others[i] == who_role(first)
		    || !who_acts(turn, others[i]))
			continue;
		read_text(turn);
		if (turn->error || (find(turn, turn->intent)->roles & others[i]))
			return;
	}
	who_acts(turn, who_role(first));
	turn->reading = said;
	turn->intent = said->intent;
}

/* The pieces of the reply in one message; the rules that it follows are those of the last piece, which says what is to
 * be answered. */
static int64_t send_reply(struct turn *turn)
{
	struct outbox_message m = {
		.to = turn->number,
		.contact_id = turn->contact_id,
		.person_id = turn->person_id,
		.inbox_id = turn->inbox_id,
	};
	char *body = talloc_strdup(turn->ctx, "");
	int64_t id = 0;

	for (size_t i = 0; i < turn->n_pieces; i++) {
		body = talloc_asprintf_append(body, "%s%s", i ? "\n" : "", turn->piece[i].text);
		m.template = turn->piece[i].template;
		if (turn->piece[i].use_by > m.use_by)
			m.use_by = turn->piece[i].use_by;
	}
	m.body = body;
	turn_failed(turn, outbox_queue(turn->gw, &id, NULL, &m));
	return id;
}

static void keep_question(struct turn *turn, int64_t message_id)
{
	struct store *st = turn->gw->store;
	int64_t person_id = turn->asks && strcmp(turn->asks->kind, "who") == 0 ? 0
									       : turn->person_id;

	if (!turn->contact_id || turn->error)
		return;
	if (turn->asks)
		turn_failed(turn, question_store(turn->asks, st, turn->contact_id, person_id,
						 turn->at, message_id));
	else if (turn->drops)
		turn_failed(turn, question_drop(st, turn->contact_id, turn->person_id));
	if (turn->drops && turn->person_id)
		turn_failed(turn, question_drop(st, turn->contact_id, 0));
}

/* The reply, what it asks, and what other people are told. */
static void finish(struct turn *turn)
{
	int64_t message_id = 0;

	notice_reply(turn);
	if (turn->error)
		return;
	if (turn->n_pieces > 0)
		message_id = send_reply(turn);
	notice_replied(turn, message_id);
	keep_question(turn, message_id);
	if (turn->marked)
		turn_failed(turn, store_unmark(turn->gw->store));
	if (!turn->error)
		turn_failed(turn, notice_run(turn->gw));
}

int command_handle(struct turn *turn)
{
	enum phone_kind kind = phone_kind(turn->number, turn->gw->country_code);

	if (kind != PHONE_OWN && kind != PHONE_FOREIGN) {
		turn_list(turn, "sender cannot be answered");
		return 0;
	}
	if (turn_failed(turn, store_get_int(turn->gw->store, &turn->first_notice,
					    STORE_STMT_NOTICE_NEXT, NULL)))
		return turn->error;
	who_find(turn);
	if (!turn->error)
		member_resume(turn);
	if (!turn->error)
		understand(turn);
	if (!turn->error && !loop_mutes(turn) && !turn->error)
		route(turn);
	if (!turn->error)
		finish(turn);
	return turn->error;
}
