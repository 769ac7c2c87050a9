/* What a modem's lifecycle and its worker say to each other.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/lifecycle_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/msgb.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/log.h"

/* Frames that may wait for a worker that is busy in its library. */
#define QUEUE_MAX     64
/* Frames that are taken in one turn of the loop. */
#define FRAMES_A_TURN 32
/* The socket. */

void modem_hang_up(struct modem *m)
{
	if (m->wq.bfd.fd < 0)
		return;
	osmo_fd_unregister(&m->wq.bfd);
	osmo_wqueue_clear(&m->wq);
	close(m->wq.bfd.fd);
	m->wq.bfd.fd = -1;
}

/* Usually the socket takes it at once; what it does not take waits, in order. */
int modem_tell(struct modem *m, const struct frame *f)
{
	struct msgb *msg;
	int len, rc = -EAGAIN;

	if (m->wq.bfd.fd < 0)
		return -EAGAIN;
	if (llist_empty(&m->wq.msg_queue))
		rc = frame_send(m->wq.bfd.fd, f);
	if (rc != -EAGAIN)
		return rc;
	msg = msgb_alloc(FRAME_MAX, "frame");
	OSMO_ASSERT(msg);
	len = frame_encode(msg->data, FRAME_MAX, f);
	if (len > 0) {
		msgb_put(msg, len);
		if (osmo_wqueue_enqueue_quiet(&m->wq, msg) == 0)
			return 0;
	}
	msgb_free(msg);
	return len < 0 ? len : -EAGAIN;
}

static int write_queued(struct osmo_fd *fd, struct msgb *msg)
{
	ssize_t n = send(fd->fd, msg->data, msg->len, MSG_NOSIGNAL);

	return n < 0 ? -errno : (int)n;
}

/* The worker gets the device itself: as a user of its own it may not be allowed to follow a link in somebody's
 * folder, and the name may stand for another device at its next start. */
static void set_device(char *out, size_t size, const char *device)
{
	char *real = realpath(device, NULL);

	osmo_strlcpy(out, real && strlen(real) < size ? real : device, size);
	free(real);
}

static void tell_config(struct modem *m)
{
	struct frame f = { .op = FRAME_OP_CONFIG,
			   .config = { .short_pauses = m->short_pauses,
				       .call_wait = (uint16_t)modem_seconds(-9),
				       .send_wait = (uint16_t)modem_seconds(-10),
				       .look_wait = (uint16_t)modem_seconds(-11) } };

	set_device(f.config.device, sizeof(f.config.device), m->device);
	OSMO_STRLCPY_ARRAY(f.config.driver, m->driver);
	if (modem_tell(m, &f))
		LOGPFSML(m->fi, LOGL_ERROR, "device or driver cannot be handed to the worker\n");
}

/* The PIN. */

/* Of three tries the gateway takes one by itself. The second is an operator's, who has looked at the PIN; the last is
 * nobody's here: after it the SIM wants its PUK. A SIM that does not say how many are left is tried if nothing was
 * ever refused. */
bool modem_may_try_pin(const struct modem *m)
{
	uint8_t left = m->last.tries;

	if (m->pin_mark == MODEM_PIN_TRY || m->pin_mark == MODEM_PIN_WRONG)
		return false;
	if (left == FRAME_TRIES_UNKNOWN)
		return m->pin_urged || m->pin_mark == MODEM_PIN_ACCEPTED;
	return left >= (m->pin_urged ? 2 : 3);
}

/* Give the PIN to a SIM that waits for it: once, and only after that is on disk. */
void modem_offer_pin(struct modem *m)
{
	struct frame f = { .op = FRAME_OP_PIN };

	if (!m->pin_asked || !*m->pin || !modem_may_try_pin(m))
		return;
	if (m->ops->pin(m, MODEM_PIN_TRY, m->data)) {
		LOGPFSML(m->fi, LOGL_ERROR, "the try of the PIN cannot be stored: not tried\n");
		return;
	}
	m->pin_mark = MODEM_PIN_TRY;
	m->pin_asked = m->pin_urged = false;
	OSMO_STRLCPY_ARRAY(f.text, m->pin);
	modem_tell(m, &f);
	explicit_bzero(&f, sizeof(f));
}

