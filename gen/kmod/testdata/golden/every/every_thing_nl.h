/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from every.yaml. Do not edit. */
#ifndef NLKIT_EVERY_THING_NL_H
#define NLKIT_EVERY_THING_NL_H

#include "nlkit.h"
#include <linux/err.h>
#include <every/socket.h>
#include "uapi/linux/every_thing.h"

#define EVERY_THING_HIDDEN	12

enum every_thing_inside {
	EVERY_THING_INSIDE_FIRST,
	EVERY_THING_INSIDE_SECOND,
};

/* The multicast groups, by their place in the family. */
enum every_thing_group {
	EVERY_THING_GROUP_NEWS,
	EVERY_THING_GROUP_SECRETS,
};

/* ---- yours to write, in every_thing_main.c ---- */

/* What all may be sent with. */
struct every_thing_all_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
		u8 u16 : 1;
		u8 u32 : 1;
		u8 u64 : 1;
		u8 s8 : 1;
		u8 s16 : 1;
		u8 s32 : 1;
		u8 s64 : 1;
		u8 uint : 1;
		u8 sint : 1;
		u8 be16 : 1;
		u8 be32 : 1;
		u8 be64 : 1;
		u8 le16 : 1;
		u8 le32 : 1;
		u8 le64 : 1;
		u8 at_least_ : 1;
		u8 at_most : 1;
		u8 range : 1;
		u8 no_range : 1;
		u8 large_min : 1;
		u8 large_max : 1;
		u8 known : 1;
		u8 full : 1;
		u8 signed_range : 1;
		u8 signed_max : 1;
		u8 signed_short : 1;
		u8 uint_min : 1;
		u8 uint_range : 1;
		u8 sint_range : 1;
		u8 be16_range : 1;
		u8 be64_max : 1;
		u8 colour : 1;
		u8 level : 1;
		u8 signs : 1;
		u8 far : 1;
		u8 far_uint : 1;
		u8 level_be : 1;
		u8 level_min : 1;
		u8 bits : 1;
		u8 wide : 1;
		u8 wide_uint : 1;
		u8 bits_be : 1;
		u8 bits_signed : 1;
		u8 bits_sint : 1;
		u8 colours : 1;
		u8 mask : 1;
		u8 string : 1;
		u8 string_max : 1;
		u8 string_min : 1;
		u8 string_both : 1;
		u8 string_exact : 1;
		u8 text : 1;
		u8 binary : 1;
		u8 binary_min : 1;
		u8 binary_max : 1;
		u8 binary_both : 1;
		u8 binary_large : 1;
		u8 binary_exact : 1;
		u8 pair : 1;
		u8 odd : 1;
		u8 pairs : 1;
		u8 numbers : 1;
		u8 addresses : 1;
		u8 bitfield : 1;
		u8 bitfield_any : 1;
		u8 nest : 1;
		u8 nest_any : 1;
		u8 nest_part : 1;
		u8 nest_none : 1;
		u8 array_nest : 1;
		u8 array_any : 1;
		u8 array_u64 : 1;
		u8 array_be : 1;
		u8 array_uint : 1;
		u8 array_string : 1;
		u8 array_binary : 1;
		u8 tree : 1;
		u8 default_ : 1;
		u8 has_ : 1;
		u8 current_ : 1;
	} has;
	u8 u8;
	u16 u16;
	u32 u32;
	u64 u64;
	s8 s8;
	s16 s16;
	s32 s32;
	s64 s64;
	u64 uint;
	s64 sint;
	__be16 be16;
	__be32 be32;
	__be64 be64;
	__le16 le16;
	__le32 le32;
	__le64 le64;
	u32 at_least_;
	u8 at_most;
	u16 range;
	u8 no_range;
	u32 large_min;
	u64 large_max;
	u32 known;
	u64 full;
	s32 signed_range;
	s64 signed_max;
	s16 signed_short;
	u64 uint_min;
	u64 uint_range;
	s64 sint_range;
	__be16 be16_range;
	__be64 be64_max;
	u32 colour; /* EVERY_THING_COLOUR_... */
	u8 level; /* EVERY_THING_LEVEL_... */
	s32 signs; /* EVERY_THING_SIGNS_... */
	u64 far; /* EVERY_THING_FAR_... */
	u64 far_uint; /* EVERY_THING_FAR_... */
	__be16 level_be; /* EVERY_THING_LEVEL_... */
	u32 level_min; /* EVERY_THING_LEVEL_... */
	u32 bits; /* EVERY_THING_BITS_... */
	u64 wide; /* EVERY_THING_WIDE_... */
	u64 wide_uint; /* EVERY_THING_WIDE_... */
	__be32 bits_be; /* EVERY_THING_BITS_... */
	s32 bits_signed; /* EVERY_THING_BITS_... */
	s64 bits_sint; /* EVERY_THING_BITS_... */
	u32 colours; /* bits: 1 << EVERY_THING_COLOUR_... */
	u16 mask;
	const char *string; /* ends with NUL */
	const char *string_max; /* ends with NUL */
	const char *string_min; /* ends with NUL */
	const char *string_both; /* ends with NUL */
	const char *string_exact; /* ends with NUL */
	struct nlk_bytes text; /* text, which need not end with NUL */
	struct nlk_bytes binary;
	struct nlk_bytes binary_min;
	struct nlk_bytes binary_max;
	struct nlk_bytes binary_both;
	struct nlk_bytes binary_large;
	struct nlk_bytes binary_exact;
	struct every_pair pair;
	struct every_odd odd;
	struct nlk_bytes pairs;
	struct nlk_bytes numbers;
	struct nlk_bytes addresses;
	bool flag;
	struct nla_bitfield32 bitfield; /* EVERY_THING_BITS_... */
	struct nla_bitfield32 bitfield_any;
	const struct nlattr *nest; /* every_thing_inner_read */
	const struct nlattr *nest_any;
	const struct nlattr *nest_part; /* every_thing_inner_part_read */
	const struct nlattr *nest_none; /* every_thing_none_read */
	/* list repeats: every_thing_for_each_list */
	/* list-flag repeats: every_thing_for_each_list_flag */
	/* list-string repeats: every_thing_for_each_list_string */
	/* list-text repeats: every_thing_for_each_list_text */
	/* list-uint repeats: every_thing_for_each_list_uint */
	/* list-sint repeats: every_thing_for_each_list_sint */
	/* list-bits repeats: every_thing_for_each_list_bits */
	/* list-pair repeats: every_thing_for_each_list_pair */
	/* list-be repeats: every_thing_for_each_list_be */
	/* list-nest repeats: every_thing_for_each_list_nest */
	struct nlk_attrs array_nest; /* every_thing_for_each_array_nest */
	struct nlk_attrs array_any; /* every_thing_for_each_array_any */
	struct nlk_attrs array_u64; /* every_thing_for_each_array_u64 */
	struct nlk_attrs array_be; /* every_thing_for_each_array_be */
	struct nlk_attrs array_uint; /* every_thing_for_each_array_uint */
	struct nlk_attrs array_string; /* every_thing_for_each_array_string */
	struct nlk_attrs array_binary; /* every_thing_for_each_array_binary */
	struct nlk_attrs tree; /* every_thing_for_each_tree */
	u32 default_;
	bool _6ghz;
	u32 has_;
	u32 current_;
};

