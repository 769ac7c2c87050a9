/* Numbers that nothing arrives at.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/message.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"

static void register_alice(struct fixture *f)
{
	fixture_sql(
		f,
		"INSERT INTO person(id, name) VALUES (1, 'A'), (31, 'C');"
		"INSERT INTO person_role VALUES (31, 'COO');"
		"INSERT INTO fire(machine, event, actor, role, channel, idem, payload) VALUES"
		" ('contact', 'register', 31, 'COO', 'test', 'r', '{\"identity_seen\":1}');"
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
		" SELECT 'contact', id, 1, 'consent', 31, 'COO', 'test', 'c', '{\"proof_kept\":1}'"
		" FROM contact;"
		"INSERT INTO person_edit(op, person_id, contact_id, number)"
		" SELECT 'number_add', 1, id, '" ALICE "' FROM contact");
}

/* A message leaves, and its report says what became of it. */
static void send_one(struct fixture *f, uint8_t mr, uint8_t status, const char *state)
{
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, mr);
	fixture_run(f);
	fake_report(f->one, 10 + mr, ALICE, mr, status);
	fixture_run(f);
	assert_string_equal(fixture_get(f, "SELECT state FROM message WHERE id = %" PRId64, id),
			    state);
}

#define DELIVERED 0x00
#define EXPIRED   0x46 /* 3GPP TS 23.040, clause 9.2.3.15: validity period expired */

/* Nothing more goes to that number until it writes. */
static void three_in_a_row_pause(void **state)
{
	struct fixture *f = *state;

	register_alice(f);
	for (uint8_t mr = 1; mr <= MESSAGE_BOUNCES; mr++) {
		assert_string_equal(fixture_get(f, "SELECT state FROM contact"), "active");
		send_one(f, mr, EXPIRED, "failed");
	}
	assert_string_equal(fixture_get(f, "SELECT state FROM contact"), "paused");
	assert_string_equal(fixture_get(f, "SELECT payload FROM event_log WHERE event = 'pause'"),
			    "{\"bounces\":3}");
}

static void one_that_arrives_begins_anew(void **state)
{
	struct fixture *f = *state;

	register_alice(f);
	send_one(f, 1, EXPIRED, "failed");
	send_one(f, 2, EXPIRED, "failed");
	send_one(f, 3, DELIVERED, "delivered");
	send_one(f, 4, EXPIRED, "failed");
	send_one(f, 5, EXPIRED, "failed");
	assert_string_equal(fixture_get(f, "SELECT state FROM contact"), "active");
}

/* A number that nobody has registered has nothing to pause. */
static void strangers_are_left_alone(void **state)
{
	struct fixture *f = *state;

	for (uint8_t mr = 1; mr <= MESSAGE_BOUNCES; mr++)
		send_one(f, mr, EXPIRED, "failed");
	assert_string_equal(fixture_get(f, "SELECT count(*) FROM event_log"), "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(three_in_a_row_pause),
		TEST(one_that_arrives_begins_anew),
		TEST(strangers_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
