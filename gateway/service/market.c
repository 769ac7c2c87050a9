/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/service/market.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/format.h"
#include "gateway/turn.h"
#include "parsers/reading.h"

/* Products named as near to one that is missing. */
#define NEAR_MAX 3

const char *market_label(struct turn *turn, const char *name)
{
	struct product p;
	char *out;
	int rc = produce_product(&p, turn->ctx, turn->gw->store, name);

	if (rc == 0)
		return p.many;
	if (rc != -ENOENT)
		turn_failed(turn, rc);
	out = talloc_strdup(turn->ctx, name);
	OSMO_ASSERT(out);
	for (char *s = out; *s; s++)
		if (*s == '_')
			*s = ' ';
	return out;
}

const char *market_item(struct turn *turn, const struct reading_item *item)
{
	if (item->product[0])
		return market_label(turn, item->product);
	return talloc_asprintf(turn->ctx, "%d", item->number);
}

static char *upper(char *text)
{
	for (char *s = text; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
	return text;
}

char *market_example(struct turn *turn, const struct product *p)
{
	return upper(format_item(turn->ctx, turn->gw->catalogue, 2000, p->unit, p->one, p->many));
}

char *market_quantity(struct turn *turn, int64_t milli, const struct product *p)
{
	return format_item(turn->ctx, turn->gw->catalogue, milli, p->unit, p->one, p->many);
}

char *market_upper(struct turn *turn, const char *name)
{
	return upper(talloc_strdup(turn->ctx, name));
}

char *market_amount(struct turn *turn, const struct product *p)
{
	return upper(format_amount(turn->ctx, turn->gw->catalogue, 2000, p->unit));
}

static char *offer_piece(struct turn *turn, const char *name, const struct offer *f)
{
	const struct catalogue *cat = turn->gw->catalogue;
	const struct product *p = &f->product;
	bool piece = strcmp(p->unit, "pc") == 0;
	const struct template_value values[] = {
		{ "no", talloc_asprintf(turn->ctx, "%d", f->number) },
		{ "product", format_label(1000, p->unit, p->one, p->many) },
		{ "price", format_money(turn->ctx, f->price) },
		{ "unit", format_unit(turn->ctx, cat, p->unit, 1000) },
		{},
	};

	return template_fill(turn->ctx, cat,
			     piece ? talloc_asprintf(turn->ctx, "%s_pc", name) : name, values);
}

char *market_price(struct turn *turn, const struct offer *f)
{
	return offer_piece(turn, "piece.price", f);
}

char *market_line(struct turn *turn, const struct offer *f)
{
	return offer_piece(turn, "piece.offer", f);
}

void market_say(struct turn *turn, const char *template, const struct reading_item *item)
{
	turn_say(turn, template, VALUES({ "product", market_item(turn, item) }));
}

/* Names are near if one is a variety of the other's kind: pomme_golden, pomme. */
static bool same_kind(const char *a, const char *b)
{
	size_t n = strcspn(a, "_");

	return n == strcspn(b, "_") && strncmp(a, b, n) == 0;
}

/* What is near and to be had: varieties first, then the same category. */
static char *near_names(struct turn *turn, const struct offers *offers, const char *name,
			const char *category)
{
	const char *names[NEAR_MAX];
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < offers->n && n < NEAR_MAX; i++) {
			const struct offer *f = &offers->offer[i];
			bool kind = same_kind(f->product.name, name);

			if (f->left <= 0 || strcmp(f->product.name, name) == 0)
				continue;
			if (pass == 0 ? kind
				      : !kind && *category
						&& strcmp(f->product.category, category) == 0)
				names[n++] = f->product.many;
		}
	return n ? format_names(turn->ctx, turn->gw->catalogue, names, n, "piece.and") : NULL;
}

static void say_near(struct turn *turn, const char *template, const char *product, const char *near)
{
	if (near)
		turn_say(turn, talloc_asprintf(turn->ctx, "%s.near", template),
			 VALUES({ "product", product }, { "near", near }));
	else
		turn_say(turn, template, VALUES({ "product", product }));
}

void market_say_sold_out(struct turn *turn, const struct offers *offers, const struct product *p)
{
	say_near(turn, "product_sold_out", p->many, near_names(turn, offers, p->name, p->category));
}

/* "pomme,poire" of the reader in words. */
static char *given_names(struct turn *turn, const char *list)
{
	const char *names[NEAR_MAX];
	char *copy = talloc_strdup(turn->ctx, list), *save, *one;
	size_t n = 0;

	for (one = strtok_r(copy, ",", &save); one && n < NEAR_MAX;
	     one = strtok_r(NULL, ",", &save))
		names[n++] = market_label(turn, one);
	return n ? format_names(turn->ctx, turn->gw->catalogue, names, n, "piece.and") : NULL;
}

void market_say_not_offered(struct turn *turn, const struct offers *offers, const char *name,
			    const char *near)
{
	struct product p = {};
	int rc = produce_product(&p, turn->ctx, turn->gw->store, name);

	if (rc != -ENOENT && turn_failed(turn, rc))
		return;
	say_near(turn, "product_not_offered", market_label(turn, name),
		 near ? given_names(turn, near) : near_names(turn, offers, name, p.category));
}

void market_say_missing(struct turn *turn, const struct offers *offers,
			const struct reading_item *item)
{
	if (item->product[0])
		market_say_not_offered(turn, offers, item->product, NULL);
	else
		market_say(turn, "product_not_offered", item);
}
