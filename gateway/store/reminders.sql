-- What people are reminded of, and when: a row goes when it stands in `reminded`, or when what it is about
-- has moved on. After `until` it is of no use any more.
--
-- Who was told since then needs no reminder: there is none whose time was over before the last event that
-- told the same. Distances are real seconds, also over a change of the clock.
-- {=name} is a value of policy.tsv.
-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE VIEW reminder AS
SELECT r.name, r.machine, r.subject_id, r.role, r.person_id, r.due_at, r.until FROM (
SELECT 'remind_availability' AS name, 'cycle' AS machine, c.id AS subject_id, 'PRO' AS role,
	f.producer_id AS person_id, c.avail_by - {=remind_avail} AS due_at, c.avail_by - {=remind_avail_last} AS until
FROM cycle c JOIN subject cs ON cs.id = c.id JOIN offer f ON f.cycle_id = c.id JOIN subject s ON s.id = f.id
WHERE c.state IN ('announced', 'open') AND f.state = 'asked' AND s.updated_at <= c.avail_by - {=remind_avail}
AND (c.state = 'open' OR cs.updated_at <= c.avail_by - {=remind_avail})
GROUP BY c.id, c.avail_by, f.producer_id
UNION ALL
SELECT 'remind_availability_last', 'cycle', c.id, 'PRO', f.producer_id, c.avail_by - {=remind_avail_last}, c.avail_by
FROM cycle c JOIN subject cs ON cs.id = c.id JOIN offer f ON f.cycle_id = c.id JOIN subject s ON s.id = f.id
WHERE c.state IN ('announced', 'open') AND f.state = 'asked' AND s.updated_at <= c.avail_by - {=remind_avail_last}
AND (c.state = 'open' OR cs.updated_at <= c.avail_by - {=remind_avail_last})
GROUP BY c.id, c.avail_by, f.producer_id
UNION ALL
SELECT 'remind_no_offers', 'cycle', c.id, 'COO', r.person_id, c.opens_at, c.closes_at
FROM cycle c JOIN person_role r ON r.role = 'COO' WHERE c.state = 'announced'
AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = c.id AND f.state = 'available')
UNION ALL
SELECT 'remind_cutoff', 'order', o.id, 'RES', o.owner_id, c.closes_at - {=remind_cutoff},
	CASE WHEN o.draft_by < c.closes_at THEN o.draft_by ELSE c.closes_at END
FROM orders o JOIN cycle c ON c.id = o.cycle_id
WHERE o.state = 'draft' AND c.state = 'open' AND o.draft_by > c.closes_at - {=remind_cutoff}
AND o.draft_by - {=draft_ttl} <= c.closes_at - {=remind_cutoff}
AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state = 'requested')
UNION ALL
SELECT 'remind_pickup', 'order', o.id, 'RES', o.owner_id, coalesce(o.pickup_from, c.pickup_from) - {=remind_pickup},
	coalesce(o.pickup_from, c.pickup_from) - {=remind_pickup_last}
FROM orders o JOIN cycle c ON c.id = o.cycle_id JOIN subject s ON s.id = o.id
WHERE o.state IN ('confirmed', 'ready')
AND s.updated_at <= coalesce(o.pickup_from, c.pickup_from) - {=remind_pickup}
UNION ALL
SELECT 'remind_pickup_last', 'order', o.id, 'RES', o.owner_id,
	coalesce(o.pickup_from, c.pickup_from) - {=remind_pickup_last}, coalesce(o.pickup_from, c.pickup_from)
FROM orders o JOIN cycle c ON c.id = o.cycle_id JOIN subject s ON s.id = o.id
WHERE o.state IN ('confirmed', 'ready')
AND s.updated_at <= coalesce(o.pickup_from, c.pickup_from) - {=remind_pickup_last}
) r WHERE NOT EXISTS (SELECT 1 FROM reminded d WHERE d.name = r.name AND d.subject_id = r.subject_id
	AND d.person_id = r.person_id AND d.due_at = r.due_at);
