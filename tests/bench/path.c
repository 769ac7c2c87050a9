/* The path of a text without a modem: from inbox_receive() to the commit with its event, notices and reply queued.
 *
 * Four hundred residents order from the demo platform and confirm. Measured one text
 * at a time and in groups, and of both how much of the time the statements
 * took inside the database: the rest is ours. Then, in turns in one run, the
 * gateway in groups of 32 and a bare loop that writes the same (bare.h).
 * At last the same with years of past events in the file.
 *
 * usage: path [TEXTS [PAST EVENTS]]
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "parsers/civil.h"
#include "parsers/reading.h"

#include "gateway/bearer/bearer.h"
#include "gateway/deadline.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"
#include "gateway/log.h"
#include "gateway/outbox.h"
#include "gateway/store/create.h"
#include "gateway/store/sqlite.h"
#include "gateway/store/store.h"
#include "gateway/store/backup.h"
#include "tests/bench/bare.h"
#include "tests/bench/history.h"
#include "tests/support/process.h"

#define TEXTS_DEFAULT 2400
/* Texts that are not counted: caches fill, and the inbox is careful at first. */
#define WARM_UP       400
#define RUNS_MAX      20000
#define ROUNDS        11
#define PAST_DEFAULT  1000000
#define FIRST_PERSON  1000

#define RESIDENTS 400

/* What a resident says, one after the other; then the same again. Nothing runs out. */
static const char *const says[] = {
	"bjr je voudrai 2kg de patate et 1 botte radi svp",
	"ui",
	"ajoute 1kg carottes",
	"oui",
	"annule",
	"OUI",
};

