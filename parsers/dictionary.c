/* The file of a language's rules: its lines, and the sections that are words.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/dictionary.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/token.h"

#define PHRASE_SIZE 120

int rules_file_error(struct rules_file *f, const char *fmt, ...)
{
	va_list ap;
	char *what;

	if (f->error)
		return -EINVAL;
	va_start(ap, fmt);
	what = talloc_vasprintf(f->rules, fmt, ap);
	va_end(ap);
	f->error = talloc_asprintf(f->rules, "%s line %u: %s", f->name, f->line, what);
	return -EINVAL;
}

char *rules_trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		s[--n] = '\0';
	return s;
}

/* A phrase as it is written in the file, folded and cut as a text would be. */
static int fold_phrase(struct rules_file *f, const char *written, char out[static PHRASE_SIZE])
{
	bool clipped;
	char *folded = fold_text(f->rules, written, f->rules->map, f->rules->n_map, &clipped);
	struct tokens *tokens = token_cut(f->rules, folded);
	size_t len = 0;

	for (size_t i = 0; i < tokens->n; i++) {
		size_t n = strlen(tokens->t[i].text);

		if (len + n + 2 > PHRASE_SIZE)
			return rules_file_error(f, "\"%s\" is too long", written);
		if (i)
			out[len++] = ' ';
		memcpy(out + len, tokens->t[i].text, n);
		len += n;
	}
	out[len] = '\0';
	talloc_free(tokens);
	talloc_free(folded);
	return len ? 0 : rules_file_error(f, "\"%s\" holds no word", written);
}

static int add_phrase(struct rules_file *f, const char *written, const struct meaning *m)
{
	char phrase[PHRASE_SIZE];
	const struct meaning *clash;
	int rc = fold_phrase(f, written, phrase);

	if (rc < 0)
		return rc;
	rc = vocabulary_add(f->rules->vocabulary, phrase, m, &clash);
	if (rc == -EEXIST && clash->kind == m->kind && clash->milli == m->milli
	    && !strcmp(clash->value, m->value))
		return 0; /* listed twice */
	if (rc == -EEXIST)
		return rules_file_error(f,
					"\"%s\" has a meaning already (line %u): a phrase has one",
					phrase, clash->line);
	if (rc < 0)
		return rules_file_error(f, "\"%s\" is not one to %d words of plain letters", phrase,
					PHRASE_WORDS_MAX);
	return 0;
}

/* "ajout~er" waits until all words are known that are written out: those keep their meaning. */
static int note_verb(struct rules_file *f, char *written, const struct meaning *m)
{
	char *tilde = strchr(written, '~');
	struct verb verb = { .stem = written, .meaning = *m };

	*tilde = '\0';
	verb.meaning.form = true;
	for (size_t i = 0; i < f->rules->n_conjugations; i++)
		if (!strcmp(f->rules->conjugations[i].name, tilde + 1))
			verb.endings = f->rules->conjugations[i].endings;
	if (!verb.endings)
		return rules_file_error(f, "\"~%s\" is not in [conjugation]", tilde + 1);
	f->verbs = talloc_realloc(f->rules, f->verbs, struct verb, f->n_verbs + 1);
	OSMO_ASSERT(f->verbs);
	f->verbs[f->n_verbs++] = verb;
	return 0;
}

/* The stem with every ending of [conjugation]. */
static int add_forms(struct rules_file *f, const struct verb *verb)
{
	const char *ending = verb->endings;
	size_t stem = strlen(verb->stem);

	for (;;) {
		size_t n = strcspn(ending, ",");
		char form[PHRASE_SIZE];
		const struct meaning *clash;

		if (stem + n + 1 > sizeof(form))
			return rules_file_error(f, "\"%s\" is too long", verb->stem);
		memcpy(form, verb->stem, stem);
		memcpy(form + stem, ending, n);
		form[stem + n] = '\0';
		if (vocabulary_add(f->rules->vocabulary, form, &verb->meaning, &clash) == -EINVAL)
			return rules_file_error(f, "\"%s\" is not a stem of small letters",
						verb->stem);
		if (!ending[n])
			return 0;
		ending += n + 1;
	}
}

