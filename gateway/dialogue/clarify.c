/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/dialogue/clarify.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/clarify_items.h"
#include "gateway/dialogue/question.h"
#include "gateway/repeat.h"
#include "gateway/service/avail.h"
#include "gateway/service/market.h"
#include "gateway/service/order.h"
#include "gateway/service/pickup.h"
#include "gateway/service/service.h"
#include "gateway/service/supply.h"
#include "gateway/turn.h"

/* A digit that answers nothing that is asked: of a list it was handled as an answer. */
static void say_no_question(struct turn *turn)
{
	if (!repeat_reply(turn) && !turn->error)
		turn_say(turn, "question_expired", NULL);
}

static void ask_cancel_all(struct turn *turn)
{
	if (clarify_buys(turn))
		order_cancel_all(turn);
	else if (clarify_is_role(turn, "PRO"))
		supply_ask_refuse_all(turn);
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
	const char *rest = clarify_hint(turn, "cand");
	struct choice c = choice_new(turn);

	while (rest && *rest) {
		char *cand = clarify_first(turn->ctx, rest, &rest);

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
		char *one = clarify_first(turn->ctx, rest, &rest);
		bool ref = *one == 'C' && one[1] >= '0' && one[1] <= '9';

		out = talloc_asprintf_append(out, "%s%s", *out ? ", " : "",
					     ref ? one : market_label(turn, one));
	}
	return out;
}

