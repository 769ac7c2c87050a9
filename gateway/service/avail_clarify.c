/* Producers' texts that lack something, and what they have on sale, read back to them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/service/avail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/choice.h"
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/market.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* Octets of a page of what a producer has in a sale. */
#define PAGE_MAX 330

static char *status_piece(struct turn *turn, const char *name, const struct offer *f)
{
	const struct catalogue *cat = turn->gw->catalogue;

	return template_fill(
		turn->ctx, cat, name,
		VALUES({ "product", f->product.many },
		       { "amount", format_amount(turn->ctx, cat, f->offered, f->product.unit) },
		       { "left", format_amount(turn->ctx, cat, f->left, f->product.unit) },
		       { "asked",
			 format_amount(turn->ctx, cat, stall_committed(f), f->product.unit) },
		       { "price", format_money(turn->ctx, f->price) },
		       { "unit", format_unit(turn->ctx, cat, f->product.unit, 1000) }));
}

/* A product and no quantity, or one in a unit that it is not sold in. */
static bool clarify_amount(struct turn *turn, const char *op)
{
	const char *keep = clarify_hint(turn, "keep"), *rest;
	char *intent = strcmp(op, "avail_add") == 0 ? "AVAIL_ADD" : "AVAIL";
	char *name = clarify_first(turn->ctx, clarify_hint(turn, "product"), &rest);
	struct reading *said =
		*keep ? reading_scan(turn->ctx,
				     talloc_asprintf(turn->ctx, "%s\titems=%s", intent, keep))
		      : NULL;
	struct product p;
	int rc = produce_product(&p, turn->ctx, turn->gw->store, name);

	if (rc == -ENOENT)
		return false;
	if (!turn_failed(turn, rc))
		avail_ask_amount(turn, intent, said, NULL, &p);
	return true;
}

/* A quantity that nobody means, usually. */
static bool clarify_large(struct turn *turn, const char *op)
{
	const char *keep = clarify_hint(turn, "keep");
	char *intent = strcmp(op, "avail_add") == 0 ? "AVAIL_ADD" : "AVAIL";
	struct reading *r =
		*keep ? reading_scan(turn->ctx,
				     talloc_asprintf(turn->ctx, "%s\titems=%s", intent, keep))
		      : NULL;
	char *lines = NULL;
	struct question *q;

	for (size_t i = 0; r && i < r->n_items; i++) {
		struct product p;
		char *line;

		if (produce_product(&p, turn->ctx, turn->gw->store, r->items[i].product))
			return false;
		line = market_quantity(turn, r->items[i].milli, &p);
		lines = lines ? talloc_asprintf(turn->ctx, "%s, %s", lines, line) : line;
	}
	if (!lines)
		return false;
	q = question_new(turn->ctx, "choice");
	q->yes = reading_print(q, r);
	turn_say(turn, "ask_avail_sure", VALUES({ "lines", lines }));
	turn_ask(turn, q);
	return true;
}

/* "20 fromages": which? With its quantity. */
static bool clarify_which(struct turn *turn, const char *op)
{
	const char *n = clarify_hint(turn, "n"), *rest = clarify_hint(turn, "cand");
	bool said = strspn(n, "0123456789.") < strlen(n); /* its unit */
	struct choice c = choice_new(turn);

	(void)op;
	while (rest && *rest) {
		char *name = clarify_first(turn->ctx, rest, &rest);
		struct product p;

		if (produce_product(&p, turn->ctx, turn->gw->store, name))
			continue;
		if (*n && (said || p.piece))
			choice_add(&c,
				   talloc_asprintf(turn->ctx, "AVAIL\titems=%s%s:%s", n,
						   said ? "" : p.unit, name),
				   p.many);
		else
			choice_add(&c,
				   talloc_asprintf(
					   turn->ctx,
					   "CLARIFY\treason=qty_missing op=avail product=%s", name),
				   p.many);
	}
	if (c.q->n)
		choice_ask(&c, "ask_which_avail");
	return c.q->n > 0;
}

