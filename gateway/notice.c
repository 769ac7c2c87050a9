/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/notice.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <jansson.h>
#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bundle.h"
#include "gateway/dialogue/question.h"
#include "gateway/facts.h"
#include "gateway/format.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/notice_row.h"
#include "gateway/outbox.h"
#include "gateway/service/stall.h"
#include "gateway/service/substitute.h"
#include "gateway/store/store.h"
#include "gateway/turn.h"
#include "messages/parts.h"

/* Parts that notices are merged up to; beyond, they go as messages of their own. */
#define LETTER_PARTS_MAX 6

/* Notices that wait for an answer: what YES and NO fire on their subject. */
static const struct {
	const char *name;
	const char *state; /* of the subject */
	const char *yes;
	const char *no;
} asking[] = {
	{ "recap", "draft", "FIRE\tevent=confirm", "FIRE\tevent=drop" },
};

static char *text(void *ctx, const struct store_rows *rows, int column)
{
	char *s = talloc_strdup(ctx, store_text(rows, column));

	OSMO_ASSERT(s);
	return s;
}

static int load(struct notices *out, void *ctx, struct gateway *gw, int64_t from)
{
	struct store *st = gw->store;
	struct store_rows *rows = store_query(st, STORE_STMT_NOTICE_NEW,
					      STORE_ARGS(STORE_INT(from)));
	int rc;

	if (!rows)
		return store_errno(st);
	while ((rc = store_next(rows)) == 1) {
		out->notice = talloc_realloc(ctx, out->notice, struct notice, out->n + 1);
		OSMO_ASSERT(out->notice);
		out->notice[out->n++] = (struct notice){
			.id = store_int(rows, 0),
			.name = text(ctx, rows, 1),
			.machine = text(ctx, rows, 2),
			.subject_id = store_int(rows, 3),
			.role = text(ctx, rows, 4),
			.person_id = store_int(rows, 5),
			.payload = text(ctx, rows, 6),
			.event = text(ctx, rows, 7),
			.to_state = text(ctx, rows, 8),
			.actor = store_int(rows, 9),
			.actor_role = text(ctx, rows, 10),
			.at = store_int(rows, 11),
		};
	}
	store_done(rows);
	for (size_t i = 0; i < out->n && rc == 0; i++)
		rc = bundle_key(&out->notice[i], gw);
	return rc;
}

/* What a person wrote stands in a table of its own. */
static int facts_note(struct facts *f, int64_t note_id)
{
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_NOTICE_NOTE,
					      STORE_ARGS(STORE_INT(note_id)));
	int rc;

	if (!rows)
		return store_errno(f->gw->store);
	rc = store_next(rows);
	if (rc == 1)
		facts_set(f, "text", text(f, rows, 0));
	store_done(rows);
	return rc < 0 ? rc : 0;
}

/* Why a cycle was cancelled stands in the cycle's event, not in those of its orders. */
static int payload_of_cycle(char **out, struct facts *f, const struct notice *n)
{
	struct store_rows *rows = store_query(f->gw->store, STORE_STMT_NOTICE_CYCLE_PAYLOAD,
					      STORE_ARGS(STORE_INT(n->subject_id)));
	int rc;

	if (!rows)
		return store_errno(f->gw->store);
	rc = store_next(rows);
	*out = rc == 1 ? text(f, rows, 0) : "{}";
	store_done(rows);
	return rc < 0 ? rc : 0;
}

