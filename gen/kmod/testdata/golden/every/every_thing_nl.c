// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from every.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "every_thing_nl.h"

#define EVERY_THING_HDRSIZE	sizeof(struct every_head)

/* ---- checks ---- */

static int every_thing_le32_check(const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	u32 v = le32_to_cpu(nla_get_le32(attr));

	if (v < 2)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int every_thing_le64_check(const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	u64 v = le64_to_cpu(nla_get_le64(attr));

	if (v > 9)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static const struct netlink_range_validation every_thing_large_min_range = {
	.min = EVERY_THING_LIMIT,
	.max = U32_MAX,
};

static const struct netlink_range_validation every_thing_large_max_range = {
	.min = 0,
	.max = 1099511627776LL,
};

static const struct netlink_range_validation_signed every_thing_signed_range_range = {
	.min = EVERY_THING_LEAST,
	.max = EVERY_THING_LIMIT,
};

static const struct netlink_range_validation_signed every_thing_signed_max_range = {
	.min = S64_MIN,
	.max = 1099511627776LL,
};

#if !NLK_HAVE_UINT
static int every_thing_uint_min_check(const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	if (v < 1)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

#if NLK_HAVE_UINT
static const struct netlink_range_validation every_thing_uint_range_range = {
	.min = 10,
	.max = U32_MAX,
};
#else
static int every_thing_uint_range_check(const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	if (v < 10 || v > U32_MAX)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

#if NLK_HAVE_UINT
static const struct netlink_range_validation_signed every_thing_sint_range_range = {
	.min = EVERY_THING_LEAST,
	.max = 7,
};
#else
static int every_thing_sint_range_check(const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	s64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_sint(attr);
	if (v < EVERY_THING_LEAST || v > 7)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

static int every_thing_be16_range_check(const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	u16 v = be16_to_cpu(nla_get_be16(attr));

	if (v < 1 || v > 1024)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int every_thing_be64_max_check(const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	u64 v = be64_to_cpu(nla_get_be64(attr));

	if (v > 1099511627776LL)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int every_thing_level_check(const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	u8 v = nla_get_u8(attr);

	switch (v) {
	case EVERY_THING_LEVEL_LOW:
	case EVERY_THING_LEVEL_HIGH:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int every_thing_far_check(const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	u64 v = nla_get_u64(attr);

	switch (v) {
	case EVERY_THING_FAR_NEAR:
	case EVERY_THING_FAR_OFF:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int every_thing_far_uint_check(const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	switch (v) {
	case EVERY_THING_FAR_NEAR:
	case EVERY_THING_FAR_OFF:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int every_thing_level_be_check(const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	u16 v = be16_to_cpu(nla_get_be16(attr));

	switch (v) {
	case EVERY_THING_LEVEL_LOW:
	case EVERY_THING_LEVEL_HIGH:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int every_thing_level_min_check(const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	u32 v = nla_get_u32(attr);

	if (v < 5)
		return nlk_out_of_range(attr, extack);
	switch (v) {
	case EVERY_THING_LEVEL_LOW:
	case EVERY_THING_LEVEL_HIGH:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int every_thing_wide_check(const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	u64 v = nla_get_u64(attr);

	if (v & ~0x10000000001ULL)
		return nlk_bad_bits(attr, extack);
	return 0;
}

static int every_thing_wide_uint_check(const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	if (v & ~0x10000000001ULL)
		return nlk_bad_bits(attr, extack);
	return 0;
}

static int every_thing_bits_be_check(const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	u32 v = be32_to_cpu(nla_get_be32(attr));

	if (v & ~(u64)0x80000003)
		return nlk_bad_bits(attr, extack);
	return 0;
}

static int every_thing_bits_signed_check(const struct nlattr *attr,
					 struct netlink_ext_ack *extack)
{
	s32 v = nla_get_s32(attr);

	if ((u32)v & ~(u64)0x80000003)
		return nlk_bad_bits(attr, extack);
	return 0;
}

static int every_thing_bits_sint_check(const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	s64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_sint(attr);
	if (v & ~(u64)0x80000003)
		return nlk_bad_bits(attr, extack);
	return 0;
}

static int every_thing_string_min_check(const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	if (strnlen(nla_data(attr), nla_len(attr)) < 2)
		return nlk_bad_length(attr, extack);
	return 0;
}

static int every_thing_string_both_check(const struct nlattr *attr,
					 struct netlink_ext_ack *extack)
{
	if (strnlen(nla_data(attr), nla_len(attr)) < 2)
		return nlk_bad_length(attr, extack);
	return 0;
}

static int every_thing_string_exact_check(const struct nlattr *attr,
					  struct netlink_ext_ack *extack)
{
	if (strnlen(nla_data(attr), nla_len(attr)) < 4)
		return nlk_bad_length(attr, extack);
	return 0;
}

static const struct netlink_range_validation every_thing_binary_large_range = {
	.min = 4,
	.max = 60000,
};

static int __maybe_unused
every_thing_seldom_level_check(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	u8 v = nla_get_u8(attr);

	switch (v) {
	case EVERY_THING_LEVEL_LOW:
	case EVERY_THING_LEVEL_HIGH:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static const struct netlink_range_validation __maybe_unused every_thing_seldom_large_range = {
	.min = EVERY_THING_LIMIT,
	.max = U32_MAX,
};

#if !NLK_HAVE_UINT
static int __maybe_unused
every_thing_rare_uint_check(const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	if (v < 7)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

/* ---- policies of nests ---- */

static const struct nla_policy every_thing_inner_policy[EVERY_THING_A_INNER_BIG + 1];

static const struct nla_policy every_thing_other_policy[EVERY_THING_A_OTHER_COLOUR + 1] = {
	[EVERY_THING_A_OTHER_BACK] = NLA_POLICY_NESTED(every_thing_inner_policy),
	[EVERY_THING_A_OTHER_COLOUR] = NLA_POLICY_MAX(NLA_U8, EVERY_THING_COLOUR_BLUE),
};

static const struct nla_policy every_thing_inner_policy[EVERY_THING_A_INNER_BIG + 1] = {
	[EVERY_THING_A_INNER_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[EVERY_THING_A_INNER_SELF] = NLA_POLICY_NESTED(every_thing_inner_policy),
	[EVERY_THING_A_INNER_OTHER] = NLA_POLICY_NESTED(every_thing_other_policy),
	[EVERY_THING_A_INNER_NAMES] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_INNER_BIG] = { .type = NLA_U64, },
};

static const struct nla_policy every_thing_inner_part_policy[EVERY_THING_A_INNER_BIG + 1] = {
	[EVERY_THING_A_INNER_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[EVERY_THING_A_INNER_BIG] = { .type = NLA_U64, },
};

static const struct nla_policy every_thing_none_policy[1] = {
};

static const struct nla_policy __maybe_unused every_thing_rare_policy[EVERY_THING_A_RARE_UINT + 1] = {
	[EVERY_THING_A_RARE_UINT] = NLK_POLICY_UINT(every_thing_rare_uint_check, NLA_POLICY_MIN(NLA_UINT, 7)),
};

/* ---- nests ---- */

int every_thing_other_read(struct every_thing_other *out,
			   const struct nlattr *nest,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_OTHER_COLOUR:
			out->has.colour = true;
			out->colour = nla_get_u8(attr);
			break;
		}
	}
	return 0;
}

int every_thing_inner_read(struct every_thing_inner *out,
			   const struct nlattr *nest,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, ret;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_INNER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		case EVERY_THING_A_INNER_SELF:
			out->has.self = true;
			out->self = attr;
			break;
		case EVERY_THING_A_INNER_OTHER:
			out->has.other = true;
			out->other = attr;
			break;
		case EVERY_THING_A_INNER_NAMES:
			ret = nlk_check_strings(attr, extack);
			if (ret)
				return ret;
			out->has.names = true;
			out->names = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_INNER_BIG:
			out->has.big = true;
			out->big = nla_get_u64(attr);
			break;
		}
	}
	return 0;
}

int every_thing_inner_part_read(struct every_thing_inner_part *out,
				const struct nlattr *nest,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_INNER_BIG:
			out->has.big = true;
			out->big = nla_get_u64(attr);
			break;
		case EVERY_THING_A_INNER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int every_thing_none_read(struct every_thing_none *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	return 0;
}

int every_thing_rare_read(struct every_thing_rare *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_RARE_UINT:
			out->has.uint = true;
			out->uint = nlk_get_uint(attr);
			break;
		}
	}
	return 0;
}

/* ---- operations ---- */

static struct genl_family every_thing_family;

static const struct nla_policy every_thing_all_policy[EVERY_THING_A_CURRENT + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
	[EVERY_THING_A_U32] = { .type = NLA_U32, },
	[EVERY_THING_A_U64] = { .type = NLA_U64, },
	[EVERY_THING_A_S8] = { .type = NLA_S8, },
	[EVERY_THING_A_S16] = { .type = NLA_S16, },
	[EVERY_THING_A_S32] = { .type = NLA_S32, },
	[EVERY_THING_A_S64] = { .type = NLA_S64, },
	[EVERY_THING_A_UINT] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[EVERY_THING_A_SINT] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_SINT, }),
	[EVERY_THING_A_BE16] = { .type = NLK_BE16, },
	[EVERY_THING_A_BE32] = { .type = NLK_BE32, },
	[EVERY_THING_A_BE64] = { .type = NLA_U64, },
	[EVERY_THING_A_LE16] = { .type = NLA_U16, },
	[EVERY_THING_A_LE32] = NLA_POLICY_VALIDATE_FN(NLK_FN_U32, every_thing_le32_check),
	[EVERY_THING_A_LE64] = NLA_POLICY_VALIDATE_FN(NLK_FN_U64, every_thing_le64_check),
	[EVERY_THING_A_AT_LEAST] = NLA_POLICY_MIN(NLA_U32, 3),
	[EVERY_THING_A_AT_MOST] = NLA_POLICY_MAX(NLA_U8, 200),
	[EVERY_THING_A_RANGE] = NLA_POLICY_RANGE(NLA_U16, 1, 9),
	[EVERY_THING_A_NO_RANGE] = { .type = NLA_U8, },
	[EVERY_THING_A_LARGE_MIN] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(every_thing_large_min_range)),
	[EVERY_THING_A_LARGE_MAX] = NLA_POLICY_FULL_RANGE(NLA_U64, NLK_RANGE(every_thing_large_max_range)),
	[EVERY_THING_A_KNOWN] = NLA_POLICY_MAX(NLA_U32, MAX_ERRNO),
	[EVERY_THING_A_FULL] = NLA_POLICY_MIN(NLA_U64, 1),
	[EVERY_THING_A_SIGNED_RANGE] = NLA_POLICY_FULL_RANGE_SIGNED(NLA_S32, NLK_RANGE(every_thing_signed_range_range)),
	[EVERY_THING_A_SIGNED_MAX] = NLA_POLICY_FULL_RANGE_SIGNED(NLA_S64, NLK_RANGE(every_thing_signed_max_range)),
	[EVERY_THING_A_SIGNED_SHORT] = NLA_POLICY_RANGE(NLA_S16, EVERY_THING_SLIGHTLY, 5),
	[EVERY_THING_A_UINT_MIN] = NLK_POLICY_UINT(every_thing_uint_min_check, NLA_POLICY_MIN(NLA_UINT, 1)),
	[EVERY_THING_A_UINT_RANGE] = NLK_POLICY_UINT(every_thing_uint_range_check, NLA_POLICY_FULL_RANGE(NLA_UINT, NLK_RANGE(every_thing_uint_range_range))),
	[EVERY_THING_A_SINT_RANGE] = NLK_POLICY_UINT(every_thing_sint_range_check, NLA_POLICY_FULL_RANGE_SIGNED(NLA_SINT, NLK_RANGE(every_thing_sint_range_range))),
	[EVERY_THING_A_BE16_RANGE] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, every_thing_be16_range_check),
	[EVERY_THING_A_BE64_MAX] = NLA_POLICY_VALIDATE_FN(NLK_FN_U64, every_thing_be64_max_check),
	[EVERY_THING_A_COLOUR] = NLA_POLICY_MAX(NLA_U32, EVERY_THING_COLOUR_BLUE),
	[EVERY_THING_A_LEVEL] = NLA_POLICY_VALIDATE_FN(NLK_FN_U8, every_thing_level_check),
	[EVERY_THING_A_SIGNS] = NLA_POLICY_RANGE(NLA_S32, EVERY_THING_SIGNS_MINUS, EVERY_THING_SIGNS_PLUS),
	[EVERY_THING_A_FAR] = NLA_POLICY_VALIDATE_FN(NLK_FN_U64, every_thing_far_check),
	[EVERY_THING_A_FAR_UINT] = NLK_POLICY_UINT(every_thing_far_uint_check, NLA_POLICY_VALIDATE_FN(NLK_FN_UINT, every_thing_far_uint_check)),
	[EVERY_THING_A_LEVEL_BE] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, every_thing_level_be_check),
	[EVERY_THING_A_LEVEL_MIN] = NLA_POLICY_VALIDATE_FN(NLK_FN_U32, every_thing_level_min_check),
	[EVERY_THING_A_BITS] = NLA_POLICY_MASK(NLA_U32, 0x80000003),
	[EVERY_THING_A_WIDE] = NLA_POLICY_VALIDATE_FN(NLK_FN_U64, every_thing_wide_check),
	[EVERY_THING_A_WIDE_UINT] = NLK_POLICY_UINT(every_thing_wide_uint_check, NLA_POLICY_VALIDATE_FN(NLK_FN_UINT, every_thing_wide_uint_check)),
	[EVERY_THING_A_BITS_BE] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE32, every_thing_bits_be_check),
	[EVERY_THING_A_BITS_SIGNED] = NLA_POLICY_VALIDATE_FN(NLA_S32, every_thing_bits_signed_check),
	[EVERY_THING_A_BITS_SINT] = NLK_POLICY_UINT(every_thing_bits_sint_check, NLA_POLICY_VALIDATE_FN(NLA_SINT, every_thing_bits_sint_check)),
	[EVERY_THING_A_COLOURS] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[EVERY_THING_A_MASK] = NLA_POLICY_MASK(NLA_U16, 0x7),
	[EVERY_THING_A_STRING] = { .type = NLA_NUL_STRING, },
	[EVERY_THING_A_STRING_MAX] = { .type = NLA_NUL_STRING, .len = (EVERY_THING_NAME_LEN - 1), },
	[EVERY_THING_A_STRING_MIN] = NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, every_thing_string_min_check),
	[EVERY_THING_A_STRING_BOTH] = NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, every_thing_string_both_check, 9),
	[EVERY_THING_A_STRING_EXACT] = NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, every_thing_string_exact_check, 4),
	[EVERY_THING_A_TEXT] = { .type = NLA_STRING, .len = 8, },
	[EVERY_THING_A_BINARY] = { .type = NLA_BINARY, },
	[EVERY_THING_A_BINARY_MIN] = NLA_POLICY_MIN_LEN(4),
	[EVERY_THING_A_BINARY_MAX] = { .type = NLA_BINARY, .len = 64, },
	[EVERY_THING_A_BINARY_BOTH] = NLA_POLICY_RANGE(NLA_BINARY, 4, 64),
	[EVERY_THING_A_BINARY_LARGE] = NLA_POLICY_FULL_RANGE(NLA_BINARY, NLK_RANGE(every_thing_binary_large_range)),
	[EVERY_THING_A_BINARY_EXACT] = NLA_POLICY_EXACT_LEN(6),
	[EVERY_THING_A_PAIR] = NLA_POLICY_EXACT_LEN(sizeof(struct every_pair)),
	[EVERY_THING_A_ODD] = NLA_POLICY_EXACT_LEN(sizeof(struct every_odd)),
	[EVERY_THING_A_PAIRS] = NLA_POLICY_MIN_LEN(16),
	[EVERY_THING_A_NUMBERS] = { .type = NLA_BINARY, },
	[EVERY_THING_A_ADDRESSES] = { .type = NLA_BINARY, },
	[EVERY_THING_A_FLAG] = { .type = NLA_FLAG, },
	[EVERY_THING_A_BITFIELD] = NLA_POLICY_BITFIELD32(0x80000003),
	[EVERY_THING_A_BITFIELD_ANY] = NLA_POLICY_BITFIELD32(0xffffffff),
	[EVERY_THING_A_NEST] = NLA_POLICY_NESTED(every_thing_inner_policy),
	[EVERY_THING_A_NEST_ANY] = { .type = NLA_NESTED, },
	[EVERY_THING_A_NEST_PART] = NLA_POLICY_NESTED(every_thing_inner_part_policy),
	[EVERY_THING_A_NEST_NONE] = NLA_POLICY_NESTED(every_thing_none_policy),
	[EVERY_THING_A_LIST] = { .type = NLA_U32, },
	[EVERY_THING_A_LIST_FLAG] = { .type = NLA_FLAG, },
	[EVERY_THING_A_LIST_STRING] = { .type = NLA_NUL_STRING, },
	[EVERY_THING_A_LIST_TEXT] = { .type = NLA_STRING, },
	[EVERY_THING_A_LIST_UINT] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[EVERY_THING_A_LIST_SINT] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_SINT, }),
	[EVERY_THING_A_LIST_BITS] = NLA_POLICY_BITFIELD32(0xffffffff),
	[EVERY_THING_A_LIST_PAIR] = NLA_POLICY_EXACT_LEN(sizeof(struct every_pair)),
	[EVERY_THING_A_LIST_BE] = { .type = NLK_BE32, },
	[EVERY_THING_A_LIST_NEST] = NLA_POLICY_NESTED(every_thing_inner_policy),
	[EVERY_THING_A_ARRAY_NEST] = NLA_POLICY_NESTED_ARRAY(every_thing_inner_policy),
	[EVERY_THING_A_ARRAY_ANY] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_ARRAY_U64] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_ARRAY_BE] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_ARRAY_UINT] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_ARRAY_STRING] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_ARRAY_BINARY] = { .type = NLA_NESTED_ARRAY, },
	[EVERY_THING_A_TREE] = { .type = NLA_NESTED, },
	[EVERY_THING_A_DEFAULT] = { .type = NLA_U32, },
	[EVERY_THING_A_6GHZ] = { .type = NLA_FLAG, },
	[EVERY_THING_A_HAS] = { .type = NLA_U32, },
	[EVERY_THING_A_CURRENT] = { .type = NLA_U32, },
};

