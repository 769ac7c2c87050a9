/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/memory.h"

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/store/store.h"

static char *row_key(const char *what, const char *modem)
{
	char *key = talloc_asprintf(OTC_SELECT, "%s/%s", what, modem);

	OSMO_ASSERT(key);
	return key;
}

int memory_get(struct gateway *gw, const char *what, const char *modem, char **value)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_META_GET,
					      STORE_ARGS(STORE_TEXT(row_key(what, modem))));
	int rc;

	if (!rows)
		return store_errno(gw->store);
	rc = store_next(rows);
	if (rc >= 0) {
		*value = talloc_strdup(OTC_SELECT, rc == 1 ? store_text(rows, 0) : "");
		OSMO_ASSERT(*value);
	}
	store_done(rows);
	return rc < 0 ? rc : 0;
}

int memory_set(struct gateway *gw, const char *what, const char *modem, const char *value)
{
	char *key = row_key(what, modem);
	int rc = store_begin(gw->store);

	if (rc)
		return rc;
	if (value)
		rc = store_exec(gw->store, STORE_STMT_META_SET,
				STORE_ARGS(STORE_TEXT(key), STORE_TEXT(value)));
	else
		rc = store_exec(gw->store, STORE_STMT_META_DROP, STORE_ARGS(STORE_TEXT(key)));
	if (rc >= 0)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}
