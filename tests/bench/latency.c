/* contrib/quickstart bench latency: from +CMTI to Ctrl-Z on a simulated modem that answers at once.
 *
 * The same texts go to the gateway and to gammu_echo, which does nothing but
 * libgammu's own calls; the two take turns, so that a noisy machine is noisy
 * for both. The difference is what the gateway adds: two processes, a frame
 * each way, reading the text, the events, the answer, a durable commit.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define ROUNDS    5
#define TEXTS     100 /* in a round */
#define ANSWER_MS 20000
#define SENDER    "+33639980001"

/* An answer as long as the gateway's, so that both send the same octets. */
#define ECHO_ANSWER                                                                             \
	"2 kg de carottes 3,60 EUR. Total 3,60 EUR. Retrait samedi 17h-19h. Repondez OUI pour " \
	"commander, NON pour laisser."

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* When an event happened, by the simulator's monotonic clock, in nanoseconds: its second word. */
static int64_t moment(struct simulator *sim, const char *start, const char *part)
{
	char *line = sim_wait_event(sim, start, part, ANSWER_MS);

	if (!line)
		fail_msg("no event %s\n%s", start, sim_ask(sim, "status"));
	return strtoll(sim_word(sim, line, 1), NULL, 10);
}

/* One text after the other, each with its answer; nanoseconds from +CMTI to Ctrl-Z of the first part. */
static void measure(struct simulator *sim, int64_t *out, int round)
{
	for (int i = 0; i < TEXTS; i++) {
		char text[80];
		int64_t cmti, sent;

		snprintf(text, sizeof(text), "%s %d kg carottes", i % 2 ? "enleve" : "ajoute",
			 1 + (round * TEXTS + i / 2) % 9);
		sim_inject(sim, SENDER, text);
		cmti = moment(sim, "cmti\t", NULL);
		do { /* further parts of the answer before are events too */
			sent = moment(sim, "sent\t", SENDER);
		} while (sent < cmti);
		out[i] = sent - cmti;
		if (!sim_wait_message(sim, SENDER, NULL, ANSWER_MS))
			fail_msg("no whole answer to text %d of round %d", i, round);
	}
}

static void with_gateway(int64_t *out, int round)
{
	struct daemon *d = daemon_new(NULL, NULL);
	struct simulator *sim = sim_start(d, d->dir, NULL);

	daemon_start(d);
	daemon_wait_idle(d, ANSWER_MS);
	measure(sim, out, round);
	daemon_stop(d);
	talloc_free(d);
}

static void with_echo(int64_t *out, int round)
{
	void *ctx = talloc_new(NULL);
	char *dir = process_temp_dir(ctx), *log, *device, *text = NULL;
	struct simulator *sim = sim_start(ctx, dir, NULL);
	int64_t end = process_now_ms() + ANSWER_MS;
	pid_t pid;

	log = talloc_asprintf(ctx, "%s/echo.log", dir);
	device = talloc_asprintf(ctx, "%s/modem", dir);
	pid = process_start(log, (const char *[]){ BUILDDIR "/tests/bench/gammu_echo", device,
						   ECHO_ANSWER, NULL });
	do {
		process_nap();
		talloc_free(text);
		text = process_run(ctx, NULL, 1000, NULL, (const char *[]){ "cat", log, NULL });
	} while (!strstr(text, "ready") && process_now_ms() < end);
	measure(sim, out, round);
	process_stop(pid, SIGTERM, 2000);
	talloc_free(sim);
	process_remove_dir(dir);
	talloc_free(ctx);
}

static double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

static void print_row(const char *name, const int64_t *sorted, size_t n)
{
	printf("# %-28s median %6.2f ms   99th percentile %6.2f ms\n", name, ms(sorted[n / 2]),
	       ms(sorted[n * 99 / 100]));
}

static void what_the_gateway_adds(void **state)
{
	static int64_t gateway[ROUNDS * TEXTS], echo[ROUNDS * TEXTS];
	const size_t n = ROUNDS * TEXTS;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		with_gateway(gateway + round * TEXTS, round);
		with_echo(echo + round * TEXTS, round);
	}
	qsort(gateway, n, sizeof(*gateway), by_size);
	qsort(echo, n, sizeof(*echo), by_size);
	printf("# +CMTI to Ctrl-Z, %d texts each, in %d turns\n", (int)n, ROUNDS);
	print_row("gateway", gateway, n);
	print_row("libgammu's own calls", echo, n);
	printf("# %-28s median %6.2f ms   99th percentile %6.2f ms\n", "the gateway adds",
	       ms(gateway[n / 2] - echo[n / 2]), ms(gateway[n * 99 / 100] - echo[n * 99 / 100]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_gateway_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