/*
 * do all: answers with u8, u16, u32, u64, s8, s16, s32, s64, uint, sint, be16,
 * be32 and 81 more. Takes and answers with everything.
 */
int every_thing_do_all(struct genl_info *info,
		       const struct every_thing_all_req *req,
		       struct nlk_msg *reply);

/* What both may be sent with. */
struct every_thing_both_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
		u8 string : 1;
	} has;
	u8 u8;
	const char *string; /* ends with NUL */
};

/*
 * do both: answers with u8. Only for who has CAP_NET_ADMIN. Do and dump ask
 * alike.
 */
int every_thing_do_both(struct genl_info *info,
			const struct every_thing_both_req *req,
			struct nlk_msg *reply);

/*
 * dump both: an entry has u8. Only for who has CAP_NET_ADMIN. Do and dump ask
 * alike.
 */
int every_thing_dump_both(struct nlk_dump *d,
			  const struct every_thing_both_req *req,
			  struct nlk_msg *entry);

/* What apart may be sent with. */
struct every_thing_apart_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
		u8 string : 1;
	} has;
	u8 u8;
	const char *string; /* ends with NUL */
};

/* What a dump of apart may be asked for with. */
struct every_thing_apart_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
		u8 u16 : 1;
	} has;
	u8 u8;
	u16 u16;
};

