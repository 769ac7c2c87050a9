-- What PostgreSQL needs around the tables; a line --@NAME is replaced by what schema.c makes of the data files.
-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE SCHEMA chappe;
SET search_path = chappe, pg_temp;
--@tables
-- What a login may claim; * is anything. Whoever loads this may claim all.
CREATE TABLE writer (
	login TEXT NOT NULL,
	role TEXT NOT NULL,
	channel TEXT NOT NULL,
	PRIMARY KEY (login, role, channel)
);
INSERT INTO writer(login, role, channel) VALUES (session_user, '*', '*');
CREATE VIEW clock AS
SELECT CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)
	+ (SELECT "offset" FROM clock_offset WHERE id = 1) AS now;

-- What a line holds is gone from its offer, whatever moved it.
CREATE FUNCTION order_line_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		UPDATE offer SET left_milli = left_milli + OLD.held_milli WHERE id = OLD.offer_id;
	END IF;
	UPDATE offer SET left_milli = left_milli - NEW.held_milli WHERE id = NEW.offer_id;
	RETURN NULL;
END $$;
CREATE TRIGGER order_line_held AFTER INSERT ON order_line FOR EACH ROW
WHEN (NEW.held_milli <> 0) EXECUTE FUNCTION order_line_held();
CREATE TRIGGER order_line_held_moved AFTER UPDATE OF held_milli, offer_id ON order_line FOR EACH ROW
WHEN (NEW.held_milli <> OLD.held_milli OR NEW.offer_id <> OLD.offer_id) EXECUTE FUNCTION order_line_held();
--@projections
--@machine
--@deadlines
--@guards
--@protection
--@messages

-- People: what other programs change of them, one row inserted for each change. What is wrong is E_PERSON and a word.
CREATE VIEW person_edit AS
SELECT CAST(NULL AS TEXT) AS op, p.id AS person_id, p.name, p.member_no, p.language, p.handle, p.confirm_policy,
	r.role, m.helper_id, m.scope, m.valid_from, m.valid_until, n.contact_id, n.number
