/* Deadlines, the clock that is walked, and what other programs write.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/deadline.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/clock.h"
#include "gateway/outbox.h"
#include "gateway/tick.h"
#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"

/* It is 09:00, and an order of resident 1 is placed; the cycle closes in two days at 18:00. */
static void place_order(struct fixture *f)
{
	assert_int_equal(clock_start(f->gw), 0);
	fixture_sql(
		f,
		"INSERT INTO fire(machine, event, version, actor, role, channel, idem, payload)"
		" SELECT 'order', 'start', 0, 1, 'RES', 'web', 'a', '{\"cycle\":' || id ||"
		" ',\"owner\":1}' FROM cycle;"
		"INSERT INTO fire(machine, event, version, actor, role, channel, idem, payload)"
		" SELECT 'line', 'add', 0, 1, 'RES', 'web', 'b', '{\"order\":' || (SELECT id FROM"
		" orders) || ',\"offer\":' || id || ',\"qty\":2000}' FROM offer WHERE list_no = 1;"
		"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem)"
		" SELECT 'order', id, 'edit', version, 1, 'RES', 'web', 'c' FROM orders;"
		"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem,"
		" payload) SELECT 'order', id, 'confirm', version, 1, 'RES', 'web', 'd',"
		" '{\"code\":\"1234\"}' FROM orders;");
}

/* Events that timers fired, in order: "cycle.close line.lapse_confirm ...". */
static const char *fired(struct fixture *f)
{
	return fixture_get(f, "SELECT coalesce(group_concat(machine || '.' || event, ' '), '')"
			      " FROM (SELECT * FROM event_log WHERE channel = 'timer'"
			      " AND idem LIKE 'deadline/%%' ORDER BY id)");
}

/* How long after its due time an event was fired. */
static int late(struct fixture *f, const char *machine, const char *event, const char *due)
{
	return atoi(fixture_get(f,
				"SELECT at - (SELECT %s FROM cycle) FROM event_log"
				" WHERE machine = '%s' AND event = '%s'",
				due, machine, event));
}

static int done_rc;

static void walk_done(void *data, int rc)
{
	(*(int *)data)++;
	done_rc = rc;
}

static int walk(struct fixture *f, int64_t seconds)
{
	int called = 0;

	done_rc = 1;
	assert_int_equal(clock_walk(f->gw, seconds, walk_done, &called), 0);
	assert_int_equal(clock_walk(f->gw, 1, walk_done, &called), -EALREADY);
	fixture_run(f);
	assert_int_equal(called, 1);
	return done_rc;
}

static void test_starts_in_the_morning(void **state)
{
	struct fixture *f = *state;
	struct civil c;

	assert_int_equal(clock_start(f->gw), 0);
	c = civil_from(store_now(f->gw->store));
	assert_int_equal(c.hour, 9);
	assert_int_equal(c.minute, 0);
	fixture_sql(f, "UPDATE clock_offset SET \"offset\" = \"offset\" + 7200");
	assert_int_equal(clock_start(f->gw), 0); /* only once */
	c = civil_from(store_now(f->gw->store));
	assert_int_equal(c.hour, 11);
}

/* Every timer fires as it would have, each once, on the way to the target. */
static void test_walk(void **state)
{
	struct fixture *f = *state;
	int64_t begin;

	place_order(f);
	begin = store_now(f->gw->store);
	assert_int_equal(walk(f, 58 * 3600), 0); /* 19:00 on the day of the cut-off */
	assert_string_equal(fired(f), "cycle.close");
	assert_in_range(late(f, "cycle", "close", "closes_at"), 0, 2);
	assert_in_range(store_now(f->gw->store) - begin, 58 * 3600, 58 * 3600 + 2);
	assert_string_equal(fixture_get(f, "SELECT state FROM orders"), "locked");
	assert_int_not_equal(*f->notices, 0);

	assert_int_equal(walk(f, 4 * 86400), 0);
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm"
				      " cycle.start_pickup order.miss cycle.settle");
	assert_int_equal(walk(f, 2 * 86400), 0);
	assert_non_null(strstr(fired(f), " cycle.settle order.write_off"));
	assert_in_range(late(f, "line", "lapse_confirm", "confirm_by"), 0, 2);
	assert_in_range(late(f, "cycle", "start_pickup", "pickup_from"), 0, 2);
	assert_in_range(late(f, "cycle", "settle", "pickup_to + 3600"), 0, 2);
	assert_int_equal(atoi(fixture_get(f, "SELECT count(*) FROM notice WHERE state = 'new'")),
			 0);
}

/* A message that falls due on the way is sent on the way. */
static void test_walk_sends(void **state)
{
	struct fixture *f = *state;
	struct outbox_message m = { .to = ALICE, .body = "demain", .due_at = 0 };

	f->one->answers = true;
	assert_int_equal(store_begin(f->gw->store), 0);
	m.due_at = store_now(f->gw->store) + 7200;
	assert_int_equal(outbox_queue(f->gw, NULL, NULL, &m), 0);
	assert_int_equal(store_commit(f->gw->store), 0);
	fixture_run(f);
	assert_int_equal(f->one->n, 0);
	assert_int_equal(walk(f, 3600), 0);
	assert_int_equal(f->one->n, 0);
	assert_int_equal(walk(f, 7200), 0);
	assert_int_equal(f->one->n, 1);
	assert_in_range(
		atoi(fixture_get(f,
				 "SELECT p.sent_at - m.due_at FROM message m JOIN message_part p")),
		0, 2);
}

