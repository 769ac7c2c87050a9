/* What an operator asks for, through the control socket as chappectl does.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "gateway/admin/admin.h"
#include "gateway/config.h"
#include "gateway/link.h"
#include "gateway/store/check.h"

#include "tests/gateway/operator.h"
#include "tests/support/process.h"

static void print_difference(void *data, const char *line)
{
	(void)data;
	print_message("%s\n", line);
}

/* ---- tests ---- */

static void status_is_exactly_zero_when_idle(void **state)
{
	struct world *w = *state;
	json_int_t waiting = -1, due = -1, sending = -1, listed = -1;
	struct config_modem m = { .name = "gsm7", .device = "/dev/ttyUSB0" };
	struct config cfg = { 0 };
	json_t *o;

	fixture_run(w->f);
	INIT_LLIST_HEAD(&cfg.modems);
	llist_add_tail(&m.entry, &cfg.modems);
	w->f->gw->config = &cfg;
	o = result(w, "{\"op\":\"status\"}");
	assert_int_equal(json_unpack(o, "{s:{s:I,s:I},s:{s:I,s:I}}", "inbox", "waiting", &waiting,
				     "listed", &listed, "outbox", "due", &due, "sending", &sending),
			 0);
	assert_int_equal(waiting, 0);
	assert_int_equal(listed, 0);
	assert_int_equal(due, 0);
	assert_int_equal(sending, 0);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(o, "modems"), 0), "text")),
			    "waits for the database");
	assert_true(json_is_true(json_object_get(json_object_get(o, "database"), "ok")));
	json_decref(o);
}

static void a_message_is_due_until_it_is_off(void **state)
{
	struct world *w = *state;
	json_int_t due = -1;
	json_t *o, *list;

	w->f->one->bearer.ready = false;
	json_decref(result(
		w, "{\"op\":\"send\",\"args\":{\"to\":\"06 39 98 00 01\",\"text\":\"Bonjour\"}}"));
	o = result(w, "{\"op\":\"status\"}");
	assert_int_equal(json_unpack(o, "{s:{s:I}}", "outbox", "due", &due), 0);
	assert_int_equal(due, 1);
	json_decref(o);
	o = result(w, "{\"op\":\"outbox\"}");
	list = json_object_get(o, "outbox");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "text")),
			    "Bonjour");
	json_decref(o);
}

/* What waits, since when and why; what is spent, and what waits for another day. */
static void status_says_what_waits_and_what_is_spent(void **state)
{
	static const char send[] =
		"{\"op\":\"send\",\"args\":{\"to\":\"06 39 98 00 01\",\"text\":\"Bonjour\"}}";
	json_int_t waiting = -1, since = -1, put_off = -1, used = -1, most = -1, full = -1;
	struct world *w = *state;
	const char *because = "";
	json_t *o;

	w->f->one->bearer.ready = false;
	w->f->gw->budget.day = 2;
	for (int i = 0; i < 3; i++)
		json_decref(result(w, send));
	o = result(w, "{\"op\":\"status\"}");
	assert_int_equal(json_unpack(o, "{s:{s:{s:I,s:I,s:s},s:{s:I}},s:{s:{s:I,s:I,s:I}}}",
				     "outbox", "waiting", "n", &waiting, "since", &since, "because",
				     &because, "put_off", "n", &put_off, "budget", "day", "used",
				     &used, "most", &most, "since", &full),
			 0);
	assert_int_equal(waiting, 2);
	assert_string_equal(because, "no modem can send");
	assert_in_range(since, store_now(w->f->gw->store) - 60, store_now(w->f->gw->store));
	assert_int_equal(put_off, 1);
	assert_int_equal(used, 2);
	assert_int_equal(most, 2);
	assert_in_range(full, since, since + 60);
	json_decref(o);
}

