/* The name under which a process shows in ps and top.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/title.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The kernel shows what lies there as the command line: one process, one such place. */
static struct {
	char *start;
	size_t size;
} room;

/* The strings of argv, and of environ behind them, lie one after the other. */
static char *end_of(char **strings, char *end)
{
	for (size_t i = 0; strings[i]; i++)
		if (strings[i] == end)
			end += strlen(end) + 1;
	return end;
}

void title_init(int argc, char **argv)
{
	char *end;

	if (argc < 1)
		return;
	end = end_of(environ, end_of(argv, argv[0]));
	for (size_t i = 0; environ[i]; i++) {
		char *copy = strdup(environ[i]);

		if (!copy) /* what is not moved stays: no room is better than a broken environment */
			return;
		environ[i] = copy;
	}
	room.start = argv[0];
	room.size = (size_t)(end - argv[0]);
}

void title_set(const char *title)
{
	size_t n = strlen(title);

	prctl(PR_SET_NAME, title);
	if (!room.size)
		return;
	if (n >= room.size)
		n = room.size - 1;
	memset(room.start, 0, room.size);
	memcpy(room.start, title, n);
}
