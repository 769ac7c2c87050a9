/* What the modem answers: octets to command lines, lines to commands, results to answers.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/at.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/card.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

#define INPUT_MAX 8192 /* octets kept while a command is under way */

/* ---- saying things ---- */

static void say_now(struct at *at, const char *text)
{
	if (!fault_value(at->sim, FAULT_SILENT))
		tty_write(at->sim->tty, text, strlen(text));
}

void at_say(struct at *at, const char *fmt, ...)
{
	va_list ap;

	if (!*at->answer && at->set.verbose)
		at->answer = talloc_strdup_append_buffer(at->answer, "\r\n");
	va_start(ap, fmt);
	at->answer = talloc_vasprintf_append_buffer(at->answer, fmt, ap);
	va_end(ap);
	at->answer = talloc_strdup_append_buffer(at->answer, "\r\n");
	OSMO_ASSERT(at->answer);
}

void at_unasked(struct at *at, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = talloc_vasprintf(at, fmt, ap);
	va_end(ap);
	text = talloc_asprintf_append(text, "\r\n");
	OSMO_ASSERT(text);
	if ((at->busy || at->entry.on) && at->n_urcs < ARRAY_SIZE(at->urcs)) {
		at->urcs[at->n_urcs++] = text;
		return;
	}
	say_now(at, "\r\n");
	say_now(at, text);
	talloc_free(text);
}

/* What waited for the end of an answer: said, or lost with a reboot. */
static void end_waiting(struct at *at, bool say)
{
	for (size_t i = 0; i < at->n_urcs; i++) {
		if (say) {
			say_now(at, "\r\n");
			say_now(at, at->urcs[i]);
		}
		talloc_free(at->urcs[i]);
	}
	at->n_urcs = 0;
}

/* 3GPP TS 27.007, clause 9.2.1: the causes that this modem gives. */
static const struct value_string cme_names[] = {
	{ 3, "operation not allowed" },
	{ 4, "operation not supported" },
	{ 10, "SIM not inserted" },
	{ 11, "SIM PIN required" },
	{ 12, "SIM PUK required" },
	{ 13, "SIM failure" },
	{ 14, "SIM busy" },
	{ 16, "incorrect password" },
	{ 21, "invalid index" },
	{ 22, "not found" },
	{ 30, "no network service" },
	{ 50, "Incorrect parameters" },
	{ 0, NULL },
};

static void say_result(struct at *at, int result)
{
	static const struct {
		const char *word;
		int code;
	} codes[] = { [AT_OK] = { "OK", 0 },
		      [AT_ERROR] = { "ERROR", 4 },
		      [AT_NO_CARRIER] = { "NO CARRIER", 3 } };
	char text[64];

	if (result >= AT_CMS(0)) {
		snprintf(text, sizeof(text), "+CMS ERROR: %d", result - AT_CMS(0));
	} else if (result >= AT_CME(0) && at->set.cmee == 2) {
		snprintf(text, sizeof(text), "+CME ERROR: %s",
			 get_value_string(cme_names, (uint32_t)(result - AT_CME(0))));
	} else if (result >= AT_CME(0) && at->set.cmee) {
		snprintf(text, sizeof(text), "+CME ERROR: %d", result - AT_CME(0));
	} else {
		int i = result >= AT_CME(0) ? AT_ERROR : result;

		if (!at->set.verbose) {
			at->answer = talloc_asprintf_append_buffer(at->answer, "%d\r",
								   codes[i].code);
			return;
		}
		snprintf(text, sizeof(text), "%s", codes[i].word);
	}
	at->answer = talloc_asprintf_append_buffer(at->answer, "\r\n%s\r\n", text);
}

