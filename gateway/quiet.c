/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/quiet.h"

#include <stdbool.h>

#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/gateway.h"

static int64_t day_at(int64_t at, int days, int minute)
{
	return civil_day_at(at, days, minute / 60, minute % 60);
}

int64_t quiet_over(const struct gateway *gw, int64_t at)
{
	struct civil c = civil_from(at);
	int minute = c.hour * 60 + c.minute;
	bool over_midnight = gw->quiet_from > gw->quiet_to;
	bool after_from = minute >= gw->quiet_from;
	bool before_to = minute < gw->quiet_to;

	if (over_midnight ? !after_from && !before_to : !after_from || !before_to)
		return at;
	/* an hour that comes twice may give a moment that is over */
	return OSMO_MAX(at, day_at(at, over_midnight && after_from, gw->quiet_to));
}

int64_t quiet_begin(const struct gateway *gw, int64_t at)
{
	struct civil c = civil_from(at);
	int minute = c.hour * 60 + c.minute;

	if (gw->quiet_from == gw->quiet_to)
		return 0;
	if (quiet_over(gw, at) == at)
		return day_at(at, minute >= gw->quiet_from, gw->quiet_from);
	return day_at(at, minute >= gw->quiet_from ? 0 : -1, gw->quiet_from);
}
