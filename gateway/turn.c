/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/turn.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/facts.h"
#include "gateway/log.h"
#include "gateway/dialogue/question.h"

bool turn_failed(struct turn *turn, int rc)
{
	if (rc < 0 && !turn->error) {
		turn->error = rc;
		LOGP(DDIALOGUE, LOGL_ERROR, "text %" PRId64 ": %s\n", turn->inbox_id,
		     store_error(turn->gw->store));
	}
	return turn->error != 0;
}

void turn_say_until(struct turn *turn, const char *template, const struct template_value *values,
		    int64_t use_by)
{
	static const struct template_value none[] = { {} };
	char *text;

	if (turn->error || turn->n_pieces == TURN_PIECES_MAX)
		return;
	text = template_fill(turn->ctx, turn->gw->catalogue, template, values ? values : none);
	if (!text) {
		LOGP(DDIALOGUE, LOGL_ERROR, "the catalogue has no %s\n", template);
		return;
	}
	for (size_t i = 0; i < turn->n_pieces; i++)
		if (strcmp(turn->piece[i].text, text) == 0)
			return;
	turn->piece[turn->n_pieces++] = (struct turn_piece){
		.template = catalogue_find(turn->gw->catalogue, template)->name,
		.text = text,
		.use_by = use_by,
	};
}

void turn_say(struct turn *turn, const char *template, const struct template_value *values)
{
	turn_say_until(turn, template, values, 0);
}

void turn_say_facts(struct turn *turn, const char *template, const struct facts *facts)
{
	turn_say_until(turn, template, facts->value, 0);
}

void turn_say_phone(struct turn *turn, const char *template)
{
	turn_say_facts(turn, template, facts_new(turn->ctx, turn->gw));
}

void turn_list(struct turn *turn, const char *reason)
{
	if (!turn->listed)
		turn->listed = reason;
}

/* All events of a careful turn hang on one savepoint, taken when the first is fired: turn_undo() takes them back
 * together. It costs a fifth of what the events cost and is needed next to never, so that most turns go without and one
 * that has to be taken back is handled again. */
static bool mark(struct turn *turn)
{
	if (turn->marked || !turn->careful)
		return true;
	if (turn_failed(turn, store_mark(turn->gw->store)))
		return false;
	turn->marked = true;
	return true;
}

static bool fire(struct turn *turn, struct store_event *ev, int64_t *subject_out)
{
	int rc;

	if (turn->error || !mark(turn))
		return false;
	ev->idem = talloc_asprintf(turn->ctx, "inbox/%" PRId64 "/%d", turn->inbox_id,
				   ++turn->actions);
	ev->channel = "sms";
	ev->at = turn->at;
	rc = store_fire(turn->gw->store, ev, subject_out, &turn->fired_version, &turn->refusal);
	if (rc == 1)
		LOGP(DDIALOGUE, LOGL_INFO, "text %" PRId64 ": %s.%s refused: %s\n", turn->inbox_id,
		     ev->machine, ev->event, turn->refusal.message);
	turn->fired = turn->fired || rc == 0;
	return !turn_failed(turn, rc) && rc == 0;
}

bool turn_fire(struct turn *turn, const char *machine, int64_t subject, int64_t version,
	       const char *event, const char *payload, int64_t *subject_out)
{
	struct store_event ev = {
		.machine = machine,
		.subject = subject,
		.version = version,
		.event = event,
		.actor = turn->person_id,
		.role = turn->role,
		.payload = payload,
	};

	return fire(turn, &ev, subject_out);
}

bool turn_fire_sys(struct turn *turn, const char *machine, int64_t subject, const char *event,
		   const char *payload, int64_t *subject_out)
{
	struct store_event ev = {
		.machine = machine,
		.subject = subject,
		.version = subject ? -1 : 0,
		.event = event,
		.role = "SYS",
		.payload = payload,
	};

	return fire(turn, &ev, subject_out);
}

void turn_tell(struct turn *turn, const char *name, const char *machine, int64_t subject,
	       const char *event)
{
	if (turn->n_told < TURN_NOTICES_MAX)
		turn->told[turn->n_told++] = (struct turn_told){ name, machine, subject, event };
}

void turn_undo(struct turn *turn)
{
	if (turn->marked)
		turn_failed(turn, store_undo(turn->gw->store));
	else if (turn->fired)
		turn_failed(turn, -EAGAIN);
	turn->marked = false;
	turn->fired = false;
	turn->n_pieces = 0;
	turn->n_told = 0;
	talloc_free(turn->asks);
	turn->asks = NULL;
}

void turn_say_refusal(struct turn *turn)
{
	static const char *const codes[] = {
		[STORE_E_PAYLOAD] = "E_PAYLOAD", [STORE_E_IDEM] = "E_IDEM",
		[STORE_E_SUBJECT] = "E_SUBJECT", [STORE_E_ACTOR] = "E_ACTOR",
		[STORE_E_STALE] = "E_STALE",     [STORE_E_TRANSITION] = "E_TRANSITION",
		[STORE_E_ROLE] = "E_ROLE",       [STORE_E_GUARD] = "E_GUARD",
	};
	enum store_refusal_code code = turn->refusal.code;
	char *name;

	if (turn->error)
		return;
	OSMO_ASSERT(code > STORE_OK && code < ARRAY_SIZE(codes));
	name = talloc_asprintf(turn->ctx, "refused.%s%s%s", codes[code],
			       code == STORE_E_GUARD ? "." : "",
			       code == STORE_E_GUARD ? turn->refusal.guard : "");
	if (!catalogue_find(turn->gw->catalogue, name))
		name = talloc_asprintf(turn->ctx, "refused.%s", codes[code]);
	turn_say_phone(turn, name);
}

void turn_ask(struct turn *turn, struct question *q)
{
	if (turn->asks != q)
		talloc_free(turn->asks);
	turn->asks = q;
}
