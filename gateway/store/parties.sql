-- Who is a party to a subject, and whom a notice goes to, in the words of both engines.
--
-- @party MACHINE ROLE		persons who may act in that role (E_ACTOR); column person
-- @birth MACHINE ROLE		likewise when it is being born: {field} instead of a row
-- @tell MACHINE ROLE NAME|* ABOUT	recipients of a notice; columns person, about:
--				an id of machine ABOUT
--
-- A role of a live machine that has no @party is held, and that is enough. {subject} is the
-- id of the subject. RES of a contact is whoever the number belongs to.
-- SPDX-License-Identifier: AGPL-3.0-or-later

@party offer PRO
SELECT f.producer_id AS person FROM offer f WHERE f.id = {subject}
@birth offer PRO
SELECT {producer} AS person
@party order RES
SELECT o.owner_id AS person FROM orders o WHERE o.id = {subject}
@birth order RES
SELECT {owner} AS person
@party line RES
SELECT o.owner_id AS person FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = {subject}
@birth line RES
SELECT o.owner_id AS person FROM orders o WHERE o.id = {order}
@party line PRO
SELECT f.producer_id AS person FROM order_line l JOIN offer f ON f.id = l.offer_id WHERE l.id = {subject}
@party contact RES
SELECT cp.person_id AS person FROM contact_person cp WHERE cp.contact_id = {subject}

@tell cycle PRO ask_availability cycle
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'PRO'
@tell cycle PRO * cycle
SELECT DISTINCT f.producer_id AS person, NEW.subject_id AS about FROM offer f
WHERE f.cycle_id = NEW.subject_id AND f.offered_milli > 0
@tell cycle RES cycle_open cycle
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'RES'
@tell cycle RES cutoff_moved order
SELECT o.owner_id AS person, o.id AS about FROM orders o
WHERE o.cycle_id = NEW.subject_id AND o.state IN ('draft', 'placed')
@tell cycle RES order_locked order
SELECT o.owner_id AS person, o.id AS about FROM orders o
WHERE o.cycle_id = NEW.subject_id AND o.state = 'placed'
@tell cycle COO * cycle
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO'

@tell offer PRO * offer
SELECT f.producer_id AS person, f.id AS about FROM offer f WHERE f.id = NEW.subject_id
@tell offer RES line_at_risk line
SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.offer_id = NEW.subject_id AND l.held_milli > 0
@tell offer COO * offer
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO'

@tell order RES * order
SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id
@tell order PRO * order
SELECT DISTINCT f.producer_id AS person, l.order_id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.order_id = NEW.subject_id AND l.state NOT IN ('dropped', 'refused')
@tell order COO * order
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO'

@tell line RES * line
SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id
@tell line PRO * line
SELECT f.producer_id AS person, l.id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.id = NEW.subject_id
@tell line COO * line
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO'

@tell payment RES * payment
SELECT p.owner_id AS person, p.id AS about FROM payment p WHERE p.id = NEW.subject_id

-- What concerns a number goes to the number: person is NULL.
@tell contact RES * contact
SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about
@tell contact COO * contact
SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO'
