/* Symbols: what the words of a text stand for.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/symbol.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/quantity.h"
#include "parsers/word.h"

/* Words of a name at most, and words without meaning before it ("de la"). */
#define LEAD_NAME_MAX 3
#define LEAD_SKIP_MAX 3

/* A span of more days is a long one. */
#define LONG_SPAN_DAYS INT64_C(21)

struct scan {
	const struct rules *rules;
	const struct lexicon *lex;
	struct words *w;
	struct symbols *out;
};

static const struct {
	char letter;
	const char *name; /* in patterns: <name> */
} marks[] = {
	[SYMBOL_NUMBER] = { 'N', "number" },     [SYMBOL_QTY] = { 'Q', "qty" },
	[SYMBOL_PRODUCT] = { 'P', "product" },   [SYMBOL_CATEGORY] = { 'C', "category" },
	[SYMBOL_THING] = { 'I', "thing" },       [SYMBOL_PLACE] = { 'G', "place" },
	[SYMBOL_REF] = { 'R', "ref" },           [SYMBOL_DAY] = { 'D', "day" },
	[SYMBOL_TIME] = { 'T', "time" },         [SYMBOL_MONEY] = { 'E', "money" },
	[SYMBOL_SPAN] = { 'S', "span" },         [SYMBOL_PERSON] = { 'W', "person" },
	[SYMBOL_PRODUCER] = { 'H', "producer" }, [SYMBOL_UNIT] = { 'U', "unit" },
	[SYMBOL_PACK] = { 'B', "pack" },         [SYMBOL_PHONE] = { 'Z', "phone" },
	[SYMBOL_CODE] = { 'K', "code" },         [SYMBOL_FOREIGN] = { 'F', "foreign" },
};

char symbol_letter(enum symbol_kind kind)
{
	return kind < ARRAY_SIZE(marks) ? marks[kind].letter : '\0';
}

char symbol_named(const char *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (marks[i].name && strlen(marks[i].name) == n && !strncmp(marks[i].name, name, n))
			return marks[i].letter;
	return '\0';
}

static struct symbol *push(struct scan *s, enum symbol_kind kind, const char *text, size_t i,
			   size_t used)
{
	struct symbol *sym = &s->out->s[s->out->n++];

	*sym = (struct symbol){ .kind = kind, .first = i, .end = i + used };
	OSMO_STRLCPY_ARRAY(sym->text, text);
	sym->glued = s->w->tokens->t[i].glued;
	for (size_t k = i; k < i + used; k++) {
		sym->guessed |= s->w->guessed[k];
		sym->must |= s->w->must[k];
	}
	return sym;
}

static const struct token *token(const struct scan *s, size_t i)
{
	return i < s->w->tokens->n ? &s->w->tokens->t[i] : NULL;
}

static bool is_sign(const struct scan *s, size_t i, char c)
{
	const struct token *t = token(s, i);

	return t && t->kind == TOKEN_SIGN && t->text[0] == c;
}

/* A telephone number: ten digits in one, or five times two. */
static size_t read_phone(struct scan *s, size_t i)
{
	const struct token *t = token(s, i);
	size_t k = 0;

	if (t->kind != TOKEN_NUMBER)
		return 0;
	while (token(s, i + k) && token(s, i + k)->kind == TOKEN_NUMBER
	       && strlen(token(s, i + k)->text) == 2)
		k++;
	if (k < 5)
		k = t->milli < 0 ? 1 : 0;
	if (k)
		push(s, SYMBOL_PHONE, "phone", i, k);
	return k;
}

