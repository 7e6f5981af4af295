/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from doc_exmpl.yaml. Do not edit. */
#ifndef NLKIT_DOC_EXMPL_NL_H
#define NLKIT_DOC_EXMPL_NL_H

#include "nlkit.h"
#include "uapi/linux/doc_exmpl.h"

/* The multicast groups, by their place in the family. */
enum doc_exmpl_group {
	DOC_EXMPL_GROUP_DOC_EXMPL_GRP,
};

/* ---- yours to write, in doc_exmpl_main.c ---- */

/* What echo may be sent with. */
struct doc_exmpl_echo_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 msg : 1;
	} has;
	const char *msg; /* ends with NUL */
};

/*
 * do echo: answers with msg. Hands the kernel a text, which it logs, and is
 * answered with its own.
 */
int doc_exmpl_do_echo(struct genl_info *info,
		      const struct doc_exmpl_echo_req *req,
		      struct nlk_msg *reply);

int doc_exmpl_setup(void); /* before the family is there */
int doc_exmpl_start(void); /* the family is there: requests come in */
void doc_exmpl_stop(void); /* undoes start: requests still come in */
void doc_exmpl_teardown(void); /* undoes setup: the family is gone */

/* ---- what replies and notifications have: yours to call ---- */

static inline void doc_exmpl_put_msg(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, DOC_EXMPL_A_MSG, v);
}

/* ---- notifications: yours to call ---- */

/*
 * The kernel was triggered. The notes give this the number of echo: it is the
 * same message. Multicasts hello to DOC_EXMPL_GRP; fill puts msg.
 */
int doc_exmpl_notify_hello(struct net *net, gfp_t gfp, nlk_fill fill,
			   const void *arg);

/* Sends hello to one socket. */
int doc_exmpl_send_hello(struct net *net, u32 portid, gfp_t gfp, nlk_fill fill,
			 const void *arg);

#endif
