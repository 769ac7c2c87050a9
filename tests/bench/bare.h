/* The bare loop that the path is compared with: what the gateway wrote, written again with nothing around it.
 *
 * While it is on, every statement that changes something is kept with its values (the program is linked with
 * --wrap=store_exec). Replayed on a twin of the database they go through the same triggers, prepared, in transactions
 * of the same size, without reading, without a savepoint and without anything of ours in between.
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

/*! Write all that was kept to the twin, and forget it. \returns milliseconds that it took, or -1 if a statement
 * failed. */
double bare_replay(struct store *twin);
