/* Life of one modem, seen from the gateway: its worker process is started, used, and replaced.
 *
 * The worker may block in its library for ever, so every state it enters has a
 * timer and the answer to a time-out is always the same: kill it, start again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/lifecycle.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/lifecycle_state.h"
#include "modem/log.h"

/* Seconds at most between two looks at a device that is not there: looking costs little, and a modem that was
 * plugged in is to be taken up soon. */
#define MISSING_CAP 5

static const struct value_string event_names[] = {
	{ EV_START, "START" },
	{ EV_STOP, "STOP" },
	{ EV_RESTART, "RESTART" },
	{ EV_UP, "UP" },
	{ EV_STATE, "STATE" },
	{ EV_SEND, "SEND" },
	{ EV_SENT, "SENT" },
	{ EV_MALFORMED, "MALFORMED" },
	{ EV_HANG_UP, "HANG-UP" },
	{ EV_GONE, "GONE" },
	{ 0, NULL },
};

/* clang-format off */
struct osmo_tdef modem_tdefs[] = {
	{ .T = -1, .default_val = 10, .desc = "Modem: worker asked for until it runs" },
	{ .T = -2, .default_val = 120, .desc = "Modem: worker runs until its modem answers" },
	{ .T = -3, .default_val = 60, .desc = "Modem: longest pause before a worker is started again" },
	{ .T = -4, .default_val = 10, .desc = "Modem: between two looks at whether the worker lives" },
	{ .T = -5, .default_val = 60, .desc = "Modem: longest silence of the worker" },
	{ .T = -6, .default_val = 150, .desc = "Modem: longest sending of a part" },
	{ .T = -7, .default_val = 1, .desc = "Modem: worker told to quit until it is killed" },
	{ .T = -8, .default_val = 5, .desc = "Modem: worker killed until it is killed again" },
	{ .T = -9, .default_val = 30, .max_val = 600, .desc = "Modem: longest answer to a command" },
	{ .T = -10, .default_val = 90, .max_val = 600, .desc = "Modem: longest answer to a part" },
	{ .T = -11, .default_val = 60, .max_val = 3600, .desc = "Modem: between two looks at network and SIM" },
	{},
};
/* clang-format on */

unsigned long modem_seconds(int T)
{
	return osmo_tdef_get(modem_tdefs, T, OSMO_TDEF_S, 1);
}

unsigned int modem_seconds_left(const struct modem *m)
{
	struct timeval left;

	if (!osmo_timer_pending(&m->fi->timer) || osmo_timer_remaining(&m->fi->timer, NULL, &left))
		return 0;
	return (unsigned int)left.tv_sec + (left.tv_usec > 0);
}

static void state_chg(struct modem *m, enum modem_fsm_state to, int T)
{
	osmo_fsm_inst_state_chg(m->fi, to, T ? modem_seconds(T) : 0, T);
}

static void changed(struct modem *m)
{
	m->ops->changed(m, m->data);
}

/* Starting and ending a worker. */

static void drop_part(struct modem *m)
{
	struct frame_sent lost = { .result = m->handed ? FRAME_SEND_DOUBT : FRAME_SEND_FAILED,
				   .mr = FRAME_MR_UNKNOWN };

	if (!m->sending)
		return;
	m->sending = false;
	if (m->handed)
		m->n.doubt++;
	else
		m->n.failed++;
	LOGPFSML(m->fi, LOGL_NOTICE, "part %u was with the worker: %s\n", m->send_ref,
		 m->handed ? "it may have left" : "it had not begun to send it");
	m->ops->sent(m, m->send_ref, &lost, m->data);
}

/* A device that is not there costs little to look for. */
static unsigned long back_off(const struct modem *m)
{
	unsigned long cap = modem_seconds(-3),
		      delay = 1UL << (m->tries ? OSMO_MIN(m->tries - 1, 10U) : 0);
	int code = WIFEXITED(m->exit_status) ? WEXITSTATUS(m->exit_status) : 0;

	if (m->end == MODEM_END_EXIT
	    && (code == WORKER_EXIT_MISSING || code == WORKER_EXIT_DENIED
		|| code == WORKER_EXIT_BUSY || code == WORKER_EXIT_LOST))
		cap = OSMO_MIN(cap, (unsigned long)MISSING_CAP);
	return OSMO_MIN(delay, cap);
}

