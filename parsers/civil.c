/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "parsers/civil.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* tzset() takes any name and falls back to UTC in silence: look for the file first. */
int civil_set_zone(const char *zone)
{
	char path[128];

	if (!*zone || *zone == '/' || strstr(zone, "..") || strlen(zone) > 80)
		return -EINVAL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
	if (strcmp(zone, "UTC") != 0 && access(path, R_OK) < 0)
		return -ENOENT;
	setenv("TZ", zone, 1);
	tzset();
	return 0;
}

struct civil civil_from(int64_t epoch)
{
	time_t t = epoch;
	struct tm tm;

	localtime_r(&t, &tm);
	return (struct civil){ .year = tm.tm_year + 1900,
			       .month = tm.tm_mon + 1,
			       .day = tm.tm_mday,
			       .hour = tm.tm_hour,
			       .minute = tm.tm_min,
			       .second = tm.tm_sec,
			       .weekday = tm.tm_wday };
}

int64_t civil_epoch(const struct civil *c)
{
	struct tm tm = { .tm_year = c->year - 1900,
			 .tm_mon = c->month - 1,
			 .tm_mday = c->day,
			 .tm_hour = c->hour,
			 .tm_min = c->minute,
			 .tm_sec = c->second,
			 .tm_isdst = -1 };

	return mktime(&tm);
}

int64_t civil_day_at(int64_t epoch, int days, int hour, int minute)
{
	struct civil c = civil_from(epoch);

	c.day += days;
	c.hour = hour;
	c.minute = minute;
	c.second = 0;
	return civil_epoch(&c);
}
