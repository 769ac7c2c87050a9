/* chappectl member: people, their numbers, roles and mandates.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

/* Seconds to wait for an answer. */
#define PATIENCE 20

/* ---- printing ---- */

/* The members of an array, or of that name of the objects in it, one behind the other. */
static void print_list(const json_t *list, const char *name)
{
	size_t i;
	json_t *item;

	json_array_foreach((json_t *)list, i, item)
	{
		printf("%s", i ? " " : "");
		ctl_print_text(name ? ctl_text_of(item, name) : json_string_value(item) ?: "");
	}
}

static void print_row(const json_t *m)
{
	int64_t no = ctl_int_of(m, "member_no");

	printf("%5" PRId64 "  ", ctl_int_of(m, "id"));
	if (no)
		printf("%5" PRId64 "  ", no);
	else
		printf("    -  ");
	ctl_print_text(ctl_text_of(m, "name"));
	printf("  ");
	print_list(json_object_get(m, "roles"), NULL);
	printf("  ");
	print_list(json_object_get(m, "numbers"), "number");
	putchar('\n');
}

static void print_members(const json_t *o)
{
	const json_t *list = json_object_get(o, "members");
	size_t i;
	json_t *m;

	if (!json_array_size(list))
		puts("nobody");
	json_array_foreach((json_t *)list, i, m) print_row(m);
}

static void print_number(const json_t *n)
{
	printf("%-10s %s %s%s\n", "number", ctl_text_of(n, "number"), ctl_text_of(n, "state"),
	       ctl_int_of(n, "promo") ? ", promotional messages too" : "");
}

static void print_mandate(const json_t *m)
{
	printf("%-10s %" PRId64 " ", "mandate", ctl_int_of(m, "helper"));
	ctl_print_text(ctl_text_of(m, "helper_name"));
	printf(" for %" PRId64 " ", ctl_int_of(m, "owner"));
	ctl_print_text(ctl_text_of(m, "owner_name"));
	printf(": %s until ", ctl_text_of(m, "scope"));
	ctl_print_time(json_object_get(m, "until"));
	putchar('\n');
}

static void print_member(const json_t *o)
{
	size_t i;
	json_t *row;

	printf("%-10s %" PRId64 "\n", "person", ctl_int_of(o, "id"));
	if (ctl_int_of(o, "member_no"))
		printf("%-10s %" PRId64 "\n", "member no.", ctl_int_of(o, "member_no"));
	ctl_print_field("name", ctl_text_of(o, "name"));
	ctl_print_field("language", ctl_text_of(o, "language"));
	ctl_print_field("handle", ctl_text_of(o, "handle"));
	if (*ctl_text_of(o, "handle"))
		ctl_print_field("silence", ctl_text_of(o, "policy"));
	printf("%-10s ", "roles");
	print_list(json_object_get(o, "roles"), NULL);
	putchar('\n');
	json_array_foreach(json_object_get(o, "numbers"), i, row) print_number(row);
	json_array_foreach(json_object_get(o, "mandates"), i, row) print_mandate(row);
}

static void print_erased(const json_t *o)
{
	printf("person %" PRId64 " is erased%s\n", ctl_int_of(o, "id"),
	       json_is_true(json_object_get(o, "gone"))
		       ? ""
		       : "; the file may still hold old pages: stop the daemon, then VACUUM it with sqlite3");
}

/* ---- arguments ---- */

struct word {
	const char *word;
	const char *arguments; /* behind it */
	int least, most;       /* how many */
	int (*run)(const struct ctl *ctl, json_t *args);
};

/* All of them, however many answers they take. */
static int show_list(const struct ctl *ctl, json_t *args)
{
	json_t *all = json_pack("{s:[]}", "members"), *page, *list;
	int64_t last = 0;
	int rc;

	json_decref(args);
	for (;;) {
		rc = ctl_ask(ctl, "member", json_pack("{s:I}", "after", (json_int_t)last), PATIENCE,
			     &page);
		if (rc) {
			json_decref(all);
			return rc;
		}
		list = json_object_get(page, "members");
		if (!json_array_size(list))
			break;
		last = ctl_int_of(json_array_get(list, json_array_size(list) - 1), "id");
		json_array_extend(json_object_get(all, "members"), list);
		json_decref(page);
	}
	json_decref(page);
	if (ctl->json)
		return ctl_print_json(all);
	print_members(all);
	json_decref(all);
	return CTL_OK;
}

static int show_one(const struct ctl *ctl, json_t *args)
{
	return ctl_talk(ctl, "member-show", args, print_member);
}

