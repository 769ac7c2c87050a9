/* The life of a modem in virtual time: what it does when all is well, stopping, the PIN.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/modem/world.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

static void test_from_down_to_ready(void **state)
{
	struct frame f;

	(void)state;
	config.short_pauses = true;
	w.m = modem_alloc(NULL, &config, &ops, &w);
	assert_string_equal(fsm(), "DOWN");
	assert_true(modem_is_down(w.m));
	assert_int_equal(modem_send(w.m, 1, &part), -EAGAIN);
	assert_int_equal(modem_delete(w.m, 1), -EAGAIN);
	modem_start(w.m);
	modem_start(w.m); /* no second worker */
	assert_int_equal(w.spawns, 1);
	assert_string_equal(fsm(), "CONNECTING");
	assert_text("connecting to /dev/ttyUSB0");
	f = heard(FRAME_OP_CONFIG);
	assert_string_equal(f.config.device, "/dev/ttyUSB0");
	assert_string_equal(f.config.driver, "gammu");
	assert_true(f.config.short_pauses);
	say_state(MODEM_CONNECTING);
	assert_string_equal(fsm(), "CONNECTING");
	assert_false(modem_ready(w.m));
	say_state(MODEM_HOME);
	assert_true(modem_ready(w.m));
	assert_text("registered on Orange F, signal 60 %");
	assert_string_equal(modem_imsi(w.m), "208010123456789");
	assert_string_equal(modem_name(w.m), "gsm0");
	assert_true(w.st.up && w.st.ready);
	assert_int_equal(w.st.signal, 60);
	assert_true(w.changes > 0);
}

struct state_case {
	enum modem_state state;
	const char *fsm;
	const char *text;
};

static const struct state_case states[] = {
	{ MODEM_PIN_NEEDED, "OFFLINE", "the SIM asks for its PIN" },
	{ MODEM_LOCKED, "OFFLINE", "PUK" },
	{ MODEM_NO_SIM, "OFFLINE", "no SIM" },
	{ MODEM_SEARCHING, "OFFLINE", "no network yet" },
	{ MODEM_DENIED, "OFFLINE", "the network refuses this SIM" },
	{ MODEM_HOME, "READY", "registered on Orange F" },
	{ MODEM_ROAMING, "READY", "roaming" },
	{ MODEM_ATTACHED, "READY", "in service" },
};

static void test_states_of_the_modem(void **state)
{
	(void)state;
	begin();
	heard(FRAME_OP_CONFIG);
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		say_state(states[i].state);
		assert_string_equal(fsm(), states[i].fsm);
		assert_text(states[i].text);
		assert_int_equal(modem_ready(w.m), !strcmp(states[i].fsm, "READY"));
		assert_true(w.st.up);
	}
}

static void test_receive_and_delete(void **state)
{
	struct frame f = { .op = FRAME_OP_SMS_RECEIVED,
			   .ref = 7,
			   .in = { .sender = "+33639980001", .text = "OUI" } };

	(void)state;
	begin_ready();
	say(&f);
	assert_int_equal(w.received, 1);
	assert_int_equal(w.slot, 7);
	assert_string_equal(w.in.text, "OUI");
	heard_nothing(); /* nothing is freed unasked */
	assert_int_equal(modem_delete(w.m, 7), 0);
	assert_int_equal(heard(FRAME_OP_SMS_DELETE).ref, 7);
	say(&(struct frame){ .op = FRAME_OP_SMS_DELETED, .ref = 7 });
	say(&(struct frame){ .op = FRAME_OP_SMS_DELETED, .ref = 8, .result = 1 });
	assert_int_equal(w.deleted, 2);
	assert_int_equal(w.deleted_ok, 1);
	modem_status(w.m, &w.st);
	assert_true(w.st.n.received == 1 && w.st.n.deleted == 1);
}

