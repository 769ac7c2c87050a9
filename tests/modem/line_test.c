/* What is noted of a modem's words, and what its library gets to hear.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EMPTY "00040181F000000010100000000000"
#define PDU   "040B913336990800F1000062014181509080046F740FD1"

struct talk {
	const char *name;
	const char *in;
	const char *out;    /* NULL: as it came in */
	const char *stored; /* NULL: no message was read */
	int state;
};

static const struct talk cases[] = {
	{ "an answer without a message", "\r\n+CSQ: 19,99\r\n\r\nOK\r\n", NULL, NULL, -1 },
	{ "a message is read", "AT+CMGR=1\r\r\n+CMGR: 0,,24\r\n" PDU "\r\n\r\nOK\r\n",
	  "AT+CMGR=1\r\r\n+CMGR: 0,,24\r\n" EMPTY "\r\n\r\nOK\r\n", PDU, 0 },
	{ "lower case", "+CMGR: 1,,2\r\n00ab\r\n\r\nOK\r\n",
	  "+CMGR: 1,,2\r\n" EMPTY "\r\n\r\nOK\r\n", "00ab", 1 },
	{ "of a cut octet", "+CMGR: 1,,2\r\n00A\r\n\r\nOK\r\n",
	  "+CMGR: 1,,2\r\n" EMPTY "\r\n\r\nOK\r\n", "00A", 1 },
	{ "a draft", "+CMGR: 2,,24\r\n" PDU "\r\n\r\nOK\r\n",
	  "+CMGR: 2,,24\r\n" EMPTY "\r\n\r\nOK\r\n", PDU, 2 },
	{ "no state", "+CMGR: ,,24\r\n" PDU "\r\nOK\r\n", "+CMGR: ,,24\r\n" EMPTY "\r\nOK\r\n", PDU,
	  -1 },
	{ "two fields", "+CMGR: 0,24\r\n" PDU "\r\nOK\r\n", "+CMGR: 0,24\r\n" EMPTY "\r\nOK\r\n",
	  PDU, 0 },
	{ "a list", "+CMGL: 1,1,,24\r\n" PDU "\r\n+CMGL: 3,0,,24\r\n00FF\r\n\r\nOK\r\n",
	  "+CMGL: 1,1,,24\r\n" EMPTY "\r\n+CMGL: 3,0,,24\r\n" EMPTY "\r\n\r\nOK\r\n", "00FF", -1 },
	{ "another line in between",
	  "+CMGR: 0,,24\r\n\r\n+CMTI: \"SM\",2\r\n^RSSI:20\r\n" PDU "\r\n\r\nOK\r\n",
	  "+CMGR: 0,,24\r\n\r\n+CMTI: \"SM\",2\r\n^RSSI:20\r\n" EMPTY "\r\n\r\nOK\r\n", PDU, 0 },
	{ "an empty slot", "AT+CMGR=9\r\r\nOK\r\n", NULL, NULL, -1 },
	{ "hex that is no message", "AT+CGSN\r\r\n490154203237518\r\n\r\nOK\r\n", NULL, NULL, -1 },
	{ "hex after an answer that was empty", "+CMGR: 0,,0\r\nOK\r\nABCDEF\r\n", NULL, NULL, 0 },
	{ "what we send, echoed", "> " PDU "\x1a\r\n+CMGS: 3\r\n\r\nOK\r\n", NULL, NULL, -1 },
	{ "a line that begins as hex does", "+CMGR: 0,,24\r\nADDED\r\nBEEN\r\nERROR\r\n",
	  "+CMGR: 0,,24\r\n" EMPTY "\r\nBEEN\r\nERROR\r\n", "ADDED", 0 },
	{ "text mode", "+CMGR: \"REC READ\",\"+393312345678\",,\"16/05/10\"\r\nABBA\r\nOK\r\n",
	  NULL, NULL, -1 },
	{ "a prompt passes at once", "\r\n> ", NULL, NULL, -1 },
};

