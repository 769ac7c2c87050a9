/* Life of one modem, seen from the gateway: its worker process is started, used, and replaced.
 *
 *                 spawn()                     worker exits
 *   DOWN --> WAITING --> STARTING --> CONNECTING --> READY <--> BUSY
 *             ^  back-off              |             ^ |         |
 *             |                        v             | v         |
 *             |                      OFFLINE <-------+           |   SIM locked, no network, ...
 *             +---- STOPPING <--- anything, on a time-out: kill, then start again
 *
 * The worker may block in its library for ever, so every state it enters has a
 * timer and the answer to a time-out is always the same: kill it, start again.
 * A part that was with a worker when it died is reported as in doubt, once.
 *
 * This file forks nothing. Whoever owns a modem gives it a way to start and to
 * kill its worker (struct modem_ops), and tells it what became of that.
 * Callbacks come out of the main loop or out of modem_worker_exited(), never
 * out of modem_send(), modem_delete() or modem_dial(). A callback may call all
 * of these; it may not call modem_stop(), modem_restart() or modem_accept_sim(), or free the modem.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/tdef.h>

#include "messages/sms.h"

#include "modem/frame.h"

struct modem;

/* What is to be remembered of the PIN beyond the life of this process. */
enum modem_pin {
	MODEM_PIN_ACCEPTED, /* it was right, or was never tried */
	MODEM_PIN_TRY,      /* it was given to the SIM, and nobody knows yet what that said */
	MODEM_PIN_WRONG,    /* it was refused */
	MODEM_PIN_OTHER /* another PIN was refused, or nobody knows, and no SIM was open since */
};

/* What an operator configures. Strings are copied. */
struct modem_config {
	const char *name;     /* "gsm0" */
	const char *device;   /* "/dev/serial/by-id/usb-..." */
	const char *driver;   /* "gammu"; NULL means that */
	const char *pin;      /* digits, read from pin_file by the caller; NULL or "": none */
	const char *pin_file; /* named in advice to the operator; may be NULL */
	bool short_pauses;    /* skip the library's fixed pauses */
	const char *
		imsi; /* of the SIM that belongs in it, as sim() stored it; NULL or "": the first is */
	enum modem_pin
		pin_mark; /* as pin() stored it; anything but ACCEPTED: it is not given again */
};

struct modem_ops {
	/*! Start a worker: it answers by modem_worker_started(), later.
	 * \returns 0, or -errno: tried again after the back-off. */
	int (*spawn)(struct modem *m, void *data);

	/*! Kill the worker with SIGKILL: it answers by modem_worker_exited(), later. */
	void (*kill)(struct modem *m, void *data);

	/*! A part came in and is stored in slot until modem_delete(). sms->sender is empty if the message is unreadable
	 * (broken, or in a form that nobody knows): sms->text is what the modem said, in hex. The same message comes again
	 * after a restart of the worker, and about every two minutes for as long as it is not deleted. */
	void (*received)(struct modem *m, uint32_t slot, const struct sms_in *sms, void *data);

	/*! modem_delete() was carried out. \param[in] ok  false: the modem keeps it, it will come again. */
	void (*deleted)(struct modem *m, uint32_t slot, bool ok, void *data);

	/*! What became of modem_send(ref): once for each. */
	void (*sent)(struct modem *m, uint32_t ref, const struct frame_sent *result, void *data);

	/*! A status report came in. \param[in] slot  to delete once it is stored; 0: it is stored nowhere. */
	void (*report)(struct modem *m, uint32_t slot, const struct frame_report *report,
		       void *data);

	/*! The network's answer to modem_dial(), or a text pushed by it. Untrusted. */
	void (*ussd)(struct modem *m, const struct frame_ussd *ussd, void *data);

	/*! Somebody called and was refused. \param[in] number  may be empty. */
	void (*call)(struct modem *m, const char *number, void *data);

	/*! Something that modem_status() shows changed; modem_ready() may have too. */
	void (*changed)(struct modem *m, void *data);

	/*! Remember that this SIM belongs in the modem. \returns 0: it is on disk; else it could not be stored. */
	int (*sim)(struct modem *m, const char *imsi, void *data);

	/*! Remember this of the PIN. With MODEM_PIN_TRY it is given to the SIM as soon as this returns.
	 * \returns 0: it is on disk; else it could not be stored, and the PIN is not given. */
	int (*pin)(struct modem *m, enum modem_pin what, void *data);
};

