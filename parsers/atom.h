/* Atoms: what matters of the symbols of a text for a list. Private to list.c and atom.c.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "parsers/list.h"

enum atom_kind { ATOM_QTY, ATOM_PRODUCT, ATOM_CODE, ATOM_PACK, ATOM_TIMES, ATOM_MONEY, ATOM_BREAK };

/* What matters of a symbol for a list; several can become one. */
struct atom {
	enum atom_kind kind;
	size_t sym;    /* the symbol */
	int64_t milli; /* of a quantity; number of a code, in units */
	char unit[12]; /* of a quantity; empty if none was said */
	bool said;     /* the unit was said, a dozen says none */
	bool apart;    /* a word without meaning stands before it: "le 4" */
	bool unknown;  /* stands where a product should */
	bool joined;   /* multiplied already */
};

/* A price and the unit that it is for: "2,40 le kilo". */
struct price {
	size_t sym;
	int64_t milli;    /* euros */
	const char *unit; /* NULL: not said */
};

struct list_parse {
	const struct rules *rules;
	const struct lexicon *lex;
	const struct symbols *symbols;
	const struct list_options *options;
	bool *used;
	struct list *out;
	size_t n;
	struct atom *a;
	size_t n_prices;
	struct price *price;
};

/*! All symbols that are not used to atoms; those that were read are marked as used. */
void atom_read(struct list_parse *p);

/*! A symbol of the text, or NULL behind its end. */
const struct symbol *atom_symbol(const struct list_parse *p, size_t i);

/*! Whether it separates what is listed. */
bool atom_is_separator(const struct symbol *s);

/*! The next symbol that is no word without meaning. */
size_t atom_next_meaning(const struct list_parse *p, size_t i);

/*! The first thing that is wrong is asked; a quantity that is missing only if nothing else is. product may be NULL. */
void atom_wrong(struct list_parse *p, const char *reason, const char *product);

/*! A product without a quantity. */
void atom_lacks_quantity(struct list_parse *p, const char *product, const char *reason);

/*! A list of names with one more, on ctx; list may be NULL. */
const char *atom_add_name(void *ctx, const char *list, const char *name);
