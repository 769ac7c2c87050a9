/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/machine.h"
#include "gateway/store/schema.h"
#include "gateway/store/sqlite.h"

#define BUSY_MS 5000

struct check {
	void *ctx;
	sqlite3 *db;     /* the one that is checked */
	sqlite3 *replay; /* what its log makes of an empty one */
	void (*report)(void *data, const char *line);
	void *data;
	int found;
	int err; /* sticky: it cannot be read */
};

static void found(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void found(struct check *c, const char *fmt, ...)
{
	va_list ap;
	char *line;

	va_start(ap, fmt);
	line = talloc_vasprintf(c->ctx, fmt, ap);
	va_end(ap);
	c->found++;
	c->report(c->data, line);
	talloc_free(line);
}

static sqlite3_stmt *prepare(struct check *c, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int rc = c->err ? SQLITE_OK : sqlite3_prepare_v2(db, sql, -1, &s, NULL);

	if (rc != SQLITE_OK)
		c->err = store_sqlite_errno(rc);
	return s;
}

/* \returns true for a row. */
static bool step(struct check *c, sqlite3_stmt *s)
{
	int rc = s && !c->err ? sqlite3_step(s) : SQLITE_DONE;

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		c->err = store_sqlite_errno(rc);
	return rc == SQLITE_ROW;
}

static const char *text(sqlite3_stmt *s, int column)
{
	const unsigned char *value = sqlite3_column_text(s, column);

	return value ? (const char *)value : "nothing";
}

static void check_file(struct check *c)
{
	sqlite3_stmt *s = prepare(c, c->db, "PRAGMA integrity_check");

	while (step(c, s)) {
		if (strcmp(text(s, 0), "ok") != 0)
			found(c, "file: %s", text(s, 0));
	}
	sqlite3_finalize(s);
	s = prepare(c, c->db, "PRAGMA foreign_key_check");
	while (step(c, s))
		found(c, "%s %s: refers to a row of %s that is not there", text(s, 0), text(s, 1),
		      text(s, 2));
	sqlite3_finalize(s);
}

static sqlite3 *empty(struct check *c, enum schema_dialect dialect)
{
	char *sql = schema_sql(c->ctx, dialect);
	sqlite3 *db = NULL;
	int rc = sqlite3_open(":memory:", &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK && !c->err)
		c->err = store_sqlite_errno(rc);
	talloc_free(sql);
	return db;
}

/* One row of each of two statements that are in the same order; the first column is its name. */

struct pair {
	const char *table;
	sqlite3_stmt *is, *ought;
	bool is_row, ought_row;
};

static int pair_order(const struct pair *p)
{
	sqlite3_stmt *a = p->is, *b = p->ought;
	int64_t x, y;

	if (!p->is_row || !p->ought_row)
		return p->is_row ? -1 : 1;
	if (sqlite3_column_type(a, 0) == SQLITE_TEXT || sqlite3_column_type(b, 0) == SQLITE_TEXT)
		return strcmp(text(a, 0), text(b, 0));
	x = sqlite3_column_int64(a, 0);
	y = sqlite3_column_int64(b, 0);
	return (x > y) - (x < y);
}

/* As much of a value as a line of the report holds: the whole text of a trigger helps nobody. */
static int shown(const char *value)
{
	size_t len = strcspn(value, "\n");

	return len < 200 ? len : 200;
}

static void pair_differs(struct check *c, const struct pair *p)
{
	for (int i = 1; i < sqlite3_column_count(p->is); i++) {
		const char *is = text(p->is, i), *ought = text(p->ought, i);

		if (strcmp(is, ought) != 0)
			found(c, "%s %s: %s is %.*s and ought to be %.*s", p->table, text(p->is, 0),
			      sqlite3_column_name(p->is, i), shown(is), is, shown(ought), ought);
	}
}

/* Walk through both and tell what is too much, missing or different in the first. */
static void compare(struct check *c, struct pair p)
{
	p.is_row = step(c, p.is);
	p.ought_row = step(c, p.ought);
	while (!c->err && (p.is_row || p.ought_row)) {
		int order = pair_order(&p);

		if (order < 0)
			found(c, "%s %s: ought not to be there", p.table, text(p.is, 0));
		else if (order > 0)
			found(c, "%s %s: is missing", p.table, text(p.ought, 0));
		else
			pair_differs(c, &p);
		if (order <= 0)
			p.is_row = step(c, p.is);
		if (order >= 0)
			p.ought_row = step(c, p.ought);
	}
	sqlite3_finalize(p.is);
	sqlite3_finalize(p.ought);
}

static void compare_query(struct check *c, const char *table, sqlite3 *ought, const char *sql)
{
	compare(c, (struct pair){ .table = table,
				  .is = prepare(c, c->db, sql),
				  .ought = prepare(c, ought, sql) });
}

static void check_schema(struct check *c)
{
	static const struct {
		const char *table, *sql;
	} queries[] = {
		{ "schema",
		  "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
		  " ORDER BY 1" },
		{ "fsm_machine", "SELECT machine, live FROM fsm_machine ORDER BY 1" },
		{ "fsm_state", "SELECT machine || '.' || state FROM fsm_state ORDER BY 1" },
		{ "fsm_transition", "SELECT machine || '.' || from_state || '.' || event, to_state"
				    " FROM fsm_transition ORDER BY 1" },
		{ "fsm_role", "SELECT machine || '.' || from_state || '.' || event || '.' || role"
			      " FROM fsm_role ORDER BY 1" },
		{ "fsm_guard",
		  "SELECT machine || '.' || from_state || '.' || event || '.' || guard, kind"
		  " FROM fsm_guard ORDER BY 1" },
		{ "fsm_notify",
		  "SELECT machine || '.' || from_state || '.' || event || '.' || role || ':' || name,"
		  " condition FROM fsm_notify ORDER BY 1" },
		{ "fsm_field",
		  "SELECT machine || '.' || event || '.' || field, type, lowest, required"
		  " FROM fsm_field ORDER BY 1" },
	};
	sqlite3 *fresh = empty(c, SCHEMA_SQLITE);

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		compare_query(c, queries[i].table, fresh, queries[i].sql);
	sqlite3_close(fresh);
}

/* The log itself: no row taken out, every step one that the machine has. */
static void check_log(struct check *c)
{
	static const char sql[] =
		"SELECT e.id, e.machine, e.event, e.id <> row_number() OVER (ORDER BY e.id),"
		" NOT EXISTS (SELECT 1 FROM fsm_transition t WHERE t.machine = e.machine"
		"  AND t.from_state = e.from_state AND t.event = e.event AND t.to_state = e.to_state),"
		" e.seq <> row_number() OVER subject"
		"  OR e.from_state <> coalesce(lag(e.to_state) OVER subject, '_')"
		" FROM event_log e WINDOW subject AS (PARTITION BY e.subject_id ORDER BY e.id) ORDER BY e.id";
	sqlite3_stmt *s = prepare(c, c->db, sql);
	bool gap = false;

	while (step(c, s)) {
		if (sqlite3_column_int(s, 3) && !gap)
			found(c, "event_log %s: a row before it is missing", text(s, 0));
		gap = gap || sqlite3_column_int(s, 3);
		if (sqlite3_column_int(s, 4))
			found(c, "event_log %s: %s.%s is no step of the machine", text(s, 0),
			      text(s, 1), text(s, 2));
		if (sqlite3_column_int(s, 5))
			found(c, "event_log %s: it does not follow the event before it",
			      text(s, 0));
	}
	sqlite3_finalize(s);
}

/* Row by row, as it was written: a projection reads those of the rows before. */
static void replay(struct check *c)
{
	sqlite3_stmt *from = prepare(c, c->db,
				     "SELECT id, machine, subject_id, seq, event, from_state,"
				     " to_state, actor, role, channel, idem, at, payload"
				     " FROM event_log ORDER BY id");
	sqlite3_stmt *to = prepare(c, c->replay,
				   "INSERT INTO event_log VALUES"
				   " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	while (step(c, from)) {
		for (int i = 0; i < sqlite3_column_count(from); i++)
			sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
		if (sqlite3_step(to) != SQLITE_DONE)
			found(c, "event_log %s: cannot be replayed: %s", text(from, 0),
			      sqlite3_errmsg(c->replay));
		sqlite3_reset(to);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(to);
}

static void check_projection(struct check *c, const char *table)
{
	char *sql = talloc_asprintf(c->ctx, "SELECT * FROM %s ORDER BY id", table);

	compare_query(c, table, c->replay, sql);
	talloc_free(sql);
}

static void check_projections(struct check *c)
{
	c->replay = empty(c, SCHEMA_REPLAY);
	replay(c);
	check_projection(c, "subject");
	check_projection(c, "contact_scope");
	for (size_t i = 0; machine_live(i); i++)
		check_projection(c, machine_table(machine_live(i)));
	sqlite3_close(c->replay);
}

static void check_all(struct check *c)
{
	check_file(c);
	check_schema(c);
	check_log(c);
	check_projections(c);
}

int store_check_connection(void *ctx, sqlite3 *db, void (*report)(void *data, const char *line),
			   void *data)
{
	struct check c = { .ctx = talloc_new(ctx), .db = db, .report = report, .data = data };

	check_all(&c);
	talloc_free(c.ctx);
	return c.err ? c.err : c.found;
}

int store_check(void *ctx, const char *path, void (*report)(void *data, const char *line),
		void *data, char **error)
{
	void *tmp = talloc_new(ctx);
	char *sentence = NULL;
	struct store *st;
	int rc = store_open(&st, tmp, path, BUSY_MS, &sentence);

	if (!rc) {
		sqlite3 *db = store_sqlite(st);

		sqlite3_exec(db, "BEGIN", NULL, NULL, NULL); /* one moment for all that is read */
		rc = store_check_connection(tmp, db, report, data);
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		if (rc < 0)
			sentence = store_sqlite_sentence(tmp, db, path, rc);
	}
	if (rc < 0 && error)
		*error = talloc_steal(ctx, sentence);
	talloc_free(tmp);
	return rc;
}
