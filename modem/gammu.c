/* The driver `gammu`: connection, SIM, network, calls, USSD.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/gammu_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <unistr.h>

#include <osmocom/core/utils.h>

#include "modem/log.h"
#include "modem/tap.h"
#include "modem/tries.h"

/* One answer that does not come may be the modem's mood; two are silence. */
#define TIMEOUTS_MAX 2

/* Milliseconds for the answer to AT+CNMI?. */
#define NOTICES_WAIT 2000

/* From the right PIN until the modem is awake. */
#define OPENING_SECONDS 60

/* libgammu has no context but its own, and one modem is all there is in this process. */
static struct gammu the_modem;

void gammu_note(struct gammu *g, const struct gammu_event *event)
{
	if (g->n_noted == NOTED_MAX) {
		g->overflow = true;
		return;
	}
	g->noted[(g->first + g->n_noted++) % NOTED_MAX] = *event;
}

bool gammu_next(struct gammu *g, struct gammu_event *out)
{
	if (g->n_noted) {
		*out = g->noted[g->first];
		g->first = (g->first + 1) % NOTED_MAX;
		g->n_noted--;
		return true;
	}
	if (!g->overflow)
		return false;
	g->overflow = false;
	*out = (struct gammu_event){ .kind = GAMMU_OVERFLOW };
	return true;
}

uint32_t gammu_slot(int location)
{
	return (uint32_t)location + 1;
}

/* A SIM that has just been opened makes the modem say what it says when it has restarted. */
static bool has_restarted(struct gammu *g)
{
	if (!g->line->restarted)
		return false;
	if (time(NULL) - g->opened_at >= OPENING_SECONDS)
		return true;
	g->line->restarted = false;
	return false;
}

/* \returns 0 while there is a modem to talk to; else the worker ends, and this is its last line. */
static int trouble(struct gammu *g, const char *what)
{
	if (tap_gone())
		return GAMMU_GONE;
	if (has_restarted(g)) {
		LOGP(DMODEM, LOGL_NOTICE, "the modem has restarted\n");
		return GAMMU_SILENT;
	}
	if (!g->aborted)
		return 0;
	LOGP(DMODEM, LOGL_ERROR, "%s: no answer in time\n", what);
	return GAMMU_SILENT;
}

int gammu_check(struct gammu *g, const char *what, GSM_Error error)
{
	int rc = trouble(g, what);

	if (rc)
		return rc;
	if (error == ERR_NONE || error == ERR_EMPTY || error == ERR_INVALIDLOCATION) {
		g->timeouts = 0;
		return error == ERR_NONE ? 0 : GAMMU_REFUSED;
	}
	LOGP(DMODEM, LOGL_INFO, "%s: %s (code %u)\n", what, GSM_ErrorName(error), g->line->cause);
	if (error == ERR_TIMEOUT)
		return ++g->timeouts >= TIMEOUTS_MAX ? GAMMU_SILENT : GAMMU_REFUSED;
	if (error == ERR_DEVICEWRITEERROR || error == ERR_DEVICEREADERROR)
		return GAMMU_GONE;
	if (error == ERR_SECURITYERROR)
		return GAMMU_LOCKED;
	return error == ERR_NOSIM ? GAMMU_NO_SIM : GAMMU_REFUSED;
}

static bool control(ucs4_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f)
	       || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* One character of big-endian UTF-16; a lone surrogate is a '?'. */
static size_t next_char(ucs4_t *out, const unsigned char *at, size_t units)
{
	uint16_t two[2] = { (uint16_t)(at[0] << 8 | at[1]), 0 };
	int n;

	if (units > 1)
		two[1] = (uint16_t)(at[2] << 8 | at[3]);
	n = u16_mbtoucr(out, two, units > 1 ? 2 : 1);
	if (n < 1) {
		*out = '?';
		return 1;
	}
	return (size_t)n;
}

