/* The SIM: its slots, its PIN, its identity.
 *
 * The file has a line for the card and one for each slot in use; it is written
 * whole and renamed into place.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/sim/card.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

static int read_slot(struct card *card, const char *line)
{
	char sca[2 * TPDU_SCA_MAX + 1], tpdu[2 * TPDU_MAX + 1];
	struct card_slot slot = { .used = true };
	unsigned int index, stat;
	int sca_len, tpdu_len;

	if (sscanf(line, "slot\t%u\t%u\t%" SCNu32 "\t%24s\t%352s", &index, &stat, &slot.id, sca,
		   tpdu)
		    != 5
	    || index < 1 || index > card->capacity || stat > CARD_SENT)
		return -EBADMSG;
	sca_len = tpdu_unhex(slot.sca, sizeof(slot.sca), sca);
	tpdu_len = tpdu_unhex(slot.tpdu, sizeof(slot.tpdu), tpdu);
	if (sca_len < 1 || tpdu_len < 1)
		return -EBADMSG;
	slot.stat = (enum card_stat)stat;
	slot.sca_len = (uint8_t)sca_len;
	slot.tpdu_len = (uint8_t)tpdu_len;
	card->slots[index - 1] = slot;
	return 0;
}

static int read_card(struct card *card, const char *line)
{
	unsigned int mr;

	if (sscanf(line, "card\t%15[0-9]\t%u\t%u\t%u\t%" SCNu32, card->imsi, &card->pin_tries,
		   &card->puk_tries, &mr, &card->last_id)
		    != 5
	    || card->pin_tries > CARD_PIN_TRIES || card->puk_tries > CARD_PUK_TRIES || mr > 255)
		return -EBADMSG;
	card->mr = (uint8_t)mr;
	return 0;
}

static int load(struct card *card)
{
	char line[512];
	FILE *f = fopen(card->state, "r");
	int rc = 0;

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (!rc && fgets(line, sizeof(line), f))
		rc = strncmp(line, "slot", 4) ? read_card(card, line) : read_slot(card, line);
	fclose(f);
	return rc;
}

struct card *card_new(void *ctx, const char *imsi, const char *pin, unsigned int capacity,
		      const char *state)
{
	struct card *card = talloc_zero(ctx, struct card);

	OSMO_ASSERT(card);
	OSMO_STRLCPY_ARRAY(card->imsi, imsi);
	OSMO_STRLCPY_ARRAY(card->pin, pin ?: "");
	card->pin_tries = CARD_PIN_TRIES;
	card->puk_tries = CARD_PUK_TRIES;
	card->capacity = OSMO_MIN(capacity, CARD_CAPACITY_MAX);
	card->open = !pin;
	if (state) {
		card->state = talloc_strdup(card, state);
		OSMO_ASSERT(card->state);
		if (load(card)) {
			talloc_free(card);
			return NULL;
		}
	}
	return card;
}

static void write_card(const struct card *card, FILE *f)
{
	fprintf(f, "card\t%s\t%u\t%u\t%u\t%" PRIu32 "\n", card->imsi, card->pin_tries,
		card->puk_tries, card->mr, card->last_id);
	for (unsigned int i = 0; i < card->capacity; i++) {
		const struct card_slot *s = &card->slots[i];

		if (!s->used)
			continue;
		fprintf(f, "slot\t%u\t%u\t%" PRIu32 "\t%s\t", i + 1, s->stat, s->id,
			osmo_hexdump_nospc(s->sca, s->sca_len));
		fprintf(f, "%s\n", osmo_hexdump_nospc(s->tpdu, s->tpdu_len));
	}
}

void card_save(const struct card *card)
{
	char *tmp;
	FILE *f;

	if (!card->state)
		return;
	tmp = talloc_asprintf(card, "%s.new", card->state);
	OSMO_ASSERT(tmp);
	f = fopen(tmp, "w");
	if (f) {
		write_card(card, f);
		if (fclose(f) == 0 && rename(tmp, card->state) == 0)
			goto out;
	}
	fprintf(stderr, "chappe-sim: cannot write %s: %s\n", card->state, strerror(errno));
out:
	talloc_free(tmp);
}

enum card_lock card_lock(const struct card *card)
{
	if (!card->puk_tries)
		return CARD_BLOCKED;
	if (!card->pin_tries)
		return CARD_PUK_WANTED;
	return card->open ? CARD_OPEN : CARD_PIN_WANTED;
}

int card_try_pin(struct card *card, const char *pin)
{
	if (card_lock(card) != CARD_PIN_WANTED)
		return -EPERM;
	card->open = !strcmp(pin, card->pin);
	if (card->open)
		card->pin_tries = CARD_PIN_TRIES;
	else
		card->pin_tries--;
	card_save(card);
	return card->open ? 0 : -EACCES;
}

int card_try_puk(struct card *card, const char *puk, const char *new_pin)
{
	if (card_lock(card) != CARD_PUK_WANTED)
		return -EPERM;
	card->open = !strcmp(puk, CARD_PUK);
	if (card->open) {
		OSMO_STRLCPY_ARRAY(card->pin, new_pin);
		card->pin_tries = CARD_PIN_TRIES;
		card->puk_tries = CARD_PUK_TRIES;
	} else {
		card->puk_tries--;
	}
	card_save(card);
	return card->open ? 0 : -EACCES;
}

void card_swap(struct card *card, const char *imsi)
{
	OSMO_STRLCPY_ARRAY(card->imsi, imsi);
	memset(card->slots, 0, sizeof(card->slots));
	card->pin_tries = CARD_PIN_TRIES;
	card->puk_tries = CARD_PUK_TRIES;
	card->open = !card->pin[0];
	card_save(card);
}

int card_add(struct card *card, enum card_stat stat, uint32_t id, const uint8_t *sca,
	     size_t sca_len, const uint8_t *tpdu, size_t tpdu_len)
{
	for (unsigned int i = 0; i < card->capacity; i++) {
		struct card_slot *s = &card->slots[i];

		if (s->used)
			continue;
		*s = (struct card_slot){ .used = true, .stat = stat, .id = id };
		s->sca_len = (uint8_t)OSMO_MIN(sca_len, sizeof(s->sca));
		memcpy(s->sca, sca, s->sca_len);
		s->tpdu_len = (uint8_t)OSMO_MIN(tpdu_len, sizeof(s->tpdu));
		memcpy(s->tpdu, tpdu, s->tpdu_len);
		card_save(card);
		return (int)i + 1;
	}
	return -ENOSPC;
}

struct card_slot *card_get(struct card *card, unsigned int index)
{
	if (index < 1 || index > card->capacity || !card->slots[index - 1].used)
		return NULL;
	return &card->slots[index - 1];
}

int card_delete(struct card *card, unsigned int index)
{
	if (index < 1 || index > card->capacity)
		return -ENOENT;
	card->slots[index - 1].used = false;
	card_save(card);
	return 0;
}

unsigned int card_used(const struct card *card)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < card->capacity; i++)
		n += card->slots[i].used;
	return n;
}
