/* Digest of a text: the same digest is the same message, always.
 *
 * Keyed BLAKE2b-256 over the modem's IMSI, the sender with its TON and NPI, the
 * service centre's time, PID, DCS, the concatenation triplet and the user data.
 * The key lies in a file of its own beside the database, so that the database
 * alone does not tell who wrote what.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include "messages/sms.h"

#define DIGEST_SIZE     32
#define DIGEST_KEY_SIZE 32

/*! Path of the key of a database: its own path with ".key" behind. On ctx. */
char *digest_key_path(void *ctx, const char *database);

/*! Read the key, or create it (mode 0600, synced with its folder) if there is none.
 *
 * \param[out] key  untouched unless 0 is returned.
 * \returns 0; -EACCES; -EINVAL if the file is of another length or others may read it; or another -errno. */
int digest_key_open(uint8_t key[DIGEST_KEY_SIZE], const char *path);

/*! Digest of a part that came in on the SIM of that IMSI. */
void digest_sms(uint8_t out[DIGEST_SIZE], const uint8_t key[DIGEST_KEY_SIZE], const char *imsi,
		const struct sms_in *sms);
