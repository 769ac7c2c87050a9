/* A pending question: what answers it, and that it is stored and found again as it was.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/dialogue/question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/create.h"
#include "gateway/store/store.h"
#include "tests/support/process.h"

static void *ctx;

/* The kinds of questions there are. */
static struct question *kind(const char *name)
{
	struct question *q = question_new(ctx, name);

	if (strcmp(name, "event") == 0) {
		q->yes = "FIRE\tevent=confirm";
		q->no = "FIRE\tevent=drop";
	} else if (strcmp(name, "change") == 0) {
		q->yes = "CHANGE\titems=2u:#1";
	} else if (strcmp(name, "amount") == 0) {
		q->free = "ORDER\titems={n}:carotte;1pc:salade";
		q->unit = "kg";
	} else if (strcmp(name, "list") == 0) {
		q->then = "LIST\tpage=2";
	} else if (strcmp(name, "pages") == 0) {
		q->then = "STATUS\tfrom=8";
	} else if (strcmp(name, "price") == 0) {
		q->yes = "AVAIL\titems=50kg:carotte@1.80;30kg:navet@2.20";
		q->no = "AVAIL\titems=50kg:carotte;30kg:navet last=no";
		q->then = "AVAIL\titems=50kg:carotte;30kg:navet";
	} else {
		question_option(q, "CLARIFY\treason=qty_missing product=tomme");
		question_option(q, "ORDER\titems=1pc:maroilles");
	}
	return q;
}

