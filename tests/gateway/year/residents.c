/* Residents: they order, answer, change their minds, lose texts, and forget.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/gateway/year/year.h"

/* One in so many texts never arrives. */
#define LOST     40
/* Texts in one group at most: the SIM has no more room. */
#define AT_ONCE  24
#define PATIENCE 6

bool year_text(struct year *y, const char *number, const char *text)
{
	if (town_once_in(y->town, LOST)) {
		y->town->lost++;
		return false;
	}
	town_text(y->town, number, text);
	return true;
}

bool year_heard(struct year *y, const char *number)
{
	return !town_int(y->town,
			 "SELECT count(*) FROM message WHERE number = '%s'"
			 " AND state IN ('queued', 'sending', 'doubt') AND inbox_id IS NOT NULL",
			 number);
}

static int64_t some_qty(struct year *y, int product)
{
	if (strcmp(year_products[product].unit, "kg") == 0)
		return 500 * (1 + town_any(y->town, 8));
	return 1000 * (1 + town_any(y->town, 4));
}

static void want_some(struct year *y, struct resident *r, size_t most)
{
	r->n = 0;
	for (size_t n = 1 + town_any(y->town, most); r->n < n;) {
		int product = town_any(y->town, PRODUCTS);
		bool there = false;

		for (size_t i = 0; i < r->n; i++)
			there = there || r->item[i].product == product;
		if (!there)
			r->item[r->n++] = (struct item){ product, some_qty(y, product) };
	}
}

/* Some want no texts any more; most of them do after all, a week later. */
void residents_stop(struct year *y)
{
	struct resident *said[AT_ONCE];
	size_t n = 0;

	for (int i = 0; i < y->residents && n < AT_ONCE; i++) {
		struct resident *r = &y->resident[i];
		bool stopped = model_is(r->contact, "stopped");

		if (!town_once_in(y->town, stopped ? 2 : 60))
			continue;
		if (year_text(y, r->number, stopped ? "START" : "STOP"))
			said[n++] = r;
	}
	town_run(y->town);
	for (size_t i = 0; i < n; i++) {
		struct subject *contact = said[i]->contact;

		/* who writes can be reached */
		if (model_is(contact, "paused"))
			model_contact_event(y->model, contact, "resume");
		model_contact_event(y->model, contact,
				    model_is(contact, "stopped") ? "start" : "stop");
	}
}

/* Who orders this week, and when. */
void residents_begin(struct year *y)
{
	const struct cycle *c = y->cycle;
	int64_t slots = (c->closes_at - c->opens_at) / SLOT;

	for (int i = 0; i < y->residents; i++) {
		struct resident *r = &y->resident[i];

		r->aim = AIM_NOTHING;
		r->talk = (struct talk){};
		if (model_is(r->contact, "active") && !town_once_in(y->town, 3)) {
			r->aim = AIM_ORDER;
			r->at = c->opens_at + town_any(y->town, slots) * SLOT;
			r->tries = 0;
			want_some(y, r, TALK_ITEMS_MAX);
		}
	}
}

static char *items_text(struct resident *r, const char *verb, bool all)
{
	char *out = talloc_strdup(NULL, verb);

	for (size_t i = 0; i < r->n; i++) {
		const struct product *p = &year_products[r->item[i].product];
		char *item = all ? talloc_strdup(out, p->many)
				 : year_item_text(out, r->item[i].product, r->item[i].qty);

		out = talloc_asprintf_append_buffer(out, "%s%s", i ? ", " : "", item);
	}
	return out;
}

/* What is on the way, to be told to the model when it has arrived. */
struct sent {
	struct resident *r;
	enum aim aim;
	enum talk_op op;
	bool yes;
};

static void later(struct year *y, struct resident *r, int slots)
{
	r->at += (int64_t)SLOT * (1 + town_any(y->town, slots));
}

static bool send_items(struct year *y, struct sent *s, const char *verb)
{
	char *text = items_text(s->r, verb, s->op == TALK_REMOVE);
	bool arrived = year_text(y, s->r->number, text);

	/* the same again, because nothing came back yet: that is no second order */
	if (arrived && s->op == TALK_ORDER && town_once_in(y->town, 30))
		town_text(y->town, s->r->number, text);
	talloc_free(text);
	return arrived;
}

static bool send_answer(struct year *y, struct sent *s)
{
	s->yes = !town_once_in(y->town, 10);
	return year_text(y, s->r->number,
			 s->yes ? (town_once_in(y->town, 3) ? "oui" : "OUI") : "NON");
}

