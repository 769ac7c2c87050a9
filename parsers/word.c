/* Words put right: spelling of texts, typing errors, endings; and names found in them.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/word.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#define NEAREST_MAX 16

static bool is_ref(const struct rules *rules, const struct tokens *in, size_t i)
{
	const struct token *t = &in->t[i], *n = t + 1;

	if (i + 1 >= in->n || t->kind != TOKEN_WORD || t->text[1] || t->elided
	    || !strchr(rules->refs, t->text[0]) || n->kind != TOKEN_NUMBER || n->decimals
	    || n->milli < 0)
		return false;
	if (t->glued && i && in->t[i - 1].kind != TOKEN_SIGN && in->t[i - 1].kind != TOKEN_BREAK)
		return false;
	return n->glued
	       || n->milli >= 100000; /* "C 482": no other number is that large after a letter */
}

/* A receipt: five letters and digits in one, more than one change between them or both kinds twice. */
static size_t code_tokens(const struct tokens *in, size_t i, char *out, size_t size)
{
	size_t k = i, len = 0, digits = 0;

	for (; k < in->n && (k == i || in->t[k].glued || (k == i + 2 && digits && len == 2)); k++) {
		size_t n = strlen(in->t[k].text);

		if ((in->t[k].kind != TOKEN_WORD && in->t[k].kind != TOKEN_NUMBER)
		    || in->t[k].decimals || len + n >= size)
			return 0;
		memcpy(out + len, in->t[k].text, n + 1);
		len += n;
		digits += in->t[k].kind == TOKEN_NUMBER ? n : 0;
	}
	return len == 5 && digits >= 1 && k - i >= 3 && in->t[i].kind == TOKEN_WORD ? k - i : 0;
}

/* Whether tokens are the words of a text. */
static bool same_text(const struct tokens *in, size_t i, size_t n, const char *text)
{
	for (; n; n--, i++) {
		size_t len = strlen(in->t[i].text);

		if (strncmp(text, in->t[i].text, len) || (text[len] != ' ' && text[len]))
			return false;
		text += len + (text[len] == ' ');
	}
	return *text == '\0';
}

static void push_text(struct tokens *out, const char *text, bool short_form)
{
	while (*text) {
		size_t n = strcspn(text, " ");
		struct token t = { .kind = TOKEN_WORD, .short_form = short_form };

		if (*text >= '0' && *text <= '9') {
			t.kind = TOKEN_NUMBER;
			for (size_t i = 0; i < n && i < 6; i++)
				t.milli = t.milli * 10 + (text[i] - '0');
			t.milli *= 1000;
		} else if (!(*text >= 'a' && *text <= 'z')) {
			t.kind = TOKEN_SIGN;
		}
		OSMO_ASSERT(n < sizeof(t.text));
		memcpy(t.text, text, n);
		token_push(out, &t);
		text += n + (text[n] == ' ');
	}
}

/* Whether the word is a unit here, whatever else it may be written for: "500 g", "2 l". */
static bool unit_here(const struct rules *rules, const struct tokens *in, const struct word *words,
		      size_t i)
{
	size_t used;

	return i && in->t[i - 1].kind == TOKEN_NUMBER
	       && vocabulary_match(rules->vocabulary, PHRASE_AFTER_NUMBER, words + i, 1, &used);
}

static void look_up(struct words *w, const struct rules *rules)
{
	for (size_t i = 0; i < w->tokens->n; i++)
		w->word[i] = vocabulary_find(rules->vocabulary, w->tokens->t[i].text);
}

/* "1kgcarottes": how much of a word that is glued to a number is a unit, if the rest is a word. */
static size_t unit_glued(const struct rules *rules, const struct tokens *in,
			 const struct word *words, size_t i)
{
	const char *text = in->t[i].text;
	size_t used;

	if (!i || in->t[i].kind != TOKEN_WORD || !in->t[i].glued
	    || in->t[i - 1].kind != TOKEN_NUMBER || word_known(&words[i]))
		return 0;
	for (size_t n = strlen(text) - 1; n > 0; n--) {
		char unit[TOKEN_SIZE];
		struct word u, rest;
		const struct meaning *m;

		osmo_strlcpy(unit, text, n + 1);
		u = vocabulary_find(rules->vocabulary, unit);
		m = vocabulary_match(rules->vocabulary, PHRASE_AFTER_NUMBER, &u, 1, &used);
		rest = vocabulary_find(rules->vocabulary, text + n);
		if (m && m->kind == MEANING_UNIT && strlen(text + n) >= 4 && word_known(&rest))
			return n;
	}
	return 0;
}

