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

#include "modem/frame.h"
#include "modem/gammu.h"
#include "modem/log.h"
#include "modem/sandbox.h"
#include "modem/title.h"

/* What it is called by; the name of the modem follows. */
#define TITLE           "chapped: modem "
/* Where the gateway is. */
#define GATEWAY_FD      3
/* Milliseconds. */
#define SECOND          1000
#define OK_WAIT         (5 * SECOND)  /* for the end of an answer that says all but OK */
#define LOOK_REGISTERED (60 * SECOND) /* between two looks at network and signal */
#define LOOK_SEARCHING  (10 * SECOND)
#define LOOK_STARTING   (2 * SECOND)
#define LOOK_LOCKED     (30 * SECOND)
#define LOOK_LATE       (30 * SECOND) /* when there is no end of things to do */
/* Times that a SIM may be asked before it is taken as it is. */
#define REFUSED_MAX     5
/* What is not freed so long after it was handed over is handed over again. */
#define HAND_AGAIN      (120 * SECOND)

struct slots {
	uint32_t slot[GAMMU_SLOTS_MAX];
	size_t n;
};

struct known {
	uint32_t slot;
	int64_t at; /* when it was handed over */
};

struct worker {
	struct gammu *g;
	struct frame_config config;
	struct frame_state state;
	bool begun; /* the SIM is open and notices are asked for */
	bool quit;
	unsigned int refused; /* times that the IMSI was not told, and no reason why */
	int64_t look_at;      /* when to look at the state of things */

	/* What is to be done. */
	struct frame send; /* op is 0 if there is none */
	char pin[16];      /* empty if there is none */
	char dial[FRAME_TEXT_MAX + 1];
	bool hang_up, list;
	struct slots reads, deletes;
	bool deletes_first; /* a part went out since the last delete: a busy modem is to free its slots too */

	/* A part is with the modem. */
	bool sending;
	uint32_t send_ref;
	int64_t give_up_at;

	struct known known[GAMMU_SLOTS_MAX]; /* handed over and not freed */
	size_t n_known;
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

/* Slots. */

static void slots_push(struct slots *s, uint32_t slot)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->slot[i] == slot)
			return;
	if (s->n < ARRAY_SIZE(s->slot))
		s->slot[s->n++] = slot;
}

static uint32_t slots_pop(struct slots *s)
{
	uint32_t slot = s->slot[0];

	s->n--;
	memmove(s->slot, s->slot + 1, s->n * sizeof(s->slot[0]));
	return slot;
}

static struct known *known_find(struct worker *w, uint32_t slot)
{
	for (size_t i = 0; i < w->n_known; i++)
		if (w->known[i].slot == slot)
			return &w->known[i];
	return NULL;
}

static void known_add(struct worker *w, uint32_t slot)
{
	struct known *k = known_find(w, slot);

	if (!k && w->n_known < ARRAY_SIZE(w->known))
		k = &w->known[w->n_known++];
	if (k)
		*k = (struct known){ slot, now_ms() };
}

static void known_remove(struct worker *w, uint32_t slot)
{
	struct known *k = known_find(w, slot);

	if (k)
		*k = w->known[--w->n_known];
}

/* What is no longer in the SIM was freed by somebody else. */
static void known_keep(struct worker *w, const uint32_t *slots, size_t n)
{
	for (size_t i = w->n_known; i-- > 0;) {
		size_t at = 0;

		while (at < n && slots[at] != w->known[i].slot)
			at++;
		if (at == n && w->known[i].slot)
			w->known[i] = w->known[--w->n_known];
	}
}

/* Something stands in the SIM that the gateway does not know of, or seems to have forgotten. */
static bool slots_differ(const struct worker *w)
{
	if (w->state.used != w->n_known)
		return true;
	for (size_t i = 0; i < w->n_known; i++)
		if (now_ms() - w->known[i].at >= HAND_AGAIN)
			return true;
	return false;
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
	case GAMMU_OVERFLOW:
		w->list = true;
		return;
	case GAMMU_SENT:
		w->sending = false;
		tell_sent(w, &e->sent);
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
		const struct known *k = known_find(w, slots[i]);

		if (!k || now - k->at >= HAND_AGAIN)
			slots_push(&w->reads, slots[i]);
	}
	if (rc == 0)
		known_keep(w, slots, n);
	done(w, rc);
}

/* The state of things. */

static void look_again(struct worker *w, int64_t in)
{
	w->look_at = now_ms() + in;
}

static void look_at_network(struct worker *w)
{
	bool registered;

	done(w, gammu_look(w->g, &w->state));
	registered = w->state.state == MODEM_HOME || w->state.state == MODEM_ROAMING
		     || w->state.state == MODEM_ATTACHED;
	tell_state(w, w->state.state);
	look_again(w, registered ? LOOK_REGISTERED : LOOK_SEARCHING);
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

/* A SIM may be locked, missing, not yet awake; or taken out while it was in use. */
static void look(struct worker *w)
{
	int rc = done(w, gammu_check_sim(w->g, &w->state));

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
		known_add(w, slot);
		on_event(w, &e);
	}
	done(w, rc);
}

static void do_delete(struct worker *w)
{
	uint32_t slot = slots_pop(&w->deletes);
	struct frame f = { .op = FRAME_OP_SMS_DELETED, .ref = slot };
	int rc = slot ? gammu_delete(w->g, slot) : 0;

	if (rc == 0)
		known_remove(w, slot);
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
	else if (!w->begun)
		return false;
	else if (w->reads.n)
		do_read(w);
	else if (w->send.op && !(w->deletes_first && w->deletes.n))
		do_send(w);
	else if (w->deletes.n)
		do_delete(w);
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
	if (known_find(w, f->ref))
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
	(void)w;
	(void)f;
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

/* The lines of a worker bear the name of its modem. */
static void start_log(char *name)
{
	static struct log_info_cat category = { .description = "A modem",
						.enabled = 1,
						.loglevel = LOGL_NOTICE };
	static struct log_info info = { .cat = &category, .num_cat = 1 };

	category.name = name;
	osmo_init_logging2(NULL, &info);
	DMODEM = 0;
	log_set_use_color(osmo_stderr_target, 0);
	log_set_print_category_hex(osmo_stderr_target, 0);
	log_set_print_category(osmo_stderr_target, 1);
	log_set_print_level(osmo_stderr_target, 1);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
}

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
	start_log(name);
	rc = sandbox_limits();
	if (rc) {
		LOGP(DMODEM, LOGL_FATAL, "limits: %s\n", strerror(-rc));
		return WORKER_EXIT_CONFIG;
	}
	confine(SANDBOX_CONNECTING);
	connect_modem(&w);
	loop(&w);
}
