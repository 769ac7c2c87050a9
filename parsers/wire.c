/* A cursor over foreign octets: every access is checked, the first error sticks.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/wire.h"

#include <errno.h>
#include <string.h>

#include <unistr.h>

struct wire wire_reader(const void *data, size_t len)
{
	return (struct wire){ .in = data, .size = len };
}

struct wire wire_writer(void *buf, size_t size)
{
	return (struct wire){ .in = buf, .out = buf, .size = size };
}

int wire_error(const struct wire *w)
{
	return w->error;
}

void wire_fail(struct wire *w, int error)
{
	if (!w->error)
		w->error = error;
}

size_t wire_left(const struct wire *w)
{
	return w->error ? 0 : w->size - w->pos;
}

size_t wire_pos(const struct wire *w)
{
	return w->pos;
}

int wire_end(struct wire *w)
{
	if (wire_left(w) > 0)
		wire_fail(w, -EBADMSG);
	return w->error;
}

int wire_done(const struct wire *w)
{
	return w->error ? w->error : (int)w->pos;
}

/* The one place where reading moves the cursor. */
const uint8_t *wire_take(struct wire *w, size_t n)
{
	const uint8_t *at = w->in + w->pos;

	if (w->error)
		return NULL;
	if (w->out || n > w->size - w->pos) {
		w->error = -EBADMSG;
		return NULL;
	}
	w->pos += n;
	return at;
}

struct wire wire_part(struct wire *w, size_t n)
{
	const uint8_t *at = wire_take(w, n);
	struct wire part = wire_reader(at, at ? n : 0);

	part.error = w->error;
	return part;
}

void wire_get_raw(struct wire *w, void *out, size_t n)
{
	const uint8_t *at = wire_take(w, n);

	if (!n)
		return;
	if (at)
		memcpy(out, at, n);
	else
		memset(out, 0, n);
}

static uint64_t get_int(struct wire *w, size_t n)
{
	const uint8_t *at = wire_take(w, n);
	uint64_t v = 0;

	for (size_t i = 0; at && i < n; i++)
		v = v << 8 | at[i];
	return v;
}

uint8_t wire_get_u8(struct wire *w)
{
	return (uint8_t)get_int(w, 1);
}

uint16_t wire_get_u16(struct wire *w)
{
	return (uint16_t)get_int(w, 2);
}

uint32_t wire_get_u32(struct wire *w)
{
	return (uint32_t)get_int(w, 4);
}

uint64_t wire_get_u64(struct wire *w)
{
	return get_int(w, 8);
}

void wire_get_string(struct wire *w, char *out, size_t size)
{
	size_t n = wire_get_u16(w);
	const uint8_t *at = wire_take(w, n);

	out[0] = '\0';
	if (!at)
		return;
	if (n >= size) {
		wire_fail(w, -ENOSPC);
	} else if (u8_check(at, n) || memchr(at, 0, n)) {
		wire_fail(w, -EILSEQ);
	} else {
		memcpy(out, at, n);
		out[n] = '\0';
	}
}

/* The one place where writing moves the cursor. */
static uint8_t *give(struct wire *w, size_t n)
{
	uint8_t *at;

	if (w->error)
		return NULL;
	if (!w->out || n > w->size - w->pos) {
		w->error = -ENOSPC;
		return NULL;
	}
	at = w->out + w->pos;
	w->pos += n;
	return at;
}

static void put_int(struct wire *w, uint64_t v, size_t n)
{
	uint8_t *at = give(w, n);

	for (size_t i = 0; at && i < n; i++)
		at[i] = (uint8_t)(v >> 8 * (n - 1 - i));
}

void wire_put_u8(struct wire *w, uint8_t v)
{
	put_int(w, v, 1);
}

void wire_put_u16(struct wire *w, uint16_t v)
{
	put_int(w, v, 2);
}

void wire_put_u32(struct wire *w, uint32_t v)
{
	put_int(w, v, 4);
}

void wire_put_u64(struct wire *w, uint64_t v)
{
	put_int(w, v, 8);
}

void wire_put_raw(struct wire *w, const void *data, size_t n)
{
	uint8_t *at = give(w, n);

	if (at && n)
		memcpy(at, data, n);
}

void wire_put_string(struct wire *w, const char *utf8)
{
	size_t n = strlen(utf8);

	if (n > UINT16_MAX) {
		wire_fail(w, -ENOSPC);
	} else if (u8_check((const uint8_t *)utf8, n)) {
		wire_fail(w, -EILSEQ);
	} else {
		wire_put_u16(w, (uint16_t)n);
		wire_put_raw(w, utf8, n);
	}
}
