/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/gateway/year/year.h"

/* Seconds that the computer may take over what happens at one time. */
#define LATE 300

/* Rows of one query, in the order of their ids. */
struct rows {
	struct year *y;
	sqlite3_stmt *s;
	const char *what;
	int64_t cycle_id;
	const struct subject *now; /* of this row */
};

static struct rows open_rows(struct year *y, const char *what, const char *sql, int64_t id)
{
	struct rows r = { .y = y, .what = what, .cycle_id = id };

	if (sqlite3_prepare_v2(y->town->db, sql, -1, &r.s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(y->town->db));
	sqlite3_bind_int64(r.s, 1, id);
	return r;
}

static void next(struct rows *r)
{
	if (sqlite3_step(r->s) != SQLITE_ROW)
		fail_msg("cycle %" PRId64 ": the database has a %s less than the model",
			 r->cycle_id, r->what);
}

static void close_rows(struct rows *r)
{
	if (sqlite3_step(r->s) == SQLITE_ROW)
		fail_msg("cycle %" PRId64 ": the model has a %s less than the database: %lld",
			 r->cycle_id, r->what, sqlite3_column_int64(r->s, 0));
	sqlite3_finalize(r->s);
}

/* How the database came to it, as the model tells it. */
static char *history(struct rows *r)
{
	return town_history(r->y->town, r->y, sqlite3_column_int64(r->s, 0));
}

static void differ(struct rows *r, const char *column, const char *model, const char *there)
{
	fail_msg("week %d, cycle %" PRId64
		 ": %s %lld: %s is %s, and %s by the model; it had %s and %s",
		 r->y->week, r->cycle_id, r->what, sqlite3_column_int64(r->s, 0), column, there,
		 model, history(r), r->now->history);
}

static void number(struct rows *r, int column, int64_t model)
{
	char *text;

	r->y->compared++;
	if (sqlite3_column_int64(r->s, column) == model)
		return;
	text = talloc_asprintf(r->y, "%" PRId64, model);
	differ(r, sqlite3_column_name(r->s, column), text,
	       (const char *)sqlite3_column_text(r->s, column));
}

/* Column 0 is the id, column 1 the state. */
static void subject(struct rows *r, const struct subject *model)
{
	const char *state = (const char *)sqlite3_column_text(r->s, 1);
	int64_t id = sqlite3_column_int64(r->s, 0);
	int64_t at = town_int(r->y->town, "SELECT updated_at FROM subject WHERE id = %" PRId64, id);
	char *how = history(r);

	r->y->compared += 3;
	r->now = model;
	if (strcmp(state, model->state) != 0)
		differ(r, "state", model->state, state);
	if (strcmp(how, model->history) != 0)
		differ(r, "history", model->history, how);
	if (llabs(at - model->at) > LATE)
		differ(r, "the time of its last event",
		       talloc_asprintf(r->y, "%" PRId64, model->at),
		       talloc_asprintf(r->y, "%" PRId64, at));
	talloc_free(how);
}

static void offers(struct year *y, struct cycle *c, int64_t id)
{
	struct rows r =
		open_rows(y, "offer",
			  "SELECT id, state, producer_id, price_cents, offered_milli,"
			  " left_milli, exhausted FROM offer WHERE cycle_id = ?1 ORDER BY id",
			  id);

	for (size_t i = 0; i < c->n_offers; i++) {
		const struct offer *f = c->offer[i];

		next(&r);
		subject(&r, &f->s);
		number(&r, 2, PRODUCER_ID + f->producer);
		number(&r, 3, f->price);
		number(&r, 4, f->offered);
		number(&r, 5, model_left(f));
		number(&r, 6, f->exhausted);
	}
	close_rows(&r);
}

static void payment(struct year *y, const struct payment *p, int64_t order_id)
{
	struct rows r = open_rows(y, "payment",
				  "SELECT id, state, amount_cents, paid_cents, back_cents,"
				  " counted_cents FROM payment WHERE order_id = ?1",
				  order_id);

	if (p) {
		next(&r);
		subject(&r, &p->s);
		number(&r, 2, p->amount);
		number(&r, 3, p->paid);
		number(&r, 4, p->back);
		number(&r, 5, p->counted);
	}
	close_rows(&r);
}

static void lines(struct year *y, const struct order *o, int64_t order_id)
{
	struct rows r = open_rows(y, "line",
				  "SELECT id, state, qty_milli, coalesce(final_milli, -1),"
				  " held_milli, price_cents, amount_cents, credit_cents"
				  " FROM order_line WHERE order_id = ?1 ORDER BY id",
				  order_id);

	for (size_t i = 0; i < o->n; i++) {
		const struct line *l = o->line[i];

		next(&r);
		subject(&r, &l->s);
		number(&r, 2, l->qty);
		number(&r, 3, l->final);
		number(&r, 4, l->held);
		number(&r, 5, l->price);
		number(&r, 6, l->amount);
		number(&r, 7, l->credit);
	}
	close_rows(&r);
}

static void orders(struct year *y, struct cycle *c, int64_t id)
{
	struct rows r = open_rows(y, "order",
				  "SELECT id, state, owner_id, total_cents, placed_at IS NOT NULL"
				  " FROM orders WHERE cycle_id = ?1 ORDER BY id",
				  id);

	for (size_t i = 0; i < c->n_orders; i++) {
		const struct order *o = c->order[i];

		next(&r);
		subject(&r, &o->s);
		number(&r, 2, RESIDENT_ID + o->owner);
		number(&r, 3, model_total(o));
		number(&r, 4, o->placed_at > 0);
		lines(y, o, sqlite3_column_int64(r.s, 0));
		payment(y, o->payment, sqlite3_column_int64(r.s, 0));
	}
	close_rows(&r);
}

void compare_cycle(struct year *y, struct cycle *c, int64_t cycle_id)
{
	struct rows r = open_rows(y, "cycle",
				  "SELECT id, state, closes_at FROM cycle WHERE id = ?1", cycle_id);

	next(&r);
	subject(&r, &c->s);
	number(&r, 2, c->closes_at);
	close_rows(&r);
	orders(y, c, cycle_id);
	offers(y, c, cycle_id);
}

void compare_contacts(struct year *y)
{
	for (int i = 0; i < y->residents; i++) {
		struct rows r =
			open_rows(y, "contact",
				  "SELECT c.id, c.state FROM contact c JOIN contact_person p"
				  " ON p.contact_id = c.id WHERE p.person_id = ?1",
				  y->resident[i].id);

		next(&r);
		subject(&r, y->resident[i].contact);
		close_rows(&r);
	}
}

static void none(struct year *y, const char *what, const char *sql)
{
	char *row = town_get(y->town, y, "%s", sql);

	if (*row)
		fail_msg("%s: %s", what, row);
	talloc_free(row);
}

void compare_messages(struct year *y)
{
	none(y, "a text was answered twice",
	     "SELECT inbox_id FROM message WHERE inbox_id IS NOT NULL GROUP BY inbox_id HAVING count(*) > 1");
	none(y, "a text was stored twice",
	     "SELECT digest FROM inbox GROUP BY digest HAVING count(*) > 1");
	none(y, "a timer fired twice",
	     "SELECT machine || ' ' || event || ' ' || subject_id FROM event_log WHERE channel = 'timer'"
	     " AND event NOT IN ('miss') GROUP BY machine, subject_id, event HAVING count(*) > 1");
	none(y, "somebody was reminded twice",
	     "SELECT n.name || ' ' || n.subject_id FROM notice n WHERE n.name LIKE 'remind_%'"
	     " AND n.at > (SELECT now FROM clock) - 30 * 86400"
	     " GROUP BY n.name, n.subject_id, n.person_id HAVING count(*) > (SELECT count(*)"
	     " FROM reminded r WHERE r.name = n.name AND r.subject_id = n.subject_id"
	     " AND r.person_id = n.person_id)");
	none(y, "an order that waited was not reminded of",
	     "SELECT e.subject_id FROM event_log e JOIN orders o ON o.id = e.subject_id"
	     " JOIN cycle c ON c.id = o.cycle_id WHERE e.machine = 'order' AND e.event = 'settle'"
	     " AND e.at <= c.pickup_from - 86400 AND NOT EXISTS (SELECT 1 FROM event_log n"
	     " WHERE n.subject_id = o.id AND n.seq > e.seq AND n.at < c.pickup_from - 80000)"
	     " AND (SELECT now FROM clock) BETWEEN c.pickup_from AND c.pickup_from + 30 * 86400" /* then purged */
	     " AND NOT EXISTS (SELECT 1 FROM reminded r"
	     " WHERE r.name = 'remind_pickup' AND r.subject_id = o.id)");
	none(y, "somebody was told a placeholder",
	     "SELECT body FROM message WHERE body LIKE '%{%' OR body LIKE '%}%'");
	none(y, "a notice was left",
	     "SELECT machine || ' ' || name FROM notice WHERE state = 'new'");
	none(y, "something is due and was not done",
	     "SELECT machine || ' ' || event || ' ' || subject_id FROM deadline"
	     " WHERE due_at < (SELECT now FROM clock) - 60");
}
