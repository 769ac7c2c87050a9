/* A real worker, chapped-modem, hired by a test in the place of the gateway.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/modem/hired.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/process.h"

#define SOON 10000

static void exec_worker(int fd)
{
	if (dup2(fd, 3) < 0 || close_range(4, ~0U, 0))
		_exit(90);
	execl(BUILDDIR "/chapped-modem", "chapped: modem gsm0", NULL);
	_exit(91);
}

static int hired_destroy(struct hired *h)
{
	hired_end(h);
	close(h->fd);
	return 0;
}

struct hired *hired_start(void *ctx, const char *device, const struct frame_config *config)
{
	struct frame f = {
		.op = FRAME_OP_CONFIG,
		.config = { .short_pauses = true, .call_wait = 2, .send_wait = 2, .look_wait = 60 }
	};
	struct hired *h = talloc_zero(ctx, struct hired);
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd), 0);
	h->pid = fork();
	if (h->pid == 0)
		exec_worker(fd[1]);
	assert_true(h->pid > 0);
	close(fd[1]);
	h->fd = fd[0];
	talloc_set_destructor(h, hired_destroy);
	if (config)
		f.config = *config;
	OSMO_STRLCPY_ARRAY(f.config.driver, "gammu");
	OSMO_STRLCPY_ARRAY(f.config.device, device);
	hired_tell(h, &f);
	return h;
}

void hired_end(struct hired *h)
{
	if (!h->pid)
		return;
	kill(h->pid, SIGKILL);
	waitpid(h->pid, NULL, 0);
	h->pid = 0;
}

int hired_wait(struct hired *h, int64_t deadline_ms)
{
	int status = process_wait(h->pid, deadline_ms);

	if (status < 0)
		fail_msg("the worker is still there");
	h->pid = 0;
	return status;
}

void hired_tell(struct hired *h, const struct frame *f)
{
	assert_int_equal(frame_send(h->fd, f), 0);
}

static bool take_kept(struct hired *h, enum frame_op op, struct frame *out)
{
	for (size_t i = 0; i < h->n_kept; i++) {
		if (h->kept[i].op != op)
			continue;
		*out = h->kept[i];
		h->n_kept--;
		memmove(&h->kept[i], &h->kept[i + 1], (h->n_kept - i) * sizeof(h->kept[0]));
		return true;
	}
	return false;
}

struct frame hired_hear(struct hired *h, enum frame_op op, int64_t deadline_ms)
{
	int64_t until = process_now_ms() + deadline_ms;
	struct frame f = { 0 };

	while (!take_kept(h, op, &f)) {
		struct pollfd p = { .fd = h->fd, .events = POLLIN };
		int64_t left = until - process_now_ms();
		int rc;

		if (left < 0 || poll(&p, 1, (int)left) < 1)
			return (struct frame){ 0 };
		assert_true(h->n_kept < HIRED_KEPT);
		rc = frame_recv(h->fd, FRAME_TO_GATEWAY, &h->kept[h->n_kept]);
		if (rc == -EPIPE)
			return (struct frame){ 0 };
		assert_int_equal(rc, 0);
		if (h->kept[h->n_kept].op == FRAME_OP_LOG)
			print_message("# worker: %s\n", h->kept[h->n_kept].log.line);
		else
			h->n_kept++;
	}
	return f;
}

struct frame hired_hear_state(struct hired *h, enum modem_state state)
{
	int64_t until = process_now_ms() + SOON;
	struct frame f;

	do {
		f = hired_hear(h, FRAME_OP_STATE, until - process_now_ms());
		if (!f.op)
			fail_msg("the modem did not come to state %d", state);
	} while (f.state.state != state);
	return f;
}

struct frame_sent hired_send(struct hired *h, const struct sms_out *out)
{
	static uint32_t ref = 1000;
	struct frame f = { .op = FRAME_OP_SMS_SEND, .ref = ++ref, .out = *out };

	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_SMS_SENDING, SOON);
	assert_int_equal(f.op, FRAME_OP_SMS_SENDING);
	assert_int_equal(f.ref, ref);
	f = hired_hear(h, FRAME_OP_SMS_SENT, SOON);
	assert_int_equal(f.op, FRAME_OP_SMS_SENT);
	assert_int_equal(f.ref, ref);
	return f.sent;
}

struct frame hired_receive(struct hired *h)
{
	struct frame f = hired_hear(h, FRAME_OP_SMS_RECEIVED, SOON);

	assert_int_equal(f.op, FRAME_OP_SMS_RECEIVED);
	return f;
}

void hired_delete(struct hired *h, uint32_t slot)
{
	struct frame f = { .op = FRAME_OP_SMS_DELETE, .ref = slot };

	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_SMS_DELETED, SOON);
	assert_int_equal(f.op, FRAME_OP_SMS_DELETED);
	assert_int_equal(f.ref, slot);
	assert_int_equal(f.result, 0);
}
