/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/fixture.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "parsers/civil.h"

#include "gateway/command.h"
#include "gateway/deadline.h"
#include "gateway/inbox.h"
#include "gateway/link.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/reminder.h"
#include "gateway/purge.h"
#include "gateway/store/create.h"
#include "gateway/store/sqlite.h"
#include "gateway/tick.h"
#include "gateway/turn.h"
#include "tests/support/process.h"

/* Turns of the loop after which a test that still has work is broken. */
#define TURNS_MAX  3000
/* Exit status of a forked life that ended where it was to. */
#define CRASH_EXIT 42

/* What the stand-ins below belong to; a test program has one fixture at a time. */
static struct fixture *current;

static void crash_point(enum crash where)
{
	if (*current->crash == where)
		_exit(CRASH_EXIT);
}

int command_handle(struct turn *turn)
{
	struct outbox_message m = { .to = turn->number, .inbox_id = turn->inbox_id };
	int rc = 0;

	crash_point(CRASH_STORED);
	if (strcmp(turn->text, "fail") == 0 && current->fails)
		return current->fails;
	turn->intent = "TEST";
	m.body = talloc_asprintf(turn->ctx, "reply: %s", turn->text);
	if (strcmp(turn->text, "silence") != 0)
		rc = outbox_queue(turn->gw, NULL, NULL, &m);
	crash_point(CRASH_ANSWERED);
	return rc < 0 ? rc : 0;
}

int notice_waiting(struct gateway *gw)
{
	sqlite3_stmt *stmt;
	int n;

	if (sqlite3_prepare_v2(store_sqlite(gw->store),
			       "SELECT count(*) FROM notice WHERE state = 'new'", -1, &stmt, NULL)
	    != SQLITE_OK)
		return -EBUSY;
	n = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : -EBUSY;
	sqlite3_finalize(stmt);
	return n;
}

int notice_run(struct gateway *gw)
{
	sqlite3 *db = store_sqlite(gw->store);

	assert_true(store_in_transaction(gw->store));
	if (sqlite3_exec(db, "UPDATE notice SET state = 'done' WHERE state = 'new'", NULL, NULL,
			 NULL)
	    != SQLITE_OK)
		return -EBUSY;
	*current->notices += sqlite3_changes(db);
	return 0;
}

/* The parent is told; this one only counts. */
void link_in_flight(struct link *l, const uint8_t digest[DIGEST_SIZE], bool on)
{
	(void)l;
	(void)digest;
	current->in_flight += on ? 1 : -1;
	current->most_in_flight = OSMO_MAX(current->in_flight, current->most_in_flight);
}

static int fake_send(struct bearer *b, uint32_t ref, const struct sms_out *sms)
{
	struct fake *k = b->data;

	if (k->refuses)
		return -EAGAIN;
	crash_point(CRASH_CLAIMED);
	assert_in_range(k->n, 0, FAKE_SENT_MAX - 1);
	k->sent[k->n].ref = ref;
	k->sent[k->n].sms = *sms;
	k->n++;
	crash_point(CRASH_LEFT);
	if (k->answers)
		fake_answers(k, BEARER_SENT, ++k->mr);
	crash_point(CRASH_TOLD);
	return 0;
}

static void fake_release(struct bearer *b, uint32_t slot)
{
	struct fake *k = b->data;

	crash_point(CRASH_COMMITTED);
	assert_in_range(k->n_released, 0, FAKE_SENT_MAX - 1);
	k->released[k->n_released++] = slot;
	if (slot < k->n_sim)
		k->held[slot] = false;
}

static const struct bearer_ops fake_ops = { .send = fake_send, .release = fake_release };

void fake_answers(struct fake *k, enum bearer_outcome outcome, int mr)
{
	struct bearer_result result = { .outcome = outcome, .mr = mr };

	outbox_result(k->gw, &k->bearer, k->sent[k->n - 1].ref, &result);
}

void fake_refuses(struct fake *k, enum bearer_outcome outcome, int cause)
{
	struct bearer_result result = { .outcome = outcome, .mr = -1, .cause = cause };

	outbox_result(k->gw, &k->bearer, k->sent[k->n - 1].ref, &result);
}

void fake_report(struct fake *k, uint32_t slot, const char *to, uint8_t mr, uint8_t status)
{
	struct bearer_report report = { .mr = mr, .status = status };

	OSMO_STRLCPY_ARRAY(report.to, to);
	outbox_report(k->gw, &k->bearer, slot, &report);
}

uint32_t fake_arrives(struct fake *k, const struct sms_in *sms)
{
	assert_in_range(k->n_sim, 0, FAKE_SIM_MAX - 1);
	k->sim[k->n_sim] = *sms;
	k->held[k->n_sim] = true;
	return k->n_sim++;
}

uint32_t fake_text(struct fake *k, const char *from, const char *text)
{
	struct sms_in sms = { .ton = SMS_TON_INTERNATIONAL, .npi = 1, .smsc_at = 1792000000 };

	sms.smsc_at += k->n_sim;
	OSMO_STRLCPY_ARRAY(sms.sender, from);
	OSMO_STRLCPY_ARRAY(sms.text, text);
	return fake_arrives(k, &sms);
}

