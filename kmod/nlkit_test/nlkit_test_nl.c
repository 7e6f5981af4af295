// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from nlkit_test.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "nlkit_test_nl.h"

/* ---- checks ---- */

static const struct netlink_range_validation nlkit_test_value_u16_max_range = {
	.min = 0,
	.max = 40000,
};

static const struct netlink_range_validation nlkit_test_value_u32_min_range = {
	.min = 100000,
	.max = U32_MAX,
};

static const struct netlink_range_validation nlkit_test_value_u32_range_range = {
	.min = 1,
	.max = 4000000000U,
};

static const struct netlink_range_validation nlkit_test_value_u64_range_range = {
	.min = 10,
	.max = 1099511627776LL,
};

static const struct netlink_range_validation_signed nlkit_test_value_s32_range_range = {
	.min = NLKIT_TEST_COLDEST,
	.max = 100000,
};

static const struct netlink_range_validation_signed nlkit_test_value_s64_range_range = {
	.min = NLKIT_TEST_EARLIEST,
	.max = 1099511627776LL,
};

#if NLK_HAVE_UINT
static const struct netlink_range_validation nlkit_test_value_uint_range_range = {
	.min = 10,
	.max = 8589934592LL,
};
#else
static int nlkit_test_value_uint_range_check(const struct nlattr *attr,
					     struct netlink_ext_ack *extack)
{
	u64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_uint(attr);
	if (v < 10 || v > 8589934592LL)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

#if NLK_HAVE_UINT
static const struct netlink_range_validation_signed nlkit_test_value_sint_range_range = {
	.min = NLKIT_TEST_EARLIEST,
	.max = 7,
};
#else
static int nlkit_test_value_sint_range_check(const struct nlattr *attr,
					     struct netlink_ext_ack *extack)
{
	s64 v;

	if (nlk_check_uint(attr, extack))
		return -EINVAL;
	v = nlk_get_sint(attr);
	if (v < NLKIT_TEST_EARLIEST || v > 7)
		return nlk_out_of_range(attr, extack);
	return 0;
}
#endif

static int nlkit_test_value_be16_range_check(const struct nlattr *attr,
					     struct netlink_ext_ack *extack)
{
	u16 v = be16_to_cpu(nla_get_be16(attr));

	if (v < 1 || v > 1024)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int nlkit_test_value_be32_max_check(const struct nlattr *attr,
					   struct netlink_ext_ack *extack)
{
	u32 v = be32_to_cpu(nla_get_be32(attr));

	if (v > 65536)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int nlkit_test_value_sparse_check(const struct nlattr *attr,
					 struct netlink_ext_ack *extack)
{
	u32 v = nla_get_u32(attr);

	switch (v) {
	case NLKIT_TEST_LEVEL_LOW:
	case NLKIT_TEST_LEVEL_MIDDLE:
	case NLKIT_TEST_LEVEL_HIGH:
		return 0;
	}
	return nlk_bad_enum(attr, extack);
}

static int nlkit_test_value_text_min_check(const struct nlattr *attr,
					   struct netlink_ext_ack *extack)
{
	if (strnlen(nla_data(attr), nla_len(attr)) < 3)
		return nlk_bad_length(attr, extack);
	return 0;
}

static int nlkit_test_value_text_exact_check(const struct nlattr *attr,
					     struct netlink_ext_ack *extack)
{
	if (strnlen(nla_data(attr), nla_len(attr)) < 4)
		return nlk_bad_length(attr, extack);
	return 0;
}

static const struct netlink_range_validation nlkit_test_item_id_range = {
	.min = 1,
	.max = 65535,
};

static const struct netlink_range_validation nlkit_test_series_entries_range = {
	.min = 0,
	.max = 1000000,
};

static const struct netlink_range_validation nlkit_test_fault_missing_type_range = {
	.min = 1,
	.max = 65535,
};

static const struct netlink_range_validation nlkit_test_fault_entries_range = {
	.min = 0,
	.max = 1000000,
};

/* ---- policies of nests ---- */

static const struct nla_policy nlkit_test_inner_policy[NLKIT_TEST_A_INNER_BIG + 1];

static const struct nla_policy nlkit_test_deep_policy[NLKIT_TEST_A_DEEP_TEXT + 1] = {
	[NLKIT_TEST_A_DEEP_VALUE] = NLA_POLICY_MAX(NLA_U32, 1000),
	[NLKIT_TEST_A_DEEP_COLOUR] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_COLOUR_BLUE),
	[NLKIT_TEST_A_DEEP_TEXT] = { .type = NLA_NUL_STRING, .len = 15, },
};

static const struct nla_policy nlkit_test_inner_policy[NLKIT_TEST_A_INNER_BIG + 1] = {
	[NLKIT_TEST_A_INNER_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[NLKIT_TEST_A_INNER_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NLKIT_TEST_A_INNER_DEEP] = NLA_POLICY_NESTED(nlkit_test_deep_policy),
	[NLKIT_TEST_A_INNER_SELF] = NLA_POLICY_NESTED(nlkit_test_inner_policy),
	[NLKIT_TEST_A_INNER_CHILD] = NLA_POLICY_NESTED(nlkit_test_inner_policy),
	[NLKIT_TEST_A_INNER_BIG] = { .type = NLA_U64, },
};

/* ---- nests ---- */

int nlkit_test_deep_read(struct nlkit_test_deep *out, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_DEEP_VALUE:
			out->has.value = true;
			out->value = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_DEEP_COLOUR:
			out->has.colour = true;
			out->colour = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_DEEP_TEXT:
			out->has.text = true;
			out->text = nla_data(attr);
			break;
		}
	}
	return 0;
}

int nlkit_test_inner_read(struct nlkit_test_inner *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_INNER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_INNER_NAME:
			out->has.name = true;
			out->name = nla_data(attr);
			break;
		case NLKIT_TEST_A_INNER_DEEP:
			out->has.deep = true;
			out->deep = attr;
			break;
		case NLKIT_TEST_A_INNER_SELF:
			out->has.self = true;
			out->self = attr;
			break;
		case NLKIT_TEST_A_INNER_BIG:
			out->has.big = true;
			out->big = nla_get_u64(attr);
			break;
		}
	}
	return 0;
}

