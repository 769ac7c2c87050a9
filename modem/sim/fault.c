/* What goes wrong, asked for by name over the control socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/fault.h"

#include <stdint.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "modem/sim/at.h"
#include "modem/sim/card.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

/* A fault that is armed with a number: how many times, how much, which cause. */
struct fault_row {
	const char *name;
	bool counted;        /* spent one by one; else it holds */
	unsigned int preset; /* without an argument; 0: one is needed */
	unsigned int max;
};

static const struct fault_row rows[_FAULT_NUM] = {
	[FAULT_SILENT] = { "silent", false, 1, 1 },
	[FAULT_SLOW] = { "slow", false, 0, 600000 },
	[FAULT_CMS_ERROR] = { "cms-error", false, 0, 999 },
	[FAULT_CMS_ERROR_SENT] = { "cms-error-sent", false, 0, 999 },
	[FAULT_CMS_ERROR_EACH] = { "cms-error-each", false, 0, 999 },
	[FAULT_LOST_CMGS] = { "lost-cmgs", true, 1, 1000 },
	[FAULT_DUPLICATE_ANSWER] = { "duplicate-answer", true, 1, 1000 },
	[FAULT_OK_MISSING] = { "ok-missing", true, 1, 1000 },
	[FAULT_ECHO_DOUBLE] = { "echo-double", false, 1, 1 },
	[FAULT_URC_INSIDE] = { "urc-inside", true, 1, 1000 },
	[FAULT_URC_PROMPT] = { "urc-prompt", true, 1, 1000 },
	[FAULT_PROMPT_MISSING] = { "prompt-missing", true, 1, 1000 },
	[FAULT_PROMPT_BARE] = { "prompt-bare", true, 1, 1000 },
	[FAULT_STORE_FULL] = { "store-full", false, 1, 1 },
	[FAULT_FULL_UNSAID] = { "full-unsaid", false, 1, 1 },
	[FAULT_CMGD_IGNORED] = { "cmgd-ignored", true, 1, 1000 },
	[FAULT_CMGL_JUNK] = { "cmgl-junk", true, 1, 1000 },
	[FAULT_PDU_CUT] = { "pdu-cut", true, 1, 1000 },
	[FAULT_CMTI_LOST] = { "cmti-lost", true, 1, 1000 },
	[FAULT_CMTI_TWICE] = { "cmti-twice", true, 1, 1000 },
	[FAULT_REDELIVER] = { "redeliver", false, 1, 1000 },
	[FAULT_REGISTRATION] = { "registration", false, 0, 7 },
	[FAULT_NO_REPORTS] = { "no-reports", false, 1, 1 },
	[FAULT_LATE_REPORTS] = { "late-reports", false, 0, 3600 },
	[FAULT_REPORT_STATUS] = { "report-status", false, 0, 255 },
	[FAULT_REPORT_FIRST] = { "report-first", true, 1, 1000 },
	[FAULT_REPORT_TWICE] = { "report-twice", true, 1, 1000 },
	[FAULT_REPORT_PENDING] = { "report-pending", true, 1, 1000 },
	[FAULT_REPORT_NATIONAL] = { "report-national", false, 1, 1 },
	[FAULT_USSD_OPEN] = { "ussd-open", true, 1, 1000 },
	[FAULT_GARBLE] = { "garble", false, 1, 1 },
	[FAULT_SIM_BUSY] = { "sim-busy", false, 1, 1 },
	[FAULT_SIM_REMOVED] = { "sim-removed", false, 1, 1 },
};

unsigned int fault_value(const struct sim *sim, enum fault fault)
{
	return sim->faults.value[fault];
}

bool fault_spend(struct sim *sim, enum fault fault)
{
	if (!sim->faults.value[fault])
		return false;
	if (rows[fault].counted)
		sim->faults.value[fault]--;
	return true;
}

/* ---- what happens at once ---- */

static const char *do_unplug(struct sim *sim, const char *arg)
{
	(void)arg;
	tty_unplug(sim->tty);
	at_hangup(sim->at);
	return NULL;
}

static const char *do_replug(struct sim *sim, const char *arg)
{
	(void)arg;
	if (tty_plug(sim->tty))
		return "the terminal cannot be opened again";
	at_reboot(sim->at);
	net_push(sim->net);
	return NULL;
}

static const char *do_reboot(struct sim *sim, const char *arg)
{
	(void)arg;
	at_reboot(sim->at);
	net_push(sim->net);
	return NULL;
}

/* Nobody is told: a modem whose power failed for a moment, behind a port that did not. */
static const char *do_reboot_silent(struct sim *sim, const char *arg)
{
	(void)arg;
	tty_mute(sim->tty, true);
	at_reboot(sim->at);
	tty_mute(sim->tty, false);
	net_push(sim->net);
	return NULL;
}

static const char *do_mr(struct sim *sim, const char *arg)
{
	unsigned int mr;

	if (!arg || !at_number(&mr, arg, 255))
		return "mr: TP-MR of the next message, up to 255";
	sim->card->mr = (uint8_t)mr;
	return NULL;
}

static const char *do_air(struct sim *sim, const char *arg)
{
	if (!arg || !at_number(&sim->opt.air_ms, arg, 600000))
		return "air: milliseconds on air, up to 600000";
	return NULL;
}

