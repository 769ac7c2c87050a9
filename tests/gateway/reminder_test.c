/* Time that passes, stands, and jumps: each timer of a cycle fires once, and each reminder goes out once.
 *
 * A cycle of a week with two residents and two producers of the demo platform is
 * walked, minute by minute, over the changes of the clock, with lives that end on
 * the way; then with a clock that is wrong by an hour, a day, a year.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/reminder.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/deadline.h"
#include "gateway/quiet.h"
#include "gateway/store/sqlite.h"
#include "gateway/tick.h"
#include "tests/gateway/fixture.h"

#define DAY (24 * 60 * 60)

/* The demo's coordinator. */
#define COO  "(SELECT min(person_id) FROM person_role WHERE role = 'COO')"
/* The cycle of a test. */
#define MINE "(SELECT max(id) FROM cycle)"

static int64_t at(int year, int month, int day, int hour, int minute)
{
	struct civil c = {
		.year = year, .month = month, .day = day, .hour = hour, .minute = minute
	};

	return civil_epoch(&c);
}

/* On the connection of the life, without the disk: a walk has ten thousand steps. */
static void run_sql(struct fixture *f, const char *sql)
{
	char *error = NULL;

	sqlite3_exec(store_sqlite(f->gw->store), sql, NULL, NULL, &error);
	if (error)
		fail_msg("%s: %s", sql, error);
}

static void set_clock(struct fixture *f, int64_t to)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
		 "PRAGMA synchronous = OFF; UPDATE clock_offset SET \"offset\" = %" PRId64
		 " - CAST(strftime('%%s', 'now') AS INTEGER)",
		 to);
	run_sql(f, sql);
}

static int64_t number(struct fixture *f, const char *sql)
{
	return strtoll(fixture_get(f, "%s", sql), NULL, 10);
}

/* Let everything that is due happen, and no more. */
static void settle(struct fixture *f)
{
	for (int i = 0, idle = 0; idle < 2; i++) {
		int64_t now = store_now(f->gw->store);

		assert_in_range(i, 0, 200);
		deadline_kick(f->gw);
		reminder_stale(f->gw);
		tick_beat(f->tick);
		osmo_select_main_ctx(1);
		idle = deadline_due(f->gw, now) || reminder_due(f->gw, now) ? 0 : idle + 1;
	}
}

/* A pickup on `sunday` from 17:00 to 19:00 and what comes before it; closed by the demo's own cycle first. */
static void make_cycle(struct fixture *f, int64_t sunday)
{
	fixture_sql(
		f,
		talloc_asprintf(
			f,
			"INSERT INTO fire(machine, event, version, actor, role, channel, idem, payload) VALUES"
			" ('cycle', 'create', 0, " COO
			", 'COO', 'test', 'create', '{\"place\":1,\"avail_by\":%" PRId64
			",\"opens_at\":%" PRId64 ",\"closes_at\":%" PRId64
			",\"confirm_by\":%" PRId64 ",\"pickup_from\":%" PRId64
			",\"pickup_to\":%" PRId64 "}');"
			"INSERT INTO fire(machine, event, role, channel, idem, payload)"
			" SELECT 'offer', 'ask', 'SYS', 'test', 'ask ' || f.product, '{\"cycle\":' || " MINE
			" || ',\"producer\":' || f.producer_id || ',\"product\":\"' || f.product ||"
			" '\",\"unit\":\"' || f.unit || '\"}' FROM offer f WHERE f.list_no IN (1, 3, 19);"
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem)"
			" SELECT 'cycle', id, version, 'announce', " COO
			", 'COO', 'test', 'announce' FROM cycle WHERE id = " MINE,
			civil_day_at(sunday, -4, 10, 0), civil_day_at(sunday, -4, 12, 0),
			civil_day_at(sunday, -2, 18, 0), civil_day_at(sunday, -1, 10, 0),
			civil_day_at(sunday, 0, 17, 0), civil_day_at(sunday, 0, 19, 0)));
}

/* One producer says what he has, the other does not. */
static void declare(struct fixture *f)
{
	fixture_sql(f, "INSERT INTO fire(machine, subject_id, version, event, actor, role, channel,"
		       " idem, payload) SELECT 'offer', id, version, 'declare', producer_id, 'PRO',"
		       " 'test', 'declare ' || product, '{\"qty\":50000,\"price\":100}' FROM offer"
		       " WHERE cycle_id = " MINE " AND product IN ('carotte', 'poireau')");
}

