/* What the number of a refused part means: 3GPP TS 27.005, clause 3.2.5, and 3GPP TS 24.011, annex E-2.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/cause.h"

#include <stddef.h>

/* Of this recipient or this text: the next try would end in the same way. */
static const struct {
	unsigned int first, last;
} hopeless[] = {
	{ 1, 1 },     /* unassigned number */
	{ 21, 21 },   /* transfer rejected */
	{ 28, 30 },   /* unidentified subscriber, facility rejected, unknown subscriber */
	{ 81, 81 },   /* invalid reference */
	{ 95, 99 },   /* invalid or incompatible message */
	{ 127, 143 }, /* interworking; no telematic interworking, no short message type 0 */
	{ 144, 159 }, /* data coding or class not supported */
	{ 176, 176 }, /* the SMSC does not support the TPDU */
	{ 193, 195 }, /* no SC subscription, invalid destination, SME not supported */
	{ 304, 305 }, /* invalid PDU or text mode parameter */
};

/* No reason that is one: a network that did not answer in time may have taken the part, an unknown error (500) and
 * what a maker counts for itself (512 and more) may mean anything, and plain ERROR is known to come from modems that
 * had sent it. */
static bool may_have_left(enum line_error error, unsigned int cause)
{
	return error == LINE_ERROR_PLAIN
	       || (error == LINE_ERROR_CMS
		   && (cause == 0 || cause == 332 || cause == 500 || cause >= 512));
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
