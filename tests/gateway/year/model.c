/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/year/model.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* The times of domain.md, section 1. */
#define HOUR      3600
#define DRAFT_TTL (2 * HOUR)
#define GRACE     HOUR
#define WRITE_OFF (48 * HOUR)
#define SUB_TTL   (24 * HOUR)

struct transition {
	char machine[16], from[20], event[20], to[20];
};

struct model *model_new(void *ctx, const char *transitions_tsv, int producers)
{
	struct model *m = talloc_zero(ctx, struct model);
	FILE *f = fopen(transitions_tsv, "r");
	char row[400];

	OSMO_ASSERT(f);
	m->refuses = talloc_zero_array(m, bool, producers);
	while (fgets(row, sizeof(row), f)) {
		struct transition t;

		if (row[0] == '#'
		    || sscanf(row, "%15[^\t]\t%19[^\t]\t%19[^\t]\t%19[^\t]", t.machine, t.from,
			      t.event, t.to)
			       != 4)
			continue;
		m->transition = talloc_realloc(m, m->transition, struct transition,
					       m->n_transitions + 1);
		m->transition[m->n_transitions++] = t;
	}
	fclose(f);
	return m;
}

/* Move one subject by the table. What the table does not have is a mistake of the model or of the machine. */
static void move(struct model *m, struct subject *s, const char *event)
{
	for (size_t i = 0; i < m->n_transitions; i++) {
		const struct transition *t = &m->transition[i];

		if (strcmp(t->machine, s->machine) != 0 || strcmp(t->from, s->state) != 0
		    || strcmp(t->event, event) != 0)
			continue;
		s->state = t->to;
		s->at = m->now;
		s->history = talloc_asprintf_append_buffer(s->history, "%s,", event);
		m->moves++;
		return;
	}
	fprintf(stderr, "model: %s %s has no %s (after %s)\n", s->machine, s->state, event,
		s->history);
	abort();
}

static void bear(struct model *m, void *ctx, struct subject *s, const char *machine,
		 const char *event)
{
	s->machine = machine;
	s->state = "_";
	s->history = talloc_strdup(ctx, "");
	move(m, s, event);
}

