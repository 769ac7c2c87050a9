/* What goes out: nothing lost, nothing twice, whatever a modem says or leaves unsaid.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/outbox.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/message.h"
#include "gateway/report.h"
#include "gateway/tick.h"
#include "tests/gateway/fixture.h"

#define ALICE "+33639980001"
#define BOB   "+33639980002"

static const char *cause(struct fixture *f, int64_t id)
{
	return fixture_get(f, "SELECT cause FROM message WHERE id = %" PRId64, id);
}

static void allow_resend(struct fixture *f, int64_t id)
{
	fixture_sql(f, talloc_asprintf(f, "UPDATE message SET resend = 1 WHERE id = %" PRId64, id));
}

static const char *two_parts(struct fixture *f)
{
	char *text = talloc_zero_size(f, 201);

	memset(text, 'a', 200);
	return text;
}

static void test_one_part(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	assert_string_equal(fixture_states(f, id), "queued queued:");
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending sending:");
	assert_int_equal(f->one->n, 1);
	assert_string_equal(f->one->sent[0].sms.to, ALICE);
	assert_string_equal(f->one->sent[0].sms.text, "Bonjour");
	assert_true(f->one->sent[0].sms.report);
	fake_answers(f->one, BEARER_SENT, 7);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sent sent:7");
	fake_report(f->one, 12, "0639980001", 7, 0x00); /* as some networks write it */
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:7");
	assert_int_equal(f->one->n_released, 1);
	assert_int_equal(f->one->released[0], 12);
	assert_int_equal(f->one->n, 1);
}

static void test_parts_one_by_one(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, two_parts(f), 0);

	fixture_run(f);
	assert_int_equal(f->one->n, 1);
	assert_string_equal(fixture_states(f, id), "sending sending:,queued:");
	fake_answers(f->one, BEARER_SENT, 254);
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	assert_string_equal(fixture_states(f, id), "sending sent:254,sending:");
	assert_int_equal(f->one->sent[1].sms.concat.part, 2);
	assert_int_equal(f->one->sent[1].sms.concat.ref, f->one->sent[0].sms.concat.ref);
	fake_report(f->one, 0, ALICE, 254, 0x00);
	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 255);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sent delivered:254,sent:255");
	fake_report(f->one, 0, ALICE, 255, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:254,delivered:255");
}

/* After the claim, before and after the body left: the row says what may have happened. */
static void test_crash_before_launch(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_crash(f); /* after the commit of the queueing */
	fixture_run(f);
	assert_int_equal(f->one->n, 1);
	fixture_crash(f); /* with the modem */
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt doubt:");
	assert_int_equal(f->one->n, 1);
}

static void test_doubt_report_decides(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fixture_crash(f);
	fixture_run(f);
	fake_report(f->one, 3, ALICE, 9, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:9");
	fixture_walk(f, 3600);
	assert_int_equal(f->one->n, 1);
	assert_int_equal(f->one->n_released, 1);
}

static void test_doubt_pending_report(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt doubt:");
	fake_report(f->one, 0, ALICE, 9, 0x20); /* the phone is off */
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sent sent:9");
	fake_report(f->one, 0, ALICE, 9, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:9");
	assert_int_equal(f->one->n, 1);
}

static void test_doubt_ends_in_failure(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	fixture_walk(f, 170);
	assert_string_equal(fixture_states(f, id), "doubt doubt:");
	fixture_walk(f, 20);
	assert_string_equal(fixture_states(f, id), "failed doubt:");
	assert_string_equal(cause(f, id), "it may have left, and no report came");
	assert_int_equal(f->one->n, 1);
}

static void test_doubt_ends_in_resend(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	allow_resend(f, id);
	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	fixture_walk(f, 190);
	assert_string_equal(fixture_states(f, id), "sending sending:");
	assert_int_equal(f->one->n, 2);
	for (int i = 2; i <= MESSAGE_ATTEMPTS; i++) { /* it has an end */
		assert_int_equal(f->one->n, i);
		fake_answers(f->one, BEARER_UNKNOWN, -1);
		fixture_run(f);
		fixture_walk(f, 190);
	}
	assert_string_equal(fixture_states(f, id), "failed doubt:");
	assert_int_equal(f->one->n, MESSAGE_ATTEMPTS);
}

/* Of several parts only the one that was with the modem is in doubt. */
static void test_doubt_of_one_part(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, two_parts(f), 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 1);
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	fixture_crash(f);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt sent:1,doubt:");
	fake_report(f->one, 0, ALICE, 1, 0x00); /* of the first one: decides nothing */
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt delivered:1,doubt:");
	fake_report(f->one, 0, ALICE, 2, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "delivered delivered:1,delivered:2");
	assert_int_equal(f->one->n, 2);
}

static void test_resume_at_second_part(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, two_parts(f), 0);

	fixture_run(f);
	fixture_crash(f); /* with the first part */
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt doubt:,queued:");
	fake_report(f->one, 0, ALICE, 1, 0x00);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending delivered:1,sending:");
	assert_int_equal(f->one->n, 2);
	assert_int_equal(f->one->sent[1].sms.concat.part, 2);
}

