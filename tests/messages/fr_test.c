/* The French catalogue: complete for the machines that are served, and fit to be sent.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "messages/parts.h"

#define TRANSITIONS SRCDIR "/gateway/store/transitions.tsv"

static const char *const machines[] = { "cycle",   "offer",   "order",  "line",
					"payment", "contact", "message" };
static const char *const codes[] = { "E_PAYLOAD", "E_IDEM",       "E_SUBJECT", "E_ACTOR",
				     "E_STALE",   "E_TRANSITION", "E_ROLE",    "E_GUARD" };

/* Complaints are printed one a line, so that a translator sees them all. */
static unsigned int complaints;

static void complain(const char *name, const char *what, const char *about)
{
	print_message("# %s: %s: %s\n", name, what, about);
	complaints++;
}

static const char *longest(const struct template *t, const char *name)
{
	for (const struct template_value *v = t->longest; v->name; v++)
		if (!strcmp(v->name, name))
			return v->value;
	return NULL;
}

/* First octet of the first character that is not in the alphabet, or NULL. */
static const char *outside(const char *text)
{
	for (const char *at = text; *at; at++) {
		char c[5] = { 0 };

		if ((*at & 0xc0) == 0x80)
			continue;
		c[0] = *at;
		for (int i = 1; i < 4 && (at[i] & 0xc0) == 0x80; i++)
			c[i] = at[i];
		if (gsm7_length(c) < 0)
			return at;
	}
	return NULL;
}

static void check_text(struct catalogue *cat, const struct template *t,
		       const struct template_value *values)
{
	char *text = template_fill(cat, cat, t->name, values);
	bool ucs2 = false;
	int parts = parts_count(text, &ucs2);

	if (ucs2)
		complain(t->name, "does not fit GSM 7-bit from", outside(text));
	if (parts > (int)t->parts)
		complain(t->name, "takes more parts than it declares, filled", text);
	if (parts < (int)t->parts)
		complain(t->name, "takes fewer parts than it declares, filled", text);
	if (strpbrk(text, "{}"))
		complain(t->name, "a placeholder is left", text);
	if (!t->purpose && (text[0] == ' ' || strstr(text, "  ")))
		complain(t->name, "a space too many", text);
}

/* The longest values, but for n, which is 1. */
static const struct template_value *singular(void *ctx, const struct template *t)
{
	struct template_value *values = talloc_zero_array(ctx, struct template_value, 30);

	for (size_t i = 0; t->longest[i].name; i++) {
		values[i] = t->longest[i];
		if (!strcmp(values[i].name, "n"))
			values[i].value = "1";
	}
	return values;
}

/* Longest values as declared; both plural forms. */
static int check_fit(const struct template *t, void *data)
{
	struct catalogue *cat = data;

	for (const struct template_value *v = t->longest; v->name; v++)
		if (!*v->value)
			complain(t->name, "an empty longest value", v->name);
	if (t->plural && !longest(t, "n"))
		complain(t->name, "has a plural and no {n} to choose it", t->text);
	check_text(cat, t, t->longest);
	if (t->plural)
		check_text(cat, t, singular(cat, t));
	return 0;
}

static void test_every_text_fits_its_parts(void **state)
{
	complaints = 0;
	catalogue_each(*state, check_fit, *state);
	assert_int_equal(complaints, 0);
}

/* What is left of an accent that the alphabet does not have: words of French that do not exist. */
static const char *const misspelt[] = { "meme",      "etes",    "arret",    "bientot", "francais",
					"recu",      "foret",   "fenetre",  "interet", "empech",
					"peut-etre", "plutot",  "aussitot", "pret",    "garcon",
					"cote ",     "aussitot" };

static int check_words(const struct template *t, void *data)
{
	(void)data;
	for (size_t i = 0; i < ARRAY_SIZE(misspelt); i++)
		if (strcasestr(t->text, misspelt[i]))
			complain(t->name, "a word without its accent", misspelt[i]);
	if (strstr(t->text, "œ") || strchr(t->text, '\t'))
		complain(t->name, "a character that no phone shows", t->text);
	return 0;
}

static void test_words(void **state)
{
	complaints = 0;
	catalogue_each(*state, check_words, NULL);
	assert_int_equal(complaints, 0);
}

