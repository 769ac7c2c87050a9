/* Walks over the machine on SQLite and writes down what was tried and what the database said, for
 * tests/store/differential.sh, which has PostgreSQL judge the same.
 *
 * differential DATABASE N OUT	N attempts on an empty database, as rows for COPY in the file OUT; a long walk goes
 *				on until each transition and each refusal was met, and fails at twice its length
 * differential dump		the queries that show what an engine came to
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "gateway/store/machine.h"
#include "tests/store/walk.h"

/* Attempts in one transaction. */
#define GROUP 500
/* Attempts from which on all must have been met. */
#define LONG  50000

struct run {
	sqlite3 *db;
	sqlite3_stmt *fire;
	FILE *out;
	unsigned int attempts;
};

static void must(struct run *r, int rc, const char *what)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(r->db));
	exit(1);
}

static void run_sql(struct run *r, const char *sql)
{
	must(r, sqlite3_exec(r->db, sql, NULL, NULL, NULL), sql);
}

static void bind_text(struct run *r, int i, const char *text)
{
	if (text)
		must(r, sqlite3_bind_text(r->fire, i, text, -1, SQLITE_TRANSIENT), text);
}

static void bind_int(struct run *r, int i, int64_t value, bool null)
{
	if (!null)
		must(r, sqlite3_bind_int64(r->fire, i, value), "bind");
}

static int fire(struct run *r, const struct attempt *a)
{
	sqlite3_clear_bindings(r->fire);
	bind_text(r, 1, a->machine);
	bind_int(r, 2, a->subject, !a->subject);
	bind_int(r, 3, a->version, a->version < 0);
	bind_text(r, 4, a->event);
	bind_int(r, 5, a->actor, !a->actor);
	bind_text(r, 6, a->role);
	bind_text(r, 7, a->channel);
	bind_text(r, 8, a->idem);
	bind_int(r, 9, a->at, false);
	bind_text(r, 10, a->payload);
	sqlite3_step(r->fire);
	return sqlite3_reset(r->fire);
}

/* A column of COPY's text format. */
static void put_text(struct run *r, const char *text)
{
	putc('\t', r->out);
	if (!text) {
		fputs("\\N", r->out);
		return;
	}
	for (; *text; text++) {
		if (*text == '\\')
			putc('\\', r->out);
		putc(*text, r->out);
	}
}

static void put_int(struct run *r, int64_t value, bool null)
{
	if (null)
		fputs("\t\\N", r->out);
	else
		fprintf(r->out, "\t%" PRId64, value);
}

static void put(struct run *r, unsigned int n, const struct attempt *a, const char *said)
{
	fprintf(r->out, "%u", n);
	put_text(r, a->sql);
	put_text(r, a->machine);
	put_int(r, a->subject, !a->subject);
	put_int(r, a->version, a->version < 0);
	put_text(r, a->event);
	put_int(r, a->actor, !a->actor);
	put_text(r, a->role);
	put_text(r, a->channel);
	put_text(r, a->idem);
	put_int(r, a->at, false);
	put_text(r, a->payload);
	put_text(r, said);
	putc('\n', r->out);
}

