/* What the handset asks the gateway's operator to do.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/sim.h"

#define STATUS_DEADLINE_MS 10000
#define ANSWER_MAX         (1024 * 1024)
#define NOT_RUN            127 /* exit code of a child that could not run the program */

static int64_t now_ms(void)
{
	return sim_monotonic_ns() / 1000000;
}

static void run_child(int out, const char *const argv[])
{
	int in = open("/dev/null", O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	closefrom(3);
	execv(argv[0], (char *const *)argv);
	_exit(NOT_RUN);
}

/* What the child says until it closes its output. \returns on ctx, NULL after the deadline. */
static char *listen_to(void *ctx, int fd, int64_t end)
{
	char *text = talloc_strdup(ctx, ""), buf[4096];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n = 1;

	while (n > 0 && now_ms() < end && talloc_get_size(text) < ANSWER_MAX) {
		if (poll(&p, 1, 20) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n > 0)
			text = talloc_strndup_append_buffer(text, buf, (size_t)n);
	}
	return n > 0 ? NULL : text;
}

/* Run chappectl to its end. \returns 0 or as desk_status(); *text is what it printed, on ctx. */
static int run(char **text, void *ctx, const char *const argv[], int64_t deadline_ms)
{
	int pipes[2], status;
	pid_t pid;

	*text = NULL;
	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0)
		run_child(pipes[1], argv);
	close(pipes[1]);
	if (pid > 0)
		*text = listen_to(ctx, pipes[0], now_ms() + deadline_ms);
	close(pipes[0]);
	if (pid < 0)
		return -EAGAIN;
	if (!*text)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!*text)
		return -ETIMEDOUT;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_RUN)
		return -ENOENT;
	return status ? -EAGAIN : 0;
}

static int read_status(struct desk_status *out, const char *text)
{
	json_t *o = json_loads(text, 0, NULL);
	json_int_t waiting, due, sending;
	int rc = o ? json_unpack(o, "{s:{s:I},s:{s:I,s:I}}", "inbox", "waiting", &waiting, "outbox",
				 "due", &due, "sending", &sending)
		   : -1;

	json_decref(o);
	if (rc)
		return -EBADMSG;
	*out = (struct desk_status){ waiting, due, sending };
	return 0;
}

int desk_status(struct desk_status *out, void *ctx, const struct desk *desk, char **error)
{
	const char *const argv[] = {
		desk->chappectl, "-c", desk->config, "status", "--json", NULL
	};
	int rc = run(error, ctx, argv, STATUS_DEADLINE_MS);

	if (!rc)
		rc = read_status(out, *error);
	if (!rc) {
		talloc_free(*error);
		*error = NULL;
	}
	return rc;
}

bool desk_idle(const struct desk_status *status)
{
	return !status->waiting && !status->due && !status->sending;
}

int desk_clock(void *ctx, const struct desk *desk, const char *offset, int64_t deadline_ms,
	       char **error)
{
	const char *const argv[] = { desk->chappectl, "-c", desk->config, "clock", offset, NULL };
	int rc = run(error, ctx, argv, deadline_ms);

	if (!rc) {
		talloc_free(*error);
		*error = NULL;
	}
	return rc;
}
