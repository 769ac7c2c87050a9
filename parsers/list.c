/* Lists: quantities and products in any order to items, or the one thing to ask.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/atom.h"

/* --- atoms that belong together --- */

static bool at(const struct list_parse *p, size_t i, enum atom_kind kind)
{
	return i < p->n && p->a[i].kind == kind;
}

static void drop(struct list_parse *p, size_t i, size_t n)
{
	memmove(p->a + i, p->a + i + n, (p->n - i - n) * sizeof(p->a[0]));
	p->n -= n;
}

static bool multiply(struct atom *a, const struct atom *b)
{
	const struct atom *unit = a->unit[0] ? a : b;

	if ((a->unit[0] && b->unit[0]) || a->milli < 0 || b->milli < 0 || a->milli > 100000000
	    || b->milli > 100000000)
		return false;
	a->milli = a->milli * b->milli / 1000;
	a->joined = true;
	a->said = unit->said;
	memmove(a->unit, unit->unit, sizeof(a->unit));
	return true;
}

static bool product_beside(const struct list_parse *p, size_t from, size_t to)
{
	return (from && at(p, from - 1, ATOM_PRODUCT)) || at(p, to, ATOM_PRODUCT);
}

/* "2 x 500 g", "500 g x 2", "2 fois le 4", "le 4 x 2". */
static void join_times(struct list_parse *p)
{
	for (size_t i = 1; i + 1 < p->n; i++) {
		struct atom *a = &p->a[i - 1], *b = &p->a[i + 1];

		if (!at(p, i, ATOM_TIMES))
			continue;
		if (a->kind == ATOM_QTY && b->kind == ATOM_QTY && b->apart && !a->unit[0]
		    && !b->unit[0] && !product_beside(p, i - 1, i + 2)) {
			b->kind = ATOM_CODE;
			b->milli /= 1000;
			drop(p, i, 1);
		} else if ((a->kind == ATOM_CODE && b->kind == ATOM_QTY)
			   || (a->kind == ATOM_QTY && b->kind == ATOM_CODE)
			   || (a->kind == ATOM_QTY && b->kind == ATOM_PACK)
			   || (a->kind == ATOM_QTY && b->kind == ATOM_PRODUCT)
			   || (a->kind == ATOM_PRODUCT && b->kind == ATOM_QTY)) {
			drop(p, i, 1);
		} else if (a->kind == ATOM_QTY && b->kind == ATOM_QTY && multiply(a, b)) {
			drop(p, i, 2);
		}
	}
	for (size_t i = 0; i < p->n; i++)
		if (at(p, i, ATOM_TIMES))
			atom_wrong(p, "quantity", NULL);
}

/* The stretch between separators that atom i is in. */
static void stretch(const struct list_parse *p, size_t i, size_t *from, size_t *to)
{
	for (*from = i; *from && !at(p, *from - 1, ATOM_BREAK);)
		--*from;
	for (*to = i; *to < p->n && !at(p, *to, ATOM_BREAK);)
		++*to;
}

/* "40 sacs de patates 5kg": how many times how much. "200kg sac de 5kg": the total was said. */
static void join_pack(struct list_parse *p, size_t i)
{
	size_t from, to, count = SIZE_MAX, size = SIZE_MAX, sizes = 0;

	stretch(p, i, &from, &to);
	for (size_t k = from; k < to; k++) {
		if (!at(p, k, ATOM_QTY))
			continue;
		if (!p->a[k].unit[0])
			count = k;
		else if (sizes++ == 0)
			size = k;
	}
	if (sizes == 2 && count == SIZE_MAX) {
		for (size_t k = to; k-- > size + 1;)
			if (at(p, k, ATOM_QTY) || at(p, k, ATOM_PACK))
				drop(p, k, 1);
		return;
	}
	drop(p, i, 1);
	if (size > i && size != SIZE_MAX)
		size--;
	if (count > i && count != SIZE_MAX)
		count--;
	if (sizes == 1 && p->a[size].joined)
		return;
	if (sizes == 1 && count != SIZE_MAX && multiply(&p->a[count], &p->a[size]))
		drop(p, size, 1);
	else
		atom_wrong(p, "pack_size_missing", NULL);
}

