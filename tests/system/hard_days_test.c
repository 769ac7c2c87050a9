/* The modem has a hard day, and the daemon with it: what is queued stays, what was read is freed once, status says what
 * is the matter, and all goes on by itself or after an operator's word.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "tests/support/daemon.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define RESIDENT_1  "+33639980001"
#define RESIDENT_2  "+33639980002"
#define RESIDENT_5  "+33639980005"
#define COORDINATOR "+33639980031"
#define OTHER_IMSI  "208150000000001"
#define SOON_MS     20000

struct fixture {
	struct daemon *d;
	struct simulator *sim;
};

static struct fixture *begin(const char *pin)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	assert_non_null(f);
	f->d = daemon_new(f, NULL);
	f->sim = sim_start(f, f->d->dir, pin ? "--pin" : NULL, pin, NULL);
	daemon_start(f->d);
	if (!pin)
		daemon_wait_idle(f->d, SOON_MS);
	return f;
}

static void end(struct fixture *f)
{
	daemon_stop(f->d);
	talloc_free(f);
}

/* Wait until status says it. */
static void status_says(struct fixture *f, const char *part)
{
	int64_t until = process_now_ms() + SOON_MS;
	char *out = NULL;

	do {
		talloc_free(out);
		process_nap();
		out = daemon_ctl(f->d, NULL, "status", NULL);
		if (strstr(out, part))
			return;
	} while (process_now_ms() < until);
	daemon_show_log(f->d);
	fail_msg("status lacks '%s':\n%s", part, out);
}

static void ctl(struct fixture *f, const char *a, const char *b, const char *c)
{
	int rc;
	char *out = daemon_ctl(f->d, &rc, a, b, c, NULL);

	if (rc)
		fail_msg("%s %s %s: %s", a, b ?: "", c ?: "", out);
}

static void gets(struct fixture *f, const char *who, const char *part)
{
	if (sim_wait_message(f->sim, who, part, SOON_MS))
		return;
	daemon_show_log(f->d);
	fail_msg("%s does not get '%s': %s", who, part, daemon_ctl(f->d, NULL, "status", NULL));
}

/* Seconds pass, of a clock that is not the system's: a SIM is looked at anew after five of these. */
static void wait_ms(int64_t ms)
{
	int64_t until = process_now_ms() + ms;

	while (process_now_ms() < until)
		process_nap();
}

/* The SIM has no credit: nobody's message is given up, and status says what to look at. */
static void no_credit(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_fault(f->sim, "cms-error-each", "38");
	ctl(f, "send", RESIDENT_1, "un");
	ctl(f, "send", RESIDENT_2, "deux");
	ctl(f, "send", RESIDENT_5, "trois");
	status_says(f, "the network takes no messages (network out of order)");
	status_says(f, "(since ");
	status_says(f, "3 queued");
	sim_ask(f->sim, "fault\tclear");
	ctl(f, "clock", "+1m", NULL); /* after half a minute one is tried */
	gets(f, RESIDENT_5, "trois");
	gets(f, RESIDENT_1, "un");
	gets(f, RESIDENT_2, "deux");
	end(f);
}

/* Another SIM in the running modem: nothing leaves, nothing of it is read, until an operator says so. */
static void another_sim(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	wait_ms(5500);
	sim_fault(f->sim, "imsi", OTHER_IMSI);
	sim_inject(f->sim, RESIDENT_1, "PRIX");
	status_says(f, "another SIM is in it (IMSI ...0001, it was ...0001)");
	ctl(f, "send", RESIDENT_2, "reste ici");
	assert_int_equal(sim_pending(f->sim), 1);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM inbox"), 0);
	/* nor after a restart of the daemon */
	daemon_stop(f->d);
	daemon_start(f->d);
	status_says(f, "another SIM is in it");
	assert_int_equal(sim_count_messages(f->sim, NULL, NULL), 0);
	ctl(f, "modem", "gsm0", "accept-sim");
	gets(f, RESIDENT_2, "reste ici");
	gets(f, RESIDENT_1, NULL);
	daemon_wait_idle(f->d, SOON_MS);
	assert_int_equal(sim_pending(f->sim), 0);
	end(f);
}

