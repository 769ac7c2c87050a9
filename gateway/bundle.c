/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/facts.h"
#include "gateway/gateway.h"
#include "gateway/store/store.h"
#include "messages/catalogue.h"

/* Octets after which the lines are broken off. */
#define LINES_MAX 600
#define ROW_MIN   80 /* characters that a row keeps at least */
#define MORE      ", ..."
/* Seconds that a notice waits for others at most: a timer that is refused must not silence it. */
#define WAIT_MAX  60

#define NONE _STORE_STMT_NUM

static const struct {
	const char *name;
	const char *machine;
	enum store_stmt key;
	enum store_stmt waits; /* 1 if more will be fired at this moment; NONE: nothing follows */
} kinds[] = {
	{ "ack", "offer", STORE_STMT_BUNDLE_SALE, NONE },
	{ "silent_producer", "offer", STORE_STMT_BUNDLE_SALE, STORE_STMT_BUNDLE_ASKED },
	{ "silent_producer", "line", STORE_STMT_BUNDLE_LINE_PRODUCER, STORE_STMT_BUNDLE_REQUESTED },
	{ "auto_confirmed", "line", STORE_STMT_BUNDLE_LINE_PRODUCER, STORE_STMT_BUNDLE_REQUESTED },
	{ "shortage", "offer", STORE_STMT_BUNDLE_PRODUCER, NONE },
	{ "line_at_risk", "line", STORE_STMT_BUNDLE_ORDER, NONE },
	{ "substitution_question", "line", STORE_STMT_BUNDLE_ORDER, NONE },
};

static int kind_of(const struct notice *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].name, n->name) == 0
		    && strcmp(kinds[i].machine, n->machine) == 0)
			return (int)i;
	return -1;
}

int bundle_key(struct notice *n, struct gateway *gw)
{
	int kind = kind_of(n), rc;

	n->bundle = 0;
	if (kind < 0)
		return 0;
	rc = store_get_int(gw->store, &n->bundle, kinds[kind].key,
			   STORE_ARGS(STORE_INT(n->subject_id)));
	return rc == -ENOENT ? 0 : rc;
}

int bundle_waits(bool *out, struct gateway *gw, struct bundle_cache *cache, const struct notice *n)
{
	int kind = kind_of(n), rc;
	int64_t now = store_now(gw->store), due = 0;

	if (kind < 0 || kinds[kind].waits == NONE || now > n->at + WAIT_MAX) {
		*out = false;
		return 0;
	}
	for (size_t i = 0; i < cache->n; i++)
		if (cache->row[i].kind == kind && cache->row[i].key == n->bundle) {
			*out = cache->row[i].waits;
			return 0;
		}
	rc = store_get_int(gw->store, &due, kinds[kind].waits,
			   STORE_ARGS(STORE_INT(n->bundle), STORE_INT(now)));
	if (rc)
		return rc;
	*out = due > 0;
	if (cache->n < BUNDLE_CACHE_MAX) {
		cache->row[cache->n].kind = kind;
		cache->row[cache->n].key = n->bundle;
		cache->row[cache->n++].waits = *out;
	}
	return 0;
}

bool bundle_same(const struct notice *a, const struct notice *b)
{
	return a->bundle != 0 && a->bundle == b->bundle && a->person_id == b->person_id
	       && strcmp(a->name, b->name) == 0 && strcmp(a->machine, b->machine) == 0
	       && strcmp(a->role, b->role) == 0;
}

bool bundle_later(const struct notices *all, size_t i)
{
	for (size_t k = i + 1; k < all->n; k++)
		if (bundle_same(&all->notice[i], &all->notice[k]))
			return true;
	return false;
}

/* NAME.CASE.SUFFIX, else NAME.EVENT.SUFFIX, else NAME.SUFFIX; NULL if there is none. */
static const char *template_of(const struct facts *f, const struct notice *n, const char *suffix)
{
	const struct catalogue *cat = f->gw->catalogue;
	const char *cases[] = { f->variant, n->event };
	const char *name;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		name = cases[i] ? talloc_asprintf(f, "%s.%s.%s", n->name, cases[i], suffix) : NULL;
		if (name && catalogue_find(cat, name))
			return name;
	}
	name = talloc_asprintf(f, "%s.%s", n->name, suffix);
	return catalogue_find(cat, name) ? name : NULL;
}

