/* The name under which a process shows in ps and top.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Take note of where the command line lies, and move the environment out of its way: title_set() writes over
 * both. To be called first in main(); argv[1] and on are gone after title_set(): copy what is needed. */
void title_init(int argc, char **argv);

/*! Show as this from now on ("chapped: modem gsm0"): ps reads the command line, top the first 15 octets as the name
 * of the thread. Does nothing before title_init(). */
void title_set(const char *title);