static void test_send(void **state)
{
	struct frame f;

	(void)state;
	begin_ready();
	assert_int_equal(modem_send(w.m, 41, &(struct sms_out){ .to = "", .text = "x" }), -EINVAL);
	assert_int_equal(modem_send(w.m, 41, &(struct sms_out){ .to = "12", .text = "\xff" }),
			 -EINVAL);
	assert_int_equal(modem_send(w.m, 42, &part), 0);
	assert_string_equal(fsm(), "BUSY");
	assert_text("sending");
	assert_int_equal(modem_send(w.m, 43, &part), -EAGAIN);
	assert_int_equal(modem_dial(w.m, "*100#"), -EAGAIN);
	f = heard(FRAME_OP_SMS_SEND);
	assert_int_equal(f.ref, 42);
	assert_string_equal(f.out.text, part.text);
	say_sending(42);
	say_state(MODEM_HOME); /* the state may be told meanwhile */
	assert_string_equal(fsm(), "BUSY");
	say_sent(42, FRAME_SEND_SENT, 9, 0);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent_ref, 42);
	assert_int_equal(w.sent.result, FRAME_SEND_SENT);
	assert_int_equal(w.sent.mr, 9);
	assert_string_equal(fsm(), "READY");
	assert_int_equal(modem_send(w.m, 43, &part), 0);
	say_sent(43, FRAME_SEND_REFUSED, FRAME_MR_UNKNOWN, 1);
	assert_int_equal(w.sent.cause, 1);
	modem_status(w.m, &w.st);
	assert_true(w.st.n.sent == 1 && w.st.n.refused == 1);
}

static void test_network_lost_while_sending(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 1, &part);
	say_state(MODEM_SEARCHING);
	assert_string_equal(fsm(), "BUSY");
	say_sent(1, FRAME_SEND_FAILED, FRAME_MR_UNKNOWN, 331);
	assert_string_equal(fsm(), "OFFLINE");
	assert_false(modem_ready(w.m));
}

static void test_other_frames(void **state)
{
	struct frame f = { .op = FRAME_OP_SMS_REPORT,
			   .ref = 3,
			   .report = { .mr = 9, .recipient = "+33639980001" } };

	(void)state;
	begin_ready();
	say(&f);
	assert_int_equal(w.reports, 1);
	assert_int_equal(w.report.mr, 9);
	assert_int_equal(w.slot, 3);
	say(&(struct frame){ .op = FRAME_OP_USSD_RECEIVED, .ussd = { 0, "solde 5 EUR" } });
	assert_int_equal(w.ussds, 1);
	assert_string_equal(w.text, "solde 5 EUR");
	say(&(struct frame){ .op = FRAME_OP_CALL, .text = "+33639980002" });
	assert_int_equal(w.calls, 1);
	assert_string_equal(w.text, "+33639980002");
	assert_int_equal(modem_dial(w.m, "*100#"), 0);
	assert_string_equal(heard(FRAME_OP_USSD_DIAL).text, "*100#");
	assert_int_equal(modem_dial(w.m, "*100#;"), -EINVAL);
	assert_int_equal(modem_dial(w.m, ""), -EINVAL);
}

static void test_stop_when_ready(void **state)
{
	(void)state;
	begin_ready();
	modem_stop(w.m);
	heard(FRAME_OP_QUIT);
	assert_string_equal(fsm(), "STOPPING");
	assert_text("stopping");
	die(EXITED(0));
	assert_true(modem_is_down(w.m));
	assert_text("stopped");
	pass(100);
	assert_int_equal(w.spawns, 1);
	modem_start(w.m);
	assert_int_equal(w.spawns, 2);
}

static void test_stop_kills(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 9, &part);
	say_sending(9);
	modem_stop(w.m);
	pass(1);
	assert_int_equal(w.kills, 1);
	die(SIGKILL);
	assert_true(modem_is_down(w.m));
	assert_int_equal(w.sent.result, FRAME_SEND_DOUBT);
	modem_status(w.m, &w.st);
	assert_true(w.st.n.deaths == 0); /* it was asked for */
}

static void test_stop_otherwise(void **state)
{
	(void)state;
	begin();
	die(EXITED(WORKER_EXIT_MISSING));
	modem_stop(w.m);
	assert_true(modem_is_down(w.m));
	w.absent = true;
	modem_start(w.m);
	modem_stop(w.m);
	assert_int_equal(w.kills, 1);
	modem_start(w.m); /* changed their mind */
	die(SIGKILL);
	assert_string_equal(fsm(), "WAITING");
	modem_stop(w.m);
	modem_stop(w.m);
	assert_true(modem_is_down(w.m));
}

/* The PIN. */

static void begin_pin(void)
{
	config.pin = "1234";
	config.pin_file = "/etc/chappe/gsm0.pin";
	begin();
	heard(FRAME_OP_CONFIG);
}

static void test_pin_accepted(void **state)
{
	(void)state;
	begin_pin();
	heard_nothing(); /* not given unasked */
	say_state(MODEM_PIN_NEEDED);
	assert_int_equal(w.pins, 1);
	assert_int_equal(w.pin, MODEM_PIN_TRY);
	assert_string_equal(heard(FRAME_OP_PIN).text, "1234");
	say_state(MODEM_SEARCHING);
	assert_int_equal(w.pin, MODEM_PIN_ACCEPTED);
	say_state(MODEM_HOME);
	/* after a cut of power it may be given again */
	die(EXITED(WORKER_EXIT_LOST));
	pass(1);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_PIN_NEEDED);
	heard(FRAME_OP_PIN);
}

