/* From a text to what it asks for: every rule is tried, the one that explains most wins.
 *
 * What it leaves unexplained decides whether anything is done: a quantity, a product, a
 * reference or a word that asks for something, which the winning rule did not use, turns
 * an action into a question.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/aside.h"
#include "parsers/list.h"
#include "parsers/rules.h"
#include "parsers/symbol.h"
#include "parsers/template.h"

/* More than any rule can explain. */
#define FIRST 100000

/* A rule that matched. */
struct candidate {
	const struct rule *rule;
	struct pattern_match match[RULE_PARTS_MAX];
	unsigned weak;     /* words without a meaning that it names */
	bool *used;        /* by symbol */
	struct list *list; /* of a rule with a list */
	struct list *list2;
	int score;
	unsigned unknown; /* words left over that nobody knows */
	bool reason;      /* words stand behind that are a reason */
	bool blocked;     /* something is left that must be explained */
};

struct parse {
	const struct rules *rules;
	const struct lexicon *lex;
	const char *role;
	struct symbols *symbols;
	struct asides *asides;
	const unsigned *talk; /* by symbol: the number of a clause that asks for nothing, or 0 */
	bool limit_hit;
	size_t n;
	struct candidate *c;
};

/* Whether a symbol carries a meaning of its own, so that only one part of a rule may use it. */
static bool is_strong(const struct symbol *s)
{
	switch (s->kind) {
	case SYMBOL_WEAK:
	case SYMBOL_UNKNOWN:
	case SYMBOL_AND:
	case SYMBOL_SOME:
	case SYMBOL_TIMES:
	case SYMBOL_NO:
		return false;
	case SYMBOL_NUMBER:
		return !s->article;
	default:
		return true;
	}
}

/* Whether it must be explained before anything is done. */
static bool must_explain(const struct symbol *s)
{
	switch (s->kind) {
	case SYMBOL_WORD:
	case SYMBOL_UNKNOWN:
		return s->must;
	case SYMBOL_NUMBER:
		return !s->article;
	case SYMBOL_QTY:
	case SYMBOL_PRODUCT:
	case SYMBOL_CATEGORY:
	case SYMBOL_THING:
	case SYMBOL_REF:
	case SYMBOL_MONEY:
	case SYMBOL_PACK:
	case SYMBOL_PHONE:
	case SYMBOL_CODE:
	case SYMBOL_FOREIGN:
		return true;
	default:
		return false;
	}
}

/* Take the symbols of a match; false if a part of the rule has one of them already. */
static bool take(const struct parse *p, bool *used, const struct pattern_match *m)
{
	size_t from = symbol_at(p->symbols, m->from), to = symbol_at(p->symbols, m->to);

	for (size_t i = from; i < to; i++)
		if (used[i] && is_strong(&p->symbols->s[i]))
			return false;
	for (size_t i = from; i < to; i++)
		used[i] |= p->symbols->s[i].kind != SYMBOL_UNKNOWN;
	for (size_t k = 0; k < m->n; k++)
		for (size_t i = symbol_at(p->symbols, m->capture[k].from);
		     i < symbol_at(p->symbols, m->capture[k].to); i++)
			used[i] = true;
	return true;
}

/* The first match of a part that is apart from those before it. */
static bool match_part(struct parse *p, const struct pattern *part, bool *used,
		       struct pattern_match *out)
{
	size_t start = 0;

	for (;;) {
		int rc = pattern_match(out, part, p->rules->match, p->symbols->subject,
				       p->symbols->length, start, p->symbols->have);

		p->limit_hit |= rc == -E2BIG;
		if (rc < 0)
			return false;
		if (take(p, used, out))
			return true;
		start = out->from; /* at the next space */
	}
}

static struct list *read_list(struct parse *p, const struct candidate *c, bool *used, bool all)
{
	struct list_options options = {
		.role = p->role, .any = c->rule->intent->any, .all = all, .fix = c->rule->fix
	};

	return list_read(p->symbols, p->rules, p->lex, p->symbols, used, &options);
}

