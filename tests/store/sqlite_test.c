/* The driver: settings, parameters, rows, savepoints, the clock; and the moves of a message.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/schema.h"
#include "gateway/store/sqlite.h"
#include "tests/store/fixture.h"

static void test_settings(void **state)
{
	static const char *const on[] = { "foreign_keys", "recursive_triggers", "secure_delete",
					  "cell_size_check" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(on); i++)
		assert_int_equal(fixture_int(f, "PRAGMA %s", on[i]), 1);
	assert_string_equal(fixture_text(f, "PRAGMA journal_mode"), "wal");
	assert_int_equal(fixture_int(f, "PRAGMA synchronous"), 2);
	assert_int_equal(fixture_int(f, "PRAGMA trusted_schema"), 0);
	assert_int_equal(fixture_int(f, "PRAGMA user_version"), SCHEMA_VERSION);
	assert_int_equal(sqlite3_exec(store_sqlite(f->st),
				      "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
				      NULL, NULL, NULL),
			 SQLITE_ERROR); /* DEFENSIVE */
}

static void test_clock(void **state)
{
	struct fixture *f = *state;
	int64_t now = store_now(f->st);

	assert_true(now >= time(NULL) - 2 && now <= time(NULL));
	fixture_sql(f, "UPDATE clock_offset SET \"offset\" = 5000");
	assert_true(store_now(f->st) >= now + 5000);
}

static int add_place(struct fixture *f, int id)
{
	return store_exec(f->st, STORE_STMT_DEMO_PLACE,
			  STORE_ARGS(STORE_INT(id), STORE_TEXT("l'eau \"x\""), STORE_TEXT("")));
}

static void test_statements(void **state)
{
	struct fixture *f = *state;
	struct store_rows *rows;
	int64_t id = 7;

	assert_int_equal(add_place(f, 2), 1);
	assert_int_equal(add_place(f, 2), -EEXIST);
	assert_int_equal(store_errno(f->st), -EEXIST);
	assert_string_equal(fixture_text(f, "SELECT name FROM place WHERE id = 2"), "l'eau \"x\"");
	assert_int_equal(store_exec(f->st, STORE_STMT_DEMO_PERSON,
				    STORE_ARGS(STORE_INT(50), STORE_NULL, STORE_TEXT(NULL),
					       STORE_TEXT("fr"), STORE_NULL)),
			 -EPROTO); /* a name is NOT NULL: our bug */
	assert_int_equal(
		store_get_int(f->st, &id, STORE_STMT_DEMO_CONTACT, STORE_ARGS(STORE_TEXT("+1"))),
		-ENOENT);
	assert_int_equal(id, 7);
	rows = store_query(f->st, STORE_STMT_NOW, NULL);
	assert_int_equal(store_next(rows), 1);
	assert_false(store_is_null(rows, 0));
	assert_int_equal(store_next(rows), 0);
	store_done(rows);
}

static void test_savepoints(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_begin(f->st), 0);
	assert_true(store_in_transaction(f->st));
	assert_int_equal(add_place(f, 2), 1);
	assert_int_equal(store_mark(f->st), 0);
	assert_int_equal(add_place(f, 3), 1);
	assert_int_equal(store_undo(f->st), 0);
	assert_int_equal(store_mark(f->st), 0);
	assert_int_equal(add_place(f, 4), 1);
	assert_int_equal(store_unmark(f->st), 0);
	assert_int_equal(store_commit(f->st), 0);
	assert_string_equal(fixture_text(f, "SELECT group_concat(id) FROM place"), "1,2,4");
	assert_int_equal(store_begin(f->st), 0);
	assert_int_equal(add_place(f, 5), 1);
	store_rollback(f->st);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM place"), 3);
}

