/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from nlkit_test.yaml. Do not edit. */
#ifndef NLKIT_NLKIT_TEST_NL_H
#define NLKIT_NLKIT_TEST_NL_H

#include "nlkit.h"
#include "uapi/linux/nlkit_test.h"

/* The multicast groups, by their place in the family. */
enum nlkit_test_group {
	NLKIT_TEST_GROUP_ITEMS,
	NLKIT_TEST_GROUP_BURST,
};

/* ---- yours to write, in nlkit_test_main.c ---- */

/* What echo-all may be sent with. */
struct nlkit_test_echo_all_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 u8_any : 1;
		u8 u16_any : 1;
		u8 u32_any : 1;
		u8 u64_any : 1;
		u8 s8_any : 1;
		u8 s16_any : 1;
		u8 s32_any : 1;
		u8 s64_any : 1;
		u8 uint_any : 1;
		u8 sint_any : 1;
		u8 be16_any : 1;
		u8 be32_any : 1;
		u8 be64_any : 1;
		u8 u8_range : 1;
		u8 u16_max : 1;
		u8 u32_min : 1;
		u8 u32_range : 1;
		u8 u64_range : 1;
		u8 s8_range : 1;
		u8 s16_range : 1;
		u8 s32_range : 1;
		u8 s64_range : 1;
		u8 uint_range : 1;
		u8 sint_range : 1;
		u8 be16_range : 1;
		u8 be32_max : 1;
		u8 dense : 1;
		u8 dense_small : 1;
		u8 sparse : 1;
		u8 flags : 1;
		u8 enum_flags : 1;
		u8 mask : 1;
		u8 text : 1;
		u8 text_max : 1;
		u8 text_raw : 1;
		u8 data : 1;
		u8 data_min : 1;
		u8 data_exact : 1;
		u8 data_range : 1;
		u8 bits : 1;
		u8 point : 1;
		u8 packed : 1;
		u8 nest : 1;
		u8 array_u32 : 1;
		u8 array_nest : 1;
		u8 array_data : 1;
		u8 tree : 1;
		u8 text_min : 1;
		u8 text_exact : 1;
	} has;
	u8 u8_any;
	u16 u16_any;
	u32 u32_any;
	u64 u64_any;
	s8 s8_any;
	s16 s16_any;
	s32 s32_any;
	s64 s64_any;
	u64 uint_any;
	s64 sint_any;
	__be16 be16_any;
	__be32 be32_any;
	__be64 be64_any;
	u8 u8_range;
	u16 u16_max;
	u32 u32_min;
	u32 u32_range;
	u64 u64_range;
	s8 s8_range;
	s16 s16_range;
	s32 s32_range;
	s64 s64_range;
	u64 uint_range;
	s64 sint_range;
	__be16 be16_range;
	__be32 be32_max;
	u32 dense; /* NLKIT_TEST_COLOUR_... */
	u8 dense_small; /* NLKIT_TEST_COLOUR_... */
	u32 sparse; /* NLKIT_TEST_LEVEL_... */
	u32 flags; /* NLKIT_TEST_FEATURE_... */
	u32 enum_flags; /* bits: 1 << NLKIT_TEST_COLOUR_... */
	u16 mask;
	const char *text; /* ends with NUL */
	const char *text_max; /* ends with NUL */
	struct nlk_bytes text_raw; /* text, which need not end with NUL */
	struct nlk_bytes data;
	struct nlk_bytes data_min;
	struct nlk_bytes data_exact;
	struct nlk_bytes data_range;
	bool flag;
	struct nla_bitfield32 bits; /* NLKIT_TEST_FEATURE_... */
	struct nlkit_test_point point;
	struct nlk_bytes packed;
	const struct nlattr *nest; /* nlkit_test_inner_read */
	/* list-u32 repeats: nlkit_test_value_for_each_list_u32 */
	/* list-u64 repeats: nlkit_test_value_for_each_list_u64 */
	/* list-text repeats: nlkit_test_value_for_each_list_text */
	/* list-data repeats: nlkit_test_value_for_each_list_data */
	/* list-nest repeats: nlkit_test_value_for_each_list_nest */
	struct nlk_attrs array_u32; /* nlkit_test_value_for_each_array_u32 */
	struct nlk_attrs array_nest; /* nlkit_test_value_for_each_array_nest */
	struct nlk_attrs array_data; /* nlkit_test_value_for_each_array_data */
	struct nlk_attrs tree; /* nlkit_test_value_for_each_tree */
	const char *text_min; /* ends with NUL */
	const char *text_exact; /* ends with NUL */
};

