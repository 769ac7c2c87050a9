/* TPDUs: the project's own vectors, and the collected ones where CHAPPE_CORPUS names their folder.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/tpdu.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/utils.h>

struct vector {
	const char *hex;
	struct tpdu t; /* what it says */
};

#define TEN_PAST                                \
	{                                       \
		.at = 1791993909, .quarters = 8 \
	}

/* Made by an encoder of another author in another language. */
static const struct vector vectors[] = {
	{ "040B913336990800F10000620141815090801C62B51CA42E83ECEF3A591E4E8364EB33885C06C1C3F430BD0"
	  "C",
	  { .type = TPDU_DELIVER,
	    .address = { 1, 1, "+33639980001" },
	    .scts = TEN_PAST,
	    .text = "bjr je voudrai 2kg de patate" } },
	{ "440B913336990800F1000062014181509080220500030702016220F19B4E2F83E461721AB4E1CDEDF08D0FB"
	  "4416DCA9B14",
	  { .type = TPDU_DELIVER,
	    .address = { 1, 1, "+33639980001" },
	    .scts = TEN_PAST,
	    .concat = { 7, 2, 1 },
	    .text = "1 botte radi [svp] {€}" } },
	{ "040B913336990800F10008620141815090801E00E7006100200063006F00FB0074006500200033002020AC00"
	  "20D83DDE42",
	  { .type = TPDU_DELIVER,
	    .address = { 1, 1, "+33639980001" },
	    .dcs = 8,
	    .scts = TEN_PAST,
	    .text = "ça coûte 3 € 🙂" } },
	{ "440B913336990800F10000620141815090800D06080412340303F37A9A5E06",
	  { .type = TPDU_DELIVER,
	    .address = { 1, 1, "+33639980001" },
	    .scts = TEN_PAST,
	    .concat = { 0x1234, 3, 3 },
	    .text = "suite" } },
	{ "0405816301F500006210203040504903EF7A1A",
	  { .type = TPDU_DELIVER,
	    .address = { 0, 1, "36105" },
	    .scts = { .at = 1767335645, .quarters = -14 },
	    .text = "oui" } },
	{ "040BD0CD705A9E2E0300006201418150908003EF7A1A",
	  { .type = TPDU_DELIVER,
	    .address = { 5, 0, "Mairie" },
	    .scts = TEN_PAST,
	    .text = "oui" } },
	{ "31090B913336990810F10000A707CF256848C3C900",
	  { .type = TPDU_SUBMIT,
	    .mr = 9,
	    .report = true,
	    .address = { 1, 1, "+33639980011" },
	    .validity_format = 2,
	    .validity = 0xa7,
	    .text = "OK C482" } },
	{ "06090B913336990810F1620141815090806201418150218000",
	  { .type = TPDU_STATUS_REPORT,
	    .mr = 9,
	    .address = { 1, 1, "+33639980011" },
	    .scts = TEN_PAST,
	    .discharge = { .at = 1791993912, .quarters = 8 } } },
};

static void same(const struct tpdu *got, const struct tpdu *want)
{
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->odd, want->odd);
	assert_int_equal(got->report, want->report);
	assert_int_equal(got->mr, want->mr);
	assert_int_equal(got->address.ton, want->address.ton);
	assert_int_equal(got->address.npi, want->address.npi);
	assert_string_equal(got->address.text, want->address.text);
	assert_int_equal(got->pid, want->pid);
	assert_int_equal(got->dcs, want->dcs);
	assert_int_equal(got->status, want->status);
	assert_true(got->scts.at == want->scts.at);
	assert_int_equal(got->scts.quarters, want->scts.quarters);
	assert_true(got->discharge.at == want->discharge.at);
	assert_int_equal(got->validity_format, want->validity_format);
	assert_int_equal(got->validity, want->validity);
	assert_int_equal(got->concat.ref, want->concat.ref);
	assert_int_equal(got->concat.total, want->concat.total);
	assert_int_equal(got->concat.part, want->concat.part);
	assert_string_equal(got->text, want->text);
}

/* Octets of hex in a buffer of their exact size, so that a sanitizer sees one too far. */
static uint8_t *exact(const char *hex, size_t *len)
{
	uint8_t *data = malloc(strlen(hex) / 2 + 1), *fit;
	int n = tpdu_unhex(data, strlen(hex) / 2, hex);

	if (n < 0) {
		free(data);
		return NULL;
	}
	fit = malloc((size_t)n + !n);
	if (n)
		memcpy(fit, data, (size_t)n);
	free(data);
	*len = (size_t)n;
	return fit;
}