/* At the end of a section. */
static int add_verbs(struct rules_file *f)
{
	int rc = 0;

	for (size_t i = 0; i < f->n_verbs && rc == 0; i++)
		rc = add_forms(f, &f->verbs[i]);
	f->n_verbs = 0;
	return rc;
}

/* The phrases right of '=', or of a section that is one list. */
static int add_phrases(struct rules_file *f, char *list, const struct meaning *m)
{
	char *save, *one;
	int rc = 0;

	for (one = strtok_r(list, ",", &save); one && rc == 0; one = strtok_r(NULL, ",", &save))
		if (strchr(one, '~'))
			rc = note_verb(f, rules_trim(one), m);
		else if (*rules_trim(one))
			rc = add_phrase(f, rules_trim(one), m);
	return rc;
}

static char *split(struct rules_file *f, char *text)
{
	char *equals = strstr(text, " =");

	if (!equals) {
		rules_file_error(f, "no ' = ' in the line");
		return NULL;
	}
	*equals = '\0';
	return equals + 2;
}

static bool is_name(const char *s)
{
	return *s && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s);
}

/* The name itself with spaces for '_' is one of its phrases, unless it is listed. */
static int add_own_name(struct rules_file *f, const char *name, const struct meaning *m)
{
	char phrase[PHRASE_SIZE];
	const struct meaning *clash;
	int rc;

	OSMO_STRLCPY_ARRAY(phrase, name);
	for (char *c = phrase; *c; c++)
		if (*c == '_')
			*c = ' ';
	rc = vocabulary_add(f->rules->vocabulary, phrase, m, &clash);
	if (rc == -EEXIST && (clash->kind != m->kind || strcmp(clash->value, m->value)))
		return rules_file_error(f, "\"%s\" has a meaning already (line %u)", phrase,
					clash->line);
	return 0; /* names with digits have phrases of their own only */
}

static int add_named(struct rules_file *f, char *text, enum meaning_kind kind)
{
	struct meaning m = { .kind = kind, .line = f->line };
	char *list = strstr(text, " ="), *name;
	int rc;

	if (list) {
		*list = '\0';
		list += 2;
	}
	name = rules_trim(text);
	if (*name == '!' && kind == MEANING_WORD) {
		m.must = true;
		name++;
	}
	if (!is_name(name))
		return rules_file_error(f, "\"%s\" is not a name of small letters, digits and '_'",
					name);
	m.value = name;
	rc = list ? add_phrases(f, list, &m) : 0;
	return rc < 0 ? rc : add_own_name(f, name, &m);
}

static int section_words(struct rules_file *f, char *text)
{
	return add_named(f, text, MEANING_WORD);
}

static int section_products(struct rules_file *f, char *text)
{
	return add_named(f, text, MEANING_PRODUCT);
}

static int section_things(struct rules_file *f, char *text)
{
	return add_named(f, text, MEANING_THING);
}

static int section_places(struct rules_file *f, char *text)
{
	return add_named(f, text, MEANING_PLACE);
}

/* "fromage: tomme maroilles = fromage, fromages" */
static int section_categories(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_CATEGORY, .line = f->line };
	char *list = split(f, text), *colon = list ? strchr(text, ':') : NULL;

	if (!list)
		return -EINVAL;
	if (!colon)
		return rules_file_error(f, "a category is NAME: MEMBERS = words");
	*colon = '\0';
	m.value = rules_trim(text);
	m.list = rules_trim(colon + 1);
	for (char *c = colon + 1; *c; c++)
		if (*c == ' ' && c > m.list)
			*c = ',';
	return add_phrases(f, list, &m);
}

static int section_weak(struct rules_file *f, char *text)
{
	char *save, *one;
	int rc = 0;

	for (one = strtok_r(text, ",", &save); one && rc == 0; one = strtok_r(NULL, ",", &save)) {
		struct meaning m = { .kind = MEANING_WEAK, .line = f->line };
		char phrase[PHRASE_SIZE], *value;

		one = rules_trim(one);
		if (!*one)
			continue;
		m.must = *one == '*'; /* worth guessing */
		one += m.must;
		rc = fold_phrase(f, one, phrase);
		value = talloc_strdup(f->rules, phrase);
		for (char *c = value; *c; c++)
			if (*c == ' ')
				*c = '_';
		m.value = value;
		if (rc == 0)
			rc = add_phrase(f, one, &m);
	}
	return rc;
}

