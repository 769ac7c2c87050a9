/* What the number of a refused part means.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct cause_case {
	const char *name;
	enum line_error error;
	unsigned int cause;
	bool handed;
	enum frame_send result;
};

static const struct cause_case cases[] = {
	{ "unassigned number", LINE_ERROR_CMS, 1, true, FRAME_SEND_REFUSED },
	{ "unknown subscriber", LINE_ERROR_CMS, 30, true, FRAME_SEND_REFUSED },
	{ "invalid PDU parameter", LINE_ERROR_CMS, 304, true, FRAME_SEND_REFUSED },
	{ "barred: the SIM's affair, not the recipient's", LINE_ERROR_CMS, 8, true,
	  FRAME_SEND_FAILED },
	{ "destination out of service", LINE_ERROR_CMS, 27, true, FRAME_SEND_FAILED },
	{ "network out of order", LINE_ERROR_CMS, 38, true, FRAME_SEND_FAILED },
	{ "temporary failure", LINE_ERROR_CMS, 41, true, FRAME_SEND_FAILED },
	{ "congestion", LINE_ERROR_CMS, 42, true, FRAME_SEND_FAILED },
	{ "rejected: it may be for want of credit", LINE_ERROR_CMS, 21, true, FRAME_SEND_FAILED },
	{ "a duplicate: it was taken before", LINE_ERROR_CMS, 197, true, FRAME_SEND_DOUBT },
	{ "no network", LINE_ERROR_CMS, 331, true, FRAME_SEND_FAILED },
	{ "SMSC unknown", LINE_ERROR_CMS, 330, true, FRAME_SEND_FAILED },
	{ "SIM missing", LINE_ERROR_CME, 10, true, FRAME_SEND_FAILED },
	{ "network time-out: it may have it", LINE_ERROR_CMS, 332, true, FRAME_SEND_DOUBT },
	{ "unknown error", LINE_ERROR_CMS, 500, true, FRAME_SEND_DOUBT },
	{ "a maker's own", LINE_ERROR_CMS, 513, true, FRAME_SEND_DOUBT },
	{ "in words", LINE_ERROR_CMS, 0, true, FRAME_SEND_DOUBT },
	{ "plain ERROR", LINE_ERROR_PLAIN, 0, true, FRAME_SEND_DOUBT },
	{ "no answer", LINE_ERROR_NONE, 0, true, FRAME_SEND_DOUBT },
	{ "unknown error before the body", LINE_ERROR_CMS, 500, false, FRAME_SEND_FAILED },
	{ "plain ERROR before the body", LINE_ERROR_PLAIN, 0, false, FRAME_SEND_FAILED },
	{ "no prompt", LINE_ERROR_NONE, 0, false, FRAME_SEND_FAILED },
	{ "refused before the body", LINE_ERROR_CMS, 304, false, FRAME_SEND_REFUSED },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cause_case *c = &cases[i];

		if (cause_result(c->error, c->cause, c->handed) != c->result)
			fail_msg("%s: %d", c->name, cause_result(c->error, c->cause, c->handed));
	}
}

/* Of nobody's number, and of what may be one's. */
static void test_of_carrier(void **state)
{
	static const int carrier[] = { 42, 47, 193, 302, 310, 318, 330, 331 };
	static const int either[] = {
		0, 1, 8, 21, 29, 38, 41, 50, 69, 332, 500, FRAME_CAUSE_PLAIN
	};

	(void)state;
	for (size_t i = 0; i < sizeof(carrier) / sizeof(carrier[0]); i++)
		assert_true(cause_is_of_carrier(carrier[i]));
	for (size_t i = 0; i < sizeof(either) / sizeof(either[0]); i++)
		assert_false(cause_is_of_carrier(either[i]));
	assert_string_equal(cause_text(38), "network out of order");
	assert_string_equal(cause_text(999), "CMS ERROR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_of_carrier),
	};

	return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
