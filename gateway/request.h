/* What waits for the coordinator, and how a human answers it.
 *
 *   a text that is listed --> request 12 --> every coordinator is told: who, the words, REP 12 ...
 *                                ^                             |
 *        what it is answered ----+                             v
 *   the person <-- "Réponse du point de retrait" <-- REP 12, or chappectl inbox answer
 *
 * A request is a conversation: what the same number writes while it is open, or
 * within REQUEST_THREAD after, belongs to it. Coordinators are not rung for each
 * text: beyond REQUEST_HOURLY messages an hour, and in the quiet hours, one message
 * waits and says how many there are. Only an emergency goes out at once.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gateway;

/* Numbers that people type go from 1 to this one, and round again. */
#define REQUEST_NUMBERS 999
/* Seconds after the last word in which what comes belongs to the same conversation. */
#define REQUEST_THREAD  (2 * 24 * 60 * 60)
/* Messages about requests to one coordinator in an hour; the next one waits and says how many there are. */
#define REQUEST_HOURLY  6
/* Seconds in which one emergency of a number is told once. */
#define REQUEST_URGENT  (10 * 60)
/* Parts of what is relayed to a person. */
#define REQUEST_PARTS   4

struct request {
	int64_t id;
	int no; /* what people type */
	char number[32];
	int64_t contact_id; /* 0: none */
	char contact_state[12];
	int64_t contact_since; /* when the contact came into that state */
	int64_t person_id;     /* who wrote; 0: not known */
	int64_t inbox_id;      /* its last text */
	int64_t received_at;   /* of that */
	bool urgent;
	char *text;
	bool open;
	int64_t answered_by; /* a person; 0: an operator; -1: nobody yet */
	char *answered_name; /* talloc children of the context that it was loaded on */
	char *name;          /* empty: nobody knows */
};

/*! A text was listed: take it into its request, and tell the coordinators but the one who wrote it.
 *
 * Needs an open transaction in which the row is written as it will stay.
 * \returns 0 or an error of store.h. */
int request_take(struct gateway *gw, int64_t inbox_id, const char *number, int64_t sender_id);

/*! The same, and nobody is told. \returns 0 or an error of store.h. */
int request_file(struct gateway *gw, int64_t inbox_id, const char *number);

/*! The request that a number means: the last one that had it. On ctx.
 * \returns 0, -ENOENT, or an error of store.h. */
int request_find(struct request *out, void *ctx, struct gateway *gw, int64_t no);

/*! The request of a text. \returns as request_find(). */
int request_of_text(struct request *out, void *ctx, struct gateway *gw, int64_t inbox_id);

/*! The first request that is open and has an id above this one. \returns as request_find(). */
int request_next(struct request *out, void *ctx, struct gateway *gw, int64_t after);

/*! How many are open. \returns that, or an error of store.h. */
int request_count(struct gateway *gw);

enum request_result {
	REQUEST_SENT,
	REQUEST_TAKEN,      /* another coordinator has answered it */
	REQUEST_STOPPED,    /* the number said STOP and wrote nothing since */
	REQUEST_TOO_LONG,   /* more than REQUEST_PARTS */
	REQUEST_UNREACHABLE /* the outbox refuses the number, or its budget is used up */
};

/*! Relay an answer to who wrote, and close the request.
 *
 * \param[in] by  the coordinator; 0: an operator at the command line.
 * \param[out] message_id  of what is queued; may be NULL.
 * \returns 0 (*result says what became of it; nothing is written unless REQUEST_SENT), or an error of store.h. */
int request_answer(enum request_result *result, int64_t *message_id, struct gateway *gw,
		   const struct request *r, int64_t by, const char *text);

/*! Close it without a word. \returns 0 or an error of store.h. */
int request_close(struct gateway *gw, const struct request *r, int64_t by);

/*! Whether the last thing that a number read was written by a human, so that "oui" is said to that human.
 * \returns 1, 0, or an error of store.h. */
int request_spoken(struct gateway *gw, const char *number, int64_t now);
