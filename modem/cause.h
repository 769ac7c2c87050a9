/* What the number of a refused part means: 3GPP TS 27.005, clause 3.2.5, and 3GPP TS 24.011, annex E-2.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "modem/frame.h"
#include "modem/line.h"

/*! Whether that number says that nothing can be sent now, to whomever: no network, no SIM, congestion.
 * Most that a network gives may be about the SIM or about the recipient. */
bool cause_is_of_carrier(int cause);

/*! What that number means, in words; "CMS ERROR" for one without. */
const char *cause_text(int cause);

/*! What became of a part that the modem answered with an error.
 *
 * \param[in] error  of which kind it was.
 * \param[in] cause  its number, 0 if it had none.
 * \param[in] handed  the body had been handed over, or part of it. */
enum frame_send cause_result(enum line_error error, unsigned int cause, bool handed);
