/* What comes in: nothing lost, nothing twice, whenever the gateway ends and whatever the database says.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/inbox.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/digest.h"
#include "gateway/store/sqlite.h"
#include "tests/gateway/fixture.h"
#include "tests/support/process.h"

#define ALICE "+33639980001"
#define BOB   "+33639980002"

static void hand_over(struct fixture *f, uint32_t slot)
{
	fake_hand_over(f->one, slot);
	fixture_run(f);
}

static void receive(struct fixture *f, const char *from, const char *text)
{
	hand_over(f, fake_text(f->one, from, text));
}

/* A part of a text; each is another message of the network. */
static uint32_t part(struct fixture *f, uint16_t ref, uint8_t total, uint8_t n, const char *text)
{
	uint32_t slot = fake_text(f->one, ALICE, text);

	f->one->sim[slot].concat = (struct sms_concat){ ref, total, n };
	return slot;
}

static int count(struct fixture *f, const char *what)
{
	return atoi(fixture_get(f, "SELECT count(*) FROM %s", what));
}

/* What left, by its text: how often. */
static int left(const struct fixture *f, const char *text)
{
	int n = 0;

	for (unsigned int i = 0; i < f->one->n; i++)
		n += strcmp(f->one->sent[i].sms.text, text) == 0;
	return n;
}

static void test_answered(void **state)
{
	struct fixture *f = *state;

	receive(f, ALICE, "2 kg patates");
	assert_int_equal(f->one->n_released, 1);
	assert_int_equal(left(f, "reply: 2 kg patates"), 1);
	assert_string_equal(fixture_get(f, "SELECT state || ' ' || number || ' ' || body || ' ' ||"
					   " intent || ' ' || worker FROM inbox"),
			    "handled " ALICE " 2 kg patates TEST gsm0");
	assert_int_equal(f->in_flight, 0);
}

static void test_duplicates(void **state)
{
	struct fixture *f = *state;
	uint32_t slot = fake_text(f->one, ALICE, "OUI");
	uint32_t again = fake_arrives(f->one, &f->one->sim[slot]); /* by the network */

	fake_hand_over(f->one, slot);
	fake_hand_over(f->one, slot); /* the modem lists its slots again */
	fake_hand_over(f->one, again);
	fixture_run(f);
	assert_int_equal(f->one->n_released, 2);
	hand_over(f, slot);
	assert_int_equal(f->one->n_released, 3);
	assert_int_equal(count(f, "inbox"), 1);
	assert_int_equal(count(f, "message"), 1);
	assert_int_equal(left(f, "reply: OUI"), 1);
	fixture_crash(f);
	hand_over(f, again);
	assert_int_equal(f->one->n_released, 4);
	assert_int_equal(count(f, "inbox"), 1);
	assert_int_equal(f->one->n, 1);
}

/* Ends at every step, with three texts on the SIM, one of them twice; then lives that do not. */
static void live_and_die(struct fixture *f, enum crash where)
{
	int sent = 0;

	fake_text(f->one, ALICE, "un");
	fake_text(f->one, BOB, "deux");
	fake_text(f->one, ALICE, "trois");
	fake_arrives(f->one, &f->one->sim[1]);
	f->one->answers = true;
	assert_true(fixture_live(f, where));
	assert_false(fixture_live(f, CRASH_NOWHERE));
	for (unsigned int slot = 0; slot < f->one->n_sim; slot++)
		assert_false(f->one->held[slot]);
	assert_int_equal(count(f, "inbox WHERE state = 'handled'"), 3);
	assert_int_equal(count(f, "message"), 3);
	assert_int_equal(count(f, "(SELECT DISTINCT inbox_id FROM message)"), 3);
	sent += left(f, "reply: un");
	sent += left(f, "reply: deux");
	sent += left(f, "reply: trois");
	assert_int_equal(sent, f->one->n);
	/* what was with the modem is in doubt: it may have left, and does not leave again by itself */
	assert_int_equal(count(f, "message WHERE state = 'doubt'"),
			 where == CRASH_CLAIMED || where == CRASH_LEFT || where == CRASH_TOLD);
	assert_int_equal(sent, where == CRASH_CLAIMED ? 2 : 3);
	assert_int_equal(count(f, "message WHERE state = 'sent'"),
			 3 - count(f, "message WHERE state = 'doubt'"));
}

