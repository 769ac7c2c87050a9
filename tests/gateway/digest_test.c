/* The digest of a text, its key, and parts that wait sealed.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/digest.h"
#include "gateway/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/process.h"

static const uint8_t key_one[DIGEST_KEY_SIZE] = { 1 };
static const uint8_t key_two[DIGEST_KEY_SIZE] = { 2 };

static const struct sms_in base = {
	.sender = "+33639980001",
	.ton = SMS_TON_INTERNATIONAL,
	.npi = 1,
	.smsc_at = 1792000000,
	.concat = { 7, 2, 1 },
	.text = "2 kg patates",
};

/* Each field that makes another text. */
static const struct {
	const char *what;
	size_t offset;
	uint8_t octet;
} field_cases[] = {
	{ "sender", offsetof(struct sms_in, sender) + 11, '2' },
	{ "type of number", offsetof(struct sms_in, ton), SMS_TON_NATIONAL },
	{ "numbering plan", offsetof(struct sms_in, npi), 0 },
	{ "time of the service centre", offsetof(struct sms_in, smsc_at), 1 },
	{ "PID", offsetof(struct sms_in, pid), 1 },
	{ "DCS", offsetof(struct sms_in, dcs), 8 },
	{ "reference", offsetof(struct sms_in, concat.ref), 8 },
	{ "parts", offsetof(struct sms_in, concat.total), 3 },
	{ "part", offsetof(struct sms_in, concat.part), 2 },
	{ "text", offsetof(struct sms_in, text), '3' },
};

static void test_fields(void **state)
{
	uint8_t first[DIGEST_SIZE], other[DIGEST_SIZE];

	(void)state;
	digest_sms(first, key_one, "208010000000001", &base);
	digest_sms(other, key_one, "208010000000001", &base);
	assert_memory_equal(first, other, DIGEST_SIZE);
	digest_sms(other, key_two, "208010000000001", &base);
	assert_memory_not_equal(first, other, DIGEST_SIZE);
	digest_sms(other, key_one, "208010000000002", &base);
	assert_memory_not_equal(first, other, DIGEST_SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(field_cases); i++) {
		struct sms_in sms = base;

		((uint8_t *)&sms)[field_cases[i].offset] = field_cases[i].octet;
		digest_sms(other, key_one, "208010000000001", &sms);
		if (memcmp(first, other, DIGEST_SIZE) == 0)
			fail_msg("another %s, the same digest", field_cases[i].what);
	}
}

static void test_longest(void **state)
{
	struct sms_in sms = base;
	uint8_t out[DIGEST_SIZE];

	(void)state;
	memset(sms.text, 'a', sizeof(sms.text) - 1);
	memset(sms.sender, '1', sizeof(sms.sender) - 1);
	digest_sms(out, key_one, "2080100000000012080100000000001", &sms);
}

static void test_key_file(void **state)
{
	char *dir = process_temp_dir(NULL);
	char *path = digest_key_path(dir, talloc_asprintf(dir, "%s/chappe.db", dir));
	uint8_t key[DIGEST_KEY_SIZE], again[DIGEST_KEY_SIZE];
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(digest_key_open(key, path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, DIGEST_KEY_SIZE);
	assert_int_equal(digest_key_open(again, path), 0);
	assert_memory_equal(key, again, DIGEST_KEY_SIZE);

	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(digest_key_open(again, path), -EINVAL);
	assert_int_equal(chmod(path, 0600), 0);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(digest_key_open(again, path), -EINVAL);
	assert_int_equal(truncate(path, 5), 0);
	assert_int_equal(digest_key_open(again, path), -EINVAL);
	assert_memory_equal(key, again, DIGEST_KEY_SIZE);

	assert_int_equal(digest_key_open(again, talloc_asprintf(dir, "%s/none/key", dir)), -ENOENT);
	process_remove_dir(dir);
	talloc_free(dir);
}

static void test_seal(void **state)
{
	void *ctx = talloc_new(NULL);
	size_t len, again;
	uint8_t *data = seal(ctx, &len, key_one, "VOTE 3 POUR 482163");
	uint8_t *twice = seal(ctx, &again, key_one, "VOTE 3 POUR 482163");

	(void)state;
	assert_int_equal(len, strlen("VOTE 3 POUR 482163") + SEAL_OVERHEAD);
	assert_memory_not_equal(data, twice, len);
	assert_null(memmem(data, len, "482163", 6));
	assert_string_equal(seal_open(ctx, key_one, data, len), "VOTE 3 POUR 482163");
	assert_null(seal_open(ctx, key_two, data, len));
	for (size_t cut = 0; cut < len; cut++)
		assert_null(seal_open(ctx, key_one, data, cut));
	data[len - 1] ^= 1;
	assert_null(seal_open(ctx, key_one, data, len));
	data = seal(ctx, &len, key_one, "");
	assert_string_equal(seal_open(ctx, key_one, data, len), "");
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_key_file),
		cmocka_unit_test(test_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
