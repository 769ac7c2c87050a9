/* What a modem says, taken note of before its library hears it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/line.h"

#include <stdlib.h>
#include <string.h>

/* An SMS-DELIVER of sender 0, of the turn of the century, without a text: every decoder accepts it. */
static const char harmless[] = "00040181F000000010100000000000";

#define NOTHING (-1)

void line_init(struct line *l)
{
	memset(l, 0, sizeof(*l));
	l->stored_state = -1;
	l->awaited = NOTHING;
	l->holding = true;
}

bool line_next(struct line *l, struct line_event *out)
{
	if (!l->events)
		return false;
	*out = l->queue[l->first];
	l->first = (l->first + 1) % LINE_QUEUE_MAX;
	l->events--;
	return true;
}

static void push(struct line *l, const struct line_event *event)
{
	if (l->events == LINE_QUEUE_MAX) {
		l->lost++;
		return;
	}
	l->queue[(l->first + l->events++) % LINE_QUEUE_MAX] = *event;
}

static bool is_hex(const char *text, size_t n)
{
	return strspn(text, "0123456789ABCDEFabcdef") == n;
}

/* What follows the tag without spaces; NULL if the line is another. */
static const char *after(const char *text, const char *tag)
{
	size_t n = strlen(tag);

	if (strncmp(text, tag, n))
		return NULL;
	text += n;
	return text + strspn(text, " ");
}

/* +CMGR: <stat>,... ; +CMGR: ,,<length> ; and "REC READ" where the modem is in text mode. */
static void header_read(struct line *l, const char *rest)
{
	l->awaited = LINE_STORED;
	l->stored_state = *rest >= '0' && *rest <= '3' && rest[1] == ',' ? *rest - '0' : -1;
	if (*rest == '"') {
		l->text_mode = true;
		l->awaited = NOTHING;
	}
}

static void header_listed(struct line *l, const char *rest)
{
	(void)rest;
	l->awaited = LINE_STORED;
	l->stored_state = -1;
}

static void header_deliver(struct line *l, const char *rest)
{
	(void)rest;
	l->awaited = LINE_DELIVER;
}

static void header_report(struct line *l, const char *rest)
{
	(void)rest;
	l->awaited = LINE_REPORT;
}

/* +CDSI: "SR",3 */
static void report_index(struct line *l, const char *rest)
{
	struct line_event event = { .kind = LINE_INDEX };

	if (strlen(rest) < 6 || rest[0] != '"' || rest[3] != '"' || rest[4] != ',')
		return;
	memcpy(event.memory, rest + 1, 2);
	event.index = (unsigned int)strtoul(rest + 5, NULL, 10);
	push(l, &event);
}

static void memory_full(struct line *l, const char *rest)
{
	(void)rest;
	l->full = true;
}

static void restarted(struct line *l, const char *rest)
{
	if (!*rest)
		l->restarted = true;
}

static void failed(struct line *l, const char *rest)
{
	if (*rest)
		return;
	l->error = LINE_ERROR_PLAIN;
	l->cause = 0;
	l->awaited = NOTHING;
}

static void failed_cms(struct line *l, const char *rest)
{
	l->error = LINE_ERROR_CMS;
	l->cause = (unsigned int)strtoul(rest, NULL, 10);
	l->awaited = NOTHING;
}

static void failed_cme(struct line *l, const char *rest)
{
	failed_cms(l, rest);
	l->error = LINE_ERROR_CME;
}

static void done(struct line *l, const char *rest)
{
	if (!*rest)
		l->awaited = NOTHING;
}

static const struct {
	const char *tag;
	void (*note)(struct line *l, const char *rest);
} notes[] = {
	{ "+CMGR:", header_read },     { "+CMGL:", header_listed }, { "+CMT:", header_deliver },
	{ "+CDS:", header_report },    { "+CDSI:", report_index },  { "+CMS ERROR:", failed_cms },
	{ "+CME ERROR:", failed_cme }, { "ERROR", failed },         { "OK", done },
	{ "^SMMEMFULL", memory_full },                       /* Huawei */
	{ "+SMSFULL", memory_full },                         /* SIMCom */
	{ "*SMS FULL", memory_full },  { "RDY", restarted }, /* SIMCom */
	{ "SMS Ready", restarted },
};

static void note(struct line *l)
{
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		const char *rest = after(l->text, notes[i].tag);

		if (rest) {
			notes[i].note(l, rest);
			return;
		}
	}
}

/* A message: it stays here. An odd or overlong one is kept as an empty text: somebody has to free its slot. */
static void keep(struct line *l)
{
	struct line_event event = { .kind = (enum line_kind)l->awaited };
	char *to = l->awaited == LINE_STORED ? l->stored : event.pdu;

	to[0] = '\0';
	if (l->len <= LINE_PDU_MAX)
		memcpy(to, l->text, l->len + 1);
	if (l->awaited == LINE_STORED)
		l->has_stored = true;
	else
		push(l, &event);
	l->awaited = NOTHING;
}

static size_t end_line(struct line *l, char *out)
{
	size_t n = 0;

	l->text[l->len] = '\0';
	if (l->len && l->awaited != NOTHING && is_hex(l->text, l->len)) {
		keep(l);
		memcpy(out, harmless, sizeof(harmless) - 1);
		n = sizeof(harmless) - 1;
	} else if (l->len) {
		note(l);
	}
	l->len = 0;
	l->holding = true;
	return n;
}

/* The first sign that no PDU has lets the whole line go. */
static size_t add(struct line *l, char *out, char c)
{
	size_t n = 0;

	if (l->len == LINE_MAX)
		return 0;
	l->text[l->len++] = c;
	if (l->awaited == NOTHING || !l->holding) {
		out[0] = c;
		return 1;
	}
	if (!is_hex((char[]){ c, '\0' }, 1)) {
		memcpy(out, l->text, l->len);
		n = l->len;
		l->holding = false;
	}
	return n;
}

size_t line_feed(struct line *l, char *out, const char *in, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (in[i] == '\r' || in[i] == '\n') {
			at += end_line(l, out + at);
			out[at++] = in[i];
		} else if (in[i]) {
			at += add(l, out + at, in[i]);
		}
	}
	return at;
}
