/* chapped-modem against a simulated modem that has a hard day: another SIM, a full one, no network, no settings, no sense.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/modem/hired.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define ALICE "+33639980001"
#define SOON  8000
/* Longer than a worker takes a SIM for the one that it was. */
#define NEXT  5200

static void *ctx;
static char *dir;

/* Looks at its modem every second. */
static const struct frame_config watchful = {
	.short_pauses = true, .call_wait = 2, .send_wait = 2, .look_wait = 1
};

static int setup(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "worker_hard_test");
	dir = process_temp_dir(ctx);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	process_remove_dir(dir);
	talloc_free(ctx);
	return 0;
}

static struct hired *ready(struct simulator *sim, const struct frame_config *config)
{
	struct hired *h = hired_start(ctx, sim->link, config);

	hired_hear_state(h, MODEM_HOME);
	return h;
}

static void end(struct hired *h, struct simulator *sim)
{
	hired_end(h);
	sim_stop(sim);
}

static struct sms_out part(const char *text)
{
	struct sms_out out = { .to = ALICE, .report = true };

	OSMO_STRLCPY_ARRAY(out.text, text);
	return out;
}

static struct frame hear_imsi(struct hired *h, const char *imsi)
{
	int64_t until = process_now_ms() + SOON;
	struct frame f;

	do {
		f = hired_hear(h, FRAME_OP_STATE, until - process_now_ms());
		if (!f.op)
			fail_msg("no SIM %s is told", imsi);
	} while (strcmp(f.state.imsi, imsi) != 0);
	return f;
}

/* Full without a word: what waits in the network comes in as slots are freed. */
static void test_full_unsaid(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--capacity", "3", NULL);
	struct hired *h = ready(sim, &watchful);

	(void)state;
	sim_fault(sim, "full-unsaid", NULL);
	sim_fault(sim, "cmti-lost", "5");
	for (int i = 0; i < 5; i++)
		sim_inject(sim, ALICE, "plein");
	for (int i = 0; i < 5; i++) {
		struct frame f = hired_receive(h);

		hired_delete(h, f.ref);
	}
	assert_int_equal(sim_pending(sim), 0);
	end(h, sim);
}

/* What was told of a full SIM is taken back with the first slot that is free, not a minute later. */
static void test_full_no_longer(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--capacity", "2", NULL);
	struct hired *h = ready(sim, NULL);
	struct frame first, second, f;

	(void)state;
	for (int i = 0; i < 3; i++) /* the third does not fit: the modem says so */
		sim_inject(sim, ALICE, "plein");
	first = hired_receive(h);
	second = hired_receive(h);
	do {
		f = hired_hear(h, FRAME_OP_STATE, SOON);
		assert_int_equal(f.op, FRAME_OP_STATE);
	} while (f.state.used < f.state.slots);
	hired_delete(h, first.ref);
	f = hired_hear(h, FRAME_OP_STATE, SOON);
	assert_true(f.state.used < f.state.slots);
	hired_delete(h, second.ref);
	hired_delete(h, hired_receive(h).ref);
	end(h, sim);
}

/* The slot of a text of the old SIM holds another one's text by now: it is not freed. */
static void test_slot_of_another_sim(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);
	struct frame f;

	(void)state;
	sim_inject(sim, ALICE, "pour l'ancienne");
	f = hired_receive(h);
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, NEXT).op, 0);
	sim_ask(sim, "fault\timsi\t208150000000001");
	sim_fault(sim, "cmti-lost", NULL);
	sim_inject(sim, ALICE, "pour la nouvelle");
	hired_tell(h, &(struct frame){ .op = FRAME_OP_SMS_DELETE, .ref = f.ref });
	hear_imsi(h, "208150000000001");
	assert_string_equal(hired_receive(h).in.text, "pour la nouvelle");
	assert_int_equal(sim_pending(sim), 1);
	end(h, sim);
}

