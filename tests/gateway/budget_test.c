/* Money: what is counted, what waits, and that no crash makes more of it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/budget.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/outbox.h"
#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"
#define BOB   "+33639980002"
#define DAY   86400

static int64_t at(int month, int day, int hour, int minute)
{
	struct civil c = {
		.year = 2026, .month = month, .day = day, .hour = hour, .minute = minute
	};

	return civil_epoch(&c);
}

static void set_clock(struct fixture *f, int64_t to)
{
	fixture_sql(f, talloc_asprintf(f,
				       "UPDATE clock_offset SET \"offset\" = %" PRId64
				       " - CAST(strftime('%%s', 'now') AS INTEGER)",
				       to));
}

static int64_t number(struct fixture *f, const char *sql)
{
	return strtoll(fixture_get(f, "%s", sql), NULL, 10);
}

/* Parts counted on a day, for a number or "". */
static int64_t counted(struct fixture *f, int64_t moment, const char *who)
{
	return strtoll(fixture_get(f,
				   "SELECT coalesce(sum(parts), 0) FROM budget WHERE day = %" PRId64
				   " AND number = '%s'",
				   budget_day(moment), who),
		       NULL, 10);
}

/* Queue a message of one part. \returns when it is due; 0: it was refused. */
static int64_t queue(struct fixture *f, const char *to, const char *template, int64_t inbox_id,
		     int64_t use_by)
{
	struct outbox_message m = { .to = to,
				    .template = template,
				    .body = "Bonjour",
				    .inbox_id = inbox_id,
				    .use_by = use_by };
	int64_t id = 0;
	int rc;

	assert_int_equal(store_begin(f->gw->store), 0);
	rc = outbox_queue(f->gw, &id, NULL, &m);
	assert_int_equal(store_commit(f->gw->store), 0);
	assert_in_range(rc, 0, 1);
	return rc ? 0
		  : strtoll(fixture_get(f, "SELECT due_at FROM message WHERE id = %" PRId64, id),
			    NULL, 10);
}

static int count_now(struct fixture *f, const char *to, const char *template, int64_t inbox_id,
		     int most)
{
	int64_t now = store_now(f->gw->store);
	int n = 0;

	while (n < most && queue(f, to, template, inbox_id, now + 3 * DAY) <= now + 60)
		n++;
	return n;
}

static void coordinators(struct fixture *f)
{
	fixture_sql(
		f, "INSERT INTO person(id, name) VALUES (31, 'Un'), (32, 'Deux');"
		   "INSERT INTO person_role VALUES (31, 'COO'), (32, 'COO');"
		   "INSERT INTO inbox(id, digest, bearer, worker, number, received_at, body, state)"
		   " VALUES (1, x'00', 'modem', 'gsm0', '" ALICE "', 1, 'x', 'handled')");
}

static int64_t told(struct fixture *f, const char *name)
{
	return strtoll(fixture_get(f, "SELECT count(*) FROM notice WHERE name = '%s'", name), NULL,
		       10);
}

/* Advertisements stop first, then notices, answers last; the coordinators are told once. */
static void test_what_stops_first(void **state)
{
	struct fixture *f = *state;
	int64_t noon = at(3, 27, 12, 0), morning = at(3, 28, 8, 0);

	coordinators(f);
	set_clock(f, noon);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	f->gw->budget.day = 20;
	assert_int_equal(count_now(f, BOB, "cycle_open", 0, 30), 16);
	assert_int_equal(told(f, "budget_day"), 2);
	assert_int_equal(count_now(f, BOB, "order_locked", 0, 30), 2);
	assert_int_equal(count_now(f, ALICE, "ack", 1, 30), 2);
	assert_int_equal(counted(f, noon, ""), 20);
	/* the next ones are for tomorrow, and not for midnight */
	assert_int_equal(queue(f, BOB, "cycle_open", 0, noon + 3 * DAY), morning);
	assert_int_equal(queue(f, ALICE, "ack", 1, noon + 3 * DAY), morning);
	assert_string_equal(fixture_get(f, "SELECT cause FROM message ORDER BY id DESC LIMIT 1"),
			    BUDGET_WAITS);
	assert_int_equal(counted(f, noon, ""), 20);
	/* what the coordinators have to know goes out all the same */
	assert_in_range(queue(f, BOB, "budget_day", 0, 0), noon, noon + 60);
	assert_int_equal(told(f, "budget_day"), 2);
}

/* An answer that would come too late is refused, and its text listed; a notice waits and expires. */
static void test_of_no_use_by_then(void **state)
{
	struct fixture *f = *state;
	int64_t noon = at(3, 27, 12, 0);

	coordinators(f);
	set_clock(f, noon);
	f->gw->budget.day = 1;
	f->one->answers = true;
	assert_in_range(queue(f, ALICE, "ack", 1, 0), noon, noon + 60);
	assert_int_equal(queue(f, ALICE, "ack", 1, 0), 0);
	assert_string_equal(fixture_get(f, "SELECT listed FROM inbox"), "the budget is used up");
	assert_int_not_equal(queue(f, BOB, "order_locked", 0, noon + 3600), 0);
	assert_int_equal(counted(f, noon + DAY, ""), 0);
	fixture_run(f);
	assert_int_equal(f->one->n, 1);
	set_clock(f, noon + 3700);
	fixture_run(f);
	assert_string_equal(fixture_get(f, "SELECT state || ' ' || cause FROM message WHERE"
					   " template = 'order_locked'"),
			    "expired " BUDGET_WAITS);
	/* what is over before it is queued costs nothing */
	queue(f, BOB, "order_locked", 0, noon);
	assert_int_equal(counted(f, noon, ""), 1);
}

