/* Payments at the pickup: paid, paid in part, later, given, given back. The coordinator says it, the machine decides.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/note.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/service/till.h"
#include "gateway/turn.h"

/* Digits before the point of a sum: no order costs more. */
#define SUM_DIGITS 5

bool till_sum(int64_t *cents, const char *said)
{
	size_t whole = strspn(said, "0123456789"), part = 0;
	const char *rest = said + whole;
	int64_t sum = 0;

	if (whole == 0 || whole > SUM_DIGITS)
		return false;
	if (*rest == '.' || *rest == ',') {
		part = strspn(++rest, "0123456789");
		if (part == 0 || part > 2)
			return false;
	}
	if (rest[part] != '\0' && strcmp(rest + part, "e") != 0)
		return false;
	for (size_t i = 0; i < whole; i++)
		sum = sum * 10 + (said[i] - '0');
	for (size_t i = 0; i < 2; i++)
		sum = sum * 10 + (i < part ? rest[i] - '0' : 0);
	*cents = sum;
	return true;
}

/* Fire an event of the payment with an amount. */
static bool fire_sum(struct turn *turn, const struct payment *p, const char *event, int64_t cents)
{
	char *payload = talloc_asprintf(turn->ctx, "{\"amount\":%" PRId64 "}", cents);

	return turn_fire(turn, "payment", p->id, p->version, event, payload, NULL);
}

bool till_pay(struct turn *turn, const struct order *o, int64_t cents)
{
	int64_t due = produce_due(o);
	bool whole = cents < 0 || cents == due;

	if (fire_sum(turn, &o->payment, whole ? "pay" : "part_pay", whole ? due : cents))
		return true;
	turn_say_refusal(turn);
	return false;
}

bool till_takes_part(const struct order *o)
{
	return strcmp(o->payment.state, "due") == 0;
}

/* Say it with what the table says now. */
static void say(struct turn *turn, const struct order *o, const char *template, int64_t cents)
{
	const struct order *now = till_again(turn, o);
	struct facts *f = now ? till_facts(turn, now) : NULL;

	if (!f)
		return;
	facts_set(f, "amount", format_money(f, cents));
	turn_say_facts(turn, template, f);
}

static void ask_above(struct turn *turn, const struct order *o, int64_t said)
{
	struct question *q = question_new(turn->ctx, "choice");

	question_option(q, talloc_asprintf(q, "PAY\tref=%s", o->ref));
	question_option(q, "NOTHING");
	turn_say(turn, "ask_pay_above",
		 VALUES({ "ref", o->ref }, { "amount", format_money(turn->ctx, said) },
			{ "due", format_money(turn->ctx, produce_due(o)) }));
	turn_ask(turn, q);
}

static void note(struct turn *turn, const struct order *o, int64_t cents)
{
	int64_t due = produce_due(o);
	bool whole = cents < 0 || cents == due;

	if (due == 0)
		till_say_state(turn, o);
	else if (cents > due)
		ask_above(turn, o, cents);
	else if (!whole && !till_takes_part(o))
		say(turn, o, "payment_whole", due);
	else if (till_pay(turn, o, cents))
		say(turn, o, whole ? "payment_noted" : "payment_noted.part", whole ? due : cents);
}

/* ---- the commands ---- */

/* The one order that is meant, and that has something to pay; else it is said what lacks. */
static struct order *payable(struct turn *turn)
{
	const char *ref = reading_arg(turn->reading, "ref");
	struct order *o;

	if (!ref || strchr(ref, ',')) {
		turn_say(turn, "payment_one", NULL);
		return NULL;
	}
	o = till_order(turn, ref);
	if (!o || o->payment.id)
		return o;
	till_say_state(turn, o);
	return NULL;
}

/* The sum of the reading. \returns false after saying that there is none */
static bool sum(struct turn *turn, int64_t *cents)
{
	const char *said = reading_arg(turn->reading, "amount");

	if (said && till_sum(cents, said) && *cents > 0)
		return true;
	turn_say(turn, "till_no_sum", NULL);
	return false;
}

void payment_pay(struct turn *turn)
{
	const char *said = reading_arg(turn->reading, "amount");
	struct order *o = payable(turn);
	int64_t cents = -1;

	if (o && (!said || sum(turn, &cents)))
		note(turn, o, cents);
}

/* Refused: where the money of the order stands. */
static void refused(struct turn *turn, const struct order *o)
{
	if (turn->refusal.code == STORE_E_TRANSITION)
		till_say_state(turn, o);
	else
		turn_say_refusal(turn);
}

/* Later, or not at all: the words of the text are the reason, for nobody but the coordinators. */
static void excuse(struct turn *turn, const char *event, const char *template)
{
	struct order *o = payable(turn);
	char *payload;

	if (!o)
		return;
	if (!reading_arg(turn->reading, "reason")) {
		say(turn, o, talloc_asprintf(turn->ctx, "payment_why.%s", event), 0);
		return;
	}
	payload = talloc_asprintf(turn->ctx, "{\"reason\":\"said\",\"note\":%" PRId64 "}",
				  note_add(turn));
	if (turn->error)
		return;
	if (turn_fire(turn, "payment", o->payment.id, o->payment.version, event, payload, NULL))
		say(turn, o, template, produce_due(o));
	else
		refused(turn, o);
}

void payment_later(struct turn *turn)
{
	excuse(turn, "defer", "payment_deferred");
}

void payment_waive(struct turn *turn)
{
	excuse(turn, "waive", "payment_waived");
}

/* Money goes back: never more than came. */
static void give_back(struct turn *turn, const char *event, const char *template)
{
	struct order *o = payable(turn);
	int64_t cents;

	if (!o || !sum(turn, &cents))
		return;
	if (cents > o->payment.paid)
		say(turn, o, "payment_above_paid", cents);
	else if (fire_sum(turn, &o->payment, event, cents))
		say(turn, o, template, cents);
	else
		refused(turn, o);
}

void payment_refund(struct turn *turn)
{
	give_back(turn, "refund", "payment_refunded");
}

void payment_credit(struct turn *turn)
{
	give_back(turn, "credit", "payment_credited");
}
