/* Telephone numbers of every shape.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/phone.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/utils.h>

struct e164_case {
	const char *text;
	const char *country_code;
	int rc;
	const char *e164;
};

static const struct e164_case e164_cases[] = {
	{ "+33639980001", "33", 0, "+33639980001" },
	{ "0033639980001", "33", 0, "+33639980001" },
	{ "33639980001", "33", 0, "+33639980001" },
	{ "0639980001", "33", 0, "+33639980001" },
	{ "06 39 98 00 01", "33", 0, "+33639980001" },
	{ "06.39.98.00.01", "33", 0, "+33639980001" },
	{ "06-39-98-00-01", "33", 0, "+33639980001" },
	{ "06/39/98/00/01", "33", 0, "+33639980001" },
	{ " 06\xc2\xa0"
	  "39\xe2\x80\xaf"
	  "98 00 01 ",
	  "33", 0, "+33639980001" },
	{ "+33 (0)6 39 98 00 01", "33", 0, "+33639980001" },
	{ "+33(0)639980001", "33", 0, "+33639980001" },
	{ "+33 06 39 98 00 01", "33", 0, "+33639980001" },
	{ "(+33) 6 39 98 00 01", "33", 0, "+33639980001" },
	{ "(06) 39 98 00 01", "33", 0, "+33639980001" },
	{ "00 33 6 39 98 00 01", "33", 0, "+33639980001" },
	{ "0470 12 34 56", "32", 0, "+32470123456" },
	{ "+32 470 12 34 56", "33", 0, "+32470123456" },
	{ "+39 06 1234567", "33", 0, "+39061234567" }, /* Italy keeps its 0 */
	{ "621 123 456", "352", 0, "+352621123456" },  /* Luxembourg has none */
	{ "+352 621 123 456", "33", 0, "+352621123456" },
	{ "+1 212 555 0100", "33", 0, "+12125550100" },
	{ "+212 6 12 34 56 78", "33", 0, "+212612345678" },
	{ "639980001", "33", -EINVAL, NULL }, /* which country? */
	{ "063998000", "33", -ERANGE, NULL },
	{ "06399800011", "33", -ERANGE, NULL },
	{ "+3363998", "33", -ERANGE, NULL },
	{ "+336399800011", "33", -ERANGE, NULL },
	{ "+1234567890123456", "33", -ERANGE, NULL },
	{ "+12345", "33", -ERANGE, NULL },
	{ "+0639980001", "33", -ERANGE, NULL },
	{ "00", "33", -ERANGE, NULL },
	{ "38888", "33", -EINVAL, NULL },
	{ "3939", "33", -EINVAL, NULL },
	{ "Orange", "33", -EINVAL, NULL },
	{ "", "33", -EINVAL, NULL },
	{ "+", "33", -EINVAL, NULL },
	{ "++33639980001", "33", -EINVAL, NULL },
	{ "33+639980001", "33", -EINVAL, NULL },
	{ "+33639980001;+33639980002", "33", -EINVAL, NULL },
	{ "0639980001\r\nAT+CFUN=0", "33", -EINVAL, NULL },
	{ "((06)39980001", "33", -EINVAL, NULL },
	{ "(0639980001", "33", -EINVAL, NULL },
	{ "\xd9\xa0\xd9\xa6", "33", -EINVAL, NULL }, /* Arabic-Indic digits */
	{ "000000000000000000000000000000000000000000000000", "33", -ERANGE, NULL },
};

static void test_e164(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(e164_cases); i++) {
		const struct e164_case *c = &e164_cases[i];
		char out[PHONE_SIZE] = "untouched";
		int rc = phone_e164(out, sizeof(out), c->text, c->country_code);

		if (rc != c->rc || strcmp(out, c->e164 ?: "untouched"))
			fail_msg("'%s': %d '%s'", c->text, rc, out);
	}
}

static void test_e164_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(e164_cases); i++) {
		char out[PHONE_SIZE];

		if (!e164_cases[i].e164)
			continue;
		assert_int_equal(phone_e164(out, sizeof(out), e164_cases[i].e164, "33"), 0);
		assert_string_equal(out, e164_cases[i].e164);
	}
}

