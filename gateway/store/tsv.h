/* Tables of text built into the programs: a row a line, fields parted by tabs, # begins a comment.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TSV_FIELDS_MAX 12

struct tsv {
	char *next; /* rest of the text, on the ctx that was given */
	int n;      /* fields of this row */
	char *field[TSV_FIELDS_MAX];
};

/*! Begin to read a text; a copy is kept on ctx and the fields point into it. */
void tsv_open(struct tsv *tsv, void *ctx, const char *text);

/*! Go to the next row; a missing field is "". \returns false at the end. */
bool tsv_next(struct tsv *tsv);