/*
 * do apart: answers with u8. Only for who has CAP_NET_ADMIN in the network's
 * namespace. Do and dump ask for different things.
 */
int every_thing_do_apart(struct genl_info *info,
			 const struct every_thing_apart_req *req,
			 struct nlk_msg *reply);

/*
 * dump apart: an entry has u8 and u64. Only for who has CAP_NET_ADMIN in the
 * network's namespace. Do and dump ask for different things.
 */
int every_thing_dump_apart(struct nlk_dump *d,
			   const struct every_thing_apart_dump_req *req,
			   struct nlk_msg *entry);

/* What more may be sent with. */
struct every_thing_more_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
	} has;
	u8 u8;
};

/* What a dump of more may be asked for with. */
struct every_thing_more_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
		u8 u16 : 1;
	} has;
	u8 u8;
	u16 u16;
};

/* do more: answers with an ACK alone. The dump takes more. */
int every_thing_do_more(struct genl_info *info,
			const struct every_thing_more_req *req);

/* dump more: an entry has u8. The dump takes more. */
int every_thing_dump_more(struct nlk_dump *d,
			  const struct every_thing_more_dump_req *req,
			  struct nlk_msg *entry);

/* What lax may be sent with. */
struct every_thing_lax_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u8 : 1;
	} has;
	u8 u8;
};

/* What a dump of lax may be asked for with. */
struct every_thing_lax_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 u16 : 1;
	} has;
	u16 u16;
};

/* do lax: answers with an ACK alone. Checked less. */
int every_thing_do_lax(struct genl_info *info,
		       const struct every_thing_lax_req *req);

/* dump lax: an entry has u16. Checked less. */
int every_thing_dump_lax(struct nlk_dump *d,
			 const struct every_thing_lax_dump_req *req,
			 struct nlk_msg *entry);

/* What laxer may be sent with. */
struct every_thing_laxer_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
};

/*
 * do laxer: answers with an ACK alone. Not checked where there is nothing to
 * check.
 */
int every_thing_do_laxer(struct genl_info *info,
			 const struct every_thing_laxer_req *req);

/* dump laxer: an entry has u16. Not checked where there is nothing to check. */
int every_thing_dump_laxer(struct nlk_dump *d,
			   const struct every_thing_laxer_req *req,
			   struct nlk_msg *entry);

/* What nothing may be sent with. */
struct every_thing_nothing_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
};

/* do nothing: answers with an empty message. Takes nothing. */
int every_thing_do_nothing(struct genl_info *info,
			   const struct every_thing_nothing_req *req,
			   struct nlk_msg *reply);

/* What sometimes may be sent with. */
struct every_thing_sometimes_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 colour : 1;
	} has;
	/* back repeats: every_thing_other_for_each_back */
	u8 colour; /* EVERY_THING_COLOUR_... */
};

/* do sometimes: answers with colour. Not on every kernel. */
int every_thing_do_sometimes(struct genl_info *info,
			     const struct every_thing_sometimes_req *req,
			     struct nlk_msg *reply);

/* What seldom may be sent with. */
struct every_thing_seldom_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct every_head hdr; /* in front of the attributes */
	struct {
		u8 level : 1;
		u8 large : 1;
		u8 rare : 1;
	} has;
	u8 level; /* EVERY_THING_LEVEL_... */
	u32 large;
	const struct nlattr *rare; /* every_thing_rare_read */
};

/* do seldom: answers with an ACK alone. Not on most kernels. */
int every_thing_do_seldom(struct genl_info *info,
			  const struct every_thing_seldom_req *req);

/*
 * Before the handler of apart, lax: an error refuses the request, and then
 * nothing is undone.
 */
int every_thing_enter(struct genl_info *info);

/* After the handler of apart, laxer, whatever that has returned. */
void every_thing_leave(struct genl_info *info);

/*
 * Before the dump of apart begins: an error refuses it, and then nothing is
 * undone.
 */
int every_thing_begin(struct nlk_dump *d);

/* After the dump of apart has ended, or was given up. */
void every_thing_end(struct nlk_dump *d);

int every_thing_setup(void); /* before the family is there */
int every_thing_start(void); /* the family is there: requests come in */
void every_thing_stop(void); /* undoes start: requests still come in */
void every_thing_teardown(void); /* undoes setup: the family is gone */

/* ---- nests in requests: yours to call ---- */