static void a_text_is_answered_by_hand(void **state)
{
	struct world *w = *state;
	char *request;
	json_t *o, *list;
	json_int_t id = 0;

	fixture_sql(
		w->f,
		"INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state, listed)"
		" VALUES (x'01', 'modem', 'gsm0', '+33639980001', 1, 'gloubi', 'handled', 'unknown')");
	o = result(w, "{\"op\":\"inbox\"}");
	list = json_object_get(o, "inbox");
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(json_unpack(json_array_get(list, 0), "{s:I}", "id", &id), 0);
	json_decref(o);
	request = talloc_asprintf(
		w,
		"{\"op\":\"send\",\"args\":{\"to\":\"+33639980001\",\"text\":\"Oui\","
		"\"inbox\":%" PRId64 "}}",
		(int64_t)id);
	json_decref(result(w, request));
	o = result(w, "{\"op\":\"inbox\"}");
	assert_int_equal(json_array_size(json_object_get(o, "inbox")), 0);
	json_decref(o);
	request = talloc_asprintf(w, "{\"op\":\"inbox-show\",\"args\":{\"id\":%" PRId64 "}}",
				  (int64_t)id);
	o = result(w, request);
	list = json_object_get(o, "replies");
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "text")),
			    "Oui");
	json_decref(o);
}

/* By the id of the text; one that nobody has read becomes a request by it. */
static void a_request_is_answered(void **state)
{
	struct world *w = *state;
	json_t *o;

	fixture_sql(
		w->f,
		"INSERT INTO inbox(digest, bearer, worker, number, received_at, body, state, listed)"
		" VALUES (x'01', 'modem', 'gsm0', '+33639980001', 1, 'gloubi', 'aside', 'unread'),"
		" (x'02', 'modem', 'gsm0', '+33639980001', 2, 'boulga', 'handled', 'unknown'),"
		" (x'03', 'modem', 'gsm0', 'Orange', 3, 'pub', 'ignored', 'no number')");
	refuses(w, "{\"op\":\"inbox-answer\",\"args\":{\"id\":1}}", "which text, and what?");
	refuses(w, "{\"op\":\"inbox-answer\",\"args\":{\"id\":99,\"text\":\"Oui\"}}",
		"there is no text 99");
	refuses(w, "{\"op\":\"inbox-answer\",\"args\":{\"id\":3,\"text\":\"Oui\"}}",
		"may not write to that number");
	o = result(w, "{\"op\":\"inbox-answer\",\"args\":{\"id\":1,\"text\":\"Oui\"}}");
	json_decref(o);
	assert_string_equal(fixture_get(w->f, "SELECT body FROM message WHERE inbox_id = 1"),
			    "Réponse du point de retrait (Maison des associations) :\nOui");
	assert_string_equal(fixture_get(w->f, "SELECT group_concat(id) FROM inbox"
					      " WHERE answered_at IS NULL"),
			    "2,3");
}

/* ---- orders at the pickup point ---- */

/* An order of person 1, ready to be fetched: 2 kg of carrots for 3.60 and six eggs for 2.10. */
static void make_order(struct world *w)
{
	const char *from;

	fixture_sql(w->f,
		    "INSERT INTO fire(machine, version, event, actor, role, channel, idem, payload)"
		    " SELECT 'order', 0, 'start', 1, 'RES', 'web', 'o1',"
		    " '{\"cycle\":' || id || ',\"owner\":1}' FROM cycle WHERE state = 'open'");
	fixture_sql(
		w->f,
		"INSERT INTO fire(machine, version, event, actor, role, channel, idem, payload)"
		" SELECT 'line', 0, 'add', 1, 'RES', 'web', 'o2' || f.product,"
		" '{\"order\":' || o.id || ',\"offer\":' || f.id || ',\"qty\":' ||"
		" CASE f.product WHEN 'oeuf' THEN 6000 ELSE 2000 END || '}'"
		" FROM orders o, offer f WHERE o.ref = 'C100' AND f.product IN ('carotte', 'oeuf')");
	fixture_sql(
		w->f,
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem)"
		" SELECT 'order', o.id, o.version, 'edit', 1, 'RES', 'web', 'o3' FROM orders o");
	fixture_sql(
		w->f,
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem)"
		" SELECT 'order', o.id, o.version, 'confirm', 1, 'RES', 'web', 'o4' FROM orders o");
	from = fixture_get(w->f, "SELECT c.pickup_from - k.now + 60 FROM cycle c, clock k"
				 " WHERE c.state = 'open'");
	fixture_walk(w->f, strtoll(from, NULL, 10));
	assert_string_equal(fixture_get(w->f, "SELECT state FROM orders"), "ready");
}

