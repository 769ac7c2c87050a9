/* Orders handed over, not fetched, and fetched on another day; what the coordinator texts about them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/till.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/closest.h"
#include "gateway/dialogue/choice.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/service/when.h"
#include "gateway/turn.h"

/* References in one text, and how many of them are answered one by one. */
#define REFS_MAX 40
#define EACH_MAX 10
/* Orders that wait, among which a mistyped number is looked for. */
#define NEAR_MAX 500

/* ---- which order ---- */

/* Whether an order waits to be fetched. */
static bool waits(const struct order *o)
{
	return strcmp(o->state, "ready") == 0 || strcmp(o->state, "no_show") == 0;
}

/* The digits of a reference that may be a pickup code instead. */
static const char *code_of(const char *ref)
{
	const char *digits = isdigit((unsigned char)*ref) ? ref : ref + 1;

	return strlen(digits) == 4 && strspn(digits, "0123456789") == 4 ? digits : NULL;
}

/* Orders that wait with that code, at most two: more than one is no answer. */
static size_t by_code(struct turn *turn, int64_t id[2], const char *code)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_TILL_BY_CODE,
					      STORE_ARGS(STORE_TEXT(code)));
	int rc = rows ? 1 : store_errno(turn->gw->store);
	size_t n = 0;

	while (rows && n < 2 && (rc = store_next(rows)) == 1)
		id[n++] = store_int(rows, 0);
	store_done(rows);
	return turn_failed(turn, rc) ? 0 : n;
}

/* The number of a waiting order that was probably meant, or NULL. */
static const char *near(struct turn *turn, const char *ref)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_TILL_WAITING,
					      STORE_ARGS(STORE_INT(NEAR_MAX)));
	const char *found = NULL;
	int rc = rows ? 1 : store_errno(turn->gw->store);

	while (rows && (rc = store_next(rows)) == 1)
		if (closest_distance(ref, store_text(rows, 0)) == 1) {
			if (found) { /* two are as near: nothing is guessed */
				found = NULL;
				break;
			}
			found = talloc_strdup(turn->ctx, store_text(rows, 0));
		}
	store_done(rows);
	return turn_failed(turn, rc) ? NULL : found;
}

/* The same command for another order. */
static char *with_ref(struct turn *turn, const char *ref)
{
	struct reading r = *turn->reading;

	for (size_t i = 0; i < r.n_args; i++)
		if (strcmp(r.args[i].key, "ref") == 0)
			r.args[i].value = ref;
	return reading_print(turn->ctx, &r);
}

static void say_unknown(struct turn *turn, const char *ref)
{
	const char *said = reading_arg(turn->reading, "ref");
	const char *meant = code_of(ref) ? NULL : near(turn, ref);
	struct question *q;

	if (code_of(ref)) { /* it is not said back: it may be a code */
		turn_say(turn, "till_unknown.code", NULL);
		return;
	}
	if (!meant || !said || strcmp(said, ref) != 0) {
		turn_say(turn, "till_unknown", VALUES({ "ref", ref }));
		return;
	}
	q = question_new(turn->ctx, "choice");
	q->yes = with_ref(turn, meant);
	q->no = "NOTHING";
	turn_say(turn, "till_near", VALUES({ "ref", ref }, { "guess", meant }));
	turn_ask(turn, q);
}

struct order *till_order(struct turn *turn, const char *ref)
{
	struct order *o = NULL;
	int64_t id[2];
	const char *code = code_of(ref);
	int rc = produce_order_by_ref(&o, turn->ctx, turn->gw->store, ref);
	size_t n = rc == -ENOENT && code ? by_code(turn, id, code) : 0;

	if (n == 1)
		rc = produce_order(&o, turn->ctx, turn->gw->store, id[0]);
	if (rc && rc != -ENOENT)
		turn_failed(turn, rc);
	if (!o && n > 1)
		turn_say(turn, "till_code_twice", NULL);
	else if (!o && !turn->error)
		say_unknown(turn, ref);
	return turn->error ? NULL : o;
}

/* ---- what is said of it ---- */

struct order *till_again(struct turn *turn, const struct order *o)
{
	struct order *now;

	return turn_failed(turn, produce_order(&now, turn->ctx, turn->gw->store, o->id)) ? NULL
											 : now;
}

