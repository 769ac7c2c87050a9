/* Fuzz target: a frame to either side; what is accepted can be sent again as it came.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "modem/frame.h"

static const struct frame seeds[] = {
	{ FRAME_OP_CONFIG, 0, .config = { "/dev/ttyUSB0", "gammu", true } },
	{ FRAME_OP_PIN, 0, .text = "1234" },
	{ FRAME_OP_SMS_SEND, 7,
	  .out = { "+33639980001", { 1, 2, 1 }, false, true, "votre commande" } },
	{ FRAME_OP_SMS_DELETE, 3 },
	{ FRAME_OP_USSD_DIAL, 0, .text = "*100#" },
	{ FRAME_OP_STATE, 0,
	  .state = { MODEM_HOME, "Orange F", 60, "208010123456789", "E173", 2, 20, 3, "" } },
	{ FRAME_OP_SMS_RECEIVED, 4,
	  .in = { "+33639980001", 1, 1, 1700000000, 0, 8, { 3, 3, 2 }, false, "été" } },
	{ FRAME_OP_SMS_DELETED, 4, .result = 0 },
	{ FRAME_OP_SMS_SENT, 7, .sent = { FRAME_SEND_FAILED, FRAME_MR_UNKNOWN, 38 } },
	{ FRAME_OP_SMS_REPORT, 0, .report = { 9, "+33639980001", 0, 1700000000, 1700000009 } },
	{ FRAME_OP_USSD_RECEIVED, 0, .ussd = { 0, "Votre solde: 5 EUR" } },
	{ FRAME_OP_CALL, 0, .text = "" },
	{ FRAME_OP_LOG, 0, .log = { 5, "the SIM refuses the PIN" } },
};

int fuzz_seed(size_t i, uint8_t *out, size_t size)
{
	return i < sizeof(seeds) / sizeof(seeds[0]) ? frame_encode(out, size, &seeds[i]) : -1;
}

void fuzz_one(const uint8_t *data, size_t len)
{
	struct frame f;
	uint8_t again[FRAME_MAX];

	for (enum frame_way way = FRAME_TO_WORKER; way <= FRAME_TO_GATEWAY; way++) {
		if (frame_decode(&f, way, data, len))
			continue;
		if (frame_encode(again, sizeof(again), &f) != (int)len || memcmp(again, data, len))
			abort();
	}
}
