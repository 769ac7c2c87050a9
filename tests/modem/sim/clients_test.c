/* The simulated modem under the programs that people use: Debian's gammu, gammu-smsd and smsd of smstools.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/support/process.h"
#include "tests/support/sim.h"

/* They pause for seconds between their own steps. */
#define DEADLINE_MS 40000

#define LONG_TEXT                                                                                \
	"je voudrais 2 kg de carottes, 3 kg de pommes de terre, une botte de radis, six oeufs, " \
	"un pain complet, deux litres de lait, un pot de miel et une salade, s'il vous plait, "  \
	"pour samedi"

struct place {
	char *dir;
	struct simulator *sim;
	pid_t pid;
};

static int place_free(struct place *p)
{
	if (p->pid)
		process_stop(p->pid, SIGTERM, 10000);
	talloc_free(p->sim);
	process_remove_dir(p->dir);
	return 0;
}

static struct place *place_new(void)
{
	struct place *p = talloc_zero(NULL, struct place);

	p->dir = process_temp_dir(p);
	p->sim = sim_start(p, p->dir, NULL);
	talloc_set_destructor(p, place_free);
	return p;
}

/* A program that is not there cannot be tried. (cmocka's skip() is written as a failure in TAP.) */
static bool missing(const char *program)
{
	if (process_installed(program))
		return false;
	print_message("# SKIP %s is not installed\n", program);
	return true;
}

static char *in_dir(struct place *p, const char *name)
{
	return talloc_asprintf(p, "%s/%s", p->dir, name);
}

static void make_dir(struct place *p, const char *name)
{
	assert_int_equal(mkdir(in_dir(p, name), 0700), 0);
}

