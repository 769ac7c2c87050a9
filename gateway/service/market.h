/* What is on offer, in words: names, prices, what is near what is missing.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>

#include "gateway/service/produce.h"

struct reading_item;
struct turn;

/*! A product as people call it, from its name in the lexicon; a name that we do not have is spelt out. On turn->ctx. */
const char *market_label(struct turn *turn, const char *name);

/*! What an item of a text speaks of. On turn->ctx. */
const char *market_item(struct turn *turn, const struct reading_item *item);

/*! How to order it: "2 KG CAROTTES". On turn->ctx. */
char *market_example(struct turn *turn, const struct product *p);

/*! A quantity of it: "12 kg carottes". On turn->ctx. */
char *market_quantity(struct turn *turn, int64_t milli, const struct product *p);

/*! A name as it is typed: "POMMES DE TERRE". On turn->ctx. */
char *market_upper(struct turn *turn, const char *name);

/*! How to answer when it is asked how much: "2 KG", "2 BOTTES", "2". On turn->ctx. */
char *market_amount(struct turn *turn, const struct product *p);

/*! A line of the list without its number: "carottes 1,80 €/kg". On turn->ctx. */
char *market_price(struct turn *turn, const struct offer *f);

/*! A line of the list: "1. carottes 1,80 €/kg". On turn->ctx. */
char *market_line(struct turn *turn, const struct offer *f);

/*! Say a template about {product}, that of an item. */
void market_say(struct turn *turn, const char *template, const struct reading_item *item);

/*! Say that nobody offers it, with what is near. */
void market_say_missing(struct turn *turn, const struct offers *offers,
			const struct reading_item *item);

/*! Say that nothing is left of it, with what is near. */
void market_say_sold_out(struct turn *turn, const struct offers *offers, const struct product *p);

/*! Say the same by name; near is "pomme,poire" from the reader, or NULL. */
void market_say_not_offered(struct turn *turn, const struct offers *offers, const char *name,
			    const char *near);
