/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/statements.h"

const char *const store_sql[_STORE_STMT_NUM] = {
	/* store */
	[STORE_STMT_FIRE] =
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[STORE_STMT_EVENT_BY_IDEM] = "SELECT subject_id, seq FROM event_log WHERE idem = $1",
	[STORE_STMT_NOW] = "SELECT now FROM clock",
	[STORE_STMT_DATA_VERSION] = "PRAGMA data_version",
};
