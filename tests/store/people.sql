-- A small platform for the tests: residents 1 and 2, helper 3, growers 11 and 13, coordinator 31.
INSERT INTO person(id, member_no, name) VALUES (1, 101, 'R'), (2, 102, 'N'), (3, NULL, 'H'), (11, 111, 'G'),
(13, 113, 'B'), (31, NULL, 'C');
INSERT INTO person_role(person_id, role) VALUES (1, 'RES'), (1, 'MEM'), (2, 'RES'), (3, 'AID'), (11, 'PRO'),
(13, 'PRO'), (31, 'COO'), (31, 'ADM');
INSERT INTO place(id, name, address) VALUES (1, 'Halle', '1 place');
INSERT INTO product(name, label_one, label_many, unit, category, piece) VALUES
('carotte', 'carotte', 'carottes', 'kg', 'legume', 0), ('radis', 'radis', 'radis', 'botte', 'legume', 1),
('pain', 'pain', 'pains', 'pc', 'pain', 1);
INSERT INTO mandate(id, owner_id, helper_id, scope, valid_from, valid_until) VALUES (1, 2, 3, 'order,booking', 0, 50000);
