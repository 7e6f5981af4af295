/*
 * Keeps a copy of the routes with the cache manager of libnl, and writes it to standard
 * output whenever a line comes from standard input: see keep.go.
 *
 *   libnl BUFFER     bytes of the receive buffer, 0 for libnl's default
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/socket.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#define MEMINFO_DROPS 8 /* SK_MEMINFO_DROPS */

static int overruns, resyncs, behind;

static void fail(const char *what, int err)
{
	fprintf(stderr, "libnl: %s: %s\n", what, nl_geterror(err));
	exit(1);
}

static const char *address(struct nl_addr *a, char *buf, socklen_t size)
{
	if (!a || !nl_addr_get_len(a) ||
	    !inet_ntop(nl_addr_get_family(a), nl_addr_get_binary_addr(a), buf, size))
		return NULL;
	return buf;
}

struct legs { int n; };

static void write_leg(struct rtnl_nexthop *nh, void *arg)
{
	struct legs *legs = arg;
	char buf[INET6_ADDRSTRLEN];
	const char *gateway = address(rtnl_route_nh_get_gateway(nh), buf, sizeof(buf));

	if (!gateway && !rtnl_route_nh_get_ifindex(nh))
		return;
	printf("%s%s@%d", legs->n++ ? "," : " ", gateway ? gateway : "-", rtnl_route_nh_get_ifindex(nh));
}

static void write_route(struct nl_object *obj, void *arg)
{
	struct rtnl_route *r = (struct rtnl_route *)obj;
	struct nl_addr *dst = rtnl_route_get_dst(r);
	struct legs legs = { 0 };
	char buf[INET6_ADDRSTRLEN];
	const char *text = address(dst, buf, sizeof(buf));

	(void)arg;
	if (!text)
		text = rtnl_route_get_family(r) == AF_INET6 ? "::" : "0.0.0.0";
	printf("%s/%u %u %u %u %u", text, dst ? nl_addr_get_prefixlen(dst) : 0, rtnl_route_get_table(r),
	       rtnl_route_get_priority(r), rtnl_route_get_tos(r), rtnl_route_get_type(r));
	rtnl_route_foreach_nexthop(r, write_leg, &legs);
	putchar('\n');
}

static void write_copy(struct nl_cache_mngr *mngr, struct nl_cache *routes)
{
	uint32_t info[MEMINFO_DROPS + 1] = { 0 };
	socklen_t size = sizeof(info);

	getsockopt(nl_cache_mngr_get_fd(mngr), SOL_SOCKET, SO_MEMINFO, info, &size);
	printf("# overruns %d lost %u resyncs %d behind %s\n", overruns, info[MEMINFO_DROPS], resyncs,
	       behind ? "true" : "false");
	nl_cache_foreach(routes, write_route, NULL);
	printf(".\n");
	fflush(stdout);
}

/*
 * The manager reports a loss and does nothing about it. A program that cares reads what
 * is queued, and then has each cache compared with a dump.
 */
static void resync(struct nl_cache_mngr *mngr, struct nl_sock *sk, struct nl_cache **caches, int n)
{
	int i, err;

	overruns++;
	behind = 1;
	while ((err = nl_cache_mngr_data_ready(mngr)) != 0)
		if (err == -NLE_NOMEM)
			overruns++;
		else if (err < 0)
			fail("events", err);
	for (i = 0; i < n; i++)
		while ((err = nl_cache_resync(sk, caches[i], NULL, NULL)) < 0)
			if (err != -NLE_DUMP_INTR)
				fail("resync", err);
	behind = 0;
	resyncs++;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "route/link", "route/addr", "route/route" };
	struct nl_cache *caches[3];
	struct nl_cache_mngr *mngr;
	struct nl_sock *sync = nl_socket_alloc();
	int buffer = argc > 1 ? atoi(argv[1]) : 0;
	int err, i;

	if (!sync || (err = nl_connect(sync, NETLINK_ROUTE)) < 0)
		fail("socket", sync ? err : -NLE_NOMEM);
	if ((err = nl_cache_mngr_alloc(NULL, NETLINK_ROUTE, NL_AUTO_PROVIDE, &mngr)) < 0)
		fail("cache manager", err);
	if (buffer && setsockopt(nl_cache_mngr_get_fd(mngr), SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0)
		fail("receive buffer", -nl_syserr2nlerr(errno));
	for (i = 0; i < 3; i++)
		if ((err = nl_cache_mngr_add(mngr, names[i], NULL, NULL, &caches[i])) < 0)
			fail(names[i], err);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = nl_cache_mngr_get_fd(mngr), .events = POLLIN },
			{ .fd = STDIN_FILENO, .events = POLLIN },
		};
		char line[16];

		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[0].revents) {
			err = nl_cache_mngr_data_ready(mngr);
			if (err == -NLE_NOMEM)
				resync(mngr, sync, caches, 3);
			else if (err < 0)
				fail("events", err);
		}
		if (fds[1].revents) {
			if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
				break;
			write_copy(mngr, caches[2]);
		}
	}
	nl_cache_mngr_free(mngr);
	nl_socket_free(sync);
	return 0;
}