/* A life that is about to end claims after the next one has begun: nobody has that part. */
static void test_claimed_by_the_dying(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	fixture_run(f);
	id = fixture_queue(f, ALICE, "Bonjour", 0);
	fixture_sql(f, "UPDATE message SET state = 'sending', worker = 'gsm0';"
		       " UPDATE message_part SET state = 'sending'");
	fixture_run(f);
	fixture_queue(f, BOB, "Bonsoir", 0);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "doubt doubt:");
	assert_int_equal(f->one->n, 1);
	assert_string_equal(f->one->sent[0].sms.to, BOB);
}

static void test_modem_leaves_between_parts(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, two_parts(f), 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 1);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	bearer_set_ready(f->gw, &f->two->bearer, true);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "queued sent:1,queued:");
	assert_int_equal(f->two->n, 0); /* a phone does not join what two numbers send */
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	assert_int_equal(f->one->sent[1].sms.concat.part, 2);
}

static void test_retry_and_abandon(void **state)
{
	struct fixture *f = *state;
	int64_t bad = fixture_queue(f, ALICE, "Bonjour", 0);
	int64_t good;

	fixture_run(f);
	fake_answers(f->one, BEARER_FAILED, -1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, bad), "queued queued:");
	assert_int_equal(f->one->n, 1);
	good = fixture_queue(f, BOB, "Bonsoir", 0); /* the others go on */
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	fake_answers(f->one, BEARER_SENT, 1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, good), "sent sent:1");
	for (int i = 1; i < MESSAGE_ATTEMPTS; i++) {
		fixture_walk(f, 601);
		assert_int_equal(f->one->n, 2 * i + 1);
		fake_answers(f->one, BEARER_FAILED, -1);
		fixture_run(f);
		fixture_queue(f, BOB, "Bonsoir", 0); /* which are served: it is the number */
		fixture_run(f);
		fake_answers(f->one, BEARER_SENT, i + 1);
		fixture_run(f);
	}
	assert_string_equal(fixture_states(f, bad), "failed queued:");
	fixture_walk(f, 7200);
	assert_int_equal(f->one->n, 2 * MESSAGE_ATTEMPTS);
}

static void test_refused_number(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	fixture_run(f);
	fake_answers(f->one, BEARER_REFUSED, -1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "failed failed:");
	fixture_walk(f, 7200);
	assert_int_equal(f->one->n, 1);
}

static void test_bearer_not_ready_after_all(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);

	f->one->refuses = true;
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "queued queued:");
	assert_string_equal(fixture_get(f, "SELECT attempts FROM message"), "0");
	f->one->refuses = false;
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending sending:");
}

static void test_stop_suppresses(void **state)
{
	struct fixture *f = *state;
	int64_t notice, reply;

	fixture_sql(f, "INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state)"
		       " VALUES (x'00', 'modem', 'gsm0', '" ALICE "', 1, 'STOP', 'handled')");
	bearer_set_ready(f->gw, &f->one->bearer, false);
	notice = fixture_queue(f, ALICE, "Votre commande", 0);
	reply = fixture_queue(f, ALICE, "Plus de messages", 1);
	fixture_stop(f, ALICE);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_string_equal(fixture_states(f, reply), "sending sending:");
	fake_answers(f->one, BEARER_SENT, 1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, notice), "suppressed queued:");
	assert_int_equal(f->one->n, 1);
}