FROM person p, person_role r, mandate m, contact_number n WHERE FALSE;
CREATE FUNCTION person_edit_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = chappe, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(1130917488);
	IF coalesce(NEW.op, '') NOT IN ('add', 'change', 'role_add', 'role_remove',
		'mandate_add', 'mandate_end', 'number_add', 'number_remove', 'number_change') THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON op', ERRCODE = 'CH010';
	END IF;
	IF NEW.op <> 'add'
		AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id AND p.name <> '') THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON id', ERRCODE = 'CH010';
	END IF;
	IF NEW.op = 'add' AND NEW.person_id IS NOT NULL
		AND (NEW.person_id <= 0 OR EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON id', ERRCODE = 'CH010';
	END IF;
	IF (NEW.op = 'add' AND NEW.name IS NULL)
		OR trim(NEW.name) = '' OR NEW.name <> trim(NEW.name)
		OR length(NEW.name) > 80 OR NEW.name ~ '[\x01-\x1f]' THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON name', ERRCODE = 'CH010';
	END IF;
	IF NEW.member_no < 0 THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON member_no', ERRCODE = 'CH010';
	END IF;
	IF EXISTS (SELECT 1 FROM person p
		WHERE p.member_no = NEW.member_no AND p.id <> coalesce(NEW.person_id, 0)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON member_no_taken', ERRCODE = 'CH010';
	END IF;
	IF NEW.language !~ '^[a-z][a-z]$' THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON language', ERRCODE = 'CH010';
	END IF;
	IF NEW.handle <> '' AND (NEW.handle ~ '[^a-z0-9_]'
		OR length(NEW.handle) NOT BETWEEN 2 AND 30) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON handle', ERRCODE = 'CH010';
	END IF;
	IF EXISTS (SELECT 1 FROM person p
		WHERE p.handle = NEW.handle AND p.id <> coalesce(NEW.person_id, 0)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON handle_taken', ERRCODE = 'CH010';
	END IF;
	IF NEW.confirm_policy NOT IN ('auto', 'refuse') THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON policy', ERRCODE = 'CH010';
	END IF;
	IF NEW.op IN ('role_add', 'role_remove')
		AND (coalesce(NEW.role, 'SYS') = 'SYS' OR NOT EXISTS (SELECT 1 FROM fsm_role r WHERE r.role = NEW.role)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON role', ERRCODE = 'CH010';
	END IF;
	IF NEW.op IN ('mandate_add', 'mandate_end')
		AND (coalesce(NEW.helper_id, NEW.person_id) = NEW.person_id OR NOT EXISTS (SELECT 1 FROM person_role r
			WHERE r.person_id = NEW.helper_id AND (r.role = 'AID' OR NEW.op = 'mandate_end'))) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON helper', ERRCODE = 'CH010';
	END IF;
	IF (NEW.op = 'mandate_add'
		AND (coalesce(NEW.scope, '') NOT IN ('order', 'booking', 'order,booking')
			OR (NEW.valid_from < NEW.valid_until) IS NOT TRUE))
		OR (NEW.op = 'mandate_end' AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.owner_id = NEW.person_id
			AND m.helper_id = NEW.helper_id)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON mandate', ERRCODE = 'CH010';
	END IF;
	IF NEW.op IN ('number_add', 'number_remove', 'number_change')
		AND (NEW.number ~ '^[+][1-9][0-9]{6,14}$') IS NOT TRUE THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON number', ERRCODE = 'CH010';
	END IF;
	IF NEW.op = 'number_change' AND EXISTS (SELECT 1
		FROM contact_number n JOIN contact c ON c.id = n.contact_id
		WHERE n.number = NEW.number AND n.contact_id <> NEW.contact_id AND c.state <> 'unknown') THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON number_taken', ERRCODE = 'CH010';
	END IF;
	IF (NEW.op = 'number_add'
		AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.number = NEW.number)
		AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = NEW.contact_id AND c.state <> 'erased'
			AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.contact_id = c.id)))
		OR (NEW.op = 'number_remove' AND NOT EXISTS (SELECT 1 FROM contact_number n
			JOIN contact_person cp ON cp.contact_id = n.contact_id
			WHERE n.number = NEW.number AND cp.person_id = NEW.person_id))
		OR (NEW.op = 'number_change' AND NOT EXISTS (SELECT 1 FROM contact_person cp
			WHERE cp.contact_id = NEW.contact_id AND cp.person_id = NEW.person_id)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PERSON contact', ERRCODE = 'CH010';
	END IF;
	INSERT INTO person(id, member_no, name, language, handle, confirm_policy)
	SELECT coalesce(NEW.person_id, (SELECT coalesce(max(p.id), 0) + 1 FROM person p)), nullif(NEW.member_no, 0),
		NEW.name, coalesce(NEW.language, 'fr'), nullif(NEW.handle, ''), coalesce(NEW.confirm_policy, 'auto')
	WHERE NEW.op = 'add';
	UPDATE person SET name = coalesce(NEW.name, name), language = coalesce(NEW.language, language),
		member_no = CASE WHEN NEW.member_no IS NULL THEN member_no ELSE nullif(NEW.member_no, 0) END,
		handle = CASE WHEN NEW.handle IS NULL THEN handle ELSE nullif(NEW.handle, '') END,
		confirm_policy = coalesce(NEW.confirm_policy, confirm_policy)
	WHERE id = NEW.person_id AND NEW.op = 'change';
	INSERT INTO person_role(person_id, role) SELECT NEW.person_id, NEW.role WHERE NEW.op = 'role_add'
		AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = NEW.person_id AND r.role = NEW.role);
	DELETE FROM person_role WHERE person_id = NEW.person_id AND role = NEW.role AND NEW.op = 'role_remove';
	DELETE FROM mandate WHERE owner_id = NEW.person_id AND helper_id = NEW.helper_id
		AND NEW.op IN ('mandate_add', 'mandate_end');
	INSERT INTO mandate(id, owner_id, helper_id, scope, valid_from, valid_until)
	SELECT (SELECT coalesce(max(m.id), 0) + 1 FROM mandate m), NEW.person_id, NEW.helper_id, NEW.scope,
		NEW.valid_from, NEW.valid_until WHERE NEW.op = 'mandate_add';
	DELETE FROM contact_number WHERE number = NEW.number AND contact_id <> NEW.contact_id
		AND NEW.op = 'number_change';
	UPDATE contact_number SET number = NEW.number WHERE contact_id = NEW.contact_id AND NEW.op = 'number_change';
	INSERT INTO contact_number(contact_id, number) SELECT NEW.contact_id, NEW.number WHERE NEW.op = 'number_add'
		AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.number = NEW.number);
	INSERT INTO contact_person(contact_id, person_id) SELECT n.contact_id, NEW.person_id FROM contact_number n
	WHERE n.number = NEW.number AND NEW.op = 'number_add' AND NOT EXISTS (SELECT 1 FROM contact_person cp
		WHERE cp.contact_id = n.contact_id AND cp.person_id = NEW.person_id);
	DELETE FROM contact_person WHERE person_id = NEW.person_id AND NEW.op = 'number_remove'
		AND contact_id = (SELECT n.contact_id FROM contact_number n WHERE n.number = NEW.number);
	RETURN NEW;