static char *order(struct world *w, const char *args)
{
	return ask(w, talloc_asprintf(w, "{\"op\":\"order\",\"args\":{\"ref\":\"c100\"%s%s}}",
				      *args ? "," : "", args));
}

static void says(struct world *w, const char *args, const char *words)
{
	char *answer = order(w, args);

	if (!strstr(answer, words))
		fail_msg("%s: no %s in %s", args, words, answer);
}

static void an_order_is_handed_over(void **state)
{
	struct world *w = *state;

	refuses(w, "{\"op\":\"order\",\"args\":{\"ref\":\"C99\"}}", "there is no order C99");
	refuses(w, "{\"op\":\"order\"}", "which order");
	make_order(w);
	says(w, "", "\"state\":\"ready\"");
	says(w, "", "\"total\":570,\"paid\":0,\"due\":570");
	assert_null(strstr(order(w, ""),
			   fixture_get(w->f, "SELECT '\"' || pickup_code || '\"' FROM orders")));
	says(w, "\"action\":\"sell\"", "which order, and what");
	says(w, "\"action\":\"no-show\"", "after_pickup_to_grace");
	says(w, "\"action\":\"missing\"", "the product is missing");
	says(w, "\"action\":\"missing\",\"product\":\"radis\"", "no line of radis");
	says(w, "\"action\":\"missing\",\"product\":\"carotte\"", "\"due\":210");
	says(w, "\"action\":\"collect\",\"amount\":\"dix\"", "is no amount");
	/* all of it or nothing: what is not due cannot be paid, and so it is not handed over */
	says(w, "\"action\":\"collect\",\"amount\":\"3\"", "2.10 is due, not more");
	assert_string_equal(fixture_get(w->f, "SELECT state FROM orders"), "ready");
	says(w, "\"action\":\"collect\",\"amount\":\"1,50\"",
	     "\"total\":210,\"paid\":150,\"due\":60");
	says(w, "\"action\":\"collect\"", "collected");
	says(w, "\"action\":\"defer\"", "the reason is missing");
	says(w, "\"action\":\"defer\",\"reason\":\"le 8\"", "\"payment\":\"deferred\"");
	says(w, "\"action\":\"pay\"", "\"payment\":\"paid\",\"total\":210,\"paid\":210,\"due\":0");
	assert_string_equal(fixture_get(w->f, "SELECT count(*) FROM event_log"
					      " WHERE payload LIKE '%%le 8%%'"),
			    "0");
	assert_string_equal(fixture_get(w->f, "SELECT text FROM note"), "le 8");
}

static void a_complaint_is_settled(void **state)
{
	struct world *w = *state;

	make_order(w);
	says(w, "\"action\":\"rebook\",\"day\":\"sat\"", "the day and two times");
	says(w, "\"action\":\"collect\"", "\"payment\":\"paid\"");
	says(w, "\"action\":\"credit\",\"product\":\"oeuf\"", "no line of oeuf that is disputed");
	fixture_sql(
		w->f,
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem,"
		" payload) SELECT 'line', l.id, l.version, 'dispute', 1, 'RES', 'web',"
		" 'd' || l.id, '{\"reason\":\"quality\"}' FROM order_line l");
	says(w, "\"action\":\"credit\",\"product\":\"oeuf\",\"amount\":\"3\"",
	     "the fields of credit are");
	says(w, "\"action\":\"credit\",\"product\":\"oeuf\",\"amount\":\"0,70\"",
	     "\"payment\":\"credited\"");
	says(w, "\"action\":\"dismiss\",\"product\":\"carotte\"", "the reason is missing");
	says(w, "\"action\":\"dismiss\",\"product\":\"carotte\",\"reason\":\"vu\"", "delivered");
	says(w, "\"action\":\"refund\"", "the amount is missing");
}