static void test_use_by(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	bearer_set_ready(f->gw, &f->one->bearer, false);
	id = fixture_queue(f, ALICE, "Bonjour", 0);
	fixture_walk(f, 24 * 3600 - 10);
	assert_string_equal(fixture_states(f, id), "queued queued:");
	fixture_walk(f, 20); /* without a modem */
	assert_string_equal(fixture_states(f, id), "expired queued:");
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_int_equal(f->one->n, 0);
}

static void set_clock(struct fixture *f, int64_t to)
{
	fixture_sql(f, talloc_asprintf(f,
				       "UPDATE clock_offset SET \"offset\" = %" PRId64
				       " - CAST(strftime('%%s', 'now') AS INTEGER)",
				       to));
}

static int64_t queue_template(struct fixture *f, const char *template, int64_t use_by)
{
	struct outbox_message m = {
		.to = ALICE, .template = template, .body = "Bonjour", .use_by = use_by
	};
	int64_t id = 0;

	assert_int_equal(store_begin(f->gw->store), 0);
	assert_int_equal(outbox_queue(f->gw, &id, NULL, &m), 0);
	assert_int_equal(store_commit(f->gw->store), 0);
	return id;
}

/* What could not leave in the day does not ring at night; what would be of no use in the morning is not sent. */
static void test_no_modem_until_the_night(void **state)
{
	struct fixture *f = *state;
	struct civil c = { .year = 2026, .month = 3, .day = 28, .hour = 19, .minute = 50 };
	int64_t evening = civil_epoch(&c), id, late;

	set_clock(f, evening);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	id = queue_template(f, "order_locked", evening + 40 * 3600);
	late = queue_template(f, "order_locked", evening + 4 * 3600);
	fixture_run(f);
	set_clock(f, evening + 3 * 3600);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	f->one->answers = true;
	fixture_run(f);
	assert_int_equal(f->one->n, 0);
	set_clock(f, civil_day_at(evening, 1, 7, 59));
	fixture_run(f);
	assert_int_equal(f->one->n, 0);
	assert_string_equal(fixture_states(f, late), "expired queued:");
	set_clock(f, civil_day_at(evening, 1, 8, 0));
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sent sent:1");
	assert_int_equal(f->one->n, 1);
}

/* The first part is gone: the second one does not wait for the morning. */
static void test_no_half_a_night(void **state)
{
	struct fixture *f = *state;
	struct civil c = { .year = 2026, .month = 3, .day = 28, .hour = 19, .minute = 59 };
	int64_t evening = civil_epoch(&c);
	struct outbox_message m = { .to = ALICE,
				    .template = "order_locked",
				    .body = two_parts(f),
				    .use_by = evening + 86400 };

	set_clock(f, evening);
	assert_int_equal(store_begin(f->gw->store), 0);
	assert_int_equal(outbox_queue(f->gw, NULL, NULL, &m), 0);
	assert_int_equal(store_commit(f->gw->store), 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_SENT, 1);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	fixture_run(f);
	set_clock(f, evening + 3600);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_int_equal(f->one->n, 2);
	assert_int_equal(f->one->sent[1].sms.concat.part, 2);
}

/* The consent was taken back while an advertisement waited. */
static void test_consent_taken_back(void **state)
{
	struct fixture *f = *state;
	int64_t promo, notice;

	fixture_sql(f, "INSERT INTO fire(machine, event, role, channel, idem)"
		       " VALUES ('contact', 'discover', 'SYS', 'test', 'discover');"
		       "INSERT INTO contact_number SELECT id, '" ALICE "' FROM contact");
	set_clock(f, 1774774800); /* 2026-03-29 at 11:00 */
	bearer_set_ready(f->gw, &f->one->bearer, false);
	promo = queue_template(f, "cycle_open", 1774774800 + 86400);
	notice = queue_template(f, "order_locked", 1774774800 + 86400);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	f->one->answers = true;
	fixture_run(f);
	assert_string_equal(fixture_states(f, promo), "suppressed queued:");
	assert_string_equal(fixture_states(f, notice), "sent sent:1");
}