bool model_is(const struct subject *s, const char *states)
{
	size_t n = strlen(s->state);

	for (const char *at = states; (at = strstr(at, s->state)); at += n) {
		if ((at == states || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	}
	return false;
}

struct subject *model_contact(struct model *m)
{
	struct subject *contact = talloc_zero(m, struct subject);

	bear(m, contact, contact, "contact", "register");
	move(m, contact, "consent");
	return contact;
}

void model_contact_event(struct model *m, struct subject *contact, const char *event)
{
	move(m, contact, event);
}

/* Stock. */

int64_t model_left(const struct offer *f)
{
	int64_t left = f->offered;

	for (size_t i = 0; i < f->cycle->n_orders; i++) {
		const struct order *o = f->cycle->order[i];

		for (size_t k = 0; k < o->n; k++)
			left -= o->line[k]->offer == f ? o->line[k]->held : 0;
	}
	return left;
}

static void stock(struct model *m, struct offer *f)
{
	int64_t left;

	if (!model_is(&f->s, "available sold_out"))
		return;
	left = model_left(f);
	if (model_is(&f->s, "available") && left <= 0)
		move(m, &f->s, "sell_out");
	else if (model_is(&f->s, "sold_out") && left > 0 && !f->exhausted)
		move(m, &f->s, "free");
}

/* Money. */

static int64_t cents(int64_t price, int64_t qty)
{
	return (price * qty + 500) / 1000;
}

int64_t model_total(const struct order *o)
{
	int64_t total = 0;

	for (size_t i = 0; i < o->n; i++)
		total += o->line[i]->amount;
	return total;
}

static void settle_credit(struct model *m, struct payment *p)
{
	if (model_is(&p->s, "paid") && p->paid > p->amount)
		model_pay(m, p, "credit", p->paid - p->amount);
}

void model_pay(struct model *m, struct payment *p, const char *event, int64_t amount)
{
	move(m, &p->s, event);
	if (strcmp(event, "pay") == 0 || strcmp(event, "part_pay") == 0)
		p->paid += amount;
	if (strcmp(event, "refund") == 0 || strcmp(event, "credit") == 0)
		p->back = amount;
	if (strcmp(event, "adjust") == 0) {
		p->amount = amount;
		if (model_is(&p->s, "part_paid deferred") && p->paid > 0 && p->paid >= p->amount)
			model_pay(m, p, "pay", 0);
	}
	if (strcmp(event, "pay") == 0)
		settle_credit(m, p);
}

/* The total moved after the payment was opened. */
static void follow(struct model *m, struct order *o)
{
	struct payment *p = o->payment;
	int64_t total = model_total(o), moved;

	if (!p || total == p->counted)
		return;
	for (size_t i = 0; i < o->n; i++) {
		if (model_is(&o->line[i]->s, "sub_proposed"))
			return;
	}
	moved = total - p->counted;
	if (model_is(&p->s, "due part_paid deferred")) {
		p->counted = total;
		model_pay(m, p, "adjust", p->amount + moved > 0 ? p->amount + moved : 0);
	} else if (model_is(&p->s, "paid") && p->paid > 0 && moved < 0) {
		p->counted = total;
		model_pay(m, p, "credit", -moved < p->paid ? -moved : p->paid);
	}
}

static void void_payment(struct model *m, struct order *o)
{
	struct payment *p = o->payment;

	if (p && (model_is(&p->s, "due") || (model_is(&p->s, "deferred") && p->paid == 0)))
		model_pay(m, p, "void", 0);
}

static void open_payment(struct model *m, struct order *o)
{
	struct payment *p;

	if (o->payment)
		return;
	p = talloc_zero(o, struct payment);
	bear(m, p, &p->s, "payment", "open");
	p->amount = p->counted = model_total(o);
	o->payment = p;
}

/* Lines. */

struct line *model_line(struct model *m, struct order *o, struct offer *f, int64_t qty, int64_t now)
{
	struct line *l = talloc_zero(o, struct line);

	bear(m, l, &l->s, "line", "add");
	l->order = o;
	l->offer = f;
	l->qty = qty;
	l->final = MODEL_NONE;
	l->price = f->price;
	l->amount = cents(l->price, qty);
	l->held = model_is(&o->s, "draft") ? 0 : qty;
	o->line = talloc_realloc(o, o->line, struct line *, o->n + 1);
	o->line[o->n++] = l;
	o->draft_by = now + DRAFT_TTL;
	stock(m, f);
	return l;
}

static void take_final(struct line *l, int64_t qty)
{
	l->final = qty;
	if (l->held)
		l->held = qty;
	l->amount = cents(l->price, qty);
}

static void take_nothing(struct line *l)
{
	l->final = 0;
	l->held = 0;
	l->amount = 0;
	l->sub_by = 0;
}

static bool all_decided(const struct order *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (model_is(&o->line[i]->s, "requested sub_proposed"))
			return false;
	}
	return true;
}

static bool some_quantity(const struct order *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (model_is(&o->line[i]->s, "confirmed partial"))
			return true;
	}
	return false;
}

static void last_decision(struct model *m, struct order *o, int64_t now)
{
	if (!model_is(&o->s, "locked") || !all_decided(o))
		return;
	model_order_event(m, o, some_quantity(o) ? "settle" : "refuse", now);
}

static bool one_of(const char *event, const char *list)
{
	const struct subject s = { .state = event };

	return model_is(&s, list);
}

