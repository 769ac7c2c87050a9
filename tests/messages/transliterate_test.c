/* Any text rewritten to fit the GSM 7-bit default alphabet.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/gsm7.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

struct rewrite_case {
	const char *name;
	const char *from;
	const char *to;
};

static const struct rewrite_case cases[] = {
	{ "nothing", "", "" },
	{ "what the alphabet has", "é è à ù ì ò Ç É ä ö ñ ü Ä Ö Ñ Ü æ Æ ø Ø å Å ß § € [{|}]~^\\",
	  "é è à ù ì ò Ç É ä ö ñ ü Ä Ö Ñ Ü æ Æ ø Ø å Å ß § € [{|}]~^\\" },
	{ "French", "ça, là-bas, Noël, forêt, île, hôte, sûr, aïe, ambiguë",
	  "ca, là-bas, Noel, foret, ile, hote, sur, aie, ambigue" },
	{ "French capitals", "À ÇA ÊTRE ÈRE ÎLE ÔTER ÛÙ ËÏ", "A ÇA ETRE ERE ILE OTER UU EI" },
	{ "ligatures", "œuf, CŒUR, ﬁn, ẞ", "oeuf, COEUR, fin, SS" },
	{ "an accent of its own character",
	  "e\xcc\x81te\xcc\x81 c\xcc\xa7"
	  "a",
	  "été ca" },
	{ "quotes", "l’ail “bio” «frais» ‘ici’ `a´", "l'ail \"bio\" \"frais\" 'ici' 'a'" },
	{ "dashes and dots", "lundi – mardi — non… • oui · si",
	  "lundi - mardi - non... - oui . si" },
	{ "spaces", "12\xc2\xa0€\xe2\x80\xaf!\tfin", "12 € ! fin" },
	{ "line breaks",
	  "a\nb\r\nc\xe2\x80\xa8"
	  "d\fe",
	  "a\nb\r\nc\nd\ne" },
	{ "control characters go",
	  "a\x01\x1b\x7f\xc2\x9b"
	  "b",
	  "ab" },
	{ "what nobody sees goes",
	  "a\xe2\x80\x8b"
	  "b\xef\xbb\xbf"
	  "c\xc2\xad"
	  "d",
	  "abcd" },
	{ "signs", "20 °C, n° 3, № 4, ½, 5×2, 10 µg, ™, ±1, m²",
	  "20 oC, no 3, No 4, 1/2, 5x2, 10 ug, TM, +-1, m2" },
	{ "currency", "£ ¥ ¤ ¢ ₣ ₿", "£ ¥ ¤ c F ?" },
	{ "Polish", "Łukasz Żółć Dąbrowski", "Lukasz Zolc Dabrowski" },
	{ "Turkish", "Işık Ğülsün İnci", "Isik Gülsün Inci" },
	{ "Vietnamese", "Nguyễn Thị Hường Đỗ", "Nguyen Thi Huong Do" },
	{ "Romanian and Czech", "Ștefan Dvořák Šárka", "Stefan Dvorak Sarka" },
	{ "Icelandic", "Þór Guðrún", "Thor Gudrun" },
	{ "Greek", "ΣΩΚΡΑΤΗΣ Ελένη", "ΣΩKPATHΣ EΛENH" },
	{ "one ? a character", "Иван 王 محمد", "???? ? ????" },
	{ "one ? an emoji", "ok 😀 👍🏽 👨‍👩‍👧 🇫🇷 ❤️", "ok ? ? ? ? ?" },
	{ "digits in dress", "1️⃣ ２ ③ 𝟰", "1 2 3 4" },
	{ "letters in dress", "𝓑𝓸𝓷 Ｏｕｉ ⓞ", "Bon Oui o" },
	{ "broken octets",
	  "a\xff"
	  "b\xc3",
	  "a?b?" },
	{ "a surrogate", "\xed\xa0\x80", "???" },
	{ "the replacement character", "a\xef\xbf\xbd", "a?" },
	{ "an accent alone", "\xcc\x81", "" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *got = gsm7_transliterate(NULL, cases[i].from);

		if (strcmp(got, cases[i].to))
			fail_msg("%s: '%s'", cases[i].name, got);
		assert_true(gsm7_length(got) >= 0);
		talloc_free(got);
	}
}

static void test_owner(void **state)
{
	void *ctx = talloc_new(NULL);
	const char *out = gsm7_transliterate(ctx, "œuf");

	(void)state;
	assert_ptr_equal(talloc_parent(out), ctx);
	assert_int_equal(talloc_total_blocks(ctx), 2); /* nothing is left behind */
	talloc_free(ctx);
}

/* Whatever the octets, the result fits, and rewriting it again changes nothing. */
static void test_random_octets(void **state)
{
	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[41];
		size_t n = (size_t)rand() % 41;
		char *once, *twice;

		for (size_t i = 0; i < n; i++)
			text[i] = (char)(1 + rand() % 255);
		text[n] = '\0';
		once = gsm7_transliterate(NULL, text);
		assert_true(gsm7_length(once) >= 0);
		twice = gsm7_transliterate(once, once);
		assert_string_equal(once, twice);
		talloc_free(once);
	}
}

/* Every character there is gives something that fits. */
static void test_every_character(void **state)
{
	(void)state;
	for (unsigned int c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
		char text[5] = { 0 };
		char *got;

		if (c < 0x80) {
			text[0] = (char)c;
		} else if (c < 0x800) {
			text[0] = (char)(0xc0 | c >> 6);
			text[1] = (char)(0x80 | (c & 0x3f));
		} else if (c < 0x10000) {
			text[0] = (char)(0xe0 | c >> 12);
			text[1] = (char)(0x80 | (c >> 6 & 0x3f));
			text[2] = (char)(0x80 | (c & 0x3f));
		} else {
			text[0] = (char)(0xf0 | c >> 18);
			text[1] = (char)(0x80 | (c >> 12 & 0x3f));
			text[2] = (char)(0x80 | (c >> 6 & 0x3f));
			text[3] = (char)(0x80 | (c & 0x3f));
		}
		got = gsm7_transliterate(NULL, text);
		if (gsm7_length(got) < 0)
			fail_msg("U+%04X: '%s'", c, got);
		talloc_free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_random_octets),
		cmocka_unit_test(test_every_character),
	};

	return cmocka_run_group_tests_name("transliterate", tests, NULL, NULL);
}
