/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/store/walk.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "tests/store/walk_state.h"

static const char *some_role(struct walk *w, const char *roles)
{
	static const char *const all[] = { "RES", "AID", "PRO", "COO", "ADM", "SYS" };
	const char *role;

	if (machine_list_has(roles, "RES") && !walk_once_in(w, 4))
		return "RES";
	do
		role = all[walk_any(w, ARRAY_SIZE(all))];
	while (!machine_list_has(roles, role));
	return role;
}

static void name_attempt(struct walk *w, struct attempt *a)
{
	a->channel = "walk";
	a->idem = walk_text(w, "walk/%u", w->n);
	a->at = w->now;
}

/* Try a transition on a subject that is in its first state. */
static void try_on(struct walk *w, const struct machine_transition *t, int64_t subject,
		   struct attempt *out)
{
	struct walk_filling f = { .t = t, .subject = subject, .birth = strcmp(t->from, "_") == 0 };

	f.role = some_role(w, t->roles);
	f.actor = subject ? walk_party(w, t->machine, f.role, subject) : walk_holder(w, f.role);
	if (w->place_order && strcmp(t->machine, "line") == 0) {
		f.role = "COO";
		f.actor = 31;
	}
	*out = (struct attempt){
		.machine = t->machine,
		.subject = subject,
		.version = subject ? walk_number(
				   w, "SELECT version FROM subject WHERE id = %" PRId64, subject)
				   : 0,
		.event = t->event,
		.actor = f.actor,
		.role = f.role,
	};
	if (strcmp(f.role, "SYS") == 0 && walk_once_in(w, 2))
		out->version = -1;
	name_attempt(w, out);
	out->payload = walk_payload(w, &f);
	w->tried = t;
	w->meant[t - w->machine->transition]++;
}

static const struct machine_transition *find(struct walk *w, const char *machine, const char *from,
					     const char *event)
{
	for (size_t i = 0; i < w->machine->n; i++) {
		const struct machine_transition *t = &w->machine->transition[i];

		if (strcmp(t->machine, machine) == 0 && strcmp(t->event, event) == 0
		    && (!from || strcmp(t->from, from) == 0))
			return t;
	}
	return NULL;
}

static int64_t subject_for(struct walk *w, const struct machine_transition *t)
{
	if (strcmp(t->from, "_") == 0)
		return 0;
	return walk_some_id(w, machine_table(t->machine), walk_text(w, "state = '%s'", t->from));
}

/* What would soon leave nothing to do is tried seldom. */
static bool too_often(struct walk *w, const struct machine_transition *t)
{
	static const struct {
		const char *machine, *events;
		unsigned int once_in;
	} seldom[] = {
		{ "contact", "register,discover", 20 },
		{ "contact", "erase,lapse", 12 },
		{ "contact", "stop,pause,rebind", 6 },
		{ "offer", "withdraw,exhaust,decline", 5 },
		{ "cycle", "create", 10 },
		{ "cycle", "cancel", 15 },
	};

	if (strcmp(t->roles, "SYS") == 0) /* cascades and timers do these */
		return walk_any(w, 4);
	for (size_t i = 0; i < ARRAY_SIZE(seldom); i++) {
		if (strcmp(seldom[i].machine, t->machine) == 0
		    && machine_list_has(seldom[i].events, t->event))
			return walk_any(w, seldom[i].once_in);
	}
	return false;
}

/* What was made often, or in vain, can wait. */
static unsigned int tiredness(struct walk *w, const struct machine_transition *t)
{
	size_t i = t - w->machine->transition;

	return w->done[i] + w->meant[i] / 8;
}

/* Of some that can be tried, the one that was made least often. */
static bool try_rare(struct walk *w, struct attempt *out)
{
	const struct machine_transition *best = NULL;
	int64_t subject = 0;

	for (int i = 0; i < 8; i++) {
		const struct machine_transition *t = w->live[walk_any(w, w->n_live)];
		int64_t id;

		if (too_often(w, t))
			continue;
		id = subject_for(w, t);
		if (!id && strcmp(t->from, "_") != 0)
			continue;
		if (best && tiredness(w, best) <= tiredness(w, t))
			continue;
		best = t;
		subject = id;
	}
	if (!best)
		return false;
	try_on(w, best, subject, out);
	return true;
}

/* Something else in the place of what is due. */
static bool try_late(struct walk *w, const struct machine_transition *due, int64_t subject,
		     struct attempt *out)
{
	const struct machine_transition *t = w->live[walk_any(w, w->n_live)];

	for (int i = 0; i < 300; i++, t = w->live[walk_any(w, w->n_live)]) {
		if (strcmp(t->machine, due->machine) == 0 && strcmp(t->from, due->from) == 0) {
			try_on(w, t, subject, out);
			return true;
		}
	}
	return false;
}

