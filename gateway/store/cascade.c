/* What stands inside fire: who may act, and what follows from an event.
 *
 * SQLite does not run a trigger inside itself unless recursive_triggers is on,
 * and other programs leave it off. So a cascade is not another INSERT INTO
 * fire: each level has views of its own, and the last one has nothing left to
 * start.
 *
 *   fire --> follow_0 --> cascade_1 --> follow_1 --> cascade_2 ...
 *            what is to   one event     what follows
 *            follow                     from it
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/writer.h"

#define LEVELS_MAX 5

/* E_ACTOR. */

static void write_holds_role(struct writer *w)
{
	writer_check(
		w, "TRUE",
		"CASE WHEN NEW.role = 'SYS' THEN NEW.actor IS NOT NULL WHEN NEW.actor IS NULL THEN TRUE"
		" WHEN NEW.machine = 'contact' AND NEW.role = 'RES' THEN FALSE"
		" ELSE NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = NEW.actor"
		" AND r.role = NEW.role) END",
		"E_ACTOR");
}

static char *party_gate(struct writer *w, const struct clause *c, const char *role)
{
	return talloc_asprintf(
		w, "NEW.machine = '%s' AND NEW.role = '%s' AND NEW.subject_id IS%s NULL",
		c->word[1], role, strcmp(c->word[0], "birth") == 0 ? "" : " NOT");
}

/* A helper acts for whoever could act as RES and gave a mandate that is valid at the time. */
static void write_helper(struct writer *w, const struct clause *c, const char *sql)
{
	const char *at = w->dialect == SCHEMA_POSTGRESQL ? "v_at" : "(SELECT f.at FROM firing f)";

	writer_check(
		w, party_gate(w, c, "AID"),
		talloc_asprintf(
			w,
			"NOT EXISTS (SELECT 1 FROM (%s) p JOIN mandate m ON m.owner_id = p.person"
			" WHERE m.helper_id = NEW.actor AND m.valid_from <= %s"
			" AND %s < m.valid_until AND ',' || m.scope || ',' LIKE '%%,order,%%')",
			sql, at, at),
		"E_ACTOR");
}

void cascade_write_actor(struct writer *w)
{
	write_holds_role(w);
	for (size_t i = 0; i < w->parties->n; i++) {
		const struct clause *c = &w->parties->clause[i];
		struct writer_scope scope = { .machine = c->word[1], .subject = "NEW.subject_id" };
		char *sql;

		if (strcmp(c->word[0], "tell") == 0)
			continue;
		sql = writer_expand(w, c->sql, &scope);
		writer_check(w, party_gate(w, c, c->word[2]),
			     talloc_asprintf(
				     w,
				     "NOT EXISTS (SELECT 1 FROM (%s) p WHERE p.person = NEW.actor)",
				     sql),
			     "E_ACTOR");
		if (strcmp(c->word[1], "contact") != 0 && strcmp(c->word[2], "RES") == 0)
			write_helper(w, c, sql);
	}
}

/* Cascades: after MACHINE EVENTS MACHINE EVENT [payload|born]. */

/* What is fired on a row q of the question. */
static const char *subject_of(const struct clause *c)
{
	return strcmp(c->word[5], "born") == 0 ? "CAST(NULL AS BIGINT)" : "q.id";
}

static const char *payload_of(const struct clause *c)
{
	return *c->word[5] ? "q.payload" : "'{}'";
}

/* Is a clause started by an event that the level above fires? Level 0 is fire itself: by all. */
static bool on_level(const struct clauses *cs, const struct clause *c, int level)
{
	if (level == 0)
		return true;
	for (size_t i = 0; i < cs->n; i++) {
		const struct clause *above = &cs->clause[i];

		if (strcmp(above->word[3], c->word[1]) == 0
		    && machine_list_has(c->word[2], above->word[4])
		    && on_level(cs, above, level - 1))
			return true;
	}
	return false;
}

static bool follows(const struct clause *c, const char *machine, const char *event)
{
	return strcmp(c->word[1], machine) == 0 && machine_list_has(c->word[2], event);
}

