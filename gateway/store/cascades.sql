-- Cascades: what follows from an event at once, as SYS, in this sequence.
--
-- @after MACHINE EVENT,... -> MACHINE EVENT	ids (column id) of the subjects that it is fired on
--
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
