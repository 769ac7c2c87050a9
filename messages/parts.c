/* A text cut into the parts that carry it, and put together again.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "messages/parts.h"

#include <errno.h>
#include <string.h>

#include <unistr.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/gsm7.h"

/* A cut goes back this many octets at most to fall after a space. */
#define SPACE_NEAR 24
/* The part's number is one octet on air. */
#define TOTAL_MAX  255

/* What is left of a text to be cut: valid UTF-8, and in GSM 7-bit if not ucs2. */
struct rest {
	const char *at;
	size_t len;
	bool ucs2;
};

/* Units (septets, or UCS2 characters of 16 bits) that the first character takes, and its octets. */
static unsigned int first_units(const struct rest *rest, size_t *octets)
{
	char utf8[7] = "";
	ucs4_t c;

	*octets = (size_t)u8_mbtoucr(&c, (const uint8_t *)rest->at, rest->len);
	if (rest->ucs2)
		return c > 0xffff ? 2 : 1;
	memcpy(utf8, rest->at, *octets);
	return (unsigned int)gsm7_length(utf8);
}

/* Octets of the rest that fit in `room` units, whole characters. */
static size_t fitting(struct rest rest, unsigned int room)
{
	size_t n = 0;

	while (rest.len > 0) {
		size_t octets;
		unsigned int units = first_units(&rest, &octets);

		if (units > room)
			break;
		room -= units;
		n += octets;
		rest.at += octets;
		rest.len -= octets;
	}
	return n;
}

static unsigned int room_single(const struct rest *rest)
{
	return rest->ucs2 ? PARTS_UCS2_SINGLE : PARTS_GSM7_SINGLE;
}

static unsigned int room_multi(const struct rest *rest)
{
	return rest->ucs2 ? PARTS_UCS2_MULTI : PARTS_GSM7_MULTI;
}

static void advance(struct rest *rest, size_t octets)
{
	rest->at += octets;
	rest->len -= octets;
}

/* Fewest parts of a rest that is one of several. */
static size_t fewest(struct rest rest)
{
	size_t n = 0;

	for (; rest.len > 0; n++)
		advance(&rest, fitting(rest, room_multi(&rest)));
	return n;
}

/* \returns 0, or -EILSEQ for broken UTF-8. */
static int rest_init(struct rest *rest, const char *utf8)
{
	size_t len = strlen(utf8);

	if (u8_check((const uint8_t *)utf8, len))
		return -EILSEQ;
	*rest = (struct rest){ .at = utf8, .len = len, .ucs2 = gsm7_length(utf8) < 0 };
	return 0;
}

/* Parts that a whole text needs. */
static size_t needed(struct rest rest)
{
	if (fitting(rest, room_single(&rest)) == rest.len)
		return 1;
	return fewest(rest);
}

int parts_count(const char *utf8, bool *ucs2)
{
	struct rest rest;
	int rc = rest_init(&rest, utf8);

	if (rc)
		return rc;
	if (ucs2)
		*ucs2 = rest.ucs2;
	return (int)needed(rest);
}

/* Where to cut so that at most `left` parts follow: after a space, if one is near. */
static size_t cut(struct rest rest, size_t left)
{
	size_t most = fitting(rest, room_multi(&rest));

	for (size_t n = most; n > 0 && n + SPACE_NEAR > most; n--) {
		struct rest after = rest;

		if (rest.at[n - 1] != ' ' && rest.at[n - 1] != '\n')
			continue;
		advance(&after, n);
		if (fewest(after) <= left)
			return n;
	}
	return most;
}

static void part_set(struct sms_out *out, const struct rest *rest, size_t octets)
{
	OSMO_ASSERT(octets < sizeof(out->text));
	memcpy(out->text, rest->at, octets);
	out->text[octets] = '\0';
	out->ucs2 = rest->ucs2;
	out->concat = (struct sms_concat){ 0 };
}

int parts_split(struct sms_out *out, size_t max, const char *utf8, uint16_t ref)
{
	struct rest rest;
	int rc = rest_init(&rest, utf8);
	size_t total;

	if (rc)
		return rc;
	total = needed(rest);
	if (total > max || total > TOTAL_MAX)
		return -ENOSPC;
	if (total == 1) {
		part_set(out, &rest, rest.len);
		return 1;
	}
	for (size_t i = 0; i < total; i++) {
		size_t octets = i + 1 < total ? cut(rest, total - i - 1) : rest.len;

		part_set(&out[i], &rest, octets);
		out[i].concat = (struct sms_concat){ ref, (uint8_t)total, (uint8_t)(i + 1) };
		advance(&rest, octets);
	}
	return (int)total;
}

char *parts_join(void *ctx, const char *const *parts, size_t total)
{
	char *out = talloc_strdup(ctx, "");

	OSMO_ASSERT(out);
	for (size_t i = 0; i < total; i++) {
		if (!parts[i]) {
			talloc_free(out);
			return NULL;
		}
		out = talloc_strdup_append_buffer(out, parts[i]);
		OSMO_ASSERT(out);
	}
	return out;
}
