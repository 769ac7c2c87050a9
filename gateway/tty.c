/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "gateway/log.h"

/* The kernel lists a directory "tty" in class for each; pseudo-terminals have majors of their own (devices.txt). */
static bool is_tty(dev_t device)
{
	char path[80], target[256];
	ssize_t n;

	if (major(device) >= 136 && major(device) <= 143)
		return true;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u", major(device), minor(device));
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	return strstr(target, "/tty/") != NULL;
}

/* Opened as a path only: opening a modem's port raises its lines. */
void tty_give(const char *path, uid_t uid, gid_t gid)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat sb;

	if (fd < 0)
		return; /* not there: the worker says so */
	if (fstat(fd, &sb) < 0 || !S_ISCHR(sb.st_mode) || !is_tty(sb.st_rdev))
		LOGP(DPARENT, LOGL_ERROR, "%s: is no serial port\n", path);
	else if (fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		LOGP(DPARENT, LOGL_ERROR, "%s: cannot be given to its worker: %s\n", path,
		     strerror(errno));
	close(fd);
}
