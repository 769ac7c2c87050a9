/* Commands that are not about messages: identity, card, network, USSD, calls, an empty telephone book.
 *
 * Clauses are those of 3GPP TS 27.007 unless another is named.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/at.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <unistr.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "modem/sim/card.h"
#include "modem/sim/control.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"

#define MANUFACTURER "Chappe"
#define MODEL        "Simulator"
#define IMEI         "004999010640000"
#define UCS2_MAX     480 /* characters of a string in UCS2 */

void at_defaults(struct at_settings *set)
{
	*set = (struct at_settings){ .echo = 1, .verbose = 1, .cfun = 1, .csms = 0 };
	OSMO_STRLCPY_ARRAY(set->charset, "GSM");
	OSMO_STRLCPY_ARRAY(set->smsc, NET_SMSC);
}

/* ---- character sets: +CSCS, clause 5.5 ---- */

static char *encode_ucs2(void *ctx, const char *utf8)
{
	size_t len = strlen(utf8), n = 0;
	uint16_t units[UCS2_MAX];
	char *out = talloc_strdup(ctx, "");
	uint16_t *all;

	n = ARRAY_SIZE(units);
	all = u8_to_u16((const uint8_t *)utf8, len, units, &n);
	for (size_t i = 0; all && i < n; i++)
		out = talloc_asprintf_append_buffer(out, "%04X", all[i]);
	if (all != units)
		free(all);
	return out;
}

/* One octet a septet, as modems do; a zero (the at sign) cannot stand in a C string and becomes a space. */
static char *encode_gsm(void *ctx, const char *utf8)
{
	char *fit = gsm7_transliterate(ctx, utf8);
	uint8_t septets[UCS2_MAX];
	int n = gsm7_encode(septets, sizeof(septets), fit);

	for (int i = 0; i < n; i++)
		if (!septets[i])
			septets[i] = ' ';
	return talloc_strndup(ctx, (const char *)septets, (size_t)OSMO_MAX(n, 0));
}

char *at_encode(struct at *at, const char *utf8)
{
	char *out, *c;

	if (!strcmp(at->set.charset, "UCS2"))
		return encode_ucs2(at->answer, utf8);
	if (!strcmp(at->set.charset, "GSM"))
		return encode_gsm(at->answer, utf8);
	out = talloc_strdup(at->answer, utf8);
	for (c = out; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	return out;
}

char *at_decode(struct at *at, const char *text)
{
	uint8_t octets[2 * UCS2_MAX];
	uint16_t units[UCS2_MAX];
	uint8_t utf8[3 * UCS2_MAX + 1];
	size_t len = sizeof(utf8) - 1;
	int n;

	if (strcmp(at->set.charset, "UCS2"))
		return talloc_strdup(at->answer, text);
	n = tpdu_unhex(octets, sizeof(octets), text);
	if (n < 0 || n & 1)
		return NULL;
	for (int i = 0; i < n / 2; i++)
		units[i] = (uint16_t)(octets[2 * i] << 8 | octets[2 * i + 1]);
	if (!u16_to_u8(units, (size_t)n / 2, utf8, &len))
		return NULL;
	return talloc_strndup(at->answer, (const char *)utf8, len);
}

static int run_cscs(struct at *at, const struct at_call *call)
{
	static const char *const known[] = { "GSM", "IRA", "UCS2" };

	if (call->form == AT_READ) {
		at_say(at, "+CSCS: \"%s\"", at->set.charset);
		return AT_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcasecmp(call->v[0], known[i])) {
			OSMO_STRLCPY_ARRAY(at->set.charset, known[i]);
			return AT_OK;
		}
	}
	return AT_CME(50);
}

/* ---- identity: clause 5 ---- */

static int run_manufacturer(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, MANUFACTURER);
	return AT_OK;
}

static int run_model(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, MODEL);
	return AT_OK;
}

static int run_revision(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "%s", PACKAGE_VERSION);
	return AT_OK;
}

static int run_serial(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, IMEI);
	return AT_OK;
}

static int run_imsi(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "%s", at->sim->card->imsi);
	return AT_OK;
}

static int run_capabilities(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "+GCAP: +CGSM");
	return AT_OK;
}

