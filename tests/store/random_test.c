/* Two thousand events at random, always the same ones: the log must explain what the tables hold.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/check.h"
#include "gateway/store/machine.h"
#include "tests/store/fixture.h"

#define EVENTS    2000
#define TRIES_MAX 100000

static uint64_t seed = 20261124;

/* Knuth's MMIX generator: the same numbers everywhere. */
static uint32_t any(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static const char *one_of(const char *const *list, size_t n)
{
	return list[any(n)];
}

/* The id of some row that fits, mostly a recent one; 0 if there is none. */
static int64_t some_id(struct fixture *f, const char *table, const char *where)
{
	return fixture_int(f,
			   "SELECT id FROM (SELECT id FROM %s WHERE %s ORDER BY id DESC LIMIT 6)"
			   " ORDER BY id * %u %% 7 LIMIT 1",
			   table, where, 1 + any(6));
}

static char *times(struct fixture *f)
{
	int64_t t = f->now;

	return talloc_asprintf(f,
			       "{\"place\":1,\"opens_at\":%" PRId64 ",\"closes_at\":%" PRId64
			       ",\"avail_by\":%" PRId64 ",\"confirm_by\":%" PRId64
			       ",\"pickup_from\":%" PRId64 ",\"pickup_to\":%" PRId64 "}",
			       t + any(200), t + 1000 + any(3000), t + any(900),
			       t + 4000 + any(1000), t + 5000 + any(1000), t + 6000 + any(1000));
}

/* A payload that has a chance. */
static const char *payload(struct fixture *f, const char *machine, const char *event,
			   const char *who)
{
	static const char *const products[] = { "\"carotte\",\"unit\":\"kg\"",
						"\"radis\",\"unit\":\"botte\"",
						"\"pain\",\"unit\":\"pc\"" };
	char *name = talloc_asprintf(f, "%s.%s", machine, event);
	uint32_t qty = any(8) * 500;

	if (strcmp(name, "cycle.create") == 0)
		return times(f);
	if (strcmp(name, "cycle.extend") == 0)
		return talloc_asprintf(f, "{\"closes_at\":%" PRId64 "}", f->now + any(4000));
	if (strcmp(name, "offer.ask") == 0 || (strcmp(name, "offer.declare") == 0 && any(2)))
		return talloc_asprintf(
			f, "{\"cycle\":%" PRId64 ",\"producer\":%d,\"product\":%s%s}",
			some_id(f, "cycle", "state IN ('draft', 'announced', 'open')"),
			strcmp(who, "PRO 13") == 0 ? BAKER : GROWER, one_of(products, 3),
			strcmp(event, "ask") == 0
				? ""
				: talloc_asprintf(f, ",\"qty\":%u,\"price\":180", qty * 4));
	if (strcmp(name, "offer.declare") == 0 || strcmp(name, "offer.add") == 0)
		return talloc_asprintf(f, "{\"qty\":%u}", qty * 4);
	if (strcmp(name, "offer.restock") == 0)
		return any(2) ? "{\"add\":3000}" : talloc_asprintf(f, "{\"qty\":%u}", qty * 4 + 1);
	if (strcmp(name, "order.start") == 0)
		return talloc_asprintf(f, "{\"cycle\":%" PRId64 ",\"owner\":%d}",
				       some_id(f, "cycle", "state = 'open'"),
				       strcmp(who, "RES 1") == 0 ? RESIDENT : NEIGHBOUR);
	if (strcmp(name, "order.rebook") == 0)
		return talloc_asprintf(f, "{\"from\":%" PRId64 ",\"to\":%" PRId64 "}", f->now,
				       f->now + 500);
	if (strcmp(name, "line.add") == 0)
		return talloc_asprintf(
			f, "{\"order\":%" PRId64 ",\"offer\":%" PRId64 ",\"qty\":%u}",
			some_id(f, "orders",
				strcmp(who, "RES 1") == 0
					? "state IN ('draft', 'placed') AND owner_id = 1"
					: "state IN ('draft', 'placed') AND owner_id = 2"),
			some_id(f, "offer", "state = 'available'"), qty);
	if (strcmp(name, "line.change") == 0 || strcmp(name, "line.shorten") == 0)
		return talloc_asprintf(f, "{\"qty\":%u}", qty);
	if (strcmp(name, "line.substitute") == 0)
		return talloc_asprintf(f, "{\"offer\":%" PRId64 ",\"qty\":%u,\"price\":99}",
				       some_id(f, "offer", "left_milli > 0"), qty);
	if (strcmp(name, "contact.register") == 0 || strcmp(name, "contact.rebind") == 0)
		return "{\"identity_seen\":1}";
	if (strcmp(name, "contact.consent") == 0)
		return "{\"proof_kept\":1,\"promo\":1}";
	if (strcmp(event, "cancel") == 0 || strcmp(event, "dismiss") == 0)
		return "{\"reason\":\"x\"}";
	return NULL;
}

static const char *some_actor(const char *roles)
{
	static const struct {
		const char *role, *who[2];
	} actors[] = {
		{ "RES", { "RES 1", "RES 2" } },   { "AID", { "AID 3", "AID 3" } },
		{ "PRO", { "PRO 11", "PRO 13" } }, { "COO", { "COO 31", "COO 31" } },
		{ "ADM", { "ADM 31", "ADM 31" } }, { "SYS", { "SYS", "SYS" } },
	};

	for (;;) {
		size_t i = any(ARRAY_SIZE(actors));

		if (machine_list_has(roles, actors[i].role))
			return actors[i].who[any(2)];
	}
}

/* What would soon leave nothing to do is tried seldom: numbers that stop, cycles that end. */
static bool seldom(const struct machine_transition *t)
{
	if (strcmp(t->machine, "contact") == 0)
		return machine_list_has("erase,lapse,rebind", t->event) || any(50);
	if (strcmp(t->machine, "cycle") == 0 && strcmp(t->event, "cancel") == 0)
		return any(100);
	return strcmp(t->event, "create") == 0 && any(20);
}

/* What people do most. */
static bool common(const struct machine_transition *t)
{
	static const char list[] =
		"cycle_create,cycle_announced_open,order_start,line_add,order_draft_edit,order_draft_confirm,cycle_draft_announce,"
		"line_requested_confirm,offer_declare";
	char name[64];

	snprintf(name, sizeof(name), "%s_%s%s%s", t->machine, strcmp(t->from, "_") ? t->from : "",
		 strcmp(t->from, "_") ? "_" : "", t->event);
	return machine_list_has(list, name);
}

static bool fire_some(struct fixture *f, const struct machine *m)
{
	const struct machine_transition *t;
	bool usual = any(2);
	int64_t subject = 0;
	const char *who;

	do
		t = &m->transition[any(m->n)];
	while (!machine_is_live(t->machine) || seldom(t) || (usual && !common(t)));
	who = some_actor(t->roles);
	if (strcmp(t->from, "_") != 0)
		subject = some_id(f, machine_table(t->machine),
				  talloc_asprintf(f, "state = '%s'", t->from));
	if (!subject && strcmp(t->from, "_") != 0)
		return false;
	if (fixture_fire(f, who, t->machine, subject, t->event,
			 payload(f, t->machine, t->event, who)))
		return true;
	f->now--; /* a refusal takes no time */
	return false;
}

static void print_line(void *data, const char *line)
{
	(void)data;
	fprintf(stderr, "%s\n", line);
}

static void say_nothing(void *data, const char *line)
{
	(void)data;
	(void)line;
}

static void add_contact(struct fixture *f, int person)
{
	int64_t id = fixture_fire(f, "COO 31", "contact", 0, "register", "{\"identity_seen\":1}");

	fixture_sql(f, talloc_asprintf(f,
				       "INSERT INTO contact_number VALUES (%" PRId64
				       ", '+3363998%04d');"
				       "INSERT INTO contact_person VALUES (%" PRId64 ", %d)",
				       id, person, id, person));
	fixture_fire(f, "COO 31", "contact", id, "consent", "{\"proof_kept\":1}");
}

static void test_replay(void **state)
{
	struct fixture *f = *state;
	const struct machine *m = machine_load(f);
	int done = 0;

	fixture_sql(f, "PRAGMA synchronous = OFF");
	for (int person = 1; person <= 2; person++)
		add_contact(f, person);
	for (int i = 0; i < TRIES_MAX && done < EVENTS; i++) {
		done += fire_some(f, m);
		f->now += any(20) ? 0 : any(300);
	}
	assert_int_equal(done, EVENTS);
	assert_int_equal(store_check(f, f->path, print_line, NULL, NULL), 0);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM offer WHERE left_milli < 0"), 0);
	assert_true(
		fixture_int(f,
			    "SELECT count(DISTINCT machine || from_state || event) FROM event_log")
		> 60);
}

static void test_differences_are_found(void **state)
{
	static const char *const forged[] = {
		"UPDATE orders SET total_cents = total_cents + 1 WHERE id = (SELECT max(id) FROM orders)",
		"UPDATE subject SET state = 'draft' WHERE id = 1",
		"DROP TRIGGER guard_order",
		"CREATE TABLE other(x)",
		"DROP TRIGGER protect_fsm_role_insert; INSERT INTO fsm_role VALUES ('order', 'draft', 'confirm', 'PRO')",
		"DROP TRIGGER protect_event_log_delete; DELETE FROM event_log WHERE id = 3",
	};
	struct fixture *f = *state;
	char *sentence = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(forged); i++) {
		int before = store_check(f, f->path, say_nothing, NULL, &sentence);

		fixture_sql(f, "INSERT INTO firing VALUES (1, 0, 0, 0, '', 0, 0)");
		fixture_sql(f, forged[i]);
		fixture_sql(f, "DELETE FROM firing");
		assert_true(store_check(f, f->path, say_nothing, NULL, &sentence) > before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_differences_are_found),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
