/* What the modem answers: command lines of ITU-T V.250, 3GPP TS 27.007 and TS 27.005.
 *
 * A command is a row in a table (general.c, message.c). Its answer is collected
 * and goes out whole with the final result code; what the modem says unasked
 * meanwhile waits until then.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/tpdu.h"

struct at;
struct sim;

/* What a command comes to; a handler returns one of these, or AT_CME() or AT_CMS() of a cause. */
enum at_result { AT_OK = 0, AT_ERROR = 1, AT_LATER = 2, AT_NO_CARRIER = 3, AT_NEVER = 4 };
#define AT_CME(cause) (1000 + (cause)) /* 3GPP TS 27.007, clause 9.2 */
#define AT_CMS(cause) (2000 + (cause)) /* 3GPP TS 27.005, clause 3.2.5 */

enum at_form { AT_EXEC, AT_SET, AT_READ, AT_TEST };

#define AT_ARGS_MAX 10

/* One command of a line. */
struct at_call {
	const struct at_command *command;
	enum at_form form;
	size_t n;             /* parameters */
	char *v[AT_ARGS_MAX]; /* quotes taken off; omitted ones are empty, never NULL */
};

/* Who a command can be asked of: a modem with a card, a card that is open. */
enum at_need {
	AT_ANYTIME,
	AT_CARD,
	AT_CARD_OPEN,
	AT_MESSAGES /* as open; refusals are +CMS ERROR */
};

struct at_command {
	const char *name;
	enum at_need need;
	int (*run)(struct at *at, const struct at_call *call);
	const char *test; /* what NAME=? answers; NULL: OK alone */
	size_t setting; /* offset in struct at_settings, for a command that is a number and nothing else */
	unsigned int max; /* of that number */
};

/* Settings that an application makes; reset by a reboot, some by ATZ. */
struct at_settings {
	int echo, verbose, quiet;
	int cmee, creg, cgreg, cereg, clip, crc, cusd, cmgf, csms, csdh, colp, cops_format, cfun;
	int cnmi[5];
	char charset[8];
	char smsc[24];
};

struct at {
	struct sim *sim;
	struct at_settings set;
	char line[2048];
	size_t line_len;
	bool line_lost; /* longer than the buffer: answered ERROR at its end */
	char *again;    /* the last line, for A/ */
	char *answer;   /* collected so far */
	bool busy;      /* a result comes later */
	char *rest;     /* of the line, after a command whose result comes later */
	char *input;    /* octets that came while busy */
	struct {        /* between the prompt and Ctrl-Z */
		bool on;
		unsigned int tpdu_len;
		int store_stat; /* +CMGW: enum card_stat; -1: send */
		char hex[2 * (TPDU_SCA_MAX + TPDU_MAX) + 64];
		size_t len;
	} entry;
	char *urcs[64]; /* that wait for the end of an answer */
	size_t n_urcs;
	bool ussd_open;
	bool full_told; /* that the card takes no more */
	char *calling;  /* number of a call that rings */
};

struct at *at_new(void *ctx, struct sim *sim);

/*! Octets from the application. */
void at_input(struct at *at, const uint8_t *octets, size_t n);

/*! The application has closed the port: what was begun is dropped, as with AT&D2. */
void at_hangup(struct at *at);

/*! The modem starts again: settings are lost, it says RDY. */
void at_reboot(struct at *at);

/*! A line of the answer that is being made. */
void at_say(struct at *at, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! A line unasked; waits while a command is answered. */
void at_unasked(struct at *at, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! A command whose result came later has one now. */
void at_finish(struct at *at, int result);

/*! Read digits of a parameter. \returns false if it is no number up to max. */
bool at_number(unsigned int *out, const char *text, unsigned int max);

/*! A text in the character set of +CSCS, on at->answer's context; quotes are the caller's. */
char *at_encode(struct at *at, const char *utf8);

/*! A parameter in the character set of +CSCS to UTF-8; NULL if it is not in it. */
char *at_decode(struct at *at, const char *text);

/*! Run a basic command of V.250: E1, &F, I ... \returns as a handler. */
int at_basic(struct at *at, const char *name, unsigned int value);

/* general.c */
extern const struct at_command at_general[];
extern const size_t at_general_num;
void at_defaults(struct at_settings *set);
void at_ussd(struct at *at, int state, const char *text);
void at_ring(struct at *at, const char *from);

/* message.c */
extern const struct at_command at_message[];
extern const size_t at_message_num;

/*! The network hands over a TPDU.
 *
 * \returns 0 when the modem has it; -EINPROGRESS when net_acknowledge() will tell; -ENOSPC when the card is full,
 *          -EAGAIN when the modem cannot take any now. */
int at_deliver(struct at *at, const uint8_t *tpdu, size_t len, uint32_t id, bool report);

/*! A line of the entry after the prompt is complete. */
void at_entry_done(struct at *at);

/*! The network has taken the message, or refused it: result AT_OK, or AT_CMS(). */
void at_sent(struct at *at, uint8_t mr, int result);