static int facts_payload(struct facts *f, const char *machine, const char *payload)
{
	json_t *root = json_loads(payload, 0, NULL);
	const char *reason = json_string_value(json_object_get(root, "reason"));
	const char *kind = json_string_value(json_object_get(root, "kind"));
	const char *scope = json_string_value(json_object_get(root, "scope"));
	int64_t note = json_integer_value(json_object_get(root, "note"));
	int64_t amount = json_integer_value(json_object_get(root, "amount"));
	int64_t until = json_integer_value(json_object_get(root, "until"));
	int rc = 0;

	facts_set(f, "reason", talloc_strdup(f, reason ? reason : ""));
	facts_set(f, "text", talloc_strdup(f, kind ? kind : reason ? reason : ""));
	if (reason && *reason && !note) /* the words of a note are for those who keep it */
		f->variant = "reason";
	if (kind || scope)
		f->variant = talloc_asprintf(
			f, "%s%s", kind ? kind : scope,
			json_integer_value(json_object_get(root, "wanted")) ? "_wanted" : "");
	if (strcmp(machine, "payment") == 0)
		facts_set(f, "amount", format_money(f, amount));
	if (until) /* of a reminder */
		f->use_by = until;
	if (note)
		rc = facts_note(f, note);
	json_decref(root);
	return rc;
}

/* The template that says it best: for the role in that state, for the role, for the case, for the event. */
static const struct template *choose(void *ctx, const struct catalogue *cat, const struct notice *n,
				     const char *role, const struct facts *f)
{
	const char *both = role ? talloc_asprintf(ctx, "%s.%s", role, n->to_state) : NULL;
	const char *cases[] = { both, role, f->variant, n->to_state, n->event };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct template *t =
			cases[i] ? catalogue_find(cat,
						  talloc_asprintf(ctx, "%s.%s", n->name, cases[i]))
				 : NULL;

		if (t)
			return t;
	}
	return catalogue_find(cat, n->name);
}

/* A recap that an event after it has overtaken says nothing any more. */
static bool overtaken(const struct notice *n, const struct facts *f)
{
	return strcmp(n->name, "recap") == 0 && f->variant && strcmp(n->to_state, f->variant) != 0;
}

/*! Put a notice into words, with those that are told together with it.
 *
 * \param[in] role  in which the reader reads it.
 * \param[out] piece  empty if there is nothing to say (any more).
 * \returns 0 or an error of store.h. */
static int render(struct turn_piece *piece, void *ctx, struct gateway *gw,
		  const struct notices *all, size_t i, const char *role)
{
	const struct notice *n = &all->notice[i];
	struct facts *f = facts_new(ctx, gw);
	const char *many = NULL;
	const struct template *t;
	char *payload = talloc_strdup(f, n->payload);
	bool old;
	int rc = facts_load(f, n->machine, n->subject_id, n->role, n->person_id);

	*piece = (struct turn_piece){};
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	old = overtaken(n, f);
	if (strcmp(n->machine, "order") == 0 && strcmp(n->event, "void") == 0)
		rc = payload_of_cycle(&payload, f, n);
	if (!rc)
		rc = facts_payload(f, n->machine, payload);
	if (!rc)
		rc = bundle_facts(&many, f, all, i);
	if (rc || old)
		return rc;
	if (strcmp(n->name, "cutoff_moved") == 0) /* about an order, which goes on after it */
		f->use_by = f->closes_at;
	t = many ? catalogue_find(gw->catalogue, many) : choose(ctx, gw->catalogue, n, role, f);
	if (!t) {
		LOGP(DDIALOGUE, LOGL_ERROR, "notice %" PRId64 ": the catalogue has no %s\n", n->id,
		     n->name);
		return 0;
	}
	piece->template = t->name;
	piece->text = template_fill(ctx, gw->catalogue, t->name, f->value);
	piece->use_by = t->use_by ? 0 : f->use_by;
	return 0;
}

/* The question that a notice asks, or NULL. */
static struct question *asked(void *ctx, struct gateway *gw, const struct notice *n)
{
	if (strcmp(n->name, "substitution_question") == 0)
		return substitute_question(ctx, gw, n->subject_id);
	for (size_t i = 0; i < ARRAY_SIZE(asking); i++) {
		struct question *q;
		int64_t version;

		if (strcmp(asking[i].name, n->name) != 0
		    || strcmp(asking[i].state, n->to_state) != 0)
			continue;
		if (store_get_int(gw->store, &version, STORE_STMT_NOTICE_VERSION,
				  STORE_ARGS(STORE_INT(n->subject_id), STORE_TEXT(n->to_state))))
			return NULL;
		q = question_new(ctx, "event");
		question_about(q, n->machine, n->subject_id, version, 0);
		q->yes = asking[i].yes;
		q->no = asking[i].no;
		return q;
	}
	return NULL;
}