/* A clock that was a year ahead is set right: what it put off goes on, a doubt ends in its time. */
static void ahead(struct fixture *f, int64_t by, bool crash)
{
	const int64_t now = 1774774800;
	int64_t doubt, tried, queued;

	set_clock(f, now + by);
	fixture_run(f);
	doubt = fixture_queue(f, ALICE, "un", 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_UNKNOWN, -1);
	fixture_run(f);
	tried = fixture_queue(f, BOB, "deux", 0);
	fixture_run(f);
	fake_answers(f->one, BEARER_FAILED, -1);
	fixture_run(f);
	bearer_set_ready(f->gw, &f->one->bearer, false);
	queued = fixture_queue(f, BOB, "trois", 0);
	if (crash)
		fixture_crash(f);
	set_clock(f, now);
	bearer_set_ready(f->gw, &f->one->bearer, true);
	f->one->answers = true;
	fixture_run(f);
	assert_string_equal(fixture_states(f, queued), "sent sent:1");
	assert_string_equal(fixture_states(f, doubt), "doubt doubt:");
	assert_true(atoll(fixture_get(f, "SELECT max(use_by) FROM message WHERE id > 1"))
		    <= now + 86400 + 60);
	fixture_walk(f, 60);
	assert_string_equal(fixture_states(f, tried), "sent sent:2");
	fixture_walk(f, 130);
	assert_string_equal(fixture_states(f, doubt), "failed doubt:");
	f->one->answers = false;
}

static void test_clock_ahead(void **state)
{
	ahead(*state, 365 * (int64_t)86400, false);
}

static void test_clock_ahead_in_another_life(void **state)
{
	ahead(*state, 86400, true);
}

/* libosmocore's timers follow the wall clock: one that stands still delays nothing beyond the next beat. */
static void test_wall_clock_set_back(void **state)
{
	struct fixture *f = *state;
	struct timeval *wall = &osmo_gettimeofday_override_time;
	int64_t id;

	fixture_run(f);
	gettimeofday(wall, NULL);
	osmo_gettimeofday_override = true;
	id = fixture_queue(f, ALICE, "Bonjour", 0);
	wall->tv_sec -= 3600;
	tick_beat(f->tick);
	assert_string_equal(fixture_states(f, id), "sending sending:");
	osmo_gettimeofday_override = false;
	fake_answers(f->one, BEARER_SENT, 1);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sent sent:1");
}

static void test_replies_first(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f, "INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state)"
		       " VALUES (x'00', 'modem', 'gsm0', '" BOB "', 1, 'x', 'handled')");
	bearer_set_ready(f->gw, &f->one->bearer, false);
	fixture_queue(f, ALICE, "annonce 1", 0);
	fixture_queue(f, ALICE, "annonce 2", 0);
	fixture_queue(f, BOB, "réponse", 1);
	f->one->answers = true;
	bearer_set_ready(f->gw, &f->one->bearer, true);
	fixture_run(f);
	assert_int_equal(f->one->n, 3);
	assert_string_equal(f->one->sent[0].sms.text, "réponse");
	assert_string_equal(f->one->sent[1].sms.text, "annonce 1");
	assert_string_equal(f->one->sent[2].sms.text, "annonce 2");
}

static void test_modem_of_the_sender(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f, "INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state)"
		       " VALUES (x'00', 'modem', 'gsm1', '" BOB "', 1, 'x', 'handled')");
	bearer_set_ready(f->gw, &f->two->bearer, true);
	f->one->answers = true;
	f->two->answers = true;
	fixture_queue(f, BOB, "par gsm1", 1);
	fixture_queue(f, BOB, "encore", 0);
	fixture_run(f);
	assert_int_equal(f->one->n, 0);
	assert_int_equal(f->two->n, 2);
	bearer_set_ready(f->gw, &f->two->bearer, false);
	fixture_queue(f, BOB, "par gsm0", 1);
	fixture_run(f);
	assert_int_equal(f->one->n, 1);
	assert_int_equal(f->two->n, 2);
}

