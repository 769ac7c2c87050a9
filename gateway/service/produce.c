/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/produce.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/store.h"

/* Columns are those of the macros in statements.c, in their order. */
enum { PRODUCT_COLUMNS = 6 };

static char *text(void *ctx, const struct store_rows *rows, int column)
{
	char *s = talloc_strdup(ctx, store_text(rows, column));

	OSMO_ASSERT(s);
	return s;
}

static void read_product(struct product *p, void *ctx, const struct store_rows *rows, int column)
{
	OSMO_STRLCPY_ARRAY(p->name, store_text(rows, column));
	p->one = text(ctx, rows, column + 1);
	p->many = text(ctx, rows, column + 2);
	OSMO_STRLCPY_ARRAY(p->unit, store_text(rows, column + 3));
	OSMO_STRLCPY_ARRAY(p->category, store_text(rows, column + 4));
	p->piece = store_int(rows, column + 5) != 0;
}

static void read_cycle(struct cycle *c, void *ctx, const struct store_rows *rows)
{
	c->id = store_int(rows, 0);
	OSMO_STRLCPY_ARRAY(c->state, store_text(rows, 1));
	c->opens_at = store_int(rows, 2);
	c->closes_at = store_int(rows, 3);
	c->avail_by = store_int(rows, 4);
	c->confirm_by = store_int(rows, 5);
	c->pickup_from = store_int(rows, 6);
	c->pickup_to = store_int(rows, 7);
	c->place = talloc_asprintf(ctx, "%s%s%s", store_text(rows, 8),
				   *store_text(rows, 9) ? ", " : "", store_text(rows, 9));
	OSMO_ASSERT(c->place);
}

static int one_cycle(struct cycle *out, void *ctx, struct store *st, enum store_stmt stmt,
		     const struct store_arg *args)
{
	struct store_rows *rows = store_query(st, stmt, args);
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1)
		read_cycle(out, ctx, rows);
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

int produce_open_cycle(struct cycle *out, void *ctx, struct store *st, int64_t now)
{
	return one_cycle(out, ctx, st, STORE_STMT_PRODUCE_OPEN_CYCLE, STORE_ARGS(STORE_INT(now)));
}

int produce_last_cycle(struct cycle *out, void *ctx, struct store *st)
{
	return one_cycle(out, ctx, st, STORE_STMT_PRODUCE_LAST_CYCLE, NULL);
}

int produce_cycle(struct cycle *out, void *ctx, struct store *st, int64_t id)
{
	return one_cycle(out, ctx, st, STORE_STMT_PRODUCE_CYCLE, STORE_ARGS(STORE_INT(id)));
}

int produce_supply_cycle(struct cycle *out, void *ctx, struct store *st, int64_t producer_id)
{
	return one_cycle(out, ctx, st, STORE_STMT_PRODUCE_SUPPLY_CYCLE,
			 STORE_ARGS(STORE_INT(producer_id)));
}

static void read_offer(struct offer *f, void *ctx, const struct store_rows *rows)
{
	f->id = store_int(rows, 0);
	f->version = store_int(rows, 1);
	f->number = store_int(rows, 2);
	OSMO_STRLCPY_ARRAY(f->state, store_text(rows, 3));
	f->price = store_int(rows, 4);
	/* what others give back of a product that its producer ended stays off sale */
	f->left = strcmp(f->state, "available") == 0 ? store_int(rows, 5) : 0;
	f->producer_id = store_int(rows, 6);
	f->producer = text(ctx, rows, 7);
	read_product(&f->product, ctx, rows, 8);
	f->offered = store_int(rows, 8 + PRODUCT_COLUMNS);
}

static int read_offers(struct offers *out, void *ctx, struct store *st, enum store_stmt stmt,
		       const struct store_arg *args)
{
	struct store_rows *rows = store_query(st, stmt, args);
	struct offers offers = {};
	int rc;

	if (!rows)
		return store_errno(st);
	while ((rc = store_next(rows)) == 1) {
		offers.offer = talloc_realloc(ctx, offers.offer, struct offer, offers.n + 1);
		OSMO_ASSERT(offers.offer);
		read_offer(&offers.offer[offers.n++], ctx, rows);
	}
	store_done(rows);
	if (rc == 0)
		*out = offers;
	return rc;
}

