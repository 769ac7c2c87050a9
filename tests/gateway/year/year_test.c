/* A year of a platform: its gateway, 300 residents who order by text, 12 producers, and all that goes wrong. What it
 * comes to is what an independent model says.
 *
 * year_test [CYCLES [RESIDENTS]]	without a number: a short one, for every check
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/check.h"
#include "tests/gateway/year/year.h"

#define HOUR 3600

static int cycles = 6, residents = 40;

/* Prices in cents; what is declared each week, about, by a platform of 300. */
const struct product year_products[PRODUCTS] = {
	{ "carotte", "carotte", "carottes", "kg", 180, 90000 },
	{ "poireau", "poireau", "poireaux", "kg", 240, 60000 },
	{ "oignon", "oignon", "oignons", "kg", 190, 70000 },
	{ "tomate", "tomate", "tomates", "kg", 320, 50000 },
	{ "endive", "endive", "endives", "kg", 290, 60000 },
	{ "betterave", "betterave", "betteraves", "kg", 210, 40000 },
	{ "navet", "navet", "navets", "kg", 220, 40000 },
	{ "poire", "poire", "poires", "kg", 280, 60000 },
	{ "radis", "radis", "radis", "botte", 150, 60000 },
	{ "persil", "persil", "persil", "botte", 100, 40000 },
	{ "salade", "salade", "salades", "pc", 120, 60000 },
	{ "chou", "chou", "choux", "pc", 250, 30000 },
	{ "potiron", "potiron", "potirons", "pc", 400, 30000 },
	{ "poulet", "poulet", "poulets", "pc", 1400, 40000 },
	{ "lait", "lait", "lait", "l", 130, 80000 },
	{ "creme", "crème", "crème", "l", 480, 30000 },
	{ "maroilles", "maroilles", "maroilles", "pc", 650, 40000 },
	{ "baguette", "baguette", "baguettes", "pc", 110, 60000 },
	{ "farine", "farine", "farine", "kg", 170, 50000 },
	{ "miel", "miel", "miel", "pot", 750, 30000 },
	{ "jus", "jus de pomme", "jus de pomme", "l", 270, 50000 },
	{ "brocoli", "brocoli", "brocolis", "pc", 210, 40000 },
	{ "beurre", "plaquette de beurre", "plaquettes de beurre", "pc", 260, 50000 },
	{ "tomme", "tomme", "tomme", "kg", 1700, 20000 },
};

char *year_item_text(void *ctx, int product, int64_t qty)
{
	const struct product *p = &year_products[product];
	const char *label = qty >= 2000 ? p->many : p->one;

	if (strcmp(p->unit, "kg") == 0)
		return talloc_asprintf(ctx, "%" PRId64 "%s kg %s", qty / 1000,
				       qty % 1000 ? ",5" : "", p->many);
	if (strcmp(p->unit, "l") == 0)
		return talloc_asprintf(ctx, "%" PRId64 " litre%s %s", qty / 1000,
				       qty >= 2000 ? "s" : "", p->many);
	if (strcmp(p->unit, "pc") == 0)
		return talloc_asprintf(ctx, "%" PRId64 " %s", qty / 1000, label);
	return talloc_asprintf(ctx, "%" PRId64 " %s%s %s", qty / 1000, p->unit,
			       qty >= 2000 ? "s" : "", label);
}

/* Monday of the first week is 4 January 2027. Local time: a week over a change of the clock has an hour more or less. */
static int64_t local(int week, int day, int hour, int minute)
{
	struct tm tm = { .tm_year = 127,
			 .tm_mday = 4 + 7 * week + day,
			 .tm_hour = hour,
			 .tm_min = minute,
			 .tm_isdst = -1 };

	return mktime(&tm);
}

static void add_person(struct year *y, int id, const char *role, const char *name,
		       const char *policy)
{
	town_sql(y->town,
		 talloc_asprintf(y,
				 "INSERT INTO person(id, member_no, name, confirm_policy)"
				 " VALUES (%d, %d, '%s %d', '%s');"
				 " INSERT INTO person_role(person_id, role) VALUES (%d, '%s')",
				 id, id + 100, name, id, policy, id, role));
}

/* A number that consented. */
static void add_number(struct year *y, int id)
{
	int64_t contact;

	contact = town_fire(y->town, "contact", 0, "register", TOWN_COORDINATOR, "COO",
			    "{\"identity_seen\":1}");
	town_sql(y->town, talloc_asprintf(y,
					  "INSERT INTO contact_number(contact_id, number)"
					  " VALUES (%" PRId64 ", '+336399%05d');"
					  " INSERT INTO contact_person(contact_id, person_id)"
					  " VALUES (%" PRId64 ", %d)",
					  contact, id, contact, id));
	town_fire(y->town, "contact", contact, "consent", TOWN_COORDINATOR, "COO",
		  "{\"proof_kept\":1}");
}

