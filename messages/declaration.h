/* What an entry's comment declares about its template: the attributes of messages/catalogue.h.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "messages/catalogue.h"

/*! Read a declaration.
 *
 * \param[out] out  purpose, parts, use_by, wait, resend and longest are set, longest on ctx;
 *                  untouched unless 0 is returned.
 * \param[in] comment  the extracted comment, without "#.".
 * \param[out] error  on ctx: what was expected and what stands there; untouched if 0 is returned.
 * \returns 0 or -EINVAL. */
int declaration_read(struct template *out, void *ctx, const char *comment, char **error);
