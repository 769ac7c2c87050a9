/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/reminder.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/clock.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/quiet.h"
#include "gateway/store/store.h"

/* Dealt with in one transaction at most: the loop has other work. */
#define TURN_MAX 32
/* Milliseconds between two looks: what happens meanwhile may have brought one that is due soon. */
#define LOOK_MS  30000

struct row {
	char name[40];
	char machine[16];
	char role[8];
	int64_t subject;
	int64_t person;
	int64_t due_at;
	int64_t until;
};

struct reminder {
	int64_t look_at; /* on the monotonic clock, in milliseconds */
	int64_t next_at; /* 0: none */
};

/* What is looked for at a moment: what is due, and what becomes due and useless within one night. */
struct scope {
	int64_t due;
	int64_t night_from, night_to; /* equal: of no night */
};

static bool scope_at(struct scope *out, const struct gateway *gw, int64_t at)
{
	int64_t night = quiet_begin(gw, at);

	if (quiet_over(gw, at) > at)
		return false;
	*out = (struct scope){ .due = at };
	if (night && at >= night - REMINDER_EARLY) {
		out->night_from = night;
		out->night_to = quiet_over(gw, night);
	}
	return true;
}

/* \returns how many, or an error of store.h. */
static int list(struct row *out, int max, struct gateway *gw, int64_t at)
{
	struct store_rows *rows;
	struct scope s;
	int rc = 0, n = 0;

	if (!scope_at(&s, gw, at))
		return 0;
	rows = store_query(gw->store, STORE_STMT_REMINDER_DUE,
			   STORE_ARGS(STORE_INT(s.due), STORE_INT(s.night_from),
				      STORE_INT(s.night_to), STORE_INT(max)));
	if (!rows)
		return store_errno(gw->store);
	while (n < max && (rc = store_next(rows)) == 1) {
		struct row *r = &out[n++];

		OSMO_STRLCPY_ARRAY(r->name, store_text(rows, 0));
		OSMO_STRLCPY_ARRAY(r->machine, store_text(rows, 1));
		r->subject = store_int(rows, 2);
		OSMO_STRLCPY_ARRAY(r->role, store_text(rows, 3));
		r->person = store_int(rows, 4);
		r->due_at = store_int(rows, 5);
		r->until = store_int(rows, 6);
	}
	store_done(rows);
	return rc < 0 ? rc : n;
}

static int remind(struct gateway *gw, const struct row *r, int64_t now)
{
	bool useful = now < r->until;
	char payload[48];
	int rc = store_exec(gw->store, STORE_STMT_REMINDER_DONE,
			    STORE_ARGS(STORE_TEXT(r->name), STORE_INT(r->subject),
				       STORE_INT(r->person), STORE_INT(r->due_at), STORE_INT(now),
				       STORE_INT(useful)));

	if (rc <= 0)
		return rc; /* 0: another gateway was first */
	LOGP(DCLOCK, LOGL_INFO, "%s of %s %" PRId64 "%s\n", r->name, r->machine, r->subject,
	     useful ? "" : ": too late to be of use, not sent");
	if (!useful)
		return 0;
	snprintf(payload, sizeof(payload), "{\"until\":%" PRId64 "}", r->until);
	rc = store_exec(gw->store, STORE_STMT_REMINDER_NOTICE,
			STORE_ARGS(STORE_TEXT(r->name), STORE_TEXT(r->machine),
				   STORE_INT(r->subject), STORE_TEXT(r->role), STORE_INT(r->person),
				   STORE_INT(now), STORE_TEXT(payload)));
	return rc < 0 ? rc : 0;
}

int reminder_run(struct gateway *gw, int64_t now)
{
	struct row row[TURN_MAX];
	int n = list(row, TURN_MAX, gw, now);
	int rc = n < 0 ? n : 0;

	for (int i = 0; i < n && !rc; i++)
		rc = remind(gw, &row[i], now);
	return rc ? rc : n;
}

/* \returns how many, or an error of store.h. */
static int turn(struct gateway *gw, int64_t now)
{
	int n, rc = store_begin(gw->store);

	n = rc ? rc : reminder_run(gw, now);
	rc = n < 0 ? n : notice_run(gw);
	if (!rc)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc ? rc : n;
}

static int look(struct gateway *gw, int64_t now)
{
	int rc = reminder_due(gw, now);

	if (rc <= 0)
		return rc;
	rc = turn(gw, now);
	if (rc >= 0)
		trouble_over(gw);
	clock_poke(gw);
	return rc;
}

void reminder_stale(struct gateway *gw)
{
	if (gw->reminder)
		gw->reminder->look_at = 0;
}

void reminder_tick(struct gateway *gw, int64_t now)
{
	struct reminder *r = gw->reminder;
	bool due = trouble_clock() >= r->look_at || (r->next_at && now >= r->next_at);
	int rc;

	if (!due || trouble_waits(gw))
		return;
	rc = look(gw, now);
	r->look_at = rc > 0 ? 0 : trouble_clock() + LOOK_MS;
	if (rc >= 0)
		rc = reminder_next(gw, &r->next_at, now);
	if (rc < 0)
		trouble_met(gw, rc);
}

struct reminder *reminder_open(struct gateway *gw)
{
	struct reminder *r = talloc_zero(gw, struct reminder);

	OSMO_ASSERT(r);
	return r;
}

int reminder_due(struct gateway *gw, int64_t at)
{
	struct row row;

	return list(&row, 1, gw, at);
}

/* When that goes out next which cannot wait for a morning; 0: there are no quiet hours. */
static int64_t early_after(const struct gateway *gw, int64_t at)
{
	int64_t night = quiet_begin(gw, quiet_over(gw, at));

	if (night && night - REMINDER_EARLY <= at)
		night = quiet_begin(gw, quiet_over(gw, night));
	return night ? night - REMINDER_EARLY : 0;
}

/* Of what is to come, or is there and waits for the morning. */
int reminder_next(struct gateway *gw, int64_t *next, int64_t at)
{
	int64_t over = quiet_over(gw, at), early = early_after(gw, at), due = 0;
	int rc = store_get_int(gw->store, &due, STORE_STMT_REMINDER_NEXT,
			       STORE_ARGS(STORE_INT(over > at ? 0 : at)));

	*next = 0;
	if (rc || !due)
		return rc;
	*next = quiet_over(gw, OSMO_MAX(due, over));
	if (early && early < *next)
		*next = early;
	return 0;
}
