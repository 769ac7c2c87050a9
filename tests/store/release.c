/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/store/release.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <sqlite3.h>

#include "gateway/store/schema.h"

static char *read_file(void *ctx, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;
	long size;

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	text = talloc_zero_size(ctx, size + 1);
	assert_int_equal(fread(text, 1, size, f), size);
	fclose(f);
	return text;
}

static sqlite3 *open_file(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 1000);
	return db;
}

void release_make(const char *path, int version)
{
	char *name = talloc_asprintf(NULL, SRCDIR "/tests/store/release_%d.sql", version);
	char *sql = talloc_asprintf(name,
				    "%s\nPRAGMA application_id = %d; PRAGMA user_version = %d;"
				    " PRAGMA journal_mode = wal;",
				    read_file(name, name), SCHEMA_APPLICATION_ID, version);
	sqlite3 *db = open_file(path);

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", name, sqlite3_errmsg(db));
	sqlite3_close(db);
	talloc_free(name);
}

/* FNV-1a. */
static void add(uint64_t *sum, const void *data, size_t len)
{
	const unsigned char *octet = data;

	for (size_t i = 0; i < len; i++)
		*sum = (*sum ^ octet[i]) * 0x100000001b3ULL;
}

static void add_rows(uint64_t *sum, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const void *value = sqlite3_column_blob(s, i);
			int len = sqlite3_column_bytes(s, i);

			add(sum, &len, sizeof(len));
			add(sum, value, len);
		}
	}
	sqlite3_finalize(s);
}

uint64_t release_content(const char *path, const char *tables)
{
	uint64_t sum = 0xcbf29ce484222325ULL;
	sqlite3 *db = open_file(path);
	sqlite3_stmt *s;
	char *sql;

	add_rows(&sum, db, "SELECT name, sql FROM sqlite_schema ORDER BY name");
	add_rows(&sum, db, "PRAGMA user_version");
	sqlite3_prepare_v2(db,
			   "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ?"
			   " ORDER BY name",
			   -1, &s, NULL);
	sqlite3_bind_text(s, 1, tables, -1, SQLITE_STATIC);
	while (sqlite3_step(s) == SQLITE_ROW) {
		sql = sqlite3_mprintf("SELECT * FROM %s ORDER BY rowid", sqlite3_column_text(s, 0));
		add_rows(&sum, db, sql);
		sqlite3_free(sql);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	return sum;
}
