/* Who can be played at the handset.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/people.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* One line. \returns NULL, or what is wrong with it. */
static const char *read_line(struct people *people, char *line)
{
	struct person *p = &people->list[people->n];
	char *number, *name;

	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return NULL;
	number = strsep(&line, "\t");
	name = strsep(&line, "\t");
	if (!name || !*name)
		return "a line is NUMBER, a TAB, NAME, a TAB, REMARK";
	if (!*number || strlen(number) >= sizeof(p->number))
		return "the number is too long";
	if (people->n == PEOPLE_MAX)
		return "too many people";
	OSMO_STRLCPY_ARRAY(p->number, number);
	p->name = talloc_strdup(people, name);
	p->remark = talloc_strdup(people, line ?: "");
	people->n++;
	return NULL;
}

struct people *people_read(void *ctx, const char *path, char **error)
{
	struct people *people = talloc_zero(ctx, struct people);
	unsigned int line_no = 0;
	const char *wrong = NULL;
	char line[512];
	FILE *f = fopen(path, "r");

	OSMO_ASSERT(people);
	if (!f) {
		*error = talloc_asprintf(ctx, "%s: %s", path, strerror(errno));
		talloc_free(people);
		return NULL;
	}
	while (!wrong && fgets(line, sizeof(line), f)) {
		line_no++;
		wrong = read_line(people, line);
	}
	fclose(f);
	if (!wrong && !people->n)
		wrong = "there is nobody in it";
	if (wrong) {
		*error = talloc_asprintf(ctx, "%s:%u: %s", path, line_no, wrong);
		talloc_free(people);
		return NULL;
	}
	return people;
}

const struct person *people_find(const struct people *people, const char *number)
{
	for (size_t i = 0; people && i < people->n; i++)
		if (!strcmp(people->list[i].number, number))
			return &people->list[i];
	return NULL;
}
