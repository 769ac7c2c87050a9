/* The simulated modem, spoken to directly.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <fnmatch.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/modem/sim/line.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

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
	line_say(l, command);
	line_say(l, "\r");
	/* the next command's echo-free answer begins after the final result code */
	got = line_heard(l, strrchr(pattern, '|') == pattern + strlen(pattern) - 1 ? "\r\n" : "0\r",
			 LINE_DEADLINE_MS);
	while (got && fnmatch(want, got, FNM_NOESCAPE)) {
		char *more = line_heard(l, "\r\n", 1000);

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
	line_ask(l, "ATE0", "ATE0\r\r\nOK\r\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strncmp(commands[i].command, "ATZ", 3)
		    || !strncmp(commands[i].command, "AT&F", 4)) {
			line_ask(l, commands[i].command, "OK\r\n");
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
	line_ask(l, "AT+CGMM", "AT+CGMM\r\r\nSimulator\r\n\r\nOK\r\n");
	line_ask(l, "A/", "A/\r\r\nSimulator\r\n\r\nOK\r\n");
	line_ask(l, "\x7f?xAT+CGMM", "\r\nSimulator\r\n\r\nOK\r\n"); /* noise before it */
	line_ask(l, "ATX\b+CGMM", "\r\nSimulator\r\n\r\nOK\r\n");
	talloc_free(l);
}

static void test_long_line(void **state)
{
	struct line *l = line_new(NULL, NULL);
	char *line = talloc_array(l, char, 65536);

	(void)state;
	line_ask(l, "ATE0", "OK\r\n");
	memset(line, 'A', 65535);
	line[0] = 'A';
	line[1] = 'T';
	line[65535] = '\0';
	for (char *at = line; *at;) { /* more than a terminal holds at once */
		ssize_t n = write(l->fd, at, strlen(at));

		at += n > 0 ? n : 0;
		process_nap();
	}
	line_ask(l, "", "\r\nERROR\r\n");
	line_ask(l, "AT", "\r\nOK\r\n");
	talloc_free(l);
}

/* ---- PIN ---- */

static void test_pin(void **state)
{
	struct line *l = line_new("--pin", "4821");

	(void)state;
	line_ask(l, "ATE0;+CMEE=1", "OK\r\n");
	line_ask(l, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
	line_ask(l, "AT+CIMI", "\r\n+CME ERROR: 11\r\n");
	line_ask(l, "AT+CMGL=4", "\r\n+CMS ERROR: 311\r\n");
	line_ask(l, "AT+CREG?", "\r\n+CREG: 0,2\r\n\r\nOK\r\n");
	line_ask(l, "AT+CPIN=\"0000\"", "\r\n+CME ERROR: 16\r\n");
	line_ask(l, "AT+SPIC", "\r\n+SPIC: 2,10,0,0\r\n\r\nOK\r\n");
	line_ask(l, "AT+CPIN=\"4821\"", "\r\nOK\r\n\r\nSMS Ready\r\n");
	line_ask(l, "AT+SPIC", "\r\n+SPIC: 3,10,0,0\r\n\r\nOK\r\n");
	line_ask(l, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	talloc_free(l);
}

static void test_puk(void **state)
{
	struct line *l = line_new("--pin", "4821");

	(void)state;
	line_ask(l, "ATE0;+CMEE=1", "OK\r\n");
	line_ask(l, "AT+CPIN=\"0000\"", "\r\n+CME ERROR: 16\r\n");
	line_ask(l, "AT+CPIN=\"0001\"", "\r\n+CME ERROR: 16\r\n");
	line_ask(l, "AT+CPIN=\"0002\"", "\r\n+CME ERROR: 12\r\n");
	line_ask(l, "AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
	line_ask(l, "AT+CPIN=\"4821\"", "\r\n+CME ERROR: 3\r\n"); /* the right one comes too late */
	line_ask(l, "AT+CPIN=\"12345678\",\"9999\"", "\r\nOK\r\n");
	line_ask(l, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
	talloc_free(l);
}

/* ---- receiving ---- */

static void test_receive(void **state)
{
	struct line *l = line_new(NULL, NULL);
	uint32_t id;
	char *event;

	(void)state;
	line_listen(l);
	id = sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\r\n+CMTI: \"SM\",1\r\n");
	event = sim_wait_event(l->sim, "cmti\t", NULL, LINE_DEADLINE_MS);
	assert_non_null(event);
	assert_int_equal(strtoul(sim_word(l->sim, event, 2), NULL, 10), id);
	line_ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,22\r\n07913386094000F0040B913336990800F10000");
	line_expect(l, "03EF7A1A\r\n\r\nOK\r\n");
	line_ask(l, "AT+CMGR=1", "\r\n+CMGR: 1,,22\r\n");
	line_expect(l, "OK\r\n");
	line_ask(l, "AT+CMGL=0", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 1);
	line_ask(l, "AT+CMGL=4", "\r\n+CMGL: 1,1,,22\r\n");
	line_expect(l, "OK\r\n");
	line_ask(l, "AT+CMGD=1", "\r\nOK\r\n");
	assert_non_null(sim_wait_event(l->sim, "deleted\t", NULL, LINE_DEADLINE_MS));
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_senders(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	sim_inject(l->sim, "Mairie", "info");
	line_ask(l, "AT+CMGR=1", "040BD0CD705A9E2E03");
	sim_inject(l->sim, "36105", "info");
	line_ask(l, "AT+CMGR=2", "0405816301F5");
	sim_inject(l->sim, "+33639980001", "ça coûte\n3 €");
	line_ask(l, "AT+CMGR=3", "040B913336990800F10008");
	line_expect(l, "00E700610020");
	talloc_free(l);
}

static void test_full(void **state)
{
	struct line *l = line_new("--capacity", "2");

	(void)state;
	line_listen(l);
	for (int i = 0; i < 4; i++)
		sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\"SM\",2\r\n");
	assert_int_equal(sim_pending(l->sim), 4);
	line_ask(l, "AT+CPMS?", "+CPMS: \"SM\",2,2,");
	line_expect(l, "OK\r\n");
	line_ask(l, "AT+CMGD=2", "\r\nOK\r\n\r\n+CMTI: \"SM\",2\r\n");
	line_ask(l, "AT+CMGD=0,4", "\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n");
	line_ask(l, "AT+CMGD=1", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_again(void **state)
{
	struct line *l = line_new(NULL, NULL);
	uint32_t id;
	char *first, *second, *other;

	(void)state;
	line_listen(l);
	id = sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\"SM\",1\r\n");
	sim_duplicate(l->sim, id);
	line_expect(l, "\"SM\",2\r\n");
	line_say(l, "AT+CMGR=1\r");
	first = line_heard(l, "OK\r\n", LINE_DEADLINE_MS);
	line_say(l, "AT+CMGR=2\r");
	second = line_heard(l, "OK\r\n", LINE_DEADLINE_MS);
	assert_string_equal(first, second);
	/* the same words from the same phone are another message, and carry another time stamp */
	sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\"SM\",3\r\n");
	line_say(l, "AT+CMGR=3\r");
	other = line_heard(l, "OK\r\n", LINE_DEADLINE_MS);
	assert_string_not_equal(first, other);
	talloc_free(l);
}

static void test_direct(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_ask(l, "ATE0;+CSMS=1;+CNMI=2,2,0,1,0", "OK\r\n");
	sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\r\n+CMT: ,22\r\n07913386094000F0040B");
	sim_inject(l->sim, "+33639980001", "non");
	assert_null(line_heard(l, "+CMT", 50)); /* not before the first is acknowledged */
	line_ask(l, "AT+CNMA", "\r\nOK\r\n\r\n+CMT: ,22\r\n");
	line_expect(l, "03EEB71B\r\n");
	line_expect(l, "+CMT: ,22\r\n"); /* not acknowledged in time: once more */
	line_ask(l, "AT+CNMA=1", "\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0);
	talloc_free(l);
}

static void test_state_file(void **state)
{
	struct line *l = line_new(NULL, NULL);
	char *path = talloc_asprintf(l, "%s/card", l->dir);

	(void)state;
	line_restart(l, "--state", path);
	sim_inject(l->sim, "+33639980001", "oui");
	line_restart(l, "--state", path);
	line_ask(l, "ATE0", "OK\r\n");
	line_ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,22\r\n");
	assert_int_equal(sim_inject(l->sim, "+33639980001", "oui"), 2); /* ids go on */
	talloc_free(l);
}

/* ---- sending ---- */

static void test_send(void **state)
{
	struct line *l = line_new(NULL, NULL);
	char *event;

	(void)state;
	line_listen(l);
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oui", LINE_DEADLINE_MS));
	event = sim_wait_event(l->sim, "sent\t", NULL, LINE_DEADLINE_MS);
	assert_string_equal(sim_word(l->sim, event, 4), "-");
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	assert_int_equal(sim_count_messages(l->sim, "+33639980001", NULL), 2);
	assert_int_equal(sim_count_messages(l->sim, "+33639980002", NULL), 0);
	talloc_free(l);
}

static void test_send_parts(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	line_send(l, "0051000B913336990800F10000A7080500032A0202DE"); /* second part first */
	line_expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n");
	assert_null(sim_wait_message(l->sim, NULL, NULL, 50));
	line_send(l, "0051000B913336990800F10000A7080500032A0201DE");
	line_expect(l, "OK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oo", LINE_DEADLINE_MS));
	talloc_free(l);
}

static void test_send_refused(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	line_ask(l, "AT+CMGS=16", "\r\n> ");
	line_say(l, SUBMIT_OUI "\x1a"); /* it is one octet longer */
	line_expect(l, "\r\n+CMS ERROR: 304\r\n");
	line_ask(l, "AT+CMGS=17", "\r\n> ");
	line_say(l, "zz\x1a");
	line_expect(l, "\r\n+CMS ERROR: 304\r\n");
	line_ask(l, "AT+CMGS=17", "\r\n> ");
	line_say(l, "0011\x1b");
	line_expect(l, "\r\nOK\r\n");
	sim_fault(l->sim, "network-denied", NULL);
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\n+CMS ERROR: 331\r\n");
	sim_fault(l->sim, "sms-only", NULL);
	line_ask(l, "AT+CREG?", "+CREG: 0,6\r\n");
	line_send(l, SUBMIT_OUI);
	line_expect(l, "+CMGS: 0\r\n\r\nOK\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 1);
	talloc_free(l);
}

static void test_store_and_send(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	line_ask(l, "AT+CMGW=17", "\r\n> ");
	line_say(l, SUBMIT_OUI "\x1a");
	line_expect(l, "\r\n+CMGW: 1\r\n\r\nOK\r\n");
	line_ask(l, "AT+CMGL=2", "\r\n+CMGL: 1,2,,17\r\n" SUBMIT_OUI "\r\n\r\nOK\r\n");
	assert_int_equal(sim_pending(l->sim), 0); /* nobody's text is in it */
	line_ask(l, "AT+CMSS=1", "OK\r\n");
	assert_non_null(sim_wait_message(l->sim, "+33639980001", "oui", LINE_DEADLINE_MS));
	talloc_free(l);
}

static void test_reports(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_ask(l, "ATE0;+CNMI=2,1,0,1,0", "OK\r\n");
	line_send(l, SUBMIT_SRR);
	line_expect(l,
		    "+CMGS: 0\r\n\r\nOK\r\n\r\n+CDS: 25\r\n07913386094000F006000B913336990800F1");
	line_ask(l, "AT+CNMI=2,1,0,2,0", "OK\r\n");
	line_send(l, SUBMIT_SRR);
	line_expect(l, "+CMGS: 1\r\n\r\nOK\r\n\r\n+CDSI: \"SM\",1\r\n");
	line_ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,25\r\n07913386094000F006010B913336990800F1");
	sim_fault(l->sim, "report-status", "70");
	line_ask(l, "AT+CNMI=2,1,0,1,0", "OK\r\n");
	line_send(l, SUBMIT_SRR);
	line_expect(l, "46\r\n"); /* validity period expired */
	sim_fault(l->sim, "no-reports", NULL);
	line_send(l, SUBMIT_SRR);
	line_expect(l, "OK\r\n");
	assert_null(line_heard(l, "+CDS", 50));
	talloc_free(l);
}

/* A report that nobody waits for, then octets that are no message. */
static void test_inject_pdu(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_ask(l, "ATE0;+CNMI=2,1,0,1,0", "OK\r\n");
	talloc_free(
		sim_ask(l->sim, "inject-pdu\t06630B913336990810F1620141815090806201418150218000"));
	line_expect(l, "\r\n+CDS: 25\r\n07913386094000F006630B91");
	talloc_free(sim_ask(l->sim, "inject-pdu\tFFFFFF"));
	line_expect(l, "\r\n+CMTI: \"SM\",1\r\n");
	line_ask(l, "AT+CMGR=1", "\r\n+CMGR: 0,,3\r\n07913386094000F0FFFFFF\r\n");
	talloc_free(l);
}

static void test_air_time(void **state)
{
	struct line *l = line_new("--air", "0.2");
	int64_t start;

	(void)state;
	line_listen(l);
	start = process_now_ms();
	line_send(l, SUBMIT_OUI);
	line_say(l, "AT+CGMI\r"); /* waits for the end of the one before */
	sim_inject(l->sim, "+33639980001", "oui");
	line_expect(l, "\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n\r\nChappe\r\n\r\nOK\r\n");
	assert_true(process_now_ms() - start >= 190);
	talloc_free(l);
}

static void test_baud(void **state)
{
	struct line *l = line_new("--baud", "9600");
	int64_t start = process_now_ms();

	(void)state;
	for (int i = 0; i < 20; i++)
		line_ask(l, "AT+CGMI", "OK\r\n"); /* 26 octets each: 27 ms */
	assert_true(process_now_ms() - start >= 400);
	talloc_free(l);
}

/* ---- USSD, calls ---- */

static void test_ussd(void **state)
{
	struct line *l = line_new("--balance", "Solde: 12,50 E");

	(void)state;
	line_ask(l, "ATE0", "OK\r\n");
	line_ask(l, "AT+CUSD=1,\"*123#\",15", "\r\nOK\r\n\r\n+CUSD: 0,\"Solde: 12,50 E\",15\r\n");
	line_ask(l, "AT+CUSD=1,\"123\",15", "\r\nOK\r\n\r\n+CUSD: 4\r\n");
	line_ask(l, "AT+CSCS=\"UCS2\"", "OK\r\n");
	line_ask(l, "AT+CUSD=1,\"002A00310032003300230020\",15", "+CUSD: 4\r\n");
	line_ask(l, "AT+CUSD=1,\"002A0031003200330023\",15", "+CUSD: 0,\"0053006F006C00640065");
	talloc_free(sim_ask(l->sim, "ussd\t2"));
	line_expect(l, "\r\n+CUSD: 2\r\n");
	assert_non_null(sim_wait_event(l->sim, "ussd\t", "*123#", LINE_DEADLINE_MS));
	talloc_free(l);
}

static void test_call(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_ask(l, "ATE0;+CLIP=1", "OK\r\n");
	talloc_free(sim_ask(l->sim, "call\t+33639980001"));
	line_expect(l, "\r\nRING\r\n\r\n+CLIP: \"+33639980001\",145\r\n");
	line_ask(l, "AT+CHUP", "OK\r\n");
	assert_non_null(sim_wait_event(l->sim, "hangup\t", NULL, LINE_DEADLINE_MS));
	talloc_free(l);
}

/* ---- faults ---- */

static void test_faults_of_sending(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	sim_fault(l->sim, "cms-error", "42");
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\n+CMS ERROR: 42\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 0);
	sim_fault(l->sim, "cms-error-sent", "500");
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\n+CMS ERROR: 500\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 1);
	sim_fault(l->sim, "lost-cmgs", NULL);
	line_send(l, SUBMIT_OUI);
	assert_non_null(sim_wait_message(l->sim, NULL, NULL, LINE_DEADLINE_MS));
	line_ask(l, "AT", "\r\nOK\r\n");
	sim_fault(l->sim, "duplicate-answer", NULL);
	line_send(l, SUBMIT_OUI);
	line_expect(l, "+CMGS: 2\r\n\r\nOK\r\n\r\n+CMGS: 2\r\n\r\nOK\r\n");
	sim_fault(l->sim, "prompt-missing", NULL);
	line_say(l, "AT+CMGS=17\r");
	assert_null(line_heard(l, ">", 50));
	line_say(l, "\x1b");
	line_expect(l, "OK\r\n");
	sim_fault(l->sim, "urc-prompt", NULL);
	line_ask(l, "AT+CMGS=17", "\r\n+CMTI: \"SM\",250\r\n\r\n> ");
	line_say(l, "\x1b");
	line_expect(l, "OK\r\n");
	sim_fault(l->sim, "report-first", NULL);
	line_ask(l, "AT+CNMI=2,1,0,2,0", "OK\r\n");
	talloc_free(l);
}

static void test_faults_of_answering(void **state)
{
	struct line *l = line_new(NULL, NULL);
	int64_t start;

	(void)state;
	line_ask(l, "ATE0", "OK\r\n");
	sim_fault(l->sim, "silent", NULL);
	line_say(l, "AT\r");
	assert_null(line_heard(l, "OK", 50));
	sim_fault(l->sim, "clear", NULL);
	line_ask(l, "AT", "\r\nOK\r\n");
	sim_fault(l->sim, "slow", "150");
	start = process_now_ms();
	line_ask(l, "AT", "\r\nOK\r\n");
	assert_true(process_now_ms() - start >= 140);
	sim_fault(l->sim, "clear", "slow");
	sim_fault(l->sim, "ok-missing", NULL);
	line_ask(l, "AT+CGMI", "\r\nChappe\r\n");
	assert_null(line_heard(l, "OK", 50));
	sim_fault(l->sim, "urc-inside", NULL);
	line_ask(l, "AT+CGMI", "^RSSI: 15\r\n");
	line_expect(l, "OK\r\n");
	sim_fault(l->sim, "noise", "300");
	sim_fault(l->sim, "sim-removed", NULL);
	line_ask(l, "AT+CMEE=1", "OK\r\n");
	line_ask(l, "AT+CPIN?", "+CME ERROR: 10\r\n");
	line_ask(l, "AT+CMGL=4", "+CMS ERROR: 310\r\n");
	sim_fault(l->sim, "clear", NULL);
	sim_fault(l->sim, "imsi", "001010000000002");
	line_ask(l, "AT+CIMI", "\r\n001010000000002\r\n");
	assert_true(!strncmp(sim_ask(l->sim, "fault\tno-such"), "error", 5));
	assert_true(!strncmp(sim_ask(l->sim, "fault\tcms-error"), "error", 5));
	talloc_free(l);
}

static void test_faults_of_receiving(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	sim_fault(l->sim, "cmti-lost", NULL);
	sim_inject(l->sim, "+33639980001", "un");
	assert_null(line_heard(l, "+CMTI", 50));
	sim_fault(l->sim, "cmti-twice", NULL);
	sim_inject(l->sim, "+33639980001", "deux");
	line_expect(l, "\r\n+CMTI: \"SM\",2\r\n\r\n+CMTI: \"SM\",2\r\n");
	sim_fault(l->sim, "cmgd-ignored", NULL);
	line_ask(l, "AT+CMGD=1", "OK\r\n");
	line_ask(l, "AT+CMGD=0,4", "OK\r\n");
	sim_fault(l->sim, "redeliver", "2");
	for (int i = 0; i < 4; i++)
		sim_inject(l->sim, "+33639980001", "trois");
	assert_int_equal(sim_pending(l->sim), 6);
	sim_fault(l->sim, "store-full", NULL);
	line_ask(l, "AT+CMGD=0,4", "OK\r\n");
	sim_inject(l->sim, "+33639980001", "quatre");
	assert_int_equal(sim_pending(l->sim), 1);
	line_ask(l, "AT+CMGL=4", "\r\nOK\r\n");
	sim_fault(l->sim, "clear", NULL);
	line_expect(l, "+CMTI: \"SM\",1\r\n");
	talloc_free(l);
}

static void test_reboot(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	line_ask(l, "AT+CMGS=17", "> ");
	sim_fault(l->sim, "reboot", NULL);
	line_expect(l, "\r\nRDY\r\n");
	line_expect(l, "\r\nSMS Ready\r\n");
	line_ask(l, "AT+CNMI?", "AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0\r\n"); /* the echo is on again */
	talloc_free(l);
}

static void test_unplug(void **state)
{
	struct line *l = line_new(NULL, NULL);
	struct pollfd p;
	char c;

	(void)state;
	line_listen(l);
	sim_fault(l->sim, "unplug", NULL);
	p = (struct pollfd){ .fd = l->fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, LINE_DEADLINE_MS), 1);
	assert_true(p.revents & POLLHUP);
	while (read(l->fd, &c, 1) > 0)
		;
	assert_int_equal(access(l->sim->link, F_OK), -1);
	sim_inject(l->sim, "+33639980001", "oui");
	close(l->fd);
	sim_fault(l->sim, "replug", NULL);
	line_open(l);
	line_ask(l, "AT+CMGR=1", "+CMGR: 0,,22\r\n");
	talloc_free(l);
}

/* A program that dies in the middle of a message leaves a modem that the next one can use. */
static void test_killed_program(void **state)
{
	struct line *l = line_new("--air", "0.1");

	(void)state;
	line_listen(l);
	line_ask(l, "AT+CMGS=17", "> ");
	line_say(l, "0011");
	line_close(l);
	line_open(l);
	line_ask(l, "AT", "\r\nOK\r\n");
	line_send(l, SUBMIT_OUI);
	line_close(l); /* after Ctrl-Z: it leaves all the same */
	line_open(l);
	assert_non_null(sim_wait_message(l->sim, NULL, "oui", LINE_DEADLINE_MS));
	line_ask(l, "AT", "\r\nOK\r\n");
	talloc_free(l);
}

/* A fault in the middle of an exchange: at the second command line, at Ctrl-Z. */
static void test_fault_after(void **state)
{
	struct line *l = line_new(NULL, NULL);

	(void)state;
	line_listen(l);
	sim_fault_after(l->sim, 2, "silent", NULL);
	line_ask(l, "AT", "\r\nOK\r\n");
	line_say(l, "AT\r");
	assert_null(line_heard(l, "OK", 50));
	sim_fault(l->sim, "clear", NULL);
	sim_fault_after(l->sim, 2, "reboot", NULL);
	line_send(l, SUBMIT_OUI);
	line_expect(l, "\r\nRDY\r\n");
	assert_int_equal(sim_count_messages(l->sim, NULL, NULL), 0);
	line_expect(l, "SMS Ready\r\n");
	sim_fault_after(l->sim, 1, "pdu-cut", "1");
	sim_inject(l->sim, "+33639980001", "oui");
	line_ask(l, "AT+CMGR=1", "07913386094000F0040B9133369908\r\n\r\nOK\r\n");
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
		cmocka_unit_test(test_inject_pdu),
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
		cmocka_unit_test(test_fault_after),
		cmocka_unit_test(test_control_errors),
	};

	return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
