-- Projections: what an event of the log writes, in the words of both engines.
--
-- @project MACHINE EVENT,... | *	one statement; run in the order of this file
--
-- The row's state and version are set before these. {when} stands for "it is one of
-- these events"; {field} and {=name} as in guards.sql; NEW is the row of event_log.
-- Nothing but the log, the payload and other projections may be read here:
-- a replay has nothing else.
-- SPDX-License-Identifier: AGPL-3.0-or-later

@project cycle create
INSERT INTO cycle(id, state, version, place_id, opens_at, closes_at, avail_by, confirm_by, pickup_from, pickup_to)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, {place}, {opens_at}, {closes_at}, {avail_by}, {confirm_by},
	{pickup_from}, {pickup_to} WHERE {when}

@project cycle extend
UPDATE cycle SET closes_at = {closes_at}, confirm_by = coalesce({confirm_by}, CASE
	WHEN {closes_at} <= confirm_by THEN confirm_by
	WHEN confirm_by + {closes_at} - closes_at < pickup_from THEN confirm_by + {closes_at} - closes_at
	ELSE pickup_from END)
WHERE id = NEW.subject_id AND {when}

@project offer declare
UPDATE offer SET left_milli = {qty} - (offered_milli - left_milli), offered_milli = {qty},
	price_cents = coalesce({price}, price_cents), exhausted = 0, withdrawn = 0
WHERE id = NEW.subject_id AND {when}

@project offer ask,declare
INSERT INTO offer(id, state, version, cycle_id, producer_id, product, unit, price_cents, offered_milli,
	left_milli, list_no)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, {cycle}, {producer}, {product}, {unit}, coalesce({price}, 0),
	coalesce({qty}, 0), coalesce({qty}, 0),
	coalesce({list_no}, (SELECT coalesce(max(f.list_no), 0) + 1 FROM offer f WHERE f.cycle_id = {cycle}))
WHERE NEW.from_state = '_' AND {when}

@project offer add
UPDATE offer SET offered_milli = offered_milli + {qty}, left_milli = left_milli + {qty},
	price_cents = coalesce({price}, price_cents)
WHERE id = NEW.subject_id AND {when}

@project offer restock
UPDATE offer SET left_milli = coalesce({qty}, offered_milli + coalesce({add}, 0)) - (offered_milli - left_milli),
	offered_milli = coalesce({qty}, offered_milli + coalesce({add}, 0)),
	price_cents = coalesce({price}, price_cents), exhausted = 0
WHERE id = NEW.subject_id AND {when}

@project offer withdraw
UPDATE offer SET withdrawn = 1 WHERE id = NEW.subject_id AND {when}

@project offer exhaust
UPDATE offer SET offered_milli = offered_milli - left_milli, left_milli = 0, exhausted = 1
WHERE id = NEW.subject_id AND {when}

@project order start
INSERT INTO orders(id, state, version, cycle_id, owner_id, no, ref, draft_by)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, {cycle}, {owner}, n.no, 'C' || CAST(n.no AS TEXT),
	NEW.at + {=draft_ttl}
FROM (SELECT coalesce((SELECT max(o.no) FROM orders o), 99) + 1 AS no) n WHERE {when}

@project order edit
UPDATE orders SET changed = 0, draft_by = NEW.at + {=draft_ttl} WHERE id = NEW.subject_id AND {when}

@project order confirm
UPDATE orders SET placed_at = NEW.at, pickup_code = coalesce({code},
	CAST(1000 + (NEW.subject_id * 7907 + NEW.at * 31) % 9000 AS TEXT))
WHERE id = NEW.subject_id AND {when}

@project order confirm
UPDATE order_line SET held_milli = qty_milli
WHERE order_id = NEW.subject_id AND state = 'requested' AND {when}

@project order miss
UPDATE orders SET missed_at = NEW.at WHERE id = NEW.subject_id AND {when}

@project order rebook
UPDATE orders SET pickup_from = {from}, pickup_to = {to}, missed_at = NULL
WHERE id = NEW.subject_id AND {when}

@project line add
INSERT INTO order_line(id, state, version, order_id, offer_id, qty_milli, held_milli, price_cents, amount_cents)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, o.id, f.id, {qty},
	CASE WHEN o.state = 'draft' THEN 0 ELSE {qty} END, f.price_cents,
	(f.price_cents * {qty} + 500) / 1000
FROM orders o, offer f WHERE o.id = {order} AND f.id = {offer} AND {when}

@project line change
UPDATE order_line SET qty_milli = {qty}, amount_cents = (price_cents * {qty} + 500) / 1000,
	held_milli = CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.id = order_id AND o.state = 'draft')
		THEN 0 ELSE {qty} END
WHERE id = NEW.subject_id AND {when}

@project line drop,void,refuse,lapse_refuse,reject,lapse,miss
UPDATE order_line SET final_milli = 0, held_milli = 0, amount_cents = 0, sub_by = NULL
WHERE id = NEW.subject_id AND {when}

