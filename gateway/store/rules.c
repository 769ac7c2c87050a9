/* What stands in the triggers of event_log and message: guards before, projections and notices after.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/writer.h"

static bool event_listed(const struct machine_transition *t, const void *data)
{
	return machine_list_has(data, t->event);
}

/* Guards. */

struct guard_use {
	const struct writer *w;
	const struct clause *guard; /* guard MACHINE NAME KIND [EVENTS] */
};

static bool guard_asked(const struct machine_transition *t, const void *data)
{
	const struct guard_use *use = data;
	const char *name = use->guard->word[2], *events = use->guard->word[4];

	if (*events && !machine_list_has(events, t->event))
		return false;
	if (machine_list_has(t->guards, name))
		return true;
	for (size_t i = 0; i < use->w->guards->n; i++) {
		const struct clause *c = &use->w->guards->clause[i];

		if (strcmp(c->word[0], "also") == 0 && strcmp(c->word[1], t->machine) == 0
		    && strcmp(c->word[2], t->from) == 0 && strcmp(c->word[3], t->event) == 0
		    && strcmp(c->word[4], name) == 0)
			return true;
	}
	return false;
}

static void write_guard(struct writer *w, const struct clause *c)
{
	struct writer_scope scope = { .machine = c->word[1] };
	struct guard_use use = { w, c };
	char *message, *gate;

	if (strcmp(c->word[0], "payload") == 0) {
		message = talloc_strdup(w, "E_PAYLOAD");
		gate = writer_gate(w, c->word[1], event_listed, c->word[2]);
	} else {
		message = talloc_asprintf(w, "E_GUARD %s", c->word[2]);
		gate = writer_gate(w, c->word[1], guard_asked, &use);
	}
	if (!gate)
		osmo_panic("guards.sql: %s %s %s is asked nowhere\n", c->word[0], c->word[1],
			   c->word[2]);
	writer_check(w, gate,
		     talloc_asprintf(w, "(%s) IS NOT TRUE", writer_expand(w, c->sql, &scope)),
		     message);
}

static void write_guards_of(struct writer *w, const char *machine, const char *kind)
{
	for (size_t i = 0; i < w->guards->n; i++) {
		const struct clause *c = &w->guards->clause[i];

		if (strcmp(c->word[0], kind) == 0 && strcmp(c->word[1], machine) == 0)
			write_guard(w, c);
	}
}

void rules_write_guards(struct writer *w)
{
	const char *machine;

	for (size_t i = 0; (machine = machine_live(i)); i++) {
		char *name = talloc_asprintf(w, "guard_%s", machine);

		writer_begin(w, name);
		write_guards_of(w, machine, "payload");
		write_guards_of(w, machine, "guard");
		writer_end(w, name, "BEFORE", machine);
	}
}

/* Notices. */

struct notice_use {
	const char *role, *name, *condition;
};

/* RES:cycle_open(promo-consent) in its parts. */
static bool notice_parse(const char *item, char *role, char *name, char *condition)
{
	*condition = '\0';
	return sscanf(item, "%7[A-Z]:%39[a-z_](%19[a-z-])", role, name, condition) >= 2;
}

static bool notice_told(const struct machine_transition *t, const void *data)
{
	const struct notice_use *use = data;
	const char *rest = t->notify;
	char item[64], role[8], name[40], condition[20];

	while (machine_list_next(&rest, item, sizeof(item))) {
		OSMO_ASSERT(notice_parse(item, role, name, condition));
		if (strcmp(role, use->role) == 0 && strcmp(name, use->name) == 0)
			return true;
	}
	return false;
}

/* tell MACHINE ROLE NAME|* ABOUT: the clause for a notice. */
static const struct clause *notice_recipients(struct writer *w, const char *machine,
					      const struct notice_use *use)
{
	for (size_t i = 0; i < w->parties->n; i++) {
		const struct clause *c = &w->parties->clause[i];

		if (strcmp(c->word[0], "tell") == 0 && strcmp(c->word[1], machine) == 0
		    && strcmp(c->word[2], use->role) == 0
		    && (strcmp(c->word[3], use->name) == 0 || strcmp(c->word[3], "*") == 0))
			return c;
	}
	osmo_panic("parties.sql: nobody is told %s:%s of %s\n", use->role, use->name, machine);
	return NULL;
}

/* A person whose numbers are all stopped gets nothing; a number itself (person NULL) gets what concerns it. */
static void write_notice(struct writer *w, const char *machine, const struct notice_use *use)
{
	const struct clause *c = notice_recipients(w, machine, use);
	const char *promo = strcmp(use->condition, "promo-consent") == 0 ? " AND c.promo = 1" : "";

	OSMO_ASSERT(*promo || !*use->condition);
	writer_act(
		w, writer_gate(w, machine, notice_told, use),
		talloc_asprintf(
			w,
			"INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)\n"
			"SELECT NEW.id, '%s', '%s', t.about, '%s', t.person, NEW.at, NEW.payload\n"
			"FROM (%s) t WHERE {when} AND (t.person IS NULL OR EXISTS (SELECT 1\n"
			"\tFROM contact_person cp JOIN contact c ON c.id = cp.contact_id\n"
			"\tWHERE cp.person_id = t.person AND c.state = 'active'%s))\n"
			"ORDER BY t.person, t.about",
			use->name, c->word[4], use->role, c->sql, promo),
		machine);
}

static void write_notices_of(struct writer *w, const char *machine)
{
	char item[64], role[8], name[40], condition[20];
	const char *seen = "", *rest;

	for (size_t i = 0; i < w->machine->n; i++) {
		if (strcmp(w->machine->transition[i].machine, machine) != 0)
			continue;
		rest = w->machine->transition[i].notify;
		while (machine_list_next(&rest, item, sizeof(item))) {
			struct notice_use use = { role, name, condition };

			if (machine_list_has(seen, item))
				continue;
			seen = talloc_asprintf(w, "%s,%s", item, seen);
			OSMO_ASSERT(notice_parse(item, role, name, condition));
			write_notice(w, machine, &use);
		}
	}
}