/* Options whose value goes to the gateway as it is, or as a number. */
static int add_options(const struct ctl *ctl, json_t *args)
{
	static const struct {
		const char *option, *name;
		enum { TEXT, NUMBER, SPAN, FLAG } type;
	} options[] = {
		{ "name", "name", TEXT },         { "roles", "roles", TEXT },
		{ "number", "number", TEXT },     { "member-no", "member_no", NUMBER },
		{ "language", "language", TEXT }, { "handle", "handle", TEXT },
		{ "policy", "policy", TEXT },     { "scope", "scope", TEXT },
		{ "for", "seconds", SPAN },       { "proof", "proof", NUMBER },
		{ "promo", "promo", FLAG },       { "actor", "actor", NUMBER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const char *value = ctl_option(ctl, options[i].option);
		int64_t n = -1;

		if (!value)
			continue;
		if (options[i].type == NUMBER)
			n = ctl_number(value);
		if (options[i].type == SPAN)
			n = ctl_duration(value);
		if (n < 0 && (options[i].type == NUMBER || options[i].type == SPAN))
			return ctl_misused(ctl, "--%s takes %s, not \"%s\"", options[i].option,
					   options[i].type == SPAN ? "a duration as +365d"
								   : "a number",
					   value);
		if (options[i].type == FLAG)
			json_object_set_new(args, options[i].name, json_true());
		else if (n >= 0)
			json_object_set_new(args, options[i].name, json_integer(n));
		else if (json_object_set_new(args, options[i].name, json_string(value)))
			return ctl_fail(ctl, "the words of the command are not UTF-8");
	}
	return CTL_OK;
}

static int ask(const struct ctl *ctl, const char *op, json_t *args)
{
	int rc = add_options(ctl, args);

	if (rc == CTL_OK)
		return ctl_talk(ctl, op, args, print_member);
	json_decref(args);
	return rc;
}

static int add(const struct ctl *ctl, json_t *args)
{
	json_object_set_new(args, "name", json_string(ctl->argv[1]));
	return ask(ctl, "member-add", args);
}

static int change(const struct ctl *ctl, json_t *args)
{
	return ask(ctl, "member-change", args);
}

static int add_or_remove(const struct ctl *ctl, json_t *args, const char *no, const char *yes)
{
	bool remove = strcmp(ctl->argv[2], yes) == 0;

	if (!remove && strcmp(ctl->argv[2], no) != 0) {
		json_decref(args);
		ctl_misused(ctl, "%s, or %s? not \"%s\"", no, yes, ctl->argv[2]);
		return -1;
	}
	json_object_set_new(args, yes, json_boolean(remove));
	return 0;
}

static int role(const struct ctl *ctl, json_t *args)
{
	if (add_or_remove(ctl, args, "add", "remove"))
		return CTL_USAGE;
	json_object_set_new(args, "role", json_string(ctl->argv[3]));
	return ask(ctl, "member-role", args);
}

static int mandate(const struct ctl *ctl, json_t *args)
{
	int64_t helper = ctl_number(ctl->argv[3]);

	if (add_or_remove(ctl, args, "add", "end"))
		return CTL_USAGE;
	json_object_set_new(args, "helper", json_integer(helper));
	return ask(ctl, "member-mandate", args);
}

static int number(const struct ctl *ctl, json_t *args)
{
	json_object_set_new(args, "action", json_string(ctl->argv[2]));
	json_object_set_new(args, "number", json_string(ctl->argv[3]));
	if (ctl->argc > 4)
		json_object_set_new(args, "to", json_string(ctl->argv[4]));
	return ask(ctl, "member-number", args);
}

static int erase(const struct ctl *ctl, json_t *args)
{
	return ctl_talk(ctl, "member-erase", args, print_erased);
}

int ctl_member(struct ctl *ctl)
{
	static const struct word words[] = {
		{ "list", "", 0, 0, show_list },
		{ "add", "NAME", 1, 1, add },
		{ "show", "ID", 1, 1, show_one },
		{ "change", "ID", 1, 1, change },
		{ "role", "ID add|remove ROLE", 3, 3, role },
		{ "number", "ID add|remove|change|consent NUMBER [NEW]", 3, 4, number },
		{ "mandate", "ID add|end HELPER", 3, 3, mandate },
		{ "erase", "ID", 1, 1, erase },
	};
	const char *word = ctl->argc ? ctl->argv[0] : "list";

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const struct word *w = &words[i];
		int n = ctl->argc ? ctl->argc - 1 : 0;
		bool id = strncmp(w->arguments, "ID", 2) == 0;
		json_t *args;

		if (strcmp(w->word, word) != 0)
			continue;
		if (n < w->least || n > w->most || (id && ctl_number(ctl->argv[1]) < 0))
			return ctl_misused(ctl, "member %s %s", w->word, w->arguments);
		args = json_object();
		if (id)
			json_object_set_new(args, "id", json_integer(ctl_number(ctl->argv[1])));
		return w->run(ctl, args);
	}
	return ctl_misused(ctl, "member has no \"%s\"", word);
}
