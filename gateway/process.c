/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/process.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"

#include "parsers/reading.h"

#include "modem/log.h"

#include "gateway/admin/admin.h"
#include "gateway/bearer/modem.h"
#include "gateway/clock.h"
#include "gateway/config.h"
#include "gateway/deadline.h"
#include "gateway/fence.h"
#include "gateway/flight.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"
#include "gateway/link.h"
#include "gateway/log.h"
#include "gateway/names.h"
#include "gateway/outbox.h"
#include "gateway/purge.h"
#include "gateway/reminder.h"
#include "gateway/store/migrate.h"
#include "gateway/steady.h"
#include "gateway/store/store.h"
#include "gateway/tick.h"
#include "gateway/timeout.h"

/* Longest wait for another program that writes to the database: the loop stands still for so long. */
#define BUSY_MS   200
/* Pause before a database that could not be opened is tried again. */
#define REOPEN_MS 2000
/* What the workers have to finish in when the end comes: the parent's patience is 1.8 s. */
#define END_MS    1300

struct process {
	struct gateway *gw;
	struct config *cfg;
	struct tick *tick;
	struct timeout reopen, end;
	size_t n_aside;
	uint8_t aside[FLIGHT_MAX][DIGEST_SIZE]; /* for the inbox, when there is one */
};

/* ---- the path, once there is a database ---- */

static int open_path(struct process *p)
{
	struct gateway *gw = p->gw;
	int rc = gw->clock_test ? clock_start(gw) : 0;

	if (!rc)
		rc = inbox_open(&gw->inbox, gw);
	if (rc)
		return rc;
	for (size_t i = 0; i < p->n_aside; i++)
		inbox_set_aside(gw, p->aside[i]);
	gw->outbox = outbox_open(gw);
	gw->deadline = deadline_open(gw);
	gw->reminder = reminder_open(gw);
	gw->purge = purge_open(gw);
	rc = tick_open(&p->tick, gw);
	if (!rc)
		modem_bearers_open(gw);
	return rc;
}

static void close_path(struct process *p)
{
	struct gateway *gw = p->gw;

	talloc_free(p->tick);
	talloc_free(gw->purge);
	talloc_free(gw->reminder);
	talloc_free(gw->deadline);
	talloc_free(gw->outbox);
	talloc_free(gw->inbox);
	talloc_free(gw->store);
	p->tick = NULL;
	gw->purge = NULL;
	gw->reminder = NULL;
	gw->deadline = NULL;
	gw->outbox = NULL;
	gw->inbox = NULL;
	gw->store = NULL;
	names_forget(gw);
}

/* Said once, and again when it is another reason. */
static void cannot_open(struct process *p, const char *why)
{
	if (!p->gw->closed || strcmp(p->gw->closed, why) != 0)
		LOGP(DSTORE, LOGL_ERROR, "%s: tried again by itself\n", why);
	talloc_free((void *)p->gw->closed);
	p->gw->closed = talloc_strdup(p->gw, why);
	timeout_start(&p->reopen, REOPEN_MS);
}

/* After an upgrade of the programs: texts that arrive must not wait for somebody to type a command. */
static int migrate_store(struct process *p, char **error)
{
	struct gateway *gw = p->gw;
	char *kept = NULL;
	int from, rc = store_migrate(gw, gw->database, &from, &kept, error);

	if (!rc && kept)
		LOGP(DSTORE, LOGL_NOTICE,
		     "%s: its schema was of version %d and is the one of this program now; as it was "
		     "before: %s\n",
		     gw->database, from, kept);
	talloc_free(kept);
	return rc ? rc : store_open(&gw->store, gw, gw->database, BUSY_MS, error);
}

/* No text is read and no modem is touched before the database is there. */
static void open_store(void *data)
{
	struct process *p = data;
	char *error = NULL;
	int rc;

	if (p->gw->ending)
		return;
	rc = store_open(&p->gw->store, p->gw, p->gw->database, BUSY_MS, &error);
	if (rc == -ESTALE) {
		TALLOC_FREE(error);
		rc = migrate_store(p, &error);
	}
	if (!rc) {
		rc = open_path(p);
		if (rc)
			error = rc == -EBUSY
					? talloc_strdup(p->gw, store_error(p->gw->store))
					: talloc_asprintf(p->gw, "%s: the gateway cannot begin: %s",
							  p->gw->database, strerror(-rc));
	}
	if (rc) {
		close_path(p);
		cannot_open(p, error ?: strerror(-rc));
	} else {
		LOGP(DMAIN, LOGL_NOTICE, "%s is open\n", p->gw->database);
		talloc_free((void *)p->gw->closed);
		p->gw->closed = NULL;
	}
	talloc_free(error);
}

/* ---- from the parent ---- */

static void on_started(void *data, const char *name, int fd, pid_t pid)
{
	struct process *p = data;

	(void)pid;
	modem_bearer_started(p->gw, name, fd);
}

/* The loop ends when the last worker is gone and what it said is written. */
static void look_for_end(struct process *p)
{
	struct gateway *gw = p->gw;

	if (gw->ending && modem_bearers_down(gw) && (!gw->outbox || outbox_idle(gw)))
		gw->quit = true;
}

