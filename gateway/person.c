/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/person.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <jansson.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <sodium.h>

#include "gateway/format.h"
#include "gateway/gateway.h"
#include "messages/gsm7.h"
#include "parsers/phone.h"

/* Numbers of one person that are looked at. */
#define CONTACTS_MAX 32

static struct store_arg id_or_null(int64_t id)
{
	return id ? (struct store_arg)STORE_INT(id) : (struct store_arg)STORE_NULL;
}

/* What person_edit said, behind "E_PERSON ". */
static int refused(struct gateway *gw, int rc, struct person_refusal *why)
{
	const char *said = strstr(store_error(gw->store), "E_PERSON ");

	if (rc != -EPERM || !said)
		return rc;
	*why = (struct person_refusal){};
	osmo_strlcpy(why->word, said + strlen("E_PERSON "), sizeof(why->word));
	return 1;
}

int person_edit(struct gateway *gw, const struct person_change *c, struct person_refusal *why)
{
	struct store_arg none = STORE_NULL;
	struct store_arg no = c->member_no < 0 ? (struct store_arg)STORE_INT(0)
					       : id_or_null(c->member_no);
	int rc = store_exec(
		gw->store, STORE_STMT_PERSON_EDIT,
		STORE_ARGS(STORE_TEXT(c->op), id_or_null(c->person_id), STORE_TEXT(c->name), no,
			   STORE_TEXT(c->language), STORE_TEXT(c->handle), STORE_TEXT(c->policy),
			   STORE_TEXT(c->role), id_or_null(c->helper_id), STORE_TEXT(c->scope),
			   c->valid_until ? (struct store_arg)STORE_INT(c->valid_from) : none,
			   id_or_null(c->valid_until), id_or_null(c->contact_id),
			   STORE_TEXT(c->number)));

	return rc < 0 ? refused(gw, rc, why) : 0;
}

/* ---- numbers ---- */

struct contact {
	int64_t id; /* 0: there is none */
	char state[12];
	int64_t version;
	char number[PHONE_SIZE];
};

static int find(struct contact *out, struct gateway *gw, const char *number)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_PERSON_CONTACT,
					      STORE_ARGS(STORE_TEXT(number)));
	int rc;

	*out = (struct contact){};
	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc == 1) {
		out->id = store_int(rows, 0);
		OSMO_STRLCPY_ARRAY(out->state, store_text(rows, 1));
		out->version = store_int(rows, 2);
		OSMO_STRLCPY_ARRAY(out->number, number);
	}
	store_done(rows);
	return rc < 0 ? rc : 0;
}

/* Fire on a contact; its version moves on. As SYS if there is no actor. */
static int fire(struct gateway *gw, struct contact *c, const char *event, int64_t actor,
		const char *payload, struct person_refusal *why)
{
	uint8_t random[8];
	char hex[2 * sizeof(random) + 1], idem[40];
	struct store_event ev = {
		.machine = "contact",
		.subject = c->id,
		.version = actor || !c->id ? c->version : -1,
		.event = event,
		.actor = actor,
		.role = actor ? "COO" : "SYS",
		.channel = "ctl",
		.idem = idem,
		.payload = payload,
	};
	int rc;

	randombytes_buf(random, sizeof(random));
	snprintf(idem, sizeof(idem), "person/%s",
		 sodium_bin2hex(hex, sizeof(hex), random, sizeof(random)));
	*why = (struct person_refusal){};
	rc = store_fire(gw->store, &ev, &c->id, &c->version, &why->event);
	return rc;
}

int person_register(struct gateway *gw, int64_t person_id, const char *number, int64_t actor,
		    struct person_refusal *why)
{
	struct contact c;
	int rc = find(&c, gw, number);

	if (!rc && (!c.id || strcmp(c.state, "unknown") == 0))
		rc = fire(gw, &c, "register", actor, "{\"identity_seen\":1}", why);
	if (rc)
		return rc;
	return person_edit(gw,
			   &(struct person_change){ .op = "number_add",
						    .person_id = person_id,
						    .contact_id = c.id,
						    .number = number },
			   why);
}

int person_rebind(struct gateway *gw, int64_t person_id, const char *number, const char *to,
		  int64_t actor, struct person_refusal *why)
{
	struct contact c;
	int rc = find(&c, gw, number);

	if (rc)
		return rc;
	rc = person_edit(gw,
			 &(struct person_change){ .op = "number_change",
						  .person_id = person_id,
						  .contact_id = c.id,
						  .number = to },
			 why);
	return rc ? rc : fire(gw, &c, "rebind", actor, "{\"identity_seen\":1}", why);
}