/* Nothing leaves by a SIM that it was not given for. */
static void test_send_by_another_sim(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);
	struct frame f = { .op = FRAME_OP_SMS_SEND, .ref = 9, .out = part("pour l'ancienne") };

	(void)state;
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, NEXT).op, 0);
	sim_ask(sim, "fault\timsi\t208150000000001");
	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.sent.result, FRAME_SEND_FAILED);
	assert_int_equal(f.sent.cause, 313);
	hear_imsi(h, "208150000000001");
	assert_int_equal(sim_count_messages(sim, NULL, NULL), 0);
	end(h, sim);
}

/* Taken out while it runs, and put back. */
static void test_sim_removed(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, &watchful);
	struct frame f = { .op = FRAME_OP_SMS_SEND, .ref = 9, .out = part("sans carte") };

	(void)state;
	sim_fault(sim, "sim-removed", NULL);
	hired_hear_state(h, MODEM_NO_SIM);
	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.sent.result, FRAME_SEND_FAILED);
	sim_ask(sim, "fault\tclear");
	sim_inject(sim, ALICE, "de retour");
	assert_string_equal(hired_receive(h).in.text, "de retour");
	end(h, sim);
}

/* The network is gone while a part is to be sent: the worker looks at once, and says when it is back. */
static void test_network_lost(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);
	struct sms_out out = part("sans réseau");
	struct frame_sent sent;

	(void)state;
	sim_ask(sim, "fault\tregistration\t2");
	hired_hear_state(h, MODEM_SEARCHING); /* +CREG said so, a minute before the next look */
	sent = hired_send(h, &out);
	assert_int_equal(sent.result, FRAME_SEND_FAILED);
	assert_int_equal(sent.cause, 331);
	sim_ask(sim, "fault\tregistration\t5");
	hired_hear_state(h, MODEM_ROAMING);
	sim_fault(sim, "sms-only", NULL);
	hired_hear_state(h, MODEM_ATTACHED);
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_SENT);
	end(h, sim);
}

/* Settings are lost and nobody says so: the next worker makes them again, and what came meanwhile is read. */
static void test_reboot_in_silence(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, &watchful);
	struct frame f;

	(void)state;
	sim_fault(sim, "reboot-silent", NULL);
	sim_inject(sim, ALICE, "sans annonce");
	assert_int_equal(WEXITSTATUS(hired_wait(h, 30000)), WORKER_EXIT_SILENT);
	h = ready(sim, &watchful);
	f = hired_receive(h);
	assert_string_equal(f.in.text, "sans annonce");
	hired_delete(h, f.ref);
	sim_inject(sim, ALICE, "annoncé");
	assert_non_null(sim_wait_event(sim, "cmti\t", NULL, SOON));
	assert_string_equal(hired_receive(h).in.text, "annoncé");
	end(h, sim);
}

static void test_other_speed(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h;
	int status;

	(void)state;
	sim_fault(sim, "garble", NULL);
	h = hired_start(ctx, sim->link, &watchful);
	status = hired_wait(h, 20000);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), WORKER_EXIT_NO_ANSWER);
	sim_ask(sim, "fault\tclear");
	h = ready(sim, &watchful);
	sim_fault(sim, "garble", NULL); /* from one moment to the next */
	status = hired_wait(h, 20000);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), WORKER_EXIT_SILENT);
	sim_stop(sim);
}

/* The network asks on, and nobody will ever answer: the session is ended. */
static void test_ussd_left_open(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--balance", "1. Solde 2. Aide", NULL);
	struct hired *h = ready(sim, NULL);
	struct frame f = { .op = FRAME_OP_USSD_DIAL, .text = "*123#" };

	(void)state;
	sim_fault(sim, "ussd-open", NULL);
	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_USSD_RECEIVED, SOON);
	assert_int_equal(f.ussd.state, 1);
	assert_string_equal(f.ussd.text, "1. Solde 2. Aide");
	assert_non_null(sim_wait_event(sim, "ussd-closed\t", NULL, SOON));
	hired_tell(h, &(struct frame){ .op = FRAME_OP_USSD_DIAL, .text = "*123#" });
	f = hired_hear(h, FRAME_OP_USSD_RECEIVED, SOON); /* and another may begin */
	assert_int_equal(f.ussd.state, 0);
	end(h, sim);
}

