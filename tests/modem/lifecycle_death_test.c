/* The life of a modem in virtual time: workers that die, fall silent or talk nonsense.
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

static void test_death_while_sending(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 5, &part);
	say_sending(5);
	die(SIGKILL);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent_ref, 5);
	assert_int_equal(w.sent.result, FRAME_SEND_DOUBT);
	assert_string_equal(fsm(), "WAITING");
	assert_text("crashed (signal 9)");
	pass(1);
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	modem_send(w.m, 6, &part);
	die(SIGSEGV);
	assert_int_equal(w.sents, 2);
	assert_int_equal(w.sent.result, FRAME_SEND_FAILED);
	modem_status(w.m, &w.st);
	assert_true(w.st.n.doubt == 1 && w.st.n.failed == 1 && w.st.n.deaths == 2);
}

static void test_last_words(void **state)
{
	struct frame sent = { .op = FRAME_OP_SMS_SENT,
			      .ref = 5,
			      .sent = { FRAME_SEND_SENT, 77, 0 } };

	(void)state;
	begin_ready();
	modem_send(w.m, 5, &part);
	assert_int_equal(frame_send(w.fd, &(struct frame){ .op = FRAME_OP_SMS_SENDING, .ref = 5 }),
			 0);
	assert_int_equal(frame_send(w.fd, &sent), 0);
	modem_worker_exited(w.m, SIGKILL);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent.result, FRAME_SEND_SENT);
	assert_int_equal(w.sent.mr, 77);
	assert_string_equal(fsm(), "WAITING");
}

static void test_back_off(void **state)
{
	static const int delays[] = { 1, 2, 4, 8, 16, 32, 60, 60 };

	(void)state;
	begin();
	for (size_t i = 0; i < ARRAY_SIZE(delays); i++) {
		int spawns = w.spawns;

		die(EXITED(WORKER_EXIT_NO_ANSWER));
		assert_string_equal(fsm(), "WAITING");
		assert_text("nothing on /dev/ttyUSB0 answers as a modem does");
		pass(delays[i] - 1);
		assert_int_equal(w.spawns, spawns);
		pass(1);
		assert_int_equal(w.spawns, spawns + 1);
	}
	assert_text("try 9 is under way");
	say_state(MODEM_HOME);
	say(&(struct frame){ .op = FRAME_OP_PONG });
	die(EXITED(WORKER_EXIT_SILENT)); /* it had answered: the back-off begins anew */
	assert_text("does not answer; try 1 in 1 s");
	pass(1);
	assert_string_equal(fsm(), "CONNECTING");
}

static void test_missing_device(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < 8; i++) {
		die(EXITED(WORKER_EXIT_MISSING));
		assert_text("no such device /dev/ttyUSB0: is the modem plugged in?");
		pass(5);
	}
	assert_int_equal(w.spawns, 9);
}

struct exit_case {
	int status;
	const char *text;
};

static const struct exit_case exits[] = {
	{ EXITED(WORKER_EXIT_OK), "ended by itself" },
	{ EXITED(WORKER_EXIT_CONFIG), "cannot do what the configuration says" },
	{ EXITED(WORKER_EXIT_DENIED), "/dev/ttyUSB0 may not be opened" },
	{ EXITED(WORKER_EXIT_BUSY), "another program holds /dev/ttyUSB0" },
	{ EXITED(WORKER_EXIT_LOST), "was unplugged" },
	{ EXITED(WORKER_EXIT_SILENT), "does not answer" },
	{ EXITED(WORKER_EXIT_PROTOCOL), "of another version" },
	{ EXITED(99), "exit status 99" },
	{ SIGSYS, "stopped by its sandbox" },
	{ SIGABRT, "crashed (signal 6)" },
};

static void test_exits_explained(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < ARRAY_SIZE(exits); i++) {
		die(exits[i].status);
		assert_text(exits[i].text);
		pass(60);
		assert_string_equal(fsm(), "CONNECTING");
	}
}

static void test_spawn_fails(void **state)
{
	(void)state;
	w.spawn_rc = -ENOENT;
	begin();
	assert_string_equal(fsm(), "WAITING");
	assert_text("could not be started");
	assert_text("try 2 in 1 s");
	w.spawn_rc = 0;
	pass(1);
	assert_string_equal(fsm(), "CONNECTING");
}

static void test_worker_never_comes(void **state)
{
	int fd[2];

	(void)state;
	w.absent = true;
	begin();
	assert_string_equal(fsm(), "STARTING");
	pass(9);
	assert_int_equal(w.kills, 0);
	pass(1);
	assert_int_equal(w.kills, 1);
	assert_string_equal(fsm(), "STOPPING");
	/* too late */
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	modem_worker_started(w.m, fd[0]);
	assert_int_equal(send(fd[1], "x", 1, MSG_NOSIGNAL), -1);
	close(fd[1]);
	pass(5);
	assert_int_equal(w.kills, 2);
	die(SIGKILL);
	assert_string_equal(fsm(), "WAITING");
	assert_text("could not be started");
}

static void test_silent_while_connecting(void **state)
{
	(void)state;
	begin();
	pass(119);
	assert_int_equal(w.kills, 0);
	pass(1);
	assert_int_equal(w.kills, 1);
	assert_string_equal(fsm(), "STOPPING");
	die(SIGKILL);
	assert_text("does not answer: its worker was killed");
	modem_status(w.m, &w.st);
	assert_true(w.st.n.silent == 1);
}

