/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/modem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "parsers/phone.h"

#include "gateway/bearer/bearer.h"
#include "gateway/bearer/memory.h"
#include "gateway/bearer/pin.h"
#include "gateway/bearer/ports.h"
#include "gateway/inbox.h"
#include "gateway/link.h"
#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/store/store.h"

struct modem_bearer {
	struct bearer bearer;
	struct gateway *gw;
	struct modem *modem;
	char *pin;                        /* that is given to the SIM; NULL: none */
	char *said;                       /* what was logged last */
	int64_t since;                    /* when, of the store's clock */
	bool retrying;                    /* the operator asked for one more try of the PIN */
	struct osmo_timer_list misplaced; /* its SIM is another: is it another modem's? */
};

static const struct bearer_ops bearer_ops;

static struct modem_bearer *find(struct gateway *gw, const char *name)
{
	struct bearer *b = bearer_find(gw, name);

	return b && b->ops == &bearer_ops ? b->data : NULL;
}

/* ---- from the gateway to the worker ---- */

static int send_part(struct bearer *b, uint32_t ref, const struct sms_out *sms)
{
	struct modem_bearer *mb = b->data;

	return modem_send(mb->modem, ref, sms);
}

static void release_slot(struct bearer *b, uint32_t slot)
{
	struct modem_bearer *mb = b->data;

	modem_delete(mb->modem, slot); /* a lost request is harmless: the text comes again */
}

static const struct bearer_ops bearer_ops = { .send = send_part, .release = release_slot };

/* ---- from the worker to the gateway ---- */

static int on_spawn(struct modem *m, void *data)
{
	struct modem_bearer *mb = data;

	return link_spawn(mb->gw->link, modem_name(m), ports_name(mb->gw, m));
}

static void on_kill(struct modem *m, void *data)
{
	struct modem_bearer *mb = data;

	link_kill(mb->gw->link, modem_name(m));
}

static void on_received(struct modem *m, uint32_t slot, const struct sms_in *sms, void *data)
{
	struct modem_bearer *mb = data;
	const struct inbox_source source = { .bearer = mb->bearer.kind,
					     .worker = mb->bearer.worker,
					     .imsi = modem_imsi(m),
					     .slot = slot };

	inbox_receive(mb->gw, &source, sms);
}

static void on_deleted(struct modem *m, uint32_t slot, bool ok, void *data)
{
	(void)data;
	if (!ok)
		LOGP(DWORKER, LOGL_NOTICE, "modem %s: slot %u could not be freed: tried again\n",
		     modem_name(m), slot);
}

static void on_sent(struct modem *m, uint32_t ref, const struct frame_sent *sent, void *data)
{
	static const enum bearer_outcome outcomes[_FRAME_SEND_NUM] = {
		[FRAME_SEND_SENT] = BEARER_SENT,
		[FRAME_SEND_FAILED] = BEARER_FAILED,
		[FRAME_SEND_REFUSED] = BEARER_REFUSED,
		[FRAME_SEND_DOUBT] = BEARER_UNKNOWN,
	};
	struct modem_bearer *mb = data;
	const struct bearer_result result = {
		.outcome = outcomes[sent->result], /* frame_decode() has checked the range */
		.mr = sent->mr == FRAME_MR_UNKNOWN ? -1 : sent->mr,
		.cause = sent->cause,
	};

	(void)m;
	outbox_result(mb->gw, &mb->bearer, ref, &result);
}

static void on_report(struct modem *m, uint32_t slot, const struct frame_report *r, void *data)
{
	struct modem_bearer *mb = data;
	struct bearer_report report = { .mr = r->mr,
					.status = r->status,
					.sent_at = r->sent_at,
					.discharged_at = r->discharged_at };

	(void)m;
	OSMO_STRLCPY_ARRAY(report.to, r->recipient);
	outbox_report(mb->gw, &mb->bearer, slot, &report);
}

static void on_ussd(struct modem *m, const struct frame_ussd *ussd, void *data)
{
	(void)data;
	LOGP(DWORKER, LOGL_INFO, "modem %s: USSD of the network, %zu octets, state %u\n",
	     modem_name(m), strlen(ussd->text), ussd->state);
}

