/* Folding, and the cutting into tokens.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/token.h"

static const struct fold_map map[] = { { 0x153, "oe" }, { 0x1f44d, " ok " }, { 0x20ac, "e" } };

static char *fold(void *ctx, const char *text)
{
	bool clipped;

	return fold_text(ctx, text, map, ARRAY_SIZE(map), &clipped);
}

static void test_fold(void **state)
{
	static const struct {
		const char *name, *text, *folded;
	} rows[] = {
		{ "capitals and accents", "ÉPUISÉ Ça À où", "epuise ca a ou" },
		{ "decomposed accents", "e\u0301te\u0301", "ete" },
		{ "a ligature of the map", "œuf ŒUF", "oeuf oeuf" },
		{ "a ligature of Unicode", "ﬁn", "fin" },
		{ "every apostrophe", "l’a l‘a l´a l`a l＇a", "l'a l'a l'a l'a l'a" },
		{ "every dash", "a–b a—b a−b", "a-b a-b a-b" },
		{ "spaces are one", "a \t\u00a0\u202f\u3000b", "a b" },
		{ "line ends", "a\r\nb \n\n c\u2028d", "a\nb\nc\nd" },
		{ "controls are spaces", "a\x01\x1b[b", "a [b" },
		{ "marks of direction vanish", "\u202ea\u200bb\ufeff", "ab" },
		{ "emoji of the map, with a skin", "oui👍🏽", "oui ok " },
		{ "other emoji", "a😀b", "a b" },
		{ "fractions", "½ kg", "1/2 kg" },
		{ "digits of other scripts", "٣ kg", "3 kg" },
		{ "full width", "２ｋｇ", "2kg" },
		{ "the euro", "1€80", "1e80" },
		{ "another script", "дом", "\x7f\x7f\x7f" },
		{ "broken UTF-8", "a\xff\xc3(b\xe2\x82", "a (b" },
		{ "a character that explodes", "\ufdfa", "\x7f\x7f\x7f" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *out = fold(NULL, rows[i].text);
		size_t n = strlen(rows[i].folded);

		while (n && rows[i].folded[n - 1] == ' ')
			n--;
		if (strlen(out) != n || strncmp(out, rows[i].folded, n))
			fail_msg("%s: \"%s\"", rows[i].name, out);
		talloc_free(out);
	}
}

static void test_clipped(void **state)
{
	char text[FOLD_MAX + 2];
	bool clipped;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[FOLD_MAX] = '\0';
	talloc_free(fold_text(NULL, text, NULL, 0, &clipped));
	assert_false(clipped);
	text[FOLD_MAX] = 'a';
	text[FOLD_MAX + 1] = '\0';
	talloc_free(fold_text(NULL, text, NULL, 0, &clipped));
	assert_true(clipped);
}

/* Tokens as "kind:text", glued ones with a '+' before them. */
static char *cut(void *ctx, const char *text)
{
	static const char kinds[] = "wnsbfrc";
	struct tokens *t = token_cut(ctx, text);
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < t->n; i++)
		out = talloc_asprintf_append(out, "%s%s%c:%s", i ? " " : "",
					     t->t[i].glued ? "+" : "", kinds[t->t[i].kind],
					     t->t[i].kind == TOKEN_BREAK ? "" : t->t[i].text);
	return out;
}

static void test_tokens(void **state)
{
	static const struct {
		const char *text, *tokens;
	} rows[] = {
		{ "2kg carottes", "n:2 +w:kg w:carottes" },
		{ "1kg5 1,80 1.5", "n:1 +w:kg +n:5 n:1,80 n:1.5" },
		{ "2, 3.", "n:2 +s:, n:3 +s:." },
		{ "s'il vous", "w:s +w:il w:vous" },
		{ "rendez-vous -2kg 4-2", "w:rendez +w:vous s:- +n:2 +w:kg n:4 +s:- +n:2" },
		{ "a\nb", "w:a +b: +w:b" },
		{ "quoi ??? ....", "w:quoi s:? s:." },
		{ "c482", "w:c +n:482" },
		{ "1/2", "n:1 +s:/ +n:2" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *ctx = talloc_new(NULL);

		assert_string_equal(cut(ctx, rows[i].text), rows[i].tokens);
		talloc_free(ctx);
	}
}

static void test_numbers(void **state)
{
	void *ctx = talloc_new(NULL);
	struct tokens *t = token_cut(ctx, "12 1,5 0.25 1234567 12345678 1.2345");

	(void)state;
	assert_int_equal(t->t[0].milli, 12000);
	assert_int_equal(t->t[1].milli, 1500);
	assert_int_equal(t->t[2].milli, 250);
	assert_int_equal(t->t[3].milli, 1234567000);
	assert_int_equal(t->t[4].milli, -1); /* no quantity has eight digits */
	assert_int_equal(t->t[5].milli, 1234);
	talloc_free(ctx);
}

static void test_too_many(void **state)
{
	void *ctx = talloc_new(NULL);
	char *text = talloc_strdup(ctx, "");
	struct tokens *t;

	(void)state;
	for (int i = 0; i < TOKENS_MAX + 1; i++)
		text = talloc_strdup_append(text, "a ");
	t = token_cut(ctx, text);
	assert_int_equal(t->n, TOKENS_MAX);
	assert_true(t->clipped);
	talloc_free(ctx);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),     cmocka_unit_test(test_clipped),
		cmocka_unit_test(test_tokens),   cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
