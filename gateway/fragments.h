/* Texts of several parts: kept sealed until the last one is there, or given to the coordinator as they are.
 *
 * The parts of a text share number, reference and count, and leave the phone
 * within an hour: a reference comes back after 256 texts, or at once from some
 * phones. Of two parts with one number the later one counts.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include "gateway/digest.h"

struct gateway;

/*! Put together the text whose last part has just been stored. Needs an open transaction.
 *
 * \param[in] id  row of that part. It carries the whole from now on, the others point to it.
 * \param[out] text  on ctx, or NULL if parts are missing.
 * \returns 0 or an error of store.h. */
int fragments_join(char **text, void *ctx, struct gateway *gw, int64_t id,
		   const uint8_t key[DIGEST_KEY_SIZE]);

/*! Whether a part has been waiting since before that time. \returns 1, 0, or an error of store.h. */
int fragments_old(struct gateway *gw, int64_t before);

/*! Give texts whose parts do not come to the coordinator. Needs an open transaction.
 *
 * \param[in] before  received_at of a part that has waited long enough.
 * \returns how many texts, or an error of store.h. */
int fragments_give_up(struct gateway *gw, int64_t before, const uint8_t key[DIGEST_KEY_SIZE]);
