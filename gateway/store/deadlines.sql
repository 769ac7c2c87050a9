-- What a timer must fire, as SYS, and when: a row goes when its event is done, and there is
-- none whose guards would refuse it at its time. Of two at one moment the lower rank is first.
-- {=name} is a value of policy.tsv.
-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE VIEW deadline AS
SELECT 'cycle' AS machine, c.id AS subject_id, c.version AS version, 'open' AS event, c.opens_at AS due_at,
	'SYS' AS role, 1 AS rank
FROM cycle c WHERE c.state = 'announced'
AND EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = c.id AND f.state = 'available')
UNION ALL
SELECT 'cycle', c.id, c.version, 'close', c.closes_at, 'SYS', 2 FROM cycle c WHERE c.state = 'open'
UNION ALL
SELECT 'cycle', c.id, c.version, 'confirm', c.closes_at, 'SYS', 3 FROM cycle c WHERE c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))
UNION ALL
SELECT 'cycle', c.id, c.version, 'start_pickup', c.pickup_from, 'SYS', 4 FROM cycle c
WHERE c.state = 'confirmed'
UNION ALL
SELECT 'cycle', c.id, c.version, 'settle', c.pickup_to + {=grace}, 'SYS', 9 FROM cycle c
WHERE c.state = 'pickup'
UNION ALL
SELECT 'offer', f.id, f.version, 'lapse', c.avail_by, 'SYS', 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id
WHERE f.state = 'asked'
UNION ALL
SELECT 'order', o.id, o.version, 'lapse', CASE WHEN c.state <> 'open' OR c.closes_at < o.draft_by
	THEN c.closes_at ELSE o.draft_by END, 'SYS', 1
FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.state = 'draft'
UNION ALL
SELECT 'order', o.id, o.version, 'miss', coalesce(o.pickup_to, c.pickup_to) + {=grace}, 'SYS', 5
FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.state = 'ready'
UNION ALL
SELECT 'order', o.id, o.version, 'write_off', o.missed_at + {=write_off}, 'SYS', 5
FROM orders o WHERE o.state = 'no_show'
UNION ALL
SELECT 'line', l.id, l.version,
	CASE WHEN EXISTS (SELECT 1 FROM offer f LEFT JOIN person p ON p.id = f.producer_id
		WHERE f.id = l.offer_id AND (f.withdrawn = 1 OR p.confirm_policy = 'refuse')) THEN 'lapse_refuse' ELSE 'lapse_confirm' END,
	c.confirm_by, 'SYS', 5
FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
WHERE l.state = 'requested' AND o.state = 'locked'
UNION ALL
SELECT 'line', l.id, l.version, 'lapse', l.sub_by, 'SYS', 3
FROM order_line l WHERE l.sub_by IS NOT NULL
UNION ALL
SELECT 'contact', c.id, c.version, 'lapse', s.updated_at + {=unconfirmed}, 'SYS', 9
FROM contact c JOIN subject s ON s.id = c.id WHERE c.state IN ('unknown', 'pending');
