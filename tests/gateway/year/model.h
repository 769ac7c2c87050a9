/* What must become of a platform, worked out from transitions.tsv and the rules of the domain alone.
 *
 * The model is told what people did, when, and that it reached the platform. It moves its subjects by the
 * table and nothing else, follows what follows, and keeps the books: stock, totals, payments. It shares no code
 * and no SQL with the gateway; compare.c holds it against the database.
 *
 * Money in cents, quantities in thousandths, times in seconds since the epoch.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_NONE (-1)

/* Any subject: what it is, where it stands, and every event that it had, each with a comma after it. */
struct subject {
	const char *machine;
	const char *state;
	char *history;
	int64_t at; /* of its last event */
};

struct cycle {
	struct subject s;
	int64_t opens_at, closes_at, avail_by, confirm_by, pickup_from, pickup_to;
	struct offer **offer;
	size_t n_offers;
	struct order **order;
	size_t n_orders;
};

struct offer {
	struct subject s;
	struct cycle *cycle;
	int producer, product;
	int64_t price, offered;
	bool exhausted, withdrawn;
};

struct line {
	struct subject s;
	struct order *order;
	struct offer *offer;
	int64_t qty, final, held, price, amount, credit, delivered_at;
	struct offer *sub;
	int64_t sub_qty, sub_price, sub_by;
};

struct payment {
	struct subject s;
	int64_t amount, paid, back, counted;
};

struct order {
	struct subject s;
	struct cycle *cycle;
	int owner;
	int64_t draft_by, placed_at, missed_at, pickup_to; /* pickup_to: of its own, or 0 */
	int64_t born;                                      /* counts over all orders */
	struct line **line;
	size_t n;
	struct payment *payment;
};

struct model {
	struct transition *transition;
	size_t n_transitions;
	bool *refuses; /* by producer: what it leaves undecided is refused */
	struct cycle **cycle;
	size_t n_cycles;
	int64_t orders_born;
	int64_t now;
	bool down; /* the platform stands still: timers are late */
	unsigned long moves, timers;
};

/*! Read the machine from a file. \returns a model without subjects, on ctx. */
struct model *model_new(void *ctx, const char *transitions_tsv, int producers);

/*! Births. */
struct cycle *model_cycle(struct model *m, const struct cycle *dates);
struct offer *model_offer(struct model *m, struct cycle *c, int producer, int product);
struct order *model_order(struct model *m, struct cycle *c, int owner, int64_t now);
struct line *model_line(struct model *m, struct order *o, struct offer *f, int64_t qty,
			int64_t now);

/*! An event, and all that follows from it. It must be in the table. */
void model_cycle_event(struct model *m, struct cycle *c, const char *event, int64_t now);
void model_offer_event(struct model *m, struct offer *f, const char *event);
void model_order_event(struct model *m, struct order *o, const char *event, int64_t now);
void model_line_event(struct model *m, struct line *l, const char *event, int64_t now);
void model_pay(struct model *m, struct payment *p, const char *event, int64_t amount);

/*! A telephone number: it is registered and consents. Later events move it. */
struct subject *model_contact(struct model *m);
void model_contact_event(struct model *m, struct subject *contact, const char *event);

/*! Events with a payload. */
void model_declare(struct model *m, struct offer *f, const char *event, int64_t qty, int64_t price);
void model_change(struct model *m, struct line *l, int64_t qty, int64_t now);
void model_shorten(struct model *m, struct line *l, int64_t qty, int64_t now);
void model_substitute(struct model *m, struct line *l, struct offer *f, int64_t qty, int64_t price,
		      int64_t now);
void model_credit(struct model *m, struct line *l, int64_t amount, int64_t now);
void model_rebook(struct model *m, struct order *o, int64_t to, int64_t now);

/*! All timers up to then, in the order of their times. */
void model_until(struct model *m, int64_t now);

/*! What is left of an offer: what was offered less what lines hold. */
int64_t model_left(const struct offer *f);
int64_t model_total(const struct order *o);
bool model_is(const struct subject *s, const char *states);