/* A doubt ends on the way, at its time. */
static void test_walk_over_a_doubt(void **state)
{
	struct fixture *f = *state;

	fixture_queue(f, ALICE, "Bonjour", 0);
	fixture_sql(f, "UPDATE message SET resend = 1");
	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	f->one->answers = true;
	assert_int_equal(walk(f, 3600), 0);
	assert_int_equal(f->one->n, 2);
	assert_in_range(
		atoi(fixture_get(
			f, "SELECT p.sent_at - m.created_at FROM message m JOIN message_part p")),
		180, 183);
}

static void test_walk_refused(void **state)
{
	struct fixture *f = *state;
	int called = 0;

	assert_int_equal(clock_walk(f->gw, -1, walk_done, &called), -ERANGE);
	assert_int_equal(clock_walk(f->gw, CLOCK_WALK_MAX + 1, walk_done, &called), -ERANGE);
	f->gw->clock_test = false;
	assert_int_equal(clock_walk(f->gw, 60, walk_done, &called), -EPERM);
	assert_int_equal(called, 0);
}

static void test_walk_survives_a_lock(void **state)
{
	struct fixture *f = *state;
	int called = 0;
	void *lock = fixture_lock(f);

	assert_int_equal(clock_walk(f->gw, 3600, walk_done, &called), 0);
	tick_beat(f->tick);
	assert_int_equal(called, 0);
	fixture_unlock(lock);
	fixture_settle(f);
	assert_int_equal(called, 1);
	assert_int_equal(done_rc, 0);
}

/* The clock jumps, forward and back: what is due is fired, once. */
static void test_jumps(void **state)
{
	struct fixture *f = *state;

	place_order(f);
	fixture_walk(f, 74 * 3600); /* the cut-off is past, the producers' time too */
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm");
	fixture_walk(f, -74 * 3600); /* events do not un-happen, and the next are no obstacle */
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm");
	fixture_walk(f, 5 * 86400);
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm"
				      " cycle.start_pickup order.miss cycle.settle");
}

/* A life ends between two deadlines: the next one goes on. */
static void test_crash(void **state)
{
	struct fixture *f = *state;

	place_order(f);
	fixture_walk(f, 74 * 3600);
	fixture_crash(f);
	fixture_run(f);
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm");
	assert_int_equal(atoi(fixture_get(f, "SELECT count(*) FROM event_log"
					     " WHERE event = 'close' AND machine = 'cycle'")),
			 1);
}

/* One that the database lists and refuses does not spin, and does not hold up the others. */
static void test_refused(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f,
		    "ALTER TABLE event_log RENAME COLUMN payload TO payload;"
		    "CREATE TRIGGER refuse BEFORE INSERT ON event_log WHEN NEW.event = 'close'"
		    " AND NEW.machine = 'cycle' BEGIN SELECT RAISE(ABORT, 'E_GUARD test'); END;");
	place_order(f);
	fixture_sql(f, "UPDATE clock_offset SET \"offset\" = \"offset\" + 74 * 3600");
	for (int i = 0; i < 50; i++)
		tick_beat(f->tick);
	fixture_run(f);
	assert_string_equal(fired(f), "");
	assert_int_equal(deadline_due(f->gw, store_now(f->gw->store)), 0);
	fixture_sql(f, "DROP TRIGGER refuse");
	fixture_walk(f, 70); /* after its pause */
	assert_string_equal(fired(f), "cycle.close line.lapse_confirm");
}

/* Another program fires an event: its notices are seen to at once. */
static void test_others_write(void **state)
{
	struct fixture *f = *state;
	unsigned int before;

	fixture_run(f);
	before = *f->notices;
	place_order(f);
	tick_beat(f->tick);
	assert_true(*f->notices > before);
	before = *f->notices;
	fixture_sql(
		f,
		"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem)"
		" SELECT 'order', id, 'cancel', version, 1, 'RES', 'web', 'e' FROM orders");
	tick_beat(f->tick);
	assert_int_equal(*f->notices, before + 1);
	tick_beat(f->tick);
	assert_int_equal(*f->notices, before + 1);
}

static void test_others_wrote_before_the_start(void **state)
{
	struct fixture *f = *state;
	unsigned int before = *f->notices;

	place_order(f);
	fixture_crash(f);
	fixture_run(f);
	assert_true(*f->notices > before);
}

/* A message that cannot be delivered leaves a notice for the coordinator: no other program has to write first. */
static void test_our_own_notices(void **state)
{
	struct fixture *f = *state;

	fixture_queue(f, ALICE, "Bonjour", 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_REFUSED, -1);
	assert_int_equal(*f->notices, 0);
	assert_int_equal(walk(f, 60), 0);
	assert_int_equal(*f->notices, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup_demo, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_starts_in_the_morning),
		TEST(test_walk),
		TEST(test_walk_sends),
		TEST(test_walk_over_a_doubt),
		TEST(test_walk_refused),
		TEST(test_walk_survives_a_lock),
		TEST(test_jumps),
		TEST(test_crash),
		TEST(test_refused),
		TEST(test_others_write),
		TEST(test_others_wrote_before_the_start),
		TEST(test_our_own_notices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
