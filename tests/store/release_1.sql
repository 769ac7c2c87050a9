-- A database of the first release (schema version 1): the demo platform after the story of the demo, and a second cycle.
-- Made by that release; what its programs wrote is not touched.
-- SPDX-License-Identifier: AGPL-3.0-or-later
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES('schema','1');
INSERT INTO meta VALUES('clock','test');
CREATE TABLE clock_offset (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	"offset" INTEGER NOT NULL
) STRICT;
INSERT INTO clock_offset VALUES(1,337607);
CREATE TABLE fsm_machine (
	machine TEXT NOT NULL PRIMARY KEY,
	live INTEGER NOT NULL
) STRICT;
INSERT INTO fsm_machine VALUES('cycle',1);
INSERT INTO fsm_machine VALUES('offer',1);
INSERT INTO fsm_machine VALUES('order',1);
INSERT INTO fsm_machine VALUES('line',1);
INSERT INTO fsm_machine VALUES('payment',0);
INSERT INTO fsm_machine VALUES('booking',0);
INSERT INTO fsm_machine VALUES('assembly',0);
INSERT INTO fsm_machine VALUES('motion',0);
INSERT INTO fsm_machine VALUES('right',0);
INSERT INTO fsm_machine VALUES('proxy',0);
INSERT INTO fsm_machine VALUES('contact',1);
INSERT INTO fsm_machine VALUES('message',0);
INSERT INTO fsm_machine VALUES('resource',0);
CREATE TABLE fsm_state (
	machine TEXT NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (machine, state)
) STRICT;
INSERT INTO fsm_state VALUES('cycle','draft');
INSERT INTO fsm_state VALUES('cycle','announced');
INSERT INTO fsm_state VALUES('cycle','open');
INSERT INTO fsm_state VALUES('cycle','closed');
INSERT INTO fsm_state VALUES('cycle','confirmed');
INSERT INTO fsm_state VALUES('cycle','pickup');
INSERT INTO fsm_state VALUES('cycle','settled');
INSERT INTO fsm_state VALUES('cycle','cancelled');
INSERT INTO fsm_state VALUES('offer','asked');
INSERT INTO fsm_state VALUES('offer','available');
INSERT INTO fsm_state VALUES('offer','unavailable');
INSERT INTO fsm_state VALUES('offer','closed');
INSERT INTO fsm_state VALUES('offer','withdrawn');
INSERT INTO fsm_state VALUES('offer','sold_out');
INSERT INTO fsm_state VALUES('order','draft');
INSERT INTO fsm_state VALUES('order','placed');
INSERT INTO fsm_state VALUES('order','cancelled');
INSERT INTO fsm_state VALUES('order','expired');
INSERT INTO fsm_state VALUES('order','locked');
INSERT INTO fsm_state VALUES('order','confirmed');
INSERT INTO fsm_state VALUES('order','refused');
INSERT INTO fsm_state VALUES('order','ready');
INSERT INTO fsm_state VALUES('order','collected');
INSERT INTO fsm_state VALUES('order','no_show');
INSERT INTO fsm_state VALUES('order','unclaimed');
INSERT INTO fsm_state VALUES('line','requested');
INSERT INTO fsm_state VALUES('line','dropped');
INSERT INTO fsm_state VALUES('line','confirmed');
INSERT INTO fsm_state VALUES('line','partial');
INSERT INTO fsm_state VALUES('line','refused');
INSERT INTO fsm_state VALUES('line','sub_proposed');
INSERT INTO fsm_state VALUES('line','delivered');
INSERT INTO fsm_state VALUES('line','missing');
INSERT INTO fsm_state VALUES('line','disputed');
INSERT INTO fsm_state VALUES('line','credited');
INSERT INTO fsm_state VALUES('payment','due');
INSERT INTO fsm_state VALUES('payment','part_paid');
INSERT INTO fsm_state VALUES('payment','paid');
INSERT INTO fsm_state VALUES('payment','deferred');
INSERT INTO fsm_state VALUES('payment','waived');
INSERT INTO fsm_state VALUES('payment','void');
INSERT INTO fsm_state VALUES('payment','refunded');
INSERT INTO fsm_state VALUES('payment','credited');
INSERT INTO fsm_state VALUES('booking','requested');
INSERT INTO fsm_state VALUES('booking','waitlisted');
INSERT INTO fsm_state VALUES('booking','accepted');
INSERT INTO fsm_state VALUES('booking','declined');
INSERT INTO fsm_state VALUES('booking','offered');
INSERT INTO fsm_state VALUES('booking','expired');
INSERT INTO fsm_state VALUES('booking','cancelled');
INSERT INTO fsm_state VALUES('booking','active');
INSERT INTO fsm_state VALUES('booking','no_show');
INSERT INTO fsm_state VALUES('booking','overdue');
INSERT INTO fsm_state VALUES('booking','handback');
INSERT INTO fsm_state VALUES('booking','closed');
INSERT INTO fsm_state VALUES('booking','lost');
INSERT INTO fsm_state VALUES('assembly','draft');
INSERT INTO fsm_state VALUES('assembly','convened');
INSERT INTO fsm_state VALUES('assembly','adjourned');
INSERT INTO fsm_state VALUES('assembly','frozen');
INSERT INTO fsm_state VALUES('assembly','open');
INSERT INTO fsm_state VALUES('assembly','closed');
INSERT INTO fsm_state VALUES('assembly','minuted');
INSERT INTO fsm_state VALUES('assembly','cancelled');
INSERT INTO fsm_state VALUES('motion','submitted');
INSERT INTO fsm_state VALUES('motion','admitted');
INSERT INTO fsm_state VALUES('motion','inadmissible');
INSERT INTO fsm_state VALUES('motion','withdrawn');
INSERT INTO fsm_state VALUES('motion','voting');
INSERT INTO fsm_state VALUES('motion','counting');
INSERT INTO fsm_state VALUES('motion','counted');
INSERT INTO fsm_state VALUES('motion','void');
INSERT INTO fsm_state VALUES('motion','published');
INSERT INTO fsm_state VALUES('motion','contested');
INSERT INTO fsm_state VALUES('motion','final');
INSERT INTO fsm_state VALUES('motion','annulled');
INSERT INTO fsm_state VALUES('right','listed');
INSERT INTO fsm_state VALUES('right','struck');
INSERT INTO fsm_state VALUES('right','invited');
INSERT INTO fsm_state VALUES('right','delegated');
INSERT INTO fsm_state VALUES('right','voted');
INSERT INTO fsm_state VALUES('right','voted_paper');
INSERT INTO fsm_state VALUES('right','lapsed');
INSERT INTO fsm_state VALUES('proxy','asked');
INSERT INTO fsm_state VALUES('proxy','accepted');
INSERT INTO fsm_state VALUES('proxy','refused');
INSERT INTO fsm_state VALUES('proxy','expired');
INSERT INTO fsm_state VALUES('proxy','revoked');
INSERT INTO fsm_state VALUES('proxy','used');
INSERT INTO fsm_state VALUES('contact','unknown');
INSERT INTO fsm_state VALUES('contact','pending');
INSERT INTO fsm_state VALUES('contact','active');
INSERT INTO fsm_state VALUES('contact','erased');
INSERT INTO fsm_state VALUES('contact','stopped');
INSERT INTO fsm_state VALUES('contact','paused');
INSERT INTO fsm_state VALUES('message','queued');
INSERT INTO fsm_state VALUES('message','sending');
INSERT INTO fsm_state VALUES('message','sent');
INSERT INTO fsm_state VALUES('message','failed');
INSERT INTO fsm_state VALUES('message','suppressed');
INSERT INTO fsm_state VALUES('message','expired');
INSERT INTO fsm_state VALUES('message','delivered');
INSERT INTO fsm_state VALUES('message','doubt');
INSERT INTO fsm_state VALUES('resource','published');
INSERT INTO fsm_state VALUES('resource','blocked');
INSERT INTO fsm_state VALUES('resource','withdrawn');
CREATE TABLE fsm_transition (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	to_state TEXT NOT NULL,
	PRIMARY KEY (machine, from_state, event)
) STRICT;
INSERT INTO fsm_transition VALUES('cycle','_','create','draft');
INSERT INTO fsm_transition VALUES('cycle','draft','announce','announced');
INSERT INTO fsm_transition VALUES('cycle','announced','open','open');
INSERT INTO fsm_transition VALUES('cycle','open','extend','open');
INSERT INTO fsm_transition VALUES('cycle','open','close','closed');
INSERT INTO fsm_transition VALUES('cycle','closed','confirm','confirmed');
INSERT INTO fsm_transition VALUES('cycle','confirmed','start_pickup','pickup');
INSERT INTO fsm_transition VALUES('cycle','pickup','settle','settled');
INSERT INTO fsm_transition VALUES('cycle','draft','cancel','cancelled');
INSERT INTO fsm_transition VALUES('cycle','announced','cancel','cancelled');
INSERT INTO fsm_transition VALUES('cycle','open','cancel','cancelled');
INSERT INTO fsm_transition VALUES('cycle','closed','cancel','cancelled');
INSERT INTO fsm_transition VALUES('cycle','confirmed','cancel','cancelled');
INSERT INTO fsm_transition VALUES('offer','_','ask','asked');
INSERT INTO fsm_transition VALUES('offer','_','declare','available');
INSERT INTO fsm_transition VALUES('offer','asked','declare','available');
INSERT INTO fsm_transition VALUES('offer','asked','decline','unavailable');
INSERT INTO fsm_transition VALUES('offer','asked','lapse','unavailable');
INSERT INTO fsm_transition VALUES('offer','asked','close','closed');
INSERT INTO fsm_transition VALUES('offer','unavailable','declare','available');
INSERT INTO fsm_transition VALUES('offer','withdrawn','declare','available');
INSERT INTO fsm_transition VALUES('offer','available','declare','available');
INSERT INTO fsm_transition VALUES('offer','available','add','available');
INSERT INTO fsm_transition VALUES('offer','available','sell_out','sold_out');
INSERT INTO fsm_transition VALUES('offer','sold_out','restock','available');
INSERT INTO fsm_transition VALUES('offer','available','withdraw','withdrawn');
INSERT INTO fsm_transition VALUES('offer','sold_out','withdraw','withdrawn');
INSERT INTO fsm_transition VALUES('offer','available','close','closed');
INSERT INTO fsm_transition VALUES('offer','sold_out','close','closed');
INSERT INTO fsm_transition VALUES('offer','unavailable','close','closed');
INSERT INTO fsm_transition VALUES('offer','withdrawn','close','closed');
INSERT INTO fsm_transition VALUES('offer','sold_out','free','available');
INSERT INTO fsm_transition VALUES('offer','available','exhaust','sold_out');
INSERT INTO fsm_transition VALUES('order','_','start','draft');
INSERT INTO fsm_transition VALUES('order','draft','edit','draft');
INSERT INTO fsm_transition VALUES('order','draft','confirm','placed');
INSERT INTO fsm_transition VALUES('order','draft','drop','cancelled');
INSERT INTO fsm_transition VALUES('order','draft','lapse','expired');
INSERT INTO fsm_transition VALUES('order','placed','edit','placed');
INSERT INTO fsm_transition VALUES('order','placed','cancel','cancelled');
INSERT INTO fsm_transition VALUES('order','placed','lock','locked');
INSERT INTO fsm_transition VALUES('order','locked','settle','confirmed');
INSERT INTO fsm_transition VALUES('order','locked','refuse','refused');
INSERT INTO fsm_transition VALUES('order','locked','cancel','cancelled');
INSERT INTO fsm_transition VALUES('order','confirmed','cancel','cancelled');
INSERT INTO fsm_transition VALUES('order','ready','cancel','cancelled');
INSERT INTO fsm_transition VALUES('order','confirmed','ready','ready');
INSERT INTO fsm_transition VALUES('order','ready','collect','collected');
INSERT INTO fsm_transition VALUES('order','no_show','collect','collected');
INSERT INTO fsm_transition VALUES('order','placed','instruct','placed');
INSERT INTO fsm_transition VALUES('order','locked','instruct','locked');
INSERT INTO fsm_transition VALUES('order','confirmed','instruct','confirmed');
INSERT INTO fsm_transition VALUES('order','ready','instruct','ready');
INSERT INTO fsm_transition VALUES('order','no_show','instruct','no_show');
INSERT INTO fsm_transition VALUES('order','ready','miss','no_show');
INSERT INTO fsm_transition VALUES('order','no_show','rebook','ready');
INSERT INTO fsm_transition VALUES('order','no_show','write_off','unclaimed');
INSERT INTO fsm_transition VALUES('order','draft','void','cancelled');
INSERT INTO fsm_transition VALUES('order','placed','void','cancelled');
INSERT INTO fsm_transition VALUES('order','locked','void','cancelled');
INSERT INTO fsm_transition VALUES('order','confirmed','void','cancelled');
INSERT INTO fsm_transition VALUES('order','ready','void','cancelled');
INSERT INTO fsm_transition VALUES('line','_','add','requested');
INSERT INTO fsm_transition VALUES('line','requested','change','requested');
INSERT INTO fsm_transition VALUES('line','requested','drop','dropped');
INSERT INTO fsm_transition VALUES('line','requested','confirm','confirmed');
INSERT INTO fsm_transition VALUES('line','requested','shorten','partial');
INSERT INTO fsm_transition VALUES('line','confirmed','shorten','partial');
INSERT INTO fsm_transition VALUES('line','requested','refuse','refused');
INSERT INTO fsm_transition VALUES('line','confirmed','refuse','refused');
INSERT INTO fsm_transition VALUES('line','partial','refuse','refused');
INSERT INTO fsm_transition VALUES('line','partial','confirm','confirmed');
INSERT INTO fsm_transition VALUES('line','requested','lapse_confirm','confirmed');
INSERT INTO fsm_transition VALUES('line','requested','lapse_refuse','refused');
INSERT INTO fsm_transition VALUES('line','requested','substitute','sub_proposed');
INSERT INTO fsm_transition VALUES('line','confirmed','substitute','sub_proposed');
INSERT INTO fsm_transition VALUES('line','partial','substitute','sub_proposed');
INSERT INTO fsm_transition VALUES('line','refused','substitute','sub_proposed');
INSERT INTO fsm_transition VALUES('line','sub_proposed','accept','confirmed');
INSERT INTO fsm_transition VALUES('line','sub_proposed','reject','refused');
INSERT INTO fsm_transition VALUES('line','sub_proposed','lapse','refused');
INSERT INTO fsm_transition VALUES('line','confirmed','deliver','delivered');
INSERT INTO fsm_transition VALUES('line','partial','deliver','delivered');
INSERT INTO fsm_transition VALUES('line','confirmed','miss','missing');
INSERT INTO fsm_transition VALUES('line','partial','miss','missing');
INSERT INTO fsm_transition VALUES('line','delivered','dispute','disputed');
INSERT INTO fsm_transition VALUES('line','disputed','credit','credited');
INSERT INTO fsm_transition VALUES('line','disputed','dismiss','delivered');
INSERT INTO fsm_transition VALUES('line','requested','void','dropped');
INSERT INTO fsm_transition VALUES('line','confirmed','void','dropped');
INSERT INTO fsm_transition VALUES('line','partial','void','dropped');
INSERT INTO fsm_transition VALUES('line','refused','void','dropped');
INSERT INTO fsm_transition VALUES('line','sub_proposed','void','dropped');
INSERT INTO fsm_transition VALUES('line','partial','shorten','partial');
INSERT INTO fsm_transition VALUES('payment','_','open','due');
INSERT INTO fsm_transition VALUES('payment','due','part_pay','part_paid');
INSERT INTO fsm_transition VALUES('payment','due','pay','paid');
INSERT INTO fsm_transition VALUES('payment','part_paid','pay','paid');
INSERT INTO fsm_transition VALUES('payment','deferred','pay','paid');
INSERT INTO fsm_transition VALUES('payment','due','defer','deferred');
INSERT INTO fsm_transition VALUES('payment','part_paid','defer','deferred');
INSERT INTO fsm_transition VALUES('payment','due','waive','waived');
INSERT INTO fsm_transition VALUES('payment','part_paid','waive','waived');
INSERT INTO fsm_transition VALUES('payment','deferred','waive','waived');
INSERT INTO fsm_transition VALUES('payment','due','void','void');
INSERT INTO fsm_transition VALUES('payment','paid','refund','refunded');
INSERT INTO fsm_transition VALUES('payment','paid','credit','credited');
INSERT INTO fsm_transition VALUES('payment','deferred','void','void');
INSERT INTO fsm_transition VALUES('payment','part_paid','refund','refunded');
INSERT INTO fsm_transition VALUES('payment','due','adjust','due');
INSERT INTO fsm_transition VALUES('payment','part_paid','adjust','part_paid');
INSERT INTO fsm_transition VALUES('payment','deferred','adjust','deferred');
INSERT INTO fsm_transition VALUES('booking','_','request','requested');
INSERT INTO fsm_transition VALUES('booking','_','queue','waitlisted');
INSERT INTO fsm_transition VALUES('booking','requested','accept','accepted');
INSERT INTO fsm_transition VALUES('booking','requested','decline','declined');
INSERT INTO fsm_transition VALUES('booking','requested','counter','offered');
INSERT INTO fsm_transition VALUES('booking','requested','queue','waitlisted');
INSERT INTO fsm_transition VALUES('booking','requested','lapse','expired');
INSERT INTO fsm_transition VALUES('booking','waitlisted','offer','offered');
INSERT INTO fsm_transition VALUES('booking','offered','accept','accepted');
INSERT INTO fsm_transition VALUES('booking','offered','pass','cancelled');
INSERT INTO fsm_transition VALUES('booking','offered','lapse','expired');
INSERT INTO fsm_transition VALUES('booking','requested','cancel','cancelled');
INSERT INTO fsm_transition VALUES('booking','waitlisted','cancel','cancelled');
INSERT INTO fsm_transition VALUES('booking','offered','cancel','cancelled');
INSERT INTO fsm_transition VALUES('booking','accepted','cancel','cancelled');
INSERT INTO fsm_transition VALUES('booking','accepted','reschedule','requested');
INSERT INTO fsm_transition VALUES('booking','accepted','counter','offered');
INSERT INTO fsm_transition VALUES('booking','accepted','checkout','active');
INSERT INTO fsm_transition VALUES('booking','accepted','miss','no_show');
INSERT INTO fsm_transition VALUES('booking','active','extend','active');
INSERT INTO fsm_transition VALUES('booking','active','delay','active');
INSERT INTO fsm_transition VALUES('booking','active','due','overdue');
INSERT INTO fsm_transition VALUES('booking','overdue','extend','active');
INSERT INTO fsm_transition VALUES('booking','accepted','delay','accepted');
INSERT INTO fsm_transition VALUES('booking','active','handback','handback');
INSERT INTO fsm_transition VALUES('booking','overdue','handback','handback');
INSERT INTO fsm_transition VALUES('booking','active','close','closed');
INSERT INTO fsm_transition VALUES('booking','overdue','close','closed');
INSERT INTO fsm_transition VALUES('booking','handback','close','closed');
INSERT INTO fsm_transition VALUES('booking','handback','dispute','active');
INSERT INTO fsm_transition VALUES('booking','overdue','lose','lost');
INSERT INTO fsm_transition VALUES('booking','lost','close','closed');
INSERT INTO fsm_transition VALUES('booking','requested','void','cancelled');
INSERT INTO fsm_transition VALUES('booking','waitlisted','void','cancelled');
INSERT INTO fsm_transition VALUES('booking','offered','void','cancelled');
INSERT INTO fsm_transition VALUES('booking','accepted','void','cancelled');
INSERT INTO fsm_transition VALUES('assembly','_','create','draft');
INSERT INTO fsm_transition VALUES('assembly','draft','convene','convened');
INSERT INTO fsm_transition VALUES('assembly','adjourned','convene','convened');
INSERT INTO fsm_transition VALUES('assembly','convened','freeze','frozen');
INSERT INTO fsm_transition VALUES('assembly','frozen','open','open');
INSERT INTO fsm_transition VALUES('assembly','open','adjourn','adjourned');
INSERT INTO fsm_transition VALUES('assembly','open','close','closed');
INSERT INTO fsm_transition VALUES('assembly','closed','sign','minuted');
INSERT INTO fsm_transition VALUES('assembly','draft','cancel','cancelled');
INSERT INTO fsm_transition VALUES('assembly','convened','cancel','cancelled');
INSERT INTO fsm_transition VALUES('assembly','adjourned','cancel','cancelled');
INSERT INTO fsm_transition VALUES('motion','_','submit','submitted');
INSERT INTO fsm_transition VALUES('motion','submitted','admit','admitted');
INSERT INTO fsm_transition VALUES('motion','submitted','reject','inadmissible');
INSERT INTO fsm_transition VALUES('motion','submitted','withdraw','withdrawn');
INSERT INTO fsm_transition VALUES('motion','admitted','withdraw','withdrawn');
INSERT INTO fsm_transition VALUES('motion','admitted','open','voting');
INSERT INTO fsm_transition VALUES('motion','voting','close','counting');
INSERT INTO fsm_transition VALUES('motion','counting','count','counted');
INSERT INTO fsm_transition VALUES('motion','voting','void','void');
INSERT INTO fsm_transition VALUES('motion','counting','void','void');
INSERT INTO fsm_transition VALUES('motion','counted','publish','published');
INSERT INTO fsm_transition VALUES('motion','published','contest','contested');
INSERT INTO fsm_transition VALUES('motion','published','settle','final');
INSERT INTO fsm_transition VALUES('motion','contested','uphold','final');
INSERT INTO fsm_transition VALUES('motion','contested','annul','annulled');
INSERT INTO fsm_transition VALUES('right','_','list','listed');
INSERT INTO fsm_transition VALUES('right','listed','strike','struck');
INSERT INTO fsm_transition VALUES('right','listed','invite','invited');
INSERT INTO fsm_transition VALUES('right','invited','delegate','delegated');
INSERT INTO fsm_transition VALUES('right','delegated','revoke','invited');
INSERT INTO fsm_transition VALUES('right','invited','vote','voted');
INSERT INTO fsm_transition VALUES('right','delegated','vote','voted');
INSERT INTO fsm_transition VALUES('right','invited','paper','voted_paper');
INSERT INTO fsm_transition VALUES('right','delegated','paper','voted_paper');
INSERT INTO fsm_transition VALUES('right','voted','revote','voted');
INSERT INTO fsm_transition VALUES('right','voted','paper','voted_paper');
INSERT INTO fsm_transition VALUES('right','invited','lapse','lapsed');
INSERT INTO fsm_transition VALUES('right','delegated','lapse','lapsed');
INSERT INTO fsm_transition VALUES('proxy','_','ask','asked');
INSERT INTO fsm_transition VALUES('proxy','asked','accept','accepted');
INSERT INTO fsm_transition VALUES('proxy','asked','refuse','refused');
INSERT INTO fsm_transition VALUES('proxy','asked','lapse','expired');
INSERT INTO fsm_transition VALUES('proxy','accepted','lapse','expired');
INSERT INTO fsm_transition VALUES('proxy','asked','revoke','revoked');
INSERT INTO fsm_transition VALUES('proxy','accepted','revoke','revoked');
INSERT INTO fsm_transition VALUES('proxy','accepted','use','used');
INSERT INTO fsm_transition VALUES('contact','_','discover','unknown');
INSERT INTO fsm_transition VALUES('contact','_','register','pending');
INSERT INTO fsm_transition VALUES('contact','unknown','register','pending');
INSERT INTO fsm_transition VALUES('contact','pending','consent','active');
INSERT INTO fsm_transition VALUES('contact','unknown','lapse','erased');
INSERT INTO fsm_transition VALUES('contact','pending','lapse','erased');
INSERT INTO fsm_transition VALUES('contact','unknown','stop','stopped');
INSERT INTO fsm_transition VALUES('contact','pending','stop','stopped');
INSERT INTO fsm_transition VALUES('contact','active','stop','stopped');
INSERT INTO fsm_transition VALUES('contact','paused','stop','stopped');
INSERT INTO fsm_transition VALUES('contact','stopped','start','active');
INSERT INTO fsm_transition VALUES('contact','active','pause','paused');
INSERT INTO fsm_transition VALUES('contact','paused','resume','active');
INSERT INTO fsm_transition VALUES('contact','active','rebind','pending');
INSERT INTO fsm_transition VALUES('contact','stopped','rebind','pending');
INSERT INTO fsm_transition VALUES('contact','paused','rebind','pending');
INSERT INTO fsm_transition VALUES('contact','active','erase','erased');
INSERT INTO fsm_transition VALUES('contact','stopped','erase','erased');
INSERT INTO fsm_transition VALUES('contact','paused','erase','erased');
INSERT INTO fsm_transition VALUES('contact','active','prefer','active');
INSERT INTO fsm_transition VALUES('message','_','queue','queued');
INSERT INTO fsm_transition VALUES('message','queued','claim','sending');
INSERT INTO fsm_transition VALUES('message','sending','ack','sent');
INSERT INTO fsm_transition VALUES('message','sending','retry','queued');
INSERT INTO fsm_transition VALUES('message','sending','abandon','failed');
INSERT INTO fsm_transition VALUES('message','queued','suppress','suppressed');
INSERT INTO fsm_transition VALUES('message','queued','expire','expired');
INSERT INTO fsm_transition VALUES('message','sent','deliver','delivered');
INSERT INTO fsm_transition VALUES('message','sent','undeliver','failed');
INSERT INTO fsm_transition VALUES('message','sending','lose','doubt');
INSERT INTO fsm_transition VALUES('message','doubt','deliver','delivered');
INSERT INTO fsm_transition VALUES('message','doubt','retry','queued');
INSERT INTO fsm_transition VALUES('message','doubt','abandon','failed');
INSERT INTO fsm_transition VALUES('resource','_','publish','published');
INSERT INTO fsm_transition VALUES('resource','published','change','published');
INSERT INTO fsm_transition VALUES('resource','published','block','blocked');
INSERT INTO fsm_transition VALUES('resource','blocked','publish','published');
INSERT INTO fsm_transition VALUES('resource','published','withdraw','withdrawn');
INSERT INTO fsm_transition VALUES('resource','blocked','withdraw','withdrawn');
CREATE TABLE fsm_role (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	role TEXT NOT NULL,
	PRIMARY KEY (machine, from_state, event, role)
) STRICT;
INSERT INTO fsm_role VALUES('cycle','_','create','COO');
INSERT INTO fsm_role VALUES('cycle','draft','announce','COO');
INSERT INTO fsm_role VALUES('cycle','announced','open','COO');
INSERT INTO fsm_role VALUES('cycle','announced','open','SYS');
INSERT INTO fsm_role VALUES('cycle','open','extend','COO');
INSERT INTO fsm_role VALUES('cycle','open','close','COO');
INSERT INTO fsm_role VALUES('cycle','open','close','SYS');
INSERT INTO fsm_role VALUES('cycle','closed','confirm','COO');
INSERT INTO fsm_role VALUES('cycle','closed','confirm','SYS');
INSERT INTO fsm_role VALUES('cycle','confirmed','start_pickup','COO');
INSERT INTO fsm_role VALUES('cycle','confirmed','start_pickup','SYS');
INSERT INTO fsm_role VALUES('cycle','pickup','settle','COO');
INSERT INTO fsm_role VALUES('cycle','pickup','settle','SYS');
INSERT INTO fsm_role VALUES('cycle','draft','cancel','COO');
INSERT INTO fsm_role VALUES('cycle','announced','cancel','COO');
INSERT INTO fsm_role VALUES('cycle','open','cancel','COO');
INSERT INTO fsm_role VALUES('cycle','closed','cancel','COO');
INSERT INTO fsm_role VALUES('cycle','confirmed','cancel','COO');
INSERT INTO fsm_role VALUES('offer','_','ask','SYS');
INSERT INTO fsm_role VALUES('offer','_','ask','COO');
INSERT INTO fsm_role VALUES('offer','_','declare','PRO');
INSERT INTO fsm_role VALUES('offer','_','declare','COO');
INSERT INTO fsm_role VALUES('offer','asked','declare','PRO');
INSERT INTO fsm_role VALUES('offer','asked','declare','COO');
INSERT INTO fsm_role VALUES('offer','asked','decline','PRO');
INSERT INTO fsm_role VALUES('offer','asked','decline','COO');
INSERT INTO fsm_role VALUES('offer','asked','lapse','SYS');
INSERT INTO fsm_role VALUES('offer','asked','close','SYS');
INSERT INTO fsm_role VALUES('offer','unavailable','declare','PRO');
INSERT INTO fsm_role VALUES('offer','unavailable','declare','COO');
INSERT INTO fsm_role VALUES('offer','withdrawn','declare','PRO');
INSERT INTO fsm_role VALUES('offer','withdrawn','declare','COO');
INSERT INTO fsm_role VALUES('offer','available','declare','PRO');
INSERT INTO fsm_role VALUES('offer','available','declare','COO');
INSERT INTO fsm_role VALUES('offer','available','add','PRO');
INSERT INTO fsm_role VALUES('offer','available','add','COO');
INSERT INTO fsm_role VALUES('offer','available','sell_out','SYS');
INSERT INTO fsm_role VALUES('offer','sold_out','restock','PRO');
INSERT INTO fsm_role VALUES('offer','sold_out','restock','COO');
INSERT INTO fsm_role VALUES('offer','available','withdraw','PRO');
INSERT INTO fsm_role VALUES('offer','available','withdraw','COO');
INSERT INTO fsm_role VALUES('offer','sold_out','withdraw','PRO');
INSERT INTO fsm_role VALUES('offer','sold_out','withdraw','COO');
INSERT INTO fsm_role VALUES('offer','available','close','SYS');
INSERT INTO fsm_role VALUES('offer','sold_out','close','SYS');
INSERT INTO fsm_role VALUES('offer','unavailable','close','SYS');
INSERT INTO fsm_role VALUES('offer','withdrawn','close','SYS');
INSERT INTO fsm_role VALUES('offer','sold_out','free','SYS');
INSERT INTO fsm_role VALUES('offer','available','exhaust','PRO');
INSERT INTO fsm_role VALUES('offer','available','exhaust','COO');
INSERT INTO fsm_role VALUES('order','_','start','RES');
INSERT INTO fsm_role VALUES('order','_','start','AID');
INSERT INTO fsm_role VALUES('order','_','start','COO');
INSERT INTO fsm_role VALUES('order','draft','edit','RES');
INSERT INTO fsm_role VALUES('order','draft','edit','AID');
INSERT INTO fsm_role VALUES('order','draft','edit','COO');
INSERT INTO fsm_role VALUES('order','draft','edit','SYS');
INSERT INTO fsm_role VALUES('order','draft','confirm','RES');
INSERT INTO fsm_role VALUES('order','draft','confirm','AID');
INSERT INTO fsm_role VALUES('order','draft','confirm','COO');
INSERT INTO fsm_role VALUES('order','draft','drop','RES');
INSERT INTO fsm_role VALUES('order','draft','drop','AID');
INSERT INTO fsm_role VALUES('order','draft','drop','COO');
INSERT INTO fsm_role VALUES('order','draft','lapse','SYS');
INSERT INTO fsm_role VALUES('order','placed','edit','RES');
INSERT INTO fsm_role VALUES('order','placed','edit','AID');
INSERT INTO fsm_role VALUES('order','placed','edit','COO');
INSERT INTO fsm_role VALUES('order','placed','edit','SYS');
INSERT INTO fsm_role VALUES('order','placed','cancel','RES');
INSERT INTO fsm_role VALUES('order','placed','cancel','AID');
INSERT INTO fsm_role VALUES('order','placed','cancel','COO');
INSERT INTO fsm_role VALUES('order','placed','lock','SYS');
INSERT INTO fsm_role VALUES('order','locked','settle','SYS');
INSERT INTO fsm_role VALUES('order','locked','refuse','SYS');
INSERT INTO fsm_role VALUES('order','locked','cancel','COO');
INSERT INTO fsm_role VALUES('order','confirmed','cancel','COO');
INSERT INTO fsm_role VALUES('order','ready','cancel','COO');
INSERT INTO fsm_role VALUES('order','confirmed','ready','COO');
INSERT INTO fsm_role VALUES('order','confirmed','ready','SYS');
INSERT INTO fsm_role VALUES('order','ready','collect','COO');
INSERT INTO fsm_role VALUES('order','ready','collect','RES');
INSERT INTO fsm_role VALUES('order','no_show','collect','COO');
INSERT INTO fsm_role VALUES('order','no_show','collect','RES');
INSERT INTO fsm_role VALUES('order','placed','instruct','RES');
INSERT INTO fsm_role VALUES('order','placed','instruct','AID');
INSERT INTO fsm_role VALUES('order','placed','instruct','COO');
INSERT INTO fsm_role VALUES('order','locked','instruct','RES');
INSERT INTO fsm_role VALUES('order','locked','instruct','AID');
INSERT INTO fsm_role VALUES('order','locked','instruct','COO');
INSERT INTO fsm_role VALUES('order','confirmed','instruct','RES');
INSERT INTO fsm_role VALUES('order','confirmed','instruct','AID');
INSERT INTO fsm_role VALUES('order','confirmed','instruct','COO');
INSERT INTO fsm_role VALUES('order','ready','instruct','RES');
INSERT INTO fsm_role VALUES('order','ready','instruct','AID');
INSERT INTO fsm_role VALUES('order','ready','instruct','COO');
INSERT INTO fsm_role VALUES('order','no_show','instruct','RES');
INSERT INTO fsm_role VALUES('order','no_show','instruct','AID');
INSERT INTO fsm_role VALUES('order','no_show','instruct','COO');
INSERT INTO fsm_role VALUES('order','ready','miss','COO');
INSERT INTO fsm_role VALUES('order','ready','miss','SYS');
INSERT INTO fsm_role VALUES('order','no_show','rebook','COO');
INSERT INTO fsm_role VALUES('order','no_show','write_off','COO');
INSERT INTO fsm_role VALUES('order','no_show','write_off','SYS');
INSERT INTO fsm_role VALUES('order','draft','void','SYS');
INSERT INTO fsm_role VALUES('order','placed','void','SYS');
INSERT INTO fsm_role VALUES('order','locked','void','SYS');
INSERT INTO fsm_role VALUES('order','confirmed','void','SYS');
INSERT INTO fsm_role VALUES('order','ready','void','SYS');
INSERT INTO fsm_role VALUES('line','_','add','RES');
INSERT INTO fsm_role VALUES('line','_','add','AID');
INSERT INTO fsm_role VALUES('line','_','add','COO');
INSERT INTO fsm_role VALUES('line','requested','change','RES');
INSERT INTO fsm_role VALUES('line','requested','change','AID');
INSERT INTO fsm_role VALUES('line','requested','change','COO');
INSERT INTO fsm_role VALUES('line','requested','drop','RES');
INSERT INTO fsm_role VALUES('line','requested','drop','AID');
INSERT INTO fsm_role VALUES('line','requested','drop','COO');
INSERT INTO fsm_role VALUES('line','requested','confirm','PRO');
INSERT INTO fsm_role VALUES('line','requested','confirm','COO');
INSERT INTO fsm_role VALUES('line','requested','shorten','PRO');
INSERT INTO fsm_role VALUES('line','requested','shorten','COO');
INSERT INTO fsm_role VALUES('line','confirmed','shorten','PRO');
INSERT INTO fsm_role VALUES('line','confirmed','shorten','COO');
INSERT INTO fsm_role VALUES('line','requested','refuse','PRO');
INSERT INTO fsm_role VALUES('line','requested','refuse','COO');
INSERT INTO fsm_role VALUES('line','confirmed','refuse','PRO');
INSERT INTO fsm_role VALUES('line','confirmed','refuse','COO');
INSERT INTO fsm_role VALUES('line','partial','refuse','PRO');
INSERT INTO fsm_role VALUES('line','partial','refuse','COO');
INSERT INTO fsm_role VALUES('line','partial','confirm','PRO');
INSERT INTO fsm_role VALUES('line','partial','confirm','COO');
INSERT INTO fsm_role VALUES('line','requested','lapse_confirm','SYS');
INSERT INTO fsm_role VALUES('line','requested','lapse_refuse','SYS');
INSERT INTO fsm_role VALUES('line','requested','substitute','PRO');
INSERT INTO fsm_role VALUES('line','requested','substitute','COO');
INSERT INTO fsm_role VALUES('line','confirmed','substitute','PRO');
INSERT INTO fsm_role VALUES('line','confirmed','substitute','COO');
INSERT INTO fsm_role VALUES('line','partial','substitute','PRO');
INSERT INTO fsm_role VALUES('line','partial','substitute','COO');
INSERT INTO fsm_role VALUES('line','refused','substitute','PRO');
INSERT INTO fsm_role VALUES('line','refused','substitute','COO');
INSERT INTO fsm_role VALUES('line','sub_proposed','accept','RES');
INSERT INTO fsm_role VALUES('line','sub_proposed','accept','AID');
INSERT INTO fsm_role VALUES('line','sub_proposed','accept','COO');
INSERT INTO fsm_role VALUES('line','sub_proposed','reject','RES');
INSERT INTO fsm_role VALUES('line','sub_proposed','reject','AID');
INSERT INTO fsm_role VALUES('line','sub_proposed','reject','COO');
INSERT INTO fsm_role VALUES('line','sub_proposed','lapse','SYS');
INSERT INTO fsm_role VALUES('line','confirmed','deliver','COO');
INSERT INTO fsm_role VALUES('line','confirmed','deliver','SYS');
INSERT INTO fsm_role VALUES('line','partial','deliver','COO');
INSERT INTO fsm_role VALUES('line','partial','deliver','SYS');
INSERT INTO fsm_role VALUES('line','confirmed','miss','COO');
INSERT INTO fsm_role VALUES('line','partial','miss','COO');
INSERT INTO fsm_role VALUES('line','delivered','dispute','RES');
INSERT INTO fsm_role VALUES('line','delivered','dispute','AID');
INSERT INTO fsm_role VALUES('line','delivered','dispute','COO');
INSERT INTO fsm_role VALUES('line','disputed','credit','COO');
INSERT INTO fsm_role VALUES('line','disputed','dismiss','COO');
INSERT INTO fsm_role VALUES('line','requested','void','SYS');
INSERT INTO fsm_role VALUES('line','confirmed','void','SYS');
INSERT INTO fsm_role VALUES('line','partial','void','SYS');
INSERT INTO fsm_role VALUES('line','refused','void','SYS');
INSERT INTO fsm_role VALUES('line','sub_proposed','void','SYS');
INSERT INTO fsm_role VALUES('line','partial','shorten','PRO');
INSERT INTO fsm_role VALUES('line','partial','shorten','COO');
INSERT INTO fsm_role VALUES('payment','_','open','SYS');
INSERT INTO fsm_role VALUES('payment','due','part_pay','COO');
INSERT INTO fsm_role VALUES('payment','due','pay','COO');
INSERT INTO fsm_role VALUES('payment','due','pay','SYS');
INSERT INTO fsm_role VALUES('payment','part_paid','pay','COO');
INSERT INTO fsm_role VALUES('payment','part_paid','pay','SYS');
INSERT INTO fsm_role VALUES('payment','deferred','pay','COO');
INSERT INTO fsm_role VALUES('payment','deferred','pay','SYS');
INSERT INTO fsm_role VALUES('payment','due','defer','COO');
INSERT INTO fsm_role VALUES('payment','part_paid','defer','COO');
INSERT INTO fsm_role VALUES('payment','due','waive','COO');
INSERT INTO fsm_role VALUES('payment','part_paid','waive','COO');
INSERT INTO fsm_role VALUES('payment','deferred','waive','COO');
INSERT INTO fsm_role VALUES('payment','due','void','SYS');
INSERT INTO fsm_role VALUES('payment','due','void','COO');
INSERT INTO fsm_role VALUES('payment','paid','refund','COO');
INSERT INTO fsm_role VALUES('payment','paid','credit','COO');
INSERT INTO fsm_role VALUES('payment','paid','credit','SYS');
INSERT INTO fsm_role VALUES('payment','deferred','void','SYS');
INSERT INTO fsm_role VALUES('payment','deferred','void','COO');
INSERT INTO fsm_role VALUES('payment','part_paid','refund','COO');
INSERT INTO fsm_role VALUES('payment','due','adjust','SYS');
INSERT INTO fsm_role VALUES('payment','due','adjust','COO');
INSERT INTO fsm_role VALUES('payment','part_paid','adjust','SYS');
INSERT INTO fsm_role VALUES('payment','part_paid','adjust','COO');
INSERT INTO fsm_role VALUES('payment','deferred','adjust','SYS');
INSERT INTO fsm_role VALUES('payment','deferred','adjust','COO');
INSERT INTO fsm_role VALUES('booking','_','request','RES');
INSERT INTO fsm_role VALUES('booking','_','request','AID');
INSERT INTO fsm_role VALUES('booking','_','request','COO');
INSERT INTO fsm_role VALUES('booking','_','queue','RES');
INSERT INTO fsm_role VALUES('booking','_','queue','AID');
INSERT INTO fsm_role VALUES('booking','_','queue','COO');
INSERT INTO fsm_role VALUES('booking','requested','accept','PRV');
INSERT INTO fsm_role VALUES('booking','requested','accept','COO');
INSERT INTO fsm_role VALUES('booking','requested','accept','SYS');
INSERT INTO fsm_role VALUES('booking','requested','decline','PRV');
INSERT INTO fsm_role VALUES('booking','requested','decline','COO');
INSERT INTO fsm_role VALUES('booking','requested','counter','PRV');
INSERT INTO fsm_role VALUES('booking','requested','counter','COO');
INSERT INTO fsm_role VALUES('booking','requested','queue','SYS');
INSERT INTO fsm_role VALUES('booking','requested','lapse','SYS');
INSERT INTO fsm_role VALUES('booking','waitlisted','offer','SYS');
INSERT INTO fsm_role VALUES('booking','waitlisted','offer','COO');
INSERT INTO fsm_role VALUES('booking','offered','accept','RES');
INSERT INTO fsm_role VALUES('booking','offered','accept','AID');
INSERT INTO fsm_role VALUES('booking','offered','accept','COO');
INSERT INTO fsm_role VALUES('booking','offered','pass','RES');
INSERT INTO fsm_role VALUES('booking','offered','pass','AID');
INSERT INTO fsm_role VALUES('booking','offered','lapse','SYS');
INSERT INTO fsm_role VALUES('booking','requested','cancel','RES');
INSERT INTO fsm_role VALUES('booking','requested','cancel','AID');
INSERT INTO fsm_role VALUES('booking','requested','cancel','PRV');
INSERT INTO fsm_role VALUES('booking','requested','cancel','COO');
INSERT INTO fsm_role VALUES('booking','waitlisted','cancel','RES');
INSERT INTO fsm_role VALUES('booking','waitlisted','cancel','AID');
INSERT INTO fsm_role VALUES('booking','waitlisted','cancel','PRV');
INSERT INTO fsm_role VALUES('booking','waitlisted','cancel','COO');
INSERT INTO fsm_role VALUES('booking','offered','cancel','RES');
INSERT INTO fsm_role VALUES('booking','offered','cancel','AID');
INSERT INTO fsm_role VALUES('booking','offered','cancel','PRV');
INSERT INTO fsm_role VALUES('booking','offered','cancel','COO');
INSERT INTO fsm_role VALUES('booking','accepted','cancel','RES');
INSERT INTO fsm_role VALUES('booking','accepted','cancel','AID');
INSERT INTO fsm_role VALUES('booking','accepted','cancel','PRV');
INSERT INTO fsm_role VALUES('booking','accepted','cancel','COO');
INSERT INTO fsm_role VALUES('booking','accepted','reschedule','RES');
INSERT INTO fsm_role VALUES('booking','accepted','reschedule','AID');
INSERT INTO fsm_role VALUES('booking','accepted','reschedule','COO');
INSERT INTO fsm_role VALUES('booking','accepted','counter','PRV');
INSERT INTO fsm_role VALUES('booking','accepted','counter','COO');
INSERT INTO fsm_role VALUES('booking','accepted','checkout','PRV');
INSERT INTO fsm_role VALUES('booking','accepted','checkout','COO');
INSERT INTO fsm_role VALUES('booking','accepted','miss','SYS');
INSERT INTO fsm_role VALUES('booking','accepted','miss','PRV');
INSERT INTO fsm_role VALUES('booking','accepted','miss','COO');
INSERT INTO fsm_role VALUES('booking','active','extend','RES');
INSERT INTO fsm_role VALUES('booking','active','extend','AID');
INSERT INTO fsm_role VALUES('booking','active','extend','PRV');
INSERT INTO fsm_role VALUES('booking','active','extend','COO');
INSERT INTO fsm_role VALUES('booking','active','delay','PRV');
INSERT INTO fsm_role VALUES('booking','active','delay','COO');
INSERT INTO fsm_role VALUES('booking','active','due','SYS');
INSERT INTO fsm_role VALUES('booking','overdue','extend','PRV');
INSERT INTO fsm_role VALUES('booking','overdue','extend','COO');
INSERT INTO fsm_role VALUES('booking','accepted','delay','PRV');
INSERT INTO fsm_role VALUES('booking','accepted','delay','COO');
INSERT INTO fsm_role VALUES('booking','active','handback','RES');
INSERT INTO fsm_role VALUES('booking','active','handback','AID');
INSERT INTO fsm_role VALUES('booking','active','handback','PRV');
INSERT INTO fsm_role VALUES('booking','active','handback','COO');
INSERT INTO fsm_role VALUES('booking','overdue','handback','RES');
INSERT INTO fsm_role VALUES('booking','overdue','handback','AID');
INSERT INTO fsm_role VALUES('booking','overdue','handback','PRV');
INSERT INTO fsm_role VALUES('booking','overdue','handback','COO');
INSERT INTO fsm_role VALUES('booking','active','close','PRV');
INSERT INTO fsm_role VALUES('booking','active','close','COO');
INSERT INTO fsm_role VALUES('booking','active','close','RES');
INSERT INTO fsm_role VALUES('booking','active','close','SYS');
INSERT INTO fsm_role VALUES('booking','active','close','AID');
INSERT INTO fsm_role VALUES('booking','overdue','close','PRV');
INSERT INTO fsm_role VALUES('booking','overdue','close','COO');
INSERT INTO fsm_role VALUES('booking','overdue','close','RES');
INSERT INTO fsm_role VALUES('booking','overdue','close','SYS');
INSERT INTO fsm_role VALUES('booking','overdue','close','AID');
INSERT INTO fsm_role VALUES('booking','handback','close','PRV');
INSERT INTO fsm_role VALUES('booking','handback','close','COO');
INSERT INTO fsm_role VALUES('booking','handback','close','RES');
INSERT INTO fsm_role VALUES('booking','handback','close','SYS');
INSERT INTO fsm_role VALUES('booking','handback','close','AID');
INSERT INTO fsm_role VALUES('booking','handback','dispute','PRV');
INSERT INTO fsm_role VALUES('booking','handback','dispute','RES');
INSERT INTO fsm_role VALUES('booking','handback','dispute','COO');
INSERT INTO fsm_role VALUES('booking','overdue','lose','PRV');
INSERT INTO fsm_role VALUES('booking','overdue','lose','COO');
INSERT INTO fsm_role VALUES('booking','lost','close','COO');
INSERT INTO fsm_role VALUES('booking','requested','void','SYS');
INSERT INTO fsm_role VALUES('booking','waitlisted','void','SYS');
INSERT INTO fsm_role VALUES('booking','offered','void','SYS');
INSERT INTO fsm_role VALUES('booking','accepted','void','SYS');
INSERT INTO fsm_role VALUES('assembly','_','create','CHR');
INSERT INTO fsm_role VALUES('assembly','draft','convene','CHR');
INSERT INTO fsm_role VALUES('assembly','adjourned','convene','CHR');
INSERT INTO fsm_role VALUES('assembly','convened','freeze','CHR');
INSERT INTO fsm_role VALUES('assembly','convened','freeze','SYS');
INSERT INTO fsm_role VALUES('assembly','frozen','open','CHR');
INSERT INTO fsm_role VALUES('assembly','frozen','open','SYS');
INSERT INTO fsm_role VALUES('assembly','open','adjourn','CHR');
INSERT INTO fsm_role VALUES('assembly','open','close','CHR');
INSERT INTO fsm_role VALUES('assembly','open','close','SYS');
INSERT INTO fsm_role VALUES('assembly','closed','sign','CHR');
INSERT INTO fsm_role VALUES('assembly','closed','sign','SCR');
INSERT INTO fsm_role VALUES('assembly','draft','cancel','CHR');
INSERT INTO fsm_role VALUES('assembly','convened','cancel','CHR');
INSERT INTO fsm_role VALUES('assembly','adjourned','cancel','CHR');
INSERT INTO fsm_role VALUES('motion','_','submit','MEM');
INSERT INTO fsm_role VALUES('motion','_','submit','CHR');
INSERT INTO fsm_role VALUES('motion','submitted','admit','CHR');
INSERT INTO fsm_role VALUES('motion','submitted','reject','CHR');
INSERT INTO fsm_role VALUES('motion','submitted','withdraw','MEM');
INSERT INTO fsm_role VALUES('motion','submitted','withdraw','CHR');
INSERT INTO fsm_role VALUES('motion','admitted','withdraw','MEM');
INSERT INTO fsm_role VALUES('motion','admitted','withdraw','CHR');
INSERT INTO fsm_role VALUES('motion','admitted','open','CHR');
INSERT INTO fsm_role VALUES('motion','admitted','open','SYS');
INSERT INTO fsm_role VALUES('motion','voting','close','CHR');
INSERT INTO fsm_role VALUES('motion','voting','close','SYS');
INSERT INTO fsm_role VALUES('motion','counting','count','SYS');
INSERT INTO fsm_role VALUES('motion','counting','count','SCR');
INSERT INTO fsm_role VALUES('motion','voting','void','CHR');
INSERT INTO fsm_role VALUES('motion','voting','void','SCR');
INSERT INTO fsm_role VALUES('motion','counting','void','CHR');
INSERT INTO fsm_role VALUES('motion','counting','void','SCR');
INSERT INTO fsm_role VALUES('motion','counted','publish','CHR');
INSERT INTO fsm_role VALUES('motion','counted','publish','SCR');
INSERT INTO fsm_role VALUES('motion','published','contest','MEM');
INSERT INTO fsm_role VALUES('motion','published','settle','SYS');
INSERT INTO fsm_role VALUES('motion','contested','uphold','SCR');
INSERT INTO fsm_role VALUES('motion','contested','annul','SCR');
INSERT INTO fsm_role VALUES('right','_','list','ADM');
INSERT INTO fsm_role VALUES('right','_','list','CHR');
INSERT INTO fsm_role VALUES('right','listed','strike','ADM');
INSERT INTO fsm_role VALUES('right','listed','strike','CHR');
INSERT INTO fsm_role VALUES('right','listed','invite','SYS');
INSERT INTO fsm_role VALUES('right','invited','delegate','SYS');
INSERT INTO fsm_role VALUES('right','delegated','revoke','MEM');
INSERT INTO fsm_role VALUES('right','delegated','revoke','SYS');
INSERT INTO fsm_role VALUES('right','invited','vote','MEM');
INSERT INTO fsm_role VALUES('right','delegated','vote','MEM');
INSERT INTO fsm_role VALUES('right','invited','paper','SCR');
INSERT INTO fsm_role VALUES('right','invited','paper','CHR');
INSERT INTO fsm_role VALUES('right','delegated','paper','SCR');
INSERT INTO fsm_role VALUES('right','delegated','paper','CHR');
INSERT INTO fsm_role VALUES('right','voted','revote','MEM');
INSERT INTO fsm_role VALUES('right','voted','paper','SCR');
INSERT INTO fsm_role VALUES('right','voted','paper','CHR');
INSERT INTO fsm_role VALUES('right','invited','lapse','SYS');
INSERT INTO fsm_role VALUES('right','delegated','lapse','SYS');
INSERT INTO fsm_role VALUES('proxy','_','ask','MEM');
INSERT INTO fsm_role VALUES('proxy','asked','accept','MEM');
INSERT INTO fsm_role VALUES('proxy','asked','refuse','MEM');
INSERT INTO fsm_role VALUES('proxy','asked','lapse','SYS');
INSERT INTO fsm_role VALUES('proxy','accepted','lapse','SYS');
INSERT INTO fsm_role VALUES('proxy','asked','revoke','MEM');
INSERT INTO fsm_role VALUES('proxy','asked','revoke','SYS');
INSERT INTO fsm_role VALUES('proxy','accepted','revoke','MEM');
INSERT INTO fsm_role VALUES('proxy','accepted','revoke','SYS');
INSERT INTO fsm_role VALUES('proxy','accepted','use','SYS');
INSERT INTO fsm_role VALUES('contact','_','discover','SYS');
INSERT INTO fsm_role VALUES('contact','_','register','COO');
INSERT INTO fsm_role VALUES('contact','_','register','ADM');
INSERT INTO fsm_role VALUES('contact','unknown','register','COO');
INSERT INTO fsm_role VALUES('contact','unknown','register','ADM');
INSERT INTO fsm_role VALUES('contact','pending','consent','RES');
INSERT INTO fsm_role VALUES('contact','pending','consent','COO');
INSERT INTO fsm_role VALUES('contact','unknown','lapse','SYS');
INSERT INTO fsm_role VALUES('contact','pending','lapse','SYS');
INSERT INTO fsm_role VALUES('contact','unknown','stop','RES');
INSERT INTO fsm_role VALUES('contact','unknown','stop','SYS');
INSERT INTO fsm_role VALUES('contact','unknown','stop','COO');
INSERT INTO fsm_role VALUES('contact','pending','stop','RES');
INSERT INTO fsm_role VALUES('contact','pending','stop','SYS');
INSERT INTO fsm_role VALUES('contact','pending','stop','COO');
INSERT INTO fsm_role VALUES('contact','active','stop','RES');
INSERT INTO fsm_role VALUES('contact','active','stop','SYS');
INSERT INTO fsm_role VALUES('contact','active','stop','COO');
INSERT INTO fsm_role VALUES('contact','paused','stop','RES');
INSERT INTO fsm_role VALUES('contact','paused','stop','SYS');
INSERT INTO fsm_role VALUES('contact','paused','stop','COO');
INSERT INTO fsm_role VALUES('contact','stopped','start','RES');
INSERT INTO fsm_role VALUES('contact','active','pause','COO');
INSERT INTO fsm_role VALUES('contact','active','pause','SYS');
INSERT INTO fsm_role VALUES('contact','paused','resume','COO');
INSERT INTO fsm_role VALUES('contact','paused','resume','RES');
INSERT INTO fsm_role VALUES('contact','active','rebind','COO');
INSERT INTO fsm_role VALUES('contact','stopped','rebind','COO');
INSERT INTO fsm_role VALUES('contact','paused','rebind','COO');
INSERT INTO fsm_role VALUES('contact','active','erase','ADM');
INSERT INTO fsm_role VALUES('contact','active','erase','SYS');
INSERT INTO fsm_role VALUES('contact','stopped','erase','ADM');
INSERT INTO fsm_role VALUES('contact','stopped','erase','SYS');
INSERT INTO fsm_role VALUES('contact','paused','erase','ADM');
INSERT INTO fsm_role VALUES('contact','paused','erase','SYS');
INSERT INTO fsm_role VALUES('contact','active','prefer','RES');
INSERT INTO fsm_role VALUES('contact','active','prefer','COO');
INSERT INTO fsm_role VALUES('message','_','queue','SYS');
INSERT INTO fsm_role VALUES('message','queued','claim','SYS');
INSERT INTO fsm_role VALUES('message','sending','ack','SYS');
INSERT INTO fsm_role VALUES('message','sending','retry','SYS');
INSERT INTO fsm_role VALUES('message','sending','abandon','SYS');
INSERT INTO fsm_role VALUES('message','queued','suppress','SYS');
INSERT INTO fsm_role VALUES('message','queued','expire','SYS');
INSERT INTO fsm_role VALUES('message','sent','deliver','SYS');
INSERT INTO fsm_role VALUES('message','sent','undeliver','SYS');
INSERT INTO fsm_role VALUES('message','sending','lose','SYS');
INSERT INTO fsm_role VALUES('message','doubt','deliver','SYS');
INSERT INTO fsm_role VALUES('message','doubt','retry','SYS');
INSERT INTO fsm_role VALUES('message','doubt','abandon','SYS');
INSERT INTO fsm_role VALUES('resource','_','publish','PRV');
INSERT INTO fsm_role VALUES('resource','_','publish','COO');
INSERT INTO fsm_role VALUES('resource','published','change','PRV');
INSERT INTO fsm_role VALUES('resource','published','change','COO');
INSERT INTO fsm_role VALUES('resource','published','block','PRV');
INSERT INTO fsm_role VALUES('resource','published','block','COO');
INSERT INTO fsm_role VALUES('resource','blocked','publish','PRV');
INSERT INTO fsm_role VALUES('resource','blocked','publish','COO');
INSERT INTO fsm_role VALUES('resource','published','withdraw','PRV');
INSERT INTO fsm_role VALUES('resource','published','withdraw','COO');
INSERT INTO fsm_role VALUES('resource','blocked','withdraw','PRV');
INSERT INTO fsm_role VALUES('resource','blocked','withdraw','COO');
CREATE TABLE fsm_guard (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	guard TEXT NOT NULL,
	kind TEXT NOT NULL, -- data, presence or assertion
	PRIMARY KEY (machine, from_state, event, guard)
) STRICT;
INSERT INTO fsm_guard VALUES('cycle','draft','announce','dates_ordered','data');
INSERT INTO fsm_guard VALUES('cycle','announced','open','after_opens_at','data');
INSERT INTO fsm_guard VALUES('cycle','announced','open','offer_exists','data');
INSERT INTO fsm_guard VALUES('cycle','open','extend','later_close','data');
INSERT INTO fsm_guard VALUES('cycle','open','close','after_closes_at','data');
INSERT INTO fsm_guard VALUES('cycle','closed','confirm','all_lines_decided','data');
INSERT INTO fsm_guard VALUES('cycle','confirmed','start_pickup','after_pickup_from','data');
INSERT INTO fsm_guard VALUES('cycle','pickup','settle','after_pickup_to_grace','data');
INSERT INTO fsm_guard VALUES('cycle','draft','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('cycle','announced','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('cycle','open','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('cycle','closed','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('cycle','confirmed','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('offer','_','declare','qty_pos','data');
INSERT INTO fsm_guard VALUES('offer','_','declare','price_known','data');
INSERT INTO fsm_guard VALUES('offer','asked','declare','qty_pos','data');
INSERT INTO fsm_guard VALUES('offer','asked','declare','price_known','data');
INSERT INTO fsm_guard VALUES('offer','asked','lapse','after_avail_by','data');
INSERT INTO fsm_guard VALUES('offer','asked','close','cycle_closed_or_cancelled','data');
INSERT INTO fsm_guard VALUES('offer','unavailable','declare','cycle_announced_or_open','data');
INSERT INTO fsm_guard VALUES('offer','withdrawn','declare','cycle_announced_or_open','data');
INSERT INTO fsm_guard VALUES('offer','available','declare','qty_ge_committed','data');
INSERT INTO fsm_guard VALUES('offer','available','add','qty_pos','data');
INSERT INTO fsm_guard VALUES('offer','available','sell_out','left_zero','data');
INSERT INTO fsm_guard VALUES('offer','sold_out','restock','left_pos','data');
INSERT INTO fsm_guard VALUES('offer','available','close','cycle_closed_or_cancelled','data');
INSERT INTO fsm_guard VALUES('offer','sold_out','close','cycle_closed_or_cancelled','data');
INSERT INTO fsm_guard VALUES('offer','unavailable','close','cycle_closed_or_cancelled','data');
INSERT INTO fsm_guard VALUES('offer','withdrawn','close','cycle_closed_or_cancelled','data');
INSERT INTO fsm_guard VALUES('offer','sold_out','free','left_pos','data');
INSERT INTO fsm_guard VALUES('offer','sold_out','free','sold_out_by_system','data');
INSERT INTO fsm_guard VALUES('order','_','start','contact_active','data');
INSERT INTO fsm_guard VALUES('order','_','start','cycle_open','data');
INSERT INTO fsm_guard VALUES('order','draft','edit','cycle_open','data');
INSERT INTO fsm_guard VALUES('order','draft','confirm','cycle_open','data');
INSERT INTO fsm_guard VALUES('order','draft','confirm','line_exists','data');
INSERT INTO fsm_guard VALUES('order','draft','confirm','stock_ok','data');
INSERT INTO fsm_guard VALUES('order','draft','confirm','recap_sent','data');
INSERT INTO fsm_guard VALUES('order','draft','lapse','after_draft_ttl_or_cutoff','data');
INSERT INTO fsm_guard VALUES('order','placed','edit','cycle_open','data');
INSERT INTO fsm_guard VALUES('order','placed','edit','stock_ok','data');
INSERT INTO fsm_guard VALUES('order','placed','cancel','cycle_open','data');
INSERT INTO fsm_guard VALUES('order','placed','lock','cycle_closed','data');
INSERT INTO fsm_guard VALUES('order','locked','settle','all_lines_decided','data');
INSERT INTO fsm_guard VALUES('order','locked','settle','some_qty','data');
INSERT INTO fsm_guard VALUES('order','locked','refuse','all_lines_decided','data');
INSERT INTO fsm_guard VALUES('order','locked','refuse','no_qty','data');
INSERT INTO fsm_guard VALUES('order','locked','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('order','confirmed','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('order','ready','cancel','reason','presence');
INSERT INTO fsm_guard VALUES('order','confirmed','ready','pickup_open','data');
INSERT INTO fsm_guard VALUES('order','ready','collect','pickup_code_or_coord','data');
INSERT INTO fsm_guard VALUES('order','no_show','collect','pickup_code_or_coord','data');
INSERT INTO fsm_guard VALUES('order','ready','miss','after_pickup_to_grace','data');
INSERT INTO fsm_guard VALUES('order','no_show','rebook','new_window','presence');
INSERT INTO fsm_guard VALUES('order','no_show','write_off','after_write_off','data');
INSERT INTO fsm_guard VALUES('order','draft','void','cycle_cancelled','data');
INSERT INTO fsm_guard VALUES('order','placed','void','cycle_cancelled','data');
INSERT INTO fsm_guard VALUES('order','locked','void','cycle_cancelled','data');
INSERT INTO fsm_guard VALUES('order','confirmed','void','cycle_cancelled','data');
INSERT INTO fsm_guard VALUES('order','ready','void','cycle_cancelled','data');
INSERT INTO fsm_guard VALUES('line','_','add','order_draft_or_placed','data');
INSERT INTO fsm_guard VALUES('line','_','add','offer_available','data');
INSERT INTO fsm_guard VALUES('line','_','add','stock_ok','data');
INSERT INTO fsm_guard VALUES('line','requested','change','order_draft_or_placed','data');
INSERT INTO fsm_guard VALUES('line','requested','change','stock_ok','data');
INSERT INTO fsm_guard VALUES('line','requested','drop','order_draft_or_placed','data');
INSERT INTO fsm_guard VALUES('line','requested','confirm','order_locked','data');
INSERT INTO fsm_guard VALUES('line','requested','shorten','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','requested','shorten','qty_less','data');
INSERT INTO fsm_guard VALUES('line','confirmed','shorten','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','confirmed','shorten','qty_less','data');
INSERT INTO fsm_guard VALUES('line','requested','refuse','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','confirmed','refuse','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','partial','refuse','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','partial','confirm','stock_ok','data');
INSERT INTO fsm_guard VALUES('line','requested','lapse_confirm','after_confirm_by','data');
INSERT INTO fsm_guard VALUES('line','requested','lapse_confirm','policy_auto','data');
INSERT INTO fsm_guard VALUES('line','requested','lapse_refuse','after_confirm_by','data');
INSERT INTO fsm_guard VALUES('line','requested','lapse_refuse','policy_refuse','data');
INSERT INTO fsm_guard VALUES('line','requested','substitute','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','requested','substitute','price_known','data');
INSERT INTO fsm_guard VALUES('line','confirmed','substitute','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','confirmed','substitute','price_known','data');
INSERT INTO fsm_guard VALUES('line','partial','substitute','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','partial','substitute','price_known','data');
INSERT INTO fsm_guard VALUES('line','refused','substitute','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','refused','substitute','price_known','data');
INSERT INTO fsm_guard VALUES('line','sub_proposed','accept','before_sub_by','data');
INSERT INTO fsm_guard VALUES('line','sub_proposed','lapse','after_sub_by','data');
INSERT INTO fsm_guard VALUES('line','confirmed','deliver','order_ready_or_later','data');
INSERT INTO fsm_guard VALUES('line','partial','deliver','order_ready_or_later','data');
INSERT INTO fsm_guard VALUES('line','confirmed','miss','order_ready_or_later','data');
INSERT INTO fsm_guard VALUES('line','partial','miss','order_ready_or_later','data');
INSERT INTO fsm_guard VALUES('line','delivered','dispute','within_dispute_days','data');
INSERT INTO fsm_guard VALUES('line','disputed','dismiss','reason','presence');
INSERT INTO fsm_guard VALUES('line','requested','void','order_dead','data');
INSERT INTO fsm_guard VALUES('line','confirmed','void','order_dead','data');
INSERT INTO fsm_guard VALUES('line','partial','void','order_dead','data');
INSERT INTO fsm_guard VALUES('line','refused','void','order_dead','data');
INSERT INTO fsm_guard VALUES('line','sub_proposed','void','order_dead','data');
INSERT INTO fsm_guard VALUES('line','partial','shorten','order_locked_or_confirmed','data');
INSERT INTO fsm_guard VALUES('line','partial','shorten','qty_less','data');
INSERT INTO fsm_guard VALUES('payment','_','open','order_confirmed','');
INSERT INTO fsm_guard VALUES('payment','due','part_pay','amount','');
INSERT INTO fsm_guard VALUES('payment','due','pay','amount','');
INSERT INTO fsm_guard VALUES('payment','part_paid','pay','amount','');
INSERT INTO fsm_guard VALUES('payment','deferred','pay','amount','');
INSERT INTO fsm_guard VALUES('payment','due','defer','reason','');
INSERT INTO fsm_guard VALUES('payment','part_paid','defer','reason','');
INSERT INTO fsm_guard VALUES('payment','due','waive','reason','');
INSERT INTO fsm_guard VALUES('payment','part_paid','waive','reason','');
INSERT INTO fsm_guard VALUES('payment','deferred','waive','reason','');
INSERT INTO fsm_guard VALUES('payment','due','void','order_dead','');
INSERT INTO fsm_guard VALUES('payment','paid','refund','amount','');
INSERT INTO fsm_guard VALUES('payment','paid','credit','amount','');
INSERT INTO fsm_guard VALUES('payment','deferred','void','order_dead','');
INSERT INTO fsm_guard VALUES('payment','part_paid','refund','amount','');
INSERT INTO fsm_guard VALUES('payment','due','adjust','amount','');
INSERT INTO fsm_guard VALUES('payment','part_paid','adjust','amount','');
INSERT INTO fsm_guard VALUES('payment','deferred','adjust','amount','');
INSERT INTO fsm_guard VALUES('booking','_','request','contact_active','');
INSERT INTO fsm_guard VALUES('booking','_','request','not_suspended','');
INSERT INTO fsm_guard VALUES('booking','_','request','date_valid','');
INSERT INTO fsm_guard VALUES('booking','_','queue','date_valid','');
INSERT INTO fsm_guard VALUES('booking','requested','accept','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','requested','counter','date_valid','');
INSERT INTO fsm_guard VALUES('booking','requested','counter','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','requested','queue','overlap','');
INSERT INTO fsm_guard VALUES('booking','requested','lapse','after_respond_by','');
INSERT INTO fsm_guard VALUES('booking','waitlisted','offer','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','waitlisted','offer','queue_head','');
INSERT INTO fsm_guard VALUES('booking','offered','accept','before_hold_by','');
INSERT INTO fsm_guard VALUES('booking','offered','accept','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','offered','lapse','after_hold_by','');
INSERT INTO fsm_guard VALUES('booking','requested','cancel','before_start','');
INSERT INTO fsm_guard VALUES('booking','waitlisted','cancel','before_start','');
INSERT INTO fsm_guard VALUES('booking','offered','cancel','before_start','');
INSERT INTO fsm_guard VALUES('booking','accepted','cancel','before_start','');
INSERT INTO fsm_guard VALUES('booking','accepted','reschedule','date_valid','');
INSERT INTO fsm_guard VALUES('booking','accepted','counter','date_valid','');
INSERT INTO fsm_guard VALUES('booking','accepted','counter','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','accepted','checkout','no_overlap','');
INSERT INTO fsm_guard VALUES('booking','accepted','miss','after_start_grace','');
INSERT INTO fsm_guard VALUES('booking','active','extend','no_next_booking','');
INSERT INTO fsm_guard VALUES('booking','active','extend','below_max_extend','');
INSERT INTO fsm_guard VALUES('booking','active','delay','later_due','');
INSERT INTO fsm_guard VALUES('booking','active','delay','no_next_booking','');
INSERT INTO fsm_guard VALUES('booking','active','due','kind_loan','');
INSERT INTO fsm_guard VALUES('booking','active','due','after_due','');
INSERT INTO fsm_guard VALUES('booking','overdue','extend','later_due','');
INSERT INTO fsm_guard VALUES('booking','overdue','extend','no_next_booking','');
INSERT INTO fsm_guard VALUES('booking','accepted','delay','later_due','');
INSERT INTO fsm_guard VALUES('booking','accepted','delay','no_next_booking','');
INSERT INTO fsm_guard VALUES('booking','active','handback','giver_side','');
INSERT INTO fsm_guard VALUES('booking','overdue','handback','giver_side','');
INSERT INTO fsm_guard VALUES('booking','active','close','receiver_side','');
INSERT INTO fsm_guard VALUES('booking','overdue','close','receiver_side','');
INSERT INTO fsm_guard VALUES('booking','handback','close','receiver_side','');
INSERT INTO fsm_guard VALUES('booking','handback','dispute','receiver_side','');
INSERT INTO fsm_guard VALUES('booking','overdue','lose','after_loss_days','');
INSERT INTO fsm_guard VALUES('booking','requested','void','resource_withdrawn','');
INSERT INTO fsm_guard VALUES('booking','waitlisted','void','resource_withdrawn','');
INSERT INTO fsm_guard VALUES('booking','offered','void','resource_withdrawn','');
INSERT INTO fsm_guard VALUES('booking','accepted','void','resource_withdrawn','');
INSERT INTO fsm_guard VALUES('assembly','draft','convene','notice_ok','');
INSERT INTO fsm_guard VALUES('assembly','adjourned','convene','notice_ok','');
INSERT INTO fsm_guard VALUES('assembly','convened','freeze','roll_date','');
INSERT INTO fsm_guard VALUES('assembly','frozen','open','after_opens_at','');
INSERT INTO fsm_guard VALUES('assembly','open','adjourn','no_quorum','');
INSERT INTO fsm_guard VALUES('assembly','open','close','after_closes_at','');
INSERT INTO fsm_guard VALUES('assembly','closed','sign','all_motions_counted','');
INSERT INTO fsm_guard VALUES('assembly','draft','cancel','reason','');
INSERT INTO fsm_guard VALUES('assembly','convened','cancel','reason','');
INSERT INTO fsm_guard VALUES('assembly','adjourned','cancel','reason','');
INSERT INTO fsm_guard VALUES('motion','submitted','admit','agenda_open','');
INSERT INTO fsm_guard VALUES('motion','submitted','reject','reason','');
INSERT INTO fsm_guard VALUES('motion','submitted','withdraw','author','');
INSERT INTO fsm_guard VALUES('motion','submitted','withdraw','assembly_not_open','');
INSERT INTO fsm_guard VALUES('motion','admitted','withdraw','author','');
INSERT INTO fsm_guard VALUES('motion','admitted','withdraw','assembly_not_open','');
INSERT INTO fsm_guard VALUES('motion','admitted','open','assembly_open','');
INSERT INTO fsm_guard VALUES('motion','admitted','open','roll_frozen','');
INSERT INTO fsm_guard VALUES('motion','voting','close','after_closes_at_or_chair','');
INSERT INTO fsm_guard VALUES('motion','counting','count','chain_ok','');
INSERT INTO fsm_guard VALUES('motion','counting','count','emargement_eq_ballots','');
INSERT INTO fsm_guard VALUES('motion','voting','void','reason','');
INSERT INTO fsm_guard VALUES('motion','counting','void','reason','');
INSERT INTO fsm_guard VALUES('motion','published','contest','within_contest_days','');
INSERT INTO fsm_guard VALUES('motion','published','settle','after_contest_days','');
INSERT INTO fsm_guard VALUES('motion','contested','uphold','reason','');
INSERT INTO fsm_guard VALUES('motion','contested','annul','reason','');
INSERT INTO fsm_guard VALUES('right','_','list','member_active','');
INSERT INTO fsm_guard VALUES('right','_','list','once','');
INSERT INTO fsm_guard VALUES('right','listed','strike','roll_not_frozen','');
INSERT INTO fsm_guard VALUES('right','listed','strike','reason','');
INSERT INTO fsm_guard VALUES('right','listed','invite','roll_frozen','');
INSERT INTO fsm_guard VALUES('right','invited','delegate','proxy_accepted','');
INSERT INTO fsm_guard VALUES('right','delegated','revoke','not_voted','');
INSERT INTO fsm_guard VALUES('right','invited','vote','motion_voting','');
INSERT INTO fsm_guard VALUES('right','invited','vote','pin_or_card_ok','');
INSERT INTO fsm_guard VALUES('right','delegated','vote','motion_voting','');
INSERT INTO fsm_guard VALUES('right','delegated','vote','pin_or_card_ok','');
INSERT INTO fsm_guard VALUES('right','invited','paper','motion_voting','');
INSERT INTO fsm_guard VALUES('right','delegated','paper','motion_voting','');
INSERT INTO fsm_guard VALUES('right','voted','revote','motion_voting','');
INSERT INTO fsm_guard VALUES('right','voted','revote','pin_or_card_ok','');
INSERT INTO fsm_guard VALUES('right','voted','paper','motion_voting','');
INSERT INTO fsm_guard VALUES('right','invited','lapse','motion_closed','');
INSERT INTO fsm_guard VALUES('right','delegated','lapse','motion_closed','');
INSERT INTO fsm_guard VALUES('proxy','_','ask','grantor_on_roll','');
INSERT INTO fsm_guard VALUES('proxy','_','ask','holder_on_roll','');
INSERT INTO fsm_guard VALUES('proxy','_','ask','not_self','');
INSERT INTO fsm_guard VALUES('proxy','asked','accept','holder','');
INSERT INTO fsm_guard VALUES('proxy','asked','accept','below_cap','');
INSERT INTO fsm_guard VALUES('proxy','asked','accept','before_proxy_by','');
INSERT INTO fsm_guard VALUES('proxy','asked','refuse','holder','');
INSERT INTO fsm_guard VALUES('proxy','asked','lapse','after_proxy_by_or_close','');
INSERT INTO fsm_guard VALUES('proxy','accepted','lapse','after_proxy_by_or_close','');
INSERT INTO fsm_guard VALUES('proxy','asked','revoke','grantor_or_sys','');
INSERT INTO fsm_guard VALUES('proxy','asked','revoke','not_used','');
INSERT INTO fsm_guard VALUES('proxy','accepted','revoke','grantor_or_sys','');
INSERT INTO fsm_guard VALUES('proxy','accepted','revoke','not_used','');
INSERT INTO fsm_guard VALUES('proxy','accepted','use','vote_cast','');
INSERT INTO fsm_guard VALUES('contact','_','register','identity_seen','assertion');
INSERT INTO fsm_guard VALUES('contact','unknown','register','identity_seen','assertion');
INSERT INTO fsm_guard VALUES('contact','pending','consent','proof_kept','assertion');
INSERT INTO fsm_guard VALUES('contact','unknown','lapse','after_unconfirmed_days','data');
INSERT INTO fsm_guard VALUES('contact','pending','lapse','after_unconfirmed_days','data');
INSERT INTO fsm_guard VALUES('contact','stopped','start','previously_consented','data');
INSERT INTO fsm_guard VALUES('contact','active','pause','bounces','assertion');
INSERT INTO fsm_guard VALUES('contact','active','rebind','identity_seen','assertion');
INSERT INTO fsm_guard VALUES('contact','stopped','rebind','identity_seen','assertion');
INSERT INTO fsm_guard VALUES('contact','paused','rebind','identity_seen','assertion');
INSERT INTO fsm_guard VALUES('contact','active','erase','no_open_obligation','data');
INSERT INTO fsm_guard VALUES('contact','stopped','erase','no_open_obligation','data');
INSERT INTO fsm_guard VALUES('contact','paused','erase','no_open_obligation','data');
INSERT INTO fsm_guard VALUES('contact','active','prefer','scope','presence');
INSERT INTO fsm_guard VALUES('message','queued','claim','lease_free','data');
INSERT INTO fsm_guard VALUES('message','sending','retry','attempts_left','data');
INSERT INTO fsm_guard VALUES('message','sending','abandon','attempts_out','data');
INSERT INTO fsm_guard VALUES('message','queued','suppress','contact_stopped_and_not_reply','data');
INSERT INTO fsm_guard VALUES('message','queued','expire','after_ttl','data');
INSERT INTO fsm_guard VALUES('message','doubt','retry','attempts_left','data');
INSERT INTO fsm_guard VALUES('message','doubt','abandon','attempts_out','data');
INSERT INTO fsm_guard VALUES('resource','_','publish','capacity','');
INSERT INTO fsm_guard VALUES('resource','published','change','no_holder_hurt','');
INSERT INTO fsm_guard VALUES('resource','published','block','reason','');
INSERT INTO fsm_guard VALUES('resource','published','withdraw','reason','');
INSERT INTO fsm_guard VALUES('resource','blocked','withdraw','reason','');
CREATE TABLE fsm_notify (
	machine TEXT NOT NULL,
	from_state TEXT NOT NULL,
	event TEXT NOT NULL,
	role TEXT NOT NULL,
	name TEXT NOT NULL,
	condition TEXT NOT NULL, -- promo-consent, or empty
	PRIMARY KEY (machine, from_state, event, role, name)
) STRICT;
INSERT INTO fsm_notify VALUES('cycle','draft','announce','PRO','ask_availability','');
INSERT INTO fsm_notify VALUES('cycle','announced','open','RES','cycle_open','promo-consent');
INSERT INTO fsm_notify VALUES('cycle','open','extend','RES','cutoff_moved','');
INSERT INTO fsm_notify VALUES('cycle','open','close','PRO','totals','');
INSERT INTO fsm_notify VALUES('cycle','open','close','RES','order_locked','');
INSERT INTO fsm_notify VALUES('cycle','pickup','settle','COO','unclaimed_list','');
INSERT INTO fsm_notify VALUES('cycle','draft','cancel','PRO','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('cycle','announced','cancel','PRO','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('cycle','open','cancel','PRO','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('cycle','closed','cancel','PRO','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('cycle','confirmed','cancel','PRO','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('offer','asked','declare','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','asked','decline','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','asked','lapse','COO','silent_producer','');
INSERT INTO fsm_notify VALUES('offer','unavailable','declare','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','withdrawn','declare','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','available','declare','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','available','add','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','sold_out','restock','PRO','ack','');
INSERT INTO fsm_notify VALUES('offer','available','withdraw','COO','shortage','');
INSERT INTO fsm_notify VALUES('offer','available','withdraw','RES','line_at_risk','');
INSERT INTO fsm_notify VALUES('offer','sold_out','withdraw','COO','shortage','');
INSERT INTO fsm_notify VALUES('offer','sold_out','withdraw','RES','line_at_risk','');
INSERT INTO fsm_notify VALUES('offer','available','exhaust','PRO','ack','');
INSERT INTO fsm_notify VALUES('order','draft','edit','RES','recap','');
INSERT INTO fsm_notify VALUES('order','draft','confirm','RES','order_placed','');
INSERT INTO fsm_notify VALUES('order','draft','lapse','RES','draft_expired','');
INSERT INTO fsm_notify VALUES('order','placed','edit','RES','recap','');
INSERT INTO fsm_notify VALUES('order','placed','cancel','RES','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','locked','settle','RES','order_result','');
INSERT INTO fsm_notify VALUES('order','locked','refuse','RES','order_refused','');
INSERT INTO fsm_notify VALUES('order','locked','cancel','RES','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','locked','cancel','PRO','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','confirmed','cancel','RES','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','confirmed','cancel','PRO','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','ready','cancel','RES','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','ready','cancel','PRO','order_cancelled','');
INSERT INTO fsm_notify VALUES('order','confirmed','ready','RES','pickup_ready','');
INSERT INTO fsm_notify VALUES('order','ready','collect','RES','receipt','');
INSERT INTO fsm_notify VALUES('order','no_show','collect','RES','receipt','');
INSERT INTO fsm_notify VALUES('order','placed','instruct','COO','pickup_instruction','');
INSERT INTO fsm_notify VALUES('order','locked','instruct','COO','pickup_instruction','');
INSERT INTO fsm_notify VALUES('order','confirmed','instruct','COO','pickup_instruction','');
INSERT INTO fsm_notify VALUES('order','ready','instruct','COO','pickup_instruction','');
INSERT INTO fsm_notify VALUES('order','no_show','instruct','COO','pickup_instruction','');
INSERT INTO fsm_notify VALUES('order','ready','miss','RES','missed_pickup','');
INSERT INTO fsm_notify VALUES('order','ready','miss','COO','no_show','');
INSERT INTO fsm_notify VALUES('order','no_show','rebook','RES','pickup_ready','');
INSERT INTO fsm_notify VALUES('order','no_show','write_off','RES','unclaimed','');
INSERT INTO fsm_notify VALUES('order','draft','void','RES','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('order','placed','void','RES','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('order','locked','void','RES','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('order','confirmed','void','RES','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('order','ready','void','RES','cycle_cancelled','');
INSERT INTO fsm_notify VALUES('line','requested','shorten','RES','line_short','');
INSERT INTO fsm_notify VALUES('line','confirmed','shorten','RES','line_short','');
INSERT INTO fsm_notify VALUES('line','requested','refuse','RES','line_refused','');
INSERT INTO fsm_notify VALUES('line','confirmed','refuse','RES','line_refused','');
INSERT INTO fsm_notify VALUES('line','partial','refuse','RES','line_refused','');
INSERT INTO fsm_notify VALUES('line','requested','lapse_confirm','COO','auto_confirmed','');
INSERT INTO fsm_notify VALUES('line','requested','lapse_refuse','COO','silent_producer','');
INSERT INTO fsm_notify VALUES('line','requested','substitute','RES','substitution_question','');
INSERT INTO fsm_notify VALUES('line','confirmed','substitute','RES','substitution_question','');
INSERT INTO fsm_notify VALUES('line','partial','substitute','RES','substitution_question','');
INSERT INTO fsm_notify VALUES('line','refused','substitute','RES','substitution_question','');
INSERT INTO fsm_notify VALUES('line','sub_proposed','accept','PRO','sub_accepted','');
INSERT INTO fsm_notify VALUES('line','sub_proposed','reject','PRO','sub_rejected','');
INSERT INTO fsm_notify VALUES('line','sub_proposed','lapse','RES','sub_expired','');
INSERT INTO fsm_notify VALUES('line','confirmed','miss','RES','line_missing','');
INSERT INTO fsm_notify VALUES('line','confirmed','miss','PRO','line_missing','');
INSERT INTO fsm_notify VALUES('line','partial','miss','RES','line_missing','');
INSERT INTO fsm_notify VALUES('line','partial','miss','PRO','line_missing','');
INSERT INTO fsm_notify VALUES('line','delivered','dispute','COO','complaint','');
INSERT INTO fsm_notify VALUES('line','delivered','dispute','PRO','complaint','');
INSERT INTO fsm_notify VALUES('line','disputed','credit','RES','credited','');
INSERT INTO fsm_notify VALUES('line','disputed','dismiss','RES','dismissed','');
INSERT INTO fsm_notify VALUES('line','partial','shorten','RES','line_short','');
INSERT INTO fsm_notify VALUES('payment','due','part_pay','RES','receipt','');
INSERT INTO fsm_notify VALUES('payment','due','pay','RES','receipt','');
INSERT INTO fsm_notify VALUES('payment','part_paid','pay','RES','receipt','');
INSERT INTO fsm_notify VALUES('payment','deferred','pay','RES','receipt','');
INSERT INTO fsm_notify VALUES('payment','due','defer','RES','deferred','');
INSERT INTO fsm_notify VALUES('payment','part_paid','defer','RES','deferred','');
INSERT INTO fsm_notify VALUES('payment','paid','refund','RES','refunded','');
INSERT INTO fsm_notify VALUES('payment','paid','credit','RES','credited','');
INSERT INTO fsm_notify VALUES('payment','part_paid','refund','RES','refunded','');
INSERT INTO fsm_notify VALUES('booking','_','request','PRV','booking_question','');
INSERT INTO fsm_notify VALUES('booking','_','queue','RES','queue_position','');
INSERT INTO fsm_notify VALUES('booking','requested','accept','RES','booking_accepted','');
INSERT INTO fsm_notify VALUES('booking','requested','decline','RES','booking_declined','');
INSERT INTO fsm_notify VALUES('booking','requested','counter','RES','counter_question','');
INSERT INTO fsm_notify VALUES('booking','requested','queue','RES','queue_position','');
INSERT INTO fsm_notify VALUES('booking','requested','lapse','RES','no_answer','');
INSERT INTO fsm_notify VALUES('booking','requested','lapse','COO','no_answer','');
INSERT INTO fsm_notify VALUES('booking','waitlisted','offer','RES','slot_freed_question','');
INSERT INTO fsm_notify VALUES('booking','offered','accept','RES','booking_accepted','');
INSERT INTO fsm_notify VALUES('booking','offered','accept','PRV','booking_accepted','');
INSERT INTO fsm_notify VALUES('booking','offered','lapse','RES','hold_expired','');
INSERT INTO fsm_notify VALUES('booking','requested','cancel','RES','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','requested','cancel','PRV','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','waitlisted','cancel','RES','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','waitlisted','cancel','PRV','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','offered','cancel','RES','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','offered','cancel','PRV','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','accepted','cancel','RES','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','accepted','cancel','PRV','booking_cancelled','');
INSERT INTO fsm_notify VALUES('booking','accepted','reschedule','PRV','booking_question','');
INSERT INTO fsm_notify VALUES('booking','accepted','counter','RES','counter_question','');
INSERT INTO fsm_notify VALUES('booking','accepted','checkout','RES','due_date','');
INSERT INTO fsm_notify VALUES('booking','accepted','miss','RES','no_show','');
INSERT INTO fsm_notify VALUES('booking','active','extend','RES','due_date','');
INSERT INTO fsm_notify VALUES('booking','active','extend','PRV','extended','');
INSERT INTO fsm_notify VALUES('booking','active','delay','RES','delayed','');
INSERT INTO fsm_notify VALUES('booking','active','due','RES','overdue','');
INSERT INTO fsm_notify VALUES('booking','active','due','PRV','overdue','');
INSERT INTO fsm_notify VALUES('booking','overdue','extend','RES','due_date','');
INSERT INTO fsm_notify VALUES('booking','accepted','delay','RES','delayed','');
INSERT INTO fsm_notify VALUES('booking','active','handback','RES','handback','');
INSERT INTO fsm_notify VALUES('booking','active','handback','PRV','handback','');
INSERT INTO fsm_notify VALUES('booking','overdue','handback','RES','handback','');
INSERT INTO fsm_notify VALUES('booking','overdue','handback','PRV','handback','');
INSERT INTO fsm_notify VALUES('booking','active','close','RES','closed','');
INSERT INTO fsm_notify VALUES('booking','overdue','close','RES','closed','');
INSERT INTO fsm_notify VALUES('booking','handback','close','RES','closed','');
INSERT INTO fsm_notify VALUES('booking','handback','dispute','COO','dispute','');
INSERT INTO fsm_notify VALUES('booking','overdue','lose','RES','lost','');
INSERT INTO fsm_notify VALUES('booking','overdue','lose','COO','lost','');
INSERT INTO fsm_notify VALUES('booking','requested','void','RES','resource_withdrawn','');
INSERT INTO fsm_notify VALUES('booking','waitlisted','void','RES','resource_withdrawn','');
INSERT INTO fsm_notify VALUES('booking','offered','void','RES','resource_withdrawn','');
INSERT INTO fsm_notify VALUES('booking','accepted','void','RES','resource_withdrawn','');
INSERT INTO fsm_notify VALUES('assembly','draft','convene','MEM','convocation','');
INSERT INTO fsm_notify VALUES('assembly','adjourned','convene','MEM','convocation','');
INSERT INTO fsm_notify VALUES('assembly','frozen','open','MEM','vote_open','');
INSERT INTO fsm_notify VALUES('assembly','open','adjourn','MEM','adjourned','');
INSERT INTO fsm_notify VALUES('assembly','closed','sign','MEM','minutes','');
INSERT INTO fsm_notify VALUES('assembly','draft','cancel','MEM','cancelled','');
INSERT INTO fsm_notify VALUES('assembly','convened','cancel','MEM','cancelled','');
INSERT INTO fsm_notify VALUES('assembly','adjourned','cancel','MEM','cancelled','');
INSERT INTO fsm_notify VALUES('motion','submitted','admit','MEM','agenda','');
INSERT INTO fsm_notify VALUES('motion','submitted','reject','MEM','inadmissible','');
INSERT INTO fsm_notify VALUES('motion','admitted','open','MEM','motion_open','');
INSERT INTO fsm_notify VALUES('motion','counting','count','SCR','tally','');
INSERT INTO fsm_notify VALUES('motion','voting','void','MEM','void','');
INSERT INTO fsm_notify VALUES('motion','counting','void','MEM','void','');
INSERT INTO fsm_notify VALUES('motion','counted','publish','MEM','result','');
INSERT INTO fsm_notify VALUES('motion','published','contest','SCR','contest','');
INSERT INTO fsm_notify VALUES('motion','contested','uphold','MEM','upheld','');
INSERT INTO fsm_notify VALUES('motion','contested','annul','MEM','annulled','');
INSERT INTO fsm_notify VALUES('right','listed','strike','MEM','struck','');
INSERT INTO fsm_notify VALUES('right','invited','vote','MEM','vote_recorded','');
INSERT INTO fsm_notify VALUES('right','delegated','vote','MEM','vote_recorded','');
INSERT INTO fsm_notify VALUES('right','voted','revote','MEM','vote_recorded','');
INSERT INTO fsm_notify VALUES('proxy','_','ask','MEM','proxy_question','');
INSERT INTO fsm_notify VALUES('proxy','asked','accept','MEM','proxy_accepted','');
INSERT INTO fsm_notify VALUES('proxy','asked','refuse','MEM','proxy_refused','');
INSERT INTO fsm_notify VALUES('proxy','asked','revoke','MEM','proxy_revoked','');
INSERT INTO fsm_notify VALUES('proxy','accepted','revoke','MEM','proxy_revoked','');
INSERT INTO fsm_notify VALUES('contact','_','register','RES','welcome_consent','');
INSERT INTO fsm_notify VALUES('contact','unknown','register','RES','welcome_consent','');
INSERT INTO fsm_notify VALUES('contact','pending','consent','RES','welcome','');
INSERT INTO fsm_notify VALUES('contact','unknown','stop','RES','stop_ack','');
INSERT INTO fsm_notify VALUES('contact','pending','stop','RES','stop_ack','');
INSERT INTO fsm_notify VALUES('contact','active','stop','RES','stop_ack','');
INSERT INTO fsm_notify VALUES('contact','paused','stop','RES','stop_ack','');
INSERT INTO fsm_notify VALUES('contact','stopped','start','RES','start_ack','');
INSERT INTO fsm_notify VALUES('contact','active','pause','COO','unreachable','');
INSERT INTO fsm_notify VALUES('contact','active','rebind','RES','welcome_consent','');
INSERT INTO fsm_notify VALUES('contact','stopped','rebind','RES','welcome_consent','');
INSERT INTO fsm_notify VALUES('contact','paused','rebind','RES','welcome_consent','');
INSERT INTO fsm_notify VALUES('contact','active','prefer','RES','prefer_ack','');
INSERT INTO fsm_notify VALUES('message','sending','abandon','COO','unreachable','');
INSERT INTO fsm_notify VALUES('message','sent','undeliver','COO','unreachable','');
INSERT INTO fsm_notify VALUES('message','doubt','abandon','COO','unreachable','');
INSERT INTO fsm_notify VALUES('resource','_','publish','PRV','ack','');
INSERT INTO fsm_notify VALUES('resource','published','change','PRV','ack','');
INSERT INTO fsm_notify VALUES('resource','published','block','RES','resource_blocked','');
INSERT INTO fsm_notify VALUES('resource','blocked','publish','PRV','ack','');
CREATE TABLE fsm_field (
	machine TEXT NOT NULL,
	event TEXT NOT NULL,
	field TEXT NOT NULL,
	type TEXT NOT NULL, -- int or text
	lowest INTEGER NOT NULL, -- of an int
	required INTEGER NOT NULL,
	PRIMARY KEY (machine, event, field)
) STRICT;
INSERT INTO fsm_field VALUES('cycle','create','place','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','opens_at','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','closes_at','int',1,1);
INSERT INTO fsm_field VALUES('cycle','extend','closes_at','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','avail_by','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','confirm_by','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','pickup_from','int',1,1);
INSERT INTO fsm_field VALUES('cycle','create','pickup_to','int',1,1);
INSERT INTO fsm_field VALUES('cycle','extend','confirm_by','int',1,0);
INSERT INTO fsm_field VALUES('cycle','cancel','reason','text',0,0);
INSERT INTO fsm_field VALUES('cycle','cancel','note','int',1,0);
INSERT INTO fsm_field VALUES('offer','ask','cycle','int',1,1);
INSERT INTO fsm_field VALUES('offer','ask','producer','int',1,1);
INSERT INTO fsm_field VALUES('offer','ask','product','text',0,1);
INSERT INTO fsm_field VALUES('offer','ask','unit','text',0,1);
INSERT INTO fsm_field VALUES('offer','ask','list_no','int',1,0);
INSERT INTO fsm_field VALUES('offer','declare','list_no','int',1,0);
INSERT INTO fsm_field VALUES('offer','declare','cycle','int',1,0);
INSERT INTO fsm_field VALUES('offer','declare','producer','int',1,0);
INSERT INTO fsm_field VALUES('offer','declare','product','text',0,0);
INSERT INTO fsm_field VALUES('offer','declare','unit','text',0,0);
INSERT INTO fsm_field VALUES('offer','declare','qty','int',0,1);
INSERT INTO fsm_field VALUES('offer','add','qty','int',0,1);
INSERT INTO fsm_field VALUES('offer','restock','qty','int',1,0);
INSERT INTO fsm_field VALUES('offer','restock','add','int',1,0);
INSERT INTO fsm_field VALUES('offer','declare','price','int',1,0);
INSERT INTO fsm_field VALUES('offer','add','price','int',1,0);
INSERT INTO fsm_field VALUES('offer','restock','price','int',1,0);
INSERT INTO fsm_field VALUES('offer','decline','reason','text',0,0);
INSERT INTO fsm_field VALUES('offer','withdraw','reason','text',0,0);
INSERT INTO fsm_field VALUES('offer','exhaust','reason','text',0,0);
INSERT INTO fsm_field VALUES('offer','decline','note','int',1,0);
INSERT INTO fsm_field VALUES('offer','withdraw','note','int',1,0);
INSERT INTO fsm_field VALUES('offer','exhaust','note','int',1,0);
INSERT INTO fsm_field VALUES('order','start','cycle','int',1,1);
INSERT INTO fsm_field VALUES('order','start','owner','int',1,1);
INSERT INTO fsm_field VALUES('order','confirm','code','text',0,0);
INSERT INTO fsm_field VALUES('order','collect','code','text',0,0);
INSERT INTO fsm_field VALUES('order','drop','reason','text',0,0);
INSERT INTO fsm_field VALUES('order','cancel','reason','text',0,0);
INSERT INTO fsm_field VALUES('order','drop','note','int',1,0);
INSERT INTO fsm_field VALUES('order','cancel','note','int',1,0);
INSERT INTO fsm_field VALUES('order','instruct','note','int',1,0);
INSERT INTO fsm_field VALUES('order','instruct','kind','text',0,0);
INSERT INTO fsm_field VALUES('order','instruct','time','int',1,0);
INSERT INTO fsm_field VALUES('order','rebook','from','int',1,0);
INSERT INTO fsm_field VALUES('order','rebook','to','int',1,0);
INSERT INTO fsm_field VALUES('line','add','order','int',1,1);
INSERT INTO fsm_field VALUES('line','add','offer','int',1,1);
INSERT INTO fsm_field VALUES('line','add','qty','int',1,1);
INSERT INTO fsm_field VALUES('line','change','qty','int',1,1);
INSERT INTO fsm_field VALUES('line','shorten','qty','int',1,1);
INSERT INTO fsm_field VALUES('line','refuse','reason','text',0,0);
INSERT INTO fsm_field VALUES('line','miss','reason','text',0,0);
INSERT INTO fsm_field VALUES('line','dispute','reason','text',0,0);
INSERT INTO fsm_field VALUES('line','dismiss','reason','text',0,0);
INSERT INTO fsm_field VALUES('line','refuse','note','int',1,0);
INSERT INTO fsm_field VALUES('line','miss','note','int',1,0);
INSERT INTO fsm_field VALUES('line','dispute','note','int',1,0);
INSERT INTO fsm_field VALUES('line','dismiss','note','int',1,0);
INSERT INTO fsm_field VALUES('line','substitute','offer','int',1,1);
INSERT INTO fsm_field VALUES('line','substitute','qty','int',1,1);
INSERT INTO fsm_field VALUES('line','substitute','price','int',1,0);
INSERT INTO fsm_field VALUES('line','substitute','by','int',1,0);
INSERT INTO fsm_field VALUES('line','credit','amount','int',1,0);
INSERT INTO fsm_field VALUES('contact','register','identity_seen','int',1,0);
INSERT INTO fsm_field VALUES('contact','rebind','identity_seen','int',1,0);
INSERT INTO fsm_field VALUES('contact','consent','proof_kept','int',1,0);
INSERT INTO fsm_field VALUES('contact','consent','promo','int',0,0);
INSERT INTO fsm_field VALUES('contact','prefer','promo','int',0,0);
INSERT INTO fsm_field VALUES('contact','stop','scope','text',0,0);
INSERT INTO fsm_field VALUES('contact','prefer','scope','text',0,0);
INSERT INTO fsm_field VALUES('contact','pause','bounces','int',1,0);
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
) STRICT;
INSERT INTO event_log VALUES(1,'contact',1,1,'register','_','pending',31,'COO','demo','demo/1',1792918800,'{"identity_seen":1}');
INSERT INTO event_log VALUES(2,'contact',1,2,'consent','pending','active',31,'COO','demo','demo/2',1792918801,'{"proof_kept":1,"promo":1}');
INSERT INTO event_log VALUES(3,'contact',3,1,'register','_','pending',31,'COO','demo','demo/3',1792918802,'{"identity_seen":1}');
INSERT INTO event_log VALUES(4,'contact',3,2,'consent','pending','active',31,'COO','demo','demo/4',1792918803,'{"proof_kept":1,"promo":1}');
INSERT INTO event_log VALUES(5,'contact',5,1,'register','_','pending',31,'COO','demo','demo/5',1792918804,'{"identity_seen":1}');
INSERT INTO event_log VALUES(6,'contact',5,2,'consent','pending','active',31,'COO','demo','demo/6',1792918805,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(7,'contact',7,1,'register','_','pending',31,'COO','demo','demo/7',1792918806,'{"identity_seen":1}');
INSERT INTO event_log VALUES(8,'contact',7,2,'consent','pending','active',31,'COO','demo','demo/8',1792918807,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(9,'contact',9,1,'register','_','pending',31,'COO','demo','demo/9',1792918808,'{"identity_seen":1}');
INSERT INTO event_log VALUES(10,'contact',9,2,'consent','pending','active',31,'COO','demo','demo/10',1792918809,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(11,'contact',11,1,'register','_','pending',31,'COO','demo','demo/11',1792918810,'{"identity_seen":1}');
INSERT INTO event_log VALUES(12,'contact',11,2,'consent','pending','active',31,'COO','demo','demo/12',1792918811,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(13,'contact',13,1,'register','_','pending',31,'COO','demo','demo/13',1792918812,'{"identity_seen":1}');
INSERT INTO event_log VALUES(14,'contact',13,2,'consent','pending','active',31,'COO','demo','demo/14',1792918813,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(15,'contact',15,1,'register','_','pending',31,'COO','demo','demo/15',1792918814,'{"identity_seen":1}');
INSERT INTO event_log VALUES(16,'contact',15,2,'consent','pending','active',31,'COO','demo','demo/16',1792918815,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(17,'contact',17,1,'register','_','pending',31,'COO','demo','demo/17',1792918816,'{"identity_seen":1}');
INSERT INTO event_log VALUES(18,'contact',17,2,'consent','pending','active',31,'COO','demo','demo/18',1792918817,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(19,'contact',19,1,'register','_','pending',31,'COO','demo','demo/19',1792918818,'{"identity_seen":1}');
INSERT INTO event_log VALUES(20,'contact',19,2,'consent','pending','active',31,'COO','demo','demo/20',1792918819,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(21,'contact',21,1,'register','_','pending',31,'COO','demo','demo/21',1792918820,'{"identity_seen":1}');
INSERT INTO event_log VALUES(22,'contact',21,2,'consent','pending','active',31,'COO','demo','demo/22',1792918821,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(23,'contact',23,1,'register','_','pending',31,'COO','demo','demo/23',1792918822,'{"identity_seen":1}');
INSERT INTO event_log VALUES(24,'contact',23,2,'consent','pending','active',31,'COO','demo','demo/24',1792918823,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(25,'contact',25,1,'register','_','pending',31,'COO','demo','demo/25',1792918824,'{"identity_seen":1}');
INSERT INTO event_log VALUES(26,'contact',25,2,'consent','pending','active',31,'COO','demo','demo/26',1792918825,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(27,'contact',27,1,'register','_','pending',31,'COO','demo','demo/27',1792918826,'{"identity_seen":1}');
INSERT INTO event_log VALUES(28,'contact',27,2,'consent','pending','active',31,'COO','demo','demo/28',1792918827,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(29,'contact',29,1,'register','_','pending',31,'COO','demo','demo/29',1792918828,'{"identity_seen":1}');
INSERT INTO event_log VALUES(30,'contact',29,2,'consent','pending','active',31,'COO','demo','demo/30',1792918829,'{"proof_kept":1,"promo":0}');
INSERT INTO event_log VALUES(31,'contact',31,1,'discover','_','unknown',NULL,'SYS','demo','demo/31',1792918830,'{}');
INSERT INTO event_log VALUES(32,'contact',31,2,'stop','unknown','stopped',NULL,'SYS','demo','demo/32',1792918831,'{}');
INSERT INTO event_log VALUES(33,'cycle',33,1,'create','_','draft',31,'COO','demo','demo/33',1794816000,'{"place":1,"avail_by":1795366800,"opens_at":1795420800,"closes_at":1795712400,"confirm_by":1795770000,"pickup_from":1795881600,"pickup_to":1795888800}');
INSERT INTO event_log VALUES(34,'cycle',33,2,'announce','draft','announced',31,'COO','demo','demo/34',1794816001,'{}');
INSERT INTO event_log VALUES(35,'offer',35,1,'declare','_','available',11,'PRO','demo','demo/35',1795251600,'{"cycle":33,"producer":11,"product":"carotte","unit":"kg","qty":50000,"price":180}');
INSERT INTO event_log VALUES(36,'offer',36,1,'declare','_','available',11,'PRO','demo','demo/36',1795251601,'{"cycle":33,"producer":11,"product":"pomme_de_terre","unit":"kg","qty":200000,"price":120}');
INSERT INTO event_log VALUES(37,'offer',37,1,'declare','_','available',11,'PRO','demo','demo/37',1795251602,'{"cycle":33,"producer":11,"product":"poireau","unit":"kg","qty":30000,"price":240}');
INSERT INTO event_log VALUES(38,'offer',38,1,'declare','_','available',11,'PRO','demo','demo/38',1795251603,'{"cycle":33,"producer":11,"product":"oignon","unit":"kg","qty":40000,"price":190}');
INSERT INTO event_log VALUES(39,'offer',39,1,'declare','_','available',11,'PRO','demo','demo/39',1795251604,'{"cycle":33,"producer":11,"product":"tomate","unit":"kg","qty":25000,"price":320}');
INSERT INTO event_log VALUES(40,'offer',40,1,'declare','_','available',11,'PRO','demo','demo/40',1795251605,'{"cycle":33,"producer":11,"product":"endive","unit":"kg","qty":35000,"price":290}');
INSERT INTO event_log VALUES(41,'offer',41,1,'declare','_','available',11,'PRO','demo','demo/41',1795251606,'{"cycle":33,"producer":11,"product":"betterave","unit":"kg","qty":20000,"price":210}');
INSERT INTO event_log VALUES(42,'offer',42,1,'declare','_','available',11,'PRO','demo','demo/42',1795251607,'{"cycle":33,"producer":11,"product":"navet","unit":"kg","qty":15000,"price":220}');
INSERT INTO event_log VALUES(43,'offer',43,1,'declare','_','available',11,'PRO','demo','demo/43',1795251608,'{"cycle":33,"producer":11,"product":"haricot_vert","unit":"kg","qty":10000,"price":550}');
INSERT INTO event_log VALUES(44,'offer',44,1,'declare','_','available',11,'PRO','demo','demo/44',1795251609,'{"cycle":33,"producer":11,"product":"pomme","unit":"kg","qty":60000,"price":230}');
INSERT INTO event_log VALUES(45,'offer',45,1,'declare','_','available',11,'PRO','demo','demo/45',1795251610,'{"cycle":33,"producer":11,"product":"poire","unit":"kg","qty":40000,"price":280}');
INSERT INTO event_log VALUES(46,'offer',46,1,'declare','_','available',11,'PRO','demo','demo/46',1795251611,'{"cycle":33,"producer":11,"product":"radis","unit":"botte","qty":30000,"price":150}');
INSERT INTO event_log VALUES(47,'offer',47,1,'declare','_','available',11,'PRO','demo','demo/47',1795251612,'{"cycle":33,"producer":11,"product":"persil","unit":"botte","qty":20000,"price":100}');
INSERT INTO event_log VALUES(48,'offer',48,1,'declare','_','available',11,'PRO','demo','demo/48',1795251613,'{"cycle":33,"producer":11,"product":"salade","unit":"pc","qty":40000,"price":120}');
INSERT INTO event_log VALUES(49,'offer',49,1,'declare','_','available',11,'PRO','demo','demo/49',1795251614,'{"cycle":33,"producer":11,"product":"chou","unit":"pc","qty":15000,"price":250}');
INSERT INTO event_log VALUES(50,'offer',50,1,'declare','_','available',11,'PRO','demo','demo/50',1795251615,'{"cycle":33,"producer":11,"product":"potiron","unit":"pc","qty":8000,"price":400}');
INSERT INTO event_log VALUES(51,'offer',51,1,'declare','_','available',11,'PRO','demo','demo/51',1795251616,'{"cycle":33,"producer":11,"product":"ail","unit":"pc","qty":25000,"price":90}');
INSERT INTO event_log VALUES(52,'offer',52,1,'declare','_','available',11,'PRO','demo','demo/52',1795251617,'{"cycle":33,"producer":11,"product":"fraise","unit":"barquette","qty":1000,"price":350}');
INSERT INTO event_log VALUES(53,'offer',52,2,'exhaust','available','sold_out',11,'PRO','demo','demo/53',1795251618,'{}');
INSERT INTO event_log VALUES(54,'offer',54,1,'declare','_','available',12,'PRO','demo','demo/54',1795251619,'{"cycle":33,"producer":12,"product":"oeuf","unit":"pc","qty":240000,"price":35}');
INSERT INTO event_log VALUES(55,'offer',55,1,'declare','_','available',12,'PRO','demo','demo/55',1795251620,'{"cycle":33,"producer":12,"product":"poulet","unit":"pc","qty":12000,"price":1400}');
INSERT INTO event_log VALUES(56,'offer',56,1,'declare','_','available',12,'PRO','demo','demo/56',1795251621,'{"cycle":33,"producer":12,"product":"lait","unit":"l","qty":60000,"price":130}');
INSERT INTO event_log VALUES(57,'offer',57,1,'declare','_','available',12,'PRO','demo','demo/57',1795251622,'{"cycle":33,"producer":12,"product":"creme","unit":"l","qty":10000,"price":480}');
INSERT INTO event_log VALUES(58,'offer',58,1,'declare','_','available',12,'PRO','demo','demo/58',1795251623,'{"cycle":33,"producer":12,"product":"beurre","unit":"pc","qty":30000,"price":260}');
INSERT INTO event_log VALUES(59,'offer',59,1,'declare','_','available',12,'PRO','demo','demo/59',1795251624,'{"cycle":33,"producer":12,"product":"yaourt","unit":"pc","qty":80000,"price":60}');
INSERT INTO event_log VALUES(60,'offer',60,1,'declare','_','available',12,'PRO','demo','demo/60',1795251625,'{"cycle":33,"producer":12,"product":"maroilles","unit":"pc","qty":14000,"price":650}');
INSERT INTO event_log VALUES(61,'offer',61,1,'declare','_','available',12,'PRO','demo','demo/61',1795251626,'{"cycle":33,"producer":12,"product":"tomme","unit":"kg","qty":6000,"price":1700}');
INSERT INTO event_log VALUES(62,'offer',62,1,'declare','_','available',12,'PRO','demo','demo/62',1795251627,'{"cycle":33,"producer":12,"product":"chevre","unit":"pc","qty":20000,"price":320}');
INSERT INTO event_log VALUES(63,'offer',63,1,'declare','_','available',13,'PRO','demo','demo/63',1795251628,'{"cycle":33,"producer":13,"product":"pain","unit":"pc","qty":40000,"price":300}');
INSERT INTO event_log VALUES(64,'offer',64,1,'declare','_','available',13,'PRO','demo','demo/64',1795251629,'{"cycle":33,"producer":13,"product":"baguette","unit":"pc","qty":60000,"price":110}');
INSERT INTO event_log VALUES(65,'offer',65,1,'declare','_','available',13,'PRO','demo','demo/65',1795251630,'{"cycle":33,"producer":13,"product":"farine","unit":"kg","qty":50000,"price":170}');
INSERT INTO event_log VALUES(66,'offer',66,1,'declare','_','available',13,'PRO','demo','demo/66',1795251631,'{"cycle":33,"producer":13,"product":"miel","unit":"pot","qty":24000,"price":750}');
INSERT INTO event_log VALUES(67,'offer',67,1,'declare','_','available',13,'PRO','demo','demo/67',1795251632,'{"cycle":33,"producer":13,"product":"confiture","unit":"pot","qty":18000,"price":420}');
INSERT INTO event_log VALUES(68,'offer',68,1,'declare','_','available',11,'PRO','demo','demo/68',1795251633,'{"cycle":33,"producer":11,"product":"jus","unit":"l","qty":36000,"price":270}');
INSERT INTO event_log VALUES(69,'offer',69,1,'declare','_','available',11,'PRO','demo','demo/69',1795251634,'{"cycle":33,"producer":11,"product":"oignon_rouge","unit":"kg","qty":12000,"price":260}');
INSERT INTO event_log VALUES(70,'offer',70,1,'declare','_','available',11,'PRO','demo','demo/70',1795251635,'{"cycle":33,"producer":11,"product":"pomme_golden","unit":"kg","qty":30000,"price":210}');
INSERT INTO event_log VALUES(71,'offer',71,1,'declare','_','available',11,'PRO','demo','demo/71',1795251636,'{"cycle":33,"producer":11,"product":"pomme_reinette","unit":"kg","qty":20000,"price":270}');
INSERT INTO event_log VALUES(72,'offer',72,1,'declare','_','available',11,'PRO','demo','demo/72',1795251637,'{"cycle":33,"producer":11,"product":"panier_solo","unit":"pc","qty":15000,"price":900}');
INSERT INTO event_log VALUES(73,'offer',73,1,'declare','_','available',11,'PRO','demo','demo/73',1795251638,'{"cycle":33,"producer":11,"product":"panier_famille","unit":"pc","qty":15000,"price":1800}');
INSERT INTO event_log VALUES(74,'offer',74,1,'declare','_','available',12,'PRO','demo','demo/74',1795251639,'{"cycle":33,"producer":12,"product":"yaourt_nature","unit":"pc","qty":60000,"price":55}');
INSERT INTO event_log VALUES(75,'offer',75,1,'declare','_','available',12,'PRO','demo','demo/75',1795251640,'{"cycle":33,"producer":12,"product":"yaourt_fraise","unit":"pc","qty":60000,"price":70}');
INSERT INTO event_log VALUES(76,'offer',76,1,'declare','_','available',13,'PRO','demo','demo/76',1795251641,'{"cycle":33,"producer":13,"product":"pain_complet","unit":"pc","qty":20000,"price":360}');
INSERT INTO event_log VALUES(77,'offer',77,1,'declare','_','available',13,'PRO','demo','demo/77',1795251642,'{"cycle":33,"producer":13,"product":"confiture_fraise","unit":"pot","qty":10000,"price":450}');
INSERT INTO event_log VALUES(78,'offer',78,1,'declare','_','available',13,'PRO','demo','demo/78',1795251643,'{"cycle":33,"producer":13,"product":"confiture_prune","unit":"pot","qty":10000,"price":400}');
INSERT INTO event_log VALUES(79,'cycle',33,3,'open','announced','open',NULL,'SYS','demo','demo/79',1795420800,'{}');
INSERT INTO event_log VALUES(80,'contact',80,1,'discover','_','unknown',NULL,'SYS','sms','inbox/1/1',1795507200,'{}');
INSERT INTO event_log VALUES(81,'order',81,1,'start','_','draft',1,'RES','sms','inbox/10/1',1795507200,'{"cycle":33,"owner":1}');
INSERT INTO event_log VALUES(82,'line',82,1,'add','_','requested',1,'RES','sms','inbox/10/2',1795507200,'{"order":81,"offer":36,"qty":2000}');
INSERT INTO event_log VALUES(83,'line',83,1,'add','_','requested',1,'RES','sms','inbox/10/3',1795507200,'{"order":81,"offer":46,"qty":1000}');
INSERT INTO event_log VALUES(84,'order',81,2,'edit','draft','draft',1,'RES','sms','inbox/10/4',1795507200,'{}');
INSERT INTO event_log VALUES(85,'order',81,3,'confirm','draft','placed',1,'RES','sms','inbox/11/1',1795507200,'{}');
INSERT INTO event_log VALUES(86,'line',86,1,'add','_','requested',1,'RES','sms','inbox/15/1',1795507200,'{"order":81,"offer":39,"qty":1000}');
INSERT INTO event_log VALUES(87,'order',81,4,'edit','placed','placed',1,'RES','sms','inbox/15/2',1795507200,'{}');
INSERT INTO event_log VALUES(88,'line',82,2,'change','requested','requested',1,'RES','sms','inbox/19/1',1795507200,'{"qty":3000}');
INSERT INTO event_log VALUES(89,'order',81,5,'edit','placed','placed',1,'RES','sms','inbox/19/2',1795507200,'{}');
INSERT INTO event_log VALUES(90,'order',90,1,'start','_','draft',2,'RES','sms','inbox/23/1',1795507200,'{"cycle":33,"owner":2}');
INSERT INTO event_log VALUES(91,'line',91,1,'add','_','requested',2,'RES','sms','inbox/23/2',1795507200,'{"order":90,"offer":35,"qty":2000}');
INSERT INTO event_log VALUES(92,'order',90,2,'edit','draft','draft',2,'RES','sms','inbox/23/3',1795507200,'{}');
INSERT INTO event_log VALUES(93,'line',93,1,'add','_','requested',2,'RES','sms','inbox/30/1',1795507200,'{"order":90,"offer":63,"qty":1000}');
INSERT INTO event_log VALUES(94,'order',90,3,'edit','draft','draft',2,'RES','sms','inbox/30/2',1795507200,'{}');
INSERT INTO event_log VALUES(95,'order',90,4,'confirm','draft','placed',2,'RES','sms','inbox/31/1',1795507200,'{}');
INSERT INTO event_log VALUES(96,'order',96,1,'start','_','draft',3,'RES','sms','inbox/33/1',1795507201,'{"cycle":33,"owner":3}');
INSERT INTO event_log VALUES(97,'line',97,1,'add','_','requested',3,'RES','sms','inbox/33/2',1795507201,'{"order":96,"offer":54,"qty":6000}');
INSERT INTO event_log VALUES(98,'line',98,1,'add','_','requested',3,'RES','sms','inbox/33/3',1795507201,'{"order":96,"offer":55,"qty":1000}');
INSERT INTO event_log VALUES(99,'order',96,2,'edit','draft','draft',3,'RES','sms','inbox/33/4',1795507201,'{}');
INSERT INTO event_log VALUES(100,'order',96,3,'confirm','draft','placed',3,'RES','sms','inbox/34/1',1795507201,'{}');
INSERT INTO event_log VALUES(101,'order',96,4,'cancel','placed','cancelled',3,'RES','sms','inbox/36/1',1795507201,'{}');
INSERT INTO event_log VALUES(102,'line',97,2,'void','requested','dropped',NULL,'SYS','cascade','inbox/36/1/void.97',1795507201,'{}');
INSERT INTO event_log VALUES(103,'line',98,2,'void','requested','dropped',NULL,'SYS','cascade','inbox/36/1/void.98',1795507201,'{}');
INSERT INTO event_log VALUES(104,'line',104,1,'add','_','requested',7,'AID','sms','inbox/38/1',1795507201,'{"order":90,"offer":66,"qty":1000}');
INSERT INTO event_log VALUES(105,'order',90,5,'edit','placed','placed',7,'AID','sms','inbox/38/2',1795507201,'{}');
INSERT INTO event_log VALUES(106,'contact',9,3,'stop','active','stopped',NULL,'SYS','sms','inbox/41/1',1795507201,'{"scope":"all"}');
INSERT INTO event_log VALUES(107,'contact',9,4,'start','stopped','active',6,'RES','sms','inbox/43/1',1795507201,'{}');
INSERT INTO event_log VALUES(108,'order',108,1,'start','_','draft',5,'RES','sms','inbox/47/1',1795507201,'{"cycle":33,"owner":5}');
INSERT INTO event_log VALUES(109,'line',109,1,'add','_','requested',5,'RES','sms','inbox/47/2',1795507201,'{"order":108,"offer":44,"qty":1000}');
INSERT INTO event_log VALUES(110,'line',110,1,'add','_','requested',5,'RES','sms','inbox/47/3',1795507201,'{"order":108,"offer":54,"qty":12000}');
INSERT INTO event_log VALUES(111,'order',108,2,'edit','draft','draft',5,'RES','sms','inbox/47/4',1795507201,'{}');
INSERT INTO event_log VALUES(112,'order',108,3,'drop','draft','cancelled',5,'RES','sms','inbox/48/1',1795507201,'{}');
INSERT INTO event_log VALUES(113,'line',109,2,'void','requested','dropped',NULL,'SYS','cascade','inbox/48/1/void.109',1795507201,'{}');
INSERT INTO event_log VALUES(114,'line',110,2,'void','requested','dropped',NULL,'SYS','cascade','inbox/48/1/void.110',1795507201,'{}');
INSERT INTO event_log VALUES(115,'cycle',33,4,'close','open','closed',NULL,'SYS','timer','deadline/cycle/33/close/1795712400',1795712400,'{}');
INSERT INTO event_log VALUES(116,'offer',35,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.35',1795712400,'{}');
INSERT INTO event_log VALUES(117,'offer',36,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.36',1795712400,'{}');
INSERT INTO event_log VALUES(118,'offer',37,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.37',1795712400,'{}');
INSERT INTO event_log VALUES(119,'offer',38,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.38',1795712400,'{}');
INSERT INTO event_log VALUES(120,'offer',39,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.39',1795712400,'{}');
INSERT INTO event_log VALUES(121,'offer',40,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.40',1795712400,'{}');
INSERT INTO event_log VALUES(122,'offer',41,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.41',1795712400,'{}');
INSERT INTO event_log VALUES(123,'offer',42,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.42',1795712400,'{}');
INSERT INTO event_log VALUES(124,'offer',43,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.43',1795712400,'{}');
INSERT INTO event_log VALUES(125,'offer',44,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.44',1795712400,'{}');
INSERT INTO event_log VALUES(126,'offer',45,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.45',1795712400,'{}');
INSERT INTO event_log VALUES(127,'offer',46,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.46',1795712400,'{}');
INSERT INTO event_log VALUES(128,'offer',47,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.47',1795712400,'{}');
INSERT INTO event_log VALUES(129,'offer',48,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.48',1795712400,'{}');
INSERT INTO event_log VALUES(130,'offer',49,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.49',1795712400,'{}');
INSERT INTO event_log VALUES(131,'offer',50,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.50',1795712400,'{}');
INSERT INTO event_log VALUES(132,'offer',51,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.51',1795712400,'{}');
INSERT INTO event_log VALUES(133,'offer',52,3,'close','sold_out','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.52',1795712400,'{}');
INSERT INTO event_log VALUES(134,'offer',54,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.54',1795712400,'{}');
INSERT INTO event_log VALUES(135,'offer',55,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.55',1795712400,'{}');
INSERT INTO event_log VALUES(136,'offer',56,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.56',1795712400,'{}');
INSERT INTO event_log VALUES(137,'offer',57,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.57',1795712400,'{}');
INSERT INTO event_log VALUES(138,'offer',58,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.58',1795712400,'{}');
INSERT INTO event_log VALUES(139,'offer',59,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.59',1795712400,'{}');
INSERT INTO event_log VALUES(140,'offer',60,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.60',1795712400,'{}');
INSERT INTO event_log VALUES(141,'offer',61,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.61',1795712400,'{}');
INSERT INTO event_log VALUES(142,'offer',62,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.62',1795712400,'{}');
INSERT INTO event_log VALUES(143,'offer',63,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.63',1795712400,'{}');
INSERT INTO event_log VALUES(144,'offer',64,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.64',1795712400,'{}');
INSERT INTO event_log VALUES(145,'offer',65,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.65',1795712400,'{}');
INSERT INTO event_log VALUES(146,'offer',66,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.66',1795712400,'{}');
INSERT INTO event_log VALUES(147,'offer',67,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.67',1795712400,'{}');
INSERT INTO event_log VALUES(148,'offer',68,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.68',1795712400,'{}');
INSERT INTO event_log VALUES(149,'offer',69,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.69',1795712400,'{}');
INSERT INTO event_log VALUES(150,'offer',70,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.70',1795712400,'{}');
INSERT INTO event_log VALUES(151,'offer',71,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.71',1795712400,'{}');
INSERT INTO event_log VALUES(152,'offer',72,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.72',1795712400,'{}');
INSERT INTO event_log VALUES(153,'offer',73,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.73',1795712400,'{}');
INSERT INTO event_log VALUES(154,'offer',74,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.74',1795712400,'{}');
INSERT INTO event_log VALUES(155,'offer',75,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.75',1795712400,'{}');
INSERT INTO event_log VALUES(156,'offer',76,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.76',1795712400,'{}');
INSERT INTO event_log VALUES(157,'offer',77,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.77',1795712400,'{}');
INSERT INTO event_log VALUES(158,'offer',78,2,'close','available','closed',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/close.78',1795712400,'{}');
INSERT INTO event_log VALUES(159,'order',81,6,'lock','placed','locked',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/lock.81',1795712400,'{}');
INSERT INTO event_log VALUES(160,'order',90,6,'lock','placed','locked',NULL,'SYS','cascade','deadline/cycle/33/close/1795712400/lock.90',1795712400,'{}');
INSERT INTO event_log VALUES(161,'line',82,3,'confirm','requested','confirmed',11,'PRO','sms','inbox/51/1',1795716001,'{}');
INSERT INTO event_log VALUES(162,'line',83,2,'confirm','requested','confirmed',11,'PRO','sms','inbox/51/2',1795716001,'{}');
INSERT INTO event_log VALUES(163,'line',86,2,'confirm','requested','confirmed',11,'PRO','sms','inbox/51/3',1795716001,'{}');
INSERT INTO event_log VALUES(164,'order',81,7,'settle','locked','confirmed',NULL,'SYS','cascade','inbox/51/3/settle.81',1795716001,'{}');
INSERT INTO event_log VALUES(165,'line',91,2,'confirm','requested','confirmed',11,'PRO','sms','inbox/51/4',1795716001,'{}');
INSERT INTO event_log VALUES(166,'line',93,2,'lapse_confirm','requested','confirmed',NULL,'SYS','timer','deadline/line/93/lapse_confirm/1795770000',1795770000,'{}');
INSERT INTO event_log VALUES(167,'line',104,2,'lapse_confirm','requested','confirmed',NULL,'SYS','timer','deadline/line/104/lapse_confirm/1795770000',1795770000,'{}');
INSERT INTO event_log VALUES(168,'order',90,7,'settle','locked','confirmed',NULL,'SYS','cascade','deadline/line/104/lapse_confirm/1795770000/settle.90',1795770000,'{}');
INSERT INTO event_log VALUES(169,'cycle',33,5,'confirm','closed','confirmed',NULL,'SYS','cascade','deadline/line/104/lapse_confirm/1795770000/settle.90/confirm.33',1795770000,'{}');
INSERT INTO event_log VALUES(170,'cycle',33,6,'start_pickup','confirmed','pickup',NULL,'SYS','timer','deadline/cycle/33/start_pickup/1795881600',1795881600,'{}');
INSERT INTO event_log VALUES(171,'order',81,8,'ready','confirmed','ready',NULL,'SYS','cascade','deadline/cycle/33/start_pickup/1795881600/ready.81',1795881600,'{}');
INSERT INTO event_log VALUES(172,'order',90,8,'ready','confirmed','ready',NULL,'SYS','cascade','deadline/cycle/33/start_pickup/1795881600/ready.90',1795881600,'{}');
INSERT INTO event_log VALUES(173,'order',90,9,'collect','ready','collected',31,'COO','web','web/1',1795881625,'{}');
INSERT INTO event_log VALUES(174,'line',91,3,'deliver','confirmed','delivered',31,'COO','web','web/2',1795881625,'{}');
INSERT INTO event_log VALUES(175,'line',93,3,'deliver','confirmed','delivered',31,'COO','web','web/3',1795881625,'{}');
INSERT INTO event_log VALUES(176,'line',104,3,'deliver','confirmed','delivered',31,'COO','web','web/4',1795881625,'{}');
INSERT INTO event_log VALUES(177,'line',93,4,'dispute','delivered','disputed',2,'RES','web','web/5',1795881625,'{"reason":"moisi"}');
INSERT INTO event_log VALUES(178,'line',93,5,'credit','disputed','credited',31,'COO','web','web/6',1795881625,'{"amount":100}');
INSERT INTO event_log VALUES(179,'cycle',179,1,'create','_','draft',31,'COO','web','web/cycle2',1795881625,'{"place":1,"opens_at":1795881565,"closes_at":1796140825,"avail_by":1795968025,"confirm_by":1796227225,"pickup_from":1796313625,"pickup_to":1796320825}');
INSERT INTO event_log VALUES(180,'cycle',179,2,'announce','draft','announced',31,'COO','web','web/8',1795881625,'{}');
INSERT INTO event_log VALUES(181,'offer',181,1,'declare','_','available',11,'PRO','web','web/o1',1795881625,'{"cycle":179,"producer":11,"product":"carotte","unit":"kg","qty":20000,"price":190}');
INSERT INTO event_log VALUES(182,'offer',182,1,'declare','_','available',11,'PRO','web','web/o2',1795881625,'{"cycle":179,"producer":11,"product":"radis","unit":"botte","qty":3000,"price":150}');
INSERT INTO event_log VALUES(183,'offer',183,1,'declare','_','available',13,'PRO','web','web/o3',1795881625,'{"cycle":179,"producer":13,"product":"pain","unit":"pc","qty":10000,"price":300}');
INSERT INTO event_log VALUES(184,'offer',184,1,'ask','_','asked',31,'COO','web','web/o4',1795881625,'{"cycle":179,"producer":12,"product":"oeuf","unit":"pc"}');
INSERT INTO event_log VALUES(185,'offer',185,1,'ask','_','asked',31,'COO','web','web/o5',1795881625,'{"cycle":179,"producer":12,"product":"lait","unit":"l"}');
INSERT INTO event_log VALUES(186,'offer',185,2,'decline','asked','unavailable',12,'PRO','web','web/14',1795881626,'{}');
INSERT INTO event_log VALUES(187,'cycle',179,3,'open','announced','open',31,'COO','web','web/15',1795881626,'{}');
INSERT INTO event_log VALUES(188,'order',188,1,'start','_','draft',2,'RES','sms','inbox/59/1',1795881626,'{"cycle":179,"owner":2}');
INSERT INTO event_log VALUES(189,'line',189,1,'add','_','requested',2,'RES','sms','inbox/59/2',1795881626,'{"order":188,"offer":182,"qty":3000}');
INSERT INTO event_log VALUES(190,'line',190,1,'add','_','requested',2,'RES','sms','inbox/59/3',1795881626,'{"order":188,"offer":183,"qty":2000}');
INSERT INTO event_log VALUES(191,'order',188,2,'edit','draft','draft',2,'RES','sms','inbox/59/4',1795881626,'{}');
INSERT INTO event_log VALUES(192,'order',188,3,'confirm','draft','placed',2,'RES','sms','inbox/60/1',1795881626,'{}');
INSERT INTO event_log VALUES(193,'offer',182,2,'sell_out','available','sold_out',NULL,'SYS','cascade','inbox/60/1/sell_out.182',1795881626,'{}');
INSERT INTO event_log VALUES(194,'order',194,1,'start','_','draft',5,'RES','sms','inbox/61/1',1795881626,'{"cycle":179,"owner":5}');
INSERT INTO event_log VALUES(195,'line',195,1,'add','_','requested',5,'RES','sms','inbox/61/2',1795881626,'{"order":194,"offer":183,"qty":1000}');
INSERT INTO event_log VALUES(196,'order',194,2,'edit','draft','draft',5,'RES','sms','inbox/61/3',1795881626,'{}');
INSERT INTO event_log VALUES(197,'order',197,1,'start','_','draft',1,'RES','sms','inbox/62/1',1795881626,'{"cycle":179,"owner":1}');
INSERT INTO event_log VALUES(198,'line',198,1,'add','_','requested',1,'RES','sms','inbox/62/2',1795881626,'{"order":197,"offer":181,"qty":2000}');
INSERT INTO event_log VALUES(199,'line',199,1,'add','_','requested',1,'RES','sms','inbox/62/3',1795881626,'{"order":197,"offer":183,"qty":1000}');
INSERT INTO event_log VALUES(200,'order',197,2,'edit','draft','draft',1,'RES','sms','inbox/62/4',1795881626,'{}');
INSERT INTO event_log VALUES(201,'order',81,9,'instruct','ready','ready',1,'RES','web','web/101',1795881638,'{"kind":"late","time":1795890000}');
CREATE TABLE subject (
	id INTEGER PRIMARY KEY, -- the id of the event that it was born with
	machine TEXT NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL, -- seq of its last event
	updated_at INTEGER NOT NULL -- at of its last event
) STRICT;
INSERT INTO subject VALUES(1,'contact','active',2,1792918801);
INSERT INTO subject VALUES(3,'contact','active',2,1792918803);
INSERT INTO subject VALUES(5,'contact','active',2,1792918805);
INSERT INTO subject VALUES(7,'contact','active',2,1792918807);
INSERT INTO subject VALUES(9,'contact','active',4,1795507201);
INSERT INTO subject VALUES(11,'contact','active',2,1792918811);
INSERT INTO subject VALUES(13,'contact','active',2,1792918813);
INSERT INTO subject VALUES(15,'contact','active',2,1792918815);
INSERT INTO subject VALUES(17,'contact','active',2,1792918817);
INSERT INTO subject VALUES(19,'contact','active',2,1792918819);
INSERT INTO subject VALUES(21,'contact','active',2,1792918821);
INSERT INTO subject VALUES(23,'contact','active',2,1792918823);
INSERT INTO subject VALUES(25,'contact','active',2,1792918825);
INSERT INTO subject VALUES(27,'contact','active',2,1792918827);
INSERT INTO subject VALUES(29,'contact','active',2,1792918829);
INSERT INTO subject VALUES(31,'contact','stopped',2,1792918831);
INSERT INTO subject VALUES(33,'cycle','pickup',6,1795881600);
INSERT INTO subject VALUES(35,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(36,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(37,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(38,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(39,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(40,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(41,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(42,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(43,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(44,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(45,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(46,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(47,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(48,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(49,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(50,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(51,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(52,'offer','closed',3,1795712400);
INSERT INTO subject VALUES(54,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(55,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(56,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(57,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(58,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(59,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(60,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(61,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(62,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(63,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(64,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(65,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(66,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(67,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(68,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(69,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(70,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(71,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(72,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(73,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(74,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(75,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(76,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(77,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(78,'offer','closed',2,1795712400);
INSERT INTO subject VALUES(80,'contact','unknown',1,1795507200);
INSERT INTO subject VALUES(81,'order','ready',9,1795881638);
INSERT INTO subject VALUES(82,'line','confirmed',3,1795716001);
INSERT INTO subject VALUES(83,'line','confirmed',2,1795716001);
INSERT INTO subject VALUES(86,'line','confirmed',2,1795716001);
INSERT INTO subject VALUES(90,'order','collected',9,1795881625);
INSERT INTO subject VALUES(91,'line','delivered',3,1795881625);
INSERT INTO subject VALUES(93,'line','credited',5,1795881625);
INSERT INTO subject VALUES(96,'order','cancelled',4,1795507201);
INSERT INTO subject VALUES(97,'line','dropped',2,1795507201);
INSERT INTO subject VALUES(98,'line','dropped',2,1795507201);
INSERT INTO subject VALUES(104,'line','delivered',3,1795881625);
INSERT INTO subject VALUES(108,'order','cancelled',3,1795507201);
INSERT INTO subject VALUES(109,'line','dropped',2,1795507201);
INSERT INTO subject VALUES(110,'line','dropped',2,1795507201);
INSERT INTO subject VALUES(179,'cycle','open',3,1795881626);
INSERT INTO subject VALUES(181,'offer','available',1,1795881625);
INSERT INTO subject VALUES(182,'offer','sold_out',2,1795881626);
INSERT INTO subject VALUES(183,'offer','available',1,1795881625);
INSERT INTO subject VALUES(184,'offer','asked',1,1795881625);
INSERT INTO subject VALUES(185,'offer','unavailable',2,1795881626);
INSERT INTO subject VALUES(188,'order','placed',3,1795881626);
INSERT INTO subject VALUES(189,'line','requested',1,1795881626);
INSERT INTO subject VALUES(190,'line','requested',1,1795881626);
INSERT INTO subject VALUES(194,'order','draft',2,1795881626);
INSERT INTO subject VALUES(195,'line','requested',1,1795881626);
INSERT INTO subject VALUES(197,'order','draft',2,1795881626);
INSERT INTO subject VALUES(198,'line','requested',1,1795881626);
INSERT INTO subject VALUES(199,'line','requested',1,1795881626);
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	member_no INTEGER UNIQUE,
	name TEXT NOT NULL,
	language TEXT NOT NULL DEFAULT 'fr',
	handle TEXT UNIQUE, -- of a producer: what texts call the farm or shop, ASCII (beau_pays)
	confirm_policy TEXT NOT NULL DEFAULT 'auto' CHECK (confirm_policy IN ('auto', 'refuse')) -- of a producer who is silent at confirm_by
) STRICT;
INSERT INTO person VALUES(1,101,'Adhérent 101','fr',NULL,'auto');
INSERT INTO person VALUES(2,102,'Adhérent 102','fr',NULL,'auto');
INSERT INTO person VALUES(3,103,'Adhérent 103','fr',NULL,'auto');
INSERT INTO person VALUES(4,104,'Adhérent 104','fr',NULL,'auto');
INSERT INTO person VALUES(5,105,'Adhérent 105','nl',NULL,'auto');
INSERT INTO person VALUES(6,106,'Adhérent 106','en',NULL,'auto');
INSERT INTO person VALUES(7,NULL,'Aidant de 102','fr',NULL,'auto');
INSERT INTO person VALUES(11,111,'Ferme Vandamme','fr','vandamme','auto');
INSERT INTO person VALUES(12,112,'Ferme du Beau Pays','fr','beau_pays','auto');
INSERT INTO person VALUES(13,113,'Fournil du Canal','fr','fournil','auto');
INSERT INTO person VALUES(21,121,'Atelier des outils','fr',NULL,'auto');
INSERT INTO person VALUES(22,NULL,'Atelier vélo','fr',NULL,'auto');
INSERT INTO person VALUES(23,NULL,'Covoiturage','fr',NULL,'auto');
INSERT INTO person VALUES(31,NULL,'Coordination','fr',NULL,'auto');
INSERT INTO person VALUES(32,132,'Présidence','fr',NULL,'auto');
INSERT INTO person VALUES(33,133,'Scrutateur','fr',NULL,'auto');
CREATE TABLE person_role (
	person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	role TEXT NOT NULL,
	PRIMARY KEY (person_id, role)
) STRICT;
INSERT INTO person_role VALUES(1,'RES');
INSERT INTO person_role VALUES(1,'MEM');
INSERT INTO person_role VALUES(2,'RES');
INSERT INTO person_role VALUES(2,'MEM');
INSERT INTO person_role VALUES(3,'RES');
INSERT INTO person_role VALUES(3,'MEM');
INSERT INTO person_role VALUES(4,'RES');
INSERT INTO person_role VALUES(4,'MEM');
INSERT INTO person_role VALUES(5,'RES');
INSERT INTO person_role VALUES(5,'MEM');
INSERT INTO person_role VALUES(6,'RES');
INSERT INTO person_role VALUES(6,'MEM');
INSERT INTO person_role VALUES(7,'AID');
INSERT INTO person_role VALUES(11,'PRO');
INSERT INTO person_role VALUES(11,'MEM');
INSERT INTO person_role VALUES(12,'PRO');
INSERT INTO person_role VALUES(12,'MEM');
INSERT INTO person_role VALUES(13,'PRO');
INSERT INTO person_role VALUES(13,'MEM');
INSERT INTO person_role VALUES(21,'PRV');
INSERT INTO person_role VALUES(21,'MEM');
INSERT INTO person_role VALUES(22,'PRV');
INSERT INTO person_role VALUES(23,'PRV');
INSERT INTO person_role VALUES(31,'COO');
INSERT INTO person_role VALUES(31,'ADM');
INSERT INTO person_role VALUES(32,'CHR');
INSERT INTO person_role VALUES(32,'MEM');
INSERT INTO person_role VALUES(33,'SCR');
INSERT INTO person_role VALUES(33,'MEM');
CREATE TABLE mandate (
	id INTEGER PRIMARY KEY,
	owner_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	helper_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	scope TEXT NOT NULL, -- words: order, booking
	valid_from INTEGER NOT NULL,
	valid_until INTEGER NOT NULL
) STRICT;
INSERT INTO mandate VALUES(1,2,7,'order,booking',1792918800,1827010800);
CREATE TABLE note ( -- free text of people; payloads carry the id
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	text TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE contact (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	promo INTEGER NOT NULL DEFAULT 0, -- 1: consents to promotional messages
	consent_at INTEGER -- when it consented first
) STRICT;
INSERT INTO contact VALUES(1,'active',2,1,1792918801);
INSERT INTO contact VALUES(3,'active',2,1,1792918803);
INSERT INTO contact VALUES(5,'active',2,0,1792918805);
INSERT INTO contact VALUES(7,'active',2,0,1792918807);
INSERT INTO contact VALUES(9,'active',4,0,1792918809);
INSERT INTO contact VALUES(11,'active',2,0,1792918811);
INSERT INTO contact VALUES(13,'active',2,0,1792918813);
INSERT INTO contact VALUES(15,'active',2,0,1792918815);
INSERT INTO contact VALUES(17,'active',2,0,1792918817);
INSERT INTO contact VALUES(19,'active',2,0,1792918819);
INSERT INTO contact VALUES(21,'active',2,0,1792918821);
INSERT INTO contact VALUES(23,'active',2,0,1792918823);
INSERT INTO contact VALUES(25,'active',2,0,1792918825);
INSERT INTO contact VALUES(27,'active',2,0,1792918827);
INSERT INTO contact VALUES(29,'active',2,0,1792918829);
INSERT INTO contact VALUES(31,'stopped',2,0,NULL);
INSERT INTO contact VALUES(80,'unknown',1,0,NULL);
CREATE TABLE contact_number (
	contact_id INTEGER NOT NULL PRIMARY KEY REFERENCES contact(id),
	number TEXT NOT NULL UNIQUE -- E.164 with +
) STRICT;
INSERT INTO contact_number VALUES(1,'+33639980001');
INSERT INTO contact_number VALUES(3,'+33639980002');
INSERT INTO contact_number VALUES(5,'+33639980003');
INSERT INTO contact_number VALUES(7,'+33639980005');
INSERT INTO contact_number VALUES(9,'+33639980006');
INSERT INTO contact_number VALUES(11,'+33639980004');
INSERT INTO contact_number VALUES(13,'+33639980011');
INSERT INTO contact_number VALUES(15,'+33639980012');
INSERT INTO contact_number VALUES(17,'+33639980013');
INSERT INTO contact_number VALUES(19,'+33639980021');
INSERT INTO contact_number VALUES(21,'+33639980022');
INSERT INTO contact_number VALUES(23,'+33639980023');
INSERT INTO contact_number VALUES(25,'+33639980031');
INSERT INTO contact_number VALUES(27,'+33639980032');
INSERT INTO contact_number VALUES(29,'+33639980033');
INSERT INTO contact_number VALUES(31,'+33639980099');
INSERT INTO contact_number VALUES(80,'+33639981234');
CREATE TABLE contact_person (
	contact_id INTEGER NOT NULL REFERENCES contact(id),
	person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
	PRIMARY KEY (contact_id, person_id)
) STRICT;
INSERT INTO contact_person VALUES(1,1);
INSERT INTO contact_person VALUES(3,2);
INSERT INTO contact_person VALUES(5,3);
INSERT INTO contact_person VALUES(5,4);
INSERT INTO contact_person VALUES(7,5);
INSERT INTO contact_person VALUES(9,6);
INSERT INTO contact_person VALUES(11,7);
INSERT INTO contact_person VALUES(13,11);
INSERT INTO contact_person VALUES(15,12);
INSERT INTO contact_person VALUES(17,13);
INSERT INTO contact_person VALUES(19,21);
INSERT INTO contact_person VALUES(21,22);
INSERT INTO contact_person VALUES(23,23);
INSERT INTO contact_person VALUES(25,31);
INSERT INTO contact_person VALUES(27,32);
INSERT INTO contact_person VALUES(29,33);
CREATE TABLE place (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	address TEXT NOT NULL
) STRICT;
INSERT INTO place VALUES(1,'Maison des associations','4 rue du Marché');
CREATE TABLE product (
	name TEXT NOT NULL PRIMARY KEY, -- ASCII: pomme_de_terre
	label_one TEXT NOT NULL,
	label_many TEXT NOT NULL,
	unit TEXT NOT NULL, -- sale unit: kg l pc botte pot barquette
	category TEXT NOT NULL,
	piece INTEGER NOT NULL -- 1: sold by the piece, a bare number is a quantity
) STRICT;
INSERT INTO product VALUES('carotte','carotte','carottes','kg','legume',0);
INSERT INTO product VALUES('pomme_de_terre','pomme de terre','pommes de terre','kg','legume',0);
INSERT INTO product VALUES('poireau','poireau','poireaux','kg','legume',0);
INSERT INTO product VALUES('oignon','oignon','oignons','kg','legume',0);
INSERT INTO product VALUES('tomate','tomate','tomates','kg','legume',0);
INSERT INTO product VALUES('endive','endive','endives','kg','legume',0);
INSERT INTO product VALUES('betterave','betterave','betteraves','kg','legume',0);
INSERT INTO product VALUES('navet','navet','navets','kg','legume',0);
INSERT INTO product VALUES('haricot_vert','haricot vert','haricots verts','kg','legume',0);
INSERT INTO product VALUES('pomme','pomme','pommes','kg','fruit',0);
INSERT INTO product VALUES('poire','poire','poires','kg','fruit',0);
INSERT INTO product VALUES('radis','radis','radis','botte','legume',1);
INSERT INTO product VALUES('persil','persil','persil','botte','legume',1);
INSERT INTO product VALUES('salade','salade','salades','pc','legume',1);
INSERT INTO product VALUES('chou','chou','choux','pc','legume',1);
INSERT INTO product VALUES('potiron','potiron','potirons','pc','legume',1);
INSERT INTO product VALUES('ail','ail','ail','pc','legume',1);
INSERT INTO product VALUES('fraise','fraises','fraises','barquette','fruit',1);
INSERT INTO product VALUES('oeuf','oeuf','oeufs','pc','oeuf',1);
INSERT INTO product VALUES('poulet','poulet','poulets','pc','volaille',1);
INSERT INTO product VALUES('lait','lait','lait','l','laitage',0);
INSERT INTO product VALUES('creme','crème','crème','l','laitage',0);
INSERT INTO product VALUES('beurre','plaquette de beurre','plaquettes de beurre','pc','laitage',1);
INSERT INTO product VALUES('yaourt','yaourt','yaourts','pc','laitage',1);
INSERT INTO product VALUES('maroilles','maroilles','maroilles','pc','fromage',1);
INSERT INTO product VALUES('tomme','tomme','tomme','kg','fromage',0);
INSERT INTO product VALUES('chevre','fromage de chèvre','fromages de chèvre','pc','fromage',1);
INSERT INTO product VALUES('pain','pain','pains','pc','pain',1);
INSERT INTO product VALUES('baguette','baguette','baguettes','pc','pain',1);
INSERT INTO product VALUES('farine','farine','farine','kg','pain',0);
INSERT INTO product VALUES('miel','miel','miel','pot','epicerie',1);
INSERT INTO product VALUES('confiture','confiture','confiture','pot','epicerie',1);
INSERT INTO product VALUES('jus','jus de pomme','jus de pomme','l','boisson',0);
INSERT INTO product VALUES('oignon_rouge','oignon rouge','oignons rouges','kg','legume',0);
INSERT INTO product VALUES('pomme_golden','pomme golden','pommes golden','kg','fruit',0);
INSERT INTO product VALUES('pomme_reinette','pomme reinette','pommes reinette','kg','fruit',0);
INSERT INTO product VALUES('panier_solo','panier solo','paniers solo','pc','panier',1);
INSERT INTO product VALUES('panier_famille','panier famille','paniers famille','pc','panier',1);
INSERT INTO product VALUES('yaourt_nature','yaourt nature','yaourts nature','pc','laitage',1);
INSERT INTO product VALUES('yaourt_fraise','yaourt à la fraise','yaourts à la fraise','pc','laitage',1);
INSERT INTO product VALUES('pain_complet','pain complet','pains complets','pc','pain',1);
INSERT INTO product VALUES('confiture_fraise','confiture de fraises','confiture de fraises','pot','epicerie',1);
INSERT INTO product VALUES('confiture_prune','confiture de prunes','confiture de prunes','pot','epicerie',1);
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
) STRICT;
INSERT INTO cycle VALUES(33,'pickup',6,1,1795420800,1795712400,1795366800,1795770000,1795881600,1795888800);
INSERT INTO cycle VALUES(179,'open',3,1,1795881565,1796140825,1795968025,1796227225,1796313625,1796320825);
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
	list_no INTEGER NOT NULL -- its number in the list of the cycle
) STRICT;
INSERT INTO offer VALUES(35,'closed',2,33,11,'carotte','kg',180,50000,48000,0,1);
INSERT INTO offer VALUES(36,'closed',2,33,11,'pomme_de_terre','kg',120,200000,197000,0,2);
INSERT INTO offer VALUES(37,'closed',2,33,11,'poireau','kg',240,30000,30000,0,3);
INSERT INTO offer VALUES(38,'closed',2,33,11,'oignon','kg',190,40000,40000,0,4);
INSERT INTO offer VALUES(39,'closed',2,33,11,'tomate','kg',320,25000,24000,0,5);
INSERT INTO offer VALUES(40,'closed',2,33,11,'endive','kg',290,35000,35000,0,6);
INSERT INTO offer VALUES(41,'closed',2,33,11,'betterave','kg',210,20000,20000,0,7);
INSERT INTO offer VALUES(42,'closed',2,33,11,'navet','kg',220,15000,15000,0,8);
INSERT INTO offer VALUES(43,'closed',2,33,11,'haricot_vert','kg',550,10000,10000,0,9);
INSERT INTO offer VALUES(44,'closed',2,33,11,'pomme','kg',230,60000,60000,0,10);
INSERT INTO offer VALUES(45,'closed',2,33,11,'poire','kg',280,40000,40000,0,11);
INSERT INTO offer VALUES(46,'closed',2,33,11,'radis','botte',150,30000,29000,0,12);
INSERT INTO offer VALUES(47,'closed',2,33,11,'persil','botte',100,20000,20000,0,13);
INSERT INTO offer VALUES(48,'closed',2,33,11,'salade','pc',120,40000,40000,0,14);
INSERT INTO offer VALUES(49,'closed',2,33,11,'chou','pc',250,15000,15000,0,15);
INSERT INTO offer VALUES(50,'closed',2,33,11,'potiron','pc',400,8000,8000,0,16);
INSERT INTO offer VALUES(51,'closed',2,33,11,'ail','pc',90,25000,25000,0,17);
INSERT INTO offer VALUES(52,'closed',3,33,11,'fraise','barquette',350,0,0,1,18);
INSERT INTO offer VALUES(54,'closed',2,33,12,'oeuf','pc',35,240000,240000,0,19);
INSERT INTO offer VALUES(55,'closed',2,33,12,'poulet','pc',1400,12000,12000,0,20);
INSERT INTO offer VALUES(56,'closed',2,33,12,'lait','l',130,60000,60000,0,21);
INSERT INTO offer VALUES(57,'closed',2,33,12,'creme','l',480,10000,10000,0,22);
INSERT INTO offer VALUES(58,'closed',2,33,12,'beurre','pc',260,30000,30000,0,23);
INSERT INTO offer VALUES(59,'closed',2,33,12,'yaourt','pc',60,80000,80000,0,24);
INSERT INTO offer VALUES(60,'closed',2,33,12,'maroilles','pc',650,14000,14000,0,25);
INSERT INTO offer VALUES(61,'closed',2,33,12,'tomme','kg',1700,6000,6000,0,26);
INSERT INTO offer VALUES(62,'closed',2,33,12,'chevre','pc',320,20000,20000,0,27);
INSERT INTO offer VALUES(63,'closed',2,33,13,'pain','pc',300,40000,39000,0,28);
INSERT INTO offer VALUES(64,'closed',2,33,13,'baguette','pc',110,60000,60000,0,29);
INSERT INTO offer VALUES(65,'closed',2,33,13,'farine','kg',170,50000,50000,0,30);
INSERT INTO offer VALUES(66,'closed',2,33,13,'miel','pot',750,24000,23000,0,31);
INSERT INTO offer VALUES(67,'closed',2,33,13,'confiture','pot',420,18000,18000,0,32);
INSERT INTO offer VALUES(68,'closed',2,33,11,'jus','l',270,36000,36000,0,33);
INSERT INTO offer VALUES(69,'closed',2,33,11,'oignon_rouge','kg',260,12000,12000,0,34);
INSERT INTO offer VALUES(70,'closed',2,33,11,'pomme_golden','kg',210,30000,30000,0,35);
INSERT INTO offer VALUES(71,'closed',2,33,11,'pomme_reinette','kg',270,20000,20000,0,36);
INSERT INTO offer VALUES(72,'closed',2,33,11,'panier_solo','pc',900,15000,15000,0,37);
INSERT INTO offer VALUES(73,'closed',2,33,11,'panier_famille','pc',1800,15000,15000,0,38);
INSERT INTO offer VALUES(74,'closed',2,33,12,'yaourt_nature','pc',55,60000,60000,0,39);
INSERT INTO offer VALUES(75,'closed',2,33,12,'yaourt_fraise','pc',70,60000,60000,0,40);
INSERT INTO offer VALUES(76,'closed',2,33,13,'pain_complet','pc',360,20000,20000,0,41);
INSERT INTO offer VALUES(77,'closed',2,33,13,'confiture_fraise','pot',450,10000,10000,0,42);
INSERT INTO offer VALUES(78,'closed',2,33,13,'confiture_prune','pot',400,10000,10000,0,43);
INSERT INTO offer VALUES(181,'available',1,179,11,'carotte','kg',190,20000,20000,0,1);
INSERT INTO offer VALUES(182,'sold_out',2,179,11,'radis','botte',150,3000,0,0,2);
INSERT INTO offer VALUES(183,'available',1,179,13,'pain','pc',300,10000,8000,0,3);
INSERT INTO offer VALUES(184,'asked',1,179,12,'oeuf','pc',0,0,0,0,4);
INSERT INTO offer VALUES(185,'unavailable',2,179,12,'lait','l',0,0,0,0,5);
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
) STRICT;
INSERT INTO orders VALUES(81,'ready',9,33,1,100,'C100',0,830,'9667',1795514400,1795507200,NULL,NULL,NULL);
INSERT INTO orders VALUES(90,'collected',9,33,2,101,'C101',0,1410,'8830',1795514401,1795507200,NULL,NULL,NULL);
INSERT INTO orders VALUES(96,'cancelled',4,33,3,102,'C102',0,0,'2303',1795514401,1795507201,NULL,NULL,NULL);
INSERT INTO orders VALUES(108,'cancelled',3,33,5,103,'C103',0,0,NULL,1795514401,NULL,NULL,NULL,NULL);
INSERT INTO orders VALUES(188,'placed',3,179,2,104,'C104',0,1050,'6922',1795888826,1795881626,NULL,NULL,NULL);
INSERT INTO orders VALUES(194,'draft',2,179,5,105,'C105',0,300,NULL,1795888826,NULL,NULL,NULL,NULL);
INSERT INTO orders VALUES(197,'draft',2,179,1,106,'C106',0,680,NULL,1795888826,NULL,NULL,NULL,NULL);
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
	delivered_at INTEGER
) STRICT;
INSERT INTO order_line VALUES(82,'confirmed',3,81,36,3000,3000,3000,120,360,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(83,'confirmed',2,81,46,1000,1000,1000,150,150,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(86,'confirmed',2,81,39,1000,1000,1000,320,320,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(91,'delivered',3,90,35,2000,2000,2000,180,360,NULL,NULL,NULL,NULL,1795881625);
INSERT INTO order_line VALUES(93,'credited',5,90,63,1000,1000,1000,300,300,NULL,NULL,NULL,NULL,1795881625);
INSERT INTO order_line VALUES(97,'dropped',2,96,54,6000,0,0,35,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(98,'dropped',2,96,55,1000,0,0,1400,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(104,'delivered',3,90,66,1000,1000,1000,750,750,NULL,NULL,NULL,NULL,1795881625);
INSERT INTO order_line VALUES(109,'dropped',2,108,44,1000,0,0,230,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(110,'dropped',2,108,54,12000,0,0,35,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(189,'requested',1,188,182,3000,NULL,3000,150,450,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(190,'requested',1,188,183,2000,NULL,2000,300,600,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(195,'requested',1,194,183,1000,NULL,0,300,300,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(198,'requested',1,197,181,2000,NULL,0,190,380,NULL,NULL,NULL,NULL,NULL);
INSERT INTO order_line VALUES(199,'requested',1,197,183,1000,NULL,0,300,300,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE notice (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	event_id INTEGER NOT NULL, -- 0: a move of a message
	name TEXT NOT NULL,
	machine TEXT NOT NULL,
	subject_id INTEGER NOT NULL, -- what it is about, for this recipient
	role TEXT NOT NULL,
	person_id INTEGER, -- NULL: the number itself (machine contact)
	at INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')),
	message_id INTEGER, -- that says it; NULL or 0: nobody was told
	payload TEXT NOT NULL -- of the event
) STRICT;
INSERT INTO notice VALUES(1,1,'welcome_consent','contact',1,'RES',NULL,1792918800,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(2,2,'welcome','contact',1,'RES',NULL,1792918801,'done',NULL,'{"proof_kept":1,"promo":1}');
INSERT INTO notice VALUES(3,3,'welcome_consent','contact',3,'RES',NULL,1792918802,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(4,4,'welcome','contact',3,'RES',NULL,1792918803,'done',NULL,'{"proof_kept":1,"promo":1}');
INSERT INTO notice VALUES(5,5,'welcome_consent','contact',5,'RES',NULL,1792918804,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(6,6,'welcome','contact',5,'RES',NULL,1792918805,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(7,7,'welcome_consent','contact',7,'RES',NULL,1792918806,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(8,8,'welcome','contact',7,'RES',NULL,1792918807,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(9,9,'welcome_consent','contact',9,'RES',NULL,1792918808,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(10,10,'welcome','contact',9,'RES',NULL,1792918809,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(11,11,'welcome_consent','contact',11,'RES',NULL,1792918810,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(12,12,'welcome','contact',11,'RES',NULL,1792918811,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(13,13,'welcome_consent','contact',13,'RES',NULL,1792918812,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(14,14,'welcome','contact',13,'RES',NULL,1792918813,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(15,15,'welcome_consent','contact',15,'RES',NULL,1792918814,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(16,16,'welcome','contact',15,'RES',NULL,1792918815,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(17,17,'welcome_consent','contact',17,'RES',NULL,1792918816,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(18,18,'welcome','contact',17,'RES',NULL,1792918817,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(19,19,'welcome_consent','contact',19,'RES',NULL,1792918818,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(20,20,'welcome','contact',19,'RES',NULL,1792918819,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(21,21,'welcome_consent','contact',21,'RES',NULL,1792918820,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(22,22,'welcome','contact',21,'RES',NULL,1792918821,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(23,23,'welcome_consent','contact',23,'RES',NULL,1792918822,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(24,24,'welcome','contact',23,'RES',NULL,1792918823,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(25,25,'welcome_consent','contact',25,'RES',NULL,1792918824,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(26,26,'welcome','contact',25,'RES',NULL,1792918825,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(27,27,'welcome_consent','contact',27,'RES',NULL,1792918826,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(28,28,'welcome','contact',27,'RES',NULL,1792918827,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(29,29,'welcome_consent','contact',29,'RES',NULL,1792918828,'done',NULL,'{"identity_seen":1}');
INSERT INTO notice VALUES(30,30,'welcome','contact',29,'RES',NULL,1792918829,'done',NULL,'{"proof_kept":1,"promo":0}');
INSERT INTO notice VALUES(31,32,'stop_ack','contact',31,'RES',NULL,1792918831,'done',NULL,'{}');
INSERT INTO notice VALUES(32,34,'ask_availability','cycle',33,'PRO',11,1794816001,'done',NULL,'{}');
INSERT INTO notice VALUES(33,34,'ask_availability','cycle',33,'PRO',12,1794816001,'done',NULL,'{}');
INSERT INTO notice VALUES(34,34,'ask_availability','cycle',33,'PRO',13,1794816001,'done',NULL,'{}');
INSERT INTO notice VALUES(35,53,'ack','offer',52,'PRO',11,1795251618,'done',NULL,'{}');
INSERT INTO notice VALUES(36,79,'cycle_open','cycle',33,'RES',1,1795420800,'done',NULL,'{}');
INSERT INTO notice VALUES(37,79,'cycle_open','cycle',33,'RES',2,1795420800,'done',NULL,'{}');
INSERT INTO notice VALUES(38,84,'recap','order',81,'RES',1,1795507200,'done',9,'{}');
INSERT INTO notice VALUES(39,85,'order_placed','order',81,'RES',1,1795507200,'done',10,'{}');
INSERT INTO notice VALUES(40,87,'recap','order',81,'RES',1,1795507200,'done',14,'{}');
INSERT INTO notice VALUES(41,89,'recap','order',81,'RES',1,1795507200,'done',18,'{}');
INSERT INTO notice VALUES(42,92,'recap','order',90,'RES',2,1795507200,'done',22,'{}');
INSERT INTO notice VALUES(43,94,'recap','order',90,'RES',2,1795507200,'done',29,'{}');
INSERT INTO notice VALUES(44,95,'order_placed','order',90,'RES',2,1795507200,'done',30,'{}');
INSERT INTO notice VALUES(45,99,'recap','order',96,'RES',3,1795507201,'done',32,'{}');
INSERT INTO notice VALUES(46,100,'order_placed','order',96,'RES',3,1795507201,'done',33,'{}');
INSERT INTO notice VALUES(47,101,'order_cancelled','order',96,'RES',3,1795507201,'done',35,'{}');
INSERT INTO notice VALUES(48,105,'recap','order',90,'RES',2,1795507201,'done',38,'{}');
INSERT INTO notice VALUES(49,106,'stop_ack','contact',9,'RES',NULL,1795507201,'done',41,'{"scope":"all"}');
INSERT INTO notice VALUES(50,107,'start_ack','contact',9,'RES',NULL,1795507201,'done',43,'{}');
INSERT INTO notice VALUES(51,111,'recap','order',108,'RES',5,1795507201,'done',47,'{}');
INSERT INTO notice VALUES(52,115,'totals','cycle',33,'PRO',11,1795712400,'done',49,'{}');
INSERT INTO notice VALUES(53,115,'totals','cycle',33,'PRO',12,1795712400,'done',50,'{}');
INSERT INTO notice VALUES(54,115,'totals','cycle',33,'PRO',13,1795712400,'done',51,'{}');
INSERT INTO notice VALUES(55,115,'order_locked','order',81,'RES',1,1795712400,'done',52,'{}');
INSERT INTO notice VALUES(56,115,'order_locked','order',90,'RES',2,1795712400,'done',53,'{}');
INSERT INTO notice VALUES(57,164,'order_result','order',81,'RES',1,1795716001,'done',57,'{}');
INSERT INTO notice VALUES(58,166,'auto_confirmed','line',93,'COO',31,1795770000,'done',63,'{}');
INSERT INTO notice VALUES(59,167,'auto_confirmed','line',104,'COO',31,1795770000,'done',63,'{}');
INSERT INTO notice VALUES(60,168,'order_result','order',90,'RES',2,1795770000,'done',64,'{}');
INSERT INTO notice VALUES(61,171,'pickup_ready','order',81,'RES',1,1795881600,'done',65,'{}');
INSERT INTO notice VALUES(62,172,'pickup_ready','order',90,'RES',2,1795881600,'done',66,'{}');
INSERT INTO notice VALUES(63,173,'receipt','order',90,'RES',2,1795881625,'done',69,'{}');
INSERT INTO notice VALUES(64,177,'complaint','line',93,'COO',31,1795881625,'done',70,'{"reason":"moisi"}');
INSERT INTO notice VALUES(65,177,'complaint','line',93,'PRO',13,1795881625,'done',71,'{"reason":"moisi"}');
INSERT INTO notice VALUES(66,178,'credited','line',93,'RES',2,1795881625,'done',69,'{"amount":100}');
INSERT INTO notice VALUES(67,180,'ask_availability','cycle',179,'PRO',11,1795881625,'done',72,'{}');
INSERT INTO notice VALUES(68,180,'ask_availability','cycle',179,'PRO',12,1795881625,'done',73,'{}');
INSERT INTO notice VALUES(69,180,'ask_availability','cycle',179,'PRO',13,1795881625,'done',71,'{}');
INSERT INTO notice VALUES(70,186,'ack','offer',185,'PRO',12,1795881626,'done',73,'{}');
INSERT INTO notice VALUES(71,187,'cycle_open','cycle',179,'RES',1,1795881626,'done',74,'{}');
INSERT INTO notice VALUES(72,187,'cycle_open','cycle',179,'RES',2,1795881626,'done',75,'{}');
INSERT INTO notice VALUES(73,191,'recap','order',188,'RES',2,1795881626,'done',76,'{}');
INSERT INTO notice VALUES(74,192,'order_placed','order',188,'RES',2,1795881626,'done',77,'{}');
INSERT INTO notice VALUES(75,196,'recap','order',194,'RES',5,1795881626,'done',78,'{}');
INSERT INTO notice VALUES(76,200,'recap','order',197,'RES',1,1795881626,'done',79,'{}');
INSERT INTO notice VALUES(77,201,'pickup_instruction','order',81,'COO',31,1795881638,'done',81,'{"kind":"late","time":1795890000}');
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
	body TEXT NOT NULL, -- secrets replaced by ***; empty while it is a part
	sealed BLOB, -- a part that waits for the others, encrypted
	whole_id INTEGER, -- of a part: the row of the text that it became
	state TEXT NOT NULL CHECK (state IN ('part', 'handled', 'aside', 'ignored')),
	intent TEXT,
	listed TEXT, -- why the coordinator is to look at it; NULL: no need
	answered_at INTEGER
) STRICT;
INSERT INTO inbox VALUES(1,X'b9777f1c50ad895c8702d117b403d5a45e7b1ffc825b5f23bf297ed57fda089f','modem','gsm0','+33639981234',80,NULL,1795543993,1795507200,NULL,NULL,NULL,'bonjour c''est quoi ce numero',NULL,NULL,'handled','HELP','from a number that is not registered',NULL);
INSERT INTO inbox VALUES(2,X'24a46c912e0e97c52232b958122da4cc860aa2c362bb2ab0730ad4725d613d72','modem','gsm0','+33639981234',80,NULL,1795543993,1795507200,NULL,NULL,NULL,'2 kg carottes',NULL,NULL,'handled','CLARIFY','from a number that is not registered',NULL);
INSERT INTO inbox VALUES(3,X'f5483d5b08e740e358a4899009fa3578dd1d7a43a25833c03f786bd578809b7f','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'Bonjour',NULL,NULL,'handled','HELP',NULL,NULL);
INSERT INTO inbox VALUES(4,X'b2d7e7c4ad98776810824c7296b8bf828ba0f1dc6492bf0086c58dbf4d3c5492','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'AIDE',NULL,NULL,'handled','HELP',NULL,NULL);
INSERT INTO inbox VALUES(5,X'38a068a3f8df7f03b84b528d1379c437768bea5b56cedd97eed36d1f911b7b4a','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'LISTE',NULL,NULL,'handled','LIST',NULL,NULL);
INSERT INTO inbox VALUES(6,X'a741d05f65912c98a0bdf6d1122b6d004c30b886f0f4d9d1ccb8f44830b485f5','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'suite',NULL,NULL,'handled','LIST',NULL,NULL);
INSERT INTO inbox VALUES(7,X'612f84ffed47a8ea85bf3982536ccbc84a5eab07e474043971dbce1882f83d01','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'prix des carottes',NULL,NULL,'handled','LIST',NULL,NULL);
INSERT INTO inbox VALUES(8,X'04cd203c4c3f669244bc8df563fca85930c3e00d4bf5bbf541bdae0b0f63c620','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'vous avez des fraises?',NULL,NULL,'handled','LIST',NULL,NULL);
INSERT INTO inbox VALUES(9,X'4c52145ada9dc9825e7a9778b3fb822e4abe04c34872d6696dff6f88448093fa','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'c jusqua kan pr commandé',NULL,NULL,'handled','LIST',NULL,NULL);
INSERT INTO inbox VALUES(10,X'62cd2ff84473ccba395124f240e3f2e537b7b9c5d1fe34e11c4218a9a3af1cc5','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'bjr je voudrai 2kg de patate et 1 botte radi svp',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(11,X'0272a2585232bd651fba5c50f0d71455a2df45292a2e14c98cc4ccb8a3d82026','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'ui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(12,X'9120223440860a266d024ec2cd49e04c258fccd199671e072e9483b3b6b3394a','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'ou en est ma commande',NULL,NULL,'handled','STATUS',NULL,NULL);
INSERT INTO inbox VALUES(13,X'd4547351b52c7f8d41b6e5c34e0ae306f3517de514c14bf3cb57aa0386137718','modem','gsm0','+33639980001',1,1,1795543994,1795507200,NULL,NULL,NULL,'ui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(14,X'770af1ffbc744a16fcae6d8091a19f7ade271130a925d8bfb8f5892d616c032b','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'AJOUTE 1 kg tomates',NULL,NULL,'handled','ADD',NULL,NULL);
INSERT INTO inbox VALUES(15,X'a63f65fbfdf4a677116811fe732ed820a158c00bc785825ccb86293104355dfe','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'oui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(16,X'afaea2e7b3da6fb91b9d27890ef580f74c3a0c6a57774441e00bd83a0e0b87cf','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'enleve les radis',NULL,NULL,'handled','REMOVE',NULL,NULL);
INSERT INTO inbox VALUES(17,X'd34412831562e0d145e61b493025a02b2b597df8ea583c61ca855eb20c1c8a0e','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'non',NULL,NULL,'handled','NO',NULL,NULL);
INSERT INTO inbox VALUES(18,X'6790eaff194cb475dc24d7e5ba54345870fade5fdb67f3cc176327da2020d248','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'mettez 3kg de patates au lieu de 2',NULL,NULL,'handled','SET',NULL,NULL);
INSERT INTO inbox VALUES(19,X'e381b394283e171b10b18c194ed977ea53a617333b1672931a4aa6b54f9a362c','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'OUI',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(20,X'61de78eb0dbadc754c0e9253a5e246a3c268d8e4a2e627a78f4fc26cbbe947b3','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'plus carottes',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(21,X'bbb9ac93fd5ef3fa31af53526b23dbeb3d96b33c6864b8f9eee655d94140046a','modem','gsm0','+33639980001',1,1,1795543993,1795507200,NULL,NULL,NULL,'2',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(22,X'9ad5e2e04ef5cbf2ceab6597986468b1de99fb1b8e4d62da7707af609bc04a84','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'des carottes',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(23,X'918d61e337abe4a6c865c32759e0824f539462f543f035b4a14dc70f75b1f00c','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'2',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(24,X'668cb14dd9b83f913944975da98777992da8a7af521d629bba5a1b071a9e6f85','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'1 fromage',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(25,X'0896b2bbbeede38454d294015af3c946165e65d1bcd7570fa8e7203198c11ebe','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'1',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(26,X'17a0a006cb3a2ff6250c36709f2c0ab20d12e09bb86fc3f869cd50f17121d303','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'2 kg de bananes',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(27,X'8458f7d2b3bc9fc70673b4000536a0384e2718974ae7aef670fd4ba360538e64','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'3 tomates',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(28,X'ac3a82a5f28d94744455b0c8b2491ab96075ae7a824ddd8903339a9075fe29dc','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'NON',NULL,NULL,'handled','NO',NULL,NULL);
INSERT INTO inbox VALUES(29,X'70e45b668851324cca120c5848c8861f2260b20e2fd7908c6d1eafc1105fe01f','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'mon',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(30,X'2e955784695cb3df9edd9d4040826febbf4bc9141adb37e5797abc3f8ab60ea2','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'+1 pain',NULL,NULL,'handled','ADD',NULL,NULL);
INSERT INTO inbox VALUES(31,X'dbc677dd05e7a2c8b7502a46a29a6da2242e1256021e0b97814ffbf79b8fb740','modem','gsm0','+33639980002',3,2,1795543993,1795507200,NULL,NULL,NULL,'OUI',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(32,X'9a59eaafe608d9974f1ce381aef1e2e4c160ad95a930a53c04f81a2ae470e576','modem','gsm0','+33639980003',5,NULL,1795543993,1795507200,NULL,NULL,NULL,'6 oeufs et un poulet',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(33,X'0bc9c9642c24b978494fdab48bc5be586e1f31c159121a96c84bfc4492cb61a2','modem','gsm0','+33639980003',5,3,1795543994,1795507201,NULL,NULL,NULL,'1',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(34,X'd644078b9c5859e1a81cf5de00e21ab0c68762624461b228443006e4cf066846','modem','gsm0','+33639980003',5,3,1795543994,1795507201,NULL,NULL,NULL,'oui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(35,X'da6eb53db3e3b15e50e96697e78ba8832f787f280bc06aac1a80ba5c5c4e406f','modem','gsm0','+33639980003',5,3,1795543994,1795507201,NULL,NULL,NULL,'annule',NULL,NULL,'handled','CANCEL',NULL,NULL);
INSERT INTO inbox VALUES(36,X'850aab393a6ff50b48ddccf1a8755a97590a76eee74a7dea3df25763f2cb2c4f','modem','gsm0','+33639980003',5,3,1795543995,1795507201,NULL,NULL,NULL,'oui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(37,X'541fc7230fbd3cd95aeaa11e16cfe47b7b7909cbf8160610ca63efff59f59f85','modem','gsm0','+33639980004',11,7,1795543994,1795507201,NULL,NULL,NULL,'AJOUTE 1 pot de miel',NULL,NULL,'handled','ADD',NULL,NULL);
INSERT INTO inbox VALUES(38,X'5d05b068964339468604ebabd435297a732741de62575ea74cc5c15469ef04c1','modem','gsm0','+33639980004',11,7,1795543994,1795507201,NULL,NULL,NULL,'oui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(39,X'eb28860b0804ecac61d9f2aebb4928e15b36479bed716e33e1dfbdced9e34e84','modem','gsm0','+33639980001',1,1,1795543994,1795507201,NULL,NULL,NULL,'RESERVE PERCEUSE SAMEDI',NULL,NULL,'handled','RESERVE','asks for what is not served by text yet',NULL);
INSERT INTO inbox VALUES(40,X'02afb8684ba25abb8f9e17815d14fad958d1c73f80d0e314021fd8db6de855b5','modem','gsm0','+33639980001',1,1,1795543994,1795507201,NULL,NULL,NULL,'VOTE 3 POUR ***',NULL,NULL,'handled','CLARIFY','asks for what is not served by text yet',NULL);
INSERT INTO inbox VALUES(41,X'7673e8d88729028c025e22dac47eac698cf28df79ae016ede601626e34e7a1a9','modem','gsm0','+33639980006',9,6,1795543994,1795507201,NULL,NULL,NULL,'STOP',NULL,NULL,'handled','STOP',NULL,NULL);
INSERT INTO inbox VALUES(42,X'1ce0f0a9a05143e7a2ec22ebd637053bb7b4fe30705aa84b612a3ddfafc93a4d','modem','gsm0','+33639980006',9,6,1795543995,1795507201,NULL,NULL,NULL,'STOP',NULL,NULL,'handled','STOP',NULL,NULL);
INSERT INTO inbox VALUES(43,X'7e253ff7c4a5fe28d254ef9428956a8ba1e92880d4b7599557de0ea6a9857be4','modem','gsm0','+33639980006',9,6,1795543994,1795507201,NULL,NULL,NULL,'reprendre',NULL,NULL,'handled','START',NULL,NULL);
INSERT INTO inbox VALUES(44,X'9d51ca0ed9d3d6d63db30ecc0ebd5c660588ef305bd3b72d2180cc05955d280c','modem','gsm0','+33639980011',13,11,1795543994,1795507201,NULL,NULL,NULL,'OK',NULL,NULL,'handled','LINE_CONFIRM',NULL,NULL);
INSERT INTO inbox VALUES(45,X'21fea5cddc3211a805ad56e24f269aa3d312dfaa79dff9cbd26d9924bc577927','modem','gsm0','+33639980001',1,1,1795543994,1795507201,NULL,NULL,NULL,'''; DROP TABLE orders; --',NULL,NULL,'handled','UNKNOWN','not understood',NULL);
INSERT INTO inbox VALUES(46,X'e549764f50532c2b802e4cea226b54da9217a7a9db4e51797141126acaa20acd','modem','gsm0','+33639980001',1,1,1795543994,1795507201,NULL,NULL,NULL,'je comprends pas',NULL,NULL,'handled','HELP',NULL,NULL);
INSERT INTO inbox VALUES(47,X'bd1c9e5bf7948863cb43a663b429020a8b8744d23f2076b0e2dc900b8ff5d3e5','modem','gsm0','+33639980005',7,5,1795543994,1795507201,NULL,NULL,NULL,'1 kg pommes 12 oeufs',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(48,X'3aa48116349694e04f78f473a25fa10b8044fb182521c71ef20df3af684bac11','modem','gsm0','+33639980005',7,5,1795543994,1795507201,NULL,NULL,NULL,'je veux plus rien',NULL,NULL,'handled','CANCEL',NULL,NULL);
INSERT INTO inbox VALUES(49,X'e88042323edc8ff2743ead60fb5360ed13dcb29feb9f19713948f84729c163b5','modem','gsm0','+33639980001',1,1,1795752794,1795716001,NULL,NULL,NULL,'AJOUTE 1 kg tomates',NULL,NULL,'handled','ADD',NULL,NULL);
INSERT INTO inbox VALUES(50,X'e0421733021d077f2d5c2f3b462b481b7dbfdf91c6a38ac379cc57d4202824bb','modem','gsm0','+33639980001',1,1,1795752794,1795716001,NULL,NULL,NULL,'annule ma commande',NULL,NULL,'handled','CANCEL','wants to cancel after the cut-off',NULL);
INSERT INTO inbox VALUES(51,X'e11ddb8bfebb182a9d96217b15eff86c1f44dfc46a40f01d944a1f9a71ab562a','modem','gsm0','+33639980011',13,11,1795752794,1795716001,NULL,NULL,NULL,'OK',NULL,NULL,'handled','LINE_CONFIRM',NULL,NULL);
INSERT INTO inbox VALUES(52,X'6b592185495ee017cea8ca84ca03f237fda24c39c1b17d29c670691f98f6da4b','modem','gsm0','+33639980012',15,12,1795752794,1795716001,NULL,NULL,NULL,'OK',NULL,NULL,'handled','LINE_CONFIRM',NULL,NULL);
INSERT INTO inbox VALUES(53,X'b3523f408d63cf4e23afff8a83f64b42d24d5223bbf9805e9b89d047bd421d92','modem','gsm0','+33639980013',17,13,1795752794,1795716001,NULL,NULL,NULL,'NON',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(54,X'38785ec2f026c49bc3ea42d333687b4de8fca9d87b6fe717527649f813b87475','modem','gsm0','+33639980013',17,13,1795752794,1795716001,NULL,NULL,NULL,'non tout',NULL,NULL,'handled','CLARIFY',NULL,NULL);
INSERT INTO inbox VALUES(55,X'a89a12de0e4f03974cd8ce3bc2af4c377a5e0d99d5db3f04a7e7ee7dad172e88','modem','gsm0','+33639980001',1,1,1795752794,1795716001,NULL,NULL,NULL,'statut',NULL,NULL,'handled','STATUS',NULL,NULL);
INSERT INTO inbox VALUES(56,X'8e486516552967b1420eb8a05bf7b91542f05918812d88bbc257231b1ee2857d','modem','gsm0','+33639980002',3,2,1795752794,1795716001,NULL,NULL,NULL,'statut',NULL,NULL,'handled','STATUS',NULL,NULL);
INSERT INTO inbox VALUES(57,X'deec7e0a1608171e6e10eb5f78bfdafea596952ddcda420658b86bffc6dad999','modem','gsm0','+33639980001',1,1,1795918394,1795881601,NULL,NULL,NULL,'ETAT',NULL,NULL,'handled','STATUS',NULL,NULL);
INSERT INTO inbox VALUES(58,X'd8227bd99a1a2173b89f086cd5bb12d33e37b5f39e1202844059f9d14a293ed0','modem','gsm0','+33639980001',1,1,1795918394,1795881601,NULL,NULL,NULL,'merci',NULL,NULL,'handled','THANKS',NULL,NULL);
INSERT INTO inbox VALUES(59,X'27e20235a0df7c4ad0d74c95abd2f148d48b9b035af3d3db10f848d214e596ec','modem','gsm0','+33639980002',3,2,1795544019,1795881626,NULL,NULL,NULL,'3 bottes de radis et 2 pains',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(60,X'338e6ebba2af4d95b814605be327c1eaa7d917f287fcfa03efa6f6c12ee67a2d','modem','gsm0','+33639980002',3,2,1795544019,1795881626,NULL,NULL,NULL,'oui',NULL,NULL,'handled','YES',NULL,NULL);
INSERT INTO inbox VALUES(61,X'ce2c637105294ea722474272107c4ade0f929dc81267d9f6006254c12802f774','modem','gsm0','+33639980005',7,5,1795544019,1795881626,NULL,NULL,NULL,'1 pain',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(62,X'd0378eb322ca0acf99f4995126d04022de820eb8b4b7aa95c8aaa1600ffd8d12','modem','gsm0','+33639980001',1,1,1795544019,1795881626,NULL,NULL,NULL,'2 kg carottes et 1 pain',NULL,NULL,'handled','ORDER',NULL,NULL);
INSERT INTO inbox VALUES(63,X'88c52e6d802854caeac2430b791590a69a401499298af4e3a2422cf961edabdd','modem','gsm0','+33639980099',31,NULL,1795544019,1795881626,NULL,NULL,NULL,'2 kg carottes',NULL,NULL,'handled','CLARIFY','writes, and has said STOP',NULL);
INSERT INTO inbox VALUES(64,X'53d4b1f6249e11b62a1bebd3fb115e7f4ea4eb5e254118ef0cee8473d08a0d65','modem','gsm0','+33639980012',15,12,1795544019,1795881626,NULL,NULL,NULL,'oeufs',NULL,NULL,'handled','CLARIFY','buys or sells?',NULL);
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
) STRICT;
INSERT INTO message VALUES(1,'delivered',4,'+33639981234',80,NULL,1,'unknown_number','Bonjour ! Ici Chappe, les commandes de produits locaux par SMS. Nous ne connaissons pas encore votre numéro. Pour vous inscrire, appelez le 06 39 98 00 31, une personne vous répond.',2,0,1795507200,1795507200,1795593600,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(2,'delivered',4,'+33639980001',1,1,3,'greeting','Bonjour ! Écrivez ce que vous voulez, par exemple : 2 KG PATATES. Ou répondez LISTE pour voir les produits, AIDE pour comprendre.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(3,'delivered',4,'+33639980001',1,1,4,'help',replace('Écrivez-nous comme vous parlez :\n2 KG PATATES : commander\nLISTE : voir les produits\nAJOUTE ou ENLEVE : changer\nETAT : où en est ma commande\nANNULE : annuler ma commande\nRAPPELEZ-MOI : une personne vous appelle\nSTOP : ne plus recevoir de SMS\nPoint de retrait : 06 39 98 00 31','\n',char(10)),2,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(4,'delivered',4,'+33639980001',1,1,5,'list_page',replace('Produits, page 1 sur 6 :\n1. carottes 1,80 €/kg\n2. pommes de terre 1,20 €/kg\n3. poireaux 2,40 €/kg\n4. oignons 1,90 €/kg\n5. tomates 3,20 €/kg\n6. endives 2,90 €/kg\n7. betteraves 2,10 €/kg\n8. navets 2,20 €/kg\n9. haricots verts 5,50 €/kg\nLa suite : répondez SUITE.\nPour commander : 2 KG PATATES','\n',char(10)),2,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(5,'delivered',4,'+33639980001',1,1,6,'list_page',replace('Produits, page 2 sur 6 :\n10. pommes 2,30 €/kg\n11. poires 2,80 €/kg\n12. radis 1,50 €/botte\n13. persil 1 €/botte\n14. salade 1,20 € pièce\n15. chou 2,50 € pièce\n16. potiron 4 € pièce\n17. ail 0,90 € pièce\n19. oeuf 0,35 € pièce\nLa suite : répondez SUITE.\nPour commander : 2 KG PATATES','\n',char(10)),2,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(6,'delivered',4,'+33639980001',1,1,7,'price_answer','Carottes : 1,80 €/kg. Il en reste 50 kg. Pour commander, répondez par exemple : 2 KG CAROTTES',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(7,'delivered',4,'+33639980001',1,1,8,'product_sold_out.near','Fraises : il n''y en a plus cette fois, désolés. Nous avons : pommes, poires et pommes golden.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(8,'delivered',4,'+33639980001',1,1,9,'cutoff_answer','Vous pouvez commander jusqu''à jeudi 26 novembre à 18h. Retrait samedi 28 novembre de 17h à 19h.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(9,'delivered',4,'+33639980001',1,1,10,'recap',replace('Votre commande :\n2 kg pommes de terre : 2,40 €\n1 botte radis : 1,50 €\nTotal : 3,90 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(10,'delivered',4,'+33639980001',1,1,11,'order_placed','C''est commandé, merci ! Commande C100, total 3,90 €, à payer au retrait. Retrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché. Jusqu''à jeudi 26 novembre à 18h, vous pouvez répondre AJOUTE, ENLEVE ou ANNULE.',2,0,1795507200,1795507200,1795593600,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(11,'delivered',4,'+33639980001',1,1,12,'status_steps',replace('Votre commande C100 est bien notée :\n2 kg pommes de terre : 2,40 €\n1 botte radis : 1,50 €\nTotal : 3,90 €.\nElle peut changer jusqu''à jeudi 26 novembre à 18h.\nRépondez ANNULE pour annuler ou AJOUTE et ENLEVE pour changer.','\n',char(10)),2,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(12,'delivered',4,'+33639980001',1,1,13,'status_steps',replace('Votre commande C100 est bien notée :\n2 kg pommes de terre : 2,40 €\n1 botte radis : 1,50 €\nTotal : 3,90 €.\nElle peut changer jusqu''à jeudi 26 novembre à 18h.\nRépondez ANNULE pour annuler ou AJOUTE et ENLEVE pour changer.','\n',char(10)),2,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(13,'delivered',4,'+33639980001',1,1,14,'ask_change',replace('Votre commande C100 deviendrait :\n2 kg pommes de terre : 2,40 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 7,10 €.\nOn change ? Répondez OUI ou NON.','\n',char(10)),2,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(14,'delivered',4,'+33639980001',1,1,15,'recap.placed',replace('C''est changé. Votre commande C100 :\n2 kg pommes de terre : 2,40 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 7,10 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795507200,1795507200,1795593600,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(15,'delivered',4,'+33639980001',1,1,16,'ask_change',replace('Votre commande C100 deviendrait :\n2 kg pommes de terre : 2,40 €\n1 kg tomates : 3,20 €\nTotal : 5,60 €.\nOn change ? Répondez OUI ou NON.','\n',char(10)),1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(16,'delivered',4,'+33639980001',1,1,17,'kept','D''accord, on ne change rien.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(17,'delivered',4,'+33639980001',1,1,18,'ask_change',replace('Votre commande C100 deviendrait :\n3 kg pommes de terre : 3,60 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 8,30 €.\nOn change ? Répondez OUI ou NON.','\n',char(10)),2,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(18,'delivered',4,'+33639980001',1,1,19,'recap.placed',replace('C''est changé. Votre commande C100 :\n3 kg pommes de terre : 3,60 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 8,30 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795507200,1795507200,1795593600,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(19,'delivered',4,'+33639980001',1,1,20,'ask_plus',replace('Carottes : faut-il en ajouter ou les enlever ?\n1. En ajouter\n2. Les enlever\nRépondez 1 ou 2.','\n',char(10)),1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(20,'delivered',4,'+33639980001',1,1,21,'line_not_there','Carottes : il n''y en a pas dans votre commande. Répondez ETAT pour la revoir.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(21,'delivered',4,'+33639980002',3,2,22,'ask_quantity','Carottes 1,80 €/kg : combien en voulez-vous ? Répondez par exemple : 2 KG',1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(22,'delivered',4,'+33639980002',3,2,23,'recap',replace('Votre commande :\n2 kg carottes : 3,60 €\nTotal : 3,60 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(23,'delivered',4,'+33639980002',3,2,24,'ask_which_product',replace('Lequel voulez-vous ? Répondez par le chiffre :\n1. tomme 17 €/kg\n2. maroilles 6,50 € pièce\n3. fromage de chèvre 3,20 € pièce','\n',char(10)),1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(24,'delivered',4,'+33639980002',3,2,25,'ask_quantity','Tomme 17 €/kg : combien en voulez-vous ? Répondez par exemple : 2 KG',1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(25,'delivered',4,'+33639980002',3,2,26,'product_not_offered','Banane : nous n''en avons pas cette fois. Répondez LISTE pour voir les produits.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(26,'delivered',4,'+33639980002',3,2,27,'ask_unit','Tomates 3,20 €/kg : nous vendons cela en kg. Combien en voulez-vous ? Répondez par exemple : 2 KG',1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(27,'delivered',4,'+33639980002',3,2,28,'kept','D''accord, on ne change rien.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(28,'delivered',4,'+33639980002',3,2,29,'nothing_to_confirm','Il n''y a rien à confirmer pour le moment. Pour commander, écrivez par exemple : 2 KG PATATES.',1,0,1795507200,1795507200,1795528800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(29,'delivered',4,'+33639980002',3,2,30,'recap',replace('Votre commande :\n2 kg carottes : 3,60 €\n1 pain : 3 €\nTotal : 6,60 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(30,'delivered',4,'+33639980002',3,2,31,'order_placed','C''est commandé, merci ! Commande C101, total 6,60 €, à payer au retrait. Retrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché. Jusqu''à jeudi 26 novembre à 18h, vous pouvez répondre AJOUTE, ENLEVE ou ANNULE.',2,0,1795507200,1795507200,1795593600,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(31,'delivered',4,'+33639980003',5,NULL,32,'shared_phone_who',replace('Ce téléphone sert à plusieurs personnes. Qui nous écrit ? Répondez par le chiffre :\n1. Adhérent 103\n2. Adhérent 104','\n',char(10)),1,0,1795507200,1795507200,1795514400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(32,'delivered',4,'+33639980003',5,3,33,'recap',replace('Votre commande :\n6 oeufs : 2,10 €\n1 poulet : 14 €\nTotal : 16,10 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795507201,1795507201,1795514401,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(33,'delivered',4,'+33639980003',5,3,34,'order_placed','C''est commandé, merci ! Commande C102, total 16,10 €, à payer au retrait. Retrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché. Jusqu''à jeudi 26 novembre à 18h, vous pouvez répondre AJOUTE, ENLEVE ou ANNULE.',2,0,1795507201,1795507201,1795593601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(34,'delivered',4,'+33639980003',5,3,35,'ask_cancel','Annuler votre commande C102 de 16,10 € ? Répondez OUI pour annuler, NON pour la garder.',1,0,1795507201,1795507201,1795514401,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(35,'delivered',4,'+33639980003',5,3,36,'order_cancelled','Votre commande C102 est annulée. Vous n''avez rien à payer.',1,0,1795507201,1795507201,1795593601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(36,'delivered',4,'+33639980004',11,7,37,'ask_change',replace('Votre commande C101 deviendrait :\n2 kg carottes : 3,60 €\n1 pain : 3 €\n1 pot miel : 7,50 €\nTotal : 14,10 €.\nOn change ? Répondez OUI ou NON.','\n',char(10)),1,0,1795507201,1795507201,1795514401,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(37,'delivered',4,'+33639980004',11,7,38,'recap.AID.placed',replace('C''est changé. Commande C101 pour Adhérent 102 :\n2 kg carottes : 3,60 €\n1 pain : 3 €\n1 pot miel : 7,50 €\nTotal : 14,10 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795507201,1795507201,1795593601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(38,'delivered',4,'+33639980002',3,2,NULL,'recap.placed',replace('Aidant de 102 a fait ceci pour vous :\nC''est changé. Votre commande C101 :\n2 kg carottes : 3,60 €\n1 pain : 3 €\n1 pot miel : 7,50 €\nTotal : 14,10 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795507201,1795507201,1795593601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(39,'delivered',4,'+33639980001',1,1,39,'not_served_yet','Les réservations et les votes ne marchent pas encore par SMS, désolés. Une personne s''en occupe avec vous au 06 39 98 00 31.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(40,'delivered',4,'+33639980001',1,1,40,'not_served_yet','Les réservations et les votes ne marchent pas encore par SMS, désolés. Une personne s''en occupe avec vous au 06 39 98 00 31.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(41,'delivered',4,'+33639980006',9,6,41,'stop_ack','C''est fait, vous ne recevrez plus de SMS de notre part. Pour revenir un jour, répondez REPRENDRE.',1,0,1795507201,1795507201,1795680001,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(42,'delivered',4,'+33639980006',9,6,42,'already_stopped','Vous ne recevez déjà plus de SMS de notre part. Pour revenir, répondez REPRENDRE.',1,0,1795507201,1795507201,1795593601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(43,'delivered',4,'+33639980006',9,6,43,'start_ack','Bon retour parmi nous ! Vous recevez de nouveau nos SMS. Répondez LISTE pour voir les produits.',1,0,1795507201,1795507201,1795680001,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(44,'delivered',4,'+33639980011',13,11,44,'producer_too_early','Les commandes sont encore ouvertes jusqu''à jeudi 26 novembre à 18h. Nous vous écrirons ensuite ce qui est à préparer.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(45,'delivered',4,'+33639980001',1,1,45,'unknown','Nous n''avons pas compris, désolés. Essayez par exemple 2 KG PATATES, LISTE ou AIDE. Une personne du point de retrait lira votre message.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(46,'delivered',4,'+33639980001',1,1,46,'help.who','Ici Chappe, le service de commande de produits locaux par SMS. Les réponses sont automatiques. Pour parler à quelqu''un, appelez le 06 39 98 00 31.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(47,'delivered',4,'+33639980005',7,5,47,'recap',replace('Votre commande :\n1 kg pommes : 2,30 €\n12 oeufs : 4,20 €\nTotal : 6,50 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795507201,1795507201,1795514401,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(48,'delivered',4,'+33639980005',7,5,48,'order_dropped','D''accord, rien n''est commandé. Pour recommencer, écrivez par exemple : 2 KG PATATES.',1,0,1795507201,1795507201,1795528801,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(49,'delivered',4,'+33639980011',13,11,NULL,'totals',replace('Les commandes sont closes. A préparer pour samedi 28 novembre :\n3 kg pommes de terre\n1 botte radis\n1 kg tomates\n2 kg carottes\nCommandes : C100, C101\nPour tout accepter, répondez OK. Sinon : OK C100, NON C100 ou PARTIEL 3 kg carottes. Avant vendredi 27 novembre à 10h, merci.','\n',char(10)),2,0,1795712400,1795712400,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(50,'delivered',4,'+33639980012',15,12,NULL,'totals.none','Les commandes sont closes. Rien pour vous cette fois. Merci, et à la prochaine !',1,0,1795712400,1795712400,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(51,'delivered',4,'+33639980013',17,13,NULL,'totals',replace('Les commandes sont closes. A préparer pour samedi 28 novembre :\n1 pain\n1 pot miel\nCommandes : C101\nPour tout accepter, répondez OK. Sinon : OK C101, NON C101 ou PARTIEL 3 kg carottes. Avant vendredi 27 novembre à 10h, merci.','\n',char(10)),2,0,1795712400,1795712400,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(52,'delivered',4,'+33639980001',1,1,NULL,'order_locked','Les commandes sont closes. Votre commande C100 (8,30 €) part chez les producteurs. Quand ils auront répondu, nous vous écrirons.',1,0,1795712400,1795712400,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(53,'delivered',4,'+33639980002',3,2,NULL,'order_locked','Les commandes sont closes. Votre commande C101 (14,10 €) part chez les producteurs. Quand ils auront répondu, nous vous écrirons.',1,0,1795712400,1795712400,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(54,'delivered',4,'+33639980001',1,1,49,'too_late','C''est trop tard : les commandes sont fermées depuis jeudi 26 novembre à 18h. Pour changer quelque chose, appelez le 06 39 98 00 31.',1,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(55,'delivered',4,'+33639980001',1,1,50,'too_late','C''est trop tard : les commandes sont fermées depuis jeudi 26 novembre à 18h. Pour changer quelque chose, appelez le 06 39 98 00 31.',1,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(56,'delivered',4,'+33639980011',13,11,51,'producer_accepted','Merci ! Accepté : 3 kg pommes de terre (C100), 1 botte radis (C100), 1 kg tomates (C100), 2 kg carottes (C101).',1,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(57,'delivered',4,'+33639980001',1,1,NULL,'order_result',replace('Bonne nouvelle, votre commande C100 est confirmée :\n3 kg pommes de terre : 3,60 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 8,30 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795716001,1795716001,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(58,'delivered',4,'+33639980012',15,12,52,'producer_nothing_pending','Vous n''avez rien à confirmer pour le moment. Après la fermeture des commandes, nous vous écrirons.',1,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(59,'delivered',4,'+33639980013',17,13,53,'ask_refuse_scope',replace('Que refusez-vous ?\n1. Tout : C101\n2. Rien, c''est une erreur\nOu répondez NON et le numéro, par exemple NON C101.','\n',char(10)),1,0,1795716001,1795716001,1795723201,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(60,'delivered',4,'+33639980013',17,13,54,'ask_refuse_all','Refuser 1 commande : C101 ? Répondez OUI pour refuser, NON pour les garder.',1,0,1795716001,1795716001,1795723201,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(61,'delivered',4,'+33639980001',1,1,55,'status_confirmed',replace('Votre commande C100 est confirmée :\n3 kg pommes de terre : 3,60 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 8,30 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour annuler : 06 39 98 00 31','\n',char(10)),2,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(62,'delivered',4,'+33639980002',3,2,56,'status_locked',replace('Votre commande C101 est chez les producteurs :\n2 kg carottes : 3,60 €\n1 pain : 3 €, en attente\n1 pot miel : 7,50 €, en attente\nTotal : 14,10 €.\nIls répondent avant vendredi 27 novembre à 10h. Pour annuler, appelez le 06 39 98 00 31.','\n',char(10)),2,0,1795716001,1795716001,1795737601,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(63,'delivered',4,'+33639980031',25,31,NULL,'auto_confirmed',replace('Fournil du Canal n''a pas répondu à temps. Accepté dans C101 : 1 pain. Merci de vérifier : 06 39 98 00 13.\nFournil du Canal n''a pas répondu à temps. Accepté dans C101 : 1 pot miel. Merci de vérifier : 06 39 98 00 13.','\n',char(10)),2,0,1795770000,1795770000,1795856400,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(64,'delivered',4,'+33639980002',3,2,NULL,'order_result',replace('Bonne nouvelle, votre commande C101 est confirmée :\n2 kg carottes : 3,60 €\n1 pain : 3 €\n1 pot miel : 7,50 €\nTotal : 14,10 €, à payer au retrait.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795770000,1795770000,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(65,'delivered',4,'+33639980001',1,1,NULL,'pickup_ready','Votre commande C100 vous attend ! Retrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché. Votre code : 9667. A payer : 8,30 €.',1,0,1795881600,1795881600,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(66,'delivered',4,'+33639980002',3,2,NULL,'pickup_ready','Votre commande C101 vous attend ! Retrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché. Votre code : 8830. A payer : 14,10 €.',1,0,1795881600,1795881600,1795888800,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(67,'delivered',4,'+33639980001',1,1,57,'status_ready',replace('Votre commande C100 vous attend :\n3 kg pommes de terre : 3,60 €\n1 botte radis : 1,50 €\n1 kg tomates : 3,20 €\nTotal : 8,30 €. Code : 9667.\nRetrait samedi 28 novembre de 17h à 19h, Maison des associations, 4 rue du Marché.','\n',char(10)),2,0,1795881601,1795881601,1795903201,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(68,'delivered',4,'+33639980001',1,1,58,'thanks','Avec plaisir ! A la prochaine.',1,0,1795881601,1795881601,1795903201,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(69,'delivered',4,'+33639980002',3,2,NULL,'receipt',replace('Commande C101 bien retirée. Payé : 14,10 €. Merci et bon appétit ! Un souci ? Dites-le par SMS.\nCommande C101, pain : nous vous rendons 3 €. Merci de nous l''avoir dit.','\n',char(10)),2,0,1795881626,1795881626,1795968026,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(70,'delivered',4,'+33639980031',25,31,NULL,'complaint','Commande C101, Adhérent 102 (06 39 98 00 13), problème avec pain : moisi',1,0,1795881626,1795881626,1796054426,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(71,'delivered',4,'+33639980013',17,13,NULL,'complaint.PRO',replace('Commande C101, un problème avec pain : moisi. Le point de retrait s''en occupe.\nBonjour ! Qu''avez-vous à vendre pour jeudi 3 décembre ? Répondez par exemple : DISPO carottes 50 kg 1,80. Si vous n''avez rien : RIEN CETTE SEMAINE. Merci de répondre avant mercredi 2 décembre à 17h.','\n',char(10)),2,0,1795881626,1795881626,1796320825,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(72,'delivered',4,'+33639980011',13,11,NULL,'ask_availability','Bonjour ! Qu''avez-vous à vendre pour jeudi 3 décembre ? Répondez par exemple : DISPO carottes 50 kg 1,80. Si vous n''avez rien : RIEN CETTE SEMAINE. Merci de répondre avant mercredi 2 décembre à 17h.',2,0,1795881626,1795881626,1796320825,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(73,'delivered',4,'+33639980012',15,12,NULL,'ack.decline',replace('Bonjour ! Qu''avez-vous à vendre pour jeudi 3 décembre ? Répondez par exemple : DISPO carottes 50 kg 1,80. Si vous n''avez rien : RIEN CETTE SEMAINE. Merci de répondre avant mercredi 2 décembre à 17h.\nC''est noté, lait : vous n''en avez pas cette fois. Merci de nous l''avoir dit.','\n',char(10)),2,0,1795881626,1795881626,1796320825,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(74,'delivered',4,'+33639980001',1,1,NULL,'cycle_open','Les commandes sont ouvertes jusqu''à mardi 1er décembre à 17h. Retrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché. Répondez LISTE pour voir les produits et les prix. Pour ne plus recevoir d''annonces, répondez STOP',2,0,1795881626,1795881626,1796320825,0,0,'modem','gsm0',NULL,0,1);
INSERT INTO message VALUES(75,'delivered',4,'+33639980002',3,2,NULL,'cycle_open','Les commandes sont ouvertes jusqu''à mardi 1er décembre à 17h. Retrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché. Répondez LISTE pour voir les produits et les prix. Pour ne plus recevoir d''annonces, répondez STOP',2,0,1795881626,1795881626,1796320825,0,0,'modem','gsm0',NULL,0,1);
INSERT INTO message VALUES(76,'delivered',4,'+33639980002',3,2,59,'recap',replace('Votre commande :\n3 bottes radis : 4,50 €\n2 pains : 6 €\nTotal : 10,50 €, à payer au retrait.\nRetrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795881626,1795881626,1795888826,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(77,'delivered',4,'+33639980002',3,2,60,'order_placed','C''est commandé, merci ! Commande C104, total 10,50 €, à payer au retrait. Retrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché. Jusqu''à mardi 1er décembre à 17h, vous pouvez répondre AJOUTE, ENLEVE ou ANNULE.',2,0,1795881626,1795881626,1795968026,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(78,'delivered',4,'+33639980005',7,5,61,'recap',replace('Votre commande :\n1 pain : 3 €\nTotal : 3 €, à payer au retrait.\nRetrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795881626,1795881626,1795888826,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(79,'delivered',4,'+33639980001',1,1,62,'recap',replace('Votre commande :\n2 kg carottes : 3,80 €\n1 pain : 3 €\nTotal : 6,80 €, à payer au retrait.\nRetrait jeudi 3 décembre de 17h à 19h, Maison des associations, 4 rue du Marché.\nPour commander, répondez OUI. Sinon, répondez NON.','\n',char(10)),2,0,1795881626,1795881626,1795888826,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(80,'delivered',4,'+33639980012',15,12,64,'producer_by_phone','Pour changer vos produits ou vos prix, appelez le 06 39 98 00 31, une personne s''en occupe.',1,0,1795881626,1795881626,1795903226,0,0,'modem','gsm0',NULL,1,0);
INSERT INTO message VALUES(81,'queued',1,'+33639980031',25,31,NULL,'pickup_instruction','Retrait de C100 (Adhérent 101, 06 39 98 00 01) : late',1,0,1795881638,1795881638,1795968038,0,0,NULL,'',NULL,1,0);
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
) STRICT;
INSERT INTO message_part VALUES(1,1,1,'delivered',0,1795507200,1795507200);
INSERT INTO message_part VALUES(1,2,1,'delivered',1,1795507200,1795507200);
INSERT INTO message_part VALUES(2,1,2,'delivered',2,1795507200,1795507200);
INSERT INTO message_part VALUES(3,1,3,'delivered',3,1795507200,1795507200);
INSERT INTO message_part VALUES(3,2,3,'delivered',4,1795507200,1795507200);
INSERT INTO message_part VALUES(4,1,4,'delivered',5,1795507200,1795507200);
INSERT INTO message_part VALUES(4,2,4,'delivered',6,1795507200,1795507200);
INSERT INTO message_part VALUES(5,1,5,'delivered',7,1795507200,1795507200);
INSERT INTO message_part VALUES(5,2,5,'delivered',8,1795507200,1795507200);
INSERT INTO message_part VALUES(6,1,6,'delivered',9,1795507200,1795507200);
INSERT INTO message_part VALUES(7,1,7,'delivered',10,1795507200,1795507200);
INSERT INTO message_part VALUES(8,1,8,'delivered',11,1795507200,1795507200);
INSERT INTO message_part VALUES(9,1,9,'delivered',12,1795507200,1795507200);
INSERT INTO message_part VALUES(9,2,9,'delivered',13,1795507200,1795507200);
INSERT INTO message_part VALUES(10,1,10,'delivered',14,1795507200,1795507200);
INSERT INTO message_part VALUES(10,2,10,'delivered',15,1795507200,1795507200);
INSERT INTO message_part VALUES(11,1,11,'delivered',16,1795507200,1795507200);
INSERT INTO message_part VALUES(11,2,11,'delivered',17,1795507200,1795507200);
INSERT INTO message_part VALUES(12,1,12,'delivered',18,1795507200,1795507200);
INSERT INTO message_part VALUES(12,2,12,'delivered',19,1795507200,1795507200);
INSERT INTO message_part VALUES(13,1,13,'delivered',20,1795507200,1795507200);
INSERT INTO message_part VALUES(13,2,13,'delivered',21,1795507200,1795507200);
INSERT INTO message_part VALUES(14,1,14,'delivered',22,1795507200,1795507200);
INSERT INTO message_part VALUES(14,2,14,'delivered',23,1795507200,1795507200);
INSERT INTO message_part VALUES(15,1,15,'delivered',24,1795507200,1795507200);
INSERT INTO message_part VALUES(16,1,16,'delivered',25,1795507200,1795507200);
INSERT INTO message_part VALUES(17,1,17,'delivered',26,1795507200,1795507200);
INSERT INTO message_part VALUES(17,2,17,'delivered',27,1795507200,1795507200);
INSERT INTO message_part VALUES(18,1,18,'delivered',28,1795507200,1795507200);
INSERT INTO message_part VALUES(18,2,18,'delivered',29,1795507200,1795507200);
INSERT INTO message_part VALUES(19,1,19,'delivered',30,1795507200,1795507200);
INSERT INTO message_part VALUES(20,1,20,'delivered',31,1795507200,1795507200);
INSERT INTO message_part VALUES(21,1,21,'delivered',32,1795507200,1795507200);
INSERT INTO message_part VALUES(22,1,22,'delivered',33,1795507200,1795507200);
INSERT INTO message_part VALUES(22,2,22,'delivered',34,1795507200,1795507200);
INSERT INTO message_part VALUES(23,1,23,'delivered',35,1795507200,1795507200);
INSERT INTO message_part VALUES(24,1,24,'delivered',36,1795507200,1795507200);
INSERT INTO message_part VALUES(25,1,25,'delivered',37,1795507200,1795507200);
INSERT INTO message_part VALUES(26,1,26,'delivered',38,1795507200,1795507200);
INSERT INTO message_part VALUES(27,1,27,'delivered',39,1795507200,1795507200);
INSERT INTO message_part VALUES(28,1,28,'delivered',40,1795507200,1795507200);
INSERT INTO message_part VALUES(29,1,29,'delivered',41,1795507200,1795507200);
INSERT INTO message_part VALUES(29,2,29,'delivered',42,1795507200,1795507200);
INSERT INTO message_part VALUES(30,1,30,'delivered',43,1795507200,1795507200);
INSERT INTO message_part VALUES(30,2,30,'delivered',44,1795507200,1795507200);
INSERT INTO message_part VALUES(31,1,31,'delivered',45,1795507200,1795507200);
INSERT INTO message_part VALUES(32,1,32,'delivered',46,1795507201,1795507201);
INSERT INTO message_part VALUES(32,2,32,'delivered',47,1795507201,1795507201);
INSERT INTO message_part VALUES(33,1,33,'delivered',48,1795507201,1795507201);
INSERT INTO message_part VALUES(33,2,33,'delivered',49,1795507201,1795507201);
INSERT INTO message_part VALUES(34,1,34,'delivered',50,1795507201,1795507201);
INSERT INTO message_part VALUES(35,1,35,'delivered',51,1795507201,1795507201);
INSERT INTO message_part VALUES(36,1,36,'delivered',52,1795507201,1795507201);
INSERT INTO message_part VALUES(37,1,37,'delivered',53,1795507201,1795507201);
INSERT INTO message_part VALUES(37,2,37,'delivered',54,1795507201,1795507201);
INSERT INTO message_part VALUES(38,1,38,'delivered',55,1795507201,1795507201);
INSERT INTO message_part VALUES(38,2,38,'delivered',56,1795507201,1795507201);
INSERT INTO message_part VALUES(39,1,39,'delivered',57,1795507201,1795507201);
INSERT INTO message_part VALUES(40,1,40,'delivered',58,1795507201,1795507201);
INSERT INTO message_part VALUES(41,1,41,'delivered',59,1795507201,1795507201);
INSERT INTO message_part VALUES(42,1,42,'delivered',60,1795507201,1795507201);
INSERT INTO message_part VALUES(43,1,43,'delivered',61,1795507201,1795507201);
INSERT INTO message_part VALUES(44,1,44,'delivered',62,1795507201,1795507201);
INSERT INTO message_part VALUES(45,1,45,'delivered',63,1795507201,1795507201);
INSERT INTO message_part VALUES(46,1,46,'delivered',64,1795507201,1795507201);
INSERT INTO message_part VALUES(47,1,47,'delivered',65,1795507201,1795507201);
INSERT INTO message_part VALUES(47,2,47,'delivered',66,1795507201,1795507201);
INSERT INTO message_part VALUES(48,1,48,'delivered',67,1795507201,1795507201);
INSERT INTO message_part VALUES(49,1,49,'delivered',68,1795712400,1795712400);
INSERT INTO message_part VALUES(49,2,49,'delivered',69,1795712400,1795712400);
INSERT INTO message_part VALUES(50,1,50,'delivered',72,1795712400,1795712400);
INSERT INTO message_part VALUES(51,1,51,'delivered',73,1795712400,1795712400);
INSERT INTO message_part VALUES(51,2,51,'delivered',74,1795712400,1795712400);
INSERT INTO message_part VALUES(52,1,52,'delivered',70,1795712400,1795712400);
INSERT INTO message_part VALUES(53,1,53,'delivered',71,1795712400,1795712400);
INSERT INTO message_part VALUES(54,1,54,'delivered',75,1795716001,1795716001);
INSERT INTO message_part VALUES(55,1,55,'delivered',76,1795716001,1795716001);
INSERT INTO message_part VALUES(56,1,56,'delivered',77,1795716001,1795716001);
INSERT INTO message_part VALUES(57,1,57,'delivered',78,1795716001,1795716001);
INSERT INTO message_part VALUES(57,2,57,'delivered',79,1795716001,1795716001);
INSERT INTO message_part VALUES(58,1,58,'delivered',80,1795716001,1795716001);
INSERT INTO message_part VALUES(59,1,59,'delivered',81,1795716001,1795716001);
INSERT INTO message_part VALUES(60,1,60,'delivered',82,1795716001,1795716001);
INSERT INTO message_part VALUES(61,1,61,'delivered',83,1795716001,1795716001);
INSERT INTO message_part VALUES(61,2,61,'delivered',84,1795716001,1795716001);
INSERT INTO message_part VALUES(62,1,62,'delivered',85,1795716001,1795716001);
INSERT INTO message_part VALUES(62,2,62,'delivered',86,1795716001,1795716001);
INSERT INTO message_part VALUES(63,1,63,'delivered',89,1795770000,1795770000);
INSERT INTO message_part VALUES(63,2,63,'delivered',90,1795770000,1795770000);
INSERT INTO message_part VALUES(64,1,64,'delivered',87,1795770000,1795770000);
INSERT INTO message_part VALUES(64,2,64,'delivered',88,1795770000,1795770000);
INSERT INTO message_part VALUES(65,1,65,'delivered',91,1795881600,1795881600);
INSERT INTO message_part VALUES(66,1,66,'delivered',92,1795881600,1795881601);
INSERT INTO message_part VALUES(67,1,67,'delivered',93,1795881601,1795881601);
INSERT INTO message_part VALUES(67,2,67,'delivered',94,1795881601,1795881601);
INSERT INTO message_part VALUES(68,1,68,'delivered',95,1795881601,1795881601);
INSERT INTO message_part VALUES(69,1,69,'delivered',0,1795881626,1795881626);
INSERT INTO message_part VALUES(69,2,69,'delivered',1,1795881626,1795881626);
INSERT INTO message_part VALUES(70,1,70,'delivered',14,1795881626,1795881626);
INSERT INTO message_part VALUES(71,1,71,'delivered',4,1795881626,1795881626);
INSERT INTO message_part VALUES(71,2,71,'delivered',5,1795881626,1795881626);
INSERT INTO message_part VALUES(72,1,72,'delivered',6,1795881626,1795881626);
INSERT INTO message_part VALUES(72,2,72,'delivered',7,1795881626,1795881626);
INSERT INTO message_part VALUES(73,1,73,'delivered',8,1795881626,1795881626);
INSERT INTO message_part VALUES(73,2,73,'delivered',9,1795881626,1795881626);
INSERT INTO message_part VALUES(74,1,74,'delivered',10,1795881626,1795881626);
INSERT INTO message_part VALUES(74,2,74,'delivered',11,1795881626,1795881626);
INSERT INTO message_part VALUES(75,1,75,'delivered',12,1795881626,1795881626);
INSERT INTO message_part VALUES(75,2,75,'delivered',13,1795881626,1795881626);
INSERT INTO message_part VALUES(76,1,76,'delivered',2,1795881626,1795881626);
INSERT INTO message_part VALUES(76,2,76,'delivered',3,1795881626,1795881626);
INSERT INTO message_part VALUES(77,1,77,'delivered',15,1795881626,1795881626);
INSERT INTO message_part VALUES(77,2,77,'delivered',16,1795881626,1795881626);
INSERT INTO message_part VALUES(78,1,78,'delivered',17,1795881626,1795881626);
INSERT INTO message_part VALUES(78,2,78,'delivered',18,1795881626,1795881626);
INSERT INTO message_part VALUES(79,1,79,'delivered',19,1795881626,1795881626);
INSERT INTO message_part VALUES(79,2,79,'delivered',20,1795881626,1795881626);
INSERT INTO message_part VALUES(80,1,80,'delivered',21,1795881626,1795881626);
INSERT INTO message_part VALUES(81,1,81,'queued',NULL,NULL,NULL);
CREATE TABLE budget (
	day INTEGER NOT NULL, -- days since the epoch
	number TEXT NOT NULL,
	parts INTEGER NOT NULL,
	PRIMARY KEY (day, number)
) STRICT;
INSERT INTO budget VALUES(20781,'+33639981234',2);
INSERT INTO budget VALUES(20781,'',68);
INSERT INTO budget VALUES(20781,'+33639980001',34);
INSERT INTO budget VALUES(20781,'+33639980002',15);
INSERT INTO budget VALUES(20781,'+33639980003',7);
INSERT INTO budget VALUES(20781,'+33639980004',3);
INSERT INTO budget VALUES(20781,'+33639980006',3);
INSERT INTO budget VALUES(20781,'+33639980011',1);
INSERT INTO budget VALUES(20781,'+33639980005',3);
INSERT INTO budget VALUES(20783,'+33639980011',3);
INSERT INTO budget VALUES(20783,'',19);
INSERT INTO budget VALUES(20783,'+33639980012',2);
INSERT INTO budget VALUES(20783,'+33639980013',4);
INSERT INTO budget VALUES(20783,'+33639980001',7);
INSERT INTO budget VALUES(20783,'+33639980002',3);
INSERT INTO budget VALUES(20784,'+33639980031',2);
INSERT INTO budget VALUES(20784,'',4);
INSERT INTO budget VALUES(20784,'+33639980002',2);
INSERT INTO budget VALUES(20785,'+33639980001',8);
INSERT INTO budget VALUES(20785,'',28);
INSERT INTO budget VALUES(20785,'+33639980002',9);
INSERT INTO budget VALUES(20785,'+33639980031',2);
INSERT INTO budget VALUES(20785,'+33639980013',2);
INSERT INTO budget VALUES(20785,'+33639980011',2);
INSERT INTO budget VALUES(20785,'+33639980012',3);
INSERT INTO budget VALUES(20785,'+33639980005',2);
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
) STRICT;
INSERT INTO question VALUES(20,17,13,'choice',NULL,0,0,'{"yes":"LINE_REFUSE\tscope=all sure=1","options":[],"seen":0}',1795716001,1795723201,60);
INSERT INTO question VALUES(22,7,5,'event','order',194,2,'{"yes":"FIRE\tevent=confirm","no":"FIRE\tevent=drop","options":[],"seen":0}',1795881626,1795888826,78);
INSERT INTO question VALUES(23,1,1,'event','order',197,2,'{"yes":"FIRE\tevent=confirm","no":"FIRE\tevent=drop","options":[],"seen":0}',1795881626,1795888826,79);
CREATE TABLE firing (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	event_id INTEGER NOT NULL,
	subject_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	state TEXT NOT NULL,
	at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('notice',77);
INSERT INTO sqlite_sequence VALUES('inbox',64);
INSERT INTO sqlite_sequence VALUES('message',81);
INSERT INTO sqlite_sequence VALUES('question',23);
CREATE INDEX event_log_subject ON event_log(subject_id);
CREATE INDEX person_role_role ON person_role(role);
CREATE INDEX mandate_helper ON mandate(helper_id);
CREATE INDEX contact_state ON contact(state);
CREATE INDEX contact_person_person ON contact_person(person_id);
CREATE INDEX offer_cycle ON offer(cycle_id);
CREATE INDEX orders_cycle ON orders(cycle_id, state);
CREATE INDEX orders_owner ON orders(owner_id);
CREATE INDEX orders_state ON orders(state);
CREATE INDEX order_line_order ON order_line(order_id, offer_id);
CREATE INDEX order_line_offer ON order_line(offer_id);
CREATE INDEX order_line_sub ON order_line(sub_by) WHERE sub_by IS NOT NULL;
CREATE INDEX notice_new ON notice(id) WHERE state = 'new';
CREATE INDEX inbox_number ON inbox(number, received_at);
CREATE INDEX inbox_part ON inbox(number, concat_ref) WHERE state = 'part' AND whole_id IS NULL;
CREATE INDEX inbox_listed ON inbox(id) WHERE listed IS NOT NULL AND answered_at IS NULL;
CREATE INDEX message_due ON message(due_at) WHERE state = 'queued';
CREATE INDEX message_sending ON message(id) WHERE state = 'sending';
CREATE INDEX message_doubt ON message(due_at) WHERE state = 'doubt';
CREATE INDEX message_reply ON message(worker, due_at) WHERE state = 'queued' AND inbox_id IS NOT NULL;
CREATE INDEX message_other ON message(worker, due_at) WHERE state = 'queued' AND inbox_id IS NULL;
CREATE INDEX message_use_by ON message(use_by) WHERE state = 'queued';
CREATE INDEX message_inbox ON message(inbox_id);
CREATE INDEX message_number ON message(number, created_at);
CREATE INDEX message_reported ON message(number) WHERE state IN ('sending', 'sent', 'doubt');
CREATE VIEW clock AS
SELECT CAST(strftime('%s', 'now') AS INTEGER) + (SELECT "offset" FROM clock_offset WHERE id = 1) AS now;
CREATE TRIGGER order_line_held AFTER INSERT ON order_line WHEN NEW.held_milli <> 0 BEGIN
	UPDATE offer SET left_milli = left_milli - NEW.held_milli WHERE id = NEW.offer_id;
END;
CREATE TRIGGER order_line_held_moved AFTER UPDATE OF held_milli, offer_id ON order_line
WHEN NEW.held_milli <> OLD.held_milli OR NEW.offer_id <> OLD.offer_id BEGIN
	UPDATE offer SET left_milli = left_milli + OLD.held_milli WHERE id = OLD.offer_id;
	UPDATE offer SET left_milli = left_milli - NEW.held_milli WHERE id = NEW.offer_id;
END;
CREATE TRIGGER project_cycle AFTER INSERT ON event_log WHEN NEW.machine = 'cycle' BEGIN
UPDATE cycle SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;
INSERT INTO cycle(id, state, version, place_id, opens_at, closes_at, avail_by, confirm_by, pickup_from, pickup_to)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, (SELECT value FROM json_each(NEW.payload) WHERE key = 'place'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'opens_at'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'closes_at'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'avail_by'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'confirm_by'),
	(SELECT value FROM json_each(NEW.payload) WHERE key = 'pickup_from'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'pickup_to') WHERE NEW.event IN ('create');
UPDATE cycle SET closes_at = (SELECT value FROM json_each(NEW.payload) WHERE key = 'closes_at'), confirm_by = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'confirm_by'), confirm_by)
WHERE id = NEW.subject_id AND NEW.event IN ('extend');
INSERT INTO subject(id, machine, state, version, updated_at)
SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE NEW.seq = 1;
UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at
WHERE id = NEW.subject_id AND NEW.seq > 1;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'ask_availability', 'cycle', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'PRO') t WHERE (NEW.event IN ('announce')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'cycle_open', 'cycle', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'RES') t WHERE (NEW.event IN ('open')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active' AND c.promo = 1))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'cutoff_moved', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o
WHERE o.cycle_id = NEW.subject_id AND o.state IN ('draft', 'placed')) t WHERE (NEW.event IN ('extend')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'totals', 'cycle', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT DISTINCT f.producer_id AS person, NEW.subject_id AS about FROM offer f
WHERE f.cycle_id = NEW.subject_id AND f.offered_milli > 0) t WHERE (NEW.event IN ('close')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_locked', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o
WHERE o.cycle_id = NEW.subject_id AND o.state = 'placed') t WHERE (NEW.event IN ('close')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'unclaimed_list', 'cycle', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('settle')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'cycle_cancelled', 'cycle', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT DISTINCT f.producer_id AS person, NEW.subject_id AS about FROM offer f
WHERE f.cycle_id = NEW.subject_id AND f.offered_milli > 0) t WHERE (NEW.event IN ('cancel')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
END;
CREATE TRIGGER project_offer AFTER INSERT ON event_log WHEN NEW.machine = 'offer' BEGIN
UPDATE offer SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;
UPDATE offer SET left_milli = (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') - (offered_milli - left_milli), offered_milli = (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'),
	price_cents = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), price_cents), exhausted = 0
WHERE id = NEW.subject_id AND NEW.event IN ('declare');
INSERT INTO offer(id, state, version, cycle_id, producer_id, product, unit, price_cents, offered_milli,
	left_milli, list_no)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'product'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'unit'), coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), 0),
	coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), 0), coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), 0),
	coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'list_no'), (SELECT coalesce(max(f.list_no), 0) + 1 FROM offer f WHERE f.cycle_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle')))
WHERE NEW.from_state = '_' AND NEW.event IN ('ask', 'declare');
UPDATE offer SET offered_milli = offered_milli + (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), left_milli = left_milli + (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'),
	price_cents = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), price_cents)
WHERE id = NEW.subject_id AND NEW.event IN ('add');
UPDATE offer SET left_milli = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), offered_milli + coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'add'), 0)) - (offered_milli - left_milli),
	offered_milli = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), offered_milli + coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'add'), 0)),
	price_cents = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), price_cents), exhausted = 0
WHERE id = NEW.subject_id AND NEW.event IN ('restock');
UPDATE offer SET offered_milli = offered_milli - left_milli, left_milli = 0, exhausted = 1
WHERE id = NEW.subject_id AND NEW.event IN ('exhaust');
INSERT INTO subject(id, machine, state, version, updated_at)
SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE NEW.seq = 1;
UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at
WHERE id = NEW.subject_id AND NEW.seq > 1;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'ack', 'offer', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT f.producer_id AS person, f.id AS about FROM offer f WHERE f.id = NEW.subject_id) t WHERE (NEW.event = 'declare' AND NEW.from_state IN ('asked', 'unavailable', 'withdrawn', 'available') OR NEW.event IN ('decline', 'add', 'restock', 'exhaust')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'silent_producer', 'offer', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('lapse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'shortage', 'offer', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('withdraw')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'line_at_risk', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.offer_id = NEW.subject_id AND l.held_milli > 0) t WHERE (NEW.event IN ('withdraw')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
END;
CREATE TRIGGER project_order AFTER INSERT ON event_log WHEN NEW.machine = 'order' BEGIN
UPDATE orders SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;
INSERT INTO orders(id, state, version, cycle_id, owner_id, no, ref, draft_by)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle'), (SELECT value FROM json_each(NEW.payload) WHERE key = 'owner'), n.no, 'C' || CAST(n.no AS TEXT),
	NEW.at + 7200
FROM (SELECT coalesce((SELECT max(o.no) FROM orders o), 99) + 1 AS no) n WHERE NEW.event IN ('start');
UPDATE orders SET changed = 0, draft_by = NEW.at + 7200 WHERE id = NEW.subject_id AND NEW.event IN ('edit');
UPDATE orders SET placed_at = NEW.at, pickup_code = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'code'),
	CAST(1000 + (NEW.subject_id * 7907 + NEW.at * 31) % 9000 AS TEXT))
WHERE id = NEW.subject_id AND NEW.event IN ('confirm');
UPDATE order_line SET held_milli = qty_milli
WHERE order_id = NEW.subject_id AND state = 'requested' AND NEW.event IN ('confirm');
UPDATE orders SET missed_at = NEW.at WHERE id = NEW.subject_id AND NEW.event IN ('miss');
UPDATE orders SET pickup_from = (SELECT value FROM json_each(NEW.payload) WHERE key = 'from'), pickup_to = (SELECT value FROM json_each(NEW.payload) WHERE key = 'to'), missed_at = NULL
WHERE id = NEW.subject_id AND NEW.event IN ('rebook');
INSERT INTO subject(id, machine, state, version, updated_at)
SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE NEW.seq = 1;
UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at
WHERE id = NEW.subject_id AND NEW.seq > 1;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'recap', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('edit')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_placed', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('confirm')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'draft_expired', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('lapse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_cancelled', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('cancel')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_result', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('settle')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_refused', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('refuse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'order_cancelled', 'order', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT DISTINCT f.producer_id AS person, l.order_id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.order_id = NEW.subject_id AND l.state NOT IN ('dropped', 'refused')) t WHERE (NEW.event = 'cancel' AND NEW.from_state IN ('locked', 'confirmed', 'ready')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'pickup_ready', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('ready', 'rebook')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'receipt', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('collect')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'pickup_instruction', 'order', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('instruct')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'missed_pickup', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('miss')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'no_show', 'order', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('miss')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'unclaimed', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('write_off')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'cycle_cancelled', 'order', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, o.id AS about FROM orders o WHERE o.id = NEW.subject_id) t WHERE (NEW.event IN ('void')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
END;
CREATE TRIGGER project_line AFTER INSERT ON event_log WHEN NEW.machine = 'line' BEGIN
UPDATE order_line SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;
INSERT INTO order_line(id, state, version, order_id, offer_id, qty_milli, held_milli, price_cents, amount_cents)
SELECT NEW.subject_id, NEW.to_state, NEW.seq, o.id, f.id, (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'),
	CASE WHEN o.state = 'draft' THEN 0 ELSE (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') END, f.price_cents,
	(f.price_cents * (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') + 500) / 1000
FROM orders o, offer f WHERE o.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order') AND f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer') AND NEW.event IN ('add');
UPDATE order_line SET qty_milli = (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), amount_cents = (price_cents * (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') + 500) / 1000,
	held_milli = CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.id = order_id AND o.state = 'draft')
		THEN 0 ELSE (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') END
WHERE id = NEW.subject_id AND NEW.event IN ('change');
UPDATE order_line SET final_milli = 0, held_milli = 0, amount_cents = 0, sub_by = NULL
WHERE id = NEW.subject_id AND NEW.event IN ('drop', 'void', 'refuse', 'lapse_refuse', 'reject', 'lapse', 'miss');
UPDATE order_line SET final_milli = qty_milli, held_milli = CASE WHEN held_milli = 0 THEN 0 ELSE qty_milli END,
	amount_cents = (price_cents * qty_milli + 500) / 1000
WHERE id = NEW.subject_id AND NEW.event IN ('confirm', 'lapse_confirm');
UPDATE order_line SET final_milli = (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), held_milli = CASE WHEN held_milli = 0 THEN 0 ELSE (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') END,
	amount_cents = (price_cents * (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') + 500) / 1000
WHERE id = NEW.subject_id AND NEW.event IN ('shorten');
UPDATE order_line SET final_milli = NULL, held_milli = 0, amount_cents = 0, sub_offer_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer'),
	sub_milli = (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'),
	sub_price_cents = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), (SELECT f.price_cents FROM offer f WHERE f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer'))),
	sub_by = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'by'), NEW.at + 86400)
WHERE id = NEW.subject_id AND NEW.event IN ('substitute');
UPDATE order_line SET offer_id = sub_offer_id, qty_milli = sub_milli, final_milli = sub_milli,
	price_cents = sub_price_cents, amount_cents = (sub_price_cents * sub_milli + 500) / 1000, sub_by = NULL
WHERE id = NEW.subject_id AND NEW.event IN ('accept');
UPDATE order_line SET delivered_at = NEW.at WHERE id = NEW.subject_id AND NEW.event IN ('deliver');
UPDATE orders SET changed = 1, draft_by = NEW.at + 7200
WHERE id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id) AND NEW.event IN ('add', 'change', 'drop');
UPDATE orders SET total_cents = (SELECT coalesce(sum(l.amount_cents), 0) FROM order_line l
	WHERE l.order_id = orders.id)
WHERE id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id);
INSERT INTO subject(id, machine, state, version, updated_at)
SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE NEW.seq = 1;
UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at
WHERE id = NEW.subject_id AND NEW.seq > 1;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'line_short', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('shorten')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'line_refused', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('refuse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'auto_confirmed', 'line', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('lapse_confirm')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'silent_producer', 'line', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('lapse_refuse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'substitution_question', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('substitute')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'sub_accepted', 'line', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT f.producer_id AS person, l.id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('accept')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'sub_rejected', 'line', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT f.producer_id AS person, l.id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('reject')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'sub_expired', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('lapse')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'line_missing', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('miss')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'line_missing', 'line', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT f.producer_id AS person, l.id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('miss')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'complaint', 'line', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('dispute')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'complaint', 'line', t.about, 'PRO', t.person, NEW.at, NEW.payload
FROM (SELECT f.producer_id AS person, l.id AS about FROM order_line l JOIN offer f ON f.id = l.offer_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('dispute')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'credited', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('credit')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'dismissed', 'line', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT o.owner_id AS person, l.id AS about FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE l.id = NEW.subject_id) t WHERE (NEW.event IN ('dismiss')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
END;
CREATE TRIGGER project_contact AFTER INSERT ON event_log WHEN NEW.machine = 'contact' BEGIN
UPDATE contact SET state = NEW.to_state, version = NEW.seq WHERE id = NEW.subject_id;
INSERT INTO contact(id, state, version) SELECT NEW.subject_id, NEW.to_state, NEW.seq
WHERE NEW.from_state = '_' AND NEW.event IN ('discover', 'register');
UPDATE contact SET promo = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'promo'), 0), consent_at = coalesce(consent_at, NEW.at)
WHERE id = NEW.subject_id AND NEW.event IN ('consent');
UPDATE contact SET promo = 0 WHERE id = NEW.subject_id AND NEW.event IN ('stop');
UPDATE contact SET promo = coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'promo'), promo) WHERE id = NEW.subject_id AND NEW.event IN ('prefer');
INSERT INTO subject(id, machine, state, version, updated_at)
SELECT NEW.subject_id, NEW.machine, NEW.to_state, NEW.seq, NEW.at WHERE NEW.seq = 1;
UPDATE subject SET state = NEW.to_state, version = NEW.seq, updated_at = NEW.at
WHERE id = NEW.subject_id AND NEW.seq > 1;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'welcome_consent', 'contact', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about) t WHERE (NEW.event IN ('register', 'rebind')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'welcome', 'contact', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about) t WHERE (NEW.event IN ('consent')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'stop_ack', 'contact', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about) t WHERE (NEW.event IN ('stop')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'start_ack', 'contact', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about) t WHERE (NEW.event IN ('start')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'unreachable', 'contact', t.about, 'COO', t.person, NEW.at, NEW.payload
FROM (SELECT r.person_id AS person, NEW.subject_id AS about FROM person_role r WHERE r.role = 'COO') t WHERE (NEW.event IN ('pause')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
SELECT NEW.id, 'prefer_ack', 'contact', t.about, 'RES', t.person, NEW.at, NEW.payload
FROM (SELECT CAST(NULL AS INTEGER) AS person, NEW.subject_id AS about) t WHERE (NEW.event IN ('prefer')) AND (t.person IS NULL OR EXISTS (SELECT 1
	FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = t.person AND c.state = 'active'))
ORDER BY t.person, t.about;
END;
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
SELECT 'cycle', c.id, c.version, 'settle', c.pickup_to + 3600, 'SYS', 9 FROM cycle c
WHERE c.state = 'pickup'
UNION ALL
SELECT 'offer', f.id, f.version, 'lapse', c.avail_by, 'SYS', 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id
WHERE f.state = 'asked'
UNION ALL
SELECT 'order', o.id, o.version, 'lapse', CASE WHEN c.state <> 'open' OR c.closes_at < o.draft_by
	THEN c.closes_at ELSE o.draft_by END, 'SYS', 1
FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.state = 'draft'
UNION ALL
SELECT 'order', o.id, o.version, 'miss', coalesce(o.pickup_to, c.pickup_to) + 3600, 'SYS', 5
FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.state = 'ready'
UNION ALL
SELECT 'order', o.id, o.version, 'write_off', o.missed_at + 172800, 'SYS', 5
FROM orders o WHERE o.state = 'no_show'
UNION ALL
SELECT 'line', l.id, l.version,
	CASE WHEN EXISTS (SELECT 1 FROM offer f JOIN person p ON p.id = f.producer_id
		WHERE f.id = l.offer_id AND p.confirm_policy = 'refuse') THEN 'lapse_refuse' ELSE 'lapse_confirm' END,
	c.confirm_by, 'SYS', 5
FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
WHERE l.state = 'requested' AND o.state = 'locked'
UNION ALL
SELECT 'line', l.id, l.version, 'lapse', l.sub_by, 'SYS', 5
FROM order_line l WHERE l.sub_by IS NOT NULL
UNION ALL
SELECT 'contact', c.id, c.version, 'lapse', s.updated_at + 2592000, 'SYS', 9
FROM contact c JOIN subject s ON s.id = c.id WHERE c.state IN ('unknown', 'pending');
CREATE TRIGGER guard_cycle BEFORE INSERT ON event_log WHEN NEW.machine = 'cycle' BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE (NEW.event IN ('create')) AND ((EXISTS (SELECT 1 FROM place WHERE id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'place'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD dates_ordered') WHERE (NEW.event IN ('announce')) AND ((EXISTS (SELECT 1 FROM cycle c WHERE c.id = NEW.subject_id AND c.opens_at < c.closes_at
	AND c.avail_by <= c.closes_at AND c.closes_at <= c.confirm_by
	AND c.confirm_by <= c.pickup_from AND c.pickup_from < c.pickup_to)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_opens_at') WHERE (NEW.event IN ('open')) AND ((NEW.at >= (SELECT c.opens_at FROM cycle c WHERE c.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD offer_exists') WHERE (NEW.event IN ('open')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = NEW.subject_id AND f.state = 'available')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD later_close') WHERE (NEW.event IN ('extend')) AND ((EXISTS (SELECT 1 FROM cycle c WHERE c.id = NEW.subject_id AND (SELECT value FROM json_each(NEW.payload) WHERE key = 'closes_at') > c.closes_at
	AND (SELECT value FROM json_each(NEW.payload) WHERE key = 'closes_at') <= coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'confirm_by'), c.confirm_by)
	AND coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'confirm_by'), c.confirm_by) <= c.pickup_from)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_closes_at') WHERE (NEW.event IN ('close')) AND ((NEW.at >= (SELECT c.closes_at FROM cycle c WHERE c.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD all_lines_decided') WHERE (NEW.event IN ('confirm')) AND ((NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state IN ('placed', 'locked'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_pickup_from') WHERE (NEW.event IN ('start_pickup')) AND ((NEW.at >= (SELECT c.pickup_from FROM cycle c WHERE c.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_pickup_to_grace') WHERE (NEW.event IN ('settle')) AND ((NEW.at >= (SELECT c.pickup_to + 3600 FROM cycle c WHERE c.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD reason') WHERE (NEW.event IN ('cancel')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'reason') <> '') IS NOT TRUE);
END;
CREATE TRIGGER guard_offer BEFORE INSERT ON event_log WHEN NEW.machine = 'offer' BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE (NEW.event IN ('ask')) AND ((EXISTS (SELECT 1 FROM cycle c WHERE c.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle') AND c.state IN ('draft', 'announced', 'open'))
AND EXISTS (SELECT 1 FROM product p WHERE p.name = (SELECT value FROM json_each(NEW.payload) WHERE key = 'product') AND p.unit = (SELECT value FROM json_each(NEW.payload) WHERE key = 'unit'))
AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer') AND r.role = 'PRO')
AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle') AND f.producer_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer')
	AND f.product = (SELECT value FROM json_each(NEW.payload) WHERE key = 'product'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE (NEW.event IN ('declare')) AND ((NEW.from_state <> '_'
OR (EXISTS (SELECT 1 FROM cycle c WHERE c.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle') AND c.state IN ('draft', 'announced', 'open'))
AND EXISTS (SELECT 1 FROM product p WHERE p.name = (SELECT value FROM json_each(NEW.payload) WHERE key = 'product') AND p.unit = (SELECT value FROM json_each(NEW.payload) WHERE key = 'unit'))
AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer') AND r.role = 'PRO')
AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.cycle_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle') AND f.producer_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer')
	AND f.product = (SELECT value FROM json_each(NEW.payload) WHERE key = 'product')))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_announced_or_open') WHERE (NEW.event = 'declare' AND NEW.from_state IN ('unavailable', 'withdrawn')) AND ((EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND c.state IN ('announced', 'open'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_closed_or_cancelled') WHERE (NEW.event IN ('close')) AND ((EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND c.state NOT IN ('draft', 'announced', 'open'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_avail_by') WHERE (NEW.event IN ('lapse')) AND ((EXISTS (SELECT 1 FROM offer f JOIN cycle c ON c.id = f.cycle_id WHERE f.id = NEW.subject_id
	AND NEW.at >= c.avail_by)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD qty_pos') WHERE (NEW.event = 'declare' AND NEW.from_state IN ('_', 'asked') OR NEW.event IN ('add')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD price_known') WHERE (NEW.event = 'declare' AND NEW.from_state IN ('_', 'asked')) AND ((coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), (SELECT f.price_cents FROM offer f WHERE f.id = NEW.subject_id)) > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD qty_ge_committed') WHERE (NEW.event = 'declare' AND NEW.from_state IN ('unavailable', 'withdrawn', 'available')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') >= (SELECT f.offered_milli - f.left_milli FROM offer f WHERE f.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD left_zero') WHERE (NEW.event IN ('sell_out')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.left_milli <= 0)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD left_pos') WHERE (NEW.event IN ('restock')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id
	AND coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty'), f.offered_milli + coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'add'), 0)) > f.offered_milli - f.left_milli)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD left_pos') WHERE (NEW.event IN ('free')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.left_milli > 0)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD sold_out_by_system') WHERE (NEW.event IN ('free')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.id = NEW.subject_id AND f.exhausted = 0)) IS NOT TRUE);
END;
CREATE TRIGGER guard_order BEFORE INSERT ON event_log WHEN NEW.machine = 'order' BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE (NEW.event IN ('confirm')) AND ((coalesce(length((SELECT value FROM json_each(NEW.payload) WHERE key = 'code')), 4) BETWEEN 4 AND 8) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD contact_active') WHERE (NEW.event IN ('start')) AND ((EXISTS (SELECT 1 FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
	WHERE cp.person_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'owner') AND c.state = 'active')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_open') WHERE (NEW.event IN ('start')) AND ((EXISTS (SELECT 1 FROM cycle c WHERE c.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'cycle') AND c.state = 'open' AND NEW.at < c.closes_at)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_open') WHERE (NEW.event = 'cancel' AND NEW.from_state IN ('placed') OR NEW.event IN ('edit', 'confirm')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'open' AND NEW.at < c.closes_at)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD line_exists') WHERE (NEW.event IN ('confirm')) AND ((EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id AND l.state = 'requested')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD stock_ok') WHERE (NEW.event = 'edit' AND NEW.from_state IN ('placed') OR NEW.event IN ('confirm')) AND ((NOT EXISTS (SELECT 1 FROM offer f JOIN (SELECT l.offer_id, sum(l.qty_milli - l.held_milli) AS need
		FROM order_line l WHERE l.order_id = NEW.subject_id AND l.state = 'requested'
		GROUP BY l.offer_id) n ON n.offer_id = f.id
	WHERE n.need > 0 AND (n.need > f.left_milli OR f.state <> 'available'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD recap_sent') WHERE (NEW.event IN ('confirm')) AND ((EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id AND o.changed = 0)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_draft_ttl_or_cutoff') WHERE (NEW.event IN ('lapse')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND (NEW.at >= o.draft_by OR NEW.at >= c.closes_at OR c.state <> 'open'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_closed') WHERE (NEW.event IN ('lock')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'closed')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD cycle_cancelled') WHERE (NEW.event IN ('void')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'cancelled')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD all_lines_decided') WHERE (NEW.event IN ('settle', 'refuse')) AND ((NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('requested', 'sub_proposed'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD some_qty') WHERE (NEW.event IN ('settle')) AND ((EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('confirmed', 'partial'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD no_qty') WHERE (NEW.event IN ('refuse')) AND ((NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = NEW.subject_id
	AND l.state IN ('confirmed', 'partial'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD pickup_open') WHERE (NEW.event IN ('ready')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND c.state = 'pickup')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD pickup_code_or_coord') WHERE (NEW.event IN ('collect')) AND ((NEW.role = 'COO' OR EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id
	AND o.pickup_code = (SELECT value FROM json_each(NEW.payload) WHERE key = 'code'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_pickup_to_grace') WHERE (NEW.event IN ('miss')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = NEW.subject_id
	AND NEW.at >= coalesce(o.pickup_to, c.pickup_to) + 3600)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD new_window') WHERE (NEW.event IN ('rebook')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'from') < (SELECT value FROM json_each(NEW.payload) WHERE key = 'to') AND (SELECT value FROM json_each(NEW.payload) WHERE key = 'to') > NEW.at) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_write_off') WHERE (NEW.event IN ('write_off')) AND ((EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.subject_id AND NEW.at >= o.missed_at + 172800)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD reason') WHERE (NEW.event = 'cancel' AND NEW.from_state IN ('locked', 'confirmed', 'ready')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'reason') <> '') IS NOT TRUE);
END;
CREATE TRIGGER guard_line BEFORE INSERT ON event_log WHEN NEW.machine = 'line' BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE (NEW.event IN ('substitute')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id
	JOIN offer mine ON mine.id = l.offer_id JOIN offer f ON f.cycle_id = o.cycle_id
	WHERE l.id = NEW.subject_id AND f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer') AND f.producer_id = mine.producer_id)
AND coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'by'), NEW.at + 1) > NEW.at) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_draft_or_placed') WHERE (NEW.event IN ('add')) AND ((EXISTS (SELECT 1 FROM orders o JOIN cycle c ON c.id = o.cycle_id WHERE o.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order')
	AND o.state IN ('draft', 'placed') AND c.state = 'open' AND NEW.at < c.closes_at)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_draft_or_placed') WHERE (NEW.event IN ('change', 'drop')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
	WHERE l.id = NEW.subject_id AND o.state IN ('draft', 'placed') AND c.state = 'open'
	AND NEW.at < c.closes_at)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD offer_available') WHERE (NEW.event IN ('add')) AND ((EXISTS (SELECT 1 FROM offer f JOIN orders o ON o.cycle_id = f.cycle_id WHERE f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer')
	AND o.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order') AND f.state = 'available')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD stock_ok') WHERE (NEW.event IN ('add')) AND ((EXISTS (SELECT 1 FROM offer f WHERE f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer')
	AND (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') + (SELECT coalesce(sum(l.qty_milli - l.held_milli), 0) FROM order_line l
		WHERE l.order_id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order') AND l.offer_id = f.id AND l.state = 'requested') <= f.left_milli)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD stock_ok') WHERE (NEW.event IN ('change')) AND ((EXISTS (SELECT 1 FROM order_line me JOIN offer f ON f.id = me.offer_id WHERE me.id = NEW.subject_id
	AND ((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') <= me.qty_milli OR f.state = 'available')
	AND (SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') - me.held_milli + (SELECT coalesce(sum(l.qty_milli - l.held_milli), 0)
		FROM order_line l WHERE l.order_id = me.order_id AND l.offer_id = f.id
		AND l.state = 'requested' AND l.id <> me.id) <= f.left_milli)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD stock_ok') WHERE (NEW.event = 'confirm' AND NEW.from_state IN ('partial')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id WHERE l.id = NEW.subject_id
	AND (l.held_milli = 0 OR l.qty_milli - l.held_milli <= f.left_milli))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_locked') WHERE (NEW.event = 'confirm' AND NEW.from_state IN ('requested')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state = 'locked')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_locked_or_confirmed') WHERE (NEW.event IN ('shorten', 'refuse', 'substitute')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('locked', 'confirmed'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_ready_or_later') WHERE (NEW.event IN ('deliver', 'miss')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('ready', 'collected', 'no_show', 'unclaimed'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD order_dead') WHERE (NEW.event IN ('void')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id
	AND o.state IN ('cancelled', 'expired', 'refused'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD qty_less') WHERE (NEW.event IN ('shorten')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'qty') < (SELECT coalesce(l.final_milli, l.qty_milli) FROM order_line l WHERE l.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_confirm_by') WHERE (NEW.event IN ('lapse_confirm', 'lapse_refuse')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN orders o ON o.id = l.order_id JOIN cycle c ON c.id = o.cycle_id
	WHERE l.id = NEW.subject_id AND o.state = 'locked' AND NEW.at >= c.confirm_by)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD policy_auto') WHERE (NEW.event IN ('lapse_confirm')) AND ((NOT EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id
	JOIN person p ON p.id = f.producer_id WHERE l.id = NEW.subject_id AND p.confirm_policy = 'refuse')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD policy_refuse') WHERE (NEW.event IN ('lapse_refuse')) AND ((EXISTS (SELECT 1 FROM order_line l JOIN offer f ON f.id = l.offer_id
	JOIN person p ON p.id = f.producer_id WHERE l.id = NEW.subject_id AND p.confirm_policy = 'refuse')) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD price_known') WHERE (NEW.event IN ('substitute')) AND ((coalesce((SELECT value FROM json_each(NEW.payload) WHERE key = 'price'), (SELECT f.price_cents FROM offer f WHERE f.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'offer'))) > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD before_sub_by') WHERE (NEW.event IN ('accept')) AND ((EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at < l.sub_by)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_sub_by') WHERE (NEW.event IN ('lapse')) AND ((EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at >= l.sub_by)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD within_dispute_days') WHERE (NEW.event IN ('dispute')) AND ((EXISTS (SELECT 1 FROM order_line l WHERE l.id = NEW.subject_id AND NEW.at <= l.delivered_at + 604800)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD reason') WHERE (NEW.event IN ('dismiss')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'reason') <> '') IS NOT TRUE);
END;
CREATE TRIGGER guard_contact BEFORE INSERT ON event_log WHEN NEW.machine = 'contact' BEGIN
	SELECT RAISE(ABORT, 'E_GUARD identity_seen') WHERE (NEW.event IN ('register', 'rebind')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'identity_seen') > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD proof_kept') WHERE (NEW.event IN ('consent')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'proof_kept') > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD bounces') WHERE (NEW.event IN ('pause')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'bounces') > 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_unconfirmed_days') WHERE (NEW.event IN ('lapse')) AND ((NEW.at >= (SELECT s.updated_at + 2592000 FROM subject s WHERE s.id = NEW.subject_id)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD previously_consented') WHERE (NEW.event IN ('start')) AND ((EXISTS (SELECT 1 FROM contact c WHERE c.id = NEW.subject_id AND c.consent_at IS NOT NULL)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD no_open_obligation') WHERE (NEW.event IN ('erase')) AND ((NOT EXISTS (SELECT 1 FROM contact_person cp JOIN orders o ON o.owner_id = cp.person_id
	WHERE cp.contact_id = NEW.subject_id
	AND o.state IN ('draft', 'placed', 'locked', 'confirmed', 'ready', 'no_show'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD scope') WHERE (NEW.event IN ('prefer')) AND (((SELECT value FROM json_each(NEW.payload) WHERE key = 'scope') <> '') IS NOT TRUE);
END;
CREATE TRIGGER protect_event_log_insert BEFORE insert ON event_log WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'event_log: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_event_log_update BEFORE update ON event_log  BEGIN SELECT RAISE(ABORT, 'event_log: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_event_log_delete BEFORE delete ON event_log  BEGIN SELECT RAISE(ABORT, 'event_log: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_subject_insert BEFORE insert ON subject WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'subject: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_subject_update BEFORE update ON subject WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'subject: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_subject_delete BEFORE delete ON subject  BEGIN SELECT RAISE(ABORT, 'subject: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_cycle_insert BEFORE insert ON cycle WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'cycle: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_cycle_update BEFORE update ON cycle WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'cycle: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_cycle_delete BEFORE delete ON cycle  BEGIN SELECT RAISE(ABORT, 'cycle: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_offer_insert BEFORE insert ON offer WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'offer: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_offer_update BEFORE update ON offer WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'offer: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_offer_delete BEFORE delete ON offer  BEGIN SELECT RAISE(ABORT, 'offer: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_orders_insert BEFORE insert ON orders WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'orders: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_orders_update BEFORE update ON orders WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'orders: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_orders_delete BEFORE delete ON orders  BEGIN SELECT RAISE(ABORT, 'orders: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_order_line_insert BEFORE insert ON order_line WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'order_line: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_order_line_update BEFORE update ON order_line WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'order_line: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_order_line_delete BEFORE delete ON order_line  BEGIN SELECT RAISE(ABORT, 'order_line: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_contact_insert BEFORE insert ON contact WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'contact: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_contact_update BEFORE update ON contact WHEN NOT EXISTS (SELECT 1 FROM firing) BEGIN SELECT RAISE(ABORT, 'contact: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_contact_delete BEFORE delete ON contact  BEGIN SELECT RAISE(ABORT, 'contact: it is written by INSERT INTO fire alone'); END;
CREATE TRIGGER protect_fsm_machine_insert BEFORE insert ON fsm_machine  BEGIN SELECT RAISE(ABORT, 'fsm_machine: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_machine_update BEFORE update ON fsm_machine  BEGIN SELECT RAISE(ABORT, 'fsm_machine: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_machine_delete BEFORE delete ON fsm_machine  BEGIN SELECT RAISE(ABORT, 'fsm_machine: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_state_insert BEFORE insert ON fsm_state  BEGIN SELECT RAISE(ABORT, 'fsm_state: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_state_update BEFORE update ON fsm_state  BEGIN SELECT RAISE(ABORT, 'fsm_state: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_state_delete BEFORE delete ON fsm_state  BEGIN SELECT RAISE(ABORT, 'fsm_state: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_transition_insert BEFORE insert ON fsm_transition  BEGIN SELECT RAISE(ABORT, 'fsm_transition: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_transition_update BEFORE update ON fsm_transition  BEGIN SELECT RAISE(ABORT, 'fsm_transition: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_transition_delete BEFORE delete ON fsm_transition  BEGIN SELECT RAISE(ABORT, 'fsm_transition: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_role_insert BEFORE insert ON fsm_role  BEGIN SELECT RAISE(ABORT, 'fsm_role: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_role_update BEFORE update ON fsm_role  BEGIN SELECT RAISE(ABORT, 'fsm_role: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_role_delete BEFORE delete ON fsm_role  BEGIN SELECT RAISE(ABORT, 'fsm_role: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_guard_insert BEFORE insert ON fsm_guard  BEGIN SELECT RAISE(ABORT, 'fsm_guard: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_guard_update BEFORE update ON fsm_guard  BEGIN SELECT RAISE(ABORT, 'fsm_guard: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_guard_delete BEFORE delete ON fsm_guard  BEGIN SELECT RAISE(ABORT, 'fsm_guard: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_notify_insert BEFORE insert ON fsm_notify  BEGIN SELECT RAISE(ABORT, 'fsm_notify: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_notify_update BEFORE update ON fsm_notify  BEGIN SELECT RAISE(ABORT, 'fsm_notify: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_notify_delete BEFORE delete ON fsm_notify  BEGIN SELECT RAISE(ABORT, 'fsm_notify: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_field_insert BEFORE insert ON fsm_field  BEGIN SELECT RAISE(ABORT, 'fsm_field: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_field_update BEFORE update ON fsm_field  BEGIN SELECT RAISE(ABORT, 'fsm_field: the machine is part of the schema'); END;
CREATE TRIGGER protect_fsm_field_delete BEFORE delete ON fsm_field  BEGIN SELECT RAISE(ABORT, 'fsm_field: the machine is part of the schema'); END;
CREATE TRIGGER message_insert BEFORE INSERT ON message BEGIN
	SELECT RAISE(ABORT, 'E_TRANSITION') WHERE NEW.state <> 'queued';
END;
CREATE TRIGGER message_move BEFORE UPDATE OF state ON message WHEN NEW.state <> OLD.state BEGIN
	SELECT RAISE(ABORT, 'E_TRANSITION') WHERE TRUE AND (NOT EXISTS (SELECT 1 FROM fsm_transition t WHERE t.machine = 'message' AND t.from_state = OLD.state AND t.to_state = NEW.state));
	SELECT RAISE(ABORT, 'E_GUARD lease_free') WHERE ((OLD.state = 'queued' AND NEW.state = 'sending')) AND ((OLD.due_at <= (SELECT now FROM clock)) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD attempts_left') WHERE ((OLD.state = 'sending' AND NEW.state = 'queued') OR (OLD.state = 'doubt' AND NEW.state = 'queued')) AND ((NEW.attempts < 5) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD attempts_out') WHERE ((OLD.state = 'sending' AND NEW.state = 'failed') OR (OLD.state = 'doubt' AND NEW.state = 'failed')) AND ((NEW.attempts >= 5 OR NEW.resend = 0) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD contact_stopped_and_not_reply') WHERE ((OLD.state = 'queued' AND NEW.state = 'suppressed')) AND ((NEW.inbox_id IS NULL AND EXISTS (SELECT 1 FROM contact_number n JOIN contact c ON c.id = n.contact_id
	WHERE n.number = NEW.number AND c.state IN ('stopped', 'erased'))) IS NOT TRUE);
	SELECT RAISE(ABORT, 'E_GUARD after_ttl') WHERE ((OLD.state = 'queued' AND NEW.state = 'expired')) AND ((NEW.use_by <= (SELECT now FROM clock)) IS NOT TRUE);
END;
CREATE TRIGGER message_moved AFTER UPDATE OF state ON message WHEN NEW.state <> OLD.state BEGIN
	UPDATE message SET version = OLD.version + 1 WHERE id = NEW.id;
	INSERT INTO notice(event_id, name, machine, subject_id, role, person_id, at, payload)
	SELECT 0, 'unreachable', 'message', NEW.id, 'COO', r.person_id, (SELECT now FROM clock), '{}'
	FROM person_role r WHERE r.role = 'COO' AND NEW.state = 'failed'
	AND coalesce(NEW.template, '') <> 'unreachable' AND r.person_id <> coalesce(NEW.person_id, 0)
	AND EXISTS (SELECT 1 FROM contact_person cp JOIN contact c ON c.id = cp.contact_id
		WHERE cp.person_id = r.person_id AND c.state = 'active');
END;
CREATE VIEW follow_0 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER follow_0_cycle_close INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'cycle' AND NEW.event IN ('close') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'close', NEW.idem || '/close.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.cycle_id = NEW.subject_id
AND f.state IN ('asked', 'available', 'sold_out', 'unavailable', 'withdrawn')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.close did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.cycle_id = NEW.subject_id
AND f.state IN ('asked', 'available', 'sold_out', 'unavailable', 'withdrawn')));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'lapse', NEW.idem || '/lapse.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'draft') q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.lapse did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'draft'));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'lock', NEW.idem || '/lock.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'placed') q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.lock did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'placed'));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'refuse', NEW.idem || '/refuse.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state <> 'dropped')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.refuse did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state <> 'dropped')));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'cycle', q.id, 'confirm', NEW.idem || '/confirm.' || q.id, NEW.at FROM (SELECT c.id FROM cycle c WHERE c.id = NEW.subject_id AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'cycle.confirm did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT c.id FROM cycle c WHERE c.id = NEW.subject_id AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))));
END;
CREATE TRIGGER follow_0_cycle_cancel INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'cycle' AND NEW.event IN ('cancel') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'close', NEW.idem || '/close.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.cycle_id = NEW.subject_id
AND f.state IN ('asked', 'available', 'sold_out', 'unavailable', 'withdrawn')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.close did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.cycle_id = NEW.subject_id
AND f.state IN ('asked', 'available', 'sold_out', 'unavailable', 'withdrawn')));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'void', NEW.idem || '/void.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id
AND o.state IN ('draft', 'placed', 'locked', 'confirmed', 'ready')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.void did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id
AND o.state IN ('draft', 'placed', 'locked', 'confirmed', 'ready')));
END;
CREATE TRIGGER follow_0_order_drop INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'order' AND NEW.event IN ('drop', 'lapse', 'void') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'line', q.id, 'void', NEW.idem || '/void.' || q.id, NEW.at FROM (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'line.void did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')));
END;
CREATE TRIGGER follow_0_order_cancel INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'order' AND NEW.event IN ('cancel') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'line', q.id, 'void', NEW.idem || '/void.' || q.id, NEW.at FROM (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'line.void did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'cycle', q.id, 'confirm', NEW.idem || '/confirm.' || q.id, NEW.at FROM (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'cycle.confirm did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))));
END;
CREATE TRIGGER follow_0_line_confirm INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'line' AND NEW.event IN ('confirm', 'shorten', 'refuse', 'lapse_confirm', 'lapse_refuse', 'accept', 'reject', 'lapse') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'settle', NEW.idem || '/settle.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id)
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('requested', 'sub_proposed'))
AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('confirmed', 'partial'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.settle did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id)
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('requested', 'sub_proposed'))
AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.state IN ('confirmed', 'partial'))));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'refuse', NEW.idem || '/refuse.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id)
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
	AND l.state IN ('requested', 'sub_proposed', 'confirmed', 'partial'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.refuse did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.id = (SELECT l.order_id FROM order_line l WHERE l.id = NEW.subject_id)
AND o.state = 'locked'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
	AND l.state IN ('requested', 'sub_proposed', 'confirmed', 'partial'))));
END;
CREATE TRIGGER follow_0_order_settle INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'order' AND NEW.event IN ('settle', 'refuse') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'cycle', q.id, 'confirm', NEW.idem || '/confirm.' || q.id, NEW.at FROM (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'cycle.confirm did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))));
END;
CREATE TRIGGER follow_0_cycle_start_pickup INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'cycle' AND NEW.event IN ('start_pickup') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'order', q.id, 'ready', NEW.idem || '/ready.' || q.id, NEW.at FROM (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'confirmed') q ORDER BY q.id;
	SELECT RAISE(ABORT, 'order.ready did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT o.id FROM orders o WHERE o.cycle_id = NEW.subject_id AND o.state = 'confirmed'));
END;
CREATE TRIGGER follow_0_line_add INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'line' AND NEW.event IN ('add', 'change', 'drop', 'void') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'sell_out', NEW.idem || '/sell_out.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.sell_out did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0));
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'free', NEW.idem || '/free.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.free did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0));
END;
CREATE TRIGGER follow_0_order_confirm INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'order' AND NEW.event IN ('confirm') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'sell_out', NEW.idem || '/sell_out.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id IN (SELECT l.offer_id FROM order_line l WHERE l.order_id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.sell_out did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id IN (SELECT l.offer_id FROM order_line l WHERE l.order_id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0));
END;
CREATE TRIGGER follow_0_offer_declare INSTEAD OF INSERT ON follow_0
WHEN NEW.machine = 'offer' AND NEW.event IN ('declare', 'add') BEGIN
	INSERT INTO cascade_1(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'sell_out', NEW.idem || '/sell_out.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = NEW.subject_id AND f.state = 'available' AND f.left_milli <= 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.sell_out did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = NEW.subject_id AND f.state = 'available' AND f.left_milli <= 0));
END;
CREATE VIEW follow_1 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER follow_1_order_drop INSTEAD OF INSERT ON follow_1
WHEN NEW.machine = 'order' AND NEW.event IN ('drop', 'lapse', 'void') BEGIN
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'line', q.id, 'void', NEW.idem || '/void.' || q.id, NEW.at FROM (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'line.void did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')));
END;
CREATE TRIGGER follow_1_order_cancel INSTEAD OF INSERT ON follow_1
WHEN NEW.machine = 'order' AND NEW.event IN ('cancel') BEGIN
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'line', q.id, 'void', NEW.idem || '/void.' || q.id, NEW.at FROM (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'line.void did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT l.id FROM order_line l WHERE l.order_id = NEW.subject_id
AND l.state IN ('requested', 'confirmed', 'partial', 'refused', 'sub_proposed')));
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'cycle', q.id, 'confirm', NEW.idem || '/confirm.' || q.id, NEW.at FROM (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'cycle.confirm did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))));
END;
CREATE TRIGGER follow_1_order_settle INSTEAD OF INSERT ON follow_1
WHEN NEW.machine = 'order' AND NEW.event IN ('settle', 'refuse') BEGIN
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'cycle', q.id, 'confirm', NEW.idem || '/confirm.' || q.id, NEW.at FROM (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'cycle.confirm did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT c.id FROM cycle c WHERE c.id = (SELECT o.cycle_id FROM orders o WHERE o.id = NEW.subject_id)
AND c.state = 'closed'
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cycle_id = c.id AND o.state IN ('placed', 'locked'))));
END;
CREATE TRIGGER follow_1_line_add INSTEAD OF INSERT ON follow_1
WHEN NEW.machine = 'line' AND NEW.event IN ('add', 'change', 'drop', 'void') BEGIN
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'sell_out', NEW.idem || '/sell_out.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.sell_out did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0));
	INSERT INTO cascade_2(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'free', NEW.idem || '/free.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.free did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0));
END;
CREATE VIEW cascade_1 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER cascade_1_insert INSTEAD OF INSERT ON cascade_1 BEGIN
	SELECT RAISE(ABORT, 'E_TRANSITION') WHERE NOT EXISTS (SELECT 1 FROM subject s
		JOIN fsm_role t ON t.machine = s.machine AND t.from_state = s.state
		WHERE s.id = NEW.subject_id AND t.event = NEW.event AND t.role = 'SYS');
	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, role,
		channel, idem, at, payload)
	SELECT (SELECT max(id) + 1 FROM event_log), s.machine, s.id, s.version + 1, NEW.event,
		s.state, t.to_state, 'SYS', 'cascade', NEW.idem, max(NEW.at, s.updated_at), '{}'
	FROM subject s JOIN fsm_transition t ON t.machine = s.machine
		AND t.from_state = s.state AND t.event = NEW.event WHERE s.id = NEW.subject_id;
	INSERT INTO follow_1 VALUES (NEW.machine, NEW.subject_id, NEW.event, NEW.idem, NEW.at);
END;
CREATE VIEW follow_2 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER follow_2_line_add INSTEAD OF INSERT ON follow_2
WHEN NEW.machine = 'line' AND NEW.event IN ('add', 'change', 'drop', 'void') BEGIN
	INSERT INTO cascade_3(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'sell_out', NEW.idem || '/sell_out.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.sell_out did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'available' AND f.left_milli <= 0));
	INSERT INTO cascade_3(machine, subject_id, event, idem, at)
	SELECT 'offer', q.id, 'free', NEW.idem || '/free.' || q.id, NEW.at FROM (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0) q ORDER BY q.id;
	SELECT RAISE(ABORT, 'offer.free did not follow: its triggers are off') WHERE TRUE AND (EXISTS (SELECT f.id FROM offer f WHERE f.id = (SELECT l.offer_id FROM order_line l WHERE l.id = NEW.subject_id)
AND f.state = 'sold_out' AND f.left_milli > 0 AND f.exhausted = 0));
END;
CREATE VIEW cascade_2 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER cascade_2_insert INSTEAD OF INSERT ON cascade_2 BEGIN
	SELECT RAISE(ABORT, 'E_TRANSITION') WHERE NOT EXISTS (SELECT 1 FROM subject s
		JOIN fsm_role t ON t.machine = s.machine AND t.from_state = s.state
		WHERE s.id = NEW.subject_id AND t.event = NEW.event AND t.role = 'SYS');
	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, role,
		channel, idem, at, payload)
	SELECT (SELECT max(id) + 1 FROM event_log), s.machine, s.id, s.version + 1, NEW.event,
		s.state, t.to_state, 'SYS', 'cascade', NEW.idem, max(NEW.at, s.updated_at), '{}'
	FROM subject s JOIN fsm_transition t ON t.machine = s.machine
		AND t.from_state = s.state AND t.event = NEW.event WHERE s.id = NEW.subject_id;
	INSERT INTO follow_2 VALUES (NEW.machine, NEW.subject_id, NEW.event, NEW.idem, NEW.at);
END;
CREATE VIEW cascade_3 AS SELECT machine, subject_id, event, idem, at FROM event_log WHERE FALSE;
CREATE TRIGGER cascade_3_insert INSTEAD OF INSERT ON cascade_3 BEGIN
	SELECT RAISE(ABORT, 'E_TRANSITION') WHERE NOT EXISTS (SELECT 1 FROM subject s
		JOIN fsm_role t ON t.machine = s.machine AND t.from_state = s.state
		WHERE s.id = NEW.subject_id AND t.event = NEW.event AND t.role = 'SYS');
	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, role,
		channel, idem, at, payload)
	SELECT (SELECT max(id) + 1 FROM event_log), s.machine, s.id, s.version + 1, NEW.event,
		s.state, t.to_state, 'SYS', 'cascade', NEW.idem, max(NEW.at, s.updated_at), '{}'
	FROM subject s JOIN fsm_transition t ON t.machine = s.machine
		AND t.from_state = s.state AND t.event = NEW.event WHERE s.id = NEW.subject_id;
END;
CREATE VIEW fire AS
SELECT machine, subject_id, seq AS version, event, actor, role, channel, idem, at, payload FROM event_log WHERE FALSE;
CREATE TRIGGER fire_insert INSTEAD OF INSERT ON fire BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE typeof(NEW.machine) <> 'text' OR typeof(NEW.event) <> 'text'
		OR typeof(NEW.role) <> 'text' OR typeof(NEW.channel) <> 'text'
		OR typeof(NEW.subject_id) NOT IN ('integer', 'null') OR typeof(NEW.version) NOT IN ('integer', 'null')
		OR typeof(NEW.actor) NOT IN ('integer', 'null') OR typeof(NEW.idem) NOT IN ('text', 'null')
		OR typeof(NEW.at) NOT IN ('integer', 'text', 'null') OR NEW.at GLOB '*[^0-9]*' OR length(NEW.at) > 18
		OR typeof(NEW.payload) NOT IN ('text', 'null') OR length(NEW.channel) > 20
		OR CAST(NEW.at AS INTEGER) <= 0 OR (CAST(NEW.at AS INTEGER) > (SELECT now FROM clock) + 60
			AND NOT EXISTS (SELECT 1 FROM clock_offset o WHERE o."offset" <> 0
				AND abs(CAST(NEW.at AS INTEGER) - CAST(strftime('%s', 'now') AS INTEGER)) <= 60));
	-- A flat object, read token by token: json_valid() is not to be had where the schema is not trusted.
	-- Escaped quotes and backslashes are put out of the way first. 1 key, 2 colon, 3 value, 4 comma, 5 end.
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}' AND NOT EXISTS (
		WITH RECURSIVE token(stage, rest) AS (
			SELECT CASE WHEN whole GLOB '{*}' AND inner = '' THEN 5 WHEN whole GLOB '{*}' THEN 1 ELSE 0 END, inner
			FROM (SELECT whole, trim(substr(whole, 2, length(whole) - 2), ' ') AS inner
				FROM (SELECT replace(replace(trim(NEW.payload, ' '), '\\', '\u005c'), '\"', '\u0022') AS whole))
			UNION ALL
			SELECT CASE
				WHEN stage = 1 AND rest GLOB '"*"*' THEN 2
				WHEN stage = 2 AND rest GLOB ':*' THEN 3
				WHEN stage = 3 AND rest GLOB '"*"*' THEN 4
				WHEN stage = 3 AND (rest GLOB '0*' OR rest GLOB '-0*') AND rest NOT GLOB '0[0-9]*'
					AND rest NOT GLOB '-0[0-9]*' THEN 4
				WHEN stage = 3 AND (rest GLOB '[1-9]*' OR rest GLOB '-[1-9]*')
					AND length(rest) - length(ltrim(ltrim(rest, '-'), '0123456789')) - (rest GLOB '-*') <= 18 THEN 4
				WHEN stage = 4 AND rest = '' THEN 5
				WHEN stage = 4 AND rest GLOB ',*' THEN 1
				ELSE 0 END,
			ltrim(CASE
				WHEN stage IN (2, 4) THEN substr(rest, 2)
				WHEN rest GLOB '"*' THEN substr(rest, instr(substr(rest, 2), '"') + 2)
				WHEN rest GLOB '-*' THEN ltrim(substr(rest, 2), '0123456789')
				ELSE ltrim(rest, '0123456789') END, ' ')
			FROM token WHERE stage BETWEEN 1 AND 4
		) SELECT 1 FROM token WHERE stage = 5);
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}' AND (length(NEW.payload) > 2000
		OR NEW.payload GLOB '*[' || char(1) || '-' || char(31) || ']*' OR instr(NEW.payload, '\u0000')
		OR EXISTS (SELECT 1 FROM (SELECT replace(NEW.payload, '\\', '') AS p) WHERE instr(p, '\') AND (
			p GLOB '*\[^"/bfnrtu]*' OR p GLOB '*\u[^0-9a-fA-F]*' OR p GLOB '*\u?[^0-9a-fA-F]*'
			OR p GLOB '*\u??[^0-9a-fA-F]*' OR p GLOB '*\u???[^0-9a-fA-F]*')));
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}'
		AND (SELECT count(*) <> count(DISTINCT key) FROM json_each(NEW.payload));
	SELECT RAISE(ABORT, 'E_IDEM') WHERE coalesce(NEW.idem, '') = '' OR length(NEW.idem) > 200
		OR EXISTS (SELECT 1 FROM event_log e WHERE e.idem = NEW.idem AND NOT (e.machine = NEW.machine
			AND e.event = NEW.event AND e.actor IS NEW.actor AND e.role = NEW.role
			AND e.channel = NEW.channel AND e.payload = coalesce(NEW.payload, '{}')
			AND (e.subject_id = NEW.subject_id OR (NEW.subject_id IS NULL AND e.seq = 1))
			AND (NEW.version IS NULL OR NEW.version = e.seq - 1)));
	SELECT RAISE(IGNORE) WHERE EXISTS (SELECT 1 FROM event_log e WHERE e.idem = NEW.idem);
	SELECT RAISE(ABORT, 'E_SUBJECT') WHERE NOT EXISTS (SELECT 1 FROM fsm_machine m WHERE m.machine = NEW.machine)
		OR (NEW.subject_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subject s WHERE s.id = NEW.subject_id
			AND s.machine = NEW.machine));
	DELETE FROM firing;
	INSERT INTO firing(id, event_id, subject_id, version, state, at, updated_at)
	SELECT 1, n.id, coalesce(s.id, n.id), coalesce(s.version, 0), coalesce(s.state, '_'),
		coalesce((SELECT CAST(NEW.at AS INTEGER) WHERE NOT EXISTS (SELECT 1 FROM clock_offset o WHERE o."offset" <> 0
			AND abs(CAST(NEW.at AS INTEGER) - CAST(strftime('%s', 'now') AS INTEGER)) <= 60)),
			max(n.now, coalesce(s.updated_at, 0))), coalesce(s.updated_at, 0)
	FROM (SELECT (SELECT coalesce(max(e.id), 0) + 1 FROM event_log e) AS id, (SELECT now FROM clock) AS now) n
	LEFT JOIN subject s ON s.id = NEW.subject_id;
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE TRUE AND (CASE WHEN NEW.role = 'SYS' THEN NEW.actor IS NOT NULL WHEN NEW.actor IS NULL THEN TRUE WHEN NEW.machine = 'contact' AND NEW.role = 'RES' THEN FALSE ELSE NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = NEW.actor AND r.role = NEW.role) END);
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'offer' AND NEW.role = 'PRO' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT f.producer_id AS person FROM offer f WHERE f.id = NEW.subject_id) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'offer' AND NEW.role = 'PRO' AND NEW.subject_id IS NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT (SELECT value FROM json_each(NEW.payload) WHERE key = 'producer') AS person) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'order' AND NEW.role = 'RES' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM orders o WHERE o.id = NEW.subject_id) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'order' AND NEW.role = 'AID' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM orders o WHERE o.id = NEW.subject_id) p JOIN mandate m ON m.owner_id = p.person WHERE m.helper_id = NEW.actor AND m.valid_from <= (SELECT f.at FROM firing f) AND (SELECT f.at FROM firing f) < m.valid_until AND ',' || m.scope || ',' LIKE '%,order,%'));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'order' AND NEW.role = 'RES' AND NEW.subject_id IS NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT (SELECT value FROM json_each(NEW.payload) WHERE key = 'owner') AS person) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'order' AND NEW.role = 'AID' AND NEW.subject_id IS NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT (SELECT value FROM json_each(NEW.payload) WHERE key = 'owner') AS person) p JOIN mandate m ON m.owner_id = p.person WHERE m.helper_id = NEW.actor AND m.valid_from <= (SELECT f.at FROM firing f) AND (SELECT f.at FROM firing f) < m.valid_until AND ',' || m.scope || ',' LIKE '%,order,%'));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'line' AND NEW.role = 'RES' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'line' AND NEW.role = 'AID' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = NEW.subject_id) p JOIN mandate m ON m.owner_id = p.person WHERE m.helper_id = NEW.actor AND m.valid_from <= (SELECT f.at FROM firing f) AND (SELECT f.at FROM firing f) < m.valid_until AND ',' || m.scope || ',' LIKE '%,order,%'));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'line' AND NEW.role = 'RES' AND NEW.subject_id IS NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM orders o WHERE o.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order')) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'line' AND NEW.role = 'AID' AND NEW.subject_id IS NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT o.owner_id AS person FROM orders o WHERE o.id = (SELECT value FROM json_each(NEW.payload) WHERE key = 'order')) p JOIN mandate m ON m.owner_id = p.person WHERE m.helper_id = NEW.actor AND m.valid_from <= (SELECT f.at FROM firing f) AND (SELECT f.at FROM firing f) < m.valid_until AND ',' || m.scope || ',' LIKE '%,order,%'));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'line' AND NEW.role = 'PRO' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT f.producer_id AS person FROM order_line l JOIN offer f ON f.id = l.offer_id WHERE l.id = NEW.subject_id) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_ACTOR') WHERE NEW.machine = 'contact' AND NEW.role = 'RES' AND NEW.subject_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM (SELECT cp.person_id AS person FROM contact_person cp WHERE cp.contact_id = NEW.subject_id) p WHERE p.person = NEW.actor));
	SELECT RAISE(ABORT, 'E_STALE') FROM firing f WHERE NEW.version <> f.version
		OR (NEW.version IS NULL AND NEW.role <> 'SYS' AND NEW.subject_id IS NOT NULL);
	SELECT RAISE(ABORT, 'E_TRANSITION') FROM firing f WHERE NOT EXISTS (SELECT 1 FROM fsm_transition t
		JOIN fsm_machine m ON m.machine = t.machine WHERE t.machine = NEW.machine AND t.from_state = f.state
		AND t.event = NEW.event AND m.live = 1);
	SELECT RAISE(ABORT, 'E_ROLE') FROM firing f WHERE NOT EXISTS (SELECT 1 FROM fsm_role r
		WHERE r.machine = NEW.machine AND r.from_state = f.state AND r.event = NEW.event AND r.role = NEW.role);
	SELECT RAISE(ABORT, 'E_PAYLOAD') FROM firing f WHERE f.at < f.updated_at
		OR EXISTS (SELECT 1 FROM fsm_field d WHERE d.machine = NEW.machine AND d.event = NEW.event AND d.required = 1
			AND NOT EXISTS (SELECT 1 FROM json_each(NEW.payload) p WHERE p.key = d.field))
		OR EXISTS (SELECT 1 FROM json_each(NEW.payload) p LEFT JOIN fsm_field d ON d.machine = NEW.machine
			AND d.event = NEW.event AND d.field = p.key
			WHERE d.field IS NULL OR d.type <> CASE p.type WHEN 'integer' THEN 'int' ELSE p.type END
			OR (d.type = 'int' AND p.value < d.lowest));
	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, actor, role, channel, idem, at,
		payload)
	SELECT f.event_id, NEW.machine, f.subject_id, f.version + 1, NEW.event, f.state, t.to_state, NEW.actor, NEW.role,
		NEW.channel, NEW.idem, f.at, coalesce(NEW.payload, '{}')
	FROM firing f JOIN fsm_transition t ON t.machine = NEW.machine AND t.from_state = f.state AND t.event = NEW.event;
	SELECT RAISE(ABORT, 'the event was lost: its triggers are off') FROM firing f WHERE NOT EXISTS (
		SELECT 1 FROM subject s WHERE s.id = f.subject_id AND s.version = f.version + 1);
	INSERT INTO follow_0 VALUES (NEW.machine, (SELECT subject_id FROM firing), NEW.event, NEW.idem, (SELECT at FROM firing));
	DELETE FROM firing;
END
;
COMMIT;
