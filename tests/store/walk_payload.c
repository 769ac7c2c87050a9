/* Who tries an event of a walk, and with what payload.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/store/walk_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* Who may act in a role on a subject, as the subject itself says. */
static const struct {
	const char *machine, *role, *sql;
} parties[] = {
	{ "offer", "PRO", "SELECT producer_id FROM offer WHERE id = ?1" },
	{ "order", "RES", "SELECT owner_id FROM orders WHERE id = ?1" },
	{ "line", "RES",
	  "SELECT o.owner_id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = ?1" },
	{ "line", "PRO",
	  "SELECT f.producer_id FROM order_line l JOIN offer f ON f.id = l.offer_id"
	  " WHERE l.id = ?1" },
	{ "payment", "RES", "SELECT owner_id FROM payment WHERE id = ?1" },
	{ "contact", "RES", "SELECT person_id FROM contact_person WHERE contact_id = ?1" },
};

int64_t walk_holder(struct walk *w, const char *role)
{
	if (strcmp(role, "SYS") == 0)
		return 0;
	if (strcmp(role, "RES") == 0)
		return walk_once_in(w, 10)
			       ? 100 + walk_any(w, RESIDENTS)
			       : walk_number(
				       w,
				       "SELECT cp.person_id FROM contact_person cp JOIN contact c"
				       " ON c.id = cp.contact_id WHERE c.state = 'active'"
				       " AND cp.person_id <> 31 ORDER BY cp.person_id * %u %% 13",
				       1 + walk_any(w, 12));
	if (strcmp(role, "PRO") == 0)
		return walk_once_in(w, 2) ? 11 : 13;
	return strcmp(role, "AID") == 0 ? 3 : 31;
}

int64_t walk_party(struct walk *w, const char *machine, const char *role, int64_t subject)
{
	for (size_t i = 0; i < ARRAY_SIZE(parties); i++) {
		int64_t person = 0;

		if (strcmp(parties[i].machine, machine) == 0
		    && strcmp(parties[i].role, role) == 0) {
			person = strtoll(walk_first(w, parties[i].sql, subject), NULL, 10);
			if (person)
				return person;
		}
	}
	return walk_holder(w, role);
}

static int64_t some_order(struct walk *w, const struct walk_filling *f)
{
	if (w->place_order)
		return w->place_order;
	if (strcmp(f->role, "RES") == 0)
		return walk_some_id(
			w, "orders",
			walk_text(w, "state IN ('draft', 'placed') AND owner_id = %" PRId64,
				  f->actor));
	return walk_some_id(w, "orders",
			    strcmp(f->role, "AID") == 0
				    ? "state IN ('draft', 'placed') AND owner_id = 2"
				    : "state IN ('draft', 'placed')");
}

static int64_t some_offer(struct walk *w, const struct walk_filling *f)
{
	if (strcmp(f->t->machine, "line") == 0 && f->subject && !walk_once_in(w, 8))
		return walk_some_id(
			w, "offer",
			walk_text(
				w,
				"(cycle_id, producer_id) = (SELECT m.cycle_id, m.producer_id FROM offer m"
				" JOIN order_line l ON l.offer_id = m.id WHERE l.id = %" PRId64
				")%s",
				f->subject, walk_once_in(w, 8) ? " AND price_cents = 0" : ""));
	return walk_some_id(
		w, "offer",
		walk_text(w, "cycle_id = (SELECT cycle_id FROM orders WHERE id = %" PRId64 ")%s",
			  f->order, walk_once_in(w, 10) ? "" : " AND state = 'available'"));
}

/* Cents that a payment may be about: sometimes all, sometimes a part, seldom too much. */
static int64_t some_amount(struct walk *w, const struct walk_filling *f)
{
	int64_t total = 500, paid = 0;

	if (strcmp(f->t->machine, "payment") == 0) {
		total = walk_number(w, "SELECT amount_cents FROM payment WHERE id = %" PRId64,
				    f->subject);
		paid = walk_number(w, "SELECT paid_cents FROM payment WHERE id = %" PRId64,
				   f->subject);
	}
	if (walk_once_in(w, 3))
		return 1 + walk_any(w, (total > 0 ? total : 0) + 5);
	if (walk_once_in(w, 3))
		return paid;
	return total - (walk_once_in(w, 2) ? paid : 0);
}

