/* A modem in virtual time, with a test in the place of its worker and of its owner.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <string.h>

#include "modem/lifecycle.h"

/* Of waitpid(): it ended by itself. */
#define EXITED(code) ((code) << 8)

/* What the modem did to its owner, and the other end of its worker's socket. */
struct world {
	struct modem *m;
	struct modem_status st;
	int fd; /* the worker's; -1 while it has none */
	int spawns, kills, changes;
	int spawn_rc; /* what spawn() answers */
	bool absent;  /* spawn() answers 0 and nothing comes of it */
	int received, deleted, deleted_ok, reports, ussds, calls;
	uint32_t slot;
	struct sms_in in;
	int sents;
	uint32_t sent_ref;
	struct frame_sent sent;
	struct frame_report report;
	char text[FRAME_USSD_MAX + 1];
	enum modem_pin pin;
	int pins, pin_rc;
	const char *sim; /* IMSI that the worker tells; NULL: the usual one */
	uint8_t tries;   /* of the PIN that it tells */
	char imsi[16];   /* that was to be remembered */
	int sims, sim_rc;
};

extern struct world w;
/* For begin(); world_setup() resets it. */
extern struct modem_config config;
/* Something to send. */
extern const struct sms_out part;

/* Each callback writes down what it was told. */
extern const struct modem_ops ops;

/* For the group of tests, then for each. */
int world_init(void **state);
int world_end(void **state);
int world_setup(void **state);
int world_teardown(void **state);

/*! Make a modem and start it. */
void begin(void);
/*! The same, until it is registered. */
void begin_ready(void);

/*! Let the loop do all that is due. */
void turn(void);
/*! Let time pass, then the same. */
void pass(int seconds);

/*! Name of the state that the modem is in, and how it stands in words. */
const char *fsm(void);
const char *text(void);

#define assert_text(part)                                          \
	do {                                                       \
		if (!strstr(text(), part))                         \
			fail_msg("'%s' lacks '%s'", text(), part); \
	} while (0)

/* The worker: what it says, hears, and how it ends (status as of waitpid()). */
void say(const struct frame *f);
void say_state(enum modem_state state);
void say_sending(uint32_t ref);
void say_sent(uint32_t ref, enum frame_send result, uint16_t mr, uint16_t cause);
struct frame heard(enum frame_op op);
void heard_nothing(void);
void die(int status);