static int every_thing_all_req_read(struct every_thing_all_req *req,
				    const struct nlmsghdr *nlh,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, ret;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		case EVERY_THING_A_U16:
			req->has.u16 = true;
			req->u16 = nla_get_u16(attr);
			break;
		case EVERY_THING_A_U32:
			req->has.u32 = true;
			req->u32 = nla_get_u32(attr);
			break;
		case EVERY_THING_A_U64:
			req->has.u64 = true;
			req->u64 = nla_get_u64(attr);
			break;
		case EVERY_THING_A_S8:
			req->has.s8 = true;
			req->s8 = nla_get_s8(attr);
			break;
		case EVERY_THING_A_S16:
			req->has.s16 = true;
			req->s16 = nla_get_s16(attr);
			break;
		case EVERY_THING_A_S32:
			req->has.s32 = true;
			req->s32 = nla_get_s32(attr);
			break;
		case EVERY_THING_A_S64:
			req->has.s64 = true;
			req->s64 = nla_get_s64(attr);
			break;
		case EVERY_THING_A_UINT:
			req->has.uint = true;
			req->uint = nlk_get_uint(attr);
			break;
		case EVERY_THING_A_SINT:
			req->has.sint = true;
			req->sint = nlk_get_sint(attr);
			break;
		case EVERY_THING_A_BE16:
			req->has.be16 = true;
			req->be16 = nla_get_be16(attr);
			break;
		case EVERY_THING_A_BE32:
			req->has.be32 = true;
			req->be32 = nla_get_be32(attr);
			break;
		case EVERY_THING_A_BE64:
			req->has.be64 = true;
			req->be64 = nla_get_be64(attr);
			break;
		case EVERY_THING_A_LE16:
			req->has.le16 = true;
			req->le16 = nla_get_le16(attr);
			break;
		case EVERY_THING_A_LE32:
			req->has.le32 = true;
			req->le32 = nla_get_le32(attr);
			break;
		case EVERY_THING_A_LE64:
			req->has.le64 = true;
			req->le64 = nla_get_le64(attr);
			break;
		case EVERY_THING_A_AT_LEAST:
			req->has.at_least_ = true;
			req->at_least_ = nla_get_u32(attr);
			break;
		case EVERY_THING_A_AT_MOST:
			req->has.at_most = true;
			req->at_most = nla_get_u8(attr);
			break;
		case EVERY_THING_A_RANGE:
			req->has.range = true;
			req->range = nla_get_u16(attr);
			break;
		case EVERY_THING_A_NO_RANGE:
			req->has.no_range = true;
			req->no_range = nla_get_u8(attr);
			break;
		case EVERY_THING_A_LARGE_MIN:
			req->has.large_min = true;
			req->large_min = nla_get_u32(attr);
			break;
		case EVERY_THING_A_LARGE_MAX:
			req->has.large_max = true;
			req->large_max = nla_get_u64(attr);
			break;
		case EVERY_THING_A_KNOWN:
			req->has.known = true;
			req->known = nla_get_u32(attr);
			break;
		case EVERY_THING_A_FULL:
			req->has.full = true;
			req->full = nla_get_u64(attr);
			break;
		case EVERY_THING_A_SIGNED_RANGE:
			req->has.signed_range = true;
			req->signed_range = nla_get_s32(attr);
			break;
		case EVERY_THING_A_SIGNED_MAX:
			req->has.signed_max = true;
			req->signed_max = nla_get_s64(attr);
			break;
		case EVERY_THING_A_SIGNED_SHORT:
			req->has.signed_short = true;
			req->signed_short = nla_get_s16(attr);
			break;
		case EVERY_THING_A_UINT_MIN:
			req->has.uint_min = true;
			req->uint_min = nlk_get_uint(attr);
			break;
		case EVERY_THING_A_UINT_RANGE:
			req->has.uint_range = true;
			req->uint_range = nlk_get_uint(attr);
			break;
		case EVERY_THING_A_SINT_RANGE:
			req->has.sint_range = true;
			req->sint_range = nlk_get_sint(attr);
			break;
		case EVERY_THING_A_BE16_RANGE:
			req->has.be16_range = true;
			req->be16_range = nla_get_be16(attr);
			break;
		case EVERY_THING_A_BE64_MAX:
			req->has.be64_max = true;
			req->be64_max = nla_get_be64(attr);
			break;
		case EVERY_THING_A_COLOUR:
			req->has.colour = true;
			req->colour = nla_get_u32(attr);
			break;
		case EVERY_THING_A_LEVEL:
			req->has.level = true;
			req->level = nla_get_u8(attr);
			break;
		case EVERY_THING_A_SIGNS:
			req->has.signs = true;
			req->signs = nla_get_s32(attr);
			break;
		case EVERY_THING_A_FAR:
			req->has.far = true;
			req->far = nla_get_u64(attr);
			break;
		case EVERY_THING_A_FAR_UINT:
			req->has.far_uint = true;
			req->far_uint = nlk_get_uint(attr);
			break;
		case EVERY_THING_A_LEVEL_BE:
			req->has.level_be = true;
			req->level_be = nla_get_be16(attr);
			break;
		case EVERY_THING_A_LEVEL_MIN:
			req->has.level_min = true;
			req->level_min = nla_get_u32(attr);
			break;
		case EVERY_THING_A_BITS:
			req->has.bits = true;
			req->bits = nla_get_u32(attr);
			break;
		case EVERY_THING_A_WIDE:
			req->has.wide = true;
			req->wide = nla_get_u64(attr);
			break;
		case EVERY_THING_A_WIDE_UINT:
			req->has.wide_uint = true;
			req->wide_uint = nlk_get_uint(attr);
			break;
		case EVERY_THING_A_BITS_BE:
			req->has.bits_be = true;
			req->bits_be = nla_get_be32(attr);
			break;
		case EVERY_THING_A_BITS_SIGNED:
			req->has.bits_signed = true;
			req->bits_signed = nla_get_s32(attr);
			break;
		case EVERY_THING_A_BITS_SINT:
			req->has.bits_sint = true;
			req->bits_sint = nlk_get_sint(attr);
			break;
		case EVERY_THING_A_COLOURS:
			req->has.colours = true;
			req->colours = nla_get_u32(attr);
			break;
		case EVERY_THING_A_MASK:
			req->has.mask = true;
			req->mask = nla_get_u16(attr);
			break;
		case EVERY_THING_A_STRING:
			req->has.string = true;
			req->string = nla_data(attr);
			break;
		case EVERY_THING_A_STRING_MAX:
			req->has.string_max = true;
			req->string_max = nla_data(attr);
			break;
		case EVERY_THING_A_STRING_MIN:
			req->has.string_min = true;
			req->string_min = nla_data(attr);
			break;
		case EVERY_THING_A_STRING_BOTH:
			req->has.string_both = true;
			req->string_both = nla_data(attr);
			break;
		case EVERY_THING_A_STRING_EXACT:
			req->has.string_exact = true;
			req->string_exact = nla_data(attr);
			break;
		case EVERY_THING_A_TEXT:
			req->has.text = true;
			req->text = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY:
			req->has.binary = true;
			req->binary = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY_MIN:
			req->has.binary_min = true;
			req->binary_min = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY_MAX:
			req->has.binary_max = true;
			req->binary_max = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY_BOTH:
			req->has.binary_both = true;
			req->binary_both = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY_LARGE:
			req->has.binary_large = true;
			req->binary_large = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_BINARY_EXACT:
			req->has.binary_exact = true;
			req->binary_exact = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_PAIR:
			req->has.pair = true;
			nla_memcpy(&req->pair, attr, sizeof(req->pair));
			break;
		case EVERY_THING_A_ODD:
			req->has.odd = true;
			nla_memcpy(&req->odd, attr, sizeof(req->odd));
			break;
		case EVERY_THING_A_PAIRS:
			req->has.pairs = true;
			req->pairs = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_NUMBERS:
			req->has.numbers = true;
			req->numbers = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_ADDRESSES:
			req->has.addresses = true;
			req->addresses = nlk_bytes_of(attr);
			break;
		case EVERY_THING_A_FLAG:
			req->flag = true;
			break;
		case EVERY_THING_A_BITFIELD:
			req->has.bitfield = true;
			req->bitfield = nla_get_bitfield32(attr);
			break;
		case EVERY_THING_A_BITFIELD_ANY:
			req->has.bitfield_any = true;
			req->bitfield_any = nla_get_bitfield32(attr);
			break;
		case EVERY_THING_A_NEST:
			req->has.nest = true;
			req->nest = attr;
			break;
		case EVERY_THING_A_NEST_ANY:
			req->has.nest_any = true;
			req->nest_any = attr;
			break;
		case EVERY_THING_A_NEST_PART:
			req->has.nest_part = true;
			req->nest_part = attr;
			break;
		case EVERY_THING_A_NEST_NONE:
			req->has.nest_none = true;
			req->nest_none = attr;
			break;
		case EVERY_THING_A_ARRAY_NEST:
			req->has.array_nest = true;
			req->array_nest = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_ANY:
			req->has.array_any = true;
			req->array_any = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_U64:
			ret = nlk_check_entries(attr, sizeof(u64), extack);
			if (ret)
				return ret;
			req->has.array_u64 = true;
			req->array_u64 = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_BE:
			ret = nlk_check_entries(attr, sizeof(__be16), extack);
			if (ret)
				return ret;
			req->has.array_be = true;
			req->array_be = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_UINT:
			ret = nlk_check_uints(attr, extack);
			if (ret)
				return ret;
			req->has.array_uint = true;
			req->array_uint = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_STRING:
			ret = nlk_check_strings(attr, extack);
			if (ret)
				return ret;
			req->has.array_string = true;
			req->array_string = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_ARRAY_BINARY:
			req->has.array_binary = true;
			req->array_binary = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_TREE:
			ret = nlk_check_nests(attr, 2, ARRAY_SIZE(every_thing_inner_policy) - 1,
					      every_thing_inner_policy, extack);
			if (ret)
				return ret;
			req->has.tree = true;
			req->tree = nlk_attrs_in(attr);
			break;
		case EVERY_THING_A_DEFAULT:
			req->has.default_ = true;
			req->default_ = nla_get_u32(attr);
			break;
		case EVERY_THING_A_6GHZ:
			req->_6ghz = true;
			break;
		case EVERY_THING_A_HAS:
			req->has.has_ = true;
			req->has_ = nla_get_u32(attr);
			break;
		case EVERY_THING_A_CURRENT:
			req->has.current_ = true;
			req->current_ = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_all_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_all_req *req;
	struct nlk_msg reply;
	int ret;

	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	ret = every_thing_all_req_read(req, info->nlhdr, info->extack);
	if (ret)
		goto free;
	ret = nlk_reply_begin(&reply, &every_thing_family, info,
			      EVERY_THING_CMD_ALL);
	if (ret)
		goto free;
	ret = nlk_reply_end(&reply, info,
			    every_thing_do_all(info, req, &reply));
free:
	kfree(req);
	return ret;
}

