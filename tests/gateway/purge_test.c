/* What has reached its age is gone, from the rows and from the file; what has not is there.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/purge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
#define DAY   (24 * 60 * 60)

static int count(struct fixture *f, const char *sql)
{
	return atoi(fixture_get(f, "SELECT count(*) FROM %s", sql));
}

/* The clock alone: nothing but what the next beats do happens at the new time. */
static void move(struct fixture *f, int days)
{
	fixture_sql(f,
		    fixture_get(f, "SELECT 'UPDATE clock_offset SET \"offset\" = \"offset\" + %d'",
				days * DAY));
}

/* So many beats of the heart. */
static void beats(struct fixture *f, int n)
{
	for (int i = 0; i < n; i++)
		tick_beat(f->tick);
}

static void converse(struct fixture *f)
{
	f->one->answers = true;
	fake_hand_over(f->one, fake_text(f->one, ALICE, "un secret de polichinelle"));
	fixture_run(f);
	fixture_sql(f,
		    "INSERT INTO note(text, created_at) SELECT 'tout est pourri', now FROM clock");
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 1);
	assert_int_equal(count(f, "message WHERE body <> ''"), 1);
	beats(f, 10); /* the round that is under way ends */
}

static void test_ages(void **state)
{
	struct fixture *f = *state;

	converse(f);
	move(f, 29);
	beats(f, 20);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 1);
	assert_int_equal(count(f, "note"), 1);
	move(f, 2);
	beats(f, 20);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 0);
	assert_int_equal(count(f, "message WHERE body <> ''"), 0);
	assert_int_equal(count(f, "note"), 0);
	assert_int_equal(count(f, "inbox"), 1);
	assert_int_equal(count(f, "message"), 1);
	assert_int_equal(count(f, "message_part"), 1);
	move(f, 60);
	beats(f, 20);
	assert_int_equal(count(f, "inbox"), 0);
	assert_int_equal(count(f, "message"), 0);
	assert_int_equal(count(f, "message_part"), 0);
	assert_int_equal(count(f, "budget"), 0);
	/* ids are never used again: what an event was made of stays one thing */
	fake_hand_over(f->one, fake_text(f->one, BOB, "encore"));
	fixture_run(f);
	assert_int_equal(atoi(fixture_get(f, "SELECT min(id) FROM inbox")), 2);
}

/* A message that was never sent is not emptied while it may still go. */
static void test_waiting(void **state)
{
	struct fixture *f = *state;

	f->one->refuses = true;
	f->one->bearer.ready = false;
	fixture_sql(f, "INSERT INTO message(number, body, parts, created_at, due_at, use_by)"
		       " SELECT '" ALICE "', 'patience', 1, now, now, now + 40 * 86400 FROM clock");
	move(f, 35);
	beats(f, 20);
	assert_int_equal(count(f, "message WHERE body = 'patience' AND state = 'queued'"), 1);
	move(f, 6);
	beats(f, 40);
	assert_int_equal(count(f, "message WHERE body <> ''"), 0);
	assert_int_equal(count(f, "message WHERE state = 'expired'"), 1);
}

/* Thousands of rows go in steps of their own, each a transaction. */
static void test_steps(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 950)"
		    " INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state)"
		    " SELECT CAST('d' || i AS BLOB), 'sms', 'gsm0', '" ALICE "', now, 'mot ' || i,"
		    " 'handled' FROM n, clock");
	beats(f, 12); /* a round with nothing to do */
	move(f, 31);
	beats(f, 1);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 950 - PURGE_STEP);
	beats(f, 9);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 0);
	move(f, 60);
	beats(f, 30);
	assert_int_equal(count(f, "inbox"), 0);
}

static bool in_file(const char *path, const char *words)
{
	FILE *file = fopen(path, "rb");
	char *all = malloc(8 << 20);
	size_t n = file ? fread(all, 1, 8 << 20, file) : 0;
	bool found = n && memmem(all, n, words, strlen(words));

	if (file)
		fclose(file);
	free(all);
	return found;
}

/* Deleted is not enough: the pages are overwritten. */
static void test_file(void **state)
{
	struct fixture *f = *state;

	converse(f);
	fixture_sql(f, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_true(in_file(f->database, "polichinelle"));
	move(f, 31);
	beats(f, 20);
	fixture_sql(f, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_false(in_file(f->database, "polichinelle"));
	assert_false(in_file(f->database, "tout est pourri"));
}

/* Set back by a year, a clock does not put the next round off by as much. */
static void test_clock_back(void **state)
{
	struct fixture *f = *state;

	beats(f, 20);
	move(f, -365);
	converse(f);
	beats(f, 20);
	move(f, 31);
	beats(f, 20);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 0);
}

/* Another program writes: the step waits and is made later. */
static void test_locked(void **state)
{
	struct fixture *f = *state;
	void *lock;

	converse(f);
	move(f, 31);
	lock = fixture_lock(f);
	beats(f, 3);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 1);
	fixture_unlock(lock);
	fixture_settle(f);
	beats(f, 20);
	assert_int_equal(count(f, "inbox WHERE body <> ''"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ages, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_waiting, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_steps, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_file, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_clock_back, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_locked, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
