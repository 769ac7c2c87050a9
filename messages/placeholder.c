/* The placeholders of a template's text.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/placeholder.h"

#include <errno.h>
#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

/* All that is left is plain text. */
static void take_rest(struct placeholder *out, const char **at)
{
	*out = (struct placeholder){ .plain = *at, .plain_len = strlen(*at) };
	*at += out->plain_len;
}

int placeholder_next(struct placeholder *out, const char **at)
{
	size_t plain = strcspn(*at, "{}");
	const char *name = *at + plain + 1;
	size_t len;

	if (!(*at)[plain]) {
		take_rest(out, at);
		return 0;
	}
	len = (*at)[plain] == '{' ? strspn(name, NAME_CHARACTERS) : 0;
	if (len == 0 || name[len] != '}') {
		take_rest(out, at);
		return -EINVAL;
	}
	*out = (struct placeholder){ *at, plain, name, len };
	*at = name + len + 1;
	return 0;
}

bool placeholder_is(const struct placeholder *p, const char *name)
{
	return strlen(name) == p->name_len && !memcmp(name, p->name, p->name_len);
}