static const struct nla_policy every_thing_both_policy[EVERY_THING_A_STRING + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_STRING] = { .type = NLA_NUL_STRING, },
};

static int every_thing_both_req_read(struct every_thing_both_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		case EVERY_THING_A_STRING:
			req->has.string = true;
			req->string = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_both_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_both_req req;
	struct nlk_msg reply;
	int ret;

	ret = every_thing_both_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &every_thing_family, info,
			      EVERY_THING_CMD_BOTH);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     every_thing_do_both(info, &req, &reply));
}

static int every_thing_both_dump_entry(struct nlk_dump *d, const void *req,
				       struct nlk_msg *entry)
{
	return every_thing_dump_both(d, req, entry);
}

static int every_thing_both_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct every_thing_both_req req;
	int ret;

	ret = every_thing_both_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &every_thing_family, EVERY_THING_CMD_BOTH,
			    every_thing_both_dump_entry, &req);
}

static const struct nla_policy every_thing_apart_do_policy[EVERY_THING_A_STRING + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_STRING] = { .type = NLA_NUL_STRING, },
};

static const struct nla_policy every_thing_apart_dump_policy[EVERY_THING_A_U16 + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
};

/* Both in one, for kernels that have one policy for a command. */
#if !NLK_SPLIT_OPS
static const struct nla_policy every_thing_apart_union_policy[EVERY_THING_A_STRING + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
	[EVERY_THING_A_STRING] = { .type = NLA_NUL_STRING, },
};

