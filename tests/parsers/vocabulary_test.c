/* Words, phrases, nearest words, numbers and quantities.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/vocabulary.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/quantity.h"
#include "parsers/rules.h"

static struct rules *rules;

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned limit, distance;
	} rows[] = {
		{ "radis", "radis", 2, 0 }, { "radi", "radis", 2, 1 },
		{ "raids", "radis", 2, 1 }, { "carote", "carotte", 2, 1 },
		{ "abc", "ca", 3, 3 },      { "stop", "sotp", 1, 1 },
		{ "pomme", "poire", 1, 2 }, { "poireau", "pomme", 2, 3 },
		{ "", "ab", 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(vocabulary_distance(rows[i].a, rows[i].b, rows[i].limit),
				 rows[i].distance);
}

static void test_phrases(void **state)
{
	struct vocabulary *v = vocabulary_new(NULL);
	struct meaning pomme = { .kind = MEANING_PRODUCT, .value = "pomme" };
	struct meaning terre = { .kind = MEANING_PRODUCT, .value = "pomme_de_terre" };
	const struct meaning *clash;
	struct word w[3];
	size_t used;

	(void)state;
	vocabulary_ending(v, "s");
	assert_int_equal(vocabulary_add(v, "pomme", &pomme, &clash), 0);
	assert_int_equal(vocabulary_add(v, "pomme de terre", &terre, &clash), 0);
	assert_int_equal(vocabulary_add(v, "pomme", &terre, &clash), -EEXIST);
	assert_string_equal(clash->value, "pomme");
	assert_int_equal(vocabulary_add(v, "Pomme", &pomme, &clash), -EINVAL);
	assert_int_equal(vocabulary_add(v, "", &pomme, &clash), -EINVAL);
	vocabulary_seal(v);
	w[0] = vocabulary_find(v, "pommes");
	w[1] = vocabulary_find(v, "de");
	w[2] = vocabulary_find(v, "terre");
	assert_string_equal(vocabulary_match(v, PHRASE_ANYWHERE, w, 3, &used)->value,
			    "pomme_de_terre");
	assert_int_equal(used, 3);
	assert_string_equal(vocabulary_match(v, PHRASE_ANYWHERE, w, 2, &used)->value, "pomme");
	assert_int_equal(used, 1);
	assert_null(vocabulary_match(v, PHRASE_AFTER_NUMBER, w, 3, &used));
	talloc_free(v);
}

static const char *nearest(const char *word)
{
	unsigned distance;
	int id;

	return vocabulary_nearest(rules->vocabulary, word, &distance, &id, 1) == 1
		       ? vocabulary_text(rules->vocabulary, id)
		       : "";
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest("percese"), "perceuse");
	assert_string_equal(nearest("prologner"), "prolonger");
	assert_string_equal(nearest("zzzzzzz"), "");
	assert_string_equal(nearest("xy"), "");
}

static void test_quantities(void **state)
{
	static const struct {
		const char *text;
		enum quantity_kind kind;
		int64_t milli;
		const char *unit;
		size_t used;
	} rows[] = {
		{ "2kg", QUANTITY_UNIT, 2000, "kg", 2 },
		{ "2 kilos", QUANTITY_UNIT, 2000, "kg", 2 },
		{ "1kg5", QUANTITY_UNIT, 1500, "kg", 3 },
		{ "1kg500", QUANTITY_UNIT, 1500, "kg", 3 },
		{ "500 g", QUANTITY_UNIT, 500, "kg", 2 },
		{ "50cl", QUANTITY_UNIT, 500, "l", 2 },
		{ "1/2 kg", QUANTITY_UNIT, 500, "kg", 4 },
		{ "1 1/2 kg", QUANTITY_UNIT, 1500, "kg", 5 },
		{ "une livre", QUANTITY_UNIT, 500, "kg", 2 },
		{ "une demi livre", QUANTITY_UNIT, 250, "kg", 3 },
		{ "un kilo et demi", QUANTITY_UNIT, 1500, "kg", 4 },
		{ "trois quarts de litre", QUANTITY_UNIT, 750, "l", 4 },
		{ "deux douzaines", QUANTITY_UNIT, 24000, "pc", 2 },
		{ "une demi douzaine", QUANTITY_UNIT, 6000, "pc", 3 },
		{ "une douzaine et demie", QUANTITY_UNIT, 18000, "pc", 4 },
		{ "2 tonnes", QUANTITY_UNIT, 2000000, "kg", 2 },
		{ "deux cent cinquante grammes", QUANTITY_UNIT, 250, "kg", 4 },
		{ "quatre vingt dix sept", QUANTITY_PLAIN, 97000, "", 4 },
		{ "vingt et un", QUANTITY_PLAIN, 21000, "", 3 },
		{ "soixante douze", QUANTITY_PLAIN, 72000, "", 2 },
		{ "mille deux cents", QUANTITY_PLAIN, 1200000, "", 3 },
		{ "deux trois", QUANTITY_PLAIN, 2000, "", 1 },
		{ "1,80", QUANTITY_PLAIN, 1800, "", 1 },
		{ "123456789 kg", QUANTITY_PLAIN, -1, "", 1 },
		{ "quinze jours", QUANTITY_SPAN, 15000, "day", 2 },
		{ "une semaine", QUANTITY_SPAN, 7000, "day", 2 },
		{ "10 mn", QUANTITY_SPAN, 10000, "min", 2 },
		{ "une demi heure", QUANTITY_SPAN, 30000, "min", 3 },
		{ "14h", QUANTITY_TIME, 840000, "", 2 },
		{ "8h30", QUANTITY_TIME, 510000, "", 3 },
		{ "8:30", QUANTITY_TIME, 510000, "", 3 },
		{ "9 heures et demie", QUANTITY_TIME, 570000, "", 4 },
		{ "1e80", QUANTITY_MONEY, 1800, "e", 3 },
		{ "14,50 euros", QUANTITY_MONEY, 14500, "e", 2 },
		{ "14 juillet", QUANTITY_DATE, 14000, "", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tokens *t = token_cut(NULL, rows[i].text);
		struct word w[TOKENS_MAX];
		struct quantity q = { 0 };

		for (size_t k = 0; k < t->n; k++)
			w[k] = vocabulary_find(rules->vocabulary, t->t[k].text);
		if (!quantity_read(&q, rules->vocabulary, t, w, 0) || q.kind != rows[i].kind
		    || q.milli != rows[i].milli || strcmp(q.unit, rows[i].unit)
		    || q.used != rows[i].used)
			fail_msg("%s: kind %d, %" PRId64 " %s, %zu tokens", rows[i].text,
				 (int)q.kind, q.milli, q.unit, q.used);
		talloc_free(t);
	}
}

static void test_no_quantity(void **state)
{
	static const char *const rows[] = { "kg", "carottes", "15/06", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tokens *t = token_cut(NULL, rows[i]);
		struct word w[TOKENS_MAX];
		struct quantity q;

		for (size_t k = 0; k < t->n; k++)
			w[k] = vocabulary_find(rules->vocabulary, t->t[k].text);
		assert_false(quantity_read(&q, rules->vocabulary, t, w, 0));
		talloc_free(t);
	}
}

static int setup(void **state)
{
	char *error;

	(void)state;
	return rules_open(&rules, NULL, "fr", NULL, &error);
}

static int teardown(void **state)
{
	(void)state;
	talloc_free(rules);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),    cmocka_unit_test(test_phrases),
		cmocka_unit_test(test_nearest),     cmocka_unit_test(test_quantities),
		cmocka_unit_test(test_no_quantity),
	};

	return cmocka_run_group_tests_name("vocabulary", tests, setup, teardown);
}
