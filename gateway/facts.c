/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/budget.h"
#include "gateway/format.h"
#include "gateway/gateway.h"
#include "gateway/service/produce.h"
#include "gateway/service/stall.h"
#include "gateway/store/store.h"

/* Refs named in one message; who wants more looks at the list. */
#define REFS_MAX   8
/* Octets of what a producer has to get ready, in the message at the cut-off; the rest is told on demand. */
#define TOTALS_MAX 200
/* Octets of names of products in one message. */
#define NAMES_MAX  120
/* Octets after which a list is broken off: it is to fit ten parts. */
#define LIST_MAX   1000

void facts_set(struct facts *f, const char *name, const char *value)
{
	size_t i = 0;

	while (i < f->n && strcmp(f->value[i].name, name) != 0)
		i++;
	OSMO_ASSERT(i < FACTS_MAX);
	f->value[i] = (struct template_value){ name, value };
	if (i == f->n)
		f->n++;
}

const char *facts_get(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->value[i].name, name) == 0)
			return f->value[i].value;
	return NULL;
}

/* First column of the first row as text on the facts, or NULL. */
static int one_text(char **out, struct facts *f, enum store_stmt stmt, const struct store_arg *args)
{
	struct store_rows *rows = store_query(f->gw->store, stmt, args);
	int rc;

	if (!rows)
		return store_errno(f->gw->store);
	rc = store_next(rows);
	if (rc == 1)
		*out = talloc_strdup(f, store_text(rows, 0));
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

struct facts *facts_new(void *ctx, struct gateway *gw)
{
	struct facts *f = talloc_zero(ctx, struct facts);
	char *number = "";

	OSMO_ASSERT(f);
	f->gw = gw;
	if (gw->phone) {
		facts_set(f, "phone", gw->phone);
		return f;
	}
	one_text(&number, f, STORE_STMT_FACTS_PHONE, NULL);
	facts_set(f, "phone", format_phone(f, number, gw->country_code));
	return f;
}

int facts_person(struct facts *f, int64_t person_id, const char *name, const char *number)
{
	char *value = "";
	int rc = one_text(&value, f, STORE_STMT_FACTS_NAME, STORE_ARGS(STORE_INT(person_id)));

	if (rc && rc != -ENOENT)
		return rc;
	facts_set(f, name, value);
	value = "";
	rc = one_text(&value, f, STORE_STMT_FACTS_NUMBER, STORE_ARGS(STORE_INT(person_id)));
	if (rc && rc != -ENOENT)
		return rc;
	facts_set(f, number, format_phone(f, value, f->gw->country_code));
	return 0;
}

void facts_cycle(struct facts *f, const struct cycle *c)
{
	const struct catalogue *cat = f->gw->catalogue;

	facts_set(f, "day", format_day(f, cat, c->pickup_from));
	facts_set(f, "pickup", format_window(f, cat, c->pickup_from, c->pickup_to));
	facts_set(f, "place", talloc_strdup(f, c->place));
	facts_set(f, "cutoff", format_moment(f, cat, c->closes_at));
	facts_set(f, "until", format_moment(f, cat, c->confirm_by));
	f->use_by = c->pickup_to;
	f->closes_at = c->closes_at;
}

/* What is said of a cycle is of use until the next thing happens to it. */
static int64_t cycle_use_by(const struct cycle *c)
{
	if (strcmp(c->state, "announced") == 0)
		return c->avail_by;
	return strcmp(c->state, "open") == 0 ? c->closes_at : c->pickup_to;
}

/* One line, in the words of its state. */
static char *line_text(void *ctx, const struct catalogue *cat, const struct order *o,
		       const struct line *l)
{
	bool waits = strcmp(l->state, "requested") == 0;
	const char *name = "piece.line";
	int64_t milli = l->given < 0 ? l->asked : l->given;
	const struct template_value values[] = {
		{ "amount", format_amount(ctx, cat, milli, l->product.unit) },
		{ "asked", format_amount(ctx, cat, l->asked, l->product.unit) },
		{ "product",
		  format_label(milli > 0 ? milli : l->asked, l->product.unit, l->product.one,
			       l->product.many) }, /* none: named as it was asked for */
		{ "price", format_money(ctx, l->amount) },
		{},
	};

	if (strcmp(l->state, "sub_proposed") == 0)
		name = "piece.line_proposed";
	else if (waits && strcmp(o->state, "draft") != 0 && strcmp(o->state, "placed") != 0)
		name = "piece.line_waiting";
	else if (strcmp(l->state, "partial") == 0)
		name = "piece.line_short";
	else if (strcmp(l->state, "refused") == 0 || strcmp(l->state, "missing") == 0)
		name = "piece.line_refused";
	else if (l->sub_offer_id && l->sub_offer_id == l->offer_id)
		name = "piece.line_sub";
	return template_fill(ctx, cat, name, values);
}

char *facts_lines(void *ctx, const struct catalogue *cat, const struct order *o)
{
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < o->n; i++)
		out = talloc_asprintf_append(out, "%s%s", i ? "\n" : "",
					     line_text(ctx, cat, o, &o->line[i]));
	OSMO_ASSERT(out);
	return out;
}

