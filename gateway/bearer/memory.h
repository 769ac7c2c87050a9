/* What is remembered of a modem from one life of the gateway to the next: rows of the table meta.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include "gateway/gateway.h"

/*! What is remembered.
 *
 * \param[in] what  "pin", "sim".
 * \param[out] value  on OTC_SELECT, "" if there is nothing; untouched unless 0 is returned.
 * \returns 0 or an error of store.h. */
int memory_get(struct gateway *gw, const char *what, const char *modem, char **value);

/*! Remember it: on disk when this returns. Needs that no transaction is open.
 *
 * \param[in] value  NULL: forget it.
 * \returns 0 or an error of store.h. */
int memory_set(struct gateway *gw, const char *what, const char *modem, const char *value);
