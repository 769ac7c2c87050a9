/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "modem/worker_log.h"

#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "modem/frame.h"
#include "modem/log.h"

static int gateway_fd;

/* One line, fit for a terminal; the gateway takes no other. */
static void write_line(struct log_target *target, unsigned int level, const char *text)
{
	struct frame f = { .op = FRAME_OP_LOG, .log = { .level = (uint8_t)level } };

	(void)target;
	OSMO_STRLCPY_ARRAY(f.log.line, text);
	f.log.line[strcspn(f.log.line, "\r\n")] = '\0';
	for (char *c = f.log.line; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	frame_send(gateway_fd, &f); /* without a gateway there is nobody to tell */
}

void worker_log_start(const char *name, int fd)
{
	static struct log_info_cat category = { .description = "A modem",
						.enabled = 1,
						.loglevel = LOGL_NOTICE };
	static struct log_info info = { .cat = &category, .num_cat = 1 };
	struct log_target *target;

	gateway_fd = fd;
	category.name = name;
	OSMO_ASSERT(log_init(&info, NULL) == 0);
	DMODEM = 0;
	target = log_target_create();
	OSMO_ASSERT(target);
	target->output = write_line;
	log_set_all_filter(target, 1);
	log_set_use_color(target, 0);
	log_set_print_timestamp(target, 0);
	log_set_print_extended_timestamp(target, 0);
	log_set_print_category(target, 0);
	log_set_print_category_hex(target, 0);
	log_set_print_level(target, 0);
	log_set_print_filename2(target, LOG_FILENAME_NONE);
	log_add_target(target);
}
