/* A gateway without processes: a database of its own, modems that a test plays, lives that end, and a stand-in for
 * all that understands texts.
 *
 * The stand-in answers each text T from a number with "reply: T", and knows the
 * words of fixture.c. What modems hold survives every life, as a SIM does; it
 * lies in memory that a forked life shares.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/bearer/bearer.h"
#include "gateway/gateway.h"
#include "gateway/store/store.h"

#define FAKE_SENT_MAX 1000
#define FAKE_SIM_MAX  400

/* Where a life ends. */
enum crash {
	CRASH_NOWHERE,
	CRASH_RECEIVED,  /* texts are in memory, nothing is written */
	CRASH_STORED,    /* in the transaction: the row is there, the command has not begun */
	CRASH_ANSWERED,  /* in the transaction: before its commit */
	CRASH_COMMITTED, /* before the slot is freed */
	CRASH_CLAIMED,   /* before the body leaves */
	CRASH_LEFT,      /* the body has left, nobody knows */
	CRASH_TOLD,      /* the result came, nothing is written of it */
	_CRASH_NUM
};

/* A modem played by the test: what it was given, and what it freed. */
struct fake {
	struct bearer bearer;
	struct gateway *gw;
	bool refuses;   /* send() gives -EAGAIN */
	bool answers;   /* every part is sent at once, with the next TP-MR */
	unsigned int n; /* parts that left, over all lives */
	struct {
		uint32_t ref;
		struct sms_out sms;
	} sent[FAKE_SENT_MAX];
	unsigned int n_released;
	uint32_t released[FAKE_SENT_MAX];
	uint8_t mr;         /* of the last part */
	unsigned int n_sim; /* texts that ever lay on the SIM; a slot is an index */
	struct sms_in sim[FAKE_SIM_MAX];
	bool held[FAKE_SIM_MAX]; /* the slot is not free yet */
};

struct fixture {
	char *dir;
	char *database;
	struct gateway *gw; /* of the present life */
	struct tick *tick;
	struct fake *one, *two;
	enum crash *crash;             /* where this life ends; shared */
	struct budget_limits *budget;  /* of the lives that begin now; shared */
	unsigned int *notices;         /* calls of notice_run(); shared */
	int in_flight, most_in_flight; /* texts, as the parent knows */
	int fails;                     /* command_handle() gives this for the text "fail" */
};

/* cmocka setup and teardown: an empty database (or the demo platform), one modem that is ready. */
int fixture_setup(void **state);
int fixture_setup_demo(void **state);
int fixture_teardown(void **state);

/*! End this life without a word, as a crash does, and begin another. What the modems were given is kept. */
void fixture_crash(struct fixture *f);

/*! A life in a process of its own, that is handed what lies on the SIMs and ends at that point by itself.
 * \returns whether it did end there; else it came to rest. */
bool fixture_live(struct fixture *f, enum crash where);

/*! The loop, until nothing happens any more. */
void fixture_run(struct fixture *f);

/*! Move the store's clock forward and run. */
void fixture_walk(struct fixture *f, int64_t seconds);

/*! Run SQL of the test's own on a connection of its own, as another program would. */
void fixture_sql(struct fixture *f, const char *sql);

/*! First column of the first row of a query, as text; "" if there is none. On the fixture. */
const char *fixture_get(struct fixture *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*! State of a message and of its parts: "sent sent:7,queued:". On the fixture. */
const char *fixture_states(struct fixture *f, int64_t message_id);

/*! The number has said STOP. */
void fixture_stop(struct fixture *f, const char *number);

/*! Hold the database as another program does, so that nothing can be written. */
void *fixture_lock(struct fixture *f);
void fixture_unlock(void *lock);

/*! Run until *counter is n; fails after some seconds. */
void fixture_until(struct fixture *f, const unsigned int *counter, unsigned int n);

/*! Run until there is no trouble with the database any more, and on. */
void fixture_settle(struct fixture *f);

/*! Queue a message in a transaction of its own. \returns its id, 0 if it was refused. */
int64_t fixture_queue(struct fixture *f, const char *to, const char *body, int64_t inbox_id);

/*! A text arrives on the SIM of a modem. \returns its slot. */
uint32_t fake_arrives(struct fake *k, const struct sms_in *sms);

/*! The same for an ordinary text of one part; each is another message. \returns its slot. */
uint32_t fake_text(struct fake *k, const char *from, const char *text);

/*! The modem hands over what lies in a slot; it may do so again and again. */
void fake_hand_over(struct fake *k, uint32_t slot);

/*! The modem's answer to the part that it was given last. */
void fake_answers(struct fake *k, enum bearer_outcome outcome, int mr);

/*! The same, with a CMS ERROR. */
void fake_refuses(struct fake *k, enum bearer_outcome outcome, int cause);

/*! A status report comes in on a modem. */
void fake_report(struct fake *k, uint32_t slot, const char *to, uint8_t mr, uint8_t status);