struct bench {
	struct gateway *gw;
	struct bearer modem;
	unsigned int received, released;
	uint64_t sql_ns;       /* inside the statements */
	int64_t past;          /* events of years ago */
	bool taped;            /* a turn is a transaction of the bare loop, too */
	double took[RUNS_MAX]; /* ms a turn */
	size_t n_took;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static int on_profile(unsigned int what, void *data, void *stmt, void *ns)
{
	struct bench *b = data;

	(void)what;
	(void)stmt;
	b->sql_ns += *(sqlite3_uint64 *)ns;
	return 0;
}

static int no_send(struct bearer *b, uint32_t ref, const struct sms_out *sms)
{
	(void)b;
	(void)ref;
	(void)sms;
	return -1;
}

static void on_release(struct bearer *b, uint32_t slot)
{
	(void)slot;
	((struct bench *)b->data)->released++;
}

static const struct bearer_ops ops = { .send = no_send, .release = on_release };

static void die(const char *what)
{
	fprintf(stderr, "path: %s\n", what);
	exit(1);
}

/* Residents whose numbers consent, and a market that is never empty. */
/* Nothing runs out. */
static const char offers[] =
	"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem, payload)"
	" SELECT 'offer', id, 'add', version, producer_id, 'PRO', 'bench', 'o' || id,"
	" '{\"qty\":900000000}' FROM offer WHERE state = 'available';"
	"DELETE FROM notice;";

static void populate(struct bench *b)
{
	sqlite3 *db = store_sqlite(b->gw->store);
	char *error = NULL;

	if (history_people(db, FIRST_PERSON, RESIDENTS))
		die("no people");
	if (sqlite3_exec(db, offers, NULL, NULL, &error) != SQLITE_OK)
		die(error);
}

static void open_gateway(struct bench *b, const char *dir)
{
	struct gateway *gw = talloc_zero(NULL, struct gateway);
	char *error = NULL;

	b->gw = gw;
	gw->database = talloc_asprintf(gw, "%s/chappe.db", dir);
	gw->key_file = talloc_asprintf(gw, "%s/key", dir);
	gw->language = "fr";
	gw->country_code = "33";
	gw->time_zone = "Europe/Paris";
	INIT_LLIST_HEAD(&gw->bearers);
	if (store_create(gw, gw->database, true, &error)
	    || store_open(&gw->store, gw, gw->database, 200, &error)
	    || catalogue_open(&gw->catalogue, gw, "fr", &error)
	    || rules_open(&gw->rules, gw, "fr", NULL, &error))
		die(error);
	if (inbox_open(&gw->inbox, gw))
		die("no inbox");
	gw->outbox = outbox_open(gw);
	gw->deadline = deadline_open(gw);
	b->modem = (struct bearer){ .kind = "modem", .worker = "gsm0", .ops = &ops, .data = b };
	bearer_add(gw, &b->modem);
}

static void receive(struct bench *b)
{
	struct inbox_source source = { .bearer = "modem",
				       .worker = "gsm0",
				       .imsi = "208010000000001" };
	unsigned int n = b->received++;
	struct sms_in sms = { .ton = SMS_TON_INTERNATIONAL, .npi = 1, .smsc_at = 1792000000 + n };

	source.slot = n;
	snprintf(sms.sender, sizeof(sms.sender), "+33639990%03u", n % RESIDENTS);
	OSMO_STRLCPY_ARRAY(sms.text, says[n / RESIDENTS % ARRAY_SIZE(says)]);
	inbox_receive(b->gw, &source, &sms);
}

/* Texts in groups, each handled before the next group comes. */
static void play(struct bench *b, unsigned int texts, unsigned int group)
{
	unsigned int end = b->received + texts;

	while (b->received < end) {
		double begin = now_ms();

		if (b->taped)
			bare_group();
		for (unsigned int i = 0; i < group && b->received < end; i++)
			receive(b);
		while (b->released < b->received)
			osmo_select_main_ctx(1);
		if (b->n_took < RUNS_MAX)
			b->took[b->n_took++] = now_ms() - begin;
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct bench *b, unsigned int texts, unsigned int group)
{
	double begin = now_ms(), all;

	b->sql_ns = 0;
	b->n_took = 0;
	play(b, texts, group);
	all = now_ms() - begin;
	qsort(b->took, b->n_took, sizeof(b->took[0]), by_value);
	printf("groups of %2u: %6.0f texts/s, %5.2f ms a text, of that %2.0f %% in the database;"
	       " a group p50 %.2f ms, p99 %.2f ms\n",
	       group, texts / all * 1e3, all / texts, b->sql_ns / 1e4 / all, b->took[b->n_took / 2],
	       b->took[b->n_took * 99 / 100]);
}

/* The gateway and the bare loop in turns; the median of their ratios. */
static void compare(struct bench *b, struct store *twin, unsigned int texts, bool reads)
{
	double ratio[ROUNDS], ours[ROUNDS], bare[ROUNDS];
	unsigned int round = texts / ROUNDS;

	b->taped = true;
	bare_record(b->gw->store);
	for (int i = 0; i < ROUNDS; i++) {
		double begin = now_ms(), took;

		play(b, round, 32);
		ours[i] = now_ms() - begin;
		took = bare_replay(twin, reads);
		if (took < 0)
			die(store_error(twin));
		bare[i] = round / took * 1e3;
		ratio[i] = took / ours[i];
		ours[i] = round / ours[i] * 1e3;
	}
	bare_record(NULL);
	b->taped = false;
	qsort(ratio, ROUNDS, sizeof(ratio[0]), by_value);
	qsort(ours, ROUNDS, sizeof(ours[0]), by_value);
	qsort(bare, ROUNDS, sizeof(bare[0]), by_value);
	printf("in turns, groups of 32: the gateway %.0f texts/s, a bare loop of the same %s %.0f;"
	       " ratio %.0f %% (median of %d)\n",
	       ours[ROUNDS / 2], reads ? "statements" : "writes alone", bare[ROUNDS / 2],
	       ratio[ROUNDS / 2] * 100, ROUNDS);
}

/* The same texts to two gateways in turns; the median of their ratios. */
static void compare_past(struct bench *fresh, struct bench *old, unsigned int texts, int64_t events)
{
	double ratio[ROUNDS];
	unsigned int round = texts / ROUNDS;

	for (int i = 0; i < ROUNDS; i++) {
		double begin = now_ms(), middle;

		play(fresh, round, 32);
		middle = now_ms();
		play(old, round, 32);
		ratio[i] = (now_ms() - middle) / (middle - begin);
	}
	qsort(ratio, ROUNDS, sizeof(ratio[0]), by_value);
	printf("with %" PRId64 " past events, in turns: %.2f times the time of a new database"
	       " (median of %d)\n",
	       events, ratio[ROUNDS / 2], ROUNDS);
}

/* What the twin lacks since it was made is on the tape already. */
static struct store *open_twin(struct bench *b, const char *dir)
{
	char *path = talloc_asprintf(b, "%s/twin.db", dir), *error = NULL;
	struct store *twin;

	if (store_backup(b, b->gw->database, path, &error)
	    || store_open(&twin, b, path, 200, &error))
		die(error);
	return twin;
}

static struct bench *begin(const char *name, const char *dir, int64_t past)
{
	struct bench *b = talloc_zero(NULL, struct bench);
	const char *folder = talloc_asprintf(b, "%s/%s", dir, name);

	if (mkdir(folder, 0700) < 0)
		die(folder);
	open_gateway(b, folder);
	populate(b);
	if (past)
		b->past = history_write(store_sqlite(b->gw->store), past, FIRST_PERSON, RESIDENTS);
	if (b->past < 0)
		die("no history");
	sqlite3_trace_v2(store_sqlite(b->gw->store), SQLITE_TRACE_PROFILE, on_profile, b);
	play(b, WARM_UP, 1);
	return b;
}

static void end(struct bench *b)
{
	talloc_free(b->gw);
	talloc_free(b);
}

int main(int argc, char **argv)
{
	unsigned int texts = argc > 1 ? strtoul(argv[1], NULL, 10) : TEXTS_DEFAULT;
	int64_t past = argc > 2 ? strtoll(argv[2], NULL, 10) : PAST_DEFAULT;
	char *dir = process_temp_dir(NULL);
	struct bench *b, *old;
	struct store *twin;

	log_init(&log_categories, NULL);
	civil_set_zone("Europe/Paris");
	store_tune_memory();
	b = begin("new", dir, 0);
	measure(b, texts, 1);
	measure(b, texts, 32);
	twin = open_twin(b, dir);
	compare(b, twin, texts, true);
	compare(b, twin, texts, false);
	end(b);
	b = begin("fresh", dir, 0);
	old = begin("old", dir, past);
	compare_past(b, old, texts, old->past);
	end(b);
	end(old);
	process_remove_dir(dir);
	return 0;
}
