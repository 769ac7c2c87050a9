/* A line that takes nothing, and a number that takes nothing: told apart, and nobody's message is lost for it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/carrier.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/message.h"
#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"
#define BOB   "+33639980002"
#define CAROL "+33639980005"

static const char *state_of(struct fixture *f, int64_t id)
{
	return fixture_get(f, "SELECT state || ' ' || attempts FROM message WHERE id = %" PRId64,
			   id);
}

static void refused(struct fixture *f, int cause)
{
	fake_refuses(f->one, BEARER_FAILED, cause);
	fixture_run(f);
}

static void taken(struct fixture *f)
{
	fake_answers(f->one, BEARER_SENT, ++f->one->mr);
	fixture_run(f);
}

/* One number that is refused, and nobody else to compare it with: its message waits longer and longer, and is not
 * given up before its time; another one is sent at once. */
static void test_one_number_alone(void **state)
{
	struct fixture *f = *state;
	int64_t alone = fixture_queue(f, ALICE, "Bonjour", 0), other;

	fixture_run(f);
	for (unsigned int i = 1; i < 12; i++) {
		refused(f, 38);
		assert_string_equal(state_of(f, alone), "queued 1");
		assert_int_equal(f->one->n, i);
		fixture_walk(f, 901);
	}
	refused(f, 38);
	other = fixture_queue(f, BOB, "Bonsoir", 0);
	fixture_run(f);
	assert_string_equal(f->one->sent[f->one->n - 1].sms.to, BOB);
	taken(f);
	assert_string_equal(state_of(f, other), "sent 0");
	fixture_walk(f, 901);
	refused(f, 38); /* since others are served, it is the number */
	assert_string_equal(state_of(f, alone), "queued 2");
	assert_null(carrier_text(f, &f->one->bearer));
}

/* No credit: everything stays queued, one part is tried now and then, and all goes on when there is some. */
static void test_no_credit(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0), b = fixture_queue(f, BOB, "deux", 0);
	int64_t c = fixture_queue(f, CAROL, "trois", 0);
	unsigned int n;

	fixture_run(f);
	refused(f, 38);
	assert_string_equal(f->one->sent[f->one->n - 1].sms.to, BOB);
	refused(f, 38);
	assert_int_equal(f->one->n, 2); /* it is the line: CAROL is not tried */
	assert_non_null(strstr(carrier_text(f, &f->one->bearer), "network out of order"));
	fixture_walk(f, 20);
	assert_int_equal(f->one->n, 2);
	fixture_walk(f, 11);
	assert_int_equal(f->one->n, 3);
	for (int i = 0; i < 20; i++) { /* hours */
		n = f->one->n;
		refused(f, 38);
		assert_int_equal(f->one->n, n);
		fixture_walk(f, 901);
		assert_int_equal(f->one->n, n + 1);
	}
	refused(f, 38);
	assert_string_equal(state_of(f, a), "queued 1");
	assert_string_equal(state_of(f, b), "queued 0");
	assert_string_equal(state_of(f, c), "queued 0");
	fixture_walk(f, 901);
	f->one->answers = true;
	taken(f);
	assert_string_equal(fixture_get(f, "SELECT count(*) FROM message WHERE state = 'sent'"),
			    "3");
	assert_null(carrier_text(f, &f->one->bearer));
}

/* The modem says "unknown error" to each: it is in doubt whether they left, until the line tells. */
static void test_unknown_errors(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0), b = fixture_queue(f, BOB, "deux", 0);

	fixture_run(f);
	fake_refuses(f->one, BEARER_UNKNOWN, 500);
	fixture_run(f);
	fake_refuses(f->one, BEARER_UNKNOWN, 500);
	fixture_run(f);
	assert_string_equal(state_of(f, a), "doubt 0");
	assert_string_equal(state_of(f, b), "doubt 0");
	fixture_walk(f, 190); /* no report: neither may be sent again, but they did not leave */
	assert_int_equal(f->one->n, 3);
	fake_refuses(f->one, BEARER_UNKNOWN, 500);
	fixture_run(f);
	fixture_walk(f, 901);
	f->one->answers = true;
	taken(f);
	fixture_walk(f, 901);
	assert_string_equal(state_of(f, a), "sent 0");
	assert_string_equal(state_of(f, b), "sent 0");
}

/* They had left all the same: a report says so, and nothing is sent twice. */
static void test_unknown_errors_that_left(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0), b = fixture_queue(f, BOB, "deux", 0);

	fixture_run(f);
	fake_refuses(f->one, BEARER_UNKNOWN, 500);
	fixture_run(f);
	fake_refuses(f->one, BEARER_UNKNOWN, 500);
	fixture_run(f);
	fake_report(f->one, 0, ALICE, 1, 0x00);
	fixture_run(f);
	assert_null(carrier_text(f, &f->one->bearer));
	fake_report(f->one, 0, BOB, 2, 0x00);
	fixture_run(f);
	assert_string_equal(state_of(f, a), "delivered 0");
	assert_string_equal(state_of(f, b), "delivered 0");
	fixture_walk(f, 901);
	assert_int_equal(f->one->n, 2);
}

/* What says that it is no number's fault counts for nobody, from the first time on. */
static void test_no_network(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0);

	fixture_run(f);
	refused(f, 331);
	assert_string_equal(state_of(f, a), "queued 0");
	assert_non_null(strstr(carrier_text(f, &f->one->bearer), "no network"));
	fixture_walk(f, 20);
	assert_int_equal(f->one->n, 1);
	/* the modem says that it is registered again: now */
	bearer_set_ready(f->gw, &f->one->bearer, false);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	taken(f);
	assert_string_equal(state_of(f, a), "sent 0");
}

/* Another modem sends what waits for one whose line takes nothing. */
static void test_other_modem(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0);

	fixture_run(f);
	refused(f, 331);
	f->two->answers = true;
	bearer_set_ready(f->gw, &f->two->bearer, true);
	fixture_run(f);
	assert_int_equal(f->two->n, 1);
	assert_string_equal(state_of(f, a), "sent 0");
}

/* A bad number that the network knows for one fails at once; with a line that takes nothing it is kept. */
static void test_refused_numbers(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0), b = fixture_queue(f, BOB, "deux", 0);

	fixture_run(f);
	fake_refuses(f->one, BEARER_REFUSED, 1);
	fixture_run(f);
	assert_string_equal(state_of(f, a), "failed 5");
	fake_refuses(f->one, BEARER_REFUSED, 1);
	fixture_run(f);
	assert_string_equal(state_of(f, b), "queued 0");
	fixture_walk(f, 31);
	taken(f);
	assert_string_equal(state_of(f, b), "sent 0");
}

/* What is of no more use ends even so. */
static void test_use_by(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_queue(f, ALICE, "un", 0);

	fixture_run(f);
	for (int i = 0; i < 100 && f->one->n < 400; i++) {
		refused(f, 331);
		fixture_walk(f, 901);
		if (strncmp(state_of(f, a), "expired", 7) == 0)
			return;
	}
	fail_msg("%s", state_of(f, a));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_number_alone), TEST(test_no_credit),
		TEST(test_unknown_errors),   TEST(test_unknown_errors_that_left),
		TEST(test_no_network),       TEST(test_other_modem),
		TEST(test_refused_numbers),  TEST(test_use_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
