/* The demo's telephone: choose who you are, type a text, read the answers.
 *
 * With a script nothing is typed: each text is played when the gateway has done
 * with the one before, so that the same script prints the same lines.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/handset.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/control.h"
#include "modem/sim/desk.h"
#include "modem/sim/people.h"
#include "modem/sim/prompt.h"
#include "modem/sim/sim.h"
#include "modem/sim/talk.h"

#define START_DEADLINE_MS 15000
#define LINE_DEADLINE_MS  60000
#define POLL_MS           20

static const char usage[] =
	"usage: chappe-sim handset --control PATH --chappectl PATH --config FILE\n"
	"                          [--people FILE] [--script FILE]\n"
	"\n"
	"  --control PATH    control socket of the running simulator\n"
	"  --chappectl PATH  program that asks the gateway whether it is idle and moves its clock\n"
	"  --config FILE     configuration that it is given\n"
	"  --people FILE     who can be played: NUMBER, TAB, NAME, TAB, REMARK\n"
	"  --script FILE     play FROM, TAB, TEXT lines; @, TAB, +58h moves the clock\n";

static const char help[] = "Tapez un texte comme sur un téléphone, puis Entrée.\n"
			   "  /qui      changer de personne       !3      prendre la personne 3\n"
			   "  @ +58h    avancer l'horloge         /quit   partir\n";

struct handset {
	struct talk *talk;
	struct desk desk;
	struct people *people; /* NULL: numbers are typed */
	struct prompt *prompt;
	const char *script;
	char me[24]; /* empty while nobody is chosen */
	bool quit;
};

static int64_t now_ms(void)
{
	return sim_monotonic_ns() / 1000000;
}

/* ---- the simulator and the gateway ---- */

/* A person sends a text, written as it stands in a line of the control socket. */
static bool send_text(struct handset *h, const char *from, const char *text)
{
	char *line = talloc_asprintf(h, "inject\t%s\t%s", from, text);
	char *answer = talk_ask(h->talk, line);
	bool ok = answer && !strncmp(answer, "ok", 2);

	if (!answer)
		fprintf(stderr, "Le modem simulé ne répond plus.\n");
	else if (!ok)
		fprintf(stderr,
			"Ce texte ne part pas : trop long, ou le numéro %s n'en est pas un.\n",
			from);
	talloc_free(answer);
	talloc_free(line);
	return ok;
}

/* Texts that the gateway has not read and freed yet; -1 if the simulator is gone. */
static long pending(struct handset *h)
{
	char *answer = talk_ask(h->talk, "status"), *at = NULL;
	long n = -1;

	if (answer)
		at = strstr(answer, "pending\t");
	if (at)
		n = strtol(at + strlen("pending\t"), NULL, 10);
	talloc_free(answer);
	return n;
}

static void say_desk_error(const struct handset *h, int rc, const char *error)
{
	if (rc == -ENOENT)
		fprintf(stderr, "Le programme %s ne se lance pas.\n", h->desk.chappectl);
	else if (rc == -ETIMEDOUT)
		fprintf(stderr, "La passerelle ne répond pas.\n");
	else
		fprintf(stderr, "chappectl : %s\n", error ?: strerror(-rc));
}

/* Wait until the gateway answers at all. */
static bool wait_gateway(struct handset *h)
{
	int64_t end = now_ms() + START_DEADLINE_MS;
	struct desk_status status;
	char *error = NULL;
	int rc;

	while ((rc = desk_status(&status, h, &h->desk, &error))) {
		if (rc == -ENOENT || rc == -EBADMSG || now_ms() > end) {
			say_desk_error(h, rc, error);
			return false;
		}
		talloc_free(error);
		poll(NULL, 0, POLL_MS);
	}
	return true;
}

/* Wait until everything that was sent is read, handled and answered. */
static bool wait_idle(struct handset *h)
{
	int64_t end = now_ms() + LINE_DEADLINE_MS;
	struct desk_status status = { 0 };
	char *error = NULL;
	long texts;
	int rc = 0;

	for (;;) {
		texts = pending(h);
		if (texts < 0)
			return false;
		if (!texts)
			rc = desk_status(&status, h, &h->desk, &error);
		if (!texts && !rc && desk_idle(&status))
			return true;
		if (now_ms() > end)
			break;
		talloc_free(error);
		error = NULL;
		poll(NULL, 0, POLL_MS);
	}
	if (rc)
		say_desk_error(h, rc, error);
	fprintf(stderr,
		"Après %d secondes la passerelle n'a pas fini : %ld texte(s) dans la carte SIM, "
		"%" PRId64 " à lire, %" PRId64 " à envoyer, %" PRId64 " en cours d'envoi.\n",
		LINE_DEADLINE_MS / 1000, texts, status.waiting, status.due, status.sending);
	return false;
}

