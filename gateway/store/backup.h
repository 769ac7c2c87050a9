/* A copy of the database while it is in use.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Copy the database to a new file: `chappectl db backup`. Writers may go on meanwhile.
 *
 * \param[in] to  must not be there yet; it appears when the copy is complete.
 * \param[out] error  on ctx, a sentence; may be NULL.
 * \returns 0, -EEXIST, or an error of store_open(). */
int store_backup(void *ctx, const char *path, const char *to, char **error);
