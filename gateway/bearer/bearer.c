/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/bearer.h"

#include <string.h>

#include "gateway/gateway.h"
#include "gateway/outbox.h"
#include "gateway/carrier.h"

void bearer_add(struct gateway *gw, struct bearer *b)
{
	llist_add_tail(&b->entry, &gw->bearers);
}

void bearer_remove(struct bearer *b)
{
	llist_del(&b->entry);
}

struct bearer *bearer_find(struct gateway *gw, const char *worker)
{
	struct bearer *b;

	llist_for_each_entry(b, &gw->bearers, entry) {
		if (strcmp(b->worker, worker) == 0)
			return b;
	}
	return NULL;
}

void bearer_set_ready(struct gateway *gw, struct bearer *b, bool ready)
{
	if (ready && !b->ready)
		carrier_back(b);
	b->ready = ready;
	outbox_kick(gw); /* even if it is not: others take what waits for it */
}