void gammu_text(char *out, size_t size, const unsigned char *ucs2, size_t max_units, bool line)
{
	size_t at = 0, i = 0;

	while (i < max_units && (ucs2[2 * i] || ucs2[2 * i + 1])) {
		uint8_t utf8[4];
		ucs4_t c;
		int n;

		i += next_char(&c, ucs2 + 2 * i, max_units - i);
		if (line && control(c))
			c = '?';
		n = u8_uctomb(utf8, c, sizeof(utf8));
		if (n < 1 || at + (size_t)n >= size)
			break;
		memcpy(out + at, utf8, (size_t)n);
		at += (size_t)n;
	}
	out[at] = '\0';
}

/* libgammu calls these from within its own calls: they note, and return. */

/* +CMTI. A message that came directly (+CMT, +CDS) has its type set: that is the line's affair. */
static void on_sms(GSM_StateMachine *s, GSM_SMSMessage *sms, void *data)
{
	struct gammu *g = data;
	struct gammu_event event = { .kind = GAMMU_NOTICE };
	int location = sms->Location;

	(void)s;
	if (sms->PDU != 0 || location < 0 || location >= GSM_PHONE_MAXSMSINFOLDER)
		return;
	if (sms->Folder > 2)
		location += GSM_PHONE_MAXSMSINFOLDER;
	event.slot = gammu_slot(location) | (sms->Memory == MEM_SR ? SLOT_SR : 0);
	gammu_note(g, &event);
}

static void on_sent(GSM_StateMachine *s, int status, int reference, void *data)
{
	struct gammu *g = data;

	(void)s;
	(void)reference; /* the line has it, also where libgammu does not find it */
	if (!g->sending || g->answered)
		return;
	g->answered = true;
	g->status = status;
}

static void on_ussd(GSM_StateMachine *s, GSM_USSDMessage *ussd, void *data)
{
	static const uint8_t states[] = {
		[USSD_NoActionNeeded] = 0, [USSD_ActionNeeded] = 1, [USSD_Terminated] = 2,
		[USSD_AnotherClient] = 3,  [USSD_NotSupported] = 4, [USSD_Timeout] = 5
	};
	struct gammu_event event = { .kind = GAMMU_USSD };

	(void)s;
	event.ussd.state = (unsigned int)ussd->Status < ARRAY_SIZE(states) ? states[ussd->Status]
									   : 2;
	gammu_text(event.ussd.text, sizeof(event.ussd.text), ussd->Text, GSM_MAX_USSD_LENGTH,
		   false);
	gammu_note(data, &event);
}

static void on_call(GSM_StateMachine *s, GSM_Call *call, void *data)
{
	struct gammu_event event = { .kind = GAMMU_CALL };

	(void)s;
	if (call->Status != GSM_CALL_IncomingCall)
		return;
	gammu_text(event.number, SMS_ADDRESS_MAX + 1, call->PhoneNumber, SMS_ADDRESS_MAX, true);
	gammu_note(data, &event);
}

/* Out of read() and usleep(): the library would go on asking. What is aborted once is for the bin. */
static void on_trouble(void *data)
{
	struct gammu *g = data;

	if (!tap_gone() && !has_restarted(g) && !tap_late())
		return;
	g->aborted = true;
	GSM_AbortOperation(g->s);
}

/* Connecting. */

static enum worker_exit connect_failed(GSM_Error error)
{
	LOGP(DMODEM, LOGL_ERROR, "connect: %s\n", GSM_ErrorName(error));
	switch (error) {
	case ERR_DEVICENOTEXIST:
		return WORKER_EXIT_MISSING;
	case ERR_DEVICENOPERMISSION:
		return WORKER_EXIT_DENIED;
	case ERR_DEVICELOCKED:
	case ERR_DEVICEBUSY:
	case ERR_DEVICEOPENERROR:
		return WORKER_EXIT_BUSY;
	default:
		return tap_gone() ? WORKER_EXIT_LOST : WORKER_EXIT_NO_ANSWER;
	}
}

