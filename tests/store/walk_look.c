/* What a walk reads in its database.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/store/walk_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <osmocom/core/talloc.h>

/* Knuth's MMIX generator: the same numbers everywhere. */
uint32_t walk_any(struct walk *w, uint32_t below)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (w->seed >> 33) % below;
}

bool walk_once_in(struct walk *w, uint32_t n)
{
	return walk_any(w, n) == 0;
}

const char *walk_text(struct walk *w, const char *fmt, ...)
{
	va_list ap;
	char *out;

	va_start(ap, fmt);
	out = talloc_vasprintf(w->scratch, fmt, ap);
	va_end(ap);
	return out;
}

const char *walk_first(struct walk *w, const char *sql, int64_t id)
{
	const char *out = "";
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(w->db, sql, -1, &s, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(w->db));
		exit(1);
	}
	if (id)
		sqlite3_bind_int64(s, 1, id);
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		out = talloc_strdup(w->scratch, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return out;
}

const char *walk_get(struct walk *w, const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = talloc_vasprintf(w->scratch, fmt, ap);
	va_end(ap);
	return walk_first(w, sql, 0);
}

int64_t walk_number(struct walk *w, const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = talloc_vasprintf(w->scratch, fmt, ap);
	va_end(ap);
	return strtoll(walk_first(w, sql, 0), NULL, 10);
}

int64_t walk_some_id(struct walk *w, const char *table, const char *where)
{
	return walk_number(
		w,
		"SELECT id FROM (SELECT id FROM %s WHERE (%s) AND (id > (SELECT max(id) FROM"
		" subject) - %d OR '%s' = 'contact') ORDER BY id DESC LIMIT %d)"
		" ORDER BY id * %u %% 101 LIMIT 1",
		table, where, RECENT, table, walk_once_in(w, 3) ? 80 : 7, 1 + walk_any(w, 100));
}
