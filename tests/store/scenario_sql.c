/* Prints the schema and the scenarios as SQL, for tests/store/postgresql.sh.
 *
 * scenario_sql sqlite|postgresql	the schema, with the people
 * scenario_sql N			scenario N, each step announced by a line "step"; nothing if it is SQLite's alone
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "gateway/store/schema.h"
#include "tests/store/scenario.h"

static void print_schema(void *ctx, enum schema_dialect dialect)
{
	printf("BEGIN;\n%s%s\nCOMMIT;\n", schema_sql(ctx, dialect), scenario_people);
}

static void print_scenario(const struct scenario *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->step[i].forged)
			return;
	}
	for (size_t i = 0; i < s->n; i++)
		printf("SELECT 'step %zu';\n%s\n", i + 1, s->step[i].sql);
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	struct scenario *scenarios;
	size_t n = scenario_load(ctx, &scenarios);
	size_t i = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	if (argc < 2)
		printf("%zu\n", n);
	else if (i >= 1 && i <= n)
		print_scenario(&scenarios[i - 1]);
	else
		print_schema(ctx,
			     strcmp(argv[1], "sqlite") == 0 ? SCHEMA_SQLITE : SCHEMA_POSTGRESQL);
	talloc_free(ctx);
	return 0;
}
