/* chappectl place, product: where it is fetched, and what can be sold.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

static void print_places(const json_t *o)
{
	const json_t *list = json_object_get(o, "places");
	size_t i;
	json_t *p;

	if (!json_array_size(list))
		puts("none yet; the first is made by:  chappectl -c FILE place add NAME ADDRESS");
	json_array_foreach((json_t *)list, i, p)
	{
		printf("%5" PRId64 "  ", ctl_int_of(p, "id"));
		ctl_print_text(ctl_text_of(p, "name"));
		printf(", ");
		ctl_print_text(ctl_text_of(p, "address"));
		putchar('\n');
	}
}

static void print_products(const json_t *o)
{
	const json_t *list = json_object_get(o, "products");
	size_t i;
	json_t *p;

	if (!json_array_size(list))
		puts("none yet; the first is made by:  chappectl -c FILE product --help");
	json_array_foreach((json_t *)list, i, p)
	{
		printf("%-20s  %-9s  %-14s  ", ctl_text_of(p, "name"), ctl_text_of(p, "unit"),
		       ctl_text_of(p, "category"));
		ctl_print_text(ctl_text_of(p, "one"));
		printf(", ");
		ctl_print_text(ctl_text_of(p, "many"));
		putchar('\n');
	}
}

/* Words of the command line as arguments of the operation. \returns an object, or NULL if they are not UTF-8 */
static json_t *named(const struct ctl *ctl, int from, const char *const *names, size_t n)
{
	json_t *args = json_object();

	for (size_t i = 0; i < n && args; i++)
		if (json_object_set_new(args, names[i], json_string(ctl->argv[from + (int)i]))) {
			json_decref(args);
			args = NULL;
		}
	if (!args)
		ctl_fail(ctl, "the words of the command are not UTF-8");
	return args;
}

int ctl_place(struct ctl *ctl)
{
	static const char *const names[] = { "name", "address" };
	bool add = ctl->argc == 3 && strcmp(ctl->argv[0], "add") == 0;
	int64_t id = ctl->argc == 4 && strcmp(ctl->argv[0], "change") == 0
			     ? ctl_number(ctl->argv[1])
			     : 0;
	json_t *args;

	if (!ctl->argc)
		return ctl_talk(ctl, "place", NULL, print_places);
	if (!add && id <= 0)
		return ctl_misused(ctl, "add NAME ADDRESS, or change ID NAME ADDRESS?");
	args = named(ctl, add ? 1 : 2, names, ARRAY_SIZE(names));
	if (!args)
		return CTL_FAILED;
	json_object_set_new(args, "action", json_string(ctl->argv[0]));
	json_object_set_new(args, "id", json_integer(id));
	return ctl_talk(ctl, "place", args, print_places);
}

int ctl_product(struct ctl *ctl)
{
	static const char *const names[] = { "name", "unit", "one", "many", "category" };
	json_t *args;

	if (!ctl->argc)
		return ctl_talk(ctl, "product", NULL, print_products);
	if (strcmp(ctl->argv[0], "set") != 0 || ctl->argc != 6)
		return ctl_misused(ctl, "set NAME UNIT ONE MANY CATEGORY?");
	args = named(ctl, 1, names, ARRAY_SIZE(names));
	return args ? ctl_talk(ctl, "product", args, print_products) : CTL_FAILED;
}
