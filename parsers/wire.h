/* A cursor over foreign octets: every access is checked, the first error sticks.
 *
 * A caller reads or writes ten fields in a row and looks at the error once, at
 * the end. After an error reads give zeros, writes do nothing, and the cursor
 * does not move. Integers are big-endian.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Fields are private to wire.c. */
struct wire {
	const uint8_t *in; /* start of the octets; of out when it is written */
	uint8_t *out;      /* NULL on a cursor that reads */
	size_t size;
	size_t pos;
	int error; /* 0 or the first -errno */
};

/*! A cursor that reads. The octets stay the caller's and must live as long as the cursor. */
struct wire wire_reader(const void *data, size_t len);

/*! A cursor that writes into buf. */
struct wire wire_writer(void *buf, size_t size);

/*! The first error: 0, -EBADMSG (past the end, or octets left over), -ENOSPC (no room), -EILSEQ (a string that is
 * not UTF-8 or holds a NUL), or what wire_fail() gave. */
int wire_error(const struct wire *w);

/*! Record an error of the caller's own; a later one does not replace it. */
void wire_fail(struct wire *w, int error);

/*! Octets not yet read, or room not yet written; 0 after an error. */
size_t wire_left(const struct wire *w);

/*! Octets read or written so far. */
size_t wire_pos(const struct wire *w);

/*! Close a cursor that reads: it must stand exactly at the end.
 * \returns 0, or the sticky error; -EBADMSG if octets are left over. */
int wire_end(struct wire *w);

/*! Close a cursor that writes. \returns octets written, or the sticky error. */
int wire_done(const struct wire *w);

/* Reading. */
uint8_t wire_get_u8(struct wire *w);
uint16_t wire_get_u16(struct wire *w);
uint32_t wire_get_u32(struct wire *w);
uint64_t wire_get_u64(struct wire *w);

/*! Copy n octets to out, which is filled with zeros on an error. */
void wire_get_raw(struct wire *w, void *out, size_t n);

/*! Step over n octets. \returns where they stand in the caller's data, or NULL on an error. */
const uint8_t *wire_take(struct wire *w, size_t n);

/*! A cursor over the next n octets, which this one steps over. An error of this one is handed on to it. */
struct wire wire_part(struct wire *w, size_t n);

/*! A string: length (u16), then UTF-8 without a NUL.
 *
 * \param[out] out  NUL-terminated; empty on an error.
 * \param[in] size  room in out, at least 1; a longer string is -ENOSPC. */
void wire_get_string(struct wire *w, char *out, size_t size);

/* Writing. */
void wire_put_u8(struct wire *w, uint8_t v);
void wire_put_u16(struct wire *w, uint16_t v);
void wire_put_u32(struct wire *w, uint32_t v);
void wire_put_u64(struct wire *w, uint64_t v);
void wire_put_raw(struct wire *w, const void *data, size_t n);

/*! A string as wire_get_string() reads it; -ENOSPC beyond 65,535 octets, -EILSEQ if it is not UTF-8. */
void wire_put_string(struct wire *w, const char *utf8);
