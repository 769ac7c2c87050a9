/* Templates: the arguments of a rule, with what its patterns captured put in.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/template.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* A name in a template: <day2> is the second <day>. */
struct slot {
	char name[16];
	unsigned which; /* 1 for the first */
	char letter;    /* of the mark, 0 if it is no symbol */
	char ref;       /* small letter of a reference that is wanted, or 0 */
};

static bool slot_of(struct slot *out, const char *s, size_t n)
{
	*out = (struct slot){ .which = 1 };
	if (n >= sizeof(out->name))
		return false;
	memcpy(out->name, s, n);
	while (n && isdigit((unsigned char)out->name[n - 1]))
		n--;
	if (out->name[n])
		out->which = (unsigned)(out->name[n] - '0');
	out->name[n] = '\0';
	if (!strncmp(out->name, "ref-", 4)) {
		out->letter = 'R';
		out->ref = out->name[4];
	} else {
		out->letter = symbol_named(out->name, n);
	}
	return true;
}

static bool fits(const struct slot *slot, const struct symbol *s)
{
	return slot->letter && symbol_letter(s->kind) == slot->letter && !s->article
	       && (!slot->ref || tolower((unsigned char)s->text[0]) == slot->ref);
}

static const struct symbol *anywhere(const struct slot *slot, const struct symbols *symbols,
				     size_t *index)
{
	unsigned seen = 0;

	for (size_t i = 0; i < symbols->n; i++)
		if (fits(slot, &symbols->s[i]) && ++seen == slot->which) {
			*index = i;
			return &symbols->s[i];
		}
	return NULL;
}

/* The things of a text, and the number before each. */
static void mark_things(const struct symbols *symbols, bool *used)
{
	size_t number = SIZE_MAX;

	for (size_t i = 0; i < symbols->n; i++) {
		if (symbols->s[i].kind == SYMBOL_NUMBER)
			number = i;
		if (symbols->s[i].kind != SYMBOL_THING)
			continue;
		used[i] = true;
		if (number != SIZE_MAX)
			used[number] = true;
		number = SIZE_MAX;
	}
}

static void mark(const struct slot *slot, const struct symbols *symbols, bool *used)
{
	size_t i;

	if (!strcmp(slot->name, "things"))
		mark_things(symbols, used);
	else if (anywhere(slot, symbols, &i))
		used[i] = true;
}

/* How one symbol is written as an argument. */
static char *print_symbol(void *ctx, const struct symbol *s, bool order)
{
	if (s->kind == SYMBOL_QTY)
		return talloc_asprintf(ctx, "%g%s", (double)s->milli / 1000, s->unit);
	if (s->kind == SYMBOL_NUMBER && s->digits)
		return talloc_asprintf(ctx, "%s%s", order ? "C" : "", s->text);
	if (s->kind == SYMBOL_NUMBER)
		return talloc_asprintf(ctx, "%g", (double)s->milli / 1000);
	return talloc_strdup(ctx, s->text);
}

/* All symbols of a stretch of the subject, with commas; of names the words, joined. */
static char *print_stretch(void *ctx, const struct symbols *symbols, const struct capture *c)
{
	bool order = !strncmp(c->name, "order", 5) || !strncmp(c->name, "subject", 7),
	     name = strstr(c->name, "name") != NULL,
	     several = order || !strcmp(c->name, "bookings");
	char *out = NULL;

	for (size_t i = symbol_at(symbols, c->from); i < symbol_at(symbols, c->to); i++) {
		const struct symbol *s = &symbols->s[i];
		char *one;

		if (s->kind == SYMBOL_WEAK || s->kind == SYMBOL_AND || s->kind == SYMBOL_SOME
		    || (several && s->kind == SYMBOL_UNKNOWN))
			continue;
		one = print_symbol(ctx, s, order);
		out = out ? talloc_asprintf_append(out, "%s%s", name ? "_" : ",", one) : one;
	}
	return out;
}

