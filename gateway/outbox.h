/* What goes out: every message is a row first, and moves by the rows of the machine `message`.
 *
 *   queue       claim          ack           deliver
 *     +-> queued --> sending ------> sent ---------> delivered
 *          ^  |         | lose        | undeliver
 *          |  |         v             v
 *          |  |       doubt -------> failed        (abandon: attempts are used up)
 *          |  +-> suppressed, expired  retry
 *          +------------+--------------+
 *
 * The claim is committed before the body leaves, so a crash leaves a row in
 * `sending` and nobody forgets that it may have gone out. A status report
 * decides such a doubt, or its time does: then it is sent again only if its
 * template allows that.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/bearer/bearer.h"

struct gateway;
struct outbox;

/* A message to queue. The strings stay the caller's. */
struct outbox_message {
	const char *to;     /* E.164 with + */
	int64_t contact_id; /* 0: none known */
	int64_t person_id;  /* 0: none known */
	int64_t inbox_id;   /* the text that this answers; 0: it answers none */
	const char
		*template; /* name in the catalogue: purpose, use-by, quiet hours, resend; NULL for
				 a text typed by a coordinator */
	const char *body;  /* filled in, UTF-8 */
	int64_t due_at;    /* not before; 0: at once. In the morning if its template may wait */
	int64_t use_by;    /* of no use afterwards; 0: as its template says */
};

enum outbox_refusal {
	OUTBOX_QUEUED,
	OUTBOX_NUMBER, /* not a number that this gateway may write to: prefix, short code, name, its own */
	OUTBOX_BUDGET, /* the budget, of this number or of all, is used up for as long as an answer is of use */
	OUTBOX_TOO_LONG /* more than SMS_PARTS_MAX parts, or not UTF-8 */
};

/*! Create the outbox of a gateway. What a previous life left in `sending` becomes a doubt in its first turn.
 * \returns it, on gw. */
struct outbox *outbox_open(struct gateway *gw);

/*! Queue a message. Needs an open transaction; the sender looks at the queue in the next turn of the loop.
 *
 * What has no room in the budget waits for the next day that has some; a notice that is of no use by then stays in the
 * queue until it expires.
 * It goes out by the modem that this number wrote to last, as long as that one is there. The reply to a text
 * that is refused puts that text into the coordinator's list.
 *
 * \param[out] id  of the message, 0 if it was refused; may be NULL.
 * \param[out] refusal  why nothing was queued; may be NULL (it is logged anyway, with the number masked).
 * \returns 0: queued; 1: refused, nothing was queued; or an error of store.h. */
int outbox_queue(struct gateway *gw, int64_t *id, enum outbox_refusal *refusal,
		 const struct outbox_message *m);

/*! Look at the queue in the next turn of the loop: something was queued, or a bearer is ready. */
void outbox_kick(struct gateway *gw);

/*! To be called several times a second: looks whether something is due, or is to be tried again. */
void outbox_tick(struct gateway *gw, int64_t now);

/*! The clock was set back: what a clock that was ahead put off until then, or left in doubt, goes on as from now.
 * \returns 0 or an error of store.h. */
int outbox_set_back(struct gateway *gw, int64_t now);

/*! True if no part is with a bearer, and everything that came back is written. */
bool outbox_idle(const struct gateway *gw);

/*! Whether there are messages that are due by `at` and not yet off: queued with due_at <= at (but while every bearer
 * that is there pauses, carrier.h), sending, or in a doubt that ends by then.
 * \returns how many, of the queued ones at most a hundred; or an error of store.h. */
int outbox_due(struct gateway *gw, int64_t at);

/*! When the next message that is not due at `at` becomes due, or the first pause is over.
 * \param[out] next  0 if there is none.
 * \returns 0 or an error of store.h. */
int outbox_next(struct gateway *gw, int64_t *next, int64_t at);

/*! Let a message that has not been tried yet say something else. Needs an open transaction.
 *
 * \param[in] body  of SMS_PARTS_MAX parts at most.
 * \returns 0, -ENOENT if it has been tried or is gone, or an error of store.h. */
int outbox_reword(struct gateway *gw, int64_t id, const char *template, const char *body);

/* What bearers tell. */

/*! What became of a part that was given to the bearer: once for each, always. */
void outbox_result(struct gateway *gw, struct bearer *bearer, uint32_t ref,
		   const struct bearer_result *result);

/*! A status report came in.
 *
 * \param[in] slot  released once it is stored; 0: the bearer keeps it nowhere. Beyond a bound it is left where it is,
 *            to be handed over again. */
void outbox_report(struct gateway *gw, struct bearer *bearer, uint32_t slot,
		   const struct bearer_report *report);