/* Late answers: what is within its time is an answer, what is beyond it silence; of a part, a doubt. */
static void test_late(void **state)
{
	struct frame_config config = {
		.short_pauses = true, .call_wait = 6, .send_wait = 2, .look_wait = 60
	};
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, &config);
	struct sms_out out = part("tard");
	struct frame f;

	(void)state;
	sim_fault(sim, "slow", "1000");
	sim_inject(sim, ALICE, "lent");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "lent");
	sim_ask(sim, "fault\tclear");
	sim_fault(sim, "air", "1500");
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_SENT);
	sim_fault(sim, "air", "4000");
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_DOUBT);
	assert_int_equal(WEXITSTATUS(hired_wait(h, 30000)), WORKER_EXIT_SILENT);
	assert_non_null(sim_wait_event(sim, "report\t", NULL, SOON)); /* the network took it */
	sim_fault(sim, "air", "0");
	h = ready(sim, &config);
	sim_fault(sim, "slow", "10000");
	hired_tell(h, &(struct frame){ .op = FRAME_OP_PING });
	assert_int_equal(WEXITSTATUS(hired_wait(h, 40000)), WORKER_EXIT_SILENT);
	sim_stop(sim);
}

/* A worker that lives is not enough: its modem is asked. */
static void test_ping(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);

	(void)state;
	hired_tell(h, &(struct frame){ .op = FRAME_OP_PING });
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, SOON).op, FRAME_OP_PONG);
	sim_fault(sim, "silent", NULL);
	hired_tell(h, &(struct frame){ .op = FRAME_OP_PING });
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, 500).op, 0);
	assert_int_equal(WEXITSTATUS(hired_wait(h, 30000)), WORKER_EXIT_SILENT);
	sim_stop(sim);
}

static void test_tries(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--pin", "1234", NULL);
	struct frame wrong = { .op = FRAME_OP_PIN, .text = "0000" };
	struct hired *h = hired_start(ctx, sim->link, NULL);

	(void)state;
	assert_int_equal(hired_hear_state(h, MODEM_PIN_NEEDED).state.tries, 3);
	hired_tell(h, &wrong);
	hired_hear_state(h, MODEM_PIN_REFUSED);
	hired_end(h);
	h = hired_start(ctx, sim->link, NULL);
	assert_int_equal(hired_hear_state(h, MODEM_PIN_NEEDED).state.tries, 2);
	hired_end(h);
	sim_fault(sim, "pin-tries", "0");
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_LOCKED); /* it wants its PUK */
	end(h, sim);
}

static void test_reference_wraps(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);
	struct sms_out out = part("un");

	(void)state;
	sim_fault(sim, "mr", "255");
	assert_int_equal(hired_send(h, &out).mr, 255);
	assert_int_equal(hired_send(h, &out).mr, 0);
	end(h, sim);
}

/* All that a report can do: early, twice, of an unknown part, in the form of the country, not yet and then yes. */
static void test_reports(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim, NULL);
	struct sms_out out = part("un");
	struct frame_sent sent;
	struct frame f;

	(void)state;
	sim_fault(sim, "report-first", NULL);
	sim_fault(sim, "report-pending", NULL);
	sim_fault(sim, "report-twice", NULL);
	sim_fault(sim, "report-national", NULL);
	sent = hired_send(h, &out);
	assert_int_equal(sent.result, FRAME_SEND_SENT);
	f = hired_hear(h, FRAME_OP_SMS_REPORT, SOON);
	assert_int_equal(f.report.status, 0x20);
	assert_int_equal(f.report.mr, sent.mr);
	assert_string_equal(f.report.recipient, "0639980001");
	while (f.op && f.report.status == 0x20)
		f = hired_hear(h, FRAME_OP_SMS_REPORT, SOON);
	assert_int_equal(f.report.status, 0);
	end(h, sim);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_full_unsaid),
		T(test_full_no_longer),
		T(test_slot_of_another_sim),
		T(test_send_by_another_sim),
		T(test_sim_removed),
		T(test_network_lost),
		T(test_reboot_in_silence),
		T(test_other_speed),
		T(test_ussd_left_open),
		T(test_late),
		T(test_ping),
		T(test_tries),
		T(test_reference_wraps),
		T(test_reports),
	};

	return cmocka_run_group_tests_name("worker_hard", tests, NULL, NULL);
}
