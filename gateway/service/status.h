/* Where an order is, in words.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

struct order;
struct turn;

/*! Whether something is still to come of an order in that state. */
bool status_live(const char *state);

/*! Say where an order is and what can be answered: the events that the machine allows the role there. A draft whose
 * lines changed since its last recap gets a new recap instead. */
void status_say(struct turn *turn, const struct order *o);
