/* Rewriting of any text so that it fits the GSM 7-bit default alphabet.
 *
 * The tables of Unicode do most of it (decomposition, combining marks); what they
 * do not know stands in the table below. One character as people count them (a
 * grapheme cluster: an e with its accent, a family of emoji) is rewritten at a time.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/gsm7.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

struct rewrite {
	ucs4_t from;
	const char *to;
};

/* clang-format off */
/* What Unicode does not decompose, and what it decomposes to something worse. */
static const struct rewrite rewrites[] = {
	{ 0x0009, " " },                                                 /* tab */
	{ 0x000b, "\n" }, { 0x000c, "\n" }, { 0x0085, "\n" },            /* line breaks */
	{ 0x2028, "\n" }, { 0x2029, "\n" },
	{ 0x0060, "'" },  { 0x00b4, "'" },                               /* ` ´ */
	{ 0x00a6, "|" },  { 0x00ac, "-" },  { 0x00b7, "." },             /* ¦ ¬ · */
	{ 0x00a2, "c" },  { 0x00a9, "(c)" }, { 0x00ae, "(r)" },          /* ¢ © ® */
	{ 0x00a8, "\"" }, { 0x00af, "-" },  { 0x00b8, "," },             /* ¨ ¯ ¸ */
	{ 0x00b0, "o" },  { 0x00b1, "+-" }, { 0x00b5, "u" }, { 0x00b6, "§" }, /* ° ± µ ¶ */
	{ 0x00ab, "\"" }, { 0x00bb, "\"" },                              /* « » */
	{ 0x00d0, "D" },  { 0x00f0, "d" },  { 0x0110, "D" }, { 0x0111, "d" }, /* Ð ð Đ đ */
	{ 0x00d7, "x" },  { 0x00f7, "/" },                               /* × ÷ */
	{ 0x00de, "Th" }, { 0x00fe, "th" }, { 0x1e9e, "SS" },            /* Þ þ ẞ */
	{ 0x0126, "H" },  { 0x0127, "h" },  { 0x0131, "i" }, { 0x0138, "k" }, /* Ħ ħ ı ĸ */
	{ 0x0141, "L" },  { 0x0142, "l" },  { 0x014a, "N" }, { 0x014b, "n" }, /* Ł ł Ŋ ŋ */
	{ 0x0152, "OE" }, { 0x0153, "oe" }, { 0x0166, "T" }, { 0x0167, "t" }, /* Œ œ Ŧ ŧ */
	{ 0x0259, "e" },  { 0x018f, "E" },                               /* ə Ə */
	{ 0x2010, "-" },  { 0x2011, "-" },  { 0x2012, "-" }, { 0x2013, "-" }, /* hyphens, dashes */
	{ 0x2014, "-" },  { 0x2015, "-" },  { 0x2212, "-" }, { 0x2022, "-" }, /* — ― − • */
	{ 0x2018, "'" },  { 0x2019, "'" },  { 0x201a, "'" }, { 0x201b, "'" }, /* ‘ ’ ‚ ‛ */
	{ 0x201c, "\"" }, { 0x201d, "\"" }, { 0x201e, "\"" }, { 0x201f, "\"" }, /* “ ” „ ‟ */
	{ 0x2032, "'" },  { 0x2033, "\"" }, { 0x2039, "'" }, { 0x203a, "'" }, /* ′ ″ ‹ › */
	{ 0x02bc, "'" },  { 0x02c6, "^" },  { 0x02dc, "~" },             /* ʼ ˆ ˜ */
	{ 0x2044, "/" },  { 0x2215, "/" },  { 0x2020, "+" },             /* bars of a fraction, † */
	{ 0x20a3, "F" },  { 0x20a4, "£" },                               /* ₣ ₤ */
	{ 0x2190, "<-" }, { 0x2192, "->" }, { 0x2264, "<=" }, { 0x2265, ">=" }, /* ← → ≤ ≥ */
	{ 0x2713, "v" },  { 0x2714, "v" },                               /* ✓ ✔ */
	/* Greek capitals that look like Latin ones; the others are in the alphabet. */
	{ 0x0391, "A" },  { 0x0392, "B" },  { 0x0395, "E" }, { 0x0396, "Z" }, { 0x0397, "H" },
	{ 0x0399, "I" },  { 0x039a, "K" },  { 0x039c, "M" }, { 0x039d, "N" }, { 0x039f, "O" },
	{ 0x03a1, "P" },  { 0x03a4, "T" },  { 0x03a5, "Y" }, { 0x03a7, "X" },
};
/* clang-format on */

