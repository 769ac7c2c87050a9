/* chappectl's end of the control socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/admin/admin.h"

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* \returns a descriptor, or -errno */
static int dial(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int rc, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	OSMO_STRLCPY_ARRAY(addr.sun_path, path); /* the configuration's check: it fits */
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

static int put_line(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Receive a line. A gateway that refuses before it has read all gives ECONNRESET once, and its line after that.
 * \returns its length without the line end, or -errno; -EPIPE if it ends without one */
static int take_line(int fd, char *out, size_t size, int64_t end)
{
	bool reset = false;
	size_t len = 0;

	while (len < size) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		int64_t left = end - now_ms();
		ssize_t n;

		if (left <= 0 || poll(&pfd, 1, (int)OSMO_MIN(left, 60000)) < 0)
			return left <= 0 ? -ETIMEDOUT : -errno;
		n = recv(fd, out + len, size - len, MSG_DONTWAIT);
		if (n < 0 && errno == ECONNRESET && !reset) {
			reset = true;
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		len += (size_t)n;
		if (out[len - 1] == '\n')
			return (int)len - 1;
	}
	return -EMSGSIZE;
}

static int nobody(const struct ctl *ctl, int rc)
{
	const char *path = ctl->config->control;

	if (rc == -ENOENT || rc == -ECONNREFUSED)
		ctl_fail(
			ctl,
			"no gateway answers at %s: it is not running; start it with:  chapped -c %s",
			path, ctl->config_path);
	else if (rc == -EACCES)
		ctl_fail(ctl, "you may not use %s: be root, its owner, or of its group", path);
	else if (rc == -ETIMEDOUT)
		ctl_fail(ctl, "the gateway at %s did not answer in time: its log says why", path);
	else
		ctl_fail(ctl, "the gateway at %s: %s: its log may say why", path,
			 rc == -EPIPE ? "it ended before it answered" : strerror(-rc));
	return CTL_NOBODY;
}

/* \returns CTL_OK or CTL_FAILED */
static int take_result(const struct ctl *ctl, const char *line, size_t len, json_t **result)
{
	json_t *o = json_loadb(line, len, 0, NULL);
	const char *error = json_string_value(json_object_get(o, "error"));
	int rc = CTL_OK;

	if (json_is_true(json_object_get(o, "ok")))
		*result = json_incref(json_object_get(o, "result"));
	else
		rc = ctl_fail(ctl, "%s",
			      error ?: "the gateway's answer is none: is it another version?");
	json_decref(o);
	return rc;
}

static int converse(const struct ctl *ctl, const char *request, int patience, json_t **result)
{
	int fd = dial(ctl->config->control), rc;
	char *line;

	if (fd < 0)
		return nobody(ctl, fd);
	line = talloc_size(ctl, ADMIN_RESPONSE_MAX + 1);
	OSMO_ASSERT(line);
	rc = put_line(fd, request);
	if (!rc || rc == -EPIPE) /* it may have refused before it read: it says why */
		rc = take_line(fd, line, ADMIN_RESPONSE_MAX + 1, now_ms() + patience * 1000LL);
	close(fd);
	rc = rc < 0 ? nobody(ctl, rc) : take_result(ctl, line, (size_t)rc, result);
	talloc_free(line);
	return rc;
}

int ctl_ask(const struct ctl *ctl, const char *op, json_t *args, int patience, json_t **result)
{
	json_t *o = json_pack("{s:s, s:o}", "op", op, "args", args ?: json_object());
	char *text = json_dumps(o, JSON_COMPACT), *line;
	int rc;

	json_decref(o);
	if (!text)
		return ctl_fail(ctl, "the words of the command are not UTF-8");
	line = talloc_asprintf(ctl, "%s\n", text);
	free(text);
	OSMO_ASSERT(line);
	rc = converse(ctl, line, patience, result);
	talloc_free(line);
	return rc;
}
