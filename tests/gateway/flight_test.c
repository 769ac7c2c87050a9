/* Texts in flight, and which of them are set aside.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "gateway/flight.h"

struct name {
	uint8_t digest[DIGEST_SIZE];
};

static struct name text(unsigned int n)
{
	struct name t = { { n & 0xff, n >> 8, 1 } };

	return t;
}

static void begin(struct flight *f, unsigned int n)
{
	flight_begin(f, text(n).digest);
}

static void end(struct flight *f, unsigned int n)
{
	flight_end(f, text(n).digest);
}

/* The texts to set aside are just these, in this order; a list ends with -1. */
static void check_aside(const struct flight *f, const int *want)
{
	size_t at = 0;
	const uint8_t *digest;

	while ((digest = flight_next_aside(f, &at))) {
		assert_true(*want >= 0);
		assert_memory_equal(digest, text((unsigned int)*want).digest, DIGEST_SIZE);
		want++;
	}
	assert_int_equal(*want, -1);
}
#define ASIDE(f, ...) check_aside(f, (const int[]){ __VA_ARGS__ __VA_OPT__(, ) - 1 })

static void two_crashes(void **state)
{
	struct flight *f = flight_new(*state);

	begin(f, 1);
	begin(f, 2);
	assert_int_equal(flight_crash(f), 2);
	ASIDE(f);
	begin(f, 1);
	assert_int_equal(flight_crash(f), 1);
	ASIDE(f, 1);
	begin(f, 2);
	begin(f, 3);
	assert_int_equal(flight_crash(f), 2);
	ASIDE(f, 1, 2);
	/* the next gateway has stored them unread */
	end(f, 1);
	end(f, 2);
	ASIDE(f);
}

static void what_is_done_is_forgotten(void **state)
{
	struct flight *f = flight_new(*state);

	begin(f, 1);
	assert_int_equal(flight_crash(f), 1);
	begin(f, 1);
	end(f, 1);
	begin(f, 1);
	assert_int_equal(flight_crash(f), 1);
	ASIDE(f);
	end(f, 9); /* never heard of */
}

static void an_orderly_end_is_no_crash(void **state)
{
	struct flight *f = flight_new(*state);

	begin(f, 1);
	flight_crash(f);
	begin(f, 1);
	flight_land(f);
	assert_int_equal(flight_crash(f), 0);
	ASIDE(f);
}

static void the_memory_is_bounded(void **state)
{
	struct flight *f = flight_new(*state);

	begin(f, 1);
	flight_crash(f);
	begin(f, 1);
	flight_crash(f);
	for (unsigned int i = 2; i < FLIGHT_MAX + 100; i++)
		begin(f, i);
	ASIDE(f, 1); /* not pushed out by those that have done nothing */
	assert_int_equal(flight_crash(f), FLIGHT_MAX - 1);
}

static int setup(void **state)
{
	*state = talloc_named_const(NULL, 0, "flight_test");
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_crashes, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_done_is_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(an_orderly_end_is_no_crash, setup, teardown),
		cmocka_unit_test_setup_teardown(the_memory_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
