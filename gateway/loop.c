/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/loop.h"

#include <stdint.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "gateway/gateway.h"
#include "gateway/store/store.h"
#include "gateway/turn.h"

/* Octets from which on the same text again is no answer to a question. */
#define LONG_TEXT  20
/* Seconds after which a human is told again. */
#define TOLD_AGAIN (60 * 60)

/* Texts of this number before this one. */
static int64_t count(struct turn *turn, enum store_stmt stmt, int64_t since)
{
	int64_t n = 0;

	turn_failed(turn, store_get_int(turn->gw->store, &n, stmt,
					STORE_ARGS(STORE_TEXT(turn->number), STORE_INT(since),
						   STORE_INT(turn->inbox_id))));
	return n;
}

static int64_t count_same(struct turn *turn, int64_t since)
{
	int64_t n = 0;

	turn_failed(turn,
		    store_get_int(turn->gw->store, &n, STORE_STMT_LOOP_SAME,
				  STORE_ARGS(STORE_TEXT(turn->number), STORE_INT(since),
					     STORE_INT(turn->inbox_id), STORE_TEXT(turn->text))));
	return n;
}

static bool is(const struct turn *turn, const char *intent)
{
	return strcmp(turn->reading->intent, intent) == 0;
}

static bool is_automaton(struct turn *turn)
{
	int64_t since = turn->at - LOOP_MINUTES * 60;

	if (catalogue_wrote(turn->gw->catalogue, turn->text))
		return true;
	if (!is(turn, "UNKNOWN") && !is(turn, "CLARIFY"))
		return false;
	if (is(turn, "UNKNOWN") && count(turn, STORE_STMT_LOOP_UNKNOWN, since) >= LOOP_UNKNOWN)
		return true;
	return strlen(turn->text) >= LONG_TEXT && count_same(turn, since) >= LOOP_SAME;
}

bool loop_mutes(struct turn *turn)
{
	if (!is_automaton(turn) || turn->error)
		return false;
	if (!count(turn, STORE_STMT_LOOP_TOLD, turn->at - TOLD_AGAIN))
		turn_list(turn, "an automaton, it seems: it is answered no more for some minutes");
	turn->intent = "LOOP";
	return true;
}
