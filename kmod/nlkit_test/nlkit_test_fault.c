// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors and warnings as they are asked for. The texts of the extended ACK are
 * those in the request: it lives until its ACK is sent, and that of a dump
 * until the dump has ended.
 */
#include "nlkit_test_main.h"

/* Not const: policies point to it as if they could change it before 6.7. */
static struct netlink_range_validation unsigned_range = {
	.min = 3,
	.max = 4000000000ULL,
};

static const struct nla_policy shapes[] = {
	[NLKIT_TEST_SHAPE_UNSIGNED_RANGE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &unsigned_range),
	[NLKIT_TEST_SHAPE_SIGNED_RANGE] = NLA_POLICY_RANGE(NLA_S64, -7, 9),
	[NLKIT_TEST_SHAPE_MASK] = NLA_POLICY_MASK(NLA_U16, 0x00f3),
	[NLKIT_TEST_SHAPE_TEXT] = { .type = NLA_NUL_STRING, .len = 12 },
	[NLKIT_TEST_SHAPE_BYTES] = NLA_POLICY_RANGE(NLA_BINARY, 2, 40),
	[NLKIT_TEST_SHAPE_BITS] = NLA_POLICY_BITFIELD32(0x0000ffff),
	[NLKIT_TEST_SHAPE_NEST] = { .type = NLA_NESTED },
	[NLKIT_TEST_SHAPE_FLAG] = { .type = NLA_FLAG },
};

static void set_missing(struct netlink_ext_ack *extack, u32 type,
			const struct nlattr *nest)
{
#ifdef NL_SET_ERR_ATTR_MISS /* since 6.1 */
	extack->miss_type = type;
	extack->miss_nest = nest;
#endif
}

static void set_cookie(struct netlink_ext_ack *extack, struct nlk_bytes cookie)
{
	extack->cookie_len = min_t(u32, cookie.len, sizeof(extack->cookie));
	memcpy(extack->cookie, cookie.data, extack->cookie_len);
}

static int refuse(struct genl_info *info, int type, const char *text)
{
	info->extack->_msg = text;
	info->extack->bad_attr = info->attrs[type];
	return -EINVAL;
}

/* The attribute that is to blame; NULL and *ret where there is none such. */
static const struct nlattr *blamed(struct genl_info *info,
				   const struct nlkit_test_fail_req *req,
				   int *ret)
{
	const struct nlattr *attr = NULL, *it;
	int rem;

	*ret = 0;
	if (req->has.bad_attr) {
		nla_for_each_attr(it, req->attrs.head, req->attrs.len, rem)
			if (nla_type(it) == req->bad_attr)
				attr = it;
		if (!attr)
			*ret = refuse(info, NLKIT_TEST_A_FAULT_BAD_ATTR,
				      "the request has no such attribute");
	}
	if (req->bad_inner && !*ret) {
		attr = nla_data(req->nest);
		if (!nla_ok(attr, nla_len(req->nest)))
			*ret = refuse(info, NLKIT_TEST_A_FAULT_NEST,
				      "the nest is empty");
	}
	return *ret ? NULL : attr;
}

int nlkit_test_do_fail(struct genl_info *info,
		       const struct nlkit_test_fail_req *req)
{
	struct netlink_ext_ack *extack = info->extack;
	const struct nlattr *attr;
	int ret;

	nlkit_test_called();
	if (!req->has.errno)
		return nlk_missing(extack, NULL, NLKIT_TEST_A_FAULT_ERRNO);
	if (req->errno == EINTR)
		return refuse(info, NLKIT_TEST_A_FAULT_ERRNO,
			      "EINTR would not be answered");
	if ((req->bad_inner || req->missing_nest) && !req->nest)
		return nlk_missing(extack, NULL, NLKIT_TEST_A_FAULT_NEST);
	attr = blamed(info, req, &ret);
	if (ret)
		return ret;

	extack->_msg = req->text;
	extack->bad_attr = attr;
	if (req->has.policy)
		extack->policy = &shapes[req->policy];
	if (req->has.cookie)
		set_cookie(extack, req->cookie);
	set_missing(extack, req->missing_type,
		    req->missing_nest ? req->nest : NULL);
	return -(int)req->errno;
}

int nlkit_test_do_warn(struct genl_info *info,
		       const struct nlkit_test_warn_req *req)
{
	nlkit_test_called();
	if (!req->has.text)
		return nlk_missing(info->extack, NULL,
				   NLKIT_TEST_A_FAULT_TEXT);
	info->extack->_msg = req->text;
	if (req->has.cookie)
		set_cookie(info->extack, req->cookie);
	return 0;
}

/* at.pos is the number of entries so far. */
int nlkit_test_dump_fail_dump(struct nlk_dump *d,
			      const struct nlkit_test_fail_dump_req *req,
			      struct nlk_msg *entry)
{
	nlkit_test_called();
	if (d->at.pos < req->entries) {
		nlkit_test_fault_put_index(entry, ++d->at.pos);
		return 1;
	}
	if (req->has.errno)
		d->extack->_msg = req->text;
	return -(int)req->errno;
}
