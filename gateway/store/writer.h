/* The parts that a schema is written from, and the two ways to write them.
 *
 * A condition or a statement stands once, in a data file. SQLite has no IF in
 * a trigger: there the events that a part belongs to are a term of its WHERE.
 * PostgreSQL gets them as an IF around it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/store/clause.h"
#include "gateway/store/machine.h"
#include "gateway/store/schema.h"

struct writer_field {
	const char *machine, *events, *name, *type;
	int lowest;
	int required;
};

struct writer {
	enum schema_dialect dialect;
	const struct machine *machine;
	const struct clauses *guards, *projections, *parties, *cascades;
	const struct writer_field *fields;
	size_t fields_n;
	const struct writer_policy {
		const char *name, *value;
	} * policies;
	size_t policies_n;
	char *out; /* what has been written */
};

/* What the braces of a clause stand for, beyond {field} and {=policy}; NULL: not to be used there. */
struct writer_scope {
	const char *machine; /* whose fields */
	const char *when;
	const char *subject;
	const char *self;
};

/*! Load the data files; on ctx. */
struct writer *writer_new(void *ctx, enum schema_dialect dialect);

/*! Append formatted text. */
void writer_put(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! A clause with its braces filled in, on the writer. Unknown braces are our bug and abort. */
char *writer_expand(struct writer *w, const char *sql, const struct writer_scope *scope);

/*! Refuse with message where gate holds and the condition bad (expanded) is TRUE. */
void writer_check(struct writer *w, const char *gate, const char *bad, const char *message);

/*! A statement where gate holds; it says {when} in its WHERE. */
void writer_act(struct writer *w, const char *gate, const char *sql, const char *machine);

/*! Frame of a trigger on INSERT INTO event_log for one machine; time is BEFORE or AFTER. */
void writer_begin(struct writer *w, const char *name);
void writer_end(struct writer *w, const char *name, const char *time, const char *machine);

/*! SQL text: item is one of a list parted by commas, "x IN ('a', 'b')"; on the writer. */
char *writer_in(struct writer *w, const char *expr, const char *list);

/*! SQL text that is TRUE for the transitions of a machine that match, in the row NEW; on the writer.
 *
 * \returns NULL if there is none. */
char *writer_gate(struct writer *w, const char *machine,
		  bool (*match)(const struct machine_transition *t, const void *data),
		  const void *data);

/* The rows of --@NAME in the templates. */
void rules_write_projections(struct writer *w); /* with the notices, but in a replay */
void rules_write_guards(struct writer *w);
void rules_write_messages(struct writer *w);
void cascade_write_actor(struct writer *w);
void cascade_write(struct writer *w);        /* inside fire */
void cascade_write_levels(struct writer *w); /* SQLite: the views below it */
