/* Telephone numbers: from every shape that people and networks write to E.164, and to what a log may show.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* ITU-T E.164, clause 6.2.1: a plus, 15 digits at most, and the NUL. */
#define PHONE_SIZE      17
/* Room for what phone_mask() writes, with its NUL. */
#define PHONE_MASK_SIZE 16

enum phone_kind {
	PHONE_NONE,         /* nothing that can be a number or a name */
	PHONE_ALPHANUMERIC, /* a name: anyone can put any there, nothing can be sent to it */
	PHONE_SHORT,        /* 3 to 6 digits: services, often charged */
	PHONE_PREMIUM,      /* charged more than a call: special rates, satellites */
	PHONE_FOREIGN,      /* an ordinary number of another country */
	PHONE_OWN,          /* an ordinary number of the configured country */
};

/*! Normalise a number to E.164 with a leading plus.
 *
 * Understood: +33639980001, 0033639980001, 33639980001, 0639980001, each with spaces (no-break and thin ones too),
 * dots, hyphens, slashes and parentheses, "+33 (0)6 ..." and "+33 06 ...". Numbers of the country
 * itself must have the length of its plan.
 *
 * \param[out] out  NUL-terminated; untouched unless 0 is returned.
 * \param[in] size  room in out; PHONE_SIZE is always enough.
 * \param[in] text  UTF-8.
 * \param[in] country_code  digits of the country where the gateway stands: "33".
 * \returns 0; -EINVAL if this is no number (letters, a short code, several numbers); -ERANGE if it is too short or
 *          too long; -ENOSPC. */
int phone_e164(char *out, size_t size, const char *text, const char *country_code);

/*! What kind of address this is, in any shape that phone_e164() understands. */
enum phone_kind phone_kind(const char *text, const char *country_code);

/*! Whether this may be handed to a modem as a number: an optional plus, then 1 to 20 digits. */
bool phone_dialable(const char *text);

/*! What a log may show: "+336...01". Short codes are shown whole, of a name the first two characters.
 *
 * Whatever the input, the result is printable ASCII.
 *
 * \param[out] out  cut to size; PHONE_MASK_SIZE is always enough.
 * \param[in] number  may be NULL.
 * \returns out. */
const char *phone_mask(char *out, size_t size, const char *number);
