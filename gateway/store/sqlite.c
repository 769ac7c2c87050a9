/* The SQLite driver: one connection, its settings, statements and errors.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/store/sqlite.h"

#include <errno.h>
#include <malloc.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/schema.h"

#define STORE_PARAMS_MAX 24

/* A statement, prepared at its first use and kept. SQLite numbers $n by first
 * appearance, not by n: param[n] is the index that it gave to $n. */
struct store_rows {
	struct store *st;
	sqlite3_stmt *stmt;
	int param[STORE_PARAMS_MAX + 1];
	bool open;
};

struct store {
	sqlite3 *db;
	char *path;
	char *error;
	int err; /* of that error */
	struct store_rows slot[_STORE_STMT_NUM];
};

sqlite3 *store_sqlite(struct store *st)
{
	return st->db;
}

/* A write that failed left nothing behind and may be tried again, whatever the reason; a failed fsync may not. */
static int io_errno(int rc)
{
	switch (rc) {
	case SQLITE_IOERR_WRITE:
	case SQLITE_IOERR_TRUNCATE:
	case SQLITE_IOERR_SHMSIZE:
		return -ENOSPC;
	default:
		return -EIO;
	}
}

int store_sqlite_errno(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_IOERR:
		return io_errno(rc);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY
		    || rc == SQLITE_CONSTRAINT_ROWID)
			return -EEXIST;
		return rc == SQLITE_CONSTRAINT_TRIGGER ? -EPERM : -EPROTO;
	default:
		return -EPROTO;
	}
}

char *store_sqlite_sentence(void *ctx, sqlite3 *db, const char *path, int err)
{
	switch (err) {
	case -EBUSY:
		return talloc_asprintf(ctx, "%s: another program holds the database: try again",
				       path);
	case -ENOSPC:
		return talloc_asprintf(ctx, "%s: the disk is full: make room, then try again",
				       path);
	case -EIO:
		return talloc_asprintf(ctx, "%s: the disk failed (%s): check it, then start again",
				       path, sqlite3_errmsg(db));
	case -EUCLEAN:
		return talloc_asprintf(
			ctx, "%s: the database is damaged or none of ours (%s): restore a backup",
			path, sqlite3_errmsg(db));
	case -EACCES:
		return talloc_asprintf(
			ctx,
			"%s: the database cannot be written: check the owner of file and folder",
			path);
	default:
		return talloc_strdup(ctx, sqlite3_errmsg(db));
	}
}

/* A PRAGMA that is misspelt or out of reach is accepted in silence: each is read back. */
static const struct {
	const char *name;
	const char *set;
	const char *is;
} pragmas[] = {
	/* clang-format off */
	{ "journal_mode", "wal", "wal" },
	{ "synchronous", "full", "2" },
	{ "foreign_keys", "on", "1" },
	{ "recursive_triggers", "on", "1" },
	{ "secure_delete", "on", "1" },
	{ "trusted_schema", "off", "0" },
	{ "cell_size_check", "on", "1" },
	{ "temp_store", "memory", "2" },
	{ "cache_size", "-16384", "-16384" },
	{ "journal_size_limit", "67108864", "67108864" },
	/* clang-format on */
};

/* First column of the first row as text, into a buffer. */
static int read_text(sqlite3 *db, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(s, 0);

		snprintf(out, size, "%s", text ? (const char *)text : "");
	}
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? SQLITE_OK : rc == SQLITE_DONE ? SQLITE_ERROR : rc;
}

static int set_pragma(sqlite3 *db, void *ctx, const char *path, size_t i, char **error)
{
	char sql[80], is[40] = "";
	int rc;

	snprintf(sql, sizeof(sql), "PRAGMA %s = %s", pragmas[i].name, pragmas[i].set);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	snprintf(sql, sizeof(sql), "PRAGMA %s", pragmas[i].name);
	if (rc == SQLITE_OK)
		rc = read_text(db, sql, is, sizeof(is));
	if (rc != SQLITE_OK) {
		int err = store_sqlite_errno(rc);

		*error = store_sqlite_sentence(ctx, db, path, err);
		return err;
	}
	if (strcmp(is, pragmas[i].is) != 0) {
		*error = talloc_asprintf(ctx, "%s: PRAGMA %s stays %s instead of %s", path,
					 pragmas[i].name, is, pragmas[i].is);
		return -EPROTO;
	}
	return 0;
}

static void set_config(sqlite3 *db)
{
	static const struct {
		int op, value;
	} configs[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },   { SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 1 }, { SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },     { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 }, { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		sqlite3_db_config(db, configs[i].op, configs[i].value, NULL);
}

/* The frames of nested triggers are large: glibc's default maps and unmaps them
 * for each statement, which costs more than the statement. */
static void set_malloc(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
		       0); /* nobody reads them; refused after the first use */
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 16 << 20);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