/* A refusal undoes its event and nothing else of the transaction. */
static void test_refusal_alone(void **state)
{
	struct fixture *f = *state;
	struct store_event ev = { .machine = "contact",
				  .event = "register",
				  .actor = COORDINATOR,
				  .role = "COO",
				  .channel = "test",
				  .idem = "a" };
	struct store_refusal refusal;
	int64_t subject = 0;

	assert_int_equal(store_begin(f->st), 0);
	assert_int_equal(add_place(f, 2), 1);
	assert_int_equal(store_fire(f->st, &ev, &subject, NULL, &refusal), 1);
	assert_int_equal(refusal.code, STORE_E_GUARD);
	assert_string_equal(refusal.guard, "identity_seen");
	ev.payload = "{\"identity_seen\":1}";
	assert_int_equal(store_fire(f->st, &ev, &subject, NULL, &refusal), 0);
	assert_int_equal(store_commit(f->st), 0);
	assert_true(subject > 0);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM place"), 2);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM firing"), 0);
}

/* clang-format off */
static const struct { const char *from, *set, *says; } moves[] = {
	{ "queued",	"state = 'sent'",			"E_TRANSITION" },
	{ "queued",	"state = 'sending', attempts = 1",	"" },
	{ "queued",	"state = 'expired'",			"E_GUARD after_ttl" },
	{ "queued",	"state = 'expired', use_by = 5",	"" },
	{ "queued",	"state = 'suppressed'",			"E_GUARD contact_stopped_and_not_reply" },
	{ "later",	"state = 'sending'",			"E_GUARD lease_free" },
	{ "sending",	"state = 'sent'",			"" },
	{ "sending",	"state = 'doubt'",			"" },
	{ "sending",	"state = 'delivered'",			"E_TRANSITION" },
	{ "sending",	"state = 'queued', attempts = 5",	"E_GUARD attempts_left" },
	{ "sending",	"state = 'queued', attempts = 4",	"" },
	{ "sending",	"state = 'failed', attempts = 4, resend = 1", "E_GUARD attempts_out" },
	{ "sending",	"state = 'failed', attempts = 5",	"" },
	{ "sent",	"state = 'delivered'",			"" },
	{ "sent",	"state = 'failed'",			"" },
	{ "sent",	"state = 'queued'",			"E_TRANSITION" },
};
/* clang-format on */

static void bring_to(struct fixture *f, const char *state)
{
	fixture_sql(
		f,
		"DELETE FROM message; INSERT INTO message(number, body, parts, created_at, due_at, use_by)"
		" SELECT '+33639980001', 'x', 1, now, now, now + 100 FROM clock");
	if (strcmp(state, "later") == 0)
		fixture_sql(f, "UPDATE message SET due_at = due_at + 50");
	if (strcmp(state, "sending") == 0 || strcmp(state, "sent") == 0)
		fixture_sql(f, "UPDATE message SET state = 'sending'");
	if (strcmp(state, "sent") == 0)
		fixture_sql(f, "UPDATE message SET state = 'sent'");
}

static void test_message_moves(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db = store_sqlite(f->st);

	for (size_t i = 0; i < ARRAY_SIZE(moves); i++) {
		char *sql = talloc_asprintf(f, "UPDATE message SET %s", moves[i].set);
		int64_t version;
		int rc;

		bring_to(f, moves[i].from);
		version = fixture_int(f, "SELECT version FROM message");
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
		if (strcmp(rc == SQLITE_OK ? "" : sqlite3_errmsg(db), moves[i].says) != 0)
			fail_msg("%s: %s: %s", moves[i].from, moves[i].set, sqlite3_errmsg(db));
		assert_int_equal(fixture_int(f, "SELECT version FROM message"),
				 version + !*moves[i].says);
	}
}

static void add_number(struct fixture *f, int person, const char *number)
{
	int64_t id = fixture_fire(f, "COO 31", "contact", 0, "register", "{\"identity_seen\":1}");

	fixture_sql(f, talloc_asprintf(f,
				       "INSERT INTO contact_number VALUES (%" PRId64 ", '%s');"
				       "INSERT INTO contact_person VALUES (%" PRId64 ", %d)",
				       id, number, id, person));
	fixture_fire(f, "COO 31", "contact", id, "consent", "{\"proof_kept\":1}");
}

