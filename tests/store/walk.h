/* A walk over the machine: what is tried next, at random and always the same.
 *
 * It looks at the database that it walks over and mostly tries what may succeed, and of that rather what
 * succeeded least often so far; the rest is wrong in one respect. Nothing of it knows what the database will say.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include <sqlite3.h>

/* One try: a row for `fire`, or other SQL that both engines take. NULL and 0 stand for NULL. */
struct attempt {
	const char *sql; /* not NULL: this, and nothing of the rest */
	const char *machine;
	int64_t subject;
	int64_t version; /* negative: NULL */
	const char *event;
	int64_t actor;
	const char *role;
	const char *channel;
	const char *idem;
	int64_t at;
	const char *payload;
};

struct walk;

/*! Begin a walk.
 *
 * \param[in] ctx  parent of the walk and of all that it makes.
 * \param[in] db  with the schema and tests/store/people.sql; stays the caller's. */
struct walk *walk_begin(void *ctx, sqlite3 *db);

/*! What is to be tried now; its texts live until the next call. */
void walk_next(struct walk *w, struct attempt *out);

/*! What became of the last attempt: the refusal, "" for none. */
void walk_told(struct walk *w, const char *refusal);
