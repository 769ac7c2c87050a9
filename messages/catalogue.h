/* What the gateway says: the templates of one language, read from a .po file.
 *
 * An entry's msgid is its name, its msgstr the text with named placeholders
 * {total}; the extracted comment (#.) declares the rest, in this order:
 *
 *   #. functional; parts 2; use-by 24h; wait no; resend no;
 *   #. longest: total="1234,50 €", name="..."
 *   msgid "order_placed"
 *   msgstr "C'est noté ! ..."
 *
 * - functional | promotional; alarm: functional, for the coordinators, and sent whatever the budget; or piece, a value in other templates, with no attribute but longest
 * - parts N: most parts that it needs, filled with its longest values
 * - use-by 30m | 24h | 2d | subject: of no use after that time; subject: the caller sets a time
 * - wait yes | no: may wait for the end of quiet hours
 * - resend yes | no: may be sent again when it is in doubt whether it left
 * - longest: the longest real value of each placeholder; one with \n may be of several lines
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

enum template_purpose {
	TEMPLATE_FUNCTIONAL,
	TEMPLATE_PROMOTIONAL,
	TEMPLATE_ALARM, /* what the coordinators have to know, whatever the budget */
	TEMPLATE_PIECE  /* never sent by itself: a value in other templates */
};

/* One value for a placeholder. */
struct template_value {
	const char *name;
	const char *value; /* UTF-8 */
};

struct template
{
	const char *name;
	const char *text;   /* with placeholders */
	const char *plural; /* text for several, or NULL if it is the same for any number */
	enum template_purpose purpose;
	unsigned int parts; /* most parts that it may need, filled with its longest values */
	int64_t use_by; /* seconds from queueing until it is of no use; 0: given by the subject */
	bool wait;      /* may wait for the end of quiet hours */
	bool resend;    /* may be sent again when it is in doubt whether it left */
	const struct template_value *longest; /* of each placeholder; ends with a NULL name */
};

/*! Read the catalogue of a language that is built in ("fr").
 *
 * Every entry is checked: known attributes, placeholders closed and declared.
 *
 * \param[out] out  on ctx; untouched unless 0 is returned.
 * \param[out] error  on ctx, what is wrong, with the entry's name; may be NULL.
 * \returns 0, -ENOENT for a language that is not built in, -EINVAL. */
int catalogue_open(struct catalogue **out, void *ctx, const char *language, char **error);

/*! Read a catalogue from memory: what catalogue_open() does with what is built in.
 *
 * \param[in] data  a .po file of len octets; not kept.
 * \returns 0, -EINVAL, or -EIO if there is no temporary file: libgettextpo reads files. */
int catalogue_read(struct catalogue **out, void *ctx, const char *language, const char *data,
		   size_t len, char **error);

/*! \returns the template, or NULL if there is none of that name. Lives as long as the catalogue. */
const struct template *catalogue_find(const struct catalogue *cat, const char *name);

/*! The text of a template for a number of things.
 *
 * \param[in] n  a number, which may have decimals ("1,5"); NULL or not a number: the singular. */
const char *catalogue_text(const struct catalogue *cat, const struct template *t, const char *n);

/*! Call fn for each template, in the order of the file, until a result is not 0.
 * \returns that result, or 0. */
int catalogue_each(const struct catalogue *cat, int (*fn)(const struct template *t, void *data),
		   void *data);

/*! Fill a template in.
 *
 * Values are transliterated to GSM 7-bit; control characters are dropped, line breaks become spaces
 * unless the longest value that is declared has some; what is beyond TEMPLATE_VALUE_MAX octets is
 * cut off. A value is never read as a template. What is no piece begins with a capital.
 *
 * \param[in] values  NULL-name-terminated; "n" selects the plural: a number, with decimals or not.
 * \returns a text on ctx, or NULL if there is no such template; a placeholder without a value is
 *          left as it stands and logged (our bug, a test proves none). */
char *template_fill(void *ctx, const struct catalogue *cat, const char *name,
		    const struct template_value *values);

/*! Whether a text is one that the catalogue wrote: it begins as a template does, and holds all its plain words in their
 * order. Text after the last of them may follow on another line. */
bool catalogue_wrote(const struct catalogue *cat, const char *text);

/* Ten parts hold 1,530 septets; a value has no use for more. */
#define TEMPLATE_VALUE_MAX 2000
