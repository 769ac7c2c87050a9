/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/system/crash.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define IDLE_MS      60000
#define GONE_MS      5000
#define DOUBT_PASSES "+15m" /* longer than a doubt waits for its report */
#define KILLS_A_REST 20
#define DOUBLE_EVERY 10

/* Orders are in a draft, so each text has its effect at once and one recap as its answer. */
static const char *const senders[] = { "+33639980001", "+33639980002", "+33639980005",
				       "+33639980006" };

struct product {
	const char *words, *name;
	int factor; /* thousandths of the sale unit for 1 */
};
static const struct product products[] = {
	{ "kg de carottes", "carotte", 1000 }, { "kg de patates", "pomme_de_terre", 1000 },
	{ "kg de poireaux", "poireau", 1000 }, { "kg d'oignons", "oignon", 1000 },
	{ "kg de tomates", "tomate", 1000 },   { "kg d'endives", "endive", 1000 },
	{ "kg de pommes", "pomme", 1000 },     { "bottes de radis", "radis", 1000 },
	{ "salades", "salade", 1000 },         { "baguettes", "baguette", 1000 },
	{ "l de lait", "lait", 1000 },         { "pots de miel", "miel", 1000 },
};
#define PRODUCTS ((int)ARRAY_SIZE(products))
/* Rounds of one sender: every product is added, then set to another quantity. */
#define ROUNDS   (2 * PRODUCTS)

struct run {
	const struct crash_plan *plan;
	struct daemon *d;
	struct simulator *sim;
	uint32_t random;
	int sent[ARRAY_SIZE(senders)];
	int64_t expected[ARRAY_SIZE(senders)][PRODUCTS]; /* thousandths */
	int killed;
};

/* xorshift32: the same numbers on every machine. */
static uint32_t next_random(struct run *r)
{
	r->random ^= r->random << 13;
	r->random ^= r->random >> 17;
	r->random ^= r->random << 5;
	return r->random;
}

/* Text number i of all: senders take turns. */
static uint32_t send_text(struct run *r, int i)
{
	int who = i % (int)ARRAY_SIZE(senders);
	int round = r->sent[who]++;
	const struct product *p = &products[round % PRODUCTS];
	int lap = round / PRODUCTS;
	uint32_t id;
	char *text;

	if (lap == 0)
		text = talloc_asprintf(r->d, "AJOUTE %d %s", 2 + round % 3, p->words);
	else
		text = talloc_asprintf(r->d, "mettez %d %s au lieu de %d", 4 + lap, p->words,
				       lap == 1 ? 2 + round % PRODUCTS % 3 : 3 + lap);
	r->expected[who][round % PRODUCTS] = (lap == 0 ? 2 + round % 3 : 4 + lap) * p->factor;
	id = sim_inject(r->sim, senders[who], text);
	talloc_free(text);
	return id;
}

static pid_t victim(struct run *r)
{
	pid_t gateway = process_child(r->d->parent, "chapped: gateway");
	pid_t worker = process_child(r->d->parent, "chapped: modem");
	pid_t all[] = { r->d->parent, gateway, worker };

	return all[next_random(r) % ARRAY_SIZE(all)];
}

/* Kills hit a daemon at work: some of the texts have been read, by chance all or nearly none of the last ones. */
static void wait_for_work(struct run *r)
{
	size_t left = next_random(r) % (uint32_t)r->plan->texts_a_kill;
	int64_t end = process_now_ms() + IDLE_MS;
	int64_t until;

	while (sim_pending(r->sim) > left && process_now_ms() < end)
		process_nap();
	until = process_now_ms() + (int64_t)(next_random(r) % 20);
	while (process_now_ms() < until)
		process_nap();
}

static void kill_one(struct run *r)
{
	pid_t pid;

	wait_for_work(r);
	pid = victim(r);
	if (!pid)
		return; /* it is being replaced: the next one */
	r->killed++;
	kill(pid, SIGKILL);
	if (pid != r->d->parent)
		return;
	process_wait(pid, GONE_MS);
	daemon_start(r->d); /* as the service manager would */
}

