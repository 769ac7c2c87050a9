/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/carrier.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/cause.h"

#include "gateway/log.h"

/* Seconds until the next part after the first refusal, the second, ...; the last holds on. */
static const int pauses[] = { 30, 60, 120, 300, 600, 900 };
/* The same for one number while it is not known whether the line is at fault. */
static const int waits[] = { 5, 30, 120, CARRIER_WAIT_MAX };

static bool failed(struct bearer *b, const char *number, int cause, int64_t now)
{
	struct carrier *c = &b->carrier;
	bool sure = cause_is_of_carrier(cause), counts = !c->failures && !sure;

	if (!c->failures) {
		c->since = now;
		OSMO_STRLCPY_ARRAY(c->number, number);
	}
	c->failures++;
	c->cause = cause;
	if (!c->blamed && (sure || strcmp(c->number, number) != 0)) {
		c->blamed = true;
		LOGP(DOUTBOX, LOGL_NOTICE, "%s: %s\n", b->worker, carrier_text(OTC_SELECT, b));
	}
	if (c->blamed) {
		c->until = now + pauses[OSMO_MIN(c->paused, ARRAY_SIZE(pauses) - 1)];
		c->paused++;
	}
	return counts;
}

void carrier_took(struct bearer *b, int64_t now)
{
	if (b->carrier.blamed)
		LOGP(DOUTBOX, LOGL_NOTICE, "%s: the network takes messages again, after %d s\n",
		     b->worker, (int)(now - b->carrier.since));
	b->carrier = (struct carrier){ 0 };
}

bool carrier_result(struct bearer *b, const char *number, const struct bearer_result *result,
		    int64_t now)
{
	switch (result->outcome) {
	case BEARER_SENT:
		carrier_took(b, now);
		return true;
	case BEARER_FAILED:
		return failed(b, number, result->cause, now);
	case BEARER_REFUSED: /* without a cause it never came to the network */
	case BEARER_UNKNOWN: /* without a cause nobody said no */
		break;
	}
	return !result->cause || failed(b, number, result->cause, now);
}

void carrier_back(struct bearer *b)
{
	b->carrier.until = 0;
}

bool carrier_pauses(const struct bearer *b, int64_t now)
{
	/* a clock that was put back holds nothing for longer than it should */
	return now < b->carrier.until && b->carrier.until - now <= pauses[ARRAY_SIZE(pauses) - 1];
}

int64_t carrier_next(const struct bearer *b, int64_t now)
{
	const struct carrier *c = &b->carrier;

	if (c->blamed || !c->failures)
		return now; /* it is the line that waits */
	return now + waits[OSMO_MIN(c->failures, ARRAY_SIZE(waits)) - 1];
}

char *carrier_text(void *ctx, const struct bearer *b)
{
	const struct carrier *c = &b->carrier;
	const char *why = cause_text(c->cause);

	if (!c->blamed)
		return NULL;
	return talloc_asprintf(
		ctx,
		"the network takes no messages (%s); they stay queued, and one is tried now and"
		" then; has the SIM credit left?",
		why);
}