static void on_exited(void *data, const char *name, int status)
{
	struct process *p = data;

	modem_bearer_exited(p->gw, name, status);
}

static void on_aside(void *data, const uint8_t digest[DIGEST_SIZE])
{
	struct process *p = data;

	OSMO_ASSERT(p->n_aside < FLIGHT_MAX);
	memcpy(p->aside[p->n_aside++], digest, DIGEST_SIZE);
}

static void on_pin(void *data, const char *name, const char *pin)
{
	struct process *p = data;
	struct config_modem *m = config_modem_find(p->cfg, name);

	if (m && m->pin) {
		explicit_bzero(m->pin, strlen(m->pin));
		talloc_free(m->pin);
		m->pin = NULL;
	}
	if (m && pin)
		m->pin = talloc_strdup(m, pin);
	modem_bearer_pin(p->gw, name, pin);
}

static void on_begin(void *data)
{
	struct process *p = data;

	open_store(p);
	link_ready(p->gw->link);
}

static void end_due(void *data)
{
	struct process *p = data;

	LOGP(DMAIN, LOGL_NOTICE, "a worker has not ended in time\n");
	p->gw->quit = true;
}

/* What is begun is finished: a transaction within its turn of the loop, a part in its worker. */
static void on_quit(void *data)
{
	struct process *p = data;

	p->gw->ending = true;
	timeout_stop(&p->reopen);
	timeout_start(&p->end, END_MS);
	modem_bearers_stop(p->gw);
}

static const struct link_ops link_ops = {
	.worker_started = on_started,
	.worker_exited = on_exited,
	.set_aside = on_aside,
	.pin_read = on_pin,
	.begin = on_begin,
	.quit = on_quit,
};

/* ---- beginning and end ---- */

static void configure(struct gateway *gw, const struct config *cfg)
{
	gw->config = cfg;
	gw->database = cfg->database;
	gw->language = cfg->language;
	gw->country_code = cfg->country_code;
	gw->time_zone = cfg->time_zone;
	gw->prefixes = cfg->prefixes;
	gw->key_file = cfg->key_file;
	gw->phone = cfg->phone;
	gw->quiet_from = cfg->quiet_from;
	gw->quiet_to = cfg->quiet_to;
	gw->retain_texts = cfg->retain_texts;
	gw->retain_delivery = cfg->retain_delivery;
	gw->budget = cfg->budget;
	gw->limits = cfg->limits;
	gw->clock_test = cfg->clock_test;
	gw->flood = flood_open(gw);
	INIT_LLIST_HEAD(&gw->bearers);
}

/* What is built in: it can only be wrong in the program itself. */
static int open_words(struct gateway *gw)
{
	char *error = NULL;

	if (catalogue_open(&gw->catalogue, gw, gw->language, &error)
	    || rules_open(&gw->rules, gw, gw->language, NULL, &error)) {
		LOGP(DMAIN, LOGL_FATAL, "the language %s: %s\n", gw->language, error);
		return -EINVAL;
	}
	return 0;
}

static int set_up(struct process *p, int fd)
{
	struct link_setup setup;
	char *error = NULL;
	int rc = fence_raise();

	if (rc) {
		LOGP(DMAIN, LOGL_FATAL, "no seccomp in this kernel: %s\n", strerror(-rc));
		return rc;
	}
	rc = link_receive_setup(&setup, p, fd);
	if (rc) {
		LOGP(DMAIN, LOGL_FATAL, "nothing of the parent: %s\n", strerror(-rc));
		return rc;
	}
	rc = config_parse(&p->cfg, p, setup.path, setup.text, CONFIG_GATEWAY, &error);
	if (rc) {
		LOGP(DMAIN, LOGL_FATAL, "%s\n", error);
		return rc;
	}
	configure(p->gw, p->cfg);
	rc = open_words(p->gw);
	if (rc)
		return rc;
	p->gw->admin = admin_open(p->gw, setup.control);
	p->gw->link = link_open(p->gw, fd, &link_ops, p);
	return 0;
}

int process_run(int fd)
{
	void *log_ctx = talloc_named_const(NULL, 0, "log");
	struct process *p = talloc_zero(NULL, struct process);
	int status = 1;

	OSMO_ASSERT(p);
	log_open(log_ctx);
	DMODEM = DWORKER;
	store_tune_memory();
	steady_turn();
	OSMO_ASSERT(sodium_init() >= 0);
	p->gw = talloc_zero(p, struct gateway);
	OSMO_ASSERT(p->gw);
	timeout_init(&p->reopen, open_store, p);
	timeout_init(&p->end, end_due, p);
	if (set_up(p, fd) == 0) {
		while (!p->gw->quit) {
			steady_turn();
			osmo_select_main_ctx(0);
			look_for_end(p);
		}
		status = p->gw->broken ? 1 : 0;
	}
	close_path(p);
	timeout_close(&p->reopen);
	timeout_close(&p->end);
	talloc_free(p);
	log_fini();
	talloc_free(log_ctx);
	return status;
}
