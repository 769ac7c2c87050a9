/* Floods of texts, and automata that answer each other: what is answered, what it costs, and who is told.
 *
 * Gateways without processes and modems, with all that understands texts; what one
 * of them sends is handed to the other as a network would.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/flood.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/application.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "messages/catalogue.h"

#include "parsers/civil.h"
#include "parsers/reading.h"

#include "gateway/config.h"
#include "gateway/gateway.h"
#include "gateway/intake.h"
#include "gateway/log.h"
#include "gateway/loop.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/store/create.h"
#include "gateway/store/sqlite.h"
#include "tests/support/process.h"

#define RESIDENT "+33639980001"
/* Numbers of the SIMs of two gateways. */
#define SIM_A    "+33639980041"
#define SIM_B    "+33639980042"

/* What does not depend on a gateway. */
static struct rules *rules;
static struct catalogue *catalogue;

/* A gateway on the demo platform. */
struct side {
	char *dir;
	struct gateway *gw;
	const char *sim;
	unsigned int texts;
	int64_t read; /* the last message that was handed on */
	uint8_t key[DIGEST_KEY_SIZE];
};

static void sql(struct side *s, const char *text)
{
	char *error = NULL;

	sqlite3_exec(store_sqlite(s->gw->store), text, NULL, NULL, &error);
	if (error)
		fail_msg("%s: %s", text, error);
}

static int64_t get(struct side *s, const char *text)
{
	sqlite3_stmt *stmt;
	int64_t out;

	if (sqlite3_prepare_v2(store_sqlite(s->gw->store), text, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(store_sqlite(s->gw->store)));
	out = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return out;
}

static struct side *side_new(void *ctx, const char *sim)
{
	struct side *s = talloc_zero(ctx, struct side);
	char *path;

	s->dir = process_temp_dir(s);
	s->sim = sim;
	path = talloc_asprintf(s, "%s/chappe.db", s->dir);
	s->gw = talloc_zero(s, struct gateway);
	assert_int_equal(store_create(s, path, true, NULL), 0);
	assert_int_equal(store_open(&s->gw->store, s->gw, path, 1000, NULL), 0);
	INIT_LLIST_HEAD(&s->gw->bearers);
	s->gw->country_code = "33";
	s->gw->language = "fr";
	s->gw->quiet_from = CONFIG_QUIET_FROM;
	s->gw->quiet_to = CONFIG_QUIET_TO;
	s->gw->rules = rules;
	s->gw->catalogue = catalogue;
	s->gw->limits = (struct flood_limits){ CONFIG_RATE_SENDER, CONFIG_RATE_PREFIX,
					       CONFIG_RATE_ALL, CONFIG_STRANGERS };
	s->gw->flood = flood_open(s->gw);
	sql(s, "PRAGMA synchronous = OFF");
	sql(s, talloc_asprintf(s,
			       "UPDATE clock_offset SET \"offset\" = %" PRId64
			       " - (SELECT now FROM clock)",
			       civil_day_at(get(s, "SELECT now FROM clock"), 0, 9, 0)));
	return s;
}

static void side_free(struct side *s)
{
	process_remove_dir(s->dir);
	talloc_free(s);
}

static void walk(struct side *s, int64_t seconds)
{
	sql(s, talloc_asprintf(s, "UPDATE clock_offset SET \"offset\" = \"offset\" + %" PRId64,
			       seconds));
}

static void receive(struct side *s, const char *from, const char *text)
{
	struct sms_in sms = { .ton = SMS_TON_INTERNATIONAL, .npi = 1 };
	struct intake in = { .bearer = "modem", .worker = "gsm0", .sms = &sms };
	unsigned int n = ++s->texts;

	OSMO_STRLCPY_ARRAY(sms.sender, from);
	OSMO_STRLCPY_ARRAY(sms.text, text);
	memcpy(in.digest, &n, sizeof(n));
	assert_int_equal(store_begin(s->gw->store), 0);
	assert_int_equal(store_mark(s->gw->store), 0);
	assert_int_equal(intake_take(s->gw, &in, s->key, store_now(s->gw->store)), 0);
	assert_int_equal(store_unmark(s->gw->store), 0);
	assert_int_equal(store_commit(s->gw->store), 0);
}

static void say(struct side *s, const char *to, const char *text)
{
	assert_int_equal(store_begin(s->gw->store), 0);
	assert_int_equal(
		outbox_queue(s->gw, NULL, NULL, &(struct outbox_message){ .to = to, .body = text }),
		0);
	assert_int_equal(store_commit(s->gw->store), 0);
}

/* The number belongs to a resident of this platform. */
static void registers(struct side *s, const char *number)
{
	sql(s,
	    talloc_asprintf(
		    s,
		    "INSERT INTO person(id, name) VALUES (900, 'Voisin');"
		    "INSERT INTO person_role VALUES (900, 'RES');"
		    "INSERT INTO fire(machine, event, role, channel, idem)"
		    " VALUES ('contact', 'discover', 'SYS', 'test', 'x1');"
		    "INSERT INTO contact_number SELECT max(id), '%s' FROM contact;"
		    "INSERT INTO contact_person SELECT max(id), 900 FROM contact;"
		    "INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
		    " SELECT 'contact', id, version, 'register', (SELECT person_id FROM person_role"
		    " WHERE role = 'COO'), 'COO', 'test', 'x2', '{\"identity_seen\":1}' FROM contact"
		    " ORDER BY id DESC LIMIT 1;"
		    "INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
		    " SELECT 'contact', id, version, 'consent', 900, 'RES', 'test', 'x3',"
		    " '{\"proof_kept\":1}' FROM contact ORDER BY id DESC LIMIT 1;"
		    "UPDATE notice SET state = 'done'",
		    number));
}

/* The next message to a number, as the network hands it over. \returns its text, or NULL */
static char *next_text(struct side *s, const char *to)
{
	sqlite3_stmt *stmt;
	char *out = NULL;

	sqlite3_prepare_v2(
		store_sqlite(s->gw->store),
		"SELECT id, body FROM message WHERE number = ? AND id > ? ORDER BY id LIMIT 1", -1,
		&stmt, NULL);
	sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, s->read);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		s->read = sqlite3_column_int64(stmt, 0);
		out = talloc_strdup(s, (const char *)sqlite3_column_text(stmt, 1));
	}
	sqlite3_finalize(stmt);
	return out;
}

