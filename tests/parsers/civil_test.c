/* Local time and back, over both changes of the clock.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

/* clang-format off */
static const struct {
	int64_t epoch;
	struct civil local;
} moments[] = {
	{ 0,	      { 1970,  1,  1,  1,  0,  0, 4 } },
	{ 1774745999, { 2026,  3, 29,  1, 59, 59, 0 } },	/* the last second of winter time */
	{ 1774746000, { 2026,  3, 29,  3,  0,  0, 0 } },
	{ 1792976400, { 2026, 10, 26,  2,  0,  0, 1 } },
	{ 1798758000, { 2027,  1,  1,  0,  0,  0, 5 } },
	{ 4102441200, { 2100,  1,  1,  0,  0,  0, 5 } },
};
/* clang-format on */

static void test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
		struct civil c = civil_from(moments[i].epoch);

		assert_memory_equal(&c, &moments[i].local, sizeof(c));
		assert_int_equal(civil_epoch(&c), moments[i].epoch);
	}
}

static void test_day_at(void **state)
{
	int64_t noon = 1774695600; /* 2026-03-28 12:00, the day before summer time */

	(void)state;
	assert_int_equal(civil_day_at(noon, 0, 18, 0), noon + 6 * 3600);
	assert_int_equal(civil_day_at(noon, 1, 18, 0), noon + 29 * 3600);
	assert_int_equal(civil_day_at(noon, -1, 9, 30), noon - 26 * 3600 - 1800);
	assert_int_equal(civil_from(civil_day_at(noon, 4, 0, 0)).month, 4);
}

static void test_zone_names(void **state)
{
	(void)state;
	assert_int_equal(civil_set_zone(""), -EINVAL);
	assert_int_equal(civil_set_zone("/etc/passwd"), -EINVAL);
	assert_int_equal(civil_set_zone("../zone"), -EINVAL);
	assert_int_equal(civil_set_zone("Europe/Lille"), -ENOENT);
	assert_int_equal(civil_set_zone("Europe/Paris"), 0);
}

static int setup(void **state)
{
	(void)state;
	return civil_set_zone("Europe/Paris");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_day_at),
		cmocka_unit_test(test_zone_names),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