/*
 * do echo-all: answers with u8-any, u16-any, u32-any, u64-any, s8-any, s16-any,
 * s32-any, s64-any, uint-any, sint-any, be16-any, be32-any and 43 more. Answers
 * with all attributes it got, each read and put as what it is: by number, those
 * of a list in the order sent. Of others sent twice the last counts.
 */
int nlkit_test_do_echo_all(struct genl_info *info,
			   const struct nlkit_test_echo_all_req *req,
			   struct nlk_msg *reply);

/* What item-get may be sent with. */
struct nlkit_test_item_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
	} has;
	u32 id;
};

/* What a dump of item-get may be asked for with. */
struct nlkit_test_item_get_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 colour : 1;
	} has;
	u32 colour; /* NLKIT_TEST_COLOUR_... */
};

/*
 * do item-get: answers with id, name, colour, data and generation. Answers with
 * one item, or with all: those of a colour if that is given.
 */
int nlkit_test_do_item_get(struct genl_info *info,
			   const struct nlkit_test_item_get_req *req,
			   struct nlk_msg *reply);

/*
 * dump item-get: an entry has id, name, colour, data and generation. Answers
 * with one item, or with all: those of a colour if that is given.
 */
int nlkit_test_dump_item_get(struct nlk_dump *d,
			     const struct nlkit_test_item_get_dump_req *req,
			     struct nlk_msg *entry);

/* What item-set may be sent with. */
struct nlkit_test_item_set_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 name : 1;
		u8 colour : 1;
		u8 data : 1;
	} has;
	u32 id;
	const char *name; /* ends with NUL */
	u32 colour; /* NLKIT_TEST_COLOUR_... */
	struct nlk_bytes data;
};

/*
 * do item-set: answers with an ACK alone. Only for who has CAP_NET_ADMIN in the
 * network's namespace. Makes an item or changes it; what is not given stays.
 */
int nlkit_test_do_item_set(struct genl_info *info,
			   const struct nlkit_test_item_set_req *req);

/* What item-del may be sent with. */
struct nlkit_test_item_del_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
	} has;
	u32 id;
};

/*
 * do item-del: answers with an ACK alone. Only for who has CAP_NET_ADMIN in the
 * network's namespace. Deletes an item.
 */
int nlkit_test_do_item_del(struct genl_info *info,
			   const struct nlkit_test_item_del_req *req);

/* What series may be sent with. */
struct nlkit_test_series_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 entries : 1;
		u8 size : 1;
	} has;
	u32 entries;
	u32 size;
};

/* What a dump of series may be asked for with. */
struct nlkit_test_series_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 entries : 1;
		u8 size : 1;
		u8 change_at : 1;
	} has;
	u32 entries;
	u32 size;
	u32 change_at;
};

/*
 * do series: answers with entry. As many entries of the size asked for: as a
 * reply with all, or as a dump.
 */
int nlkit_test_do_series(struct genl_info *info,
			 const struct nlkit_test_series_req *req,
			 struct nlk_msg *reply);

/*
 * dump series: an entry has index and data. As many entries of the size asked
 * for: as a reply with all, or as a dump.
 */
int nlkit_test_dump_series(struct nlk_dump *d,
			   const struct nlkit_test_series_dump_req *req,
			   struct nlk_msg *entry);

/* What fail may be sent with. */
struct nlkit_test_fail_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 errno : 1;
		u8 text : 1;
		u8 bad_attr : 1;
		u8 policy : 1;
		u8 missing_type : 1;
		u8 cookie : 1;
		u8 nest : 1;
	} has;
	u32 errno;
	const char *text; /* ends with NUL */
	u32 bad_attr;
	bool bad_inner;
	u32 policy; /* NLKIT_TEST_SHAPE_... */
	u32 missing_type;
	bool missing_nest;
	struct nlk_bytes cookie;
	const struct nlattr *nest; /* nlkit_test_deep_read */
};

