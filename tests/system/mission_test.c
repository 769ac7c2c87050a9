/* The mission's core: another program moves the state machine, and the phone rings.
 *
 * While the daemon runs, sqlite3 fires events on the same file. What it may do
 * reaches the resident within two seconds; what it may not do is refused by the
 * database, whoever asks.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define RESIDENT_1    "+33639980001"
#define RESIDENT_2    "+33639980002"
#define ANSWER_MS     15000 /* an answer comes at all */
#define ON_ITS_WAY_MS 2000  /* the bar: from the commit of the other program to Ctrl-Z */

struct fixture {
	struct daemon *d;
	struct simulator *sim;
};

/* What the sqlite3 program prints for a statement; with its exit code. */
static char *sqlite3(struct fixture *f, int *rc, const char *sql)
{
	return process_run(
		f->d, NULL, ANSWER_MS, rc,
		(const char *[]){ "sqlite3", "-cmd", ".timeout 5000", f->d->db, sql, NULL });
}

static int64_t person(struct fixture *f, const char *number)
{
	char *sql = talloc_asprintf(
		f->d,
		"SELECT person_id FROM contact_person JOIN contact_number USING (contact_id)"
		" WHERE number = '%s'",
		number);

	return daemon_sql_int(f->d, sql);
}

static int64_t newest_order(struct fixture *f, const char *column)
{
	char *sql = talloc_asprintf(
		f->d, "SELECT %s FROM subject WHERE machine = 'order' ORDER BY id DESC LIMIT 1",
		column);

	return daemon_sql_int(f->d, sql);
}

/* An event as another program fires it; 0 or what sqlite3 says. */
static char *fire(struct fixture *f, const char *event, int64_t version, int64_t actor,
		  const char *idem)
{
	char *sql = talloc_asprintf(
		f->d,
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)"
		" SELECT 'order', %" PRId64 ", %" PRId64 ", '%s', %" PRId64
		", 'RES', 'web', '%s', now, '{}' FROM clock",
		newest_order(f, "id"), version, event, actor, idem);
	int rc;

	return sqlite3(f, &rc, sql);
}

static void place_order(struct fixture *f, const char *who)
{
	sim_inject(f->sim, who, "2 kg carottes 1 botte radis");
	assert_non_null(sim_wait_message(f->sim, who, "OUI", ANSWER_MS));
	sim_inject(f->sim, who, "oui");
	assert_non_null(sim_wait_message(f->sim, who, "C1", ANSWER_MS));
	daemon_wait_idle(f->d, ANSWER_MS);
	assert_int_equal(newest_order(f, "state = 'placed'"), 1);
}

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	f->d = daemon_new(f, NULL);
	f->sim = sim_start(f, f->d->dir, NULL);
	daemon_start(f->d);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	daemon_stop(f->d);
	talloc_free(f);
	return 0;
}

static void another_program_cancels(void **state)
{
	struct fixture *f = *state;
	int64_t start;
	char *said;

	place_order(f, RESIDENT_1);
	start = process_now_ms();
	said = fire(f, "cancel", newest_order(f, "version"), person(f, RESIDENT_1), "web-1");
	assert_string_equal(said, "");
	assert_non_null(sim_wait_message(f->sim, RESIDENT_1, "annul", ON_ITS_WAY_MS));
	assert_in_range(process_now_ms() - start, 0, ON_ITS_WAY_MS);
	assert_int_equal(newest_order(f, "state = 'cancelled'"), 1);
}

static void what_it_may_not_do(void **state)
{
	struct fixture *f = *state;
	int64_t version, me, other, before;
	char *said;
	int rc;

	place_order(f, RESIDENT_2);
	version = newest_order(f, "version");
	me = person(f, RESIDENT_2);
	other = person(f, RESIDENT_1);
	before = daemon_sql_int(f->d, "SELECT count(*) FROM event_log");

	said = sqlite3(f, &rc, "UPDATE subject SET state = 'collected' WHERE machine = 'order'");
	assert_int_not_equal(rc, 0);
	said = sqlite3(f, &rc, "UPDATE orders SET state = 'collected'");
	assert_int_not_equal(rc, 0);
	said = sqlite3(f, &rc, "DELETE FROM event_log");
	assert_int_not_equal(rc, 0);
	said = fire(f, "cancel", version, other, "web-2");
	assert_non_null(strstr(said, "E_ACTOR"));
	said = fire(f, "cancel", version - 1, me, "web-3");
	assert_non_null(strstr(said, "E_STALE"));
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM event_log"), before);
	assert_int_equal(newest_order(f, "state = 'placed'"), 1);

	assert_string_equal(fire(f, "cancel", version, me, "web-4"), "");
	before = daemon_sql_int(f->d, "SELECT count(*) FROM event_log");
	assert_string_equal(fire(f, "cancel", version, me, "web-4"),
			    ""); /* a replay: success without effect */
	said = fire(f, "confirm", version, me, "web-4");
	assert_non_null(strstr(said, "E_IDEM"));
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM event_log"), before);
	assert_non_null(sim_wait_message(f->sim, RESIDENT_2, "annul", ON_ITS_WAY_MS));
	daemon_wait_idle(f->d, ANSWER_MS);
	assert_int_equal(sim_count_messages(f->sim, RESIDENT_2, "annul"), 1);
	assert_int_equal(sim_count_messages(f->sim, RESIDENT_1, "annul"),
			 1); /* of the test before */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_program_cancels),
		cmocka_unit_test(what_it_may_not_do),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
