/* Texts cut into parts and put together again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/parts.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"

/* `before` as, then the text, then `after` as. */
struct count_case {
	const char *name;
	unsigned int before;
	const char *text;
	unsigned int after;
	int parts;
	bool ucs2;
};

static const struct count_case counts[] = {
	{ "empty", 0, "", 0, 1, false },
	{ "160 septets", 160, "", 0, 1, false },
	{ "161 septets", 161, "", 0, 2, false },
	{ "306 septets", 306, "", 0, 2, false },
	{ "307 septets", 307, "", 0, 3, false },
	{ "a euro is two: 160", 158, "€", 0, 1, false },
	{ "a euro is two: 161", 159, "€", 0, 2, false },
	{ "a euro over the edge of part 1 goes to part 2", 152, "€", 152, 3, false },
	{ "a euro before the edge", 151, "€", 153, 2, false },
	{ "70 characters", 69, "ê", 0, 1, true },
	{ "71 characters", 70, "ê", 0, 2, true },
	{ "134 characters", 133, "ê", 0, 2, true },
	{ "135 characters", 134, "ê", 0, 3, true },
	{ "an emoji is two: 70", 68, "😀", 0, 1, true },
	{ "an emoji is two: 71", 69, "😀", 0, 2, true },
	{ "an emoji over the edge of part 1 goes to part 2", 66, "😀", 66, 3, true },
	{ "one that fits neither", 0, "\xff", 0, -EILSEQ, false },
};

static const char *count_text(const struct count_case *c)
{
	static char text[1000];

	memset(text, 'a', c->before);
	text[c->before] = '\0';
	strncat(text, c->text, 10);
	for (size_t n = strlen(text), i = 0; i <= c->after; i++)
		text[n + i] = i < c->after ? 'a' : '\0';
	return text;
}

static void test_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		const struct count_case *c = &counts[i];
		bool ucs2 = false;
		int n = parts_count(count_text(c), &ucs2);

		if (n != c->parts || ucs2 != c->ucs2)
			fail_msg("%s: %d, ucs2 %d", c->name, n, ucs2);
		assert_int_equal(parts_count(count_text(c), NULL), n);
	}
}

static void test_single(void **state)
{
	struct sms_out out = { .to = "+33639980001", .report = true, .concat = { 9, 9, 9 } };

	(void)state;
	assert_int_equal(parts_split(&out, 1, "Bonjour", 7), 1);
	assert_string_equal(out.text, "Bonjour");
	assert_int_equal(out.concat.total, 0);
	assert_false(out.ucs2);
	assert_string_equal(out.to, "+33639980001");
	assert_true(out.report);
}

static void test_cut_after_a_space(void **state)
{
	char text[200];
	struct sms_out out[2];

	(void)state;
	memset(text, 'a', 199);
	text[199] = '\0';
	text[140] = ' ';
	text[146] = ' ';
	assert_int_equal(parts_split(out, 2, text, 0x1234), 2);
	assert_int_equal(strlen(out[0].text), 147);
	assert_int_equal(out[0].concat.ref, 0x1234);
	assert_int_equal(out[0].concat.total, 2);
	assert_int_equal(out[0].concat.part, 1);
	assert_int_equal(out[1].concat.part, 2);
}

static void test_a_space_costs_no_part(void **state)
{
	char text[307];
	struct sms_out out[3];

	(void)state;
	memset(text, 'a', 306);
	text[306] = '\0';
	text[146] = ' ';
	assert_int_equal(parts_split(out, 3, text, 1), 2);
	assert_int_equal(strlen(out[0].text), 153);
}

static void test_a_space_far_away(void **state)
{
	char text[200];
	struct sms_out out[2];

	(void)state;
	memset(text, 'a', 199);
	text[199] = '\0';
	text[60] = ' ';
	assert_int_equal(parts_split(out, 2, text, 1), 2);
	assert_int_equal(strlen(out[0].text), 153);
}

