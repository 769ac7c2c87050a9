/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/pin.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/digest.h"
#include "gateway/log.h"
#include "gateway/store/store.h"

#define MARK_SIZE 16

/* Words of the row: what happened, and to which PIN. */
static const char *const words[] = {
	[MODEM_PIN_ACCEPTED] = "accepted",
	[MODEM_PIN_TRY] = "try",
	[MODEM_PIN_WRONG] = "wrong",
};

static char *row_key(const char *modem)
{
	char *key = talloc_asprintf(OTC_SELECT, "pin/%s", modem);

	OSMO_ASSERT(key);
	return key;
}

/* \returns 0, or an error of digest_key_open() */
static int mark_of(char out[2 * MARK_SIZE + 1], struct gateway *gw, const char *modem,
		   const char *pin)
{
	uint8_t key[DIGEST_KEY_SIZE], mark[MARK_SIZE];
	char *text = talloc_asprintf(OTC_SELECT, "pin/%s/%s", modem, pin);
	int rc = digest_key_open(key, gw->key_file);

	OSMO_ASSERT(text);
	if (!rc) {
		crypto_generichash(mark, sizeof(mark), (const uint8_t *)text, strlen(text), key,
				   sizeof(key));
		sodium_bin2hex(out, 2 * MARK_SIZE + 1, mark, sizeof(mark));
	}
	sodium_memzero(key, sizeof(key));
	sodium_memzero(text, strlen(text));
	return rc;
}

/* The value of the row on the turn's context; "" if there is none. \returns 0, or an error of store.h */
static int read_row(struct gateway *gw, const char *modem, char **value)
{
	struct store_rows *rows = store_query(gw->store, STORE_STMT_META_GET,
					      STORE_ARGS(STORE_TEXT(row_key(modem))));
	int rc = rows ? store_next(rows) : -EPROTO;

	*value = talloc_strdup(OTC_SELECT, rc == 1 ? store_text(rows, 0) : "");
	store_done(rows);
	return rc < 0 ? rc : 0;
}

enum modem_pin pin_recall(struct gateway *gw, const char *modem, const char *pin)
{
	char mark[2 * MARK_SIZE + 1], *value, *at;

	if (!pin || !*pin)
		return MODEM_PIN_ACCEPTED;
	if (mark_of(mark, gw, modem, pin) || read_row(gw, modem, &value)) {
		LOGP(DWORKER, LOGL_ERROR,
		     "modem %s: nobody knows whether its PIN was tried: it is not\n", modem);
		return MODEM_PIN_TRY;
	}
	at = strchr(value, ' ');
	if (!at || strcmp(at + 1, mark) != 0)
		return MODEM_PIN_ACCEPTED;
	return strncmp(value, words[MODEM_PIN_WRONG], (size_t)(at - value)) ? MODEM_PIN_TRY
									    : MODEM_PIN_WRONG;
}

static int write_row(struct gateway *gw, const char *modem, const char *value)
{
	int rc = store_begin(gw->store);

	if (rc)
		return rc;
	if (value)
		rc = store_exec(gw->store, STORE_STMT_META_SET,
				STORE_ARGS(STORE_TEXT(row_key(modem)), STORE_TEXT(value)));
	else
		rc = store_exec(gw->store, STORE_STMT_META_DROP,
				STORE_ARGS(STORE_TEXT(row_key(modem))));
	if (rc >= 0)
		rc = store_commit(gw->store);
	if (rc)
		store_rollback(gw->store);
	return rc;
}

int pin_remember(struct gateway *gw, const char *modem, const char *pin, enum modem_pin what)
{
	char mark[2 * MARK_SIZE + 1];
	int rc;

	if (what == MODEM_PIN_ACCEPTED)
		return write_row(gw, modem, NULL);
	rc = mark_of(mark, gw, modem, pin);
	if (rc)
		return rc;
	return write_row(gw, modem, talloc_asprintf(OTC_SELECT, "%s %s", words[what], mark));
}
