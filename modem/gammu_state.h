/* The insides of the gammu driver, for gammu.c and gammu_sms.c alone.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <gammu.h>

#include "modem/gammu.h"
#include "modem/line.h"

/* Things noted and not yet fetched: the modem itself holds no more than its slots. */
#define NOTED_MAX    64
/* +CNMI: 2,1,0,1,0 */
#define NOTICES_SIZE 32

struct gammu {
	GSM_StateMachine *s;
	struct line *line;
	unsigned char
		smsc[(GSM_MAX_NUMBER_LENGTH + 1) * 2]; /* UCS-2 of libgammu; empty: not known */
	char model[64];
	char notices[NOTICES_SIZE]; /* +CNMI as it was set; empty: the modem does not say */
	time_t opened_at;           /* when a PIN was given */
	int64_t call_ms;            /* that one of the functions of gammu.h may take */
	unsigned int timeouts;      /* one after the other */
	bool aborted;               /* the library was told to stop: it is for the bin */
	bool both_memories; /* SIM and modem: slots of the modem begin at GSM_PHONE_MAXSMSINFOLDER */

	bool sending; /* gammu_send() waits for its answer */
	bool handed;  /* the body is with the modem */
	bool answered;
	int status; /* what libgammu made of the answer */

	struct gammu_event noted[NOTED_MAX];
	unsigned int n_noted, first;
	bool overflow;
};

/* The order in which the library's folder of the modem's memory is counted. */
#define SLOT_SR 0x80000000U /* of the memory for status reports */

/*! Keep an event for gammu_next(). */
void gammu_note(struct gammu *g, const struct gammu_event *event);

/*! What an error of libgammu means here; logs what is of use to a developer. */
int gammu_check(struct gammu *g, const char *what, GSM_Error error);

/*! A location of libgammu's flat numbering, and a slot. */
uint32_t gammu_slot(int location);

/*! Text of libgammu (UCS-2 or UTF-16, big-endian) to UTF-8; what is broken becomes '?'.
 *
 * \param[in] line  make it fit for a terminal: one line, no control characters. */
void gammu_text(char *out, size_t size, const unsigned char *ucs2, size_t max_units, bool line);

/*! What the line has noted since the last time: messages and reports that are stored nowhere. gammu_sms.c */
void gammu_take_line(struct gammu *g);