/* An order of a resident; `placed`, or a draft with its recap. */
static void order(struct fixture *f, int resident, bool placed)
{
	char *of = talloc_asprintf(f, "(SELECT max(id) FROM orders WHERE owner_id = %d)", resident);

	fixture_sql(
		f,
		talloc_asprintf(
			f,
			"INSERT INTO fire(machine, event, version, actor, role, channel, idem, payload)"
			" VALUES ('order', 'start', 0, %d, 'RES', 'web', 'start %d', '{\"cycle\":' || " MINE
			" || ',\"owner\":%d}');"
			"INSERT INTO fire(machine, event, version, actor, role, channel, idem, payload)"
			" SELECT 'line', 'add', 0, %d, 'RES', 'web', 'add %d', '{\"order\":' || %s ||"
			" ',\"offer\":' || id || ',\"qty\":2000}' FROM offer WHERE cycle_id = " MINE
			" AND product = 'carotte';"
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem)"
			" SELECT 'order', id, version, 'edit', %d, 'RES', 'web', 'edit %d' FROM orders"
			" WHERE id = %s",
			resident, resident, resident, resident, resident, of, resident, resident,
			of));
	if (placed)
		fixture_sql(f,
			    talloc_asprintf(
				    f,
				    "INSERT INTO fire(machine, subject_id, version, event, actor,"
				    " role, channel, idem) SELECT 'order', id, version, 'confirm',"
				    " %d, 'RES', 'web', 'confirm %d' FROM orders WHERE id = %s",
				    resident, resident, of));
}

/* What timers did to the cycle and its offers, orders and lines, in order. */
static const char *fired(struct fixture *f)
{
	return fixture_get(
		f,
		"SELECT group_concat(e.machine || '.' || e.event, ' ') FROM (SELECT * FROM event_log"
		" WHERE channel = 'timer' AND idem LIKE 'deadline/%%' AND subject_id >= " MINE
		" ORDER BY id) e");
}

/* After the order of resident 1; the draft of resident 2 has lapsed in the week before the cut-off. */
#define OPENED "offer.lapse cycle.open "
#define CLOSED \
	"cycle.close line.lapse_confirm cycle.start_pickup order.miss cycle.settle order.write_off"

/* The reminders that went out, and when by the local clock. */
static const char *reminded(struct fixture *f)
{
	return fixture_get(
		f,
		"SELECT group_concat(r.what, ' ') FROM (SELECT substr(n.name, 8) || '/' || n.person_id ||"
		" '@' || strftime('%%d-%%H:%%M', n.at, 'unixepoch', 'localtime') AS what FROM notice n"
		" WHERE n.event_id = 0 AND n.name LIKE 'remind%%' ORDER BY n.at, n.id) r");
}

/* From Monday 9:00 to Wednesday of the next week; a life ends now and then. */
static void walk_week(struct fixture *f, int64_t sunday, int minutes)
{
	int64_t now = civil_day_at(sunday, -6, 9, 0), end = civil_day_at(sunday, 3, 9, 0);
	int64_t declares = civil_day_at(sunday, -5, 9, 0);
	int64_t orders = civil_day_at(sunday, -2, 14, 0);

	set_clock(f, now);
	make_cycle(f, sunday);
	for (int step = 0; now < end; step++, now += 60 * minutes) {
		if (step % 97 == 0)
			fixture_crash(f);
		set_clock(f, now);
		if (now == declares)
			declare(f);
		if (now == orders) {
			order(f, 1, true);
			order(f, 2, false);
		}
		settle(f);
	}
}

static void check_week(struct fixture *f, int64_t sunday, int minutes, const char *expected)
{
	int64_t twice;

	walk_week(f, sunday, minutes);
	assert_string_equal(reminded(f), expected);
	assert_string_equal(fired(f), OPENED "order.lapse " CLOSED);
	twice = number(f, "SELECT count(*) FROM (SELECT 1 FROM notice WHERE name LIKE 'remind%'"
			  " GROUP BY name, subject_id, person_id HAVING count(*) > 1)");
	assert_int_equal(twice, 0);
	assert_int_equal(number(f, "SELECT count(*) FROM reminder"), 0);
	assert_int_equal(number(f, "SELECT count(*) FROM deadline WHERE subject_id > " MINE), 0);
}

/* The hours are local, the distances real seconds: a day before Sunday 17:00 is Saturday 16:00 where an hour is lost in
 * the night, and 18:00 where one is won. */
static void test_spring(void **state)
{
	check_week(*state, at(2026, 3, 29, 0, 0), 1,
		   "availability/12@24-10:00 availability_last/12@25-08:00 cutoff/2@27-15:00"
		   " pickup/1@28-16:00 pickup_last/1@29-13:00");
}

static void test_autumn(void **state)
{
	check_week(*state, at(2026, 10, 25, 0, 0), 5,
		   "availability/12@20-10:00 availability_last/12@21-08:00 cutoff/2@23-15:00"
		   " pickup/1@24-18:00 pickup_last/1@25-13:00");
}