/* A timer that is due, or the next one with the clock moved there. */
static bool try_timer(struct walk *w, int64_t until, struct attempt *out)
{
	const char *row =
		walk_get(w,
			 "SELECT machine || ' ' || event || ' ' || subject_id || ' ' || due_at"
			 " FROM deadline WHERE due_at <= %" PRId64
			 " ORDER BY due_at, rank, subject_id LIMIT 1",
			 until);
	char machine[20], event[30];
	int64_t subject, due;

	if (sscanf(row, "%19s %29s %" PRId64 " %" PRId64, machine, event, &subject, &due) != 4)
		return false;
	w->now = OSMO_MAX(w->now, due);
	w->tried = find(w, machine,
			walk_get(w, "SELECT state FROM subject WHERE id = %" PRId64, subject),
			event);
	if (w->tried && walk_once_in(w, 4) && try_late(w, w->tried, subject, out))
		return true;
	*out = (struct attempt){ .machine = walk_text(w, "%s", machine),
				 .event = walk_text(w, "%s", event),
				 .subject = subject,
				 .version = -1,
				 .role = "SYS" };
	name_attempt(w, out);
	return true;
}

/* Nothing happens for long, all timers are late, and so is who remembers what is old. */
static bool leap(struct walk *w, struct attempt *out)
{
	static const int days[] = { 1, 3, 8, 31 };
	static const char *const late[][3] = {
		{ "line", "delivered", "dispute" },
		{ "order", "no_show", "write_off" },
		{ "contact", "pending", "lapse" },
	};
	size_t first = walk_any(w, ARRAY_SIZE(late));
	int64_t oldest = 0;

	w->now += days[walk_any(w, ARRAY_SIZE(days))] * 86400;
	for (size_t k = 0; k < ARRAY_SIZE(late) && !oldest; k++) {
		const char *const *t = late[(first + k) % ARRAY_SIZE(late)];

		oldest = walk_number(
			w, "SELECT min(id) FROM subject WHERE machine = '%s' AND state = '%s'",
			t[0], t[1]);
		if (oldest)
			try_on(w, find(w, t[0], t[1], t[2]), oldest, out);
	}
	return oldest;
}

/* What was never made yet, if there is a subject for it. */
static bool try_new(struct walk *w, struct attempt *out)
{
	uint32_t first_one = walk_any(w, w->n_live);

	for (unsigned int i = 0; i < w->n_live; i++) {
		const struct machine_transition *t = w->live[(first_one + i) % w->n_live];
		int64_t subject = w->done[t - w->machine->transition] ? 0 : subject_for(w, t);

		if (subject) {
			try_on(w, t, subject, out);
			return true;
		}
	}
	return false;
}

static int64_t offers_of(struct walk *w, int64_t cycle)
{
	return walk_number(
		w, "SELECT count(*) FROM offer WHERE state = 'available' AND cycle_id = %" PRId64,
		cycle);
}

/* Something is on sale, or comes back. */
static void try_declare(struct walk *w, int64_t cycle, struct attempt *out)
{
	static const char *const from[] = { "withdrawn", "unavailable", "asked", "sold_out" };
	const char *state = from[walk_any(w, ARRAY_SIZE(from))];
	int64_t id = walk_some_id(
		w, "offer", walk_text(w, "state = '%s' AND cycle_id = %" PRId64, state, cycle));

	if (!id)
		try_on(w, find(w, "offer", "_", "declare"), 0, out);
	else
		try_on(w,
		       find(w, "offer", state,
			    strcmp(state, "sold_out") == 0 ? "restock" : "declare"),
		       id, out);
}

/* As long as no cycle takes orders: one is made, announced, given offers, opened. */
static bool try_cycle(struct walk *w, struct attempt *out)
{
	int64_t id = walk_some_id(w, "cycle", "state = 'open'"), opens_at;
	const char *state;

	if (id && offers_of(w, id) >= 2)
		return false;
	if (!id)
		id = walk_some_id(w, "cycle", "state IN ('draft', 'announced')");
	state = walk_get(w, "SELECT state FROM cycle WHERE id = %" PRId64, id);
	if (!id)
		try_on(w, find(w, "cycle", "_", "create"), 0, out);
	else if (strcmp(state, "draft") == 0)
		try_on(w, find(w, "cycle", "draft", "announce"), id, out);
	else if (offers_of(w, id) < 2)
		try_declare(w, id, out);
	else {
		opens_at = walk_number(w, "SELECT opens_at FROM cycle WHERE id = %" PRId64, id);
		w->now = OSMO_MAX(w->now, opens_at);
		try_on(w, find(w, "cycle", "announced", "open"), id, out);
	}
	return true;
}

