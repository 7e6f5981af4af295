// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from ovpn.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "ovpn_nl.h"

/* ---- checks ---- */

static const struct netlink_range_validation ovpn_peer_id_range = {
	.min = 0,
	.max = 16777215,
};

static int ovpn_peer_remote_port_check(const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	u16 v = be16_to_cpu(nla_get_be16(attr));

	if (v < 1)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static int ovpn_peer_local_port_check(const struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	u16 v = be16_to_cpu(nla_get_be16(attr));

	if (v < 1)
		return nlk_out_of_range(attr, extack);
	return 0;
}

static const struct netlink_range_validation ovpn_peer_keepalive_interval_range = {
	.min = 0,
	.max = 86400,
};

static const struct netlink_range_validation ovpn_peer_keepalive_timeout_range = {
	.min = 0,
	.max = 86400,
};

static const struct netlink_range_validation ovpn_peer_tx_id_range = {
	.min = 0,
	.max = 16777215,
};

static const struct netlink_range_validation ovpn_keyconf_peer_id_range = {
	.min = 0,
	.max = 16777215,
};

/* ---- policies of nests ---- */

static const struct nla_policy ovpn_peer_new_input_policy[OVPN_A_PEER_TX_ID + 1] = {
	[OVPN_A_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_id_range)),
	[OVPN_A_PEER_REMOTE_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_REMOTE_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID] = { .type = NLA_U32, },
	[OVPN_A_PEER_REMOTE_PORT] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, ovpn_peer_remote_port_check),
	[OVPN_A_PEER_SOCKET] = { .type = NLA_U32, },
	[OVPN_A_PEER_VPN_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_VPN_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_LOCAL_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_LOCAL_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_KEEPALIVE_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_interval_range)),
	[OVPN_A_PEER_KEEPALIVE_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_timeout_range)),
	[OVPN_A_PEER_TX_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_tx_id_range)),
};

static const struct nla_policy ovpn_peer_set_input_policy[OVPN_A_PEER_TX_ID + 1] = {
	[OVPN_A_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_id_range)),
	[OVPN_A_PEER_REMOTE_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_REMOTE_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID] = { .type = NLA_U32, },
	[OVPN_A_PEER_REMOTE_PORT] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, ovpn_peer_remote_port_check),
	[OVPN_A_PEER_VPN_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_VPN_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_LOCAL_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_LOCAL_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_KEEPALIVE_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_interval_range)),
	[OVPN_A_PEER_KEEPALIVE_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_timeout_range)),
	[OVPN_A_PEER_TX_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_tx_id_range)),
};

static const struct nla_policy ovpn_peer_policy[OVPN_A_PEER_TX_ID + 1] = {
	[OVPN_A_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_id_range)),
	[OVPN_A_PEER_REMOTE_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_REMOTE_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID] = { .type = NLA_U32, },
	[OVPN_A_PEER_REMOTE_PORT] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, ovpn_peer_remote_port_check),
	[OVPN_A_PEER_SOCKET] = { .type = NLA_U32, },
	[OVPN_A_PEER_SOCKET_NETNSID] = { .type = NLA_S32, },
	[OVPN_A_PEER_VPN_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_VPN_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_LOCAL_IPV4] = { .type = NLK_BE32, },
	[OVPN_A_PEER_LOCAL_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[OVPN_A_PEER_LOCAL_PORT] = NLA_POLICY_VALIDATE_FN(NLK_FN_BE16, ovpn_peer_local_port_check),
	[OVPN_A_PEER_KEEPALIVE_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_interval_range)),
	[OVPN_A_PEER_KEEPALIVE_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_keepalive_timeout_range)),
	[OVPN_A_PEER_DEL_REASON] = NLA_POLICY_MAX(NLA_U32, OVPN_DEL_PEER_REASON_TRANSPORT_DISCONNECT),
	[OVPN_A_PEER_VPN_RX_BYTES] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_VPN_TX_BYTES] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_VPN_RX_PACKETS] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_VPN_TX_PACKETS] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_LINK_RX_BYTES] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_LINK_TX_BYTES] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_LINK_RX_PACKETS] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_LINK_TX_PACKETS] = NLK_POLICY_UINT(nlk_check_uint, { .type = NLA_UINT, }),
	[OVPN_A_PEER_TX_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_tx_id_range)),
};

