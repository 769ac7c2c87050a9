/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/fragments.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/parts.h"
#include "messages/sms.h"

#include "parsers/reading.h"

#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/seal.h"
#include "gateway/store/store.h"

/* What stands for a part that never came. */
#define GAP "[...]"

/* The parts of one text that are there. */
struct fragments {
	int64_t id; /* of the row that carries the whole */
	size_t total;
	size_t n;
	const char *part[SMS_PARTS_MAX];
};

/* Rows come oldest first, so that of two with one number the later one stays. */
static int load(struct fragments *out, void *ctx, struct store *st, int64_t id,
		const uint8_t key[DIGEST_KEY_SIZE])
{
	struct store_rows *rows = store_query(st, STORE_STMT_FRAGMENTS_LOAD,
					      STORE_ARGS(STORE_INT(id)));
	int rc;

	if (!rows)
		return store_errno(st);
	*out = (struct fragments){ .id = id };
	while ((rc = store_next(rows)) == 1) {
		int64_t part = store_int(rows, 0);
		size_t len;
		const void *sealed = store_blob(rows, 2, &len);

		out->total = store_int(rows, 1);
		if (part < 1 || part > SMS_PARTS_MAX)
			continue;
		out->n += !out->part[part - 1];
		out->part[part - 1] = seal_open(ctx, key, sealed, len);
		if (!out->part[part - 1]) /* the key is another one: nobody can read it any more */
			out->part[part - 1] = GAP;
	}
	store_done(rows);
	return rc;
}

/* The others belong to this row now, and their bodies are erased. */
static int gather(struct store *st, int64_t id)
{
	int rc = store_exec(st, STORE_STMT_FRAGMENTS_GATHER, STORE_ARGS(STORE_INT(id)));

	return rc < 0 ? rc : 0;
}

int fragments_join(char **text, void *ctx, struct gateway *gw, int64_t id,
		   const uint8_t key[DIGEST_KEY_SIZE])
{
	struct fragments f;
	int rc = load(&f, ctx, gw->store, id, key);

	if (rc < 0)
		return rc;
	*text = f.n == f.total ? parts_join(ctx, f.part, f.total) : NULL;
	return *text ? gather(gw->store, id) : 0;
}

static int give_up(struct gateway *gw, void *ctx, int64_t id, const uint8_t key[DIGEST_KEY_SIZE])
{
	struct fragments f;
	char *text, *why;
	int rc = load(&f, ctx, gw->store, id, key);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < f.total && i < SMS_PARTS_MAX; i++) {
		if (!f.part[i])
			f.part[i] = GAP;
	}
	text = parts_join(ctx, f.part, OSMO_MIN(f.total, (size_t)SMS_PARTS_MAX));
	why = talloc_asprintf(ctx, "%zu of %zu parts came", f.n, f.total);
	OSMO_ASSERT(text && why);
	LOGP(DINBOX, LOGL_NOTICE, "text %" PRId64 ": %s: listed\n", id, why);
	rc = gather(gw->store, id);
	if (!rc)
		rc = store_exec(gw->store, STORE_STMT_FRAGMENTS_LIST,
				STORE_ARGS(STORE_INT(id), STORE_TEXT(reading_scrub(ctx, text)),
					   STORE_TEXT(why)));
	return rc < 0 ? rc : 0;
}

/* 1: there is one. */
static int find_old(struct store *st, int64_t *id, int64_t before)
{
	int rc = store_get_int(st, id, STORE_STMT_FRAGMENTS_OLD, STORE_ARGS(STORE_INT(before)));

	return rc == -ENOENT ? 0 : rc ? rc : 1;
}

int fragments_old(struct gateway *gw, int64_t before)
{
	int64_t id;

	return find_old(gw->store, &id, before);
}

int fragments_give_up(struct gateway *gw, int64_t before, const uint8_t key[DIGEST_KEY_SIZE])
{
	int64_t id;
	int n = 0, rc;

	while ((rc = find_old(gw->store, &id, before)) == 1) {
		void *ctx = talloc_named_const(gw, 0, "fragments");

		OSMO_ASSERT(ctx);
		rc = give_up(gw, ctx, id, key);
		talloc_free(ctx);
		if (rc)
			return rc;
		n++;
	}
	return rc ? rc : n;
}
