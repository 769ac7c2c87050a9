/* contrib/quickstart bench air: messages a minute where each part is two seconds on air, by one modem and by eight.
 *
 * A modem's limit is one part in each time on air. What is measured is how near
 * the gateway comes to it: the worker, libgammu and its pauses, the frames, the
 * durable commits between a part and the next.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define AIR        "2"
#define LIMIT      30.0 /* messages a minute of one modem */
#define MESSAGES   12   /* for each modem */
#define MODEMS_MAX 8
#define READY_MS   60000
#define SENT_MS    60000

struct run {
	struct daemon *d;
	int modems;
	struct simulator *sim[MODEMS_MAX];
};

/* The last line of the configuration says how the first modem pauses: another takes its place. */
static void configure(struct run *r, const char *pauses)
{
	static const char last[] = " pauses short\n";
	FILE *f = fopen(r->d->config, "r+");

	assert_non_null(f);
	assert_int_equal(fseek(f, -(long)strlen(last), SEEK_END), 0);
	assert_int_equal(ftruncate(fileno(f), ftell(f)), 0);
	fprintf(f, " pauses %s\n", pauses);
	for (int i = 1; i < r->modems; i++)
		fprintf(f, "modem gsm%d\n device m%d/modem\n driver gammu\n pauses %s\n", i, i,
			pauses);
	fclose(f);
}

static void start_modems(struct run *r)
{
	for (int i = 0; i < r->modems; i++) {
		char *imsi = talloc_asprintf(r->d, "00101000000001%d", i);
		char *dir = i ? talloc_asprintf(r->d, "%s/m%d", r->d->dir, i) : r->d->dir;

		if (i)
			assert_int_equal(mkdir(dir, 0755), 0);
		r->sim[i] = sim_start(r->d, dir, "--air", AIR, "--imsi", imsi, NULL);
	}
}

static void wait_ready(struct run *r)
{
	int64_t end = process_now_ms() + READY_MS;
	int ready;

	do {
		char *out = daemon_ctl(r->d, NULL, "status", NULL);

		ready = 0;
		for (const char *at = out; (at = strstr(at, "registered")); at++)
			ready++;
		process_nap();
		if (process_now_ms() >= end)
			fail_msg("%d of %d modems are ready:\n%s", ready, r->modems, out);
	} while (ready < r->modems);
}

static void queue(struct run *r)
{
	for (int i = 0; i < r->modems * MESSAGES; i++) {
		char *to = talloc_asprintf(r->d, "+3363998%04d", 1000 + i);
		int rc;
		char *out = daemon_ctl(r->d, &rc, "send", to,
				       "Votre commande est prete, a samedi !", NULL);

		if (rc)
			fail_msg("send: %s", out);
	}
}

/* Parts that a modem took, the first and the last moment of Ctrl-Z. */
static int count(struct simulator *sim, int64_t *first, int64_t *last)
{
	const char *line;
	int n = 0;

	for (; (line = sim_wait_event(sim, "sent\t", NULL, n ? 10 : 1000)); n++) {
		*last = strtoll(sim_word(sim, line, 1), NULL, 10);
		if (!n)
			*first = *last;
	}
	return n;
}

/* Each modem's own pace, from its first part to its last, added up. */
static void tell(struct run *r, const char *pauses)
{
	double pace = 0, least = LIMIT;
	int all = 0;

	for (int i = 0; i < r->modems; i++) {
		int64_t first = 0, last = 0;
		int n = count(r->sim[i], &first, &last);
		double own = n > 1 ? (n - 1) / ((double)(last - first) / 60e9) : 0;

		all += n;
		pace += own;
		least = OSMO_MIN(least, own);
	}
	assert_int_equal(all, r->modems * MESSAGES);
	printf("# %d modem%s, pauses %-6s  %6.1f messages/min, %3.0f %% of the limit; the slowest modem %3.0f %%\n",
	       r->modems, r->modems > 1 ? "s" : " ", pauses, pace, 100 * pace / (LIMIT * r->modems),
	       100 * least / LIMIT);
}

static void measure(int modems, const char *pauses)
{
	struct run *r = talloc_zero(NULL, struct run);
	int64_t end;

	assert_non_null(r);
	r->modems = modems;
	r->d = daemon_new(r, NULL);
	configure(r, pauses);
	start_modems(r);
	daemon_start(r->d);
	wait_ready(r);
	queue(r);
	end = process_now_ms() + SENT_MS;
	while (daemon_sql_int(r->d,
			      "SELECT count(*) FROM message WHERE state IN ('queued', 'sending')")
	       > 0) {
		process_nap();
		if (process_now_ms() >= end)
			fail_msg("not all is sent: %s", daemon_ctl(r->d, NULL, "outbox", NULL));
	}
	tell(r, pauses);
	daemon_stop(r->d);
	talloc_free(r);
}

static void share_of_the_limit(void **state)
{
	(void)state;
	printf("# two seconds on air for each part: at most %.0f messages/min and modem\n", LIMIT);
	measure(1, "short");
	measure(1, "normal");
	measure(MODEMS_MAX, "short");
	measure(MODEMS_MAX, "normal");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(share_of_the_limit),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
