/* Frames between the gateway and its workers.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/frame.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void fill(char *text, size_t size, char with)
{
	memset(text, with, size - 1);
	text[size - 1] = '\0';
}

/* The largest frame of each operation. */
static struct frame largest(enum frame_op op)
{
	struct frame f = { .op = op, .ref = UINT32_MAX };

	switch (op) {
	case FRAME_OP_CONFIG:
		fill(f.config.device, sizeof(f.config.device), '/');
		fill(f.config.driver, sizeof(f.config.driver), 'g');
		f.config.short_pauses = true;
		f.config.call_wait = f.config.send_wait = f.config.look_wait = UINT16_MAX;
		break;
	case FRAME_OP_PIN:
		fill(f.text, 9, '1');
		break;
	case FRAME_OP_SMS_SEND:
		snprintf(f.out.to, sizeof(f.out.to), "+12345678901234567890");
		f.out.concat = (struct sms_concat){ 0xfffe, 10, 9 };
		f.out.ucs2 = f.out.report = true;
		fill(f.out.text, sizeof(f.out.text), 'x');
		break;
	case FRAME_OP_USSD_DIAL:
		fill(f.text, sizeof(f.text), '#');
		break;
	case FRAME_OP_STATE:
		f.state = (struct frame_state){
			.state = MODEM_ATTACHED, .signal = 255, .used = 1, .slots = 2
		};
		fill(f.state.network, sizeof(f.state.network), 'n');
		fill(f.state.imsi, sizeof(f.state.imsi), '9');
		fill(f.state.model, sizeof(f.state.model), 'm');
		fill(f.state.detail, sizeof(f.state.detail), 'd');
		break;
	case FRAME_OP_SMS_RECEIVED:
		fill(f.in.sender, sizeof(f.in.sender), 's');
		f.in.ton = 7;
		f.in.npi = 15;
		f.in.smsc_at = -1;
		f.in.pid = f.in.dcs = 255;
		f.in.concat = (struct sms_concat){ 1, 2, 3 };
		f.in.binary = true;
		fill(f.in.text, sizeof(f.in.text), 't');
		break;
	case FRAME_OP_SMS_DELETED:
		f.result = 1;
		break;
	case FRAME_OP_SMS_SENT:
		f.sent = (struct frame_sent){ FRAME_SEND_DOUBT, FRAME_MR_UNKNOWN, 500 };
		break;
	case FRAME_OP_SMS_REPORT:
		f.report = (struct frame_report){
			.mr = 255, .status = 255, .sent_at = 1, .discharged_at = 2
		};
		fill(f.report.recipient, sizeof(f.report.recipient), 'r');
		break;
	case FRAME_OP_USSD_RECEIVED:
		f.ussd.state = 255;
		fill(f.ussd.text, sizeof(f.ussd.text), 'u');
		break;
	case FRAME_OP_LOG:
		f.log.level = UINT8_MAX;
		fill(f.log.line, sizeof(f.log.line), 'l');
		break;
	case FRAME_OP_CALL:
		snprintf(f.text, sizeof(f.text), "+12345678901234567890");
		break;
	case FRAME_OP_SMS_DELETE:
	case FRAME_OP_PING:
	case FRAME_OP_QUIT:
	case FRAME_OP_PONG:
	case FRAME_OP_SMS_SENDING:
	case _FRAME_OP_NUM:
		break;
	}
	return f;
}

/* The smallest: empty strings where a field allows it. */
static struct frame smallest(enum frame_op op)
{
	struct frame f = { .op = op };

	if (op == FRAME_OP_PIN)
		fill(f.text, 5, '0');
	if (op == FRAME_OP_USSD_DIAL)
		fill(f.text, 2, '1');
	if (op == FRAME_OP_SMS_SEND)
		fill(f.out.to, 2, '1');
	return f;
}

static void test_bounds(void **state)
{
	uint8_t buf[FRAME_MAX];

	(void)state;
	for (unsigned int op = 1; op < _FRAME_OP_NUM; op++) {
		const struct frame_rule *rule = frame_rule(op);
		struct frame least = smallest(op), most = largest(op);

		assert_non_null(rule);
		if (frame_encode(buf, sizeof(buf), &least) != rule->min)
			fail_msg("%s: least is %d, the table says %d", rule->name,
				 frame_encode(buf, sizeof(buf), &least), rule->min);
		if (frame_encode(buf, sizeof(buf), &most) != rule->max)
			fail_msg("%s: most is %d, the table says %d", rule->name,
				 frame_encode(buf, sizeof(buf), &most), rule->max);
	}
	assert_null(frame_rule(0));
	assert_null(frame_rule(_FRAME_OP_NUM));
	assert_string_equal(frame_name(200), "?");
}