/* ---- members ---- */

static int64_t id_of(json_t *o)
{
	int64_t id = json_integer_value(json_object_get(o, "id"));

	json_decref(o);
	return id;
}

/* The person as JSON text, on the world. */
static char *member(struct world *w, int64_t id)
{
	return ask(w, talloc_asprintf(w, "{\"op\":\"member-show\",\"args\":{\"id\":%" PRId64 "}}",
				      id));
}

static void has(struct world *w, int64_t id, const char *words)
{
	char *answer = member(w, id);

	if (!strstr(answer, words))
		fail_msg("no %s in %s", words, answer);
}

static void a_member_is_added_and_changed(void **state)
{
	struct world *w = *state;
	int64_t id = id_of(result(w, "{\"op\":\"member-add\",\"args\":{\"name\":\"Zoé Ç\","
				     "\"number\":\"06 39 98 00 77\",\"member_no\":177,\"roles\":"
				     "\"RES,MEM\"}}"));
	char *on = talloc_asprintf(w, "\"id\":%" PRId64, id);

	has(w, id, "\"roles\":[\"MEM\",\"RES\"]");
	has(w, id, "+33639980077");
	has(w, id, "\"state\":\"pending\"");
	assert_string_equal(fixture_get(w->f,
					"SELECT count(*) FROM notice WHERE name = 'welcome_consent'"
					" AND event_id = (SELECT max(id) FROM event_log)"),
			    "1");
	json_decref(result(w, talloc_asprintf(w,
					      "{\"op\":\"member-number\",\"args\":{%s,\"action\":"
					      "\"consent\",\"number\":\"0639980077\",\"proof\":12,"
					      "\"promo\":true}}",
					      on)));
	has(w, id, "\"state\":\"active\",\"promo\":1");
	json_decref(result(w, talloc_asprintf(w,
					      "{\"op\":\"member-number\",\"args\":{%s,\"action\":"
					      "\"change\",\"number\":\"0639980077\",\"to\":"
					      "\"0639980078\"}}",
					      on)));
	has(w, id, "\"number\":\"+33639980078\"");
	has(w, id, "\"state\":\"pending\"");
	json_decref(result(w, talloc_asprintf(w,
					      "{\"op\":\"member-change\",\"args\":{%s,\"name\":"
					      "\"Zoé D\",\"member_no\":178,\"language\":\"nl\"}}",
					      on)));
	has(w, id, "Zoé D");
	json_decref(
		result(w, talloc_asprintf(w,
					  "{\"op\":\"member-mandate\",\"args\":{%s,\"helper\":7,"
					  "\"scope\":\"order\"}}",
					  on)));
	has(w, id, "\"helper_name\":\"Aidant de 102\"");
	json_decref(result(w, talloc_asprintf(w,
					      "{\"op\":\"member-number\",\"args\":{%s,\"action\":"
					      "\"remove\",\"number\":\"0639980078\"}}",
					      on)));
	has(w, id, "\"numbers\":[]");
	assert_string_equal(fixture_get(w->f, "SELECT count(*) FROM contact_number WHERE number ="
					      " '+33639980078'"),
			    "0");
}