static bool clarify_unknown(struct turn *turn, const char *op)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	const char *rest;

	(void)op;
	if (!*clarify_hint(turn, "product"))
		return false;
	facts_set(
		f, "product",
		market_label(turn, clarify_first(turn->ctx, clarify_hint(turn, "product"), &rest)));
	turn_list(turn, "offers a product that is not in the catalogue");
	turn_say_facts(turn, "product_not_known", f);
	return true;
}

static const struct {
	const char *reason;
	bool (*ask)(struct turn *turn, const char *op);
} asks[] = {
	{ "product_ambiguous", clarify_which }, { "product_variety", clarify_which },
	{ "product_unknown", clarify_unknown }, { "product_not_offered", clarify_unknown },
	{ "qty_unusual", clarify_large },       { "qty_missing", clarify_amount },
	{ "qty_vague", clarify_amount },        { "qty_zero", clarify_amount },
	{ "qty_range", clarify_amount },        { "quantity", clarify_amount },
	{ "unit_missing", clarify_amount },     { "unit_mismatch", clarify_amount },
	{ "unit_unknown", clarify_amount },     { "pack_size_missing", clarify_amount },
	{ "budget_order", clarify_amount },
};

void avail_clarify(struct turn *turn)
{
	const char *reason = clarify_hint(turn, "reason"), *op = clarify_hint(turn, "op");

	if (avail_no_sale(turn))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++)
		if (strcmp(asks[i].reason, reason) == 0 && asks[i].ask(turn, op))
			return;
	if (!turn->error)
		turn_say(turn, "clarify.avail", NULL);
}

/* A product without a verb. */

static char *guess_words(struct turn *turn, const struct reading *r)
{
	char *out = NULL;

	for (size_t i = 0; i < r->n_items; i++) {
		const struct reading_item *item = &r->items[i];
		struct product p;
		char *line;

		if (produce_product(&p, turn->ctx, turn->gw->store, item->product))
			return NULL;
		line = market_quantity(turn, item->milli, &p);
		out = out ? talloc_asprintf(turn->ctx, "%s, %s", out, line) : line;
	}
	return out;
}

void avail_ask_role(struct turn *turn)
{
	const char *keep = clarify_hint(turn, "keep");
	bool buys = clarify_buys(turn);
	struct question *q = question_new(turn->ctx, "choice");
	struct reading *r =
		*keep ? reading_scan(turn->ctx, talloc_asprintf(turn->ctx, "AVAIL\titems=%s", keep))
		      : NULL;
	char *words = r ? guess_words(turn, r) : NULL;

	if (!buys && avail_no_sale(turn))
		return;
	if (!words) {
		turn_say(turn, "clarify.avail", NULL);
		return;
	}
	if (buys) {
		question_option(q, talloc_asprintf(q, "AVAIL\titems=%s", keep));
		question_option(q, talloc_asprintf(q, "ORDER\titems=%s", keep));
	} else {
		q->yes = talloc_asprintf(q, "AVAIL\titems=%s", keep);
	}
	turn_say(turn, buys ? "ask_sell_or_buy" : "ask_sell", VALUES({ "lines", words }));
	turn_ask(turn, q);
}

/* As last time. */

static bool is_answered(const struct stall *s, const char *product)
{
	const struct offer *f = stall_find(s, product);

	return f && strcmp(f->state, "asked") != 0;
}

void avail_same(struct turn *turn)
{
	struct reading same = { .intent = "AVAIL" };
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct stall now = {}, last = {};
	char *lines = NULL;
	struct question *q;
	int rc;

	if (!avail_sale(&now, turn))
		return;
	rc = stall_last(&last, turn->ctx, turn->gw->store, &now);
	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	for (size_t i = 0; i < last.n && same.n_items < READING_ITEMS_MAX; i++) {
		const struct offer *o = &last.offer[i];
		struct reading_item *item = &same.items[same.n_items];
		char *line;

		if (o->offered <= 0 || o->price <= 0 || is_answered(&now, o->product.name))
			continue;
		*item = (struct reading_item){ .milli = o->offered, .price_cents = o->price };
		OSMO_STRLCPY_ARRAY(item->unit, o->product.unit);
		OSMO_STRLCPY_ARRAY(item->product, o->product.name);
		same.n_items++;
		line = status_piece(turn, "ack.declare.item", o);
		lines = lines ? talloc_asprintf(turn->ctx, "%s\n%s", lines, line) : line;
	}
	if (!lines) {
		turn_say_phone(turn, "clarify.same_as_last_confirm");
		return;
	}
	q = question_new(turn->ctx, "choice");
	q->yes = talloc_asprintf(q, "%s cycle=%" PRId64, reading_print(q, &same), now.cycle.id);
	facts_cycle(f, &now.cycle);
	facts_set(f, "lines", lines);
	turn_say_facts(turn, "ask_same", f);
	turn_ask(turn, q);
}