struct facts *till_facts(struct turn *turn, const struct order *o)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);

	facts_order(f, o);
	return turn_failed(turn, facts_person(f, o->owner_id, "name", "number")) ? NULL : f;
}

/* The state of an order as the one at the pickup point calls it. */
static const char *state_of(struct turn *turn, const struct order *o)
{
	static const struct template_value none[] = { {} };
	const char *name = strcmp(o->state, "ready") == 0 ? "waiting" : o->state;
	char *text = template_fill(turn->ctx, turn->gw->catalogue,
				   talloc_asprintf(turn->ctx, "state.%s", name), none);

	return text ? text : o->state;
}

void till_say_state(struct turn *turn, const struct order *o)
{
	struct facts *f = till_facts(turn, o);

	if (!f)
		return;
	facts_set(f, "text", state_of(turn, o));
	turn_say_facts(turn, "till_state", f);
}

void till_show(struct turn *turn, const char *ref)
{
	struct order *o = till_order(turn, ref);
	struct facts *f = o ? till_facts(turn, o) : NULL;

	if (!f)
		return;
	facts_set(f, "text", state_of(turn, o));
	turn_say_facts(turn, "till_show", f);
}

/* ---- handing over ---- */

/* References of a reading: "C482,C483". \returns how many; REFS_MAX + 1 if there are more. */
static size_t refs_of(struct turn *turn, const char *out[REFS_MAX])
{
	const char *rest = reading_arg(turn->reading, "ref");
	size_t n = 0;

	while (rest && *rest && n < REFS_MAX)
		out[n++] = clarify_first(turn->ctx, rest, &rest);
	return rest && *rest ? REFS_MAX + 1 : n;
}

/* More than is due: what is noted then? */
static void ask_above(struct turn *turn, const struct order *o, int64_t said)
{
	struct question *q = question_new(turn->ctx, "choice");

	question_option(q, talloc_asprintf(q, "COLLECT\tref=%s", o->ref));
	question_option(q, talloc_asprintf(q, "COLLECT\tref=%s paid=0", o->ref));
	question_option(q, "NOTHING");
	turn_say(turn, "ask_collect_above",
		 VALUES({ "ref", o->ref }, { "amount", format_money(turn->ctx, said) },
			{ "due", format_money(turn->ctx, produce_due(o)) }));
	turn_ask(turn, q);
}

/* What is said of several that were handed over. */
struct tally {
	char *refs; /* NULL: each is said by itself */
	int64_t paid;
};

static void say_collected(struct turn *turn, const struct order *o)
{
	struct facts *f = till_facts(turn, o);

	if (f)
		turn_say_facts(turn, produce_due(o) > 0 ? "till_collected.due" : "till_collected",
			       f);
}

/* Hand it over. \param[in] cents  paid with it; -1: all of it, but for what was to be paid later */
static void hand_over(struct turn *turn, const struct order *o, int64_t cents, struct tally *tally)
{
	int64_t paid = o->payment.paid;

	if (cents < 0 && strcmp(o->payment.state, "deferred") == 0)
		cents = 0;
	if (!turn_fire(turn, "order", o->id, o->version, "collect", NULL, NULL)) {
		turn_say_refusal(turn);
		return;
	}
	if (cents != 0 && produce_due(o) > 0 && !till_pay(turn, o, cents))
		return;
	o = till_again(turn, o);
	if (!o)
		return;
	if (!tally->refs) {
		say_collected(turn, o);
		return;
	}
	tally->refs = talloc_asprintf_append(tally->refs, "%s%s", *tally->refs ? ", " : "", o->ref);
	tally->paid += o->payment.paid - paid;
}

static void collect(struct turn *turn, const struct order *o, int64_t cents, struct tally *tally)
{
	bool part = cents > 0 && cents < produce_due(o);
	struct facts *f;

	if (waits(o) && cents > produce_due(o))
		ask_above(turn, o, cents);
	else if (waits(o) && part && !till_takes_part(o) && (f = till_facts(turn, o)))
		turn_say_facts(turn, "payment_whole", f);
	else if (waits(o))
		hand_over(turn, o, cents, tally);
	else
		till_say_state(turn, o);
}

