/* Money: how many parts may go out in a day and in a month, and in a day to one number.
 *
 * They are counted in the transaction that queues the message, on the local day on
 * which it is due. What has no room on that day is due on the next one that has
 * some, as long as it is of use then. Promotional messages may use four fifths of
 * a budget, notices nine tenths, so that answers go on; what the coordinators have to
 * know goes out in any case.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gateway;
struct template;

/* Limits of a kind: parts; 0: none. */
struct budget_limits {
	int64_t day;
	int64_t month;
	int64_t number; /* a day, to each number */
};

/* What is said of a message that waits, in the row's cause and in the log. */
#define BUDGET_WAITS "waits for the budget of another day"

struct budget_message {
	const char *number;
	const struct template *template; /* NULL: typed by a human */
	int parts;
	bool reply;
	int64_t use_by;
};

/*! Count a message. Needs an open transaction. Where it has no room on its day, that is noted and the coordinators
 * are told: once a day, once a month.
 *
 * \param[in,out] due_at  when it is due; moved to the first day that has room for it, out of the quiet hours.
 * \returns 0: counted, due_at may have moved; 1: there is no room as long as it is of use, nothing was counted and
 *          due_at is the next day; or an error of store.h. */
int budget_take(struct gateway *gw, const struct budget_message *m, int64_t *due_at);

/*! Count parts that are sent once more, whatever the limits. \returns 0 or an error of store.h. */
int budget_add(struct gateway *gw, const char *number, int parts, int64_t now);

/* How a budget stands. */
struct budget_state {
	int64_t used;
	int64_t most;  /* 0: no limit */
	int64_t since; /* something had no room any more; 0: all had */
};

/*! The day and the month of a moment, and texts that were not answered on that day.
 * \returns 0 or an error of store.h. */
int budget_look(struct gateway *gw, struct budget_state *day, struct budget_state *month,
		int64_t *unanswered, int64_t at);

/*! The local day of a moment, counted from 1 January 1970. */
int64_t budget_day(int64_t at);

/*! The moment at which a local day begins. */
int64_t budget_day_begin(int64_t day);

/*! Count a text that was not answered because there were too many. The coordinators are told: once a day.
 * \param[out] n  how many there were on that day, this one included. \returns 0 or an error of store.h. */
int budget_unanswered(struct gateway *gw, int64_t *n, int64_t now);