/* Of what is fired now the number itself is told nothing: it is about to be nobody's. */
static int erase_contact(struct gateway *gw, struct contact *c, struct person_refusal *why)
{
	int64_t first = 0;
	int rc = store_get_int(gw->store, &first, STORE_STMT_NOTICE_NEXT, NULL);

	if (!rc && (strcmp(c->state, "unknown") == 0 || strcmp(c->state, "pending") == 0))
		rc = fire(gw, c, "stop", 0, NULL, why);
	if (!rc)
		rc = fire(gw, c, "erase", 0, NULL, why);
	if (!rc)
		rc = store_exec(gw->store, STORE_STMT_PERSON_QUIET, STORE_ARGS(STORE_INT(first)));
	return rc < 0 ? rc : rc > 0 && why->event.code ? 1 : 0;
}

int person_leave(struct gateway *gw, int64_t person_id, const char *number,
		 struct person_refusal *why)
{
	int64_t others = 0;
	struct contact c;
	int rc = person_edit(gw,
			     &(struct person_change){ .op = "number_remove",
						      .person_id = person_id,
						      .number = number },
			     why);

	if (!rc)
		rc = find(&c, gw, number);
	if (!rc)
		rc = store_get_int(gw->store, &others, STORE_STMT_PERSON_SHARED,
				   STORE_ARGS(STORE_INT(c.id), STORE_INT(person_id)));
	return rc || others ? rc : erase_contact(gw, &c, why);
}

int person_consent(struct gateway *gw, const char *number, int64_t actor, int64_t proof, bool promo,
		   struct person_refusal *why)
{
	char payload[80];
	struct contact c;
	int rc = find(&c, gw, number);

	if (rc)
		return rc;
	snprintf(payload, sizeof(payload), "{\"proof_kept\":%" PRId64 ",\"promo\":%d}", proof,
		 promo);
	return fire(gw, &c, "consent", actor, payload, why);
}

/* ---- erasing ---- */

int person_obligation(char **out, void *ctx, struct gateway *gw, int64_t person_id)
{
	static const struct {
		enum store_stmt stmt;
		const char *before, *after;
	} asked[] = {
		{ STORE_STMT_PERSON_OPEN_ORDER, "order ", " is still open: it has to end first" },
		{ STORE_STMT_PERSON_OPEN_PAYMENT, "order ",
		  " is not paid yet: take, waive or void the payment first" },
		{ STORE_STMT_PERSON_OPEN_CYCLE, "",
		  " is on offer in a cycle that is not over: it has to end first" },
		{ STORE_STMT_PERSON_ONLY_COORDINATOR, "nobody else has the role ",
		  ": give it to another person first" },
	};

	*out = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(asked) && !*out; i++) {
		struct store_rows *rows = store_query(gw->store, asked[i].stmt,
						      STORE_ARGS(STORE_INT(person_id)));
		int rc;

		if (!rows)
			return store_errno(gw->store);
		rc = store_next(rows);
		if (rc == 1)
			*out = talloc_asprintf(ctx, "%s%s%s", asked[i].before, store_text(rows, 0),
					       asked[i].after);
		store_done(rows);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int run(struct gateway *gw, enum store_stmt stmt, const struct store_arg *args)
{
	int rc = store_exec(gw->store, stmt, args);

	return rc < 0 ? rc : 0;
}

/* Notes that stand in the payload of an event. */
static int erase_notes(struct gateway *gw, int64_t person_id)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_PERSON_NOTES,
					      STORE_ARGS(STORE_INT(person_id)));
	int rc, err = 0;

	if (!rows)
		return store_errno(gw->store);
	while ((rc = store_next(rows)) == 1 && !err) {
		json_t *payload = json_loads(store_text(rows, 0), 0, NULL);
		int64_t id = json_integer_value(json_object_get(payload, "note"));

		json_decref(payload);
		err = run(gw, STORE_STMT_PERSON_WIPE_NOTE, STORE_ARGS(STORE_INT(id)));
	}
	store_done(rows);
	return rc < 0 ? rc : err;
}

/* A word about the person in what others wrote and were told. */
static int mask(struct gateway *gw, const char *word)
{
	static const enum store_stmt everywhere[] = { STORE_STMT_PERSON_MASK_MESSAGES,
						      STORE_STMT_PERSON_MASK_INBOX,
						      STORE_STMT_PERSON_MASK_NOTES };
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(everywhere) && !rc && *word; i++)
		rc = run(gw, everywhere[i], STORE_ARGS(STORE_TEXT(word)));
	return rc;
}