static void on_call(struct modem *m, const char *number, void *data)
{
	struct modem_bearer *mb = data;
	const struct inbox_source source = { .bearer = mb->bearer.kind,
					     .worker = mb->bearer.worker,
					     .imsi = modem_imsi(m) };
	char mask[PHONE_MASK_SIZE];

	LOGP(DWORKER, LOGL_NOTICE, "modem %s: a call of %s was refused\n", modem_name(m),
	     phone_mask(mask, sizeof(mask), number));
	if (*number)
		inbox_call(mb->gw, &source, number);
}

/* It takes parts: now, or as soon as the one under way is off. */
static bool takes_parts(const struct modem_status *s)
{
	return s->ready || strcmp(s->fsm, "BUSY") == 0;
}

/* Log how it stands when that is news: of a modem that is not there each try says the same but for its number. */
static void say(struct modem_bearer *mb, const struct modem_status *s)
{
	size_t n = strcspn(s->text, ";,");

	if (!s->up && strcmp(s->fsm, "WAITING") != 0)
		return; /* on its way */
	if (mb->said && strlen(mb->said) == n && !strncmp(mb->said, s->text, n))
		return;
	LOGP(DWORKER, LOGL_NOTICE, "modem %s: %s\n", s->name, s->text);
	talloc_free(mb->said);
	mb->said = talloc_strndup(mb, s->text, n);
	mb->since = store_now(mb->gw->store);
}

static void on_changed(struct modem *m, void *data)
{
	struct modem_bearer *mb = data;
	struct modem_status s;

	modem_status(m, &s);
	say(mb, &s);
	if (takes_parts(&s) != mb->bearer.ready)
		bearer_set_ready(mb->gw, &mb->bearer, takes_parts(&s));
	if (s.foreign)
		osmo_timer_schedule(&mb->misplaced, 0, 0);
}

/* Out of the callbacks of the modem: it may have to be restarted. */
static void on_misplaced(void *data)
{
	struct modem_bearer *mb = data;

	ports_exchange(mb->gw, mb->modem);
}

static int on_sim(struct modem *m, const char *imsi, void *data)
{
	struct modem_bearer *mb = data;
	int rc = memory_set(mb->gw, "sim", modem_name(m), imsi);

	if (rc)
		LOGP(DWORKER, LOGL_ERROR, "modem %s: which SIM is its own cannot be stored\n",
		     modem_name(m));
	return rc;
}

static int on_pin(struct modem *m, enum modem_pin what, void *data)
{
	struct modem_bearer *mb = data;
	int rc = pin_remember(mb->gw, modem_name(m), mb->pin ?: "", what);

	if (rc)
		LOGP(DWORKER, LOGL_ERROR, "modem %s: what became of its PIN cannot be stored\n",
		     modem_name(m));
	return rc;
}

static const struct modem_ops modem_ops = {
	.spawn = on_spawn,
	.kill = on_kill,
	.received = on_received,
	.deleted = on_deleted,
	.sent = on_sent,
	.report = on_report,
	.ussd = on_ussd,
	.call = on_call,
	.changed = on_changed,
	.sim = on_sim,
	.pin = on_pin,
};

/* ---- life ---- */

static void erase(struct modem_bearer *mb)
{
	if (mb->pin)
		explicit_bzero(mb->pin, strlen(mb->pin));
	talloc_free(mb->pin);
	mb->pin = NULL;
}

static int bearer_destroy(struct modem_bearer *mb)
{
	osmo_timer_del(&mb->misplaced);
	return 0;
}

/* Which SIM belongs in it; while that cannot be read, none is foreign. */
static const char *recall_sim(struct gateway *gw, const char *name)
{
	char *imsi = NULL;

	if (memory_get(gw, "sim", name, &imsi))
		LOGP(DWORKER, LOGL_ERROR, "modem %s: which SIM is its own cannot be read\n", name);
	return imsi;
}

