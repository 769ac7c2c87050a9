/* Texts to readings, one a line: what `chappectl parse` does, against the demo's names.
 *
 *   parse_tool [--lang fr] [--role RES] [--rules FILE] [--explain]
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <getopt.h>
#include <stdlib.h>

#include <osmocom/core/talloc.h>

#include "parsers/lexicon.h"
#include "parsers/reading.h"

int main(int argc, char **argv)
{
	static const struct option options[] = { { "lang", required_argument, NULL, 'l' },
						 { "role", required_argument, NULL, 'r' },
						 { "rules", required_argument, NULL, 'f' },
						 { "explain", no_argument, NULL, 'e' },
						 { NULL, 0, NULL, 0 } };
	const char *lang = "fr", *role = "RES", *path = NULL;
	bool explain = false;
	void *ctx = talloc_new(NULL);
	struct rules *rules;
	char *error;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'l')
			lang = optarg;
		else if (c == 'r')
			role = optarg;
		else if (c == 'e')
			explain = true;
		else if (c == 'f')
			path = optarg;
		else
			return 2;
	}
	if (rules_open(&rules, ctx, lang, path, &error) < 0) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	reading_stream(stdin, stdout, rules, lexicon_demo(ctx), role, explain);
	talloc_free(ctx);
	return 0;
}
