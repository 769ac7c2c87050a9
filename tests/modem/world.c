/* A modem in virtual time, with a test in the place of its worker and of its owner.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/modem/world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

struct world w;

static int op_spawn(struct modem *m, void *data)
{
	int fd[2];

	assert_ptr_equal(data, &w);
	w.spawns++;
	if (w.spawn_rc || w.absent)
		return w.spawn_rc;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd),
			 0);
	w.fd = fd[1];
	modem_worker_started(m, fd[0]);
	return 0;
}

static void op_kill(struct modem *m, void *data)
{
	(void)m;
	(void)data;
	w.kills++;
}

static void op_received(struct modem *m, uint32_t slot, const struct sms_in *sms, void *data)
{
	(void)m;
	(void)data;
	w.received++;
	w.slot = slot;
	w.in = *sms;
}

static void op_deleted(struct modem *m, uint32_t slot, bool ok, void *data)
{
	(void)m;
	(void)data;
	w.deleted++;
	w.deleted_ok += ok;
	w.slot = slot;
}

static void op_sent(struct modem *m, uint32_t ref, const struct frame_sent *result, void *data)
{
	(void)m;
	(void)data;
	w.sents++;
	w.sent_ref = ref;
	w.sent = *result;
}

static void op_report(struct modem *m, uint32_t slot, const struct frame_report *report, void *data)
{
	(void)m;
	(void)data;
	w.reports++;
	w.slot = slot;
	w.report = *report;
}

static void op_ussd(struct modem *m, const struct frame_ussd *ussd, void *data)
{
	(void)m;
	(void)data;
	w.ussds++;
	OSMO_STRLCPY_ARRAY(w.text, ussd->text);
}

static void op_call(struct modem *m, const char *number, void *data)
{
	(void)m;
	(void)data;
	w.calls++;
	OSMO_STRLCPY_ARRAY(w.text, number);
}

static void op_changed(struct modem *m, void *data)
{
	(void)m;
	(void)data;
	w.changes++;
}

static int op_sim(struct modem *m, const char *imsi, void *data)
{
	(void)m;
	(void)data;
	w.sims++;
	if (!w.sim_rc)
		OSMO_STRLCPY_ARRAY(w.imsi, imsi);
	return w.sim_rc;
}

static int op_pin(struct modem *m, enum modem_pin what, void *data)
{
	(void)m;
	(void)data;
	w.pins++;
	if (!w.pin_rc)
		w.pin = what;
	return w.pin_rc;
}

const struct modem_ops ops = {
	.spawn = op_spawn,
	.kill = op_kill,
	.received = op_received,
	.deleted = op_deleted,
	.sent = op_sent,
	.report = op_report,
	.ussd = op_ussd,
	.call = op_call,
	.changed = op_changed,
	.sim = op_sim,
	.pin = op_pin,
};

void turn(void)
{
	for (int i = 0; i < 4; i++)
		osmo_select_main(1);
}

void pass(int seconds)
{
	osmo_gettimeofday_override_add(seconds, 0);
	turn();
}

const char *fsm(void)
{
	modem_status(w.m, &w.st);
	return w.st.fsm;
}

const char *text(void)
{
	modem_status(w.m, &w.st);
	return w.st.text;
}

/* The worker. */

void say(const struct frame *f)
{
	assert_int_equal(frame_send(w.fd, f), 0);
	turn();
}

void say_state(enum modem_state state)
{
	struct frame f = {
		.op = FRAME_OP_STATE,
		.state = { .state = state, .signal = 60, .used = 1, .slots = 20, .tries = w.tries }
	};

	OSMO_STRLCPY_ARRAY(f.state.network, "Orange F");
	OSMO_STRLCPY_ARRAY(f.state.imsi, w.sim ? w.sim : "208010123456789");
	say(&f);
}

void say_sending(uint32_t ref)
{
	say(&(struct frame){ .op = FRAME_OP_SMS_SENDING, .ref = ref });
}

void say_sent(uint32_t ref, enum frame_send result, uint16_t mr, uint16_t cause)
{
	say(&(struct frame){ .op = FRAME_OP_SMS_SENT, .ref = ref, .sent = { result, mr, cause } });
}

struct frame heard(enum frame_op op)
{
	struct frame f = { 0 };

	turn();
	assert_int_equal(frame_recv(w.fd, FRAME_TO_WORKER, &f), 0);
	if (f.op != op)
		fail_msg("%s instead of %s", frame_name(f.op), frame_name(op));
	return f;
}

void heard_nothing(void)
{
	struct frame f;

	turn();
	assert_int_equal(frame_recv(w.fd, FRAME_TO_WORKER, &f), -EAGAIN);
}

/* The worker ends: its socket closes, and the parent reports it. */
void die(int status)
{
	if (w.fd >= 0)
		close(w.fd);
	w.fd = -1;
	turn();
	modem_worker_exited(w.m, status);
	turn();
}

struct modem_config config = { .name = "gsm0", .device = "/dev/ttyUSB0" };

int world_setup(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	w.fd = -1;
	w.tries = FRAME_TRIES_UNKNOWN;
	config = (struct modem_config){ .name = "gsm0", .device = "/dev/ttyUSB0" };
	osmo_gettimeofday_override = true;
	osmo_gettimeofday_override_time = (struct timeval){ 1700000000, 0 };
	return 0;
}

int world_teardown(void **state)
{
	(void)state;
	talloc_free(w.m);
	if (w.fd >= 0)
		close(w.fd);
	return 0;
}

void begin(void)
{
	w.m = modem_alloc(NULL, &config, &ops, &w);
	modem_start(w.m);
	turn();
}

void begin_ready(void)
{
	begin();
	heard(FRAME_OP_CONFIG);
	say_state(MODEM_HOME);
	assert_string_equal(fsm(), "READY");
}

const struct sms_out part = { .to = "+33639980001", .text = "votre commande" };

static void *root;

int world_init(void **state)
{
	static const struct log_info log_info = { 0 };

	(void)state;
	root = talloc_named_const(NULL, 0, "world");
	msgb_talloc_ctx_init(root, 0);
	osmo_init_logging2(root, &log_info);
	log_set_log_level(osmo_stderr_target, LOGL_FATAL);
	return 0;
}

int world_end(void **state)
{
	(void)state;
	log_fini();
	talloc_free(root);
	return 0;
}
