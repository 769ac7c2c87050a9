/* The sandbox of a worker: each forbidden call ends the process, the needed ones work.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* By system call: the library may not get in the way. */
static void try_open(void)
{
	syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
}

static void try_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static void try_connect(void)
{
	syscall(SYS_connect, 3, NULL, 0);
}

static void try_exec(void)
{
	char *none[] = { NULL };

	syscall(SYS_execve, "/bin/true", none, none);
}

static void try_fork(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void try_kill(void)
{
	syscall(SYS_kill, getppid(), 0);
}

static void try_ptrace(void)
{
	syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0);
}

static void try_unlink(void)
{
	syscall(SYS_unlinkat, AT_FDCWD, "/nowhere", 0);
}

static void try_rename(void)
{
	syscall(SYS_renameat2, AT_FDCWD, "/nowhere", AT_FDCWD, "/nowhere2", 0);
}

static void try_chmod(void)
{
	syscall(SYS_fchmodat, AT_FDCWD, "/nowhere", 0777);
}

static void try_setuid(void)
{
	syscall(SYS_setuid, 0);
}

static void try_code(void)
{
	syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void try_sigqueue(void)
{
	syscall(SYS_tgkill, getppid(), getppid(), SIGABRT);
}

static void try_stdin(void)
{
	syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x");
}

static void try_stat(void)
{
	struct stat st;

	syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, 0);
}

struct attempt {
	const char *name;
	void (*call)(void);
	int connecting, connected; /* wait status expected */
};

static const struct attempt attempts[] = {
	{ "open", try_open, 0, SIGSYS },
	{ "stat", try_stat, 0, SIGSYS },
	{ "socket", try_socket, SIGSYS, SIGSYS },
	{ "connect", try_connect, SIGSYS, SIGSYS },
	{ "execve", try_exec, SIGSYS, SIGSYS },
	{ "fork", try_fork, SIGSYS, SIGSYS },
	{ "kill", try_kill, SIGSYS, SIGSYS },
	{ "ptrace", try_ptrace, SIGSYS, SIGSYS },
	{ "unlink", try_unlink, SIGSYS, SIGSYS },
	{ "rename", try_rename, SIGSYS, SIGSYS },
	{ "chmod", try_chmod, SIGSYS, SIGSYS },
	{ "setuid", try_setuid, SIGSYS, SIGSYS },
	{ "executable memory", try_code, SIGSYS, SIGSYS },
	{ "signal another process", try_sigqueue, SIGSYS, SIGSYS },
	{ "type on a terminal", try_stdin, SIGSYS, SIGSYS },
	{ "abort", abort, SIGABRT, SIGABRT },
};

static int in_sandbox(void (*call)(void), enum sandbox_stage stage)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (sandbox_limits() || sandbox_enter(SANDBOX_CONNECTING))
			_exit(90);
		if (stage == SANDBOX_CONNECTED && sandbox_enter(SANDBOX_CONNECTED))
			_exit(91);
		call();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_attempts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		const struct attempt *a = &attempts[i];
		int first = in_sandbox(a->call, SANDBOX_CONNECTING);
		int second = in_sandbox(a->call, SANDBOX_CONNECTED);

		if (first != a->connecting || second != a->connected)
			fail_msg("%s: wait status %d, then %d", a->name, first, second);
	}
}

/* What a worker does all day. */
static void work(void)
{
	struct timespec ms = { 0, 1000000 };
	void *volatile memory = malloc(8 << 20);
	fd_set none;
	int fd = STDERR_FILENO;

	if (!memory)
		_exit(80);
	free(memory);
	FD_ZERO(&none);
	select(0, &none, NULL, NULL, &(struct timeval){ 0, 1000 });
	nanosleep(&ms, NULL);
	if (time(NULL) < 0 || write(fd, "", 0) < 0 || isatty(fd) > 1)
		_exit(81);
	if (send(fd, "", 0, 0) == 0) /* no socket: an error, not a signal */
		_exit(82);
}

static void test_work(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(work, SANDBOX_CONNECTING), 0);
	assert_int_equal(in_sandbox(work, SANDBOX_CONNECTED), 0);
}

static void check_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_CORE, &r) || r.rlim_max != 0)
		_exit(70);
	if (getrlimit(RLIMIT_NOFILE, &r) || r.rlim_max > 64)
		_exit(71);
	if (getrlimit(RLIMIT_NPROC, &r) || r.rlim_max != 0)
		_exit(72);
}

static void test_limits(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(check_limits, SANDBOX_CONNECTING), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_work),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
