/* The GSM 7-bit default alphabet and its packing.
 *
 * With CHAPPE_CORPUS set to a folder that holds ussd-and-7bit-vectors.tsv, the packed
 * texts of other projects are decoded as well.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/gsm7.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/utils.h>

#define ESC 0x1b

/* 3GPP TS 23.038, clause 6.2.1, in eight rows of sixteen codes; 0x1b, the escape, is left out. */
static const char *const alphabet[8] = {
	"@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",  " !\"#¤%&'()*+,-./", "0123456789:;<=>?",
	"¡ABCDEFGHIJKLMNO",   "PQRSTUVWXYZÄÖÑÜ§", "¿abcdefghijklmno",  "pqrstuvwxyzäöñüà",
};

/* Clause 6.2.1.1. */
struct extension {
	uint8_t code;
	const char *utf8;
};

static const struct extension extensions[] = {
	{ 0x0a, "\f" }, { 0x14, "^" }, { 0x28, "{" }, { 0x29, "}" }, { 0x2f, "\\" },
	{ 0x3c, "[" },  { 0x3d, "~" }, { 0x3e, "]" }, { 0x40, "|" }, { 0x65, "€" },
};

static void test_every_code_of_the_default_table(void **state)
{
	(void)state;
	for (unsigned int row = 0; row < 8; row++) {
		uint8_t codes[16], back[16];
		char utf8[64];
		int n = 0;

		for (unsigned int i = 0; i < 16; i++)
			if (row * 16 + i != ESC)
				codes[n++] = (uint8_t)(row * 16 + i);
		assert_true(gsm7_decode(utf8, sizeof(utf8), codes, (size_t)n) > 0);
		assert_string_equal(utf8, alphabet[row]);
		assert_int_equal(gsm7_length(utf8), n);
		assert_int_equal(gsm7_encode(back, sizeof(back), utf8), n);
		assert_memory_equal(back, codes, n);
	}
}

static const char *extension_of(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++)
		if (extensions[i].code == code)
			return extensions[i].utf8;
	return NULL;
}

static void test_every_code_after_an_escape(void **state)
{
	(void)state;
	for (unsigned int code = 0; code < 128; code++) {
		const uint8_t pair[2] = { ESC, (uint8_t)code };
		const char *extension = extension_of((uint8_t)code);
		uint8_t back[2];
		char got[8], want[8];

		assert_true(gsm7_decode(got, sizeof(got), pair, 2) > 0);
		if (extension) {
			assert_string_equal(got, extension);
			assert_int_equal(gsm7_length(got), 2);
			assert_int_equal(gsm7_encode(back, 2, got), 2);
			assert_memory_equal(back, pair, 2);
		} else if (code == ESC) {
			assert_string_equal(got, " ");
		} else {
			gsm7_decode(want, sizeof(want), &pair[1], 1);
			assert_string_equal(got, want);
		}
	}
}

static void test_escape_at_the_end(void **state)
{
	const uint8_t septets[] = { 'a', ESC };
	char out[4];

	(void)state;
	assert_int_equal(gsm7_decode(out, sizeof(out), septets, 2), 2);
	assert_string_equal(out, "a ");
}

static void test_eighth_bit_is_ignored(void **state)
{
	const uint8_t septets[] = { 0x80 | 'a', 0x80 | ESC, 0x80 | 0x65 };
	char out[8];

	(void)state;
	assert_int_equal(gsm7_decode(out, sizeof(out), septets, 3), 4);
	assert_string_equal(out, "a€");
}

struct length_case {
	const char *utf8;
	int septets;
};

static const struct length_case lengths[] = {
	{ "", 0 },
	{ "Total : 12,50 €", 16 },
	{ "[é]", 5 },
	{ "ça", -EILSEQ },
	{ "fenêtre", -EILSEQ },
	{ "œuf", -EILSEQ },
	{ "l’ail", -EILSEQ },
	{ "À", -EILSEQ },
	{ "e\xcc\x81", -EILSEQ }, /* e and a combining accent: transliterate first */
	{ "\x1b", -EILSEQ },
	{ "\x01", -EILSEQ },
	{ "`", -EILSEQ },
	{ "\xff", -EILSEQ },
	{ "a\xc3", -EILSEQ },
	{ "\xc0\x80", -EILSEQ },     /* overlong */
	{ "\xed\xa0\x80", -EILSEQ }, /* a surrogate */
	{ "😀", -EILSEQ },
};

