/* A platform with its gateway in one process, all of it real but the modem and the people.
 *
 * The gateway lives and dies: in a process of its own that stops dead somewhere in its work (town_cut()), or for a day
 * (town_down()). What lies on the SIM outlives it. The network loses texts, and brings some twice.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "gateway/gateway.h"

#define TOWN_COORDINATOR 31

struct air;

struct town {
	char *dir, *path;
	struct gateway *gw; /* of the present life */
	struct tick *tick;
	struct air *air;
	sqlite3 *db; /* of another program: the web */
	sqlite3_stmt *fire;
	uint64_t seed; /* of everything that happens at random */
	unsigned int texts, lost, doubled, cuts, days_down, fired, lives;
};

/*! An empty platform whose clock stands at that time, on ctx. */
struct town *town_new(void *ctx, int64_t at);

/*! Ends the life and removes the database. */
void town_free(struct town *t);

/*! A number below that one; one time in n. Always the same in every run. */
uint32_t town_any(struct town *t, uint32_t below);
bool town_once_in(struct town *t, uint32_t n);

/*! A text goes to the platform and will be handled in the next town_run(); the network brings some of them twice. */
void town_text(struct town *t, const char *from, const char *text);

/*! All that is to be done now is done. */
void town_run(struct town *t);

/*! The same, but the process dies somewhere on the way, and another one finishes. */
void town_cut(struct town *t);

/*! The clock walks to that time; timers fire at theirs. */
void town_walk(struct town *t, int64_t to);

/*! Nothing runs for so many seconds; then all goes on. */
void town_down(struct town *t, int64_t seconds);

int64_t town_now(struct town *t);

/*! Another program fires an event.
 * \param[in] person  0 for SYS.
 * \returns the id of the subject; fails the test if it is refused. */
int64_t town_fire(struct town *t, const char *machine, int64_t subject, const char *event,
		  int person, const char *role, const char *payload);

/*! The events of a subject, each with a comma after it; on ctx. */
char *town_history(struct town *t, void *ctx, int64_t subject);

/*! SQL of another program. */
void town_sql(struct town *t, const char *sql);
int64_t town_int(struct town *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! A text on ctx, "" if there is none. */
char *town_get(struct town *t, void *ctx, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
