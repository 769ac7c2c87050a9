/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/support/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

int64_t process_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void process_nap(void)
{
	poll(NULL, 0, 5);
}

static void die(const char *what, const char *which)
{
	fprintf(stderr, "test support: %s %s: %s\n", what, which, strerror(errno));
	exit(99);
}

/* In the child: descriptors, then the program. Does not return. */
static void run_child(int in, int out, const char *const argv[])
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	if (out >= 0) {
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
	}
	closefrom(3);
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

pid_t process_start(const char *log, const char *const argv[])
{
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int out = -1;
	pid_t pid;

	if (log) {
		out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (out < 0)
			die("cannot write", log);
	}
	pid = fork();
	if (pid < 0)
		die("cannot fork for", argv[0]);
	if (pid == 0)
		run_child(in, out, argv);
	close(in);
	if (out >= 0)
		close(out);
	return pid;
}

int process_wait(pid_t pid, int64_t deadline_ms)
{
	int64_t end = process_now_ms() + deadline_ms;
	int status;

	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		if (process_now_ms() > end)
			return -1;
		process_nap();
	}
}

int process_stop(pid_t pid, int signal, int64_t deadline_ms)
{
	int status;

	kill(pid, signal);
	status = process_wait(pid, deadline_ms);
	if (status >= 0)
		return status;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status;
}

/* Give the input and take the output until the other side closes both, or the end comes. */
static char *converse(void *ctx, int in, int out, const char *input, int64_t end)
{
	size_t given = 0, size = input ? strlen(input) : 0;
	char *text = talloc_strdup(ctx, "");
	char buf[4096];

	if (!size) {
		close(in);
		in = -1;
	}
	while (process_now_ms() < end) {
		struct pollfd fds[] = { { .fd = out, .events = POLLIN },
					{ .fd = in, .events = POLLOUT } };
		ssize_t n;

		if (poll(fds, in >= 0 ? 2 : 1, 50) <= 0)
			continue;
		if (in >= 0 && fds[1].revents) {
			n = write(in, input + given, size - given);
			given += n > 0 ? (size_t)n : 0;
			if ((n < 0 && errno != EAGAIN) || given == size) {
				close(in);
				in = -1;
			}
		}
		if (fds[0].revents) {
			n = read(out, buf, sizeof(buf));
			if (n <= 0)
				break;
			text = talloc_strndup_append_buffer(text, buf, (size_t)n);
		}
	}
	if (in >= 0)
		close(in);
	return text;
}

char *process_run(void *ctx, const char *input, int64_t deadline_ms, int *exit_code,
		  const char *const argv[])
{
	int64_t end = process_now_ms() + deadline_ms;
	int in[2], out[2], status;
	char *text;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		die("no pipe for", argv[0]);
	pid = fork();
	if (pid < 0)
		die("cannot fork for", argv[0]);
	if (pid == 0)
		run_child(in[0], out[1], argv);
	close(in[0]);
	close(out[1]);
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	text = converse(ctx, in[1], out[0], input, end);
	close(out[0]);
	status = process_wait(pid, OSMO_MAX(end - process_now_ms(), 100));
	if (status < 0) {
		process_stop(pid, SIGKILL, 1000);
		status = -1;
	} else {
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	if (exit_code)
		*exit_code = status;
	return text;
}

/* The text of /proc/PID/NAME, with NULs as spaces; empty if it is gone. */
static void read_proc(char *out, size_t size, const char *pid, const char *name)
{
	char path[300];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, size - 1);
		close(fd);
	}
	if (n < 0)
		n = 0;
	out[n] = '\0';
	for (ssize_t i = 0; i + 1 < n; i++)
		if (!out[i])
			out[i] = ' ';
}

pid_t process_child(pid_t parent, const char *title)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	pid_t found = 0;

	while (dir && !found && (e = readdir(dir))) {
		char text[512];
		const char *after;
		int ppid;

		if (e->d_name[0] < '0' || e->d_name[0] > '9')
			continue;
		read_proc(text, sizeof(text), e->d_name, "stat");
		after = strrchr(text, ')'); /* the name before it may hold anything */
		if (!after || sscanf(after, ") %*c %d", &ppid) != 1 || ppid != parent)
			continue;
		read_proc(text, sizeof(text), e->d_name, "cmdline");
		if (!strncmp(text, title, strlen(title)))
			found = (pid_t)strtol(e->d_name, NULL, 10);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool process_installed(const char *name)
{
	char *copy = strdup(getenv("PATH") ?: "/usr/bin:/bin:/usr/sbin:/sbin"), *rest = copy,
	     *folder;
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", folder, name);
		found = access(path, X_OK) == 0;
	}
	free(copy);
	return found;
}

char *process_temp_dir(void *ctx)
{
	char *dir = talloc_asprintf(ctx, "%s/chappe-test.XXXXXX", getenv("TMPDIR") ?: "/tmp");

	OSMO_ASSERT(dir);
	if (!mkdtemp(dir))
		die("cannot make", dir);
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void process_remove_dir(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
