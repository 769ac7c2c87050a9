/* Telephone numbers: from every shape that people and networks write to E.164, and to what a log may show.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/phone.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#define DIGITS_MIN 7 /* of an international number, country code included */
#define DIGITS_MAX 15
#define SHORT_MIN  3
#define SHORT_MAX  6

/* National plans of the countries where the gateway may stand, and of their neighbours: digits after the
 * country code, and the 0 that is dialled before them inside the country. */
struct plan {
	const char *country_code;
	bool trunk;
	size_t min, max;
};

static const struct plan plans[] = {
	{ "33", true, 9, 9 },   { "32", true, 8, 9 },  { "31", true, 9, 9 },
	{ "49", true, 6, 13 },  { "44", true, 9, 10 }, { "352", false, 4, 11 },
	{ "39", false, 6, 12 }, { "34", false, 9, 9 }, { "41", true, 9, 9 },
};

/* Of a country that is not listed. */
static const struct plan other_plan = { "", true, 4, 14 };

/* Prefixes that cost more than a call, with the country code: special rates of France and its neighbours
 * (08 in France), freephone and shared cost without a country (800, 808), satellites and networks without a country
 * (870 to 888), international premium rate (979). */
static const char *const premium[] = {
	"338",   "3270",  "3290",  "3190",  "4470",  "449",   "49137", "49180",
	"49190", "49900", "35290", "39144", "39166", "39199", "3989",  "34803",
	"34806", "34807", "34905", "34907", "41900", "41901", "41906", "800",
	"808",   "870",   "878",   "881",   "882",   "883",   "888",   "979",
};

/* French numbers that are another country's: overseas they are dialled with the same 0, and charged as abroad
 * (ARCEP's numbering plan, decision 2018-0881). */
static const struct {
	const char *national;
	const char *country_code;
} overseas[] = {
	{ "590", "590" }, { "690", "590" }, { "691", "590" }, { "594", "594" },
	{ "694", "594" }, { "596", "596" }, { "696", "596" }, { "697", "596" },
	{ "262", "262" }, { "692", "262" }, { "693", "262" }, { "269", "262" },
};

/* What people put between digits. */
static const char *const separators[] = {
	" ",
	".",
	"-",
	"/",
	"\t",
	"\xc2\xa0",     /* no-break space */
	"\xe2\x80\xaf", /* narrow no-break space */
	"\xe2\x80\x89", /* thin space */
	"\xe2\x80\x90",
	"\xe2\x80\x91", /* hyphens */
	"\xe2\x80\x93", /* dash */
};

static const struct plan *plan_of(const char *country_code)
{
	for (size_t i = 0; i < ARRAY_SIZE(plans); i++)
		if (!strcmp(plans[i].country_code, country_code))
			return &plans[i];
	return &other_plan;
}

static size_t separator(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(separators); i++) {
		size_t n = strlen(separators[i]);

		if (!strncmp(text, separators[i], n))
			return n;
	}
	return 0;
}

/* The digits of a text, without separators and the "(0)" of a country code; *plus: it begins with one. */
static int collect(char *digits, size_t size, const char *text, bool *plus)
{
	size_t n = 0;
	bool open = false;

	*plus = false;
	while (*text) {
		size_t skip = separator(text);

		if (skip) {
			text += skip;
		} else if (n > 1 && !open && !strncmp(text, "(0)", 3)) {
			text += 3;
		} else if (*text == '(' && !open) {
			open = true;
			text++;
		} else if (*text == ')' && open) {
			open = false;
			text++;
		} else if (*text == '+' && n == 0 && !*plus) {
			*plus = true;
			text++;
		} else if (isdigit((unsigned char)*text)) {
			if (n + 1 >= size)
				return -ERANGE;
			digits[n++] = *text++;
		} else {
			return -EINVAL;
		}
	}
	digits[n] = '\0';
	return open || !n ? -EINVAL : 0;
}

/* Digits after the country code, of a country with a plan. */
static int check_national(const struct plan *p, const char *national)
{
	size_t n = strlen(national);

	return n < p->min || n > p->max ? -ERANGE : 0;
}

/* The country code of a French number overseas; "33" of the others. */
static const char *french(const char *national)
{
	for (size_t i = 0; i < ARRAY_SIZE(overseas); i++)
		if (!strncmp(national, overseas[i].national, 3))
			return overseas[i].country_code;
	return "33";
}