static void test_pin_refused_once(void **state)
{
	(void)state;
	begin_pin();
	say_state(MODEM_PIN_NEEDED);
	heard(FRAME_OP_PIN);
	say_state(MODEM_PIN_REFUSED);
	assert_int_equal(w.pin, MODEM_PIN_WRONG);
	assert_text(
		"wrong PIN: not tried again; put the right PIN in /etc/chappe/gsm0.pin, then `chappectl modem gsm0 pin-retry`");
	for (int i = 0; i < 3; i++) {
		die(SIGKILL);
		pass(60);
		heard(FRAME_OP_CONFIG);
		say_state(MODEM_PIN_NEEDED);
		heard_nothing();
		assert_text("wrong PIN: not tried again");
	}
	assert_int_equal(modem_pin_retry(w.m, "12"), -EINVAL);
	assert_int_equal(modem_pin_retry(w.m, "12345678901"), -EINVAL);
	heard_nothing();
	assert_int_equal(modem_pin_retry(w.m, "4321"), 0);
	assert_string_equal(heard(FRAME_OP_PIN).text, "4321");
	assert_int_equal(w.pin, MODEM_PIN_TRY);
	say_state(MODEM_HOME);
	assert_int_equal(w.pin, MODEM_PIN_ACCEPTED);
}

/* The refusal outlives the gateway. */
static void test_pin_refused_before(void **state)
{
	(void)state;
	config.pin_mark = MODEM_PIN_WRONG;
	begin_pin();
	say_state(MODEM_PIN_NEEDED);
	heard_nothing();
	assert_text("wrong PIN");
	say_state(MODEM_HOME); /* unlocked by hand: the mark stays */
	assert_int_equal(w.pins, 0);
}

static void test_pin_of_unknown_outcome(void **state)
{
	(void)state;
	begin_pin();
	say_state(MODEM_PIN_NEEDED);
	heard(FRAME_OP_PIN);
	die(SIGKILL);
	pass(60);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_PIN_NEEDED);
	heard_nothing();
	assert_text("the PIN was tried once, and what came of it is not known");
	say_state(MODEM_HOME); /* it was right after all */
	assert_int_equal(w.pin, MODEM_PIN_ACCEPTED);
}

static void test_pin_not_stored(void **state)
{
	(void)state;
	w.pin_rc = -EIO;
	begin_pin();
	say_state(MODEM_PIN_NEEDED);
	heard_nothing();
	assert_int_equal(w.pins, 1);
	w.pin_rc = 0;
	say_state(MODEM_PIN_NEEDED);
	heard(FRAME_OP_PIN);
}

static void test_pin_advice(void **state)
{
	(void)state;
	begin();
	say_state(MODEM_PIN_NEEDED);
	assert_text("name that as pin-file of modem gsm0");
	talloc_free(w.m);
	w.m = NULL;
	close(w.fd);
	config.pin_file = "/etc/chappe/gsm0.pin";
	begin();
	say_state(MODEM_PIN_NEEDED);
	assert_text("put it in /etc/chappe/gsm0.pin");
}

/* A worker that is busy in its library: what waits for it is bounded, and arrives in order. */
static void test_full_queue(void **state)
{
	uint32_t taken = 0, came = 0;
	struct frame f;

	(void)state;
	begin_ready();
	while (modem_delete(w.m, taken) == 0 && taken < 100000)
		taken++;
	assert_in_range(taken, 10, 99999);
	for (int i = 0; i < 100 && came < taken; i++, turn())
		while (frame_recv(w.fd, FRAME_TO_WORKER, &f) == 0)
			assert_int_equal(f.ref, came++);
	assert_int_equal(came, taken);
	assert_int_equal(modem_delete(w.m, 1), 0);
}

static void test_sim_full(void **state)
{
	struct frame f = { .op = FRAME_OP_STATE,
			   .state = {
				   .state = MODEM_HOME, .signal = 255, .used = 20, .slots = 20 } };

	(void)state;
	begin_ready();
	OSMO_STRLCPY_ARRAY(f.state.imsi, "208010123456789");
	say(&f);
	assert_text("the SIM is full");
	assert_int_equal(w.st.signal, -1);
	say_state(MODEM_HOME);
	assert_null(strstr(text(), "full"));
}

