/* What goes wrong, asked for by name over the control socket.
 *
 * A fault is armed with a value; what it means stands in the table of fault.c. Some
 * are spent by the event that they spoil, others hold until `fault clear`.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sim;

enum fault {
	FAULT_SILENT,
	FAULT_SLOW,
	FAULT_CMS_ERROR,
	FAULT_CMS_ERROR_SENT,
	FAULT_CMS_ERROR_EACH,
	FAULT_LOST_CMGS,
	FAULT_DUPLICATE_ANSWER,
	FAULT_OK_MISSING,
	FAULT_ECHO_DOUBLE,
	FAULT_URC_INSIDE,
	FAULT_URC_PROMPT,
	FAULT_PROMPT_MISSING,
	FAULT_PROMPT_BARE,
	FAULT_STORE_FULL,
	FAULT_FULL_UNSAID,
	FAULT_CMGD_IGNORED,
	FAULT_CMGL_JUNK,
	FAULT_PDU_CUT,
	FAULT_CMTI_LOST,
	FAULT_CMTI_TWICE,
	FAULT_REDELIVER,
	FAULT_REGISTRATION,
	FAULT_NO_REPORTS,
	FAULT_LATE_REPORTS,
	FAULT_REPORT_STATUS,
	FAULT_REPORT_FIRST,
	FAULT_REPORT_TWICE,
	FAULT_REPORT_PENDING,
	FAULT_REPORT_NATIONAL,
	FAULT_USSD_OPEN,
	FAULT_GARBLE,
	FAULT_SIM_BUSY,
	FAULT_SIM_REMOVED,
	_FAULT_NUM
};

struct faults {
	unsigned int value[_FAULT_NUM]; /* 0: not armed */
	/* a fault that waits for its command line; 0: none does */
	unsigned int later;
	char later_name[32];
	char later_value[32]; /* empty: none */
};

/*! The value of a fault that holds; 0 if it is not armed. */
unsigned int fault_value(const struct sim *sim, enum fault fault);

/*! Spend one of a fault that is counted. \returns true if there was one. */
bool fault_spend(struct sim *sim, enum fault fault);

/*! Arm a fault, or do what its name says at once (unplug, reboot, noise, imsi ...).
 *
 * \param[in] argv  name, then its arguments.
 * \returns NULL, or a sentence that says what is wrong. */
const char *fault_command(struct sim *sim, size_t argc, char *const *argv);

/*! Let a fault happen at the nth command line (or end of a message) from now, before it is answered.
 *
 * \param[in] argv  name, then its argument.
 * \returns NULL, or a sentence that says what is wrong. */
const char *fault_later(struct sim *sim, unsigned int n, size_t argc, char *const *argv);

/*! A command line or the end of a message has come. \returns true if the modem does not live to see it. */
bool fault_tick(struct sim *sim);

/*! Call fn for each armed fault. */
void fault_each(const struct sim *sim, void (*fn)(void *data, const char *name, unsigned int value),
		void *data);
