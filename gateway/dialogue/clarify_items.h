/* Clarification of what is ordered: which product, how much of it, more or less.
 *
 * Each asks about turn->reading, a CLARIFY of some reason (clarify.c has the table).
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct turn;

void clarify_quantity(struct turn *turn);
void clarify_unit(struct turn *turn);
void clarify_candidates(struct turn *turn);
void clarify_not_offered(struct turn *turn);
void clarify_range(struct turn *turn);
void clarify_duplicate(struct turn *turn);
void clarify_plus(struct turn *turn);
void clarify_guess(struct turn *turn);
void clarify_both(struct turn *turn);
void clarify_except(struct turn *turn);
void clarify_double(struct turn *turn);
void clarify_keep(struct turn *turn);
void clarify_items(struct turn *turn);
void clarify_large(struct turn *turn);
