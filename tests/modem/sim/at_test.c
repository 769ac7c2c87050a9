/* The simulated modem, spoken to directly.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/process.h"
#include "tests/support/sim.h"

#define DEADLINE_MS 5000

/* A modem and a program that has its terminal open. */
struct line {
	char *dir;
	struct simulator *sim;
	int fd;
	char *in; /* read and not looked at */
};

static void open_terminal(struct line *l)
{
	struct termios raw;

	l->fd = open(l->sim->link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	assert_true(l->fd >= 0);
	tcgetattr(l->fd, &raw);
	cfmakeraw(&raw);
	tcsetattr(l->fd, TCSANOW, &raw);
	talloc_free(l->in);
	l->in = talloc_strdup(l, "");
}

static int line_free(struct line *l)
{
	if (l->fd >= 0)
		close(l->fd);
	talloc_free(l->sim);
	process_remove_dir(l->dir);
	return 0;
}

static struct line *line_new(const char *option, const char *value)
{
	struct line *l = talloc_zero(NULL, struct line);

	l->dir = process_temp_dir(l);
	l->sim = sim_start(l, l->dir, option, value, NULL);
	open_terminal(l);
	talloc_set_destructor(l, line_free);
	return l;
}

static void say(struct line *l, const char *text)
{
	assert_int_equal(write(l->fd, text, strlen(text)), strlen(text));
}

/* Wait until the modem has said `what`. \returns everything up to its end; NULL after the deadline. */
static char *heard(struct line *l, const char *what, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	char buf[2048], *at, *text;
	ssize_t n;

	while (!(at = strstr(l->in, what))) {
		if (process_now_ms() > end)
			return NULL;
		if (poll(&p, 1, 10) <= 0)
			continue;
		n = read(l->fd, buf, sizeof(buf));
		if (n <= 0)
			return NULL;
		l->in = talloc_strndup_append(l->in, buf, (size_t)n);
	}
	at += strlen(what);
	text = talloc_strndup(l, l->in, (size_t)(at - l->in));
	memmove(l->in, at, strlen(at) + 1);
	return text;
}

static void expect(struct line *l, const char *what)
{
	if (!heard(l, what, DEADLINE_MS))
		fail_msg("the modem does not say '%s' but '%s'", what, l->in);
}

/* A command and its whole answer. */
static void ask(struct line *l, const char *command, const char *answer)
{
	say(l, command);
	say(l, "\r");
	expect(l, answer);
}

/* ---- each command ---- */

static const struct {
	const char *command;
	const char *answer; /* pattern of fnmatch; lines between |, which stands for CR LF */
} commands[] = {
	{ "AT", "|OK|" },
	{ "at", "|OK|" },
	{ "ATE0V1Q0", "|OK|" },
	{ "ATZ;E0", "|OK|" }, /* it came back with echo on */
	{ "AT&F E0", "|OK|" },
	{ "AT&D2&C1S0=0X4", "|OK|" },
	{ "ATI", "|Chappe Simulator *||OK|" },
	{ "ATH", "|OK|" },
	{ "ATD0639980001;", "|NO CARRIER|" },
	{ "ATY", "|ERROR|" },
	{ "AT+NOSUCH", "|ERROR|" },
	{ "AT+CMEE?", "|+CMEE: 0||OK|" },
	{ "AT+CMEE=?", "|+CMEE: (0-2)||OK|" },
	{ "AT+CMEE=1", "|OK|" },
	{ "AT+CMEE=3", "|+CME ERROR: 50|" },
	{ "AT+NOSUCH=1", "|+CME ERROR: 4|" },
	{ "AT+CMEE=2", "|OK|" },
	{ "AT+NOSUCH?", "|+CME ERROR: operation not supported|" },
	{ "AT+CMEE=1", "|OK|" },
	{ "AT+CGMI", "|Chappe||OK|" },
	{ "AT+CGMM", "|Simulator||OK|" },
	{ "AT+CGMR", "|[0-9]*||OK|" },
	{ "AT+CGSN", "|[0-9][0-9][0-9][0-9][0-9][0-9]*||OK|" },
	{ "AT+CGSN;+CGMI", "|[0-9]*|Chappe||OK|" },
	{ "AT+CIMI", "|001010000000001||OK|" },
	{ "AT+GCAP", "|+GCAP: +CGSM||OK|" },
	{ "AT+CPIN?", "|+CPIN: READY||OK|" },
	{ "AT+CPIN=\"1234\"", "|+CME ERROR: 3|" },
	{ "AT+CREG?", "|+CREG: 0,1||OK|" },
	{ "AT+CREG=2", "|OK|" },
	{ "AT+CREG?", "|+CREG: 2,1,\"0001\",\"0A01\"||OK|" },
	{ "AT+CREG=?", "|+CREG: (0-2)||OK|" },
	{ "AT+CGREG?", "|+CGREG: 0,1||OK|" },
	{ "AT+CGATT?", "|+CGATT: 1||OK|" },
	{ "AT+COPS?", "|+COPS: 0,0,\"Chappe\"||OK|" },
	{ "AT+COPS=3,2", "|OK|" },
	{ "AT+COPS?", "|+COPS: 0,2,\"00101\"||OK|" },
	{ "AT+COPS=3,0", "|OK|" },
	{ "AT+CSQ", "|+CSQ: 21,0||OK|" },
	{ "AT+CBC;+CSQ", "|+CBC: 0,100|+CSQ: 21,0||OK|" },
	{ "AT+CCLK?", "|+CCLK: \"[0-9][0-9]/[0-9][0-9]/*+00\"||OK|" },
	{ "AT+CFUN?", "|+CFUN: 1||OK|" },
	{ "AT+CPAS", "|+CPAS: 0||OK|" },
	{ "AT+CSCS=?", "|+CSCS: (\"GSM\",\"IRA\",\"UCS2\")||OK|" },
	{ "AT+CSCS=\"UCS2\"", "|OK|" },
	{ "AT+COPS?", "|+COPS: 0,0,\"004300680061007000700065\"||OK|" },
	{ "AT+CSCA?", "|+CSCA: \"002B*\",145||OK|" },
	{ "AT+CSCS=\"GSM\"", "|OK|" },
	{ "AT+CSCS=\"8859-7\"", "|+CME ERROR: 50|" },
	{ "AT+CSCA=\"+33609001390\",145", "|OK|" },
	{ "AT+CSCA?", "|+CSCA: \"+33609001390\",145||OK|" },
	{ "AT+CSMS?", "|+CSMS: 0,1,1,1||OK|" },
	{ "AT+CSMS=0", "|+CSMS: 1,1,1||OK|" },
	{ "AT+CPMS=?", "|+CPMS: (\"SM\"),(\"SM\"),(\"SM\")||OK|" },
	{ "AT+CPMS=\"SM\",\"SM\",\"SM\"", "|+CPMS: 0,20,0,20,0,20||OK|" },
	{ "AT+CPMS=\"ME\"", "|+CMS ERROR: 302|" },
	{ "AT+CPMS?", "|+CPMS: \"SM\",0,20,\"SM\",0,20,\"SM\",0,20||OK|" },
	{ "AT+CMGF?", "|+CMGF: 0||OK|" },
	{ "AT+CMGF=1", "|OK|" },
	{ "AT+CMGL=4", "|+CMS ERROR: 303|" },
	{ "AT+CMGF=0", "|OK|" },
	{ "AT+CMGL=4", "|OK|" },
	{ "AT+CMGL=9", "|+CMS ERROR: 305|" },
	{ "AT+CMGR=1", "|+CMS ERROR: 321|" },
	{ "AT+CMGR=999", "|+CMS ERROR: 321|" },
	{ "AT+CMGD=1", "|OK|" },
	{ "AT+CMGD=21", "|+CMS ERROR: 321|" },
	{ "AT+CMGD=?", "|+CMGD: (1-255),(0-4)||OK|" },
	{ "AT+CMGS=?", "|OK|" },
	{ "AT+CMGS=200", "|+CMS ERROR: 304|" },
	{ "AT+CMSS=1", "|+CMS ERROR: 321|" },
	{ "AT+CNMI=?", "|+CNMI: (0-2),(0-2),(0,2),(0-2),(0,1)||OK|" },
	{ "AT+CNMI=3,1", "|+CMS ERROR: 303|" },
	{ "AT+CNMI=2,1,0,2,0", "|OK|" },
	{ "AT+CNMI?", "|+CNMI: 2,1,0,2,0||OK|" },
	{ "AT+CNMA", "|+CMS ERROR: 340|" },
	{ "AT+CSMP=17,167,0,0", "|OK|" },
	{ "AT+CSCB?", "|+CSCB: 0,\"\",\"\"||OK|" },
	{ "AT+CLIP=1", "|OK|" },
	{ "AT+CLIP?", "|+CLIP: 1||OK|" },
	{ "AT+CHUP", "|OK|" },
	{ "AT+CLCC", "|OK|" },
	{ "AT+CPBS?", "|+CPBS: \"SM\",0,50||OK|" },
	{ "AT+CPBR=?", "|+CPBR: (1-50),20,14||OK|" },
	{ "AT+CPBR=1", "|OK|" },
	{ "AT+CUSD=1", "|OK|" },
	{ "AT+CUSD?", "|+CUSD: 1||OK|" },
	{ "AT+CLCK=\"SC\",2", "|+CLCK: 0||OK|" },
	{ "AT+SPIC", "|+SPIC: 3,10,0,0||OK|" },
	{ "ATV0", "0\r" },
	{ "ATV1", "|OK|" },
};

static void check_command(struct line *l, const char *command, const char *pattern)
{
	char *want = talloc_strdup(l, ""), *got;

	for (const char *c = pattern; *c; c++)
		want = talloc_asprintf_append(want, *c == '|' ? "\r\n" : "%c", *c);
	say(l, command);
	say(l, "\r");
	/* the next command's echo-free answer begins after the final result code */
	got = heard(l, strrchr(pattern, '|') == pattern + strlen(pattern) - 1 ? "\r\n" : "0\r",
		    DEADLINE_MS);
	while (got && fnmatch(want, got, FNM_NOESCAPE)) {
		char *more = heard(l, "\r\n", 1000);

		if (!more)
			fail_msg("%s: '%s'", command, got);
		got = talloc_strdup_append(got, more);
	}
	assert_non_null(got);
}

static void test_commands(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	ask(l, "ATE0", "ATE0\r\r\nOK\r\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strncmp(commands[i].command, "ATZ", 3)
		    || !strncmp(commands[i].command, "AT&F", 4)) {
			ask(l, commands[i].command, "OK\r\n");
			continue;
		}
		check_command(l, commands[i].command, commands[i].answer);
	}
	assert_string_equal(l->in, ""); /* and nothing more */
	talloc_free(l);
}

