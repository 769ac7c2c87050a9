/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/who.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/turn.h"

static const struct {
	const char *name;
	unsigned int role;
} roles[] = {
	{ "RES", TURN_RES }, { "AID", TURN_AID }, { "PRO", TURN_PRO },
	{ "PRV", TURN_PRV }, { "COO", TURN_COO }, { "MEM", TURN_MEM },
	{ "CHR", TURN_CHR }, { "SCR", TURN_SCR }, { "ADM", TURN_ADM },
};

unsigned int who_role(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	return 0;
}

/* Of several roles the one in which a text is read first: who sells is asked about sales, unless the person also buys
 * and nothing waits for the word of those who sell. */
static const char *acting(unsigned int set, bool sells)
{
	if ((set & TURN_PRO) && (sells || !(set & TURN_RES)))
		return "PRO";
	if (set & TURN_COO)
		return "COO";
	if (set & TURN_RES)
		return "RES";
	if (set & TURN_PRV)
		return "PRV";
	if (set & TURN_AID)
		return "AID";
	return set & (TURN_MEM | TURN_CHR | TURN_SCR | TURN_ADM) ? "MEM" : "-";
}

static unsigned int load_roles(struct turn *turn, int64_t person_id)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_WHO_ROLES,
					      STORE_ARGS(STORE_INT(person_id)));
	unsigned int set = 0;
	int rc = rows ? 1 : store_errno(turn->gw->store);

	while (rows && (rc = store_next(rows)) == 1)
		set |= who_role(store_text(rows, 0));
	store_done(rows);
	turn_failed(turn, rc);
	return set;
}

/* An integer of one row, or 0. */
static int64_t get(struct turn *turn, enum store_stmt stmt, const struct store_arg *args)
{
	int64_t value = 0;
	int rc = store_get_int(turn->gw->store, &value, stmt, args);

	if (rc && rc != -ENOENT)
		turn_failed(turn, rc);
	return value;
}

/* Whom a helper acts for: the only one who gave a mandate; 0 if there is none or there are several. */
static int64_t find_owner(struct turn *turn)
{
	struct store_rows *rows = store_query(
		turn->gw->store, STORE_STMT_WHO_OWNERS,
		STORE_ARGS(STORE_INT(turn->person_id), STORE_INT(turn->at), STORE_TEXT("%order%")));
	int64_t owner = 0;
	int n = 0, rc = rows ? 1 : store_errno(turn->gw->store);

	while (rows && (rc = store_next(rows)) == 1) {
		owner = store_int(rows, 0);
		n++;
	}
	store_done(rows);
	turn_failed(turn, rc);
	return n == 1 ? owner : 0;
}

static void act_as(struct turn *turn, const char *role)
{
	turn->role = role;
	turn->owner_id = strcmp(role, "AID") == 0 ? find_owner(turn) : turn->person_id;
}

void who_is(struct turn *turn, int64_t person_id)
{
	bool sells;

	turn->person_id = person_id;
	turn->roles = load_roles(turn, person_id);
	sells = (turn->roles & TURN_PRO) != 0;
	turn->pending = sells
			&& get(turn, STORE_STMT_WHO_PENDING, STORE_ARGS(STORE_INT(person_id))) > 0;
	if (sells && !turn->pending && (turn->roles & TURN_RES))
		sells = get(turn, STORE_STMT_WHO_SALE, NULL) > 0;
	act_as(turn, acting(turn->roles, sells));
}

bool who_acts(struct turn *turn, unsigned int set)
{
	if (!set || (who_role(turn->role) & set))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (roles[i].role & set & turn->roles) {
			act_as(turn, roles[i].name);
			return true;
		}
	return false;
}

size_t who_persons(struct turn *turn, struct who_person out[WHO_PERSONS_MAX])
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_WHO_PERSONS,
					      STORE_ARGS(STORE_INT(turn->contact_id)));
	size_t n = 0;
	int rc = rows ? 1 : store_errno(turn->gw->store);

	while (rows && n < WHO_PERSONS_MAX && (rc = store_next(rows)) == 1)
		out[n++] = (struct who_person){ store_int(rows, 0),
						talloc_strdup(turn->ctx, store_text(rows, 1)) };
	store_done(rows);
	return turn_failed(turn, rc) ? 0 : n;
}

static void find_contact(struct turn *turn)
{
	struct store_rows *rows = store_query(turn->gw->store, STORE_STMT_WHO_CONTACT,
					      STORE_ARGS(STORE_TEXT(turn->number)));
	int rc = rows ? store_next(rows) : store_errno(turn->gw->store);

	if (rc == 1) {
		turn->contact_id = store_int(rows, 0);
		OSMO_STRLCPY_ARRAY(turn->contact_state, store_text(rows, 1));
		turn->contact_version = store_int(rows, 2);
	}
	store_done(rows);
	turn_failed(turn, rc);
}

void who_find(struct turn *turn)
{
	struct who_person person[WHO_PERSONS_MAX];
	int64_t last;
	size_t n;

	turn->role = "-";
	find_contact(turn);
	if (turn->error || !turn->contact_id)
		return;
	n = who_persons(turn, person);
	if (n == 1)
		who_is(turn, person[0].id);
	if (n < 2)
		return;
	turn->household = true;
	last = get(turn, STORE_STMT_WHO_LAST,
		   STORE_ARGS(STORE_TEXT(turn->number), STORE_INT(turn->inbox_id),
			      STORE_INT(turn->at - WHO_CONVERSATION)));
	for (size_t i = 0; i < n; i++)
		if (person[i].id == last)
			who_is(turn, last);
	if (!turn->person_id)
		turn->role = acting(load_roles(turn, person[0].id), false);
}
