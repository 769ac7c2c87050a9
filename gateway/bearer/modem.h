/* The gateway's side of a modem: its worker's life on one hand, inbox and outbox on the other.
 *
 *   parent --- link ---> modem_bearer ---> struct modem (lifecycle) ---> worker
 *                             |
 *                             +---> inbox, outbox
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/config.h"
#include "gateway/gateway.h"
#include "modem/lifecycle.h"

/*! Add a bearer for each modem of the configuration, and start it. Needs an open store. */
void modem_bearers_open(struct gateway *gw);

/*! End all of them in order: each worker finishes what it has under way. */
void modem_bearers_stop(struct gateway *gw);

/*! True if no worker is left. */
bool modem_bearers_down(const struct gateway *gw);

/*! The modem of that name, or NULL. */
struct modem *modem_bearer_find(struct gateway *gw, const char *name);

/*! Since when it is as its status says, of the store's clock; 0: there is no such modem, or it was never seen. */
int64_t modem_bearer_since(struct gateway *gw, const char *name);

/*! Replace the worker of a modem, as soon as the part is off that it has. \returns 0, -ENOENT. */
int modem_bearer_restart(struct gateway *gw, const char *name);

/*! The SIM that is in the modem is its own from now on.
 * \returns 0, -ENOENT, -EALREADY if it is, -ENOMEDIUM if there is none, or an error of store.h. */
int modem_bearer_accept_sim(struct gateway *gw, const char *name);

/*! Read the PIN file again and allow one more try.
 * \returns 0: it will be tried when it is read; -ENOENT; -ENOKEY: it has none; or an error of link_read_pin(). */
int modem_bearer_retry_pin(struct gateway *gw, const char *name);

/* What the parent tells: struct link_ops. A name that is none of ours is logged. */
void modem_bearer_started(struct gateway *gw, const char *name, int fd);
void modem_bearer_exited(struct gateway *gw, const char *name, int status);
void modem_bearer_pin(struct gateway *gw, const char *name, const char *pin);