/* "carottes ok radis non": what a producer said in one breath, read back before it is done. */
static void ask_mixed(struct turn *turn)
{
	const char *yes = clarify_hint(turn, "confirm"), *no = clarify_hint(turn, "refuse");
	struct question *q = question_new(turn->ctx, "choice");

	if (!*yes || !*no || !clarify_is_role(turn, "PRO")) {
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
	if (!clarify_is_role(turn, "PRO"))
		turn_say(turn, "clarify", NULL);
	else
		supply_refuse(turn);
}

/* "merci", "c noté" of a producer: no decision. */
static void ask_decision(struct turn *turn)
{
	struct supply s;

	if (clarify_is_role(turn, "PRO") && supply_pending(&s, turn))
		turn_say(turn, "ask_decision", NULL);
}

static void ask_cannot_come(struct turn *turn)
{
	if (clarify_buys(turn) && turn->owner_id)
		pickup_cannot_come(turn);
	else
		desk_not_served(turn);
}

/* A list with a dash before each line: to be ordered, if there is no order that it could be taken from. */
static void ask_add_or_remove(struct turn *turn)
{
	const char *keep = clarify_hint(turn, "keep");
	static const char *const intents[] = { "ADD", "REMOVE" };
	struct question *q = question_new(turn->ctx, "choice");
	struct order *o = order_open(turn);

	if (turn->error)
		return;
	if (!*keep) {
		turn_say(turn, "clarify.add_or_remove", NULL);
		return;
	}
	if (!o) {
		turn->reading = reading_scan(turn->ctx,
					     talloc_asprintf(turn->ctx, "ORDER\titems=%s", keep));
		if (turn->reading)
			order_items(turn);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(intents); i++)
		question_option(q, talloc_asprintf(q, "%s\titems=%s", intents[i], keep));
	turn_say(turn, "ask_add_or_remove", NULL);
	turn_ask(turn, q);
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

/* Reasons of what is ordered: for those who may order. */
static const struct {
	const char *reason;
	void (*ask)(struct turn *turn);
} buying[] = {
	{ "qty_missing", clarify_quantity },
	{ "qty_vague", clarify_quantity },
	{ "qty_zero", clarify_quantity },
	{ "quantity", clarify_quantity },
	{ "unit_missing", clarify_unit },
	{ "unit_mismatch", clarify_unit },
	{ "pack_size_missing", clarify_unit },
	{ "qty_ambiguous", clarify_quantity },
	{ "qty_range", clarify_range },
	{ "qty_unusual", clarify_large },
	{ "duplicate_line", clarify_duplicate },
	{ "product_ambiguous", clarify_candidates },
	{ "product_variety", clarify_candidates },
	{ "product_not_offered", clarify_not_offered },
	{ "product_unknown", clarify_not_offered },
	{ "product_missing", clarify_items },
	{ "items_missing", clarify_items },
	{ "plus_ambiguous", clarify_plus },
	{ "multi_change", clarify_both },
	{ "bulk_change", clarify_double },
	{ "cancel_except", clarify_keep },
};

/* The others. */
static const struct {
	const char *reason;
	void (*ask)(struct turn *turn);
} reasons[] = {
	/* yes, no, digits */
	{ "t9_homograph", clarify_guess },
	{ "abbrev", clarify_guess },
	{ "partial_yes", clarify_except },
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
	{ "cannot_come", ask_cannot_come },
	{ "add_or_remove", ask_add_or_remove },
	/* producers */
	{ "mixed_decision", ask_mixed },
	{ "refuse_scope_missing", ask_refuse_scope },
	{ "refuse_all_confirm", supply_ask_refuse_all },
	{ "ack_not_decision", ask_decision },
	{ "future_decision", ask_decision },
	{ "delivery_day_change", say_delivery },
	{ "role_ambiguous", avail_ask_role },
	{ "same_as_last_confirm", avail_same },
	/* who may */
	{ "role_forbidden", say_forbidden },
	{ "allergen_question", say_allergen },
};

/* Reasons of bookings, votes and proxies. */
static const char *const not_served[] = {
	"absence_only",
	"blank_proxy_policy",
	"bulk_cancel_confirm",
	"bulk_vote",
	"choice_invalid",
	"choice_missing",
	"contest_motion_missing",
	"date_missing",
	"date_past",
	"future_return",
	"grades_incomplete",
	"instructed_proxy",
	"item_ambiguous",
	"item_missing",
	"item_or_until_missing",
	"motion_and_choice_missing",
	"motion_missing",
	"motion_unknown",
	"never_checked_out",
	"not_on_roll",
	"over_limit",
	"own_choice_not_disclosed",
	"paper_minutes",
	"person_ambiguous",
	"person_missing",
	"proxy_by_phone",
	"proxy_scope_too_wide",
	"ref_missing",
	"results_hidden_until_close",
	"return_all_confirm",
	"revote_policy",
	"secret_ballot_refused",
	"time_missing",
	"two_proxies",
	"until_missing",
};

static bool is_not_served(const struct turn *turn, const char *reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(not_served); i++)
		if (strcmp(not_served[i], reason) == 0)
			return true;
	return *clarify_hint(turn, "item") || *clarify_hint(turn, "motion")
	       || *clarify_hint(turn, "kind");
}

/* Who does not buy and speaks of quantities: what a producer can give, or wants to sell. */
/* What is to take the place of something and is more than one thing or amount: no question keeps both. */
static bool swaps_several(const struct turn *turn)
{
	static const char *const several[] = { "qty_range", "qty_unusual", "duplicate_line",
					       "product_ambiguous", "product_variety" };
	const char *reason = clarify_hint(turn, "reason");

	for (size_t i = 0; clarify_swaps(turn) && i < ARRAY_SIZE(several); i++)
		if (strcmp(several[i], reason) == 0)
			return true;
	return false;
}

static void ask_seller(struct turn *turn)
{
	const char *op = clarify_hint(turn, "op"), *product = clarify_hint(turn, "product");
	const char *n = clarify_hint(turn, "n"), *rest;

	if (!clarify_is_role(turn, "PRO"))
		turn_say_phone(turn, "role_forbidden");
	else if (strncmp(op, "avail", 5) == 0 || strcmp(op, "price") == 0)
		avail_clarify(turn);
	else if (strncmp(op, "line_", 5) == 0 && *product)
		supply_ask_amount(turn, clarify_first(turn->ctx, product, &rest));
	else if (strcmp(clarify_hint(turn, "reason"), "product_missing") == 0 && *n)
		supply_ask_short(turn, n);
	else
		avail_ask_role(turn);
}

void clarify_ask(struct turn *turn)
{
	const char *reason = clarify_hint(turn, "reason");
	char *name = talloc_asprintf(turn->ctx, "clarify.%s", reason);

	for (size_t i = 0; i < ARRAY_SIZE(buying); i++)
		if (strcmp(buying[i].reason, reason) == 0) {
			if (swaps_several(turn))
				turn_say(turn, "clarify.multi_change", NULL);
			else if (clarify_buys(turn) && !clarify_is_role(turn, "PRO"))
				buying[i].ask(turn);
			else
				ask_seller(turn);
			return;
		}

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (strcmp(reasons[i].reason, reason) == 0) {
			reasons[i].ask(turn);
			return;
		}
	if (is_not_served(turn, reason)) {
		desk_not_served(turn);
		return;
	}
	if (!catalogue_find(turn->gw->catalogue, name))
		name = talloc_asprintf(turn->ctx, "clarify.%s", turn->role);
	turn_say_phone(turn, catalogue_find(turn->gw->catalogue, name) ? name : "clarify");
}