static void wait_for_next(struct modem *m)
{
	char *why = modem_end_text(m, m);
	unsigned long delay = back_off(m);

	LOGPFSML(m->fi, LOGL_INFO, "%s; next try in %lu s\n", why, delay);
	talloc_free(why);
	osmo_fsm_inst_state_chg(m->fi, MODEM_ST_WAITING, delay, -3);
	changed(m);
}

static void spawn(struct modem *m)
{
	int rc;

	m->tries++;
	m->n.starts++;
	m->missed = 0;
	m->pin_asked = false;
	memset(&m->last, 0, sizeof(m->last));
	m->last.signal = UINT8_MAX;
	m->last.tries = FRAME_TRIES_UNKNOWN;
	m->has_worker = true;
	state_chg(m, MODEM_ST_STARTING, -1);
	rc = m->ops->spawn(m, m->data);
	if (rc) {
		LOGPFSML(m->fi, LOGL_ERROR, "the worker cannot be started: %s\n", strerror(-rc));
		m->has_worker = false;
		m->end = MODEM_END_SPAWN;
		wait_for_next(m);
	}
}

/* The state comes first: kill() may answer before it returns. */
static void kill_worker(struct modem *m, enum modem_end why)
{
	if (why != MODEM_END_NONE)
		m->end = why;
	state_chg(m, MODEM_ST_STOPPING, -8);
	if (m->has_worker)
		m->ops->kill(m, m->data);
}

static void silent(struct modem *m)
{
	LOGPFSML(m->fi, LOGL_ERROR, "no word from the worker: killed\n");
	m->n.silent++;
	kill_worker(m, MODEM_END_SILENT);
	changed(m);
}

static void stop(struct modem *m)
{
	m->wanted = false;
	switch ((enum modem_fsm_state)m->fi->state) {
	case MODEM_ST_DOWN:
	case MODEM_ST_STOPPING:
		break;
	case MODEM_ST_WAITING:
		state_chg(m, MODEM_ST_DOWN, 0);
		changed(m);
		break;
	case MODEM_ST_STARTING:
		kill_worker(m, MODEM_END_NONE);
		break;
	case MODEM_ST_CONNECTING:
	case MODEM_ST_OFFLINE:
	case MODEM_ST_READY:
	case MODEM_ST_BUSY:
		modem_tell(m, &(struct frame){ .op = FRAME_OP_QUIT });
		state_chg(m, MODEM_ST_STOPPING, -7);
		break;
	}
}

/* What it was told to be replaced for is done: now, and without a back-off. */
static void replace(struct modem *m)
{
	m->tries = 0;
	spawn(m);
	changed(m);
}

static void restart(struct modem *m)
{
	switch ((enum modem_fsm_state)m->fi->state) {
	case MODEM_ST_DOWN:
		return;
	case MODEM_ST_WAITING:
		m->end = MODEM_END_RESTART;
		replace(m);
		return;
	case MODEM_ST_STARTING:
	case MODEM_ST_CONNECTING:
		kill_worker(m, MODEM_END_RESTART);
		break;
	case MODEM_ST_STOPPING: /* asked twice: whatever it does, it is not waited for */
		kill_worker(m, m->wanted ? MODEM_END_RESTART : MODEM_END_NONE);
		break;
	case MODEM_ST_OFFLINE:
	case MODEM_ST_READY:
	case MODEM_ST_BUSY:
		modem_tell(m, &(struct frame){ .op = FRAME_OP_QUIT });
		m->end = MODEM_END_RESTART;
		state_chg(m, MODEM_ST_STOPPING, m->sending ? -6 : -7);
		break;
	}
	changed(m);
}

static void gone(struct modem *m, int status)
{
	modem_hang_up(m);
	drop_part(m);
	if (!m->wanted) {
		state_chg(m, MODEM_ST_DOWN, 0);
		changed(m);
		return;
	}
	if (m->fi->state == MODEM_ST_STOPPING && m->end == MODEM_END_RESTART) {
		replace(m);
		return;
	}
	m->n.deaths++;
	m->exit_status = status;
	/* A worker that was killed for a reason keeps that reason. */
	if (m->fi->state != MODEM_ST_STOPPING || m->end == MODEM_END_NONE)
		m->end = MODEM_END_EXIT;
	wait_for_next(m);
}

/* The states. */

/* Where the modem stands when it is not sending. */
static void settle(struct modem *m)
{
	if (modem_registered(m) && !modem_is_foreign(m))
		state_chg(m, MODEM_ST_READY, -4);
	else if (m->last.state != MODEM_CONNECTING)
		state_chg(m, MODEM_ST_OFFLINE, -4);
}

