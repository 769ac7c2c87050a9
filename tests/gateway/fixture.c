/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/fixture.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "parsers/civil.h"

#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/store/create.h"
#include "tests/support/process.h"

/* Turns of the loop after which a test that still has work is broken. */
#define TURNS_MAX 2000

static int fake_send(struct bearer *b, uint32_t ref, const struct sms_out *sms)
{
	struct fake *k = b->data;

	if (k->refuses)
		return -EAGAIN;
	assert_in_range(k->n, 0, FAKE_SENT_MAX - 1);
	k->sent[k->n].ref = ref;
	k->sent[k->n].sms = *sms;
	k->n++;
	if (k->answers)
		fake_answers(k, BEARER_SENT, ++k->mr);
	return 0;
}

static void fake_release(struct bearer *b, uint32_t slot)
{
	struct fake *k = b->data;

	assert_in_range(k->n_released, 0, FAKE_SENT_MAX - 1);
	k->released[k->n_released++] = slot;
}

static const struct bearer_ops fake_ops = { .send = fake_send, .release = fake_release };

void fake_answers(struct fake *k, enum bearer_outcome outcome, int mr)
{
	struct bearer_result result = { .outcome = outcome, .mr = mr };

	outbox_result(k->gw, &k->bearer, k->sent[k->n - 1].ref, &result);
}

void fake_report(struct fake *k, uint32_t slot, const char *to, uint8_t mr, uint8_t status)
{
	struct bearer_report report = { .mr = mr, .status = status };

	OSMO_STRLCPY_ARRAY(report.to, to);
	outbox_report(k->gw, &k->bearer, slot, &report);
}

static void fake_begin(struct fake *k, struct gateway *gw, const char *worker, bool ready)
{
	k->gw = gw;
	k->bearer.kind = "modem";
	k->bearer.worker = worker;
	k->bearer.ops = &fake_ops;
	k->bearer.data = k;
	k->bearer.ready = ready;
	bearer_add(gw, &k->bearer);
}

static void begin(struct fixture *f, bool two)
{
	struct gateway *gw = talloc_zero(f, struct gateway);

	gw->database = f->database;
	gw->language = "fr";
	gw->country_code = "33";
	gw->time_zone = "Europe/Paris";
	gw->quiet_from = 20 * 60;
	gw->quiet_to = 8 * 60;
	INIT_LLIST_HEAD(&gw->bearers);
	assert_int_equal(store_open(&gw->store, gw, f->database, 100, NULL), 0);
	assert_int_equal(catalogue_open(&gw->catalogue, gw, "fr", NULL), 0);
	gw->outbox = outbox_open(gw);
	fake_begin(&f->one, gw, "gsm0", true);
	fake_begin(&f->two, gw, "gsm1", two);
	f->gw = gw;
}

int fixture_setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	static bool logging;

	if (!logging)
		log_init(&log_categories, NULL);
	logging = true;
	assert_int_equal(civil_set_zone("Europe/Paris"), 0);
	f->dir = process_temp_dir(f);
	f->database = talloc_asprintf(f, "%s/chappe.db", f->dir);
	assert_int_equal(store_create(f, f->database, false, NULL), 0);
	begin(f, false);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	talloc_free(f->gw);
	process_remove_dir(f->dir);
	talloc_free(f);
	return 0;
}

void fixture_crash(struct fixture *f)
{
	bool two = f->two.bearer.ready;

	talloc_free(f->gw);
	begin(f, two);
}

void fixture_run(struct fixture *f)
{
	/* every step of the gateway's own is a timer of 0: a few turns without one are the end */
	for (int i = 0, idle = 0; idle < 3; i++) {
		uint32_t before = f->one.n + f->two.n + f->one.n_released + f->two.n_released;

		assert_in_range(i, 0, TURNS_MAX);
		outbox_tick(f->gw, store_now(f->gw->store));
		osmo_select_main_ctx(1);
		idle = before == f->one.n + f->two.n + f->one.n_released + f->two.n_released
			       ? idle + 1
			       : 0;
	}
}

static sqlite3 *connect_to(struct fixture *f)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(f->database, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 1000);
	return db;
}

void fixture_sql(struct fixture *f, const char *sql)
{
	sqlite3 *db = connect_to(f);
	char *error = NULL;

	sqlite3_exec(db, sql, NULL, NULL, &error);
	if (error)
		fail_msg("%s: %s", sql, error);
	sqlite3_close(db);
}

const char *fixture_get(struct fixture *f, const char *sql)
{
	sqlite3 *db = connect_to(f);
	sqlite3_stmt *s;
	const char *out = "";

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		out = talloc_strdup(f, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
	return out;
}

void fixture_walk(struct fixture *f, int64_t seconds)
{
	fixture_sql(f,
		    talloc_asprintf(f, "UPDATE clock_offset SET \"offset\" = \"offset\" + %" PRId64,
				    seconds));
	fixture_run(f);
}

void fixture_stop(struct fixture *f, const char *number)
{
	fixture_sql(f, "INSERT INTO fire(machine, event, role, channel, idem)"
		       " VALUES ('contact', 'discover', 'SYS', 'test', 'discover')");
	fixture_sql(f, talloc_asprintf(
			       f,
			       "INSERT INTO contact_number SELECT subject_id, '%s' FROM event_log"
			       " WHERE idem = 'discover'",
			       number));
	fixture_sql(
		f,
		"INSERT INTO fire(machine, subject_id, event, role, channel, idem)"
		" SELECT 'contact', contact_id, 'stop', 'SYS', 'test', 'stop' FROM contact_number");
}

void *fixture_lock(struct fixture *f)
{
	sqlite3 *db = connect_to(f);

	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

void fixture_unlock(void *lock)
{
	sqlite3_close(lock);
}

void fixture_until(struct fixture *f, const unsigned int *counter, unsigned int n)
{
	int64_t deadline = process_now_ms() + 10000;

	while (*counter != n) {
		fixture_run(f);
		process_nap();
		if (process_now_ms() > deadline)
			fail_msg("%u after ten seconds, not %u", *counter, n);
	}
}

void fixture_settle(struct fixture *f)
{
	int64_t deadline = process_now_ms() + 10000;

	do {
		fixture_run(f);
		process_nap();
		if (process_now_ms() > deadline)
			fail_msg("the trouble with the database is not over");
	} while (f->gw->trouble.pause);
	fixture_run(f);
}

int64_t fixture_queue(struct fixture *f, const char *to, const char *body, int64_t inbox_id)
{
	struct outbox_message m = { .to = to, .body = body, .inbox_id = inbox_id };
	int64_t id = 0;

	assert_int_equal(store_begin(f->gw->store), 0);
	assert_in_range(outbox_queue(f->gw, &id, NULL, &m), 0, 1);
	assert_int_equal(store_commit(f->gw->store), 0);
	return id;
}