/* The answer goes out whole, but for what a fault does to it. */
static void send_answer(struct at *at)
{
	if (fault_spend(at->sim, FAULT_URC_INSIDE)) {
		size_t half = strlen(at->answer) / 2;

		say_now(at, talloc_asprintf(at->answer, "%.*s\r\n^RSSI: 15\r\n%s", (int)half,
					    at->answer, at->answer + half));
	} else {
		say_now(at, at->answer);
	}
	if (fault_spend(at->sim, FAULT_DUPLICATE_ANSWER))
		say_now(at, at->answer);
}

/* ---- running a line ---- */

static const struct at_command *find(const char *name)
{
	for (size_t i = 0; i < at_general_num; i++)
		if (!strcasecmp(at_general[i].name, name))
			return &at_general[i];
	for (size_t i = 0; i < at_message_num; i++)
		if (!strcasecmp(at_message[i].name, name))
			return &at_message[i];
	return NULL;
}

/* Whether the card can be asked now. */
static int check_need(const struct at *at, enum at_need need)
{
	static const int cms[] = { [10] = 310, [11] = 311, [12] = 316, [13] = 313, [14] = 314 };
	static const int lock_cause[] = {
		[CARD_OPEN] = 0, [CARD_PIN_WANTED] = 11, [CARD_PUK_WANTED] = 12, [CARD_BLOCKED] = 13
	};
	int cause = 0;

	if (need == AT_ANYTIME)
		return AT_OK;
	if (fault_value(at->sim, FAULT_SIM_REMOVED))
		cause = 10;
	else if (fault_value(at->sim, FAULT_SIM_BUSY))
		cause = 14;
	else if (need != AT_CARD)
		cause = lock_cause[card_lock(at->sim->card)];
	if (!cause)
		return AT_OK;
	return need == AT_MESSAGES ? AT_CMS(cms[cause]) : AT_CME(cause);
}

/* Cut "a,"b,c",d" into parameters, in place. Stops at a ; outside quotes. \returns what follows it. */
static char *split(struct at_call *call, char *text)
{
	bool quoted = false;
	char *to = text;

	call->v[call->n++] = text;
	for (; *text && (quoted || *text != ';'); text++) {
		if (*text == '"') {
			quoted = !quoted;
		} else if (*text == ',' && !quoted) {
			*to++ = '\0';
			if (call->n < AT_ARGS_MAX)
				call->v[call->n++] = to;
		} else {
			*to++ = *text;
		}
	}
	if (*text == ';')
		text++;
	*to = '\0';
	return text;
}

static int call_setting(struct at *at, const struct at_call *call)
{
	int *value = (int *)((char *)&at->set + call->command->setting);
	unsigned int v = 0;

	switch (call->form) {
	case AT_READ:
		at_say(at, "%s: %d", call->command->name, *value);
		return AT_OK;
	case AT_SET:
		if (*call->v[0] && !at_number(&v, call->v[0], call->command->max))
			return AT_CME(50);
		*value = (int)v;
		return AT_OK;
	case AT_EXEC:
	case AT_TEST:
		break;
	}
	return AT_ERROR;
}

static int run_call(struct at *at, const struct at_call *call)
{
	const struct at_command *c = call->command;
	int rc = check_need(at, c->need);

	if (rc)
		return rc;
	if (call->form == AT_TEST) {
		if (c->test)
			at_say(at, "%s: %s", c->name, c->test);
		else if (!c->run)
			at_say(at, "%s: (0-%u)", c->name, c->max);
		return AT_OK;
	}
	return c->run ? c->run(at, call) : call_setting(at, call);
}

/* One command that begins with + or another mark, the rest of the line after it. */
static int run_extended(struct at *at, char **line)
{
	struct at_call call = { .form = AT_EXEC };
	char name[24], none[] = "", *p = *line;
	size_t n = 1;

	while (isalnum((unsigned char)p[n]))
		n++;
	snprintf(name, sizeof(name), "%.*s", (int)n, p);
	p += n;
	for (size_t i = 0; i < AT_ARGS_MAX; i++)
		call.v[i] = none;
	if (p[0] == '=' && p[1] == '?') {
		call.form = AT_TEST;
		p += 2;
	} else if (*p == '?') {
		call.form = AT_READ;
		p++;
	} else if (*p == '=') {
		call.form = AT_SET;
		p = split(&call, p + 1);
	}
	if (call.form != AT_SET && *p && *p++ != ';')
		return AT_ERROR;
	*line = p;
	call.command = find(name);
	return call.command ? run_call(at, &call) : AT_CME(4);
}

