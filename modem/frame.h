/* What the gateway and its workers say to each other, over one SOCK_SEQPACKET socket.
 *
 * A frame is one packet: operation (u8), reference (u32), then the operation's
 * fields; integers are big-endian, strings are u16 length and UTF-8 octets.
 * Both sides compile this table. A frame that is not in it, or whose length is
 * out of its bounds, or that does not end where its last field ends, costs the
 * worker its life.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "messages/sms.h"

/* Longest frame: the largest operation below and its header. */
#define FRAME_MAX 2048

enum frame_op {
	/* gateway to worker */
	FRAME_OP_CONFIG = 1, /* device, driver, pin (may be empty), pauses */
	FRAME_OP_SMS_SEND,   /* ref: chosen by the gateway; struct sms_out */
	FRAME_OP_SMS_DELETE, /* ref: the slot of SMS_RECEIVED */
	FRAME_OP_USSD_DIAL,  /* code: [0-9*#]+ */
	FRAME_OP_PING,
	FRAME_OP_QUIT,
	/* worker to gateway */
	FRAME_OP_STATE,         /* enum modem_state, operator, signal percent, imsi, detail */
	FRAME_OP_PONG,          /* also sent unasked: the worker is alive */
	FRAME_OP_SMS_RECEIVED,  /* ref: slot; struct sms_in */
	FRAME_OP_SMS_DELETED,   /* ref: slot; result */
	FRAME_OP_SMS_SENT,      /* ref: of SMS_SEND; enum frame_send, TP-MR, CMS cause */
	FRAME_OP_SMS_REPORT,    /* ref: slot or 0; TP-MR, recipient, TP-ST, SCTS, discharge time */
	FRAME_OP_USSD_RECEIVED, /* state, text */
	FRAME_OP_CALL,          /* number; the call has been refused */
	_FRAME_OP_NUM
};
