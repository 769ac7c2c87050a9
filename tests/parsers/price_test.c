/* Prices of producers: each belongs to the product that it stands behind, or is said to belong to none.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

static struct rules *rules;
static struct lexicon *lexicon;

static const struct {
	const char *role, *text, *reading;
} rows[] = {
	{ "PRO", "DISPO carottes 50 kg 1,80", "AVAIL\titems=50kg:carotte@1.80" },
	{ "PRO", "dispo carottes 50 kg 1,80 radis 30 bottes 1,50",
	  "AVAIL\titems=50kg:carotte@1.80;30botte:radis@1.50" },
	{ "PRO", "carottes 50 kg 1,80\npoireaux 30 kg 2,40\nradis 40 bottes 1,5",
	  "AVAIL\titems=50kg:carotte@1.80;30kg:poireau@2.40;40botte:radis@1.50" },
	{ "PRO", "50kg carottes a 1,80, 30 kg poireaux a 2,40 le kilo",
	  "AVAIL\titems=50kg:carotte@1.80;30kg:poireau@2.40" },
	{ "PRO", "dispo carottes 50 kg a 1.80 euro et navets 20kg",
	  "AVAIL\titems=50kg:carotte@1.80;20kg:navet" },
	{ "PRO", "150 oeufs 0,30", "AVAIL\titems=150pc:oeuf@0.30" },
	{ "PRO", "6 poulets 14 euros le kilo", "AVAIL\titems=6pc:poulet stray=price" },
	{ "PRO", "DISPO carottes 50 kg", "AVAIL\titems=50kg:carotte" },
	{ "PRO", "20 kg de carottes en plus a 2 euros", "AVAIL_ADD\titems=20kg:carotte@2.00" },
	{ "PRO", "carottes 1,90", "PRICE\tproducts=all:carotte@1.90" },
	{ "PRO", "prix carottes 2e", "PRICE\tproducts=all:carotte@2.00" },
	{ "PRO", "carottes 1,90 navets 2,20", "PRICE\tproducts=all:carotte@1.90;all:navet@2.20" },
	{ "PRO", "baisse le prix des carottes a 1,50", "PRICE\tproducts=all:carotte@1.50" },
	{ "RES", "carottes 1,5 kg", "ORDER\titems=1.5kg:carotte" },
	{ "RES", "1,5 kg carottes 2 salades", "ORDER\titems=1.5kg:carotte;2pc:salade" },
	/* what takes the place of what, for which order */
	{ "PRO", "remplace radis par navet C482", "LINE_SUB\tfrom=radis to=navet ref=C482" },
	/* a unit that is part of what the product is called */
	{ "PRO", "REMPLACE PLAQUETTES DE BEURRE PAR SALADES C482",
	  "LINE_SUB\tfrom=beurre to=salade ref=C482" },
	{ "PRO", "remplace plaquettes de beurre par 2 salades",
	  "LINE_SUB\tfrom=beurre to=2pc:salade" },
	{ "PRO", "remplacer les radis de C482 par 2 kg de navets",
	  "LINE_SUB\tfrom=radis to=2kg:navet ref=C482" },
	{ "PRO", "C482 : 1 kg de navets a la place des radis",
	  "LINE_SUB\tfrom=radis to=1kg:navet ref=C482" },
	/* dashes may only begin the lines of a list */
	{ "RES", "- 2 kg patates", "REMOVE\titems=2kg:pomme_de_terre sign=minus" },
	{ "RES", "- 2 kg patates\n- 1 botte radis",
	  "ORDER\titems=2kg:pomme_de_terre;1botte:radis" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *ctx = talloc_new(NULL);
		struct reading *r = reading_parse(ctx, rules, lexicon, rows[i].role, rows[i].text);

		assert_string_equal(reading_print(ctx, r), rows[i].reading);
		talloc_free(ctx);
	}
}

static int setup(void **state)
{
	char *error = NULL;

	(void)state;
	lexicon = lexicon_demo(NULL);
	return rules_open(&rules, NULL, "fr", NULL, &error);
}

static int teardown(void **state)
{
	(void)state;
	talloc_free(rules);
	talloc_free(lexicon);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests_name("price", tests, setup, teardown);
}