/* The first SIM that is seen belongs in the modem, and is remembered. */
static void test_own_sim(void **state)
{
	(void)state;
	w.sim_rc = -EIO;
	begin_ready();
	assert_int_equal(w.sims, 1);
	assert_string_equal(modem_own_imsi(w.m), "");
	w.sim_rc = 0;
	say_state(MODEM_HOME);
	say_state(MODEM_HOME);
	assert_int_equal(w.sims, 2);
	assert_string_equal(w.imsi, "208010123456789");
	assert_string_equal(modem_own_imsi(w.m), "208010123456789");
	assert_int_equal(modem_accept_sim(w.m), -EALREADY);
}

/* Another one: nothing is sent, nothing of it is read, until the old one is back. */
static void test_other_sim(void **state)
{
	struct frame order = { .op = FRAME_OP_SMS_RECEIVED,
			       .ref = 7,
			       .in = { .sender = "+33639980001", .text = "OUI" } };

	(void)state;
	config.imsi = "208010123456789";
	begin_ready();
	w.sim = "208150000000001";
	say_state(MODEM_HOME);
	assert_string_equal(fsm(), "OFFLINE");
	assert_text("another SIM is in it (IMSI ...0001, it was ...6789): nothing is sent");
	assert_text("`chappectl modem gsm0 accept-sim`");
	assert_true(w.st.foreign);
	assert_int_equal(modem_send(w.m, 1, &part), -EAGAIN);
	say(&order);
	say(&(struct frame){ .op = FRAME_OP_SMS_REPORT, .ref = 8 });
	say(&(struct frame){ .op = FRAME_OP_CALL, .text = "+33639980002" });
	assert_true(w.received == 0 && w.reports == 0 && w.calls == 0);
	heard_nothing();
	w.sim = NULL;
	say_state(MODEM_HOME);
	assert_true(modem_ready(w.m));
	say(&order);
	assert_int_equal(w.received, 1);
	assert_int_equal(w.sims, 0);
}

static void test_accept_sim(void **state)
{
	(void)state;
	config.imsi = "208150000000001";
	begin();
	assert_int_equal(modem_accept_sim(w.m), -ENOENT);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	assert_text("another SIM");
	w.sim_rc = -ENOSPC;
	assert_int_equal(modem_accept_sim(w.m), -ENOSPC);
	assert_text("another SIM");
	w.sim_rc = 0;
	assert_int_equal(modem_accept_sim(w.m), 0);
	assert_string_equal(w.imsi, "208010123456789");
	heard(FRAME_OP_QUIT); /* its successor reads the slots again */
	die(EXITED(0));
	assert_int_equal(w.spawns, 2);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	assert_true(modem_ready(w.m));
}

static void test_restart(void **state)
{
	(void)state;
	begin_ready();
	modem_restart(w.m);
	heard(FRAME_OP_QUIT);
	assert_text("restarted by the operator");
	die(EXITED(0));
	assert_int_equal(w.spawns, 2); /* without a back-off */
	assert_text("restarted by the operator: connecting to /dev/ttyUSB0");
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	assert_text("registered on Orange F");
	modem_status(w.m, &w.st);
	assert_true(w.st.n.deaths == 0 && w.kills == 0);
}

/* The part that is on its way is finished, however long it takes; an operator who asks twice will not wait. */
static void test_restart_while_sending(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 5, &part);
	say_sending(5);
	modem_restart(w.m);
	assert_text("restarted by the operator, after the part that is on its way");
	pass(60);
	assert_int_equal(w.kills, 0);
	say_sent(5, FRAME_SEND_SENT, 1, 0);
	assert_int_equal(w.sent.result, FRAME_SEND_SENT);
	die(EXITED(0));
	assert_int_equal(w.spawns, 2);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	modem_send(w.m, 6, &part);
	say_sending(6);
	modem_restart(w.m);
	modem_restart(w.m);
	assert_int_equal(w.kills, 1);
	die(SIGKILL);
	assert_int_equal(w.sent.result, FRAME_SEND_DOUBT);
	assert_int_equal(w.spawns, 3);
}

static void test_restart_otherwise(void **state)
{
	(void)state;
	w.m = modem_alloc(NULL, &config, &ops, &w);
	modem_restart(w.m);
	assert_true(modem_is_down(w.m));
	modem_start(w.m);
	die(EXITED(WORKER_EXIT_NO_ANSWER));
	assert_string_equal(fsm(), "WAITING");
	modem_restart(w.m); /* now, and not at the end of the back-off */
	assert_int_equal(w.spawns, 2);
	modem_restart(w.m);
	assert_int_equal(w.kills, 1);
	die(SIGKILL);
	assert_int_equal(w.spawns, 3);
}

