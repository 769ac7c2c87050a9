/* The daemon as a whole, with a simulated modem: how its processes are fenced in, what it does while its database
 * cannot be had, and how it ends.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>
#include <sqlite3.h>

#include <osmocom/core/talloc.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define DEADLINE_MS 15000
#define RES         "+33639980001"

struct world {
	struct daemon *d;
	struct simulator *sim;
};

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);

	w->d = daemon_new(w, NULL);
	w->sim = sim_start(w, w->d->dir, NULL);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	talloc_free(w->d);
	talloc_free(w);
	return 0;
}

static void fail_with_log(const struct world *w, const char *what)
{
	daemon_show_log(w->d);
	fail_msg("%s", what);
}

static char *read_proc(struct world *w, pid_t pid, const char *name)
{
	char *path = talloc_asprintf(w, "/proc/%d/%s", pid, name);
	char *text = talloc_zero_size(w, 8192);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	text[fread(text, 1, 8191, f)] = '\0';
	fclose(f);
	return text;
}

static pid_t wait_child(struct world *w, const char *title)
{
	int64_t end = process_now_ms() + DEADLINE_MS;
	pid_t pid;

	while (!(pid = process_child(w->d->parent, title))) {
		if (process_now_ms() > end)
			fail_with_log(w, title);
		process_nap();
	}
	return pid;
}

/* Wait until status says this. */
static void wait_status(struct world *w, const char *what)
{
	int64_t end = process_now_ms() + DEADLINE_MS;
	char *out = NULL;
	int rc;

	do {
		talloc_free(out);
		process_nap();
		out = daemon_ctl(w->d, &rc, "status", "--json", NULL);
		if (rc == 0 && strstr(out, what))
			return;
	} while (process_now_ms() < end);
	fail_with_log(w, talloc_asprintf(w, "status never says %s, but: %s", what, out));
}

static void need_message(struct world *w, const char *to, const char *part)
{
	if (!sim_wait_message(w->sim, to, part, DEADLINE_MS))
		fail_with_log(w, talloc_asprintf(w, "nobody reads \"%s\"", part));
}

/* All of it, in less than two seconds, and each process of its own accord. */
static void end_in_order(struct world *w)
{
	int64_t begin = process_now_ms();
	int status;

	kill(w->d->parent, SIGTERM);
	status = process_wait(w->d->parent, DEADLINE_MS);
	w->d->parent = 0;
	if (process_now_ms() - begin > 2000)
		fail_with_log(w, "it took more than two seconds to end");
	if (status)
		fail_with_log(w, "it did not end in order");
}

/* ---- processes ---- */

/* Descriptors: 0 to 2, the socket, and what the loop and the role need. */
static void check_files(struct world *w, pid_t pid, const char *const allowed[])
{
	DIR *fds = opendir(talloc_asprintf(w, "/proc/%d/fd", pid));
	struct dirent *e;

	if (!fds && errno == EACCES) { /* the worker shows its memory and files to root alone */
		print_message("# not root: descriptors of process %d are not seen\n", pid);
		return;
	}
	assert_non_null(fds);
	while ((e = readdir(fds))) {
		long fd = strtol(e->d_name, NULL, 10);
		char target[512] = "";
		size_t i = 0;

		if (e->d_name[0] == '.' || fd < 3)
			continue;
		assert_true(readlinkat(dirfd(fds), e->d_name, target, sizeof(target) - 1) > 0);
		if (fd == 3)
			assert_memory_equal(target, "socket:", 7);
		while (allowed[i] && !strstr(target, allowed[i]))
			i++;
		if (!allowed[i])
			fail_msg("process %d has descriptor %ld: %s", pid, fd, target);
	}
	closedir(fds);
}

static void processes_are_fenced_in(void **state)
{
	static const char *const of_gateway[] = { "socket:", "anon_inode:", "chappe.db", NULL };
	static const char *const of_worker[] = { "socket:", "/dev/pts/", NULL };
	struct world *w = *state;
	pid_t gateway, worker;
	char *status;

	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	gateway = wait_child(w, "chapped: gateway");
	worker = wait_child(w, "chapped: modem gsm0");
	status = read_proc(w, gateway, "status");
	assert_non_null(strstr(status, "NoNewPrivs:\t1"));
	assert_non_null(strstr(status, "Seccomp:\t2"));
	status = read_proc(w, worker, "status");
	assert_non_null(strstr(status, "NoNewPrivs:\t1"));
	assert_non_null(strstr(status, "Seccomp:\t2"));
	assert_string_equal(read_proc(w, w->d->parent, "cmdline"), "chapped: parent");
	assert_string_equal(read_proc(w, worker, "cmdline"), "chapped: modem gsm0");
	assert_non_null(strstr(read_proc(w, worker, "limits"),
			       "Max core file size        0                    0"));
	check_files(w, gateway, of_gateway);
	check_files(w, worker, of_worker);
	end_in_order(w);
	assert_int_equal(kill(gateway, 0), -1);
	assert_int_equal(kill(worker, 0), -1);
}

