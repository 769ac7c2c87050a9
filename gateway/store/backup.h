/* A copy of a database that is in use, and the way back: a copy of a copy.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

/*! Copy a database as it is at one moment, then prove the copy: it is opened as a gateway would, and its log is played
 * into an empty database and compared (store_check()). A copy that would not restore is not kept. Writers may go on
 * meanwhile; only its owner may read the new file.
 *
 * \param[in] to  must not be there yet.
 * \param[out] error  on ctx, a sentence; may be NULL.
 * \returns 0, -EEXIST, -EUCLEAN (it would not restore), an error of store_open() or of the file system. */
int store_backup(void *ctx, const char *path, const char *to, char **error);

/*! Copy what a connection sees, which may be of an older version: whether the file is whole is all that is proved. */
int store_backup_old(void *ctx, sqlite3 *db, const char *to, char **error);
