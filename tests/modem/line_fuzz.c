/* Fuzz target: a modem that says anything; the library hears no message but the empty one.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "modem/line.h"

static const char *const seeds[] = {
	"\r\n+CMTI: \"SM\",1\r\n",
	"AT+CMGR=1\r\r\n+CMGR: 0,,24\r\n040B913336990800F1000062014181509080046F740FD1\r\n\r\nOK\r\n",
	"\r\n+CDS: 25\r\n06090B913336990810F1620141815090806201418150218000\r\n",
	"+CMGL: 1,1,,3\r\n000401\r\n+CMGL: 2,0,,3\r\n000401\r\n\r\nOK\r\n",
	"\r\n> \x1a\r\n+CMS ERROR: 38\r\n+CDSI: \"SR\",1\r\n",
};

int fuzz_seed(size_t i, uint8_t *out, size_t size)
{
	size_t n;

	if (i >= sizeof(seeds) / sizeof(seeds[0]))
		return -1;
	n = strlen(seeds[i]);
	if (n > size)
		abort();
	memcpy(out, seeds[i], n);
	return (int)n;
}

void fuzz_one(const uint8_t *data, size_t len)
{
	static struct line l;
	struct line_event e;
	char *out = malloc(LINE_ROOM(len));
	size_t half = len / 2, n;

	line_init(&l);
	l.guard = len & 1;
	n = line_feed(&l, out, (const char *)data, half);
	if (n > LINE_ROOM(half))
		abort();
	n = line_feed(&l, out, (const char *)data + half, len - half);
	if (n > LINE_ROOM(len - half) || memchr(out, 0, n))
		abort();
	if (strlen(l.stored) > LINE_PDU_MAX)
		abort();
	while (line_next(&l, &e))
		if (strlen(e.pdu) > LINE_PDU_MAX)
			abort();
	free(out);
}
