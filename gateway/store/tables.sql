-- The tables, in words that SQLite and PostgreSQL share; schema.c prints them for each.
--
-- Ids are integers, money is cents, quantities are thousandths, times are seconds
-- since the epoch, UTC. A projection (marked so) is written by the triggers of
-- event_log alone; the other tables belong to the program.
-- SPDX-License-Identifier: AGPL-3.0-or-later

CREATE TABLE meta (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- The clock: wall time and what `chappectl clock` added to it (0 in real life).
CREATE TABLE clock_offset (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	"offset" INTEGER NOT NULL
);
INSERT INTO clock_offset(id, "offset") VALUES (1, 0);

-- The machine, loaded from transitions.tsv and fields.tsv; never written afterwards.
CREATE TABLE fsm_machine (
	machine TEXT NOT NULL PRIMARY KEY,
	live INTEGER NOT NULL
);
CREATE TABLE fsm_state (
	machine TEXT NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (machine, state)
);
CREATE TABLE fsm_transition (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	to_state TEXT NOT NULL,
	PRIMARY KEY (machine, from_state, event)
);
CREATE TABLE fsm_role (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	role TEXT NOT NULL,
	PRIMARY KEY (machine, from_state, event, role)
);
CREATE TABLE fsm_guard (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	guard TEXT NOT NULL,
	kind TEXT NOT NULL, -- data, presence or assertion
	PRIMARY KEY (machine, from_state, event, guard)
);
CREATE TABLE fsm_notify (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	role TEXT NOT NULL,
	name TEXT NOT NULL,
	condition TEXT NOT NULL, -- promo-consent, or empty
	PRIMARY KEY (machine, from_state, event, role, name)
);
CREATE TABLE fsm_field (
	machine TEXT NOT NULL,
	event TEXT NOT NULL,
	field TEXT NOT NULL,
	type TEXT NOT NULL, -- int or text
	lowest INTEGER NOT NULL, -- of an int
	required INTEGER NOT NULL,
	PRIMARY KEY (machine, event, field)
);

-- The log and the state of every subject.
CREATE TABLE event_log (
	id INTEGER PRIMARY KEY,
	machine TEXT NOT NULL,
	subject_id INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	event TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	actor INTEGER,
	role TEXT NOT NULL,
	channel TEXT NOT NULL,
	idem TEXT NOT NULL UNIQUE,
	at INTEGER NOT NULL,
	payload TEXT NOT NULL
);
CREATE INDEX event_log_subject ON event_log(subject_id);

-- projection
CREATE TABLE subject (
	id INTEGER PRIMARY KEY, -- the id of the event that it was born with
	machine TEXT NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL, -- seq of its last event
	updated_at INTEGER NOT NULL -- at of its last event
);

-- People, apart from the log so that a person can be erased.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	member_no INTEGER UNIQUE,
	name TEXT NOT NULL,
	language TEXT NOT NULL DEFAULT 'fr',
	handle TEXT UNIQUE, -- of a producer: what texts call the farm or shop, ASCII (beau_pays)
	confirm_policy TEXT NOT NULL DEFAULT 'auto' CHECK (confirm_policy IN ('auto', 'refuse')) -- of a producer who is silent at confirm_by
);
CREATE TABLE person_role (
	person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	role TEXT NOT NULL,
	PRIMARY KEY (person_id, role)
);
CREATE INDEX person_role_role ON person_role(role);
CREATE TABLE mandate (
	id INTEGER PRIMARY KEY,
	owner_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	helper_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	scope TEXT NOT NULL, -- words: order, booking
	valid_from INTEGER NOT NULL,
	valid_until INTEGER NOT NULL
);
CREATE INDEX mandate_helper ON mandate(helper_id);
CREATE TABLE note ( -- free text of people; payloads carry the id
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	text TEXT NOT NULL,
	created_at INTEGER NOT NULL
);

