/* Atoms: what matters of the symbols of a text for a list.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/atom.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

const struct symbol *atom_symbol(const struct list_parse *p, size_t i)
{
	return i < p->symbols->n ? &p->symbols->s[i] : NULL;
}

const char *atom_add_name(void *ctx, const char *list, const char *name)
{
	return list ? talloc_asprintf(ctx, "%s,%s", list, name) : talloc_strdup(ctx, name);
}

/* The first thing that is wrong is asked; a quantity that is missing only if nothing else is. */
void atom_wrong(struct list_parse *p, const char *reason, const char *product)
{
	struct list *l = p->out;

	if (l->reason && !l->missing && strcmp(l->reason, reason))
		return;
	if (l->missing)
		l->product = NULL;
	l->missing = false;
	l->reason = reason;
	if (product)
		l->product = atom_add_name(l, l->product, product);
}

void atom_lacks_quantity(struct list_parse *p, const char *product, const char *reason)
{
	struct list *l = p->out;

	if (l->reason && !l->missing)
		return;
	l->missing = true;
	l->reason = l->reason ? l->reason : reason;
	l->product = atom_add_name(l, l->product, product);
}

static struct atom *push(struct list_parse *p, enum atom_kind kind, size_t i)
{
	struct atom *a = &p->a[p->n++];
	const struct symbol *s = atom_symbol(p, i);

	*a = (struct atom){ .kind = kind, .sym = i, .milli = s->milli };
	a->apart =
		i && (atom_symbol(p, i - 1)->kind == SYMBOL_WEAK || atom_symbol(p, i - 1)->article);
	p->used[i] = true;
	return a;
}

bool atom_is_separator(const struct symbol *s)
{
	return s->kind == SYMBOL_AND
	       || (s->kind == SYMBOL_WEAK && s->text[1] == '\0' && strchr(",;_+&.", s->text[0]));
}

/* The next symbol that is no word without meaning. */
size_t atom_next_meaning(const struct list_parse *p, size_t i)
{
	do
		i++;
	while (atom_symbol(p, i)
	       && (atom_symbol(p, i)->kind == SYMBOL_WEAK || atom_symbol(p, i)->kind == SYMBOL_SOME)
	       && !atom_is_separator(atom_symbol(p, i)));
	return i;
}

static bool is_kind(const struct list_parse *p, size_t i, enum symbol_kind kind)
{
	return atom_symbol(p, i) && !p->used[i] && atom_symbol(p, i)->kind == kind;
}

/* "un" counts where something countable follows; "un" of "un jour" does not. */
static bool counts(const struct list_parse *p, size_t i)
{
	size_t k = atom_next_meaning(p, i);

	while (is_kind(p, k, SYMBOL_UNKNOWN))
		k++;
	return is_kind(p, k, SYMBOL_PRODUCT) || is_kind(p, k, SYMBOL_CATEGORY)
	       || is_kind(p, k, SYMBOL_PACK) || is_kind(p, k, SYMBOL_QTY)
	       || is_kind(p, k, SYMBOL_TIMES);
}

/* "1 pot de miel pour elle et un pour moi": an article that counts something which is not named. */
static bool stands_alone(const struct list_parse *p, size_t i)
{
	const struct symbol *before = i ? atom_symbol(p, i - 1) : NULL,
			    *after = atom_symbol(p, i + 1);

	return p->n && before && before->kind == SYMBOL_AND
	       && (!after || after->kind == SYMBOL_WEAK || after->kind == SYMBOL_PERSON);
}

/* "un des deux poulets": which number is meant? */
static bool one_of_several(const struct list_parse *p, size_t i)
{
	size_t k = atom_next_meaning(p, i);

	return k > i + 1 && is_kind(p, k, SYMBOL_NUMBER)
	       && atom_symbol(p, i + 1)->kind == SYMBOL_SOME;
}

