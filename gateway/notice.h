/* Notices: what events tell people, made into messages.
 *
 * Every event that somebody is to hear of has left rows in the table notice, whoever fired it: a text, a timer, the web,
 * a coordinator. Here each becomes words: the template NAME.ROLE, NAME.STATE or NAME, filled in with the facts of its
 * subject. Notices to one number are merged into one message.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

struct gateway;
struct turn;

/*! How many notices wait to be made into messages. Needs no transaction.
 * \returns the number, or an error of store.h. */
int notice_waiting(struct gateway *gw);

/*! Make all that wait into messages. Needs an open transaction. To be called after every event that was not fired by
 * command_handle(): deadlines, the operator, and other programs (store_foreign_changes()).
 * \returns 0, or an error of store.h: roll back and try again later. */
int notice_run(struct gateway *gw);

/*! Put the notices of a turn that are for the one who wrote into the reply, and what they ask. */
void notice_reply(struct turn *turn);

/*! Close those notices: the reply is that message. */
void notice_replied(struct turn *turn, int64_t message_id);
