/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/store/scenario.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/embed.h"

EMBED(scenario_people, "tests/store/people.sql");
EMBED(scenario_text, "tests/store/scenarios.tsv");

#define FIELDS 9

struct loader {
	void *ctx;
	struct scenario *blocks, *scenarios;
	size_t blocks_n, scenarios_n;
	struct scenario *now; /* the one that is read */
	int64_t at;
	int steps;
};

/* $name stands for the id of what was born under that name; quote is what ends and begins a literal around it. */
static char *with_ids(void *ctx, const char *text, const char *before, const char *after)
{
	char *out = talloc_strdup(ctx, "");
	const char *dollar;

	for (; (dollar = strchr(text, '$')); text = dollar) {
		size_t len = 1;

		while (isalnum(dollar[len]))
			len++;
		out = talloc_strndup_append_buffer(out, text, dollar - text);
		out = talloc_asprintf_append_buffer(
			out, "%s(SELECT subject_id FROM event_log WHERE idem = '%.*s')%s", before,
			(int)len - 1, dollar + 1, after);
		dollar += len;
	}
	return talloc_strdup_append_buffer(out, text);
}

/* A payment is born by a cascade, with no name of its own: it goes by that of its order. */
static const char *subject_sql(struct loader *l, const char *machine, const char *name)
{
	if (*name == '+' || *name == '-')
		return "NULL";
	if (isdigit(*name))
		return name;
	name = with_ids(l->ctx, talloc_asprintf(l->ctx, "$%s", name), "", "");
	if (strcmp(machine, "payment") == 0)
		name = talloc_asprintf(l->ctx, "(SELECT id FROM payment WHERE order_id = %s)",
				       name);
	return name;
}

static const char *version_sql(struct loader *l, const char *version, const char *subject,
			       const char *role)
{
	if (strcmp(version, "null") == 0)
		return "NULL";
	if (isdigit(*version))
		return version;
	if (strcmp(subject, "NULL") == 0)
		return "0";
	if (strcmp(role, "SYS") == 0)
		return "NULL";
	return talloc_asprintf(l->ctx, "(SELECT version FROM subject WHERE id = %s)", subject);
}

static const char *idem_sql(struct loader *l, const char *idem, const char *subject)
{
	if (strcmp(idem, "-") == 0)
		return "NULL";
	if (*idem)
		return talloc_asprintf(l->ctx, "'%s'", idem);
	if (*subject == '+')
		return talloc_asprintf(l->ctx, "'%s'", subject + 1);
	return talloc_asprintf(l->ctx, "'step/%d'", ++l->steps);
}

static char *fire_sql(struct loader *l, char *const *f)
{
	const char *subject = subject_sql(l, f[2], f[3]);
	const char *actor = strlen(f[1]) > 4 ? f[1] + 4 : "NULL";
	char *role = talloc_strndup(l->ctx, f[1], 3);
	const char *payload = "NULL";

	l->at = isdigit(*f[0]) ? strtoll(f[0], NULL, 10) : l->at + 1;
	if (*f[5])
		payload = talloc_asprintf(l->ctx, "'%s'", with_ids(l->ctx, f[5], "' || ", " || '"));
	return talloc_asprintf(
		l->ctx,
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)"
		" VALUES ('%s', %s, %s, '%s', %s, '%s', 'test', %s, %" PRId64 ", %s);",
		f[2], subject, version_sql(l, f[7], subject, role), f[4], actor, role,
		idem_sql(l, f[8], f[3]), l->at, payload);
}

static struct scenario_step *add_step(struct loader *l)
{
	struct scenario *s = l->now;

	s->step = talloc_realloc(l->ctx, s->step, struct scenario_step, s->n + 1);
	OSMO_ASSERT(s->step);
	s->step[s->n] = (struct scenario_step){ .expect = "" };
	return &s->step[s->n++];
}

static char *forge(struct loader *l, const char *sql)
{
	return talloc_asprintf(
		l->ctx, "INSERT INTO firing VALUES (1, 0, 0, 0, '', 0, 0); %s; DELETE FROM firing;",
		sql);
}

static void read_step(struct loader *l, char *line)
{
	static char none[] = "";
	char *f[FIELDS];
	struct scenario_step *step = add_step(l);
	const char *tab = strchr(line, '\t');

	step->line = talloc_strdup(l->ctx, line);
	if (strncmp(line, "sql\t", 4) == 0) {
		step->sql = talloc_asprintf(l->ctx, "%s;", with_ids(l->ctx, tab + 1, "", ""));
		return;
	}
	if (strncmp(line, "refused\t", 8) == 0 || strncmp(line, "is\t", 3) == 0) {
		step->expect = talloc_strndup(l->ctx, tab + 1, strcspn(tab + 1, "\t"));
		step->sql = talloc_asprintf(l->ctx, "%s;",
					    with_ids(l->ctx, strchr(tab + 1, '\t') + 1, "", ""));
		return;
	}
	if (strncmp(line, "forge\t", 6) == 0) {
		step->sql = forge(l, tab + 1);
		step->forged = true;
		return;
	}
	for (int i = 0; i < FIELDS; i++) {
		f[i] = line ? strsep(&line, "\t") : none;
		if (i > 5 && strcmp(f[i], ".") == 0)
			f[i] = none;
	}
	step->expect = talloc_strdup(l->ctx, f[6]);
	step->sql = fire_sql(l, f);
	l->now->at = l->at;
}

/* ": name [block]" or "= name [block]": a block is the last word, if one is called so. */
static void read_header(struct loader *l, char *line)
{
	struct scenario **list = *line == ':' ? &l->blocks : &l->scenarios;
	size_t *n = *line == ':' ? &l->blocks_n : &l->scenarios_n;
	char *word = strrchr(line, ' ') + 1;

	*list = talloc_realloc(l->ctx, *list, struct scenario, *n + 1);
	OSMO_ASSERT(*list);
	l->now = &(*list)[(*n)++];
	*l->now = (struct scenario){ .name = talloc_strdup(l->ctx, line + 2) };
	if (*line == ':')
		word = strchr(line + 2, ' ') ? strchr(line + 2, ' ') + 1 : word;
	for (size_t i = 0; i < l->blocks_n; i++) {
		const struct scenario *b = &l->blocks[i];

		if (b == l->now || strcmp(b->name, word) != 0)
			continue;
		for (size_t k = 0; k < b->n; k++)
			*add_step(l) = b->step[k];
		l->at = b->at;
	}
	if (*line == ':')
		*strchrnul((char *)l->now->name, ' ') = '\0';
}

size_t scenario_load(void *ctx, struct scenario **out)
{
	struct loader l = { .ctx = ctx };
	char *rest = talloc_strdup(ctx, scenario_text);
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line || *line == '#')
			continue;
		if (*line == ':' || *line == '=')
			read_header(&l, line);
		else
			read_step(&l, line);
	}
	*out = l.scenarios;
	return l.scenarios_n;
}
