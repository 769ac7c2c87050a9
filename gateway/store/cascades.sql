-- Cascades: what follows from an event at once, as SYS, in this sequence.
--
-- @after MACHINE EVENT,... -> MACHINE EVENT [payload|born]	ids (column id) of the subjects that it is fired on
--
-- payload: a second column, payload, is the payload of the event. born: likewise, and the id is what the
-- subject is born for, as the payload says it.
-- {self} is the id of the subject of the first event. When it is done the same question
-- must find nothing: a cascade that was dropped in silence is an error.
-- SPDX-License-Identifier: AGPL-3.0-or-later

-- The cut-off: offers close first, so that nothing that is freed afterwards goes on sale.
@after cycle close,cancel -> offer close
SELECT f.id FROM offer f WHERE f.cycle_id = {self}
AND f.state IN ('asked', 'available', 'sold_out', 'unavailable', 'withdrawn')
@after cycle close -> order lapse
SELECT o.id FROM orders o WHERE o.cycle_id = {self} AND o.state = 'draft'
@after cycle close -> order lock
SELECT o.id FROM orders o WHERE o.cycle_id = {self} AND o.state = 'placed'
-- Placed, and all its lines taken out since: nothing to decide.
@after cycle close -> order refuse
SELECT o.id FROM orders o WHERE o.cycle_id = {self} AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state <> 'dropped')
@after cycle cancel -> order void
SELECT o.id FROM orders o WHERE o.cycle_id = {self}
AND o.state IN ('draft', 'placed', 'locked', 'confirmed', 'ready')

-- A dead order gives up its lines.
@after order drop,cancel,lapse,void -> line void
SELECT l.id FROM order_line l WHERE l.order_id = {self}
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')

-- The last decision.
@after line confirm,shorten,refuse,lapse_confirm,lapse_refuse,accept,reject,lapse -> order settle
SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = {self})
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('requested', 'sub_proposed'))
AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('confirmed', 'partial'))
@after line confirm,shorten,refuse,lapse_confirm,lapse_refuse,accept,reject,lapse -> order refuse
SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = {self})
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
	AND l.state IN ('requested', 'sub_proposed', 'confirmed', 'partial'))
@after order settle,refuse,cancel -> cycle confirm
SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = {self})
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))
@after cycle close -> cycle confirm
SELECT c.id FROM cycle c WHERE c.id = {self} AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))

@after cycle start_pickup -> order ready
SELECT o.id FROM orders o WHERE o.cycle_id = {self} AND o.state = 'confirmed'

-- What is brought is handed over.
@after order collect -> line deliver
SELECT l.id FROM order_line l WHERE l.order_id = {self} AND l.state IN ('confirmed', 'partial')

-- The money follows the order: a decided order is to be paid, a dead one is not. What was paid already for a
-- dead one is given back by hand.
@after order settle -> payment open born
SELECT o.id, '{"order":' || o.id || ',"amount":' || o.total_cents || '}' AS payload
FROM orders o WHERE o.id = {self} AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = o.id)
@after order cancel,void,write_off -> payment void
SELECT p.id FROM payment p JOIN orders o ON o.id = p.order_id WHERE o.id = {self}
AND (p.state = 'due' OR (p.state = 'deferred' AND p.paid_cents = 0))
AND (o.state = 'cancelled' OR {=no_show_charge} = 0)
-- Late shortages, substitutes, missing lines and credits, when no substitute waits for its answer. An
-- amount that the coordinator set moves by the difference.
@after line confirm,shorten,refuse,accept,reject,lapse,miss,credit -> payment adjust payload
SELECT p.id, '{"amount":' || CASE WHEN p.amount_cents + o.total_cents > p.counted_cents
	THEN p.amount_cents + o.total_cents - p.counted_cents ELSE 0 END || '}' AS payload
FROM order_line m JOIN orders o ON o.id = m.order_id JOIN payment p ON p.order_id = o.id
WHERE m.id = {self} AND p.state IN ('due', 'part_paid', 'deferred') AND o.total_cents <> p.counted_cents
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state = 'sub_proposed')
@after line confirm,shorten,refuse,accept,reject,lapse,miss,credit -> payment credit payload
SELECT p.id, '{"amount":' || CASE WHEN p.counted_cents - o.total_cents < p.paid_cents
	THEN p.counted_cents - o.total_cents ELSE p.paid_cents END || '}' AS payload
FROM order_line m JOIN orders o ON o.id = m.order_id JOIN payment p ON p.order_id = o.id
WHERE m.id = {self} AND p.state = 'paid' AND p.paid_cents > 0 AND o.total_cents < p.counted_cents
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state = 'sub_proposed')
-- Nothing is left to be paid.
@after payment adjust -> payment pay payload
SELECT p.id, '{"amount":0}' AS payload FROM payment p WHERE p.id = {self}
AND p.state IN ('part_paid', 'deferred') AND p.paid_cents > 0 AND p.paid_cents >= p.amount_cents

-- More was paid than is owed now.
@after payment pay -> payment credit payload
SELECT p.id, '{"amount":' || (p.paid_cents - p.amount_cents) || '}' AS payload FROM payment p
WHERE p.id = {self} AND p.state = 'paid' AND p.paid_cents > p.amount_cents

-- Stock.
@after line add,change,drop,void -> offer sell_out
SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = {self})
AND f.state = 'available' AND f.left_milli <= 0
@after line add,change,drop,void -> offer free
SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = {self})
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0
@after order confirm -> offer sell_out
SELECT f.id FROM offer f WHERE f.id IN (SELECT l.offer_id FROM order_line l WHERE l.order_id = {self})
AND f.state = 'available' AND f.left_milli <= 0
@after offer declare,add -> offer sell_out
SELECT f.id FROM offer f WHERE f.id = {self} AND f.state = 'available' AND f.left_milli <= 0