/* Once the modem echoes, only answers and notices that the library knows get through. */
static const struct talk guarded[] = {
	{ "an answer", "AT+CSQ\r\r\n+CSQ: 19,99\r\n\r\nOK\r\n", NULL, NULL, -1 },
	{ "notices that it knows", "\r\n+CMTI: \"SM\",1\r\n\r\nRING\r\n+CUSD: 0,\"x\",15\r\n", NULL,
	  NULL, -1 },
	{ "notices that it does not know",
	  "\r\nRDY\r\n+CFUN: 1\r\n\r\nSMS Ready\r\n^SMMEMFULL: \"SM\"\r\n",
	  "\r\n\r\n\r\n\r\n\r\n\r\n", NULL, -1 },
	{ "an answer twice", "AT\r\r\nOK\r\n\r\nOK\r\n", "AT\r\r\nOK\r\n\r\n\r\n", NULL, -1 },
	{ "after an error", "AT\r\r\n+CMS ERROR: 38\r\nXX\r\n", "AT\r\r\n+CMS ERROR: 38\r\n\r\n",
	  NULL, -1 },
	{ "noise before an echo", "\xff\x7f{AT+CIMI\r\r\n2080\r\nOK\r\n",
	  "AT+CIMI\r\r\n2080\r\nOK\r\n", NULL, -1 },
	{ "a prompt", "AT+CMGS=20\r\r\n> ", NULL, NULL, -1 },
	{ "a prompt without its space", "AT+CMGS=20\r\r\n>0011FF\x1a\r\n",
	  "AT+CMGS=20\r\r\n> 0011FF\x1a\r\n", NULL, -1 },
	{ "a prompt of a line", "AT+CMGS=20\r\r\n>\r\n", "AT+CMGS=20\r\r\n> \r\n", NULL, -1 },
	{ "no prompt but an error", "AT+CMGS=20\r\r\nERROR\r\nAT\r\n> OK\r\n", NULL, NULL, -1 },
	{ "what was sent, and its answer", "AT+CMGS=20\r\r\n> 0011FF\x1a\r\n+CMGS: 3\r\n\r\nOK\r\n",
	  NULL, NULL, -1 },
	{ "a maker's notice in an answer",
	  "AT+CMGR=1\r\r\n+CMGR: 0,,24\r\n^RSSILVL:60\r\r\n" PDU "\r\n\r\nOK\r\n",
	  "AT+CMGR=1\r\r\n+CMGR: 0,,24\r\n\r\r\n" EMPTY "\r\n\r\nOK\r\n", PDU, 0 },
	{ "a report between answers", "\r\n+CDS: 24\r\n" PDU "\r\n",
	  "\r\n+CDS: 24\r\n" EMPTY "\r\n", NULL, -1 },
	{ "a report that is none", "+CDS: 24\r\nNONE\r\nNONE\r\n", "+CDS: 24\r\nNONE\r\n\r\n", NULL,
	  -1 },
};

static void check(const struct talk *c, size_t piece, bool guard)
{
	size_t len = strlen(c->in), n = 0;
	struct line *l = malloc(sizeof(*l));
	char *out = malloc(LINE_ROOM(len) + len + 1);

	line_init(l);
	l->guard = guard;
	for (size_t at = 0; at < len; at += piece)
		n += line_feed(l, out + n, c->in + at, len - at < piece ? len - at : piece);
	out[n] = '\0';
	if (strcmp(out, c->out ? c->out : c->in))
		fail_msg("%s, in pieces of %zu: '%s'", c->name, piece, out);
	assert_int_equal(l->has_stored, c->stored != NULL);
	if (c->stored)
		assert_string_equal(l->stored, c->stored);
	assert_int_equal(l->stored_state, c->state);
	free(out);
	free(l);
}

/* In pieces of each size: a PDU is cut wherever the tty cuts it. */
static void test_unguarded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t piece = 1; piece <= strlen(cases[i].in); piece++)
			check(&cases[i], piece, false);
}

static void test_guarded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++)
		for (size_t piece = 1; piece <= strlen(guarded[i].in); piece++)
			check(&guarded[i], piece, true);
}

static size_t feed(struct line *l, char *out, const char *in)
{
	size_t n = line_feed(l, out, in, strlen(in));

	out[n] = '\0';
	return n;
}