static int done(struct gateway *gw, int64_t id, int64_t message_id)
{
	int rc = store_exec(gw->store, STORE_STMT_NOTICE_DONE,
			    STORE_ARGS(STORE_INT(id), STORE_INT(message_id)));

	return rc < 0 ? rc : 0;
}

/* Close a notice and those that it is told together with. */
static int done_all(struct gateway *gw, const struct notices *all, size_t i, int64_t message_id)
{
	int rc = done(gw, all->notice[i].id, message_id);

	for (size_t k = 0; k < i && !rc; k++)
		if (bundle_same(&all->notice[k], &all->notice[i]))
			rc = done(gw, all->notice[k].id, message_id);
	return rc;
}

/* Messages to other people. */

/* A message in the making: what one number is told. */
struct letter {
	struct llist_head entry;
	char *number;
	int64_t contact_id;
	int64_t person_id;
	enum template_purpose purpose; /* what the budget treats alike */
	char *body;
	const struct template *template; /* whose rules it follows: of the one that cannot wait */
	int64_t use_by;                  /* the latest of them; 0: as the template says */
	struct question *question;
	size_t n;
	int64_t *notice; /* ids */
};

struct address {
	int64_t contact_id; /* 0: there is none */
	char *number;
	bool promo; /* consents to promotional messages */
};

static int find_address(struct address *out, void *ctx, struct gateway *gw, const struct notice *n)
{
	struct store_rows *rows = n->person_id ? store_query(gw->store, STORE_STMT_NOTICE_RECIPIENT,
							     STORE_ARGS(STORE_INT(n->person_id)))
					       : store_query(gw->store, STORE_STMT_NOTICE_CONTACT,
							     STORE_ARGS(STORE_INT(n->subject_id)));
	int rc;

	*out = (struct address){};
	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc == 1)
		*out = (struct address){ store_int(rows, 0), text(ctx, rows, 1),
					 store_int(rows, 2) != 0 };
	store_done(rows);
	return rc < 0 ? rc : 0;
}

static bool fits(const struct letter *l, const char *more)
{
	char *both = talloc_asprintf(NULL, "%s\n%s", l->body, more);
	int parts = parts_count(both, NULL);

	talloc_free(both);
	return parts > 0 && parts <= LETTER_PARTS_MAX;
}

/* The letter that a piece goes into: one for the number that has room, or a new one. */
static struct letter *letter_for(struct llist_head *letters, void *ctx, const struct address *to,
				 int64_t person_id, const struct template *t, const char *piece)
{
	struct letter *l;

	llist_for_each_entry(l, letters, entry)
		if (strcmp(l->number, to->number) == 0 && l->purpose == t->purpose
		    && l->person_id == person_id && fits(l, piece))
			return l;
	l = talloc_zero(ctx, struct letter);
	OSMO_ASSERT(l);
	l->number = to->number;
	l->contact_id = to->contact_id;
	l->person_id = person_id;
	l->purpose = t->purpose;
	l->body = talloc_strdup(l, "");
	l->template = t;
	llist_add_tail(&l->entry, letters);
	return l;
}

static void letter_add(struct letter *l, const struct template *t, const struct turn_piece *piece)
{
	if (!strstr(l->body, piece->text))
		l->body = talloc_asprintf_append(l->body, "%s%s", *l->body ? "\n" : "",
						 piece->text);
	if (l->template->wait && !t->wait)
		l->template = t;
	if (piece->use_by > l->use_by)
		l->use_by = piece->use_by;
}

static void letter_holds(struct letter *l, int64_t notice_id)
{
	l->notice = talloc_realloc(l, l->notice, int64_t, l->n + 1);
	OSMO_ASSERT(l->notice);
	l->notice[l->n++] = notice_id;
}

