/* A .po file in memory, read by libgettextpo.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/pofile.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* What libgettextpo found wrong. Its handlers carry no argument, hence the one variable. */
static struct {
	char *text; /* the first */
	jmp_buf fatal;
} failure;

static char *complaint(po_message_t message, const char *filename, size_t line, const char *text)
{
	int len = (int)strcspn(text, "\n"); /* the first line says it */

	if (message && *po_message_msgid(message))
		return talloc_asprintf(NULL, "%s: %.*s", po_message_msgid(message), len, text);
	if (filename && line != (size_t)-1)
		return talloc_asprintf(NULL, "line %zu: %.*s", line, len, text);
	return talloc_strndup(NULL, text, (size_t)len);
}

static void on_error(int severity, po_message_t message, const char *filename, size_t line,
		     size_t column, int multiline, const char *text)
{
	(void)column;
	(void)multiline;
	if (!failure.text)
		failure.text = complaint(message, filename, line, text);
	OSMO_ASSERT(failure.text);
	if (severity == PO_SEVERITY_FATAL_ERROR)
		longjmp(failure.fatal, 1); /* it must not be returned from */
}

static void on_error_pair(int severity, po_message_t message1, const char *filename1, size_t line1,
			  size_t column1, int multiline1, const char *text1, po_message_t message2,
			  const char *filename2, size_t line2, size_t column2, int multiline2,
			  const char *text2)
{
	(void)message2;
	(void)filename2;
	(void)line2;
	(void)column2;
	(void)multiline2;
	(void)text2;
	on_error(severity, message1, filename1, line1, column1, multiline1, text1);
}

static int read_path(po_file_t *out, void *ctx, const char *path, char **error)
{
	static const struct po_xerror_handler handler = { on_error, on_error_pair };
	po_file_t volatile file = NULL;

	failure.text = NULL;
	if (!setjmp(failure.fatal))
		file = po_file_read(path, &handler);
	if (file && !failure.text) {
		*out = file;
		return 0;
	}
	if (file)
		po_file_free(file);
	*error = talloc_strdup(ctx, failure.text ? failure.text : "cannot be read");
	OSMO_ASSERT(*error);
	talloc_free(failure.text);
	return -EINVAL;
}

/* libgettextpo reads files alone: one in memory will do. */
int pofile_read(po_file_t *out, void *ctx, const char *data, size_t len, char **error)
{
	int fd = memfd_create("catalogue", MFD_CLOEXEC), rc = -EIO;
	char path[32];

	if (fd >= 0 && write(fd, data, len) == (ssize_t)len) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		rc = read_path(out, ctx, path, error);
	} else {
		*error = talloc_asprintf(ctx, "no temporary file in memory: %s", strerror(errno));
		OSMO_ASSERT(*error);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