#endif

static int every_thing_apart_req_read(struct every_thing_apart_req *req,
				      const struct nlmsghdr *nlh,
				      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		case EVERY_THING_A_STRING:
			req->has.string = true;
			req->string = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int
every_thing_apart_dump_req_read(struct every_thing_apart_dump_req *req,
				const struct nlmsghdr *nlh,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		case EVERY_THING_A_U16:
			req->has.u16 = true;
			req->u16 = nla_get_u16(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_apart_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_apart_req req;
	struct nlk_msg reply;
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(info->nlhdr, EVERY_THING_HDRSIZE,
				   EVERY_THING_A_STRING,
				   every_thing_apart_do_policy,
				   NL_VALIDATE_STRICT, info->extack);
		if (ret)
			return ret;
	}
	ret = every_thing_apart_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = every_thing_enter(info);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &every_thing_family, info,
			      EVERY_THING_CMD_APART);
	if (ret)
		goto post;
	ret = nlk_reply_end(&reply, info,
			    every_thing_do_apart(info, &req, &reply));
post:
	every_thing_leave(info);
	return ret;
}

static int every_thing_apart_dump_start(struct netlink_callback *cb)
{
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(cb->nlh, EVERY_THING_HDRSIZE,
				   EVERY_THING_A_U16,
				   every_thing_apart_dump_policy,
				   NL_VALIDATE_STRICT, cb->extack);
		if (ret)
			return ret;
	}
	return nlk_dump_start(cb, every_thing_begin);
}