static const struct capture *captured(const struct template_source *from, const char *name,
				      size_t n)
{
	for (unsigned i = 0; i < from->n_match; i++)
		for (size_t k = 0; k < from->match[i].n; k++) {
			const struct capture *c = &from->match[i].capture[k];

			if (strlen(c->name) == n && !strncmp(c->name, name, n))
				return c;
		}
	return NULL;
}

void template_mark(const char *value, const struct template_source *from, bool *used)
{
	const char *s = value;

	while ((s = strchr(s, '<'))) {
		const char *end = strchr(s, '>');
		struct slot slot;

		if (!end)
			return;
		if (!captured(from, s + 1, (size_t)(end - s - 1))
		    && slot_of(&slot, s + 1, (size_t)(end - s - 1)))
			mark(&slot, from->symbols, used);
		s = end;
	}
}

/* Every thing that is named, each with its number: table:2,chaise:8. */
static char *print_things(void *ctx, const struct symbols *symbols)
{
	char *out = NULL;
	const struct symbol *number = NULL;

	for (size_t i = 0; i < symbols->n; i++) {
		const struct symbol *s = &symbols->s[i];
		const struct symbol *n = number;

		if (s->kind == SYMBOL_NUMBER)
			number = s;
		if (s->kind != SYMBOL_THING)
			continue;
		number = NULL;
		if (out && strstr(out, s->text)) /* again: only what it is about */
			continue;
		out = out ? talloc_asprintf_append(out, ",%s", s->text)
			  : talloc_strdup(ctx, s->text);
		if (n && !n->article && n->milli > 1000)
			out = talloc_asprintf_append(out, ":%" PRId64, n->milli / 1000);
	}
	return out;
}

static const char *kind_of_thing(const struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->n; i++)
		if (symbols->s[i].kind == SYMBOL_THING)
			return symbols->s[i].unit;
	return NULL;
}

/* The products and quantities that the rule leaves, as items are written: 1botte:persil. */
static char *print_list(void *ctx, const struct list *list)
{
	struct reading r = { 0 };

	if (!list || !list->n)
		return NULL;
	memcpy(r.items, list->item, list->n * sizeof(r.items[0]));
	r.n_items = list->n;
	return reading_print_items(ctx, &r);
}

static char *value_of(void *ctx, const char *name, size_t n, const struct template_source *from)
{
	const struct capture *c = captured(from, name, n);
	struct slot slot;
	const struct symbol *s;
	size_t i;

	if (c)
		return print_stretch(ctx, from->symbols, c);
	if (!slot_of(&slot, name, n))
		return NULL;
	if (!strcmp(slot.name, "things"))
		return print_things(ctx, from->symbols);
	if (!strcmp(slot.name, "list"))
		return print_list(ctx, slot.which == 1 ? from->list : from->list2);
	if (!strcmp(slot.name, "kind"))
		return talloc_strdup(ctx, kind_of_thing(from->symbols));
	s = anywhere(&slot, from->symbols, &i);
	return s ? print_symbol(ctx, s, false) : NULL;
}

char *template_expand(void *ctx, const char *value, const struct template_source *from)
{
	char *out = talloc_strdup(ctx, "");

	while (*value) {
		const char *end = *value == '<' ? strchr(value, '>') : NULL;

		if (end) {
			char *v = value_of(out, value + 1, (size_t)(end - value - 1), from);

			if (!v)
				return NULL;
			out = talloc_strdup_append(out, v);
			value = end + 1;
		} else {
			size_t n = strcspn(value + 1, "<") + 1;

			out = talloc_strndup_append(out, value, n);
			value += n;
		}
	}
	return out;
}

void template_items(struct reading *r, const char *value, const struct template_source *from)
{
	char *text;
	struct reading *items;

	if (!strcmp(value, "<list>") && from->list) {
		memcpy(r->items, from->list->item, from->list->n * sizeof(r->items[0]));
		r->n_items = from->list->n;
		return;
	}
	text = template_expand(r, value, from);
	if (!text)
		return;
	items = reading_scan(r, talloc_asprintf(r, "X\titems=%s", text));
	if (items) {
		memcpy(r->items, items->items, sizeof(r->items));
		r->n_items = items->n_items;
	}
}
