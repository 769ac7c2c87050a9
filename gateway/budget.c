/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/budget.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "parsers/civil.h"
#include "parsers/phone.h"

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/quiet.h"
#include "gateway/store/store.h"

/* Days that are looked at for room, from the one on which a message is due. */
#define DAYS_MAX 8

/* Rows of a day that are no number: all of them together, and what was not answered. A month is a row of its first day. */
#define ALL        ""
#define MONTH      "month"
#define UNANSWERED "unanswered"

enum level { LEVEL_DAY, LEVEL_MONTH, LEVEL_NUMBER, _LEVEL_NUM };

/* What the coordinators are told when one has no room any more. */
static const char *const notices[] = {
	[LEVEL_DAY] = "budget_day",
	[LEVEL_MONTH] = "budget_month",
	[LEVEL_NUMBER] = "budget_number",
};

/* The rows of a day that a message counts in. */
struct rows {
	int64_t day, month; /* first days */
	int64_t used[_LEVEL_NUM];
};

int64_t budget_day(int64_t at)
{
	struct civil c = civil_from(at);
	struct tm tm = { .tm_year = c.year - 1900, .tm_mon = c.month - 1, .tm_mday = c.day };

	return timegm(&tm) / 86400;
}

int64_t budget_day_begin(int64_t day)
{
	time_t noon = day * 86400 + 43200;
	struct tm tm;
	struct civil c;

	gmtime_r(&noon, &tm);
	c = (struct civil){ .year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday };
	return civil_epoch(&c);
}

static int64_t month_of(int64_t day)
{
	time_t at = day * 86400;
	struct tm tm;

	gmtime_r(&at, &tm);
	return day - tm.tm_mday + 1;
}

/* In hundredths of a budget: who may use how much of it; 0: more than there is. */
static int share(const struct budget_message *m)
{
	const struct template *t = m->template;

	if (t && t->purpose == TEMPLATE_ALARM)
		return 0;
	if (!t || m->reply)
		return 100;
	return t->purpose == TEMPLATE_PROMOTIONAL ? 80 : 90;
}

static int read_rows(struct rows *r, struct gateway *gw, const char *number, int64_t day)
{
	struct store_rows *rows;
	int rc;

	*r = (struct rows){ .day = day, .month = month_of(day) };
	rows = store_query(gw->store, STORE_STMT_BUDGET_USED,
			   STORE_ARGS(STORE_INT(r->day), STORE_TEXT(number), STORE_INT(r->month)));
	if (!rows)
		return store_errno(gw->store);
	while ((rc = store_next(rows)) == 1) {
		const char *name = store_text(rows, 0);
		enum level l = LEVEL_NUMBER;

		if (strcmp(name, ALL) == 0)
			l = LEVEL_DAY;
		else if (strcmp(name, MONTH) == 0)
			l = LEVEL_MONTH;
		r->used[l] = store_int(rows, 1);
	}
	store_done(rows);
	return rc;
}

static int64_t limit(const struct gateway *gw, enum level l)
{
	switch (l) {
	case LEVEL_DAY:
		return gw->budget.day;
	case LEVEL_MONTH:
		return gw->budget.month;
	case LEVEL_NUMBER:
	case _LEVEL_NUM:
		break;
	}
	return gw->budget.number;
}

/* \returns whether there is room; else *full is where there is none. */
static bool has_room(const struct gateway *gw, const struct rows *r, const struct budget_message *m,
		     enum level *full)
{
	int hundredths = share(m);

	for (int l = 0; hundredths && l < _LEVEL_NUM; l++) {
		int64_t most = limit(gw, l);

		*full = l;
		if (most && r->used[l] + m->parts > most * hundredths / 100)
			return false;
	}
	return true;
}

static int count(struct gateway *gw, const char *number, int parts, int64_t day)
{
	int rc = store_exec(gw->store, STORE_STMT_BUDGET_COUNT,
			    STORE_ARGS(STORE_INT(day), STORE_TEXT(number), STORE_INT(month_of(day)),
				       STORE_INT(parts)));

	return rc < 0 ? rc : 0;
}

