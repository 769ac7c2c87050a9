/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/purge.h"

#include <inttypes.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/store/store.h"

#define DAY (24 * 60 * 60)

enum age {
	AGE_TEXTS,
	AGE_DELIVERY,
};

/* Each takes at most $2 rows of before $1. What refers to others goes before them. */
static const struct {
	enum store_stmt stmt;
	enum age age;
	const char *what;
} tables[] = {
	{ STORE_STMT_PURGE_INBOX_TEXTS, AGE_TEXTS, "texts that came in" },
	{ STORE_STMT_PURGE_MESSAGE_TEXTS, AGE_TEXTS, "texts that went out" },
	{ STORE_STMT_PURGE_NOTES, AGE_TEXTS, "notes" },
	{ STORE_STMT_PURGE_QUESTIONS, AGE_TEXTS, "questions" },
	{ STORE_STMT_PURGE_NOTICES, AGE_DELIVERY, "notices" },
	{ STORE_STMT_PURGE_MESSAGES, AGE_DELIVERY, "rows of the outbox" },
	{ STORE_STMT_PURGE_INBOX, AGE_DELIVERY, "rows of the inbox" },
	{ STORE_STMT_PURGE_REQUESTS, AGE_DELIVERY, "requests" },
	{ STORE_STMT_PURGE_BUDGETS, AGE_DELIVERY, "days of the budget" },
	{ STORE_STMT_PURGE_REMINDED, AGE_DELIVERY, "reminders" },
};

struct purge {
	size_t table;   /* that is looked at; all of them: the round is over */
	int64_t looked; /* when the last round ended */
	uint64_t taken; /* rows of this table in this round */
};

struct purge *purge_open(struct gateway *gw)
{
	struct purge *p = talloc_zero(gw, struct purge);

	OSMO_ASSERT(p);
	return p;
}

/* \returns rows taken, or an error of store.h. */
static int step(struct gateway *gw, size_t table, int64_t now)
{
	int days = tables[table].age == AGE_TEXTS ? gw->retain_texts : gw->retain_delivery;
	int rc = store_begin(gw->store), n = rc;

	if (!rc) {
		n = store_exec(
			gw->store, tables[table].stmt,
			STORE_ARGS(STORE_INT(now - (int64_t)days * DAY), STORE_INT(PURGE_STEP)));
		rc = n < 0 ? n : store_commit(gw->store);
	}
	if (rc < 0)
		store_rollback(gw->store);
	return rc < 0 ? rc : n;
}

/* Nothing more of this table. */
static void next_table(struct purge *p, int64_t now)
{
	if (p->taken)
		LOGP(DSTORE, LOGL_NOTICE, "purged: %" PRIu64 " %s\n", p->taken,
		     tables[p->table].what);
	p->taken = 0;
	p->table++;
	p->looked = now;
}

void purge_tick(struct gateway *gw, int64_t now)
{
	struct purge *p = gw->purge;
	int n;

	if (trouble_waits(gw))
		return;
	if (p->table == ARRAY_SIZE(tables)) {
		/* a clock that was set back must not put a round off */
		if (now >= p->looked && now < p->looked + PURGE_PAUSE)
			return;
		p->table = 0;
	}
	n = step(gw, p->table, now);
	if (n < 0) {
		trouble_met(gw, n);
		return;
	}
	trouble_over(gw);
	p->taken += (uint64_t)n;
	if (n < PURGE_STEP)
		next_table(p, now);
}
