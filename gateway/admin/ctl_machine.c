/* chappectl machine: the state machines as a table, as JSON, or as a graph.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/closest.h"
#include "gateway/store/machine.h"

#define MACHINES_MAX 32
#define STATES_MAX   64

/* Names, each once, in the order of the table. */
struct names {
	size_t n;
	const char *name[STATES_MAX];
};

static void add_name(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->name[i], name) == 0)
			return;
	}
	OSMO_ASSERT(names->n < STATES_MAX);
	names->name[names->n++] = name;
}

static bool of(const struct machine_transition *t, const char *machine)
{
	return !machine || strcmp(t->machine, machine) == 0;
}

static void print_table(const struct machine *m, const char *machine)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct machine_transition *t = &m->transition[i];

		if (of(t, machine))
			printf("%-9s %-12s %-13s %-12s %-16s %-32s %s\n", t->machine, t->from,
			       t->event, t->to, t->roles, *t->guards ? t->guards : "-",
			       *t->notify ? t->notify : "-");
	}
}

static int print_json(const struct machine *m, const char *machine)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n; i++) {
		const struct machine_transition *t = &m->transition[i];

		if (of(t, machine))
			json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
							      "machine", t->machine, "from",
							      t->from, "event", t->event, "to",
							      t->to, "roles", t->roles, "guards",
							      t->guards, "notify", t->notify));
	}
	return ctl_print_json(json_pack("{s:o}", "transitions", list));
}

/* ---- graph ---- */

static bool leads_on(const struct machine *m, const char *machine, const char *state)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct machine_transition *t = &m->transition[i];

		if (of(t, machine) && !strcmp(t->from, state) && strcmp(t->to, state) != 0)
			return true;
	}
	return false;
}

static void print_states(const struct machine *m, const char *machine)
{
	struct names states = { 0 };

	for (size_t i = 0; i < m->n; i++) {
		if (!of(&m->transition[i], machine))
			continue;
		add_name(&states, m->transition[i].from);
		add_name(&states, m->transition[i].to);
	}
	for (size_t i = 0; i < states.n; i++) {
		const char *s = states.name[i];

		if (strcmp(s, "_") == 0)
			printf("\t\t\"%s._\" [shape=point, label=\"\"];\n", machine);
		else
			printf("\t\t\"%s.%s\" [label=\"%s\"%s];\n", machine, s, s,
			       leads_on(m, machine, s) ? "" : ", peripheries=2");
	}
}

static void print_edges(const struct machine *m, const char *machine)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct machine_transition *t = &m->transition[i];

		if (!of(t, machine))
			continue;
		printf("\t\t\"%s.%s\" -> \"%s.%s\" [label=\"%s\\n%s", machine, t->from, machine,
		       t->to, t->event, t->roles);
		if (*t->guards)
			printf("\\n[%s]", t->guards);
		printf("\"];\n");
	}
}

static void print_graph(const struct machine *m, const struct names *machines)
{
	printf("digraph chappe {\n"
	       "\trankdir=LR;\n"
	       "\tnode [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
	       "\tedge [fontname=\"sans-serif\", fontsize=10];\n");
	for (size_t i = 0; i < machines->n; i++) {
		const char *machine = machines->name[i];

		printf("\tsubgraph \"cluster_%s\" {\n\t\tlabel=\"%s\";\n", machine, machine);
		print_states(m, machine);
		print_edges(m, machine);
		printf("\t}\n");
	}
	printf("}\n");
}

int ctl_machine(struct ctl *ctl)
{
	const struct machine *m = machine_load(ctl);
	const char *wanted = ctl->argc ? ctl->argv[0] : NULL;
	struct names all = { 0 }, chosen = { 0 };

	if (ctl->argc > 1)
		return ctl_misused(ctl, "there is a word too many: %s", ctl->argv[1]);
	for (size_t i = 0; i < m->n; i++) {
		add_name(&all, m->transition[i].machine);
		if (of(&m->transition[i], wanted))
			add_name(&chosen, m->transition[i].machine);
	}
	if (!chosen.n) {
		const char *near = closest(wanted, all.name, all.n);

		return ctl_fail(ctl, "there is no machine \"%s\"; %s%s", wanted,
				near ? "the nearest is " : "`chappectl machine` prints all",
				near ?: "");
	}
	if (ctl_option(ctl, "dot"))
		print_graph(m, &chosen);
	else if (ctl->json)
		return print_json(m, wanted);
	else
		print_table(m, wanted);
	return CTL_OK;
}
