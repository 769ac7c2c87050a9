/* Reading a catalogue and filling its templates in.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/catalogue.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#define HEADER                                             \
	"msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n"   \
	"\"Content-Type: text/plain; charset=UTF-8\\n\"\n" \
	"\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n\n"
#define ANSWER "#. functional; parts 1; use-by 6h; wait no; resend no"

static const char good[] = HEADER
	"# For translators.\n"
	"#. promotional; parts 2; use-by subject; wait yes; resend no;\n"
	"#. longest: until=\"jeudi à 18h\",\n"
	"#.   name=\"dit \\\"le Grand\\\"\"\n"
	"msgid \"cycle_open\"\n"
	"msgstr \"{name}, jusqu'à {until} !\"\n\n"
	"#. functional; parts 3; use-by 2d; wait no; resend yes\n"
	"msgid \"order_cancelled.PRO\"\n"
	"msgstr \"Annulé.\"\n\n"
	"#. piece; longest: n=\"12,5\"\n"
	"msgid \"unit.botte\"\nmsgid_plural \"unit.botte\"\n"
	"msgstr[0] \"botte\"\nmsgstr[1] \"bottes\"\n\n"
	"#. functional; parts 1; use-by 30m; wait no; resend no;\n"
	"#. longest: lines=\"a\\nb\", total=\"1\"\n"
	"msgid \"recap\"\n"
	"msgstr \"\"\n\"Commande :\\n\"\n\"{lines}\\n\"\n\"Total : {total}\"\n";

static struct catalogue *read_good(void *ctx)
{
	struct catalogue *cat = NULL;
	char *error = NULL;

	if (catalogue_read(&cat, ctx, "fr", good, strlen(good), &error))
		fail_msg("%s", error);
	return cat;
}

static void test_attributes(void **state)
{
	struct catalogue *cat = read_good(*state);
	const struct template *t = catalogue_find(cat, "cycle_open");

	assert_string_equal(t->text, "{name}, jusqu'à {until} !");
	assert_null(t->plural);
	assert_int_equal(t->purpose, TEMPLATE_PROMOTIONAL);
	assert_int_equal(t->parts, 2);
	assert_int_equal(t->use_by, 0);
	assert_true(t->wait);
	assert_false(t->resend);
	assert_string_equal(t->longest[0].name, "until");
	assert_string_equal(t->longest[0].value, "jeudi à 18h");
	assert_string_equal(t->longest[1].value, "dit \"le Grand\"");
	assert_null(t->longest[2].name);

	t = catalogue_find(cat, "order_cancelled.PRO");
	assert_int_equal(t->purpose, TEMPLATE_FUNCTIONAL);
	assert_int_equal(t->parts, 3);
	assert_int_equal(t->use_by, 2 * 86400);
	assert_false(t->wait);
	assert_true(t->resend);
	assert_null(t->longest[0].name);

	t = catalogue_find(cat, "unit.botte");
	assert_int_equal(t->purpose, TEMPLATE_PIECE);
	assert_int_equal(t->parts, 1);
	assert_int_equal(catalogue_find(cat, "recap")->use_by, 30 * 60);
	assert_string_equal(catalogue_find(cat, "recap")->longest[0].value, "a\nb");
	assert_null(catalogue_find(cat, "order_cancelled"));
	assert_null(catalogue_find(cat, ""));
}

static int collect(const struct template *t, void *data)
{
	char *all = data;

	strncat(all, t->name, 100);
	strncat(all, " ", 2);
	return strcmp(t->name, "unit.botte") ? 0 : 7;
}

static void test_each_in_the_order_of_the_file(void **state)
{
	char all[500] = "";

	assert_int_equal(catalogue_each(read_good(*state), collect, all), 7);
	assert_string_equal(all, "cycle_open order_cancelled.PRO unit.botte ");
}

struct fill_case {
	const char *name;
	const char *text;
	struct template_value values[4];
};

static const struct fill_case fills[] = {
	{ "order_cancelled.PRO", "Annulé.", { { "unused", "x" } } },
	{ "cycle_open", "Marc, jusqu'à 18h !", { { "until", "18h" }, { "name", "Marc" } } },
	/* names of people: rewritten; neither controls nor breaks nor placeholders get through */
	{ "cycle_open",
	  "Francois Loic, jusqu'à 18h !",
	  { { "name", "François\nLoïc\x1b\r" }, { "until", "18h" } } },
	{ "cycle_open", "{until}, jusqu'à 18h !", { { "name", "{until}" }, { "until", "18h" } } },
	/* a value that is declared with several lines keeps them */
	{ "recap",
	  "Commande :\n2 kg pates\ncoeur\nTotal : 3 4",
	  { { "lines", "2 kg pates\r\ncœur" }, { "total", "3\n4" } } },
	/* what is sent begins with a capital */
	{ "cycle_open", "Radis, jusqu'à 18h !", { { "name", "radis" }, { "until", "18h" } } },
	{ "cycle_open", "Épeautre, jusqu'à 18h !", { { "name", "épeautre" }, { "until", "18h" } } },
	{ "cycle_open", "2 radis, jusqu'à 18h !", { { "name", "2 radis" }, { "until", "18h" } } },
	/* a value that is missing */
	{ "cycle_open", "{name}, jusqu'à 18h !", { { "until", "18h" } } },
	{ "cycle_open", "{name}, jusqu'à 18h !", { { "until", "18h" }, { "name", NULL } } },
	/* plural forms: more than one and a fraction are one in French */
	{ "unit.botte", "botte", { { "n", "1" } } },
	{ "unit.botte", "botte", { { "n", "0" } } },
	{ "unit.botte", "botte", { { "n", "1,5" } } },
	{ "unit.botte", "bottes", { { "n", "2" } } },
	{ "unit.botte", "bottes", { { "n", "12,5" } } },
	{ "unit.botte", "botte", { { "n", "beaucoup" } } },
	{ "unit.botte", "botte", { { NULL, NULL } } },
};

