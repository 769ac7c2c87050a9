/* The network and the phones in it: what waits for the modem, what the modem sent.
 *
 *   phone --> inject --> queue --push--> modem        (again, if it does not acknowledge)
 *   phone <-- joined <-- air time <-- submit <-- modem
 *                            \-- status report --> queue
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/network.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "messages/parts.h"
#include "modem/sim/at.h"
#include "modem/sim/card.h"
#include "modem/sim/control.h"
#include "modem/sim/sim.h"
#include "parsers/tpdu.h"

#define REMEMBERED_MAX  2000 /* parts that can be delivered again */
#define QUEUE_MAX       5000
#define JOINING_MAX     1000 /* messages of which a phone has some parts */
#define ACK_SECONDS     2
#define REPORT_DELAY_MS 3000
#define USSD_DELAY_MS   20
#define QUARTERS        8 /* the network's zone: UTC+2 */

/* CMS causes: 3GPP TS 27.005, clause 3.2.5. */
#define CMS_BAD_PDU    304
#define CMS_NO_NETWORK 331

/* A TPDU for the modem. */
struct delivery {
	struct llist_head list;
	uint32_t id;
	bool report;
	bool copy; /* made by the fault `redeliver` */
	uint8_t len;
	uint8_t tpdu[TPDU_MAX];
};

/* A TPDU of the modem, on air or waiting for its status report. */
struct flight {
	struct llist_head list;
	struct network *net;
	struct osmo_timer_list timer;
	bool landed; /* only its report is still to come */
	bool answer; /* the application waits for its result */
	int64_t at_ns;
	int64_t smsc_at;
	uint8_t mr;
	uint8_t len;
	uint8_t raw[TPDU_MAX];
	struct tpdu tpdu;
};

/* Parts that a phone has of a text. */
struct joining {
	struct llist_head list;
	char to[sizeof(((struct tpdu_address *)0)->text)];
	uint16_t ref;
	uint8_t total;
	char *parts[SMS_PARTS_MAX];
};

struct network {
	struct sim *sim;
	struct llist_head queue;
	size_t queued;
	struct llist_head remembered; /* newest last */
	size_t n_remembered;
	struct llist_head flights;
	struct llist_head joinings; /* newest last */
	size_t n_joinings;
	struct osmo_timer_list ack_timer;
	bool ack_awaited; /* for the first of the queue */
	struct osmo_timer_list ussd_timer;
	char *ussd_code;
	uint8_t concat_ref;
	unsigned int delivered; /* counts towards the fault `redeliver` */
};

enum net_registration net_registration(const struct network *net)
{
	unsigned int v = fault_value(net->sim, FAULT_REGISTRATION);

	if (fault_value(net->sim, FAULT_SIM_REMOVED) || card_lock(net->sim->card) != CARD_OPEN)
		return NET_SEARCHING;
	return v ? (enum net_registration)v : NET_HOME;
}

static bool reachable(const struct network *net)
{
	enum net_registration r = net_registration(net);

	return r == NET_HOME || r == NET_ROAMING || r == NET_SMS_ONLY;
}

/* ---- to the modem ---- */

static int enqueue(struct network *net, const struct delivery *what, bool first)
{
	struct delivery *d;

	if (net->queued >= QUEUE_MAX)
		return -ENOSPC;
	d = talloc_memdup(net, what, sizeof(*what));
	OSMO_ASSERT(d);
	if (first)
		llist_add(&d->list, &net->queue);
	else
		llist_add_tail(&d->list, &net->queue);
	net->queued++;
	return 0;
}

static void remember(struct network *net, const struct delivery *what)
{
	struct delivery *d = talloc_memdup(net, what, sizeof(*what));

	OSMO_ASSERT(d);
	llist_add_tail(&d->list, &net->remembered);
	if (++net->n_remembered > REMEMBERED_MAX) {
		d = llist_first_entry(&net->remembered, struct delivery, list);
		llist_del(&d->list);
		talloc_free(d);
		net->n_remembered--;
	}
}

/* The first of the queue has arrived; the fault `redeliver` sends each nth once more. */
static void arrived(struct network *net)
{
	struct delivery *d = llist_first_entry(&net->queue, struct delivery, list);
	unsigned int every = fault_value(net->sim, FAULT_REDELIVER);

	llist_del(&d->list);
	net->queued--;
	if (every && !d->report && !d->copy && ++net->delivered % every == 0) {
		d->copy = true;
		enqueue(net, d, true);
	}
	talloc_free(d);
}

void net_push(struct network *net)
{
	while (!llist_empty(&net->queue) && !net->ack_awaited && reachable(net)) {
		struct delivery *d = llist_first_entry(&net->queue, struct delivery, list);
		int rc = at_deliver(net->sim->at, d->tpdu, d->len, d->id, d->report);

		if (rc == -EINPROGRESS) {
			net->ack_awaited = true;
			osmo_timer_schedule(&net->ack_timer, ACK_SECONDS, 0);
		} else if (rc) {
			return;
		} else {
			arrived(net);
		}
	}
}