/* Wait until both modems are on the network: what waits for one that is not there, the other may send. */
static void both_registered(struct fixture *f)
{
	int64_t until = process_now_ms() + 2 * SOON_MS;
	const char *first, *second;

	do {
		const char *out = daemon_ctl(f->d, NULL, "status", NULL);

		process_nap();
		first = strstr(out, "gsm0  registered");
		second = strstr(out, "gsm1  registered");
	} while ((!first || !second) && process_now_ms() < until);
	assert_true(first && second);
}

/* Two modems come back under each other's names: each number stays the number that people know. */
static void ports_exchanged(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	struct simulator *zero, *one;
	char *dir;
	FILE *file;

	(void)state;
	assert_non_null(f);
	f->d = daemon_new(f, NULL);
	dir = talloc_asprintf(f, "%s/other", f->d->dir);
	assert_int_equal(mkdir(dir, 0755), 0);
	file = fopen(f->d->config, "a");
	assert_non_null(file);
	fputs("modem gsm1\n device other/modem\n driver gammu\n pauses short\n", file);
	fclose(file);
	zero = sim_start(f, f->d->dir, "--imsi", "001010000000100", NULL);
	one = sim_start(f, dir, "--imsi", "001010000000111", NULL);
	f->sim = zero;
	daemon_start(f->d);
	daemon_wait_idle(f->d, SOON_MS);
	sim_inject(one, RESIDENT_1, "PRIX");
	assert_non_null(sim_wait_message(one, RESIDENT_1, NULL, SOON_MS));
	sim_stop(zero);
	sim_stop(one);
	one = sim_start(f, f->d->dir, "--imsi", "001010000000111", NULL);
	zero = sim_start(f, dir, "--imsi", "001010000000100", NULL);
	both_registered(f);
	ctl(f, "send", RESIDENT_1, "par le meme numero");
	if (!sim_wait_message(one, RESIDENT_1, "par le meme numero", SOON_MS)) {
		daemon_show_log(f->d);
		fail_msg("%s", daemon_ctl(f->d, NULL, "status", NULL));
	}
	assert_int_equal(sim_count_messages(zero, NULL, NULL), 0);
	end(f);
}

/* Plugged into another port: the link is the same, what it leads to is another. */
static void plugged_elsewhere(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_fault(f->sim, "unplug", NULL);
	status_says(f, "try ");
	ctl(f, "send", RESIDENT_1, "reste");
	sim_fault(f->sim, "replug", NULL);
	gets(f, RESIDENT_1, "reste");
	end(f);
}

/* An operator's restart waits for the part on air, and is no crash. */
static void restarted(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_fault(f->sim, "air", "1500");
	ctl(f, "send", RESIDENT_1, "en route");
	status_says(f, "; sending");
	ctl(f, "modem", "gsm0", "restart");
	status_says(f, "restarted by the operator");
	gets(f, RESIDENT_1, "en route");
	daemon_wait_idle(f->d, SOON_MS);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM message WHERE doubts > 0"), 0);
	assert_int_equal(sim_count_messages(f->sim, RESIDENT_1, NULL), 1);
	end(f);
}

/* Reports: the first before the answer, one that does not know yet, one twice, in the form of the country. */
static void odd_reports(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_fault(f->sim, "report-first", NULL);
	sim_fault(f->sim, "report-pending", NULL);
	sim_fault(f->sim, "report-twice", NULL);
	sim_fault(f->sim, "report-national", NULL);
	ctl(f, "send", RESIDENT_1, "un");
	gets(f, RESIDENT_1, "un");
	sim_fault(f->sim, "mr", "255");
	ctl(f, "send", RESIDENT_1, "deux");
	ctl(f, "send", RESIDENT_2, "trois");
	gets(f, RESIDENT_1, "deux");
	gets(f, RESIDENT_2, "trois");
	daemon_wait_idle(f->d, SOON_MS);
	assert_int_equal(
		daemon_sql_int(f->d, "SELECT count(*) FROM message WHERE state = 'delivered'"), 3);
	end(f);
}

