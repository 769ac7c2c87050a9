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
	l->mr = -1;
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

/* Unasked: the answer to a question comes after its echo. */
static void registration(struct line *l, const char *rest)
{
	(void)rest;
	if (l->guard && !l->answering)
		l->network = true;
}

static void restarted(struct line *l, const char *rest)
{
	if (!*rest)
		l->restarted = true;
}

/* +CMGS: <mr>[,<ackpdu>] */
static void sent(struct line *l, const char *rest)
{
	if (*rest >= '0' && *rest <= '9')
		l->mr = (int)(strtoul(rest, NULL, 10) & 0xff);
}

/* The last line of an answer. */
static void done(struct line *l, const char *rest)
{
	if (*rest)
		return;
	l->awaited = NOTHING;
	l->answering = l->prompting = false;
}

static void failed(struct line *l, const char *rest)
{
	if (*rest)
		return;
	l->error = LINE_ERROR_PLAIN;
	l->cause = 0;
	done(l, rest);
}

/* Huawei's word for it. */
static void failed_oddly(struct line *l, const char *rest)
{
	(void)rest;
	failed(l, "");
}

static void failed_cms(struct line *l, const char *rest)
{
	l->error = LINE_ERROR_CMS;
	l->cause = (unsigned int)strtoul(rest, NULL, 10);
	done(l, "");
}

static void failed_cme(struct line *l, const char *rest)
{
	failed_cms(l, rest);
	l->error = LINE_ERROR_CME;
}

static const struct {
	const char *tag;
	void (*note)(struct line *l, const char *rest);
} notes[] = {
	{ "+CMGR:", header_read },
	{ "+CMGL:", header_listed },
	{ "+CMT:", header_deliver },
	{ "+CDS:", header_report },
	{ "+CDSI:", report_index },
	{ "+CMGS:", sent },
	{ "+CMS ERROR:", failed_cms },
	{ "+CME ERROR:", failed_cme },
	{ "ERROR", failed },
	{ "OK", done },
	{ "COMMAND NOT SUPPORT", failed_oddly },
	{ "^SMMEMFULL", memory_full }, /* Huawei */
	{ "+SMSFULL", memory_full },   /* SIMCom */
	{ "*SMS FULL", memory_full },
	{ "+CREG:", registration },
	{ "RDY", restarted }, /* SIMCom */
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

/* Notices that libgammu understands; +CUSD and the three after it are calls. */
static const char *const known[] = {
	"+CMTI:", "+CMT:",  "+CDS:",  "+CDSI:",     "+CUSD:",    "RING",   "+CRING:",
	"+CLIP:", "+CCWA:", "+COLP:", "NO CARRIER", "NO ANSWER", "+CREG:", "+CGREG:",
};

static bool is_known(const char *text)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (after(text, known[i]))
			return true;
	return false;
}

/* Between two answers: noise, and notices of this maker alone. Noise may stand before an echo in one line. */
static size_t pass_between(struct line *l, char *out)
{
	const char *echo = strstr(l->text, "AT");
	size_t n;

	if (!echo && !is_known(l->text) && l->awaited == NOTHING)
		return 0;
	if (echo && !is_known(l->text)) {
		l->answering = true;
		l->prompting = after(echo, "AT+CMGS=") != NULL;
		n = l->len - (size_t)(echo - l->text);
	} else {
		echo = l->text;
		n = l->len;
		if (!is_known(l->text))
			l->awaited = NOTHING;
	}
	memcpy(out, echo, n);
	return n;
}

/* Notices that makers invented begin so; within an answer they spoil it. */
static bool is_foreign(const struct line *l)
{
	return l->guard && (l->text[0] == '^' || l->text[0] == '*');
}

static bool is_pdu(const struct line *l)
{
	return l->awaited != NOTHING && is_hex(l->text, l->len);
}

/* A line that was held back is complete. \returns octets that are let go. */
static size_t let_go(struct line *l, char *out)
{
	if (is_pdu(l)) {
		keep(l);
		memcpy(out, harmless, sizeof(harmless) - 1);
		return sizeof(harmless) - 1;
	}
	if (l->guard && !l->answering)
		return pass_between(l, out);
	if (is_foreign(l))
		return 0;
	memcpy(out, l->text, l->len);
	return l->len;
}

static size_t end_line(struct line *l, char *out)
{
	size_t n = 0;

	l->text[l->len] = '\0';
	if (l->len) {
		bool pdu = is_pdu(l);

		if (l->holding)
			n = let_go(l, out);
		if (!pdu)
			note(l);
	}
	l->len = 0;
	l->holding = true;
	return n;
}

static bool to_be_held(const struct line *l)
{
	/* what came before this sign was held as well: it is hex if a PDU is awaited */
	return (l->guard && !l->answering) || is_foreign(l)
	       || (l->awaited != NOTHING && is_hex(l->text + l->len - 1, 1));
}

/* A prompt stands at the beginning of a line and has no end. */
static size_t prompt(struct line *l, char *out)
{
	l->prompting = false;
	l->spaced = true;
	l->holding = false;
	memcpy(out, "> ", 2);
	return 2;
}

/* The first sign that shows that it may pass lets the whole beginning of the line go. */
static size_t add(struct line *l, char *out, char c)
{
	bool spaced = l->spaced;

	if (l->len == LINE_MAX)
		return 0;
	l->text[l->len++] = c;
	l->text[l->len] = '\0';
	l->spaced = false;
	if (spaced && c == ' ')
		return 0;
	if (l->prompting && l->len == 1 && c == '>')
		return prompt(l, out);
	if (!l->holding) {
		out[0] = c;
		return 1;
	}
	if (to_be_held(l))
		return 0;
	l->holding = false;
	memcpy(out, l->text, l->len);
	return l->len;
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
