/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/names.h"

#include <osmocom/core/talloc.h>

#include "gateway/log.h"
#include "gateway/turn.h"
#include "parsers/lexicon.h"

int names_read(struct lexicon **out, void *ctx, struct store *st)
{
	struct lexicon *lex = lexicon_new(ctx);
	struct store_rows *rows = store_query(st, STORE_STMT_NAMES_PRODUCTS, NULL);
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

struct lexicon *names_load(struct turn *turn)
{
	struct lexicon *lex = NULL;

	turn_failed(turn, names_read(&lex, turn->ctx, turn->gw->store));
	return lex;
}