static void st_down(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct modem *m = fi->priv;

	(void)event;
	(void)data;
	m->wanted = true;
	m->tries = 0;
	m->end = MODEM_END_NONE;
	spawn(m);
	changed(m);
}

static void st_starting(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct modem *m = fi->priv;

	(void)event;
	if (modem_link_open(m, *(int *)data))
		kill_worker(m, MODEM_END_SPAWN);
	else
		state_chg(m, MODEM_ST_CONNECTING, -2);
}

static void st_online(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct modem *m = fi->priv;

	(void)data;
	if (event == EV_SEND)
		state_chg(m, MODEM_ST_BUSY, -6);
	else
		settle(m);
}

static void st_busy(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct modem *m = fi->priv;

	(void)data;
	if (event != EV_SENT)
		return;
	modem_answered(m);
	settle(m);
}

static void malformed(struct modem *m)
{
	m->n.malformed++;
	modem_hang_up(m);
	if (m->fi->state == MODEM_ST_STOPPING)
		return;
	LOGPFSML(m->fi, LOGL_ERROR,
		 "the worker sent what is no frame, or was not to be said: killed\n");
	kill_worker(m, MODEM_END_MALFORMED);
	changed(m);
}

/* It is about to end by itself; its exit status will say why. */
static void hung_up(struct modem *m)
{
	modem_hang_up(m);
	if (m->fi->state == MODEM_ST_STOPPING)
		return;
	m->end = MODEM_END_NONE;
	state_chg(m, MODEM_ST_STOPPING, -7);
}

static void st_any(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct modem *m = fi->priv;

	switch ((enum modem_event)event) {
	case EV_STOP:
		stop(m);
		break;
	case EV_RESTART:
		restart(m);
		break;
	case EV_MALFORMED:
		malformed(m);
		break;
	case EV_HANG_UP:
		hung_up(m);
		break;
	case EV_GONE:
		gone(m, *(int *)data);
		break;
	case EV_START:
	case EV_UP:
	case EV_STATE:
	case EV_SEND:
	case EV_SENT:
		break;
	}
}

/* X4 in OFFLINE and READY. */
static void look(struct modem *m)
{
	m->missed++;
	if (m->missed * modem_seconds(-4) >= modem_seconds(-5)) {
		silent(m);
		return;
	}
	modem_tell(m, &(struct frame){ .op = FRAME_OP_PING });
	state_chg(m, m->fi->state, -4);
	if (modem_silence(m))
		changed(m);
}

static int timed_out(struct osmo_fsm_inst *fi)
{
	struct modem *m = fi->priv;

	switch ((enum modem_fsm_state)fi->state) {
	case MODEM_ST_DOWN:
		break;
	case MODEM_ST_WAITING:
		spawn(m);
		changed(m);
		break;
	case MODEM_ST_STARTING:
		LOGPFSML(fi, LOGL_ERROR, "the worker that was asked for does not come\n");
		kill_worker(m, MODEM_END_SPAWN);
		break;
	case MODEM_ST_CONNECTING:
	case MODEM_ST_BUSY:
		silent(m);
		break;
	case MODEM_ST_OFFLINE:
	case MODEM_ST_READY:
		look(m);
		break;
	case MODEM_ST_STOPPING:
		kill_worker(m, MODEM_END_NONE);
		break;
	}
	return 0;
}

#define S(x) (1 << (x))
#define ENDS (S(MODEM_ST_STOPPING) | S(MODEM_ST_WAITING) | S(MODEM_ST_DOWN))