bool avail_say_asked(struct turn *turn)
{
	struct cycle c[STALL_CYCLES_MAX];
	int n = stall_cycles(c, ARRAY_SIZE(c), turn->ctx, turn->gw->store, turn->at);

	if (turn_failed(turn, n))
		return false;
	for (int i = 0; i < n; i++) {
		struct facts *f = facts_new(turn->ctx, turn->gw);
		struct stall s = {};

		if (turn_failed(turn,
				stall_load(&s, turn->ctx, turn->gw->store, turn->person_id, &c[i])))
			return false;
		for (size_t k = 0; k < s.n; k++) {
			if (strcmp(s.offer[k].state, "asked") != 0)
				continue;
			facts_cycle(f, &c[i]);
			turn_say_facts(turn, "producer_asked", f);
			return true;
		}
	}
	return false;
}

/* STATUS. */

static char *status_line(struct turn *turn, const struct offer *f)
{
	char *name = talloc_asprintf(turn->ctx, "piece.stall_%s", f->state);

	if (stall_committed(f) > 0 && strcmp(f->state, "withdrawn") != 0)
		name = talloc_asprintf_append(name, "_ordered");
	return status_piece(turn, name, f);
}

/* What is ordered first, then the rest. */
static const struct offer **sort(struct turn *turn, const struct stall *s)
{
	const struct offer **out = talloc_array(turn->ctx, const struct offer *, s->n + 1);
	size_t n = 0;

	OSMO_ASSERT(out);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->n; i++)
			if ((stall_committed(&s->offer[i]) > 0) == (pass == 0))
				out[n++] = &s->offer[i];
	return out;
}

/* A page of it. */
static void say_stall(struct turn *turn, const struct stall *s)
{
	const char *arg = reading_arg(turn->reading, "from");
	size_t from = arg ? (size_t)strtoul(arg, NULL, 10) : 0, i = from;
	char *lines = talloc_strdup(turn->ctx, "");
	const struct offer **offer = sort(turn, s);
	struct facts *f = facts_new(turn->ctx, turn->gw);
	struct question *q;

	for (; i < s->n && strlen(lines) < PAGE_MAX; i++) {
		char *line = status_line(turn, offer[i]);

		if (line)
			lines = talloc_asprintf_append(lines, "%s%s", *lines ? "\n" : "", line);
	}
	facts_cycle(f, &s->cycle);
	facts_set(f, "lines", lines);
	turn_say_facts(turn, "producer_stall", f);
	if (i == s->n)
		return;
	q = question_new(turn->ctx, "pages");
	q->then = talloc_asprintf(q, "STATUS\tfrom=%zu", i);
	turn_say(turn, "more_pages", NULL);
	turn_ask(turn, q);
}

bool avail_status(struct turn *turn)
{
	struct cycle c[STALL_CYCLES_MAX];
	int n = stall_cycles(c, ARRAY_SIZE(c), turn->ctx, turn->gw->store, turn->at);
	bool told = false;

	if (turn_failed(turn, n))
		return false;
	for (int i = 0; i < n && !turn->error && !turn->asks; i++) {
		struct stall s = {};

		if (turn_failed(turn,
				stall_load(&s, turn->ctx, turn->gw->store, turn->person_id, &c[i])))
			return false;
		if (s.n == 0)
			continue;
		say_stall(turn, &s);
		told = true;
	}
	return told;
}
