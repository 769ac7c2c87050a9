/* The GSM 7-bit default alphabet and its extension table.
 *
 * 3GPP TS 23.038, clauses 6.2.1 and 6.2.1.1.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*! Septets that a text needs; a character of the extension table counts two.
 *
 * \param[in] utf8  NUL-terminated UTF-8.
 * \returns the number of septets, or -EILSEQ if a character is not in the alphabet or the UTF-8 is
 *          broken. */
int gsm7_length(const char *utf8);

/*! Encode UTF-8 to unpacked septets, one per octet.
 *
 * \param[out] out  septets, not NUL-terminated.
 * \param[in] size  room in out.
 * \returns septets written, -EILSEQ as above, -ENOSPC if they do not fit. */
int gsm7_encode(uint8_t *out, size_t size, const char *utf8);

/*! Decode unpacked septets to NUL-terminated UTF-8: clause 6.2.1.1.
 *
 * An escape before a code that the extension table does not define gives the character of the
 * default table; two escapes give one space, as does an escape at the end. The eighth bit is
 * ignored.
 *
 * \param[out] out  UTF-8; untouched unless the result is not negative.
 * \param[in] size  room in out, the NUL included; 3 octets a septet and one more are always enough.
 * \returns octets written without the NUL, or -ENOSPC. */
int gsm7_decode(char *out, size_t size, const uint8_t *septets, size_t n);

/*! Pack septets into octets: clause 6.1.2.1.1. Bits that are left over are 0.
 *
 * \param[in] fill  bits to leave free at the start, 0 to 6 (padding after a user data header).
 * \returns octets written, or -ENOSPC. */
int gsm7_pack(uint8_t *out, size_t size, const uint8_t *septets, size_t n, unsigned int fill);

/*! Unpack n septets, skipping fill bits first.
 *
 * \returns n, or -EBADMSG if the octets do not hold n septets, or -ENOSPC. */
int gsm7_unpack(uint8_t *out, size_t size, const uint8_t *octets, size_t len, size_t n,
		unsigned int fill);

/*! Rewrite a text so that it fits the alphabet.
 *
 * ç to c, ê to e, œ to oe, curly quotes to straight ones; what has nothing near it (an emoji,
 * another script) to one '?' a character as people count them. Names from people are rewritten,
 * never dropped; control characters are dropped, but for line breaks.
 *
 * \param[in] ctx  talloc parent of the result.
 * \returns UTF-8 that gsm7_length() accepts; never NULL. */
char *gsm7_transliterate(void *ctx, const char *utf8);
