/* The cursor over foreign octets.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_round_trip(void **state)
{
	uint8_t buf[64], raw[3];
	struct wire w = wire_writer(buf, sizeof(buf)), r;
	char text[16];

	(void)state;
	wire_put_u8(&w, 0xfe);
	wire_put_u16(&w, 0x1234);
	wire_put_u32(&w, 0xdeadbeef);
	wire_put_u64(&w, 0x0102030405060708);
	wire_put_string(&w, "été");
	wire_put_raw(&w, "abc", 3);
	assert_int_equal(wire_done(&w), 1 + 2 + 4 + 8 + 2 + 5 + 3);
	assert_int_equal(buf[1], 0x12); /* big-endian */

	r = wire_reader(buf, wire_pos(&w));
	assert_int_equal(wire_get_u8(&r), 0xfe);
	assert_int_equal(wire_get_u16(&r), 0x1234);
	assert_int_equal(wire_get_u32(&r), 0xdeadbeef);
	assert_true(wire_get_u64(&r) == 0x0102030405060708);
	wire_get_string(&r, text, sizeof(text));
	assert_string_equal(text, "été");
	wire_get_raw(&r, raw, 3);
	assert_memory_equal(raw, "abc", 3);
	assert_int_equal(wire_left(&r), 0);
	assert_int_equal(wire_end(&r), 0);
}

static void test_error_sticks(void **state)
{
	uint8_t *data = malloc(3); /* of its exact size: a sanitizer sees one octet too far */
	struct wire r = wire_reader(memcpy(data, "\x01\x02\x03", 3), 3);

	(void)state;
	assert_int_equal(wire_get_u16(&r), 0x0102);
	assert_int_equal(wire_get_u32(&r), 0);
	assert_int_equal(wire_error(&r), -EBADMSG);
	assert_int_equal(wire_get_u8(&r), 0); /* the octet is there, but it is too late */
	assert_int_equal(wire_left(&r), 0);
	assert_int_equal(wire_pos(&r), 2);
	wire_fail(&r, -EPROTO);
	assert_int_equal(wire_end(&r), -EBADMSG);
	free(data);
}

static void test_octets_left_over(void **state)
{
	struct wire r = wire_reader("\x01\x02", 2);

	(void)state;
	wire_get_u8(&r);
	assert_int_equal(wire_end(&r), -EBADMSG);
}

static void test_part(void **state)
{
	struct wire r = wire_reader("\x01\x02\x03\x04", 4);
	struct wire part = wire_part(&r, 2), past;

	(void)state;
	assert_int_equal(wire_get_u16(&part), 0x0102);
	wire_get_u8(&part);
	assert_int_equal(wire_error(&part), -EBADMSG); /* its own end, not that of the whole */
	assert_int_equal(wire_get_u8(&r), 3);
	past = wire_part(&r, 2);
	assert_int_equal(wire_error(&past), -EBADMSG);
	assert_int_equal(wire_error(&r), -EBADMSG);
}

static void test_no_room(void **state)
{
	uint8_t *buf = malloc(3);
	struct wire w = wire_writer(buf, 3);

	(void)state;
	wire_put_u16(&w, 1);
	wire_put_u16(&w, 2);
	wire_put_u8(&w, 3);
	assert_int_equal(wire_done(&w), -ENOSPC);
	free(buf);
}

static void test_wrong_direction(void **state)
{
	uint8_t buf[4] = { 1, 2, 3, 4 };
	struct wire r = wire_reader(buf, 4), w = wire_writer(buf, 4);

	(void)state;
	wire_put_u8(&r, 9);
	assert_int_equal(wire_error(&r), -ENOSPC);
	assert_int_equal(wire_get_u8(&w), 0);
	assert_int_equal(wire_error(&w), -EBADMSG);
	assert_int_equal(buf[0], 1);
}

struct string_case {
	const char *name;
	const char *data;
	size_t len;
	int error;
	const char *text;
};

static const struct string_case strings[] = {
	{ "fits",
	  "\x00\x03"
	  "abc",
	  5, 0, "abc" },
	{ "empty", "\x00\x00", 2, 0, "" },
	{ "longer than the octets",
	  "\x00\x04"
	  "abc",
	  5, -EBADMSG, "" },
	{ "length cut off", "\x00", 1, -EBADMSG, "" },
	{ "longer than its room",
	  "\x00\x08"
	  "abcdefgh",
	  10, -ENOSPC, "" },
	{ "a NUL inside",
	  "\x00\x03"
	  "a\0b",
	  5, -EILSEQ, "" },
	{ "no UTF-8", "\x00\x02\xc3\x28", 4, -EILSEQ, "" },
	{ "UTF-8 cut off", "\x00\x01\xc3", 3, -EILSEQ, "" },
	{ "a surrogate", "\x00\x03\xed\xa0\x80", 5, -EILSEQ, "" },
};

static void test_strings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		const struct string_case *c = &strings[i];
		uint8_t *data = memcpy(malloc(c->len), c->data, c->len);
		struct wire r = wire_reader(data, c->len);
		char out[8] = "x";

		wire_get_string(&r, out, sizeof(out));
		if (wire_end(&r) != c->error || strcmp(out, c->text))
			fail_msg("%s: error %d, text '%s'", c->name, wire_error(&r), out);
		free(data);
	}
}

static void test_put_string_refuses(void **state)
{
	uint8_t buf[8];
	struct wire w = wire_writer(buf, sizeof(buf));
	char *longest = malloc(70000);

	(void)state;
	wire_put_string(&w, "\xff");
	assert_int_equal(wire_done(&w), -EILSEQ);
	memset(longest, 'a', 69999);
	longest[69999] = '\0';
	w = wire_writer(buf, sizeof(buf));
	wire_put_string(&w, longest);
	assert_int_equal(wire_done(&w), -ENOSPC);
	free(longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),       cmocka_unit_test(test_error_sticks),
		cmocka_unit_test(test_octets_left_over), cmocka_unit_test(test_part),
		cmocka_unit_test(test_no_room),          cmocka_unit_test(test_wrong_direction),
		cmocka_unit_test(test_strings),          cmocka_unit_test(test_put_string_refuses),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