static void test_echo_and_again(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	ask(l, "AT+CGMM", "AT+CGMM\r\r\nSimulator\r\n\r\nOK\r\n");
	ask(l, "A/", "A/\r\r\nSimulator\r\n\r\nOK\r\n");
	ask(l, "\x7f?xAT+CGMM", "\r\nSimulator\r\n\r\nOK\r\n"); /* noise before it */
	ask(l, "ATX\b+CGMM", "\r\nSimulator\r\n\r\nOK\r\n");
	talloc_free(l);
}

static void test_long_line(void **state)
{
	struct line *l = line_new(NULL, NULL);
	char *line = talloc_array(l, char, 65536);

	(void)state;
	ask(l, "ATE0", "OK\r\n");
	memset(line, 'A', 65535);
	line[0] = 'A';
	line[1] = 'T';
	line[65535] = '\0';
	for (char *at = line; *at;) { /* more than a terminal holds at once */
		ssize_t n = write(l->fd, at, strlen(at));

		at += n > 0 ? n : 0;
		process_nap();
	}
	ask(l, "", "\r\nERROR\r\n");
	ask(l, "AT", "\r\nOK\r\n");
	talloc_free(l);
}

/* ---- PIN ---- */

static void test_pin(void **state)
{
	struct line *l = line_new("--pin", "4821");

	(void)state;
	ask(l, "ATE0;+CMEE=1", "OK\r\n");
	ask(l, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
	ask(l, "AT+CIMI", "\r\n+CME ERROR: 11\r\n");
	ask(l, "AT+CMGL=4", "\r\n+CMS ERROR: 311\r\n");
	ask(l, "AT+CREG?", "\r\n+CREG: 0,2\r\n\r\nOK\r\n");
	ask(l, "AT+CPIN=\"0000\"", "\r\n+CME ERROR: 16\r\n");
	ask(l, "AT+SPIC", "\r\n+SPIC: 2,10,0,0\r\n\r\nOK\r\n");
	ask(l, "AT+CPIN=\"4821\"", "\r\nOK\r\n\r\nSMS Ready\r\n");
	ask(l, "AT+SPIC", "\r\n+SPIC: 3,10,0,0\r\n\r\nOK\r\n");
	ask(l, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	talloc_free(l);
}

static void test_puk(void **state)
{
	struct line *l = line_new("--pin", "4821");

	(void)state;
	ask(l, "ATE0;+CMEE=1", "OK\r\n");
	ask(l, "AT+CPIN=\"0000\"", "\r\n+CME ERROR: 16\r\n");
	ask(l, "AT+CPIN=\"0001\"", "\r\n+CME ERROR: 16\r\n");
	ask(l, "AT+CPIN=\"0002\"", "\r\n+CME ERROR: 12\r\n");
	ask(l, "AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
	ask(l, "AT+CPIN=\"4821\"", "\r\n+CME ERROR: 3\r\n"); /* the right one comes too late */
	ask(l, "AT+CPIN=\"12345678\",\"9999\"", "\r\nOK\r\n");
	ask(l, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
	talloc_free(l);
}

/* ---- receiving ---- */

static void listen_in(struct line *l)
{
	ask(l, "ATE0;+CMEE=1", "OK\r\n");
	ask(l, "AT+CNMI=2,1,0,0,0", "OK\r\n");
}

static void test_receive(void **state)
{
	struct line *l = line_new(NULL, NULL);
	uint32_t id;
	char *event;

	(void)state;
	listen_in(l);
	id = sim_inject(l->sim, "+33639980001", "oui");
	expect(l, "\r\n+CMTI: \"SM\",1\r\n");
	event = sim_wait_event(l->sim, "cmti\t", NULL, DEADLINE_MS);
	assert_non_null(event);
	assert_int_equal(strtoul(sim_word(l->sim, event, 2), NULL, 10), id);
	ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,22\r\n07913386094000F0040B913336990800F10000");
	expect(l, "03EF7A1A\r\n\r\nOK\r\n");
	ask(l, "AT+CMGR=1", "\r\n+CMGR: 1,,22\r\n");
	expect(l, "OK\r\n");
	ask(l, "AT+CMGL=0", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 1);
	ask(l, "AT+CMGL=4", "\r\n+CMGL: 1,1,,22\r\n");
	expect(l, "OK\r\n");
	ask(l, "AT+CMGD=1", "\r\nOK\r\n");
	assert_non_null(sim_wait_event(l->sim, "deleted\t", NULL, DEADLINE_MS));
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_senders(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	sim_inject(l->sim, "Mairie", "info");
	ask(l, "AT+CMGR=1", "040BD0CD705A9E2E03");
	sim_inject(l->sim, "36105", "info");
	ask(l, "AT+CMGR=2", "0405816301F5");
	sim_inject(l->sim, "+33639980001", "ça coûte\n3 €");
	ask(l, "AT+CMGR=3", "040B913336990800F10008");
	expect(l, "00E700610020");
	talloc_free(l);
}

static void test_full(void **state)
{
	struct line *l = line_new("--capacity", "2");

	(void)state;
	listen_in(l);
	for (int i = 0; i < 4; i++)
		sim_inject(l->sim, "+33639980001", "oui");
	expect(l, "\"SM\",2\r\n");
	assert_int_equal(sim_pending(l->sim), 4);
	ask(l, "AT+CPMS?", "+CPMS: \"SM\",2,2,");
	expect(l, "OK\r\n");
	ask(l, "AT+CMGD=2", "\r\nOK\r\n\r\n+CMTI: \"SM\",2\r\n");
	ask(l, "AT+CMGD=0,4", "\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n");
	ask(l, "AT+CMGD=1", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_again(void **state)
{
	struct line *l = line_new(NULL, NULL);
	uint32_t id;
	char *first, *second;

	(void)state;
	listen_in(l);
	id = sim_inject(l->sim, "+33639980001", "oui");
	expect(l, "\"SM\",1\r\n");
	sim_duplicate(l->sim, id);
	expect(l, "\"SM\",2\r\n");
	say(l, "AT+CMGR=1\r");
	first = heard(l, "OK\r\n", DEADLINE_MS);
	say(l, "AT+CMGR=2\r");
	second = heard(l, "OK\r\n", DEADLINE_MS);
	assert_string_equal(first, second);
	talloc_free(l);
}

static void test_direct(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	ask(l, "ATE0;+CSMS=1;+CNMI=2,2,0,1,0", "OK\r\n");
	sim_inject(l->sim, "+33639980001", "oui");
	expect(l, "\r\n+CMT: ,22\r\n07913386094000F0040B");
	sim_inject(l->sim, "+33639980001", "non");
	assert_null(heard(l, "+CMT", 50)); /* not before the first is acknowledged */
	ask(l, "AT+CNMA", "\r\nOK\r\n\r\n+CMT: ,22\r\n");
	expect(l, "03EEB71B\r\n");
	expect(l, "+CMT: ,22\r\n"); /* not acknowledged in time: once more */
	ask(l, "AT+CNMA=1", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_state_file(void **state)
{
	struct line *l = talloc_zero(NULL, struct line);
	char *path;

	(void)state;
	l->dir = process_temp_dir(l);
	path = talloc_asprintf(l, "%s/card", l->dir);
	l->sim = sim_start(l, l->dir, "--state", path, NULL);
	open_terminal(l);
	talloc_set_destructor(l, line_free);
	sim_inject(l->sim, "+33639980001", "oui");
	ask(l, "ATE0", "OK\r\n");
	close(l->fd);
	talloc_free(l->sim);
	l->sim = sim_start(l, l->dir, "--state", path, NULL);
	open_terminal(l);
	ask(l, "ATE0", "OK\r\n");
	ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,22\r\n");
	assert_int_equal(sim_inject(l->sim, "+33639980001", "oui"), 2); /* ids go on */
	talloc_free(l);
}

/* ---- sending ---- */

#define SUBMIT_OUI "0011000B913336990800F10000A703EF7A1A" /* no report asked for */
#define SUBMIT_SRR "0031000B913336990800F10000A703EF7A1A"

static void send_pdu(struct line *l, const char *pdu)
{
	ask(l, talloc_asprintf(l, "AT+CMGS=%zu", strlen(pdu) / 2 - 1), "\r\n> ");
	say(l, talloc_asprintf(l, "%s\x1a", pdu));
}

static void test_send(void **state)
{
	struct line *l = line_new(NULL, NULL);
	char *event;

	(void)state;
	listen_in(l);
	send_pdu(l, SUBMIT_OUI);
	expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oui", DEADLINE_MS));
	event = sim_wait_event(l->sim, "sent\t", NULL, DEADLINE_MS);
	assert_string_equal(sim_word(l->sim, event, 4), "-");
	send_pdu(l, SUBMIT_OUI);
	expect(l, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	assert_int_equal(sim_count_messages(l->sim, "+33639980001", NULL), 2);
	assert_int_equal(sim_count_messages(l->sim, "+33639980002", NULL), 0);
	talloc_free(l);
}

static void test_send_parts(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	send_pdu(l, "0051000B913336990800F10000A7080500032A0202DE"); /* second part first */
	expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n");
	assert_null(sim_wait_message(l->sim, NULL, NULL, 50));
	send_pdu(l, "0051000B913336990800F10000A7080500032A0201DE");
	expect(l, "OK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oo", DEADLINE_MS));
	talloc_free(l);
}

static void test_send_refused(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	ask(l, "AT+CMGS=16", "\r\n> ");
	say(l, SUBMIT_OUI "\x1a"); /* it is one octet longer */
	expect(l, "\r\n+CMS ERROR: 304\r\n");
	ask(l, "AT+CMGS=17", "\r\n> ");
	say(l, "zz\x1a");
	expect(l, "\r\n+CMS ERROR: 304\r\n");
	ask(l, "AT+CMGS=17", "\r\n> ");
	say(l, "0011\x1b");
	expect(l, "\r\nOK\r\n");
	sim_fault(l->sim, "network-denied", NULL);
	send_pdu(l, SUBMIT_OUI);
	expect(l, "\r\n+CMS ERROR: 331\r\n");
	sim_fault(l->sim, "sms-only", NULL);
	ask(l, "AT+CREG?", "+CREG: 0,6\r\n");
	send_pdu(l, SUBMIT_OUI);
	expect(l, "+CMGS: 0\r\n\r\nOK\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 1);
	talloc_free(l);
}

static void test_store_and_send(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	ask(l, "AT+CMGW=17", "\r\n> ");
	say(l, SUBMIT_OUI "\x1a");
	expect(l, "\r\n+CMGW: 1\r\n\r\nOK\r\n");
	ask(l, "AT+CMGL=2", "\r\n+CMGL: 1,2,,17\r\n" SUBMIT_OUI "\r\n\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0); /* nobody's text is in it */
	ask(l, "AT+CMSS=1", "OK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oui", DEADLINE_MS));
	talloc_free(l);
}

static void test_reports(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	ask(l, "ATE0;+CNMI=2,1,0,1,0", "OK\r\n");
	send_pdu(l, SUBMIT_SRR);
	expect(l, "+CMGS: 0\r\n\r\nOK\r\n\r\n+CDS: 25\r\n07913386094000F006000B913336990800F1");
	ask(l, "AT+CNMI=2,1,0,2,0", "OK\r\n");
	send_pdu(l, SUBMIT_SRR);
	expect(l, "+CMGS: 1\r\n\r\nOK\r\n\r\n+CDSI: \"SM\",1\r\n");
	ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,25\r\n07913386094000F006010B913336990800F1");
	sim_fault(l->sim, "report-status", "70");
	ask(l, "AT+CNMI=2,1,0,1,0", "OK\r\n");
	send_pdu(l, SUBMIT_SRR);
	expect(l, "46\r\n"); /* validity period expired */
	sim_fault(l->sim, "no-reports", NULL);
	send_pdu(l, SUBMIT_SRR);
	expect(l, "OK\r\n");
	assert_null(heard(l, "+CDS", 50));
	talloc_free(l);
}

static void test_air_time(void **state)
{
	struct line *l = line_new("--air", "0.2");
	int64_t start;

	(void)state;
	listen_in(l);
	start = process_now_ms();
	send_pdu(l, SUBMIT_OUI);
	say(l, "AT+CGMI\r"); /* waits for the end of the one before */
	sim_inject(l->sim, "+33639980001", "oui");
	expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n\r\nChappe\r\n\r\nOK\r\n");
	assert_true(process_now_ms() - start >= 190);
	talloc_free(l);
}

static void test_baud(void **state)
{
	struct line *l = line_new("--baud", "9600");
	int64_t start = process_now_ms();

	(void)state;
	for (int i = 0; i < 20; i++)
		ask(l, "AT+CGMI", "OK\r\n"); /* 26 octets each: 27 ms */
	assert_true(process_now_ms() - start >= 400);
	talloc_free(l);
}

/* ---- USSD, calls ---- */

static void test_ussd(void **state)
{
	struct line *l = line_new("--balance", "Solde: 12,50 E");

	(void)state;
	ask(l, "ATE0", "OK\r\n");
	ask(l, "AT+CUSD=1,\"*123#\",15", "\r\nOK\r\n\r\n+CUSD: 0,\"Solde: 12,50 E\",15\r\n");
	ask(l, "AT+CUSD=1,\"123\",15", "\r\nOK\r\n\r\n+CUSD: 4\r\n");
	ask(l, "AT+CSCS=\"UCS2\"", "OK\r\n");
	ask(l, "AT+CUSD=1,\"002A00310032003300230020\",15", "+CUSD: 4\r\n");
	ask(l, "AT+CUSD=1,\"002A0031003200330023\",15", "+CUSD: 0,\"0053006F006C00640065");
	talloc_free(sim_ask(l->sim, "ussd\t2"));
	expect(l, "\r\n+CUSD: 2\r\n");
	assert_non_null(sim_wait_event(l->sim, "ussd\t", "*123#", DEADLINE_MS));
	talloc_free(l);
}

static void test_call(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	ask(l, "ATE0;+CLIP=1", "OK\r\n");
	talloc_free(sim_ask(l->sim, "call\t+33639980001"));
	expect(l, "\r\nRING\r\n\r\n+CLIP: \"+33639980001\",145\r\n");
	ask(l, "AT+CHUP", "OK\r\n");
	assert_non_null(sim_wait_event(l->sim, "hangup\t", NULL, DEADLINE_MS));
	talloc_free(l);
}

/* ---- faults ---- */

static void test_faults_of_sending(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	sim_fault(l->sim, "cms-error", "42");
	send_pdu(l, SUBMIT_OUI);
	expect(l, "\r\n+CMS ERROR: 42\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 0);
	sim_fault(l->sim, "cms-error-sent", "500");
	send_pdu(l, SUBMIT_OUI);
	expect(l, "\r\n+CMS ERROR: 500\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 1);
	sim_fault(l->sim, "lost-cmgs", NULL);
	send_pdu(l, SUBMIT_OUI);
	assert_non_null(sim_wait_message(l->sim, NULL, NULL, DEADLINE_MS));
	ask(l, "AT", "\r\nOK\r\n");
	sim_fault(l->sim, "duplicate-answer", NULL);
	send_pdu(l, SUBMIT_OUI);
	expect(l, "+CMGS: 2\r\n\r\nOK\r\n\r\n+CMGS: 2\r\n\r\nOK\r\n");
	sim_fault(l->sim, "prompt-missing", NULL);
	say(l, "AT+CMGS=17\r");
	assert_null(heard(l, ">", 50));
	say(l, "\x1b");
	expect(l, "OK\r\n");
	sim_fault(l->sim, "urc-prompt", NULL);
	ask(l, "AT+CMGS=17", "\r\n+CMTI: \"SM\",250\r\n\r\n> ");
	say(l, "\x1b");
	expect(l, "OK\r\n");
	sim_fault(l->sim, "report-first", NULL);
	ask(l, "AT+CNMI=2,1,0,2,0", "OK\r\n");
	talloc_free(l);
}

static void test_faults_of_answering(void **state)
{
	struct line *l = line_new(NULL, NULL);
	int64_t start;

	(void)state;
	ask(l, "ATE0", "OK\r\n");
	sim_fault(l->sim, "silent", NULL);
	say(l, "AT\r");
	assert_null(heard(l, "OK", 50));
	sim_fault(l->sim, "clear", NULL);
	ask(l, "AT", "\r\nOK\r\n");
	sim_fault(l->sim, "slow", "150");
	start = process_now_ms();
	ask(l, "AT", "\r\nOK\r\n");
	assert_true(process_now_ms() - start >= 140);
	sim_fault(l->sim, "clear", "slow");
	sim_fault(l->sim, "ok-missing", NULL);
	ask(l, "AT+CGMI", "\r\nChappe\r\n");
	assert_null(heard(l, "OK", 50));
	sim_fault(l->sim, "urc-inside", NULL);
	ask(l, "AT+CGMI", "^RSSI: 15\r\n");
	expect(l, "OK\r\n");
	sim_fault(l->sim, "noise", "300");
	sim_fault(l->sim, "sim-removed", NULL);
	ask(l, "AT+CMEE=1", "OK\r\n");
	ask(l, "AT+CPIN?", "+CME ERROR: 10\r\n");
	ask(l, "AT+CMGL=4", "+CMS ERROR: 310\r\n");
	sim_fault(l->sim, "clear", NULL);
	sim_fault(l->sim, "imsi", "001010000000002");
	ask(l, "AT+CIMI", "\r\n001010000000002\r\n");
	assert_true(!strncmp(sim_ask(l->sim, "fault\tno-such"), "error", 5));
	assert_true(!strncmp(sim_ask(l->sim, "fault\tcms-error"), "error", 5));
	talloc_free(l);
}

static void test_faults_of_receiving(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	sim_fault(l->sim, "cmti-lost", NULL);
	sim_inject(l->sim, "+33639980001", "un");
	assert_null(heard(l, "+CMTI", 50));
	sim_fault(l->sim, "cmti-twice", NULL);
	sim_inject(l->sim, "+33639980001", "deux");
	expect(l, "\r\n+CMTI: \"SM\",2\r\n\r\n+CMTI: \"SM\",2\r\n");
	sim_fault(l->sim, "cmgd-ignored", NULL);
	ask(l, "AT+CMGD=1", "OK\r\n");
	ask(l, "AT+CMGD=0,4", "OK\r\n");
	sim_fault(l->sim, "redeliver", "2");
	for (int i = 0; i < 4; i++)
		sim_inject(l->sim, "+33639980001", "trois");
	assert_int_equal(sim_pending(l->sim), 6);
	sim_fault(l->sim, "store-full", NULL);
	ask(l, "AT+CMGD=0,4", "OK\r\n");
	sim_inject(l->sim, "+33639980001", "quatre");
	assert_int_equal(sim_pending(l->sim), 1);
	ask(l, "AT+CMGL=4", "\r\nOK\r\n");
	sim_fault(l->sim, "clear", NULL);
	expect(l, "+CMTI: \"SM\",1\r\n");
	talloc_free(l);
}

static void test_reboot(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	listen_in(l);
	ask(l, "AT+CMGS=17", "> ");
	sim_fault(l->sim, "reboot", NULL);
	expect(l, "\r\nRDY\r\n");
	expect(l, "\r\nSMS Ready\r\n");
	ask(l, "AT+CNMI?", "AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0\r\n"); /* the echo is on again */
	talloc_free(l);
}

static void test_unplug(void **state)
{
	struct line *l = line_new(NULL, NULL);
	struct pollfd p;
	char c;

	(void)state;
	listen_in(l);
	sim_fault(l->sim, "unplug", NULL);
	p = (struct pollfd){ .fd = l->fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	assert_true(p.revents & POLLHUP);
	while (read(l->fd, &c, 1) > 0)
		;
	assert_int_equal(access(l->sim->link, F_OK), -1);
	sim_inject(l->sim, "+33639980001", "oui");
	close(l->fd);
	sim_fault(l->sim, "replug", NULL);
	open_terminal(l);
	ask(l, "AT+CMGR=1", "+CMGR: 0,,22\r\n");
	talloc_free(l);
}

/* The program is gone, and the modem has seen it. */
static void close_terminal(struct line *l)
{
	int64_t end = process_now_ms() + DEADLINE_MS;

	close(l->fd);
	l->fd = -1;
	while (strstr(sim_ask(l->sim, "status"), "\t0\ncard") == NULL) {
		assert_true(process_now_ms() < end);
		process_nap();
	}
}

/* A program that dies in the middle of a message leaves a modem that the next one can use. */
static void test_killed_program(void **state)
{
	struct line *l = line_new("--air", "0.1");

	(void)state;
	listen_in(l);
	ask(l, "AT+CMGS=17", "> ");
	say(l, "0011");
	close_terminal(l);
	open_terminal(l);
	ask(l, "AT", "\r\nOK\r\n");
	send_pdu(l, SUBMIT_OUI);
	close_terminal(l); /* after Ctrl-Z: it leaves all the same */
	open_terminal(l);
	assert_non_null(sim_wait_message(l->sim, NULL, "oui", DEADLINE_MS));
	ask(l, "AT", "\r\nOK\r\n");
	talloc_free(l);
}

static void test_control_errors(void **state)
{
	struct line *l = line_new(NULL, NULL);
	static const char *const wrong[] = {
		"no-such",
		"inject",
		"inject\t+33639980001",
		"inject-pdu\t0",
		"inject-pdu\tzz",
		"duplicate\t99",
		"ussd\tx",
		"clock\tx",
		"status\tnow",
		"fault",
		"inject\tA name that is too long\tx",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (strncmp(sim_ask(l->sim, "%s", wrong[i]), "error\t", 6))
			fail_msg("%s is not refused", wrong[i]);
	assert_true(!strncmp(sim_ask(l->sim, "clock\t+58h"), "ok\t", 3));
	talloc_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_echo_and_again),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_puk),
		cmocka_unit_test(test_receive),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_direct),
		cmocka_unit_test(test_state_file),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_send_parts),
		cmocka_unit_test(test_send_refused),
		cmocka_unit_test(test_store_and_send),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_air_time),
		cmocka_unit_test(test_baud),
		cmocka_unit_test(test_ussd),
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_faults_of_sending),
		cmocka_unit_test(test_faults_of_answering),
		cmocka_unit_test(test_faults_of_receiving),
		cmocka_unit_test(test_reboot),
		cmocka_unit_test(test_unplug),
		cmocka_unit_test(test_killed_program),
		cmocka_unit_test(test_control_errors),
	};

	return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
