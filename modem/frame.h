/* What the gateway and its workers say to each other, over one SOCK_SEQPACKET socket.
 *
 *   gateway (lifecycle)                       worker (chapped-modem)
 *      | CONFIG                                   |
 *      |----------------------------------------->|  opens the device, wakes the modem
 *      |                        STATE (PIN needed)|
 *      |<-----------------------------------------|
 *      | PIN       (once, never after a refusal)  |
 *      |----------------------------------------->|
 *      |       STATE (registered), SMS_RECEIVED...|
 *      |<-----------------------------------------|
 *      | SMS_DELETE (slot)   after the commit     |
 *      |----------------------------------------->|
 *      | SMS_SEND (ref)                           |
 *      |----------------------------------------->|
 *      |                        SMS_SENDING (ref) |  from here on a death leaves it in doubt
 *      |<-----------------------------------------|
 *      |                           SMS_SENT (ref) |
 *      |<-----------------------------------------|
 *
 * A frame is one packet: operation (u8), reference (u32), then the operation's
 * fields; integers are big-endian, strings are u16 length and UTF-8 octets.
 * Both sides compile this table. A frame that is not in it, or whose length is
 * out of its bounds, or that does not end where its last field ends, costs the
 * worker its life.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages/sms.h"

/* Longest frame: the largest operation below and its header. */
#define FRAME_MAX 2048

enum frame_op {
	/* gateway to worker */
	FRAME_OP_CONFIG = 1, /* struct frame_config */
	FRAME_OP_PIN,        /* the PIN, in answer to STATE (PIN needed) */
	FRAME_OP_SMS_SEND,   /* ref: chosen by the gateway; struct sms_out */
	FRAME_OP_SMS_DELETE, /* ref: the slot of SMS_RECEIVED or SMS_REPORT */
	FRAME_OP_USSD_DIAL,  /* code: [0-9*#]+ */
	FRAME_OP_PING,
	FRAME_OP_QUIT,
	/* worker to gateway */
	FRAME_OP_STATE,         /* struct frame_state */
	FRAME_OP_PONG,          /* also sent unasked: the worker is alive */
	FRAME_OP_SMS_RECEIVED,  /* ref: slot; struct sms_in */
	FRAME_OP_SMS_DELETED,   /* ref: slot; 0: free now, 1: it could not be freed */
	FRAME_OP_SMS_SENDING,   /* ref: of SMS_SEND: it is handed to the modem now */
	FRAME_OP_SMS_SENT,      /* ref: of SMS_SEND; struct frame_sent */
	FRAME_OP_SMS_REPORT,    /* ref: slot, 0: it is stored nowhere; struct frame_report */
	FRAME_OP_USSD_RECEIVED, /* struct frame_ussd */
	FRAME_OP_CALL,          /* number or nothing; the call has been refused */
	FRAME_OP_LOG, /* struct frame_log: what the worker would write to a log of its own */
	_FRAME_OP_NUM
};

/* Which side sends an operation. */
enum frame_way { FRAME_TO_WORKER, FRAME_TO_GATEWAY };

/* How the modem stands. */
enum modem_state {
	MODEM_CONNECTING,  /* the worker talks to the modem, or tries to */
	MODEM_PIN_NEEDED,  /* the SIM waits for its PIN */
	MODEM_PIN_REFUSED, /* the PIN that was given is wrong */
	MODEM_LOCKED,      /* the SIM wants its PUK, or the modem a code of its own */
	MODEM_NO_SIM,
	MODEM_SEARCHING, /* no network yet */
	MODEM_DENIED,    /* the network refuses this SIM */
	MODEM_HOME,      /* registered, at home */
	MODEM_ROAMING,   /* registered, abroad */
	MODEM_ATTACHED,  /* the modem does not say, or says "SMS only": it takes messages */
	_MODEM_STATE_NUM
};

/* What became of a part that was to be sent. */
enum frame_send {
	FRAME_SEND_SENT,    /* the network has taken it */
	FRAME_SEND_FAILED,  /* it did not leave; later it may */
	FRAME_SEND_REFUSED, /* it did not leave and never will: the recipient, or what it says */
	FRAME_SEND_DOUBT,   /* nobody knows whether it left */
	_FRAME_SEND_NUM
};

/* How a worker ends: its exit status, so that the gateway can tell the operator why. */
enum worker_exit {
	WORKER_EXIT_OK = 0,       /* it was told to */
	WORKER_EXIT_CONFIG = 10,  /* it cannot do what CONFIG says */
	WORKER_EXIT_MISSING = 11, /* no such device */
	WORKER_EXIT_DENIED = 12,  /* the device may not be opened */
	WORKER_EXIT_BUSY = 13,    /* another program holds the device */
	WORKER_EXIT_NO_ANSWER =
		14,               /* the device opens, but nothing there answers as a modem does */
	WORKER_EXIT_LOST = 15,    /* the device went away */
	WORKER_EXIT_SILENT = 16,  /* the modem stopped answering */
	WORKER_EXIT_PROTOCOL = 17 /* the gateway sent what is no frame */
};