static void test_no_room(void **state)
{
	char out[12] = "untouched";

	(void)state;
	assert_int_equal(phone_e164(out, sizeof(out), "0639980001", "33"), -ENOSPC);
	assert_string_equal(out, "untouched");
}

static const struct {
	const char *text;
	enum phone_kind kind;
} kinds[] = {
	{ "+33639980001", PHONE_OWN },
	{ "06 39 98 00 01", PHONE_OWN },
	{ "03 21 00 00 00", PHONE_OWN },
	{ "+32470123456", PHONE_FOREIGN },
	{ "+12125550100", PHONE_FOREIGN },
	{ "38888", PHONE_SHORT },
	{ "3939", PHONE_SHORT },
	{ "118218", PHONE_SHORT },
	{ "15", PHONE_NONE },
	{ "0899123456", PHONE_PREMIUM },
	{ "0800123456", PHONE_PREMIUM },
	{ "0820123456", PHONE_PREMIUM },
	{ "0890123456", PHONE_PREMIUM },
	{ "3639", PHONE_SHORT },
	{ "118218", PHONE_SHORT },
	{ "36105", PHONE_SHORT },
	{ "0690123456", PHONE_FOREIGN },
	{ "+33692123456", PHONE_FOREIGN },
	{ "0262123456", PHONE_FOREIGN },
	{ "+590690123456", PHONE_FOREIGN },
	{ "0612345678", PHONE_OWN },
	{ "0712345678", PHONE_OWN },
	{ "0320123456", PHONE_OWN },
	{ "0562123456", PHONE_OWN },
	{ "+80012345678", PHONE_PREMIUM },
	{ "+8707712345678", PHONE_PREMIUM },
	{ "+491371234567", PHONE_PREMIUM },
	{ "+33899123456", PHONE_PREMIUM },
	{ "+881612345678", PHONE_PREMIUM },
	{ "+97912345678", PHONE_PREMIUM },
	{ "Orange", PHONE_ALPHANUMERIC },
	{ "36C0", PHONE_ALPHANUMERIC },
	{ "\xc3\x89lan", PHONE_ALPHANUMERIC },
	{ "", PHONE_NONE },
	{ "*#06#", PHONE_NONE },
	{ "+", PHONE_NONE },
	{ "639980001", PHONE_NONE },
};

static void test_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (phone_kind(kinds[i].text, "33") != kinds[i].kind)
			fail_msg("'%s': %d", kinds[i].text, phone_kind(kinds[i].text, "33"));
}

static const struct {
	const char *text;
	bool dialable;
} dialable[] = {
	{ "+33639980001", true },
	{ "38888", true },
	{ "12345678901234567890", true },
	{ "123456789012345678901", false },
	{ "", false },
	{ "+", false },
	{ "06 39", false },
	{ "*123#", false },
	{ "06\"", false },
	{ "0639980001\r", false },
	{ "1+2", false },
};

static void test_dialable(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dialable); i++)
		if (phone_dialable(dialable[i].text) != dialable[i].dialable)
			fail_msg("'%s'", dialable[i].text);
}

static const struct {
	const char *number;
	const char *mask;
} masks[] = {
	{ "+33639980001", "+336...01" },
	{ "0639980001", "0639...01" },
	{ "06399800", "06...00" },
	{ "38888", "38888" },
	{ "Orange", "Or..." },
	{ "A", "A..." },
	{ "\x1b[31m\r\n", "??..." },
	{ "\xc3\xa9lu", "??..." },
	{ "", "-" },
	{ NULL, "-" },
};

static void test_mask(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		char out[PHONE_MASK_SIZE];

		phone_mask(out, sizeof(out), masks[i].number);
		if (strcmp(out, masks[i].mask))
			fail_msg("'%s': '%s'", masks[i].number ?: "", out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_e164),     cmocka_unit_test(test_e164_again),
		cmocka_unit_test(test_no_room),  cmocka_unit_test(test_kind),
		cmocka_unit_test(test_dialable), cmocka_unit_test(test_mask),
	};

	return cmocka_run_group_tests_name("phone", tests, NULL, NULL);
}