static void test_refusals(void **state)
{
	struct sms_out out[1] = { { .text = "untouched" } };
	char *text = malloc(256 * 153 + 1);
	struct sms_out *many = calloc(300, sizeof(*many));

	(void)state;
	memset(text, 'a', 256 * 153);
	text[256 * 153] = '\0';
	assert_int_equal(parts_split(many, 300, text, 1), -ENOSPC); /* the number is one octet */
	text[255 * 153] = '\0';
	assert_int_equal(parts_split(many, 300, text, 1), 255);
	text[161] = '\0';
	assert_int_equal(parts_split(out, 1, text, 1), -ENOSPC);
	assert_int_equal(parts_split(out, 1, "a\xc3", 1), -EILSEQ);
	assert_string_equal(out[0].text, "untouched");
	free(text);
	free(many);
}

static void test_join(void **state)
{
	const char *const whole[] = { "un ", "deux ", "trois" };
	const char *const hole[] = { "un ", NULL, "trois" };
	void *ctx = talloc_new(NULL);
	char *text;

	(void)state;
	text = parts_join(ctx, whole, 3);
	assert_string_equal(text, "un deux trois");
	talloc_free(text);
	assert_null(parts_join(ctx, hole, 3));
	assert_int_equal(talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
}

static const char *const gsm7_letters[] = { "a", "é", "€", " ", "\n", "[", "Ω", "7", "@", "|" };
static const char *const ucs2_letters[] = { "a", "ê",  "😀",  " ",
					    "€", "王", "\n", "👨‍👩‍👧" };

static char *random_text(void *ctx, bool ucs2)
{
	char *text = talloc_strdup(ctx, ucs2 ? "ç" : "");
	int n = rand() % 700;

	for (int i = 0; i < n; i++) {
		const char *letter = ucs2 ? ucs2_letters[(size_t)rand() % ARRAY_SIZE(ucs2_letters)]
					  : gsm7_letters[(size_t)rand() % ARRAY_SIZE(gsm7_letters)];

		text = talloc_strdup_append_buffer(text, letter);
	}
	return text;
}

/* Units that a part takes on air. */
static int units(const struct sms_out *part)
{
	int n = 0;

	if (!part->ucs2)
		return gsm7_length(part->text);
	for (const unsigned char *at = (const unsigned char *)part->text; *at; at++)
		n += *at >= 0xf0 ? 2 : *at < 0x80 || *at >= 0xc0;
	return n;
}

/* Valid by itself, so that no character is cut, and within its room. */
static void check_part(const struct sms_out *part, bool ucs2, int total)
{
	int room = ucs2        ? total > 1 ? PARTS_UCS2_MULTI : PARTS_UCS2_SINGLE
		   : total > 1 ? PARTS_GSM7_MULTI
			       : PARTS_GSM7_SINGLE;

	assert_true(parts_count(part->text, NULL) == 1);
	assert_int_equal(part->ucs2, ucs2);
	assert_in_range(units(part), total > 1 ? 1 : 0, room);
}

static void check_random_text(bool ucs2)
{
	struct sms_out *out = talloc_zero_array(NULL, struct sms_out, 60);
	const char *texts[60];
	char *text = random_text(out, ucs2), *joined;
	int n = parts_split(out, 60, text, 5);

	assert_int_equal(n, parts_count(text, NULL));
	for (int i = 0; i < n; i++) {
		texts[i] = out[i].text;
		check_part(&out[i], ucs2, n);
	}
	joined = parts_join(out, texts, (size_t)n);
	assert_string_equal(joined, text);
	talloc_free(out);
}

static void test_split_and_joined_is_itself(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++)
		check_random_text(round % 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_cut_after_a_space),
		cmocka_unit_test(test_a_space_costs_no_part),
		cmocka_unit_test(test_a_space_far_away),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_split_and_joined_is_itself),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