/* Nothing to do, and that is right: taken and forgotten. */
static int run_ok(struct at *at, const struct at_call *call)
{
	(void)at;
	(void)call;
	return AT_OK;
}

/* ---- card: clauses 7.4, 8.3 ---- */

static int pin_result(struct at *at, int rc)
{
	if (rc == 0) {
		at_unasked(at, "SMS Ready");
		net_push(at->sim->net);
		return AT_OK;
	}
	if (rc == -EPERM)
		return AT_CME(3);
	return card_lock(at->sim->card) == CARD_PUK_WANTED ? AT_CME(12) : AT_CME(16);
}

static int run_cpin(struct at *at, const struct at_call *call)
{
	static const char *const states[] = { [CARD_OPEN] = "READY",
					      [CARD_PIN_WANTED] = "SIM PIN",
					      [CARD_PUK_WANTED] = "SIM PUK",
					      [CARD_BLOCKED] = "BLOCKED" };
	struct card *card = at->sim->card;

	if (call->form == AT_READ) {
		at_say(at, "+CPIN: %s", states[card_lock(card)]);
		return AT_OK;
	}
	if (call->form != AT_SET)
		return AT_ERROR;
	if (call->n > 1)
		return pin_result(at, card_try_puk(card, call->v[0], call->v[1]));
	return pin_result(at, card_try_pin(card, call->v[0]));
}

/* Tries left, as several makers tell them. */
static int run_tries(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "+SPIC: %u,%u,0,0", at->sim->card->pin_tries, at->sim->card->puk_tries);
	return AT_OK;
}

static int run_facility(struct at *at, const struct at_call *call)
{
	if (call->form != AT_SET || strcmp(call->v[0], "SC"))
		return AT_CME(3);
	if (!strcmp(call->v[1], "2"))
		at_say(at, "+CLCK: %d", at->sim->card->pin[0] != 0);
	return AT_OK;
}

/* ---- network: clause 7 ---- */

static int run_creg(struct at *at, const struct at_call *call)
{
	int *mode = (int *)((char *)&at->set + call->command->setting);
	unsigned int v;

	if (call->form == AT_READ) {
		if (*mode == 2)
			at_say(at, "%s: 2,%d,\"0001\",\"0A01\"", call->command->name,
			       net_registration(at->sim->net));
		else
			at_say(at, "%s: %d,%d", call->command->name, *mode,
			       net_registration(at->sim->net));
		return AT_OK;
	}
	if (call->form != AT_SET || !at_number(&v, call->v[0], 2))
		return AT_CME(50);
	*mode = (int)v;
	return AT_OK;
}

static bool registered(const struct at *at)
{
	enum net_registration r = net_registration(at->sim->net);

	return r == NET_HOME || r == NET_ROAMING || r == NET_SMS_ONLY;
}

static int run_cops(struct at *at, const struct at_call *call)
{
	unsigned int mode, format = (unsigned int)at->set.cops_format;

	switch (call->form) {
	case AT_READ:
		if (!registered(at))
			at_say(at, "+COPS: 0");
		else if (format == 2)
			at_say(at, "+COPS: 0,2,\"00101\"");
		else
			at_say(at, "+COPS: 0,%u,\"%s\"", format,
			       at_encode(at, at->sim->opt.operator_name));
		return AT_OK;
	case AT_SET:
		if (!at_number(&mode, call->v[0], 4))
			return AT_CME(50);
		if (call->n > 1 && !at_number(&format, call->v[1], 2))
			return AT_CME(50);
		at->set.cops_format = (int)format;
		return AT_OK;
	case AT_EXEC:
	case AT_TEST:
		break;
	}
	return AT_ERROR;
}

static int run_cgatt(struct at *at, const struct at_call *call)
{
	if (call->form == AT_READ)
		at_say(at, "+CGATT: %d", net_registration(at->sim->net) == NET_HOME);
	return AT_OK;
}

static int run_csq(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "+CSQ: %s", registered(at) ? "21,0" : "99,99");
	return AT_OK;
}

static int run_cfun(struct at *at, const struct at_call *call)
{
	unsigned int v, reset = 0;

	if (call->form == AT_READ) {
		at_say(at, "+CFUN: %d", at->set.cfun);
		return AT_OK;
	}
	if (call->form != AT_SET || !at_number(&v, call->v[0], 4)
	    || (call->n > 1 && !at_number(&reset, call->v[1], 1)))
		return AT_CME(50);
	if (reset) {
		at_reboot(at);
	} else {
		at->set.cfun = (int)v;
		net_push(at->sim->net);
	}
	return AT_OK;
}