/* Whose file is it? Asked before anything in it is touched. */
static int check_identity(sqlite3 *db, void *ctx, const char *path, bool old, char **error)
{
	char id[24], version[24];
	int rc, err;

	rc = read_text(db, "PRAGMA application_id", id, sizeof(id));
	if (rc == SQLITE_OK)
		rc = read_text(db, "PRAGMA user_version", version, sizeof(version));
	if (rc != SQLITE_OK) {
		err = store_sqlite_errno(rc);
		*error = store_sqlite_sentence(ctx, db, path, err);
		return err;
	}
	if (strtoll(id, NULL, 10) != SCHEMA_APPLICATION_ID) {
		*error = talloc_asprintf(ctx,
					 "%s: this is no database of Chappe: name another file, or"
					 " make one with `chappectl db init`",
					 path);
		return -EUCLEAN;
	}
	if (strtoll(version, NULL, 10) > SCHEMA_VERSION) {
		*error = talloc_asprintf(ctx,
					 "%s: the database has schema version %s and this program"
					 " knows %d: install the newer Chappe",
					 path, version, SCHEMA_VERSION);
		return -ENOTSUP;
	}
	if (strtoll(version, NULL, 10) < SCHEMA_VERSION && !old) {
		*error = talloc_asprintf(
			ctx,
			"%s: the database has schema version %s and this program"
			" works with %d: bring it there with `chappectl db migrate`",
			path, version, SCHEMA_VERSION);
		return -ESTALE;
	}
	return 0;
}

static int open_file(sqlite3 **out, void *ctx, const char *path, int flags, int busy_ms, bool old,
		     char **error)
{
	sqlite3 *db;
	int err = 0;
	int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
				 NULL);

	OSMO_ASSERT(db);
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, busy_ms);
	if (rc != SQLITE_OK) {
		err = store_sqlite_errno(rc);
		*error = store_sqlite_sentence(ctx, db, path, err);
	} else if (sqlite3_db_readonly(db, "main") == 1) {
		err = -EACCES;
		*error = store_sqlite_sentence(ctx, db, path, err);
	}
	set_config(db);
	if (!err && !(flags & SQLITE_OPEN_CREATE))
		err = check_identity(db, ctx, path, old, error);
	for (size_t i = 0; !err && i < ARRAY_SIZE(pragmas); i++)
		err = set_pragma(db, ctx, path, i, error);
	if (err) {
		sqlite3_close(db);
		return err;
	}
	*out = db;
	return 0;
}

int store_sqlite_open(sqlite3 **out, void *ctx, const char *path, int flags, int busy_ms,
		      char **error)
{
	return open_file(out, ctx, path, flags, busy_ms, false, error);
}

int store_sqlite_open_old(sqlite3 **out, void *ctx, const char *path, int busy_ms, char **error)
{
	return open_file(out, ctx, path, SQLITE_OPEN_READWRITE, busy_ms, true, error);
}

static int store_destroy(struct store *st)
{
	for (int i = 0; i < _STORE_STMT_NUM; i++)
		sqlite3_finalize(st->slot[i].stmt);
	sqlite3_close(st->db);
	return 0;
}

void store_tune_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 16 << 20);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

int store_open(struct store **out, void *ctx, const char *path, int busy_ms, char **error)
{
	char *sentence = NULL;
	sqlite3 *db = NULL;
	struct stat sb;
	int err = 0;

	if (stat(path, &sb) < 0) {
		err = errno == ENOENT ? -ENOENT : -EACCES;
		sentence = talloc_asprintf(
			ctx,
			err == -ENOENT
				? "%s: there is no database: make one with `chappectl db init`"
				: "%s: the folder of the database cannot be read",
			path);
	} else {
		set_malloc();
		err = store_sqlite_open(&db, ctx, path, SQLITE_OPEN_READWRITE, busy_ms, &sentence);
	}
	if (err) {
		if (error)
			*error = sentence;
		else
			talloc_free(sentence);
		return err;
	}
	*out = talloc_zero(ctx, struct store);
	OSMO_ASSERT(*out);
	(*out)->db = db;
	(*out)->path = talloc_strdup(*out, path);
	talloc_set_destructor(*out, store_destroy);
	return 0;
}

const char *store_error(const struct store *st)
{
	return st->error ? st->error : "";
}

int store_errno(const struct store *st)
{
	return st->err;
}

static int fail(struct store *st, int rc)
{
	int err = store_sqlite_errno(rc);

	st->err = err;
	talloc_free(st->error);
	st->error = store_sqlite_sentence(st, st->db, st->path, err);
	return err;
}

static int run(struct store *st, const char *sql)
{
	int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(st, rc);
}

int store_begin(struct store *st)
{
	return run(st, "BEGIN IMMEDIATE");
}

int store_commit(struct store *st)
{
	return run(st, "COMMIT");
}

void store_rollback(struct store *st)
{
	if (store_in_transaction(st))
		run(st, "ROLLBACK");
}

bool store_in_transaction(const struct store *st)
{
	return !sqlite3_get_autocommit(st->db);
}

int store_mark(struct store *st)
{
	return run(st, "SAVEPOINT mark");
}

int store_unmark(struct store *st)
{
	return run(st, "RELEASE mark");
}

int store_undo(struct store *st)
{
	int err = run(st, "ROLLBACK TO mark");

	return err ? err : run(st, "RELEASE mark");
}

