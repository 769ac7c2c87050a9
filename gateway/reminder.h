/* Reminders: the rows of the view `reminder`, each once.
 *
 * The database says what is due; here it becomes a notice, and is noted in
 * `reminded`, in one transaction. What is due in quiet hours goes out when they
 * end; what would be of no use by then goes out before they begin. What is late
 * beyond its use is noted and not sent.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;
struct reminder;

/* Seconds before quiet hours in which that goes out which could not wait for their end. */
#define REMINDER_EARLY (30 * 60)

/*! Create what reminds people. \returns it, on gw. */
struct reminder *reminder_open(struct gateway *gw);

/*! Look when it is next asked: the clock was moved. */
void reminder_stale(struct gateway *gw);

/*! To be called several times a second: looks twice a minute, and when one is due. */
void reminder_tick(struct gateway *gw, int64_t now);

/*! Remind of what is due at `now`, at most a few dozen. Needs an open transaction; what it leaves are notices.
 * \returns how many were dealt with, or an error of store.h. */
int reminder_run(struct gateway *gw, int64_t now);

/*! Reminders that would be dealt with at `at`. \returns how many (a bound is enough), or an error of store.h. */
int reminder_due(struct gateway *gw, int64_t at);

/*! When reminder_due() may next change by time alone.
 *
 * \param[out] next  0 if there is none to come.
 * \returns 0 or an error of store.h. */
int reminder_next(struct gateway *gw, int64_t *next, int64_t at);