void model_line_event(struct model *m, struct line *l, const char *event, int64_t now)
{
	move(m, &l->s, event);
	if (one_of(event, "drop void refuse lapse_refuse reject lapse miss"))
		take_nothing(l);
	if (one_of(event, "confirm lapse_confirm"))
		take_final(l, l->qty);
	if (one_of(event, "accept")) {
		l->offer = l->sub;
		l->qty = l->final = l->sub_qty;
		l->price = l->sub_price;
		l->amount = cents(l->price, l->qty);
		l->sub_by = 0;
	}
	if (one_of(event, "deliver"))
		l->delivered_at = now;
	if (one_of(event, "drop"))
		l->order->draft_by = now + DRAFT_TTL;
	if (one_of(event, "confirm shorten refuse lapse_confirm lapse_refuse accept reject lapse"))
		last_decision(m, l->order, now);
	if (one_of(event, "confirm shorten refuse accept reject lapse miss credit"))
		follow(m, l->order);
	if (one_of(event, "drop void"))
		stock(m, l->offer);
}

void model_change(struct model *m, struct line *l, int64_t qty, int64_t now)
{
	move(m, &l->s, "change");
	l->qty = qty;
	l->amount = cents(l->price, qty);
	l->held = model_is(&l->order->s, "draft") ? 0 : qty;
	l->order->draft_by = now + DRAFT_TTL;
	stock(m, l->offer);
}

void model_shorten(struct model *m, struct line *l, int64_t qty, int64_t now)
{
	take_final(l, qty);
	model_line_event(m, l, "shorten", now);
}

void model_substitute(struct model *m, struct line *l, struct offer *f, int64_t qty, int64_t price,
		      int64_t now)
{
	l->final = MODEL_NONE;
	l->held = 0;
	l->amount = 0;
	l->sub = f;
	l->sub_qty = qty;
	l->sub_price = price;
	l->sub_by = now + SUB_TTL;
	model_line_event(m, l, "substitute", now);
}

void model_credit(struct model *m, struct line *l, int64_t amount, int64_t now)
{
	l->credit = amount;
	l->amount -= amount;
	model_line_event(m, l, "credit", now);
}

/* Orders. */

struct order *model_order(struct model *m, struct cycle *c, int owner, int64_t now)
{
	struct order *o = talloc_zero(c, struct order);

	bear(m, o, &o->s, "order", "start");
	o->cycle = c;
	o->owner = owner;
	o->draft_by = now + DRAFT_TTL;
	o->born = m->orders_born++;
	c->order = talloc_realloc(c, c->order, struct order *, c->n_orders + 1);
	c->order[c->n_orders++] = o;
	return o;
}

static void each_line(struct model *m, struct order *o, const char *states, const char *event,
		      int64_t now)
{
	for (size_t i = 0; i < o->n; i++) {
		if (model_is(&o->line[i]->s, states))
			model_line_event(m, o->line[i], event, now);
	}
}

static void hold_stock(struct model *m, struct order *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (model_is(&o->line[i]->s, "requested"))
			o->line[i]->held = o->line[i]->qty;
	}
	for (size_t i = 0; i < o->n; i++)
		stock(m, o->line[i]->offer);
}

static void confirm_cycle(struct model *m, struct cycle *c, int64_t now)
{
	if (!model_is(&c->s, "closed"))
		return;
	for (size_t i = 0; i < c->n_orders; i++) {
		if (model_is(&c->order[i]->s, "placed locked"))
			return;
	}
	model_cycle_event(m, c, "confirm", now);
}

void model_order_event(struct model *m, struct order *o, const char *event, int64_t now)
{
	move(m, &o->s, event);
	if (one_of(event, "edit"))
		o->draft_by = now + DRAFT_TTL;
	if (one_of(event, "confirm")) {
		o->placed_at = now;
		hold_stock(m, o);
	}
	if (one_of(event, "miss"))
		o->missed_at = now;
	if (one_of(event, "drop cancel lapse void"))
		each_line(m, o, "requested confirmed partial refused sub_proposed", "void", now);
	if (one_of(event, "collect"))
		each_line(m, o, "confirmed partial", "deliver", now);
	if (one_of(event, "settle"))
		open_payment(m, o);
	if (one_of(event, "cancel void write_off"))
		void_payment(m, o);
	if (one_of(event, "settle refuse cancel"))
		confirm_cycle(m, o->cycle, now);
}