/* Only who sells says prices. */
static bool sells(const struct list_parse *p)
{
	return p->options->any
	       && (!strcmp(p->options->role, "PRO") || !strcmp(p->options->role, "COO"));
}

/* A number without a unit; with decimals it can hardly be anything else. */
static bool may_be_price(const struct list_parse *p, size_t i, bool decimals)
{
	const struct symbol *s = at(p, i, ATOM_QTY) ? atom_symbol(p, p->a[i].sym) : NULL;

	return s && s->kind == SYMBOL_NUMBER && !(decimals && s->digits) && !s->article
	       && s->milli > 0 && s->milli < 1000000;
}

/* Whether the product at i has a quantity of its own behind it: "1,80 radis 30 bottes". */
static bool has_own_quantity(const struct list_parse *p, size_t i)
{
	return at(p, i, ATOM_PRODUCT) && at(p, i + 1, ATOM_QTY) && p->a[i + 1].said;
}

/* The unit behind a price: "le kilo", "/kg", "piece". */
static const char *unit_behind(const struct list_parse *p, size_t i)
{
	do
		i++;
	while (atom_symbol(p, i) && atom_symbol(p, i)->kind == SYMBOL_WEAK
	       && !atom_is_separator(atom_symbol(p, i)));
	return atom_symbol(p, i) && atom_symbol(p, i)->kind == SYMBOL_UNIT ? atom_symbol(p, i)->unit
									   : NULL;
}

/* "carottes 50 kg 1,80": what a producer writes behind product and quantity is the price; "carottes 1,90" is one too
 * where no quantity stands at all. */
static void find_prices(struct list_parse *p)
{
	/* a whole number is the price of what a producer sells; a resident may mean how many are left */
	bool sells = !strcmp(p->options->role, "PRO") || !strcmp(p->options->role, "COO");
	bool amounts = false;

	for (size_t i = 0; i < p->n; i++)
		amounts |= at(p, i, ATOM_QTY) && !may_be_price(p, i, true);
	for (size_t i = 1; i < p->n; i++) {
		bool pair = i > 1
			    && ((at(p, i - 1, ATOM_QTY) && at(p, i - 2, ATOM_PRODUCT))
				|| (at(p, i - 2, ATOM_QTY) && at(p, i - 1, ATOM_PRODUCT)));

		/* "50 kg de patates, 1,20 le kilo" */
		pair |= sells && unit_behind(p, p->a[i].sym) && may_be_price(p, i, true);
		if (!may_be_price(p, i, !pair || !sells)
		    || (amounts ? !pair : !at(p, i - 1, ATOM_PRODUCT)))
			continue;
		if (amounts && at(p, i + 1, ATOM_PRODUCT) && !has_own_quantity(p, i + 1))
			continue;
		p->a[i].kind = ATOM_MONEY;
		p->out->priced = true;
	}
}

static void note_prices(struct list_parse *p)
{
	p->price = talloc_array(p->out, struct price, p->n + 1);
	OSMO_ASSERT(p->price);
	for (size_t i = 0; i < p->n; i++)
		if (at(p, i, ATOM_MONEY))
			p->price[p->n_prices++] = (struct price){
				p->a[i].sym,
				p->a[i].milli,
				unit_behind(p, p->a[i].sym),
			};
}

/* The item that a price stands behind; the only one, if it stands before. NULL: nobody knows. */
static struct reading_item *priced_item(const struct list_parse *p, const struct price *price)
{
	struct list *l = p->out;
	size_t found = l->n;

	for (size_t i = 0; i < l->n; i++)
		if (l->to[i] < price->sym && (found == l->n || l->to[i] > l->to[found]))
			found = i;
	if (found == l->n)
		return l->n == 1 ? &l->item[0] : NULL;
	return &l->item[found];
}

/* Prices to the items that they are of. One for another unit ("14 euros le kilo" of what is sold by the piece), a second
 * one, or one of nothing in particular is stray: it is asked about. */
static void give_prices(struct list_parse *p)
{
	for (size_t i = 0; i < p->n_prices; i++) {
		const struct price *price = &p->price[i];
		struct reading_item *item = priced_item(p, price);
		bool fits = item && item->price_cents < 0 && price->milli % 10 == 0;

		if (fits && price->unit && item->unit[0] && strcmp(price->unit, item->unit))
			fits = false;
		if (fits)
			item->price_cents = price->milli / 10;
		else
			p->out->stray = true;
	}
}

