/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/dialogue/clarify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/repeat.h"
#include "gateway/service/basket.h"
#include "gateway/service/market.h"
#include "gateway/service/order.h"
#include "gateway/service/service.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"

/* A hint of the reading; never NULL. */
static const char *hint(const struct turn *turn, const char *key)
{
	const char *value = reading_arg(turn->reading, key);

	return value ? value : "";
}

/* The command that a missing quantity belongs to. */
static const char *intent_of(const struct turn *turn)
{
	const char *op = hint(turn, "op");

	if (strcmp(op, "add") == 0)
		return "ADD";
	if (strcmp(op, "set") == 0)
		return "SET";
	return strcmp(op, "remove") == 0 ? "REMOVE" : "ORDER";
}

/* Items that were clear, each with a semicolon before it. */
static const char *kept(struct turn *turn)
{
	const char *keep = hint(turn, "keep");

	return *keep ? talloc_asprintf(turn->ctx, ";%s", keep) : "";
}

/* The first word of a list with commas; the rest in *rest, NULL if there is none. */
static char *first(void *ctx, const char *list, const char **rest)
{
	const char *comma = strchr(list, ',');

	*rest = comma ? comma + 1 : NULL;
	return talloc_strndup(ctx, list, comma ? (size_t)(comma - list) : strlen(list));
}

static bool is_role(const struct turn *turn, const char *role)
{
	return strcmp(turn->role, role) == 0;
}

static bool buys(const struct turn *turn)
{
	return (turn->roles & (TURN_RES | TURN_AID)) != 0;
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
	char *name = first(q, products, &rest);
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
	if (rest)
		q->free = talloc_asprintf(
			q, "CLARIFY\treason=qty_missing product=%s keep={n}:%s%s%s%s", rest, name,
			kept(turn), *hint(turn, "op") ? " op=" : "", hint(turn, "op"));
	else
		q->free = talloc_asprintf(q, "%s\titems={n}:%s%s", intent_of(turn), name,
					  kept(turn));
	q->unit = talloc_strdup(q, f->product.unit);
	turn_say(turn, template,
		 VALUES({ "product", market_price(turn, f) },
			{ "unit",
			  format_unit(turn->ctx, turn->gw->catalogue, f->product.unit, 2000) },
			{ "example", market_amount(turn, &f->product) }));
	turn_ask(turn, q);
}

static void ask_quantity(struct turn *turn)
{
	const char *product = hint(turn, "product");

	if (*product)
		ask_amount(turn, "ask_quantity", product);
	else
		turn_say(turn, "ask_product", NULL);
}

static void ask_unit(struct turn *turn)
{
	const char *product = hint(turn, "product");

	if (*product)
		ask_amount(turn, "ask_unit", product);
	else
		turn_say(turn, "ask_product", NULL);
}

/* One numbered question; each option a reading and what it is called. */
struct choice {
	struct turn *turn;
	struct question *q;
	char *options;
};

static struct choice choice_new(struct turn *turn)
{
	return (struct choice){
		.turn = turn,
		.q = question_new(turn->ctx, "choice"),
		.options = talloc_strdup(turn->ctx, ""),
	};
}

static void choice_add(struct choice *c, const char *reading, const char *text)
{
	int no = question_option(c->q, reading);

	if (no)
		c->options = talloc_asprintf_append(c->options, "%s%d. %s", no > 1 ? "\n" : "", no,
						    text);
}

static void choice_ask(struct choice *c, const char *template)
{
	turn_say(c->turn, template, VALUES({ "options", c->options }));
	turn_ask(c->turn, c->q);
}

