/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/stall.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/deadline.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/store/store.h"

int stall_cycles(struct cycle *out, size_t max, void *ctx, struct store *st, int64_t now)
{
	int64_t id[STALL_CYCLES_MAX];
	struct store_rows *rows = store_query(st, STORE_STMT_STALL_CYCLES,
					      STORE_ARGS(STORE_INT(now)));
	size_t n = 0;
	int rc = rows ? 1 : store_errno(st);

	while (rows && n < max && n < ARRAY_SIZE(id) && (rc = store_next(rows)) == 1)
		id[n++] = store_int(rows, 0);
	store_done(rows);
	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = produce_cycle(&out[i], ctx, st, id[i]);
	return rc < 0 ? rc : (int)n;
}

int stall_load(struct stall *out, void *ctx, struct store *st, int64_t producer_id,
	       const struct cycle *cycle)
{
	struct offers offers;
	int rc = produce_offers_of(&offers, ctx, st, producer_id, cycle->id);

	if (rc)
		return rc;
	*out = (struct stall){
		.cycle = *cycle,
		.producer_id = producer_id,
		.n = offers.n,
		.offer = offers.offer,
	};
	return 0;
}

int stall_last(struct stall *out, void *ctx, struct store *st, const struct stall *now)
{
	struct cycle c;
	int64_t id;
	int rc = store_get_int(st, &id, STORE_STMT_STALL_LAST_CYCLE,
			       STORE_ARGS(STORE_INT(now->producer_id), STORE_INT(now->cycle.id)));

	if (!rc)
		rc = produce_cycle(&c, ctx, st, id);
	return rc ? rc : stall_load(out, ctx, st, now->producer_id, &c);
}

const struct offer *stall_find(const struct stall *s, const char *product)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->offer[i].product.name, product) == 0)
			return &s->offer[i];
	return NULL;
}

int64_t stall_committed(const struct offer *f)
{
	return f->offered - f->left;
}

int stall_last_price(int64_t *cents, struct store *st, int64_t producer_id, const char *product)
{
	int64_t price = 0;
	int rc = store_get_int(st, &price, STORE_STMT_STALL_LAST_PRICE,
			       STORE_ARGS(STORE_INT(producer_id), STORE_TEXT(product)));

	if (rc && rc != -ENOENT)
		return rc;
	*cents = price;
	return 0;
}

static int ask(struct gateway *gw, const struct stall *s, const struct product *p)
{
	char idem[128], payload[256];
	struct store_event ev = {
		.machine = "offer",
		.event = "ask",
		.role = "SYS",
		.channel = "timer",
		.idem = idem,
		.payload = payload,
	};
	struct store_refusal refusal = { 0 };
	int rc;

	snprintf(idem, sizeof(idem), "ask/%" PRId64 "/%" PRId64 "/%.40s", s->cycle.id,
		 s->producer_id, p->name);
	snprintf(payload, sizeof(payload),
		 "{\"cycle\":%" PRId64 ",\"producer\":%" PRId64
		 ",\"product\":\"%s\",\"unit\":\"%s\"}",
		 s->cycle.id, s->producer_id, p->name, p->unit);
	rc = store_fire(gw->store, &ev, NULL, NULL, &refusal);
	if (rc == 1)
		LOGP(DDIALOGUE, LOGL_NOTICE, "cycle %" PRId64 ": %s is not asked for: %s\n",
		     s->cycle.id, p->name, refusal.message);
	return rc < 0 ? rc : 0;
}

int stall_ask(struct gateway *gw, int64_t producer_id, int64_t cycle_id)
{
	void *ctx = talloc_new(NULL);
	struct stall now = {}, last = {};
	struct cycle c;
	int rc = produce_cycle(&c, ctx, gw->store, cycle_id);

	if (!rc)
		rc = stall_load(&now, ctx, gw->store, producer_id, &c);
	if (!rc && now.n == 0 && c.avail_by > store_now(gw->store))
		rc = stall_last(&last, ctx, gw->store, &now);
	for (size_t i = 0; i < last.n && !rc; i++)
		if (last.offer[i].price > 0)
			rc = ask(gw, &now, &last.offer[i].product);
	talloc_free(ctx);
	if (last.n > 0)
		deadline_stale(gw); /* silence lapses */
	return rc == -ENOENT ? 0 : rc;
}
