/* A simulated year: the platform, the model of it, and the people between them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "tests/gateway/year/model.h"
#include "tests/gateway/year/talk.h"
#include "tests/gateway/year/town.h"

#define PRODUCTS           24
#define PRODUCERS          12
#define PRODUCER_ID        100 /* of the first; the others follow */
#define RESIDENT_ID        1000
#define SLOT               (20 * 60) /* seconds: who waits for an answer writes once in each */
#define RESIDENTS_MAX      300
/* Of TOWN_COORDINATOR. */
#define COORDINATOR_NUMBER "+33639900031"

/* What a resident is about to do. */
enum aim { AIM_NOTHING, AIM_ORDER, AIM_ANSWER, AIM_CHANGE, AIM_CANCEL };

struct resident {
	int id;
	char number[16];
	struct subject *contact; /* his or her number */
	struct talk talk;
	enum aim aim;
	int64_t at; /* when */
	int tries;
	struct item item[TALK_ITEMS_MAX];
	size_t n;
};

struct producer {
	int id;
	char number[16];
	struct talk talk;
	int product, partial; /* what it was asked back about */
	int64_t qty;
	struct order *refused;
};

struct year {
	struct town *town;
	struct model *model;
	int residents, cycles, week;
	struct resident resident[RESIDENTS_MAX];
	struct producer producer[PRODUCERS];
	struct cycle *cycle; /* of this week */
	int64_t cycle_id;    /* in the database */
	unsigned long compared;
	unsigned int replies;
};

struct product {
	const char *name, *one, *many, *unit;
	int64_t price, offered; /* about so much */
};
extern const struct product year_products[PRODUCTS];

/*! "2 kg carottes", "1 pain". On ctx. */
char *year_item_text(void *ctx, int product, int64_t qty);

/*! The row of the database that a subject of the model is. */
int64_t year_offer_id(struct year *y, const struct offer *f);
int64_t year_order_id(struct year *y, const struct order *o);
int64_t year_line_id(struct year *y, const struct line *l);
int64_t year_payment_id(struct year *y, const struct order *o);

/*! What people call an order: C482. */
char *year_ref(struct year *y, const struct order *o);

/* A payload, or a text: on the year. */
#define PAYLOAD(...) talloc_asprintf(y, __VA_ARGS__)

/*! The coordinator fires an event on the web. */
void year_coordinator(struct year *y, const char *machine, int64_t id, const char *event,
		      const char *payload);

/*! The text of a person reaches the platform, or not: then false. Told to the model at its turn. */
bool year_text(struct year *y, const char *number, const char *text);

/*! The last message to a number has reached it, as far as the network knows. */
bool year_heard(struct year *y, const char *number);

/* residents.c */
void residents_stop(struct year *y);
void residents_begin(struct year *y);
void residents_slot(struct year *y, int64_t now);

/* staff.c: producers, in the course of a week */
void staff_begin(struct year *y);
void staff_discard(struct year *y, const struct cycle *dates);
void staff_announce(struct year *y, const struct cycle *dates);
void staff_declare(struct year *y);
void staff_change(struct year *y);
void staff_decide(struct year *y, int round, int64_t now);
void staff_shortage(struct year *y, int64_t now);
void staff_substitute(struct year *y, int64_t now);
void staff_answers(struct year *y, int64_t now);

/* desk.c: the coordinator */
void desk_contacts(struct year *y);
void desk_instructions(struct year *y, int64_t now);
void desk_cancel(struct year *y, unsigned int one_in, int64_t now);
void desk_pickup(struct year *y, struct cycle *c, unsigned int one_in, int64_t now);
void desk_rebook(struct year *y, int64_t now);
void desk_complaints(struct year *y, int64_t now);
void desk_accounts(struct year *y);

/*! Hold the model against the database: every subject of a cycle, its state, numbers and history. */
void compare_cycle(struct year *y, struct cycle *c, int64_t cycle_id);

/*! The same for the numbers. */
void compare_contacts(struct year *y);

/*! No text had two replies; every timer fired once; what is told once was told once. */
void compare_messages(struct year *y);
