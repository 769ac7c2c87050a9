/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/parent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/crew.h"
#include "gateway/flight.h"
#include "gateway/instance.h"
#include "gateway/link_frame.h"
#include "gateway/log.h"
#include "gateway/spawn.h"
#include "gateway/systemd.h"
#include "gateway/timeout.h"

#define GATEWAY_FILES 256
/* Frames of the gateway that are read in one turn of the loop. */
#define TURN_MAX      64

const struct parent_times parent_times = {
	.restart_min = 100,
	.restart_max = 10 * 1000,
	.settled = 60 * 1000,
	.ping = 10 * 1000,
	.silence = 30 * 1000,
	.quit = 1800,
};

struct parent {
	const struct config *cfg;
	const struct parent_times *times;
	struct instance_owner owner;
	bool root;
	int program;                 /* descriptor: what a gateway runs */
	int database, control, text; /* descriptors: lock, listening socket, configuration */
	struct osmo_signalfd *signals;
	struct flight *flight;

	pid_t gateway; /* 0: none */
	struct osmo_fd link;
	int64_t started_at; /* monotonic, ms */
	unsigned int pause; /* before the next start */
	struct timeout restart, ping, silence, end;
	struct crew *crew;

	bool quitting;
	bool over; /* leave the loop */
	int status;
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* "was killed by signal 9 (Killed)" */
static const char *end_of(int status)
{
	int sig = WTERMSIG(status);

	if (WIFSIGNALED(status))
		return talloc_asprintf(OTC_SELECT, "was killed by signal %d (%s)", sig,
				       strsignal(sig));
	return talloc_asprintf(OTC_SELECT, "ended with status %d", WEXITSTATUS(status));
}

/* ---- to the gateway ---- */

/* A gateway that does not read is as good as silent. */
static void tell(struct parent *p, const struct link_frame *f)
{
	int rc = p->gateway ? link_frame_send(p->link.fd, f) : 0;

	if (!rc || rc == -EPIPE) /* gone: SIGCHLD is on its way */
		return;
	LOGP(DPARENT, LOGL_ERROR, "the gateway does not take %s: %s: it is killed\n",
	     link_op_name(f->op), strerror(-rc));
	kill(p->gateway, SIGKILL);
}

static void tell_exit(struct parent *p, const char *name, int status)
{
	struct link_frame f = { .op = LINK_EXITED, .value = status };

	OSMO_STRLCPY_ARRAY(f.name, name);
	tell(p, &f);
}

static void tell_pin(struct parent *p, const struct config_modem *m)
{
	struct link_frame f = { .op = LINK_PIN };
	char *pin = NULL;
	int rc = config_read_pin(&pin, p, m);

	if (rc)
		LOGP(DPARENT, LOGL_ERROR, "modem %s: %s: %s\n", m->name,
		     m->pin_file ?: "no pin-file", rc == -EINVAL ? "holds no PIN" : strerror(-rc));
	OSMO_STRLCPY_ARRAY(f.name, m->name);
	OSMO_STRLCPY_ARRAY(f.text, pin ?: "");
	tell(p, &f);
	explicit_bzero(&f, sizeof(f));
	if (pin)
		explicit_bzero(pin, strlen(pin));
	talloc_free(pin);
}

static void set_up(struct parent *p)
{
	struct link_frame f = { .op = LINK_SETUP, .fds = { p->text, p->control } };
	const struct config_modem *m;
	const uint8_t *digest;
	size_t at = 0;

	OSMO_STRLCPY_ARRAY(f.text, p->cfg->path);
	tell(p, &f);
	llist_for_each_entry(m, &p->cfg->modems, entry) {
		if (m->pin_file)
			tell_pin(p, m);
	}
	f = (struct link_frame){ .op = LINK_ASIDE };
	while ((digest = flight_next_aside(p->flight, &at))) {
		memcpy(f.digest, digest, DIGEST_SIZE);
		tell(p, &f);
	}
	tell(p, &(struct link_frame){ .op = LINK_BEGIN });
}

/* ---- from the gateway ---- */

static int on_ready(struct parent *p, const struct link_frame *f)
{
	(void)f;
	systemd_notify("READY=1");
	LOGP(DPARENT, LOGL_NOTICE, "the gateway serves (process %d)\n", p->gateway);
	return 0;
}

static int on_pong(struct parent *p, const struct link_frame *f)
{
	(void)f;
	timeout_start(&p->silence, p->times->silence);
	systemd_notify("WATCHDOG=1");
	return 0;
}

static int on_spawn(struct parent *p, const struct link_frame *f)
{
	const struct config_modem *m = config_modem_find(p->cfg, f->name);
	const struct config_modem *port = config_modem_find(p->cfg, f->text);
	struct link_frame started = { .op = LINK_STARTED };
	pid_t pid;

	if (!m || !port)
		return -EPROTO;
	pid = p->quitting ? -ESHUTDOWN : crew_start(p->crew, m, port->device, &started.fds[0]);
	if (pid == -EEXIST)
		return -EPROTO;
	if (pid < 0) {
		LOGP(DPARENT, LOGL_ERROR, "modem %s: its worker cannot be started: %s\n", m->name,
		     strerror(-pid));
		tell_exit(p, m->name, W_EXITCODE(127, 0));
		return 0;
	}
	LOGP(DPARENT, LOGL_INFO, "modem %s: worker %d\n", m->name, pid);
	OSMO_STRLCPY_ARRAY(started.name, m->name);
	started.value = pid;
	tell(p, &started);
	close(started.fds[0]);
	return 0;
}

static int on_kill(struct parent *p, const struct link_frame *f)
{
	crew_kill(p->crew, f->name); /* it may have ended just now */
	return 0;
}

static int on_read_pin(struct parent *p, const struct link_frame *f)
{
	const struct config_modem *m = config_modem_find(p->cfg, f->name);

	if (!m)
		return -EPROTO;
	tell_pin(p, m);
	return 0;
}

static int on_in_flight(struct parent *p, const struct link_frame *f)
{
	flight_begin(p->flight, f->digest);
	return 0;
}

static int on_done(struct parent *p, const struct link_frame *f)
{
	flight_end(p->flight, f->digest);
	return 0;
}

static int (*const handlers[_LINK_OP_NUM])(struct parent *p, const struct link_frame *f) = {
	[LINK_READY] = on_ready, [LINK_PONG] = on_pong,         [LINK_SPAWN] = on_spawn,
	[LINK_KILL] = on_kill,   [LINK_READ_PIN] = on_read_pin, [LINK_IN_FLIGHT] = on_in_flight,
	[LINK_DONE] = on_done,
};

/* \returns 0: there may be more; -EAGAIN: there is none; another -errno: it does not keep to the table. */
static int read_frame(struct parent *p)
{
	struct link_frame f;
	int rc = link_frame_recv(p->link.fd, LINK_TO_PARENT, &f);

	if (rc)
		return rc;
	return handlers[f.op] ? handlers[f.op](p, &f) : -EPROTO;
}

static int readable(struct osmo_fd *ofd, unsigned int what)
{
	struct parent *p = ofd->data;
	int rc = 0;

	(void)what;
	for (int i = 0; i < TURN_MAX && !rc; i++)
		rc = read_frame(p);
	if (rc == -EPIPE) {
		osmo_fd_read_disable(ofd); /* it closed its end: SIGCHLD comes, or its silence */
	} else if (rc && rc != -EAGAIN && rc != -EINTR) {
		LOGP(DPARENT, LOGL_ERROR, "the gateway sent what is no frame: it is killed\n");
		kill(p->gateway, SIGKILL);
		osmo_fd_read_disable(ofd);
	}
	return 0;
}

/* ---- the gateway's life ---- */

static void give_up(struct parent *p, const char *what, int rc)
{
	LOGP(DPARENT, LOGL_ERROR, "the gateway cannot be started: %s: %s\n", what, strerror(-rc));
	timeout_start(&p->restart, p->pause);
}

static void start_gateway(struct parent *p)
{
	struct spawn s = { .title = "chapped: gateway",
			   .program = p->program,
			   .files = GATEWAY_FILES,
			   .change_user = p->root && p->owner.uid != 0,
			   .uid = p->owner.uid,
			   .gid = p->owner.gid,
			   .drop = p->root && p->owner.uid == 0 };
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
		give_up(p, "its socket", -errno);
		return;
	}
	s.fd = pair[1];
	pid = spawn(&s);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		give_up(p, "fork", pid);
		return;
	}
	p->gateway = pid;
	p->started_at = now_ms();
	osmo_fd_setup(&p->link, pair[0], OSMO_FD_READ, readable, p, 0);
	OSMO_ASSERT(osmo_fd_register(&p->link) == 0);
	set_up(p);
	timeout_start(&p->silence, p->times->silence);
	timeout_start(&p->ping, p->times->ping);
}

