/* What the other files of this folder may know of the SQLite driver.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include <sqlite3.h>

#include "gateway/store/store.h"

/*! The connection; it stays the store's. */
sqlite3 *store_sqlite(struct store *st);

/*! The errno (negative) for an SQLite result code, as store.h lists them; 0 for OK, ROW and DONE. */
int store_sqlite_errno(int rc);

/*! A sentence on ctx about the last error of a connection: what happened to the file, and what to do. */
char *store_sqlite_sentence(void *ctx, sqlite3 *db, const char *path, int err);

/*! Open a file, new or old, with every setting of ours, and read the settings back.
 *
 * \param[in] flags  SQLITE_OPEN_READWRITE, with SQLITE_OPEN_CREATE for a new file.
 * \param[in] busy_ms  longest wait for another writer, now and later.
 * \param[out] error  on ctx; set on failure.
 * \returns 0, -EACCES, -EUCLEAN or another error of store.h. */
int store_sqlite_open(sqlite3 **out, void *ctx, const char *path, int flags, int busy_ms,
		      char **error);

/*! Likewise a file whose schema may be older than this program's. */
int store_sqlite_open_old(sqlite3 **out, void *ctx, const char *path, int busy_ms, char **error);
