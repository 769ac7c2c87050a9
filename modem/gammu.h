/* The driver `gammu`: any phone or modem that libgammu drives over an AT port.
 *
 * The only place that knows libgammu. All calls block, for up to a minute where
 * the modem is slow; its callbacks only take note, what they noted is handed on
 * between the calls, by gammu_next(). One modem for the life of the process.
 *
 * A slot is 1 and more: where a message stands, in the notation of this driver.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "messages/sms.h"

#include "modem/frame.h"

/* Messages that may stand in a SIM and in a modem together. */
#define GAMMU_SLOTS_MAX 1024

struct gammu;

/* What a call came to, where it is not 0. */
enum gammu_rc {
	GAMMU_GONE = 1, /* the device went away */
	GAMMU_SILENT,   /* the modem did not answer, or has restarted: connect anew */
	GAMMU_LOCKED,   /* the SIM wants a code */
	GAMMU_NO_SIM,
	GAMMU_REFUSED, /* anything else: the modem said no */
};

enum gammu_kind {
	GAMMU_NOTICE,   /* something stands in slot: gammu_read() it */
	GAMMU_MESSAGE,  /* a part, stored nowhere */
	GAMMU_REPORT,   /* a status report, stored nowhere */
	GAMMU_SENT,     /* the modem has answered to gammu_send() */
	GAMMU_USSD,     /* the network has spoken */
	GAMMU_CALL,     /* somebody calls: gammu_hang_up() */
	GAMMU_NETWORK,  /* the registration has changed: gammu_look() */
	GAMMU_OVERFLOW, /* the SIM is full, or notices were lost: gammu_list() */
};

struct gammu_event {
	enum gammu_kind kind;
	uint32_t slot;
	union {
		struct sms_in in;
		struct frame_report report;
		struct frame_sent sent;
		struct frame_ussd ussd;
		char number[FRAME_TEXT_MAX + 1];
	};
};

/*! Open the device and wake the modem: seconds.
 *
 * \param[out] out  never freed: it dies with the process.
 * \returns 0, or how the worker is to end. */
enum worker_exit gammu_connect(struct gammu **out, const struct frame_config *config);

/*! What to poll() for reading. */
int gammu_fd(const struct gammu *g);

/*! Take what the device has to say now. \returns 0, GAMMU_GONE or GAMMU_SILENT. */
int gammu_listen(struct gammu *g);

/*! What came, oldest first. \returns false if nothing did. */
bool gammu_next(struct gammu *g, struct gammu_event *out);

/*! Whether the SIM can be used: its IMSI is read.
 *
 * \param[out] out  imsi and model are filled if 0 is returned.
 * \returns 0, GAMMU_LOCKED (needs a code), GAMMU_NO_SIM, or another. */
int gammu_check_sim(struct gammu *g, struct frame_state *out);

/*! Which code the SIM wants. \returns MODEM_PIN_NEEDED, MODEM_LOCKED, or MODEM_CONNECTING if none or not known. */
enum modem_state gammu_code_wanted(struct gammu *g);

/*! Tries of the PIN that are left, of a SIM that waits for it. \returns FRAME_TRIES_UNKNOWN if the modem does not say. */
uint8_t gammu_pin_tries(struct gammu *g);

/*! Give the PIN, once. \returns 0, GAMMU_LOCKED: it was refused, or another: nobody knows. */
int gammu_enter_pin(struct gammu *g, const char *pin);

/*! Ask for notices of messages, reports, calls and USSD; read the number of the SMSC. \returns 0 or another. */
int gammu_begin(struct gammu *g);

/*! Whether the modem still makes the notices that gammu_begin() asked for.
 *
 * \returns 0, or GAMMU_SILENT: it has restarted in silence, and all settings are lost. */
int gammu_check_notices(struct gammu *g);

/*! Network, signal and use of the slots.
 *
 * \param[out] out  state, network, signal, used and slots are filled; what the modem does not tell is left alone. */
int gammu_look(struct gammu *g, struct frame_state *out);

/*! Ask for the signal alone, to hear whether the modem answers.
 *
 * \param[out] out  signal is filled.
 * \param[out] answers  false: not in its time. */
int gammu_ask(struct gammu *g, struct frame_state *out, bool *answers);

/*! All slots in use.
 *
 * \param[out] slots  room for max.
 * \param[out] n  slots written; 0 unless 0 is returned. */
int gammu_list(struct gammu *g, uint32_t *slots, size_t max, size_t *n);

/*! Read a slot.
 *
 * \param[out] out  kind GAMMU_MESSAGE or GAMMU_REPORT; a message with an empty sender cannot be read.
 * \param[out] found  false: nothing is there that came in. */
int gammu_read(struct gammu *g, uint32_t slot, struct gammu_event *out, bool *found);

/*! Free a slot; one that is empty is free. \returns 0 or another. */
int gammu_delete(struct gammu *g, uint32_t slot);

/*! Hand a part to the modem; its answer comes as GAMMU_SENT, up to minutes later, and nothing else may be asked before.
 *
 * \returns 0, or why there will be no more answers: GAMMU_SENT has been noted even so. */
int gammu_send(struct gammu *g, const struct sms_out *sms);

/*! Whether the modem has named the reference of the part: the end of its answer is to come at once, or never. */
bool gammu_has_reference(const struct gammu *g);

/*! The answer to gammu_send() did not come: GAMMU_SENT is noted, of what is known. */
void gammu_give_up(struct gammu *g);

/*! Dial a USSD code. */
int gammu_dial(struct gammu *g, const char *code);

/*! End the USSD session that the network keeps open. */
int gammu_close_ussd(struct gammu *g);

/*! Refuse the call that is coming in. */
int gammu_hang_up(struct gammu *g);
