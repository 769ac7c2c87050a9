/* CLARIFY: a text that could mean several things, or lacks one, becomes one question.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct turn;

/*! Ask back, by the reason that the reader gave and its hints: a numbered question where the choices are known,
 * else a short sentence with an example. */
void clarify_ask(struct turn *turn);
