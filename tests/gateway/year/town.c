/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/gateway/year/town.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bearer/bearer.h"
#include "gateway/clock.h"
#include "gateway/deadline.h"
#include "gateway/inbox.h"
#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/purge.h"
#include "gateway/reminder.h"
#include "gateway/store/create.h"
#include "gateway/store/sqlite.h"
#include "gateway/store/store.h"
#include "gateway/tick.h"
#include "messages/catalogue.h"
#include "parsers/civil.h"
#include "parsers/reading.h"
#include "tests/support/process.h"

/* Texts on the SIM at once, and parts whose report is not there yet. */
#define SIM_SLOTS 128
#define REPORTS   256
/* Turns of the loop in which nothing happens: then it rests. */
#define IDLE      3
#define TURNS     100000
#define DIED      42

/* Where a life ends. */
enum where { NOWHERE, ROW, COMMIT, SEND, SENT, TOLD, RELEASE, _WHERE_NUM };

/* Shared by all lives. */
struct air {
	struct bearer bearer;
	struct gateway *gw;
	unsigned int slots;
	struct {
		struct sms_in sms;
		bool held;
	} sim[SIM_SLOTS];
	uint8_t mr;
	unsigned int sent, reported;
	struct {
		char to[SMS_ADDRESS_MAX + 12];
		uint8_t mr;
	} out[REPORTS];
	unsigned int released;
	int64_t smsc_at;
	enum where where;
	unsigned int countdown;
};

/* What does not depend on a life. */
static struct rules *rules;
static struct catalogue *catalogue;

static void maybe_die(struct air *a, enum where where)
{
	if (a->where == where && a->countdown-- == 0)
		_exit(DIED);
}

uint32_t town_any(struct town *t, uint32_t below)
{
	t->seed = t->seed * 6364136223846793005u + 1442695040888963407u;
	return (t->seed >> 33) % below;
}

bool town_once_in(struct town *t, uint32_t n)
{
	return town_any(t, n) == 0;
}

/* The modem: every part is sent at once. */

static int air_send(struct bearer *b, uint32_t ref, const struct sms_out *sms)
{
	struct air *a = b->data;
	unsigned int i = a->sent % REPORTS;
	struct bearer_result result = { .outcome = BEARER_SENT, .mr = ++a->mr };

	maybe_die(a, SEND);
	OSMO_STRLCPY_ARRAY(a->out[i].to, sms->to);
	a->out[i].mr = a->mr;
	a->sent++;
	maybe_die(a, SENT);
	outbox_result(a->gw, b, ref, &result);
	maybe_die(a, TOLD);
	return 0;
}

static void air_release(struct bearer *b, uint32_t slot)
{
	struct air *a = b->data;

	maybe_die(a, RELEASE);
	a->sim[slot].held = false;
	a->released++;
}

static const struct bearer_ops air_ops = { .send = air_send, .release = air_release };

/* Reports of what was sent; some never come. */
static void bring_reports(struct town *t)
{
	struct air *a = t->air;

	for (; a->reported < a->sent; a->reported++) {
		struct bearer_report report = { .mr = a->out[a->reported % REPORTS].mr };

		OSMO_STRLCPY_ARRAY(report.to, a->out[a->reported % REPORTS].to);
		/* not by chance: how many were sent is no matter to what people do */
		if (a->reported % 5)
			outbox_report(a->gw, &a->bearer, 0, &report);
	}
}

static uint32_t free_slot(struct air *a)
{
	for (uint32_t i = 0; i < SIM_SLOTS; i++) {
		if (!a->sim[i].held)
			return i;
	}
	fail_msg("the SIM is full");
	return 0;
}

static void lay(struct air *a, const struct sms_in *sms)
{
	uint32_t slot = free_slot(a);

	a->sim[slot].sms = *sms;
	a->sim[slot].held = true;
}

void town_text(struct town *t, const char *from, const char *text)
{
	struct sms_in sms = { .ton = SMS_TON_INTERNATIONAL,
			      .npi = 1,
			      .smsc_at = ++t->air->smsc_at };

	OSMO_STRLCPY_ARRAY(sms.sender, from);
	OSMO_STRLCPY_ARRAY(sms.text, text);
	lay(t->air, &sms);
	t->texts++;
	if (town_once_in(t, 25)) {
		lay(t->air, &sms);
		t->doubled++;
	}
}