/* ---- operations ---- */

static struct genl_family nlkit_test_family;

static const struct nla_policy nlkit_test_echo_all_policy[NLKIT_TEST_A_VALUE_TEXT_EXACT + 1] = {
	[NLKIT_TEST_A_VALUE_U8_ANY] = { .type = NLA_U8, },
	[NLKIT_TEST_A_VALUE_U16_ANY] = { .type = NLA_U16, },
	[NLKIT_TEST_A_VALUE_U32_ANY] = { .type = NLA_U32, },
	[NLKIT_TEST_A_VALUE_U64_ANY] = { .type = NLA_U64, },
	[NLKIT_TEST_A_VALUE_S8_ANY] = { .type = NLA_S8, },
	[NLKIT_TEST_A_VALUE_S16_ANY] = { .type = NLA_S16, },
	[NLKIT_TEST_A_VALUE_S32_ANY] = { .type = NLA_S32, },
	[NLKIT_TEST_A_VALUE_S64_ANY] = { .type = NLA_S64, },
	[NLKIT_TEST_A_VALUE_UINT_ANY] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[NLKIT_TEST_A_VALUE_SINT_ANY] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_SINT, }),
	[NLKIT_TEST_A_VALUE_BE16_ANY] = { .type = NLK_BE16, },
	[NLKIT_TEST_A_VALUE_BE32_ANY] = { .type = NLK_BE32, },
	[NLKIT_TEST_A_VALUE_BE64_ANY] = { .type = NLA_U64, },
	[NLKIT_TEST_A_VALUE_U8_RANGE] = NLA_POLICY_RANGE(NLA_U8, 3, 200),
	[NLKIT_TEST_A_VALUE_U16_MAX] = NLA_POLICY_FULL_RANGE(NLA_U16, NLK_RANGE(nlkit_test_value_u16_max_range)),
	[NLKIT_TEST_A_VALUE_U32_MIN] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_value_u32_min_range)),
	[NLKIT_TEST_A_VALUE_U32_RANGE] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_value_u32_range_range)),
	[NLKIT_TEST_A_VALUE_U64_RANGE] = NLA_POLICY_FULL_RANGE(NLA_U64, NLK_RANGE(nlkit_test_value_u64_range_range)),
	[NLKIT_TEST_A_VALUE_S8_RANGE] = NLA_POLICY_RANGE(NLA_S8, NLKIT_TEST_S8_LEAST, 5),
	[NLKIT_TEST_A_VALUE_S16_RANGE] = NLA_POLICY_RANGE(NLA_S16, NLKIT_TEST_DEEPEST, 8849),
	[NLKIT_TEST_A_VALUE_S32_RANGE] = NLA_POLICY_FULL_RANGE_SIGNED(NLA_S32, NLK_RANGE(nlkit_test_value_s32_range_range)),
	[NLKIT_TEST_A_VALUE_S64_RANGE] = NLA_POLICY_FULL_RANGE_SIGNED(NLA_S64, NLK_RANGE(nlkit_test_value_s64_range_range)),
	[NLKIT_TEST_A_VALUE_UINT_RANGE] = NLK_POLICY_UINT(nlkit_test_value_uint_range_check, NLA_POLICY_FULL_RANGE(NLA_UINT, NLK_RANGE(nlkit_test_value_uint_range_range))),
	[NLKIT_TEST_A_VALUE_SINT_RANGE] = NLK_POLICY_UINT(nlkit_test_value_sint_range_check, NLA_POLICY_FULL_RANGE_SIGNED(NLA_SINT, NLK_RANGE(nlkit_test_value_sint_range_range))),
	[NLKIT_TEST_A_VALUE_BE16_RANGE] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, nlkit_test_value_be16_range_check),
	[NLKIT_TEST_A_VALUE_BE32_MAX] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE32, nlkit_test_value_be32_max_check),
	[NLKIT_TEST_A_VALUE_DENSE] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_COLOUR_BLUE),
	[NLKIT_TEST_A_VALUE_DENSE_SMALL] = NLA_POLICY_MAX(NLA_U8, NLKIT_TEST_COLOUR_BLUE),
	[NLKIT_TEST_A_VALUE_SPARSE] = NLA_POLICY_VALIDATE_FN(NLK_FN_U32, nlkit_test_value_sparse_check),
	[NLKIT_TEST_A_VALUE_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x203),
	[NLKIT_TEST_A_VALUE_ENUM_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[NLKIT_TEST_A_VALUE_MASK] = NLA_POLICY_MASK(NLA_U16, 0x203),
	[NLKIT_TEST_A_VALUE_TEXT] = { .type = NLA_NUL_STRING, },
	[NLKIT_TEST_A_VALUE_TEXT_MAX] = { .type = NLA_NUL_STRING, .len = 16, },
	[NLKIT_TEST_A_VALUE_TEXT_RAW] = { .type = NLA_STRING, .len = 8, },
	[NLKIT_TEST_A_VALUE_DATA] = { .type = NLA_BINARY, .len = 64, },
	[NLKIT_TEST_A_VALUE_DATA_MIN] = NLA_POLICY_MIN_LEN(4),
	[NLKIT_TEST_A_VALUE_DATA_EXACT] = NLA_POLICY_EXACT_LEN(6),
	[NLKIT_TEST_A_VALUE_DATA_RANGE] = NLA_POLICY_RANGE(NLA_BINARY, 2, 8),
	[NLKIT_TEST_A_VALUE_FLAG] = { .type = NLA_FLAG, },
	[NLKIT_TEST_A_VALUE_BITS] = NLA_POLICY_BITFIELD32(0x203),
	[NLKIT_TEST_A_VALUE_POINT] = NLA_POLICY_EXACT_LEN(sizeof(struct nlkit_test_point)),
	[NLKIT_TEST_A_VALUE_PACKED] = { .type = NLA_BINARY, .len = 64, },
	[NLKIT_TEST_A_VALUE_NEST] = NLA_POLICY_NESTED(nlkit_test_inner_policy),
	[NLKIT_TEST_A_VALUE_LIST_U32] = { .type = NLA_U32, },
	[NLKIT_TEST_A_VALUE_LIST_U64] = { .type = NLA_U64, },
	[NLKIT_TEST_A_VALUE_LIST_TEXT] = { .type = NLA_NUL_STRING, .len = 16, },
	[NLKIT_TEST_A_VALUE_LIST_DATA] = { .type = NLA_BINARY, .len = 16, },
	[NLKIT_TEST_A_VALUE_LIST_NEST] = NLA_POLICY_NESTED(nlkit_test_inner_policy),
	[NLKIT_TEST_A_VALUE_ARRAY_U32] = { .type = NLA_NESTED_ARRAY, },
	[NLKIT_TEST_A_VALUE_ARRAY_NEST] = NLA_POLICY_NESTED_ARRAY(nlkit_test_inner_policy),
	[NLKIT_TEST_A_VALUE_ARRAY_DATA] = { .type = NLA_NESTED_ARRAY, },
	[NLKIT_TEST_A_VALUE_TREE] = { .type = NLA_NESTED, },
	[NLKIT_TEST_A_VALUE_TEXT_MIN] = NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, nlkit_test_value_text_min_check),
	[NLKIT_TEST_A_VALUE_TEXT_EXACT] = NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, nlkit_test_value_text_exact_check, 4),
};

