/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "parsers/civil.h"

static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static bool weekday(int64_t *out, const char *day, int64_t now)
{
	struct civil c = civil_from(now);

	for (int i = 0; i < (int)ARRAY_SIZE(weekdays); i++)
		if (strcmp(weekdays[i], day) == 0) {
			*out = civil_day_at(now, (i - c.weekday + 7) % 7, 0, 0);
			return true;
		}
	return false;
}

static bool date(int64_t *out, const char *day, int64_t now)
{
	struct civil c = civil_from(now);
	int64_t today = civil_day_at(now, 0, 0, 0), at;
	int month, n;
	char end;

	if (sscanf(day, "%2d/%2d%c", &n, &month, &end) != 2 || n < 1 || n > 31 || month < 1
	    || month > 12)
		return false;
	at = civil_epoch(&(struct civil){ .year = c.year, .month = month, .day = n });
	if (at < today)
		at = civil_epoch(&(struct civil){ .year = c.year + 1, .month = month, .day = n });
	if (civil_from(at).day != n) /* 31/02 */
		return false;
	*out = at;
	return true;
}

bool when_day(int64_t *out, const char *day, int64_t now)
{
	bool ahead;

	if (!day || !*day)
		return false;
	ahead = *day == '+' && isdigit((unsigned char)day[1]) && !day[2];
	if (ahead)
		*out = civil_day_at(now, day[1] - '0', 0, 0);
	return ahead || weekday(out, day, now) || date(out, day, now);
}

bool when_time(int64_t *out, const char *time, int64_t day)
{
	int hour, minute;
	char end;

	if (!time || sscanf(time, "%2d:%2d%c", &hour, &minute, &end) != 2 || hour < 0 || hour > 23
	    || minute < 0 || minute > 59)
		return false;
	*out = civil_day_at(day, 0, hour, minute);
	return true;
}
