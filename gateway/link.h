/* The gateway's side of the socket to its parent.
 *
 *   gateway                               parent
 *      |              SETUP (configuration, control socket), PIN..., ASIDE..., BEGIN
 *      |<------------------------------------|
 *      | SPAWN (gsm0)                        |
 *      |------------------------------------>|  socketpair, fork, exec
 *      |              STARTED (gsm0, pid, fd)|
 *      |<------------------------------------|
 *      | IN_FLIGHT (digest), DONE (digest)   |  remembered if the gateway dies between the two
 *      |------------------------------------>|
 *      |               EXITED (gsm0, status) |
 *      |<------------------------------------|
 *      |                PING, ... QUIT       |
 *      |<------------------------------------|
 *
 * The parent starts and kills processes and reads what only it may read; it
 * opens no message. gateway/link_frame.h has the table of frames. When the
 * parent is gone, so is the gateway.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "gateway/digest.h"

struct link;

/* What the gateway is given before anything else. */
struct link_setup {
	char *path;  /* of the configuration */
	char *text;  /* of it */
	int control; /* the control socket, listening */
};

/*! Receive the set-up, which the parent has sent already or is about to.
 *
 * \param[out] out  strings on ctx, the descriptor is the caller's; untouched unless 0 is returned.
 * \returns 0, -ETIMEDOUT, or an error of link_frame_recv(). */
int link_receive_setup(struct link_setup *out, void *ctx, int fd);

/* Called out of the main loop, never out of a function below. */
struct link_ops {
	/*! A worker runs. \param[in] fd  its socket, non-blocking, taken over. */
	void (*worker_started)(void *data, const char *name, int fd, pid_t pid);

	/*! A worker is gone, or could not be started.
	 * \param[in] status  as of waitpid(). */
	void (*worker_exited)(void *data, const char *name, int status);

	/*! A text with this digest was in flight at two crashes: store it unread, list it, do not handle it. */
	void (*set_aside)(void *data, const uint8_t digest[DIGEST_SIZE]);

	/*! The PIN of a modem: of each that has a file before begin(), and as the answer to link_read_pin().
	 * \param[in] pin  NULL: it cannot be read, the parent has logged why. */
	void (*pin_read)(void *data, const char *name, const char *pin);

	/*! All that the parent knows has been told: begin to work. Comes once. */
	void (*begin)(void *data);

	/*! End in order: no new work, finish what is begun, leave. Comes once. */
	void (*quit)(void *data);
};

/*! Begin to listen to the parent.
 *
 * \param[in] ctx  talloc parent of the link.
 * \param[in] fd  the socket; taken over.
 * \param[in] ops  must outlive the link; every member is set.
 * \returns the link; never NULL. */
struct link *link_open(void *ctx, int fd, const struct link_ops *ops, void *data);

/*! The gateway serves: systemd is told. */
void link_ready(struct link *l);

/*! Start the worker of a modem: worker_started() or worker_exited() follows.
 *
 * \param[in] port  the modem at whose configured device it is; name, but after modems have changed places.
 * \returns 0, or -errno: nothing follows. */
int link_spawn(struct link *l, const char *name, const char *port);

/*! Kill the worker with SIGKILL: worker_exited() follows if there is one. \returns 0, or -errno. */
int link_kill(struct link *l, const char *name);

/*! Read the PIN file of a modem again: pin_read() follows. \returns 0, or -errno. */
int link_read_pin(struct link *l, const char *name);

/*! A text begins to be handled (on), or is committed and done with (off).
 *
 * Mark it as late and for as short as possible: what is marked when the
 * gateway dies is held against the text. */
void link_in_flight(struct link *l, const uint8_t digest[DIGEST_SIZE], bool on);