/* The list that stands behind one part of a rule, up to the other. */
static struct list *list_behind(struct parse *p, struct candidate *c, unsigned part, bool all)
{
	size_t from = symbol_at(p->symbols, c->match[part].from),
	       other = symbol_at(p->symbols, c->match[!part].from), n = p->symbols->n;
	bool *used = talloc_array(p->symbols, bool, n + 1);
	struct list *list;

	OSMO_ASSERT(used);
	for (size_t i = 0; i < n; i++)
		used[i] = c->used[i] || i < from || (other > from && i >= other);
	list = read_list(p, c, used, all);
	for (size_t i = from; i < n && !(other > from && i >= other); i++)
		c->used[i] |= used[i];
	return list;
}

/* "ajoute 1 kg de carottes et enlève les radis": two lists that are clear, or the rule does not match. */
static bool match_both(struct parse *p, struct candidate *c)
{
	c->list = list_behind(p, c, 0, false);
	c->list2 = list_behind(p, c, 1, true);
	return c->list->n && c->list2->n && !c->list->reason && !c->list2->reason;
}

/* Clauses that are mere talk, of which the rule uses nothing. */
static void mark_talk(const struct parse *p, const struct candidate *c, bool *aside)
{
	for (size_t i = 0, from = 0; i < p->symbols->n; i++) {
		bool apart = p->talk[i] != 0;

		from = i && p->talk[i] == p->talk[i - 1] ? from : i;
		for (size_t k = from; k < p->symbols->n && p->talk[k] == p->talk[i] && apart; k++)
			apart = !(c->used[k] && is_strong(&p->symbols->s[k]));
		aside[i] |= apart;
	}
}

/* The symbols that stand in asides of the intent, none of which the rule uses itself; only of asides that name amounts,
 * if those are asked for. */
static bool *mark_asides(const struct parse *p, const struct candidate *c, bool amounts)
{
	bool *aside = talloc_zero_array(p->symbols, bool, p->symbols->n + 1);

	OSMO_ASSERT(aside);
	if (c->rule->intent->talk && !amounts)
		mark_talk(p, c, aside);
	for (size_t k = 0; k < p->asides->n; k++) {
		const struct aside_span *span = &p->asides->span[k];
		bool apart = aside_fits(span->row, c->rule->intent)
			     && (span->row->amounts || !amounts);

		for (size_t i = span->from; i < span->to && apart; i++)
			apart = !(c->used[i] && is_strong(&p->symbols->s[i]));
		for (size_t i = span->from; i < span->to && apart; i++)
			aside[i] = true;
	}
	return aside;
}

/* "2 l de lait pour faire du riz": what is named in an aside is not of the list. */
static struct list *list_without_asides(struct parse *p, struct candidate *c)
{
	bool *aside = mark_asides(p, c, true);
	struct list *list;

	for (size_t i = 0; i < p->symbols->n; i++) {
		aside[i] &= !c->used[i];
		c->used[i] |= aside[i];
	}
	list = read_list(p, c, c->used, c->rule->intent->missing == LIST_ALL);
	for (size_t i = 0; i < p->symbols->n; i++)
		c->used[i] &= !aside[i];
	talloc_free(aside);
	return list;
}

static bool match_list(struct parse *p, struct candidate *c)
{
	const struct rule *rule = c->rule;

	if (rule->both)
		return match_both(p, c);
	c->list = list_without_asides(p, c);
	return c->list->products && (!rule->large || c->list->large)
	       && (!rule->priced || (c->list->priced && !c->list->missing))
	       && (!rule->one || c->list->n <= 1);
}

/* Whether a pattern is anywhere in the text; weak counts the words without a meaning that it names. */
static bool occurs(struct parse *p, const struct pattern *pattern, unsigned *weak)
{
	struct pattern_match m;
	int rc = pattern_match(&m, pattern, p->rules->match, p->symbols->subject,
			       p->symbols->length, 0, p->symbols->have);

	p->limit_hit |= rc == -E2BIG;
	if (rc == 0)
		*weak += m.weak;
	return rc != -ENOENT;
}