static enum tpdu_way way_of(enum tpdu_type type)
{
	return type == TPDU_SUBMIT ? TPDU_FROM_MOBILE : TPDU_TO_MOBILE;
}

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct tpdu t;
		size_t len;
		uint8_t *data = exact(vectors[i].hex, &len);

		assert_int_equal(tpdu_decode(&t, way_of(vectors[i].t.type), data, len), 0);
		same(&t, &vectors[i].t);
		free(data);
	}
}

static void test_encode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		uint8_t out[TPDU_MAX], want[TPDU_MAX];
		int n = tpdu_encode(out, sizeof(out), &vectors[i].t);

		assert_int_equal(n, tpdu_unhex(want, sizeof(want), vectors[i].hex));
		assert_memory_equal(out, want, (size_t)n);
		/* no octet less will do */
		assert_int_equal(tpdu_encode(out, (size_t)n - 1, &vectors[i].t), -ENOSPC);
	}
}

/* Every shorter one, and one that goes on, is refused. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		size_t full = strlen(vectors[i].hex);

		for (size_t n = 0; n <= full + 2; n += 2) {
			char hex[2 * TPDU_MAX + 8];
			struct tpdu t;
			size_t len;
			uint8_t *data;

			snprintf(hex, sizeof(hex), "%.*s", (int)n, vectors[i].hex);
			if (n > full)
				snprintf(hex, sizeof(hex), "%s00", vectors[i].hex);
			data = exact(hex, &len);
			/* a status report may go on: 00 is an empty TP-PI */
			if (n != full && !(n > full && vectors[i].t.type == TPDU_STATUS_REPORT))
				assert_int_equal(
					tpdu_decode(&t, way_of(vectors[i].t.type), data, len),
					-EBADMSG);
			free(data);
		}
	}
}

static const struct {
	const char *name;
	const char *hex;
	int rc;
	unsigned int odd;
	const char *text;
} rules[] = {
	{ "UDHL past the data: every sender can make it",
	  "440B913336990800F10000620141815090800AFF00000000000000000000", -EBADMSG, 0, NULL },
	{ "an element past its header", "440B913336990800F100046201418150908006050009070201",
	  -EBADMSG, 0, NULL },
	{ "a header of nothing",
	  "440B913336990800F100006201418150908002"
	  "0000",
	  0, 0, "" },
	{ "part 0",
	  "440B913336990800F100006201418150908008050003070200"
	  "DE",
	  0, TPDU_ODD_CONCAT, "o" },
	{ "part after the last",
	  "440B913336990800F100006201418150908008050003070203"
	  "DE",
	  0, TPDU_ODD_CONCAT, "o" },
	{ "a stray octet in the header", "440B913336990800F1000462014181509080020100", 0,
	  TPDU_ODD_HEADER, "" },
	{ "a concatenation of two octets", "440B913336990800F1000462014181509080050400020702", 0,
	  TPDU_ODD_HEADER, "" },
	{ "161 septets", "040B913336990800F1000062014181509080A1", -EBADMSG, 0, NULL },
	{ "141 octets", "040B913336990800F10004620141815090808D", -EBADMSG, 0, NULL },
	{ "an address of 255 digits", "04FF913336990800F1000062014181509080", -EBADMSG, 0, NULL },
	{ "month 13",
	  "040B913336990800F1000062314181509080"
	  "03EF7A1A",
	  0, TPDU_ODD_TIME, "oui" },
	{ "31 February",
	  "040B913336990800F1000062201381509080"
	  "03EF7A1A",
	  0, TPDU_ODD_TIME, "oui" },
	{ "a time of FF",
	  "040B913336990800F10000FFFFFFFFFFFFFF"
	  "03EF7A1A",
	  0, TPDU_ODD_TIME, "oui" },
	{ "compressed",
	  "040B913336990800F1002062014181509080"
	  "03000000",
	  0, TPDU_ODD_ALPHABET, "" },
	{ "half a UCS2 character",
	  "040B913336990800F1000862014181509080"
	  "03006F00",
	  0, TPDU_ODD_TEXT, "o" },
	{ "a lone surrogate",
	  "040B913336990800F1000862014181509080"
	  "04D83D006F",
	  0, TPDU_ODD_TEXT,
	  "\xef\xbf\xbd"
	  "o" },
	{ "a NUL in UCS2",
	  "040B913336990800F1000862014181509080"
	  "0400000"
	  "06F",
	  0, 0,
	  "\xef\xbf\xbd"
	  "o" },
	{ "a reserved type",
	  "070B913336990800F1000062014181509080"
	  "03EF7A1A",
	  0, TPDU_ODD_TYPE, "oui" },
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct tpdu t = { .text = "untouched" };
		size_t len = 0;
		uint8_t *data = exact(rules[i].hex, &len);
		int rc = data ? tpdu_decode(&t, TPDU_TO_MOBILE, data, len) : -1000;

		if (rc != rules[i].rc || (!rc && t.odd != rules[i].odd)
		    || strcmp(t.text, rules[i].text ?: "untouched"))
			fail_msg("%s: %d, odd %x, '%s'", rules[i].name, rc, t.odd, t.text);
		free(data);
	}
}