/* What is in a nest of the set other, which may lie in itself. */
struct every_thing_other {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 colour : 1;
	} has;
	/* back repeats: every_thing_other_for_each_back */
	u8 colour; /* EVERY_THING_COLOUR_... */
};

/* Reads one; of NULL nothing is there. */
int __must_check every_thing_other_read(struct every_thing_other *out,
					const struct nlattr *nest,
					struct netlink_ext_ack *extack);

/* What is in a nest of the set inner, which may lie in itself. */
struct every_thing_inner {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 self : 1;
		u8 other : 1;
		u8 names : 1;
		u8 big : 1;
	} has;
	u32 id;
	const struct nlattr *self; /* every_thing_inner_read */
	const struct nlattr *other; /* every_thing_other_read */
	struct nlk_attrs names; /* every_thing_inner_for_each_names */
	u64 big;
};

/* Reads one; of NULL nothing is there. */
int __must_check every_thing_inner_read(struct every_thing_inner *out,
					const struct nlattr *nest,
					struct netlink_ext_ack *extack);

/* What is in a nest of the set inner-part. */
struct every_thing_inner_part {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 big : 1;
		u8 id : 1;
	} has;
	u64 big;
	u32 id;
};

/* Reads one; of NULL nothing is there. */
int __must_check every_thing_inner_part_read(struct every_thing_inner_part *out,
					     const struct nlattr *nest,
					     struct netlink_ext_ack *extack);

/* What is in a nest of the set none. */
struct every_thing_none {
	struct nlk_attrs attrs; /* all that was sent, in its order */
};

/* Reads one; of NULL nothing is there. */
int __must_check every_thing_none_read(struct every_thing_none *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* What is in a nest of the set rare. */
struct every_thing_rare {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 uint : 1;
	} has;
	u64 uint;
};

/* Reads one; of NULL nothing is there. */
int __must_check every_thing_rare_read(struct every_thing_rare *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* ---- what repeats in requests: yours to call ---- */

/* Each list among attrs_, in the order sent. */
#define every_thing_for_each_list(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST, rem)

static inline u32 every_thing_get_list(const struct nlattr *it)
{
	return nla_get_u32(it);
}

/* Each list-flag among attrs_, in the order sent. */
#define every_thing_for_each_list_flag(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_FLAG, rem)

/* Each list-string among attrs_, in the order sent. */
#define every_thing_for_each_list_string(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_STRING, rem)

static inline const char *every_thing_get_list_string(const struct nlattr *it)
{
	return nla_data(it);
}

/* Each list-text among attrs_, in the order sent. */
#define every_thing_for_each_list_text(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_TEXT, rem)

static inline struct nlk_bytes
every_thing_get_list_text(const struct nlattr *it)
{
	return nlk_bytes_of(it);
}

/* Each list-uint among attrs_, in the order sent. */
#define every_thing_for_each_list_uint(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_UINT, rem)

static inline u64 every_thing_get_list_uint(const struct nlattr *it)
{
	return nlk_get_uint(it);
}

/* Each list-sint among attrs_, in the order sent. */
#define every_thing_for_each_list_sint(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_SINT, rem)

static inline s64 every_thing_get_list_sint(const struct nlattr *it)
{
	return nlk_get_sint(it);
}

/* Each list-bits among attrs_, in the order sent. */
#define every_thing_for_each_list_bits(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_BITS, rem)

static inline struct nla_bitfield32
every_thing_get_list_bits(const struct nlattr *it)
{
	return nla_get_bitfield32(it);
}

/* Each list-pair among attrs_, in the order sent. */
#define every_thing_for_each_list_pair(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_PAIR, rem)

static inline struct every_pair
every_thing_get_list_pair(const struct nlattr *it)
{
	struct every_pair v;

	nla_memcpy(&v, it, sizeof(v));
	return v;
}

/* Each list-be among attrs_, in the order sent. */
#define every_thing_for_each_list_be(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_BE, rem)

static inline __be32 every_thing_get_list_be(const struct nlattr *it)
{
	return nla_get_be32(it);
}

/*
 * Each list-nest among attrs_, in the order sent. every_thing_inner_read reads
 * it.
 */
#define every_thing_for_each_list_nest(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_LIST_NEST, rem)

/*
 * Each entry of array-nest: nla_type(it) is its index. every_thing_inner_read
 * reads it.
 */
#define every_thing_for_each_array_nest(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

/* Each entry of array-any: nla_type(it) is its index. */
#define every_thing_for_each_array_any(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

/* Each entry of array-u64: nla_type(it) is its index. */
#define every_thing_for_each_array_u64(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline u64 every_thing_get_array_u64(const struct nlattr *it)
{
	return nla_get_u64(it);
}

/* Each entry of array-be: nla_type(it) is its index. */
#define every_thing_for_each_array_be(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline __be16 every_thing_get_array_be(const struct nlattr *it)
{
	return nla_get_be16(it);
}

/* Each entry of array-uint: nla_type(it) is its index. */
#define every_thing_for_each_array_uint(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline u64 every_thing_get_array_uint(const struct nlattr *it)
{
	return nlk_get_uint(it);
}

/* Each entry of array-string: nla_type(it) is its index. */
#define every_thing_for_each_array_string(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline const char *every_thing_get_array_string(const struct nlattr *it)
{
	return nla_data(it);
}

/* Each entry of array-binary: nla_type(it) is its index. */
#define every_thing_for_each_array_binary(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline struct nlk_bytes
every_thing_get_array_binary(const struct nlattr *it)
{
	return nlk_bytes_of(it);
}

/*
 * Each entry of tree: nla_type(it) is its row. Those in it, by column, are
 * walked with nlk_for_each_entry in nlk_attrs_in(it). every_thing_inner_read
 * reads it.
 */
#define every_thing_for_each_tree(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

/* Each entry of names: nla_type(it) is its index. */
#define every_thing_inner_for_each_names(it, attrs_, rem) \
	nlk_for_each_entry(it, attrs_, rem)

static inline const char *every_thing_inner_get_names(const struct nlattr *it)
{
	return nla_data(it);
}

/*
 * Each back among attrs_, in the order sent. every_thing_inner_read reads it.
 */
#define every_thing_other_for_each_back(it, attrs_, rem) \
	nlk_for_each(it, attrs_, EVERY_THING_A_OTHER_BACK, rem)

/* ---- what replies and notifications have: yours to call ---- */

/* The fixed header, which is zero where nothing is put. */
static inline void every_thing_put_hdr(struct nlk_msg *m,
				       const struct every_head *v)
{
	nlk_put_hdr(m, v, sizeof(*v));
}

static inline void every_thing_put_u8(struct nlk_msg *m, u8 v)
{
	nlk_put(m, EVERY_THING_A_U8, &v, sizeof(v));
}

static inline void every_thing_put_u16(struct nlk_msg *m, u16 v)
{
	nlk_put(m, EVERY_THING_A_U16, &v, sizeof(v));
}

static inline void every_thing_put_u32(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_U32, &v, sizeof(v));
}