/* 15/06, 15/06/2025: a date by day and month. */
static size_t read_date(struct scan *s, size_t i)
{
	const struct token *t = token(s, i), *m = token(s, i + 2);
	char text[8];

	if (t->kind != TOKEN_NUMBER || t->decimals || !is_sign(s, i + 1, '/') || !m
	    || m->kind != TOKEN_NUMBER || m->decimals || t->milli < 1000 || t->milli > 31000
	    || m->milli < 1000 || m->milli > 12000)
		return 0;
	snprintf(text, sizeof(text), "%02d/%02d", (int)(t->milli / 1000), (int)(m->milli / 1000));
	push(s, SYMBOL_DAY, text, i, 3);
	return is_sign(s, i + 3, '/') && token(s, i + 4) && token(s, i + 4)->kind == TOKEN_NUMBER
		       ? 5
		       : 3;
}

static void push_amount(struct scan *s, const struct quantity *q, size_t i)
{
	struct symbol *sym;
	char text[16];

	switch (q->kind) {
	case QUANTITY_UNIT:
		sym = push(s, SYMBOL_QTY, token(s, i)->text, i, q->used);
		break;
	case QUANTITY_SPAN:
		sym = push(s, SYMBOL_SPAN, "", i, q->used);
		snprintf(sym->text, sizeof(sym->text), "%" PRId64, q->milli / 1000);
		break;
	case QUANTITY_MONEY:
		sym = push(s, SYMBOL_MONEY, "", i, q->used);
		snprintf(sym->text, sizeof(sym->text), "%g%s", (double)q->milli / 1000, q->unit);
		break;
	case QUANTITY_TIME:
		snprintf(text, sizeof(text), "%02d:%02d", (int)(q->milli / 60000) % 100,
			 (int)(q->milli / 1000 % 60));
		sym = push(s, SYMBOL_TIME, text, i, q->used);
		break;
	case QUANTITY_DATE:
		snprintf(text, sizeof(text), "%02d/%02d", (int)(q->milli / 1000), q->month);
		sym = push(s, SYMBOL_DAY, text, i, q->used);
		break;
	case QUANTITY_PLAIN:
	default:
		sym = push(s, SYMBOL_NUMBER, token(s, i)->text, i, q->used);
	}
	sym->milli = q->milli;
	OSMO_STRLCPY_ARRAY(sym->unit, q->unit);
	sym->said_unit = q->kind == QUANTITY_UNIT && !q->count;
	sym->article = q->article && q->kind == QUANTITY_PLAIN;
	sym->digits = q->digits;
	sym->doubtful = i && token(s, i)->kind == TOKEN_NUMBER && token(s, i)->glued
			&& !token(s, i - 1)->glued
			&& (is_sign(s, i - 1, ',') || is_sign(s, i - 1, '.'));
}

static size_t read_amount(struct scan *s, size_t i)
{
	struct quantity q;

	if (!quantity_read(&q, s->rules->vocabulary, s->w->tokens, s->w->word, i))
		return 0;
	push_amount(s, &q, i);
	return q.used;
}

/* Words that may stand between "chez" and the name: without a meaning, "du", or a title. */
static bool is_passed(const struct scan *s, size_t i)
{
	size_t used;
	const struct meaning *m = vocabulary_match(s->rules->vocabulary, PHRASE_ANYWHERE,
						   s->w->word + i, 1, &used);

	if (token(s, i)->kind == TOKEN_SIGN)
		return token(s, i)->text[0] == '.';
	return m
	       && (m->kind == MEANING_WEAK || m->kind == MEANING_LEAD
		   || (m->kind == MEANING_LIST && !strcmp(m->value, "some")));
}

static bool is_name(const struct scan *s, size_t i, bool titled)
{
	size_t used;
	const struct meaning *m;

	if (!token(s, i) || token(s, i)->kind != TOKEN_WORD)
		return false;
	m = vocabulary_match(s->rules->vocabulary, PHRASE_ANYWHERE, s->w->word + i, 1, &used);
	if (s->w->guessed[i] && !titled)
		return false;
	return !m || m->kind == MEANING_ORDINARY || (titled && m->kind != MEANING_WORD);
}