/* What it said last is not what is true now. */
static void test_silence_is_told(void **state)
{
	(void)state;
	begin_ready();
	pass(10);
	heard(FRAME_OP_PING);
	assert_text("registered on Orange F");
	pass(10);
	assert_text("no answer for 10 s; before that: registered on Orange F");
	assert_false(modem_ready(w.m));
	assert_int_equal(modem_send(w.m, 1, &part), -EAGAIN);
	w.changes = 0;
	say(&(struct frame){ .op = FRAME_OP_PONG });
	assert_true(w.changes > 0);
	assert_true(modem_ready(w.m));
}

static void test_log(void **state)
{
	struct frame f = { .op = FRAME_OP_LOG, .log = { .level = 255 } };

	(void)state;
	begin_ready();
	OSMO_STRLCPY_ARRAY(f.log.line, "a line of the worker");
	say(&f);
	assert_string_equal(fsm(), "READY");
}

struct tries_case {
	uint8_t tries; /* that the SIM tells */
	enum modem_pin mark;
	bool by_itself, urged; /* whether the PIN is given: unasked, and after pin-retry */
	const char *text;
};

#define UNKNOWN FRAME_TRIES_UNKNOWN

static const struct tries_case tries[] = {
	{ 3, MODEM_PIN_ACCEPTED, true, false, "the PIN was given" },
	{ 3, MODEM_PIN_OTHER, true, false, "the PIN was given" },
	{ 3, MODEM_PIN_WRONG, false, true, "wrong PIN" },
	{ 3, MODEM_PIN_TRY, false, true, "what came of it is not known" },
	{ 2, MODEM_PIN_ACCEPTED, false, true, "only two tries" },
	{ 2, MODEM_PIN_OTHER, false, true, "another PIN was refused before" },
	{ 2, MODEM_PIN_WRONG, false, true, "wrong PIN" },
	{ 1, MODEM_PIN_ACCEPTED, false, false, "one try of its PIN left" },
	{ 1, MODEM_PIN_WRONG, false, false, "one try of its PIN left" },
	{ UNKNOWN, MODEM_PIN_ACCEPTED, true, false, "the PIN was given" },
	{ UNKNOWN, MODEM_PIN_OTHER, false, true, "another PIN was refused before" },
	{ UNKNOWN, MODEM_PIN_WRONG, false, true, "wrong PIN" },
};

/* Three tries, and the SIM is locked: one is the gateway's, one an operator's, the last is nobody's. */
static void test_pin_tries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		const struct tries_case *c = &tries[i];

		config.pin_mark = c->mark;
		w.tries = c->tries;
		begin_pin();
		say_state(MODEM_PIN_NEEDED);
		if (!strstr(text(), c->text))
			fail_msg("row %zu: '%s' lacks '%s'", i, text(), c->text);
		if (c->by_itself) {
			heard(FRAME_OP_PIN);
		} else {
			heard_nothing();
			assert_int_equal(modem_pin_retry(w.m, "1234"), 0);
			if (c->urged)
				heard(FRAME_OP_PIN);
			else
				heard_nothing();
		}
		talloc_free(w.m);
		w.m = NULL;
		close(w.fd);
		w.fd = -1;
	}
}

static void test_no_leak(void **state)
{
	void *ctx = talloc_named_const(NULL, 0, "test");

	(void)state;
	w.m = modem_alloc(ctx, &config, &ops, &w);
	modem_start(w.m);
	talloc_free(w.m);
	w.m = NULL;
	assert_int_equal(talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_from_down_to_ready),
		T(test_states_of_the_modem),
		T(test_receive_and_delete),
		T(test_send),
		T(test_network_lost_while_sending),
		T(test_other_frames),
		T(test_stop_when_ready),
		T(test_stop_kills),
		T(test_stop_otherwise),
		T(test_pin_accepted),
		T(test_pin_refused_once),
		T(test_pin_refused_before),
		T(test_pin_of_unknown_outcome),
		T(test_pin_not_stored),
		T(test_pin_advice),
		T(test_full_queue),
		T(test_sim_full),
		T(test_own_sim),
		T(test_other_sim),
		T(test_accept_sim),
		T(test_restart),
		T(test_restart_while_sending),
		T(test_restart_otherwise),
		T(test_silence_is_told),
		T(test_log),
		T(test_pin_tries),
		T(test_no_leak),
	};

	return cmocka_run_group_tests_name("lifecycle", tests, world_init, world_end);
}