static void join(struct list_parse *p)
{
	if (sells(p))
		find_prices(p);
	join_times(p);
	for (size_t i = 0; i < p->n; i++)
		if (at(p, i, ATOM_PACK)) {
			join_pack(p, i);
			i = 0;
		}
}

/* --- pairs of quantity and product --- */

static const char *name_of(const struct list_parse *p, const struct atom *a)
{
	return atom_symbol(p, a->sym)->text;
}

static const char *print_qty(void *ctx, const struct atom *a)
{
	return talloc_asprintf(ctx, "%g%s", (double)a->milli / 1000, a->unit);
}

/* Names of a category or of part of a name that are on offer. */
static const char *offered_of(const struct list_parse *p, const char *list)
{
	const char *out = NULL;

	while (list && *list) {
		size_t n = strcspn(list, ",");
		char *name = talloc_strndup(p->out, list, n);

		if (lexicon_find(p->lex, name))
			out = atom_add_name(p->out, out, name);
		list += n + (list[n] == ',');
	}
	return out;
}

/* Whether the product itself can be dealt with; if not, says what is wrong. */
static bool product_clear(struct list_parse *p, const struct atom *a)
{
	const struct symbol *s = atom_symbol(p, a->sym);

	if (s->homograph)
		atom_wrong(p, "t9_homograph",
			   s->text); /* and what it may be is put in the list all the same */
	if (a->unknown) {
		atom_wrong(p, "product_unknown", s->text);
	} else if (s->doubtful) {
		atom_wrong(p, "product_variety", s->text);
	} else if (s->kind == SYMBOL_CATEGORY || s->list) {
		atom_wrong(p, "product_ambiguous", s->text);
		if (!p->out->cand)
			p->out->cand = offered_of(p, s->list);
	} else if (!s->offered && (!p->options->any || s->guessed)) {
		atom_wrong(p, "product_not_offered", s->text);
	} else {
		return true;
	}
	return false;
}

static void put_item(struct list_parse *p, const struct reading_item *item, size_t from, size_t to)
{
	struct list *l = p->out;

	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->item[i].product, item->product) || l->item[i].number != item->number)
			continue;
		if (p->options->fix)
			l->item[i] = *item;
		else
			atom_wrong(p, "duplicate_line", item->product);
		return;
	}
	if (l->n == READING_ITEMS_MAX) {
		atom_wrong(p, "too_many", NULL);
		return;
	}
	l->from[l->n] = from;
	l->to[l->n] = to;
	l->item[l->n++] = *item;
}

static const char *producer_after(const struct list_parse *p, size_t i)
{
	size_t k = atom_next_meaning(p, i);

	return atom_symbol(p, k) && atom_symbol(p, k)->kind == SYMBOL_PRODUCER
		       ? atom_symbol(p, k)->text
		       : "";
}

static bool counted(const struct rules *rules, const char *unit)
{
	size_t n = strlen(unit);

	for (const char *s = n ? strstr(rules->counted, unit) : NULL; s; s = strstr(s + 1, unit))
		if (s[-1] == ' ' && s[n] == ' ')
			return true;
	return false;
}

/* The unit of an item: as said, or that of sale where it is one that is counted. */
static bool settle_unit(struct list_parse *p, struct reading_item *item, const struct atom *q,
			const struct symbol *product)
{
	const char *sale = product->unit;

	if (!q->said) {
		if (!counted(p->rules, sale) && (sale[0] || q->unit[0] == '\0')) {
			atom_wrong(p, "unit_missing", product->text);
			return false;
		}
		if (q->unit[0] && sale[0]
		    && strcmp(q->unit, sale)) { /* a dozen of what is sold in bunches */
			atom_wrong(p, "unit_mismatch", product->text);
			return false;
		}
		osmo_strlcpy(item->unit, sale[0] ? sale : q->unit, sizeof(item->unit));
	} else if (sale[0] && strcmp(q->unit, sale)) {
		atom_wrong(p, "unit_mismatch", product->text);
		return false;
	} else {
		osmo_strlcpy(item->unit, q->unit, sizeof(item->unit));
	}
	return true;
}