static void test_every_crash(void **state)
{
	struct fixture *f = *state;

	(void)f;
	for (enum crash where = CRASH_RECEIVED; where < _CRASH_NUM; where++) {
		fixture_teardown(state);
		fixture_setup(state);
		live_and_die(*state, where);
	}
}

static void test_parts(void **state)
{
	struct fixture *f = *state;
	uint32_t third, first;

	hand_over(f, part(f, 9, 3, 2, "patates "));
	third = part(f, 9, 3, 3, "merci");
	hand_over(f, third);
	hand_over(f, third); /* repeated */
	assert_int_equal(f->one->n_released, 3);
	assert_int_equal(count(f, "message"), 0);
	assert_int_equal(count(f, "inbox WHERE state = 'part' AND body = ''"), 2);
	fixture_crash(f);
	first = part(f, 9, 3, 1, "2 kg ");
	hand_over(f, first);
	assert_int_equal(left(f, "reply: 2 kg patates merci"), 1);
	assert_int_equal(f->one->n_released, 4);
	assert_string_equal(fixture_get(f, "SELECT body FROM inbox WHERE state = 'handled'"),
			    "2 kg patates merci");
	assert_int_equal(count(f, "inbox WHERE sealed IS NOT NULL"), 0);
	assert_int_equal(count(f, "inbox WHERE whole_id = 3"), 2);
	hand_over(f, first);
	hand_over(f, third);
	assert_int_equal(f->one->n, 1);
	assert_int_equal(count(f, "inbox"), 3);
}

/* The same part again and again, with other times: the network or the phone repeats itself. */
static void test_same_part_ten_times(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 10; i++)
		hand_over(f, part(f, 4, 2, 1, "2 kg "));
	assert_int_equal(f->one->n, 0);
	hand_over(f, part(f, 4, 2, 2, "patates"));
	assert_int_equal(f->one->n, 1);
	assert_int_equal(left(f, "reply: 2 kg patates"), 1);
	assert_int_equal(f->one->n_released, 11);
	assert_int_equal(count(f, "inbox WHERE state = 'part' AND whole_id IS NULL"), 0);
}

/* A reference that comes back is another text. */
static void test_reference_comes_back(void **state)
{
	struct fixture *f = *state;
	uint32_t slot;

	hand_over(f, part(f, 4, 2, 1, "ancien "));
	slot = part(f, 4, 2, 2, "nouveau");
	f->one->sim[slot].smsc_at += 7200;
	hand_over(f, slot);
	assert_int_equal(f->one->n, 0);
	slot = part(f, 4, 2, 1, "tout ");
	f->one->sim[slot].smsc_at += 7200;
	hand_over(f, slot);
	assert_int_equal(left(f, "reply: tout nouveau"), 1);
	assert_int_equal(count(f, "inbox WHERE state = 'part' AND whole_id IS NULL"), 1);
}

static void test_missing_part(void **state)
{
	struct fixture *f = *state;

	hand_over(f, part(f, 9, 3, 1, "2 kg "));
	hand_over(f, part(f, 9, 3, 3, "code 482163"));
	fixture_walk(f, INBOX_PARTS_WAIT - 60);
	assert_int_equal(count(f, "inbox WHERE state = 'aside'"), 0);
	fixture_walk(f, 180);
	assert_string_equal(
		fixture_get(f, "SELECT body || '|' || listed FROM inbox WHERE state = 'aside'"),
		"2 kg [...]code ***|2 of 3 parts came");
	assert_int_equal(count(f, "inbox WHERE state = 'part' AND whole_id IS NULL"), 0);
	assert_int_equal(count(f, "inbox WHERE sealed IS NOT NULL"), 0);
	assert_int_equal(f->one->n, 0);
}