static bool conditions_hold(struct parse *p, struct candidate *c)
{
	const struct rule *rule = c->rule;
	unsigned ignored;

	for (unsigned i = 0; i < rule->n_absent; i++)
		if (occurs(p, rule->absent[i], &ignored))
			return false;
	for (unsigned i = 0; i < rule->n_present; i++)
		if (!occurs(p, rule->present[i], &c->weak))
			return false;
	return true;
}

/* Most rules ask for a symbol that the text does not have. */
static bool may_match(const struct parse *p, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->n_parts; i++)
		if (!pattern_may_match(rule->part[i], p->symbols->have))
			return false;
	for (unsigned i = 0; i < rule->n_present; i++)
		if (!pattern_may_match(rule->present[i], p->symbols->have))
			return false;
	return rules_role(rule->roles, p->role);
}

static bool match_rule(struct parse *p, const struct rule *rule, struct candidate *c)
{
	*c = (struct candidate){ .rule = rule };
	c->used = talloc_zero_array(p->symbols, bool, p->symbols->n + 1);
	OSMO_ASSERT(c->used);
	for (unsigned i = 0; i < rule->n_parts; i++) {
		if (!match_part(p, rule->part[i], c->used, &c->match[i]))
			return false;
		c->weak += c->match[i].weak;
	}
	return conditions_hold(p, c) && (!rule->list || match_list(p, c));
}

/* Names that the arguments take from anywhere in the text are explained by that. */
static void mark_args(const struct parse *p, struct candidate *c)
{
	struct template_source from = { p->symbols, c->match, c->rule->n_parts, c->list, c->list2 };

	for (unsigned i = 0; i < c->rule->n_args; i++)
		template_mark(c->rule->arg[i].value, &from, c->used);
}

/* A word that is used needs no explanation where it stands again. */
static bool said_before(const struct parse *p, const struct candidate *c, size_t i)
{
	const struct symbol *s = &p->symbols->s[i];

	for (size_t k = 0; k < p->symbols->n && s->kind == SYMBOL_WORD; k++)
		if (c->used[k] && p->symbols->s[k].kind == SYMBOL_WORD
		    && !strcmp(p->symbols->s[k].text, s->text))
			return true;
	return false;
}

/* Whether a verb of the rule stands between items: those before it may be meant otherwise ("1 pain enlève le lait"). */
static bool verb_between(const struct parse *p, const struct candidate *c)
{
	for (unsigned k = 0; c->list && k < c->rule->n_parts; k++) {
		size_t verb = symbol_at(p->symbols, c->match[k].from);
		bool before = false, after = false;

		if (!p->symbols->s[verb].must)
			continue;
		for (size_t i = 0; i < c->list->n; i++) {
			before |= c->list->to[i] < verb;
			after |= c->list->from[i] > verb;
		}
		if (before && after)
			return true;
	}
	return false;
}

static bool ends_sentence(const struct symbol *s)
{
	return s->kind == SYMBOL_WEAK && s->text[1] == '\0' && strchr("._;", s->text[0]);
}

/* Whether a sentence ends between two items, the first of which stands in that of the verb. */
static bool goes_on(const struct parse *p, const struct candidate *c)
{
	size_t i = c->rule->n_parts ? symbol_at(p->symbols, c->match[0].from) : p->symbols->n;
	bool item = false;

	for (; i < p->symbols->n; i++) {
		bool ends = ends_sentence(&p->symbols->s[i]);

		for (size_t k = 0; k < c->list->n; k++) {
			if (ends && item && c->list->from[k] > i)
				return true;
			item |= c->list->from[k] == i;
		}
		if (ends && !item)
			return false;
	}
	return false;
}

/* Whether what is listed may not all be meant alike: "enlève le pain 1 kg de pommes", where whole lines and quantities
 * are mixed, or what is taken away in one sentence and more in the next. */
static bool unlike(const struct parse *p, const struct candidate *c)
{
	bool all = false, given = false;

	if (!c->list || c->rule->intent->missing != LIST_ALL)
		return false;
	for (size_t i = 0; i < c->list->n; i++) {
		all |= c->list->item[i].qty == READING_QTY_ALL;
		given |= c->list->item[i].qty == READING_QTY_GIVEN;
	}
	return (all && given) || goes_on(p, c);
}