static void add_people(struct year *y)
{
	town_sql(y->town,
		 "BEGIN; INSERT INTO place(id, name, address) VALUES (1, 'Halle', 'Lens')");
	for (int i = 0; i < PRODUCTS; i++) {
		const struct product *p = &year_products[i];

		town_sql(y->town,
			 talloc_asprintf(
				 y,
				 "INSERT INTO product(name, label_one, label_many, unit,"
				 " category, piece) VALUES ('%s', '%s', '%s', '%s', 'x', %d)",
				 p->name, p->one, p->many, p->unit,
				 strcmp(p->unit, "kg") != 0 && strcmp(p->unit, "l") != 0));
	}
	add_person(y, TOWN_COORDINATOR, "COO", "Accueil", "auto");
	add_number(y, TOWN_COORDINATOR);
	for (int i = 0; i < PRODUCERS; i++) {
		add_person(y, PRODUCER_ID + i, "PRO", "Ferme",
			   y->model->refuses[i] ? "refuse" : "auto");
		add_number(y, PRODUCER_ID + i);
	}
	for (int i = 0; i < y->residents; i++) {
		struct resident *r = &y->resident[i];

		r->id = RESIDENT_ID + i;
		snprintf(r->number, sizeof(r->number), "+336399%05d", r->id);
		add_person(y, r->id, "RES", "Habitant", "auto");
		add_number(y, r->id);
		r->contact = model_contact(y->model);
	}
	town_sql(y->town, "COMMIT");
}

/* On to that time, or stay where the clock is already. \returns the time then. */
static int64_t walk(struct year *y, int64_t to)
{
	int64_t now = OSMO_MAX(to, town_now(y->town));

	town_walk(y->town, now);
	model_until(y->model, now);
	return now;
}

/* The power is off for a day. */
static void dark(struct year *y)
{
	town_down(y->town, 24 * HOUR);
	y->model->down = true;
	model_until(y->model, town_now(y->town));
	y->model->down = false;
}

static bool by_day(int64_t now)
{
	time_t t = now;

	return localtime(&t)->tm_hour >= 8 && localtime(&t)->tm_hour < 21;
}

/* Orders are taken, in slots. In some weeks the power fails for a day while they are. */
static void sell(struct year *y)
{
	struct cycle *c = y->cycle;
	int64_t dark_at = y->week % 13 == 5    ? c->closes_at - 7 * HOUR
			  : y->week % 13 == 11 ? c->opens_at + 5 * HOUR
					       : 0;

	residents_begin(y);
	for (int64_t now = c->opens_at + SLOT / 2; now < c->closes_at; now += SLOT) {
		if (dark_at && now > dark_at) {
			dark(y);
			dark_at = 0;
			now += 24 * HOUR;
		}
		if (!by_day(now) || !model_is(&c->s, "open"))
			continue;
		now = walk(y, now);
		if (town_once_in(y->town, 8))
			staff_change(y);
		residents_slot(y, now);
	}
}

static void extend(struct year *y)
{
	struct cycle *c = y->cycle;

	c->closes_at += HOUR;
	model_cycle_event(y->model, c, "extend", 0);
	town_fire(y->town, "cycle", y->cycle_id, "extend", TOWN_COORDINATOR, "COO",
		  talloc_asprintf(y, "{\"closes_at\":%" PRId64 "}", c->closes_at));
}

static void cancel(struct year *y)
{
	town_fire(y->town, "cycle", y->cycle_id, "cancel", TOWN_COORDINATOR, "COO",
		  "{\"reason\":\"gel\"}");
	model_cycle_event(y->model, y->cycle, "cancel", town_now(y->town));
	town_run(y->town);
}

static void deliver(struct year *y, int w)
{
	static const int rounds[][2] = { { 18, 30 }, { 19, 10 }, { 19, 50 },
					 { 33, 0 },  { 33, 40 }, { 34, 20 } };
	int64_t now;

	for (size_t i = 0; i < ARRAY_SIZE(rounds); i++) {
		now = walk(y, local(w, 3, rounds[i][0], rounds[i][1]));
		if (i == 1)
			desk_cancel(y, 60, now);
		staff_decide(y, i, now);
	}
	now = walk(y, local(w, 4, 14, 0));
	desk_cancel(y, 60, now);
	staff_shortage(y, now);
	staff_substitute(y, now);
	for (int i = 1; i < 4; i++) {
		now = walk(y, local(w, 4, 14, 20 * i));
		staff_answers(y, now);
	}
}

static void hand_out(struct year *y, int w)
{
	int64_t now;

	for (int i = 0; i < 4; i++) {
		now = walk(y, local(w, 5, 15 + i, 10));
		desk_pickup(y, y->cycle, 2, now);
		if (i == 1)
			desk_cancel(y, 10, now);
		if (i == 2)
			desk_instructions(y, now);
	}
	now = walk(y, local(w, 6, 10, 0));
	desk_instructions(y, now);
	desk_rebook(y, now);
	desk_complaints(y, now);
	now = walk(y, local(w, 6, 12, 0));
	desk_pickup(y, y->cycle, 4, now);
	desk_accounts(y);
}

/* Where in a week its cycle is cancelled: in most it is not. */
enum stage { WHOLE, DRAFTED, ANNOUNCED, OPEN, CLOSED, CONFIRMED };

