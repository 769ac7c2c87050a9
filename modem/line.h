/* What a modem says, taken note of before its library hears it.
 *
 *   tty --- read() ---> struct line ---> libgammu
 *                          |
 *                          +--> PDUs as they came, URCs that libgammu drops
 *
 * libgammu reads past the end of hostile messages and writes past its arrays,
 * and it cannot tell a name from a number: an alphanumeric sender "+33639980001"
 * looks to it like that number. So the hex of every message is kept here, for
 * parsers/tpdu.h, and libgammu is handed an empty message in its place: not one
 * octet of a message that came over the air reaches its decoder.
 *
 * It also takes any line that it does not know for the beginning of the next
 * answer, which it then does not recognise, and waits for it until a time-out.
 * So between two answers it hears only the notices that it knows.
 *
 * It waits for "> ", with the space: a modem that leaves it out is given one.
 *
 * What may turn out to be none of its business is held back until the line is
 * complete; everything else passes at once, octet by octet. NUL is taken out,
 * and what is beyond LINE_MAX in one line.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest line: a USSD answer in UCS2 is the longest that is of use. */
#define LINE_MAX       2048
/* Longest message in hex: 12 octets of SMSC address, 176 of TPDU. */
#define LINE_PDU_MAX   (2 * (12 + 176))
/* Messages and notices that the modem sends unasked and that wait to be fetched. */
#define LINE_QUEUE_MAX 32

enum line_kind {
	LINE_STORED,  /* +CMGR or +CMGL: an answer */
	LINE_DELIVER, /* +CMT: a message that is stored nowhere */
	LINE_REPORT,  /* +CDS: a status report that is stored nowhere */
	LINE_INDEX,   /* +CDSI: a status report in that slot */
};

/* Something that came unasked. */
struct line_event {
	enum line_kind kind;
	char pdu[LINE_PDU_MAX
		 + 1];  /* LINE_DELIVER, LINE_REPORT; empty: what came was no hex or too long */
	char memory[3]; /* LINE_INDEX: "SM", "SR", ... */
	unsigned int index;
};

enum line_error { LINE_ERROR_NONE, LINE_ERROR_PLAIN, LINE_ERROR_CMS, LINE_ERROR_CME };

struct line {
	/* Set by the reader once the modem echoes its commands: from then on an answer begins with such an echo. */
	bool guard;

	/* What came, for the reader to look at and to reset. */
	bool has_stored;               /* a message was read out of a slot */
	char stored[LINE_PDU_MAX + 1]; /* empty: what came was no hex or too long */
	int stored_state; /* <stat> of 3GPP TS 27.005, clause 3.1: 0 unread, 1 read, 2 unsent, 3 sent; -1 */
	bool text_mode;        /* a slot was answered in text mode: such a text can be forged */
	bool full;             /* the modem says that it takes no more messages */
	bool network;          /* the modem says that its registration has changed */
	bool restarted;        /* the modem says that it has just started */
	enum line_error error; /* of the last command that failed */
	unsigned int cause;    /* its number; 0: none */
	int mr;                /* of +CMGS; -1: there was none */
	unsigned int lost;     /* events that found no room */
	unsigned int events, first;
	struct line_event queue[LINE_QUEUE_MAX];

	/* Private to line.c. */
	char text[LINE_MAX + 1]; /* the line that is coming in */
	size_t len;
	bool holding;   /* none of it has been passed on */
	int awaited;    /* enum line_kind of the PDU that comes next; -1: none */
	bool answering; /* an answer has begun and has not ended */
	bool prompting; /* it is one that begins with a prompt */
	bool spaced;    /* the prompt was given its space: the modem's own is to be left out */
};

void line_init(struct line *l);

/* Room that line_feed() needs for n octets. */
#define LINE_ROOM(n) ((n) + LINE_MAX + 64)

/*! Octets from the modem.
 *
 * \param[out] out  what the library is to hear, at least LINE_ROOM(n).
 * \returns octets written, fewer or more than n. */
size_t line_feed(struct line *l, char *out, const char *in, size_t n);

/*! Take the oldest event. \returns false if there is none. */
bool line_next(struct line *l, struct line_event *out);