/* "1 fromage": which? With a quantity that fits, the order; else how much is asked next. */
static void ask_candidates(struct turn *turn)
{
	const char *n = hint(turn, "n"), *rest = hint(turn, "cand");
	struct choice c = choice_new(turn);
	struct basket b;

	if (!*rest) {
		turn_say(turn, "ask_product", NULL);
		return;
	}
	if (!open_market(turn, &b))
		return;
	while (rest) {
		char *name = first(turn->ctx, rest, &rest);
		const struct offer *f = offered(&b, name);
		struct reading *r = NULL;
		int64_t milli;

		if (!f || f->left <= 0)
			continue;
		if (*n)
			r = reading_scan(
				turn->ctx,
				talloc_asprintf(turn->ctx, "%s\titems=%s%s:%s%s", intent_of(turn),
						n,
						strspn(n, "0123456789.") == strlen(n) ? "pc" : "",
						name, kept(turn)));
		if (r && basket_quantity(&milli, &r->items[0], &f->product) == BASKET_FITS)
			choice_add(&c, reading_print(turn->ctx, r), market_price(turn, f));
		else
			choice_add(&c,
				   talloc_asprintf(
					   turn->ctx,
					   "CLARIFY\treason=qty_missing product=%s%s%s%s%s", name,
					   *hint(turn, "op") ? " op=" : "", hint(turn, "op"),
					   *hint(turn, "keep") ? " keep=" : "", hint(turn, "keep")),
				   market_price(turn, f));
	}
	if (c.q->n == 0)
		turn_say(turn, "list_empty", NULL);
	else
		choice_ask(&c, "ask_which_product");
}

static void say_not_offered(struct turn *turn)
{
	const char *rest = hint(turn, "product"), *near = reading_arg(turn->reading, "cand");
	struct basket b;

	if (!*rest) {
		turn_say(turn, "list_empty", NULL);
		return;
	}
	if (!open_market(turn, &b))
		return;
	for (int n = 0; rest && n < 3; n++)
		market_say_not_offered(turn, &b.offers, first(turn->ctx, rest, &rest), near);
}

/* The item that a range is of: named by the reader, or the one whose quantity is the range's end. The others
 * are kept, each with a semicolon before it. */
static bool range_item(struct turn *turn, const char *to, struct reading_item *out, char **rest)
{
	const char *product = hint(turn, "product");
	struct reading *all = reading_scan(
		turn->ctx, talloc_asprintf(turn->ctx, "ORDER\titems=%s", hint(turn, "keep")));
	struct reading others = { .intent = "" };
	struct reading *end =
		reading_scan(turn->ctx, talloc_asprintf(turn->ctx, "ORDER\titems=%s%s:x", to,
							to[strspn(to, "0123456789.")] ? "" : "pc"));
	bool found = false;

	if (!end || end->n_items != 1)
		return false;
	for (size_t i = 0; all && i < all->n_items; i++) {
		const struct reading_item *item = &all->items[i];

		if (!found
		    && (*product ? strcmp(item->product, product) == 0
				 : item->milli == end->items[0].milli)) {
			*out = *item;
			found = true;
		} else {
			others.items[others.n_items++] = *item;
		}
	}
	if (!found && *product && !strchr(product, ',')) {
		*out = end->items[0];
		OSMO_STRLCPY_ARRAY(out->product, product);
		found = true;
	}
	*rest = reading_print_items(turn->ctx, &others);
	if (**rest)
		*rest = talloc_asprintf(turn->ctx, ";%s", *rest);
	return found;
}

/* "2 3kg patate": 2 or 3? */
static void ask_range(struct turn *turn)
{
	const char *n = hint(turn, "n"), *dots = strstr(n, "..");
	struct choice c = choice_new(turn);
	const struct offer *f;
	struct reading_item item;
	struct basket b;
	char *rest;

	if (!dots || !range_item(turn, dots + 2, &item, &rest)) {
		ask_quantity(turn);
		return;
	}
	if (!open_market(turn, &b))
		return;
	f = offered(&b, item.product);
	if (!f) {
		market_say_not_offered(turn, &b.offers, item.product, NULL);
		return;
	}
	if (!dots[2 + strspn(dots + 2, "0123456789.")] && strcmp(item.unit, "pc") == 0)
		OSMO_STRLCPY_ARRAY(item.unit, f->product.unit);
	for (int i = 0; i < 2; i++) {
		struct reading one = { .intent = intent_of(turn), .n_items = 1 };

		if (i == 0)
			item.milli = (int64_t)(strtod(n, NULL) * 1000 + 0.5);
		else
			item.milli = (int64_t)(strtod(dots + 2, NULL) * 1000 + 0.5);
		one.items[0] = item;
		choice_add(&c,
			   talloc_asprintf(turn->ctx, "%s%s", reading_print(turn->ctx, &one), rest),
			   format_item(turn->ctx, turn->gw->catalogue, item.milli, item.unit,
				       f->product.one, f->product.many));
	}
	choice_ask(&c, "ask_which_amount");
}

