/* Every transition of the live machines is made, every refusal is met, and the log explains the outcome.
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
#include "gateway/store/sqlite.h"
#include "tests/store/fixture.h"
#include "tests/store/scenario.h"

static void *ctx;
static struct scenario *scenarios;
static size_t scenarios_n;
static sqlite3 *
	seen; /* made(machine, from_state, event) and refused(machine, event, message) over all scenarios */

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

struct timers {
	sqlite3_stmt *due, *fire, *left;
};

static void timers_open(struct timers *t, sqlite3 *db)
{
	sqlite3_prepare_v2(db,
			   "SELECT d.machine, d.subject_id, d.event, max(d.due_at, s.updated_at)"
			   " FROM deadline d JOIN subject s ON s.id = d.subject_id",
			   -1, &t->due, NULL);
	sqlite3_prepare_v2(db,
			   "INSERT INTO fire(machine, subject_id, event, role, channel, idem, at)"
			   " VALUES (?1, ?2, ?3, 'SYS', 'timer', 'deadline', ?4)",
			   -1, &t->fire, NULL);
	sqlite3_prepare_v2(
		db, "SELECT 1 FROM deadline WHERE machine = ?1 AND subject_id = ?2 AND event = ?3",
		-1, &t->left, NULL);
}

static void timers_close(struct timers *t)
{
	sqlite3_finalize(t->due);
	sqlite3_finalize(t->fire);
	sqlite3_finalize(t->left);
}

/* Whatever is in the view deadline would be done at its time, and is gone then. */
static void check_timers(sqlite3 *db, struct timers *t)
{
	while (sqlite3_step(t->due) == SQLITE_ROW) {
		run(db, "SAVEPOINT deadline");
		for (int i = 0; i < 4; i++)
			sqlite3_bind_value(t->fire, i + 1, sqlite3_column_value(t->due, i));
		for (int i = 0; i < 3; i++)
			sqlite3_bind_value(t->left, i + 1, sqlite3_column_value(t->due, i));
		if (sqlite3_step(t->fire) != SQLITE_DONE)
			fail_msg("%s.%s is due and refused: %s", sqlite3_column_text(t->due, 0),
				 sqlite3_column_text(t->due, 2), sqlite3_errmsg(db));
		assert_int_equal(sqlite3_step(t->left), SQLITE_DONE);
		sqlite3_reset(t->fire);
		sqlite3_reset(t->left);
		run(db, "ROLLBACK TO deadline; RELEASE deadline");
	}
	sqlite3_reset(t->due);
}

static void run_step(struct fixture *f, const struct scenario_step *step)
{
	sqlite3 *db = store_sqlite(f->st);
	bool asks = strncmp(step->line, "is\t", 3) == 0;
	int rc = asks ? SQLITE_OK : sqlite3_exec(db, step->sql, NULL, NULL, NULL);
	const char *got = asks ? fixture_text(f, "%s", step->sql) : rc ? sqlite3_errmsg(db) : "";
	char machine[20] = "message", event[20] = "";

	if (strcmp(got, step->expect) != 0)
		fail_msg("%s: '%s' instead of '%s'", step->line, got, step->expect);
	if (asks || !*got)
		return;
	if (strncmp(step->line, "refused\t", 8) != 0)
		sscanf(step->line, "%*[^\t]\t%*[^\t]\t%19[^\t]\t%*[^\t]\t%19[^\t]", machine, event);
	run(seen, talloc_asprintf(f, "INSERT INTO refused VALUES ('%s', '%s', '%s')", machine,
				  event, got));
}

static void remember_transitions(struct fixture *f)
{
	sqlite3_stmt *s;
	char *sql;

	assert_int_equal(
		sqlite3_prepare_v2(store_sqlite(f->st),
				   "SELECT DISTINCT machine, from_state, event FROM event_log"
				   " UNION SELECT 'message', t.from_state, t.event FROM moved m"
				   " JOIN fsm_transition t ON t.machine = 'message'"
				   " AND t.from_state = m.from_state AND t.to_state = m.to_state",
				   -1, &s, NULL),
		SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		sql = sqlite3_mprintf("INSERT INTO made VALUES (%Q, %Q, %Q)",
				      sqlite3_column_text(s, 0), sqlite3_column_text(s, 1),
				      sqlite3_column_text(s, 2));
		run(seen, sql);
		sqlite3_free(sql);
	}
	sqlite3_finalize(s);
}

