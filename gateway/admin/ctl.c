/* What the commands of chappectl share.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/ctl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include <osmocom/core/talloc.h>

#include "parsers/civil.h"

const char *ctl_option(const struct ctl *ctl, const char *name)
{
	for (size_t i = 0; ctl->command->options[i].name; i++) {
		if (strcmp(ctl->command->options[i].name, name) == 0)
			return ctl->value[i];
	}
	return NULL;
}

int ctl_fail(const struct ctl *ctl, const char *sentence, ...)
{
	va_list ap;
	char *text;

	va_start(ap, sentence);
	text = talloc_vasprintf(ctl, sentence, ap);
	va_end(ap);
	fprintf(stderr, "chappectl: %s\n", text);
	if (ctl->json)
		ctl_print_json(json_pack("{s:s+}", "error", text, ""));
	talloc_free(text);
	return CTL_FAILED;
}

int ctl_misused(const struct ctl *ctl, const char *sentence, ...)
{
	const struct ctl_command *c = ctl->command;
	va_list ap;

	fprintf(stderr, "chappectl: ");
	va_start(ap, sentence);
	vfprintf(stderr, sentence, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: chappectl %s%s%s%s\n", c->config ? "-c FILE " : "", c->name,
		*c->arguments ? " " : "", c->arguments);
	return CTL_USAGE;
}

int ctl_print_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
	return CTL_OK;
}

int64_t ctl_number(const char *word)
{
	char *end;
	long long n;

	if (!*word || strlen(word) > 18 || word[strspn(word, "0123456789")])
		return -1;
	n = strtoll(word, &end, 10);
	return n;
}

int64_t ctl_duration(const char *word)
{
	static const char units[] = "smhd";
	static const int seconds[] = { 1, 60, 3600, 86400 };
	int64_t sum = 0;

	if (*word++ != '+' || !*word)
		return -1;
	while (*word) {
		size_t n = strspn(word, "0123456789");
		const char *unit = word[n] ? strchr(units, word[n]) : NULL;

		if (!n || n > 9 || !unit)
			return -1;
		sum += strtoll(word, NULL, 10) * seconds[unit - units];
		word += n + 1;
	}
	return sum;
}

/* ---- printing ---- */

/* C0, DEL, C1, and the marks that change the direction of what follows. */
static bool is_hidden(ucs4_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f
	       || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void ctl_print_text(const char *utf8)
{
	const uint8_t *s = (const uint8_t *)utf8;
	size_t left = strlen(utf8);

	while (left) {
		ucs4_t c;
		int n = u8_mbtoucr(&c, s, left);

		if (n <= 0) {
			putchar('?');
			n = 1;
		} else if (c == '\n') {
			fputs("\\n", stdout);
		} else if (is_hidden(c)) {
			putchar('?');
		} else {
			fwrite(s, 1, (size_t)n, stdout);
		}
		s += n;
		left -= (size_t)n;
	}
}

void ctl_print_field(const char *name, const char *text)
{
	if (!*text)
		return;
	printf("%-10s ", name);
	ctl_print_text(text);
	putchar('\n');
}

void ctl_print_time(const json_t *at)
{
	struct civil c;

	if (!json_integer_value(at)) {
		printf("%-16s", "-");
		return;
	}
	c = civil_from(json_integer_value(at));
	printf("%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

const char *ctl_text_of(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name)) ?: "";
}

int64_t ctl_int_of(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}
