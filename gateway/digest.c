/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "gateway/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "parsers/wire.h"

/* The longest input: IMSI, sender and text with their lengths, and the numbers. */
#define DIGEST_INPUT_MAX (sizeof(struct sms_in) + 64)

char *digest_key_path(void *ctx, const char *database)
{
	char *path = talloc_asprintf(ctx, "%s.key", database);

	OSMO_ASSERT(path);
	return path;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= n;
	}
	return fsync(fd) ? -errno : 0;
}

/* A name that is not synced with its folder may be gone after a power cut. */
static int sync_folder(const char *path)
{
	char copy[PATH_MAX];
	int fd, rc;

	if (OSMO_STRLCPY_ARRAY(copy, path) >= sizeof(copy))
		return -ENAMETOOLONG;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = fsync(fd) ? -errno : 0;
	close(fd);
	return rc;
}

/* Written beside its place and linked into it, so that no half key is ever seen and of two that create it at
 * once the first wins. */
static int key_create(const char *path)
{
	uint8_t key[DIGEST_KEY_SIZE];
	char draft[PATH_MAX];
	int fd, rc;

	if (snprintf(draft, sizeof(draft), "%s.%ld", path, (long)getpid()) >= (int)sizeof(draft))
		return -ENAMETOOLONG;
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	randombytes_buf(key, sizeof(key));
	rc = write_all(fd, key, sizeof(key));
	sodium_memzero(key, sizeof(key));
	close(fd);
	if (rc == 0 && link(draft, path) && errno != EEXIST)
		rc = -errno;
	unlink(draft);
	return rc ? rc : sync_folder(path);
}

static int key_read(uint8_t key[DIGEST_KEY_SIZE], int fd)
{
	uint8_t data[DIGEST_KEY_SIZE + 1];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077))
		return -EINVAL;
	n = read(fd, data, sizeof(data));
	if (n < 0)
		return -errno;
	if (n != DIGEST_KEY_SIZE)
		return -EINVAL;
	memcpy(key, data, DIGEST_KEY_SIZE);
	sodium_memzero(data, sizeof(data));
	return 0;
}

int digest_key_open(uint8_t key[DIGEST_KEY_SIZE], const char *path)
{
	int fd, rc;

	if (sodium_init() < 0)
		return -EIO;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		rc = key_create(path);
		if (rc)
			return rc;
		fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd < 0)
		return -errno;
	rc = key_read(key, fd);
	close(fd);
	return rc;
}

void digest_sms(uint8_t out[DIGEST_SIZE], const uint8_t key[DIGEST_KEY_SIZE], const char *imsi,
		const struct sms_in *sms)
{
	uint8_t buf[DIGEST_INPUT_MAX];
	struct wire w = wire_writer(buf, sizeof(buf));
	int len;

	/* Every string carries its length: no two texts give the same octets. */
	wire_put_string(&w, imsi);
	wire_put_string(&w, sms->sender);
	wire_put_u8(&w, sms->ton);
	wire_put_u8(&w, sms->npi);
	wire_put_u64(&w, (uint64_t)sms->smsc_at);
	wire_put_u8(&w, sms->pid);
	wire_put_u8(&w, sms->dcs);
	wire_put_u16(&w, sms->concat.ref);
	wire_put_u8(&w, sms->concat.total);
	wire_put_u8(&w, sms->concat.part);
	wire_put_string(&w, sms->text);
	len = wire_done(&w);
	OSMO_ASSERT(len > 0); /* a frame with broken UTF-8 does not come this far */
	OSMO_ASSERT(crypto_generichash(out, DIGEST_SIZE, buf, len, key, DIGEST_KEY_SIZE) == 0);
}
