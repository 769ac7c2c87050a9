/* Commands about messages: 3GPP TS 27.005, PDU mode.
 *
 * Clauses are those of that document.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/at.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "modem/sim/card.h"
#include "modem/sim/control.h"
#include "modem/sim/network.h"
#include "modem/sim/sim.h"
#include "modem/sim/tty.h"

/* Clause 3.2.5. */
#define CMS_NOT_ALLOWED   302
#define CMS_NOT_SUPPORTED 303
#define CMS_BAD_PDU       304
#define CMS_BAD_TEXT      305
#define CMS_BAD_INDEX     321
#define CMS_FULL          322
#define CMS_NO_ACK_WANTED 340

#define STAT_ALL 4

/* Where unasked lines go by +CNMI: clause 3.4.1. */
enum { CNMI_MODE, CNMI_MT, CNMI_BM, CNMI_DS, CNMI_BFR };

static bool pdu_mode(const struct at *at)
{
	return at->set.cmgf == 0;
}

/* ---- storage: clauses 3.2.2, 3.4.2, 3.4.3, 3.5.4 ---- */

static unsigned int used(const struct at *at)
{
	return fault_value(at->sim, FAULT_STORE_FULL) ? at->sim->card->capacity
						      : card_used(at->sim->card);
}

static int run_cpms(struct at *at, const struct at_call *call)
{
	unsigned int n = used(at), all = at->sim->card->capacity;

	if (call->form == AT_READ) {
		at_say(at, "+CPMS: \"SM\",%u,%u,\"SM\",%u,%u,\"SM\",%u,%u", n, all, n, all, n, all);
		return AT_OK;
	}
	for (size_t i = 0; i < call->n; i++)
		if (strcmp(call->v[i], "SM"))
			return AT_CMS(CMS_NOT_ALLOWED);
	at_say(at, "+CPMS: %u,%u,%u,%u,%u,%u", n, all, n, all, n, all);
	return AT_OK;
}

/* The line of a PDU, in capitals as modems write it; on at. */
static char *pdu_line(struct at *at, const uint8_t *sca, size_t sca_len, const uint8_t *tpdu,
		      size_t len)
{
	char *pdu = talloc_strdup(at, osmo_hexdump_nospc(sca, (int)sca_len));

	pdu = talloc_strdup_append(pdu, osmo_hexdump_nospc(tpdu, (int)len));
	OSMO_ASSERT(pdu);
	osmo_str_toupper_buf(pdu, strlen(pdu) + 1, pdu);
	return pdu;
}

static void say_slot(struct at *at, const char *what, unsigned int index, struct card_slot *s)
{
	char *pdu = pdu_line(at, s->sca, s->sca_len, s->tpdu, s->tpdu_len);

	if (index)
		at_say(at, "%s: %u,%d,,%u", what, index, s->stat, s->tpdu_len);
	else
		at_say(at, "%s: %d,,%u", what, s->stat, s->tpdu_len);
	if (fault_spend(at->sim, FAULT_PDU_CUT))
		pdu[strlen(pdu) / 2] = '\0';
	at_say(at, "%s", pdu);
	talloc_free(pdu);
	if (s->stat == CARD_UNREAD) {
		s->stat = CARD_READ;
		card_save(at->sim->card);
	}
}

static int run_cmgl(struct at *at, const struct at_call *call)
{
	struct card *card = at->sim->card;
	unsigned int stat = CARD_UNREAD;

	if (!pdu_mode(at))
		return AT_CMS(CMS_NOT_SUPPORTED);
	if (call->n && !at_number(&stat, call->v[0], STAT_ALL))
		return AT_CMS(CMS_BAD_TEXT);
	for (unsigned int i = 1; i <= card->capacity; i++) {
		struct card_slot *s = card_get(card, i);

		if (!s || (stat != STAT_ALL && s->stat != (enum card_stat)stat))
			continue;
		say_slot(at, "+CMGL", i, s);
		if (fault_spend(at->sim, FAULT_CMGL_JUNK))
			at_say(at, "AFSDLF SDKFJSKDLFJLKSDJF");
	}
	return AT_OK;
}

