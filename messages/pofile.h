/* A .po file in memory, read by libgettextpo.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>

#include <gettext-po.h>

/*! Read a .po file. The first warning is an error.
 *
 * \param[out] out  for po_file_free(); untouched unless 0 is returned.
 * \param[in] data  len octets; not kept.
 * \param[out] error  on ctx, with the entry's name or the line; untouched if 0 is returned.
 * \returns 0, -EINVAL, or -EIO if there is no temporary file to be had. */
int pofile_read(po_file_t *out, void *ctx, const char *data, size_t len, char **error);