static void add(struct gateway *gw, const struct config_modem *cfg)
{
	struct modem_bearer *mb = talloc_zero(gw, struct modem_bearer);
	struct modem_config config = { .name = cfg->name,
				       .device = cfg->device,
				       .driver = cfg->driver,
				       .pin = cfg->pin,
				       .pin_file = cfg->pin_file,
				       .short_pauses = cfg->short_pauses,
				       .imsi = recall_sim(gw, cfg->name),
				       .pin_mark = pin_recall(gw, cfg->name, cfg->pin) };

	OSMO_ASSERT(mb);
	mb->gw = gw;
	osmo_timer_setup(&mb->misplaced, on_misplaced, mb);
	talloc_set_destructor(mb, bearer_destroy);
	mb->bearer = (struct bearer){ .kind = "modem",
				      .worker = cfg->name,
				      .ops = &bearer_ops,
				      .data = mb,
				      .own = cfg->number };
	mb->pin = talloc_strdup(mb, cfg->pin);
	mb->modem = modem_alloc(mb, &config, &modem_ops, mb);
	bearer_add(gw, &mb->bearer);
	modem_start(mb->modem);
}

void modem_bearers_open(struct gateway *gw)
{
	const struct config_modem *cfg;

	llist_for_each_entry(cfg, &gw->config->modems, entry)
		add(gw, cfg);
}

void modem_bearers_stop(struct gateway *gw)
{
	struct bearer *b;

	llist_for_each_entry(b, &gw->bearers, entry) {
		if (b->ops == &bearer_ops)
			modem_stop(((struct modem_bearer *)b->data)->modem);
	}
}

bool modem_bearers_down(const struct gateway *gw)
{
	struct bearer *b;

	llist_for_each_entry(b, &gw->bearers, entry) {
		if (b->ops == &bearer_ops
		    && !modem_is_down(((struct modem_bearer *)b->data)->modem))
			return false;
	}
	return true;
}

struct modem *modem_bearer_find(struct gateway *gw, const char *name)
{
	struct modem_bearer *mb = find(gw, name);

	return mb ? mb->modem : NULL;
}

int64_t modem_bearer_since(struct gateway *gw, const char *name)
{
	const struct modem_bearer *mb = find(gw, name);

	return mb ? mb->since : 0;
}

int modem_bearer_restart(struct gateway *gw, const char *name)
{
	struct modem_bearer *mb = find(gw, name);

	if (!mb)
		return -ENOENT;
	modem_restart(mb->modem);
	return 0;
}

int modem_bearer_accept_sim(struct gateway *gw, const char *name)
{
	struct modem_bearer *mb = find(gw, name);
	int rc = mb ? modem_accept_sim(mb->modem) : -ENOENT;

	return mb && rc == -ENOENT ? -ENOMEDIUM : rc;
}

int modem_bearer_retry_pin(struct gateway *gw, const char *name)
{
	struct modem_bearer *mb = find(gw, name);

	if (!mb)
		return -ENOENT;
	if (!config_modem_find(gw->config, name)->pin_file)
		return -ENOKEY;
	mb->retrying = true;
	return link_read_pin(gw->link, name);
}

/* ---- from the parent ---- */

void modem_bearer_started(struct gateway *gw, const char *name, int fd)
{
	struct modem_bearer *mb = find(gw, name);

	if (mb) {
		modem_worker_started(mb->modem, fd);
		return;
	}
	LOGP(DLINK, LOGL_ERROR, "a worker for modem %s, which is none of ours\n", name);
	close(fd);
}

void modem_bearer_exited(struct gateway *gw, const char *name, int status)
{
	struct modem_bearer *mb = find(gw, name);

	if (!mb) {
		LOGP(DLINK, LOGL_ERROR, "the end of modem %s, which is none of ours\n", name);
		return;
	}
	modem_worker_exited(mb->modem, status);
	inbox_forget(gw, name);
}

void modem_bearer_pin(struct gateway *gw, const char *name, const char *pin)
{
	struct modem_bearer *mb = find(gw, name);

	if (!mb || !mb->retrying)
		return;
	mb->retrying = false;
	erase(mb);
	mb->pin = talloc_strdup(mb, pin);
	if (!pin || modem_pin_retry(mb->modem, pin))
		LOGP(DWORKER, LOGL_ERROR, "modem %s: there is no PIN to try\n", name);
}