static const char *do_pin_tries(struct sim *sim, const char *arg)
{
	unsigned int tries;

	if (!arg || !at_number(&tries, arg, CARD_PIN_TRIES))
		return "pin-tries: tries of the PIN that are left, up to 3";
	sim->card->pin_tries = tries;
	return NULL;
}

static const char *do_denied(struct sim *sim, const char *arg)
{
	(void)arg;
	sim->faults.value[FAULT_REGISTRATION] = NET_DENIED;
	return NULL;
}

static const char *do_sms_only(struct sim *sim, const char *arg)
{
	(void)arg;
	sim->faults.value[FAULT_REGISTRATION] = NET_SMS_ONLY;
	return NULL;
}

/* Octets without sense, the same on each run. */
static const char *do_noise(struct sim *sim, const char *arg)
{
	unsigned int n = 64;
	uint32_t state = 12345;

	if (arg && !at_number(&n, arg, 65536))
		return "noise: how many octets, up to 65536";
	while (n--) {
		uint8_t c;

		state = state * 1103515245 + 12345;
		c = (uint8_t)(state >> 16);
		tty_write(sim->tty, &c, 1);
	}
	return NULL;
}

static const char *do_imsi(struct sim *sim, const char *arg)
{
	if (!arg || strspn(arg, "0123456789") != strlen(arg) || strlen(arg) < 6 || strlen(arg) > 15)
		return "imsi: 6 to 15 digits";
	card_swap(sim->card, arg);
	return NULL;
}

static void tell_registration(struct sim *sim)
{
	static const size_t modes[] = { offsetof(struct at_settings, creg),
					offsetof(struct at_settings, cgreg),
					offsetof(struct at_settings, cereg) };
	static const char *const names[] = { "+CREG", "+CGREG", "+CEREG" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (*(const int *)((const char *)&sim->at->set + modes[i]))
			at_unasked(sim->at, "%s: %d", names[i], net_registration(sim->net));
}

static const char *do_clear(struct sim *sim, const char *arg)
{
	bool known = !arg;

	for (size_t i = 0; i < _FAULT_NUM; i++) {
		if (arg && strcmp(arg, rows[i].name))
			continue;
		sim->faults.value[i] = 0;
		known = true;
	}
	if (!known)
		return "there is no fault of that name to clear";
	net_push(sim->net);
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(struct sim *sim, const char *arg);
} actions[] = {
	{ "clear", do_clear },
	{ "unplug", do_unplug },
	{ "replug", do_replug },
	{ "reboot", do_reboot },
	{ "noise", do_noise },
	{ "imsi", do_imsi },
	{ "network-denied", do_denied },
	{ "sms-only", do_sms_only },
	{ "reboot-silent", do_reboot_silent },
	{ "mr", do_mr },
	{ "air", do_air },
	{ "pin-tries", do_pin_tries },
};

static const char *arm(struct sim *sim, size_t i, const char *arg)
{
	unsigned int v = rows[i].preset;

	if (arg ? !at_number(&v, arg, rows[i].max) : !v)
		return "this fault needs a number; see chappe-sim(1)";
	sim->faults.value[i] = v;
	return NULL;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < _FAULT_NUM; i++)
		if (!strcmp(rows[i].name, name))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name))
			return true;
	return false;
}

static const char *dispatch(struct sim *sim, const char *name, const char *arg)
{
	for (size_t i = 0; i < _FAULT_NUM; i++)
		if (!strcmp(rows[i].name, name))
			return arm(sim, i, arg);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name))
			return actions[i].run(sim, arg);
	return "there is no fault of that name; see chappe-sim(1)";
}

const char *fault_command(struct sim *sim, size_t argc, char *const *argv)
{
	enum net_registration before = net_registration(sim->net);
	const char *error;

	if (!argc)
		return "which fault?";
	error = dispatch(sim, argv[0], argc > 1 ? argv[1] : NULL);
	tty_garble(sim->tty, sim->faults.value[FAULT_GARBLE]);
	if (!error && net_registration(sim->net) != before)
		tell_registration(sim);
	return error;
}

const char *fault_later(struct sim *sim, unsigned int n, size_t argc, char *const *argv)
{
	struct faults *f = &sim->faults;

	if (!n || !argc || !is_known(argv[0]))
		return "when, from 1, and which fault; see chappe-sim(1)";
	f->later = n;
	OSMO_STRLCPY_ARRAY(f->later_name, argv[0]);
	OSMO_STRLCPY_ARRAY(f->later_value, argc > 1 ? argv[1] : "");
	return NULL;
}

bool fault_tick(struct sim *sim)
{
	struct faults *f = &sim->faults;
	char *argv[] = { f->later_name, f->later_value };

	if (!f->later || --f->later)
		return false;
	fault_command(sim, f->later_value[0] ? 2 : 1, argv);
	return f->value[FAULT_SILENT] || !strcmp(f->later_name, "unplug")
	       || !strcmp(f->later_name, "reboot");
}

void fault_each(const struct sim *sim, void (*fn)(void *data, const char *name, unsigned int value),
		void *data)
{
	for (size_t i = 0; i < _FAULT_NUM; i++)
		if (sim->faults.value[i])
			fn(data, rows[i].name, sim->faults.value[i]);
}
