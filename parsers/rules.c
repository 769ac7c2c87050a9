/* The rules of a language: the sections of the file that say what is done.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/embed.h"
#include "parsers/dictionary.h"
#include "parsers/symbol.h"

EMBED(rules_fr, "parsers/fr.rules");

/* Match limits of PCRE2: what goes beyond them is not matched. Heap in KiB. */
#define MATCH_LIMIT 10000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT  1000

/* Largest rules file read. */
#define FILE_MAX (1 << 20)

static const struct {
	const char *language;
	const char *text, *end;
} built_in[] = {
	{ "fr", rules_fr, rules_fr_end },
};

static const char *const roles_known[] = { "RES", "MEM", "PRO", "PRV", "COO", "AID", "-" };

const struct intent *rules_intent(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->n_intents; i++)
		if (!strcmp(rules->intents[i].name, name))
			return &rules->intents[i];
	return NULL;
}

int64_t rules_limit(const struct rules *rules, const char *role, const char *unit)
{
	for (size_t i = 0; i < rules->n_limits; i++)
		if (!strcmp(rules->limits[i].role, role) && !strcmp(rules->limits[i].unit, unit))
			return rules->limits[i].milli;
	return INT64_MAX;
}

bool rules_role(const char *roles, const char *role)
{
	bool not = roles[0] == '!';
	const char *s = roles + not ;

	if (!*roles)
		return true;
	while (*s) {
		size_t n = strcspn(s, " ");

		if (n == strlen(role) && !strncmp(s, role, n))
			return !not ;
		s += n + strspn(s + n, " ");
	}
	return not ;
}

static int check_roles(struct rules_file *f, const char *roles)
{
	const char *s = roles + (roles[0] == '!');

	while (*s) {
		size_t n = strcspn(s, " ");
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(roles_known); i++)
			known |= strlen(roles_known[i]) == n && !strncmp(roles_known[i], s, n);
		if (!known)
			return rules_file_error(
				f, "role \"%.*s\" is not one of RES MEM PRO PRV COO AID -", (int)n,
				s);
		s += n + strspn(s + n, " ");
	}
	return 0;
}

/* "ORDER: RES AID; acts; ask; unknown 3" */
static int intent_option(struct rules_file *f, struct intent *in, const char *word)
{
	char *end;

	if (!strcmp(word, "acts"))
		in->acts = true;
	else if (!strcmp(word, "ask"))
		in->missing = LIST_ASK;
	else if (!strcmp(word, "all"))
		in->missing = LIST_ALL;
	else if (!strcmp(word, "any"))
		in->any = true;
	else if (!strcmp(word, "first"))
		in->first = true;
	else if (!strcmp(word, "exact"))
		in->exact = true;
	else if (!strcmp(word, "reason"))
		in->reason = true;
	else if (!strcmp(word, "alone"))
		in->alone = true;
	else if (!strcmp(word, "unasked"))
		in->unasked = true;
	else if (!strcmp(word, "talk"))
		in->talk = true;
	else if (!strcmp(word, "words"))
		in->words = true;
	else if (!strncmp(word, "unknown ", 8) && isdigit((unsigned char)word[8]))
		in->unknown = (unsigned)strtoul(word + 8, &end, 10);
	else
		return rules_file_error(
			f,
			"\"%s\" is not one of acts, alone, ask, all, any, exact, first, reason, unasked, unknown N, words",
			word);
	return 0;
}