static bool is_device(const char *path)
{
	struct stat st;

	return stat(path, &st) || S_ISCHR(st.st_mode);
}

/* The strings are freed by libgammu, if ever. A status report is to come at once and whole (<ds> 1): libgammu does
 * not understand the notice of a stored one, +CDSI. */
static GSM_StateMachine *configure(const struct frame_config *config)
{
	GSM_StateMachine *s = GSM_AllocStateMachine();
	GSM_Config *cfg = s ? GSM_GetConfig(s, 0) : NULL;

	if (!cfg)
		return NULL;
	cfg->Device = strdup(config->device);
	cfg->Connection = strdup("at115200");
	for (int i = 0; i < 5; i++)
		cfg->CNMIParams[i] = -1;
	cfg->CNMIParams[3] = 1;
	if (!cfg->Device || !cfg->Connection)
		return NULL;
	GSM_SetConfigNum(s, 1);
	return s;
}

static void note_model(struct gammu *g)
{
	char model[GSM_MAX_MODEL_LENGTH + 1] = "";
	size_t at = 0;

	if (GSM_GetModel(g->s, model) != ERR_NONE)
		return;
	for (size_t i = 0; model[i] && at < sizeof(g->model) - 1; i++)
		if (model[i] >= ' ' && model[i] < 0x7f)
			g->model[at++] = model[i];
	g->model[at] = '\0';
}

enum worker_exit gammu_connect(struct gammu **out, const struct frame_config *config)
{
	struct gammu *g = &the_modem;
	GSM_Error error;

	if (strcmp(config->driver, "gammu")) {
		LOGP(DMODEM, LOGL_ERROR, "there is no driver '%s'\n", config->driver);
		return WORKER_EXIT_CONFIG;
	}
	if (!is_device(config->device)) {
		LOGP(DMODEM, LOGL_ERROR, "%s is no device\n", config->device);
		return WORKER_EXIT_CONFIG;
	}
	GSM_InitLocales(NULL);
	g->s = configure(config);
	if (!g->s)
		return WORKER_EXIT_CONFIG;
	g->line = tap_line();
	g->call_ms = config->call_wait * 1000;
	tap_init(config->short_pauses, on_trouble, g);
	tap_watch(2 * g->call_ms);
	/* 1: each command is given once. A second try of the PIN would be made by the library. */
	error = GSM_InitConnection(g->s, 1);
	if (error != ERR_NONE)
		return connect_failed(error);
	GSM_SetIncomingSMSCallback(g->s, on_sms, g);
	GSM_SetSendSMSStatusCallback(g->s, on_sent, g);
	GSM_SetIncomingUSSDCallback(g->s, on_ussd, g);
	GSM_SetIncomingCallCallback(g->s, on_call, g);
	g->line->guard = true;
	g->line->restarted = false;
	note_model(g);
	*out = g;
	return WORKER_EXIT_OK;
}

int gammu_fd(const struct gammu *g)
{
	(void)g;
	return tap_fd();
}

int gammu_listen(struct gammu *g)
{
	tap_watch(g->call_ms); /* the limit of the last call has passed long ago */
	GSM_ReadDevice(g->s, FALSE);
	gammu_take_line(g);
	return trouble(g, "notices");
}

/* The SIM. */

int gammu_check_sim(struct gammu *g, struct frame_state *out)
{
	char imsi[GSM_MAX_IMEI_LENGTH * 4] = "";
	size_t n;
	int rc;

	tap_watch(g->call_ms);
	rc = gammu_check(g, "IMSI", GSM_GetSIMIMSI(g->s, imsi));

	if (rc)
		return rc;
	n = strspn(imsi, "0123456789");
	if (n < 6 || n >= sizeof(out->imsi) || imsi[n])
		return GAMMU_REFUSED;
	OSMO_STRLCPY_ARRAY(out->imsi, imsi);
	OSMO_STRLCPY_ARRAY(out->model, g->model);
	return 0;
}