/* Digits that begin with a country code: drop the trunk 0 that people leave in, check the length. */
static int international(char *out, size_t size, const char *digits)
{
	const struct plan *p = NULL;
	const char *rest = digits, *cc = "";
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(plans) && !p; i++)
		if (!strncmp(digits, plans[i].country_code, strlen(plans[i].country_code)))
			p = &plans[i];
	if (p) {
		rest += strlen(p->country_code);
		if (p->trunk && *rest == '0')
			rest++;
		if (check_national(p, rest))
			return -ERANGE;
		cc = strcmp(p->country_code, "33") == 0 ? french(rest) : p->country_code;
	}
	n = strlen(rest) + strlen(cc);
	if (*digits == '0' || n < DIGITS_MIN || n > DIGITS_MAX)
		return -ERANGE;
	if (n + 2 > size)
		return -ENOSPC;
	snprintf(out, size, "+%s%s", cc, rest);
	return 0;
}

int phone_e164(char *out, size_t size, const char *text, const char *country_code)
{
	const struct plan *own = plan_of(country_code);
	size_t cc = strlen(country_code);
	char digits[32], whole[48];
	bool plus;
	int rc = collect(digits, sizeof(digits), text, &plus);

	if (rc)
		return rc;
	if (plus)
		return international(out, size, digits);
	if (!strncmp(digits, "00", 2))
		return international(out, size, digits + 2);
	if (strlen(digits) <= SHORT_MAX && digits[0] != '0')
		return -EINVAL;
	if (own->trunk && digits[0] == '0') {
		snprintf(whole, sizeof(whole), "%s%s", country_code, digits + 1);
		return international(out, size, whole);
	}
	/* no prefix at all: with the country code, or a plan without trunk 0 */
	if (!strncmp(digits, country_code, cc) && !check_national(own, digits + cc))
		return international(out, size, digits);
	if (!own->trunk) {
		snprintf(whole, sizeof(whole), "%s%s", country_code, digits);
		return international(out, size, whole);
	}
	return -EINVAL;
}

static bool is_premium(const char *e164)
{
	for (size_t i = 0; i < ARRAY_SIZE(premium); i++)
		if (!strncmp(e164 + 1, premium[i], strlen(premium[i])))
			return true;
	return false;
}

enum phone_kind phone_kind(const char *text, const char *country_code)
{
	char digits[32], e164[PHONE_SIZE];
	bool plus;

	if (!phone_e164(e164, sizeof(e164), text, country_code)) {
		if (is_premium(e164))
			return PHONE_PREMIUM;
		return strncmp(e164 + 1, country_code, strlen(country_code)) ? PHONE_FOREIGN
									     : PHONE_OWN;
	}
	if (!collect(digits, sizeof(digits), text, &plus)) {
		size_t n = strlen(digits);

		return !plus && n >= SHORT_MIN && n <= SHORT_MAX ? PHONE_SHORT : PHONE_NONE;
	}
	for (; *text; text++)
		if (isalpha((unsigned char)*text) || (unsigned char)*text >= 0x80)
			return PHONE_ALPHANUMERIC;
	return PHONE_NONE;
}

bool phone_dialable(const char *text)
{
	size_t n;

	if (*text == '+')
		text++;
	n = strspn(text, "0123456789");
	return n >= 1 && n <= 20 && !text[n];
}

const char *phone_mask(char *out, size_t size, const char *number)
{
	size_t n = number ? strlen(number) : 0;
	bool digits = n > 0 && strspn(number, "+0123456789") == n;

	if (!n) {
		snprintf(out, size, "-");
	} else if (digits && n >= 10) {
		snprintf(out, size, "%.4s...%s", number, number + n - 2);
	} else if (digits && n > SHORT_MAX) {
		snprintf(out, size, "%.2s...%s", number, number + n - 2);
	} else if (digits) {
		snprintf(out, size, "%s", number);
	} else {
		size_t shown = OSMO_MIN(n, 2);

		snprintf(out, size, "%.*s...", (int)shown, number);
		for (size_t i = 0; i < shown && out[i]; i++)
			if (!isalnum((unsigned char)out[i]))
				out[i] = '?';
	}
	return out;
}
