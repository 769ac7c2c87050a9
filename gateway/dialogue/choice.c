/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/dialogue/choice.h"

#include <string.h>

#include <osmocom/core/talloc.h>

#include "gateway/turn.h"

/* A hint of the reading; never NULL. */
const char *clarify_hint(const struct turn *turn, const char *key)
{
	const char *value = reading_arg(turn->reading, key);

	return value ? value : "";
}

/* The command that a missing quantity belongs to. */
const char *clarify_intent(const struct turn *turn)
{
	const char *op = clarify_hint(turn, "op");

	if (strcmp(op, "add") == 0)
		return "ADD";
	if (strcmp(op, "set") == 0)
		return "SET";
	return strcmp(op, "remove") == 0 ? "REMOVE" : "ORDER";
}

bool clarify_swaps(const struct turn *turn)
{
	return strcmp(clarify_hint(turn, "op"), "swap") == 0 && *clarify_hint(turn, "from");
}

/* The first word of a list with commas; the rest in *rest, NULL if there is none. */
char *clarify_first(void *ctx, const char *list, const char **rest)
{
	const char *comma = strchr(list, ',');

	*rest = comma ? comma + 1 : NULL;
	return talloc_strndup(ctx, list, comma ? (size_t)(comma - list) : strlen(list));
}

bool clarify_is_role(const struct turn *turn, const char *role)
{
	return strcmp(turn->role, role) == 0;
}

bool clarify_buys(const struct turn *turn)
{
	return (turn->roles & (TURN_RES | TURN_AID)) != 0;
}

char *choice_with(void *ctx, const struct reading *r, const char *key, const char *value)
{
	if (r->n_items == 0 && r->n_args == 0)
		return talloc_asprintf(ctx, "%s\t%s=%s", r->intent, key, value);
	return talloc_asprintf(ctx, "%s %s=%s", reading_print(ctx, r), key, value);
}

char *choice_others(void *ctx, const struct reading *r, const struct reading_item *but)
{
	struct reading rest = { .intent = r->intent };
	char *items;

	for (size_t i = 0; i < r->n_items; i++)
		if (&r->items[i] != but)
			rest.items[rest.n_items++] = r->items[i];
	items = reading_print_items(ctx, &rest);
	return *items ? talloc_asprintf(ctx, ";%s", items) : items;
}

struct choice choice_new(struct turn *turn)
{
	return (struct choice){
		.turn = turn,
		.q = question_new(turn->ctx, "choice"),
		.options = talloc_strdup(turn->ctx, ""),
	};
}

void choice_add(struct choice *c, const char *reading, const char *text)
{
	int no = question_option(c->q, reading);

	if (no)
		c->options = talloc_asprintf_append(c->options, "%s%d. %s", no > 1 ? "\n" : "", no,
						    text);
}

void choice_ask(struct choice *c, const char *template)
{
	turn_say(c->turn, template, VALUES({ "options", c->options }));
	turn_ask(c->turn, c->q);
}