/* Whether a word that nobody knows stands before the first quantity or product, outside of asides: it may be a verb
 * misspelt. */
static bool unknown_first(const struct parse *p, const bool *aside)
{
	for (size_t i = 0; i < p->symbols->n; i++) {
		const struct symbol *s = &p->symbols->s[i];

		if (s->kind == SYMBOL_UNKNOWN && !aside[i])
			return true;
		if (s->kind == SYMBOL_QTY || s->kind == SYMBOL_NUMBER || s->kind == SYMBOL_PRODUCT)
			return false;
	}
	return false;
}

/* Somebody's own words need no explanation. */
static void mark_words(const struct parse *p, struct candidate *c)
{
	size_t from = 0;

	for (unsigned i = 0; i < c->rule->n_parts; i++) {
		size_t to = symbol_at(p->symbols, c->match[i].to);

		from = to > from ? to : from;
	}
	for (; from < p->symbols->n; from++)
		c->used[from] = true;
}

/* What stands behind the words of the rule is its reason, unless money or another order is named there. */
static void take_reason(const struct parse *p, struct candidate *c)
{
	size_t from = p->symbols->n;

	while (from > 0 && !c->used[from - 1])
		from--;
	for (size_t i = from; i < p->symbols->n; i++)
		if (p->symbols->s[i].kind == SYMBOL_REF || p->symbols->s[i].kind == SYMBOL_MONEY)
			return;
	for (size_t i = from; i < p->symbols->n; i++) {
		c->used[i] = true;
		c->reason |= is_strong(&p->symbols->s[i])
			     || p->symbols->s[i].kind == SYMBOL_UNKNOWN;
	}
}

/* What a match explains and leaves. \returns whether it counts at all. */
static bool judge(const struct parse *p, struct candidate *c)
{
	bool *aside;

	aside = mark_asides(p, c, false);
	mark_args(p, c);
	if (c->rule->intent->words)
		mark_words(p, c);
	if (c->rule->intent->reason)
		take_reason(p, c);
	c->score = (c->rule->large || c->rule->priced) + (c->rule->intent->first ? FIRST : 0);
	c->score += (int)c->weak;
	for (size_t i = 0; i < p->symbols->n; i++) {
		const struct symbol *s = &p->symbols->s[i];

		c->blocked |= c->rule->intent->exact && c->used[i] && s->guessed;
		c->blocked |= c->rule->intent->unasked && s->text[0] == '?';
		if (c->used[i]) {
			c->score += is_strong(s) || s->kind == SYMBOL_UNKNOWN ? 2 : 0;
			continue;
		}
		if (said_before(p, c, i))
			continue;
		if (aside[i]) {
			c->score += is_strong(s) && !(c->rule->intent->talk && p->talk[i]);
			continue;
		}
		c->blocked |= must_explain(s) || (c->rule->intent->alone && is_strong(s));
		/* what was guessed and then served no rule was guessed wrongly */
		c->unknown += s->kind == SYMBOL_UNKNOWN || (s->kind == SYMBOL_WORD && s->guessed);
	}
	c->blocked |= c->rule->clean && unknown_first(p, aside);
	c->blocked |= !c->rule->both && (verb_between(p, c) || unlike(p, c));
	c->blocked |= c->unknown > (c->rule->strict ? 0 : c->rule->intent->unknown);
	talloc_free(aside);
	return !c->rule->strict || c->rule->intent->acts || !c->unknown;
}

static void collect(struct parse *p)
{
	p->c = talloc_array(p->symbols, struct candidate, p->rules->n_rules);
	OSMO_ASSERT(p->c);
	for (size_t i = 0; i < p->rules->n_rules; i++) {
		struct candidate *c = &p->c[p->n];

		if (!may_match(p, &p->rules->rules[i]))
			continue;
		if (match_rule(p, &p->rules->rules[i], c) && judge(p, c))
			p->n++;
		else
			talloc_free(c->used);
	}
}

/* Of two that explain as much the one that can be followed is better. */
static int obstacles(const struct parse *p, const struct candidate *c)
{
	const struct intent *in = c->rule->intent;

	if (!in->acts)
		return 0;
	return (c->list && c->list->reason) + 2 * c->blocked + 4 * !rules_role(in->roles, p->role);
}

