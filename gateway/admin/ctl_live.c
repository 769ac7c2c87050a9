/* The commands of chappectl that ask the running gateway, and how their answers are printed.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* Seconds to wait for an answer; a walk of the clock takes as long as what is due on the way. */
#define PATIENCE      20
#define WALK_PATIENCE 900

int ctl_talk(const struct ctl *ctl, const char *op, json_t *args, void (*print)(const json_t *o))
{
	json_t *o;
	int rc = ctl_ask(ctl, op, args, strcmp(op, "clock") ? PATIENCE : WALK_PATIENCE, &o);

	if (rc)
		return rc;
	if (ctl->json)
		return ctl_print_json(o);
	print(o);
	json_decref(o);
	return CTL_OK;
}

static int too_many(const struct ctl *ctl, int most)
{
	return ctl_misused(ctl, "there is a word too many: %s", ctl->argv[most]);
}

/* ---- status, clock, modem ---- */

static void print_since(const json_t *at, const char *what)
{
	if (json_integer_value(at) == 0)
		return;
	printf(" (%s ", what);
	ctl_print_time(at);
	putchar(')');
}

static void print_modems(const json_t *modems)
{
	size_t i;
	json_t *m;

	json_array_foreach((json_t *)modems, i, m)
	{
		printf("modem %-5s %s", ctl_text_of(m, "name"), ctl_text_of(m, "text"));
		if (!json_is_true(json_object_get(m, "ready")))
			print_since(json_object_get(m, "since"), "since");
		putchar('\n');
		if (!json_object_get(m, "carrier"))
			continue;
		printf("            %s", ctl_text_of(m, "carrier"));
		print_since(json_object_get(m, "carrier_since"), "since");
		print_since(json_object_get(m, "carrier_until"), "next try");
		putchar('\n');
	}
}

static void print_clock(const json_t *o)
{
	printf("%s (%s%s)\n", ctl_text_of(o, "text"), ctl_text_of(o, "zone"),
	       json_is_true(json_object_get(o, "test")) ? ", a clock that can be moved" : "");
}

/* "3 waiting since 24/11 09:00: no modem can send"; nothing if there are none */
static void print_waiting(const json_t *o, const char *what, const char *because)
{
	if (!ctl_int_of(o, "n"))
		return;
	printf("            %" PRId64 " %s since ", ctl_int_of(o, "n"), what);
	ctl_print_time(json_object_get(o, "since"));
	printf(": %s\n", because);
}

static void print_budget(const char *label, const json_t *o, const char *of)
{
	const json_t *since = json_object_get(o, "since");
	int64_t used = ctl_int_of(o, "used"), most = ctl_int_of(o, "most");

	printf("%-11s %" PRId64 " parts this %s", label, used, of);
	if (most)
		printf(" of %" PRId64 ", %" PRId64 " left", most, used < most ? most - used : 0);
	if (json_is_integer(since)) {
		printf("; what is less urgent waits since ");
		ctl_print_time(since);
	}
	putchar('\n');
}

static void print_budgets(const json_t *o)
{
	print_budget("budget", json_object_get(o, "day"), "day");
	print_budget("", json_object_get(o, "month"), "month");
	if (ctl_int_of(o, "unanswered"))
		printf("            %" PRId64
		       " texts of today are stored and not answered: too many came\n",
		       ctl_int_of(o, "unanswered"));
}

static void print_status(const json_t *o)
{
	const json_t *gateway = json_object_get(o, "gateway"), *db = json_object_get(o, "database");
	const json_t *in = json_object_get(o, "inbox"), *out = json_object_get(o, "outbox");
	const json_t *clock = json_object_get(o, "clock");

	printf("gateway     version %s, process %" PRId64 "\n", ctl_text_of(gateway, "version"),
	       ctl_int_of(gateway, "pid"));
	printf("database    %s: %s\n", ctl_text_of(db, "path"), ctl_text_of(db, "text"));
	if (json_is_object(clock)) {
		printf("clock       ");
		print_clock(clock);
	}
	print_modems(json_object_get(o, "modems"));
	printf("inbox       %" PRId64 " waiting, %" PRId64 " for the coordinator\n",
	       ctl_int_of(in, "waiting"), ctl_int_of(in, "listed"));
	printf("outbox      %" PRId64 " due, %" PRId64 " sending, %" PRId64 " queued, %" PRId64
	       " in doubt\n",
	       ctl_int_of(out, "due"), ctl_int_of(out, "sending"), ctl_int_of(out, "queued"),
	       ctl_int_of(out, "doubt"));
	print_waiting(json_object_get(out, "waiting"), "waiting",
		      ctl_text_of(json_object_get(out, "waiting"), "because"));
	print_waiting(json_object_get(out, "put_off"), "put off", "the budget");
	if (json_is_object(json_object_get(o, "budget")))
		print_budgets(json_object_get(o, "budget"));
}

