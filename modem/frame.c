/* What the gateway and its workers say to each other, over one SOCK_SEQPACKET socket.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <unistr.h>

#include "parsers/phone.h"
#include "parsers/wire.h"

/* Operation and reference. */
#define HEADER 5

enum field_type {
	FIELD_END,
	FIELD_U8,
	FIELD_U16,
	FIELD_I64,
	FIELD_BOOL,
	FIELD_TEXT,   /* UTF-8 without a NUL */
	FIELD_LINE,   /* the same, for a terminal: no control characters */
	FIELD_NUMBER, /* optional +, 1 to 20 digits */
	FIELD_CALLER, /* the same, or empty */
	FIELD_DIGITS, /* digits or nothing */
	FIELD_PIN,    /* 4 to 8 digits: 3GPP TS 31.101, clause 9.5.1 */
	FIELD_CODE,   /* 1 or more of 0-9, * and # */
};

/* What follows the header, in order. limit: largest value of a u8 or u16, room of a string. */
struct frame_field {
	enum field_type type;
	uint16_t offset;
	uint16_t limit;
};

/* clang-format off */
#define AT(member)		offsetof(struct frame, member)
#define TEXT(what, member)	{ FIELD_##what, AT(member), sizeof(((struct frame *)0)->member) }
#define BOOL(member)		{ FIELD_BOOL, AT(member), 1 }
#define U8(member, most)	{ FIELD_U8, AT(member), most }
#define U16(member)		{ FIELD_U16, AT(member), UINT16_MAX }
#define I64(member)		{ FIELD_I64, AT(member), 0 }
#define CONCAT(of)		U16(of.concat.ref), U8(of.concat.total, 255), U8(of.concat.part, 255)
#define FIELDS(...)		(const struct frame_field[]){ __VA_ARGS__ { FIELD_END } }

/* Lengths are written out, and not computed, so that a reader sees them; frame_test computes them. */
static const struct frame_rule rules[_FRAME_OP_NUM] = {
	[FRAME_OP_CONFIG]	= { "config", FRAME_TO_WORKER, 16, 286,
		FIELDS(TEXT(LINE, config.device), TEXT(LINE, config.driver), BOOL(config.short_pauses),
		       U16(config.call_wait), U16(config.send_wait), U16(config.look_wait),) },
	[FRAME_OP_PIN]		= { "pin", FRAME_TO_WORKER, 11, 15, FIELDS(TEXT(PIN, text),) },
	[FRAME_OP_SMS_SEND]	= { "sms-send", FRAME_TO_WORKER, 16, 516,
		FIELDS(TEXT(NUMBER, out.to), CONCAT(out), BOOL(out.ucs2), BOOL(out.report), TEXT(TEXT, out.text),) },
	[FRAME_OP_SMS_DELETE]	= { "sms-delete", FRAME_TO_WORKER, 5, 5, FIELDS() },
	[FRAME_OP_USSD_DIAL]	= { "ussd-dial", FRAME_TO_WORKER, 8, 134, FIELDS(TEXT(CODE, text),) },
	[FRAME_OP_PING]		= { "ping", FRAME_TO_WORKER, 5, 5, FIELDS() },
	[FRAME_OP_QUIT]		= { "quit", FRAME_TO_WORKER, 5, 5, FIELDS() },
	[FRAME_OP_STATE]	= { "state", FRAME_TO_GATEWAY, 20, 288,
		FIELDS(U8(state.state, _MODEM_STATE_NUM - 1), TEXT(LINE, state.network), U8(state.signal, 255),
		       TEXT(DIGITS, state.imsi), TEXT(LINE, state.model), U16(state.used), U16(state.slots),
		       U8(state.tries, 255), TEXT(LINE, state.detail),) },
	[FRAME_OP_PONG]		= { "pong", FRAME_TO_GATEWAY, 5, 5, FIELDS() },
	[FRAME_OP_SMS_RECEIVED]	= { "sms-received", FRAME_TO_GATEWAY, 26, 538,
		FIELDS(TEXT(TEXT, in.sender), U8(in.ton, 7), U8(in.npi, 15), I64(in.smsc_at), U8(in.pid, 255),
		       U8(in.dcs, 255), CONCAT(in), BOOL(in.binary), TEXT(TEXT, in.text),) },
	[FRAME_OP_SMS_DELETED]	= { "sms-deleted", FRAME_TO_GATEWAY, 6, 6, FIELDS(U8(result, 1),) },
	[FRAME_OP_SMS_SENDING]	= { "sms-sending", FRAME_TO_GATEWAY, 5, 5, FIELDS() },
	[FRAME_OP_SMS_SENT]	= { "sms-sent", FRAME_TO_GATEWAY, 10, 10,
		FIELDS(U8(sent.result, _FRAME_SEND_NUM - 1), U16(sent.mr), U16(sent.cause),) },
	[FRAME_OP_SMS_REPORT]	= { "sms-report", FRAME_TO_GATEWAY, 25, 57,
		FIELDS(U8(report.mr, 255), TEXT(TEXT, report.recipient), U8(report.status, 255),
		       I64(report.sent_at), I64(report.discharged_at),) },
	[FRAME_OP_USSD_RECEIVED] = { "ussd-received", FRAME_TO_GATEWAY, 8, 808,
		FIELDS(U8(ussd.state, 255), TEXT(TEXT, ussd.text),) },
	[FRAME_OP_CALL]		= { "call", FRAME_TO_GATEWAY, 7, 28, FIELDS(TEXT(CALLER, text),) },
	[FRAME_OP_LOG]		= { "log", FRAME_TO_GATEWAY, 8, 263,
		FIELDS(U8(log.level, UINT8_MAX), TEXT(LINE, log.line),) },
};
/* clang-format on */