static int nlkit_test_echo_all_req_read(struct nlkit_test_echo_all_req *req,
					const struct nlmsghdr *nlh,
					struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, ret;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_VALUE_U8_ANY:
			req->has.u8_any = true;
			req->u8_any = nla_get_u8(attr);
			break;
		case NLKIT_TEST_A_VALUE_U16_ANY:
			req->has.u16_any = true;
			req->u16_any = nla_get_u16(attr);
			break;
		case NLKIT_TEST_A_VALUE_U32_ANY:
			req->has.u32_any = true;
			req->u32_any = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_U64_ANY:
			req->has.u64_any = true;
			req->u64_any = nla_get_u64(attr);
			break;
		case NLKIT_TEST_A_VALUE_S8_ANY:
			req->has.s8_any = true;
			req->s8_any = nla_get_s8(attr);
			break;
		case NLKIT_TEST_A_VALUE_S16_ANY:
			req->has.s16_any = true;
			req->s16_any = nla_get_s16(attr);
			break;
		case NLKIT_TEST_A_VALUE_S32_ANY:
			req->has.s32_any = true;
			req->s32_any = nla_get_s32(attr);
			break;
		case NLKIT_TEST_A_VALUE_S64_ANY:
			req->has.s64_any = true;
			req->s64_any = nla_get_s64(attr);
			break;
		case NLKIT_TEST_A_VALUE_UINT_ANY:
			req->has.uint_any = true;
			req->uint_any = nlk_get_uint(attr);
			break;
		case NLKIT_TEST_A_VALUE_SINT_ANY:
			req->has.sint_any = true;
			req->sint_any = nlk_get_sint(attr);
			break;
		case NLKIT_TEST_A_VALUE_BE16_ANY:
			req->has.be16_any = true;
			req->be16_any = nla_get_be16(attr);
			break;
		case NLKIT_TEST_A_VALUE_BE32_ANY:
			req->has.be32_any = true;
			req->be32_any = nla_get_be32(attr);
			break;
		case NLKIT_TEST_A_VALUE_BE64_ANY:
			req->has.be64_any = true;
			req->be64_any = nla_get_be64(attr);
			break;
		case NLKIT_TEST_A_VALUE_U8_RANGE:
			req->has.u8_range = true;
			req->u8_range = nla_get_u8(attr);
			break;
		case NLKIT_TEST_A_VALUE_U16_MAX:
			req->has.u16_max = true;
			req->u16_max = nla_get_u16(attr);
			break;
		case NLKIT_TEST_A_VALUE_U32_MIN:
			req->has.u32_min = true;
			req->u32_min = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_U32_RANGE:
			req->has.u32_range = true;
			req->u32_range = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_U64_RANGE:
			req->has.u64_range = true;
			req->u64_range = nla_get_u64(attr);
			break;
		case NLKIT_TEST_A_VALUE_S8_RANGE:
			req->has.s8_range = true;
			req->s8_range = nla_get_s8(attr);
			break;
		case NLKIT_TEST_A_VALUE_S16_RANGE:
			req->has.s16_range = true;
			req->s16_range = nla_get_s16(attr);
			break;
		case NLKIT_TEST_A_VALUE_S32_RANGE:
			req->has.s32_range = true;
			req->s32_range = nla_get_s32(attr);
			break;
		case NLKIT_TEST_A_VALUE_S64_RANGE:
			req->has.s64_range = true;
			req->s64_range = nla_get_s64(attr);
			break;
		case NLKIT_TEST_A_VALUE_UINT_RANGE:
			req->has.uint_range = true;
			req->uint_range = nlk_get_uint(attr);
			break;
		case NLKIT_TEST_A_VALUE_SINT_RANGE:
			req->has.sint_range = true;
			req->sint_range = nlk_get_sint(attr);
			break;
		case NLKIT_TEST_A_VALUE_BE16_RANGE:
			req->has.be16_range = true;
			req->be16_range = nla_get_be16(attr);
			break;
		case NLKIT_TEST_A_VALUE_BE32_MAX:
			req->has.be32_max = true;
			req->be32_max = nla_get_be32(attr);
			break;
		case NLKIT_TEST_A_VALUE_DENSE:
			req->has.dense = true;
			req->dense = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_DENSE_SMALL:
			req->has.dense_small = true;
			req->dense_small = nla_get_u8(attr);
			break;
		case NLKIT_TEST_A_VALUE_SPARSE:
			req->has.sparse = true;
			req->sparse = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_FLAGS:
			req->has.flags = true;
			req->flags = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_ENUM_FLAGS:
			req->has.enum_flags = true;
			req->enum_flags = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_VALUE_MASK:
			req->has.mask = true;
			req->mask = nla_get_u16(attr);
			break;
		case NLKIT_TEST_A_VALUE_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		case NLKIT_TEST_A_VALUE_TEXT_MAX:
			req->has.text_max = true;
			req->text_max = nla_data(attr);
			break;
		case NLKIT_TEST_A_VALUE_TEXT_RAW:
			req->has.text_raw = true;
			req->text_raw = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_DATA:
			req->has.data = true;
			req->data = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_DATA_MIN:
			req->has.data_min = true;
			req->data_min = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_DATA_EXACT:
			req->has.data_exact = true;
			req->data_exact = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_DATA_RANGE:
			req->has.data_range = true;
			req->data_range = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_FLAG:
			req->flag = true;
			break;
		case NLKIT_TEST_A_VALUE_BITS:
			req->has.bits = true;
			req->bits = nla_get_bitfield32(attr);
			break;
		case NLKIT_TEST_A_VALUE_POINT:
			req->has.point = true;
			nla_memcpy(&req->point, attr, sizeof(req->point));
			break;
		case NLKIT_TEST_A_VALUE_PACKED:
			req->has.packed = true;
			req->packed = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_VALUE_NEST:
			req->has.nest = true;
			req->nest = attr;
			break;
		case NLKIT_TEST_A_VALUE_ARRAY_U32:
			ret = nlk_check_entries(attr, sizeof(u32), extack);
			if (ret)
				return ret;
			req->has.array_u32 = true;
			req->array_u32 = nlk_attrs_in(attr);
			break;
		case NLKIT_TEST_A_VALUE_ARRAY_NEST:
			req->has.array_nest = true;
			req->array_nest = nlk_attrs_in(attr);
			break;
		case NLKIT_TEST_A_VALUE_ARRAY_DATA:
			req->has.array_data = true;
			req->array_data = nlk_attrs_in(attr);
			break;
		case NLKIT_TEST_A_VALUE_TREE:
			ret = nlk_check_nests(attr, 2, ARRAY_SIZE(nlkit_test_deep_policy) - 1,
					      nlkit_test_deep_policy, extack);
			if (ret)
				return ret;
			req->has.tree = true;
			req->tree = nlk_attrs_in(attr);
			break;
		case NLKIT_TEST_A_VALUE_TEXT_MIN:
			req->has.text_min = true;
			req->text_min = nla_data(attr);
			break;
		case NLKIT_TEST_A_VALUE_TEXT_EXACT:
			req->has.text_exact = true;
			req->text_exact = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_echo_all_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_echo_all_req *req;
	struct nlk_msg reply;
	int ret;

	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	ret = nlkit_test_echo_all_req_read(req, info->nlhdr, info->extack);
	if (ret)
		goto free;
	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_ECHO_ALL);
	if (ret)
		goto free;
	ret = nlk_reply_end(&reply, info,
			    nlkit_test_do_echo_all(info, req, &reply));
