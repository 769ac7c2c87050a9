/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/bench/history.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#define HOUR         3600
#define WEEK         (7 * 24 * HOUR)
#define ORDERS       1500 /* of a cycle */
#define OFFERS       12
#define ORDER_EVENTS 14 /* about: what an order, its two lines and its payment go through */

struct history {
	sqlite3 *db;
	sqlite3_stmt *fire, *id;
	int64_t coordinator, producer, first_resident;
	int residents;
	int64_t idem;
	bool failed;
	/* of the cycle that is written */
	int64_t cycle, opens_at, offer[OFFERS];
};

struct event {
	const char *machine, *event, *role;
	int64_t subject, version, actor; /* 0: none */
	int64_t at;
	const char *payload;
};

/* Residents whose numbers consent. */
static const char people[] =
	"PRAGMA recursive_triggers = ON;"
	"CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
	" WHERE i < %d) SELECT i, %d + i AS person, NULL AS contact FROM n;"
	"INSERT INTO person(id, name) SELECT person, 'Resident ' || i FROM n;"
	"INSERT INTO person_role(person_id, role) SELECT person, 'RES' FROM n;"
	"INSERT INTO fire(machine, event, version, role, channel, idem) SELECT 'contact', 'discover',"
	" 0, 'SYS', 'bench', 'd' || i FROM n;"
	"UPDATE n SET contact = (SELECT subject_id FROM event_log WHERE idem = 'd' || i);"
	"INSERT INTO contact_number(contact_id, number) SELECT contact,"
	" '+33639990' || substr('00' || i, -3) FROM n;"
	"INSERT INTO contact_person(contact_id, person_id) SELECT contact, person FROM n;"
	"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem, payload)"
	" SELECT 'contact', contact, 'register', 1, (SELECT person_id FROM person_role WHERE role ="
	" 'COO'), 'COO', 'bench', 'r' || i, '{\"identity_seen\":1}' FROM n;"
	"INSERT INTO fire(machine, subject_id, event, version, actor, role, channel, idem, payload)"
	" SELECT 'contact', contact, 'consent', 2, person, 'RES', 'bench', 'c' || i,"
	" '{\"proof_kept\":1}' FROM n;";

int history_people(sqlite3 *db, int64_t first, int residents)
{
	char sql[4000], *error = NULL;
	int rc;

	snprintf(sql, sizeof(sql), people, residents - 1, (int)first);
	rc = sqlite3_exec(db, sql, NULL, NULL, &error);
	if (rc != SQLITE_OK)
		fprintf(stderr, "history: %s\n", error ?: sqlite3_errmsg(db));
	sqlite3_free(error);
	return rc == SQLITE_OK ? 0 : -1;
}

/* \returns the id of its subject; 0 once something has failed */
static int64_t fire(struct history *h, struct event e)
{
	char idem[32];
	int64_t id = 0;

	snprintf(idem, sizeof(idem), "history/%" PRId64, h->idem++);
	sqlite3_bind_text(h->fire, 1, e.machine, -1, SQLITE_STATIC);
	if (e.subject)
		sqlite3_bind_int64(h->fire, 2, e.subject);
	if (e.version)
		sqlite3_bind_int64(h->fire, 3, e.version);
	sqlite3_bind_text(h->fire, 4, e.event, -1, SQLITE_STATIC);
	if (e.actor)
		sqlite3_bind_int64(h->fire, 5, e.actor);
	sqlite3_bind_text(h->fire, 6, e.role, -1, SQLITE_STATIC);
	sqlite3_bind_text(h->fire, 7, idem, -1, SQLITE_STATIC);
	sqlite3_bind_int64(h->fire, 8, e.at);
	sqlite3_bind_text(h->fire, 9, e.payload ?: "{}", -1, SQLITE_STATIC);
	if (!h->failed && sqlite3_step(h->fire) != SQLITE_DONE) {
		fprintf(stderr, "history: %s.%s: %s\n", e.machine, e.event, sqlite3_errmsg(h->db));
		h->failed = true;
	}
	sqlite3_reset(h->fire);
	sqlite3_clear_bindings(h->fire);
	sqlite3_bind_text(h->id, 1, idem, -1, SQLITE_STATIC);
	if (!h->failed && sqlite3_step(h->id) == SQLITE_ROW)
		id = sqlite3_column_int64(h->id, 0);
	sqlite3_reset(h->id);
	return id;
}

static void run(struct history *h, const char *sql)
{
	if (!h->failed && sqlite3_exec(h->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "history: %s\n", sqlite3_errmsg(h->db));
		h->failed = true;
	}
}

