/* Events: the one way to change what the platform knows.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "gateway/store/store.h"

static const char *const codes[] = {
	[STORE_E_PAYLOAD] = "E_PAYLOAD", [STORE_E_IDEM] = "E_IDEM",
	[STORE_E_SUBJECT] = "E_SUBJECT", [STORE_E_ACTOR] = "E_ACTOR",
	[STORE_E_STALE] = "E_STALE",     [STORE_E_TRANSITION] = "E_TRANSITION",
	[STORE_E_ROLE] = "E_ROLE",       [STORE_E_GUARD] = "E_GUARD",
};

/* The message is the code; a guard's name follows its own. \returns false if it is no refusal. */
static bool read_refusal(struct store_refusal *out, const char *message)
{
	size_t len = strcspn(message, " ");

	for (size_t i = STORE_E_PAYLOAD; i < ARRAY_SIZE(codes); i++) {
		if (strlen(codes[i]) != len || strncmp(codes[i], message, len) != 0)
			continue;
		*out = (struct store_refusal){ .code = i };
		OSMO_STRLCPY_ARRAY(out->message, message);
		if (i == STORE_E_GUARD && message[len])
			OSMO_STRLCPY_ARRAY(out->guard, message + len + 1);
		return true;
	}
	return false;
}

static int read_subject(struct store *st, const char *idem, int64_t *subject, int64_t *version)
{
	struct store_rows *rows = store_query(st, STORE_STMT_EVENT_BY_IDEM,
					      STORE_ARGS(STORE_TEXT(idem)));
	int rc = rows ? store_next(rows) : -EIO;

	if (rc == 1 && subject)
		*subject = store_int(rows, 0);
	if (rc == 1 && version)
		*version = store_int(rows, 1);
	store_done(rows);
	return rc == 1 ? 0 : rc < 0 ? rc : -EPROTO;
}

int store_fire(struct store *st, const struct store_event *ev, int64_t *subject, int64_t *version,
	       struct store_refusal *refusal)
{
	const struct store_arg none = STORE_NULL;
	const struct store_arg args[] = {
		STORE_TEXT(ev->machine),
		ev->subject ? (struct store_arg)STORE_INT(ev->subject) : none,
		ev->version >= 0 && ev->subject ? (struct store_arg)STORE_INT(ev->version) : none,
		STORE_TEXT(ev->event),
		ev->actor ? (struct store_arg)STORE_INT(ev->actor) : none,
		STORE_TEXT(ev->role),
		STORE_TEXT(ev->channel),
		STORE_TEXT(ev->idem),
		ev->at ? (struct store_arg)STORE_INT(ev->at) : none,
		STORE_TEXT(ev->payload),
		STORE_END,
	};
	int rc;

	OSMO_ASSERT(store_in_transaction(st));
	rc = store_exec(st, STORE_STMT_FIRE, args);
	if (rc == -EPERM)
		return read_refusal(refusal, store_error(st)) ? 1 : -EPROTO;
	if (rc < 0)
		return rc;
	return subject || version ? read_subject(st, ev->idem, subject, version) : 0;
}