free:
	kfree(req);
	return ret;
}

static const struct nla_policy nlkit_test_item_get_do_policy[NLKIT_TEST_A_ITEM_ID + 1] = {
	[NLKIT_TEST_A_ITEM_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_item_id_range)),
};

static const struct nla_policy nlkit_test_item_get_dump_policy[NLKIT_TEST_A_ITEM_COLOUR + 1] = {
	[NLKIT_TEST_A_ITEM_COLOUR] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_COLOUR_BLUE),
};

/* Both in one, for kernels that have one policy for a command. */
#if !NLK_SPLIT_OPS
static const struct nla_policy nlkit_test_item_get_union_policy[NLKIT_TEST_A_ITEM_COLOUR + 1] = {
	[NLKIT_TEST_A_ITEM_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_item_id_range)),
	[NLKIT_TEST_A_ITEM_COLOUR] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_COLOUR_BLUE),
};

#endif

static int nlkit_test_item_get_req_read(struct nlkit_test_item_get_req *req,
					const struct nlmsghdr *nlh,
					struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_ITEM_ID:
			req->has.id = true;
			req->id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int
nlkit_test_item_get_dump_req_read(struct nlkit_test_item_get_dump_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_ITEM_COLOUR:
			req->has.colour = true;
			req->colour = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_item_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_item_get_req req;
	struct nlk_msg reply;
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(info->nlhdr, 0, NLKIT_TEST_A_ITEM_ID,
				   nlkit_test_item_get_do_policy,
				   NL_VALIDATE_STRICT, info->extack);
		if (ret)
			return ret;
	}
	ret = nlkit_test_item_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_ITEM_GET);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     nlkit_test_do_item_get(info, &req, &reply));
}

static int nlkit_test_item_get_dump_start(struct netlink_callback *cb)
{
	if (NLK_SPLIT_OPS)
		return 0;
	return nlk_validate(cb->nlh, 0, NLKIT_TEST_A_ITEM_COLOUR,
			    nlkit_test_item_get_dump_policy, NL_VALIDATE_STRICT,
			    cb->extack);
}

static int nlkit_test_item_get_dump_entry(struct nlk_dump *d, const void *req,
					  struct nlk_msg *entry)
{
	return nlkit_test_dump_item_get(d, req, entry);
}

static int nlkit_test_item_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	struct nlkit_test_item_get_dump_req req;
	int ret;

	ret = nlkit_test_item_get_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &nlkit_test_family,
			    NLKIT_TEST_CMD_ITEM_GET,
			    nlkit_test_item_get_dump_entry, &req);
}

static const struct nla_policy nlkit_test_item_set_policy[NLKIT_TEST_A_ITEM_DATA + 1] = {
	[NLKIT_TEST_A_ITEM_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_item_id_range)),
	[NLKIT_TEST_A_ITEM_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[NLKIT_TEST_A_ITEM_COLOUR] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_COLOUR_BLUE),
	[NLKIT_TEST_A_ITEM_DATA] = { .type = NLA_BINARY, .len = 256, },
};