/* One line in the making: what items with the same head come to. */
struct row {
	const char *head; /* "" of those that have none */
	char *text;
};

/* Whether an item stands in a row already, whole. */
static bool holds(const struct row *row, const char *item)
{
	size_t n = strlen(item);

	if (!*row->head)
		return strcmp(row->text, item) == 0;
	for (const char *s = strstr(row->text, item); s; s = strstr(s + 1, item))
		if (s > row->text && s[-1] == ' ' && (s[n] == '\0' || s[n] == ','))
			return true;
	return false;
}

/* Put an item into the row of its head, or a new one; the same one twice is one. */
static size_t add(struct row *row, size_t n, void *ctx, const char *head, const char *item)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(row[i].head, head) != 0)
			continue;
		if (holds(&row[i], item))
			return n;
		if (!*head)
			continue;
		row[i].text = talloc_asprintf(ctx, "%s, %s", row[i].text, item);
		return n;
	}
	row[n] = (struct row){ head,
			       talloc_asprintf(ctx, "%s%s%s", head, *head ? " : " : "", item) };
	return n + 1;
}

static int add_notice(struct row *row, size_t *rows, struct facts *all, const struct notice *n)
{
	const struct catalogue *cat = all->gw->catalogue;
	struct facts *f = facts_new(all, all->gw);
	int rc = facts_load(f, n->machine, n->subject_id, n->role, n->person_id);
	const char *item, *head;

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	item = template_of(f, n, "item");
	head = template_of(f, n, "head");
	if (item)
		*rows = add(row, *rows, all, head ? template_fill(all, cat, head, f->value) : "",
			    template_fill(all, cat, item, f->value));
	return 0;
}

/* When all is too long, a row with a head ends early: who is concerned says more than the last of many products. */
static void shorten(struct row *row, size_t n)
{
	size_t all = 0, most = OSMO_MAX(LINES_MAX / n, ROW_MIN);

	for (size_t i = 0; i < n; i++)
		all += strlen(row[i].text) + 1;
	for (size_t i = 0; all > LINES_MAX && i < n; i++) {
		char *end = row[i].text + most - strlen(MORE) - 1;

		if (!*row[i].head || strlen(row[i].text) < most)
			continue;
		while (end > row[i].text + strlen(row[i].head) && *end != ',')
			end--;
		if (*end == ',')
			snprintf(end, strlen(MORE) + 1, "%s", MORE);
	}
}

static char *join(struct facts *f, struct row *row, size_t n, bool producer)
{
	static const struct template_value none[] = { {} };
	char *out = talloc_strdup(f, "");

	if (n > 0)
		shorten(row, n);
	for (size_t i = 0; i < n; i++) {
		if (strlen(out) + strlen(row[i].text) > LINES_MAX)
			return talloc_asprintf(
				f, "%s\n%s", out,
				producer ? template_fill(f, f->gw->catalogue, "piece.more", none)
					 : "...");
		out = talloc_asprintf_append(out, "%s%s", i ? "\n" : "", row[i].text);
	}
	return out;
}

int bundle_facts(const char **name, struct facts *f, const struct notices *all, size_t i)
{
	const struct notice *n = &all->notice[i];
	const char *many = template_of(f, n, "many");
	size_t rows = 0, members = 0;
	struct row *row;
	int rc = 0;

	if (!n->bundle || !many)
		return 0;
	row = talloc_array(f, struct row, i + 1);
	OSMO_ASSERT(row);
	for (size_t k = 0; k <= i && !rc; k++) {
		if (!bundle_same(&all->notice[k], n))
			continue;
		members++;
		rc = add_notice(row, &rows, f, &all->notice[k]);
	}
	if (rc || members < 2)
		return rc;
	facts_set(f, "lines", join(f, row, rows, strcmp(n->role, "PRO") == 0));
	*name = many;
	return 0;
}