static int every_thing_apart_dump_entry(struct nlk_dump *d, const void *req,
					struct nlk_msg *entry)
{
	return every_thing_dump_apart(d, req, entry);
}

static int every_thing_apart_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct every_thing_apart_dump_req req;
	int ret;

	ret = every_thing_apart_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &every_thing_family, EVERY_THING_CMD_APART,
			    every_thing_apart_dump_entry, &req);
}

static int every_thing_apart_dump_done(struct netlink_callback *cb)
{
	nlk_dump_done(cb, every_thing_end);
	return 0;
}

static const struct nla_policy every_thing_more_do_policy[EVERY_THING_A_U8 + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
};

static const struct nla_policy every_thing_more_dump_policy[EVERY_THING_A_U16 + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
};

static int every_thing_more_req_read(struct every_thing_more_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_more_dump_req_read(struct every_thing_more_dump_req *req,
					  const struct nlmsghdr *nlh,
					  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		case EVERY_THING_A_U16:
			req->has.u16 = true;
			req->u16 = nla_get_u16(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_more_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_more_req req;
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(info->nlhdr, EVERY_THING_HDRSIZE,
				   EVERY_THING_A_U8, every_thing_more_do_policy,
				   NL_VALIDATE_STRICT, info->extack);
		if (ret)
			return ret;
	}
	ret = every_thing_more_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return every_thing_do_more(info, &req);
}

static int every_thing_more_dump_entry(struct nlk_dump *d, const void *req,
				       struct nlk_msg *entry)
{
	return every_thing_dump_more(d, req, entry);
}

static int every_thing_more_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct every_thing_more_dump_req req;
	int ret;

	ret = every_thing_more_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &every_thing_family, EVERY_THING_CMD_MORE,
			    every_thing_more_dump_entry, &req);
}