static void hand_over(struct air *a)
{
	struct inbox_source source = { .bearer = "modem",
				       .worker = a->bearer.worker,
				       .imsi = "208010000000001" };

	for (uint32_t i = 0; i < SIM_SLOTS; i++) {
		source.slot = i;
		if (a->sim[i].held)
			inbox_receive(a->gw, &source, &a->sim[i].sms);
	}
}

/* Lives. */

static void begin(struct town *t)
{
	struct gateway *gw = talloc_zero(t, struct gateway);
	struct air *a = t->air;

	gw->database = t->path;
	gw->key_file = talloc_asprintf(gw, "%s/key", t->dir);
	gw->language = "fr";
	gw->country_code = "33";
	gw->time_zone = "Europe/Paris";
	gw->quiet_from = 20 * 60;
	gw->quiet_to = 8 * 60;
	gw->retain_texts = 30;
	gw->retain_delivery = 90;
	gw->clock_test = true;
	gw->rules = rules;
	gw->catalogue = catalogue;
	INIT_LLIST_HEAD(&gw->bearers);
	assert_int_equal(store_open(&gw->store, gw, t->path, 1000, NULL), 0);
	assert_int_equal(inbox_open(&gw->inbox, gw), 0);
	gw->outbox = outbox_open(gw);
	gw->deadline = deadline_open(gw);
	gw->reminder = reminder_open(gw);
	gw->purge = purge_open(gw);
	assert_int_equal(tick_open(&t->tick, gw), 0);
	a->gw = gw;
	a->bearer = (struct bearer){
		.kind = "modem", .worker = "gsm0", .ops = &air_ops, .data = a, .ready = true
	};
	bearer_add(gw, &a->bearer);
	t->gw = gw;
	t->lives++;
	assert_int_equal(sqlite3_open_v2(t->path, &t->db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(t->db, 1000);
}

static void end(struct town *t)
{
	sqlite3_finalize(t->fire);
	sqlite3_close(t->db);
	t->fire = NULL;
	t->db = NULL;
	talloc_free(t->gw);
	t->gw = NULL;
	t->tick = NULL;
}

static void open_words(void)
{
	void *ctx = talloc_named_const(NULL, 0, "words");

	if (rules)
		return;
	assert_int_equal(civil_set_zone("Europe/Paris"), 0);
	assert_int_equal(rules_open(&rules, ctx, "fr", NULL, NULL), 0);
	assert_int_equal(catalogue_open(&catalogue, ctx, "fr", NULL), 0);
	log_init(&log_categories, NULL);
	store_tune_memory();
}

struct town *town_new(void *ctx, int64_t at)
{
	struct town *t = talloc_zero(ctx, struct town);

	open_words();
	t->seed = 20261124;
	t->dir = process_temp_dir(t);
	t->path = talloc_asprintf(t, "%s/chappe.db", t->dir);
	t->air = mmap(NULL, sizeof(*t->air), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_true(t->air != MAP_FAILED);
	t->air->smsc_at = at;
	assert_int_equal(store_create(t, t->path, false, NULL), 0);
	begin(t);
	town_sql(t,
		 talloc_asprintf(t, "UPDATE clock_offset SET \"offset\" = %" PRId64 " - %" PRId64,
				 at, town_now(t)));
	return t;
}

void town_free(struct town *t)
{
	end(t);
	process_remove_dir(t->dir);
	munmap(t->air, sizeof(*t->air));
	talloc_free(t);
}

static int64_t activity(struct town *t)
{
	return sqlite3_total_changes64(store_sqlite(t->gw->store)) + t->air->sent
	       + t->air->released;
}

static bool at_work(struct gateway *gw)
{
	return gw->walk || inbox_waiting(gw) > 0 || !outbox_idle(gw) || gw->trouble.pause;
}

static void rest(struct town *t)
{
	int idle = 0;

	for (int i = 0; idle < IDLE; i++) {
		int64_t before = activity(t);

		assert_in_range(i, 0, TURNS);
		tick_beat(t->tick);
		osmo_select_main_ctx(1);
		idle = before != activity(t) || at_work(t->gw) ? 0 : idle + 1;
	}
}

void town_run(struct town *t)
{
	hand_over(t->air);
	rest(t);
	bring_reports(t);
	rest(t);
	for (uint32_t i = 0; i < SIM_SLOTS; i++)
		assert_false(t->air->sim[i].held); /* all was handled */
}

static void row_changed(void *data, int op, const char *database, const char *table,
			sqlite3_int64 id)
{
	(void)op;
	(void)database;
	(void)table;
	(void)id;
	maybe_die(data, ROW);
}

static int committing(void *data)
{
	maybe_die(data, COMMIT);
	return 0;
}

/* The life that ends. */
static void live(struct town *t)
{
	struct air *a = t->air;

	begin(t);
	sqlite3_update_hook(store_sqlite(t->gw->store), row_changed, a);
	sqlite3_commit_hook(store_sqlite(t->gw->store), committing, a);
	hand_over(a);
	rest(t);
	_exit(0);
}

void town_cut(struct town *t)
{
	int status = 0;
	pid_t pid;

	t->air->where = 1 + town_any(t, _WHERE_NUM - 1);
	t->air->countdown = town_any(t, t->air->where == ROW ? 120 : 4);
	end(t); /* no connection is carried into another process */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		live(t);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DIED);
	t->cuts += WEXITSTATUS(status) == DIED;
	t->air->where = NOWHERE;
	begin(t);
	town_run(t);
}

static void walked(void *data, int rc)
{
	*(int *)data = rc;
}

void town_walk(struct town *t, int64_t to)
{
	int64_t now = town_now(t);
	int rc = 1;

	if (to <= now)
		return;
	assert_int_equal(clock_walk(t->gw, to - now, walked, &rc), 0);
	rest(t);
	assert_int_equal(rc, 0);
	bring_reports(t);
	rest(t);
}

void town_down(struct town *t, int64_t seconds)
{
	char *sql = talloc_asprintf(t, "UPDATE clock_offset SET \"offset\" = \"offset\" + %" PRId64,
				    seconds);

	town_sql(t, sql);
	end(t);
	begin(t);
	rest(t);
	t->days_down++;
	talloc_free(sql);
}

int64_t town_now(struct town *t)
{
	return store_now(t->gw->store);
}

/* Another program. */

void town_sql(struct town *t, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(t->db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
}

static sqlite3_stmt *query(struct town *t, const char *fmt, va_list ap)
{
	char *sql = talloc_vasprintf(t, fmt, ap);
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(t->db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(t->db));
	talloc_free(sql);
	return s;
}

int64_t town_int(struct town *t, const char *fmt, ...)
{
	sqlite3_stmt *s;
	int64_t out = 0;
	va_list ap;

	va_start(ap, fmt);
	s = query(t, fmt, ap);
	va_end(ap);
	if (sqlite3_step(s) == SQLITE_ROW)
		out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return out;
}

char *town_get(struct town *t, void *ctx, const char *fmt, ...)
{
	const char *out = "";
	sqlite3_stmt *s;
	char *copy;
	va_list ap;

	va_start(ap, fmt);
	s = query(t, fmt, ap);
	va_end(ap);
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		out = (const char *)sqlite3_column_text(s, 0);
	copy = talloc_strdup(ctx, out);
	sqlite3_finalize(s);
	return copy;
}

char *town_history(struct town *t, void *ctx, int64_t subject)
{
	return town_get(t, ctx,
			"SELECT group_concat(event || ',', '') FROM (SELECT event FROM event_log"
			" WHERE subject_id = %" PRId64 " ORDER BY seq)",
			subject);
}

/* Preparing this takes milliseconds: once a life. */
static sqlite3_stmt *fire_statement(struct town *t)
{
	if (!t->fire)
		sqlite3_prepare_v3(
			t->db,
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)"
			" VALUES (?1, nullif(?2, 0), coalesce((SELECT version FROM subject WHERE id = ?2), 0),"
			" ?3, nullif(?4, 0), ?5, 'web', ?6, NULL, ?7)",
			-1, SQLITE_PREPARE_PERSISTENT, &t->fire, NULL);
	if (!t->fire)
		fail_msg("%s", sqlite3_errmsg(t->db));
	return t->fire;
}

int64_t town_fire(struct town *t, const char *machine, int64_t subject, const char *event,
		  int person, const char *role, const char *payload)
{
	sqlite3_stmt *s = fire_statement(t);
	char idem[20];

	snprintf(idem, sizeof(idem), "web/%u", ++t->fired);
	sqlite3_bind_text(s, 1, machine, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, subject);
	sqlite3_bind_text(s, 3, event, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 4, person);
	sqlite3_bind_text(s, 5, role, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 6, idem, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 7, payload, -1, SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_DONE)
		fail_msg("%s %" PRId64 " %s %s: %s; it had %s", machine, subject, event, payload,
			 sqlite3_errmsg(t->db), town_history(t, t, subject));
	sqlite3_reset(s);
	return town_int(t, "SELECT subject_id FROM event_log WHERE idem = '%s'", idem);
}
