/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/flight.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

struct text {
	uint8_t digest[DIGEST_SIZE];
	unsigned int crashes;
	bool now; /* it is being handled */
};

/* In the order in which they began. */
struct flight {
	size_t n;
	struct text texts[FLIGHT_MAX];
};

struct flight *flight_new(void *ctx)
{
	struct flight *f = talloc_zero(ctx, struct flight);

	OSMO_ASSERT(f);
	return f;
}

static struct text *find(struct flight *f, const uint8_t digest[DIGEST_SIZE])
{
	for (size_t i = 0; i < f->n; i++) {
		if (memcmp(f->texts[i].digest, digest, DIGEST_SIZE) == 0)
			return &f->texts[i];
	}
	return NULL;
}

static void forget(struct flight *f, struct text *t)
{
	size_t after = f->n - (size_t)(t - f->texts) - 1;

	memmove(t, t + 1, after * sizeof(*t));
	f->n--;
}

static struct text *least(struct flight *f)
{
	struct text *t = &f->texts[0];

	for (size_t i = 1; i < f->n; i++) {
		if (f->texts[i].crashes < t->crashes)
			t = &f->texts[i];
	}
	return t;
}

void flight_begin(struct flight *f, const uint8_t digest[DIGEST_SIZE])
{
	struct text *t = find(f, digest);

	if (!t) {
		if (f->n == FLIGHT_MAX)
			forget(f, least(f));
		t = &f->texts[f->n++];
		*t = (struct text){ 0 };
		memcpy(t->digest, digest, DIGEST_SIZE);
	}
	t->now = true;
}

void flight_end(struct flight *f, const uint8_t digest[DIGEST_SIZE])
{
	struct text *t = find(f, digest);

	if (t)
		forget(f, t);
}

size_t flight_crash(struct flight *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!f->texts[i].now)
			continue;
		f->texts[i].now = false;
		f->texts[i].crashes++;
		n++;
	}
	return n;
}

void flight_land(struct flight *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->texts[i].now = false;
}

const uint8_t *flight_next_aside(const struct flight *f, size_t *at)
{
	while (*at < f->n) {
		const struct text *t = &f->texts[(*at)++];

		if (t->crashes >= FLIGHT_CRASHES)
			return t->digest;
	}
	return NULL;
}
