/* What comes in: stored, handled and answered in one transaction, and only then freed on the modem.
 *
 *   bearer --- inbox_receive() ---> turn of the loop ---> BEGIN
 *                                                         for each text: row, command, replies
 *   bearer <--- release(slot) <--------------------------- COMMIT
 *
 * A refusal undoes only itself: a text of which some events were fired and the next was refused is taken back to a
 * savepoint. Next to none is, and savepoints are dear, so that a group of texts is tried without them first.
 *
 * The SIM is the write-ahead log of the radio: a text that is not freed comes
 * again, and its digest says that it is the same one.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages/sms.h"

#include "gateway/digest.h"

struct gateway;
struct inbox;

/* Texts that are committed together at most. */
#define INBOX_GROUP_MAX   32
/* Texts that are kept in memory at most while the database does not take them; beyond, the SIM keeps them. */
#define INBOX_WAITING_MAX 256
/* Seconds after which a text that lacks parts is given to the coordinator as it is. */
#define INBOX_PARTS_WAIT  (24 * 60 * 60)

/* Where a text was taken from. Strings are copied. */
struct inbox_source {
	const char *bearer; /* "modem" */
	const char *worker; /* "gsm0" */
	const char *imsi;   /* of its SIM: part of the digest */
	uint32_t slot;      /* freed by the bearer's release() after the commit */
};

/*! Create the inbox of a gateway.
 *
 * \param[out] out  on gw; untouched unless 0 is returned.
 * \returns 0, or an error of digest_open(). */
int inbox_open(struct inbox **out, struct gateway *gw);

/*! Take a text over. It is handled at the end of this turn of the loop, together with the others that came in it.
 *
 * While the database is busy, full or gone the text is kept in memory and tried again; beyond
 * INBOX_WAITING_MAX it is left where it is, to be handed over again by the bearer. */
void inbox_receive(struct gateway *gw, const struct inbox_source *source, const struct sms_in *sms);

/*! Somebody called, and was refused. A number that the platform knows is listed for the coordinator, once an hour. */
void inbox_call(struct gateway *gw, const struct inbox_source *source, const char *number);

/*! The worker is gone: drop what it handed over and is not committed. Its successor reads the slots again. */
void inbox_forget(struct gateway *gw, const char *worker);

/*! To be called several times a second: tries again what was not taken, looks for parts that do not come. */
void inbox_tick(struct gateway *gw, int64_t now);

/*! A text with this digest was in flight at two crashes: it will be stored unread. */
void inbox_set_aside(struct gateway *gw, const uint8_t digest[DIGEST_SIZE]);

/*! Texts received and not yet committed. */
size_t inbox_waiting(const struct gateway *gw);
