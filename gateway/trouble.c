/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/trouble.h"

#include <errno.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/store/store.h"

int64_t trouble_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

void trouble_met(struct gateway *gw, int rc)
{
	struct trouble *t = &gw->trouble;

	if (rc == -EIO && !gw->broken) {
		gw->broken = talloc_strdup(gw, store_error(gw->store));
		gw->quit = true;
		LOGP(DSTORE, LOGL_FATAL, "%s: stopping, to recover from the log\n", gw->broken);
	} else if (!t->pause) {
		LOGP(DSTORE, LOGL_ERROR,
		     "%s: nothing is taken or sent until it is over, and nothing is lost\n",
		     store_error(gw->store));
	}
	t->pause = t->pause ? OSMO_MIN(t->pause * 2, TROUBLE_PAUSE_MAX) : TROUBLE_PAUSE_MIN;
	t->until = trouble_clock() + t->pause;
}

void trouble_over(struct gateway *gw)
{
	if (gw->trouble.pause)
		LOGP(DSTORE, LOGL_NOTICE, "the database takes what is written again\n");
	gw->trouble = (struct trouble){ 0 };
}

bool trouble_waits(const struct gateway *gw)
{
	return gw->trouble.pause && trouble_clock() < gw->trouble.until;
}
