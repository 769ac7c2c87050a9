/* The log category of this folder.
 *
 * Programs number their categories themselves, so each sets this before it
 * uses the folder; until then lines go to libosmocore's global category.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <osmocom/core/logging.h>

extern int DMODEM;