/* do fail: answers with an ACK alone. Fails as it is asked to. */
int nlkit_test_do_fail(struct genl_info *info,
		       const struct nlkit_test_fail_req *req);

/* What warn may be sent with. */
struct nlkit_test_warn_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 text : 1;
		u8 cookie : 1;
	} has;
	const char *text; /* ends with NUL */
	struct nlk_bytes cookie;
};

/* do warn: answers with an ACK alone. Succeeds with a warning in the ACK. */
int nlkit_test_do_warn(struct genl_info *info,
		       const struct nlkit_test_warn_req *req);

/* What fail-dump may be sent with. */
struct nlkit_test_fail_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 errno : 1;
		u8 text : 1;
		u8 entries : 1;
	} has;
	u32 errno;
	const char *text; /* ends with NUL */
	u32 entries;
};

/* dump fail-dump: an entry has index. A dump that fails after some entries. */
int nlkit_test_dump_fail_dump(struct nlk_dump *d,
			      const struct nlkit_test_fail_dump_req *req,
			      struct nlk_msg *entry);

/* What need may be sent with. */
struct nlkit_test_need_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 inner : 1;
	} has;
	u32 id;
	const struct nlattr *inner; /* nlkit_test_inner_read */
};

/*
 * do need: answers with an ACK alone. Asks for id, for inner, and for id and
 * deep in inner.
 */
int nlkit_test_do_need(struct genl_info *info,
		       const struct nlkit_test_need_req *req);

/* What burst may be sent with. */
struct nlkit_test_burst_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 count : 1;
		u8 size : 1;
	} has;
	u32 count;
	u32 size;
};

/* do burst: answers with sent. Sends notifications to the group burst. */
int nlkit_test_do_burst(struct genl_info *info,
			const struct nlkit_test_burst_req *req,
			struct nlk_msg *reply);

/* What whisper may be sent with. */
struct nlkit_test_whisper_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 text : 1;
	} has;
	const char *text; /* ends with NUL */
};

/*
 * do whisper: answers with an ACK alone. Sends a notification to the socket
 * that asks.
 */
int nlkit_test_do_whisper(struct genl_info *info,
			  const struct nlkit_test_whisper_req *req);

/* What admin may be sent with. */
struct nlkit_test_admin_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 text : 1;
	} has;
	const char *text; /* ends with NUL */
};

/*
 * do admin: answers with an ACK alone. Only for who has CAP_NET_ADMIN. Does
 * nothing for who has CAP_NET_ADMIN in the initial user namespace.
 */
int nlkit_test_do_admin(struct genl_info *info,
			const struct nlkit_test_admin_req *req);

/* What uns-admin may be sent with. */
struct nlkit_test_uns_admin_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 text : 1;
	} has;
	const char *text; /* ends with NUL */
};

/*
 * do uns-admin: answers with an ACK alone. Only for who has CAP_NET_ADMIN in
 * the network's namespace. Does nothing for who has CAP_NET_ADMIN in that of
 * the network namespace.
 */
int nlkit_test_do_uns_admin(struct genl_info *info,
			    const struct nlkit_test_uns_admin_req *req);

/*
 * do strict: answers with an ACK alone. Does nothing, and takes no attribute.
 */
int nlkit_test_do_strict(struct genl_info *info);

/* What lax may be sent with. */
struct nlkit_test_lax_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 u8_any : 1;
		u8 u32_any : 1;
	} has;
	u8 u8_any;
	u32 u32_any;
};

/*
 * do lax: answers with u8-any and u32-any. Answers with what it got, and is not
 * strict: numbers beyond its own are ignored.
 */
int nlkit_test_do_lax(struct genl_info *info,
		      const struct nlkit_test_lax_req *req,
		      struct nlk_msg *reply);

/*
 * do stats: answers with calls, notifications, series-started, series-done,
 * series-entered, series-left, items and generation. Answers with counts.
 */