void fake_hand_over(struct fake *k, uint32_t slot)
{
	struct inbox_source source = {
		.bearer = "modem",
		.worker = k->bearer.worker,
		.imsi = "208010000000001",
		.slot = slot,
	};

	inbox_receive(k->gw, &source, &k->sim[slot]);
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
	gw->key_file = talloc_asprintf(gw, "%s/key", f->dir);
	gw->language = "fr";
	gw->country_code = "33";
	gw->time_zone = "Europe/Paris";
	gw->quiet_from = 20 * 60;
	gw->quiet_to = 8 * 60;
	gw->retain_texts = 30;
	gw->retain_delivery = 90;
	gw->clock_test = true;
	gw->budget = *f->budget;
	gw->link = (struct link *)f; /* never looked into */
	INIT_LLIST_HEAD(&gw->bearers);
	assert_int_equal(store_open(&gw->store, gw, f->database, 20, NULL), 0);
	assert_int_equal(catalogue_open(&gw->catalogue, gw, "fr", NULL), 0);
	assert_int_equal(inbox_open(&gw->inbox, gw), 0);
	gw->outbox = outbox_open(gw);
	gw->deadline = deadline_open(gw);
	gw->reminder = reminder_open(gw);
	gw->purge = purge_open(gw);
	assert_int_equal(tick_open(&f->tick, gw), 0);
	fake_begin(f->one, gw, "gsm0", true);
	fake_begin(f->two, gw, "gsm1", two);
	f->gw = gw;
}

static void end(struct fixture *f)
{
	talloc_free(f->gw);
	f->gw = NULL;
	f->tick = NULL;
}

static void *shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(p != MAP_FAILED);
	return p;
}

static int setup(void **state, bool demo)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	static bool logging;

	if (!logging)
		log_init(&log_categories, NULL);
	if (!logging && getenv("TEST_LOG")) { /* what happens, to who looks for it */
		struct log_target *target = log_target_create_stderr();

		log_add_target(target);
		log_set_log_level(target, LOGL_INFO);
	}
	logging = true;
	assert_int_equal(civil_set_zone("Europe/Paris"), 0);
	f->dir = process_temp_dir(f);
	f->database = talloc_asprintf(f, "%s/chappe.db", f->dir);
	f->one = shared(sizeof(*f->one));
	f->two = shared(sizeof(*f->two));
	f->crash = shared(sizeof(*f->crash));
	f->notices = shared(sizeof(*f->notices));
	f->budget = shared(sizeof(*f->budget));
	current = f;
	assert_int_equal(store_create(f, f->database, demo, NULL), 0);
	begin(f, false);
	*state = f;
	return 0;
}

int fixture_setup(void **state)
{
	return setup(state, false);
}

int fixture_setup_demo(void **state)
{
	return setup(state, true);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	end(f);
	process_remove_dir(f->dir);
	munmap(f->one, sizeof(*f->one));
	munmap(f->two, sizeof(*f->two));
	munmap(f->crash, sizeof(*f->crash));
	munmap(f->notices, sizeof(*f->notices));
	munmap(f->budget, sizeof(*f->budget));
	talloc_free(f);
	return 0;
}

void fixture_crash(struct fixture *f)
{
	bool two = f->two->bearer.ready;

	end(f);
	begin(f, two);
}

static void hand_over_all(struct fake *k)
{
	for (uint32_t slot = 0; slot < k->n_sim; slot++) {
		if (k->held[slot])
			fake_hand_over(k, slot);
	}
}

bool fixture_live(struct fixture *f, enum crash where)
{
	int status = 0;
	pid_t pid;

	end(f); /* no connection is carried into another process */
	*f->crash = where;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		begin(f, false);
		hand_over_all(f->one);
		crash_point(CRASH_RECEIVED);
		fixture_run(f);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CRASH_EXIT);
	*f->crash = CRASH_NOWHERE;
	begin(f, false);
	return WEXITSTATUS(status) == CRASH_EXIT;
}

static uint64_t activity(const struct fixture *f)
{
	return f->one->n + f->two->n + f->one->n_released + f->two->n_released + *f->notices
	       + store_now(f->gw->store);
}

void fixture_run(struct fixture *f)
{
	/* every step of the gateway's own is a timer of 0: a few turns without one are the end */
	for (int i = 0, idle = 0; idle < 4; i++) {
		uint64_t before = activity(f);

		assert_in_range(i, 0, TURNS_MAX);
		tick_beat(f->tick);
		osmo_select_main_ctx(1);
		if (before != activity(f) || (f->gw->walk && !f->gw->trouble.pause))
			idle = 0;
		else
			idle++;
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

const char *fixture_get(struct fixture *f, const char *fmt, ...)
{
	sqlite3 *db = connect_to(f);
	const char *out = "";
	sqlite3_stmt *s;
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = talloc_vasprintf(f, fmt, ap);
	va_end(ap);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
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
		       " VALUES ('contact', 'discover', 'SYS', 'test', 'discover');"
		       "INSERT INTO fire(machine, subject_id, event, role, channel, idem)"
		       " SELECT 'contact', id, 'stop', 'SYS', 'test', 'stop' FROM contact;");
	fixture_sql(f, talloc_asprintf(f, "INSERT INTO contact_number SELECT id, '%s' FROM contact",
				       number));
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

const char *fixture_states(struct fixture *f, int64_t message_id)
{
	return fixture_get(f,
			   "SELECT m.state || ' ' || (SELECT group_concat(p.state || ':'"
			   " || coalesce(p.tp_mr, '')) FROM (SELECT * FROM message_part"
			   " WHERE message_id = m.id ORDER BY part) p)"
			   " FROM message m WHERE m.id = %" PRId64,
			   message_id);
}
