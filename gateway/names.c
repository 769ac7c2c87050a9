/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/names.h"

#include <string.h>

#include <osmocom/core/talloc.h>

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

struct lexicon *names_load(struct turn *turn)
{
	bool sells = strcmp(turn->role, "PRO") == 0;
	struct lexicon *lex = NULL;

	turn_failed(turn,
		    read_names(&lex, turn->ctx, turn->gw->store,
			       sells ? STORE_STMT_NAMES_CATALOGUE : STORE_STMT_NAMES_PRODUCTS));
	return lex;
}
