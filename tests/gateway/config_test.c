/* The configuration: what is understood, and what is said about what is not.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>
#include <osmocom/core/talloc.h>

#include "gateway/config.h"
#include "gateway/log.h"

#include "tests/support/process.h"

static void *ctx;
static char *dir;

static const char whole[] = "! the platform of Lens\n"
			    "log stderr\n"
			    " logging level all notice\n"
			    "gateway\n"
			    " database sqlite chappe.db\r\n"
			    " control control\n"
			    " language fr\n"
			    " country-code 33\n"
			    " allow-prefix +32\n"
			    " allow-prefix +31\n"
			    " time-zone Europe/Paris\n"
			    " clock test\n"
			    " key-file secret/key of ours\n"
			    " phone 03 20 00 00 00\n"
			    " quiet-hours 21:30 07:00\n"
			    " budget day 500\n"
			    " budget month none\n"
			    " rate sender 60\n"
			    " strangers 10\n"
			    "!\n"
			    "# two modems\n"
			    "modem gsm0\n"
			    " device /dev/serial/by-id/usb-one\n"
			    " driver gammu\n"
			    " pin-file gsm0.pin\n"
			    " pauses short\n"
			    " number +33639980100\n"
			    "\n"
			    "modem gsm1\n"
			    "\tdevice modem\n";

static struct config *parse(const char *text, char **error)
{
	struct config *cfg = NULL;
	int rc = config_parse(&cfg, ctx, "/etc/chappe/chappe.cfg", text, CONFIG_GATEWAY, error);

	assert_true(rc == 0 || rc == -EINVAL);
	assert_int_equal(rc == 0, cfg != NULL);
	return cfg;
}

static void everything_is_read(void **state)
{
	char *error = NULL;
	struct config *cfg = parse(whole, &error);
	struct config_modem *m;

	(void)state;
	if (!cfg)
		fail_msg("%s", error);
	assert_string_equal(cfg->database, "/etc/chappe/chappe.db");
	assert_string_equal(cfg->control, "/etc/chappe/control");
	assert_string_equal(cfg->key_file, "/etc/chappe/secret/key of ours");
	assert_string_equal(cfg->phone, "03 20 00 00 00");
	assert_string_equal(cfg->prefixes[0], "+32");
	assert_string_equal(cfg->prefixes[1], "+31");
	assert_null(cfg->prefixes[2]);
	assert_int_equal(cfg->quiet_from, 21 * 60 + 30);
	assert_int_equal(cfg->quiet_to, 7 * 60);
	assert_true(cfg->clock_test);
	assert_int_equal(cfg->budget.day, 500);
	assert_int_equal(cfg->budget.month, 0);
	assert_int_equal(cfg->budget.number, CONFIG_BUDGET_NUMBER);
	assert_int_equal(cfg->limits.sender, 60);
	assert_int_equal(cfg->limits.all, CONFIG_RATE_ALL);
	assert_int_equal(cfg->limits.strangers, 10);
	m = config_modem_find(cfg, "gsm0");
	assert_non_null(m);
	assert_int_equal(m->index, 0);
	assert_string_equal(m->device, "/dev/serial/by-id/usb-one");
	assert_string_equal(m->driver, "gammu");
	assert_string_equal(m->pin_file, "/etc/chappe/gsm0.pin");
	assert_string_equal(m->number, "+33639980100");
	assert_true(m->short_pauses);
	m = config_modem_find(cfg, "gsm1");
	assert_non_null(m);
	assert_int_equal(m->index, 1);
	assert_int_equal(m->line, 29);
	assert_string_equal(m->device, "/etc/chappe/modem");
	assert_false(m->short_pauses);
	assert_null(m->pin_file);
	assert_null(config_modem_find(cfg, "gsm2"));
	talloc_free(cfg);
}

static void the_rest_has_defaults(void **state)
{
	char *error = NULL;
	struct config *cfg = parse("gateway\n database sqlite /d/c.db\n control /d/c\n", &error);

	(void)state;
	if (!cfg)
		fail_msg("%s", error);
	assert_string_equal(cfg->key_file, "/d/c.db.key");
	assert_string_equal(cfg->language, "fr");
	assert_string_equal(cfg->country_code, "33");
	assert_string_equal(cfg->time_zone, "Europe/Paris");
	assert_int_equal(cfg->quiet_from, 20 * 60);
	assert_int_equal(cfg->quiet_to, 8 * 60);
	assert_false(cfg->clock_test);
	assert_null(cfg->phone);
	assert_null(cfg->prefixes);
	assert_true(llist_empty(&cfg->modems));
	talloc_free(cfg);
}

#define GATEWAY "gateway\n database sqlite d\n control c\n"

struct row {
	const char *name;
	const char *text;
	unsigned int line; /* 0: none is named */
	const char *what;
	const char *right; /* NULL: no advice */
};