static void note_refusal(struct run *r, const struct attempt *a, const char *said)
{
	sqlite3_stmt *s;

	must(r,
	     sqlite3_prepare_v2(r->db,
				"INSERT INTO refused VALUES (?1, ?2, 1)"
				" ON CONFLICT DO UPDATE SET n = n + 1",
				-1, &s, NULL),
	     "refused");
	sqlite3_bind_text(s, 1, a->sql ? "message" : a->machine, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(s, 2, said, -1, SQLITE_TRANSIENT);
	sqlite3_step(s);
	must(r, sqlite3_finalize(s), "refused");
}

static void note_moves(struct run *r)
{
	run_sql(r,
		"CREATE TEMP TABLE refused(machine, message, n, PRIMARY KEY (machine, message));"
		"CREATE TEMP TABLE moved(from_state, to_state, n, PRIMARY KEY (from_state, to_state));"
		"CREATE TEMP TRIGGER note_born AFTER INSERT ON main.message BEGIN"
		" INSERT INTO moved VALUES ('_', NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
		"CREATE TEMP TRIGGER note_move AFTER UPDATE OF state ON main.message BEGIN"
		" INSERT INTO moved VALUES (OLD.state, NEW.state, 1)"
		" ON CONFLICT DO UPDATE SET n = n + 1; END");
}

static void attempt(struct run *r, struct walk *w)
{
	struct attempt a;
	const char *said;
	int rc;

	walk_next(w, &a);
	rc = a.sql ? sqlite3_exec(r->db, a.sql, NULL, NULL, NULL) : fire(r, &a);
	said = rc ? sqlite3_errmsg(r->db) : "";
	put(r, ++r->attempts, &a, said);
	if (*said && strncmp(said, "E_", 2) != 0) {
		fprintf(stderr, "attempt %u: %s: %s\n", r->attempts, a.sql ? a.sql : a.event, said);
		exit(1);
	}
	if (*said)
		note_refusal(r, &a, said);
	walk_told(w, *said ? "refused" : "");
}

static void attempt_some(struct run *r, struct walk *w)
{
	run_sql(r, "BEGIN");
	for (int i = 0; i < GROUP; i++)
		attempt(r, w);
	run_sql(r, "COMMIT");
}

/* Print the rows of a query, unless before is NULL. \returns how many. */
static int print(struct run *r, const char *before, const char *sql)
{
	sqlite3_stmt *s;
	int n = 0;

	must(r, sqlite3_prepare_v2(r->db, sql, -1, &s, NULL), sql);
	for (; sqlite3_step(s) == SQLITE_ROW; n++) {
		if (before)
			printf("# %s%s\n", before, sqlite3_column_text(s, 0));
	}
	must(r, sqlite3_finalize(s), sql);
	return n;
}

/* What no event can come to: a cascade is always there first, or the machine has no way into it. The scenarios
 * of scenarios.tsv forge these. */
#define BEYOND                                                                          \
	"SELECT column1 FROM (VALUES ('order ready void'), ('order E_GUARD some_qty')," \
	" ('order E_GUARD no_qty'))"
#define LIVE "(SELECT machine FROM fsm_machine WHERE live = 1)"
#define MADE                                                                                      \
	"SELECT machine || ' ' || from_state || ' ' || event FROM event_log UNION"                \
	" SELECT 'message ' || t.from_state || ' ' || t.event FROM fsm_transition t JOIN moved m" \
	" ON m.from_state = t.from_state AND m.to_state = t.to_state WHERE t.machine = 'message'"

/* What was not met. \returns how much that is. */
static int missing(struct run *r, bool tell)
{
	static const char *const never[][2] = {
		{ "never made: ",
		  "SELECT machine || ' ' || from_state || ' ' || event FROM fsm_transition"
		  " WHERE machine IN " LIVE " OR machine = 'message' EXCEPT SELECT * FROM (" MADE
		  ") EXCEPT " BEYOND },
		{ "never refused: ",
		  "SELECT machine || ' E_GUARD ' || guard FROM fsm_guard WHERE machine IN " LIVE
		  " OR machine = 'message' EXCEPT SELECT machine || ' ' || message FROM refused"
		  " EXCEPT " BEYOND },
		{ "never refused: ",
		  "SELECT column1 FROM (VALUES ('E_PAYLOAD'), ('E_IDEM'), ('E_SUBJECT'), ('E_ACTOR'),"
		  " ('E_STALE'), ('E_TRANSITION'), ('E_ROLE')) EXCEPT SELECT message FROM refused" },
	};
	int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		n += print(r, tell ? never[i][0] : NULL, never[i][1]);
	return n;
}

/* What was met. */
static void tell(struct run *r)
{
	print(r, "",
	      "SELECT (SELECT count(*) FROM event_log) || ' events in the log, ' || sum(n)"
	      " || ' attempts refused' FROM refused");
	print(r, "refused: ",
	      "SELECT group_concat(n || ' ' || code, ', ') FROM (SELECT sum(n) AS n,"
	      " substr(message || ' ', 1, instr(message || ' ', ' ') - 1) AS code FROM refused GROUP BY code)");
	print(r, "transitions made: ",
	      "SELECT (SELECT count(*) FROM (" MADE ")) || ' of ' || count(*)"
	      " FROM fsm_transition WHERE machine IN " LIVE " OR machine = 'message'");
	print(r, "guards that refused: ",
	      "SELECT count(DISTINCT machine || message) || ' of ' || (SELECT count(DISTINCT machine || guard)"
	      " FROM fsm_guard WHERE machine IN " LIVE " OR machine = 'message')"
	      " FROM refused WHERE message LIKE 'E_GUARD%'");
}

/* Without what a sequence or the wall clock gave. */
static void dump(void *ctx)
{
	const struct machine *m = machine_load(ctx);
	const char *last = "";

	puts("SELECT 'log', e.* FROM event_log e ORDER BY id;\n"
	     "SELECT 'subject', s.* FROM subject s ORDER BY id;\n"
	     "SELECT 'notice', event_id, name, machine, role, person_id, state, payload,"
	     " CASE WHEN event_id > 0 THEN subject_id END, CASE WHEN event_id > 0 THEN at END"
	     " FROM notice ORDER BY event_id, name, person_id, subject_id;\n"
	     "SELECT 'message', id, state, version, number, attempts FROM message ORDER BY id;\n"
	     "SELECT 'deadline', d.* FROM deadline d ORDER BY machine, subject_id, event;");
	for (size_t i = 0; i < m->n; i++) {
		const char *machine = m->transition[i].machine;

		if (strcmp(machine, last) == 0 || !machine_is_live(machine))
			continue;
		printf("SELECT '%s', t.* FROM %s t ORDER BY id;\n", machine,
		       machine_table(machine));
		last = machine;
	}
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	struct run r = {};
	unsigned int n;
	struct walk *w;
	bool whole = true;

	if (argc < 4) {
		dump(ctx);
		talloc_free(ctx);
		return 0;
	}
	must(&r, sqlite3_open(argv[1], &r.db), argv[1]);
	run_sql(&r,
		"PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON");
	note_moves(&r);
	must(&r,
	     sqlite3_prepare_v2(
		     r.db,
		     "INSERT INTO fire(machine, subject_id, version, event, actor, role,"
		     " channel, idem, at, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		     -1, &r.fire, NULL),
	     "fire");
	r.out = fopen(argv[3], "w");
	if (!r.out) {
		perror(argv[3]);
		return 1;
	}
	n = strtoul(argv[2], NULL, 10);
	w = walk_begin(ctx, r.db);
	while (r.attempts < n || (n >= LONG && r.attempts < 2 * n && missing(&r, false)))
		attempt_some(&r, w);
	tell(&r);
	if (n >= LONG)
		whole = missing(&r, true) == 0;
	fclose(r.out);
	sqlite3_finalize(r.fire);
	sqlite3_close(r.db);
	talloc_free(ctx);
	return whole ? 0 : 1;
}
