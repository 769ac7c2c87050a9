/* chappe-sim: a GSM modem on a pseudo-terminal.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/signal.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/at.h"
#include "modem/sim/card.h"
#include "modem/sim/control.h"
#include "modem/sim/handset.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

static const char usage[] =
	"usage: chappe-sim --link PATH [--control PATH] [options]\n"
	"       chappe-sim handset --help\n"
	"\n"
	"A GSM modem on a pseudo-terminal, for tests, demos and training.\n"
	"\n"
	"  --link PATH      symbolic link to the terminal\n"
	"  --control PATH   socket that injects texts and faults and tells what was sent\n"
	"  --capacity N     slots of the SIM, 1 to 255 (20)\n"
	"  --air SECONDS    time that each part takes on air (0)\n"
	"  --baud N         speed of the serial line (no limit)\n"
	"  --pin NNNN       the SIM asks for this PIN\n"
	"  --imsi DIGITS    identity of the SIM (001010000000001)\n"
	"  --reports yes|no|delay   status reports at once, never, after 3 seconds (yes)\n"
	"  --operator NAME  name of the network (Chappe)\n"
	"  --balance TEXT   what *123# and codes like it answer\n"
	"  --state FILE     keeps the SIM's contents from one run to the next\n"
	"  --version, --help\n";

enum option_id {
	OPT_LINK = 1,
	OPT_CONTROL,
	OPT_CAPACITY,
	OPT_AIR,
	OPT_BAUD,
	OPT_PIN,
	OPT_IMSI,
	OPT_REPORTS,
	OPT_OPERATOR,
	OPT_BALANCE,
	OPT_STATE,
	OPT_VERSION,
	OPT_HELP
};

static const struct option options[] = {
	{ "link", required_argument, NULL, OPT_LINK },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "capacity", required_argument, NULL, OPT_CAPACITY },
	{ "air", required_argument, NULL, OPT_AIR },
	{ "baud", required_argument, NULL, OPT_BAUD },
	{ "pin", required_argument, NULL, OPT_PIN },
	{ "imsi", required_argument, NULL, OPT_IMSI },
	{ "reports", required_argument, NULL, OPT_REPORTS },
	{ "operator", required_argument, NULL, OPT_OPERATOR },
	{ "balance", required_argument, NULL, OPT_BALANCE },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{},
};

static void die(const char *what, const char *which, const char *why)
{
	fprintf(stderr, "chappe-sim: %s '%s': %s\n", what, which, why);
	exit(1);
}

static unsigned int number(const char *name, const char *text, unsigned int min, unsigned int max)
{
	char why[64];
	unsigned int v;

	if (!at_number(&v, text, max) || v < min) {
		snprintf(why, sizeof(why), "a number from %u to %u", min, max);
		die(name, text, why);
	}
	return v;
}

static unsigned int milliseconds(const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= 0 && v <= 600))
		die("--air", text, "seconds, up to 600");
	return (unsigned int)(v * 1000);
}

static const char *digits(const char *name, const char *text, size_t min, size_t max)
{
	char why[64];
	size_t n = strlen(text);

	if (strspn(text, "0123456789") != n || n < min || n > max) {
		snprintf(why, sizeof(why), "%zu to %zu digits", min, max);
		die(name, text, why);
	}
	return text;
}

static enum sim_reports reports(const char *text)
{
	static const char *const words[] = { "yes", "no", "delay" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(text, words[i]))
			return (enum sim_reports)i;
	die("--reports", text, "yes, no or delay");
	return SIM_REPORTS_YES;
}

/* One option. \returns false if it asks for nothing more than an answer. */
static bool take_option(struct sim_options *o, int id)
{
	switch ((enum option_id)id) {
	case OPT_LINK:
		o->link = optarg;
		break;
	case OPT_CONTROL:
		o->control = optarg;
		break;
	case OPT_CAPACITY:
		o->capacity = number("--capacity", optarg, 1, CARD_CAPACITY_MAX);
		break;
	case OPT_AIR:
		o->air_ms = milliseconds(optarg);
		break;
	case OPT_BAUD:
		o->baud = number("--baud", optarg, 300, 4000000);
		break;
	case OPT_PIN:
		o->pin = digits("--pin", optarg, 4, 8);
		break;
	case OPT_IMSI:
		o->imsi = digits("--imsi", optarg, 6, 15);
		break;
	case OPT_REPORTS:
		o->reports = reports(optarg);
		break;
	case OPT_OPERATOR:
		o->operator_name = optarg;
		break;
	case OPT_BALANCE:
		o->balance = optarg;
		break;
	case OPT_STATE:
		o->state = optarg;
		break;
	case OPT_VERSION:
		puts("chappe-sim " PACKAGE_VERSION);
		return false;
	case OPT_HELP:
		fputs(usage, stdout);
		return false;
	}
	return true;
}

static bool read_options(struct sim_options *o, int argc, char **argv)
{
	int id;

	*o = (struct sim_options){ .capacity = 20,
				   .imsi = "001010000000001",
				   .operator_name = "Chappe" };
	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (id == '?')
			exit(2);
		if (!take_option(o, id))
			return false;
	}
	if (optind < argc || !o->link) {
		fputs(usage, stderr);
		exit(2);
	}
	return true;
}

static void on_input(void *data, const uint8_t *octets, size_t n)
{
	struct sim *sim = data;

	at_input(sim->at, octets, n);
}

static void on_hangup(void *data)
{
	struct sim *sim = data;

	at_hangup(sim->at);
}

static void on_signal(struct osmo_signalfd *osfd, const struct signalfd_siginfo *info)
{
	struct sim *sim = osfd->data;

	(void)info;
	sim->quit = true;
}

/* Everything, in the order of who needs whom. */
static void build(struct sim *sim)
{
	const struct tty_handler handler = { on_input, on_hangup, sim };
	struct sim_options *o = &sim->opt;
	int rc;

	sim->card = card_new(sim, o->imsi, o->pin, o->capacity, o->state);
	if (!sim->card)
		die("cannot use", o->state, "not a file of chappe-sim; remove it to begin anew");
	sim->net = net_new(sim, sim);
	sim->at = at_new(sim, sim);
	rc = tty_open(&sim->tty, sim, o->link, o->baud, &handler);
	if (rc)
		die("cannot make", o->link, strerror(-rc));
	rc = o->control ? control_open(&sim->control, sim, sim, o->control) : 0;
	if (rc)
		die("cannot listen on", o->control, strerror(-rc));
}

static void watch_signals(struct sim *sim)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	osmo_signalfd_setup(sim, set, on_signal, sim);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	struct sim *sim;

	if (argc > 1 && !strcmp(argv[1], "handset"))
		return handset_main(argc - 1, argv + 1);
	sim = talloc_zero(NULL, struct sim);
	OSMO_ASSERT(sim);
	if (!read_options(&sim->opt, argc, argv))
		return 0;
	watch_signals(sim);
	build(sim);
	while (!sim->quit)
		osmo_select_main_ctx(0);
	talloc_free(sim);
	return 0;
}
