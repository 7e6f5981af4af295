// SPDX-License-Identifier: GPL-2.0-only
/*
 * echo-all: every attribute is read as what it is and put as what it is, so
 * that an answer proves the readers and the put helpers of all types.
 */
#include "nlkit_test_main.h"

/* What those that echo nests have in common. */
struct echo {
	struct nlk_msg *m;
	struct netlink_ext_ack *extack;
};

/* Refuses a nest that lies too deep: those of the request are at depth 1. */
static int echo_depth(const struct echo *e, const struct nlattr *nest,
		      int depth)
{
	if (depth <= NLKIT_TEST_DEPTH_MAX)
		return 0;
	NL_SET_ERR_MSG_ATTR(e->extack, nest, "nests more than 8 deep");
	return -EINVAL;
}

/* ---- nests ---- */

/* The contents of a nest of the set deep, which is at this depth. */
static int echo_deep(const struct echo *e, const struct nlattr *nest,
		     int depth)
{
	struct nlkit_test_deep deep;
	int ret;

	ret = echo_depth(e, nest, depth) ?:
	      nlkit_test_deep_read(&deep, nest, e->extack);
	if (ret)
		return ret;
	if (deep.has.value)
		nlkit_test_deep_put_value(e->m, deep.value);
	if (deep.has.colour)
		nlkit_test_deep_put_colour(e->m, deep.colour);
	if (deep.has.text)
		nlkit_test_deep_put_text(e->m, deep.text);
	return 0;
}

/* The same of inner, which calls itself as deep as echo_depth() allows. */
static int echo_inner(const struct echo *e, const struct nlattr *nest,
		      int depth)
{
	struct nlkit_test_inner inner;
	const struct nlattr *it;
	int ret, rem;

	ret = echo_depth(e, nest, depth) ?:
	      nlkit_test_inner_read(&inner, nest, e->extack);
	if (ret)
		return ret;
	if (inner.has.id)
		nlkit_test_inner_put_id(e->m, inner.id);
	if (inner.has.name)
		nlkit_test_inner_put_name(e->m, inner.name);
	if (inner.has.deep) {
		nlkit_test_inner_begin_deep(e->m);
		ret = echo_deep(e, inner.deep, depth + 1);
		if (ret)
			return ret;
		nlk_end(e->m);
	}
	if (inner.has.self) {
		nlkit_test_inner_begin_self(e->m);
		ret = echo_inner(e, inner.self, depth + 1);
		if (ret)
			return ret;
		nlk_end(e->m);
	}
	nlkit_test_inner_for_each_child(it, inner.attrs, rem) {
		nlkit_test_inner_begin_child(e->m);
		ret = echo_inner(e, it, depth + 1);
		if (ret)
			return ret;
		nlk_end(e->m);
	}
	if (inner.has.big)
		nlkit_test_inner_put_big(e->m, inner.big);
	return 0;
}

/* ---- what repeats, and what lies by index ---- */

static int echo_lists(const struct echo *e,
		      const struct nlkit_test_echo_all_req *req)
{
	const struct nlattr *it;
	struct nlk_bytes data;
	int ret, rem;

	nlkit_test_value_for_each_list_u32(it, req->attrs, rem)
		nlkit_test_value_put_list_u32(
			e->m, nlkit_test_value_get_list_u32(it));
	nlkit_test_value_for_each_list_u64(it, req->attrs, rem)
		nlkit_test_value_put_list_u64(
			e->m, nlkit_test_value_get_list_u64(it));
	nlkit_test_value_for_each_list_text(it, req->attrs, rem)
		nlkit_test_value_put_list_text(
			e->m, nlkit_test_value_get_list_text(it));
	nlkit_test_value_for_each_list_data(it, req->attrs, rem) {
		data = nlkit_test_value_get_list_data(it);
		nlkit_test_value_put_list_data(e->m, data.data, data.len);
	}
	nlkit_test_value_for_each_list_nest(it, req->attrs, rem) {
		nlkit_test_value_begin_list_nest(e->m);
		ret = echo_inner(e, it, 1);
		if (ret)
			return ret;
		nlk_end(e->m);
	}
	return 0;
}

