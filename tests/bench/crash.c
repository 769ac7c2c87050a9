/* contrib/quickstart bench crash: two hundred kills during a thousand texts.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/system/crash.h"

static void kills(void **state)
{
	const struct crash_plan plan = { .kills = 200, .texts_a_kill = 4, .seed = 42 };
	struct crash_account a;

	(void)state;
	crash_run(&a, &plan);
	printf("# %d kills, %d texts, %d of them delivered twice by the network, %" PRId64 " s\n",
	       plan.kills, a.texts, a.delivered_twice, a.seconds);
	printf("# texts lost %d, unanswered %d\n", a.lost, a.unanswered);
	printf("# effects missing %d, effects twice %d\n", a.effects_missing, a.effects_twice);
	printf("# answers in doubt %d, answered twice without being in doubt %d\n", a.in_doubt,
	       a.answered_twice);
	assert_int_equal(
		a.lost + a.unanswered + a.effects_missing + a.effects_twice + a.answered_twice, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