static void test_spring_of_next_year(void **state)
{
	check_week(*state, at(2027, 3, 28, 0, 0), 5,
		   "availability/12@23-10:00 availability_last/12@24-08:00 cutoff/2@26-15:00"
		   " pickup/1@27-16:00 pickup_last/1@28-13:00");
}

/* Until the order of resident 1 is confirmed: Saturday, a minute after 10:00. */
static void until_confirmed(struct fixture *f, int64_t sunday)
{
	set_clock(f, civil_day_at(sunday, -6, 9, 0));
	make_cycle(f, sunday);
	declare(f);
	set_clock(f, civil_day_at(sunday, -4, 13, 0));
	settle(f);
	set_clock(f, civil_day_at(sunday, -2, 14, 0));
	order(f, 1, true);
	settle(f);
	set_clock(f, civil_day_at(sunday, -2, 18, 1));
	settle(f);
	set_clock(f, civil_day_at(sunday, -1, 10, 1));
	settle(f);
	assert_string_equal(fixture_get(f, "SELECT state FROM orders WHERE cycle_id = " MINE),
			    "confirmed");
}

/* A power cut of a day: what is still of use goes out once, late; the rest is noted. */
static void test_power_cut(void **state)
{
	struct fixture *f = *state;
	int64_t sunday = at(2026, 6, 14, 0, 0);

	until_confirmed(f, sunday);
	fixture_crash(f);
	set_clock(f, civil_day_at(sunday, 0, 15, 0)); /* the first one was for Saturday 17:00 */
	settle(f);
	assert_string_equal(fixture_get(f, "SELECT group_concat(name || told) FROM (SELECT * FROM"
					   " reminded WHERE person_id = 1 ORDER BY due_at)"),
			    "remind_pickup0,remind_pickup_last1");
	fixture_crash(f);
	settle(f);
	assert_string_equal(fixture_get(f, "SELECT count(*) FROM notice WHERE name LIKE 'remind%%'"
					   " AND person_id = 1"),
			    "1");
}

/* Without power until the pickup is over: nobody is sent to a closed door. */
static void test_long_power_cut(void **state)
{
	struct fixture *f = *state;
	int64_t sunday = at(2026, 6, 14, 0, 0);

	until_confirmed(f, sunday);
	fixture_crash(f);
	set_clock(f, civil_day_at(sunday, 30, 9, 0));
	settle(f);
	assert_string_equal(fixture_get(f,
					"SELECT count(*) FROM notice WHERE name LIKE 'remind_p%%'"
					" AND person_id = 1"),
			    "0");
	assert_string_equal(fixture_get(f, "SELECT state FROM orders WHERE cycle_id = " MINE),
			    "no_show"); /* missed now; two days to fetch it */
	set_clock(f, civil_day_at(sunday, 33, 9, 0));
	settle(f);
	assert_string_equal(fired(f), OPENED CLOSED);
}

/* A clock that is ahead for a while and is set back, or behind and set right: each thing once, none forgotten. */
static void jump(struct fixture *f, int64_t sunday, int64_t by)
{
	until_confirmed(f, sunday);
	for (int64_t now = civil_day_at(sunday, -1, 10, 2); now < civil_day_at(sunday, 4, 9, 0);
	     now += 1200) {
		set_clock(f, now + (now % 7200 == 0 ? by : 0));
		settle(f);
	}
	assert_string_equal(fired(f), OPENED CLOSED);
	assert_int_equal(number(f, "SELECT count(*) FROM (SELECT 1 FROM reminded GROUP BY name,"
				   " subject_id, person_id HAVING count(*) > 1)"),
			 0);
	assert_int_equal(number(f, "SELECT count(*) FROM reminder"), 0);
}

#define JUMP_TEST(name, by)                                         \
	static void test_jump_##name(void **state)                  \
	{                                                           \
		jump(*state, at(2026, 6, 14, 0, 0), (int64_t)(by)); \
	}

JUMP_TEST(hour_ahead, 3600)
JUMP_TEST(hour_back, -3600)
JUMP_TEST(day_ahead, DAY)
JUMP_TEST(day_back, -DAY)
JUMP_TEST(year_ahead, 365 * (int64_t)DAY)
JUMP_TEST(year_back, -365 * (int64_t)DAY)

static void rebook(struct fixture *f, int64_t from, int64_t to)
{
	fixture_sql(f,
		    talloc_asprintf(
			    f,
			    "INSERT INTO fire(machine, subject_id, version, event, actor, role,"
			    " channel, idem, payload) SELECT 'order', id, version, 'rebook', " COO
			    ", 'COO', 'test', 'rebook', '{\"from\":%" PRId64 ",\"to\":%" PRId64
			    "}' FROM orders WHERE cycle_id = " MINE,
			    from, to));
}

