/* order: what the pickup point does with an order, by its number. Each action is events that the database judges.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/deadline.h"
#include "gateway/format.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/service/produce.h"
#include "gateway/service/till.h"
#include "gateway/service/when.h"

/* One call: an order, and what is asked for. */
struct deal {
	struct admin_call *call;
	struct gateway *gw;
	struct order *order;
	int64_t cents; /* of amount; -1: none was given */
};

struct action {
	const char *name;
	int (*run)(struct deal *d); /* \returns 0, 1: refused and said, or an error of store.h */
};

/* ---- arguments ---- */

static int refuse_missing(struct deal *d, const char *what)
{
	admin_refuse(d->call, "%s %s: %s is missing", d->order->ref, admin_text(d->call, "action"),
		     what);
	return 1;
}

/* \returns 0, 1 or an error */
static int with_reason(struct deal *d, char **payload)
{
	const char *reason = admin_text(d->call, "reason");

	return reason && *reason ? admin_said(d->call, reason, payload)
				 : refuse_missing(d, "the reason");
}

static char *with_amount(int64_t cents)
{
	return talloc_asprintf(OTC_SELECT, "{\"amount\":%" PRId64 "}", cents);
}

/* The line of the product that is named, of one of two states. \returns NULL after saying that there is none */
static const struct line *line_of(struct deal *d, const char *state, const char *or_state)
{
	const char *product = admin_text(d->call, "product");

	for (size_t i = 0; product && i < d->order->n; i++) {
		const struct line *l = &d->order->line[i];

		if (strcmp(l->product.name, product) == 0
		    && (strcmp(l->state, state) == 0 || strcmp(l->state, or_state) == 0))
			return l;
	}
	if (product)
		admin_refuse(d->call, "%s has no line of %s that is %s; `order %s` shows its lines",
			     d->order->ref, product, state, d->order->ref);
	else
		refuse_missing(d, "the product");
	return NULL;
}

/* ---- actions ---- */

static int fire(struct deal *d, const char *machine, int64_t id, const char *event,
		const char *payload)
{
	if (!id) {
		admin_refuse(d->call, "%s has nothing to pay: it is %s", d->order->ref,
			     d->order->state);
		return 1;
	}
	return admin_fire(d->call, machine, id, event, payload);
}

static int fire_order(struct deal *d, const char *event, const char *payload)
{
	return fire(d, "order", d->order->id, event, payload);
}

static int fire_payment(struct deal *d, const char *event, const char *payload)
{
	return fire(d, "payment", d->order->payment.id, event, payload);
}

static int do_pay(struct deal *d)
{
	int64_t due = produce_due(d->order);
	bool whole = d->cents < 0 || d->cents == due;

	if (d->cents > due) {
		admin_refuse(d->call, "%s: %" PRId64 ".%02d is due, not more", d->order->ref,
			     due / 100, (int)(due % 100));
		return 1;
	}
	return fire_payment(d, whole ? "pay" : "part_pay", with_amount(whole ? due : d->cents));
}

/* What was put off is not taken for paid. */
static int do_collect(struct deal *d)
{
	bool deferred = strcmp(d->order->payment.state, "deferred") == 0;
	int rc = fire_order(d, "collect", NULL);

	if (rc || d->cents == 0 || produce_due(d->order) == 0 || (d->cents < 0 && deferred))
		return rc;
	return do_pay(d);
}

static int excuse(struct deal *d, const char *event)
{
	char *payload;
	int rc = with_reason(d, &payload);

	return rc ? rc : fire_payment(d, event, payload);
}

static int do_defer(struct deal *d)
{
	return excuse(d, "defer");
}

static int do_waive(struct deal *d)
{
	return excuse(d, "waive");
}

static int do_refund(struct deal *d)
{
	return d->cents > 0 ? fire_payment(d, "refund", with_amount(d->cents))
			    : refuse_missing(d, "the amount");
}

/* For a complaint about a product; without one it is the payment that is credited. */
static int do_credit(struct deal *d)
{
	const struct line *l;

	if (!admin_text(d->call, "product"))
		return d->cents > 0 ? fire_payment(d, "credit", with_amount(d->cents))
				    : refuse_missing(d, "the amount");
	l = line_of(d, "disputed", "disputed");
	if (!l)
		return 1;
	return admin_fire(d->call, "line", l->id, "credit",
			  d->cents > 0 ? with_amount(d->cents) : NULL);
}

