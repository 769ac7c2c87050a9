/* chappectl: the operator's command line.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/closest.h"

const struct ctl_command ctl_commands[] = {
	{ "status", "", "how the gateway, its database and its modems are", NULL, true,
	  ctl_status },
	{ "inbox", "[list | all | show ID | answer ID TEXT | done ID]", "texts that came in",
	  "  list      those that wait for a human: not understood, or set aside\n"
	  "  all       the last ones of all\n"
	  "  show ID   one text, and what was answered\n"
	  "  answer ID TEXT\n"
	  "            answer it as the pickup point, and take it off the list\n"
	  "  done ID   take one off the list without a word\n",
	  true, ctl_inbox },
	{ "outbox", "[list | all | show ID]", "messages that go out",
	  "  list      those that are not delivered yet\n"
	  "  all       the last ones of all\n"
	  "  show ID   one message with its parts\n",
	  true, ctl_outbox },
	{ "send",
	  "TO TEXT",
	  "send a message typed by hand",
	  NULL,
	  true,
	  ctl_send,
	  { { "inbox", "ID", "it answers this text, which is taken off the list" } } },
	{ "fire",
	  "MACHINE ID EVENT [FIELD=VALUE...]",
	  "fire an event in the state machine",
	  "  ID is 0 for what is born by the event. A value of digits is a number.\n",
	  true,
	  ctl_fire,
	  { { "role", "ROLE", "in this role; else COO" },
	    { "actor", "PERSON", "by the person with this id; else by the one who holds the role" },
	    { "version", "N", "only if the version is this one" },
	    { "idem", "NAME", "the same name a second time has no effect" } } },
	{ "order",
	  "REF [ACTION [ARGUMENT...]]",
	  "an order at the pickup point",
	  "  show                 what it is, what is paid and what is due\n"
	  "  collect [AMOUNT]     handed over and paid: all of it, or AMOUNT; 0: not paid\n"
	  "  pay [AMOUNT]         paid: all that is due, or AMOUNT\n"
	  "  defer REASON         it will be paid later; the reason stays with the coordinators\n"
	  "  waive REASON         it is given; nobody else is told\n"
	  "  refund AMOUNT        so much was given back\n"
	  "  credit [AMOUNT]      so much is owed; with --product it settles a complaint\n"
	  "  dismiss REASON       with --product: the complaint comes to nothing\n"
	  "  missing              with --product: it was not there at the pickup\n"
	  "  no-show              nobody came\n"
	  "  rebook DAY FROM TO   another pickup: sat 10:00 12:00, or 28/11 17:00 19:00\n"
	  "  The database judges each; people are told as if it had been texted.\n",
	  true,
	  ctl_order,
	  { { "product", "NAME", "the product: carotte, pomme_de_terre" },
	    { "actor", "PERSON", "by the coordinator with this id, if there are several" } } },
	{ "cycle",
	  "[new | ID [announce | open | extend MOMENT | cancel REASON]]",
	  "order cycles: list them, prepare the next, move one on",
	  "  new             one like the last: a week later, the same hours and place, and what was\n"
	  "                  sold then asked for; it is a draft until it is announced\n"
	  "  ID              one cycle with its moments\n"
	  "  ID announce     the producers are asked what there is\n"
	  "  ID open         earlier than by itself\n"
	  "  ID extend       orders are taken until another moment\n"
	  "  ID cancel       everybody concerned is told, with the reason\n"
	  "  A moment is a day and a time in one word: 'sat 18:00', '28/11 18:00', '+3 18:00'.\n",
	  true,
	  ctl_cycle,
	  { { "place", "ID", "new: fetched there" },
	    { "days", "N", "new: so many days after the last" },
	    { "opens", "MOMENT", "new: orders are taken from then on" },
	    { "avail", "MOMENT", "new: producers say by then what there is" },
	    { "closes", "MOMENT", "new: orders are taken until then" },
	    { "confirm", "MOMENT", "new: producers confirm by then" },
	    { "from", "MOMENT", "new: the pickup begins" },
	    { "until", "MOMENT", "new: the pickup ends" },
	    { "actor", "PERSON", "by the coordinator with this id; else the only one" } } },
	{ "place", "[add NAME ADDRESS | change ID NAME ADDRESS]",
	  "where orders are fetched: list, add or change", NULL, true, ctl_place },
	{ "product", "[set NAME UNIT ONE MANY CATEGORY]", "what can be sold: list, add or rename",
	  "  NAME      what texts are matched with: a-z, 0-9 and _, as pomme_de_terre\n"
	  "  UNIT      it is sold by the kg, l, pc, botte, pot or barquette; that stays\n"
	  "  ONE MANY  what people read: 'pomme de terre' 'pommes de terre'\n"
	  "  CATEGORY  one word: legume\n",
	  true, ctl_product },
	{ "member",
	  "[list | show ID | add NAME | change ID | role ID add|remove ROLE | ...]",
	  "people: their numbers, roles and mandates",
	  "  list      all of them\n"
	  "  show ID   one, with numbers, roles and mandates\n"
	  "  add NAME  a new one; with --number it is registered, and asked for consent\n"
	  "  change ID\n"
	  "            name, member number, language, handle, policy\n"
	  "  role ID add|remove ROLE\n"
	  "  number ID add|remove NUMBER\n"
	  "            several persons may have the same one\n"
	  "  number ID change OLD NEW\n"
	  "            the same contact with a new number, which is asked for consent\n"
	  "  number ID consent NUMBER\n"
	  "            it consented on paper: --proof\n"
	  "  mandate ID add|end HELPER\n"
	  "            the person HELPER may order and reserve for ID\n"
	  "  erase ID  for good; refused while an order is open. The log stays whole\n",
	  true,
	  ctl_member,
	  { { "name", "NAME", "change: as it is called from now on" },
	    { "number", "NUMBER", "add: +33639980050, or as it is dialled" },
	    { "roles", "ROLES", "add: RES,MEM; else RES" },
	    { "member-no", "N", "the member number; 0: none" },
	    { "language", "LANGUAGE", "fr, nl, en" },
	    { "handle", "WORD", "of a producer: what texts call the farm" },
	    { "policy", "POLICY", "of a producer who does not answer: auto or refuse" },
	    { "scope", "SCOPE", "mandate: order, booking; else both" },
	    { "for", "DURATION", "mandate: +90d; else a year" },
	    { "proof", "N", "consent: the number of the paper" },
	    { "promo", NULL, "consent: to promotional messages too" },
	    { "actor", "PERSON", "the coordinator who does it; else the only one" } } },
	{ "clock", "[+DURATION]", "show the clock, or move it forward (`clock test`)",
	  "  A duration is +58h, +30m, +2d, +90s or +1d12h. Everything that is due on the way happens.\n",
	  true, ctl_clock },
	{ "modem", "[NAME restart | NAME pin-retry | NAME accept-sim]", "the modems",
	  "  restart     replace its worker, after the part that is on its way; asked twice: at once\n"
	  "  pin-retry   read the PIN file again and allow one more try\n"
	  "  accept-sim  another SIM is in it: that one belongs there from now on\n",
	  true, ctl_modem },
	{ "db",
	  "init | check | migrate | backup FILE | restore FILE | schema [sqlite | postgresql]",
	  "make, check, copy a database",
	  "  init      make a new one\n"
	  "  check     play its log into an empty one and compare\n"
	  "  migrate   bring it from the schema of an earlier version to this one; the daemon is stopped\n"
	  "  backup    copy it while it is in use, into a file or a folder, and prove that the copy\n"
	  "            restores\n"
	  "  restore   make the database from such a copy; the daemon is stopped\n"
	  "  schema    print the schema as SQL; needs no configuration\n",
	  false,
	  ctl_db,
	  { { "demo", NULL, "init: with the demo platform in it" },
	    { "keep", "N", "backup into a folder: only the last N stay there" } } },
	{ "parse",
	  "",
	  "read texts, one a line, and print what they ask for",
	  "  \\n in a line is a line break of the text. The names are those of the demo platform,\n"
	  "  or with -c FILE those of its database.\n",
	  false,
	  ctl_parse,
	  { { "lang", "LANGUAGE", "language of the rules; else fr" },
	    { "role", "ROLE", "who writes: RES MEM PRO PRV COO AID, or - for nobody known" },
	    { "rules", "RULES", "a file of rules; else those that are built in" },
	    { "explain", NULL, "and why: what was read, and the rules that matched" } } },
	{ "machine",
	  "[NAME]",
	  "print the state machines, or one of them",
	  NULL,
	  false,
	  ctl_machine,
	  { { "dot", NULL, "as a graph for dot(1)" } } },
	{ NULL },
};

/* ---- what is said about the program ---- */

