/* Not enough for all: who gets what, and the producer reads it before it is done.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/plan.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/format.h"
#include "gateway/service/basket.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* Octets of who gets what. */
#define SHARE_MAX 500

/* Sharing out what there is: the order that was placed first is served first, in whole units of sale. */
static void share(struct plan *p, const char *product, int64_t milli)
{
	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];
		int64_t most = l->given > 0 ? l->given : l->asked;
		int64_t give = milli < most ? milli : most;

		if (strcmp(l->product.name, product) != 0)
			continue;
		if (give < most)
			give -= give % 1000;
		if (give == most)
			p->what[i] = l->given > 0 ? LEAVE : CONFIRM;
		else
			p->what[i] = give > 0 ? SHORTEN : REFUSE;
		p->give[i] = give;
		milli -= give;
	}
}

static int64_t asked_in_all(const struct plan *p, const char *product, const struct product **out)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->supply.n; i++) {
		const struct line *l = &p->supply.line[i];

		if (strcmp(l->product.name, product) != 0)
			continue;
		sum += l->given > 0 ? l->given : l->asked;
		*out = &l->product;
	}
	return sum;
}

/* Quantities said, product by product. \returns false if one cannot be taken as it is said. */
bool share_all(struct plan *p, const struct reading *r, bool missing)
{
	for (size_t i = 0; i < r->n_items; i++) {
		const struct reading_item *item = &r->items[i];
		const struct product *product = NULL;
		int64_t sum = asked_in_all(p, item->product, &product), milli = 0;

		if (!product)
			continue;
		if (item->qty == READING_QTY_ALL) {
			milli = sum;
		} else if (basket_quantity(&milli, item, product) == BASKET_UNIT) {
			supply_ask_amount(p->turn, item->product);
			return false;
		} else if (milli == 0) {
			milli = item->milli; /* half of what is sold whole: share() rounds it down */
		}
		if (missing)
			milli = sum > milli ? sum - milli : 0;
		share(p, item->product, milli);
	}
	return true;
}

/* Who would get what, when several orders are touched. */

/* A print of the lines that a plan is about. */
static int64_t print_of(const struct plan *p)
{
	int64_t print = 0;

	for (size_t i = 0; i < p->supply.n; i++)
		print += p->supply.line[i].id + p->supply.line[i].version;
	return print;
}

/* Whether orders are shared out: several, and not all that they asked for. */
static bool is_shared(const struct plan *p)
{
	int64_t first = 0;
	bool several = false, less = false;

	for (size_t i = 0; i < p->supply.n; i++) {
		if (p->what[i] == LEAVE)
			continue;
		several |= first && p->supply.line[i].order_id != first;
		first = p->supply.line[i].order_id;
		less |= p->what[i] != CONFIRM;
	}
	return several && less;
}

static char *share_line(struct plan *p, size_t i, const char *ref)
{
	const struct line *l = &p->supply.line[i];
	const struct catalogue *cat = p->turn->gw->catalogue;
	int64_t had = l->given > 0 ? l->given : l->asked;
	int64_t gets = p->what[i] == REFUSE ? 0 : p->what[i] == SHORTEN ? p->give[i] : had;
	void *ctx = p->turn->ctx;

	return template_fill(ctx, cat,
			     gets == 0    ? "piece.share_none"
			     : gets < had ? "piece.share_short"
					  : "piece.share",
			     VALUES({ "ref", ref },
				    { "amount", format_amount(ctx, cat, gets, l->product.unit) },
				    { "asked", format_amount(ctx, cat, had, l->product.unit) },
				    { "product", l->product.many }));
}

static char *share_lines(struct plan *p)
{
	struct turn *turn = p->turn;
	char *out = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < p->supply.n && strlen(out) < SHARE_MAX; i++) {
		char ref[16];

		if (turn_failed(turn,
				supply_ref(turn, p->supply.line[i].order_id, ref, sizeof(ref))))
			return out;
		out = talloc_asprintf_append(out, "%s%s", i ? "\n" : "", share_line(p, i, ref));
	}
	return strlen(out) < SHARE_MAX ? out : talloc_asprintf_append(out, "\n...");
}

/* What is not enough for all is read back, order by order, before it is done. */
bool share_ask(struct plan *p, const struct reading *r)
{
	struct turn *turn = p->turn;
	const struct question *read = turn->answered;
	bool answers = read && strcmp(read->machine, "supply") == 0;
	struct question *q;
	char *orders;

	if (answers ? read->seen == print_of(p) : !is_shared(p))
		return false;
	if (answers)
		turn_say(turn, "share_again", NULL);
	q = question_new(turn->ctx, "choice");
	question_about(q, "supply", p->supply.cycle.id, 0, print_of(p));
	q->yes = reading_arg(r, "sure") ? reading_print(q, r) : choice_with(q, r, "sure", "1");
	orders = plan_emptied(p);
	if (orders)
		turn_say(turn, "share_last",
			 VALUES({ "orders", orders }, { "example", plan_sub_example(p, orders) }));
	turn_say(turn, "ask_share", VALUES({ "lines", share_lines(p) }));
	turn_ask(turn, q);
	return true;
}