/* The next gateway comes when the last worker is gone: it finds every device free. */
static void start_if_clear(struct parent *p)
{
	if (crew_is_empty(p->crew) && !p->gateway && !p->quitting && !timeout_running(&p->restart))
		start_gateway(p);
}

static void restart_due(void *data)
{
	start_if_clear(data);
}

static void plan_restart(struct parent *p)
{
	if (now_ms() - p->started_at >= p->times->settled)
		p->pause = 0;
	p->pause = p->pause ? OSMO_MIN(p->pause * 2, p->times->restart_max) : p->times->restart_min;
	timeout_start(&p->restart, p->pause);
}

static void end_if_clear(struct parent *p)
{
	if (p->quitting && !p->gateway && crew_is_empty(p->crew))
		p->over = true;
}

static void gateway_ended(struct parent *p, int status)
{
	bool in_order = p->quitting && WIFEXITED(status) && !WEXITSTATUS(status);
	size_t n;

	while (read_frame(p) == 0) /* what it still had to say */
		;
	osmo_fd_close(&p->link);
	p->gateway = 0;
	timeout_stop(&p->ping);
	timeout_stop(&p->silence);
	crew_kill_all(p->crew);
	if (in_order) {
		flight_land(p->flight);
		return;
	}
	p->status = p->quitting ? 1 : 0;
	n = flight_crash(p->flight);
	LOGP(DPARENT, LOGL_ERROR, "the gateway %s; texts in flight: %zu\n", end_of(status), n);
	if (!p->quitting) {
		plan_restart(p);
		LOGP(DPARENT, LOGL_NOTICE, "the gateway is started again in %u ms\n", p->pause);
	}
}