static const struct {
	const char *request, *answer;
} wrong_members[] = {
	{ "member-show\",\"args\":{\"id\":99}", "there is no person 99" },
	{ "member-add\",\"args\":{\"name\":\" \"}", "a name has 1 to 80 characters" },
	{ "member-add\",\"args\":{\"name\":\"a\\nb\"}", "a name has 1 to 80 characters" },
	{ "member-add\",\"args\":{}", "a name has 1 to 80 characters" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"member_no\":101}", "is another's" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"roles\":\"RES,SYS\"}", "the roles are RES" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"roles\":\"\"}", "the roles are RES" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"handle\":\"Beau Pays\"}", "a handle has" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"handle\":\"fournil\"}",
	  "that handle is another's" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"language\":\"FR\"}", "two small letters" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"policy\":\"never\"}", "auto or refuse" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"number\":\"0899123456\"}",
	  "not a number that people have" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"number\":\"abc\"}", "no telephone number" },
	{ "member-add\",\"args\":{\"name\":\"A\",\"number\":\"0639980088\",\"actor\":1}",
	  "the database refused: E_ACTOR" },
	{ "member-change\",\"args\":{\"id\":99,\"name\":\"A\"}", "there is no such person" },
	{ "member-change\",\"args\":{\"id\":1,\"member_no\":102}", "is another's" },
	{ "member-role\",\"args\":{\"id\":1,\"role\":\"BOSS\"}", "the roles are RES" },
	{ "member-mandate\",\"args\":{\"id\":1,\"helper\":1}",
	  "another person, with the role AID" },
	{ "member-mandate\",\"args\":{\"id\":1,\"helper\":2}",
	  "another person, with the role AID" },
	{ "member-mandate\",\"args\":{\"id\":1,\"helper\":7,\"scope\":\"vote\"}",
	  "a mandate is for order" },
	{ "member-mandate\",\"args\":{\"id\":1,\"helper\":7,\"end\":true}",
	  "a mandate is for order" },
	{ "member-number\",\"args\":{\"id\":1,\"action\":\"eat\"}", "add, remove, change" },
	{ "member-number\",\"args\":{\"id\":1,\"action\":\"remove\",\"number\":"
	  "\"0639980002\"}",
	  "not this person's" },
	{ "member-number\",\"args\":{\"id\":1,\"action\":\"change\",\"number\":"
	  "\"0639980001\",\"to\":\"0639980002\"}",
	  "that number is somebody's" },
	{ "member-number\",\"args\":{\"id\":1,\"action\":\"consent\",\"number\":"
	  "\"0639980001\",\"proof\":1}",
	  "not in a state for that" },
	{ "member-erase\",\"args\":{\"id\":99}", "there is no person 99" },
	{ "member-erase\",\"args\":{\"id\":11}", "in a cycle that is not over" },
	{ "member-erase\",\"args\":{\"id\":31}", "nobody else has the role COO" },
};

static void a_wrong_member_is_refused(void **state)
{
	struct world *w = *state;
	const char *before = fixture_get(w->f, "SELECT count(*) || max(id) FROM event_log");

	for (size_t i = 0; i < sizeof(wrong_members) / sizeof(wrong_members[0]); i++)
		refuses(w, talloc_asprintf(w, "{\"op\":\"%s}", wrong_members[i].request),
			wrong_members[i].answer);
	assert_string_equal(fixture_get(w->f, "SELECT count(*) || max(id) FROM event_log"), before);
	assert_string_equal(fixture_get(w->f, "SELECT count(*) FROM person WHERE name = 'A'"), "0");
}

/* How often the words stand in a file of the database. */
static size_t occurs(struct world *w, const char *suffix, const char *words)
{
	char *path = talloc_asprintf(w, "%s%s", w->f->database, suffix), *data;
	size_t n = 0, size, len = strlen(words);
	FILE *file = fopen(path, "rb");

	if (!file)
		return 0;
	fseek(file, 0, SEEK_END);
	size = (size_t)ftell(file);
	rewind(file);
	data = talloc_size(w, size + 1);
	assert_int_equal(fread(data, 1, size, file), size);
	fclose(file);
	for (size_t i = 0; i + len <= size; i++)
		n += memcmp(data + i, words, len) == 0;
	return n;
}

static void gone(struct world *w, const char *words)
{
	static const char *const files[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < 3; i++)
		if (occurs(w, files[i], words))
			fail_msg("%s is still in the database%s", words, files[i]);
}