int ctl_status(struct ctl *ctl)
{
	if (ctl->argc)
		return too_many(ctl, 0);
	return ctl_talk(ctl, "status", NULL, print_status);
}

int ctl_clock(struct ctl *ctl)
{
	int64_t seconds = ctl->argc ? ctl_duration(ctl->argv[0]) : 0;

	if (ctl->argc > 1)
		return too_many(ctl, 1);
	if (seconds < 0)
		return ctl_misused(ctl,
				   "\"%s\" is no duration: + and a number with s, m, h or d: +58h",
				   ctl->argv[0]);
	return ctl_talk(ctl, "clock",
			ctl->argc ? json_pack("{s:I}", "seconds", (json_int_t)seconds) : NULL,
			print_clock);
}

static void print_modem_list(const json_t *o)
{
	print_modems(json_object_get(o, "modems"));
}

static void print_modem_action(const json_t *o)
{
	printf("modem %s: %s; `status` says how it goes on\n", ctl_text_of(o, "name"),
	       ctl_text_of(o, "action"));
}

int ctl_modem(struct ctl *ctl)
{
	if (!ctl->argc)
		return ctl_talk(ctl, "modem", NULL, print_modem_list);
	if (ctl->argc != 2)
		return ctl_misused(ctl, "what with modem %s? restart, pin-retry or accept-sim",
				   ctl->argv[0]);
	return ctl_talk(ctl, "modem",
			json_pack("{s:s, s:s}", "name", ctl->argv[0], "action", ctl->argv[1]),
			print_modem_action);
}

/* ---- inbox ---- */

static void print_text_row(const json_t *t)
{
	printf("%6" PRId64 "  ", ctl_int_of(t, "id"));
	ctl_print_time(json_object_get(t, "at"));
	printf("  %-13s %-20s  ", ctl_text_of(t, "number"),
	       *ctl_text_of(t, "listed") ? ctl_text_of(t, "listed") : ctl_text_of(t, "intent"));
	ctl_print_text(ctl_text_of(t, "text"));
	putchar('\n');
}

static void print_inbox(const json_t *o)
{
	const json_t *list = json_object_get(o, "inbox");
	size_t i;
	json_t *t;

	if (!json_array_size(list))
		puts("nothing");
	json_array_foreach((json_t *)list, i, t) print_text_row(t);
}

static void print_inbox_text(const json_t *o)
{
	size_t i;
	json_t *r;

	printf("%-10s %" PRId64 "\n%-10s ", "text", ctl_int_of(o, "id"), "came");
	ctl_print_time(json_object_get(o, "at"));
	putchar('\n');
	ctl_print_field("from", ctl_text_of(o, "number"));
	ctl_print_field("person", ctl_text_of(o, "person"));
	ctl_print_field("state", ctl_text_of(o, "state"));
	ctl_print_field("read as", ctl_text_of(o, "intent"));
	ctl_print_field("listed", ctl_text_of(o, "listed"));
	if (ctl_int_of(o, "request"))
		printf("%-10s %" PRId64 "\n", "request", ctl_int_of(o, "request"));
	ctl_print_field("says", ctl_text_of(o, "text"));
	json_array_foreach(json_object_get(o, "replies"), i, r)
		ctl_print_field("answer", ctl_text_of(r, "text"));
}

static void print_done(const json_t *o)
{
	printf("text %" PRId64 " is off the list\n", ctl_int_of(o, "id"));
}