/* Something of the order of which there will be more or none. */
static bool send_change(struct year *y, struct sent *s)
{
	struct resident *r = s->r;
	struct order *o = talk_order(y->cycle, r->id - RESIDENT_ID);
	size_t live = 0;

	if (!o || !model_is(&o->s, "placed"))
		return false;
	s->op = town_once_in(y->town, 2) ? TALK_ADD : TALK_REMOVE;
	want_some(y, r, 2);
	if (s->op == TALK_REMOVE) {
		for (size_t i = 0; i < o->n; i++) {
			if (model_is(&o->line[i]->s, "requested") && live++ == 0)
				r->item[0] = (struct item){ o->line[i]->offer->product, 0 };
		}
		r->n = 1;
	}
	return live || s->op == TALK_ADD
		       ? send_items(y, s, s->op == TALK_ADD ? "ajoute " : "enleve ")
		       : false;
}

static bool send_cancel(struct year *y, const struct resident *r)
{
	struct order *o = talk_order(y->cycle, r->id - RESIDENT_ID);
	char *text;
	bool arrived;

	if (!o)
		return false;
	text = town_get(y->town, y, "SELECT 'ANNULE ' || ref FROM orders WHERE id = %" PRId64,
			year_order_id(y, o));
	arrived = year_text(y, r->number, text);
	talloc_free(text);
	return arrived;
}

static bool send(struct year *y, struct sent *s)
{
	struct resident *r = s->r;

	switch (s->aim) {
	case AIM_ORDER:
		s->op = TALK_ORDER;
		if (talk_order(y->cycle, r->id - RESIDENT_ID))
			return false;
		return send_items(y, s, "");
	case AIM_ANSWER:
		return send_answer(y, s);
	case AIM_CHANGE:
		return send_change(y, s);
	case AIM_CANCEL:
		return send_cancel(y, r);
	default:
		return false;
	}
}

/* The text was handled: the same happens in the model. */
static void arrived(struct year *y, const struct sent *s, int64_t now)
{
	struct resident *r = s->r;
	int owner = r->id - RESIDENT_ID;

	if (s->aim == AIM_CANCEL)
		talk_cancel(y->model, &r->talk, owner, now);
	else if (s->aim == AIM_ANSWER && s->yes)
		talk_yes(y->model, &r->talk, owner, now);
	else if (s->aim == AIM_ANSWER)
		talk_no(y->model, &r->talk, owner, now);
	else
		talk_items(y->model, &r->talk, owner, s->op, r->item, r->n, now);
}

/* What he or she will do next, and when. */
static void go_on(struct year *y, struct resident *r, enum aim did, bool got_there)
{
	r->aim = AIM_NOTHING;
	if (!got_there && ++r->tries < 3) {
		r->aim = did; /* nothing comes back: once more */
		later(y, r, 1);
	} else if (r->talk.asked != ASKED_NOTHING && !town_once_in(y->town, 12)) {
		r->aim = AIM_ANSWER;
		later(y, r, 2);
	} else if (did == AIM_ANSWER && town_once_in(y->town, 4)) {
		r->aim = town_once_in(y->town, 4) ? AIM_CANCEL : AIM_CHANGE;
		later(y, r, 20);
	} else if (town_once_in(y->town, 12)) {
		r->aim = AIM_ORDER;
		later(y, r, 30);
	}
}

void residents_slot(struct year *y, int64_t now)
{
	struct sent sent[AT_ONCE];
	bool got_there[AT_ONCE];
	size_t n = 0;

	for (int i = 0; i < y->residents && n < AT_ONCE; i++) {
		struct resident *r = &y->resident[i];

		if (r->aim == AIM_NOTHING || r->at > now)
			continue;
		r->at = now;
		if (r->aim == AIM_ANSWER && !year_heard(y, r->number)) {
			if (++r->tries > PATIENCE)
				r->aim = AIM_NOTHING;
			continue;
		}
		sent[n] = (struct sent){ .r = r, .aim = r->aim };
		got_there[n] = send(y, &sent[n]);
		n++;
	}
	if (town_once_in(y->town, 25))
		town_cut(y->town);
	else
		town_run(y->town);
	for (size_t i = 0; i < n; i++) {
		if (got_there[i])
			arrived(y, &sent[i], now);
		go_on(y, sent[i].r, sent[i].aim, got_there[i]);
	}
}
