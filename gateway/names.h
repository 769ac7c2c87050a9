/* The names that a text may speak of now, from the database.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct gateway;
struct lexicon;
struct store;
struct turn;

/*! What the cycle that is open, or the last one, offers, with the numbers of its list.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \returns 0 or an error of store.h. */
int names_read(struct lexicon **out, void *ctx, struct store *st);

/*! Forget what names_load() keeps: what it was read from has been rolled back, or the store is closed. */
void names_forget(struct gateway *gw);

/*! The same for a turn; who sells may also name what nobody offers. It is read once and kept until a cycle, an offer or a
 * product is born, or another program writes.
 * \returns the lexicon, good for this turn; or NULL with the error in the turn. */
const struct lexicon *names_load(struct turn *turn);