static void come_to_rest(struct run *r)
{
	char *said;
	int rc;

	daemon_wait_idle(r->d, IDLE_MS);
	if (!sim_wait_read(r->sim, IDLE_MS)) {
		daemon_show_log(r->d);
		fail_msg("texts are still in the SIM:\n%s", sim_ask(r->sim, "status"));
	}
	daemon_wait_idle(r->d, IDLE_MS);
	said = daemon_ctl(r->d, &rc, "clock", DOUBT_PASSES, NULL);
	if (rc) {
		daemon_show_log(r->d);
		fail_msg("clock: %s; %s", said, daemon_ctl(r->d, NULL, "status", NULL));
	}
	daemon_wait_idle(r->d, IDLE_MS);
}

static void send_and_kill(struct run *r, struct crash_account *out)
{
	int texts = r->plan->kills * r->plan->texts_a_kill;

	for (int i = 0; i < texts; i++) {
		uint32_t id = send_text(r, i);

		if (i % DOUBLE_EVERY == DOUBLE_EVERY - 1) {
			sim_duplicate(r->sim, id);
			out->delivered_twice++;
		}
		if (i % r->plan->texts_a_kill == r->plan->texts_a_kill - 1)
			kill_one(r);
		if (i % (r->plan->texts_a_kill * KILLS_A_REST) == 0)
			come_to_rest(r); /* minutes pass in real life, and doubts with them */
	}
	out->texts = texts;
}

static int count(struct run *r, const char *format, ...)
{
	va_list ap;
	char *sql;
	int n;

	va_start(ap, format);
	sql = talloc_vasprintf(r->d, format, ap);
	va_end(ap);
	n = (int)daemon_sql_int(r->d, sql);
	talloc_free(sql);
	return n;
}

#define OF_SENDER                                                                                  \
	" owner_id = (SELECT person_id FROM contact_person JOIN contact_number USING (contact_id)" \
	" WHERE number = '%s')"

static void check_sender(struct run *r, int who, struct crash_account *out)
{
	const char *number = senders[who];
	int rows, changes, answers, doubts;

	rows = count(r, "SELECT count(*) FROM inbox WHERE number = '%s' AND state = 'handled'",
		     number);
	changes = count(
		r,
		"SELECT count(*) FROM event_log e JOIN order_line l ON l.id = e.subject_id"
		" JOIN orders o ON o.id = l.order_id"
		" WHERE e.machine = 'line' AND e.event IN ('add', 'change', 'drop') AND" OF_SENDER,
		number);
	answers = (int)sim_count_messages(r->sim, number, NULL);
	doubts = count(r, "SELECT coalesce(sum(doubts), 0) FROM message WHERE number = '%s'",
		       number);
	out->lost += r->sent[who] - rows;
	out->effects_missing += OSMO_MAX(0, r->sent[who] - changes);
	out->effects_twice += OSMO_MAX(0, changes - r->sent[who]);
	out->unanswered += OSMO_MAX(0, r->sent[who] - answers);
	out->answered_twice += OSMO_MAX(0, answers - r->sent[who] - doubts);
	out->in_doubt += doubts;
	for (int p = 0; p < PRODUCTS; p++) {
		int64_t have = count(
			r,
			"SELECT coalesce(sum(qty_milli), 0) FROM order_line l"
			" JOIN orders o ON o.id = l.order_id JOIN offer f ON f.id = l.offer_id"
			" WHERE l.state = 'requested' AND f.product = '%s' AND" OF_SENDER,
			products[p].name, number);

		if (have != r->expected[who][p])
			out->effects_missing++;
	}
}

void crash_run(struct crash_account *out, const struct crash_plan *plan)
{
	struct run *r = talloc_zero(NULL, struct run);
	int64_t start = process_now_ms();

	assert_non_null(r);
	assert_true(plan->kills * plan->texts_a_kill <= (int)ARRAY_SIZE(senders) * ROUNDS * 10);
	memset(out, 0, sizeof(*out));
	r->plan = plan;
	r->random = plan->seed;
	r->d = daemon_new(r, NULL);
	r->sim = sim_start(r, r->d->dir, NULL);
	daemon_start(r->d);
	daemon_wait_idle(r->d, IDLE_MS);
	send_and_kill(r, out);
	come_to_rest(r);
	for (int who = 0; who < (int)ARRAY_SIZE(senders); who++)
		check_sender(r, who, out);
	if (out->lost || out->effects_missing || out->effects_twice || out->unanswered
	    || out->answered_twice)
		daemon_show_log(r->d);
	daemon_stop(r->d);
	out->seconds = (process_now_ms() - start) / 1000;
	talloc_free(r);
}
