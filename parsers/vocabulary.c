/* The words and phrases that a language's rules know, and what each one means.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/vocabulary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/token.h"

#define BUCKETS 4096

struct entry { /* a word */
	char text[TOKEN_SIZE];
	char sound[TOKEN_SIZE];
	uint32_t letters; /* bit per letter: a cheap lower bound of the distance */
	uint8_t len;
	bool meant;        /* part of a phrase that is more than a spelling */
	bool target;       /* may be corrected to: it is part of a phrase that is no spelling */
	bool near;         /* so may what is a typing error away, not only what sounds the same */
	int next;          /* in its bucket, -1 at the end */
	int sound_next;    /* likewise by sound */
	unsigned first[2]; /* phrases that begin with it: from, to */
};

struct phrase {
	uint8_t n;
	enum phrase_class class;
	int word[PHRASE_WORDS_MAX];
	struct meaning meaning;
};

struct sound {
	const char *from, *to;
	bool at_end;
};

struct vocabulary {
	struct entry *words;
	unsigned n_words;
	struct phrase *phrases;
	unsigned n_phrases;
	const char **endings;
	unsigned n_endings;
	struct sound *sounds;
	unsigned n_sounds;
	int bucket[BUCKETS];
	int sound_bucket[BUCKETS];
};

struct vocabulary *vocabulary_new(void *ctx)
{
	struct vocabulary *v = talloc_zero(ctx, struct vocabulary);

	OSMO_ASSERT(v);
	memset(v->bucket, 0xff, sizeof(v->bucket));
	memset(v->sound_bucket, 0xff, sizeof(v->sound_bucket));
	return v;
}

static unsigned bucket_of(const char *s, size_t n)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619u;
	return (h ^ (h >> 15)) % BUCKETS;
}

static int find_word(const struct vocabulary *v, const char *s, size_t n)
{
	int i = v->bucket[bucket_of(s, n)];

	while (i >= 0 && (strncmp(v->words[i].text, s, n) || v->words[i].text[n]))
		i = v->words[i].next;
	return i;
}

static uint32_t letters_of(const char *s)
{
	uint32_t set = 0;

	for (; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			set |= 1u << (*s - 'a');
	return set;
}

static int intern(struct vocabulary *v, const char *s, size_t n)
{
	int i = find_word(v, s, n);
	unsigned b = bucket_of(s, n);
	struct entry *e;

	if (i >= 0)
		return i;
	if (v->n_words % 256 == 0) {
		v->words = talloc_realloc(v, v->words, struct entry, v->n_words + 256);
		OSMO_ASSERT(v->words);
	}
	i = (int)v->n_words++;
	e = &v->words[i];
	memset(e, 0, sizeof(*e));
	memcpy(e->text, s, n);
	e->len = (uint8_t)n;
	e->letters = letters_of(e->text);
	e->next = v->bucket[b];
	e->sound_next = -1;
	v->bucket[b] = i;
	return i;
}

static enum phrase_class class_of(enum meaning_kind kind)
{
	if (kind == MEANING_SPELLING)
		return PHRASE_SPELLING;
	return kind <= MEANING_HOUR ? PHRASE_AFTER_NUMBER : PHRASE_ANYWHERE;
}

/* Whether words of a phrase may be guessed. One that says nothing may as well stay unknown, and of longer phrases only
 * names are made of words that are rare elsewhere. */
static bool worth_guessing(const struct meaning *m, unsigned words)
{
	switch (m->kind) {
	case MEANING_PRODUCT:
	case MEANING_THING:
		return true;
	case MEANING_WEAK:
		return m->must && words == 1;
	case MEANING_SPELLING:
	case MEANING_ORDINARY:
	case MEANING_KEYPAD:
	case MEANING_LEAD:
	case MEANING_LIST:
		return false;
	default:
		return words == 1;
	}
}

static bool valid_word(const char *s, size_t n)
{
	if (!n || n >= TOKEN_SIZE)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9')
		      || (n == 1 && strchr("?!+-=&/*:", s[i]))))
			return false;
	return true;
}

