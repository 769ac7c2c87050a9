/* FIRE: an answer that is an event on what the question was about, with the version that was read.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <string.h>

#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/service/order.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"
#include "gateway/who.h"

/* What is said after events that tell the one who fires them nothing. */
static const struct {
	const char *machine;
	const char *event;
	const char *template;
} quiet[] = {
	{ "order", "drop", "order_dropped" },
};

void event_answer(struct turn *turn)
{
	const struct question *q = turn->answered;
	const char *event = reading_arg(turn->reading, "event");

	OSMO_ASSERT(event);
	if (strcmp(turn->role, "PRO") == 0) /* who sells may also buy */
		who_acts(turn, TURN_RES | TURN_AID);
	if (strcmp(q->machine, "order") == 0 && strcmp(event, "confirm") == 0) {
		order_confirm(turn, q->subject, q->version);
		return;
	}
	if (!turn_fire(turn, q->machine, q->subject, q->version, event, NULL, NULL)) {
		if (strcmp(q->machine, "order") == 0)
			order_refused(turn, q->subject, event);
		else if (!turn->error)
			turn_say_refusal(turn);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(quiet); i++)
		if (strcmp(quiet[i].machine, q->machine) == 0 && strcmp(quiet[i].event, event) == 0)
			turn_say(turn, quiet[i].template, NULL);
}
