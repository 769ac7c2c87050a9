/* What the number of a refused part means: 3GPP TS 27.005, clause 3.2.5, and 3GPP TS 24.011, annex E-2.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/cause.h"

#include <stddef.h>

/* Of this recipient or this text: the next try would end in the same way. What networks give to a SIM without credit
 * (21, 28, 29, 50, 69) is not here. */
static const struct {
	unsigned int first, last;
} hopeless[] = {
	{ 1, 1 },     /* unassigned number */
	{ 30, 30 },   /* unknown subscriber */
	{ 81, 81 },   /* invalid reference */
	{ 95, 99 },   /* invalid or incompatible message */
	{ 127, 143 }, /* interworking; no telematic interworking, no short message type 0 */
	{ 144, 159 }, /* data coding or class not supported */
	{ 176, 176 }, /* the SMSC does not support the TPDU */
	{ 195, 196 }, /* invalid address, barred destination */
	{ 304, 305 }, /* invalid PDU or text mode parameter */
};

/* Of the line, whoever is written to. */
static const struct {
	int first, last;
} of_carrier[] = {
	{ 42, 42 },   /* congestion */
	{ 47, 47 },   /* resources */
	{ 193, 193 }, /* no subscription with this SMSC */
	{ 300, 302 }, /* the modem's own, reserved, not allowed */
	{ 310, 318 }, /* the SIM */
	{ 330, 331 }, /* SMSC unknown, no network */
};

static const struct {
	int cause;
	const char *text;
} texts[] = {
	{ 8, "barred by the operator" },
	{ 10, "barred" },
	{ 17, "network failure" },
	{ 21, "rejected" },
	{ 28, "unidentified subscriber" },
	{ 29, "facility rejected" },
	{ 38, "network out of order" },
	{ 41, "temporary failure" },
	{ 42, "congestion" },
	{ 47, "no resources" },
	{ 50, "facility not subscribed" },
	{ 69, "facility not implemented" },
	{ 192, "SMSC busy" },
	{ 193, "no subscription with this SMSC" },
	{ 194, "SMSC system failure" },
	{ 310, "no SIM" },
	{ 311, "the SIM wants its PIN" },
	{ 313, "SIM failure" },
	{ 314, "SIM busy" },
	{ 315, "wrong SIM" },
	{ 330, "SMSC unknown" },
	{ 331, "no network" },
	{ 332, "the network did not answer" },
	{ 500, "unknown error" },
	{ FRAME_CAUSE_PLAIN, "the modem says ERROR" },
};

bool cause_is_of_carrier(int cause)
{
	for (size_t i = 0; i < sizeof(of_carrier) / sizeof(of_carrier[0]); i++)
		if (cause >= of_carrier[i].first && cause <= of_carrier[i].last)
			return true;
	return false;
}

const char *cause_text(int cause)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].cause == cause)
			return texts[i].text;
	return "CMS ERROR";
}

/* No reason that is one: a network that did not answer in time may have taken the part, a duplicate (197) was taken before, an unknown error (500) and
 * what a maker counts for itself (512 and more) may mean anything, and plain ERROR is known to come from modems that
 * had sent it. */
static bool may_have_left(enum line_error error, unsigned int cause)
{
	return error == LINE_ERROR_PLAIN
	       || (error == LINE_ERROR_CMS
		   && (cause == 0 || cause == 197 || cause == 332 || cause == 500 || cause >= 512));
}

enum frame_send cause_result(enum line_error error, unsigned int cause, bool handed)
{
	if (handed && (error == LINE_ERROR_NONE || may_have_left(error, cause)))
		return FRAME_SEND_DOUBT;
	/* +CME ERROR counts otherwise: 10 is a missing SIM there, not a barred call */
	if (error != LINE_ERROR_CMS)
		return FRAME_SEND_FAILED;
	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++)
		if (cause >= hopeless[i].first && cause <= hopeless[i].last)
			return FRAME_SEND_REFUSED;
	return FRAME_SEND_FAILED;
}