void modem_mark_pin(struct modem *m, enum modem_pin what)
{
	if (m->pin_mark == what)
		return;
	m->pin_mark = what;
	if (m->ops->pin(m, what, m->data))
		LOGPFSML(m->fi, LOGL_ERROR, "what came of the PIN cannot be stored\n");
}

/* What the worker says. */

void modem_answered(struct modem *m)
{
	m->tries = 0;
	m->end = MODEM_END_NONE;
}

/* The first look asks; what does not answer that until the second is silent. */
unsigned int modem_silence(const struct modem *m)
{
	bool asked = m->fi->state == MODEM_ST_READY || m->fi->state == MODEM_ST_OFFLINE;

	return asked && m->missed > 1 ? (m->missed - 1) * (unsigned int)modem_seconds(-4) : 0;
}

bool modem_registered(const struct modem *m)
{
	return m->last.state == MODEM_HOME || m->last.state == MODEM_ROAMING
	       || m->last.state == MODEM_ATTACHED;
}

static void follow_pin(struct modem *m)
{
	switch ((enum modem_state)m->last.state) {
	case MODEM_PIN_NEEDED:
		m->pin_asked = true;
		modem_offer_pin(m);
		break;
	case MODEM_PIN_REFUSED:
	case MODEM_LOCKED:
		if (m->pin_mark == MODEM_PIN_TRY)
			modem_mark_pin(m, MODEM_PIN_WRONG);
		break;
	case MODEM_SEARCHING:
	case MODEM_DENIED:
	case MODEM_HOME:
	case MODEM_ROAMING:
	case MODEM_ATTACHED:
		if (m->pin_mark == MODEM_PIN_TRY)
			modem_mark_pin(m, MODEM_PIN_ACCEPTED);
		break;
	case MODEM_CONNECTING:
	case MODEM_NO_SIM:
	case _MODEM_STATE_NUM:
		break;
	}
}

static void note_imsi(struct modem *m)
{
	if (!*m->last.imsi)
		return;
	/* the first SIM that is seen belongs to the modem; if that cannot be stored now, the next state asks again */
	if (!*m->own_imsi && m->ops->sim(m, m->last.imsi, m->data) == 0)
		OSMO_STRLCPY_ARRAY(m->own_imsi, m->last.imsi);
	if (!strcmp(m->last.imsi, m->imsi))
		return;
	if (*m->imsi)
		LOGPFSML(m->fi, LOGL_ERROR, "the SIM was changed\n");
	OSMO_STRLCPY_ARRAY(m->imsi, m->last.imsi);
}

/* Its owner is told by changed(), and logs what operators read. */
static void log_state(struct modem *m)
{
	char *text = modem_text(m);

	LOGPFSML(m->fi, LOGL_INFO, "%s\n", text);
	talloc_free(text);
}

static void on_state(struct modem *m, const struct frame *f)
{
	bool news = f->state.state != m->last.state;

	m->last = f->state;
	note_imsi(m);
	follow_pin(m);
	osmo_fsm_inst_dispatch(m->fi, EV_STATE, NULL);
	if (news && m->last.state != MODEM_CONNECTING)
		log_state(m);
	m->ops->changed(m, m->data);
}

static void on_pong(struct modem *m, const struct frame *f)
{
	(void)f;
	if (m->fi->state == MODEM_ST_READY || m->fi->state == MODEM_ST_OFFLINE)
		modem_answered(m);
}

static void on_received(struct modem *m, const struct frame *f)
{
	modem_answered(m);
	if (modem_is_foreign(m))
		return; /* somebody else's: it stays where it is */
	m->n.received++;
	m->ops->received(m, f->ref, &f->in, m->data);
}

static void on_deleted(struct modem *m, const struct frame *f)
{
	m->n.deleted += f->result == 0;
	m->ops->deleted(m, f->ref, f->result == 0, m->data);
}

static void on_report(struct modem *m, const struct frame *f)
{
	if (modem_is_foreign(m))
		return;
	m->n.reports++;
	m->ops->report(m, f->ref, &f->report, m->data);
}

static void on_ussd(struct modem *m, const struct frame *f)
{
	m->ops->ussd(m, &f->ussd, m->data);
}

static void on_call(struct modem *m, const struct frame *f)
{
	if (!modem_is_foreign(m))
		m->ops->call(m, f->text, m->data);
}