int produce_offers(struct offers *out, void *ctx, struct store *st, int64_t cycle_id)
{
	return read_offers(out, ctx, st, STORE_STMT_PRODUCE_OFFERS,
			   STORE_ARGS(STORE_INT(cycle_id)));
}

int produce_offers_of(struct offers *out, void *ctx, struct store *st, int64_t producer_id,
		      int64_t cycle_id)
{
	return read_offers(out, ctx, st, STORE_STMT_PRODUCE_OFFERS_OF,
			   STORE_ARGS(STORE_INT(producer_id), STORE_INT(cycle_id)));
}

const struct offer *offers_find(const struct offers *offers, int64_t id)
{
	for (size_t i = 0; i < offers->n; i++)
		if (offers->offer[i].id == id)
			return &offers->offer[i];
	return NULL;
}

static void read_line(struct line *l, void *ctx, const struct store_rows *rows)
{
	*l = (struct line){
		.id = store_int(rows, 0),
		.version = store_int(rows, 1),
		.offer_id = store_int(rows, 3),
		.asked = store_int(rows, 4),
		.given = store_is_null(rows, 5) ? -1 : store_int(rows, 5),
		.price = store_int(rows, 6),
		.amount = store_int(rows, 7),
		.producer_id = store_int(rows, 8),
		.order_id = store_int(rows, 9),
		.sub_offer_id = store_int(rows, 10),
		.sub_milli = store_int(rows, 11),
		.sub_price = store_int(rows, 12),
		.sub_by = store_int(rows, 13),
		.credit = store_int(rows, 14),
	};
	OSMO_STRLCPY_ARRAY(l->state, store_text(rows, 2));
	read_product(&l->product, ctx, rows, 15);
	if (l->sub_offer_id)
		read_product(&l->substitute, ctx, rows, 15 + PRODUCT_COLUMNS);
}

static int lines(struct line **out, size_t *n, void *ctx, struct store *st, enum store_stmt stmt,
		 const struct store_arg *args)
{
	struct store_rows *rows = store_query(st, stmt, args);
	struct line *line = NULL;
	size_t count = 0;
	int rc;

	if (!rows)
		return store_errno(st);
	while ((rc = store_next(rows)) == 1) {
		line = talloc_realloc(ctx, line, struct line, count + 1);
		OSMO_ASSERT(line);
		read_line(&line[count++], ctx, rows);
	}
	store_done(rows);
	if (rc)
		return rc;
	*out = line;
	*n = count;
	return 0;
}

int produce_line(struct line *out, void *ctx, struct store *st, int64_t id)
{
	struct line *line;
	size_t n;
	int rc = lines(&line, &n, ctx, st, STORE_STMT_PRODUCE_LINE, STORE_ARGS(STORE_INT(id)));

	if (rc)
		return rc;
	if (n == 0)
		return -ENOENT;
	*out = line[0];
	return 0;
}

int produce_lines_of(struct line **out, size_t *n, void *ctx, struct store *st, int64_t producer_id,
		     int64_t cycle_id, bool pending)
{
	return lines(out, n, ctx, st,
		     pending ? STORE_STMT_PRODUCE_PENDING_LINES : STORE_STMT_PRODUCE_LINES_OF,
		     STORE_ARGS(STORE_INT(producer_id), STORE_INT(cycle_id)));
}

int produce_delivered(struct line **out, size_t *n, void *ctx, struct store *st, int64_t owner_id,
		      size_t max)
{
	return lines(out, n, ctx, st, STORE_STMT_COMPLAINT_LINES,
		     STORE_ARGS(STORE_INT(owner_id), STORE_INT((int64_t)max)));
}

int produce_replaceable(struct line **out, size_t *n, void *ctx, struct store *st,
			int64_t producer_id, int64_t cycle_id)
{
	return lines(out, n, ctx, st, STORE_STMT_PRODUCE_REPLACEABLE,
		     STORE_ARGS(STORE_INT(producer_id), STORE_INT(cycle_id)));
}

