/* The demo platform: people, one cycle with its offers, all of it made by events.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/store/store.h"

/*! Fill a new database. Dates are relative to the day of now, Europe/Paris, which becomes the zone of the process.
 *
 * \param[out] error  on st, a sentence.
 * \returns 0 or an error of store.h. */
int demo_fill(struct store *st, char **error);