static void print_line(void *data, const char *line)
{
	fprintf(stderr, "%s: %s\n", (const char *)data, line);
}

static void run_scenario(struct scenario *scenario)
{
	bool forged = false;
	struct timers timers;
	struct fixture *f;
	void *state;

	assert_int_equal(fixture_setup(&state), 0);
	f = state;
	fixture_sql(f,
		    "PRAGMA synchronous = OFF;"
		    "CREATE TEMP TABLE moved(from_state, to_state);"
		    "CREATE TEMP TRIGGER message_queued AFTER INSERT ON main.message BEGIN"
		    " INSERT INTO moved VALUES ('_', NEW.state); END;"
		    "CREATE TEMP TRIGGER message_moves AFTER UPDATE OF state ON main.message BEGIN"
		    " INSERT INTO moved VALUES (OLD.state, NEW.state); END");
	timers_open(&timers, store_sqlite(f->st));
	for (size_t i = 0; i < scenario->n; i++) {
		run_step(f, &scenario->step[i]);
		forged = forged || scenario->step[i].forged;
		if (!forged && !*scenario->step[i].expect)
			check_timers(store_sqlite(f->st), &timers);
	}
	timers_close(&timers);
	remember_transitions(f);
	if (!forged)
		assert_int_equal(store_check(f, f->path, print_line, (void *)scenario->name, NULL),
				 0);
	fixture_teardown(&state);
}

static void test_scenarios(void **state)
{
	(void)state;
	for (size_t i = 0; i < scenarios_n; i++)
		run_scenario(&scenarios[i]);
}

/* Rows of the machine that no scenario has: none. */
static void check_none(struct fixture *f, const char *sql)
{
	sqlite3 *db = store_sqlite(f->st);
	sqlite3_stmt *s;
	int n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	for (; sqlite3_step(s) == SQLITE_ROW; n++)
		fprintf(stderr, "nowhere: %s\n", sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	assert_int_equal(n, 0);
}

static void test_nothing_is_left_out(void **state)
{
	struct fixture *f = *state;

	run(store_sqlite(f->st), "ATTACH 'file:seen?mode=memory&cache=shared' AS seen");
	check_none(f,
		   "SELECT t.machine || ' ' || t.from_state || ' ' || t.event FROM fsm_transition t"
		   " JOIN fsm_machine m ON m.machine = t.machine WHERE m.live = 1"
		   " OR m.machine = 'message'"
		   " EXCEPT SELECT machine || ' ' || from_state || ' ' || event FROM seen.made");
	check_none(f,
		   "SELECT g.machine || '.' || g.event || ' E_GUARD ' || g.guard FROM fsm_guard g"
		   " JOIN fsm_machine m ON m.machine = g.machine WHERE m.live = 1"
		   " EXCEPT SELECT machine || '.' || event || ' ' || message FROM seen.refused");
	check_none(f, "SELECT 'message E_GUARD ' || guard FROM fsm_guard WHERE machine = 'message'"
		      " EXCEPT SELECT machine || ' ' || message FROM seen.refused");
	check_none(
		f,
		"SELECT column1 FROM (VALUES ('E_PAYLOAD'), ('E_IDEM'), ('E_SUBJECT'), ('E_ACTOR'),"
		" ('E_STALE'), ('E_TRANSITION'), ('E_ROLE')) EXCEPT SELECT message FROM seen.refused");
}

static int setup(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "scenarios");
	scenarios_n = scenario_load(ctx, &scenarios);
	if (sqlite3_open_v2("file:seen?mode=memory&cache=shared", &seen,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL)
	    != SQLITE_OK)
		return -1;
	run(seen,
	    "CREATE TABLE made(machine, from_state, event); CREATE TABLE refused(machine, event, message)");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	talloc_free(ctx);
	sqlite3_close(seen);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenarios),
		cmocka_unit_test_setup_teardown(test_nothing_is_left_out, fixture_setup,
						fixture_teardown),
	};

	sqlite3_config(SQLITE_CONFIG_URI, 1);
	return cmocka_run_group_tests(tests, setup, teardown);
}
