/* What there is, and what it costs.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/service/market.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"
#include "messages/parts.h"

/* A page fits two parts. */
#define PAGE_PARTS 2
#define PAGES_MAX  40

/* What a list is of, as a reading that gives it again. */
struct list {
	struct turn *turn;
	size_t n;
	const struct offer **offer;
	char *args; /* " cat=legume" */
};

static char *list_lines(const struct list *l, size_t from, size_t to)
{
	char *out = talloc_strdup(l->turn->ctx, "");

	for (size_t i = from; i < to; i++)
		out = talloc_asprintf_append(out, "%s%s", i > from ? "\n" : "",
					     market_line(l->turn, l->offer[i]));
	return out;
}

static bool fits(const struct list *l, const char *template, size_t from, size_t to)
{
	const struct template_value values[] = {
		{ "page", "99" }, { "pages", "99" }, { "lines", list_lines(l, from, to) }, {}
	};
	char *text = template_fill(l->turn->ctx, l->turn->gw->catalogue, template, values);

	return text && parts_count(text, NULL) <= PAGE_PARTS;
}

/* Where the pages begin. \returns how many there are; start[pages] is the end. */
static size_t paginate(const struct list *l, size_t *start)
{
	size_t pages = 0, from = 0;

	while (from < l->n && pages < PAGES_MAX) {
		size_t to = from + 1;

		while (to < l->n && fits(l, "list_page", from, to + 1))
			to++;
		start[pages++] = from;
		from = to;
	}
	start[pages] = from;
	return pages;
}

static void show_page(const struct list *l, size_t page)
{
	size_t start[PAGES_MAX + 1], pages = paginate(l, start);
	struct turn *turn = l->turn;
	struct question *q = question_new(turn->ctx, "list");
	bool last = page >= pages;

	if (page > pages) {
		turn_say(turn, "list_end", NULL);
		return;
	}
	turn_say(turn, last ? "list_page.last" : "list_page",
		 VALUES({ "page", talloc_asprintf(turn->ctx, "%zu", page) },
			{ "pages", talloc_asprintf(turn->ctx, "%zu", pages) },
			{ "lines", list_lines(l, start[page - 1], start[page]) }));
	if (!last)
		q->then = talloc_asprintf(q, "LIST\tpage=%zu%s", page + 1, l->args);
	turn_ask(turn, q);
}

static void show(const struct list *l, size_t page)
{
	struct turn *turn = l->turn;

	if (l->n == 0) {
		turn_say(turn, "list_empty", NULL);
	} else if (*l->args && page == 1 && fits(l, "list_only", 0, l->n)) {
		turn_say(turn, "list_only", VALUES({ "lines", list_lines(l, 0, l->n) }));
		turn_ask(turn, question_new(turn->ctx, "list"));
	} else {
		show_page(l, page);
	}
}

/* A producer's name as a text says it: "vandamme" of "Ferme Vandamme". */
static bool of_producer(const struct offer *f, const char *said)
{
	return strcasestr(f->producer, said) != NULL;
}

static int by_price(const void *a, const void *b)
{
	const struct offer *x = *(const struct offer *const *)a,
			   *y = *(const struct offer *const *)b;

	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return x->number - y->number;
}

/* The offers that a reading asks for. */
static void collect(struct list *l, const struct offers *offers, const struct reading *r)
{
	const char *cat = reading_arg(r, "cat"), *producer = reading_arg(r, "producer");
	const char *sort = reading_arg(r, "sort");

	l->offer = talloc_array(l->turn->ctx, const struct offer *, offers->n + 1);
	l->args = talloc_asprintf(l->turn->ctx, "%s%s%s%s%s%s", cat ? " cat=" : "", cat ? cat : "",
				  producer ? " producer=" : "", producer ? producer : "",
				  sort ? " sort=" : "", sort ? sort : "");
	for (size_t i = 0; i < offers->n; i++) {
		const struct offer *f = &offers->offer[i];

		if (f->left <= 0 || (cat && strcmp(f->product.category, cat) != 0)
		    || (producer && !of_producer(f, producer)))
			continue;
		l->offer[l->n++] = f;
	}
	if (sort)
		qsort(l->offer, l->n, sizeof(l->offer[0]), by_price);
}

