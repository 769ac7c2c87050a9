/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/store/fixture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "gateway/store/create.h"
#include "gateway/store/sqlite.h"
#include "tests/store/scenario.h"
#include "tests/support/process.h"

int fixture_setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	char *error = NULL;

	f->dir = process_temp_dir(f);
	f->path = talloc_asprintf(f, "%s/chappe.db", f->dir);
	f->now = 1000;
	if (store_create(f, f->path, false, &error) || store_open(&f->st, f, f->path, 0, &error)) {
		fprintf(stderr, "%s\n", error);
		return -1;
	}
	fixture_sql(f, scenario_people);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	process_remove_dir(f->dir);
	talloc_free(f);
	return 0;
}

int64_t fixture_fire(struct fixture *f, const char *who, const char *machine, int64_t subject,
		     const char *event, const char *payload)
{
	char role[4];
	char *idem = talloc_asprintf(f, "test/%d", ++f->events);
	struct store_event ev = {
		.machine = machine,
		.subject = subject,
		.version = fixture_int(f, "SELECT version FROM subject WHERE id = %" PRId64,
				       subject),
		.event = event,
		.actor = strlen(who) > 4 ? strtol(who + 4, NULL, 10) : 0,
		.role = role,
		.channel = "test",
		.idem = idem,
		.at = f->now++,
		.payload = payload,
	};
	int64_t id = 0;
	int rc;

	snprintf(role, sizeof(role), "%.3s", who);
	f->refusal = (struct store_refusal){ 0 };
	assert_int_equal(store_begin(f->st), 0);
	rc = store_fire(f->st, &ev, &id, &f->version, &f->refusal);
	if (rc < 0)
		fail_msg("%s.%s: %s", machine, event, store_error(f->st));
	assert_int_equal(store_commit(f->st), 0);
	return id;
}

void fixture_sql(struct fixture *f, const char *sql)
{
	sqlite3 *db = store_sqlite(f->st);

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static const char *first(struct fixture *f, const char *sql)
{
	sqlite3 *db = store_sqlite(f->st);
	const char *text = "";
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		text = talloc_strdup(f, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return text;
}

const char *fixture_text(struct fixture *f, const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = talloc_vasprintf(f, fmt, ap);
	va_end(ap);
	return first(f, sql);
}

int64_t fixture_int(struct fixture *f, const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = talloc_vasprintf(f, fmt, ap);
	va_end(ap);
	return strtoll(first(f, sql), NULL, 10);
}