@project line confirm,lapse_confirm
UPDATE order_line SET final_milli = qty_milli, held_milli = CASE WHEN held_milli = 0 THEN 0 ELSE qty_milli END,
	amount_cents = (price_cents * qty_milli + 500) / 1000
WHERE id = NEW.subject_id AND {when}

@project line shorten
UPDATE order_line SET final_milli = {qty}, held_milli = CASE WHEN held_milli = 0 THEN 0 ELSE {qty} END,
	amount_cents = (price_cents * {qty} + 500) / 1000
WHERE id = NEW.subject_id AND {when}

-- A substitute is promised by its producer himself: it holds nothing of the offer, then or later. The question is
-- of no use once the pickup has begun.
@project line substitute
UPDATE order_line SET final_milli = NULL, held_milli = 0, amount_cents = 0, sub_offer_id = {offer},
	sub_milli = {qty},
	sub_price_cents = coalesce({price}, (SELECT f.price_cents FROM offer f WHERE f.id = {offer})),
	sub_by = coalesce({by}, (SELECT c.pickup_from FROM orders o JOIN cycle c ON c.id = o.cycle_id
		WHERE o.id = order_line.order_id AND c.pickup_from > NEW.at
		AND c.pickup_from < NEW.at + {=sub_ttl}), NEW.at + {=sub_ttl})
WHERE id = NEW.subject_id AND {when}

@project line accept
UPDATE order_line SET offer_id = sub_offer_id, qty_milli = sub_milli, final_milli = sub_milli,
	price_cents = sub_price_cents, amount_cents = (sub_price_cents * sub_milli + 500) / 1000, sub_by = NULL
WHERE id = NEW.subject_id AND {when}

@project line deliver
UPDATE order_line SET delivered_at = NEW.at WHERE id = NEW.subject_id AND {when}

-- The order's total follows: what is given back is no longer owed, or was paid too much.
@project line credit
UPDATE order_line SET credit_cents = coalesce({amount}, amount_cents),
	amount_cents = amount_cents - coalesce({amount}, amount_cents)
WHERE id = NEW.subject_id AND {when}

@project line add,change,drop
UPDATE orders SET changed = 1, draft_by = NEW.at + {=draft_ttl}
WHERE id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id) AND {when}

@project line *
UPDATE orders SET total_cents = (SELECT coalesce(sum(l.amount_cents), 0) FROM order_line l
	WHERE l.order_id = orders.id)
WHERE id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id)

@project payment open
INSERT INTO payment(id, state, version, order_id, owner_id, amount_cents, counted_cents)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, o.id, o.owner_id, coalesce({amount}, o.total_cents), o.total_cents
FROM orders o WHERE o.id = {order} AND {when}

@project payment part_pay,pay
UPDATE payment SET paid_cents = paid_cents + {amount} WHERE id = NEW.subject_id AND {when}

@project payment adjust
UPDATE payment SET amount_cents = {amount} WHERE id = NEW.subject_id AND {when}

@project payment refund,credit
UPDATE payment SET back_cents = {amount} WHERE id = NEW.subject_id AND {when}

@project payment adjust,credit
UPDATE payment SET counted_cents = (SELECT o.total_cents FROM orders o WHERE o.id = payment.order_id)
WHERE id = NEW.subject_id AND {when}

@project contact discover,register
INSERT INTO contact(id, state, version) SELECT NEW.subject_id, NEW.to_state, NEW.seq
WHERE NEW.from_state = '_' AND {when}

@project contact consent
UPDATE contact SET promo = coalesce({promo}, 0), consent_at = coalesce(consent_at, NEW.at)
WHERE id = NEW.subject_id AND {when}

@project contact stop
UPDATE contact SET promo = 0 WHERE id = NEW.subject_id AND {when}

@project contact prefer
UPDATE contact SET promo = coalesce({promo}, promo) WHERE id = NEW.subject_id AND {when}

-- A number that is erased belongs to nobody any more. The two tables are no projections: in a replay they are empty.
@project contact erase,lapse
DELETE FROM contact_number WHERE contact_id = NEW.subject_id AND {when}

@project contact erase,lapse
DELETE FROM contact_person WHERE contact_id = NEW.subject_id AND {when}

@project contact prefer
UPDATE contact_scope SET wanted = coalesce({wanted}, {promo}, 0)
WHERE contact_id = NEW.subject_id AND scope = {scope} AND {when}

@project contact prefer
INSERT INTO contact_scope(id, contact_id, scope, wanted)
SELECT NEW.id, NEW.subject_id, {scope}, coalesce({wanted}, {promo}, 0) WHERE {when}
AND NOT EXISTS (SELECT 1 FROM contact_scope s WHERE s.contact_id = NEW.subject_id AND s.scope = {scope})