static int nlkit_test_item_set_req_read(struct nlkit_test_item_set_req *req,
					const struct nlmsghdr *nlh,
					struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_ITEM_ID:
			req->has.id = true;
			req->id = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_ITEM_NAME:
			req->has.name = true;
			req->name = nla_data(attr);
			break;
		case NLKIT_TEST_A_ITEM_COLOUR:
			req->has.colour = true;
			req->colour = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_ITEM_DATA:
			req->has.data = true;
			req->data = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_item_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_item_set_req req;
	int ret;

	ret = nlkit_test_item_set_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_item_set(info, &req);
}

static const struct nla_policy nlkit_test_item_del_policy[NLKIT_TEST_A_ITEM_ID + 1] = {
	[NLKIT_TEST_A_ITEM_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_item_id_range)),
};

static int nlkit_test_item_del_req_read(struct nlkit_test_item_del_req *req,
					const struct nlmsghdr *nlh,
					struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_ITEM_ID:
			req->has.id = true;
			req->id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_item_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_item_del_req req;
	int ret;

	ret = nlkit_test_item_del_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_item_del(info, &req);
}

static const struct nla_policy nlkit_test_series_do_policy[NLKIT_TEST_A_SERIES_SIZE + 1] = {
	[NLKIT_TEST_A_SERIES_ENTRIES] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_series_entries_range)),
	[NLKIT_TEST_A_SERIES_SIZE] = NLA_POLICY_MAX(NLA_U32, 32000),
};

static const struct nla_policy nlkit_test_series_dump_policy[NLKIT_TEST_A_SERIES_CHANGE_AT + 1] = {
	[NLKIT_TEST_A_SERIES_ENTRIES] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_series_entries_range)),
	[NLKIT_TEST_A_SERIES_SIZE] = NLA_POLICY_MAX(NLA_U32, 32000),
	[NLKIT_TEST_A_SERIES_CHANGE_AT] = NLA_POLICY_MIN(NLA_U32, 2),
};

static int nlkit_test_series_req_read(struct nlkit_test_series_req *req,
				      const struct nlmsghdr *nlh,
				      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_SERIES_ENTRIES:
			req->has.entries = true;
			req->entries = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_SERIES_SIZE:
			req->has.size = true;
			req->size = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int
nlkit_test_series_dump_req_read(struct nlkit_test_series_dump_req *req,
				const struct nlmsghdr *nlh,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_SERIES_ENTRIES:
			req->has.entries = true;
			req->entries = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_SERIES_SIZE:
			req->has.size = true;
			req->size = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_SERIES_CHANGE_AT:
			req->has.change_at = true;
			req->change_at = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_series_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_series_req req;
	struct nlk_msg reply;
	int ret;

	if (!NLK_SPLIT_OPS) {
		ret = nlk_validate(info->nlhdr, 0, NLKIT_TEST_A_SERIES_SIZE,
				   nlkit_test_series_do_policy,
				   NL_VALIDATE_STRICT, info->extack);
		if (ret)
			return ret;
	}
	ret = nlkit_test_series_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlkit_test_series_do_pre(info);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_SERIES);
	if (ret)
		goto post;
	ret = nlk_reply_end(&reply, info,
			    nlkit_test_do_series(info, &req, &reply));
post:
	nlkit_test_series_do_post(info);
	return ret;
}

static int nlkit_test_series_dump_start(struct netlink_callback *cb)
{
	return nlk_dump_start(cb, nlkit_test_series_dump_pre);
}

static int nlkit_test_series_dump_entry(struct nlk_dump *d, const void *req,
					struct nlk_msg *entry)
{
	return nlkit_test_dump_series(d, req, entry);
}

static int nlkit_test_series_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct nlkit_test_series_dump_req req;
	int ret;

	ret = nlkit_test_series_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &nlkit_test_family, NLKIT_TEST_CMD_SERIES,
			    nlkit_test_series_dump_entry, &req);
}

static int nlkit_test_series_dump_done(struct netlink_callback *cb)
{
	nlk_dump_done(cb, nlkit_test_series_dump_post);
	return 0;
}

static const struct nla_policy nlkit_test_fail_policy[NLKIT_TEST_A_FAULT_NEST + 1] = {
	[NLKIT_TEST_A_FAULT_ERRNO] = NLA_POLICY_RANGE(NLA_U32, 1, 133),
	[NLKIT_TEST_A_FAULT_TEXT] = { .type = NLA_NUL_STRING, .len = 200, },
	[NLKIT_TEST_A_FAULT_BAD_ATTR] = { .type = NLA_U32, },
	[NLKIT_TEST_A_FAULT_BAD_INNER] = { .type = NLA_FLAG, },
	[NLKIT_TEST_A_FAULT_POLICY] = NLA_POLICY_MAX(NLA_U32, NLKIT_TEST_SHAPE_FLAG),
	[NLKIT_TEST_A_FAULT_MISSING_TYPE] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_fault_missing_type_range)),
	[NLKIT_TEST_A_FAULT_MISSING_NEST] = { .type = NLA_FLAG, },
	[NLKIT_TEST_A_FAULT_COOKIE] = { .type = NLA_BINARY, .len = 20, },
	[NLKIT_TEST_A_FAULT_NEST] = NLA_POLICY_NESTED(nlkit_test_deep_policy),
};

static int nlkit_test_fail_req_read(struct nlkit_test_fail_req *req,
				    const struct nlmsghdr *nlh,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_FAULT_ERRNO:
			req->has.errno = true;
			req->errno = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_FAULT_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		case NLKIT_TEST_A_FAULT_BAD_ATTR:
			req->has.bad_attr = true;
			req->bad_attr = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_FAULT_BAD_INNER:
			req->bad_inner = true;
			break;
		case NLKIT_TEST_A_FAULT_POLICY:
			req->has.policy = true;
			req->policy = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_FAULT_MISSING_TYPE:
			req->has.missing_type = true;
			req->missing_type = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_FAULT_MISSING_NEST:
			req->missing_nest = true;
			break;
		case NLKIT_TEST_A_FAULT_COOKIE:
			req->has.cookie = true;
			req->cookie = nlk_bytes_of(attr);
			break;
		case NLKIT_TEST_A_FAULT_NEST:
			req->has.nest = true;
			req->nest = attr;
			break;
		}
	}
	return 0;
}