static char *id_line(struct world *w, pid_t pid, const char *name)
{
	char *line = strstr(read_proc(w, pid, "status"), name);

	assert_non_null(line);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* Under root the gateway is whoever has the folder, and each worker somebody of its own. */
static void each_has_a_user_of_its_own(void **state)
{
	struct world *w = *state;
	pid_t gateway, worker;

	if (geteuid() != 0) {
		print_message("# not root: no user is changed\n");
		return;
	}
	assert_int_equal(chown(w->d->dir, 54321, 54322), 0);
	assert_int_equal(chown(w->d->db, 54321, 54322), 0);
	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	gateway = wait_child(w, "chapped: gateway");
	worker = wait_child(w, "chapped: modem gsm0");
	assert_string_equal(id_line(w, gateway, "Uid:"), "Uid:\t54321\t54321\t54321\t54321");
	assert_string_equal(id_line(w, gateway, "Gid:"), "Gid:\t54322\t54322\t54322\t54322");
	assert_string_equal(id_line(w, gateway, "CapEff:"), "CapEff:\t0000000000000000");
	assert_string_equal(id_line(w, worker, "Uid:"), "Uid:\t61184\t61184\t61184\t61184");
	assert_string_equal(id_line(w, worker, "CapPrm:"), "CapPrm:\t0000000000000000");
	sim_inject(w->sim, RES, "2 kg carottes");
	need_message(w, RES, "3,60");
	end_in_order(w);
}

static void root_without_capabilities(void **state)
{
	struct world *w = *state;

	if (geteuid() != 0) {
		print_message("# not root: no capability is dropped\n");
		return;
	}
	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	assert_string_equal(id_line(w, wait_child(w, "chapped: gateway"), "CapEff:"),
			    "CapEff:\t0000000000000000");
	assert_string_equal(id_line(w, wait_child(w, "chapped: gateway"), "CapBnd:"),
			    "CapBnd:\t0000000000000000");
}

/* ---- deaths ---- */

static void a_death_loses_nothing(void **state)
{
	struct world *w = *state;

	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	sim_inject(w->sim, RES, "2 kg carottes");
	kill(wait_child(w, "chapped: gateway"), SIGKILL);
	need_message(w, RES, "3,60");
	kill(wait_child(w, "chapped: modem gsm0"), SIGKILL);
	sim_inject(w->sim, RES, "oui");
	need_message(w, RES, "C100");
	daemon_wait_idle(w->d, DEADLINE_MS);
	assert_int_equal(daemon_sql_int(w->d, "SELECT count(*) FROM orders WHERE state = 'placed'"),
			 1);
	assert_int_equal(sim_count_messages(w->sim, RES, NULL), 2);
}

static void run_sql(struct world *w, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(w->d->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* A gateway at work on the text that keeps it: found by the time that it takes, and killed. */
static void kill_at_work(struct world *w)
{
	pid_t pid = wait_child(w, "chapped: gateway");
	int64_t end = process_now_ms() + DEADLINE_MS;
	unsigned long busy = 0;

	while (busy
	       < 150) { /* hundredths of a second: more than it takes to start, with sanitizers too */
		char *stat = strrchr(read_proc(w, pid, "stat"), ')');

		assert_int_equal(
			sscanf(stat, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &busy),
			1);
		if (process_now_ms() > end)
			fail_with_log(w, "the gateway is not at work");
		process_nap();
	}
	kill(pid, SIGKILL);
	while (kill(pid, 0) == 0)
		process_nap();
}

static void a_text_that_kills_is_set_aside(void **state)
{
	struct world *w = *state;
	char *out;
	int rc;

	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	run_sql(w,
		"CREATE TRIGGER poison AFTER INSERT ON inbox WHEN NEW.body = 'poison' AND NEW.state <> 'aside'"
		" BEGIN SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 2000000000) SELECT i FROM n); END");
	sim_inject(w->sim, RES, "poison");
	kill_at_work(w);
	kill_at_work(w);
	if (!sim_wait_read(w->sim, DEADLINE_MS))
		fail_with_log(w, "the text is never set aside");
	out = daemon_ctl(w->d, &rc, "inbox", NULL);
	assert_int_equal(rc, 0);
	assert_non_null(strstr(out, "poison"));
	assert_int_equal(daemon_sql_int(w->d, "SELECT count(*) FROM inbox WHERE state = 'aside'"),
			 1);
	/* and it goes on */
	sim_inject(w->sim, RES, "2 kg carottes");
	need_message(w, RES, "3,60");
	assert_int_equal(sim_count_messages(w->sim, RES, NULL), 1);
}

/* ---- people ---- */

/* chappectl succeeds, and prints this. */
#define says(w, words, ...)                                               \
	do {                                                              \
		int rc_;                                                  \
		char *out_ = daemon_ctl((w)->d, &rc_, __VA_ARGS__, NULL); \
		if (rc_ != 0 || !strstr(out_, words))                     \
			fail_with_log(w, out_);                           \
	} while (0)

#define NEW "+33639980050"
#define COO "+33639980031"

/* From the counter where somebody is registered to the day when that person is erased. */
static void people_by_the_command_line(void **state)
{
	struct world *w = *state;

	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	says(w, "Aidant de 102", "member");
	says(w, "+33639980050 pending", "member", "add", "Josiane", "--number", "06 39 98 00 50",
	     "--member-no", "150", "--roles", "RES,MEM");
	need_message(w, NEW, "répondez OUI");
	sim_inject(w->sim, NEW, "oui");
	need_message(w, NEW, "Bienvenue");
	says(w, "+33639980050 active", "member", "show", "34");
	says(w, "mandate    7 Aidant de 102 for 34 Josiane: order until", "member", "mandate", "34",
	     "add", "7", "--scope", "order", "--for", "+90d");
	says(w, "PRO RES", "member", "role", "34", "add", "PRO");
	says(w, "silence    refuse", "member", "change", "34", "--handle", "josiane", "--policy",
	     "refuse");
	sim_inject(w->sim, NEW, "vous etes au courant pour ma fille");
	need_message(w, COO, "Demande 1, Josiane, 06 39 98 00 50");
	sim_inject(w->sim, COO, "REP 1 Bonjour Josiane, oui");
	need_message(w, NEW, "Bonjour Josiane, oui");
	sim_inject(w->sim, NEW, "encore une question");
	need_message(w, COO, "encore une question");
	daemon_wait_idle(w->d, DEADLINE_MS);
	says(w, "is answered by message", "inbox", "answer", "4", "Dites");
	need_message(w, NEW, "Dites");
	daemon_wait_idle(w->d, DEADLINE_MS);
	says(w, "nothing", "inbox");
	says(w, "person 34 is erased", "member", "erase", "34");
	assert_int_equal(
		daemon_sql_int(w->d, "SELECT count(*) FROM message WHERE body LIKE '%Josiane%'"),
		0);
	says(w, "whole", "db", "check");
	run_sql(w, "INSERT INTO person(id, name) WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL"
		   " SELECT i + 1 FROM n WHERE i < 1600) SELECT i, 'P' || i FROM n");
	says(w, "P1600", "member"); /* more than one answer holds */
}

/* ---- the database ---- */

static void a_locked_database_is_waited_for(void **state)
{
	struct world *w = *state;
	sqlite3 *db;

	daemon_start(w->d);
	wait_status(w, "\"ready\":true");
	assert_int_equal(sqlite3_open_v2(w->d->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	sim_inject(w->sim, RES, "2 kg carottes");
	wait_status(w, "\"waiting\":1");
	wait_status(w, "\"ok\":false");
	assert_int_equal(sim_pending(w->sim), 1); /* nothing is freed */
	assert_int_equal(sim_count_messages(w->sim, NULL, NULL), 0);
	kill(wait_child(w, "chapped: gateway"), SIGKILL); /* the next takes up the modem as well */
	wait_status(w, "\"waiting\":1");
	assert_int_equal(sim_pending(w->sim), 1);
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	need_message(w, RES, "3,60");
	daemon_wait_idle(w->d, DEADLINE_MS);
	wait_status(w, "\"ok\":true");
}

static void a_damaged_database_is_waited_for(void **state)
{
	struct world *w = *state;
	char *good = talloc_asprintf(w, "%s/good.db", w->d->dir);
	int fd;

	assert_int_equal(rename(w->d->db, good), 0);
	fd = open(w->d->db, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(write(fd, "this is no database of anybody", 30) == 30);
	close(fd);
	daemon_start(w->d);
	wait_status(w, "\"ok\":false");
	wait_status(w, "waits for the database");
	sim_inject(w->sim, RES, "2 kg carottes");
	assert_int_equal(rename(good, w->d->db), 0);
	need_message(w, RES, "3,60");
	wait_status(w, "\"ok\":true");
}

static void no_database_no_start(void **state)
{
	struct world *w = *state;
	const char *argv[] = { BUILDDIR "/chapped", "-c", w->d->config, NULL };
	char *out;
	int rc;

	assert_int_equal(unlink(w->d->db), 0);
	out = process_run(w, NULL, DEADLINE_MS, &rc, argv);
	assert_int_equal(rc, 1);
	assert_non_null(strstr(out, "there is no database"));
	assert_non_null(strstr(out, "db init"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(processes_are_fenced_in),          TEST(each_has_a_user_of_its_own),
		TEST(root_without_capabilities),        TEST(a_death_loses_nothing),
		TEST(a_text_that_kills_is_set_aside),   TEST(a_locked_database_is_waited_for),
		TEST(a_damaged_database_is_waited_for), TEST(no_database_no_start),
		TEST(people_by_the_command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
