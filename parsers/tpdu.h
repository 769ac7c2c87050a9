/* Short messages as the air interface carries them: 3GPP TS 23.040, clause 9.
 *
 * Decoding is strict: every length is checked, a message must end where its
 * last field ends. What is legal to accept but odd is accepted and marked.
 * The buffer is only read through parsers/wire.h.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages/sms.h"

/* Octets of user data: clause 9.2.3.24. */
#define TPDU_UD_MAX  140
/* Longest TPDU (a status report with every optional field), without the address of the SMSC. */
#define TPDU_MAX     176
/* Longest address of an SMSC with its length octet: 3GPP TS 24.011, clause 8.2.5. */
#define TPDU_SCA_MAX 12

enum tpdu_type { TPDU_DELIVER, TPDU_SUBMIT, TPDU_STATUS_REPORT };

/* Which way a TPDU goes: the same TP-MTI means another type. */
enum tpdu_way { TPDU_TO_MOBILE, TPDU_FROM_MOBILE };

enum tpdu_alphabet { TPDU_GSM7, TPDU_OCTETS, TPDU_UCS2, TPDU_COMPRESSED };

/* What was odd in a TPDU that was accepted. */
enum tpdu_odd {
	TPDU_ODD_TYPE = 1 << 0, /* reserved TP-MTI, taken as SMS-DELIVER (clause 9.2.3.1) */
	TPDU_ODD_ADDRESS =
		1 << 1, /* type octet without its extension bit, filler inside, over 20 digits */
	TPDU_ODD_TIME = 1 << 2,   /* a time that is none: its value is 0 */
	TPDU_ODD_HEADER = 1 << 3, /* element of a wrong length, a stray octet, a longer TP-PI */
	TPDU_ODD_CONCAT = 1 << 4, /* part 0, or after the last: taken as a single message */
	TPDU_ODD_TEXT =
		1 << 5, /* half a UCS2 character, or a lone surrogate: U+FFFD stands for it */
	TPDU_ODD_ALPHABET = 1 << 6, /* compressed, or of a national language table: not read */
};

/* Clause 9.1.2.5. */
struct tpdu_address {
	uint8_t ton, npi;
	char text[SMS_ADDRESS_MAX + 12]; /* + digits * # a b c; or a name, UTF-8 */
};

/* Clause 9.2.3.11. */
struct tpdu_time {
	int64_t at;      /* seconds since the epoch, UTC; 0 if there is none or it is unreadable */
	int8_t quarters; /* of an hour, east of Greenwich: shown by phones, of no effect on at */
};

struct tpdu {
	enum tpdu_type type;
	unsigned int odd; /* enum tpdu_odd */
	bool report;      /* SUBMIT: TP-SRR; DELIVER: TP-SRI */
	bool more;        /* DELIVER, STATUS-REPORT: the SMSC has more (TP-MMS is 0) */
	bool reply_path;
	bool reject_duplicates;      /* SUBMIT */
	uint8_t mr;                  /* SUBMIT, STATUS-REPORT: TP-MR */
	struct tpdu_address address; /* TP-OA, TP-DA or TP-RA */
	uint8_t pid;
	uint8_t dcs;
	uint8_t status;             /* STATUS-REPORT: TP-ST, clause 9.2.3.15 */
	struct tpdu_time scts;      /* DELIVER, STATUS-REPORT */
	struct tpdu_time discharge; /* STATUS-REPORT: TP-DT */
	uint8_t validity_format;    /* SUBMIT: TP-VPF, clause 9.2.3.3 */
	uint8_t validity;         /* SUBMIT: TP-VP in the relative format (2), clause 9.2.3.12.1 */
	struct sms_concat concat; /* total 0: a single message */
	bool ports;               /* for an application's port, not for people */
	uint8_t ud[TPDU_UD_MAX
		   + 1]; /* user data after the header; septets unpacked are in text only */
	uint8_t ud_len;  /* octets of ud, of 8-bit data and UCS2 */
	char text[SMS_PART_UTF8_MAX + 1]; /* UTF-8; empty for 8-bit and compressed data */
};

/*! The alphabet that a TP-DCS stands for: 3GPP TS 23.038, clause 4. Reserved codes mean the default one. */
enum tpdu_alphabet tpdu_alphabet(uint8_t dcs);

/*! Decode a TPDU (without the address of the SMSC).
 *
 * \param[out] out  untouched unless 0 is returned.
 * \returns 0, -EBADMSG if a field is cut off, a length is wrong or octets are left over, -ENOTSUP for a type that
 *          is none of the three. */
int tpdu_decode(struct tpdu *out, enum tpdu_way way, const uint8_t *data, size_t len);

/*! Encode a TPDU: out of type, address, mr, pid, dcs, times, status, concat and text (8-bit: ud).
 *
 * concat.ref goes out in 8 bits when it fits, else in 16. The text must fit the alphabet of dcs.
 *
 * \returns octets written, -ENOSPC, -EILSEQ if the text is not in the alphabet, -EMSGSIZE if it does not fit one
 *          part, -EINVAL for an address that is none. */
int tpdu_encode(uint8_t *out, size_t size, const struct tpdu *t);

/*! Decode the address of the SMSC in front of a TPDU, as modems give and take it: 3GPP TS 27.005, clause 3.1.
 *
 * \param[out] out  empty text if the length is 0.
 * \returns octets it took, or -EBADMSG. */
int tpdu_decode_sca(struct tpdu_address *out, const uint8_t *data, size_t len);

/*! Encode the address of an SMSC; NULL gives the length octet 0 alone. \returns octets written, or as tpdu_encode(). */
int tpdu_encode_sca(uint8_t *out, size_t size, const char *number);

/*! Octets of a line of hexadecimal digits, upper or lower case, nothing else.
 * \returns octets written, -EBADMSG, -ENOSPC. */
int tpdu_unhex(uint8_t *out, size_t size, const char *hex);
