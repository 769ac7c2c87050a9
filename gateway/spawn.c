/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <osmocom/core/utils.h>

/* What of the environment a child gets; the sanitizers read theirs from it. */
static const char *const environment[] = { "PATH",         "TMPDIR",        "JOURNAL_STREAM",
					   "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS" };

#define PROGRAM_FD (SPAWN_FD + 1)

_Noreturn static void fail(const char *title, const char *what)
{
	dprintf(STDERR_FILENO, "%s: cannot be started: %s: %s\n", title, what, strerror(errno));
	_exit(127);
}

/* The terminal's signals are the parent's: it ends the others in order. */
static void set_signals(void)
{
	static const int ignored[] = { SIGINT, SIGHUP, SIGTERM, SIGPIPE, SIGTTOU };
	sigset_t none;

	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
}

/* A descriptor that stands where another is wanted moves away first. */
static int move_up(int fd)
{
	return fd > PROGRAM_FD ? fd : fcntl(fd, F_DUPFD, PROGRAM_FD + 1);
}

static int set_files(const struct spawn *s)
{
	int sock = move_up(s->fd), program = move_up(s->program);
	int null = open("/dev/null", O_RDONLY);

	if (sock < 0 || program < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0
	    || dup2(sock, SPAWN_FD) < 0 || dup3(program, PROGRAM_FD, O_CLOEXEC) < 0)
		return -1;
	closefrom(PROGRAM_FD + 1);
	return 0;
}

static int set_limits(const struct spawn *s)
{
	const struct {
		int resource;
		rlim_t value;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NOFILE, s->files },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct rlimit limit, now;

		if (getrlimit(limits[i].resource, &now) < 0)
			return -1;
		limit.rlim_max = OSMO_MIN(limits[i].value, now.rlim_max);
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(limits[i].resource, &limit) < 0)
			return -1;
	}
	return 0;
}

/* Out of the bounding set, so that the program does not get them back as root. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
		if (prctl(PR_CAPBSET_DROP, cap) < 0)
			return -1;
	}
	return (int)syscall(SYS_capset, &header, none);
}

static int set_user(const struct spawn *s)
{
	if (s->drop && drop_capabilities() < 0)
		return -1;
	if (!s->change_user)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(s->gid, s->gid, s->gid) < 0)
		return -1;
	return setresuid(s->uid, s->uid, s->uid);
}

/* After set_user(), which takes this back. A parent that died before is not noticed by the kernel. */
static int set_death(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	if (getppid() != parent)
		_exit(127);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void set_environment(char **env, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(environment) && n < size - 1; i++) {
		const char *value = getenv(environment[i]);

		if (value && asprintf(&env[n], "%s=%s", environment[i], value) >= 0)
			n++;
	}
	env[n] = NULL;
}

_Noreturn static void child(const struct spawn *s, pid_t parent)
{
	char *argv[] = { (char *)s->title, NULL };
	char *env[ARRAY_SIZE(environment) + 1];

	set_signals();
	if (set_files(s) < 0)
		fail(s->title, "its descriptors");
	if (set_limits(s) < 0)
		fail(s->title, "its limits");
	if (set_user(s) < 0)
		fail(s->title, "its user");
	if (set_death(parent) < 0)
		fail(s->title, "no_new_privs");
	set_environment(env, ARRAY_SIZE(env));
	fexecve(PROGRAM_FD, argv, env);
	fail(s->title, "its program");
}

pid_t spawn(const struct spawn *s)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		child(s, parent);
	return pid;
}

int spawn_open(const char *name, const char *folder)
{
	char self[PATH_MAX], path[PATH_MAX];
	ssize_t n;
	int fd;

	if (!name) {
		fd = open("/proc/self/exe", O_PATH | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		snprintf(path, sizeof(path), "%s/%s", dirname(self), name);
		fd = open(path, O_PATH | O_CLOEXEC);
		if (fd >= 0)
			return fd;
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