-- A telephone number. projection
CREATE TABLE contact (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	promo INTEGER NOT NULL DEFAULT 0, -- 1: consents to promotional messages
	consent_at INTEGER -- when it consented first
);
CREATE INDEX contact_state ON contact(state);
-- What a number wants more or less of, by kind of notice; of a kind without a row it gets all. projection
CREATE TABLE contact_scope (
	id INTEGER PRIMARY KEY, -- the event that it was said by first
	contact_id INTEGER NOT NULL REFERENCES contact(id),
	scope TEXT NOT NULL, -- promo, vote, ...
	wanted INTEGER NOT NULL, -- 0: no more of it
	UNIQUE (contact_id, scope)
);
CREATE TABLE contact_number (
	contact_id INTEGER NOT NULL PRIMARY KEY REFERENCES contact(id),
	number TEXT NOT NULL UNIQUE -- E.164 with +
);
CREATE TABLE contact_person (
	contact_id INTEGER NOT NULL REFERENCES contact(id),
	person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	PRIMARY KEY (contact_id, person_id)
);
CREATE INDEX contact_person_person ON contact_person(person_id);

-- What is sold, and where it is fetched.
CREATE TABLE place (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	address TEXT NOT NULL
);
CREATE TABLE product (
	name TEXT NOT NULL PRIMARY KEY, -- ASCII: pomme_de_terre
	label_one TEXT NOT NULL,
	label_many TEXT NOT NULL,
	unit TEXT NOT NULL, -- sale unit: kg l pc botte pot barquette
	category TEXT NOT NULL,
	piece INTEGER NOT NULL -- 1: sold by the piece, a bare number is a quantity
);

-- projection
CREATE TABLE cycle (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	place_id INTEGER NOT NULL,
	opens_at INTEGER NOT NULL,
	closes_at INTEGER NOT NULL,
	avail_by INTEGER NOT NULL,
	confirm_by INTEGER NOT NULL,
	pickup_from INTEGER NOT NULL,
	pickup_to INTEGER NOT NULL
);
CREATE INDEX cycle_state ON cycle(state);
-- projection
CREATE TABLE offer (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	cycle_id INTEGER NOT NULL REFERENCES cycle(id),
	producer_id INTEGER NOT NULL,
	product TEXT NOT NULL,
	unit TEXT NOT NULL,
	price_cents INTEGER NOT NULL, -- for one unit; 0: not known yet
	offered_milli INTEGER NOT NULL,
	left_milli INTEGER NOT NULL, -- offered less what the lines hold
	exhausted INTEGER NOT NULL DEFAULT 0, -- 1: its producer said that nothing is left
	withdrawn INTEGER NOT NULL DEFAULT 0, -- 1: its producer took it back: silence about a line is a refusal
	list_no INTEGER NOT NULL -- its number in the list of the cycle
);
CREATE INDEX offer_cycle ON offer(cycle_id);
CREATE INDEX offer_asked ON offer(cycle_id) WHERE state = 'asked';
-- projection
CREATE TABLE orders (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	cycle_id INTEGER NOT NULL REFERENCES cycle(id),
	owner_id INTEGER NOT NULL,
	no INTEGER NOT NULL UNIQUE,
	ref TEXT NOT NULL UNIQUE, -- what people see: C482
	changed INTEGER NOT NULL DEFAULT 0, -- 1: lines were touched since the last recap
	total_cents INTEGER NOT NULL DEFAULT 0,
	pickup_code TEXT, -- four digits, from order.confirm on
	draft_by INTEGER NOT NULL, -- a draft lapses then, or at the cut-off
	placed_at INTEGER,
	pickup_from INTEGER, -- of its own after order.rebook, else the cycle's
	pickup_to INTEGER,
	missed_at INTEGER
);
CREATE INDEX orders_cycle ON orders(cycle_id, state);
CREATE INDEX orders_owner ON orders(owner_id);
CREATE INDEX orders_state ON orders(state);
-- projection
CREATE TABLE order_line (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	order_id INTEGER NOT NULL REFERENCES orders(id),
	offer_id INTEGER NOT NULL REFERENCES offer(id),
	qty_milli INTEGER NOT NULL, -- asked
	final_milli INTEGER, -- decided; NULL until then
	held_milli INTEGER NOT NULL DEFAULT 0, -- what it takes from the offer now: nothing in a draft
	price_cents INTEGER NOT NULL, -- of one unit, when it was added
	amount_cents INTEGER NOT NULL, -- counts in the order's total now
	sub_offer_id INTEGER, -- the substitute that was proposed
	sub_milli INTEGER,
	sub_price_cents INTEGER,
	sub_by INTEGER,
	delivered_at INTEGER,
	credit_cents INTEGER NOT NULL DEFAULT 0 -- given back by line.credit: the amount is less by it
);
CREATE INDEX order_line_order ON order_line(order_id, offer_id);
CREATE INDEX order_line_offer ON order_line(offer_id);
CREATE INDEX order_line_sub ON order_line(sub_by) WHERE sub_by IS NOT NULL;