int nlkit_test_do_stats(struct genl_info *info, struct nlk_msg *reply);

/*
 * Before the handler of series: an error refuses the request, and then nothing
 * is undone.
 */
int nlkit_test_series_do_pre(struct genl_info *info);

/* After the handler of series, whatever that has returned. */
void nlkit_test_series_do_post(struct genl_info *info);

/*
 * Before the dump of series begins: an error refuses it, and then nothing is
 * undone.
 */
int nlkit_test_series_dump_pre(struct nlk_dump *d);

/* After the dump of series has ended, or was given up. */
void nlkit_test_series_dump_post(struct nlk_dump *d);

int nlkit_test_setup(void); /* before the family is there */
int nlkit_test_start(void); /* the family is there: requests come in */
void nlkit_test_stop(void); /* undoes start: requests still come in */
void nlkit_test_teardown(void); /* undoes setup: the family is gone */

/* ---- nests in requests: yours to call ---- */

/* What is in a nest of the set deep. */
struct nlkit_test_deep {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 value : 1;
		u8 colour : 1;
		u8 text : 1;
	} has;
	u32 value;
	u32 colour; /* NLKIT_TEST_COLOUR_... */
	const char *text; /* ends with NUL */
};

/* Reads one; of NULL nothing is there. */
int __must_check nlkit_test_deep_read(struct nlkit_test_deep *out,
				      const struct nlattr *nest,
				      struct netlink_ext_ack *extack);

/* What is in a nest of the set inner, which may lie in itself. */
struct nlkit_test_inner {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 name : 1;
		u8 deep : 1;
		u8 self : 1;
		u8 big : 1;
	} has;
	u32 id;
	const char *name; /* ends with NUL */
	const struct nlattr *deep; /* nlkit_test_deep_read */
	const struct nlattr *self; /* nlkit_test_inner_read */
	/* child repeats: nlkit_test_inner_for_each_child */
	u64 big;
};