/* One basic command: a letter, perhaps behind &, and a number. D takes the rest of the line. */
static int run_basic(struct at *at, char **line)
{
	char name[3] = "", *p = *line;
	unsigned long value;

	name[0] = (char)toupper((unsigned char)*p++);
	if (name[0] == '&' || name[0] == '\\')
		name[1] = (char)toupper((unsigned char)*p++);
	if (name[0] == 'D') {
		*line = p + strlen(p);
		return at_basic(at, name, 0);
	}
	value = strtoul(p, &p, 10);
	if (name[0] == 'S' && *p == '=') /* a register: taken, of no effect */
		strtoul(p + 1, &p, 10);
	*line = p;
	return at_basic(at, name, (unsigned int)OSMO_MIN(value, 999));
}

/* Commands until one fails or its result comes later. */
static int run_line(struct at *at, char *line)
{
	int rc = AT_OK;

	while (rc == AT_OK && *line) {
		if (*line == ' ' || *line == ';')
			line++;
		else if (strchr("+^*$%", *line))
			rc = run_extended(at, &line);
		else
			rc = run_basic(at, &line);
	}
	if (rc == AT_LATER) {
		talloc_free(at->rest);
		at->rest = talloc_strdup(at, line);
	}
	return rc;
}

static void end_line(struct at *at, int result)
{
	if (result == AT_LATER) {
		at->busy = !at->entry.on;
		return;
	}
	at->busy = false;
	if (result == AT_NEVER) {
		end_waiting(at, true);
		return;
	}
	if (!at->set.quiet && !(result == AT_OK && fault_spend(at->sim, FAULT_OK_MISSING)))
		say_result(at, result);
	send_answer(at);
	end_waiting(at, true);
}

static void run(struct at *at, const char *line)
{
	unsigned int slow;
	char *copy;

	if (fault_tick(at->sim))
		return;
	slow = fault_value(at->sim, FAULT_SLOW);
	copy = talloc_strdup(at, line);
	OSMO_ASSERT(copy);
	talloc_free(at->answer);
	at->answer = talloc_strdup(at, "");
	if (slow)
		tty_hold(at->sim->tty, slow);
	at->busy = true; /* what the commands cause to be said unasked comes after their answer */
	end_line(at, at->line_lost ? AT_ERROR : run_line(at, copy));
	talloc_free(copy);
}

void at_finish(struct at *at, int result)
{
	char *rest = at->rest, *input;

	at->rest = NULL;
	at->entry.on = false;
	at->busy = true;
	if (result == AT_OK && rest && *rest)
		result = run_line(at, rest);
	talloc_free(rest);
	end_line(at, result);
	input = at->input;
	at->input = NULL;
	if (input)
		at_input(at, (const uint8_t *)input, talloc_get_size(input));
	talloc_free(input);
}

/* ---- octets ---- */

static void echo(struct at *at, uint8_t c)
{
	if (!at->set.echo)
		return;
	tty_write(at->sim->tty, &c, 1);
	if (fault_value(at->sim, FAULT_ECHO_DOUBLE))
		tty_write(at->sim->tty, &c, 1);
}

static void line_done(struct at *at)
{
	const char *line = at->line;

	at->line[at->line_len] = '\0';
	at->line_len = 0;
	while (*line == ' ')
		line++;
	if (!strcasecmp(line, "A/") && at->again) {
		run(at, at->again);
	} else if (!strncasecmp(line, "AT", 2)) {
		char *again = talloc_strdup(at, line + 2);

		talloc_free(at->again);
		at->again = again;
		run(at, again);
	}
	at->line_lost = false;
}