/* Mme Leclercq, la ferme du Beau Pays: what follows is a name. */
static size_t read_lead(struct scan *s, const struct meaning *m, size_t i, size_t used)
{
	bool person = !strcmp(m->value, "person");
	char name[64] = "";
	size_t k = i + used, n = 0, len = 0;

	for (size_t skip = 0; !person && skip < LEAD_SKIP_MAX && token(s, k) && is_passed(s, k);
	     skip++)
		k++;
	if (is_sign(s, k, '.') && person) /* M. */
		k++;
	for (; n < (person ? LEAD_NAME_MAX - 1 : LEAD_NAME_MAX) && is_name(s, k, person && n == 0);
	     k++, n++) {
		const char *text = s->w->tokens->t[k].text;

		if (len + strlen(text) + 2 > sizeof(name))
			break;
		len += (size_t)snprintf(name + len, sizeof(name) - len, "%s%s", n ? "_" : "", text);
	}
	if (!n) {
		push(s, person ? SYMBOL_WEAK : SYMBOL_UNKNOWN, s->w->tokens->t[i].text, i, used);
		return used;
	}
	push(s, person ? SYMBOL_PERSON : SYMBOL_PRODUCER, name, i, k - i);
	return k - i;
}

/* "pommes de tzrre": a longer name begins here, and the word that it goes on with is not known. */
static bool cut_short(const struct scan *s, size_t i, size_t used)
{
	const struct token *t = token(s, i + used + 1);

	return t && t->kind == TOKEN_WORD && !word_known(&s->w->word[i + used + 1])
	       && vocabulary_goes_on(s->rules->vocabulary, s->w->word + i, used + 1);
}

static void push_product(struct scan *s, const char *name, size_t i, size_t used, bool homograph)
{
	struct symbol *sym = push(s, SYMBOL_PRODUCT, name, i, used);
	const struct lexicon_entry *e = lexicon_find(s->lex, name);

	sym->homograph = homograph;
	sym->doubtful = cut_short(s, i, used);
	sym->offered = e && e->kind == LEXICON_PRODUCT;
	if (sym->offered)
		OSMO_STRLCPY_ARRAY(sym->unit, e->unit);
	else
		sym->list = words_part_of(s->out, s->lex, name);
}

static void push_entry(struct scan *s, const struct lexicon_entry *e, size_t i, size_t used)
{
	switch (e->kind) {
	case LEXICON_PRODUCT:
		push_product(s, e->name, i, used, false);
		break;
	case LEXICON_ITEM:
		OSMO_STRLCPY_ARRAY(push(s, SYMBOL_THING, e->name, i, used)->unit, "loan");
		break;
	case LEXICON_SLOT:
		OSMO_STRLCPY_ARRAY(push(s, SYMBOL_THING, e->name, i, used)->unit, "slot");
		break;
	case LEXICON_RIDE:
	case LEXICON_PLACE:
		push(s, SYMBOL_PLACE, e->name, i, used);
		break;
	case LEXICON_MOTION: /* a number in the text: it never comes here */
	case LEXICON_PRODUCER:
		push(s, SYMBOL_PRODUCER, e->name, i, used);
		break;
	}
}

static void push_thing(struct scan *s, const char *name, size_t i, size_t used)
{
	const struct lexicon_entry *e = lexicon_find(s->lex, name);

	if (e)
		push_entry(s, e, i, used);
	else
		OSMO_STRLCPY_ARRAY(push(s, SYMBOL_THING, name, i, used)->unit, "loan");
}

static enum symbol_kind list_kind(const char *value)
{
	if (!strcmp(value, "times"))
		return SYMBOL_TIMES;
	if (!strcmp(value, "some"))
		return SYMBOL_SOME;
	return strcmp(value, "number") ? SYMBOL_AND : SYMBOL_NO;
}