/* Reads one; of NULL nothing is there. */
int __must_check nlkit_test_inner_read(struct nlkit_test_inner *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* ---- what repeats in requests: yours to call ---- */

/* Each list-u32 among attrs_, in the order sent. */
#define nlkit_test_value_for_each_list_u32(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_VALUE_LIST_U32, rem)

static inline u32 nlkit_test_value_get_list_u32(const struct nlattr *it)
{
	return nla_get_u32(it);
}

/* Each list-u64 among attrs_, in the order sent. */
#define nlkit_test_value_for_each_list_u64(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_VALUE_LIST_U64, rem)

static inline u64 nlkit_test_value_get_list_u64(const struct nlattr *it)
{
	return nla_get_u64(it);
}

/* Each list-text among attrs_, in the order sent. */
#define nlkit_test_value_for_each_list_text(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_VALUE_LIST_TEXT, rem)

static inline const char *
nlkit_test_value_get_list_text(const struct nlattr *it)
{
	return nla_data(it);
}

/* Each list-data among attrs_, in the order sent. */
#define nlkit_test_value_for_each_list_data(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_VALUE_LIST_DATA, rem)

static inline struct nlk_bytes
nlkit_test_value_get_list_data(const struct nlattr *it)
{
	return nlk_bytes_of(it);
}

/*
 * Each list-nest among attrs_, in the order sent. nlkit_test_inner_read reads
 * it.
 */
#define nlkit_test_value_for_each_list_nest(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_VALUE_LIST_NEST, rem)

/* Each entry of array-u32: nla_type(it) is its index. */
#define nlkit_test_value_for_each_array_u32(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline u32 nlkit_test_value_get_array_u32(const struct nlattr *it)
{
	return nla_get_u32(it);
}

/*
 * Each entry of array-nest: nla_type(it) is its index. nlkit_test_inner_read
 * reads it.
 */
#define nlkit_test_value_for_each_array_nest(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

/* Each entry of array-data: nla_type(it) is its index. */
#define nlkit_test_value_for_each_array_data(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline struct nlk_bytes
nlkit_test_value_get_array_data(const struct nlattr *it)
{
	return nlk_bytes_of(it);
}

/*
 * Each entry of tree: nla_type(it) is its row. Those in it, by column, are
 * walked with nlk_for_each_entry in nlk_attrs_in(it). nlkit_test_deep_read
 * reads it.
 */
#define nlkit_test_value_for_each_tree(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

/*
 * Each child among attrs_, in the order sent. nlkit_test_inner_read reads it.
 */
#define nlkit_test_inner_for_each_child(it, attrs_, rem) \
	nlk_for_each(it, attrs_, NLKIT_TEST_A_INNER_CHILD, rem)

/* ---- what replies and notifications have: yours to call ---- */

static inline void nlkit_test_value_put_u8_any(struct nlk_msg *m, u8 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U8_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u16_any(struct nlk_msg *m, u16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U16_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u32_any(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U32_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u64_any(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_U64_ANY, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_s8_any(struct nlk_msg *m, s8 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S8_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s16_any(struct nlk_msg *m, s16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S16_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s32_any(struct nlk_msg *m, s32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S32_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s64_any(struct nlk_msg *m, s64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_S64_ANY, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_uint_any(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, NLKIT_TEST_A_VALUE_UINT_ANY, v);
}

static inline void nlkit_test_value_put_sint_any(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, NLKIT_TEST_A_VALUE_SINT_ANY, v);
}

static inline void nlkit_test_value_put_be16_any(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_BE16_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_be32_any(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_BE32_ANY, &v, sizeof(v));
}

static inline void nlkit_test_value_put_be64_any(struct nlk_msg *m, __be64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_BE64_ANY, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_u8_range(struct nlk_msg *m, u8 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U8_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u16_max(struct nlk_msg *m, u16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U16_MAX, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u32_min(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U32_MIN, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u32_range(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_U32_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_u64_range(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_U64_RANGE, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_s8_range(struct nlk_msg *m, s8 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S8_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s16_range(struct nlk_msg *m, s16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S16_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s32_range(struct nlk_msg *m, s32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_S32_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_s64_range(struct nlk_msg *m, s64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_S64_RANGE, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_uint_range(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, NLKIT_TEST_A_VALUE_UINT_RANGE, v);
}

static inline void nlkit_test_value_put_sint_range(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, NLKIT_TEST_A_VALUE_SINT_RANGE, v);
}

static inline void nlkit_test_value_put_be16_range(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_BE16_RANGE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_be32_max(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_BE32_MAX, &v, sizeof(v));
}

static inline void nlkit_test_value_put_dense(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DENSE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_dense_small(struct nlk_msg *m, u8 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DENSE_SMALL, &v, sizeof(v));
}

static inline void nlkit_test_value_put_sparse(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_SPARSE, &v, sizeof(v));
}

static inline void nlkit_test_value_put_flags(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_FLAGS, &v, sizeof(v));
}

static inline void nlkit_test_value_put_enum_flags(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_ENUM_FLAGS, &v, sizeof(v));
}

static inline void nlkit_test_value_put_mask(struct nlk_msg *m, u16 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_MASK, &v, sizeof(v));
}

static inline void nlkit_test_value_put_text(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_VALUE_TEXT, v);
}

static inline void nlkit_test_value_put_text_max(struct nlk_msg *m,
						 const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_VALUE_TEXT_MAX, v);
}

static inline void nlkit_test_value_put_text_raw(struct nlk_msg *m,
						 const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_TEXT_RAW, v, len);
}

static inline void nlkit_test_value_put_data(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DATA, v, len);
}

static inline void nlkit_test_value_put_data_min(struct nlk_msg *m,
						 const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DATA_MIN, v, len);
}

static inline void nlkit_test_value_put_data_exact(struct nlk_msg *m,
						   const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DATA_EXACT, v, len);
}

static inline void nlkit_test_value_put_data_range(struct nlk_msg *m,
						   const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_DATA_RANGE, v, len);
}

static inline void nlkit_test_value_put_flag(struct nlk_msg *m)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_FLAG, NULL, 0);
}

static inline void nlkit_test_value_put_bits(struct nlk_msg *m, u32 value,
					     u32 selector)
{
	nlk_put_bitfield32(m, NLKIT_TEST_A_VALUE_BITS, value, selector);
}

static inline void nlkit_test_value_put_point(struct nlk_msg *m,
					      const struct nlkit_test_point *v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_POINT, v, sizeof(*v));
}

static inline void nlkit_test_value_put_packed(struct nlk_msg *m, const u32 *v,
					       size_t n)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_PACKED, v, n * sizeof(*v));
}