static const struct candidate *best(const struct parse *p)
{
	const struct candidate *b = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct candidate *c = &p->c[i];

		if (!b || c->score > b->score
		    || (c->score == b->score && obstacles(p, c) < obstacles(p, b)))
			b = c;
	}
	return b;
}

/* Another intent in what the winner left. */
static const struct candidate *other(const struct parse *p, const struct candidate *winner)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct candidate *c = &p->c[i];
		bool apart = c->rule->intent != winner->rule->intent && c->score >= 2;

		for (size_t k = 0; k < p->symbols->n && apart; k++)
			apart = !(c->used[k] && winner->used[k] && is_strong(&p->symbols->s[k]));
		if (apart)
			return c;
	}
	return NULL;
}

/* --- what is answered --- */

static void put_arg(struct reading *r, const char *key, const char *value)
{
	if (!value || !*value || r->n_args == READING_ARGS_MAX)
		return;
	r->args[r->n_args++] = (struct reading_arg){ talloc_strdup(r, key),
						     talloc_strdup(r, value) };
}

static void clarify(struct reading *r, const char *reason)
{
	r->intent = "CLARIFY";
	put_arg(r, "reason", reason);
}

/* An intent in small letters, as op= names it. */
static const char *op_of(struct reading *r, const struct candidate *c)
{
	char *op = talloc_strdup(r, c->rule->intent->name);

	for (char *s = op; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s += 32;
	return op;
}

/* What the products of a list would take the place of; NULL if nothing. */
static char *replaced(struct reading *r, const struct parse *p, const struct candidate *c)
{
	const struct rule *rule = c->rule;
	struct template_source from = { p->symbols, c->match, rule->n_parts, c->list, c->list2 };

	for (unsigned i = 0; i < rule->n_args; i++)
		if (!strcmp(rule->intent->name, "SWAP") && !strcmp(rule->arg[i].key, "from"))
			return template_expand(r, rule->arg[i].value, &from);
	return NULL;
}

static void clarify_list(struct reading *r, const struct parse *p, const struct candidate *c)
{
	const struct list *l = c->list;
	struct reading kept = { 0 };

	clarify(r, l->reason);
	put_arg(r, "product", l->product);
	put_arg(r, "cand", l->cand);
	put_arg(r, "n", l->text);
	put_arg(r, "op", op_of(r, c));
	put_arg(r, "from", replaced(r, p, c));
	memcpy(kept.items, l->item, l->n * sizeof(l->item[0]));
	kept.n_items = l->n;
	put_arg(r, strcmp(l->reason, "t9_homograph") ? "keep" : "guess",
		reading_print_items(r, &kept));
}

static void answer(struct reading *r, const struct parse *p, const struct candidate *c)
{
	const struct rule *rule = c->rule;

	r->intent = rule->intent->name;
	for (unsigned i = 0; i < rule->n_args; i++) {
		struct template_source from = { p->symbols, c->match, rule->n_parts, c->list,
						c->list2 };

		if (!strcmp(rule->arg[i].key, "items"))
			template_items(r, rule->arg[i].value, &from);
		else
			put_arg(r, rule->arg[i].key, template_expand(r, rule->arg[i].value, &from));
	}
	if (c->reason && !reading_arg(r, "reason"))
		put_arg(r, "reason", "said");
	if (c->list && c->list->stray)
		put_arg(r, "stray", "price");
}

static void unclear(struct reading *r, const struct parse *p, const struct candidate *c)
{
	const struct candidate *o = other(p, c);

	clarify(r, o ? "multi_intent" : "unclear");
	if (o)
		put_arg(r, "intents",
			talloc_asprintf(r, "%s,%s", c->rule->intent->name, o->rule->intent->name));
	else
		put_arg(r, "guess", c->rule->intent->name);
}

/* Nothing matched: a name that is known is worth a question, all else is not understood. */
static void nothing(struct reading *r, const struct parse *p)
{
	size_t unknown = 0;

	for (size_t i = 0; i < p->symbols->n; i++)
		unknown += p->symbols->s[i].kind == SYMBOL_UNKNOWN;
	for (size_t i = 0; i < p->symbols->n && unknown < 2; i++) {
		const struct symbol *s = &p->symbols->s[i];

		if (s->kind != SYMBOL_PRODUCT && s->kind != SYMBOL_THING && s->kind != SYMBOL_REF)
			continue;
		clarify(r, "unclear");
		put_arg(r,
			s->kind == SYMBOL_PRODUCT ? "product"
			: s->kind == SYMBOL_THING ? "item"
						  : "ref",
			s->text);
		return;
	}
	r->intent = "UNKNOWN";
	put_arg(r, "reason", p->symbols->n ? "noise" : "empty");
}

static void decide(struct reading *r, struct parse *p)
{
	const struct candidate *c = best(p);
	const struct intent *in = c ? c->rule->intent : NULL;

	if (!c) {
		nothing(r, p);
	} else if (in->acts && !rules_role(in->roles, p->role)) {
		clarify(r, !strcmp(p->role, "-") ? "unknown_number" : "role_forbidden");
		put_arg(r, "intent", in->name);
	} else if (in->acts && c->blocked && c->unknown >= (unsigned)c->score) {
		nothing(r, p);
	} else if (in->acts && c->blocked) {
		unclear(r, p, c);
	} else if (c->list && c->list->reason && in->acts) {
		clarify_list(r, p, c);
	} else if (in->acts && p->limit_hit) {
		unclear(r, p, c);
	} else {
		answer(r, p, c);
	}
}

/* Everything up to the choice of a rule, on ctx. */
static void prepare(struct parse *p, void *ctx, const char *text)
{
	bool clipped;
	char *folded = fold_text(ctx, text, p->rules->map, p->rules->n_map, &clipped);
	struct tokens *tokens = token_cut(ctx, folded);

	p->symbols = symbol_read(ctx, p->rules, p->lex, tokens);
	p->asides = aside_find(ctx, p->rules, p->symbols);
	p->talk = aside_talk(ctx, p->rules, p->symbols);
	p->limit_hit = clipped || tokens->clipped || p->asides->limit_hit;
	collect(p);
}

struct reading *reading_parse(void *ctx, const struct rules *rules, const struct lexicon *lex,
			      const char *role, const char *text)
{
	struct reading *r = talloc_zero(ctx, struct reading);
	struct parse p = { .rules = rules, .lex = lex, .role = role };
	void *scratch = talloc_new(r);

	OSMO_ASSERT(r && scratch);
	prepare(&p, scratch, text);
	decide(r, &p);
	talloc_free(scratch);
	return r;
}

char *reading_explain(void *ctx, const struct rules *rules, const struct lexicon *lex,
		      const char *role, const char *text)
{
	struct parse p = { .rules = rules, .lex = lex, .role = role };
	void *scratch = talloc_new(ctx);
	const struct candidate *b;
	char *out;

	OSMO_ASSERT(scratch);
	prepare(&p, scratch, text);
	b = best(&p);
	out = talloc_asprintf(ctx, "%s%s", p.symbols->subject, p.symbols->corrections);
	for (size_t i = 0; i < p.n; i++)
		out = talloc_asprintf_append(out, "%s line %u %s %d%s", &p.c[i] == b ? " *" : " |",
					     p.c[i].rule->line, p.c[i].rule->intent->name,
					     p.c[i].score, p.c[i].blocked ? " blocked" : "");
	talloc_free(scratch);
	return out;
}

void reading_stream(FILE *in, FILE *out, const struct rules *rules, const struct lexicon *lex,
		    const char *role, bool explain)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, in)) >= 0) {
		void *ctx = talloc_new(NULL);
		char *to = line;

		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		for (const char *s = line; *s; s++) {
			bool escape = s[0] == '\\' && s[1] == 'n';

			*to++ = escape ? '\n' : *s;
			s += escape;
		}
		*to = '\0';
		fputs(reading_print(ctx, reading_parse(ctx, rules, lex, role, line)), out);
		if (explain)
			fprintf(out, "\t%s", reading_explain(ctx, rules, lex, role, line));
		fputc('\n', out);
		talloc_free(ctx);
	}
	free(line);
}