/* Do two events of a machine have the same consequences? */
static bool alike(const struct clauses *cs, const char *machine, const char *a, const char *b)
{
	for (size_t i = 0; i < cs->n; i++) {
		if (follows(&cs->clause[i], machine, a) != follows(&cs->clause[i], machine, b))
			return false;
	}
	return true;
}

static void write_after_sqlite(struct writer *w, const struct clause *c, int level)
{
	struct writer_scope scope = { .machine = c->word[1], .self = "NEW.subject_id" };
	char *ids = writer_expand(w, c->sql, &scope);

	writer_put(
		w,
		"\tINSERT INTO cascade_%d(machine, subject_id, event, idem, at, payload)\n"
		"\tSELECT '%s', %s, '%s', NEW.idem || '/%s.' || q.id, NEW.at, %s FROM (%s) q ORDER BY q.id;\n",
		level + 1, c->word[3], subject_of(c), c->word[4], c->word[4], payload_of(c), ids);
	writer_check(w, "TRUE", talloc_asprintf(w, "EXISTS (%s)", ids),
		     talloc_asprintf(w, "%s.%s did not follow: its triggers are off", c->word[3],
				     c->word[4]));
}

/* One trigger for the events of a machine that have the same consequences: these stand in it in sequence. */
static void write_follow(struct writer *w, const char *machine, const char *event,
			 const char *events, int level)
{
	writer_put(w,
		   "CREATE TRIGGER follow_%d_%s_%s INSTEAD OF INSERT ON follow_%d_%s\n"
		   "WHEN %s BEGIN\n",
		   level, machine, event, level, machine, writer_in(w, "NEW.event", events));
	for (size_t i = 0; i < w->cascades->n; i++) {
		if (follows(&w->cascades->clause[i], machine, event))
			write_after_sqlite(w, &w->cascades->clause[i], level);
	}
	writer_put(w, "END;\n");
}

/* The triggers for the events of one clause that no clause before it has. */
static void write_follows_of(struct writer *w, size_t clause, int level, char **seen)
{
	const struct clauses *cs = w->cascades;
	const char *machine = cs->clause[clause].word[1], *rest = cs->clause[clause].word[2],
		   *others;
	char event[40], other[40], *key, *events;

	while (machine_list_next(&rest, event, sizeof(event))) {
		if (machine_list_has(*seen, talloc_asprintf(w, "%s.%s", machine, event)))
			continue;
		events = talloc_strdup(w, event);
		for (others = rest; machine_list_next(&others, other, sizeof(other));) {
			key = talloc_asprintf(w, "%s.%s", machine, other);
			if (machine_list_has(*seen, key) || !alike(cs, machine, event, other))
				continue;
			events = talloc_asprintf(w, "%s,%s", events, other);
			*seen = talloc_asprintf(w, "%s,%s", key, *seen);
		}
		*seen = talloc_asprintf(w, "%s.%s,%s", machine, event, *seen);
		write_follow(w, machine, event, events, level);
	}
}

#define FOLLOW_VIEW " AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;\n"

/* A view for each machine of which something follows, and a small trigger before it (writer.c says why). */
static void write_follow_view(struct writer *w, const char *machine, int level, char **seen)
{
	if (machine_list_has(*seen, machine))
		return;
	if (!**seen)
		writer_put(w, "CREATE VIEW follow_%d" FOLLOW_VIEW, level);
	*seen = talloc_asprintf(w, "%s,%s", machine, *seen);
	writer_put(
		w,
		"CREATE VIEW follow_%d_%s" FOLLOW_VIEW
		"CREATE TRIGGER follow_%d_%s_first INSTEAD OF INSERT ON follow_%d WHEN NEW.machine = '%s' BEGIN\n"
		"\tINSERT INTO follow_%d_%s VALUES (NEW.machine, NEW.subject_id, NEW.event, NEW.idem, NEW.at);\n"
		"END;\n",
		level, machine, level, machine, level, machine, level, machine);
}