/* A word that has a meaning by now, as the form of a verb, is none of these. */
static int add_ordinary(struct rules_file *f, const char *written, const struct meaning *m)
{
	char phrase[PHRASE_SIZE];
	const struct meaning *clash;
	int rc = fold_phrase(f, written, phrase);

	if (rc == 0 && vocabulary_add(f->rules->vocabulary, phrase, m, &clash) == -EINVAL)
		return rules_file_error(f, "\"%s\" is not words of plain letters", phrase);
	return rc;
}

static int section_ordinary(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_ORDINARY, .value = "", .line = f->line };
	char *save, *one;
	int rc = 0;

	for (one = strtok_r(text, ",", &save); one && rc == 0; one = strtok_r(NULL, ",", &save))
		if (*rules_trim(one))
			rc = add_ordinary(f, rules_trim(one), &m);
	return rc;
}

static int section_spelling(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_SPELLING, .line = f->line };
	char *list = split(f, text), phrase[PHRASE_SIZE];

	if (!list || fold_phrase(f, rules_trim(text), phrase) < 0)
		return -EINVAL;
	m.value = talloc_strdup(f->rules, phrase);
	return add_phrases(f, list, &m);
}

static int64_t thousandths(const char *s, char **end)
{
	double d = strtod(s, end);

	return (int64_t)(d * 1000 + 0.5);
}

/* "2 = deux", "article 1 = un, une", "x100 = cent", "+0.5 = et demi" */
static int section_numbers(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_NUMBER, .value = "", .line = f->line };
	char *list = split(f, text), *end;

	if (!list)
		return -EINVAL;
	text = rules_trim(text);
	m.article = !strncmp(text, "article ", 8);
	m.times = *text == 'x';
	m.part = *text == '+';
	text += m.article ? 8 : m.times || m.part;
	m.milli = thousandths(text, &end);
	if (end == text || *end)
		return rules_file_error(f, "\"%s\" is not a number", text);
	return add_phrases(f, list, &m);
}

/* "kg = kilo, kilos", "0.5 kg = livre": how much of what */
static int add_measure(struct rules_file *f, char *text, enum meaning_kind kind)
{
	struct meaning m = { .kind = kind, .milli = 1000, .line = f->line };
	char *list = split(f, text), *unit, *end;

	if (!list)
		return -EINVAL;
	unit = rules_trim(text);
	if (isdigit((unsigned char)*unit)) {
		m.milli = thousandths(unit, &end);
		unit = rules_trim(end);
	}
	if (!is_name(unit) || strlen(unit) > 11)
		return rules_file_error(f, "\"%s\" is not a unit: \"0.5 kg = livre\"", unit);
	m.value = unit;
	return add_phrases(f, list, &m);
}

static int section_units(struct rules_file *f, char *text)
{
	return add_measure(f, text, MEANING_UNIT);
}

static int section_spans(struct rules_file *f, char *text)
{
	return add_measure(f, text, MEANING_SPAN);
}

static int section_money(struct rules_file *f, char *text)
{
	return add_measure(f, text, MEANING_MONEY);
}

static int section_packs(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_PACK, .value = "pack", .line = f->line };

	return add_phrases(f, text, &m);
}

static int section_hours(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_HOUR, .value = "", .line = f->line };

	return add_phrases(f, text, &m);
}

static int add_valued(struct rules_file *f, char *text, enum meaning_kind kind)
{
	struct meaning m = { .kind = kind, .line = f->line };
	char *list = split(f, text);

	if (!list)
		return -EINVAL;
	m.value = rules_trim(text);
	return add_phrases(f, list, &m);
}

static int section_days(struct rules_file *f, char *text)
{
	return add_valued(f, text, MEANING_DAY);
}

static int section_times(struct rules_file *f, char *text)
{
	return add_valued(f, text, MEANING_TIME);
}

static int section_keypad(struct rules_file *f, char *text)
{
	return add_valued(f, text, MEANING_KEYPAD);
}

