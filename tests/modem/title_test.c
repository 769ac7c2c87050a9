/* The name under which a process shows.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/title.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void read_proc(char *out, size_t size, const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
}

static void test_title(void **state)
{
	char text[4096];

	(void)state;
	title_set("chapped: modem gsm0");
	read_proc(text, sizeof(text), "/proc/self/cmdline");
	assert_string_equal(text, "chapped: modem gsm0");
	read_proc(text, sizeof(text), "/proc/self/comm");
	assert_string_equal(text, "chapped: modem \n");
	title_set("short");
	read_proc(text, sizeof(text), "/proc/self/cmdline");
	assert_string_equal(text, "short");
}

static void test_environment_stays(void **state)
{
	(void)state;
	assert_non_null(getenv("PATH"));
	assert_int_equal(setenv("TITLE_TEST", "1", 1), 0);
	assert_string_equal(getenv("TITLE_TEST"), "1");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_environment_stays),
	};

	title_init(argc, argv);
	return cmocka_run_group_tests_name("title", tests, NULL, NULL);
}