/* Rows around those of the person, so that pages split and grow together while they are written. */
static void fill(struct world *w, const char *number, int64_t id)
{
	for (int i = 0; i < 40; i++) {
		fixture_sql(
			w->f,
			talloc_asprintf(
				w,
				"INSERT INTO inbox(digest, bearer, worker, number, person_id, received_at, body, state)"
				" VALUES (CAST('%d' AS BLOB), 'modem', 'gsm0', '%s', %" PRId64
				", 4000000000, 'secret-words %d', 'handled'), (CAST('o%d' AS BLOB), 'modem', 'gsm0',"
				" '+33639980001', 1, 4000000000, 'others words %d', 'handled');"
				"INSERT INTO message(number, person_id, body, parts, created_at, due_at, use_by)"
				" VALUES ('%s', %" PRId64
				", 'secret-answer %d', 1, 4000000000, 4000000000, 4000000000),"
				" ('+33639980031', 31, 'Zébulon Quatrecinq, 06 39 98 00 77 : non %d', 1, 4000000000, 4000000000, 4000000000),"
				" ('+33639980001', 1, 'other answer %d', 1, 4000000000, 4000000000, 4000000000);",
				i, number, id, i, i, i, number, id, i, i, i));
	}
}

static void a_person_is_erased(void **state)
{
	struct world *w = *state;
	int64_t id = id_of(result(w, "{\"op\":\"member-add\",\"args\":{\"name\":"
				     "\"Zébulon Quatrecinq\",\"number\":\"0639980077\"}}"));
	char *request =
		talloc_asprintf(w, "{\"op\":\"member-erase\",\"args\":{\"id\":%" PRId64 "}}", id);

	fixture_sql(
		w->f,
		talloc_asprintf(
			w,
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
			" SELECT 'contact', c.id, c.version, 'consent', %" PRId64
			", 'RES', 'web', 'w/1',"
			" '{\"proof_kept\":1}' FROM contact c JOIN contact_number n ON n.contact_id = c.id"
			" WHERE n.number = '+33639980077';"
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
			" SELECT 'contact', c.id, c.version, 'prefer', %" PRId64
			", 'RES', 'web', 'w/4', '{\"scope\":\"vote\"}' FROM contact c"
			" JOIN contact_number n ON n.contact_id = c.id WHERE n.number = '+33639980077';"
			"INSERT INTO note(id, text, created_at) VALUES (900, 'secret-note', 4000000000);"
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
			" SELECT 'order', NULL, 0, 'start', %" PRId64
			", 'RES', 'web', 'w/2', '{\"cycle\":' || id || ',\"owner\":%" PRId64
			"}' FROM cycle",
			id, id, id, id));
	fill(w, "+33639980077", id);
	refuses(w, request, "is still open: it has to end first");
	fixture_sql(
		w->f,
		talloc_asprintf(
			w,
			"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, payload)"
			" SELECT 'order', id, version, 'drop', %" PRId64
			", 'RES', 'web', 'w/3', '{\"note\":900}' FROM orders WHERE owner_id = %" PRId64,
			id, id));
	assert_true(occurs(w, "", "Quatrecinq") + occurs(w, "-wal", "Quatrecinq") > 0);
	json_decref(result(w, request));
	gone(w, "Quatrecinq");
	gone(w, "639980077");
	gone(w, "39 98 00 77");
	gone(w, "secret-");
	assert_true(occurs(w, "", "other answer 7") > 0);
	refuses(w, request, "there is no person");
	assert_string_equal(fixture_get(w->f, "SELECT body FROM message WHERE body LIKE '%%non 7'"),
			    "***, *** : non 7");
	assert_int_equal(store_check(w, w->f->database, print_difference, NULL, NULL), 0);
}

/* One of two on a phone: the other keeps it, and what they wrote. */
static void one_of_a_household_is_erased(void **state)
{
	struct world *w = *state;

	fixture_sql(
		w->f,
		"INSERT INTO inbox(digest, bearer, worker, number, person_id, received_at, body, state) VALUES"
		" (x'01', 'modem', 'gsm0', '+33639980003', 3, 4000000000, 'mine', 'handled'),"
		" (x'02', 'modem', 'gsm0', '+33639980003', 4, 4000000000, 'ours', 'handled')");
	json_decref(result(w, "{\"op\":\"member-erase\",\"args\":{\"id\":3}}"));
	assert_string_equal(fixture_get(w->f, "SELECT group_concat(body) FROM inbox"), ",ours");
	has(w, 4, "+33639980003");
	has(w, 4, "\"state\":\"active\"");
	gone(w, "Adhérent 103");
	assert_int_equal(store_check(w, w->f->database, print_difference, NULL, NULL), 0);
}

