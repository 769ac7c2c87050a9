/* Short messages as the air interface carries them: decoding.
 *
 * Clause numbers are those of 3GPP TS 23.040 unless another is named.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/tpdu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <unistr.h>

#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "parsers/wire.h"

/* First octet: clauses 9.2.2.1 to 9.2.2.3. */
#define FIRST_MTI        0x03
#define FIRST_NO_MORE    0x04 /* DELIVER, STATUS-REPORT */
#define FIRST_REJECT_DUP 0x04 /* SUBMIT */
#define FIRST_VPF        0x18 /* SUBMIT */
#define FIRST_REPORT     0x20
#define FIRST_UDHI       0x40
#define FIRST_REPLY_PATH 0x80

/* Information elements: clause 9.2.3.24. */
#define IE_CONCAT_8  0x00
#define IE_PORTS_8   0x04
#define IE_PORTS_16  0x05
#define IE_CONCAT_16 0x08
#define IE_SHIFT     0x24 /* national language single shift */
#define IE_LOCKING   0x25

/* TP-PI: clause 9.2.3.27. */
#define PI_PID       0x01
#define PI_DCS       0x02
#define PI_UDL       0x04
#define PI_EXTENSION 0x80

#define SEPTETS_MAX    160
#define ADDRESS_DIGITS 20
#define QUARTERS_MAX   56 /* UTC+14 */

enum tpdu_alphabet tpdu_alphabet(uint8_t dcs)
{
	static const enum tpdu_alphabet general[] = { TPDU_GSM7, TPDU_OCTETS, TPDU_UCS2,
						      TPDU_GSM7 };

	switch (dcs >> 4) {
	case 0x0 ... 0x7: /* general data coding, automatic deletion */
		return dcs & 0x20 ? TPDU_COMPRESSED : general[dcs >> 2 & 3];
	case 0xe: /* message waiting, UCS2 */
		return TPDU_UCS2;
	case 0xf:
		return dcs & 0x04 ? TPDU_OCTETS : TPDU_GSM7;
	}
	return TPDU_GSM7;
}

/* ---- addresses: clause 9.1.2.5 ---- */

/* Semi-octets to digits. \returns false if a filler stands inside the number. */
static bool digits_of(char *out, const uint8_t *semi, size_t n)
{
	static const char digit[] = "0123456789*#abc";
	bool clean = true;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t v = i & 1 ? semi[i / 2] >> 4 : semi[i / 2] & 0x0f;

		if (v == 0x0f)
			clean = false;
		else
			out[at++] = digit[v];
	}
	out[at] = '\0';
	return clean;
}

/* The value of an address: its type octet has been read, n semi-octets follow. */
static void address_value(struct tpdu_address *out, struct wire *w, size_t n, unsigned int *odd)
{
	const uint8_t *semi = wire_take(w, (n + 1) / 2);
	uint8_t septets[ADDRESS_DIGITS];
	bool plus = out->ton == SMS_TON_INTERNATIONAL, name = out->ton == SMS_TON_ALPHANUMERIC;
	int rc;

	if (!semi)
		return;
	if (n > ADDRESS_DIGITS || (n & 1 && !name && semi[n / 2] >> 4 != 0x0f)) {
		*odd |= TPDU_ODD_ADDRESS;
		n = OSMO_MIN(n, ADDRESS_DIGITS);
	}
	if (!name) {
		out->text[0] = '+';
		if (!digits_of(out->text + (plus && n), semi, n))
			*odd |= TPDU_ODD_ADDRESS;
		return;
	}
	rc = gsm7_unpack(septets, sizeof(septets), semi, (n + 1) / 2, n * 4 / 7, 0);
	if (rc < 0 || gsm7_decode(out->text, sizeof(out->text), septets, (size_t)rc) < 0)
		*odd |= TPDU_ODD_ADDRESS;
}

