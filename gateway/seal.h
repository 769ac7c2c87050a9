/* A part of a text, sealed while it waits for the others.
 *
 * What is stored has PINs and codes replaced; but they cannot be found in half
 * a text, and the whole needs them. So a part is kept encrypted, under a key
 * derived from the one beside the database, and erased when the text is whole.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/digest.h"

/* Octets that sealing adds: nonce and authenticator of XSalsa20-Poly1305. */
#define SEAL_OVERHEAD 40

/*! Seal a text.
 *
 * \param[out] len  octets of the result: those of the text and SEAL_OVERHEAD.
 * \returns the octets, on ctx. */
uint8_t *seal(void *ctx, size_t *len, const uint8_t key[DIGEST_KEY_SIZE], const char *text);

/*! Open what was sealed. \returns the text, on ctx, or NULL if it is not of this key or was changed. */
char *seal_open(void *ctx, const uint8_t key[DIGEST_KEY_SIZE], const uint8_t *data, size_t len);
