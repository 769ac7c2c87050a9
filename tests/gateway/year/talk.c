/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/year/talk.h"

#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* A question is waited for so long. */
#define ASKED_TTL 7200
#define ROWS      16

/* What an order would become: a row for each offer that it has or would have. */
struct row {
	struct offer *offer;
	struct line *line;
	int64_t before, after;
};

struct plan {
	struct cycle *cycle;
	struct order *order;
	struct row row[ROWS];
	size_t n;
	bool said; /* why something is not changed */
};

struct cycle *talk_cycle(struct model *m, int64_t now)
{
	for (size_t i = 0; i < m->n_cycles; i++) {
		struct cycle *c = m->cycle[i];

		if (model_is(&c->s, "open") && now < c->closes_at)
			return c;
	}
	return NULL;
}

struct order *talk_order(struct cycle *c, int owner)
{
	struct order *placed = NULL;

	for (size_t i = 0; i < c->n_orders; i++) {
		struct order *o = c->order[i];

		if (o->owner == owner && model_is(&o->s, "draft"))
			return o;
		if (o->owner == owner && model_is(&o->s, "placed"))
			placed = o;
	}
	return placed;
}

static bool plan_open(struct plan *p, struct model *m, int owner, int64_t now)
{
	*p = (struct plan){ .cycle = talk_cycle(m, now) };
	if (!p->cycle)
		return false;
	p->order = talk_order(p->cycle, owner);
	for (size_t i = 0; p->order && i < p->order->n; i++) {
		struct line *l = p->order->line[i];

		if (!model_is(&l->s, "requested"))
			continue;
		OSMO_ASSERT(p->n < ROWS);
		p->row[p->n++] = (struct row){
			.offer = l->offer, .line = l, .before = l->qty, .after = l->qty
		};
	}
	return true;
}

static bool placed(const struct plan *p)
{
	return p->order && model_is(&p->order->s, "placed");
}

/* What a row may come to: what is left, and what a placed order holds already. */
static int64_t most(const struct plan *p, const struct row *r)
{
	int64_t own = placed(p) ? r->before : 0;

	if (!model_is(&r->offer->s, "available"))
		return own;
	return model_left(r->offer) + own;
}

static struct row *row_of(struct plan *p, struct offer *f)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i].offer == f)
			return &p->row[i];
	}
	OSMO_ASSERT(p->n < ROWS);
	p->row[p->n] = (struct row){ .offer = f };
	return &p->row[p->n++];
}

static struct offer *on_sale(struct cycle *c, int product)
{
	for (size_t i = 0; i < c->n_offers; i++) {
		if (c->offer[i]->product == product
		    && model_is(&c->offer[i]->s, "available sold_out"))
			return c->offer[i];
	}
	return NULL;
}

static void ask(struct talk *t, enum asked what, const struct plan *p, int64_t now)
{
	t->asked = what;
	t->asked_at = now;
	t->order = p->order;
	t->n = t->n_no = 0;
}

static void keep(struct wish *to, size_t *n, const struct plan *p)
{
	*n = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i].before != p->row[i].after)
			to[(*n)++] = (struct wish){ p->row[i].offer, p->row[i].after };
	}
}

static void drop_sold_out(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct row *r = &p->row[i];

		if (r->after > r->before && most(p, r) <= r->before) {
			r->after = r->before;
			p->said = true;
		}
	}
}

static bool differs(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i].before != p->row[i].after)
			return true;
	}
	return false;
}

static bool holds(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i].after > 0)
			return true;
	}
	return false;
}

/* Less is left than is wanted: that is asked about, one product after the other. */
static bool ask_left(struct talk *t, struct plan *p, int64_t now)
{
	for (size_t i = 0; i < p->n; i++) {
		struct row *r = &p->row[i];
		int64_t left = most(p, r);

		if (r->after <= r->before || r->after <= left)
			continue;
		ask(t, ASKED_LEFT, p, now);
		r->after = left;
		keep(t->yes, &t->n, p);
		r->after = OSMO_MIN(r->before, left);
		keep(t->no, &t->n_no, p);
		return true;
	}
	return false;
}

/* The plan becomes the order, and its recap goes out. */
static void write_down(struct model *m, struct talk *t, struct plan *p, int owner, int64_t now)
{
	bool was_placed = placed(p);

	if (!p->order)
		p->order = model_order(m, p->cycle, owner, now);
	for (size_t i = 0; i < p->n; i++) {
		struct row *r = &p->row[i];

		if (r->before == r->after)
			continue;
		if (!r->line)
			model_line(m, p->order, r->offer, r->after, now);
		else if (r->after == 0)
			model_line_event(m, r->line, "drop", now);
		else
			model_change(m, r->line, r->after, now);
	}
	model_order_event(m, p->order, "edit", now);
	ask(t, was_placed ? ASKED_NOTHING : ASKED_RECAP, p, now);
}

