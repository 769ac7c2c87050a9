/* Who writes: from a number to a contact, its persons, and the role in which one of them acts.
 *
 * A number is a claim, not proof (design.md, section 9).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turn;

#define WHO_PERSONS_MAX 9

/* Seconds after the last text in which the same person of a household is taken to go on writing. */
#define WHO_CONVERSATION (2 * 60 * 60)

struct who_person {
	int64_t id;
	char *name;
};

/*! Fill in the contact of the turn and, if there is no doubt about it, the person with roles, role and owner.
 *
 * Of a household it is the one who wrote last in this conversation; if there is none, person_id stays 0,
 * household is set, and role is that of the first one: enough to read a text with. */
void who_find(struct turn *turn);

/*! The person is known from now on in this turn: roles, role, owner. */
void who_is(struct turn *turn, int64_t person_id);

/*! Act in one of these roles from now on, if the person does not yet and holds one of them. 0: any will do.
 * \returns whether the person acts in one of them. */
bool who_acts(struct turn *turn, unsigned int set);

/*! Persons of the contact. On turn->ctx.
 * \returns how many, at most WHO_PERSONS_MAX; 0 also on an error, which sticks to the turn. */
size_t who_persons(struct turn *turn, struct who_person out[WHO_PERSONS_MAX]);

/*! The name of a role as the database has it, in a set. 0 if it is not one of them. */
unsigned int who_role(const char *name);
