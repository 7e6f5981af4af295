/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */
/* Made by nlkit gen kmod from doc_exmpl.yaml. Do not edit. */
#ifndef NLKIT_UAPI_LINUX_DOC_EXMPL_H
#define NLKIT_UAPI_LINUX_DOC_EXMPL_H

#define DOC_EXMPL_FAMILY_NAME	"DOC_EXMPL"
#define DOC_EXMPL_FAMILY_VERSION	1

/* What a message may have. */
enum {
	/* A text. */
	DOC_EXMPL_A_MSG = 1,

	__DOC_EXMPL_A_MAX,
	DOC_EXMPL_A_MAX = (__DOC_EXMPL_A_MAX - 1)
};

enum {
	/*
	 * Hands the kernel a text, which it logs, and is answered with its own.
	 */
	DOC_EXMPL_C_ECHO = 1,
	/*
	 * The kernel was triggered. The notes give this the number of echo: it
	 * is the same message.
	 */
	DOC_EXMPL_C_HELLO = 1,

	__DOC_EXMPL_C_MAX,
	DOC_EXMPL_C_MAX = (__DOC_EXMPL_C_MAX - 1)
};

#define DOC_EXMPL_MCGRP_DOC_EXMPL_GRP	"DOC_EXMPL_GRP"

#endif