enum modem_state gammu_code_wanted(struct gammu *g)
{
	GSM_SecurityCodeType type = SEC_None;

	tap_watch(g->call_ms);
	if (gammu_check(g, "security status", GSM_GetSecurityStatus(g->s, &type)))
		return MODEM_CONNECTING;
	if (type == SEC_None)
		return MODEM_CONNECTING;
	return type == SEC_Pin ? MODEM_PIN_NEEDED : MODEM_LOCKED;
}

uint8_t gammu_pin_tries(struct gammu *g)
{
	(void)g;
	return tries_ask();
}

int gammu_enter_pin(struct gammu *g, const char *pin)
{
	GSM_SecurityCode code = { .Type = SEC_Pin };
	GSM_Error error;
	int rc;

	OSMO_STRLCPY_ARRAY(code.Code, pin);
	tap_watch(g->call_ms);
	g->opened_at = time(NULL);
	error = GSM_EnterSecurityCode(g->s, &code);
	rc = gammu_check(g, "PIN", error);
	explicit_bzero(&code, sizeof(code));
	/* whatever a modem that answers says to a wrong PIN, it is not to be given again */
	return rc == GAMMU_REFUSED && error != ERR_TIMEOUT ? GAMMU_LOCKED : rc;
}

/* The answer to AT+CNMI?, without what may differ from one time to the next; empty if there is none. */
static void read_notices(char out[NOTICES_SIZE])
{
	char answer[256];
	const char *at;

	out[0] = '\0';
	if (tap_ask(answer, sizeof(answer), "AT+CNMI?\r", NOTICES_WAIT))
		return;
	at = strstr(answer, "+CNMI:");
	if (at)
		osmo_strlcpy(out, at, OSMO_MIN(NOTICES_SIZE, strcspn(at, "\r\n") + 1));
}

static void read_smsc(struct gammu *g)
{
	GSM_SMSC smsc = { .Location = 1 };

	if (gammu_check(g, "SMSC", GSM_GetSMSC(g->s, &smsc)) == 0)
		memcpy(g->smsc, smsc.Number, sizeof(g->smsc));
}

/* Calls and USSD are a courtesy: a modem without them serves. */
int gammu_begin(struct gammu *g)
{
	int rc;

	tap_watch(g->call_ms);
	rc = gammu_check(g, "notices", GSM_SetIncomingSMS(g->s, TRUE));
	if (rc)
		return rc;
	read_notices(g->notices);
	read_smsc(g);
	rc = gammu_check(g, "USSD", GSM_SetIncomingUSSD(g->s, TRUE));
	if (rc == GAMMU_GONE || rc == GAMMU_SILENT)
		return rc;
	rc = gammu_check(g, "calls", GSM_SetIncomingCall(g->s, TRUE));
	return rc == GAMMU_GONE || rc == GAMMU_SILENT ? rc : 0;
}

int gammu_check_notices(struct gammu *g)
{
	char now[NOTICES_SIZE];

	read_notices(now);
	gammu_take_line(g);
	if (tap_gone())
		return GAMMU_GONE;
	if (!*now || !*g->notices || !strcmp(now, g->notices))
		return 0;
	LOGP(DMODEM, LOGL_NOTICE, "the modem has lost its settings\n");
	return GAMMU_SILENT;
}

/* The network. */

static enum modem_state network_state(GSM_NetworkInfo_State state)
{
	switch (state) {
	case GSM_HomeNetwork:
		return MODEM_HOME;
	case GSM_RoamingNetwork:
		return MODEM_ROAMING;
	case GSM_NoNetwork:
	case GSM_RequestingNetwork:
		return MODEM_SEARCHING;
	case GSM_RegistrationDenied:
		return MODEM_DENIED;
	case GSM_NetworkStatusUnknown: /* 4 is unknown; 6 and 7, SMS only, are unknown to libgammu */
		break;
	}
	return MODEM_ATTACHED;
}