static int run_cmgr(struct at *at, const struct at_call *call)
{
	struct card_slot *s;
	unsigned int index;

	if (!pdu_mode(at))
		return AT_CMS(CMS_NOT_SUPPORTED);
	if (!at_number(&index, call->v[0], CARD_CAPACITY_MAX))
		return AT_CMS(CMS_BAD_INDEX);
	s = card_get(at->sim->card, index);
	if (!s)
		return AT_CMS(CMS_BAD_INDEX);
	say_slot(at, "+CMGR", 0, s);
	return AT_OK;
}

static void delete_slot(struct at *at, unsigned int index)
{
	struct card_slot *s = card_get(at->sim->card, index);

	if (!s)
		return;
	control_event(at->sim->control, "deleted\t%" PRId64 "\t%" PRIu32 "\t%u", sim_monotonic_ns(),
		      s->id, index);
	card_delete(at->sim->card, index);
}

/* Which slots <delflag> empties besides the one named: 1 read, 2 and sent, 3 and unsent, 4 all. */
static bool flag_takes(unsigned int flag, enum card_stat stat)
{
	static const unsigned int from[] = {
		[CARD_UNREAD] = 4, [CARD_READ] = 1, [CARD_UNSENT] = 3, [CARD_SENT] = 2
	};

	return flag >= from[stat];
}

static int run_cmgd(struct at *at, const struct at_call *call)
{
	struct card *card = at->sim->card;
	unsigned int index, flag = 0;

	if (!at_number(&index, call->v[0], CARD_CAPACITY_MAX)
	    || (call->n > 1 && !at_number(&flag, call->v[1], 4)))
		return AT_CMS(CMS_BAD_INDEX);
	if (fault_spend(at->sim, FAULT_CMGD_IGNORED))
		return AT_OK;
	if (!flag && (index < 1 || index > card->capacity))
		return AT_CMS(CMS_BAD_INDEX);
	if (!flag)
		delete_slot(at, index);
	for (unsigned int i = 1; flag && i <= card->capacity; i++) {
		struct card_slot *s = card_get(card, i);

		if (s && flag_takes(flag, s->stat))
			delete_slot(at, i);
	}
	net_push(at->sim->net);
	return AT_OK;
}

/* ---- sending: clauses 4.3, 4.4, 4.7 ---- */

static void prompt(struct at *at)
{
	if (fault_spend(at->sim, FAULT_URC_PROMPT))
		tty_write(at->sim->tty, "\r\n+CMTI: \"SM\",250\r\n", 19);
	if (fault_spend(at->sim, FAULT_PROMPT_MISSING))
		return;
	if (fault_spend(at->sim, FAULT_PROMPT_BARE))
		tty_write(at->sim->tty, "\r\n>", 3);
	else
		tty_write(at->sim->tty, "\r\n> ", 4);
}

static int begin_entry(struct at *at, const struct at_call *call, int store_stat)
{
	unsigned int len;

	if (!pdu_mode(at))
		return AT_CMS(CMS_NOT_SUPPORTED);
	if (call->form != AT_SET || !at_number(&len, call->v[0], TPDU_MAX))
		return AT_CMS(CMS_BAD_PDU);
	at->entry.on = true;
	at->entry.tpdu_len = len;
	at->entry.store_stat = store_stat;
	at->entry.len = 0;
	prompt(at);
	return AT_LATER;
}

static int run_cmgs(struct at *at, const struct at_call *call)
{
	return begin_entry(at, call, -1);
}

static int run_cmgw(struct at *at, const struct at_call *call)
{
	unsigned int stat = CARD_UNSENT;

	if (call->n > 1 && !at_number(&stat, call->v[1], CARD_SENT))
		return AT_CMS(CMS_BAD_PDU);
	return begin_entry(at, call, (int)stat);
}

static int run_cmss(struct at *at, const struct at_call *call)
{
	struct card_slot *s = NULL;
	unsigned int index;

	if (at_number(&index, call->v[0], CARD_CAPACITY_MAX))
		s = card_get(at->sim->card, index);
	if (!s)
		return AT_CMS(CMS_BAD_INDEX);
	at->busy = true;
	net_submit(at->sim->net, s->tpdu, s->tpdu_len, sim_monotonic_ns());
	return AT_LATER;
}

static int store_entry(struct at *at, const uint8_t *pdu, size_t sca_len, size_t len)
{
	int index;

	if (used(at) == at->sim->card->capacity)
		return AT_CMS(CMS_FULL);
	index = card_add(at->sim->card, (enum card_stat)at->entry.store_stat, 0, pdu, sca_len,
			 pdu + sca_len, len - sca_len);
	at_say(at, "+CMGW: %d", index);
	return AT_OK;
}

