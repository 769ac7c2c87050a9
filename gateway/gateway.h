/* The gateway process: what its files share, passed down to every function.
 *
 *   bearers ---> inbox ---> command, service, dialogue ---> events in the store
 *      ^                                                          |
 *      +-------- outbox <--------------- notices <----------------+
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
#include "gateway/trouble.h"

struct admin;
struct catalogue;
struct config;
struct deadline;
struct inbox;
struct link;
struct names;
struct outbox;
struct purge;
struct reminder;
struct rules;
struct store;
struct walk;

struct gateway {
	/* what the configuration says */
	const struct config *config; /* all of it, the modems too; NULL in tests of one file */
	const char *database;        /* path */
	const char *language;        /* "fr" */
	const char *country_code;    /* "33" */
	const char *time_zone;       /* "Europe/Paris" */
	char **prefixes;      /* NULL-terminated: written to besides country_code, "+32"; or NULL */
	const char *key_file; /* path: key of the digests */
	const char *phone;    /* people call this number to reach a human; or NULL */
	int quiet_from, quiet_to; /* quiet hours in minutes of the local day; equal: none */
	int retain_texts, retain_delivery; /* days that words, and rows about messages, are kept */
	struct budget_limits budget;
	struct flood_limits limits;
	bool clock_test; /* `clock test` */

	/* what it opened */
	struct store *store;    /* NULL while it cannot be opened */
	const char *closed;     /* why it cannot; NULL if it is open */
	struct trouble trouble; /* with the store */
	struct catalogue *catalogue;
	struct rules *rules;
	struct names *names; /* kept by names.c */

	/* the other processes, and the operator */
	struct link *link; /* to the parent; NULL in tests */
	struct admin *admin;

	/* the path */
	struct llist_head bearers; /* struct bearer */
	struct inbox *inbox;
	struct flood *flood; /* NULL: everything is answered */
	struct outbox *outbox;
	struct deadline *deadline;
	struct reminder *reminder;
	struct purge *purge;
	struct walk *walk; /* of the clock; NULL if it just runs */

	bool ending;        /* no new work is begun */
	bool quit;          /* leave the loop */
	const char *broken; /* why it must stop at once: the disk failed; NULL if all is well */
};
