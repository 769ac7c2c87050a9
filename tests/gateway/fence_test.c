/* What the gateway cannot do.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#include "gateway/fence.h"

static int runs_a_program(void)
{
	char *argv[] = { "true", NULL }, *env[] = { NULL };

	execve("/bin/true", argv, env);
	return errno != EPERM;
}

static int talks_to_the_internet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM
	       || socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || errno != EPERM
	       || socket(AF_NETLINK, SOCK_RAW, 0) >= 0 || errno != EPERM;
}

static int cannot_talk_to_neighbours(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}

/* In a process of its own; 0 is the exit status of one that is fenced in. */
static int behind_the_fence(int (*try)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (fence_raise())
			_exit(77);
		_exit(try());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void no_program(void **state)
{
	(void)state;
	assert_int_equal(behind_the_fence(runs_a_program), 0);
}

static void no_network(void **state)
{
	(void)state;
	assert_int_equal(behind_the_fence(talks_to_the_internet), 0);
	assert_int_equal(behind_the_fence(cannot_talk_to_neighbours), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_program),
		cmocka_unit_test(no_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
