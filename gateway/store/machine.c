/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/machine.h"

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/tsv.h"
#include "messages/embed.h"

EMBED(machine_transitions, "gateway/store/transitions.tsv");

static const struct {
	const char *name, *table;
} live[] = {
	{ "cycle", "cycle" },     { "offer", "offer" },     { "order", "orders" },
	{ "line", "order_line" }, { "payment", "payment" }, { "contact", "contact" },
};

static const char *list(const char *field)
{
	return strcmp(field, "-") == 0 ? "" : field;
}

struct machine *machine_load(void *ctx)
{
	struct machine *m = talloc_zero(ctx, struct machine);
	struct tsv tsv;

	OSMO_ASSERT(m);
	tsv_open(&tsv, m, machine_transitions);
	while (tsv_next(&tsv)) {
		m->transition = talloc_realloc(m, m->transition, struct machine_transition,
					       m->n + 1);
		OSMO_ASSERT(m->transition && tsv.n == 7);
		m->transition[m->n++] = (struct machine_transition){
			.machine = tsv.field[0],
			.from = tsv.field[1],
			.event = tsv.field[2],
			.to = tsv.field[3],
			.roles = list(tsv.field[4]),
			.guards = list(tsv.field[5]),
			.notify = list(tsv.field[6]),
		};
	}
	return m;
}

const char *machine_table(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(live); i++) {
		if (strcmp(live[i].name, name) == 0)
			return live[i].table;
	}
	return NULL;
}

const char *machine_live(size_t i)
{
	return i < ARRAY_SIZE(live) ? live[i].name : NULL;
}

bool machine_is_live(const char *name)
{
	return machine_table(name) != NULL;
}

bool machine_list_next(const char **rest, char *out, size_t size)
{
	size_t len = strcspn(*rest, ",");

	if (!len || len >= size)
		return false;
	memcpy(out, *rest, len);
	out[len] = '\0';
	*rest += len;
	*rest += **rest == ',';
	return true;
}

bool machine_list_has(const char *items, const char *item)
{
	char one[64];

	while (machine_list_next(&items, one, sizeof(one))) {
		if (strcmp(one, item) == 0)
			return true;
	}
	return false;
}
