/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/ports.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bearer/modem.h"
#include "gateway/config.h"
#include "gateway/log.h"

/* Modems that may have changed places in one go. */
#define RING_MAX 64

struct modem *ports_owner(struct gateway *gw, const char *imsi)
{
	const struct config_modem *cfg;

	llist_for_each_entry(cfg, &gw->config->modems, entry) {
		struct modem *m = modem_bearer_find(gw, cfg->name);

		if (m && *imsi && strcmp(modem_own_imsi(m), imsi) == 0)
			return m;
	}
	return NULL;
}

const char *ports_name(const struct gateway *gw, const struct modem *m)
{
	const struct config_modem *cfg;

	llist_for_each_entry(cfg, &gw->config->modems, entry) {
		if (strcmp(cfg->device, modem_device(m)) == 0)
			return cfg->name;
	}
	return modem_name(m);
}

/* Each one's SIM belongs to the next, and the last one's to the first. \returns how many; 0: it is no ring. */
static int find_ring(struct gateway *gw, struct modem *m, struct modem *ring[RING_MAX])
{
	int n = 0;

	for (struct modem *at = m; n < RING_MAX; n++) {
		if (!at || !modem_is_foreign(at))
			return 0;
		ring[n] = at;
		at = ports_owner(gw, modem_imsi(at));
		if (at == m)
			return n + 1;
	}
	return 0;
}

int ports_exchange(struct gateway *gw, struct modem *m)
{
	struct modem *ring[RING_MAX];
	char *port[RING_MAX];
	int n = find_ring(gw, m, ring);

	for (int i = 0; i < n; i++) {
		port[i] = talloc_strdup(OTC_SELECT, modem_device(ring[i]));
		OSMO_ASSERT(port[i]);
	}
	for (int i = 0; i < n; i++) {
		struct modem *owner = ring[(i + 1) % n];

		LOGP(DWORKER, LOGL_NOTICE, "modem %s: its SIM is at %s: it moves there\n",
		     modem_name(owner), port[i]);
		modem_set_device(owner, port[i]);
	}
	for (int i = 0; i < n; i++)
		modem_restart(ring[i]);
	return n;
}
