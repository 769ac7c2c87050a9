/* The names that a text may speak of now.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/lexicon.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

struct lexicon *lexicon_new(void *ctx)
{
	struct lexicon *lex = talloc_zero(ctx, struct lexicon);

	OSMO_ASSERT(lex);
	return lex;
}

static bool valid_name(const char *name, size_t size)
{
	size_t n = strlen(name);

	return n && n < size && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

int lexicon_add(struct lexicon *lex, enum lexicon_kind kind, const char *name, const char *unit,
		int number)
{
	struct lexicon_entry *e;

	if (!valid_name(name, sizeof(e->name)) || strlen(unit) >= sizeof(e->unit))
		return -EINVAL;
	if (lex->n % 64 == 0) {
		lex->entries = talloc_realloc(lex, lex->entries, struct lexicon_entry, lex->n + 64);
		OSMO_ASSERT(lex->entries);
	}
	e = &lex->entries[lex->n++];
	*e = (struct lexicon_entry){ .kind = kind, .number = number };
	OSMO_STRLCPY_ARRAY(e->name, name);
	OSMO_STRLCPY_ARRAY(e->unit, unit);
	return 0;
}

const struct lexicon_entry *lexicon_find(const struct lexicon *lex, const char *name)
{
	for (size_t i = 0; i < lex->n; i++)
		if (!strcmp(lex->entries[i].name, name))
			return &lex->entries[i];
	return NULL;
}

const struct lexicon_entry *lexicon_number(const struct lexicon *lex, int number)
{
	for (size_t i = 0; number > 0 && i < lex->n; i++)
		if (lex->entries[i].kind == LEXICON_PRODUCT && lex->entries[i].number == number)
			return &lex->entries[i];
	return NULL;
}

size_t lexicon_word(const char **name, char *out, size_t size)
{
	size_t n = strcspn(*name, "_");

	OSMO_ASSERT(n < size);
	memcpy(out, *name, n);
	out[n] = '\0';
	*name += n + ((*name)[n] == '_');
	return n;
}

static const struct {
	enum lexicon_kind kind;
	const char *name, *unit;
} demo[] = {
	{ LEXICON_PRODUCT, "carotte", "kg" },
	{ LEXICON_PRODUCT, "pomme_de_terre", "kg" },
	{ LEXICON_PRODUCT, "poireau", "kg" },
	{ LEXICON_PRODUCT, "oignon", "kg" },
	{ LEXICON_PRODUCT, "tomate", "kg" },
	{ LEXICON_PRODUCT, "endive", "kg" },
	{ LEXICON_PRODUCT, "betterave", "kg" },
	{ LEXICON_PRODUCT, "navet", "kg" },
	{ LEXICON_PRODUCT, "haricot_vert", "kg" },
	{ LEXICON_PRODUCT, "pomme", "kg" },
	{ LEXICON_PRODUCT, "poire", "kg" },
	{ LEXICON_PRODUCT, "radis", "botte" },
	{ LEXICON_PRODUCT, "persil", "botte" },
	{ LEXICON_PRODUCT, "salade", "pc" },
	{ LEXICON_PRODUCT, "chou", "pc" },
	{ LEXICON_PRODUCT, "potiron", "pc" },
	{ LEXICON_PRODUCT, "ail", "pc" },
	{ LEXICON_PRODUCT, "fraise", "barquette" },
	{ LEXICON_PRODUCT, "oeuf", "pc" },
	{ LEXICON_PRODUCT, "poulet", "pc" },
	{ LEXICON_PRODUCT, "lait", "l" },
	{ LEXICON_PRODUCT, "creme", "l" },
	{ LEXICON_PRODUCT, "beurre", "pc" },
	{ LEXICON_PRODUCT, "yaourt", "pc" },
	{ LEXICON_PRODUCT, "maroilles", "pc" },
	{ LEXICON_PRODUCT, "tomme", "kg" },
	{ LEXICON_PRODUCT, "chevre", "pc" },
	{ LEXICON_PRODUCT, "pain", "pc" },
	{ LEXICON_PRODUCT, "baguette", "pc" },
	{ LEXICON_PRODUCT, "farine", "kg" },
	{ LEXICON_PRODUCT, "miel", "pot" },
	{ LEXICON_PRODUCT, "confiture", "pot" },
	{ LEXICON_PRODUCT, "jus", "l" },
	{ LEXICON_PRODUCT, "oignon_rouge", "kg" },
	{ LEXICON_PRODUCT, "pomme_golden", "kg" },
	{ LEXICON_PRODUCT, "pomme_reinette", "kg" },
	{ LEXICON_PRODUCT, "panier_solo", "pc" },
	{ LEXICON_PRODUCT, "panier_famille", "pc" },
	{ LEXICON_PRODUCT, "yaourt_nature", "pc" },
	{ LEXICON_PRODUCT, "yaourt_fraise", "pc" },
	{ LEXICON_PRODUCT, "pain_complet", "pc" },
	{ LEXICON_PRODUCT, "confiture_fraise", "pot" },
	{ LEXICON_PRODUCT, "confiture_prune", "pot" },
	{ LEXICON_ITEM, "perceuse", "" },
	{ LEXICON_ITEM, "escabeau", "" },
	{ LEXICON_ITEM, "tondeuse", "" },
	{ LEXICON_ITEM, "remorque", "" },
	{ LEXICON_ITEM, "ponceuse", "" },
	{ LEXICON_ITEM, "rallonge", "" },
	{ LEXICON_ITEM, "broyeur", "" },
	{ LEXICON_ITEM, "barnum", "" },
	{ LEXICON_ITEM, "sono", "" },
	{ LEXICON_ITEM, "machine_a_coudre", "" },
	{ LEXICON_ITEM, "raclette", "" },
	{ LEXICON_ITEM, "tente", "" },
	{ LEXICON_ITEM, "velo_cargo", "" },
	{ LEXICON_ITEM, "siege_bebe", "" },
	{ LEXICON_ITEM, "chaise", "" },
	{ LEXICON_ITEM, "table", "" },
	{ LEXICON_SLOT, "velo", "" },
	{ LEXICON_RIDE, "lens", "" },
	{ LEXICON_RIDE, "arras", "" },
	{ LEXICON_RIDE, "lille", "" },
	{ LEXICON_RIDE, "bethune", "" },
	{ LEXICON_RIDE, "douai", "" },
	{ LEXICON_RIDE, "kortrijk", "" },
	{ LEXICON_MOTION, "1", "" },
	{ LEXICON_MOTION, "2", "" },
	{ LEXICON_MOTION, "3", "" },
	{ LEXICON_MOTION, "4", "" },
	{ LEXICON_MOTION, "5", "" },
};

struct lexicon *lexicon_demo(void *ctx)
{
	struct lexicon *lex = lexicon_new(ctx);

	for (size_t i = 0; i < ARRAY_SIZE(demo); i++)
		OSMO_ASSERT(lexicon_add(lex, demo[i].kind, demo[i].name, demo[i].unit,
					demo[i].kind == LEXICON_PRODUCT ? (int)i + 1 : 0)
			    == 0);
	return lex;
}
