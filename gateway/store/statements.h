/* Every statement that the gateway runs, for all engines: one row each in statements.c.
 *
 * $n parameters, no dialect functions; times are integers (seconds since the
 * epoch, UTC). A section per file of the gateway, in alphabetical order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

enum store_stmt {
	/* store */
	STORE_STMT_FIRE,
	STORE_STMT_EVENT_BY_IDEM,
	STORE_STMT_NOW,
	STORE_STMT_DATA_VERSION,
	_STORE_STMT_NUM
};

extern const char *const store_sql[_STORE_STMT_NUM];