static void test_silent_when_ready(void **state)
{
	(void)state;
	begin_ready();
	for (int i = 0; i < 3; i++) {
		pass(10);
		heard(FRAME_OP_PING);
		say(&(struct frame){ .op = FRAME_OP_PONG });
	}
	for (int i = 0; i < 5; i++) {
		pass(10);
		heard(FRAME_OP_PING);
	}
	assert_int_equal(w.kills, 0);
	pass(10);
	assert_int_equal(w.kills, 1);
	die(SIGKILL);
	assert_string_equal(fsm(), "WAITING");
	assert_text("does not answer");
}

static void test_silent_while_offline(void **state)
{
	(void)state;
	begin();
	say_state(MODEM_SEARCHING);
	pass(10);
	assert_int_equal(w.kills, 0);
	for (int i = 0; i < 5; i++)
		pass(10);
	assert_int_equal(w.kills, 1);
}

static void test_silent_while_sending(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 3, &part);
	say_sending(3);
	pass(149);
	assert_int_equal(w.kills, 0);
	pass(1);
	assert_int_equal(w.kills, 1);
	assert_int_equal(w.sents, 0); /* not before it is gone: it may still say */
	die(SIGKILL);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent.result, FRAME_SEND_DOUBT);
}

static void test_late_answer(void **state)
{
	(void)state;
	begin_ready();
	modem_send(w.m, 3, &part);
	pass(150);
	assert_string_equal(fsm(), "STOPPING");
	say_sending(3);
	say_sent(3, FRAME_SEND_SENT, 1, 0);
	assert_int_equal(w.sents, 1);
	say(&(struct frame){ .op = FRAME_OP_SMS_RECEIVED, .ref = 1 });
	assert_int_equal(w.received, 0); /* it comes again */
	die(SIGKILL);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent.result, FRAME_SEND_SENT);
}

static void test_killed_again(void **state)
{
	(void)state;
	begin();
	pass(120);
	for (int i = 2; i < 5; i++) {
		pass(5);
		assert_int_equal(w.kills, i);
	}
	die(SIGKILL);
	assert_string_equal(fsm(), "WAITING");
}

static void test_socket_closed_by_worker(void **state)
{
	(void)state;
	begin_ready();
	close(w.fd);
	w.fd = -1;
	turn();
	assert_string_equal(fsm(), "STOPPING");
	assert_int_equal(w.kills, 0);
	assert_int_equal(modem_delete(w.m, 1), -EAGAIN);
	pass(1);
	assert_int_equal(w.kills, 1); /* it closed and did not end */
	die(EXITED(WORKER_EXIT_LOST));
	assert_text("was unplugged");
}

static void bad_raw(void)
{
	assert_int_equal(send(w.fd, "\xff\0\0\0\0", 5, 0), 5);
}

static void bad_direction(void)
{
	struct frame f = { .op = FRAME_OP_PING };

	assert_int_equal(frame_send(w.fd, &f), 0);
}

static void bad_sent(void)
{
	struct frame f = { .op = FRAME_OP_SMS_SENT,
			   .ref = 1,
			   .sent = { .result = FRAME_SEND_SENT } };

	assert_int_equal(frame_send(w.fd, &f), 0);
}

static void bad_sending(void)
{
	struct frame f = { .op = FRAME_OP_SMS_SENDING, .ref = 1 };

	assert_int_equal(frame_send(w.fd, &f), 0);
}

static void bad_long(void)
{
	uint8_t junk[FRAME_MAX + 1] = { FRAME_OP_PONG };

	assert_int_equal(send(w.fd, junk, sizeof(junk), 0), sizeof(junk));
}

static void (*const bad[])(void) = { bad_raw, bad_direction, bad_sent, bad_sending, bad_long };

static void test_malformed(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		say_state(MODEM_HOME);
		bad[i]();
		turn();
		assert_int_equal(w.kills, i + 1);
		assert_string_equal(fsm(), "STOPPING");
		die(SIGKILL);
		assert_text("broke the protocol");
		pass(60);
	}
	modem_status(w.m, &w.st);
	assert_true(w.st.n.malformed == ARRAY_SIZE(bad));
	/* the result of another part */
	say_state(MODEM_HOME);
	modem_send(w.m, 2, &part);
	bad_sent();
	turn();
	assert_int_equal(w.sents, 0);
	die(SIGKILL);
	assert_int_equal(w.sents, 1);
	assert_int_equal(w.sent_ref, 2);
	assert_int_equal(w.sent.result, FRAME_SEND_FAILED);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_death_while_sending),
		T(test_last_words),
		T(test_back_off),
		T(test_missing_device),
		T(test_exits_explained),
		T(test_spawn_fails),
		T(test_worker_never_comes),
		T(test_silent_while_connecting),
		T(test_silent_when_ready),
		T(test_silent_while_offline),
		T(test_silent_while_sending),
		T(test_late_answer),
		T(test_killed_again),
		T(test_socket_closed_by_worker),
		T(test_malformed),
	};

	return cmocka_run_group_tests_name("lifecycle_death", tests, world_init, world_end);
}
