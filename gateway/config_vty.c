/* The commands of the configuration.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/config_reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/vty/logging.h>

#include "parsers/civil.h"
#include "parsers/phone.h"

#include "gateway/closest.h"
#include "gateway/log.h"

/* A path that may hold spaces; relative ones count from the folder of the file. */
static const char *take_path(struct config_reader *r, const char *argv[], int argc)
{
	char *words = argv_concat(argv, argc, 0), *path;

	if (words[0] == '/')
		path = talloc_strdup(r->cfg, words);
	else
		path = talloc_asprintf(r->cfg, "%s/%s", r->folder, words);
	OSMO_ASSERT(path);
	talloc_free(words);
	return path;
}

/* Most commands come once in their section. */
static int once(struct config_reader *r, const struct cmd_element *cmd,
		const struct config_modem *section)
{
	for (size_t i = 0; i < r->n_seen; i++) {
		if (r->seen[i].cmd == cmd && r->seen[i].section == section)
			return config_wrong(r, "one of the two lines",
					    "it stands on line %u already", r->seen[i].line);
	}
	if (r->n_seen == CONFIG_LINES_MAX)
		return config_wrong(r, NULL, "more than %d lines", CONFIG_LINES_MAX);
	r->seen[r->n_seen++] = (struct config_seen){ cmd, section, r->line };
	return CMD_SUCCESS;
}

static bool is_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* E.164 with its plus, as it stands: the country code may come later in the file. */
static bool is_e164(const char *s)
{
	return s[0] == '+' && is_digits(s + 1) && strlen(s) >= 8 && strlen(s) < PHONE_SIZE;
}

/* DEFUN gives every command the same four parameters; few need them all. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* ---- gateway ---- */

DEFUN(cfg_gateway, cfg_gateway_cmd, "gateway",
      "Database, language, place and time of the gateway\n")
{
	vty->node = GATEWAY_NODE;
	return CMD_SUCCESS;
}

DEFUN(cfg_database, cfg_database_cmd, "database (sqlite|postgresql) .WHERE",
      "The database\nOne file\nA server\nPath of the file, or conninfo of the server\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	if (argv[0][0] == 'p')
		return config_wrong(r, "database sqlite PATH",
				    "PostgreSQL is not served yet in this version");
	r->cfg->database = take_path(r, argv + 1, argc - 1);
	return CMD_SUCCESS;
}

DEFUN(cfg_control, cfg_control_cmd, "control .PATH",
      "Control socket, for chappectl\nPath of the socket\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	r->cfg->control = take_path(r, argv, argc);
	return CMD_SUCCESS;
}

DEFUN(cfg_key_file, cfg_key_file_cmd, "key-file .PATH",
      "Key that texts are told apart by, made if it is missing\nPath of the file\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	r->cfg->key_file = take_path(r, argv, argc);
	return CMD_SUCCESS;
}

