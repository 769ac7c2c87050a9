/* The scenarios of scenarios.tsv, as SQL that every engine understands.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario_step {
	const char *line;   /* as it stands in the file */
	const char *sql;    /* one INSERT INTO fire, or other SQL */
	const char *expect; /* refusal, "" for none */
	bool forged;        /* writes what only fire may write: SQLite alone */
};

struct scenario {
	const char *name;
	size_t n;
	struct scenario_step *step;
	int64_t at; /* of the last event */
};

/*! Read the scenarios, on ctx. \returns how many. */
size_t scenario_load(void *ctx, struct scenario **out);

/*! The people that every scenario begins with, as SQL. */
extern const char scenario_people[];