/* "doeuf", "lail": how much of a word that is not known is an article without its apostrophe, if the rest is a word. */
static size_t article_glued(const struct rules *rules, const struct tokens *in,
			    const struct word *words, size_t i)
{
	const char *text = in->t[i].text;
	struct word rest;

	if (in->t[i].kind != TOKEN_WORD || strlen(text) < 4 || word_known(&words[i])
	    || !strchr("dl", text[0]) || !strchr("aeiouh", text[1]))
		return 0;
	rest = vocabulary_find(rules->vocabulary, text + 1);
	return word_known(&rest) ? 1 : 0;
}

/* One pass of spelling: references and receipts in one token, phrases replaced. */
static void respell(struct words *w, const struct rules *rules)
{
	struct tokens *in = talloc_memdup(w, w->tokens, sizeof(*w->tokens));
	struct tokens *out = w->tokens;
	size_t used;

	OSMO_ASSERT(in);
	out->n = 0;
	for (size_t i = 0; i < in->n; i += used) {
		struct token t = in->t[i];
		const struct meaning *m;

		used = 1;
		if (i && t.kind == TOKEN_WORD && t.text[1] && !strcmp(t.text, in->t[i - 1].text))
			continue; /* stop stop stop */
		if (is_ref(rules, in, i)) {
			t.kind = TOKEN_REF;
			osmo_strlcpy(t.text + 1, in->t[i + 1].text, sizeof(t.text) - 1);
			token_push(out, &t);
			used = 2;
			continue;
		}
		if (t.kind == TOKEN_WORD && !t.glued
		    && code_tokens(in, i, t.text, sizeof(t.text))) {
			t.kind = TOKEN_CODE;
			used = code_tokens(in, i, t.text, sizeof(t.text));
			token_push(out, &t);
			continue;
		}
		used = unit_glued(rules, in, w->word, i) ?: article_glued(rules, in, w->word, i);
		if (used) {
			osmo_strlcpy(t.text, in->t[i].text, used + 1);
			token_push(out, &t);
			osmo_strlcpy(t.text, in->t[i].text + used, sizeof(t.text));
			t.glued = false;
			token_push(out, &t);
			used = 1;
			continue;
		}
		used = 1;
		m = unit_here(rules, in, w->word, i)
			    ? NULL
			    : vocabulary_match(rules->vocabulary, PHRASE_SPELLING, w->word + i,
					       in->n - i, &used);
		if (t.elided && used == 1) /* c' is no short form of something */
			m = NULL;
		if (m)
			push_text(out, m->value, !same_text(in, i, used, m->value));
		else
			token_push(out, &in->t[i]);
	}
	talloc_free(in);
}

static bool same_but_ending(const struct vocabulary *v, const char *typed, const char *word)
{
	size_t n = strlen(word);

	return !strcmp(typed, word)
	       || (n >= 3 && !strncmp(typed, word, n) && vocabulary_is_ending(v, typed + n));
}

static bool in_lexicon(const struct rules *rules, const struct lexicon *lex, const char *typed)
{
	for (size_t k = 0; k < lex->n; k++) {
		const char *name = lex->entries[k].name;
		char word[sizeof(lex->entries[k].name)];

		while (lexicon_word(&name, word, sizeof(word)))
			if (same_but_ending(rules->vocabulary, typed, word))
				return true;
	}
	return false;
}

