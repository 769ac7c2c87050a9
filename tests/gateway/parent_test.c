/* The parent: what it starts and how, what it does when something dies, and how it ends.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "tests/support/process.h"

#define DEADLINE_MS 5000

static void *ctx;
static char *dir, *config, *log_path;
static pid_t parent;

static char *in_dir(const char *name)
{
	return talloc_asprintf(ctx, "%s/%s", dir, name);
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char *read_text(const char *path)
{
	char *text = talloc_zero_size(ctx, 65536);
	FILE *f = fopen(path, "r");

	if (f) {
		text[fread(text, 1, 65535, f)] = '\0';
		fclose(f);
	}
	return text;
}

/* How often a text stands in a file. */
static int count(const char *path, const char *what)
{
	int n = 0;

	for (const char *s = read_text(path); (s = strstr(s, what)); s++)
		n++;
	return n;
}

static void fail_with_log(const char *what)
{
	fprintf(stderr, "%s%s", read_text(log_path), read_text(in_dir("events")));
	fail_msg("%s", what);
}

static void wait_for(const char *path, const char *what, int times)
{
	int64_t end = process_now_ms() + DEADLINE_MS;

	while (count(path, what) < times) {
		if (process_now_ms() > end)
			fail_with_log(what);
		process_nap();
	}
}

static void wait_event(const char *event, int times)
{
	wait_for(in_dir("events"), event, times);
}

static pid_t wait_child(const char *title)
{
	int64_t end = process_now_ms() + DEADLINE_MS;
	pid_t pid;

	while (!(pid = process_child(parent, title))) {
		if (process_now_ms() > end)
			fail_with_log(title);
		process_nap();
	}
	return pid;
}

static void wait_gone(pid_t pid)
{
	int64_t end = process_now_ms() + DEADLINE_MS;

	while (kill(pid, 0) == 0) {
		if (process_now_ms() > end)
			fail_with_log("a process stays");
		process_nap();
	}
}

static void start(const char *orders)
{
	write_file("orders", orders);
	parent = process_start(
		log_path, (const char *[]){ BUILDDIR "/tests/gateway/parent_child", config, NULL });
}

