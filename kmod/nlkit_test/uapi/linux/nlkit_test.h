/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */
/* Made by nlkit gen kmod from nlkit_test.yaml. Do not edit. */
#ifndef NLKIT_UAPI_LINUX_NLKIT_TEST_H
#define NLKIT_UAPI_LINUX_NLKIT_TEST_H

#include <linux/types.h>

#define NLKIT_TEST_FAMILY_NAME	"nlkit_test"
#define NLKIT_TEST_FAMILY_VERSION	1

#define NLKIT_TEST_ITEMS_MAX	512
#define NLKIT_TEST_BURST_MAX	10000
#define NLKIT_TEST_DEPTH_MAX	8
#define NLKIT_TEST_COLDEST	(-273)
#define NLKIT_TEST_DEEPEST	(-10994)
#define NLKIT_TEST_EARLIEST	(-1099511627776LL)
#define NLKIT_TEST_S8_LEAST	(-5)

/* An enum without gaps. */
enum nlkit_test_colour {
	NLKIT_TEST_COLOUR_RED,
	NLKIT_TEST_COLOUR_GREEN,
	NLKIT_TEST_COLOUR_BLUE,
};

/* An enum with gaps. */
enum nlkit_test_level {
	NLKIT_TEST_LEVEL_LOW = 1,
	NLKIT_TEST_LEVEL_MIDDLE = 5,
	NLKIT_TEST_LEVEL_HIGH = 100000,
};

/* Bits, not all of them in a row. */
enum nlkit_test_feature {
	NLKIT_TEST_FEATURE_FAST = 1,
	NLKIT_TEST_FEATURE_SAFE = 2,
	NLKIT_TEST_FEATURE_LATE = 512,
};

/* A kind of policy, as an error can tell of it. */
enum nlkit_test_shape {
	/* u32 from 3 to 4000000000 */
	NLKIT_TEST_SHAPE_UNSIGNED_RANGE,
	/* s64 from -7 to 9 */
	NLKIT_TEST_SHAPE_SIGNED_RANGE,
	/* u16 with the bits 0x00f3 */
	NLKIT_TEST_SHAPE_MASK,
	/* a string of up to 12 bytes */
	NLKIT_TEST_SHAPE_TEXT,
	/* 2 to 40 bytes */
	NLKIT_TEST_SHAPE_BYTES,
	/* bitfield32 with the bits 0x0000ffff */
	NLKIT_TEST_SHAPE_BITS,
	/* a nest */
	NLKIT_TEST_SHAPE_NEST,
	/* a flag */
	NLKIT_TEST_SHAPE_FLAG,
};

/* A struct without holes. */
struct nlkit_test_point {
	__u64 id;
	__s32 x;
	__s32 y;
	__be16 port;
	__u16 colour;
	__u8 mark[4];
};

