/* A short message as the gateway sees it, whichever bearer carried it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Longest address in digits: 3GPP TS 23.040, clause 9.1.2.5 (20 semi-octets), with a leading +. */
#define SMS_ADDRESS_MAX   21
/* Parts of one text that are accepted or sent: longer ones are answered by a request to shorten. */
#define SMS_PARTS_MAX     10
/* Octets of UTF-8 that one part can hold: 160 septets of three octets each at most. */
#define SMS_PART_UTF8_MAX 480

/* TON values: 3GPP TS 23.040, clause 9.1.2.5. */
enum sms_ton {
	SMS_TON_UNKNOWN = 0,
	SMS_TON_INTERNATIONAL = 1,
	SMS_TON_NATIONAL = 2,
	SMS_TON_ALPHANUMERIC = 5
};

/* Concatenation: 3GPP TS 23.040, clauses 9.2.3.24.1 and 9.2.3.24.8. total 0 or 1: one part. */
struct sms_concat {
	uint16_t ref;
	uint8_t total;
	uint8_t part; /* from 1 */
};

/* A part that came in. */
struct sms_in {
	char sender[SMS_ADDRESS_MAX
		    + 12]; /* digits with + if international, or the alphanumeric name, UTF-8 */
	uint8_t ton;
	uint8_t npi;
	int64_t smsc_at; /* TP-SCTS, seconds since the epoch, UTC; 0 if unreadable */
	uint8_t pid;
	uint8_t dcs;
	struct sms_concat concat;
	bool binary;                      /* 8-bit data: text is empty */
	char text[SMS_PART_UTF8_MAX + 1]; /* valid UTF-8 */
};

/* A part on its way out. */
struct sms_out {
	char to[SMS_ADDRESS_MAX + 1]; /* E.164 with + */
	struct sms_concat concat;
	bool ucs2;   /* else GSM 7-bit default alphabet with its extension table */
	bool report; /* ask for a status report */
	char text[SMS_PART_UTF8_MAX + 1];
};