static void test_lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct length_case *c = &lengths[i];
		uint8_t out[32];

		if (gsm7_length(c->utf8) != c->septets
		    || gsm7_encode(out, sizeof(out), c->utf8) != c->septets)
			fail_msg("'%s': %d", c->utf8, gsm7_length(c->utf8));
	}
}

static void test_no_room(void **state)
{
	uint8_t *septets = malloc(3);
	char *utf8 = malloc(4);
	const uint8_t euro_a[] = { ESC, 0x65, 'a' };

	(void)state;
	assert_int_equal(gsm7_encode(septets, 2, "€a"), -ENOSPC);
	assert_int_equal(gsm7_encode(septets, 3, "€a"), 3);
	strncpy(utf8, "no", 4);
	assert_int_equal(gsm7_decode(utf8, 4, euro_a, 3), -ENOSPC); /* no room for the NUL */
	assert_string_equal(utf8, "no");
	assert_int_equal(gsm7_decode(utf8, 4, euro_a, 2), 3);
	assert_string_equal(utf8, "€");
	assert_int_equal(gsm7_decode(utf8, 0, euro_a, 0), -ENOSPC);
	assert_int_equal(gsm7_pack(septets, 3, (const uint8_t *)"abcd", 4, 0), -ENOSPC);
	assert_int_equal(gsm7_unpack(septets, 3, (const uint8_t *)"abcd", 4, 4, 0), -ENOSPC);
	free(septets);
	free(utf8);
}

struct packed {
	unsigned int fill;
	const char *septets;
	size_t n;
	const char *octets;
	size_t len;
};

static const struct packed packed[] = {
	{ 0, "", 0, "", 0 },
	{ 0, "\0", 1, "\x00", 1 },
	{ 0, "a", 1, "\x61", 1 },
	{ 0, "bonjour", 7, "\xe2\xb7\x5b\xfd\xae\xcb\x01", 7 },
	{ 0, "commande", 8, "\xe3\x77\xbb\x1d\x76\x93\xcb", 7 },
	{ 0, "2 kg pommes", 11, "\x32\xd0\xfa\x0c\x82\xbf\xdb\xed\xf2\x1c", 10 },
	{ 0, "\x1b<12\x1b\x65\x1b>", 8, "\x1b\x5e\x4c\xb6\x29\x6f\x7c", 7 },
	{ 0, "\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", 8, "\xff\xff\xff\xff\xff\xff\xff", 7 },
	{ 1, "abc", 3, "\xc2\xe2\x31", 3 },
	{ 2, "abc", 3, "\x84\xc5\x63", 3 },
	{ 3, "abc", 3, "\x08\x8b\xc7", 3 },
	{ 4, "abc", 3, "\x10\x16\x8f\x01", 4 },
	{ 5, "abc", 3, "\x20\x2c\x1e\x03", 4 },
	{ 6, "abc", 3, "\x40\x58\x3c\x06", 4 },
	{ 6, "1234567", 7, "\x40\x4c\x36\xa3\xd5\x6c\x37", 7 },
};

static void test_packing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		const struct packed *c = &packed[i];
		uint8_t *octets = malloc(c->len + 1), *septets = malloc(c->n + 1);

		memset(octets, 0xff, c->len + 1);
		assert_int_equal(
			gsm7_pack(octets, c->len, (const uint8_t *)c->septets, c->n, c->fill),
			c->len);
		assert_memory_equal(octets, c->octets, c->len);
		assert_int_equal(octets[c->len], 0xff);
		assert_int_equal(gsm7_unpack(septets, c->n, octets, c->len, c->n, c->fill), c->n);
		assert_memory_equal(septets, c->septets, c->n);
		free(octets);
		free(septets);
	}
}

struct short_case {
	size_t len, n;
	unsigned int fill;
	int rc;
};

static const struct short_case shorts[] = {
	{ 7, 8, 0, 8 },        { 7, 9, 0, -EBADMSG }, { 7, 7, 6, 7 },
	{ 7, 8, 1, -EBADMSG }, { 0, 0, 0, 0 },        { 0, 1, 0, -EBADMSG },
	{ 1, 1, 1, 1 },        { 1, 1, 2, -EBADMSG }, { 0, SIZE_MAX / 2, 0, -EBADMSG },
};