static const struct offer *find_product(const struct offers *offers, const char *name)
{
	for (size_t i = 0; i < offers->n; i++)
		if (strcmp(offers->offer[i].product.name, name) == 0)
			return &offers->offer[i];
	return NULL;
}

static void show_product(struct turn *turn, const struct offers *offers, const char *name)
{
	const struct offer *f = find_product(offers, name);
	const struct catalogue *cat = turn->gw->catalogue;
	const struct product *p;

	if (!f) {
		market_say_not_offered(turn, offers, name, reading_arg(turn->reading, "cand"));
		return;
	}
	p = &f->product;
	if (f->left <= 0) {
		market_say_sold_out(turn, offers, p);
		return;
	}
	turn_say(turn, strcmp(p->unit, "pc") == 0 ? "price_answer.pc" : "price_answer",
		 VALUES({ "product", p->many }, { "price", format_money(turn->ctx, f->price) },
			{ "unit", format_unit(turn->ctx, cat, p->unit, 1000) },
			{ "left", format_amount(turn->ctx, cat, f->left, p->unit) },
			{ "example", market_example(turn, p) }));
}

/* Things, rides, repair hours and votes have their own lists. */
static bool of_produce(const struct reading *r)
{
	static const char *const others[] = { "objet", "trajet", "vote", "pret" };
	const char *cat = reading_arg(r, "cat");

	for (size_t i = 0; cat && i < ARRAY_SIZE(others); i++)
		if (strcmp(cat, others[i]) == 0)
			return false;
	return !cat || strncmp(cat, "creneau", strlen("creneau")) != 0;
}

static bool open_offers(struct turn *turn, struct cycle *c, struct offers *offers)
{
	int rc = produce_open_cycle(c, turn->ctx, turn->gw->store, turn->at);

	if (rc == -ENOENT)
		turn_say_phone(turn, "no_open_cycle");
	else if (!turn_failed(turn, rc))
		turn_failed(turn, produce_offers(offers, turn->ctx, turn->gw->store, c->id));
	return rc == 0 && !turn->error;
}

void list_show(struct turn *turn)
{
	const struct reading *r = turn->reading;
	const char *page = reading_arg(r, "page"), *product = reading_arg(r, "product");
	const char *topic = reading_arg(r, "topic");
	struct list l = { .turn = turn };
	struct facts *f;
	struct offers offers;
	struct cycle c;

	if (!of_produce(r)) {
		desk_not_served(turn);
		return;
	}
	if (!open_offers(turn, &c, &offers))
		return;
	if (topic && strcmp(topic, "cutoff") == 0) {
		f = facts_new(turn->ctx, turn->gw);
		facts_cycle(f, &c);
		turn_say_facts(turn, "cutoff_answer", f);
	} else if (product) {
		show_product(turn, &offers, product);
	} else if (page && strcmp(page, "end") == 0) {
		turn_say(turn, "list_end", NULL);
	} else {
		collect(&l, &offers, r);
		show(&l, page && *page >= '1' && *page <= '9' ? strtoul(page, NULL, 10) : 1);
	}
}

void list_pick(struct turn *turn)
{
	const char *n = reading_arg(turn->reading, "n");
	int number = n ? (int)(strtol(n, NULL, 10) % 100000) : 0;
	struct question *q;
	struct offers offers;
	struct cycle c;

	if (!open_offers(turn, &c, &offers))
		return;
	for (size_t i = 0; i < offers.n; i++) {
		const struct offer *f = &offers.offer[i];

		if (f->number != number)
			continue;
		if (f->left <= 0) {
			market_say_sold_out(turn, &offers, &f->product);
			return;
		}
		q = question_new(turn->ctx, "amount");
		q->free = talloc_asprintf(q, "ORDER\titems={n}:%s", f->product.name);
		q->unit = talloc_strdup(q, f->product.unit);
		turn_say(turn, "ask_quantity",
			 VALUES({ "product", market_price(turn, f) },
				{ "example", market_amount(turn, &f->product) }));
		turn_ask(turn, q);
		return;
	}
	turn_say(turn, "list_empty", NULL);
}
