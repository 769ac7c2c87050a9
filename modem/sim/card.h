/* The SIM: its slots, its PIN, its identity. What is in it survives a restart.
 *
 * 3GPP TS 51.011 (files of the SIM) as 3GPP TS 27.005 shows it to an application.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/tpdu.h"

#define CARD_CAPACITY_MAX 255
#define CARD_PIN_TRIES    3
#define CARD_PUK_TRIES    10
#define CARD_PUK          "12345678"

/* 3GPP TS 27.005, clause 3.1, <stat> in PDU mode. */
enum card_stat { CARD_UNREAD, CARD_READ, CARD_UNSENT, CARD_SENT };

struct card_slot {
	bool used;
	enum card_stat stat;
	uint32_t id; /* of the network's message; 0 for what the application wrote */
	uint8_t sca[TPDU_SCA_MAX];
	uint8_t sca_len;
	uint8_t tpdu[TPDU_MAX];
	uint8_t tpdu_len;
};

enum card_lock { CARD_OPEN, CARD_PIN_WANTED, CARD_PUK_WANTED, CARD_BLOCKED };

struct card {
	char imsi[16];
	char pin[9]; /* empty: none is asked for */
	unsigned int pin_tries;
	unsigned int puk_tries;
	bool open; /* the PIN has been given since the modem started */
	unsigned int capacity;
	struct card_slot slots[CARD_CAPACITY_MAX]; /* index 1 is slots[0] */
	uint8_t mr;                                /* last TP-MR given */
	uint32_t last_id;                          /* last id of a network's message */
	char *state;                               /* file, or NULL */
};

/*! A card on ctx, with what the file holds if there is one.
 *
 * \param[in] pin  NULL for none. \param[in] state  path, or NULL: kept in memory only.
 * \returns NULL if the file cannot be read or is not one of ours. */
struct card *card_new(void *ctx, const char *imsi, const char *pin, unsigned int capacity,
		      const char *state);

/*! Write the file again. Whatever changes the card calls this. */
void card_save(const struct card *card);

enum card_lock card_lock(const struct card *card);

/*! Try a PIN, which costs a try if it is wrong. \returns 0, -EACCES, -EPERM if it is not asked for. */
int card_try_pin(struct card *card, const char *pin);

/*! Try the PUK and set a new PIN. \returns as card_try_pin(). */
int card_try_puk(struct card *card, const char *puk, const char *new_pin);

/*! Another card in the same modem: empty slots, all tries. */
void card_swap(struct card *card, const char *imsi);

/*! Put a message into the lowest free slot. \returns its index from 1, or -ENOSPC. */
int card_add(struct card *card, enum card_stat stat, uint32_t id, const uint8_t *sca,
	     size_t sca_len, const uint8_t *tpdu, size_t tpdu_len);

/*! The slot of an index, or NULL if it is out of range or empty. */
struct card_slot *card_get(struct card *card, unsigned int index);

/*! Empty a slot. \returns 0, -ENOENT if the index is out of range. */
int card_delete(struct card *card, unsigned int index);

unsigned int card_used(const struct card *card);