static const struct nla_policy every_thing_lax_do_policy[EVERY_THING_A_U8 + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
};

static const struct nla_policy every_thing_lax_dump_policy[EVERY_THING_A_U16 + 1] = {
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
};

/* Both in one, for kernels that have one policy for a command. */
#if !NLK_SPLIT_OPS
static const struct nla_policy every_thing_lax_union_policy[EVERY_THING_A_U16 + 1] = {
	[EVERY_THING_A_U8] = { .type = NLA_U8, },
	[EVERY_THING_A_U16] = { .type = NLA_U16, },
};

#endif

static int every_thing_lax_req_read(struct every_thing_lax_req *req,
				    const struct nlmsghdr *nlh,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U8:
			req->has.u8 = true;
			req->u8 = nla_get_u8(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_lax_dump_req_read(struct every_thing_lax_dump_req *req,
					 const struct nlmsghdr *nlh,
					 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_U16:
			req->has.u16 = true;
			req->u16 = nla_get_u16(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_lax_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_lax_req req;
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(info->nlhdr, EVERY_THING_HDRSIZE,
				   EVERY_THING_A_U8, every_thing_lax_do_policy,
				   NL_VALIDATE_LIBERAL, info->extack);
		if (ret)
			return ret;
	}
	ret = every_thing_lax_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = every_thing_enter(info);
	if (ret)
		return ret;
	return every_thing_do_lax(info, &req);
}

static int every_thing_lax_dump_start(struct netlink_callback *cb)
{
	return nlk_validate(cb->nlh, EVERY_THING_HDRSIZE, EVERY_THING_A_U16,
			    every_thing_lax_dump_policy, NL_VALIDATE_LIBERAL,
			    cb->extack);
}

static int every_thing_lax_dump_entry(struct nlk_dump *d, const void *req,
				      struct nlk_msg *entry)
{
	return every_thing_dump_lax(d, req, entry);
}

static int every_thing_lax_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct every_thing_lax_dump_req req;
	int ret;

	ret = every_thing_lax_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &every_thing_family, EVERY_THING_CMD_LAX,
			    every_thing_lax_dump_entry, &req);
}

static int every_thing_laxer_req_read(struct every_thing_laxer_req *req,
				      const struct nlmsghdr *nlh,
				      struct netlink_ext_ack *extack)
{
	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	return 0;
}