static int64_t number(struct history *h, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(h->db, sql, -1, &s, NULL) == SQLITE_OK
	    && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

/* It opens a week before, closes after two days, and is fetched on the fourth. */
static void begin_cycle(struct history *h)
{
	static const char *const steps[] = { "announce", "open" };
	char payload[400];
	int64_t t = h->opens_at;

	snprintf(payload, sizeof(payload),
		 "{\"place\":1,\"opens_at\":%" PRId64 ",\"closes_at\":%" PRId64
		 ",\"avail_by\":%" PRId64 ",\"confirm_by\":%" PRId64 ",\"pickup_from\":%" PRId64
		 ",\"pickup_to\":%" PRId64 "}",
		 t, t + 48 * HOUR, t, t + 60 * HOUR, t + 80 * HOUR, t + 82 * HOUR);
	h->cycle = fire(h, (struct event){ "cycle", "create", "COO", .actor = h->coordinator,
					   .at = t - HOUR, .payload = payload });
	for (int i = 0; i < OFFERS; i++) {
		static const char *const product[OFFERS] = { "carotte", "poireau",   "oignon",
							     "tomate",  "endive",    "navet",
							     "pomme",   "poire",     "jus",
							     "farine",  "betterave", "tomme" };

		snprintf(payload, sizeof(payload),
			 "{\"cycle\":%" PRId64 ",\"producer\":%" PRId64
			 ",\"product\":\"%s\",\"unit\":\"%s\",\"qty\":100000000,\"price\":180}",
			 h->cycle, h->producer, product[i], i == 8 ? "l" : "kg");
		h->offer[i] = fire(h,
				   (struct event){ "offer", "declare", "PRO", .actor = h->producer,
						   .at = t - HOUR, .payload = payload });
	}
	for (int i = 0; i < 2; i++)
		fire(h, (struct event){ "cycle", steps[i], "COO", .subject = h->cycle,
					.version = i + 1, .actor = h->coordinator,
					.at = i ? t : t - HOUR });
}

static int64_t place_order(struct history *h, int n, int64_t line[2])
{
	int64_t owner = h->first_resident + n % h->residents, at = h->opens_at + HOUR + n, order;
	char payload[200];

	snprintf(payload, sizeof(payload), "{\"cycle\":%" PRId64 ",\"owner\":%" PRId64 "}",
		 h->cycle, owner);
	order = fire(h, (struct event){ "order", "start", "RES", .actor = owner, .at = at,
					.payload = payload });
	for (int i = 0; i < 2; i++) {
		snprintf(payload, sizeof(payload),
			 "{\"order\":%" PRId64 ",\"offer\":%" PRId64 ",\"qty\":2000}", order,
			 h->offer[(n + i) % OFFERS]);
		line[i] = fire(h, (struct event){ "line", "add", "RES", .actor = owner, .at = at,
						  .payload = payload });
	}
	fire(h, (struct event){ "order", "edit", "RES", order, 1, owner, at, NULL });
	fire(h, (struct event){ "order", "confirm", "RES", order, 2, owner, at,
				"{\"code\":\"1234\"}" });
	return order;
}

static void write_cycle(struct history *h)
{
	static int64_t order[ORDERS], line[ORDERS][2];
	int64_t t = h->opens_at;

	run(h, "BEGIN");
	begin_cycle(h);
	for (int n = 0; n < ORDERS; n++)
		order[n] = place_order(h, n, line[n]);
	run(h, "COMMIT; BEGIN");
	fire(h, (struct event){ "cycle", "close", "SYS", h->cycle, .at = t + 48 * HOUR });
	for (int n = 0; n < ORDERS; n++)
		for (int i = 0; i < 2; i++)
			fire(h, (struct event){ "line", "confirm", "PRO", line[n][i], 1,
						h->producer, t + 50 * HOUR, NULL });
	fire(h, (struct event){ "cycle", "start_pickup", "SYS", h->cycle, .at = t + 80 * HOUR });
	for (int n = 0; n < ORDERS; n++)
		fire(h, (struct event){ "order", "collect", "COO", order[n], 6, h->coordinator,
					t + 81 * HOUR, NULL });
	fire(h, (struct event){ "cycle", "settle", "SYS", h->cycle, .at = t + 84 * HOUR });
	/* what was to be told has been told, and has reached its age */
	run(h, "DELETE FROM notice; COMMIT");
}

int64_t history_write(sqlite3 *db, int64_t events, int64_t first_resident, int residents)
{
	struct history h = { .db = db, .first_resident = first_resident, .residents = residents };
	int64_t cycles = events / (ORDERS * ORDER_EVENTS) + 1;
	int64_t now = number(&h, "SELECT now FROM clock"), n = 0;

	h.coordinator = number(&h, "SELECT person_id FROM person_role WHERE role = 'COO'");
	h.producer = number(&h, "SELECT min(person_id) FROM person_role WHERE role = 'PRO'");
	if (sqlite3_prepare_v2(
		    db,
		    "INSERT INTO fire(machine, subject_id, version, event, actor, role,"
		    " channel, idem, at, payload) VALUES (?, ?, ?, ?, ?, ?, 'bench', ?, ?, ?)",
		    -1, &h.fire, NULL)
	    || sqlite3_prepare_v2(db, "SELECT subject_id FROM event_log WHERE idem = ?", -1, &h.id,
				  NULL))
		h.failed = true;
	for (int64_t i = 0; n < events && !h.failed; i++) {
		h.opens_at = now - (cycles - i) * WEEK;
		write_cycle(&h);
		n = number(&h, "SELECT count(*) FROM event_log");
		fprintf(stderr, "\r%" PRId64 " past events  ", n);
	}
	fprintf(stderr, "\n");
	sqlite3_finalize(h.fire);
	sqlite3_finalize(h.id);
	return h.failed ? -1 : n;
}