/* Whether the producers did not give all that was asked for. */
static bool order_differs(const struct order *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "partial") == 0
		    || strcmp(o->line[i].state, "refused") == 0
		    || (o->line[i].sub_offer_id && o->line[i].sub_offer_id == o->line[i].offer_id))
			return true;
	return false;
}

void facts_order(struct facts *f, const struct order *o)
{
	facts_cycle(f, &o->cycle);
	facts_set(f, "ref", talloc_strdup(f, o->ref));
	facts_set(f, "lines", facts_lines(f, f->gw->catalogue, o));
	facts_set(f, "total", format_money(f, o->total));
	facts_set(f, "paid", format_money(f, o->payment.paid));
	facts_set(f, "due", format_money(f, produce_due(o)));
	facts_set(f, "code", talloc_strdup(f, o->code));
	facts_set(f, "name", talloc_strdup(f, o->owner));
	if (strcmp(o->state, "confirmed") == 0 && order_differs(o))
		f->variant = "changed";
	else
		f->variant = talloc_strdup(f, o->state);
}

void facts_line(struct facts *f, const struct line *l)
{
	const struct catalogue *cat = f->gw->catalogue;
	int64_t milli = l->given < 0 ? l->asked : l->given;
	int64_t price = l->credit ? l->credit : l->amount;

	facts_set(f, "product",
		  talloc_strdup(f, format_label(l->asked, l->product.unit, l->product.one,
						l->product.many)));
	facts_set(f, "asked", format_amount(f, cat, l->asked, l->product.unit));
	if (l->sub_offer_id && strcmp(l->state, "partial") != 0) {
		milli = l->sub_milli;
		price = (l->sub_price * l->sub_milli + 500) / 1000;
		facts_set(f, "amount", format_amount(f, cat, milli, l->substitute.unit));
		facts_set(f, "substitute",
			  talloc_strdup(f, format_label(milli, l->substitute.unit,
							l->substitute.one, l->substitute.many)));
		if (l->sub_by) {
			facts_set(f, "until", format_moment(f, cat, l->sub_by));
			f->use_by = l->sub_by;
		}
	} else {
		facts_set(f, "amount", format_amount(f, cat, milli, l->product.unit));
	}
	facts_set(f, "price", format_money(f, price));
}

/* What all lines of one offer come to; 0 if an earlier line is of the same offer. */
static int64_t offer_sum(const struct line *line, size_t n, size_t i)
{
	int64_t sum = 0;

	for (size_t k = 0; k < n; k++) {
		if (line[k].offer_id != line[i].offer_id)
			continue;
		if (k < i)
			return 0;
		sum += line[k].asked;
	}
	return sum;
}

