/* place, product: where it is fetched and what can be sold, as far as they are no events.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <inttypes.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/utils.h>

#include "parsers/lexicon.h"

/* Longest label, name or address: as long as the longest that the catalogue is proven to fit. */
#define LABEL_MAX   40
#define ADDRESS_MAX 60

/* Sale units, and whether one of it is a piece: then a bare number is a quantity. */
static const struct {
	const char *name;
	int piece;
} units[] = {
	{ "kg", 0 }, { "l", 0 }, { "pc", 1 }, { "botte", 1 }, { "pot", 1 }, { "barquette", 1 },
};

static void answer(struct admin_call *call, const char *name, enum store_stmt stmt,
		   const struct rows_column *columns)
{
	json_t *rows = rows_json(store_query(admin_gateway(call)->store, stmt, NULL), columns);

	if (rows)
		admin_reply(call, json_pack("{s:o}", name, rows));
	else
		admin_refuse_store(call);
}

static void answer_places(struct admin_call *call)
{
	static const struct rows_column columns[] = {
		{ "id", ROWS_INT },
		{ "name", ROWS_TEXT },
		{ "address", ROWS_TEXT },
		{ NULL, ROWS_INT },
	};

	answer(call, "places", STORE_STMT_ADMIN_PLACES, columns);
}

static void answer_products(struct admin_call *call)
{
	static const struct rows_column columns[] = {
		{ "name", ROWS_TEXT }, { "one", ROWS_TEXT },      { "many", ROWS_TEXT },
		{ "unit", ROWS_TEXT }, { "category", ROWS_TEXT }, { NULL, ROWS_INT },
	};

	answer(call, "products", STORE_STMT_ADMIN_PRODUCTS, columns);
}

/* Words that people will read. \returns them, or NULL after saying what is wrong */
static const char *take_words(struct admin_call *call, const char *argument, size_t max)
{
	const char *words = admin_text(call, argument);

	if (!words || !*words)
		admin_refuse(call, "the %s is missing", argument);
	else if (strlen(words) > max)
		admin_refuse(call, "\"%s\" is longer than %zu octets: it would not fit into texts",
			     words, max);
	else
		return words;
	return NULL;
}

/* One statement in a transaction of its own. \returns rows changed, or -1 after saying what failed */
static int write_row(struct admin_call *call, enum store_stmt stmt, const struct store_arg *args)
{
	struct store *st = admin_gateway(call)->store;
	int rc = store_begin(st), n = rc;

	if (!rc) {
		n = store_exec(st, stmt, args);
		rc = n < 0 ? n : store_commit(st);
	}
	if (!rc)
		return n;
	store_rollback(st);
	admin_refuse_store(call);
	return -1;
}

void op_place(struct admin_call *call)
{
	const char *action = admin_text(call, "action"), *name, *address;
	int64_t id = admin_int(call, "id", 0);
	int n;

	if (!action) {
		answer_places(call);
		return;
	}
	name = take_words(call, "name", LABEL_MAX);
	address = name ? take_words(call, "address", ADDRESS_MAX) : NULL;
	if (!address)
		return;
	n = strcmp(action, "add") == 0
		    ? write_row(call, STORE_STMT_ADMIN_PLACE_ADD,
				STORE_ARGS(STORE_TEXT(name), STORE_TEXT(address)))
		    : write_row(call, STORE_STMT_ADMIN_PLACE_CHANGE,
				STORE_ARGS(STORE_INT(id), STORE_TEXT(name), STORE_TEXT(address)));
	if (n == 0)
		admin_refuse(call, "there is no place %" PRId64 "; `place` lists them", id);
	else if (n > 0)
		answer_places(call);
}

/* A name that texts can be matched with: words of a-z and 0-9, joined by _. */
static bool is_name(const char *name)
{
	struct lexicon *lex = lexicon_new(OTC_SELECT);

	return lexicon_add(lex, LEXICON_PRODUCT, name, "", 0) == 0;
}

static void set_product(struct admin_call *call, const char *name, int unit)
{
	const char *one = take_words(call, "one", LABEL_MAX);
	const char *many = one ? take_words(call, "many", LABEL_MAX) : NULL;
	const char *category = many ? take_words(call, "category", LABEL_MAX) : NULL;
	int n;

	if (!category)
		return;
	n = write_row(call, STORE_STMT_ADMIN_PRODUCT_SET,
		      STORE_ARGS(STORE_TEXT(name), STORE_TEXT(one), STORE_TEXT(many),
				 STORE_TEXT(units[unit].name), STORE_TEXT(category),
				 STORE_INT(units[unit].piece)));
	if (n == 0)
		admin_refuse(
			call,
			"%s is sold by another unit; what is sold by the %s is another product",
			name, units[unit].name);
	else if (n > 0)
		answer_products(call);
}

void op_product(struct admin_call *call)
{
	const char *name = admin_text(call, "name"), *unit = admin_text(call, "unit");
	size_t i = 0;

	if (!name) {
		answer_products(call);
		return;
	}
	while (unit && i < ARRAY_SIZE(units) && strcmp(units[i].name, unit) != 0)
		i++;
	if (!is_name(name))
		admin_refuse(call, "\"%s\" is no name: a-z, 0-9 and _, as pomme_de_terre", name);
	else if (!unit || i == ARRAY_SIZE(units))
		admin_refuse(call, "there is no unit \"%s\": kg l pc botte pot barquette",
			     unit ?: "");
	else
		set_product(call, name, (int)i);
}
