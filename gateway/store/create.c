/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/create.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/demo.h"
#include "gateway/store/schema.h"
#include "gateway/store/sqlite.h"

/* The schema in one transaction; a sentence in *error. */
static int fill(void *ctx, const char *path, char **error)
{
	char *sql = talloc_asprintf(ctx,
				    "BEGIN IMMEDIATE; PRAGMA application_id = %d;"
				    " PRAGMA user_version = %d;\n%sCOMMIT;",
				    SCHEMA_APPLICATION_ID, SCHEMA_VERSION,
				    schema_sql(ctx, SCHEMA_SQLITE));
	sqlite3 *db = NULL;
	int rc, err = store_sqlite_open(&db, ctx, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
					error);

	if (err)
		return err;
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		err = store_sqlite_errno(db, rc);
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

/* Errors of the file system around the database. */
static int complain(void *ctx, const char *path, int err, char **error)
{
	if (err == -EEXIST)
		*error = talloc_asprintf(
			ctx, "%s: there is a file already: remove it or name another", path);
	else
		*error = talloc_asprintf(ctx, "%s: cannot be made: %s", path, strerror(-err));
	return err;
}

/* Under root the file goes to whom the folder belongs: the gateway runs as that user. */
static int give_away(int fd, const char *folder)
{
	struct stat sb;

	if (geteuid() != 0)
		return 0;
	if (stat(folder, &sb) < 0 || fchown(fd, sb.st_uid, sb.st_gid) < 0)
		return -errno;
	return 0;
}

static int move_into_place(int fd, const char *temp, const char *path, const char *folder)
{
	int dir, err = 0;

	if (fsync(fd) < 0 || renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) < 0)
		return -errno;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fsync(dir) < 0)
		err = -errno;
	if (dir >= 0)
		close(dir);
	return err;
}

static void remove_all(void *ctx, const char *temp)
{
	unlink(temp);
	unlink(talloc_asprintf(ctx, "%s-wal", temp));
	unlink(talloc_asprintf(ctx, "%s-shm", temp));
}

static int create(void *ctx, const char *path, bool demo, char **error)
{
	char *temp = talloc_asprintf(ctx, "%s.XXXXXX", path);
	char *folder = dirname(talloc_strdup(ctx, path));
	int err, fd;

	if (access(path, F_OK) == 0)
		return complain(ctx, path, -EEXIST, error);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return complain(ctx, path, -errno, error);
	err = fill(ctx, temp, error);
	if (!err && demo)
		err = fill_demo(ctx, temp, error);
	if (!err) {
		err = give_away(fd, folder);
		if (!err)
			err = move_into_place(fd, temp, path, folder);
		if (err)
			complain(ctx, path, err, error);
	}
	if (err)
		remove_all(ctx, temp);
	close(fd);
	return err;
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
