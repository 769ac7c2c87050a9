/* contrib/quickstart bench idle: what the processes take of the processor while nothing happens, and of memory.
 *
 * A year of a platform of three hundred people is in the database. The daemon
 * answers some texts, so that what is taken on demand is there, and is then left
 * alone for a minute.
 *
 * usage: idle [SECONDS]
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sqlite3.h>

#include "tests/bench/history.h"
#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define SECONDS   60
#define RESIDENTS 300
/* Fourteen events an order, an order a week and resident. */
#define A_YEAR    (52 * RESIDENTS * 14)
#define FIRST     1000 /* person */
#define TEXTS     200
#define WAIT_MS   20000

static int seconds = SECONDS;

static void write_year(struct daemon *d)
{
	sqlite3 *db = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open(d->db, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	assert_int_equal(history_people(db, FIRST, RESIDENTS), 0);
	n = history_write(db, A_YEAR, FIRST, RESIDENTS);
	assert_true(n >= A_YEAR);
	sqlite3_close(db);
	printf("# %" PRId64 " past events in the database\n", n);
}

static void talk(struct simulator *sim)
{
	for (int i = 0; i < TEXTS; i++) {
		sim_inject(sim, "+33639980001", i % 2 ? "LISTE" : "2 kg carottes 1 botte radis");
		if (!sim_wait_message(sim, "+33639980001", NULL, WAIT_MS))
			fail_msg("no answer to text %d", i);
	}
}

/* Processor time so far, in ticks. */
static long ticks(pid_t pid)
{
	char path[64], line[1024];
	unsigned long user = 0, sys = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_int_equal(sscanf(strrchr(line, ')'),
				") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
				&sys),
			 2);
	return (long)(user + sys);
}

/* A line of /proc/PID/status in KiB: "VmRSS:". */
static long memory(pid_t pid, const char *what)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (kib < 0 && fgets(line, sizeof(line), f))
		if (strncmp(line, what, strlen(what)) == 0)
			kib = strtol(line + strlen(what), NULL, 10);
	fclose(f);
	return kib;
}

static void idle(void **state)
{
	struct daemon *d = daemon_new(NULL, NULL);
	struct simulator *sim;
	struct process {
		const char *name;
		pid_t pid;
		long before;
	} p[3] = { { "parent", 0, 0 }, { "gateway", 0, 0 }, { "modem worker", 0, 0 } };
	double tick = (double)sysconf(_SC_CLK_TCK);

	(void)state;
	write_year(d);
	sim = sim_start(d, d->dir, NULL);
	daemon_start(d);
	daemon_wait_idle(d, WAIT_MS);
	talk(sim);
	daemon_wait_idle(d, WAIT_MS);
	p[0].pid = d->parent;
	p[1].pid = process_child(d->parent, "chapped: gateway");
	p[2].pid = process_child(d->parent, "chapped: modem");
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		p[i].before = ticks(p[i].pid);
	sleep((unsigned int)seconds);
	printf("# idle for %d s, after %d texts and their answers\n", seconds, TEXTS);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		printf("# %-14s processor %5.2f %%   resident %5.1f MiB (at most %5.1f), of these %5.1f its own\n",
		       p[i].name, 100 * (double)(ticks(p[i].pid) - p[i].before) / tick / seconds,
		       memory(p[i].pid, "VmRSS:") / 1024.0, memory(p[i].pid, "VmHWM:") / 1024.0,
		       memory(p[i].pid, "RssAnon:") / 1024.0);
	daemon_stop(d);
	talloc_free(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle),
	};

	if (argc > 1)
		seconds = OSMO_MAX(1, (int)strtol(argv[1], NULL, 10));
	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
