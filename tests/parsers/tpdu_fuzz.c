/* Fuzz target: a TPDU in both directions, and what was decoded once more through the encoder.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "parsers/tpdu.h"

static const char *const seeds[] = {
	"040B913336990800F10000620141815090801C62B51CA42E83ECEF3A591E4E8364EB33885C06C1C3F430BD0C",
	"440B913336990800F1000062014181509080220500030702016220F19B4E2F83E461721AB4E1CDEDF08D0FB441"
	"6DCA9B14",
	"040B913336990800F10008620141815090801E00E7006100200063006F00FB0074006500200033002020AC0020"
	"D83DDE42",
	"040BD0CD705A9E2E0300006201418150908003EF7A1A",
	"31090B913336990810F10000A707CF256848C3C900",
	"06090B913336990810F1620141815090806201418150218000",
};

int fuzz_seed(size_t i, uint8_t *out, size_t size)
{
	return i < sizeof(seeds) / sizeof(seeds[0]) ? tpdu_unhex(out, size, seeds[i]) : -1;
}

static void one_way(enum tpdu_way way, const uint8_t *data, size_t len)
{
	struct tpdu t;
	uint8_t out[TPDU_MAX];

	if (tpdu_decode(&t, way, data, len))
		return;
	if (u8_check((const uint8_t *)t.text, strlen(t.text))
	    || u8_check((const uint8_t *)t.address.text, strlen(t.address.text)))
		abort();
	if (tpdu_encode(out, sizeof(out), &t) > (int)sizeof(out))
		abort();
}

void fuzz_one(const uint8_t *data, size_t len)
{
	struct tpdu_address sca;

	one_way(TPDU_TO_MOBILE, data, len);
	one_way(TPDU_FROM_MOBILE, data, len);
	tpdu_decode_sca(&sca, data, len);
}
