/* Another program at the same file, the sqlite3 of the system with its own settings: what it may do and what not.
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

#include "gateway/store/check.h"
#include "tests/store/fixture.h"
#include "tests/store/scenario.h"
#include "tests/support/process.h"

#define DEADLINE_MS 20000

/* Orders of residents 1 and 2, placed: $o with the lines $l and $m, and $n. */
static int setup(void **state)
{
	struct scenario *scenarios;
	struct fixture *f;
	size_t n;

	if (!process_installed("sqlite3"))
		return -1;
	if (fixture_setup(state))
		return -1;
	f = *state;
	fixture_sql(f, "UPDATE clock_offset SET \"offset\" = 3000 - strftime('%s', 'now')");
	n = scenario_load(f, &scenarios);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(scenarios[i].name, "actors placed") != 0)
			continue;
		for (size_t k = 0; k < scenarios[i].n && *scenarios[i].step[k].expect == '\0'; k++)
			fixture_sql(f, scenarios[i].step[k].sql);
		return 0;
	}
	return -1;
}

static char *sqlite3_says(struct fixture *f, const char *sql, int *exit_code)
{
	const char *const argv[] = { "sqlite3", f->path, NULL };

	return process_run(f, talloc_asprintf(f, ".timeout 2000\n.bail on\n%s\n", sql), DEADLINE_MS,
			   exit_code, argv);
}

#define FIRE(machine, subject, version, event, actor, role, idem, payload)                               \
	"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)" \
	" SELECT '" machine "', " subject ", " version ", '" event "', " actor ", '" role                \
	"', 'web', '" idem "', NULL, '" payload "';"
#define ORDER "(SELECT subject_id FROM event_log WHERE idem = 'o')"

/* clang-format off */
static const struct { const char *sql, *says; } refused[] = {
	{ "UPDATE orders SET state = 'confirmed';", "orders: it is written by INSERT INTO fire alone" },
	{ "UPDATE OR IGNORE orders SET state = 'confirmed';", "orders: it is written by INSERT INTO fire alone" },
	{ "UPDATE OR REPLACE orders SET id = 1;", "orders: it is written by INSERT INTO fire alone" },
	{ "UPDATE order_line SET qty_milli = 1;", "order_line: it is written by" },
	{ "UPDATE offer SET left_milli = 999999;", "offer: it is written by" },
	{ "UPDATE cycle SET closes_at = 1;", "cycle: it is written by" },
	{ "UPDATE contact SET state = 'active';", "contact: it is written by" },
	{ "UPDATE subject SET state = 'confirmed';", "subject: it is written by" },
	{ "DELETE FROM subject;", "subject: it is written by" },
	{ "DELETE FROM orders;", "orders: it is written by" },
	{ "INSERT OR REPLACE INTO orders SELECT * FROM orders;", "orders: it is written by" },
	{ "INSERT OR REPLACE INTO subject SELECT * FROM subject;", "subject: it is written by" },
	{ "INSERT INTO event_log SELECT max(id) + 1, machine, subject_id, seq + 1, event, from_state, to_state, actor,"
	  " role, channel, 'x', at, payload FROM event_log;", "event_log: it is written by" },
	{ "INSERT OR REPLACE INTO event_log SELECT * FROM event_log;", "event_log: it is written by" },
	{ "INSERT OR IGNORE INTO event_log SELECT * FROM event_log;", "event_log: it is written by" },
	{ "UPDATE event_log SET actor = 2;", "event_log: it is written by" },
	{ "DELETE FROM event_log;", "event_log: it is written by" },
	{ "INSERT INTO fsm_role VALUES ('order', 'placed', 'confirm', 'RES');", "the machine is part of the schema" },
	{ "DELETE FROM fsm_guard;", "the machine is part of the schema" },
	{ "UPDATE fsm_transition SET to_state = 'x';", "the machine is part of the schema" },
	{ FIRE("order", ORDER, "3", "cancel", "2", "RES", "w1", "{}"), "E_ACTOR" },
	{ FIRE("order", ORDER, "2", "cancel", "1", "RES", "w1", "{}"), "E_STALE" },
	{ FIRE("order", ORDER, "NULL", "cancel", "1", "RES", "w1", "{}"), "E_STALE" },
	{ FIRE("order", ORDER, "3", "collect", "31", "COO", "w1", "{}"), "E_TRANSITION" },
	{ FIRE("order", ORDER, "3", "lock", "NULL", "SYS", "w1", "{}"), "E_GUARD cycle_closed" },
	{ "INSERT OR IGNORE INTO fire(machine, subject_id, version, event, actor, role, channel, idem) VALUES"
	  " ('order', " ORDER ", 3, 'lock', NULL, 'SYS', 'web', 'w1');", "E_GUARD cycle_closed" },
	{ "INSERT OR REPLACE INTO fire(machine, subject_id, version, event, actor, role, channel, idem) VALUES"
	  " ('order', " ORDER ", 2, 'cancel', 1, 'RES', 'web', 'w1');", "E_STALE" },
	{ "INSERT INTO message(number, body, parts, created_at, due_at, use_by, state)"
	  " VALUES ('+33639980001', 'x', 1, 1, 1, 1, 'sent');", "E_TRANSITION" },
};
/* clang-format on */

