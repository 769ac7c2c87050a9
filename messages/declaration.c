/* What an entry's comment declares about its template.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/declaration.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/sms.h"

#define PLACEHOLDERS_MAX 24

/* A cursor over the comment: the first thing that was expected and missed sticks. */
struct scan {
	const char *at;
	const char *expected;
};

static void skip_space(struct scan *s)
{
	while (isspace((unsigned char)*s->at))
		s->at++;
}

static void miss(struct scan *s, const char *expected)
{
	if (!s->expected)
		s->expected = expected;
}

/* Take a word or a sign if it stands there. */
static bool take(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	skip_space(s);
	if (s->expected || strncmp(s->at, word, n))
		return false;
	if (isalnum((unsigned char)word[n - 1]) && isalnum((unsigned char)s->at[n]))
		return false;
	s->at += n;
	return true;
}

static void need(struct scan *s, const char *word)
{
	if (!take(s, word))
		miss(s, word);
}

static int64_t number(struct scan *s)
{
	int64_t n = 0;

	skip_space(s);
	if (!isdigit((unsigned char)*s->at))
		miss(s, "a number");
	for (; isdigit((unsigned char)*s->at) && n < 100000; s->at++)
		n = n * 10 + (*s->at - '0');
	return n;
}

static enum template_purpose purpose(struct scan *s)
{
	if (take(s, "promotional"))
		return TEMPLATE_PROMOTIONAL;
	if (take(s, "alarm"))
		return TEMPLATE_ALARM;
	if (take(s, "piece"))
		return TEMPLATE_PIECE;
	if (!take(s, "functional"))
		miss(s, "functional, promotional, alarm or piece");
	return TEMPLATE_FUNCTIONAL;
}

static unsigned int parts(struct scan *s)
{
	int64_t n;

	need(s, "parts");
	n = number(s);
	if (n < 1 || n > SMS_PARTS_MAX)
		miss(s, "parts 1 to 10");
	return (unsigned int)n;
}

static int64_t use_by(struct scan *s)
{
	int64_t n;

	need(s, "use-by");
	if (take(s, "subject"))
		return 0;
	n = number(s);
	if (take(s, "m"))
		return n * 60;
	if (take(s, "h"))
		return n * 3600;
	if (take(s, "d"))
		return n * 86400;
	miss(s, "use-by 30m, 24h, 2d or subject");
	return 0;
}

static bool yes_or_no(struct scan *s, const char *name)
{
	bool yes;

	need(s, name);
	yes = take(s, "yes");
	if (!yes && !take(s, "no"))
		miss(s, "yes or no");
	return yes;
}

/* What matters when it is sent. */
static void sending(struct template *t, struct scan *s)
{
	need(s, ";");
	t->parts = parts(s);
	need(s, ";");
	t->use_by = use_by(s);
	need(s, ";");
	t->wait = yes_or_no(s, "wait");
	need(s, ";");
	t->resend = yes_or_no(s, "resend");
}

static char *copy(void *ctx, const char *from, size_t n)
{
	char *out = talloc_strndup(ctx, from, n);

	OSMO_ASSERT(out);
	return out;
}

/* A name of a placeholder. */
static const char *name(struct scan *s, void *ctx)
{
	const char *from;

	skip_space(s);
	for (from = s->at;
	     islower((unsigned char)*s->at) || isdigit((unsigned char)*s->at) || *s->at == '_';)
		s->at++;
	if (s->at == from)
		miss(s, "the name of a placeholder");
	return copy(ctx, from, (size_t)(s->at - from));
}

/* A value in quotes; \n, \" and \\ as in C. */
static const char *value(struct scan *s, void *ctx)
{
	const char *from = s->at;
	char *out;
	size_t n = 0;

	need(s, "\"");
	out = copy(ctx, from, strlen(from));
	for (; !s->expected && *s->at && *s->at != '"'; s->at++) {
		if (s->at[0] == '\\' && s->at[1]) {
			s->at++;
			out[n++] = *s->at == 'n' ? '\n' : *s->at;
		} else {
			out[n++] = *s->at;
		}
	}
	out[n] = '\0';
	need(s, "\"");
	return out;
}

static const struct template_value *longest(struct scan *s, void *ctx)
{
	struct template_value *out = talloc_zero_array(ctx, struct template_value,
						       PLACEHOLDERS_MAX + 1);
	size_t n = 0;

	OSMO_ASSERT(out);
	if (!take(s, "longest:"))
		return out;
	do {
		if (n == PLACEHOLDERS_MAX)
			miss(s, "24 placeholders at most");
		if (s->expected)
			break;
		out[n].name = name(s, out);
		need(s, "=");
		out[n++].value = value(s, out);
	} while (take(s, ","));
	return out;
}

int declaration_read(struct template *out, void *ctx, const char *comment, char **error)
{
	struct scan s = { .at = comment };
	struct template t = *out;

	t.purpose = purpose(&s);
	t.parts = 1;
	if (t.purpose != TEMPLATE_PIECE)
		sending(&t, &s);
	take(&s, ";");
	t.longest = longest(&s, ctx);
	skip_space(&s);
	if (*s.at)
		miss(&s, "the end");
	if (s.expected) {
		talloc_free((void *)t.longest);
		*error = talloc_asprintf(ctx, "expected '%s', not '%.*s'", s.expected,
					 (int)strcspn(s.at, "\n"), s.at);
		OSMO_ASSERT(*error);
		return -EINVAL;
	}
	*out = t;
	return 0;
}