/* A unit without a number: a dozen is one of it, of any other it is not known how many. */
static void push_unit(struct scan *s, const struct meaning *m, size_t i, size_t used)
{
	bool dozen = m->kind == MEANING_UNIT && m->milli > 1000 && !strcmp(m->value, "pc");
	enum symbol_kind kind = m->kind == MEANING_PACK ? SYMBOL_PACK : SYMBOL_UNIT;
	struct symbol *sym = push(s, dozen ? SYMBOL_QTY : kind, m->value, i, used);

	sym->milli = m->milli;
	OSMO_STRLCPY_ARRAY(sym->unit, m->value);
}

static size_t push_meaning(struct scan *s, const struct meaning *m, size_t i, size_t used)
{
	const char *typed = s->w->tokens->t[i].text;
	struct symbol *sym;

	switch (m->kind) {
	case MEANING_WEAK:
		push(s, SYMBOL_WEAK, m->value, i, used);
		break;
	case MEANING_WORD:
		push(s, SYMBOL_WORD, m->value, i, used)->must = m->must;
		break;
	case MEANING_PRODUCT:
		push_product(s, m->value, i, used, false);
		break;
	case MEANING_KEYPAD:
		push_product(s, m->value, i, used, true);
		break;
	case MEANING_CATEGORY:
		sym = push(s, SYMBOL_CATEGORY, m->value, i, used);
		sym->list = m->list;
		break;
	case MEANING_THING:
		push_thing(s, m->value, i, used);
		break;
	case MEANING_PLACE:
		push(s, SYMBOL_PLACE, m->value, i, used);
		break;
	case MEANING_DAY:
		push(s, SYMBOL_DAY, m->value, i, used);
		break;
	case MEANING_TIME:
		push(s, SYMBOL_TIME, m->value, i, used);
		break;
	case MEANING_LEAD:
		if (!s->w->tokens->t[i].elided)
			return read_lead(s, m, i, used);
		push(s, SYMBOL_WEAK, typed, i, used);
		break;
	case MEANING_LIST:
		push(s, list_kind(m->value), typed, i, used);
		break;
	case MEANING_UNIT:
	case MEANING_PACK:
		push_unit(s, m, i, used);
		break;
	default:
		push(s, SYMBOL_UNKNOWN, typed, i, used)->ordinary = m->kind == MEANING_ORDINARY;
	}
	return used;
}

static size_t read_phrase(struct scan *s, size_t i)
{
	const struct vocabulary *v = s->rules->vocabulary;
	size_t used = 0, name_used = 0;
	const struct meaning *m = vocabulary_match(v, PHRASE_ANYWHERE, s->w->word + i,
						   s->w->tokens->n - i, &used);
	const struct lexicon_entry *e = words_name(s->rules, s->lex, s->w, i, &name_used);

	if (e && name_used >= used) {
		push_entry(s, e, i, name_used);
		return name_used;
	}
	if (!m)
		m = vocabulary_match(v, PHRASE_AFTER_NUMBER, s->w->word + i, 1, &used);
	return m ? push_meaning(s, m, i, used) : 0;
}