/* A word that is not known, where a product should stand: behind a quantity, "et", or "du" and "des". */
static bool stands_for_product(const struct list_parse *p, size_t i)
{
	size_t k = i;
	bool some = false;

	if (is_kind(p, i + 1, SYMBOL_UNKNOWN)
	    || is_kind(p, atom_next_meaning(p, i), SYMBOL_PRODUCT))
		return false;
	while (k
	       && (atom_symbol(p, k - 1)->kind == SYMBOL_WEAK
		   || atom_symbol(p, k - 1)->kind == SYMBOL_SOME
		   || atom_symbol(p, k - 1)->kind == SYMBOL_UNKNOWN)
	       && !atom_is_separator(atom_symbol(p, k - 1))) {
		k--;
		some |= atom_symbol(p, k)->kind == SYMBOL_SOME;
	}
	if (k == 0)
		return some;
	k--;
	if (atom_symbol(p, i)->ordinary && atom_symbol(p, k)->kind == SYMBOL_NUMBER)
		return false; /* 80 ans */
	if (atom_symbol(p, k)->kind == SYMBOL_QTY || atom_symbol(p, k)->kind == SYMBOL_UNIT
	    || atom_symbol(p, k)->kind == SYMBOL_NUMBER)
		return p->n && p->a[p->n - 1].kind == ATOM_QTY && p->a[p->n - 1].sym == k
		       && (p->n < 2 || p->a[p->n - 2].kind != ATOM_PRODUCT);
	return atom_is_separator(atom_symbol(p, k))
	       && (some || atom_symbol(p, k)->kind == SYMBOL_AND);
}

/* "2 xyz de carottes": what is not known behind a number and before "de" and a product may be a unit. */
static bool may_be_unit(const struct list_parse *p, size_t i)
{
	const struct symbol *before = i ? atom_symbol(p, i - 1) : NULL,
			    *after = atom_symbol(p, i + 1);

	return before && before->kind == SYMBOL_NUMBER && after
	       && (after->kind == SYMBOL_WEAK || after->kind == SYMBOL_SOME)
	       && !atom_is_separator(after) && is_kind(p, atom_next_meaning(p, i), SYMBOL_PRODUCT);
}

static void push_quantity(struct list_parse *p, size_t i)
{
	const struct symbol *s = atom_symbol(p, i);
	struct atom *a = push(p, ATOM_QTY, i);

	OSMO_STRLCPY_ARRAY(a->unit, s->unit);
	a->said = s->said_unit;
	if (s->doubtful || s->milli < 0)
		atom_wrong(p, "quantity", NULL);
}

/* numero 4: a number of the list; used by the caller's loop. */
static size_t push_code(struct list_parse *p, size_t i)
{
	size_t k = atom_next_meaning(p, i);
	struct atom *a;

	if (!is_kind(p, k, SYMBOL_NUMBER) || atom_symbol(p, k)->milli % 1000)
		return i;
	a = push(p, ATOM_CODE, k);
	a->milli = atom_symbol(p, k)->milli / 1000;
	p->used[i] = true;
	return k;
}

static size_t push_symbol(struct list_parse *p, size_t i)
{
	const struct symbol *s = atom_symbol(p, i);

	if (atom_is_separator(s)) {
		push(p, ATOM_BREAK, i);
		return i;
	}
	switch (s->kind) {
	case SYMBOL_NUMBER:
		if (!s->article || counts(p, i))
			push_quantity(p, i);
		else if (stands_alone(p, i))
			atom_wrong(p, "product_missing", NULL);
		if (s->article && one_of_several(p, i))
			atom_wrong(p, "qty_ambiguous", NULL);
		break;
	case SYMBOL_QTY:
		push_quantity(p, i);
		break;
	case SYMBOL_PRODUCT:
	case SYMBOL_CATEGORY:
		push(p, ATOM_PRODUCT, i);
		break;
	case SYMBOL_PACK:
		push(p, ATOM_PACK, i);
		break;
	case SYMBOL_TIMES:
		push(p, ATOM_TIMES, i);
		break;
	case SYMBOL_MONEY:
		push(p, ATOM_MONEY, i);
		p->out->priced = true;
		break;
	case SYMBOL_NO:
		return push_code(p, i);
	case SYMBOL_UNKNOWN:
		if (may_be_unit(p, i))
			atom_wrong(p, "unit_unknown", s->text);
		else if (stands_for_product(p, i))
			push(p, ATOM_PRODUCT, i)->unknown = true;
		else if (i && atom_symbol(p, i - 1)->kind == SYMBOL_PRODUCT && p->used[i - 1])
			atom_wrong(p, "product_variety", atom_symbol(p, i - 1)->text);
		break;
	case SYMBOL_UNIT:
	case SYMBOL_PRODUCER:
		p->used[i] = true;
		break;
	default:
		break;
	}
	return i;
}

void atom_read(struct list_parse *p)
{
	for (size_t i = 0; i < p->symbols->n; i++)
		if (!p->used[i])
			i = push_symbol(p, i);
}
