/* Whole conversations: texts in, replies and notices out, on the demo platform, without processes or modems.
 *
 * Each file of tests/gateway/conversations is a test. Its lines, with a tab
 * after the first word:
 *
 *   0001	2 kg carottes		a text from +33639980001 (or from a number written whole)
 *   > 0001	Total : 3,60 €		the next message to that number says this (\n: line break)
 *   >> OUI				and this
 *   >! NON				and not this
 *   @	+58h			the clock moves on, and fires what is due (s, m, h, d)
 *   = C100	placed			the state of an order
 *   ? SQL	7			what a query gives
 *   $	SQL			another program writes; {now} is the clock's time
 *   {code C100} {wrong C100}	in any of them: the pickup code of an order, and one that is not
 *   ^ 1	SECONDS			first of all: the database of release 1, migrated; so long after its last event
 *   ~ hold / ~ release		messages stay where they are / leave again
 *   ~ reminders		from here on the script speaks of reminders too; else they are not looked at
 *
 * Messages that the script does not speak of fail the test. `conversation_test --print FILE`
 * plays a file and prints what is said, for whoever writes one.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <dirent.h>
#include <errno.h>
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

#include "gateway/digest.h"
#include "gateway/gateway.h"
#include "gateway/intake.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/reminder.h"
#include "gateway/store/create.h"
#include "gateway/store/migrate.h"
#include "gateway/store/store.h"
#include "messages/catalogue.h"
#include "messages/parts.h"
#include "parsers/civil.h"
#include "parsers/reading.h"
#include "tests/store/release.h"
#include "tests/support/process.h"

#define FOLDER SRCDIR "/tests/gateway/conversations"

struct script {
	char *dir;
	struct gateway *gw;
	sqlite3 *db; /* of another program */
	const char *file;
	int line;
	char *message; /* the last one that was looked at */
	unsigned int texts;
	bool hold;
	bool reminders; /* the script speaks of reminders too */
	bool print;     /* what is said, and expect nothing */
	uint8_t key[DIGEST_KEY_SIZE];
};

/* What does not depend on the script is opened once. */
static struct rules *rules;
static struct catalogue *catalogue;

#define expect(s, condition, ...)              \
	do {                                   \
		if (!(condition))              \
			wrong(s, __VA_ARGS__); \
	} while (0)

