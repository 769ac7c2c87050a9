/* What the files of the configuration share while they read: private to config*.c.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <osmocom/vty/command.h>
#include <osmocom/vty/vty.h>

#include "gateway/config.h"

#define CONFIG_LINES_MAX 128

enum config_node { GATEWAY_NODE = _LAST_OSMOVTY_NODE + 1, MODEM_NODE };

/* A command that may come once in its section, and where it came. */
struct config_seen {
	const struct cmd_element *cmd;
	const struct config_modem *section; /* NULL: gateway */
	unsigned int line;
};

/* A file that is being read; vty->priv. */
struct config_reader {
	struct config *cfg;
	enum config_use use;
	const char *folder;         /* of the file: relative paths count from it */
	struct config_modem *modem; /* the section that stands open, in MODEM_NODE */
	size_t n_seen;
	struct config_seen seen[CONFIG_LINES_MAX];
	bool log;        /* a `log` line came: no other target is wanted */
	bool log_stderr; /* ... but this one */

	unsigned int
		line; /* number of the line that is read, or that an error is about; 0: of none */
	char *what;   /* is wrong; on cfg */
	char *right;  /* would be right; on cfg, or NULL */
};

/*! Say what is wrong and what would be right. \returns CMD_WARNING. */
int config_wrong(struct config_reader *r, const char *right, const char *what, ...)
	__attribute__((format(printf, 3, 4)));

/*! Make the commands known to libosmovty; does nothing the second time. */
void config_vty_init(enum config_use use);

/*! Syntax of the command of a node whose first word is nearest to word; without one, that of any.
 *
 * \param[in] exact  only a command whose first word is this word.
 * \returns the syntax, or NULL. */
const char *config_vty_syntax(int node, const char *word, bool exact);

/*! "gateway", "modem", "log", or "the file". */
const char *config_vty_node_name(int node);

/*! What no line alone tells: what is missing, what does not go together, files that cannot be used.
 * \returns 0, or -EINVAL with r->what. */
int config_check(struct config_reader *r);
