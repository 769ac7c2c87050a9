-- Guards: what must hold before an event, one condition each, in the words of both engines.
--
-- @guard MACHINE NAME KIND [EVENT,...]	the condition that must be TRUE (neither FALSE nor NULL)
-- @also MACHINE FROM EVENT NAME	the guard is asked there too, beyond transitions.tsv
-- @payload MACHINE EVENT,...		likewise, refused as E_PAYLOAD: what a field refers to exists
--
-- {field} is a field of the payload, {=name} a value of policy.tsv; NEW is the row of event_log.
-- Within a machine they are asked in the order of this file.
-- SPDX-License-Identifier: AGPL-3.0-or-later

@payload cycle create
EXISTS (SELECT 1 FROM place WHERE id = {place})

@guard cycle dates_ordered data
EXISTS (SELECT 1 FROM cycle c WHERE c.id = NEW.subject_id AND c.opens_at < c.closes_at
	AND c.avail_by <= c.closes_at AND c.closes_at <= c.confirm_by
	AND c.confirm_by <= c.pickup_from AND c.pickup_from < c.pickup_to)

@guard cycle after_opens_at data
NEW.at >= (SELECT c.opens_at FROM cycle c WHERE c.id = NEW.subject_id)

@guard cycle offer_exists data
EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = NEW.subject_id AND f.state = 'available')

-- Without a time for the producers to answer by, theirs moves along, up to the pickup.
@guard cycle later_close data
EXISTS (SELECT 1 FROM cycle c WHERE c.id = NEW.subject_id AND {closes_at} > c.closes_at AND {closes_at} > NEW.at
	AND {closes_at} <= coalesce({confirm_by}, c.pickup_from)
	AND coalesce({confirm_by}, c.pickup_from) <= c.pickup_from)

@guard cycle after_closes_at data
NEW.at >= (SELECT c.closes_at FROM cycle c WHERE c.id = NEW.subject_id)

@guard cycle all_lines_decided data
NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state IN ('placed', 'locked'))

@guard cycle after_pickup_from data
NEW.at >= (SELECT c.pickup_from FROM cycle c WHERE c.id = NEW.subject_id)

@guard cycle after_pickup_to_grace data
NEW.at >= (SELECT c.pickup_to + {=grace} FROM cycle c WHERE c.id = NEW.subject_id)

@guard cycle reason presence
{reason} <> ''

@payload offer ask
EXISTS (SELECT 1 FROM cycle c WHERE c.id = {cycle} AND c.state IN ('draft', 'announced', 'open'))
AND EXISTS (SELECT 1 FROM product p WHERE p.name = {product} AND p.unit = {unit})
AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = {producer} AND r.role = 'PRO')
AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = {cycle} AND f.producer_id = {producer}
	AND f.product = {product})

@payload offer declare
NEW.from_state <> '_'
OR (EXISTS (SELECT 1 FROM cycle c WHERE c.id = {cycle} AND c.state IN ('draft', 'announced', 'open'))
AND EXISTS (SELECT 1 FROM product p WHERE p.name = {product} AND p.unit = {unit})
AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = {producer} AND r.role = 'PRO')
AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = {cycle} AND f.producer_id = {producer}
	AND f.product = {product}))

@guard offer cycle_announced_or_open data
EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND c.state IN ('announced', 'open'))

@guard offer cycle_closed_or_cancelled data
EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND c.state NOT IN ('draft', 'announced', 'open'))

@guard offer after_avail_by data
EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND NEW.at >= c.avail_by)

@guard offer qty_pos data
{qty} > 0

@guard offer price_known data
coalesce({price}, (SELECT f.price_cents FROM offer f WHERE f.id = NEW.subject_id)) > 0

@guard offer qty_ge_committed data
{qty} >= (SELECT f.offered_milli - f.left_milli FROM offer f WHERE f.id = NEW.subject_id)
@also offer unavailable declare qty_ge_committed
@also offer withdrawn declare qty_ge_committed

@guard offer left_zero data
EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.left_milli <= 0)

@guard offer left_pos data restock
EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id
	AND coalesce({qty}, f.offered_milli + coalesce({add}, 0)) > f.offered_milli - f.left_milli)

@guard offer left_pos data free
EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.left_milli > 0)

@guard offer sold_out_by_system data
EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.exhausted = 0)

@guard order contact_active data
EXISTS (SELECT 1 FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = {owner} AND c.state = 'active')

@guard order cycle_open data start
EXISTS (SELECT 1 FROM cycle c WHERE c.id = {cycle} AND c.state = 'open' AND NEW.at < c.closes_at)