static void command_octet(struct at *at, uint8_t c)
{
	if (c == '\r') {
		line_done(at);
	} else if (c == '\b') {
		at->line_len -= at->line_len > 0;
	} else if (c >= ' ' && c < 0x7f) {
		if (at->line_len < sizeof(at->line) - 1)
			at->line[at->line_len++] = (char)c;
		else
			at->line_lost = true;
		/* noise before a line does not spoil it */
		if (at->line_len == 2 && strncasecmp(at->line, "AT", 2)
		    && strncasecmp(at->line, "A/", 2)) {
			at->line[0] = at->line[1];
			at->line_len = 1;
		}
	}
}

static void entry_octet(struct at *at, uint8_t c)
{
	if (c == 0x1a) {
		if (!fault_tick(at->sim))
			at_entry_done(at);
	} else if (c == 0x1b) {
		at_finish(at, AT_OK);
	} else if (c > ' ' && at->entry.len < sizeof(at->entry.hex) - 1) {
		at->entry.hex[at->entry.len++] = (char)c;
	}
}

/* Octets that come while a command is under way wait for its end. */
static void keep(struct at *at, const uint8_t *octets, size_t n)
{
	size_t have = at->input ? talloc_get_size(at->input) : 0;

	n = OSMO_MIN(n, INPUT_MAX - have);
	if (!n)
		return;
	at->input = talloc_realloc_size(at, at->input, have + n);
	OSMO_ASSERT(at->input);
	memcpy(at->input + have, octets, n);
}

void at_input(struct at *at, const uint8_t *octets, size_t n)
{
	if (fault_value(at->sim, FAULT_SILENT) || fault_value(at->sim, FAULT_GARBLE))
		return;
	for (size_t i = 0; i < n; i++) {
		if (at->busy) {
			keep(at, octets + i, n - i);
			return;
		}
		echo(at, octets[i]);
		if (at->entry.on)
			entry_octet(at, octets[i]);
		else
			command_octet(at, octets[i]);
	}
}

void at_hangup(struct at *at)
{
	at->line_len = 0;
	at->line_lost = false;
	talloc_free(at->input);
	at->input = NULL;
	if (at->entry.on) {
		at->entry.on = false;
		at->busy = false;
		end_waiting(at, true);
	}
}

bool at_number(unsigned int *out, const char *text, unsigned int max)
{
	size_t n = strspn(text, "0123456789");
	unsigned long v;

	if (!n || n > 9 || text[n])
		return false;
	v = strtoul(text, NULL, 10);
	if (v > max)
		return false;
	*out = (unsigned int)v;
	return true;
}

struct at *at_new(void *ctx, struct sim *sim)
{
	struct at *at = talloc_zero(ctx, struct at);

	OSMO_ASSERT(at);
	at->sim = sim;
	at->answer = talloc_strdup(at, "");
	at_defaults(&at->set);
	return at;
}

void at_reboot(struct at *at)
{
	at_hangup(at);
	net_forget_answers(at->sim->net);
	at->busy = false;
	end_waiting(at, false);
	at->ussd_open = false;
	talloc_free(at->rest);
	at->rest = NULL;
	at_defaults(&at->set);
	at->sim->card->open = !at->sim->card->pin[0];
	say_now(at, "\r\nRDY\r\n\r\n+CFUN: 1\r\n");
	if (fault_value(at->sim, FAULT_SIM_REMOVED))
		say_now(at, "\r\n+CPIN: NOT INSERTED\r\n");
	else if (card_lock(at->sim->card) == CARD_OPEN)
		say_now(at, "\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n");
	else
		say_now(at, "\r\n+CPIN: SIM PIN\r\n");
}