static void test_unasked(void **state)
{
	struct line_event e;
	struct line l;
	char out[4096];

	(void)state;
	line_init(&l);
	assert_false(line_next(&l, &e));
	feed(&l, out, "\r\n+CMTI: \"SM\",1\r\n"); /* the library's own affair */
	assert_false(line_next(&l, &e));
	feed(&l, out,
	     "\r\n+CDS: 24\r\n" PDU
	     "\r\n\r\n+CMT: ,24\r\n0011\r\n+CDSI: \"SR\",12\r\n+CDSI: junk\r\n");
	assert_string_equal(out, "\r\n+CDS: 24\r\n" EMPTY "\r\n\r\n+CMT: ,24\r\n" EMPTY
				 "\r\n+CDSI: \"SR\",12\r\n+CDSI: junk\r\n");
	assert_true(line_next(&l, &e));
	assert_int_equal(e.kind, LINE_REPORT);
	assert_string_equal(e.pdu, PDU);
	assert_true(line_next(&l, &e));
	assert_int_equal(e.kind, LINE_DELIVER);
	assert_string_equal(e.pdu, "0011");
	assert_true(line_next(&l, &e));
	assert_int_equal(e.kind, LINE_INDEX);
	assert_string_equal(e.memory, "SR");
	assert_int_equal(e.index, 12);
	assert_false(line_next(&l, &e));
	assert_false(l.has_stored);
	feed(&l, out, "+CDS:25\rNONE\r"); /* no hex: it is the library's */
	assert_string_equal(out, "+CDS:25\rNONE\r");
	assert_false(line_next(&l, &e));
}

static void test_notices(void **state)
{
	struct line l;
	char out[4096];

	(void)state;
	line_init(&l);
	feed(&l, out, "+CMS ERROR: 38\r\n");
	assert_int_equal(l.error, LINE_ERROR_CMS);
	assert_int_equal(l.cause, 38);
	feed(&l, out, "+CME ERROR:10\r\n");
	assert_int_equal(l.error, LINE_ERROR_CME);
	assert_int_equal(l.cause, 10);
	feed(&l, out, "+CMS ERROR: SMSC address unknown\r\n");
	assert_int_equal(l.error, LINE_ERROR_CMS);
	assert_int_equal(l.cause, 0);
	feed(&l, out, "ERROR\r\n");
	assert_int_equal(l.error, LINE_ERROR_PLAIN);
	assert_int_equal(l.mr, -1);
	feed(&l, out, "\r\n+CMGS: 43\r\n\r\nOK\r\n");
	assert_int_equal(l.mr, 43);
	feed(&l, out, "+CMGS: 255,\"0011\"\r\n");
	assert_int_equal(l.mr, 255);
	assert_false(l.full || l.restarted || l.text_mode);
	feed(&l, out, "^SMMEMFULL: \"SM\"\r\n");
	assert_true(l.full);
	feed(&l, out, "RDYX\r\n");
	assert_false(l.restarted);
	feed(&l, out, "RDY\r\n");
	assert_true(l.restarted);
	feed(&l, out, "+CMGR: \"REC READ\"\r\n");
	assert_true(l.text_mode);
}

static void test_bounds(void **state)
{
	static char in[70000];
	struct line l;
	char *out = malloc(LINE_ROOM(sizeof(in)));
	size_t n;

	(void)state;
	line_init(&l);
	memset(in, 'x', sizeof(in));
	n = line_feed(&l, out, in, sizeof(in));
	assert_int_equal(n, LINE_MAX);
	n = line_feed(&l, out, "\r\nOK\r\n", 6);
	assert_int_equal(n, 6);
	memset(in, 'A', sizeof(in));
	feed(&l, out, "+CMGR: 0,,24\r\n");
	assert_int_equal(line_feed(&l, out, in, sizeof(in)), 0);
	feed(&l, out, "\r\nOK\r\n");
	assert_string_equal(out, EMPTY "\r\nOK\r\n");
	assert_true(l.has_stored);
	assert_string_equal(l.stored, "");
	assert_int_equal(line_feed(&l, out, "a\0\0b", 4), 2);
	for (int i = 0; i < LINE_QUEUE_MAX + 3; i++)
		feed(&l, out, "\r\n+CDS: 2\r\n0011\r\n");
	assert_int_equal(l.lost, 3);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unguarded), cmocka_unit_test(test_guarded),
		cmocka_unit_test(test_unasked),   cmocka_unit_test(test_notices),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