/* References of the orders that the lines belong to; the first one alone is {ref}. */
static int facts_refs(struct facts *f, const struct line *line, size_t n)
{
	char *orders = talloc_strdup(f, "");
	int64_t last = 0;
	size_t refs = 0;

	for (size_t i = 0; i < n && refs <= REFS_MAX; i++) {
		struct order *o;
		int rc;

		if (line[i].order_id == last)
			continue;
		last = line[i].order_id;
		rc = produce_order(&o, f, f->gw->store, last);
		if (rc)
			return rc;
		if (refs == 0)
			facts_set(f, "ref", o->ref);
		orders = talloc_asprintf_append(orders, "%s%s", refs ? ", " : "",
						refs == REFS_MAX ? "..." : o->ref);
		refs++;
	}
	facts_set(f, "orders", orders);
	return 0;
}

/* What lines of one product come to. */
struct sum {
	const char *label;
	char *text;
};

static int by_label(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->label, ((const struct sum *)b)->label);
}

/* One below the other, broken off where it gets too long. */
static char *join_sums(struct facts *f, const struct sum *sum, size_t n)
{
	static const struct template_value none[] = { {} };
	char *out = talloc_strdup(f, "");

	for (size_t i = 0; i < n; i++) {
		if (strlen(out) + strlen(sum[i].text) > TOTALS_MAX)
			return talloc_asprintf_append(
				out, "\n%s",
				template_fill(f, f->gw->catalogue, "piece.more", none));
		out = talloc_asprintf_append(out, "%s%s", i ? "\n" : "", sum[i].text);
	}
	return out;
}

/* What was taken off the sale though it was ordered still waits for the word that refuses it. */
static int mark_withdrawn(struct sum *sum, struct facts *f, const struct line *l)
{
	int64_t n = 0;
	int rc = store_get_int(f->gw->store, &n, STORE_STMT_FACTS_WITHDRAWN,
			       STORE_ARGS(STORE_INT(l->offer_id)));

	if (rc || n == 0 || strcmp(l->state, "requested") != 0)
		return rc;
	sum->text = template_fill(f, f->gw->catalogue, "piece.withdrawn",
				  (const struct template_value[]){
					  { "text", sum->text },
					  { "product", l->product.many },
					  {},
				  });
	return 0;
}

/* What a producer has to get ready, by product in the order of the alphabet; the orders that it is for. */
static int facts_totals(struct facts *f, int64_t producer_id, int64_t cycle_id)
{
	struct sum *sum;
	struct line *line;
	size_t n, sums = 0;
	int rc = produce_lines_of(&line, &n, f, f->gw->store, producer_id, cycle_id, false);

	if (rc)
		return rc;
	sum = talloc_array(f, struct sum, n + 1);
	OSMO_ASSERT(sum);
	for (size_t i = 0; i < n; i++) {
		const struct product *p = &line[i].product;
		int64_t milli = offer_sum(line, n, i);

		if (milli <= 0)
			continue;
		sum[sums] = (struct sum){
			p->many,
			format_item(f, f->gw->catalogue, milli, p->unit, p->one, p->many),
		};
		rc = mark_withdrawn(&sum[sums++], f, &line[i]);
		if (rc)
			return rc;
	}
	qsort(sum, sums, sizeof(sum[0]), by_label);
	facts_set(f, "lines", join_sums(f, sum, sums));
	f->variant = n == 0 ? "none" : NULL;
	return facts_refs(f, line, n);
}

/* Orders that nobody fetched, with whose they are, and those that were fetched and not paid. */
static int facts_unclaimed(struct facts *f, int64_t cycle_id)
{
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_FACTS_UNCLAIMED,
					      STORE_ARGS(STORE_INT(cycle_id)));
	char *lines = talloc_strdup(f, "");
	int rc;

	if (!rows)
		return store_errno(f->gw->store);
	while ((rc = store_next(rows)) == 1 && strlen(lines) < LIST_MAX) {
		bool fetched = strcmp(store_text(rows, 2), "collected") == 0;
		const struct template_value values[] = {
			{ "ref", talloc_strdup(f, store_text(rows, 0)) },
			{ "name", talloc_strdup(f, store_text(rows, 1)) },
			{ "due", format_money(f, store_int(rows, 3)) },
			{ "number", format_phone(f, store_text(rows, 4), f->gw->country_code) },
			{},
		};
		char *line = template_fill(f, f->gw->catalogue,
					   fetched ? "piece.unpaid" : "piece.unclaimed", values);

		lines = talloc_asprintf_append(lines, "%s%s", *lines ? "\n" : "", line ? line : "");
	}
	store_done(rows);
	if (rc == 1)
		lines = talloc_asprintf_append(lines, "\n...");
	if (rc > 0)
		rc = 0;
	facts_set(f, "lines", lines);
	f->variant = *lines ? NULL : "none";
	return rc;
}

