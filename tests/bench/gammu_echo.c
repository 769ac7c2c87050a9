/* The least that libgammu needs to answer a text: the yardstick of the latency bench.
 *
 * Waits for +CMTI, reads the text, deletes it, sends a fixed answer. No
 * database, no second process, no understanding. What the gateway needs more
 * than this is what it adds. usage: gammu_echo DEVICE ANSWER
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <gammu.h>

static volatile sig_atomic_t quit;
static int slot = -1; /* that +CMTI named last */
static int slot_folder;
static int sending; /* an answer is under way */

/* libgammu pauses with usleep(); `pauses short` of the worker clips it in the same way. */
int usleep(useconds_t us)
{
	struct timespec ts = { 0, us > 1000 ? 1000000 : (long)us * 1000 };

	return nanosleep(&ts, NULL);
}

static void on_signal(int sig)
{
	(void)sig;
	quit = 1;
}

static void on_sms(GSM_StateMachine *s, GSM_SMSMessage *sms, void *data)
{
	(void)s;
	(void)data;
	slot = sms->Location;
	slot_folder = sms->Folder;
}

static void on_sent(GSM_StateMachine *s, int status, int reference, void *data)
{
	(void)s;
	(void)status;
	(void)reference;
	(void)data;
	sending = 0;
}

static void die(const char *what, GSM_Error rc)
{
	fprintf(stderr, "gammu_echo: %s: %s\n", what, GSM_ErrorString(rc));
	exit(1);
}

static GSM_StateMachine *connect_modem(const char *device)
{
	GSM_StateMachine *s;
	GSM_Config *cfg;
	GSM_Error rc;

	GSM_InitLocales(NULL);
	s = GSM_AllocStateMachine();
	cfg = s ? GSM_GetConfig(s, 0) : NULL;
	if (!cfg)
		die("no memory", ERR_MOREMEMORY);
	cfg->Device = strdup(device);
	cfg->Connection = strdup("at115200");
	for (int i = 0; i < 5; i++)
		cfg->CNMIParams[i] = -1;
	GSM_SetConfigNum(s, 1);
	rc = GSM_InitConnection(s, 1);
	if (rc != ERR_NONE)
		die("connect", rc);
	GSM_SetIncomingSMSCallback(s, on_sms, NULL);
	GSM_SetSendSMSStatusCallback(s, on_sent, NULL);
	GSM_SetIncomingSMS(s, TRUE);
	return s;
}

static void answer(GSM_StateMachine *s, const char *text)
{
	GSM_MultiSMSMessage in = { 0 };
	GSM_SMSMessage out = { 0 };
	GSM_Error rc;

	in.SMS[0].Location = slot;
	in.SMS[0].Folder = slot_folder;
	slot = -1;
	rc = GSM_GetSMS(s, &in);
	if (rc != ERR_NONE)
		die("read", rc);
	in.SMS[0].Folder = 0;
	GSM_DeleteSMS(s, &in.SMS[0]);
	GSM_SetDefaultSMSData(&out);
	out.PDU = SMS_Submit;
	out.SMSC.Location = 1;
	out.Class = -1; /* no flash message */
	out.Coding = SMS_Coding_Default_No_Compression;
	EncodeUnicode(out.Text, text, strlen(text));
	out.Length = (int)UnicodeLength(out.Text);
	CopyUnicodeString(out.Number, in.SMS[0].Number);
	sending = 1;
	rc = GSM_SendSMS(s, &out);
	if (rc != ERR_NONE)
		die("send", rc);
	while (sending && !quit)
		GSM_ReadDevice(s, TRUE);
}

int main(int argc, char **argv)
{
	GSM_StateMachine *s;

	if (argc != 3 || strlen(argv[2]) > 160) {
		fprintf(stderr, "usage: gammu_echo DEVICE ANSWER\n");
		return 2;
	}
	signal(SIGTERM, on_signal);
	s = connect_modem(argv[1]);
	printf("ready\n");
	fflush(stdout);
	while (!quit) {
		if (slot >= 0) /* it may have come while the last one was answered */
			answer(s, argv[2]);
		else
			GSM_ReadDevice(s, TRUE);
	}
	GSM_TerminateConnection(s);
	return 0;
}
