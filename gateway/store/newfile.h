/* A file that is made whole or not at all: built under another name, moved to its own when it is complete.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

struct newfile;

/*! Begin a file; it must not be there yet.
 *
 * Only its owner may read it; made by root, it will belong to the owner of the folder.
 *
 * \param[out] out  on ctx; freed without newfile_keep() it leaves nothing behind.
 * \param[out] error  on ctx, a sentence.
 * \returns 0, -EEXIST, or another negative errno of the file system. */
int newfile_begin(struct newfile **out, void *ctx, const char *path, char **error);

/*! The name that it is built under: an empty file. */
const char *newfile_temp(const struct newfile *file);

/*! It is complete: on the disk, then in its place. \returns 0 or a negative errno, with a sentence in *error. */
int newfile_keep(struct newfile *file, char **error);
