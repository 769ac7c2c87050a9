/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/bearer/pin.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/bearer/memory.h"
#include "gateway/digest.h"
#include "gateway/log.h"

#define MARK_SIZE 16

/* Words of the row: what happened, and to which PIN. */
static const char *const words[] = {
	[MODEM_PIN_ACCEPTED] = "accepted",
	[MODEM_PIN_TRY] = "try",
	[MODEM_PIN_WRONG] = "wrong",
	[MODEM_PIN_OTHER] = "other", /* read, never written */
};

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

enum modem_pin pin_recall(struct gateway *gw, const char *modem, const char *pin)
{
	char mark[2 * MARK_SIZE + 1], *value, *at;

	if (!pin || !*pin)
		return MODEM_PIN_ACCEPTED;
	if (mark_of(mark, gw, modem, pin) || memory_get(gw, "pin", modem, &value)) {
		LOGP(DWORKER, LOGL_ERROR,
		     "modem %s: nobody knows whether its PIN was tried: it is not\n", modem);
		return MODEM_PIN_TRY;
	}
	at = strchr(value, ' ');
	if (!at)
		return MODEM_PIN_ACCEPTED;
	if (strcmp(at + 1, mark) != 0)
		return MODEM_PIN_OTHER;
	return strncmp(value, words[MODEM_PIN_WRONG], (size_t)(at - value)) ? MODEM_PIN_TRY
									    : MODEM_PIN_WRONG;
}

int pin_remember(struct gateway *gw, const char *modem, const char *pin, enum modem_pin what)
{
	char mark[2 * MARK_SIZE + 1];
	int rc;

	if (what == MODEM_PIN_ACCEPTED)
		return memory_set(gw, "pin", modem, NULL);
	rc = mark_of(mark, gw, modem, pin);
	if (rc)
		return rc;
	return memory_set(gw, "pin", modem,
			  talloc_asprintf(OTC_SELECT, "%s %s", words[what], mark));
}