/* \returns the exit status */
static int stop(int sig, int64_t longest_ms)
{
	int64_t begin = process_now_ms();
	int status;

	kill(parent, sig);
	status = process_wait(parent, DEADLINE_MS);
	if (status < 0 || process_now_ms() - begin > longest_ms)
		fail_with_log("it did not end in time");
	parent = 0;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static char *proc(pid_t pid, const char *name)
{
	return read_text(talloc_asprintf(ctx, "/proc/%d/%s", pid, name));
}

/* ---- tests ---- */

/* A descriptor that a process is not to have, and what it is; NULL if there is none. 3 is the socket; the loop may
 * have descriptors of its own, none is a file of the parent. */
static char *stray_descriptor(pid_t pid)
{
	DIR *fds = opendir(talloc_asprintf(ctx, "/proc/%d/fd", pid));
	char *stray = NULL;
	struct dirent *e;

	assert_non_null(fds);
	while (!stray && (e = readdir(fds))) {
		long fd = strtol(e->d_name, NULL, 10);
		char target[256] = "";

		if (e->d_name[0] == '.' || fd < 3
		    || readlinkat(dirfd(fds), e->d_name, target, sizeof(target) - 1) < 0)
			continue;
		if (strncmp(target, "socket:", 7)
		    && (fd == 3
			|| (strncmp(target, "anon_inode:", 11) && !strstr(target, "(deleted)"))))
			stray = talloc_asprintf(ctx, "descriptor %ld is %s", fd, target);
	}
	closedir(fds);
	return stray;
}

static void check_process(pid_t pid)
{
	int64_t end = process_now_ms() + DEADLINE_MS;
	char *stray;

	assert_non_null(strstr(proc(pid, "status"), "NoNewPrivs:\t1"));
	assert_non_null(
		strstr(proc(pid, "limits"), "Max core file size        0                    0"));
	while ((stray = stray_descriptor(pid))) { /* while it starts it opens its libraries */
		if (process_now_ms() > end)
			fail_with_log(stray);
		process_nap();
	}
}

/* Whether a process waits when it reads its socket. */
static bool is_blocking(pid_t pid)
{
	const char *flags = strstr(proc(pid, "fdinfo/3"), "flags:");

	assert_non_null(flags);
	return !(strtol(flags + strlen("flags:"), NULL, 8) & O_NONBLOCK);
}

static void processes_are_fenced_in(void **state)
{
	pid_t worker, gw;

	(void)state;
	start("");
	wait_event("started", 1);
	gw = wait_child("chapped: gateway");
	worker = wait_child("chapped: modem gsm0");
	check_process(gw);
	check_process(worker);
	assert_string_equal(proc(worker, "cmdline"), "chapped: modem gsm0");
	assert_true(is_blocking(worker));
	assert_false(is_blocking(gw));
	wait_event("pin gsm0 4711", 2); /* with the set-up, and when it was asked for */
	assert_int_equal(stop(SIGTERM, 1000), 0);
	wait_gone(gw);
	wait_gone(worker);
	wait_event("end", 1);
	assert_int_equal(access(in_dir("control"), F_OK), -1);
}

static void a_killed_gateway_comes_again(void **state)
{
	pid_t gw, worker;

	(void)state;
	start("");
	wait_event("started", 1);
	for (int i = 2; i < 5; i++) {
		gw = wait_child("chapped: gateway");
		worker = wait_child("chapped: modem gsm0");
		kill(gw, SIGKILL);
		wait_gone(gw);
		wait_gone(worker);
		wait_event("started", i);
	}
	wait_for(log_path, "was killed by signal 9", 3);
	wait_for(log_path, "again in 50 ms", 1);
	wait_for(log_path, "again in 100 ms", 1);
	wait_for(log_path, "again in 200 ms", 1);
	assert_int_equal(stop(SIGINT, 1000), 0);
}

static void a_dead_worker_is_reported(void **state)
{
	(void)state;
	start("");
	wait_event("started", 1);
	kill(wait_child("chapped: modem gsm0"), SIGKILL);
	wait_event("exited gsm0 9", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void a_worker_is_killed_on_request(void **state)
{
	(void)state;
	start("kill-worker");
	wait_event("exited gsm0 9", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void a_silent_gateway_is_killed(void **state)
{
	(void)state;
	start("silent");
	wait_event("silent", 2);
	wait_for(log_path, "has been silent for 400 ms", 1);
	write_file("orders", "");
	wait_event("started", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void rubbish_costs_its_life(void **state)
{
	(void)state;
	start("rubbish");
	wait_for(log_path, "sent what is no frame", 2);
	write_file("orders", "");
	wait_event("started", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void two_crashes_set_a_text_aside(void **state)
{
	(void)state;
	start("fly");
	wait_event("setup", 2);
	assert_int_equal(count(in_dir("events"), "aside"), 0);
	wait_event("aside aa", 1);
	assert_int_equal(count(in_dir("events"), "aside bb"), 0);
	write_file("orders", "");
	wait_event("started", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void who_does_not_end_is_killed(void **state)
{
	pid_t gw;

	(void)state;
	start("stay");
	wait_event("started", 1);
	gw = wait_child("chapped: gateway");
	assert_int_equal(stop(SIGTERM, 1900), 1);
	wait_gone(gw);
	wait_for(log_path, "not everything has ended in time", 1);
}

static void asked_twice_it_ends_at_once(void **state)
{
	(void)state;
	start("stay");
	wait_event("started", 1);
	kill(parent, SIGINT);
	wait_event("quit", 1);
	assert_int_equal(stop(SIGINT, 800), 1);
}

static void all_die_with_the_parent(void **state)
{
	pid_t gw, worker;
	int status;

	(void)state;
	start("stay");
	wait_event("started", 1);
	gw = wait_child("chapped: gateway");
	worker = wait_child("chapped: modem gsm0");
	status = process_stop(parent, SIGKILL, DEADLINE_MS);
	parent = 0;
	assert_true(WIFSIGNALED(status));
	wait_gone(gw);
	wait_gone(worker);
	/* what it left behind is in nobody's way */
	start("");
	wait_event("started", 2);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void a_second_one_is_refused(void **state)
{
	const char *argv[] = { BUILDDIR "/tests/gateway/parent_child", config, NULL };
	int rc;
	char *out;

	(void)state;
	start("");
	wait_event("started", 1);
	out = process_run(ctx, NULL, DEADLINE_MS, &rc, argv);
	assert_int_equal(rc, 1);
	assert_non_null(strstr(out, "is in use by another chapped"));
	/* another database, the same socket */
	write_file("other.db", "");
	write_file("other.cfg", "gateway\n database sqlite other.db\n control control\n");
	argv[1] = in_dir("other.cfg");
	out = process_run(ctx, NULL, DEADLINE_MS, &rc, argv);
	assert_int_equal(rc, 1);
	assert_non_null(strstr(out, "another chapped answers there"));
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void what_is_not_there_is_said(void **state)
{
	const char *argv[] = { BUILDDIR "/tests/gateway/parent_child", config, NULL };
	char *out;
	int rc;

	(void)state;
	unlink(in_dir("chappe.db"));
	out = process_run(ctx, NULL, DEADLINE_MS, &rc, argv);
	assert_int_equal(rc, 1);
	assert_non_null(strstr(out, "there is no database"));
	assert_non_null(strstr(out, "db init"));
	write_file("chappe.db", "");
	write_file("control", "a file");
	out = process_run(ctx, NULL, DEADLINE_MS, &rc, argv);
	assert_int_equal(rc, 1);
	assert_non_null(strstr(out, "this is a file and no socket"));
}

static void a_hangup_reopens_the_log(void **state)
{
	(void)state;
	write_file("chappe.cfg", "log file log.txt\ngateway\n database sqlite chappe.db\n"
				 " control control\nmodem gsm0\n device modem\n");
	start("");
	wait_event("started", 1);
	wait_for(in_dir("log.txt"), "the gateway serves", 1);
	assert_int_equal(rename(in_dir("log.txt"), in_dir("log.1")), 0);
	kill(parent, SIGHUP);
	kill(wait_child("chapped: gateway"), SIGKILL);
	wait_for(in_dir("log.txt"), "the gateway serves", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
}

static void systemd_is_told(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[64] = "";

	(void)state;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/notify", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	setenv("NOTIFY_SOCKET", addr.sun_path, 1);
	start("");
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(recv(fd, text, sizeof(text) - 1, 0), 7);
	assert_string_equal(text, "READY=1");
	wait_event("started", 1);
	assert_int_equal(stop(SIGTERM, 1000), 0);
	close(fd);
}

/* ---- frame ---- */

static int setup(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "parent_test");
	dir = process_temp_dir(ctx);
	chmod(dir, 0755);
	config = in_dir("chappe.cfg");
	log_path = in_dir("log");
	write_file("chappe.cfg", "log stderr\n logging level all info\n"
				 "gateway\n database sqlite chappe.db\n control control\n"
				 "modem gsm0\n device modem\n pin-file pin\n");
	write_file("chappe.db", "");
	write_file("pin", "4711\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (parent)
		process_stop(parent, SIGKILL, DEADLINE_MS);
	parent = 0;
	process_remove_dir(dir);
	talloc_free(ctx);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(processes_are_fenced_in),      TEST(a_killed_gateway_comes_again),
		TEST(a_dead_worker_is_reported),    TEST(a_worker_is_killed_on_request),
		TEST(a_silent_gateway_is_killed),   TEST(rubbish_costs_its_life),
		TEST(two_crashes_set_a_text_aside), TEST(who_does_not_end_is_killed),
		TEST(asked_twice_it_ends_at_once),  TEST(all_die_with_the_parent),
		TEST(a_second_one_is_refused),      TEST(what_is_not_there_is_said),
		TEST(a_hangup_reopens_the_log),     TEST(systemd_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