/* The worker has no log of its own: where lines go is the gateway's affair. */
static void on_log(struct modem *m, const struct frame *f)
{
	int level = OSMO_MAX(LOGL_DEBUG, OSMO_MIN((int)f->log.level, LOGL_FATAL));

	LOGP(DMODEM, level, "modem %s: %s\n", m->name, f->log.line);
}

/* What a worker may not say now is as bad as what is no frame: it is not what we built. */
static void on_sending(struct modem *m, const struct frame *f)
{
	if (!m->sending || m->handed || f->ref != m->send_ref)
		osmo_fsm_inst_dispatch(m->fi, EV_MALFORMED, NULL);
	else
		m->handed = true;
}

static void on_sent(struct modem *m, const struct frame *f)
{
	uint64_t *const counter[_FRAME_SEND_NUM] = { &m->n.sent, &m->n.failed, &m->n.refused,
						     &m->n.doubt };

	if (!m->sending || f->ref != m->send_ref) {
		osmo_fsm_inst_dispatch(m->fi, EV_MALFORMED, NULL);
		return;
	}
	m->sending = false;
	(*counter[f->sent.result])++;
	osmo_fsm_inst_dispatch(m->fi, EV_SENT, NULL);
	m->ops->sent(m, f->ref, &f->sent, m->data);
	m->ops->changed(m, m->data);
}

typedef void frame_handler(struct modem *m, const struct frame *f);

static frame_handler *const handlers[_FRAME_OP_NUM] = {
	[FRAME_OP_STATE] = on_state,
	[FRAME_OP_PONG] = on_pong,
	[FRAME_OP_SMS_RECEIVED] = on_received,
	[FRAME_OP_SMS_DELETED] = on_deleted,
	[FRAME_OP_SMS_SENDING] = on_sending,
	[FRAME_OP_SMS_SENT] = on_sent,
	[FRAME_OP_SMS_REPORT] = on_report,
	[FRAME_OP_USSD_RECEIVED] = on_ussd,
	[FRAME_OP_CALL] = on_call,
	[FRAME_OP_LOG] = on_log,
};

/* While a worker is ending only the fate of its part counts: the rest comes again. */
static void take_frame(struct modem *m, const struct frame *f)
{
	bool was_silent = modem_silence(m) > 0;

	m->missed = 0;
	if (m->fi->state != MODEM_ST_STOPPING || f->op == FRAME_OP_SMS_SENT
	    || f->op == FRAME_OP_SMS_SENDING || f->op == FRAME_OP_LOG)
		handlers[f->op](m, f);
	if (was_silent)
		m->ops->changed(m, m->data);
}

/* \returns false when there is nothing more to read now, or ever. */
bool modem_read_frame(struct modem *m)
{
	struct frame f;
	int rc;

	if (m->wq.bfd.fd < 0)
		return false;
	rc = frame_recv(m->wq.bfd.fd, FRAME_TO_GATEWAY, &f);
	if (rc == -EAGAIN)
		return false;
	if (rc == 0) {
		take_frame(m, &f);
		return true;
	}
	if (rc == -EPROTO) {
		LOGPFSML(m->fi, LOGL_ERROR, "the worker sent what is no frame: killed\n");
		osmo_fsm_inst_dispatch(m->fi, EV_MALFORMED, NULL);
		return false;
	}
	osmo_fsm_inst_dispatch(m->fi, EV_HANG_UP, NULL);
	return false;
}

static int on_readable(struct osmo_fd *fd)
{
	struct modem *m = fd->data;

	for (int i = 0; i < FRAMES_A_TURN && modem_read_frame(m); i++)
		;
	return m->wq.bfd.fd < 0 ? -EBADF : 0;
}

void modem_link_init(struct modem *m)
{
	osmo_wqueue_init(&m->wq, QUEUE_MAX);
	osmo_fd_setup(&m->wq.bfd, -1, OSMO_FD_READ, osmo_wqueue_bfd_cb, m, 0);
	m->wq.read_cb = on_readable;
	m->wq.write_cb = write_queued;
}

int modem_link_open(struct modem *m, int fd)
{
	m->wq.bfd.fd = fd;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) || osmo_fd_register(&m->wq.bfd)) {
		close(fd);
		m->wq.bfd.fd = -1;
		return -EIO;
	}
	tell_config(m);
	return 0;
}
