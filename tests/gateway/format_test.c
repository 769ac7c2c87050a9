/* Sums, quantities, dates and numbers as people read them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "messages/gsm7.h"
#include "parsers/civil.h"

static void *ctx;
static struct catalogue *cat;

static void test_money(void **state)
{
	static const struct {
		int64_t cents;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 5, "0,05" },
		{ 240, "2,40" },
		{ 1200, "12" },
		{ 123450, "1234,50" },
		{ -35, "-0,35" },
		{ INT64_MIN, "-92233720368547758,08" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(format_money(ctx, rows[i].cents), rows[i].text);
}

static void test_amounts(void **state)
{
	static const struct {
		int64_t milli;
		const char *unit;
		const char *amount;
		const char *item;
	} rows[] = {
		{ 2000, "kg", "2 kg", "2 kg radis" },
		{ 1500, "kg", "1,5 kg", "1,5 kg radis" },
		{ 1050, "kg", "1,05 kg", "1,05 kg radis" },
		{ 500, "l", "0,5 litre", "0,5 litre radis" },
		{ 2000, "l", "2 litres", "2 litres radis" },
		{ 1000, "botte", "1 botte", "1 botte radis" },
		{ 3000, "botte", "3 bottes", "3 bottes radis" },
		{ 1000, "pc", "1", "1 un radis" },
		{ 12000, "pc", "12", "12 radis" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(format_amount(ctx, cat, rows[i].milli, rows[i].unit),
				    rows[i].amount);
		assert_string_equal(
			format_item(ctx, cat, rows[i].milli, rows[i].unit, "un radis", "radis"),
			rows[i].item);
	}
}

static int64_t at(int year, int month, int day, int hour, int minute)
{
	const struct civil c = {
		.year = year, .month = month, .day = day, .hour = hour, .minute = minute
	};

	return civil_epoch(&c);
}

static void test_times(void **state)
{
	int64_t from = at(2026, 11, 28, 17, 0), to = at(2026, 11, 28, 19, 30);

	(void)state;
	assert_string_equal(format_day(ctx, cat, from), "samedi 28 novembre");
	assert_string_equal(format_day(ctx, cat, at(2026, 12, 1, 9, 0)), "mardi 1er décembre");
	assert_string_equal(format_hour(ctx, cat, from), "17h");
	assert_string_equal(format_hour(ctx, cat, at(2026, 11, 28, 8, 5)), "8h05");
	assert_string_equal(format_moment(ctx, cat, to), "samedi 28 novembre à 19h30");
	assert_string_equal(format_window(ctx, cat, from, to), "samedi 28 novembre de 17h à 19h30");
}

/* No day of the year leaves the alphabet that 160 characters hold. */
static void test_every_day_fits(void **state)
{
	(void)state;
	for (int day = 0; day < 366; day++)
		assert_true(gsm7_length(format_moment(ctx, cat, at(2028, 1, 1 + day, 12, 0))) > 0);
}

static void test_phone(void **state)
{
	static const char *const rows[][2] = {
		{ "+33639980031", "06 39 98 00 31" },
		{ "+32470123456", "+32470123456" },
		{ "+33", "+33" },
		{ "", "" },
		{ "36111", "36111" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(format_phone(ctx, rows[i][0], "33"), rows[i][1]);
}

static void test_names(void **state)
{
	static const char *const names[] = { "pommes", "poires", "fraises" };

	(void)state;
	assert_string_equal(format_names(ctx, cat, names, 0, "piece.and"), "");
	assert_string_equal(format_names(ctx, cat, names, 1, "piece.and"), "pommes");
	assert_string_equal(format_names(ctx, cat, names, 2, "piece.or"), "pommes ou poires");
	assert_string_equal(format_names(ctx, cat, names, 3, "piece.and"),
			    "pommes, poires et fraises");
}

static int open_catalogue(void **state)
{
	(void)state;
	ctx = talloc_new(NULL);
	civil_set_zone("Europe/Paris");
	return catalogue_open(&cat, ctx, "fr", NULL);
}

static int close_catalogue(void **state)
{
	(void)state;
	talloc_free(ctx);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_money), cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_times), cmocka_unit_test(test_every_day_fits),
		cmocka_unit_test(test_phone), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
