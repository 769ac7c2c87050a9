/* The control socket: one request a connection, one line each way.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/log.h"
#include "gateway/timeout.h"

struct admin {
	struct gateway *gw;
	struct osmo_fd ofd;
	struct llist_head clients;
	unsigned int n;
};

struct client {
	struct llist_head entry;
	struct admin *admin;
	struct osmo_fd ofd;
	struct timeout patience;
	char who[24];
	size_t n_in;
	char in[ADMIN_REQUEST_MAX + 1];
	struct admin_call *call; /* it is not answered yet */
	char *out;               /* what is left of the response */
	size_t n_out;
};

static int client_destroy(struct client *c)
{
	if (c->call)
		admin_abandon(c->call);
	timeout_close(&c->patience);
	osmo_fd_close(&c->ofd);
	llist_del(&c->entry);
	c->admin->n--;
	return 0;
}

static void impatient(void *data)
{
	talloc_free(data);
}

/* ---- response ---- */

static void flush(struct client *c)
{
	ssize_t n = send(c->ofd.fd, c->out, c->n_out, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || (size_t)n == c->n_out) {
		talloc_free(c);
		return;
	}
	c->out += n;
	c->n_out -= (size_t)n;
}

/* Written out of the loop: the caller may still hold the client. */
static void answered(void *data, const char *response)
{
	struct client *c = data;

	c->call = NULL;
	c->out = talloc_asprintf(c, "%s\n", response);
	OSMO_ASSERT(c->out);
	c->n_out = strlen(c->out);
	osmo_fd_update_when(&c->ofd, 0, OSMO_FD_WRITE);
	timeout_start(&c->patience, ADMIN_PATIENCE_MS);
}

/* ---- request ---- */

static void refuse(struct client *c, const char *why)
{
	answered(c, talloc_asprintf(OTC_SELECT, "{\"ok\":false,\"error\":\"%s\"}", why));
}

static void take_request(struct client *c)
{
	timeout_stop(&c->patience); /* a walk of the clock may take its time */
	c->call = admin_request(c->admin->gw, c->who, c->in, answered, c);
}

static void receive(struct client *c)
{
	size_t room = c->call ? sizeof(c->in) : ADMIN_REQUEST_MAX - c->n_in;
	ssize_t n = recv(c->ofd.fd, c->call ? c->in : c->in + c->n_in, room, MSG_DONTWAIT);
	char *end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		talloc_free(c);
		return;
	}
	if (c->call) /* one request a connection */
		return;
	end = memchr(c->in + c->n_in, '\n', (size_t)n);
	c->n_in += (size_t)n;
	if (end) {
		*end = '\0';
		take_request(c);
	} else if (c->n_in == ADMIN_REQUEST_MAX) {
		osmo_fd_read_disable(&c->ofd);
		refuse(c, "the request is too long");
	}
}

static int client_ready(struct osmo_fd *ofd, unsigned int what)
{
	struct client *c = ofd->data;

	if (what & OSMO_FD_WRITE)
		flush(c);
	else if (what & OSMO_FD_READ)
		receive(c);
	return 0;
}

/* ---- clients ---- */

static void identify(struct client *c)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(c->ofd.fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0)
		snprintf(c->who, sizeof(c->who), "uid %u", cred.uid);
	else
		OSMO_STRLCPY_ARRAY(c->who, "somebody");
}

static int accept_client(struct osmo_fd *ofd, unsigned int what)
{
	struct admin *a = ofd->data;
	int fd = accept4(ofd->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;

	(void)what;
	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			LOGP(DADMIN, LOGL_ERROR, "the control socket: %s\n", strerror(errno));
		return 0;
	}
	c = talloc_zero(a, struct client);
	OSMO_ASSERT(c);
	c->admin = a;
	llist_add_tail(&c->entry, &a->clients);
	a->n++;
	timeout_init(&c->patience, impatient, c);
	osmo_fd_setup(&c->ofd, fd, OSMO_FD_READ, client_ready, c, 0);
	OSMO_ASSERT(osmo_fd_register(&c->ofd) == 0);
	talloc_set_destructor(c, client_destroy);
	identify(c);
	timeout_start(&c->patience, ADMIN_PATIENCE_MS);
	if (a->n > ADMIN_CLIENTS_MAX) {
		osmo_fd_read_disable(&c->ofd);
		refuse(c, "too many operators at once: try again in a moment");
	}
	return 0;
}

static int admin_destroy(struct admin *a)
{
	struct client *c, *next;

	llist_for_each_entry_safe(c, next, &a->clients, entry)
		talloc_free(c);
	osmo_fd_close(&a->ofd);
	return 0;
}

struct admin *admin_open(struct gateway *gw, int fd)
{
	struct admin *a = talloc_zero(gw, struct admin);

	OSMO_ASSERT(a);
	a->gw = gw;
	INIT_LLIST_HEAD(&a->clients);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	osmo_fd_setup(&a->ofd, fd, OSMO_FD_READ, accept_client, a, 0);
	OSMO_ASSERT(osmo_fd_register(&a->ofd) == 0);
	talloc_set_destructor(a, admin_destroy);
	return a;
}
