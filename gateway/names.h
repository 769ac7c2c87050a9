/* The names that a text may speak of now, from the database.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct lexicon;
struct store;
struct turn;

/*! What the cycle that is open, or the last one, offers, with the numbers of its list.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \returns 0 or an error of store.h. */
int names_read(struct lexicon **out, void *ctx, struct store *st);

/*! The same for a turn. \returns the lexicon, or NULL with the error in the turn. */
struct lexicon *names_load(struct turn *turn);