static int nlkit_test_fail_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_fail_req req;
	int ret;

	ret = nlkit_test_fail_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_fail(info, &req);
}

static const struct nla_policy nlkit_test_warn_policy[NLKIT_TEST_A_FAULT_COOKIE + 1] = {
	[NLKIT_TEST_A_FAULT_TEXT] = { .type = NLA_NUL_STRING, .len = 200, },
	[NLKIT_TEST_A_FAULT_COOKIE] = { .type = NLA_BINARY, .len = 20, },
};

static int nlkit_test_warn_req_read(struct nlkit_test_warn_req *req,
				    const struct nlmsghdr *nlh,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_FAULT_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		case NLKIT_TEST_A_FAULT_COOKIE:
			req->has.cookie = true;
			req->cookie = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_warn_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_warn_req req;
	int ret;

	ret = nlkit_test_warn_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_warn(info, &req);
}

static const struct nla_policy nlkit_test_fail_dump_policy[NLKIT_TEST_A_FAULT_ENTRIES + 1] = {
	[NLKIT_TEST_A_FAULT_ERRNO] = NLA_POLICY_RANGE(NLA_U32, 1, 133),
	[NLKIT_TEST_A_FAULT_TEXT] = { .type = NLA_NUL_STRING, .len = 200, },
	[NLKIT_TEST_A_FAULT_ENTRIES] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(nlkit_test_fault_entries_range)),
};

static int nlkit_test_fail_dump_req_read(struct nlkit_test_fail_dump_req *req,
					 const struct nlmsghdr *nlh,
					 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_FAULT_ERRNO:
			req->has.errno = true;
			req->errno = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_FAULT_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		case NLKIT_TEST_A_FAULT_ENTRIES:
			req->has.entries = true;
			req->entries = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_fail_dump_dump_entry(struct nlk_dump *d, const void *req,
					   struct nlk_msg *entry)
{
	return nlkit_test_dump_fail_dump(d, req, entry);
}

static int nlkit_test_fail_dump_dumpit(struct sk_buff *skb,
				       struct netlink_callback *cb)
{
	struct nlkit_test_fail_dump_req req;
	int ret;

	ret = nlkit_test_fail_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &nlkit_test_family,
			    NLKIT_TEST_CMD_FAIL_DUMP,
			    nlkit_test_fail_dump_dump_entry, &req);
}

static const struct nla_policy nlkit_test_need_policy[NLKIT_TEST_A_NEED_INNER + 1] = {
	[NLKIT_TEST_A_NEED_ID] = { .type = NLA_U32, },
	[NLKIT_TEST_A_NEED_INNER] = NLA_POLICY_NESTED(nlkit_test_inner_policy),
};

static int nlkit_test_need_req_read(struct nlkit_test_need_req *req,
				    const struct nlmsghdr *nlh,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_NEED_ID:
			req->has.id = true;
			req->id = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_NEED_INNER:
			req->has.inner = true;
			req->inner = attr;
			break;
		}
	}
	return 0;
}

static int nlkit_test_need_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_need_req req;
	int ret;

	ret = nlkit_test_need_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_need(info, &req);
}

static const struct nla_policy nlkit_test_burst_policy[NLKIT_TEST_A_BURST_SIZE + 1] = {
	[NLKIT_TEST_A_BURST_COUNT] = NLA_POLICY_RANGE(NLA_U32, 1, NLKIT_TEST_BURST_MAX),
	[NLKIT_TEST_A_BURST_SIZE] = NLA_POLICY_MAX(NLA_U32, 4096),
};

static int nlkit_test_burst_req_read(struct nlkit_test_burst_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_BURST_COUNT:
			req->has.count = true;
			req->count = nla_get_u32(attr);
			break;
		case NLKIT_TEST_A_BURST_SIZE:
			req->has.size = true;
			req->size = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_burst_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_burst_req req;
	struct nlk_msg reply;
	int ret;

	ret = nlkit_test_burst_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_BURST);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     nlkit_test_do_burst(info, &req, &reply));
}

static const struct nla_policy nlkit_test_whisper_policy[NLKIT_TEST_A_WHISPER_TEXT + 1] = {
	[NLKIT_TEST_A_WHISPER_TEXT] = { .type = NLA_NUL_STRING, .len = 64, },
};

static int nlkit_test_whisper_req_read(struct nlkit_test_whisper_req *req,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_WHISPER_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_whisper_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_whisper_req req;
	int ret;

	ret = nlkit_test_whisper_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_whisper(info, &req);
}

static const struct nla_policy nlkit_test_admin_policy[NLKIT_TEST_A_WHISPER_TEXT + 1] = {
	[NLKIT_TEST_A_WHISPER_TEXT] = { .type = NLA_NUL_STRING, .len = 64, },
};

static int nlkit_test_admin_req_read(struct nlkit_test_admin_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_WHISPER_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_admin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_admin_req req;
	int ret;

	ret = nlkit_test_admin_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_admin(info, &req);
}

static const struct nla_policy nlkit_test_uns_admin_policy[NLKIT_TEST_A_WHISPER_TEXT + 1] = {
	[NLKIT_TEST_A_WHISPER_TEXT] = { .type = NLA_NUL_STRING, .len = 64, },
};

static int nlkit_test_uns_admin_req_read(struct nlkit_test_uns_admin_req *req,
					 const struct nlmsghdr *nlh,
					 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_WHISPER_TEXT:
			req->has.text = true;
			req->text = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_uns_admin_doit(struct sk_buff *skb,
				     struct genl_info *info)
{
	struct nlkit_test_uns_admin_req req;
	int ret;

	ret = nlkit_test_uns_admin_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return nlkit_test_do_uns_admin(info, &req);
}

static int nlkit_test_strict_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nlkit_test_do_strict(info);
}