/* Two gateways, until they fall silent. \returns the messages that went over the air */
static int face_to_face(struct side *a, struct side *b)
{
	int n = 0;

	for (bool silent = false; !silent && n < 200;) {
		char *text;

		silent = true;
		while ((text = next_text(a, b->sim)) && ++n)
			receive(b, a->sim, text);
		while ((text = next_text(b, a->sim)) && ++n) {
			receive(a, b->sim, text);
			silent = false;
		}
		walk(a, 6);
		walk(b, 6);
	}
	return n;
}

static void two_gateways(bool registered, const char *first, int most)
{
	struct side *a = side_new(NULL, SIM_A), *b = side_new(NULL, SIM_B);

	if (registered) {
		registers(a, SIM_B);
		registers(b, SIM_A);
	}
	say(a, SIM_B, first);
	assert_in_range(face_to_face(a, b), 1, most);
	assert_int_equal(get(a, "SELECT count(*) FROM orders WHERE state <> 'draft'")
				 + get(b, "SELECT count(*) FROM orders WHERE state <> 'draft'"),
			 0);
	assert_in_range(
		get(b, "SELECT count(*) FROM inbox WHERE intent = 'LOOP' AND listed IS NOT NULL"),
		0, 1);
	side_free(a);
	side_free(b);
}

static void test_two_gateways(void **state)
{
	(void)state;
	two_gateways(false, "Bonjour, ceci est un essai de la passerelle", 4);
	two_gateways(true, "Bonjour, ceci est un essai de la passerelle", 4);
	two_gateways(true, "Liste", 4);
	two_gateways(true, "aide", 4);
	two_gateways(true, "2 kg carottes", 4);
}

/* An automaton of another make: each of its texts is another one. */
static int automaton(struct side *s, const char *before, const char *after)
{
	char text[200];
	int n = 0;

	for (; n < 200; n++) {
		snprintf(text, sizeof(text), "%s %d%s", before, n + 1, after);
		receive(s, SIM_B, text);
		walk(s, 6);
		if (!next_text(s, SIM_B))
			break;
	}
	return n;
}

