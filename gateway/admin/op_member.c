/* member: persons, their numbers, roles and mandates.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/phone.h"

#include "gateway/deadline.h"
#include "gateway/log.h"
#include "gateway/notice.h"
#include "gateway/outbox.h"
#include "gateway/person.h"

/* Seconds of a mandate for which no end is given. */
#define MANDATE_YEAR (365 * 24 * 60 * 60)

/* ---- reading ---- */

static const struct rows_column person_columns[] = {
	{ "id", ROWS_INT },        { "member_no", ROWS_INT }, { "name", ROWS_TEXT },
	{ "language", ROWS_TEXT }, { "handle", ROWS_TEXT },   { "policy", ROWS_TEXT },
	{ NULL, ROWS_INT },
};
static const struct rows_column list_columns[] = {
	{ "id", ROWS_INT },        { "member_no", ROWS_INT }, { "name", ROWS_TEXT },
	{ "language", ROWS_TEXT }, { "handle", ROWS_TEXT },   { NULL, ROWS_INT },
};
static const struct rows_column number_columns[] = {
	{ "number", ROWS_TEXT }, { "contact", ROWS_INT },    { "state", ROWS_TEXT },
	{ "promo", ROWS_INT },   { "consent_at", ROWS_INT }, { "wrote_at", ROWS_INT },
	{ NULL, ROWS_INT },
};
static const struct rows_column mandate_columns[] = {
	{ "owner", ROWS_INT },        { "helper", ROWS_INT }, { "owner_name", ROWS_TEXT },
	{ "helper_name", ROWS_TEXT }, { "scope", ROWS_TEXT }, { "from", ROWS_INT },
	{ "until", ROWS_INT },        { NULL, ROWS_INT },
};
static const struct rows_column role_columns[] = { { "role", ROWS_TEXT }, { NULL, ROWS_INT } };

/* Rows of a statement about one person; NULL: admin_refuse_store(). */
static json_t *about(struct gateway *gw, enum store_stmt stmt, int64_t id,
		     const struct rows_column *columns)
{
	return rows_json(store_query(gw->store, stmt, STORE_ARGS(STORE_INT(id))), columns);
}

/* {"role": "RES"} becomes "RES". Takes the rows over. */
static json_t *flat(json_t *rows)
{
	json_t *list = rows ? json_array() : NULL, *row;
	size_t i;

	json_array_foreach(rows, i, row) json_array_append(list, json_object_get(row, "role"));
	json_decref(rows);
	return list;
}

/* What there is to know of a person into an object. \returns whether all could be read */
static bool complete(struct gateway *gw, json_t *person)
{
	int64_t id = json_integer_value(json_object_get(person, "id"));
	json_t *roles = flat(about(gw, STORE_STMT_PERSON_ROLES, id, role_columns));
	json_t *numbers = about(gw, STORE_STMT_PERSON_NUMBERS, id, number_columns);
	json_t *mandates = about(gw, STORE_STMT_PERSON_MANDATES, id, mandate_columns);
	bool all = roles && numbers && mandates;

	json_object_set_new(person, "roles", roles);
	json_object_set_new(person, "numbers", numbers);
	json_object_set_new(person, "mandates", mandates);
	return all;
}

void op_member(struct admin_call *call)
{
	struct gateway *gw = admin_gateway(call);
	json_t *list = rows_json(store_query(gw->store, STORE_STMT_PERSON_LIST,
					     STORE_ARGS(STORE_INT(admin_int(call, "after", 0)),
							STORE_INT(ADMIN_ROWS_MAX))),
				 list_columns);
	json_t *person;
	bool all = list;
	size_t i;

	json_array_foreach(list, i, person) all = all && complete(gw, person);
	if (all)
		admin_reply(call, json_pack("{s:o}", "members", list));
	else
		admin_refuse_store(call);
}

/* The answer to every change: the person as it is now. */
static void show(struct admin_call *call, int64_t id)
{
	struct gateway *gw = admin_gateway(call);
	json_t *list = about(gw, STORE_STMT_PERSON_SHOW, id, person_columns);
	json_t *person = json_array_get(list, 0);

	if (list && !person)
		admin_refuse(call, "there is no person %" PRId64 "; `member` lists them", id);
	else if (!person || !complete(gw, person))
		admin_refuse_store(call);
	else
		admin_reply(call, json_incref(person));
	json_decref(list);
}

void op_member_show(struct admin_call *call)
{
	show(call, admin_int(call, "id", 0));
}

/* ---- refusals ---- */