/* The id behind a word. \returns it, or -1 after saying that it is none */
static int64_t id_argument(const struct ctl *ctl)
{
	int64_t id = ctl->argc == 2 ? ctl_number(ctl->argv[1]) : -1;

	if (id < 0)
		ctl_misused(ctl, "which one? %s ID", ctl->argv[0]);
	return id;
}

/* list, all, and words with an id: the same for both boxes. */
struct words {
	const char *word;
	const char *op;
	bool id;
	void (*print)(const json_t *o);
};

static int run_word(const struct ctl *ctl, const struct words *words)
{
	const char *word = ctl->argc ? ctl->argv[0] : "list";
	int64_t id;

	for (; words->word; words++) {
		if (strcmp(words->word, word) != 0)
			continue;
		if (!words->id && ctl->argc > 1)
			return too_many(ctl, 1);
		if (!words->id)
			return ctl_talk(ctl, words->op, json_pack("{s:b}", "all", word[0] == 'a'),
					words->print);
		id = id_argument(ctl);
		if (id < 0)
			return CTL_USAGE;
		return ctl_talk(ctl, words->op, json_pack("{s:I}", "id", (json_int_t)id),
				words->print);
	}
	return ctl_misused(ctl, "%s has no \"%s\"", ctl->command->name, word);
}

static void print_answered(const json_t *o)
{
	printf("text %" PRId64 " is answered by message %" PRId64 "\n", ctl_int_of(o, "text"),
	       ctl_int_of(o, "id"));
}

static int inbox_answer(const struct ctl *ctl)
{
	int64_t id = ctl->argc == 3 ? ctl_number(ctl->argv[1]) : -1;
	json_t *args;

	if (id < 0)
		return ctl_misused(ctl, "which text, and what? answer ID \"TEXT\"");
	args = json_pack("{s:I, s:s}", "id", (json_int_t)id, "text", ctl->argv[2]);
	return args ? ctl_talk(ctl, "inbox-answer", args, print_answered)
		    : ctl_fail(ctl, "the text is not UTF-8");
}

int ctl_inbox(struct ctl *ctl)
{
	static const struct words words[] = {
		{ "list", "inbox", false, print_inbox },
		{ "all", "inbox", false, print_inbox },
		{ "show", "inbox-show", true, print_inbox_text },
		{ "done", "inbox-done", true, print_done },
		{ NULL },
	};

	if (ctl->argc && strcmp(ctl->argv[0], "answer") == 0)
		return inbox_answer(ctl);
	return run_word(ctl, words);
}

/* ---- outbox, send ---- */

static void print_message_row(const json_t *m)
{
	printf("%6" PRId64 "  ", ctl_int_of(m, "id"));
	ctl_print_time(json_object_get(m, "due_at"));
	printf("  %-13s %-10s  ", ctl_text_of(m, "number"), ctl_text_of(m, "state"));
	ctl_print_text(ctl_text_of(m, "text"));
	putchar('\n');
}

static void print_outbox(const json_t *o)
{
	const json_t *list = json_object_get(o, "outbox");
	size_t i;
	json_t *m;

	if (!json_array_size(list))
		puts("nothing");
	json_array_foreach((json_t *)list, i, m) print_message_row(m);
}

static void print_moment(const char *name, const json_t *at)
{
	printf("%-10s ", name);
	ctl_print_time(at);
	putchar('\n');
}

static void print_message(const json_t *o)
{
	size_t i;
	json_t *p;

	printf("%-10s %" PRId64 "\n", "message", ctl_int_of(o, "id"));
	ctl_print_field("to", ctl_text_of(o, "number"));
	ctl_print_field("person", ctl_text_of(o, "person"));
	ctl_print_field("state", ctl_text_of(o, "state"));
	ctl_print_field("cause", ctl_text_of(o, "cause"));
	ctl_print_field("template", ctl_text_of(o, "template"));
	print_moment("queued", json_object_get(o, "at"));
	print_moment("due", json_object_get(o, "due_at"));
	print_moment("use by", json_object_get(o, "use_by"));
	ctl_print_field("says", ctl_text_of(o, "text"));
	json_array_foreach(json_object_get(o, "each"), i, p) printf(
		"%-10s %" PRId64 ": %s\n", "part", ctl_int_of(p, "part"), ctl_text_of(p, "state"));
}

