/* A status report: what it says of which message.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#include "gateway/bearer/bearer.h"

struct gateway;

/* TP-ST by its class: 3GPP TS 23.040, clause 9.2.3.15. */
enum report_class {
	REPORT_DELIVERED,
	REPORT_PENDING, /* the service centre still tries: it did leave us */
	REPORT_FAILED   /* it has given up */
};
enum report_class report_class(uint8_t status);

/*! Apply a report to the part that it is about. Needs an open transaction.
 *
 * The part is the latest one to that number with that TP-MR. If there is none,
 * it is one whose result never came: being sent, or in doubt. A report about
 * nothing that we know, or one that came before, has no effect.
 *
 * \returns 0 or an error of store.h. */
int report_apply(struct gateway *gw, const char *worker, const struct bearer_report *report,
		 int64_t now);
