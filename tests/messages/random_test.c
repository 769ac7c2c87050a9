/* Random octets and random texts through everything that takes them: nothing crashes, and what
 * must hold holds.
 *
 * CHAPPE_ROUNDS sets the number of rounds, CHAPPE_SEED repeats a run; both are printed.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "messages/declaration.h"
#include "messages/gsm7.h"
#include "messages/parts.h"
#include "messages/placeholder.h"

#define OCTETS_MAX 600

static unsigned long rounds = 300, seed = 1;

static size_t below(size_t n)
{
	return (size_t)rand() % n;
}

/* A heap copy of its exact size, so that a sanitizer sees one octet too far. */
static void *exact(const void *data, size_t n)
{
	return memcpy(malloc(n + !n), data, n);
}

/* Pieces of texts: what is special to one of the functions comes often. */
static const char *const pieces[] = {
	"a",
	"é",
	"€",
	" ",
	"\n",
	"\r\n",
	"{",
	"}",
	"{total}",
	"{lines}",
	"ê",
	"œ",
	"😀",
	"👨‍👩‍👧",
	"🇫🇷",
	"e\xcc\x81",
	"\xcc\x81",
	"\xff",
	"\xc3",
	"\xed\xa0\x80",
	"\x1b",
	"\x01",
	"½",
	"ﷺ",
	"\xef\xbf\xbd",
	"functional",
	";",
	"parts 2",
	"use-by",
	"2h",
	"wait",
	"no",
	"longest:",
	"n=\"1\"",
	"\"",
	"\\",
	"\\n",
	"resend",
	"piece",
};

static char *random_text(size_t most)
{
	char text[OCTETS_MAX * 26] = "";
	size_t n = below(most + 1), len = 0;

	for (size_t i = 0; i < n; i++) {
		char octet[2] = { (char)(1 + below(255)), '\0' };
		const char *piece = below(8) ? pieces[below(ARRAY_SIZE(pieces))] : octet;

		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	text[len] = '\0';
	return exact(text, len + 1);
}

static void round_gsm7(void)
{
	uint8_t octets[OCTETS_MAX], *in, *septets;
	size_t len = below(OCTETS_MAX), n = below(OCTETS_MAX), size = below(3 * OCTETS_MAX + 2);
	unsigned int fill = (unsigned int)below(7);
	char *out = malloc(size + !size);
	int rc;

	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)rand();
	in = exact(octets, len);
	septets = malloc(n + !n);
	rc = gsm7_unpack(septets, n, in, len, n, fill);
	assert_true(rc == (int)n || rc == -EBADMSG);
	assert_int_equal(rc >= 0, (fill + 7 * n + 7) / 8 <= len);
	if (rc < 0) {
		n = len < n ? len : n; /* the octets as septets: the eighth bit is ignored */
		memcpy(septets, in, n);
	}
	rc = gsm7_decode(out, size, septets, n);
	assert_true(rc == -ENOSPC || (size_t)rc == strlen(out));
	assert_true(rc >= 0 || size < 3 * n + 1);
	if (rc >= 0)
		assert_true(gsm7_length(out) >= 0 && gsm7_length(out) <= (int)n);
	free(septets);
	free(in);
	free(out);
}

static void round_encode(const char *text)
{
	size_t size = below(2 * OCTETS_MAX);
	uint8_t *septets = malloc(size + !size), *packed = malloc(size + !size);
	int n = gsm7_encode(septets, size, text), rc;

	assert_true(n == gsm7_length(text) || (n == -ENOSPC && gsm7_length(text) > (int)size));
	if (n >= 0) {
		rc = gsm7_pack(packed, size, septets, (size_t)n, (unsigned int)below(7));
		assert_true(rc >= 0 || rc == -ENOSPC);
	}
	free(septets);
	free(packed);
}

static void round_parts(void *ctx, const char *text)
{
	struct sms_out *out = talloc_zero_array(ctx, struct sms_out, 256);
	const char *texts[256];
	int n = parts_split(out, 256, text, (uint16_t)rand());

	assert_true(n == parts_count(text, NULL) || n == -ENOSPC);
	for (int i = 0; i < n; i++)
		texts[i] = out[i].text;
	if (n > 0)
		assert_string_equal(parts_join(ctx, texts, (size_t)n), text);
}

static int fill_one(const struct template *t, void *data)
{
	const struct catalogue *cat = ((void **)data)[0];
	const char *text = ((void **)data)[1];
	struct template_value values[30] = { 0 };
	char *got;
	size_t n = 0;

	if (below(20))
		return 0;
	for (; t->longest[n].name; n++)
		values[n] = (struct template_value){ t->longest[n].name, text };
	got = template_fill(NULL, cat, t->name, values);
	assert_true(gsm7_length(got) >= 0);
	talloc_free(got);
	return 0;
}

static void round_template(void *ctx, const char *text)
{
	struct template t = { 0 };
	struct placeholder p;
	const char *at = text;
	char *error = NULL;
	size_t total = 0;

	if (declaration_read(&t, ctx, text, &error))
		assert_non_null(error);
	else
		assert_non_null(t.longest);
	do {
		placeholder_next(&p, &at);
		total += p.plain_len + (p.name ? p.name_len + 2 : 0);
	} while (p.name);
	assert_int_equal(total, strlen(text)); /* nothing is lost, whatever is wrong with it */
}

static void test_rounds(void **state)
{
	for (unsigned long i = 0; i < rounds; i++) {
		void *ctx = talloc_new(NULL);
		char *text = random_text(below(4) ? 40 : OCTETS_MAX), *fitting;

		round_gsm7();
		round_encode(text);
		fitting = gsm7_transliterate(ctx, text);
		assert_true(gsm7_length(fitting) >= 0);
		round_encode(fitting);
		round_parts(ctx, text);
		round_parts(ctx, fitting);
		round_template(ctx, text);
		catalogue_each(*state, fill_one, (void *[]){ *state, text });
		free(text);
		talloc_free(ctx);
	}
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : otherwise;
}

static int catalogue_new(void **state)
{
	return catalogue_open((struct catalogue **)state, NULL, "fr", NULL);
}

static int catalogue_done(void **state)
{
	return talloc_free(*state);
}

int main(void)
{
	static const struct log_info no_categories = { 0 };
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rounds) };

	rounds = from_environment("CHAPPE_ROUNDS", rounds);
	seed = from_environment("CHAPPE_SEED", seed);
	srand((unsigned int)seed);
	print_message("# CHAPPE_ROUNDS=%lu CHAPPE_SEED=%lu\n", rounds, seed);
	log_init(&no_categories, NULL);
	return cmocka_run_group_tests_name("random", tests, catalogue_new, catalogue_done);
}