/* One attribute of each type and with each check. */
enum {
	NLKIT_TEST_A_VALUE_U8_ANY = 1,
	NLKIT_TEST_A_VALUE_U16_ANY,
	NLKIT_TEST_A_VALUE_U32_ANY,
	NLKIT_TEST_A_VALUE_U64_ANY,
	NLKIT_TEST_A_VALUE_S8_ANY,
	NLKIT_TEST_A_VALUE_S16_ANY,
	NLKIT_TEST_A_VALUE_S32_ANY,
	NLKIT_TEST_A_VALUE_S64_ANY,
	NLKIT_TEST_A_VALUE_UINT_ANY,
	NLKIT_TEST_A_VALUE_SINT_ANY,
	NLKIT_TEST_A_VALUE_BE16_ANY,
	NLKIT_TEST_A_VALUE_BE32_ANY,
	NLKIT_TEST_A_VALUE_BE64_ANY,
	NLKIT_TEST_A_VALUE_U8_RANGE,
	NLKIT_TEST_A_VALUE_U16_MAX,
	NLKIT_TEST_A_VALUE_U32_MIN,
	NLKIT_TEST_A_VALUE_U32_RANGE,
	NLKIT_TEST_A_VALUE_U64_RANGE,
	NLKIT_TEST_A_VALUE_S8_RANGE,
	NLKIT_TEST_A_VALUE_S16_RANGE,
	NLKIT_TEST_A_VALUE_S32_RANGE,
	NLKIT_TEST_A_VALUE_S64_RANGE,
	NLKIT_TEST_A_VALUE_UINT_RANGE,
	NLKIT_TEST_A_VALUE_SINT_RANGE,
	NLKIT_TEST_A_VALUE_BE16_RANGE,
	NLKIT_TEST_A_VALUE_BE32_MAX,
	NLKIT_TEST_A_VALUE_DENSE,
	NLKIT_TEST_A_VALUE_DENSE_SMALL,
	NLKIT_TEST_A_VALUE_SPARSE,
	NLKIT_TEST_A_VALUE_FLAGS,
	NLKIT_TEST_A_VALUE_ENUM_FLAGS,
	/* The bits of feature and no other. */
	NLKIT_TEST_A_VALUE_MASK,
	NLKIT_TEST_A_VALUE_TEXT,
	NLKIT_TEST_A_VALUE_TEXT_MAX,
	NLKIT_TEST_A_VALUE_TEXT_RAW,
	NLKIT_TEST_A_VALUE_DATA,
	NLKIT_TEST_A_VALUE_DATA_MIN,
	NLKIT_TEST_A_VALUE_DATA_EXACT,
	NLKIT_TEST_A_VALUE_DATA_RANGE,
	NLKIT_TEST_A_VALUE_FLAG,
	NLKIT_TEST_A_VALUE_BITS,
	NLKIT_TEST_A_VALUE_POINT,
	/* Numbers, one behind the other. */
	NLKIT_TEST_A_VALUE_PACKED,
	NLKIT_TEST_A_VALUE_NEST,
	NLKIT_TEST_A_VALUE_LIST_U32,
	NLKIT_TEST_A_VALUE_LIST_U64,
	NLKIT_TEST_A_VALUE_LIST_TEXT,
	NLKIT_TEST_A_VALUE_LIST_DATA,
	NLKIT_TEST_A_VALUE_LIST_NEST,
	/* The indexes may be any. */
	NLKIT_TEST_A_VALUE_ARRAY_U32,
	NLKIT_TEST_A_VALUE_ARRAY_NEST,
	/* The indexes may be any. */
	NLKIT_TEST_A_VALUE_ARRAY_DATA,
	NLKIT_TEST_A_VALUE_GAP,
	NLKIT_TEST_A_VALUE_PAD,
	/* By row and column. */
	NLKIT_TEST_A_VALUE_TREE,
	/* Without its NUL. */
	NLKIT_TEST_A_VALUE_TEXT_MIN,
	/* Without its NUL. */
	NLKIT_TEST_A_VALUE_TEXT_EXACT,

	__NLKIT_TEST_A_VALUE_MAX,
	NLKIT_TEST_A_VALUE_MAX = (__NLKIT_TEST_A_VALUE_MAX - 1)
};

/* What lies in a nest. */
enum {
	NLKIT_TEST_A_INNER_ID = 1,
	NLKIT_TEST_A_INNER_NAME,
	NLKIT_TEST_A_INNER_DEEP,
	/* The same again. */
	NLKIT_TEST_A_INNER_SELF,
	/* The same again, several times. */
	NLKIT_TEST_A_INNER_CHILD,
	NLKIT_TEST_A_INNER_BIG,
	NLKIT_TEST_A_INNER_PAD,

	__NLKIT_TEST_A_INNER_MAX,
	NLKIT_TEST_A_INNER_MAX = (__NLKIT_TEST_A_INNER_MAX - 1)
};

/* What lies in a nest in a nest. */
enum {
	NLKIT_TEST_A_DEEP_VALUE = 1,
	NLKIT_TEST_A_DEEP_COLOUR,
	NLKIT_TEST_A_DEEP_TEXT,

	__NLKIT_TEST_A_DEEP_MAX,
	NLKIT_TEST_A_DEEP_MAX = (__NLKIT_TEST_A_DEEP_MAX - 1)
};

/* An item of the table that each network namespace has. */
enum {
	NLKIT_TEST_A_ITEM_ID = 1,
	NLKIT_TEST_A_ITEM_NAME,
	NLKIT_TEST_A_ITEM_COLOUR,
	NLKIT_TEST_A_ITEM_DATA,
	/* Of the table: one more with each change, and never 0. */
	NLKIT_TEST_A_ITEM_GENERATION,

