/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/create.h"

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/demo.h"
#include "gateway/store/newfile.h"
#include "gateway/store/schema.h"
#include "gateway/store/sqlite.h"

/* The schema, in one transaction. */
static int fill(void *ctx, const char *path, char **error)
{
	char *sql = talloc_asprintf(ctx,
				    "BEGIN IMMEDIATE; PRAGMA application_id = %d;"
				    " PRAGMA user_version = %d;\n%sCOMMIT;",
				    SCHEMA_APPLICATION_ID, SCHEMA_VERSION,
				    schema_sql(ctx, SCHEMA_SQLITE));
	sqlite3 *db = NULL;
	int rc, err = store_sqlite_open(&db, ctx, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
					0, error);

	if (err)
		return err;
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		err = store_sqlite_errno(rc);
		*error = store_sqlite_sentence(ctx, db, path, err);
	}
	sqlite3_close(db);
	return err;
}

static int fill_demo(void *ctx, const char *path, char **error)
{
	struct store *st;
	int err = store_open(&st, ctx, path, 0, error);

	if (err)
		return err;
	err = demo_fill(st, error);
	if (err)
		talloc_steal(ctx, *error);
	talloc_free(st);
	return err;
}

static int create(void *ctx, const char *path, bool demo, char **error)
{
	struct newfile *file;
	int err = newfile_begin(&file, ctx, path, error);

	if (err)
		return err;
	err = fill(ctx, newfile_temp(file), error);
	if (!err && demo)
		err = fill_demo(ctx, newfile_temp(file), error);
	return err ? err : newfile_keep(file, error);
}

int store_create(void *ctx, const char *path, bool demo, char **error)
{
	void *tmp = talloc_new(ctx);
	char *sentence = NULL;
	int err = create(tmp, path, demo, &sentence);

	if (err && error)
		*error = talloc_steal(ctx, sentence);
	talloc_free(tmp);
	return err;
}
