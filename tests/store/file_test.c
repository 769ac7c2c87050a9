/* The file: what a damaged, foreign, newer, locked, forbidden one gets, and a full disk.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
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
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "gateway/store/backup.h"
#include "gateway/store/check.h"
#include "gateway/store/create.h"
#include "tests/store/fixture.h"

#define NOBODY 65534

static void close_store(struct fixture *f)
{
	TALLOC_FREE(f->st);
}

static void assert_opens(struct fixture *f, int err, const char *sentence)
{
	char *error = NULL;
	struct store *st = NULL;
	int rc = store_open(&st, f, f->path, 0, &error);

	assert_int_equal(rc, err);
	assert_null(st);
	if (!strstr(error, f->path) || !strstr(error, sentence))
		fail_msg("'%s' does not say '%s'", error, sentence);
}

static void overwrite(const char *path, off_t at, size_t len)
{
	char junk[512];
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	memset(junk, 'j', sizeof(junk));
	assert_true(fd >= 0);
	for (size_t done = 0; done < len; done += sizeof(junk))
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at + done), sizeof(junk));
	close(fd);
}

static void test_created_once(void **state)
{
	struct fixture *f = *state;
	char *error = NULL;
	struct stat sb;

	assert_int_equal(stat(f->path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(store_create(f, f->path, false, &error), -EEXIST);
	assert_non_null(strstr(error, "there is a file already"));
	close_store(f);
	unlink(f->path);
	overwrite(talloc_asprintf(f, "%s-wal", f->path), 0, 512);
	assert_int_equal(store_create(f, f->path, false, &error), -EEXIST);
	assert_non_null(strstr(error, "chappe.db-wal: there is a file already"));
	assert_int_equal(store_create(f, "/nowhere/chappe.db", false, &error), -ENOENT);
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	f->path = talloc_asprintf(f, "%s/other.db", f->dir);
	assert_opens(f, -ENOENT, "make one with `chappectl db init`");
}

static void test_foreign(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	f->path = talloc_asprintf(f, "%s/other.db", f->dir);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_opens(f, -EUCLEAN, "this is no database of Chappe");
	f->path = talloc_asprintf(f, "%s/text", f->dir);
	overwrite(f->path, 0, 4096);
	assert_opens(f, -EUCLEAN, "damaged or none of ours");
}

static void test_newer(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f, "PRAGMA user_version = 99");
	close_store(f);
	assert_opens(f, -ENOTSUP, "schema version 99 and this program knows");
}

static void count_line(void *data, const char *line)
{
	(void)line;
	++*(int *)data;
}

static void test_damaged(void **state)
{
	struct fixture *f = *state;
	struct stat sb;
	int lines = 0;

	close_store(f);
	assert_int_equal(stat(f->path, &sb), 0);
	overwrite(f->path, sb.st_size / 2, sb.st_size / 4);
	assert_true(store_check(f, f->path, count_line, &lines, NULL) != 0);
	overwrite(f->path, 0, 512);
	assert_opens(f, -EUCLEAN, "restore a backup");
}

static void test_locked(void **state)
{
	struct fixture *f = *state;
	struct store *other;

	assert_int_equal(store_open(&other, f, f->path, 0, NULL), 0);
	assert_int_equal(store_begin(other), 0);
	assert_int_equal(store_begin(f->st), -EBUSY);
	assert_non_null(strstr(store_error(f->st), "another program holds the database"));
	assert_int_equal(store_errno(f->st), -EBUSY);
	store_rollback(other);
	assert_int_equal(store_begin(f->st), 0);
	store_rollback(f->st);
}

static void test_forbidden(void **state)
{
	struct fixture *f = *state;

	close_store(f);
	if (geteuid() == 0) {
		chmod(f->dir, 0755);
		assert_int_equal(seteuid(NOBODY), 0);
	} else {
		chmod(f->path, 0);
	}
	assert_opens(f, -EACCES, "check the owner of file and folder");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	chmod(f->path, 0444);
	if (getuid() == 0)
		assert_int_equal(seteuid(NOBODY), 0);
	assert_opens(f, -EACCES, "check the owner of file and folder");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

/* The disk takes nothing more beyond some size, and later it does again. */
static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int write_much(struct fixture *f)
{
	char *text = talloc_zero_size(f, 200000);
	int rc;

	memset(text, 'x', 199999);
	rc = store_begin(f->st);
	if (!rc)
		rc = store_exec(f->st, STORE_STMT_DEMO_PLACE,
				STORE_ARGS(STORE_INT(2), STORE_TEXT("far"), STORE_TEXT(text)));
	if (rc >= 0)
		rc = store_commit(f->st);
	store_rollback(f->st);
	return rc;
}

static void test_full(void **state)
{
	struct fixture *f = *state;
	struct stat sb;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(stat(talloc_asprintf(f, "%s-wal", f->path), &sb), 0);
	limit_files(sb.st_size + 100000);
	assert_int_equal(write_much(f), -ENOSPC);
	assert_non_null(strstr(store_error(f->st), "the disk is full: make room"));
	assert_false(store_in_transaction(f->st));
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM place"), 1);
	limit_files(RLIM_INFINITY);
	assert_int_equal(write_much(f), 0);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM place"), 2);
}

static void test_backup(void **state)
{
	struct fixture *f = *state;
	char *copy = talloc_asprintf(f, "%s/copy.db", f->dir), *error = NULL;
	int lines = 0;

	fixture_fire(f, "SYS", "contact", 0, "discover", NULL);
	assert_int_equal(store_begin(f->st), 0); /* a writer at work does not matter */
	assert_int_equal(store_backup(f, f->path, copy, &error), 0);
	store_rollback(f->st);
	assert_int_equal(store_check(f, copy, count_line, &lines, NULL), 0);
	assert_int_equal(store_backup(f, f->path, copy, &error), -EEXIST);
	f->path = copy;
	close_store(f);
	assert_int_equal(store_open(&f->st, f, copy, 0, NULL), 0);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM event_log"), 1);
}

/* What the log does not bear out is no backup. */
static void test_backup_proven(void **state)
{
	struct fixture *f = *state;
	char *copy = talloc_asprintf(f, "%s/copy.db", f->dir), *error = NULL;

	fixture_fire(f, "SYS", "contact", 0, "discover", NULL);
	fixture_sql(f, "INSERT INTO firing VALUES (1, 1, 1, 1, 'unknown', 1, 1);"
		       "UPDATE contact SET promo = 1; DELETE FROM firing");
	assert_int_equal(store_backup(f, f->path, copy, &error), -EUCLEAN);
	assert_non_null(strstr(error, "is not kept, it would not restore: contact 1: promo is 1"));
	assert_int_equal(access(copy, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_created_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_missing, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_foreign, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_newer, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_damaged, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_locked, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_forbidden, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_full, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_backup, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_backup_proven, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