/* Fetched on Tuesday from 7:00: four hours before is night, and the morning is too late. At 10:00 it is not. */
static void night(struct fixture *f, int hour, const char *expected)
{
	int64_t sunday = at(2026, 6, 14, 0, 0);

	until_confirmed(f, sunday);
	set_clock(f, civil_day_at(sunday, 0, 17, 0));
	settle(f);
	set_clock(f, civil_day_at(sunday, 0, 20, 1));
	settle(f);
	rebook(f, civil_day_at(sunday, 2, hour, 0), civil_day_at(sunday, 2, 19, 0));
	for (int64_t now = civil_day_at(sunday, 0, 20, 2); now < civil_day_at(sunday, 2, 12, 0);
	     now += 60) {
		if (now % 3600 == 0)
			fixture_crash(f);
		set_clock(f, now);
		settle(f);
	}
	assert_string_equal(
		fixture_get(f, "SELECT group_concat(r.what, ' ') FROM (SELECT name || '@' ||"
			       " strftime('%%d-%%H:%%M', at, 'unixepoch', 'localtime') AS what"
			       " FROM notice WHERE name LIKE 'remind_p%%' AND person_id = 1"
			       " AND at > (SELECT pickup_to FROM cycle WHERE id = " MINE
			       ") ORDER BY at) r"),
		expected);
}

static void test_night_before(void **state)
{
	night(*state, 7, "remind_pickup@15-08:00 remind_pickup_last@15-19:30");
}

static void test_night_after(void **state)
{
	night(*state, 10, "remind_pickup@15-10:00 remind_pickup_last@16-08:00");
}

/* The time that reminder_next() names is when something happens. */
static void test_next(void **state)
{
	struct fixture *f = *state;
	int64_t sunday = at(2026, 6, 14, 0, 0), next = 0;

	until_confirmed(f, sunday);
	assert_int_equal(reminder_next(f->gw, &next, civil_day_at(sunday, -1, 10, 1)), 0);
	assert_int_equal(next, civil_day_at(sunday, -1, 17, 0));
	assert_int_equal(reminder_due(f->gw, next - 1), 0);
	assert_int_not_equal(reminder_due(f->gw, next), 0);
}

static void test_quiet_hours(void **state)
{
	struct fixture *f = *state;
	struct gateway *gw = f->gw;

	/* the night of the change has an hour less, and an hour more */
	assert_int_equal(quiet_over(gw, at(2026, 3, 28, 21, 0)), at(2026, 3, 29, 8, 0));
	assert_int_equal(quiet_over(gw, at(2026, 3, 28, 21, 0)) - at(2026, 3, 28, 21, 0),
			 10 * 3600);
	assert_int_equal(quiet_over(gw, at(2026, 10, 24, 21, 0)) - at(2026, 10, 24, 21, 0),
			 12 * 3600);
	assert_int_equal(quiet_over(gw, at(2026, 3, 29, 7, 59)), at(2026, 3, 29, 8, 0));
	assert_int_equal(quiet_over(gw, at(2026, 3, 29, 8, 0)), at(2026, 3, 29, 8, 0));
	assert_int_equal(quiet_begin(gw, at(2026, 3, 29, 8, 0)), at(2026, 3, 29, 20, 0));
	assert_int_equal(quiet_begin(gw, at(2026, 3, 29, 2, 0)), at(2026, 3, 28, 20, 0));
	/* an hour that comes twice: never a time that is over */
	gw->quiet_to = 2 * 60 + 30;
	for (int64_t t = at(2026, 10, 25, 0, 0); t < at(2026, 10, 25, 5, 0); t += 600)
		assert_true(quiet_over(gw, t) >= t);
	/* within a day, and none at all */
	gw->quiet_from = 12 * 60;
	gw->quiet_to = 14 * 60;
	assert_int_equal(quiet_over(gw, at(2026, 3, 29, 13, 0)), at(2026, 3, 29, 14, 0));
	assert_int_equal(quiet_over(gw, at(2026, 3, 29, 15, 0)), at(2026, 3, 29, 15, 0));
	assert_int_equal(quiet_begin(gw, at(2026, 3, 29, 15, 0)), at(2026, 3, 30, 12, 0));
	gw->quiet_to = gw->quiet_from;
	assert_int_equal(quiet_over(gw, at(2026, 3, 29, 12, 0)), at(2026, 3, 29, 12, 0));
	assert_int_equal(quiet_begin(gw, at(2026, 3, 29, 12, 0)), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup_demo, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_quiet_hours),
		TEST(test_next),
		TEST(test_spring),
		TEST(test_autumn),
		TEST(test_spring_of_next_year),
		TEST(test_power_cut),
		TEST(test_long_power_cut),
		TEST(test_jump_hour_ahead),
		TEST(test_jump_hour_back),
		TEST(test_jump_day_ahead),
		TEST(test_jump_day_back),
		TEST(test_jump_year_ahead),
		TEST(test_jump_year_back),
		TEST(test_night_before),
		TEST(test_night_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
