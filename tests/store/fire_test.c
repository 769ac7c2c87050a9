/* One order from the first text to the answer, and the refusals on its way.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "tests/store/fixture.h"

#define CYCLE                                                                                       \
	"{\"place\":1,\"opens_at\":2000,\"closes_at\":9000,\"avail_by\":1900,\"confirm_by\":10000," \
	"\"pickup_from\":20000,\"pickup_to\":30000}"

/* An open cycle with carrots on offer, a resident whose number is active; ids in the order of their births. */
struct platform {
	int64_t contact, cycle, carrots;
};

static struct platform platform(struct fixture *f)
{
	struct platform p;

	p.contact = fixture_fire(f, "COO 31", "contact", 0, "register", "{\"identity_seen\":1}");
	fixture_sql(f, talloc_asprintf(f,
				       "INSERT INTO contact_number VALUES (%" PRId64
				       ", '+33639980001');"
				       "INSERT INTO contact_person VALUES (%" PRId64 ", 1)",
				       p.contact, p.contact));
	fixture_fire(f, "RES 1", "contact", p.contact, "consent", "{\"proof_kept\":1}");
	p.cycle = fixture_fire(f, "COO 31", "cycle", 0, "create", CYCLE);
	fixture_fire(f, "COO 31", "cycle", p.cycle, "announce", NULL);
	p.carrots = fixture_fire(f, "PRO 11", "offer", 0, "declare",
				 talloc_asprintf(f,
						 "{\"cycle\":%" PRId64
						 ",\"producer\":11,\"product\":\"carotte\","
						 "\"unit\":\"kg\",\"qty\":50000,\"price\":180}",
						 p.cycle));
	f->now = 2000;
	fixture_fire(f, "SYS", "cycle", p.cycle, "open", NULL);
	return p;
}

static void test_path(void **state)
{
	struct fixture *f = *state;
	struct platform p = platform(f);
	int64_t order, line;

	order = fixture_fire(f, "RES 1", "order", 0, "start",
			     talloc_asprintf(f, "{\"cycle\":%" PRId64 ",\"owner\":1}", p.cycle));
	line = fixture_fire(
		f, "RES 1", "line", 0, "add",
		talloc_asprintf(f, "{\"order\":%" PRId64 ",\"offer\":%" PRId64 ",\"qty\":2500}",
				order, p.carrots));
	assert_int_equal(fixture_fire(f, "RES 1", "order", order, "confirm", NULL), 0);
	assert_string_equal(f->refusal.message, "E_GUARD recap_sent");
	assert_string_equal(f->refusal.guard, "recap_sent");
	assert_int_equal(fixture_fire(f, "RES 1", "order", order, "edit", NULL), order);
	assert_int_equal(f->version, 2);
	fixture_fire(f, "RES 1", "order", order, "confirm", NULL);
	assert_string_equal(fixture_text(f, "SELECT state FROM orders WHERE id = %" PRId64, order),
			    "placed");
	assert_int_equal(fixture_int(f, "SELECT total_cents FROM orders"), 450);
	assert_int_equal(fixture_int(f, "SELECT left_milli FROM offer"), 47500);
	f->now = 9000;
	fixture_fire(f, "SYS", "cycle", p.cycle, "close", NULL);
	assert_string_equal(fixture_text(f, "SELECT state FROM orders"), "locked");
	fixture_fire(f, "PRO 11", "line", line, "confirm", NULL);
	assert_string_equal(fixture_text(f, "SELECT state FROM orders"), "confirmed");
	assert_string_equal(fixture_text(f, "SELECT state FROM cycle"), "confirmed");
	assert_string_equal(
		fixture_text(f, "SELECT group_concat(name) FROM notice WHERE person_id = 1"),
		"recap,order_placed,order_locked,order_result");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_path, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
