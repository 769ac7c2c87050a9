/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

struct newfile {
	void *ctx; /* of the sentences */
	char *path, *temp, *folder;
	int fd;
};

static int complain(void *ctx, const char *path, int err, char **error)
{
	if (err == -EEXIST)
		*error = talloc_asprintf(
			ctx, "%s: there is a file already: remove it or name another", path);
	else
		*error = talloc_asprintf(ctx, "%s: cannot be made: %s", path, strerror(-err));
	return err;
}

static int newfile_destroy(struct newfile *file)
{
	if (file->fd < 0)
		return 0;
	unlink(file->temp);
	unlink(talloc_asprintf(file, "%s-wal", file->temp));
	unlink(talloc_asprintf(file, "%s-shm", file->temp));
	close(file->fd);
	return 0;
}

/* The log of a database that was removed without it would be taken for the new one's. */
static bool left_over(void *ctx, const char *path, char **error)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		char *name = talloc_asprintf(ctx, "%s%s", path, tails[i]);

		if (access(name, F_OK) == 0) {
			complain(ctx, name, -EEXIST, error);
			return true;
		}
	}
	return false;
}

int newfile_begin(struct newfile **out, void *ctx, const char *path, char **error)
{
	struct newfile *file;
	int err = 0;

	if (left_over(ctx, path, error))
		return -EEXIST;
	file = talloc_zero(ctx, struct newfile);
	OSMO_ASSERT(file);
	file->ctx = ctx;
	file->path = talloc_strdup(file, path);
	file->temp = talloc_asprintf(file, "%s.XXXXXX", path);
	file->folder = dirname(talloc_strdup(file, path));
	file->fd = mkostemp(file->temp, O_CLOEXEC);
	if (file->fd < 0)
		err = complain(ctx, path, -errno, error);
	talloc_set_destructor(file, newfile_destroy);
	if (err)
		talloc_free(file);
	else
		*out = file;
	return err;
}

const char *newfile_temp(const struct newfile *file)
{
	return file->temp;
}

/* Under root the file goes to whom the folder belongs: the gateway runs as that user. */
static int give_away(const struct newfile *file)
{
	struct stat sb;

	if (geteuid() != 0)
		return 0;
	if (stat(file->folder, &sb) < 0 || fchown(file->fd, sb.st_uid, sb.st_gid) < 0)
		return -errno;
	return 0;
}

static int move_into_place(const struct newfile *file)
{
	int dir, err = 0;

	if (fsync(file->fd) < 0
	    || renameat2(AT_FDCWD, file->temp, AT_FDCWD, file->path, RENAME_NOREPLACE) < 0)
		return -errno;
	dir = open(file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fsync(dir) < 0)
		err = -errno;
	if (dir >= 0)
		close(dir);
	return err;
}

int newfile_keep(struct newfile *file, char **error)
{
	int err = give_away(file);

	if (!err)
		err = move_into_place(file);
	if (err)
		return complain(file->ctx, file->path, err, error);
	close(file->fd);
	file->fd = -1;
	return 0;
}