/* Move the clock of both; what falls due is sent before this returns. */
static bool move_clock(struct handset *h, const char *offset)
{
	char *error = NULL, *line = talloc_asprintf(h, "clock\t%s", offset);
	int rc = desk_clock(h, &h->desk, offset, LINE_DEADLINE_MS, &error);

	if (rc)
		say_desk_error(h, rc, error);
	else
		talloc_free(talk_ask(h->talk, line));
	talloc_free(error);
	talloc_free(line);
	return !rc;
}

/* ---- what phones get ---- */

/* The number and the text of "message TIME NUMBER PARTS TEXT", cut in place. \returns false for other events. */
static bool read_message(char *event, char **number, char **text)
{
	char *word = strsep(&event, "\t");

	if (strcmp(word, "message"))
		return false;
	strsep(&event, "\t");
	*number = strsep(&event, "\t");
	strsep(&event, "\t");
	*text = event;
	return *number && *text;
}

/* A text on somebody's screen, each line of it set in. */
static void show_message(struct handset *h, const char *number, char *text)
{
	const struct person *p = people_find(h->people, number);
	char *shown = talloc_strdup(h, ""), *line;

	control_unescape(text);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n')
			*c = '?'; /* a terminal would take it for a command */
	while ((line = strsep(&text, "\n")))
		shown = talloc_asprintf_append(shown, "    %s\n", line);
	if (p)
		prompt_print(h->prompt, "  > %s (%s)\n%s", p->name, number, shown);
	else
		prompt_print(h->prompt, "  > %s\n%s", number, shown);
	talloc_free(shown);
}

static void take_events(struct handset *h)
{
	char *event, *number, *text;

	while ((event = talk_event(h->talk))) {
		if (!read_message(event, &number, &text))
			;
		else if (h->prompt)
			show_message(h, number, text);
		else
			printf("> %s\t%s\n", number, text);
		talloc_free(event);
	}
}

/* ---- a script ---- */

/* Play one line. \returns false if something did not work. */
static bool play(struct handset *h, char *line)
{
	char *from = line;

	/* A blank does after @, as at the prompt; texts may hold blanks, so numbers end with a tab. */
	strsep(&line, line[0] == '@' ? "\t " : "\t");
	if (!line) {
		fprintf(stderr, "Il manque une tabulation après « %s ».\n", from);
		return false;
	}
	if (!strcmp(from, "@")) {
		printf("@\t%s\n", line);
		if (!move_clock(h, line))
			return false;
	} else {
		printf("< %s\t%s\n", from, line);
		if (!send_text(h, from, line))
			return false;
	}
	if (!wait_idle(h))
		return false;
	take_events(h);
	fflush(stdout);
	return true;
}

static int run_script(struct handset *h)
{
	FILE *f = fopen(h->script, "r");
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	if (!f) {
		fprintf(stderr, "%s : %s\n", h->script, strerror(errno));
		return 1;
	}
	while (ok && getline(&line, &size, f) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line && *line != '#')
			ok = play(h, line);
	}
	free(line);
	fclose(f);
	return !ok;
}

/* ---- at a terminal ---- */

static void show_people(struct handset *h)
{
	for (size_t i = 0; h->people && i < h->people->n; i++) {
		const struct person *p = &h->people->list[i];

		printf("  %2zu  %s  %s : %s\n", i + 1, p->number, p->name, p->remark);
	}
	h->me[0] = '\0';
}

static void show_prompt(struct handset *h)
{
	const struct person *p = people_find(h->people, h->me);
	char *text;

	if (!h->me[0])
		text = talloc_asprintf(h,
				       h->people ? "Qui êtes-vous ? (1 à %zu) " : "Votre numéro ? ",
				       h->people ? h->people->n : 0);
	else
		text = talloc_asprintf(h, "%s> ", p ? p->name : h->me);
	prompt_show(h->prompt, text);
	talloc_free(text);
}

/* A row of the list, or any number. */
static bool choose(struct handset *h, const char *text)
{
	char *end;
	unsigned long i = strtoul(text, &end, 10);

	if (h->people && end > text && !*end && i >= 1 && i <= h->people->n) {
		OSMO_STRLCPY_ARRAY(h->me, h->people->list[i - 1].number);
		return true;
	}
	if (strspn(text, "+0123456789") == strlen(text) && strlen(text) > 3
	    && strlen(text) < sizeof(h->me)) {
		OSMO_STRLCPY_ARRAY(h->me, text);
		return true;
	}
	printf("Tapez le numéro d'une ligne de la liste.\n");
	return false;
}