-- What an order costs and what was paid for it, at the pickup. projection
CREATE TABLE payment (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	order_id INTEGER NOT NULL UNIQUE REFERENCES orders(id),
	owner_id INTEGER NOT NULL,
	amount_cents INTEGER NOT NULL, -- to be paid in all
	paid_cents INTEGER NOT NULL DEFAULT 0,
	back_cents INTEGER NOT NULL DEFAULT 0, -- refunded or credited of that
	counted_cents INTEGER NOT NULL -- the order's total that the amount goes by
);
CREATE INDEX payment_open ON payment(owner_id) WHERE state IN ('due', 'part_paid', 'deferred');

-- What an event tells whom; written with the event, rendered by the gateway.
CREATE TABLE notice (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	event_id INTEGER NOT NULL, -- 0: a move of a message, a reminder
	name TEXT NOT NULL,
	machine TEXT NOT NULL,
	subject_id INTEGER NOT NULL, -- what it is about, for this recipient
	role TEXT NOT NULL,
	person_id INTEGER, -- NULL: the number itself (machine contact)
	at INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')),
	message_id INTEGER, -- that says it; NULL or 0: nobody was told
	payload TEXT NOT NULL -- of the event
);
CREATE INDEX notice_new ON notice(id) WHERE state = 'new';

-- Reminders that are done: the key is what makes each go out once.
CREATE TABLE reminded (
	name TEXT NOT NULL,
	subject_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	due_at INTEGER NOT NULL, -- when it was due; moves with what it is about
	at INTEGER NOT NULL,
	told INTEGER NOT NULL, -- 0: it was too late to be of use
	PRIMARY KEY (subject_id, name, person_id, due_at)
);

-- The gateway's own: what came in, what goes out, what is asked.
CREATE TABLE inbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: idem is made of it
	digest BLOB NOT NULL UNIQUE,
	bearer TEXT NOT NULL,
	worker TEXT NOT NULL,
	number TEXT NOT NULL,
	contact_id INTEGER,
	person_id INTEGER,
	smsc_at INTEGER,
	received_at INTEGER NOT NULL,
	concat_ref INTEGER,
	concat_total INTEGER,
	concat_part INTEGER,
	body TEXT NOT NULL, -- secrets replaced by ***; empty while it is a part, and once it has reached its age
	sealed BLOB, -- a part that waits for the others, encrypted
	whole_id INTEGER, -- of a part: the row of the text that it became
	state TEXT NOT NULL CHECK (state IN ('part', 'handled', 'aside', 'ignored')),
	intent TEXT,
	listed TEXT, -- why the coordinator is to look at it; NULL: no need
	answered_at INTEGER
);
CREATE INDEX inbox_number ON inbox(number, received_at);
CREATE INDEX inbox_part ON inbox(number, concat_ref) WHERE state = 'part' AND whole_id IS NULL;
CREATE INDEX inbox_text ON inbox(received_at) WHERE body <> '' OR sealed IS NOT NULL;
CREATE INDEX inbox_listed ON inbox(id) WHERE listed IS NOT NULL AND answered_at IS NULL;