/* Letters written twice or more for emphasis: "ouiiii", "stopp". */
static bool squeeze(const struct rules *rules, struct token *t)
{
	char once[TOKEN_SIZE];
	size_t n = 0;
	struct word w;

	for (const char *s = t->text; *s; s++)
		if (!n || once[n - 1] != *s)
			once[n++] = *s;
	once[n] = '\0';
	w = vocabulary_find(rules->vocabulary, once);
	if (n < 2 || n == strlen(t->text) || w.id[0] < 0
	    || !vocabulary_single(rules->vocabulary, w.id[0]))
		return false;
	OSMO_STRLCPY_ARRAY(t->text, once);
	return true;
}

/* The nearest word of the lexicon's names at less than, or at, the distance given. */
static size_t nearest_name(const struct lexicon *lex, const char *typed, unsigned *distance,
			   char best[static TOKEN_SIZE])
{
	size_t found = 0;

	for (size_t k = 0; k < lex->n; k++) {
		const char *name = lex->entries[k].name;
		char word[sizeof(lex->entries[k].name)];

		while (lexicon_word(&name, word, sizeof(word))) {
			size_t n = strlen(word);
			unsigned limit = OSMO_MIN(*distance, vocabulary_reach(n)), d;

			if (n < 4 || strlen(typed) < 4 || (n < 6 && word[0] != typed[0]))
				continue;
			d = vocabulary_distance(typed, word, limit);
			if (d > limit || (d == *distance && found && !strcmp(best, word)))
				continue;
			found = d < *distance ? 1 : found + 1;
			*distance = d;
			osmo_strlcpy(best, word, TOKEN_SIZE);
		}
	}
	return found;
}

/* Whether two words mean the same, so that it does not matter which is taken. */
static bool same_meaning(const struct vocabulary *v, int x, int y)
{
	const struct meaning *a = vocabulary_single(v, x), *b = vocabulary_single(v, y);

	return a && b && a->kind == b->kind && a->value && b->value && !strcmp(a->value, b->value)
	       && a->milli == b->milli;
}

