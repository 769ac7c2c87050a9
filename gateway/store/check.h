/* Is the database what its log says? `chappectl db check`.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

/*! Check a database: the file, its settings, its schema, the order of the log; then play the log into an empty
 * database and compare every projection. It reads one moment; writers may go on meanwhile.
 *
 * \param[in] report  called with a line for each difference.
 * \param[out] error  on ctx, a sentence, if it could not be checked; may be NULL.
 * \returns the number of differences, 0 for a whole one; or an error of store_open(). */
int store_check(void *ctx, const char *path, void (*report)(void *data, const char *line),
		void *data, char **error);

/*! Likewise a connection, within its transaction, if it has one. \returns the number of differences, or an error of
 * store.h. */
int store_check_connection(void *ctx, sqlite3 *db, void (*report)(void *data, const char *line),
			   void *data);
