/* Days and times as texts name them ("sat", "+1", "15/06", "19:30"), as moments.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*! The day that a text names: the next one of that name, today included; a date without a year is the next one.
 *
 * \param[in] day  as parsers/README.md writes days; NULL is refused.
 * \param[in] now  seconds since the epoch.
 * \param[out] out  the local midnight that it begins with; untouched unless true is returned.
 * \returns whether it is a day. */
bool when_day(int64_t *out, const char *day, int64_t now);

/*! The moment of a time of the clock ("19:30", "19.5" is none) on the day that a moment lies in.
 *
 * \param[out] out  untouched unless true is returned.
 * \returns whether it is a time of the clock: "evening" is not. */
bool when_time(int64_t *out, const char *time, int64_t day);
