/* Filling a template in.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/catalogue.h"

#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "messages/placeholder.h"

/* The value of a placeholder, or NULL. */
static const char *value_of(const struct template_value *values, const struct placeholder *p)
{
	for (; values->name; values++)
		if (placeholder_is(p, values->name))
			return values->value;
	return NULL;
}

/* Octets of a value that are taken: whole characters, up to the bound. */
static size_t value_length(const char *value)
{
	size_t n = strnlen(value, TEMPLATE_VALUE_MAX + 1);

	if (n <= TEMPLATE_VALUE_MAX)
		return n;
	for (n = TEMPLATE_VALUE_MAX; n > 0 && (value[n] & 0xc0) == 0x80;)
		n--;
	return n;
}

/* Drop carriage returns; where no break is wanted, a line break is a space. */
static void tidy(char *text, bool lines)
{
	char *to = text;

	for (; *text; text++)
		if (*text == '\n' && !lines)
			*to++ = ' ';
		else if (*text != '\r')
			*to++ = *text;
	*to = '\0';
}

static char *value_clean(void *ctx, const char *value, bool lines)
{
	char *cut = talloc_strndup(ctx, value, value_length(value)), *out;

	OSMO_ASSERT(cut);
	out = gsm7_transliterate(ctx, cut);
	talloc_free(cut);
	tidy(out, lines);
	return out;
}

static void append(char **out, const char *text, size_t n)
{
	*out = talloc_strndup_append_buffer(*out, text, n);
	OSMO_ASSERT(*out);
}

static void append_value(char **out, const struct template *t, const struct template_value *values,
			 const struct placeholder *p)
{
	const char *value = value_of(values, p), *longest = value_of(t->longest, p);
	char *clean;

	if (!value) {
		LOGP(DLGLOBAL, LOGL_ERROR, "template %s: no value for {%.*s}\n", t->name,
		     (int)p->name_len, p->name);
		append(out, p->name - 1, p->name_len + 2);
		return;
	}
	clean = value_clean(NULL, value, longest && strchr(longest, '\n'));
	append(out, clean, strlen(clean));
	talloc_free(clean);
}

static const char *value_named(const struct template_value *values, const char *name)
{
	return value_of(values, &(struct placeholder){ .name = name, .name_len = strlen(name) });
}

/* A text that is sent begins with a capital, whatever value it begins with. */
static void capitalise(char *text)
{
	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	else if (!strncmp(text, "é", strlen("é")))
		memcpy(text, "É", strlen("É"));
}

char *template_fill(void *ctx, const struct catalogue *cat, const char *name,
		    const struct template_value *values)
{
	const struct template *t = catalogue_find(cat, name);
	struct placeholder p;
	const char *at;
	char *out;

	if (!t)
		return NULL;
	out = talloc_strdup(ctx, "");
	OSMO_ASSERT(out);
	at = catalogue_text(cat, t, value_named(values, "n"));
	do {
		placeholder_next(&p, &at); /* checked when the catalogue was read */
		append(&out, p.plain, p.plain_len);
		if (p.name)
			append_value(&out, t, values, &p);
	} while (p.name);
	if (t->purpose != TEMPLATE_PIECE)
		capitalise(out);
	return out;
}
