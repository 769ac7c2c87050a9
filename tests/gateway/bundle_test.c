/* Notices of one moment are told together, whatever the number of transactions that their timers take.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/application.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/store/create.h"
#include "gateway/store/store.h"
#include "messages/catalogue.h"
#include "parsers/civil.h"
#include "tests/support/process.h"

#define COORDINATOR "+33639980031"

#define FIRE                                                                                     \
	"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, " \
	"payload) "

struct world {
	char *dir;
	struct gateway *gw;
	sqlite3 *db; /* of another program */
};

static void sql(struct world *w, const char *text)
{
	char *error = NULL;

	if (sqlite3_exec(w->db, text, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
}

static int get(struct world *w, const char *text)
{
	sqlite3_stmt *stmt;
	int out = -1;

	assert_int_equal(sqlite3_prepare_v2(w->db, text, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		out = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return out;
}

static void run(struct world *w)
{
	assert_int_equal(store_begin(w->gw->store), 0);
	assert_int_equal(notice_run(w->gw), 0);
	assert_int_equal(store_commit(w->gw->store), 0);
}

/* The next sale is announced: every producer is asked for what was sold last time. */
static void announce(struct world *w)
{
	sql(w, FIRE "SELECT 'cycle', id, version, 'cancel', 31, 'COO', 'web', 'a', NULL,"
		    " '{\"reason\":\"gel\"}' FROM cycle");
	sql(w, FIRE
	    "SELECT 'cycle', NULL, 0, 'create', 31, 'COO', 'web', 'b', NULL, '{\"place\":1,\"avail_by\":'"
	    " || (now + 1000) || ',\"opens_at\":' || (now + 2000) || ',\"closes_at\":' || (now + 3000)"
	    " || ',\"confirm_by\":' || (now + 4000) || ',\"pickup_from\":' || (now + 5000)"
	    " || ',\"pickup_to\":' || (now + 6000) || '}' FROM clock");
	sql(w, FIRE "SELECT 'cycle', id, version, 'announce', 31, 'COO', 'web', 'c', NULL, '{}'"
		    " FROM cycle WHERE state = 'draft'");
	run(w);
}

/* So many of the offers that are asked for lapse in one transaction. */
static void lapse(struct world *w, const char *limit)
{
	sql(w,
	    talloc_asprintf(
		    w,
		    "BEGIN; " FIRE
		    "SELECT 'offer', id, version, 'lapse', NULL, 'SYS', 'timer', 'l/' || id, NULL,"
		    " '{}' FROM offer WHERE state = 'asked' LIMIT %s; COMMIT",
		    limit));
	run(w);
}

static int told(struct world *w)
{
	return get(w, "SELECT count(*) FROM message WHERE number = '" COORDINATOR
		      "' AND template LIKE 'silent_producer%'");
}

static void test_asked_once(void **state)
{
	struct world *w = *state;
	int asked;

	announce(w);
	asked = get(w, "SELECT count(*) FROM event_log WHERE event = 'ask'");
	assert_int_equal(asked, get(w, "SELECT count(*) FROM offer WHERE state = 'closed'"));
	sql(w, "UPDATE notice SET state = 'new' WHERE name = 'ask_availability'");
	run(w);
	assert_int_equal(get(w, "SELECT count(*) FROM event_log WHERE event = 'ask'"), asked);
}

static void test_silence_is_told_once(void **state)
{
	struct world *w = *state;

	announce(w);
	sql(w, "UPDATE clock_offset SET \"offset\" = \"offset\" + 1001");
	lapse(w, "10");
	lapse(w, "10");
	assert_int_equal(told(w), 0);
	assert_int_equal(notice_waiting(w->gw), 20);
	lapse(w, "-1");
	assert_int_equal(told(w), 1);
	assert_int_equal(notice_waiting(w->gw), 0);
	assert_int_equal(get(w, "SELECT count(DISTINCT message_id) FROM notice"
				" WHERE name = 'silent_producer'"),
			 1);
	assert_int_equal(get(w, "SELECT min(message_id) > 0 FROM notice"
				" WHERE name = 'silent_producer'"),
			 1);
}

/* A timer that is never fired does not silence the others. */
static void test_waits_a_minute(void **state)
{
	struct world *w = *state;

	announce(w);
	sql(w, "UPDATE clock_offset SET \"offset\" = \"offset\" + 1001");
	lapse(w, "2");
	assert_int_equal(told(w), 0);
	sql(w, "UPDATE clock_offset SET \"offset\" = \"offset\" + 62");
	run(w);
	assert_int_equal(told(w), 1);
	assert_int_equal(notice_waiting(w->gw), 0);
}

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	char *error = NULL, *path;

	w->dir = process_temp_dir(w);
	path = talloc_asprintf(w, "%s/chappe.db", w->dir);
	w->gw = talloc_zero(w, struct gateway);
	assert_int_equal(store_create(w, path, true, &error), 0);
	assert_int_equal(store_open(&w->gw->store, w, path, 1000, &error), 0);
	assert_int_equal(catalogue_open(&w->gw->catalogue, w, "fr", &error), 0);
	INIT_LLIST_HEAD(&w->gw->bearers);
	w->gw->country_code = "33";
	w->gw->language = "fr";
	assert_int_equal(sqlite3_open(path, &w->db), SQLITE_OK);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	sqlite3_close(w->db);
	process_remove_dir(w->dir);
	talloc_free(w);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_asked_once),
		TEST(test_silence_is_told_once),
		TEST(test_waits_a_minute),
	};
	void *ctx = talloc_new(NULL);

	osmo_init_logging2(ctx, &log_categories);
	civil_set_zone("Europe/Paris");
	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
