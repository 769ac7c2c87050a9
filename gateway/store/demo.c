/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/demo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/machine.h"
#include "gateway/store/tsv.h"
#include "messages/embed.h"
#include "parsers/civil.h"

EMBED(demo_people, "gateway/store/demo/people.tsv");
EMBED(demo_products, "gateway/store/demo/products.tsv");

#define COORDINATOR    31
#define STOPPED        "+33639980099"
#define MANDATE_DAYS   365
#define MANDATE_OWNER  2
#define MANDATE_HELPER 7

struct demo {
	struct store *st;
	void *ctx;
	int64_t today; /* any moment of the day of creation */
	int64_t at;    /* of the next event */
	int events;
	char **error;
};

static int wrong(struct demo *d, int rc, const char *what)
{
	*d->error = talloc_asprintf(d->st, "demo: %s: %s", what, store_error(d->st));
	return rc;
}

static int put(struct demo *d, enum store_stmt stmt, const struct store_arg *args)
{
	int rc = store_exec(d->st, stmt, args);

	return rc < 0 ? wrong(d, rc, store_sql[stmt]) : 0;
}

/* An event one second after the one before it; actor 0 is SYS. */
static int fire(struct demo *d, const char *machine, int64_t *subject, const char *event,
		int64_t actor, const char *role, const char *payload)
{
	struct store_event ev = {
		.machine = machine,
		.subject = *subject,
		.version = -1,
		.event = event,
		.actor = actor,
		.role = role,
		.channel = "demo",
		.idem = talloc_asprintf(d->ctx, "demo/%d", ++d->events),
		.at = d->at++,
		.payload = payload,
	};
	struct store_refusal refusal;
	int rc;

	if (*subject)
		rc = store_get_int(d->st, &ev.version, STORE_STMT_VERSION,
				   STORE_ARGS(STORE_INT(*subject)));
	else
		rc = 0;
	if (!rc)
		rc = store_fire(d->st, &ev, subject, NULL, &refusal);
	if (!rc)
		return 0;
	return wrong(d, rc < 0 ? rc : -EPROTO, talloc_asprintf(d->ctx, "%s.%s", machine, event));
}

/* People and their numbers. */

static int add_person(struct demo *d, char *const *field)
{
	int64_t id = strtoll(field[0], NULL, 10);
	const struct store_arg none = STORE_NULL;
	const char *roles = field[5];
	char role[8];
	int rc;

	rc = put(d, STORE_STMT_DEMO_PERSON,
		 STORE_ARGS(STORE_INT(id),
			    *field[1] ? (struct store_arg)STORE_INT(strtoll(field[1], NULL, 10))
				      : none,
			    STORE_TEXT(field[2]), STORE_TEXT(field[3]),
			    *field[4] ? (struct store_arg)STORE_TEXT(field[4]) : none));
	while (!rc && machine_list_next(&roles, role, sizeof(role)))
		rc = put(d, STORE_STMT_DEMO_ROLE, STORE_ARGS(STORE_INT(id), STORE_TEXT(role)));
	return rc;
}

static int add_contact(struct demo *d, char *const *field)
{
	const char *consent = strcmp(field[7], "1") == 0 ? "{\"proof_kept\":1,\"promo\":1}"
							 : "{\"proof_kept\":1,\"promo\":0}";
	int64_t contact = 0;
	int rc = store_get_int(d->st, &contact, STORE_STMT_DEMO_CONTACT,
			       STORE_ARGS(STORE_TEXT(field[6])));

	if (rc == -ENOENT) {
		rc = fire(d, "contact", &contact, "register", COORDINATOR, "COO",
			  "{\"identity_seen\":1}");
		if (!rc)
			rc = put(d, STORE_STMT_DEMO_NUMBER,
				 STORE_ARGS(STORE_INT(contact), STORE_TEXT(field[6])));
		if (!rc)
			rc = fire(d, "contact", &contact, "consent", COORDINATOR, "COO", consent);
	}
	if (rc)
		return rc;
	return put(d, STORE_STMT_DEMO_CONTACT_PERSON,
		   STORE_ARGS(STORE_INT(contact), STORE_INT(strtoll(field[0], NULL, 10))));
}

static int each_row(struct demo *d, const char *text, int (*fn)(struct demo *d, char *const *field))
{
	struct tsv tsv;
	int rc = 0;

	tsv_open(&tsv, d->ctx, text);
	while (!rc && tsv_next(&tsv))
		rc = fn(d, tsv.field);
	return rc;
}

static int add_stopped(struct demo *d)
{
	int64_t contact = 0;
	int rc = fire(d, "contact", &contact, "discover", 0, "SYS", NULL);

	if (!rc)
		rc = put(d, STORE_STMT_DEMO_NUMBER,
			 STORE_ARGS(STORE_INT(contact), STORE_TEXT(STOPPED)));
	return rc ? rc : fire(d, "contact", &contact, "stop", 0, "SYS", NULL);
}

