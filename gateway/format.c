/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/format.h"

#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/catalogue.h"
#include "parsers/civil.h"

char *format_money(void *ctx, int64_t cents)
{
	uint64_t sum = cents < 0 ? -(uint64_t)cents : (uint64_t)cents;
	const char *sign = cents < 0 ? "-" : "";

	if (sum % 100 == 0)
		return talloc_asprintf(ctx, "%s%" PRIu64, sign, sum / 100);
	return talloc_asprintf(ctx, "%s%" PRIu64 ",%02u", sign, sum / 100,
			       (unsigned int)(sum % 100));
}

char *format_milli(void *ctx, int64_t milli)
{
	char *s;

	if (milli % 1000 == 0)
		return talloc_asprintf(ctx, "%" PRId64, milli / 1000);
	s = talloc_asprintf(ctx, "%" PRId64 ",%03d", milli / 1000, (int)(milli % 1000));
	OSMO_ASSERT(s);
	for (size_t n = strlen(s); s[n - 1] == '0'; n--)
		s[n - 1] = '\0';
	return s;
}

/* A piece that the catalogue must have; its name if it has not, so that it is seen. */
static char *piece(void *ctx, const struct catalogue *cat, const char *name,
		   const struct template_value *values)
{
	static const struct template_value none[] = { {} };
	char *text = template_fill(ctx, cat, name, values ? values : none);

	return text ? text : talloc_strdup(ctx, name);
}

char *format_unit(void *ctx, const struct catalogue *cat, const char *unit, int64_t milli)
{
	char *name = talloc_asprintf(ctx, "unit.%s", unit);
	const struct template_value values[] = { { "n", format_milli(ctx, milli) }, {} };

	return piece(ctx, cat, name, values);
}

char *format_amount(void *ctx, const struct catalogue *cat, int64_t milli, const char *unit)
{
	const struct template_value values[] = {
		{ "qty", format_milli(ctx, milli) },
		{ "unit", format_unit(ctx, cat, unit, milli) },
		{},
	};

	return piece(ctx, cat, strcmp(unit, "pc") == 0 ? "piece.amount_pc" : "piece.amount",
		     values);
}

const char *format_label(int64_t milli, const char *unit, const char *one, const char *many)
{
	return strcmp(unit, "pc") == 0 && milli < 2000 ? one : many;
}

char *format_item(void *ctx, const struct catalogue *cat, int64_t milli, const char *unit,
		  const char *one, const char *many)
{
	return talloc_asprintf(ctx, "%s %s", format_amount(ctx, cat, milli, unit),
			       format_label(milli, unit, one, many));
}

char *format_day(void *ctx, const struct catalogue *cat, int64_t at)
{
	static const char *const days[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	struct civil c = civil_from(at);
	const struct template_value values[] = {
		{ "weekday",
		  piece(ctx, cat, talloc_asprintf(ctx, "day.%s", days[c.weekday]), NULL) },
		{ "n", talloc_asprintf(ctx, "%d", c.day) },
		{ "month", piece(ctx, cat, talloc_asprintf(ctx, "month.%d", c.month), NULL) },
		{},
	};

	return piece(ctx, cat, c.day == 1 ? "piece.date_first" : "piece.date", values);
}

char *format_hour(void *ctx, const struct catalogue *cat, int64_t at)
{
	struct civil c = civil_from(at);
	const struct template_value values[] = {
		{ "h", talloc_asprintf(ctx, "%d", c.hour) },
		{ "m", talloc_asprintf(ctx, "%02d", c.minute) },
		{},
	};

	return piece(ctx, cat, c.minute == 0 ? "piece.hour" : "piece.hour_minute", values);
}

char *format_moment(void *ctx, const struct catalogue *cat, int64_t at)
{
	const struct template_value values[] = {
		{ "day", format_day(ctx, cat, at) },
		{ "time", format_hour(ctx, cat, at) },
		{},
	};

	return piece(ctx, cat, "piece.moment", values);
}

char *format_window(void *ctx, const struct catalogue *cat, int64_t from, int64_t to)
{
	const struct template_value values[] = {
		{ "day", format_day(ctx, cat, from) },
		{ "from", format_hour(ctx, cat, from) },
		{ "to", format_hour(ctx, cat, to) },
		{},
	};

	return piece(ctx, cat, "piece.window", values);
}

char *format_phone(void *ctx, const char *number, const char *country_code)
{
	size_t skip = strlen(country_code) + 1;
	char *out;

	if (number[0] != '+' || strncmp(number + 1, country_code, skip - 1) != 0
	    || strlen(number) <= skip)
		return talloc_strdup(ctx, number);
	out = talloc_asprintf(ctx, "0%c", number[skip]);
	for (const char *s = number + skip + 1; *s; s += s[1] ? 2 : 1)
		out = talloc_asprintf_append(out, " %.2s", s);
	return out;
}

char *format_names(void *ctx, const struct catalogue *cat, const char *const *names, size_t n,
		   const char *last)
{
	char *out = talloc_strdup(ctx, n > 0 ? names[0] : "");

	for (size_t i = 1; i < n; i++)
		out = talloc_asprintf_append(
			out, "%s%s", i + 1 < n ? ", " : piece(ctx, cat, last, NULL), names[i]);
	return out;
}