static int split(struct vocabulary *v, struct phrase *p, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		if (p->n == PHRASE_WORDS_MAX || !valid_word(text, n))
			return -EINVAL;
		p->word[p->n++] = intern(v, text, n);
		text += n + (text[n] == ' ');
	}
	return p->n ? 0 : -EINVAL;
}

static const struct phrase *same_phrase(const struct vocabulary *v, const struct phrase *p)
{
	for (unsigned i = 0; i < v->n_phrases; i++) {
		const struct phrase *q = &v->phrases[i];

		if (q->n == p->n
		    && q->class == p->class && !memcmp(q->word, p->word, p->n * sizeof(p->word[0])))
			return q;
	}
	return NULL;
}

int vocabulary_add(struct vocabulary *v, const char *phrase, const struct meaning *m,
		   const struct meaning **clash)
{
	struct phrase p = { .class = class_of(m->kind), .meaning = *m };
	const struct phrase *same;

	if (split(v, &p, phrase) < 0)
		return -EINVAL;
	same = same_phrase(v, &p);
	if (same) {
		*clash = &same->meaning;
		return -EEXIST;
	}
	if (v->n_phrases % 256 == 0) {
		v->phrases = talloc_realloc(v, v->phrases, struct phrase, v->n_phrases + 256);
		OSMO_ASSERT(v->phrases);
	}
	v->phrases[v->n_phrases++] = p;
	for (unsigned i = 0; i < p.n; i++) {
		v->words[p.word[i]].meant |= p.class != PHRASE_SPELLING;
		v->words[p.word[i]].target |= worth_guessing(m, p.n);
		v->words[p.word[i]].near |= worth_guessing(m, p.n) && !m->form;
	}
	return 0;
}

void vocabulary_ending(struct vocabulary *v, const char *ending)
{
	v->endings = talloc_realloc(v, v->endings, const char *, v->n_endings + 1);
	OSMO_ASSERT(v->endings);
	v->endings[v->n_endings++] = ending;
}

bool vocabulary_is_ending(const struct vocabulary *v, const char *s)
{
	for (unsigned i = 0; i < v->n_endings; i++)
		if (!strcmp(v->endings[i], s))
			return true;
	return false;
}

void vocabulary_sound(struct vocabulary *v, const char *from, const char *to)
{
	size_t n = strlen(from);
	bool at_end = n > 1 && from[n - 1] == '$';

	v->sounds = talloc_realloc(v, v->sounds, struct sound, v->n_sounds + 1);
	OSMO_ASSERT(v->sounds);
	v->sounds[v->n_sounds++] = (struct sound){ talloc_strndup(v, from, n - at_end), to,
						   at_end };
}

static const struct sound *sound_at(const struct vocabulary *v, const char *s)
{
	for (unsigned i = 0; i < v->n_sounds; i++) {
		size_t n = strlen(v->sounds[i].from);

		if (!strncmp(s, v->sounds[i].from, n) && (!v->sounds[i].at_end || !s[n]))
			return &v->sounds[i];
	}
	return NULL;
}

/* How a word sounds: spellings of one sound are one letter, and a letter doubled counts once. */
static void sound_of(const struct vocabulary *v, const char *s, char *out)
{
	size_t n = 0;

	while (*s && n + 1 < TOKEN_SIZE) {
		const struct sound *sound = sound_at(v, s);
		const char *to = sound ? sound->to : NULL;

		for (; to && *to && n + 1 < TOKEN_SIZE; to++)
			if (!n || out[n - 1] != *to)
				out[n++] = *to;
		if (!sound && (!n || out[n - 1] != *s))
			out[n++] = *s;
		s += sound ? strlen(sound->from) : 1;
	}
	out[n] = '\0';
}

static int by_first_word(const void *a, const void *b)
{
	const struct phrase *p = a, *q = b;

	if (p->word[0] != q->word[0])
		return p->word[0] < q->word[0] ? -1 : 1;
	return q->n - p->n;
}

