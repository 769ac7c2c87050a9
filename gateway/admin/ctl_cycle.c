/* chappectl cycle: order cycles, the last first; a new one like the last, and its steps.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

/* What is done with a cycle; its word behind it is an argument of the operation, or NULL: it takes none. */
static const struct {
	const char *name;
	const char *argument;
} actions[] = {
	{ "announce", NULL },
	{ "open", NULL },
	{ "extend", "to" },
	{ "cancel", "reason" },
};

/* Options of `new` that go on as they are. */
static const char *const options[] = {
	"opens", "avail", "closes", "confirm", "from", "until",
};

static void print_moment(const json_t *c, const char *words, const char *name)
{
	printf("  %-11s ", words);
	ctl_print_time(json_object_get(c, name));
	putchar('\n');
}

static void print_cycle(const json_t *c)
{
	int64_t total = ctl_int_of(c, "total");

	printf("cycle %" PRId64 " is %s, at ", ctl_int_of(c, "id"), ctl_text_of(c, "state"));
	ctl_print_text(ctl_text_of(c, "place"));
	printf(": %" PRId64 " offers", ctl_int_of(c, "offered"));
	if (ctl_int_of(c, "asked"))
		printf(", %" PRId64 " asked for", ctl_int_of(c, "asked"));
	printf(", %" PRId64 " orders of %" PRId64 ".%02d\n", ctl_int_of(c, "orders"), total / 100,
	       (int)(total % 100));
}

static void print_one(const json_t *c)
{
	print_cycle(c);
	print_moment(c, "opens", "opens_at");
	print_moment(c, "producers", "avail_by");
	print_moment(c, "closes", "closes_at");
	print_moment(c, "confirmed", "confirm_by");
	print_moment(c, "pickup from", "pickup_from");
	print_moment(c, "pickup to", "pickup_to");
	if (strcmp(ctl_text_of(c, "state"), "draft") == 0)
		printf("producers are asked by:  chappectl -c FILE cycle %" PRId64 " announce\n",
		       ctl_int_of(c, "id"));
}

static void print_cycles(const json_t *o)
{
	const json_t *list = json_object_get(o, "cycles");
	size_t i;
	json_t *c;

	if (!json_array_size(list))
		puts("none yet; the first is made by:  chappectl -c FILE cycle new --help");
	json_array_foreach((json_t *)list, i, c) print_cycle(c);
}

static void print_only(const json_t *o)
{
	print_one(json_array_get(json_object_get(o, "cycles"), 0));
}

/* \returns CTL_OK or CTL_USAGE */
static int add_number(const struct ctl *ctl, json_t *args, const char *name)
{
	const char *word = ctl_option(ctl, name);
	int64_t n = word ? ctl_number(word) : 0;

	if (word && n <= 0)
		return ctl_misused(ctl, "--%s takes a number, not \"%s\"", name, word);
	if (word)
		json_object_set_new(args, name, json_integer(n));
	return CTL_OK;
}

static int take_new(struct ctl *ctl, json_t *args)
{
	int rc = add_number(ctl, args, "place");

	json_object_set_new(args, "action", json_string("new"));
	if (rc == CTL_OK)
		rc = add_number(ctl, args, "days");
	for (size_t i = 0; i < ARRAY_SIZE(options) && rc == CTL_OK; i++) {
		const char *word = ctl_option(ctl, options[i]);

		if (word)
			json_object_set_new(args, options[i], json_string(word));
	}
	return rc == CTL_OK && ctl->argc > 1
		       ? ctl_misused(ctl, "there is a word too many: %s", ctl->argv[1])
		       : rc;
}

static int take_action(struct ctl *ctl, json_t *args)
{
	int64_t id = ctl_number(ctl->argv[0]);
	size_t i = 0;

	if (id <= 0)
		return ctl_misused(ctl, "\"%s\" is neither new nor the id of a cycle",
				   ctl->argv[0]);
	json_object_set_new(args, "id", json_integer(id));
	if (ctl->argc == 1)
		return CTL_OK;
	while (i < ARRAY_SIZE(actions) && strcmp(actions[i].name, ctl->argv[1]) != 0)
		i++;
	if (i == ARRAY_SIZE(actions))
		return ctl_misused(ctl, "\"%s\" is nothing that a cycle does", ctl->argv[1]);
	if (ctl->argc > (actions[i].argument ? 3 : 2))
		return ctl_misused(ctl, "there is a word too many: %s", ctl->argv[ctl->argc - 1]);
	json_object_set_new(args, "action", json_string(actions[i].name));
	if (ctl->argc == 3)
		json_object_set_new(args, actions[i].argument, json_string(ctl->argv[2]));
	return CTL_OK;
}

int ctl_cycle(struct ctl *ctl)
{
	json_t *args = json_object();
	int rc = CTL_OK;

	if (ctl->argc && strcmp(ctl->argv[0], "new") == 0)
		rc = take_new(ctl, args);
	else if (ctl->argc)
		rc = take_action(ctl, args);
	if (rc == CTL_OK)
		rc = add_number(ctl, args, "actor");
	if (rc != CTL_OK) {
		json_decref(args);
		return rc;
	}
	return ctl_talk(ctl, "cycle", args, ctl->argc ? print_only : print_cycles);
}