static int tell(struct gateway *gw, const char *notice, int64_t day, int64_t now)
{
	int rc = store_exec(gw->store, STORE_STMT_BUDGET_TELL,
			    STORE_ARGS(STORE_TEXT(notice), STORE_INT(day), STORE_INT(now)));

	return rc < 0 ? rc : 0;
}

/* The first time on that row, the coordinators are told; of many numbers on one day, of the first. */
static int note_full(struct gateway *gw, const struct rows *r, enum level l, const char *number)
{
	const char *name = l == LEVEL_DAY ? ALL : l == LEVEL_MONTH ? MONTH : number;
	int64_t day = l == LEVEL_MONTH ? r->month : r->day, now = store_now(gw->store), others = 0;
	char masked[PHONE_MASK_SIZE];
	int rc = store_exec(gw->store, STORE_STMT_BUDGET_FULL,
			    STORE_ARGS(STORE_INT(day), STORE_TEXT(name), STORE_INT(now)));

	if (rc <= 0)
		return rc; /* 0: it was full before */
	LOGP(DOUTBOX, LOGL_NOTICE, "%s: what is less urgent waits%s%s\n", notices[l],
	     l == LEVEL_NUMBER ? ", to " : "",
	     l == LEVEL_NUMBER ? phone_mask(masked, sizeof(masked), number) : "");
	if (l == LEVEL_NUMBER) {
		rc = store_get_int(gw->store, &others, STORE_STMT_BUDGET_FULL_NUMBERS,
				   STORE_ARGS(STORE_INT(day)));
		if (rc || others > 1)
			return rc;
	}
	return tell(gw, notices[l], day, now);
}

/* Nobody is rung at midnight by what waited for the day to end. */
static int64_t next_day(const struct gateway *gw, int64_t day)
{
	return quiet_over(gw, budget_day_begin(day + 1));
}

int budget_take(struct gateway *gw, const struct budget_message *m, int64_t *due_at)
{
	int64_t first = budget_day(*due_at), at = *due_at;

	for (int64_t day = first; day < first + DAYS_MAX; day = budget_day(at)) {
		enum level full = LEVEL_DAY;
		struct rows r;
		int rc = read_rows(&r, gw, m->number, day);

		if (rc)
			return rc;
		if (has_room(gw, &r, m, &full)) {
			*due_at = at;
			return count(gw, m->number, m->parts, day);
		}
		rc = note_full(gw, &r, full, m->number);
		if (rc)
			return rc;
		at = next_day(gw, day);
		if (day == first)
			*due_at = at;
		if (at >= m->use_by)
			break;
	}
	return 1;
}

int budget_add(struct gateway *gw, const char *number, int parts, int64_t now)
{
	return count(gw, number, parts, budget_day(now));
}

static int look(struct gateway *gw, struct budget_state *out, int64_t day, const char *name)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_BUDGET_LOOK,
					      STORE_ARGS(STORE_INT(day), STORE_TEXT(name)));
	int rc;

	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	out->used = rc == 1 ? store_int(rows, 0) : 0;
	out->since = rc == 1 ? store_int(rows, 1) : 0;
	store_done(rows);
	return rc < 0 ? rc : 0;
}

int budget_look(struct gateway *gw, struct budget_state *day, struct budget_state *month,
		int64_t *unanswered, int64_t at)
{
	struct budget_state none = { 0 };
	int64_t today = budget_day(at);
	int rc;

	*day = (struct budget_state){ .most = gw->budget.day };
	*month = (struct budget_state){ .most = gw->budget.month };
	rc = look(gw, day, today, ALL);
	if (!rc)
		rc = look(gw, month, month_of(today), MONTH);
	if (!rc)
		rc = look(gw, &none, today, UNANSWERED);
	*unanswered = none.used;
	return rc;
}

int budget_unanswered(struct gateway *gw, int64_t *n, int64_t now)
{
	struct budget_state state = { 0 };
	int64_t day = budget_day(now);
	int rc = store_exec(gw->store, STORE_STMT_BUDGET_ADD,
			    STORE_ARGS(STORE_INT(day), STORE_TEXT(UNANSWERED), STORE_INT(1)));

	if (rc < 0)
		return rc;
	rc = look(gw, &state, day, UNANSWERED);
	*n = state.used;
	return rc || state.used != 1 ? rc : tell(gw, "flood", day, now);
}