static void test_modems_share(void **state)
{
	struct fixture *f = *state;

	bearer_set_ready(f->gw, &f->two->bearer, true);
	fixture_queue(f, ALICE, "un", 0);
	fixture_queue(f, BOB, "deux", 0);
	fixture_queue(f, BOB, "trois", 0);
	fixture_run(f);
	assert_int_equal(f->one->n, 1); /* one part each at a time */
	assert_int_equal(f->two->n, 1);
}

/* Who may be written to. */
static const struct {
	const char *to;
	bool allowed;
} number_cases[] = {
	{ ALICE, true },
	{ "+32470123456", true }, /* allow-prefix */
	{ "+33972123456", true },
	{ "+4915112345678", false },
	{ "+33899123456", false }, /* premium */
	{ "+881612345678", false },
	{ "0639980001", false }, /* not E.164 */
	{ "38888", false },
	{ "+123", false },
	{ "Orange", false },
	{ "", false },
	{ "+33639980001;+33639980002", false },
	{ "+33639980077", false }, /* our own */
};

static void test_numbers(void **state)
{
	struct fixture *f = *state;
	char *prefixes[] = { "+32", NULL };

	f->gw->prefixes = prefixes;
	f->one->bearer.own = "+33639980077";
	for (size_t i = 0; i < ARRAY_SIZE(number_cases); i++) {
		bool queued = fixture_queue(f, number_cases[i].to, "Bonjour", 0) != 0;

		if (queued != number_cases[i].allowed)
			fail_msg("%s: %s", number_cases[i].to, queued ? "queued" : "not queued");
	}
}

static void test_refused_reply_is_listed(void **state)
{
	struct fixture *f = *state;

	fixture_sql(f, "INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state)"
		       " VALUES (x'00', 'modem', 'gsm0', '+4915112345678', 1, 'x', 'handled')");
	assert_int_equal(fixture_queue(f, "+4915112345678", "Hallo", 1), 0);
	assert_string_equal(fixture_get(f, "SELECT listed FROM inbox"),
			    "not a number that may be written to");
}

static void test_too_long(void **state)
{
	struct fixture *f = *state;
	char *text = talloc_zero_size(f, 1532);

	memset(text, 'a', 1530);
	assert_int_not_equal(fixture_queue(f, ALICE, text, 0), 0);
	text[1530] = 'a';
	assert_int_equal(fixture_queue(f, ALICE, text, 0), 0);
	assert_int_equal(fixture_queue(f, ALICE, "\xff", 0), 0);
}

/* Another program holds the database: nothing goes out, nothing is lost, and it goes on by itself. */
static void test_busy(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_queue(f, ALICE, "Bonjour", 0);
	void *lock = fixture_lock(f);

	fixture_run(f);
	assert_int_equal(f->one->n, 0);
	fixture_unlock(lock);
	fixture_until(f, &f->one->n, 1);
	lock = fixture_lock(f);
	fake_answers(f->one, BEARER_SENT, 3);
	fixture_run(f);
	assert_string_equal(fixture_states(f, id), "sending sending:");
	fixture_unlock(lock);
	fixture_settle(f);
	assert_string_equal(fixture_states(f, id), "sent sent:3");
	assert_int_equal(f->one->n, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_part),
		TEST(test_parts_one_by_one),
		TEST(test_crash_before_launch),
		TEST(test_doubt_report_decides),
		TEST(test_doubt_pending_report),
		TEST(test_doubt_ends_in_failure),
		TEST(test_doubt_ends_in_resend),
		TEST(test_doubt_of_one_part),
		TEST(test_resume_at_second_part),
		TEST(test_claimed_by_the_dying),
		TEST(test_modem_leaves_between_parts),
		TEST(test_retry_and_abandon),
		TEST(test_refused_number),
		TEST(test_bearer_not_ready_after_all),
		TEST(test_stop_suppresses),
		TEST(test_use_by),
		TEST(test_no_modem_until_the_night),
		TEST(test_no_half_a_night),
		TEST(test_consent_taken_back),
		TEST(test_clock_ahead),
		TEST(test_clock_ahead_in_another_life),
		TEST(test_wall_clock_set_back),
		TEST(test_replies_first),
		TEST(test_modem_of_the_sender),
		TEST(test_modems_share),
		TEST(test_numbers),
		TEST(test_refused_reply_is_listed),
		TEST(test_too_long),
		TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
