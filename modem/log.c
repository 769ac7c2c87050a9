/* The log category of this folder.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/log.h"

int DMODEM = DLGLOBAL;
