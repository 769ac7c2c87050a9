/* Years of a platform: cycles that are over, with their orders, lines and payments, written through `fire`.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include <sqlite3.h>

/*! People who may order, from that person on, with numbers that consent.
 *
 * \returns 0, or -1 with the database's sentence on standard error. */
int history_people(sqlite3 *db, int64_t first, int residents);

/*! Let so many events have happened, in weekly cycles before now. Progress goes to standard error.
 *
 * Residents are those of history_people().
 *
 * \returns events that the log has then, or -1 with the database's sentence on standard error. */
int64_t history_write(sqlite3 *db, int64_t events, int64_t first_resident, int residents);
