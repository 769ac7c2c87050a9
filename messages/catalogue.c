/* What the gateway says: the templates of one language, read from a .po file.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/catalogue.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/declaration.h"
#include "messages/embed.h"
#include "messages/placeholder.h"
#include "messages/pofile.h"

EMBED(catalogue_fr, "messages/fr.po");

static const struct {
	const char *language;
	const char *data;
	const char *end;
} built_in[] = {
	{ "fr", catalogue_fr, catalogue_fr_end },
};

/* The expressions of Plural-Forms that are understood, without their spaces. */
struct plural_rule {
	const char *expression;
	bool fraction_counts; /* 1.5 is several */
	bool zero_is_several;
};

static const struct plural_rule plural_rules[] = {
	{ "nplurals=2;plural=(n>1);", false, false },
	{ "nplurals=2;plural=n>1;", false, false },
	{ "nplurals=2;plural=(n!=1);", true, true },
	{ "nplurals=2;plural=n!=1;", true, true },
};

struct catalogue {
	const struct plural_rule *plural;
	size_t n;
	struct template *templates;      /* in the order of the file */
	const struct template **by_name; /* sorted */
};

/* The first thing that is wrong; the text is on ctx. */
struct complaint {
	void *ctx;
	char *text;
};

static int wrong(struct complaint *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(struct complaint *c, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	c->text = talloc_vasprintf(c->ctx, format, ap);
	va_end(ap);
	OSMO_ASSERT(c->text);
	return -EINVAL;
}

/* Compare a header field with what is wanted; spaces do not count. */
static bool field_is(const char *field, const char *wanted)
{
	for (; *field; field++) {
		if (isspace((unsigned char)*field))
			continue;
		if (*field != *wanted)
			return false;
		wanted++;
	}
	return !*wanted;
}

static bool header_field_is(const char *header, const char *name, const char *wanted)
{
	char *field = po_header_field(header, name);
	bool is = field && field_is(field, wanted);

	free(field);
	return is;
}

static int header_check(struct catalogue *cat, const char *header, const char *language,
			struct complaint *c)
{
	if (!header)
		return wrong(c, "header: there is none");
	if (!header_field_is(header, "Language", language))
		return wrong(c, "header: Language is not %s", language);
	if (!header_field_is(header, "Content-Type", "text/plain;charset=UTF-8"))
		return wrong(c, "header: Content-Type is not text/plain; charset=UTF-8");
	for (size_t i = 0; i < ARRAY_SIZE(plural_rules); i++)
		if (header_field_is(header, "Plural-Forms", plural_rules[i].expression))
			cat->plural = &plural_rules[i];
	if (!cat->plural)
		return wrong(
			c,
			"header: Plural-Forms is not nplurals=2 with plural=(n > 1); or (n != 1);");
	return 0;
}

static bool declared(const struct template *t, const struct placeholder *p)
{
	for (const struct template_value *v = t->longest; v->name; v++)
		if (placeholder_is(p, v->name))
			return true;
	return false;
}

/* Every placeholder of a text is closed and declared. */
static int text_check(const struct template *t, const char *text, struct complaint *c)
{
	struct placeholder p;

	do {
		if (placeholder_next(&p, &text))
			return wrong(c, "a brace that is no placeholder: '%.20s'",
				     p.plain + strcspn(p.plain, "{}"));
		if (p.name && !declared(t, &p))
			return wrong(c, "{%.*s} has no longest value", (int)p.name_len, p.name);
	} while (p.name);
	return 0;
}

static bool mentions(const char *text, const char *name)
{
	struct placeholder p;

	do {
		placeholder_next(&p, &text);
		if (p.name && placeholder_is(&p, name))
			return true;
	} while (p.name);
	return false;
}

/* Every placeholder that is declared is in a text; n may serve to choose the plural alone. */
static int longest_check(const struct template *t, struct complaint *c)
{
	for (const struct template_value *v = t->longest; v->name; v++)
		if (!mentions(t->text, v->name) && !(t->plural && mentions(t->plural, v->name))
		    && !(t->plural && !strcmp(v->name, "n")))
			return wrong(c, "{%s} is declared and not used", v->name);
	return 0;
}

static int texts_check(const struct template *t, struct complaint *c)
{
	int rc = text_check(t, t->text, c);

	if (!rc && t->plural)
		rc = text_check(t, t->plural, c);
	return rc ? rc : longest_check(t, c);
}

static bool empty(const char *text)
{
	return !text || !*text;
}

static int message_check(po_message_t m, struct complaint *c)
{
	const char *name = po_message_msgid(m);

	if (po_message_msgctxt(m))
		return wrong(c, "has a context (msgctxt), which is not used");
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")])
		return wrong(c, "the name has more than letters, digits, _ and .");
	if (po_message_is_fuzzy(m))
		return wrong(c, "is fuzzy: translate it and remove the mark");
	if (po_message_is_obsolete(m))
		return wrong(c, "is obsolete: remove it");
	if (empty(po_message_msgid_plural(m) ? po_message_msgstr_plural(m, 0)
					     : po_message_msgstr(m)))
		return wrong(c, "has no text");
	if (po_message_msgid_plural(m) && empty(po_message_msgstr_plural(m, 1)))
		return wrong(c, "has no text for the plural");
	return 0;
}

static const char *copy(void *ctx, const char *text)
{
	char *out = talloc_strdup(ctx, text);

	OSMO_ASSERT(out);
	return out;
}

static int template_read(struct template *t, void *ctx, po_message_t m, struct complaint *c)
{
	bool plural = po_message_msgid_plural(m);
	int rc = message_check(m, c);

	if (rc)
		return rc;
	t->name = copy(ctx, po_message_msgid(m));
	t->text = copy(ctx, plural ? po_message_msgstr_plural(m, 0) : po_message_msgstr(m));
	t->plural = plural ? copy(ctx, po_message_msgstr_plural(m, 1)) : NULL;
	rc = declaration_read(t, ctx, po_message_extracted_comments(m), &c->text);
	return rc ? rc : texts_check(t, c);
}

static int templates_read(struct catalogue *cat, po_file_t file, struct complaint *c)
{
	po_message_iterator_t it = po_message_iterator(file, NULL);
	po_message_t m;
	int rc = 0;

	while (!rc && (m = po_next_message(it))) {
		struct template t = { 0 };

		if (!*po_message_msgid(m))
			continue; /* the header */
		rc = template_read(&t, cat, m, c);
		if (rc) {
			wrong(c, "%s: %s", po_message_msgid(m), c->text);
			break;
		}
		cat->templates = talloc_realloc(cat, cat->templates, struct template, cat->n + 1);
		OSMO_ASSERT(cat->templates);
		cat->templates[cat->n++] = t;
	}
	po_message_iterator_free(it);
	return rc;
}

static int compare(const void *a, const void *b)
{
	const struct template *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void sort(struct catalogue *cat)
{
	cat->by_name = talloc_array(cat, const struct template *, cat->n);
	OSMO_ASSERT(cat->by_name);
	for (size_t i = 0; i < cat->n; i++)
		cat->by_name[i] = &cat->templates[i];
	qsort(cat->by_name, cat->n, sizeof(cat->by_name[0]), compare);
}

static int catalogue_fill(struct catalogue *cat, po_file_t file, const char *language,
			  struct complaint *c)
{
	int rc = header_check(cat, po_file_domain_header(file, NULL), language, c);

	if (!rc)
		rc = templates_read(cat, file, c);
	if (!rc)
		sort(cat);
	return rc;
}

int catalogue_read(struct catalogue **out, void *ctx, const char *language, const char *data,
		   size_t len, char **error)
{
	struct catalogue *cat = talloc_zero(ctx, struct catalogue);
	struct complaint c = { .ctx = cat };
	po_file_t file = NULL;
	int rc;

	OSMO_ASSERT(cat);
	rc = pofile_read(&file, cat, data, len, &c.text);
	if (!rc)
		rc = catalogue_fill(cat, file, language, &c);
	if (file)
		po_file_free(file);
	if (rc) {
		if (error)
			*error = talloc_steal(ctx, c.text);
		talloc_free(cat);
		return rc;
	}
	*out = cat;
	return 0;
}

int catalogue_open(struct catalogue **out, void *ctx, const char *language, char **error)
{
	for (size_t i = 0; i < ARRAY_SIZE(built_in); i++)
		if (!strcmp(built_in[i].language, language))
			return catalogue_read(out, ctx, language, built_in[i].data,
					      (size_t)(built_in[i].end - built_in[i].data), error);
	if (error) {
		*error = talloc_asprintf(ctx, "no catalogue of the language '%.20s' is built in",
					 language);
		OSMO_ASSERT(*error);
	}
	return -ENOENT;
}

static int compare_name(const void *name, const void *entry)
{
	const struct template *const *t = entry;

	return strcmp(name, (*t)->name);
}

const struct template *catalogue_find(const struct catalogue *cat, const char *name)
{
	const struct template **found = bsearch(name, cat->by_name, cat->n, sizeof(cat->by_name[0]),
						compare_name);

	return found ? *found : NULL;
}

const char *catalogue_text(const struct catalogue *cat, const struct template *t, const char *n)
{
	char *end;
	long whole;
	bool fraction;

	if (!t->plural || !n || !isdigit((unsigned char)*n))
		return t->text;
	whole = strtol(n, &end, 10);
	fraction = (*end == ',' || *end == '.') && strspn(end + 1, "0") < strlen(end + 1);
	if (whole > 1 || (whole == 0 && cat->plural->zero_is_several)
	    || (fraction && cat->plural->fraction_counts))
		return t->plural;
	return t->text;
}

int catalogue_each(const struct catalogue *cat, int (*fn)(const struct template *t, void *data),
		   void *data)
{
	for (size_t i = 0; i < cat->n; i++) {
		int rc = fn(&cat->templates[i], data);

		if (rc)
			return rc;
	}
	return 0;
}
