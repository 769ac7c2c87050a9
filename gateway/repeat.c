/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/repeat.h"

#include <string.h>

#include <osmocom/core/talloc.h>

#include "gateway/turn.h"
#include "parsers/fold.h"
#include "parsers/reading.h"

static char *fold(void *ctx, const char *text)
{
	bool clipped;

	return fold_text(ctx, text, NULL, 0, &clipped);
}

/* The last text handled, if it is the same. \returns its id or 0. */
static int64_t same_as(struct turn *turn)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_REPEAT_LAST,
					      STORE_ARGS(STORE_TEXT(turn->number),
							 STORE_INT(turn->inbox_id),
							 STORE_INT(turn->at - REPEAT_WINDOW)));
	char *now = fold(turn->ctx, reading_scrub(turn->ctx, turn->text));
	int64_t id = 0;
	int rc = rows ? store_next(rows) : store_errno(turn->gw->store);

	if (rc == 1 && strcmp(fold(turn->ctx, store_text(rows, 1)), now) == 0)
		id = store_int(rows, 0);
	store_done(rows);
	turn_failed(turn, rc);
	return id;
}

bool repeat_reply(struct turn *turn)
{
	int64_t last = same_as(turn);
	struct store_rows *rows;
	int rc;

	if (!last || turn->error)
		return false;
	rows = store_query(turn->gw->store, STORE_STMT_REPEAT_REPLY,
			   STORE_ARGS(STORE_TEXT(turn->number), STORE_INT(last)));
	rc = rows ? store_next(rows) : store_errno(turn->gw->store);
	if (rc == 1)
		turn->piece[turn->n_pieces++] = (struct turn_piece){
			.template = talloc_strdup(turn->ctx, store_text(rows, 0)),
			.text = talloc_strdup(turn->ctx, store_text(rows, 1)),
			.use_by = store_int(rows, 2),
		};
	store_done(rows);
	return !turn_failed(turn, rc) && rc == 1;
}