static int prepare(struct store *st, struct store_rows *rows, enum store_stmt stmt)
{
	char name[8];
	int rc;

	if (rows->stmt)
		return 0;
	rc = sqlite3_prepare_v3(st->db, store_sql[stmt], -1, SQLITE_PREPARE_PERSISTENT, &rows->stmt,
				NULL);
	if (rc != SQLITE_OK)
		return fail(st, rc);
	rows->st = st;
	for (int n = 1; n <= STORE_PARAMS_MAX; n++) {
		snprintf(name, sizeof(name), "$%d", n);
		rows->param[n] = sqlite3_bind_parameter_index(rows->stmt, name);
	}
	return 0;
}

static int bind(struct store_rows *rows, int n, const struct store_arg *arg)
{
	int i = n <= STORE_PARAMS_MAX ? rows->param[n] : 0;

	switch (arg->type) {
	case STORE_ARG_INT:
		return sqlite3_bind_int64(rows->stmt, i, arg->i);
	case STORE_ARG_TEXT:
		return sqlite3_bind_text(rows->stmt, i, arg->p, -1, SQLITE_STATIC);
	case STORE_ARG_BLOB:
		return sqlite3_bind_blob64(rows->stmt, i, arg->p, arg->n, SQLITE_STATIC);
	case STORE_ARG_NULL:
	case STORE_ARG_END:
		break;
	}
	return sqlite3_bind_null(rows->stmt, i);
}

static int start(struct store *st, struct store_rows **out, enum store_stmt stmt,
		 const struct store_arg *args)
{
	struct store_rows *rows = &st->slot[stmt];
	int err = prepare(st, rows, stmt);
	int n = 0;

	if (err)
		return err;
	OSMO_ASSERT(!rows->open);
	for (; args && args[n].type != STORE_ARG_END; n++) {
		int rc = bind(rows, n + 1, &args[n]);

		if (rc != SQLITE_OK)
			return fail(st, rc);
	}
	OSMO_ASSERT(n == sqlite3_bind_parameter_count(rows->stmt));
	rows->open = true;
	*out = rows;
	return 0;
}

int store_exec(struct store *st, enum store_stmt stmt, const struct store_arg *args)
{
	struct store_rows *rows;
	int rc, err = start(st, &rows, stmt, args);

	if (err)
		return err;
	rc = sqlite3_step(rows->stmt);
	err = rc == SQLITE_DONE  ? sqlite3_changes(st->db)
	      : rc == SQLITE_ROW ? -EPROTO
				 : fail(st, rc);
	store_done(rows);
	return err;
}

struct store_rows *store_query(struct store *st, enum store_stmt stmt, const struct store_arg *args)
{
	struct store_rows *rows;

	return start(st, &rows, stmt, args) ? NULL : rows;
}

int store_next(struct store_rows *rows)
{
	int rc = sqlite3_step(rows->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : fail(rows->st, rc);
}

int64_t store_int(const struct store_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

const char *store_text(const struct store_rows *rows, int column)
{
	const unsigned char *text = sqlite3_column_text(rows->stmt, column);

	return text ? (const char *)text : "";
}

bool store_is_null(const struct store_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

const void *store_blob(const struct store_rows *rows, int column, size_t *len)
{
	const void *data = sqlite3_column_blob(rows->stmt, column);

	*len = sqlite3_column_bytes(rows->stmt, column);
	return data;
}

void store_done(struct store_rows *rows)
{
	if (!rows)
		return;
	rows->open = false;
	sqlite3_reset(rows->stmt);
	sqlite3_clear_bindings(rows->stmt);
}

int store_get_int(struct store *st, int64_t *out, enum store_stmt stmt,
		  const struct store_arg *args)
{
	struct store_rows *rows;
	int rc = start(st, &rows, stmt, args);

	if (rc)
		return rc;
	rc = store_next(rows);
	if (rc == 1)
		*out = store_int(rows, 0);
	store_done(rows);
	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

int64_t store_last_id(struct store *st)
{
	return sqlite3_last_insert_rowid(st->db);
}

int store_scrub(struct store *st)
{
	int64_t size = 0, busy = 0;
	int rc = store_get_int(st, &size, STORE_STMT_SIZE, NULL);

	if (!rc && size <= STORE_SCRUB_MAX)
		rc = store_exec(st, STORE_STMT_VACUUM, NULL);
	if (rc < 0)
		return rc;
	rc = store_get_int(st, &busy, STORE_STMT_CHECKPOINT, NULL);
	return rc ? rc : busy ? -EBUSY : size > STORE_SCRUB_MAX ? -EFBIG : 0;
}

int64_t store_foreign_changes(struct store *st)
{
	int64_t version = 0;

	store_get_int(st, &version, STORE_STMT_DATA_VERSION, NULL);
	return version;
}

int64_t store_changes(const struct store *st)
{
	return sqlite3_total_changes64(st->db);
}

void store_rest(struct store *st)
{
	sqlite3_db_release_memory(st->db);
	malloc_trim(0);
}

int64_t store_now(struct store *st)
{
	int64_t now = time(NULL);

	store_get_int(st, &now, STORE_STMT_NOW, NULL);
	return now;
}
