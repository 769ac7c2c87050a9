/* A database of the first release becomes one of this: whole, or not at all, whatever happens in between.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <sqlite3.h>

#include "gateway/store/check.h"
#include "gateway/store/migrate.h"
#include "gateway/store/schema.h"
#include "gateway/store/store.h"
#include "tests/store/release.h"
#include "tests/support/process.h"

struct place {
	char *dir;
	char *path;     /* of the database */
	uint64_t first; /* what was in it */
};

static int setup(void **state)
{
	struct place *p = talloc_zero(NULL, struct place);

	p->dir = process_temp_dir(p);
	p->path = talloc_asprintf(p, "%s/chappe.db", p->dir);
	release_make(p->path, 1);
	p->first = release_content(p->path, "%");
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	process_remove_dir(p->dir);
	talloc_free(p);
	return 0;
}

static int migrate(struct place *p, char **kept, char **error)
{
	int from = 0, rc = store_migrate(p, p->path, &from, kept, error);

	if (!rc)
		assert_int_equal(from, *kept ? 1 : SCHEMA_VERSION);
	return rc;
}

static void print_line(void *data, const char *line)
{
	(void)data;
	fprintf(stderr, "%s\n", line);
}

/* The copies that were kept, or begun. */
static size_t copies(const struct place *p)
{
	glob_t g;
	size_t n = 0;

	if (glob(talloc_asprintf(p, "%s.version-*", p->path), 0, NULL, &g) == 0)
		n = g.gl_pathc;
	globfree(&g);
	return n;
}

static int64_t ask(const struct place *p, const char *sql)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db;
	int64_t value;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

static void run(const struct place *p, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* It has to be said what to do, by everything that opens it. */
static void test_older_is_told(void **state)
{
	struct place *p = *state;
	char *error = NULL;
	struct store *st;

	assert_int_equal(store_open(&st, p, p->path, 0, &error), -ESTALE);
	assert_non_null(strstr(error, "chappectl db migrate"));
	assert_int_equal(store_check(p, p->path, print_line, NULL, &error), -ESTALE);
	assert_non_null(strstr(error, "chappectl db migrate"));
	assert_true(release_content(p->path, "%") == p->first);
}

/* What the old program wrote in its own tables, and what the log says. */
static const char *const kept_rows[] = {
	"SELECT count(*) FROM event_log WHERE channel <> 'migration'",
	"SELECT count(*) FROM inbox",
	"SELECT sum(length(body)) FROM message",
	"SELECT max(seq) FROM sqlite_sequence WHERE name = 'message'",
	"SELECT max(seq) FROM sqlite_sequence WHERE name = 'inbox'",
	"SELECT sum(sent_at) FROM message_part",
	"SELECT count(*) FROM contact_person",
	"SELECT sum(expires_at) FROM question",
	"SELECT \"offset\" FROM clock_offset",
	"SELECT count(*) FROM meta WHERE key <> 'schema'",
	"SELECT sum(parts) FROM budget",
	"SELECT sum(left_milli) FROM offer",
	"SELECT count(*) FROM person p JOIN person_role r ON r.person_id = p.id",
};

static void test_migrates(void **state)
{
	struct place *p = *state;
	char *kept = NULL, *error = NULL;
	int64_t before[sizeof(kept_rows) / sizeof(kept_rows[0])];

	for (size_t i = 0; i < sizeof(kept_rows) / sizeof(kept_rows[0]); i++)
		before[i] = ask(p, kept_rows[i]);
	if (migrate(p, &kept, &error))
		fail_msg("%s", error);
	assert_int_equal(store_check(p, p->path, print_line, NULL, &error), 0);
	for (size_t i = 0; i < sizeof(kept_rows) / sizeof(kept_rows[0]); i++)
		assert_int_equal(before[i], ask(p, kept_rows[i]));
	assert_true(release_content(kept, "%") == p->first);
	assert_int_equal(copies(p), 1);

	/* Nothing is to be done a second time. */
	assert_int_equal(migrate(p, &kept, &error), 0);
	assert_null(kept);
	assert_int_equal(copies(p), 1);
}

/* Orders that wait are to be paid; credits of the first release were not taken off the total. */
static void test_money(void **state)
{
	struct place *p = *state;
	char *kept, *error = NULL;

	assert_int_equal(migrate(p, &kept, &error), 0);
	assert_int_equal(ask(p, "SELECT count(*) FROM payment"), 1);
	assert_int_equal(ask(p,
			     "SELECT amount_cents FROM payment y JOIN orders o ON o.id = y.order_id"
			     " WHERE o.ref = 'C100' AND y.state = 'due'"),
			 830);
	assert_int_equal(ask(p, "SELECT total_cents FROM orders WHERE ref = 'C101'"), 1310);
	assert_int_equal(ask(p, "SELECT count(*) FROM inbox i WHERE i.listed IS NOT NULL"
				" AND i.answered_at IS NULL AND NOT EXISTS (SELECT 1"
				" FROM request_text t WHERE t.inbox_id = i.id)"),
			 0);
}

/* Killed before its n-th statement: before each, and with sanitizers, which start slowly, before some. */

#if defined(__SANITIZE_ADDRESS__)
#define KILL_STEP 24
#else
#define KILL_STEP 1
#endif

static int statements, kill_at;

static int count_statement(unsigned type, void *ctx, void *stmt, void *text)
{
	const char *sql = text, *file = sqlite3_db_filename(ctx, "main");

	(void)type;
	(void)stmt;
	if (strncmp(sql, "--", 2) == 0 || !file || !strstr(file, "chappe.db"))
		return 0; /* a statement of a trigger; what the log is played into */
	if (++statements == kill_at)
		raise(SIGKILL);
	return 0;
}

static int count_statements(sqlite3 *db, char **error, const void *api)
{
	(void)error;
	(void)api;
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_statement, db);
	return SQLITE_OK;
}