static void test_fill(void **state)
{
	struct catalogue *cat = read_good(*state);

	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		char *got = template_fill(*state, cat, fills[i].name, fills[i].values);

		if (strcmp(got, fills[i].text))
			fail_msg("row %zu: '%s'", i, got);
		assert_ptr_equal(talloc_parent(got), *state);
	}
	assert_null(template_fill(*state, cat, "nothing", fills[0].values));
}

static void test_a_value_is_bounded(void **state)
{
	char value[2 * TEMPLATE_VALUE_MAX + 4] = "a";
	struct template_value values[] = { { "until", "18h" }, { "name", value }, { NULL } };
	char *got;

	for (int i = 0; i < TEMPLATE_VALUE_MAX; i++)
		memcpy(value + 1 + 2 * i, "é", 3); /* the bound falls within a character */
	got = template_fill(*state, read_good(*state), "cycle_open", values);
	assert_int_equal(strlen(got), TEMPLATE_VALUE_MAX - 1 + strlen(", jusqu'à 18h !"));
	assert_memory_equal(got + TEMPLATE_VALUE_MAX - 3, "é, ", 4);
}

struct plural_case {
	const char *forms;
	const char *several; /* numbers with the second form */
};

static const char *const numbers[] = { "0", "1", "1.0", "1,5", "2", "10" };
static const struct plural_case plurals[] = {
	{ "nplurals=2; plural=(n > 1);", "2 10 " },
	{ "nplurals=2; plural=n>1;", "2 10 " },
	{ "nplurals=2; plural=(n != 1);", "0 1,5 2 10 " },
	{ "nplurals=2; plural=n != 1;", "0 1,5 2 10 " },
};

static void test_plural_forms(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(plurals); i++) {
		char *po = talloc_asprintf(
			*state,
			"msgid \"\"\nmsgstr \"\"\n\"Language: xx\\n\"\n"
			"\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
			"\"Plural-Forms: %s\\n\"\n"
			"#. piece; longest: n=\"1\"\nmsgid \"u\"\nmsgid_plural \"u\"\n"
			"msgstr[0] \"one\"\nmsgstr[1] \"several\"\n",
			plurals[i].forms);
		struct catalogue *cat;
		char several[40] = "";

		assert_int_equal(catalogue_read(&cat, *state, "xx", po, strlen(po), NULL), 0);
		for (size_t j = 0; j < ARRAY_SIZE(numbers); j++)
			if (!strcmp(catalogue_text(cat, catalogue_find(cat, "u"), numbers[j]),
				    "several")) {
				strncat(several, numbers[j], 5);
				strncat(several, " ", 2);
			}
		assert_string_equal(several, plurals[i].several);
	}
}

struct error_case {
	const char *po;
	const char *error;
};

