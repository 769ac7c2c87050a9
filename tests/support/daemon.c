/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/support/daemon.h"

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "tests/support/process.h"

#define STOP_DEADLINE_MS 10000
#define CTL_DEADLINE_MS  20000
#define CTL_ARGS_MAX     24

static const char config_text[] = "log stderr\n"
				  "gateway\n"
				  " database sqlite chappe.db\n"
				  " control control\n"
				  " language fr\n"
				  " country-code 33\n"
				  " time-zone Europe/Paris\n"
				  " clock test\n"
				  "%s"
				  "modem gsm0\n"
				  " device modem\n"
				  " driver gammu\n"
				  " pauses short\n";

static int daemon_free(struct daemon *d)
{
	if (d->parent)
		process_stop(d->parent, SIGTERM, STOP_DEADLINE_MS);
	process_remove_dir(d->dir);
	return 0;
}

struct daemon *daemon_new(void *ctx, const char *lines)
{
	struct daemon *d = talloc_zero(ctx, struct daemon);
	char *out;
	FILE *f;
	int rc;

	assert_non_null(d);
	d->dir = process_temp_dir(d);
	d->config = talloc_asprintf(d, "%s/chappe.cfg", d->dir);
	d->db = talloc_asprintf(d, "%s/chappe.db", d->dir);
	d->log = talloc_asprintf(d, "%s/log", d->dir);
	talloc_set_destructor(d, daemon_free);
	f = fopen(d->config, "w");
	assert_non_null(f);
	fprintf(f, config_text, lines ?: "");
	fclose(f);
	out = daemon_ctl(d, &rc, "db", "init", "--demo", NULL);
	if (rc)
		fail_msg("db init --demo: %s", out);
	return d;
}

void daemon_start(struct daemon *d)
{
	d->parent = process_start(d->log,
				  (const char *[]){ BUILDDIR "/chapped", "-c", d->config, NULL });
}

int64_t daemon_stop(struct daemon *d)
{
	int64_t start = process_now_ms();

	kill(d->parent, SIGTERM);
	if (process_wait(d->parent, STOP_DEADLINE_MS) < 0) {
		daemon_show_log(d);
		fail_msg("the daemon is still there ten seconds after SIGTERM");
	}
	d->parent = 0;
	return process_now_ms() - start;
}

char *daemon_ctl(struct daemon *d, int *exit_code, ...)
{
	const char *argv[CTL_ARGS_MAX] = { BUILDDIR "/chappectl", "-c", d->config };
	size_t n = 3;
	va_list ap;

	va_start(ap, exit_code);
	while (n < CTL_ARGS_MAX - 1 && (argv[n] = va_arg(ap, const char *)))
		n++;
	va_end(ap);
	return process_run(d, NULL, CTL_DEADLINE_MS, exit_code, argv);
}

/* The modem is ready, nothing is to be read and nothing to be sent, as status --json says. */
static bool is_idle(const char *text)
{
	json_t *o = json_loads(text, 0, NULL);
	json_int_t waiting = 1, due = 1, sending = 1;
	int ready = 0;
	bool idle = o
		    && !json_unpack(o, "{s:[{s:b}],s:{s:I},s:{s:I,s:I}}", "modems", "ready", &ready,
				    "inbox", "waiting", &waiting, "outbox", "due", &due, "sending",
				    &sending)
		    && ready && !waiting && !due && !sending;

	json_decref(o);
	return idle;
}

void daemon_wait_idle(struct daemon *d, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	char *out = NULL;
	int rc;

	do {
		talloc_free(out);
		process_nap();
		out = daemon_ctl(d, &rc, "status", "--json", NULL);
		if (!rc && is_idle(out)) {
			talloc_free(out);
			return;
		}
	} while (process_now_ms() < end);
	daemon_show_log(d);
	fail_msg("the daemon is not idle: %s", out);
}

int64_t daemon_sql_int(struct daemon *d, const char *sql)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;
	int64_t v = -1;

	assert_int_equal(sqlite3_open_v2(d->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(s) == SQLITE_ROW)
		v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return v;
}

void daemon_show_log(const struct daemon *d)
{
	FILE *f = fopen(d->log, "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		fprintf(stderr, "# %s", line);
	if (f)
		fclose(f);
}
