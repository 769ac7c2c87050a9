/* A row of the table notice, with the event that wrote it: what notice.c and bundle.c share.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct notice {
	int64_t id; /* 0: there is no row, the event carries no notice (turn_tell()) */
	const char *name;
	const char *machine;
	int64_t subject_id;
	const char *role;
	int64_t person_id; /* 0: the number itself */
	const char *payload;
	const char *event;
	const char *to_state;
	int64_t actor; /* 0: none */
	const char *actor_role;
	int64_t at;
	int64_t bundle; /* told together with others of this key; 0: alone */
};

struct notices {
	size_t n;
	struct notice *notice;
};
