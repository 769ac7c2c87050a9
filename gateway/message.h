/* A message on its way out, as a row: loaded, moved, and its parts with it.
 *
 * Every function needs an open transaction.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "messages/sms.h"

struct store;

/* Times a message is handed to a bearer at most: `attempts` of gateway/store/policy.tsv. */
#define MESSAGE_ATTEMPTS 5

/* Messages in a row of which the network says that they did not arrive: then the number is paused. */
#define MESSAGE_BOUNCES 3

struct message {
	int64_t id;
	char state[12];
	char number[SMS_ADDRESS_MAX + 1];
	bool reply;
	int parts;
	int64_t due_at;
	int64_t use_by;
	int64_t attempts;
	int64_t doubts;
	char worker[32]; /* empty: anyone's */
	bool resend;
	bool promo;
	char *body;     /* talloc children of the message */
	char *template; /* NULL: typed by a person */
	char *cause;    /* NULL: none */
};

/* Parts of a message by what became of them. */
struct message_parts {
	int64_t queued;
	int64_t open; /* sending or in doubt */
	int64_t sent; /* and not yet reported */
	int64_t failed;
};

/*! Load a message.
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \returns 0, -ENOENT, or an error of store.h. */
int message_load(struct message **out, void *ctx, struct store *st, int64_t id);

/*! Move it, with due_at, attempts, worker and cause as they stand in m; the trigger of `message` judges the move.
 *
 * \param[in] bearer  kind of the bearer that takes it, or NULL.
 * \returns 0 (m->state is `to`), -ESTALE if it is no longer in m->state, -EPERM if the database refuses, or an
 *          error of store.h. */
int message_move(struct store *st, struct message *m, const char *to, const char *bearer);

/*! Say why; replaces what was said before. */
void message_because(struct message *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! Part that is to be sent next. \returns its number, 0 if none is left, or an error of store.h. */
int message_next_part(struct store *st, int64_t id);

/*! Move a part. A report that came before is not taken back by it.
 *
 * \param[in] state  "queued", "sending", "doubt", "sent", "delivered" or "failed".
 * \param[in] mr  TP-MR, or -1: as before.
 * \param[in] sent_at  or 0: as before.
 * \param[in] done_at  when a report closed it, or 0.
 * \returns 0 or an error of store.h. */
int message_part_move(struct store *st, int64_t id, int part, const char *state, int mr,
		      int64_t sent_at, int64_t done_at);

/*! Move all parts that are in one state to another. \returns how many, or an error of store.h. */
int message_parts_move(struct store *st, int64_t id, const char *from, const char *to);

/*! Count its parts. \returns 0 or an error of store.h. */
int message_parts_count(struct store *st, int64_t id, struct message_parts *out);

/*! Move the message on as far as its parts tell: sending to sent when none is left, sent to delivered or failed
 * by what was reported, doubt to where it belongs once no part is in doubt.
 *
 * \returns 0, or an error of message_move(). */
int message_conclude(struct store *st, struct message *m, int64_t now);

/*! The database refuses a move that it should not: put the message off for an hour, so that others go on. */
int message_put_off(struct store *st, struct message *m, int64_t now);

/*! It is queued, and may not leave before a time; its use-by stays.
 * \returns 0 or an error of store.h. */
int message_delay(struct store *st, struct message *m, int64_t until);