/* Opens nest; nlk_end closes it. */
static inline void nlkit_test_value_begin_nest(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_NEST);
}

static inline void nlkit_test_value_put_list_u32(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_LIST_U32, &v, sizeof(v));
}

static inline void nlkit_test_value_put_list_u64(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_VALUE_LIST_U64, &v, NLKIT_TEST_A_VALUE_PAD);
}

static inline void nlkit_test_value_put_list_text(struct nlk_msg *m,
						  const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_VALUE_LIST_TEXT, v);
}

static inline void nlkit_test_value_put_list_data(struct nlk_msg *m,
						  const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_VALUE_LIST_DATA, v, len);
}

/* Opens list-nest; nlk_end closes it. */
static inline void nlkit_test_value_begin_list_nest(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_LIST_NEST);
}

/* Opens the array array-u32; nlk_end closes it. */
static inline void nlkit_test_value_begin_array_u32(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_ARRAY_U32);
}

static inline void nlkit_test_value_put_array_u32_entry(struct nlk_msg *m,
							u16 index, u32 v)
{
	nlk_put(m, index, &v, sizeof(v));
}

/* Opens the array array-nest; nlk_end closes it. */
static inline void nlkit_test_value_begin_array_nest(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_ARRAY_NEST);
}

/* Opens an entry; nlk_end closes it. */
static inline void nlkit_test_value_begin_array_nest_entry(struct nlk_msg *m,
							   u16 index)
{
	nlk_begin(m, index);
}

/* Opens the array array-data; nlk_end closes it. */
static inline void nlkit_test_value_begin_array_data(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_ARRAY_DATA);
}

static inline void nlkit_test_value_put_array_data_entry(struct nlk_msg *m,
							 u16 index,
							 const void *v,
							 size_t len)
{
	nlk_put(m, index, v, len);
}

/* Opens tree, and in it a nest by each of row, column; nlk_end closes one. */
static inline void nlkit_test_value_begin_tree(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_VALUE_TREE);
}

static inline void nlkit_test_value_begin_tree_row(struct nlk_msg *m, u16 v)
{
	nlk_begin(m, v);
}

static inline void nlkit_test_value_begin_tree_column(struct nlk_msg *m, u16 v)
{
	nlk_begin(m, v);
}

static inline void nlkit_test_value_put_text_min(struct nlk_msg *m,
						 const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_VALUE_TEXT_MIN, v);
}

static inline void nlkit_test_value_put_text_exact(struct nlk_msg *m,
						   const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_VALUE_TEXT_EXACT, v);
}

static inline void nlkit_test_inner_put_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_INNER_ID, &v, sizeof(v));
}

static inline void nlkit_test_inner_put_name(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_INNER_NAME, v);
}

/* Opens deep; nlk_end closes it. */
static inline void nlkit_test_inner_begin_deep(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_INNER_DEEP);
}

/* Opens self; nlk_end closes it. */
static inline void nlkit_test_inner_begin_self(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_INNER_SELF);
}

/* Opens child; nlk_end closes it. */
static inline void nlkit_test_inner_begin_child(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_INNER_CHILD);
}

static inline void nlkit_test_inner_put_big(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_INNER_BIG, &v, NLKIT_TEST_A_INNER_PAD);
}

static inline void nlkit_test_deep_put_value(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_DEEP_VALUE, &v, sizeof(v));
}

static inline void nlkit_test_deep_put_colour(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_DEEP_COLOUR, &v, sizeof(v));
}

static inline void nlkit_test_deep_put_text(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_DEEP_TEXT, v);
}

static inline void nlkit_test_item_put_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_ITEM_ID, &v, sizeof(v));
}

