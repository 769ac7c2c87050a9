/* The demo platform is what the documentation says that it is.
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
#include <osmocom/core/utils.h>

#include "gateway/store/create.h"
#include "parsers/civil.h"
#include "tests/store/fixture.h"
#include "tests/support/process.h"

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	f->dir = process_temp_dir(f);
	f->path = talloc_asprintf(f, "%s/chappe.db", f->dir);
	*state = f;
	if (store_create(f, f->path, true, NULL))
		return -1;
	return store_open(&f->st, f, f->path, 0, NULL);
}

/* clang-format off */
static const struct { const char *sql, *text; } facts[] = {
	{ "SELECT count(*) FROM person", "16" },
	{ "SELECT count(*) FROM contact WHERE state = 'active'", "15" },
	{ "SELECT c.state FROM contact c JOIN contact_number n ON n.contact_id = c.id"
	  " WHERE number = '+33639980099'", "stopped" },
	{ "SELECT group_concat(member_no) FROM person p JOIN contact_person cp ON cp.person_id = p.id"
	  " JOIN contact_number n ON n.contact_id = cp.contact_id WHERE number = '+33639980003'", "103,104" },
	{ "SELECT group_concat(role) FROM person_role WHERE person_id = 31", "ADM,COO" },
	{ "SELECT language FROM person WHERE member_no = 105", "nl" },
	{ "SELECT count(*) FROM mandate m JOIN clock WHERE now BETWEEN valid_from AND valid_until", "1" },
	{ "SELECT state FROM cycle", "open" },
	{ "SELECT count(*) FROM offer WHERE state = 'available'", "42" },
	{ "SELECT count(*) FROM offer WHERE offered_milli <> left_milli", "0" },
	{ "SELECT list_no || product || unit || price_cents || ' ' || left_milli FROM offer"
	  " WHERE state = 'sold_out'", "18fraisebarquette350 0" },
	{ "SELECT list_no || product || producer_id FROM offer ORDER BY list_no DESC LIMIT 1",
	  "43confiture_prune13" },
	{ "SELECT label_many FROM product WHERE name = 'pomme_de_terre'", "pommes de terre" },
	{ "SELECT count(*) FROM notice WHERE state = 'new'", "0" },
	{ "SELECT machine || event FROM deadline", "cycleclose" },
	{ "SELECT count(*) FROM event_log, clock WHERE at > now", "0" },
};
/* clang-format on */

static void test_facts(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		assert_string_equal(fixture_text(f, "%s", facts[i].sql), facts[i].text);
}

static void check_time(struct fixture *f, const char *column, int days, int hour)
{
	int64_t at = fixture_int(f, "SELECT %s FROM cycle", column);

	assert_int_equal(at, civil_day_at(store_now(f->st), days, hour, 0));
	assert_int_equal(civil_from(at).hour, hour);
}

static void test_dates(void **state)
{
	struct fixture *f = *state;

	check_time(f, "opens_at", -1, 9);
	check_time(f, "closes_at", 2, 18);
	check_time(f, "confirm_by", 3, 10);
	check_time(f, "pickup_from", 4, 17);
	check_time(f, "pickup_to", 4, 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_dates),
	};

	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
