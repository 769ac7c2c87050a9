/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/log.h"

#include <stdlib.h>

#include <osmocom/core/utils.h>

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

void log_format(struct log_target *target)
{
	bool timed = target->type == LOG_TGT_TYPE_FILE
		     || (target->type == LOG_TGT_TYPE_STDERR && !getenv("JOURNAL_STREAM"));

	log_set_all_filter(target, 1);
	log_set_use_color(target, 0);
	log_set_print_extended_timestamp(target, 0);
	log_set_print_timestamp(target, timed);
	log_set_print_filename2(target, LOG_FILENAME_NONE);
	log_set_print_category(target, 1);
	log_set_print_category_hex(target, 0);
	log_set_print_level(target, 1);
}

void log_open(void *ctx)
{
	struct log_target *target;

	OSMO_ASSERT(log_init(&log_categories, ctx) == 0);
	target = log_target_create_stderr();
	OSMO_ASSERT(target);
	log_add_target(target);
	log_format(target);
}