static const struct nla_policy ovpn_peer_del_input_policy[OVPN_A_PEER_ID + 1] = {
	[OVPN_A_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_peer_id_range)),
};

static const struct nla_policy ovpn_keydir_policy[OVPN_A_KEYDIR_NONCE_TAIL + 1] = {
	[OVPN_A_KEYDIR_CIPHER_KEY] = { .type = NLA_BINARY, .len = 256, },
	[OVPN_A_KEYDIR_NONCE_TAIL] = NLA_POLICY_EXACT_LEN(OVPN_NONCE_TAIL_SIZE),
};

static const struct nla_policy ovpn_keyconf_policy[OVPN_A_KEYCONF_DECRYPT_DIR + 1] = {
	[OVPN_A_KEYCONF_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_keyconf_peer_id_range)),
	[OVPN_A_KEYCONF_SLOT] = NLA_POLICY_MAX(NLA_U32, OVPN_KEY_SLOT_SECONDARY),
	[OVPN_A_KEYCONF_KEY_ID] = NLA_POLICY_MAX(NLA_U32, 7),
	[OVPN_A_KEYCONF_CIPHER_ALG] = NLA_POLICY_MAX(NLA_U32, OVPN_CIPHER_ALG_CHACHA20_POLY1305),
	[OVPN_A_KEYCONF_ENCRYPT_DIR] = NLA_POLICY_NESTED(ovpn_keydir_policy),
	[OVPN_A_KEYCONF_DECRYPT_DIR] = NLA_POLICY_NESTED(ovpn_keydir_policy),
};

static const struct nla_policy ovpn_keyconf_get_policy[OVPN_A_KEYCONF_CIPHER_ALG + 1] = {
	[OVPN_A_KEYCONF_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_keyconf_peer_id_range)),
	[OVPN_A_KEYCONF_SLOT] = NLA_POLICY_MAX(NLA_U32, OVPN_KEY_SLOT_SECONDARY),
	[OVPN_A_KEYCONF_KEY_ID] = NLA_POLICY_MAX(NLA_U32, 7),
	[OVPN_A_KEYCONF_CIPHER_ALG] = NLA_POLICY_MAX(NLA_U32, OVPN_CIPHER_ALG_CHACHA20_POLY1305),
};

static const struct nla_policy ovpn_keyconf_swap_input_policy[OVPN_A_KEYCONF_PEER_ID + 1] = {
	[OVPN_A_KEYCONF_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_keyconf_peer_id_range)),
};

static const struct nla_policy ovpn_keyconf_del_input_policy[OVPN_A_KEYCONF_SLOT + 1] = {
	[OVPN_A_KEYCONF_PEER_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, NLK_RANGE(ovpn_keyconf_peer_id_range)),
	[OVPN_A_KEYCONF_SLOT] = NLA_POLICY_MAX(NLA_U32, OVPN_KEY_SLOT_SECONDARY),
};

/* ---- nests ---- */