static const struct {
	const char *word;
	const char *sentence;
} words[] = {
	{ "id", "there is no such person; `member` lists them" },
	{ "name", "a name has 1 to 80 characters on one line, without blanks around it" },
	{ "member_no", "a member number is a number above zero" },
	{ "member_no_taken", "that member number is another's; `member` says whose" },
	{ "language", "a language has two small letters: fr, nl, en" },
	{ "handle", "a handle has 2 to 30 of a-z, 0-9 and _: beau_pays" },
	{ "handle_taken", "that handle is another's; `member` says whose" },
	{ "policy", "the policy of a producer who does not answer is auto or refuse" },
	{ "role", "the roles are RES AID PRO PRV COO MEM CHR SCR ADM" },
	{ "helper",
	  "the helper has to be another person, with the role AID: `member role ID add AID`" },
	{ "mandate", "a mandate is for order, booking or order,booking, and ends later than now; "
		     "`member show` says which there are" },
	{ "number", "a number is written as +33639980001, or as it is dialled in this country" },
	{ "number_taken", "that number is somebody's; `member` says whose" },
	{ "contact", "that number is not this person's; `member show` says which are" },
};
static const struct {
	const char *guard;
	const char *sentence;
} guards[] = {
	{ "no_open_obligation", "an order is still open: it has to end first" },
	{ "identity_seen", "the coordinator has to have seen who it is" },
	{ "proof_kept",
	  "the proof of the consent has to be kept: --proof with the number of the paper" },
};

static void refuse(struct admin_call *call, const struct person_refusal *why)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].word, why->word) == 0) {
			admin_refuse(call, "%s", words[i].sentence);
			return;
		}
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
		if (strcmp(guards[i].guard, why->event.guard) == 0) {
			admin_refuse(call, "%s", guards[i].sentence);
			return;
		}
	if (why->event.code == STORE_E_TRANSITION)
		admin_refuse(call,
			     "the number is not in a state for that; `member show` says in which");
	else
		admin_refuse(call, "the database refused: %s", why->event.message);
}

/* ---- changing ---- */

/* One change in its transaction. */
struct task {
	struct admin_call *call;
	struct gateway *gw;
	int64_t id;    /* of the person */
	int64_t actor; /* the coordinator */
	char number[PHONE_SIZE], to[PHONE_SIZE];
	int (*run)(struct task *t, struct person_refusal *why);
};

/* Ends the call, but for a success, which is the caller's to answer. \returns whether it is one */
static bool perform(struct task *t)
{
	struct store *st = t->gw->store;
	struct person_refusal why = {};
	int rc = store_begin(st);

	if (!rc)
		rc = t->run(t, &why);
	if (!rc)
		rc = notice_run(t->gw);
	if (!rc)
		rc = store_commit(st);
	if (rc)
		store_rollback(st);
	if (rc == 1)
		refuse(t->call, &why);
	else if (rc)
		admin_refuse_store(t->call);
	if (rc)
		return false;
	deadline_kick(t->gw);
	outbox_kick(t->gw);
	return true;
}

/* Who does it: the one who is named, or the only coordinator. \returns false after refusing */
static bool find_actor(struct task *t)
{
	struct store_rows *rows;
	int64_t n = 0;

	t->actor = admin_int(t->call, "actor", 0);
	if (t->actor)
		return true;
	rows = store_query(t->gw->store, STORE_STMT_PERSON_HOLDER, STORE_ARGS(STORE_TEXT("COO")));
	if (rows && store_next(rows) == 1) {
		t->actor = store_int(rows, 0);
		n = store_int(rows, 1);
	}
	store_done(rows);
	if (n == 1)
		return true;
	admin_refuse(t->call, n ? "which coordinator does it? --actor with the id of one of them"
				: "nobody holds the role COO: `member role ID add COO`");
	return false;
}

/* A number among the arguments, in E.164. \returns false after refusing */
static bool find_number(struct task *t, const char *name, char out[PHONE_SIZE])
{
	const char *text = admin_text(t->call, name);
	enum phone_kind kind;

	if (!text || phone_e164(out, PHONE_SIZE, text, t->gw->country_code)) {
		admin_refuse(t->call, "\"%s\" is no telephone number", text ?: "");
		return false;
	}
	kind = phone_kind(out, t->gw->country_code);
	if (kind == PHONE_OWN || kind == PHONE_FOREIGN)
		return true;
	admin_refuse(t->call, "%s is not a number that people have", out);
	return false;
}

static struct task task_new(struct admin_call *call,
			    int (*run)(struct task *t, struct person_refusal *why))
{
	return (struct task){
		.call = call, .gw = admin_gateway(call), .id = admin_int(call, "id", 0), .run = run
	};
}

/* What stands in the arguments of add and change. */
static struct person_change change_of(const struct task *t, const char *op)
{
	return (struct person_change){
		.op = op,
		.person_id = t->id,
		.name = admin_text(t->call, "name"),
		.member_no = admin_int(t->call, "member_no", 0),
		.language = admin_text(t->call, "language"),
		.handle = admin_text(t->call, "handle"),
		.policy = admin_text(t->call, "policy"),
	};
}

/* "RES,MEM" */
static int add_roles(struct task *t, struct person_refusal *why)
{
	char *roles = talloc_strdup(OTC_SELECT, admin_text(t->call, "roles") ?: "RES"), *role;
	int rc = 0;

	while (!rc && (role = strsep(&roles, ",")))
		rc = person_edit(t->gw,
				 &(struct person_change){
					 .op = "role_add", .person_id = t->id, .role = role },
				 why);
	return rc;
}

