/* The placeholders of a template's text: {total}, of lower-case letters, digits and _.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A stretch of plain text, then a placeholder, if there is one. */
struct placeholder {
	const char *plain; /* not NUL-terminated */
	size_t plain_len;
	const char *name; /* not NUL-terminated; NULL at the end of the text */
	size_t name_len;
};

/*! Read up to the next placeholder and past it.
 *
 * \param[in,out] at  where to read; moves on.
 * \param[out] out  always filled; at the end of the text name is NULL.
 * \returns 0, or -EINVAL for a brace that is not closed, not opened, or holds no name: the rest is
 *          plain text. */
int placeholder_next(struct placeholder *out, const char **at);

/*! Compare its name with a string. */
bool placeholder_is(const struct placeholder *p, const char *name);