static void on_ack_timer(void *data)
{
	struct network *net = data;

	net->ack_awaited = false; /* it stays first in the queue: delivered again */
	net_push(net);
}

void net_acknowledge(struct network *net, bool taken)
{
	if (!net->ack_awaited)
		return;
	osmo_timer_del(&net->ack_timer);
	net->ack_awaited = false;
	if (taken)
		arrived(net);
	net_push(net);
}

static uint32_t new_id(struct network *net)
{
	uint32_t id = ++net->sim->card->last_id;

	card_save(net->sim->card);
	return id;
}

int64_t net_inject_raw(struct network *net, const uint8_t *tpdu, size_t len)
{
	struct delivery d = { .len = (uint8_t)len };

	if (!len || len > sizeof(d.tpdu))
		return -EBADMSG;
	d.report = (tpdu[0] & 0x03) == 0x02; /* TP-MTI: 3GPP TS 23.040, clause 9.2.3.1 */
	d.id = new_id(net);
	memcpy(d.tpdu, tpdu, len);
	remember(net, &d);
	if (enqueue(net, &d, false))
		return -ENOSPC;
	net_push(net);
	return d.id;
}

/* Cut a text into TPDUs that were sent at that time. \returns how many, -EINVAL, or an error of parts_split(). */
static int encode(struct delivery ready[SMS_PARTS_MAX], void *ctx, const char *from,
		  const char *text, uint8_t ref, int64_t at)
{
	struct sms_out *parts = talloc_array(ctx, struct sms_out, SMS_PARTS_MAX);
	struct tpdu t = { .type = TPDU_DELIVER, .scts = { .at = at, .quarters = QUARTERS } };
	int n, len = 0;

	OSMO_ASSERT(parts);
	OSMO_STRLCPY_ARRAY(t.address.text, from);
	n = parts_split(parts, SMS_PARTS_MAX, text, ref);
	for (int i = 0; i < n && len >= 0; i++) {
		t.dcs = parts[i].ucs2 ? 8 : 0;
		t.concat = parts[i].concat;
		t.more = i + 1 < n;
		OSMO_STRLCPY_ARRAY(t.text, parts[i].text);
		len = tpdu_encode(ready[i].tpdu, sizeof(ready[i].tpdu), &t);
		ready[i].len = (uint8_t)OSMO_MAX(len, 0);
	}
	talloc_free(parts);
	return len < 0 ? -EINVAL : n;
}

static bool is_remembered(const struct network *net, const struct delivery *d)
{
	const struct delivery *old;

	llist_for_each_entry(old, &net->remembered, list) {
		if (old->len == d->len && memcmp(old->tpdu, d->tpdu, d->len) == 0)
			return true;
	}
	return false;
}

int64_t net_inject(struct network *net, const char *from, const char *text)
{
	struct delivery ready[SMS_PARTS_MAX] = { 0 };
	uint8_t ref = net->concat_ref++;
	int64_t at = sim_now(net->sim);
	uint32_t id;
	int n;

	/* a phone needs more than a second for a text: the same words twice are two texts, and look it */
	do {
		n = encode(ready, net, from, text, ref, at++);
	} while (n == 1 && is_remembered(net, &ready[0]));
	if (n < 0)
		return n;
	id = new_id(net);
	for (int i = 0; i < n; i++) {
		ready[i].id = id;
		remember(net, &ready[i]);
		if (enqueue(net, &ready[i], false))
			return -ENOSPC;
	}
	net_push(net);
	return id;
}

int net_again(struct network *net, uint32_t id)
{
	struct delivery *d;
	int rc = -ENOENT;

	llist_for_each_entry(d, &net->remembered, list) {
		if (d->id == id)
			rc = enqueue(net, d, false);
	}
	net_push(net);
	return rc;
}

size_t net_waiting(const struct network *net)
{
	return net->queued;
}

void net_each_waiting(const struct network *net, void (*fn)(void *data, uint32_t id, bool report),
		      void *data)
{
	const struct delivery *d;

	llist_for_each_entry(d, &net->queue, list)
		fn(data, d->id, d->report);
}

/* ---- from the modem: the phone that gets it ---- */

static void free_joining(struct network *net, struct joining *j)
{
	llist_del(&j->list);
	net->n_joinings--;
	talloc_free(j);
}

static struct joining *joining_of(struct network *net, const struct tpdu *t)
{
	struct joining *j;

