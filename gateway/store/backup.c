/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/backup.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/check.h"
#include "gateway/store/newfile.h"
#include "gateway/store/sqlite.h"

#define BUSY_MS 5000

/* All pages in one step: one moment of the database. */
static int copy(void *ctx, sqlite3 *from, const char *to, char **error)
{
	sqlite3 *db = NULL;
	sqlite3_backup *backup = NULL;
	int rc = sqlite3_open_v2(to, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	int err;

	OSMO_ASSERT(db);
	sqlite3_extended_result_codes(db, 1);
	if (rc == SQLITE_OK)
		backup = sqlite3_backup_init(db, "main", from, "main");
	if (backup)
		sqlite3_backup_step(backup, -1);
	rc = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(db);
	err = store_sqlite_errno(rc);
	if (err)
		*error = store_sqlite_sentence(ctx, db, to, err);
	sqlite3_close(db);
	return err;
}

static void note_first(void *data, const char *line)
{
	char **first = data;

	if (!*first)
		*first = talloc_strdup(NULL, line);
}

/* It is opened as a gateway would, and its log must give what stands in it. */
static int prove(void *ctx, const char *copy, const char *to, char **error)
{
	char *first = NULL;
	int n = store_check(ctx, copy, note_first, &first, error);

	if (n > 0)
		*error = talloc_asprintf(ctx,
					 "%s: is not kept, it would not restore: %s; look at the "
					 "database with:  chappectl db check",
					 to, first);
	else if (n < 0)
		*error = talloc_asprintf(ctx, "%s: is not kept, it would not restore: %s", to,
					 *error);
	talloc_free(first);
	return n > 0 ? -EUCLEAN : n;
}

/* This program cannot play the log of an older version: the file must be whole, and that is all. */
static int prove_old(void *ctx, const char *copy, const char *to, char **error)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	bool whole = sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
		     && sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL) == SQLITE_OK
		     && sqlite3_step(s) == SQLITE_ROW
		     && strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;

	sqlite3_finalize(s);
	sqlite3_close(db);
	if (whole)
		return 0;
	*error = talloc_asprintf(ctx, "%s: is not kept, it would not restore: the file is damaged",
				 to);
	return -EUCLEAN;
}

static int backup_to(void *ctx, sqlite3 *db, const char *to,
		     int (*proof)(void *ctx, const char *copy, const char *to, char **error),
		     char **error)
{
	struct newfile *file;
	int err = newfile_begin(&file, ctx, to, error);

	if (!err)
		err = copy(ctx, db, newfile_temp(file), error);
	if (!err)
		err = proof(ctx, newfile_temp(file), to, error);
	return err ? err : newfile_keep(file, error);
}

int store_backup_old(void *ctx, sqlite3 *db, const char *to, char **error)
{
	void *tmp = talloc_new(ctx);
	int err = backup_to(tmp, db, to, prove_old, error);

	if (err)
		talloc_steal(ctx, *error);
	talloc_free(tmp);
	return err;
}

int store_backup(void *ctx, const char *path, const char *to, char **error)
{
	void *tmp = talloc_new(ctx);
	char *sentence = NULL;
	struct store *st;
	int err = store_open(&st, tmp, path, BUSY_MS, &sentence);

	if (!err)
		err = backup_to(tmp, store_sqlite(st), to, prove, &sentence);
	if (err && error)
		*error = talloc_steal(ctx, sentence);
	talloc_free(tmp);
	return err;
}
