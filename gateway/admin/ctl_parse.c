/* chappectl parse: texts in, what they ask for out. The same reader as the gateway's, with no state behind it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/lexicon.h"
#include "parsers/reading.h"

#include "gateway/names.h"
#include "gateway/store/store.h"

/* `\n` stands for a line break. In place. */
static void unescape(char *line)
{
	char *out = line;

	for (const char *in = line; *in; in++) {
		if (in[0] == '\\' && in[1] == 'n') {
			*out++ = '\n';
			in++;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
}

static void print_reading(const struct ctl *ctl, void *ctx, const char *text,
			  const struct reading *r, const char *why)
{
	char *notation = reading_print(ctx, r), *tab = strchr(notation, '\t');

	if (!ctl->json) {
		printf("%s%s%s\n", notation, why ? "\t" : "", why ?: "");
		return;
	}
	if (tab)
		*tab++ = '\0';
	ctl_print_json(json_pack("{s:s+, s:s, s:s}", "text", text, "", "intent", notation,
				 "arguments", tab ?: ""));
}

static int read_all(const struct ctl *ctl, const struct rules *rules, const struct lexicon *lex,
		    const char *role)
{
	bool explain = ctl_option(ctl, "explain") != NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) >= 0) {
		void *ctx = talloc_named_const(ctl, 0, "line");

		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		unescape(line);
		print_reading(ctl, ctx, line, reading_parse(ctx, rules, lex, role, line),
			      explain ? reading_explain(ctx, rules, lex, role, line) : NULL);
		talloc_free(ctx);
	}
	free(line);
	return ferror(stdin) ? ctl_fail(ctl, "the texts cannot be read") : CTL_OK;
}

/* What is on offer: of the database, or of the demo platform. \returns CTL_OK or CTL_FAILED */
static int open_lexicon(struct ctl *ctl, struct lexicon **lex)
{
	struct store *st;
	char *error;

	if (!ctl->config) {
		*lex = lexicon_demo(ctl);
		return CTL_OK;
	}
	if (store_open(&st, ctl, ctl->config->database, 2000, &error))
		return ctl_fail(ctl, "%s", error);
	if (names_read(lex, ctl, st))
		return ctl_fail(ctl, "%s: %s", ctl->config->database, store_error(st));
	talloc_free(st);
	return CTL_OK;
}

int ctl_parse(struct ctl *ctl)
{
	static const char *const roles[] = { "RES", "MEM", "PRO", "PRV", "COO", "AID", "-" };
	const char *role = ctl_option(ctl, "role") ?: "RES";
	const char *language = ctl_option(ctl, "lang") ?: "fr";
	struct rules *rules;
	struct lexicon *lex;
	char *error = NULL;
	size_t i = 0;

	if (ctl->argc)
		return ctl_misused(ctl, "the texts come from standard input, one a line");
	while (i < ARRAY_SIZE(roles) && strcmp(roles[i], role) != 0)
		i++;
	if (i == ARRAY_SIZE(roles))
		return ctl_misused(ctl, "there is no role \"%s\": RES MEM PRO PRV COO AID or -",
				   role);
	if (rules_open(&rules, ctl, language, ctl_option(ctl, "rules"), &error))
		return ctl_fail(ctl, "language %s: %s", language, error ?: "there is none");
	if (open_lexicon(ctl, &lex))
		return CTL_FAILED;
	return read_all(ctl, rules, lex, role);
}
