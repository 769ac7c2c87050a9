/* Slots of a SIM: those that wait for something, and those whose message was handed over and is not yet freed.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem/gammu.h"

/* First in, first out; each once. */
struct slots {
	uint32_t slot[GAMMU_SLOTS_MAX];
	size_t n;
};

/* What does not fit waits for the next look at the SIM. */
void slots_push(struct slots *s, uint32_t slot);

/*! The oldest; there has to be one. */
uint32_t slots_pop(struct slots *s);

/* Handed over. Times are milliseconds of CLOCK_MONOTONIC. */
struct known {
	struct {
		uint32_t slot;
		int64_t at;
	} of[GAMMU_SLOTS_MAX];
	size_t n;
};

/*! When it was handed over; -1 if it was not. */
int64_t known_at(const struct known *k, uint32_t slot);

void known_add(struct known *k, uint32_t slot, int64_t now);
void known_remove(struct known *k, uint32_t slot);

/*! What is in none of these slots was freed by somebody else: forget it. Slot 0, stored nowhere, is kept. */
void known_keep(struct known *k, const uint32_t *slots, size_t n);

/*! Whether one was handed over before that moment. */
bool known_older(const struct known *k, int64_t than);
