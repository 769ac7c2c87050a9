/* chapped-modem: the worker of one modem.
 *
 *   gateway <-- fd 3, frames --> this loop <-- gammu.h --> libgammu <-- tty --> modem
 *
 * It knows nothing but its modem: no database, no configuration, no other
 * process. It answers to the gateway over fd 3 and ends with it. One thing is
 * done at a time, since a modem does one thing at a time; what a frame asks for
 * waits until the modem is free.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "modem/cause.h"
#include "modem/frame.h"
#include "modem/gammu.h"
#include "modem/log.h"
#include "modem/sandbox.h"
#include "modem/slots.h"
#include "modem/title.h"
#include "modem/worker_log.h"

/* What it is called by; the name of the modem follows. */
#define TITLE          "chapped: modem "
/* Where the gateway is. */
#define GATEWAY_FD     3
/* Milliseconds. */
#define SECOND         1000
#define OK_WAIT        (5 * SECOND) /* for the end of an answer that says all but OK */
#define LOOK_SEARCHING (10 * SECOND)
#define LOOK_STARTING  (2 * SECOND)
#define LOOK_LOCKED    (30 * SECOND)
#define LOOK_LATE      (30 * SECOND) /* when there is no end of things to do */
/* +CUSD: 1, 3GPP TS 27.007, clause 7.15. */
#define USSD_ASKS      1
/* Times that a SIM may be asked before it is taken as it is. */
#define REFUSED_MAX    5
/* What is not freed so long after it was handed over is handed over again. */
#define HAND_AGAIN     (120 * SECOND)
/* How long a SIM is taken for the one that it was: nobody changes one faster. */
#define SIM_TRUST      (5 * SECOND)
/* 3GPP TS 27.005, clause 3.2.5: SIM failure. */
#define CAUSE_SIM      313

struct worker {
	struct gammu *g;
	struct frame_config config;
	struct frame_state state;
	bool begun; /* the SIM is open and notices are asked for */
	bool quit;
	unsigned int refused; /* times that the IMSI was not told, and no reason why */
	int64_t look_at;      /* when to look at the state of things */
	int64_t sim_at;       /* when the SIM was seen last */

	/* What is to be done. */
	struct frame send; /* op is 0 if there is none */
	char pin[16];      /* empty if there is none */
	char dial[FRAME_TEXT_MAX + 1];
	bool hang_up, list, ping;
	bool ussd_open; /* the network waits for an answer that nobody will give */
	struct slots reads, deletes;
	bool deletes_first; /* a part went out since the last delete: a busy modem is to free its slots too */

	/* A part is with the modem. */
	bool sending;
	uint32_t send_ref;
	int64_t give_up_at;