static void test_too_many_parts(void **state)
{
	struct fixture *f = *state;

	for (uint8_t n = 1; n <= 11; n++)
		hand_over(f, part(f, 9, 11, n, "bla "));
	assert_int_equal(f->one->n_released, 11);
	assert_int_equal(count(f, "message WHERE template = 'too_long'"), 1);
	assert_int_equal(f->one->n, 1);
	assert_int_equal(count(f, "inbox WHERE listed IS NOT NULL"), 1);
}

static void test_senseless_header(void **state)
{
	struct fixture *f = *state;

	f->one->answers = true;
	hand_over(f, part(f, 9, 3, 4, "LISTE"));
	hand_over(f, part(f, 9, 3, 0, "ETAT"));
	assert_int_equal(left(f, "reply: LISTE"), 1);
	assert_int_equal(left(f, "reply: ETAT"), 1);
}

/* Who has no effect. */
static const struct {
	const char *from;
	uint8_t ton;
	const char *number; /* as it is stored */
	const char *state;
} sender_cases[] = {
	{ "+33639980001", SMS_TON_INTERNATIONAL, ALICE, "handled" },
	{ "0639980001", SMS_TON_NATIONAL, ALICE, "handled" },
	{ "0639980001", SMS_TON_UNKNOWN, ALICE, "handled" },
	{ "+4915112345678", SMS_TON_INTERNATIONAL, "+4915112345678", "handled" },
	{ "Orange", SMS_TON_ALPHANUMERIC, "Orange", "ignored" },
	{ "0639980001", SMS_TON_ALPHANUMERIC, "0639980001", "ignored" },
	{ "+33639980001", SMS_TON_ALPHANUMERIC, "+33639980001", "ignored" },
	{ "38888", SMS_TON_UNKNOWN, "38888", "ignored" },
	{ "0899123456", SMS_TON_NATIONAL, "0899123456", "ignored" },
	{ "+33639980077", SMS_TON_INTERNATIONAL, "+33639980077", "ignored" },
	{ "", SMS_TON_UNKNOWN, "", "ignored" },
};

static void test_senders(void **state)
{
	struct fixture *f = *state;

	f->one->bearer.own = "+33639980077";
	for (size_t i = 0; i < ARRAY_SIZE(sender_cases); i++) {
		uint32_t slot = fake_text(f->one, sender_cases[i].from, "silence");
		const char *got;

		f->one->sim[slot].ton = sender_cases[i].ton;
		hand_over(f, slot);
		assert_int_equal(f->one->n_released, i + 1);
		got = fixture_get(f, "SELECT number || ' ' || state || ' ' || (listed IS NOT NULL)"
				     " FROM inbox ORDER BY id DESC LIMIT 1");
		if (strcmp(got, talloc_asprintf(f, "%s %s %d", sender_cases[i].number,
						sender_cases[i].state,
						strcmp(sender_cases[i].state, "ignored") == 0))
		    != 0)
			fail_msg("%s: %s", sender_cases[i].from, got);
	}
}

static void test_binary(void **state)
{
	struct fixture *f = *state;
	uint32_t slot = fake_text(f->one, ALICE, "");

	f->one->sim[slot].binary = true;
	hand_over(f, slot);
	assert_string_equal(fixture_get(f, "SELECT state || ': ' || listed FROM inbox"),
			    "ignored: it is no text");
	assert_int_equal(f->one->n_released, 1);
}