/* An order in the usual sequence: started, two lines, the recap, placed. */
static bool try_place(struct walk *w, struct attempt *out)
{
	static const char *const steps[][2] = {
		{ "order", "start" }, { "line", "add" },      { "line", "add" },
		{ "order", "edit" },  { "order", "confirm" },
	};
	int step = w->place_step;
	const struct machine_transition *t =
		find(w, steps[step][0], step == 0 || step == 1 || step == 2 ? "_" : "draft",
		     steps[step][1]);

	if (step == 0 && !walk_some_id(w, "cycle", "state = 'open'"))
		return false;
	if (step == 1)
		w->place_order = walk_some_id(w, "orders", "state = 'draft'");
	if (step > 0 && !w->place_order) {
		w->place_step = 0;
		return false;
	}
	try_on(w, t, step > 2 ? w->place_order : 0, out);
	w->place_step = (step + 1) % (int)ARRAY_SIZE(steps);
	if (w->place_step == 0)
		w->place_order = 0;
	return true;
}

/* Messages move in their own table. */
static bool try_message(struct walk *w, struct attempt *out)
{
	static const char *const states[] = { "queued", "sending",   "sent",    "failed",
					      "doubt",  "delivered", "expired", "suppressed" };
	const struct machine_transition *t = &w->machine->transition[walk_any(w, w->machine->n)];
	unsigned int id = w->messages > MESSAGES ? w->messages - walk_any(w, MESSAGES) : 1;
	const char *to = states[walk_any(w, ARRAY_SIZE(states))];

	w->tried = NULL;
	if (w->messages < MESSAGES || walk_once_in(w, 5)) {
		out->sql = walk_text(
			w,
			"INSERT INTO message(id, number, body, parts, created_at, due_at,"
			" use_by, resend, state) VALUES (%u, '+33639980%03u', 'a', 1, 1, %s,"
			" %s, %u, '%s')",
			++w->messages,
			walk_any(w, 2) ? walk_any(w, 3) : 100 + walk_any(w, RESIDENTS),
			walk_once_in(w, 5) ? "99999999999" : "1",
			walk_once_in(w, 3) ? "1" : "99999999999", walk_any(w, 2), "queued");
		return true;
	}
	for (int i = 0; i < 50 && strcmp(t->machine, "message") != 0; i++)
		t = &w->machine->transition[walk_any(w, w->machine->n)];
	if (strcmp(t->machine, "message") == 0 && strcmp(t->from, "_") != 0
	    && !walk_once_in(w, 5)) {
		unsigned int there =
			walk_number(w,
				    "SELECT id FROM message WHERE state = '%s' AND id > %u - 60"
				    " ORDER BY id DESC LIMIT 1",
				    t->from, w->messages);

		if (!there)
			return false;
		id = there;
		to = t->to;
		w->tried = t;
	}
	out->sql = walk_text(
		w, "UPDATE message SET state = '%s', attempts = attempts + %u WHERE id = %u", to,
		walk_any(w, 3), id);
	return true;
}

/* What nobody should send: one thing is wrong with it. */
static void spoil(struct walk *w, struct attempt *a)
{
	static const char *const payloads[] = {
		"",
		"[]",
		"{",
		"{}x",
		"{\"qty\":1.5}",
		"{\"qty\":null}",
		"{\"qty\":01}",
		"{\"qty\":\"1\"}",
		"{\"qty\":-1}",
		"{\"qty\":1,\"qty\":1}",
		"{\"reason\":\"a\\qb\"}",
		"{\"reason\":\"\\u0000\"}",
		"{\"reason\":\"\\u00e9\\n\"}",
		"{ \"reason\" : \"x\" }",
		"{\"unheard\":1}",
		"{\"qty\":999999999999999999}",
		"{\"qty\":9999999999999999999}",
		"{}",
		"{\"reason\":\"\"}",
	};
	const struct machine_transition *t = &w->machine->transition[walk_any(w, w->machine->n)];
	static const char *const roles[] = { "RES", "AID", "PRO", "COO", "ADM", "SYS", "MEM", "X" };
	static const int64_t ats[] = { -1, 1, 999, 4000000000 };

	switch (walk_any(w, 12)) {
	case 0:
		a->version += 1;
		break;
	case 1:
		a->version = -1;
		break;
	case 2:
		a->subject = walk_once_in(w, 3) ? 77777777 : walk_any(w, 4000);
		break;
	case 3:
		a->actor = a->actor ? 0 : 31;
		break;
	case 4:
		a->actor = walk_any(w, 40);
		break;
	case 5:
		a->role = roles[walk_any(w, ARRAY_SIZE(roles))];
		break;
	case 6:
		a->event = t->event;
		break;
	case 7:
		a->machine = t->machine;
		break;
	case 8:
		a->idem = walk_once_in(w, 3) ? NULL : walk_once_in(w, 3) ? "" : w->kept.idem;
		break;
	case 9: /* the same again */
		if (w->kept.event)
			*a = w->kept; /* its texts are kept until something else succeeds */
		break;
	case 10:
		a->at = ats[walk_any(w, ARRAY_SIZE(ats))];
		break;
	default:
		a->payload = payloads[walk_any(w, ARRAY_SIZE(payloads))];
	}
	w->tried = NULL;
}