/* A number that is this person's alone: all that it said and was told. */
static int erase_number(struct gateway *gw, struct contact *c, int64_t person_id, int64_t now,
			struct person_refusal *why)
{
	const struct store_arg *number = STORE_ARGS(STORE_TEXT(c->number));
	char *dialled = format_phone(NULL, c->number, gw->country_code);
	int rc = erase_contact(gw, c, why);

	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_DROP_MESSAGES,
			 STORE_ARGS(STORE_INT(person_id), STORE_TEXT(c->number)));
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_INBOX_NUMBER,
			 STORE_ARGS(STORE_TEXT(c->number), STORE_INT(now)));
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_MESSAGES_NUMBER, number);
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_REQUEST, number);
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_BUDGET, number);
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_QUESTIONS,
			 STORE_ARGS(STORE_INT(person_id), STORE_INT(c->id)));
	if (!rc)
		rc = mask(gw, c->number);
	if (!rc)
		rc = mask(gw, dialled);
	talloc_free(dialled);
	return rc;
}

static int load_contacts(struct contact out[CONTACTS_MAX], size_t *n, struct gateway *gw,
			 int64_t person_id)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_PERSON_CONTACTS,
					      STORE_ARGS(STORE_INT(person_id)));
	int rc = 0;

	*n = 0;
	if (!rows)
		return store_errno(gw->store);
	while (*n < CONTACTS_MAX && (rc = store_next(rows)) == 1) {
		struct contact *c = &out[(*n)++];

		*c = (struct contact){ .id = store_int(rows, 0), .version = store_int(rows, 2) };
		OSMO_STRLCPY_ARRAY(c->state, store_text(rows, 1));
		OSMO_STRLCPY_ARRAY(c->number, store_text(rows, 3));
	}
	store_done(rows);
	return rc < 0 ? rc : 0;
}

static int erase_numbers(struct gateway *gw, int64_t person_id, int64_t now,
			 struct person_refusal *why)
{
	struct contact c[CONTACTS_MAX];
	int64_t others;
	size_t n;
	int rc = load_contacts(c, &n, gw, person_id);

	for (size_t i = 0; i < n && !rc; i++) {
		rc = store_get_int(gw->store, &others, STORE_STMT_PERSON_SHARED,
				   STORE_ARGS(STORE_INT(c[i].id), STORE_INT(person_id)));
		if (!rc && !others)
			rc = erase_number(gw, &c[i], person_id, now, why);
	}
	return rc;
}

/* The name, as it is and as the alphabet of telephones has it. */
static int mask_name(struct gateway *gw, int64_t person_id)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_FACTS_NAME,
					      STORE_ARGS(STORE_INT(person_id)));
	char *name = NULL, *plain;
	int rc = rows ? store_next(rows) : store_errno(gw->store);

	if (rc == 1)
		name = talloc_strdup(NULL, store_text(rows, 0));
	store_done(rows);
	if (!name)
		return rc;
	plain = gsm7_transliterate(name, name);
	rc = mask(gw, name);
	if (!rc && strcmp(plain, name) != 0)
		rc = mask(gw, plain);
	talloc_free(name);
	return rc;
}

int person_erase(struct gateway *gw, int64_t person_id, struct person_refusal *why)
{
	static const enum store_stmt rest[] = {
		STORE_STMT_PERSON_WIPE_MESSAGES, STORE_STMT_PERSON_WIPE_NOTICES,
		STORE_STMT_PERSON_WIPE_MANDATES, STORE_STMT_PERSON_WIPE_ROLES,
		STORE_STMT_PERSON_WIPE_CONTACTS, STORE_STMT_PERSON_WIPE,
	};
	int64_t now = store_now(gw->store);
	int rc = erase_numbers(gw, person_id, now, why);

	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_DROP_MESSAGES,
			 STORE_ARGS(STORE_INT(person_id), STORE_TEXT("")));
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_INBOX,
			 STORE_ARGS(STORE_INT(person_id), STORE_INT(now)));
	if (!rc)
		rc = run(gw, STORE_STMT_PERSON_WIPE_QUESTIONS,
			 STORE_ARGS(STORE_INT(person_id), STORE_INT(0)));
	if (!rc)
		rc = erase_notes(gw, person_id);
	if (!rc)
		rc = mask_name(gw, person_id);
	for (size_t i = 0; i < ARRAY_SIZE(rest) && !rc; i++)
		rc = run(gw, rest[i], STORE_ARGS(STORE_INT(person_id)));
	return rc;
}