static int run_battery(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "+CBC: 0,100");
	return AT_OK;
}

static int run_clock(struct at *at, const struct at_call *call)
{
	time_t now = (time_t)sim_now(at->sim);
	char text[32];
	struct tm tm;

	if (call->form == AT_READ) {
		gmtime_r(&now, &tm);
		strftime(text, sizeof(text), "/%m/%d,%H:%M:%S+00", &tm);
		at_say(at, "+CCLK: \"%02d%s\"", tm.tm_year % 100, text);
	}
	return AT_OK;
}

static int run_activity(struct at *at, const struct at_call *call)
{
	(void)call;
	at_say(at, "+CPAS: %d", at->calling ? 3 : 0);
	return AT_OK;
}

/* ---- USSD: clause 7.15 ---- */

static int run_cusd(struct at *at, const struct at_call *call)
{
	unsigned int v = 0;
	char *code;

	if (call->form == AT_READ) {
		at_say(at, "+CUSD: %d", at->set.cusd);
		return AT_OK;
	}
	if (call->form != AT_SET || !at_number(&v, call->v[0], 2))
		return AT_CME(50);
	if (v == 2) {
		if (at->ussd_open)
			control_event(at->sim->control, "ussd-closed\t%" PRId64,
				      sim_monotonic_ns());
		at->ussd_open = false;
		return AT_OK;
	}
	at->set.cusd = (int)v;
	if (call->n == 1)
		return AT_OK;
	if (!registered(at))
		return AT_CME(30);
	code = at_decode(at, call->v[1]);
	if (!code)
		return AT_CME(50);
	net_ussd(at->sim->net, code);
	return AT_OK;
}

void at_ussd(struct at *at, int state, const char *text)
{
	at->ussd_open = state == 1;
	if (!at->set.cusd)
		return;
	if (text)
		at_unasked(at, "+CUSD: %d,\"%s\",%d", state, at_encode(at, text),
			   strcmp(at->set.charset, "UCS2") ? 15 : 72);
	else
		at_unasked(at, "+CUSD: %d", state);
}

/* ---- calls ---- */

void at_ring(struct at *at, const char *from)
{
	talloc_free(at->calling);
	at->calling = talloc_strdup(at, from);
	at_unasked(at, "RING");
	if (at->set.clip)
		at_unasked(at, "+CLIP: \"%s\",%d", from, from[0] == '+' ? 145 : 129);
}

static int hang_up(struct at *at)
{
	if (at->calling)
		control_event(at->sim->control, "hangup\t%s", at->calling);
	talloc_free(at->calling);
	at->calling = NULL;
	return AT_OK;
}

static int run_hang_up(struct at *at, const struct at_call *call)
{
	(void)call;
	return hang_up(at);
}

static int run_calls(struct at *at, const struct at_call *call)
{
	(void)call;
	if (at->calling)
		at_say(at, "+CLCC: 1,1,4,0,0,\"%s\",%d", at->calling,
		       at->calling[0] == '+' ? 145 : 129);
	return AT_OK;
}

/* ---- telephone book: clauses 8.11 to 8.14; it is there and empty ---- */

#define BOOK_SIZE 50

static int run_cpbs(struct at *at, const struct at_call *call)
{
	if (call->form == AT_READ)
		at_say(at, "+CPBS: \"SM\",0,%d", BOOK_SIZE);
	else if (call->form == AT_SET && strcmp(call->v[0], "SM"))
		return AT_CME(3);
	return AT_OK;
}

static int run_cpbr(struct at *at, const struct at_call *call)
{
	unsigned int index;

	(void)at;
	if (call->form != AT_SET || !at_number(&index, call->v[0], BOOK_SIZE) || !index)
		return AT_CME(21);
	return call->n > 1 ? AT_CME(22) : AT_OK;
}

/* ---- V.250 ---- */