const struct frame_rule *frame_rule(unsigned int op)
{
	return op < _FRAME_OP_NUM && rules[op].name ? &rules[op] : NULL;
}

const char *frame_name(unsigned int op)
{
	const struct frame_rule *rule = frame_rule(op);

	return rule ? rule->name : "?";
}

/* No C0, DEL or C1 and no bidi control: such a line may go to a terminal as it is. */
static bool printable(const char *utf8)
{
	const uint8_t *s = (const uint8_t *)utf8;
	ucs4_t c;

	while ((s = u8_next(&c, s))) {
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
		if ((c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
		    || (c >= 0x2066 && c <= 0x2069))
			return false;
	}
	return true;
}

static bool made_of(const char *text, const char *alphabet, size_t min, size_t max)
{
	size_t n = strlen(text);

	return n >= min && n <= max && strspn(text, alphabet) == n;
}

static bool text_fits(enum field_type type, const char *text)
{
	switch (type) {
	case FIELD_LINE:
		return printable(text);
	case FIELD_NUMBER:
		return phone_dialable(text);
	case FIELD_CALLER:
		return !*text || phone_dialable(text);
	case FIELD_DIGITS:
		return made_of(text, "0123456789", 0, FRAME_MAX);
	case FIELD_PIN:
		return made_of(text, "0123456789", 4, 8);
	case FIELD_CODE:
		return made_of(text, "0123456789*#", 1, FRAME_MAX);
	case FIELD_END:
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_I64:
	case FIELD_BOOL:
	case FIELD_TEXT:
		break;
	}
	return true;
}

static void put_field(struct wire *w, const struct frame_field *field, const void *at)
{
	switch (field->type) {
	case FIELD_U8:
		if (*(const uint8_t *)at > field->limit)
			wire_fail(w, -EPROTO);
		wire_put_u8(w, *(const uint8_t *)at);
		break;
	case FIELD_BOOL:
		wire_put_u8(w, *(const bool *)at);
		break;
	case FIELD_U16:
		wire_put_u16(w, *(const uint16_t *)at);
		break;
	case FIELD_I64:
		wire_put_u64(w, (uint64_t) * (const int64_t *)at);
		break;
	case FIELD_TEXT:
	case FIELD_LINE:
	case FIELD_NUMBER:
	case FIELD_CALLER:
	case FIELD_DIGITS:
	case FIELD_PIN:
	case FIELD_CODE:
		wire_put_string(w, at);
		if (!wire_error(w) && !text_fits(field->type, at))
			wire_fail(w, -EPROTO);
		break;
	case FIELD_END:
		break;
	}
}

static void get_field(struct wire *w, const struct frame_field *field, void *at)
{
	uint8_t v;

	switch (field->type) {
	case FIELD_U8:
		v = wire_get_u8(w);
		if (v > field->limit)
			wire_fail(w, -EPROTO);
		*(uint8_t *)at = v;
		break;
	case FIELD_BOOL:
		v = wire_get_u8(w);
		if (v > 1)
			wire_fail(w, -EPROTO);
		*(bool *)at = v == 1;
		break;
	case FIELD_U16:
		*(uint16_t *)at = wire_get_u16(w);
		break;
	case FIELD_I64:
		*(int64_t *)at = (int64_t)wire_get_u64(w);
		break;
	case FIELD_TEXT:
	case FIELD_LINE:
	case FIELD_NUMBER:
	case FIELD_CALLER:
	case FIELD_DIGITS:
	case FIELD_PIN:
	case FIELD_CODE:
		wire_get_string(w, at, field->limit);
		if (!wire_error(w) && !text_fits(field->type, at))
			wire_fail(w, -EPROTO);
		break;
	case FIELD_END:
		break;
	}
}

int frame_encode(uint8_t *out, size_t size, const struct frame *f)
{
	const struct frame_rule *rule = frame_rule(f->op);
	struct wire w = wire_writer(out, size);
	int len;

	if (!rule)
		return -EPROTO;
	wire_put_u8(&w, (uint8_t)f->op);
	wire_put_u32(&w, f->ref);
	for (const struct frame_field *field = rule->fields; field->type != FIELD_END; field++)
		put_field(&w, field, (const uint8_t *)f + field->offset);
	len = wire_done(&w);
	return len < rule->min || len > rule->max ? -EPROTO : len;
}

int frame_decode(struct frame *out, enum frame_way way, const uint8_t *data, size_t len)
{
	const struct frame_rule *rule = len > 0 ? frame_rule(data[0]) : NULL;
	struct wire w = wire_reader(data, len);
	struct frame f = { 0 };

	if (!rule || rule->way != way || len < rule->min || len > rule->max)
		return -EPROTO;
	f.op = wire_get_u8(&w);
	f.ref = wire_get_u32(&w);
	for (const struct frame_field *field = rule->fields; field->type != FIELD_END; field++)
		get_field(&w, field, (uint8_t *)&f + field->offset);
	if (wire_end(&w))
		return -EPROTO;
	*out = f;
	return 0;
}

int frame_send(int fd, const struct frame *f)
{
	uint8_t buf[FRAME_MAX];
	int len = frame_encode(buf, sizeof(buf), f);

	if (len < 0)
		return len;
	if (send(fd, buf, (size_t)len, MSG_NOSIGNAL) == len)
		return 0;
	return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

int frame_recv(int fd, enum frame_way way, struct frame *out)
{
	uint8_t buf[FRAME_MAX];
	bool reset = false;
	ssize_t len;

	/* MSG_TRUNC gives the length of the packet even where the buffer is too short for it. If the other side died
	 * with frames unread, the first call says so (ECONNRESET), and what it had sent comes after. */
	do {
		len = recv(fd, buf, sizeof(buf), MSG_TRUNC);
		if (len < 0 && errno == ECONNRESET && !reset) {
			reset = true;
			errno = EINTR;
		}
	} while (len < 0 && errno == EINTR);
	if (len == 0 || (len < 0 && errno == ECONNRESET))
		return -EPIPE;
	if (len < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	return (size_t)len > sizeof(buf) ? -EPROTO : frame_decode(out, way, buf, (size_t)len);
}