/* What a producer is asked for before a sale: names, and how to answer, as it was sold last time. */
static int facts_asked(struct facts *f, int64_t producer_id, const struct cycle *c)
{
	const struct catalogue *cat = f->gw->catalogue;
	char *products = talloc_strdup(f, ""), *example = NULL;
	struct offers asked = {};
	int64_t price = 0;
	int rc = produce_offers_of(&asked, f, f->gw->store, producer_id, c->id);

	facts_set(f, "until", format_moment(f, cat, c->avail_by));
	for (size_t i = 0; i < asked.n && !rc; i++) {
		const struct product *p = &asked.offer[i].product;

		if (strcmp(asked.offer[i].state, "asked") != 0)
			continue;
		if (!example) {
			rc = stall_last_price(&price, f->gw->store, producer_id, p->name);
			example = talloc_asprintf(f, "%s %s %s", p->many,
						  format_amount(f, cat, 20000, p->unit),
						  format_money(f, price));
		}
		if (strlen(products) < NAMES_MAX)
			products = talloc_asprintf_append(products, "%s%s", *products ? ", " : "",
							  p->many);
		else if (!strstr(products, "..."))
			products = talloc_strdup_append(products, "...");
	}
	facts_set(f, "products", products);
	facts_set(f, "example", example ? example : "");
	f->variant = example ? "known" : "none";
	return rc;
}

static int load_cycle(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	struct cycle c;
	int rc = produce_cycle(&c, f, f->gw->store, id);

	if (rc)
		return rc;
	facts_cycle(f, &c);
	f->use_by = cycle_use_by(&c);
	if (strcmp(role, "PRO") == 0
	    && (strcmp(c.state, "announced") == 0 || strcmp(c.state, "open") == 0))
		return facts_asked(f, person_id, &c);
	if (strcmp(role, "PRO") == 0)
		return facts_totals(f, person_id, id);
	return strcmp(role, "COO") == 0 ? facts_unclaimed(f, id) : 0;
}

/* What of an order a producer has to do with. */
static char *producer_lines(struct facts *f, const struct order *o, int64_t producer_id)
{
	char *lines = talloc_strdup(f, "");

	for (size_t i = 0; i < o->n; i++) {
		const struct line *l = &o->line[i];

		if (l->producer_id == producer_id)
			lines = talloc_asprintf_append(
				lines, "%s%s", *lines ? "\n" : "",
				format_item(f, f->gw->catalogue, l->given < 0 ? l->asked : l->given,
					    l->product.unit, l->product.one, l->product.many));
	}
	return lines;
}

/* How the money of an order that is over stands. */
static const char *money(const struct order *o)
{
	bool owed = produce_due(o) > 0;

	if (strcmp(o->state, "unclaimed") == 0)
		return owed ? "due" : o->state;
	if (!owed)
		return o->payment.paid > 0 ? "collected_paid" : o->state;
	return strcmp(o->payment.state, "deferred") == 0 ? "collected_later" : "collected_due";
}

int facts_kept(struct facts *f, const struct order *o)
{
	int64_t at = 0;
	int rc = store_get_int(f->gw->store, &at, STORE_STMT_FACTS_KEPT_UNTIL,
			       STORE_ARGS(STORE_INT(o->id)));

	if (!rc)
		facts_set(f, "until", format_moment(f, f->gw->catalogue, at));
	return rc == -ENOENT ? 0 : rc;
}

static int load_order(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	struct order *o;
	int rc = produce_order(&o, f, f->gw->store, id);

	if (rc)
		return rc;
	facts_order(f, o);
	if (strcmp(role, "PRO") == 0)
		facts_set(f, "lines", producer_lines(f, o, person_id));
	if (strcmp(role, "COO") == 0)
		return facts_person(f, o->owner_id, "name", "number");
	if (strcmp(o->state, "collected") == 0 || strcmp(o->state, "unclaimed") == 0)
		f->variant = money(o);
	return strcmp(o->state, "no_show") == 0 ? facts_kept(f, o) : 0;
}

