/* The notation of readings: printed, read back; and what must not be stored of a text.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

const char *reading_arg(const struct reading *r, const char *key)
{
	for (size_t i = 0; i < r->n_args; i++)
		if (!strcmp(r->args[i].key, key))
			return r->args[i].value;
	return NULL;
}

/* A quantity of thousandths without zeros at its end: 1.5 */
static char *print_milli(char *out, int64_t milli)
{
	int64_t whole = milli / 1000, part = milli % 1000;

	if (!part)
		return talloc_asprintf_append(out, "%" PRId64, whole);
	out = talloc_asprintf_append(out, "%" PRId64 ".%03d", whole, (int)part);
	while (out[strlen(out) - 1] == '0')
		out[strlen(out) - 1] = '\0';
	return out;
}

static char *print_item(char *out, const struct reading_item *item)
{
	if (item->qty == READING_QTY_ALL)
		out = talloc_strdup_append(out, "all");
	else
		out = talloc_strdup_append(print_milli(out, item->milli), item->unit);
	if (item->product[0])
		out = talloc_asprintf_append(out, ":%s", item->product);
	else if (item->number)
		out = talloc_asprintf_append(out, ":%s%d", item->line ? "line" : "#", item->number);
	if (item->producer[0])
		out = talloc_asprintf_append(out, "@%s", item->producer);
	if (item->price_cents >= 0)
		out = talloc_asprintf_append(out, "@%" PRId64 ".%02d", item->price_cents / 100,
					     (int)(item->price_cents % 100));
	return out;
}

char *reading_print_items(void *ctx, const struct reading *r)
{
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < r->n_items; i++)
		out = print_item(i ? talloc_strdup_append(out, ";") : out, &r->items[i]);
	return out;
}

char *reading_print(void *ctx, const struct reading *r)
{
	char *out = talloc_asprintf(ctx, "%s\t", r->intent);
	bool any = false;

	if (r->n_items) {
		char *items = reading_print_items(ctx, r);

		out = talloc_asprintf_append(out, "items=%s", items);
		talloc_free(items);
		any = true;
	}
	for (size_t i = 0; i < r->n_args; i++) {
		out = talloc_asprintf_append(out, "%s%s=%s", any ? " " : "", r->args[i].key,
					     r->args[i].value);
		any = true;
	}
	return any ? out : talloc_strdup_append(out, "-");
}

static bool scan_milli(const char **s, int64_t *milli)
{
	int64_t value = 0, unit = 100;
	const char *from = *s;

	for (; **s >= '0' && **s <= '9' && *s - from < 9; ++*s)
		value = value * 10 + (**s - '0');
	if (*s == from)
		return false;
	value *= 1000;
	if (**s == '.')
		for (++*s; **s >= '0' && **s <= '9'; ++*s, unit /= 10)
			value += unit * (**s - '0');
	*milli = value;
	return true;
}

static bool scan_field(const char **s, char *out, size_t size, const char *stop)
{
	size_t n = strcspn(*s, stop);

	if (n >= size)
		return false;
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n;
	return true;
}

static bool scan_product(const char **s, struct reading_item *item)
{
	char *end;

	if (**s == '#' || !strncmp(*s, "line", 4)) {
		const char *digits = *s + (**s == '#' ? 1 : 4);

		if (*digits >= '0' && *digits <= '9') {
			item->line = **s != '#';
			item->number = (int)(strtol(digits, &end, 10) % 100000);
			*s = end;
			return true;
		}
	}
	return scan_field(s, item->product, sizeof(item->product), "@;");
}

static bool scan_item(const char *s, struct reading_item *item)
{
	int64_t price;

	*item = (struct reading_item){ .price_cents = -1 };
	if (!strncmp(s, "all", 3) && (s[3] == ':' || s[3] == '\0')) {
		item->qty = READING_QTY_ALL;
		s += 3;
	} else if (!scan_milli(&s, &item->milli)
		   || !scan_field(&s, item->unit, sizeof(item->unit), ":@")) {
		return false;
	}
	if (*s == ':' && (s++, !scan_product(&s, item)))
		return false;
	while (*s == '@') {
		s++;
		if (*s >= '0' && *s <= '9') {
			if (!scan_milli(&s, &price))
				return false;
			item->price_cents = price / 10;
			s += strcspn(s, "@");
		} else if (!scan_field(&s, item->producer, sizeof(item->producer), "@")) {
			return false;
		}
	}
	return *s == '\0';
}

static bool scan_items(struct reading *r, char *text)
{
	char *save, *one;

	for (one = strtok_r(text, ";", &save); one; one = strtok_r(NULL, ";", &save)) {
		if (r->n_items == READING_ITEMS_MAX || !scan_item(one, &r->items[r->n_items]))
			return false;
		r->n_items++;
	}
	return true;
}

static bool scan_arg(struct reading *r, char *word)
{
	char *equals = strchr(word, '=');

	if (!equals || equals == word)
		return false;
	*equals = '\0';
	if (!strcmp(word, "items"))
		return scan_items(r, equals + 1);
	if (r->n_args == READING_ARGS_MAX)
		return false;
	r->args[r->n_args++] = (struct reading_arg){ word, equals + 1 };
	return true;
}

static bool scan(struct reading *r, const char *notation)
{
	char *text = talloc_strdup(r, notation), *tab = strchr(text, '\t'), *save, *word;

	if (tab)
		*tab = '\0';
	r->intent = text;
	if (!*text || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(text))
		return false;
	if (!tab || !strcmp(tab + 1, "-"))
		return true;
	for (word = strtok_r(tab + 1, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (!scan_arg(r, word))
			return false;
	return true;
}

struct reading *reading_scan(void *ctx, const char *notation)
{
	struct reading *r = talloc_zero(ctx, struct reading);

	OSMO_ASSERT(r);
	if (scan(r, notation))
		return r;
	talloc_free(r);
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Digits from s on, single spaces, dots and hyphens between them included, if they must be hidden; else 0. */
static size_t secret_length(const char *s)
{
	size_t n = 0, digits = 0, run = 0;

	while (is_digit(s[run]))
		run++;
	for (; is_digit(s[n]) || (strchr(" .-", s[n]) && s[n] && is_digit(s[n + 1])); n++)
		digits += is_digit(s[n]);
	if (digits >= 13 && digits <= 19) /* ISO/IEC 7812: a payment card */
		return n;
	return run >= 4 && run <= 8 && !is_letter(s[run]) ? run : 0;
}

char *reading_scrub(void *ctx, const char *text)
{
	char *out = talloc_size(ctx, strlen(text) + 1), *to = out;

	OSMO_ASSERT(out);
	for (const char *s = text; *s;) {
		bool begins = s == text || !(is_digit(s[-1]) || is_letter(s[-1]));
		size_t n = begins && is_digit(*s) ? secret_length(s) : 0;

		if (n) {
			memcpy(to, "***", 3);
			to += 3;
			s += n;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
	talloc_set_name_const(out, "scrubbed text");
	return out;
}