static int look_at_network(struct gammu *g, struct frame_state *out)
{
	GSM_NetworkInfo info;
	int rc;

	memset(&info, 0, sizeof(info));
	rc = gammu_check(g, "network", GSM_GetNetworkInfo(g->s, &info));
	if (rc == GAMMU_GONE || rc == GAMMU_SILENT)
		return rc;
	/* where a modem without GPRS says no, libgammu does not ask on */
	out->state = rc && !info.State ? MODEM_ATTACHED : network_state(info.State);
	info.NetworkCode[sizeof(info.NetworkCode) - 1] = '\0';
	gammu_text(out->network, sizeof(out->network), info.NetworkName,
		   sizeof(info.NetworkName) / 2 - 1, true);
	if (!*out->network && strspn(info.NetworkCode, "0123456789 ") == strlen(info.NetworkCode))
		OSMO_STRLCPY_ARRAY(out->network, info.NetworkCode);
	return 0;
}

static int look_at_signal(struct gammu *g, struct frame_state *out)
{
	GSM_SignalQuality signal = { .SignalPercent = -1 };
	int rc = gammu_check(g, "signal", GSM_GetSignalQuality(g->s, &signal));

	if (rc == 0 && signal.SignalPercent >= 0 && signal.SignalPercent <= 100)
		out->signal = (uint8_t)signal.SignalPercent;
	return rc == GAMMU_GONE || rc == GAMMU_SILENT ? rc : 0;
}

int gammu_ask(struct gammu *g, struct frame_state *out, bool *answers)
{
	int rc;

	tap_watch(g->call_ms);
	rc = look_at_signal(g, out);
	gammu_take_line(g);
	*answers = rc == 0 && !g->timeouts;
	return rc;
}

static int look_at_slots(struct gammu *g, struct frame_state *out)
{
	GSM_SMSMemoryStatus status;
	int rc, used, size;

	memset(&status, 0, sizeof(status));
	rc = gammu_check(g, "slots", GSM_GetSMSStatus(g->s, &status));
	if (rc)
		return rc == GAMMU_GONE || rc == GAMMU_SILENT ? rc : 0;
	used = status.SIMUsed + status.PhoneUsed;
	size = status.SIMSize + status.PhoneSize;
	if (used >= 0 && size >= used && size <= UINT16_MAX) {
		out->used = (uint16_t)used;
		out->slots = (uint16_t)size;
	}
	return 0;
}

int gammu_look(struct gammu *g, struct frame_state *out)
{
	int rc;

	tap_watch(g->call_ms);
	rc = look_at_network(g, out);
	if (!rc)
		rc = look_at_signal(g, out);
	if (!rc)
		rc = look_at_slots(g, out);
	gammu_take_line(g);
	return rc;
}

/* Calls and USSD. */

int gammu_dial(struct gammu *g, const char *code)
{
	char number[FRAME_TEXT_MAX + 1];
	int rc;

	OSMO_STRLCPY_ARRAY(number, code);
	tap_watch(g->call_ms);
	rc = gammu_check(g, "USSD", GSM_DialService(g->s, number));
	gammu_take_line(g);
	return rc;
}

/* libgammu ends a session with the notices, and asks for these again. */
int gammu_close_ussd(struct gammu *g)
{
	int rc;

	tap_watch(g->call_ms);
	rc = gammu_check(g, "end of USSD", GSM_SetIncomingUSSD(g->s, FALSE));
	if (rc != GAMMU_GONE && rc != GAMMU_SILENT)
		rc = gammu_check(g, "USSD", GSM_SetIncomingUSSD(g->s, TRUE));
	gammu_take_line(g);
	return rc;
}

int gammu_hang_up(struct gammu *g)
{
	int rc;

	tap_watch(g->call_ms);
	rc = gammu_check(g, "hang up", GSM_CancelCall(g->s, 0, TRUE));
	gammu_take_line(g);
	return rc;
}