/* Counters since modem_alloc(). */
struct modem_counters {
	uint64_t received, reports, sent, failed, refused, doubt, deleted;
	uint64_t starts;    /* of a worker */
	uint64_t deaths;    /* of a worker, not asked for */
	uint64_t silent;    /* kills because a timer ran out */
	uint64_t malformed; /* kills because of a frame that is none */
};

struct modem_status {
	const char *name;
	const char *device;
	const char *fsm;  /* name of the state: "READY" */
	const char *text; /* in plain words, with the next step if there is one for the operator */
	bool ready;       /* takes a part now */
	bool up;          /* the modem answers */
	enum modem_state state;
	const char *network; /* operator; may be empty */
	int signal;          /* percent, or -1 */
	const char *imsi;    /* may be empty */
	bool foreign;        /* another SIM than the one that belongs in it */
	const char *model;   /* may be empty */
	unsigned int used, slots;
	unsigned int tries; /* starts since the modem last answered */
	struct modem_counters n;
};

/* Timers of the states in seconds, for configuration and tests; X1 to X11. */
extern struct osmo_tdef modem_tdefs[];

/*! Create a modem; it does nothing before modem_start().
 *
 * \param[in] ctx  talloc parent.
 * \param[in] ops  must live as long as the modem; every member is set.
 * \returns the modem; never NULL. Freeing it closes the socket and calls nothing. */
struct modem *modem_alloc(void *ctx, const struct modem_config *config, const struct modem_ops *ops,
			  void *data);

/*! Start it, and keep it running. Nothing happens if it runs. */
void modem_start(struct modem *m);

/*! End it: the worker is told to quit and killed after X7 if it has not; calls changed() when it is down.
 * What the worker had under way is reported as in doubt when it is gone. */
void modem_stop(struct modem *m);

/*! True if there is no worker and none is to come. */
bool modem_is_down(const struct modem *m);

/*! Replace the worker, by an operator: it finishes what it has under way first. Asked twice, it is killed.
 * Nothing happens while the modem is down. */
void modem_restart(struct modem *m);

/*! The SIM that is in the modem belongs there from now on, by an operator; its texts are read, and parts are sent.
 *
 * \returns 0, -EALREADY if it does already, -ENOENT if there is none, or the error of sim(). */
int modem_accept_sim(struct modem *m);

/*! The modem is at another port than the configuration says: from the next worker on. */
void modem_set_device(struct modem *m, const char *device);

/*! The worker runs.
 *
 * \param[in] fd  SOCK_SEQPACKET socket to its fd 3; taken over, closed by the modem. */
void modem_worker_started(struct modem *m, int fd);

/*! The worker is gone, or could not be started.
 *
 * \param[in] status  as of waitpid(); what it still had to say is read first. */
void modem_worker_exited(struct modem *m, int status);

/*! Whether modem_send() would take a part now. */
bool modem_ready(const struct modem *m);

/*! Send one part; the result comes by sent(), always. One is under way at a time.
 *
 * \param[in] ref  the caller's own; comes back with the result.
 * \returns 0; -EAGAIN if the modem is not ready: it did not leave, nothing will be called; -EINVAL if it is no message
 *          (the number is none, the text is not UTF-8). */
int modem_send(struct modem *m, uint32_t ref, const struct sms_out *sms);

/*! Free a slot. A lost request is harmless: the message comes again.
 * \returns 0, or -EAGAIN if there is no worker, it has too much to do, or the SIM is another one. */
int modem_delete(struct modem *m, uint32_t slot);

/*! Dial a USSD code that is configured: the balance of the SIM, say. Never build it from a message.
 * \returns 0, -EAGAIN as modem_ready(), -EINVAL for other signs than 0-9, * and #. */
int modem_dial(struct modem *m, const char *code);

/*! Allow one more try of the PIN, by an operator who has put it right.
 *
 * \param[in] pin  the new content of the PIN file.
 * \returns 0, -EINVAL if it is not 4 to 8 digits. */
int modem_pin_retry(struct modem *m, const char *pin);

const char *modem_name(const struct modem *m);

/*! IMSI of the SIM, or "" until it is known. */
const char *modem_imsi(const struct modem *m);

/*! IMSI of the SIM that belongs in it, or "" until there was one. */
const char *modem_own_imsi(const struct modem *m);

/*! Whether another SIM is in it than the one that belongs there: nothing is sent, and what it holds is left alone. */
bool modem_is_foreign(const struct modem *m);

/*! Where it is now. */
const char *modem_device(const struct modem *m);

/*! How it stands. The strings live until the status changes or the modem is freed. */
void modem_status(struct modem *m, struct modem_status *out);