static const struct row wrong[] = {
	{ "a word misspelt", "gateway\n databse sqlite x\n", 2,
	  "there is no \"databse\" in gateway", "database sqlite PATH" },
	{ "a section misspelt", "gatway\n", 1, "there is no \"gatway\" in the file", "gateway" },
	{ "nothing like it", "gateway\n frobnicate 3\n", 2, "there is no \"frobnicate\" in gateway",
	  NULL },
	{ "a word is missing", "gateway\n database\n", 2, "\"database\" does not have this form",
	  "database sqlite PATH" },
	{ "a word too many", "gateway\n country-code 33 34\n", 2,
	  "\"country-code\" does not have this form", "country-code 33" },
	{ "another engine", "gateway\n database mysql x\n", 2,
	  "\"database\" does not have this form", "database sqlite PATH" },
	{ "PostgreSQL", "gateway\n database postgresql host=db dbname=chappe\n", 2,
	  "PostgreSQL is not served yet in this version", "database sqlite PATH" },
	{ "a line of the modem in gateway", "gateway\n device x\n", 2,
	  "\"device\" does not belong to gateway", "\" device PATH\" below \"modem\"" },
	{ "not indented", "gateway\ndatabase sqlite x\n", 2,
	  "\"database\" does not belong to the file",
	  "\" database sqlite PATH\" below \"gateway\"" },
	{ "indented for nothing", " gateway\n", 1, "belongs to no section", "`gateway`" },
	{ "a section inside another", "gateway\n modem gsm0\n", 2,
	  "\"modem\" does not belong to gateway", "\"modem NAME\" at the beginning" },
	{ "twice", GATEWAY " control d\n", 4, "it stands on line 3 already", "one of the two" },
	{ "one modem twice", GATEWAY "modem a1\n device x\nmodem a1\n", 6,
	  "modem a1 stands on line 4 already", "another name" },
	{ "two modems, one device", GATEWAY "modem a1\n device x\nmodem a2\n device x\n", 7,
	  "modem a1 has this device already (line 5)", "a device of its own" },
	{ "a modem without device", GATEWAY "modem a1\n driver gammu\n", 4,
	  "modem a1 has no device", " device /dev/serial" },
	{ "a bad name", "modem GSM/0\n", 1, "a name is a small letter", "modem gsm0" },
	{ "a driver that is none", GATEWAY "modem a1\n driver at\n", 5, "there is no driver \"at\"",
	  "driver gammu" },
	{ "a language that is not there", "gateway\n language de\n", 2,
	  "the language \"de\" is not built in", "language fr" },
	{ "a country code with a plus", "gateway\n country-code +33\n", 2, "one to three digits",
	  "country-code 33" },
	{ "a prefix without a plus", "gateway\n allow-prefix 32\n", 2, "a prefix is + and digits",
	  "allow-prefix +32" },
	{ "a zone that is none", "gateway\n time-zone Europe/Lens\n", 2,
	  "no time zone \"Europe/Lens\"", "time-zone Europe/Paris" },
	{ "a zone outside the folder", "gateway\n time-zone ../passwd\n", 2, "no time zone",
	  "time-zone Europe/Paris" },
	{ "a clock that is none", "gateway\n clock fast\n", 2, "\"clock\" does not have this form",
	  "clock test" },
	{ "no limit", "gateway\n budget day 0\n", 2, "\"0\" is no limit", "a number from 1" },
	{ "limit of what", "gateway\n budget week 7\n", 2, "does not have this form",
	  "budget day" },
	{ "hours that are none", "gateway\n quiet-hours 20:00 25:00\n", 2,
	  "\"25:00\" is no time of the day", "quiet-hours 20:00 08:00" },
	{ "a number that is none", GATEWAY "modem a1\n number 0639980100\n", 5,
	  "a number is + and 7 to 15 digits", "number +33639980100" },
	{ "a phone with letters", "gateway\n phone 03 20 CALL\n", 2, "a telephone number is digits",
	  "phone 03 20" },
	{ "no database", "gateway\n control c\n", 0, "the gateway has no database",
	  "database sqlite PATH" },
	{ "no control socket", "gateway\n database sqlite d\n", 0,
	  "the gateway has no control socket", "control PATH" },
	{ "nothing at all", "", 0, "the gateway has no database", "database sqlite PATH" },
	{ "a path too long for a socket",
	  "gateway\n database sqlite d\n control "
	  "/a234567890123456789012345678901234567890123456789012345678901234567890"
	  "123456789012345678901234567890123456789\n",
	  3, "the path of a socket has 107 characters at most", "/run/chappe/control" },
	{ "a control character", "gateway\n phone 12\x1b[2J34\n", 2, "a control character",
	  "plain text" },
	{ "no log target", "log stdrr\n", 1, "\"log\" does not have this form", "log stderr" },
	{ "no logging command", "log stderr\n logging levle all notice\n", 2,
	  "\"logging\" does not have this form", "logging level all notice" },
	{ "a log level that is none", "log stderr\n logging level all loud\n", 2,
	  "\"logging\" does not have this form", "logging level all notice" },
};