static int section_months(struct rules_file *f, char *text)
{
	struct meaning m = { .kind = MEANING_MONTH, .value = "", .line = f->line };
	char *list = split(f, text), *end;

	if (!list)
		return -EINVAL;
	m.milli = thousandths(text, &end);
	if (m.milli < 1000 || m.milli > 12000)
		return rules_file_error(f, "\"%s\" is not a month: 1 to 12", rules_trim(text));
	return add_phrases(f, list, &m);
}

static int one_of(struct rules_file *f, const char *value, const char *const *allowed)
{
	for (; *allowed; allowed++)
		if (!strcmp(value, *allowed))
			return 0;
	return rules_file_error(f, "\"%s\" is not known in this section", value);
}

static int section_names(struct rules_file *f, char *text)
{
	static const char *const allowed[] = { "person", "producer", NULL };
	struct meaning m = { .kind = MEANING_LEAD, .line = f->line };
	char *list = split(f, text);

	if (!list || one_of(f, m.value = rules_trim(text), allowed) < 0)
		return -EINVAL;
	return add_phrases(f, list, &m);
}

static int section_list(struct rules_file *f, char *text)
{
	static const char *const allowed[] = { "and", "times", "number", "some", NULL };
	struct meaning m = { .kind = MEANING_LIST, .line = f->line };
	char *list = split(f, text);

	if (!list || one_of(f, m.value = rules_trim(text), allowed) < 0)
		return -EINVAL;
	return add_phrases(f, list, &m);
}

/* "oe = œ", "_ok_ = 👍": characters and what is read for them, '_' is a space */
static int section_letters(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	char *list = split(f, text), *to, *save, *one;

	if (!list)
		return -EINVAL;
	to = rules_trim(text);
	for (char *c = to; *c; c++)
		if (*c == '_')
			*c = ' ';
	for (one = strtok_r(list, " ", &save); one; one = strtok_r(NULL, " ", &save)) {
		ucs4_t uc;

		if (u8_mbtoucr(&uc, (const uint8_t *)one, strlen(one)) < 1)
			return rules_file_error(f, "\"%s\" is not UTF-8", one);
		r->map = talloc_realloc(r, r->map, struct fold_map, r->n_map + 1);
		OSMO_ASSERT(r->map);
		r->map[r->n_map++] = (struct fold_map){ uc, to };
	}
	return 0;
}

static int section_endings(struct rules_file *f, char *text)
{
	char *save, *one;

	for (one = strtok_r(text, ", ", &save); one; one = strtok_r(NULL, ", ", &save))
		vocabulary_ending(f->rules->vocabulary, one);
	return 0;
}

/* "o = eau, au": '$' ends a word */
static int section_sounds(struct rules_file *f, char *text)
{
	char *list = split(f, text), *save, *one;

	if (!list)
		return -EINVAL;
	for (one = strtok_r(list, ", ", &save); one; one = strtok_r(NULL, ", ", &save))
		vocabulary_sound(f->rules->vocabulary, one, rules_trim(text));
	return 0;
}

/* "er = er,e,ez": the endings that "~er" stands for */
static int section_conjugation(struct rules_file *f, char *text)
{
	struct rules *r = f->rules;
	char *list = split(f, text), *to;
	struct conjugation row = { 0 };

	if (!list)
		return -EINVAL;
	row.name = rules_trim(text);
	row.endings = to = list;
	for (const char *s = list; *s; s++)
		if (*s != ' ' && *s != '\t')
			*to++ = *s;
	*to = '\0';
	r->conjugations = talloc_realloc(r, r->conjugations, struct conjugation,
					 r->n_conjugations + 1);
	OSMO_ASSERT(r->conjugations);
	r->conjugations[r->n_conjugations++] = row;
	return 0;
}

/* "soft = pas, plus", "subjects = je, il" */
static int section_talk(struct rules_file *f, char *text)
{
	char *list = split(f, text), *name = rules_trim(text), *words;

	if (!list)
		return -EINVAL;
	for (char *c = list; *c; c++)
		if (*c == ',' || *c == '\t')
			*c = ' ';
	words = talloc_asprintf(f->rules, " %s ", list);
	if (!strcmp(name, "soft"))
		f->rules->soft = words;
	else if (!strcmp(name, "subjects"))
		f->rules->subjects = words;
	else
		return rules_file_error(f, "\"%s\" is not soft or subjects", name);
	return 0;
}

