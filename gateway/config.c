/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/vty/buffer.h>

#include "gateway/config_reader.h"
#include "gateway/digest.h"
#include "gateway/log.h"

int config_wrong(struct config_reader *r, const char *right, const char *what, ...)
{
	va_list ap;

	va_start(ap, what);
	r->what = talloc_vasprintf(r->cfg, what, ap);
	va_end(ap);
	r->right = right ? talloc_strdup(r->cfg, right) : NULL;
	return CMD_WARNING;
}

struct config_modem *config_modem_find(const struct config *cfg, const char *name)
{
	struct config_modem *m;

	llist_for_each_entry(m, &cfg->modems, entry) {
		if (strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

/* ---- one line ---- */

/* The sentence that a command of libosmovty's own left behind. */
static void wrong_of_library(struct config_reader *r, struct vty *vty)
{
	char *text = buffer_empty(vty->obuf) ? NULL : buffer_getstr(vty->obuf);

	if (text)
		text[strcspn(text, "\r\n")] = '\0';
	config_wrong(r, NULL, "%s", text && *text ? text + strspn(text, "% ") : "this is refused");
	talloc_free(text);
	buffer_reset(vty->obuf);
}

/* No command has this form: which one was meant, and where does it belong? */
static void wrong_form(struct config_reader *r, int node, const char *word)
{
	static const int others[] = { CONFIG_NODE, GATEWAY_NODE, MODEM_NODE, CFG_LOG_NODE };
	const char *syntax = config_vty_syntax(node, word, true);
	const char *where = config_vty_node_name(node);

	if (syntax) {
		config_wrong(r, syntax, "\"%s\" does not have this form", word);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		syntax = config_vty_syntax(others[i], word, true);
		if (!syntax)
			continue;
		config_wrong(r, NULL, "\"%s\" does not belong to %s", word, where);
		if (others[i] == CONFIG_NODE)
			r->right = talloc_asprintf(r->cfg, "\"%s\" at the beginning of the line",
						   syntax);
		else
			r->right = talloc_asprintf(r->cfg,
						   "\" %s\" below \"%s\", with a space before",
						   syntax, config_vty_node_name(others[i]));
		return;
	}
	config_wrong(r, config_vty_syntax(node, word, false), "there is no \"%s\" in %s", word,
		     where);
}

/* The lines of `log` have taken effect when they are read; what a target shows is ours to begin with. */
static void note_log_line(struct config_reader *r, struct vty *vty)
{
	struct log_target *target = vty->index;

	r->log = true;
	if (target->type == LOG_TGT_TYPE_STDERR)
		r->log_stderr = true;
	if (target->type == LOG_TGT_TYPE_FILE)
		r->cfg->log_file = talloc_strdup(r->cfg, target->tgt_file.fname);
	log_format(target);
}

/* The words of a line. A log file counts from the folder of the configuration, and has no queue: lines that wait in
 * one are lost when the process is killed. */
static vector split(struct config_reader *r, const char *line, bool indented)
{
	const char *queue = !indented && !strstr(line, " blocking-io") ? " blocking-io" : "";
	char *full = NULL;
	vector words;

	if (indented)
		return cmd_make_strvec(line);
	if (!strncmp(line, "log stderr", 10))
		full = talloc_asprintf(r->cfg, "%s%s", line, queue);
	else if (!strncmp(line, "log file ", 9) && line[9] == '/')
		full = talloc_asprintf(r->cfg, "%s%s", line, queue);
	else if (!strncmp(line, "log file ", 9) && line[9])
		full = talloc_asprintf(r->cfg, "log file %s/%s%s", r->folder, line + 9, queue);
	words = cmd_make_strvec(full ?: line);
	talloc_free(full);
	return words;
}

static int execute(struct config_reader *r, struct vty *vty, const char *line, bool indented)
{
	vector words = split(r, line, indented);
	const char *first;
	int rc;

	if (!words) /* a comment */
		return 0;
	first = vector_slot(words, 0);
	if (!indented)
		vty->node = CONFIG_NODE;
	if (r->use == CONFIG_CLIENT && !indented && strcmp(first, "log") == 0) {
		vty->node = CFG_LOG_NODE;
		rc = CMD_SUCCESS;
	} else if (r->use == CONFIG_CLIENT && vty->node == CFG_LOG_NODE) {
		rc = CMD_SUCCESS;
	} else {
		rc = cmd_execute_command_strict(words, vty, NULL);
	}
	if (rc == CMD_SUCCESS && vty->node == CFG_LOG_NODE && !indented && r->use != CONFIG_CLIENT)
		note_log_line(r, vty);
	else if (rc == CMD_WARNING && !r->what)
		wrong_of_library(r, vty);
	else if (rc != CMD_WARNING)
		wrong_form(r, vty->node, first);
	cmd_free_strvec(words);
	return rc == CMD_SUCCESS ? 0 : -EINVAL;
}

static int check_octets(struct config_reader *r, const char *line)
{
	for (; *line; line++) {
		if (iscntrl((unsigned char)*line) && *line != '\t') {
			config_wrong(r, "plain text", "a control character");
			return -EINVAL;
		}
	}
	return 0;
}

/* ---- all lines ---- */

static int read_line(struct config_reader *r, struct vty *vty, char *line)
{
	bool indented = isspace((unsigned char)line[0]);
	size_t n = strlen(line);

	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
	if (!line[strspn(line, " \t")])
		return 0;
	if (check_octets(r, line))
		return -EINVAL;
	if (indented && vty->node == CONFIG_NODE && !strchr("!#", line[strspn(line, " \t")])) {
		config_wrong(r, "`gateway` or `modem NAME` first, at the beginning of a line",
			     "the line is indented but belongs to no section");
		return -EINVAL;
	}
	return execute(r, vty, line, indented);
}

static int read_lines(struct config_reader *r, char *line)
{
	struct vty *vty = vty_new();
	int rc = 0;

	OSMO_ASSERT(vty);
	vty->type = VTY_FILE;
	vty->node = CONFIG_NODE;
	vty->priv = r;
	while (line && !rc) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		r->line++;
		rc = read_line(r, vty, line);
		line = end ? end + 1 : NULL;
	}
	buffer_reset(vty->obuf); /* else it would be written to stdin's descriptor */
	vty_close(vty);
	return rc;
}

static void defaults(struct config *cfg)
{
	INIT_LLIST_HEAD(&cfg->modems);
	cfg->language = CONFIG_LANGUAGE;
	cfg->country_code = CONFIG_COUNTRY_CODE;
	cfg->time_zone = CONFIG_TIME_ZONE;
	cfg->quiet_from = CONFIG_QUIET_FROM;
	cfg->quiet_to = CONFIG_QUIET_TO;
	cfg->budget = (struct budget_limits){ CONFIG_BUDGET_DAY, CONFIG_BUDGET_MONTH,
					      CONFIG_BUDGET_NUMBER };
	cfg->limits = (struct flood_limits){ CONFIG_RATE_SENDER, CONFIG_RATE_PREFIX,
					     CONFIG_RATE_ALL, CONFIG_STRANGERS };
	cfg->retain_texts = CONFIG_RETAIN_TEXTS;
	cfg->retain_delivery = CONFIG_RETAIN_DELIVERY;
}

/* A line of the file by its number, on ctx. */
static char *line_of(void *ctx, const char *text, unsigned int number)
{
	while (--number && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return talloc_strndup(ctx, text, strcspn(text, "\r\n"));
}

/* FILE:LINE: what is wrong, the line, what would be right. */
static char *complain(const struct config_reader *r, void *ctx)
{
	char *s = talloc_strdup(ctx, r->cfg->path);

	if (r->line)
		s = talloc_asprintf_append(s, ":%u", r->line);
	s = talloc_asprintf_append(s, ": %s", r->what);
	if (r->line)
		s = talloc_asprintf_append(s, "\n  the line:  %s",
					   line_of(r->cfg, r->cfg->text, r->line));
	if (r->right)
		s = talloc_asprintf_append(s, "\n  right is:  %s", r->right);
	OSMO_ASSERT(s);
	return s;
}

/* An absolute path, so that the gateway, whose folder may be another, reads the same. */
static char *folder_of(void *ctx, const char *path)
{
	char *copy = talloc_strdup(ctx, path), *folder, *cwd;

	folder = talloc_strdup(ctx, dirname(copy));
	talloc_free(copy);
	if (folder[0] == '/')
		return folder;
	cwd = getcwd(NULL, 0);
	if (cwd && strcmp(folder, ".") == 0)
		folder = talloc_strdup(ctx, cwd);
	else if (cwd)
		folder = talloc_asprintf(ctx, "%s/%s", cwd, folder);
	free(cwd);
	return folder;
}

static void shut_stderr(const struct config_reader *r)
{
	struct log_target *t = log_target_find(LOG_TGT_TYPE_STDERR, NULL);

	if (t && r->log && !r->log_stderr)
		log_target_destroy(t);
}

int config_parse(struct config **out, void *ctx, const char *path, const char *text,
		 enum config_use use, char **error)
{
	struct config *cfg = talloc_zero(ctx, struct config);
	struct config_reader r = { .cfg = cfg, .use = use };
	char *copy;
	int rc;

	OSMO_ASSERT(cfg);
	defaults(cfg);
	cfg->path = talloc_strdup(cfg, path);
	cfg->text = talloc_strdup(cfg, text);
	copy = talloc_strdup(cfg, text);
	OSMO_ASSERT(cfg->path && cfg->text && copy);
	r.folder = folder_of(cfg, path);
	config_vty_init(use);
	rc = read_lines(&r, copy);
	if (!rc) {
		r.line = 0;
		rc = config_check(&r);
	}
	if (rc) {
		*error = complain(&r, ctx);
		talloc_free(cfg);
		return rc;
	}
	talloc_free(copy);
	shut_stderr(&r);
	*out = cfg;
	return 0;
}

/* ---- files ---- */

/* \returns the text on ctx, or NULL with errno set. */
static char *slurp(void *ctx, const char *path, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text = talloc_size(ctx, max + 1);
	size_t len = 0;
	ssize_t n = -1;

	OSMO_ASSERT(text);
	if (fd >= 0) {
		while (len <= max && (n = read(fd, text + len, max + 1 - len)) > 0)
			len += n;
		close(fd);
	}
	if (len > max)
		errno = EFBIG;
	else if (n == 0 && memchr(text, '\0', len))
		errno = EILSEQ;
	else if (n == 0) {
		text[len] = '\0';
		return text;
	}
	talloc_free(text);
	return NULL;
}

int config_read(struct config **out, void *ctx, const char *path, enum config_use use, char **error)
{
	char *text = slurp(ctx, path, CONFIG_SIZE_MAX);
	int rc;

	if (!text) {
		rc = -errno;
		*error = talloc_asprintf(ctx, "%s: the configuration cannot be read: %s", path,
					 strerror(errno));
		return rc == -ENOENT || rc == -EACCES ? rc : -EINVAL;
	}
	rc = config_parse(out, ctx, path, text, use, error);
	talloc_free(text);
	return rc;
}

int config_read_pin(char **out, void *ctx, const struct config_modem *m)
{
	char *text, *pin;
	size_t n;

	if (!m->pin_file)
		return -ENOENT;
	text = slurp(ctx, m->pin_file, 64);
	if (!text)
		return errno == EFBIG || errno == EILSEQ ? -EINVAL : -errno;
	pin = text + strspn(text, " \t\r\n");
	n = strspn(pin, "0123456789");
	if (n < 4 || n > 8 || pin[n + strspn(pin + n, " \t\r\n")]) {
		talloc_free(text);
		return -EINVAL;
	}
	*out = talloc_strndup(ctx, pin, n);
	talloc_free(text);
	return 0;
}