	struct known known; /* handed over and not freed */
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void __attribute__((noreturn)) finish(enum worker_exit code)
{
	_exit((int)code);
}

/* To the gateway. */

static void tell(const struct frame *f)
{
	int rc = frame_send(GATEWAY_FD, f);

	if (rc == -EPROTO)
		LOGP(DMODEM, LOGL_ERROR, "%s: not sent, a field is out of its bounds\n",
		     frame_name(f->op));
	else if (rc) /* the gateway is gone */
		finish(WORKER_EXIT_OK);
}

static void tell_state(struct worker *w, enum modem_state state)
{
	struct frame f = { .op = FRAME_OP_STATE };

	w->state.state = (uint8_t)state;
	f.state = w->state;
	tell(&f);
}

static void tell_sent(const struct worker *w, const struct frame_sent *sent)
{
	tell(&(struct frame){ .op = FRAME_OP_SMS_SENT, .ref = w->send_ref, .sent = *sent });
}

/* Of the library. */

static void on_event(struct worker *w, const struct gammu_event *e)
{
	struct frame f = { .ref = e->slot };

	switch (e->kind) {
	case GAMMU_NOTICE:
		slots_push(&w->reads, e->slot);
		return;
	case GAMMU_NETWORK:
		w->look_at = now_ms();
		return;
	case GAMMU_OVERFLOW:
		w->list = true;
		w->look_at = now_ms();
		return;
	case GAMMU_SENT:
		w->sending = false;
		tell_sent(w, &e->sent);
		if (cause_is_of_carrier(e->sent.cause))
			w->look_at = now_ms();
		return;
	case GAMMU_MESSAGE:
		f.op = FRAME_OP_SMS_RECEIVED;
		f.in = e->in;
		break;
	case GAMMU_REPORT:
		f.op = FRAME_OP_SMS_REPORT;
		f.report = e->report;
		break;
	case GAMMU_USSD:
		f.op = FRAME_OP_USSD_RECEIVED;
		f.ussd = e->ussd;
		w->ussd_open = e->ussd.state == USSD_ASKS;
		break;
	case GAMMU_CALL:
		w->hang_up = true;
		f.op = FRAME_OP_CALL;
		OSMO_STRLCPY_ARRAY(f.text, e->number);
		if (strspn(f.text, "+0123456789") != strlen(f.text))
			f.text[0] = '\0';
		break;
	}
	tell(&f);
}

static void take_events(struct worker *w)
{
	struct gammu_event e;

	while (gammu_next(w->g, &e))
		on_event(w, &e);
}

/* After each call: what the library noted meanwhile, and whether there is still a modem. */
static int done(struct worker *w, int rc)
{
	take_events(w);
	if (rc == GAMMU_GONE || rc == GAMMU_SILENT) {
		gammu_give_up(w->g);
		take_events(w);
		finish(rc == GAMMU_GONE ? WORKER_EXIT_LOST : WORKER_EXIT_SILENT);
	}
	return rc;
}

/* What stands in the SIM: messages that came while nobody was there, or whose notice was lost. */
static void do_list(struct worker *w)
{
	uint32_t slots[GAMMU_SLOTS_MAX];
	size_t n;
	int rc = gammu_list(w->g, slots, ARRAY_SIZE(slots), &n);
	int64_t now = now_ms();

	w->list = false;
	for (size_t i = 0; i < n; i++) {
		int64_t at = known_at(&w->known, slots[i]);

		if (at < 0 || now - at >= HAND_AGAIN)
			slots_push(&w->reads, slots[i]);
	}
	if (rc == 0)
		known_keep(&w->known, slots, n);
	done(w, rc);
}

/* The state of things. */

static void look_again(struct worker *w, int64_t in)
{
	w->look_at = now_ms() + in;
}

/* Something stands in the SIM that the gateway does not know of, or seems to have forgotten. */
static bool slots_differ(const struct worker *w)
{
	return w->state.used != w->known.n || known_older(&w->known, now_ms() - HAND_AGAIN);
}

/* A slot is free: what was told of a full SIM is no longer true. */
static void slot_freed(struct worker *w)
{
	bool full = w->state.slots && w->state.used >= w->state.slots;

	if (w->state.used)
		w->state.used--;
	if (full)
		tell_state(w, w->state.state);
}

static void look_at_network(struct worker *w)
{
	int64_t wait = OSMO_MAX(1, w->config.look_wait) * SECOND;
	bool registered;

	done(w, gammu_check_notices(w->g));
	done(w, gammu_look(w->g, &w->state));
	registered = w->state.state == MODEM_HOME || w->state.state == MODEM_ROAMING
		     || w->state.state == MODEM_ATTACHED;
	tell_state(w, w->state.state);
	look_again(w, OSMO_MIN(wait, registered ? wait : LOOK_SEARCHING));
	w->list = w->list || slots_differ(w);
}

static void locked(struct worker *w)
{
	enum modem_state wanted = gammu_code_wanted(w->g);

	done(w, 0);
	/* refused is what the gateway has to know, until somebody does something about it */
	if (wanted == MODEM_PIN_NEEDED && w->state.state == MODEM_PIN_REFUSED)
		wanted = MODEM_PIN_REFUSED;
	if (wanted != MODEM_CONNECTING)
		w->state.tries = gammu_pin_tries(w->g);
	if (wanted != MODEM_CONNECTING)
		tell_state(w, wanted);
	look_again(w, wanted == MODEM_CONNECTING ? LOOK_STARTING : LOOK_LOCKED);
}

static void begin(struct worker *w)
{
	if (done(w, gammu_begin(w->g))) {
		look_again(w, LOOK_STARTING);
		return;
	}
	w->begun = true;
	do_list(w);
	look_at_network(w);
}

/* There is no SIM to send it by, or not the one that it was given for. */
static void give_back(struct worker *w)
{
	w->send_ref = w->send.ref;
	w->send.op = 0;
	tell_sent(w, &(struct frame_sent){ FRAME_SEND_FAILED, FRAME_MR_UNKNOWN, CAUSE_SIM });
}

/* Another SIM: what is known of slots is about the one that was there before. */
static void forget_sim(struct worker *w)
{
	LOGP(DMODEM, LOGL_ERROR, "another SIM is in the modem\n");
	w->known.n = w->reads.n = w->deletes.n = 0;
	w->begun = false;
	if (w->send.op)
		give_back(w);
}

static int check_sim(struct worker *w)
{
	char before[sizeof(w->state.imsi)];
	int rc;

	OSMO_STRLCPY_ARRAY(before, w->state.imsi);
	rc = done(w, gammu_check_sim(w->g, &w->state));
	w->sim_at = now_ms();
	if (rc == 0 && *before && strcmp(before, w->state.imsi) != 0)
		forget_sim(w);
	return rc;
}

/* Before something is read, sent or freed. A phone that does not tell its IMSI serves without. */
static void do_check_sim(struct worker *w)
{
	int rc = check_sim(w);

	if (rc == GAMMU_LOCKED || rc == GAMMU_NO_SIM)
		w->begun = false;
	if (!w->begun)
		look_again(w, 0);
}

/* A SIM may be locked, missing, not yet awake; or taken out while it was in use. */
static void look(struct worker *w)
{
	int rc = check_sim(w);

	if (rc == 0 && w->begun) {
		look_at_network(w);
	} else if (rc == 0) {
		begin(w);
	} else if (rc == GAMMU_LOCKED) {
		w->begun = false;
		locked(w);
	} else if (rc == GAMMU_NO_SIM) {
		w->begun = false;
		tell_state(w, MODEM_NO_SIM);
		look_again(w, LOOK_SEARCHING);
	} else if (++w->refused < REFUSED_MAX) {
		look_again(w, LOOK_STARTING);
	} else if (w->begun) { /* a phone that does not tell its IMSI: it serves without */
		look_at_network(w);
	} else {
		begin(w);
	}
}

static void do_pin(struct worker *w)
{
	int rc = done(w, gammu_enter_pin(w->g, w->pin));

	explicit_bzero(w->pin, sizeof(w->pin));
	if (rc == 0) {
		w->state.state = MODEM_CONNECTING;
		look_again(w, 0);
	} else if (rc == GAMMU_LOCKED) {
		LOGP(DMODEM, LOGL_ERROR, "the SIM refuses the PIN\n");
		tell_state(w, MODEM_PIN_REFUSED);
		look_again(w, LOOK_LOCKED);
	} else {
		finish(WORKER_EXIT_SILENT);
	}
}

/* Jobs. */

static void do_read(struct worker *w)
{
	uint32_t slot = slots_pop(&w->reads);
	struct gammu_event e;
	bool found;
	int rc = gammu_read(w->g, slot, &e, &found);

	if (found) {
		known_add(&w->known, slot, now_ms());
		on_event(w, &e);
	}
	done(w, rc);
}

static void do_delete(struct worker *w)
{
	uint32_t slot = slots_pop(&w->deletes);
	struct frame f = { .op = FRAME_OP_SMS_DELETED, .ref = slot };
	int rc = slot ? gammu_delete(w->g, slot) : 0;

	if (rc == 0 && known_at(&w->known, slot) >= 0) {
		known_remove(&w->known, slot);
		slot_freed(w);
	}
	f.result = rc != 0;
	tell(&f);
	done(w, rc);
	if (!w->deletes.n)
		w->deletes_first = false;
}

static void do_send(struct worker *w)
{
	struct frame send = w->send;
	int rc;

	w->send.op = 0;
	w->send_ref = send.ref;
	w->sending = w->deletes_first = true;
	tell(&(struct frame){ .op = FRAME_OP_SMS_SENDING, .ref = send.ref });
	rc = gammu_send(w->g, &send.out);
	w->give_up_at = now_ms() + w->config.send_wait * SECOND;
	done(w, rc);
}

/* The worker lives, and so does its modem. One that does not answer is asked once more, then the worker ends. */
static void do_ping(struct worker *w)
{
	bool answers;

	done(w, gammu_ask(w->g, &w->state, &answers));
	w->ping = !answers;
	if (answers)
		tell(&(struct frame){ .op = FRAME_OP_PONG });
}

static void do_close_ussd(struct worker *w)
{
	w->ussd_open = false;
	done(w, gammu_close_ussd(w->g));
}

static void do_dial(struct worker *w)
{
	struct frame f = { .op = FRAME_OP_USSD_RECEIVED, .ussd = { .state = 4 } };
	int rc = gammu_dial(w->g, w->dial);

	w->dial[0] = '\0';
	if (done(w, rc))
		tell(&f);
}

static void do_hang_up(struct worker *w)
{
	w->hang_up = false;
	done(w, gammu_hang_up(w->g));
}

/* A look asks a dozen things: it waits while there is something to do, but not for ever. */
static bool look_is_due(const struct worker *w)
{
	int64_t late = now_ms() - w->look_at;
	bool idle = !w->reads.n && !w->deletes.n && !w->send.op;

	return late >= (idle || !w->begun ? 0 : LOOK_LATE);
}

/* The SIM is to be used, and nobody has looked for a while which one it is. */
static bool sim_is_due(const struct worker *w)
{
	return w->begun && (w->reads.n || w->deletes.n || w->send.op)
	       && now_ms() - w->sim_at >= SIM_TRUST;
}

/* What comes in goes before what goes out: somebody waits for an answer to it.
 * \returns false if there is nothing to do. */
static bool do_one_job(struct worker *w)
{
	if (w->sending)
		return false;
	if (w->hang_up)
		do_hang_up(w);
	else if (*w->pin)
		do_pin(w);
	else if (look_is_due(w))
		look(w);
	else if (w->ping)
		do_ping(w);
	else if (!w->begun && w->send.op)
		give_back(w);
	else if (!w->begun)
		return false;
	else if (sim_is_due(w))
		do_check_sim(w);
	else if (w->reads.n)
		do_read(w);
	else if (w->send.op && !(w->deletes_first && w->deletes.n))
		do_send(w);
	else if (w->deletes.n)
		do_delete(w);
	else if (w->ussd_open)
		do_close_ussd(w);
	else if (*w->dial)
		do_dial(w);
	else if (w->list)
		do_list(w);
	else
		return false;
	return true;
}

/* From the gateway. */

static void on_send(struct worker *w, const struct frame *f)
{
	/* one at a time: the gateway that gives two is none */
	if (w->sending || w->send.op)
		finish(WORKER_EXIT_PROTOCOL);
	w->send = *f;
}

/* Asked twice, it has been done: by now the slot may hold a newer text. */
static void on_delete(struct worker *w, const struct frame *f)
{
	if (known_at(&w->known, f->ref) >= 0)
		slots_push(&w->deletes, f->ref);
	else
		tell(&(struct frame){ .op = FRAME_OP_SMS_DELETED, .ref = f->ref });
}

static void on_pin(struct worker *w, const struct frame *f)
{
	if (w->state.state == MODEM_PIN_NEEDED || w->state.state == MODEM_PIN_REFUSED)
		OSMO_STRLCPY_ARRAY(w->pin, f->text);
}

static void on_dial(struct worker *w, const struct frame *f)
{
	OSMO_STRLCPY_ARRAY(w->dial, f->text);
}

static void on_ping(struct worker *w, const struct frame *f)
{
	(void)f;
	w->ping = !w->sending; /* then its answer is awaited, and has a limit of its own */
	if (w->sending)
		tell(&(struct frame){ .op = FRAME_OP_PONG });
}

static void on_quit(struct worker *w, const struct frame *f)
{
	(void)f;
	w->quit = true;
}

static void (*const handlers[_FRAME_OP_NUM])(struct worker *w, const struct frame *f) = {
	[FRAME_OP_SMS_SEND] = on_send, [FRAME_OP_SMS_DELETE] = on_delete,
	[FRAME_OP_PIN] = on_pin,       [FRAME_OP_USSD_DIAL] = on_dial,
	[FRAME_OP_PING] = on_ping,     [FRAME_OP_QUIT] = on_quit,
};

static struct frame receive(void)
{
	struct frame f;
	int rc = frame_recv(GATEWAY_FD, FRAME_TO_WORKER, &f);

