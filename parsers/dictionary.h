/* The file of a language's rules: its lines, and the sections that are words.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "parsers/rules.h"

/* A verb of [words] whose forms are not written out. */
struct verb {
	const char *stem, *endings;
	struct meaning meaning;
};

/* A file that is being read. */
struct rules_file {
	struct rules *rules;
	const char *name;
	unsigned line;
	char *error; /* the first */
	size_t n_verbs;
	struct verb *verbs; /* of the section that is read */
	bool sealed;        /* the words are complete: rules may name them */
};

/*! Read a whole file. text is cut up and must live as long as the rules.
 * \returns 0 or -EINVAL with *error on the rules. */
int rules_file_read(struct rules *rules, const char *name, char *text, char **error);

/*! Note what is wrong with the line. \returns -EINVAL. */
int rules_file_error(struct rules_file *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*! A string without the blanks at both ends, in place. */
char *rules_trim(char *s);

/* One line of [intents], [limits], [asides] and [rules]; in rules.c. */
int rules_add_intent(struct rules_file *f, char *text);
int rules_add_aside(struct rules_file *f, char *text);
int rules_add_limit(struct rules_file *f, char *text);
int rules_add_rule(struct rules_file *f, char *text);
