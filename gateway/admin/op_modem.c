/* modem: how they are; restart one; let a PIN be tried once more.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <string.h>

#include "gateway/bearer/modem.h"

static json_t *modem_json(struct modem *m)
{
	struct modem_status s;
	json_t *counters;

	modem_status(m, &s);
	counters = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "received",
			     (json_int_t)s.n.received, "sent", (json_int_t)s.n.sent, "failed",
			     (json_int_t)s.n.failed, "refused", (json_int_t)s.n.refused, "doubt",
			     (json_int_t)s.n.doubt, "starts", (json_int_t)s.n.starts, "deaths",
			     (json_int_t)s.n.deaths, "silent", (json_int_t)s.n.silent);
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:i, s:s, s:i, s:i, s:o}", "name",
			 s.name, "device", s.device, "state", s.fsm, "text", s.text, "ready",
			 s.ready, "up", s.up, "network", s.network, "signal", s.signal, "model",
			 s.model, "used", (int)s.used, "slots", (int)s.slots, "counters", counters);
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

		json_array_append_new(list, m ? modem_json(m) : idle_json(cfg));
	}
	return list;
}

void op_modem(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	const char *name = admin_text(call, "name"), *action = admin_text(call, "action");
	int rc;

	if (!name && !action) {
		admin_reply(call, json_pack("{s:o}", "modems", modems_json(gw)));
		return;
	}
	if (!name || !action
	    || (strcmp(action, "restart") != 0 && strcmp(action, "pin-retry") != 0)) {
		admin_refuse(call, "of a modem: NAME restart, or NAME pin-retry");
		return;
	}
	rc = action[0] == 'r' ? modem_bearer_restart(gw, name) : modem_bearer_retry_pin(gw, name);
	if (rc == -ENOENT)
		admin_refuse(call, "there is no modem \"%s\"; `modem` lists them", name);
	else if (rc)
		admin_refuse(call, "modem %s: %s", name, strerror(-rc));
	else
		admin_reply(call, json_pack("{s:s, s:s}", "name", name, "action", action));
}