/* clang-format off */
static const struct osmo_fsm_state modem_states[] = {
	[MODEM_ST_DOWN] = {
		.name = "DOWN",
		.in_event_mask = S(EV_START),
		.out_state_mask = S(MODEM_ST_STARTING),
		.action = st_down,
	},
	[MODEM_ST_WAITING] = {		/* back-off up to X3 */
		.name = "WAITING",
		.out_state_mask = S(MODEM_ST_STARTING) | S(MODEM_ST_DOWN),
	},
	[MODEM_ST_STARTING] = {		/* X1 */
		.name = "STARTING",
		.in_event_mask = S(EV_UP),
		.out_state_mask = S(MODEM_ST_CONNECTING) | ENDS,
		.action = st_starting,
	},
	[MODEM_ST_CONNECTING] = {	/* X2 */
		.name = "CONNECTING",
		.in_event_mask = S(EV_STATE),
		.out_state_mask = S(MODEM_ST_OFFLINE) | S(MODEM_ST_READY) | ENDS,
		.action = st_online,
	},
	[MODEM_ST_OFFLINE] = {		/* X4, repeated up to X5 */
		.name = "OFFLINE",
		.in_event_mask = S(EV_STATE),
		.out_state_mask = S(MODEM_ST_OFFLINE) | S(MODEM_ST_READY) | ENDS,
		.action = st_online,
	},
	[MODEM_ST_READY] = {		/* X4, repeated up to X5 */
		.name = "READY",
		.in_event_mask = S(EV_STATE) | S(EV_SEND),
		.out_state_mask = S(MODEM_ST_OFFLINE) | S(MODEM_ST_READY) | S(MODEM_ST_BUSY) | ENDS,
		.action = st_online,
	},
	[MODEM_ST_BUSY] = {		/* X6 */
		.name = "BUSY",
		.in_event_mask = S(EV_STATE) | S(EV_SENT),
		.out_state_mask = S(MODEM_ST_OFFLINE) | S(MODEM_ST_READY) | ENDS,
		.action = st_busy,
	},
	[MODEM_ST_STOPPING] = {		/* X7, then X8, repeated */
		.name = "STOPPING",
		.in_event_mask = S(EV_SENT),
		.out_state_mask = ENDS | S(MODEM_ST_STARTING),
	},
};
/* clang-format on */

static struct osmo_fsm modem_fsm = {
	.name = "modem",
	.states = modem_states,
	.num_states = ARRAY_SIZE(modem_states),
	.allstate_event_mask = S(EV_STOP) | S(EV_RESTART) | S(EV_MALFORMED) | S(EV_HANG_UP)
			       | S(EV_GONE),
	.allstate_action = st_any,
	.timer_cb = timed_out,
	.event_names = event_names,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&modem_fsm) == 0);
	osmo_tdefs_reset(modem_tdefs);
}

/* What the gateway calls. */

static int modem_destroy(struct modem *m)
{
	modem_hang_up(m);
	osmo_fsm_inst_free(m->fi);
	return 0;
}

static char *copy(struct modem *m, const char *text)
{
	char *to = talloc_strdup(m, text ? text : "");

	OSMO_ASSERT(to);
	return to;
}

/* Names of state machines may not hold every sign that a configuration allows. */
static struct osmo_fsm_inst *alloc_fsm(struct modem *m)
{
	char *id = copy(m, m->name);
	struct osmo_fsm_inst *fi;

	osmo_identifier_sanitize_buf(id, NULL, '-');
	modem_fsm.log_subsys = DMODEM;
	fi = osmo_fsm_inst_alloc(&modem_fsm, NULL, m, LOGL_DEBUG, id);
	OSMO_ASSERT(fi);
	talloc_free(id);
	return fi;
}

struct modem *modem_alloc(void *ctx, const struct modem_config *config, const struct modem_ops *ops,
			  void *data)
{
	struct modem *m = talloc_zero(ctx, struct modem);

	OSMO_ASSERT(m);
	m->name = copy(m, config->name);
	m->device = copy(m, config->device);
	m->driver = copy(m, config->driver ? config->driver : "gammu");
	m->pin = copy(m, config->pin);
	m->pin_file = copy(m, config->pin_file);
	m->short_pauses = config->short_pauses;
	m->pin_mark = config->pin_mark;
	OSMO_STRLCPY_ARRAY(m->own_imsi, config->imsi ? config->imsi : "");
	m->ops = ops;
	m->data = data;
	modem_link_init(m);
	m->fi = alloc_fsm(m);
	talloc_set_destructor(m, modem_destroy);
	return m;
}

void modem_start(struct modem *m)
{
	m->wanted = true;
	if (m->fi->state == MODEM_ST_DOWN)
		osmo_fsm_inst_dispatch(m->fi, EV_START, NULL);
}

void modem_stop(struct modem *m)
{
	osmo_fsm_inst_dispatch(m->fi, EV_STOP, NULL);
}

void modem_restart(struct modem *m)
{
	osmo_fsm_inst_dispatch(m->fi, EV_RESTART, NULL);
}

int modem_accept_sim(struct modem *m)
{
	int rc;

	if (!*m->last.imsi)
		return -ENOENT;
	if (!modem_is_foreign(m))
		return -EALREADY;
	rc = m->ops->sim(m, m->last.imsi, m->data);
	if (rc)
		return rc;
	OSMO_STRLCPY_ARRAY(m->own_imsi, m->last.imsi);
	modem_restart(m); /* its worker reads all slots again */
	return 0;
}