void vocabulary_seal(struct vocabulary *v)
{
	qsort(v->phrases, v->n_phrases, sizeof(v->phrases[0]), by_first_word);
	for (unsigned i = 0; i < v->n_phrases; i++) {
		struct entry *e = &v->words[v->phrases[i].word[0]];

		if (e->first[1] == 0)
			e->first[0] = i;
		e->first[1] = i + 1;
	}
	for (unsigned i = 0; i < v->n_words; i++) {
		struct entry *e = &v->words[i];
		unsigned b;

		sound_of(v, e->text, e->sound);
		b = bucket_of(e->sound, strlen(e->sound));
		e->sound_next = v->sound_bucket[b];
		v->sound_bucket[b] = (int)i;
	}
}

struct word vocabulary_find(const struct vocabulary *v, const char *word)
{
	size_t n = strlen(word);
	struct word w = { { find_word(v, word, n), -1 } };

	for (unsigned i = 0; i < v->n_endings && w.id[1] < 0; i++) {
		size_t e = strlen(v->endings[i]);

		if (n >= 4 && e < n && !strcmp(word + n - e, v->endings[i]))
			w.id[1] = find_word(v, word, n - e);
		if (w.id[1] >= 0 && !v->words[w.id[1]].meant)
			w.id[1] = -1;
	}
	return w;
}

bool word_known(const struct word *w)
{
	return w->id[0] >= 0 || w->id[1] >= 0;
}

static bool phrase_begins(const struct phrase *p, const struct word *words, size_t n)
{
	if (p->n > n)
		return false;
	for (unsigned i = 0; i < p->n; i++) /* short forms have no endings */
		if (p->word[i] != words[i].id[0]
		    && (p->word[i] != words[i].id[1] || p->class == PHRASE_SPELLING))
			return false;
	return true;
}

const struct meaning *vocabulary_match(const struct vocabulary *v, enum phrase_class class,
				       const struct word *words, size_t n, size_t *used)
{
	const struct phrase *best = NULL;

	for (unsigned k = 0; n && k < 2;
	     k++) { /* the word as it is typed comes before that without its ending */
		const struct entry *e = words[0].id[k] >= 0 ? &v->words[words[0].id[k]] : NULL;

		for (unsigned i = e ? e->first[0] : 0; e && i < e->first[1]; i++) {
			const struct phrase *p = &v->phrases[i];

			if (p->class == class && (!best || p->n > best->n)
			    && phrase_begins(p, words, n))
				best = p;
		}
	}
	if (!best)
		return NULL;
	*used = best->n;
	return &best->meaning;
}

bool vocabulary_goes_on(const struct vocabulary *v, const struct word *words, size_t n)
{
	for (unsigned k = 0; n && k < 2; k++) {
		const struct entry *e = words[0].id[k] >= 0 ? &v->words[words[0].id[k]] : NULL;

		for (unsigned i = e ? e->first[0] : 0; e && i < e->first[1]; i++) {
			struct phrase head = v->phrases[i];

			if (head.n <= n || head.class != PHRASE_ANYWHERE)
				continue;
			head.n = (uint8_t)n;
			if (phrase_begins(&head, words, n))
				return true;
		}
	}
	return false;
}

const struct meaning *vocabulary_single(const struct vocabulary *v, int id)
{
	struct word w = { { id, -1 } };
	const struct meaning *m;
	size_t used;

	m = vocabulary_match(v, PHRASE_ANYWHERE, &w, 1, &used);
	return m ? m : vocabulary_match(v, PHRASE_AFTER_NUMBER, &w, 1, &used);
}

unsigned vocabulary_reach(size_t length)
{
	if (length < 3)
		return 0;
	return length < 8 ? 1 : 2;
}

unsigned vocabulary_distance(const char *a, const char *b, unsigned limit)
{
	size_t n = strlen(a), m = strlen(b);
	uint8_t row[3]
		   [TOKEN_SIZE + 1]; /* of the letter before the last, of the last, of this one */

	if (n > TOKEN_SIZE || m > TOKEN_SIZE || (n > m ? n - m : m - n) > limit)
		return limit + 1;
	for (size_t j = 0; j <= m; j++)
		row[1][j] = (uint8_t)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned least = row[2][0] = (uint8_t)i;

		for (size_t j = 1; j <= m; j++) {
			unsigned d = row[1][j - 1] + (a[i - 1] != b[j - 1]);

			d = OSMO_MIN(d, row[1][j] + 1u);
			d = OSMO_MIN(d, row[2][j - 1] + 1u);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = OSMO_MIN(d, row[0][j - 2] + 1u);
			row[2][j] = (uint8_t)d;
			least = OSMO_MIN(least, d);
		}
		if (least > limit)
			return limit + 1;
		memcpy(row[0], row[1], sizeof(row[0]));
		memcpy(row[1], row[2], sizeof(row[0]));
	}
	return row[1][m];
}