@guard order cycle_open data edit,confirm,cancel
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'open' AND NEW.at < c.closes_at)

@guard order line_exists data
EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id AND l.state = 'requested')

@guard order stock_ok data
NOT EXISTS (SELECT 1 FROM offer f JOIN (SELECT l.offer_id, sum(l.qty_milli - l.held_milli) AS need
		FROM order_line l WHERE l.order_id = NEW.subject_id AND l.state = 'requested'
		GROUP BY l.offer_id) n ON n.offer_id = f.id
	WHERE n.need > 0 AND (n.need > f.left_milli OR f.state <> 'available'))

@guard order recap_sent data
EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id AND o.changed = 0)

@guard order after_draft_ttl_or_cutoff data
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND (NEW.at >= o.draft_by OR NEW.at >= c.closes_at OR c.state <> 'open'))

@guard order cycle_closed data
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'closed')

@guard order cycle_cancelled data
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'cancelled')

@guard order all_lines_decided data
NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('requested', 'sub_proposed'))

@guard order some_qty data
EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('confirmed', 'partial'))

@guard order no_qty data
NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('confirmed', 'partial'))

@guard order pickup_open data
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'pickup')

@guard order pickup_code_or_coord data
NEW.role = 'COO' OR EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id
	AND o.pickup_code = {code})

@guard order after_pickup_to_grace data
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND NEW.at >= coalesce(o.pickup_to, c.pickup_to) + {=grace})

@guard order new_window presence
{from} < {to} AND {to} > NEW.at

@guard order after_write_off data
EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id AND NEW.at >= o.missed_at + {=write_off})

@guard order reason presence
{reason} <> ''

@payload order confirm
coalesce(length({code}), 4) BETWEEN 4 AND 8

@guard line order_draft_or_placed data add
EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = {order}
	AND o.state IN ('draft', 'placed') AND c.state = 'open' AND NEW.at < c.closes_at)

@guard line order_draft_or_placed data change,drop
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
	WHERE l.id = NEW.subject_id AND o.state IN ('draft', 'placed') AND c.state = 'open'
	AND NEW.at < c.closes_at)

@guard line offer_available data
EXISTS (SELECT 1 FROM offer f JOIN orders o ON o.cycle_id = f.cycle_id WHERE f.id = {offer}
	AND o.id = {order} AND f.state = 'available')

@guard line stock_ok data add
EXISTS (SELECT 1 FROM offer f WHERE f.id = {offer}
	AND {qty} + (SELECT coalesce(sum(l.qty_milli - l.held_milli), 0) FROM order_line l
		WHERE l.order_id = {order} AND l.offer_id = f.id AND l.state = 'requested') <= f.left_milli)

@guard line stock_ok data change
EXISTS (SELECT 1 FROM order_line me JOIN offer f ON f.id = me.offer_id WHERE me.id = NEW.subject_id
	AND ({qty} <= me.qty_milli OR f.state = 'available')
	AND {qty} - me.held_milli + (SELECT coalesce(sum(l.qty_milli - l.held_milli), 0)
		FROM order_line l WHERE l.order_id = me.order_id AND l.offer_id = f.id
		AND l.state = 'requested' AND l.id <> me.id) <= f.left_milli)

@guard line stock_ok data confirm
EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id WHERE l.id = NEW.subject_id
	AND (l.held_milli = 0 OR l.qty_milli - l.held_milli <= f.left_milli))

@guard line order_locked data
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state = 'locked')

@guard line order_locked_or_confirmed data
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('locked', 'confirmed'))

@guard line order_ready_or_later data
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('ready', 'collected', 'no_show', 'unclaimed'))

@guard line order_dead data
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('cancelled', 'expired', 'refused'))

@guard line qty_less data
{qty} < (SELECT coalesce(l.final_milli, l.qty_milli) FROM order_line l WHERE l.id = NEW.subject_id)

@guard line after_confirm_by data
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
	WHERE l.id = NEW.subject_id AND o.state = 'locked' AND NEW.at >= c.confirm_by)

@guard line policy_auto data
NOT EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id
	LEFT JOIN person p ON p.id = f.producer_id
	WHERE l.id = NEW.subject_id AND (f.withdrawn = 1 OR p.confirm_policy = 'refuse'))

@guard line policy_refuse data
EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id
	LEFT JOIN person p ON p.id = f.producer_id
	WHERE l.id = NEW.subject_id AND (f.withdrawn = 1 OR p.confirm_policy = 'refuse'))