void at_entry_done(struct at *at)
{
	int64_t at_ns = sim_monotonic_ns();
	uint8_t pdu[TPDU_SCA_MAX + TPDU_MAX];
	struct tpdu_address sca;
	int len, sca_len;

	at->entry.hex[at->entry.len] = '\0';
	at->entry.on = false;
	at->busy = true;
	talloc_free(at->answer);
	at->answer = talloc_strdup(at, "");
	len = tpdu_unhex(pdu, sizeof(pdu), at->entry.hex);
	sca_len = len > 0 ? tpdu_decode_sca(&sca, pdu, (size_t)len) : -1;
	if (sca_len < 0 || (size_t)(len - sca_len) != at->entry.tpdu_len)
		at_finish(at, AT_CMS(CMS_BAD_PDU));
	else if (at->entry.store_stat >= 0)
		at_finish(at, store_entry(at, pdu, (size_t)sca_len, (size_t)len));
	else
		net_submit(at->sim->net, pdu + sca_len, at->entry.tpdu_len, at_ns);
}

void at_sent(struct at *at, uint8_t mr, int result)
{
	if (fault_spend(at->sim, FAULT_LOST_CMGS))
		result = AT_NEVER;
	if (result == AT_OK)
		at_say(at, "+CMGS: %u", mr);
	at_finish(at, result);
}

/* ---- receiving: clause 3.4.1 ---- */

static int run_cnmi(struct at *at, const struct at_call *call)
{
	static const unsigned int most[] = { 2, 2, 2, 2, 1 };
	unsigned int v[5] = { 0 };
	int *set = at->set.cnmi;

	if (call->form == AT_READ) {
		at_say(at, "+CNMI: %d,%d,%d,%d,%d", set[0], set[1], set[2], set[3], set[4]);
		return AT_OK;
	}
	if (call->n > 5)
		return AT_CMS(CMS_NOT_SUPPORTED);
	for (size_t i = 0; i < call->n; i++)
		if (*call->v[i] && !at_number(&v[i], call->v[i], most[i]))
			return AT_CMS(CMS_NOT_SUPPORTED);
	for (size_t i = 0; i < call->n; i++)
		if (*call->v[i])
			set[i] = (int)v[i];
	net_push(at->sim->net);
	return AT_OK;
}

static int run_cnma(struct at *at, const struct at_call *call)
{
	unsigned int n = 0;

	if (at->set.csms != 1)
		return AT_CMS(CMS_NO_ACK_WANTED);
	if (call->form == AT_SET && !at_number(&n, call->v[0], 2))
		return AT_CMS(CMS_BAD_TEXT);
	net_acknowledge(at->sim->net, n != 2);
	return AT_OK;
}

static void announce(struct at *at, const char *what, int index, uint32_t id)
{
	if (!at->set.cnmi[CNMI_MODE] && !at->set.cnmi[CNMI_MT])
		return;
	control_event(at->sim->control, "cmti\t%" PRId64 "\t%" PRIu32 "\t%d", sim_monotonic_ns(),
		      id, index);
	if (fault_spend(at->sim, FAULT_CMTI_LOST))
		return;
	at_unasked(at, "%s: \"SM\",%d", what, index);
	if (fault_spend(at->sim, FAULT_CMTI_TWICE))
		at_unasked(at, "%s: \"SM\",%d", what, index);
}

static int keep(struct at *at, const uint8_t *tpdu, size_t len, uint32_t id)
{
	uint8_t sca[TPDU_SCA_MAX];
	int n = tpdu_encode_sca(sca, sizeof(sca), NET_SMSC);

	if (fault_value(at->sim, FAULT_STORE_FULL))
		return -ENOSPC;
	return card_add(at->sim->card, CARD_UNREAD, id, sca, (size_t)n, tpdu, len);
}

static void hand_over(struct at *at, const char *what, const uint8_t *tpdu, size_t len)
{
	uint8_t sca[TPDU_SCA_MAX];
	int n = tpdu_encode_sca(sca, sizeof(sca), NET_SMSC);
	char *pdu = pdu_line(at, sca, (size_t)n, tpdu, len);

	at_unasked(at, "%s%zu\r\n%s", what, len, pdu);
	talloc_free(pdu);
}