static const struct error_case errors[] = {
	{ "", "header: there is none" },
	{ "msgid \"a\"\nmsgstr \"b\"\n", "header: there is none" },
	{ "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	  "\"Language: nl\\n\"\n",
	  "header: Language is not fr" },
	{ "msgid \"\"\nmsgstr \"Language: fr\\n\"\n", "Charset missing in header." },
	{ "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n"
	  "\"Language: fr\\n\"\n",
	  "header: Content-Type is not text/plain; charset=UTF-8" },
	{ "msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n"
	  "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	  "\"Plural-Forms: nplurals=3; plural=n%3;\\n\"\n",
	  "header: Plural-Forms is not nplurals=2 with plural=(n > 1); or (n != 1);" },
	{ HEADER "msgid \"a\"\nmsgstr \"b\n", "line 9: end-of-line within string" },
	{ HEADER "mssgid \"a\"\n", "line 7: keyword \"mssgid\" unknown" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"b\"\n" ANSWER "\nmsgid \"a\"\nmsgstr \"c\"\n",
	  "line 11: duplicate message definition" },
	{ HEADER "msgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'functional, promotional, alarm or piece', not ''" },
	{ HEADER "#. fonctional; parts 1\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'functional, promotional, alarm or piece', not 'fonctional; parts 1'" },
	{ HEADER "#. functionally\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'functional, promotional, alarm or piece', not 'functionally'" },
	{ HEADER "#. functional; use-by 2h\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'parts', not 'use-by 2h'" },
	{ HEADER "#. functional; parts 11; use-by 2h\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'parts 1 to 10', not '; use-by 2h'" },
	{ HEADER "#. functional; parts many\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'a number', not 'many'" },
	{ HEADER "#. functional; parts 1; use-by 2w;\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'use-by 30m, 24h, 2d or subject', not 'w;'" },
	{ HEADER
	  "#. functional; parts 1; use-by 99999999999999999999h;\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'use-by 30m, 24h, 2d or subject', not '99999999999999h;'" },
	{ HEADER "#. functional; parts 1; use-by 2h; wait maybe\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'yes or no', not 'maybe'" },
	{ HEADER "#. functional; parts 1; use-by 2h; wait no\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected ';', not ''" },
	{ HEADER ANSWER "; colour red\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'the end', not 'colour red'" },
	{ HEADER ANSWER "; longest: Total=\"1\"\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected 'the name of a placeholder', not 'Total=\"1\"'" },
	{ HEADER ANSWER "; longest: total=1\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected '\"', not '1'" },
	{ HEADER ANSWER "; longest: total=\"1\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: expected '\"', not ''" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"{total}\"\n", "a: {total} has no longest value" },
	{ HEADER ANSWER "; longest: total=\"1\"\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: {total} is declared and not used" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"un {total\"\n",
	  "a: a brace that is no placeholder: '{total'" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"un } deux\"\n",
	  "a: a brace that is no placeholder: '} deux'" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"{}\"\n",
	  "a: a brace that is no placeholder: '{}'" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgstr \"\"\n", "a: has no text" },
	{ HEADER ANSWER "\nmsgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"b\"\nmsgstr[1] \"\"\n",
	  "a: has no text for the plural" },
	{ HEADER ANSWER "\n#, fuzzy\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: is fuzzy: translate it and remove the mark" },
	{ HEADER "#~ msgid \"a\"\n#~ msgstr \"b\"\n", "a: is obsolete: remove it" },
	{ HEADER ANSWER "\nmsgctxt \"c\"\nmsgid \"a\"\nmsgstr \"b\"\n",
	  "a: has a context (msgctxt), which is not used" },
	{ HEADER ANSWER "\nmsgid \"a b\"\nmsgstr \"b\"\n",
	  "a b: the name has more than letters, digits, _ and ." },
};

static void test_errors(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct catalogue *cat = NULL;
		char *error = NULL;
		int rc = catalogue_read(&cat, *state, "fr", errors[i].po, strlen(errors[i].po),
					&error);

		if (rc != -EINVAL || strcmp(error, errors[i].error))
			fail_msg("row %zu: %d '%s'", i, rc, error);
		assert_null(cat);
		talloc_free(error);
		assert_int_equal(talloc_total_blocks(*state), 1);
	}
}

static void test_no_more_errors_than_it_bears(void **state)
{
	struct catalogue *cat;
	char *po = talloc_strdup(*state, HEADER), *error = NULL;

	for (int i = 0; i < 100; i++)
		po = talloc_asprintf_append_buffer(po, "what\n");
	assert_int_equal(catalogue_read(&cat, *state, "fr", po, strlen(po), &error), -EINVAL);
	assert_string_equal(error, "line 7: keyword \"what\" unknown");
}

static void test_language_that_is_not_built_in(void **state)
{
	struct catalogue *cat = NULL;
	char *error = NULL;

	assert_int_equal(catalogue_open(&cat, *state, "tlh", &error), -ENOENT);
	assert_string_equal(error, "no catalogue of the language 'tlh' is built in");
	assert_int_equal(catalogue_open(&cat, *state, "tlh", NULL), -ENOENT);
	assert_null(cat);
}

static int context_new(void **state)
{
	*state = talloc_named_const(NULL, 0, "catalogue_test");
	return 0;
}

static int context_free(void **state)
{
	return talloc_free(*state);
}

int main(void)
{
	static const struct log_info no_categories = { 0 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_attributes, context_new, context_free),
		cmocka_unit_test_setup_teardown(test_each_in_the_order_of_the_file, context_new,
						context_free),
		cmocka_unit_test_setup_teardown(test_fill, context_new, context_free),
		cmocka_unit_test_setup_teardown(test_a_value_is_bounded, context_new, context_free),
		cmocka_unit_test_setup_teardown(test_plural_forms, context_new, context_free),
		cmocka_unit_test_setup_teardown(test_errors, context_new, context_free),
		cmocka_unit_test_setup_teardown(test_no_more_errors_than_it_bears, context_new,
						context_free),
		cmocka_unit_test_setup_teardown(test_language_that_is_not_built_in, context_new,
						context_free),
	};

	log_init(&no_categories, NULL);
	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