	__NLKIT_TEST_A_ITEM_MAX,
	NLKIT_TEST_A_ITEM_MAX = (__NLKIT_TEST_A_ITEM_MAX - 1)
};

/* A dump, or a reply, as large as it is asked for. */
enum {
	/* How many; none if left out. */
	NLKIT_TEST_A_SERIES_ENTRIES = 1,
	/* Bytes of data in each. */
	NLKIT_TEST_A_SERIES_SIZE,
	/* The table seems to change just before the entry of this number. */
	NLKIT_TEST_A_SERIES_CHANGE_AT,
	NLKIT_TEST_A_SERIES_ENTRY,
	/* The number of an entry of a dump from 1. */
	NLKIT_TEST_A_SERIES_INDEX,
	/* Bytes: the low byte of index plus their place. */
	NLKIT_TEST_A_SERIES_DATA,

	__NLKIT_TEST_A_SERIES_MAX,
	NLKIT_TEST_A_SERIES_MAX = (__NLKIT_TEST_A_SERIES_MAX - 1)
};

/* An entry of the reply. */
enum {
	/* Its number from 1. */
	NLKIT_TEST_A_SERIES_ENTRY_INDEX = 1,
	/* Bytes: the low byte of index plus their place. */
	NLKIT_TEST_A_SERIES_ENTRY_DATA,

	__NLKIT_TEST_A_SERIES_ENTRY_MAX,
	NLKIT_TEST_A_SERIES_ENTRY_MAX = (__NLKIT_TEST_A_SERIES_ENTRY_MAX - 1)
};

/* An error as it is asked for. */
enum {
	/* The error as a positive number; 4 (EINTR) is refused. */
	NLKIT_TEST_A_FAULT_ERRNO = 1,
	/* Its message. */
	NLKIT_TEST_A_FAULT_TEXT,
	/* Number of the attribute of this request that is to blame. */
	NLKIT_TEST_A_FAULT_BAD_ATTR,
	/* The first attribute in nest is to blame. */
	NLKIT_TEST_A_FAULT_BAD_INNER,
	/* The policy that was not met. */
	NLKIT_TEST_A_FAULT_POLICY,
	/* Number of the attribute that is said to be missing. */
	NLKIT_TEST_A_FAULT_MISSING_TYPE,
	/* It is missing in nest. */
	NLKIT_TEST_A_FAULT_MISSING_NEST,
	NLKIT_TEST_A_FAULT_COOKIE,
	/* A nest to point at. */
	NLKIT_TEST_A_FAULT_NEST,
	/* Entries of the dump before it fails. */
	NLKIT_TEST_A_FAULT_ENTRIES,
	/* The number of an entry from 1. */
	NLKIT_TEST_A_FAULT_INDEX,

	__NLKIT_TEST_A_FAULT_MAX,
	NLKIT_TEST_A_FAULT_MAX = (__NLKIT_TEST_A_FAULT_MAX - 1)
};

/* Attributes that the handler asks for. */
enum {
	NLKIT_TEST_A_NEED_ID = 1,
	NLKIT_TEST_A_NEED_INNER,

	__NLKIT_TEST_A_NEED_MAX,
	NLKIT_TEST_A_NEED_MAX = (__NLKIT_TEST_A_NEED_MAX - 1)
};

/* Many notifications. */
enum {
	/* How many. */
	NLKIT_TEST_A_BURST_COUNT = 1,
	/* Bytes of data in each. */
	NLKIT_TEST_A_BURST_SIZE,
	/* The number of a notification from 1. */
	NLKIT_TEST_A_BURST_INDEX,
	/* Bytes: the low byte of index plus their place. */
	NLKIT_TEST_A_BURST_DATA,
	/* Notifications that were handed to the group. */
	NLKIT_TEST_A_BURST_SENT,

	__NLKIT_TEST_A_BURST_MAX,
	NLKIT_TEST_A_BURST_MAX = (__NLKIT_TEST_A_BURST_MAX - 1)
};

/* A notification for one. */
enum {
	NLKIT_TEST_A_WHISPER_TEXT = 1,