/* The helper's name goes before what the helper did for the owner. */
static int sign(struct turn_piece *piece, void *ctx, struct gateway *gw, const struct notice *n)
{
	struct facts *f;
	char *who;
	int rc;

	if (strcmp(n->actor_role, "AID") != 0 || strcmp(n->role, "RES") != 0)
		return 0;
	f = facts_new(ctx, gw);
	rc = facts_person(f, n->actor, "name", "number");
	if (rc)
		return rc;
	who = template_fill(ctx, gw->catalogue, "acted_for_you", f->value);
	if (who)
		piece->text = talloc_asprintf(ctx, "%s\n%s", who, piece->text);
	return 0;
}

/* Kinds of notices that people may want less of, by the machine that they come from; promotional ones are `promo`. */
static const struct {
	const char *machine;
	const char *scope;
} scopes[] = {
	{ "assembly", "vote" },
	{ "motion", "vote" },
	{ "right", "vote" },
	{ "proxy", "vote" },
};

/* Whether a number has said that it wants none of these. \returns 1, 0, or an error of store.h. */
static int unwanted(struct gateway *gw, const struct notice *n, const struct template *t,
		    int64_t contact_id)
{
	const char *scope = t->purpose == TEMPLATE_PROMOTIONAL ? "promo" : NULL;
	int64_t no = 0;
	int rc;

	for (size_t i = 0; !scope && i < ARRAY_SIZE(scopes); i++)
		if (strcmp(scopes[i].machine, n->machine) == 0)
			scope = scopes[i].scope;
	if (!scope)
		return 0;
	rc = store_get_int(gw->store, &no, STORE_STMT_NOTICE_UNWANTED,
			   STORE_ARGS(STORE_INT(contact_id), STORE_TEXT(scope)));
	return rc ? rc : no > 0;
}

/* Put one notice into a letter, or close it where there is nobody to tell or nothing to say. */
static int post(struct llist_head *letters, void *ctx, struct gateway *gw,
		const struct notices *all, size_t i)
{
	const struct notice *n = &all->notice[i];
	const struct template *t;
	struct turn_piece piece;
	struct address to;
	struct letter *l;
	int rc = find_address(&to, ctx, gw, n);

	if (!rc && strcmp(n->name, "ask_availability") == 0)
		rc = stall_ask(gw, n->person_id, n->subject_id);
	if (rc)
		return rc;
	if (!to.contact_id) {
		LOGP(DDIALOGUE, LOGL_NOTICE, "notice %" PRId64 ": nobody to tell by text\n", n->id);
		return done_all(gw, all, i, 0);
	}
	rc = render(&piece, ctx, gw, all, i, n->role);
	if (!rc && piece.text)
		rc = sign(&piece, ctx, gw, n);
	if (rc)
		return rc;
	t = piece.text ? catalogue_find(gw->catalogue, piece.template) : NULL;
	if (!t || (t->purpose == TEMPLATE_PROMOTIONAL && !to.promo))
		return done_all(gw, all, i, 0);
	rc = unwanted(gw, n, t, to.contact_id);
	if (rc)
		return rc < 0 ? rc : done_all(gw, all, i, 0);
	l = letter_for(letters, ctx, &to, n->person_id, t, piece.text);
	letter_add(l, t, &piece);
	for (size_t k = 0; k <= i; k++)
		if (k == i || bundle_same(&all->notice[k], n))
			letter_holds(l, all->notice[k].id);
	if (!l->question)
		l->question = asked(l, gw, n);
	return 0;
}

static int letter_send(struct letter *l, struct gateway *gw)
{
	int64_t id = 0, now = store_now(gw->store);
	int rc = outbox_queue(gw, &id, NULL,
			      &(struct outbox_message){
				      .to = l->number,
				      .contact_id = l->contact_id,
				      .person_id = l->person_id,
				      .template = l->template->name,
				      .body = l->body,
				      .use_by = l->use_by,
			      });

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < l->n; i++) {
		rc = done(gw, l->notice[i], id);
		if (rc)
			return rc;
	}
	if (!l->question || !id)
		return 0;
	return question_store(l->question, gw->store, l->contact_id, l->person_id, now, id);
}