int at_basic(struct at *at, const char *name, unsigned int value)
{
	static const char *const ignored[] = { "&C", "&D", "&K", "&S", "&W", "&V", "\\Q",
					       "L",  "M",  "S",  "X",  "O",  "P",  "T" };

	if (!strcmp(name, "E") && value <= 1) {
		at->set.echo = (int)value;
	} else if (!strcmp(name, "V") && value <= 1) {
		at->set.verbose = (int)value;
	} else if (!strcmp(name, "Q") && value <= 1) {
		at->set.quiet = (int)value;
	} else if (!strcmp(name, "Z") || !strcmp(name, "&F")) {
		at_defaults(&at->set);
	} else if (!strcmp(name, "I")) {
		at_say(at, "%s %s %s", MANUFACTURER, MODEL, PACKAGE_VERSION);
	} else if (!strcmp(name, "H")) {
		return hang_up(at);
	} else if (!strcmp(name, "D")) {
		return AT_NO_CARRIER;
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
			if (!strcmp(name, ignored[i]))
				return AT_OK;
		return AT_ERROR;
	}
	return AT_OK;
}

#define SETTING(field, most) .setting = offsetof(struct at_settings, field), .max = most

const struct at_command at_general[] = {
	{ "+CGMI", AT_ANYTIME, run_manufacturer },
	{ "+GMI", AT_ANYTIME, run_manufacturer },
	{ "+CGMM", AT_ANYTIME, run_model },
	{ "+GMM", AT_ANYTIME, run_model },
	{ "+CGMR", AT_ANYTIME, run_revision },
	{ "+GMR", AT_ANYTIME, run_revision },
	{ "+CGSN", AT_ANYTIME, run_serial },
	{ "+GSN", AT_ANYTIME, run_serial },
	{ "+CIMI", AT_CARD_OPEN, run_imsi },
	{ "+GCAP", AT_ANYTIME, run_capabilities },
	{ "+CSCS", AT_ANYTIME, run_cscs, "(\"GSM\",\"IRA\",\"UCS2\")" },
	{ "+CMEE", AT_ANYTIME, NULL, NULL, SETTING(cmee, 2) },
	{ "+CPIN", AT_CARD, run_cpin },
	{ "+SPIC", AT_CARD, run_tries },
	{ "+CLCK", AT_CARD, run_facility, "(\"SC\")" },
	{ "+CREG", AT_ANYTIME, run_creg, "(0-2)", SETTING(creg, 2) },
	{ "+CGREG", AT_ANYTIME, run_creg, "(0-2)", SETTING(cgreg, 2) },
	{ "+CEREG", AT_ANYTIME, run_creg, "(0-2)", SETTING(cereg, 2) },
	{ "+CGATT", AT_CARD_OPEN, run_cgatt, "(0,1)" },
	{ "+COPS", AT_CARD_OPEN, run_cops, "(2,\"Chappe\",\"Chappe\",\"00101\"),,(0-4),(0-2)" },
	{ "+CSQ", AT_ANYTIME, run_csq, "(0-31,99),(0-7,99)" },
	{ "+CFUN", AT_ANYTIME, run_cfun, "(0,1,4),(0-1)" },
	{ "+CBC", AT_ANYTIME, run_battery, "(0-3),(0-100)" },
	{ "+CCLK", AT_ANYTIME, run_clock },
	{ "+CPAS", AT_ANYTIME, run_activity, "(0,3)" },
	{ "+CUSD", AT_CARD_OPEN, run_cusd, "(0-2)" },
	{ "+CLIP", AT_ANYTIME, NULL, "(0-1)", SETTING(clip, 1) },
	{ "+COLP", AT_ANYTIME, NULL, "(0-1)", SETTING(colp, 1) },
	{ "+CRC", AT_ANYTIME, NULL, "(0-1)", SETTING(crc, 1) },
	{ "+CHUP", AT_ANYTIME, run_hang_up },
	{ "+CLCC", AT_ANYTIME, run_calls },
	{ "+CNUM", AT_CARD_OPEN, run_ok },
	{ "+CPBS", AT_CARD_OPEN, run_cpbs, "(\"SM\")" },
	{ "+CPBR", AT_CARD_OPEN, run_cpbr, "(1-50),20,14" },
	{ "+CPBF", AT_CARD_OPEN, run_ok },
};
const size_t at_general_num = ARRAY_SIZE(at_general);