	if (rc == -EPROTO) {
		LOGP(DMODEM, LOGL_ERROR, "the gateway sent what is no frame\n");
		finish(WORKER_EXIT_PROTOCOL);
	}
	if (rc)
		finish(WORKER_EXIT_OK);
	return f;
}

static void take_frame(struct worker *w)
{
	struct frame f = receive();

	if (!handlers[f.op])
		finish(WORKER_EXIT_PROTOCOL);
	handlers[f.op](w, &f);
	explicit_bzero(&f, sizeof(f));
}

/* The loop. */

static int timeout(const struct worker *w)
{
	int64_t until = w->sending ? w->give_up_at : w->look_at, now = now_ms();

	return until <= now ? 0 : (int)(until - now);
}

static void wait_for_something(struct worker *w, int ms)
{
	struct pollfd fds[] = { { .fd = GATEWAY_FD, .events = POLLIN },
				{ .fd = gammu_fd(w->g), .events = POLLIN } };

	if (poll(fds, ARRAY_SIZE(fds), ms) < 0)
		return;
	if (fds[1].revents)
		done(w, gammu_listen(w->g));
	if (gammu_has_reference(w->g))
		w->give_up_at = OSMO_MIN(
			w->give_up_at, now_ms() + OSMO_MIN(OK_WAIT, w->config.send_wait * SECOND));
	if (fds[0].revents)
		take_frame(w);
}

static void __attribute__((noreturn)) loop(struct worker *w)
{
	bool busy = true;

	for (;;) {
		wait_for_something(w, busy ? 0 : timeout(w));
		if (w->sending && now_ms() >= w->give_up_at) {
			LOGP(DMODEM, LOGL_ERROR, "no answer to a part\n");
			done(w, GAMMU_SILENT);
		}
		if (w->quit && !w->sending)
			finish(WORKER_EXIT_OK);
		busy = do_one_job(w);
	}
}

/* The beginning. */

/* Nothing from outside decides what the library reads: languages, time zones, homes. */
static void clean_environment(void)
{
	if (clearenv() || setenv("LC_ALL", "C", 1) || setenv("TZ", "UTC0", 1))
		finish(WORKER_EXIT_CONFIG);
	tzset();
}

static void confine(enum sandbox_stage stage)
{
	int rc = sandbox_enter(stage);

	if (!rc)
		return;
	LOGP(DMODEM, LOGL_FATAL, "no sandbox: %s\n", strerror(-rc));
	finish(WORKER_EXIT_CONFIG);
}

static void connect_modem(struct worker *w)
{
	struct frame f = receive();
	enum worker_exit failed;

	if (f.op != FRAME_OP_CONFIG)
		finish(WORKER_EXIT_PROTOCOL);
	w->config = f.config;
	w->state.signal = UINT8_MAX;
	w->state.tries = FRAME_TRIES_UNKNOWN;
	tell_state(w, MODEM_CONNECTING);
	failed = gammu_connect(&w->g, &w->config);
	if (failed)
		finish(failed);
	confine(SANDBOX_CONNECTED);
}

int main(int argc, char **argv)
{
	static struct worker w;
	char title[96], *name = title + strlen(TITLE);
	int rc;

	/* the parent gives it its title for a name */
	if (argc != 1 || strncmp(argv[0], TITLE, strlen(TITLE))
	    || strlen(argv[0]) >= sizeof(title)) {
		fprintf(stderr, "chapped-modem is started by chapped, once for each modem\n");
		return WORKER_EXIT_CONFIG;
	}
	snprintf(title, sizeof(title), "%s", argv[0]);
	title_init(argc, argv);
	title_set(title);
	clean_environment();
	worker_log_start(name, GATEWAY_FD);
	rc = sandbox_limits();
	if (rc) {
		LOGP(DMODEM, LOGL_FATAL, "limits: %s\n", strerror(-rc));
		return WORKER_EXIT_CONFIG;
	}
	confine(SANDBOX_CONNECTING);
	connect_modem(&w);
	loop(&w);
}