/* A later notice of the same kind about the same thing says all that the earlier one would. */
static bool repeated(const struct notices *all, size_t i)
{
	const struct notice *n = &all->notice[i];

	for (size_t k = i + 1; k < all->n; k++) {
		const struct notice *m = &all->notice[k];

		if (m->subject_id == n->subject_id && m->person_id == n->person_id
		    && strcmp(m->name, n->name) == 0 && strcmp(m->role, n->role) == 0)
			return true;
	}
	return false;
}

/* Said by a later one, or by a later one of those that are told together. */
static bool passed_over(const struct notices *all, size_t i)
{
	return repeated(all, i) || bundle_later(all, i);
}

/* What is said again, and better, by another notice on the same order to the same person. */
static const struct {
	const char *name;
	const char *machine;
	const char *by;
	const char *by_machine;
} covers[] = {
	{ "line_short", "line", "order_result", "order" },
	{ "line_short", "line", "order_refused", "order" },
	{ "line_refused", "line", "order_result", "order" },
	{ "line_refused", "line", "order_refused", "order" },
	{ "receipt", "payment", "receipt", "order" },
	{ "credited", "payment", "credited", "line" },
};

/* The order that a notice has to do with; 0: none. */
static int order_of(int64_t *out, struct gateway *gw, const struct notice *n)
{
	bool payment = strcmp(n->machine, "payment") == 0;
	int rc;

	*out = strcmp(n->machine, "order") == 0 ? n->subject_id : 0;
	if (!payment && strcmp(n->machine, "line") != 0)
		return 0;
	rc = store_get_int(gw->store, out,
			   payment ? STORE_STMT_NOTICE_PAYMENT_ORDER : STORE_STMT_NOTICE_ORDER,
			   STORE_ARGS(STORE_INT(n->subject_id)));
	return rc == -ENOENT ? 0 : rc;
}

static bool may_cover(const struct notice *m, const struct notice *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(covers); i++)
		if (strcmp(covers[i].name, n->name) == 0
		    && strcmp(covers[i].machine, n->machine) == 0
		    && strcmp(covers[i].by, m->name) == 0
		    && strcmp(covers[i].by_machine, m->machine) == 0)
			return m->person_id == n->person_id;
	return false;
}

/* Who did not come stands in the list of the whole pickup: it comes when that is over. */
static int in_list(bool *out, struct gateway *gw, const struct notices *all, const struct notice *n)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_NOTICE_CYCLE,
					      STORE_ARGS(STORE_INT(n->subject_id)));
	int rc = rows ? store_next(rows) : store_errno(gw->store);
	int64_t cycle = rc == 1 ? store_int(rows, 0) : 0;

	*out = rc == 1 && store_int(rows, 1) != 0;
	store_done(rows);
	for (size_t k = 0; cycle && k < all->n; k++)
		if (strcmp(all->notice[k].name, "unclaimed_list") == 0
		    && all->notice[k].subject_id == cycle)
			*out = true;
	return rc < 0 ? rc : 0;
}

static int covered(bool *out, struct gateway *gw, const struct notices *all, size_t i)
{
	const struct notice *n = &all->notice[i];
	int64_t order = 0, other = 0;
	int rc = 0;

	*out = false;
	if (strcmp(n->name, "no_show") == 0 && strcmp(n->machine, "order") == 0)
		return in_list(out, gw, all, n);
	for (size_t k = 0; !rc && !*out && k < all->n; k++) {
		if (k == i || !may_cover(&all->notice[k], n))
			continue;
		rc = order_of(&order, gw, n);
		if (!rc)
			rc = order_of(&other, gw, &all->notice[k]);
		*out = !rc && order && order == other;
	}
	return rc;
}

int notice_waiting(struct gateway *gw)
{
	int64_t n;
	int rc = store_get_int(gw->store, &n, STORE_STMT_NOTICE_COUNT, NULL);

	return rc ? rc : (int)n;
}