void model_rebook(struct model *m, struct order *o, int64_t to, int64_t now)
{
	o->pickup_to = to;
	o->missed_at = 0;
	model_order_event(m, o, "rebook", now);
}

/* Offers. */

struct offer *model_offer(struct model *m, struct cycle *c, int producer, int product)
{
	struct offer *f = talloc_zero(c, struct offer);

	bear(m, f, &f->s, "offer", "ask");
	f->cycle = c;
	f->producer = producer;
	f->product = product;
	c->offer = talloc_realloc(c, c->offer, struct offer *, c->n_offers + 1);
	c->offer[c->n_offers++] = f;
	return f;
}

void model_offer_event(struct model *m, struct offer *f, const char *event)
{
	move(m, &f->s, event);
	if (one_of(event, "exhaust")) {
		f->offered -= model_left(f);
		f->exhausted = true;
	}
	if (one_of(event, "withdraw"))
		f->withdrawn = true; /* silence about its lines is a refusal then */
}

void model_declare(struct model *m, struct offer *f, const char *event, int64_t qty, int64_t price)
{
	f->offered = one_of(event, "add") ? f->offered + qty : qty;
	f->price = price ? price : f->price;
	if (!one_of(event, "add"))
		f->exhausted = false;
	if (one_of(event, "declare"))
		f->withdrawn = false;
	move(m, &f->s, event);
	stock(m, f);
}

/* Cycles. */

struct cycle *model_cycle(struct model *m, const struct cycle *dates)
{
	struct cycle *c = talloc(m, struct cycle);

	*c = *dates;
	bear(m, c, &c->s, "cycle", "create");
	m->cycle = talloc_realloc(m, m->cycle, struct cycle *, m->n_cycles + 1);
	m->cycle[m->n_cycles++] = c;
	return c;
}

static void each_order(struct model *m, struct cycle *c, const char *states, const char *event,
		       int64_t now)
{
	for (size_t i = 0; i < c->n_orders; i++) {
		if (model_is(&c->order[i]->s, states))
			model_order_event(m, c->order[i], event, now);
	}
}

static void close_offers(struct model *m, struct cycle *c)
{
	for (size_t i = 0; i < c->n_offers; i++) {
		if (!model_is(&c->offer[i]->s, "closed"))
			move(m, &c->offer[i]->s, "close");
	}
}

/* Placed, and all its lines were taken out since. */
static void refuse_empty(struct model *m, struct cycle *c, int64_t now)
{
	for (size_t i = 0; i < c->n_orders; i++) {
		struct order *o = c->order[i];
		size_t dropped = 0;

		for (size_t k = 0; k < o->n; k++)
			dropped += model_is(&o->line[k]->s, "dropped");
		if (model_is(&o->s, "locked") && dropped == o->n)
			model_order_event(m, o, "refuse", now);
	}
}

void model_cycle_event(struct model *m, struct cycle *c, const char *event, int64_t now)
{
	move(m, &c->s, event);
	if (one_of(event, "close cancel"))
		close_offers(m, c);
	if (one_of(event, "close")) {
		each_order(m, c, "draft", "lapse", now);
		each_order(m, c, "placed", "lock", now);
		refuse_empty(m, c, now);
		confirm_cycle(m, c, now);
	}
	if (one_of(event, "cancel"))
		each_order(m, c, "draft placed locked confirmed ready", "void", now);
	if (one_of(event, "start_pickup"))
		each_order(m, c, "confirmed", "ready", now);
}

/* Timers. */

struct timer {
	int64_t due;
	struct cycle *cycle;
	struct offer *offer;
	struct order *order;
	struct line *line;
	const char *event;
};

