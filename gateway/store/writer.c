/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/tsv.h"
#include "messages/embed.h"

EMBED(writer_fields, "gateway/store/fields.tsv");
EMBED(writer_policy, "gateway/store/policy.tsv");
EMBED(writer_guards, "gateway/store/guards.sql");
EMBED(writer_projections, "gateway/store/projections.sql");
EMBED(writer_parties, "gateway/store/parties.sql");
EMBED(writer_cascades, "gateway/store/cascades.sql");

static void load_fields(struct writer *w)
{
	struct writer_field *fields = NULL;
	struct tsv tsv;
	size_t n = 0;

	tsv_open(&tsv, w, writer_fields);
	while (tsv_next(&tsv)) {
		fields = talloc_realloc(w, fields, struct writer_field, n + 1);
		OSMO_ASSERT(fields && tsv.n == 5);
		fields[n++] = (struct writer_field){
			.machine = tsv.field[0],
			.events = tsv.field[1],
			.name = tsv.field[2],
			.type = strcmp(tsv.field[3], "text") == 0 ? "text" : "int",
			.lowest = strcmp(tsv.field[3], "int") == 0,
			.required = strcmp(tsv.field[4], "yes") == 0,
		};
	}
	w->fields = fields;
	w->fields_n = n;
}

static void load_policies(struct writer *w)
{
	struct writer_policy *policies = NULL;
	struct tsv tsv;
	size_t n = 0;

	tsv_open(&tsv, w, writer_policy);
	while (tsv_next(&tsv)) {
		policies = talloc_realloc(w, policies, struct writer_policy, n + 1);
		OSMO_ASSERT(policies);
		policies[n++] = (struct writer_policy){ tsv.field[0], tsv.field[1] };
	}
	w->policies = policies;
	w->policies_n = n;
}

struct writer *writer_new(void *ctx, enum schema_dialect dialect)
{
	struct writer *w = talloc_zero(ctx, struct writer);

	OSMO_ASSERT(w);
	w->dialect = dialect;
	w->machine = machine_load(w);
	w->guards = clauses_load(w, writer_guards);
	w->projections = clauses_load(w, writer_projections);
	w->parties = clauses_load(w, writer_parties);
	w->cascades = clauses_load(w, writer_cascades);
	w->out = talloc_strdup(w, "");
	load_fields(w);
	load_policies(w);
	return w;
}

void writer_put(struct writer *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	w->out = talloc_vasprintf_append_buffer(w->out, fmt, ap);
	va_end(ap);
	OSMO_ASSERT(w->out);
}

static const char *policy(struct writer *w, const char *name)
{
	for (size_t i = 0; i < w->policies_n; i++) {
		if (strcmp(w->policies[i].name, name) == 0)
			return w->policies[i].value;
	}
	osmo_panic("policy.tsv has no %s\n", name);
	return NULL;
}

static const char *field(struct writer *w, const char *machine, const char *name)
{
	for (size_t i = 0; i < w->fields_n; i++) {
		if (strcmp(w->fields[i].machine, machine) != 0
		    || strcmp(w->fields[i].name, name) != 0)
			continue;
		if (w->dialect != SCHEMA_POSTGRESQL)
			return talloc_asprintf(
				w, "(SELECT value FROM json_each(NEW.payload) WHERE key = '%s')",
				name);
		return talloc_asprintf(w,
				       strcmp(w->fields[i].type, "int") == 0
					       ? "(NEW.payload::json ->> '%s')::bigint"
					       : "(NEW.payload::json ->> '%s')",
				       name);
	}
	osmo_panic("fields.tsv has no %s of %s\n", name, machine);
	return NULL;
}

static const char *brace(struct writer *w, const char *name, const struct writer_scope *scope)
{
	const char *text = NULL;

	if (*name == '=')
		return policy(w, name + 1);
	if (strcmp(name, "when") == 0)
		text = scope->when;
	else if (strcmp(name, "subject") == 0)
		text = scope->subject;
	else if (strcmp(name, "self") == 0)
		text = scope->self;
	return text ? text : field(w, scope->machine, name);
}

/* The next brace that stands for something: {name} or {=name}; others are of JSON and patterns. */
static const char *next_brace(const char *sql)
{
	while ((sql = strchr(sql, '{')) && sql[1] != '=' && !(sql[1] >= 'a' && sql[1] <= 'z'))
		sql++;
	return sql;
}

char *writer_expand(struct writer *w, const char *sql, const struct writer_scope *scope)
{
	char *out = talloc_strdup(w, "");
	const char *open, *close;

	for (; (open = next_brace(sql)); sql = close + 1) {
		close = strchr(open, '}');
		OSMO_ASSERT(close);
		out = talloc_strndup_append_buffer(out, sql, open - sql);
		out = talloc_strdup_append_buffer(
			out, brace(w, talloc_strndup(w, open + 1, close - open - 1), scope));
	}
	out = talloc_strdup_append_buffer(out, sql);
	OSMO_ASSERT(out);
	return out;
}

/* The SQLSTATE of a refusal on PostgreSQL. */
static const char *sqlstate(const char *message)
{
	static const char *const codes[] = { "E_PAYLOAD", "E_IDEM",       "E_SUBJECT", "E_ACTOR",
					     "E_STALE",   "E_TRANSITION", "E_ROLE",    "E_GUARD" };
	static const char *const states[] = { "CH001", "CH002", "CH003", "CH004",
					      "CH005", "CH006", "CH007", "CH008" };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (strncmp(message, codes[i], strlen(codes[i])) == 0)
			return states[i];
	}
	return "CH009";
}

