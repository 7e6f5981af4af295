/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from ovpn.yaml. Do not edit. */
#ifndef NLKIT_OVPN_NL_H
#define NLKIT_OVPN_NL_H

#include "nlkit.h"
#include "uapi/linux/ovpn.h"

/* The multicast groups, by their place in the family. */
enum ovpn_group {
	OVPN_GROUP_PEERS,
};

/* ---- yours to write, in ovpn_main.c ---- */

/* What peer-new may be sent with. */
struct ovpn_peer_new_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 peer : 1;
	} has;
	u32 ifindex;
	const struct nlattr *peer; /* ovpn_peer_new_input_read */
};

/* do peer-new: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_peer_new(struct genl_info *info,
		     const struct ovpn_peer_new_req *req);

/* What peer-set may be sent with. */
struct ovpn_peer_set_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 peer : 1;
	} has;
	u32 ifindex;
	const struct nlattr *peer; /* ovpn_peer_set_input_read */
};

/* do peer-set: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_peer_set(struct genl_info *info,
		     const struct ovpn_peer_set_req *req);

/* What peer-get may be sent with. */
struct ovpn_peer_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 peer : 1;
	} has;
	u32 ifindex;
	const struct nlattr *peer; /* ovpn_peer_read */
};

/* What a dump of peer-get may be asked for with. */
struct ovpn_peer_get_dump_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
	} has;
	u32 ifindex;
};

/* do peer-get: answers with peer. Only for who has CAP_NET_ADMIN. */
int ovpn_do_peer_get(struct genl_info *info,
		     const struct ovpn_peer_get_req *req,
		     struct nlk_msg *reply);

/* dump peer-get: an entry has peer. Only for who has CAP_NET_ADMIN. */
int ovpn_dump_peer_get(struct nlk_dump *d,
		       const struct ovpn_peer_get_dump_req *req,
		       struct nlk_msg *entry);

/* What peer-del may be sent with. */
struct ovpn_peer_del_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 peer : 1;
	} has;
	u32 ifindex;
	const struct nlattr *peer; /* ovpn_peer_del_input_read */
};

/* do peer-del: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_peer_del(struct genl_info *info,
		     const struct ovpn_peer_del_req *req);

/* What key-new may be sent with. */
struct ovpn_key_new_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 keyconf : 1;
	} has;
	u32 ifindex;
	const struct nlattr *keyconf; /* ovpn_keyconf_read */
};

/* do key-new: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_key_new(struct genl_info *info, const struct ovpn_key_new_req *req);

/* What key-get may be sent with. */
struct ovpn_key_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 keyconf : 1;
	} has;
	u32 ifindex;
	const struct nlattr *keyconf; /* ovpn_keyconf_get_read */
};

/* do key-get: answers with keyconf. Only for who has CAP_NET_ADMIN. */
int ovpn_do_key_get(struct genl_info *info, const struct ovpn_key_get_req *req,
		    struct nlk_msg *reply);

/* What key-swap may be sent with. */
struct ovpn_key_swap_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 keyconf : 1;
	} has;
	u32 ifindex;
	const struct nlattr *keyconf; /* ovpn_keyconf_swap_input_read */
};

/* do key-swap: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_key_swap(struct genl_info *info,
		     const struct ovpn_key_swap_req *req);

/* What key-del may be sent with. */
struct ovpn_key_del_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 ifindex : 1;
		u8 keyconf : 1;
	} has;
	u32 ifindex;
	const struct nlattr *keyconf; /* ovpn_keyconf_del_input_read */
};

/* do key-del: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int ovpn_do_key_del(struct genl_info *info, const struct ovpn_key_del_req *req);

/*
 * Before the handler of peer-new, peer-set, peer-get, peer-del, key-new,
 * key-get, key-swap, key-del: an error refuses the request, and then nothing is
 * undone.
 */
int ovpn_nl_pre_doit(struct genl_info *info);

/*
 * After the handler of peer-new, peer-set, peer-get, peer-del, key-new,
 * key-get, key-swap, key-del, whatever that has returned.
 */
void ovpn_nl_post_doit(struct genl_info *info);