static void earlier(struct timer *best, struct timer t)
{
	if (!best->due || t.due < best->due)
		*best = t;
}

static bool any_available(const struct cycle *c)
{
	for (size_t i = 0; i < c->n_offers; i++) {
		if (model_is(&c->offer[i]->s, "available"))
			return true;
	}
	return false;
}

static void cycle_timer(struct timer *best, struct cycle *c)
{
	if (model_is(&c->s, "announced") && any_available(c))
		earlier(best, (struct timer){ .due = c->opens_at, .cycle = c, .event = "open" });
	if (model_is(&c->s, "open"))
		earlier(best, (struct timer){ .due = c->closes_at, .cycle = c, .event = "close" });
	if (model_is(&c->s, "confirmed"))
		earlier(best, (struct timer){
				      .due = c->pickup_from, .cycle = c, .event = "start_pickup" });
	if (model_is(&c->s, "pickup"))
		earlier(best, (struct timer){
				      .due = c->pickup_to + GRACE, .cycle = c, .event = "settle" });
	for (size_t i = 0; i < c->n_offers; i++) {
		if (model_is(&c->offer[i]->s, "asked"))
			earlier(best, (struct timer){ .due = c->avail_by,
						      .offer = c->offer[i],
						      .event = "lapse" });
	}
}

static void line_timer(struct model *m, struct timer *best, struct line *l)
{
	if (model_is(&l->s, "requested") && model_is(&l->order->s, "locked"))
		earlier(best, (struct timer){
				      .due = l->order->cycle->confirm_by,
				      .line = l,
				      .event = l->offer->withdrawn || m->refuses[l->offer->producer]
						       ? "lapse_refuse"
						       : "lapse_confirm" });
	if (model_is(&l->s, "sub_proposed"))
		earlier(best, (struct timer){ .due = l->sub_by, .line = l, .event = "lapse" });
}

static void order_timer(struct model *m, struct timer *best, struct order *o)
{
	const struct cycle *c = o->cycle;

	if (model_is(&o->s, "draft"))
		earlier(best, (struct timer){ .due = o->draft_by < c->closes_at ? o->draft_by
										: c->closes_at,
					      .order = o,
					      .event = "lapse" });
	if (model_is(&o->s, "ready"))
		earlier(best,
			(struct timer){ .due = (o->pickup_to ? o->pickup_to : c->pickup_to) + GRACE,
					.order = o,
					.event = "miss" });
	if (model_is(&o->s, "no_show"))
		earlier(best, (struct timer){ .due = o->missed_at + WRITE_OFF,
					      .order = o,
					      .event = "write_off" });
	if (model_is(&o->s, "locked confirmed"))
		for (size_t i = 0; i < o->n; i++)
			line_timer(m, best, o->line[i]);
}

static struct timer next_timer(struct model *m)
{
	struct timer best = {};

	/* what is older than some weeks has no timers any more */
	for (size_t i = m->n_cycles > 3 ? m->n_cycles - 3 : 0; i < m->n_cycles; i++) {
		struct cycle *c = m->cycle[i];

		cycle_timer(&best, c);
		for (size_t k = 0; k < c->n_orders; k++)
			order_timer(m, &best, c->order[k]);
	}
	return best;
}

void model_until(struct model *m, int64_t now)
{
	struct timer t;

	while ((t = next_timer(m)).due && t.due <= now) {
		/* late if nothing ran, or if what it waited for came late */
		int64_t at = m->down ? now : OSMO_MAX(t.due, m->now);

		m->now = at;
		m->timers++;
		if (t.cycle)
			model_cycle_event(m, t.cycle, t.event, at);
		else if (t.offer)
			model_offer_event(m, t.offer, t.event);
		else if (t.order)
			model_order_event(m, t.order, t.event, at);
		else
			model_line_event(m, t.line, t.event, at);
	}
	m->now = OSMO_MAX(m->now, now);
}