-- What waits for the coordinator: the texts that one number wrote until they were answered, under a number that is
-- short enough to type (1 to 999 and round again, made of the id).
CREATE TABLE request (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	number TEXT NOT NULL,
	touched_at INTEGER NOT NULL, -- of its last text or answer
	answered_at INTEGER, -- of the last answer
	answered_by INTEGER -- the coordinator who gave it; 0: an operator
);
CREATE INDEX request_number ON request(number);
CREATE TABLE request_text (
	inbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES inbox(id) ON DELETE CASCADE,
	request_id INTEGER NOT NULL REFERENCES request(id) ON DELETE CASCADE
);
CREATE INDEX request_text_request ON request_text(request_id);

CREATE TABLE message (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	state TEXT NOT NULL DEFAULT 'queued',
	version INTEGER NOT NULL DEFAULT 1, -- counts its moves
	number TEXT NOT NULL,
	contact_id INTEGER,
	person_id INTEGER,
	inbox_id INTEGER, -- the text that it answers
	template TEXT,
	body TEXT NOT NULL,
	parts INTEGER NOT NULL,
	ucs2 INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL, -- not before; in doubt: when the doubt ends
	use_by INTEGER NOT NULL, -- of no use afterwards
	attempts INTEGER NOT NULL DEFAULT 0,
	doubts INTEGER NOT NULL DEFAULT 0, -- times that it was in doubt whether it left
	bearer TEXT,
	worker TEXT NOT NULL DEFAULT '', -- whose it is; empty: any may send it
	cause TEXT, -- why it failed or was tried again, for the coordinator
	resend INTEGER NOT NULL DEFAULT 0, -- 1: may be sent again when it is in doubt
	promo INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX message_due ON message(due_at) WHERE state = 'queued';
CREATE INDEX message_sending ON message(id) WHERE state = 'sending';
CREATE INDEX message_doubt ON message(due_at) WHERE state = 'doubt';
CREATE INDEX message_reply ON message(worker, due_at) WHERE state = 'queued' AND inbox_id IS NOT NULL;
CREATE INDEX message_other ON message(worker, due_at) WHERE state = 'queued' AND inbox_id IS NULL;
CREATE INDEX message_use_by ON message(use_by) WHERE state = 'queued';
CREATE INDEX message_inbox ON message(inbox_id);
CREATE INDEX message_text ON message(created_at) WHERE body <> '';
CREATE INDEX message_number ON message(number, created_at);
CREATE INDEX message_reported ON message(number) WHERE state IN ('sending', 'sent', 'doubt');
CREATE TABLE message_part (
	message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
	part INTEGER NOT NULL,
	ref INTEGER, -- of the concatenation
	state TEXT NOT NULL DEFAULT 'queued'
		CHECK (state IN ('queued', 'sending', 'doubt', 'sent', 'delivered', 'failed')),
	tp_mr INTEGER,
	sent_at INTEGER,
	done_at INTEGER,
	PRIMARY KEY (message_id, part)
);
-- Parts that are due on a local day: to one number, and to all under the empty one; of a month, under 'month' on its
-- first day. Texts that were not answered, under 'unanswered'.
CREATE TABLE budget (
	day INTEGER NOT NULL, -- days since the epoch
	number TEXT NOT NULL,
	parts INTEGER NOT NULL,
	full_at INTEGER, -- when something had no room first, and the coordinators were told
	PRIMARY KEY (day, number)
);

CREATE TABLE question (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	contact_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL DEFAULT 0, -- 0: not known yet who of the household
	kind TEXT NOT NULL,
	machine TEXT,
	subject_id INTEGER,
	version INTEGER, -- of the subject, when it was asked
	options TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	message_id INTEGER, -- that asks it
	UNIQUE (contact_id, person_id)
);
