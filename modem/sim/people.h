/* Who can be played at the handset: a file of lines NUMBER<TAB>NAME<TAB>REMARK; # begins a comment.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>

#define PEOPLE_MAX 99

struct person {
	char number[24];
	char *name;
	char *remark;
};

struct people {
	size_t n;
	struct person list[PEOPLE_MAX];
};

/*! Read the file.
 *
 * \param[out] error  on ctx: which line, what is wrong.
 * \returns on ctx, or NULL. */
struct people *people_read(void *ctx, const char *path, char **error);

/*! The person of a number, or NULL. */
const struct person *people_find(const struct people *people, const char *number);