/* Projections. */

static void write_projections_of(struct writer *w, const char *machine)
{
	writer_put(
		w,
		"UPDATE %s SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;\n",
		machine_table(machine));
	for (size_t i = 0; i < w->projections->n; i++) {
		const struct clause *c = &w->projections->clause[i];

		if (strcmp(c->word[1], machine) != 0)
			continue;
		writer_act(w,
			   strcmp(c->word[2], "*") == 0 ? "TRUE"
							: writer_in(w, "NEW.event", c->word[2]),
			   c->sql, machine);
	}
	writer_act(w, "NEW.seq = 1",
		   "INSERT INTO subject(id, machine, state, version, updated_at)\n"
		   "SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE {when}",
		   machine);
	writer_act(
		w, "NEW.seq > 1",
		"UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at\n"
		"WHERE id = NEW.subject_id AND {when}",
		machine);
}

void rules_write_projections(struct writer *w)
{
	const char *machine;

	for (size_t i = 0; (machine = machine_live(i)); i++) {
		char *name = talloc_asprintf(w, "project_%s", machine);

		writer_begin(w, name);
		write_projections_of(w, machine);
		if (w->dialect != SCHEMA_REPLAY)
			write_notices_of(w, machine);
		writer_end(w, name, "AFTER", machine);
	}
}

/* Messages: OLD.state and NEW.state are the transition. */

static char *message_gate(struct writer *w, const char *guard)
{
	char *gate = NULL;

	for (size_t i = 0; i < w->machine->n; i++) {
		const struct machine_transition *t = &w->machine->transition[i];

		if (strcmp(t->machine, "message") != 0 || !machine_list_has(t->guards, guard))
			continue;
		gate = talloc_asprintf(w, "%s%s(OLD.state = '%s' AND NEW.state = '%s')",
				       gate ? gate : "", gate ? " OR " : "", t->from, t->to);
	}
	OSMO_ASSERT(gate);
	return talloc_asprintf(w, "(%s)", gate);
}

static void write_message_checks(struct writer *w)
{
	struct writer_scope scope = { .machine = "message" };

	writer_check(w, "TRUE",
		     "NOT EXISTS (SELECT 1 FROM fsm_transition t WHERE t.machine = 'message'"
		     " AND t.from_state = OLD.state AND t.to_state = NEW.state)",
		     "E_TRANSITION");
	for (size_t i = 0; i < w->guards->n; i++) {
		const struct clause *c = &w->guards->clause[i];

		if (strcmp(c->word[0], "guard") != 0 || strcmp(c->word[1], "message") != 0)
			continue;
		writer_check(
			w, message_gate(w, c->word[2]),
			talloc_asprintf(w, "(%s) IS NOT TRUE", writer_expand(w, c->sql, &scope)),
			talloc_asprintf(w, "E_GUARD %s", c->word[2]));
	}
}

/* A message that tells of a failed one must not tell of itself, and nobody is told of his own. */
static const char message_notice[] =
	"\tINSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)\n"
	"\tSELECT 0, 'unreachable', 'message', NEW.id, 'COO', r.person_id, (SELECT now FROM clock), '{}'\n"
	"\tFROM person_role r WHERE r.role = 'COO' AND NEW.state = 'failed'\n"
	"\tAND coalesce(NEW.template, '') <> 'unreachable' AND r.person_id <> coalesce(NEW.person_id, 0)\n"
	"\tAND EXISTS (SELECT 1 FROM contact_person cp JOIN contact c ON c.id = cp.contact_id\n"
	"\t\tWHERE cp.person_id = r.person_id AND c.state = 'active');\n";

static void write_messages_sqlite(struct writer *w)
{
	writer_put(w, "CREATE TRIGGER message_insert BEFORE INSERT ON message BEGIN\n"
		      "\tSELECT RAISE(ABORT, 'E_TRANSITION') WHERE NEW.state <> 'queued';\nEND;\n"
		      "CREATE TRIGGER message_move BEFORE UPDATE OF state ON message"
		      " WHEN NEW.state <> OLD.state BEGIN\n");
	write_message_checks(w);
	writer_put(w,
		   "END;\nCREATE TRIGGER message_moved AFTER UPDATE OF state ON message"
		   " WHEN NEW.state <> OLD.state BEGIN\n"
		   "\tUPDATE message SET version = OLD.version + 1 WHERE id = NEW.id;\n%sEND;\n",
		   message_notice);
}

static void write_messages_postgresql(struct writer *w)
{
	writer_put(
		w,
		"CREATE FUNCTION message_insert() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n");
	writer_check(w, "TRUE", "NEW.state <> 'queued'", "E_TRANSITION");
	writer_put(
		w,
		"RETURN NEW;\nEND $$;\nCREATE TRIGGER message_insert BEFORE INSERT ON message"
		" FOR EACH ROW EXECUTE FUNCTION message_insert();\n"
		"CREATE FUNCTION message_move() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n");
	write_message_checks(w);
	writer_put(w,
		   "NEW.version := OLD.version + 1;\n%sRETURN NEW;\nEND $$;\n"
		   "CREATE TRIGGER message_move BEFORE UPDATE OF state ON message FOR EACH ROW"
		   " WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION message_move();\n",
		   message_notice);
}

void rules_write_messages(struct writer *w)
{
	if (w->dialect == SCHEMA_POSTGRESQL)
		write_messages_postgresql(w);
	else
		write_messages_sqlite(w);
}
