/* A text cut into the parts that carry it, and put together again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "messages/sms.h"

/* 3GPP TS 23.040, clause 9.2.3.24.1: with an 8-bit concatenation element 153 septets or 67 UCS2
 * characters remain. */
#define PARTS_GSM7_SINGLE 160
#define PARTS_GSM7_MULTI  153
#define PARTS_UCS2_SINGLE 70
#define PARTS_UCS2_MULTI  67

/*! Number of parts a text needs; an empty text needs one.
 *
 * \param[out] ucs2  set if the text does not fit GSM 7-bit, cleared if it does; may be NULL.
 * \returns 1 or more, -EILSEQ for broken UTF-8. */
int parts_count(const char *utf8, bool *ucs2);

/*! Cut a text into as few parts as parts_count() says.
 *
 * No escape pair and no surrogate pair is cut; a cut falls after a space or a line break where one
 * is near and costs no further part. The texts, one after the other, are the text.
 *
 * \param[out] out  text, concat and ucs2 are filled; to and report are left alone.
 * \param[in] max  room in out; more than 255 serve nobody.
 * \param[in] ref  concatenation reference, used if there are several parts.
 * \returns parts written, -ENOSPC if more than max are needed, -EILSEQ for broken UTF-8. */
int parts_split(struct sms_out *out, size_t max, const char *utf8, uint16_t ref);

/*! Join parts that came in, in the order of their numbers.
 *
 * \param[in] parts  texts by part number - 1; a NULL is a part that is missing.
 * \param[in] total  number of parts, 1 or more.
 * \returns a text on ctx, or NULL if a part is missing. */
char *parts_join(void *ctx, const char *const *parts, size_t total);