/* The answer to a part is lost: its report says that it left. */
static void answer_lost(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_fault(f->sim, "cms-error-sent", "500");
	ctl(f, "send", RESIDENT_1, "parti");
	gets(f, RESIDENT_1, "parti");
	daemon_wait_idle(f->d, SOON_MS);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM message"
					      " WHERE state = 'delivered' AND doubts <= 1"),
			 1);
	assert_int_equal(sim_count_messages(f->sim, RESIDENT_1, NULL), 1);
	end(f);
}

/* A member calls, a stranger calls, and somebody sends what nobody can read: the coordinator knows. */
static void calls_and_noise(void **state)
{
	struct fixture *f = begin(NULL);

	(void)state;
	sim_ask(f->sim, "call\t" RESIDENT_1);
	assert_non_null(sim_wait_event(f->sim, "hangup\t", RESIDENT_1, SOON_MS));
	gets(f, COORDINATOR, "a appel"); /* by text */
	sim_ask(f->sim, "call\t+33639980071");
	assert_non_null(sim_wait_event(f->sim, "hangup\t", "+33639980071", SOON_MS));
	sim_ask(f->sim, "inject-pdu\t04FF91000000");
	assert_true(sim_wait_read(f->sim, SOON_MS));
	daemon_wait_idle(f->d, SOON_MS);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM inbox WHERE listed = 'called'"
					      " AND number = '" RESIDENT_1 "'"),
			 1);
	assert_int_equal(daemon_sql_int(f->d,
					"SELECT count(*) FROM inbox WHERE number = ''"
					" AND listed IS NOT NULL AND body LIKE '%04FF91000000'"),
			 1);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM inbox"), 2);
	end(f);
}

/* The SIM has two tries of its PIN left, and its gateway has a PIN: it is not tried. */
static void few_tries(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	char *path;
	FILE *file;

	(void)state;
	assert_non_null(f);
	f->d = daemon_new(f, NULL);
	path = talloc_asprintf(f, "%s/pin", f->d->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	fputs("1234\n", file);
	fclose(file);
	file = fopen(f->d->config, "a");
	assert_non_null(file);
	fputs(" pin-file pin\n", file);
	fclose(file);
	f->sim = sim_start(f, f->d->dir, "--pin", "1234", NULL);
	sim_fault(f->sim, "pin-tries", "2");
	daemon_start(f->d);
	status_says(f, "only two tries of its PIN left");
	daemon_stop(f->d);
	daemon_start(f->d);
	status_says(f, "only two tries of its PIN left");
	ctl(f, "modem", "gsm0", "pin-retry");
	status_says(f, "registered");
	end(f);
}

/* Asked to end while a part is on air: gone within two seconds, and the part is in doubt, not lost. */
static void ended_while_sending(void **state)
{
	struct fixture *f = begin(NULL);
	int64_t ms;

	(void)state;
	sim_fault(f->sim, "air", "3000");
	for (int i = 0; i < 5; i++)
		ctl(f, "send", RESIDENT_1, "en route");
	status_says(f, "; sending");
	ms = daemon_stop(f->d);
	assert_in_range(ms, 0, 2000);
	assert_int_equal(daemon_sql_int(f->d, "SELECT count(*) FROM message WHERE state = 'doubt'"),
			 1);
	talloc_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_credit),       cmocka_unit_test(another_sim),
		cmocka_unit_test(ports_exchanged), cmocka_unit_test(plugged_elsewhere),
		cmocka_unit_test(restarted),       cmocka_unit_test(odd_reports),
		cmocka_unit_test(answer_lost),     cmocka_unit_test(calls_and_noise),
		cmocka_unit_test(few_tries),       cmocka_unit_test(ended_while_sending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
