/* Notices that are told together: a producer's twenty offers, a producer who is silent about ten orders.
 *
 *   one alone     its own template: NAME, NAME.case
 *   several       NAME.many (or NAME.case.many) with {lines}, each line from NAME.item, NAME.EVENT.item or
 *                 NAME.case.item; where NAME.head (NAME.case.head) exists, items with the same head share a line
 *
 * What belongs together is the same name, role and person, and a key: the sale, the producer, the order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/notice_row.h"

struct facts;
struct gateway;

/*! Find the key of a notice. \returns 0 or an error of store.h. */
int bundle_key(struct notice *n, struct gateway *gw);

/* What was found out about some bundles in this run. */
#define BUNDLE_CACHE_MAX 32
struct bundle_cache {
	size_t n;
	struct {
		int kind;
		int64_t key;
		bool waits;
	} row[BUNDLE_CACHE_MAX];
};

/*! Whether more of its kind will follow at once: timers of the same moment that have not been fired yet.
 *
 * \param[inout] cache  zeroed before the first call of a run, in which no timer is fired.
 * \param[out] out  untouched unless 0 is returned.
 * \returns 0 or an error of store.h. */
int bundle_waits(bool *out, struct gateway *gw, struct bundle_cache *cache, const struct notice *n);

/*! Whether two are told together. */
bool bundle_same(const struct notice *a, const struct notice *b);

/*! Whether a later notice of all tells notice i too. */
bool bundle_later(const struct notices *all, size_t i);

/*! Add {lines} of all that notice i is told together with.
 *
 * \param[inout] f  facts of notice i.
 * \param[out] name  of the template; untouched if it is told alone. On f.
 * \returns 0 or an error of store.h. */
int bundle_facts(const char **name, struct facts *f, const struct notices *all, size_t i);
