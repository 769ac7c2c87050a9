/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/clause.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

static struct clause *begin(struct clauses *cs, char *header)
{
	struct clause *c;
	char *word;
	int n = 0;

	cs->clause = talloc_realloc(cs, cs->clause, struct clause, cs->n + 1);
	OSMO_ASSERT(cs->clause);
	c = &cs->clause[cs->n++];
	for (int i = 0; i < CLAUSE_WORDS_MAX; i++)
		c->word[i] = "";
	while ((word = strsep(&header, " \t")) && n < CLAUSE_WORDS_MAX) {
		if (*word && strcmp(word, "->") != 0)
			c->word[n++] = word;
	}
	c->sql = talloc_strdup(cs, "");
	return c;
}

static void add(struct clauses *cs, struct clause *c, const char *line)
{
	const char *gap = *c->sql ? "\n" : "";

	c->sql = talloc_asprintf(cs, "%s%s%s", c->sql, gap, line);
	OSMO_ASSERT(c->sql);
}

struct clauses *clauses_load(void *ctx, const char *text)
{
	struct clauses *cs = talloc_zero(ctx, struct clauses);
	char *rest = talloc_strdup(cs, text);
	struct clause *c = NULL;
	char *line;

	OSMO_ASSERT(rest);
	while ((line = strsep(&rest, "\n"))) {
		if (!*line || strncmp(line, "--", 2) == 0)
			continue;
		if (*line == '@')
			c = begin(cs, line + 1);
		else if (c)
			add(cs, c, line);
	}
	return cs;
}