int at_deliver(struct at *at, const uint8_t *tpdu, size_t len, uint32_t id, bool report)
{
	int way = report ? at->set.cnmi[CNMI_DS] : at->set.cnmi[CNMI_MT];
	bool direct = report ? way == 1 : way == 2;
	int index;

	if (!tty_plugged(at->sim->tty) || at->set.cfun != 1
	    || fault_value(at->sim, FAULT_SIM_REMOVED) || card_lock(at->sim->card) != CARD_OPEN)
		return -EAGAIN;
	if (report && way == 0)
		return 0;
	if (direct) {
		hand_over(at, report ? "+CDS: " : "+CMT: ,", tpdu, len);
		return at->set.csms == 1 ? -EINPROGRESS : 0;
	}
	index = keep(at, tpdu, len, id);
	if (index < 0 && way && !at->full_told && !fault_value(at->sim, FAULT_FULL_UNSAID))
		at_unasked(at, "^SMMEMFULL: \"SM\"");
	at->full_told = index < 0;
	if (index < 0)
		return index;
	if (way)
		announce(at, report ? "+CDSI" : "+CMTI", index, id);
	return 0;
}

/* ---- the rest of clause 3 ---- */

static int run_csms(struct at *at, const struct at_call *call)
{
	unsigned int service;

	if (call->form == AT_READ) {
		at_say(at, "+CSMS: %d,1,1,1", at->set.csms);
		return AT_OK;
	}
	if (call->form != AT_SET || !at_number(&service, call->v[0], 1))
		return AT_CMS(CMS_NOT_SUPPORTED);
	at->set.csms = (int)service;
	at_say(at, "+CSMS: 1,1,1");
	return AT_OK;
}

static int run_csca(struct at *at, const struct at_call *call)
{
	if (call->form == AT_READ) {
		at_say(at, "+CSCA: \"%s\",%d", at_encode(at, at->set.smsc),
		       at->set.smsc[0] == '+' ? 145 : 129);
		return AT_OK;
	}
	if (call->form != AT_SET || !call->v[0][0])
		return AT_CMS(CMS_BAD_TEXT);
	OSMO_STRLCPY_ARRAY(at->set.smsc, at_decode(at, call->v[0]) ?: "");
	return AT_OK;
}

static int run_csmp(struct at *at, const struct at_call *call)
{
	if (call->form == AT_READ)
		at_say(at, "+CSMP: 17,167,0,0");
	return AT_OK;
}

static int run_cscb(struct at *at, const struct at_call *call)
{
	if (call->form == AT_READ)
		at_say(at, "+CSCB: 0,\"\",\"\"");
	return AT_OK;
}

#define SETTING(field, most) .setting = offsetof(struct at_settings, field), .max = most

const struct at_command at_message[] = {
	{ "+CMGF", AT_ANYTIME, NULL, "(0,1)", SETTING(cmgf, 1) },
	{ "+CSDH", AT_ANYTIME, NULL, "(0,1)", SETTING(csdh, 1) },
	{ "+CSMS", AT_MESSAGES, run_csms, "(0,1)" },
	{ "+CPMS", AT_MESSAGES, run_cpms, "(\"SM\"),(\"SM\"),(\"SM\")" },
	{ "+CSCA", AT_MESSAGES, run_csca },
	{ "+CSMP", AT_MESSAGES, run_csmp },
	{ "+CSCB", AT_MESSAGES, run_cscb },
	{ "+CNMI", AT_ANYTIME, run_cnmi, "(0-2),(0-2),(0,2),(0-2),(0,1)" },
	{ "+CNMA", AT_MESSAGES, run_cnma, "(0-2)" },
	{ "+CMGL", AT_MESSAGES, run_cmgl, "(0-4)" },
	{ "+CMGR", AT_MESSAGES, run_cmgr },
	{ "+CMGD", AT_MESSAGES, run_cmgd, "(1-255),(0-4)" },
	{ "+CMGS", AT_MESSAGES, run_cmgs },
	{ "+CMGW", AT_MESSAGES, run_cmgw },
	{ "+CMSS", AT_MESSAGES, run_cmss },
};
const size_t at_message_num = ARRAY_SIZE(at_message);
