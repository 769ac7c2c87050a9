/* What was missing or bad, and what comes of it: said by residents, noted and settled by the coordinator.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/market.h"
#include "gateway/service/note.h"
#include "gateway/service/produce.h"
#include "gateway/service/service.h"
#include "gateway/service/till.h"
#include "gateway/turn.h"

/* Delivered lines that a complaint may be about. */
#define LINES_MAX 60

/* ---- by the resident ---- */

static void to_desk(struct turn *turn)
{
	turn_list(turn, "complains");
	turn_say_phone(turn, "complaint_noted");
}

/* The words of the text, kept once; those that an answer refers to are kept already. */
static int64_t words(struct turn *turn)
{
	const char *note = reading_arg(turn->reading, "note");

	return note ? strtoll(note, NULL, 10) : note_add(turn);
}

/* \returns false if the database refused: too late */
static bool dispute(struct turn *turn, const struct line *l, int64_t note)
{
	const char *reason = reading_arg(turn->reading, "reason");

	return turn_fire(turn, "line", l->id, l->version, "dispute",
			 talloc_asprintf(turn->ctx, "{\"reason\":\"%s\",\"note\":%" PRId64 "}",
					 reason ? reason : "quality", note),
			 NULL);
}

/* Delivered last, of this product. */
static const struct line *delivered(const struct line *line, size_t n, const char *product)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(line[i].product.name, product) == 0)
			return &line[i];
	return NULL;
}

static void of_items(struct turn *turn, const struct line *line, size_t n)
{
	const struct reading *r = turn->reading;
	int64_t note = words(turn);
	bool all = true;

	for (size_t i = 0; i < r->n_items && !turn->error; i++) {
		const struct line *l = delivered(line, n, r->items[i].product);

		all = l && dispute(turn, l, note) && all;
	}
	if (all)
		turn_say_phone(turn, "complaint_noted");
	else
		to_desk(turn);
}

/* What of the last order that was fetched is it about? */
static void ask_line(struct turn *turn, const struct line *line, size_t n)
{
	const char *reason = reading_arg(turn->reading, "reason");
	struct choice c = choice_new(turn);
	int64_t note = words(turn);

	for (size_t i = 0; i < n && line[i].order_id == line[0].order_id; i++)
		choice_add(&c,
			   talloc_asprintf(turn->ctx,
					   "COMPLAINT\titems=all:%s reason=%s note=%" PRId64,
					   line[i].product.name, reason ? reason : "quality", note),
			   line[i].product.many);
	choice_ask(&c, "ask_which_bad");
}

/* Of the order alone that the text names. \returns how many lines are left */
static size_t of_order(struct turn *turn, struct line *line, size_t n)
{
	const char *ref = reading_arg(turn->reading, "ref");
	struct order *o = NULL;
	size_t left = 0;
	int rc;

	if (!ref)
		return n;
	rc = produce_order_by_ref(&o, turn->ctx, turn->gw->store, ref);
	if (rc && rc != -ENOENT)
		turn_failed(turn, rc);
	for (size_t i = 0; o && i < n; i++)
		if (line[i].order_id == o->id)
			line[left++] = line[i];
	return left;
}

void complaint_make(struct turn *turn)
{
	const char *reason = reading_arg(turn->reading, "reason");
	bool other = reason && strcmp(reason, "wrong_order") == 0;
	struct line *line = NULL;
	size_t n = 0;

	if (turn->owner_id && (turn->roles & (TURN_RES | TURN_AID))
	    && turn_failed(turn, produce_delivered(&line, &n, turn->ctx, turn->gw->store,
						   turn->owner_id, LINES_MAX)))
		return;
	n = of_order(turn, line, n);
	if (n == 0 || (other && turn->reading->n_items == 0))
		to_desk(turn);
	else if (turn->reading->n_items > 0)
		of_items(turn, line, n);
	else
		ask_line(turn, line, n);
}

/* ---- by the coordinator ---- */

/* The order that the reading names, or NULL after that was said. */
static struct order *order_of(struct turn *turn)
{
	const char *ref = reading_arg(turn->reading, "ref");

	if (ref && !strchr(ref, ','))
		return till_order(turn, ref);
	turn_say(turn, "payment_one", NULL);
	return NULL;
}

static void say(struct turn *turn, const struct order *o, const struct line *l,
		const char *template, int64_t cents)
{
	struct facts *f = till_facts(turn, o);

	if (!f)
		return;
	facts_line(f, l);
	facts_set(f, "amount", format_money(f, cents));
	turn_say_facts(turn, template, f);
}

static void say_no_line(struct turn *turn, const struct order *o, const char *product)
{
	turn_say(turn, "till_no_line",
		 VALUES({ "ref", o->ref }, { "product", market_label(turn, product) }));
}