/* Every prefix and every extension of every frame is refused, as is the other direction. */
static void test_round_trip(void **state)
{
	uint8_t buf[FRAME_MAX], again[FRAME_MAX];

	(void)state;
	for (unsigned int op = 1; op < _FRAME_OP_NUM; op++) {
		struct frame in = largest(op), out;
		enum frame_way way = frame_rule(op)->way;
		int len = frame_encode(buf, sizeof(buf), &in);

		assert_int_equal(frame_decode(&out, way, buf, (size_t)len), 0);
		assert_int_equal(out.op, op);
		assert_int_equal(out.ref, UINT32_MAX);
		assert_int_equal(frame_encode(again, sizeof(again), &out), len);
		assert_memory_equal(buf, again, (size_t)len);
		assert_int_equal(frame_decode(&out, !way, buf, (size_t)len), -EPROTO);
		for (int n = 0; n < len; n++) {
			uint8_t *cut = memcpy(malloc((size_t)n + 1), buf, (size_t)n);

			if (frame_decode(&out, way, cut, (size_t)n) != -EPROTO)
				fail_msg("%s cut to %d octets is accepted", frame_name(op), n);
			free(cut);
		}
		buf[len] = 0;
		assert_int_equal(frame_decode(&out, way, buf, (size_t)len + 1), -EPROTO);
	}
}

static void test_values(void **state)
{
	struct frame f;

	(void)state;
	f = largest(FRAME_OP_SMS_SEND);
	uint8_t buf[FRAME_MAX];
	int len = frame_encode(buf, sizeof(buf), &f);

	assert_int_equal(frame_decode(&f, FRAME_TO_WORKER, buf, (size_t)len), 0);
	assert_string_equal(f.out.to, "+12345678901234567890");
	assert_int_equal(f.out.concat.ref, 0xfffe);
	assert_int_equal(f.out.concat.part, 9);
	assert_true(f.out.ucs2 && f.out.report);
	f = largest(FRAME_OP_SMS_RECEIVED);
	len = frame_encode(buf, sizeof(buf), &f);
	assert_int_equal(frame_decode(&f, FRAME_TO_GATEWAY, buf, (size_t)len), 0);
	assert_true(f.in.smsc_at == -1);
	assert_true(f.in.binary);
}

struct refused_case {
	const char *name;
	enum frame_op op;
	size_t offset; /* of the field */
	const char *text;
};

#define FIELD(member) offsetof(struct frame, member)

static const struct refused_case refused[] = {
	{ "number with a letter", FRAME_OP_SMS_SEND, FIELD(out.to), "+33a" },
	{ "number with a quote", FRAME_OP_SMS_SEND, FIELD(out.to), "33\"\r" },
	{ "number is empty", FRAME_OP_SMS_SEND, FIELD(out.to), "" },
	{ "number is a plus", FRAME_OP_SMS_SEND, FIELD(out.to), "+" },
	{ "text is no UTF-8", FRAME_OP_SMS_SEND, FIELD(out.text), "\xc3(" },
	{ "text of a lone surrogate", FRAME_OP_SMS_RECEIVED, FIELD(in.text), "\xed\xa0\x80" },
	{ "sender is no UTF-8", FRAME_OP_SMS_RECEIVED, FIELD(in.sender), "\xff" },
	{ "PIN with a quote", FRAME_OP_PIN, FIELD(text), "12\"4" },
	{ "PIN too short", FRAME_OP_PIN, FIELD(text), "123" },
	{ "PIN too long", FRAME_OP_PIN, FIELD(text), "123456789" },
	{ "code with a letter", FRAME_OP_USSD_DIAL, FIELD(text), "*100a#" },
	{ "code is empty", FRAME_OP_USSD_DIAL, FIELD(text), "" },
	{ "device with a line break", FRAME_OP_CONFIG, FIELD(config.device), "/dev/x\n" },
	{ "operator with an escape", FRAME_OP_STATE, FIELD(state.network), "\x1b[2J" },
	{ "operator with a C1 control", FRAME_OP_STATE, FIELD(state.network), "\xc2\x9b" },
	{ "operator with a bidi override", FRAME_OP_STATE, FIELD(state.network), "\xe2\x80\xae" },
	{ "IMSI with a letter", FRAME_OP_STATE, FIELD(state.imsi), "20801x" },
	{ "caller with a letter", FRAME_OP_CALL, FIELD(text), "anonymous" },
};