static void test_secrets_are_not_stored(void **state)
{
	struct fixture *f = *state;

	receive(f, ALICE, "VOTE 3 POUR 482163");
	assert_string_equal(fixture_get(f, "SELECT body FROM inbox"), "VOTE 3 POUR ***");
	assert_int_equal(left(f, "reply: VOTE 3 POUR 482163"), 1); /* but handled as it came */
}

static int n_commits;

static int count_commit(void *data)
{
	(void)data;
	n_commits++;
	return 0;
}

static void warm_up(struct fixture *f)
{
	for (int i = 0; i < 32; i++)
		receive(f, BOB, "silence");
	assert_int_equal(f->one->n_released, 32);
}

/* All that came in one turn of the loop is one commit. */
static void test_group_commit(void **state)
{
	struct fixture *f = *state;

	warm_up(f);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	sqlite3_commit_hook(store_sqlite(f->gw->store), count_commit, NULL);
	n_commits = 0;
	for (int i = 0; i < INBOX_GROUP_MAX; i++)
		fake_hand_over(f->one, fake_text(f->one, ALICE, "2 kg patates"));
	fixture_run(f);
	assert_int_equal(n_commits, 1);
	assert_int_equal(f->one->n_released, 32 + INBOX_GROUP_MAX);
	assert_int_equal(count(f, "message"), INBOX_GROUP_MAX);
}

/* After a start they go one by one, so that one that kills the gateway is alone in flight. */
static void test_careful_first(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 10; i++)
		fake_hand_over(f->one, fake_text(f->one, ALICE, "silence"));
	fixture_run(f);
	assert_int_equal(f->one->n_released, 10);
	assert_int_equal(f->most_in_flight, 1);
	assert_int_equal(f->in_flight, 0);
}

static void test_set_aside(void **state)
{
	struct fixture *f = *state;
	uint32_t slot = fake_text(f->one, ALICE, "mortel 482163");
	uint8_t key[DIGEST_KEY_SIZE], digest[DIGEST_SIZE];

	assert_int_equal(digest_key_open(key, f->gw->key_file), 0);
	digest_sms(digest, key, "208010000000001", &f->one->sim[slot]);
	inbox_set_aside(f->gw, digest);
	fake_hand_over(f->one, slot);
	receive(f, ALICE, "2 kg patates");
	assert_int_equal(f->one->n_released, 2);
	assert_int_equal(f->one->n, 1);
	assert_string_equal(
		fixture_get(f, "SELECT state || '|' || body || '|' || listed FROM inbox"),
		"aside|mortel ***|not read: the gateway ended twice while it was in"
		" flight");
}

/* One text that cannot be handled undoes only itself, and is listed. */
static void test_broken_text(void **state)
{
	struct fixture *f = *state;

	warm_up(f);
	f->fails = -EPROTO;
	fake_hand_over(f->one, fake_text(f->one, ALICE, "avant"));
	fake_hand_over(f->one, fake_text(f->one, ALICE, "fail"));
	fake_hand_over(f->one, fake_text(f->one, ALICE, "après"));
	f->one->answers = true;
	fixture_run(f);
	assert_int_equal(f->one->n_released, 35);
	assert_int_equal(f->one->n, 2);
	assert_int_equal(left(f, "reply: avant"), 1);
	assert_int_equal(left(f, "reply: après"), 1);
	assert_string_equal(fixture_get(f, "SELECT body || ': ' || listed FROM inbox"
					   " WHERE state = 'aside'"),
			    "fail: not answered: an error of the gateway, see its log");
}

static void test_busy(void **state)
{
	struct fixture *f = *state;
	void *lock = fixture_lock(f);

	receive(f, ALICE, "2 kg patates");
	receive(f, BOB, "OUI");
	assert_int_equal(f->one->n_released, 0);
	assert_int_equal(inbox_waiting(f->gw), 2);
	fixture_unlock(lock);
	fixture_settle(f);
	assert_int_equal(f->one->n_released, 2);
	assert_int_equal(left(f, "reply: 2 kg patates"), 1);
	assert_false(f->gw->quit);
}