static int echo_arrays(const struct echo *e,
		       const struct nlkit_test_echo_all_req *req)
{
	const struct nlattr *it;
	struct nlk_bytes data;
	int ret, rem;

	if (req->has.array_u32) {
		nlkit_test_value_begin_array_u32(e->m);
		nlkit_test_value_for_each_array_u32(it, req->array_u32, rem)
			nlkit_test_value_put_array_u32_entry(
				e->m, nla_type(it),
				nlkit_test_value_get_array_u32(it));
		nlk_end(e->m);
	}
	if (req->has.array_nest) {
		nlkit_test_value_begin_array_nest(e->m);
		nlkit_test_value_for_each_array_nest(it, req->array_nest, rem) {
			nlkit_test_value_begin_array_nest_entry(e->m,
								nla_type(it));
			ret = echo_inner(e, it, 2);
			if (ret)
				return ret;
			nlk_end(e->m);
		}
		nlk_end(e->m);
	}
	if (req->has.array_data) {
		nlkit_test_value_begin_array_data(e->m);
		nlkit_test_value_for_each_array_data(it, req->array_data, rem) {
			data = nlkit_test_value_get_array_data(it);
			nlkit_test_value_put_array_data_entry(
				e->m, nla_type(it), data.data, data.len);
		}
		nlk_end(e->m);
	}
	return 0;
}

static int echo_tree(const struct echo *e,
		     const struct nlkit_test_echo_all_req *req)
{
	const struct nlattr *row, *column;
	int ret, rem, left;

	if (!req->has.tree)
		return 0;
	nlkit_test_value_begin_tree(e->m);
	nlkit_test_value_for_each_tree(row, req->tree, rem) {
		nlkit_test_value_begin_tree_row(e->m, nla_type(row));
		nlk_for_each_entry(column, nlk_attrs_in(row), left) {
			nlkit_test_value_begin_tree_column(e->m,
							   nla_type(column));
			ret = echo_deep(e, column, 3);
			if (ret)
				return ret;
			nlk_end(e->m);
		}
		nlk_end(e->m);
	}
	nlk_end(e->m);
	return 0;
}

/* ---- one of each ---- */

#define ECHO(attr)                                                             \
	do {                                                                   \
		if (req->has.attr)                                             \
			nlkit_test_value_put_##attr(m, req->attr);             \
	} while (0)

#define ECHO_BYTES(attr)                                                       \
	do {                                                                   \
		if (req->has.attr)                                             \
			nlkit_test_value_put_##attr(m, req->attr.data,         \
						    req->attr.len);            \
	} while (0)

static void echo_numbers(struct nlk_msg *m,
			 const struct nlkit_test_echo_all_req *req)
{
	ECHO(u8_any);
	ECHO(u16_any);
	ECHO(u32_any);
	ECHO(u64_any);
	ECHO(s8_any);
	ECHO(s16_any);
	ECHO(s32_any);
	ECHO(s64_any);
	ECHO(uint_any);
	ECHO(sint_any);
	ECHO(be16_any);
	ECHO(be32_any);
	ECHO(be64_any);
	ECHO(u8_range);
	ECHO(u16_max);
	ECHO(u32_min);
	ECHO(u32_range);
	ECHO(u64_range);
	ECHO(s8_range);
	ECHO(s16_range);
	ECHO(s32_range);
	ECHO(s64_range);
	ECHO(uint_range);
	ECHO(sint_range);
	ECHO(be16_range);
	ECHO(be32_max);
	ECHO(dense);
	ECHO(dense_small);
	ECHO(sparse);
	ECHO(flags);
	ECHO(enum_flags);
	ECHO(mask);
}

static void echo_bytes(struct nlk_msg *m,
		       const struct nlkit_test_echo_all_req *req)
{
	ECHO(text);
	ECHO(text_max);
	ECHO_BYTES(text_raw);
	ECHO_BYTES(data);
	ECHO_BYTES(data_min);
	ECHO_BYTES(data_exact);
	ECHO_BYTES(data_range);
	if (req->flag)
		nlkit_test_value_put_flag(m);
	if (req->has.bits)
		nlkit_test_value_put_bits(m, req->bits.value,
					  req->bits.selector);
	if (req->has.point)
		nlkit_test_value_put_point(m, &req->point);
	if (req->has.packed)
		nlkit_test_value_put_packed(m, req->packed.data,
					    req->packed.len / sizeof(u32));
}

int nlkit_test_do_echo_all(struct genl_info *info,
			   const struct nlkit_test_echo_all_req *req,
			   struct nlk_msg *reply)
{
	struct echo e = { .m = reply, .extack = info->extack };
	struct nlk_msg *m = reply;
	int ret;

	nlkit_test_called();
	echo_numbers(m, req);
	echo_bytes(m, req);
	if (req->has.nest) {
		nlkit_test_value_begin_nest(m);
		ret = echo_inner(&e, req->nest, 1);
		if (ret)
			return ret;
		nlk_end(m);
	}
	ret = echo_lists(&e, req) ?:
	      echo_arrays(&e, req) ?:
	      echo_tree(&e, req);
	if (ret)
		return ret;
	ECHO(text_min);
	ECHO(text_exact);
	return 0;
}
