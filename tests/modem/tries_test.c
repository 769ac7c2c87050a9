/* What modems answer when they are asked how many tries of the PIN are left.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/tries.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "modem/frame.h"
#include "modem/tap.h"

#define UNKNOWN FRAME_TRIES_UNKNOWN

/* A modem that knows one command. */
static const char *known, *answers;
static int asked;

int tap_ask(char *answer, size_t size, const char *command, int ms)
{
	(void)ms;
	asked++;
	if (!known)
		return -ETIMEDOUT;
	snprintf(answer, size, "%s\r\n%s\r\n", command, strstr(command, known) ? answers : "ERROR");
	return 0;
}

static const struct {
	const char *command, *answer;
	uint8_t tries;
} cases[] = {
	{ "+CPINR", "+CPINR: SIM PIN,3,3\r\n\r\nOK", 3 },
	{ "+CPINR", "+CPINR: SIM PIN,1\r\n\r\nOK", 1 },
	{ "+CPINR", "+CPINR: SIM PUK,10\r\n\r\nOK", UNKNOWN },
	{ "^CPIN", "^CPIN: SIM PIN,3,10,2,10,3\r\n\r\nOK", 2 },
	{ "^CPIN", "^CPIN: SIM PIN,,10,1,10,3\r\n\r\nOK", 1 },
	{ "^CPIN", "^CPIN: READY\r\n\r\nOK", UNKNOWN },
	{ "^CPIN", "^CPIN: SIM PIN,3\r\n+OTHER: 1,2,3\r\n\r\nOK", UNKNOWN },
	{ "+SPIC", "+SPIC: 2,10,0,0\r\n\r\nOK", 2 },
	{ "+SPIC", "+SPIC: 0\r\n\r\nOK", 0 },
	{ "+SPIC", "+SPIC: 33\r\n\r\nOK", UNKNOWN },
	{ "+SPIC", "+SPIC: \r\n\r\nOK", UNKNOWN },
	{ "+SPIC", "+SPIC:", UNKNOWN },
	{ "+QPINC", "+QPINC: \"SC\",3,10\r\n\r\nOK", 3 },
	{ "+QPINC", "+QPINC: \"P2\",3,10\r\n\r\nOK", UNKNOWN },
	{ "nothing", "", UNKNOWN },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		known = cases[i].command;
		answers = cases[i].answer;
		if (tries_ask() != cases[i].tries)
			fail_msg("row %zu: %u", i, tries_ask());
	}
}

/* Every command is tried once, and a modem that says nothing tells nothing. */
static void test_silence(void **state)
{
	(void)state;
	known = NULL;
	asked = 0;
	assert_int_equal(tries_ask(), UNKNOWN);
	assert_int_equal(asked, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests_name("tries", tests, NULL, NULL);
}
