/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/note.h"

#include "gateway/turn.h"

int64_t note_add(struct turn *turn)
{
	char *words = reading_scrub(turn->ctx, turn->text);

	if (turn_failed(turn, store_exec(turn->gw->store, STORE_STMT_NOTE_ADD,
					 STORE_ARGS(STORE_TEXT(words), STORE_INT(turn->at)))))
		return 0;
	return store_last_id(turn->gw->store);
}
