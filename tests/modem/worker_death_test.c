/* chapped-modem against the simulated modem: how it ends, and what it says before.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/modem/hired.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define ALICE "+33639980001"
#define SOON  5000

static void *ctx;
static char *dir;
/* For tests that wait until its patience is over. */
static const struct frame_config impatient = { .short_pauses = true,
					       .call_wait = 1,
					       .send_wait = 1 };

static int setup(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "worker_death_test");
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

static void assert_exit(struct hired *h, enum worker_exit code)
{
	int status = hired_wait(h, SOON);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != (int)code)
		fail_msg("wait status 0x%x instead of exit %d", (unsigned int)status, code);
}

static void test_no_device(void **state)
{
	struct hired *h = hired_start(ctx, "/dev/serial/by-id/usb-nowhere", NULL);

	(void)state;
	assert_exit(h, WORKER_EXIT_MISSING);
}

static void test_no_modem(void **state)
{
	(void)state;
	assert_exit(hired_start(ctx, dir, NULL), WORKER_EXIT_CONFIG); /* a folder */
	assert_exit(hired_start(ctx, "/dev/null", NULL), WORKER_EXIT_BUSY);
}

/* A terminal where nothing answers: the library gives up after some of its own time-outs, or ours ends it. */
static void test_nothing_answers(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h;

	(void)state;
	sim_fault(sim, "silent", NULL);
	h = hired_start(ctx, sim->link, &impatient);
	assert_exit(h, WORKER_EXIT_NO_ANSWER);
	sim_stop(sim);
}

static void test_device_held(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	int fd = open(sim->link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_exit(hired_start(ctx, sim->link, NULL), WORKER_EXIT_BUSY);
	close(fd);
	sim_stop(sim);
}

static struct hired *ready_with(struct simulator *sim, const struct frame_config *config)
{
	struct hired *h = hired_start(ctx, sim->link, config);

	hired_hear_state(h, MODEM_HOME);
	return h;
}

static struct hired *ready(struct simulator *sim)
{
	return ready_with(sim, NULL);
}

static void test_unplugged(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim);

	(void)state;
	sim_fault(sim, "unplug", NULL);
	assert_exit(h, WORKER_EXIT_LOST);
	sim_fault(sim, "replug", NULL);
	h = ready(sim); /* and it is taken up again */
	sim_stop(sim);
	assert_exit(h, WORKER_EXIT_LOST);
}

static struct frame start_part(struct hired *h, const char *text)
{
	struct frame f = { .op = FRAME_OP_SMS_SEND,
			   .ref = 5,
			   .out = { .to = ALICE, .report = true } };

	OSMO_STRLCPY_ARRAY(f.out.text, text);
	hired_tell(h, &f);
	return hired_hear(h, FRAME_OP_SMS_SENDING, SOON);
}

/* The body is out, the answer never comes: nobody knows. */
static void test_unplugged_while_sending(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--air", "5", NULL);
	struct hired *h = ready(sim);
	struct frame f;

	(void)state;
	assert_int_equal(start_part(h, "en l'air").ref, 5);
	/* on air for five seconds; its handing over takes five milliseconds */
	assert_int_equal(hired_hear(h, FRAME_OP_SMS_SENT, 500).op, 0);
	sim_fault(sim, "unplug", NULL);
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.sent.result, FRAME_SEND_DOUBT);
	assert_exit(h, WORKER_EXIT_LOST);
	sim_stop(sim);
}

static void test_answer_lost(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready_with(sim, &impatient);
	struct frame f;

	(void)state;
	sim_fault(sim, "lost-cmgs", NULL);
	start_part(h, "perdu");
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.op, FRAME_OP_SMS_SENT);
	assert_int_equal(f.sent.result, FRAME_SEND_DOUBT);
	assert_non_null(sim_wait_message(sim, ALICE, "perdu", SOON));
	assert_exit(h, WORKER_EXIT_SILENT);
	sim_stop(sim);
}

static void test_no_prompt(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready_with(sim, &impatient);
	struct frame f;

	(void)state;
	sim_fault(sim, "prompt-missing", NULL);
	start_part(h, "jamais");
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.sent.result, FRAME_SEND_FAILED);
	assert_exit(h, WORKER_EXIT_SILENT);
	assert_int_equal(sim_count_messages(sim, ALICE, NULL), 0);
	sim_stop(sim);
}

/* All but the last OK: the part is sent, and the library is out of step. */
static void test_ok_missing(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready_with(sim, &impatient);
	struct frame f;

	(void)state;
	sim_fault(sim, "ok-missing", NULL);
	start_part(h, "presque");
	f = hired_hear(h, FRAME_OP_SMS_SENT, 8000);
	assert_int_equal(f.sent.result, FRAME_SEND_SENT);
	assert_exit(h, WORKER_EXIT_SILENT);
	sim_stop(sim);
}