static void check_wrong(const struct row *row)
{
	char *error = NULL, *start;
	struct config *cfg = parse(row->text, &error);

	if (cfg)
		fail_msg("%s: it was accepted", row->name);
	if (row->line)
		start = talloc_asprintf(ctx, "/etc/chappe/chappe.cfg:%u: ", row->line);
	else
		start = talloc_strdup(ctx, "/etc/chappe/chappe.cfg: ");
	if (strncmp(error, start, strlen(start)) || !strstr(error, row->what))
		fail_msg("%s: %s", row->name, error);
	if (!row->right ? strstr(error, "right is:") != NULL
			: !strstr(error, "right is:") || !strstr(error, row->right))
		fail_msg("%s: %s", row->name, error);
	if (row->line && !strstr(error, "the line:"))
		fail_msg("%s: %s", row->name, error);
	talloc_free(start);
	talloc_free(error);
}

static void what_is_wrong_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		check_wrong(&wrong[i]);
}

static void the_example_is_right(void **state)
{
	struct config *cfg = NULL;
	char *error = NULL;

	(void)state;
	if (config_read(&cfg, ctx, SRCDIR "/doc/chappe.cfg", CONFIG_CLIENT, &error))
		fail_msg("%s", error);
	assert_string_equal(cfg->control, "/run/chappe/control");
	assert_non_null(config_modem_find(cfg, "gsm0"));
	talloc_free(cfg);
}