#define FRAME_DEVICE_MAX 255
#define FRAME_TEXT_MAX   127
#define FRAME_USSD_MAX   800
#define FRAME_LOG_MAX    255

struct frame_config {
	char device[FRAME_DEVICE_MAX + 1];
	char driver[16]; /* "gammu" */
	bool short_pauses;
	uint16_t call_wait; /* seconds that the modem may take for what it is asked */
	uint16_t send_wait; /* and for a part, from its last octet on */
	uint16_t look_wait; /* between two looks at network and slots */
};

struct frame_state {
	uint8_t state;                   /* enum modem_state */
	char network[64];                /* name of the operator; may be empty */
	uint8_t signal;                  /* percent; 255: unknown */
	char imsi[16];                   /* digits; empty until it is read */
	char model[64];                  /* what the modem says it is */
	uint16_t used;                   /* slots of the SIM in use */
	uint16_t slots;                  /* slots of the SIM; 0: unknown */
	uint8_t tries;                   /* of the PIN that are left; FRAME_TRIES_UNKNOWN */
	char detail[FRAME_TEXT_MAX + 1]; /* more for the operator, in English; may be empty */
};

#define FRAME_TRIES_UNKNOWN UINT8_MAX

struct frame_sent {
	uint8_t result; /* enum frame_send */
	uint16_t mr;    /* TP-MR, 0 to 255; FRAME_MR_UNKNOWN */
	uint16_t cause; /* CMS ERROR (3GPP TS 27.005, clause 3.2.5); FRAME_CAUSE_PLAIN; 0: none */
};
#define FRAME_MR_UNKNOWN  0xffff
#define FRAME_CAUSE_PLAIN 0xffff /* the modem said ERROR, and no more */

/* 3GPP TS 23.040, clause 9.2.2.3. */
struct frame_report {
	uint8_t mr;
	char recipient[SMS_ADDRESS_MAX + 12];
	uint8_t status;        /* TP-ST */
	int64_t sent_at;       /* TP-SCTS, seconds since the epoch, UTC; 0: unreadable */
	int64_t discharged_at; /* TP-DT; 0: unreadable */
};

struct frame_ussd {
	uint8_t state; /* <m> of +CUSD (3GPP TS 27.007, clause 7.15): 0 final, 1 it asks on, 2 ended, ... */
	char text[FRAME_USSD_MAX + 1];
};

struct frame_log {
	uint8_t level; /* LOGL_ of osmocom/core/logging.h */
	char line[FRAME_LOG_MAX + 1];
};

/* A frame taken apart. Of the union only the member of op is valid. */
struct frame {
	enum frame_op op;
	uint32_t ref;
	union {
		struct frame_config config;
		struct frame_state state;
		struct frame_sent sent;
		struct frame_report report;
		struct frame_ussd ussd;
		struct frame_log log;
		struct sms_in in;
		struct sms_out out;
		uint8_t result;                /* SMS_DELETED */
		char text[FRAME_TEXT_MAX + 1]; /* PIN, USSD_DIAL, CALL */
	};
};

/* A row of the table that both sides compile. */
struct frame_rule {
	const char *name; /* "sms-send" */
	enum frame_way way;
	uint16_t min, max; /* octets of a frame with its header */
	const struct frame_field *fields;
};

/*! The rule of an operation; NULL for a number that is none. */
const struct frame_rule *frame_rule(unsigned int op);

/*! Name of an operation, for logs; "?" for a number that is none. */
const char *frame_name(unsigned int op);

/*! Put a frame into octets.
 *
 * \param[in] size  room in out: FRAME_MAX is always enough.
 * \returns octets written, or -EPROTO if a field breaks its rule (a text that is not UTF-8, a number with other
 *          signs than its alphabet allows, an enumeration out of range). */
int frame_encode(uint8_t *out, size_t size, const struct frame *f);

/*! Take octets apart.
 *
 * \param[out] out  untouched unless 0 is returned.
 * \param[in] way  who receives: an operation of the other direction is refused.
 * \returns 0, or -EPROTO: unknown, of the wrong direction, out of its bounds, a field breaks its rule, or octets
 *          are left over. */
int frame_decode(struct frame *out, enum frame_way way, const uint8_t *data, size_t len);

/*! Send a frame as one packet. Never blocks if fd does not.
 *
 * \returns 0, -EPROTO as frame_encode(), -EAGAIN if the socket is full, or another -errno. */
int frame_send(int fd, const struct frame *f);

/*! Receive a frame.
 *
 * \returns 0, -EPROTO as frame_decode() (the packet is gone), -EAGAIN if there is none, -EPIPE if the other side is
 *          gone, or another -errno. */
int frame_recv(int fd, enum frame_way way, struct frame *out);