static void check_size(struct list_parse *p, const struct reading_item *item)
{
	if (item->milli > rules_limit(p->rules, "small", item->unit))
		p->out->large = true;
	if (item->milli > rules_limit(p->rules, p->options->role, item->unit)) {
		atom_wrong(p, "qty_unusual", item->product);
		p->out->text = talloc_asprintf(p->out, "%g%s", (double)item->milli / 1000,
					       item->unit);
	} else if (counted(p->rules, item->unit) && item->milli % 500) {
		atom_wrong(p, "quantity", item->product);
	}
}

/* Whether the same product comes again, after a correction. */
static bool said_later(const struct list_parse *p, const struct atom *a)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->a[i].kind == ATOM_PRODUCT && p->a[i].sym > a->sym
		    && !strcmp(name_of(p, &p->a[i]), name_of(p, a)))
			return true;
	return false;
}

static void put_pair(struct list_parse *p, const struct atom *q, const struct atom *product)
{
	const struct symbol *s = atom_symbol(p, product->sym);
	struct reading_item item = { .qty = READING_QTY_GIVEN,
				     .milli = q->milli,
				     .price_cents = -1 };

	if (p->options->fix && said_later(p, product))
		return;
	if (!product_clear(p, product)) {
		p->out->text = print_qty(p->out, q);
		return;
	}
	OSMO_STRLCPY_ARRAY(item.product, s->text);
	OSMO_STRLCPY_ARRAY(item.producer, producer_after(p, OSMO_MAX(product->sym, q->sym)));
	if (item.milli == 0) {
		atom_wrong(p, "qty_zero", s->text);
		return;
	}
	if (!settle_unit(p, &item, q, s))
		return;
	check_size(p, &item);
	put_item(p, &item, OSMO_MIN(q->sym, product->sym), OSMO_MAX(q->sym, product->sym));
}

static void put_code(struct list_parse *p, const struct atom *q, const struct atom *code)
{
	struct reading_item item = { .qty = READING_QTY_GIVEN,
				     .milli = q->milli,
				     .price_cents = -1 };

	item.number = (int)code->milli;
	if (q->said) {
		atom_wrong(p, "codes_or_quantities", NULL);
		return;
	}
	OSMO_STRLCPY_ARRAY(item.unit, "u");
	if (item.milli <= 0)
		atom_wrong(p, "qty_zero", NULL);
	put_item(p, &item, OSMO_MIN(q->sym, code->sym), OSMO_MAX(q->sym, code->sym));
}

static void put_lone(struct list_parse *p, const struct atom *a, bool budget)
{
	struct reading_item item = { .qty = READING_QTY_ALL, .price_cents = -1 };

	if (a->kind == ATOM_QTY) {
		atom_wrong(p, "product_missing", NULL);
		p->out->text = print_qty(p->out, a);
		return;
	}
	if (a->kind == ATOM_CODE) {
		item.number = (int)a->milli;
		atom_wrong(p, "codes_or_quantities", NULL);
		return;
	}
	if (!product_clear(p, a))
		return;
	if (p->options->all) {
		OSMO_STRLCPY_ARRAY(item.product, name_of(p, a));
		put_item(p, &item, a->sym, a->sym);
	} else {
		atom_lacks_quantity(p, name_of(p, a), budget ? "budget_order" : "qty_missing");
	}
}

static bool pairs(const struct atom *a, const struct atom *b)
{
	return (a->kind == ATOM_QTY) != (b->kind == ATOM_QTY);
}

/* "un poulet de 1,5 kg": the second quantity only describes what is counted. */
static bool describes(const struct list_parse *p, const struct atom *a)
{
	return a[0].kind == ATOM_QTY && !a[0].said && a[1].kind == ATOM_PRODUCT
	       && a[2].kind == ATOM_QTY && a[2].said && a[2].apart
	       && !strcmp(atom_symbol(p, a[1].sym)->unit, "pc") && strcmp(a[2].unit, "pc");
}

/* "pain 30 baguettes 15 complets": the first is the heading of the others. */
static bool heading(const struct list_parse *p, const struct atom *a, size_t n)
{
	const char *name = name_of(p, a);
	size_t len = strlen(name);

	if (n < 5 || n % 2 == 0 || a->kind != ATOM_PRODUCT)
		return false;
	for (size_t i = 1; i < n; i += 2)
		if (a[i].kind != ATOM_QTY || a[i + 1].kind != ATOM_PRODUCT)
			return false;
	for (size_t i = 2; i < n; i += 2)
		if (!strncmp(name_of(p, &a[i]), name, len) && name_of(p, &a[i])[len] == '_')
			return true;
	return false;
}

