/* Patterns of the rules: a small notation, compiled to PCRE2.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/pattern.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/symbol.h"

/* Words that may stand between any two elements: without a meaning, or not known; not a comma, nor the end of a sentence. */
#define SKIP    "(?:(?:~[^.,_;]|%)[^ ]* )*"
/* Symbols that ".." steps over. */
#define GAP     "(?:(?:~[^.,_;]|[^~])[^ ]* ){0,5}?"
/* What may stand between orders that are listed. */
#define LISTED  "(?:(?:~[^._;]|%)[^ ]* )*"
/* What may stand before the first element of "^" and behind the last of "$". */
#define OUTSIDE "(?:[~%][^ ]+ )*"

struct pattern {
	pcre2_code *code;
	unsigned n_captures;
	const char *capture[PATTERN_CAPTURES_MAX];
	bool has_need;
	uint64_t need[PATTERN_SET]; /* one of these symbols is in every text that matches */
};

struct matcher {
	pcre2_match_context *context;
	pcre2_match_data *data;
};

struct parser {
	const struct vocabulary *v;
	struct pattern *p;
	void *scratch; /* what is needed until it is compiled */
	char *re;      /* talloc string that grows */
	const char *s, *end;
	char *error;
};

/* Names that stand for more than one mark, and those that do not capture one symbol. */
static const struct {
	const char *name, *re;
	const char *marks;          /* letters that it begins with; empty: unknown words */
	const char *first, *second; /* words that it may begin with besides, or NULL */
} named[] = {
	{ "order", "(?:Rc|N[bfp])[0-9]+ ", "RN" },
	{ "orders", "(?:Rc|N[bfp])[0-9]+ (?:" LISTED "(?:Rc|N[bfp])[0-9]+ )*", "RN" },
	{ "motion", "Nm[0-9]+ ", "N" },
	{ "four", "Nf[0-9]+ ", "N" },
	{ "pin", "N[fp][0-9]+ ", "N" },
	{ "small", "N[msx][0-9]+ ", "N" },
	{ "nomotion", "N[sx][0-9]+ ", "N" },
	{ "member", "N[bfp][0-9]+ ", "N" },
	{ "date", "(?:D[a-z]|N[ms])[0-9]+ ", "DN" },
	{ "future", "D[fw][0-9]+ ", "D" },
	{ "past", "D[p][0-9]+ ", "D" },
	{ "days", "Sd[0-9]+ ", "S" },
	{ "long", "Sl[0-9]+ ", "S" },
	{ "minutes", "Sm[0-9]+ ", "S" },
	{ "loan", "Il[0-9]+ ", "I" },
	{ "slot", "Is[0-9]+ ", "I" },
	{ "subject", "(?:P[a-z]|Rc|N[bfp])[0-9]+ ", "PRN" },
	{ "word", "%[^ ]+ ", "" },
	{ "name", "%[^ ]+ (?:%[^ ]+ ){0,2}", "" },
	{ "fullname", "%[^ ]+ (?:%[^ ]+ ){1,2}", "" },
	{ "amount", "[QN][a-z][0-9]+ ", "QN" },
	{ "count", "(?:[QN][a-z][0-9]+|~une?) ", "QN", "~un", "~une" },
	{ "bookings", "R[rt][0-9]+ (?:" LISTED "R[rt][0-9]+ )*", "R" },
};

static unsigned hash(const char *s, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619u;
	return (h ^ (h >> 15)) % (PATTERN_SET * 64);
}

static void set_add(uint64_t *set, const char *s, size_t n)
{
	unsigned h = hash(s, n);

	set[h / 64] |= UINT64_C(1) << (h % 64);
}

void pattern_set_add(uint64_t *set, const char *symbol)
{
	set_add(set, symbol, strlen(symbol));
}