static void test_another_automaton(void **state)
{
	struct side *s = side_new(NULL, SIM_A);

	(void)state;
	registers(s, SIM_B);
	assert_int_equal(automaton(s, "qwfp zxcv arst mnbv", " hjkl"), LOOP_UNKNOWN);
	assert_int_equal(
		get(s, "SELECT count(*) FROM inbox WHERE intent = 'LOOP' AND listed IS NOT NULL"),
		1);
	/* it goes on, and nobody is told again; a command is answered all the same */
	receive(s, SIM_B, "qwfp zxcv arst mnbv 99 hjkl");
	assert_int_equal(
		get(s, "SELECT count(*) FROM inbox WHERE intent = 'LOOP' AND listed IS NOT NULL"),
		1);
	assert_null(next_text(s, SIM_B));
	receive(s, SIM_B, "liste");
	assert_non_null(next_text(s, SIM_B));
	/* it was a person after all */
	walk(s, LOOP_MINUTES * 60 + 60);
	receive(s, SIM_B, "qwfp zxcv");
	assert_non_null(next_text(s, SIM_B));
	side_free(s);
}

static void test_automaton_in_our_words(void **state)
{
	struct side *s = side_new(NULL, SIM_A);

	(void)state;
	registers(s, SIM_B);
	s->gw->limits.sender = 20; /* commands, as it happens; a token every three minutes */
	assert_in_range(automaton(s, "prix carottes", ""), 20, 22);
	s->gw->limits.sender = 0;
	receive(s, SIM_B, "qwfp zxcv arst mnbv hjkl wwxx 3");
	for (int i = 0; i < 10; i++)
		receive(s, SIM_B, "qwfp zxcv arst mnbv hjkl wwxx 3");
	assert_in_range(
		get(s, "SELECT count(*) FROM message WHERE inbox_id IN (SELECT id FROM inbox WHERE"
		       " body LIKE 'qwfp%wwxx%')"),
		0, LOOP_SAME);
	side_free(s);
}

/* Forwarding what we wrote fires nothing and gets no answer; our words with others after them do. */
static void test_own_words(void **state)
{
	(void)state;
	assert_true(catalogue_wrote(catalogue,
				    "Bonne nouvelle : vous pouvez commander plus longtemps, jusqu'à"
				    " jeudi 26 novembre à 18h."));
	assert_true(catalogue_wrote(catalogue,
				    "Bonne nouvelle : vous pouvez commander plus longtemps, jusqu'à"
				    " jeudi.\nAutre chose"));
	assert_false(catalogue_wrote(catalogue,
				     "Bonne nouvelle : vous pouvez commander plus longtemps"));
	assert_false(catalogue_wrote(catalogue,
				     "2 kg de carottes et une salade pour jeudi s'il vous plait"));
	assert_false(catalogue_wrote(catalogue,
				     "OUI\nBonne nouvelle : vous pouvez commander plus longtemps,"
				     " jusqu'à jeudi 26 novembre à 18h."));
	assert_false(catalogue_wrote(catalogue, "OUI"));
}

/* Ten thousand strangers in a minute. */
static void test_strangers(void **state)
{
	struct side *s = side_new(NULL, SIM_A);
	char number[20];

	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(number, sizeof(number), "+336%08d", 10000000 + i * 7919 % 80000000);
		receive(s, number, "Vous avez gagné un cadeau, répondez OUI");
	}
	assert_int_equal(get(s, "SELECT count(*) FROM inbox"), 10000);
	assert_in_range(get(s, "SELECT count(*) FROM message WHERE inbox_id IS NOT NULL"),
			CONFIG_STRANGERS, CONFIG_STRANGERS + 10);
	assert_in_range(get(s, "SELECT count(*) FROM contact WHERE state = 'unknown'"), 1,
			CONFIG_STRANGERS + 11);
	assert_in_range(get(s, "SELECT count(*) FROM inbox WHERE listed IS NOT NULL"), 1,
			CONFIG_STRANGERS + 10 + FLOOD_LISTED);
	assert_int_equal(get(s, "SELECT count(*) FROM notice WHERE name = 'flood'"),
			 get(s, "SELECT count(*) FROM person_role WHERE role = 'COO'"));
	assert_in_range(get(s, "SELECT count(*) FROM message WHERE inbox_id IS NULL"), 1, 20);
	assert_int_equal(get(s, "SELECT count(*) FROM message WHERE template = 'flood'"), 1);
	/* those who are registered order as ever */
	receive(s, RESIDENT, "2 kg carottes");
	assert_int_equal(get(s, "SELECT count(*) FROM orders WHERE state = 'draft'"), 1);
	/* half an hour later: half as many, also in another life */
	talloc_free(s->gw->flood);
	s->gw->flood = flood_open(s->gw);
	walk(s, 1800);
	for (int i = 0; i < 200; i++) {
		snprintf(number, sizeof(number), "+337%08d", 10000000 + i * 7919);
		receive(s, number, "Bonjour");
	}
	assert_in_range(get(s, "SELECT count(*) FROM message WHERE number LIKE '+337%'"),
			CONFIG_STRANGERS / 2, CONFIG_STRANGERS / 2 + 10);
	side_free(s);
}

