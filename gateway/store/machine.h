/* The platform's state machine, as transitions.tsv has it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One row; lists are parted by commas, "" if there is none. A birth starts from the state "_". */
struct machine_transition {
	const char *machine, *from, *event, *to;
	const char *roles;  /* RES,COO */
	const char *guards; /* cycle_open,line_exists */
	const char *
		notify; /* RES:recap,COO:shortage; with a condition: RES:cycle_open(promo-consent) */
};

struct machine {
	size_t n;
	struct machine_transition *transition;
};

/*! The machine, all of it, on ctx; never NULL. */
struct machine *machine_load(void *ctx);

/*! The i-th live machine, in the order in which their triggers are written; NULL after the last. */
const char *machine_live(size_t i);

/*! Machines whose events `fire` takes now; the others are known and refused (E_TRANSITION). */
bool machine_is_live(const char *name);

/*! The table of a live machine: orders for order; NULL for the others. */
const char *machine_table(const char *name);

/*! Walk through a list parted by commas.
 *
 * \param[in,out] rest  what is left of the list; begins as the list.
 * \param[out] out  the next item, NUL-terminated.
 * \returns false at the end, or if an item does not fit. */
bool machine_list_next(const char **rest, char *out, size_t size);

/*! \returns true if the list has that item. */
bool machine_list_has(const char *list, const char *item);
