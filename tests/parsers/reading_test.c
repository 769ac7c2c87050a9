/* How well texts are read: labelled texts, scored by what decides the effect.
 *
 * exact: the intent and the arguments that decide the effect. wrong: an action read that
 * the label does not hold. Every miss is printed.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#define COLUMNS 6

struct row {
	char *family, *language, *actor, *text, *intent, *args;
};

struct score {
	unsigned rows, exact, wrong;
};

static struct rules *rules;
static struct lexicon *lexicon;

/* Intents of which nothing happens: read wrongly they only give a wrong answer. */
static const char passive[] =
	" CLARIFY UNKNOWN HELP LIST STATUS RESULTS THANKS CALLBACK PICKUP_INFO VERIFY "
	"EMERGENCY COMPLAINT LANG PRIVACY START ";

/* Arguments that decide the effect, by intent; of those not listed items and ref. */
static const struct {
	const char *intent, *keys;
} deciding[] = {
	{ "CLARIFY", "" },
	{ "UNKNOWN", "" },
	{ "LIST", "" },
	{ "RESERVE", " kind item dest day from until days time seats ref " },
	{ "RESCHEDULE", " item ref day time " },
	{ "EXTEND", " item ref days until " },
	{ "RETURN", " item ref " },
	{ "VOTE", " motion choice pin " },
	{ "VOTE_GRADE", " motion grades pin " },
	{ "PROXY_GIVE", " to pin " },
	{ "PROXY_ACCEPT", " ref " },
	{ "PROXY_REFUSE", " ref " },
	{ "PROXY_REVOKE", " to " },
	{ "LINE_SUB", " from to ref " },
	{ "RESULTS", " motion " },
	{ "VERIFY", " receipt " },
	{ "STOP", " scope " },
	{ "LANG", " lang " },
	{ "CANCEL", " ref item " },
	{ "STATUS", " ref " },
	{ "PAY", " ref amount " },
	{ "PAY_REFUND", " ref amount " },
	{ "CREDIT", " ref amount items " },
	{ "REBOOK", " ref day from to " },
	{ "CODE", " code " },
	{ "PICKUP_DONE", " code ref " },
};

static const char *const roles[][2] = {
	{ "resident", "RES" }, { "member", "MEM" }, { "producer", "PRO" }, { "lender", "PRV" },
	{ "mechanic", "PRV" }, { "driver", "PRV" }, { "coord", "COO" },    { "coordinator", "COO" },
	{ "courier", "COO" },  { "helper", "AID" }, { "unknown", "-" },
};

static const char *role_of(const char *actor)
{
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (!strcmp(roles[i][0], actor))
			return roles[i][1];
	fail_msg("no role for actor \"%s\"", actor);
	return NULL;
}

static bool among(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = strstr(words, word); s; s = strstr(s + 1, word))
		if (s > words && s[-1] == ' ' && s[n] == ' ')
			return true;
	return false;
}

static bool decides(const char *intent, const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(deciding); i++)
		if (!strcmp(deciding[i].intent, intent))
			return among(deciding[i].keys, key);
	return !strcmp(key, "ref");
}

static bool items_decide(const char *intent)
{
	for (size_t i = 0; i < ARRAY_SIZE(deciding); i++)
		if (!strcmp(deciding[i].intent, intent))
			return among(deciding[i].keys, "items");
	return true;
}

