/* What stands inside fire: who may act, and what follows from an event.
 *
 * SQLite does not run a trigger inside itself unless recursive_triggers is on,
 * and other programs leave it off. So a cascade is not another INSERT INTO
 * fire: each level has a view of its own, and the last level has nothing left
 * to start.
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

/* Cascades: after MACHINE EVENTS MACHINE EVENT. */

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

static void write_after_sqlite(struct writer *w, const struct clause *c, int level)
{
	const char *self = level ? "NEW.subject_id" : "(SELECT subject_id FROM firing)";
	const char *idem = level ? "NEW.idem || '/' || NEW.event || '.' || NEW.subject_id"
				 : "NEW.idem";
	const char *at = level ? "NEW.at" : "(SELECT at FROM firing)";
	struct writer_scope scope = { .machine = c->word[1], .self = self };
	char *gate = talloc_asprintf(w, "NEW.machine = '%s' AND %s", c->word[1],
				     writer_in(w, "NEW.event", c->word[2]));
	char *ids = writer_expand(w, c->sql, &scope);

	writer_put(w,
		   "\tINSERT INTO cascade_%d(machine, subject_id, event, idem, at)\n"
		   "\tSELECT '%s', q.id, '%s', %s, %s FROM (%s) q WHERE %s ORDER BY q.id;\n",
		   level + 1, c->word[3], c->word[4], idem, at, ids, gate);
	writer_check(w, gate, talloc_asprintf(w, "EXISTS (%s)", ids),
		     talloc_asprintf(w, "%s.%s did not follow: its triggers are off", c->word[3],
				     c->word[4]));
}

static void write_after_postgresql(struct writer *w, const struct clause *c)
{
	struct writer_scope scope = { .machine = c->word[1], .self = "p_subject" };
	char *gate = talloc_asprintf(w, "p_machine = '%s' AND %s", c->word[1],
				     writer_in(w, "p_event", c->word[2]));
	char *ids = writer_expand(w, c->sql, &scope);

	writer_put(w,
		   "\tIF %s THEN\n"
		   "\t\tFOR v_row IN SELECT q.id FROM (%s) q ORDER BY q.id LOOP\n"
		   "\t\t\tPERFORM event_append('%s', v_row.id, '%s', NULL, 'SYS', 'cascade',\n"
		   "\t\t\t\tp_idem || '/%s.' || v_row.id, p_at, '{}');\n"
		   "\t\tEND LOOP;\n\tEND IF;\n",
		   gate, ids, c->word[3], c->word[4], c->word[4]);
}

static bool write_level(struct writer *w, int level)
{
	bool any = false;

	for (size_t i = 0; i < w->cascades->n; i++) {
		const struct clause *c = &w->cascades->clause[i];

		if (w->dialect == SCHEMA_POSTGRESQL)
			write_after_postgresql(w, c);
		else if (on_level(w->cascades, c, level))
			write_after_sqlite(w, c, level);
		else
			continue;
		any = true;
	}
	return any;
}

void cascade_write(struct writer *w)
{
	write_level(w, 0);
}

void cascade_write_levels(struct writer *w)
{
	bool any = true;

	if (w->dialect == SCHEMA_POSTGRESQL)
		return;
	for (int level = 1; any; level++) {
		OSMO_ASSERT(level <= LEVELS_MAX);
		writer_put(
			w,
			"CREATE VIEW cascade_%d AS SELECT machine, subject_id, event, idem, at"
			" FROM event_log WHERE FALSE;\n"
			"CREATE TRIGGER cascade_%d_insert INSTEAD OF INSERT ON cascade_%d BEGIN\n"
			"\tSELECT RAISE(ABORT, 'E_TRANSITION') WHERE NOT EXISTS (SELECT 1 FROM subject s\n"
			"\t\tJOIN fsm_role t ON t.machine = s.machine AND t.from_state = s.state\n"
			"\t\tWHERE s.id = NEW.subject_id AND t.event = NEW.event AND t.role = 'SYS');\n"
			"\tINSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, role,\n"
			"\t\tchannel, idem, at, payload)\n"
			"\tSELECT (SELECT max(id) + 1 FROM event_log), s.machine, s.id, s.version + 1, NEW.event,\n"
			"\t\ts.state, t.to_state, 'SYS', 'cascade', NEW.idem || '/' || NEW.event || '.' || s.id,\n"
			"\t\tmax(NEW.at, s.updated_at), '{}'\n"
			"\tFROM subject s JOIN fsm_transition t ON t.machine = s.machine\n"
			"\t\tAND t.from_state = s.state AND t.event = NEW.event WHERE s.id = NEW.subject_id;\n",
			level, level, level);
		any = write_level(w, level);
		writer_put(w, "END;\n");
	}
}