int ovpn_peer_new_input_read(struct ovpn_peer_new_input *out,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_PEER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV4:
			out->has.remote_ipv4 = true;
			out->remote_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6:
			out->has.remote_ipv6 = true;
			out->remote_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID:
			out->has.remote_ipv6_scope_id = true;
			out->remote_ipv6_scope_id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_PORT:
			out->has.remote_port = true;
			out->remote_port = nla_get_be16(attr);
			break;
		case OVPN_A_PEER_SOCKET:
			out->has.socket = true;
			out->socket = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_VPN_IPV4:
			out->has.vpn_ipv4 = true;
			out->vpn_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_VPN_IPV6:
			out->has.vpn_ipv6 = true;
			out->vpn_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV4:
			out->has.local_ipv4 = true;
			out->local_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV6:
			out->has.local_ipv6 = true;
			out->local_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_INTERVAL:
			out->has.keepalive_interval = true;
			out->keepalive_interval = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_TIMEOUT:
			out->has.keepalive_timeout = true;
			out->keepalive_timeout = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_TX_ID:
			out->has.tx_id = true;
			out->tx_id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_peer_set_input_read(struct ovpn_peer_set_input *out,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_PEER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV4:
			out->has.remote_ipv4 = true;
			out->remote_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6:
			out->has.remote_ipv6 = true;
			out->remote_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID:
			out->has.remote_ipv6_scope_id = true;
			out->remote_ipv6_scope_id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_PORT:
			out->has.remote_port = true;
			out->remote_port = nla_get_be16(attr);
			break;
		case OVPN_A_PEER_VPN_IPV4:
			out->has.vpn_ipv4 = true;
			out->vpn_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_VPN_IPV6:
			out->has.vpn_ipv6 = true;
			out->vpn_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV4:
			out->has.local_ipv4 = true;
			out->local_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV6:
			out->has.local_ipv6 = true;
			out->local_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_INTERVAL:
			out->has.keepalive_interval = true;
			out->keepalive_interval = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_TIMEOUT:
			out->has.keepalive_timeout = true;
			out->keepalive_timeout = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_TX_ID:
			out->has.tx_id = true;
			out->tx_id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_peer_read(struct ovpn_peer *out, const struct nlattr *nest,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_PEER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV4:
			out->has.remote_ipv4 = true;
			out->remote_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6:
			out->has.remote_ipv6 = true;
			out->remote_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID:
			out->has.remote_ipv6_scope_id = true;
			out->remote_ipv6_scope_id = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_REMOTE_PORT:
			out->has.remote_port = true;
			out->remote_port = nla_get_be16(attr);
			break;
		case OVPN_A_PEER_SOCKET:
			out->has.socket = true;
			out->socket = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_SOCKET_NETNSID:
			out->has.socket_netnsid = true;
			out->socket_netnsid = nla_get_s32(attr);
			break;
		case OVPN_A_PEER_VPN_IPV4:
			out->has.vpn_ipv4 = true;
			out->vpn_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_VPN_IPV6:
			out->has.vpn_ipv6 = true;
			out->vpn_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV4:
			out->has.local_ipv4 = true;
			out->local_ipv4 = nla_get_be32(attr);
			break;
		case OVPN_A_PEER_LOCAL_IPV6:
			out->has.local_ipv6 = true;
			out->local_ipv6 = nlk_bytes_of(attr);
			break;
		case OVPN_A_PEER_LOCAL_PORT:
			out->has.local_port = true;
			out->local_port = nla_get_be16(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_INTERVAL:
			out->has.keepalive_interval = true;
			out->keepalive_interval = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_KEEPALIVE_TIMEOUT:
			out->has.keepalive_timeout = true;
			out->keepalive_timeout = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_DEL_REASON:
			out->has.del_reason = true;
			out->del_reason = nla_get_u32(attr);
			break;
		case OVPN_A_PEER_VPN_RX_BYTES:
			out->has.vpn_rx_bytes = true;
			out->vpn_rx_bytes = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_VPN_TX_BYTES:
			out->has.vpn_tx_bytes = true;
			out->vpn_tx_bytes = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_VPN_RX_PACKETS:
			out->has.vpn_rx_packets = true;
			out->vpn_rx_packets = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_VPN_TX_PACKETS:
			out->has.vpn_tx_packets = true;
			out->vpn_tx_packets = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_LINK_RX_BYTES:
			out->has.link_rx_bytes = true;
			out->link_rx_bytes = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_LINK_TX_BYTES:
			out->has.link_tx_bytes = true;
			out->link_tx_bytes = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_LINK_RX_PACKETS:
			out->has.link_rx_packets = true;
			out->link_rx_packets = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_LINK_TX_PACKETS:
			out->has.link_tx_packets = true;
			out->link_tx_packets = nlk_get_uint(attr);
			break;
		case OVPN_A_PEER_TX_ID:
			out->has.tx_id = true;
			out->tx_id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_peer_del_input_read(struct ovpn_peer_del_input *out,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_PEER_ID:
			out->has.id = true;
			out->id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_keydir_read(struct ovpn_keydir *out, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_KEYDIR_CIPHER_KEY:
			out->has.cipher_key = true;
			out->cipher_key = nlk_bytes_of(attr);
			break;
		case OVPN_A_KEYDIR_NONCE_TAIL:
			out->has.nonce_tail = true;
			out->nonce_tail = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

int ovpn_keyconf_read(struct ovpn_keyconf *out, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_KEYCONF_PEER_ID:
			out->has.peer_id = true;
			out->peer_id = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_SLOT:
			out->has.slot = true;
			out->slot = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_KEY_ID:
			out->has.key_id = true;
			out->key_id = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_CIPHER_ALG:
			out->has.cipher_alg = true;
			out->cipher_alg = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_ENCRYPT_DIR:
			out->has.encrypt_dir = true;
			out->encrypt_dir = attr;
			break;
		case OVPN_A_KEYCONF_DECRYPT_DIR:
			out->has.decrypt_dir = true;
			out->decrypt_dir = attr;
			break;
		}
	}
	return 0;
}

int ovpn_keyconf_get_read(struct ovpn_keyconf_get *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_KEYCONF_PEER_ID:
			out->has.peer_id = true;
			out->peer_id = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_SLOT:
			out->has.slot = true;
			out->slot = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_KEY_ID:
			out->has.key_id = true;
			out->key_id = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_CIPHER_ALG:
			out->has.cipher_alg = true;
			out->cipher_alg = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_keyconf_swap_input_read(struct ovpn_keyconf_swap_input *out,
				 const struct nlattr *nest,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_KEYCONF_PEER_ID:
			out->has.peer_id = true;
			out->peer_id = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int ovpn_keyconf_del_input_read(struct ovpn_keyconf_del_input *out,
				const struct nlattr *nest,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_KEYCONF_PEER_ID:
			out->has.peer_id = true;
			out->peer_id = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF_SLOT:
			out->has.slot = true;
			out->slot = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

/* ---- operations ---- */

static struct genl_family ovpn_family;

static const struct nla_policy ovpn_peer_new_policy[OVPN_A_PEER + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_PEER] = NLA_POLICY_NESTED(ovpn_peer_new_input_policy),
};

static int ovpn_peer_new_req_read(struct ovpn_peer_new_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_PEER:
			req->has.peer = true;
			req->peer = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_peer_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_peer_new_req req;
	int ret;

	ret = ovpn_peer_new_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_peer_new(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_peer_set_policy[OVPN_A_PEER + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_PEER] = NLA_POLICY_NESTED(ovpn_peer_set_input_policy),
};

static int ovpn_peer_set_req_read(struct ovpn_peer_set_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_PEER:
			req->has.peer = true;
			req->peer = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_peer_set_req req;
	int ret;

	ret = ovpn_peer_set_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_peer_set(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_peer_get_do_policy[OVPN_A_PEER + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_PEER] = NLA_POLICY_NESTED(ovpn_peer_policy),
};

static const struct nla_policy ovpn_peer_get_dump_policy[OVPN_A_IFINDEX + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
};

static int ovpn_peer_get_req_read(struct ovpn_peer_get_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_PEER:
			req->has.peer = true;
			req->peer = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_peer_get_dump_req_read(struct ovpn_peer_get_dump_req *req,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int ovpn_peer_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_peer_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = ovpn_peer_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &ovpn_family, info, OVPN_CMD_PEER_GET);
	if (ret)
		goto post;
	ret = nlk_reply_end(&reply, info, ovpn_do_peer_get(info, &req, &reply));
post:
	ovpn_nl_post_doit(info);
	return ret;
}

static int ovpn_peer_get_dump_start(struct netlink_callback *cb)
{
	if (NLK_SPLIT_OPS)
		return 0;
	return nlk_validate(cb->nlh, 0, OVPN_A_IFINDEX,
			    ovpn_peer_get_dump_policy, NL_VALIDATE_STRICT,
			    cb->extack);
}

static int ovpn_peer_get_dump_entry(struct nlk_dump *d, const void *req,
				    struct nlk_msg *entry)
{
	return ovpn_dump_peer_get(d, req, entry);
}

static int ovpn_peer_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct ovpn_peer_get_dump_req req;
	int ret;

	ret = ovpn_peer_get_dump_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &ovpn_family, OVPN_CMD_PEER_GET,
			    ovpn_peer_get_dump_entry, &req);
}

static const struct nla_policy ovpn_peer_del_policy[OVPN_A_PEER + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_PEER] = NLA_POLICY_NESTED(ovpn_peer_del_input_policy),
};

static int ovpn_peer_del_req_read(struct ovpn_peer_del_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_PEER:
			req->has.peer = true;
			req->peer = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_peer_del_req req;
	int ret;

	ret = ovpn_peer_del_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_peer_del(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_key_new_policy[OVPN_A_KEYCONF + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_KEYCONF] = NLA_POLICY_NESTED(ovpn_keyconf_policy),
};

static int ovpn_key_new_req_read(struct ovpn_key_new_req *req,
				 const struct nlmsghdr *nlh,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF:
			req->has.keyconf = true;
			req->keyconf = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_key_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_key_new_req req;
	int ret;

	ret = ovpn_key_new_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_key_new(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_key_get_policy[OVPN_A_KEYCONF + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_KEYCONF] = NLA_POLICY_NESTED(ovpn_keyconf_get_policy),
};

static int ovpn_key_get_req_read(struct ovpn_key_get_req *req,
				 const struct nlmsghdr *nlh,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF:
			req->has.keyconf = true;
			req->keyconf = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_key_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_key_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = ovpn_key_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &ovpn_family, info, OVPN_CMD_KEY_GET);
	if (ret)
		goto post;
	ret = nlk_reply_end(&reply, info, ovpn_do_key_get(info, &req, &reply));
post:
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_key_swap_policy[OVPN_A_KEYCONF + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_KEYCONF] = NLA_POLICY_NESTED(ovpn_keyconf_swap_input_policy),
};

static int ovpn_key_swap_req_read(struct ovpn_key_swap_req *req,
				  const struct nlmsghdr *nlh,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF:
			req->has.keyconf = true;
			req->keyconf = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_key_swap_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_key_swap_req req;
	int ret;

	ret = ovpn_key_swap_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_key_swap(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

static const struct nla_policy ovpn_key_del_policy[OVPN_A_KEYCONF + 1] = {
	[OVPN_A_IFINDEX] = { .type = NLA_U32, },
	[OVPN_A_KEYCONF] = NLA_POLICY_NESTED(ovpn_keyconf_del_input_policy),
};

static int ovpn_key_del_req_read(struct ovpn_key_del_req *req,
				 const struct nlmsghdr *nlh,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVPN_A_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_u32(attr);
			break;
		case OVPN_A_KEYCONF:
			req->has.keyconf = true;
			req->keyconf = attr;
			break;
		}
	}
	return 0;
}

static int ovpn_key_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovpn_key_del_req req;
	int ret;

	ret = ovpn_key_del_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = ovpn_nl_pre_doit(info);
	if (ret)
		return ret;
	ret = ovpn_do_key_del(info, &req);
	ovpn_nl_post_doit(info);
	return ret;
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops ovpn_ops[] = {
	{
		.cmd		= OVPN_CMD_PEER_NEW,
		.doit		= ovpn_peer_new_doit,
		.policy		= ovpn_peer_new_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_PEER_SET,
		.doit		= ovpn_peer_set_doit,
		.policy		= ovpn_peer_set_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_PEER_GET,
		.doit		= ovpn_peer_get_doit,
		.policy		= ovpn_peer_get_do_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_PEER_GET,
		.start		= ovpn_peer_get_dump_start,
		.dumpit		= ovpn_peer_get_dumpit,
		.policy		= ovpn_peer_get_dump_policy,
		.maxattr	= OVPN_A_IFINDEX,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= OVPN_CMD_PEER_DEL,
		.doit		= ovpn_peer_del_doit,
		.policy		= ovpn_peer_del_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_KEY_NEW,
		.doit		= ovpn_key_new_doit,
		.policy		= ovpn_key_new_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_KEY_GET,
		.doit		= ovpn_key_get_doit,
		.policy		= ovpn_key_get_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_KEY_SWAP,
		.doit		= ovpn_key_swap_doit,
		.policy		= ovpn_key_swap_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVPN_CMD_KEY_DEL,
		.doit		= ovpn_key_del_doit,
		.policy		= ovpn_key_del_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};
#else
static const struct genl_ops ovpn_ops[] = {
	{
		.cmd		= OVPN_CMD_PEER_NEW,
		.doit		= ovpn_peer_new_doit,
		.policy		= ovpn_peer_new_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_PEER_SET,
		.doit		= ovpn_peer_set_doit,
		.policy		= ovpn_peer_set_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_PEER_GET,
		.doit		= ovpn_peer_get_doit,
		.start		= ovpn_peer_get_dump_start,
		.dumpit		= ovpn_peer_get_dumpit,
		.policy		= ovpn_peer_get_do_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_PEER_DEL,
		.doit		= ovpn_peer_del_doit,
		.policy		= ovpn_peer_del_policy,
		.maxattr	= OVPN_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_KEY_NEW,
		.doit		= ovpn_key_new_doit,
		.policy		= ovpn_key_new_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_KEY_GET,
		.doit		= ovpn_key_get_doit,
		.policy		= ovpn_key_get_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_KEY_SWAP,
		.doit		= ovpn_key_swap_doit,
		.policy		= ovpn_key_swap_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= OVPN_CMD_KEY_DEL,
		.doit		= ovpn_key_del_doit,
		.policy		= ovpn_key_del_policy,
		.maxattr	= OVPN_A_KEYCONF,
		.flags		= GENL_ADMIN_PERM,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group ovpn_groups[] = {
	[OVPN_GROUP_PEERS] = {
		.name	= OVPN_MCGRP_PEERS,
	},
};

/* ---- notifications ---- */

int ovpn_notify_peer_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			     const void *arg)
{
	return nlk_multicast(&ovpn_family, net, OVPN_GROUP_PEERS,
			     OVPN_CMD_PEER_DEL_NTF, gfp, fill, arg);
}

int ovpn_send_peer_del_ntf(struct net *net, u32 portid, gfp_t gfp,
			   nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovpn_family, net, portid, OVPN_CMD_PEER_DEL_NTF,
			   gfp, fill, arg);
}

int ovpn_notify_key_swap_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			     const void *arg)
{
	return nlk_multicast(&ovpn_family, net, OVPN_GROUP_PEERS,
			     OVPN_CMD_KEY_SWAP_NTF, gfp, fill, arg);
}

int ovpn_send_key_swap_ntf(struct net *net, u32 portid, gfp_t gfp,
			   nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovpn_family, net, portid, OVPN_CMD_KEY_SWAP_NTF,
			   gfp, fill, arg);
}

int ovpn_notify_peer_float_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg)
{
	return nlk_multicast(&ovpn_family, net, OVPN_GROUP_PEERS,
			     OVPN_CMD_PEER_FLOAT_NTF, gfp, fill, arg);
}

int ovpn_send_peer_float_ntf(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovpn_family, net, portid, OVPN_CMD_PEER_FLOAT_NTF,
			   gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family ovpn_family __ro_after_init = {
	.name		= OVPN_FAMILY_NAME,
	.version	= OVPN_FAMILY_VERSION,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= ovpn_ops,
	.n_split_ops	= ARRAY_SIZE(ovpn_ops),
#else
	.ops		= ovpn_ops,
	.n_ops		= ARRAY_SIZE(ovpn_ops),
#endif
	.mcgrps		= ovpn_groups,
	.n_mcgrps	= ARRAY_SIZE(ovpn_groups),
};

MODULE_ALIAS_GENL_FAMILY(OVPN_FAMILY_NAME);

static int __init ovpn_nl_init(void)
{
	int ret;

	ret = ovpn_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&ovpn_family);
	if (ret)
		goto teardown;
	ret = ovpn_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&ovpn_family);
teardown:
	ovpn_teardown();
	return ret;
}
module_init(ovpn_nl_init);

static void __exit ovpn_nl_exit(void)
{
	ovpn_stop();
	genl_unregister_family(&ovpn_family);
	ovpn_teardown();
}
module_exit(ovpn_nl_exit);
