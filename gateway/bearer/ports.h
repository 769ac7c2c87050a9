/* Which modem is at which port: names like ttyUSB0 are dealt out anew when modems are plugged in.
 *
 *   gsm0: device /dev/ttyUSB0        ttyUSB0: the SIM of gsm1     gsm0 moves to ttyUSB1,
 *   gsm1: device /dev/ttyUSB1        ttyUSB1: the SIM of gsm0     gsm1 to ttyUSB0
 *
 * A modem is its SIM: people know its number. Modems whose SIMs are found at each
 * other's ports exchange them, and their workers are replaced.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/gateway.h"
#include "modem/lifecycle.h"

/*! Look whether this modem stands at the port of another, that one at a third's, and so on until the first.
 * \returns how many modems were moved to the ports where their SIMs are; 0 if it is not so. */
int ports_exchange(struct gateway *gw, struct modem *m);

/*! The modem in whose configuration the port of m stands: another than m after an exchange. */
const char *ports_name(const struct gateway *gw, const struct modem *m);

/*! The modem that this SIM belongs to, or NULL. */
struct modem *ports_owner(struct gateway *gw, const char *imsi);