static void test_matches(void **state)
{
	static const struct {
		const char *kind;
		const char *said;
		enum question_match match;
		const char *reading; /* that it stands for */
	} rows[] = {
		{ "event", "YES\tctx=pending", QUESTION_ANSWERED, "FIRE\tevent=confirm" },
		{ "price", "YES\tctx=pending", QUESTION_ANSWERED,
		  "AVAIL\titems=50kg:carotte@1.80;30kg:navet@2.20" },
		{ "price", "CLARIFY\treason=refuse_scope_missing", QUESTION_ANSWERED,
		  "AVAIL\titems=50kg:carotte;30kg:navet last=no" },
		{ "price", "PRICE\tproducts=all:navet@2.30", QUESTION_ANSWERED,
		  "AVAIL\titems=50kg:carotte;30kg:navet@2.30" },
		{ "price", "PRICE\tproducts=all:carotte@2.00;all:navet@2.30", QUESTION_ANSWERED,
		  "AVAIL\titems=50kg:carotte@2.00;30kg:navet@2.30" },
		{ "price", "PRICE\tproducts=all:radis@2.30", QUESTION_OTHER, NULL },
		{ "price", "PRICE\tproducts=all:navet stray=price", QUESTION_OTHER, NULL },
		{ "event", "PRICE\tproducts=all:navet@2.30", QUESTION_OTHER, NULL },
		{ "pages", "LIST\tpage=next", QUESTION_ANSWERED, "STATUS\tfrom=8" },
		{ "pages", "YES\tctx=pending", QUESTION_OTHER, NULL },
		{ "event", "NO\tctx=pending", QUESTION_ANSWERED, "FIRE\tevent=drop" },
		{ "event", "CLARIFY\treason=abbrev guess=YES", QUESTION_UNCLEAR, NULL },
		{ "event", "CLARIFY\treason=t9_homograph guess=NO", QUESTION_UNCLEAR, NULL },
		{ "event", "CLARIFY\treason=choice_conflict", QUESTION_UNCLEAR, NULL },
		{ "event", "CLARIFY\treason=menu_digit_needs_ctx n=1", QUESTION_UNCLEAR, NULL },
		{ "event", "CLARIFY\treason=partial_yes guess=YES remove=radis", QUESTION_OTHER,
		  NULL },
		{ "event", "CLARIFY\treason=refuse_scope_missing", QUESTION_ANSWERED,
		  "FIRE\tevent=drop" },
		{ "event", "ORDER\titems=1pc:pain", QUESTION_OTHER, NULL },
		{ "change", "NO\t-", QUESTION_ANSWERED, "NOTHING\t-" },
		{ "amount", "CLARIFY\treason=menu_digit_needs_ctx n=2", QUESTION_ANSWERED,
		  "ORDER\titems=2kg:carotte;1pc:salade" },
		{ "amount", "CLARIFY\treason=menu_digit_needs_ctx n=1.5", QUESTION_ANSWERED,
		  "ORDER\titems=1.5kg:carotte;1pc:salade" },
		{ "amount", "CLARIFY\treason=product_missing n=500g", QUESTION_ANSWERED,
		  "ORDER\titems=500g:carotte;1pc:salade" },
		{ "amount", "CLARIFY\treason=menu_digit_needs_ctx n=2;3pc:pain", QUESTION_UNCLEAR,
		  NULL },
		{ "amount", "YES\t-", QUESTION_UNCLEAR, NULL },
		{ "amount", "CLARIFY\treason=qty_missing product=tomate", QUESTION_OTHER, NULL },
		{ "choice", "CLARIFY\treason=menu_digit_needs_ctx n=2", QUESTION_ANSWERED,
		  "ORDER\titems=1pc:maroilles" },
		{ "choice", "CLARIFY\treason=menu_digit_needs_ctx n=3", QUESTION_UNCLEAR, NULL },
		{ "choice", "CLARIFY\treason=menu_digit_needs_ctx n=0", QUESTION_UNCLEAR, NULL },
		{ "choice", "CLARIFY\treason=qty_missing product=maroilles op=order",
		  QUESTION_ANSWERED, "ORDER\titems=1pc:maroilles" },
		{ "choice", "CLARIFY\treason=qty_missing product=pain", QUESTION_OTHER, NULL },
		{ "choice", "YES\t-", QUESTION_UNCLEAR, NULL },
		{ "choice", "NO\t-", QUESTION_ANSWERED, "NOTHING\t-" },
		{ "list", "LIST\tpage=next", QUESTION_ANSWERED, "LIST\tpage=2" },
		{ "list", "CLARIFY\treason=menu_digit_needs_ctx n=25", QUESTION_ANSWERED,
		  "PICK\tn=25" },
		{ "list", "YES\t-", QUESTION_OTHER, NULL },
		{ "list", "NO\t-", QUESTION_OTHER, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reading *said = reading_scan(ctx, rows[i].said), *out = NULL;

		assert_non_null(said);
		if (question_match(&out, ctx, kind(rows[i].kind), said) != rows[i].match)
			fail_msg("%s: %s", rows[i].kind, rows[i].said);
		if (rows[i].reading)
			assert_string_equal(reading_print(ctx, out), rows[i].reading);
		else
			assert_null(out);
	}
}

static void test_no_more_than_nine(void **state)
{
	struct question *q = question_new(ctx, "choice");

	(void)state;
	for (int i = 1; i <= QUESTION_OPTIONS_MAX; i++)
		assert_int_equal(question_option(q, "NOTHING"), i);
	assert_int_equal(question_option(q, "NOTHING"), 0);
}

static void test_stored(void **state)
{
	struct store *st = *state;
	struct question *q = kind("choice"), *found = NULL;

	question_about(q, "order", 7, 3, 12);
	q->then = "ORDER\titems=1pc:pain";
	assert_int_equal(store_begin(st), 0);
	assert_int_equal(question_store(q, st, 1, 2, 1000, 0), 0);
	assert_int_equal(question_load(&found, ctx, st, 1, 3, 1000), 0);
	assert_null(found);
	assert_int_equal(question_load(&found, ctx, st, 1, 2, 1000 + QUESTION_TTL), 0);
	assert_null(found);
	assert_int_equal(question_load(&found, ctx, st, 1, 2, 1000 + QUESTION_TTL - 1), 0);
	assert_non_null(found);
	assert_string_equal(found->kind, "choice");
	assert_string_equal(found->machine, "order");
	assert_int_equal(found->subject, 7);
	assert_int_equal(found->version, 3);
	assert_int_equal(found->seen, 12);
	assert_int_equal(found->asked_at, 1000);
	assert_int_equal(found->n, 2);
	assert_string_equal(found->option[1], q->option[1]);
	assert_string_equal(found->then, q->then);
	assert_null(found->yes);
	assert_true(found->left);
	/* another one takes its place */
	assert_int_equal(question_store(kind("amount"), st, 1, 2, 1000, 0), 0);
	assert_int_equal(question_load(&found, ctx, st, 1, 2, 1000), 0);
	assert_string_equal(found->kind, "amount");
	assert_int_equal(question_drop(st, 1, 2), 0);
	assert_int_equal(question_load(&found, ctx, st, 1, 2, 1000), 0);
	assert_null(found);
	store_rollback(st);
}

static void test_product(void **state)
{
	struct reading *r = reading_scan(ctx, "ORDER\titems=1.5kg:carotte"), *out = NULL;

	(void)state;
	assert_string_equal(question_product(ctx, kind("amount")), "carotte");
	assert_null(question_product(ctx, kind("event")));
	assert_int_equal(question_amount(&out, ctx, kind("amount"), &r->items[0]),
			 QUESTION_ANSWERED);
	assert_string_equal(reading_print(ctx, out), "ORDER\titems=1.5kg:carotte;1pc:salade");
}

static char *dir;

static int open_store(void **state)
{
	struct store *st;

	ctx = talloc_new(NULL);
	dir = process_temp_dir(ctx);
	if (store_create(ctx, talloc_asprintf(ctx, "%s/chappe.db", dir), false, NULL)
	    || store_open(&st, ctx, talloc_asprintf(ctx, "%s/chappe.db", dir), 1000, NULL))
		return -1;
	*state = st;
	return 0;
}

static int close_store(void **state)
{
	talloc_free(*state);
	process_remove_dir(dir);
	talloc_free(ctx);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_no_more_than_nine),
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_product),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
