/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/inbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "gateway/bearer/bearer.h"
#include "gateway/clock.h"
#include "gateway/deadline.h"
#include "gateway/digest.h"
#include "gateway/fragments.h"
#include "gateway/gateway.h"
#include "gateway/intake.h"
#include "gateway/link.h"
#include "gateway/log.h"
#include "gateway/names.h"
#include "gateway/store/store.h"

/* After a start texts are committed one by one until this many went well: one that kills the gateway is then alone
 * in flight, and takes no other with it into the coordinator's list. */
#define CAREFUL_FIRST 32
/* Digests that the parent handed over at most. */
#define ASIDE_MAX     1024
/* Seconds of the database's clock between two looks for parts that do not come. */
#define PARTS_LOOK    60

struct text {
	struct llist_head entry;
	char bearer[16];
	char worker[32];
	char imsi[24];
	uint32_t slot;
	uint8_t digest[DIGEST_SIZE];
	struct sms_in sms;
	bool marked; /* in flight, as the parent knows */
	bool broken; /* handling it failed: a bug of ours */
	bool call;   /* it is none: somebody called */
};

struct inbox {
	struct gateway *gw;
	struct osmo_timer_list timer;
	uint8_t key[DIGEST_KEY_SIZE];
	struct llist_head waiting;
	size_t n_waiting;
	bool full_told; /* that the SIM keeps what comes now */
	size_t n_good;  /* texts committed in this life */
	int64_t parts_at;
	size_t n_aside;
	uint8_t (*aside)[DIGEST_SIZE];
};

static void mark(struct inbox *in, struct text *t, bool on)
{
	if (t->marked == on)
		return;
	t->marked = on;
	if (in->gw->link)
		link_in_flight(in->gw->link, t->digest, on);
}

static void text_free(struct inbox *in, struct text *t)
{
	mark(in, t, false);
	llist_del(&t->entry);
	in->n_waiting--;
	talloc_free(t);
}

static bool is_aside(const struct inbox *in, const uint8_t digest[DIGEST_SIZE])
{
	for (size_t i = 0; i < in->n_aside; i++) {
		if (memcmp(in->aside[i], digest, DIGEST_SIZE) == 0)
			return true;
	}
	return false;
}

static int take(struct inbox *in, struct text *t, int64_t now, bool careful)
{
	struct intake row = { .bearer = t->bearer,
			      .worker = t->worker,
			      .sms = &t->sms,
			      .call = t->call,
			      .careful = careful };

	memcpy(row.digest, t->digest, DIGEST_SIZE);
	if (is_aside(in, t->digest))
		row.aside = "not read: the gateway ended twice while it was in flight";
	else if (t->broken)
		row.aside = "not answered: an error of the gateway, see its log";
	return intake_take(in->gw, &row, in->key, now);
}

/* Errors of the database that a text cannot be the cause of. */
static bool is_trouble(int rc)
{
	switch (rc) {
	case -EBUSY:
	case -ENOSPC:
	case -EIO:
	case -EUCLEAN:
	case -EACCES:
	case -ENOENT:
		return true;
	default:
		return false;
	}
}

/* One transaction. \returns 0, an error, -EAGAIN: carefully, please, or 1: one text was found to be broken, the others
 * are to be tried again. */
static int try_group(struct inbox *in, size_t n, bool careful)
{
	struct store *st = in->gw->store;
	struct text *t;
	int rc = store_begin(st);
	int64_t now = rc ? 0 : store_now(st);

	llist_for_each_entry(t, &in->waiting, entry) {
		if (rc || n-- == 0)
			break;
		rc = take(in, t, now, careful);
		if (rc == -EAGAIN && !careful)
			break;
		if (rc && !is_trouble(rc) && !t->broken) {
			LOGP(DINBOX, LOGL_ERROR, "a text on %s is listed, not answered: %s\n",
			     t->worker, store_error(st));
			t->broken = true;
			rc = 1;
		}
	}
	if (!rc)
		rc = store_commit(st);
	if (rc) {
		store_rollback(st);
		names_forget(in->gw); /* read from what has not happened */
	}
	return rc;
}

/* Another text lies in that slot by now: this one was freed before, and came twice. */
static bool slot_is_reused(const struct inbox *in, const struct text *t)
{
	const struct text *other;

	llist_for_each_entry(other, &in->waiting, entry) {
		if (other != t && other->slot == t->slot && strcmp(other->worker, t->worker) == 0)
			return true;
	}
	return false;
}

/* Stored: now the modem may forget it. */
static void release(struct inbox *in, size_t n)
{
	struct text *t, *next;

	llist_for_each_entry_safe(t, next, &in->waiting, entry) {
		struct bearer *b = bearer_find(in->gw, t->worker);

		if (n-- == 0)
			break;
		if (b && !t->call && !slot_is_reused(in, t))
			b->ops->release(b, t->slot);
		text_free(in, t);
		in->n_good++;
	}
}

static void mark_group(struct inbox *in, size_t n)
{
	struct text *t;

	llist_for_each_entry(t, &in->waiting, entry) {
		if (n-- == 0)
			break;
		mark(in, t, true);
	}
}

/* A disk that fails is no fault of the texts that it was to take. */
static void unmark_all(struct inbox *in)
{
	struct text *t;

	llist_for_each_entry(t, &in->waiting, entry)
		mark(in, t, false);
}

