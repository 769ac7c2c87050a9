/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/names.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/log.h"
#include "gateway/turn.h"
#include "parsers/lexicon.h"

static int read_names(struct lexicon **out, void *ctx, struct store *st, enum store_stmt stmt)
{
	struct lexicon *lex = lexicon_new(ctx);
	struct store_rows *rows = store_query(st, stmt, NULL);
	int rc = rows ? 1 : store_errno(st);

	while (rows && (rc = store_next(rows)) == 1)
		if (lexicon_add(lex, LEXICON_PRODUCT, store_text(rows, 0), store_text(rows, 1),
				(int)store_int(rows, 2)))
			LOGP(DDIALOGUE, LOGL_ERROR, "product %s: not a name of a-z, 0-9 and _\n",
			     store_text(rows, 0));
	store_done(rows);
	if (rc < 0) {
		talloc_free(lex);
		return rc;
	}
	*out = lex;
	return 0;
}

int names_read(struct lexicon **out, void *ctx, struct store *st)
{
	return read_names(out, ctx, st, STORE_STMT_NAMES_PRODUCTS);
}

/* Offers and products are born and never die, so their numbers tell whether a lexicon is still right. */
struct stamp {
	int64_t cycle, offers, products;
	int64_t changes; /* of other programs: they may do anything */
};

struct names {
	struct stamp stamp;
	struct lexicon *list, *catalogue; /* of who buys, of who sells; NULL: not read yet */
};

static int read_stamp(struct stamp *out, struct store *st)
{
	struct store_rows *rows = store_query(st, STORE_STMT_NAMES_STAMP, NULL);
	int rc = rows ? store_next(rows) : store_errno(st);

	if (rc == 1)
		*out = (struct stamp){ store_int(rows, 0), store_int(rows, 1), store_int(rows, 2),
				       store_foreign_changes(st) };
	else if (rc == 0)
		*out = (struct stamp){ .changes = store_foreign_changes(st) };
	store_done(rows);
	return rc < 0 ? rc : 0;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->cycle == b->cycle && a->offers == b->offers && a->products == b->products
	       && a->changes == b->changes;
}

void names_forget(struct gateway *gw)
{
	talloc_free(gw->names);
	gw->names = NULL;
}

/* What was read for an earlier text, as long as it is still right. */
static int refresh(struct gateway *gw)
{
	struct stamp now;
	int rc = read_stamp(&now, gw->store);

	if (rc)
		return rc;
	if (gw->names && same_stamp(&gw->names->stamp, &now))
		return 0;
	names_forget(gw);
	gw->names = talloc_zero(gw, struct names);
	OSMO_ASSERT(gw->names);
	gw->names->stamp = now;
	return 0;
}

const struct lexicon *names_load(struct turn *turn)
{
	struct gateway *gw = turn->gw;
	bool sells = strcmp(turn->role, "PRO") == 0;
	struct lexicon **lex;
	int rc = refresh(gw);

	if (turn_failed(turn, rc))
		return NULL;
	lex = sells ? &gw->names->catalogue : &gw->names->list;
	if (!*lex)
		turn_failed(turn, read_names(lex, gw->names, gw->store,
					     sells ? STORE_STMT_NAMES_CATALOGUE
						   : STORE_STMT_NAMES_PRODUCTS));
	return *lex;
}
