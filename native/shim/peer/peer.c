/*
 * Who is at the other end of a socket, as the kernel knows it: of a Unix socket by SO_PEERCRED and SO_PEERGROUPS, of a
 * TCP connection on 127.0.0.1 by sock_diag(7). Node.js has no call for that. An addon of Node-API, whose binary interface is stable; what is used of it is declared here, so that no
 * headers have to be installed.
 */
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

typedef struct napi_env_of *napi_env;
typedef struct napi_value_of *napi_value;
typedef struct napi_info_of *napi_info;
typedef int napi_status;

napi_status napi_get_cb_info(napi_env env, napi_info info, size_t *count, napi_value *values, napi_value *self,
                             void **data);
napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t *result);
napi_status napi_create_int64(napi_env env, int64_t value, napi_value *result);
napi_status napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);
napi_status napi_create_array(napi_env env, napi_value *result);
napi_status napi_set_element(napi_env env, napi_value array, uint32_t index, napi_value value);
napi_status napi_create_function(napi_env env, const char *name, size_t length,
                                 napi_value (*call)(napi_env, napi_info), void *data, napi_value *result);
int32_t node_api_module_get_api_version_v1(void);
napi_value napi_register_module_v1(napi_env env, napi_value exports);

enum { API_VERSION = 8, GROUPS_MAX = 1024 };

static void append(napi_env env, napi_value array, uint32_t index, int64_t number) {
  napi_value value;
  if (napi_create_int64(env, number, &value) == 0) napi_set_element(env, array, index, value);
}

/* Takes a descriptor. Gives process, user, group and further groups, in this order; nothing when there is no peer. */
static napi_value peer_of(napi_env env, napi_info info) {
  napi_value value, array = NULL;
  size_t count = 1;
  int32_t descriptor = -1;
  struct ucred peer;
  static gid_t groups[GROUPS_MAX];
  socklen_t size = sizeof peer, groups_size = sizeof groups;
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != 0 || count < 1) return NULL;
  if (napi_get_value_int32(env, value, &descriptor) != 0 || napi_create_array(env, &array) != 0) return NULL;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return array;
  append(env, array, 0, peer.pid);
  append(env, array, 1, peer.uid);
  append(env, array, 2, peer.gid);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &groups_size) != 0) return array;
  for (uint32_t i = 0; i < groups_size / sizeof *groups; i++) append(env, array, 3 + i, groups[i]);
  return array;
}

/* User who holds the end of a connection on 127.0.0.1 that is at `own`, with its other end at `other`; -1: not known. */
static int64_t owner_at(uint16_t own, uint16_t other) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 wanted;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
      .wanted = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0U},
  };
  struct {
    struct nlmsghdr header;
    struct inet_diag_msg found;
    char more[512];
  } answer;
  /* The kernel answers at once; if it ever should not, Node.js must not stand still. */
  const struct timeval patience = {.tv_usec = 50000};
  int64_t owner = -1;
  int link = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (link < 0) return -1;
  request.wanted.id.idiag_sport = htons(own);
  request.wanted.id.idiag_dport = htons(other);
  request.wanted.id.idiag_src[0] = request.wanted.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  request.wanted.id.idiag_cookie[0] = request.wanted.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
      send(link, &request, sizeof request, 0) == (ssize_t)sizeof request) {
    ssize_t length = recv(link, &answer, sizeof answer, 0);
    if (length >= (ssize_t)offsetof(__typeof__(answer), more) && answer.header.nlmsg_type == SOCK_DIAG_BY_FAMILY)
      owner = answer.found.idiag_uid;
  }
  close(link);
  return owner;
}

/* Takes the port of the other end and our own port. Gives the user of the other end; nothing when it is not known. */
static napi_value owner_of(napi_env env, napi_info info) {
  napi_value values[2], owner;
  size_t count = 2;
  int32_t their = 0, own = 0;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != 0 || count < 2) return NULL;
  if (napi_get_value_int32(env, values[0], &their) != 0 || napi_get_value_int32(env, values[1], &own) != 0) return NULL;
  int64_t user = owner_at((uint16_t)their, (uint16_t)own);
  return user >= 0 && napi_create_int64(env, user, &owner) == 0 ? owner : NULL;
}

static void offer(napi_env env, napi_value exports, const char *name, napi_value (*call)(napi_env, napi_info)) {
  napi_value function;
  if (napi_create_function(env, name, (size_t)-1, call, NULL, &function) == 0)
    napi_set_named_property(env, exports, name, function);
}

int32_t node_api_module_get_api_version_v1(void) { return API_VERSION; }

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  offer(env, exports, "peerOf", peer_of);
  offer(env, exports, "ownerOf", owner_of);
  return exports;
}