	llist_for_each_entry(j, &net->joinings, list) {
		if (j->ref == t->concat.ref && j->total == t->concat.total
		    && !strcmp(j->to, t->address.text))
			return j;
	}
	if (net->n_joinings >= JOINING_MAX)
		free_joining(net, llist_first_entry(&net->joinings, struct joining, list));
	j = talloc_zero(net, struct joining);
	OSMO_ASSERT(j);
	OSMO_STRLCPY_ARRAY(j->to, t->address.text);
	j->ref = t->concat.ref;
	j->total = t->concat.total;
	llist_add_tail(&j->list, &net->joinings);
	net->n_joinings++;
	return j;
}

static void tell_message(struct network *net, const struct flight *f, unsigned int parts,
			 const char *text)
{
	char *line = control_escape(net, text);

	control_event(net->sim->control, "message\t%" PRId64 "\t%s\t%u\t%s", f->at_ns,
		      f->tpdu.address.text, parts, line);
	talloc_free(line);
}

static void join(struct network *net, const struct flight *f)
{
	const struct tpdu *t = &f->tpdu;
	struct joining *j;
	char *text;

	if (t->concat.total < 2 || t->concat.total > SMS_PARTS_MAX) {
		tell_message(net, f, 1, t->text);
		return;
	}
	j = joining_of(net, t);
	talloc_free(j->parts[t->concat.part - 1]);
	j->parts[t->concat.part - 1] = talloc_strdup(j, t->text);
	text = parts_join(j, (const char *const *)j->parts, j->total);
	if (text) {
		tell_message(net, f, j->total, text);
		free_joining(net, j);
	}
}

/* ---- status reports: 3GPP TS 23.040, clause 9.2.2.3 ---- */

/* As some networks write a number of their own country: 06... for +336... */
static void set_national(struct tpdu_address *a)
{
	if (strncmp(a->text, "+33", 3) != 0)
		return;
	a->ton = SMS_TON_NATIONAL;
	a->text[0] = '0';
	memmove(a->text + 1, a->text + 3, strlen(a->text + 3) + 1);
}

static void report_once(struct network *net, const struct flight *f, uint8_t status)
{
	struct tpdu t = { .type = TPDU_STATUS_REPORT,
			  .mr = f->mr,
			  .address = f->tpdu.address,
			  .status = status,
			  .scts = { .at = f->smsc_at, .quarters = QUARTERS },
			  .discharge = { .at = sim_now(net->sim), .quarters = QUARTERS } };
	struct delivery d = { .report = true };
	int len;

	if (fault_value(net->sim, FAULT_REPORT_NATIONAL))
		set_national(&t.address);
	len = tpdu_encode(d.tpdu, sizeof(d.tpdu), &t);
	if (len < 0)
		return;
	d.len = (uint8_t)len;
	enqueue(net, &d, false);
	if (fault_spend(net->sim, FAULT_REPORT_TWICE))
		enqueue(net, &d, false);
	control_event(net->sim->control, "report\t%" PRId64 "\t%s\t%u\t%u", sim_monotonic_ns(),
		      t.address.text, f->mr, status);
	net_push(net);
}

static void report(struct network *net, const struct flight *f, uint8_t status)
{
	if (fault_spend(net->sim, FAULT_REPORT_PENDING))
		report_once(net, f, 0x20);
	report_once(net, f, status);
}

/* Milliseconds until the report, or -1 if there is none. */
static int report_delay(const struct network *net, const struct flight *f)
{
	unsigned int late = fault_value(net->sim, FAULT_LATE_REPORTS);

	if (!f->tpdu.report || net->sim->opt.reports == SIM_REPORTS_NO
	    || fault_value(net->sim, FAULT_NO_REPORTS))
		return -1;
	if (late)
		return (int)late * 1000;
	return net->sim->opt.reports == SIM_REPORTS_DELAY ? REPORT_DELAY_MS : 0;
}

/* ---- on air ---- */

static void end_flight(struct flight *f)
{
	osmo_timer_del(&f->timer);
	llist_del(&f->list);
	talloc_free(f);
}

static void schedule_ms(struct osmo_timer_list *timer, unsigned int ms)
{
	osmo_timer_schedule(timer, (int)(ms / 1000), (int)(ms % 1000) * 1000);
}

static void tell_sent(struct network *net, const struct flight *f)
{
	const struct tpdu *t = &f->tpdu;
	char *line = control_escape(net, t->text), concat[24] = "-";

	if (t->concat.total > 1)
		snprintf(concat, sizeof(concat), "%u/%u/%u", t->concat.ref, t->concat.total,
			 t->concat.part);
	control_event(net->sim->control, "sent\t%" PRId64 "\t%s\t%u\t%s\t%s", f->at_ns,
		      t->address.text, f->mr, concat, line);
	talloc_free(line);
}

