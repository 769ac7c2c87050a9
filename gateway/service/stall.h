/* What a producer brings to a sale: the offers of one person in one cycle, and what they cost before.
 *
 * Units and returns are those of produce.h.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/service/produce.h"

struct gateway;

/* Sales that are told apart in one question. */
#define STALL_CYCLES_MAX 4

struct stall {
	struct cycle cycle;
	int64_t producer_id;
	size_t n;
	struct offer *offer; /* of every state, in the order of the list */
};

/*! Cycles for which something may be put on sale: announced or open, before their cut-off; the next cut-off first.
 * \returns how many, at most max, or an error of store.h. */
int stall_cycles(struct cycle *out, size_t max, void *ctx, struct store *st, int64_t now);

/*! What a producer has in a cycle: asked for, on offer, sold out, declined, withdrawn. On ctx. */
int stall_load(struct stall *out, void *ctx, struct store *st, int64_t producer_id,
	       const struct cycle *cycle);

/*! The last cycle before this one in which the producer sold something, as a stall. -ENOENT: there is none. */
int stall_last(struct stall *out, void *ctx, struct store *st, const struct stall *now);

/*! The offer of a product, or NULL. */
const struct offer *stall_find(const struct stall *s, const char *product);

/*! What of an offer is ordered, in thousandths. */
int64_t stall_committed(const struct offer *f);

/*! What one unit of a product cost at this producer's last time.
 * \param[out] cents  0: it never had a price. */
int stall_last_price(int64_t *cents, struct store *st, int64_t producer_id, const char *product);

/*! Ask a producer, as SYS, for what he or she sold last time, unless something is asked for or on offer already, or it
 * is too late to answer. To be called when the sale is announced; again it does nothing.
 * \returns 0 or an error of store.h. */
int stall_ask(struct gateway *gw, int64_t producer_id, int64_t cycle_id);