static void write_file(struct place *p, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void write_file(struct place *p, const char *name, const char *fmt, ...)
{
	FILE *f = fopen(in_dir(p, name), "w");
	va_list ap;

	assert_non_null(f);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	assert_int_equal(fclose(f), 0);
}

static char *read_file(struct place *p, const char *path)
{
	char buf[8192];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return talloc_strndup(p, buf, n);
}

/* Wait until a folder has so many files. */
static void wait_files(struct place *p, const char *name, size_t want)
{
	int64_t end = process_now_ms() + DEADLINE_MS;
	size_t n;

	do {
		DIR *dir = opendir(in_dir(p, name));
		struct dirent *e;

		assert_non_null(dir);
		for (n = 0; (e = readdir(dir));)
			n += e->d_name[0] != '.';
		closedir(dir);
		if (process_now_ms() > end)
			fail_msg("%s: %zu of %zu files\n%s", name, n, want,
				 read_file(p, in_dir(p, "log")));
		process_nap();
	} while (n < want);
}

/* Whether a file of a folder holds that. */
static bool any_file_has(struct place *p, const char *name, const char *what)
{
	DIR *dir = opendir(in_dir(p, name));
	struct dirent *e;
	bool found = false;

	assert_non_null(dir);
	while (!found && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			found = strstr(read_file(p, talloc_asprintf(p, "%s/%s/%s", p->dir, name,
								    e->d_name)),
				       what);
	closedir(dir);
	return found;
}

static void contains(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no '%s' in: %s", what, text);
}

static void test_gammu(void **state)
{
	struct place *p;
	char *out;
	int rc;

	(void)state;
	if (missing("gammu"))
		return;
	p = place_new();
	sim_inject(p->sim, "+33639980001", "bjr je voudrai 2kg de patate");
	sim_inject(p->sim, "+33639980002", "ça coûte 3 €");
	write_file(p, "rc", "[gammu]\nport = %s\nconnection = at\n", p->sim->link);
	write_file(p, "batch",
		   "identify\ngetallsms\nsendsms TEXT +33639980001 -text \"Votre panier\"\n"
		   "getussd *123#\ndeleteallsms 1\n");
	out = process_run(p, NULL, DEADLINE_MS, &rc,
			  (const char *[]){ "gammu", "-c", in_dir(p, "rc"), "batch",
					    in_dir(p, "batch"), NULL });
	contains(out, "Manufacturer         : Chappe");
	contains(out, "SIM IMSI             : 001010000000001");
	contains(out, "bjr je voudrai 2kg de patate");
	contains(out, "2 SMS parts in 2 SMS sequences");
	contains(out, "OK, message reference=0");
	assert_int_equal(rc, 0);
	assert_non_null(sim_wait_message(p->sim, "+33639980001", "Votre panier", 1000));
	assert_int_equal(sim_pending(p->sim), 0);
	talloc_free(p);
}

static void test_gammu_smsd(void **state)
{
	static const char *const folders[] = { "inbox", "outbox", "sent", "error" };
	struct place *p;

	(void)state;
	if (missing("gammu-smsd"))
		return;
	p = place_new();
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		make_dir(p, folders[i]);
	write_file(p, "rc",
		   "[gammu]\nport = %s\nconnection = at\n[smsd]\nservice = files\n"
		   "logfile = %s/log\ndebuglevel = 1\ninboxpath = %s/inbox/\n"
		   "outboxpath = %s/outbox/\nsentsmspath = %s/sent/\nerrorsmspath = %s/error/\n"
		   "loopsleep = 1\nchecksecurity = 0\nstatusfrequency = 0\n",
		   p->sim->link, p->dir, p->dir, p->dir, p->dir, p->dir);
	sim_inject(p->sim, "+33639980001", "bjr");
	sim_inject(p->sim, "+33639980002", "ça coûte 3 €");
	write_file(p, "outbox/OUTC20260101_000000_00_+33639980001_sms0.txtd", "Votre panier");
	write_file(p, "outbox/OUTC20260101_000000_01_+33639980002_sms0.txtd", LONG_TEXT);
	p->pid = process_start(in_dir(p, "log"),
			       (const char *[]){ "gammu-smsd", "-c", in_dir(p, "rc"), NULL });
	sim_inject(p->sim, "+33639980003", LONG_TEXT);
	assert_non_null(sim_wait_message(p->sim, "+33639980001", "Votre panier", DEADLINE_MS));
	assert_non_null(sim_wait_message(p->sim, "+33639980002", LONG_TEXT, DEADLINE_MS));
	wait_files(p, "inbox", 4); /* one for each part */
	assert_true(sim_wait_read(p->sim, DEADLINE_MS));
	wait_files(p, "sent", 2);
	assert_true(any_file_has(p, "inbox", "bjr"));
	assert_true(any_file_has(p, "inbox", "pour samedi"));
	talloc_free(p);
}

static void test_smstools(void **state)
{
	static const char *const folders[] = { "incoming", "outgoing", "checked", "sent",
					       "failed" };
	struct place *p;

	(void)state;
	if (missing("smsd"))
		return;
	p = place_new();
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		make_dir(p, folders[i]);
	write_file(p, "rc",
		   "devices = GSM1\nlogfile = %s/log\nloglevel = 5\nincoming = %s/incoming\n"
		   "outgoing = %s/outgoing\nchecked = %s/checked\nsent = %s/sent\n"
		   "failed = %s/failed\ninfofile = %s/info\npidfile = %s/pid\ndelaytime = 1\n"
		   "autosplit = 3\n[GSM1]\ndevice = %s\ninit = AT+CNMI=2,1,0,0,0\n"
		   "incoming = yes\nbaudrate = 115200\nrtscts = no\n",
		   p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->sim->link);
	sim_inject(p->sim, "+33639980001", "bjr");
	write_file(p, "outgoing/one", "To: 33639980001\n\nVotre panier\n");
	write_file(p, "outgoing/two", "To: 33639980002\n\n%s\n", LONG_TEXT);
	p->pid = process_start(
		in_dir(p, "log"),
		(const char *[]){ "smsd", talloc_asprintf(p, "-c%s/rc", p->dir), "-t", NULL });
	sim_inject(p->sim, "+33639980002", "ça coûte 3 €");
	assert_non_null(sim_wait_message(p->sim, "+33639980001", "Votre panier", DEADLINE_MS));
	assert_non_null(sim_wait_message(p->sim, "+33639980002", "pour samedi", DEADLINE_MS));
	wait_files(p, "incoming", 2);
	assert_true(sim_wait_read(p->sim, DEADLINE_MS));
	wait_files(p, "sent", 2);
	assert_true(any_file_has(p, "incoming", "bjr"));
	talloc_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gammu),
		cmocka_unit_test(test_gammu_smsd),
		cmocka_unit_test(test_smstools),
	};

	return cmocka_run_group_tests_name("sim with real programs", tests, NULL, NULL);
}
