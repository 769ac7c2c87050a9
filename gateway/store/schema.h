/* The schema: one source, printed for SQLite and for PostgreSQL.
 *
 * Tables, machine, guards, projections and cascades are data files beside this
 * one, built into the programs; schema.c puts them together and the dialect
 * says how each engine wants to hear it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/* "Chpp": marks an SQLite file as ours (PRAGMA application_id). */
#define SCHEMA_APPLICATION_ID 0x43687070
/* PRAGMA user_version; on PostgreSQL meta.schema. */
#define SCHEMA_VERSION        2

enum schema_dialect {
	SCHEMA_SQLITE,
	SCHEMA_POSTGRESQL,
	SCHEMA_LIVE, /* SQLite without the tables: triggers, views and the machine, for a file that has them */
	SCHEMA_REPLAY, /* SQLite, for a replay of event_log: projections alone, no guard, no fire, no notice */
};

/*! The whole schema as a text of SQL statements, on ctx; never NULL. */
char *schema_sql(void *ctx, enum schema_dialect dialect);
