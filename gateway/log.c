/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/log.h"

#define CATEGORY(id, text) \
	[id] = { .name = #id, .description = text, .enabled = 1, .loglevel = LOGL_NOTICE }

static const struct log_info_cat categories[_DCATEGORY_NUM] = {
	CATEGORY(DMAIN, "Start, configuration, quit"),
	CATEGORY(DPARENT, "Processes"),
	CATEGORY(DLINK, "Between the processes"),
	CATEGORY(DWORKER, "Lives of the modems"),
	CATEGORY(DSTORE, "The database"),
	CATEGORY(DINBOX, "Texts that come in"),
	CATEGORY(DDIALOGUE, "What is made of them"),
	CATEGORY(DOUTBOX, "Messages that go out"),
	CATEGORY(DCLOCK, "Deadlines, and the clock"),
	CATEGORY(DADMIN, "The operator's control socket and VTY"),
};

const struct log_info log_categories = {
	.cat = categories,
	.num_cat = _DCATEGORY_NUM,
};