static int every_thing_laxer_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_laxer_req req;
	int ret;

	ret = every_thing_laxer_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = every_thing_do_laxer(info, &req);
	every_thing_leave(info);
	return ret;
}

static int every_thing_laxer_dump_entry(struct nlk_dump *d, const void *req,
					struct nlk_msg *entry)
{
	return every_thing_dump_laxer(d, req, entry);
}

static int every_thing_laxer_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct every_thing_laxer_req req;
	int ret;

	ret = every_thing_laxer_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &every_thing_family, EVERY_THING_CMD_LAXER,
			    every_thing_laxer_dump_entry, &req);
}

static int every_thing_nothing_req_read(struct every_thing_nothing_req *req,
					const struct nlmsghdr *nlh,
					struct netlink_ext_ack *extack)
{
	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	return 0;
}

static int every_thing_nothing_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_nothing_req req;
	struct nlk_msg reply;
	int ret;

	ret = every_thing_nothing_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &every_thing_family, info,
			      EVERY_THING_CMD_NOTHING);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     every_thing_do_nothing(info, &req, &reply));
}

#if IS_ENABLED(CONFIG_EVERY_THING)
static const struct nla_policy every_thing_sometimes_policy[EVERY_THING_A_OTHER_COLOUR + 1] = {
	[EVERY_THING_A_OTHER_BACK] = NLA_POLICY_NESTED(every_thing_inner_policy),
	[EVERY_THING_A_OTHER_COLOUR] = NLA_POLICY_MAX(NLA_U8, EVERY_THING_COLOUR_BLUE),
};

static int every_thing_sometimes_req_read(struct every_thing_sometimes_req *req,
					  const struct nlmsghdr *nlh,
					  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_OTHER_COLOUR:
			req->has.colour = true;
			req->colour = nla_get_u8(attr);
			break;
		}
	}
	return 0;
}

static int every_thing_sometimes_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	struct every_thing_sometimes_req req;
	struct nlk_msg reply;
	int ret;

	ret = every_thing_sometimes_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &every_thing_family, info,
			      EVERY_THING_CMD_SOMETIMES);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     every_thing_do_sometimes(info, &req, &reply));
}

#endif

#if IS_ENABLED(CONFIG_EVERY_OTHER_THING)
static const struct nla_policy every_thing_seldom_policy[EVERY_THING_A_SELDOM_RARE + 1] = {
	[EVERY_THING_A_SELDOM_LEVEL] = NLA_POLICY_VALIDATE_FN(NLK_FN_U8, every_thing_seldom_level_check),
	[EVERY_THING_A_SELDOM_LARGE] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(every_thing_seldom_large_range)),
	[EVERY_THING_A_SELDOM_RARE] = NLA_POLICY_NESTED(every_thing_rare_policy),
};

static int every_thing_seldom_req_read(struct every_thing_seldom_req *req,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, EVERY_THING_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case EVERY_THING_A_SELDOM_LEVEL:
			req->has.level = true;
			req->level = nla_get_u8(attr);
			break;
		case EVERY_THING_A_SELDOM_LARGE:
			req->has.large = true;
			req->large = nla_get_u32(attr);
			break;
		case EVERY_THING_A_SELDOM_RARE:
			req->has.rare = true;
			req->rare = attr;
			break;
		}
	}
	return 0;
}

static int every_thing_seldom_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct every_thing_seldom_req req;
	int ret;

	ret = every_thing_seldom_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return every_thing_do_seldom(info, &req);
}

#endif

