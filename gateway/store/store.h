/* The database: one connection, its transactions, statements and events.
 *
 * Engine-neutral; a driver stands behind it. One connection belongs to one
 * thread. Nothing here blocks longer than the busy time-out of store_open().
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/store/statements.h"

struct store;
struct store_rows;

/* One bound parameter; a list ends with STORE_END. */
struct store_arg {
	enum { STORE_ARG_END, STORE_ARG_NULL, STORE_ARG_INT, STORE_ARG_TEXT, STORE_ARG_BLOB } type;
	int64_t i;
	const void *p; /* TEXT: NUL-terminated, NULL binds NULL; BLOB: n octets */
	size_t n;
};
/* clang-format off */
#define STORE_NULL	{ .type = STORE_ARG_NULL }
#define STORE_INT(v)	{ .type = STORE_ARG_INT, .i = (v) }
#define STORE_TEXT(v)	{ .type = STORE_ARG_TEXT, .p = (v) }
#define STORE_BLOB(v, len) { .type = STORE_ARG_BLOB, .p = (v), .n = (len) }
#define STORE_END	{ .type = STORE_ARG_END }
#define STORE_ARGS(...)	((const struct store_arg[]){ __VA_ARGS__ __VA_OPT__(,) STORE_END })
/* clang-format on */

/* Errors that every function below may return:
 *   -EBUSY      another writer holds the database: roll back, try again later
 *   -ENOSPC     the disk is full: likewise
 *   -EIO        the disk failed, or fsync did: stop and recover from the log
 *   -EUCLEAN    the file is damaged or is no database of ours
 *   -EACCES     the file can no longer be written
 *   -EPERM      a trigger refused it: store_error() is what it said (E_TRANSITION, ...)
 *   -EPROTO     a statement of ours is wrong (a bug)
 * store_error() has the sentence. */

/*! Settings of malloc for a process that fires events: the frames of triggers are large, and with the library's defaults
 * each is mapped and unmapped anew. To be called once, before store_open(). */
void store_tune_memory(void);

/*! Open a database that `chappectl db init` made. Pragmas are set and read back; the schema version is checked.
 *
 * \param[out] out  on ctx, closed by talloc_free(); untouched unless 0 is returned.
 * \param[in] path  the SQLite file.
 * \param[in] busy_ms  longest wait for another writer, in milliseconds.
 * \param[out] error  on ctx, a sentence that names the thing and the next step; may be NULL.
 * \returns 0, -ENOENT, -EACCES, -EUCLEAN, -ENOTSUP (a newer schema), -ESTALE (an older one:
 * store_migrate()), or an error above. */
int store_open(struct store **out, void *ctx, const char *path, int busy_ms, char **error);

/*! Sentence about the last error of this connection; lives until the next call. */
const char *store_error(const struct store *st);

/*! The last error of this connection as -errno, for a store_query() that gave NULL. */
int store_errno(const struct store *st);

/*! Transactions. begin takes the write lock at once (BEGIN IMMEDIATE). \returns 0 or an error above. */
int store_begin(struct store *st);
int store_commit(struct store *st);
void store_rollback(struct store *st);
bool store_in_transaction(const struct store *st);

/*! A savepoint per message in a group: undo only what came since the mark. One level. */
int store_mark(struct store *st);
int store_unmark(struct store *st); /* keep */
int store_undo(struct store *st);   /* undo to the mark and drop it */

/*! Run a statement that returns no rows. \returns rows changed, or an error above, or -EEXIST (uniqueness). */
int store_exec(struct store *st, enum store_stmt stmt, const struct store_arg *args);

/*! Run a query; NULL on error (store_error()). One query per statement may be open at a time. */
struct store_rows *store_query(struct store *st, enum store_stmt stmt,
			       const struct store_arg *args);
/*! \returns 1 for a row, 0 at the end, or an error above. */
int store_next(struct store_rows *rows);
int64_t store_int(const struct store_rows *rows, int column); /* NULL reads as 0 */
const char *store_text(const struct store_rows *rows,
		       int column); /* NULL reads as ""; valid until store_next() */
bool store_is_null(const struct store_rows *rows, int column);
const void *store_blob(const struct store_rows *rows, int column, size_t *len);
void store_done(struct store_rows *rows); /* NULL is allowed */

/*! First column of the first row as an integer. \returns 0, -ENOENT if no row, or an error above. */
int store_get_int(struct store *st, int64_t *out, enum store_stmt stmt,
		  const struct store_arg *args);

/*! Id that the last INSERT into a table of ours (inbox, message, question) made. */
int64_t store_last_id(struct store *st);

/*! Changes when another connection has committed (PRAGMA data_version). */
int64_t store_foreign_changes(struct store *st);

/*! Rows that this connection has changed so far. */
int64_t store_changes(const struct store *st);

/*! Give back the memory that a busy time took: pages of the database, and what is free. */
void store_rest(struct store *st);

/* Octets of a database that store_scrub() writes anew; a larger one would hold the loop up too long. */
#define STORE_SCRUB_MAX (256LL << 20)

/*! Take what was deleted and overwritten out of the files: pages keep copies in their free space, other programs delete
 * without zeros, and the journal has what was before. The database is written anew (a second for 100 MB), and the
 * journal emptied. Needs that no transaction is open.
 *
 * \returns 0, -EFBIG if it is too large, -EBUSY while another program reads what was, or an error above. */
int store_scrub(struct store *st);

/*! Now, in seconds since the epoch, UTC: the clock of design.md section 5, moved by `chappectl clock`. */
int64_t store_now(struct store *st);

/* An event to fire: design.md section 5, contract 1. */
struct store_event {
	const char *machine;
	int64_t subject; /* 0: a birth */
	int64_t version; /* -1: none given (SYS only); of no account at a birth */
	const char *event;
	int64_t actor; /* person id; 0 for SYS */
	const char *role;
	const char *channel; /* "sms", "timer", "ctl", ... */
	const char *idem;
	int64_t at;          /* 0: now */
	const char *payload; /* JSON object; NULL is {} */
};

enum store_refusal_code {
	STORE_OK,
	STORE_E_PAYLOAD,
	STORE_E_IDEM,
	STORE_E_SUBJECT,
	STORE_E_ACTOR,
	STORE_E_STALE,
	STORE_E_TRANSITION,
	STORE_E_ROLE,
	STORE_E_GUARD,
};
struct store_refusal {
	enum store_refusal_code code;
	char guard[40];   /* with STORE_E_GUARD: the guard's name */
	char message[80]; /* the code as the database gave it */
};

/*! Fire an event. Needs an open transaction.
 *
 * \param[out] subject  id of the subject (a new one at a birth); may be NULL.
 * \param[out] version  its version now; may be NULL.
 * \param[out] refusal  filled whenever 1 is returned; may not be NULL.
 * \returns 0: done, or a replay of the same; 1: refused; or an error above. */
int store_fire(struct store *st, const struct store_event *ev, int64_t *subject, int64_t *version,
	       struct store_refusal *refusal);