/* \returns false if there were not so many statements: it is done. */
static bool killed(struct place *p, int at)
{
	char *kept, *error = NULL;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		kill_at = at;
		sqlite3_auto_extension((void (*)(void))count_statements);
		_exit(migrate(p, &kept, &error) ? 2 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFSIGNALED(status);
}

static void test_killed(void **state)
{
	struct place *p = *state;
	char *error = NULL, *kept;
	int at = 1;

	for (; killed(p, at); at += KILL_STEP) {
		if (release_content(p->path, "%") != p->first)
			break;
	}
	if (ask(p, "PRAGMA user_version") == 1)
		fail_msg("killed before statement %d: neither the old one nor the new one", at);
	printf("# killed before each %d. of %d statements\n", KILL_STEP, at - 1);
	assert_true(at > 200);
	assert_int_equal(migrate(p, &kept, &error), 0);
	assert_int_equal(store_check(p, p->path, print_line, NULL, &error), 0);
}

/* The disk is full at some point: the database is as it was, and the copy is gone again. */

static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_full(void **state)
{
	struct place *p = *state;
	int rc = -ENOSPC, times = 0;

	signal(SIGXFSZ, SIG_IGN);
	for (rlim_t size = 50000; rc; size += 150000, times++) {
		char *kept = NULL, *error = NULL;

		limit_files(size);
		rc = migrate(p, &kept, &error);
		limit_files(RLIM_INFINITY);
		if (!rc)
			break;
		assert_int_equal(rc, -ENOSPC);
		assert_non_null(strstr(error, "the disk is full: make room"));
		assert_null(kept);
		assert_int_equal(copies(p), 0);
		assert_true(release_content(p->path, "%") == p->first);
	}
	assert_true(times > 5);
	assert_int_equal(store_check(p, p->path, print_line, NULL, NULL), 0);
}

/* Whoever has it open works with the old one still. */
static void test_in_use(void **state)
{
	struct place *p = *state;
	char *kept = NULL, *error = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT 1 FROM person", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(migrate(p, &kept, &error), -EBUSY);
	assert_non_null(strstr(error, "another program has the database open: stop it"));
	sqlite3_close(db);
	assert_int_equal(copies(p), 0);
	assert_true(release_content(p->path, "%") == p->first);
	assert_int_equal(migrate(p, &kept, &error), 0);
}

/* What was written without `fire` is found, and left as it is. */
static void test_forged(void **state)
{
	struct place *p = *state;
	char *kept = NULL, *error = NULL;

	run(p,
	    "INSERT INTO firing VALUES (1, 0, 0, 0, '', 0, 0);"
	    "UPDATE subject SET state = 'collected' WHERE id = (SELECT id FROM orders WHERE ref = 'C100');"
	    "DELETE FROM firing");
	p->first = release_content(p->path, "%");
	assert_int_equal(migrate(p, &kept, &error), -EUCLEAN);
	assert_non_null(strstr(error, "its log does not give what stands in it"));
	assert_int_equal(copies(p), 0);
	assert_true(release_content(p->path, "%") == p->first);
}

/* A row that refers to nothing: whatever the reason, the new one would not be whole. */
static void test_not_whole(void **state)
{
	struct place *p = *state;
	char *kept = NULL, *error = NULL;

	run(p, "INSERT INTO person_role VALUES (4711, 'RES')");
	p->first = release_content(p->path, "%");
	assert_int_equal(migrate(p, &kept, &error), -EUCLEAN);
	assert_non_null(strstr(error, "it is left as it was"));
	assert_non_null(strstr(error, "person_role"));
	assert_true(release_content(p->path, "%") == p->first);
}

static void test_newer(void **state)
{
	struct place *p = *state;
	char *kept = NULL, *error = NULL;

	run(p, "PRAGMA user_version = 99");
	assert_int_equal(migrate(p, &kept, &error), -ENOTSUP);
	assert_non_null(strstr(error, "install the newer Chappe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_older_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_migrates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_money, setup, teardown),
		cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_in_use, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