int notice_run(struct gateway *gw)
{
	void *ctx = talloc_new(NULL);
	struct bundle_cache cache = {};
	struct notices all = {};
	LLIST_HEAD(letters);
	struct letter *l;
	int rc = load(&all, ctx, gw, 0);

	for (size_t i = 0; !rc && i < all.n; i++) {
		bool said = false, waits = false;

		rc = bundle_waits(&waits, gw, &cache, &all.notice[i]);
		if (rc || waits)
			continue;
		rc = covered(&said, gw, &all, i);
		if (!rc)
			rc = said || repeated(&all, i) ? done(gw, all.notice[i].id, 0)
			     : bundle_later(&all, i)   ? 0
						       : post(&letters, ctx, gw, &all, i);
	}
	if (!rc)
		llist_for_each_entry(l, &letters, entry) {
			rc = letter_send(l, gw);
			if (rc)
				break;
		}
	talloc_free(ctx);
	return rc;
}

/* The reply to a text. */

/* Whether a notice of the turn is for the one who wrote. A helper reads the recap in the owner's place, and the
 * rest besides the owner. */
static bool is_own(const struct turn *turn, const struct notice *n)
{
	if (n->person_id == 0)
		return strcmp(n->machine, "contact") == 0 && n->subject_id == turn->contact_id;
	if (n->person_id == turn->person_id)
		return true;
	return strcmp(turn->role, "AID") == 0 && n->person_id == turn->owner_id
	       && strcmp(n->role, "RES") == 0;
}

static void close_with_reply(struct turn *turn, int64_t id)
{
	if (id && turn->n_notices < TURN_NOTICES_MAX)
		turn->notice[turn->n_notices++] = id;
}

static void into_reply(struct turn *turn, const struct notices *all, size_t i)
{
	const struct notice *n = &all->notice[i];
	bool helper = n->person_id != 0 && n->person_id != turn->person_id;
	struct question *q = asked(turn->ctx, turn->gw, n);
	struct turn_piece piece;

	if (turn_failed(turn,
			render(&piece, turn->ctx, turn->gw, all, i, helper ? "AID" : n->role)))
		return;
	if (piece.text && turn->n_pieces < TURN_PIECES_MAX)
		turn->piece[turn->n_pieces++] = piece;
	if (q)
		turn_ask(turn, q);
	if (!helper || q)
		close_with_reply(turn, n->id);
}

static void keep_own(struct notices *all, const struct turn *turn)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (is_own(turn, &all->notice[i]))
			all->notice[n++] = all->notice[i];
	all->n = n;
}

/* What events without a notice tell the one who fired them. */
static void add_told(struct notices *all, struct turn *turn)
{
	for (size_t i = 0; i < turn->n_told && !turn->error; i++) {
		const struct turn_told *t = &turn->told[i];
		struct notice *n;

		all->notice = talloc_realloc(turn->ctx, all->notice, struct notice, all->n + 1);
		OSMO_ASSERT(all->notice);
		n = &all->notice[all->n++];
		*n = (struct notice){
			.name = t->name,
			.machine = t->machine,
			.subject_id = t->subject,
			.role = turn->role,
			.person_id = turn->person_id,
			.payload = "{}",
			.event = t->event,
			.to_state = "",
			.actor = turn->person_id,
			.actor_role = turn->role,
			.at = turn->at,
		};
		turn_failed(turn, bundle_key(n, turn->gw));
	}
}

void notice_reply(struct turn *turn)
{
	struct notices all = {};

	if (turn_failed(turn, load(&all, turn->ctx, turn->gw, turn->first_notice)))
		return;
	keep_own(&all, turn);
	add_told(&all, turn);
	for (size_t i = 0; i < all.n && !turn->error; i++) {
		bool said = false;

		if (turn_failed(turn, covered(&said, turn->gw, &all, i)))
			continue;
		if (said || passed_over(&all, i))
			close_with_reply(turn, all.notice[i].id);
		else
			into_reply(turn, &all, i);
	}
}

void notice_replied(struct turn *turn, int64_t message_id)
{
	for (size_t i = 0; i < turn->n_notices && !turn->error; i++)
		turn_failed(turn, done(turn->gw, turn->notice[i], message_id));
}