/* The SMSC has it: the phone gets it, the application is told, the report follows. */
static void land(struct flight *f)
{
	struct network *net = f->net;
	unsigned int cause = fault_value(net->sim, FAULT_CMS_ERROR_SENT);
	uint8_t failed = (uint8_t)fault_value(net->sim, FAULT_REPORT_STATUS);
	int delay = report_delay(net, f);

	f->landed = true;
	f->mr = net->sim->card->mr++;
	card_save(net->sim->card);
	f->smsc_at = sim_now(net->sim);
	tell_sent(net, f);
	if (!failed || failed < 0x20)
		join(net, f);
	if (delay >= 0 && fault_spend(net->sim, FAULT_REPORT_FIRST)) {
		report(net, f, failed);
		delay = -1;
	}
	if (f->answer) {
		f->answer = false;
		net->sim->faults.value[FAULT_CMS_ERROR_SENT] = 0;
		at_sent(net->sim->at, f->mr, cause ? AT_CMS((int)cause) : AT_OK);
	}
	if (delay < 0)
		end_flight(f);
	else
		schedule_ms(&f->timer, (unsigned int)delay);
}

static void refuse(struct flight *f, int cause)
{
	struct at *at = f->net->sim->at;
	bool answer = f->answer;

	end_flight(f);
	if (answer)
		at_sent(at, 0, AT_CMS(cause));
}

static void on_air_timer(void *data)
{
	struct flight *f = data;
	struct network *net = f->net;
	unsigned int cause = fault_value(net->sim, FAULT_CMS_ERROR);
	unsigned int each = fault_value(net->sim, FAULT_CMS_ERROR_EACH);

	if (f->landed) {
		uint8_t status = (uint8_t)fault_value(net->sim, FAULT_REPORT_STATUS);

		report(net, f, status);
		end_flight(f);
	} else if (cause) {
		net->sim->faults.value[FAULT_CMS_ERROR] = 0;
		refuse(f, (int)cause);
	} else if (each) {
		refuse(f, (int)each);
	} else if (!reachable(net)) {
		refuse(f, CMS_NO_NETWORK);
	} else {
		land(f);
	}
}

void net_submit(struct network *net, const uint8_t *tpdu, size_t len, int64_t at_ns)
{
	struct flight *f = talloc_zero(net, struct flight);

	OSMO_ASSERT(f);
	f->net = net;
	f->answer = true;
	f->at_ns = at_ns;
	osmo_timer_setup(&f->timer, on_air_timer, f);
	llist_add_tail(&f->list, &net->flights);
	if (tpdu_decode(&f->tpdu, TPDU_FROM_MOBILE, tpdu, len))
		refuse(f, CMS_BAD_PDU);
	else if (net->sim->opt.air_ms)
		schedule_ms(&f->timer, net->sim->opt.air_ms);
	else
		on_air_timer(f);
}

void net_forget_answers(struct network *net)
{
	struct flight *f;

	llist_for_each_entry(f, &net->flights, list)
		f->answer = false;
}

/* ---- USSD ---- */

static void on_ussd_timer(void *data)
{
	struct network *net = data;
	const char *balance = net->sim->opt.balance;
	char *code = net->ussd_code;
	size_t n = strlen(code);

	net->ussd_code = NULL;
	if (balance && n >= 3 && code[0] == '*' && code[n - 1] == '#')
		at_ussd(net->sim->at, fault_spend(net->sim, FAULT_USSD_OPEN) ? 1 : 0, balance);
	else
		at_ussd(net->sim->at, 4, NULL);
	talloc_free(code);
}

void net_ussd(struct network *net, const char *code)
{
	char *line = control_escape(net, code);

	control_event(net->sim->control, "ussd\t%" PRId64 "\t%s", sim_monotonic_ns(), line);
	talloc_free(line);
	talloc_free(net->ussd_code);
	net->ussd_code = talloc_strdup(net, code);
	schedule_ms(&net->ussd_timer, USSD_DELAY_MS);
}

static int net_free(struct network *net)
{
	struct flight *f;

	osmo_timer_del(&net->ack_timer);
	osmo_timer_del(&net->ussd_timer);
	llist_for_each_entry(f, &net->flights, list)
		osmo_timer_del(&f->timer);
	return 0;
}

struct network *net_new(void *ctx, struct sim *sim)
{
	struct network *net = talloc_zero(ctx, struct network);

	OSMO_ASSERT(net);
	net->sim = sim;
	INIT_LLIST_HEAD(&net->queue);
	INIT_LLIST_HEAD(&net->remembered);
	INIT_LLIST_HEAD(&net->flights);
	INIT_LLIST_HEAD(&net->joinings);
	osmo_timer_setup(&net->ack_timer, on_ack_timer, net);
	osmo_timer_setup(&net->ussd_timer, on_ussd_timer, net);
	talloc_set_destructor(net, net_free);
	return net;
}
