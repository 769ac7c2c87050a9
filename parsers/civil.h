/* Moments as people say them: seconds since the epoch to and from local date and time.
 *
 * A process has one zone, that of its platform: civil_set_zone() comes first, once.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct civil {
	int year;    /* 2026 */
	int month;   /* 1 to 12 */
	int day;     /* 1 to 31 */
	int hour;    /* 0 to 23 */
	int minute;  /* 0 to 59 */
	int second;  /* 0 to 60 */
	int weekday; /* 0 Sunday to 6 Saturday */
};

/*! Choose the zone of this process ("Europe/Paris", "UTC"); before that it is the system's.
 *
 * \returns 0, or -EINVAL if the zone's name is malformed, -ENOENT if the system does not know it. */
int civil_set_zone(const char *zone);

/*! The local date and time of a moment. */
struct civil civil_from(int64_t epoch);

/*! The moment of a local date and time; weekday is ignored, a day 32 or an hour 25 runs over.
 *
 * Of an hour that comes twice (end of summer time) either may be taken; one
 * that does not exist runs over. */
int64_t civil_epoch(const struct civil *c);

/*! The moment at hour:minute on the day that comes days after the day of epoch. */
int64_t civil_day_at(int64_t epoch, int days, int hour, int minute);
