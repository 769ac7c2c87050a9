/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/fence.h"

#include <errno.h>
#include <sys/socket.h>

#include <seccomp.h>

#include <osmocom/core/utils.h>

static const int forbidden[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat),          SCMP_SYS(process_vm_readv),
	SCMP_SYS(bpf),    SCMP_SYS(process_vm_writev), SCMP_SYS(userfaultfd),
	SCMP_SYS(mount),  SCMP_SYS(perf_event_open),   SCMP_SYS(keyctl),
};

int fence_raise(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx ? 0 : -ENOMEM;

	for (size_t i = 0; !rc && i < ARRAY_SIZE(forbidden); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
	if (!rc)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
				      SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	if (!rc)
		rc = seccomp_load(ctx);
	if (ctx)
		seccomp_release(ctx);
	return rc;
}