static void wrong(struct script *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void wrong(struct script *s, const char *fmt, ...)
{
	char text[4000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("%s:%d: %s", s->file, s->line, text);
}

static void sql(struct script *s, const char *text)
{
	char *error = NULL;

	if (sqlite3_exec(s->db, text, NULL, NULL, &error) != SQLITE_OK)
		wrong(s, "%s", error);
}

/* First column of the first row; "" if there is none. */
static char *get(struct script *s, const char *text)
{
	sqlite3_stmt *stmt;
	char *out;

	if (sqlite3_prepare_v2(s->db, text, -1, &stmt, NULL) != SQLITE_OK)
		wrong(s, "%s", sqlite3_errmsg(s->db));
	out = talloc_strdup(s, sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0)
				       ? (const char *)sqlite3_column_text(stmt, 0)
				       : "");
	sqlite3_finalize(stmt);
	return out;
}

static int64_t now(struct script *s)
{
	return strtoll(get(s, "SELECT now FROM clock"), NULL, 10);
}

static void set_clock(struct script *s, int64_t to)
{
	sql(s, talloc_asprintf(s, "UPDATE clock_offset SET \"offset\" = \"offset\" + %" PRId64,
			       to - now(s)));
}

/* Messages that are due leave, as if a modem had taken them. */
static void send_all(struct script *s)
{
	if (s->hold)
		return;
	sql(s, "UPDATE message SET state = 'expired', version = version + 1"
	       " WHERE state = 'queued' AND use_by <= (SELECT now FROM clock)");
	sql(s,
	    "UPDATE message SET state = 'sending', version = version + 1, attempts = attempts + 1"
	    " WHERE state = 'queued' AND due_at <= (SELECT now FROM clock)");
	sql(s, "UPDATE message SET state = 'sent', version = version + 1 WHERE state = 'sending'");
}

static char *number(struct script *s, const char *word)
{
	if (strlen(word) == 4)
		return talloc_asprintf(s, "+3363998%s", word);
	return talloc_strdup(s, word);
}

/* Turn \n into line breaks. */
static char *unescape(struct script *s, const char *text)
{
	char *out = talloc_strdup(s, text), *to = out;

	for (const char *from = out; *from; from++)
		if (from[0] == '\\' && from[1] == 'n') {
			*to++ = '\n';
			from++;
		} else {
			*to++ = *from;
		}
	*to = '\0';
	return out;
}

/* The pickup code of an order, or one beside it. */
static char *code_of(struct script *s, const char *ref, bool right)
{
	char *code = get(
		s, talloc_asprintf(s, "SELECT pickup_code FROM orders WHERE ref = '%.8s'", ref));
	long n = strtol(code, NULL, 10);

	expect(s, *code, "no code of %s", ref);
	return right ? code : talloc_asprintf(s, "%ld", n < 9999 ? n + 1 : 1000);
}

/* Codes are drawn at random: a script names the order. */
static char *with_codes(struct script *s, const char *text)
{
	char *out = talloc_strdup(s, "");
	const char *at;

	while ((at = strpbrk(text, "{"))) {
		bool right = strncmp(at, "{code ", 6) == 0;
		const char *end = strchr(at, '}');

		if (!end || (!right && strncmp(at, "{wrong ", 7) != 0))
			break;
		out = talloc_asprintf_append(
			out, "%.*s%s", (int)(at - text), text,
			code_of(s,
				talloc_strndup(s, strchr(at, ' ') + 1,
					       (size_t)(end - strchr(at, ' ') - 1)),
				right));
		text = end + 1;
	}
	return talloc_asprintf_append(out, "%s", text);
}

static void must(struct script *s, int rc)
{
	expect(s, rc >= 0, "%s (%d)", store_error(s->gw->store), rc);
}

static void take(struct script *s, const struct sms_in *sms)
{
	struct intake in = { .bearer = "modem", .worker = "gsm0", .sms = sms };
	unsigned int n = ++s->texts;

	memcpy(in.digest, &n, sizeof(n));
	must(s, store_begin(s->gw->store));
	must(s, store_mark(s->gw->store));
	must(s, intake_take(s->gw, &in, s->key, store_now(s->gw->store)));
	must(s, store_unmark(s->gw->store));
	must(s, store_commit(s->gw->store));
}

static void receive(struct script *s, const char *from, const char *text)
{
	struct sms_out part[12];
	struct sms_in sms = { .ton = from[0] == '+' ? SMS_TON_INTERNATIONAL : SMS_TON_UNKNOWN };
	int n = parts_split(part, ARRAY_SIZE(part), text, (uint16_t)(s->texts & 0xff));

	expect(s, n > 0, "the text cannot be sent");
	if (strspn(from, "+0123456789") != strlen(from))
		sms.ton = SMS_TON_ALPHANUMERIC;
	OSMO_STRLCPY_ARRAY(sms.sender, from);
	for (int i = 0; i < n; i++) {
		sms.concat = n > 1 ? part[i].concat : (struct sms_concat){};
		OSMO_STRLCPY_ARRAY(sms.text, part[i].text);
		take(s, &sms);
	}
}

static void run_notices(struct script *s)
{
	must(s, store_begin(s->gw->store));
	must(s, notice_run(s->gw));
	must(s, store_commit(s->gw->store));
}

/* The next deadline up to a time is fired at its time. */
static bool fire_next(struct script *s, int64_t until)
{
	char *row = get(
		s, talloc_asprintf(
			   s,
			   "SELECT machine || ' ' || subject_id || ' ' || version || ' ' || event"
			   " || ' ' || due_at FROM deadline WHERE due_at <= %" PRId64
			   " ORDER BY due_at, rank, subject_id LIMIT 1",
			   until));
	char machine[20], event[30];
	int64_t subject, version, due;
	struct store_refusal refusal;
	struct store_event ev = { .machine = machine, .event = event, .role = "SYS" };

	if (sscanf(row, "%19s %" PRId64 " %" PRId64 " %29s %" PRId64, machine, &subject, &version,
		   event, &due)
	    != 5)
		return false;
	if (due > now(s))
		set_clock(s, due);
	ev.subject = subject;
	ev.version = version;
	ev.channel = "timer";
	ev.at = now(s);
	ev.idem = talloc_asprintf(s, "deadline/%s/%" PRId64 "/%s/%" PRId64, machine, subject, event,
				  due);
	must(s, store_begin(s->gw->store));
	expect(s, store_fire(s->gw->store, &ev, NULL, NULL, &refusal) == 0, "%s.%s: %s", machine,
	       event, refusal.message);
	must(s, notice_run(s->gw));
	must(s, store_commit(s->gw->store));
	return true;
}

/* What people are reminded of now. */
static bool remind(struct script *s)
{
	char *last;

	if (reminder_due(s->gw, now(s)) <= 0)
		return false;
	last = get(s, "SELECT coalesce(max(id), 0) FROM message");
	must(s, store_begin(s->gw->store));
	must(s, reminder_run(s->gw, now(s)));
	must(s, notice_run(s->gw));
	must(s, store_commit(s->gw->store));
	if (!s->reminders)
		sql(s, talloc_asprintf(s,
				       "INSERT INTO seen SELECT id FROM message WHERE id > %s"
				       " AND template LIKE 'remind%%'",
				       last));
	return true;
}

/* Reminders that come before the next deadline. */
static bool remind_next(struct script *s, int64_t until)
{
	char *deadline = get(s, "SELECT min(due_at) FROM deadline");
	int64_t at = 0;

	must(s, reminder_next(s->gw, &at, now(s)));
	if (!at || at > until || (*deadline && strtoll(deadline, NULL, 10) <= at))
		return false;
	set_clock(s, at);
	return true;
}

static void walk(struct script *s, const char *text)
{
	char *unit;
	int64_t seconds = strtoll(text, &unit, 10), until;

	seconds *= *unit == 'd' ? 86400 : *unit == 'h' ? 3600 : *unit == 'm' ? 60 : 1;
	until = now(s) + seconds;
	while (remind(s) || remind_next(s, until) || fire_next(s, until))
		send_all(s);
	if (until > now(s))
		set_clock(s, until);
	send_all(s);
}

static void print_said(struct script *s)
{
	const char *next = "SELECT min(id) FROM message WHERE id NOT IN (SELECT id FROM seen)";

	for (char *id = get(s, next); *id; id = get(s, next)) {
		printf("%s\n", get(s, talloc_asprintf(s,
						      "SELECT '> ' || number || char(9) ||"
						      " replace(body, char(10), '\n')"
						      " FROM message WHERE id = %s",
						      id)));
		sql(s, talloc_asprintf(s, "INSERT INTO seen VALUES (%s)", id));
	}
}

/* All that was said must have been looked for. */
static void nothing_left(struct script *s)
{
	char *row;

	if (s->print) {
		print_said(s);
		return;
	}
	row = get(s, "SELECT number || ': ' || body FROM message"
		     " WHERE id NOT IN (SELECT id FROM seen) ORDER BY id");

	expect(s, !*row, "not expected before this line: %s", row);
}

/* The next message to a number; those to others may have come before it. */
static void expect_message(struct script *s, const char *to, const char *says)
{
	char *id = get(s, talloc_asprintf(s,
					  "SELECT min(id) FROM message WHERE number = '%s'"
					  " AND id NOT IN (SELECT id FROM seen)",
					  to));

	expect(s, *id, "no message to %s", to);
	s->message = get(s, talloc_asprintf(s, "SELECT body FROM message WHERE id = %s", id));
	expect(s, strstr(s->message, says), "to %s: no \"%s\" in: %s", to, says, s->message);
	sql(s, talloc_asprintf(s, "INSERT INTO seen VALUES (%s)", id));
}

static char *replace_now(struct script *s, const char *text)
{
	char *out = talloc_strdup(s, "");
	const char *at;

	for (; (at = strstr(text, "{now}")); text = at + 5)
		out = talloc_asprintf_append(out, "%.*s%" PRId64, (int)(at - text), text, now(s));
	return talloc_strdup_append(out, text);
}

static void open_database(struct script *s, const char *path);

/* The people of an earlier release go on with this one. */
static void open_release(struct script *s, int version, const char *seconds)
{
	char *path = talloc_asprintf(s, "%s/release.db", s->dir), *kept, *error = NULL;
	int from;

	sqlite3_close(s->db);
	talloc_free(s->gw->store);
	release_make(path, version);
	expect(s, store_migrate(s, path, &from, &kept, &error) == 0, "%s", error);
	open_database(s, path);
	sql(s, "INSERT INTO seen SELECT id FROM message");
	set_clock(s, strtoll(get(s, "SELECT max(at) FROM event_log"), NULL, 10)
			     + strtoll(seconds, NULL, 10));
}

static void step(struct script *s, char *line)
{
	char *tab = strchr(line, '\t'), *rest = tab ? with_codes(s, unescape(s, tab + 1)) : "";

	if (tab)
		*tab = '\0';
	if (strncmp(line, ">! ", 3) == 0) {
		line = with_codes(s, unescape(s, line + 3));
		expect(s, !strstr(s->message, line), "\"%s\" in: %s", line, s->message);
	} else if (strncmp(line, ">> ", 3) == 0) {
		line = with_codes(s, unescape(s, line + 3));
		expect(s, strstr(s->message, line), "no \"%s\" in: %s", line, s->message);
	} else if (line[0] == '>') {
		expect_message(s, number(s, line + 2), rest);
	} else if (line[0] == '=') {
		char *state = get(s, talloc_asprintf(s, "SELECT state FROM orders WHERE ref = '%s'",
						     line + 2));

		expect(s, strcmp(state, rest) == 0, "%s is %s", line + 2, state);
	} else if (line[0] == '?') {
		char *value = get(s, replace_now(s, line + 2));

		expect(s, strcmp(value, rest) == 0, "%s", value);
	} else if (line[0] == '$') {
		nothing_left(s);
		sql(s, replace_now(s, rest));
		run_notices(s);
		send_all(s);
	} else if (line[0] == '^') {
		open_release(s, strtol(line + 2, NULL, 10), rest);
	} else if (line[0] == '@') {
		nothing_left(s);
		walk(s, rest);
	} else if (line[0] == '~') {
		if (strcmp(line, "~ reminders") == 0)
			s->reminders = true;
		else
			s->hold = strcmp(line, "~ hold") == 0;
		send_all(s);
	} else {
		nothing_left(s);
		receive(s, number(s, line), rest);
		send_all(s);
	}
}

static void play(struct script *s)
{
	char path[300], line[4000];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", s->print ? "" : FOLDER "/", s->file);
	f = fopen(path, "r");
	OSMO_ASSERT(f);
	while (fgets(line, sizeof(line), f)) {
		s->line++;
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#' || (s->print && strchr(">=?", line[0])))
			continue;
		if (s->print)
			printf("< %s\n", line);
		step(s, line);
		if (s->print)
			print_said(s);
	}
	fclose(f);
	nothing_left(s);
}

static void open_database(struct script *s, const char *path)
{
	char *error = NULL;

	expect(s, store_open(&s->gw->store, s, path, 1000, &error) == 0, "%s", error);
	assert_int_equal(sqlite3_open(path, &s->db), SQLITE_OK);
	sqlite3_busy_timeout(s->db, 1000);
	sql(s, "CREATE TEMP TABLE seen(id INTEGER PRIMARY KEY)");
}

static void open_gateway(struct script *s)
{
	char *path = talloc_asprintf(s, "%s/chappe.db", s->dir), *error = NULL;

	s->gw = talloc_zero(s, struct gateway);

	expect(s, store_create(s, path, true, &error) == 0, "%s", error);
	INIT_LLIST_HEAD(&s->gw->bearers);
	s->gw->country_code = "33";
	s->gw->language = "fr";
	s->gw->retain_texts = 30;
	s->gw->quiet_from = 20 * 60;
	s->gw->quiet_to = 8 * 60;
	s->gw->rules = rules;
	s->gw->catalogue = catalogue;
	open_database(s, path);
	set_clock(s, civil_day_at(now(s), 0, 9, 0));
}

static void converse(const char *file, bool print)
{
	struct script *s = talloc_zero(NULL, struct script);

	s->file = file;
	s->print = print;
	s->dir = process_temp_dir(s);
	open_gateway(s);
	play(s);
	sqlite3_close(s->db);
	process_remove_dir(s->dir);
	talloc_free(s);
}

static void test_conversation(void **state)
{
	converse(*state, false);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

/* A test for each file. */
static size_t find_tests(struct CMUnitTest *tests, size_t max)
{
	struct dirent *e;
	size_t n = 0;
	DIR *dir = opendir(FOLDER);

	OSMO_ASSERT(dir);
	while ((e = readdir(dir)) && n < max) {
		char *name;

		if (!strstr(e->d_name, ".conv"))
			continue;
		name = strdup(e->d_name);
		tests[n++] = (struct CMUnitTest){ .name = name,
						  .test_func = test_conversation,
						  .initial_state = name };
	}
	closedir(dir);
	qsort(tests, n, sizeof(tests[0]), by_name);
	return n;
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[200];
	void *ctx = talloc_new(NULL);
	char *error = NULL;
	size_t n = find_tests(tests, ARRAY_SIZE(tests));

	osmo_init_logging2(ctx, &log_categories);
	civil_set_zone("Europe/Paris");
	if (rules_open(&rules, ctx, "fr", NULL, &error)
	    || catalogue_open(&catalogue, ctx, "fr", &error)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	if (argc > 2 && strcmp(argv[1], "--print") == 0) {
		converse(argv[2], true);
		return 0;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return _cmocka_run_group_tests("conversation", tests, n, NULL, NULL);
}
