/* Fuzz target: any octets as a text, read as every role, and its reading scanned again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/reading.h"

static const char *const seeds[] = {
	"Bonjour, je voudrais 2 kg de carottes, 1 botte de radis et une douzaine d'œufs svp 👍",
	"carotte 2kg; radis 1 botte; oeufs 12; lait 1 litre",
	"2 fois le 4, 1 fois le 7",
	"+ 1kg carottes - 1 salade",
	"DISPO carottes 50 kg 1,80€ 40 sacs de patates 5kg",
	"ok pour C482 483 et 485 pas 484",
	"une livre de fraises... non pardon deux barquettes de fraises",
	"transport 2 places Lens jeudi 8h30 14/07 R57 K7PM2 06 39 98 00 01",
	"quatre vingt dix sept kilos et demi de chez Mme Leclercq de la ferme du Beau Pays",
	"vote 3 pour 482163\nprocuration Paul Petit",
	"مرحبا اريد بطاطا ½ ２ｋｇ \xff\xc3\x28",
};

int fuzz_seed(size_t i, uint8_t *out, size_t size)
{
	size_t n;

	if (i >= ARRAY_SIZE(seeds))
		return -1;
	n = OSMO_MIN(strlen(seeds[i]), size);
	memcpy(out, seeds[i], n);
	return (int)n;
}

static void read_as(const struct rules *rules, const struct lexicon *lex, const char *role,
		    const char *text)
{
	void *ctx = talloc_new(NULL);
	char *printed = reading_print(ctx, reading_parse(ctx, rules, lex, role, text));
	struct reading *again = reading_scan(ctx, printed);

	if (!again || strcmp(printed, reading_print(ctx, again)))
		abort();
	reading_explain(ctx, rules, lex, role, text);
	talloc_free(ctx);
}

void fuzz_one(const uint8_t *data, size_t len)
{
	static const char *const roles[] = { "RES", "MEM", "PRO", "PRV", "COO", "AID", "-" };
	static struct rules *rules;
	static struct lexicon *lex;
	char *text = malloc(len + 1), *error;

	if (!rules) {
		if (rules_open(&rules, NULL, "fr", NULL, &error) < 0)
			abort();
		lex = lexicon_demo(NULL);
	}
	if (!text)
		abort();
	memcpy(text, data, len);
	text[len] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		read_as(rules, lex, roles[i], text);
	talloc_free(reading_scrub(NULL, text));
	talloc_free(reading_scan(NULL, text));
	free(text);
}
