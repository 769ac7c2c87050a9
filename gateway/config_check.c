/* What no line of the configuration alone tells.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/config_reader.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/civil.h"

#include "gateway/digest.h"

/* The line of a command in a section, or 0. */
static unsigned int line_of(const struct config_reader *r, const struct config_modem *section,
			    const char *word)
{
	for (size_t i = 0; i < r->n_seen; i++) {
		if (r->seen[i].section == section
		    && !strncmp(r->seen[i].cmd->string, word, strlen(word)))
			return r->seen[i].line;
	}
	return 0;
}

static int need_folder(struct config_reader *r, const char *what, const char *path)
{
	char *copy = talloc_strdup(r->cfg, path);
	const char *folder = dirname(copy);
	struct stat sb;

	if (stat(folder, &sb) == 0 && S_ISDIR(sb.st_mode))
		return 0;
	r->line = line_of(r, NULL, what);
	config_wrong(r, NULL, "there is no folder %s", folder);
	r->right = talloc_asprintf(r->cfg, "another path, or make it:  mkdir -p %s", folder);
	return -EINVAL;
}

static int check_gateway(struct config_reader *r)
{
	const struct config *cfg = r->cfg;
	const size_t longest = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (!cfg->database) {
		config_wrong(r, "\" database sqlite PATH\" below \"gateway\"",
			     "the gateway has no database");
		return -EINVAL;
	}
	if (!cfg->control) {
		config_wrong(r, "\" control PATH\" below \"gateway\"",
			     "the gateway has no control socket");
		return -EINVAL;
	}
	if (cfg->retain_texts > cfg->retain_delivery) {
		r->line = line_of(r, NULL, "retain texts");
		config_wrong(r, "as many days for delivery, or fewer for texts",
			     "texts are kept %d days, and what tells of their delivery only %d",
			     cfg->retain_texts, cfg->retain_delivery);
		return -EINVAL;
	}
	if (strlen(cfg->control) > longest) {
		r->line = line_of(r, NULL, "control");
		config_wrong(
			r, "a shorter path, such as control /run/chappe/control",
			"the path of a socket has %zu characters at most, this one has %zu: %s",
			longest, strlen(cfg->control), cfg->control);
		return -EINVAL;
	}
	if (r->use != CONFIG_DAEMON)
		return 0;
	if (need_folder(r, "database", cfg->database) || need_folder(r, "control", cfg->control)
	    || need_folder(r, "key-file", cfg->key_file))
		return -EINVAL;
	return 0;
}

static bool same_device(const struct config_reader *r, const char *a, const char *b)
{
	char real_a[PATH_MAX], real_b[PATH_MAX];

	if (strcmp(a, b) == 0)
		return true;
	return r->use == CONFIG_DAEMON && realpath(a, real_a) && realpath(b, real_b)
	       && strcmp(real_a, real_b) == 0;
}

static int check_device(struct config_reader *r, const struct config_modem *m)
{
	const struct config_modem *other;

	r->line = m->line;
	if (!m->device) {
		config_wrong(r, " device /dev/serial/by-id/usb-...", "modem %s has no device",
			     m->name);
		return -EINVAL;
	}
	llist_for_each_entry(other, &r->cfg->modems, entry) {
		if (other == m)
			break;
		if (!same_device(r, m->device, other->device))
			continue;
		r->line = line_of(r, m, "device");
		config_wrong(r, "a device of its own for each modem",
			     "modem %s has this device already (line %u)", other->name,
			     line_of(r, other, "device"));
		return -EINVAL;
	}
	return 0;
}

static int check_pin(struct config_reader *r, const struct config_modem *m)
{
	char *pin = NULL;
	int rc = m->pin_file && r->use == CONFIG_DAEMON ? config_read_pin(&pin, r->cfg, m) : 0;

	if (!rc) {
		if (pin)
			explicit_bzero(pin, strlen(pin));
		talloc_free(pin);
		return 0;
	}
	r->line = line_of(r, m, "pin-file");
	if (rc == -EINVAL)
		config_wrong(r, "a file with the 4 to 8 digits of the PIN alone", "%s holds no PIN",
			     m->pin_file);
	else
		config_wrong(r, "the path of a file that may be read, or no pin-file",
			     "%s cannot be read: %s", m->pin_file, strerror(-rc));
	return -EINVAL;
}

int config_check(struct config_reader *r)
{
	struct config *cfg = r->cfg;
	const struct config_modem *m;

	if (cfg->database && !cfg->key_file)
		cfg->key_file = digest_key_path(cfg, cfg->database);
	if (check_gateway(r))
		return -EINVAL;
	llist_for_each_entry(m, &cfg->modems, entry) {
		if (check_device(r, m) || check_pin(r, m))
			return -EINVAL;
	}
	r->line = 0;
	if (civil_set_zone(cfg->time_zone)) {
		config_wrong(r, "apt-get install tzdata", "the system knows no time zone \"%s\"",
			     cfg->time_zone);
		return -EINVAL;
	}
	return 0;
}