static const char *rewrite_find(ucs4_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(rewrites); i++)
		if (rewrites[i].from == c)
			return rewrites[i].to;
	return NULL;
}

static void append(char **out, const char *utf8)
{
	*out = talloc_strdup_append_buffer(*out, utf8);
	OSMO_ASSERT(*out);
}

/* Append a character that the table or the alphabet knows. */
static bool append_known(char **out, ucs4_t c)
{
	const char *to = rewrite_find(c);
	char utf8[7] = "";

	if (!to) {
		u8_uctomb((uint8_t *)utf8, c, sizeof(utf8) - 1);
		if (gsm7_length(utf8) < 0)
			return false;
		to = utf8;
	}
	append(out, to);
	return true;
}

/* Append what is nearest to a character that is decomposed already; nothing if nothing is near. */
static void append_nearest(char **out, ucs4_t c)
{
	if (!append_known(out, c))
		append_known(out, uc_toupper(c)); /* Greek: the alphabet has its capitals alone */
}

/* Normalise n octets of valid UTF-8; the result is from malloc(). */
static uint8_t *normalise(uninorm_t form, const uint8_t *utf8, size_t n, size_t *out_n)
{
	uint8_t *out = u8_normalize(form, utf8, n, NULL, out_n);

	OSMO_ASSERT(out);
	return out;
}

static void append_decomposed(char **out, ucs4_t c)
{
	uint8_t utf8[6];
	size_t n;
	int octets = u8_uctomb(utf8, c, sizeof(utf8));
	uint8_t *all = normalise(UNINORM_NFKD, utf8, (size_t)octets, &n);

	for (size_t i = 0; i < n; i += (size_t)octets) {
		octets = u8_mbtoucr(&c, all + i, n - i);
		append_nearest(out, c);
	}
	free(all);
}

/* A character that nobody sees by itself. */
static bool invisible(ucs4_t c)
{
	return uc_is_property_default_ignorable_code_point(c)
	       || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cc);
}

/* Append one grapheme cluster: composed, since the alphabet has é but no accent. */
static void append_cluster(char **out, const uint8_t *utf8, size_t len)
{
	size_t before = strlen(*out), n;
	uint8_t *all = normalise(UNINORM_NFC, utf8, len, &n);
	bool visible = false;
	int octets;

	for (size_t i = 0; i < n; i += (size_t)octets) {
		ucs4_t c;

		octets = u8_mbtoucr(&c, all + i, n - i);
		visible = visible || !invisible(c);
		if (!append_known(out, c))
			append_decomposed(out, c);
	}
	free(all);
	if (visible && !(*out)[before])
		append(out, "?");
}

/* A copy whose broken octets are question marks. */
static char *valid_copy(void *ctx, const char *utf8)
{
	char *out = talloc_strdup(ctx, utf8);
	size_t left;

	OSMO_ASSERT(out);
	left = strlen(out);
	for (uint8_t *at = (uint8_t *)out; left > 0;) {
		ucs4_t c;
		int octets = u8_mbtoucr(&c, at, left);

		if (octets < 0) {
			*at = '?';
			octets = 1;
		}
		at += octets;
		left -= (size_t)octets;
	}
	return out;
}

char *gsm7_transliterate(void *ctx, const char *utf8)
{
	/* what is in the alphabet, and that is nearly everything, stays as it is */
	bool known = gsm7_length(utf8) >= 0;
	char *out = talloc_strdup(ctx, known ? utf8 : ""), *copy, *breaks;
	size_t n, from = 0;

	OSMO_ASSERT(out);
	if (known)
		return out;
	copy = valid_copy(ctx, utf8);
	n = strlen(copy);
	breaks = talloc_zero_size(copy, n + 1);
	OSMO_ASSERT(breaks);
	/* All at once: what joins emoji and flags is more than their neighbours show. */
	u8_grapheme_breaks((const uint8_t *)copy, n, breaks);
	breaks[n] = 1;
	for (size_t i = 1; i <= n; i++) {
		if (!breaks[i])
			continue;
		append_cluster(&out, (const uint8_t *)copy + from, i - from);
		from = i;
	}
	talloc_free(copy);
	return out;
}
