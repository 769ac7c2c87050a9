/* Files of data that are built into the programs: rules, catalogue, machine.
 *
 * A file is included as it is, byte for byte, with a NUL after it, so that a
 * program needs no data folder and cannot meet one of another version. The
 * makefile lists the file as a dependency of the .c that embeds it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

/*! Define `const char NAME[]` (NUL-terminated) and `const char NAME_end[]`, the address of that NUL.
 *
 * \param[in] name  C identifier.
 * \param[in] path  file, relative to the top of the source tree: a string literal. */
/* clang-format off */
#define EMBED(name, path) \
	__asm__(".pushsection .rodata\n" \
		".global " #name "\n.type " #name ", @object\n" #name ":\n" \
		".incbin \"" SRCDIR "/" path "\"\n" \
		".global " #name "_end\n" #name "_end:\n.byte 0\n" \
		".size " #name ", . - " #name "\n.popsection\n"); \
	extern const char name[]; \
	extern const char name##_end[]
/* clang-format on */
