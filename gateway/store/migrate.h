/* A database of an earlier version becomes one of this version: in one transaction, or not at all.
 *
 * Plain tables keep their rows, the log keeps every event, the projections are
 * made anew by playing it, and triggers, views and the machine are those of this
 * program. migrations.sql has what a version asks for beyond that.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Bring a database to the schema of this program. No other program may have it open. A copy is made beside it
 * first and proved; it is kept if the database was changed. What the migration made is checked before it counts.
 *
 * \param[in] path  the database.
 * \param[out] from  the version that it had; this program's if there was nothing to do.
 * \param[out] kept  on ctx, where the copy is; NULL if there was nothing to do.
 * \param[out] error  on ctx, a sentence; may be NULL.
 * \returns 0, -EBUSY (another program has it open), -ENOSPC, -EUCLEAN (it is damaged, or its log does not give what
 *          stands in it), -ENOTSUP (it is newer), or another error of store.h. The database is then as it was. */
int store_migrate(void *ctx, const char *path, int *from, char **kept, char **error);
