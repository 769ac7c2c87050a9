/* What a walk knows, for the files that it is made of.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/store/machine.h"
#include "tests/store/walk.h"

#define RESIDENTS 10
/* Only what was born last is looked at: a walk leaves thousands of subjects behind. */
#define RECENT    3000
#define MESSAGES  6

struct walk {
	sqlite3 *db;
	const struct machine *machine;
	unsigned int *done, *meant; /* how often each transition was made, and was tried */
	const struct machine_transition **live;
	unsigned int n_live;
	uint64_t seed;
	int64_t now;
	unsigned int n; /* attempts */
	struct attempt last;
	const struct machine_transition *tried; /* by the last attempt; NULL: none in particular */
	struct attempt kept;                    /* one that succeeded */
	void *scratch, *kept_scratch;           /* what the texts of last and kept lie on */
	unsigned int messages;
	int64_t place_order; /* an order that is being filled in and placed */
	int place_step;
};

/* What the fields of one payload are made of. */
struct walk_filling {
	const struct machine_transition *t;
	int64_t subject, actor, cycle, order;
	const char *role, *product;
	bool birth;
};

/*! A number below that one; the same numbers in every walk. */
uint32_t walk_any(struct walk *w, uint32_t below);
bool walk_once_in(struct walk *w, uint32_t n);

/*! A text on the scratch of this attempt. */
const char *walk_text(struct walk *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! First column of the first row, on the scratch; "" if there is none. ?1 is the id, if that is not 0. */
const char *walk_first(struct walk *w, const char *sql, int64_t id);
const char *walk_get(struct walk *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int64_t walk_number(struct walk *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! The id of a recent row of a table that fits; 0 if there is none. */
int64_t walk_some_id(struct walk *w, const char *table, const char *where);

/*! Somebody who has a role; 0 for SYS. */
int64_t walk_holder(struct walk *w, const char *role);

/*! Who may act in a role on that subject, as the subject itself says; else somebody who has the role. */
int64_t walk_party(struct walk *w, const char *machine, const char *role, int64_t subject);

/*! A payload that has a chance; NULL for none. */
const char *walk_payload(struct walk *w, struct walk_filling *f);