/* An argument that says what goes without saying. */
static bool is_default(const char *key, const char *value)
{
	return (!strcmp(key, "seats") && !strcmp(value, "1"))
	       || (!strcmp(key, "item") && !strcmp(value, "only"))
	       || (!strcmp(key, "scope") && !strcmp(value, "all"));
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "C483,C482" and "C482,C483" are the same. */
static char *sorted(void *ctx, const char *list)
{
	char *copy = talloc_strdup(ctx, list), *word[40], *save, *out = talloc_strdup(ctx, "");
	size_t n = 0;

	for (char *w = strtok_r(copy, ",", &save); w && n < ARRAY_SIZE(word);
	     w = strtok_r(NULL, ",", &save))
		word[n++] = w;
	qsort(word, n, sizeof(word[0]), compare_words);
	for (size_t i = 0; i < n; i++)
		out = talloc_asprintf_append(out, "%s,", word[i]);
	return out;
}

static bool same_item(const struct reading_item *a, const struct reading_item *b)
{
	return a->qty == b->qty && a->milli == b->milli && a->number == b->number
	       && a->line == b->line && !strcmp(a->unit, b->unit)
	       && !strcmp(a->product, b->product);
}

static bool same_items(const struct reading *a, const struct reading *b)
{
	if (a->n_items != b->n_items)
		return false;
	for (size_t i = 0; i < a->n_items; i++) {
		size_t k = 0;

		while (k < b->n_items && !same_item(&a->items[i], &b->items[k]))
			k++;
		if (k == b->n_items)
			return false;
	}
	return true;
}

/* Whether all that decides of a is in b. */
static bool args_in(void *ctx, const struct reading *a, const struct reading *b)
{
	for (size_t i = 0; i < a->n_args; i++) {
		const char *key = a->args[i].key, *value = a->args[i].value;
		const char *other = reading_arg(b, key);

		if (!decides(a->intent, key) || is_default(key, value))
			continue;
		if (!other || strcmp(sorted(ctx, value), sorted(ctx, other)))
			return false;
	}
	return true;
}

static bool same(void *ctx, const struct reading *label, const struct reading *read)
{
	if (strcmp(label->intent, read->intent))
		return false;
	if (items_decide(label->intent) && !same_items(label, read))
		return false;
	return args_in(ctx, label, read) && args_in(ctx, read, label);
}

/* "\n" in the file is a line break. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *s = text; *s; s++) {
		bool escape = s[0] == '\\' && s[1] == 'n';

		*to++ = escape ? '\n' : *s;
		s += escape;
	}
	*to = '\0';
}

static void score_row(struct score *score, struct row *row)
{
	void *ctx = talloc_new(NULL);
	struct reading *label =
		reading_scan(ctx, talloc_asprintf(ctx, "%s\t%s", row->intent, row->args));
	struct reading *read;

	if (!label)
		fail_msg("not the notation: %s %s", row->intent, row->args);
	unescape(row->text);
	read = reading_parse(ctx, rules, lexicon, role_of(row->actor), row->text);
	score->rows++;
	if (same(ctx, label, read)) {
		score->exact++;
	} else {
		bool wrong = !among(passive, read->intent);

		score->wrong += wrong;
		print_message("# %s: %s %s: %s %s -> %s\n", wrong ? "WRONG" : "miss", row->actor,
			      row->text, row->intent, row->args, reading_print(ctx, read));
	}
	talloc_free(ctx);
}

static bool split_row(char *line, struct row *row)
{
	char *column[COLUMNS];
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '#' || !line[0])
		return false;
	while (n < COLUMNS) {
		char *tab = strchr(line, '\t');

		column[n++] = line;
		if (!tab)
			break;
		*tab = '\0';
		line = tab + 1;
	}
	if (n < COLUMNS)
		fail_msg("a row of %zu columns: %s", n, column[0]);
	*row = (struct row){ column[0], column[1], column[2], column[3], column[4], column[5] };
	return true;
}

/* The rows of a file in French, of some families and intents or (NULL) of all. */
static struct score score_file(const char *path, const char *families, const char *intents)
{
	FILE *in = fopen(path, "re");
	struct score score = { 0 };
	char *line = NULL;
	size_t size = 0;
	struct row row;

	if (!in)
		fail_msg("%s is missing", path);
	while (getline(&line, &size, in) >= 0)
		if (split_row(line, &row) && !strcmp(row.language, "fr")
		    && (!families || among(families, row.family))
		    && (!intents || among(intents, row.intent)))
			score_row(&score, &row);
	free(line);
	fclose(in);
	return score;
}

/* 97 % exact, at most 0.3 % acted on wrongly. */
static void expect_bars(const char *what, const struct score *s)
{
	print_message("# %s: %u of %u exact, %u acted on wrongly\n", what, s->exact, s->rows,
		      s->wrong);
	assert_true(s->rows > 100);
	assert_true(s->exact * 1000 >= s->rows * 970);
	assert_true(s->wrong * 1000 <= s->rows * 3);
}

static void test_corpus_of_ordering(void **state)
{
	struct score s = score_file(
		SRCDIR "/tests/parsers/utterances.tsv",
		" order addremove list cancel status help stop prodconfirm short unknown ",
		" ORDER ADD REMOVE SET LIST CANCEL STATUS HELP STOP START YES NO THANKS LINE_CONFIRM "
		"LINE_PARTIAL LINE_REFUSE CLARIFY UNKNOWN ");

	(void)state;
	expect_bars("corpus, ordering", &s);
}

static void test_corpus(void **state)
{
	struct score s = score_file(SRCDIR "/tests/parsers/utterances.tsv", NULL, NULL);

	(void)state;
	expect_bars("corpus, all families", &s);
}

static void test_heldout(void **state)
{
	struct score s = score_file(SRCDIR "/tests/parsers/heldout_fr.tsv", NULL, NULL);

	(void)state;
	expect_bars("other texts", &s);
}

/* Questions and complaints in the words of actions: to ask back is no fault here, to act wrongly is. */
static void test_everyday(void **state)
{
	struct score s = score_file(SRCDIR "/tests/parsers/everyday_fr.tsv", NULL, NULL);

	(void)state;
	print_message("# everyday: %u of %u exact, %u acted on wrongly\n", s.exact, s.rows,
		      s.wrong);
	assert_true(s.rows > 100);
	assert_true(s.exact * 10 >= s.rows * 9);
	assert_int_equal(s.wrong, 0);
}

static void test_whatever_comes(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n\n",
		"((((((",
		"\xff\xfe\x80",
		"\xe2\x82",
		"9999999999999999999 kg",
		"0/0/0",
		"é\u0301\u0301",
		"\u202e2kg carottes",
		"😀👍🏽❤️",
		"1/2/3/4/5",
		"l'",
		"'",
		"kg",
		"1kg1kg1kg1kg1kg",
		"x x x x",
		"fois fois",
		"n° n° 4",
		"-------",
		"+ - + -",
		"c482c483",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	static const char *const all[] = {
		"RES", "MEM", "PRO", "PRV", "COO", "AID", "-", "nobody"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		for (size_t k = 0; k < ARRAY_SIZE(all); k++) {
			void *ctx = talloc_new(NULL);
			struct reading *r = reading_parse(ctx, rules, lexicon, all[k], texts[i]);
			struct reading *again = reading_scan(ctx, reading_print(ctx, r));

			assert_non_null(again);
			assert_string_equal(reading_print(ctx, r), reading_print(ctx, again));
			talloc_free(ctx);
		}
}

/* More than ten parts are not read to their end, so nothing is done. */
static void test_too_long(void **state)
{
	char *text = talloc_strdup(NULL, "2 kg carottes ");
	struct reading *r;

	(void)state;
	while (strlen(text) < 3000)
		text = talloc_strdup_append(text, "svp merci ");
	r = reading_parse(text, rules, lexicon, "RES", text);
	assert_string_equal(r->intent, "CLARIFY");
	talloc_free(text);
}

static int setup(void **state)
{
	char *error = NULL;

	(void)state;
	if (rules_open(&rules, NULL, "fr", NULL, &error) < 0) {
		print_message("# %s\n", error);
		return -1;
	}
	lexicon = lexicon_demo(NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	talloc_free(rules);
	talloc_free(lexicon);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus_of_ordering),
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_heldout),
		cmocka_unit_test(test_everyday),
		cmocka_unit_test(test_whatever_comes),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("reading", tests, setup, teardown);
}
