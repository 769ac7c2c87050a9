/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/tsv.h"

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

void tsv_open(struct tsv *tsv, void *ctx, const char *text)
{
	*tsv = (struct tsv){ .next = talloc_strdup(ctx, text) };
	OSMO_ASSERT(tsv->next);
}

static void split(struct tsv *tsv, char *line)
{
	static char empty[] = "";

	tsv->n = 0;
	for (char *field; (field = strsep(&line, "\t")) && tsv->n < TSV_FIELDS_MAX;)
		tsv->field[tsv->n++] = field;
	for (int i = tsv->n; i < TSV_FIELDS_MAX; i++)
		tsv->field[i] = empty;
}

bool tsv_next(struct tsv *tsv)
{
	char *line;

	while ((line = strsep(&tsv->next, "\n"))) {
		if (!*line || *line == '#')
			continue;
		split(tsv, line);
		return true;
	}
	return false;
}
