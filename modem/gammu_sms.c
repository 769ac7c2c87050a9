/* The driver `gammu`: messages in and out.
 *
 * What comes in is decoded by parsers/tpdu.h from what the line has kept;
 * libgammu is only asked to make the modem say it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/gammu_state.h"

#include <errno.h>
#include <string.h>

#include <unistr.h>

#include <osmocom/core/utils.h>

#include "messages/gsm7.h"
#include "messages/parts.h"

#include "parsers/tpdu.h"

#include "modem/cause.h"
#include "modem/log.h"
#include "modem/tap.h"

/* 3GPP TS 23.040, clause 9.2.3.9: a message to acknowledge and to throw away. */
#define PID_TYPE_0         0x40
/* CMS ERROR: SMSC address unknown. */
#define CAUSE_SMSC_UNKNOWN 330
/* Times that a message is read until it is taken for broken. */
#define READS              3

/* 260 KiB: too large for a stack. */
static GSM_MultiSMSMessage scratch;

/* What came in. */

static void from_deliver(struct gammu_event *out, const struct tpdu *t)
{
	struct sms_in *in = &out->in;
	enum tpdu_alphabet alphabet = tpdu_alphabet(t->dcs);

	out->kind = GAMMU_MESSAGE;
	*in = (struct sms_in){ .ton = t->address.ton,
			       .npi = t->address.npi,
			       .smsc_at = t->scts.at,
			       .pid = t->pid,
			       .dcs = t->dcs,
			       .concat = t->concat };
	OSMO_STRLCPY_ARRAY(in->sender, t->address.text);
	in->binary = alphabet == TPDU_OCTETS || alphabet == TPDU_COMPRESSED || t->ports
		     || (t->odd & TPDU_ODD_ALPHABET) || t->pid == PID_TYPE_0;
	if (!in->binary)
		OSMO_STRLCPY_ARRAY(in->text, t->text);
}

static void from_report(struct gammu_event *out, const struct tpdu *t)
{
	out->kind = GAMMU_REPORT;
	out->report = (struct frame_report){ .mr = t->mr,
					     .status = t->status,
					     .sent_at = t->scts.at,
					     .discharged_at = t->discharge.at };
	OSMO_STRLCPY_ARRAY(out->report.recipient, t->address.text);
}

static bool from_hex(struct gammu_event *out, const char *hex)
{
	uint8_t pdu[TPDU_SCA_MAX + TPDU_MAX];
	struct tpdu_address smsc;
	struct tpdu t;
	int len = tpdu_unhex(pdu, sizeof(pdu), hex);
	int sca = len > 0 ? tpdu_decode_sca(&smsc, pdu, (size_t)len) : -EBADMSG;

	if (sca < 0 || tpdu_decode(&t, TPDU_TO_MOBILE, pdu + sca, (size_t)(len - sca)))
		return false;
	if (t.type == TPDU_DELIVER)
		from_deliver(out, &t);
	else if (t.type == TPDU_STATUS_REPORT)
		from_report(out, &t);
	else
		return false;
	return true;
}

/* A message that is none is handed on without a sender, as it came: somebody has to decide to free its slot. */
static void unreadable(struct gammu_event *out, const char *hex)
{
	LOGP(DMODEM, LOGL_NOTICE, "a message that cannot be read, %zu octets\n", strlen(hex) / 2);
	out->kind = GAMMU_MESSAGE;
	out->in = (struct sms_in){ .binary = true };
	OSMO_STRLCPY_ARRAY(out->in.text, hex);
}

static uint32_t index_slot(const struct gammu *g, const struct line_event *e)
{
	if (e->index >= GSM_PHONE_MAXSMSINFOLDER)
		return 0;
	if (!strcmp(e->memory, "SR"))
		return gammu_slot((int)e->index) | SLOT_SR;
	if (strcmp(e->memory, "SM") && g->both_memories)
		return gammu_slot(GSM_PHONE_MAXSMSINFOLDER + (int)e->index);
	return gammu_slot((int)e->index);
}

void gammu_take_line(struct gammu *g)
{
	struct line_event e;

	/* first: the report on a part may have come in the same breath as its reference */
	if (g->handed && g->answered)
		gammu_give_up(g);
	while (line_next(g->line, &e)) {
		struct gammu_event event = { .kind = GAMMU_NOTICE };

		if (e.kind == LINE_INDEX)
			event.slot = index_slot(g, &e);
		else if (!from_hex(&event, e.pdu))
			unreadable(&event, e.pdu);
		if (e.kind != LINE_INDEX || event.slot)
			gammu_note(g, &event);
	}
	if (g->line->network)
		gammu_note(g, &(struct gammu_event){ .kind = GAMMU_NETWORK });
	g->line->network = false;
	if (g->line->full || g->line->lost)
		g->overflow = true;
	g->line->full = false;
	g->line->lost = 0;
}

