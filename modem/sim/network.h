/* The network and the phones in it: what waits for the modem, what the modem sent, reports, USSD.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct network;
struct sim;

/* 3GPP TS 27.007, clause 7.2, <stat>. */
enum net_registration {
	NET_SEARCHING = 2,
	NET_HOME = 1,
	NET_DENIED = 3,
	NET_ROAMING = 5,
	NET_SMS_ONLY = 6
};

#define NET_SMSC "+33689004000"

struct network *net_new(void *ctx, struct sim *sim);

/*! A phone sends a text to the modem.
 *
 * \param[in] from  number, or a name.
 * \param[in] text  UTF-8; GSM 7-bit if it fits, in as many parts as it needs.
 * \returns the message's id from 1, or -EINVAL for a sender that cannot be one, -ENOSPC for more than 10 parts,
 *          -EILSEQ for broken UTF-8. */
int64_t net_inject(struct network *net, const char *from, const char *text);

/*! A TPDU comes to the modem as it is, whatever it holds; as a report if its type says so. \returns as above; -EBADMSG if it is too long. */
int64_t net_inject_raw(struct network *net, const uint8_t *tpdu, size_t len);

/*! Deliver a message again, with the same time stamp. \returns 0, -ENOENT. */
int net_again(struct network *net, uint32_t id);

/*! Try to deliver what waits: the card has room again, the modem is back, it acknowledged. */
void net_push(struct network *net);

/*! The modem acknowledged what it was handed over directly (+CNMA), or refused it. */
void net_acknowledge(struct network *net, bool taken);

/*! The modem sends a TPDU. at_sent() is told when it has left, or was refused.
 *
 * \param[in] at_ns  when the application gave it (Ctrl-Z), CLOCK_MONOTONIC. */
void net_submit(struct network *net, const uint8_t *tpdu, size_t len, int64_t at_ns);

/*! The modem has been started again: it waits for no answer any more. What is on air leaves all the same. */
void net_forget_answers(struct network *net);

/*! A USSD request of the modem; the answer comes by at_ussd(). */
void net_ussd(struct network *net, const char *code);

enum net_registration net_registration(const struct network *net);

/*! Parts that wait for the modem. */
size_t net_waiting(const struct network *net);

/*! Call fn for each part that waits. */
void net_each_waiting(const struct network *net, void (*fn)(void *data, uint32_t id, bool report),
		      void *data);
