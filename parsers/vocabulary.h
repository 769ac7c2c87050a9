/* The words and phrases that a language's rules know, and what each one means.
 *
 * A phrase is one to eight words. Where several begin at the same word the
 * longest wins. A word that is not known is brought to the nearest one that is.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHRASE_WORDS_MAX 10

enum meaning_kind {
	/* after or instead of other words: looked for first */
	MEANING_SPELLING, /* value: what it is written for */
	/* after a number only */
	MEANING_UNIT,  /* value: base unit, milli of it; factor 1000 is the unit itself */
	MEANING_PACK,  /* a crate or a bag: says nothing without its size */
	MEANING_SPAN,  /* value: "day" or "min", milli of it */
	MEANING_MONEY, /* value: currency sign */
	MEANING_HOUR,  /* of a time of day */
	/* anywhere */
	MEANING_WEAK,     /* carries no meaning unless a rule names it */
	MEANING_WORD,     /* value: the word that rules use */
	MEANING_ORDINARY, /* known not to be a misspelling, and nothing else */
	MEANING_NUMBER,   /* milli; factor: it multiplies what stands before (cent, mille) */
	MEANING_PRODUCT,  /* value: name */
	MEANING_CATEGORY, /* value: name; members in list */
	MEANING_THING,
	MEANING_PLACE,
	MEANING_KEYPAD, /* value: a name that has the same keys on a telephone */
	MEANING_DAY,    /* value: mon..sun or +n */
	MEANING_MONTH,  /* milli: 1..12 */
	MEANING_TIME,   /* value: HH:MM or am, pm, evening */
	MEANING_LEAD,   /* value: what the name is of that follows: person, producer */
	MEANING_LIST,   /* value: what it does in a list: and, times, number */
};

struct meaning {
	enum meaning_kind kind;
	const char *value;
	const char *list; /* members of a category, with commas */
	int64_t milli;
	bool must;    /* a text in which no rule explains this word is never acted upon */
	bool article; /* number that is also an article (un, une) */
	bool times;   /* number that multiplies what stands before */
	bool form; /* a generated form of a verb: a word that sounds like it is one, a typing error of it is not */
	bool part; /* number that is added to what stands before (et demi) */
	unsigned line;
};

struct vocabulary;

struct vocabulary *vocabulary_new(void *ctx);

/*! Add a phrase of ASCII words with single spaces. The meaning's strings must live as long as the vocabulary.
 *
 * \param[out] clash  the meaning that the phrase has already; untouched unless -EEXIST is returned.
 * \returns 0, -EEXIST, or -EINVAL (no word, too many words, not lower-case ASCII). */
int vocabulary_add(struct vocabulary *v, const char *phrase, const struct meaning *m,
		   const struct meaning **clash);

/*! A mute ending: a word of four letters or more that is not known otherwise is known without it ("s", "x"). */
void vocabulary_ending(struct vocabulary *v, const char *ending);

bool vocabulary_is_ending(const struct vocabulary *v, const char *s);

/*! A sound: from is written for to ("eau" for "o"); with a '$' at its end only at the end of words. In their order. */
void vocabulary_sound(struct vocabulary *v, const char *from, const char *to);

/*! To be called once after the last addition. */
void vocabulary_seal(struct vocabulary *v);

/*! A word as typed, looked up: the ids of the word itself and of it without an ending; -1 if there is none. */
struct word {
	int id[2];
};

struct word vocabulary_find(const struct vocabulary *v, const char *word);

/*! Whether the word is known in either way. */
bool word_known(const struct word *w);

enum phrase_class { PHRASE_SPELLING, PHRASE_AFTER_NUMBER, PHRASE_ANYWHERE };

/*! The longest phrase of a class that the n words begin with.
 *
 * \param[out] used  words of it; untouched if NULL is returned.
 * \returns its meaning, or NULL. */
const struct meaning *vocabulary_match(const struct vocabulary *v, enum phrase_class class,
				       const struct word *words, size_t n, size_t *used);

/*! Whether a phrase begins with all n words and goes on. */
bool vocabulary_goes_on(const struct vocabulary *v, const struct word *words, size_t n);

/*! The meaning that a word has alone, or NULL. */
const struct meaning *vocabulary_single(const struct vocabulary *v, int id);

/*! Nearest known words to one that is not known: the same by sound, or within the edits that its length allows.
 *
 * \param[out] distance  0 for the same sound.
 * \param[out] ids  up to max, all at that distance.
 * \returns how many. */
size_t vocabulary_nearest(const struct vocabulary *v, const char *word, unsigned *distance,
			  int *ids, size_t max);

const char *vocabulary_text(const struct vocabulary *v, int id);

/*! Edits that a word of this length may be away: 0 under three letters, 1 under eight, else 2. Of three letters only
 * two that are exchanged count. */
unsigned vocabulary_reach(size_t length);

/*! Damerau-Levenshtein distance (optimal string alignment), or limit + 1 if it is more than limit. Words of up to
 * TOKEN_SIZE characters. */
unsigned vocabulary_distance(const char *a, const char *b, unsigned limit);

/* What a word is in the subject that patterns match. */
enum subject_word { SUBJECT_NONE, SUBJECT_STRONG, SUBJECT_WEAK };

/*! Whether, and as what, a word can stand in a subject: the word of [words], one without meaning, or a sign. */
enum subject_word vocabulary_subject(const struct vocabulary *v, const char *word);