static void test_unpacking_what_is_not_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shorts); i++) {
		const struct short_case *c = &shorts[i];
		uint8_t *octets = calloc(c->len + !c->len, 1), out[16];

		assert_int_equal(gsm7_unpack(out, c->rc < 0 ? SIZE_MAX : sizeof(out), octets,
					     c->len, c->n, c->fill),
				 c->rc);
		free(octets);
	}
}

static void test_every_length_and_fill(void **state)
{
	(void)state;
	for (unsigned int fill = 0; fill <= 6; fill++)
		for (size_t n = 0; n <= 160; n++) {
			uint8_t in[160], octets[141], out[160];
			int len;

			for (size_t i = 0; i < n; i++)
				in[i] = (uint8_t)(rand() & 0x7f);
			len = gsm7_pack(octets, sizeof(octets), in, n, fill);
			assert_int_equal(len, (fill + 7 * n + 7) / 8);
			assert_int_equal(gsm7_unpack(out, n, octets, (size_t)len, n, fill), n);
			assert_memory_equal(in, out, n);
			assert_int_equal(octets[0] & ((1 << fill) - 1), 0);
		}
}

static size_t hex_read(uint8_t *out, size_t size, const char *hex)
{
	size_t n = 0;
	unsigned int octet;

	for (; n < size && sscanf(hex + 2 * n, "%2x", &octet) == 1; n++)
		out[n] = (uint8_t)octet;
	return n;
}

/* \r as two characters stands for a carriage return in the file. */
static void unescape(char *text)
{
	char *cr = strstr(text, "\\r");

	if (cr) {
		cr[0] = '\r';
		memmove(cr + 1, cr + 2, strlen(cr + 2) + 1);
	}
}

/* A row KIND TAB HEX TAB TEXT TAB ... of packed septets; their number is told, or all that fit. */
static void check_vector(char *row)
{
	char *kind = strsep(&row, "\t"), *hex = strsep(&row, "\t"), *text = strsep(&row, "\t");
	const char *count = strstr(kind, "septets=");
	uint8_t octets[160], septets[183], again[160];
	size_t len = hex_read(octets, sizeof(octets), hex);
	size_t n = count ? strtoul(count + 8, NULL, 10) : len * 8 / 7;
	char got[600];

	unescape(text);
	if (!count && gsm7_length(text) >= 0 && (size_t)gsm7_length(text) < n)
		n = (size_t)gsm7_length(text); /* up to seven bits of filling at the end */
	assert_int_equal(gsm7_unpack(septets, sizeof(septets), octets, len, n, 0), n);
	assert_true(gsm7_decode(got, sizeof(got), septets, n) >= 0);
	assert_string_equal(got, text);
	assert_int_equal(gsm7_encode(septets, sizeof(septets), text), n);
	if (!strncmp(kind, "gsm7", 4)) {
		assert_int_equal(gsm7_pack(again, sizeof(again), septets, n, 0), len);
		assert_memory_equal(again, octets, len);
	}
}

static void test_vectors_of_others(void **state)
{
	const char *folder = getenv("CHAPPE_CORPUS");
	char path[512], row[8192];
	unsigned int n = 0;
	FILE *f;

	(void)state;
	if (!folder)
		return; /* cmocka's skip() is a failure to automake's TAP reader */
	snprintf(path, sizeof(path), "%s/ussd-and-7bit-vectors.tsv", folder);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(row, sizeof(row), f))
		if (!strncmp(row, "gsm7-packed", 11) || !strncmp(row, "ussd-7bit-packed", 16)) {
			check_vector(row);
			n++;
		}
	fclose(f);
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_of_the_default_table),
		cmocka_unit_test(test_every_code_after_an_escape),
		cmocka_unit_test(test_escape_at_the_end),
		cmocka_unit_test(test_eighth_bit_is_ignored),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_packing),
		cmocka_unit_test(test_unpacking_what_is_not_there),
		cmocka_unit_test(test_every_length_and_fill),
		cmocka_unit_test(test_vectors_of_others),
	};

	return cmocka_run_group_tests_name("gsm7", tests, NULL, NULL);
}