static inline void every_thing_put_u64(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_U64, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_s8(struct nlk_msg *m, s8 v)
{
	nlk_put(m, EVERY_THING_A_S8, &v, sizeof(v));
}

static inline void every_thing_put_s16(struct nlk_msg *m, s16 v)
{
	nlk_put(m, EVERY_THING_A_S16, &v, sizeof(v));
}

static inline void every_thing_put_s32(struct nlk_msg *m, s32 v)
{
	nlk_put(m, EVERY_THING_A_S32, &v, sizeof(v));
}

static inline void every_thing_put_s64(struct nlk_msg *m, s64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_S64, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_uint(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_UINT, v);
}

static inline void every_thing_put_sint(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, EVERY_THING_A_SINT, v);
}

static inline void every_thing_put_be16(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, EVERY_THING_A_BE16, &v, sizeof(v));
}

static inline void every_thing_put_be32(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, EVERY_THING_A_BE32, &v, sizeof(v));
}

static inline void every_thing_put_be64(struct nlk_msg *m, __be64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_BE64, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_le16(struct nlk_msg *m, __le16 v)
{
	nlk_put(m, EVERY_THING_A_LE16, &v, sizeof(v));
}

static inline void every_thing_put_le32(struct nlk_msg *m, __le32 v)
{
	nlk_put(m, EVERY_THING_A_LE32, &v, sizeof(v));
}

static inline void every_thing_put_le64(struct nlk_msg *m, __le64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_LE64, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_at_least(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_AT_LEAST, &v, sizeof(v));
}

static inline void every_thing_put_at_most(struct nlk_msg *m, u8 v)
{
	nlk_put(m, EVERY_THING_A_AT_MOST, &v, sizeof(v));
}

static inline void every_thing_put_range(struct nlk_msg *m, u16 v)
{
	nlk_put(m, EVERY_THING_A_RANGE, &v, sizeof(v));
}

static inline void every_thing_put_no_range(struct nlk_msg *m, u8 v)
{
	nlk_put(m, EVERY_THING_A_NO_RANGE, &v, sizeof(v));
}

static inline void every_thing_put_large_min(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_LARGE_MIN, &v, sizeof(v));
}

