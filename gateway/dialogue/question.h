/* The question that is pending between us and one person on one number.
 *
 * There is one at a time. Each answer that it offers is a reading in the notation
 * of reading_print(), so that an answer becomes the command that it stands for:
 *
 *   1. tomme  2. maroilles          option: "CLARIFY\treason=qty_missing product=tomme", ...
 *   combien ?                       free:   "ORDER\titems={n}:carotte"
 *   OUI ou NON                      yes:    "FIRE\tevent=confirm"
 *
 * A question about a subject keeps the version that the person read. An answer
 * that comes before the question has left is no answer to it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/reading.h"

struct store;

#define QUESTION_OPTIONS_MAX 9
/* Seconds after which it is no longer waited for. */
#define QUESTION_TTL         (2 * 60 * 60)

struct question {
	char kind[16];    /* "choice", "event", "change", "list", "pages", "price", "who" */
	char machine[12]; /* what it is about; empty: nothing that could change meanwhile */
	int64_t subject;
	int64_t version;
	int64_t seen;    /* of an order: struct order, seen */
	const char *yes; /* readings; NULL: not an answer to this */
	const char *no;
	const char *free; /* {n} stands for the quantity that is answered */
	const char *unit; /* of {n}, if none is answered; of a price: the product that it is of */
	const char *
		then; /* what was said before it was asked who says it, or what it costs; of a list or pages:
			* the next one */
	size_t n;
	const char *option[QUESTION_OPTIONS_MAX];
	int64_t asked_at;
	bool left; /* the message that asks has left, or nobody knows */
};

/*! A question that offers nothing yet. On ctx; strings given to it later are copied. */
struct question *question_new(void *ctx, const char *kind);

/*! What it is about, as the person reads it. */
void question_about(struct question *q, const char *machine, int64_t subject, int64_t version,
		    int64_t seen);

/*! Offer one more numbered answer. \returns its number, or 0 if there is no room. */
int question_option(struct question *q, const char *reading);

/*! The question that is pending.
 *
 * \param[in] person_id  0: not known who of the household.
 * \param[out] out  on ctx; NULL if there is none or it is too old.
 * \returns 0 or an error of store.h. */
int question_load(struct question **out, void *ctx, struct store *st, int64_t contact_id,
		  int64_t person_id, int64_t now);

/*! Make it the pending one.
 *
 * \param[in] message_id  that asks it; 0: unknown.
 * \returns 0 or an error of store.h. */
int question_store(const struct question *q, struct store *st, int64_t contact_id,
		   int64_t person_id, int64_t now, int64_t message_id);

/*! Nothing is pending any more. \returns 0 or an error of store.h. */
int question_drop(struct store *st, int64_t contact_id, int64_t person_id);

enum question_match {
	QUESTION_OTHER,    /* what was said is no answer */
	QUESTION_ANSWERED, /* it is one of the answers */
	QUESTION_UNCLEAR   /* it tries to be one: ask again, keep the question */
};

/*! Prices, read as a PRICE, as the answer to a question of that kind: they go into the reading that waits for them.
 *
 * \param[out] out  as for question_match(). */
enum question_match question_prices(struct reading **out, void *ctx, const struct question *q,
				    const struct reading *said);

/*! What a text says to a question.
 *
 * \param[out] out  the reading that it stands for, on ctx; untouched unless QUESTION_ANSWERED is returned. */
enum question_match question_match(struct reading **out, void *ctx, const struct question *q,
				   const struct reading *said);

/*! The product that a quantity is asked of, on ctx; NULL if none is. */
char *question_product(void *ctx, const struct question *q);

/*! The quantity that was asked for, as an item that was said. \returns as question_match(). */
enum question_match question_amount(struct reading **out, void *ctx, const struct question *q,
				    const struct reading_item *item);