static void settle(struct model *m, struct talk *t, struct plan *p, int owner, int64_t now,
		   bool read)
{
	t->asked = ASKED_NOTHING;
	drop_sold_out(p);
	if (!differs(p)) {
		/* a draft is shown again, unless something was said */
		if (!p->said && p->order && !placed(p))
			write_down(m, t, p, owner, now);
		return;
	}
	if (ask_left(t, p, now))
		return;
	if (!holds(p)) {
		if (placed(p))
			ask(t, ASKED_CANCEL, p, now);
		else if (p->order)
			model_order_event(m, p->order, "drop", now);
		return;
	}
	if (placed(p) && !read) {
		ask(t, ASKED_CHANGE, p, now);
		keep(t->yes, &t->n, p);
		return;
	}
	write_down(m, t, p, owner, now);
}

void talk_items(struct model *m, struct talk *t, int owner, enum talk_op op,
		const struct item *item, size_t n, int64_t now)
{
	struct plan p;

	t->asked = ASKED_NOTHING;
	if (!plan_open(&p, m, owner, now) || (op == TALK_REMOVE && !p.order))
		return;
	for (size_t i = 0; i < n; i++) {
		struct offer *f = on_sale(p.cycle, item[i].product);
		struct row *r;

		if (op == TALK_REMOVE) {
			for (size_t k = 0; k < p.n; k++) {
				if (p.row[k].offer->product == item[i].product)
					p.row[k].after = 0;
			}
			p.said = true;
			continue;
		}
		if (!f) {
			p.said = true;
			continue;
		}
		r = row_of(&p, f);
		if (most(&p, r) <= 0) {
			p.said = true;
			continue;
		}
		r->after = op == TALK_ADD ? r->after + item[i].qty : item[i].qty;
	}
	settle(m, t, &p, owner, now, false);
}

void talk_cancel(struct model *m, struct talk *t, int owner, int64_t now)
{
	struct plan p;

	t->asked = ASKED_NOTHING;
	if (!plan_open(&p, m, owner, now) || !p.order)
		return;
	if (placed(&p))
		ask(t, ASKED_CANCEL, &p, now);
	else
		model_order_event(m, p.order, "drop", now);
}

/* Less is left than the draft wants: it takes what there is, and asks again. */
static void take_what_is_left(struct model *m, struct talk *t, int owner, int64_t now)
{
	struct plan p;

	if (!plan_open(&p, m, owner, now))
		return;
	for (size_t i = 0; i < p.n; i++) {
		struct row *r = &p.row[i];

		r->after = OSMO_MIN(r->after, OSMO_MAX(most(&p, r), 0));
	}
	if (holds(&p))
		write_down(m, t, &p, owner, now);
	else
		model_order_event(m, p.order, "drop", now);
}

static void place(struct model *m, struct talk *t, struct order *o, int64_t now)
{
	bool enough = true;

	for (size_t i = 0; i < o->n; i++) {
		const struct line *l = o->line[i];

		if (model_is(&l->s, "requested"))
			enough = enough && model_is(&l->offer->s, "available")
				 && l->qty <= model_left(l->offer);
	}
	t->asked = ASKED_NOTHING;
	if (enough)
		model_order_event(m, o, "confirm", now);
	else
		take_what_is_left(m, t, o->owner, now);
}

static void apply(struct model *m, struct talk *t, int owner, const struct wish *wish, size_t n,
		  int64_t now, bool read)
{
	struct plan p;

	t->asked = ASKED_NOTHING;
	if (n == 0 || !plan_open(&p, m, owner, now))
		return;
	for (size_t i = 0; i < n; i++)
		row_of(&p, wish[i].offer)->after = wish[i].qty;
	settle(m, t, &p, owner, now, read);
}

void talk_yes(struct model *m, struct talk *t, int owner, int64_t now)
{
	struct talk was = *t;
	struct cycle *c = talk_cycle(m, now);
	struct order *o = c ? talk_order(c, owner) : NULL;

	if (now - t->asked_at > ASKED_TTL)
		was.asked = ASKED_NOTHING;
	t->asked = ASKED_NOTHING;
	switch (was.asked) {
	case ASKED_LEFT:
		apply(m, t, owner, was.yes, was.n, now, false);
		break;
	case ASKED_CHANGE:
		apply(m, t, owner, was.yes, was.n, now, was.order == o);
		break;
	case ASKED_CANCEL:
		if (o && o == was.order)
			model_order_event(m, o, "cancel", now);
		break;
	default: /* without a question a draft's recap is meant */
		if (o && model_is(&o->s, "draft"))
			place(m, t, o, now);
	}
}

void talk_no(struct model *m, struct talk *t, int owner, int64_t now)
{
	struct talk was = *t;
	struct cycle *c = talk_cycle(m, now);
	struct order *o = c ? talk_order(c, owner) : NULL;

	if (now - t->asked_at > ASKED_TTL)
		was.asked = ASKED_NOTHING;
	t->asked = ASKED_NOTHING;
	if (was.asked == ASKED_LEFT)
		apply(m, t, owner, was.no, was.n_no, now, false);
	else if ((was.asked == ASKED_RECAP || was.asked == ASKED_NOTHING) && o
		 && model_is(&o->s, "draft"))
		model_order_event(m, o, "drop", now);
}