static const struct nla_policy nlkit_test_lax_policy[NLKIT_TEST_A_VALUE_U32_ANY + 1] = {
	[NLKIT_TEST_A_VALUE_U8_ANY] = { .type = NLA_U8, },
	[NLKIT_TEST_A_VALUE_U32_ANY] = { .type = NLA_U32, },
};

static int nlkit_test_lax_req_read(struct nlkit_test_lax_req *req,
				   const struct nlmsghdr *nlh,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case NLKIT_TEST_A_VALUE_U8_ANY:
			req->has.u8_any = true;
			req->u8_any = nla_get_u8(attr);
			break;
		case NLKIT_TEST_A_VALUE_U32_ANY:
			req->has.u32_any = true;
			req->u32_any = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int nlkit_test_lax_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlkit_test_lax_req req;
	struct nlk_msg reply;
	int ret;

	ret = nlkit_test_lax_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_LAX);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     nlkit_test_do_lax(info, &req, &reply));
}

static int nlkit_test_stats_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlk_msg reply;
	int ret;

	ret = nlk_reply_begin(&reply, &nlkit_test_family, info,
			      NLKIT_TEST_CMD_STATS);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info, nlkit_test_do_stats(info, &reply));
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops nlkit_test_ops[] = {
	{
		.cmd		= NLKIT_TEST_CMD_ECHO_ALL,
		.doit		= nlkit_test_echo_all_doit,
		.policy		= nlkit_test_echo_all_policy,
		.maxattr	= NLKIT_TEST_A_VALUE_TEXT_EXACT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_GET,
		.doit		= nlkit_test_item_get_doit,
		.policy		= nlkit_test_item_get_do_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_ID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_GET,
		.start		= nlkit_test_item_get_dump_start,
		.dumpit		= nlkit_test_item_get_dumpit,
		.policy		= nlkit_test_item_get_dump_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_COLOUR,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_SET,
		.doit		= nlkit_test_item_set_doit,
		.policy		= nlkit_test_item_set_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_DATA,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_DEL,
		.doit		= nlkit_test_item_del_doit,
		.policy		= nlkit_test_item_del_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_ID,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_SERIES,
		.doit		= nlkit_test_series_doit,
		.policy		= nlkit_test_series_do_policy,
		.maxattr	= NLKIT_TEST_A_SERIES_SIZE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_SERIES,
		.start		= nlkit_test_series_dump_start,
		.dumpit		= nlkit_test_series_dumpit,
		.done		= nlkit_test_series_dump_done,
		.policy		= nlkit_test_series_dump_policy,
		.maxattr	= NLKIT_TEST_A_SERIES_CHANGE_AT,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NLKIT_TEST_CMD_FAIL,
		.doit		= nlkit_test_fail_doit,
		.policy		= nlkit_test_fail_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_NEST,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_WARN,
		.doit		= nlkit_test_warn_doit,
		.policy		= nlkit_test_warn_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_COOKIE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_FAIL_DUMP,
		.dumpit		= nlkit_test_fail_dump_dumpit,
		.policy		= nlkit_test_fail_dump_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_ENTRIES,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NLKIT_TEST_CMD_NEED,
		.doit		= nlkit_test_need_doit,
		.policy		= nlkit_test_need_policy,
		.maxattr	= NLKIT_TEST_A_NEED_INNER,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_BURST,
		.doit		= nlkit_test_burst_doit,
		.policy		= nlkit_test_burst_policy,
		.maxattr	= NLKIT_TEST_A_BURST_SIZE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_WHISPER,
		.doit		= nlkit_test_whisper_doit,
		.policy		= nlkit_test_whisper_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ADMIN,
		.doit		= nlkit_test_admin_doit,
		.policy		= nlkit_test_admin_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_UNS_ADMIN,
		.doit		= nlkit_test_uns_admin_doit,
		.policy		= nlkit_test_uns_admin_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_STRICT,
		.doit		= nlkit_test_strict_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NLKIT_TEST_CMD_LAX,
		.doit		= nlkit_test_lax_doit,
		.policy		= nlkit_test_lax_policy,
		.maxattr	= NLKIT_TEST_A_VALUE_U32_ANY,
		.flags		= GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= NLKIT_TEST_CMD_STATS,
		.doit		= nlkit_test_stats_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
		.flags		= GENL_CMD_CAP_DO,
	},
};
#else
static const struct genl_ops nlkit_test_ops[] = {
	{
		.cmd		= NLKIT_TEST_CMD_ECHO_ALL,
		.doit		= nlkit_test_echo_all_doit,
		.policy		= nlkit_test_echo_all_policy,
		.maxattr	= NLKIT_TEST_A_VALUE_TEXT_EXACT,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_GET,
		.doit		= nlkit_test_item_get_doit,
		.start		= nlkit_test_item_get_dump_start,
		.dumpit		= nlkit_test_item_get_dumpit,
		.policy		= nlkit_test_item_get_union_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_COLOUR,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_SET,
		.doit		= nlkit_test_item_set_doit,
		.policy		= nlkit_test_item_set_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_DATA,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ITEM_DEL,
		.doit		= nlkit_test_item_del_doit,
		.policy		= nlkit_test_item_del_policy,
		.maxattr	= NLKIT_TEST_A_ITEM_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NLKIT_TEST_CMD_SERIES,
		.doit		= nlkit_test_series_doit,
		.start		= nlkit_test_series_dump_start,
		.dumpit		= nlkit_test_series_dumpit,
		.done		= nlkit_test_series_dump_done,
		.policy		= nlkit_test_series_dump_policy,
		.maxattr	= NLKIT_TEST_A_SERIES_CHANGE_AT,
	},
	{
		.cmd		= NLKIT_TEST_CMD_FAIL,
		.doit		= nlkit_test_fail_doit,
		.policy		= nlkit_test_fail_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_NEST,
	},
	{
		.cmd		= NLKIT_TEST_CMD_WARN,
		.doit		= nlkit_test_warn_doit,
		.policy		= nlkit_test_warn_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_COOKIE,
	},
	{
		.cmd		= NLKIT_TEST_CMD_FAIL_DUMP,
		.dumpit		= nlkit_test_fail_dump_dumpit,
		.policy		= nlkit_test_fail_dump_policy,
		.maxattr	= NLKIT_TEST_A_FAULT_ENTRIES,
	},
	{
		.cmd		= NLKIT_TEST_CMD_NEED,
		.doit		= nlkit_test_need_doit,
		.policy		= nlkit_test_need_policy,
		.maxattr	= NLKIT_TEST_A_NEED_INNER,
	},
	{
		.cmd		= NLKIT_TEST_CMD_BURST,
		.doit		= nlkit_test_burst_doit,
		.policy		= nlkit_test_burst_policy,
		.maxattr	= NLKIT_TEST_A_BURST_SIZE,
	},
	{
		.cmd		= NLKIT_TEST_CMD_WHISPER,
		.doit		= nlkit_test_whisper_doit,
		.policy		= nlkit_test_whisper_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
	},
	{
		.cmd		= NLKIT_TEST_CMD_ADMIN,
		.doit		= nlkit_test_admin_doit,
		.policy		= nlkit_test_admin_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= NLKIT_TEST_CMD_UNS_ADMIN,
		.doit		= nlkit_test_uns_admin_doit,
		.policy		= nlkit_test_uns_admin_policy,
		.maxattr	= NLKIT_TEST_A_WHISPER_TEXT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NLKIT_TEST_CMD_STRICT,
		.doit		= nlkit_test_strict_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
	},
	{
		.cmd		= NLKIT_TEST_CMD_LAX,
		.doit		= nlkit_test_lax_doit,
		.policy		= nlkit_test_lax_policy,
		.maxattr	= NLKIT_TEST_A_VALUE_U32_ANY,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= NLKIT_TEST_CMD_STATS,
		.doit		= nlkit_test_stats_doit,
		.policy		= nlk_no_attrs,
		.maxattr	= NLK_NO_ATTRS,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group nlkit_test_groups[] = {
	[NLKIT_TEST_GROUP_ITEMS] = {
		.name	= NLKIT_TEST_MCGRP_ITEMS,
	},
	[NLKIT_TEST_GROUP_BURST] = {
		.name	= NLKIT_TEST_MCGRP_BURST,
	},
};

/* ---- notifications ---- */

int nlkit_test_notify_item_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg)
{
	return nlk_multicast(&nlkit_test_family, net, NLKIT_TEST_GROUP_ITEMS,
			     NLKIT_TEST_CMD_ITEM_NTF, gfp, fill, arg);
}

int nlkit_test_send_item_ntf(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg)
{
	return nlk_unicast(&nlkit_test_family, net, portid,
			   NLKIT_TEST_CMD_ITEM_NTF, gfp, fill, arg);
}

int nlkit_test_notify_item_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				   const void *arg)
{
	return nlk_multicast(&nlkit_test_family, net, NLKIT_TEST_GROUP_ITEMS,
			     NLKIT_TEST_CMD_ITEM_DEL_NTF, gfp, fill, arg);
}