static int64_t some_time(struct walk *w, const char *field)
{
	static const struct {
		const char *field;
		int from, spread;
	} times[] = {
		{ "opens_at", 0, 200 },
		{ "closes_at", 1000, 3000 },
		{ "avail_by", 0, 900 },
		{ "confirm_by", 3900, 1000 },
		{ "pickup_from", 5000, 1000 },
		{ "pickup_to", 6000, 1000 },
		{ "from", 0, 300 },
		{ "to", 400, 500 },
		{ "by", -100, 4000 },
		{ "time", 0, 900 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		if (strcmp(times[i].field, field) == 0 && walk_once_in(w, 60))
			return w->now; /* not in the right sequence */
		if (strcmp(times[i].field, field) == 0)
			return w->now + times[i].from + walk_any(w, times[i].spread);
	}
	return -1;
}

static const char *some_code(struct walk *w, const struct walk_filling *f)
{
	if (strcmp(f->t->event, "confirm") == 0)
		return walk_text(w, "\"%04d\"", 1000 + walk_any(w, 9000));
	return walk_text(w, "\"%s\"",
			 walk_once_in(w, 4)
				 ? "0000"
				 : walk_get(w, "SELECT pickup_code FROM orders WHERE id = %" PRId64,
					    f->subject));
}

/* A value for a field that has a chance, by the field's name. */
static const char *value(struct walk *w, struct walk_filling *f, const char *field, bool is_text)
{
	static const char *const products[] = { "carotte", "radis", "pain" };
	static const char *const units[] = { "kg", "botte", "pc" };
	int64_t time = some_time(w, field);

	if (time >= 0)
		return walk_text(w, "%" PRId64, time);
	if (strcmp(field, "cycle") == 0) {
		f->cycle = walk_some_id(w, "cycle",
					strcmp(f->t->machine, "order") == 0
						? "state = 'open'"
						: "state IN ('draft', 'announced', 'open')");
		return walk_text(w, "%" PRId64, f->cycle);
	}
	if (strcmp(field, "producer") == 0)
		return walk_text(w, "%" PRId64,
				 strcmp(f->role, "PRO") == 0 ? f->actor : walk_holder(w, "PRO"));
	if (strcmp(field, "owner") == 0)
		return walk_text(w, "%" PRId64,
				 strcmp(f->role, "AID") == 0   ? 2
				 : strcmp(f->role, "RES") == 0 ? f->actor
							       : walk_holder(w, "RES"));
	if (strcmp(field, "order") == 0) {
		f->order = some_order(w, f);
		return walk_text(w, "%" PRId64, f->order);
	}
	if (strcmp(field, "offer") == 0)
		return walk_text(w, "%" PRId64, some_offer(w, f));
	if (strcmp(field, "product") == 0) {
		f->product = products[walk_any(w, 3)];
		return walk_text(w, "\"%s\"", f->product);
	}
	if (strcmp(field, "unit") == 0) {
		for (size_t i = 0; i < ARRAY_SIZE(products); i++) {
			if (f->product && strcmp(products[i], f->product) == 0)
				return walk_text(w, "\"%s\"",
						 units[walk_once_in(w, 20) ? walk_any(w, 3) : i]);
		}
		return "\"kg\"";
	}
	if (strcmp(field, "qty") == 0 || strcmp(field, "add") == 0)
		return walk_text(w, "%u",
				 walk_any(w, 12) * (strcmp(f->t->machine, "offer") ? 500 : 4000));
	if (strcmp(field, "price") == 0)
		return walk_text(w, "%u", 50 + walk_any(w, 300));
	if (strcmp(field, "amount") == 0)
		return walk_text(w, "%" PRId64, some_amount(w, f));
	if (strcmp(field, "code") == 0)
		return some_code(w, f);
	if (strcmp(field, "promo") == 0)
		return walk_once_in(w, 2) ? "0" : "1";
	if (strcmp(field, "place") == 0)
		return walk_once_in(w, 30) ? "9" : "1";
	return is_text ? "\"x\"" : walk_text(w, "%u", 1 + walk_any(w, 9));
}

/* A birth says what it is; later the same fields would be ignored. */
static bool wanted(struct walk *w, const struct walk_filling *f, const char *field, bool required)
{
	if (required)
		return true;
	if (strcmp(f->t->machine, "offer") == 0 && strcmp(f->t->event, "declare") == 0
	    && machine_list_has("cycle,producer,product,unit", field))
		return f->birth;
	if (strcmp(field, "list_no") == 0)
		return false;
	if (strcmp(field, "reason") == 0)
		return !walk_once_in(w, 8);
	return !walk_once_in(w, 4);
}

const char *walk_payload(struct walk *w, struct walk_filling *f)
{
	char *out = talloc_strdup(w->scratch, "");
	sqlite3_stmt *s;
	/* what others depend on comes first */
	const char *sql =
		walk_text(w,
			  "SELECT field, type, required FROM fsm_field WHERE machine = '%s'"
			  " AND event = '%s' ORDER BY field <> 'order', field <> 'cycle',"
			  " field <> 'product', field",
			  f->t->machine, f->t->event);

	sqlite3_prepare_v2(w->db, sql, -1, &s, NULL);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *field = walk_text(w, "%s", (const char *)sqlite3_column_text(s, 0));
		bool is_text = strcmp((const char *)sqlite3_column_text(s, 1), "text") == 0;

		if (wanted(w, f, field, sqlite3_column_int(s, 2)))
			out = talloc_asprintf_append_buffer(out, "%s\"%s\":%s", *out ? "," : "",
							    field, value(w, f, field, is_text));
	}
	sqlite3_finalize(s);
	return *out ? walk_text(w, "{%s}", out) : walk_once_in(w, 2) ? "{}" : NULL;
}