static void test_last_concat_counts(void **state)
{
	struct tpdu t;
	size_t len;
	uint8_t *data = exact("440B913336990800F10004620141815090800B"
			      "0A00030102010003090302",
			      &len);

	(void)state;
	assert_int_equal(tpdu_decode(&t, TPDU_TO_MOBILE, data, len), 0);
	assert_int_equal(t.concat.ref, 9);
	assert_int_equal(t.concat.total, 3);
	assert_int_equal(t.concat.part, 2);
	free(data);
}

static void test_encode_refuses(void **state)
{
	struct tpdu t = { .type = TPDU_DELIVER, .address = { .text = "+33639980001" } };
	uint8_t out[TPDU_MAX];

	(void)state;
	memset(t.text, 'a', 161);
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), -EMSGSIZE);
	t.text[160] = '\0';
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), 1 + 8 + 2 + 7 + 141);
	t.concat = (struct sms_concat){ 1, 2, 1 };
	t.text[154] = '\0';
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), -EMSGSIZE);
	t.text[153] = '\0';
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), 1 + 8 + 2 + 7 + 141);
	snprintf(t.text, sizeof(t.text), "ê");
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), -EILSEQ);
	t.dcs = 8;
	assert_true(tpdu_encode(out, sizeof(out), &t) > 0);
	snprintf(t.address.text, sizeof(t.address.text), "+33x");
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), -EINVAL);
	snprintf(t.address.text, sizeof(t.address.text), "A name that is too long");
	assert_int_equal(tpdu_encode(out, sizeof(out), &t), -EINVAL);
}

static void test_sca(void **state)
{
	uint8_t out[TPDU_SCA_MAX];
	struct tpdu_address a;

	(void)state;
	assert_int_equal(tpdu_encode_sca(out, sizeof(out), "+33689004000"), 7 + 1 - 0);
	assert_int_equal(tpdu_decode_sca(&a, out, 8), 8);
	assert_string_equal(a.text, "+33689004000");
	assert_int_equal(tpdu_decode_sca(&a, out, 7), -EBADMSG);
	assert_int_equal(tpdu_encode_sca(out, sizeof(out), "1234"), 4);
	assert_int_equal(tpdu_decode_sca(&a, out, 4), 4);
	assert_string_equal(a.text, "1234");
	assert_int_equal(tpdu_encode_sca(out, sizeof(out), NULL), 1);
	assert_int_equal(tpdu_decode_sca(&a, out, 1), 1);
	assert_string_equal(a.text, "");
	assert_int_equal(tpdu_decode_sca(&a, (const uint8_t *)"\x0d", 1), -EBADMSG);
}

static void test_unhex(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_int_equal(tpdu_unhex(out, sizeof(out), "00fF7a"), 3);
	assert_memory_equal(out, "\x00\xff\x7a", 3);
	assert_int_equal(tpdu_unhex(out, sizeof(out), ""), 0);
	assert_int_equal(tpdu_unhex(out, sizeof(out), "0"), -EBADMSG);
	assert_int_equal(tpdu_unhex(out, sizeof(out), "0g"), -EBADMSG);
	assert_int_equal(tpdu_unhex(out, sizeof(out), "00 11"), -EBADMSG);
	assert_int_equal(tpdu_unhex(out, sizeof(out), "0011223344"), -ENOSPC);
}

/* ---- the collected vectors ---- */

#define COLUMNS 12

/* Call fn for each row of a file of the corpus, if there is one. (cmocka's skip() is written as a failure in TAP.) */
static void each_row(const char *name, void (*fn)(char *const *column))
{
	const char *folder = getenv("CHAPPE_CORPUS");
	char path[512], none[] = "", *line = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder ?: "", name);
	f = folder && *folder ? fopen(path, "r") : NULL;
	if (!f) {
		print_message("# %s: no corpus, nothing compared\n", name);
		return;
	}
	while (getline(&line, &size, f) > 0) {
		char *column[COLUMNS] = { 0 }, *rest = line;
		size_t n = 0;

		line[strcspn(line, "\n")] = '\0';
		while (n < COLUMNS && rest)
			column[n++] = strsep(&rest, "\t");
		while (n < COLUMNS)
			column[n++] = none;
		if (column[0][0] != '#')
			fn(column);
	}
	free(line);
	fclose(f);
}

