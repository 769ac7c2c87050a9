/* The insides of a modem, for lifecycle.c, lifecycle_link.c and lifecycle_text.c alone.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/fsm.h>
#include <osmocom/core/write_queue.h>

#include "modem/frame.h"
#include "modem/lifecycle.h"

enum modem_fsm_state {
	MODEM_ST_DOWN,       /* no worker, none wanted */
	MODEM_ST_WAITING,    /* no worker; the next one starts after the back-off */
	MODEM_ST_STARTING,   /* spawn() was called */
	MODEM_ST_CONNECTING, /* the worker talks to the modem */
	MODEM_ST_OFFLINE,    /* the modem answers, but cannot send */
	MODEM_ST_READY,
	MODEM_ST_BUSY,    /* a part is with the worker */
	MODEM_ST_STOPPING /* the worker is to end */
};

enum modem_event {
	EV_START,
	EV_STOP,
	EV_RESTART,
	EV_UP,        /* the worker runs; data: int, its socket */
	EV_STATE,     /* the worker said how the modem stands */
	EV_SEND,      /* a part went to the worker */
	EV_SENT,      /* the worker is done with it */
	EV_MALFORMED, /* it sent what is no frame, or what it may not say now */
	EV_HANG_UP,   /* the worker closed its socket: it is about to end */
	EV_GONE,      /* it has ended; data: int, its wait status */
};

/* Why there is no worker, beyond its exit status. */
enum modem_end {
	MODEM_END_NONE,
	MODEM_END_EXIT,      /* by itself: see exit_status */
	MODEM_END_SPAWN,     /* it could not be started */
	MODEM_END_SILENT,    /* killed: a timer ran out */
	MODEM_END_MALFORMED, /* killed: it sent what is no frame */
	MODEM_END_RESTART,   /* by an operator */
};

struct modem {
	char *name, *device, *driver, *pin, *pin_file;
	bool short_pauses;
	const struct modem_ops *ops;
	void *data;
	struct osmo_fsm_inst *fi;
	struct osmo_wqueue wq; /* bfd.fd is -1 while there is no worker */

	bool wanted;         /* modem_start() was called, modem_stop() was not */
	bool has_worker;     /* from spawn() to modem_worker_exited() */
	unsigned int tries;  /* starts since the modem last answered */
	unsigned int missed; /* times X4 without a word from the worker */
	enum modem_end end;
	int exit_status; /* of waitpid() */

	enum modem_pin pin_mark;
	bool pin_asked; /* the SIM waits for a PIN, and this worker was not given one */
	bool pin_urged; /* an operator said that it is to be tried */

	bool sending; /* a part is with the worker */
	bool handed;  /* the worker has said that it goes to the modem */
	uint32_t send_ref;

	struct frame_state last; /* what this worker said last */
	char imsi[16];           /* of the SIM, kept from worker to worker */
	char own_imsi[16];       /* of the SIM that belongs in it; empty: none was there yet */
	char *text;              /* of the last modem_status() */
	struct modem_counters n;
};

/* lifecycle.c */

/*! A timer of modem_tdefs[], in seconds. */
unsigned long modem_seconds(int T);

/*! Seconds until the running timer of the state fires; 0 if none runs. */
unsigned int modem_seconds_left(const struct modem *m);

/* lifecycle_link.c */

/*! Prepare the socket: there is none yet. */
void modem_link_init(struct modem *m);

/*! Take the socket of a worker over and tell it its configuration. \returns 0, or -EIO: fd is closed. */
int modem_link_open(struct modem *m, int fd);

/*! Close the socket, if there is one; what was not written is dropped. */
void modem_hang_up(struct modem *m);

/*! Send a frame, or queue it in order. \returns 0, -EPROTO as frame_encode(), or -EAGAIN: no worker, or too much
 * waits for it. */
int modem_tell(struct modem *m, const struct frame *f);

/*! Take one frame and act on it. \returns false when there is nothing more to read now, or ever. */
bool modem_read_frame(struct modem *m);

/*! Give the PIN to a SIM that waits for it: once, and only after that is on disk. */
void modem_offer_pin(struct modem *m);

/*! Whether the PIN may be given now, by what is known of it and by the tries that are left. */
bool modem_may_try_pin(const struct modem *m);

/*! Remember what came of the PIN. */
void modem_mark_pin(struct modem *m, enum modem_pin what);

/*! The modem works: the back-off begins anew. */
void modem_answered(struct modem *m);

/*! Seconds since the worker was asked whether its modem answers, if that is long; 0: it answers. */
unsigned int modem_silence(const struct modem *m);

/*! Whether it is on a network and takes parts. */
bool modem_registered(const struct modem *m);

/* lifecycle_text.c */

/*! How the modem stands in plain words, with the next step for the operator. \returns a text on m. */
char *modem_text(struct modem *m);

/*! What ended the last worker, as the beginning of a sentence. \returns a text on ctx. */
char *modem_end_text(void *ctx, const struct modem *m);