static void the_operator_fires(void **state)
{
	struct world *w = *state;
	const char *id = fixture_get(w->f, "SELECT id FROM cycle");
	const char *actor = fixture_get(w->f,
					"SELECT person_id FROM person_role WHERE role = 'COO'");
	char *request =
		talloc_asprintf(w,
				"{\"op\":\"fire\",\"args\":{\"machine\":\"cycle\",\"id\":%s,"
				"\"event\":\"close\",\"actor\":%s}}",
				id, actor);
	char *answer = ask(w, request);

	/* before its time: the guard says no, and nothing has changed */
	assert_non_null(strstr(answer, "the guard after_closes_at does not hold"));
	request = talloc_asprintf(w,
				  "{\"op\":\"fire\",\"args\":{\"machine\":\"cycle\",\"id\":%s,"
				  "\"event\":\"cancel\",\"payload\":{\"reason\":\"grele\"}}}",
				  id);
	answer = ask(w, request);
	assert_non_null(strstr(answer, "\"state\":\"cancelled\""));
	assert_string_equal(fixture_get(w->f, "SELECT state FROM cycle"), "cancelled");
	assert_string_equal(fixture_get(w->f, "SELECT count(*) FROM notice WHERE state = 'new'"),
			    "0");
}

static void the_clock_is_walked(void **state)
{
	struct world *w = *state;
	json_t *o = result(w, "{\"op\":\"clock\"}");
	json_int_t before = json_integer_value(json_object_get(o, "now"));
	json_int_t after;

	json_decref(o);
	o = result(w, "{\"op\":\"clock\",\"args\":{\"seconds\":3600}}");
	after = json_integer_value(json_object_get(o, "now"));
	assert_true(after >= before + 3600 && after < before + 3600 + 60);
	json_decref(o);
	w->f->gw->clock_test = false;
	assert_non_null(strstr(ask(w, "{\"op\":\"clock\",\"args\":{\"seconds\":3600}}"),
			       "this clock runs by itself"));
}

static const struct {
	const char *request;
	const char *answer;
} refused[] = {
	{ "", "the request is no JSON object" },
	{ "[]", "it is of another type" },
	{ "{\"op\":\"status\",\"op\":\"inbox\"}", "the request is no JSON object" },
	{ "{}", "there is no operation" },
	{ "{\"op\":\"stauts\"}", "the nearest is status" },
	{ "{\"op\":\"inbox-show\",\"args\":{\"id\":4711}}", "there is no text 4711" },
	{ "{\"op\":\"inbox-done\",\"args\":{\"id\":4711}}", "text 4711 is not on the list" },
	{ "{\"op\":\"outbox-show\",\"args\":{\"id\":4711}}", "there is no message 4711" },
	{ "{\"op\":\"send\",\"args\":{\"to\":\"0639980001\"}}", "TO TEXT" },
	{ "{\"op\":\"send\",\"args\":{\"to\":\"nobody\",\"text\":\"x\"}}",
	  "\\\"nobody\\\" is no telephone number" },
	{ "{\"op\":\"send\",\"args\":{\"to\":\"+14155550100\",\"text\":\"x\"}}",
	  "may not write to that number" },
	{ "{\"op\":\"fire\"}", "MACHINE ID EVENT" },
	{ "{\"op\":\"fire\",\"args\":{\"machine\":\"order\",\"id\":99999,\"event\":\"confirm\"}}",
	  "there is no order 99999" },
	{ "{\"op\":\"fire\",\"args\":{\"machine\":\"order\",\"id\":0,\"event\":\"confirm\","
	  "\"role\":\"RES\",\"actor\":1}}",
	  "a new order begins with: start" },
	{ "{\"op\":\"fire\",\"args\":{\"machine\":\"order\",\"id\":0,\"event\":\"start\","
	  "\"role\":\"RES\"}}",
	  "who acts? --actor with one of the persons who hold RES: " },
	{ "{\"op\":\"fire\",\"args\":{\"machine\":\"order\",\"id\":0,\"event\":\"start\","
	  "\"role\":\"ZZZ\"}}",
	  "nobody holds the role ZZZ" },
	{ "{\"op\":\"clock\",\"args\":{\"seconds\":-1}}", "the clock goes forward only" },
	{ "{\"op\":\"modem\",\"args\":{\"name\":\"gsm9\",\"action\":\"restart\"}}",
	  "there is no modem \\\"gsm9\\\"" },
	{ "{\"op\":\"modem\",\"args\":{\"name\":\"gsm0\",\"action\":\"explode\"}}",
	  "NAME restart, NAME pin-retry or NAME accept-sim" },
};

