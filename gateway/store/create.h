/* A new database, whole or not at all.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

/*! Make a database: `chappectl db init`.
 *
 * It is built beside its place under another name and moved there when it is
 * complete: a crash leaves no half of one. Only its owner may read it; made by
 * root, it belongs to the owner of the folder.
 *
 * \param[in] demo  fill it with the demo platform, its dates relative to now.
 * \param[out] error  on ctx, a sentence; may be NULL.
 * \returns 0, -EEXIST if there is a file already, -EACCES, or an error of store.h. */
int store_create(void *ctx, const char *path, bool demo, char **error);
