/* Recognising what a catalogue wrote: the plain parts of a template, in their order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/catalogue.h"

#include <string.h>

#include "messages/placeholder.h"

/* Octets of plain text that have to agree: fewer could be anybody's words. */
#define ECHO_MIN 25

static const char *find(const char *text, const char *plain, size_t len)
{
	return len ? memmem(text, strlen(text), plain, len) : text;
}

/* Whether a text begins as a template does and holds all of its plain parts; what follows on another line does not
 * matter, because answers are made of several templates. */
static bool wrote(const char *template, const char *text)
{
	const char *at = template, *rest = text;
	struct placeholder p;
	size_t plain = 0;
	bool first = true;

	if (*template != '{'
	    && *template != *text) /* of most templates that is all there is to do */
		return false;
	do {
		const char *hit;

		if (placeholder_next(&p, &at))
			return false;
		hit = find(rest, p.plain, p.plain_len);
		if (!hit || (first && p.plain_len && hit != text))
			return false;
		first = false;
		plain += p.plain_len;
		rest = hit + p.plain_len;
	} while (p.name);
	return plain >= ECHO_MIN && (!p.plain_len || !*rest || *rest == '\n');
}

static int compare(const struct template *t, void *text)
{
	if (t->purpose == TEMPLATE_PIECE)
		return 0;
	return wrote(t->text, text) || (t->plural && wrote(t->plural, text));
}

bool catalogue_wrote(const struct catalogue *cat, const char *text)
{
	return strlen(text) >= ECHO_MIN && catalogue_each(cat, compare, (void *)text) != 0;
}