static void address_type(struct tpdu_address *out, uint8_t type, unsigned int *odd)
{
	if (!(type & 0x80))
		*odd |= TPDU_ODD_ADDRESS;
	out->ton = type >> 4 & 7;
	out->npi = type & 0x0f;
	out->text[0] = '\0';
}

static void get_address(struct tpdu_address *out, struct wire *w, unsigned int *odd)
{
	uint8_t n = wire_get_u8(w);

	address_type(out, wire_get_u8(w), odd);
	address_value(out, w, n, odd);
}

int tpdu_decode_sca(struct tpdu_address *out, const uint8_t *data, size_t len)
{
	struct wire w = wire_reader(data, len);
	struct tpdu_address address = { 0 };
	unsigned int odd = 0;
	uint8_t n = wire_get_u8(&w);

	if (n > TPDU_SCA_MAX - 1)
		return -EBADMSG;
	if (n) {
		const uint8_t *last = data + n;
		size_t digits = (n - 1) * 2U;

		address_type(&address, wire_get_u8(&w), &odd);
		if (digits && n < len && *last >> 4 == 0x0f)
			digits--;
		address_value(&address, &w, digits, &odd);
	}
	if (wire_error(&w))
		return -EBADMSG;
	*out = address;
	return (int)wire_pos(&w);
}

/* ---- times: clause 9.2.3.11 ---- */

/* Two swapped decimal digits; -1 if they are none. */
static int swapped(uint8_t v)
{
	return (v & 0x0f) > 9 || v >> 4 > 9 ? -1 : (v & 0x0f) * 10 + (v >> 4);
}

static void get_time(struct tpdu_time *out, struct wire *w, unsigned int *odd)
{
	const uint8_t *at = wire_take(w, 7);
	struct tm tm = { 0 }, again;
	int part[6], zone;
	time_t t;

	*out = (struct tpdu_time){ 0 };
	if (!at)
		return;
	for (size_t i = 0; i < 6; i++) {
		part[i] = swapped(at[i]);
		if (part[i] < 0)
			goto odd;
	}
	zone = swapped(at[6] & 0xf7);
	if (zone < 0 || zone > QUARTERS_MAX)
		goto odd;
	if (at[6] & 0x08)
		zone = -zone;
	tm.tm_year = part[0] < 90 ? part[0] + 100 : part[0];
	tm.tm_mon = part[1] - 1;
	tm.tm_mday = part[2];
	tm.tm_hour = part[3];
	tm.tm_min = part[4];
	tm.tm_sec = part[5];
	again = tm;
	t = timegm(&again); /* normalises: a time that it changes was none */
	if (tm.tm_mon != again.tm_mon || tm.tm_mday != again.tm_mday || tm.tm_hour != again.tm_hour
	    || tm.tm_min != again.tm_min || tm.tm_sec != again.tm_sec)
		goto odd;
	*out = (struct tpdu_time){ .at = t - zone * 15 * 60, .quarters = (int8_t)zone };
	return;
odd:
	*odd |= TPDU_ODD_TIME;
}

/* ---- user data: clause 9.2.3.24 ---- */

static void get_concat(struct tpdu *t, struct wire *ie, bool wide)
{
	struct sms_concat c = { .ref = wide ? wire_get_u16(ie) : wire_get_u8(ie) };

	c.total = wire_get_u8(ie);
	c.part = wire_get_u8(ie);
	if (wire_end(ie)) {
		t->odd |= TPDU_ODD_HEADER;
	} else if (!c.part || c.part > c.total) {
		t->odd |= TPDU_ODD_CONCAT;
	} else {
		t->concat = c; /* of repeated elements the last counts */
	}
}

static void get_element(struct tpdu *t, uint8_t id, struct wire *ie)
{
	size_t len = wire_left(ie);

	switch (id) {
	case IE_CONCAT_8:
	case IE_CONCAT_16:
		get_concat(t, ie, id == IE_CONCAT_16);
		break;
	case IE_PORTS_8:
	case IE_PORTS_16:
		if (len == (id == IE_PORTS_8 ? 2 : 4))
			t->ports = true;
		else
			t->odd |= TPDU_ODD_HEADER;
		break;
	case IE_SHIFT:
	case IE_LOCKING:
		t->odd |= len == 1 ? TPDU_ODD_ALPHABET : TPDU_ODD_HEADER;
		break;
	}
}