int ovpn_setup(void); /* before the family is there */
int ovpn_start(void); /* the family is there: requests come in */
void ovpn_stop(void); /* undoes start: requests still come in */
void ovpn_teardown(void); /* undoes setup: the family is gone */

/* ---- nests in requests: yours to call ---- */

/* What is in a nest of the set peer-new-input. */
struct ovpn_peer_new_input {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 remote_ipv4 : 1;
		u8 remote_ipv6 : 1;
		u8 remote_ipv6_scope_id : 1;
		u8 remote_port : 1;
		u8 socket : 1;
		u8 vpn_ipv4 : 1;
		u8 vpn_ipv6 : 1;
		u8 local_ipv4 : 1;
		u8 local_ipv6 : 1;
		u8 keepalive_interval : 1;
		u8 keepalive_timeout : 1;
		u8 tx_id : 1;
	} has;
	u32 id;
	__be32 remote_ipv4;
	struct nlk_bytes remote_ipv6;
	u32 remote_ipv6_scope_id;
	__be16 remote_port;
	u32 socket;
	__be32 vpn_ipv4;
	struct nlk_bytes vpn_ipv6;
	__be32 local_ipv4;
	struct nlk_bytes local_ipv6;
	u32 keepalive_interval;
	u32 keepalive_timeout;
	u32 tx_id;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_peer_new_input_read(struct ovpn_peer_new_input *out,
					  const struct nlattr *nest,
					  struct netlink_ext_ack *extack);

/* What is in a nest of the set peer-set-input. */
struct ovpn_peer_set_input {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 remote_ipv4 : 1;
		u8 remote_ipv6 : 1;
		u8 remote_ipv6_scope_id : 1;
		u8 remote_port : 1;
		u8 vpn_ipv4 : 1;
		u8 vpn_ipv6 : 1;
		u8 local_ipv4 : 1;
		u8 local_ipv6 : 1;
		u8 keepalive_interval : 1;
		u8 keepalive_timeout : 1;
		u8 tx_id : 1;
	} has;
	u32 id;
	__be32 remote_ipv4;
	struct nlk_bytes remote_ipv6;
	u32 remote_ipv6_scope_id;
	__be16 remote_port;
	__be32 vpn_ipv4;
	struct nlk_bytes vpn_ipv6;
	__be32 local_ipv4;
	struct nlk_bytes local_ipv6;
	u32 keepalive_interval;
	u32 keepalive_timeout;
	u32 tx_id;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_peer_set_input_read(struct ovpn_peer_set_input *out,
					  const struct nlattr *nest,
					  struct netlink_ext_ack *extack);

/* What is in a nest of the set peer. */
struct ovpn_peer {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
		u8 remote_ipv4 : 1;
		u8 remote_ipv6 : 1;
		u8 remote_ipv6_scope_id : 1;
		u8 remote_port : 1;
		u8 socket : 1;
		u8 socket_netnsid : 1;
		u8 vpn_ipv4 : 1;
		u8 vpn_ipv6 : 1;
		u8 local_ipv4 : 1;
		u8 local_ipv6 : 1;
		u8 local_port : 1;
		u8 keepalive_interval : 1;
		u8 keepalive_timeout : 1;
		u8 del_reason : 1;
		u8 vpn_rx_bytes : 1;
		u8 vpn_tx_bytes : 1;
		u8 vpn_rx_packets : 1;
		u8 vpn_tx_packets : 1;
		u8 link_rx_bytes : 1;
		u8 link_tx_bytes : 1;
		u8 link_rx_packets : 1;
		u8 link_tx_packets : 1;
		u8 tx_id : 1;
	} has;
	u32 id;
	__be32 remote_ipv4;
	struct nlk_bytes remote_ipv6;
	u32 remote_ipv6_scope_id;
	__be16 remote_port;
	u32 socket;
	s32 socket_netnsid;
	__be32 vpn_ipv4;
	struct nlk_bytes vpn_ipv6;
	__be32 local_ipv4;
	struct nlk_bytes local_ipv6;
	__be16 local_port;
	u32 keepalive_interval;
	u32 keepalive_timeout;
	u32 del_reason; /* OVPN_DEL_PEER_REASON_... */
	u64 vpn_rx_bytes;
	u64 vpn_tx_bytes;
	u64 vpn_rx_packets;
	u64 vpn_tx_packets;
	u64 link_rx_bytes;
	u64 link_tx_bytes;
	u64 link_rx_packets;
	u64 link_tx_packets;
	u32 tx_id;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_peer_read(struct ovpn_peer *out,
				const struct nlattr *nest,
				struct netlink_ext_ack *extack);