/* What all of them come to. */
static int64_t due_of(struct order *const *o, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += produce_due(o[i]);
	return sum;
}

/* One sum for several orders is what they come to together, or nothing is noted. */
static void collect_all(struct turn *turn, struct order *const *o, size_t n, int64_t cents)
{
	struct tally tally = { .refs = n > EACH_MAX / 2 ? talloc_strdup(turn->ctx, "") : NULL };
	bool together = n > 1 && cents > 0;

	if (together && due_of(o, n) != cents) {
		turn_say(turn, "till_one_sum", VALUES({ "ref", o[0]->ref }));
		return;
	}
	for (size_t i = 0; i < n && !turn->error; i++)
		collect(turn, o[i], together ? produce_due(o[i]) : cents, &tally);
	if (tally.refs && *tally.refs)
		turn_say(turn, "till_collected.many",
			 VALUES({ "orders", tally.refs },
				{ "paid", format_money(turn->ctx, tally.paid) }));
}

/* Whether the last of them was named before. */
static bool named(struct order *const *o, size_t last)
{
	for (size_t i = 0; i < last; i++)
		if (o[i]->id == o[last]->id)
			return true;
	return false;
}

void till_collect(struct turn *turn)
{
	const char *paid = reading_arg(turn->reading, "paid"), *ref[REFS_MAX];
	size_t n = refs_of(turn, ref), found = 0;
	struct order *o[REFS_MAX];
	int64_t cents = -1;

	if (paid && !till_sum(&cents, paid)) {
		turn_say(turn, "till_no_sum", NULL);
		return;
	}
	if (n > REFS_MAX) {
		turn_say(turn, "till_too_many", NULL);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if ((o[found] = till_order(turn, ref[i])) && !named(o, found))
			found++;
	collect_all(turn, o, found, cents);
}

/* ---- nobody came; another day ---- */

/* Fire what ends with the order in another state, and say which. */
static void move(struct turn *turn, const struct order *o, const char *event, const char *payload,
		 const char *template)
{
	struct facts *f;

	if (!turn_fire(turn, "order", o->id, o->version, event, payload, NULL)) {
		if (turn->refusal.code == STORE_E_TRANSITION)
			till_say_state(turn, o);
		else
			turn_say_refusal(turn);
		return;
	}
	o = till_again(turn, o);
	f = o ? till_facts(turn, o) : NULL;
	if (f)
		turn_say_facts(turn, template, f);
}

void till_no_show(struct turn *turn)
{
	const char *ref[REFS_MAX];
	size_t n = refs_of(turn, ref);

	if (n > EACH_MAX) {
		turn_say(turn, "till_too_many", NULL);
		return;
	}
	for (size_t i = 0; i < n && !turn->error; i++) {
		struct order *o = till_order(turn, ref[i]);

		if (o)
			move(turn, o, "miss", NULL, "till_missed");
	}
}

/* The window that was said. \returns false after saying what lacks */
static bool window(struct turn *turn, const struct order *o, int64_t *from, int64_t *to)
{
	const struct reading *r = turn->reading;
	int64_t day;

	if (when_day(&day, reading_arg(r, "day"), turn->at)
	    && when_time(from, reading_arg(r, "from"), day)
	    && when_time(to, reading_arg(r, "to"), day) && *from < *to)
		return true;
	turn_say(turn, "till_no_window", VALUES({ "ref", o->ref }));
	return false;
}

void till_rebook(struct turn *turn)
{
	const char *ref = reading_arg(turn->reading, "ref");
	struct order *o = ref ? till_order(turn, ref) : NULL;
	int64_t from, to;

	if (o && window(turn, o, &from, &to))
		move(turn, o, "rebook",
		     talloc_asprintf(turn->ctx, "{\"from\":%" PRId64 ",\"to\":%" PRId64 "}", from,
				     to),
		     "till_rebooked");
}

void till_status(struct turn *turn)
{
	const char *ref = reading_arg(turn->reading, "ref");

	if (ref && *ref == 'C')
		till_show(turn, ref);
	else
		status_show(turn);
}

/* A number of four digits: whose code is it? */
void till_find(struct turn *turn)
{
	till_show(turn, reading_arg(turn->reading, "code"));
}
