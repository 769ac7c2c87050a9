/* chappectl: one table of commands, and what they share.
 *
 * Commands that look at files alone work without a daemon; the others ask it
 * through the control socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "gateway/config.h"

/* Exit status. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_FAILED = 1, /* it was refused, or something is wrong */
	CTL_USAGE = 2,  /* the command line is */
	CTL_NOBODY = 3  /* no gateway answers */
};

/* With the row that ends them. */
#define CTL_OPTIONS_MAX 14

struct ctl;

struct ctl_option {
	const char *name;  /* without --; NULL ends the list */
	const char *value; /* what it takes: "FILE"; NULL: nothing */
	const char *help;
};

struct ctl_command {
	const char *name;
	const char *arguments;
	const char *help;    /* one line */
	const char *details; /* more of it, or NULL */
	bool config;         /* needs -c FILE; else it is read if it is given */
	int (*run)(struct ctl *ctl);
	struct ctl_option options[CTL_OPTIONS_MAX];
};

/* One run of the program; talloc parent of everything. */
struct ctl {
	const struct ctl_command *command;
	const char *config_path; /* NULL: none was given */
	struct config *config;   /* read already if there is one */
	bool json;               /* print for programs */
	int argc;                /* of the command: its arguments without options */
	const char **argv;
	const char *value
		[CTL_OPTIONS_MAX]; /* of its options; "" for one without value; NULL: not given */
};

/* Ends with a row without a name. */
extern const struct ctl_command ctl_commands[];

int ctl_db(struct ctl *ctl);
int ctl_db_backup(struct ctl *ctl);
int ctl_db_restore(struct ctl *ctl);
int ctl_place(struct ctl *ctl);
int ctl_product(struct ctl *ctl);
int ctl_parse(struct ctl *ctl);
int ctl_machine(struct ctl *ctl);
int ctl_status(struct ctl *ctl);
int ctl_inbox(struct ctl *ctl);
int ctl_outbox(struct ctl *ctl);
int ctl_send(struct ctl *ctl);
int ctl_fire(struct ctl *ctl);
int ctl_cycle(struct ctl *ctl);
int ctl_order(struct ctl *ctl);
int ctl_member(struct ctl *ctl);
int ctl_clock(struct ctl *ctl);
int ctl_modem(struct ctl *ctl);

/*! Value of an option of the command: "" if it takes none; NULL if it was not given. */
const char *ctl_option(const struct ctl *ctl, const char *name);

/*! Say what failed, to stderr, and with --json as an object to stdout. \returns CTL_FAILED. */
int ctl_fail(const struct ctl *ctl, const char *sentence, ...)
	__attribute__((format(printf, 2, 3)));

/*! Say what is wrong with the command line, and how it is right. \returns CTL_USAGE. */
int ctl_misused(const struct ctl *ctl, const char *sentence, ...)
	__attribute__((format(printf, 2, 3)));

/*! Print an object on one line, and let it go. \returns CTL_OK. */
int ctl_print_json(json_t *o);

/*! An id or another number of the command line. \returns it, or -1 if it is none. */
int64_t ctl_number(const char *word);

/*! A duration: +58h, +1d12h, +90s. \returns seconds, or -1 if it is none. */
int64_t ctl_duration(const char *word);

/* ---- the daemon ---- */

/*! Ask the gateway.
 *
 * \param[in] args  an object, taken over, or NULL.
 * \param[in] patience  seconds to wait for the answer.
 * \param[out] result  a new reference; untouched unless CTL_OK is returned.
 * \returns CTL_OK, CTL_FAILED or CTL_NOBODY; what is wrong has been said. */
int ctl_ask(const struct ctl *ctl, const char *op, json_t *args, int patience, json_t **result);

/*! Ask, and print the answer: for programs as it is, for people by print().
 *
 * \param[in] args  taken over.
 * \returns as ctl_ask(). */
int ctl_talk(const struct ctl *ctl, const char *op, json_t *args, void (*print)(const json_t *o));

/* ---- printing ---- */

/*! Print a text of somebody's on one line: control characters and what turns the line around become visible. */
void ctl_print_text(const char *utf8);

/*! Print a field on a line of its own: its name, and a text as ctl_print_text() does. Nothing if the text is empty. */
void ctl_print_field(const char *name, const char *text);

/*! Print a moment as local date and time; "-" for 0 and for what is no integer. */
void ctl_print_time(const json_t *at);

/*! Members of an object that may be missing or null. */
const char *ctl_text_of(const json_t *o, const char *name); /* "" if it is not there */
int64_t ctl_int_of(const json_t *o, const char *name);      /* 0 if it is not there */