static size_t read_one(struct scan *s, size_t i)
{
	const struct token *t = token(s, i);
	size_t used;
	char *part;

	if (t->kind == TOKEN_REF || t->kind == TOKEN_CODE) {
		struct symbol *sym = push(s, t->kind == TOKEN_REF ? SYMBOL_REF : SYMBOL_CODE,
					  t->text, i, 1);

		for (char *c = sym->text; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		return 1;
	}
	if (t->kind == TOKEN_FOREIGN) {
		push(s, SYMBOL_FOREIGN, "", i, 1);
		return 1;
	}
	if ((used = read_phone(s, i)) || (used = read_amount(s, i)) || (used = read_date(s, i))
	    || (used = read_phrase(s, i)))
		return used;
	part = t->kind == TOKEN_WORD ? words_part_of(s->out, s->lex, t->text) : NULL;
	if (part)
		push(s, SYMBOL_PRODUCT, t->text, i, 1)->list = part;
	else if (t->kind == TOKEN_WORD)
		push(s, SYMBOL_UNKNOWN, t->text, i, 1);
	else
		push(s, SYMBOL_WEAK, t->kind == TOKEN_BREAK ? "_" : t->text, i, 1);
	return 1;
}

/* What a number may be by its size: m motion, s small, b order, f four digits (a PIN, a pickup code), p PIN. */
static char sort_of_number(const struct scan *s, const struct symbol *sym)
{
	size_t digits = strlen(sym->text);
	const struct lexicon_entry *e = lexicon_find(s->lex, sym->text);

	if (!sym->digits || sym->doubtful)
		return 'x';
	if (digits >= 4 && digits <= 8)
		return digits == 4 ? 'f' : 'p';
	if (digits == 3)
		return 'b';
	return e && e->kind == LEXICON_MOTION ? 'm' : 's';
}

/* p past, n today, f to come, w a day of the week or a date. */
static char sort_of_day(const struct symbol *sym)
{
	if (sym->text[0] == '-')
		return 'p';
	if (sym->text[0] != '+')
		return 'w';
	return sym->text[1] == '0' ? 'n' : 'f';
}

/* A small letter behind the mark, by which patterns tell sorts of one kind. */
static char sort_of(const struct scan *s, const struct symbol *sym)
{
	switch (sym->kind) {
	case SYMBOL_REF:
		return (char)tolower((unsigned char)sym->text[0]);
	case SYMBOL_NUMBER:
		return sort_of_number(s, sym);
	case SYMBOL_DAY:
		return sort_of_day(sym);
	case SYMBOL_SPAN:
		if (!strcmp(sym->unit, "min"))
			return 'm';
		return sym->milli > LONG_SPAN_DAYS * 1000 ? 'l' : 'd';
	case SYMBOL_THING:
		return sym->unit[0];
	default:
		return 'a';
	}
}

/* One symbol as the patterns see it. */
static void print(char *out, size_t size, const struct scan *s, const struct symbol *sym, size_t i)
{
	char letter = symbol_letter(sym->kind);

	if (sym->kind == SYMBOL_UNKNOWN)
		snprintf(out, size, "%%%s ", sym->text);
	else if (letter && !sym->article)
		snprintf(out, size, "%c%c%zu ", letter, sort_of(s, sym), i);
	else
		snprintf(out, size, "%s%s ", sym->kind == SYMBOL_WORD ? "" : "~", sym->text);
}

static void make_subject(const struct scan *s, struct symbols *out)
{
	size_t size = 2;
	char one[80];

	for (size_t i = 0; i < out->n; i++) {
		print(one, sizeof(one), s, &out->s[i], i);
		size += strlen(one);
	}
	out->subject = talloc_zero_size(out, size);
	OSMO_ASSERT(out->subject);
	out->subject[out->length++] = ' ';
	for (size_t i = 0; i < out->n; i++) {
		size_t n;

		print(one, sizeof(one), s, &out->s[i], i);
		n = strlen(one);
		out->s[i].at = out->length;
		memcpy(out->subject + out->length, one, n);
		out->length += n;
		if (one[0] == '%' || (symbol_letter(out->s[i].kind) && !out->s[i].article))
			one[1] = '\0';
		else
			one[n - 1] = '\0';
		pattern_set_add(out->have, one);
	}
}

struct symbols *symbol_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
			    struct tokens *tokens)
{
	struct symbols *out = talloc_zero(ctx, struct symbols);
	struct scan s = { rules, lex, words_read(out, rules, lex, tokens), out };

	out->s = talloc_array(out, struct symbol, tokens->n + 1);
	OSMO_ASSERT(out->s);
	for (size_t i = 0; i < tokens->n;)
		i += read_one(&s, i);
	out->corrections = s.w->corrections;
	make_subject(&s, out);
	return out;
}

size_t symbol_at(const struct symbols *s, size_t place)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (s->s[mid].at < place)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
