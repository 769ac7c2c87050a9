/* The processes of parent_test: a parent with short times, a gateway and a worker that do as they are told.
 *
 * `parent_child CONFIG` runs parent_run(); under the titles that the parent
 * gives, the same program is gateway and worker. The gateway does what the file
 * `orders` beside the configuration says, and writes what happens to `events`.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/config.h"
#include "gateway/link.h"
#include "gateway/log.h"
#include "gateway/parent.h"
#include "gateway/spawn.h"

static const struct parent_times times = {
	.restart_min = 50,
	.restart_max = 200,
	.settled = 60000,
	.ping = 50,
	.silence = 400,
	.quit = 1000,
};

struct play {
	char *folder;
	struct link *link;
	struct config *cfg;
	bool over;
	int workers;
};

static bool ordered(const struct play *p, const char *order)
{
	char text[256] = "";
	char *path = talloc_asprintf(NULL, "%s/orders", p->folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		ssize_t n = read(fd, text, sizeof(text) - 1);

		text[n > 0 ? n : 0] = '\0';
		close(fd);
	}
	talloc_free(path);
	return strstr(text, order) != NULL;
}

static void note(const struct play *p, const char *event)
{
	char *path = talloc_asprintf(NULL, "%s/events", p->folder);
	FILE *f = fopen(path, "ae");

	if (f) {
		fprintf(f, "%s\n", event);
		fclose(f);
	}
	talloc_free(path);
}

static void started(void *data, const char *name, int fd, pid_t pid)
{
	struct play *p = data;

	(void)name;
	(void)pid;
	p->workers++;
	note(p, "started");
	if (ordered(p, "drop-worker"))
		close(fd);
}

static void exited(void *data, const char *name, int status)
{
	struct play *p = data;
	char line[64];

	snprintf(line, sizeof(line), "exited %s %d", name, status);
	note(p, line);
	if (--p->workers <= 0 && ordered(p, "quit-after-worker"))
		p->over = true;
}

static void set_aside(void *data, const uint8_t digest[DIGEST_SIZE])
{
	char line[64];

	snprintf(line, sizeof(line), "aside %02x", digest[0]);
	note(data, line);
}

static void pin_read(void *data, const char *name, const char *pin)
{
	char line[64];

	snprintf(line, sizeof(line), "pin %s %s", name, pin ?: "-");
	note(data, line);
}

static void quit(void *data)
{
	struct play *p = data;

	note(p, "quit");
	if (!ordered(p, "stay"))
		p->over = true;
}

static void fly(struct play *p)
{
	const uint8_t guilty[DIGEST_SIZE] = { 0xaa }, done[DIGEST_SIZE] = { 0xbb };

	link_in_flight(p->link, done, true);
	link_in_flight(p->link, guilty, true);
	link_in_flight(p->link, done, false);
	abort();
}

static void begin(void *data)
{
	struct play *p = data;

	link_ready(p->link);
	if (ordered(p, "fly"))
		fly(p);
	if (ordered(p, "rubbish"))
		(void)!write(SPAWN_FD, "\xffgarbage", 8);
	link_spawn(p->link, "gsm0", "gsm0");
	link_read_pin(p->link, "gsm0");
	if (ordered(p, "kill-worker"))
		link_kill(p->link, "gsm0");
}

static const struct link_ops ops = {
	.worker_started = started,
	.worker_exited = exited,
	.set_aside = set_aside,
	.pin_read = pin_read,
	.begin = begin,
	.quit = quit,
};

static int gateway(void)
{
	struct play p = { 0 };
	struct link_setup setup;
	char *error = NULL;

	if (link_receive_setup(&setup, NULL, SPAWN_FD))
		return 3;
	p.folder = dirname(talloc_strdup(NULL, setup.path));
	if (config_parse(&p.cfg, NULL, setup.path, setup.text, CONFIG_GATEWAY, &error))
		return 4;
	note(&p, "setup");
	if (ordered(&p, "silent")) {
		note(&p, "silent");
		for (;;)
			pause();
	}
	p.link = link_open(NULL, SPAWN_FD, &ops, &p);
	while (!p.over)
		osmo_select_main_ctx(0);
	note(&p, "end");
	_exit(0); /* what it holds is of no interest */
}

static int worker(void)
{
	char c;

	/* until the gateway is gone */
	while (read(SPAWN_FD, &c, 1) < 0)
		usleep(10000);
	return 7;
}

int main(int argc, char **argv)
{
	struct config *cfg = NULL;
	char *error = NULL;

	log_open(NULL);
	if (strcmp(argv[0], "chapped: gateway") == 0)
		return gateway();
	if (strncmp(argv[0], "chapped: modem", 14) == 0)
		return worker();
	if (argc != 2)
		return 2;
	if (config_read(&cfg, NULL, argv[1], CONFIG_DAEMON, &error)) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	_exit(parent_run(cfg, &times, spawn_open(NULL, NULL), spawn_open(NULL, NULL)));
}
