/* The demo's telephone: the people of the demo platform text the gateway through the simulated modem.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! `chappe-sim handset ...`: at a terminal, or playing a script.
 *
 * \param[in] argv  from the word "handset" on.
 * \returns exit code: 0, 1 if something did not work, 2 for a wrong option. */
int handset_main(int argc, char **argv);