/* Slots. */

/* libgammu's location of a slot; memory 0 lets it choose by the flat number, without a command of its own. */
static void set_location(GSM_SMSMessage *sms, uint32_t slot)
{
	sms->Location = (int)(slot & ~SLOT_SR) - 1;
	sms->Folder = slot & SLOT_SR ? 1 : 0;
	sms->Memory = slot & SLOT_SR ? MEM_SR : 0;
}

static int read_once(struct gammu *g, uint32_t slot)
{
	GSM_Error error;
	int rc;

	memset(&scratch, 0, sizeof(scratch));
	set_location(&scratch.SMS[0], slot);
	g->line->has_stored = g->line->text_mode = false;
	error = GSM_GetSMS(g->s, &scratch);
	gammu_take_line(g);
	rc = gammu_check(g, "read", error);
	if (g->line->text_mode)
		LOGP(DMODEM, LOGL_ERROR, "the modem answers in text mode: slot %u is left alone\n",
		     slot);
	return error == ERR_EMPTY || error == ERR_INVALIDLOCATION ? 0 : rc;
}

/* A notice may cut a message in two on its way through the line: what cannot be read is read again. */
int gammu_read(struct gammu *g, uint32_t slot, struct gammu_event *out, bool *found)
{
	tap_watch(g->call_ms);
	*found = false;
	*out = (struct gammu_event){ .slot = slot };
	for (int i = 0; i < READS && !*found; i++) {
		int rc = read_once(g, slot);

		if (rc == GAMMU_GONE || rc == GAMMU_SILENT || !g->line->has_stored)
			return rc;
		/* 2 and 3 are drafts and copies of somebody who used this SIM before */
		if (g->line->stored_state > 1)
			return 0;
		*found = from_hex(out, g->line->stored);
	}
	if (!*found)
		unreadable(out, g->line->stored);
	*found = true;
	return 0;
}

int gammu_list(struct gammu *g, uint32_t *slots, size_t max, size_t *n)
{
	GSM_Error error;
	size_t at = 0;

	tap_watch(2 * g->call_ms);
	*n = 0;
	memset(&scratch, 0, sizeof(scratch));
	error = GSM_GetNextSMS(g->s, &scratch, TRUE);
	/* a message that libgammu cannot make out is to be read even so; each turn goes one location further */
	for (size_t turn = 0; turn < max && error != ERR_EMPTY && error != ERR_TIMEOUT; turn++) {
		int before = scratch.SMS[0].Location;

		if (error == ERR_NOTSUPPORTED || error == ERR_INVALIDLOCATION || tap_gone())
			break;
		slots[at++] = gammu_slot(before);
		if (before >= GSM_PHONE_MAXSMSINFOLDER)
			g->both_memories = true;
		scratch.SMS[0].Folder = 0;
		error = GSM_GetNextSMS(g->s, &scratch, FALSE);
		if (error != ERR_NONE && scratch.SMS[0].Location == before)
			break;
	}
	gammu_take_line(g);
	*n = at;
	if (error == ERR_EMPTY || error == ERR_NONE)
		error = ERR_NONE;
	return gammu_check(g, "list", error);
}

int gammu_delete(struct gammu *g, uint32_t slot)
{
	GSM_SMSMessage *sms = &scratch.SMS[0];
	GSM_Error error;
	int rc;

	tap_watch(g->call_ms);
	memset(sms, 0, sizeof(*sms));
	set_location(sms, slot);
	error = GSM_DeleteSMS(g->s, sms);
	gammu_take_line(g);
	rc = gammu_check(g, "delete", error);
	return error == ERR_EMPTY || error == ERR_INVALIDLOCATION ? 0 : rc;
}

/* What goes out. */

/* The text as libgammu takes it: UTF-16, big-endian.
 *
 * In UCS2 it reads a ~ as the beginning of a sign of its own: the tilde operator looks the same.
 * \returns units, or -EMSGSIZE, -EILSEQ. */
static int to_units(unsigned char *out, size_t max, const struct sms_out *sms)
{
	uint16_t units[SMS_PART_UTF8_MAX];
	size_t n = ARRAY_SIZE(units);

	if (!u8_to_u16((const uint8_t *)sms->text, strlen(sms->text), units, &n))
		return -EILSEQ;
	if (n > max)
		return -EMSGSIZE;
	for (size_t i = 0; i < n; i++) {
		if (sms->ucs2 && units[i] == '~')
			units[i] = 0x223c;
		out[2 * i] = (unsigned char)(units[i] >> 8);
		out[2 * i + 1] = (unsigned char)units[i];
	}
	out[2 * n] = out[2 * n + 1] = 0;
	return (int)n;
}