static int check_promotional(const struct template *t, void *data)
{
	size_t n = strlen(t->text);

	(void)data;
	if (t->purpose == TEMPLATE_PROMOTIONAL && (n < 4 || strcmp(t->text + n - 4, "STOP")))
		complain(t->name, "is promotional and does not end with STOP", t->text);
	if (t->purpose == TEMPLATE_PROMOTIONAL && (!t->wait || t->resend))
		complain(t->name, "is promotional and does not wait, or is sent twice", t->text);
	return 0;
}

static void test_promotional_ends_with_stop(void **state)
{
	complaints = 0;
	catalogue_each(*state, check_promotional, NULL);
	assert_int_equal(complaints, 0);
}

/* A refusal may be told in a place that knows no order: the telephone is all that it may name. */
static int check_refusal(const struct template *t, void *data)
{
	(void)data;
	if (strncmp(t->name, "refused.", 8))
		return 0;
	for (const struct template_value *v = t->longest; v->name; v++)
		if (strcmp(v->name, "phone"))
			complain(t->name, "a refusal may use {phone} alone, not", v->name);
	return 0;
}

static void need(struct catalogue *cat, const char *prefix, const char *name)
{
	char whole[100];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	if (!catalogue_find(cat, whole))
		complain(whole, "is missing", "");
}

/* A comma-separated list of names of guards, or "-". */
static void need_guards(struct catalogue *cat, char *list)
{
	for (char *guard; (guard = strsep(&list, ","));)
		if (strcmp(guard, "-"))
			need(cat, "refused.E_GUARD.", guard);
}

/* A comma-separated list of ROLE:name(condition), or "-". */
static void need_notices(struct catalogue *cat, char *list)
{
	for (char *notice; (notice = strsep(&list, ","));) {
		char *name = strchr(notice, ':');

		if (!strcmp(notice, "-"))
			continue;
		assert_non_null(name);
		name[1 + strcspn(name + 1, "(\n")] = '\0';
		need(cat, "", name + 1);
	}
}

static bool served(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i], machine))
			return true;
	return false;
}

/* machine, from_state, event, to_state, roles, guards, notify */
static void need_transition(struct catalogue *cat, char *row)
{
	char *fields[7];

	row[strcspn(row, "\n")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		fields[i] = strsep(&row, "\t");
		assert_non_null(fields[i]);
	}
	if (!served(fields[0]))
		return;
	need_guards(cat, fields[5]);
	need_notices(cat, fields[6]);
}

static void test_every_transition_has_its_words(void **state)
{
	FILE *f = fopen(TRANSITIONS, "r");
	char row[1000];

	assert_non_null(f);
	complaints = 0;
	while (fgets(row, sizeof(row), f))
		if (row[0] != '#')
			need_transition(*state, row);
	fclose(f);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		need(*state, "refused.", codes[i]);
	catalogue_each(*state, check_refusal, NULL);
	assert_int_equal(complaints, 0);
}

static const char *const units[] = { "kg", "g", "l", "cl", "botte", "pc", "pot", "barquette" };
static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static void test_units_days_months(void **state)
{
	complaints = 0;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		need(*state, "unit.", units[i]);
	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		need(*state, "day.", days[i]);
	for (int i = 1; i <= 12; i++) {
		char month[4];

		snprintf(month, sizeof(month), "%d", i);
		need(*state, "month.", month);
	}
	assert_int_equal(complaints, 0);
}

static int catalogue_new(void **state)
{
	struct catalogue *cat = NULL;
	char *error = NULL;

	if (catalogue_open(&cat, NULL, "fr", &error))
		print_message("# messages/fr.po: %s\n", error);
	talloc_free(error);
	*state = cat;
	return cat ? 0 : -1;
}

static int catalogue_done(void **state)
{
	return talloc_free(*state);
}

int main(void)
{
	static const struct log_info no_categories = { 0 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_text_fits_its_parts),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_promotional_ends_with_stop),
		cmocka_unit_test(test_every_transition_has_its_words),
		cmocka_unit_test(test_units_days_months),
	};

	log_init(&no_categories, NULL);
	return cmocka_run_group_tests_name("fr", tests, catalogue_new, catalogue_done);
}
