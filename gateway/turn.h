/* One turn of a conversation: a text came in, at most one reply goes out.
 *
 *   inbox ---> command_handle(turn) ---> who is it, what does it say, what was asked
 *                                            |
 *                   handler in service/ -----+---> turn_fire(): the database decides
 *                                            |
 *   outbox <--- reply <--- turn_say() and the notices of what was fired
 *
 * A handler never says what the database has not decided: what was ordered,
 * changed or cancelled is said by the notices that the events carry. Errors of
 * the database stick: after the first one every function here does nothing, and
 * the caller of command_handle() rolls back.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/gateway.h"
#include "gateway/store/store.h"
#include "messages/catalogue.h"
#include "parsers/reading.h"

struct facts;
struct question;

/* Roles as a set: domain of fsm_role. */
enum turn_role {
	TURN_RES = 1 << 0,
	TURN_AID = 1 << 1,
	TURN_PRO = 1 << 2,
	TURN_PRV = 1 << 3,
	TURN_COO = 1 << 4,
	TURN_MEM = 1 << 5,
	TURN_CHR = 1 << 6,
	TURN_SCR = 1 << 7,
	TURN_ADM = 1 << 8,
};

/* Something to say. */
struct turn_piece {
	const char *template;
	char *text;
	int64_t use_by; /* 0: as its template says */
};
#define TURN_PIECES_MAX  12
/* Notices that go out in the reply. */
#define TURN_NOTICES_MAX 64

/* What an event without a notice tells the one who fired it, in the words of a notice. */
struct turn_told {
	const char *name;
	const char *machine;
	int64_t subject;
	const char *event;
};

struct turn {
	/* filled in by the caller */
	struct gateway *gw;
	void *ctx; /* talloc context of this turn */
	int64_t inbox_id;
	const char *
		number; /* of the sender: E.164 with +, or a short code or name as the network gave it */
	const char *text; /* as it came, UTF-8, not scrubbed */
	int64_t at;       /* now, on the clock of the database */
	bool careful;     /* what it does can be taken back; else it may fail with -EAGAIN */

	/* filled in for the caller: columns of the inbox row */
	int64_t contact_id; /* 0: none */
	int64_t person_id;  /* 0: not known, or nobody knows who of the household */
	const char *intent; /* what it was read as; NULL if it was not read */
	const char *listed; /* why the coordinator is to look at it; NULL: no need */
	bool flooded;       /* one of too many, and left unread */

	/* who writes, and what they may do */
	char contact_state[12];
	int64_t contact_version;
	unsigned int roles; /* of the person */
	const char *role;   /* in which they act: "RES", "AID", ...; "-" if unknown */
	int64_t owner_id;   /* for whom: the person, or whom a helper acts for */
	bool household;     /* several persons share the number */
	bool pending;       /* the person sells, and orders wait for an answer */

	/* what is said and was asked */
	const struct lexicon *names; /* that the text may speak of */
	struct reading *reading;
	struct question *question;       /* that is pending; NULL: none */
	const struct question *answered; /* that this text answers; NULL: none */

	/* private to turn.c, notice.c and command.c */
	int error; /* first error of the database; -EAGAIN: to be handled again, carefully */
	int actions;
	bool marked;                  /* a savepoint is set */
	bool fired;                   /* an event has happened */
	int64_t first_notice;         /* notices from this id on are of this turn */
	struct store_refusal refusal; /* of the last event, if it was refused */
	int64_t fired_version;        /* of its subject, if it was not */
	size_t n_pieces;
	struct turn_piece piece[TURN_PIECES_MAX];
	size_t n_notices;
	int64_t notice[TURN_NOTICES_MAX];
	size_t n_told;
	struct turn_told told[TURN_NOTICES_MAX];
	struct question *asks; /* to be pending from now on */
	bool drops;            /* the pending question is of no more use */
};

/* Values of a template, for turn_say(): VALUES({ "n", "2" }, { "product", "radis" }). */
/* clang-format off */
#define VALUES(...) ((const struct template_value[]){ __VA_ARGS__ __VA_OPT__(,) { NULL, NULL } })
/* clang-format on */

/*! Record an error of store.h; the first one sticks. \returns whether there is one. */
bool turn_failed(struct turn *turn, int rc);

/*! Say a template in the reply. What is said comes first, in this order; then the notices of what was fired. */
void turn_say(struct turn *turn, const char *template, const struct template_value *values);

/*! Say it with facts; with those of turn_say_phone() alone, {phone}. */
void turn_say_facts(struct turn *turn, const char *template, const struct facts *facts);
void turn_say_phone(struct turn *turn, const char *template);

/*! Say it with a time after which it is of no use. */
void turn_say_until(struct turn *turn, const char *template, const struct template_value *values,
		    int64_t use_by);

/*! List the text for the coordinator; the first reason stays. */
void turn_list(struct turn *turn, const char *reason);

/*! Fire an event as the person, in the role of the turn; idem is inbox/ID/N.
 *
 * \param[in] payload  JSON object; NULL is {}.
 * \param[out] subject  id of what was born; may be NULL.
 * \returns true: done. false: refused (turn->refusal says why) or failed. */
bool turn_fire(struct turn *turn, const char *machine, int64_t subject, int64_t version,
	       const char *event, const char *payload, int64_t *subject_out);

/*! The same as SYS, without a version. */
bool turn_fire_sys(struct turn *turn, const char *machine, int64_t subject, const char *event,
		   const char *payload, int64_t *subject_out);

/*! Tell the one who writes what came of an event that carries no notice to him or her, as a notice would: it is read
 * back from the database. All strings are constants. */
void turn_tell(struct turn *turn, const char *name, const char *machine, int64_t subject,
	       const char *event);

/*! Take back all that was fired and said in this turn: the next thing said is why. */
void turn_undo(struct turn *turn);

/*! Say why the last event was refused: refused.E_GUARD.NAME or refused.CODE of the catalogue. */
void turn_say_refusal(struct turn *turn);

/*! Ask: the question is pending once the reply is queued. It replaces what was pending. */
void turn_ask(struct turn *turn, struct question *q);
