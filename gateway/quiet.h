/* Quiet hours: when nobody is rung for what can wait. They may go over midnight, and are those of the local clock.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;

/*! \returns the end of the quiet hours that `at` is in; `at` itself, if it is in none. */
int64_t quiet_over(const struct gateway *gw, int64_t at);

/*! \returns when the next quiet hours after `at` begin, or those that it is in began; 0 if there are none. */
int64_t quiet_begin(const struct gateway *gw, int64_t at);
