/* clock: shown, or walked forward.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parsers/civil.h"

#include "gateway/clock.h"

json_t *clock_json(struct gateway *gw)
{
	int64_t now = store_now(gw->store);
	struct civil c = civil_from(now);
	char text[40];

	snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day,
		 c.hour, c.minute, c.second);
	return json_pack("{s:I, s:s, s:s, s:b}", "now", (json_int_t)now, "text", text, "zone",
			 gw->time_zone, "test", gw->clock_test);
}

static void walked(void *data, int rc)
{
	struct admin_call *call = data;
	struct gateway *gw = admin_gateway(call);

	if (!rc)
		admin_reply(call, clock_json(gw));
	else if (rc == -ETIME)
		admin_refuse(call, "the clock stopped on its way: what was due did not get done in "
				   "time; `status` says how the modems are, `outbox` what waits");
	else
		admin_refuse(call, "the clock stopped on its way: %s", strerror(-rc));
}

void op_clock(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	int64_t seconds = admin_int(call, "seconds", 0);
	int rc;

	if (!admin_value(call, "seconds")) {
		admin_reply(call, clock_json(gw));
		return;
	}
	rc = clock_walk(gw, seconds, walked, call);
	switch (rc) {
	case 0:
		break; /* walked() answers */
	case -EPERM:
		admin_refuse(call,
			     "this clock runs by itself: only a platform with `clock test` below "
			     "`gateway` in its configuration can have it moved");
		break;
	case -EALREADY:
		admin_refuse(call, "the clock is being moved already: wait until that is over");
		break;
	case -ERANGE:
		admin_refuse(call,
			     "the clock goes forward only, and not more than %lld days at once",
			     CLOCK_WALK_MAX / 86400);
		break;
	default:
		admin_refuse(call, "the clock cannot be moved: %s", strerror(-rc));
	}
}
