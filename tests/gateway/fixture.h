/* A gateway without processes: a database of its own, modems that a test plays, and lives that end.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/bearer/bearer.h"
#include "gateway/gateway.h"
#include "gateway/store/store.h"

#define FAKE_SENT_MAX 256

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
	uint8_t mr; /* of the last part */
};

struct fixture {
	char *dir;
	char *database;
	struct gateway *gw; /* of the present life */
	struct fake one, two;
	int64_t offset; /* of the clock: fixture_walk() */
};

/* cmocka setup and teardown: an empty database, one modem that is ready. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/*! End this life without a word, as a crash does, and begin another. What the modems were given is kept. */
void fixture_crash(struct fixture *f);

/*! The loop, until nothing happens any more. */
void fixture_run(struct fixture *f);

/*! Move the store's clock forward and run. */
void fixture_walk(struct fixture *f, int64_t seconds);

/*! Run SQL of the test's own on a connection of its own, as another program would. */
void fixture_sql(struct fixture *f, const char *sql);

/*! First column of the first row of a query, as text; "" if there is none. On the fixture. */
const char *fixture_get(struct fixture *f, const char *sql);

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

/*! The modem's answer to the part that it was given last. */
void fake_answers(struct fake *k, enum bearer_outcome outcome, int mr);

/*! A status report comes in on a modem. */
void fake_report(struct fake *k, uint32_t slot, const char *to, uint8_t mr, uint8_t status);
