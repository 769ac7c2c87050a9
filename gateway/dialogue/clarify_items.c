/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/dialogue/clarify_items.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/format.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/order.h"
#include "gateway/turn.h"

/* Items that were clear, each with a semicolon before it. */
static const char *kept(struct turn *turn)
{
	const char *keep = clarify_hint(turn, "keep");

	return *keep ? talloc_asprintf(turn->ctx, ";%s", keep) : "";
}

/* The offers now; without an open cycle that is said. */
static bool open_market(struct turn *turn, struct basket *b)
{
	if (!turn->owner_id) {
		turn_say_phone(turn, "role_forbidden");
		return false;
	}
	return basket_open(b, turn);
}

static const struct offer *offered(const struct basket *b, const char *product)
{
	for (size_t i = 0; i < b->offers.n; i++)
		if (strcmp(b->offers.offer[i].product.name, product) == 0)
			return &b->offers.offer[i];
	return NULL;
}

/* How much of it? Of several products the first; the others are asked about next. */
static void ask_amount(struct turn *turn, const char *template, const char *products)
{
	struct question *q = question_new(turn->ctx, "amount");
	const char *rest;
	char *name = clarify_first(q, products, &rest);
	const struct offer *f;
	struct basket b;

	if (!open_market(turn, &b))
		return;
	f = offered(&b, name);
	if (!f) {
		market_say_not_offered(turn, &b.offers, name, NULL);
		return;
	}
	if (f->left <= 0 && !rest) {
		market_say_sold_out(turn, &b.offers, &f->product);
		return;
	}
	if (clarify_swaps(turn) && rest) {
		turn_say(turn, "clarify.multi_change", NULL);
		return;
	}
	if (clarify_swaps(turn))
		q->free = talloc_asprintf(q, "SWAP\tfrom=%s to={n}:%s", clarify_hint(turn, "from"),
					  name);
	else if (rest)
		q->free = talloc_asprintf(
			q, "CLARIFY\treason=qty_missing product=%s keep={n}:%s%s%s%s", rest, name,
			kept(turn), *clarify_hint(turn, "op") ? " op=" : "",
			clarify_hint(turn, "op"));
	else
		q->free = talloc_asprintf(q, "%s\titems={n}:%s%s", clarify_intent(turn), name,
					  kept(turn));
	q->unit = talloc_strdup(q, f->product.unit);
	turn_say(turn, template,
		 VALUES({ "product", market_price(turn, f) },
			{ "unit",
			  format_unit(turn->ctx, turn->gw->catalogue, f->product.unit, 2000) },
			{ "example", market_amount(turn, &f->product) }));
	turn_ask(turn, q);
}

void clarify_quantity(struct turn *turn)
{
	const char *product = clarify_hint(turn, "product");

	if (*product)
		ask_amount(turn, "ask_quantity", product);
	else
		turn_say(turn, "ask_product", NULL);
}

void clarify_unit(struct turn *turn)
{
	const char *product = clarify_hint(turn, "product");

	if (*product)
		ask_amount(turn, "ask_unit", product);
	else
		turn_say(turn, "ask_product", NULL);
}

/* "1 fromage": which? With a quantity that fits, the order; else how much is asked next. */
void clarify_candidates(struct turn *turn)
{
	const char *n = clarify_hint(turn, "n"), *rest = clarify_hint(turn, "cand");
	struct choice c = choice_new(turn);
	struct basket b;

	if (!*rest) {
		turn_say(turn, "ask_product", NULL);
		return;
	}
	if (!open_market(turn, &b))
		return;
	while (rest) {
		char *name = clarify_first(turn->ctx, rest, &rest);
		const struct offer *f = offered(&b, name);
		struct reading *r = NULL;
		int64_t milli;

		if (!f || f->left <= 0)
			continue;
		if (*n)
			r = reading_scan(
				turn->ctx,
				talloc_asprintf(turn->ctx, "%s\titems=%s%s:%s%s",
						clarify_intent(turn), n,
						strspn(n, "0123456789.") == strlen(n) ? "pc" : "",
						name, kept(turn)));
		if (r && basket_quantity(&milli, &r->items[0], &f->product) == BASKET_FITS)
			choice_add(&c, reading_print(turn->ctx, r), market_price(turn, f));
		else
			choice_add(&c,
				   talloc_asprintf(turn->ctx,
						   "CLARIFY\treason=qty_missing product=%s%s%s%s%s",
						   name, *clarify_hint(turn, "op") ? " op=" : "",
						   clarify_hint(turn, "op"),
						   *clarify_hint(turn, "keep") ? " keep=" : "",
						   clarify_hint(turn, "keep")),
				   market_price(turn, f));
	}
	if (c.q->n == 0)
		turn_say(turn, "list_empty", NULL);
	else
		choice_ask(&c, "ask_which_product");
}