/* The receiver refuses what the sender cannot make: the octets are patched after encoding. */
static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct refused_case *c = &refused[i];
		struct frame f = largest(c->op);
		uint8_t buf[FRAME_MAX];

		memcpy((uint8_t *)&f + c->offset, c->text, strlen(c->text) + 1);
		if (frame_encode(buf, sizeof(buf), &f) != -EPROTO)
			fail_msg("%s: encoded", c->name);
	}
}

struct patched_case {
	const char *name;
	enum frame_op op;
	size_t at; /* octet to change */
	uint8_t octet;
};

static const struct patched_case patched[] = {
	{ "unknown operation", FRAME_OP_PING, 0, 99 },
	{ "operation 0", FRAME_OP_PING, 0, 0 },
	{ "state out of range", FRAME_OP_STATE, 5, _MODEM_STATE_NUM },
	{ "result out of range", FRAME_OP_SMS_SENT, 5, _FRAME_SEND_NUM },
	{ "a bool of 2", FRAME_OP_SMS_DELETED, 5, 2 },
	{ "string longer than the frame", FRAME_OP_CALL, 5, 0xff },
	{ "string shorter than the frame", FRAME_OP_CALL, 6, 1 },
	{ "PIN not of digits", FRAME_OP_PIN, 8, '"' },
	{ "code with a carriage return", FRAME_OP_USSD_DIAL, 8, '\r' },
	{ "NUL in a text", FRAME_OP_USSD_RECEIVED, 20, 0 },
	{ "no UTF-8 in a text", FRAME_OP_USSD_RECEIVED, 20, 0xff },
};

static void test_patched(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(patched) / sizeof(patched[0]); i++) {
		const struct patched_case *c = &patched[i];
		struct frame f = largest(c->op), out = { .ref = 7 };
		uint8_t buf[FRAME_MAX];
		int len = frame_encode(buf, sizeof(buf), &f);

		assert_true(len > 0);
		buf[c->at] = c->octet;
		if (frame_decode(&out, frame_rule(c->op)->way, buf, (size_t)len) != -EPROTO)
			fail_msg("%s: decoded", c->name);
		assert_int_equal(out.ref, 7); /* untouched */
	}
}

static void test_socket(void **state)
{
	struct frame f = largest(FRAME_OP_STATE), out;
	uint8_t junk[FRAME_MAX + 10] = { FRAME_OP_PONG };
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fd), 0);
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), -EAGAIN);
	assert_int_equal(frame_send(fd[1], &f), 0);
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), 0);
	assert_string_equal(out.state.network, f.state.network);
	assert_int_equal(send(fd[1], junk, sizeof(junk), 0), sizeof(junk));
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), -EPROTO);
	f.op = _FRAME_OP_NUM;
	assert_int_equal(frame_send(fd[1], &f), -EPROTO);
	f.op = FRAME_OP_PONG;
	for (int n = 0; n < 100000; n++) {
		int rc = frame_send(fd[1], &f);

		if (rc == -EAGAIN)
			break;
		assert_int_equal(rc, 0);
	}
	assert_int_equal(frame_send(fd[1], &f), -EAGAIN);
	close(fd[1]);
	while (frame_recv(fd[0], FRAME_TO_GATEWAY, &out) == 0)
		;
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), -EPIPE);
	close(fd[0]);
}

/* A worker that dies with a request unread has its last words heard all the same: they say whether a part left. */
static void test_last_words(void **state)
{
	struct frame ping = { .op = FRAME_OP_PING },
		     sending = { .op = FRAME_OP_SMS_SENDING, .ref = 5 };
	struct frame out;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fd), 0);
	assert_int_equal(frame_send(fd[0], &ping), 0);
	assert_int_equal(frame_send(fd[1], &sending), 0);
	close(fd[1]);
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), 0);
	assert_int_equal(out.op, FRAME_OP_SMS_SENDING);
	assert_int_equal(out.ref, 5);
	assert_int_equal(frame_recv(fd[0], FRAME_TO_GATEWAY, &out), -EPIPE);
	close(fd[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),     cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_values),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_patched),    cmocka_unit_test(test_socket),
		cmocka_unit_test(test_last_words),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
