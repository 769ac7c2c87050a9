/* The weekly cycle from the command line: one like the last, and its steps.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include <osmocom/core/talloc.h>

#include "parsers/civil.h"

#include "tests/gateway/operator.h"

/* What the first cycle of an answer has under a name. */
static int64_t cycle_int(struct world *w, const char *args, const char *name)
{
	char *request = talloc_asprintf(w, "{\"op\":\"cycle\",\"args\":{%s}}", args);
	json_t *o = result(w, request);
	int64_t n = json_integer_value(
		json_object_get(json_array_get(json_object_get(o, "cycles"), 0), name));

	json_decref(o);
	return n;
}

/* The next cycle is like the last: a week later by the clock, and what was sold is asked for. */
static void a_cycle_is_prepared(void **state)
{
	struct world *w = *state;
	struct fixture *f = w->f;
	int64_t closes = cycle_int(w, "", "closes_at"), id, next;

	id = cycle_int(w, "\"action\":\"new\"", "id");
	next = cycle_int(w, "", "closes_at");
	assert_int_equal(cycle_int(w, "", "id"), id);
	assert_int_equal(civil_from(next).weekday, civil_from(closes).weekday);
	assert_int_equal(civil_from(next).hour, 18);
	assert_true(next - closes > 6 * 86400 && next - closes < 8 * 86400);
	assert_string_equal(
		fixture_get(f, "SELECT count(*) || ' ' || count(DISTINCT producer_id) FROM offer"
			       " WHERE state = 'asked'"),
		"43 3");
	refuses(w,
		talloc_asprintf(w,
				"{\"op\":\"cycle\",\"args\":{\"id\":%" PRId64
				",\"action\":\"extend\",\"to\":\"+9 18:00\"}}",
				id),
		"is in state draft");
	cycle_int(w, talloc_asprintf(w, "\"id\":%" PRId64 ",\"action\":\"announce\"", id), "id");
	assert_string_equal(
		fixture_get(f,
			    "SELECT count(*) FROM notice"
			    " WHERE name = 'ask_availability' AND subject_id = %" PRId64,
			    id),
		"3");
	refuses(w, "{\"op\":\"cycle\",\"args\":{\"id\":99999}}", "there is no cycle 99999");
	refuses(w, "{\"op\":\"cycle\",\"args\":{\"action\":\"new\",\"closes\":\"sat\"}}",
		"is no moment");
	refuses(w,
		talloc_asprintf(
			w, "{\"op\":\"cycle\",\"args\":{\"id\":%" PRId64 ",\"action\":\"cancel\"}}",
			id),
		"why?");
	cycle_int(w,
		  talloc_asprintf(
			  w, "\"id\":%" PRId64 ",\"action\":\"cancel\",\"reason\":\"tempete\"", id),
		  "id");
	assert_string_equal(fixture_get(f, "SELECT state FROM cycle WHERE id = %s",
					fixture_get(f, "SELECT max(id) FROM cycle")),
			    "cancelled");
}

/* After months of silence it is the first one whose cut-off is still to come. */
static void a_cycle_after_months(void **state)
{
	struct world *w = *state;
	int64_t now;

	fixture_walk(w->f, (int64_t)100 * 86400);
	now = store_now(w->f->gw->store);
	cycle_int(w, "\"action\":\"new\"", "id");
	assert_in_range(cycle_int(w, "", "avail_by"), now, now + (int64_t)7 * 86400);
	assert_int_equal(civil_from(cycle_int(w, "", "closes_at")).hour, 18);
}

/* Producers whose time is over are not asked: they would be called silent at once. */
static void asked_in_time(void **state)
{
	struct world *w = *state;
	int64_t id = cycle_int(w, "\"action\":\"new\"", "id");
	int64_t avail_by = cycle_int(w, "", "avail_by");

	fixture_walk(w->f, avail_by - store_now(w->f->gw->store) + 60);
	refuses(w,
		talloc_asprintf(w,
				"{\"op\":\"cycle\",\"args\":{\"id\":%" PRId64
				",\"action\":\"announce\"}}",
				id),
		"the time until which producers answer is over");
	assert_string_equal(fixture_get(w->f, "SELECT state FROM cycle ORDER BY id DESC LIMIT 1"),
			    "draft");
	assert_true(cycle_int(w, "\"action\":\"new\"", "avail_by") > store_now(w->f->gw->store));
}

static void places_and_products(void **state)
{
	struct world *w = *state;

	json_decref(result(w, "{\"op\":\"place\",\"args\":{\"action\":\"add\",\"name\":\"Local\","
			      "\"address\":\"3 rue Haute\"}}"));
	json_decref(result(w, "{\"op\":\"place\",\"args\":{\"action\":\"change\",\"id\":2,\"name\":"
			      "\"Le local\",\"address\":\"3 rue Haute\"}}"));
	assert_string_equal(fixture_get(w->f, "SELECT name FROM place WHERE id = 2"), "Le local");
	refuses(w,
		"{\"op\":\"place\",\"args\":{\"action\":\"change\",\"id\":9,\"name\":\"x\","
		"\"address\":\"y\"}}",
		"there is no place 9");
	refuses(w, "{\"op\":\"place\",\"args\":{\"action\":\"add\",\"name\":\"x\"}}",
		"the address is missing");
	json_decref(result(
		w, "{\"op\":\"product\",\"args\":{\"name\":\"topinambour\",\"unit\":\"kg\","
		   "\"one\":\"topinambour\",\"many\":\"topinambours\",\"category\":\"legume\"}}"));
	assert_string_equal(
		fixture_get(w->f, "SELECT unit || piece FROM product WHERE name = 'topinambour'"),
		"kg0");
	refuses(w,
		"{\"op\":\"product\",\"args\":{\"name\":\"carotte\",\"unit\":\"botte\",\"one\":"
		"\"carotte\",\"many\":\"carottes\",\"category\":\"legume\"}}",
		"is sold by another unit");
	refuses(w, "{\"op\":\"product\",\"args\":{\"name\":\"Pomme d'or\",\"unit\":\"kg\"}}",
		"is no name");
	refuses(w, "{\"op\":\"product\",\"args\":{\"name\":\"sel\",\"unit\":\"sac\"}}",
		"there is no unit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPERATOR_TEST(a_cycle_is_prepared),
		OPERATOR_TEST(a_cycle_after_months),
		OPERATOR_TEST(asked_in_time),
		OPERATOR_TEST(places_and_products),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
