/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/bench/bare.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#define ARGS_MAX 24

struct written {
	bool group; /* a transaction ends before it */
	bool reads;
	enum store_stmt stmt;
	struct store_arg arg[ARGS_MAX];
};

static struct {
	struct store *st;
	void *ctx; /* of the values */
	struct written *list;
	size_t n, room;
	bool group;
} tape;

int __real_store_exec(struct store *st, enum store_stmt stmt, const struct store_arg *args);
int __wrap_store_exec(struct store *st, enum store_stmt stmt, const struct store_arg *args);

struct store_rows *__real_store_query(struct store *st, enum store_stmt stmt,
				      const struct store_arg *args);
struct store_rows *__wrap_store_query(struct store *st, enum store_stmt stmt,
				      const struct store_arg *args);

static void keep(bool reads, enum store_stmt stmt, const struct store_arg *args)
{
	struct written *w;
	size_t i = 0;

	if (tape.n == tape.room) {
		tape.room = tape.room ? 2 * tape.room : 4096;
		tape.list = realloc(tape.list, tape.room * sizeof(*tape.list));
		OSMO_ASSERT(tape.list);
	}
	w = &tape.list[tape.n++];
	w->group = tape.group;
	w->reads = reads;
	w->stmt = stmt;
	tape.group = false;
	for (; args && args[i].type != STORE_ARG_END; i++) {
		OSMO_ASSERT(i < ARGS_MAX - 1);
		w->arg[i] = args[i];
		if (args[i].type == STORE_ARG_TEXT && args[i].p)
			w->arg[i].p = talloc_strdup(tape.ctx, args[i].p);
		if (args[i].type == STORE_ARG_BLOB)
			w->arg[i].p = talloc_memdup(tape.ctx, args[i].p, args[i].n);
	}
	w->arg[i] = (struct store_arg)STORE_END;
}

int __wrap_store_exec(struct store *st, enum store_stmt stmt, const struct store_arg *args)
{
	if (st == tape.st)
		keep(false, stmt, args);
	return __real_store_exec(st, stmt, args);
}

struct store_rows *__wrap_store_query(struct store *st, enum store_stmt stmt,
				      const struct store_arg *args)
{
	if (st == tape.st)
		keep(true, stmt, args);
	return __real_store_query(st, stmt, args);
}

/* All rows of a query. \returns 0 or an error of store.h. */
static int read_all(struct store *st, const struct written *w)
{
	struct store_rows *rows = __real_store_query(st, w->stmt, w->arg);
	int rc = rows ? 1 : store_errno(st);

	while (rc == 1)
		rc = store_next(rows);
	store_done(rows);
	return rc;
}

void bare_record(struct store *st)
{
	if (!tape.ctx)
		tape.ctx = talloc_named_const(NULL, 0, "tape");
	tape.st = st;
}

void bare_group(void)
{
	tape.group = true;
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

double bare_replay(struct store *twin, bool reads)
{
	double begin = now_ms();
	int rc = store_begin(twin);

	for (size_t i = 0; i < tape.n && rc >= 0; i++) {
		if (tape.list[i].group && i) {
			rc = store_commit(twin);
			if (!rc)
				rc = store_begin(twin);
		}
		if (rc >= 0 && !tape.list[i].reads)
			rc = __real_store_exec(twin, tape.list[i].stmt, tape.list[i].arg);
		else if (rc >= 0 && reads)
			rc = read_all(twin, &tape.list[i]);
	}
	if (rc >= 0)
		rc = store_commit(twin);
	begin = now_ms() - begin;
	tape.n = 0;
	tape.group = false;
	talloc_free_children(tape.ctx);
	return rc < 0 ? -1 : begin;
}
