/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/store/statements.h"

#define ADMIN_INBOX_COLUMNS                                                                                 \
	"SELECT i.id, i.received_at, i.number, p.name, i.state, i.intent, i.listed, i.answered_at,"         \
	" (t.request_id - 1) % 999 + 1, i.body FROM inbox AS i LEFT JOIN person AS p ON p.id = i.person_id" \
	" LEFT JOIN request_text AS t ON t.inbox_id = i.id"
#define ADMIN_OUTBOX_COLUMNS                                                                              \
	"SELECT m.id, m.state, m.number, p.name, m.worker, m.template, m.created_at, m.due_at, m.use_by," \
	" m.attempts, m.parts, m.cause, m.body FROM message AS m LEFT JOIN person AS p ON p.id = m.person_id"

#define ADMIN_CYCLE_COLUMNS                                                                   \
	"SELECT c.id, c.state, p.name, c.opens_at, c.closes_at, c.avail_by, c.confirm_by,"    \
	" c.pickup_from, c.pickup_to,"                                                        \
	" (SELECT count(*) FROM offer f WHERE f.cycle_id = c.id AND f.state = 'asked'),"      \
	" (SELECT count(*) FROM offer f WHERE f.cycle_id = c.id AND f.offered_milli > 0),"    \
	" (SELECT count(*) FROM orders o WHERE o.cycle_id = c.id AND o.placed_at IS NOT NULL" \
	" AND o.state NOT IN ('cancelled', 'refused')),"                                      \
	" (SELECT coalesce(sum(o.total_cents), 0) FROM orders o WHERE o.cycle_id = c.id"      \
	" AND o.placed_at IS NOT NULL AND o.state NOT IN ('cancelled', 'refused'))"           \
	" FROM cycle c JOIN place p ON p.id = c.place_id"

/* Columns of rows that several statements read; service/produce.c takes them in this order. */
#define PRODUCT(p) \
	p ".name, " p ".label_one, " p ".label_many, " p ".unit, " p ".category, " p ".piece"
/* Whether somebody may have read the message m: 1 if it was in doubt, or if all its parts went to the modem. */
#define HAS_LEFT                                                                 \
	"CASE WHEN m.doubts > 0 OR m.state NOT IN ('queued', 'sending') THEN 1"  \
	" WHEN m.state = 'sending' AND NOT EXISTS (SELECT 1 FROM message_part h" \
	" WHERE h.message_id = m.id AND h.state = 'queued') THEN 1"              \
	" WHEN m.id IS NULL THEN 1 ELSE 0 END"
/* Whether a text of the request r waits for an answer. */
#define REQUEST_IS_OPEN                                                          \
	"EXISTS (SELECT 1 FROM request_text o JOIN inbox w ON w.id = o.inbox_id" \
	" WHERE o.request_id = r.id AND w.answered_at IS NULL AND w.listed IS NOT NULL)"
#define CYCLE                                                                                                  \
	"SELECT c.id, c.state, c.opens_at, c.closes_at, c.avail_by, c.confirm_by, c.pickup_from, c.pickup_to," \
	" p.name, p.address FROM cycle c JOIN place p ON p.id = c.place_id"
#define OFFER                                                                                                        \
	"SELECT f.id, f.version, f.list_no, f.state, f.price_cents, f.left_milli, f.producer_id, pe.name, " PRODUCT( \
		"p") ", f.offered_milli"                                                                             \
		     " FROM offer f JOIN product p ON p.name = f.product JOIN person pe ON pe.id = f.producer_id"
#define LINE                                                                                                                        \
	"SELECT l.id, l.version, l.state, l.offer_id, l.qty_milli, l.final_milli, l.price_cents, l.amount_cents,"                   \
	" f.producer_id, l.order_id, l.sub_offer_id, l.sub_milli, l.sub_price_cents, l.sub_by, l.credit_cents, " PRODUCT(           \
		"p") ", " PRODUCT("sp") " FROM order_line l JOIN offer f ON f.id = l.offer_id JOIN product p ON p.name = f.product" \
					" LEFT JOIN offer sf ON sf.id = l.sub_offer_id LEFT JOIN product sp ON sp.name = sf.product"