static int do_dismiss(struct deal *d)
{
	const struct line *l = line_of(d, "disputed", "disputed");
	char *payload;
	int rc = l ? with_reason(d, &payload) : 1;

	return rc ? rc : admin_fire(d->call, "line", l->id, "dismiss", payload);
}

static int do_missing(struct deal *d)
{
	const struct line *l = line_of(d, "confirmed", "partial");

	return l ? admin_fire(d->call, "line", l->id, "miss", "{\"reason\":\"missing\"}") : 1;
}

static int do_no_show(struct deal *d)
{
	return fire_order(d, "miss", NULL);
}

static int do_rebook(struct deal *d)
{
	int64_t day, from, to;

	if (!when_day(&day, admin_text(d->call, "day"), store_now(d->gw->store))
	    || !when_time(&from, admin_text(d->call, "from"), day)
	    || !when_time(&to, admin_text(d->call, "to"), day))
		return refuse_missing(d,
				      "the day and two times (sat 10:00 12:00, 28/11 17:00 19:00)");
	return fire_order(
		d, "rebook",
		talloc_asprintf(OTC_SELECT, "{\"from\":%" PRId64 ",\"to\":%" PRId64 "}", from, to));
}

static int do_show(struct deal *d)
{
	(void)d;
	return 0;
}

static const struct action actions[] = {
	{ "show", do_show },       { "collect", do_collect }, { "pay", do_pay },
	{ "defer", do_defer },     { "waive", do_waive },     { "refund", do_refund },
	{ "credit", do_credit },   { "dismiss", do_dismiss }, { "missing", do_missing },
	{ "no-show", do_no_show }, { "rebook", do_rebook },
};

/* ---- the order afterwards ---- */

static json_t *lines_json(const struct order *o)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->n; i++) {
		const struct line *l = &o->line[i];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:I, s:s, s:I}", "product", l->product.name,
					"state", l->state, "milli",
					(json_int_t)(l->given < 0 ? l->asked : l->given), "unit",
					l->product.unit, "amount", (json_int_t)l->amount));
	}
	return list;
}

static void answer(struct deal *d)
{
	const struct order *o = d->order;

	admin_reply(d->call, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:I, s:I, s:I, s:o}", "ref",
				       o->ref, "state", o->state, "owner", o->owner, "pickup",
				       format_window(OTC_SELECT, d->gw->catalogue,
						     o->cycle.pickup_from, o->cycle.pickup_to),
				       "payment", o->payment.id ? o->payment.state : NULL, "total",
				       (json_int_t)o->total, "paid", (json_int_t)o->payment.paid,
				       "due", (json_int_t)produce_due(o), "lines", lines_json(o)));
}

static int reload(struct deal *d)
{
	return produce_order(&d->order, OTC_SELECT, d->gw->store, d->order->id);
}

/* All of an action or nothing of it. */
static int carry_out(struct deal *d, const struct action *a)
{
	struct store *st = d->gw->store;
	int rc = store_begin(st);

	if (!rc)
		rc = a->run(d);
	if (!rc)
		rc = notice_run(d->gw);
	if (!rc)
		rc = store_commit(st);
	if (rc)
		store_rollback(st);
	if (rc)
		return rc;
	deadline_kick(d->gw);
	outbox_kick(d->gw);
	return reload(d);
}

static const struct action *action_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name ? name : "show") == 0)
			return &actions[i];
	return NULL;
}

void op_order(struct admin_call *call)
{
	struct deal d = { .call = call, .gw = admin_gateway(call), .cents = -1 };
	const char *ref = admin_text(call, "ref"), *amount = admin_text(call, "amount");
	const struct action *a = action_of(admin_text(call, "action"));
	int rc;

	if (!ref || !a) {
		admin_refuse(call, "which order, and what? REF ACTION; `order --help` lists them");
		return;
	}
	rc = produce_order_by_ref(&d.order, OTC_SELECT, d.gw->store, ref);
	if (rc == -ENOENT)
		admin_refuse(call, "there is no order %s", ref);
	else if (!rc && amount && !till_sum(&d.cents, amount))
		admin_refuse(call, "\"%s\" is no amount: 12,50", amount);
	else if (!rc && (rc = carry_out(&d, a)) == 0)
		answer(&d);
	if (rc < 0 && rc != -ENOENT)
		admin_refuse_store(call);
}