static const struct line *line_of(const struct order *o, const char *product)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].product.name, product) == 0
		    && strcmp(o->line[i].state, "refused") != 0)
			return &o->line[i];
	return NULL;
}

/* Whether all of a line is meant, not some of it. */
static bool is_whole(const struct reading_item *item, const struct line *l)
{
	return item->qty == READING_QTY_ALL || item->milli >= (l->given < 0 ? l->asked : l->given);
}

/* One line that was not there at the pickup. What was handed over already is disputed instead. */
static void miss(struct turn *turn, const struct order *o, const struct reading_item *item,
		 int64_t note)
{
	const struct line *l = line_of(o, item->product);
	bool given = l && strcmp(l->state, "delivered") == 0;
	char *payload = talloc_asprintf(turn->ctx, "{\"reason\":\"missing\",\"note\":%" PRId64 "}",
					note);

	if (!l)
		say_no_line(turn, o, item->product);
	else if (!given && !is_whole(item, l))
		say(turn, o, l, "till_part_missing", l->amount);
	else if (!turn_fire(turn, "line", l->id, l->version, given ? "dispute" : "miss", payload,
			    NULL))
		turn_say_refusal(turn);
	else
		say(turn, o, l, given ? "till_disputed" : "till_missing", l->amount);
}

void complaint_missing(struct turn *turn)
{
	struct order *o = order_of(turn);
	int64_t note = o ? note_add(turn) : 0;

	for (size_t i = 0; note && i < turn->reading->n_items && !turn->error; i++)
		miss(turn, o, &turn->reading->items[i], note);
}

/* Lines of an order that wait for an answer to a complaint; of one product, if one is named. */
static size_t disputed(const struct turn *turn, const struct order *o, const struct line **out)
{
	const struct reading *r = turn->reading;
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "disputed") == 0
		    && (r->n_items == 0
			|| strcmp(o->line[i].product.name, r->items[0].product) == 0))
			out[n++] = &o->line[i];
	return n;
}

/* Which of several? What was said else stays. */
static void ask_disputed(struct turn *turn, const struct line **line, size_t n)
{
	struct choice c = choice_new(turn);

	for (size_t i = 0; i < n; i++) {
		struct reading r = *turn->reading;

		r.n_items = 1;
		r.items[0] = (struct reading_item){ .qty = READING_QTY_ALL, .price_cents = -1 };
		OSMO_STRLCPY_ARRAY(r.items[0].product, line[i]->product.name);
		choice_add(&c, reading_print(turn->ctx, &r), line[i]->product.many);
	}
	choice_ask(&c, "ask_which_bad");
}

static void give(struct turn *turn, const struct order *o, const struct line *l)
{
	const char *said = reading_arg(turn->reading, "amount");
	int64_t cents = l->amount;

	if (said && (!till_sum(&cents, said) || cents == 0))
		turn_say(turn, "till_no_sum", NULL);
	else if (cents > l->amount)
		say(turn, o, l, "till_credit_above", l->amount);
	else if (turn_fire(turn, "line", l->id, l->version, "credit",
			   talloc_asprintf(turn->ctx, "{\"amount\":%" PRId64 "}", cents), NULL))
		say(turn, o, l, "till_credited", cents);
	else
		turn_say_refusal(turn);
}

/* For a complaint, or without one: then it is the payment that is credited. */
void complaint_credit(struct turn *turn)
{
	struct order *o = order_of(turn);
	const struct line **line = o ? talloc_array(turn->ctx, const struct line *, o->n + 1)
				     : NULL;
	size_t n = o ? disputed(turn, o, line) : 0;

	if (!o)
		return;
	if (n > 1)
		ask_disputed(turn, line, n);
	else if (n == 1)
		give(turn, o, line[0]);
	else if (turn->reading->n_items > 0)
		say_no_line(turn, o, turn->reading->items[0].product);
	else
		payment_credit(turn);
}

void complaint_dismiss(struct turn *turn)
{
	struct order *o = order_of(turn);
	const struct line **line = o ? talloc_array(turn->ctx, const struct line *, o->n + 1)
				     : NULL;
	size_t n = o ? disputed(turn, o, line) : 0;

	if (!o)
		return;
	if (n == 0)
		turn_say(turn, "till_no_complaint", VALUES({ "ref", o->ref }));
	else if (n > 1)
		ask_disputed(turn, line, n);
	else if (turn_fire(turn, "line", line[0]->id, line[0]->version, "dismiss",
			   talloc_asprintf(turn->ctx, "{\"reason\":\"said\",\"note\":%" PRId64 "}",
					   words(turn)),
			   NULL))
		say(turn, o, line[0], "till_dismissed", 0);
	else
		turn_say_refusal(turn);
}
