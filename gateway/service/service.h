/* What the commands do: the handlers that the table in command.c names, by part of the domain.
 *
 * A handler reads turn->reading, fires events, asks or says something. It returns
 * nothing: errors stick to the turn.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>

struct turn;

/* order.c: what residents and their helpers order */
void order_items(struct turn *turn);  /* ORDER ADD SET REMOVE SWAP CHANGE */
void order_cancel(struct turn *turn); /* CANCEL */
void order_yes(struct turn *turn);    /* YES to a recap that no question keeps any more */
void order_no(struct turn *turn);

/* event.c: FIRE, the answer to a question that is an event */
void event_answer(struct turn *turn);

/* list.c: what there is, and what it costs */
void list_show(struct turn *turn); /* LIST */
void list_pick(struct turn *turn); /* PICK: a number of the list */

/* status.c: where things are */
void status_show(struct turn *turn); /* STATUS */

/* pickup.c: before an order is fetched */
void pickup_info(struct turn *turn);    /* PICKUP_INFO */
void pickup_confirm(struct turn *turn); /* PICKUP_CONFIRM */
void pickup_tell(struct turn *turn);    /* PICKUP_LATE PICKUP_DELEGATE PICKUP_MOVE */

/* pickup_code.c: when it is */
void pickup_done(struct turn *turn);    /* PICKUP_DONE CODE */
void pickup_fetched(struct turn *turn); /* FETCHED */

/* supply.c: what producers decide after the cut-off */
void supply_confirm(struct turn *turn); /* LINE_CONFIRM */
void supply_partial(struct turn *turn); /* LINE_PARTIAL LINE_SHORT */
void supply_refuse(struct turn *turn);  /* LINE_REFUSE */
void supply_decide(struct turn *turn);  /* DECIDE: some confirmed and some refused */

/* till.c: what the coordinator notes at the pickup point */
void till_collect(struct turn *turn); /* COLLECT */
void till_no_show(struct turn *turn); /* NO_SHOW */
void till_rebook(struct turn *turn);  /* REBOOK */
void till_status(struct turn *turn);  /* STATUS with an order's number */
void till_find(struct turn *turn);    /* CODE */

/* payment.c: by the coordinator */
void payment_pay(struct turn *turn);    /* PAY */
void payment_later(struct turn *turn);  /* PAY_LATER */
void payment_waive(struct turn *turn);  /* PAY_WAIVE */
void payment_refund(struct turn *turn); /* PAY_REFUND */
void payment_credit(struct turn *turn); /* CREDIT without a complaint */

/* complaint.c: what was missing or bad */
void complaint_make(struct turn *turn);    /* COMPLAINT */
void complaint_missing(struct turn *turn); /* LINE_MISSING, and LINE_SHORT at the pickup */
void complaint_credit(struct turn *turn);  /* CREDIT */
void complaint_dismiss(struct turn *turn); /* DISMISS */

/* avail.c: what producers put on sale, before the cut-off */
void avail_declare(struct turn *turn); /* AVAIL */
void avail_add(struct turn *turn);     /* AVAIL_ADD */
void avail_stop(struct turn *turn);    /* AVAIL_STOP */
void avail_none(struct turn *turn);    /* AVAIL_NONE */
void avail_price(struct turn *turn);   /* PRICE */

/* substitute.c: something else in the place of what there is none of */
void substitute_propose(struct turn *turn); /* LINE_SUB */
void substitute_answer(struct turn *turn);  /* SUBS: the resident's answer */

/* member.c: people and their number */
void member_stop(struct turn *turn);
void member_start(struct turn *turn);
void member_resume(struct turn *turn); /* whoever writes can be reached again */
void member_help(struct turn *turn);
void member_consent(struct turn *turn);  /* YES from a number that a coordinator has registered */
void member_stranger(struct turn *turn); /* anything from a number that is not registered */
void member_stopped(struct turn *turn);  /* anything from a number that said STOP */

/* answer.c: what people ask of us as persons */
void answer_callback(struct turn *turn);  /* CALLBACK */
void answer_emergency(struct turn *turn); /* EMERGENCY */
void answer_privacy(struct turn *turn);   /* PRIVACY, and the help about it */
void answer_register(struct turn *turn);  /* REGISTER */
void answer_language(struct turn *turn);  /* LANG */

/* desk.c: what a human answers, and what needs no answer but a kind one */
void desk_thanks(struct turn *turn);
void desk_unknown(struct turn *turn);
void desk_list(
	struct turn
		*turn); /* CALLBACK COMPLAINT REGISTER PRIVACY PICKUP_* ...: told the coordinator */
void desk_reply(struct turn *turn);      /* REPLY: what a coordinator answers to a request */
void desk_requests(struct turn *turn);   /* REQUESTS: those that are open */
void desk_done(struct turn *turn);       /* REQUEST_DONE: one is closed without a word */
void desk_not_served(struct turn *turn); /* bookings, votes, proxies */
/*! Whether it answers what a human wrote to this number last: then it is for that human. */
bool desk_relays(struct turn *turn);
void desk_nothing(struct turn *turn); /* NOTHING: the answer that leaves all as it is */