static int fail(struct parser *ps, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int fail(struct parser *ps, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!ps->error)
		ps->error = talloc_vasprintf(ps->p, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static void emit(struct parser *ps, const char *re)
{
	ps->re = talloc_strdup_append(ps->re, re);
	OSMO_ASSERT(ps->re);
}

static void skip_spaces(struct parser *ps)
{
	while (ps->s < ps->end && (*ps->s == ' ' || *ps->s == '\t'))
		ps->s++;
}

/* Length of the element's text at the cursor: a word, a sign or a name in brackets. */
static size_t element_length(const struct parser *ps)
{
	const char *s = ps->s;

	if (*s == '<') {
		while (s < ps->end && *s != '>')
			s++;
		return s < ps->end ? (size_t)(s + 1 - ps->s) : 0;
	}
	if (!islower((unsigned char)*s) && *s != '_')
		return 1;
	while (s < ps->end
	       && (islower((unsigned char)*s) || isdigit((unsigned char)*s) || *s == '_'))
		s++;
	return (size_t)(s - ps->s);
}

static int emit_word(struct parser *ps, const char *word, uint64_t *need)
{
	enum subject_word kind = vocabulary_subject(ps->v, word);

	if (kind == SUBJECT_NONE)
		return fail(
			ps,
			"no text ever gives the word \"%s\": use the word left of '=' in [words], "
			"or add it there",
			word);
	if (kind == SUBJECT_WEAK) { /* a capture without a name tells that it was there */
		if (ps->p->n_captures == PATTERN_CAPTURES_MAX)
			return fail(ps, "too many words without a meaning in one pattern");
		ps->p->capture[ps->p->n_captures++] = NULL;
		emit(ps, "(~");
	}
	for (const char *c = word; *c; c++)
		emit(ps,
		     talloc_asprintf(ps->scratch,
				     isalnum((unsigned char)*c) || *c == '_' ? "%c" : "\\%c", *c));
	emit(ps, kind == SUBJECT_WEAK ? " )" : " ");
	if (kind == SUBJECT_WEAK)
		word = talloc_asprintf(ps->scratch, "~%s", word);
	pattern_set_add(need, word);
	return 0;
}

/* The length of a name without the digit of a second one: <day2>. */
static size_t base_length(const char *name, size_t n)
{
	while (n && isdigit((unsigned char)name[n - 1]))
		n--;
	return n;
}

bool pattern_name_known(const char *name, size_t n)
{
	n = base_length(name, n);
	if (symbol_named(name, n) || (n == 5 && !strncmp(name, "ref-", 4)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (strlen(named[i].name) == n && !strncmp(named[i].name, name, n))
			return true;
	return false;
}

static int emit_name(struct parser *ps, const char *s, size_t n, uint64_t *need)
{
	size_t base = base_length(s, n);
	char letter;

	if (ps->p->n_captures == PATTERN_CAPTURES_MAX)
		return fail(ps, "too many <names> in one pattern");
	ps->p->capture[ps->p->n_captures++] = talloc_strndup(ps->p, s, n);
	if (base > 4 && !strncmp(s, "ref-", 4)) {
		emit(ps, talloc_asprintf(ps->scratch, "(R%c[0-9]+ )", s[4]));
		pattern_set_add(need, "R");
		return 0;
	}
	letter = symbol_named(s, base);
	if (letter) {
		emit(ps, talloc_asprintf(ps->scratch, "(%c[a-z][0-9]+ )", letter));
		set_add(need, &letter, 1);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		if (strlen(named[i].name) != base || strncmp(named[i].name, s, base))
			continue;
		emit(ps, talloc_asprintf(ps->scratch, "(%s)", named[i].re));
		for (const char *m = named[i].marks; *m; m++)
			set_add(need, m, 1);
		if (!named[i].marks[0])
			pattern_set_add(need, "%");
		if (named[i].first) {
			pattern_set_add(need, named[i].first);
			pattern_set_add(need, named[i].second);
		}
		return 0;
	}
	return fail(ps, "there is no <%s>", ps->p->capture[ps->p->n_captures - 1]);
}

static int parse_alternatives(struct parser *ps, uint64_t *need, bool *needed);

/* One element without what may follow it ('?'). */
static int parse_element(struct parser *ps, uint64_t *need, bool *needed)
{
	size_t n = element_length(ps);
	int rc;

	*needed = true;
	if (!n)
		return fail(ps, "'<' without '>'");
	if (*ps->s == '(') {
		ps->s++;
		emit(ps, "(?:");
		rc = parse_alternatives(ps, need, needed);
		emit(ps, ")");
		if (rc == 0 && (ps->s >= ps->end || *ps->s++ != ')'))
			return fail(ps, "'(' without ')'");
		return rc;
	}
	if (*ps->s == ')' || *ps->s == '|')
		return fail(ps, "%s where a word is expected", *ps->s == ')' ? "')'" : "'|'");
	if (*ps->s == '<')
		rc = emit_name(ps, ps->s + 1, n - 2, need);
	else
		rc = emit_word(ps, talloc_strndup(ps->scratch, ps->s, n), need);
	ps->s += n;
	return rc;
}

/* Elements up to the end, a bar or a bracket. The set is that of the first element that must be there. */
static int parse_sequence(struct parser *ps, uint64_t *need, bool *needed)
{
	bool first = true;

	*needed = false;
	for (skip_spaces(ps); ps->s < ps->end && *ps->s != ')' && *ps->s != '|'; skip_spaces(ps)) {
		uint64_t set[PATTERN_SET] = { 0 };
		bool has, optional;
		size_t mark;
		char *before;
		int rc;

		if (ps->end - ps->s >= 2 && ps->s[0] == '.' && ps->s[1] == '.') {
			emit(ps, GAP);
			ps->s += 2;
			continue;
		}
		mark = strlen(ps->re);
		rc = parse_element(ps, set, &has);
		if (rc < 0)
			return rc;
		optional = ps->s < ps->end && *ps->s == '?' && ps->s[-1] != ' ';
		ps->s += optional;
		before = talloc_strndup(ps->scratch, ps->re, mark);
		ps->re = talloc_asprintf(ps->scratch,
					 optional ? (first ? "%s(?:%s%s)?" : "%s(?:%s%s)?")
						  : (first ? "%s%s%s" : "%s%s%s"),
					 before, first ? "" : SKIP, ps->re + mark);
		if (optional && first) {
			/* the words skipped behind it belong to it */
			ps->re = talloc_asprintf(ps->scratch, "%.*s%s)?", (int)strlen(ps->re) - 2,
						 ps->re, SKIP);
			continue;
		}
		if (!optional && has && !*needed) {
			memcpy(need, set, sizeof(set));
			*needed = true;
		}
		first = false;
	}
	return first ? fail(ps, "nothing that must be there") : 0;
}

static int parse_alternatives(struct parser *ps, uint64_t *need, bool *needed)
{
	bool all = true;

	for (;;) {
		uint64_t set[PATTERN_SET] = { 0 };
		bool has;
		int rc = parse_sequence(ps, set, &has);

		if (rc < 0)
			return rc;
		all &= has;
		for (unsigned i = 0; i < PATTERN_SET; i++)
			need[i] |= set[i];
		if (ps->s >= ps->end || *ps->s != '|')
			break;
		ps->s++;
		emit(ps, "|");
	}
	*needed = all;
	return 0;
}

static int free_matcher(struct matcher *m)
{
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	return 0;
}

/* A match keeps its frames, 20 KiB at least, for the next one: one room for all, not one for each pattern. */
struct matcher *matcher_new(void *ctx, uint32_t match, uint32_t depth, uint32_t heap)
{
	struct matcher *m = talloc_zero(ctx, struct matcher);

	OSMO_ASSERT(m);
	m->context = pcre2_match_context_create(NULL);
	m->data = pcre2_match_data_create(PATTERN_CAPTURES_MAX + 1, NULL);
	OSMO_ASSERT(m->context && m->data);
	talloc_set_destructor(m, free_matcher);
	pcre2_set_match_limit(m->context, match);
	pcre2_set_depth_limit(m->context, depth);
	pcre2_set_heap_limit(m->context, heap);
	return m;
}

static int free_pattern(struct pattern *p)
{
	pcre2_code_free(p->code);
	return 0;
}

static int compile(struct parser *ps)
{
	struct pattern *p = ps->p;
	PCRE2_SIZE at;
	PCRE2_UCHAR msg[120];
	int code;

	p->code = pcre2_compile((PCRE2_SPTR)ps->re, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP,
				&code, &at, NULL);
	if (!p->code) {
		pcre2_get_error_message(code, msg, sizeof(msg));
		return fail(ps, "%s", (const char *)msg);
	}
	talloc_set_destructor(p, free_pattern);
	return 0;
}

static int parse(struct parser *ps)
{
	bool at_start = false, at_end = false;
	int rc;

	while (ps->end > ps->s && ps->end[-1] == ' ')
		ps->end--;
	skip_spaces(ps);
	if (ps->s < ps->end && *ps->s == '^') {
		at_start = true;
		ps->s++;
	}
	if (ps->s < ps->end && ps->end[-1] == '$') {
		at_end = true;
		ps->end--;
	}
	emit(ps, at_start ? "^ " OUTSIDE "(?:" : " (?:");
	rc = parse_alternatives(ps, ps->p->need, &ps->p->has_need);
	if (rc == 0 && ps->s < ps->end)
		rc = fail(ps, "')' without '('");
	emit(ps, at_end ? ")" OUTSIDE "$" : ")");
	return rc ? rc : compile(ps);
}

int pattern_compile(struct pattern **out, void *ctx, const struct vocabulary *v, const char *text,
		    size_t n, char **error)
{
	struct parser ps = {
		.v = v, .p = talloc_zero(ctx, struct pattern), .s = text, .end = text + n
	};
	int rc;

	OSMO_ASSERT(ps.p);
	ps.scratch = talloc_new(ps.p);
	ps.re = talloc_strdup(ps.scratch, "");
	rc = parse(&ps);
	if (rc < 0) {
		*error = talloc_steal(ctx, ps.error);
		talloc_free(ps.p);
		return rc;
	}
	talloc_free(ps.scratch);
	*out = ps.p;
	return 0;
}

static void copy_captures(struct pattern_match *out, const struct pattern *p, const PCRE2_SIZE *ov,
			  int groups)
{
	out->n = out->weak = 0;
	for (int i = 1; i < groups; i++)
		if (ov[2 * i] != PCRE2_UNSET && !p->capture[i - 1])
			out->weak++;
		else if (ov[2 * i] != PCRE2_UNSET)
			out->capture[out->n++] = (struct capture){ p->capture[i - 1], ov[2 * i],
								   ov[2 * i + 1] };
}

bool pattern_may_match(const struct pattern *p, const uint64_t *have)
{
	bool may = !p->has_need;

	for (unsigned i = 0; i < PATTERN_SET && !may; i++)
		may = (p->need[i] & have[i]) != 0;
	return may;
}

int pattern_match(struct pattern_match *out, const struct pattern *p, struct matcher *matcher,
		  const char *subject, size_t length, size_t start, const uint64_t *have)
{
	const PCRE2_SIZE *ov;
	int rc;

	if (!pattern_may_match(p, have))
		return -ENOENT;
	rc = pcre2_match(p->code, (PCRE2_SPTR)subject, length, start, PCRE2_NO_UTF_CHECK,
			 matcher->data, matcher->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return -ENOENT;
	if (rc < 1)
		return -E2BIG;
	ov = pcre2_get_ovector_pointer(matcher->data);
	out->from = ov[0] + 1; /* the space before the first symbol */
	out->to = ov[1];
	copy_captures(out, p, ov, rc);
	return 0;
}
