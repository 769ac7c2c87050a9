/* The GSM 7-bit default alphabet: 3GPP TS 23.038, clauses 6.1.2.1.1, 6.2.1 and 6.2.1.1.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/gsm7.h"

#include <errno.h>
#include <string.h>

#include <unistr.h>

#define ESCAPE 0x1b

/* clang-format off */
/* Clause 6.2.1, by code; the escape has no character of its own. */
static const uint16_t default_table[128] = {
	'@',    0xa3,   '$',    0xa5,   0xe8,   0xe9,   0xf9,   0xec,	/* @£$¥èéùì */
	0xf2,   0xc7,   '\n',   0xd8,   0xf8,   '\r',   0xc5,   0xe5,	/* òÇ Øø Åå */
	0x0394, '_',    0x03a6, 0x0393, 0x039b, 0x03a9, 0x03a0, 0x03a8,	/* Δ_ΦΓΛΩΠΨ */
	0x03a3, 0x0398, 0x039e, 0,      0xc6,   0xe6,   0xdf,   0xc9,	/* ΣΘΞ ÆæßÉ */
	' ',    '!',    '"',    '#',    0xa4,   '%',    '&',    '\'',	/* 0x24 is ¤ */
	'(',    ')',    '*',    '+',    ',',    '-',    '.',    '/',
	'0',    '1',    '2',    '3',    '4',    '5',    '6',    '7',
	'8',    '9',    ':',    ';',    '<',    '=',    '>',    '?',
	0xa1,   'A',    'B',    'C',    'D',    'E',    'F',    'G',	/* ¡ */
	'H',    'I',    'J',    'K',    'L',    'M',    'N',    'O',
	'P',    'Q',    'R',    'S',    'T',    'U',    'V',    'W',
	'X',    'Y',    'Z',    0xc4,   0xd6,   0xd1,   0xdc,   0xa7,	/* ÄÖÑÜ§ */
	0xbf,   'a',    'b',    'c',    'd',    'e',    'f',    'g',	/* ¿ */
	'h',    'i',    'j',    'k',    'l',    'm',    'n',    'o',
	'p',    'q',    'r',    's',    't',    'u',    'v',    'w',
	'x',    'y',    'z',    0xe4,   0xf6,   0xf1,   0xfc,   0xe0,	/* äöñüà */
};

/* Clause 6.2.1.1. 0x0d is a control code there, no character; 0x1b is the next escape. */
static const uint16_t extension_table[128] = {
	[0x0a] = '\f', [0x14] = '^', [0x1b] = ' ', [0x28] = '{', [0x29] = '}', [0x2f] = '\\',
	[0x3c] = '[',  [0x3d] = '~', [0x3e] = ']', [0x40] = '|', [0x65] = 0x20ac /* € */,
};
/* clang-format on */

static int table_find(const uint16_t *table, ucs4_t c)
{
	for (int i = 0; i < 128; i++)
		if (table[i] == c && i != ESCAPE)
			return i;
	return -EILSEQ;
}

/* Septets of a character: 1 or 2 in out, or -EILSEQ. */
static int character_encode(uint8_t out[2], ucs4_t c)
{
	int code;

	if (!c) /* the tables hold 0 where they hold no character */
		return -EILSEQ;
	/* most characters of a text have the code that they have in ASCII */
	code = c < 128 && default_table[c] == c ? (int)c : table_find(default_table, c);
	if (code >= 0) {
		out[0] = (uint8_t)code;
		return 1;
	}
	code = table_find(extension_table, c);
	if (code < 0)
		return code;
	out[0] = ESCAPE;
	out[1] = (uint8_t)code;
	return 2;
}

/* Encode as far as there is room; the result is what the whole text needs. */
static int text_encode(uint8_t *out, size_t size, const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t left = strlen(utf8), n = 0;

	while (left > 0) {
		uint8_t code[2];
		ucs4_t c;
		int octets = u8_mbtoucr(&c, at, left);
		int septets = octets < 0 ? -EILSEQ : character_encode(code, c);

		if (septets < 0)
			return septets;
		if (n + (size_t)septets <= size)
			memcpy(out + n, code, (size_t)septets);
		n += (size_t)septets;
		at += octets;
		left -= (size_t)octets;
	}
	return (int)n;
}

int gsm7_length(const char *utf8)
{
	return text_encode(NULL, 0, utf8);
}

int gsm7_encode(uint8_t *out, size_t size, const char *utf8)
{
	int n = text_encode(out, size, utf8);

	return n >= 0 && (size_t)n > size ? -ENOSPC : n;
}

/* The character at septets[*at], which moves past it. */
static ucs4_t character_decode(const uint8_t *septets, size_t n, size_t *at)
{
	uint8_t code = septets[(*at)++] & 0x7f;

	if (code != ESCAPE)
		return default_table[code];
	if (*at == n)
		return ' ';
	code = septets[(*at)++] & 0x7f;
	return extension_table[code] ? extension_table[code] : default_table[code];
}

/* Decode as far as there is room; the result is what the whole text needs. */
static size_t text_decode(char *out, size_t size, const uint8_t *septets, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n;) {
		uint8_t utf8[6];
		int octets = u8_uctomb(utf8, character_decode(septets, n, &i), sizeof(utf8));

		if (len + (size_t)octets <= size)
			memcpy(out + len, utf8, (size_t)octets);
		len += (size_t)octets;
	}
	return len;
}

int gsm7_decode(char *out, size_t size, const uint8_t *septets, size_t n)
{
	size_t len = text_decode(NULL, 0, septets, n);

	if (len >= size)
		return -ENOSPC;
	text_decode(out, size, septets, n);
	out[len] = '\0';
	return (int)len;
}

/* Octets that n septets fill after `fill` bits. */
static size_t packed_size(size_t n, unsigned int fill)
{
	return (fill + 7 * n + 7) / 8;
}

int gsm7_pack(uint8_t *out, size_t size, const uint8_t *septets, size_t n, unsigned int fill)
{
	size_t len = packed_size(n, fill);

	if (len > size)
		return -ENOSPC;
	if (len > 0)
		memset(out, 0, len);
	for (size_t i = 0; i < n; i++) {
		size_t bit = fill + 7 * i;
		unsigned int pair = (septets[i] & 0x7fu) << bit % 8;

		out[bit / 8] |= (uint8_t)pair;
		if (pair > 0xff)
			out[bit / 8 + 1] |= (uint8_t)(pair >> 8);
	}
	return (int)len;
}

int gsm7_unpack(uint8_t *out, size_t size, const uint8_t *octets, size_t len, size_t n,
		unsigned int fill)
{
	if (n > size)
		return -ENOSPC;
	if (n > len * 8 / 7 || packed_size(n, fill) > len)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		size_t bit = fill + 7 * i;
		unsigned int pair = octets[bit / 8];

		if (bit % 8 > 1)
			pair |= (unsigned int)octets[bit / 8 + 1] << 8;
		out[i] = (uint8_t)(pair >> bit % 8 & 0x7f);
	}
	return (int)n;
}