/* From numbers that look like a resident's, and from a resident who does not stop. */
static void test_prefix_and_sender(void **state)
{
	struct side *s = side_new(NULL, SIM_A);
	char number[20], text[40];

	(void)state;
	s->gw->limits = (struct flood_limits){ .sender = 120, .prefix = 1200 };
	for (int i = 0; i < 2000; i++) {
		snprintf(number, sizeof(number), "+3363998%04d", 1000 + i);
		receive(s, number, "bonjour");
	}
	assert_in_range(get(s, "SELECT count(*) FROM inbox WHERE intent = 'FLOOD'"), 2000 - 1300,
			2000 - 1200); /* time passes while it is played */
	receive(s, RESIDENT, "2 kg carottes");
	assert_int_equal(get(s, "SELECT count(*) FROM orders WHERE state = 'draft'"), 1);
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "%d salades", 1 + i);
		receive(s, RESIDENT, text);
	}
	assert_in_range(get(s, "SELECT count(*) FROM inbox WHERE number = '" RESIDENT
			       "' AND intent <> 'FLOOD'"),
			120, 130);
	walk(s, 1800);
	receive(s, RESIDENT, "etat");
	assert_int_equal(get(s, "SELECT intent = 'STATUS' FROM inbox ORDER BY id DESC LIMIT 1"), 1);
	side_free(s);
}

/* A budget that has no room any more: the coordinator reads it once, and in words. */
static void test_budget_is_told(void **state)
{
	struct side *s = side_new(NULL, SIM_A);

	(void)state;
	s->gw->budget.day = 10;
	for (int i = 0; i < 8; i++) {
		receive(s, RESIDENT, i % 2 ? "aide" : "liste");
		walk(s, 60);
	}
	receive(s, "+33639980002", "etat");
	assert_int_equal(get(s, "SELECT count(*) FROM message WHERE template = 'budget_day'"
				" AND body LIKE 'Budget SMS du jour : % partis sur 10.%'"),
			 1);
	assert_in_range(get(s, "SELECT parts FROM budget WHERE number = ''"), 8,
			12); /* with two to tell it */
	assert_in_range(get(s, "SELECT count(*) FROM inbox WHERE listed = 'the budget is used up'"),
			1, 8);
	side_free(s);
}

/* A clock that jumps fills no bucket twice, and locks nobody out. */
static void test_clock(void **state)
{
	struct side *s = side_new(NULL, SIM_A);
	const char *why = NULL;
	int64_t now = 1774774800;

	(void)state;
	s->gw->limits = (struct flood_limits){ .sender = 3 };
	for (int i = 0; i < 4; i++) {
		assert_int_equal(flood_take(&why, s->gw, RESIDENT, now), 0);
		assert_int_equal(why != NULL, i == 3);
	}
	assert_int_equal(flood_take(&why, s->gw, RESIDENT, now - 366 * 86400), 0);
	assert_non_null(why);
	assert_int_equal(flood_take(&why, s->gw, RESIDENT, now - 366 * 86400 + 1200), 0);
	assert_null(why);
	assert_int_equal(flood_take(&why, s->gw, RESIDENT, now + 366 * 86400), 0);
	assert_null(why);
	side_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_gateways),
		cmocka_unit_test(test_another_automaton),
		cmocka_unit_test(test_automaton_in_our_words),
		cmocka_unit_test(test_own_words),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_prefix_and_sender),
		cmocka_unit_test(test_budget_is_told),
		cmocka_unit_test(test_clock),
	};
	void *ctx = talloc_new(NULL);
	char *error = NULL;

	osmo_init_logging2(ctx, &log_categories);
	civil_set_zone("Europe/Paris");
	if (rules_open(&rules, ctx, "fr", NULL, &error)
	    || catalogue_open(&catalogue, ctx, "fr", &error)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
