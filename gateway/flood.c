/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/flood.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include <sodium.h>

#include "gateway/gateway.h"
#include "gateway/store/store.h"

/* Buckets of senders and of prefixes that are remembered: in each set the one that is fullest makes room. */
#define SETS          512
#define WAYS          8
/* Digits of a number that are its own: the rest is its prefix. */
#define PREFIX_DIGITS 4

/* Tokens count in 3600ths: one an hour for each limit of one is one 3600th a second. */
#define TOKEN 3600

struct bucket {
	uint64_t key; /* 0: unused */
	int64_t tokens;
	int64_t at;
};

struct flood {
	uint8_t secret[crypto_shorthash_KEYBYTES]; /* nobody chooses numbers that share a set */
	struct bucket all;
	struct bucket set[SETS][WAYS];
};

struct flood *flood_open(struct gateway *gw)
{
	struct flood *f = talloc_zero(gw, struct flood);

	OSMO_ASSERT(f);
	randombytes_buf(f->secret, sizeof(f->secret));
	return f;
}

/* Fill up since the last time; a clock that was set back fills nothing. */
static void refill(struct bucket *b, int most, int64_t now)
{
	int64_t passed = OSMO_MIN(OSMO_MAX(now - b->at, 0), 3600);

	b->tokens = OSMO_MIN(b->tokens + passed * most, (int64_t)most * TOKEN);
	b->at = now;
}

static uint64_t key_of(const struct flood *f, const char *text, size_t len)
{
	union {
		uint8_t octet[crypto_shorthash_BYTES];
		uint64_t key;
	} hash;

	crypto_shorthash(hash.octet, (const uint8_t *)text, len, f->secret);
	return hash.key ? hash.key : 1;
}

/* The bucket of a key; a new one is full. */
static struct bucket *find(struct flood *f, uint64_t key, int most, int64_t now)
{
	struct bucket *set = f->set[key % SETS], *out = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key) {
			refill(&set[i], most, now);
			return &set[i];
		}
		if (!set[i].key || (out->key && set[i].tokens > out->tokens))
			out = &set[i];
	}
	*out = (struct bucket){ .key = key, .tokens = (int64_t)most * TOKEN, .at = now };
	return out;
}

static bool take(struct bucket *b, int64_t reserve)
{
	if (b->tokens < reserve + TOKEN)
		return false;
	b->tokens -= TOKEN;
	return true;
}

/* \returns 1 if the number belongs to somebody here, 0, or an error of store.h. */
static int is_known(struct gateway *gw, const char *number)
{
	int64_t n = 0;
	int rc = store_get_int(gw->store, &n, STORE_STMT_FLOOD_KNOWN,
			       STORE_ARGS(STORE_TEXT(number)));

	return rc ? rc : n > 0;
}

static bool take_sender(struct flood *f, int most, const char *number, int64_t now)
{
	uint64_t key = key_of(f, number, strlen(number));

	return !most || take(find(f, key, most, now), 0);
}

/* Numbers that people here have are not cut off by others that look like theirs. */
static bool take_prefix(struct flood *f, int most, const char *number, int64_t now)
{
	size_t n = strlen(number);
	uint64_t key = key_of(f, number, n > PREFIX_DIGITS ? n - PREFIX_DIGITS : n);

	return !most || take(find(f, key, most, now), 0);
}

/* The last half is for those who are registered. */
static bool take_all(struct flood *f, int most, int64_t now, bool known)
{
	if (!most)
		return true;
	if (!f->all.key)
		f->all = (struct bucket){ .key = 1, .tokens = (int64_t)most * TOKEN, .at = now };
	refill(&f->all, most, now);
	return take(&f->all, known ? 0 : (int64_t)most * TOKEN / 2);
}

int flood_take(const char **why, struct gateway *gw, const char *number, int64_t now)
{
	const struct flood_limits *l = &gw->limits;
	struct flood *f = gw->flood;
	bool prefix, all;
	int known = 0;

	*why = NULL;
	if (!f)
		return 0;
	if (!take_sender(f, l->sender, number, now)) {
		*why = "too many texts from this number";
		return 0;
	}
	prefix = take_prefix(f, l->prefix, number, now);
	all = prefix && take_all(f, l->all, now, false);
	if (all)
		return 0;
	known = is_known(gw, number);
	if (known < 0)
		return known;
	if (!known || !take_all(f, l->all, now, true))
		*why = prefix ? "too many texts at once"
			      : "too many texts from numbers like this one";
	return 0;
}

/* "TOKENS AT" in the table of settings. */
static int load_strangers(struct bucket *b, struct gateway *gw, int most, int64_t now)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_META_GET,
					      STORE_ARGS(STORE_TEXT("strangers")));
	int rc;

	*b = (struct bucket){ .tokens = (int64_t)most * TOKEN, .at = now };
	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc == 1 && sscanf(store_text(rows, 0), "%" SCNd64 " %" SCNd64, &b->tokens, &b->at) != 2)
		*b = (struct bucket){ .at = now };
	store_done(rows);
	refill(b, most, now);
	return rc < 0 ? rc : 0;
}

int flood_stranger(struct gateway *gw, bool takes, int64_t now)
{
	int most = gw->limits.strangers;
	struct bucket b;
	char text[48];
	int rc;

	if (!most)
		return 1;
	rc = load_strangers(&b, gw, most, now);
	if (rc)
		return rc;
	if (!takes || b.tokens < TOKEN)
		return b.tokens >= TOKEN;
	take(&b, 0);
	snprintf(text, sizeof(text), "%" PRId64 " %" PRId64, b.tokens, b.at);
	rc = store_exec(gw->store, STORE_STMT_META_SET,
			STORE_ARGS(STORE_TEXT("strangers"), STORE_TEXT(text)));
	return rc < 0 ? rc : 1;
}