/* The header, from its length octet on. */
static void get_header(struct tpdu *t, struct wire *ud)
{
	struct wire header = wire_part(ud, wire_get_u8(ud));

	while (wire_left(&header) >= 2) {
		uint8_t id = wire_get_u8(&header);
		struct wire ie = wire_part(&header, wire_get_u8(&header));

		if (wire_error(&ie))
			break;
		get_element(t, id, &ie);
	}
	if (wire_error(&header))
		wire_fail(ud, wire_error(&header));
	else if (wire_left(&header))
		t->odd |= TPDU_ODD_HEADER;
}

static void text_septets(struct tpdu *t, struct wire *ud, size_t septets, size_t header)
{
	size_t skip = (header * 8 + 6) / 7; /* septets that the header and its padding take */
	unsigned int fill = (unsigned int)(skip * 7 - header * 8);
	uint8_t unpacked[SEPTETS_MAX];
	size_t len = wire_left(ud);
	const uint8_t *octets = wire_take(ud, len);
	int n;

	if (skip > septets) {
		wire_fail(ud, -EBADMSG);
		return;
	}
	if (!octets)
		return;
	n = gsm7_unpack(unpacked, sizeof(unpacked), octets, len, septets - skip, fill);
	if (n < 0 || gsm7_decode(t->text, sizeof(t->text), unpacked, (size_t)n) < 0)
		wire_fail(ud, -EBADMSG);
}

/* UCS2, as phones send it: UTF-16. A NUL would end the text, so it is shown as what it is: no character. */
static void text_ucs2(struct tpdu *t)
{
	uint16_t units[TPDU_UD_MAX / 2];
	size_t n = t->ud_len / 2, at = 0;

	if (t->ud_len & 1)
		t->odd |= TPDU_ODD_TEXT;
	for (size_t i = 0; i < n; i++)
		units[i] = (uint16_t)(t->ud[2 * i] << 8 | t->ud[2 * i + 1]);
	for (size_t i = 0; i < n;) {
		ucs4_t uc;
		int len = u16_mbtouc(&uc, units + i, n - i);

		if (uc == 0xfffd && units[i] != 0xfffd)
			t->odd |= TPDU_ODD_TEXT;
		len = OSMO_MAX(len, 1);
		i += (size_t)len;
		len = u8_uctomb((uint8_t *)t->text + at, uc ?: 0xfffd,
				(ptrdiff_t)(sizeof(t->text) - 1 - at));
		at += (size_t)OSMO_MAX(len, 0);
	}
	t->text[at] = '\0';
}

static void get_user_data(struct tpdu *t, struct wire *w, bool header)
{
	enum tpdu_alphabet alphabet = tpdu_alphabet(t->dcs);
	size_t udl = wire_get_u8(w);
	bool septets = alphabet == TPDU_GSM7;
	size_t octets = septets ? (udl * 7 + 7) / 8 : udl;
	struct wire ud;

	if (octets > TPDU_UD_MAX)
		wire_fail(w, -EBADMSG);
	ud = wire_part(w, octets);
	if (header)
		get_header(t, &ud);
	if (alphabet == TPDU_COMPRESSED)
		t->odd |= TPDU_ODD_ALPHABET;
	if (septets) {
		text_septets(t, &ud, udl, wire_pos(&ud));
	} else {
		t->ud_len = (uint8_t)wire_left(&ud);
		wire_get_raw(&ud, t->ud, t->ud_len);
		if (alphabet == TPDU_UCS2)
			text_ucs2(t);
	}
	if (wire_error(&ud))
		wire_fail(w, wire_error(&ud));
}

/* ---- the three types ---- */