static int section_refs(struct rules_file *f, char *text)
{
	char *refs = talloc_strdup(f->rules, text), *out = refs;

	for (const char *c = refs; *c; c++)
		if (islower((unsigned char)*c))
			*out++ = *c;
	*out = '\0';
	f->rules->refs = refs;
	return 0;
}

static int section_counted(struct rules_file *f, char *text)
{
	f->rules->counted = talloc_asprintf(f->rules, " %s ", text);
	return 0;
}

static const struct section {
	const char *name;
	int (*add)(struct rules_file *f, char *text);
	bool after; /* needs all words */
} sections[] = {
	{ "letters", section_letters, false },
	{ "endings", section_endings, false },
	{ "sounds", section_sounds, false },
	{ "spelling", section_spelling, false },
	{ "conjugation", section_conjugation, false },
	{ "weak", section_weak, false },
	{ "words", section_words, false },
	{ "ordinary", section_ordinary, false },
	{ "numbers", section_numbers, false },
	{ "units", section_units, false },
	{ "counted", section_counted, false },
	{ "packs", section_packs, false },
	{ "spans", section_spans, false },
	{ "money", section_money, false },
	{ "hours", section_hours, false },
	{ "days", section_days, false },
	{ "times", section_times, false },
	{ "months", section_months, false },
	{ "products", section_products, false },
	{ "categories", section_categories, false },
	{ "things", section_things, false },
	{ "places", section_places, false },
	{ "keypad", section_keypad, false },
	{ "names", section_names, false },
	{ "list", section_list, false },
	{ "refs", section_refs, false },
	{ "talk", section_talk, false },
	{ "limits", rules_add_limit, false },
	{ "intents", rules_add_intent, false },
	{ "asides", rules_add_aside, true },
	{ "rules", rules_add_rule, true },
};

static const struct section *find_section(struct rules_file *f, char *text)
{
	size_t n = strlen(text);

	if (n > 2 && text[n - 1] == ']')
		for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
			if (strlen(sections[i].name) == n - 2
			    && !strncmp(sections[i].name, text + 1, n - 2))
				return &sections[i];
	rules_file_error(
		f,
		"%s is not a section; those there are: [letters] [words] [rules] ... (top of "
		"the file)",
		text);
	return NULL;
}

/* One logical line: those that begin with a blank go on the one before. */
static int read_line(struct rules_file *f, const struct section **section, char *text)
{
	text = rules_trim(text);
	if (*text == '[') {
		if (add_verbs(f) < 0)
			return -EINVAL;
		*section = find_section(f, text);
		if (*section && (*section)->after && !f->sealed) {
			vocabulary_seal(f->rules->vocabulary);
			f->sealed = true;
		}
		return *section ? 0 : -EINVAL;
	}
	if (!*section)
		return rules_file_error(f, "a line before the first [section]");
	if (f->sealed && !(*section)->after)
		return rules_file_error(f, "words must come before [rules]");
	return (*section)->add(f, text);
}

/* The end of a logical line: the next line break that no blank follows. */
static char *line_end(char *s, unsigned *lines)
{
	*lines = 0;
	for (;;) {
		char *end = strchr(s, '\n');

		if (!end)
			return s + strlen(s);
		++*lines;
		if (end[1] != ' ' && end[1] != '\t')
			return end;
		*end = ' ';
		s = end;
	}
}

int rules_file_read(struct rules *rules, const char *name, char *text, char **error)
{
	struct rules_file f = { .rules = rules, .name = name, .line = 1 };
	const struct section *section = NULL;
	int rc = 0;

	while (*text && rc == 0) {
		unsigned lines;
		char *end = line_end(text, &lines), *next = end + (*end != '\0');

		*end = '\0';
		if (*text != '#' && text[strspn(text, " \t\r")])
			rc = read_line(&f, &section, text);
		f.line += lines;
		text = next;
	}
	if (rc == 0 && !rules->n_rules)
		rc = rules_file_error(&f, "no [rules]");
	if (rc < 0)
		*error = f.error;
	return rc;
}
