/* The configuration: one file in libosmocore's VTY syntax, read and checked before anything starts.
 *
 * The file is fed to libosmovty line by line, because its own reader names
 * neither the line's number nor what is wrong with it nor what would be right.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>

#include "gateway/budget.h"
#include "gateway/flood.h"

/* Longest file that is read, in octets. */
#define CONFIG_SIZE_MAX     65536
/* Modems of one gateway: each has a uid and a process of its own. */
#define CONFIG_MODEMS_MAX   64
/* Longest name of a modem. */
#define CONFIG_NAME_MAX     31
/* The demo and the manual page start from these. */
#define CONFIG_LANGUAGE     "fr"
#define CONFIG_COUNTRY_CODE "33"
#define CONFIG_TIME_ZONE    "Europe/Paris"
#define CONFIG_QUIET_FROM   (20 * 60)
#define CONFIG_QUIET_TO     (8 * 60)

/* Days that the words of messages are kept, and that it is kept that there were messages. A month's budget is counted
 * from the latter. */
#define CONFIG_RETAIN_TEXTS    30
#define CONFIG_RETAIN_DELIVERY 90

/* Parts a day, a month, and a day to one number: more than people use, less than an automaton would. One modem moves
 * some 28,800 in a day. */
#define CONFIG_BUDGET_DAY    20000
#define CONFIG_BUDGET_MONTH  100000
#define CONFIG_BUDGET_NUMBER 2000
/* Texts an hour that are handled: of one sender (what a modem moves), of numbers that begin alike, of all; answers to
 * strangers. */
#define CONFIG_RATE_SENDER   1200
#define CONFIG_RATE_PREFIX   3600
#define CONFIG_RATE_ALL      36000
#define CONFIG_STRANGERS     120

/* `modem NAME` */
struct config_modem {
	struct llist_head entry;
	unsigned int index;   /* from 0, in the order of the file */
	unsigned int line;    /* where it begins */
	const char *name;     /* "gsm0" */
	const char *device;   /* absolute path */
	const char *driver;   /* "gammu" */
	const char *pin_file; /* absolute path, or NULL */
	char *pin;            /* in the gateway: what the parent read there; or NULL */
	const char *number;   /* of its SIM, E.164 with +, or NULL */
	bool short_pauses;    /* `pauses short` */
};

struct config {
	const char *path;         /* of the file, as it was given */
	const char *text;         /* of the file: the gateway reads the same again */
	const char *database;     /* absolute path of the SQLite file */
	const char *control;      /* absolute path of the control socket */
	const char *key_file;     /* absolute path: key of the digests */
	const char *language;     /* "fr" */
	const char *country_code; /* "33" */
	const char *time_zone;    /* "Europe/Paris" */
	const char *phone;    /* people call it to reach a human: as it is to be read; or NULL */
	char **prefixes;      /* `allow-prefix +32`: written to besides country_code; ends with
				     NULL; or NULL */
	const char *log_file; /* absolute path: `log file PATH`, or NULL */
	int quiet_from, quiet_to; /* quiet hours in minutes of the day, local time; equal: none */
	int retain_texts, retain_delivery; /* days */
	struct budget_limits budget;       /* `budget day N`, ... */
	struct flood_limits limits;        /* `rate sender N`, ..., `strangers N` */
	bool clock_test;                   /* `clock test` */
	struct llist_head modems;          /* struct config_modem */
};

/* Who reads. */
enum config_use {
	CONFIG_DAEMON, /* `log` lines take effect; the files and folders that are named are looked at */
	CONFIG_GATEWAY, /* `log` lines take effect; the files are the parent's */
	CONFIG_CLIENT   /* neither: chappectl writes to its terminal */
};

/*! Read a configuration file and check it. The zone of this process is set to that of the file.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \param[in] path  relative paths in the file count from its folder.
 * \param[out] error  on ctx: file and line number, what is wrong, the line, what would be right.
 * \returns 0, -ENOENT or -EACCES (the file itself), -EINVAL. */
int config_read(struct config **out, void *ctx, const char *path, enum config_use use,
		char **error);

/*! The same from a text that was read before.
 *
 * \param[in] path  where the text came from. */
int config_parse(struct config **out, void *ctx, const char *path, const char *text,
		 enum config_use use, char **error);

/*! The modem of that name, or NULL. */
struct config_modem *config_modem_find(const struct config *cfg, const char *name);

/*! Read the PIN of a modem: 4 to 8 digits, white space around them.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \returns 0, -ENOENT if it has no pin-file, -EINVAL if that holds no PIN, or -errno of the file. */
int config_read_pin(char **out, void *ctx, const struct config_modem *m);
