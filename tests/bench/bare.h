/* The bare loop that the path is compared with: what the gateway asked of its database, asked again with nothing around
 * it.
 *
 * While it is on, every statement is kept with its values (the program is linked with --wrap=store_exec and
 * --wrap=store_query). Replayed on a twin of the database they go through the same triggers, prepared, in transactions
 * of the same size, with nothing of ours in between.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/store/store.h"

/*! Keep what is written to this store from now on; NULL: no more. */
void bare_record(struct store *st);

/*! What comes now belongs to another transaction. */
void bare_group(void);

/*! Run all that was kept on the twin, and forget it.
 *
 * \param[in] reads  also what only reads; else what writes alone.
 * \returns milliseconds that it took, or -1 if a statement
 * failed. */
double bare_replay(struct store *twin, bool reads);
