/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/schema.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/embed.h"

EMBED(schema_tables, "gateway/store/tables.sql");

static const char clock_sqlite[] =
	"CREATE VIEW clock AS SELECT CAST(strftime('%s', 'now') AS INTEGER)"
	" + (SELECT \"offset\" FROM clock_offset) AS now;\n";

/* A copy of text on ctx with every occurrence of from changed to to. */
static char *replace(void *ctx, const char *text, const char *from, const char *to)
{
	char *out = talloc_strdup(ctx, "");
	const char *hit;

	for (; (hit = strstr(text, from)); text = hit + strlen(from)) {
		out = talloc_strndup_append_buffer(out, text, hit - text);
		out = talloc_strdup_append_buffer(out, to);
	}
	return talloc_strdup_append_buffer(out, text);
}

char *schema_sql(void *ctx, enum schema_dialect dialect)
{
	char *sql = replace(ctx, schema_tables, "\n);\n", "\n) STRICT;\n");

	OSMO_ASSERT(dialect != SCHEMA_POSTGRESQL);
	return talloc_strdup_append(sql, clock_sqlite);
}