const char *const store_sql[_STORE_STMT_NUM] = {
	/* admin */
	[STORE_STMT_ADMIN_INBOX_COUNT] =
		"SELECT count(*) FROM inbox WHERE listed IS NOT NULL AND answered_at IS NULL",
	[STORE_STMT_ADMIN_INBOX_LISTED] = ADMIN_INBOX_COLUMNS
	" WHERE i.listed IS NOT NULL AND i.answered_at IS NULL ORDER BY i.id LIMIT $1",
	[STORE_STMT_ADMIN_INBOX_ALL] = ADMIN_INBOX_COLUMNS
	" WHERE i.state <> 'part' ORDER BY i.id DESC LIMIT $1",
	[STORE_STMT_ADMIN_INBOX_SHOW] = ADMIN_INBOX_COLUMNS " WHERE i.id = $1",
	[STORE_STMT_ADMIN_INBOX_REPLIES] =
		"SELECT id, created_at, state, body FROM message WHERE inbox_id = $1 ORDER BY id",
	[STORE_STMT_ADMIN_INBOX_DONE] =
		"UPDATE inbox SET answered_at = $2"
		" WHERE id = $1 AND listed IS NOT NULL AND answered_at IS NULL",
	[STORE_STMT_ADMIN_MESSAGE_COUNT] =
		"SELECT count(*) FROM message"
		" WHERE state IN ('queued', 'sending', 'doubt') AND state = $1",
	[STORE_STMT_ADMIN_OUTBOX_OPEN] = ADMIN_OUTBOX_COLUMNS
	" WHERE m.state IN ('queued', 'sending', 'doubt') ORDER BY m.due_at, m.id LIMIT $1",
	[STORE_STMT_ADMIN_OUTBOX_ALL] = ADMIN_OUTBOX_COLUMNS " ORDER BY m.id DESC LIMIT $1",
	[STORE_STMT_ADMIN_OUTBOX_SHOW] = ADMIN_OUTBOX_COLUMNS " WHERE m.id = $1",
	[STORE_STMT_ADMIN_OUTBOX_PARTS] = "SELECT part, state, tp_mr, sent_at, done_at"
					  " FROM message_part WHERE message_id = $1 ORDER BY part",
	[STORE_STMT_ADMIN_CYCLES] = ADMIN_CYCLE_COLUMNS " ORDER BY c.id DESC LIMIT $1",
	[STORE_STMT_ADMIN_CYCLE] = ADMIN_CYCLE_COLUMNS " WHERE c.id = $1",
	[STORE_STMT_ADMIN_CYCLE_LAST] =
		"SELECT id, place_id, opens_at, closes_at, avail_by, confirm_by, pickup_from, pickup_to"
		" FROM cycle WHERE state <> 'cancelled' ORDER BY opens_at DESC, id DESC LIMIT 1",
	[STORE_STMT_ADMIN_CYCLE_SOLD] =
		"SELECT f.producer_id, f.product, f.unit, min(f.list_no) FROM offer f"
		" JOIN person_role r ON r.person_id = f.producer_id AND r.role = 'PRO'"
		" WHERE f.cycle_id = $1 GROUP BY f.producer_id, f.product, f.unit ORDER BY min(f.list_no)",
	[STORE_STMT_ADMIN_PLACES] = "SELECT id, name, address FROM place ORDER BY id",
	[STORE_STMT_ADMIN_PLACE_ADD] = "INSERT INTO place(id, name, address)"
				       " SELECT coalesce(max(id), 0) + 1, $1, $2 FROM place",
	[STORE_STMT_ADMIN_PLACE_CHANGE] = "UPDATE place SET name = $2, address = $3 WHERE id = $1",
	[STORE_STMT_ADMIN_PRODUCTS] =
		"SELECT name, label_one, label_many, unit, category FROM product ORDER BY name",
	[STORE_STMT_ADMIN_PRODUCT_SET] = /* 0 rows changed: it has another unit */
	"INSERT INTO product(name, label_one, label_many, unit, category, piece)"
	" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET"
	" label_one = excluded.label_one, label_many = excluded.label_many,"
	" category = excluded.category WHERE product.unit = excluded.unit",
	[STORE_STMT_ADMIN_SUBJECT] =
		"SELECT state, version FROM subject WHERE id = $1 AND machine = $2",
	[STORE_STMT_ADMIN_EVENTS] = /* of the three parameters each of these takes what it needs */
	"SELECT event FROM fsm_transition"
	" WHERE machine = $1 AND from_state = $2 AND $3 = $3 ORDER BY event",
	[STORE_STMT_ADMIN_ROLES] =
		"SELECT role FROM fsm_role"
		" WHERE machine = $1 AND from_state = $2 AND event = $3 ORDER BY role",
	[STORE_STMT_ADMIN_FIELDS] =
		"SELECT field || CASE required WHEN 1 THEN '' ELSE ' (may be missing)' END FROM fsm_field"
		" WHERE machine = $1 AND $2 = $2 AND event = $3 ORDER BY required DESC, field",
	[STORE_STMT_ADMIN_ACTORS] =
		"SELECT person_id FROM person_role WHERE role = $1 ORDER BY person_id",
	/* budget: a day's rows are its numbers, all of them under the empty one; a month is a row of its first day */
	[STORE_STMT_BUDGET_USED] =
		"SELECT number, parts FROM budget WHERE (day = $1 AND number IN ('', $2))"
		" OR (day = $3 AND number = 'month')",
	[STORE_STMT_BUDGET_COUNT] =
		"INSERT INTO budget(day, number, parts) VALUES ($1, $2, $4), ($1, '', $4), ($3, 'month', $4)"
		" ON CONFLICT (day, number) DO UPDATE SET parts = budget.parts + excluded.parts",
	[STORE_STMT_BUDGET_ADD] =
		"INSERT INTO budget(day, number, parts) VALUES ($1, $2, $3)"
		" ON CONFLICT (day, number) DO UPDATE SET parts = budget.parts + excluded.parts",
	[STORE_STMT_BUDGET_FULL] = /* 0 rows changed: it was before */
	"INSERT INTO budget(day, number, parts, full_at) VALUES ($1, $2, 0, $3)"
	" ON CONFLICT (day, number) DO UPDATE SET full_at = excluded.full_at WHERE budget.full_at IS NULL",
	[STORE_STMT_BUDGET_FULL_NUMBERS] =
		"SELECT count(*) FROM budget WHERE day = $1 AND full_at IS NOT NULL AND number LIKE '+%'",
	[STORE_STMT_BUDGET_TELL] =
		"INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)"
		" SELECT 0, CAST($1 AS TEXT), 'budget', CAST($2 AS BIGINT), 'COO', person_id, CAST($3 AS BIGINT), '{}'"
		" FROM person_role WHERE role = 'COO'",
	[STORE_STMT_BUDGET_LOOK] =
		"SELECT parts, full_at FROM budget WHERE day = $1 AND number = $2",
	/* complaint */
	[STORE_STMT_COMPLAINT_LINES] = LINE
	" JOIN orders o ON o.id = l.order_id WHERE o.owner_id = $1 AND l.state = 'delivered'"
	" ORDER BY l.delivered_at DESC, l.order_id DESC, l.id LIMIT $2",
	/* bundle: $1 of a key is the subject, of what is still to come the key */
	[STORE_STMT_BUNDLE_SALE] = "SELECT cycle_id FROM offer WHERE id = $1",
	[STORE_STMT_BUNDLE_PRODUCER] = "SELECT producer_id FROM offer WHERE id = $1",
	[STORE_STMT_BUNDLE_LINE_PRODUCER] =
		"SELECT f.producer_id FROM order_line l JOIN offer f ON f.id = l.offer_id WHERE l.id = $1",
	[STORE_STMT_BUNDLE_ORDER] = "SELECT order_id FROM order_line WHERE id = $1",
	[STORE_STMT_BUNDLE_ASKED] =
		"SELECT CASE WHEN EXISTS (SELECT 1 FROM cycle c JOIN offer f ON f.cycle_id = c.id"
		" WHERE c.id = $1 AND f.state = 'asked' AND c.avail_by <= $2) THEN 1 ELSE 0 END",
	[STORE_STMT_BUNDLE_REQUESTED] = /* from the orders that wait: they are few */
	"SELECT CASE WHEN EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id"
	" JOIN order_line l ON l.order_id = o.id JOIN offer f ON f.id = l.offer_id"
	" WHERE o.state = 'locked' AND c.confirm_by <= $2 AND l.state = 'requested' AND f.producer_id = $1)"
	" THEN 1 ELSE 0 END",
	/* clock */
	[STORE_STMT_CLOCK_MOVE] = "UPDATE clock_offset SET \"offset\" = \"offset\" + $1",
	[STORE_STMT_CLOCK_STARTED] = /* 0 rows changed: it had been */
	"INSERT INTO meta(key, value) VALUES ('clock', $1) ON CONFLICT (key) DO NOTHING",
	/* deadline */
	[STORE_STMT_DEADLINE_DUE] =
		"SELECT machine, subject_id, version, event, due_at FROM deadline"
		" WHERE due_at <= $1 ORDER BY due_at, rank, subject_id LIMIT $2",
	[STORE_STMT_DEADLINE_NEXT] = "SELECT min(due_at) FROM deadline WHERE due_at > $1",
	/* demo */
	[STORE_STMT_DEMO_PERSON] = "INSERT INTO person(id, member_no, name, language, handle)"
				   " VALUES ($1, $2, $3, $4, $5)",
	[STORE_STMT_DEMO_ROLE] = "INSERT INTO person_role(person_id, role) VALUES ($1, $2)",
	[STORE_STMT_DEMO_MANDATE] =
		"INSERT INTO mandate(id, owner_id, helper_id, scope, valid_from, valid_until)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
	[STORE_STMT_DEMO_PLACE] = "INSERT INTO place(id, name, address) VALUES ($1, $2, $3)",
	[STORE_STMT_DEMO_PRODUCT] =
		"INSERT INTO product(name, label_one, label_many, unit, category, piece)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
	[STORE_STMT_DEMO_CONTACT] = "SELECT contact_id FROM contact_number WHERE number = $1",
	[STORE_STMT_DEMO_NUMBER] = "INSERT INTO contact_number(contact_id, number) VALUES ($1, $2)",
	[STORE_STMT_DEMO_CONTACT_PERSON] =
		"INSERT INTO contact_person(contact_id, person_id) VALUES ($1, $2)",
	[STORE_STMT_DEMO_TOLD] = "UPDATE notice SET state = 'done' WHERE state = 'new'",
	/* facts */
	[STORE_STMT_FACTS_PHONE] = /* coalesce(): from the role, not through all who are active */
	"SELECT n.number FROM person_role r JOIN contact_person cp ON cp.person_id = r.person_id"
	" JOIN contact c ON c.id = cp.contact_id JOIN contact_number n ON n.contact_id = c.id"
	" WHERE r.role = 'COO' AND coalesce(c.state, '') = 'active' ORDER BY r.person_id LIMIT 1",
	[STORE_STMT_FACTS_NAME] = "SELECT name FROM person WHERE id = $1",
	[STORE_STMT_FACTS_NUMBER] =
		"SELECT n.number FROM contact_person cp JOIN contact c ON c.id = cp.contact_id"
		" JOIN contact_number n ON n.contact_id = c.id WHERE cp.person_id = $1"
		" ORDER BY CASE WHEN c.state = 'active' THEN 0 ELSE 1 END, c.id LIMIT 1",
	[STORE_STMT_FACTS_UNCLAIMED] =
		"SELECT o.ref, coalesce(p.name, ''), o.state, CASE WHEN pa.state IN ('due', 'part_paid', 'deferred')"
		" AND pa.amount_cents > pa.paid_cents THEN pa.amount_cents - pa.paid_cents ELSE 0 END,"
		" coalesce((SELECT n.number FROM contact_person cp JOIN contact_number n ON n.contact_id = cp.contact_id"
		" JOIN contact c ON c.id = cp.contact_id WHERE cp.person_id = o.owner_id"
		" ORDER BY CASE WHEN c.state = 'active' THEN 0 ELSE 1 END, c.id LIMIT 1), '')"
		" FROM orders o LEFT JOIN person p ON p.id = o.owner_id LEFT JOIN payment pa ON pa.order_id = o.id"
		" WHERE o.cycle_id = $1 AND (o.state IN ('ready', 'no_show') OR (o.state = 'collected'"
		" AND pa.state IN ('due', 'part_paid') AND pa.amount_cents > pa.paid_cents))"
		" ORDER BY CASE WHEN o.state = 'collected' THEN 1 ELSE 0 END, o.no",
	[STORE_STMT_FACTS_KEPT_UNTIL] =
		"SELECT due_at FROM deadline WHERE machine = 'order' AND subject_id = $1 AND event = 'write_off'",
	[STORE_STMT_FACTS_OFFER] =
		"SELECT f.id, p.label_many, f.unit, f.price_cents, f.offered_milli, f.left_milli, f.cycle_id, f.producer_id"
		" FROM offer f JOIN product p ON p.name = f.product WHERE f.id = $1",
	[STORE_STMT_FACTS_PAYMENT] =
		"SELECT order_id, amount_cents, paid_cents FROM payment WHERE id = $1",
	[STORE_STMT_FACTS_WITHDRAWN] = /* when the cut-off closed it */
	"SELECT count(*) FROM event_log WHERE subject_id = $1 AND event = 'close' AND from_state = 'withdrawn'",
	[STORE_STMT_FACTS_HOLDERS] =
		"SELECT o.ref FROM order_line l JOIN orders o ON o.id = l.order_id"
		" WHERE l.offer_id = $1 AND l.held_milli > 0 ORDER BY o.no",
	[STORE_STMT_FACTS_MESSAGE] =
		"SELECT m.number, coalesce(p.name, '') FROM message m LEFT JOIN person p ON p.id = m.person_id"
		" WHERE m.id = $1",
	[STORE_STMT_FACTS_CONTACT_NUMBER] =
		"SELECT number FROM contact_number WHERE contact_id = $1",
	[STORE_STMT_FACTS_CONTACT_NAME] =
		"SELECT p.name FROM contact_person cp JOIN person p ON p.id = cp.person_id"
		" WHERE cp.contact_id = $1 ORDER BY p.id LIMIT 1",
	[STORE_STMT_FACTS_FULL_NUMBER] =
		"SELECT number FROM budget WHERE day = $1 AND full_at IS NOT NULL AND number LIKE '+%'"
		" ORDER BY full_at, number LIMIT 1",
	/* flood */
	[STORE_STMT_FLOOD_KNOWN] =
		"SELECT count(*) FROM contact_number n JOIN contact c ON c.id = n.contact_id"
		" WHERE n.number = $1 AND c.state NOT IN ('unknown', 'erased')",
	/* fragments: rows of the same text as row $1 */
	[STORE_STMT_FRAGMENTS_LOAD] =
		"SELECT p.concat_part, p.concat_total, p.sealed FROM inbox i JOIN inbox p"
		" ON p.number = i.number AND p.concat_ref = i.concat_ref AND p.concat_total = i.concat_total"
		" WHERE i.id = $1 AND p.state = 'part' AND p.whole_id IS NULL"
		" AND p.smsc_at BETWEEN i.smsc_at - 3600 AND i.smsc_at + 3600 ORDER BY p.id",
	[STORE_STMT_FRAGMENTS_GATHER] =
		"UPDATE inbox SET whole_id = $1, sealed = NULL WHERE state = 'part' AND whole_id IS NULL"
		" AND EXISTS (SELECT 1 FROM inbox i WHERE i.id = $1 AND i.number = inbox.number"
		" AND i.concat_ref = inbox.concat_ref AND i.concat_total = inbox.concat_total"
		" AND inbox.smsc_at BETWEEN i.smsc_at - 3600 AND i.smsc_at + 3600)",
	[STORE_STMT_FRAGMENTS_OLD] = /* +id: by the index of the parts that wait, which are few */
	"SELECT id FROM inbox WHERE state = 'part' AND whole_id IS NULL AND received_at <= $1"
	" ORDER BY +id LIMIT 1",
	[STORE_STMT_FRAGMENTS_LIST] =
		"UPDATE inbox SET state = 'aside', whole_id = NULL, body = $2,"
		" listed = $3 WHERE id = $1",
	/* intake */
	[STORE_STMT_INTAKE_INSERT] =
		"INSERT INTO inbox(digest, bearer, worker, number, smsc_at, received_at, concat_ref, concat_total,"
		" concat_part, body, sealed, state, listed)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
	[STORE_STMT_INTAKE_CALL] = /* whether a caller is to be listed */
	"SELECT count(*) FROM contact_number n JOIN contact c ON c.id = n.contact_id"
	" WHERE n.number = $1 AND c.state NOT IN ('unknown', 'erased') AND NOT EXISTS"
	" (SELECT 1 FROM inbox i WHERE i.number = $1 AND i.listed = 'called' AND i.received_at > $2)",
	[STORE_STMT_INTAKE_WHOLE] =
		"UPDATE inbox SET state = 'handled', whole_id = NULL, body = $2 WHERE id = $1",
	[STORE_STMT_INTAKE_TOLD] = /* that this text is too long */
	"SELECT count(*) FROM inbox WHERE number = $1 AND received_at > $2 AND concat_ref = $3"
	" AND concat_total = $4 AND state = 'handled'",
	[STORE_STMT_INTAKE_DONE] =
		"UPDATE inbox SET contact_id = $2, person_id = $3, intent = $4, listed = coalesce(listed, $5)"
		" WHERE id = $1",
	/* loop: texts of a number before this one; what was answered has a message */
	[STORE_STMT_LOOP_UNKNOWN] =
		"SELECT count(*) FROM inbox i WHERE i.number = $1 AND i.received_at > $2 AND i.id < $3"
		" AND i.intent = 'UNKNOWN' AND EXISTS (SELECT 1 FROM message m WHERE m.inbox_id = i.id)",
	[STORE_STMT_LOOP_SAME] =
		"SELECT count(*) FROM inbox i WHERE i.number = $1 AND i.received_at > $2 AND i.id < $3 AND i.body = $4",
	[STORE_STMT_LOOP_TOLD] =
		"SELECT count(*) FROM inbox i WHERE i.number = $1 AND i.received_at > $2 AND i.id < $3"
		" AND i.intent = 'LOOP'",
	/* member */
	[STORE_STMT_MEMBER_TOLD] =
		"SELECT count(*) FROM message WHERE number = $1 AND template = $2 AND created_at >= $3",
	[STORE_STMT_MEMBER_SINCE] = "SELECT updated_at FROM subject WHERE id = $1",
	[STORE_STMT_MEMBER_NUMBER] =
		"INSERT INTO contact_number(contact_id, number) VALUES ($1, $2)",
	/* message */
	[STORE_STMT_MESSAGE_INSERT] =
		"INSERT INTO message(number, contact_id, person_id, inbox_id, template, body, parts, ucs2, created_at,"
		" due_at, use_by, worker, resend, promo, cause)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
	[STORE_STMT_MESSAGE_LOAD] =
		"SELECT state, number, inbox_id, body, parts, due_at, use_by, attempts, worker, resend, cause,"
		" promo, template, doubts"
		" FROM message WHERE id = $1",
	[STORE_STMT_MESSAGE_MOVE] = /* 0 rows changed: someone else moved it first */
	"UPDATE message SET state = $3, version = version + 1, due_at = $4, attempts = $5,"
	" bearer = coalesce($6, bearer), worker = $7, cause = $8,"
	" doubts = doubts + CASE WHEN $3 = 'doubt' THEN 1 ELSE 0 END WHERE id = $1 AND state = $2",
	[STORE_STMT_MESSAGE_PART_INSERT] =
		"INSERT INTO message_part(message_id, part, ref) VALUES ($1, $2, $3)",
	[STORE_STMT_MESSAGE_PART_NEXT] =
		"SELECT part FROM message_part WHERE message_id = $1 AND state = 'queued' ORDER BY part LIMIT 1",
	[STORE_STMT_MESSAGE_PART_MOVE] = /* a report may have come before the result: it is not taken back */
	"UPDATE message_part SET state = CASE WHEN done_at IS NULL THEN $3 ELSE state END,"
	" tp_mr = coalesce($4, tp_mr), sent_at = coalesce($5, sent_at), done_at = coalesce(done_at, $6)"
	" WHERE message_id = $1 AND part = $2",
	[STORE_STMT_MESSAGE_PARTS_MOVE] =
		"UPDATE message_part SET state = $3 WHERE message_id = $1 AND state = $2",
	[STORE_STMT_MESSAGE_PARTS_COUNT] =
		"SELECT count(CASE WHEN state = 'queued' THEN 1 END),"
		" count(CASE WHEN state IN ('sending', 'doubt') THEN 1 END),"
		" count(CASE WHEN state = 'sent' THEN 1 END),"
		" count(CASE WHEN state = 'failed' THEN 1 END)"
		" FROM message_part WHERE message_id = $1",
	[STORE_STMT_MESSAGE_PUT_OFF] =
		"UPDATE message SET due_at = $2, use_by = CASE WHEN use_by < $2 THEN $2 ELSE use_by END"
		" WHERE id = $1",
	[STORE_STMT_MESSAGE_DELAY] =
		"UPDATE message SET due_at = $2 WHERE id = $1 AND state = 'queued'",
	[STORE_STMT_MESSAGE_BOUNCES] = /* since one arrived, or the number wrote */
	"SELECT c.id, (SELECT count(*) FROM message m WHERE m.number = n.number AND m.state = 'failed'"
	" AND m.id > coalesce((SELECT max(d.id) FROM message d WHERE d.number = n.number"
	" AND d.state = 'delivered'), 0) AND m.created_at >= coalesce((SELECT max(i.received_at) FROM inbox i"
	" WHERE i.number = n.number), 0)) FROM contact_number n JOIN contact c ON c.id = n.contact_id"
	" WHERE n.number = $1 AND c.state = 'active'",
	/* meta */
	[STORE_STMT_META_GET] = "SELECT value FROM meta WHERE key = $1",
	[STORE_STMT_META_SET] = "INSERT INTO meta(key, value) VALUES ($1, $2)"
				" ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	[STORE_STMT_META_DROP] = "DELETE FROM meta WHERE key = $1",
	/* names */
	[STORE_STMT_NAMES_STAMP] =
		"SELECT c.id, (SELECT count(*) FROM offer f WHERE f.cycle_id = c.id),"
		" (SELECT count(*) FROM product) FROM cycle c WHERE c.id = (SELECT o.id FROM cycle o"
		" WHERE o.state NOT IN ('draft', 'cancelled')"
		" ORDER BY CASE WHEN o.state = 'open' THEN 0 ELSE 1 END, o.id DESC LIMIT 1)",
	[STORE_STMT_NAMES_PRODUCTS] =
		"SELECT f.product, f.unit, min(f.list_no) FROM offer f WHERE f.cycle_id = (SELECT c.id FROM cycle c"
		" WHERE c.state NOT IN ('draft', 'cancelled') ORDER BY CASE WHEN c.state = 'open' THEN 0 ELSE 1 END, c.id DESC"
		" LIMIT 1) GROUP BY f.product, f.unit ORDER BY min(f.list_no)",
	[STORE_STMT_NAMES_CATALOGUE] = /* of a producer: whatever can be sold */
	"SELECT p.name, p.unit, coalesce((SELECT min(f.list_no) FROM offer f WHERE f.product = p.name"
	" AND f.cycle_id = (SELECT c.id FROM cycle c WHERE c.state NOT IN ('draft', 'cancelled')"
	" ORDER BY CASE WHEN c.state = 'open' THEN 0 ELSE 1 END, c.id DESC LIMIT 1)), 0)"
	" FROM product p ORDER BY p.name",
	/* notice */
	[STORE_STMT_NOTICE_COUNT] = "SELECT count(*) FROM notice WHERE state = 'new'",
	[STORE_STMT_NOTICE_NEXT] = "SELECT coalesce(max(id), 0) + 1 FROM notice",
	[STORE_STMT_NOTICE_NEW] =
		"SELECT n.id, n.name, n.machine, n.subject_id, n.role, n.person_id, n.payload, e.event, e.to_state,"
		" e.actor, e.role, n.at FROM notice n LEFT JOIN event_log e ON e.id = n.event_id"
		" WHERE n.state = 'new' AND n.id >= $1 ORDER BY n.id",
	[STORE_STMT_NOTICE_NOTE] = "SELECT text FROM note WHERE id = $1",
	[STORE_STMT_NOTICE_VERSION] = "SELECT version FROM subject WHERE id = $1 AND state = $2",
	[STORE_STMT_NOTICE_ORDER] = "SELECT order_id FROM order_line WHERE id = $1",
	[STORE_STMT_NOTICE_CYCLE] = /* of an order whose pickup is the cycle's, with whether that goes on */
	"SELECT c.id, CASE WHEN c.state = 'pickup' THEN 1 ELSE 0 END FROM orders o"
	" JOIN cycle c ON c.id = o.cycle_id WHERE o.id = $1 AND o.pickup_from IS NULL",
	[STORE_STMT_NOTICE_PAYMENT_ORDER] = "SELECT order_id FROM payment WHERE id = $1",
	[STORE_STMT_NOTICE_CYCLE_PAYLOAD] =
		"SELECT e.payload FROM event_log e JOIN orders o ON o.cycle_id = e.subject_id"
		" WHERE o.id = $1 AND e.event = 'cancel' ORDER BY e.id DESC LIMIT 1",
	[STORE_STMT_NOTICE_DONE] =
		"UPDATE notice SET state = 'done', message_id = $2 WHERE id = $1",
	[STORE_STMT_NOTICE_RECIPIENT] = /* the number that the person wrote from last */
	"SELECT c.id, n.number, c.promo FROM contact_person cp JOIN contact c ON c.id = cp.contact_id"
	" JOIN contact_number n ON n.contact_id = c.id WHERE cp.person_id = $1 AND c.state = 'active'"
	" ORDER BY coalesce((SELECT max(i.id) FROM inbox i WHERE i.number = n.number), 0) DESC, c.id LIMIT 1",
	[STORE_STMT_NOTICE_CONTACT] =
		"SELECT c.id, n.number, c.promo FROM contact c JOIN contact_number n ON n.contact_id = c.id WHERE c.id = $1",
	/* note */
	[STORE_STMT_NOTE_ADD] = "INSERT INTO note(text, created_at) VALUES ($1, $2)",
	[STORE_STMT_NOTICE_UNWANTED] = "SELECT count(*) FROM contact_scope"
				       " WHERE contact_id = $1 AND scope = $2 AND wanted = 0",
	/* order */
	[STORE_STMT_ORDER_RECAP] =
		"SELECT e.seq, " HAS_LEFT " FROM notice n"
		" JOIN event_log e ON e.id = n.event_id JOIN message m ON m.id = n.message_id"
		" WHERE n.machine = 'order' AND n.subject_id = $1 AND n.name = 'recap' AND m.number = $2"
		" ORDER BY n.id DESC LIMIT 1",
	/* outbox */
	[STORE_STMT_OUTBOX_WAITING] =
		"SELECT count(*), min(due_at) FROM message WHERE state = 'queued' AND due_at <= $1",
	[STORE_STMT_OUTBOX_PUT_BY] =
		"SELECT count(*), min(created_at) FROM message WHERE state = 'queued' AND due_at > $1 AND cause = $2",
	[STORE_STMT_OUTBOX_WORKER] = /* the modem that people know is the one that they wrote to last */
	"SELECT worker FROM inbox WHERE number = $1 ORDER BY received_at DESC LIMIT 1",
	[STORE_STMT_OUTBOX_LIST_INBOX] =
		"UPDATE inbox SET listed = coalesce(listed, $2) WHERE id = $1",
	[STORE_STMT_OUTBOX_REWORD] = /* 0 rows changed: it has been tried */
	"UPDATE message SET template = $2, body = $3, parts = $4, ucs2 = $5"
	" WHERE id = $1 AND state = 'queued' AND attempts = 0",
	[STORE_STMT_OUTBOX_UNPART] = "DELETE FROM message_part WHERE message_id = $1",
	[STORE_STMT_OUTBOX_STOPPED] =
		"SELECT count(*) FROM contact_number n JOIN contact c ON c.id = n.contact_id"
		" WHERE n.number = $1 AND (c.state IN ('stopped', 'erased') OR ($2 = 1 AND c.promo = 0))",
	[STORE_STMT_OUTBOX_SET_BACK] = /* written by a clock that was ahead */
	"UPDATE message SET due_at = due_at - (created_at - $1), use_by = use_by - (created_at - $1),"
	" created_at = $1 WHERE state = 'queued' AND created_at > $1 + $2",
	[STORE_STMT_OUTBOX_SET_BACK_TRIED] =
		"UPDATE message SET due_at = $1 WHERE state = 'queued' AND attempts > 0 AND due_at > $1 + $2",
	[STORE_STMT_OUTBOX_SET_BACK_DOUBT] =
		"UPDATE message SET due_at = $1 + $2 WHERE state = 'doubt' AND due_at > $1 + $2",
	[STORE_STMT_OUTBOX_PICK_REPLY] =
		"SELECT id, due_at FROM message m WHERE state = 'queued' AND inbox_id IS NOT NULL AND worker = $1"
		" AND due_at <= $2 AND ($3 = 1 OR NOT EXISTS (SELECT 1 FROM message_part p"
		" WHERE p.message_id = m.id AND p.state <> 'queued')) ORDER BY due_at, id LIMIT 1",
	[STORE_STMT_OUTBOX_PICK_OTHER] =
		"SELECT id, due_at FROM message m WHERE state = 'queued' AND inbox_id IS NULL AND worker = $1"
		" AND due_at <= $2 AND ($3 = 1 OR NOT EXISTS (SELECT 1 FROM message_part p"
		" WHERE p.message_id = m.id AND p.state <> 'queued')) ORDER BY due_at, id LIMIT 1",
	[STORE_STMT_OUTBOX_USELESS] =
		"SELECT id FROM message WHERE state = 'queued' AND use_by <= $1"
		" ORDER BY use_by LIMIT 32",
	[STORE_STMT_OUTBOX_DOUBTS] = "SELECT id FROM message WHERE state = 'doubt' AND due_at <= $1"
				     " ORDER BY due_at LIMIT 32",
	[STORE_STMT_OUTBOX_SENDING] = "SELECT id FROM message WHERE state = 'sending' ORDER BY id",
	[STORE_STMT_OUTBOX_DUE] = /* whether there are any counts, not how many thousands */
	"SELECT (SELECT count(*) FROM (SELECT 1 FROM message WHERE state = 'queued' AND due_at <= $1"
	" LIMIT 100) q) * $2 + (SELECT count(*) FROM message WHERE state = 'doubt' AND due_at <= $1)"
	" + (SELECT count(*) FROM message WHERE state = 'sending')",
	[STORE_STMT_OUTBOX_NEXT] =
		"SELECT min(at) FROM (SELECT min(due_at) AS at FROM message WHERE state = 'queued' AND due_at > $1"
		" UNION ALL SELECT min(due_at) FROM message WHERE state = 'doubt' AND due_at > $1) t",
	[STORE_STMT_OUTBOX_WAKE] =
		"SELECT min(at) FROM (SELECT min(due_at) AS at FROM message WHERE state = 'queued' AND due_at > $1"
		" UNION ALL SELECT min(use_by) FROM message WHERE state = 'queued'"
		" UNION ALL SELECT min(due_at) FROM message WHERE state = 'doubt') t",
	/* person */
	[STORE_STMT_PERSON_EDIT] =
		"INSERT INTO person_edit(op, person_id, name, member_no, language, handle, confirm_policy, role, helper_id,"
		" scope, valid_from, valid_until, contact_id, number)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
	[STORE_STMT_PERSON_NEW] = "SELECT max(id) FROM person",
	[STORE_STMT_PERSON_EXISTS] = "SELECT id FROM person WHERE id = $1 AND name <> ''",
	[STORE_STMT_PERSON_LIST] = "SELECT id, member_no, name, language, handle FROM person"
				   " WHERE name <> '' AND id > $1 ORDER BY id LIMIT $2",
	[STORE_STMT_PERSON_SHOW] =
		"SELECT id, member_no, name, language, handle, confirm_policy FROM person"
		" WHERE id = $1 AND name <> ''",
	[STORE_STMT_PERSON_ROLES] =
		"SELECT role FROM person_role WHERE person_id = $1 ORDER BY role",
	[STORE_STMT_PERSON_NUMBERS] =
		"SELECT n.number, c.id, c.state, c.promo, c.consent_at, (SELECT max(i.received_at) FROM inbox i"
		" WHERE i.number = n.number) FROM contact_person cp JOIN contact c ON c.id = cp.contact_id"
		" JOIN contact_number n ON n.contact_id = c.id WHERE cp.person_id = $1 ORDER BY c.id",
	[STORE_STMT_PERSON_MANDATES] =
		"SELECT m.owner_id, m.helper_id, o.name, h.name, m.scope, m.valid_from, m.valid_until FROM mandate m"
		" JOIN person o ON o.id = m.owner_id JOIN person h ON h.id = m.helper_id"
		" WHERE m.owner_id = $1 OR m.helper_id = $1 ORDER BY m.id",
	[STORE_STMT_PERSON_HOLDER] =
		"SELECT min(person_id), count(*) FROM person_role WHERE role = $1",
	[STORE_STMT_PERSON_OPEN_ORDER] =
		"SELECT ref FROM orders WHERE owner_id = $1"
		" AND state IN ('draft', 'placed', 'locked', 'confirmed', 'ready', 'no_show') ORDER BY id LIMIT 1",
	[STORE_STMT_PERSON_OPEN_PAYMENT] =
		"SELECT o.ref FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.owner_id = $1"
		" AND p.state IN ('due', 'part_paid', 'deferred') ORDER BY p.id LIMIT 1",
	[STORE_STMT_PERSON_OPEN_CYCLE] = /* of a producer */
	"SELECT f.product FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.producer_id = $1"
	" AND c.state NOT IN ('settled', 'cancelled') AND f.state NOT IN ('unavailable', 'withdrawn')"
	" ORDER BY f.id LIMIT 1",
	[STORE_STMT_PERSON_ONLY_COORDINATOR] =
		"SELECT role FROM person_role WHERE person_id = $1 AND role = 'COO'"
		" AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.role = 'COO' AND r.person_id <> $1)",
	[STORE_STMT_PERSON_CONTACTS] =
		"SELECT c.id, c.state, c.version, coalesce(n.number, '') FROM contact_person cp"
		" JOIN contact c ON c.id = cp.contact_id LEFT JOIN contact_number n ON n.contact_id = c.id"
		" WHERE cp.person_id = $1 ORDER BY c.id",
	[STORE_STMT_PERSON_CONTACT] =
		"SELECT c.id, c.state, c.version FROM contact_number n JOIN contact c ON c.id = n.contact_id"
		" WHERE n.number = $1",
	[STORE_STMT_PERSON_SHARED] =
		"SELECT count(*) FROM contact_person WHERE contact_id = $1 AND person_id <> $2",
	[STORE_STMT_PERSON_NOTES] = /* payloads that may have the id of a note */
	"SELECT e.payload FROM event_log e WHERE e.payload LIKE '%\"note\"%' AND (e.actor = $1"
	" OR e.subject_id IN (SELECT o.id FROM orders o WHERE o.owner_id = $1 UNION ALL SELECT l.id"
	" FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.owner_id = $1))",
	[STORE_STMT_PERSON_WIPE_NOTE] = "UPDATE note SET text = '' WHERE id = $1",
	[STORE_STMT_PERSON_WIPE_INBOX] =
		"UPDATE inbox SET body = '', sealed = NULL, answered_at = coalesce(answered_at, $2)"
		" WHERE person_id = $1",
	[STORE_STMT_PERSON_WIPE_INBOX_NUMBER] =
		"UPDATE inbox SET body = '', sealed = NULL, number = '', answered_at = coalesce(answered_at, $2)"
		" WHERE number = $1",
	[STORE_STMT_PERSON_DROP_MESSAGES] = /* nothing more goes out */
	"DELETE FROM message WHERE state IN ('queued', 'sending', 'doubt') AND (person_id = $1 OR number = $2)",
	[STORE_STMT_PERSON_WIPE_MESSAGES] = "UPDATE message SET body = '' WHERE person_id = $1",
	[STORE_STMT_PERSON_WIPE_MESSAGES_NUMBER] =
		"UPDATE message SET body = '', number = '' WHERE number = $1",
	[STORE_STMT_PERSON_WIPE_REQUEST] = "UPDATE request SET number = '' WHERE number = $1",
	[STORE_STMT_PERSON_WIPE_BUDGET] = "DELETE FROM budget WHERE number = $1",
	[STORE_STMT_PERSON_WIPE_QUESTIONS] = "DELETE FROM question WHERE person_id = $1"
					     " OR contact_id = $2",
	[STORE_STMT_PERSON_WIPE_NOTICES] =
		"UPDATE notice SET state = 'done' WHERE state = 'new' AND person_id = $1",
	[STORE_STMT_PERSON_MASK_MESSAGES] = /* what others were told of the person */
	"UPDATE message SET body = replace(body, $1, '***') WHERE body LIKE '%' || $1 || '%'",
	[STORE_STMT_PERSON_MASK_INBOX] =
		"UPDATE inbox SET body = replace(body, $1, '***') WHERE body LIKE '%' || $1 || '%'",
	[STORE_STMT_PERSON_MASK_NOTES] =
		"UPDATE note SET text = replace(text, $1, '***') WHERE text LIKE '%' || $1 || '%'",
	[STORE_STMT_PERSON_WIPE_MANDATES] =
		"DELETE FROM mandate WHERE owner_id = $1 OR helper_id = $1",
	[STORE_STMT_PERSON_WIPE_ROLES] = "DELETE FROM person_role WHERE person_id = $1",
	[STORE_STMT_PERSON_WIPE_CONTACTS] = "DELETE FROM contact_person WHERE person_id = $1",
	[STORE_STMT_PERSON_WIPE] = /* the row stays: its id is in the log and must never be another's */
	"UPDATE person SET name = '', member_no = NULL, language = 'fr', handle = NULL WHERE id = $1",
	[STORE_STMT_PERSON_QUIET] = /* of what was fired from notice $1 on nobody is told */
	"UPDATE notice SET state = 'done' WHERE state = 'new' AND id >= $1 AND machine = 'contact'",
	/* produce */
	[STORE_STMT_PRODUCE_OPEN_CYCLE] = CYCLE
	" WHERE c.state = 'open' AND c.opens_at <= $1 AND c.closes_at > $1"
	" ORDER BY c.closes_at LIMIT 1",
	[STORE_STMT_PRODUCE_LAST_CYCLE] = CYCLE
	" WHERE c.state NOT IN ('draft', 'cancelled') ORDER BY c.id DESC LIMIT 1",
	[STORE_STMT_PRODUCE_CYCLE] = CYCLE " WHERE c.id = $1",
	[STORE_STMT_PRODUCE_SUPPLY_CYCLE] = CYCLE
	" WHERE c.state IN ('closed', 'confirmed', 'pickup')"
	" AND EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = c.id AND f.producer_id = $1)"
	" ORDER BY CASE WHEN c.state = 'closed' THEN 0 ELSE 1 END, c.id DESC LIMIT 1",
	[STORE_STMT_PRODUCE_OFFERS] = OFFER
	" WHERE f.cycle_id = $1 AND f.state IN ('available', 'sold_out') ORDER BY f.list_no, f.id",
	[STORE_STMT_PRODUCE_OFFERS_OF] = OFFER
	" WHERE f.producer_id = $1 AND f.cycle_id = $2 ORDER BY f.list_no, f.id",
	[STORE_STMT_PRODUCE_ORDER] =
		"SELECT o.id, o.version, o.state, o.ref, o.owner_id, pe.name, o.total_cents, o.changed, o.pickup_code,"
		" o.draft_by, o.cycle_id, o.pickup_from, o.pickup_to, pa.id, pa.version, pa.state, pa.amount_cents,"
		" pa.paid_cents FROM orders o LEFT JOIN person pe ON pe.id = o.owner_id"
		" LEFT JOIN payment pa ON pa.order_id = o.id WHERE o.id = $1",
	[STORE_STMT_PRODUCE_ORDER_BY_REF] = "SELECT id FROM orders WHERE ref = upper($1)",
	[STORE_STMT_PRODUCE_OPEN_ORDER] =
		"SELECT id FROM orders WHERE owner_id = $1 AND cycle_id = $2 AND state IN ('draft', 'placed')"
		" ORDER BY CASE WHEN state = 'draft' THEN 0 ELSE 1 END, id DESC LIMIT 1",
	[STORE_STMT_PRODUCE_ORDERS_OF] =
		"SELECT id FROM orders WHERE owner_id = $1 AND (state <> 'cancelled' OR placed_at IS NOT NULL) ORDER BY"
		" CASE WHEN state IN ('draft', 'placed', 'locked', 'confirmed', 'ready', 'no_show') THEN 0 ELSE 1 END, id DESC"
		" LIMIT $2",
	[STORE_STMT_PRODUCE_ORDER_SEEN] =
		"SELECT coalesce(sum(version), 0) + count(*) FROM order_line WHERE order_id = $1",
	[STORE_STMT_PRODUCE_ORDER_LINES] = LINE
	" WHERE l.order_id = $1 AND l.state <> 'dropped' ORDER BY l.id",
	[STORE_STMT_PRODUCE_LINE] = LINE " WHERE l.id = $1",
	[STORE_STMT_PRODUCE_LINES_OF] = LINE
	" JOIN orders o ON o.id = l.order_id WHERE f.producer_id = $1 AND o.cycle_id = $2"
	" AND o.state IN ('placed', 'locked', 'confirmed', 'ready') AND l.state NOT IN ('dropped', 'refused')"
	" ORDER BY o.placed_at, o.id, l.id",
	[STORE_STMT_PRODUCE_PENDING_LINES] = LINE
	" JOIN orders o ON o.id = l.order_id WHERE f.producer_id = $1 AND o.cycle_id = $2"
	" AND o.state = 'locked' AND l.state = 'requested' ORDER BY o.placed_at, o.id, l.id",
	[STORE_STMT_PRODUCE_REPLACEABLE] = LINE
	" JOIN orders o ON o.id = l.order_id WHERE f.producer_id = $1 AND o.cycle_id = $2"
	" AND o.state IN ('locked', 'confirmed') AND l.state IN ('requested', 'confirmed', 'partial', 'refused')"
	" ORDER BY o.placed_at, o.id, l.id",
	[STORE_STMT_PRODUCE_PRODUCT] = "SELECT " PRODUCT("p") " FROM product p WHERE p.name = $1",
	/* purge: at most $2 rows of before $1; rows are in the order of their ids, so the oldest are the first */
	[STORE_STMT_PURGE_INBOX_TEXTS] =
		"UPDATE inbox SET body = '', sealed = NULL WHERE id IN (SELECT id FROM inbox"
		" WHERE (body <> '' OR sealed IS NOT NULL) AND received_at < $1"
		" ORDER BY received_at LIMIT $2)",
	[STORE_STMT_PURGE_MESSAGE_TEXTS] =
		"UPDATE message SET body = '' WHERE id IN (SELECT id FROM message"
		" WHERE body <> '' AND created_at < $1 ORDER BY created_at LIMIT $2)"
		" AND state NOT IN ('queued', 'sending')",
	[STORE_STMT_PURGE_NOTES] = "DELETE FROM note WHERE id IN (SELECT id FROM note"
				   " ORDER BY id LIMIT $2) AND created_at < $1",
	[STORE_STMT_PURGE_QUESTIONS] = "DELETE FROM question WHERE id IN (SELECT id FROM question"
				       " ORDER BY id LIMIT $2) AND expires_at < $1",
	[STORE_STMT_PURGE_NOTICES] = "DELETE FROM notice WHERE id IN (SELECT id FROM notice"
				     " ORDER BY id LIMIT $2) AND at < $1",
	[STORE_STMT_PURGE_MESSAGES] = "DELETE FROM message WHERE id IN (SELECT id FROM message"
				      " ORDER BY id LIMIT $2) AND created_at < $1",
	[STORE_STMT_PURGE_INBOX] = "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox"
				   " ORDER BY id LIMIT $2) AND received_at < $1",
	[STORE_STMT_PURGE_REQUESTS] = /* their texts went before */
	"DELETE FROM request WHERE id IN (SELECT r.id FROM request r WHERE r.touched_at < $1"
	" AND NOT EXISTS (SELECT 1 FROM request_text t WHERE t.request_id = r.id) ORDER BY r.id LIMIT $2)",
	[STORE_STMT_PURGE_BUDGETS] =
		"DELETE FROM budget WHERE (day, number) IN (SELECT day, number FROM budget"
		" ORDER BY day LIMIT $2) AND day < $1 / 86400",
	[STORE_STMT_PURGE_REMINDED] = /* one that was of use comes up again at most as one that is too late */
	"DELETE FROM reminded WHERE (subject_id, name, person_id, due_at) IN (SELECT subject_id, name, person_id,"
	" due_at FROM reminded ORDER BY subject_id LIMIT $2) AND at < $1",
	/* question */
	[STORE_STMT_QUESTION_LOAD] =
		"SELECT q.kind, q.machine, q.subject_id, q.version, q.options, q.asked_at,"
		" " HAS_LEFT " FROM question q LEFT JOIN message m ON m.id = q.message_id"
		" WHERE q.contact_id = $1 AND q.person_id = $2 AND q.expires_at > $3",
	[STORE_STMT_QUESTION_INSERT] =
		"INSERT INTO question(contact_id, person_id, kind, machine, subject_id, version, options, asked_at,"
		" expires_at, message_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[STORE_STMT_QUESTION_DROP] =
		"DELETE FROM question WHERE contact_id = $1 AND person_id = $2",
	/* reminder */
	[STORE_STMT_REMINDER_DUE] =
		"SELECT name, machine, subject_id, role, person_id, due_at, until FROM reminder WHERE due_at <= $1"
		" OR (due_at >= $2 AND due_at < $3 AND until <= $3) ORDER BY due_at, subject_id, person_id LIMIT $4",
	[STORE_STMT_REMINDER_NEXT] = "SELECT min(due_at) FROM reminder WHERE due_at > $1",
	[STORE_STMT_REMINDER_DONE] = /* 0 rows changed: it was done before */
	"INSERT INTO reminded(name, subject_id, person_id, due_at, at, told) VALUES ($1, $2, $3, $4, $5, $6)"
	" ON CONFLICT DO NOTHING",
	[STORE_STMT_REMINDER_NOTICE] =
		"INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)"
		" VALUES (0, $1, $2, $3, $4, $5, $6, $7)",
	/* repeat */
	[STORE_STMT_REPEAT_LAST] =
		"SELECT id, body FROM inbox WHERE number = $1 AND received_at >= $3 AND id < $2 AND state = 'handled'"
		" ORDER BY received_at DESC, id DESC LIMIT 1",
	[STORE_STMT_REPEAT_REPLY] = /* the last thing that this number was told */
	"SELECT m.template, m.body, m.use_by FROM message m WHERE m.inbox_id = $2"
	" AND m.id = (SELECT x.id FROM message x WHERE x.number = $1 ORDER BY x.created_at DESC, x.id DESC LIMIT 1)",
	/* report: of two parts with the same reference the later one is meant, it wraps at 256 */
	[STORE_STMT_REPORT_BY_MR] = /* a reference comes again: the part that left when the network says, or the newest */
	"SELECT p.message_id, p.part, p.state FROM message m JOIN message_part p ON p.message_id = m.id"
	" WHERE m.number = $1 AND m.state IN ('sending', 'sent', 'doubt') AND m.worker = $2"
	" AND p.tp_mr = $3 AND p.done_at IS NULL"
	" ORDER BY CASE WHEN abs(p.sent_at - $4) <= 3600 THEN abs(p.sent_at - $4) ELSE 3601 END,"
	" p.message_id DESC, p.part DESC LIMIT 1",
	[STORE_STMT_REPORT_KNOWN] =
		"SELECT count(*) FROM message m JOIN message_part p ON p.message_id = m.id"
		" WHERE m.number = $1 AND m.created_at > $4 AND m.worker = $2 AND p.tp_mr = $3",
	[STORE_STMT_REPORT_BY_NUMBER] = /* no result came, or one without its reference */
	"SELECT p.message_id, p.part, p.state FROM message m JOIN message_part p ON p.message_id = m.id"
	" WHERE m.number = $1 AND m.state IN ('sending', 'sent', 'doubt') AND m.worker = $2"
	" AND p.tp_mr IS NULL AND p.done_at IS NULL AND p.state IN ('sending', 'sent', 'doubt')"
	" ORDER BY p.message_id, p.part LIMIT 1",
	/* request */
	[STORE_STMT_REQUEST_THREAD] = /* that this number's next text belongs to */
	"SELECT r.id FROM request r WHERE r.number = $1 AND (r.touched_at >= $2 OR " REQUEST_IS_OPEN
	") ORDER BY r.id DESC LIMIT 1",
	[STORE_STMT_REQUEST_OPEN] = "INSERT INTO request(number, touched_at) VALUES ($1, $2)",
	[STORE_STMT_REQUEST_TOUCH] = "UPDATE request SET touched_at = $2 WHERE id = $1",
	[STORE_STMT_REQUEST_ADD] = "INSERT INTO request_text(inbox_id, request_id) VALUES ($1, $2)"
				   " ON CONFLICT (inbox_id) DO NOTHING",
	[STORE_STMT_REQUEST_LAST] = "SELECT coalesce(max(id), 0) FROM request",
	[STORE_STMT_REQUEST_OF] = "SELECT request_id FROM request_text WHERE inbox_id = $1",
	[STORE_STMT_REQUEST_LOAD] = /* by its last text */
	"SELECT r.id, r.number, coalesce(c.id, 0), coalesce(c.state, ''), coalesce(s.updated_at, 0),"
	" coalesce(i.person_id, 0), i.id, i.received_at, i.intent, i.body,"
	" CASE WHEN " REQUEST_IS_OPEN
	" THEN 1 ELSE 0 END, coalesce(r.answered_by, -1), coalesce(a.name, ''), coalesce(p.name, '')"
	" FROM request r JOIN inbox i ON i.id = (SELECT max(t.inbox_id) FROM request_text t"
	" WHERE t.request_id = r.id)"
	" LEFT JOIN contact_number n ON n.number = r.number LEFT JOIN contact c ON c.id = n.contact_id"
	" LEFT JOIN subject s ON s.id = c.id LEFT JOIN person a ON a.id = r.answered_by"
	" LEFT JOIN person p ON p.id = coalesce(i.person_id, (SELECT min(cp.person_id)"
	" FROM contact_person cp WHERE cp.contact_id = c.id)) WHERE r.id = $1",
	[STORE_STMT_REQUEST_COUNT] = "SELECT count(*) FROM request r WHERE " REQUEST_IS_OPEN,
	[STORE_STMT_REQUEST_LIST] = "SELECT r.id FROM request r WHERE " REQUEST_IS_OPEN
				    " AND r.id > $1 ORDER BY r.id LIMIT $2",
	[STORE_STMT_REQUEST_LEFT] = "SELECT count(*) FROM request r WHERE " REQUEST_IS_OPEN
				    " AND r.id > $1",
	[STORE_STMT_REQUEST_ANSWERED] =
		"UPDATE request SET answered_at = $2, touched_at = $2, answered_by = $3 WHERE id = $1",
	[STORE_STMT_REQUEST_CLOSE] =
		"UPDATE inbox SET answered_at = $2 WHERE answered_at IS NULL AND listed IS NOT NULL"
		" AND id IN (SELECT t.inbox_id FROM request_text t WHERE t.request_id = $1)",
	[STORE_STMT_REQUEST_COORDINATORS] =
		"SELECT person_id FROM person_role WHERE role = 'COO' ORDER BY person_id",
	[STORE_STMT_REQUEST_EVENT_TOLD] = /* by a notice of what the text did: its idem is inbox/ID/N */
	"SELECT count(*) FROM event_log e JOIN notice n ON n.event_id = e.id"
	" WHERE e.idem >= $1 AND e.idem < $2 AND n.role = 'COO'",
	[STORE_STMT_REQUEST_WAITING] =
		"SELECT id FROM message WHERE number = $1 AND state = 'queued' AND attempts = 0 AND due_at > $2"
		" AND template IN ('request', 'requests_waiting') ORDER BY id DESC LIMIT 1",
	[STORE_STMT_REQUEST_RECENT] = /* when the one of the last $3 that is the oldest was due */
	"SELECT due_at FROM message WHERE number = $1 AND created_at > $2"
	" AND template IN ('request', 'requests_waiting') ORDER BY id DESC LIMIT 1 OFFSET $3",
	[STORE_STMT_REQUEST_URGENT] =
		"SELECT count(*) FROM request_text t JOIN inbox i ON i.id = t.inbox_id"
		" WHERE t.request_id = $1 AND t.inbox_id < $2 AND i.intent = 'EMERGENCY' AND i.received_at > $3",
	[STORE_STMT_REQUEST_SPOKEN] = /* 1: the last thing that this number read is what a human wrote */
	"SELECT CASE WHEN m.template IN ('request_answer', 'request_relayed') THEN 1 ELSE 0 END FROM message m"
	" WHERE m.number = $1 AND m.created_at > $2 AND m.due_at <= $3"
	" ORDER BY m.created_at DESC, m.id DESC LIMIT 1",
	[STORE_STMT_REQUEST_PLACE] =
		"SELECT p.name FROM place p LEFT JOIN cycle c ON c.place_id = p.id"
		" ORDER BY coalesce(c.id, 0) DESC, p.id LIMIT 1",
	/* stall */
	[STORE_STMT_STALL_CYCLES] =
		"SELECT id FROM cycle WHERE state IN ('announced', 'open') AND closes_at > $1"
		" ORDER BY closes_at, id",
	[STORE_STMT_STALL_LAST_CYCLE] =
		"SELECT cycle_id FROM offer WHERE producer_id = $1 AND cycle_id < $2 AND price_cents > 0"
		" ORDER BY cycle_id DESC LIMIT 1",
	[STORE_STMT_STALL_LAST_PRICE] =
		"SELECT price_cents FROM offer WHERE producer_id = $1 AND product = $2 AND price_cents > 0"
		" ORDER BY cycle_id DESC LIMIT 1",
	/* status */
	[STORE_STMT_STATUS_STEPS] =
		"SELECT t.event FROM fsm_transition t JOIN fsm_role r ON r.machine = t.machine"
		" AND r.from_state = t.from_state AND r.event = t.event"
		" WHERE t.machine = $1 AND t.from_state = $2 AND r.role = $3 ORDER BY t.event",
	[STORE_STMT_STATUS_MEMBER] = "SELECT member_no FROM person WHERE id = $1",
	/* store */
	[STORE_STMT_FIRE] =
		"INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[STORE_STMT_EVENT_BY_IDEM] = "SELECT e.subject_id, s.version FROM event_log e"
				     " JOIN subject s ON s.id = e.subject_id WHERE e.idem = $1",
	[STORE_STMT_VERSION] = "SELECT version FROM subject WHERE id = $1",
	[STORE_STMT_NOW] = "SELECT now FROM clock",
	[STORE_STMT_DATA_VERSION] = "PRAGMA data_version",
	[STORE_STMT_SIZE] =
		"SELECT c.page_count * s.page_size FROM pragma_page_count c, pragma_page_size s",
	[STORE_STMT_VACUUM] = "VACUUM",
	[STORE_STMT_CHECKPOINT] = "PRAGMA wal_checkpoint(TRUNCATE)",
	/* substitute */
	[STORE_STMT_SUBSTITUTE_ORDER] =
		"SELECT o.id FROM orders o WHERE o.owner_id = $1 AND EXISTS (SELECT 1 FROM order_line l"
		" WHERE l.order_id = o.id AND l.state = 'sub_proposed') ORDER BY o.id LIMIT 1",
	[STORE_STMT_SUBSTITUTE_UNREAD] = /* proposals as they are now that this number has not been told */
	"SELECT count(*) FROM order_line l WHERE l.order_id = $1 AND l.state = 'sub_proposed'"
	" AND NOT EXISTS (SELECT 1 FROM notice n JOIN event_log e ON e.id = n.event_id"
	" JOIN message m ON m.id = n.message_id WHERE n.machine = 'line' AND n.subject_id = l.id"
	" AND n.name = 'substitution_question' AND e.seq = l.version AND m.number = $2"
	" AND 1 = " HAS_LEFT ")",
	/* supply */
	[STORE_STMT_SUPPLY_REF] = "SELECT ref FROM orders WHERE id = $1",
	[STORE_STMT_SUPPLY_OTHERS] = /* lines of an order that may still come to something */
	"SELECT count(*) FROM order_line WHERE order_id = $1"
	" AND state IN ('requested', 'confirmed', 'partial', 'sub_proposed')",
	/* till */
	[STORE_STMT_TILL_BY_CODE] =
		"SELECT id FROM orders WHERE pickup_code = $1 AND state IN ('ready', 'no_show') ORDER BY id LIMIT 2",
	[STORE_STMT_TILL_WAITING] =
		"SELECT ref FROM orders WHERE state IN ('ready', 'no_show') ORDER BY id DESC LIMIT $1",
	/* who */
	[STORE_STMT_WHO_CONTACT] =
		"SELECT c.id, c.state, c.version FROM contact_number n JOIN contact c ON c.id = n.contact_id"
		" WHERE n.number = $1",
	[STORE_STMT_WHO_PERSONS] =
		"SELECT p.id, p.name FROM contact_person cp JOIN person p ON p.id = cp.person_id"
		" WHERE cp.contact_id = $1 ORDER BY p.member_no, p.id",
	[STORE_STMT_WHO_ROLES] = "SELECT role FROM person_role WHERE person_id = $1",
	[STORE_STMT_WHO_OWNERS] =
		"SELECT owner_id FROM mandate WHERE helper_id = $1 AND valid_from <= $2 AND valid_until > $2"
		" AND scope LIKE $3 GROUP BY owner_id",
	[STORE_STMT_WHO_PENDING] =
		"SELECT count(*) FROM order_line l JOIN offer f ON f.id = l.offer_id JOIN orders o ON o.id = l.order_id"
		" WHERE f.producer_id = $1 AND o.state = 'locked' AND l.state = 'requested'",
	[STORE_STMT_WHO_SALE] = /* a sale is prepared, and nothing can be ordered yet */
	"SELECT count(*) FROM cycle c WHERE c.state = 'announced'"
	" AND NOT EXISTS (SELECT 1 FROM cycle o WHERE o.state = 'open')",
	[STORE_STMT_WHO_LAST] =
		"SELECT person_id FROM inbox WHERE number = $1 AND id < $2 AND received_at >= $3 AND person_id IS NOT NULL"
		" ORDER BY id DESC LIMIT 1",
};
