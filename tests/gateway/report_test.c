/* Status reports: which message they are about, and what they decide.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/report.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/outbox.h"
#include "gateway/tick.h"
#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"
#define BOB   "+33639980002"

static void test_report_before_result(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_report(f->one, 0, ALICE, 5, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending delivered:5");
	fake_answers(f->one, BEARER_SENT, 5);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:5");
}

/* The report of an earlier message comes again while a later one is on its way. */
static void test_report_twice(void **state)
{
	struct fixture *f = *state;
	int64_t first = fixture_queue(f, ALICE, "Un", 0);
	int64_t second;

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 5);
	fake_report(f->one, 0, ALICE, 5, 0x00);
	fixture_run(f);
	second = fixture_queue(f, ALICE, "Deux", 0);
	fixture_run(f);
	fake_report(f->one, 0, ALICE, 5, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, first), "delivered delivered:5");
	assert_string_equal(fixture_states(f, second), "sending sending:");
}

static void test_report_failure(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	f->one->answers = true;
	fixture_run(f);
	fake_report(f->one, 0, ALICE, 1, 0x41);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "failed failed:1");
	fake_report(f->one, 0, ALICE, 1, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "failed failed:1");
}

static void test_report_of_a_stranger(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_report(f->one, 1, BOB, 5, 0x00);
	fake_report(f->one, 2, "Orange", 5, 0x00);
	fake_report(f->one, 3, "", 5, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending sending:");
	assert_int_equal(f->one->n_released, 3);
}

/* The reference wraps: the later message is meant. */
static void test_reference_wraps(void **state)
{
	struct fixture *f = *state;
	int64_t first = fixture_queue(f, ALICE, "Un", 0);
	int64_t second;

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 5);
	fixture_run(f);
	second = fixture_queue(f, ALICE, "Deux", 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 5);
	fixture_run(f);
	fake_report(f->one, 0, ALICE, 5, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, first), "sent sent:5");
	assert_string_equal(fixture_states(f, second), "delivered delivered:5");
}

/* ... unless the network says when it took the part: reports that come late are about the earlier one. */
static void test_reference_wraps_by_time(void **state)
{
	struct fixture *f = *state;
	struct bearer_report report = { .mr = 5, .to = ALICE };
	int64_t first = fixture_queue(f, ALICE, "Un", 0);
	int64_t second;

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 5);
	fixture_run(f);
	report.sent_at = store_now(f->gw->store);
	fixture_walk(f, 900);
	second = fixture_queue(f, ALICE, "Deux", 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 5);
	fixture_run(f);
	outbox_report(f->gw, &f->one->bearer, 0, &report);
	fixture_run(f);
	assert_string_equal(fixture_states(f, first), "delivered delivered:5");
	assert_string_equal(fixture_states(f, second), "sent sent:5");
	report.sent_at += 86400; /* a network whose clock is wrong: the newest */
	outbox_report(f->gw, &f->one->bearer, 0, &report);
	fixture_run(f);
	assert_string_equal(fixture_states(f, second), "delivered delivered:5");
}

/* As networks write it. */
static void test_report_numbers(void **state)
{
	static const char *const ways[] = { ALICE, "33639980001", "0033639980001", "0639980001" };
	struct fixture *f = *state;

	f->one->answers = true;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

		fixture_run(f);
		fake_report(f->one, 0, ways[i], f->one->mr, 0x00);
		fixture_run(f);
		if (strncmp(fixture_states(f, id), "delivered", 9) != 0)
			fail_msg("%s: %s", ways[i], fixture_states(f, id));
	}
}

static void test_report_classes(void **state)
{
	(void)state;
	assert_int_equal(report_class(0x00), REPORT_DELIVERED);
	assert_int_equal(report_class(0x02), REPORT_DELIVERED);
	assert_int_equal(report_class(0x20), REPORT_PENDING);
	assert_int_equal(report_class(0x30), REPORT_PENDING);
	assert_int_equal(report_class(0x40), REPORT_FAILED);
	assert_int_equal(report_class(0x60), REPORT_FAILED);
	assert_int_equal(report_class(0xff), REPORT_FAILED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_report_before_result), TEST(test_report_twice),
		TEST(test_report_failure),       TEST(test_report_of_a_stranger),
		TEST(test_reference_wraps),      TEST(test_reference_wraps_by_time),
		TEST(test_report_numbers),       cmocka_unit_test(test_report_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
