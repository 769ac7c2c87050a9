/* What the gateway says: the templates of one language, read from a .po file.
 *
 * An entry's msgid is its name, its msgstr the text with named placeholders
 * {total}; the extracted comment (#.) declares the rest, in this order:
 *
 *   #. functional; parts 2; use-by 24h; wait no; kind answer; longest: total="1 234,50", name="..."
 *   msgid "order_placed"
 *   msgstr "C'est noté ! ..."
 *
 * Plural forms use msgid_plural and the file's Plural-Forms with {n}.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalogue;

enum template_purpose { TEMPLATE_FUNCTIONAL, TEMPLATE_PROMOTIONAL };

struct template
{
	const char *name;
	const char *text; /* with placeholders; plural forms by catalogue_text() */
	enum template_purpose purpose;
	unsigned int parts; /* most parts that it may need, filled with its longest values */
	int64_t use_by; /* seconds from queueing after which it is of no use; 0: given by the subject */
	bool wait;      /* may wait for the end of quiet hours */
	bool resend; /* may be sent again when it is in doubt whether it left */
};

/* One value for a placeholder. */
struct template_value {
	const char *name;
	const char *value; /* UTF-8 */
};

/*! Read the catalogue of a language that is built in ("fr").
 *
 * Every entry is checked: known attributes, placeholders closed and declared.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \param[out] error  on ctx, what is wrong, with the entry's name; may be NULL.
 * \returns 0, -ENOENT for a language that is not built in, -EINVAL. */
int catalogue_open(struct catalogue **out, void *ctx, const char *language, char **error);

/*! \returns the template, or NULL if there is none of that name. Lives as long as the catalogue. */
const struct template *catalogue_find(const struct catalogue *cat, const char *name);

/*! Call fn for each template, in the order of the file; stops at the first result that is not 0 and returns it. */
int catalogue_each(const struct catalogue *cat, int (*fn)(const struct template *t, void *data),
		   void *data);

/*! Fill a template in. Values are transliterated to GSM 7-bit and stripped of control characters.
 *
 * \param[in] values  NULL-name-terminated; "n" selects the plural form.
 * \returns a text on ctx; a placeholder without a value is left as it stands and logged (our bug, a test proves none). */
char *template_fill(void *ctx, const struct catalogue *cat, const char *name,
		    const struct template_value *values);