END $$;
CREATE TRIGGER person_edit_insert INSTEAD OF INSERT ON person_edit FOR EACH ROW
EXECUTE FUNCTION person_edit_insert();

CREATE VIEW fire AS
SELECT machine, subject_id, seq AS version, event, actor, role, channel, idem, at, payload FROM event_log WHERE FALSE;

-- A flat object of texts and integers, each key once.
CREATE FUNCTION payload_is_flat(p TEXT) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF p = '{}' THEN
		RETURN TRUE;
	END IF;
	IF length(p) > 2000 OR strpos(p, '\u0000') > 0 OR p !~ ('^ *\{ *('
		|| '("([^"\\\x01-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*" *: *'
		|| '("([^"\\\x01-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"|-?(0|[1-9][0-9]{0,17})) *(, *(?=")|(?=\})))*'
		|| ')?\} *$') THEN
		RETURN FALSE;
	END IF;
	RETURN (SELECT count(*) = count(DISTINCT key) FROM json_each_text(p::json));
EXCEPTION WHEN data_exception THEN
	RETURN FALSE;
END $$;

-- Append an event that was judged, or that follows from one, and what follows from it.
CREATE FUNCTION event_append(p_machine TEXT, p_subject BIGINT, p_event TEXT, p_actor BIGINT, p_role TEXT,
	p_channel TEXT, p_idem TEXT, p_at BIGINT, p_payload TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_id BIGINT := (SELECT coalesce(max(e.id), 0) + 1 FROM event_log e);
	v_subject subject%ROWTYPE;
	v_to TEXT;
	v_row RECORD;
BEGIN
	SELECT * INTO v_subject FROM subject s WHERE s.id = p_subject;
	SELECT t.to_state INTO v_to FROM fsm_transition t WHERE t.machine = p_machine
		AND t.from_state = coalesce(v_subject.state, '_') AND t.event = p_event;
	IF v_to IS NULL THEN
		RAISE EXCEPTION USING MESSAGE = 'E_TRANSITION', ERRCODE = 'CH006';
	END IF;
	p_subject := coalesce(p_subject, v_id);
	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, actor, role, channel, idem, at,
		payload)
	VALUES (v_id, p_machine, p_subject, coalesce(v_subject.version, 0) + 1, p_event,
		coalesce(v_subject.state, '_'), v_to, p_actor, p_role, p_channel, p_idem,
		greatest(p_at, coalesce(v_subject.updated_at, 0)), p_payload);
--@cascades
END $$;

CREATE FUNCTION fire_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = chappe, pg_temp AS $$
DECLARE
	v_now BIGINT;
	v_at BIGINT;
	v_old event_log%ROWTYPE;
	v_subject subject%ROWTYPE;
	v_state TEXT;
