/* chappectl db: make and check a database. Works on files: no daemon is asked.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/log.h"
#include "gateway/store/check.h"
#include "gateway/store/create.h"
#include "gateway/store/migrate.h"
#include "gateway/store/schema.h"

/* Say that it is done. */
static int done(const struct ctl *ctl, const char *path, const char *words)
{
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s}", "database", path));
	printf("%s: %s\n", path, words);
	return CTL_OK;
}

static int db_init(struct ctl *ctl)
{
	const char *path = ctl->config->database;
	bool demo = ctl_option(ctl, "demo") != NULL;
	char *error = NULL;

	if (store_create(ctl, path, demo, &error))
		return ctl_fail(ctl, "%s", error);
	return done(ctl, path, demo ? "made, with the demo platform" : "made");
}

struct findings {
	const struct ctl *ctl;
	json_t *lines;
};

static void note(void *data, const char *line)
{
	struct findings *f = data;

	json_array_append_new(f->lines, json_string(line));
	if (!f->ctl->json)
		printf("%s\n", line);
}

static int db_check(struct ctl *ctl)
{
	const char *path = ctl->config->database;
	struct findings f = { ctl, json_array() };
	char *error = NULL;
	int n = store_check(ctl, path, note, &f, &error);

	if (n < 0) {
		json_decref(f.lines);
		return ctl_fail(ctl, "%s", error);
	}
	if (ctl->json)
		ctl_print_json(json_pack("{s:s, s:i, s:o}", "database", path, "differences", n,
					 "lines", f.lines));
	else
		json_decref(f.lines);
	if (n)
		return ctl_fail(ctl,
				"%s: %d %s between the log and what was made of it: restore "
				"a backup, and tell the developers",
				path, n, n == 1 ? "difference" : "differences");
	return ctl->json ? CTL_OK : done(ctl, path, "whole: the log and what was made of it agree");
}

static int db_migrate(struct ctl *ctl)
{
	const char *path = ctl->config->database;
	char *error = NULL, *kept;
	int from;

	if (store_migrate(ctl, path, &from, &kept, &error))
		return ctl_fail(ctl, "%s", error);
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:i, s:i, s:s?}", "database", path, "from",
						from, "to", SCHEMA_VERSION, "copy", kept));
	if (kept)
		printf("%s: its schema was of version %d and is of version %d; as it was before: %s\n",
		       path, from, SCHEMA_VERSION, kept);
	else
		printf("%s: its schema is of version %d already\n", path, from);
	return CTL_OK;
}

static int db_schema(struct ctl *ctl)
{
	const char *engine = ctl->argc > 1 ? ctl->argv[1] : "sqlite";

	if (strcmp(engine, "sqlite") != 0 && strcmp(engine, "postgresql") != 0)
		return ctl_misused(ctl, "there is no engine \"%s\"", engine);
	fputs(schema_sql(ctl, engine[0] == 's' ? SCHEMA_SQLITE : SCHEMA_POSTGRESQL), stdout);
	return CTL_OK;
}

static const struct {
	const char *name;
	int arguments; /* at most, its name included */
	bool config;
	int (*run)(struct ctl *ctl);
} subcommands[] = {
	{ "init", 1, true, db_init },         { "check", 1, true, db_check },
	{ "backup", 2, true, ctl_db_backup }, { "restore", 2, true, ctl_db_restore },
	{ "migrate", 1, true, db_migrate },   { "schema", 2, false, db_schema },
};

int ctl_db(struct ctl *ctl)
{
	const char *name = ctl->argc ? ctl->argv[0] : "";

	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++) {
		if (strcmp(subcommands[i].name, name) != 0)
			continue;
		if (ctl->argc > subcommands[i].arguments)
			return ctl_misused(ctl, "there is a word too many: %s",
					   ctl->argv[subcommands[i].arguments]);
		if (subcommands[i].config && !ctl->config)
			return ctl_misused(ctl, "which database? -c FILE names the configuration");
		return subcommands[i].run(ctl);
	}
	return ctl_misused(ctl, *name ? "db has no \"%s\"" : "what with the database?%s", name);
}