/* What is in a nest of the set peer-del-input. */
struct ovpn_peer_del_input {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 id : 1;
	} has;
	u32 id;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_peer_del_input_read(struct ovpn_peer_del_input *out,
					  const struct nlattr *nest,
					  struct netlink_ext_ack *extack);

/* What is in a nest of the set keydir. */
struct ovpn_keydir {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 cipher_key : 1;
		u8 nonce_tail : 1;
	} has;
	struct nlk_bytes cipher_key;
	struct nlk_bytes nonce_tail;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_keydir_read(struct ovpn_keydir *out,
				  const struct nlattr *nest,
				  struct netlink_ext_ack *extack);

/* What is in a nest of the set keyconf. */
struct ovpn_keyconf {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 peer_id : 1;
		u8 slot : 1;
		u8 key_id : 1;
		u8 cipher_alg : 1;
		u8 encrypt_dir : 1;
		u8 decrypt_dir : 1;
	} has;
	u32 peer_id;
	u32 slot; /* OVPN_KEY_SLOT_... */
	u32 key_id;
	u32 cipher_alg; /* OVPN_CIPHER_ALG_... */
	const struct nlattr *encrypt_dir; /* ovpn_keydir_read */
	const struct nlattr *decrypt_dir; /* ovpn_keydir_read */
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_keyconf_read(struct ovpn_keyconf *out,
				   const struct nlattr *nest,
				   struct netlink_ext_ack *extack);

/* What is in a nest of the set keyconf-get. */
struct ovpn_keyconf_get {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 peer_id : 1;
		u8 slot : 1;
		u8 key_id : 1;
		u8 cipher_alg : 1;
	} has;
	u32 peer_id;
	u32 slot; /* OVPN_KEY_SLOT_... */
	u32 key_id;
	u32 cipher_alg; /* OVPN_CIPHER_ALG_... */
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_keyconf_get_read(struct ovpn_keyconf_get *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* What is in a nest of the set keyconf-swap-input. */
struct ovpn_keyconf_swap_input {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 peer_id : 1;
	} has;
	u32 peer_id;
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_keyconf_swap_input_read(struct ovpn_keyconf_swap_input *out,
					      const struct nlattr *nest,
					      struct netlink_ext_ack *extack);

/* What is in a nest of the set keyconf-del-input. */
struct ovpn_keyconf_del_input {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 peer_id : 1;
		u8 slot : 1;
	} has;
	u32 peer_id;
	u32 slot; /* OVPN_KEY_SLOT_... */
};

/* Reads one; of NULL nothing is there. */
int __must_check ovpn_keyconf_del_input_read(struct ovpn_keyconf_del_input *out,
					     const struct nlattr *nest,
					     struct netlink_ext_ack *extack);

/* ---- what replies and notifications have: yours to call ---- */

static inline void ovpn_peer_put_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_ID, &v, sizeof(v));
}

static inline void ovpn_peer_put_remote_ipv4(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, OVPN_A_PEER_REMOTE_IPV4, &v, sizeof(v));
}

static inline void ovpn_peer_put_remote_ipv6(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, OVPN_A_PEER_REMOTE_IPV6, v, len);
}

static inline void ovpn_peer_put_remote_ipv6_scope_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_REMOTE_IPV6_SCOPE_ID, &v, sizeof(v));
}

static inline void ovpn_peer_put_remote_port(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, OVPN_A_PEER_REMOTE_PORT, &v, sizeof(v));
}

static inline void ovpn_peer_put_socket(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_SOCKET, &v, sizeof(v));
}

static inline void ovpn_peer_put_socket_netnsid(struct nlk_msg *m, s32 v)
{
	nlk_put(m, OVPN_A_PEER_SOCKET_NETNSID, &v, sizeof(v));
}

static inline void ovpn_peer_put_vpn_ipv4(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, OVPN_A_PEER_VPN_IPV4, &v, sizeof(v));
}