static void test_silent(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready_with(sim, &impatient);

	(void)state;
	sim_inject(sim, ALICE, "un");
	hired_receive(h);
	sim_fault(sim, "silent", NULL);
	hired_tell(h, &(struct frame){ .op = FRAME_OP_USSD_DIAL, .text = "*123#" });
	assert_exit(h, WORKER_EXIT_SILENT);
	sim_stop(sim);
}

static void test_restarted(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim);

	(void)state;
	sim_fault(sim, "reboot", NULL);
	assert_exit(h, WORKER_EXIT_SILENT);
	sim_stop(sim);
}

static void test_network_states(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h;

	(void)state;
	sim_fault(sim, "network-denied", NULL);
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_DENIED);
	hired_end(h);
	sim_ask(sim, "fault\tregistration\t2");
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_SEARCHING);
	hired_end(h);
	sim_ask(sim, "fault\tregistration\t5");
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_ROAMING);
	hired_end(h);
	sim_fault(sim, "sms-only", NULL);
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_ATTACHED);
	hired_end(h);
	sim_ask(sim, "fault\tclear");
	sim_fault(sim, "sim-removed", NULL);
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_NO_SIM);
	hired_end(h);
	sim_stop(sim);
}

/* One try, and no other before the gateway gives another. */
static void test_pin(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--pin", "1234", NULL);
	struct hired *h = hired_start(ctx, sim->link, NULL);
	struct frame wrong = { .op = FRAME_OP_PIN, .text = "0000" };
	struct frame right = { .op = FRAME_OP_PIN, .text = "1234" };

	(void)state;
	hired_hear_state(h, MODEM_PIN_NEEDED);
	hired_tell(h, &wrong);
	hired_hear_state(h, MODEM_PIN_REFUSED);
	hired_end(h);
	/* the next worker asks again, and is given the right one */
	h = hired_start(ctx, sim->link, NULL);
	hired_hear_state(h, MODEM_PIN_NEEDED);
	hired_tell(h, &right);
	hired_hear_state(h, MODEM_HOME);
	hired_end(h);
	sim_stop(sim);
}

static void test_memory_full(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, "--capacity", "3", NULL);
	struct hired *h;

	(void)state;
	for (int i = 0; i < 5; i++)
		sim_inject(sim, ALICE, "plein");
	h = ready(sim);
	for (int i = 0; i < 5; i++) { /* what waits in the network comes as slots are freed */
		struct frame f = hired_receive(h);

		hired_delete(h, f.ref);
	}
	assert_int_equal(sim_pending(sim), 0);
	hired_end(h);
	sim_stop(sim);
}

static void test_gateway_gone(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim);

	(void)state;
	shutdown(h->fd, SHUT_RDWR);
	assert_exit(h, WORKER_EXIT_OK);
	sim_stop(sim);
}

static void test_bad_frame(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim);

	(void)state;
	assert_int_equal(send(h->fd, "\xff\0\0\0\0", 5, 0), 5);
	assert_exit(h, WORKER_EXIT_PROTOCOL);
	h = ready(sim);
	start_part(h, "un");
	hired_tell(h, &(struct frame){ .op = FRAME_OP_CONFIG, .config = { "/dev/null", "gammu" } });
	assert_exit(h, WORKER_EXIT_PROTOCOL);
	sim_stop(sim);
}

static void test_title_and_descriptors(void **state)
{
	struct simulator *sim = sim_start(ctx, dir, NULL);
	struct hired *h = ready(sim);
	char path[64], text[256] = "";
	int n = 0;
	DIR *d;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)h->pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_string_equal(text, "chapped: modem gsm0");
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)h->pid);
	d = opendir(path);
	if (d) { /* root may look */
		while (readdir(d))
			n++;
		closedir(d);
		assert_int_equal(n, 2 + 5); /* . and .., three, the gateway, the modem */
	}
	hired_end(h);
	sim_stop(sim);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_no_device),
		T(test_no_modem),
		T(test_device_held),
		T(test_nothing_answers),
		T(test_unplugged),
		T(test_unplugged_while_sending),
		T(test_answer_lost),
		T(test_no_prompt),
		T(test_ok_missing),
		T(test_silent),
		T(test_restarted),
		T(test_network_states),
		T(test_pin),
		T(test_memory_full),
		T(test_gateway_gone),
		T(test_bad_frame),
		T(test_title_and_descriptors),
	};

	return cmocka_run_group_tests_name("worker_death", tests, NULL, NULL);
}