#if NLK_SPLIT_OPS
static const struct genl_split_ops every_thing_ops[] = {
	{
		.cmd		= EVERY_THING_CMD_ALL,
		.doit		= every_thing_all_doit,
		.policy		= every_thing_all_policy,
		.maxattr	= EVERY_THING_A_CURRENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= EVERY_THING_CMD_BOTH,
		.doit		= every_thing_both_doit,
		.policy		= every_thing_both_policy,
		.maxattr	= EVERY_THING_A_STRING,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= EVERY_THING_CMD_BOTH,
		.dumpit		= every_thing_both_dumpit,
		.policy		= every_thing_both_policy,
		.maxattr	= EVERY_THING_A_STRING,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= EVERY_THING_CMD_MORE,
		.doit		= every_thing_more_doit,
		.policy		= every_thing_more_do_policy,
		.maxattr	= EVERY_THING_A_U8,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= EVERY_THING_CMD_MORE,
		.dumpit		= every_thing_more_dumpit,
		.policy		= every_thing_more_dump_policy,
		.maxattr	= EVERY_THING_A_U16,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= EVERY_THING_CMD_LAX,
		.doit		= every_thing_lax_doit,
		.policy		= every_thing_lax_do_policy,
		.maxattr	= EVERY_THING_A_U8,
		.flags		= GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= EVERY_THING_CMD_LAX,
		.start		= every_thing_lax_dump_start,
		.dumpit		= every_thing_lax_dumpit,
		.policy		= every_thing_lax_dump_policy,
		.maxattr	= EVERY_THING_A_U16,
		.flags		= GENL_CMD_CAP_DUMP,
		.validate	= GENL_DONT_VALIDATE_DUMP,
	},
	{
		.cmd		= EVERY_THING_CMD_LAXER,
		.doit		= every_thing_laxer_doit,
		.flags		= GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= EVERY_THING_CMD_LAXER,
		.dumpit		= every_thing_laxer_dumpit,
		.flags		= GENL_CMD_CAP_DUMP,
		.validate	= GENL_DONT_VALIDATE_DUMP_STRICT,
	},
	{
		.cmd		= EVERY_THING_CMD_NOTHING,
		.doit		= every_thing_nothing_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
		.flags		= GENL_CMD_CAP_DO,
	},
#if IS_ENABLED(CONFIG_EVERY_THING)
	{
		.cmd		= EVERY_THING_CMD_SOMETIMES,
		.doit		= every_thing_sometimes_doit,
		.policy		= every_thing_sometimes_policy,
		.maxattr	= EVERY_THING_A_OTHER_COLOUR,
		.flags		= GENL_CMD_CAP_DO,
	},
#endif
#if IS_ENABLED(CONFIG_EVERY_OTHER_THING)
	{
		.cmd		= EVERY_THING_CMD_SELDOM,
		.doit		= every_thing_seldom_doit,
		.policy		= every_thing_seldom_policy,
		.maxattr	= EVERY_THING_A_SELDOM_RARE,
		.flags		= GENL_CMD_CAP_DO,
	},
#endif
	{
		.cmd		= EVERY_THING_CMD_APART,
		.doit		= every_thing_apart_doit,
		.policy		= every_thing_apart_do_policy,
		.maxattr	= EVERY_THING_A_STRING,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= EVERY_THING_CMD_APART,
		.start		= every_thing_apart_dump_start,
		.dumpit		= every_thing_apart_dumpit,
		.done		= every_thing_apart_dump_done,
		.policy		= every_thing_apart_dump_policy,
		.maxattr	= EVERY_THING_A_U16,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
};
#else
static const struct genl_ops every_thing_ops[] = {
	{
		.cmd		= EVERY_THING_CMD_ALL,
		.doit		= every_thing_all_doit,
		.policy		= every_thing_all_policy,
		.maxattr	= EVERY_THING_A_CURRENT,
	},
	{
		.cmd		= EVERY_THING_CMD_BOTH,
		.doit		= every_thing_both_doit,
		.dumpit		= every_thing_both_dumpit,
		.policy		= every_thing_both_policy,
		.maxattr	= EVERY_THING_A_STRING,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= EVERY_THING_CMD_MORE,
		.doit		= every_thing_more_doit,
		.dumpit		= every_thing_more_dumpit,
		.policy		= every_thing_more_dump_policy,
		.maxattr	= EVERY_THING_A_U16,
	},
	{
		.cmd		= EVERY_THING_CMD_LAX,
		.doit		= every_thing_lax_doit,
		.start		= every_thing_lax_dump_start,
		.dumpit		= every_thing_lax_dumpit,
		.policy		= every_thing_lax_union_policy,
		.maxattr	= EVERY_THING_A_U16,
		.validate	= GENL_DONT_VALIDATE_STRICT |
				  GENL_DONT_VALIDATE_DUMP,
	},
	{
		.cmd		= EVERY_THING_CMD_LAXER,
		.doit		= every_thing_laxer_doit,
		.dumpit		= every_thing_laxer_dumpit,
		.validate	= GENL_DONT_VALIDATE_STRICT |
				  GENL_DONT_VALIDATE_DUMP_STRICT,
	},
	{
		.cmd		= EVERY_THING_CMD_NOTHING,
		.doit		= every_thing_nothing_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
	},
#if IS_ENABLED(CONFIG_EVERY_THING)
	{
		.cmd		= EVERY_THING_CMD_SOMETIMES,
		.doit		= every_thing_sometimes_doit,
		.policy		= every_thing_sometimes_policy,
		.maxattr	= EVERY_THING_A_OTHER_COLOUR,
	},
#endif
#if IS_ENABLED(CONFIG_EVERY_OTHER_THING)
	{
		.cmd		= EVERY_THING_CMD_SELDOM,
		.doit		= every_thing_seldom_doit,
		.policy		= every_thing_seldom_policy,
		.maxattr	= EVERY_THING_A_SELDOM_RARE,
	},
#endif
	{
		.cmd		= EVERY_THING_CMD_APART,
		.doit		= every_thing_apart_doit,
		.start		= every_thing_apart_dump_start,
		.dumpit		= every_thing_apart_dumpit,
		.done		= every_thing_apart_dump_done,
		.policy		= every_thing_apart_union_policy,
		.maxattr	= EVERY_THING_A_STRING,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group every_thing_groups[] = {
	[EVERY_THING_GROUP_NEWS] = {
		.name	= EVERY_THING_MCGRP_NEWS,
	},
	[EVERY_THING_GROUP_SECRETS] = {
		.name	= EVERY_THING_MCGRP_SECRETS,
		NLK_GROUP_UNS_ADMIN
	},
};

/* ---- notifications ---- */

int every_thing_notify_changed(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg)
{
	return nlk_multicast(&every_thing_family, net, EVERY_THING_GROUP_NEWS,
			     EVERY_THING_CMD_CHANGED, gfp, fill, arg);
}

int every_thing_send_changed(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg)
{
	return nlk_unicast(&every_thing_family, net, portid,
			   EVERY_THING_CMD_CHANGED, gfp, fill, arg);
}

int every_thing_notify_anywhere(struct net *net, enum every_thing_group group,
				gfp_t gfp, nlk_fill fill, const void *arg)
{
	return nlk_multicast(&every_thing_family, net, group,
			     EVERY_THING_CMD_ANYWHERE, gfp, fill, arg);
}

int every_thing_send_anywhere(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	return nlk_unicast(&every_thing_family, net, portid,
			   EVERY_THING_CMD_ANYWHERE, gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family every_thing_family __ro_after_init = {
	.name		= EVERY_THING_FAMILY_NAME,
	.version	= EVERY_THING_FAMILY_VERSION,
	.hdrsize	= EVERY_THING_HDRSIZE,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= every_thing_ops,
	.n_split_ops	= ARRAY_SIZE(every_thing_ops),
#else
	.ops		= every_thing_ops,
	.n_ops		= ARRAY_SIZE(every_thing_ops),
#endif
	NLK_RESV_START_OP(EVERY_THING_CMD_LAXER + 1)
	.mcgrps		= every_thing_groups,
	.n_mcgrps	= ARRAY_SIZE(every_thing_groups),
};

MODULE_ALIAS_GENL_FAMILY(EVERY_THING_FAMILY_NAME);

static int __init every_thing_nl_init(void)
{
	int ret;

	ret = every_thing_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&every_thing_family);
	if (ret)
		goto teardown;
	ret = every_thing_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&every_thing_family);
teardown:
	every_thing_teardown();
	return ret;
}
module_init(every_thing_nl_init);

static void __exit every_thing_nl_exit(void)
{
	every_thing_stop();
	genl_unregister_family(&every_thing_family);
	every_thing_teardown();
}
module_exit(every_thing_nl_exit);