static inline void ovpn_peer_put_vpn_ipv6(struct nlk_msg *m, const void *v,
					  size_t len)
{
	nlk_put(m, OVPN_A_PEER_VPN_IPV6, v, len);
}

static inline void ovpn_peer_put_local_ipv4(struct nlk_msg *m, __be32 v)
{
	nlk_put(m, OVPN_A_PEER_LOCAL_IPV4, &v, sizeof(v));
}

static inline void ovpn_peer_put_local_ipv6(struct nlk_msg *m, const void *v,
					    size_t len)
{
	nlk_put(m, OVPN_A_PEER_LOCAL_IPV6, v, len);
}

static inline void ovpn_peer_put_local_port(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, OVPN_A_PEER_LOCAL_PORT, &v, sizeof(v));
}

static inline void ovpn_peer_put_keepalive_interval(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_KEEPALIVE_INTERVAL, &v, sizeof(v));
}

static inline void ovpn_peer_put_keepalive_timeout(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_KEEPALIVE_TIMEOUT, &v, sizeof(v));
}

static inline void ovpn_peer_put_del_reason(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_DEL_REASON, &v, sizeof(v));
}

static inline void ovpn_peer_put_vpn_rx_bytes(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_VPN_RX_BYTES, v);
}

static inline void ovpn_peer_put_vpn_tx_bytes(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_VPN_TX_BYTES, v);
}

static inline void ovpn_peer_put_vpn_rx_packets(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_VPN_RX_PACKETS, v);
}

static inline void ovpn_peer_put_vpn_tx_packets(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_VPN_TX_PACKETS, v);
}

static inline void ovpn_peer_put_link_rx_bytes(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_LINK_RX_BYTES, v);
}

static inline void ovpn_peer_put_link_tx_bytes(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_LINK_TX_BYTES, v);
}

static inline void ovpn_peer_put_link_rx_packets(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_LINK_RX_PACKETS, v);
}

static inline void ovpn_peer_put_link_tx_packets(struct nlk_msg *m, u64 v)
{
	nlk_put_uint(m, OVPN_A_PEER_LINK_TX_PACKETS, v);
}

static inline void ovpn_peer_put_tx_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_PEER_TX_ID, &v, sizeof(v));
}

static inline void ovpn_keyconf_put_peer_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_KEYCONF_PEER_ID, &v, sizeof(v));
}

static inline void ovpn_keyconf_put_slot(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_KEYCONF_SLOT, &v, sizeof(v));
}

static inline void ovpn_keyconf_put_key_id(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_KEYCONF_KEY_ID, &v, sizeof(v));
}

static inline void ovpn_keyconf_put_cipher_alg(struct nlk_msg *m, u32 v)
{
	nlk_put(m, OVPN_A_KEYCONF_CIPHER_ALG, &v, sizeof(v));
}

/* Opens peer; nlk_end closes it. */
static inline void ovpn_begin_peer(struct nlk_msg *m)
{
	nlk_begin(m, OVPN_A_PEER);
}

/* Opens keyconf; nlk_end closes it. */
static inline void ovpn_begin_keyconf(struct nlk_msg *m)
{
	nlk_begin(m, OVPN_A_KEYCONF);
}

/* ---- notifications: yours to call ---- */

/* Multicasts peer-del-ntf to peers; fill puts peer. */
int ovpn_notify_peer_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			     const void *arg);

/* Sends peer-del-ntf to one socket. */
int ovpn_send_peer_del_ntf(struct net *net, u32 portid, gfp_t gfp,
			   nlk_fill fill, const void *arg);

/* Multicasts key-swap-ntf to peers; fill puts keyconf. */
int ovpn_notify_key_swap_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			     const void *arg);

/* Sends key-swap-ntf to one socket. */
int ovpn_send_key_swap_ntf(struct net *net, u32 portid, gfp_t gfp,
			   nlk_fill fill, const void *arg);

/* Multicasts peer-float-ntf to peers; fill puts peer. */
int ovpn_notify_peer_float_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			       const void *arg);

/* Sends peer-float-ntf to one socket. */
int ovpn_send_peer_float_ntf(struct net *net, u32 portid, gfp_t gfp,
			     nlk_fill fill, const void *arg);

#endif