	__NLKIT_TEST_A_WHISPER_MAX,
	NLKIT_TEST_A_WHISPER_MAX = (__NLKIT_TEST_A_WHISPER_MAX - 1)
};

/* What the module has done since it was loaded, in all network namespaces. */
enum {
	/*
	 * Requests and entries of dumps that handlers were called for, this one
	 * included.
	 */
	NLKIT_TEST_A_STATS_CALLS = 1,
	/*
	 * Notifications that were handed to a group or a socket without an
	 * error.
	 */
	NLKIT_TEST_A_STATS_NOTIFICATIONS,
	/* Dumps of series that began. */
	NLKIT_TEST_A_STATS_SERIES_STARTED,
	/* Dumps of series that ended, or were left. */
	NLKIT_TEST_A_STATS_SERIES_DONE,
	/* Requests of series that began. */
	NLKIT_TEST_A_STATS_SERIES_ENTERED,
	/* Requests of series that ended. */
	NLKIT_TEST_A_STATS_SERIES_LEFT,
	/* Items in the table of this network namespace. */
	NLKIT_TEST_A_STATS_ITEMS,
	/* Of that table. */
	NLKIT_TEST_A_STATS_GENERATION,
	NLKIT_TEST_A_STATS_PAD,

	__NLKIT_TEST_A_STATS_MAX,
	NLKIT_TEST_A_STATS_MAX = (__NLKIT_TEST_A_STATS_MAX - 1)
};

enum {
	/*
	 * Answers with all attributes it got, each read and put as what it is:
	 * by number, those of a list in the order sent. Of others sent twice
	 * the last counts.
	 */
	NLKIT_TEST_CMD_ECHO_ALL = 1,
	/*
	 * Answers with one item, or with all: those of a colour if that is
	 * given.
	 */
	NLKIT_TEST_CMD_ITEM_GET,
	/* Makes an item or changes it; what is not given stays. */
	NLKIT_TEST_CMD_ITEM_SET,
	/* Deletes an item. */
	NLKIT_TEST_CMD_ITEM_DEL,
	/* An item was made or changed. */
	NLKIT_TEST_CMD_ITEM_NTF,
	/* An item was deleted. */
	NLKIT_TEST_CMD_ITEM_DEL_NTF,
	/*
	 * As many entries of the size asked for: as a reply with all, or as a
	 * dump.
	 */
	NLKIT_TEST_CMD_SERIES,
	/* Fails as it is asked to. */
	NLKIT_TEST_CMD_FAIL,
	/* Succeeds with a warning in the ACK. */
	NLKIT_TEST_CMD_WARN,
	/* A dump that fails after some entries. */
	NLKIT_TEST_CMD_FAIL_DUMP,
	/* Asks for id, for inner, and for id and deep in inner. */
	NLKIT_TEST_CMD_NEED,
	/* Sends notifications to the group burst. */
	NLKIT_TEST_CMD_BURST,
	/* One of a burst. */
	NLKIT_TEST_CMD_BURST_NTF,
	/* Sends a notification to the socket that asks. */
	NLKIT_TEST_CMD_WHISPER,
	/* What was asked for. */
	NLKIT_TEST_CMD_WHISPER_NTF,
	/*
	 * Does nothing for who has CAP_NET_ADMIN in the initial user namespace.
	 */
	NLKIT_TEST_CMD_ADMIN,
	/*
	 * Does nothing for who has CAP_NET_ADMIN in that of the network
	 * namespace.
	 */
	NLKIT_TEST_CMD_UNS_ADMIN,
	/* Does nothing, and takes no attribute. */
	NLKIT_TEST_CMD_STRICT,
	/*
	 * Answers with what it got, and is not strict: numbers beyond its own
	 * are ignored.
	 */
	NLKIT_TEST_CMD_LAX,
	/* Answers with counts. */
	NLKIT_TEST_CMD_STATS,

	__NLKIT_TEST_CMD_MAX,
	NLKIT_TEST_CMD_MAX = (__NLKIT_TEST_CMD_MAX - 1)
};

#define NLKIT_TEST_MCGRP_ITEMS	"items"
#define NLKIT_TEST_MCGRP_BURST	"burst"

#endif
