/* The rules file: what is wrong is told with its line and what would be right.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/rules.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* A small language, complete. */
#define HEAD                                                                     \
	"[letters]\noe = œ\n[words]\n!stop = halt\nliste\n[weak]\nle, svp\n"    \
	"[numbers]\n2 = deux\n[units]\nkg = kilo\n[products]\ncarotte = karot\n" \
	"[intents]\nSTOP: ; acts\nLIST: ;\nORDER: RES; acts; ask; unknown 2\n[rules]\n"

static char *write_file(const char *text, size_t n)
{
	char *path = talloc_strdup(NULL, BUILDDIR "/rules.XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	close(fd);
	return path;
}

/* Open rules from text; the error, or "" if there is none, on ctx. */
static const char *open_text(void *ctx, const char *text, struct rules **out)
{
	char *path = write_file(text, strlen(text)), *error = NULL;
	int rc = rules_open(out, ctx, "fr", path, &error);

	unlink(path);
	talloc_free(path);
	assert_int_equal(rc, error ? -EINVAL : 0);
	return error ? error : "";
}

static void test_good(void **state)
{
	void *ctx = talloc_new(NULL);
	struct rules *rules;
	struct lexicon *lex = lexicon_new(ctx);

	(void)state;
	assert_string_equal(
		open_text(
			ctx,
			HEAD
			"# comment\nstop -> STOP scope=all\n\n<list> ->\n  ORDER\n  items=<list>\n",
			&rules),
		"");
	lexicon_add(lex, LEXICON_PRODUCT, "carotte", "kg", 1);
	assert_string_equal(reading_print(ctx, reading_parse(ctx, rules, lex, "RES", "HALT svp")),
			    "STOP\tscope=all");
	assert_string_equal(
		reading_print(ctx, reading_parse(ctx, rules, lex, "RES", "deux kilo karot")),
		"ORDER\titems=2kg:carotte");
	assert_string_equal(
		reading_print(ctx, reading_parse(ctx, rules, lex, "RES", "deux kilo karot halt")),
		"CLARIFY\treason=multi_intent intents=ORDER,STOP");
	talloc_free(ctx);
}

/* A verb by its stem; a reason beside a request asks for nothing, but only where the row says so. */
static void test_verbs_and_asides(void **state)
{
	static const char text[] =
		"[conjugation]\ner = e, ez, er, erai\n[weak]\nje, suis\n"
		"[words]\n!annuler = annul~er\n!ajouter = ajout~er\n!annulez_tout = annulez\n!malade\n!pas\n"
		"[talk]\nsoft = pas\nsubjects = je\n"
		"[intents]\nCANCEL: ; acts; talk; unknown 0\nADD: ; acts; unknown 0\nCLARIFY: ;\n"
		"[asides]\nCANCEL: je suis malade\n"
		"[rules]\nannuler -> CANCEL\najouter -> ADD\nannulez_tout -> CLARIFY\n";
	static const struct {
		const char *text, *reading;
	} rows[] = {
		{ "j annulerai", "CLARIFY\treason=unclear guess=CANCEL" }, /* j is not known */
		{ "annulerai", "CANCEL\t-" },
		{ "annuler, je suis malade", "CANCEL\t-" },
		{ "malade annuler", "CLARIFY\treason=unclear guess=CANCEL" },
		{ "ajoute je suis malade", "CLARIFY\treason=unclear guess=ADD" },
		{ "annuler, je mange pas assez",
		  "CANCEL\t-" }, /* about somebody, in unknown words */
		{ "annuler, pas soir", "CLARIFY\treason=unclear guess=CANCEL" },
		{ "annuler, je suis pas", "CLARIFY\treason=unclear guess=CANCEL" },
		{ "ajoute, je suis pas", "CLARIFY\treason=unclear guess=ADD" },
		{ "annulez", "CLARIFY\t-" }, /* what is written out comes before a form */
	};
	void *ctx = talloc_new(NULL);
	struct lexicon *lex = lexicon_new(ctx);
	struct rules *rules;

	(void)state;
	assert_string_equal(open_text(ctx, text, &rules), "");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(
			reading_print(ctx, reading_parse(ctx, rules, lex, "RES", rows[i].text)),
			rows[i].reading);
	talloc_free(ctx);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "stop\n", "line 1: a line before the first [section]" },
		{ "[verbs]\n", "line 1: [verbs] is not a section" },
		{ "[words]\nStop = halt\n", "line 2: \"Stop\" is not a name" },
		{ "[words]\nstop = halt\n\nend = halt\n",
		  "line 4: \"halt\" has a meaning already (line 2)" },
		{ "[words]\nstop = halt\n[products]\nhalt\n",
		  "line 4: \"halt\" has a meaning already (line 2)" },
		{ "[numbers]\ntwo = deux\n", "line 2: \"two\" is not a number" },
		{ "[numbers]\n2 deux\n", "line 2: no ' = '" },
		{ "[units]\n0.5 = livre\n", "line 2: \"\" is not a unit" },
		{ "[months]\n13 = undecimber\n", "line 2: \"13\" is not a month" },
		{ "[names]\nking = roi\n", "line 2: \"king\" is not known" },
		{ "[limits]\nRES kg\n", "line 2: a limit is ROLE UNIT NUMBER" },
		{ "[intents]\nstop: ;\n", "line 2: intent \"stop\" is not in capitals" },
		{ "[intents]\nSTOP: BOSS;\n", "line 2: role \"BOSS\" is not one of" },
		{ "[intents]\nSTOP: ; act\n", "line 2: \"act\" is not one of acts" },
		{ "[intents]\nSTOP: ;\nSTOP: ;\n",
		  "line 3: intent STOP is there already (line 2)" },
		{ HEAD "stop STOP\n", "line 19: no ->" },
		{ HEAD "stop -> HALT\n", "line 19: \"HALT\" is not in [intents]" },
		{ HEAD "halt -> STOP\n", "line 19: no text ever gives the word \"halt\"" },
		{ HEAD "<lisst> -> STOP\n", "line 19: there is no <lisst>" },
		{ HEAD "(stop -> STOP\n", "line 19: '(' without ')'" },
		{ HEAD "stop) -> STOP\n", "line 19: ')' without '('" },
		{ HEAD "<list -> STOP\n", "line 19: '<' without '>'" },
		{ HEAD "stop? -> STOP\n", "line 19: nothing that must be there" },
		{ HEAD "-> STOP\n", "line 19: a rule without anything to match" },
		{ HEAD "stop -> STOP scope\n", "line 19: \"scope\" is not key=value" },
		{ HEAD "KING: stop -> STOP\n", "line 19: role \"KING\" is not one of" },
		{ HEAD "stop -> STOP to=<nobody>\n", "line 19: there is no <nobody>" },
		{ "[words]\nstop = stopp~er\n", "line 2: \"~er\" is not in [conjugation]" },
		{ "[talk]\nhard = stop\n", "line 2: \"hard\" is not soft or subjects" },
		{ HEAD "[asides]\nstop\n", "line 20: no ':' after the intents" },
		{ HEAD "[asides]\nHALT: stop\n", "line 20: \"HALT\" is not in [intents]" },
		{ HEAD "[words]\nend\n", "line 20: words must come before [rules]" },
		{ HEAD, "no [rules]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *ctx = talloc_new(NULL);
		struct rules *rules = NULL;
		const char *error = open_text(ctx, rows[i].text, &rules);

		if (!strstr(error, rows[i].error))
			fail_msg("expected \"%s\": \"%s\"", rows[i].error, error);
		assert_null(rules);
		talloc_free(ctx);
	}
}

static void test_files(void **state)
{
	void *ctx = talloc_new(NULL);
	struct rules *rules;
	char *error, *path = write_file("[words]\0x\n", 10);

	(void)state;
	assert_int_equal(rules_open(&rules, ctx, "fr", "/nowhere/fr.rules", &error), -ENOENT);
	assert_non_null(strstr(error, "/nowhere/fr.rules"));
	assert_int_equal(rules_open(&rules, ctx, "tlh", NULL, &error), -ENOENT);
	assert_non_null(strstr(error, "tlh"));
	assert_int_equal(rules_open(&rules, ctx, "fr", path, &error), -EINVAL);
	unlink(path);
	talloc_free(path);
	talloc_free(ctx);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_verbs_and_asides),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