/* What a substitute changes of the price, and what the order would come to with all that is proposed. */
static void facts_proposed(struct facts *f, const struct order *o, const struct line *l)
{
	int64_t before = (l->price * l->asked + 500) / 1000, total = o->total;
	int64_t more = (l->sub_price * l->sub_milli + 500) / 1000 - before;
	const char *name = more > 0   ? "piece.dearer"
			   : more < 0 ? "piece.cheaper"
				      : "piece.same_price";
	const struct template_value price[] = {
		{ "price", format_money(f, more > 0 ? more : -more) },
		{},
	};

	if (strcmp(l->state, "sub_proposed") != 0)
		return;
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "sub_proposed") == 0)
			total += (o->line[i].sub_price * o->line[i].sub_milli + 500) / 1000;
	facts_set(f, "difference", template_fill(f, f->gw->catalogue, name, price));
	facts_set(f, "total_after", format_money(f, total));
}

/* Whether anything of an order may still be handed over. */
static bool order_lives(const struct order *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->line[i].state, "refused") != 0
		    && strcmp(o->line[i].state, "missing") != 0)
			return true;
	return false;
}

static bool was_delivered(const struct line *l)
{
	static const char *const states[] = { "delivered", "disputed", "credited" };

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(states[i], l->state) == 0)
			return true;
	return false;
}

static int load_line(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	struct order *o = NULL;
	struct line l;
	int rc = produce_line(&l, f, f->gw->store, id);

	(void)person_id;
	if (!rc)
		rc = produce_order(&o, f, f->gw->store, l.order_id);
	if (rc)
		return rc;
	facts_order(f, o);
	f->use_by = o->cycle.pickup_to;
	facts_line(f, &l);
	facts_proposed(f, o, &l);
	f->variant = strcmp(role, "RES") == 0 && !order_lives(o) ? "none" : "line";
	if (strcmp(l.state, "credited") == 0 && o->payment.id
	    && strcmp(o->payment.state, "paid") != 0 && strcmp(o->payment.state, "credited") != 0)
		f->variant = "due"; /* so much less is to be paid */
	rc = facts_person(f, l.producer_id, "producer", "number");
	if (strcmp(role, "COO") != 0)
		return rc;
	if (!rc && was_delivered(&l)) /* a complaint, even when it is settled by now */
		rc = facts_person(f, o->owner_id, "name", "number");
	return rc;
}

/* A payment is told as its order; the amount of the event itself is in its payload. */
static int load_payment(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	int64_t order_id = 0;
	int rc = store_get_int(f->gw->store, &order_id, STORE_STMT_FACTS_PAYMENT,
			       STORE_ARGS(STORE_INT(id)));

	if (!rc)
		rc = load_order(f, order_id, role, person_id);
	f->variant = "payment";
	f->use_by = 0; /* money is money after the pickup, too */
	return rc;
}

/* Orders that hold something of an offer. */
static int facts_holders(struct facts *f, int64_t offer_id)
{
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_FACTS_HOLDERS,
					      STORE_ARGS(STORE_INT(offer_id)));
	char *orders = talloc_strdup(f, "");
	int rc = rows ? 1 : store_errno(f->gw->store), n = 0;

	while (rows && n <= REFS_MAX && (rc = store_next(rows)) == 1) {
		orders = talloc_asprintf_append(orders, "%s%s", n ? ", " : "",
						n == REFS_MAX ? "..." : store_text(rows, 0));
		n++;
	}
	store_done(rows);
	facts_set(f, "orders", orders);
	if (n == 0)
		f->variant = "none";
	return rc < 0 ? rc : 0;
}

