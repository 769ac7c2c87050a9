/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/dialogue/question.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <jansson.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/store.h"

struct question *question_new(void *ctx, const char *kind)
{
	struct question *q = talloc_zero(ctx, struct question);

	OSMO_ASSERT(q);
	OSMO_STRLCPY_ARRAY(q->kind, kind);
	return q;
}

void question_about(struct question *q, const char *machine, int64_t subject, int64_t version,
		    int64_t seen)
{
	OSMO_STRLCPY_ARRAY(q->machine, machine);
	q->subject = subject;
	q->version = version;
	q->seen = seen;
}

int question_option(struct question *q, const char *reading)
{
	if (q->n == QUESTION_OPTIONS_MAX)
		return 0;
	q->option[q->n] = talloc_strdup(q, reading);
	OSMO_ASSERT(q->option[q->n]);
	return (int)++q->n;
}

/* Strings of a question and their names in the column options. */
static const struct {
	const char *name;
	size_t offset;
} fields[] = {
	{ "yes", offsetof(struct question, yes) },   { "no", offsetof(struct question, no) },
	{ "free", offsetof(struct question, free) }, { "unit", offsetof(struct question, unit) },
	{ "then", offsetof(struct question, then) },
};

static const char **field(struct question *q, size_t i)
{
	return (const char **)((char *)q + fields[i].offset);
}

static char *options_print(void *ctx, const struct question *q)
{
	json_t *root = json_object(), *options = json_array();
	char *text, *out;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const char *value = *field((struct question *)q, i);

		if (value)
			json_object_set_new(root, fields[i].name, json_string(value));
	}
	for (size_t i = 0; i < q->n; i++)
		json_array_append_new(options, json_string(q->option[i]));
	json_object_set_new(root, "options", options);
	json_object_set_new(root, "seen", json_integer(q->seen));
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	OSMO_ASSERT(text);
	out = talloc_strdup(ctx, text);
	free(text);
	return out;
}

static void options_scan(struct question *q, const char *text)
{
	json_t *root = json_loads(text, 0, NULL), *option;
	size_t i;

	if (!root)
		return; /* not ours: a question without answers */
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		const char *value = json_string_value(json_object_get(root, fields[i].name));

		if (value)
			*field(q, i) = talloc_strdup(q, value);
	}
	json_array_foreach(json_object_get(root, "options"), i, option) if (json_is_string(option))
		question_option(q, json_string_value(option));
	q->seen = json_integer_value(json_object_get(root, "seen"));
	json_decref(root);
}

static struct question *question_row(void *ctx, const struct store_rows *rows)
{
	struct question *q = question_new(ctx, store_text(rows, 0));

	question_about(q, store_text(rows, 1), store_int(rows, 2), store_int(rows, 3), 0);
	options_scan(q, store_text(rows, 4));
	q->asked_at = store_int(rows, 5);
	q->left = store_int(rows, 6) != 0;
	return q;
}

int question_load(struct question **out, void *ctx, struct store *st, int64_t contact_id,
		  int64_t person_id, int64_t now)
{
	struct store_rows *rows = store_query(
		st, STORE_STMT_QUESTION_LOAD,
		STORE_ARGS(STORE_INT(contact_id), STORE_INT(person_id), STORE_INT(now)));
	int rc;

	if (!rows)
		return store_errno(st);
	rc = store_next(rows);
	if (rc >= 0)
		*out = rc == 1 ? question_row(ctx, rows) : NULL;
	store_done(rows);
	return rc < 0 ? rc : 0;
}

int question_store(const struct question *q, struct store *st, int64_t contact_id,
		   int64_t person_id, int64_t now, int64_t message_id)
{
	char *options;
	int rc = question_drop(st, contact_id, person_id);

	if (rc)
		return rc;
	options = options_print(NULL, q);
	rc = store_exec(st, STORE_STMT_QUESTION_INSERT,
			STORE_ARGS(STORE_INT(contact_id), STORE_INT(person_id), STORE_TEXT(q->kind),
				   STORE_TEXT(*q->machine ? q->machine : NULL),
				   STORE_INT(q->subject), STORE_INT(q->version),
				   STORE_TEXT(options), STORE_INT(now),
				   STORE_INT(now + QUESTION_TTL), STORE_INT(message_id)));
	talloc_free(options);
	return rc < 0 ? rc : 0;
}

