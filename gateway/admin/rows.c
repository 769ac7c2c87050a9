/* Rows of a query as JSON.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/operations.h"

#include <osmocom/core/talloc.h>

#include "parsers/reading.h"

static json_t *cell(const struct store_rows *rows, int i, const struct rows_column *column)
{
	if (store_is_null(rows, i))
		return json_null();
	if (column->type == ROWS_INT)
		return json_integer(store_int(rows, i));
	if (column->type == ROWS_WORDS)
		return json_string(reading_scrub(OTC_SELECT, store_text(rows, i)));
	/* what was stored is UTF-8; a file that others wrote to may hold anything */
	return json_string(store_text(rows, i)) ?: json_string("?");
}

json_t *rows_json(struct store_rows *rows, const struct rows_column *columns)
{
	json_t *list = json_array();
	int rc = -1;

	while (rows && (rc = store_next(rows)) == 1) {
		json_t *row = json_object();

		for (int i = 0; columns[i].name; i++)
			json_object_set_new(row, columns[i].name, cell(rows, i, &columns[i]));
		json_array_append_new(list, row);
	}
	store_done(rows);
	if (rc == 0)
		return list;
	json_decref(list);
	return NULL;
}