void clarify_not_offered(struct turn *turn)
{
	const char *rest = clarify_hint(turn, "product"),
		   *near = reading_arg(turn->reading, "cand");
	struct basket b;

	if (!*rest) {
		turn_say(turn, "list_empty", NULL);
		return;
	}
	if (!open_market(turn, &b))
		return;
	for (int n = 0; rest && n < 3; n++)
		market_say_not_offered(turn, &b.offers, clarify_first(turn->ctx, rest, &rest),
				       near);
}

/* "2 3kg patate": 2 or 3? */
void clarify_range(struct turn *turn)
{
	const char *n = clarify_hint(turn, "n"), *dots = strstr(n, "..");
	const char *product = clarify_hint(turn, "product"), *unit;
	struct choice c = choice_new(turn);
	const struct offer *f;
	struct basket b;

	if (!dots || !*product || strchr(product, ',')) {
		clarify_quantity(turn);
		return;
	}
	if (!open_market(turn, &b))
		return;
	f = offered(&b, product);
	if (!f) {
		market_say_not_offered(turn, &b.offers, product, NULL);
		return;
	}
	unit = dots + 2 + strspn(dots + 2, "0123456789.");
	for (int i = 0; i < 2; i++) {
		const char *from = i == 0 ? n : dots + 2;
		struct reading *r = reading_scan(
			turn->ctx,
			talloc_asprintf(turn->ctx, "%s\titems=%.*s%s:%s%s", clarify_intent(turn),
					i == 0 ? (int)(dots - n) : (int)(unit - dots - 2), from,
					*unit ? unit : f->product.unit, product, kept(turn)));

		if (r)
			choice_add(&c, reading_print(turn->ctx, r),
				   format_item(turn->ctx, turn->gw->catalogue, r->items[0].milli,
					       r->items[0].unit, f->product.one, f->product.many));
	}
	choice_ask(&c, "ask_which_amount");
}

/* What was said of products and quantities, as the command that it would be. */
static struct reading *said_items(struct turn *turn)
{
	const struct reading *r = turn->reading;

	return reading_scan(turn->ctx,
			    talloc_asprintf(turn->ctx, "%s\titems=%s", clarify_intent(turn),
					    r->n_items ? reading_print_items(turn->ctx, r)
						       : clarify_hint(turn, "keep")));
}

/* "2 kg de carottes 2 kg de carottes": once, or both? */
void clarify_duplicate(struct turn *turn)
{
	const struct reading *r = said_items(turn);
	const struct catalogue *cat = turn->gw->catalogue;
	struct reading twice = { .intent = clarify_intent(turn) }, once = twice;
	struct question *q = question_new(turn->ctx, "choice");

	if (!r || r->n_items == 0) {
		turn_say(turn, "clarify", NULL);
		return;
	}
	for (size_t i = 0; i < r->n_items; i++) {
		once.items[once.n_items++] = r->items[i];
		twice.items[twice.n_items] = r->items[i];
		twice.items[twice.n_items++].milli *= i == 0 ? 2 : 1;
	}
	question_option(q, reading_print(q, &once));
	question_option(q, reading_print(q, &twice));
	turn_say(turn, "ask_duplicate",
		 VALUES({ "product", market_item(turn, &r->items[0]) },
			{ "amount",
			  format_amount(turn->ctx, cat, once.items[0].milli, once.items[0].unit) },
			{ "left", format_amount(turn->ctx, cat, twice.items[0].milli,
						twice.items[0].unit) }));
	turn_ask(turn, q);
}

/* "plus de carottes": more, or no more? */
void clarify_plus(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	const char *rest, *product = clarify_first(q, clarify_hint(turn, "product"), &rest);

	if (!*product) {
		turn_say(turn, "clarify", NULL);
		return;
	}
	question_option(
		q, talloc_asprintf(q, "CLARIFY\treason=qty_missing product=%s op=add", product));
	question_option(q, talloc_asprintf(q, "REMOVE\titems=all:%s", product));
	if (turn->roles & TURN_PRO)
		question_option(q, talloc_asprintf(q, "AVAIL_STOP\titems=all:%s", product));
	turn_say(turn, turn->roles & TURN_PRO ? "ask_plus.PRO" : "ask_plus",
		 VALUES({ "product", market_label(turn, product) }));
	turn_ask(turn, q);
}