/* "2 3 kg", and of what if that stands beside: atoms are a quantity, another, and what may be a product. */
static void range(struct list_parse *p, const struct atom *a, const struct atom *product)
{
	atom_wrong(p, "qty_range",
		   product && product->kind == ATOM_PRODUCT ? name_of(p, product) : NULL);
	if (!p->out->text)
		p->out->text = talloc_asprintf(p->out, "%g..%g", (double)a[0].milli / 1000,
					       (double)a[1].milli / 1000);
}

/* The atoms between two separators, without prices. */
static void read_stretch(struct list_parse *p, const struct atom *a, size_t n, bool budget)
{
	size_t i = 0;

	if (n && heading(p, a, n))
		i = 1;
	while (i < n) {
		if (i + 2 < n && describes(p, a + i) && (n - i) % 2) {
			put_pair(p, &a[i], &a[i + 1]);
			i += 3;
		} else if (i + 1 < n && pairs(&a[i], &a[i + 1])) {
			const struct atom *q = a[i].kind == ATOM_QTY ? &a[i] : &a[i + 1];
			const struct atom *what = q == &a[i] ? &a[i + 1] : &a[i];

			if (i + 2 < n && (n - i) % 2 && n - i == 3 && pairs(&a[i + 1], &a[i + 2])) {
				/* carottes 2 kg navets: whose are the 2 kg? */
				atom_wrong(p, "qty_ambiguous", name_of(p, what));
				return;
			}
			if (what->kind == ATOM_CODE)
				put_code(p, q, what);
			else
				put_pair(p, q, what);
			i += 2;
		} else if (i + 1 < n && a[i].kind == ATOM_QTY && a[i + 1].kind == ATOM_QTY) {
			range(p, a + i, i + 2 < n ? &a[i + 2] : NULL);
			i += 3;
		} else {
			put_lone(p, &a[i], budget);
			i++;
		}
	}
}

/* How many atoms of a kind; of all stretches at once. */
static size_t count(const struct list_parse *p, enum atom_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->a[i].kind == kind;
	return n;
}

/* Whether every stretch has as many quantities as products. */
static bool balanced(const struct list_parse *p)
{
	int diff = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (at(p, i, ATOM_BREAK)) {
			if (diff)
				return false;
		} else {
			diff += p->a[i].kind == ATOM_QTY ? 1 : -1;
		}
	}
	return diff == 0;
}

static void remove_kind(struct list_parse *p, enum atom_kind kind)
{
	for (size_t i = p->n; i-- > 0;)
		if (at(p, i, kind))
			drop(p, i, 1);
}

static void read_stretches(struct list_parse *p)
{
	size_t products = count(p, ATOM_PRODUCT) + count(p, ATOM_CODE), from = 0;
	bool budget = p->out->priced && count(p, ATOM_QTY) == 0;

	if (sells(p))
		note_prices(p);
	remove_kind(p, ATOM_MONEY);
	/* "carottes, 2 kg, radis, 1 botte": separators that separate nothing */
	if (products == count(p, ATOM_QTY) && !balanced(p))
		remove_kind(p, ATOM_BREAK);
	for (size_t i = 0; i <= p->n; i++) {
		if (i < p->n && !at(p, i, ATOM_BREAK))
			continue;
		read_stretch(p, p->a + from, i - from, budget);
		from = i + 1;
	}
}

struct list *list_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
		       const struct symbols *symbols, bool *used,
		       const struct list_options *options)
{
	struct list_parse p = { rules, lex, symbols, options, used };

	p.out = talloc_zero(ctx, struct list);
	OSMO_ASSERT(p.out);
	p.a = talloc_array(p.out, struct atom, symbols->n + 1);
	OSMO_ASSERT(p.a);
	atom_read(&p);
	p.out->products = count(&p, ATOM_PRODUCT) + count(&p, ATOM_CODE) > 0;
	join(&p);
	if (count(&p, ATOM_CODE))
		p.out->products = true;
	read_stretches(&p);
	give_prices(&p);
	return p.out;
}
