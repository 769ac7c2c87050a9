/* modem: how they are; restart one; let a PIN be tried once more; take another SIM.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bearer/bearer.h"
#include "gateway/bearer/modem.h"
#include "gateway/carrier.h"

/* What its line takes: a modem that is registered may send nothing all the same. */
static void set_carrier(json_t *o, const struct bearer *b)
{
	char *text = b ? carrier_text(OTC_SELECT, b) : NULL;

	if (!text)
		return;
	json_object_set_new(o, "carrier", json_string(text));
	json_object_set_new(o, "carrier_since", json_integer(b->carrier.since));
	json_object_set_new(o, "carrier_until", json_integer(b->carrier.until));
}

static json_t *modem_json(struct gateway *gw, struct modem *m)
{
	struct modem_status s;
	json_t *counters, *o;

	modem_status(m, &s);
	counters = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "received",
			     (json_int_t)s.n.received, "sent", (json_int_t)s.n.sent, "failed",
			     (json_int_t)s.n.failed, "refused", (json_int_t)s.n.refused, "doubt",
			     (json_int_t)s.n.doubt, "starts", (json_int_t)s.n.starts, "deaths",
			     (json_int_t)s.n.deaths, "silent", (json_int_t)s.n.silent);
	o = json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:b, s:b, s:s, s:i, s:s, s:i, s:i, s:o}",
		      "name", s.name, "device", s.device, "state", s.fsm, "text", s.text, "since",
		      (json_int_t)modem_bearer_since(gw, s.name), "ready", s.ready, "up", s.up,
		      "foreign", s.foreign, "network", s.network, "signal", s.signal, "model",
		      s.model, "used", (int)s.used, "slots", (int)s.slots, "counters", counters);
	set_carrier(o, bearer_find(gw, s.name));
	return o;
}

/* One that is not started, since there is no database yet. */
static json_t *idle_json(const struct config_modem *m)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "name", m->name, "device", m->device,
			 "state", "DOWN", "text", "waits for the database", "ready", 0, "up", 0);
}

json_t *modems_json(struct gateway *gw)
{
	const struct config_modem *cfg;
	json_t *list = json_array();

	if (!gw->config)
		return list;
	llist_for_each_entry(cfg, &gw->config->modems, entry) {
		struct modem *m = modem_bearer_find(gw, cfg->name);

		json_array_append_new(list, m ? modem_json(gw, m) : idle_json(cfg));
	}
	return list;
}

static const struct {
	const char *name;
	int (*run)(struct gateway *gw, const char *modem);
} actions[] = {
	{ "restart", modem_bearer_restart },
	{ "pin-retry", modem_bearer_retry_pin },
	{ "accept-sim", modem_bearer_accept_sim },
};

/* Why not, where a number of the system would say something else. */
static const struct {
	int rc;
	const char *text;
} refusals[] = {
	{ -ENOKEY, "it has no pin-file in the configuration" },
	{ -EALREADY, "its SIM is the one that belongs in it" },
	{ -ENOMEDIUM, "no SIM can be read in it" },
};

static void refuse(struct admin_call *call, const char *name, int rc)
{
	const char *why = strerror(-rc);

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].rc == rc)
			why = refusals[i].text;
	if (rc == -ENOENT)
		admin_refuse(call, "there is no modem \"%s\"; `modem` lists them", name);
	else
		admin_refuse(call, "modem %s: %s", name, why);
}

static void act(struct admin_call *call, const char *name, size_t i)
{
	int rc = actions[i].run(admin_gateway(call), name);

	if (rc)
		refuse(call, name, rc);
	else
		admin_reply(call, json_pack("{s:s, s:s}", "name", name, "action", actions[i].name));
}

void op_modem(struct admin_call *call)
{
	const char *name = admin_text(call, "name"), *action = admin_text(call, "action");

	if (!name && !action) {
		admin_reply(call, json_pack("{s:o}", "modems", modems_json(admin_gateway(call))));
		return;
	}
	for (size_t i = 0; name && action && i < ARRAY_SIZE(actions); i++) {
		if (strcmp(action, actions[i].name) == 0) {
			act(call, name, i);
			return;
		}
	}
	admin_refuse(call, "of a modem: NAME restart, NAME pin-retry or NAME accept-sim");
}
