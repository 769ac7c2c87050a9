/* What people ask of us as persons: a call, help, their language, their data, to be registered.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <string.h>

#include <osmocom/core/talloc.h>

#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/person.h"
#include "gateway/service/service.h"
#include "gateway/service/when.h"
#include "gateway/turn.h"

/* When the text says that it suits, in words; NULL if it does not, or if that is over. */
static char *preferred(struct turn *turn)
{
	const char *day = reading_arg(turn->reading, "day");
	int64_t date = turn->at, at;
	bool dated = when_day(&date, day, turn->at);

	if (when_time(&at, reading_arg(turn->reading, "time"), date))
		return at > turn->at ? format_moment(turn->ctx, turn->gw->catalogue, at) : NULL;
	return dated ? format_day(turn->ctx, turn->gw->catalogue, date) : NULL;
}

void answer_callback(struct turn *turn)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);
	char *when = preferred(turn);

	turn_list(turn, "asks to be called");
	facts_set(f, "when", when);
	turn_say_facts(turn, when ? "callback_noted.when" : "callback_noted", f);
}

/* Nothing automatic: the numbers of those who can help, and a human is told at once. */
void answer_emergency(struct turn *turn)
{
	const char *action = reading_arg(turn->reading, "action");
	bool despair = action && strcmp(action, "reply_3114") == 0;

	turn_list(turn, "EMERGENCY");
	turn_say(turn, despair ? "emergency.despair" : "emergency", NULL);
}

void answer_privacy(struct turn *turn)
{
	struct facts *f = facts_new(turn->ctx, turn->gw);

	if (strcmp(turn->reading->intent, "PRIVACY") == 0) {
		turn_list(turn, "asks about personal data");
		turn_say_facts(turn, "privacy_noted", f);
		return;
	}
	facts_set(f, "n", talloc_asprintf(f, "%d", turn->gw->retain_texts));
	turn_say_facts(turn, "help.privacy", f);
}

void answer_register(struct turn *turn)
{
	if (strcmp(turn->contact_state, "active") == 0 && turn->person_id) {
		turn_say(turn, "already_registered", NULL);
		return;
	}
	turn_list(turn, "wants to register");
	turn_say_phone(turn, "register_noted");
}

/* The language is kept with the person; what we have no catalogue of is said to come, in both. */
void answer_language(struct turn *turn)
{
	const char *lang = reading_arg(turn->reading, "lang");
	char *name = talloc_asprintf(turn->ctx, "lang.%s", lang ? lang : "");
	struct person_refusal why;
	int rc = 0;

	if (lang)
		rc = person_edit(turn->gw,
				 &(struct person_change){ .op = "change",
							  .person_id = turn->person_id,
							  .language = lang },
				 &why);
	if (turn_failed(turn, rc))
		return;
	if (lang && strcmp(lang, turn->gw->language) == 0)
		turn_say(turn, "noted", NULL);
	else
		turn_say_phone(turn,
			       catalogue_find(turn->gw->catalogue, name) ? name : "lang_soon");
}
