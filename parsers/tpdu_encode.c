/* Short messages as the air interface carries them: encoding.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/tpdu.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <unistr.h>

#include "messages/gsm7.h"
#include "parsers/wire.h"

#define SEPTETS_MAX 160
#define HEADER_MAX  7

/* What a digit is in a semi-octet: clause 9.1.2.3; 0x0f if it is none. */
static uint8_t semi_octet(char c)
{
	static const char digit[] = "0123456789*#abc";
	const char *at = c ? strchr(digit, c) : NULL;

	return at ? (uint8_t)(at - digit) : 0x0f;
}

static void put_digits(struct wire *w, const char *digits, size_t n)
{
	for (size_t i = 0; i < n; i += 2) {
		uint8_t low = semi_octet(digits[i]);
		uint8_t high = i + 1 < n ? semi_octet(digits[i + 1]) : 0x0f;

		if (low == 0x0f || (i + 1 < n && high == 0x0f))
			wire_fail(w, -EINVAL);
		wire_put_u8(w, (uint8_t)(high << 4 | low));
	}
}

/* A name: its length counts the semi-octets that its septets need. */
static void put_name(struct wire *w, const char *name)
{
	uint8_t septets[11], octets[10];
	int n = gsm7_encode(septets, sizeof(septets), name), len;

	if (n <= 0) {
		wire_fail(w, -EINVAL);
		return;
	}
	len = gsm7_pack(octets, sizeof(octets), septets, (size_t)n, 0);
	wire_put_u8(w, (uint8_t)((n * 7 + 3) / 4));
	wire_put_u8(w, 0x80 | SMS_TON_ALPHANUMERIC << 4);
	wire_put_raw(w, octets, (size_t)len);
}

static void put_address(struct wire *w, const struct tpdu_address *a)
{
	bool plus = a->text[0] == '+';
	const char *digits = a->text + plus;
	size_t n = strlen(digits);
	uint8_t ton = plus ? SMS_TON_INTERNATIONAL : a->ton;

	if (a->ton == SMS_TON_ALPHANUMERIC || (!plus && strspn(digits, "0123456789*#abc") != n)) {
		put_name(w, a->text);
		return;
	}
	if (n > 20)
		wire_fail(w, -EINVAL);
	wire_put_u8(w, (uint8_t)n);
	wire_put_u8(w, (uint8_t)(0x80 | ton << 4 | 1)); /* numbering plan: E.164 */
	put_digits(w, digits, n);
}

int tpdu_encode_sca(uint8_t *out, size_t size, const char *number)
{
	struct wire w = wire_writer(out, size);

	if (number) {
		bool plus = number[0] == '+';
		size_t n = strlen(number + plus);

		if (n > 20)
			return -EINVAL;
		wire_put_u8(&w, (uint8_t)(1 + (n + 1) / 2));
		wire_put_u8(&w, plus ? 0x91 : 0x81);
		put_digits(&w, number + plus, n);
	} else {
		wire_put_u8(&w, 0);
	}
	return wire_done(&w);
}

static void put_swapped(struct wire *w, int v)
{
	wire_put_u8(w, (uint8_t)(v % 10 << 4 | v / 10 % 10));
}

/* Clause 9.2.3.11: the local time of the place, and how far that is from UTC. */
static void put_time(struct wire *w, const struct tpdu_time *t)
{
	int zone = t->quarters < 0 ? -t->quarters : t->quarters;
	time_t local = (time_t)(t->at + t->quarters * 15 * 60);
	struct tm tm;

	gmtime_r(&local, &tm);
	put_swapped(w, tm.tm_year % 100);
	put_swapped(w, tm.tm_mon + 1);
	put_swapped(w, tm.tm_mday);
	put_swapped(w, tm.tm_hour);
	put_swapped(w, tm.tm_min);
	put_swapped(w, tm.tm_sec);
	wire_put_u8(w, (uint8_t)(zone % 10 << 4 | zone / 10 | (t->quarters < 0 ? 0x08 : 0)));
}

/* The header: one concatenation element, clauses 9.2.3.24.1 and 9.2.3.24.8. \returns its octets. */
static size_t put_header(uint8_t *out, const struct sms_concat *c)
{
	struct wire w = wire_writer(out, HEADER_MAX);
	bool wide = c->ref > 0xff;

	if (c->total < 2)
		return 0;
	wire_put_u8(&w, wide ? 6 : 5);
	wire_put_u8(&w, wide ? 0x08 : 0x00);
	wire_put_u8(&w, wide ? 4 : 3);
	if (wide)
		wire_put_u16(&w, c->ref);
	else
		wire_put_u8(&w, (uint8_t)c->ref);
	wire_put_u8(&w, c->total);
	wire_put_u8(&w, c->part);
	return wire_pos(&w);
}