static int load_offer(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	const struct catalogue *cat = f->gw->catalogue;
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_FACTS_OFFER,
					      STORE_ARGS(STORE_INT(id)));
	struct cycle c;
	int64_t cycle_id = 0, producer_id = 0;
	int rc;

	(void)person_id;
	if (!rows)
		return store_errno(f->gw->store);
	rc = store_next(rows);
	if (rc == 1) {
		const char *unit = store_text(rows, 2);

		cycle_id = store_int(rows, 6);
		producer_id = store_int(rows, 7);
		facts_set(f, "product", talloc_strdup(f, store_text(rows, 1)));
		facts_set(f, "unit", format_unit(f, cat, unit, 1000));
		facts_set(f, "price", format_money(f, store_int(rows, 3)));
		facts_set(f, "amount", format_amount(f, cat, store_int(rows, 4), unit));
		facts_set(f, "left", format_amount(f, cat, store_int(rows, 5), unit));
	}
	store_done(rows);
	if (rc != 1)
		return rc == 0 ? -ENOENT : rc;
	rc = produce_cycle(&c, f, f->gw->store, cycle_id);
	if (rc)
		return rc;
	facts_cycle(f, &c);
	rc = strcmp(role, "COO") == 0 ? facts_holders(f, id) : 0;
	return rc ? rc : facts_person(f, producer_id, "producer", "number");
}

static int load_contact(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	char *value = "";
	int rc = one_text(&value, f, STORE_STMT_FACTS_CONTACT_NUMBER, STORE_ARGS(STORE_INT(id)));

	(void)role;
	(void)person_id;
	if (rc && rc != -ENOENT)
		return rc;
	facts_set(f, "number", format_phone(f, value, f->gw->country_code));
	value = "";
	rc = one_text(&value, f, STORE_STMT_FACTS_CONTACT_NAME, STORE_ARGS(STORE_INT(id)));
	facts_set(f, "name", value);
	return rc == -ENOENT ? 0 : rc;
}

/* A message that could not be delivered: to whom. */
static int load_message(struct facts *f, int64_t id, const char *role, int64_t person_id)
{
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_FACTS_MESSAGE,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	(void)role;
	(void)person_id;
	if (!rows)
		return store_errno(f->gw->store);
	rc = store_next(rows);
	if (rc == 1) {
		facts_set(f, "number", format_phone(f, store_text(rows, 0), f->gw->country_code));
		facts_set(f, "name", talloc_strdup(f, store_text(rows, 1)));
	}
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

/* A budget that has no room any more: of a day, and of its month. */
static int load_budget(struct facts *f, int64_t day, const char *role, int64_t person_id)
{
	struct budget_state today, month;
	int64_t unanswered;
	char *number = "";
	int rc = budget_look(f->gw, &today, &month, &unanswered, budget_day_begin(day));

	(void)role;
	(void)person_id;
	if (!rc)
		rc = one_text(&number, f, STORE_STMT_FACTS_FULL_NUMBER, STORE_ARGS(STORE_INT(day)));
	if (rc && rc != -ENOENT)
		return rc;
	facts_set(f, "used", talloc_asprintf(f, "%" PRId64, today.used));
	facts_set(f, "most", talloc_asprintf(f, "%" PRId64, today.most));
	facts_set(f, "used_month", talloc_asprintf(f, "%" PRId64, month.used));
	facts_set(f, "most_month", talloc_asprintf(f, "%" PRId64, month.most));
	facts_set(f, "most_number", talloc_asprintf(f, "%" PRId64, f->gw->budget.number));
	facts_set(f, "number", format_phone(f, number, f->gw->country_code));
	return 0;
}

static const struct {
	const char *machine;
	int (*load)(struct facts *f, int64_t id, const char *role, int64_t person_id);
} loaders[] = {
	{ "cycle", load_cycle },     { "offer", load_offer },     { "order", load_order },
	{ "line", load_line },       { "contact", load_contact }, { "message", load_message },
	{ "payment", load_payment }, { "budget", load_budget },
};

int facts_load(struct facts *f, const char *machine, int64_t subject_id, const char *role,
	       int64_t person_id)
{
	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++)
		if (strcmp(loaders[i].machine, machine) == 0)
			return loaders[i].load(f, subject_id, role, person_id);
	return -ENOENT;
}