static void print_usage(FILE *out)
{
	fprintf(out, "usage: chappectl [-c FILE] [--json] COMMAND [ARGUMENTS]\n\ncommands:\n");
	for (const struct ctl_command *c = ctl_commands; c->name; c++)
		fprintf(out, "  %-8s  %s\n", c->name, c->help);
	fprintf(out, "\n"
		     "  -c, --config FILE   configuration of the gateway: chappe.cfg(5)\n"
		     "  --json              print for programs\n"
		     "  -h, --help          of a command: chappectl COMMAND --help\n"
		     "  -V, --version       print the version\n");
}

static void print_command(FILE *out, const struct ctl_command *c)
{
	fprintf(out, "usage: chappectl %s%s%s%s\n\n%s\n", c->config ? "-c FILE " : "[-c FILE] ",
		c->name, *c->arguments ? " " : "", c->arguments, c->help);
	if (c->details)
		fprintf(out, "%s", c->details);
	for (const struct ctl_option *o = c->options; o->name; o++) {
		char name[40];

		snprintf(name, sizeof(name), "%s%s%s", o->name, o->value ? " " : "",
			 o->value ?: "");
		fprintf(out, "  --%-16s %s\n", name, o->help);
	}
}

/* ---- the command line ---- */

struct line {
	int argc;
	char **argv;
	int at;
	bool help;
};