static int add_people(struct demo *d)
{
	int64_t from = civil_day_at(d->today, -30, 10, 0);
	int64_t until = civil_day_at(d->today, MANDATE_DAYS, 0, 0);
	int rc = each_row(d, demo_people, add_person);

	d->at = from;
	if (!rc)
		rc = each_row(d, demo_people, add_contact);
	if (!rc)
		rc = put(d, STORE_STMT_DEMO_MANDATE,
			 STORE_ARGS(STORE_INT(1), STORE_INT(MANDATE_OWNER),
				    STORE_INT(MANDATE_HELPER), STORE_TEXT("order,booking"),
				    STORE_INT(from), STORE_INT(until)));
	return rc ? rc : add_stopped(d);
}

/* The cycle. */

static bool by_piece(const char *unit)
{
	return machine_list_has("pc,botte,pot,barquette", unit);
}

static int add_product(struct demo *d, char *const *field)
{
	return put(d, STORE_STMT_DEMO_PRODUCT,
		   STORE_ARGS(STORE_TEXT(field[0]), STORE_TEXT(field[1]), STORE_TEXT(field[2]),
			      STORE_TEXT(field[3]), STORE_TEXT(field[4]),
			      STORE_INT(by_piece(field[3]))));
}

/* What is sold out was on offer, and its producer said that nothing is left. */
static int add_offer(struct demo *d, int64_t cycle, char *const *field)
{
	bool sold_out = strcmp(field[6], "0") == 0;
	int64_t producer = strtoll(field[7], NULL, 10), offer = 0;
	char *payload = talloc_asprintf(
		d->ctx,
		"{\"cycle\":%" PRId64 ",\"producer\":%" PRId64
		",\"product\":\"%s\",\"unit\":\"%s\",\"qty\":%s,\"price\":%s}",
		cycle, producer, field[0], field[3], sold_out ? "1000" : field[6], field[5]);
	int rc = fire(d, "offer", &offer, "declare", producer, "PRO", payload);

	return rc || !sold_out ? rc : fire(d, "offer", &offer, "exhaust", producer, "PRO", NULL);
}

static int add_offers(struct demo *d, int64_t cycle)
{
	struct tsv tsv;
	int rc = 0;

	tsv_open(&tsv, d->ctx, demo_products);
	while (!rc && tsv_next(&tsv))
		rc = add_offer(d, cycle, tsv.field);
	return rc;
}

static char *cycle_dates(struct demo *d)
{
	return talloc_asprintf(d->ctx,
			       "{\"place\":1,\"avail_by\":%" PRId64 ",\"opens_at\":%" PRId64
			       ",\"closes_at\":%" PRId64 ",\"confirm_by\":%" PRId64
			       ",\"pickup_from\":%" PRId64 ",\"pickup_to\":%" PRId64 "}",
			       civil_day_at(d->today, -2, 18, 0), civil_day_at(d->today, -1, 9, 0),
			       civil_day_at(d->today, 2, 18, 0), civil_day_at(d->today, 3, 10, 0),
			       civil_day_at(d->today, 4, 17, 0), civil_day_at(d->today, 4, 19, 0));
}

static int add_cycle(struct demo *d)
{
	int64_t cycle = 0;
	int rc = put(d, STORE_STMT_DEMO_PLACE,
		     STORE_ARGS(STORE_INT(1), STORE_TEXT("Maison des associations"),
				STORE_TEXT("4 rue du Marché")));

	if (!rc)
		rc = each_row(d, demo_products, add_product);
	d->at = civil_day_at(d->today, -8, 9, 0);
	if (!rc)
		rc = fire(d, "cycle", &cycle, "create", COORDINATOR, "COO", cycle_dates(d));
	if (!rc)
		rc = fire(d, "cycle", &cycle, "announce", COORDINATOR, "COO", NULL);
	d->at = civil_day_at(d->today, -3, 10, 0);
	if (!rc)
		rc = add_offers(d, cycle);
	d->at = civil_day_at(d->today, -1, 9, 0);
	return rc ? rc : fire(d, "cycle", &cycle, "open", 0, "SYS", NULL);
}

int demo_fill(struct store *st, char **error)
{
	struct demo d = { .st = st, .ctx = talloc_new(st), .today = store_now(st), .error = error };
	int rc = civil_set_zone("Europe/Paris");

	if (rc) {
		*error = talloc_strdup(
			st, "demo: the time-zone Europe/Paris is unknown: install tzdata");
		goto out;
	}
	rc = store_begin(st);
	if (!rc)
		rc = add_people(&d);
	if (!rc)
		rc = add_cycle(&d);
	if (!rc) /* all that is long past: nobody is to be told now */
		rc = put(&d, STORE_STMT_DEMO_TOLD, NULL);
	if (!rc)
		rc = store_commit(st);
	store_rollback(st);
	if (rc && !*error)
		*error = talloc_strdup(st, store_error(st));
out:
	talloc_free(d.ctx);
	return rc;
}