static int decode_row(struct tpdu *t, const char *hex, bool with_sca)
{
	struct tpdu_address sca;
	size_t len;
	uint8_t *data = exact(hex, &len);
	int skip_octets = 0, rc = -EBADMSG;

	if (data && with_sca)
		skip_octets = tpdu_decode_sca(&sca, data, len);
	if (data && skip_octets >= 0 && (size_t)skip_octets < len) {
		const uint8_t *at = data + skip_octets;

		rc = tpdu_decode(t, (at[0] & 3) == 1 ? TPDU_FROM_MOBILE : TPDU_TO_MOBILE, at,
				 len - (size_t)skip_octets);
	}
	free(data);
	return rc;
}

static void malformed_row(char *const *column)
{
	struct tpdu t;
	int rc = decode_row(&t, column[0], !strcmp(column[1], "smsc"));
	bool ok;

	if (strchr(column[0], ' '))
		return; /* a space in the hexadecimal digits: refused here, by intent */
	if (!strcmp(column[3], "mutate-0140"))
		return; /* the second octet of TP-PI is no TP-UDL: clause 9.2.3.27 */
	if (!strcmp(column[2], "reject"))
		ok = rc < 0;
	else if (!strcmp(column[2], "accept"))
		ok = rc == 0 && !(t.odd & (TPDU_ODD_ADDRESS | TPDU_ODD_TYPE));
	else
		ok = rc < 0 || t.odd;
	if (!ok)
		print_message("# %s %s (%s): %d, odd %x\n", column[2], column[3], column[4], rc,
			      rc ? 0 : t.odd);
	assert_true(ok);
}

static void test_malformed(void **state)
{
	(void)state;
	each_row("malformed-pdus.tsv", malformed_row);
}

/* The corpus writes line feeds and the like as escapes. */
static void escaped(char *out, size_t size, const char *text)
{
	static const char plain[] = "\n\r\t\f\\", letter[] = "nrtf\\";
	size_t n = 0;

	for (; *text && n + 3 < size; text++) {
		const char *at = strchr(plain, *text);

		if (at) {
			out[n++] = '\\';
			out[n++] = letter[at - plain];
		} else {
			out[n++] = *text;
		}
	}
	out[n] = '\0';
}

static void compare_row(char *const *column)
{
	char concat[32] = "", text[2 * SMS_PART_UTF8_MAX];
	struct tpdu t;

	if (strstr(column[10], "trailing-octets") || strstr(column[10], "UD>140"))
		return; /* refused here, by intent */
	if (decode_row(&t, column[0], strcmp(column[7], "smsc=-")))
		fail_msg("%s is refused", column[5]);
	if (t.concat.total)
		snprintf(concat, sizeof(concat), "%d/%d/%d", t.concat.ref, t.concat.total,
			 t.concat.part);
	if (strstr(column[5],
		   "ext-char-SPLIT")) /* half a character at the end is shown as a space */
		t.text[strcspn(t.text, " ")] = '\0';
	escaped(text, sizeof(text), t.text);
	if (!(t.odd & TPDU_ODD_CONCAT) && strcmp(concat, column[4]))
		fail_msg("%s: concatenation %s, not %s", column[5], concat, column[4]);
	/* national tables are not read; text that the collectors do not agree on proves nothing */
	if (!(t.odd & (TPDU_ODD_ALPHABET | TPDU_ODD_TEXT)) && strcmp(column[6], "disagree")
	    && !t.ports && strcmp(text, column[3]))
		fail_msg("%s: text '%s', not '%s'", column[5], text, column[3]);
	if (t.address.ton != SMS_TON_ALPHANUMERIC && strcmp(column[6], "disagree")
	    && strcmp(t.address.text, column[2]))
		fail_msg("%s: address '%s', not '%s'", column[5], t.address.text, column[2]);
}

static void test_edge(void **state)
{
	(void)state;
	each_row("edge-vectors.tsv", compare_row);
}

static void test_collected(void **state)
{
	(void)state;
	each_row("pdu-vectors.tsv", compare_row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_last_concat_counts),
		cmocka_unit_test(test_sca),
		cmocka_unit_test(test_encode_refuses),
		cmocka_unit_test(test_unhex),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_edge),
		cmocka_unit_test(test_collected),
	};

	return cmocka_run_group_tests_name("tpdu", tests, NULL, NULL);
}