/* What could not be delivered is told to the coordinator; not that it could not be told to the coordinator. */
static void test_unreachable(void **state)
{
	struct fixture *f = *state;

	add_number(f, COORDINATOR, "+33639980031");
	fixture_sql(f, "DELETE FROM notice");
	bring_to(f, "sent");
	fixture_sql(f, "UPDATE message SET state = 'failed', person_id = 1");
	assert_string_equal(fixture_text(f, "SELECT name || machine || person_id FROM notice"),
			    "unreachablemessage31");
	fixture_sql(f, "DELETE FROM notice");
	bring_to(f, "sent");
	fixture_sql(f, "UPDATE message SET state = 'failed', person_id = 31");
	bring_to(f, "sent");
	fixture_sql(f, "UPDATE message SET state = 'failed', template = 'unreachable'");
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM notice"), 0);
}

static void test_stopped_number(void **state)
{
	struct fixture *f = *state;

	add_number(f, RESIDENT, "+33639980001");
	fixture_fire(f, "RES 1", "contact", fixture_int(f, "SELECT id FROM contact"), "stop", NULL);
	bring_to(f, "queued");
	fixture_sql(f, "UPDATE message SET state = 'suppressed'");
	assert_string_equal(fixture_text(f, "SELECT state FROM message"), "suppressed");
}

/* How often the words stand in the file. */
static int occurs(struct fixture *f, const char *words)
{
	FILE *file = fopen(f->path, "rb");
	size_t size, len = strlen(words);
	char *data;
	int n = 0;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = (size_t)ftell(file);
	rewind(file);
	data = talloc_size(f, size);
	assert_int_equal(fread(data, 1, size, file), size);
	fclose(file);
	for (size_t i = 0; i + len <= size; i++)
		n += memcmp(data + i, words, len) == 0;
	talloc_free(data);
	return n;
}

/* secure_delete overwrites what is deleted; but a page that was split keeps copies of what moved to the other one. */
static void test_scrub(void **state)
{
	struct fixture *f = *state;
	uint32_t x = 4;
	int ids = 0;

	fixture_sql(f, "CREATE TABLE m(id INTEGER PRIMARY KEY, number TEXT, at INT);"
		       "CREATE INDEX mn ON m(number, at); BEGIN");
#define RANDOM(n) ((x = (x * 1103515245u + 12345u) % 2147483648u) >> 8) % (n)
	for (int round = 0; round < 500; round++) {
		uint32_t number = RANDOM(60), at = RANDOM(10000);

		fixture_sql(f, talloc_asprintf(f, "INSERT INTO m VALUES (%d, '+3363998%04u', %u)",
					       ++ids, number, at));
		if (RANDOM(3) == 0)
			fixture_sql(f, talloc_asprintf(f, "DELETE FROM m WHERE id = %u",
						       RANDOM((uint32_t)ids) + 1));
	}
	fixture_sql(f, "COMMIT; UPDATE m SET number = '' WHERE number = '+33639980007';"
		       "PRAGMA wal_checkpoint(TRUNCATE)");
	if (!occurs(f, "33639980007"))
		print_message("# this SQLite keeps no copies\n");
	assert_int_equal(store_scrub(f->st), 0);
	assert_int_equal(occurs(f, "33639980007"), 0);
	assert_true(occurs(f, "33639980008") > 0);
	assert_int_equal(fixture_int(f, "PRAGMA user_version"), SCHEMA_VERSION);
	fixture_sql(f, "BEGIN");
	assert_true(store_scrub(f->st) < 0);
	fixture_sql(f, "ROLLBACK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_settings, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_clock, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_statements, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_scrub, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_savepoints, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_refusal_alone, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_message_moves, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_unreachable, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_stopped_number, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
