/* chapped: the daemon.
 *
 * Started by a human it is the parent; the parent starts the same program again
 * as the gateway.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "modem/title.h"

#include "gateway/config.h"
#include "gateway/log.h"
#include "gateway/parent.h"
#include "gateway/process.h"
#include "gateway/spawn.h"

#define EXIT_USAGE 2

struct options {
	const char *config;
	bool check; /* only */
};

static void usage(FILE *out)
{
	fprintf(out, "usage: chapped [-C] -c FILE\n"
		     "\n"
		     "  -c, --config FILE   the configuration: chappe.cfg(5)\n"
		     "  -C, --check         check it and stop\n"
		     "  -V, --version       print the version\n"
		     "  -h, --help          print this\n"
		     "\n"
		     "It stays in the foreground; SIGTERM ends it in order. See chapped(8).\n");
}

/* \returns -1 to go on, or the exit status */
static int read_options(void *ctx, struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'C' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:CVh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = talloc_strdup(ctx, optarg); /* the title is written over argv */
			break;
		case 'C':
			o->check = true;
			break;
		case 'V':
			printf("chapped %s\n", PACKAGE_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (o->config && optind == argc)
		return -1;
	fprintf(stderr, "chapped: %s\n",
		o->config ? "there is a word too many" : "which configuration? -c FILE is missing");
	usage(stderr);
	return EXIT_USAGE;
}

static int run(const struct config *cfg)
{
	int self = spawn_open(NULL, NULL), worker = spawn_open("chapped-modem", PKGLIBEXECDIR);

	if (self < 0) {
		fprintf(stderr, "chapped: its own program cannot be opened: %s\n", strerror(-self));
		return 1;
	}
	if (worker < 0 && !llist_empty(&cfg->modems)) {
		fprintf(stderr,
			"chapped: chapped-modem is neither beside chapped nor in %s: is the "
			"installation complete?\n",
			PKGLIBEXECDIR);
		return 1;
	}
	return parent_run(cfg, &parent_times, self, worker);
}

/* \returns the exit status */
static int be_parent(void *ctx, int argc, char **argv)
{
	struct options o = { 0 };
	int status = read_options(ctx, &o, argc, argv);
	struct config *cfg;
	char *error;

	if (status >= 0)
		return status;
	title_set("chapped: parent");
	log_open(ctx);
	if (config_read(&cfg, ctx, o.config, CONFIG_DAEMON, &error)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	if (o.check) {
		printf("%s: the configuration is right\n", o.config);
		return 0;
	}
	return run(cfg);
}

int main(int argc, char **argv)
{
	void *ctx;
	int status;

	title_init(argc, argv);
	if (argc && strcmp(argv[0], PROCESS_TITLE) == 0) {
		title_set(PROCESS_TITLE);
		return process_run(SPAWN_FD);
	}
	ctx = talloc_named_const(NULL, 0, "chapped");
	status = be_parent(ctx, argc, argv);
	log_fini();
	talloc_free(ctx);
	return status;
}