int question_drop(struct store *st, int64_t contact_id, int64_t person_id)
{
	int rc = store_exec(st, STORE_STMT_QUESTION_DROP,
			    STORE_ARGS(STORE_INT(contact_id), STORE_INT(person_id)));

	return rc < 0 ? rc : 0;
}

/* The quantity of an answer with its unit ("2kg"), or NULL if it is none. */
static char *quantity(void *ctx, const char *n, const char *unit)
{
	size_t digits = strspn(n, "0123456789.");
	const char *said = n + digits;

	if (digits == 0 || digits > 9 || strspn(said, "abcdefghijklmnopqrstuvwxyz") != strlen(said))
		return NULL;
	return talloc_asprintf(ctx, "%.*s%s", (int)digits, n, *said ? said : unit ? unit : "pc");
}

/* Put the quantity in the place of {n}. */
static struct reading *fill(void *ctx, const struct question *q, const char *n)
{
	const char *hole = strstr(q->free, "{n}");
	char *qty = quantity(ctx, n, q->unit);

	if (!hole || !qty)
		return NULL;
	return reading_scan(ctx, talloc_asprintf(ctx, "%.*s%s%s", (int)(hole - q->free), q->free,
						 qty, hole + 3));
}

char *question_product(void *ctx, const struct question *q)
{
	const char *hole = q->free ? strstr(q->free, "{n}:") : NULL;

	return hole ? talloc_strndup(ctx, hole + 4, strcspn(hole + 4, ";@ ")) : NULL;
}

enum question_match question_amount(struct reading **out, void *ctx, const struct question *q,
				    const struct reading_item *item)
{
	struct reading_item amount = *item;
	struct reading single = { .intent = "", .n_items = 1 }, *r;

	if (item->qty != READING_QTY_GIVEN)
		return QUESTION_OTHER;
	amount.product[0] = amount.producer[0] = '\0';
	amount.number = 0;
	single.items[0] = amount;
	r = fill(ctx, q, reading_print_items(ctx, &single));
	if (!r)
		return QUESTION_OTHER;
	*out = r;
	return QUESTION_ANSWERED;
}

static bool speaks_of(void *ctx, const char *option, const char *product)
{
	struct reading *r = reading_scan(ctx, option);
	const char *named = r ? reading_arg(r, "product") : NULL;

	if (!r)
		return false;
	if (named && strcmp(named, product) == 0)
		return true;
	return r->n_items > 0 && strcmp(r->items[0].product, product) == 0;
}

/* An answer by name: the only option that speaks of the product. */
static const char *option_of(void *ctx, const struct question *q, const char *product)
{
	const char *found = NULL;

	for (size_t i = 0; i < q->n; i++) {
		if (!speaks_of(ctx, q->option[i], product))
			continue;
		if (found)
			return NULL;
		found = q->option[i];
	}
	return found;
}

static enum question_match answer(struct reading **out, void *ctx, const char *option)
{
	struct reading *r = option ? reading_scan(ctx, option) : NULL;

	if (!r)
		return QUESTION_UNCLEAR;
	*out = r;
	return QUESTION_ANSWERED;
}

/* A number: of one of the answers, or a quantity. */
static enum question_match number(struct reading **out, void *ctx, const struct question *q,
				  const char *n)
{
	char *end;
	long i = strtol(n, &end, 10);
	struct reading *r;

	if (strcmp(q->kind, "list") == 0)
		return answer(out, ctx, talloc_asprintf(ctx, "PICK\tn=%s", n));
	if (strcmp(q->kind, "requests") == 0)
		return answer(out, ctx, talloc_asprintf(ctx, "REQUESTS\tno=%s", n));
	if (q->free) {
		r = fill(ctx, q, n);
		if (r)
			*out = r;
		return r ? QUESTION_ANSWERED : QUESTION_UNCLEAR;
	}
	if (q->n > 0 && *end == '\0' && i >= 1 && (size_t)i <= q->n)
		return answer(out, ctx, q->option[i - 1]);
	return q->n > 0 || q->yes ? QUESTION_UNCLEAR : QUESTION_OTHER;
}

