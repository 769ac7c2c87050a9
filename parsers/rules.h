/* The rules of a language, as loaded from parsers/LANGUAGE.rules. Private to the reader's files.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/fold.h"
#include "parsers/pattern.h"
#include "parsers/reading.h"
#include "parsers/vocabulary.h"

/* What the reader does with a list in which a product has no quantity. */
enum list_missing {
	LIST_ASK, /* asks how much */
	LIST_ALL, /* means the whole line */
};

/* One row of [intents]. */
struct intent {
	const char *name;
	const char *roles; /* who may ask for it: words with spaces; empty: everyone */
	bool first;        /* wins over all that is not */
	bool acts;         /* something happens: nothing in the text may be left unexplained */
	enum list_missing missing;
	bool any;         /* also of products that are not on offer */
	bool alone;       /* nothing else with a meaning may be said */
	bool unasked;     /* not with a question mark */
	bool reason;      /* what stands behind is the reason, in words that are not read */
	bool exact;       /* no word of it may be a guess or a short form */
	bool talk;        /* clauses of mere talk may stand beside it */
	bool words;       /* what stands behind the rule is somebody's own words */
	unsigned unknown; /* words that may be left over that the rules do not know */
	unsigned line;
};

/* One row of [limits]: more than this is asked back; of role "small", more than this is a producer's quantity. */
struct limit {
	const char *role;
	const char *unit;
	int64_t milli;
};

#define RULE_PARTS_MAX 6
#define RULE_ARGS_MAX  8

struct rule_arg {
	const char *key;
	const char *value; /* with <names> of what was captured */
};

/* One row of [rules]: every part must match, each another piece of the text, none of the absent ones may. */
struct rule {
	unsigned line;
	const char *roles; /* empty: everyone; with a leading '!': all but these */
	const struct intent *intent;
	unsigned n_parts;
	struct pattern *part[RULE_PARTS_MAX];
	unsigned n_absent;
	struct pattern *absent[RULE_PARTS_MAX];
	unsigned n_present;
	struct pattern *present[RULE_PARTS_MAX]; /* that must match too, wherever */
	bool list;   /* what is not matched by a part is a list of products */
	bool large;  /* of which some is more than a household buys */
	bool priced; /* in which a price stands */
	bool clean;  /* before which no unknown word stands */
	bool one;    /* of one item */
	bool both;   /* one behind its first part, another behind its second */
	bool fix;    /* in which the later of two takes the place of the earlier */
	bool strict; /* written => : no unknown word may be left over */
	unsigned n_args;
	struct rule_arg arg[RULE_ARGS_MAX];
};

/* One row of [asides]: what may be said beside some intents without asking for anything. */
struct aside {
	const char *intents; /* names with spaces; with a leading '!': all but these */
	struct pattern *pattern;
	bool amounts; /* names products or amounts: they are not of the list */
};

/* One row of [conjugation]: what "~name" at the end of a stem in [words] is written for. */
struct conjugation {
	const char *name;
	const char *endings; /* with commas; an empty one is the stem alone */
};

struct rules {
	char *language;
	struct vocabulary *vocabulary;
	const char *refs; /* letters that begin a reference: "crtp" */
	size_t n_map;
	struct fold_map *map;
	size_t n_intents;
	struct intent *intents;
	const char *counted; /* units that need not be said, with spaces around each: " pc pot " */
	size_t n_limits;
	struct limit *limits;
	size_t n_conjugations;
	struct conjugation *conjugations;
	const char *soft; /* words that say no to nothing in particular, with spaces around each */
	const char *
		subjects; /* words without a meaning that begin a clause about somebody, likewise */
	size_t n_asides;
	struct aside *asides;
	size_t n_rules;
	struct rule *rules;
	struct matcher *match;
};

/*! An intent by its name, or NULL. */
const struct intent *rules_intent(const struct rules *rules, const char *name);

/*! The most of a unit that a role may ask for without being asked back, in thousandths; INT64_MAX if there is no limit. */
int64_t rules_limit(const struct rules *rules, const char *role, const char *unit);

/*! Whether a role is among the words of a row ("RES AID", "!PRO"). */
bool rules_role(const char *roles, const char *role);
