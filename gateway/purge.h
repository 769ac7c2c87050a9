/* Retention: what has reached its age is taken out of the database, a little at a time.
 *
 * Words go first (`retain texts`): the bodies of what came in and went out, what people wrote about an order, and
 * questions. The rows that say that and when something was sent go later (`retain delivery`). The log of events holds no
 * words and no numbers, and stays.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;
struct purge;

/* Rows that one step takes at most: a step is a transaction of a few milliseconds. */
#define PURGE_STEP  100
/* Seconds between two rounds, once nothing is left to take. */
#define PURGE_PAUSE (60 * 60)

/*! Create what purges the database of a gateway; its ages are gw->retain_texts and gw->retain_delivery.
 * \returns it, on gw. */
struct purge *purge_open(struct gateway *gw);

/*! To be called several times a second: at most one step. Nothing is done while the database is in trouble. */
void purge_tick(struct gateway *gw, int64_t now);
