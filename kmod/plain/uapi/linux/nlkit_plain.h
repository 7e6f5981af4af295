/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */
/*
 * The plain netlink protocol of nlkit's first demo. What follows the message
 * header is text, with its NUL.
 */
#ifndef _UAPI_LINUX_NLKIT_PLAIN_H
#define _UAPI_LINUX_NLKIT_PLAIN_H

/* The third argument of socket(). RDMA has this number too, since later. */
#define NLKIT_PLAIN_PROTOCOL	20

/* A number, as for NETLINK_ADD_MEMBERSHIP; bind() wants 1 << (group - 1). */
#define NLKIT_PLAIN_GROUP	5

enum nlkit_plain_type {
	NLKIT_PLAIN_ONE_WAY	= 0x10, /* the text is logged */
	NLKIT_PLAIN_TWO_WAY	= 0x11, /* logged, and answered by a text */
	NLKIT_PLAIN_BROADCAST	= 0x12, /* NLKIT_PLAIN_BROADCAST_FORMAT */
	NLKIT_PLAIN_COUNT	= 0x13, /* answered by the broadcasts so far */
};

/* What to broadcast: how many, and bytes of payload in each. */
#define NLKIT_PLAIN_BROADCAST_FORMAT	"broadcasts: %u, bytes each: %u"
#define NLKIT_PLAIN_BROADCASTS_MAX	10000
#define NLKIT_PLAIN_BROADCAST_SIZE_MAX	4096

/* The text of a broadcast: its number from 1, and how many there are. */
#define NLKIT_PLAIN_BROADCAST_TEXT	"broadcast %u of %u"

#define NLKIT_PLAIN_KERNEL_TEXT		"Hello from kernel space!!!"

#endif