/* Residents of whom there is one number too few get one. */
static bool try_person(struct walk *w, struct attempt *out)
{
	int64_t contact =
		walk_number(w, "SELECT id FROM contact WHERE id NOT IN (SELECT contact_id FROM"
			       " contact_person) AND state <> 'erased' LIMIT 1");
	int64_t person =
		walk_number(w, "SELECT person_id FROM person_role WHERE role IN ('RES', 'COO')"
			       " AND person_id NOT IN (SELECT cp.person_id FROM contact_person cp"
			       " JOIN contact c ON c.id = cp.contact_id WHERE c.state <> 'erased')"
			       " LIMIT 1");

	if (contact && person) {
		w->tried = NULL;
		out->sql = walk_text(
			w,
			"INSERT INTO contact_person(contact_id, person_id) VALUES (%" PRId64
			", %" PRId64 "); INSERT INTO contact_number(contact_id, number)"
			" SELECT %" PRId64 ", '+33639980%03" PRId64 "' WHERE NOT EXISTS"
			" (SELECT 1 FROM contact_number WHERE number = '+33639980%03" PRId64 "')",
			contact, person, contact, person, person);
		return true;
	}
	if (!person)
		return false;
	try_on(w, find(w, "contact", "_", "register"), 0, out);
	return true;
}

static void choose(struct walk *w, struct attempt *out)
{
	for (;;) {
		uint32_t dice = walk_any(w, 200);

		if (w->place_step > 0 && dice < 180 && try_place(w, out))
			return;
		if (dice < 20 && try_place(w, out))
			return;
		if (dice < 36 && try_timer(w, w->now, out))
			return;
		if (dice == 36
		    && try_timer(w, w->now + (walk_once_in(w, 10) ? 200000 : 20000), out))
			return;
		if (dice == 37 && walk_once_in(w, 4) && leap(w, out))
			return;
		if (dice == 38 && try_new(w, out))
			return;
		if (dice >= 40 && dice < 54 && try_message(w, out))
			return;
		if (dice >= 54 && dice < 60 && try_person(w, out))
			return;
		if (dice >= 60 && dice < 80 && try_cycle(w, out))
			return;
		if (dice >= 80 && try_rare(w, out))
			return;
	}
}

void walk_next(struct walk *w, struct attempt *out)
{
	w->n++;
	if (w->scratch != w->kept_scratch)
		talloc_free(w->scratch);
	w->scratch = talloc_new(w);
	*out = (struct attempt){};
	if (w->n == 1) {
		out->sql = "UPDATE mandate SET valid_until = 99999999999;"
			   " UPDATE person SET confirm_policy = 'refuse' WHERE id = 13";
	} else if (w->n <= RESIDENTS + 1) {
		out->sql = walk_text(w,
				     "INSERT INTO person(id, member_no, name) VALUES (%u, %u, 'x');"
				     " INSERT INTO person_role(person_id, role) VALUES (%u, 'RES')",
				     w->n + 98, w->n + 998, w->n + 98);
	} else {
		choose(w, out);
		if (!out->sql && walk_once_in(w, 12))
			spoil(w, out);
	}
	w->last = *out;
}

void walk_told(struct walk *w, const char *refusal)
{
	if (*refusal)
		return;
	if (w->tried)
		w->done[w->tried - w->machine->transition]++;
	if (!w->last.sql && w->last.idem != w->kept.idem) {
		if (w->kept_scratch != w->scratch)
			talloc_free(w->kept_scratch);
		w->kept = w->last;
		w->kept_scratch = w->scratch;
	}
	w->now += walk_once_in(w, 40) ? walk_any(w, 300) : walk_any(w, 3);
}

struct walk *walk_begin(void *ctx, sqlite3 *db)
{
	struct walk *w = talloc_zero(ctx, struct walk);

	w->db = db;
	w->machine = machine_load(w);
	w->done = talloc_zero_array(w, unsigned int, w->machine->n);
	w->meant = talloc_zero_array(w, unsigned int, w->machine->n);
	w->live = talloc_zero_array(w, const struct machine_transition *, w->machine->n);
	for (size_t i = 0; i < w->machine->n; i++) {
		if (machine_is_live(w->machine->transition[i].machine))
			w->live[w->n_live++] = &w->machine->transition[i];
	}
	w->seed = 20261124;
	w->now = 1000;
	return w;
}