static int run_add(struct task *t, struct person_refusal *why)
{
	struct person_change c = change_of(t, "add");
	int rc = person_edit(t->gw, &c, why);

	if (!rc)
		rc = store_get_int(t->gw->store, &t->id, STORE_STMT_PERSON_NEW, NULL);
	if (!rc)
		rc = add_roles(t, why);
	if (!rc && *t->number)
		rc = person_register(t->gw, t->id, t->number, t->actor, why);
	return rc;
}

void op_member_add(struct admin_call *call)
{
	struct task t = task_new(call, run_add);

	t.id = 0;
	if (admin_text(call, "number") && (!find_number(&t, "number", t.number) || !find_actor(&t)))
		return;
	if (perform(&t))
		show(call, t.id);
}

static int run_change(struct task *t, struct person_refusal *why)
{
	struct person_change c = change_of(t, "change");

	return person_edit(t->gw, &c, why);
}

void op_member_change(struct admin_call *call)
{
	struct task t = task_new(call, run_change);

	if (perform(&t))
		show(call, t.id);
}

static int run_role(struct task *t, struct person_refusal *why)
{
	bool remove = json_is_true(admin_value(t->call, "remove"));

	return person_edit(t->gw,
			   &(struct person_change){ .op = remove ? "role_remove" : "role_add",
						    .person_id = t->id,
						    .role = admin_text(t->call, "role") },
			   why);
}

void op_member_role(struct admin_call *call)
{
	struct task t = task_new(call, run_role);

	if (perform(&t))
		show(call, t.id);
}

static int run_mandate(struct task *t, struct person_refusal *why)
{
	int64_t now = store_now(t->gw->store);
	bool end = json_is_true(admin_value(t->call, "end"));
	struct person_change c = {
		.op = end ? "mandate_end" : "mandate_add",
		.person_id = t->id,
		.helper_id = admin_int(t->call, "helper", 0),
		.scope = admin_text(t->call, "scope") ?: "order,booking",
		.valid_from = now,
		.valid_until = now + admin_int(t->call, "seconds", MANDATE_YEAR),
	};

	return person_edit(t->gw, &c, why);
}

void op_member_mandate(struct admin_call *call)
{
	struct task t = task_new(call, run_mandate);

	if (perform(&t))
		show(call, t.id);
}

/* ---- numbers ---- */

static int run_number_add(struct task *t, struct person_refusal *why)
{
	return person_register(t->gw, t->id, t->number, t->actor, why);
}

static int run_number_remove(struct task *t, struct person_refusal *why)
{
	return person_leave(t->gw, t->id, t->number, why);
}

static int run_number_change(struct task *t, struct person_refusal *why)
{
	return person_rebind(t->gw, t->id, t->number, t->to, t->actor, why);
}

static int run_consent(struct task *t, struct person_refusal *why)
{
	return person_consent(t->gw, t->number, t->actor, admin_int(t->call, "proof", 0),
			      json_is_true(admin_value(t->call, "promo")), why);
}

static const struct {
	const char *action;
	bool actor; /* a coordinator has to do it */
	bool to;    /* another number is named */
	int (*run)(struct task *t, struct person_refusal *why);
} actions[] = {
	{ "add", true, false, run_number_add },
	{ "remove", false, false, run_number_remove },
	{ "change", true, true, run_number_change },
	{ "consent", true, false, run_consent },
};

void op_member_number(struct admin_call *call)
{
	const char *action = admin_text(call, "action") ?: "";

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		struct task t = task_new(call, actions[i].run);

		if (strcmp(actions[i].action, action) != 0)
			continue;
		if (!find_number(&t, "number", t.number)
		    || (actions[i].to && !find_number(&t, "to", t.to))
		    || (actions[i].actor && !find_actor(&t)))
			return;
		if (perform(&t))
			show(call, t.id);
		return;
	}
	admin_refuse(call, "what with the number? add, remove, change or consent");
}

/* ---- erase ---- */

static int run_erase(struct task *t, struct person_refusal *why)
{
	return person_erase(t->gw, t->id, why);
}

void op_member_erase(struct admin_call *call)
{
	struct task t = task_new(call, run_erase);
	char *owes = NULL;
	int64_t id = 0;
	int rc = store_get_int(t.gw->store, &id, STORE_STMT_PERSON_EXISTS,
			       STORE_ARGS(STORE_INT(t.id)));

	if (rc == -ENOENT) {
		admin_refuse(call, "there is no person %" PRId64 "; `member` lists them", t.id);
		return;
	}
	if (!rc)
		rc = person_obligation(&owes, OTC_SELECT, t.gw, t.id);
	if (rc)
		admin_refuse_store(call);
	else if (owes)
		admin_refuse(call, "person %" PRId64 " cannot be erased yet: %s", t.id, owes);
	if (rc || owes || !perform(&t))
		return;
	rc = store_scrub(t.gw->store);
	LOGP(DADMIN, LOGL_NOTICE, "person %" PRId64 " is erased%s\n", t.id,
	     rc ? "; old pages of the file could not be written anew" : "");
	admin_reply(call, json_pack("{s:I, s:b}", "id", (json_int_t)t.id, "gone", rc == 0));
}
