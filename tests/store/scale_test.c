/* What an event costs does not grow with what is past: nothing on its way looks through a whole table.
 *
 * A cycle is played from its creation to the money, on an empty database and behind many others. The rows that its
 * statements looked through without an index are counted by SQLite, and are the same. So it is with the
 * deadlines.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/sqlite.h"
#include "tests/store/fixture.h"

#define PAST     30
#define RESIDENT 1

struct platform {
	struct fixture *f;
	sqlite3_stmt *fire;
	int64_t at, cycle, offer[2], order, line[2];
	int n;
};

/* The id of what was born last. */
static int64_t born(struct platform *p)
{
	return fixture_int(p->f,
			   "SELECT max(id) FROM event_log WHERE seq = 1 AND channel = 'test'");
}

/* \returns the rows that it looked through. */
static int fire(struct platform *p, const char *role, int64_t actor, const char *machine,
		int64_t subject, const char *event, const char *payload)
{
	sqlite3 *db = store_sqlite(p->f->st);
	char idem[24];

	snprintf(idem, sizeof(idem), "n%d", ++p->n);
	sqlite3_bind_text(p->fire, 1, machine, -1, SQLITE_TRANSIENT);
	if (subject)
		sqlite3_bind_int64(p->fire, 2, subject);
	sqlite3_bind_int64(
		p->fire, 3,
		fixture_int(p->f, "SELECT version FROM subject WHERE id = %" PRId64, subject));
	sqlite3_bind_text(p->fire, 4, event, -1, SQLITE_TRANSIENT);
	if (actor)
		sqlite3_bind_int64(p->fire, 5, actor);
	sqlite3_bind_text(p->fire, 6, role, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(p->fire, 7, idem, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(p->fire, 8, p->at);
	sqlite3_bind_text(p->fire, 9, payload, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(p->fire) != SQLITE_DONE)
		fail_msg("%s.%s: %s", machine, event, sqlite3_errmsg(db));
	sqlite3_reset(p->fire);
	sqlite3_clear_bindings(p->fire);
	return sqlite3_stmt_status(p->fire, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
}

static int offer(struct platform *p, int i, const char *product, const char *unit)
{
	int steps = fire(p, "PRO", 11, "offer", 0, "declare",
			 talloc_asprintf(p->f,
					 "{\"cycle\":%" PRId64
					 ",\"producer\":11,\"product\":\"%s\","
					 "\"unit\":\"%s\",\"qty\":9000,\"price\":150}",
					 p->cycle, product, unit));

	p->offer[i] = born(p);
	return steps;
}

static int open_cycle(struct platform *p)
{
	int steps;

	steps = fire(p, "COO", 31, "cycle", 0, "create",
		     talloc_asprintf(p->f,
				     "{\"place\":1,\"opens_at\":%" PRId64 ",\"closes_at\":%" PRId64
				     ",\"avail_by\":%" PRId64 ",\"confirm_by\":%" PRId64
				     ",\"pickup_from\":%" PRId64 ",\"pickup_to\":%" PRId64 "}",
				     p->at + 10, p->at + 100, p->at + 5, p->at + 200, p->at + 300,
				     p->at + 400));
	p->cycle = born(p);
	steps += fire(p, "COO", 31, "cycle", p->cycle, "announce", "{}");
	steps += offer(p, 0, "carotte", "kg");
	steps += offer(p, 1, "radis", "botte");
	p->at += 10;
	return steps + fire(p, "SYS", 0, "cycle", p->cycle, "open", "{}");
}

static int place_order(struct platform *p)
{
	int steps = fire(
		p, "RES", RESIDENT, "order", 0, "start",
		talloc_asprintf(p->f, "{\"cycle\":%" PRId64 ",\"owner\":%d}", p->cycle, RESIDENT));

	p->order = born(p);
	for (int i = 0; i < 2; i++) {
		steps += fire(p, "RES", RESIDENT, "line", 0, "add",
			      talloc_asprintf(p->f,
					      "{\"order\":%" PRId64 ",\"offer\":%" PRId64
					      ",\"qty\":1000}",
					      p->order, p->offer[i]));
		p->line[i] = born(p);
	}
	steps += fire(p, "RES", RESIDENT, "line", p->line[0], "change", "{\"qty\":2000}");
	steps += fire(p, "RES", RESIDENT, "order", p->order, "edit", "{}");
	return steps
	       + fire(p, "RES", RESIDENT, "order", p->order, "confirm", "{\"code\":\"4711\"}");
}

static int decide(struct platform *p)
{
	int steps;

	p->at += 90;
	steps = fire(p, "SYS", 0, "cycle", p->cycle, "close", "{}");
	steps += fire(p, "PRO", 11, "line", p->line[0], "shorten", "{\"qty\":500}");
	steps += fire(p, "PRO", 11, "line", p->line[1], "confirm", "{}");
	return steps + fire(p, "PRO", 11, "line", p->line[1], "shorten", "{\"qty\":500}");
}

static int fetch(struct platform *p)
{
	int64_t payment = fixture_int(p->f, "SELECT id FROM payment WHERE order_id = %" PRId64,
				      p->order);
	int steps;

	p->at += 200;
	steps = fire(p, "SYS", 0, "cycle", p->cycle, "start_pickup", "{}");
	steps += fire(p, "COO", 31, "payment", payment, "pay", "{\"amount\":150}");
	steps += fire(p, "COO", 31, "order", p->order, "collect", "{}");
	steps += fire(p, "RES", RESIDENT, "line", p->line[0], "dispute", "{\"reason\":\"old\"}");
	steps += fire(p, "COO", 31, "line", p->line[0], "credit", "{}");
	p->at += 4000;
	return steps + fire(p, "SYS", 0, "cycle", p->cycle, "settle", "{}");
}

static int play_cycle(struct platform *p)
{
	int steps = open_cycle(p);

	for (int i = 0; i < 3; i++) {
		steps += place_order(p);
		if (i < 2)
			steps += fire(p, "RES", RESIDENT, "order", p->order, "cancel", "{}");
	}
	steps += decide(p);
	return steps + fetch(p);
}

static int look_at_deadlines(struct platform *p)
{
	sqlite3 *db = store_sqlite(p->f->st);
	sqlite3_stmt *s;
	int steps;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT min(due_at) FROM deadline", -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	steps = sqlite3_stmt_status(s, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
	sqlite3_finalize(s);
	return steps;
}

static void open_platform(struct platform *p, struct fixture *f)
{
	*p = (struct platform){ .f = f, .at = 2000 };
	fixture_sql(f, "PRAGMA synchronous = OFF");
	fixture_fire(f, "COO 31", "contact", 0, "register", "{\"identity_seen\":1}");
	fixture_sql(f, "INSERT INTO contact_number SELECT id, '+33639980001' FROM contact;"
		       "INSERT INTO contact_person SELECT id, 1 FROM contact");
	fixture_fire(f, "COO 31", "contact", fixture_int(f, "SELECT id FROM contact"), "consent",
		     "{\"proof_kept\":1}");
	assert_int_equal(
		sqlite3_prepare_v2(store_sqlite(f->st),
				   "INSERT INTO fire(machine, subject_id, version, event, actor,"
				   " role, channel, idem, at, payload)"
				   " VALUES (?, ?, ?, ?, ?, ?, 'test', ?, ?, ?)",
				   -1, &p->fire, NULL),
		SQLITE_OK);
}

static void test_the_past_costs_nothing(void **state)
{
	struct platform p;
	int first, last = 0, deadlines;

	open_platform(&p, *state);
	play_cycle(&p); /* the first order of all, and the first cycle, find nothing before them */
	first = play_cycle(&p);
	deadlines = look_at_deadlines(&p);
	for (int i = 0; i < PAST; i++)
		last = play_cycle(&p);
	assert_int_equal(first, last);
	assert_int_equal(deadlines, look_at_deadlines(&p));
	sqlite3_finalize(p.fire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_past_costs_nothing, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
