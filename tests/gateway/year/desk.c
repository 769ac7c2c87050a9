/* The coordinator: what is fetched, paid, put off and complained of.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/gateway/year/year.h"

static void pay(struct year *y, struct order *o, const char *event, int64_t amount)
{
	bool says_why = strcmp(event, "defer") == 0 || strcmp(event, "waive") == 0;

	year_coordinator(y, "payment", year_payment_id(y, o), event,
			 says_why ? "{\"reason\":\"x\"}"
				  : PAYLOAD("{\"amount\":%" PRId64 "}", amount));
	model_pay(y->model, o->payment, event, amount);
}

static void till(struct year *y, struct order *o)
{
	struct payment *p = o->payment;
	int64_t rest = p->amount - p->paid;
	uint32_t dice = town_any(y->town, 12);

	if (!model_is(&p->s, "due part_paid deferred"))
		return;
	if (dice == 0 && rest > 1 && model_is(&p->s, "due"))
		pay(y, o, "part_pay", rest / 2);
	else if (dice < 3 && !model_is(&p->s, "deferred"))
		pay(y, o, "defer", 0);
	else if (dice == 3)
		pay(y, o, "waive", 0);
	else
		pay(y, o, "pay", rest > 0 ? rest : 0);
}

static char *code_of(struct year *y, struct order *o)
{
	return town_get(y->town, y, "SELECT pickup_code FROM orders WHERE id = %" PRId64,
			year_order_id(y, o));
}

/* A crate lacks something that was promised. */
static void miss_line(struct year *y, struct order *o, int64_t now)
{
	struct line *l = o->line[town_any(y->town, o->n)];

	if (!model_is(&l->s, "confirmed partial"))
		return;
	year_coordinator(y, "line", year_line_id(y, l), "miss", "{}");
	model_line_event(y->model, l, "miss", now);
}

/* "C123 retiré payé 5,70 €": handed over and paid in one text. */
static void hand_over(struct year *y, struct order *o, int64_t rest, int64_t now)
{
	if (!year_text(y, COORDINATOR_NUMBER,
		       PAYLOAD("%s retiré payé %" PRId64 ",%02d €", year_ref(y, o), rest / 100,
			       (int)(rest % 100))))
		return;
	town_run(y->town);
	model_order_event(y->model, o, "collect", now);
	model_pay(y->model, o->payment, "pay", rest);
}

static void fetch(struct year *y, struct order *o, int64_t now)
{
	if (town_once_in(y->town, 20))
		miss_line(y, o, now);
	if (model_is(&o->payment->s, "due") && o->payment->amount > 0 && town_once_in(y->town, 3)) {
		hand_over(y, o, o->payment->amount, now);
		return;
	}
	if (town_once_in(y->town, 3)) {
		if (!year_text(y, y->resident[o->owner].number,
			       PAYLOAD("commande recuperee, code %s", code_of(y, o))))
			return;
		town_run(y->town);
	} else {
		year_coordinator(y, "order", year_order_id(y, o), "collect", "{}");
	}
	model_order_event(y->model, o, "collect", now);
	till(y, o);
}

void desk_pickup(struct year *y, struct cycle *c, unsigned int one_in, int64_t now)
{
	for (size_t i = 0; i < c->n_orders; i++) {
		if (model_is(&c->order[i]->s, "ready no_show") && town_once_in(y->town, one_in))
			fetch(y, c->order[i], now);
	}
	town_run(y->town);
}

void desk_rebook(struct year *y, int64_t now)
{
	int64_t to = now + 24 * 3600;

	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];

		if (!model_is(&o->s, "no_show") || !town_once_in(y->town, 3))
			continue;
		year_coordinator(
			y, "order", year_order_id(y, o), "rebook",
			PAYLOAD("{\"from\":%" PRId64 ",\"to\":%" PRId64 "}", now + 3600, to));
		model_rebook(y->model, o, to, now);
	}
	town_run(y->town);
}

