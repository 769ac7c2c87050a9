/* Clauses of SQL in a data file: a header line that begins with @, then the SQL up to the next one.
 *
 *   @guard order recap_sent data
 *   EXISTS (SELECT ...)
 *
 * Lines that begin with -- are comments. What the words of a header mean says the file.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>

#define CLAUSE_WORDS_MAX 6

struct clause {
	const char *word[CLAUSE_WORDS_MAX]; /* after the @; "" where there is none */
	const char *sql;                    /* without the line break at its end */
};

struct clauses {
	size_t n;
	struct clause *clause;
};

/*! Read a text of clauses, on ctx; never NULL. */
struct clauses *clauses_load(void *ctx, const char *text);