static void print_line(void *data, const char *line)
{
	(void)data;
	fprintf(stderr, "%s\n", line);
}

static void test_refused(void **state)
{
	static const char *const settings[] = {
		"", "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;",
		"PRAGMA recursive_triggers = ON;"
	};
	struct fixture *f = *state;
	int64_t before = fixture_int(f, "SELECT count(*) FROM event_log");
	int code;

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		char *out = sqlite3_says(f,
					 talloc_asprintf(f, "%s %s",
							 settings[i % ARRAY_SIZE(settings)],
							 refused[i].sql),
					 &code);

		if (!code || !strstr(out, refused[i].says))
			fail_msg("%s: '%s' instead of '%s'", refused[i].sql, out, refused[i].says);
	}
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM event_log"), before);
	assert_int_equal(store_check(f, f->path, print_line, NULL, NULL), 0);
}

/* What follows from a cancellation, with recursive_triggers off and on: lines void, stock back, the notice. */
static void cancel(struct fixture *f, const char *settings)
{
	char *sql = talloc_asprintf(
		f, "%s" FIRE("order", ORDER, "3", "cancel", "1", "RES", "w2", "{}"), settings);
	int code;

	assert_string_equal(sqlite3_says(f, sql, &code), "");
	assert_int_equal(code, 0);
	assert_string_equal(fixture_text(f, "SELECT state FROM orders"), "cancelled");
	assert_string_equal(fixture_text(f, "SELECT group_concat(DISTINCT state) FROM order_line"),
			    "dropped");
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM offer WHERE left_milli <> offered_milli"), 0);
	assert_string_equal(
		fixture_text(
			f,
			"SELECT name || person_id || state FROM notice ORDER BY id DESC LIMIT 1"),
		"order_cancelled1new");
	assert_string_equal(sqlite3_says(f, sql, &code), "");
	assert_int_equal(code, 0);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM event_log WHERE idem = 'w2'"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM notice WHERE name = 'order_cancelled'"), 1);
	assert_int_equal(store_check(f, f->path, print_line, NULL, NULL), 0);
}

static void test_cancelled_by_another_program(void **state)
{
	cancel(*state, "");
}

static void test_cancelled_with_settings_of_ours(void **state)
{
	cancel(*state,
	       "PRAGMA recursive_triggers = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
}

/* One whose triggers do not run at all is told, instead of half of it being done. */
static void test_without_triggers(void **state)
{
	struct fixture *f = *state;
	int code;
	char *out = sqlite3_says(f,
				 ".dbconfig enable_trigger off\n" FIRE(
					 "order", ORDER, "3", "cancel", "1", "RES", "w3", "{}"),
				 &code);

	assert_int_not_equal(code, 0);
	assert_non_null(strstr(out, "cannot modify fire because it is a view"));
	assert_string_equal(fixture_text(f, "SELECT state FROM orders"), "placed");
}

/* What strftime('%s', 'now') gives is a text, and by the computer's clock, not by the one under test: it means now. */
static void test_stamped_by_the_computer(void **state)
{
	struct fixture *f = *state;
	int code;

	sqlite3_says(f,
		     "INSERT INTO fire SELECT 'order', " ORDER
		     ", 3, 'cancel', 1, 'RES', 'web', 'w5',"
		     " strftime('%s', 'now', '+1 hour'), '{}';",
		     &code);
	assert_int_not_equal(code, 0);
	assert_string_equal(
		sqlite3_says(f,
			     "INSERT INTO fire SELECT 'order', " ORDER
			     ", 3, 'cancel', 1, 'RES', 'web', 'w5', strftime('%s', 'now'), '{}';",
			     &code),
		"");
	assert_int_equal(code, 0);
	assert_int_equal(fixture_int(f,
				     "SELECT at BETWEEN (SELECT now - 60 FROM clock) AND"
				     " (SELECT now FROM clock) FROM event_log WHERE idem = 'w5'"),
			 1);
}

static void test_seen_by_the_gateway(void **state)
{
	struct fixture *f = *state;
	int64_t before = store_foreign_changes(f->st);

	assert_int_equal(store_foreign_changes(f->st), before);
	sqlite3_says(f, FIRE("order", ORDER, "3", "cancel", "1", "RES", "w4", "{}"), NULL);
	assert_int_not_equal(store_foreign_changes(f->st), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_refused, setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_cancelled_by_another_program, setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_cancelled_with_settings_of_ours, setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_without_triggers, setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_stamped_by_the_computer, setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_seen_by_the_gateway, setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