/* Producers. */

static int by_placing(const void *a, const void *b)
{
	const struct order *x = *(struct order *const *)a, *y = *(struct order *const *)b;

	if (x->placed_at != y->placed_at)
		return x->placed_at < y->placed_at ? -1 : 1;
	return x->born < y->born ? -1 : x->born > y->born;
}

/* Lines of a producer in such states, in the sequence in which their orders were placed. */
static size_t lines_of(struct model *m, struct cycle *c, int producer, const char *states,
		       struct line ***out)
{
	struct order **order = talloc_array(m, struct order *, c->n_orders + 1);
	size_t n = 0;

	*out = NULL;
	for (size_t i = 0; i < c->n_orders; i++)
		order[i] = c->order[i];
	qsort(order, c->n_orders, sizeof(order[0]), by_placing);
	for (size_t i = 0; i < c->n_orders; i++) {
		if (!model_is(&order[i]->s, "locked confirmed"))
			continue;
		for (size_t k = 0; k < order[i]->n; k++) {
			struct line *l = order[i]->line[k];

			if (l->offer->producer != producer || !model_is(&l->s, states))
				continue;
			*out = talloc_realloc(m, *out, struct line *, n + 1);
			(*out)[n++] = l;
		}
	}
	talloc_free(order);
	return n;
}

void talk_confirm(struct model *m, struct cycle *c, int producer, int64_t now)
{
	struct line **line;
	size_t n = lines_of(m, c, producer, "requested", &line);

	for (size_t i = 0; i < n; i++)
		model_line_event(m, line[i], "confirm", now);
	talloc_free(line);
}

/* What a producer gives to each line that waits. */
struct share {
	struct line *line;
	int64_t give;
};

/* Would an order be left with nothing? */
static bool empties(const struct share *share, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct order *o = share[i].line->order;
		size_t live = 0, refused = 0;

		if (share[i].give > 0)
			continue;
		for (size_t k = 0; k < n; k++)
			refused += share[k].line->order == o && share[k].give == 0;
		for (size_t k = 0; k < o->n; k++)
			live += model_is(&o->line[k]->s,
					 "requested confirmed partial sub_proposed");
		if (live == refused)
			return true;
	}
	return false;
}

/* Do several orders share what is not enough for all? That is read back before it is done. */
static bool is_shared(const struct share *share, size_t n)
{
	bool several = false, less = false;

	for (size_t i = 0; i < n; i++) {
		several = several || share[i].line->order != share[0].line->order;
		less = less || share[i].give < share[i].line->qty;
	}
	return several && less;
}

static void give_all(struct model *m, struct talk *t, struct share *share, size_t n, bool ask_first,
		     int64_t now)
{
	t->asked = ask_first ? ASKED_REFUSE : ASKED_NOTHING;
	t->asked_at = now;
	for (size_t i = 0; i < n && !ask_first; i++) {
		struct line *l = share[i].line;

		if (share[i].give == l->qty)
			model_line_event(m, l, "confirm", now);
		else if (share[i].give > 0)
			model_shorten(m, l, share[i].give, now);
		else
			model_line_event(m, l, "refuse", now);
	}
}

void talk_share(struct model *m, struct talk *t, struct cycle *c, int producer, int product,
		int64_t qty, bool sure, int64_t now)
{
	struct line **line;
	size_t n = lines_of(m, c, producer, "requested", &line), meant = 0;
	struct share *share = talloc_array(m, struct share, n + 1);
	bool ask_first;

	for (size_t i = 0; i < n; i++) {
		struct line *l = line[i];
		int64_t give = l->qty;

		if (l->offer->product != product)
			continue;
		if (qty < l->qty)
			give = qty / 1000 * 1000; /* whole units of sale */
		qty -= give;
		share[meant++] = (struct share){ l, give };
	}
	/* an order that is gone since leaves more for the others: that is read back anew */
	if (sure)
		ask_first = meant > 0 && t->shared != meant;
	else
		ask_first = is_shared(share, meant) || empties(share, meant);
	t->shared = meant;
	give_all(m, t, share, meant, ask_first, now);
	talloc_free(share);
	talloc_free(line);
}

void talk_refuse(struct model *m, struct talk *t, struct order *o, int producer, bool sure,
		 int64_t now)
{
	struct share *share = talloc_array(m, struct share, o->n + 1);
	size_t meant = 0;

	for (size_t i = 0; i < o->n; i++) {
		if (o->line[i]->offer->producer == producer
		    && model_is(&o->line[i]->s, "requested"))
			share[meant++] = (struct share){ o->line[i], 0 };
	}
	give_all(m, t, share, meant, !sure && empties(share, meant), now);
	talloc_free(share);
}
