/* Fuzz target: what a program may write to the simulated modem.
 *
 * The terminal and the control socket are replaced by nothing; the rest is the
 * modem as it is. The first octet is the fault that is armed, so that the odd
 * ways of answering are taken as well.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "tests/support/fuzz.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/at.h"
#include "modem/sim/card.h"
#include "modem/sim/control.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

static const char *const seeds[] = {
	"ATE0V1;+CMEE=1;+CSCS=\"UCS2\"\rAT+COPS?\rAT+CPMS=\"SM\",\"SM\"\r",
	"AT+CNMI=2,1,0,2,0\rAT+CMGR=1\rAT+CMGL=4\rAT+CMGD=1,4\rA/\r",
	"AT+CMGS=17\r0031000B913336990800F10000A703EF7A1A\x1a"
	"AT+CMSS=1\r",
	"AT+CMGW=17,2\r0011000B913336990800F10000A703EF7A1A\x1a"
	"AT+CMSS=3\r",
	"AT+CUSD=1,\"*123#\",15\rAT+CPIN=\"1234\"\rAT+CFUN=1,1\rATD123;\rATH\r",
	"AT+CSMS=1;+CNMI=2,2,0,1\rAT+CNMA=1\r\033AT+CSCA=\"+33609001390\",145\r",
};

int fuzz_seed(size_t i, uint8_t *out, size_t size)
{
	size_t n;

	if (i >= ARRAY_SIZE(seeds))
		return -1;
	n = OSMO_MIN(strlen(seeds[i]), size - 1);
	out[0] = (uint8_t)i; /* the fault armed first */
	memcpy(out + 1, seeds[i], n);
	return (int)n + 1;
}

void tty_write(struct tty *tty, const void *octets, size_t n)
{
	(void)tty;
	(void)octets;
	(void)n;
}

void tty_hold(struct tty *tty, unsigned int ms)
{
	(void)tty;
	(void)ms;
}

void tty_garble(struct tty *tty, bool on)
{
	(void)tty;
	(void)on;
}

void tty_mute(struct tty *tty, bool on)
{
	(void)tty;
	(void)on;
}

bool tty_plugged(const struct tty *tty)
{
	(void)tty;
	return true;
}

unsigned int tty_programs(const struct tty *tty)
{
	(void)tty;
	return 1;
}

const char *tty_name(const struct tty *tty)
{
	(void)tty;
	return "";
}

void tty_unplug(struct tty *tty)
{
	(void)tty;
}

int tty_plug(struct tty *tty)
{
	(void)tty;
	return 0;
}

void control_event(struct control *control, const char *fmt, ...)
{
	(void)control;
	(void)fmt;
}

char *control_escape(void *ctx, const char *text)
{
	return talloc_strdup(ctx, text);
}

void fuzz_one(const uint8_t *data, size_t len)
{
	struct sim *sim = talloc_zero(NULL, struct sim);

	OSMO_ASSERT(sim);
	sim->opt.operator_name = "Chappe";
	sim->opt.balance = "12,50 E";
	sim->card = card_new(sim, "001010000000001", NULL, 3, NULL);
	sim->net = net_new(sim, sim);
	sim->at = at_new(sim, sim);
	net_inject(sim->net, "+33639980001", "2 kg patates");
	net_inject(sim->net, "Mairie", "ça coûte 3 €");
	if (len && data[0] < _FAULT_NUM)
		sim->faults.value[data[0]] = 1;
	if (len)
		at_input(sim->at, data + 1, len - 1);
	at_hangup(sim->at);
	net_inject(sim->net, "+33639980002", "oui");
	at_reboot(sim->at);
	talloc_free(sim);
}
