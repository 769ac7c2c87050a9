/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "modem/tries.h"

#include <string.h>

#include <osmocom/core/utils.h>

#include "modem/frame.h"
#include "modem/tap.h"

#define ANSWER_MAX 512
#define WAIT_MS    3000

/* field: commas between the words that begin the answer and the number. */
static const struct {
	const char *command;
	const char *begin;
	unsigned int field;
} ways[] = {
	{ "AT+CPINR=\"SIM PIN\"\r", "+CPINR: SIM PIN,", 0 }, /* 3GPP TS 27.007, clause 8.65 */
	{ "AT^CPIN?\r", "^CPIN:", 3 },                       /* Huawei: code, times, PUK, PIN */
	{ "AT+SPIC\r", "+SPIC:", 0 },                        /* SIMCom, Cinterion */
	{ "AT+QPINC=\"SC\"\r", "+QPINC: \"SC\",", 0 },       /* Quectel */
};

uint8_t tries_parse(unsigned int i, const char *answer)
{
	const char *at = strstr(answer, ways[i].begin);
	unsigned int field = ways[i].field;

	if (!at)
		return FRAME_TRIES_UNKNOWN;
	at += strlen(ways[i].begin);
	while (field && *at && *at != '\r' && *at != '\n')
		field -= *at++ == ',';
	at += strspn(at, " ");
	/* a SIM has three, or as many as its maker gave it: one digit */
	if (field || *at < '0' || *at > '9' || (at[1] >= '0' && at[1] <= '9'))
		return FRAME_TRIES_UNKNOWN;
	return (uint8_t)(*at - '0');
}

uint8_t tries_ask(void)
{
	char answer[ANSWER_MAX];
	uint8_t tries = FRAME_TRIES_UNKNOWN;

	for (unsigned int i = 0; i < ARRAY_SIZE(ways) && tries == FRAME_TRIES_UNKNOWN; i++)
		if (tap_ask(answer, sizeof(answer), ways[i].command, WAIT_MS) == 0)
			tries = tries_parse(i, answer);
	return tries;
}
