/* What the files of the outbox share; nothing else includes it.
 *
 *   outbox.c         the turns, their transaction, what bearers tell
 *   outbox_queue.c   queueing
 *   outbox_claim.c   who sends what next
 *   outbox_settle.c  what came of it: results, doubts, what is of no more use
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/timer.h>

#include "messages/sms.h"

#include "gateway/bearer/bearer.h"

struct gateway;
struct message;

/* Messages looked at in one turn at most: the loop has other work. */
#define OUTBOX_TURN_MAX   32
/* Seconds that a status report has to decide a doubt. */
#define OUTBOX_DOUBT_WAIT 180

/* A part that is with a bearer, or is about to be. */
struct flight {
	struct llist_head entry;
	struct bearer *bearer;
	int64_t id;
	int part;
	uint32_t ref;
	struct sms_out sms;
	bool launched; /* after the commit of its claim */
	bool returned; /* result has come */
	bool taken;    /* the bearer did take it: the try counts */
	bool counts;   /* what came of it counts as a try of the message */
	bool settled;  /* written in this turn, not yet committed */
	struct bearer_result result;
};

struct waiting_report {
	struct llist_head entry;
	struct bearer *bearer;
	uint32_t slot;
	struct bearer_report report;
};

struct outbox {
	struct gateway *gw;
	struct osmo_timer_list timer;
	struct llist_head flights;
	struct llist_head reports;
	unsigned int n_reports;
	uint32_t last_ref;
	bool begun;      /* a first turn was made, and what a previous life left is in doubt now */
	bool again;      /* a turn is wanted, or the last one failed */
	int64_t wake_at; /* of the store's clock; 0: nothing is to come */
};

/*! The part that a bearer has and that is not settled in this turn, or NULL. */
struct flight *outbox_flight_of(struct outbox *o, const struct bearer *b);

/*! A move failed. One that the database should not refuse puts the message off, so that the others go on.
 * \param[in] rc  of message_move(). \returns 0 or an error of store.h. */
int outbox_refused(struct outbox *o, struct message *m, int rc, int64_t now);

/*! The next part of a message that is in `sending` is this bearer's.
 * \returns 1: planned; 0: there is no such part, the message has failed; or an error of message_move(). */
int outbox_plan(struct outbox *o, struct bearer *b, struct message *m, int part);

/*! Claim a message for every bearer that has nothing to do. \returns 0 or an error of store.h. */
int outbox_claim(struct outbox *o, int64_t now);

/*! Write down the results that came. \returns 0 or an error of store.h. */
int outbox_settle(struct outbox *o, int64_t now);

/*! What is being sent by nobody is in doubt, what is of no more use expires, a doubt that is over ends.
 * \returns 0 or an error of store.h. */
int outbox_sweep(struct outbox *o, int64_t now);