int rules_add_intent(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	char *colon = strchr(text, ':'), *part, *save;
	struct intent in = { .line = f->line, .unknown = 99 };
	int rc;

	if (!colon)
		return rules_file_error(f, "no ':' after the intent: NAME: ROLES; options");
	*colon = '\0';
	in.name = rules_trim(text);
	if (!in.name[0] || strspn(in.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(in.name))
		return rules_file_error(f, "intent \"%s\" is not in capitals", in.name);
	if (rules_intent(r, in.name))
		return rules_file_error(f, "intent %s is there already (line %u)", in.name,
					rules_intent(r, in.name)->line);
	part = strtok_r(colon + 1, ";", &save);
	in.roles = part ? rules_trim(part) : "";
	rc = check_roles(f, in.roles);
	while (rc == 0 && (part = strtok_r(NULL, ";", &save)))
		rc = intent_option(f, &in, rules_trim(part));
	if (rc < 0)
		return rc;
	r->intents = talloc_realloc(r, r->intents, struct intent, r->n_intents + 1);
	OSMO_ASSERT(r->intents);
	r->intents[r->n_intents++] = in;
	return 0;
}

/* "RES kg 40" */
int rules_add_limit(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	char *save, *role = strtok_r(text, " ", &save), *unit = strtok_r(NULL, " ", &save),
		    *value = strtok_r(NULL, " ", &save), *end;
	long n = value ? strtol(value, &end, 10) : 0;

	if (!value || *end || n < 1 || n > 100000)
		return rules_file_error(f, "a limit is ROLE UNIT NUMBER: RES kg 40");
	r->limits = talloc_realloc(r, r->limits, struct limit, r->n_limits + 1);
	OSMO_ASSERT(r->limits);
	r->limits[r->n_limits++] = (struct limit){ role, unit, n * 1000 };
	return 0;
}

/* What a rule demands of its list, written as a part of it. */
static bool flag_part(struct rule *rule, const char *text)
{
	if (!strcmp(text, "<list>"))
		rule->list = true;
	else if (!strcmp(text, "@large"))
		rule->list = rule->large = true;
	else if (!strcmp(text, "@priced"))
		rule->list = rule->priced = true;
	else if (!strcmp(text, "@clean"))
		rule->list = rule->clean = true;
	else if (!strcmp(text, "@one"))
		rule->list = rule->one = true;
	else if (!strcmp(text, "@both"))
		rule->list = rule->both = true;
	else if (!strcmp(text, "@fix"))
		rule->list = rule->fix = true;
	else
		return false;
	return true;
}

/* Which kind of part a text is: "!(a)" must not match, "+(a)" must match wherever it is, all else is matched and used. */
static void part_kind(struct rule *rule, char **text, size_t *n, unsigned **count,
		      struct pattern ***parts)
{
	char sign = **text;

	*count = &rule->n_parts;
	*parts = rule->part;
	if (*n < 4 || (sign != '!' && sign != '+') || (*text)[1] != '(' || (*text)[*n - 1] != ')')
		return;
	*count = sign == '!' ? &rule->n_absent : &rule->n_present;
	*parts = sign == '!' ? rule->absent : rule->present;
	*text += 2;
	*n -= 3;
}

static int add_part(struct rules_file *f, struct rule *rule, char *text)
{
	size_t n = strlen(text);
	struct pattern **parts;
	unsigned *count;
	char *error = NULL;
	int rc;

	if (flag_part(rule, text))
		return 0;
	part_kind(rule, &text, &n, &count, &parts);
	if (*count == RULE_PARTS_MAX)
		return rules_file_error(f, "more than %d parts", RULE_PARTS_MAX);
	rc = pattern_compile(&parts[*count], f->rules, f->rules->vocabulary, text, n, &error);
	if (rc < 0)
		return rules_file_error(f, "%s", error);
	++*count;
	return 0;
}

static int add_parts(struct rules_file *f, struct rule *rule, char *text)
{
	char *save, *part;
	int rc = 0;

	for (part = strtok_r(text, "&", &save); part && rc == 0; part = strtok_r(NULL, "&", &save))
		rc = add_part(f, rule, rules_trim(part));
	if (rc == 0 && !rule->n_parts && !rule->list)
		return rules_file_error(f, "a rule without anything to match");
	if (rc == 0 && rule->both && rule->n_parts != 2)
		return rules_file_error(f, "@both is for a rule of two parts, each with its list");
	return rc;
}

/* The names that an argument is filled in with: captured ones, and what the reader makes of the whole text. */
static int check_names(struct rules_file *f, const char *value)
{
	static const char *const whole[] = { "list", "list2", "things", "kind" };
	const char *s = value;

	while ((s = strchr(s, '<'))) {
		const char *end = strchr(s, '>');
		size_t n = end ? (size_t)(end - s - 1) : 0;
		bool known = end && pattern_name_known(s + 1, n);

		for (size_t i = 0; i < ARRAY_SIZE(whole) && end; i++)
			known |= strlen(whole[i]) == n && !strncmp(whole[i], s + 1, n);
		if (!known)
			return rules_file_error(f, "there is no <%.*s>", (int)n, s + 1);
		s = end;
	}
	return 0;
}

static int add_args(struct rules_file *f, struct rule *rule, char *text)
{
	char *save, *word = strtok_r(text, " \t", &save);

	rule->intent = word ? rules_intent(f->rules, word) : NULL;
	if (!rule->intent)
		return rules_file_error(f, "\"%s\" is not in [intents]", word ? word : "");
	while ((word = strtok_r(NULL, " \t", &save))) {
		char *equals = strchr(word, '=');

		if (!equals || equals == word || !equals[1])
			return rules_file_error(f, "\"%s\" is not key=value", word);
		if (rule->n_args == RULE_ARGS_MAX)
			return rules_file_error(f, "more than %d arguments", RULE_ARGS_MAX);
		*equals = '\0';
		if (check_names(f, equals + 1) < 0)
			return -EINVAL;
		rule->arg[rule->n_args++] = (struct rule_arg){ word, equals + 1 };
	}
	return 0;
}

/* "RES AID: pattern & pattern -> INTENT key=value" */
int rules_add_rule(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	struct rule rule = { .line = f->line, .roles = "" };
	char *arrow = strstr(text, "->"), *colon = strchr(text, ':');
	int rc;

	if (!arrow) {
		arrow = strstr(text, "=>");
		rule.strict = true;
	}
	if (!arrow)
		return rules_file_error(f, "no -> between what is said and the intent");
	*arrow = '\0';
	if (colon && colon < arrow
	    && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ! -") == (size_t)(colon - text)) {
		*colon = '\0';
		rule.roles = rules_trim(text);
		text = colon + 1;
	}
	rc = check_roles(f, rule.roles);
	if (rc == 0)
		rc = add_args(f, &rule, arrow + 2);
	if (rc == 0)
		rc = add_parts(f, &rule, text);
	if (rc < 0)
		return rc;
	if (r->n_rules % 64 == 0) {
		r->rules = talloc_realloc(r, r->rules, struct rule, r->n_rules + 64);
		OSMO_ASSERT(r->rules);
	}
	r->rules[r->n_rules++] = rule;
	return 0;
}

static int check_intents(struct rules_file *f, const char *names)
{
	const char *s = names + (names[0] == '!');

	while (*s) {
		size_t n = strcspn(s, " ");
		char *name = talloc_strndup(f->rules, s, n);

		if (!rules_intent(f->rules, name))
			return rules_file_error(f, "\"%s\" is not in [intents]", name);
		s += n + strspn(s + n, " ");
	}
	return 0;
}

/* "CANCEL REMOVE: pattern" */
int rules_add_aside(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	struct aside row = { 0 };
	char *colon = strchr(text, ':'), *error = NULL;

	if (!colon)
		return rules_file_error(f, "no ':' after the intents: CANCEL REMOVE: pattern");
	*colon = '\0';
	row.intents = rules_trim(text);
	if (check_intents(f, row.intents) < 0)
		return -EINVAL;
	text = rules_trim(colon + 1);
	row.amounts = strstr(text, "<product>") || strstr(text, "<small>");
	if (pattern_compile(&row.pattern, r, r->vocabulary, text, strlen(text), &error) < 0)
		return rules_file_error(f, "%s", error);
	r->asides = talloc_realloc(r, r->asides, struct aside, r->n_asides + 1);
	OSMO_ASSERT(r->asides);
	r->asides[r->n_asides++] = row;
	return 0;
}

static int read_file(char **out, void *ctx, const char *path, char **error)
{
	FILE *in = fopen(path, "re");
	char *text;
	size_t n;

	if (!in) {
		*error = talloc_asprintf(ctx, "%s: %s", path, strerror(errno));
		return -ENOENT;
	}
	text = talloc_size(ctx, FILE_MAX + 1);
	OSMO_ASSERT(text);
	n = fread(text, 1, FILE_MAX + 1, in);
	fclose(in);
	if (n > FILE_MAX || memchr(text, '\0', n)) {
		*error = talloc_asprintf(ctx,
					 "%s: not a rules file (larger than %d octets, or binary)",
					 path, FILE_MAX);
		return -EINVAL;
	}
	text[n] = '\0';
	*out = text;
	return 0;
}

static struct rules *new_rules(void *ctx, const char *language)
{
	struct rules *r = talloc_zero(ctx, struct rules);

	OSMO_ASSERT(r);
	r->language = talloc_strdup(r, language);
	r->vocabulary = vocabulary_new(r);
	r->refs = r->counted = r->soft = r->subjects = "";
	r->match = matcher_new(r, MATCH_LIMIT, DEPTH_LIMIT, HEAP_LIMIT);
	return r;
}

static int read_built_in(struct rules *r, char **error)
{
	for (size_t i = 0; i < ARRAY_SIZE(built_in); i++)
		if (!strcmp(built_in[i].language, r->language))
			return rules_file_read(r, talloc_asprintf(r, "%s.rules", r->language),
					       talloc_strdup(r, built_in[i].text), error);
	*error = talloc_asprintf(r, "no rules are built in for language \"%s\"", r->language);
	return -ENOENT;
}

int rules_open(struct rules **out, void *ctx, const char *language, const char *path, char **error)
{
	struct rules *r = new_rules(ctx, language);
	char *text;
	int rc;

	if (path) {
		rc = read_file(&text, r, path, error);
		if (rc == 0)
			rc = rules_file_read(r, path, text, error);
	} else {
		rc = read_built_in(r, error);
	}
	if (rc < 0) {
		*error = talloc_steal(ctx, *error);
		talloc_free(r);
		return rc;
	}
	*out = r;
	return 0;
}