/* The prices that were said into the reading that waits for them. \returns false if it has no room for one of them. */
static bool put_prices(struct reading *into, const struct reading *prices)
{
	for (size_t i = 0; i < prices->n_items; i++) {
		bool found = false;

		for (size_t k = 0; k < into->n_items; k++) {
			if (strcmp(into->items[k].product, prices->items[i].product) != 0)
				continue;
			into->items[k].price_cents = prices->items[i].price_cents;
			found = true;
		}
		if (!found || prices->items[i].price_cents <= 0)
			return false;
	}
	return prices->n_items > 0;
}

enum question_match question_prices(struct reading **out, void *ctx, const struct question *q,
				    const struct reading *said)
{
	const char *products = reading_arg(said, "products");
	struct reading *into, *prices;

	if (strcmp(q->kind, "price") != 0 || strcmp(said->intent, "PRICE") != 0 || !products)
		return QUESTION_OTHER;
	into = reading_scan(ctx, q->then);
	prices = reading_scan(ctx, talloc_asprintf(ctx, "PRICE\titems=%s", products));
	if (!into || !prices || !put_prices(into, prices))
		return QUESTION_OTHER;
	*out = into;
	return QUESTION_ANSWERED;
}

static enum question_match clarify(struct reading **out, void *ctx, const struct question *q,
				   const struct reading *said)
{
	static const char *const unclear[] = { "abbrev", "choice_conflict" };
	const char *reason = reading_arg(said, "reason"), *n = reading_arg(said, "n");
	const char *guess = reading_arg(said, "guess"), *product = reading_arg(said, "product");
	const char *option;

	if (!reason)
		return QUESTION_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(unclear); i++)
		if (strcmp(reason, unclear[i]) == 0 && (q->yes || q->n))
			return QUESTION_UNCLEAR;
	if (guess && (strcmp(guess, "YES") == 0 || strcmp(guess, "NO") == 0)
	    && strcmp(reason, "partial_yes") != 0 && q->yes)
		return QUESTION_UNCLEAR;
	if (strcmp(reason, "refuse_scope_missing") == 0 && (q->yes || q->n))
		return answer(out, ctx, q->no ? q->no : "NOTHING");
	if (strcmp(reason, "menu_digit_needs_ctx") == 0 && n)
		return number(out, ctx, q, n);
	if (q->free && n && !product)
		return number(out, ctx, q, n);
	option = product && strcmp(reason, "qty_missing") == 0 ? option_of(ctx, q, product) : NULL;
	return option ? answer(out, ctx, option) : QUESTION_OTHER;
}

enum question_match question_match(struct reading **out, void *ctx, const struct question *q,
				   const struct reading *said)
{
	bool list = strcmp(q->kind, "list") == 0 || strcmp(q->kind, "pages") == 0;

	if (strcmp(said->intent, "YES") == 0 && !list)
		return q->yes ? answer(out, ctx, q->yes) : QUESTION_UNCLEAR;
	if (strcmp(said->intent, "NO") == 0 && !list)
		return answer(out, ctx, q->no ? q->no : "NOTHING");
	if (strcmp(said->intent, "PRICE") == 0)
		return question_prices(out, ctx, q, said);
	if (strcmp(said->intent, "CLARIFY") == 0)
		return clarify(out, ctx, q, said);
	if (strcmp(said->intent, "LIST") == 0 && list && reading_arg(said, "page"))
		return answer(out, ctx, q->then ? q->then : "LIST\tpage=end");
	if (strcmp(said->intent, "LIST") == 0 && q->then && strcmp(q->kind, "requests") == 0)
		return answer(out, ctx, q->then);
	return QUESTION_OTHER;
}
