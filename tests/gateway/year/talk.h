/* What a text of a resident or producer must do, by the rules of the domain: the model's side of a conversation.
 *
 * A resident has at most one question before him or her; what is answered to it depends on what is there then.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "tests/gateway/year/model.h"

#define TALK_ITEMS_MAX 4

struct item {
	int product;
	int64_t qty; /* 0: all of it, of a removal */
};

/* What is asked, and what OUI would do. */
enum asked { ASKED_NOTHING, ASKED_RECAP, ASKED_LEFT, ASKED_CHANGE, ASKED_CANCEL, ASKED_REFUSE };

struct wish {
	struct offer *offer;
	int64_t qty; /* in all */
};

struct talk {
	enum asked asked;
	int64_t asked_at;
	struct order *order; /* it is about; NULL: none yet */
	size_t n, n_no;
	struct wish yes[8], no[8];
	size_t shared; /* a producer's: lines that were read back */
};

enum talk_op { TALK_ORDER, TALK_ADD, TALK_REMOVE };

/*! The cycle that takes orders then, or NULL. */
struct cycle *talk_cycle(struct model *m, int64_t now);

/*! A resident's open order of a cycle: the draft, else the one placed; or NULL. */
struct order *talk_order(struct cycle *c, int owner);

/*! "2 kg carottes, 1 pain", "AJOUTE ...", "ENLEVE ...". */
void talk_items(struct model *m, struct talk *t, int owner, enum talk_op op,
		const struct item *item, size_t n, int64_t now);
void talk_cancel(struct model *m, struct talk *t, int owner, int64_t now);
void talk_yes(struct model *m, struct talk *t, int owner, int64_t now);
void talk_no(struct model *m, struct talk *t, int owner, int64_t now);

/*! A producer's words about what waits in a cycle: OK; PARTIEL 30 kg carottes; NON C123. Where an order would be
 * left with nothing, or several share what is not enough, that is asked about first (t->asked), and done once it is sure.
 * The order that was placed first is served first, in whole units of sale. */
void talk_confirm(struct model *m, struct cycle *c, int producer, int64_t now);
void talk_share(struct model *m, struct talk *t, struct cycle *c, int producer, int product,
		int64_t qty, bool sure, int64_t now);
void talk_refuse(struct model *m, struct talk *t, struct order *o, int producer, bool sure,
		 int64_t now);
