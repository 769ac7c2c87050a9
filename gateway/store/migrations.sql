-- What a new version of the schema asks for beyond the rules of migrate.c.
--
-- @from VERSION copied	once the plain tables are in their new shape, before the log is played
-- @from VERSION live	at the end, with everything in place: `fire` works
--
-- A database of version N meets the clauses from N on. A new table, index or column (with a DEFAULT) needs
-- nothing here: plain tables are copied column by column, projections are made anew by playing the log, and the
-- rest is part of the program. Statements end in a semicolon.
-- SPDX-License-Identifier: AGPL-3.0-or-later

-- What waits for the coordinator has a number since version 2: one for each telephone.
@from 1 copied
INSERT INTO request(number, touched_at)
SELECT i.number, max(i.received_at) FROM inbox i
WHERE i.listed IS NOT NULL AND i.answered_at IS NULL AND i.state <> 'part' GROUP BY i.number ORDER BY min(i.id);
INSERT INTO request_text(inbox_id, request_id)
SELECT i.id, r.id FROM inbox i JOIN request r ON r.number = i.number
WHERE i.listed IS NOT NULL AND i.answered_at IS NULL AND i.state <> 'part';

-- Orders are paid since version 2: those that wait for their pickup are to be paid there.
@from 1 live
INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)
SELECT 'payment', NULL, 0, 'open', NULL, 'SYS', 'migration', 'migration/2/payment.' || o.id, NULL,
	'{"order":' || o.id || ',"amount":' || o.total_cents || '}'
FROM orders o WHERE o.state IN ('confirmed', 'ready', 'no_show') ORDER BY o.id;