static void test_month(void **state)
{
	struct fixture *f = *state;
	int64_t last = at(3, 31, 12, 0);

	coordinators(f);
	set_clock(f, at(3, 30, 12, 0));
	f->gw->budget.month = 10;
	assert_int_equal(count_now(f, BOB, "order_locked", 0, 5), 5);
	set_clock(f, last);
	assert_int_equal(count_now(f, BOB, "order_locked", 0, 9), 4);
	assert_int_equal(told(f, "budget_month"), 2);
	assert_int_equal(queue(f, BOB, "order_locked", 0, last + 3 * DAY), at(4, 1, 8, 0));
	assert_int_equal(number(f, "SELECT parts FROM budget WHERE number = 'month'"
				   " ORDER BY day LIMIT 1"),
			 9);
	set_clock(f, at(4, 1, 12, 0));
	assert_int_equal(count_now(f, BOB, "order_locked", 0, 20), 7); /* two waited for it */
	assert_int_equal(told(f, "budget_month"), 4);
}

static void test_number(void **state)
{
	struct fixture *f = *state;
	int64_t noon = at(3, 27, 12, 0);

	coordinators(f);
	set_clock(f, noon);
	f->gw->budget.number = 3;
	assert_int_equal(count_now(f, ALICE, NULL, 0, 9), 3);
	assert_int_equal(count_now(f, BOB, NULL, 0, 9), 3);
	assert_int_equal(told(f, "budget_number"), 2); /* of the first one */
	assert_int_equal(counted(f, noon, ALICE), 3);
}

/* Days are those of the local clock, also where one has 23 or 25 hours. */
static void test_local_days(void **state)
{
	struct fixture *f = *state;
	static const struct {
		int month, day;
	} changes[] = { { 3, 29 }, { 10, 25 } };

	f->gw->budget.day = 2;
	f->one->answers = true;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		int month = changes[i].month, day = changes[i].day;

		for (int64_t t = at(month, day, 0, 0); t < at(month, day + 1, 0, 0); t += 1800)
			assert_int_equal(budget_day(t), budget_day(at(month, day, 12, 0)));
		assert_int_equal(budget_day_begin(budget_day(at(month, day, 12, 0))),
				 at(month, day, 0, 0));
		set_clock(f, at(month, day, 23, 30));
		assert_int_equal(count_now(f, ALICE, NULL, 0, 9), 2);
		set_clock(f, at(month, day + 1, 0, 1));
		assert_int_equal(count_now(f, ALICE, NULL, 0, 9), 1); /* one waited for it */
		fixture_run(f);
	}
}

/* Sent again out of a doubt, it costs again. */
static void test_sent_again(void **state)
{
	struct fixture *f = *state;
	int64_t noon = at(3, 27, 12, 0);

	set_clock(f, noon);
	queue(f, ALICE, "ack", 0, noon + DAY);
	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	assert_int_equal(counted(f, noon, ""), 1);
	fixture_walk(f, 190);
	assert_int_equal(f->one->n, 2);
	assert_int_equal(counted(f, noon, ""), 2);
	assert_int_equal(counted(f, noon, ALICE), 2);
}

static void test_another_life(void **state)
{
	struct fixture *f = *state;

	set_clock(f, at(3, 27, 12, 0));
	f->gw->budget.day = 3;
	assert_int_equal(count_now(f, ALICE, NULL, 0, 2), 2);
	fixture_crash(f);
	f->gw->budget.day = 3;
	assert_int_equal(count_now(f, BOB, NULL, 0, 9), 1);
}

/* Whatever is counted has a message, and whatever has a message is counted: at every point where a life may end, no day
 * has more than its budget, and each text has one answer or is listed. */
static void check_books(struct fixture *f, int most)
{
	assert_int_equal(number(f,
				"SELECT count(*) FROM budget b WHERE number = '' AND parts <>"
				" (SELECT coalesce(sum(m.parts), 0) FROM message m WHERE"
				" CAST(strftime('%s', date(m.due_at, 'unixepoch', 'localtime')) AS"
				" INTEGER) / 86400 = b.day)"),
			 0);
	assert_int_equal(strtoll(fixture_get(f,
					     "SELECT count(*) FROM budget WHERE number = ''"
					     " AND parts > %d",
					     most),
				 NULL, 10),
			 0);
	assert_int_equal(number(f,
				"SELECT count(*) FROM inbox i WHERE (SELECT count(*) FROM message m"
				" WHERE m.inbox_id = i.id) + (i.listed IS NOT NULL) <> 1"),
			 0);
}

static void test_each_crash_point(void **state)
{
	struct fixture *f = *state;

	set_clock(f, at(3, 27, 12, 0));
	*f->budget = (struct budget_limits){ .day = 7 };
	f->one->answers = true;
	for (int round = 0; round < 3; round++) {
		for (enum crash where = CRASH_NOWHERE + 1; where < _CRASH_NUM; where++) {
			fake_text(f->one, where % 2 ? ALICE : BOB, "un");
			fake_text(f->one, BOB, "deux");
			fixture_live(f, where);
			check_books(f, 7);
		}
		fixture_live(f, CRASH_NOWHERE);
		check_books(f, 7);
	}
	assert_int_equal(counted(f, at(3, 27, 12, 0), ""), 7);
	assert_int_equal(counted(f, at(3, 28, 12, 0), ""), 7);
	assert_in_range(number(f, "SELECT count(*) FROM inbox WHERE listed IS NOT NULL"), 1, 42);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_stops_first), TEST(test_of_no_use_by_then), TEST(test_month),
		TEST(test_number),           TEST(test_local_days),        TEST(test_sent_again),
		TEST(test_another_life),     TEST(test_each_crash_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
