/* Facts: the values that fill in a template, taken from what it is about.
 *
 * Which names there are is said at the head of messages/fr.po.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "messages/catalogue.h"

struct cycle;
struct gateway;
struct line;
struct offer;
struct order;

#define FACTS_MAX 40

struct facts {
	struct gateway *gw;
	size_t n;
	struct template_value value[FACTS_MAX + 1]; /* ends with a NULL name */
	const char *variant; /* of the template: "none", "changed", "placed"; NULL: none */
	int64_t use_by;      /* when what it is about is over; 0: not known */
	int64_t closes_at;   /* of its cycle */
};

/*! No facts but {phone}: of a person whom people may call. On ctx; never NULL. */
struct facts *facts_new(void *ctx, struct gateway *gw);

/*! Add a fact, or replace it. Both strings must live as long as the facts; value is a talloc child of theirs if it was
 * made for them. */
void facts_set(struct facts *f, const char *name, const char *value);

/*! A fact, or NULL. */
const char *facts_get(const struct facts *f, const char *name);

/*! Add the facts of what a notice is about.
 *
 * \param[in] machine  "cycle", "offer", "order", "line", "contact", "message", or "budget" (of a day).
 * \param[in] role, person_id  whom they are for: a producer's totals are his own.
 * \returns 0, -ENOENT if there is no such thing, or an error of store.h. */
int facts_load(struct facts *f, const char *machine, int64_t subject_id, const char *role,
	       int64_t person_id);

/*! Facts of rows that are loaded already. */
void facts_cycle(struct facts *f, const struct cycle *c);
void facts_order(struct facts *f, const struct order *o);
void facts_line(struct facts *f, const struct line *l);

/*! The lines of an order as people read them, one below the other. On ctx. */
char *facts_lines(void *ctx, const struct catalogue *cat, const struct order *o);

/*! {until}: how long a missed order is kept. \returns 0 or an error of store.h. */
int facts_kept(struct facts *f, const struct order *o);

/*! {name} and {number} of a person. \returns 0 or an error of store.h. */
int facts_person(struct facts *f, int64_t person_id, const char *name, const char *number);
