/* kill -9 of a random process, twenty times during a hundred texts.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/system/crash.h"

static void nothing_lost_nothing_twice(void **state)
{
	const struct crash_plan plan = { .kills = 20, .texts_a_kill = 5, .seed = 20261124 };
	struct crash_account a;

	(void)state;
	crash_run(&a, &plan);
	assert_int_equal(a.texts, 100);
	assert_int_equal(a.delivered_twice, 10);
	assert_int_equal(a.lost, 0);
	assert_int_equal(a.effects_missing, 0);
	assert_int_equal(a.effects_twice, 0);
	assert_int_equal(a.unanswered, 0);
	assert_int_equal(a.answered_twice, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_lost_nothing_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