@payload line substitute
EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id
	JOIN offer mine ON mine.id = l.offer_id JOIN offer f ON f.cycle_id = o.cycle_id
	WHERE l.id = NEW.subject_id AND f.id = {offer} AND f.producer_id = mine.producer_id)
AND coalesce({by}, NEW.at + 1) > NEW.at

@guard line price_known data
coalesce({price}, (SELECT f.price_cents FROM offer f WHERE f.id = {offer})) > 0

@guard line before_sub_by data
EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at < l.sub_by)

@guard line after_sub_by data
EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at >= l.sub_by)

@guard line within_dispute_days data
EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at <= l.delivered_at + {=dispute})

@guard line reason presence
{reason} <> ''

@payload line credit
EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id
	AND coalesce({amount}, l.amount_cents) <= l.amount_cents)

@payload payment open
NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = {order})

@guard payment order_confirmed data
EXISTS (SELECT 1 FROM orders o WHERE o.id = {order} AND o.state IN ('confirmed', 'ready', 'no_show'))

-- All that is left to be paid, neither more nor less.
@guard payment amount data pay
EXISTS (SELECT 1 FROM payment p WHERE p.id = NEW.subject_id
	AND {amount} = CASE WHEN p.amount_cents > p.paid_cents THEN p.amount_cents - p.paid_cents ELSE 0 END)

@guard payment amount data part_pay
{amount} < (SELECT p.amount_cents - p.paid_cents FROM payment p WHERE p.id = NEW.subject_id)

@guard payment amount data refund,credit
{amount} <= (SELECT p.paid_cents FROM payment p WHERE p.id = NEW.subject_id)

@guard payment amount presence adjust
{amount} >= 0

@guard payment reason presence
{reason} <> ''

@guard payment order_dead data
EXISTS (SELECT 1 FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.id = NEW.subject_id
	AND (o.state IN ('cancelled', 'expired', 'refused')
		OR (o.state = 'unclaimed' AND {=no_show_charge} = 0)))

@guard contact identity_seen assertion
{identity_seen} > 0

@guard contact proof_kept assertion consent
{proof_kept} > 0

@guard contact proof_kept assertion prefer
coalesce({promo}, 0) = 0 OR {proof_kept} > 0
@also contact active prefer proof_kept

@guard contact bounces assertion
{bounces} > 0

@guard contact after_unconfirmed_days data
NEW.at >= (SELECT s.updated_at + {=unconfirmed} FROM subject s WHERE s.id = NEW.subject_id)

@guard contact previously_consented data
EXISTS (SELECT 1 FROM contact c WHERE c.id = NEW.subject_id AND c.consent_at IS NOT NULL)

@guard contact no_open_obligation data
NOT EXISTS (SELECT 1 FROM contact_person cp JOIN orders o ON o.owner_id = cp.person_id
	WHERE cp.contact_id = NEW.subject_id
	AND o.state IN ('draft', 'placed', 'locked', 'confirmed', 'ready', 'no_show'))
AND NOT EXISTS (SELECT 1 FROM contact_person cp JOIN payment p ON p.owner_id = cp.person_id
	WHERE cp.contact_id = NEW.subject_id AND p.state IN ('due', 'part_paid', 'deferred')
	AND p.amount_cents > p.paid_cents)
AND NOT EXISTS (SELECT 1 FROM contact_person cp JOIN offer f ON f.producer_id = cp.person_id
	JOIN order_line l ON l.offer_id = f.id JOIN orders o ON o.id = l.order_id
	WHERE cp.contact_id = NEW.subject_id AND l.state IN ('requested', 'confirmed', 'partial', 'sub_proposed')
	AND o.state IN ('placed', 'locked', 'confirmed', 'ready', 'no_show'))

@guard contact scope presence
{scope} <> ''

-- Messages move in their own table: OLD and NEW are its rows.
@guard message lease_free data
OLD.due_at <= (SELECT now FROM clock)

@guard message attempts_left data
NEW.attempts < {=attempts}

@guard message attempts_out data
NEW.attempts >= {=attempts} OR NEW.resend = 0

@guard message contact_stopped_and_not_reply data
NEW.inbox_id IS NULL AND EXISTS (SELECT 1 FROM contact_number n JOIN contact c ON c.id = n.contact_id
	WHERE n.number = NEW.number AND (c.state IN ('stopped', 'erased') OR (NEW.promo = 1 AND c.promo = 0)))

@guard message after_ttl data
NEW.use_by <= (SELECT now FROM clock)