static const char *write_file(const char *name, const char *text)
{
	const char *path = talloc_asprintf(ctx, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

/* \returns the error, or NULL */
static char *read_config(const char *text, enum config_use use)
{
	const char *path = write_file("chappe.cfg", text);
	struct config *cfg = NULL;
	char *error = NULL;
	int rc = config_read(&cfg, ctx, path, use, &error);

	assert_true(rc == 0 || rc == -EINVAL);
	talloc_free(cfg);
	return error;
}

static void files_are_looked_at(void **state)
{
	const char *text = GATEWAY "modem gsm0\n device modem\n pin-file pin\n";
	char *error;

	(void)state;
	error = read_config(text, CONFIG_DAEMON);
	assert_non_null(error);
	assert_non_null(strstr(error, "chappe.cfg:6: "));
	assert_non_null(strstr(error, "/pin cannot be read: No such file"));
	assert_null(read_config(text, CONFIG_CLIENT));
	write_file("pin", "12ab\n");
	error = read_config(text, CONFIG_DAEMON);
	assert_non_null(error);
	assert_non_null(strstr(error, "/pin holds no PIN"));
	assert_null(strstr(error, "12ab"));
	write_file("pin", " 1234\n");
	assert_null(read_config(text, CONFIG_DAEMON));

	error = read_config("gateway\n database sqlite no/d\n control c\n", CONFIG_DAEMON);
	assert_non_null(error);
	assert_non_null(strstr(error, "chappe.cfg:2: there is no folder"));
	assert_non_null(strstr(error, "mkdir -p"));
}

static void two_names_of_one_device(void **state)
{
	const char *text = GATEWAY "modem a1\n device tty\nmodem a2\n device by-id\n";
	char *link_path = talloc_asprintf(ctx, "%s/by-id", dir);
	char *error;

	(void)state;
	write_file("tty", "");
	assert_int_equal(symlink("tty", link_path), 0);
	error = read_config(text, CONFIG_DAEMON);
	assert_non_null(error);
	assert_non_null(strstr(error, "modem a1 has this device already"));
}

static void pins(void **state)
{
	static const struct {
		const char *text, *pin;
	} rows[] = {
		{ "1234", "1234" },
		{ "12345678\n", "12345678" },
		{ "\n 0000 \r\n", "0000" },
		{ "", NULL },
		{ "123", NULL },
		{ "123456789", NULL },
		{ "1234 5678", NULL },
		{ "12a4", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config_modem m = { .pin_file = write_file("p", rows[i].text) };
		char *pin = NULL;
		int rc = config_read_pin(&pin, ctx, &m);

		assert_int_equal(rc, rows[i].pin ? 0 : -EINVAL);
		if (rows[i].pin)
			assert_string_equal(pin, rows[i].pin);
	}
	assert_int_equal(config_read_pin(NULL, ctx, &(struct config_modem){ 0 }), -ENOENT);
}

static void odd_files(void **state)
{
	struct config *cfg = NULL;
	char *error = NULL, *big;

	(void)state;
	assert_int_equal(config_read(&cfg, ctx, "/nowhere/chappe.cfg", CONFIG_DAEMON, &error),
			 -ENOENT);
	assert_non_null(strstr(error, "/nowhere/chappe.cfg: the configuration cannot be read"));
	assert_int_equal(config_read(&cfg, ctx, dir, CONFIG_DAEMON, &error), -EINVAL);
	big = talloc_zero_size(ctx, CONFIG_SIZE_MAX + 2);
	memset(big, '!', CONFIG_SIZE_MAX + 1);
	assert_non_null(strstr(read_config(big, CONFIG_DAEMON), "File too large"));
}

static int setup(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "config_test");
	dir = process_temp_dir(ctx);
	log_open(talloc_named_const(NULL, 0, "logging"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	process_remove_dir(dir);
	talloc_free(ctx);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(the_rest_has_defaults),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(files_are_looked_at),
		cmocka_unit_test(two_names_of_one_device),
		cmocka_unit_test(pins),
		cmocka_unit_test(odd_files),
		cmocka_unit_test(the_example_is_right),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
