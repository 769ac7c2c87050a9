/* A small platform for the tests of the store: people, products, one number each.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/store/store.h"

/* Persons by their role. */
enum { RESIDENT = 1, NEIGHBOUR = 2, HELPER = 3, GROWER = 11, BAKER = 13, COORDINATOR = 31 };

struct fixture {
	char *dir;
	char *path;
	struct store *st;
	int64_t now; /* the at of the next event */
	int events;
	struct store_refusal refusal; /* of the last event that was refused */
	int64_t version;              /* of the subject of the last event */
};

/*! cmocka set-up: a database with the people and products, open. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/*! Fire in a transaction of its own, one second after the event before it; the actor follows from the role's text.
 *
 * who: "RES 1", "SYS", ...; subject 0 is a birth; the version is the current one.
 * \returns the subject's id, or 0 if it was refused. */
int64_t fixture_fire(struct fixture *f, const char *who, const char *machine, int64_t subject,
		     const char *event, const char *payload);

/*! Run SQL that is no statement of the gateway, on the same connection; fails the test on error. */
void fixture_sql(struct fixture *f, const char *sql);

/*! First column of the first row, as text on f; "" if there is none. */
const char *fixture_text(struct fixture *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int64_t fixture_int(struct fixture *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