void modem_set_device(struct modem *m, const char *device)
{
	talloc_free(m->device);
	m->device = copy(m, device);
}

bool modem_is_down(const struct modem *m)
{
	return m->fi->state == MODEM_ST_DOWN;
}

void modem_worker_started(struct modem *m, int fd)
{
	/* Too late: it is to be killed, and reads the end of its socket before that. */
	if (m->fi->state != MODEM_ST_STARTING)
		close(fd);
	else
		osmo_fsm_inst_dispatch(m->fi, EV_UP, &fd);
}

void modem_worker_exited(struct modem *m, int status)
{
	if (!m->has_worker)
		return;
	m->has_worker = false;
	while (modem_read_frame(m))
		;
	osmo_fsm_inst_dispatch(m->fi, EV_GONE, &status);
}

bool modem_ready(const struct modem *m)
{
	return m->fi->state == MODEM_ST_READY && !modem_silence(m);
}

int modem_send(struct modem *m, uint32_t ref, const struct sms_out *sms)
{
	struct frame f = { .op = FRAME_OP_SMS_SEND, .ref = ref, .out = *sms };
	int rc;

	if (!modem_ready(m))
		return -EAGAIN;
	rc = modem_tell(m, &f);
	if (rc)
		return rc == -EPROTO ? -EINVAL : -EAGAIN;
	m->sending = true;
	m->handed = false;
	m->send_ref = ref;
	osmo_fsm_inst_dispatch(m->fi, EV_SEND, NULL);
	return 0;
}

int modem_delete(struct modem *m, uint32_t slot)
{
	if (modem_is_foreign(m))
		return -EAGAIN; /* that slot was another SIM's */
	return modem_tell(m, &(struct frame){ .op = FRAME_OP_SMS_DELETE, .ref = slot }) ? -EAGAIN
											: 0;
}

int modem_dial(struct modem *m, const char *code)
{
	struct frame f = { .op = FRAME_OP_USSD_DIAL };
	int rc;

	if (osmo_strlcpy(f.text, code, sizeof(f.text)) >= sizeof(f.text))
		return -EINVAL;
	if (!modem_ready(m))
		return -EAGAIN;
	rc = modem_tell(m, &f);
	if (rc)
		return rc == -EPROTO ? -EINVAL : -EAGAIN;
	return 0;
}

int modem_pin_retry(struct modem *m, const char *pin)
{
	size_t n = strlen(pin);

	if (n < 4 || n > 8 || strspn(pin, "0123456789") != n)
		return -EINVAL;
	talloc_free(m->pin);
	m->pin = copy(m, pin);
	modem_mark_pin(m, MODEM_PIN_ACCEPTED);
	m->pin_urged = true;
	if (m->last.state == MODEM_PIN_REFUSED)
		m->pin_asked = true;
	modem_offer_pin(m);
	return 0;
}

const char *modem_name(const struct modem *m)
{
	return m->name;
}

const char *modem_imsi(const struct modem *m)
{
	return m->imsi;
}

const char *modem_own_imsi(const struct modem *m)
{
	return m->own_imsi;
}

bool modem_is_foreign(const struct modem *m)
{
	return *m->last.imsi && *m->own_imsi && strcmp(m->last.imsi, m->own_imsi) != 0;
}

const char *modem_device(const struct modem *m)
{
	return m->device;
}

void modem_status(struct modem *m, struct modem_status *out)
{
	enum modem_fsm_state state = m->fi->state;

	talloc_free(m->text);
	m->text = modem_text(m);
	OSMO_ASSERT(m->text);
	*out = (struct modem_status){
		.name = m->name,
		.device = m->device,
		.fsm = osmo_fsm_inst_state_name(m->fi),
		.text = m->text,
		.ready = modem_ready(m),
		.up = state == MODEM_ST_OFFLINE || state == MODEM_ST_READY
		      || state == MODEM_ST_BUSY,
		.state = m->last.state,
		.network = m->last.network,
		.signal = m->last.signal <= 100 ? m->last.signal : -1,
		.imsi = m->imsi,
		.foreign = modem_is_foreign(m),
		.model = m->last.model,
		.used = m->last.used,
		.slots = m->last.slots,
		.tries = m->tries,
		.n = m->n,
	};
}
