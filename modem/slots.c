/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "modem/slots.h"

#include <string.h>

void slots_push(struct slots *s, uint32_t slot)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->slot[i] == slot)
			return;
	if (s->n < GAMMU_SLOTS_MAX)
		s->slot[s->n++] = slot;
}

uint32_t slots_pop(struct slots *s)
{
	uint32_t slot = s->slot[0];

	s->n--;
	memmove(s->slot, s->slot + 1, s->n * sizeof(s->slot[0]));
	return slot;
}

/* \returns k->n if it is not there */
static size_t find(const struct known *k, uint32_t slot)
{
	size_t i = 0;

	while (i < k->n && k->of[i].slot != slot)
		i++;
	return i;
}

int64_t known_at(const struct known *k, uint32_t slot)
{
	size_t i = find(k, slot);

	return i < k->n ? k->of[i].at : -1;
}

void known_add(struct known *k, uint32_t slot, int64_t now)
{
	size_t i = find(k, slot);

	if (i == GAMMU_SLOTS_MAX)
		return;
	if (i == k->n)
		k->n++;
	k->of[i].slot = slot;
	k->of[i].at = now;
}

void known_remove(struct known *k, uint32_t slot)
{
	size_t i = find(k, slot);

	if (i < k->n)
		k->of[i] = k->of[--k->n];
}

void known_keep(struct known *k, const uint32_t *slots, size_t n)
{
	for (size_t i = k->n; i-- > 0;) {
		size_t at = 0;

		while (at < n && slots[at] != k->of[i].slot)
			at++;
		if (at == n && k->of[i].slot)
			k->of[i] = k->of[--k->n];
	}
}

bool known_older(const struct known *k, int64_t than)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->of[i].at <= than)
			return true;
	return false;
}