void desk_complaints(struct year *y, int64_t now)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];
		struct line *l = o->n ? o->line[town_any(y->town, o->n)] : NULL;
		int64_t amount;

		if (!l || !model_is(&l->s, "delivered") || !town_once_in(y->town, 20))
			continue;
		town_fire(y->town, "line", year_line_id(y, l), "dispute", RESIDENT_ID + o->owner,
			  "RES", "{}");
		model_line_event(y->model, l, "dispute", now);
		if (town_once_in(y->town, 3)) {
			year_coordinator(y, "line", year_line_id(y, l), "dismiss",
					 "{\"reason\":\"x\"}");
			model_line_event(y->model, l, "dismiss", now);
			continue;
		}
		amount = l->amount > 1 && town_once_in(y->town, 2) ? l->amount / 2 : l->amount;
		year_coordinator(y, "line", year_line_id(y, l), "credit",
				 PAYLOAD("{\"amount\":%" PRId64 "}", amount));
		model_credit(y->model, l, amount, now);
	}
	town_run(y->town);
}

/* Who paid later, or not at all; and what was paid too much. */
void desk_accounts(struct year *y)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];
		struct payment *p = o->payment;

		if (!p || !model_is(&o->s, "collected"))
			continue;
		if (model_is(&p->s, "deferred part_paid") && town_once_in(y->town, 2))
			till(y, o);
		else if (model_is(&p->s, "paid part_paid") && p->paid > 1
			 && town_once_in(y->town, 30))
			pay(y, o, "refund", p->paid / 2);
	}
	town_run(y->town);
}

/* The coordinator cancels some orders by hand. */
void desk_cancel(struct year *y, unsigned int one_in, int64_t now)
{
	for (size_t i = 0; i < y->cycle->n_orders; i++) {
		struct order *o = y->cycle->order[i];

		if (!model_is(&o->s, "locked confirmed ready") || !town_once_in(y->town, one_in))
			continue;
		year_coordinator(y, "order", year_order_id(y, o), "cancel",
				 "{\"reason\":\"malade\"}");
		model_order_event(y->model, o, "cancel", now);
	}
	town_run(y->town);
}

/* The one order of a resident that is under way; NULL if there is none, or several. */
static struct order *only_order(struct year *y, int owner)
{
	struct order *found = NULL;
	size_t n = 0, from = y->model->n_cycles > 3 ? y->model->n_cycles - 3 : 0;

	for (size_t c = from; c < y->model->n_cycles; c++) {
		for (size_t i = 0; i < y->model->cycle[c]->n_orders; i++) {
			struct order *o = y->model->cycle[c]->order[i];

			if (o->owner != owner
			    || !model_is(&o->s, "draft placed locked confirmed ready no_show"))
				continue;
			found = o;
			n++;
		}
	}
	return n == 1 && !model_is(&found->s, "draft") ? found : NULL;
}

/* "Somebody else will come." */
void desk_instructions(struct year *y, int64_t now)
{
	struct order *said[16];
	size_t n = 0;

	for (int i = 0; i < y->residents && n < ARRAY_SIZE(said); i++) {
		struct resident *r = &y->resident[i];
		struct order *o = only_order(y, i);

		if (o && model_is(r->contact, "active") && town_once_in(y->town, 20)
		    && year_text(y, r->number, "ma voisine passera"))
			said[n++] = o;
	}
	town_run(y->town);
	for (size_t i = 0; i < n; i++)
		model_order_event(y->model, said[i], "instruct", now);
}

/* Numbers that nothing reaches are left in peace for a while. */
void desk_contacts(struct year *y)
{
	for (int i = 0; i < y->residents; i++) {
		struct subject *contact = y->resident[i].contact;
		bool paused = model_is(contact, "paused");
		const char *event = paused ? "resume" : "pause";

		if (!model_is(contact, "active paused") || !town_once_in(y->town, paused ? 2 : 80))
			continue;
		year_coordinator(
			y, "contact",
			town_int(y->town,
				 "SELECT contact_id FROM contact_person WHERE person_id = %d",
				 y->resident[i].id),
			event, paused ? "{}" : "{\"bounces\":1}");
		model_contact_event(y->model, contact, event);
	}
	town_run(y->town);
}