static void run(void *data)
{
	struct inbox *in = data;
	size_t most = in->n_good < CAREFUL_FIRST ? 1 : INBOX_GROUP_MAX;
	size_t n = OSMO_MIN(in->n_waiting, most);
	bool careful = false; /* a turn that has to be taken back makes the whole group so */
	int rc;

	if (!n || trouble_waits(in->gw))
		return;
	mark_group(in, n);
	do {
		rc = try_group(in, n, careful);
		if (rc == -EAGAIN) {
			OSMO_ASSERT(!careful);
			careful = true;
			rc = 1;
		}
	} while (rc == 1);
	if (rc) {
		trouble_met(in->gw, rc);
		if (in->gw->broken)
			unmark_all(in);
		return;
	}
	trouble_over(in->gw);
	release(in, n);
	in->full_told = false;
	deadline_stale(in->gw);
	clock_poke(in->gw);
	if (in->n_waiting)
		osmo_timer_schedule(&in->timer, 0, 0);
}

/* Parts whose others do not come. */
static int give_up_parts(struct inbox *in, int64_t before)
{
	struct store *st = in->gw->store;
	int rc = store_begin(st);

	if (!rc)
		rc = fragments_give_up(in->gw, before, in->key);
	if (rc >= 0)
		rc = store_commit(st);
	if (rc)
		store_rollback(st);
	return rc;
}

static void look_at_parts(struct inbox *in, int64_t now)
{
	int64_t before = now - INBOX_PARTS_WAIT;
	int rc = fragments_old(in->gw, before);

	if (rc > 0)
		rc = give_up_parts(in, before);
	if (rc)
		trouble_met(in->gw, rc);
	else
		in->parts_at = now + PARTS_LOOK;
}

void inbox_tick(struct gateway *gw, int64_t now)
{
	struct inbox *in = gw->inbox;

	if (trouble_waits(gw))
		return;
	if (in->n_waiting)
		run(in);
	else if (now >= in->parts_at || now < in->parts_at - PARTS_LOOK)
		look_at_parts(in, now);
}

static int inbox_destroy(struct inbox *in)
{
	osmo_timer_del(&in->timer);
	return 0;
}

int inbox_open(struct inbox **out, struct gateway *gw)
{
	struct inbox *in = talloc_zero(gw, struct inbox);
	int rc;

	OSMO_ASSERT(in);
	rc = digest_key_open(in->key, gw->key_file);
	if (rc) {
		talloc_free(in);
		return rc;
	}
	in->gw = gw;
	INIT_LLIST_HEAD(&in->waiting);
	osmo_timer_setup(&in->timer, run, in);
	talloc_set_destructor(in, inbox_destroy);
	*out = in;
	return 0;
}

void inbox_set_aside(struct gateway *gw, const uint8_t digest[DIGEST_SIZE])
{
	struct inbox *in = gw->inbox;

	if (in->n_aside == ASIDE_MAX)
		return;
	in->aside = talloc_realloc_size(in, in->aside, (in->n_aside + 1) * DIGEST_SIZE);
	OSMO_ASSERT(in->aside);
	memcpy(in->aside[in->n_aside++], digest, DIGEST_SIZE);
}

/* A modem that lists its slots again hands over what it has handed over before. */
static bool is_waiting(const struct inbox *in, const struct inbox_source *source,
		       const uint8_t digest[DIGEST_SIZE])
{
	const struct text *t;

	llist_for_each_entry(t, &in->waiting, entry) {
		if (t->slot == source->slot && strcmp(t->worker, source->worker) == 0
		    && memcmp(t->digest, digest, DIGEST_SIZE) == 0)
			return true;
	}
	return false;
}

static struct text *text_new(struct inbox *in, const struct inbox_source *source,
			     const struct sms_in *sms)
{
	struct text *t = talloc_zero(in, struct text);

	OSMO_ASSERT(t);
	OSMO_STRLCPY_ARRAY(t->bearer, source->bearer);
	OSMO_STRLCPY_ARRAY(t->worker, source->worker);
	OSMO_STRLCPY_ARRAY(t->imsi, source->imsi);
	t->slot = source->slot;
	t->sms = *sms;
	digest_sms(t->digest, in->key, t->imsi, &t->sms);
	return t;
}

static void receive(struct gateway *gw, const struct inbox_source *source, const struct sms_in *sms,
		    bool call)
{
	struct inbox *in = gw->inbox;
	struct text *t;

	if (gw->ending)
		return; /* the SIM keeps it for the next life */
	if (in->n_waiting >= INBOX_WAITING_MAX) {
		if (!in->full_told)
			LOGP(DINBOX, LOGL_NOTICE, "%zu texts wait: the SIM keeps what comes now\n",
			     in->n_waiting);
		in->full_told = true;
		return;
	}
	t = text_new(in, source, sms);
	t->call = call;
	if (is_waiting(in, source, t->digest)) {
		talloc_free(t);
		return;
	}
	llist_add_tail(&t->entry, &in->waiting);
	in->n_waiting++;
	osmo_timer_schedule(&in->timer, 0, 0);
}

void inbox_receive(struct gateway *gw, const struct inbox_source *source, const struct sms_in *sms)
{
	receive(gw, source, sms, false);
}

void inbox_call(struct gateway *gw, const struct inbox_source *source, const char *number)
{
	struct sms_in call = { .smsc_at = store_now(gw->store) };
	const struct template_value none[] = { {} };

	OSMO_STRLCPY_ARRAY(call.sender, number);
	OSMO_STRLCPY_ARRAY(call.text,
			   template_fill(OTC_SELECT, gw->catalogue, "piece.called", none));
	receive(gw, source, &call, true);
}

void inbox_forget(struct gateway *gw, const char *worker)
{
	struct text *t, *next;

	llist_for_each_entry_safe(t, next, &gw->inbox->waiting, entry) {
		if (strcmp(t->worker, worker) == 0)
			text_free(gw->inbox, t);
	}
}

size_t inbox_waiting(const struct gateway *gw)
{
	return gw->inbox->n_waiting;
}