static const struct ctl_command *find_command(const char *name)
{
	for (const struct ctl_command *c = ctl_commands; c->name; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

static int unknown_command(const char *name)
{
	const char *words[64], *near;
	size_t n = 0;

	for (const struct ctl_command *c = ctl_commands; c->name; c++) {
		OSMO_ASSERT(n < ARRAY_SIZE(words));
		words[n++] = c->name;
	}
	near = closest(name, words, n);
	fprintf(stderr, "chappectl: there is no command \"%s\"", name);
	if (near)
		fprintf(stderr, "; the nearest is \"%s\"", near);
	fprintf(stderr, "\nchappectl --help lists them\n");
	return CTL_USAGE;
}

/* The value behind an option: --name=VALUE or the next word. */
static const char *value_of(struct line *l, const char *equals)
{
	if (equals)
		return equals + 1;
	return l->at + 1 < l->argc ? l->argv[++l->at] : NULL;
}

static bool is_option(const char *word, const char *name, const char **equals)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) || (word[n] && word[n] != '='))
		return false;
	*equals = word[n] ? word + n : NULL;
	return true;
}

/* Options of every command. \returns 1: it is one, 0: it is not, -1: it is misused */
static int take_common(struct ctl *ctl, struct line *l)
{
	const char *word = l->argv[l->at], *equals = NULL;

	if (!strcmp(word, "-c") || is_option(word, "--config", &equals)) {
		ctl->config_path = value_of(l, equals);
		if (ctl->config_path)
			return 1;
		fprintf(stderr, "chappectl: %s needs a file\n", word);
		return -1;
	}
	if (!strcmp(word, "--json"))
		ctl->json = true;
	else if (!strcmp(word, "-h") || !strcmp(word, "--help"))
		l->help = true;
	else
		return 0;
	return 1;
}

/* Options of the command. \returns as take_common() */
static int take_own(struct ctl *ctl, struct line *l)
{
	const char *word = l->argv[l->at], *equals = NULL;
	const struct ctl_option *o;

	if (!ctl->command || strncmp(word, "--", 2) || !word[2])
		return 0;
	for (o = ctl->command->options; o->name; o++) {
		if (!is_option(word + 2, o->name, &equals))
			continue;
		ctl->value[o - ctl->command->options] = o->value ? value_of(l, equals) : "";
		if (ctl->value[o - ctl->command->options])
			return 1;
		ctl_misused(ctl, "%s needs a value: %s", word, o->value);
		return -1;
	}
	ctl_misused(ctl, "%s has no option %s", ctl->command->name, word);
	return -1;
}

/* A word that is no option: the command, then its arguments. */
static int take_word(struct ctl *ctl, const char *word)
{
	if (ctl->command) {
		ctl->argv[ctl->argc++] = word;
		return CTL_OK;
	}
	if (word[0] == '-') {
		fprintf(stderr, "chappectl: there is no option %s before the command\n", word);
		return CTL_USAGE;
	}
	ctl->command = find_command(word);
	return ctl->command ? CTL_OK : unknown_command(word);
}

/* \returns CTL_OK or CTL_USAGE */
static int take_all(struct ctl *ctl, struct line *l)
{
	bool words = false; /* behind -- */

	for (l->at = 1; l->at < l->argc; l->at++) {
		const char *word = l->argv[l->at];
		int rc = 0;

		if (!words && !strcmp(word, "--")) {
			words = true;
			continue;
		}
		if (!words)
			rc = take_common(ctl, l);
		if (!words && !rc)
			rc = take_own(ctl, l);
		if (rc < 0 || (rc == 0 && take_word(ctl, word)))
			return CTL_USAGE;
	}
	return CTL_OK;
}

static int run(struct ctl *ctl)
{
	char *error;

	if (ctl->command->config && !ctl->config_path)
		return ctl_misused(ctl, "of which gateway? -c FILE names its configuration");
	if (ctl->config_path
	    && config_read(&ctl->config, ctl, ctl->config_path, CONFIG_CLIENT, &error))
		return ctl_fail(ctl, "%s", error);
	return ctl->command->run(ctl);
}

int main(int argc, char **argv)
{
	struct ctl *ctl = talloc_zero(NULL, struct ctl);
	struct line l = { .argc = argc, .argv = argv };
	int rc = CTL_OK;

	OSMO_ASSERT(ctl);
	ctl->argv = talloc_zero_array(ctl, const char *, argc + 1);
	OSMO_ASSERT(ctl->argv);
	if (argc == 2 && (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))) {
		printf("chappectl %s\n", PACKAGE_VERSION);
	} else if (take_all(ctl, &l)) {
		rc = CTL_USAGE;
	} else if (!ctl->command) {
		print_usage(l.help ? stdout : stderr);
		rc = l.help ? CTL_OK : CTL_USAGE;
	} else if (l.help) {
		print_command(stdout, ctl->command);
	} else {
		rc = run(ctl);
	}
	talloc_free(ctl);
	return fflush(stdout) ? CTL_FAILED : rc;
}
