/* Something else in the place of what there is none of: the producer proposes, the resident answers.
 *
 *   producer   remplace radis par navets C100  ->  line.substitute of each line that is meant
 *   resident   "à la place 2 kg navets ?" OUI   ->  line.accept of all that is proposed in the order
 *
 * The question keeps a print of what is proposed: nobody accepts what they did not read. It can be answered until
 * sub_by, long after the dialogue has forgotten it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gateway;
struct order;
struct question;
struct turn;

/*! The question that a proposal asks; on ctx, NULL if nothing is proposed any more or the database failed.
 *
 * \param[in] line_id  one of the lines of the order. */
struct question *substitute_question(void *ctx, struct gateway *gw, int64_t line_id);

/*! OUI or NON to nothing that is pending: to what is still proposed, if this number has read it; else it is asked again.
 * \returns whether something is proposed to the turn's owner. */
bool substitute_late(struct turn *turn, bool yes);

/*! Ask again what is proposed in an order, behind what the turn says of it. */
void substitute_remind(struct turn *turn, const struct order *o);