static inline void every_thing_put_large_max(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_LARGE_MAX, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_known(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_KNOWN, &v, sizeof(v));
}

static inline void every_thing_put_full(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_FULL, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_signed_range(struct nlk_msg *m, s32 v)
{
	nlk_put(m, EVERY_THING_A_SIGNED_RANGE, &v, sizeof(v));
}

static inline void every_thing_put_signed_max(struct nlk_msg *m, s64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_SIGNED_MAX, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_signed_short(struct nlk_msg *m, s16 v)
{
	nlk_put(m, EVERY_THING_A_SIGNED_SHORT, &v, sizeof(v));
}

static inline void every_thing_put_uint_min(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_UINT_MIN, v);
}

static inline void every_thing_put_uint_range(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_UINT_RANGE, v);
}

static inline void every_thing_put_sint_range(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, EVERY_THING_A_SINT_RANGE, v);
}

static inline void every_thing_put_be16_range(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, EVERY_THING_A_BE16_RANGE, &v, sizeof(v));
}

static inline void every_thing_put_be64_max(struct nlk_msg *m, __be64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_BE64_MAX, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_colour(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_COLOUR, &v, sizeof(v));
}

static inline void every_thing_put_level(struct nlk_msg *m, u8 v)
{
	nlk_put(m, EVERY_THING_A_LEVEL, &v, sizeof(v));
}

static inline void every_thing_put_signs(struct nlk_msg *m, s32 v)
{
	nlk_put(m, EVERY_THING_A_SIGNS, &v, sizeof(v));
}

static inline void every_thing_put_far(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_FAR, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_far_uint(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_FAR_UINT, v);
}

static inline void every_thing_put_level_be(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, EVERY_THING_A_LEVEL_BE, &v, sizeof(v));
}

static inline void every_thing_put_level_min(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_LEVEL_MIN, &v, sizeof(v));
}

static inline void every_thing_put_bits(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_BITS, &v, sizeof(v));
}

static inline void every_thing_put_wide(struct nlk_msg *m, u64 v)
{
	nlk_put_64bit(m, EVERY_THING_A_WIDE, &v, EVERY_THING_A_PAD);
}

static inline void every_thing_put_wide_uint(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_WIDE_UINT, v);
}

static inline void every_thing_put_bits_be(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, EVERY_THING_A_BITS_BE, &v, sizeof(v));
}

static inline void every_thing_put_bits_signed(struct nlk_msg *m, s32 v)
{
	nlk_put(m, EVERY_THING_A_BITS_SIGNED, &v, sizeof(v));
}

static inline void every_thing_put_bits_sint(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, EVERY_THING_A_BITS_SINT, v);
}

static inline void every_thing_put_colours(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_COLOURS, &v, sizeof(v));
}

static inline void every_thing_put_mask(struct nlk_msg *m, u16 v)
{
	nlk_put(m, EVERY_THING_A_MASK, &v, sizeof(v));
}

static inline void every_thing_put_string(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, EVERY_THING_A_STRING, v);
}

static inline void every_thing_put_string_max(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, EVERY_THING_A_STRING_MAX, v);
}

static inline void every_thing_put_string_min(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, EVERY_THING_A_STRING_MIN, v);
}

static inline void every_thing_put_string_both(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, EVERY_THING_A_STRING_BOTH, v);
}

static inline void every_thing_put_string_exact(struct nlk_msg *m,
						const char *v)
{
	nlk_put_string(m, EVERY_THING_A_STRING_EXACT, v);
}

static inline void every_thing_put_text(struct nlk_msg *m, const void *v,
					size_t len)
{
	nlk_put(m, EVERY_THING_A_TEXT, v, len);
}

static inline void every_thing_put_binary(struct nlk_msg *m, const void *v,
					  size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY, v, len);
}

static inline void every_thing_put_binary_min(struct nlk_msg *m, const void *v,
					      size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY_MIN, v, len);
}

static inline void every_thing_put_binary_max(struct nlk_msg *m, const void *v,
					      size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY_MAX, v, len);
}