static void a_refusal_says_what_would_be_right(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		refuses(w, refused[i].request, refused[i].answer);
	}
}

static void keep(void *data, const char *response)
{
	char **text = data;

	*text = talloc_strdup(NULL, response);
}

static void without_a_database(void **state)
{
	struct gateway *closed = talloc_zero(*state, struct gateway);
	char *text = NULL;

	closed->database = "/d/chappe.db";
	closed->closed = "the file is damaged";
	INIT_LLIST_HEAD(&closed->bearers);
	assert_null(admin_request(closed, "test", "{\"op\":\"inbox\"}", keep, &text));
	assert_non_null(strstr(text, "the database is not open yet: the file is damaged"));
	talloc_free(text);
	assert_null(admin_request(closed, "test", "{\"op\":\"status\"}", keep, &text));
	assert_non_null(strstr(text, "\"text\":\"the file is damaged\""));
	assert_non_null(strstr(text, "\"due\":0,\"sending\":0"));
	talloc_free(text);
}

static void one_line_each_way(void **state)
{
	struct world *w = *state;
	char *big = talloc_zero_size(w, ADMIN_REQUEST_MAX + 2);
	int fd = dial(w), others[ADMIN_CLIENTS_MAX];
	char *answer;

	/* in pieces */
	put(fd, "{\"op\":");
	fixture_run(w->f);
	put(fd, "\"clock\"}");
	fixture_run(w->f);
	put(fd, "\n");
	answer = take(w, fd);
	assert_non_null(strstr(answer, "\"ok\":true"));
	close(fd);
	/* too long */
	fd = dial(w);
	memset(big, 'x', ADMIN_REQUEST_MAX);
	put(fd, big);
	assert_non_null(strstr(take(w, fd), "the request is too long"));
	close(fd);
	/* gone before the answer */
	fd = dial(w);
	put(fd, "{\"op\":\"clock\",\"args\":{\"seconds\":60}}\n");
	osmo_select_main_ctx(1);
	close(fd);
	fixture_run(w->f);
	/* too many */
	for (size_t i = 0; i < ADMIN_CLIENTS_MAX; i++) {
		others[i] = dial(w);
		osmo_select_main_ctx(1);
	}
	fd = dial(w);
	assert_non_null(strstr(take(w, fd), "too many operators"));
	close(fd);
	for (size_t i = 0; i < ADMIN_CLIENTS_MAX; i++)
		close(others[i]);
	fixture_run(w->f);
	json_decref(result(w, "{\"op\":\"clock\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPERATOR_TEST(status_is_exactly_zero_when_idle),
		OPERATOR_TEST(status_says_what_waits_and_what_is_spent),
		OPERATOR_TEST(a_message_is_due_until_it_is_off),
		OPERATOR_TEST(a_text_is_answered_by_hand),
		OPERATOR_TEST(a_request_is_answered),
		OPERATOR_TEST(a_member_is_added_and_changed),
		OPERATOR_TEST(a_wrong_member_is_refused),
		OPERATOR_TEST(a_person_is_erased),
		OPERATOR_TEST(one_of_a_household_is_erased),
		OPERATOR_TEST(the_operator_fires),
		OPERATOR_TEST(an_order_is_handed_over),
		OPERATOR_TEST(a_complaint_is_settled),
		OPERATOR_TEST(the_clock_is_walked),
		OPERATOR_TEST(a_refusal_says_what_would_be_right),
		OPERATOR_TEST(without_a_database),
		OPERATOR_TEST(one_line_each_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
