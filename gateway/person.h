/* Persons and their numbers, as a coordinator or an operator changes them.
 *
 * What concerns a person goes through the view person_edit, what concerns a number through events of its contact; both
 * are judged by the database. All functions need an open transaction, and leave what is to be told to notice_run().
 *
 *   person 101 --+-- +33 6 39 98 00 01    a person may have several numbers: a notice goes to the one that the person
 *                +-- +33 3 21 00 00 00    wrote from last, STOP silences the one that it came from
 *   person 103 --+
 *   person 104 --+-- +33 6 39 98 00 03    a number may belong to several persons, who are asked which of them writes
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/store/store.h"

struct gateway;

/* A row for person_edit: what is NULL or 0 stays as it is (README.md of gateway/store has the words). */
struct person_change {
	const char *op;
	int64_t person_id; /* 0: a new one */
	const char *name;
	int64_t member_no; /* -1: none any more */
	const char *language;
	const char *handle; /* "": none any more */
	const char *policy;
	const char *role;
	int64_t helper_id;
	const char *scope;
	int64_t valid_from, valid_until;
	int64_t contact_id;
	const char *number; /* E.164 */
};

/* Why the database refused: a word of person_edit, or a refused event. */
struct person_refusal {
	char word[24]; /* "name", "member_no_taken", ...; empty: it was an event */
	struct store_refusal event;
};

/*! Change something.
 * \returns 0; 1: refused, *why says why; or an error of store.h. */
int person_edit(struct gateway *gw, const struct person_change *c, struct person_refusal *why);

/*! Give a person a number: one that nobody has is registered, which asks it for consent.
 *
 * \param[in] actor  the coordinator who has seen who it is.
 * \returns as person_edit(). */
int person_register(struct gateway *gw, int64_t person_id, const char *number, int64_t actor,
		    struct person_refusal *why);

/*! The number of a person has become another one: contact.rebind, which asks the new one for consent.
 * \returns as person_edit(). */
int person_rebind(struct gateway *gw, int64_t person_id, const char *number, const char *to,
		  int64_t actor, struct person_refusal *why);

/*! A number is no longer this person's. One that nobody is left on is erased. \returns as person_edit(). */
int person_leave(struct gateway *gw, int64_t person_id, const char *number,
		 struct person_refusal *why);

/*! A consent that was given on paper.
 *
 * \param[in] proof  number of the paper.
 * \param[in] promo  that it is for promotional messages too.
 * \returns as person_edit(). */
int person_consent(struct gateway *gw, const char *number, int64_t actor, int64_t proof, bool promo,
		   struct person_refusal *why);

/*! What a person still owes or is owed, in a sentence on ctx; NULL: nothing.
 * \returns 0 or an error of store.h. */
int person_obligation(char **out, void *ctx, struct gateway *gw, int64_t person_id);

/*! Erase a person who has no obligation: name, numbers, roles, mandates, notes, texts; what others were told keeps
 * *** in the place of the name. The log stays, and so does the id.
 *
 * After the commit store_scrub() takes what was erased out of the files.
 * \returns as person_edit(). */
int person_erase(struct gateway *gw, int64_t person_id, struct person_refusal *why);