static void type_clock(struct handset *h, const char *offset)
{
	offset += strspn(offset, " \t");
	printf("L'horloge avance...\n");
	fflush(stdout);
	if (move_clock(h, offset))
		printf("C'est fait : %s.\n", offset);
}

static void type_command(struct handset *h, const char *line)
{
	if (!strcmp(line, "/quit") || !strcmp(line, "/q"))
		h->quit = true;
	else if (!strcmp(line, "/qui") || !strcmp(line, "/who"))
		show_people(h);
	else
		fputs(help, stdout);
}

static void type_line(struct handset *h, char *line)
{
	char *text;

	while (*line == ' ')
		line++;
	if (*line == '/') {
		type_command(h, line);
	} else if (*line == '@') {
		type_clock(h, line + 1);
	} else if (*line == '!') {
		choose(h, line + 1);
	} else if (!h->me[0] && *line) {
		if (choose(h, line))
			fputs(help, stdout);
	} else if (*line) {
		text = control_escape(h, line);
		send_text(h, h->me, text);
		talloc_free(text);
	}
}

static int run_terminal(struct handset *h)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = talk_fd(h->talk), .events = POLLIN } };
	char *line;

	h->prompt = prompt_new(h);
	show_people(h);
	show_prompt(h);
	while (!h->quit && !prompt_ended(h->prompt)) {
		poll(fds, ARRAY_SIZE(fds), -1);
		while (!h->quit && (line = prompt_line(h->prompt))) {
			type_line(h, line);
			talloc_free(line);
			if (!h->quit)
				show_prompt(h);
		}
		if (fds[1].revents && pending(h) < 0) {
			fprintf(stderr, "\nLe modem simulé s'est arrêté.\n");
			return 1;
		}
		take_events(h);
	}
	if (!isatty(STDIN_FILENO) && !h->quit && !wait_idle(h))
		return 1;
	take_events(h);
	talloc_free(h->prompt);
	h->prompt = NULL;
	printf("\nAu revoir.\n");
	return 0;
}

/* ---- options ---- */

enum option_id { OPT_CONTROL = 1, OPT_CHAPPECTL, OPT_CONFIG, OPT_PEOPLE, OPT_SCRIPT, OPT_HELP };

static const struct option options[] = {
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "chappectl", required_argument, NULL, OPT_CHAPPECTL },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "people", required_argument, NULL, OPT_PEOPLE },
	{ "script", required_argument, NULL, OPT_SCRIPT },
	{ "help", no_argument, NULL, OPT_HELP },
	{},
};

/* \returns false with the exit code in *rc if there is nothing to run. */
static bool read_options(struct handset *h, const char **control, const char **people, int *rc,
			 int argc, char **argv)
{
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (id) {
		case OPT_CONTROL:
			*control = optarg;
			break;
		case OPT_CHAPPECTL:
			h->desk.chappectl = optarg;
			break;
		case OPT_CONFIG:
			h->desk.config = optarg;
			break;
		case OPT_PEOPLE:
			*people = optarg;
			break;
		case OPT_SCRIPT:
			h->script = optarg;
			break;
		case OPT_HELP:
			fputs(usage, stdout);
			*rc = 0;
			return false;
		default:
			*rc = 2;
			return false;
		}
	}
	if (optind < argc || !*control || !h->desk.chappectl || !h->desk.config) {
		fputs(usage, stderr);
		*rc = 2;
		return false;
	}
	return true;
}

static int run(struct handset *h, const char *control, const char *people)
{
	char *error = NULL;
	int rc;

	if (people) {
		h->people = people_read(h, people, &error);
		if (!h->people) {
			fprintf(stderr, "%s\n", error);
			return 1;
		}
	}
	rc = talk_open(&h->talk, h, control, START_DEADLINE_MS);
	if (rc) {
		fprintf(stderr, "Le modem simulé ne répond pas sur %s : %s\n", control,
			strerror(-rc));
		return 1;
	}
	if (!wait_gateway(h))
		return 1;
	return h->script ? run_script(h) : run_terminal(h);
}

int handset_main(int argc, char **argv)
{
	struct handset *h = talloc_zero(NULL, struct handset);
	const char *control = NULL, *people = NULL;
	int rc;

	OSMO_ASSERT(h);
	if (read_options(h, &control, &people, &rc, argc, argv))
		rc = run(h, control, people);
	talloc_free(h);
	return rc;
}