BEGIN
	PERFORM pg_advisory_xact_lock(1130917488);
	SELECT now INTO v_now FROM clock;
	-- Who stamps by the computer's own clock while the platform has a test clock means now.
	IF EXISTS (SELECT 1 FROM clock_offset o WHERE o."offset" <> 0
		AND abs(NEW.at - extract(epoch FROM clock_timestamp())::bigint) <= {=ahead}) THEN
		NEW.at := NULL;
	END IF;
	IF NEW.machine IS NULL OR NEW.event IS NULL OR NEW.role IS NULL OR NEW.channel IS NULL
		OR NEW.at <= 0 OR NEW.at > v_now + {=ahead} OR length(NEW.channel) > 20
		OR NOT payload_is_flat(coalesce(NEW.payload, '{}')) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PAYLOAD', ERRCODE = 'CH001';
	END IF;

	IF coalesce(NEW.idem, '') = '' OR length(NEW.idem) > 200 THEN
		RAISE EXCEPTION USING MESSAGE = 'E_IDEM', ERRCODE = 'CH002';
	END IF;
	SELECT * INTO v_old FROM event_log e WHERE e.idem = NEW.idem;
	IF FOUND THEN
		IF (v_old.machine = NEW.machine AND v_old.event = NEW.event
			AND v_old.actor IS NOT DISTINCT FROM NEW.actor AND v_old.role = NEW.role
			AND v_old.channel = NEW.channel AND v_old.payload = coalesce(NEW.payload, '{}')
			AND (v_old.subject_id = NEW.subject_id OR (NEW.subject_id IS NULL AND v_old.seq = 1))
			AND (NEW.version IS NULL OR NEW.version = v_old.seq - 1)) IS NOT TRUE THEN
			RAISE EXCEPTION USING MESSAGE = 'E_IDEM', ERRCODE = 'CH002';
		END IF;
		RETURN NULL;
	END IF;

	IF NOT EXISTS (SELECT 1 FROM fsm_machine m WHERE m.machine = NEW.machine) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_SUBJECT', ERRCODE = 'CH003';
	END IF;
	IF NEW.subject_id IS NOT NULL THEN
		SELECT * INTO v_subject FROM subject s WHERE s.id = NEW.subject_id AND s.machine = NEW.machine;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING MESSAGE = 'E_SUBJECT', ERRCODE = 'CH003';
		END IF;
	END IF;
	v_state := coalesce(v_subject.state, '_');
	v_at := coalesce(NEW.at, greatest(v_now, coalesce(v_subject.updated_at, 0)));

	IF NOT EXISTS (SELECT 1 FROM writer w WHERE w.login = session_user AND w.role IN ('*', NEW.role)
		AND w.channel IN ('*', NEW.channel)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_ACTOR', ERRCODE = 'CH004';
	END IF;
--@actor
	IF NEW.version <> coalesce(v_subject.version, 0)
		OR (NEW.version IS NULL AND NEW.role <> 'SYS' AND NEW.subject_id IS NOT NULL) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_STALE', ERRCODE = 'CH005';
	END IF;
	IF NOT EXISTS (SELECT 1 FROM fsm_transition t JOIN fsm_machine m ON m.machine = t.machine
		WHERE t.machine = NEW.machine AND t.from_state = v_state AND t.event = NEW.event AND m.live = 1) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_TRANSITION', ERRCODE = 'CH006';
	END IF;
	IF NOT EXISTS (SELECT 1 FROM fsm_role r WHERE r.machine = NEW.machine AND r.from_state = v_state
		AND r.event = NEW.event AND r.role = NEW.role) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_ROLE', ERRCODE = 'CH007';
	END IF;
	IF v_at < v_subject.updated_at
		OR EXISTS (SELECT 1 FROM fsm_field d WHERE d.machine = NEW.machine AND d.event = NEW.event AND d.required = 1
			AND NOT EXISTS (SELECT 1 FROM json_each(NEW.payload::json) p WHERE p.key = d.field))
		OR EXISTS (SELECT 1 FROM json_each(NEW.payload::json) p LEFT JOIN fsm_field d ON d.machine = NEW.machine
			AND d.event = NEW.event AND d.field = p.key
			WHERE d.field IS NULL
			OR d.type <> CASE json_typeof(p.value) WHEN 'number' THEN 'int' WHEN 'string' THEN 'text' ELSE '' END
			OR (d.type = 'int' AND CAST(CAST(p.value AS TEXT) AS BIGINT) < d.lowest)) THEN
		RAISE EXCEPTION USING MESSAGE = 'E_PAYLOAD', ERRCODE = 'CH001';
	END IF;

	PERFORM event_append(NEW.machine, NEW.subject_id, NEW.event, NEW.actor, NEW.role, NEW.channel, NEW.idem, v_at,
		coalesce(NEW.payload, '{}'));
	PERFORM pg_notify('chappe', NEW.machine);
	RETURN NEW;
END $$;
CREATE TRIGGER fire_insert INSTEAD OF INSERT ON fire FOR EACH ROW EXECUTE FUNCTION fire_insert();

-- The only ways in: SELECT, and INSERT on fire. Grant both to the logins of other programs.
REVOKE ALL ON ALL TABLES IN SCHEMA chappe FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA chappe FROM PUBLIC;
