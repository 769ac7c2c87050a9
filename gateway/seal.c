/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/seal.h"

#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

_Static_assert(SEAL_OVERHEAD == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
	       "the octets that sealing adds");
_Static_assert(DIGEST_KEY_SIZE == crypto_kdf_KEYBYTES, "the key is a key to derive from");

static void derive(uint8_t out[crypto_secretbox_KEYBYTES], const uint8_t key[DIGEST_KEY_SIZE])
{
	crypto_kdf_derive_from_key(out, crypto_secretbox_KEYBYTES, 1, "smsparts", key);
}

uint8_t *seal(void *ctx, size_t *len, const uint8_t key[DIGEST_KEY_SIZE], const char *text)
{
	size_t n = strlen(text);
	uint8_t *out = talloc_array(ctx, uint8_t, n + SEAL_OVERHEAD);
	uint8_t own[crypto_secretbox_KEYBYTES];

	OSMO_ASSERT(out);
	derive(own, key);
	randombytes_buf(out, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, (const uint8_t *)text, n, out,
			      own);
	sodium_memzero(own, sizeof(own));
	*len = n + SEAL_OVERHEAD;
	return out;
}

char *seal_open(void *ctx, const uint8_t key[DIGEST_KEY_SIZE], const uint8_t *data, size_t len)
{
	uint8_t own[crypto_secretbox_KEYBYTES];
	char *text;
	int rc;

	if (len < SEAL_OVERHEAD)
		return NULL;
	text = talloc_zero_size(ctx, len - SEAL_OVERHEAD + 1);
	OSMO_ASSERT(text);
	derive(own, key);
	rc = crypto_secretbox_open_easy((uint8_t *)text, data + crypto_secretbox_NONCEBYTES,
					len - crypto_secretbox_NONCEBYTES, data, own);
	sodium_memzero(own, sizeof(own));
	if (rc == 0)
		return text;
	talloc_free(text);
	return NULL;
}