/* \returns false if nothing follows from what this level fires. */
static bool write_follows(struct writer *w, int level)
{
	char *seen = talloc_strdup(w, ""), *machines = talloc_strdup(w, "");

	for (size_t i = 0; i < w->cascades->n; i++) {
		const struct clause *c = &w->cascades->clause[i];

		if (!on_level(w->cascades, c, level))
			continue;
		write_follow_view(w, c->word[1], level, &machines);
		write_follows_of(w, i, level, &seen);
	}
	return *machines;
}

static const char cascade_event[] =
	"\tSELECT RAISE(ABORT, 'E_TRANSITION') WHERE NOT EXISTS (SELECT 1 FROM fsm_role t\n"
	"\t\tWHERE t.machine = NEW.machine AND t.event = NEW.event AND t.role = 'SYS' AND t.from_state =\n"
	"\t\tcoalesce((SELECT s.state FROM subject s WHERE s.id = NEW.subject_id), '_'));\n"
	"\tINSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, role,\n"
	"\t\tchannel, idem, at, payload)\n"
	"\tSELECT n.id, t.machine, coalesce(s.id, n.id), coalesce(s.version, 0) + 1, t.event,\n"
	"\t\tt.from_state, t.to_state, 'SYS', 'cascade', NEW.idem, max(NEW.at, coalesce(s.updated_at, 0)),\n"
	"\t\tNEW.payload\n"
	"\tFROM (SELECT max(id) + 1 AS id FROM event_log) n LEFT JOIN subject s ON s.id = NEW.subject_id\n"
	"\tJOIN fsm_transition t ON t.machine = NEW.machine AND t.from_state = coalesce(s.state, '_')\n"
	"\t\tAND t.event = NEW.event;\n";

void cascade_write_levels(struct writer *w)
{
	bool more;

	if (w->dialect == SCHEMA_POSTGRESQL)
		return;
	more = write_follows(w, 0);
	for (int level = 1; more; level++) {
		OSMO_ASSERT(level <= LEVELS_MAX);
		more = write_follows(w, level);
		writer_put(
			w,
			"CREATE VIEW cascade_%d AS SELECT machine, subject_id, event, idem, at,"
			" payload FROM event_log WHERE FALSE;\n"
			"CREATE TRIGGER cascade_%d_insert INSTEAD OF INSERT ON cascade_%d BEGIN\n%s",
			level, level, level, cascade_event);
		if (more)
			writer_put(
				w,
				"\tINSERT INTO follow_%d VALUES (NEW.machine, coalesce(NEW.subject_id,"
				" (SELECT max(id) FROM event_log)), NEW.event, NEW.idem, NEW.at);\n",
				level);
		writer_put(w, "END;\n");
	}
}

static void write_after_postgresql(struct writer *w, const struct clause *c)
{
	struct writer_scope scope = { .machine = c->word[1], .self = "p_subject" };
	char *gate = talloc_asprintf(w, "p_machine = '%s' AND %s", c->word[1],
				     writer_in(w, "p_event", c->word[2]));
	char *ids = writer_expand(w, c->sql, &scope);

	writer_put(
		w,
		"\tIF %s THEN\n"
		"\t\tFOR v_row IN SELECT q.id, %s AS subject, %s AS payload FROM (%s) q ORDER BY q.id LOOP\n"
		"\t\t\tPERFORM event_append('%s', v_row.subject, '%s', NULL, 'SYS', 'cascade',\n"
		"\t\t\t\tp_idem || '/%s.' || v_row.id, p_at, v_row.payload);\n"
		"\t\tEND LOOP;\n\tEND IF;\n",
		gate, subject_of(c), payload_of(c), ids, c->word[3], c->word[4], c->word[4]);
}

void cascade_write(struct writer *w)
{
	if (w->dialect != SCHEMA_POSTGRESQL) {
		writer_put(
			w,
			"\tINSERT INTO follow_0 VALUES (NEW.machine, (SELECT subject_id FROM firing), NEW.event,"
			" NEW.idem, (SELECT at FROM firing));\n");
		return;
	}
	for (size_t i = 0; i < w->cascades->n; i++)
		write_after_postgresql(w, &w->cascades->clause[i]);
}