static enum stage cancelled_at(int w)
{
	static const enum stage stages[] = { [3] = ANNOUNCED, [6] = DRAFTED,    [8] = OPEN,
					     [12] = CLOSED,   [15] = CONFIRMED, [16] = WHOLE };

	return stages[w % 17];
}

/* From the cut-off on. */
static void serve(struct year *y, int w)
{
	compare_cycle(y, y->cycle, y->cycle_id);
	if (cancelled_at(w) == CLOSED) {
		walk(y, y->cycle->closes_at + 60);
		cancel(y);
		return;
	}
	deliver(y, w);
	desk_instructions(y, town_now(y->town));
	compare_cycle(y, y->cycle, y->cycle_id);
	if (cancelled_at(w) == CONFIRMED)
		cancel(y);
	hand_out(y, w);
}

/* From Monday to the cut-off. */
static void prepare(struct year *y, int w, const struct cycle *dates)
{
	walk(y, local(w, 0, 9, 0));
	desk_contacts(y);
	if (cancelled_at(w) == DRAFTED)
		staff_discard(y, dates);
	staff_announce(y, dates);
	walk(y, local(w, 0, 11, 0));
	staff_declare(y);
	residents_stop(y);
	if (cancelled_at(w) == ANNOUNCED) {
		cancel(y);
		return;
	}
	walk(y, dates->opens_at + 60);
	if (w % 7 == 3)
		extend(y);
	sell(y);
	desk_instructions(y, town_now(y->town));
	if (cancelled_at(w) == OPEN)
		cancel(y);
}

static void week(struct year *y, int w)
{
	const struct cycle dates = {
		.avail_by = local(w, 0, 20, 0),
		.opens_at = local(w, 1, 8, 0),
		.closes_at = local(w, 3, 17, 0),
		.confirm_by = local(w, 4, 12, 0),
		.pickup_from = local(w, 5, 15, 0),
		.pickup_to = local(w, 5, 19, 0),
	};

	y->week = w;
	prepare(y, w, &dates);
	if (!model_is(&y->cycle->s, "cancelled"))
		serve(y, w);
	walk(y, local(w, 6, 21, 0));
	compare_cycle(y, y->cycle, y->cycle_id);
	compare_contacts(y);
	compare_messages(y);
}

static void print_line(void *data, const char *line)
{
	(void)data;
	fprintf(stderr, "%s\n", line);
}

static void tell(struct year *y)
{
	struct town *t = y->town;

	printf("# %d cycles, %d residents: %u texts (%u lost, %u brought twice), %u cuts, %u days without"
	       " power\n",
	       y->cycles, y->residents, t->texts, t->lost, t->doubled, t->cuts, t->days_down);
	printf("# %" PRId64 " events in the log, %lu by the model, %lu timers; %" PRId64
	       " orders, %" PRId64 " lines, %" PRId64 " payments; %lu values compared\n",
	       town_int(t, "SELECT count(*) FROM event_log"), y->model->moves, y->model->timers,
	       town_int(t, "SELECT count(*) FROM orders"),
	       town_int(t, "SELECT count(*) FROM order_line"),
	       town_int(t, "SELECT count(*) FROM payment"), y->compared);
	printf("# %" PRId64
	       " transitions of cycle, offer, order, line, payment and contact were made, of %" PRId64
	       "; %" PRId64 " reminders\n",
	       town_int(t, "SELECT count(*) FROM (SELECT DISTINCT machine, from_state, event FROM"
			   " event_log)"),
	       town_int(t, "SELECT count(*) FROM fsm_transition WHERE machine IN"
			   " ('cycle', 'offer', 'order', 'line', 'payment', 'contact')"),
	       town_int(t, "SELECT count(*) FROM reminded"));
}

static void test_year(void **state)
{
	struct year *y = talloc_zero(NULL, struct year);

	(void)state;
	y->cycles = cycles;
	y->residents = residents;
	y->model = model_new(y, SRCDIR "/gateway/store/transitions.tsv", PRODUCERS);
	y->model->now = local(0, 0, 8, 0);
	y->town = town_new(y, y->model->now);
	staff_begin(y);
	add_people(y);
	for (int w = 0; w < y->cycles; w++)
		week(y, w);
	walk(y, local(y->cycles, 4, 12, 0));
	for (size_t i = 0; i < y->model->n_cycles; i++)
		compare_cycle(y, y->model->cycle[i],
			      town_int(y->town,
				       "SELECT id FROM cycle ORDER BY id LIMIT 1 OFFSET %zu", i));
	assert_int_equal(store_check(y, y->town->path, print_line, NULL, NULL), 0);
	tell(y);
	town_free(y->town);
	talloc_free(y);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_year) };

	if (argc > 1)
		cycles = strtol(argv[1], NULL, 10);
	if (argc > 2)
		residents = OSMO_MIN(strtol(argv[2], NULL, 10), RESIDENTS_MAX);
	/* what a real disk does with each commit is not what is tested here */
	if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
