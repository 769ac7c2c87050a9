/* What a text does: who writes, what it says, what was asked, and who answers for it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct turn;

/*! Handle a text: everything between its row in the inbox and the replies in the outbox.
 *
 * Needs an open transaction in which the row turn->inbox_id has been inserted (its body scrubbed, its state
 * handled). Queues at most one reply, and the notices that other people get. Fills in the columns that
 * turn.h names; the caller writes them to the row.
 *
 * \returns 0; -EAGAIN, unless turn->careful: what it did has to be taken back, so roll back and handle it again with
 *          turn->careful; or an error of store.h: roll back, nothing was done. */
int command_handle(struct turn *turn);