int nlkit_test_send_item_del_ntf(struct net *net, u32 portid, gfp_t gfp,
				 nlk_fill fill, const void *arg)
{
	return nlk_unicast(&nlkit_test_family, net, portid,
			   NLKIT_TEST_CMD_ITEM_DEL_NTF, gfp, fill, arg);
}

int nlkit_test_notify_burst_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg)
{
	return nlk_multicast(&nlkit_test_family, net, NLKIT_TEST_GROUP_BURST,
			     NLKIT_TEST_CMD_BURST_NTF, gfp, fill, arg);
}

int nlkit_test_send_burst_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	return nlk_unicast(&nlkit_test_family, net, portid,
			   NLKIT_TEST_CMD_BURST_NTF, gfp, fill, arg);
}

int nlkit_test_notify_whisper_ntf(struct net *net, enum nlkit_test_group group,
				  gfp_t gfp, nlk_fill fill, const void *arg)
{
	return nlk_multicast(&nlkit_test_family, net, group,
			     NLKIT_TEST_CMD_WHISPER_NTF, gfp, fill, arg);
}

int nlkit_test_send_whisper_ntf(struct net *net, u32 portid, gfp_t gfp,
				nlk_fill fill, const void *arg)
{
	return nlk_unicast(&nlkit_test_family, net, portid,
			   NLKIT_TEST_CMD_WHISPER_NTF, gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family nlkit_test_family __ro_after_init = {
	.name		= NLKIT_TEST_FAMILY_NAME,
	.version	= NLKIT_TEST_FAMILY_VERSION,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= nlkit_test_ops,
	.n_split_ops	= ARRAY_SIZE(nlkit_test_ops),
#else
	.ops		= nlkit_test_ops,
	.n_ops		= ARRAY_SIZE(nlkit_test_ops),
#endif
	NLK_RESV_START_OP(NLKIT_TEST_CMD_LAX + 1)
	.mcgrps		= nlkit_test_groups,
	.n_mcgrps	= ARRAY_SIZE(nlkit_test_groups),
};

MODULE_ALIAS_GENL_FAMILY(NLKIT_TEST_FAMILY_NAME);

static int __init nlkit_test_nl_init(void)
{
	int ret;

	ret = nlkit_test_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&nlkit_test_family);
	if (ret)
		goto teardown;
	ret = nlkit_test_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&nlkit_test_family);
teardown:
	nlkit_test_teardown();
	return ret;
}
module_init(nlkit_test_nl_init);

static void __exit nlkit_test_nl_exit(void)
{
	nlkit_test_stop();
	genl_unregister_family(&nlkit_test_family);
	nlkit_test_teardown();
}
module_exit(nlkit_test_nl_exit);
