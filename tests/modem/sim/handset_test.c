/* The demo's telephone, with a script that plays chappectl and a gateway that answers every text alike.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>

#include "tests/modem/sim/line.h"
#include "tests/support/process.h"

/* Busy the first time that it is asked, idle then; notes what it was asked. */
static const char chappectl[] =
	"#!/bin/sh\n"
	"here=$(dirname \"$0\")\n"
	"echo \"$*\" >>\"$here/asked\"\n"
	"if [ -e \"$here/once\" ]; then n=0; else n=1; : >\"$here/once\"; fi\n"
	"echo '{\"inbox\":{\"waiting\":'$n'},\"outbox\":{\"due\":0,\"sending\":0}}'\n";

static char *write_file(struct line *l, const char *name, const char *text, mode_t mode)
{
	char *path = talloc_asprintf(l, "%s/%s", l->dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static char *read_file(struct line *l, const char *name)
{
	char *path = talloc_asprintf(l, "%s/%s", l->dir, name), buf[8192];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return talloc_strndup(l, buf, n);
}

/* Take one text from the SIM, answer "oui" to resident 1. */
static void answer_one(struct line *l)
{
	line_expect(l, "+CMTI: \"SM\",1\r\n");
	line_ask(l, "AT+CMGR=1", "OK\r\n");
	line_send(l, SUBMIT_OUI);
	line_expect(l, "OK\r\n");
	line_ask(l, "AT+CMGD=1", "OK\r\n");
}

static pid_t start(struct line *l, const char *option, const char *value)
{
	return process_start(
		talloc_asprintf(l, "%s/out", l->dir),
		(const char *[]){ BUILDDIR "/chappe-sim", "handset", "--control", l->sim->control,
				  "--chappectl", talloc_asprintf(l, "%s/chappectl", l->dir),
				  "--config", "/etc/chappe.cfg", option, value, NULL });
}

static struct line *ready(void)
{
	struct line *l = line_new(NULL, NULL);

	write_file(l, "chappectl", chappectl, 0700);
	line_listen(l);
	return l;
}

static void test_script(void **state)
{
	struct line *l = ready();
	char *script = write_file(l, "script",
				  "# a comment\n\n"
				  "+33639980001\t2 kg patates\\n1 botte radis\n"
				  "@\t+58h\n"
				  "+33639980011\tOK\n",
				  0600);
	pid_t pid = start(l, "--script", script);

	(void)state;
	answer_one(l);
	answer_one(l);
	assert_int_equal(process_wait(pid, LINE_DEADLINE_MS), 0);
	assert_string_equal(read_file(l, "out"), "< +33639980001\t2 kg patates\\n1 botte radis\n"
						 "> +33639980001\toui\n"
						 "@\t+58h\n"
						 "< +33639980011\tOK\n"
						 "> +33639980001\toui\n");
	assert_non_null(strstr(read_file(l, "asked"), "-c /etc/chappe.cfg status --json\n"));
	assert_non_null(strstr(read_file(l, "asked"), "-c /etc/chappe.cfg clock +58h\n"));
	talloc_free(l);
}

static void test_script_errors(void **state)
{
	struct line *l = ready();
	pid_t pid = start(l, "--script", write_file(l, "script", "no tab\n", 0600));

	(void)state;
	assert_int_equal(WEXITSTATUS(process_wait(pid, LINE_DEADLINE_MS)), 1);
	assert_non_null(strstr(read_file(l, "out"), "tabulation"));
	write_file(l, "chappectl", "#!/bin/sh\necho '{}'\n", 0700);
	pid = start(l, "--script", write_file(l, "script", "+33639980001\toui\n", 0600));
	assert_int_equal(WEXITSTATUS(process_wait(pid, LINE_DEADLINE_MS)), 1);
	unlink(talloc_asprintf(l, "%s/chappectl", l->dir));
	pid = start(l, "--script", talloc_asprintf(l, "%s/script", l->dir));
	assert_int_equal(WEXITSTATUS(process_wait(pid, LINE_DEADLINE_MS)), 1);
	assert_non_null(strstr(read_file(l, "out"), "ne se lance pas"));
	talloc_free(l);
}

/* ---- at a terminal: the test is the terminal ---- */

struct screen {
	struct line *l;
	int fd;
	char *seen;
	pid_t pid;
};

static void open_screen(struct screen *s, struct line *l, const char *people)
{
	char *name;
	int slave;

	s->l = l;
	s->seen = talloc_strdup(l, "");
	s->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(s->fd >= 0);
	assert_int_equal(grantpt(s->fd) | unlockpt(s->fd), 0);
	name = talloc_strdup(l, ptsname(s->fd));
	slave = open(name, O_RDWR | O_NOCTTY);
	s->pid = fork();
	if (s->pid == 0) {
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
		closefrom(3);
		execl(BUILDDIR "/chappe-sim", "chappe-sim", "handset", "--control", l->sim->control,
		      "--chappectl", talloc_asprintf(l, "%s/chappectl", l->dir), "--config",
		      "/etc/chappe.cfg", "--people", people, NULL);
		_exit(127);
	}
	close(slave);
}

static void see(struct screen *s, const char *what)
{
	int64_t end = process_now_ms() + LINE_DEADLINE_MS;
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	char buf[1024], *at;

	while (!(at = strstr(s->seen, what))) {
		ssize_t n;

		if (process_now_ms() > end)
			fail_msg("no '%s' on the screen: %s", what, s->seen);
		if (poll(&p, 1, 20) <= 0)
			continue;
		n = read(s->fd, buf, sizeof(buf));
		if (n > 0)
			s->seen = talloc_strndup_append(s->seen, buf, (size_t)n);
	}
	at += strlen(what);
	memmove(s->seen, at, strlen(at) + 1);
}

static void type(struct screen *s, const char *keys)
{
	assert_int_equal(write(s->fd, keys, strlen(keys)), strlen(keys));
}

static void test_terminal(void **state)
{
	struct line *l = ready();
	char *people = write_file(l, "people",
				  "# who\n+33639980001\trésident 1\tcommande\n"
				  "+33639980011\tmaraîcher\tlégumes\n",
				  0600);
	struct screen s;

	(void)state;
	open_screen(&s, l, people);
	see(&s, "1  +33639980001  résident 1 : commande");
	see(&s, "Qui êtes-vous ? (1 à 2) ");
	type(&s, "7\r");
	see(&s, "Tapez le numéro d'une ligne");
	type(&s, "1\r");
	see(&s, "/quit");
	see(&s, "résident 1> ");
	type(&s, "bjr\xc3\xa9\x7f\x1b[A 2kg\r"); /* rubbed out: two octets, one letter; an arrow */
	assert_non_null(sim_wait_event(l->sim, "cmti\t", NULL, LINE_DEADLINE_MS));
	line_expect(l, "+CMTI: \"SM\",1\r\n");
	line_ask(l, "AT+CMGR=1", "0762B51C245B9F01");
	line_ask(l, "AT+CMGD=1", "OK\r\n");
	type(&s, "half"); /* an answer comes while something is typed */
	see(&s, "half");
	line_send(l, SUBMIT_OUI);
	see(&s, "  > résident 1 (+33639980001)\r\n    oui\r\nrésident 1> half");
	type(&s, "\x15!2\r");
	see(&s, "maraîcher> ");
	type(&s, "@ +58h\r");
	see(&s, "C'est fait : +58h.");
	assert_non_null(strstr(read_file(l, "asked"), "clock +58h"));
	type(&s, "/qui\r");
	see(&s, "Qui êtes-vous ?");
	type(&s, "/quit\r");
	see(&s, "Au revoir.");
	assert_int_equal(process_wait(s.pid, LINE_DEADLINE_MS), 0);
	close(s.fd);
	talloc_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_script_errors),
		cmocka_unit_test(test_terminal),
	};

	return cmocka_run_group_tests_name("handset", tests, NULL, NULL);
}