static size_t same_sound(const struct vocabulary *v, const char *word, int *ids, size_t max)
{
	char sound[TOKEN_SIZE];
	size_t n = 0;

	sound_of(v, word, sound);
	for (int i = v->sound_bucket[bucket_of(sound, strlen(sound))]; i >= 0 && n < max;
	     i = v->words[i].sound_next)
		if (v->words[i].target && v->words[i].len >= 4 && strlen(word) >= 4
		    && !strcmp(v->words[i].sound, sound))
			ids[n++] = i;
	return n;
}

/* A final "é" was folded to a mute "e": the word may be the one that ends in "er". */
static int with_r(const struct vocabulary *v, const char *word, size_t len)
{
	char longer[TOKEN_SIZE];
	int id;

	if (len < 4 || len + 2 > sizeof(longer) || word[len - 1] != 'e')
		return -1;
	memcpy(longer, word, len);
	memcpy(longer + len, "r", 2);
	id = vocabulary_find(v, longer).id[0];
	return id >= 0 && v->words[id].target ? id : -1;
}

/* Short words share too many letters with others: their first letter must be right. */
static bool comparable(const struct entry *e, const char *word, size_t n, uint32_t letters,
		       unsigned limit)
{
	if (e->len == 3 || n == 3)
		return e->near && e->len == n && e->letters == letters;
	if (!e->near || e->len < 4 || (e->len > n ? e->len - n : n - e->len) > limit)
		return false;
	if ((unsigned)__builtin_popcount(e->letters ^ letters) > 2 * limit)
		return false;
	return e->text[0] == word[0] || (n >= 6 && e->len >= 6)
	       || (e->text[0] == word[1] && e->text[1] == word[0]);
}

size_t vocabulary_nearest(const struct vocabulary *v, const char *word, unsigned *distance,
			  int *ids, size_t max)
{
	size_t len = strlen(word), n;
	unsigned limit = vocabulary_reach(len);
	uint32_t letters = letters_of(word);

	*distance = 0;
	if (!limit)
		return 0;
	ids[0] = with_r(v, word, len);
	if (ids[0] >= 0)
		return 1;
	n = same_sound(v, word, ids, max);
	if (n)
		return n;
	for (unsigned i = 0; i < v->n_words; i++) {
		const struct entry *e = &v->words[i];
		unsigned d;

		if (!comparable(e, word, len, letters, limit))
			continue;
		/* two edits only where both words are long */
		d = vocabulary_distance(word, e->text, OSMO_MIN(limit, vocabulary_reach(e->len)));
		if (d > OSMO_MIN(limit, vocabulary_reach(e->len)))
			continue;
		if (n == 0 || d < *distance) {
			limit = *distance = d;
			n = 0;
		}
		if (n < max)
			ids[n++] = (int)i;
	}
	return n;
}

const char *vocabulary_text(const struct vocabulary *v, int id)
{
	return v->words[id].text;
}

enum subject_word vocabulary_subject(const struct vocabulary *v, const char *word)
{
	if (!(*word >= 'a' && *word <= 'z') && *word != '\0' && (!word[1] || *word == '_'))
		return SUBJECT_WEAK; /* a sign, or the end of a line */
	for (unsigned i = 0; i < v->n_phrases; i++) {
		const struct phrase *p = &v->phrases[i];

		if (p->meaning.kind == MEANING_WORD && !strcmp(p->meaning.value, word))
			return SUBJECT_STRONG;
		if (p->meaning.kind == MEANING_WEAK && !strcmp(p->meaning.value, word))
			return SUBJECT_WEAK;
		if (p->n == 1 && (p->meaning.kind == MEANING_LIST || p->meaning.article)
		    && !strcmp(vocabulary_text(v, p->word[0]), word))
			return SUBJECT_WEAK;
	}
	return SUBJECT_NONE;
}
