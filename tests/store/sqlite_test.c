/* The driver: settings, statements, transactions, and what a bad file gets.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "gateway/store/create.h"
#include "gateway/store/store.h"
#include "tests/support/process.h"

struct fixture {
	char *dir;
	char *path;
};

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	f->dir = process_temp_dir(f);
	f->path = talloc_asprintf(f, "%s/chappe.db", f->dir);
	*state = f;
	return store_create(f, f->path, false, NULL);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	process_remove_dir(f->dir);
	talloc_free(f);
	return 0;
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
}

static void test_clock(void **state)
{
	struct fixture *f = *state;
	struct store *st;
	int64_t now;

	assert_int_equal(store_open(&st, f, f->path, 0, NULL), 0);
	now = store_now(st);
	assert_true(now >= time(NULL) - 2 && now <= time(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_created_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clock, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
