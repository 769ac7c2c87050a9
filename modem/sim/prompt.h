/* A line typed at a terminal while other lines may be printed above it.
 *
 * At a terminal every key is read at once, so that what comes meanwhile does not cut the line
 * in two; without one, lines are read as they are.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

struct prompt;

/*! Read from stdin. \returns on ctx; talloc_free() gives the terminal back as it was. */
struct prompt *prompt_new(void *ctx);

/*! What stands before the line; shown from now on. */
void prompt_show(struct prompt *p, const char *text);

/*! Take keys that have come. \returns a line without its end, on p; NULL if there is none yet. */
char *prompt_line(struct prompt *p);

/*! The end: Ctrl-D on an empty line, Ctrl-C, or the end of the file. */
bool prompt_ended(const struct prompt *p);

/*! Print whole lines above the one that is typed. */
void prompt_print(struct prompt *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