int ctl_outbox(struct ctl *ctl)
{
	static const struct words words[] = {
		{ "list", "outbox", false, print_outbox },
		{ "all", "outbox", false, print_outbox },
		{ "show", "outbox-show", true, print_message },
		{ NULL },
	};

	return run_word(ctl, words);
}

static void print_sent(const json_t *o)
{
	printf("message %" PRId64 " to %s is queued\n", ctl_int_of(o, "id"), ctl_text_of(o, "to"));
}

int ctl_send(struct ctl *ctl)
{
	const char *inbox = ctl_option(ctl, "inbox");
	int64_t id = inbox ? ctl_number(inbox) : 0;
	json_t *args;

	if (ctl->argc != 2)
		return ctl_misused(ctl,
				   "to whom, and what? A text of several words stands in quotes");
	if (id < 0)
		return ctl_misused(ctl, "--inbox takes the id of a text, not \"%s\"", inbox);
	args = json_pack("{s:s, s:s}", "to", ctl->argv[0], "text", ctl->argv[1]);
	if (!args)
		return ctl_fail(ctl, "the text is not UTF-8");
	if (id)
		json_object_set_new(args, "inbox", json_integer(id));
	return ctl_talk(ctl, "send", args, print_sent);
}

/* ---- fire ---- */

static void print_fired(const json_t *o)
{
	printf("%s %" PRId64 " is %s, version %" PRId64 "\n", ctl_text_of(o, "machine"),
	       ctl_int_of(o, "id"), ctl_text_of(o, "state"), ctl_int_of(o, "version"));
}

/* FIELD=VALUE. \returns 0, or -1 if it is not that */
static int add_field(json_t *payload, const char *word)
{
	const char *equals = strchr(word, '=');
	char name[64];
	json_t *value;

	if (!equals || equals == word || (size_t)(equals - word) >= sizeof(name))
		return -1;
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = '\0';
	value = ctl_number(equals + 1) >= 0 ? json_integer(ctl_number(equals + 1))
					    : json_string(equals + 1);
	return json_object_set_new(payload, name, value);
}

/* Options with a number. \returns 0, or -1 after saying what is wrong */
static int add_number(const struct ctl *ctl, json_t *args, const char *name)
{
	const char *value = ctl_option(ctl, name);

	if (!value)
		return 0;
	if (ctl_number(value) < 0) {
		ctl_misused(ctl, "--%s takes a number, not \"%s\"", name, value);
		return -1;
	}
	return json_object_set_new(args, name, json_integer(ctl_number(value)));
}

static int add_text(const struct ctl *ctl, json_t *args, const char *name)
{
	const char *value = ctl_option(ctl, name);

	return value ? json_object_set_new(args, name, json_string(value)) : 0;
}

int ctl_fire(struct ctl *ctl)
{
	json_t *payload = json_object(), *args;
	int64_t id = ctl->argc >= 3 ? ctl_number(ctl->argv[1]) : 0;

	for (int i = 3; i < ctl->argc; i++) {
		if (add_field(payload, ctl->argv[i]) == 0)
			continue;
		json_decref(payload);
		return ctl_misused(ctl, "\"%s\" is not FIELD=VALUE", ctl->argv[i]);
	}
	if (ctl->argc < 3 || id < 0) {
		json_decref(payload);
		return ctl_misused(ctl, id < 0 ? "\"%s\" is no id" : "what is fired?%s",
				   id < 0 ? ctl->argv[1] : "");
	}
	args = json_pack("{s:s, s:I, s:s, s:o}", "machine", ctl->argv[0], "id", (json_int_t)id,
			 "event", ctl->argv[2], "payload", payload);
	if (!args)
		return ctl_fail(ctl, "the words of the command are not UTF-8");
	if (add_number(ctl, args, "actor") || add_number(ctl, args, "version")
	    || add_text(ctl, args, "role") || add_text(ctl, args, "idem")) {
		json_decref(args);
		return CTL_USAGE;
	}
	return ctl_talk(ctl, "fire", args, print_fired);
}