static void ping_due(void *data)
{
	struct parent *p = data;

	tell(p, &(struct link_frame){ .op = LINK_PING });
	timeout_start(&p->ping, p->times->ping);
}

static void silence_due(void *data)
{
	struct parent *p = data;

	LOGP(DPARENT, LOGL_ERROR, "the gateway has been silent for %u ms: it is killed\n",
	     p->times->silence);
	kill(p->gateway, SIGKILL);
}

/* ---- signals ---- */

static void kill_all(struct parent *p)
{
	crew_kill_all(p->crew);
	if (p->gateway)
		kill(p->gateway, SIGKILL);
}

static void end_due(void *data)
{
	struct parent *p = data;

	LOGP(DPARENT, LOGL_ERROR, "not everything has ended in time: it is killed\n");
	p->status = 1;
	kill_all(p);
}

static void quit(struct parent *p, int sig)
{
	if (p->quitting) { /* asked twice: at once */
		kill_all(p);
		return;
	}
	LOGP(DPARENT, LOGL_NOTICE, "%s: ending in order\n", strsignal(sig));
	systemd_notify("STOPPING=1");
	p->quitting = true;
	timeout_stop(&p->restart);
	timeout_start(&p->end, p->times->quit);
	if (p->gateway)
		tell(p, &(struct link_frame){ .op = LINK_QUIT });
	else
		crew_kill_all(p->crew);
	end_if_clear(p);
}