/* Trouble inside the command: the whole group waits, nothing is half done. */
static void test_busy_in_the_middle(void **state)
{
	struct fixture *f = *state;

	warm_up(f);
	f->fails = -EBUSY;
	fake_hand_over(f->one, fake_text(f->one, ALICE, "avant"));
	fake_hand_over(f->one, fake_text(f->one, ALICE, "fail"));
	fixture_run(f);
	assert_int_equal(f->one->n_released, 32);
	assert_int_equal(count(f, "message"), 0);
	f->fails = 0;
	f->one->answers = true;
	fixture_settle(f);
	assert_int_equal(f->one->n_released, 34);
	assert_int_equal(f->one->n, 2);
}

static void set_pages(struct fixture *f, int more)
{
	sqlite3 *db = store_sqlite(f->gw->store);
	sqlite3_stmt *s;
	int pages;
	char *sql;

	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA page_count", -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	pages = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sql = talloc_asprintf(f, "PRAGMA max_page_count = %d", pages + more);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void test_full_disk(void **state)
{
	struct fixture *f = *state;
	unsigned int before = 0, all = 60;

	set_pages(f, 1);
	for (unsigned int i = 0; i < all; i++)
		fake_hand_over(f->one, fake_text(f->one, ALICE, "2 kg patates et un long texte"));
	f->one->answers = true;
	fixture_run(f);
	before = f->one->n_released;
	assert_in_range(before, 0, all - 1);
	assert_int_equal(count(f, "inbox"), before); /* nothing is freed that is not stored */
	assert_int_not_equal(f->gw->trouble.pause, 0);
	assert_false(f->gw->quit);
	set_pages(f, 10000);
	fixture_settle(f);
	fixture_until(f, &f->one->n, all);
	assert_int_equal(f->one->n_released, all);
	assert_int_equal(count(f, "message WHERE state = 'sent'"), all);
}

static void test_disk_fails(void **state)
{
	struct fixture *f = *state;

	f->fails = -EIO;
	receive(f, ALICE, "fail");
	assert_true(f->gw->quit);
	assert_non_null(f->gw->broken);
	assert_int_equal(f->one->n_released, 0);
	assert_int_equal(f->in_flight, 0); /* it is no fault of the text */
	fixture_crash(f);
	f->fails = 0;
	hand_over(f, 0);
	assert_int_equal(f->one->n_released, 1);
}

static void test_bound(void **state)
{
	struct fixture *f = *state;
	void *lock = fixture_lock(f);

	for (uint32_t i = 0; i < INBOX_WAITING_MAX + 10; i++)
		fake_hand_over(f->one, fake_text(f->one, ALICE, "silence"));
	fixture_run(f);
	assert_int_equal(inbox_waiting(f->gw), INBOX_WAITING_MAX);
	fixture_unlock(lock);
	fixture_settle(f);
	assert_int_equal(f->one->n_released, INBOX_WAITING_MAX);
	for (uint32_t i = INBOX_WAITING_MAX; i < INBOX_WAITING_MAX + 10; i++)
		fake_hand_over(f->one, i); /* the modem lists its slots again */
	fixture_run(f);
	for (uint32_t i = 0; i < INBOX_WAITING_MAX + 10; i++)
		assert_false(f->one->held[i]);
	assert_int_equal(count(f, "inbox"), INBOX_WAITING_MAX + 10);
}

/* Its worker died: what is not committed comes again from its successor. */
static void test_worker_gone(void **state)
{
	struct fixture *f = *state;
	uint32_t slot = fake_text(f->one, ALICE, "OUI");
	void *lock = fixture_lock(f);

	hand_over(f, slot);
	assert_int_equal(inbox_waiting(f->gw), 1);
	inbox_forget(f->gw, "gsm0");
	assert_int_equal(inbox_waiting(f->gw), 0);
	assert_int_equal(f->in_flight, 0);
	fixture_unlock(lock);
	fixture_settle(f);
	assert_int_equal(f->one->n_released, 0);
	hand_over(f, slot);
	assert_int_equal(f->one->n_released, 1);
	assert_int_equal(f->one->n, 1);
}

/* A text comes twice, the second time when its slot holds another already: that one is not freed unread. */
static void test_slot_is_reused(void **state)
{
	struct fixture *f = *state;
	uint32_t slot = fake_text(f->one, ALICE, "ancien");
	struct sms_in next = f->one->sim[slot];

	hand_over(f, slot);
	assert_int_equal(f->one->n_released, 1);
	OSMO_STRLCPY_ARRAY(next.text, "nouveau");
	fake_hand_over(f->one, slot);
	f->one->sim[slot] = next;
	f->one->held[slot] = true;
	fake_hand_over(f->one, slot);
	f->one->answers = true;
	fixture_run(f);
	assert_int_equal(f->one->n_released, 2);
	assert_int_equal(count(f, "inbox"), 2);
}

/* Who calls would rather speak: listed once an hour, if the platform knows the number. Nothing is answered. */
static void test_calls(void **state)
{
	const struct inbox_source source = { .bearer = "modem", .worker = "gsm0", .imsi = "1" };
	struct fixture *f = *state;

	fixture_stop(f, ALICE);
	for (int i = 0; i < 3; i++) {
		inbox_call(f->gw, &source, "0639980001");
		inbox_call(f->gw, &source, BOB); /* a stranger */
		fixture_run(f);
		fixture_walk(f, 5);
	}
	assert_string_equal(
		fixture_get(f, "SELECT group_concat(number || ' ' || state || ' ' || listed"
			       " || ' ' || body) FROM inbox"),
		ALICE " ignored called (a appelé ce numéro)");
	fixture_walk(f, 3600);
	inbox_call(f->gw, &source, ALICE);
	fixture_run(f);
	assert_int_equal(count(f, "inbox WHERE listed = 'called'"), 2);
	assert_int_equal(f->one->n, 0);
	assert_int_equal(f->one->n_released, 0);
}

/* What nobody can read is kept as it came, for somebody who can, and its slot is freed. */
static void test_unreadable(void **state)
{
	struct fixture *f = *state;
	struct sms_in sms = { .binary = true, .text = "0791336098004000FF12345678" };

	hand_over(f, fake_arrives(f->one, &sms));
	hand_over(f, fake_arrives(f->one, &sms)); /* the same */
	OSMO_STRLCPY_ARRAY(sms.text, "0791336098004000FF00");
	hand_over(f, fake_arrives(f->one, &sms));
	assert_string_equal(
		fixture_get(f, "SELECT group_concat(number || ':' || state || ':' || listed"
			       " || ':' || body) FROM inbox"),
		":ignored:it cannot be read:0791336098004000FF12345678,"
		":ignored:it cannot be read:0791336098004000FF00");
	assert_int_equal(f->one->n_released, 3);
	assert_int_equal(f->one->n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answered),
		TEST(test_duplicates),
		TEST(test_every_crash),
		TEST(test_parts),
		TEST(test_same_part_ten_times),
		TEST(test_reference_comes_back),
		TEST(test_missing_part),
		TEST(test_too_many_parts),
		TEST(test_senseless_header),
		TEST(test_senders),
		TEST(test_binary),
		TEST(test_secrets_are_not_stored),
		TEST(test_group_commit),
		TEST(test_careful_first),
		TEST(test_set_aside),
		TEST(test_broken_text),
		TEST(test_busy),
		TEST(test_busy_in_the_middle),
		TEST(test_full_disk),
		TEST(test_disk_fails),
		TEST(test_bound),
		TEST(test_worker_gone),
		TEST(test_slot_is_reused),
		TEST(test_calls),
		TEST(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