static inline void every_thing_put_binary_both(struct nlk_msg *m, const void *v,
					       size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY_BOTH, v, len);
}

static inline void every_thing_put_binary_large(struct nlk_msg *m,
						const void *v, size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY_LARGE, v, len);
}

static inline void every_thing_put_binary_exact(struct nlk_msg *m,
						const void *v, size_t len)
{
	nlk_put(m, EVERY_THING_A_BINARY_EXACT, v, len);
}

static inline void every_thing_put_pair(struct nlk_msg *m,
					const struct every_pair *v)
{
	nlk_put(m, EVERY_THING_A_PAIR, v, sizeof(*v));
}

static inline void every_thing_put_odd(struct nlk_msg *m,
				       const struct every_odd *v)
{
	nlk_put(m, EVERY_THING_A_ODD, v, sizeof(*v));
}

static inline void every_thing_put_pairs(struct nlk_msg *m, const void *v,
					 size_t len)
{
	nlk_put(m, EVERY_THING_A_PAIRS, v, len);
}

static inline void every_thing_put_numbers(struct nlk_msg *m, const u32 *v,
					   size_t n)
{
	nlk_put(m, EVERY_THING_A_NUMBERS, v, n * sizeof(*v));
}

static inline void every_thing_put_addresses(struct nlk_msg *m, const __be32 *v,
					     size_t n)
{
	nlk_put(m, EVERY_THING_A_ADDRESSES, v, n * sizeof(*v));
}

static inline void every_thing_put_flag(struct nlk_msg *m)
{
	nlk_put(m, EVERY_THING_A_FLAG, NULL, 0);
}

static inline void every_thing_put_bitfield(struct nlk_msg *m, u32 value,
					    u32 selector)
{
	nlk_put_bitfield32(m, EVERY_THING_A_BITFIELD, value, selector);
}

static inline void every_thing_put_bitfield_any(struct nlk_msg *m, u32 value,
						u32 selector)
{
	nlk_put_bitfield32(m, EVERY_THING_A_BITFIELD_ANY, value, selector);
}

/* Opens nest; nlk_end closes it. */
static inline void every_thing_begin_nest(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_NEST);
}

/* Opens nest-any; nlk_end closes it. */
static inline void every_thing_begin_nest_any(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_NEST_ANY);
}

/* Opens nest-part; nlk_end closes it. */
static inline void every_thing_begin_nest_part(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_NEST_PART);
}

/* Opens nest-none; nlk_end closes it. */
static inline void every_thing_begin_nest_none(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_NEST_NONE);
}

static inline void every_thing_put_list(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_LIST, &v, sizeof(v));
}

static inline void every_thing_put_list_flag(struct nlk_msg *m)
{
	nlk_put(m, EVERY_THING_A_LIST_FLAG, NULL, 0);
}

static inline void every_thing_put_list_string(struct nlk_msg *m, const char *v)
{
	nlk_put_string(m, EVERY_THING_A_LIST_STRING, v);
}

static inline void every_thing_put_list_text(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, EVERY_THING_A_LIST_TEXT, v, len);
}

static inline void every_thing_put_list_uint(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, EVERY_THING_A_LIST_UINT, v);
}

static inline void every_thing_put_list_sint(struct nlk_msg *m, s64 v)
{
	nlk_put_sint(m, EVERY_THING_A_LIST_SINT, v);
}

static inline void every_thing_put_list_bits(struct nlk_msg *m, u32 value,
					     u32 selector)
{
	nlk_put_bitfield32(m, EVERY_THING_A_LIST_BITS, value, selector);
}

static inline void every_thing_put_list_pair(struct nlk_msg *m,
					     const struct every_pair *v)
{
	nlk_put(m, EVERY_THING_A_LIST_PAIR, v, sizeof(*v));
}

static inline void every_thing_put_list_be(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, EVERY_THING_A_LIST_BE, &v, sizeof(v));
}

/* Opens list-nest; nlk_end closes it. */
static inline void every_thing_begin_list_nest(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_LIST_NEST);
}

/* Opens the array array-nest; nlk_end closes it. */
static inline void every_thing_begin_array_nest(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_NEST);
}

/* Opens an entry; nlk_end closes it. */
static inline void every_thing_begin_array_nest_entry(struct nlk_msg *m,
						      u16 index)
{
	nlk_begin(m, index);
}

