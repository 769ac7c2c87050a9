/* Timers on the monotonic clock.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/steady.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include <osmocom/core/select.h>
#include <osmocom/core/timer.h>

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void fired(void *data)
{
	*(int64_t *)data = clock_ms();
}

/* What libosmocore takes for the time is not the wall clock, so nobody can set it. */
static void test_timer(void **state)
{
	int64_t begin = clock_ms(), at = 0;
	struct osmo_timer_list timer;
	struct timeval tv;

	(void)state;
	steady_turn();
	osmo_gettimeofday(&tv, NULL);
	assert_in_range(tv.tv_sec * 1000LL + tv.tv_usec / 1000, begin, clock_ms());
	osmo_timer_setup(&timer, fired, &at);
	osmo_timer_schedule(&timer, 0, 50000);
	while (!at && clock_ms() < begin + 10000) {
		steady_turn();
		osmo_select_main(1);
	}
	assert_in_range(at, begin + 49, begin + 9999);
	osmo_timer_schedule(&timer, 0, 0); /* at once, in the same turn */
	at = 0;
	osmo_select_main(1);
	assert_int_not_equal(at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_timer) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
