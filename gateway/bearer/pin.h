/* What is remembered of a PIN that was given to a SIM: a wrong one is never given twice, not even after a restart.
 *
 * Three wrong tries lock a SIM. The database keeps a keyed digest of the PIN
 * that is being tried or was refused, until a SIM is open. A PIN file with another PIN
 * is another try where the SIM says that three are left; else an operator decides.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/gateway.h"
#include "modem/lifecycle.h"

/*! What is known of this PIN of a modem. When in doubt it was tried.
 *
 * \param[in] pin  NULL or "": nothing is known. */
enum modem_pin pin_recall(struct gateway *gw, const char *modem, const char *pin);

/*! Remember it: on disk when this returns. Needs that no transaction is open.
 * \returns 0, or an error of store.h or digest_key_open(). */
int pin_remember(struct gateway *gw, const char *modem, const char *pin, enum modem_pin what);
