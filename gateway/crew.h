/* The workers that run: started, killed and counted by the parent.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "gateway/config.h"

/* uid and gid of the worker of the first modem, if the parent is root: systemd's range for dynamic users. */
#define CREW_UID 61184

struct crew;

/*! Nobody yet.
 *
 * \param[in] program  descriptor of the worker's program, or -errno: none can be started.
 * \param[in] root  give each worker a user of its own, and its device to that user. */
struct crew *crew_new(void *ctx, int program, bool root);

/*! Start the worker of a modem, which must outlive it.
 *
 * \param[in] device  that it is given: one of the configuration's.
 * \param[out] fd  the gateway's end of its socket, non-blocking, the caller's.
 * \returns its pid, -EEXIST if there is one, or another -errno. */
pid_t crew_start(struct crew *c, const struct config_modem *m, const char *device, int *fd);

/*! Kill the worker of a modem, if there is one. */
void crew_kill(struct crew *c, const char *name);
void crew_kill_all(struct crew *c);

/*! A process has ended: forget it. \returns whose worker it was, or NULL. */
const struct config_modem *crew_reap(struct crew *c, pid_t pid);

bool crew_is_empty(const struct crew *c);
