/* What a worker may still do, if its library is turned against it by what it reads.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <seccomp.h>

/* A worker needs 16 MiB of addresses; what grows without an end is to hit this and not the machine. The address
 * sanitizer maps terabytes. */
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE RLIM_INFINITY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SPACE RLIM_INFINITY
#endif
#endif
#ifndef ADDRESS_SPACE
#define ADDRESS_SPACE (256UL * 1024 * 1024)
#endif

#define DESCRIPTORS 32

static int limit(int what, rlim_t value)
{
	struct rlimit r = { value, value }, now;

	if (getrlimit(what, &now) == 0 && now.rlim_max < value)
		return 0;
	return setrlimit(what, &r) ? -errno : 0;
}

/* A log that goes to a file has to grow. */
static bool log_is_file(void)
{
	struct stat st;

	return fstat(STDERR_FILENO, &st) == 0 && S_ISREG(st.st_mode);
}

int sandbox_limits(void)
{
	const struct {
		int what;
		rlim_t value;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NPROC, 0 },
		{ RLIMIT_NOFILE, DESCRIPTORS },
		{ RLIMIT_AS, ADDRESS_SPACE },
		{ RLIMIT_FSIZE, log_is_file() ? RLIM_INFINITY : 0 },
	};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || prctl(PR_SET_DUMPABLE, 0)
	    || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		int rc = limit(limits[i].what, limits[i].value);

		if (rc)
			return rc;
	}
	return 0;
}

/* Memory, time, and what is open: both stages. Some of these exist on 32-bit machines only. */
/* clang-format off */
static const int always[] = {
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(futex_time64),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(sched_yield),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(select), SCMP_SYS(_newselect), SCMP_SYS(pselect6), SCMP_SYS(pselect6_time64),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close),
	SCMP_SYS(recv), SCMP_SYS(recvfrom), SCMP_SYS(send), SCMP_SYS(sendto),
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(flock),
};

/* Until the device is open. */
static const int connecting[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64),
	SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(fcntl), SCMP_SYS(fcntl64), SCMP_SYS(pread64),
	SCMP_SYS(getcwd), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(getrlimit), SCMP_SYS(ugetrlimit), SCMP_SYS(prlimit64),
	SCMP_SYS(prctl), SCMP_SYS(seccomp), /* for the second stage */
};
/* clang-format on */

/* What a serial line needs. */
static const unsigned long requests[] = {
	TCGETS, TCSETS, TCSETSW, TCSETSF, TCFLSH, TIOCEXCL, TIOCMGET, TIOCMBIS, TIOCMBIC, FIONREAD,
};

static int allow(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);

		/* a call that this architecture does not have needs no rule */
		if (rc && rc != -EDOM)
			return rc;
	}
	return 0;
}

/* Memory yes, code no. */
static int allow_memory(scmp_filter_ctx ctx)
{
	const int calls[] = { SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect) };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 1,
					  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

		if (rc && rc != -EDOM)
			return rc;
	}
	return 0;
}

static int allow_requests(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(requests) / sizeof(requests[0]); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				      SCMP_A1(SCMP_CMP_EQ, requests[i]));
	return rc;
}

/* An assertion that fails aborts: that is told apart from a forbidden call. */
static int allow_abort(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 2,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()),
				SCMP_A2(SCMP_CMP_EQ, SIGABRT));
}

int sandbox_enter(enum sandbox_stage stage)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!ctx)
		return -ENOMEM;
	rc = allow(ctx, always, sizeof(always) / sizeof(always[0]));
	if (!rc)
		rc = allow_memory(ctx);
	if (!rc)
		rc = allow_requests(ctx);
	if (!rc)
		rc = allow_abort(ctx);
	if (!rc && stage == SANDBOX_CONNECTING)
		rc = allow(ctx, connecting, sizeof(connecting) / sizeof(connecting[0]));
	if (!rc)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc;
}