/* Items in words: "2 kg pommes, 1 pain". NULL if they are none. */
static char *in_words(struct turn *turn, const struct reading *r)
{
	char *out = talloc_strdup(turn->ctx, "");

	for (size_t i = 0; i < r->n_items; i++) {
		const struct reading_item *item = &r->items[i];
		const char *label = market_item(turn, item);

		out = talloc_asprintf_append(
			out, "%s%s %s", i ? ", " : "",
			format_amount(turn->ctx, turn->gw->catalogue, item->milli, item->unit),
			label);
	}
	return r->n_items ? out : NULL;
}

/* Words with the same keys as others, and other guesses: did you mean? */
void clarify_guess(struct turn *turn)
{
	const char *guess = clarify_hint(turn, "guess"), *ref = clarify_hint(turn, "ref");
	struct question *q = question_new(turn->ctx, "choice");
	struct reading *r;
	char *words;

	if (strcmp(guess, "YES") == 0 || strcmp(guess, "NO") == 0) {
		turn_say(turn, "nothing_to_confirm", NULL);
		return;
	}
	if (strncmp(guess, "LINE_", 5) == 0 && *ref) {
		q->yes = talloc_asprintf(q, "%s\tref=%s", guess, ref);
		words = template_fill(turn->ctx, turn->gw->catalogue, "piece.refuse",
				      VALUES({ "ref", ref }));
	} else {
		r = reading_scan(turn->ctx, talloc_asprintf(turn->ctx, "%s\titems=%s",
							    clarify_intent(turn), guess));
		words = r ? in_words(turn, r) : NULL;
		q->yes = words ? talloc_strdup(q, reading_print(q, r)) : NULL;
	}
	if (words) {
		turn_say(turn, "ask_did_you_mean", VALUES({ "guess", words }));
		turn_ask(turn, q);
	} else if (*clarify_hint(turn, "product")) {
		clarify_quantity(turn);
	} else {
		turn_say(turn, "clarify", NULL);
	}
}

/* "+ 1kg carottes - 1 salade": both, and the recap asks. */
void clarify_both(struct turn *turn)
{
	const char *add = reading_arg(turn->reading, "add");
	const char *remove = reading_arg(turn->reading, "remove");

	if (add && remove && clarify_buys(turn))
		order_mix(turn, add, remove);
	else
		turn_say(turn, "clarify.multi_change", NULL);
}

/* "oui sauf les radis": not a yes, but a change that the next recap asks about. */
void clarify_except(struct turn *turn)
{
	const char *remove = reading_arg(turn->reading, "remove");
	const char *rest;

	if (remove && clarify_buys(turn))
		order_mix(turn, NULL,
			  talloc_asprintf(turn->ctx, "all:%s",
					  clarify_first(turn->ctx, remove, &rest)));
	else
		turn_say(turn, "clarify.partial_yes", NULL);
}

/* "doublez tout" */
void clarify_double(struct turn *turn)
{
	if (strcmp(clarify_hint(turn, "op"), "double") == 0 && clarify_buys(turn))
		order_double(turn);
	else
		turn_say(turn, "clarify.bulk_change", NULL);
}

/* "annule sauf le lait" */
void clarify_keep(struct turn *turn)
{
	if (*clarify_hint(turn, "keep") && clarify_buys(turn))
		order_keep(turn, clarify_hint(turn, "keep"));
	else
		turn_say(turn, "clarify.cancel_except", NULL);
}

void clarify_items(struct turn *turn)
{
	bool changes = turn->owner_id && order_open(turn);

	if (!turn->error)
		turn_say(turn, changes ? "ask_items.change" : "ask_items", NULL);
}

/* The item of a quantity that nobody means, usually: the largest. */
static const struct reading_item *largest(const struct reading *r)
{
	const struct reading_item *out = &r->items[0];

	for (size_t i = 1; i < r->n_items; i++)
		if (r->items[i].milli > out->milli)
			out = &r->items[i];
	return out;
}

void clarify_large(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	struct reading *r = said_items(turn);
	const struct reading_item *item;
	const struct offer *f;
	struct basket b;
	int64_t milli;

	if (!r || r->n_items == 0) {
		clarify_quantity(turn);
		return;
	}
	if (!open_market(turn, &b))
		return;
	item = largest(r);
	f = offered(&b, item->product);
	q->yes = talloc_asprintf(q, "%s sure=1", reading_print(q, r));
	if (!f || basket_quantity(&milli, item, &f->product) != BASKET_FITS)
		turn_say(turn, "ask_did_you_mean", VALUES({ "guess", in_words(turn, r) }));
	else
		turn_say(turn, "ask_large",
			 VALUES({ "amount", format_amount(turn->ctx, turn->gw->catalogue, milli,
							  f->product.unit) },
				{ "product", f->product.many },
				{ "price",
				  format_money(turn->ctx, (f->price * milli + 500) / 1000) }));
	turn_ask(turn, q);
}