/* Opens the array array-any; nlk_end closes it. */
static inline void every_thing_begin_array_any(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_ANY);
}

/* Opens an entry; nlk_end closes it. */
static inline void every_thing_begin_array_any_entry(struct nlk_msg *m,
						     u16 index)
{
	nlk_begin(m, index);
}

/* Opens the array array-u64; nlk_end closes it. */
static inline void every_thing_begin_array_u64(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_U64);
}

static inline void every_thing_put_array_u64_entry(struct nlk_msg *m, u16 index,
						   u64 v)
{
	nlk_put(m, index, &v, sizeof(v));
}

/* Opens the array array-be; nlk_end closes it. */
static inline void every_thing_begin_array_be(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_BE);
}

static inline void every_thing_put_array_be_entry(struct nlk_msg *m, u16 index,
						  __be16 v)
{
	nlk_put(m, index, &v, sizeof(v));
}

/* Opens the array array-uint; nlk_end closes it. */
static inline void every_thing_begin_array_uint(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_UINT);
}

static inline void every_thing_put_array_uint_entry(struct nlk_msg *m,
						    u16 index, u64 v)
{
	nlk_put_uint(m, index, v);
}

/* Opens the array array-string; nlk_end closes it. */
static inline void every_thing_begin_array_string(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_STRING);
}

static inline void every_thing_put_array_string_entry(struct nlk_msg *m,
						      u16 index, const char *v)
{
	nlk_put_string(m, index, v);
}

/* Opens the array array-binary; nlk_end closes it. */
static inline void every_thing_begin_array_binary(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_ARRAY_BINARY);
}

static inline void every_thing_put_array_binary_entry(struct nlk_msg *m,
						      u16 index, const void *v,
						      size_t len)
{
	nlk_put(m, index, v, len);
}

/* Opens tree, and in it a nest by each of row, column; nlk_end closes one. */
static inline void every_thing_begin_tree(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_TREE);
}

static inline void every_thing_begin_tree_row(struct nlk_msg *m, u16 v)
{
	nlk_begin(m, v);
}

static inline void every_thing_begin_tree_column(struct nlk_msg *m, u16 v)
{
	nlk_begin(m, v);
}

static inline void every_thing_put_default(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_DEFAULT, &v, sizeof(v));
}

static inline void every_thing_put_6ghz(struct nlk_msg *m)
{
	nlk_put(m, EVERY_THING_A_6GHZ, NULL, 0);
}

static inline void every_thing_put_has(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_HAS, &v, sizeof(v));
}

static inline void every_thing_put_current(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_CURRENT, &v, sizeof(v));
}

static inline void every_thing_inner_put_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, EVERY_THING_A_INNER_ID, &v, sizeof(v));
}

/* Opens self; nlk_end closes it. */
static inline void every_thing_inner_begin_self(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_INNER_SELF);
}

/* Opens other; nlk_end closes it. */
static inline void every_thing_inner_begin_other(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_INNER_OTHER);
}

/* Opens the array names; nlk_end closes it. */
static inline void every_thing_inner_begin_names(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_INNER_NAMES);
}

static inline void every_thing_inner_put_names_entry(struct nlk_msg *m,
						     u16 index, const char *v)
{
	nlk_put_string(m, index, v);
}

static inline void every_thing_inner_put_big(struct nlk_msg *m, u64 v)
{
	nlk_put(m, EVERY_THING_A_INNER_BIG, &v, sizeof(v));
}

/* Opens back; nlk_end closes it. */
static inline void every_thing_other_begin_back(struct nlk_msg *m)
{
	nlk_begin(m, EVERY_THING_A_OTHER_BACK);
}

static inline void every_thing_other_put_colour(struct nlk_msg *m, u8 v)
{
	nlk_put(m, EVERY_THING_A_OTHER_COLOUR, &v, sizeof(v));
}

/* ---- notifications: yours to call ---- */

/* It is another. Multicasts changed to news; fill puts u8. */
int every_thing_notify_changed(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg);

/* Sends changed to one socket. */
int every_thing_send_changed(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg);

/* To any group. Multicasts anywhere to a group; fill puts u8 and list. */
int every_thing_notify_anywhere(struct net *net, enum every_thing_group group,
				gfp_t gfp, nlk_fill fill, const void *arg);

/* Sends anywhere to one socket. */
int every_thing_send_anywhere(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg);

#endif
