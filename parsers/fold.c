/* Folding: any Unicode text to lower-case ASCII that rules can be written against.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "parsers/fold.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* What one character may become at most, so that no input makes the output explode (U+FDFA gives 18). */
#define EXPANSION_MAX 4

struct folding {
	const struct fold_map *map;
	size_t n_map;
	char *out;
	size_t len, size;
};

static void put(struct folding *f, char c)
{
	if (f->len + 1 >= f->size)
		return;
	if (c == ' ' && f->len && (f->out[f->len - 1] == ' ' || f->out[f->len - 1] == '\n'))
		return;
	if (c == '\n' && f->len && f->out[f->len - 1] == ' ')
		f->len--;
	if (c == '\n' && f->len && f->out[f->len - 1] == '\n')
		return;
	f->out[f->len++] = c;
}

static const char *mapped(const struct folding *f, ucs4_t uc)
{
	for (size_t i = 0; i < f->n_map; i++)
		if (f->map[i].from == uc)
			return f->map[i].to;
	return NULL;
}

/* U+2018, U+2019, U+201B, U+02BC, U+00B4, U+FF07 and the grave accent are all typed for an apostrophe. */
static bool is_apostrophe(ucs4_t uc)
{
	return uc == '\'' || uc == '`' || uc == 0x2018 || uc == 0x2019 || uc == 0x201b
	       || uc == 0x02bc || uc == 0x00b4 || uc == 0xff07;
}

static char ascii_of(ucs4_t uc)
{
	if (uc == '\n' || uc == '\r' || uc == 0x2028 || uc == 0x2029)
		return '\n';
	if (uc < 0x20 || uc == 0x7f)
		return ' ';
	if (uc < 0x80)
		return uc >= 'A' && uc <= 'Z' ? (char)(uc + 32) : (char)uc;
	if (uc_is_property_dash(uc))
		return '-';
	if (uc == 0x2044) /* fraction slash, of which U+00BD is made */
		return '/';
	if (uc_decimal_value(uc) >= 0)
		return (char)('0' + uc_decimal_value(uc));
	return uc_is_alpha(uc) ? FOLD_FOREIGN : ' ';
}

static bool vanishes(ucs4_t uc)
{
	return uc_is_general_category(uc, UC_MARK) || uc_is_general_category(uc, UC_FORMAT);
}

/* A character that is neither in the map nor an apostrophe, taken apart. */
static void put_decomposed(struct folding *f, ucs4_t uc)
{
	uint32_t parts[64];
	size_t n = OSMO_MIN(sizeof(parts) / sizeof(parts[0]), 64);
	uint32_t *p = u32_normalize(UNINORM_NFKD, &uc, 1, parts, &n);

	if (!p)
		return;
	for (size_t i = 0; i < n && i < EXPANSION_MAX; i++) {
		const char *to = mapped(f, p[i]);

		if (vanishes(p[i]))
			continue;
		for (; to && *to; to++)
			put(f, *to);
		if (!to)
			put(f, ascii_of(uc_tolower(p[i])));
	}
	if (p != parts)
		free(p);
}

static void put_char(struct folding *f, ucs4_t uc)
{
	const char *to = mapped(f, uc);

	if (!to)
		to = mapped(f, uc_tolower(uc));
	if (to) {
		for (; *to; to++)
			put(f, *to);
	} else if (is_apostrophe(uc)) {
		put(f, '\'');
	} else if (uc < 0x80) {
		put(f, ascii_of(uc));
	} else if (!vanishes(uc)) {
		put_decomposed(f, uc);
	}
}

char *fold_text(void *ctx, const char *text, const struct fold_map *map, size_t n, bool *clipped)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t left = strlen(text), chars = 0;
	/* a mapped character may be a whole word: room for some, and put() drops the rest */
	struct folding f = { map, n, NULL, 0, OSMO_MIN(left, FOLD_MAX) * EXPANSION_MAX + 64 };

	f.out = talloc_zero_size(ctx, f.size);
	OSMO_ASSERT(f.out);
	for (; left && chars < FOLD_MAX; chars++) {
		ucs4_t uc;
		int used = u8_mbtoucr(&uc, s, left);

		if (used <= 0) {
			used = 1;
			uc = ' ';
		}
		put_char(&f, uc);
		s += used;
		left -= (size_t)used;
	}
	*clipped = left > 0;
	while (f.len && (f.out[f.len - 1] == ' ' || f.out[f.len - 1] == '\n'))
		f.len--;
	f.out[f.len] = '\0';
	talloc_set_name_const(f.out, "folded text");
	return f.out;
}
