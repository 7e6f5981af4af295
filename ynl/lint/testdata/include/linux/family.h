#ifndef _FAMILY_H
#define _FAMILY_H
#include <linux/types.h>

#define FAMILY_GENL_NAME	"family"
#define FAMILY_GENL_VERSION	2
#define FAMILY_MCGRP_NEWS	"news"
#define FAMILY_LIMIT		64
#define FAMILY_LABEL		"label"

enum family_mode { FAMILY_MODE_OFF, FAMILY_MODE_ON, FAMILY_MODE_AUTO = 5, FAMILY_MODE_NEGATIVE = -1 };
enum { FAMILY_F_FIRST = 1 << 0, FAMILY_F_SECOND = 1 << 1, FAMILY_F_TENTH = 1 << 10 };
enum family_cap { FAMILY_CAP_A = 1, FAMILY_CAP_B = 2, FAMILY_CAP_C = 4 };
enum family_bit { FAMILY_BIT_A, FAMILY_BIT_B, FAMILY_BIT_C };

enum {
	FAMILY_A_UNSPEC,
	FAMILY_A_ID,
	FAMILY_A_MODE,
	FAMILY_A_PAD,
	FAMILY_A_STATS,
	FAMILY_A_NEST,
	FAMILY_A_ADDR,
	FAMILY_A_CAPS,
	FAMILY_A_BITS,
	FAMILY_ODD_NAME,
};
enum { FAMILY_A_INNER_X = 1, FAMILY_A_INNER_Y };

enum {
	FAMILY_CMD_GET = 1,
	FAMILY_CMD_SET,
	FAMILY_CMD_GET_REPLY = 1,
	FAMILY_CMD_NTF,
};

struct family_hdr { __s32 ifindex; __u16 flags; __be16 port; };

struct family_stats {
	__u64 packets;
	__u32 drops;
	__s32 level;
	__be32 addr;
	__u8 name[6];
	__u16 parts[3];
	union { __u32 one; __u16 other; };
	__u64 last;
};
struct family_key { __u32 mask; __u32 val; };
struct family_sel { __u8 nkeys; __u16 off; struct family_key keys[]; };
struct family_tail { __u64 a; __u32 b; };
struct family_bits { __u8 low : 4, high : 4; __u8 rest; };
#endif