DEFUN(cfg_language, cfg_language_cmd, "language LANGUAGE",
      "Language of the platform\nTwo letters: fr\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	if (strcmp(argv[0], "fr") != 0)
		return config_wrong(r, "language fr", "the language \"%s\" is not built in",
				    argv[0]);
	r->cfg->language = talloc_strdup(r->cfg, argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_country_code, cfg_country_code_cmd, "country-code CODE",
      "Where numbers without a country are\nDigits: 33\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	if (!is_digits(argv[0]) || argv[0][0] == '0' || strlen(argv[0]) > 3)
		return config_wrong(r, "country-code 33",
				    "a country code is one to three digits without + or 00");
	r->cfg->country_code = talloc_strdup(r->cfg, argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_prefix, cfg_prefix_cmd, "allow-prefix PREFIX",
      "Write to numbers of another country too\nBeginning of the numbers: +32\n")
{
	struct config_reader *r = vty->priv;
	char **list = r->cfg->prefixes;
	size_t n = 0;

	if (argv[0][0] != '+' || !is_digits(argv[0] + 1) || strlen(argv[0]) > 12)
		return config_wrong(r, "allow-prefix +32", "a prefix is + and digits");
	while (list && list[n])
		n++;
	list = talloc_realloc(r->cfg, list, char *, n + 2);
	OSMO_ASSERT(list);
	list[n] = talloc_strdup(r->cfg, argv[0]);
	list[n + 1] = NULL;
	r->cfg->prefixes = list;
	return CMD_SUCCESS;
}

DEFUN(cfg_time_zone, cfg_time_zone_cmd, "time-zone ZONE",
      "Zone of every date and time that people read\nName of the zone: Europe/Paris\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	if (civil_set_zone(argv[0]))
		return config_wrong(r, "time-zone Europe/Paris",
				    "the system knows no time zone \"%s\"", argv[0]);
	r->cfg->time_zone = talloc_strdup(r->cfg, argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_clock, cfg_clock_cmd, "clock test",
      "The clock\nStarts at 09:00 of the day and can be moved: for demos and tests\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	r->cfg->clock_test = true;
	return CMD_SUCCESS;
}

DEFUN(cfg_phone, cfg_phone_cmd, "phone .NUMBER",
      "Whom to call to reach a human\nThe number, as people are to read it\n")
{
	struct config_reader *r = vty->priv;
	char *number;

	if (once(r, self, NULL))
		return CMD_WARNING;
	number = talloc_steal(r->cfg, argv_concat(argv, argc, 0));
	if (strlen(number) > 20 || strlen(number) < 3 || number[strspn(number, "+0123456789 .")])
		return config_wrong(r, "phone 03 20 00 00 00",
				    "a telephone number is digits, spaces and dots, 20 at most");
	r->cfg->phone = number;
	return CMD_SUCCESS;
}

/* \returns minutes of the day, or -1 */
static int take_time(const char *s)
{
	unsigned int h, m;
	int end = 0;

	if (sscanf(s, "%2u:%2u%n", &h, &m, &end) != 2 || s[end] || h > 23 || m > 59)
		return -1;
	return (int)(h * 60 + m);
}

DEFUN(cfg_quiet, cfg_quiet_cmd, "quiet-hours FROM TO",
      "When nothing is sent but answers\nFrom: 20:00\nTo: 08:00; the same time twice: never\n")
{
	struct config_reader *r = vty->priv;
	int from = take_time(argv[0]), to = take_time(argv[1]);

	if (once(r, self, NULL))
		return CMD_WARNING;
	if (from < 0 || to < 0)
		return config_wrong(r, "quiet-hours 20:00 08:00", "\"%s\" is no time of the day",
				    from < 0 ? argv[0] : argv[1]);
	r->cfg->quiet_from = from;
	r->cfg->quiet_to = to;
	return CMD_SUCCESS;
}

DEFUN(cfg_retain_texts, cfg_retain_texts_cmd, "retain texts <1-3650>",
      "How long something is kept\nThe words of messages\nDays\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	r->cfg->retain_texts = (int)strtol(argv[0], NULL, 10);
	return CMD_SUCCESS;
}

DEFUN(cfg_retain_delivery, cfg_retain_delivery_cmd, "retain delivery <31-3650>",
      "How long something is kept\nThat and when messages came and went\nDays\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, NULL))
		return CMD_WARNING;
	r->cfg->retain_delivery = (int)strtol(argv[0], NULL, 10);
	return CMD_SUCCESS;
}

/* ---- limits ---- */

static const char limit_right[] = "a number from 1 to 1000000, or none";

/* \returns CMD_SUCCESS, or CMD_WARNING after saying what is wrong. */
static int take_limit(struct config_reader *r, const struct cmd_element *self, const char *word,
		      int64_t *out)
{
	if (once(r, self, NULL))
		return CMD_WARNING;
	if (strcmp(word, "none") == 0) {
		*out = 0;
		return CMD_SUCCESS;
	}
	if (!is_digits(word) || strlen(word) > 7 || strtol(word, NULL, 10) < 1
	    || strtol(word, NULL, 10) > 1000000)
		return config_wrong(r, limit_right, "\"%s\" is no limit", word);
	*out = strtol(word, NULL, 10);
	return CMD_SUCCESS;
}

#define DEFUN_BUDGET(field, help)                                                            \
	DEFUN(cfg_budget_##field, cfg_budget_##field##_cmd, "budget " #field " PARTS",       \
	      "How many parts of messages may go out\n" help "\nParts, or none: no limit\n") \
	{                                                                                    \
		struct config_reader *r = vty->priv;                                         \
                                                                                             \
		return take_limit(r, self, argv[0], &r->cfg->budget.field);                  \
	}

DEFUN_BUDGET(day, "On a day")
DEFUN_BUDGET(month, "In a month")
DEFUN_BUDGET(number, "On a day, to one number")

static int take_rate(struct config_reader *r, const struct cmd_element *self, const char *word,
		     int *out)
{
	int64_t n = *out;
	int rc = take_limit(r, self, word, &n);

	*out = (int)n;
	return rc;
}

#define DEFUN_RATE(field, help)                                                           \
	DEFUN(cfg_rate_##field, cfg_rate_##field##_cmd, "rate " #field " TEXTS",          \
	      "How many texts an hour are handled\n" help "\nTexts, or none: no limit\n") \
	{                                                                                 \
		struct config_reader *r = vty->priv;                                      \
                                                                                          \
		return take_rate(r, self, argv[0], &r->cfg->limits.field);                \
	}

DEFUN_RATE(sender, "Of one sender")
DEFUN_RATE(prefix, "Of numbers that differ in their last four digits")
DEFUN_RATE(all, "Of everybody")

DEFUN(cfg_strangers, cfg_strangers_cmd, "strangers ANSWERS",
      "How many answers an hour go to numbers that are not registered\n"
      "Answers, or none: no limit\n")
{
	struct config_reader *r = vty->priv;

	return take_rate(r, self, argv[0], &r->cfg->limits.strangers);
}

/* ---- modem ---- */

static bool is_name(const char *s)
{
	return islower((unsigned char)s[0]) && strlen(s) <= CONFIG_NAME_MAX
	       && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

DEFUN(cfg_modem, cfg_modem_cmd, "modem NAME", "A modem\nIts name in logs and commands: gsm0\n")
{
	struct config_reader *r = vty->priv;
	struct config_modem *m = config_modem_find(r->cfg, argv[0]);
	unsigned int n = llist_count(&r->cfg->modems);

	if (m)
		return config_wrong(r, "another name", "modem %s stands on line %u already",
				    argv[0], m->line);
	if (!is_name(argv[0]))
		return config_wrong(
			r, "modem gsm0",
			"a name is a small letter, then small letters and digits, %d at "
			"most",
			CONFIG_NAME_MAX);
	if (n == CONFIG_MODEMS_MAX)
		return config_wrong(r, NULL, "more than %d modems", CONFIG_MODEMS_MAX);
	m = talloc_zero(r->cfg, struct config_modem);
	OSMO_ASSERT(m);
	m->index = n;
	m->line = r->line;
	m->name = talloc_strdup(m, argv[0]);
	m->driver = "gammu";
	llist_add_tail(&m->entry, &r->cfg->modems);
	r->modem = m;
	vty->node = MODEM_NODE;
	return CMD_SUCCESS;
}

DEFUN(cfg_device, cfg_device_cmd, "device .PATH", "The modem's serial port\nPath of the device\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, r->modem))
		return CMD_WARNING;
	r->modem->device = take_path(r, argv, argc);
	return CMD_SUCCESS;
}

DEFUN(cfg_driver, cfg_driver_cmd, "driver DRIVER", "What talks to it\nName of the driver: gammu\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, r->modem))
		return CMD_WARNING;
	if (strcmp(argv[0], "gammu") != 0)
		return config_wrong(r, "driver gammu", "there is no driver \"%s\"", argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_pin_file, cfg_pin_file_cmd, "pin-file .PATH",
      "PIN of the SIM\nPath of a file with nothing but the digits\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, r->modem))
		return CMD_WARNING;
	r->modem->pin_file = take_path(r, argv, argc);
	return CMD_SUCCESS;
}

DEFUN(cfg_pauses, cfg_pauses_cmd, "pauses (normal|short)",
      "Pauses that the driver makes for slow modems\nAs the driver has them\n"
      "Next to none: for modems that need none, and for the simulated one\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, r->modem))
		return CMD_WARNING;
	r->modem->short_pauses = argv[0][0] == 's';
	return CMD_SUCCESS;
}

DEFUN(cfg_number, cfg_number_cmd, "number NUMBER",
      "Number of its SIM: nothing is sent to it\nWith country: +33639980100\n")
{
	struct config_reader *r = vty->priv;

	if (once(r, self, r->modem))
		return CMD_WARNING;
	if (!is_e164(argv[0]))
		return config_wrong(r, "number +33639980100",
				    "a number is + and 7 to 15 digits, country first");
	r->modem->number = talloc_strdup(r->modem, argv[0]);
	return CMD_SUCCESS;
}

/* ---- the table ---- */

static const struct {
	int node;
	struct cmd_element *cmd; /* NULL: one of libosmovty's own, named for advice */
	const char *syntax;      /* as advice gives it */
} commands[] = {
	{ CONFIG_NODE, &cfg_gateway_cmd, "gateway" },
	{ CONFIG_NODE, &cfg_modem_cmd, "modem NAME" },
	{ CONFIG_NODE, NULL, "log stderr" },
	{ CONFIG_NODE, NULL, "log syslog daemon" },
	{ CONFIG_NODE, NULL, "log file PATH" },
	{ GATEWAY_NODE, &cfg_database_cmd, "database sqlite PATH" },
	{ GATEWAY_NODE, &cfg_control_cmd, "control PATH" },
	{ GATEWAY_NODE, &cfg_key_file_cmd, "key-file PATH" },
	{ GATEWAY_NODE, &cfg_language_cmd, "language fr" },
	{ GATEWAY_NODE, &cfg_country_code_cmd, "country-code 33" },
	{ GATEWAY_NODE, &cfg_prefix_cmd, "allow-prefix +32" },
	{ GATEWAY_NODE, &cfg_time_zone_cmd, "time-zone Europe/Paris" },
	{ GATEWAY_NODE, &cfg_clock_cmd, "clock test" },
	{ GATEWAY_NODE, &cfg_phone_cmd, "phone NUMBER" },
	{ GATEWAY_NODE, &cfg_quiet_cmd, "quiet-hours 20:00 08:00" },
	{ GATEWAY_NODE, &cfg_retain_texts_cmd, "retain texts 30" },
	{ GATEWAY_NODE, &cfg_retain_delivery_cmd, "retain delivery 90" },
	{ GATEWAY_NODE, &cfg_budget_day_cmd, "budget day 20000" },
	{ GATEWAY_NODE, &cfg_budget_month_cmd, "budget month 100000" },
	{ GATEWAY_NODE, &cfg_budget_number_cmd, "budget number 2000" },
	{ GATEWAY_NODE, &cfg_rate_sender_cmd, "rate sender 1200" },
	{ GATEWAY_NODE, &cfg_rate_prefix_cmd, "rate prefix 3600" },
	{ GATEWAY_NODE, &cfg_rate_all_cmd, "rate all 36000" },
	{ GATEWAY_NODE, &cfg_strangers_cmd, "strangers 120" },
	{ MODEM_NODE, &cfg_device_cmd, "device PATH" },
	{ MODEM_NODE, &cfg_driver_cmd, "driver gammu" },
	{ MODEM_NODE, &cfg_pin_file_cmd, "pin-file PATH" },
	{ MODEM_NODE, &cfg_pauses_cmd, "pauses normal|short" },
	{ MODEM_NODE, &cfg_number_cmd, "number +33639980100" },
	{ CFG_LOG_NODE, NULL, "logging level all notice" },
	{ CFG_LOG_NODE, NULL, "logging timestamp 0|1" },
	{ CFG_LOG_NODE, NULL, "logging print level 0|1" },
};

static const struct {
	int node;
	const char *name;
} nodes[] = {
	{ CONFIG_NODE, "the file" },
	{ GATEWAY_NODE, "gateway" },
	{ MODEM_NODE, "modem" },
	{ CFG_LOG_NODE, "log" },
};

const char *config_vty_node_name(int node)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		if (nodes[i].node == node)
			return nodes[i].name;
	}
	return "?";
}

/* Letters that the first word of a syntax and a word differ by. */
static unsigned int distance(const char *syntax, const char *word)
{
	char first[32];

	OSMO_STRLCPY_ARRAY(first, syntax);
	first[strcspn(first, " ")] = '\0';
	return closest_distance(first, word);
}

const char *config_vty_syntax(int node, const char *word, bool exact)
{
	unsigned int best = exact ? 1 : strlen(word) / 2 + 1;
	const char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		unsigned int d;

		if (commands[i].node != node)
			continue;
		d = distance(commands[i].syntax, word);
		if (d < best) {
			best = d;
			found = commands[i].syntax;
		}
	}
	return found;
}

void config_vty_init(enum config_use use)
{
	static struct vty_app_info info = { .name = "chappe", .version = "", .copyright = "" };
	static struct cmd_node gateway_node = { GATEWAY_NODE, "%s(config-gateway)# ", 1 };
	static struct cmd_node modem_node = { MODEM_NODE, "%s(config-modem)# ", 1 };
	static bool done;

	if (done)
		return;
	done = true;
	vty_init(&info);
	if (use != CONFIG_CLIENT)
		logging_vty_add_cmds();
	install_node(&gateway_node, NULL);
	install_node(&modem_node, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].cmd)
			install_element(commands[i].node, commands[i].cmd);
	}
}
