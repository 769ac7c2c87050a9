/* The notation of readings, printed and read back; what is scrubbed of a text; names.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/reading.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

static void test_round_trip(void **state)
{
	static const char *const rows[] = {
		"LIST\t-",
		"YES\tctx=pending",
		"ORDER\titems=2kg:pomme_de_terre;1botte:radis",
		"ORDER\titems=0.5kg:oignon;2l:lait for=petit",
		"ORDER\titems=2u:#4;1u:#7",
		"REMOVE\titems=all:radis",
		"REMOVE\titems=all:line2",
		"ORDER\titems=2kg:carotte@vandamme;1.25kg:tomme@17.00",
		"CLARIFY\treason=qty_missing product=carotte,lait op=add",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reading *r = reading_scan(NULL, rows[i]);

		assert_non_null(r);
		assert_string_equal(reading_print(r, r), rows[i]);
		talloc_free(r);
	}
}

static void test_fields(void **state)
{
	struct reading *r = reading_scan(NULL, "ORDER\titems=1.5kg:carotte@2.10;all:line3 day=fri");

	(void)state;
	assert_string_equal(r->intent, "ORDER");
	assert_int_equal(r->n_items, 2);
	assert_int_equal(r->items[0].milli, 1500);
	assert_string_equal(r->items[0].unit, "kg");
	assert_int_equal(r->items[0].price_cents, 210);
	assert_int_equal(r->items[1].qty, READING_QTY_ALL);
	assert_true(r->items[1].line);
	assert_int_equal(r->items[1].number, 3);
	assert_int_equal(r->items[1].price_cents, -1);
	assert_string_equal(reading_arg(r, "day"), "fri");
	assert_null(reading_arg(r, "items"));
	talloc_free(r);
}

static void test_not_the_notation(void **state)
{
	static const char *const rows[] = {
		"",
		"order\t-",
		"ORDER\titems=kg:x",
		"ORDER\titems=2kg:x@1x;;y",
		"ORDER\tday",
		"ORDER\t=x",
		"ORDER\titems=2abcdefghijklmnop:x",
		"O RDER\t-",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_null(reading_scan(NULL, rows[i]));
}

static void test_too_much(void **state)
{
	char *text = talloc_strdup(NULL, "ORDER\titems=1pc:a");

	(void)state;
	for (int i = 0; i < READING_ITEMS_MAX; i++)
		text = talloc_asprintf_append(text, ";1pc:b%d", i);
	assert_null(reading_scan(NULL, text));
	talloc_free(text);
	text = talloc_strdup(NULL, "ORDER\ta=b");
	for (int i = 0; i < READING_ARGS_MAX; i++)
		text = talloc_asprintf_append(text, " a%d=b", i);
	assert_null(reading_scan(NULL, text));
	talloc_free(text);
}

static void test_scrub(void **state)
{
	static const struct {
		const char *text, *scrubbed;
	} rows[] = {
		{ "vote 3 pour 482163", "vote 3 pour ***" },
		{ "pin 4821 merci", "pin *** merci" },
		{ "code:12345678.", "code:***." },
		{ "2kg carottes 500g", "2kg carottes 500g" },
		{ "0639980001", "0639980001" },
		{ "1500g de pommes", "1500g de pommes" },
		{ "annule C4821", "annule C4821" },
		{ "carte 4970 1012 3456 7890 ok", "carte *** ok" },
		{ "4970-1012-3456-7890", "***" },
		{ "4970101234567890", "***" },
		{ "123456789", "123456789" },
		{ "", "" },
		{ "été 1234é", "été 1234é" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *out = reading_scrub(NULL, rows[i].text);

		assert_string_equal(out, rows[i].scrubbed);
		talloc_free(out);
	}
}

static void test_lexicon(void **state)
{
	struct lexicon *lex = lexicon_demo(NULL);
	char word[40];
	const char *name = "pomme_de_terre";

	(void)state;
	assert_string_equal(lexicon_find(lex, "tomme")->unit, "kg");
	assert_null(lexicon_find(lex, "banane"));
	assert_string_equal(lexicon_number(lex, 4)->name, "oignon");
	assert_string_equal(lexicon_number(lex, 43)->name, "confiture_prune");
	assert_null(lexicon_number(lex, 44));
	assert_null(lexicon_number(lex, 0));
	assert_int_equal(lexicon_add(lex, LEXICON_PRODUCT, "", "kg", 1), -EINVAL);
	assert_int_equal(lexicon_add(lex, LEXICON_PRODUCT, "Chou", "kg", 1), -EINVAL);
	assert_int_equal(lexicon_add(lex, LEXICON_PRODUCT, "chou", "a unit too long", 1), -EINVAL);
	assert_int_equal(lexicon_word(&name, word, sizeof(word)), 5);
	assert_int_equal(lexicon_word(&name, word, sizeof(word)), 2);
	assert_int_equal(lexicon_word(&name, word, sizeof(word)), 5);
	assert_string_equal(word, "terre");
	assert_int_equal(lexicon_word(&name, word, sizeof(word)), 0);
	talloc_free(lex);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_not_the_notation),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_scrub),
		cmocka_unit_test(test_lexicon),
	};

	return cmocka_run_group_tests_name("notation", tests, NULL, NULL);
}
