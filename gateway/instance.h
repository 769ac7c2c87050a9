/* One daemon at a time on a database and on a control socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <sys/types.h>

#include "gateway/config.h"

/* Whom the gateway runs as. */
struct instance_owner {
	uid_t uid;
	gid_t gid;
};

/*! Take the database for this process, until it ends.
 *
 * \param[out] fd  to be kept open.
 * \param[out] owner  of the database's folder.
 * \param[out] error  on ctx: what is wrong and the next step.
 * \returns 0, -ENOENT, -EACCES, -EBUSY if another daemon has it, or another -errno. */
int instance_claim(int *fd, struct instance_owner *owner, void *ctx, const struct config *cfg,
		   char **error);

/*! Listen on the control socket (mode 0660). A socket that a daemon left behind is replaced.
 *
 * \param[out] fd  close-on-exec.
 * \param[in] owner  who gets the socket if this process is root; NULL: leave it.
 * \param[out] error  on ctx.
 * \returns 0, -EBUSY if another daemon answers there, -EEXIST if something else is there, or another -errno. */
int instance_listen(int *fd, void *ctx, const struct config *cfg,
		    const struct instance_owner *owner, char **error);