/* Clause 9.2.2.1 */
static void get_deliver(struct tpdu *t, struct wire *w, uint8_t first)
{
	t->type = TPDU_DELIVER;
	t->more = !(first & FIRST_NO_MORE);
	t->report = first & FIRST_REPORT;
	get_address(&t->address, w, &t->odd);
	t->pid = wire_get_u8(w);
	t->dcs = wire_get_u8(w);
	get_time(&t->scts, w, &t->odd);
	get_user_data(t, w, first & FIRST_UDHI);
}

/* Clause 9.2.2.2 */
static void get_submit(struct tpdu *t, struct wire *w, uint8_t first)
{
	struct tpdu_time absolute;

	t->type = TPDU_SUBMIT;
	t->reject_duplicates = first & FIRST_REJECT_DUP;
	t->report = first & FIRST_REPORT;
	t->validity_format = (first & FIRST_VPF) >> 3;
	t->mr = wire_get_u8(w);
	get_address(&t->address, w, &t->odd);
	t->pid = wire_get_u8(w);
	t->dcs = wire_get_u8(w);
	if (t->validity_format == 2)
		t->validity = wire_get_u8(w);
	else if (t->validity_format == 3)
		get_time(&absolute, w, &t->odd);
	else if (t->validity_format == 1) /* enhanced: clause 9.2.3.12.3 */
		wire_take(w, 7);
	get_user_data(t, w, first & FIRST_UDHI);
}

/* Clause 9.2.2.3; TP-PI says which of the last three fields are there, and they may be cut off with it. */
static void get_status_report(struct tpdu *t, struct wire *w, uint8_t first)
{
	uint8_t pi = 0, more;

	t->type = TPDU_STATUS_REPORT;
	t->more = !(first & FIRST_NO_MORE);
	t->mr = wire_get_u8(w);
	get_address(&t->address, w, &t->odd);
	get_time(&t->scts, w, &t->odd);
	get_time(&t->discharge, w, &t->odd);
	t->status = wire_get_u8(w);
	if (wire_left(w)) {
		pi = more = wire_get_u8(w);
		while (more & PI_EXTENSION) {
			t->odd |= TPDU_ODD_HEADER; /* nothing is defined for it yet */
			more = wire_get_u8(w);
		}
	}
	if (pi & PI_PID && wire_left(w))
		t->pid = wire_get_u8(w);
	if (pi & PI_DCS && wire_left(w))
		t->dcs = wire_get_u8(w);
	if (pi & PI_UDL && wire_left(w))
		get_user_data(t, w, first & FIRST_UDHI);
}

int tpdu_decode(struct tpdu *out, enum tpdu_way way, const uint8_t *data, size_t len)
{
	struct wire w = wire_reader(data, len);
	uint8_t first = wire_get_u8(&w);
	struct tpdu t = { .reply_path = first & FIRST_REPLY_PATH };
	uint8_t mti = first & FIRST_MTI;

	if (way == TPDU_FROM_MOBILE && mti != 1)
		return len ? -ENOTSUP : -EBADMSG;
	if (way == TPDU_TO_MOBILE && mti == 1)
		return -ENOTSUP; /* SMS-SUBMIT-REPORT: its own transaction, not a message */
	switch (mti) {
	case 1:
		get_submit(&t, &w, first);
		break;
	case 2:
		get_status_report(&t, &w, first);
		break;
	case 3:
		t.odd |= TPDU_ODD_TYPE;
		/* fall through */
	case 0:
		get_deliver(&t, &w, first);
		break;
	}
	if (wire_end(&w))
		return -EBADMSG;
	*out = t;
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int tpdu_unhex(uint8_t *out, size_t size, const char *hex)
{
	size_t n = 0;

	for (; hex[0]; hex += 2) {
		int high = nibble(hex[0]), low = high < 0 ? -1 : nibble(hex[1]);

		if (low < 0)
			return -EBADMSG;
		if (n == size)
			return -ENOSPC;
		out[n++] = (uint8_t)(high << 4 | low);
	}
	return (int)n;
}
