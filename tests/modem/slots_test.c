/* Slots that wait, and slots that were handed over.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_in_order_and_once(void **state)
{
	static struct slots s;

	(void)state;
	slots_push(&s, 3);
	slots_push(&s, 1);
	slots_push(&s, 3);
	assert_int_equal(s.n, 2);
	assert_int_equal(slots_pop(&s), 3);
	slots_push(&s, 3);
	assert_int_equal(slots_pop(&s), 1);
	assert_int_equal(slots_pop(&s), 3);
	assert_int_equal(s.n, 0);
}

static void test_full(void **state)
{
	static struct slots s;
	static struct known k;

	(void)state;
	for (uint32_t i = 0; i < GAMMU_SLOTS_MAX + 5; i++) {
		slots_push(&s, i);
		known_add(&k, i, 1);
	}
	assert_int_equal(s.n, GAMMU_SLOTS_MAX);
	assert_int_equal(k.n, GAMMU_SLOTS_MAX);
	assert_int_equal(known_at(&k, GAMMU_SLOTS_MAX), -1);
	known_add(&k, 7, 9); /* one that is there is handed over again */
	assert_int_equal(known_at(&k, 7), 9);
}

static void test_known(void **state)
{
	static const uint32_t in_sim[] = { 2, 4 };
	static struct known k;

	(void)state;
	known_add(&k, 0, 50); /* stored nowhere */
	known_add(&k, 1, 100);
	known_add(&k, 2, 200);
	known_add(&k, 3, 300);
	assert_int_equal(known_at(&k, 2), 200);
	assert_int_equal(known_at(&k, 5), -1);
	assert_true(known_older(&k, 50));
	assert_false(known_older(&k, 49));
	known_keep(&k, in_sim, 2);
	assert_int_equal(k.n, 2);
	assert_int_equal(known_at(&k, 0), 50);
	assert_int_equal(known_at(&k, 1), -1);
	known_remove(&k, 2);
	known_remove(&k, 2);
	assert_int_equal(k.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order_and_once),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
