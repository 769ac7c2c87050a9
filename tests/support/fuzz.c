/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/support/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX 4096

#ifndef FUZZ_RUNS /* of a target that is slow: fewer */
#define FUZZ_RUNS 200000
#endif

#ifdef FUZZ_ENGINE
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	fuzz_one(data, len);
	return 0;
}
#else

static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)((*state >> 33) % below);
}

/* One change: another octet, a flipped bit, a cut, a piece doubled, an octet put in or taken out. */
static size_t mutate(uint8_t *buf, size_t len, uint64_t *state)
{
	static const uint8_t odd[] = { 0x00, 0x01, 0x7f, 0x80, 0xa0, 0xff, '\r', '"', 0x1a };
	size_t at = len ? draw(state, (uint32_t)len) : 0, n;

	switch (draw(state, 6)) {
	case 0:
		if (len)
			buf[at] = odd[draw(state, sizeof(odd))];
		break;
	case 1:
		if (len)
			buf[at] ^= (uint8_t)(1 << draw(state, 8));
		break;
	case 2:
		len = at;
		break;
	case 3:
		n = len - at;
		if (len + n <= INPUT_MAX) {
			memmove(buf + at + n, buf + at, n);
			len += n;
		}
		break;
	case 4:
		if (len < INPUT_MAX) {
			memmove(buf + at + 1, buf + at, len - at);
			buf[at] = (uint8_t)draw(state, 256);
			len++;
		}
		break;
	case 5:
		if (len) {
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
		}
		break;
	}
	return len;
}

static void feed(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	if (len)
		memcpy(exact, data, len);
	fuzz_one(exact, len);
	free(exact);
}

static int mutations(unsigned long n, uint64_t state)
{
	uint8_t buf[INPUT_MAX];
	size_t seeds = 0;

	while (fuzz_seed(seeds, buf, sizeof(buf)) >= 0)
		seeds++;
	for (unsigned long i = 0; i < n; i++) {
		int len = fuzz_seed(draw(&state, (uint32_t)seeds), buf, sizeof(buf));
		size_t size = len < 0 ? 0 : (size_t)len;

		for (uint32_t k = draw(&state, 5); k; k--)
			size = mutate(buf, size, &state);
		feed(buf, size);
	}
	printf("1..1\nok 1 - %lu mutations of %zu seeds\n", n, seeds);
	return 0;
}

static int replay(const char *path)
{
	uint8_t buf[1 << 16];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		perror(path);
		return 1;
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	feed(buf, n);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long n = FUZZ_RUNS;
	uint64_t seed = 1;
	int c, rc = 0;

	while ((c = getopt(argc, argv, "n:s:")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'n')
			n = strtoul(optarg, NULL, 10);
		else
			seed = strtoull(optarg, NULL, 10);
	}
	if (optind == argc)
		return mutations(n, seed);
	for (; optind < argc; optind++)
		rc |= replay(argv[optind]);
	return rc;
}
#endif