/* What was said of products and quantities, as the command that it would be. */
static struct reading *said_items(struct turn *turn)
{
	const struct reading *r = turn->reading;

	return reading_scan(turn->ctx,
			    talloc_asprintf(turn->ctx, "%s\titems=%s", intent_of(turn),
					    r->n_items ? reading_print_items(turn->ctx, r)
						       : hint(turn, "keep")));
}

/* "2 kg de carottes 2 kg de carottes": once, or both? */
static void ask_duplicate(struct turn *turn)
{
	const struct reading *r = said_items(turn);
	const struct catalogue *cat = turn->gw->catalogue;
	struct reading twice = { .intent = intent_of(turn) }, once = twice;
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
static void ask_plus(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	const char *rest, *product = first(q, hint(turn, "product"), &rest);

	if (!*product || is_role(turn, "PRO")) {
		turn_say(turn, "clarify", NULL);
		return;
	}
	question_option(
		q, talloc_asprintf(q, "CLARIFY\treason=qty_missing product=%s op=add", product));
	question_option(q, talloc_asprintf(q, "REMOVE\titems=all:%s", product));
	turn_say(turn, "ask_plus", VALUES({ "product", market_label(turn, product) }));
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
static void ask_guess(struct turn *turn)
{
	const char *guess = hint(turn, "guess"), *ref = hint(turn, "ref");
	struct question *q = question_new(turn->ctx, "choice");
	struct reading *r;
	char *words;

	if (strcmp(guess, "YES") == 0 || strcmp(guess, "NO") == 0) {
		turn_say(turn, "nothing_to_confirm", NULL);
		return;
	}
	if (strncmp(guess, "LINE_", 5) == 0 && *ref) {
		q->yes = talloc_asprintf(q, "%s\tref=%s", guess, ref);
		words = talloc_asprintf(turn->ctx, "NON %s", ref);
	} else {
		r = reading_scan(turn->ctx, talloc_asprintf(turn->ctx, "%s\titems=%s",
							    intent_of(turn), guess));
		words = r ? in_words(turn, r) : NULL;
		q->yes = words ? talloc_strdup(q, reading_print(q, r)) : NULL;
	}
	if (!words) {
		turn_say(turn, "clarify", NULL);
		return;
	}
	turn_say(turn, "ask_did_you_mean", VALUES({ "guess", words }));
	turn_ask(turn, q);
}

/* "+ 1kg carottes - 1 salade": both, and the recap asks. */
static void do_both(struct turn *turn)
{
	const char *add = reading_arg(turn->reading, "add");
	const char *remove = reading_arg(turn->reading, "remove");

	if (add && remove && buys(turn))
		order_mix(turn, add, remove);
	else
		turn_say(turn, "clarify.multi_change", NULL);
}

/* "oui sauf les radis": not a yes, but a change that the next recap asks about. */
static void do_except(struct turn *turn)
{
	const char *remove = reading_arg(turn->reading, "remove");
	const char *rest;

	if (remove && buys(turn))
		order_mix(turn, NULL,
			  talloc_asprintf(turn->ctx, "all:%s", first(turn->ctx, remove, &rest)));
	else
		turn_say(turn, "clarify.partial_yes", NULL);
}

/* "doublez tout" */
static void do_double(struct turn *turn)
{
	if (strcmp(hint(turn, "op"), "double") == 0 && buys(turn))
		order_double(turn);
	else
		turn_say(turn, "clarify.bulk_change", NULL);
}

/* "annule sauf le lait" */
static void do_keep(struct turn *turn)
{
	if (*hint(turn, "keep") && buys(turn))
		order_keep(turn, hint(turn, "keep"));
	else
		turn_say(turn, "clarify.cancel_except", NULL);
}

static void ask_items(struct turn *turn)
{
	turn_say(turn, "ask_items", NULL);
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

static void ask_large(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	struct reading *r = said_items(turn);
	const struct reading_item *item;
	const struct offer *f;
	struct basket b;
	int64_t milli;

	if (!r || r->n_items == 0) {
		ask_quantity(turn);
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

/* A digit that answers nothing that is asked: of a list it was handled as an answer. */
static void say_no_question(struct turn *turn)
{
	if (!repeat_reply(turn) && !turn->error)
		turn_say(turn, "question_expired", NULL);
}

static void ask_cancel_all(struct turn *turn)
{
	if (buys(turn))
		order_cancel_all(turn);
	else
		turn_say(turn, "nothing_to_cancel", NULL);
}

static void ask_stop_or_cancel(struct turn *turn)
{
	struct order *o = order_open(turn);
	struct choice c = choice_new(turn);

	if (turn->error)
		return;
	if (o)
		choice_add(&c, talloc_asprintf(turn->ctx, "CANCEL\ttarget=order ref=%s", o->ref),
			   "");
	else
		choice_add(&c, "CANCEL\ttarget=order", "");
	choice_add(&c, "STOP\tscope=all", "");
	choice_add(&c, "NOTHING", "");
	turn_say(turn, "ask_stop_or_cancel", VALUES({ "ref", o ? o->ref : "" }));
	turn_ask(turn, c.q);
}

static void ask_stop_or_less(struct turn *turn)
{
	struct choice c = choice_new(turn);

	choice_add(&c, "STOP\tscope=promo", "");
	choice_add(&c, "STOP\tscope=all", "");
	choice_add(&c, "NOTHING", "");
	turn_say(turn, "ask_stop_or_less", NULL);
	turn_ask(turn, c.q);
}

/* Intents that a text might have meant: those of cand that have a name in the catalogue. */
static void ask_intents(struct turn *turn)
{
	static const struct {
		const char *cand;
		const char *reading;
	} known[] = {
		{ "LIST", "LIST" },
		{ "LIST_next", "LIST\tpage=next" },
		{ "STATUS", "STATUS" },
		{ "HELP", "HELP" },
		{ "CANCEL", "CANCEL\ttarget=last" },
		{ "CALLBACK", "CALLBACK" },
		{ "STOP", "STOP\tscope=all" },
		{ "NO", "NOTHING" },
		{ "ADD", "CLARIFY\treason=items_missing" },
	};
	static const struct template_value none[] = { {} };
	const char *rest = hint(turn, "cand");
	struct choice c = choice_new(turn);

	while (rest && *rest) {
		char *cand = first(turn->ctx, rest, &rest);

		for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
			char *name = talloc_asprintf(turn->ctx, "choice.%s", cand);

			if (strcmp(known[i].cand, cand) == 0
			    && catalogue_find(turn->gw->catalogue, name))
				choice_add(
					&c, known[i].reading,
					template_fill(turn->ctx, turn->gw->catalogue, name, none));
		}
	}
	if (c.q->n == 0) {
		turn_say(turn, "clarify", NULL);
		return;
	}
	if (c.q->n == 1)
		choice_add(&c, "NOTHING",
			   template_fill(turn->ctx, turn->gw->catalogue, "choice.NO", none));
	choice_ask(&c, "ask_intent");
}

/* Products and references of a list with commas, in words. */
static char *list_words(struct turn *turn, const char *list)
{
	static const struct template_value none[] = { {} };
	char *out = talloc_strdup(turn->ctx, "");
	const char *rest = list;

	if (strcmp(list, "others") == 0)
		return template_fill(turn->ctx, turn->gw->catalogue, "piece.rest", none);
	while (rest) {
		char *one = first(turn->ctx, rest, &rest);
		bool ref = *one == 'C' && one[1] >= '0' && one[1] <= '9';

		out = talloc_asprintf_append(out, "%s%s", *out ? ", " : "",
					     ref ? one : market_label(turn, one));
	}
	return out;
}

/* "carottes ok radis non": what a producer said in one breath, read back before it is done. */
static void ask_mixed(struct turn *turn)
{
	const char *yes = hint(turn, "confirm"), *no = hint(turn, "refuse");
	struct question *q = question_new(turn->ctx, "choice");

	if (!*yes || !*no || !is_role(turn, "PRO")) {
		turn_say(turn, "clarify.mixed_decision", NULL);
		return;
	}
	q->yes = talloc_asprintf(q, "DECIDE\tconfirm=%s refuse=%s", yes, no);
	turn_say(
		turn, "ask_mixed",
		VALUES({ "accepted", list_words(turn, yes) }, { "refused", list_words(turn, no) }));
	turn_ask(turn, q);
}

static void ask_refuse_scope(struct turn *turn)
{
	if (!is_role(turn, "PRO"))
		turn_say(turn, "clarify", NULL);
	else
		supply_refuse(turn);
}

static void ask_refuse_all(struct turn *turn)
{
	struct question *q = question_new(turn->ctx, "choice");
	struct supply s;
	size_t orders;
	char *refs;

	if (!is_role(turn, "PRO") || !supply_pending(&s, turn))
		return;
	refs = supply_refs(turn, s.line, s.n, &orders);
	q->yes = "LINE_REFUSE\tscope=all sure=1";
	turn_say(turn, "ask_refuse_all",
		 VALUES({ "n", talloc_asprintf(turn->ctx, "%zu", orders) }, { "orders", refs }));
	turn_ask(turn, q);
}

/* "merci", "c noté" of a producer: no decision. */
static void ask_decision(struct turn *turn)
{
	struct supply s;

	if (is_role(turn, "PRO") && supply_pending(&s, turn))
		turn_say(turn, "ask_decision", NULL);
}

static void ask_role(struct turn *turn)
{
	turn_list(turn, "buys or sells?");
	turn_say_phone(turn, "producer_by_phone");
}

static void say_forbidden(struct turn *turn)
{
	turn_say_phone(turn, "role_forbidden");
}

static void say_allergen(struct turn *turn)
{
	turn_list(turn, "asks about allergens");
	turn_say_phone(turn, "help.allergen");
}

static void say_delivery(struct turn *turn)
{
	turn_list(turn, "wants to deliver on another day");
	turn_say_phone(turn, "clarify.delivery_day_change");
}

static const struct {
	const char *reason;
	void (*ask)(struct turn *turn);
} reasons[] = {
	/* how much of what */
	{ "qty_missing", ask_quantity },
	{ "qty_vague", ask_quantity },
	{ "qty_zero", ask_quantity },
	{ "quantity", ask_quantity },
	{ "unit_missing", ask_unit },
	{ "unit_mismatch", ask_unit },
	{ "pack_size_missing", ask_unit },
	{ "qty_ambiguous", ask_quantity },
	{ "qty_range", ask_range },
	{ "qty_unusual", ask_large },
	{ "duplicate_line", ask_duplicate },
	{ "product_ambiguous", ask_candidates },
	{ "product_variety", ask_candidates },
	{ "product_not_offered", say_not_offered },
	{ "product_unknown", say_not_offered },
	{ "product_missing", ask_items },
	{ "items_missing", ask_items },
	{ "plus_ambiguous", ask_plus },
	{ "multi_change", do_both },
	{ "bulk_change", do_double },
	{ "cancel_except", do_keep },
	/* yes, no, digits */
	{ "t9_homograph", ask_guess },
	{ "abbrev", ask_guess },
	{ "partial_yes", do_except },
	{ "choice_conflict", say_no_question },
	{ "menu_digit_needs_ctx", say_no_question },
	/* which command */
	{ "cancel_all_confirm", ask_cancel_all },
	{ "stop_or_cancel", ask_stop_or_cancel },
	{ "stop_or_reduce", ask_stop_or_less },
	{ "stop_or_done", ask_intents },
	{ "target_missing", ask_intents },
	{ "context_needed", ask_intents },
	{ "complaint_or_status", ask_intents },
	{ "absence_range", ask_cancel_all },
	/* producers */
	{ "mixed_decision", ask_mixed },
	{ "refuse_scope_missing", ask_refuse_scope },
	{ "refuse_all_confirm", ask_refuse_all },
	{ "ack_not_decision", ask_decision },
	{ "future_decision", ask_decision },
	{ "delivery_day_change", say_delivery },
	{ "role_ambiguous", ask_role },
	/* who may */
	{ "role_forbidden", say_forbidden },
	{ "allergen_question", say_allergen },
};

void clarify_ask(struct turn *turn)
{
	const char *reason = hint(turn, "reason");
	char *name = talloc_asprintf(turn->ctx, "clarify.%s", reason);

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (strcmp(reasons[i].reason, reason) == 0) {
			reasons[i].ask(turn);
			return;
		}
	if (*hint(turn, "item") || *hint(turn, "motion")) {
		desk_not_served(turn);
		return;
	}
	turn_say_phone(turn, catalogue_find(turn->gw->catalogue, name) ? name : "clarify");
}
