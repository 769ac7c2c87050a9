/* A process of ours: fork and exec, the socket on fd 3, everything else closed.
 *
 * Nothing of the parent's memory is inherited. The child cannot gain rights
 * any more (no_new_privs), leaves no core behind, and dies with the parent.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The descriptor of the socket in each child. */
#define SPAWN_FD 3

struct spawn {
	const char *title; /* in ps, and how the program knows its role: "chapped: gateway" */
	int program; /* descriptor of the executable: its path may be out of the child's reach */
	int fd;      /* becomes SPAWN_FD; stays the caller's here */
	unsigned int files; /* descriptors it may have open */
	bool change_user;   /* become uid and gid, without other groups */
	uid_t uid;
	gid_t gid;
	bool drop; /* keep no capability, even as root */
};

/*! Start it.
 *
 * \returns its pid, or -errno. A child that does not get to its program ends with status 127. */
pid_t spawn(const struct spawn *s);

/*! Open a program to spawn: the running one, or one that stands beside it, or else in a folder.
 *
 * \param[in] name  NULL: the running one.
 * \param[in] folder  looked into if it is not beside the running one.
 * \returns a descriptor, or -errno. */
int spawn_open(const char *name, const char *folder);