static void reap(struct parent *p)
{
	const struct config_modem *m;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		m = crew_reap(p->crew, pid);
		if (pid == p->gateway)
			gateway_ended(p, status);
		if (!m)
			continue;
		LOGP(DPARENT, LOGL_INFO, "modem %s: worker %d %s\n", m->name, pid, end_of(status));
		tell_exit(p, m->name, status);
	}
	start_if_clear(p);
	end_if_clear(p);
}

static void give_log(const struct parent *p)
{
	if (p->root && p->cfg->log_file && chown(p->cfg->log_file, p->owner.uid, p->owner.gid) < 0)
		LOGP(DPARENT, LOGL_ERROR, "%s: cannot be given to the gateway: %s\n",
		     p->cfg->log_file, strerror(errno));
}

static void reopen(struct parent *p)
{
	log_targets_reopen();
	give_log(p);
	tell(p, &(struct link_frame){ .op = LINK_REOPEN });
}

static void on_signal(struct osmo_signalfd *osfd, const struct signalfd_siginfo *info)
{
	struct parent *p = osfd->data;

	switch (info->ssi_signo) {
	case SIGCHLD:
		reap(p);
		break;
	case SIGHUP:
		reopen(p);
		break;
	default:
		quit(p, (int)info->ssi_signo);
	}
}

static void take_signals(struct parent *p)
{
	static const int taken[] = { SIGCHLD, SIGHUP, SIGINT, SIGTERM };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		sigaddset(&set, taken[i]);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	p->signals = osmo_signalfd_setup(p, set, on_signal, p);
	OSMO_ASSERT(p->signals);
}

/* ---- beginning and end ---- */

/* The text that was checked is the text that every gateway reads, whatever becomes of the file. */
static int keep_text(const char *text)
{
	int fd = memfd_create("chappe.cfg", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t len = strlen(text);

	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len
	    || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

static int prepare(struct parent *p)
{
	char *error = NULL;

	if (instance_claim(&p->database, &p->owner, p, p->cfg, &error)
	    || instance_listen(&p->control, p, p->cfg, p->root ? &p->owner : NULL, &error)) {
		fprintf(stderr, "chapped: %s\n", error);
		return -1;
	}
	p->text = keep_text(p->cfg->text);
	if (p->text < 0) {
		fprintf(stderr, "chapped: no memory for the configuration: %s\n",
			strerror(-p->text));
		return -1;
	}
	if (p->root && p->owner.uid == 0)
		LOGP(DPARENT, LOGL_NOTICE,
		     "the database's folder belongs to root: the gateway stays root, without "
		     "capabilities; better give the folder to a user of its own\n");
	give_log(p);
	return 0;
}

static void close_all(struct parent *p)
{
	timeout_close(&p->restart);
	timeout_close(&p->ping);
	timeout_close(&p->silence);
	timeout_close(&p->end);
	if (p->signals)
		osmo_fd_close(&p->signals->ofd);
	if (p->control >= 0) {
		unlink(p->cfg->control);
		close(p->control);
	}
	if (p->text >= 0)
		close(p->text);
	if (p->database >= 0)
		close(p->database);
}

int parent_run(const struct config *cfg, const struct parent_times *times, int gateway, int worker)
{
	struct parent *p = talloc_zero(NULL, struct parent);
	int status;

	OSMO_ASSERT(p);
	p->cfg = cfg;
	p->times = times;
	p->root = geteuid() == 0;
	p->program = gateway;
	p->database = p->control = p->text = -1;
	p->flight = flight_new(p);
	p->crew = crew_new(p, worker, p->root);
	timeout_init(&p->restart, restart_due, p);
	timeout_init(&p->ping, ping_due, p);
	timeout_init(&p->silence, silence_due, p);
	timeout_init(&p->end, end_due, p);
	p->status = 1;
	if (prepare(p) == 0) {
		p->status = 0;
		take_signals(p);
		start_gateway(p);
		while (!p->over)
			osmo_select_main_ctx(0);
	}
	close_all(p);
	status = p->status;
	talloc_free(p);
	return status;
}
