/* What a human answers, and what needs no answer but a kind one.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/dialogue/question.h"
#include "gateway/format.h"
#include "gateway/request.h"
#include "gateway/service/service.h"
#include "gateway/turn.h"

/* What the coordinator is told, and what the one who wrote is. */
static const struct {
	const char *intent;
	const char *listed;
	const char *template;
} desk[] = {
	{ "CANCEL", "wants to cancel", "callback_noted" },
	{ "PRODUCER_LATE", "will deliver late", "pickup_noted" },
	{ "DELIVERED", "has delivered", "pickup_noted" },
};

void desk_list(struct turn *turn)
{
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

/* The three commands that somebody in that role most likely wanted; the last row is for everybody else. */
static const struct {
	const char *role;
	const char *command[3];
} likely[] = {
	{ "PRO", { "OK", "ETAT", "AIDE" } },
	{ "COO", { "C482 RETIRE", "DEMANDES", "AIDE" } },
	{ NULL, { "2 KG PATATES", "LISTE", "AIDE" } },
};

void desk_unknown(struct turn *turn)
{
	const char *first;
	size_t i = 0;

	turn_list(turn, "not understood");
	while (likely[i].role && strcmp(likely[i].role, turn->role) != 0)
		i++;
	first = likely[i].command[0];
	if (!turn->pending && likely[i].role && strcmp(likely[i].role, "PRO") == 0)
		first = "DISPO CAROTTES 50 KG"; /* nothing waits for a decision */
	turn_say(turn, "unknown",
		 VALUES({ "c1", first }, { "c2", likely[i].command[1] },
			{ "c3", likely[i].command[2] }));
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

/* ---- the coordinator's list ---- */

/* Requests on one page of the list. */
#define PAGE       4
/* Octets of the words of one in the list. */
#define PAGE_WORDS 40

/* What stands behind the verb and the number: "REP 12 : oui, samedi". \returns the number, 0 if there is none. */
static int64_t cut_number(const char *text, const char **rest)
{
	const char *at = strpbrk(text, "0123456789");
	int64_t no = 0;

	if (!at)
		return 0;
	for (; *at >= '0' && *at <= '9'; at++)
		no = no <= REQUEST_NUMBERS ? no * 10 + (*at - '0') : no;
	*rest = at + strspn(at, " \t\r\n:,;.)-/");
	return no;
}

static const char *name_of(struct turn *turn, const struct request *r)
{
	return *r->name ? r->name : format_phone(turn->ctx, r->number, turn->gw->country_code);
}

static void say_request(struct turn *turn, const struct request *r, const char *template)
{
	const char *name = strcmp(template, "request_taken") == 0 && r->answered_by > 0
				   ? r->answered_name
				   : name_of(turn, r);

	if (strcmp(template, "request_taken") == 0 && r->answered_by == 0)
		template = "request_taken.operator";
	turn_say(turn, template,
		 VALUES({ "no", talloc_asprintf(turn->ctx, "%d", r->no) }, { "name", name },
			{ "number", format_phone(turn->ctx, r->number, turn->gw->country_code) },
			{ "text", r->text }, { "n", OSMO_STRINGIFY_VAL(REQUEST_PARTS) }));
}

/* The request that the text names. \returns false if that was said to be none */
static bool find_request(struct turn *turn, struct request *r, const char **rest)
{
	int64_t no = cut_number(turn->text, rest);
	int rc = no ? request_find(r, turn->ctx, turn->gw, no) : 0;

	if (!no)
		turn_say(turn, "request_how", NULL);
	else if (rc == -ENOENT)
		turn_say(turn, "request_none",
			 VALUES({ "no", talloc_asprintf(turn->ctx, "%" PRId64, no) }));
	else
		return !turn_failed(turn, rc);
	return false;
}

void desk_reply(struct turn *turn)
{
	static const char *const said[] = {
		[REQUEST_SENT] = "request_sent",
		[REQUEST_TAKEN] = "request_taken",
		[REQUEST_STOPPED] = "request_stopped",
		[REQUEST_TOO_LONG] = "request_too_long",
		[REQUEST_UNREACHABLE] = "request_unreachable",
	};
	enum request_result result;
	struct request r;
	const char *rest;

	if (!find_request(turn, &r, &rest))
		return;
	if (!*rest)
		say_request(turn, &r, "request_empty");
	else if (!turn_failed(turn,
			      request_answer(&result, NULL, turn->gw, &r, turn->person_id, rest)))
		say_request(turn, &r, said[result]);
}

void desk_done(struct turn *turn)
{
	struct request r;
	const char *rest;

	if (!find_request(turn, &r, &rest))
		return;
	if (!turn_failed(turn, request_close(turn->gw, &r, turn->person_id)))
		say_request(turn, &r, "request_closed");
}

/* One line of the list: who, and how it begins. */
static char *request_line(struct turn *turn, const struct request *r)
{
	size_t n = strlen(r->text);
	bool cut = n > PAGE_WORDS;

	for (n = cut ? PAGE_WORDS : n; cut && n > 0 && (r->text[n] & 0xc0) == 0x80;)
		n--;
	return template_fill(turn->ctx, turn->gw->catalogue, "piece.request",
			     VALUES({ "no", talloc_asprintf(turn->ctx, "%d", r->no) },
				    { "name", name_of(turn, r) },
				    { "text", talloc_asprintf(turn->ctx, "%.*s%s", (int)n, r->text,
							      cut ? "..." : "") }));
}

/* Digits show one, SUITE the next page. */
static void ask_page(struct turn *turn, int64_t last)
{
	struct question *q = question_new(turn->ctx, "requests");

	q->then = talloc_asprintf(q, "REQUESTS\tafter=%" PRId64, last);
	turn_ask(turn, q);
}

static void show_page(struct turn *turn, int64_t after)
{
	char *lines = talloc_strdup(turn->ctx, "");
	int64_t left = 0;
	struct request r;
	int rc = 0, shown = 0;

	while (shown < PAGE && !rc) {
		rc = request_next(&r, turn->ctx, turn->gw, after);
		if (rc)
			break;
		lines = talloc_asprintf_append(lines, "%s%s", shown++ ? "\n" : "",
					       request_line(turn, &r));
		after = r.id;
	}
	if (rc == -ENOENT)
		rc = 0;
	if (!rc)
		rc = store_get_int(turn->gw->store, &left, STORE_STMT_REQUEST_LEFT,
				   STORE_ARGS(STORE_INT(after)));
	if (turn_failed(turn, rc))
		return;
	if (!shown) {
		turn_say(turn, "requests_none", NULL);
		return;
	}
	turn_say(turn, left ? "requests_page.more" : "requests_page",
		 VALUES({ "lines", lines }, { "n", talloc_asprintf(turn->ctx, "%" PRId64, left) }));
	ask_page(turn, after);
}

void desk_requests(struct turn *turn)
{
	const char *no = reading_arg(turn->reading, "no"),
		   *after = reading_arg(turn->reading, "after");
	struct request r;
	int rc;

	if (!no) {
		show_page(turn, after ? strtoll(after, NULL, 10) : 0);
		return;
	}
	rc = request_find(&r, turn->ctx, turn->gw, strtoll(no, NULL, 10));
	if (rc == -ENOENT)
		turn_say(turn, "request_none", VALUES({ "no", no }));
	else if (!turn_failed(turn, rc))
		say_request(turn, &r, "request");
}

/* What says something only to whom it answers. */
static bool is_bare(const struct reading *r)
{
	static const char *const bare[] = { "YES", "NO", "UNKNOWN" };

	for (size_t i = 0; i < ARRAY_SIZE(bare); i++)
		if (strcmp(r->intent, bare[i]) == 0)
			return true;
	return strcmp(r->intent, "CLARIFY") == 0 && r->n_items == 0 && !reading_arg(r, "product")
	       && !reading_arg(r, "keep") && !reading_arg(r, "cand");
}

bool desk_relays(struct turn *turn)
{
	int human = is_bare(turn->reading) ? request_spoken(turn->gw, turn->number, turn->at) : 0;

	if (turn_failed(turn, human) || !human)
		return false;
	turn_list(turn, "answers the coordinator");
	turn_say(turn, turn->question ? "request_relayed.asked" : "request_relayed", NULL);
	return true;
}