static inline void nlkit_test_item_put_name(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_ITEM_NAME, v);
}

static inline void nlkit_test_item_put_colour(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_ITEM_COLOUR, &v, sizeof(v));
}

static inline void nlkit_test_item_put_data(struct nlk_msg *m, const void *v,
					    size_t len)
{
	nlk_put(m, NLKIT_TEST_A_ITEM_DATA, v, len);
}

static inline void nlkit_test_item_put_generation(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_ITEM_GENERATION, &v, sizeof(v));
}

/* Opens entry; nlk_end closes it. */
static inline void nlkit_test_series_begin_entry(struct nlk_msg *m)
{
	nlk_begin(m, NLKIT_TEST_A_SERIES_ENTRY);
}

static inline void nlkit_test_series_put_index(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_SERIES_INDEX, &v, sizeof(v));
}

static inline void nlkit_test_series_put_data(struct nlk_msg *m, const void *v,
					      size_t len)
{
	nlk_put(m, NLKIT_TEST_A_SERIES_DATA, v, len);
}

static inline void nlkit_test_series_entry_put_index(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_SERIES_ENTRY_INDEX, &v, sizeof(v));
}

static inline void nlkit_test_series_entry_put_data(struct nlk_msg *m,
						    const void *v, size_t len)
{
	nlk_put(m, NLKIT_TEST_A_SERIES_ENTRY_DATA, v, len);
}

static inline void nlkit_test_fault_put_index(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_FAULT_INDEX, &v, sizeof(v));
}

static inline void nlkit_test_burst_put_count(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_BURST_COUNT, &v, sizeof(v));
}

static inline void nlkit_test_burst_put_index(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_BURST_INDEX, &v, sizeof(v));
}

static inline void nlkit_test_burst_put_data(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, NLKIT_TEST_A_BURST_DATA, v, len);
}

static inline void nlkit_test_burst_put_sent(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_BURST_SENT, &v, sizeof(v));
}

static inline void nlkit_test_whisper_put_text(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, NLKIT_TEST_A_WHISPER_TEXT, v);
}

static inline void nlkit_test_stats_put_calls(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_CALLS, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_notifications(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_NOTIFICATIONS, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_series_started(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_SERIES_STARTED, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_series_done(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_SERIES_DONE, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_series_entered(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_SERIES_ENTERED, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_series_left(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, NLKIT_TEST_A_STATS_SERIES_LEFT, &v, NLKIT_TEST_A_STATS_PAD);
}

static inline void nlkit_test_stats_put_items(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_STATS_ITEMS, &v, sizeof(v));
}

static inline void nlkit_test_stats_put_generation(struct nlk_msg *m, u32 v)
{
	nlk_put(m, NLKIT_TEST_A_STATS_GENERATION, &v, sizeof(v));
}

/* ---- notifications: yours to call ---- */

/*
 * An item was made or changed. Multicasts item-ntf to items; fill puts id,
 * name, colour, data and generation.
 */
int nlkit_test_notify_item_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg);

/* Sends item-ntf to one socket. */
int nlkit_test_send_item_ntf(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg);

/*
 * An item was deleted. Multicasts item-del-ntf to items; fill puts id and
 * generation.
 */
int nlkit_test_notify_item_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				   const void *arg);

/* Sends item-del-ntf to one socket. */
int nlkit_test_send_item_del_ntf(struct net *net, u32 portid, gfp_t gfp,
				 nlk_fill fill, const void *arg);

/*
 * One of a burst. Multicasts burst-ntf to burst; fill puts index, count and
 * data.
 */
int nlkit_test_notify_burst_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg);

/* Sends burst-ntf to one socket. */
int nlkit_test_send_burst_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg);

/* What was asked for. Multicasts whisper-ntf to a group; fill puts text. */
int nlkit_test_notify_whisper_ntf(struct net *net, enum nlkit_test_group group,
				  gfp_t gfp, nlk_fill fill, const void *arg);

/* Sends whisper-ntf to one socket. */
int nlkit_test_send_whisper_ntf(struct net *net, u32 portid, gfp_t gfp,
				nlk_fill fill, const void *arg);

#endif
