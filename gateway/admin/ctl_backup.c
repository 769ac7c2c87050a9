/* chappectl db backup, restore: copies of the database, and back.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/backup.h"

/* What backups in a folder are called: by their time in UTC, so that their names are in its order. */
#define NAME_FORMAT "chappe-%Y%m%dT%H%M%SZ.db"
#define NAME_GLOB   "chappe-????????T??????Z.db"

static bool is_folder(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0 && S_ISDIR(sb.st_mode);
}

static char *name_in(struct ctl *ctl, const char *folder)
{
	time_t now = time(NULL); /* a name for people: not the clock of the platform */
	struct tm tm;
	char name[64];

	strftime(name, sizeof(name), NAME_FORMAT, gmtime_r(&now, &tm));
	return talloc_asprintf(ctl, "%s/%s", folder, name);
}

static int is_backup(const struct dirent *e)
{
	return fnmatch(NAME_GLOB, e->d_name, 0) == 0;
}

/* All but the last ones of a folder go. \returns how many went, or -errno. */
static int remove_old(struct ctl *ctl, const char *folder, int keep)
{
	struct dirent **list;
	int n = scandir(folder, &list, is_backup, alphasort), removed = 0, err = 0;

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		char *path = talloc_asprintf(ctl, "%s/%s", folder, list[i]->d_name);

		if (i < n - keep && !err)
			err = unlink(path) < 0 ? -errno : 0;
		removed += i < n - keep && !err;
		free(list[i]);
	}
	free(list);
	return err ?: removed;
}

static int done(const struct ctl *ctl, const char *path, const char *words, int removed)
{
	struct stat sb = { 0 };

	stat(path, &sb);
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:I, s:i}", "database", path, "octets",
						(json_int_t)sb.st_size, "removed", removed));
	printf("%s: %s, %lld KiB; opened, and its log played: it restores\n", path, words,
	       (long long)sb.st_size / 1024);
	if (removed)
		printf("%d older %s removed\n", removed, removed == 1 ? "one is" : "ones are");
	return CTL_OK;
}

int ctl_db_backup(struct ctl *ctl)
{
	const char *to = ctl->argc == 2 ? ctl->argv[1] : NULL, *option = ctl_option(ctl, "keep");
	int64_t keep = option ? ctl_number(option) : 0;
	bool folder = to && is_folder(to);
	const char *path = folder ? name_in(ctl, to) : to;
	char *error = NULL;
	int removed = 0;

	if (!to)
		return ctl_misused(ctl, "to which file or folder?");
	if (option && (keep < 1 || keep > 10000))
		return ctl_misused(ctl, "--keep wants how many, from 1 on: \"%s\"", option);
	if (option && !folder)
		return ctl_misused(ctl, "--keep is for a folder, and %s is none", to);
	if (store_backup(ctl, ctl->config->database, path, &error))
		return ctl_fail(ctl, "%s", error);
	if (option)
		removed = remove_old(ctl, to, (int)keep);
	if (removed < 0)
		return ctl_fail(ctl, "%s: is made, but older ones cannot be removed: %s", path,
				strerror(-removed));
	return done(ctl, path, "a copy of the database", removed);
}

int ctl_db_restore(struct ctl *ctl)
{
	const char *path = ctl->config->database;
	char *error = NULL;

	if (ctl->argc != 2)
		return ctl_misused(ctl, "from which file?");
	if (access(path, F_OK) == 0)
		return ctl_fail(ctl,
				"%s: there is a database; stop the daemon and move it away:  "
				"mv %s %s.old",
				path, path, path);
	if (store_backup(ctl, ctl->argv[1], path, &error))
		return ctl_fail(ctl, "%s", error);
	return done(ctl, path, "the database as it was then", 0);
}
