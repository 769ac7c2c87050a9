/* Databases of earlier releases, for what comes after them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

/*! Make the database of an earlier release; fails the test if it cannot.
 *
 * \param[in] path  must not be there yet.
 * \param[in] version  of its schema: 1. */
void release_make(const char *path, int version);

/*! What is in a database, whatever its version: its schema, and the rows of the tables whose names are LIKE the
 * pattern. \returns a number that is the same for the same content. */
uint64_t release_content(const char *path, const char *tables);