static int compare_letters(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

/* The same letters in another order: the commonest error of typing. */
static bool same_letters(const char *a, const char *b)
{
	char x[TOKEN_SIZE], y[TOKEN_SIZE];

	OSMO_STRLCPY_ARRAY(x, a);
	OSMO_STRLCPY_ARRAY(y, b);
	qsort(x, strlen(x), 1, compare_letters);
	qsort(y, strlen(y), 1, compare_letters);
	return !strcmp(x, y);
}

/* How unlikely it is that a was meant for b, among words at the same distance. */
static unsigned unlikely(const char *typed, const char *word)
{
	unsigned edits = vocabulary_distance(typed, word, 3);

	return 4 * edits + 2 * !same_letters(typed, word) + (typed[0] != word[0]);
}

/* The likeliest of the nearest words; -1 if two are as likely and differ in meaning. */
static int likeliest(const struct vocabulary *v, const char *typed, const int *ids, size_t n)
{
	unsigned least = UINT_MAX;
	int best = -1;
	bool torn = false;

	for (size_t i = 0; i < n; i++) {
		unsigned u = unlikely(typed, vocabulary_text(v, ids[i]));

		if (u < least) {
			least = u;
			best = ids[i];
			torn = false;
		} else if (u == least) {
			torn |= !same_meaning(v, best, ids[i]);
		}
	}
	return torn ? -1 : best;
}

/* Whether one of several words that are as near asks for something. */
static bool any_must(const struct vocabulary *v, const int *ids, size_t n)
{
	const struct meaning *m;

	for (size_t i = 0; i < n; i++) {
		m = vocabulary_single(v, ids[i]);
		if (m && m->kind == MEANING_WORD && m->must)
			return true;
	}
	return false;
}

static void correct(struct words *w, const struct rules *rules, const struct lexicon *lex, size_t i)
{
	const struct vocabulary *v = rules->vocabulary;
	struct token *t = &w->tokens->t[i];
	int ids[NEAREST_MAX], id = -1;
	unsigned distance, lex_distance = vocabulary_reach(strlen(t->text));
	char name[TOKEN_SIZE] = "";
	size_t n, n_names;

	if (!lex_distance)
		return;
	n = vocabulary_nearest(v, t->text, &distance, ids, NEAREST_MAX);
	n_names = n && distance == 0 ? 0 : nearest_name(lex, t->text, &lex_distance, name);
	if (n && (!n_names || distance <= lex_distance)) {
		id = likeliest(v, t->text, ids, n);
		w->torn[i] = id < 0;
		w->must[i] = id < 0 && any_must(v, ids, n);
	} else {
		w->torn[i] = n_names > 1;
	}
	if (w->torn[i] || (id < 0 && !n_names))
		return;
	w->corrections = talloc_asprintf_append(w->corrections, "%s>%s ", t->text,
						id >= 0 ? vocabulary_text(v, id) : name);
	osmo_strlcpy(t->text, id >= 0 ? vocabulary_text(v, id) : name, sizeof(t->text));
	w->guessed[i] = true;
	w->word[i] = vocabulary_find(v, t->text);
}

struct words *words_read(void *ctx, const struct rules *rules, const struct lexicon *lex,
			 struct tokens *tokens)
{
	struct words *w = talloc_zero(ctx, struct words);

	OSMO_ASSERT(w);
	w->tokens = tokens;
	w->corrections = talloc_strdup(w, "");
	look_up(w, rules);
	respell(w, rules);
	look_up(w, rules);
	for (size_t i = 0; i < tokens->n; i++) {
		struct token *t = &tokens->t[i];

		w->guessed[i] = t->short_form;

		if (t->kind != TOKEN_WORD || word_known(&w->word[i])
		    || in_lexicon(rules, lex, t->text))
			continue;
		if (squeeze(rules, t))
			w->word[i] = vocabulary_find(rules->vocabulary, t->text);
		else
			correct(w, rules, lex, i);
	}
	return w;
}

/* The product or thing that a token is another word for, or NULL. */
static const char *thing_of(const struct rules *rules, const struct words *w, size_t i)
{
	size_t used;
	const struct meaning *m = vocabulary_match(rules->vocabulary, PHRASE_ANYWHERE, w->word + i,
						   1, &used);

	return m && (m->kind == MEANING_PRODUCT || m->kind == MEANING_THING) ? m->value : NULL;
}

/* Whether a token is a word of a name: typed so, or as another word for the thing of that name. */
static bool is_word_of(const struct rules *rules, const struct words *w, size_t i, const char *word,
		       const char *thing)
{
	return same_but_ending(rules->vocabulary, w->tokens->t[i].text, word)
	       || (thing && !strcmp(thing, word));
}

/* Tokens from i on that are a name, 0 if they are not it; first is thing_of() of token i. */
static size_t name_tokens(const struct rules *rules, const char *name, const struct words *w,
			  size_t i, const char *first)
{
	char word[40];
	size_t k = i;

	while (lexicon_word(&name, word, sizeof(word))) {
		if (k >= w->tokens->n || w->tokens->t[k].kind != TOKEN_WORD
		    || !is_word_of(rules, w, k, word, k == i ? first : thing_of(rules, w, k)))
			return 0;
		k++;
	}
	return k - i;
}

const struct lexicon_entry *words_name(const struct rules *rules, const struct lexicon *lex,
				       const struct words *w, size_t i, size_t *used)
{
	const struct lexicon_entry *best = NULL;
	const char *first;
	size_t longest = 0;

	if (i >= w->tokens->n || w->tokens->t[i].kind != TOKEN_WORD)
		return NULL;
	first = thing_of(rules, w, i);
	for (size_t k = 0; k < lex->n; k++) {
		size_t n = name_tokens(rules, lex->entries[k].name, w, i, first);

		if (n > longest) {
			longest = n;
			best = &lex->entries[k];
		}
	}
	if (best)
		*used = longest;
	return best;
}

char *words_part_of(void *ctx, const struct lexicon *lex, const char *word)
{
	size_t n = strlen(word);
	char *list = NULL;

	for (size_t k = 0; k < lex->n; k++) {
		const char *name = lex->entries[k].name;

		if (lex->entries[k].kind == LEXICON_PRODUCT && !strncmp(name, word, n)
		    && name[n] == '_')
			list = list ? talloc_asprintf_append(list, ",%s", name)
				    : talloc_strdup(ctx, name);
	}
	return list;
}
