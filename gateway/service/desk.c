/* What a human answers, and what needs no answer but a kind one.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <string.h>

#include <osmocom/core/utils.h>

#include "gateway/service/service.h"
#include "gateway/turn.h"

/* What the coordinator is told, and what the one who wrote is. */
static const struct {
	const char *intent;
	const char *listed;
	const char *template;
} desk[] = {
	{ "CALLBACK", "asks to be called", "callback_noted" },
	{ "COMPLAINT", "complains", "complaint_noted" },
	{ "PRIVACY", "asks about personal data", "privacy_noted" },
	{ "REGISTER", "wants to register", "register_noted" },
	{ "LANG", "wants another language", "lang_soon" },
	{ "COLLECT", "says that an order was fetched", "pickup_noted" },
	{ "NO_SHOW", "says that somebody did not come", "pickup_noted" },
	{ "CANCEL", "wants to cancel", "callback_noted" },
	{ "PRODUCER_LATE", "will deliver late", "pickup_noted" },
	{ "DELIVERED", "has delivered", "pickup_noted" },
	{ "LINE_SUB", "proposes another product", "producer_by_phone" },
	{ "AVAIL", "says what there is to sell", "producer_by_phone" },
	{ "AVAIL_ADD", "says what there is to sell", "producer_by_phone" },
	{ "AVAIL_STOP", "has no more of something", "producer_by_phone" },
	{ "AVAIL_NONE", "has nothing to sell", "producer_by_phone" },
	{ "PRICE", "changes a price", "producer_by_phone" },
};

void desk_list(struct turn *turn)
{
	const char *lang = reading_arg(turn->reading, "lang");

	if (lang && strcmp(lang, turn->gw->language) == 0) {
		turn_say(turn, "noted", NULL);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(desk); i++)
		if (strcmp(desk[i].intent, turn->reading->intent) == 0) {
			turn_list(turn, desk[i].listed);
			turn_say_phone(turn, desk[i].template);
			return;
		}
	desk_unknown(turn);
}

void desk_thanks(struct turn *turn)
{
	turn_say(turn, "thanks", NULL);
}

/* The three commands that somebody in that role most likely wanted. */
void desk_unknown(struct turn *turn)
{
	bool producer = strcmp(turn->role, "PRO") == 0;

	turn_list(turn, "not understood");
	if (producer)
		turn_say(turn, "unknown",
			 VALUES({ "c1", "OK" }, { "c2", "ETAT" }, { "c3", "AIDE" }));
	else
		turn_say(turn, "unknown",
			 VALUES({ "c1", "2 KG PATATES" }, { "c2", "LISTE" }, { "c3", "AIDE" }));
}

void desk_emergency(struct turn *turn)
{
	turn_list(turn, "EMERGENCY");
	turn_say(turn, "emergency", NULL);
}

void desk_not_served(struct turn *turn)
{
	turn_list(turn, "asks for what is not served by text yet");
	turn_say_phone(turn, "not_served_yet");
}

void desk_nothing(struct turn *turn)
{
	turn_say(turn, "kept", NULL);
}