/* The row of an order; its cycle's id and own pickup times go to cycle. */
static int read_order(struct order *o, struct store *st, int64_t id)
{
	struct store_rows *rows = store_query(st, STORE_STMT_PRODUCE_ORDER,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1) {
		o->id = store_int(rows, 0);
		o->version = store_int(rows, 1);
		OSMO_STRLCPY_ARRAY(o->state, store_text(rows, 2));
		OSMO_STRLCPY_ARRAY(o->ref, store_text(rows, 3));
		o->owner_id = store_int(rows, 4);
		o->owner = text(o, rows, 5);
		o->total = store_int(rows, 6);
		o->changed = store_int(rows, 7) != 0;
		OSMO_STRLCPY_ARRAY(o->code, store_text(rows, 8));
		o->draft_by = store_int(rows, 9);
		o->cycle.id = store_int(rows, 10);
		o->cycle.pickup_from = store_int(rows, 11);
		o->cycle.pickup_to = store_int(rows, 12);
		o->payment.id = store_int(rows, 13);
		o->payment.version = store_int(rows, 14);
		OSMO_STRLCPY_ARRAY(o->payment.state, store_text(rows, 15));
		o->payment.amount = store_int(rows, 16);
		o->payment.paid = store_int(rows, 17);
	}
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

static int fill_order(struct order *o, struct store *st, int64_t id)
{
	int rc = read_order(o, st, id);
	int64_t from = o->cycle.pickup_from, to = o->cycle.pickup_to;

	if (!rc)
		rc = produce_cycle(&o->cycle, o, st, o->cycle.id);
	if (!rc && from) {
		o->cycle.pickup_from = from;
		o->cycle.pickup_to = to;
	}
	if (!rc)
		rc = lines(&o->line, &o->n, o, st, STORE_STMT_PRODUCE_ORDER_LINES,
			   STORE_ARGS(STORE_INT(id)));
	if (!rc)
		rc = store_get_int(st, &o->seen, STORE_STMT_PRODUCE_ORDER_SEEN,
				   STORE_ARGS(STORE_INT(id)));
	return rc;
}

int produce_order(struct order **out, void *ctx, struct store *st, int64_t id)
{
	struct order *o = talloc_zero(ctx, struct order);
	int rc;

	OSMO_ASSERT(o);
	rc = fill_order(o, st, id);
	if (rc)
		talloc_free(o);
	else
		*out = o;
	return rc;
}

int64_t produce_due(const struct order *o)
{
	static const char *const open[] = { "due", "part_paid", "deferred" };
	const struct payment *p = &o->payment;

	if (!p->id)
		return o->total;
	for (size_t i = 0; i < ARRAY_SIZE(open); i++)
		if (strcmp(p->state, open[i]) == 0)
			return p->amount > p->paid ? p->amount - p->paid : 0;
	return 0;
}

static int order_by(struct order **out, void *ctx, struct store *st, enum store_stmt stmt,
		    const struct store_arg *args)
{
	int64_t id;
	int rc = store_get_int(st, &id, stmt, args);

	return rc ? rc : produce_order(out, ctx, st, id);
}

int produce_order_by_ref(struct order **out, void *ctx, struct store *st, const char *ref)
{
	return order_by(out, ctx, st, STORE_STMT_PRODUCE_ORDER_BY_REF, STORE_ARGS(STORE_TEXT(ref)));
}

int produce_open_order(struct order **out, void *ctx, struct store *st, int64_t owner_id,
		       int64_t cycle_id)
{
	return order_by(out, ctx, st, STORE_STMT_PRODUCE_OPEN_ORDER,
			STORE_ARGS(STORE_INT(owner_id), STORE_INT(cycle_id)));
}

int produce_orders_of(int64_t *out, size_t max, struct store *st, int64_t owner_id)
{
	struct store_rows *rows =
		store_query(st, STORE_STMT_PRODUCE_ORDERS_OF,
			    STORE_ARGS(STORE_INT(owner_id), STORE_INT((int64_t)max)));
	size_t n = 0;
	int rc;

	if (!rows)
		return store_errno(st);
	while ((rc = store_next(rows)) == 1 && n < max)
		out[n++] = store_int(rows, 0);
	store_done(rows);
	return rc < 0 ? rc : (int)n;
}

int produce_product(struct product *out, void *ctx, struct store *st, const char *name)
{
	struct store_rows *rows = store_query(st, STORE_STMT_PRODUCE_PRODUCT,
					      STORE_ARGS(STORE_TEXT(name)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc == 1)
		read_product(out, ctx, rows, 0);
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}
