/* One text on its way into the database: its row, and what becomes of it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "messages/sms.h"

#include "gateway/digest.h"

struct gateway;

/* A part as it was taken from a bearer. */
struct intake {
	const char *bearer;
	const char *worker;
	uint8_t digest[DIGEST_SIZE];
	const struct sms_in *sms;
	bool call; /* somebody called, at sms->smsc_at, from sms->sender; the text is what a coordinator reads of it */
	bool careful;      /* see command_handle() */
	const char *aside; /* why it is stored unread for the coordinator; NULL: it is handled */
};

/*! Store it and handle it. Needs an open transaction, and the caller rolls back after an error.
 *
 * \param[in] key  seals the parts of a text that wait for others.
 * \param[in] now  on the clock of the database.
 * \returns 0: it is stored, now or before: its slot may be freed after the commit; -EAGAIN, unless in->careful: roll back
 *          and take it again, carefully; or an error of store.h. */
int intake_take(struct gateway *gw, const struct intake *in, const uint8_t key[DIGEST_KEY_SIZE],
		int64_t now);
