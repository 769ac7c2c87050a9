/* A bearer: one way out of the gateway and into it, such as one modem.
 *
 * Nothing above knows which kind it is on. A bearer offers bearer_ops and calls
 * inbox_receive(), outbox_result() and outbox_report().
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>

#include "messages/sms.h"

struct gateway;
struct bearer;

/* What became of a part that was given to a bearer. */
enum bearer_outcome {
	BEARER_SENT,    /* the network has it */
	BEARER_REFUSED, /* it never left, and would not next time: a bad number, say */
	BEARER_FAILED,  /* it did not leave; it may later */
	BEARER_UNKNOWN  /* it may or may not have left */
};
struct bearer_result {
	enum bearer_outcome outcome;
	int mr; /* TP-MR (3GPP TS 23.040, clause 9.2.3.6), or -1 if it is not known */
	int cause; /* CMS ERROR (3GPP TS 27.005, clause 3.2.5); 65535: plain ERROR; 0: no answer that tells */
};

/* A status report: 3GPP TS 23.040, clause 9.2.2.3. */
struct bearer_report {
	char to[SMS_ADDRESS_MAX + 12]; /* the recipient, as the network writes it */
	uint8_t mr;
	uint8_t status;        /* TP-ST: clause 9.2.3.15 */
	int64_t sent_at;       /* TP-SCTS, seconds since the epoch; 0 if unreadable */
	int64_t discharged_at; /* TP-DT; 0 if unreadable */
};

struct bearer_ops {
	/*! Hand over one part; the result comes by outbox_result(), later. At most one is under way.
	 * \returns 0, or -errno if the bearer cannot take it now: it did not leave. */
	int (*send)(struct bearer *b, uint32_t ref, const struct sms_out *sms);

	/*! The text of this slot is stored: free it. A lost request is harmless: the text comes again and is known. */
	void (*release)(struct bearer *b, uint32_t slot);
};

/* How the line behind a bearer takes messages: kept by gateway/carrier.c. */
struct carrier {
	unsigned int failures;            /* in a row; 0: it takes them */
	unsigned int paused;              /* pauses since it is blamed */
	bool blamed;                      /* it is the line, not a number */
	char number[SMS_ADDRESS_MAX + 1]; /* of the first failure */
	int cause;                        /* of the last */
	int64_t since;                    /* the first failure */
	int64_t until;                    /* nothing is sent before; 0: no pause */
};

struct bearer {
	struct llist_head entry;
	const char *kind;   /* "modem" */
	const char *worker; /* "gsm0" */
	const struct bearer_ops *ops;
	void *data;      /* of the bearer */
	const char *own; /* number of its SIM if it is configured: nothing is sent to it; or NULL */
	bool ready;      /* takes parts; true as well while one is under way */
	bool busy;       /* a part is under way; kept by the outbox */
	struct carrier carrier;
};

/*! Add to the gateway's bearers. The struct stays the caller's and must outlive its place in the list. */
void bearer_add(struct gateway *gw, struct bearer *b);
void bearer_remove(struct bearer *b);

/*! \returns the bearer of that worker name, or NULL. */
struct bearer *bearer_find(struct gateway *gw, const char *worker);

/*! The bearer can take parts, or no longer can (what is under way stays so until its result comes). */
void bearer_set_ready(struct gateway *gw, struct bearer *b, bool ready);
