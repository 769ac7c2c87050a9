/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/migrate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/backup.h"
#include "gateway/store/check.h"
#include "gateway/store/clause.h"
#include "gateway/store/machine.h"
#include "gateway/store/schema.h"
#include "gateway/store/sqlite.h"
#include "messages/embed.h"

EMBED(migrate_clauses, "gateway/store/migrations.sql");

#define BUSY_MS     5000
/* Events that are played by one statement: they wait in memory. */
#define EVENTS_STEP 10000

struct migration {
	void *ctx;
	const char *path;
	sqlite3 *db;
	int from;
	int err; /* sticky */
	char *sentence;
};

static void fail(struct migration *m, int err, char *sentence)
{
	if (m->err)
		return;
	m->err = err;
	m->sentence = sentence;
}

static void failed(struct migration *m, int rc)
{
	int err = store_sqlite_errno(rc);

	if (err == -EBUSY)
		fail(m, err,
		     talloc_asprintf(m->ctx,
				     "%s: another program has the database open: stop it, then try "
				     "again",
				     m->path));
	else
		fail(m, err, store_sqlite_sentence(m->ctx, m->db, m->path, err));
}

/* One or more statements, unless something failed before. */
static void run(struct migration *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void run(struct migration *m, const char *fmt, ...)
{
	va_list ap;
	char *sql;
	int rc;

	if (m->err)
		return;
	va_start(ap, fmt);
	sql = talloc_vasprintf(m->ctx, fmt, ap);
	va_end(ap);
	rc = sqlite3_exec(m->db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		failed(m, rc);
	talloc_free(sql);
}

/* The first column of all rows, parted by line breaks; "" if there is none. */
static char *ask(struct migration *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static char *ask(struct migration *m, const char *fmt, ...)
{
	char *out = talloc_strdup(m->ctx, ""), *sql;
	sqlite3_stmt *s = NULL;
	va_list ap;
	int rc;

	if (m->err)
		return out;
	va_start(ap, fmt);
	sql = talloc_vasprintf(m->ctx, fmt, ap);
	va_end(ap);
	rc = sqlite3_prepare_v2(m->db, sql, -1, &s, NULL);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(s);
		if (rc == SQLITE_ROW)
			out = talloc_asprintf_append_buffer(
				out, "%s%s", *out ? "\n" : "",
				(const char *)sqlite3_column_text(s, 0));
	}
	if (rc != SQLITE_DONE)
		failed(m, rc);
	sqlite3_finalize(s);
	talloc_free(sql);
	OSMO_ASSERT(out);
	return out;
}

static int64_t ask_int(struct migration *m, const char *sql)
{
	char *text = ask(m, "%s", sql);
	int64_t value = strtoll(text, NULL, 10);

	talloc_free(text);
	return value;
}

/* Call a function for each name that a query gives. */
static void each(struct migration *m, const char *query,
		 void (*act)(struct migration *m, char *name))
{
	char *names = ask(m, "%s", query), *rest = names, *name;

	while (*names && (name = strsep(&rest, "\n")))
		act(m, name);
	talloc_free(names);
}

/* ---- what the program brings along goes ---- */

static void drop(struct migration *m, char *type_and_name)
{
	run(m, "DROP %s", type_and_name);
}

static void drop_derived(struct migration *m)
{
	each(m,
	     "SELECT type || ' ' || name FROM sqlite_schema"
	     " WHERE type IN ('trigger', 'view') ORDER BY type, name",
	     drop);
}

static void set_aside(struct migration *m, char *table)
{
	run(m, "ALTER TABLE %s RENAME TO was_%s", table, table);
}

/* Every table makes room for the one of this version. */
static void set_tables_aside(struct migration *m)
{
	each(m,
	     "SELECT type || ' ' || name FROM sqlite_schema"
	     " WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
	     drop);
	each(m,
	     "SELECT name FROM sqlite_schema WHERE type = 'table'"
	     " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
	     set_aside);
}

/* ---- what people and gateway wrote is copied ---- */

/* Neither the log, nor made of it, nor part of the program. */
static bool is_plain(const char *table)
{
	static const char *const others[] = { "event_log", "subject", "contact_scope", "firing" };

	for (size_t i = 0; machine_live(i); i++) {
		if (strcmp(machine_table(machine_live(i)), table) == 0)
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(others[i], table) == 0)
			return false;
	}
	return strncmp(table, "fsm_", 4) != 0;
}

/* The columns that both have; rows and their numbers are as they were. */
static void copy_table(struct migration *m, char *table)
{
	char *columns;

	if (!is_plain(table))
		return;
	columns = ask(
		m,
		"SELECT group_concat('\"' || a.name || '\"', ', ') FROM pragma_table_info('%s') a"
		" JOIN pragma_table_info('was_%s') b ON b.name = a.name",
		table, table);
	run(m, "DELETE FROM %s", table);
	run(m, "INSERT INTO %s(%s) SELECT %s FROM was_%s", table, columns, columns, table);
	talloc_free(columns);
}

/* Ids are never used again: the counters go on from where they were. */
static void copy_tables(struct migration *m)
{
	each(m,
	     "SELECT a.name FROM sqlite_schema a JOIN sqlite_schema b ON b.name = 'was_' || a.name"
	     " WHERE a.type = 'table' ORDER BY a.name",
	     copy_table);
	run(m, "DELETE FROM sqlite_sequence WHERE EXISTS (SELECT 1 FROM sqlite_sequence w"
	       " WHERE w.name = 'was_' || sqlite_sequence.name)");
	run(m, "INSERT INTO sqlite_sequence(name, seq) SELECT substr(w.name, 5), w.seq"
	       " FROM sqlite_sequence w WHERE w.name LIKE 'was\\_%%' ESCAPE '\\'"
	       " AND EXISTS (SELECT 1 FROM sqlite_schema t WHERE t.name = substr(w.name, 5))");
	run(m, "DELETE FROM meta WHERE key = 'schema'");
}

/* ---- what is made of the log is made again ---- */

static void play_log(struct migration *m)
{
	int64_t last = ask_int(m, "SELECT coalesce(max(id), 0) FROM was_event_log");

	for (int64_t id = 0; id < last && !m->err; id += EVENTS_STEP)
		run(m,
		    "INSERT INTO event_log SELECT * FROM was_event_log"
		    " WHERE id > %" PRId64 " AND id <= %" PRId64 " ORDER BY id",
		    id, id + EVENTS_STEP);
}

/* It must say of every subject what the old program had made of it. */
static void compare_subjects(struct migration *m)
{
	int64_t differ = ask_int(
		m,
		"SELECT count(*) FROM (SELECT * FROM (SELECT * FROM was_subject EXCEPT SELECT * FROM subject)"
		" UNION ALL SELECT * FROM (SELECT * FROM subject EXCEPT SELECT * FROM was_subject))");

	if (differ)
		fail(m, -EUCLEAN,
		     talloc_asprintf(m->ctx,
				     "%s: its log does not give what stands in it (%" PRId64
				     " rows): restore a backup, and tell the developers",
				     m->path, differ));
}

static void forget(struct migration *m, char *table)
{
	run(m, "DROP TABLE %s", table);
}

static void forget_old_tables(struct migration *m)
{
	each(m,
	     "SELECT name FROM sqlite_schema WHERE type = 'table'"
	     " AND name LIKE 'was\\_%' ESCAPE '\\' ORDER BY name",
	     forget);
}

/* ---- all of it ---- */

/* The clauses of one moment, from the version of the file on. */
static void run_clauses(struct migration *m, const char *moment)
{
	struct clauses *cs = clauses_load(m->ctx, migrate_clauses);

	for (size_t i = 0; i < cs->n; i++) {
		const struct clause *c = &cs->clause[i];

		if (strcmp(c->word[2], moment) == 0 && strtol(c->word[1], NULL, 10) >= m->from)
			run(m, "%s", c->sql);
	}
	talloc_free(cs);
}

static void run_schema(struct migration *m, enum schema_dialect dialect)
{
	char *sql = schema_sql(m->ctx, dialect);

	run(m, "%s", sql);
	talloc_free(sql);
}

static void note_first(void *data, const char *line)
{
	struct migration *m = data;

	fail(m, -EUCLEAN,
	     talloc_asprintf(m->ctx, "%s: it is left as it was, the new one would not be whole: %s",
			     m->path, line));
}

static void prove(struct migration *m)
{
	int n = m->err ? 0 : store_check_connection(m->ctx, m->db, note_first, m);

	if (n < 0)
		fail(m, n, store_sqlite_sentence(m->ctx, m->db, m->path, n));
}

static void transform(struct migration *m)
{
	drop_derived(m);
	set_tables_aside(m);
	run_schema(m, SCHEMA_REPLAY);
	copy_tables(m);
	run_clauses(m, "copied");
	play_log(m);
	compare_subjects(m);
	drop_derived(m);
	forget_old_tables(m);
	run_schema(m, SCHEMA_LIVE);
	run_clauses(m, "live");
	prove(m);
	run(m, "PRAGMA user_version = %d", SCHEMA_VERSION);
}

/* The copy has its moment in its name: an earlier one may be somebody's last resort. */
static char *copy_first(struct migration *m)
{
	time_t now = time(NULL); /* a name for people: not the clock of the platform */
	char stamp[32], *to;
	struct tm tm;
	int err;

	if (m->err)
		return NULL;
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	to = talloc_asprintf(m->ctx, "%s.version-%d.%s", m->path, m->from, stamp);
	while (access(to, F_OK) == 0)
		to = talloc_asprintf_append(to, "x");
	err = store_backup_old(m->ctx, m->db, to, &m->sentence);
	m->err = err;
	return err ? NULL : to;
}

/* The file is ours alone from its first transaction to the end: who has it open, even without doing anything, stops
 * us. The rows of other tables refer to those that go and come again, and to no other: that is proved at the end. */
static void claim(struct migration *m)
{
	run(m, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = OFF;"
	       " PRAGMA legacy_alter_table = ON; BEGIN IMMEDIATE; COMMIT");
	m->from = (int)ask_int(m, "PRAGMA user_version");
}

static char *migrate(struct migration *m)
{
	char *copy;

	claim(m);
	if (m->err || m->from == SCHEMA_VERSION)
		return NULL;
	copy = copy_first(m); /* not within a transaction: SQLite copies none that is under way */
	run(m, "BEGIN IMMEDIATE");
	if (!m->err)
		transform(m);
	run(m, "COMMIT");
	if (m->err && copy)
		unlink(copy); /* of what is there still */
	return m->err ? NULL : copy;
}

int store_migrate(void *ctx, const char *path, int *from, char **kept, char **error)
{
	void *tmp = talloc_new(ctx);
	struct migration m = { .ctx = tmp, .path = path };

	*kept = NULL;
	m.err = store_sqlite_open_old(&m.db, tmp, path, BUSY_MS, &m.sentence);
	if (!m.err) {
		*kept = talloc_steal(ctx, migrate(&m));
		*from = m.from;
		sqlite3_close(m.db);
	}
	if (m.err && error)
		*error = talloc_steal(ctx, m.sentence);
	talloc_free(tmp);
	return m.err;
}