void writer_check(struct writer *w, const char *gate, const char *bad, const char *message)
{
	const char *guard = strncmp(message, "E_GUARD ", 8) == 0 ? message + 8 : "";

	if (w->dialect != SCHEMA_POSTGRESQL) {
		writer_put(w, "\tSELECT RAISE(ABORT, '%s') WHERE %s AND (%s);\n", message, gate,
			   bad);
		return;
	}
	writer_put(w,
		   "\tIF %s THEN IF (%s) THEN\n"
		   "\t\tRAISE EXCEPTION USING MESSAGE = '%s', ERRCODE = '%s', CONSTRAINT = '%s';\n"
		   "\tEND IF; END IF;\n",
		   gate, bad, message, sqlstate(message), guard);
}

void writer_act(struct writer *w, const char *gate, const char *sql, const char *machine)
{
	struct writer_scope scope = { .machine = machine, .when = gate };

	if (w->dialect != SCHEMA_POSTGRESQL) {
		writer_put(w, "%s;\n", writer_expand(w, sql, &scope));
		return;
	}
	scope.when = "TRUE";
	writer_put(w, "IF %s THEN\n%s;\nEND IF;\n", gate, writer_expand(w, sql, &scope));
}

/* SQLite makes room for the whole of a trigger before it looks at its WHEN: so what an event goes through are small
 * triggers, one for each machine, and behind the right one, on a view, stands what there is to do. */
static void begin_sqlite(struct writer *w, const char *name)
{
	writer_put(w,
		   "CREATE VIEW %s_event AS SELECT * FROM event_log WHERE FALSE;\n"
		   "CREATE TRIGGER %s INSTEAD OF INSERT ON %s_event BEGIN\n",
		   name, name, name);
}

static void end_sqlite(struct writer *w, const char *name, const char *time, const char *machine)
{
	writer_put(
		w,
		"END;\nCREATE TRIGGER %s_first %s INSERT ON event_log WHEN NEW.machine = '%s' BEGIN\n"
		"\tINSERT INTO %s_event VALUES (NEW.id, NEW.machine, NEW.subject_id, NEW.seq, NEW.event,"
		" NEW.from_state,\n\t\tNEW.to_state, NEW.actor, NEW.role, NEW.channel, NEW.idem, NEW.at,"
		" NEW.payload);\nEND;\n",
		name, time, machine, name);
}

void writer_begin(struct writer *w, const char *name)
{
	if (w->dialect == SCHEMA_POSTGRESQL)
		writer_put(w,
			   "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n",
			   name);
	else
		begin_sqlite(w, name);
}

void writer_end(struct writer *w, const char *name, const char *time, const char *machine)
{
	if (w->dialect == SCHEMA_POSTGRESQL)
		writer_put(
			w,
			"RETURN NEW;\nEND $$;\nCREATE TRIGGER %s %s INSERT ON event_log FOR EACH ROW"
			" WHEN (NEW.machine = '%s') EXECUTE FUNCTION %s();\n",
			name, time, machine, name);
	else
		end_sqlite(w, name, time, machine);
}

char *writer_in(struct writer *w, const char *expr, const char *list)
{
	char *out = talloc_asprintf(w, "%s IN (", expr);
	const char *gap = "";
	char item[64];

	while (machine_list_next(&list, item, sizeof(item))) {
		out = talloc_asprintf_append_buffer(out, "%s'%s'", gap, item);
		gap = ", ";
	}
	out = talloc_strdup_append_buffer(out, ")");
	OSMO_ASSERT(out);
	return out;
}

static char *join(void *ctx, char *list, const char *item, const char *gap)
{
	return list ? talloc_asprintf_append_buffer(list, "%s%s", gap, item)
		    : talloc_strdup(ctx, item);
}

/* States that an event of a machine starts from and that match; *all: there are no others. */
static char *from_states(struct writer *w, const struct machine_transition *as, bool *all,
			 bool (*match)(const struct machine_transition *t, const void *data),
			 const void *data)
{
	char *states = NULL;

	*all = true;
	for (size_t i = 0; i < w->machine->n; i++) {
		const struct machine_transition *t = &w->machine->transition[i];

		if (strcmp(t->machine, as->machine) != 0 || strcmp(t->event, as->event) != 0)
			continue;
		if (match(t, data))
			states = join(w, states, t->from, ",");
		else
			*all = false;
	}
	return states;
}

char *writer_gate(struct writer *w, const char *machine,
		  bool (*match)(const struct machine_transition *t, const void *data),
		  const void *data)
{
	char *events = NULL, *pairs = NULL, *states;
	const char *seen = "";
	bool all;

	for (size_t i = 0; i < w->machine->n; i++) {
		const struct machine_transition *t = &w->machine->transition[i];

		if (strcmp(t->machine, machine) != 0 || machine_list_has(seen, t->event))
			continue;
		seen = talloc_asprintf(w, "%s,%s", t->event, seen);
		states = from_states(w, t, &all, match, data);
		if (states && all)
			events = join(w, events, t->event, ",");
		else if (states)
			pairs = join(w, pairs,
				     talloc_asprintf(w, "NEW.event = '%s' AND %s", t->event,
						     writer_in(w, "NEW.from_state", states)),
				     " OR ");
	}
	if (events)
		pairs = join(w, pairs, writer_in(w, "NEW.event", events), " OR ");
	return pairs ? talloc_asprintf(w, "(%s)", pairs) : NULL;
}