static void put_septets(struct wire *w, const struct tpdu *t)
{
	uint8_t header[HEADER_MAX];
	size_t head = put_header(header, &t->concat), skip = (head * 8 + 6) / 7;
	uint8_t septets[SEPTETS_MAX], octets[TPDU_UD_MAX];
	int n = gsm7_encode(septets, sizeof(septets), t->text), len;

	if (n < 0 || (size_t)n + skip > SEPTETS_MAX) {
		wire_fail(w, n == -EILSEQ ? -EILSEQ : -EMSGSIZE);
		return;
	}
	len = gsm7_pack(octets, sizeof(octets), septets, (size_t)n,
			(unsigned int)(skip * 7 - head * 8));
	wire_put_u8(w, (uint8_t)(skip + (size_t)n));
	wire_put_raw(w, header, head);
	wire_put_raw(w, octets, len < 0 ? 0 : (size_t)len);
}

/* The octets of a text in UCS2 (UTF-16), or of 8-bit data. */
static int octets_of(uint8_t *out, size_t size, const struct tpdu *t)
{
	const uint8_t *at = (const uint8_t *)t->text;
	struct wire w = wire_writer(out, size);

	if (tpdu_alphabet(t->dcs) != TPDU_UCS2) {
		wire_put_raw(&w, t->ud, t->ud_len);
		return wire_done(&w);
	}
	if (u8_check(at, strlen(t->text)))
		return -EILSEQ;
	while (*at) {
		uint16_t units[2];
		ucs4_t uc;
		int n = u8_strmbtouc(&uc, at);

		at += n;
		n = u16_uctomb(units, uc, 2);
		for (int i = 0; i < n; i++)
			wire_put_u16(&w, units[i]);
	}
	return wire_done(&w);
}

static void put_octets(struct wire *w, const struct tpdu *t)
{
	uint8_t header[HEADER_MAX];
	size_t head = put_header(header, &t->concat);
	uint8_t octets[TPDU_UD_MAX];
	int n = octets_of(octets, sizeof(octets) - head, t);

	if (n < 0) {
		wire_fail(w, n == -ENOSPC ? -EMSGSIZE : n);
		return;
	}
	wire_put_u8(w, (uint8_t)(head + (size_t)n));
	wire_put_raw(w, header, head);
	wire_put_raw(w, octets, (size_t)n);
}

static void put_user_data(struct wire *w, const struct tpdu *t)
{
	if (tpdu_alphabet(t->dcs) == TPDU_GSM7)
		put_septets(w, t);
	else
		put_octets(w, t);
}

static uint8_t first_octet(const struct tpdu *t)
{
	uint8_t first = t->reply_path ? 0x80 : 0;

	if (t->concat.total > 1 && t->type != TPDU_STATUS_REPORT)
		first |= 0x40;
	if (t->report)
		first |= 0x20;
	switch (t->type) {
	case TPDU_DELIVER:
		return first | (t->more ? 0 : 0x04);
	case TPDU_SUBMIT:
		return first | 0x01 | (t->validity_format == 2 ? 0x10 : 0)
		       | (t->reject_duplicates ? 0x04 : 0);
	case TPDU_STATUS_REPORT:
		return first | 0x02 | (t->more ? 0 : 0x04);
	}
	return first;
}

int tpdu_encode(uint8_t *out, size_t size, const struct tpdu *t)
{
	struct wire w = wire_writer(out, size);

	wire_put_u8(&w, first_octet(t));
	if (t->type != TPDU_DELIVER)
		wire_put_u8(&w, t->mr);
	put_address(&w, &t->address);
	if (t->type == TPDU_STATUS_REPORT) {
		put_time(&w, &t->scts);
		put_time(&w, &t->discharge);
		wire_put_u8(&w, t->status);
		return wire_done(&w);
	}
	wire_put_u8(&w, t->pid);
	wire_put_u8(&w, t->dcs);
	if (t->type == TPDU_DELIVER)
		put_time(&w, &t->scts);
	else if (t->validity_format == 2)
		wire_put_u8(&w, t->validity);
	put_user_data(&w, t);
	return wire_done(&w);
}
