/* chappectl order: what the pickup point does with an order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#define ARGUMENTS_MAX 3

/* What stands behind an action, as arguments of the operation. */
static const struct {
	const char *name;
	const char *argument[ARGUMENTS_MAX];
	int least;
} actions[] = {
	{ "show", {}, 0 },
	{ "collect", { "amount" }, 0 },
	{ "pay", { "amount" }, 0 },
	{ "defer", { "reason" }, 1 },
	{ "waive", { "reason" }, 1 },
	{ "refund", { "amount" }, 1 },
	{ "credit", { "amount" }, 0 },
	{ "dismiss", { "reason" }, 1 },
	{ "missing", {}, 0 },
	{ "no-show", {}, 0 },
	{ "rebook", { "day", "from", "to" }, 3 },
};

static void print_cents(const char *name, int64_t cents)
{
	printf(", %s %" PRId64 ".%02d", name, cents / 100, (int)(cents % 100));
}

static void print_order(const json_t *o)
{
	size_t i;
	json_t *line;

	printf("%s of %s is %s", ctl_text_of(o, "ref"), ctl_text_of(o, "owner"),
	       ctl_text_of(o, "state"));
	print_cents("total", ctl_int_of(o, "total"));
	print_cents("paid", ctl_int_of(o, "paid"));
	print_cents("due", ctl_int_of(o, "due"));
	printf("\npickup %s\n", ctl_text_of(o, "pickup"));
	json_array_foreach(json_object_get(o, "lines"), i, line)
	{
		printf("  %s, %g %s, %s", ctl_text_of(line, "product"),
		       (double)ctl_int_of(line, "milli") / 1000, ctl_text_of(line, "unit"),
		       ctl_text_of(line, "state"));
		print_cents("costs", ctl_int_of(line, "amount"));
		putchar('\n');
	}
}

/* \returns the number of the action, or -1 */
static int action_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* The words behind the action. \returns CTL_OK or CTL_USAGE */
static int add_words(const struct ctl *ctl, json_t *args, int action)
{
	int n = OSMO_MAX(ctl->argc - 2, 0);

	if (n < actions[action].least)
		return ctl_misused(ctl, "%s: which %s?", actions[action].name,
				   actions[action].argument[n]);
	for (int i = 0; i < n; i++) {
		if (i == ARGUMENTS_MAX || !actions[action].argument[i])
			return ctl_misused(ctl, "there is a word too many: %s", ctl->argv[i + 2]);
		json_object_set_new(args, actions[action].argument[i],
				    json_string(ctl->argv[i + 2]));
	}
	return CTL_OK;
}

int ctl_order(struct ctl *ctl)
{
	int action = ctl->argc >= 2 ? action_of(ctl->argv[1]) : 0, rc;
	const char *product = ctl_option(ctl, "product"), *actor = ctl_option(ctl, "actor");
	json_t *args;

	if (ctl->argc < 1)
		return ctl_misused(ctl, "which order?");
	if (action < 0)
		return ctl_misused(ctl, "\"%s\" is nothing that an order does", ctl->argv[1]);
	args = json_pack("{s:s, s:s}", "ref", ctl->argv[0], "action", actions[action].name);
	if (!args)
		return ctl_fail(ctl, "the words of the command are not UTF-8");
	rc = add_words(ctl, args, action);
	if (rc == CTL_OK && actor && ctl_number(actor) <= 0)
		rc = ctl_misused(ctl, "--actor takes the id of a person, not \"%s\"", actor);
	if (rc != CTL_OK) {
		json_decref(args);
		return rc;
	}
	if (product)
		json_object_set_new(args, "product", json_string(product));
	if (actor)
		json_object_set_new(args, "actor", json_integer(ctl_number(actor)));
	return ctl_talk(ctl, "order", args, print_order);
}
