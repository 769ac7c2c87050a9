/* What producers put on sale: shared with clarification and with what they decide after the cut-off.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "gateway/service/stall.h"

struct turn;

/* One product that a text speaks of. */
struct avail_entry {
	const struct reading_item *item;
	struct product product;
	const struct offer *offer; /* NULL: neither asked for nor on offer */
	int64_t milli;             /* that is to be on offer, or to be added */
	int64_t price;             /* cents that were said; 0: none */
	int64_t last;              /* cents that it cost last; 0: it never had a price */
};

struct avail {
	struct turn *turn;
	struct stall stall;
	struct reading *said; /* the items, without products that nobody knows */
	size_t n;
	struct avail_entry *entry;
};

/*! The sale that a text is about. If none is announced or several are, that is said or asked.
 * \returns whether there is one. */
bool avail_sale(struct stall *out, struct turn *turn);

/*! Say that there is none, unless there is one, or orders wait that the text may be about. \returns whether it was said. */
bool avail_no_sale(struct turn *turn);

/*! What is asked before anything is fired; each returns whether it asked. */
bool avail_ask_prices(struct avail *a);
bool avail_ask_sure(struct avail *a);
bool avail_ask_committed(struct avail *a);

/*! A product with a price: "carottes 1,80 €/kg". On turn->ctx. */
char *avail_price_line(struct turn *turn, const struct product *p, int64_t cents);

/*! How much of a product? Others wait in the question. */
void avail_ask_amount(struct turn *turn, const char *intent, const struct reading *said,
		      const struct reading_item *item, const struct product *p);

/*! CLARIFY of a producer who speaks of what there is: turn->reading has its reason. */
void avail_clarify(struct turn *turn);

/*! CLARIFY of a product without a verb: is it to be sold, to be bought, or decided about? */
void avail_ask_role(struct turn *turn);

/*! CLARIFY "as last time": what that was is read back. */
void avail_same(struct turn *turn);

/*! What is said of products before the cut-off in the words of a decision after it: "pas de radis", "ok 20 kg carottes".
 * \returns whether there is a sale that it can be about; then it was handled. */
bool avail_instead(struct turn *turn);

/*! Say how to answer, if the producer was asked what there is. \returns whether that was so. */
bool avail_say_asked(struct turn *turn);

/*! STATUS of a producer before the cut-off. \returns whether there is a sale to tell about. */
bool avail_status(struct turn *turn);