static int fill_text(GSM_SMSMessage *out, const struct sms_out *sms)
{
	bool multi = sms->concat.total > 1;
	int most, septets, units;

	if (sms->ucs2) {
		most = multi ? PARTS_UCS2_MULTI : PARTS_UCS2_SINGLE;
	} else {
		most = multi ? PARTS_GSM7_MULTI : PARTS_GSM7_SINGLE;
		septets = gsm7_length(sms->text);
		if (septets < 0 || septets > most)
			return septets < 0 ? septets : -EMSGSIZE;
	}
	units = to_units(out->Text, (size_t)most, sms);
	if (units < 0)
		return units;
	out->Length = units;
	out->Coding = sms->ucs2 ? SMS_Coding_Unicode_No_Compression
				: SMS_Coding_Default_No_Compression;
	return 0;
}

/* 3GPP TS 23.040, clause 9.2.3.24.1, by hand: the length that libgammu takes is the whole header's. */
static void fill_header(GSM_UDHHeader *udh, const struct sms_concat *concat)
{
	const unsigned char header[] = {
		5, 0x00, 3, (unsigned char)concat->ref, concat->total, concat->part
	};

	if (concat->total < 2)
		return;
	udh->Type = UDH_ConcatenatedMessages;
	udh->Length = sizeof(header);
	memcpy(udh->Text, header, sizeof(header));
}

/* libgammu's defaults make a flash message of it: class 0. */
static int fill(struct gammu *g, GSM_SMSMessage *out, const struct sms_out *sms)
{
	memset(out, 0, sizeof(*out));
	GSM_SetDefaultSMSData(out);
	out->Class = GSM_SMS_None;
	out->PDU = sms->report ? SMS_Status_Report : SMS_Submit;
	out->SMSC.Validity.Relative = SMS_VALID_1_Day;
	if (g->smsc[0] || g->smsc[1]) {
		out->SMSC.Location = 0;
		memcpy(out->SMSC.Number, g->smsc, sizeof(g->smsc));
	}
	EncodeUnicode(out->Number, sms->to, strlen(sms->to));
	fill_header(&out->UDH, &sms->concat);
	return fill_text(out, sms);
}

static void note_sent(struct gammu *g, enum frame_send result, unsigned int cause)
{
	struct gammu_event event = { .kind = GAMMU_SENT };

	event.sent = (struct frame_sent){ .result = (uint8_t)result,
					  .mr = FRAME_MR_UNKNOWN,
					  .cause = (uint16_t)cause };
	if (result == FRAME_SEND_SENT && g->line->mr >= 0)
		event.sent.mr = (uint16_t)g->line->mr;
	g->sending = false;
	gammu_note(g, &event);
}

bool gammu_has_reference(const struct gammu *g)
{
	return g->sending && g->line->mr >= 0;
}

void gammu_give_up(struct gammu *g)
{
	const struct line *l = g->line;

	if (!g->sending)
		return;
	if (l->mr >= 0 || (g->answered && g->status == 0))
		note_sent(g, FRAME_SEND_SENT, 0);
	else
		note_sent(g, cause_result(l->error, l->cause, g->handed),
			  l->error == LINE_ERROR_CMS     ? l->cause
			  : l->error == LINE_ERROR_PLAIN ? FRAME_CAUSE_PLAIN
							 : 0);
}

int gammu_send(struct gammu *g, const struct sms_out *sms)
{
	GSM_SMSMessage *out = &scratch.SMS[0];
	GSM_Error error;
	int rc;

	g->sending = true;
	g->answered = g->handed = false;
	g->line->error = LINE_ERROR_NONE;
	g->line->mr = -1;
	if (fill(g, out, sms)) {
		note_sent(g, FRAME_SEND_REFUSED, 0);
		return 0;
	}
	tap_watch(g->call_ms);
	error = GSM_SendSMS(g->s, out);
	/* libgammu takes an OK in the place of the prompt for the answer, and goes on: what it then writes is no
	 * message, and what the modem says to that belongs to nothing */
	if (error == ERR_NONE && g->answered && g->status == 0) {
		LOGP(DMODEM, LOGL_ERROR, "the modem gave no prompt\n");
		note_sent(g, FRAME_SEND_FAILED, 0);
		return GAMMU_SILENT;
	}
	g->handed = error == ERR_NONE || error == ERR_DEVICEWRITEERROR;
	if (error == ERR_NONE) {
		gammu_take_line(g);
		return 0;
	}
	rc = gammu_check(g, "send", error);
	if (error == ERR_GETTING_SMSC || error == ERR_EMPTYSMSC)
		note_sent(g, FRAME_SEND_FAILED, CAUSE_SMSC_UNKNOWN);
	else
		gammu_give_up(g);
	gammu_take_line(g);
	return rc == GAMMU_GONE || rc == GAMMU_SILENT ? rc : 0;
}
